"""The monthly ledger: every line of a case from revenue to distributions, with its accounts and what is read off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.finance.irr import IRR_STATUS, internal_rates_frac
from wattworth.finance.project.monthly_accounts import account_rows, change, monthly_imbalance_usd, working_rows
from wattworth.finance.project.monthly_debt import (
    MONTHLY_LIMITS,
    MonthlyLoan,
    completed_by,
    funding_rows,
    service_rows,
    shape_loan,
    size_loan,
    uses_before_debt,
)
from wattworth.finance.project.monthly_lines import MonthlyLine, MonthlyLines, padded
from wattworth.finance.project.monthly_rows import BALANCE_ROWS, MONTHLY_ROWS
from wattworth.finance.project.monthly_tax import all_capital_usd, tax_rows
from wattworth.finance.project.monthly_terms import MonthlyTerms, terms_of_cases
from wattworth.units import MONTHS_PER_YEAR

Array = NDArray[np.float64]
CENT_USD: Final = 0.01


@dataclass(frozen=True, slots=True)
class MonthBooks:
    """The statement of many cases, before anything is read off it.

    Attributes
    ----------
    rows
        Arrays, shape (month, case).
    sized
        The loan, or None.
    """

    rows: dict[str, Array]
    sized: MonthlyLoan | None


@dataclass(frozen=True, slots=True)
class MonthlyStatement:
    """One case, by month.

    Attributes
    ----------
    rows
        Arrays of shape (month,) by name, month 0 first; :data:`MONTHLY_ROWS` says what each is and its sign.
    npv_usd, project_npv_usd
        Of owners' cash after tax, with the loan and without any. [USD]
    irr_frac, project_irr_frac
        Their internal rates, None unless the status is ``ok``. [1/year]
    irr_status, project_irr_status
        ``ok``, or why there is no rate.
    debt_usd, equity_usd
        Drawn, and paid in up to completion. [USD]
    debt_binding
        The limit that sized the loan, or ``none``.
    debt_limits_usd
        Every limit that is finite. [USD]
    dscr_min_ratio
        Least cover over the tests of the loan; None without debt service. [1]
    """

    rows: Mapping[str, Array]
    npv_usd: float
    project_npv_usd: float
    irr_frac: float | None
    project_irr_frac: float | None
    irr_status: str
    project_irr_status: str
    debt_usd: float
    equity_usd: float
    debt_binding: str
    debt_limits_usd: Mapping[str, float]
    dscr_min_ratio: float | None

    def by_year(self) -> dict[str, Array]:
        """The same lines by tax year: sums of what moves, the last month of what stands.

        Returns
        -------
        dict of arrays, shape (year + 1,)
            The first entry is month 0.
        """
        out = {}
        for name, row in self.rows.items():
            ends = row[::MONTHS_PER_YEAR]
            sums = np.concatenate([row[:1], row[1:].reshape(-1, MONTHS_PER_YEAR).sum(axis=1)])
            out[name] = ends.copy() if name in BALANCE_ROWS else sums
        return out


def _held_usd(lines: MonthlyLines, n_node: int) -> Array:
    """Other reserves from completion on; all are released in the last month."""
    held = padded(lines.held_usd, n_node)
    held[-1] = 0.0
    return np.where(np.arange(n_node)[:, None] >= completed_by(lines), held, 0.0)


def _reserve_interest_usd(lines: MonthlyLines, terms: MonthlyTerms, held: Array) -> Array:
    """Interest on what lay in reserves since the last payment date, credited at the next."""
    step, cod = terms.payment_months, completed_by(lines)
    since = np.arange(held.shape[0])[:, None] - cod
    before = np.zeros(held.shape)
    before[step:] = held[:-step]
    rate = np.asarray(terms.reserve_interest_frac) * step / MONTHS_PER_YEAR
    return np.where((since > 0) & (since % step == 0), before * rate, 0.0)


def _operating_rows(lines: MonthlyLines, terms: MonthlyTerms, n_node: int) -> dict[str, Array]:
    """Everything above the financing."""
    usd = padded(lines.usd, n_node)
    rows = {
        "revenue_usd": usd[MonthlyLine.REVENUE],
        "power_usd": 0.0 - usd[MonthlyLine.POWER],
        "opex_usd": 0.0 - usd[MonthlyLine.OPEX],
        "proceeds_usd": usd[MonthlyLine.PROCEEDS],
        "after_tax_items_usd": usd[MonthlyLine.AFTER_TAX],
    }
    cost = rows["power_usd"] + rows["opex_usd"]
    rows["ebitda_usd"] = rows["revenue_usd"] - cost
    rows |= working_rows(rows["revenue_usd"], cost, terms.receivable_days, terms.payable_days)
    later = all_capital_usd(lines, n_node)
    rows["later_capital_usd"] = np.where(np.arange(n_node)[:, None] > completed_by(lines), later, 0.0)
    rows["cfads_usd"] = rows["ebitda_usd"] - rows["working_capital_funding_usd"] - rows["later_capital_usd"]
    return rows


def keep_month_books(lines: MonthlyLines, terms: MonthlyTerms, *, accounts: bool = True) -> MonthBooks:
    """Build the statements of many cases, every line an array over months and cases.

    Parameters
    ----------
    lines
        Cash before financing.
    terms
        Loan, reserves, tax and discounting.
    accounts
        Whether cover, book income and the balance sheet are asked for.

    Returns
    -------
    MonthBooks
    """
    n_node = lines.last_month + 1
    rows = _operating_rows(lines, terms, n_node)
    rows["other_reserves_usd"] = _held_usd(lines, n_node)
    uses = uses_before_debt(lines, all_capital_usd(lines, n_node), rows["other_reserves_usd"])
    sized = None
    if terms.loan is not None:
        sized = size_loan(terms, uses, shape_loan(lines, terms, rows["cfads_usd"]))
    rows |= funding_rows(terms, uses, sized, n_node)
    rows |= service_rows(terms, lines, sized, rows["debt_drawn_usd"])
    held = rows["debt_service_reserve_usd"] + rows["other_reserves_usd"]
    rows["reserve_funding_usd"] = change(held)
    rows["reserve_interest_usd"] = _reserve_interest_usd(lines, terms, held)
    rows |= tax_rows(lines, terms, rows)
    operated = rows["cfads_usd"] + rows["proceeds_usd"] + rows["reserve_interest_usd"] - rows["debt_service_usd"]
    funded = rows["reserve_funding_usd"] - rows["first_reserves_usd"]  # the first filling is one of the uses
    rows["pre_tax_equity_usd"] = operated - funded - rows["equity_paid_in_usd"]
    taxed = rows["state_tax_usd"] + rows["federal_tax_usd"]
    rows["after_tax_equity_usd"] = rows["pre_tax_equity_usd"] + rows["after_tax_items_usd"] + taxed
    if accounts:
        rows["dscr_ratio"] = _trailing_cover(lines, rows)
        rows |= account_rows(lines, rows)
    return MonthBooks(rows, sized)


def _trailing_cover(lines: MonthlyLines, rows: dict[str, Array]) -> Array:
    """Cash over debt service of the twelve months to date, or of those since completion; NaN without service."""
    after = np.arange(rows["cfads_usd"].shape[0])[:, None] > completed_by(lines)
    sums = []
    for name in ("cfads_usd", "debt_service_usd"):
        total = np.cumsum(np.where(after, rows[name], 0.0), axis=0)
        total[MONTHS_PER_YEAR:] = total[MONTHS_PER_YEAR:] - total[:-MONTHS_PER_YEAR].copy()
        sums.append(total)
    owes = (rows["debt_service_usd"] > 0.0) & (sums[1] > 0.0)
    return np.divide(sums[0], sums[1], out=np.full(sums[0].shape, np.nan), where=owes)


def month_discount(lines: MonthlyLines, terms: MonthlyTerms) -> Array:
    """Value at the base date of a dollar in each month, shape (month, case)."""
    years = np.arange(lines.last_month + 1) / MONTHS_PER_YEAR + terms.start_years
    return (1.0 + np.atleast_1d(np.asarray(terms.discount_frac, dtype=np.float64))) ** -years[:, None]


def least_cover_ratio(sized: MonthlyLoan | None, n_case: int) -> Array:
    """Least cover over the tests of each loan, NaN where nothing is owed. [1]"""
    if sized is None:
        return np.full(n_case, np.nan)
    owed = np.zeros(sized.shape.cash_usd.shape)
    np.add.at(owed, sized.shape.group, sized.shape.per_usd * sized.usd)
    cover = np.divide(sized.shape.cash_usd, owed, out=np.full(owed.shape, np.inf), where=owed > 0.0).min(axis=0)
    return np.where(np.isfinite(cover), cover, np.nan)


def check_month_books(books: MonthBooks) -> None:
    """Stop where an identity of the statement does not hold to the cent.

    Raises
    ------
    SolveError
        Naming the identity; it is a defect of the program.
    """
    scale = float(np.max(np.abs(books.rows["uses_usd"]).sum(axis=0) + np.abs(books.rows["revenue_usd"]).sum(axis=0)))
    for name, usd in monthly_imbalance_usd(books.rows).items():
        if not usd <= max(CENT_USD, 1e-12 * scale):
            raise SolveError(f'monthly ledger: "{name}" is broken by ${usd:,.2f}; please report this case')


def monthly_statement(lines: MonthlyLines, terms: MonthlyTerms, case: int = 0) -> MonthlyStatement:
    """The statement of one case, by month.

    Parameters
    ----------
    lines
        Cash before financing, of one or many cases.
    terms
        Loan, reserves, tax and discounting.
    case
        Which case to show.

    Returns
    -------
    MonthlyStatement

    Raises
    ------
    SolveError
        If an identity of the statement is broken.
    """
    place = slice(case, case + 1)
    one, own = lines.take(place), terms_of_cases(terms, place)
    books = keep_month_books(one, own)
    check_month_books(books)
    rows, factor = books.rows, month_discount(one, own)
    bare = keep_month_books(one, without_loan(own), accounts=False).rows["after_tax_equity_usd"]
    cash = np.concatenate([rows["after_tax_equity_usd"], bare], axis=1)
    rates, status = internal_rates_frac(np.ascontiguousarray(cash))
    worth = np.sum(cash * factor, axis=0)
    rows["project_cash_usd"] = bare
    limits = {} if books.sized is None else {name: float(usd[0]) for name, usd in books.sized.limits_usd.items()}
    cover = float(least_cover_ratio(books.sized, 1)[0])
    return MonthlyStatement(
        rows={name: np.ascontiguousarray(rows[name][:, 0]) for name in MONTHLY_ROWS},
        npv_usd=float(worth[0]),
        project_npv_usd=float(worth[1]),
        irr_frac=None if status[0] else float(rates[0]),
        project_irr_frac=None if status[1] else float(rates[1]),
        irr_status=IRR_STATUS[status[0]],
        project_irr_status=IRR_STATUS[status[1]],
        debt_usd=float(rows["debt_drawn_usd"].sum()),
        equity_usd=float(rows["equity_paid_in_usd"].sum()),
        debt_binding="none" if books.sized is None else MONTHLY_LIMITS[int(books.sized.binding[0])],
        debt_limits_usd={name: usd for name, usd in limits.items() if np.isfinite(usd)},
        dscr_min_ratio=cover if np.isfinite(cover) else None,
    )


def without_loan(terms: MonthlyTerms) -> MonthlyTerms:
    """The same terms with no debt."""
    return replace(terms, loan=None)
