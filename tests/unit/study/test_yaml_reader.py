"""study.yaml: every fault has its line, and no content stops the program."""

from __future__ import annotations

import time

import pytest

from wattworth.study import check, read

SETTINGS = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"


@pytest.mark.parametrize(
    "yaml",
    [b"\xef\xbb\xbf" + SETTINGS.encode(), SETTINGS.replace("\n", "\r\n"), SETTINGS.replace("2026-06", "2026-06-15")],
    ids=["byte order mark", "CRLF", "a day of the month"],
)
def test_layouts_that_are_read(folder, specs, yaml):
    study = read(folder(yaml), specs)
    assert (study.name, study.as_of, study.usd_year, study.horizon_years) == ("mine", "2026-06", 2026, 30)
    assert set(study.uses) == set(specs)


@pytest.mark.parametrize(
    ("yaml", "fault"),
    [
        (b"", "study.yaml: the file is empty"),
        ("# nothing\n", "study.yaml: the file holds comments only"),
        ("- a\n", "study.yaml: a list, need keys with values, such as `name: my-sites`"),
        ("mine\n", "study.yaml: one value, need keys with values, such as `name: my-sites`"),
        (
            SETTINGS.encode("utf-16"),
            "study.yaml: UTF-16 text, need UTF-8; save it again as UTF-8 (in Excel: CSV UTF-8)",
        ),
        (
            b"PK\x03\x04" + b"\0" * 90,
            "study.yaml: a workbook or zip archive, need text; a workbook is read as a file ending in .xlsx",
        ),
        (
            SETTINGS + "title:\n\tx\n",
            "study.yaml line 7: not YAML: found character '\\t' that cannot start any token; indent "
            "with spaces, not tabs",
        ),
        (SETTINGS + "title: \x07\n", "study.yaml line 6: not YAML: special characters are not allowed"),
        (
            SETTINGS + "---\na: b\n",
            "study.yaml line 6: not YAML: expected a single document in the stream but found another document",
        ),
        ("%YAML 1.3\n---\n" + SETTINGS, "study.yaml: not YAML: version minor part can only be 2 or 1, got (1, 3)"),
        (SETTINGS + "title: *x\n", "study.yaml line 6: not YAML: found undefined alias 'x'"),
        (SETTINGS + "title: " + "[" * 2_000, "study.yaml: nested too deep"),
        (
            SETTINGS + "facts: {a: " + "[" * 50 + "]" * 50 + "}\n",
            'study.yaml line 6, key "facts": cannot be read: nested too deep',
        ),
        (SETTINGS + "facts: &f {a: *f}\n", 'study.yaml line 6, key "facts": cannot be read: nested too deep'),
        (
            SETTINGS + "title: !!python/object:os.system x\n",
            'study.yaml line 6, key "title": cannot be read: could not determine a constructor for '
            "the tag 'tag:yaml.org,2002:python/object:os.system'",
        ),
        (SETTINGS + "name: other\n", 'study.yaml line 6: key "name" appears twice, first on line 2'),
        (SETTINGS + "<<: {title: x}\n", 'study.yaml line 6: unknown key "<<"'),
        (
            SETTINGS + "horizon_year: 3\n",
            'study.yaml line 6: unknown key "horizon_year" (did you mean "horizon_years"?)',
        ),
        (SETTINGS + "title: " + "x" * 2_000_000, "study.yaml: larger than 2 MB, too large for a study"),
    ],
    ids=lambda value: str(value)[-24:],
)
def test_files_that_are_refused(folder_faults, yaml, fault):
    assert folder_faults(yaml) == [fault]


def test_aliases_that_multiply_end_at_once(folder_faults):
    """Proves: nine to the twelfth values are not built. Sensitivity: without a limit this does not end."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    started = time.monotonic()
    found = folder_faults(SETTINGS + "\n".join(lines) + "\n")
    assert time.monotonic() - started < 20
    assert (
        'study.yaml line 17, key "a11": cannot be read: the file holds more than 100,000 values, '
        "those repeated by aliases included"
    ) in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 2", 'got "2", need 1; it was written for a newer wattworth: update wattworth'),
        ("version: 1", 'version: "2"', 'got "2", need 1; it was written for a newer wattworth: update wattworth'),
        ("version: 1", "version: 0", 'got "0", need 1'),
        ("version: 1", "version: one", 'got "one", need 1'),
        ("2026-06", "2026-6", 'got "2026-6", need a month as YYYY-MM, for example 2027-05'),
        ("2026-06", "2026", 'got "2026", need a month as YYYY-MM, for example 2027-05'),
        ("2026-06", "2026-13-45", 'got "2026-13-45", need a month as YYYY-MM, for example 2027-05'),
        ("2026-06", "[2026]", "got a list, need a month as YYYY-MM, for example 2027-05"),
        ("2026-06", "", "empty, need a month as YYYY-MM, for example 2027-05"),
        ("usd_year: 2026", "usd_year: .nan", 'got "nan", need a year from 1990 to 2100'),
        ("usd_year: 2026", "usd_year: true", 'got "true", need a year from 1990 to 2100'),
        ("usd_year: 2026", "usd_year: 26", 'got "26", need a year from 1990 to 2100'),
        (
            "name: mine",
            f"name: {'1' * 400}",
            f'got "{"1" * 60}…", need a short name of letters, digits and hyphens, for example "acme-north"',
        ),
        ("carried", "caried", 'got "caried", need one of "carried", "group" (did you mean "carried"?)'),
    ],
)
def test_settings_that_are_refused(folder_faults, old, new, message):
    line, key = next((i, text.partition(":")[0]) for i, text in enumerate(SETTINGS.splitlines(), 1) if old in text)
    assert folder_faults(SETTINGS.replace(old, new)) == [f'study.yaml line {line}, key "{key}": {message}']


def test_every_missing_key_is_named(folder_faults):
    assert folder_faults("name: mine\n") == [
        'study.yaml: missing key "schema_version", need 1',
        'study.yaml: missing key "as_of", need a month as YYYY-MM, for example 2027-05',
        'study.yaml: missing key "usd_year", need a year from 1990 to 2100',
        'study.yaml: missing key "tax_losses", need one of "carried", "group"',
    ]


@pytest.mark.parametrize(
    ("part", "faults"),
    [
        (
            "uses: mine\n",
            ['line 6, key "uses": got "mine", need a list of uses, or a mapping of uses to their options'],
        ),
        ("uses: {}\n", ['line 6, key "uses": no use named, need at least one of mine, lease']),
        (
            "uses:\n- mine\n- mine\n- {lease: {}}\n",
            [
                'line 8: use "mine" appears twice',
                "line 9: got a mapping, need the name of a use",
            ],
        ),
        (
            "uses:\n  mien: {}\n  lease: 3\n",
            [
                'line 8, key "lease": got "3", need the options of the use as a mapping, or {} for none',
                'line 7: unknown use "mien" (did you mean "mine"?); known: mine, lease',
            ],
        ),
        (
            "uses:\n  lease:\n    rent_us: 3\n    payer: tennant\n",
            [
                'line 8: unknown key "rent_us" (did you mean "rent_usd"?)',
                'line 9, key "payer": got "tennant", need one of "landlord", "tenant" (did you mean "tenant"?)',
            ],
        ),
        (
            "facts: [a]\n",
            ['line 6, key "facts": got a list, need a mapping of fact keys to value, source and the rest'],
        ),
        (
            "facts:\n  a.b: 3\n  c.d:\n    value: 3,5\n    low: 1\n",
            [
                'line 7, key "a.b": got "3", need a mapping of value, source and the rest',
                'line 9, key "value": got "3,5", need a number; write 3.5 with a decimal point',
                'line 8: missing key "source", need text',
            ],
        ),
        (
            "facts:\n  a.b: {value: 3, low: 4, high: 5, source: s}\n",
            ['line 7, key "value": 3 lies outside low 4 to high 5'],
        ),
        (
            "facts:\n  a.b: {value: 3, low: 4, source: s}\n",
            ['line 7, key "low": low and high go together; fill both or neither'],
        ),
        (
            "double_counts: {a: b}\n",
            ['line 6, key "double_counts": got a mapping, need a list of site_id, same_as, reason and mw'],
        ),
        (
            "double_counts:\n- 3\n- {site_id: acme-nroth, same_as: acme-north, reason: same}\n",
            [
                'line 7: got "3", need a mapping of site_id, same_as and reason',
                'line 8, key "site_id": no site "acme-nroth" in the study (did you mean "acme-north"?)',
            ],
        ),
        (
            "double_counts: [{site_id: acme-north, same_as: acme-north, reason: x}]\n",
            [
                'line 6: "acme-north" cannot be a double count of itself',
            ],
        ),
        ("sites: ../sites.csv\n", ['line 6, key "sites": got "../sites.csv", need a file inside the folder']),
        ("sites: /etc/passwd\n", ['line 6, key "sites": got "/etc/passwd", need a file inside the folder']),
        ("sites: [a]\n", ['line 6, key "sites": got a list, need text']),
    ],
)
def test_nested_parts_that_are_refused(folder_faults, part, faults):
    assert folder_faults(SETTINGS + part) == [f"study.yaml {fault}" for fault in faults]


def test_sites_in_a_file_of_another_name(folder, specs):
    path = folder(SETTINGS + "sites: mines/list.csv\n")
    (path / "mines").mkdir()
    (path / "sites.csv").rename(path / "mines" / "list.csv")
    assert len(read(path, specs).sites) == 1
    (path / "mines" / "list.csv").unlink()
    assert [str(fault) for fault in check(path, specs)] == ["mines/list.csv: no such file"]


def test_a_name_no_file_can_have(folder_faults):
    assert folder_faults(SETTINGS + 'sites: "a\\0b"\n') == ["a\0b: cannot be read: embedded null byte"]


def test_a_use_may_refuse_a_value_in_its_own_words(folder_faults):
    assert folder_faults(SETTINGS + "uses:\n  lease:\n    rent_usd: 13\n") == [
        'study.yaml line 8, key "rent_usd": 13 is refused by the use itself'
    ]


def test_uses_with_their_options(folder, specs):
    study = read(folder(SETTINGS + "uses:\n  lease: {rent_usd: 5, payer: tenant}\n"), specs)
    assert {name: options.model_dump() for name, options in study.uses.items()} == {
        "lease": {"rent_usd": 5.0, "payer": "tenant"}
    }
    assert list(read(folder(SETTINGS + "uses: [mine]\n"), specs).uses) == ["mine"]
