"""Drafts as studies: a workbook taken in, its faults at their cells, and the workbook given back."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from wattworth import store
from wattworth.errors import Fault, StudyError
from wattworth.store import Cell, Draft
from wattworth.study import Study, check_sheets, packaged_names, template_workbook
from wattworth.study.sheets import COLUMNS
from wattworth.study.xlsx_reader import workbook_cells
from wattworth.valuation import SPECS, read_study
from wattworth.web.problems import FaultAt, NotFoundError, placed

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME: Final = 100
_UNFIT: Final = re.compile(r"[^\w .()&+-]+")
_MOST_CELLS: Final = 500_000


def taken_in(data: bytes, file: str) -> Draft:
    """A workbook as a draft; it may have faults, which is what a draft is for.

    Parameters
    ----------
    data
        Its bytes.
    file
        Name of its file as the user's machine has it; only words of it are kept.

    Raises
    ------
    StudyError
        If it is no workbook, or not one that can be opened safely.
    """
    name = clean_name(file)
    faults: list[Fault] = []
    cells = workbook_cells(data, name, COLUMNS, faults)
    if cells is None:
        raise StudyError(faults)
    if sum(len(row) for rows in cells.values() for row in rows) > _MOST_CELLS:
        raise StudyError([Fault(name, f"has more than {_MOST_CELLS:,} cells; delete the cells outside the tables")])
    return store.add_draft(name, {sheet: [_plain_row(row) for row in rows] for sheet, rows in cells.items()})


def started_from(origin: str) -> Draft:
    """A packaged study, or a blank one, as a draft.

    Raises
    ------
    NotFoundError
        If there is no such study.
    """
    if origin not in (*packaged_names(), "blank"):
        raise NotFoundError(
            f"{origin}: there is no packaged study of that name; there are {', '.join(packaged_names())}"
        )
    name = origin if origin != "blank" else "new study"
    return taken_in(template_workbook(origin, name, SPECS), f"{name}.xlsx")


def study_of(draft: Draft) -> tuple[Study | None, list[FaultAt]]:
    """The study in a draft, None where it has faults, and these at their cells."""
    study, faults = check_sheets(draft.sheets, draft.name, SPECS)
    return study, [placed(fault) for fault in faults]


def study_named(name: str) -> Study:
    """The study of a draft or a packaged one.

    Raises
    ------
    NotFoundError
        If there is none.
    StudyError
        If it has faults.
    """
    if name in packaged_names():
        return read_study(name)
    draft = draft_named(name)
    study, faults = check_sheets(draft.sheets, draft.name, SPECS)
    if study is None:
        raise StudyError(faults)
    return study


def draft_named(draft_id: str) -> Draft:
    """The draft of a name.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    if all(known.draft_id != draft_id for known in store.drafts()):
        raise NotFoundError(f"{draft_id}: there is no such study")
    return store.draft(draft_id)


def workbook_of(draft: Draft) -> bytes:
    """The draft as a workbook of values, that can be taken in again."""
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        head = book.add_format({"bold": True})
        for name, rows in draft.sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for line, row in enumerate(rows):
                _write(sheet, line, row, head if line == 0 else None)
    return held.getvalue()


def clean_name(file: str) -> str:
    """Name of a file without its folder, its ending and whatever is not plain text.

    Examples
    --------
    >>> clean_name("../../etc/<My sites>.xlsx"), clean_name("***.xlsx")
    ('My sites', 'study')
    """
    base = file.replace("\\", "/").rpartition("/")[2]
    stem = base.rpartition(".")[0] or base
    return " ".join(_UNFIT.sub(" ", stem).split())[:_LONGEST_NAME].strip(". ") or "study"


def _plain_row(row: Sequence[object]) -> list[Cell]:
    return [_plain(cell) for cell in row]


def _plain(cell: object) -> Cell:
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if cell is None or isinstance(cell, (bool, float, int)):
        return cell
    return str(cell)


def _write(sheet: Worksheet, line: int, row: Sequence[Cell], look: Format | None) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(line, column, cell, look)
        elif isinstance(cell, bool):
            sheet.write_boolean(line, column, cell, look)
        elif cell is not None:
            sheet.write_number(line, column, cell, look)
