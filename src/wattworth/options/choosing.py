"""How rich a policy the paths can carry, settled on paths it was not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options.plans import best_plan, fixed_values_usd
from wattworth.options.policy import Policy, fit_policy
from wattworth.options.pricing import price
from wattworth.options.problem import SwitchProblem, present

DEGREES: Final = (1, 2)
"""Degrees tried."""


def fit_checked(problem: SwitchProblem, degrees: Sequence[int] = DEGREES) -> Policy:
    """Fit policies of several degrees and keep the one that does best on paths it has not seen.

    Parameters
    ----------
    problem
        The problem on its training paths.
    degrees
        Highest degrees of the polynomials.

    Returns
    -------
    Policy
        Fitted on all paths; it follows a fixed plan where none of the fits did better than the plan.

    Notes
    -----
    Every other path trains, the rest judges, and the other way round. A fixed plan is chosen and judged in the same
    way. On its own paths a fit has hindsight and a plan has little, so there the fit would win too often.
    """
    halves = [draws(problem, np.arange(start, problem.n_draw, 2)) for start in (0, 1)]
    seen_usd = {degree: _judged_usd(halves, degree) for degree in degrees}
    best = max(seen_usd, key=lambda degree: seen_usd[degree])
    policy = fit_policy(problem, best)
    if policy.follows is None and _judged_plan_usd(halves) >= seen_usd[best]:
        plan, plan_usd = best_plan(problem, present(problem))
        return replace(policy, follows=plan, training_usd=plan_usd)
    return policy


def _judged_usd(halves: Sequence[SwitchProblem], degree: int) -> float:
    """Mean of a policy on the half it was not fitted on. [USD]"""
    pairs = zip(halves, reversed(halves), strict=True)
    return float(np.mean([price(fit_policy(own, degree), other).value_usd for own, other in pairs]))


def _judged_plan_usd(halves: Sequence[SwitchProblem]) -> float:
    """Mean of the best fixed plan of each half on the other. [USD]"""
    means = [fixed_values_usd(half, present(half)).mean(axis=1) for half in halves]
    return float(np.mean([other[int(np.argmax(own))] for own, other in zip(means, reversed(means), strict=True)]))


def draws(problem: SwitchProblem, places: NDArray[np.intp]) -> SwitchProblem:
    """The problem on some of its draws."""
    n_draw = problem.n_draw

    def some(values: Any) -> Any:
        array = np.asarray(values)
        return array[..., places] if array.ndim and array.shape[-1] == n_draw else values

    def each(named: Any) -> dict[str, Any]:
        return {name: some(values) for name, values in named.items()}

    return replace(
        problem,
        drivers=each(problem.drivers),
        cash_usd=each(problem.cash_usd),
        terminal_usd=each(problem.terminal_usd),
        surprises=each(problem.surprises),
        switches=tuple(
            replace(
                switch,
                cost_usd=some(switch.cost_usd),
                earned_usd=None if switch.earned_usd is None else some(switch.earned_usd),
                allowed=None if switch.allowed is None else some(switch.allowed),
            )
            for switch in problem.switches
        ),
    )
