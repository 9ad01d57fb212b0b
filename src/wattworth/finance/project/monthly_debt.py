"""The loan of monthly cases: its shape, its size, and the draws that make uses and sources meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.debt import geared_debt_usd, least_limit
from wattworth.finance.project.monthly_lines import MonthlyLines
from wattworth.finance.project.monthly_terms import MonthlyTerms, TermLoan
from wattworth.units import MONTHS_PER_YEAR

Array = NDArray[np.float64]
MONTHLY_LIMITS: Final[tuple[str, ...]] = ("dscr", "cash", "gearing", "amount")
"""Limits on a monthly loan; where two are equal the first binds."""
_MOST_STEPS: Final = 20
_CLOSE: Final = 1e-15
_ALL: Final = 1e-12


def completed_by(lines: MonthlyLines) -> NDArray[np.int64]:
    """Month of completion, the last one where it never comes, shape (case,). [month]"""
    return np.minimum(lines.completed_month, lines.last_month)


@dataclass(frozen=True, slots=True)
class LoanShape:
    """Service of each payment per dollar of loan, and the cash it is tested against.

    Attributes
    ----------
    per_usd
        Array, shape (payment, case): interest and principal; nothing after the last month. [1]
    n_paid
        Array, shape (case,): payments that fall before the last month.
    group
        Array, shape (payment,): which test each payment belongs to.
    cash_usd
        Array, shape (test, case): cash of each test. [USD]
    has_cash
        Array, shape (case,): whether there is anything to repay from.
    """

    per_usd: Array
    n_paid: NDArray[np.int64]
    group: NDArray[np.int64]
    cash_usd: Array
    has_cash: NDArray[np.bool_]


def shape_loan(lines: MonthlyLines, terms: MonthlyTerms, cfads_usd: Array) -> LoanShape:
    """Shape the service of a loan, of any size.

    Parameters
    ----------
    lines
        The cases.
    terms
        Their terms, with a loan.
    cfads_usd
        Array, shape (month, case). [USD]

    Returns
    -------
    LoanShape
    """
    loan, step = _loan(terms), terms.payment_months
    n, grace = loan.tenor_months // step, loan.grace_months // step
    cod = completed_by(lines)
    n_paid = np.minimum(n, (lines.last_month - cod) // step)
    group = np.arange(n) * step // terms.test_months
    cash = np.zeros((int(group[-1]) + 1, lines.n_case))
    case = np.arange(lines.n_case)
    for month in range(1, n * step + 1):
        pays = month <= n_paid * step
        place = np.minimum(cod + month, lines.last_month)
        cash[group[(month - 1) // step]] += np.where(pays, cfads_usd[place, case], 0.0)
    alive = np.arange(n)[:, None] < n_paid
    rate = np.broadcast_to(np.asarray(loan.rate_frac) * step / MONTHS_PER_YEAR, (lines.n_case,))
    per_usd = np.where(alive, _repaid(loan, rate, n, grace), 0.0)
    has_cash = n_paid > grace
    if loan.profile == "sculpted":
        count = np.zeros(cash.shape)
        np.add.at(count, group, alive)
        share = np.where(alive, np.maximum(0.0, cash)[group] / np.maximum(count[group], 1.0), 0.0)
        worth = np.zeros(lines.n_case)
        factor = np.ones(lines.n_case)
        for k in range(grace, n):
            factor = factor / (1.0 + rate)
            worth = worth + share[k] * factor
        has_cash = worth > 0.0
        follows = np.divide(share, worth, out=np.zeros(share.shape), where=has_cash)
        per_usd[grace:] = follows[grace:]
    return LoanShape(per_usd, n_paid, group, cash, has_cash)


def _loan(terms: MonthlyTerms) -> TermLoan:
    assert terms.loan is not None
    return terms.loan


def _repaid(loan: TermLoan, rate: Array, n: int, grace: int) -> Array:
    """Service per dollar where it does not follow cash; interest alone in the months of grace."""
    left = n - grace
    k = np.arange(left)[:, None]
    if loan.profile == "level_payment":
        with np.errstate(invalid="ignore", divide="ignore"):
            payment = np.where(rate == 0.0, 1.0 / left, rate / -np.expm1(-left * np.log1p(rate)))
        repaid = np.broadcast_to(payment, (left, rate.size))
    else:
        repaid = 1.0 / left + rate * (1.0 - k / left)
    return np.concatenate([np.broadcast_to(rate, (grace, rate.size)), repaid])


def reserve_per_usd(terms: MonthlyTerms, shape: LoanShape) -> Array:
    """Debt service reserve after each payment per dollar of loan, the first row at completion.

    Returns
    -------
    array, shape (payment + 1, case)
        The months that follow, part of a payment by its part of the months. [1]
    """
    n = shape.per_usd.shape[0]
    whole, part = divmod(_loan(terms).reserve_months / terms.payment_months, 1.0)
    out = np.zeros((n + 1, shape.per_usd.shape[1]))
    for k in range(n):
        for ahead in range(k, min(n, k + int(whole))):
            out[k] += shape.per_usd[ahead]
        if part and k + int(whole) < n:
            out[k] += part * shape.per_usd[k + int(whole)]
    return out


@dataclass(frozen=True, slots=True)
class Uses:
    """What is spent up to completion without regard to the loan, and when.

    Attributes
    ----------
    spent_usd
        Array, shape (month, case): capital up to completion. [USD]
    close_month, completed_month
        Arrays, shape (case,): of the first spending, and of the last. [month]
    held_usd
        Array, shape (case,): reserves filled at completion, the debt service reserve apart. [USD]
    """

    spent_usd: Array
    close_month: NDArray[np.int64]
    completed_month: NDArray[np.int64]
    held_usd: Array


def uses_before_debt(lines: MonthlyLines, spent_usd: Array, held_usd: Array) -> Uses:
    """Spending up to completion.

    Parameters
    ----------
    lines
        The cases.
    spent_usd, held_usd
        Arrays, shape (month, case): capital of all classes, and other reserves. [USD]
    """
    cod = completed_by(lines)
    month = np.arange(spent_usd.shape[0])[:, None]
    early = np.where(month <= cod, spent_usd, 0.0)
    close = np.where((early != 0.0).any(axis=0), (early != 0.0).argmax(axis=0), cod)
    return Uses(early, close.astype(np.int64), cod, held_usd[cod, np.arange(lines.n_case)])


@dataclass(frozen=True, slots=True)
class BuildUp:
    """All uses as they add up, linear in the loan, and their slope in the share that it carries."""

    fixed_usd: Array
    per_debt_usd: Array
    fixed_slope_usd: Array
    per_debt_slope_usd: Array


def build_up(loan: TermLoan, uses: Uses, reserve_frac: Array, share_frac: Any) -> BuildUp:
    r"""All uses at completion when debt carries a given share of every use.

    Parameters
    ----------
    loan
        The loan.
    uses
        Uses without it.
    reserve_frac
        Array, shape (case,): first debt service reserve per dollar of loan. [1]
    share_frac
        Share of every use that the loan carries. [1]

    Notes
    -----
    .. math:: W_m = W_{m-1} (1 + s (i_c - c)) + K_m + c D

    with the share :math:`s`, monthly interest :math:`i_c` and commitment fee :math:`c`, capital :math:`K` and the
    loan :math:`D`; fees enter at close, reserves at completion.
    """
    shape = uses.held_usd.shape
    fee_frac = np.asarray(loan.commitment_fee_frac) / MONTHS_PER_YEAR
    net_frac = np.asarray(loan.construction_rate_frac) / MONTHS_PER_YEAR - fee_frac
    fixed, per_debt, fixed_slope, per_debt_slope = (np.zeros(shape) for _ in range(4))
    for month in range(int(uses.completed_month.max(initial=0)) + 1):
        runs = (month > uses.close_month) & (month <= uses.completed_month)
        closes, completes = month == uses.close_month, month == uses.completed_month
        growth = np.where(runs, 1.0 + share_frac * net_frac, 1.0)
        fixed_slope = fixed_slope * growth + np.where(runs, fixed * net_frac, 0.0)
        per_debt_slope = per_debt_slope * growth + np.where(runs, per_debt * net_frac, 0.0)
        own = uses.spent_usd[month] + np.where(closes, loan.closing_usd, 0.0)
        fixed = fixed * growth + own + np.where(completes, uses.held_usd, 0.0)
        fees = np.where(runs, fee_frac, 0.0) + np.where(closes, loan.upfront_fee_frac, 0.0)
        per_debt = per_debt * growth + fees + np.where(completes, reserve_frac, 0.0)
    return BuildUp(fixed, per_debt, fixed_slope, per_debt_slope)


@dataclass(frozen=True, slots=True)
class MonthlyLoan:
    """A sized loan.

    Attributes
    ----------
    usd
        Array, shape (case,). [USD]
    limits_usd
        Every limit by name, arrays of shape (case,). [USD]
    binding
        Array, shape (case,): index into :data:`MONTHLY_LIMITS` of the least of them.
    share_frac
        Array, shape (case,): share of every use that it carries. [1]
    shape
        Its service per dollar.
    reserve_per_usd
        Array, shape (payment + 1, case): debt service reserve per dollar. [1]
    """

    usd: Array
    limits_usd: dict[str, Array]
    binding: NDArray[np.int64]
    share_frac: Array
    shape: LoanShape
    reserve_per_usd: Array


def size_loan(terms: MonthlyTerms, uses: Uses, shape: LoanShape) -> MonthlyLoan:
    """Size the loan of each case by the least of its limits.

    Notes
    -----
    The size needs no iteration: cover looks at cash before tax, gearing at uses that are linear in the loan where
    its share is known. Only the share that a smaller loan carries is a root, of one rising function.
    """
    loan = _loan(terms)
    reserve = reserve_per_usd(terms, shape)
    n_case = uses.held_usd.size
    nothing = np.full(n_case, np.inf)
    geared = build_up(loan, uses, reserve[0], loan.max_share_frac)
    limits: dict[str, Any] = {
        "dscr": nothing,
        "cash": np.where(shape.has_cash, np.inf, 0.0),
        "gearing": geared_debt_usd(geared.fixed_usd, loan.max_share_frac, geared.per_debt_usd),
        "amount": nothing,
    }
    if loan.dscr_ratio is not None:
        owed = np.zeros(shape.cash_usd.shape)
        np.add.at(owed, shape.group, shape.per_usd)
        possible = np.full(owed.shape, np.inf)
        asked = np.maximum(0.0, shape.cash_usd) / loan.dscr_ratio
        limits["dscr"] = np.divide(asked, owed, out=possible, where=owed > 0.0).min(axis=0)
    if loan.most_usd is not None:
        limits["amount"] = np.broadcast_to(np.asarray(loan.most_usd, dtype=np.float64), (n_case,))
    usd, binding = least_limit(limits)
    return MonthlyLoan(usd, limits, binding, _share(loan, uses, reserve[0], usd), shape, reserve)


def _share(loan: TermLoan, uses: Uses, reserve_frac: Array, usd: Array) -> Array:
    """Share of every use that a loan of a given size carries, by Newton's steps from above."""
    first = build_up(loan, uses, reserve_frac, 0.0)
    total = first.fixed_usd + first.per_debt_usd * usd
    share = np.divide(usd, total, out=np.zeros(usd.shape), where=total > 0.0)
    for _ in range(_MOST_STEPS):
        built = build_up(loan, uses, reserve_frac, share)
        total = built.fixed_usd + built.per_debt_usd * usd
        slope = total + share * (built.fixed_slope_usd + built.per_debt_slope_usd * usd)
        step = np.divide(share * total - usd, slope, out=np.zeros(usd.shape), where=slope > 0.0)
        share = share - step
        if np.all(np.abs(step) <= _CLOSE):
            break
    return np.where(np.abs(share - 1.0) < _ALL, 1.0, share)  # owners of nothing pay in nothing, not a rounding


def funding_rows(terms: MonthlyTerms, uses: Uses, sized: MonthlyLoan | None, n_node: int) -> dict[str, Array]:
    """Uses of each month up to completion, and the debt and equity that pay for them.

    Returns
    -------
    dict of arrays, shape (month, case)
        [USD]
    """
    names = ("construction_interest_usd", "commitment_fee_usd", "debt_fees_usd", "first_reserves_usd", "debt_drawn_usd")
    rows = {name: np.zeros((n_node, uses.held_usd.size)) for name in names}
    case, cod = np.arange(uses.held_usd.size), uses.completed_month
    rows["first_reserves_usd"][cod, case] = uses.held_usd
    if sized is not None:
        loan = _loan(terms)
        rows["first_reserves_usd"][cod, case] += sized.usd * sized.reserve_per_usd[0]
        rows["debt_fees_usd"][uses.close_month, case] = sized.usd * loan.upfront_fee_frac + loan.closing_usd
        drawn = np.zeros(case.size)
        for month in range(int(cod.max(initial=0)) + 1):
            runs = (month > uses.close_month) & (month <= cod)
            interest = np.where(runs, drawn * loan.construction_rate_frac / MONTHS_PER_YEAR, 0.0)
            fee = np.where(runs, (sized.usd - drawn) * loan.commitment_fee_frac / MONTHS_PER_YEAR, 0.0)
            spent = uses.spent_usd[month] + interest + fee
            spent = spent + rows["debt_fees_usd"][month] + rows["first_reserves_usd"][month]
            draw = np.where(month == cod, sized.usd - drawn, np.where(month < cod, sized.share_frac * spent, 0.0))
            drawn = drawn + draw
            rows["construction_interest_usd"][month], rows["commitment_fee_usd"][month] = interest, fee
            rows["debt_drawn_usd"][month] = draw
    rows["capital_usd"] = uses.spent_usd
    rows["uses_usd"] = sum((rows[name] for name in names[:4]), start=uses.spent_usd)
    rows["equity_paid_in_usd"] = rows["uses_usd"] - rows["debt_drawn_usd"]
    return rows


def service_rows(
    terms: MonthlyTerms, lines: MonthlyLines, sized: MonthlyLoan | None, drawn_usd: Array
) -> dict[str, Array]:
    """Interest, principal, balance and debt service reserve of each month.

    Returns
    -------
    dict of arrays, shape (month, case)
        [USD]

    Notes
    -----
    What a tenor longer than the months leaves owed is repaid in the last month.
    """
    names = ("interest_usd", "principal_usd", "debt_service_usd", "debt_service_reserve_usd")
    rows = {name: np.zeros(drawn_usd.shape) for name in names}
    rows["debt_balance_usd"] = np.cumsum(drawn_usd, axis=0)
    if sized is None:
        return rows
    cod, case, step, last = completed_by(lines), np.arange(lines.n_case), terms.payment_months, lines.last_month
    rate = np.asarray(_loan(terms).rate_frac)
    n = sized.shape.per_usd.shape[0]
    owed = np.where(cod < last, sized.usd, 0.0)
    rows["debt_service_reserve_usd"][cod, case] = sized.usd * sized.reserve_per_usd[0]
    for month in range(int(cod.min(initial=last)) + 1, last + 1):
        since = month - cod
        k = np.clip(since // step - 1, 0, n - 1)
        pays = (since > 0) & (since % step == 0) & (since // step <= sized.shape.n_paid)
        service = np.where(pays, sized.usd * sized.shape.per_usd[k, case], 0.0)
        interest = np.where(pays, owed * (rate * step / MONTHS_PER_YEAR), 0.0)
        if month == last:  # a loan that outlives the months
            late = np.where(pays, 0.0, owed * rate * (since % step) / MONTHS_PER_YEAR)
            interest = interest + late
            service = np.where(sized.shape.n_paid < n, owed + interest, service)
        principal = service - interest
        owed = owed - principal
        done = since // step
        held = np.where(since > 0, sized.usd * sized.reserve_per_usd[np.clip(done, 0, n), case], 0.0)
        early = since <= 0
        for name, values in (("interest_usd", interest), ("principal_usd", principal), ("debt_service_usd", service)):
            rows[name][month] = values
        kept = np.where(done < sized.shape.n_paid, held, 0.0)
        rows["debt_service_reserve_usd"][month] = np.where(early, rows["debt_service_reserve_usd"][month], kept)
        rows["debt_balance_usd"][month] = np.where(early, rows["debt_balance_usd"][month], owed)
    return rows
