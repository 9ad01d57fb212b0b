"""Cash before tax of one part in one use, line by line, as rows of a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from wattworth.records import Line
from wattworth.reports.workbook.cells import Cell, Node, Row
from wattworth.reports.workbook.functions import sum_of
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.wording import say

LABELS = {
    Line.REVENUE: say("Revenue"),
    Line.POWER: say("Power"),
    Line.OPEX: say("Operating cost"),
    Line.CAPEX_5Y: say("Capital, 5-year class"),
    Line.CAPEX_15Y: say("Capital, 15-year class"),
    Line.CAPEX_39Y: say("Capital, building"),
    Line.PROCEEDS: say("Proceeds"),
    Line.AFTER_TAX: say("After-tax items"),
}


@dataclass(slots=True)
class Flows:
    """Parts of the eight cash lines, gathered while a block is written.

    Attributes
    ----------
    parts
        Line to the rows that add up to it, inflow positive.
    """

    parts: dict[Line, list[Node]] = field(default_factory=lambda: {line: [] for line in Line})

    def add(self, line: Line, part: Node) -> None:
        """Add a row to a line."""
        self.parts[line].append(part)


@dataclass(frozen=True, slots=True)
class LineRows:
    """The eight lines of a case.

    Attributes
    ----------
    rows
        Line to its row. [USD]
    in_service, retired
        Month in which capital is placed in service, and in which what is left of it is written off. [month]
    """

    rows: dict[Line, Row]
    in_service: Cell
    retired: Cell


def written(sheet: Sheet, flows: Flows, in_service: Cell, retired: Cell) -> LineRows:
    """Write the eight lines as sums of their parts."""
    sheet.head(say("Cash before tax, inflow positive"))
    rows = {line: sheet.row(label, "USD", sum_of(flows.parts[line]), summed=True) for line, label in LABELS.items()}
    return LineRows(rows, in_service, retired)
