"""Cash held back: for debt service, working capital, receivables and major equipment."""

from __future__ import annotations

from typing import Any

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.operations import Array, Rows, at_operation, blank
from wattworth.finance.project.write_off import schedule_frac
from wattworth.units import MONTHS_PER_YEAR, W_PER_MW


def held_before(grid: Grid, months: Any, yearly_usd: Array, last_year: int | None = None) -> Array:
    """Reserve at the end of each year: months of the next year's amount, nothing from ``last_year``.

    Parameters
    ----------
    grid
        The years.
    months
        Months of the next year's amount. [month]
    yearly_usd
        Array, shape (year, case): the amounts. [USD]
    last_year
        Year of operation of the last amount; that of the grid where left out.

    Returns
    -------
    array, shape (year, case)
        [USD]
    """
    n = grid.n_operating if last_year is None else min(last_year, grid.n_operating)
    share = np.asarray(months, dtype=np.float64) / MONTHS_PER_YEAR
    out = np.zeros(np.broadcast_shapes(yearly_usd.shape, (1, share.size)))
    out[grid.now : grid.now + n] = share * yearly_usd[grid.now + 1 : grid.now + 1 + n]
    return out


def change(balance_usd: Array) -> Array:
    """Yearly additions to a balance that starts from nothing. [USD]"""
    return np.diff(balance_usd, axis=0, prepend=np.zeros((1, balance_usd.shape[1])))


def equipment_rows(case: ProjectCase, grid: Grid) -> Rows:
    """Money put aside for major equipment, spent on it, held, and written off.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``equipment_funding_usd``, ``equipment_spending_usd``, ``equipment_reserve_usd`` and the deductions
        ``equipment_federal_depreciation_usd`` and ``equipment_state_depreciation_usd``. [USD]

    Notes
    -----
    A replacement in year ``k`` costs the money of year 1 inflated ``k - 1`` times; the years before it
    fund it in equal parts. A cycle that would end after the project is not funded.
    """
    names = ("funding", "spending", "federal_depreciation", "state_depreciation")
    n = grid.n_operating
    rows = {name: np.zeros((n, 1)) for name in names}
    inflation_frac = np.asarray(case.discounting.inflation_frac, dtype=np.float64)
    for item in case.reserves.equipment:
        cost_usd = np.asarray(item.usd_per_w * case.nameplate_mw * W_PER_MW, dtype=np.float64)
        for year in range(item.every_years, n + 1, item.every_years):
            usd = np.atleast_1d(cost_usd * (1.0 + inflation_frac) ** (year - 1))
            put_aside, spent = np.zeros((n, usd.size)), np.zeros((n, usd.size))
            put_aside[year - item.every_years : year] = usd / item.every_years
            spent[year - 1] = usd
            rows["funding"] = rows["funding"] + put_aside
            rows["spending"] = rows["spending"] + spent
            for payer in ("federal", "state"):
                schedule = getattr(case.reserves, f"equipment_{payer}_schedule")
                written = np.zeros((n, usd.size))
                written[year - 1 :] = usd * schedule_frac(schedule, None, n - year + 1)
                rows[f"{payer}_depreciation"] = rows[f"{payer}_depreciation"] + written
    rows["reserve"] = np.cumsum(rows["funding"] - rows["spending"], axis=0)
    return {f"equipment_{name}_usd": at_operation(grid, row) for name, row in rows.items()}


def reserve_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """Reserves that do not depend on the debt.

    Returns
    -------
    dict of arrays, shape (year, case)
        Those of :func:`equipment_rows`, and the balances ``working_capital_reserve_usd`` and
        ``receivables_reserve_usd``. [USD]
    """
    held = case.reserves
    return equipment_rows(case, grid) | {
        "working_capital_reserve_usd": held_before(grid, held.working_capital_months, rows["opex_usd"]),
        "receivables_reserve_usd": held_before(grid, held.receivables_months, rows["sales_usd"]),
    }


def cash_for_debt_service_usd(grid: Grid, rows: Rows) -> Array:
    """Cash available for debt service: EBITDA less what equipment and receivables reserves take. [USD]

    Notes
    -----
    Before tax, so that sizing needs no iteration. Rent that was paid ahead is not cash again, so credits against it
    come off. The last release of the receivables reserve is not counted.
    """
    receivables = change(rows["receivables_reserve_usd"])
    receivables[-1] = 0.0
    out = rows["ebitda_usd"] - rows["equipment_funding_usd"] - receivables - rows["prepayment_credit_usd"]
    out[: grid.n_construction] = 0.0
    return out


def total_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """All reserves together, what goes into them and what they earn.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``reserves_usd``, ``reserve_funding_usd`` (positive where cash goes in) and
        ``reserve_interest_usd``. [USD]
    """
    names = ("debt_service", "working_capital", "receivables", "equipment")
    total = sum((rows[f"{name}_reserve_usd"] for name in names), start=blank(grid))
    interest = np.zeros(np.broadcast_shapes(total.shape, (1, np.size(case.reserves.interest_frac))))
    interest[grid.operating] = case.reserves.interest_frac * total[grid.now : -1]
    return {"reserves_usd": total, "reserve_funding_usd": change(total), "reserve_interest_usd": interest}
