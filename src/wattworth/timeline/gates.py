"""Closed forms of gates and delays, and what a month is worth when only timing moves."""

from __future__ import annotations

from wattworth.units import MONTHS_PER_YEAR


def pert_mean(low: float, mode: float, high: float) -> float:
    """Mean of a PERT gate.

    Examples
    --------
    >>> pert_mean(12, 18, 36)
    20.0
    """
    return (low + 4 * mode + high) / 6


def triangular_mean(low: float, mode: float, high: float) -> float:
    """Mean of a triangular gate."""
    return (low + mode + high) / 3


def triangular_variance(low: float, mode: float, high: float) -> float:
    """Variance of a triangular gate."""
    return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18


def expected_delay_months(on_time_frac: float, mean_months: float) -> float:
    """Mean delay when a share is on time and the rest exponentially late.

    Examples
    --------
    >>> round(expected_delay_months(0.72, 9), 2)
    2.52
    """
    return (1 - on_time_frac) * mean_months


def month_value_usd(npv_usd: float, rate_frac: float, months: float = 1) -> float:
    """What is lost when a value at power-on comes some months later.

    Examples
    --------
    >>> round(month_value_usd(500, 0.10), 5), round(month_value_usd(500, 0.10, 24), 4)
    (3.95553, 86.7769)
    """
    return npv_usd * (1 - (1 + rate_frac) ** (-months / MONTHS_PER_YEAR))
