"""Every root of yearly cash, compiled: a scan of the discount factor, its turning points, and Newton steps."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel

LOWEST_FACTOR, HIGHEST_FACTOR = 1.0 / 100.0, 1.0 / 0.00001
"""Discount factors of 9,900 % and of -99.999 % a year."""
_SCAN_STEPS = 240
_MOST_STEPS = 200
_FLAT = 1e-13
_NOTHING = 1e-14


@kernel
def _horner(flows, backward, v):
    """Polynomial and its slope in v or, backward, in one over it."""
    n = flows.size
    value, slope = 0.0, 0.0
    for k in range(n):
        flow = flows[k] if backward else flows[n - 1 - k]
        slope = slope * v + value
        value = value * v + flow
    return value, slope


@kernel
def _turning(flows, backward, low, high):
    """Where the slope is nothing, between two places where its signs differ."""
    _, at_low = _horner(flows, backward, low)
    for _ in range(_MOST_STEPS):
        middle = 0.5 * (low + high)
        _, slope = _horner(flows, backward, middle)
        if slope * at_low > 0.0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-16 * high:
            break
    return 0.5 * (low + high)


@kernel
def _crossing(flows, backward, low, high):
    """Where the value is nothing, between two places where its signs differ."""
    at_low, _ = _horner(flows, backward, low)
    v = 0.5 * (low + high)
    for _ in range(_MOST_STEPS):
        value, slope = _horner(flows, backward, v)
        if value * at_low > 0.0:
            low = v
        else:
            high = v
        following = v - value / slope if slope != 0.0 else low
        if not low <= following <= high:
            following = 0.5 * (low + high)
        done = abs(following - v) <= 1e-15 * v
        v = following
        if done:
            break
    return v


@kernel
def _add_roots(flows, backward, lowest, roots, n_root):
    """Roots of one side of a factor of one, the factor itself among those of the forward side."""
    before = lowest
    value_before, slope_before = _horner(flows, backward, before)
    for k in range(1, _SCAN_STEPS + 1):
        node = 1.0 if k == _SCAN_STEPS else lowest ** (1.0 - k / _SCAN_STEPS)
        value, slope = _horner(flows, backward, node)
        if k == _SCAN_STEPS and abs(value) <= _NOTHING * np.sum(np.abs(flows)):
            value = 0.0
        if slope * slope_before < 0.0:
            turn = _turning(flows, backward, before, node)
            at_turn, _ = _horner(flows, backward, turn)
            size, _ = _horner(np.abs(flows), backward, turn)
            if abs(at_turn) < _FLAT * size:
                at_turn = 0.0
                roots[n_root] = turn
                n_root += 1
            elif value_before * at_turn < 0.0:
                roots[n_root] = _crossing(flows, backward, before, turn)
                n_root += 1
            before, value_before = turn, at_turn
        if value_before * value < 0.0:
            roots[n_root] = _crossing(flows, backward, before, node)
            n_root += 1
        if value == 0.0 and not (backward and k == _SCAN_STEPS):
            roots[n_root] = node
            n_root += 1
        before, value_before, slope_before = node, value, slope
    return n_root


@kernel
def discount_factor_roots(flows):
    """Discount factors at which cash is worth nothing, in no order.

    Parameters
    ----------
    flows
        Array, shape (year,), the first entry now.

    Returns
    -------
    array
        Factors from 1/100 to 100,000.

    Notes
    -----
    Below a factor of one the polynomial itself is scanned, above it the reversed one in its inverse, so no power
    overflows. Between two nodes of the scan the slope is taken to turn once at most.
    """
    roots = np.empty(4 * flows.size + 8)
    n_below = _add_roots(flows, False, LOWEST_FACTOR, roots, 0)
    n_root = _add_roots(flows, True, 1.0 / HIGHEST_FACTOR, roots, n_below)
    for k in range(n_below, n_root):
        roots[k] = 1.0 / roots[k]
    return roots[:n_root]
