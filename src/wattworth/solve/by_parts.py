"""Many parts under shared rows: prices on the rows, each part solved alone, and patterns of parts mixed into a plan.

The bound is Lagrange's: whatever the prices, no answer is better than the sum of what each part does best at them.
The plan takes one pattern for each part, of those met on the way.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.solve.assemble import Program, by_block
from wattworth.solve.highs import INFEASIBLE, OPTIMAL, TIME_LIMIT, Answer, Options, run
from wattworth.solve.matrix import Array, Entries, Indices, matrix_of
from wattworth.solve.model import Amount, Columns, Each, Model, Rows, Sparse, Term
from wattworth.solve.parts import Part, Split, split
from wattworth.solve.recheck import objective_of
from wattworth.solve.solution import Solution, finished, solve
from wattworth.solve.tighten import rounded, tightened

SAMPLE: Final = 250
"""Parts that give the first prices."""
RELAXED_ROUNDS: Final = 12
"""Most rounds over all parts in which nothing need be whole."""
ROUNDS: Final = 40
"""Most rounds over all parts."""
PART_GAP_SHARE: Final = 0.1
"""Share of the gap asked for that the search of each part may leave."""
FIRST_REACH: Final = 0.2
"""How far prices may move in the first round, as a share of themselves, where some of the parts gave them."""
REACH: Final = 0.06
"""The same, where all of the parts gave them."""
WIDER: Final = 4.0
"""By how much that grows where the mix meets the bound only because prices are held."""
LEAST_REACH: Final = 0.05
"""How far the price of a row may move at least: as a share of the objective, for all of the row."""
SPREAD: Final = 0.5
"""Spread of prices over parts in the second round, as a share of how far prices may move."""
AHEAD: Final = 0.7
"""Weight of the programme's prices beside the best so far."""
NEAR: Final = 5
"""Patterns of each part, the nearest to the best at their prices, that the plan is chosen among."""
ALIKE: Final = 8
"""Decimals of cost and use in which two patterns of a part are one."""
WHOLE_ROUNDING: Final = 1e-6
"""What is taken for a whole number."""
FREE_COLUMNS: Final = 2_500
"""Columns of the parts that are decided anew together."""
TRIES: Final = 25
"""Tries without gain after which no more are made."""
TRY_S: Final = 5.0
"""Longest of each. [s]"""
SEARCH_SHARE: Final = 0.93
"""Share of the time that the search may take; the rest is for checking and pricing its answer."""
FEW_PARTS: Final = 500
"""Parts up to which what gap is left is closed on the whole."""
CLOSE_SHARE: Final = 0.2
"""Share of the gap asked for within which mix and bound are taken for one."""
IDLE: Final = 1e4
"""Price, in the largest cost of a pattern, of all that a part could take of a row, at which it takes as little as it
can."""


@dataclass(slots=True)
class Pool:
    """Patterns met so far.

    Attributes
    ----------
    part, cost, use, values
        Lists by pattern: its part, own cost, array (shared row,) of what it takes, and array (own column,).
    known
        Where a pattern stands, by its part, cost and use.
    """

    part: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    use: list[Array] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)
    known: dict[tuple[int, float, bytes], int] = field(default_factory=dict)

    def add(self, place: int, part: Part, x: Array, n_shared: int) -> int:
        """One more, unless one like it is there; its place."""
        cost, use = float(part.program.cost @ x), part.use(x, n_shared)
        key = (place, round(cost, ALIKE), np.round(use, ALIKE).tobytes())
        if key not in self.known:
            self.known[key] = len(self.part)
            self.part.append(place)
            self.cost.append(cost)
            self.use.append(use)
            self.values.append(x)
        return self.known[key]


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """Shares of patterns, or one for each part.

    Attributes
    ----------
    objective
        To be small.
    price
        Array, shape (shared row,).
    loss
        Array, shape (pattern,): how far each is from the best of its part at these prices.
    is_held
        Whether prices would go further than they may.
    """

    objective: Amount
    price: Array
    loss: Array
    is_held: bool


class Search:
    """Rounds of pricing over a split program.

    Parameters
    ----------
    cut
        The program in parts.
    gap_frac
        How far from the best a plan may be.
    until_s
        Time of the performance counter at which to stop. [s]
    """

    def __init__(self, cut: Split, gap_frac: float, until_s: float, *, whole: bool = True) -> None:
        self.cut, self.gap_frac, self.until_s, self.whole = cut, gap_frac, until_s, whole
        self.n_shared = len(cut.rows)
        self.pool = Pool()
        self.bound: Amount = -np.inf
        self.price = np.zeros(self.n_shared)
        self.reach = REACH if whole else FIRST_REACH
        self.chosen: Indices | None = None
        self.objective: Amount = np.inf
        self.rounds = 0
        self.latest: Indices = np.full(len(cut.parts), -1)

    @property
    def left_s(self) -> float:
        """Time that is left. [s]"""
        return self.until_s - time.perf_counter()

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of it."""
        return (self.objective - self.bound) / max(abs(self.objective), 1e-9) if self.chosen is not None else np.inf

    def round(self, price: Array, *, counts: bool = True, spread_frac: float = 0.0) -> None:
        """Solve every part at some prices, keep what each does, and the bound that they prove together.

        Prices that are spread differ from part to part: those that are all but indifferent then do not all do the same.
        """
        noise = np.random.default_rng(0).standard_normal((len(self.cut.parts), self.n_shared))
        prices = price * (1.0 + spread_frac * noise)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = list(pool.map(self._alone, self.cut.parts, prices))
        for place, (part, (_, x)) in enumerate(zip(self.cut.parts, answers, strict=True)):
            if x is not None:
                self.latest[place] = self.pool.add(place, part, x, self.n_shared)
        held = np.where(price > 0.0, self.cut.lower, np.where(price < 0.0, self.cut.upper, 0.0))
        bound = self.cut.offset + sum(own for own, _ in answers) + float(price @ held)
        self.rounds += 1
        if counts:
            self.reach *= 1.3 if bound > self.bound else 0.6
        if counts and bound > self.bound:
            self.bound, self.price = bound, price

    def _alone(self, part: Part, price: Array) -> tuple[Amount, Array | None]:
        """The least that a part comes to at prices, proved, and how; its relaxation does where that is whole."""
        left_s = self.left_s
        if left_s <= 0.0:
            return -np.inf, None
        asked = replace(part.program, cost=part.priced(price))
        relaxed = run(replace(asked, integer=np.zeros_like(asked.integer)), Options(time_limit_s=left_s))
        if relaxed.status == INFEASIBLE:
            raise SolveError("a part has no answer by itself")
        if relaxed.x is not None:
            x = np.where(asked.integer, np.round(relaxed.x), relaxed.x)
            if not self.whole or np.abs(x - relaxed.x).max(initial=0.0) <= WHOLE_ROUNDING:
                return float(asked.cost @ relaxed.x), relaxed.x
        found = run(asked, Options(gap_frac=PART_GAP_SHARE * self.gap_frac, time_limit_s=max(self.left_s, 0.1)))
        if found.x is None or found.status != OPTIMAL:
            return -np.inf, None
        return min(found.bound, float(asked.cost @ found.x)), found.x

    def idle(self) -> None:
        """Let every part take as little of the shared rows as it can, so that there is a plan to fall back on."""
        scale = self._scales(np.arange(len(self.pool.part)))
        dear = IDLE * float(np.abs([1.0, *self.pool.cost]).max()) / scale
        was_whole, self.whole = self.whole, True
        self.round(np.where(np.isfinite(self.cut.upper), -dear, dear), counts=False)
        self.whole = was_whole
        taken = self._uses(self.latest).sum(axis=0) if (self.latest >= 0).all() else np.full(self.n_shared, np.nan)
        slack = WHOLE_ROUNDING * self._scales(self.latest)
        if np.all((taken <= self.cut.upper + slack) & (taken >= self.cut.lower - slack)):
            cost = float(np.sum([self.pool.cost[i] for i in self.latest]))
            self.chosen, self.objective = self.latest.copy(), self.cut.offset + cost

    def _uses(self, picks: Indices) -> Array:
        return np.array([self.pool.use[i] for i in picks]).reshape(len(picks), self.n_shared)

    def _scales(self, picks: Indices) -> Array:
        """What the patterns take of each row at most; one where none takes any."""
        most = np.abs(self._uses(picks)).max(axis=0, initial=0.0)
        return np.where(most > 0.0, most, 1.0)

    def _model(self, picks: Indices, scale: Array, near: Array | None) -> Model:
        """Patterns mixed: in shares, prices held near some, or where none are given one whole pattern for each part."""
        use = self._uses(picks)
        shared, pattern = np.nonzero(use.T)
        parts = np.array([self.pool.part[i] for i in picks])
        cost = np.array([self.pool.cost[i] for i in picks])
        columns = [Columns("pick", (len(picks),), cost=cost, integer=near is None)]
        terms: list[Term] = [Sparse("pick", shared, pattern, use[pattern, shared] / scale[shared])]
        if near is not None:
            bounds = np.abs([self.cut.lower, self.cut.upper])
            amount = np.where(np.isfinite(bounds), bounds, 0.0).max(axis=0)
            reach = self.reach * (np.abs(near) + LEAST_REACH * abs(self.bound) / np.maximum(amount, scale))
            less, more = (near - reach) * scale, (near + reach) * scale
            can_more, can_less = np.isfinite(self.cut.lower), np.isfinite(self.cut.upper)
            columns.append(Columns("over", (self.n_shared,), upper=np.where(can_less, np.inf, 0.0), cost=-less))
            columns.append(Columns("under", (self.n_shared,), upper=np.where(can_more, np.inf, 0.0), cost=more))
            terms += [Each("over", -1.0), Each("under", 1.0)]
        one = Rows("part", (len(self.cut.parts),), 1.0, 1.0, terms=(Sparse("pick", parts, np.arange(len(picks))),))
        shared_rows = Rows(
            "shared", (self.n_shared,), self.cut.lower / scale, self.cut.upper / scale, terms=tuple(terms)
        )
        return Model(tuple(columns), (one, shared_rows))

    def mix(self) -> Mixed:
        """The best mix of patterns, and its prices."""
        picks = np.arange(len(self.pool.part))
        scale = self._scales(picks)
        solved = solve(self._model(picks, scale, self.price), Options(method="simplex"))
        price = solved.prices["shared"] / scale
        part = solved.prices["part"][np.array(self.pool.part)]
        loss = np.array(self.pool.cost) - self._uses(picks) @ price - part
        beyond = float(solved.values["over"].sum() + solved.values["under"].sum())
        return Mixed(solved.objective + self.cut.offset, price, loss, beyond > WHOLE_ROUNDING)

    def choose(self, mixed: Mixed) -> None:
        """One pattern for each part: the best plan of those near the mix."""
        parts = np.array(self.pool.part)
        order = np.lexsort((mixed.loss, parts))
        begins = np.searchsorted(parts[order], np.arange(len(self.cut.parts)))
        near = np.zeros(len(parts), dtype=np.bool_)
        near[order] = np.arange(len(parts)) - begins[parts[order]] < NEAR
        if self.chosen is not None:
            near[self.chosen] = True
        picks = np.flatnonzero(near)
        model = self._model(picks, self._scales(picks), None)
        start = None if self.chosen is None else {"pick": np.isin(picks, self.chosen).astype(np.float64)}
        limit_s = min(max(0.25 * self.left_s, 1.0), 20.0)
        try:
            solved = solve(model, Options(gap_frac=0.2 * self.gap_frac, time_limit_s=limit_s), start)
        except SolveError:
            return
        objective = solved.objective + self.cut.offset
        if objective < self.objective:
            self.objective, self.chosen = objective, picks[np.round(solved.values["pick"]) > 0.5]

    def take(self, other: Search) -> None:
        """The bound of a search in which nothing need be whole, and the patterns of it that are."""
        self.bound = other.bound
        place_of = np.full(len(other.pool.part), -1)
        for i, (place, x) in enumerate(zip(other.pool.part, other.pool.values, strict=True)):
            part = self.cut.parts[place]
            if np.abs(x - np.round(x))[part.program.integer].max(initial=0.0) <= WHOLE_ROUNDING:
                place_of[i] = self.latest[place] = self.pool.add(place, part, x, self.n_shared)
        if other.chosen is not None and (place_of[other.chosen] >= 0).all():
            self.chosen, self.objective = place_of[other.chosen], other.objective

    def run(self, price: Array, most_rounds: int, *, plans: bool) -> None:
        """Rounds until the gap, or for prices alone until the mix meets the bound."""
        self.round(price)
        if self.chosen is None:
            self.idle()
        if (self.latest < 0).any():
            raise SolveError("no plan was found in time; give it more")
        self.round(self.price, counts=False, spread_frac=SPREAD * self.reach)
        for turn in range(most_rounds):
            mixed = self.mix()
            while mixed.is_held and self._short(mixed) <= self.gap_frac:
                self.reach *= WIDER
                mixed = self.mix()
            short = self._short(mixed)
            close = self.gap_frac * (CLOSE_SHARE if self.whole else 1.0)
            last = (short <= close and not mixed.is_held) or self.left_s < 0.0 or turn == most_rounds - 1
            if plans and (last or short <= 2.0 * self.gap_frac):
                self.choose(mixed)
            if plans and last:
                self.improve()
            if last or (plans and self.gap <= self.gap_frac):
                return
            self.round(AHEAD * mixed.price + (1.0 - AHEAD) * self.price)

    def _short(self, mixed: Mixed) -> float:
        """How far the bound is below the mix, as a share of it."""
        return (mixed.objective - self.bound) / max(abs(mixed.objective), 1e-9)

    def improve(self) -> None:
        """Decide some parts anew, together and within what the others leave, until that has not helped for long."""
        rng, n_part = np.random.default_rng(0), len(self.cut.parts)
        columns = sum(len(part.columns) for part in self.cut.parts) / n_part
        n_free, idle = min(n_part, max(2, int(FREE_COLUMNS / columns))), 0
        while self.chosen is not None and self.gap > self.gap_frac and self.left_s > 0.0 and idle < TRIES:
            by_part = self.chosen[np.argsort([self.pool.part[i] for i in self.chosen])]
            free = np.sort(rng.choice(n_part, n_free, replace=False))
            taken = self._uses(np.delete(by_part, free)).sum(axis=0)
            parts = [self.cut.parts[i] for i in free]
            asked = together(parts, self.cut.lower - taken, self.cut.upper - taken, whole=True)
            values = np.concatenate([self.pool.values[i] for i in by_part[free]])
            limit_s = min(TRY_S, max(self.left_s, 0.1))
            found = run(asked, Options(gap_frac=1e-4, time_limit_s=limit_s), {"x": values})
            gain = float(asked.cost @ values) - (np.inf if found.x is None else float(asked.cost @ found.x))
            idle = 0 if gain > 1e-6 * abs(self.objective) else idle + 1
            if found.x is None or gain <= 0.0:
                continue
            for place, part, x in zip(free, parts, self._cut_up(parts, found.x), strict=True):
                by_part[place] = self.pool.add(int(place), part, x, self.n_shared)
            self.chosen, self.objective = by_part, self.objective - gain

    @staticmethod
    def _cut_up(parts: Sequence[Part], x: Array) -> list[Array]:
        return np.split(x, np.cumsum([len(part.columns) for part in parts])[:-1])

    def plan(self) -> Array:
        """The plan, shape (column,), where one was found."""
        assert self.chosen is not None
        x = self.cut.fixed.copy()
        for pattern in self.chosen:
            x[self.cut.parts[self.pool.part[pattern]].columns] = self.pool.values[pattern]
        return x


def solve_by_parts(program: Program, shared: NDArray[np.bool_], options: Options) -> Solution:
    """Solve a program that falls into many parts but for some rows.

    Parameters
    ----------
    program
        The whole.
    shared : array, shape (row,)
        Rows at which it is cut.
    options
        Gap and time; where the gap is reached the search ends.

    Returns
    -------
    Solution
        A plan that keeps every row of the whole, and a bound proved by prices on the shared rows.

    Raises
    ------
    SolveError
        A part has no answer, or no plan was found in time.
    """
    began = time.perf_counter()
    until_s = began + SEARCH_SHARE * options.time_limit_s
    whole = tightened(program)
    n_cut = len(whole.row_upper) - len(shared)
    whole, at = rounded(whole, np.concatenate([shared, np.zeros(n_cut, dtype=np.bool_)]))
    cut = split(whole, at)
    if not cut.parts or not len(cut.rows):
        return solve(program, options)
    some = sampled(cut, SAMPLE)
    price = first_price(some)
    search = Search(cut, options.gap_frac, until_s)
    if some is not cut:
        trial = Search(cut, options.gap_frac, until_s, whole=False)
        trial.run(price, RELAXED_ROUNDS, plans=False)
        price = trial.price
        search.take(trial)
    search.run(price, ROUNDS, plans=True)
    if search.chosen is None or not np.isfinite(search.bound):
        raise SolveError(f"no plan with a bound was found within {options.time_limit_s:g} s; give it more time")
    x, bound = search.plan(), program.sign * search.bound
    method = f"prices on shared limits, {search.rounds} rounds over {len(cut.parts)} parts"
    if search.gap > options.gap_frac and search.left_s > 1.0 and len(cut.parts) <= FEW_PARTS:
        ask = replace(options, time_limit_s=search.left_s)
        left = run(whole, ask, dict(by_block(program.columns, x)))
        bound = program.sign * max(program.sign * bound, program.sign * left.bound)
        if left.x is not None and program.sign * float(program.cost @ (left.x - x)) < 0.0:
            x = left.x
        method += ", then as one"
    is_near = abs(objective_of(program, x) - bound) <= options.gap_frac * abs(bound) + WHOLE_ROUNDING
    found = Answer(OPTIMAL if is_near else TIME_LIMIT, x, None, bound, 0.0, "choose")
    solution = finished(program, options, found, began, method)
    if is_near:
        return replace(solution, notes=())
    notes = (
        f"stopped after {solution.took_s:.0f} s: the answer may be {solution.gap_frac:.2%} from the best, "
        f"where {options.gap_frac:.2%} was asked",
    )
    return replace(solution, notes=notes)


def sampled(cut: Split, count: int) -> Split:
    """Some of the parts, evenly picked by size, with their share of the shared rows."""
    n_part = len(cut.parts)
    if n_part <= count:
        return cut
    size = [np.sum(part.program.upper[np.isfinite(part.program.upper)]) for part in cut.parts]
    places = np.argsort(size, kind="stable")[((np.arange(count) + 0.5) * n_part / count).astype(np.int64)]
    share = len(places) / n_part
    parts = tuple(cut.parts[i] for i in places)
    return replace(cut, parts=parts, lower=cut.lower * share, upper=cut.upper * share, offset=0.0)


def first_price(cut: Split) -> Array:
    """Prices of the shared rows where nothing need be whole; nought where that has no answer."""
    found = run(together(cut.parts, cut.lower, cut.upper, whole=False), Options(method="simplex"))
    return np.zeros(len(cut.rows)) if found.price is None else found.price[: len(cut.rows)]


def together(parts: Sequence[Part], lower: Array, upper: Array, *, whole: bool) -> Program:
    """Some parts as one program under shared rows with these bounds, which are its first rows."""
    entries: list[Entries] = []
    row_from, column_from = len(lower), 0
    for part in parts:
        row, column, value = part.program.matrix.entries
        entries.append((row + row_from, column + column_from, value))
        entries.append((part.shared, part.own + column_from, part.share))
        row_from, column_from = row_from + part.program.matrix.shape[0], column_from + len(part.columns)
    alone = [part.program for part in parts]
    integer = np.concatenate([part.integer for part in alone])
    return Program(
        (Columns("x", (column_from,)),),
        (),
        np.concatenate([part.cost for part in alone]),
        np.concatenate([part.lower for part in alone]),
        np.concatenate([part.upper for part in alone]),
        integer if whole else np.zeros_like(integer),
        np.concatenate([lower, *(part.row_lower for part in alone)]),
        np.concatenate([upper, *(part.row_upper for part in alone)]),
        matrix_of(entries, (row_from, column_from)),
    )
