"""Discounting and the yardsticks built on it. Pure functions of float64 arrays."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.units import MONTHS_PER_YEAR


def annual_to_monthly_frac(rate_frac: float) -> float:
    """The monthly rate that compounds to a yearly one. [1/month]"""
    return (1.0 + rate_frac) ** (1.0 / MONTHS_PER_YEAR) - 1.0


def discount_factors(rate_frac: float, n_month: int) -> NDArray[np.float64]:
    """Value today of one dollar at each month end; month 0 is now.

    Parameters
    ----------
    rate_frac
        Yearly rate, above -1. [1/year]
    n_month
        Number of nodes, month 0 included.

    Returns
    -------
    array, shape (month,)
    """
    if rate_frac <= -1.0:
        raise DataError(f"a discount rate of {rate_frac} per year has no present value; it must be above -1")
    return (1.0 + rate_frac) ** (-np.arange(n_month) / MONTHS_PER_YEAR)


def capital_recovery_factor(rate_frac: float, n_year: float) -> float:
    """Level yearly payment per dollar of capital; ``1 / n`` at a zero rate.

    Examples
    --------
    >>> round(capital_recovery_factor(0.10, 20), 6)
    0.11746
    """
    if rate_frac == 0.0:
        return 1.0 / n_year
    return rate_frac / (1.0 - (1.0 + rate_frac) ** -n_year)


def annuity_factor(rate_frac: float, n_year: int, growth_frac: float = 0.0, hazard_per_year: float = 0.0) -> float:
    r"""Value of one dollar at each year end, growing, and paid while the tenant survives.

    Notes
    -----
    .. math:: \sum_{t=1}^{n} (1+g)^{t-1} e^{-ht} (1+r)^{-t}

    Examples
    --------
    >>> round(annuity_factor(0.08, 10), 5), round(annuity_factor(0.08, 10, hazard_per_year=0.05), 4)
    (6.71008, 5.3117)
    """
    year = np.arange(1, n_year + 1)
    return float(
        np.sum((1 + growth_frac) ** (year - 1) * np.exp(-hazard_per_year * year) * (1 + rate_frac) ** (-1.0 * year))
    )


def present_value_usd(cash_usd: ArrayLike, rate_frac: float, *, periods_per_year: int = 1) -> float:
    """Value at period 0 of cash at the end of each period, the first entry now.

    Examples
    --------
    >>> round(present_value_usd([-100.0, 110.0], 0.10), 9)
    0.0
    """
    flows = np.asarray(cash_usd, dtype=np.float64)
    return float(np.sum(flows * (1.0 + rate_frac) ** (-np.arange(flows.size) / periods_per_year)))


@cache
def _rate_grid(n_month: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rates to try, and the value today of one dollar at each month end under each of them."""
    grid = np.concatenate([np.linspace(-0.5, 0.5, 101), np.linspace(0.52, 2.0, 75)])
    return grid, (1.0 + grid[:, None]) ** (-np.arange(n_month) / MONTHS_PER_YEAR)


def implied_rate_frac(mean_cash_usd: ArrayLike, npv_usd: float) -> float | None:
    """The yearly rate at which expected monthly cash is worth a given value.

    Parameters
    ----------
    mean_cash_usd
        Array, shape (month,): real-world mean after-tax cash. [USD]
    npv_usd
        Value under the pricing measure. [USD]

    Returns
    -------
    float or None
        The root nearest to ordinary rates in (-50 %, 200 %), or None where there is none. [1/year]

    Notes
    -----
    Methods section 0(e): the premium this rate carries over the base rate is what the pricing
    drifts charge for risk, in the language of hurdle rates.
    """
    flows = np.asarray(mean_cash_usd, dtype=np.float64)
    years = np.arange(flows.size) / MONTHS_PER_YEAR

    def excess_usd(rate_frac: float) -> float:
        return float(np.sum(flows * (1.0 + rate_frac) ** -years)) - npv_usd

    grid, discount = _rate_grid(flows.size)
    values = np.sum(flows * discount, axis=1) - npv_usd
    crossings = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) <= 0)
    if crossings.size == 0 or not np.isfinite(values).all() or not flows.any():
        return None
    nearest = crossings[np.argmin(np.abs(grid[crossings] - 0.1))]
    low, high = float(grid[nearest]), float(grid[nearest + 1])
    from scipy.optimize import brentq

    if values[nearest] * values[nearest + 1] == 0.0:
        return low if values[nearest] == 0.0 else high
    root, _ = brentq(excess_usd, low, high, xtol=1e-12, full_output=True)
    return float(root)


def enterprise_value_per_w(
    *,
    market_cap_musd: float,
    debt_musd: float,
    cash_musd: float,
    bitcoin_musd: float,
    named_mw: float,
    other_claims_musd: float = 0.0,
) -> float:
    """Enterprise value over a named capacity.

    ``EV = market cap + debt + leases, preferred and minorities - cash - bitcoin``; which
    megawatts (gross secured, operating, critical IT) is the caller's to name.

    Examples
    --------
    >>> enterprise_value_per_w(market_cap_musd=5000, debt_musd=1500, cash_musd=400, bitcoin_musd=300, named_mw=2000)
    2.9
    """
    if named_mw <= 0:
        raise DataError(f"value per watt needs a positive capacity, got {named_mw} MW")
    return (market_cap_musd + debt_musd + other_claims_musd - cash_musd - bitcoin_musd) / named_mw
