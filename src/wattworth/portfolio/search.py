"""Plans that keep every limit: rounding, mending, single switches, and small programmes around some of the sites."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.portfolio.problem import Problem
from wattworth.portfolio.records import Amount, Array, Places
from wattworth.portfolio.relaxation import Relaxed, restricted
from wattworth.solve import Options, Solution, solve

SITES_FREE: Final = 100
"""Sites that one small programme decides anew, at the start."""

OPTIONS_EACH: Final = 3.5
"""Options of each of them, at the start."""

TRY_S: Final = 1.0
"""Longest that one small programme may take. [s]"""

AT_ONCE: Final = 500
"""Switches that are held against every limit at once."""

MENDS: Final = 5
"""Switches for each site that mending may make before it gives up."""


class Incumbent:
    """The best plan so far; every plan offered is held against every limit in plain NumPy."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.x: Places | None = None
        self.objective: Amount = -np.inf

    def offer(self, x: Places | None) -> bool:
        """Take a plan if it keeps every limit and is better; whether it was taken."""
        if x is None or self.problem.missed(x).any():
            return False
        objective = self.problem.objective(x)
        if objective <= self.objective + 1e-12 * abs(objective):
            return False
        self.x, self.objective = x.copy(), objective
        return True

    def gap_frac(self, bound: Amount) -> Amount:
        """How far a bound is above it, as a share."""
        return (bound - self.objective) / self.size if self.x is not None else np.inf

    @property
    def size(self) -> Amount:
        """What a gap is a share of."""
        return max(abs(self.objective), self.problem.reference, 1e-300)


def first_plans(problem: Problem, relaxed: Relaxed, best: Incumbent, until_s: float) -> None:
    """Round the relaxation, mend what that breaks, and decide the undecided sites with a small programme."""
    rounded = best_of_site(problem, relaxed.x if relaxed.x is not None else -relaxed.loss)
    best.offer(switched(problem, relaxed, mended(problem, relaxed, rounded)))
    more = 3 * len(problem.room) + 10
    while time.perf_counter() < until_s:
        n_near = min(problem.n_site + more, len(problem.site)) - 1
        near = relaxed.loss <= np.partition(relaxed.loss, n_near)[n_near]
        if relaxed.x is not None:
            near |= relaxed.x > 0.0
        if best.x is not None:
            near[best.x] = True
        limit_s = max(0.3 * (until_s - time.perf_counter()), 0.2)
        found = decide(problem, relaxed, np.flatnonzero(near), None, best.x, limit_s, 1e-5)
        taken = found is not None and best.offer(switched(problem, relaxed, mended(problem, relaxed, found)))
        if taken or best.x is not None or n_near == len(problem.site) - 1:
            return
        more *= 4


def decide(
    problem: Problem,
    relaxed: Relaxed,
    picks: Places,
    held: Places | None,
    start: Places | None,
    limit_s: float,
    gap_frac: float,
) -> Places | None:
    """Choose among some options, the other sites held; None where no answer came in time.

    Without a plan to start from, limits give way at a price, so that there always is an answer to mend.
    """
    base = None if held is None else np.delete(held, np.unique(problem.site[picks]))
    model = restricted(problem, relaxed.cuts, picks, base, integer=True, elastic=start is None)
    first = None if start is None else {"pick": np.isin(picks, start).astype(np.float64)}
    try:
        solved = solve(model, Options(time_limit_s=limit_s, gap_frac=gap_frac), first)
    except SolveError:
        return None
    out = np.full(problem.n_site, -1) if held is None else held.copy()
    pick = chosen_of(solved, picks)
    out[problem.site[pick]] = pick
    return out


def chosen_of(solved: Solution, picks: Places) -> Places:
    """The options that an answer chooses."""
    return picks[np.round(solved.values["pick"]) > 0.5]


def improve(
    problem: Problem, relaxed: Relaxed, best: Incumbent, until_s: float, gap_frac: float, rng: np.random.Generator
) -> None:
    """Free some sites at a time, decide them anew, and keep what is better, until the gap or the time is reached."""
    assert best.x is not None
    n_free, n_each = min(SITES_FREE, problem.n_site), OPTIONS_EACH
    while best.gap_frac(relaxed.bound) > gap_frac and time.perf_counter() < until_s:
        sites = _to_free(problem, relaxed, best.x, n_free, rng)
        free = np.zeros(problem.n_site, bool)
        free[sites] = True
        own = np.flatnonzero(free[problem.site])
        n_near = min(int(n_each * len(sites)), len(own)) - 1
        near = own[relaxed.loss[own] <= np.partition(relaxed.loss[own], n_near)[n_near]]
        picks = np.unique(np.concatenate([near, best.x[free]]))
        began = time.perf_counter()
        found = decide(problem, relaxed, picks, best.x, best.x, min(TRY_S, max(until_s - began, 0.05)), 1e-6)
        took = time.perf_counter() - began
        n_each = min(max(n_each * (1.15 if took < 0.3 * TRY_S else 0.9 if took > 0.8 * TRY_S else 1.0), 3.0), 60.0)
        if found is not None:
            best.offer(found)


def _to_free(problem: Problem, relaxed: Relaxed, x: Places, n_free: int, rng: np.random.Generator) -> Places:
    """Sites to decide anew: those that gave up most, those that use what two limits leave over, and some at random."""
    cost = relaxed.loss[x] + 1e-9
    if rng.random() < 0.5 and relaxed.prices.any():
        slack = np.maximum(problem.room - problem.used(x), 0.0) * relaxed.prices + 1e-9 * (relaxed.prices > 0.0)
        tight = np.flatnonzero(slack)
        rows = rng.choice(tight, min(3, len(tight)), replace=False, p=slack[tight] / slack[tight].sum())
        touches = np.asarray(abs(problem.takes[rows][:, x]).sum(axis=0)).ravel() > 0.0
        cost = np.where(touches, cost + cost.mean(), 1e-3 * cost)
    weight = np.sqrt(cost / cost.max()) + 0.05
    return rng.choice(problem.n_site, n_free, replace=False, p=weight / weight.sum())


def mended(problem: Problem, relaxed: Relaxed, x: Places) -> Places | None:
    """Switch options until every limit is kept: each time what loses least for what it frees; None where stuck."""
    x, size = x.copy(), np.maximum(np.abs(problem.room), 1.0)
    for _ in range(MENDS * problem.n_site + 20):
        missed = problem.missed(x)
        if not missed.any():
            return x
        over = np.flatnonzero(missed)
        taken = problem.takes[over].T @ (1.0 / size[over])
        frees = problem.over_sites(taken[x]) - taken
        some = np.flatnonzero(frees > 1e-12)
        costs = relaxed.loss[some] - relaxed.loss[x[problem.site[some]]]
        some = some[np.argsort(costs / frees[some] if (costs > 0.0).all() else costs, kind="stable")]
        option = _least_missed(problem, relaxed, x, some, missed / size)
        if option is None:
            return None
        x[problem.site[option]] = option
    return None


def _least_missed(problem: Problem, relaxed: Relaxed, x: Places, some: Places, missed: Array) -> int | None:
    """The switch that loses least for each share of a limit that is missed less; looked for in order."""
    slack = problem.room - problem.used(x)
    size = np.maximum(np.abs(problem.room), 1.0)
    for begin in range(0, len(some), AT_ONCE):
        few = some[begin : begin + AT_ONCE]
        over = np.maximum(_change(problem, x, few) - slack[:, None], 0.0) / size[:, None]
        gain = float(missed.sum()) - over.sum(axis=0)
        cost = np.maximum(relaxed.loss[few] - relaxed.loss[x[problem.site[few]]], 1e-6)
        if (gain > 1e-9).any():
            return int(few[np.argmin(np.where(gain > 1e-9, cost / np.maximum(gain, 1e-12), np.inf))])
    return None


def switched(problem: Problem, relaxed: Relaxed, x: Places | None) -> Places | None:
    """Make every switch of one site that adds value and fits in what the limits leave, the best first."""
    if x is None:
        return None
    x = x.copy()
    value = problem.linear + (problem.tail_weight_frac * (relaxed.mix @ relaxed.cuts.value) if len(relaxed.mix) else 0)
    for _ in range(problem.n_site):
        gain = value - problem.over_sites(value[x])
        some = np.flatnonzero(gain > 1e-9)
        some = some[np.argsort(-gain[some], kind="stable")][: 4 * AT_ONCE]
        slack = problem.room - problem.used(x)
        fits = (_change(problem, x, some) <= slack[:, None]).all(axis=0)
        if not fits.any():
            return x
        option = int(some[np.argmax(fits)])
        x[problem.site[option]] = option
    return x


def _change(problem: Problem, x: Places, some: Places) -> Array:
    """What more of each limit is taken when a site switches to each of some options, shape (limit, option)."""
    return (problem.by_option[some] - problem.by_option[x[problem.site[some]]]).toarray().T


def best_of_site(problem: Problem, score: Array) -> Places:
    """The option of the highest score of each site; the first of equals."""
    best = np.maximum.reduceat(score, problem.begins)
    at = np.flatnonzero(score >= problem.over_sites(best))
    return at[np.unique(problem.site[at], return_index=True)[1]]
