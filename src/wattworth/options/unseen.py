"""Taking out of the money of training paths what differs between them and is never seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options.problem import SwitchProblem

TELLS_ERRORS: Final = 4.0
"""A quantity is used where its correlation with some money is this many standard errors from nought."""


def less_unseen(problem: SwitchProblem, unseen_z: NDArray[np.float64]) -> SwitchProblem:
    """The problem with the money's linear dependence on unseen quantities taken out, to fit with less noise.

    Parameters
    ----------
    problem
        The problem on its training paths.
    unseen_z
        Array, shape (quantity, draw): drawn once for each path, independent of all drivers, such as the facts behind
        a valuation. Their means do not matter.

    Returns
    -------
    SwitchProblem
        Money of every kind keeps its mean and, since what is taken out has mean nought whatever the drivers do, its
        expectation on every date. For fitting alone: the money of a path is no longer what would be received on it.

    Notes
    -----
    A linear control variate, its coefficients by least squares on the same paths [1]_.

    References
    ----------
    .. [1] Glasserman, "Monte Carlo methods in financial engineering", Springer 2003, section 4.1.
    """
    money = [np.atleast_2d(values) for values in _money(problem)]
    if not money or not len(unseen_z):
        return problem
    targets = np.concatenate(money)
    targets = targets - targets.mean(axis=1, keepdims=True)
    size = targets.std(axis=1)
    targets = targets[size > 0.0] / size[size > 0.0, None]
    quantities = unseen_z - unseen_z.mean(axis=1, keepdims=True)
    spread = quantities.std(axis=1)
    quantities = quantities[spread > 0.0] / spread[spread > 0.0, None]
    tells = np.abs(quantities @ targets.T).max(axis=1, initial=0.0) > TELLS_ERRORS * np.sqrt(problem.n_draw)
    if not tells.any():
        return problem
    basis = np.linalg.qr(quantities[tells].T)[0]

    def less(values: Any) -> Any:
        array = np.asarray(values)
        if array.ndim == 0 or array.shape[-1] != problem.n_draw:
            return values
        return array - ((array - array.mean(axis=-1, keepdims=True)) @ basis) @ basis.T

    return replace(
        problem,
        cash_usd={state: less(values) for state, values in problem.cash_usd.items()},
        terminal_usd={state: less(values) for state, values in problem.terminal_usd.items()},
        switches=tuple(
            replace(switch, earned_usd=None if switch.earned_usd is None else less(switch.earned_usd))
            for switch in problem.switches
        ),
    )


def _money(problem: SwitchProblem) -> list[NDArray[np.float64]]:
    """All money that differs between paths and is not known when it is decided."""
    named = [*problem.cash_usd.values(), *problem.terminal_usd.values(), *(s.earned_usd for s in problem.switches)]
    arrays = [np.asarray(values) for values in named if values is not None]
    return [array for array in arrays if array.ndim and array.shape[-1] == problem.n_draw]
