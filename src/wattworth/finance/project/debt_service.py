r"""Debt from year to year: instalments, the sweep, the balance at maturity and the loan that takes it out.

With the size :math:`D`, the balance :math:`B_t`, and the service :math:`s_t` and balance :math:`b_t` of one dollar,

.. math::
    I_t &= i_t B_{t-1}, \quad G_t = f B_{t-1} \\
    P_t &= D s_t - I_t - G_t \quad\text{without a sweep} \\
    P_t &= \min(D p_t, B_{t-1}) \;\text{(last)}, \quad B_{t-1} p_t / b_{t-1} \;\text{(pro rata)}, \quad
        p_t = b_{t-1} - b_t \\
    X_t &= \min\big(B_{t-1} - P_t,\; \sigma \max(0, C_t + T_t - m (E_t + I_t + G_t + P_t))\big) \\
    B_t &= B_{t-1} - P_t - X_t, \qquad B_M \to R = \min(B_M, R_{max})

where :math:`f` is a guarantor's fee, :math:`\sigma` the share swept above the cover :math:`m`, :math:`C_t` cash before
tax, :math:`E_t` the service of existing debt, and :math:`T_t` nothing, or, after tax, credits, incentives and interest
on reserves less tax. Interest is on the balance at the start of the year; tax of the year, and interest on a reserve
filled the year before for the service of this one, follow from it: the sweep of a year is known before it is made. One
pass forward, nothing is iterated. What :math:`R` leaves of :math:`B_M`, the owners repay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt import SizedDebt
from wattworth.finance.project.lending import CashSweep
from wattworth.finance.project.operations import Array, Rows
from wattworth.finance.project.prior_claims import EXISTING_ROWS, assumed_usd
from wattworth.finance.project.schedules import Loan

_DUST_USD: Final = 1e-6
_DUST: Final = 1e-9
DEBT_ROWS: Final = (
    "interest_usd",
    "principal_usd",
    "debt_service_usd",
    "debt_balance_usd",
    "debt_rate_frac",
    "backstop_fee_usd",
    "swept_usd",
    "balloon_usd",
    "refinanced_usd",
    "refinancing_fee_usd",
)


def last_service_year(case: ProjectCase) -> int:
    """Year of operation of the last payment of any debt; 0 where there is none."""
    debt, old = case.debt, case.existing_debt
    last = 0
    if debt is not None:
        second = debt.refinancing if debt.has_balloon else None
        last = debt.tenor_years + (0 if second is None else second.tenor_years)
    if old is not None and old.at_close == "assumed":
        years = old.remaining_years if old.principal_frac_by_year is None else len(old.principal_frac_by_year)
        last = max(last, years)
    return last


def is_served(service_usd: Array) -> NDArray[np.bool_]:
    """Years whose debt service is more than dust: what rounding leaves of a loan that was swept is none."""
    return service_usd > np.maximum(_DUST_USD, _DUST * service_usd.max(axis=0))


def _widest(sized: SizedDebt | None, rows: Rows) -> int:
    """How many cases the debt is of."""
    shapes = [rows[name].shape[1:] for name in EXISTING_ROWS]
    if sized is not None:
        shapes += [sized.usd.shape, sized.service_per_usd.shape[1:], sized.loan.rate_frac.shape[1:]]
        shapes += [np.atleast_1d(sized.loan.fee_frac).shape, sized.take_out_limit_usd.shape]
        shapes += [] if sized.take_out is None else [sized.take_out.service_per_usd.shape[1:]]
    return np.broadcast_shapes(*shapes)[0]


def _add_existing(case: ProjectCase, grid: Grid, rows: Rows, existing: Rows) -> None:
    """Add what existing debt costs to the totals."""
    before = np.cumsum(grid.spending_frac[: grid.n_construction])[:, None]
    rows["debt_balance_usd"][: grid.n_construction] += assumed_usd(case) * before
    rows["debt_balance_usd"] += existing["existing_debt_usd"]
    rows["interest_usd"] += existing["existing_interest_usd"]
    rows["principal_usd"] += existing["existing_principal_usd"] + existing["existing_due_usd"]
    rows["debt_service_usd"] += existing["existing_interest_usd"] + existing["existing_principal_usd"]
    rows["balloon_usd"] += existing["existing_due_usd"]
    if case.debt is None and case.existing_debt is not None:
        rows["debt_rate_frac"][grid.operating] = case.existing_debt.rate_frac


def _with_existing(case: ProjectCase, grid: Grid, rows: Rows, existing: Rows) -> Rows:
    """The rows with existing debt added, without touching them."""
    both = {name: row.copy() for name, row in rows.items()}
    _add_existing(case, grid, both, existing)
    return both


def _widest_swept(case: ProjectCase, n_case: int, rows: Rows) -> int:
    """How many cases a swept debt is of: after tax, any number of the case may make it vary."""
    numbers = [case.tax.federal_frac, case.tax.state_frac, case.tax.loss_use_limit_frac, case.tax.interest_limit_frac]
    numbers += [case.reserves.interest_frac, case.reserves.debt_service_months, case.capital.installed_usd]
    if case.debt is not None and case.debt.sweep is not None:
        numbers += [case.debt.sweep.share_frac, case.debt.sweep.min_dscr_ratio]
    widths = [row.shape[1:] for row in rows.values()]
    return np.broadcast_shapes((n_case,), *widths, *(np.shape(number) for number in numbers))[0]


class _Pass:
    """Writes the years of one loan after another into the rows."""

    def __init__(self, case: ProjectCase, grid: Grid, rows: Rows, cash_usd: Array) -> None:
        assert case.debt is not None
        self.sweep, self.terms = case.debt.sweep, case.debt.refinancing
        self.grid, self.rows, self.cash_usd = grid, rows, cash_usd
        self.other_usd = np.zeros((grid.year.size, 1))
        self.beside_usd: Callable[[Rows], Array] | None = None

    def pay(self, loan: Loan, start_usd: Array, sweep: CashSweep | None) -> Array:
        """Serve a loan until its maturity or the end; what is then owed."""
        owed, rows = start_usd, self.rows
        balance = loan.balance_per_usd() if sweep is not None else None
        for year, per_usd in enumerate(loan.service_per_usd):
            place = self.grid.n_construction + loan.first + year
            rate = loan.rate_frac[loan.first + year]
            interest, fee = owed * rate, owed * np.asarray(loan.fee_frac, dtype=np.float64)
            if sweep is None or balance is None:
                service = start_usd * per_usd
                principal = service - interest - fee
            else:
                principal = self._instalment(sweep, start_usd, owed, balance[year], balance[year + 1])
                service = interest + fee + principal
            owed = owed - principal
            rows["debt_service_usd"][place] = service
            rows["interest_usd"][place] = interest
            rows["principal_usd"][place] = principal
            rows["backstop_fee_usd"][place] = fee
            if sweep is not None:
                swept = self._sweep(sweep, place, owed)
                owed = owed - swept
                rows["swept_usd"][place] = swept
                rows["principal_usd"][place] += swept
            rows["debt_balance_usd"][place] = owed
            rows["debt_rate_frac"][place:] = rate + loan.fee_frac
        return owed

    def _sweep(self, sweep: CashSweep, place: int, owed: Array) -> Array:
        """What the sweep of one year takes."""
        cash = self.cash_usd[place]
        if sweep.after_tax and self.beside_usd is not None:
            cash = cash + self.beside_usd(self.rows)[place]
        service = self.rows["debt_service_usd"][place] + self.other_usd[place]
        above = np.maximum(0.0, cash - sweep.min_dscr_ratio * service)
        return np.maximum(0.0, np.minimum(owed, sweep.share_frac * above))

    @staticmethod
    def _instalment(sweep: CashSweep, start_usd: Array, owed: Array, before: Array, after: Array) -> Array:
        """Principal of a year under a sweep."""
        planned = before - after
        if sweep.applied == "last":
            return np.minimum(start_usd * planned, owed)
        left = np.divide(planned, before, out=np.zeros(np.shape(before)), where=np.abs(before) > 1e-12)
        return np.minimum(owed * left, owed)

    def settle(self, loan: Loan, owed: Array, limit_usd: Array) -> Array:
        """Repay the balance at maturity, as far as possible out of a new loan; the new loan."""
        if not loan.has_balloon or loan.maturity > self.grid.n_operating:
            return np.zeros(owed.shape)
        place, rows = self.grid.now + loan.maturity, self.rows
        new = np.maximum(0.0, np.minimum(owed, limit_usd))
        fee_frac: Any = 0.0 if self.terms is None else self.terms.upfront_fee_frac
        rows["balloon_usd"][place] = owed
        rows["principal_usd"][place] += owed
        rows["refinanced_usd"][place] = new
        rows["refinancing_fee_usd"][place] = fee_frac * new
        rows["debt_balance_usd"][place] = new
        return new


def debt_rows(
    case: ProjectCase,
    grid: Grid,
    sized: SizedDebt | None,
    rows_before: Rows,
    beside_usd: Callable[[Rows], Array],
) -> Rows:
    """Interest, principal, service and balance of each year, existing debt with them.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    sized
        Its term debt, or None.
    rows_before
        Rows of its existing debt, and ``cfads_usd``.
    beside_usd
        What a year leaves beside that cash, given the debt rows up to it; asked by a sweep after tax. [USD]

    Returns
    -------
    dict of arrays, shape (year, case)
        Service is interest, a guarantor's fee and instalments; principal also holds what is swept and what is due at
        maturity. [USD]
    """
    existing, cfads_usd = rows_before, rows_before["cfads_usd"]
    n_case = _widest(sized, existing)
    if case.debt is not None and case.debt.sweep is not None:
        n_case = _widest_swept(case, n_case, rows_before)
    rows = {name: np.zeros((grid.year.size, n_case)) for name in DEBT_ROWS}
    if sized is not None and case.debt is not None:
        owed = np.broadcast_to(sized.usd, (n_case,)).astype(np.float64)
        rows["debt_balance_usd"][: grid.n_construction] = (
            owed * np.cumsum(grid.spending_frac[: grid.n_construction])[:, None]
        )
        one = _Pass(case, grid, rows, cfads_usd)
        one.other_usd = existing["existing_interest_usd"] + existing["existing_principal_usd"]
        one.beside_usd = lambda rows: beside_usd(_with_existing(case, grid, rows, existing))
        left = one.pay(sized.loan, owed, case.debt.sweep)
        if not sized.loan.has_balloon or sized.loan.maturity > grid.n_operating:
            rows["debt_balance_usd"][grid.n_construction + sized.service_per_usd.shape[0] :] = left
        else:
            new = one.settle(sized.loan, left, sized.take_out_limit_usd)
            if sized.take_out is not None:
                one.settle(sized.take_out, one.pay(sized.take_out, new, None), np.zeros(1))
                end = min(sized.take_out.maturity, grid.n_operating)
                rows["debt_balance_usd"][grid.now + end + 1 :] = rows["debt_balance_usd"][grid.now + end]
    _add_existing(case, grid, rows, existing)
    return rows
