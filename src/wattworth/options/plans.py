"""Decisions taken for good: never, now, or on a fixed date, whatever the drivers say by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options.problem import Outline, Plan, Present, SwitchProblem

NEVER: Final = Plan("never")
"""Stay in the first state until the horizon."""

Choose = Callable[[int, int, NDArray[np.intp]], NDArray[np.int64]]
"""From a date, a state and the draws in it to the switch of each, -1 to stay."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What came of a policy on each draw.

    Attributes
    ----------
    value_usd
        Array, shape (draw,): money received, at the as-of month. [USD]
    first_date
        Array, shape (switch, draw): date on which it was first made, -1 if never.
    made_draws
        Array, shape (switch, draw): times each was made.
    """

    value_usd: NDArray[np.float64]
    first_date: NDArray[np.int64]
    made_draws: NDArray[np.int64]


def walk(outline: Outline, money: Present, choose: Choose) -> Walk:
    """Go forward over the dates, deciding in each draw what its state and drivers say."""
    n_state, n_date, n_draw = money.cash_usd.shape
    place = np.zeros(n_draw, dtype=np.int64)
    free_at = np.zeros(n_draw, dtype=np.int64)
    value = np.zeros(n_draw)
    first = np.full((len(outline.switches), n_draw), -1)
    made = np.zeros_like(first)
    for date in range(n_date):
        goes = np.full(n_draw, -1)
        for state in range(n_state):
            here = np.flatnonzero((place == state) & (free_at <= date))
            if len(here) and outline.ways_out[state]:
                goes[here] = choose(date, state, here)
        for way, (target, lag) in enumerate(zip(outline.targets, outline.lags, strict=True)):
            gone = np.flatnonzero(goes == way)
            if len(gone):
                value[gone] += (money.earned_usd[way][date] - money.cost_usd[way][date])[gone]
                place[gone] = target
                free_at[gone] = date + lag
                new = gone[first[way, gone] < 0]
                first[way, new] = date
                made[way, gone] += 1
        earns = money.cash_usd[place, date, np.arange(n_draw)]
        value += np.where(free_at <= date, earns, 0.0)
    value += money.terminal_usd[place, np.arange(n_draw)]
    return Walk(value, first, made)


def planned(
    outline: Outline, plan: Plan, date: int, state: int, allowed: Sequence[NDArray[np.bool_]], n_draw: int
) -> NDArray[np.int64]:
    """What a plan does in a state on a date: the switch of its last step so far, if it leads from here."""
    out = np.full(n_draw, -1)
    steps = [name for step, name in plan.steps if step <= date]
    ways = outline.ways_out[state]
    for row, way in enumerate(ways):
        if steps and outline.switches[way][0] == steps[-1]:
            out[allowed[row]] = way
    return out


def fixed_plans(problem: SwitchProblem) -> tuple[Plan, ...]:
    """Never; each switch out of the first state on each date, and nothing after it; then the plans of its own.

    A switch on date 0 is named "now".
    """
    out = [NEVER]
    for switch in problem.switches:
        if switch.origin == problem.states[0]:
            for date in range(problem.n_date - switch.lag_periods + 1):
                if date < problem.n_date:
                    when = "now" if date == 0 else f"month {problem.months[date]}"
                    out.append(Plan(f"{switch.name}, {when}", ((date, switch.name),)))
    return (*out, *problem.plans)


def fixed_values_usd(problem: SwitchProblem, money: Present) -> NDArray[np.float64]:
    """Value of every plan of :func:`fixed_plans` in each draw, at the as-of month.

    Returns
    -------
    array, shape (plan, draw)
        [USD]

    Notes
    -----
    Where a switch is not allowed on its date, it is made on the first later date on which it is.
    """
    outline = problem.outline
    n_date, n_draw = problem.n_date, problem.n_draw
    before = np.concatenate([np.zeros((1, n_draw)), np.cumsum(money.cash_usd[0], axis=0)])
    never = before[-1] + money.terminal_usd[0]
    out = [never]
    for way, (_, origin, _, lag) in enumerate(outline.switches):
        if origin != problem.states[0]:
            continue
        target = outline.targets[way]
        after = np.empty((n_date + 1, n_draw))
        after[n_date] = money.terminal_usd[target]
        for date in range(n_date - 1, -1, -1):
            np.add(after[date + 1], money.cash_usd[target, date], out=after[date])
        rows = []
        later = never
        for date in range(min(n_date, n_date - lag + 1) - 1, -1, -1):
            gone = before[date] + (money.earned_usd[way][date] - money.cost_usd[way][date]) + after[date + lag]
            later = np.where(money.allowed[way][date], gone, later)
            rows.append(later)
        out.extend(reversed(rows))
    out.extend(walk(outline, money, follower(outline, plan, money)).value_usd for plan in problem.plans)
    return np.stack(out)


def follower(outline: Outline, plan: Plan, money: Present) -> Choose:
    """A plan as what :func:`walk` asks."""

    def choose(date: int, state: int, here: NDArray[np.intp]) -> NDArray[np.int64]:
        allowed = [money.allowed[way][date][here] for way in outline.ways_out[state]]
        return planned(outline, plan, date, state, allowed, len(here))

    return choose


def best_plan(problem: SwitchProblem, money: Present) -> tuple[Plan, float]:
    """The fixed plan with the highest mean, and that mean. [USD]"""
    means = fixed_values_usd(problem, money).mean(axis=1)
    best = int(means.argmax())
    return fixed_plans(problem)[best], float(means[best])
