"""One project from its declaration to its statement and metrics."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.finance.project.accounts import imbalance_usd
from wattworth.finance.project.books import Books, keep_books
from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.debt import SizedDebt
from wattworth.finance.project.distributions import equity_need
from wattworth.finance.project.idle_inputs import idle_inputs
from wattworth.finance.project.prior_claims import assumed_usd, prepaid_usd
from wattworth.finance.project.remarks import Remark, debt_remarks, return_remarks, tax_remarks
from wattworth.finance.project.result import STATEMENT_ROWS, ProjectResult
from wattworth.finance.project.returns import (
    discount,
    equity_multiple,
    levelised_usd_per_mwh,
    modified_internal_rate_frac,
    net_present_value_usd,
    payback_years,
)
from wattworth.finance.project.roots import Rates, all_internal_rates
from wattworth.finance.project.structure_remarks import owner_remarks, structure_remarks
from wattworth.finance.project.write_off import grants_usd

CENT_USD: Final = 0.01
_MOST_DOUBLINGS: Final = 60


def check_books(case: ProjectCase, books: Books) -> None:
    """Stop where an identity of the statement does not hold to the cent.

    Raises
    ------
    SolveError
        Naming the identity; it is a defect of the program.
    """
    scale = sum(float(np.max(np.abs(usd))) for usd in books.uses.values())
    for name, usd in imbalance_usd(books.rows).items():
        if not usd <= max(CENT_USD, 1e-12 * scale):
            raise SolveError(f'{case.name}: "{name}" is broken by ${usd:,.2f}; please report this case')


def price_for_return(case: ProjectCase) -> float:
    """Price of year 1 at which equity earns the target of the case.

    Parameters
    ----------
    case
        A case of plain numbers with a target.

    Returns
    -------
    float
        [USD/MWh]

    Raises
    ------
    SolveError
        If no price does it.
    """
    from scipy.optimize import brentq

    assert case.target is not None
    last = case.target.year or case.analysis_years
    irr_frac = case.target.irr_frac

    def _excess_usd(price: float) -> float:
        books = keep_books(case, price, accounts=False)
        cash = np.where(books.grid.year[:, None] <= last, books.rows["after_tax_equity_usd"], 0.0)
        return float(np.sum(cash * discount(books.grid, irr_frac), axis=0)[0])

    low, high = 0.0, 100.0
    below, above = _excess_usd(low), _excess_usd(high)
    for _ in range(_MOST_DOUBLINGS):
        if below <= 0.0 <= above:
            root, _ = brentq(_excess_usd, low, high, xtol=1e-10, full_output=True)
            return float(root)
        if above < 0.0:
            low, below, high = high, above, 2.0 * high
            above = _excess_usd(high)
        else:
            high, above, low = low, below, 2.0 * low - 100.0
            below = _excess_usd(low)
        if not np.isfinite(above + below) or high > 1e9 or low < -1e9:
            break
    raise SolveError(
        f"{case.name}: no price of energy gives equity {irr_frac:.2%} by year {last}; "
        "check energy.year1_mwh, the tax rate and what share of the cost is debt"
    )


def _settled(case: ProjectCase) -> tuple[float | None, Books]:
    """The price of a case, given or found, and its books."""
    price = price_for_return(case) if case.target is not None else case.revenue.price_usd_per_mwh
    books = keep_books(case, 0.0 if price is None else price)
    if price is None and case.revenue.price_by_year is not None:
        price = case.revenue.price_by_year[0]
    return price, books


def _one(array: Any) -> float | None:
    """The only number of an array; None for NaN."""
    number = float(np.asarray(array).reshape(-1)[0])
    return number if np.isfinite(number) else None


def _limits(sized: SizedDebt | None) -> tuple[str, dict[str, float]]:
    if sized is None:
        return "none", {}
    names = list(sized.limits_usd)
    limits = {name: float(usd[0]) for name, usd in sized.limits_usd.items() if name != "cash" or usd[0] == 0.0}
    return names[int(sized.binding.reshape(-1)[0])], limits


def _project(case: ProjectCase, price: float | None) -> tuple[float, Rates]:
    """Value and rates of the case without any debt, existing or new."""
    unlevered = case.model_copy(update={"debt": None, "existing_debt": None})
    books = keep_books(unlevered, 0.0 if price is None else price, accounts=False)
    cash = books.rows["after_tax_equity_usd"]
    npv = float(net_present_value_usd(case, books.grid, cash)[0])
    return npv, all_internal_rates(cash[:, 0], books.grid.exponent_years)


def _other_losses_usd(case: ProjectCase, price: float | None) -> float:
    """Value of the case with the other use of tax losses."""
    other = "group" if case.tax_losses == "carried" else "carried"
    flipped = case.model_copy(update={"tax": case.tax.model_copy(update={"losses": other})})
    books = keep_books(flipped, 0.0 if price is None else price, accounts=False)
    return float(net_present_value_usd(case, books.grid, books.rows["after_tax_equity_usd"])[0])


def _others(case: ProjectCase, assumed: float, prepaid: float) -> dict[str, float]:
    """Sources that only some cases have."""
    out = {} if case.existing_debt is None else {"existing_debt": assumed}
    return out if case.prepayment is None else out | {"prepayment": prepaid}


def _owners(case: ProjectCase, books: Books) -> dict[str, Any]:
    """Metrics of the sponsor beside those of all owners."""
    cash, all_cash = books.rows["sponsor_cash_usd"], books.rows["after_tax_equity_usd"]
    npv, taken = (float(net_present_value_usd(case, books.grid, row)[0]) for row in (cash, all_cash - cash))
    has_warrants = case.debt is not None and case.debt.backstop is not None and case.debt.backstop.warrants_frac > 0.0
    return {
        "appraised_value_usd": None if books.sized is None else _one_or_none(books.sized.value_usd),
        "sponsor_npv_usd": npv,
        "warrants_npv_usd": taken,
        "sponsor_rates": all_internal_rates(cash[:, 0], books.grid.exponent_years) if has_warrants else None,
    }


def _one_or_none(array: Any) -> float | None:
    return None if array is None else _one(array)


def evaluate(case: ProjectCase) -> ProjectResult:
    """Evaluate one project.

    Parameters
    ----------
    case
        A checked case of plain numbers; for arrays over cases see :func:`evaluate_many`.

    Returns
    -------
    ProjectResult
        Statement, metrics and remarks.

    Raises
    ------
    SolveError
        If a target cannot be reached, or an identity of the statement is broken.
    """
    price, books = _settled(case)
    check_books(case, books)
    grid, rows = books.grid, {name: books.rows[name] for name in STATEMENT_ROWS}
    cash = rows["after_tax_equity_usd"]
    rates = all_internal_rates(cash[:, 0], grid.exponent_years)
    lcoe = [_one(levelised_usd_per_mwh(case, grid, books.rows, real=real)) for real in (False, True)]
    binding, limits = _limits(books.sized)
    project_npv, project_rates = _project(case, price)
    need = equity_need(case, rows["sponsor_cash_usd"][:, 0])
    remarks: tuple[Remark, ...] = (
        *debt_remarks(case, grid, rows, limits),
        *structure_remarks(case, grid, books.rows),
        *owner_remarks(case, need),
        *return_remarks(grid, rows, rates, lcoe[0], price),
        *tax_remarks(case, rows),
        *idle_inputs(case),
    )
    worth = cash * discount(grid, case.discounting.rate_frac)
    cover = rows["dscr_ratio"][np.isfinite(rows["dscr_ratio"])]
    assumed, prepaid = float(assumed_usd(case)[0]), float(prepaid_usd(case)[0])
    debt_usd = float(rows["debt_drawn_usd"].sum()) - assumed
    equity_usd = float(rows["equity_paid_in_usd"].sum())
    given_usd = float(grants_usd(case)[0])
    rate_frac = float(case.discounting.rate_frac)
    return ProjectResult(
        name=case.name,
        convention=case.convention,
        tax_losses=case.tax_losses,
        year=grid.year,
        statement={name: np.ascontiguousarray(row[:, 0]) for name, row in rows.items()},
        npv_usd=float(worth.sum()),
        npv_other_losses_usd=_other_losses_usd(case, price),
        equity_rates=rates,
        project_rates=project_rates,
        project_npv_usd=project_npv,
        debt_usd=debt_usd,
        equity_usd=equity_usd,
        installed_cost_usd=debt_usd + equity_usd + assumed + prepaid,
        debt_binding=binding,
        debt_limits_usd=limits,
        sources_usd={"debt": debt_usd, "equity": equity_usd, "grants": given_usd} | _others(case, assumed, prepaid),
        uses_usd={name: float(usd[0]) for name, usd in books.uses.items()},
        price_usd_per_mwh=price,
        lcoe_nominal_usd_per_mwh=lcoe[0],
        lcoe_real_usd_per_mwh=lcoe[1],
        pue_ratio=case.energy.pue_ratio,
        served_share_frac=case.energy.served_share_frac,
        dscr_min_ratio=float(cover.min()) if cover.size else None,
        dscr_mean_ratio=float(cover.mean()) if cover.size else None,
        llcr_ratio=_one(rows["llcr_ratio"][grid.now]),
        plcr_ratio=_one(rows["plcr_ratio"][grid.now]),
        mirr_frac=modified_internal_rate_frac(cash[:, 0], rate_frac, rate_frac),
        payback_years=payback_years(grid.year, cash[:, 0]),
        discounted_payback_years=payback_years(grid.year, worth[:, 0]),
        equity_multiple=equity_multiple(cash[:, 0]),
        remarks=remarks,
        **_owners(case, books),
        equity_need=need,
    )
