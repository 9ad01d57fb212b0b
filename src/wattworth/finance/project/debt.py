r"""Term debt: its size, and which limit binds. No step of it iterates.

The debt is the least of its limits, each in closed form in what is known before its size is. With the service
:math:`s_t` and the balance :math:`b_t` of a loan of one dollar (:mod:`~wattworth.finance.project.schedules`), what may
be paid :math:`A_t` (:mod:`~wattworth.finance.project.lendable`), uses :math:`C + k D` and other sources :math:`S`,

.. math::
    D_{dscr} &= \min_{t \le M} A_t / s_t \\
    D_{gearing} &= (g C - E) / (1 - g k) \\
    D_{value} &= l V - E \\
    D_{interest} &= \min_{t \le M} (C_t / q - I_t) / i_t \\
    D_{refinancing} &= \min_{t > M} (A'_t / s'_t) / b_M \\
    D_{funding} &= (C - S) / (1 - k)

where :math:`E` is existing debt that stays with its interest :math:`I_t`, :math:`g` the gearing cap, :math:`l` the loan
to value, :math:`q` the interest cover, and a prime marks the loan that takes out the balance :math:`b_M` at maturity.

Three places differ from SAM on purpose. A year of negative cash is served by nothing, where SAM lends more. The
first filling of a receivables reserve is a use of the money raised and no year of debt service, where SAM discounts it
among them and leaves a loan that is overpaid. Debt whose tenor is longer than the project releases its reserve in the
last year, where SAM keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.lendable import appraised_usd, lendable_cash_usd
from wattworth.finance.project.operations import Array, Rows
from wattworth.finance.project.parts import Debt
from wattworth.finance.project.prior_claims import assumed_usd, prepaid_usd
from wattworth.finance.project.schedules import Loan, service_per_usd, take_out, term_loan
from wattworth.units import MONTHS_PER_YEAR

__all__ = [
    "SizedDebt",
    "commitment_fee_per_usd",
    "geared_debt_usd",
    "least_limit",
    "sculpted_debt_usd",
    "service_per_usd",
    "size_debt",
]

_CLOSEST = 1e-12


def sculpted_debt_usd(cfads_usd: ArrayLike, dscr_ratio: ArrayLike, rate_frac: ArrayLike) -> NDArray[np.float64]:
    r"""Debt that cash repays exactly while covering its service ``dscr_ratio`` times.

    Parameters
    ----------
    cfads_usd
        Array, shape (year, ...): cash available for debt service from year 1. [USD]
    dscr_ratio
        Cover, one for all years or one for each. [1]
    rate_frac
        Interest, one for all years or one for each. [1/year]

    Returns
    -------
    array, shape (...)
        [USD]

    Notes
    -----
    .. math:: D = \sum_t \frac{CFADS_t}{DSCR_t} \prod_{s \le t} \frac{1}{1 + i_s}

    Examples
    --------
    >>> round(float(sculpted_debt_usd([100.0, 95.0, 90.0], 1.4, 0.07)), 3)
    178.501
    """
    cash = np.asarray(cfads_usd, dtype=np.float64)
    shape = (cash.shape[0],) + (1,) * (cash.ndim - 1)
    rate = np.broadcast_to(np.reshape(rate_frac, (-1, *shape[1:])), shape)
    cover = np.broadcast_to(np.reshape(dscr_ratio, (-1, *shape[1:])), shape)
    return np.sum(cash / cover * np.cumprod(1.0 / (1.0 + rate), axis=0), axis=0)


def geared_debt_usd(cost_usd: ArrayLike, share_frac: ArrayLike, debt_cost_frac: ArrayLike) -> NDArray[np.float64]:
    r"""Debt that is a given share of uses which it makes dearer itself.

    Parameters
    ----------
    cost_usd
        Uses without the debt's own. [USD]
    share_frac
        Share of all uses. [1]
    debt_cost_frac
        Fee, interest during construction and reserves per dollar of debt. [1]

    Returns
    -------
    array
        Infinite where each dollar of debt pays for itself. [USD]

    Notes
    -----
    .. math:: U = C + kD, \quad D = gU = gC / (1 - gk)

    Examples
    --------
    >>> round(float(geared_debt_usd(1000.0, 0.7, 0.11)), 3)
    758.397
    """
    left = 1.0 - np.asarray(share_frac) * np.asarray(debt_cost_frac)
    numerator = np.asarray(share_frac, dtype=np.float64) * np.asarray(cost_usd) + 0.0 * left
    return np.divide(numerator, left, out=np.full(np.shape(numerator), np.inf), where=left > _CLOSEST)


def least_limit(limits_usd: Mapping[str, ArrayLike]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The least of several limits, never below zero, and its place among them.

    Examples
    --------
    >>> size, binding = least_limit({"dscr": 178.501, "gearing": 0.6 * 250, "value": 0.65 * 300})
    >>> float(size), ("dscr", "gearing", "value")[int(binding)]
    (150.0, 'gearing')
    """
    stacked = np.stack(np.broadcast_arrays(*(np.asarray(limit, dtype=np.float64) for limit in limits_usd.values())))
    return np.maximum(0.0, stacked.min(axis=0)), stacked.argmin(axis=0)


@dataclass(frozen=True, slots=True)
class SizedDebt:
    """Debt, and why it is not more.

    Attributes
    ----------
    usd
        Array, shape (case,): its size. [USD]
    limits_usd
        Every limit by name, arrays of shape (case,). [USD]
    binding
        Array, shape (case,): index of the least of them.
    service_per_usd
        Array, shape (year to its maturity, case): interest and principal per dollar. [1]
    loan
        The loan of one dollar.
    take_out
        The loan that refinances what is left at its maturity, of one dollar, or None.
    take_out_limit_usd
        Array, shape (case,): most that is refinanced. [USD]
    value_usd
        Array, shape (case,): the value a loan to value is of, or None. [USD]
    """

    usd: Array
    limits_usd: dict[str, Array]
    binding: NDArray[np.int64]
    service_per_usd: Array
    loan: Loan
    take_out: Loan | None
    take_out_limit_usd: Array
    value_usd: Array | None


def commitment_fee_per_usd(case: ProjectCase, grid: Grid) -> Any:
    r"""Commitment fees while building per dollar of debt, what is undrawn falling evenly through each year.

    Notes
    -----
    .. math:: k_c = c \sum_k \Big(1 - \frac{F_{k-1} + F_k}{2}\Big)

    with the yearly fee :math:`c` and the share :math:`F_k` spent by the end of year :math:`k` of construction.
    """
    fee: Any = 0.0 if case.debt is None else case.debt.commitment_fee_frac
    spent = np.cumsum(grid.spending_frac[: grid.n_construction])
    undrawn = 1.0 - spent + 0.5 * grid.spending_frac[: grid.n_construction]
    return fee * float(undrawn.sum())


def _most_usd(most_usd: Array, per_usd: Array) -> Array:
    """Debt whose service never exceeds what may be paid; for sculpted debt that is so in every year at once."""
    possible = np.full(np.broadcast_shapes(most_usd.shape, per_usd.shape), np.inf)
    return np.divide(most_usd, per_usd, out=possible, where=per_usd > 0.0).min(axis=0, initial=np.inf)


def _base_usd(case: ProjectCase, costs: Mapping[str, Any], per_usd: Array, *, fixed: bool) -> tuple[Any, Any]:
    """Cost that a share applies to, and what each dollar of debt adds to it."""
    debt = case.debt
    assert debt is not None
    first_reserve = case.reserves.debt_service_months / MONTHS_PER_YEAR * per_usd[0]
    before, fee_frac = costs["before_debt_usd"], debt.upfront_fee_frac + commitment_fee_per_usd(case, case.grid)
    if case.timing.gearing_base == "uses":
        return before, fee_frac + first_reserve
    before = before - costs["receivables_usd"]
    if fixed:
        share_frac = 0.0 if debt.share_frac is None else debt.share_frac
        dearer = 1.0 + share_frac * fee_frac
        return before * dearer, first_reserve * dearer
    return before + fee_frac * case.capital.installed_usd, 0.0


def _cost_limits_usd(case: ProjectCase, costs: Mapping[str, Any], per_usd: Array) -> dict[str, Any]:
    """Limits that are shares of the cost, and what other sources leave to fund."""
    debt = case.debt
    assert debt is not None
    limits: dict[str, Any] = {}
    if debt.share_frac is not None:
        base, per_debt = _base_usd(case, costs, per_usd, fixed=True)
        limits["share"] = geared_debt_usd(base, debt.share_frac, per_debt)
    base, per_debt = _base_usd(case, costs, per_usd, fixed=False)
    limits["gearing"] = geared_debt_usd(base, debt.max_share_frac, per_debt)
    if case.existing_debt is not None:
        left = 1.0 - np.asarray(debt.max_share_frac) * per_debt
        limits["gearing"] = limits["gearing"] - assumed_usd(case) / np.where(left > _CLOSEST, left, 1.0)
    if case.existing_debt is not None or case.prepayment is not None:
        first_reserve = case.reserves.debt_service_months / MONTHS_PER_YEAR * per_usd[0]
        per_debt = debt.upfront_fee_frac + commitment_fee_per_usd(case, case.grid) + first_reserve
        left_usd = costs["before_debt_usd"] - assumed_usd(case) - prepaid_usd(case)
        limits["funding"] = geared_debt_usd(left_usd, 1.0, per_debt)
    return limits


def _interest_limit_usd(debt: Debt, cash_usd: Array, existing_interest_usd: Array, rate_frac: Array) -> Array:
    """Debt whose interest, on all of it, cash covers as often as is asked in every year."""
    assert debt.min_interest_cover_ratio is not None
    most = np.full(np.broadcast_shapes(cash_usd.shape, existing_interest_usd.shape, rate_frac.shape), np.inf)
    pays = np.broadcast_to(rate_frac > 0.0, most.shape)
    np.divide(cash_usd, debt.min_interest_cover_ratio * rate_frac, out=most, where=pays)
    taken = np.divide(existing_interest_usd, rate_frac, out=np.zeros(most.shape), where=pays)
    return (most - taken).min(axis=0, initial=np.inf)


def size_debt(
    case: ProjectCase, grid: Grid, cfads_usd: Array, costs: Mapping[str, Any], rows: Rows | None = None
) -> SizedDebt:
    """Size the debt of a case by the least of its limits.

    Parameters
    ----------
    case
        The case; it must have debt.
    grid
        Its years.
    cfads_usd
        Array, shape (year, case): cash available for debt service. [USD]
    costs
        ``before_debt_usd``, all uses without the debt's fee and reserve, and ``receivables_usd``, the part
        of them that a receivables reserve takes.
    rows
        Sales, operating cost and existing debt, shape (year, case); needed by phases, an appraisal and existing debt.

    Returns
    -------
    SizedDebt

    Notes
    -----
    Years of negative cash count as no cash: debt service is never negative.
    """
    debt, rows = case.debt, {} if rows is None else rows
    assert debt is not None
    repaying = min(debt.tenor_years, grid.n_operating)
    cash = np.maximum(0.0, cfads_usd[grid.operating])
    most, shape = lendable_cash_usd(case, grid, rows, cash)
    sculpted = debt.profile == "sculpted"
    grace = debt.moratorium_years if grid.convention.grace_in_sculpting or not sculpted else 0
    loan = term_loan(debt, grid.n_operating, grace, shape)
    per_usd = loan.service_per_usd
    limits: dict[str, Any] = {}
    if debt.dscr_ratio is not None or debt.phases:
        limits["dscr"] = _most_usd(most[:repaying], per_usd[:repaying])
    if sculpted:
        limits["cash"] = np.where(per_usd[grace:].sum(axis=0) > 0.0, np.inf, 0.0)
    limits |= _cost_limits_usd(case, costs, per_usd)
    value = appraised_usd(case, grid, rows)
    if value is not None:
        limits["loan_to_value"] = np.asarray(debt.max_loan_to_value_frac) * value - assumed_usd(case)
    if debt.min_interest_cover_ratio is not None:
        interest = rows.get("existing_interest_usd", np.zeros((grid.year.size, 1)))[grid.operating][:repaying]
        limits["interest_cover"] = _interest_limit_usd(debt, cash[:repaying], interest, loan.rate_frac[:repaying])
    second, second_limit = _refinanced(case, grid, rows, cash, shape)
    if second is not None and debt.refinancing is not None and debt.refinancing.limits_debt:
        left = loan.balance_per_usd()[-1]
        limits["refinancing"] = _most_usd(np.atleast_2d(second_limit), np.atleast_2d(left))
    arrays = {name: np.atleast_1d(np.asarray(limit, dtype=np.float64)) for name, limit in limits.items()}
    usd, binding = least_limit(arrays)
    return SizedDebt(usd, arrays, binding, per_usd, loan, second, second_limit, value)


def _refinanced(
    case: ProjectCase, grid: Grid, rows: Rows, cash_usd: Array, shape_usd: Array
) -> tuple[Loan | None, Array]:
    """The loan that takes out the balance at maturity, and the most of it that its lender gives."""
    debt = case.debt
    assert debt is not None
    second = take_out(debt, grid.n_operating, shape_usd)
    if second is None or debt.refinancing is None:
        return None, np.zeros(1)
    limit, per_usd = np.full(1, np.inf), second.service_per_usd
    if debt.refinancing.dscr_ratio is not None:
        asked = debt.model_copy(update={"dscr_ratio": debt.refinancing.dscr_ratio, "phases": ()})
        room, _ = lendable_cash_usd(case.model_copy(update={"debt": asked}), grid, rows, cash_usd)
        limit = _most_usd(room[second.first :][: per_usd.shape[0]], per_usd)
    if second.profile == "sculpted":
        limit = np.where(per_usd.sum(axis=0) > 0.0, limit, 0.0)
    return second, limit
