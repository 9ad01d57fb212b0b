"""Monthly cash of many cases before any financing: what a loan, a tax bill and owners are laid over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.records import CashLines, Line
from wattworth.units import MONTHS_PER_YEAR


class MonthlyLine(IntEnum):
    """A line of operation; its value is its place on the first axis of :class:`MonthlyLines`."""

    REVENUE = 0
    POWER = 1
    OPEX = 2
    PROCEEDS = 3
    AFTER_TAX = 4


@dataclass(frozen=True, slots=True)
class MonthlyLines:
    """Cash of each month and case; month 0 is now, and a month's cash moves at its end.

    Attributes
    ----------
    usd
        Array, shape (line, month, case), inflow positive, nominal; :class:`MonthlyLine` names the lines. Revenue,
        power, opex and proceeds are taxed in their year, the last line is not taxed again. [USD]
    capital_usd
        Array, shape (class, month, case): spending, positive, by class of write-off; its months may end early. [USD]
    held_usd
        Array, shape (month, case): cash that must lie in reserves besides the debt service reserve at the end of each
        month from completion on; the last month releases it, and there are no months where there is none. [USD]
    completed_month
        Array, shape (case,): construction and its draws end, the term of the loan starts. [month]
    in_service_month
        Array, shape (case,): capital spent until then starts to be written off. [month]
    retired_month
        Array, shape (case,): plant leaves the books. [month]
    """

    usd: NDArray[np.float64]
    capital_usd: NDArray[np.float64]
    held_usd: NDArray[np.float64]
    completed_month: NDArray[np.int64]
    in_service_month: NDArray[np.int64]
    retired_month: NDArray[np.int64]

    def __post_init__(self) -> None:
        shapes = {"usd": self.usd.shape, "capital_usd": self.capital_usd.shape, "held_usd": self.held_usd.shape}
        n_month, n_case = self.usd.shape[1:] if self.usd.ndim == 3 else (0, 0)
        dates = (self.completed_month, self.in_service_month, self.retired_month)
        held = (self.capital_usd.shape[1], self.held_usd.shape[0]) if self.capital_usd.ndim == 3 else (n_month + 1, 0)
        fits = self.usd.shape[0] == len(MonthlyLine) and n_month > 0 and max(held) <= n_month
        alike = {array.shape[-1] for array in (self.usd, self.capital_usd, self.held_usd, *dates)} == {n_case}
        if not fits or not alike:
            raise DataError(
                f"monthly lines need usd ({len(MonthlyLine)}, month, case), capital_usd (class, month, case), held_usd "
                f"(month, case) and one date for each case; got {shapes} and dates of {[date.shape for date in dates]}"
            )
        if (self.completed_month < 0).any():
            raise DataError("completed_month is below 0; what was built before month 0 is completed in month 0")
        if (np.maximum(0, self.in_service_month) < self.completed_month).any():
            raise DataError("in_service_month is before completed_month: nothing is written off while it is built")

    @property
    def n_case(self) -> int:
        """Number of cases."""
        return self.usd.shape[2]

    @property
    def n_year(self) -> int:
        """Tax years that the months reach into; month 0 belongs to the first."""
        return max(1, -(-(self.usd.shape[1] - 1) // MONTHS_PER_YEAR))

    @property
    def last_month(self) -> int:
        """End of the last tax year: the last month of a statement."""
        return self.n_year * MONTHS_PER_YEAR

    def take(self, places: NDArray[np.int64] | slice) -> MonthlyLines:
        """The cases at some places; without a copy for a slice."""
        return MonthlyLines(
            self.usd[:, :, places],
            self.capital_usd[:, :, places],
            self.held_usd[:, places],
            self.completed_month[places],
            self.in_service_month[places],
            self.retired_month[places],
        )


def from_cash_lines(lines: CashLines) -> MonthlyLines:
    """The monthly lines of one case of the main job; its draws become the case axis.

    Parameters
    ----------
    lines
        Cash before tax, shape (line, month, draw).

    Returns
    -------
    MonthlyLines
        Three classes of capital: 5-, 15- and 39-year, as
        :func:`~wattworth.finance.project.monthly_terms.us_classes` has them.
    """
    spent = -lines.usd[[Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y]]
    months = np.flatnonzero(spent.any(axis=(0, 2)))
    return MonthlyLines(
        np.ascontiguousarray(lines.usd[[Line.REVENUE, Line.POWER, Line.OPEX, Line.PROCEEDS, Line.AFTER_TAX]]),
        np.ascontiguousarray(spent[:, : int(months[-1]) + 1 if months.size else 0]),
        np.zeros((0, lines.usd.shape[2])),
        np.maximum(0, lines.in_service_month),
        lines.in_service_month,
        lines.residual_month,
    )


def padded(values_usd: NDArray[np.float64], n_node: int) -> NDArray[np.float64]:
    """A monthly array with zeros after its last month, months on the axis before the last."""
    missing = n_node - values_usd.shape[-2]
    return np.pad(values_usd, ((0, 0),) * (values_usd.ndim - 2) + ((0, missing), (0, 0)))


def year_of(month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tax year of a month's end, from 0; month 0 is in the first."""
    return np.maximum(0, (month - 1) // MONTHS_PER_YEAR)


def by_year(monthly_usd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over tax years of months 0 to a whole number of years, shape (year, case)."""
    n_year = (monthly_usd.shape[0] - 1) // MONTHS_PER_YEAR
    yearly = monthly_usd[1:].reshape(n_year, MONTHS_PER_YEAR, -1).sum(axis=1)
    yearly[0] += monthly_usd[0]
    return yearly
