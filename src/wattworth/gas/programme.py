"""The problem as blocks of columns and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.gas.problem import Builds, GasProblem, Outlets, Places
from wattworth.solve import Columns, Model, Program, Rows, Sparse
from wattworth.solve.matrix import Array

STEPS: Final = 8
"""Steps in which a price falls with the volume sold."""
UNIT: Final = "bcm/yr"


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Options cut into steps of volume, each worth less than the one before.

    Attributes
    ----------
    option
        Array, shape (piece,): place of the option.
    width
        Array, shape (piece, year): most volume. [bcm/year]
    fall
        Array, shape (piece, year): what its margin is below that of the first unit. [M$/bcm]
    """

    option: Places
    width: Array
    fall: Array


def pieces_of(outlets: Outlets, volume: Array) -> Pieces:
    """Cut options whose price falls with volume; all others stay whole.

    Parameters
    ----------
    outlets
        Options.
    volume
        Array, shape (year,): all the gas there is, which bounds what is cut. [bcm/year]

    Notes
    -----
    Revenue of q is (p - s q) q; a step from a to b earns p - s (a + b) for each unit, exact at the ends of steps.
    """
    option, width, fall = [], [], []
    for place, slope in enumerate(outlets.price_effect):
        most = np.minimum(outlets.depth[place], volume)
        steps = STEPS if slope > 0.0 else 1
        for step in range(steps):
            option.append(place)
            width.append(most / steps if slope > 0.0 else np.full_like(most, np.inf))
            fall.append(slope * (2 * step + 1) * most / steps if slope > 0.0 else np.zeros_like(most))
    shape = (len(option), outlets.depth.shape[1])
    return Pieces(np.array(option, dtype=np.int64), np.reshape(width, shape), np.reshape(fall, shape))


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """The model, and how its columns are read back.

    Attributes
    ----------
    model
        Blocks.
    pieces
        What the columns ``intake`` are.
    """

    model: Model
    pieces: Pieces


LIMIT: Final = "limit "
"""What the names of rows begin with that hold a limit which all parts of a network share."""


def shared_rows(program: Program) -> NDArray[np.bool_]:
    """Which rows hold such a limit, shape (row,)."""
    named = [block.name.startswith(LIMIT) for block in program.rows]
    return np.repeat(named, [block.size for block in program.rows])


def programme_of(problem: GasProblem) -> Programme:
    """Lay a problem out.

    Parameters
    ----------
    problem
        The network.

    Returns
    -------
    Programme
        Columns ``supply``, ``flow``, ``intake``, ``withdrawn``, ``stored`` by (scenario, thing, year), ``plants`` and
        ``lines`` by (thing, year), and ``worst``.
    """
    pieces = pieces_of(problem.outlets, problem.fields.volume.sum(axis=0))
    worth = _worth(problem, pieces)
    weight = (1.0 - problem.worst_weight_frac) * problem.probability
    mean = {name: weight[:, None, None] * value for name, value in worth.items() if name not in BUILT}
    mean |= {name: (1.0 - problem.worst_weight_frac) * worth[name] for name in BUILT}
    columns = _columns(problem, pieces, mean)
    rows = [_balance(problem, pieces), *_capacities(problem, pieces), *_most(problem), *_limits(problem, pieces)]
    rows += _stores(problem, pieces)
    offset = (1.0 - problem.worst_weight_frac) * _offset(problem)
    if problem.worst_weight_frac > 0.0:
        columns.append(Columns("worst", lower=-np.inf, cost=problem.worst_weight_frac))
        rows.append(_worst(problem, worth))
    kept = tuple(row for row in rows if row.size)
    return Programme(Model(tuple(columns), kept, maximise=True, offset=offset), pieces)


BUILT: Final = ("plants", "lines")
"""Columns that are the same in every scenario."""


def _worth(problem: GasProblem, pieces: Pieces) -> dict[str, Array]:
    """What a unit of each column adds in its scenario. [M$]"""
    fields, links, outlets = problem.fields, problem.links, problem.outlets
    n_scenario, discount = len(problem.scenarios), problem.discount
    whole = (n_scenario, 1, 1)
    zero_flow = np.zeros((n_scenario, len(links.names), len(discount)))
    worth = {
        "supply": np.zeros((n_scenario, *fields.volume.shape)),
        "flow": zero_flow,
        "plants": np.zeros_like(outlets.builds.charge),
        "lines": np.zeros_like(links.builds.charge),
    }
    if problem.objective == "jobs":
        per_bcm = np.broadcast_to(outlets.jobs[:, None], outlets.depth.shape)[pieces.option]
        return worth | {"intake": np.tile(per_bcm / len(discount), whole)}
    if problem.objective == "revenue":
        return worth | {"intake": discount * (outlets.revenue[:, pieces.option] - pieces.fall)}
    extraction = problem.extraction if problem.is_owner else np.zeros(1)
    per_bcm = fields.shut_in - fields.cost - extraction
    duty = outlets.duty[:, None] * outlets.revenue if problem.is_owner else np.zeros_like(outlets.revenue)
    return {
        "supply": np.tile(discount * per_bcm[:, None], whole),
        "flow": np.tile(-discount * links.tariff[:, None], whole),
        "intake": discount * ((outlets.margin - duty)[:, pieces.option] - pieces.fall),
        "plants": -outlets.builds.charge,
        "lines": -links.builds.charge,
    }


def _offset(problem: GasProblem) -> float:
    """What gas left in the ground costs if none is produced. [M$]"""
    if problem.objective != "npv":
        return 0.0
    return -float(np.sum(problem.discount * problem.fields.shut_in[:, None] * problem.fields.volume))


def _columns(problem: GasProblem, pieces: Pieces, mean: dict[str, Array]) -> list[Columns]:
    fields, links, outlets = problem.fields, problem.links, problem.outlets
    n_scenario, years = len(problem.scenarios), [str(year) for year in problem.years]
    whole = (n_scenario, 1, 1)
    stores = len(_stores_of(outlets))
    store = (n_scenario, stores, len(years))

    def of(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return (problem.scenarios, names, tuple(years))

    columns = [
        Columns(
            "supply",
            (n_scenario, *fields.volume.shape),
            np.tile(fields.committed, whole),
            np.tile(fields.volume, whole),
            "gas of field {j} in {k}",
            UNIT,
            of(fields.names),
            mean["supply"],
        ),
        Columns(
            "flow",
            (n_scenario, *links.capacity.shape),
            np.tile(links.committed, whole),
            np.inf,
            "committed flow of {j} in {k}",
            UNIT,
            of(links.names),
            mean["flow"],
        ),
        Columns("intake", (n_scenario, *pieces.width.shape), 0.0, np.tile(pieces.width, whole), cost=mean["intake"]),
        Columns("withdrawn", store),
        Columns("stored", store),
        _built(problem, "plants", outlets.builds, mean["plants"]),
        _built(problem, "lines", links.builds, mean["lines"]),
    ]
    return columns


def _built(problem: GasProblem, name: str, builds: Builds, cost: Array) -> Columns:
    upper = np.where(builds.allowed, builds.most[:, None], 0.0)
    return Columns(name, builds.charge.shape, 0.0, upper, cost=cost, integer=problem.is_whole)


def _at(shape: tuple[int, ...], *index: Array | Places | int) -> Places:
    """Places counted through all axes, of indices that are spread over each other."""
    spread = np.broadcast_arrays(*[np.asarray(part, dtype=np.int64) for part in index])
    return np.ravel_multi_index(tuple(part.ravel() for part in spread), shape)


def _axes(problem: GasProblem, n_thing: int) -> tuple[Places, Places, Places]:
    """Indices of scenario, thing and year, that spread over each other."""
    return (
        np.arange(len(problem.scenarios))[:, None, None],
        np.arange(n_thing)[None, :, None],
        np.arange(len(problem.years))[None, None, :],
    )


def _moved(problem: GasProblem, of: str, onto: Places, n_to: int, weight: Array | float = 1.0) -> Sparse:
    """Columns by (scenario, thing, year) taken by rows by (scenario, other, year): ``onto`` says which other."""
    n_scenario, n_year = len(problem.scenarios), len(problem.years)
    scenario, thing, year = _axes(problem, len(onto))
    row = _at((n_scenario, n_to, n_year), scenario, onto[None, :, None], year)
    place = _at((n_scenario, len(onto), n_year), scenario, thing, year)
    each = np.broadcast_to(np.asarray(weight, dtype=np.float64).reshape(1, -1, 1), (n_scenario, len(onto), n_year))
    return Sparse(of, row, place, each.ravel())


def _added(problem: GasProblem, of: str, builds: Builds) -> Sparse:
    """Capacity that is built, taken off by rows by (scenario, thing, year)."""
    thing, decided, year = np.nonzero(builds.runs * builds.size[:, None, None])
    n_scenario, (n_thing, n_year) = len(problem.scenarios), builds.charge.shape
    scenario = np.arange(n_scenario)[:, None]
    row = _at((n_scenario, n_thing, n_year), scenario, thing[None], year[None])
    place = np.tile(_at((n_thing, n_year), thing, decided), n_scenario)
    return Sparse(of, row, place, np.tile(-(builds.runs[thing, decided, year] * builds.size[thing]), n_scenario))


def _balance(problem: GasProblem, pieces: Pieces) -> Rows:
    """What comes to a node leaves it, in every scenario and year."""
    n_node, links, outlets = len(problem.nodes), problem.links, problem.outlets
    stores = _stores_of(outlets)
    terms = (
        _moved(problem, "supply", problem.fields.node, n_node),
        _moved(problem, "flow", links.end, n_node, 1.0 - links.loss),
        _moved(problem, "flow", links.start, n_node, -1.0),
        _moved(problem, "intake", outlets.node[pieces.option], n_node, -1.0),
        _moved(problem, "withdrawn", outlets.node[stores], n_node),
    )
    shape = (len(problem.scenarios), n_node, len(problem.years))
    labels = (problem.scenarios, problem.nodes, tuple(map(str, problem.years)))
    return Rows("balance", shape, 0.0, 0.0, unit=UNIT, labels=labels, terms=terms)


def _capacities(problem: GasProblem, pieces: Pieces) -> list[Rows]:
    outlets, links = problem.outlets, problem.links
    whole, years = (len(problem.scenarios), 1, 1), tuple(map(str, problem.years))
    n_option = len(outlets.names)
    taken = _moved(problem, "intake", pieces.option, n_option)
    shape = (len(problem.scenarios), n_option, len(years))
    labels = (problem.scenarios, outlets.names, years)
    most = (len(problem.scenarios), len(links.names), len(years))
    sent = _moved(problem, "flow", np.arange(len(links.names)), len(links.names))
    return [
        Rows(
            "capacity",
            shape,
            upper=np.tile(outlets.existing, whole),
            meaning="capacity of {j} in {k}",
            unit=UNIT,
            labels=labels,
            terms=(taken, _added(problem, "plants", outlets.builds)),
        ),
        Rows(
            "depth",
            shape,
            upper=np.tile(outlets.depth, whole),
            meaning="depth of the market of {j} in {k}",
            unit=UNIT,
            labels=labels,
            terms=(taken,),
        ),
        Rows(
            "link",
            most,
            upper=np.tile(links.capacity, whole),
            meaning="capacity of link {j} in {k}",
            unit=UNIT,
            labels=(problem.scenarios, links.names, years),
            terms=(sent, _added(problem, "lines", links.builds)),
        ),
    ]


def _most(problem: GasProblem) -> list[Rows]:
    """Pieces in all years together."""
    out = []
    for of, things in (("plants", problem.outlets), ("lines", problem.links)):
        n_thing, n_year = things.builds.charge.shape
        row, place = np.repeat(np.arange(n_thing), n_year), np.arange(n_thing * n_year)
        words = "plants" if of == "plants" else "new lines"
        meaning = f"number of {words} of {{i}}"
        terms = (Sparse(of, row, place),)
        out.append(
            Rows(
                f"most {of}", (n_thing,), upper=things.builds.most, meaning=meaning, labels=(things.names,), terms=terms
            )
        )
    return out


def _limits(problem: GasProblem, pieces: Pieces) -> list[Rows]:
    n_scenario, n_year = len(problem.scenarios), len(problem.years)
    out = []
    for limit in problem.limits:
        by_year = len(limit.amount) == n_year
        n_row = n_year if by_year else 1
        on_pieces = limit.on_intake[pieces.option]
        scenario, piece, year = np.nonzero(
            np.broadcast_to(on_pieces[None, :, None], (n_scenario, len(on_pieces), n_year))
        )
        slot = year if by_year else np.zeros_like(year)
        terms = [
            Sparse(
                "intake",
                _at((n_scenario, n_row), scenario, slot),
                _at((n_scenario, len(on_pieces), n_year), scenario, piece, year),
                on_pieces[piece],
            )
        ]
        things = (("plants", limit.on_options, problem.outlets), ("lines", limit.on_links, problem.links))
        for of, weight, holders in things:
            thing, decided, year = np.nonzero(holders.builds.spend * weight[:, None, None])
            paid = weight[thing] * holders.builds.spend[thing, decided, year]
            slot = year if by_year else np.zeros_like(year)
            row = _at((n_scenario, n_row), np.arange(n_scenario)[:, None], slot[None])
            place = np.tile(_at((len(weight), n_year), thing, decided), n_scenario)
            terms.append(Sparse(of, row, place, np.tile(paid, n_scenario)))
        years = tuple(map(str, problem.years)) if by_year else ("all years",)
        out.append(
            Rows(
                f"{LIMIT}{limit.name}",
                (n_scenario, n_row),
                upper=np.tile(limit.amount, (n_scenario, 1)),
                meaning=f"limit {limit.name} in {{j}}",
                unit=limit.unit,
                labels=(problem.scenarios, years),
                terms=tuple(terms),
            )
        )
    return out


def _stores_of(outlets: Outlets) -> Places:
    return np.flatnonzero(outlets.kept > 0.0)


def _stores(problem: GasProblem, pieces: Pieces) -> list[Rows]:
    """A store holds what it held, plus what is kept of what comes, less what is taken."""
    stores, n_year = _stores_of(problem.outlets), len(problem.years)
    n_scenario, n_store = len(problem.scenarios), len(stores)
    if not n_store:
        return []
    shape = (n_scenario, n_store, n_year)
    _, _, year = (axis.ravel() for axis in np.indices(shape))
    here = np.arange(year.size)
    later = year > 0
    which = np.searchsorted(stores, pieces.option)
    is_store = np.isin(pieces.option, stores)
    piece = np.flatnonzero(is_store)
    s, p, t = (axis.ravel() for axis in np.indices((n_scenario, len(piece), n_year)))
    kept = problem.outlets.kept[pieces.option[piece]]
    terms = (
        Sparse("stored", here, here),
        Sparse("stored", here[later], here[later] - 1, -1.0),
        Sparse("withdrawn", here, here),
        Sparse(
            "intake",
            _at(shape, s, which[piece][p], t),
            _at((n_scenario, len(pieces.option), n_year), s, piece[p], t),
            -kept[p],
        ),
    )
    return [Rows("store", shape, 0.0, 0.0, terms=terms)]


def _worst(problem: GasProblem, worth: dict[str, Array]) -> Rows:
    """The worst scenario is worth no more than any."""
    n_scenario = len(problem.scenarios)
    terms = [Sparse("worst", np.arange(n_scenario), np.zeros(n_scenario, dtype=np.int64))]
    for name, value in worth.items():
        if name in BUILT:
            each = np.tile(value, (n_scenario, 1, 1))
            place = np.tile(np.arange(value.size), n_scenario)
        else:
            each, place = value, np.arange(value.size)
        row = np.repeat(np.arange(n_scenario), each[0].size)
        terms.append(Sparse(name, row, place, -each.ravel()))
    return Rows("worst", (n_scenario,), upper=_offset(problem), terms=tuple(terms))
