"""Risk against return: the best plan at each weight of the tail, and which of them lie on the upper hull."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wattworth.portfolio.planning import objective_of, plan
from wattworth.portfolio.records import Aim, Array, Case, Effort, Plan


@dataclass(frozen=True, slots=True, eq=False)
class FrontierPoint:
    """One plan of the frontier.

    Attributes
    ----------
    tail_weight_frac
        Weight at which it was sought.
    plan
        The plan; its objective and bound are at that weight.
    on_hull
        Whether no mix of two other plans is at least as good in mean and in tail.
    """

    tail_weight_frac: float
    plan: Plan
    on_hull: bool


def frontier(
    case: Case,
    weights: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0),
    aim: Aim | None = None,
    effort: Effort | None = None,
) -> tuple[FrontierPoint, ...]:
    """The best plan at each weight.

    Parameters
    ----------
    case
        Options and limits.
    weights
        Of the tail, each from 0 to 1.
    aim
        Its other fields hold for all.
    effort
        For all of them together.

    Returns
    -------
    tuple of FrontierPoint
        In the order of the weights. Each begins from the plans of those before, and at the end takes the best plan
        that any weight found.
    """
    aim, effort = aim or Aim(), effort or Effort()
    until_s = time.perf_counter() + effort.time_limit_s
    plans: list[Plan] = []
    for i, weight in enumerate(weights):
        share_s = max((until_s - time.perf_counter()) / (len(weights) - i), 0.5)
        known = tuple(other.chosen for other in plans)
        at_weight = replace(aim, tail_weight_frac=weight)
        plans.append(plan(case, at_weight, replace(effort, time_limit_s=share_s), known))
    best = [_best(case, replace(aim, tail_weight_frac=w), own, plans) for w, own in zip(weights, plans, strict=True)]
    hull = upper_hull(np.array([p.tail_usd for p in best]), np.array([p.value_usd for p in best]))
    return tuple(FrontierPoint(w, p, bool(on)) for w, p, on in zip(weights, best, hull, strict=True))


def _best(case: Case, aim: Aim, own: Plan, plans: list[Plan]) -> Plan:
    """The plan of this or another weight that is best at this one; the bound is this one's."""
    worth = [objective_of(case, aim, other.chosen) for other in plans]
    at = int(np.argmax(worth))
    if worth[at] <= own.objective:
        return own
    other = plans[at]
    return replace(
        own,
        chosen=other.chosen,
        objective=worth[at],
        bound=max(own.bound, worth[at]),
        value_usd=other.value_usd,
        tail_usd=other.tail_usd,
    )


def upper_hull(tail_usd: Array, mean_usd: Array) -> NDArray[np.bool_]:
    """Which points no other point, or mix of two, matches in both.

    Parameters
    ----------
    tail_usd, mean_usd : array, shape (plan,)
        Mean of the worst draws, and of all. [USD]

    Returns
    -------
    array, shape (plan,)
        Equal points are on it together.

    Examples
    --------
    >>> upper_hull(np.array([0.0, 1.0, 2.0, 1.0]), np.array([4.0, 3.5, 1.0, 2.0])).tolist()
    [True, True, True, False]
    """
    points = sorted(set(zip(tail_usd.tolist(), mean_usd.tolist(), strict=True)), key=lambda p: (-p[0], -p[1]))
    chain: list[tuple[float, float]] = []
    for x, y in points:
        if chain and y <= chain[-1][1]:
            continue
        while len(chain) > 1 and (chain[-1][0] - chain[-2][0]) * (y - chain[-2][1]) <= (chain[-1][1] - chain[-2][1]) * (
            x - chain[-2][0]
        ):
            chain.pop()
        chain.append((x, y))
    return np.array([(x, y) in chain for x, y in zip(tail_usd.tolist(), mean_usd.tolist(), strict=True)])
