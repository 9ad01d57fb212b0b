"""Rates of return of a block of cases, stepped together so that the processor does several at once."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel
from wattworth.finance.project.root_search import discount_factor_roots

IRR_OK, IRR_NO_SIGN_CHANGE, IRR_NOT_UNIQUE, IRR_OUT_OF_RANGE = 0, 1, 2, 3
_SEVERAL = -1
_LOWEST_FACTOR, _HIGHEST_FACTOR = 1.0 / 100.0, 1.0 / 0.00001  # of rates of 9,900 % and -99.999 %
_MOST_STEPS = 100
_FIRST_GUESS = 1.0 / 1.1
_CLOSE = 1e-14
_NEWTON_ALONE = 8  # steps after which a root that is still far is also halved in on: far out Newton creeps
_SLOW = 1e-3
_NOTHING = 1e-14


@kernel
def _rate_of_several(flows):
    """Rate of return where the signs leave more than one root open: the only one above zero, or below."""
    roots = discount_factor_roots(flows / np.abs(flows).max())
    above, below, own, lower = 0, 0, 0.0, 0.0
    for root in roots:
        if root <= 1.0:
            above, own = above + 1, root
        else:
            below, lower = below + 1, root
    count = above if above > 0 else below
    if count == 0:
        return np.nan, IRR_OUT_OF_RANGE
    if count > 1:
        return np.nan, IRR_NOT_UNIQUE
    return 1.0 / (own if above > 0 else lower) - 1.0, IRR_OK


@kernel
def _signs(flows, j):
    """Sign changes of one case's flows and of their running total, the sign of the first, and whether all add up."""
    changes, total_changes, first, last, last_total, total, size = 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(flows.shape[0]):
        flow = flows[k, j]
        total += flow
        size += abs(flow)
        if flow != 0.0:
            changes += flow * last < 0.0
            last = 1.0 if flow > 0.0 else -1.0
            first = last if first == 0.0 else first
        if total != 0.0:
            total_changes += total * last_total < 0.0
            last_total = 1.0 if total > 0.0 else -1.0
    return changes, total_changes, first, abs(total) > _NOTHING * size


@kernel
def _most_roots(flows, j, below, work):
    """Descartes' bound on the rates of one case above zero, or below it, from the polynomial shifted by one."""
    n = flows.shape[0]
    for k in range(n):
        work[k] = flows[n - 1 - k, j] if below else flows[k, j]
    for left in range(n, 1, -1):
        for k in range(1, left):
            work[k] += work[k - 1]
    changes, last = 0, 0.0
    for k in range(n):
        changes += work[k] * last < 0.0
        last = work[k] if work[k] != 0.0 else last
    return changes if work[n - 1] != 0.0 else n


@kernel
def _polynomials(flows, v, value, slope):
    """Value and slope of the flows of a block of cases, in the discount factor of each."""
    for j in range(v.size):
        value[j], slope[j] = 0.0, 0.0
    for k in range(flows.shape[0] - 1, -1, -1):
        for j in range(v.size):
            slope[j] = slope[j] * v[j] + value[j]
            value[j] = value[j] * v[j] + flows[k, j]


@kernel
def _newton(flows, first, low, high, v):
    """Roots of a block of cases, each inside its bracket, all stepped together."""
    value, slope = np.empty(v.size), np.empty(v.size)
    for step in range(_MOST_STEPS):
        _polynomials(flows, v, value, slope)
        moving = 0
        halving = step > _NEWTON_ALONE and step % 2 == 0
        for j in range(v.size):
            before = value[j] * first[j] > 0.0
            low[j] = v[j] if before else low[j]
            high[j] = high[j] if before else v[j]
            following = v[j] - value[j] / slope[j]
            inside = low[j] <= following <= high[j]
            slow = halving and abs(following - v[j]) > _SLOW * v[j]
            following = following if inside and not slow else np.sqrt(low[j] * high[j])
            moving += abs(following - v[j]) > _CLOSE * v[j]
            v[j] = following
        if moving == 0:
            break


@kernel
def rates_of_block(flows, n, rates, states):
    """Rates of return of the first ``n`` cases of a block, and their states.

    Parameters
    ----------
    flows
        Array, shape (year, case): cash of each case, the first row first.
    n
        How many of its columns hold cases.
    rates, states
        Arrays, shape (case,), written over: rates, NaN unless the state is 0. [1/year]

    Notes
    -----
    One sign change leaves one root (Descartes). One of the running total leaves one above zero (Norstrom), and so
    does one of the coefficients in the rate itself (Descartes again); the same holds below zero. Those cases are
    solved together; in the others every root is looked for.
    """
    block = flows.shape[1]
    low, high = np.full(block, _LOWEST_FACTOR), np.full(block, _HIGHEST_FACTOR)
    first, v = np.zeros(block), np.full(block, _FIRST_GUESS)
    has_several = np.zeros(block, np.bool_)
    state, work = np.zeros(block, np.int64), np.empty(flows.shape[0])
    for j in range(n):
        changes, total_changes, first[j], has_total = _signs(flows, j)
        if changes == 0:
            state[j] = IRR_NO_SIGN_CHANGE
        has_several[j] = changes > 1
        if changes > 1 and not has_total:
            state[j] = _SEVERAL
        elif changes > 1:
            above = 1 if total_changes == 1 else _most_roots(flows, j, False, work)
            if above == 1:
                high[j] = 1.0
            elif above == 0 and _most_roots(flows, j, True, work) == 1:
                low[j] = 1.0
            else:
                state[j] = _SEVERAL
    lowest, highest = low.copy(), high.copy()
    _newton(flows, first, low, high, v)
    for j in range(n):
        rate = 1.0 / v[j] - 1.0
        at_an_end = v[j] <= lowest[j] * (1.0 + 1e-12) or v[j] >= highest[j] * (1.0 - 1e-12)
        if state[j] == _SEVERAL or (state[j] == IRR_OK and at_an_end and has_several[j]):
            rate, state[j] = _rate_of_several(np.ascontiguousarray(flows[:, j]))
        elif state[j] == IRR_OK and at_an_end:
            state[j] = IRR_OUT_OF_RANGE
        rates[j] = rate if state[j] == IRR_OK else np.nan
        states[j] = state[j]
