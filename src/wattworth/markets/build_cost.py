"""Capital cost over time and size: phasing, escalation, interest while building, scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def s_curve_shares(n_part: int) -> NDArray[np.float64]:
    """Shares of cost spent in equal parts of the construction time, from F = 3x² − 2x³.

    Examples
    --------
    >>> s_curve_shares(4).tolist()
    [0.15625, 0.34375, 0.34375, 0.15625]
    """
    x = np.arange(n_part + 1) / n_part
    return np.diff(3.0 * x**2 - 2.0 * x**3)


def escalated_cost(cost_today_usd: float, growth_frac_per_year: float, shares: ArrayLike, years: float) -> float:
    """Money of the day spent on a cost of today, each part escalated to its middle.

    Parameters
    ----------
    cost_today_usd
        Cost in money of the start.
    growth_frac_per_year
        Growth of construction cost. [1/year]
    shares
        Share of each equal part of the construction time.
    years
        Construction time. [year]
    """
    part = np.asarray(shares, dtype=float)
    middle = (np.arange(part.size) + 0.5) * years / part.size
    return float(cost_today_usd * (part * (1.0 + growth_frac_per_year) ** middle).sum())


def interest_while_building(shares: ArrayLike, rate_frac_per_year: float, years: float) -> float:
    """Interest at completion on each unit of cost, drawn in the middle of equal parts [1].

    Parameters
    ----------
    shares
        Share of cost drawn in each part.
    rate_frac_per_year
        Nominal rate, compounded once in each part. [1/year]
    years
        Construction time. [year]
    """
    part = np.asarray(shares, dtype=float)
    periods_left = part.size - np.arange(part.size) - 0.5
    return float((part * (1.0 + rate_frac_per_year * years / part.size) ** periods_left).sum() - part.sum())


def scaled_cost(cost_usd: float, size_ratio: float, exponent: ArrayLike) -> NDArray[np.float64]:
    """Cost of a plant ``size_ratio`` times as large: C·ratio**x."""
    return cost_usd * size_ratio ** np.asarray(exponent)
