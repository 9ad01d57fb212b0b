"""Term debt: its shape, its size, and which limit binds. No step of it iterates.

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
from wattworth.finance.project.operations import Array, Rows
from wattworth.finance.project.parts import DebtProfile
from wattworth.units import MONTHS_PER_YEAR

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


def service_per_usd(
    profile: DebtProfile, rate_frac: Any, tenor_years: int, grace_years: int, cash_usd: Array
) -> NDArray[np.float64]:
    """Interest and principal in each year per dollar of debt.

    Parameters
    ----------
    profile
        How the debt is repaid.
    rate_frac
        Interest. [1/year]
    tenor_years
        Years to the last payment.
    grace_years
        Years in which interest alone is paid.
    cash_usd
        Array, shape (tenor, case): what sculpted debt follows; it must not be negative. [USD]

    Returns
    -------
    array, shape (tenor, case)
        [1]
    """
    rate = np.atleast_1d(np.asarray(rate_frac, dtype=np.float64))
    n = tenor_years - grace_years
    year = np.arange(1, n + 1)[:, None]
    if profile == "level_payment":
        with np.errstate(invalid="ignore", divide="ignore"):
            payment = np.where(rate == 0.0, 1.0 / n, rate / -np.expm1(-n * np.log1p(rate)))
        repaid = np.broadcast_to(payment, (n, rate.size))
    elif profile == "level_principal":
        repaid = 1.0 / n + rate * (1.0 - (year - 1) / n)
    else:
        cash = cash_usd[grace_years:tenor_years]
        worth = np.sum(cash * (1.0 + rate) ** -year[: cash.shape[0]], axis=0)
        repaid = np.divide(cash, worth, out=np.zeros(np.broadcast_shapes(cash.shape, worth.shape)), where=worth > 0.0)
    waiting = np.broadcast_to(rate, (grace_years, repaid.shape[1]))
    return np.concatenate([waiting, repaid])


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
        Array, shape (operating year, case): interest and principal per dollar. [1]
    """

    usd: Array
    limits_usd: dict[str, Array]
    binding: NDArray[np.int64]
    service_per_usd: Array


def _cover_limit_usd(case: ProjectCase, cash_usd: Array, per_usd: Array) -> Array:
    """Debt at which cover is exactly what is asked; for sculpted debt, in every year."""
    debt = case.debt
    assert debt is not None
    asked = cash_usd / (1.0 if debt.dscr_ratio is None else debt.dscr_ratio)
    possible = np.full(np.broadcast_shapes(asked.shape, per_usd.shape), np.inf)
    return np.divide(asked, per_usd, out=possible, where=per_usd > 0.0).min(axis=0)


def _base_usd(case: ProjectCase, costs: Mapping[str, Any], per_usd: Array, *, fixed: bool) -> tuple[Any, Any]:
    """Cost that a share applies to, and what each dollar of debt adds to it."""
    debt = case.debt
    assert debt is not None
    first_reserve = case.reserves.debt_service_months / MONTHS_PER_YEAR * per_usd[0]
    before = costs["before_debt_usd"]
    if case.timing.gearing_base == "uses":
        return before, debt.upfront_fee_frac + first_reserve
    before = before - costs["receivables_usd"]
    if fixed:
        share_frac = 0.0 if debt.share_frac is None else debt.share_frac
        dearer = 1.0 + share_frac * debt.upfront_fee_frac
        return before * dearer, first_reserve * dearer
    return before + debt.upfront_fee_frac * case.capital.installed_usd, 0.0


def size_debt(case: ProjectCase, grid: Grid, cfads_usd: Array, costs: Mapping[str, Any]) -> SizedDebt:
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

    Returns
    -------
    SizedDebt

    Notes
    -----
    Years of negative cash count as no cash: debt service is never negative.
    """
    debt = case.debt
    assert debt is not None
    repaying = min(debt.tenor_years, grid.n_operating)
    cash = np.maximum(0.0, cfads_usd[grid.operating][:repaying])
    sculpted = debt.profile == "sculpted"
    grace = debt.moratorium_years if grid.convention.grace_in_sculpting or not sculpted else 0
    per_usd = service_per_usd(debt.profile, debt.rate_frac, debt.tenor_years, grace, cash)[: grid.n_operating]
    limits: dict[str, Any] = {}
    if debt.dscr_ratio is not None:
        limits["dscr"] = _cover_limit_usd(case, cash, per_usd[:repaying])
    if sculpted:
        limits["cash"] = np.where(per_usd[grace:].sum(axis=0) > 0.0, np.inf, 0.0)
    if debt.share_frac is not None:
        base, per_debt = _base_usd(case, costs, per_usd, fixed=True)
        limits["share"] = geared_debt_usd(base, debt.share_frac, per_debt)
    base, per_debt = _base_usd(case, costs, per_usd, fixed=False)
    limits["gearing"] = geared_debt_usd(base, debt.max_share_frac, per_debt)
    if debt.max_loan_to_value_frac is not None:
        limits["loan_to_value"] = np.asarray(debt.max_loan_to_value_frac) * debt.value_usd
    if debt.min_interest_cover_ratio is not None:
        with np.errstate(divide="ignore"):
            limits["interest_cover"] = cash.min(axis=0) / (debt.min_interest_cover_ratio * np.asarray(debt.rate_frac))
    arrays = {name: np.atleast_1d(np.asarray(limit, dtype=np.float64)) for name, limit in limits.items()}
    usd, binding = least_limit(arrays)
    return SizedDebt(usd, arrays, binding, per_usd)


def debt_rows(case: ProjectCase, grid: Grid, sized: SizedDebt | None) -> Rows:
    """Interest, principal, service and balance of each year.

    Returns
    -------
    dict of arrays, shape (year, case)
        [USD]
    """
    n_case = 1 if sized is None else np.broadcast_shapes(sized.usd.shape, sized.service_per_usd.shape[1:])[0]
    names = ("interest_usd", "principal_usd", "debt_service_usd", "debt_balance_usd")
    rows = {name: np.zeros((grid.year.size, n_case)) for name in names}
    if sized is None or case.debt is None:
        return rows
    owed = np.broadcast_to(sized.usd, (n_case,)).astype(np.float64)
    rows["debt_balance_usd"][: grid.n_construction] = (
        owed * np.cumsum(grid.spending_frac[: grid.n_construction])[:, None]
    )
    for place, per_usd in enumerate(sized.service_per_usd, start=grid.n_construction):
        rows["debt_service_usd"][place] = sized.usd * per_usd
        rows["interest_usd"][place] = owed * case.debt.rate_frac
        rows["principal_usd"][place] = rows["debt_service_usd"][place] - rows["interest_usd"][place]
        owed = owed - rows["principal_usd"][place]
        rows["debt_balance_usd"][place] = owed
    last = grid.n_construction + sized.service_per_usd.shape[0]
    rows["debt_balance_usd"][last:] = owed
    return rows
