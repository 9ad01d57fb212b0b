"""What a lease gives on a calendar of months, and what it meets that its paper does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.finance.project import YearlyLine
from wattworth.finance.project.remarks import Remark

Array = NDArray[np.float64]
State = Literal["on_time", "late", "terminated", "undelivered"]

CASH_LINES: Final[dict[str, str]] = {
    "base_rent_usd": "Base rent of the first term, before what is free or credited",
    "free_rent_usd": "Rent-free months",
    "late_credit_usd": "Rent credited for late delivery",
    "service_credit_usd": "Service credits",
    "renewal_rent_usd": "Rent of renewals, times their chance",
    "opex_recovery_usd": "Running cost repaid by the tenant",
    "power_recovery_usd": "Power repaid by the tenant",
    "opex_usd": "Running cost",
    "power_cost_usd": "Power",
    "late_damages_usd": "Damages for late delivery, in cash",
    "allowance_usd": "Allowances paid to the tenant",
    "termination_usd": "Paid at an early end",
    "purchase_usd": "Price of the premises",
}
"""Lines of cash, inflow positive; their sum is ``net_usd``."""


@dataclass(frozen=True, slots=True)
class LeaseWorld:
    """What a lease meets that its paper does not say.

    Attributes
    ----------
    horizon_months
        Months looked at; None ends with the last option of the lease.
    cpi_frac_by_year
        Growth of consumer prices up to each anniversary, the last repeated. [1/year]
    power_usd_per_mwh
        Price of power at the meter; 0 leaves power out. [USD/MWh]
    availability_frac
        Availability of every month, for service credits. [1]
    market_rent_usd_per_kw_month
        Market rent at the as-of month, for renewals. [USD/kW-month]
    market_growth_frac
        Its yearly growth. [1/year]
    power_fails_month
        Month from which power is lost for good; the tenant leaves after the months of its right.
    tenant_leaves_month
        Month in which the tenant uses a right to leave at will.
    purchased
        Whether the option to buy is used.
    walks_away
        Whether a tenant leaves at the outside date if it may.
    """

    horizon_months: int | None = None
    cpi_frac_by_year: tuple[float, ...] = (0.025,)
    power_usd_per_mwh: float = 0.0
    availability_frac: float = 1.0
    market_rent_usd_per_kw_month: float | None = None
    market_growth_frac: float = 0.0
    power_fails_month: int | None = None
    tenant_leaves_month: int | None = None
    purchased: bool = False
    walks_away: bool = True

    def __post_init__(self) -> None:
        if not self.cpi_frac_by_year:
            raise DataError("cpi_frac_by_year is empty; give at least one yearly growth, such as (0.025,)")
        if not 0.0 <= self.availability_frac <= 1.0:
            raise DataError(
                f"availability_frac is {self.availability_frac:g}; need a share from 0 to 1, such as 0.9998"
            )
        if self.horizon_months is not None and self.horizon_months < 1:
            raise DataError(f"horizon_months is {self.horizon_months}; need at least 1, or None for all of the lease")
        if self.power_usd_per_mwh < 0.0:
            raise DataError(f"power_usd_per_mwh is {self.power_usd_per_mwh:g}; need a mean price of at least 0")


@dataclass(frozen=True, slots=True)
class LeaseLines:
    """One delivery, line by line.

    Attributes
    ----------
    name
        Of the lease.
    state
        On time, late, terminated at the outside date, or never delivered.
    commencement_month, expiry_month
        Delivery, and the last month of the first term that is paid for; None without delivery.
    end_reason
        Why the first term ended: ``term``, or the kind of right used, or ``purchase``.
    fallback_month
        Month from which the megawatts need another use; None if the first term runs its course.
    month
        Array, shape (month,): 1 is the first after the as-of month.
    lines
        By name, arrays of shape (month,), inflow positive; :data:`CASH_LINES` says what each is. [USD]
    balances
        ``backstop_usd``, ``letter_of_credit_usd``, ``rent_left_usd`` and ``straight_line_usd``, by month.
    remarks
        What a reader must know.
    """

    name: str
    state: State
    commencement_month: int | None
    expiry_month: int | None
    end_reason: str
    fallback_month: int | None
    month: NDArray[np.int64]
    lines: Mapping[str, Array]
    balances: Mapping[str, Array]
    remarks: tuple[Remark, ...]

    @property
    def net_usd(self) -> Array:
        """Sum of all lines, by month. [USD]"""
        return np.sum(list(self.lines.values()), axis=0)

    @property
    def fallback_needed(self) -> bool:
        """Whether the first term fails to run its course."""
        return self.fallback_month is not None

    def yearly(self, first_month: int = 1) -> dict[str, Array]:
        """Lines summed over years of twelve months.

        Parameters
        ----------
        first_month
            First month of the first year; the month after commencement gives years of the lease.

        Returns
        -------
        dict of arrays, shape (year,)
            The last year may hold fewer months. [USD]
        """
        if not 1 <= first_month <= self.month.size:
            raise DataError(f"first_month is {first_month}; need a month from 1 to {self.month.size}")
        starts = np.arange(first_month - 1, self.month.size, 12)
        return {name: np.add.reduceat(row, starts) for name, row in self.lines.items()}

    def yearly_lines(self, analysis_years: int, first_month: int | None = None) -> dict[str, tuple[YearlyLine, ...]]:
        """The lines as revenue and cost of a project case.

        Parameters
        ----------
        analysis_years
            Years of operation of the case.
        first_month
            First month of its year 1; the month after commencement where left out. Earlier months, such as
            damages paid before delivery, are left out of the case: they are in ``lines``.

        Returns
        -------
        dict
            ``revenue`` for ``revenue.other`` and ``cost`` for ``operating.other``, the cost positive.
        """
        yearly = self.yearly(first_month or (self.commencement_month or 0) + 1)
        out: dict[str, list[YearlyLine]] = {"revenue": [], "cost": []}
        for name, row in yearly.items():
            usd = np.zeros(analysis_years)
            usd[: min(analysis_years, row.size)] = row[:analysis_years]
            if not usd.any():
                continue
            costs = name in ("opex_usd", "power_cost_usd", "late_damages_usd", "allowance_usd")
            values = tuple(float(number) for number in (-usd if costs else usd))
            out["cost" if costs else "revenue"].append(YearlyLine(name=CASH_LINES[name], usd_by_year=values))
        return {side: tuple(lines) for side, lines in out.items()}

    def to_plain(self) -> dict[str, Any]:
        """The lines as plain numbers, lists and text, ready for JSON."""
        return {
            "name": self.name,
            "state": self.state,
            "commencement_month": self.commencement_month,
            "expiry_month": self.expiry_month,
            "end_reason": self.end_reason,
            "fallback_month": self.fallback_month,
            "month": self.month.tolist(),
            "lines": {name: row.tolist() for name, row in self.lines.items()},
            "net_usd": self.net_usd.tolist(),
            "balances": {name: row.tolist() for name, row in self.balances.items()},
            "remarks": [remark.to_plain() for remark in self.remarks],
        }
