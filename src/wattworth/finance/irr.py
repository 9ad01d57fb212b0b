"""Internal rates of return over the draw axis, each with a status instead of a surprise."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel

IRR_STATUS: Final = ("ok", "no_sign_change", "not_unique", "out_of_range")
"""Meaning of the status codes, by index."""

_LOWEST_FRAC, _HIGHEST_FRAC = -0.95, 10.0


def internal_rates_frac(cash_usd: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Yearly internal rate of monthly cash, for each draw.

    Parameters
    ----------
    cash_usd
        Array, shape (month, draw), the first row now. [USD]

    Returns
    -------
    rates, status : arrays, shape (draw,)
        The root in (-95 %, 1000 %) a year, nan unless the status is 0; and an index into
        :data:`IRR_STATUS`. Several roots are ``not_unique``: no one of them is reported. [1/year]

    Notes
    -----
    A draw is solved by Newton steps on the discount factor, kept inside a shrinking bracket.
    More than one change of sign sends it through a scan of the range that counts its roots.
    """
    low = (1.0 + _HIGHEST_FRAC) ** (-1.0 / 12.0)
    high = (1.0 + _LOWEST_FRAC) ** (-1.0 / 12.0)
    factor, status = _roots(np.ascontiguousarray(cash_usd), low, high)
    return np.where(status == 0, factor**-12.0 - 1.0, np.nan), status


@kernel
def _value(cash, factor, value, slope):
    """Polynomial and derivative in the monthly discount factor, all draws at once (Horner)."""
    n_month, n_draw = cash.shape
    for d in range(n_draw):
        value[d] = 0.0
        slope[d] = 0.0
    for m in range(n_month - 1, -1, -1):
        for d in range(n_draw):
            slope[d] = slope[d] * factor[d] + value[d]
            value[d] = value[d] * factor[d] + cash[m, d]


@kernel
def _sign_changes(cash):
    n_month, n_draw = cash.shape
    last = np.zeros(n_draw)
    count = np.zeros(n_draw, np.int64)
    for m in range(n_month):
        for d in range(n_draw):
            flow = cash[m, d]
            if flow != 0.0:
                if last[d] * flow < 0.0:
                    count[d] += 1
                last[d] = 1.0 if flow > 0.0 else -1.0
    return count


@kernel
def _scan(cash, low, high, count, bracket_low, bracket_high, status):
    """Bracket the root of each draw that has several sign changes, or say that it has many."""
    n_draw = cash.shape[1]
    n_step = 48
    value = np.empty(n_draw)
    slope = np.empty(n_draw)
    factor = np.full(n_draw, low)
    roots = np.zeros(n_draw, np.int64)
    _value(cash, factor, value, slope)
    before = value.copy()
    for k in range(1, n_step + 1):
        here = low * (high / low) ** (k / n_step)
        factor[:] = here
        _value(cash, factor, value, slope)
        for d in range(n_draw):
            if count[d] > 1 and before[d] * value[d] <= 0.0 and before[d] != value[d]:
                roots[d] += 1
                bracket_low[d] = low * (high / low) ** ((k - 1) / n_step)
                bracket_high[d] = here
            before[d] = value[d]
    for d in range(n_draw):
        if count[d] > 1 and roots[d] != 1:
            status[d] = 2 if roots[d] > 1 else 3


@kernel
def _roots(cash, low, high):
    n_draw = cash.shape[1]
    status = np.zeros(n_draw, np.int64)
    bracket_low = np.full(n_draw, low)
    bracket_high = np.full(n_draw, high)
    value = np.empty(n_draw)
    slope = np.empty(n_draw)
    count = _sign_changes(cash)
    for d in range(n_draw):
        if count[d] == 0:
            status[d] = 1
    if count.max() > 1:
        _scan(cash, low, high, count, bracket_low, bracket_high, status)
    _value(cash, bracket_low, value, slope)
    at_low = value.copy()
    _value(cash, bracket_high, value, slope)
    for d in range(n_draw):
        if status[d] == 0 and at_low[d] * value[d] > 0.0:
            status[d] = 3
    factor = np.empty(n_draw)
    done = status != 0
    for d in range(n_draw):
        start = 0.9915
        factor[d] = start if bracket_low[d] < start < bracket_high[d] else 0.5 * (bracket_low[d] + bracket_high[d])
    for _ in range(100):
        _value(cash, factor, value, slope)
        left = 0
        for d in range(n_draw):
            if done[d]:
                continue
            if value[d] * at_low[d] > 0.0:
                bracket_low[d] = factor[d]
            else:
                bracket_high[d] = factor[d]
            step = value[d] / slope[d] if slope[d] != 0.0 else np.inf
            following = factor[d] - step
            if not (bracket_low[d] < following < bracket_high[d]):
                following = 0.5 * (bracket_low[d] + bracket_high[d])
            if abs(following - factor[d]) <= 1e-14 * factor[d]:
                done[d] = True
            else:
                left += 1
            factor[d] = following
        if left == 0:
            break
    return factor, status
