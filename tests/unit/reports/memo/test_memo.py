"""The memo: its pages, its figures, and names that try to be more than text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.snapshots import documents
from tests.studies import HALF_LEASED, INTERRUPTIBLE, MINE, QUEUE, RETROFIT, UNKNOWN, study
from wattworth.errors import StoreError
from wattworth.reports.formatting import DASH, money, per_watt
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.memo import ROOMS, memo_pdf, write_memo
from wattworth.reports.memo.blocks import piece
from wattworth.reports.memo.memo import memo_data
from wattworth.reports.memo.reading import blocks_of, text_of
from wattworth.reports.memo.source import Source
from wattworth.reports.words import ENGLISH, language
from wattworth.valuation import Run, value

CI = os.environ.get("CI", "").lower() == "true"

MARKS = re.compile("[\u200b\u2060\u2066-\u2069\u00ad]")
HOSTILE = (
    "=cmd()",
    "<script>alert(1)</script>",
    '#import "x"',
    "$x$",
    "\\",
    "*bold* _it_ `code` @ref <label>",
    '#image("/etc/passwd")',
    "../../x",
    "موقع الطاقة",
)
KINDS = (documents.small, documents.empty, documents.without_statistics)


def _text(pdf: bytes, folder: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        (pytest.fail if CI else pytest.skip)("pdftotext is not installed (make system)")
    path = folder / "memo.pdf"
    path.write_bytes(pdf)
    done = subprocess.run([program, "-layout", str(path), "-"], capture_output=True, check=True)
    return MARKS.sub("", done.stdout.decode("utf-8"))


def _pages(pdf: bytes, folder: Path) -> int:
    return _text(pdf, folder).count("\f")


def _bare(text: str) -> str:
    """Letters alone, for a name may be broken into lines."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def run() -> Run:
    return value(study(MINE, HALF_LEASED, RETROFIT, QUEUE, INTERRUPTIBLE, UNKNOWN), draws=256, workers=1)


def _run(result: dict[str, Any]) -> Run:
    """A run of a document made by hand, whose companies are not those of its sites."""
    result["totals"]["by_company"] = []
    return Run(result=result, draws={}, study=None)


@pytest.fixture(scope="module")
def english(run: Run) -> bytes:
    return memo_pdf(run)


def test_six_to_twelve_pages(english: bytes, tmp_path: Path) -> None:
    assert english.startswith(b"%PDF-")
    assert 6 <= _pages(english, tmp_path) <= 12


def test_the_figures_are_those_of_the_document(run: Run, english: bytes, tmp_path: Path) -> None:
    """Proves: what the PDF prints is the document's number under the printers of the page, site by site."""
    text = _text(english, tmp_path)
    totals = run.result["totals"]
    for key in ("p10", "p50", "p90", "mean"):
        assert money(totals["npv_usd"][key]) in text
    rows = text.splitlines()
    for site in (each for each in run.result["sites"] if each["valued"]):
        best = site["uses"][site["best_use"]]
        told = money(best["risked_npv_usd"]["mean"]), per_watt(best["usd_per_gross_w"]["mean"], unit=False)
        wanted = [printed for printed in told if printed != DASH]
        assert any(site["site"] in row and all(printed in row for printed in wanted) for row in rows), site["site"]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_kind_of_run_is_set(make: Any, lang: str, tmp_path: Path) -> None:
    pdf = memo_pdf(_run(make()), words=language(lang, *ROOMS))
    text = _text(pdf, tmp_path)
    assert 6 <= text.count("\f") <= 12
    assert not re.search(r"\bNone\b|\bnan\b|\{[a-z]", text)


@pytest.mark.parametrize("hostile", [*HOSTILE, "x" * 300, " ".join(["Long"] * 60)])
def test_a_hostile_name_is_text(hostile: str) -> None:
    """Proves: a name reaches the template as a string. Sensitivity: as markup, Typst would refuse most."""
    result = documents.small()
    result["title"] = result["sites"][0]["site"] = result["sites"][0]["company"] = hostile
    source = Source(result, language("en", *ROOMS), {}, {})
    data = memo_data(source)
    assert _bare(MARKS.sub("", data["name"])) == _bare(hostile)
    assert any(
        _bare(MARKS.sub("", cells[0]["p"][0]["t"])) == _bare(hostile)
        for block in data["blocks"]
        if block["kind"] == "table"
        for cells in block["rows"]
    )


def test_hostile_names_are_printed_and_nothing_else_happens(tmp_path: Path) -> None:
    for lang in ("en", "ar"):
        result = documents.small()
        result["title"] = " ".join(HOSTILE[:-1])
        result["sites"] = [
            {**deepcopy(result["sites"][0]), "site_id": f"site-{n}", "site": hostile, "company": hostile}
            for n, hostile in enumerate([*HOSTILE, "y" * 300, "Solar \N{GRINNING FACE} Farm"])
        ]
        pdf = memo_pdf(_run(result), words=language(lang, *ROOMS))
        found = _bare(_text(pdf, tmp_path))
        for hostile in HOSTILE[:-1]:
            assert _bare(hostile) in found or lang == "ar"  # brackets are mirrored where lines run from the right
        assert found.count("y") >= 300
        assert "[grinningface]" in found or lang == "ar"
        assert not re.search(rb"/JavaScript|/Launch|/EmbeddedFile|/URI", pdf)


def test_arabic_says_the_same_figures(run: Run, tmp_path: Path) -> None:
    text = _text(memo_pdf(run, words=language("ar", *ROOMS)), tmp_path)
    mean = money(run.result["totals"]["npv_usd"]["mean"])
    assert re.sub(r"[^\d.]", "", mean) in text
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert 6 <= text.count("\f") <= 12


def test_arabic_digits_are_chosen() -> None:
    words = language("ar", *ROOMS, digits="arab")
    assert MARKS.sub("", piece("$1.9bn", words)["t"]).startswith("\u0661\u066b\u0669")
    assert piece(words("memo.why.closed.item", use="x", reason="9 MW"), words)["t"].count("9") == 1


def test_the_page_is_read_as_blocks() -> None:
    """Proves: a table, its numbers, a note below one and a hidden text are read as a person reads the page."""
    hidden = tag("span", "hidden", class_="vh")
    rows = tag(
        "tbody",
        tag("tr", tag("th", name("a <b>"), tag("small", "in ", name("TX"))), tag("td", "1", hidden, class_="n")),
    )
    heads = tag("thead", tag("tr", tag("th", "Site"), tag("th", "MW", class_="n")))
    (table,) = blocks_of(tag("table", tag("caption", "c", class_="vh"), heads, rows), ENGLISH)
    assert [MARKS.sub("", piece_["t"]) for piece_ in table["rows"][0][0]["p"]] == ["a <b>", "in TX"]
    assert table["rows"][0][1]["p"] == [{"t": "1", "s": ""}]
    assert table["rows"][0][1]["end"]
    assert table["widths"] == [1, 0]
    assert MARKS.sub("", text_of(join(["a ", tag("strong", "b"), " & c"]))) == "a b & c"
    assert blocks_of(Html("<p class='note'>x</p><svg><text>no</text></svg>"), ENGLISH) == [
        {"kind": "para", "p": [{"t": "x", "s": ""}], "style": "note"}
    ]


def test_what_flips_a_site_is_told_when_it_was_asked(run: Run) -> None:
    asked = {
        "mine": {
            "drivers": [],
            "break_even": [
                {"input": "rent", "unit": "$/kW-month", "present": 120.0, "low": 30.0, "high": 480.0, "switches": 150.5,
                 "best_use": "site_sale", "then": "turnkey"},
                {"input": "power", "unit": "$/MWh", "present": 40.0, "low": 20.0, "high": 80.0, "switches": None,
                 "best_use": "site_sale", "then": None},
            ],
        }
    }  # fmt: skip
    blocks = memo_data(Source(run.result, language("en", *ROOMS), asked, {}))["blocks"]
    told = [item[0]["t"] for block in blocks if block["kind"] == "list" for item in block["items"]]
    assert "Turnkey AI lease takes over from Site sale where rent is above 150.5 $/kW-month; now 120." in told
    assert "Site sale stays best for every power from 20 to 80 $/MWh; now 40." in told


def test_a_file_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "memo.pdf"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="already exists"):
        write_memo(run, path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]
