"""Internal rates of return over the draw axis, each with a status instead of a surprise."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel

IRR_STATUS: Final = ("ok", "no_sign_change", "not_unique", "out_of_range")
"""Meaning of the status codes, by index."""

_OK, _NO_SIGN_CHANGE, _NOT_UNIQUE, _OUT_OF_RANGE = range(4)
_LOWEST_FRAC, _HIGHEST_FRAC = -0.95, 10.0
_SMALLEST: Final = (1.0 + _HIGHEST_FRAC) ** (-1.0 / 12.0)
_LARGEST: Final = (1.0 + _LOWEST_FRAC) ** (-1.0 / 12.0)
_FIRST_GUESS: Final = 1.1 ** (-1.0 / 12.0)
_SCAN_STEPS: Final = 24
_STEPS_BETWEEN_PACKING: Final = 5
_MOST_STEPS: Final = 100


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
        :data:`IRR_STATUS`. [1/year]

    Notes
    -----
    One change of sign leaves one root; so does one change of sign of the running total, above zero
    (Norstrom). What is left is scanned: a single root above zero is the rate, or a single one below
    where there is none above; otherwise it is ``not_unique`` and no root is reported. Roots are found
    by Newton steps on the discount factor, kept inside a shrinking bracket.

    References
    ----------
    .. [1] C. Norstrom, "A sufficient condition for a unique nonnegative internal rate of return",
       J. Financial and Quantitative Analysis 7 (1972) 1835.
    """
    changes, total_changes, n_used = _signs(cash_usd)
    cash = np.ascontiguousarray(cash_usd[: max(1, n_used)])
    n_draw = cash.shape[1]
    status = np.where(changes == 0, _NO_SIGN_CHANGE, _OK).astype(np.int64)
    low, high = np.full(n_draw, _SMALLEST), np.full(n_draw, _LARGEST)
    high[(changes > 1) & (total_changes == 1)] = 1.0
    unclear = np.flatnonzero((changes > 1) & (total_changes != 1))
    if unclear.size:
        low[unclear], high[unclear], status[unclear] = _scan(np.ascontiguousarray(cash[:, unclear]))
    factor = np.full(n_draw, np.nan)
    solvable = np.flatnonzero(status == _OK)
    if solvable.size:
        factor[solvable] = _solved(np.ascontiguousarray(cash[:, solvable]), low[solvable], high[solvable])
    status[(status == _OK) & np.isnan(factor)] = _OUT_OF_RANGE
    return factor**-12.0 - 1.0, status


def _solved(cash: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root of each draw inside its bracket, nan where the ends do not bracket one."""
    at_low, at_high = _values(cash, low), _values(cash, high)
    factor = np.where((low < _FIRST_GUESS) & (high > _FIRST_GUESS), _FIRST_GUESS, 0.5 * (low + high))
    out = np.full(low.size, np.nan)
    places = np.arange(low.size)
    left = np.flatnonzero(at_low * at_high <= 0.0)
    for _ in range(0, _MOST_STEPS, _STEPS_BETWEEN_PACKING):
        if not left.size:
            break
        # only draws still moving are worked on, packed together
        cash, low, high = np.ascontiguousarray(cash[:, left]), low[left], high[left]
        factor, at_low, places = factor[left], at_low[left], places[left]
        done = np.zeros(left.size, dtype=np.bool_)
        _newton(cash, low, high, at_low, factor, done, _STEPS_BETWEEN_PACKING)
        out[places] = factor
        left = np.flatnonzero(~done)
    return out


@kernel
def _signs(cash):
    """Sign changes of flows and of their running total, and how many months have any flow."""
    n_month, n_draw = cash.shape
    last = np.zeros(n_draw)
    total = np.zeros(n_draw)
    last_total = np.zeros(n_draw)
    changes = np.zeros(n_draw, np.int64)
    total_changes = np.zeros(n_draw, np.int64)
    n_used = 0
    for m in range(n_month):
        for d in range(n_draw):
            flow = cash[m, d]
            if flow != 0.0:
                n_used = m + 1
                sign = 1.0 if flow > 0.0 else -1.0
                changes[d] += last[d] * sign < 0.0
                last[d] = sign
            total[d] += flow
            if total[d] != 0.0:
                sign = 1.0 if total[d] > 0.0 else -1.0
                total_changes[d] += last_total[d] * sign < 0.0
                last_total[d] = sign
    return changes, total_changes, n_used


@kernel
def _horner(cash, factor, value, slope):
    """Polynomial and derivative in the monthly discount factor, all draws at once."""
    n_month, n_draw = cash.shape
    for d in range(n_draw):
        value[d] = 0.0
        slope[d] = 0.0
    for m in range(n_month - 1, -1, -1):
        for d in range(n_draw):
            slope[d] = slope[d] * factor[d] + value[d]
            value[d] = value[d] * factor[d] + cash[m, d]


@kernel
def _values(cash, factor):
    n_month, n_draw = cash.shape
    value = np.zeros(n_draw)
    for m in range(n_month - 1, -1, -1):
        for d in range(n_draw):
            value[d] = value[d] * factor[d] + cash[m, d]
    return value


@kernel
def _scan(cash):
    """Bracket and status of each draw: roots above zero first, below zero only if none is above."""
    n_draw = cash.shape[1]
    low = np.full(n_draw, _SMALLEST)
    high = np.full(n_draw, _LARGEST)
    status = np.full(n_draw, _OUT_OF_RANGE)
    settled = np.zeros(n_draw, np.bool_)
    for side in range(2):
        start, stop = (_SMALLEST, 1.0) if side == 0 else (1.0, _LARGEST)
        roots = np.zeros(n_draw, np.int64)
        left = start
        before = _values(cash, np.full(n_draw, left))
        for k in range(1, _SCAN_STEPS + 1):
            right = start * (stop / start) ** (k / _SCAN_STEPS)
            after = _values(cash, np.full(n_draw, right))
            for d in range(n_draw):
                if not settled[d] and before[d] * after[d] <= 0.0 and before[d] != after[d]:
                    roots[d] += 1
                    low[d], high[d] = left, right
            left, before = right, after
        for d in range(n_draw):
            if not settled[d] and roots[d] > 0:
                settled[d] = True
                status[d] = _OK if roots[d] == 1 else _NOT_UNIQUE
    return low, high, status


@kernel
def _newton(cash, low, high, at_low, factor, done, n_step):
    n_draw = cash.shape[1]
    value = np.empty(n_draw)
    slope = np.empty(n_draw)
    for _ in range(n_step):
        _horner(cash, factor, value, slope)
        for d in range(n_draw):
            if done[d]:
                continue
            if value[d] * at_low[d] > 0.0:
                low[d] = factor[d]
            else:
                high[d] = factor[d]
            step = value[d] / slope[d] if slope[d] != 0.0 else np.inf
            following = factor[d] - step
            if not (low[d] < following < high[d]):
                following = 0.5 * (low[d] + high[d])
            done[d] = abs(following - factor[d]) <= 1e-14 * factor[d]
            factor[d] = following
