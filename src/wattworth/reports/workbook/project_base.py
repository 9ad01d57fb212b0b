"""A project's sheet while it is written: its case, its years, its inputs by the paths of their fields, and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from wattworth.errors import DataError
from wattworth.finance.project import ProjectCase
from wattworth.reports.workbook.cells import Cell, Node, Number, Row
from wattworth.reports.workbook.functions import both, if_
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.wording import Said, say

PAYERS: Final = {"federal": say("Federal"), "state": say("State")}
"""What the two income taxes are called."""


@dataclass(slots=True)
class Draft:
    """What is written so far.

    Attributes
    ----------
    case
        The project.
    sheet
        Where it is written; its periods are years, one more than the project has where the last prices a sale.
    rows
        Rows by their names in a statement.
    first_usd_per_mwh
        Price of energy in year 1, given or found for a target. [USD/MWh]
    """

    case: ProjectCase
    sheet: Sheet
    first_usd_per_mwh: float
    rows: dict[str, Row] = field(default_factory=dict)
    _inputs: dict[str, Cell] = field(default_factory=dict)

    @property
    def year(self) -> Row:
        """Number of the year; operation begins with 1."""
        return self.sheet.month

    @property
    def last(self) -> int:
        """Last year of operation."""
        return self.case.analysis_years

    @property
    def operates(self) -> Node:
        """Whether a year is one of operation."""
        return both(self.year > 0, self.year <= self.last)

    def given(self, path: str, label: Said, unit: str = "") -> Cell:
        """A number of the case as an input, named by the path of its field."""
        if path not in self._inputs:
            holder: Any = self.case
            for name in path.split("."):
                holder = holder[int(name)] if name.isdigit() else getattr(holder, name)
            self._inputs[path] = self.sheet.input(
                path.replace(".", "_"), label, 0.0 if holder is None else holder, unit
            )
        return self._inputs[path]

    def row(self, name: str, label: Said, formula: Any, unit: str = "USD", *, summed: bool = True) -> Row:
        """A row of the statement."""
        self.rows[name] = self.sheet.row(label, unit, formula, summed=summed)
        return self.rows[name]

    def in_operation(self, formula: Any) -> Node:
        """A formula in the years of operation, nought in others."""
        return if_(self.operates, formula, 0)

    def series(self, label: Said, unit: str, values: tuple[float, ...]) -> Row:
        """Declared values of the years of operation, the last repeated in the year after."""
        before, columns = 1 - self.sheet.first_period, self.sheet.n_month
        numbers = [*([0.0] * before), *values]
        return self.sheet.given(label, unit, [*numbers, *([values[-1]] * (columns - len(numbers)))])

    def growth(self, rate: Node) -> Node:
        """One in year 1, or one year's growth by the convention, and growing."""
        head_start = float(self.case.timing.escalates_year_1)
        return if_(self.year > 0, (1 + rate) ** (self.year - 1 + head_start), 0)


def refuse_what_has_no_formulas(case: ProjectCase) -> None:
    """Name every part of a case that the workbook cannot carry as formulas.

    Raises
    ------
    DataError
        With all of them.
    """
    debt, loans = case.debt, case.capital.construction_loans
    held = {
        "existing_debt": case.existing_debt is not None,
        "incentives": any(getattr(case.incentives, name) for name in type(case.incentives).model_fields),
        "reserves.equipment": bool(case.reserves.equipment),
        "capital.construction_loans with s_curve_periods": any(loan.s_curve_periods is not None for loan in loans),
    }
    if debt is not None:
        held |= {
            "debt.phases": bool(debt.phases),
            "debt.floating": debt.floating is not None,
            "debt.refinancing": debt.refinancing is not None,
            "debt.sweep": debt.sweep is not None,
            "debt.lock_up_dscr_ratio": debt.lock_up_dscr_ratio is not None,
        }
    named = [name for name, is_there in held.items() if is_there]
    if named:
        raise DataError(
            f"{case.name}: a workbook has no formulas for {', '.join(named)}; "
            "leave them out, or read the statement that `wattworth finance CASE --out DIR` writes"
        )


def nothing() -> Node:
    """Nought, as a formula."""
    return Number(0.0)
