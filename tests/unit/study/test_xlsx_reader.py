"""A study in one workbook: the same meaning as a folder, each fault with its sheet and cell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from wattworth.study import check, read

HEADER = ["site_id", "name", "company", "country", "operating_gross_mw", "power_end"]
MONTH = "need a month as YYYY-MM, for example 2027-05"


def sites(*cells: object) -> list[list[object]]:
    """One row, its first cells as given."""
    sound = ["acme-north", "North", "Acme", "US", 100, None]
    return [HEADER, [*cells, *sound[len(cells) :]]]


def settings(**changes: object) -> list[list[object]]:
    sound = {"schema_version": 1, "name": "mine", "as_of": "2026-06", "usd_year": 2026, "tax_losses": "carried"}
    return [["key", "value", "unit", "meaning"], *([key, value] for key, value in {**sound, **changes}.items())]


def test_a_workbook_means_what_a_folder_means(folder, workbook, specs):
    assert read(workbook(), specs) == read(folder(), specs)


@pytest.mark.parametrize("month", ["2027-05", dt.date(2027, 5, 1), dt.datetime(2027, 5, 31, 12)])
def test_a_month_may_be_a_date(workbook, specs, month):
    study = read(
        workbook(sites=sites("a", "A", "A", "US", 100, month), study=settings(as_of=dt.date(2026, 6, 1))), specs
    )
    assert (study.as_of, study.sites[0].power_end) == ("2026-06", "2027-05")


def test_numbers_as_text_and_names_as_numbers(workbook, specs):
    (site,) = read(workbook(sites=sites(7, 2026, "A", "US", "100.5")), specs).sites
    assert (site.site_id, site.name, site.operating_gross_mw) == ("7", "2026", 100.5)


def test_comments_empty_rows_and_private_sheets(workbook_faults):
    rows = [*sites(), [None], ["# acme-south", "South", None, None, "many"]]
    assert workbook_faults(sites=rows, _working=[["=1/0"]], notes=[["anything", "=1+1"]], uses=[["use"]]) == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1,2OO", 'got "1,2OO", need a number of MW ≥ 0'),
        (-1, 'got "-1", need a number of MW ≥ 0'),
        (True, 'got "true", need a number of MW ≥ 0'),
        (dt.date(2027, 5, 1), 'got "2027-05-01", need a number of MW ≥ 0'),
        (dt.time(1, 2), 'got "01:02:00", need a number of MW ≥ 0'),
        ("#N/A", 'got "#N/A", an error of a spreadsheet formula; correct the formula'),
        ("=50+50", 'the formula "=50+50" has no result; open the workbook in a spreadsheet program and save it'),
    ],
)
def test_cells_that_are_refused(workbook_faults, cell, message):
    """Proves: a failed or never calculated formula is told. Sensitivity: the reader gives both as an empty cell."""
    place = 'mine.xlsx sheet "sites" cell E2, column "operating_gross_mw"'
    assert workbook_faults(sites=sites("a", "A", "A", "US", cell)) == [f"{place}: {message}"]


def test_a_formula_with_its_result_is_read(tmp_path, specs):
    """Proves: Excel marks a formula whose result is no text with ``t="str"``, and that is an empty cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, rows in (("study", settings()), ("sites", sites())):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
        sheet.write_formula("E2", "=50+70", None, 120)
        sheet.write_formula("F2", '=IF(1,"","x")', None, "gone")
    path = tmp_path / "mine.xlsx"
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            target.writestr(part, source.read(part).replace(b"<v>gone</v>", b"<v></v>"))
    (site,) = read(path, specs).sites
    assert (site.operating_gross_mw, site.power_end) == (120.0, None)


@pytest.mark.parametrize(
    ("sheets", "faults"),
    [
        (
            {"sites": None, "Sites": sites()},
            ['unknown sheet "Sites" (did you mean "sites"?)', 'no sheet "sites", need one'],
        ),
        ({"study": None}, ['no sheet "study", need one']),
        ({"Model": [["x"]]}, ['unknown sheet "Model"; start its name with _ to keep it out of the study']),
    ],
)
def test_sheets_that_are_refused(workbook_faults, sheets, faults):
    assert workbook_faults(**sheets) == [f"mine.xlsx: {fault}" for fault in faults]


@pytest.mark.parametrize(
    ("sheet", "rows", "faults"),
    [
        ("sites", [], [": the sheet is empty"]),
        ("sites", [HEADER], [": no sites; need at least one row under the column names"]),
        ("study", [], [": the sheet is empty"]),
        ("study", [["key"], ["name"]], [' row 1: missing column "value"']),
        (
            "study",
            [*settings(), ["uses", "mine"], ["name", "x"], [None, 3], ["horizon_year", 3]],
            [
                ' cell A7, column "key": "uses" is not a setting here; fill the sheet "uses"',
                ' cell A8, column "key": key "name" appears twice',
                ' cell A9, column "key": empty, need the name of a setting',
                ' cell A10, column "key": unknown key "horizon_year" (did you mean "horizon_years"?)',
            ],
        ),
        ("study", settings(as_of="soon"), [f' cell B4, column "value": got "soon", {MONTH}']),
        (
            "uses",
            [
                ["use", "option", "value"],
                ["mien"],
                ["lease", None, 3],
                [None, "payer", 1],
                ["lease", "payer", "x"],
                ["lease", "payer", "y"],
            ],
            [
                ' cell B3, column "option": empty beside a value, need the name of an option',
                ' cell A4, column "use": empty, need the name of a use',
                ' cell B6, column "option": "payer" appears twice for "lease"',
                ' cell A2, column "use": unknown use "mien" (did you mean "mine"?); known: mine, lease',
                ' cell C5, column "value": got "x", need one of "landlord", "tenant"',
            ],
        ),
        (
            "facts",
            [["kye", "value"], ["a.b", 1]],
            [
                ' row 1: unknown column "kye" (did you mean "key"?)',
                ' row 1: missing column "key"',
            ],
        ),
        (
            "facts",
            [["key", "value", "source"], ["a.b", "x", "s"], [None, 3, "s"], ["a.b", 3, "s"], ["c.d", 1]],
            [
                ' cell A3, column "key": empty, need the key of a fact',
                ' cell A4, column "key": "a.b" appears twice',
                ' cell B2, column "value": got "x", need a number',
                ' cell C5, column "source": empty, need text',
            ],
        ),
        (
            "double_counts",
            [["site_id", "same_as", "reason"], ["acme-north", "acme-soth", "same"]],
            [
                ' cell B2, column "same_as": no site "acme-soth" in the study (did you mean "acme-north"?)',
            ],
        ),
    ],
)
def test_rows_that_are_refused(workbook_faults, sheet, rows, faults):
    assert workbook_faults(**{sheet: rows}) == [f'mine.xlsx sheet "{sheet}"{fault}' for fault in faults]


def test_options_and_facts_of_a_workbook(workbook, specs):
    path = workbook(
        uses=[["use", "option", "value"], ["lease", "rent_usd", 5], ["lease", "payer", "tenant"], ["mine"]],
        facts=[["key", "value", "source"], ["lease.term", 12, "a letter"]],
    )
    study = read(path, specs)
    assert study.uses["lease"].model_dump() == {"rent_usd": 5.0, "payer": "tenant"}
    assert list(study.uses) == ["lease", "mine"]
    assert study.overrides["lease.term"].value == 12.0
    assert study.places == {"lease.term": 'mine.xlsx sheet "facts" row 2'}


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"", "mine.xlsx: the file is empty"),
        (b"hello", "mine.xlsx: not an Excel workbook (.xlsx), or a broken one: File is not a zip file"),
        (b"PK\x03\x04hello", "mine.xlsx: not an Excel workbook (.xlsx), or a broken one: File is not a zip file"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "mine.xlsx: an old .xls file or one with a password; save it as .xlsx without a password",
        ),
        (zipped(a=b"x"), "mine.xlsx: not an Excel workbook (.xlsx), or a broken one: "),
        (
            zipped(**{"xl__workbook_xml": b"<a", "xl___rels__workbook_xml.rels": b"<a/>"}),
            "mine.xlsx: not an Excel workbook (.xlsx), or a broken one: ",
        ),
        (zipped(a=bytes(501_000_000)), "mine.xlsx: unpacks to more than 500 MB, too large for a study"),
    ],
    ids=["empty", "text", "half a zip", "old format", "another zip", "broken", "bomb"],
)
def test_files_that_are_no_workbook(tmp_path, specs, data, start):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(data)
    (fault,) = check(path, specs)
    assert str(fault).startswith(start)


def test_a_cell_at_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path, specs):
    """Proves: 17 thousand million cells are not built. Sensitivity: the reader would ask for hundreds of gigabytes."""
    path = tmp_path / "mine.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("study")
        book.add_worksheet("sites").write_string(1_048_575, 16_383, "x")
    assert [str(fault) for fault in check(path, specs)] == [
        'mine.xlsx sheet "sites": spans 1,048,576 rows and 16,384 columns; delete the cells far from the table'
    ]
