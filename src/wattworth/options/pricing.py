"""Price a policy on fresh paths, block by block: what freedom to decide later is worth, and what it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattworth.options.plans import Choose, fixed_plans, fixed_values_usd, walk
from wattworth.options.policy import Policy
from wattworth.options.problem import STAY, Plan, Present, SwitchProblem, present
from wattworth.records import CHUNK_DRAWS


class Spread(NamedTuple):
    """Means of groups of draws, chunk by chunk: enough for a mean and its standard error.

    Attributes
    ----------
    n
        Array, shape (chunk,): groups in each.
    value_usd
        Array, shape (chunk, row): mean. [USD]
    spread_usd
        Array, shape (chunk, row): standard deviation of the groups about it. [USD]
    """

    n: NDArray[np.int64]
    value_usd: NDArray[np.float64]
    spread_usd: NDArray[np.float64]

    @classmethod
    def of(cls, draws_usd: NDArray[np.float64], group_draws: int) -> Spread:
        """Spread of rows of draws; a chunk's draws are summed in their order, whatever block it came in."""
        n, means, spreads = [], [], []
        for start in range(0, draws_usd.shape[1], CHUNK_DRAWS):
            chunk = np.ascontiguousarray(draws_usd[:, start : start + CHUNK_DRAWS])
            groups = chunk.reshape(len(chunk), -1, group_draws).mean(axis=2)
            mean = groups.mean(axis=1)
            n.append(groups.shape[1])
            means.append(mean)
            spreads.append(groups.std(axis=1))
        return cls(np.array(n), np.array(means), np.array(spreads))

    @classmethod
    def joined(cls, parts: Iterable[Spread]) -> Spread:
        """Chunks of several blocks, in order."""
        return cls(*(np.concatenate(rows) for rows in zip(*parts, strict=True)))

    def totals(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and its standard error of each row. [USD]"""
        n = int(self.n.sum())
        mean = (self.n[:, None] * self.value_usd).sum(axis=0) / n
        squares = (self.n[:, None] * (self.spread_usd**2 + (self.value_usd - mean) ** 2)).sum(axis=0)
        return mean, np.sqrt(squares / max(1, n - 1) / n)


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What a block leaves behind: its draws' values, and counts and spreads.

    Attributes
    ----------
    values_usd
        Array, shape (draw,): realised value under the policy. [USD]
    own
        Spread of those values, one row.
    fixed, lead
        Value of each fixed plan, and by how much the policy realised more.
    n_worse
        Array, shape (plan,): draws in which the policy realised less than the plan.
    first_draws
        Array, shape (switch, date): draws that first made each switch on each date.
    n_made
        Array, shape (switch,): times each was made.
    """

    values_usd: NDArray[np.float64]
    own: Spread
    fixed: Spread
    lead: Spread
    n_worse: NDArray[np.int64]
    first_draws: NDArray[np.int64]
    n_made: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A decision taken for good, beside the policy.

    Attributes
    ----------
    name
        Name of the plan; ``never`` for the first.
    switch, date
        Its first switch and the number of its date; None if it makes none.
    value_usd, se_usd
        Mean and standard error. [USD]
    regret_usd, regret_se_usd
        What it gives up: mean of the policy's value less its own on the same draws. [USD]
    better_frac
        Share of draws in which it would have realised more than the policy, known only afterwards. [1]
    """

    name: str
    switch: str | None
    date: int | None
    value_usd: float
    se_usd: float
    regret_usd: float
    regret_se_usd: float
    better_frac: float


@dataclass(frozen=True, slots=True, eq=False)
class Switching:
    """How often and when a switch is made under the policy.

    Attributes
    ----------
    name
        Name of the switch.
    prob_frac
        Share of draws that make it at least once. [1]
    now_frac
        Share of draws that make it on date 0. [1]
    mean_month
        Mean month in which it is first made, in the draws that make it; None if none does. [month]
    first_frac
        Array, shape (date,): share of all draws that first make it on each date. [1]
    times_ratio
        Times it is made, per draw. [1]
    """

    name: str
    prob_frac: float
    now_frac: float
    mean_month: float | None
    first_frac: NDArray[np.float64]
    times_ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The value of being free to decide, against every decision taken for good.

    Attributes
    ----------
    value_usd, se_usd
        Mean under the policy, and its standard error; low-biased, since the policy is not quite the best. [USD]
    now
        What the policy does on date 0 in most draws: the name of a switch, or ``stay``.
    fixed
        Every fixed plan: never, each first switch on each date, and the problem's own.
    switchings
        One for each switch.
    values_usd
        Array, shape (draw,): realised value. [USD]
    training_usd
        Mean on the training paths, where the policy has some hindsight; far above ``value_usd`` it fits noise. [USD]
    notes
        What a reader should know of the policy.
    """

    value_usd: float
    se_usd: float
    now: str
    fixed: tuple[Fixed, ...]
    switchings: tuple[Switching, ...]
    values_usd: NDArray[np.float64]
    training_usd: float
    notes: tuple[str, ...]

    @property
    def never(self) -> Fixed:
        """Staying for good."""
        return self.fixed[0]

    @property
    def best_fixed(self) -> Fixed:
        """The fixed plan with the highest mean on these draws, which flatters it."""
        return max(self.fixed, key=lambda plan: plan.value_usd)

    @property
    def best_now(self) -> Fixed:
        """The best of what can be decided for good on date 0: a switch now, or never."""
        return max((p for p in self.fixed if p.date in {None, 0}), key=lambda plan: plan.value_usd)

    @property
    def waiting_usd(self) -> float:
        """Value of waiting: the policy's less that of the best decision taken for good on date 0. [USD]"""
        return self.best_now.regret_usd

    @property
    def waiting_se_usd(self) -> float:
        """Standard error of the value of waiting. [USD]"""
        return self.best_now.regret_se_usd


def price_block(policy: Policy, problem: SwitchProblem, n_live: int | None = None, group_draws: int = 1) -> Priced:
    """Follow a policy on one block of fresh paths.

    Parameters
    ----------
    policy
        Fitted on other paths.
    problem
        The same problem on the block's paths, a whole number of chunks of 256 draws or all there are.
    n_live
        Draws that count, the first of the block; all by default.
    group_draws
        Draws that share their parameters, so that only their mean is independent of the others.

    Raises
    ------
    ValueError
        If the policy is for another problem, or the draws do not form whole groups.
    """
    if policy.outline != problem.outline:
        raise ValueError("the policy was fitted for other states, dates, drivers or switches")
    n_live = problem.n_draw if n_live is None else min(n_live, problem.n_draw)
    if n_live < 1 or n_live % group_draws or CHUNK_DRAWS % group_draws:
        raise ValueError(f"{n_live} draws do not form whole groups of {group_draws} within chunks of {CHUNK_DRAWS}")
    money = present(problem)
    done = walk(policy.outline, money, _chooser(policy, problem, money))
    values = done.value_usd[:n_live]
    fixed = fixed_values_usd(problem, money)[:, :n_live]
    lead = values - fixed
    first = done.first_date[:, :n_live]
    dates = np.arange(problem.n_date)
    return Priced(
        values_usd=values,
        own=Spread.of(values[None], group_draws),
        fixed=Spread.of(fixed, group_draws),
        lead=Spread.of(lead, group_draws),
        n_worse=(lead < 0.0).sum(axis=1),
        first_draws=(first[:, None, :] == dates[:, None]).sum(axis=2),
        n_made=done.made_draws[:, :n_live].sum(axis=1),
    )


def _chooser(policy: Policy, problem: SwitchProblem, money: Present) -> Choose:
    seen = np.stack([*problem.drivers.values()], axis=1)

    def choose(date: int, state: int, here: NDArray[np.intp]) -> NDArray[np.int64]:
        ways = policy.outline.ways_out[state]
        costs = [money.cost_usd[way][date][here] for way in ways]
        allowed = [money.allowed[way][date][here] for way in ways]
        return policy.choose(date, state, seen[date][:, here], costs, allowed)

    return choose


def price(policy: Policy, problems: SwitchProblem | Iterable[SwitchProblem], group_draws: int = 1) -> Result:
    """Price a policy on fresh paths.

    Parameters
    ----------
    policy
        Fitted on other paths.
    problems
        One block of fresh paths, or several, each made as it is asked for and forgotten when priced.
    group_draws
        Draws that share their parameters; see :func:`price_block`.
    """
    plans: tuple[Plan, ...] = ()
    parts = []
    for problem in (problems,) if isinstance(problems, SwitchProblem) else problems:
        plans = fixed_plans(problem)
        parts.append(price_block(policy, problem, group_draws=group_draws))
    return collect(policy, plans, parts)


def collect(policy: Policy, plans: Iterable[Plan], parts: Iterable[Priced]) -> Result:
    """Put blocks together, in order.

    Parameters
    ----------
    policy
        What they were priced with.
    plans
        From :func:`~wattworth.options.plans.fixed_plans` of any of them.
    parts
        From :func:`price_block`.
    """
    parts = list(parts)
    values = np.concatenate([part.values_usd for part in parts])
    n = len(values)
    own, fixed, lead = (
        Spread.joined(spreads).totals()
        for spreads in (
            [part.own for part in parts],
            [part.fixed for part in parts],
            [part.lead for part in parts],
        )
    )
    better = np.sum([part.n_worse for part in parts], axis=0) / n
    first = np.sum([part.first_draws for part in parts], axis=0) / n
    made = np.sum([part.n_made for part in parts], axis=0) / n
    compared = tuple(
        Fixed(
            name=plan.name,
            switch=plan.steps[0][1] if plan.steps else None,
            date=plan.steps[0][0] if plan.steps else None,
            value_usd=float(fixed[0][row]),
            se_usd=float(fixed[1][row]),
            regret_usd=float(lead[0][row]),
            regret_se_usd=float(lead[1][row]),
            better_frac=float(better[row]),
        )
        for row, plan in enumerate(plans)
    )
    months = np.array(policy.outline.months[:-1])
    switchings = tuple(
        _switching(way[0], first[row], months, float(made[row])) for row, way in enumerate(policy.outline.switches)
    )
    at_once = {STAY: 1.0 - sum(s.now_frac for s in switchings), **{s.name: s.now_frac for s in switchings}}
    return Result(
        value_usd=float(own[0][0]),
        se_usd=float(own[1][0]),
        now=max(at_once, key=lambda name: at_once[name]),
        fixed=compared,
        switchings=switchings,
        values_usd=values,
        training_usd=policy.training_usd,
        notes=policy.notes,
    )


def _switching(name: str, first: NDArray[np.float64], months: NDArray[np.int64], times_ratio: float) -> Switching:
    prob = float(first.sum())
    month = float((first * months).sum() / prob) if prob > 0.0 else None
    return Switching(name, prob, float(first[0]), month, first, times_ratio)
