"""Stopping in dear hours: the value of an hourly option on the price of power.

The exact form takes any sorted set of hours with their shares. Prices of a month are its mean
times the ratios of a duration curve, so one sort serves every month and draw: a strike costs one
bisection. The kernels take scalars and the curve's arrays, ready to be called for each month and
draw. All of them assume perfect foresight of the hour, which is an upper bound.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.records import DurationCurve


def curve_sums(curve: DurationCurve) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Prefix sums of a duration curve.

    Returns
    -------
    hours_frac, ratio_hours_frac
        Arrays, shape (bin + 1,), from 0: the share of hours in the cheapest bins, and the same
        sum of share times price ratio. [1]
    """
    hours = np.concatenate(([0.0], np.cumsum(curve.hours_frac)))
    return hours, np.concatenate(([0.0], np.cumsum(curve.price_ratio * curve.hours_frac)))


def curve_of(prices_usd_per_mwh: NDArray[np.float64]) -> tuple[float, DurationCurve]:
    """Mean and duration curve of a set of hours, one bin for each.

    Returns
    -------
    mean_price, curve
        Mean [USD/MWh] and the curve in its units.
    """
    price = np.sort(np.asarray(prices_usd_per_mwh, dtype=float))
    mean = float(price.mean())
    return mean, DurationCurve(price / mean, np.full(price.size, 1.0 / price.size))


@kernel
def _bins_up_to(ratio, limit):
    """Number of bins whose ratio is at most ``limit`` (bisection)."""
    low, high = 0, ratio.size
    while low < high:
        middle = (low + high) >> 1
        if ratio[middle] <= limit:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def put_value_usd_per_mwh(strike, mean_price, ratio, hours, ratio_hours):
    """E[max(strike - p, 0)]: what running is worth where power is bought at the hour's price.

    Parameters
    ----------
    strike
        Revenue less avoidable cost other than power. [USD/MWh]
    mean_price
        Mean price of the month, positive. [USD/MWh]
    ratio, hours, ratio_hours
        The curve's price ratios and its :func:`curve_sums`.
    """
    if mean_price <= 0.0:
        return max(strike - mean_price, 0.0)
    k = _bins_up_to(ratio, strike / mean_price)
    return strike * hours[k] - mean_price * ratio_hours[k]


@kernel
def call_value_usd_per_mwh(strike, mean_price, ratio, hours, ratio_hours):
    """E[max(p - strike, 0)]: what a resaleable block is worth above running, by parity."""
    put = put_value_usd_per_mwh(strike, mean_price, ratio, hours, ratio_hours)
    return put - (strike * hours[-1] - mean_price * ratio_hours[-1])


@kernel
def running_frac(strike, mean_price, ratio, hours):
    """Share of hours whose price is at most the strike."""
    if mean_price <= 0.0:
        return 1.0 if strike >= mean_price else 0.0
    return hours[_bins_up_to(ratio, strike / mean_price)]


@kernel
def running_price_usd_per_mwh(strike, mean_price, ratio, hours, ratio_hours):
    """Mean price over the hours that run; nan if none does."""
    k = _bins_up_to(ratio, strike / mean_price)
    return mean_price * ratio_hours[k] / hours[k] if k > 0 else np.nan


def _normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def lognormal_put_usd_per_mwh(strike_usd_per_mwh: float, mean_usd_per_mwh: float, log_sd_frac: float) -> float:
    """E[max(strike - p, 0)] for a lognormal price; no negative hours, no scarcity [USD/MWh].

    Examples
    --------
    >>> round(lognormal_put_usd_per_mwh(100.0, 45.0, 0.8), 4)
    59.2657
    """
    d1 = (math.log(mean_usd_per_mwh / strike_usd_per_mwh) + log_sd_frac**2 / 2.0) / log_sd_frac
    return strike_usd_per_mwh * _normal_cdf(log_sd_frac - d1) - mean_usd_per_mwh * _normal_cdf(-d1)


def lognormal_call_usd_per_mwh(strike_usd_per_mwh: float, mean_usd_per_mwh: float, log_sd_frac: float) -> float:
    """E[max(p - strike, 0)] for a lognormal price [USD/MWh]."""
    return (
        lognormal_put_usd_per_mwh(strike_usd_per_mwh, mean_usd_per_mwh, log_sd_frac)
        - strike_usd_per_mwh
        + mean_usd_per_mwh
    )


def lognormal_running_frac(strike_usd_per_mwh: float, mean_usd_per_mwh: float, log_sd_frac: float) -> float:
    """Share of hours below the strike for a lognormal price."""
    return _normal_cdf((math.log(strike_usd_per_mwh / mean_usd_per_mwh) + log_sd_frac**2 / 2.0) / log_sd_frac)


def lognormal_running_price_usd_per_mwh(
    strike_usd_per_mwh: float, mean_usd_per_mwh: float, log_sd_frac: float
) -> float:
    """Mean price over the hours below the strike for a lognormal price [USD/MWh]."""
    d1 = (math.log(mean_usd_per_mwh / strike_usd_per_mwh) + log_sd_frac**2 / 2.0) / log_sd_frac
    return mean_usd_per_mwh * _normal_cdf(-d1) / _normal_cdf(log_sd_frac - d1)
