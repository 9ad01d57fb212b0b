"""How good predictions were: error, bias, coverage, interval score, CRPS, and skill against a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

COVERAGE_FRAC: Final = 0.8
"""Share of actual values that an honest P10 to P90 holds. [1]"""


def interval_score(low: float, high: float, actual: float, coverage_frac: float = COVERAGE_FRAC) -> float:
    r"""Width of a range plus the price of a miss; less is better. [unit of the range]

    Notes
    -----
    .. math:: (u - l) + \tfrac{2}{1-c}\left[(l - x)^+ + (x - u)^+\right]

    References
    ----------
    .. [1] Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102 (2007), eq. 43.

    Examples
    --------
    >>> interval_score(10.0, 20.0, 15.0), round(interval_score(10.0, 20.0, 22.0), 9)
    (10.0, 30.0)
    """
    miss = max(low - actual, 0.0) + max(actual - high, 0.0)
    return (high - low) + 2.0 / (1.0 - coverage_frac) * miss


def crps(draws: NDArray[np.float64], actual: float) -> float:
    r"""Continuous ranked probability score of draws; the absolute error of a forecast that is one number.

    Notes
    -----
    .. math:: \mathrm{E}|X - x| - \tfrac12 \mathrm{E}|X - X'|

    with both means over the draws as they are.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), eq. 21.

    Examples
    --------
    >>> crps(np.array([12.0]), 15.0), crps(np.array([1.0, 3.0]), 2.0)
    (3.0, 0.5)
    """
    ordered = np.sort(draws)
    n = ordered.size
    rank = 2.0 * np.arange(1, n + 1) - n - 1
    return float(np.abs(ordered - actual).mean() - (rank * ordered).sum() / n**2)


def skill_frac(errors: Sequence[float], rule_errors: Sequence[float]) -> float | None:
    """One less the ratio of mean absolute errors: 1 is perfect, 0 as good as the rule, below 0 worse. [1]

    None without a value, or where the rule is never wrong.
    """
    total = float(np.abs(rule_errors).sum()) if rule_errors else 0.0
    return 1.0 - float(np.abs(errors).sum()) / total if total > 0 else None
