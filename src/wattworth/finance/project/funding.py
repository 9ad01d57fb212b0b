"""Sources and uses at the start, and the cash of the owners in every year."""

from __future__ import annotations

from typing import Any

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt import SizedDebt, commitment_fee_per_usd
from wattworth.finance.project.operations import Array, Rows
from wattworth.finance.project.prior_claims import prepaid_usd, repaid_at_close_usd
from wattworth.finance.project.write_off import grants_usd
from wattworth.units import MONTHS_PER_YEAR

_ALL = 1e-12


def costs_before_debt(case: ProjectCase, grid: Grid, rows: Rows) -> dict[str, Array]:
    """Uses that do not depend on the size of the debt, net of grants.

    Returns
    -------
    dict of arrays, shape (case,)
        ``before_debt_usd``, and ``receivables_usd`` within it. [USD]
    """
    capital = case.capital
    built_usd = capital.installed_usd + capital.construction_usd + capital.other_financing_usd
    closing_usd = 0.0 if case.debt is None else case.debt.closing_usd
    receivables_usd = rows["receivables_reserve_usd"][grid.now]
    held_usd = rows["working_capital_reserve_usd"][grid.now] + receivables_usd
    served = rows["existing_interest_usd"] + rows["existing_principal_usd"]
    held_usd = held_usd + case.reserves.debt_service_months / MONTHS_PER_YEAR * served[grid.now + 1]
    return {
        "before_debt_usd": built_usd + closing_usd + held_usd + repaid_at_close_usd(case) - grants_usd(case),
        "receivables_usd": receivables_usd,
    }


def uses_usd(case: ProjectCase, grid: Grid, rows: Rows, sized: SizedDebt | None) -> dict[str, Array]:
    """What the money of the start is spent on, by line.

    Returns
    -------
    dict of arrays, shape (case,)
        Their sum is the installed cost with financing, before grants. [USD]
    """
    debt = case.debt
    fee_usd: Any = 0.0 if debt is None or sized is None else debt.upfront_fee_frac * sized.usd
    lines: dict[str, Any] = {
        "installed_cost": case.capital.installed_usd,
        "construction_financing": case.capital.construction_usd,
        "other_financing": case.capital.other_financing_usd,
        "debt_closing": 0.0 if debt is None else debt.closing_usd,
        "debt_fee": fee_usd,
        **_lines_of_structures(case, grid, sized),
        "debt_service_reserve": rows["debt_service_reserve_usd"][grid.now],
        "working_capital_reserve": rows["working_capital_reserve_usd"][grid.now],
        "receivables_reserve": rows["receivables_reserve_usd"][grid.now],
    }
    return {name: np.atleast_1d(np.asarray(usd, dtype=np.float64)) for name, usd in lines.items()}


def _lines_of_structures(case: ProjectCase, grid: Grid, sized: SizedDebt | None) -> dict[str, Any]:
    """Uses that only some cases have."""
    lines: dict[str, Any] = {}
    if sized is not None and case.debt is not None and np.any(np.asarray(case.debt.commitment_fee_frac) != 0.0):
        lines["commitment_fee"] = commitment_fee_per_usd(case, grid) * sized.usd
    if case.existing_debt is not None and case.existing_debt.at_close == "repaid":
        lines["existing_debt_repaid"] = repaid_at_close_usd(case)
    return lines


def financing_rows(case: ProjectCase, grid: Grid, rows: Rows, uses: dict[str, Array]) -> Rows:
    """Spending, debt drawn and equity paid in over the construction years.

    Returns
    -------
    dict of arrays, shape (year, case)
        Positive amounts. [USD]

    Notes
    -----
    Reserves are filled in year 0, everything else follows the spending profile; debt, existing debt that stays, a
    tenant's prepayment and equity keep their shares throughout.
    """
    held = sum((usd for name, usd in uses.items() if name.endswith("_reserve")), start=np.zeros(1))
    total = sum(uses.values(), start=np.zeros(1)) - grants_usd(case)
    filled = (grid.year == 0).astype(np.float64)[:, None]
    spent = grid.spending_frac[:, None] * (total - held) + filled * held
    borrowed = rows["debt_balance_usd"][grid.now]
    share = np.divide(borrowed, total, out=np.zeros(np.broadcast_shapes(borrowed.shape, total.shape)), where=total != 0)
    share = np.where(np.abs(share - 1.0) < _ALL, 1.0, share)  # owners of nothing pay in nothing, not a rounding
    drawn = np.where(total != 0, spent * share, filled * borrowed)
    balance = rows["debt_balance_usd"].copy() + 0.0 * drawn
    balance[: grid.n_construction] = np.cumsum(drawn[: grid.n_construction], axis=0)
    paid_in, prepaid = spent - drawn, np.zeros(drawn.shape)
    if case.prepayment is not None:
        ahead_usd = prepaid_usd(case)
        part = np.divide(
            ahead_usd, total, out=np.zeros(np.broadcast_shapes(ahead_usd.shape, total.shape)), where=total != 0
        )
        prepaid = np.where(total != 0, spent * part, filled * ahead_usd)
        paid_in = np.where(np.abs(1.0 - share - part) < _ALL, 0.0, spent - drawn - prepaid)
        prepaid = spent - drawn - paid_in
    return {
        "capital_spending_usd": spent - filled * held,
        "debt_drawn_usd": drawn,
        "prepayment_usd": prepaid,
        "prepayment_balance_usd": np.cumsum(prepaid - rows["prepayment_credit_usd"], axis=0),
        "equity_paid_in_usd": paid_in,
        "first_reserves_usd": filled * held + 0.0 * drawn,
        "debt_balance_usd": balance,
    }


def tax_credits_usd(rows: Rows) -> Array:
    """All tax credits of each year. [USD]"""
    names = ("federal_ptc_usd", "federal_itc_usd", "state_ptc_usd", "state_itc_usd")
    return sum((rows[name] for name in names), start=np.zeros((1, 1)))


def cash_rows(grid: Grid, rows: Rows) -> Rows:
    """Cash of the owners before and after tax.

    Returns
    -------
    dict of arrays, shape (year, case)
        Inflow positive. [USD]
    """
    operated = rows["ebitda_usd"] + rows["incentive_usd"] + rows["reserve_interest_usd"] - rows["debt_service_usd"]
    funded = rows["reserve_funding_usd"].copy()
    funded[grid.now] = 0.0  # the first filling is a use of the money raised
    due = rows["swept_usd"] + rows["balloon_usd"] + rows["refinancing_fee_usd"] - rows["refinanced_usd"]
    pre_tax = operated - funded - rows["equipment_spending_usd"] - rows["equity_paid_in_usd"]
    pre_tax = pre_tax - due - rows["prepayment_credit_usd"]
    credits_usd = tax_credits_usd(rows)
    return {
        "pre_tax_equity_usd": pre_tax,
        "tax_credits_usd": credits_usd,
        "after_tax_equity_usd": pre_tax + credits_usd + rows["state_tax_usd"] + rows["federal_tax_usd"],
    }
