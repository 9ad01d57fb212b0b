"""Plain tables of a workbook: words as words, numbers as numbers, and formulas that read the other sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from wattworth.reports.workbook.cells import Cell, quoted
from wattworth.reports.workbook.styles import Styles


class Column(NamedTuple):
    """A column of a table: its heading, the unit of its numbers, and its width in letters."""

    heading: str
    unit: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that is one table.

    Attributes
    ----------
    title
        Name of the sheet.
    notes
        Sentences above the table, the first as a title.
    columns
        Its columns.
    rows
        Its rows: text, numbers, None, or a cell of another sheet, which becomes a formula.
    """

    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    def write(self, sheet: Worksheet, styles: Styles) -> None:
        """Write it, the headings in view and repeated on each page."""
        for number, column in enumerate(self.columns):
            sheet.set_column(number, number, column.width)
        for number, note in enumerate(self.notes):
            sheet.write_string(number, 0, note, styles.note if number else styles.title)
        first = len(self.notes) + 1
        sheet.freeze_panes(first + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)
        sheet.set_header("&L&A&RPage &P of &N")
        for number, column in enumerate(self.columns):
            unit = f" [{column.unit}]" if column.unit and column.unit != "1" else ""
            sheet.write_string(first, number, f"{column.heading}{unit}", styles.head)
        for line, row in enumerate(self.rows, start=first + 1):
            _write_row(sheet, line, zip(row, self.columns, strict=True), styles)


def _write_row(sheet: Worksheet, line: int, row: Iterable[tuple[Any, Column]], styles: Styles) -> None:
    for number, (value, column) in enumerate(row):
        match value:
            case None:
                continue
            case Cell():
                formula = f"={quoted(value.sheet)}!$C${value.line + 1}"
                sheet.write_formula(line, number, formula, styles.of("result", column.unit), value.number)
            case bool():
                sheet.write_string(line, number, "yes" if value else "no")
            case int() | float():
                sheet.write_number(line, number, value, styles.of("formula", column.unit))
            case _:
                sheet.write_string(line, number, str(value)[:32_000])
