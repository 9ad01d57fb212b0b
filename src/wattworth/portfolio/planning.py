"""The plan: a bound, a plan within it, and a gap that is stated."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError, StudyError
from wattworth.portfolio.checks import check
from wattworth.portfolio.clash import solve_whole
from wattworth.portfolio.problem import FIXED, FREE, Problem, barred, problem_of, upper_form
from wattworth.portfolio.records import Aim, Amount, Array, Case, Effort, Places, Plan
from wattworth.portfolio.relaxation import Relaxed, first_cuts, relax, restricted
from wattworth.portfolio.search import Incumbent, chosen_of, first_plans, improve, switched
from wattworth.portfolio.tail import tail_usd, tail_weights
from wattworth.solve import InfeasibleError, Options, Solution, solve

EXACT_OPTIONS: Final = 8_000
"""With no more options than this that could be in a better plan, HiGHS settles the rest."""

SMALL_OPTIONS: Final = 300
"""With no more than this it does so at once."""

EASY_SHARE: Final = 0.3
"""Share of the time in which better plans are looked for before it does."""

LEAST_S: Final = 0.02
"""With less time than this no programme is begun. [s]"""

RATIO_ROUNDS: Final = 20
"""Most rounds for an aim that is one sum over another."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """An answer in the units of the problem."""

    x: Places
    objective: Amount
    bound: Amount
    price_bound: Amount
    relaxed: Relaxed


def plan(case: Case, aim: Aim | None = None, effort: Effort | None = None, known: tuple[Places, ...] = ()) -> Plan:
    """Choose one option for each site.

    Parameters
    ----------
    case
        Options and limits.
    aim
        What is to be large; the mean value where none is given.
    effort
        How long to look.
    known
        Arrays, shape (site,): plans to begin from, which need not keep the limits.

    Returns
    -------
    Plan
        It keeps every limit; no plan is above its bound.

    Raises
    ------
    StudyError
        The case is wrong; all that is wrong is named.
    InfeasibleError
        No plan keeps every limit: those that clash are named, with what would settle it.
    SolveError
        No plan was found in the time given.
    """
    aim, effort = aim or Aim(), effort or Effort()
    began = time.perf_counter()
    check(case, aim)
    closed = barred(case)
    try:
        if aim.per is not None:
            return _by_ratio(case, aim, effort, began, closed, known)
        problem = problem_of(case, aim, closed)
        found = _search(problem, effort, began + effort.time_limit_s, known)
    except InfeasibleError:
        _explain(case, closed, effort)
        raise
    return _plan(case, aim, effort, began, problem, found)


def _search(problem: Problem, effort: Effort, until_s: float, known: tuple[Places, ...]) -> _Found:
    """Bound, plan, and better ones until the gap or the time is reached."""
    began = time.perf_counter()
    total_s = max(until_s - began, 0.01)
    relaxed = relax(problem, began + 0.6 * total_s)
    best = Incumbent(problem)
    place = np.full(max(int(problem.origin.max(initial=0)), *(int(plan.max()) for plan in known), 0) + 1, -1)
    place[problem.origin] = np.arange(len(problem.origin))
    for x in (place[plan] for plan in known):
        if (x >= 0).all() and not problem.missed(x).any():
            best.offer(x)
            best.offer(switched(problem, relaxed, x))
    if relaxed.slack <= 1e-6:
        first_plans(problem, relaxed, best, time.perf_counter() + 0.2 * total_s)
    if best.x is None:
        best.offer(solve_whole(problem, relaxed.cuts, max(until_s - time.perf_counter(), 1.0)))
    if best.x is None:
        raise SolveError("the plan that HiGHS found misses a limit by more than rounding; use units nearer to one")
    rng = np.random.default_rng(effort.seed)
    n_alive = int(_alive(problem, relaxed, best, effort).sum())
    if n_alive > SMALL_OPTIONS:
        now = time.perf_counter()
        share = EASY_SHARE if n_alive <= EXACT_OPTIONS else 1.0
        improve(problem, relaxed, best, now + share * (until_s - now), effort.gap_frac, rng)
    bound = _settled(problem, relaxed, best, effort, until_s)
    return _Found(best.x, best.objective, max(bound, best.objective), relaxed.bound, relaxed)


def _alive(problem: Problem, relaxed: Relaxed, best: Incumbent, effort: Effort) -> NDArray[np.bool_]:
    """Options that could be in a plan better than the best by more than half the gap, with those it chose."""
    least = best.objective + 0.5 * effort.gap_frac * best.size
    alive = relaxed.bound - relaxed.loss > least
    if best.x is not None:
        alive[best.x] = True
    return alive


def _settled(problem: Problem, relaxed: Relaxed, best: Incumbent, effort: Effort, until_s: float) -> Amount:
    """Where few options are left that could be in a better plan: decide among them all, and so lower the bound.

    What is left out could not beat the best by more than half the gap, so the bound is the greater of the two. With a
    tail each answer brings its own worst draws as a cut, until they change nothing.
    """
    bound = relaxed.bound
    while best.gap_frac(bound) > effort.gap_frac and until_s - time.perf_counter() > LEAST_S:
        alive = _alive(problem, relaxed, best, effort)
        if best.x is None or alive.sum() > EXACT_OPTIONS:
            break
        least, picks = best.objective + 0.5 * effort.gap_frac * best.size, np.flatnonzero(alive)
        model = restricted(problem, relaxed.cuts, picks, integer=True, elastic=False)
        gap_frac = 0.4 * effort.gap_frac * best.size / max(abs(best.objective), 1e-9)
        first = {"pick": np.isin(picks, best.x).astype(np.float64)}
        try:
            solved = solve(model, Options(time_limit_s=until_s - time.perf_counter(), gap_frac=gap_frac), first)
        except SolveError:
            break
        x, before = chosen_of(solved, picks), bound
        better, bound = best.offer(x), min(bound, max(solved.bound, least))
        weights = _worse_than_thought(problem, solved, x)
        if weights is not None:
            cuts = relaxed.cuts.with_weights(problem, weights)
            relaxed = replace(relaxed, cuts=cuts, mix=np.append(relaxed.mix, 0.0))
        elif not better and bound >= before:
            break
    return bound


def _worse_than_thought(problem: Problem, solved: Solution, x: Places) -> Array | None:
    """The worst draws of an answer, where the programme thinks them better than they are."""
    if problem.draws is None:
        return None
    draws = problem.draws_of(x)
    weights = tail_weights(draws, problem.tail_frac)
    over = float(solved.values["worst"]) - float(weights @ draws)
    return weights if over > 1e-9 * max(1.0, float(np.abs(draws).mean())) else None


def _explain(case: Case, closed: Places, effort: Effort) -> None:
    """Raise with the limits that clash, none of them hidden in options that another limit has excluded."""
    problem = problem_of(case, Aim(), np.where(closed == FIXED, FIXED, FREE))
    solve_whole(problem, first_cuts(problem), effort.time_limit_s)


def _plan(case: Case, aim: Aim, effort: Effort, began: float, problem: Problem, found: _Found) -> Plan:
    """The answer in the units of the user, held once more against the limits as they were given."""
    chosen = problem.origin[found.x]
    hold(case, chosen)
    draws = case.choices.value_usd[chosen].sum(axis=0)
    weights = found.relaxed.mix @ found.relaxed.cuts.weights if len(found.relaxed.mix) else np.zeros(0)
    objective, bound = objective_of(case, aim, chosen), found.bound * problem.scale
    bound = max(bound, objective)
    gap_frac = (bound - objective) / max(abs(objective), 1e-300)
    done = gap_frac <= effort.gap_frac + 1e-9
    notes = () if done else (f"stopped after {effort.time_limit_s:g} s: the plan may be {gap_frac:.2%} from the best",)
    return Plan(
        chosen,
        objective,
        bound,
        float(draws.mean()),
        tail_usd(draws, aim.tail_frac),
        "optimal" if done else "time limit",
        time.perf_counter() - began,
        found.relaxed.prices * problem.scale / np.abs(problem.row_scale),
        found.price_bound * problem.scale,
        weights,
        notes,
    )


def objective_of(case: Case, aim: Aim, chosen: Places) -> Amount:
    """What a plan comes to, added up from its options.

    Parameters
    ----------
    case
        Options.
    aim
        What is added up.
    chosen : array, shape (site,)
        The option of each site.
    """
    choices = case.choices
    if aim.measure is not None:
        total = float(np.asarray(choices.measures[aim.measure], float)[chosen].sum())
    else:
        draws = choices.value_usd[chosen].sum(axis=0)
        weight = aim.tail_weight_frac
        total = (1.0 - weight) * float(draws.mean()) + weight * tail_usd(draws, aim.tail_frac)
    return total if aim.per is None else total / float(np.asarray(choices.measures[aim.per], float)[chosen].sum())


def hold(case: Case, chosen: Places) -> None:
    """Hold a plan against one option for each site, what is fixed, and every limit, in plain NumPy.

    Raises
    ------
    SolveError
        It misses one; the first is named.
    """
    choices = case.choices
    if not np.array_equal(choices.site[chosen], np.arange(len(choices.sites))):
        raise SolveError("the plan does not have one option for each site")
    lost = sorted(set(case.fixed) - set(chosen.tolist()))
    if lost:
        raise SolveError(f"the plan leaves a fixed choice: {choices.called(lost[0])}")
    over = missed_of(case, chosen)
    if over.any():
        at = int(np.argmax(over > 0.0))
        row = case.limits.rows[at]
        raise SolveError(f"the plan misses {row}, by {over[at]:,.6g} {row.unit}".rstrip())


def missed_of(case: Case, chosen: Places) -> Array:
    """By how much a plan misses each limit beyond rounding, in the limit's unit, shape (limit,)."""
    count = np.bincount(chosen, minlength=case.choices.n_option).astype(np.float64)
    takes = upper_form(case.limits)
    room = np.array([row.amount if row.sense == "at most" else -row.amount for row in case.limits.rows], float)
    over = takes @ count - room
    return np.where(over > 1e-8 * (np.abs(room) + abs(takes) @ count), over, 0.0)


def _by_ratio(case: Case, aim: Aim, effort: Effort, began: float, closed: Places, known: tuple[Places, ...]) -> Plan:
    """One sum over another, after Dinkelbach: the price of the divisor at which nothing is left to gain.

    Where no plan is worth more than that price times its divisor, no plan's ratio is above the price: the bound.
    """
    per = np.asarray(case.choices.measures[aim.per or ""], float)
    least = float(np.minimum.reduceat(np.where(closed == FREE, per, np.inf), case.choices.begins).sum())
    if not least > 0.0:
        raise StudyError(f"per: a plan may have none of {aim.per!r}; give what is kept some of it, or add a limit")
    until_s, theta, plans, bound = began + effort.time_limit_s, 0.0, known, np.inf
    best: tuple[Amount, Problem, _Found] | None = None
    for turn in range(RATIO_ROUNDS):
        problem = problem_of(case, aim, closed, theta, abs(theta) * least)
        left_s = until_s - time.perf_counter()
        if best is not None and left_s <= 0.0:
            break
        share = replace(effort, gap_frac=0.5 * effort.gap_frac if turn else 1e-3)
        given_s = left_s if turn else 0.25 * left_s
        found = _search(problem, share, time.perf_counter() + max(given_s, 0.05), plans)
        chosen = problem.origin[found.x]
        ratio = objective_of(case, aim, chosen)
        bound = min(bound, theta + max(found.bound * problem.scale, 0.0) / least)
        plans = (chosen,)
        if best is None or ratio > best[0]:
            best = (ratio, problem, found)
        if bound - best[0] <= effort.gap_frac * abs(best[0]):
            break
        theta = best[0]
    assert best is not None
    _, problem, found = best
    answer = _plan(case, aim, effort, began, problem, found)
    bound = max(bound, answer.objective)
    done = bound - answer.objective <= effort.gap_frac * abs(answer.objective) + 1e-12
    gap_frac = (bound - answer.objective) / max(abs(answer.objective), 1e-300)
    note = f"stopped after {answer.took_s:.1f} s: the plan may be {gap_frac:.2%} from the best"
    return replace(answer, bound=bound, status="optimal" if done else "time limit", notes=() if done else (note,))
