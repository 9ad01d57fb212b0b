"""The statement of one case, or of many at once: from its declaration to the cash of its owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wattworth.finance.project.accounts import account_rows
from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt import SizedDebt, size_debt
from wattworth.finance.project.debt_service import debt_rows, last_service_year
from wattworth.finance.project.distributions import distribution_rows
from wattworth.finance.project.funding import cash_rows, costs_before_debt, financing_rows, tax_credits_usd, uses_usd
from wattworth.finance.project.income_tax import tax_rows
from wattworth.finance.project.operations import Array, Rows, operating_rows
from wattworth.finance.project.prior_claims import existing_rows, prepayment_rows
from wattworth.finance.project.reserves import cash_for_debt_service_usd, held_before, reserve_rows, total_rows
from wattworth.finance.project.returns import cover_rows
from wattworth.finance.project.write_off import write_off_rows


@dataclass(frozen=True, slots=True)
class Books:
    """The statement of one or many cases, before anything is read off it.

    Attributes
    ----------
    grid
        The years.
    rows
        Arrays, shape (year, case); a case axis of one stands for all cases.
    sized
        The debt, or None.
    uses
        Uses of the start by line, arrays of shape (case,).
    """

    grid: Grid
    rows: Rows
    sized: SizedDebt | None
    uses: dict[str, Array]


def _beside_cash_usd(case: ProjectCase, grid: Grid, rows: Rows) -> Array:
    """Credits, incentives and interest on reserves less tax, right up to the last year that debt rows are known for."""
    rows["debt_service_reserve_usd"] = held_before(
        grid, case.reserves.debt_service_months, rows["debt_service_usd"], last_service_year(case)
    )
    rows |= total_rows(case, grid, rows)
    rows |= tax_rows(case, grid, rows)
    taxes = rows["state_tax_usd"] + rows["federal_tax_usd"]
    return rows["incentive_usd"] + rows["reserve_interest_usd"] + tax_credits_usd(rows) + taxes


def keep_books(case: ProjectCase, price_usd_per_mwh: Any, *, accounts: bool = True) -> Books:
    """Build the statement at a given price of year 1.

    Parameters
    ----------
    case
        The case, or cases by :func:`~wattworth.finance.project.vary`.
    price_usd_per_mwh
        Price of energy in year 1. [USD/MWh]
    accounts
        Whether cover ratios, book income and the balance sheet are asked for.

    Returns
    -------
    Books

    Notes
    -----
    Operation, write-off and the reserves that do not depend on the debt come first; the debt is sized on
    cash before tax, so nothing is solved twice.
    """
    grid = case.grid
    rows = operating_rows(case, grid, price_usd_per_mwh)
    rows |= write_off_rows(case, grid)
    rows |= reserve_rows(case, grid, rows)
    for payer in ("federal", "state"):
        rows[f"{payer}_depreciation_usd"] = (
            rows[f"{payer}_depreciation_usd"] + rows[f"equipment_{payer}_depreciation_usd"]
        )
    rows |= existing_rows(case, grid) | prepayment_rows(case, grid)
    rows["cfads_usd"] = cash_for_debt_service_usd(grid, rows)
    sized = None
    if case.debt is not None:
        sized = size_debt(case, grid, rows["cfads_usd"], costs_before_debt(case, grid, rows), rows)
    rows |= debt_rows(case, grid, sized, rows, lambda known: _beside_cash_usd(case, grid, rows | known))
    rows["debt_service_reserve_usd"] = held_before(
        grid, case.reserves.debt_service_months, rows["debt_service_usd"], last_service_year(case)
    )
    rows |= total_rows(case, grid, rows)
    rows |= tax_rows(case, grid, rows)
    uses = uses_usd(case, grid, rows, sized)
    rows |= financing_rows(case, grid, rows, uses)
    rows |= cash_rows(grid, rows)
    rows |= distribution_rows(case, grid, rows)
    if accounts:
        rows |= cover_rows(case, grid, rows)
        rows |= account_rows(case, grid, rows)
    return Books(grid, rows, sized, uses)
