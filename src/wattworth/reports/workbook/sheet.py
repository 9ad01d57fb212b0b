"""One sheet: headings, named inputs, rows by month and results, put down in order and written at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from xlsxwriter.worksheet import Worksheet

from wattworth.errors import SolveError
from wattworth.reports.workbook.cells import FIRST_COLUMN, Cell, Kind, Node, Pen, Place, Row, as_node, column_name
from wattworth.reports.workbook.functions import total
from wattworth.reports.workbook.styles import Styles
from wattworth.reports.workbook.wording import Said, say, word
from wattworth.units import MONTHS_PER_YEAR

Look = Literal["input", "formula", "result", "given", "switched"]
HEADER_LINES: Final = 4
_LABEL, _UNIT, _VALUE, _LOW, _HIGH = range(5)


class Source(NamedTuple):
    """Where an input comes from.

    Attributes
    ----------
    said
        In words.
    low, high
        Its range, or None.
    """

    said: Said | None = None
    low: float | None = None
    high: float | None = None


_NOWHERE: Final = Source()
_PERIODS: Final = {
    "month": (say("Month"), say("Money moves at the end of the month")),
    "year": (say("Year"), say("Money moves at the end of the year")),
}
_HEADS: Final = {_UNIT: say("Unit"), _VALUE: say("Value or sum"), _LOW: say("Low"), _HIGH: say("High")}


@dataclass(slots=True)
class _Line:
    """What stands on one line of a sheet."""

    label: Said | None = None
    unit: str = ""
    look: Look | Literal["heading", "note", "check"] = "note"
    cell: Cell | None = None
    row: Row | None = None
    sum_of_row: Cell | None = None
    source: Source = _NOWHERE


@dataclass(slots=True)
class Sheet:
    """A sheet that is being put together.

    Attributes
    ----------
    title
        Name of the sheet in English, at most 31 characters, by which formulas know it.
    called
        Its name, before it is shortened to what a spreadsheet allows.
    heading
        What stands in its first cell.
    labels
        Name of every period: the as-of month and whole tax years after it, or years.
    first_period
        Number of the first.
    period
        What a period is.
    lines
        What stands on each line, the header apart.
    """

    title: str
    called: Said
    heading: Said
    labels: tuple[Said, ...]
    first_period: int = 0
    period: Literal["month", "year"] = "month"
    lines: list[_Line] = field(default_factory=list)
    checks: list[tuple[Said, Cell]] = field(default_factory=list)
    month: Row = field(init=False)

    def __post_init__(self) -> None:
        self.month = Row("period", self.first_period + np.arange(self.n_month, dtype=np.float64), self.title, 1)

    @property
    def n_month(self) -> int:
        """Columns of periods."""
        return len(self.labels)

    @property
    def n_year(self) -> int:
        """Tax years that months reach."""
        return (self.n_month - 1) // MONTHS_PER_YEAR

    def _next(self, line: _Line) -> int:
        self.lines.append(line)
        return HEADER_LINES + len(self.lines) - 1

    def head(self, text: Said) -> None:
        """A heading, a free line before it."""
        if self.lines:
            self._next(_Line())
        self._next(_Line(text, look="heading"))

    def note(self, text: Said) -> None:
        """A sentence."""
        self._next(_Line(text))

    def reserve(self, count: int) -> list[int]:
        """Free lines, for results that are known later."""
        return [self._next(_Line()) for _ in range(count)]

    def input(self, name: str, label: Said, number: float, unit: str, source: Source = _NOWHERE) -> Cell:
        """A named number that a reader may change."""
        cell = Cell(name, float(number), self.title)
        cell.line = self._next(_Line(label, unit, "input", cell, source=source))
        return cell

    def result(self, name: str, label: Said, unit: str, formula: Any, line: int | None = None) -> Cell:
        """A named number that a formula gives."""
        node = as_node(formula)
        with np.errstate(all="ignore"):
            cell = Cell(name, _plain(node.value(Place(None))), self.title, formula=node)
        entry = _Line(label, unit, "result", cell)
        if line is None:
            cell.line = self._next(entry)
        else:
            self.lines[line - HEADER_LINES], cell.line = entry, line
        return cell

    def check(self, label: Said, formula: Node) -> Cell:
        """A cell that must be true."""
        cell = self.result("", label, "", formula)
        self.lines[-1].look = "check"
        self.checks.append((label, cell))
        return cell

    def row(
        self,
        label: Said,
        unit: str,
        formula: Node | Callable[[Row], Node] | float,
        *,
        kind: Kind = "period",
        summed: bool = False,
    ) -> Row:
        """A row that a formula gives; a callable is given the row itself, to read what stands before."""
        size = self.n_month if kind == "period" else self.n_year
        row = Row(kind, np.zeros(size), self.title)
        row.line = self._next(_Line(label, unit, "formula", row=row))
        with np.errstate(all="ignore"):
            if callable(formula):
                row.formula = formula(row)
                for column in range(size):
                    row.values[column] = row.formula.value(Place(kind, column))
            else:
                row.formula = as_node(formula)
                row.values[:] = row.formula.value(Place(kind))
        self._sum(row, summed)
        return row

    def given(self, label: Said, unit: str, numbers: ArrayLike, *, summed: bool = False) -> Row:
        """A row of values by month; nought after the last that is given."""
        values, row = np.asarray(numbers, dtype=np.float64)[: self.n_month], Row("period", np.zeros(self.n_month))
        row.values[: values.size] = values
        row.sheet, row.line = self.title, self._next(_Line(label, unit, "given", row=row))
        self._sum(row, summed)
        return row

    def _sum(self, row: Row, summed: bool) -> None:
        if summed:
            cell = Cell("", _plain(total(row).value(Place(None))), self.title, row.line, total(row))
            self.lines[row.line - HEADER_LINES].sum_of_row = cell

    def named(self) -> Iterable[tuple[str, str]]:
        """Names of its cells and where they stand."""
        for line in self.lines:
            if line.cell is not None and line.cell.name:
                yield line.cell.name, f"$C${line.cell.line + 1}"

    def write(self, sheet: Worksheet, styles: Styles) -> None:
        """Write everything, line by line.

        Raises
        ------
        SolveError
            If a number is none, such as a division by nought; a spreadsheet would show an error there.
        """
        for line in self.lines:
            held = [cell.number for cell in (line.cell, line.sum_of_row) if cell is not None]
            held += [] if line.row is None else [line.row.values]
            if not all(np.isfinite(numbers).all() for numbers in held):
                raise SolveError(f'{self.title}, "{line.label}": its formula gives no number with these inputs')
        self._set_up(sheet, styles)
        self._header(sheet, styles)
        for number, line in enumerate(self.lines, start=HEADER_LINES):
            _write_line(sheet, number, line, styles)

    def _set_up(self, sheet: Worksheet, styles: Styles) -> None:
        beside = [line for line in self.lines if line.label is not None and line.unit]
        labels = [styles.tongue.plain(line.label) for line in beside if line.label is not None]
        units = [styles.tongue(word("unit", line.unit)) for line in beside]
        sheet.set_column(_LABEL, _LABEL, _width(labels, 50, 66))
        sheet.set_column(_UNIT, _UNIT, _width(units, 14, 24))
        sheet.set_column(_VALUE, _VALUE, 17)
        sheet.set_column(_LOW, _HIGH, 11)
        sheet.set_column(FIRST_COLUMN, FIRST_COLUMN + self.n_month - 1, 13)
        sheet.freeze_panes(HEADER_LINES, _VALUE + 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(max(1, self.n_month // 24), 0)
        sheet.repeat_rows(0, HEADER_LINES - 1)
        sheet.repeat_columns(_LABEL, _VALUE)
        styles.set_direction(sheet)
        sheet.set_tab_color(styles.tab)

    def _header(self, sheet: Worksheet, styles: Styles) -> None:
        period, when = _PERIODS[self.period]
        styles.write(sheet, 0, _LABEL, self.heading, "title")
        styles.write(sheet, 1, _LABEL, period, "head")
        for column, said in _HEADS.items():
            styles.write(sheet, 1, column, said, "head")
        for month in range(self.n_month):
            sheet.write_number(1, FIRST_COLUMN + month, self.first_period + month, styles.of("head", ""))
        styles.write(sheet, 2, _LABEL, when, "note")
        for month in range(self.n_month):
            styles.write(sheet, 2, FIRST_COLUMN + month, self.labels[month], "head")


def _width(found: Iterable[str], least: int, most: int) -> int:
    """Letters of a column that holds texts beside a filled cell, where they are cut off."""
    return min(most, max([least, *map(len, found)]))


def _write_line(sheet: Worksheet, number: int, line: _Line, styles: Styles) -> None:
    if line.label is None:
        return
    if line.look == "heading":
        styles.write(sheet, number, _LABEL, line.label, "heading")
        for column in (_UNIT, _VALUE, _LOW, _HIGH):
            styles.blank(sheet, number, column, "heading")
        return
    styles.write(sheet, number, _LABEL, line.label, "note" if line.look == "note" else "label")
    if line.unit:
        styles.write(sheet, number, _UNIT, word("unit", line.unit), "unit")
    if line.cell is not None:
        _write_cell(sheet, number, line.cell, styles, styles.of(line.look, line.unit))
    if line.sum_of_row is not None:
        _write_cell(sheet, number, line.sum_of_row, styles, styles.of("result", line.unit))
    for column, end in ((_LOW, line.source.low), (_HIGH, line.source.high)):
        if end is not None:
            sheet.write_number(number, column, end, styles.of("note", line.unit))
    if line.source.said is not None:
        styles.write(sheet, number, FIRST_COLUMN, line.source.said, "note")
    if line.row is not None:
        _write_row(sheet, number, line.row, styles, styles.of(line.look, line.unit))


def _write_cell(sheet: Worksheet, number: int, cell: Cell, styles: Styles, look: Any) -> None:
    if cell.formula is None:
        sheet.write_number(number, _VALUE, cell.number, look)
    else:
        text = cell.formula.text(Pen(cell.sheet, None, 0, titles=styles.tongue.titles))
        sheet.write_formula(number, _VALUE, f"={text}", look, cell.number)


def _write_row(sheet: Worksheet, number: int, row: Row, styles: Styles, look: Any) -> None:
    step = MONTHS_PER_YEAR if row.kind == "year" else 1
    places = [FIRST_COLUMN + (k + 1) * step if row.kind == "year" else FIRST_COLUMN + k for k in range(row.values.size)]
    if row.formula is None:
        for column, value in zip(places, row.values.tolist(), strict=True):
            sheet.write_number(number, column, value, look)
        return
    for column, text, value in zip(places, texts(row, styles.tongue.titles), row.values.tolist(), strict=True):
        sheet.write_formula(number, column, text, look, value)


def texts(row: Row, titles: Mapping[str, str]) -> Iterable[str]:
    """The formula of each period: written out for the first, then one pattern filled in."""
    assert row.formula is not None
    lags: list[int] = []
    reach = row.values.size
    pattern = row.formula.text(Pen(row.sheet, row.kind, reach, lags, titles))
    early = row.values.size if row.kind == "year" else max([0, *lags])
    for column in range(row.values.size):
        if column < early:
            yield "=" + row.formula.text(Pen(row.sheet, row.kind, column, titles=titles))
        else:
            yield "=" + pattern.format(*(column_name(row.kind, column, lag) for lag in lags))


def _plain(value: Any) -> Any:
    """A number, or whether something holds, as a spreadsheet keeps it."""
    return bool(value) if isinstance(value, bool | np.bool_) else float(value)
