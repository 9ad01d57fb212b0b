"""The allocation worth most, checked, with the price of each limit."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.gas.problem import GasProblem
from wattworth.gas.programme import Programme, programme_of, shared_rows
from wattworth.solve import Options, Program, Solution, assemble, solve
from wattworth.solve.by_parts import solve_by_parts
from wattworth.solve.matrix import Array
from wattworth.solve.model import Amount
from wattworth.solve.parts import labels_of

BALANCE_BCM: Final = 1e-6
"""Most by which a node may be out of balance in a year, relative to what passes where that is above one."""
GAP_FRAC: Final = 1e-7
"""How far from the best an allocation may be, where it is not asked to be quicker."""
PARTS_GAP_FRAC: Final = 5e-3
"""The same, where the network falls into many parts."""
PARTS_TIME_S: Final = 180.0
"""How long such a network is searched. [s]"""
LEFT_SHARE: Final = 0.1
"""Share of the time that must be left for the whole to be tried where parts gave nothing."""
MANY_PARTS: Final = 200
"""Parts, each with something to build, from which a network is solved part by part."""


@dataclass(frozen=True, slots=True, eq=False)
class Price:
    """What one more unit of a limit adds.

    Attributes
    ----------
    kind
        ``field``, ``link``, ``capacity``, ``depth``, ``committed`` or ``limit``.
    name
        Of what is limited.
    unit
        Of the limit.
    musd
        Array, shape (year,): present value of one more unit in that year; shape (1,) for a limit on all years. [M$]
    """

    kind: str
    name: str
    unit: str
    musd: Array

    @property
    def total_musd(self) -> float:
        """Present value of one more unit in every year. [M$]"""
        return float(self.musd.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """What flows and what is built.

    Attributes
    ----------
    problem
        What was asked.
    objective
        In millions of dollars, or jobs. [M$]
    bound
        Best proved. [M$]
    status
        ``optimal`` or ``time limit``.
    supply, flow, intake, withdrawn
        Arrays, shape (scenario, thing, year). [bcm/year]
    fall
        Array, shape (scenario, option, year): what its sale earns less than at the first unit's price. [M$]
    plants, lines
        Arrays, shape (thing, year): pieces decided.
    value
        Array, shape (scenario,): worth in each scenario, by the objective. [M$]
    prices
        Limits that bind, dearest first.
    imbalance_bcm
        Largest of any node and year.
    took_s
        Time to solve. [s]
    notes
        What a reader must know.
    """

    problem: GasProblem
    objective: Amount
    bound: Amount
    status: str
    supply: Array
    flow: Array
    intake: Array
    withdrawn: Array
    fall: Array
    plants: Array
    lines: Array
    value: Array
    prices: tuple[Price, ...]
    imbalance_bcm: float
    took_s: float
    notes: tuple[str, ...]

    def mean(self, by_scenario: Array) -> Array:
        """The mean over scenarios, first axis away."""
        return np.tensordot(self.problem.probability, by_scenario, axes=1)


def allocate(
    problem: GasProblem,
    options: Options | None = None,
    start: Allocation | None = None,
    *,
    by_parts: bool | None = None,
) -> Allocation:
    """Find the allocation worth most.

    Parameters
    ----------
    problem
        The network.
    options
        How to solve; simplex to a gap of :data:`GAP_FRAC` by default.
    start
        An answer to begin from: that of the same network under other limits.
    by_parts
        Whether it is solved part by part; None does so where at least :data:`MANY_PARTS` share nothing but limits, to
        a gap of :data:`PARTS_GAP_FRAC` by default. A weight on the worst case ties all parts, so that it never is.

    Returns
    -------
    Allocation
        Flows, builds and prices; every node and year balances to :data:`BALANCE_BCM`.

    Raises
    ------
    InfeasibleError
        No allocation keeps every limit: those that clash are named.
    SolveError
        No answer in time, or one that does not balance.
    """
    programme = programme_of(problem)
    solution = _solved(problem, programme, options, start, by_parts)
    values, pieces = solution.values, programme.pieces
    n_option, n_year = len(problem.outlets.names), len(problem.years)
    intake = np.zeros((len(problem.scenarios), n_option, n_year))
    fall = np.zeros_like(intake)
    for piece, option in enumerate(pieces.option):
        intake[:, option] += values["intake"][:, piece]
        fall[:, option] += values["intake"][:, piece] * pieces.fall[piece]
    withdrawn = np.zeros_like(intake)
    withdrawn[:, problem.outlets.kept > 0.0] = values["withdrawn"]
    supply, flow, plants, lines = (values[name] for name in ("supply", "flow", "plants", "lines"))
    imbalance = imbalance_bcm(problem, supply, flow, intake - withdrawn)
    scale = max(1.0, float(supply.max(initial=0.0)))
    if imbalance > BALANCE_BCM * scale:
        raise SolveError(f"a node is out of balance by {imbalance:.3g} bcm: the answer is refused")
    return Allocation(
        problem,
        solution.objective,
        solution.bound,
        solution.status,
        supply,
        flow,
        intake,
        withdrawn,
        fall,
        plants,
        lines,
        _value(problem, supply, flow, intake, fall, plants, lines),
        _prices(problem, solution),
        imbalance,
        solution.took_s,
        solution.notes,
    )


def _solved(
    problem: GasProblem,
    programme: Programme,
    options: Options | None,
    start: Allocation | None,
    by_parts: bool | None,
) -> Solution:
    """As one programme, or part by part where that is quicker."""
    program = assemble(programme.model)
    shared = shared_rows(program)
    if by_parts is None:
        by_parts = parts_of(program, shared) >= MANY_PARTS
    if by_parts and problem.is_whole and problem.worst_weight_frac == 0.0:
        options = options or Options(gap_frac=PARTS_GAP_FRAC, time_limit_s=PARTS_TIME_S)
        began = time.perf_counter()
        try:
            return solve_by_parts(program, shared, options)
        except SolveError:  # where no answer keeps every limit the whole says why
            left_s = options.time_limit_s - (time.perf_counter() - began)
            if left_s < LEFT_SHARE * options.time_limit_s:
                raise
            options = replace(options, time_limit_s=left_s)
    begin = None if start is None else {"plants": start.plants, "lines": start.lines}
    return solve(program, options or Options(gap_frac=GAP_FRAC), begin)


def parts_of(program: Program, shared: NDArray[np.bool_]) -> int:
    """Number of parts that have something to build and share nothing but some rows."""
    label = labels_of(program, shared)
    return len(np.unique(label[program.integer & (program.lower < program.upper)]))


def imbalance_bcm(problem: GasProblem, supply: Array, flow: Array, net_intake: Array) -> float:
    """Largest difference between what comes to a node and what leaves it, added up apart from the programme. [bcm]"""
    worst = 0.0
    links, fields, outlets = problem.links, problem.fields, problem.outlets
    for place in range(len(problem.nodes)):
        comes = supply[:, fields.node == place].sum(axis=1)
        comes = comes + (flow * (1.0 - links.loss[:, None]))[:, links.end == place].sum(axis=1)
        leaves = flow[:, links.start == place].sum(axis=1) + net_intake[:, outlets.node == place].sum(axis=1)
        worst = max(worst, float(np.abs(comes - leaves).max(initial=0.0)))
    return worst


def _value(problem: GasProblem, *parts: Array) -> Array:
    """Worth in each scenario, added up from the flows and not from the programme. [M$]"""
    supply, flow, intake, fall, plants, lines = parts
    fields, links, outlets, discount = problem.fields, problem.links, problem.outlets, problem.discount
    if problem.objective == "jobs":
        return (outlets.jobs[:, None] * intake).sum(axis=(1, 2)) / len(discount)
    if problem.objective == "revenue":
        return (discount * (outlets.revenue * intake - fall)).sum(axis=(1, 2))
    taxed = problem.extraction if problem.is_owner else np.zeros(1)
    duty = outlets.duty[:, None] * outlets.revenue if problem.is_owner else 0.0
    left = fields.volume - supply
    produced = supply * (fields.cost + taxed)[:, None] + left * fields.shut_in[:, None]
    yearly = ((outlets.margin - duty) * intake - fall).sum(axis=1)
    yearly = yearly - produced.sum(axis=1) - (flow * links.tariff[:, None]).sum(axis=1)
    built = (outlets.builds.charge * plants).sum() + (links.builds.charge * lines).sum()
    return (discount * yearly).sum(axis=1) - built


def _prices(problem: GasProblem, solution: Solution) -> tuple[Price, ...]:
    """Limits that bind: prices of all scenarios added, since one more unit is there in each."""
    found: list[Price] = []

    def take(
        kind: str, names: tuple[str, ...], unit: str, priced: Array, keep: NDArray[np.bool_] | None = None
    ) -> None:
        total = priced.sum(axis=0)
        for place, name in enumerate(names):
            own = total[place] if keep is None else np.where(keep[place], total[place], 0.0)
            if np.abs(own).max(initial=0.0) > 1e-9:
                found.append(Price(kind, name, unit, own))

    prices, reduced = solution.prices, solution.reduced_costs
    volume = "bcm a year"
    take("field", problem.fields.names, volume, np.maximum(reduced["supply"], 0.0))
    for kind, names in (
        ("capacity", problem.outlets.names),
        ("depth", problem.outlets.names),
        ("link", problem.links.names),
    ):
        if kind in prices:
            take(kind, names, volume, prices[kind])
    take("committed", problem.links.names, volume, np.minimum(reduced["flow"], 0.0), problem.links.committed > 0.0)
    for limit in problem.limits:
        own = prices[f"limit {limit.name}"].sum(axis=0)
        if np.abs(own).max() > 1e-9:
            found.append(Price("limit", limit.name, limit.unit, own))
    return tuple(sorted(found, key=lambda price: -abs(price.total_musd)))


def without_uses(problem: GasProblem, uses: frozenset[str] | set[str]) -> GasProblem:
    """The same network in which some uses are not there."""
    gone = np.array([use in uses for use in problem.outlets.uses])
    depth = np.where(gone[:, None], 0.0, problem.outlets.depth)
    return replace(problem, outlets=replace(problem.outlets, depth=depth))
