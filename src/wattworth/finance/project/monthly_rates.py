"""Rates of return of a block of monthly cases, stepped together; what is not plain is left to the general search."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel

RATE_OK, RATE_NO_SIGN_CHANGE, RATE_OPEN = 0, 1, -1
"""Found, none, and left to :func:`wattworth.finance.irr.internal_rates_frac`."""
_SMALLEST, _LARGEST = 11.0 ** (-1.0 / 12.0), 0.05 ** (-1.0 / 12.0)  # of rates of 1,000 % and of -95 % a year
_FIRST_GUESS = 1.0 / 1.1
_ROUGH_STEPS, _FINE_STEPS = 12, 8
_NEAR_AN_END = 0.3  # yearly factor beyond which the general search looks at the ends of the range
_ROUGH, _CLOSE = 1e-4, 1e-10  # a Newton step this short is exact: the next would square it


@kernel
def _signs(cash, n, first, changes, total_changes):
    """Sign of the first flow, sign changes of the flows and of their running total, lane by lane."""
    last, total, last_total = np.zeros(n), np.zeros(n), np.zeros(n)
    for m in range(cash.shape[0]):
        row = cash[m]
        for j in range(n):
            flow = row[j]
            sign = 1.0 if flow > 0.0 else (-1.0 if flow < 0.0 else 0.0)
            changes[j] += 1.0 if sign * last[j] < 0.0 else 0.0
            first[j] = sign if last[j] == 0.0 else first[j]
            last[j] = sign if sign != 0.0 else last[j]
            total[j] += flow
            sign = 1.0 if total[j] > 0.0 else (-1.0 if total[j] < 0.0 else 0.0)
            total_changes[j] += 1.0 if sign * last_total[j] < 0.0 else 0.0
            last_total[j] = sign if sign != 0.0 else last_total[j]


@kernel
def _by_year(cash, yearly, n):
    """Sums of twelve months around each year end."""
    yearly[:] = 0.0
    for m in range(cash.shape[0]):
        into, row = yearly[(m + 6) // 12], cash[m]
        for j in range(n):
            into[j] += row[j]


@kernel
def _polynomials(flows, n, v, value, slope):
    """Value and slope of each lane in its discount factor, four rows at a time to spare the memory."""
    value[:] = 0.0
    slope[:] = 0.0
    m = flows.shape[0] - 1
    while m >= 3:
        first, second, third, fourth = flows[m], flows[m - 1], flows[m - 2], flows[m - 3]
        for j in range(n):
            x, s, u = v[j], slope[j], value[j]
            s, u = s * x + u, u * x + first[j]
            s, u = s * x + u, u * x + second[j]
            s, u = s * x + u, u * x + third[j]
            slope[j], value[j] = s * x + u, u * x + fourth[j]
        m -= 4
    while m >= 0:
        last = flows[m]
        for j in range(n):
            slope[j], value[j] = slope[j] * v[j] + value[j], value[j] * v[j] + last[j]
        m -= 1


@kernel
def _newton(flows, n, first, low, high, v, most_steps, close):  # noqa: PLR0913 - compiled
    """Newton steps of all lanes inside shrinking brackets; gives how long the last step of each was."""
    value, slope, moved = np.empty(n), np.empty(n), np.empty(n)
    for _ in range(most_steps):
        _polynomials(flows, n, v, value, slope)
        moving = 0
        for j in range(n):
            before = value[j] * first[j] > 0.0
            low[j] = v[j] if before else low[j]
            high[j] = high[j] if before else v[j]
            following = v[j] - value[j] / slope[j]
            inside = low[j] <= following <= high[j]
            following = following if inside else 0.5 * (low[j] + high[j])
            moved[j] = abs(following - v[j]) if inside else 1.0
            moving += moved[j] > close
            v[j] = following
        if moving == 0:
            break
    return moved


@kernel
def monthly_rates_of_block(cash, yearly, n, rates, states):
    """Yearly rates of the first ``n`` lanes of monthly cash.

    Parameters
    ----------
    cash
        Array, shape (month, lane).
    yearly
        Array to work in, shape (year + 1, lane).
    n
        How many lanes hold cases.
    rates, states
        Arrays, shape (case,), written over: rates, NaN unless the state is 0. [1/year]

    Notes
    -----
    One sign change leaves one root, one of the running total one above zero (Norstrom). Those lanes are solved on
    the sums of years first, then on the months. All others, and roots near an end of the range, are left open.
    """
    first, changes, total_changes = np.zeros(n), np.zeros(n), np.zeros(n)
    _signs(cash, n, first, changes, total_changes)
    _by_year(cash, yearly, n)
    low, high, v = np.full(n, _SMALLEST**12.0), np.full(n, _LARGEST**12.0), np.full(n, _FIRST_GUESS)
    for j in range(n):
        high[j] = 1.0 if changes[j] > 1.0 else high[j]
    _newton(yearly, n, first, low, high, v, _ROUGH_STEPS, _ROUGH)
    rough_is_inside = (v > _NEAR_AN_END) & (v < 1.0 / _NEAR_AN_END)
    for j in range(n):
        low[j], high[j] = _SMALLEST, (1.0 if changes[j] > 1.0 else _LARGEST)
        v[j] = min(max(v[j] ** (1.0 / 12.0), low[j]), high[j])
    moved = _newton(cash, n, first, low, high, v, _FINE_STEPS, _CLOSE)
    for j in range(n):
        plain = changes[j] == 1.0 or total_changes[j] == 1.0
        found = plain and rough_is_inside[j] and moved[j] <= _CLOSE and v[j] < (1.0 if changes[j] > 1.0 else _LARGEST)
        states[j] = RATE_NO_SIGN_CHANGE if changes[j] == 0.0 else (RATE_OK if found else RATE_OPEN)
        rates[j] = v[j] ** -12.0 - 1.0 if states[j] == RATE_OK else np.nan
