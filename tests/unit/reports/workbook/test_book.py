"""The file itself: its place, its sheets, its words as words, and what is told where it cannot be written."""

from __future__ import annotations

import gc
import re
import resource
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.unit.reports.workbook.office import places, recalculated, values
from wattworth.errors import DataError, StoreError
from wattworth.finance.case_file import read_case
from wattworth.reports.workbook import write_workbook
from wattworth.reports.workbook.book import chosen_models, sheet_title
from wattworth.valuation import Run, value
from wattworth.valuation.central import central
from wattworth.valuation.inputs import fact_input, with_input, with_site

NASTY = ("=cmd()", "<script>alert(1)</script>", "+1" + "x" * 298, "موقع التعدين ⚡", "@SUM(A1)")
SHEETS = ("Summary", "Inputs", "Paths", "Scenarios", "Draws", "Cases", "Sensitivity", "Facts", "Warnings", "Checks")


def test_it_holds_every_sheet_in_order_and_names_its_inputs(book: Path) -> None:
    held = openpyxl.load_workbook(book, read_only=True)
    held.close()
    assert [name for name in held.sheetnames if name in SHEETS] == list(SHEETS)
    known = places(book)
    assert known[None, "lease_landlord_pays_capex_rent_year1"][0] == "Inputs"
    assert known[None, "clock_extra_delay"][0] == "Inputs"
    assert ("mara-granbury turnkey", "irr_frac") in known


def test_a_swing_is_what_a_run_with_that_fact_gives(run: Run, book: Path) -> None:
    """Proves: the two ends of a row are the engine's with the fact at its low and at its high, and no other moved."""
    assert run.study is not None
    rows = {row[2]: row for row in values(book, "Sensitivity")[4:] if row[0] == run.site("mara-granbury")["site"]}
    key = "ai_purpose_built.construction_cost"
    asked = fact_input(run.study, key)
    for end, column in ((asked.low, 5), (asked.high, 7)):
        assert end is not None
        found = central(with_input(run.study, asked, end)).use_document("mara-granbury", "turnkey")
        assert rows[key][column] == pytest.approx(found["usd_per_gross_w"], rel=1e-9)
    swung = [abs(row[8]) for row in rows.values()]
    assert swung == sorted(swung, reverse=True)
    assert len(swung) > 5


def test_sheets_are_ready_to_read_and_to_print(book: Path) -> None:
    """Inputs are blue on yellow, formulas black; panes are frozen; headings come again on each page."""
    held = openpyxl.load_workbook(book)
    sheet = held["mara-granbury turnkey"]
    assert sheet.freeze_panes == "D5"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$4", "$A:$C")
    where, cell = places(book)["mara-granbury turnkey", "p1_gross_mw"]
    assert held[where][cell].font.color.rgb == "FF0000CC"
    assert held[where][cell].fill.fgColor.rgb == "FFFFF8DC"
    where, cell = places(book)["mara-granbury turnkey", "npv_usd"]
    assert held[where][cell].font.color.rgb == "FF000000"


def test_it_holds_no_macro_and_no_function_of_new_programs_alone(book: Path) -> None:
    with zipfile.ZipFile(book) as file:
        assert not [name for name in file.namelist() if "vba" in name.lower()]
        text = b"".join(file.read(name) for name in file.namelist() if name.startswith("xl/worksheets"))
    used = set(re.findall(rb"([A-Z][A-Z0-9.]+)\(", b" ".join(re.findall(rb"<f>([^<]*)</f>", text))))
    plain = b"IF AND CHOOSE MIN MAX SUM SUMPRODUCT INDEX EXP INT MOD ROUND ROUNDUP ABS IRR IFERROR".split()
    assert used <= set(plain)
    assert b't="array"' not in text


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_wherever_it_stands(name: str, run: Run, program: str, tmp_path: Path) -> None:
    """Proves: what a study calls a site is never a formula, not in this file nor once it is worked out anew."""
    assert run.study is not None
    site_id = "mara-kearney"
    study = with_site(run.study, site_id, {"name": name})
    named = value(replace(study, cases={}), draws=64, sites=site_id, workers=1)
    path = write_workbook(named, tmp_path / "named.xlsx")
    done = recalculated(program, tmp_path, path) / path.name if name == NASTY[0] else path
    assert values(done, "Summary")[5][0] == name
    title = f"{site_id} {named.result['sites'][0]['best_use']}"
    assert values(done, title, 1)[0][0].startswith(name)
    formulas = openpyxl.load_workbook(path)
    assert formulas["Summary"]["A6"].data_type == "s"


def test_names_of_sheets_are_what_a_spreadsheet_allows() -> None:
    taken: set[str] = set()
    assert sheet_title("a[b]:c*d?e/f\\g'h", taken) == "abcdefgh"
    assert sheet_title("A" * 40, taken) == "A" * 31
    assert sheet_title("a" * 40, taken) == "a" * 29 + " 2"
    assert sheet_title("[]", taken) == "site"


def test_a_file_that_is_there_is_left_alone(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "there.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"there\.xlsx: already exists"):
        write_workbook(read_case(root / "examples/finance/sam-generic.yaml"), path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_told(root: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="its folder is not there"):
        write_workbook(read_case(root / "examples/finance/sam-generic.yaml"), tmp_path / "no" / "a.xlsx")


@contextmanager
def _no_file_above(n_byte: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_byte, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_a_file_that_cannot_grow_leaves_nothing_behind(root: Path, tmp_path: Path) -> None:
    """As on a full disk: the system refuses while the file is written."""
    case = read_case(root / "examples/finance/sam-generic.yaml")
    with _no_file_above(4_096), pytest.raises(StoreError, match="cannot be written"):
        write_workbook(case, tmp_path / "a.xlsx")
    gc.collect()  # the writer drops its own files unclosed
    assert list(tmp_path.iterdir()) == []


def test_sites_are_chosen_by_worth_by_glob_or_by_name(run: Run) -> None:
    assert chosen_models(run, ["mara-granbury:turnkey"]) == [("mara-granbury", "turnkey")]
    assert [site for site, _ in chosen_models(run, "mara-k*")] == ["mara-kearney"]
    best = {site["site_id"]: site for site in run.result["sites"] if site["valued"]}
    assert len(chosen_models(run, None)) == min(10, len(best))
    with pytest.raises(DataError, match=r'no valued site "mara-granburry" in the run.*"mara-granbury"'):
        chosen_models(run, ["mara-granburry"])
    with pytest.raises(DataError, match=r'mara-granbury has no use "turnky".*"turnkey"'):
        chosen_models(run, ["mara-granbury:turnky"])
    with pytest.raises(DataError, match='no valued site of the run matches "nowhere'):
        chosen_models(run, "nowhere*")


def test_a_run_without_its_study_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the record holds no study"):
        write_workbook(replace(run, study=None), tmp_path / "a.xlsx")
