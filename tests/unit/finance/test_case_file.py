"""The reader of one project: what it builds, and how it complains."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.errors import StudyError
from wattworth.finance.case_file import read_case, read_case_file

CASE = """\
schema_version: 1
name: small
analysis_years: 3
energy: {mwh_by_year: [1, 2.5, 3e3]}
revenue:
  price_usd_per_mwh: 50
  other:
    - {name: rent, usd_by_year: [1, 2, 3]}
capital:
  parts:
    - {name: plant, usd: 1_000}
debt: {share_frac: 0.5, rate_frac: 0.07, tenor_years: 3}
tax: {federal_frac: 0.21, losses: carried}
discounting: {nominal_frac: 0.1}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path, convention: str | None = None) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_case(path, convention)
    return list(map(str, caught.value.faults))


def test_a_case_is_built_part_by_part(tmp_path: Path) -> None:
    case = read_case(written(tmp_path, CASE))
    assert case.energy.mwh_by_year == (1.0, 2.5, 3000.0)
    assert case.revenue.other[0].usd_by_year == (1.0, 2.0, 3.0)
    assert case.capital.parts[0].usd == 1000.0
    assert case.debt is not None
    assert case.convention == "wattworth"


def test_the_published_case_is_the_one_of_the_tests(root: Path) -> None:
    """Proves: the example states every input of validation.md B2, and none beside."""
    read = read_case(root / "examples" / "finance" / "sam-generic.yaml")
    same = {"name": "Generic System", "tax": read.tax.model_copy(update={"losses": None})}
    assert read.model_copy(update=same) == generic_system()


def test_a_convention_given_replaces_that_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, CASE)
    assert read_case(path, "reopt").convention == "reopt"
    (found,) = faults(path, "samm")
    assert found.startswith('--convention: got "samm", need one of "wattworth", "sam", ')
    assert found.endswith('(did you mean "sam"?)')


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: small", "nam: small", 'case.yaml line 2: unknown key "nam" (did you mean "name"?)'),
        ("tenor_years: 3", "tenr_years: 3", 'line 12: unknown key "tenr_years" (did you mean "tenor_years"?)'),
        ("usd: 1_000", "usd: $1000", 'line 11, key "usd": got "$1000", need a number of USD ≥ 0'),
        ("rate_frac: 0.07", "rate_frac: 7%", "write 0.07, a fraction and not percent"),
        ("rate_frac: 0.07", "rate_frac: 7", "if it is percent, write 0.07"),
        ("[1, 2.5, 3e3]", "[1, x, 3]", 'line 4: got "x", need a number'),
        ("[1, 2.5, 3e3]", "7", 'key "mwh_by_year": got "7", need a list of numbers'),
        ("[1, 2.5, 3e3]", "[1, 2]", "energy.mwh_by_year has 2 values, need one for each of 3 years"),
        ("- {name: plant, usd: 1_000}", "- 7", 'line 11: got "7", need a mapping with name, usd'),
        (
            "tax: {federal_frac: 0.21, losses: carried}",
            "tax: {federal_frac: 0.21}",
            'line 13, key "tax": tax.losses is',
        ),
        ("share_frac: 0.5, ", "", "debt has no size"),
        ("discounting: {nominal_frac: 0.1}", "", 'missing key "discounting", need a mapping with inflation_frac'),
        ("energy: {mwh_by_year: [1, 2.5, 3e3]}", "energy: 5", "need a mapping with year1_mwh"),
        ("schema_version: 1", "schema_version: 2", 'line 1, key "schema_version": got "2", need 1'),
        ("name: small", "name: small\nname: twice", 'key "name" appears twice'),
        ("analysis_years: 3", "analysis_years: .nan", "need a whole number from 1 to 100"),
    ],
)
def test_a_mistake_has_its_line_and_its_cure(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in CASE
    found = faults(written(tmp_path, CASE.replace(old, new)))
    assert any(told in fault for fault in found), found


def test_all_faults_come_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = CASE.replace("name: small", "nam: small").replace("usd: 1_000", "usd: -1").replace("0.21", "x")
    found = faults(written(tmp_path, text))
    assert [fault.split(":")[0].split(",")[0] for fault in found] == [
        "case.yaml line 2",
        "case.yaml line 11",
        "case.yaml line 13",
    ]


def test_two_contradictions_stand_at_two_lines(tmp_path: Path) -> None:
    text = CASE.replace("[1, 2.5, 3e3]", "[1, 2]").replace(", losses: carried", "")
    assert [fault.split(",")[0] for fault in faults(written(tmp_path, text))] == [
        "case.yaml line 4",
        "case.yaml line 13",
    ]


def test_a_vehicle_stands_beside_the_project(tmp_path: Path, root: Path) -> None:
    assert read_case_file(written(tmp_path, CASE)).vehicle is None
    held = read_case_file(root / "examples" / "finance" / "powered-shell-reit.yaml").vehicle
    assert held is not None
    assert held.trust.contracted_years == 15
    found = faults(written(tmp_path, CASE + "vehicle: {trust: {cap_rate: 0.07}}\n"))
    assert 'case.yaml line 15: unknown key "cap_rate" (did you mean "cap_rate_frac"?)' in found
    assert 'unknown key "vehicel" (did you mean "vehicle"?)' in faults(written(tmp_path, CASE + "vehicel: {}\n"))[0]


def test_a_broken_part_brings_no_faults_of_its_absence(tmp_path: Path) -> None:
    """Proves: energy without a price is not complained of where the price itself is misspelt."""
    found = faults(written(tmp_path, CASE.replace("price_usd_per_mwh: 50", "price_usd_per_mwh: fifty")))
    assert len(found) == 1


def test_a_file_that_is_not_there_is_answered_with_its_neighbours(tmp_path: Path) -> None:
    written(tmp_path, CASE)
    (found,) = faults(tmp_path / "cas.yaml")
    assert 'did you mean "case.yaml"?' in found


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "the file is empty"), ("- 1", "a list, need keys"), ("a: [", "not YAML"), ("\t a: 1", "spaces, not tabs")],
)
def test_what_is_no_case_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (found,) = faults(written(tmp_path, text))
    assert told in found
