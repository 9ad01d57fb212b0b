"""The workbook in another language: every word comes from its catalogue, and every number and formula stays."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import openpyxl
import pytest

import wattworth.reports.workbook as room
from tests.unit.reports.workbook.office import changed, differences, named, places, recalculated, values
from wattworth.errors import Fault
from wattworth.finance.case_file import read_case
from wattworth.finance.project import ProjectCase
from wattworth.reports.catalogue import translated
from wattworth.reports.english_workbook import PREFIX, TEXT
from wattworth.reports.words import language
from wattworth.reports.workbook import write_workbook
from wattworth.reports.workbook.book import draft, sheet_title
from wattworth.reports.workbook.project import project_sheet
from wattworth.reports.workbook.wording import Tongue, as_is, figure, reads_from_right, say, word
from wattworth.valuation import Run, read_study, value
from wattworth.valuation.central import central
from wattworth.valuation.inputs import with_site
from wattworth.valuation.named_cases import with_case

SITES = ("mara-granbury:turnkey", "mara-kearney:site_sale")
ARABIC = language("ar", "workbook")
TITLES = {"Project": "المشروع", "Checks": "التحقق", "Summary": "الملخص", "Scenarios": "السيناريوهات"}
NASTY = ("=cmd()", "<script>alert(1)</script>", "+1" + "x" * 298, "موقع التعدين ⚡", "@SUM(A1)")
KINDS = ("case", "confidence", "irr", "label", "losses", "short", "state", "unit", "use")


@pytest.fixture(scope="module")
def pair(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same two sites in English and in Arabic."""
    folder = tmp_path_factory.mktemp("languages")
    english = write_workbook(run, folder / "en.xlsx", sites=SITES)
    return english, write_workbook(run, folder / "ar.xlsx", sites=SITES, words=ARABIC)


@pytest.fixture(scope="module")
def lease(root: Path) -> ProjectCase:
    return read_case(root / "examples/finance/turnkey-lease.yaml")


@pytest.fixture(scope="module")
def done(pair: tuple[Path, Path], lease: ProjectCase, program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Arabic workbooks worked out anew: as written, in the second scenario, and a project in both languages."""
    folder = tmp_path_factory.mktemp("again")
    files = [pair[1], changed(pair[1], {(None, "scenario"): 2}, folder / "switched.xlsx")]
    files += [
        write_workbook(lease, folder / "lease-ar.xlsx", words=ARABIC, digits="arab"),
        write_workbook(lease, folder / "lease-en.xlsx"),
    ]
    return recalculated(program, folder, *files)


def _said() -> dict[str, str]:
    """Every literal that the room says, and the module it stands in."""
    found: dict[str, str] = {}
    for path in Path(next(iter(room.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                text = node.args[0]
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: say() needs a literal"
                assert isinstance(text.value, str)
                found[text.value] = path.name
    return found


def test_every_literal_is_in_the_catalogue_and_the_catalogue_has_no_other() -> None:
    said = _said()
    assert {text: name for text, name in said.items() if PREFIX + text not in TEXT} == {}
    others = {key.removeprefix(PREFIX) for key in TEXT} - set(said)
    assert [key for key in others if key.partition(".")[0] not in KINDS] == []


def test_a_literal_that_is_not_in_the_catalogue_cannot_be_written() -> None:
    with pytest.raises(KeyError, match="nowhere said"):
        Tongue(ARABIC)(say("nowhere said"))


def test_every_word_has_its_arabic_with_the_same_fields() -> None:
    table, _ = translated("ar", "workbook")
    assert set(table) == set(TEXT)
    for key, text in TEXT.items():
        assert _fields(table[key]) == _fields(text), key
    whole = [key for key, text in TEXT.items() if re.search("[a-z]{4}", re.sub(r"\{\w+\}", "", text))]
    assert [key for key in whole if not re.search("[\u0600-\u06ff]", table[key])] == []


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_unit_of_every_sheet_and_fact_has_a_word(lease: ProjectCase) -> None:
    from wattworth.finance.project import evaluate

    found = central(read_study("us-miners"))
    every = [(site, use) for site, value in found.values.items() for use, one in value.uses.items() if not one.reason]
    inputs, paths, models = draft(found, every[::19])
    sheets = [inputs, paths, project_sheet(lease, evaluate(lease)), *(model.sheet for model in models)]
    units = {line.unit for sheet in sheets for line in sheet.lines if line.unit}
    units |= {fact.unit for fact in found.plan.study.facts.values() if fact.unit}
    assert sorted(unit for unit in units if f"{PREFIX}unit.{unit}" not in TEXT) == []


def test_numbers_and_formulas_stand_in_the_same_cells(pair: tuple[Path, Path]) -> None:
    """Proves: only words change; a formula reads the same cells, by the names that their sheets have."""
    english, arabic = (openpyxl.load_workbook(path) for path in pair)
    titles = dict(zip(english.sheetnames, arabic.sheetnames, strict=True))
    count = 0
    for one in english:
        two = arabic[titles[one.title]]
        assert two.dimensions == one.dimensions
        for left, right in zip(one.iter_rows(), two.iter_rows(), strict=True):
            for cell, other in zip(left, right, strict=True):
                assert cell.data_type == other.data_type, (one.title, cell.coordinate)
                if cell.data_type == "f":
                    assert _bare(str(other.value), titles.values()) == _bare(str(cell.value), titles)
                    count += 1
                elif cell.data_type == "n":
                    assert cell.value == other.value
    assert count > 10_000


def _bare(formula: str, titles: object) -> str:
    """A formula with the place of its sheets in the workbook instead of their names."""
    assert not isinstance(titles, str)
    for number, title in enumerate(titles):  # pyright: ignore[reportArgumentType] - any collection of names
        formula = formula.replace(f"'{title}'!", f"#{number}!").replace(f"{title}!", f"#{number}!")
    return formula


def test_names_of_cells_are_the_same(pair: tuple[Path, Path]) -> None:
    english, arabic = (places(path) for path in pair)
    assert [(name, cell) for (_, name), (_, cell) in english.items()] == [
        (name, cell) for (_, name), (_, cell) in arabic.items()
    ]
    assert arabic[None, "scenario"][0] == TITLES["Scenarios"]
    assert ("mara-granbury تأجير", "irr_frac") in arabic


def test_every_sheet_runs_from_the_right(pair: tuple[Path, Path]) -> None:
    held = openpyxl.load_workbook(pair[1])
    assert held.sheetnames[0] == TITLES["Summary"]
    assert all(sheet.sheet_view.rightToLeft for sheet in held)
    assert not any(sheet.sheet_view.rightToLeft for sheet in openpyxl.load_workbook(pair[0]))
    sheet = held["mara-granbury تأجير"]
    assert sheet.freeze_panes == "D5"
    assert sheet["A6"].value == "صافي القيمة الحالية في حال النجاح"
    assert (sheet["A6"].alignment.readingOrder, sheet["A6"].alignment.horizontal) == (2, "right")
    assert sheet["C6"].alignment.readingOrder == 1
    assert sheet["A6"].font.name == "Arial"
    header = sheet.oddHeader
    assert header is not None
    assert (header.left.text, header.right.text) == ("صفحة &P من &N", "&A")


def test_no_english_word_is_left(pair: tuple[Path, Path]) -> None:
    """Proves: no cell of the Arabic workbook holds a text of the English catalogue, sentence or word."""
    table, _ = translated("ar", "workbook")
    texts = {text for key, text in TEXT.items() if table[key] != text}
    held = openpyxl.load_workbook(pair[1], read_only=True)
    lines = [line for sheet in held for line in sheet.iter_rows(values_only=True)]
    cells = {value for line in lines for value in line if isinstance(value, str)}
    held.close()
    assert texts & cells == set()


def test_worked_out_anew_the_arabic_workbook_gives_what_is_kept(pair: tuple[Path, Path], done: Path) -> None:
    """Proves: names of sheets in formulas are read; differences to the English numbers are none, see above."""
    assert differences(pair[1], done / pair[1].name) == []
    rows = values(done / pair[1].name, TITLES["Checks"])[3:]
    assert len(rows) > 10
    assert [row[:2] for row in rows if row[2] != 1] == []


def test_the_switch_works_in_arabic(pair: tuple[Path, Path], done: Path) -> None:
    """Proves: the second scenario gives what a run under the first named case gives."""
    plain, faults = read_study("us-miners"), list[Fault]()
    name = next(iter(plain.cases))
    wanted = central(with_case(plain, name, plain.cases[name], faults), "mara-granbury")
    asked = wanted.use_document("mara-granbury", "turnkey")
    found = named(done / "switched.xlsx", places(pair[1]), "mara-granbury تأجير", "npv_usd", "risked_npv_usd")
    assert found == pytest.approx({key: asked[key] for key in found}, rel=1e-6)


def test_a_project_gives_the_same_numbers_in_both_languages(done: Path) -> None:
    english = values(done / "lease-en.xlsx", "Project")
    arabic = values(done / "lease-ar.xlsx", TITLES["Project"])
    numbers = [[[one for one in line if isinstance(one, int | float)] for line in sheet] for sheet in (english, arabic)]
    assert numbers[0] == numbers[1]
    assert sum(map(len, numbers[0])) > 1_000


def test_digits_of_arabic_are_a_matter_of_formats(done: Path, pair: tuple[Path, Path]) -> None:
    """Proves: numbers stay numbers; text within labels turns too, but no name such as P10."""
    sheet = openpyxl.load_workbook(done.parent / "lease-ar.xlsx")[TITLES["Project"]]
    assert sheet["C6"].number_format.startswith("[$-2000401]#,##0")
    assert sheet["G3"].value == "السنة \u0660"
    plain = openpyxl.load_workbook(pair[1])["mara-granbury تأجير"]
    assert plain["C6"].number_format == "#,##0;[Red]-#,##0;-"
    tongue = Tongue(ARABIC, "arab")
    assert tongue(figure("2026-06")) == "\u0662\u0660\u0662\u0666/\u0660\u0666"
    assert tongue(as_is("Site 2")) == "Site 2"
    assert tongue(say("First revenue, P50")) == "أول إيراد، P50"
    assert tongue(say("5-year class")) == "فئة \u0665 سنوات"


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_in_arabic_too(name: str, run: Run, program: str, tmp_path: Path) -> None:
    assert run.study is not None
    study = replace(with_site(run.study, "mara-kearney", {"name": name}), cases={})
    path = write_workbook(
        value(study, draws=64, sites="mara-kearney", workers=1), tmp_path / "named.xlsx", words=ARABIC
    )
    if name == NASTY[0]:
        path = recalculated(program, tmp_path, path) / path.name
    summary = openpyxl.load_workbook(path)[TITLES["Summary"]]
    assert (summary["A6"].value, summary["A6"].data_type) == (name, "s")
    assert summary["A6"].alignment.readingOrder == (2 if reads_from_right(name) else 1)


def test_a_word_without_translation_stands_as_it_is() -> None:
    tongue = Tongue(ARABIC)
    assert tongue(word("unit", "furlong")) == "furlong"
    assert tongue(word("label", "of_a_plugin", "Its label")) == "Its label"
    assert str(word("use", "turnkey")) == "turnkey"
    assert str(say("Page {page} of {pages}", page=1, pages="2")) == "Page 1 of 2"


def test_fields_are_held_together_against_the_script_around_them() -> None:
    """Proves: a Latin name is isolated, a date in 0 to 9 is marked to run from the left, Arabic words are bare."""
    tongue = Tongue(ARABIC)
    said = say("{site}: {use}", site="mara-granbury", use=word("use", "hold"))
    assert tongue(said) == "\u2068mara-granbury\u2069: الاحتفاظ"
    assert tongue.plain(said) == "mara-granbury: الاحتفاظ"
    assert tongue(say("year {number}", number=-1)) == "السنة \u200e-1\u200e"


def test_arabic_names_of_sheets_are_what_a_spreadsheet_allows() -> None:
    taken: set[str] = set()
    title = sheet_title("\u2068موقع [1]: الشرق/الغرب؟\u2069 " + "س" * 40, taken)
    assert title == ("موقع 1 الشرقالغرب؟ " + "س" * 40)[:31]
    assert sheet_title(title, taken) == title[:29] + " 2"
