"""The PERT distribution behind a fact's range.

A PERT on the interval from a to b with mode m is a beta distribution stretched over the interval,
with shape parameters 1 + 4 (m - a) / (b - a) and 1 + 4 (b - m) / (b - a); its mean is (a + 4 m + b) / 6.
A fact states its mode (the value) and, unless its row says bounds, its P10 and P90 (low and high); the
ends are then what makes the three agree, and lie outside the range.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import FactError

LOW_PROBABILITY: Final = 0.1
HIGH_PROBABILITY: Final = 0.9
_WEIGHT: Final = 4.0
_BISECTIONS: Final = 64


def ends(low: float, value: float, high: float, *, bounds: bool = False) -> tuple[float, float]:
    """Least and greatest value that the distribution can take.

    Parameters
    ----------
    low, value, high
        P10, mode and P90, in one unit, with low <= value <= high.
    bounds
        Whether low and high are themselves the ends.

    Returns
    -------
    tuple of float
        The two ends, in the same unit.
    """
    start, width, _ = _stretched(low, value, high, bounds)
    return start, start + width


def quantile(
    probability_frac: NDArray[np.float64], low: float, value: float, high: float, *, bounds: bool = False
) -> NDArray[np.float64]:
    """Value below which the distribution falls with a given probability.

    Parameters
    ----------
    probability_frac
        Array of any shape, each number from 0 to 1. [1]
    low, value, high
        P10, mode and P90, in one unit, with low <= value <= high; all equal means a constant.
    bounds
        Whether low and high are the ends instead.

    Returns
    -------
    array
        Same shape, in the unit of the range.

    Raises
    ------
    FactError
        If a probability lies outside 0 to 1.

    Notes
    -----
    On the unit interval the position of the mode between P10 and P90 grows with the mode from below 0 to
    above 1, so each position from 0 to 1 belongs to exactly one shape, found by bisection.

    Examples
    --------
    >>> quantile(np.array([0.1, 0.5, 0.9]), 12.0, 18.0, 24.0).round(9).tolist()
    [12.0, 18.0, 24.0]
    """
    probability = np.asarray(probability_frac, dtype=np.float64)
    if not np.all((probability >= 0.0) & (probability <= 1.0)):
        raise FactError("a probability must lie between 0 and 1")
    if low == high:
        return np.full(probability.shape, value)
    start, width, mode_frac = _stretched(low, value, high, bounds)
    return start + width * _standard_quantile(mode_frac, probability)


def _stretched(low: float, value: float, high: float, bounds: bool) -> tuple[float, float, float]:
    """Lower end, width, and where the mode stands between the ends."""
    if low == high:
        return value, 0.0, 0.5
    position = (value - low) / (high - low)
    if bounds:
        return low, high - low, position
    mode_frac, p10, p90 = _standard(position)
    width = (high - low) / (p90 - p10)
    return low - p10 * width, width, mode_frac


@lru_cache(maxsize=4096)
def _standard(position: float) -> tuple[float, float, float]:
    """Mode, P10 and P90 of the PERT on 0 to 1 whose mode has this position between its P10 and P90."""
    below, above = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (below + above)
        p10, p90 = _standard_quantile(middle, (LOW_PROBABILITY, HIGH_PROBABILITY))
        if middle - p10 < position * (p90 - p10):
            below = middle
        else:
            above = middle
    mode_frac = 0.5 * (below + above)
    p10, p90 = _standard_quantile(mode_frac, (LOW_PROBABILITY, HIGH_PROBABILITY))
    return mode_frac, float(p10), float(p90)


def _standard_quantile(mode_frac: float, probability_frac: Iterable[float]) -> NDArray[np.float64]:
    from scipy.special import betaincinv  # slow to import, and only draws need it

    return betaincinv(1.0 + _WEIGHT * mode_frac, 1.0 + _WEIGHT * (1.0 - mode_frac), np.asarray(probability_frac))
