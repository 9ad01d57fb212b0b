"""The mean of the worst draws (CVaR), exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattworth.portfolio.records import Array


def tail_weights(values_usd: Array, tail_frac: float) -> Array:
    r"""Weights of the draws whose weighted sum is the mean of the worst share.

    Parameters
    ----------
    values_usd : array, shape (draw,)
        What a plan is worth in each draw; any unit will do.
    tail_frac
        Share that counts as the worst, above 0 and at most 1.

    Returns
    -------
    array, shape (draw,)
        Sums to one; none is above 1 / (share × draws).

    Notes
    -----
    CVaR is the least of :math:`\sum_d q_d V_d` over all such weights, so any of them bounds the tail of any plan from
    above. That is what makes each set of weights a cut, and a bound valid however few of them are known.

    References
    ----------
    .. [1] R. T. Rockafellar and S. Uryasev, Optimization of conditional value-at-risk, Journal of Risk 2 (2000).

    Examples
    --------
    >>> tail_weights(np.array([3.0, 1.0, 2.0, 4.0]), 0.5).tolist()
    [0.0, 0.5, 0.5, 0.0]
    """
    n_draw = len(values_usd)
    order: NDArray[np.intp] = np.argsort(values_usd, kind="stable")
    out = np.zeros(n_draw)
    out[order] = np.clip(tail_frac * n_draw - np.arange(n_draw), 0.0, 1.0) / (tail_frac * n_draw)
    return out


def tail_usd(values_usd: Array, tail_frac: float) -> float:
    """Mean of the worst share of draws. [USD]

    Parameters
    ----------
    values_usd : array, shape (draw,)
        What a plan is worth in each draw. [USD]
    tail_frac
        Share that counts as the worst.

    Examples
    --------
    >>> tail_usd(np.array([3.0, 1.0, 2.0, 4.0]), 0.5)
    1.5
    """
    return float(tail_weights(values_usd, tail_frac) @ values_usd)
