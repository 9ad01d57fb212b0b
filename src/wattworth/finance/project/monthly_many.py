"""Metrics of many monthly cases at once, by the compiled pass or by the plain ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.finance.irr import IRR_STATUS, internal_rates_frac
from wattworth.finance.project import monthly_compiled as compiled
from wattworth.finance.project.monthly import keep_month_books, least_cover_ratio, month_discount
from wattworth.finance.project.monthly_lines import MonthlyLines
from wattworth.finance.project.monthly_loan_kernels import LEVEL_PAYMENT, LEVEL_PRINCIPAL, SCULPTED
from wattworth.finance.project.monthly_rates import RATE_OPEN
from wattworth.finance.project.monthly_terms import MonthlyTax, MonthlyTerms, TermLoan, terms_of_cases, us_classes
from wattworth.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

MonthlyEngine = Literal["compiled", "plain"]
BLOCK_CASES: Final = 1024
"""Cases that the plain ledger holds at once."""
_LEAST_CASES_PER_TASK: Final = 1024
_TASKS_PER_THREAD: Final = 2
_PROFILES: Final = {"sculpted": SCULPTED, "level_payment": LEVEL_PAYMENT, "level_principal": LEVEL_PRINCIPAL}


@dataclass(frozen=True, slots=True)
class ManyMonths:
    """Metrics of many monthly cases; arrays of shape (case,), NaN where a case has none.

    Attributes
    ----------
    npv_usd
        Of owners' cash after tax. [USD]
    irr_frac
        Its internal rate; NaN unless ``irr_status`` is 0. [1/year]
    irr_status
        Index into :data:`~wattworth.finance.irr.IRR_STATUS`.
    debt_usd, equity_usd
        Drawn, and paid in up to completion. [USD]
    debt_binding
        Index into :data:`~wattworth.finance.project.monthly_debt.MONTHLY_LIMITS`, -1 without a loan.
    dscr_min_ratio
        Least cover over the tests. [1]
    tax_usd
        All income tax, undiscounted. [USD]
    """

    npv_usd: NDArray[np.float64]
    irr_frac: NDArray[np.float64]
    irr_status: NDArray[np.int64]
    debt_usd: NDArray[np.float64]
    equity_usd: NDArray[np.float64]
    debt_binding: NDArray[np.int64]
    dscr_min_ratio: NDArray[np.float64]
    tax_usd: NDArray[np.float64]

    def irr_status_names(self) -> list[str]:
        """The status of each case in words."""
        return [IRR_STATUS[code] for code in self.irr_status]


@dataclass(frozen=True, slots=True)
class PackedMonths:
    """Tables of :func:`wattworth.finance.project.monthly_compiled.monthly_metrics`."""

    dates: NDArray[np.int64]
    numbers: NDArray[Any]
    kinds: NDArray[Any]
    shares: NDArray[Any]
    switches: NDArray[np.int64]
    scalars: NDArray[Any]


def pack_months(lines: MonthlyLines, terms: MonthlyTerms) -> PackedMonths:
    """Lay out lines and terms for the compiled pass."""
    loan, step = terms.loan, terms.payment_months
    numbers = np.zeros((compiled.N_NUMBER, lines.n_case))
    for place, value in _numbers(terms).items():
        numbers[place] = value
    n_share = max(kind.shares_frac.size for kind in terms.classes)
    shares = np.zeros((len(terms.classes), n_share))
    for row, kind in zip(shares, terms.classes, strict=True):
        row[: kind.shares_frac.size] = kind.shares_frac
    kinds = np.array([[kind.bonus_frac, kind.basis_frac, kind.is_building] for kind in terms.classes], dtype=np.float64)
    whole, part = divmod(0.0 if loan is None else loan.reserve_months / step, 1.0)
    switches = np.zeros(compiled.N_SWITCH, dtype=np.int64)
    for place, value in {
        compiled.HAS_LOAN: loan is not None,
        compiled.STEP: step,
        compiled.PAYMENTS: 0 if loan is None else loan.tenor_months // step,
        compiled.GRACE: 0 if loan is None else loan.grace_months // step,
        compiled.PROFILE: 0 if loan is None else _PROFILES[loan.profile],
        compiled.TEST: terms.test_months,
        compiled.HAS_DSCR: loan is not None and loan.dscr_ratio is not None,
        compiled.HAS_MOST: loan is not None and loan.most_usd is not None,
        compiled.RESERVE_WHOLE: whole,
        compiled.LOSSES_CARRIED: terms.tax.losses == "carried",
        compiled.HAS_INTEREST_LIMIT: terms.tax.interest_limit_frac is not None,
        compiled.WRITES_OFF_REST: terms.tax.writes_off_rest,
    }.items():
        switches[place] = value
    dates = np.stack([lines.completed_month, lines.in_service_month, lines.retired_month]).astype(np.int64)
    return PackedMonths(dates, numbers, kinds, shares, switches, np.array([part, terms.start_years]))


def _numbers(terms: MonthlyTerms) -> dict[int, Any]:
    """Numbers of the terms by their row, rates by payment or by month."""
    payments_per_year, tax, loan = MONTHS_PER_YEAR / terms.payment_months, terms.tax, terms.loan
    out: dict[int, Any] = {
        compiled.RESERVE_RATE: np.asarray(terms.reserve_interest_frac) / payments_per_year,
        compiled.RECEIVABLE: np.asarray(terms.receivable_days) / DAYS_PER_MONTH,
        compiled.PAYABLE: np.asarray(terms.payable_days) / DAYS_PER_MONTH,
        compiled.FEDERAL: tax.federal_frac,
        compiled.STATE: tax.state_frac,
        compiled.LOSS_LIMIT: tax.loss_use_limit_frac,
        compiled.INTEREST_LIMIT: 0.0 if tax.interest_limit_frac is None else tax.interest_limit_frac,
        compiled.DISCOUNT: terms.discount_frac,
    }
    if loan is not None:
        out |= {
            compiled.RATE: np.asarray(loan.rate_frac) / payments_per_year,
            compiled.DSCR: 1.0 if loan.dscr_ratio is None else loan.dscr_ratio,
            compiled.MAX_SHARE: loan.max_share_frac,
            compiled.MOST: 0.0 if loan.most_usd is None else loan.most_usd,
            compiled.BUILD_RATE: np.asarray(loan.construction_rate_frac) / MONTHS_PER_YEAR,
            compiled.BUILD_FEE: np.asarray(loan.commitment_fee_frac) / MONTHS_PER_YEAR,
            compiled.UPFRONT: loan.upfront_fee_frac,
            compiled.CLOSING: loan.closing_usd,
        }
    return out


def evaluate_months(
    lines: MonthlyLines,
    terms: MonthlyTerms,
    engine: MonthlyEngine = "compiled",
    *,
    threads: int = 1,
    block: int = BLOCK_CASES,
) -> ManyMonths:
    """Metrics of every case.

    Parameters
    ----------
    lines
        Cash before financing, cases contiguous in memory.
    terms
        Loan, reserves, tax and discounting; numbers or arrays of shape (case,).
    engine
        ``compiled``: one compiled pass. ``plain``: the rows of the ledger with a case axis, block by block.
    threads
        Threads of the compiled pass, which releases the interpreter.
    block
        Cases that the plain ledger holds at once.

    Returns
    -------
    ManyMonths

    Raises
    ------
    DataError
        If the terms have more or fewer classes of write-off than the lines.
    """
    if len(terms.classes) != lines.capital_usd.shape[0]:
        raise DataError(f"terms have {len(terms.classes)} classes of write-off, lines {lines.capital_usd.shape[0]}")
    if engine == "plain":
        results, irr, status = _plain(lines, terms, block)
    else:
        results, irr, status = _compiled(lines, terms, threads)
    return ManyMonths(
        npv_usd=results[compiled.NPV],
        irr_frac=irr,
        irr_status=status,
        debt_usd=results[compiled.DEBT],
        equity_usd=results[compiled.EQUITY],
        debt_binding=results[compiled.BINDING].astype(np.int64),
        dscr_min_ratio=results[compiled.DSCR_MIN],
        tax_usd=results[compiled.TAX],
    )


def _run(
    lines: MonthlyLines, packed: PackedMonths, first: int, stop: int, kept: NDArray[Any], results: NDArray[Any]
) -> None:
    compiled.monthly_metrics(
        lines.usd,
        lines.capital_usd,
        lines.held_usd,
        packed.dates,
        packed.numbers,
        packed.kinds,
        packed.shares,
        packed.switches,
        packed.scalars,
        first,
        stop,
        kept,
        results,
    )


def _contiguous(lines: MonthlyLines) -> MonthlyLines:
    """The same lines as the compiled pass reads them."""
    usd, capital, held = (np.ascontiguousarray(array) for array in (lines.usd, lines.capital_usd, lines.held_usd))
    return replace(lines, usd=usd, capital_usd=capital, held_usd=held)


def _compiled(lines: MonthlyLines, terms: MonthlyTerms, threads: int) -> tuple[Any, Any, Any]:
    packed, lines, n_case = pack_months(lines, terms), _contiguous(lines), lines.n_case
    results, kept = np.empty((compiled.N_RESULT, n_case)), np.empty((0, n_case))
    per_task = max(_LEAST_CASES_PER_TASK, -(-n_case // (threads * _TASKS_PER_THREAD)))
    if threads > 1 and n_case > per_task:
        with ThreadPoolExecutor(threads) as pool:
            tasks = [
                pool.submit(_run, lines, packed, start, min(n_case, start + per_task), kept, results)
                for start in range(0, n_case, per_task)
            ]
            for task in tasks:
                task.result()
    else:
        _run(lines, packed, 0, n_case, kept, results)
    irr, status = results[compiled.IRR].copy(), results[compiled.IRR_STATE].astype(np.int64)
    still = np.flatnonzero(status == RATE_OPEN)
    if still.size:
        irr[still], status[still] = internal_rates_frac(owners_cash_usd(lines, terms, still))
    return results, irr, status


def owners_cash_usd(lines: MonthlyLines, terms: MonthlyTerms, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """After-tax cash of owners of some cases by the compiled pass, shape (month, case). [USD]

    Parameters
    ----------
    lines, terms
        All cases and their terms.
    places
        Which of them.
    """
    packed = pack_months(lines, terms)
    numbers, dates = (np.ascontiguousarray(table[:, places]) for table in (packed.numbers, packed.dates))
    results = np.empty((compiled.N_RESULT, places.size))
    kept = np.empty((lines.last_month + 1, places.size))
    chosen = replace(packed, numbers=numbers, dates=dates)
    _run(_contiguous(lines.take(places)), chosen, 0, places.size, kept, results)
    return kept


def _plain(lines: MonthlyLines, terms: MonthlyTerms, block: int) -> tuple[Any, Any, Any]:
    results = np.empty((compiled.N_RESULT, lines.n_case))
    irr, status = np.empty(lines.n_case), np.empty(lines.n_case, dtype=np.int64)
    for start in range(0, lines.n_case, block):
        own = slice(start, min(lines.n_case, start + block))
        part, part_terms = lines.take(own), terms_of_cases(terms, own)
        books = keep_month_books(part, part_terms, accounts=False)
        rows, sized = books.rows, books.sized
        cash = rows["after_tax_equity_usd"]
        results[compiled.NPV, own] = np.sum(cash * month_discount(part, part_terms), axis=0)
        results[compiled.DEBT, own] = 0.0 if sized is None else sized.usd
        results[compiled.BINDING, own] = -1.0 if sized is None else sized.binding
        results[compiled.EQUITY, own] = rows["equity_paid_in_usd"].sum(axis=0)
        results[compiled.DSCR_MIN, own] = least_cover_ratio(sized, part.n_case)
        results[compiled.TAX, own] = -(rows["state_tax_usd"] + rows["federal_tax_usd"]).sum(axis=0)
        irr[own], status[own] = internal_rates_frac(np.ascontiguousarray(cash))
    return results, irr, status


def compile_monthly_kernels() -> None:
    """Leave the compiled pass in the cache, for a process with nothing better to do."""
    one = np.zeros(1, dtype=np.int64)
    usd = np.zeros((5, 25, 1))
    usd[0] = 1.0
    lines = MonthlyLines(usd, np.ones((3, 1, 1)), np.zeros((0, 1)), one, one, one + 24)
    terms = MonthlyTerms(0.1, MonthlyTax(0.2, "carried"), us_classes(), TermLoan(0.05, 12, dscr_ratio=1.2))
    evaluate_months(lines, terms)
