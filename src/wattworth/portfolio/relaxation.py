"""What no plan can beat: prices on the limits, each site priced alone, made sharp by small linear programmes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.portfolio.problem import Problem
from wattworth.portfolio.records import Amount, Array, Places
from wattworth.portfolio.tail import tail_weights
from wattworth.solve import Columns, Each, Model, Options, Rows, Solution, Sparse, solve
from wattworth.solve.model import Term

STEPS: Final = 120
"""Steps of the descent before the first programme."""

ROUNDS: Final = 80
"""Most programmes."""

SHARP_FRAC: Final = 1e-7
"""Where the programme and the bound are this near, the bound cannot be lowered by prices."""

SLACK_PRICE: Final = 1e6
"""Price of breaking a limit by a tenth of its largest single use; the mean option is worth 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Weights of draws, each of which bounds the tail of any plan.

    Attributes
    ----------
    weights
        Array, shape (cut, draw).
    value
        Array, shape (cut, option): sum of each option's draws at these weights.
    """

    weights: Array
    value: Array

    def with_weights(self, problem: Problem, weights: Array) -> Cuts:
        """One more."""
        return Cuts(np.vstack([self.weights, weights]), np.vstack([self.value, problem.cut(weights)]))


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A bound, and what proves it.

    Attributes
    ----------
    bound
        No plan is above it.
    prices
        Array, shape (limit,): none is below nought.
    mix
        Array, shape (cut,): share of each cut.
    loss
        Array, shape (option,): how much a plan with this option stays below the bound at least.
    worth
        Array, shape (site,): what each site brings at these prices.
    cuts
        Those known.
    x
        Array, shape (option,): the answer of the last programme; None before the first.
    slack
        By how much its limits had to give way.
    """

    bound: Amount
    prices: Array
    mix: Array
    loss: Array
    worth: Array
    cuts: Cuts
    x: Array | None = None
    slack: Amount = 0.0


def first_cuts(problem: Problem) -> Cuts:
    """The one cut that needs no plan: no tail is above the mean."""
    n_draw = 0 if problem.draws is None else problem.draws.shape[1]
    none = Cuts(np.zeros((0, n_draw)), np.zeros((0, len(problem.site))))
    return none if problem.draws is None else none.with_weights(problem, np.full(n_draw, 1.0 / n_draw))


def price_out(problem: Problem, cuts: Cuts, prices: Array, mix: Array) -> Relaxed:
    """The bound of given prices: each site takes what is best for it at these prices.

    Parameters
    ----------
    problem
        What is searched.
    cuts
        Those known.
    prices : array, shape (limit,)
        None below nought.
    mix : array, shape (cut,)
        Share of each cut; sums to one.
    """
    value = problem.linear + problem.tail_weight_frac * (mix @ cuts.value) if len(mix) else problem.linear
    profit = value - problem.by_option @ prices
    best = np.maximum.reduceat(profit, problem.begins)
    bound = float(best.sum() + prices @ problem.room)
    return Relaxed(bound, prices, mix, problem.over_sites(best) - profit, best, cuts)


def descend(problem: Problem, cuts: Cuts, mix: Array, until_s: float, start: Array | None = None) -> Relaxed:
    """Lower the bound by small steps against what is taken too much of, or too little."""
    prices = np.zeros(len(problem.room)) if start is None else start
    best = price_out(problem, cuts, prices, mix)
    size = 1.0 / np.maximum(np.abs(problem.room), 1.0)
    now, pace, stuck = best, 1.0, 0
    for _ in range(STEPS if start is None else STEPS // 4):
        at = np.flatnonzero(now.loss <= 0.0)
        x = at[np.unique(problem.site[at], return_index=True)[1]]
        slope = (problem.room - problem.used(x)) * size
        steep = float(slope @ slope)
        if steep < 1e-18 or time.perf_counter() > until_s:
            break
        aim = best.bound - 0.05 * pace * abs(best.bound)
        prices = np.maximum(now.prices - pace * (now.bound - aim) / steep * size * slope, 0.0)
        now = price_out(problem, cuts, prices, mix)
        stuck = 0 if now.bound < best.bound - 1e-4 * abs(best.bound) else stuck + 1
        best = now if now.bound < best.bound else best
        if stuck > 8:
            pace, stuck, now = 0.6 * pace, 0, best
    return best


def relax(problem: Problem, until_s: float, start: Relaxed | None = None) -> Relaxed:
    """The least bound that prices can prove.

    Parameters
    ----------
    problem
        What is searched.
    until_s
        Time of the performance counter at which to stop. [s]
    start
        What is known of a problem that is nearly the same.

    Returns
    -------
    Relaxed
        Bound and prices.

    Notes
    -----
    The linear relaxation is solved over few options: those near the best at the prices so far. Its prices are tried on
    all options; those that would pay enter, and it is solved again. For the tail each answer brings its own worst
    draws as a cut.
    """
    cuts = start.cuts if start else first_cuts(problem)
    mix = start.mix if start else np.ones(len(cuts.weights)) / max(len(cuts.weights), 1)
    best = descend(problem, cuts, mix, until_s, start.prices if start else None)
    n_near = min(4 * problem.n_site + 8 * len(problem.room), len(problem.site)) - 1
    keep = best.loss <= np.partition(best.loss, n_near)[n_near]
    for _ in range(ROUNDS):
        picks = np.flatnonzero(keep)
        model = restricted(problem, cuts, picks, integer=False, elastic=True)
        solved = solve(model, Options(method="simplex"))
        slack = float(solved.values["slack"].sum()) if "slack" in solved.values else 0.0
        x = np.zeros(len(problem.site))
        x[picks] = solved.values["pick"]
        prices = np.maximum(solved.prices["limit"], 0.0) if len(problem.room) else np.zeros(0)
        mix = np.maximum(solved.prices["tail"], 0.0) if len(mix) else mix
        mix = mix / mix.sum() if len(mix) else mix
        now = price_out(problem, cuts, prices, mix)
        lower = now if now.bound < best.bound else best
        best = replace(lower, x=x, slack=slack, cuts=cuts)
        paid = problem.over_sites(now.worth - solved.prices["site"])
        enters = (now.loss < paid - 1e-9) & ~keep
        violated = _next_cut(problem, solved, x)
        if violated is not None:
            cuts = cuts.with_weights(problem, violated)
            mix = np.append(mix, 0.0)
            best = replace(best, mix=np.append(best.mix, 0.0), cuts=cuts)
        if (violated is None and not enters.any()) or time.perf_counter() > until_s:
            break
        keep |= enters
    return best


def _next_cut(problem: Problem, solved: Solution, x: Array) -> Array | None:
    """The worst draws of an answer, where the programme thinks them better than they are."""
    if problem.draws is None:
        return None
    some = np.flatnonzero(x > 1e-9)
    values = x[some] @ problem.draws[problem.origin[some]] / problem.scale
    weights = tail_weights(values, problem.tail_frac)
    over = float(solved.values["worst"]) - float(weights @ values)
    return weights if over > SHARP_FRAC * max(1.0, float(np.abs(values).mean())) else None


def restricted(
    problem: Problem, cuts: Cuts, picks: Places, base: Places | None = None, *, integer: bool, elastic: bool
) -> Model:
    """The programme over some options.

    Parameters
    ----------
    problem, cuts
        What is searched, and the cuts known.
    picks
        Options that may be chosen.
    base
        Options of other sites that are held.
    integer
        Whether an option is chosen whole or not at all.
    elastic
        Whether limits give way at a high price.
    """
    base = np.zeros(0, np.int64) if base is None else base
    sites, row_of = np.unique(problem.site[picks], return_inverse=True)
    n, n_limit = len(picks), len(problem.room)
    columns = [Columns("pick", (n,), upper=1.0 if integer else np.inf, cost=problem.linear[picks], integer=integer)]
    one = Rows("site", (len(sites),), 1.0, 1.0, terms=(Sparse("pick", row_of, np.arange(n)),))
    rows = [one]
    if n_limit:
        entries = problem.takes[:, picks].tocoo()
        terms: list[Term] = [Sparse("pick", entries.row, entries.col, entries.data)]
        if elastic:
            columns.append(Columns("slack", (n_limit,), cost=-SLACK_PRICE))
            terms.append(Each("slack", -1.0))
        room = problem.room - problem.used(base)
        rows.append(Rows("limit", (n_limit,), upper=room, terms=tuple(terms)))
    if len(cuts.weights):
        columns.append(Columns("worst", lower=-np.inf, cost=problem.tail_weight_frac))
        n_cut = len(cuts.weights)
        at = np.indices((n_cut, n))
        own = Sparse("pick", at[0].ravel(), at[1].ravel(), -cuts.value[:, picks].ravel())
        most = cuts.value[:, base].sum(axis=1)
        rows.append(Rows("tail", (n_cut,), upper=most, terms=(Each("worst"), own)))
    return Model(tuple(columns), tuple(rows), maximise=True, offset=float(problem.linear[base].sum()))
