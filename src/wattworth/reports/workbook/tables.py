"""Plain tables of a workbook: words as words, numbers as numbers, and formulas that read the other sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from xlsxwriter.worksheet import Worksheet

from wattworth.reports.workbook.cells import Cell, quoted
from wattworth.reports.workbook.styles import Styles
from wattworth.reports.workbook.wording import Said, as_is, say, word

_WIDEST: Final = 28


class Column(NamedTuple):
    """A column of a table: its heading, the unit of its numbers, and its width in letters."""

    heading: Said
    unit: str = ""
    width: int = 14

    @property
    def said(self) -> Said:
        """Heading and unit."""
        if self.unit in ("", "1", "x"):
            return self.heading
        return say("{heading} [{unit}]", heading=self.heading, unit=word("unit", self.unit))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that is one table.

    Attributes
    ----------
    title
        Name of the sheet in English, by which formulas know it.
    called
        Its name.
    notes
        Sentences above the table, the first as a title.
    columns
        Its columns.
    rows
        Its rows: words, names as they are, numbers, None, or a cell of another sheet, which becomes a formula.
    """

    title: str
    called: Said
    notes: tuple[Said, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    def write(self, sheet: Worksheet, styles: Styles) -> None:
        """Write it, the headings in view and repeated on each page."""
        widths = [max([column.width, *self._lengths(number, styles)]) for number, column in enumerate(self.columns)]
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        for number, note in enumerate(self.notes):
            styles.write(sheet, number, 0, note, "note" if number else "title")
        first = len(self.notes) + 1
        sheet.freeze_panes(first + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)
        styles.set_direction(sheet)
        heads = [styles.tongue.plain(column.said) for column in self.columns]
        n_line = max(-(-len(text) * 5 // (4 * width)) for text, width in zip(heads, widths, strict=True))
        sheet.set_row(first, 15 * n_line)
        for number, column in enumerate(self.columns):
            styles.write(sheet, first, number, column.said, "columns")
        for line, row in enumerate(self.rows, start=first + 1):
            _write_row(sheet, line, zip(row, self.columns, strict=True), styles)

    def _lengths(self, column: int, styles: Styles) -> list[int]:
        """Letters of the words of a column, few of them at most."""
        return [min(len(styles.tongue(row[column])), _WIDEST) for row in self.rows if isinstance(row[column], Said)]


def _write_row(sheet: Worksheet, line: int, row: Iterable[tuple[Any, Column]], styles: Styles) -> None:
    for number, (value, column) in enumerate(row):
        match value:
            case None:
                continue
            case Cell():
                formula = f"={quoted(styles.tongue.titles.get(value.sheet, value.sheet))}!$C${value.line + 1}"
                look = "check" if isinstance(value.number, bool) else "result"
                sheet.write_formula(line, number, formula, styles.of(look, column.unit), value.number)
            case Said():
                styles.write(sheet, line, number, value)
            case int() | float():
                sheet.write_number(line, number, value, styles.of("formula", column.unit))
            case _:
                styles.write(sheet, line, number, as_is(str(value)))
