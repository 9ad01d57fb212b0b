"""What a little more of each limit is worth, by planning again with it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wattworth.portfolio.checks import place_of_limit
from wattworth.portfolio.planning import plan
from wattworth.portfolio.problem import FREE, barred, upper_form
from wattworth.portfolio.reasons import value_of
from wattworth.portfolio.records import Aim, Amount, Case, Effort, Limit, Limits, Plan

POINT_FRAC = 0.2
"""A price is a point where the gaps of both plans are no more than this share of the difference."""

SLIP_FRAC = 1e-6
"""Gaps that are no more than this share of the plan are taken for nought."""


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What one step of a limit is worth.

    Attributes
    ----------
    limit
        The limit.
    step
        How much more (at least: less) was given, in the limit's unit.
    gain
        What the better plan found adds, in the unit of the aim; None where only the range is known.
    low, high
        What one step adds at least and at most, as proved.
    marginal
        What the price of the limit in the proof of the bound says of a step: an estimate, where shares of sites
        could be chosen.
    """

    limit: Limit
    step: Amount
    gain: Amount | None
    low: Amount
    high: Amount
    marginal: Amount


def relaxed_by(case: Case, at: int, step: Amount) -> Case:
    """The case with more of one limit, or less where it is a least.

    Parameters
    ----------
    case
        As it is.
    at
        Place of the limit.
    step
        By how much, in the limit's unit.
    """
    rows = list(case.limits.rows)
    row = rows[at]
    amount = row.amount + step if row.sense == "at most" else row.amount - step
    if row.sense == "at least" and row.amount >= 0.0:
        amount = max(amount, 0.0)
    rows[at] = replace(row, amount=amount)
    return replace(case, limits=Limits(tuple(rows), case.limits.takes))


def limit_prices(
    case: Case,
    found: Plan,
    aim: Aim | None = None,
    effort: Effort | None = None,
    names: Sequence[str] | None = None,
) -> tuple[LimitPrice, ...]:
    """What one more step of each limit adds.

    Parameters
    ----------
    case
        As it was planned.
    found
        Its plan.
    aim
        As it was planned.
    effort
        For all limits together; each gets an equal share of what is left.
    names
        Limits to price; all with a ``relax_step`` where none are named.

    Returns
    -------
    tuple of LimitPrice
        In the order of the limits. A point where the gaps allow; otherwise the range that is proved.

    Raises
    ------
    StudyError
        A name is unknown.

    Notes
    -----
    The plan found keeps the relaxed limits too, so a step never takes value away. The bound of the step is the lower
    of the new search's and of what the old prices prove of the relaxed case. Where these alone prove that a step adds
    no more than the gap, nothing is solved. An aim that divides one sum by another has no such prices.
    """
    aim, effort = aim or Aim(), effort or Effort()
    at = [i for i, row in enumerate(case.limits.rows) if row.relax_step is not None]
    if names is not None:
        at = [place_of_limit(case.limits, name) for name in names]
    until_s, out = time.perf_counter() + effort.time_limit_s, []
    for turn, i in enumerate(at):
        row = case.limits.rows[i]
        step = row.relax_step or 1.0
        eased = relaxed_by(case, i, step)
        most, least = proven(eased, found, aim), found.objective
        if most > found.objective + effort.gap_frac * abs(found.objective):
            share_s = max((until_s - time.perf_counter()) / (len(at) - turn), 0.2)
            again = plan(eased, aim, replace(effort, time_limit_s=share_s), (found.chosen,))
            most, least = min(most, again.bound), max(least, again.objective)
        out.append(_between(row, step, found, least, most, float(found.prices[i] * step)))
    return tuple(out)


def proven(case: Case, found: Plan, aim: Aim | None = None) -> Amount:
    """What the prices of a plan alone prove of a case with the same options and other amounts.

    Parameters
    ----------
    case
        Its limits may be other than those of the plan.
    found
        Plan whose prices, and weights of draws, are used.
    aim
        As it was planned; one that divides is not bounded here.

    Returns
    -------
    float
        No plan of the case is above it: every site at what is best for it alone, and the limits at their prices.
    """
    aim = aim or Aim()
    if aim.per is not None:
        return np.inf
    profit = value_of(case, found, aim) - upper_form(case.limits).T @ found.prices
    room = np.array([row.amount if row.sense == "at most" else -row.amount for row in case.limits.rows], float)
    able = np.where(barred(case) == FREE, profit, -np.inf)
    return float(np.maximum.reduceat(able, case.choices.begins).sum() + found.prices @ room)


def _between(row: Limit, step: Amount, found: Plan, least: Amount, most: Amount, marginal: Amount) -> LimitPrice:
    """A point, or a range."""
    gain = least - found.objective
    gaps = max(most - least, 0.0) + max(found.bound - found.objective, 0.0)
    low, high = max(least - found.bound, 0.0), max(most - found.objective, 0.0)
    exact = gaps <= max(POINT_FRAC * gain, SLIP_FRAC * abs(found.objective))
    return LimitPrice(row, step, gain if exact else None, low, max(high, gain), marginal)
