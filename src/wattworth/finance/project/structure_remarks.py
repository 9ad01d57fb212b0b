"""What a reader must know of balloons, refinancing, prepayments, lock-ups and the owner's means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt_service import last_service_year
from wattworth.finance.project.distributions import EquityNeed
from wattworth.finance.project.operations import Rows
from wattworth.finance.project.remarks import Remark

_CENT_USD: Final = 0.01


def structure_remarks(case: ProjectCase, grid: Grid, rows: Rows) -> Iterator[Remark]:
    """Remarks on everything beyond a plain loan.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        Its statement, one case.
    """
    yield from _not_repaid(case, grid, rows)
    yield from _maturity(case, rows)
    yield from _prepaid(case, rows)
    held = rows["locked_up_usd"][:, 0]
    if float(held.max()) > _CENT_USD:
        years = grid.year[held > _CENT_USD].tolist()
        yield Remark(
            "locked_up",
            "debt.lock_up_dscr_ratio",
            f"cover is below the lock-up in {len(years)} years, the first of them year {years[0]}; up to "
            f"${float(held.max()):,.0f} is held back",
            "size the debt by a cover above the lock-up",
        )


def _not_repaid(case: ProjectCase, grid: Grid, rows: Rows) -> Iterator[Remark]:
    """Debt of a structure that is still owed when the project ends."""
    debt, size = case.debt, float(rows["debt_drawn_usd"].sum())
    owed = float(rows["debt_balance_usd"][-1, 0])
    if abs(owed) <= max(_CENT_USD, 1e-9 * size):
        return
    if case.existing_debt is not None and float(rows["existing_debt_usd"][-1, 0]) > _CENT_USD:
        where, fix = "existing_debt.remaining_years", "repay it at close, or lengthen analysis_years"
    elif debt is not None and debt.has_balloon:
        where, fix = "debt.refinancing", "shorten the tenors, or lengthen analysis_years"
    elif debt is not None and debt.tenor_years > grid.n_operating:
        return  # a plain loan that is too long is told with the other remarks on debt
    else:
        where, fix = "debt", "look at debt_service_usd against cfads_usd, and report this case"
    yield Remark(
        "balance_not_repaid",
        where,
        f"${owed:,.0f} is still owed in the last year: the last payment falls in year {last_service_year(case)}, after "
        f"the {grid.n_operating} years of operation",
        fix,
    )


def _maturity(case: ProjectCase, rows: Rows) -> Iterator[Remark]:
    """Balances at maturity that owners repay, wholly or in part."""
    due = rows["balloon_usd"][:, 0]
    for place in np.flatnonzero(due > _CENT_USD):
        owners_usd = float(due[place] - rows["refinanced_usd"][place, 0])
        year = int(case.grid.year[place])
        if owners_usd <= max(_CENT_USD, 1e-9 * float(due[place])):
            continue
        has_lender = float(rows["refinanced_usd"][place, 0]) > 0.0
        code = "refinancing_short" if has_lender else "balloon_repaid_by_owners"
        cause = "its refinancing does not reach it" if has_lender else "nothing refinances it"
        yield Remark(
            code,
            "debt.refinancing",
            f"${due[place]:,.0f} falls due in year {year} and {cause}: owners repay ${owners_usd:,.0f}",
            "give debt.refinancing, set its limits_debt, lower its dscr_ratio, or shorten amortisation_years",
        )


def _prepaid(case: ProjectCase, rows: Rows) -> Iterator[Remark]:
    """Prepayments that are not earned back, or credited against more rent than there is."""
    if case.prepayment is None:
        return
    left = float(rows["prepayment_balance_usd"][-1, 0])
    if left > _CENT_USD:
        yield Remark(
            "balance_not_repaid",
            "prepayment.credit_frac_by_year",
            f"${left:,.0f} of the prepayment is not credited by the last year of operation",
            "credit it sooner, or lengthen analysis_years",
        )
    if (rows["prepayment_credit_usd"] > rows["sales_usd"] + _CENT_USD).any():
        yield Remark(
            "credit_above_rent",
            "prepayment.credit_frac_by_year",
            "a credit is more than the sales of its year, so the owner would pay the tenant",
            "spread the credits over more years",
        )


def owner_remarks(case: ProjectCase, need: EquityNeed) -> Iterator[Remark]:
    """Whether the equity is in reach of the owner.

    Parameters
    ----------
    case
        The case.
    need
        Its equity need.
    """
    owner = case.owner
    if owner is None or need.new_shares_usd is None or need.new_shares_usd <= _CENT_USD:
        return
    beside = f"${owner.cash_usd:,.0f} of cash"
    if owner.market_value_usd:
        beside += (
            f" and a market value of ${owner.market_value_usd:,.0f}, of which it is {need.of_market_value_ratio:.0%}"
        )
    if need.is_fundable:
        yield Remark(
            "needs_new_shares",
            "owner",
            f"the equity need of ${need.usd:,.0f} stands against {beside}: ${need.new_shares_usd:,.0f} of new shares",
            "take the dilution into account, or raise less equity by more debt or a prepayment",
        )
        return
    yield Remark(
        "not_fundable",
        "owner",
        f"the equity need of ${need.usd:,.0f} is out of reach of {beside}; ${need.new_shares_usd:,.0f} would be new "
        f"shares, and {owner.raise_frac:.0%} of the market value may be raised",
        "build in phases, bring a partner, or raise less equity by more debt or a prepayment",
    )
