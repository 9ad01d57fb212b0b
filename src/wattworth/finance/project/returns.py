"""What owners and lenders read off a statement."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt_service import is_served, last_service_year
from wattworth.finance.project.operations import Array, Rows


def discount(grid: Grid, rate_frac: Any) -> NDArray[np.float64]:
    """Value at the base date of a dollar in each year, shape (year, case)."""
    rate = np.atleast_1d(np.asarray(rate_frac, dtype=np.float64))
    return (1.0 + rate) ** -grid.exponent_years[:, None]


def net_present_value_usd(case: ProjectCase, grid: Grid, cash_usd: Array) -> NDArray[np.float64]:
    """Sum of discounted cash, shape (case,). [USD]"""
    return np.sum(cash_usd * discount(grid, case.discounting.rate_frac), axis=0)


def levelised_usd_per_mwh(case: ProjectCase, grid: Grid, rows: Rows, *, real: bool) -> NDArray[np.float64]:
    r"""Levelised cost of energy, nominal or real, shape (case,).

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        A statement with after-tax equity cash.
    real
        Whether energy is discounted at the real rate.

    Returns
    -------
    array
        NaN where no energy is sold. [USD/MWh]

    Notes
    -----
    .. math:: LCOE = \frac{\sum_t (S_t - E_t)(1 + r)^{-t}}{\sum_t MWh_t (1 + k)^{-t}}

    with sales :math:`S`, after-tax equity cash :math:`E`, the nominal rate :math:`r`, and :math:`k` the
    nominal or the real one: the price per megawatt-hour that leaves owners exactly their rate.

    References
    ----------
    .. [1] W. Short et al., "A manual for the economic evaluation of energy efficiency and renewable energy
       technologies", NREL/TP-462-5173, 1995, p. 47.
    """
    cost = rows["sales_usd"] - rows["after_tax_equity_usd"]
    if not grid.convention.counts_receivables_release:
        cost = cost.copy()
        cost[-1] += rows["receivables_reserve_usd"][-2]
    rate_frac = case.discounting.real_rate_frac if real else case.discounting.rate_frac
    worth = np.sum(cost * discount(grid, case.discounting.rate_frac), axis=0)
    energy = np.sum(rows["energy_mwh"] * discount(grid, rate_frac), axis=0)
    return np.divide(
        worth, energy, out=np.full(np.broadcast_shapes(worth.shape, energy.shape), np.nan), where=energy > 0
    )


def cover_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """Cover of debt service, of the loan life and of the project life; NaN where nothing is owed.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``dscr_ratio`` by year of service, ``llcr_ratio`` and ``plcr_ratio`` by year in which debt is owed
        at its start, put at the end of the year before. [1]

    Notes
    -----
    Cash is discounted at the rate of the term debt in each year. What is due at once at maturity is no debt service.
    """
    cash, service, owed = rows["cfads_usd"], rows["debt_service_usd"], rows["debt_balance_usd"]
    shape = np.broadcast_shapes(cash.shape, service.shape)
    rate_frac, tenor_years = rows["debt_rate_frac"], last_service_year(case)
    loan = np.where(grid.year[:, None] <= tenor_years, cash, 0.0)
    out = {
        "dscr_ratio": np.divide(
            cash, service, out=np.full(shape, np.nan), where=np.broadcast_to(is_served(service), shape)
        )
    }
    for name, stream in (("llcr_ratio", loan), ("plcr_ratio", cash)):
        worth = np.zeros(shape)
        for place in range(grid.year.size - 2, grid.now - 1, -1):
            worth[place] = (worth[place + 1] + stream[place + 1]) / (1.0 + rate_frac[place + 1])
        is_owed = (owed > 0.005) & (grid.year[:, None] >= 0) & (grid.year[:, None] < max(1, tenor_years))
        out[name] = np.divide(worth, owed, out=np.full(shape, np.nan), where=np.broadcast_to(is_owed, shape))
    return out


def modified_internal_rate_frac(
    cash_usd: ArrayLike, finance_rate_frac: float, reinvestment_rate_frac: float
) -> float | None:
    r"""Rate at which outlays grow to what the inflows are worth at the end, both at given rates.

    Parameters
    ----------
    cash_usd
        Array, shape (year,), the first entry now. [USD]
    finance_rate_frac
        Rate that outlays are discounted at. [1/year]
    reinvestment_rate_frac
        Rate that inflows are reinvested at. [1/year]

    Returns
    -------
    float or None
        None without an outlay or without an inflow. [1/year]

    Notes
    -----
    .. math:: MIRR = (FV^+ / PV^-)^{1/n} - 1

    Examples
    --------
    >>> round(modified_internal_rate_frac([-120e3, 39e3, 30e3, 21e3, 37e3, 46e3], 0.10, 0.12), 6)
    0.126094
    """
    cash = np.asarray(cash_usd, dtype=np.float64)
    year = np.arange(cash.size)
    outlay = float(-np.sum(np.minimum(cash, 0.0) * (1.0 + finance_rate_frac) ** -year))
    inflow = float(np.sum(np.maximum(cash, 0.0) * (1.0 + reinvestment_rate_frac) ** (cash.size - 1 - year)))
    if outlay <= 0.0 or inflow <= 0.0:
        return None
    return (inflow / outlay) ** (1.0 / (cash.size - 1)) - 1.0


def payback_years(year: NDArray[np.int64], cash_usd: Array) -> float | None:
    """Years of operation until the running total of cash stays at or above nothing.

    Parameters
    ----------
    year
        Array, shape (year,).
    cash_usd
        Array, shape (year,). [USD]

    Returns
    -------
    float or None
        Counted from the end of year 0, cash spread evenly in its year; None if it never does. [year]
    """
    total = np.cumsum(cash_usd)
    below = np.flatnonzero(total < 0.0)
    if not below.size:
        return 0.0
    last = int(below[-1])
    if last + 1 == total.size:
        return None
    return float(year[last] - total[last] / cash_usd[last + 1])


def equity_multiple(cash_usd: Array) -> float | None:
    """Cash received over cash paid in; None where none is."""
    paid = float(-np.sum(np.minimum(cash_usd, 0.0)))
    return None if paid == 0.0 else float(np.sum(np.maximum(cash_usd, 0.0))) / paid
