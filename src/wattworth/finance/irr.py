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
_FIRST_GUESS: Final = 1.1**-1.0
_SCAN_STEPS: Final = 24
_STEPS_BETWEEN_PACKING: Final = 3
_MOST_STEPS: Final = 120
_ROUGH_STEPS: Final = 12
_END_TOLERANCE: Final = 1e-12
_NEAR_AN_END: Final = 0.3  # yearly discount factor beyond which the ends of the range are looked at


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
    by Newton steps on the discount factor, kept inside a shrinking bracket, on the sums of years first
    and then on the months.

    References
    ----------
    .. [1] C. Norstrom, "A sufficient condition for a unique nonnegative internal rate of return",
       J. Financial and Quantitative Analysis 7 (1972) 1835.
    """
    changes, total_changes, first_sign, n_used = _signs(cash_usd)
    cash = np.ascontiguousarray(cash_usd[: max(1, n_used)])
    n_draw = cash.shape[1]
    status = np.where(changes == 0, _NO_SIGN_CHANGE, _OK).astype(np.int64)
    low, high = np.full(n_draw, _SMALLEST), np.full(n_draw, _LARGEST)
    high[(changes > 1) & (total_changes == 1)] = 1.0
    unclear = np.flatnonzero((changes > 1) & (total_changes != 1))
    if unclear.size:
        scanned = _scan(np.ascontiguousarray(cash[:, unclear]))
        low[unclear], high[unclear], first_sign[unclear], status[unclear] = scanned
    factor = np.full(n_draw, np.nan)
    solvable = np.flatnonzero(status == _OK)
    if solvable.size:
        chosen = np.ascontiguousarray(cash[:, solvable])
        factor[solvable] = _solved(chosen, low[solvable], high[solvable], first_sign[solvable])
    at_an_end = (factor - _SMALLEST < _END_TOLERANCE) | (_LARGEST - factor < _END_TOLERANCE)
    status[(status == _OK) & (np.isnan(factor) | at_an_end)] = _OUT_OF_RANGE
    return np.where(status == _OK, factor, np.nan) ** -12.0 - 1.0, status


def _solved(
    cash: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], sign: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Root of each draw inside its bracket, given the sign at its low end; nan where there is none."""
    rough = _refined(_by_year(cash), low**12.0, high**12.0, sign, np.full(low.size, _FIRST_GUESS), _ROUGH_STEPS)
    out = np.full(low.size, np.nan)
    doubtful = np.flatnonzero((rough < _NEAR_AN_END) | (rough > 1.0 / _NEAR_AN_END))
    ends = [_values(np.ascontiguousarray(cash[:, doubtful]), end[doubtful]) for end in (low, high)]
    inside = np.ones(low.size, dtype=np.bool_)
    inside[doubtful] = ends[0] * ends[1] <= 0.0
    kept = np.flatnonzero(inside)
    chosen = np.ascontiguousarray(cash[:, kept])
    out[kept] = _refined(chosen, low[kept], high[kept], sign[kept], rough[kept] ** (1.0 / 12.0))
    return out


def _refined(
    cash: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    sign: NDArray[np.float64],
    guess: NDArray[np.float64],
    most_steps: int = _MOST_STEPS,
) -> NDArray[np.float64]:
    """Newton steps from a guess; only draws still moving are worked on, packed together."""
    factor = np.where((low < guess) & (guess < high), guess, 0.5 * (low + high))
    out, places = np.empty(low.size), np.arange(low.size)
    for _ in range(0, most_steps, _STEPS_BETWEEN_PACKING):
        done = np.zeros(factor.size, dtype=np.bool_)
        _newton(cash, low, high, sign, factor, done, _STEPS_BETWEEN_PACKING)
        out[places] = factor
        left = np.flatnonzero(~done)
        if not left.size:
            break
        cash = np.ascontiguousarray(cash[:, left])
        low, high, sign, factor, places = low[left], high[left], sign[left], factor[left], places[left]
    return out


@kernel
def _signs(cash):
    """Sign changes of flows and of their running total, the first sign, and how many months have any flow."""
    n_month, n_draw = cash.shape
    last = np.zeros(n_draw)
    first = np.zeros(n_draw)
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
                if last[d] == 0.0:
                    first[d] = sign
                last[d] = sign
            total[d] += flow
            if total[d] != 0.0:
                sign = 1.0 if total[d] > 0.0 else -1.0
                total_changes[d] += last_total[d] * sign < 0.0
                last_total[d] = sign
    return changes, total_changes, first, n_used


@kernel
def _by_year(cash):
    """Sums of twelve months around each year end, as if paid there."""
    n_month, n_draw = cash.shape
    out = np.zeros(((n_month + 6) // 12 + 1, n_draw))
    for m in range(n_month):
        y = (m + 6) // 12
        for d in range(n_draw):
            out[y, d] += cash[m, d]
    return out


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
    """Bracket, sign at its low end and status of each draw: roots below zero only where none is above."""
    n_draw = cash.shape[1]
    low = np.full(n_draw, _SMALLEST)
    high = np.full(n_draw, _LARGEST)
    sign = np.zeros(n_draw)
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
                    low[d], high[d], sign[d] = left, right, np.sign(before[d])
            left, before = right, after
        for d in range(n_draw):
            if not settled[d] and roots[d] > 0:
                settled[d] = True
                status[d] = _OK if roots[d] == 1 else _NOT_UNIQUE
    return low, high, sign, status


@kernel
def _newton(cash, low, high, sign, factor, done, n_step):
    n_draw = cash.shape[1]
    value = np.empty(n_draw)
    slope = np.empty(n_draw)
    for _ in range(n_step):
        _horner(cash, factor, value, slope)
        for d in range(n_draw):
            if done[d]:
                continue
            if value[d] * sign[d] > 0.0:
                low[d] = factor[d]
            else:
                high[d] = factor[d]
            following = factor[d] - value[d] / slope[d] if slope[d] != 0.0 else low[d]
            # a Newton step this short is exact: the next would square it
            done[d] = abs(following - factor[d]) <= 1e-9 * factor[d] and low[d] <= following <= high[d]
            if not (low[d] < following < high[d]):
                following = 0.5 * (low[d] + high[d])
                done[d] = high[d] - low[d] <= 1e-14 * factor[d]
            factor[d] = following
