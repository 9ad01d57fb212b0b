"""What a reader must know of a case, as data: the place, the cause and the fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.operations import Rows
from wattworth.finance.project.roots import Rates

DEAREST_USD_PER_MWH: Final = 1000.0
"""Levelised cost above which an input is more likely wrong than dear."""
_CENT_USD: Final = 0.01


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know.

    Attributes
    ----------
    code
        Its kind, stable across versions.
    where
        Field of the case, or metric of the result.
    message
        What is so, and why.
    fix
        What to do about it.
    """

    code: str
    where: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}; {self.fix}"

    def to_plain(self) -> dict[str, str]:
        """The remark as text by name."""
        return {"code": self.code, "where": self.where, "message": self.message, "fix": self.fix}


def _years(grid: Grid, flags: Any) -> str:
    years = grid.year[np.flatnonzero(flags)].tolist()
    shown = ", ".join(map(str, years[:5]))
    return f"{'year' if len(years) == 1 else 'years'} {shown}{' and others' if len(years) > 5 else ''}"


def debt_remarks(case: ProjectCase, grid: Grid, rows: Rows, limits_usd: Mapping[str, float]) -> Iterator[Remark]:
    """Remarks on the size, the cover and the end of the debt.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        Its statement, one case.
    limits_usd
        Limits on debt by name. [USD]
    """
    debt = case.debt
    if debt is None:
        return
    owed = rows["debt_balance_usd"][:, 0]
    size = float(owed[grid.now])
    uses = float(rows["debt_drawn_usd"].sum() + rows["equity_paid_in_usd"].sum())
    wanted = min((limits_usd[name] for name in ("dscr", "share") if name in limits_usd), default=0.0)
    if np.isfinite(wanted) and wanted > uses and size < wanted:
        part = f"{wanted / uses:.0%} of the cost of ${uses:,.0f}" if uses > 0.0 else "more than its cost of nothing"
        yield Remark(
            "debt_above_cost",
            "debt",
            f"cash would carry a debt of ${wanted:,.0f}, {part}; it is capped at ${size:,.0f}",
            "check units of cost and price, or set debt.max_share_frac to what a lender would give",
        )
    if size <= _CENT_USD:
        yield Remark(
            "no_debt", "debt", "the limits leave no debt", "look at debt_limits_usd and the cash of the first years"
        )
        return
    cover = rows["dscr_ratio"][:, 0]
    thin = np.nan_to_num(cover, nan=np.inf) < 1.0 - 1e-9
    if thin.any():
        yield Remark(
            "dscr_below_1",
            "dscr_min",
            f"cash does not cover debt service in {_years(grid, thin)}: lowest cover {np.nanmin(cover):.3f}",
            "lower the debt, lengthen the tenor, or size by debt.dscr_ratio",
        )
    cash = rows["cfads_usd"][:, 0]
    empty = (cash < 0.0) & (grid.year > 0) & (grid.year <= debt.tenor_years)
    if empty.any():
        yield Remark(
            "negative_cash",
            "debt",
            f"cash for debt service is negative in {_years(grid, empty)}; sculpted debt is not served then, level "
            "debt is served by the owners",
            "raise the price or its growth, or shorten the tenor",
        )
    if abs(owed[-1]) > max(_CENT_USD, 1e-9 * size) and not debt.has_balloon and debt.tenor_years > grid.n_operating:
        yield Remark(
            "debt_not_repaid",
            "debt.tenor_years",
            f"${owed[-1]:,.0f} is still owed in the last year: the tenor of {debt.tenor_years} years is longer than "
            f"the {case.analysis_years} years of operation",
            "shorten the tenor or lengthen analysis_years",
        )


def tax_remarks(case: ProjectCase, rows: Rows) -> Iterator[Remark]:
    """Remarks on what the tax rows take for granted.

    Parameters
    ----------
    case
        The case.
    rows
        Its statement, one case.
    """
    if case.tax_losses == "carried" and float(rows["tax_credits_usd"].sum()) > 0.0:
        yield Remark(
            "credits_paid_out",
            "tax.losses",
            "losses are carried forward, but tax credits count as cash in their year, as if sold",
            "take the discount of such a sale off the credits, or set tax.losses to group",
        )
    left = float(rows["federal_losses_carried_usd"][-1, 0])
    if left > _CENT_USD:
        yield Remark(
            "losses_left",
            "tax.losses",
            f"${left:,.0f} of losses are never used by the end of the project",
            "set tax.losses to group if the owner has other income; with income too low for its losses none helps",
        )


def return_remarks(
    grid: Grid, rows: Rows, rates: Rates, lcoe_usd_per_mwh: float | None, price_usd_per_mwh: float | None
) -> Iterator[Remark]:
    """Remarks on equity, rates of return and levelised cost.

    Parameters
    ----------
    grid
        The years.
    rows
        The statement, one case.
    rates
        Rates of equity cash.
    lcoe_usd_per_mwh, price_usd_per_mwh
        Nominal levelised cost, and the price of year 1. [USD/MWh]
    """
    paid_in = float(rows["equity_paid_in_usd"].sum())
    if paid_in < -_CENT_USD:
        yield Remark(
            "negative_equity",
            "equity_usd",
            f"owners would take out ${-paid_in:,.0f} at the start: debt and grants exceed the uses",
            "lower debt.max_share_frac, or check the grants",
        )
    if rates.status == "not_unique":
        roots = ", ".join(f"{root:.4%}" for root in rates.roots_frac)
        yield Remark(
            "irr_not_unique",
            "irr_frac",
            f"the cash changes sign more than once and is worth nothing at {roots}",
            "use npv_usd or mirr_frac; no single rate is the return",
        )
    elif rates.status != "ok":
        cash = rows["after_tax_equity_usd"][:, 0]
        cause = "owners never pay in" if not (cash < 0.0).any() else "owners never get anything back"
        cause = cause if rates.status == "no_sign_change" else "no rate between -99.999 % and 9,900 % zeroes the value"
        yield Remark("irr_undefined", "irr_frac", f"there is no rate of return: {cause}", "use npv_usd")
    if lcoe_usd_per_mwh is not None and not 0.0 < lcoe_usd_per_mwh <= DEAREST_USD_PER_MWH:
        yield Remark(
            "lcoe_out_of_range",
            "lcoe_nominal_usd_per_mwh",
            f"a levelised cost of {lcoe_usd_per_mwh:,.2f} $/MWh is outside 0 to {DEAREST_USD_PER_MWH:,.0f}",
            "check megawatt-hours against kilowatt-hours, and what other revenue pays for",
        )
    if price_usd_per_mwh is not None and price_usd_per_mwh < 0.0:
        yield Remark(
            "negative_price",
            "price_usd_per_mwh",
            f"the target is met at a price of {price_usd_per_mwh:,.2f} $/MWh",
            "other revenue already pays more than the target asks",
        )
    lost = (rows["ebitda_usd"][:, 0] < 0.0) & (grid.year > 0)
    if lost.any():
        yield Remark(
            "negative_ebitda",
            "ebitda_usd",
            f"operation costs more than it earns in {_years(grid, lost)}",
            "raise the price, or end the analysis before these years",
        )
