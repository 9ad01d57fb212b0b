"""Sizing and dispatch of any system by a linear programme, with the price of each hour and of each limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.solve import Options, Solution, solve
from wattworth.supply import lp_model as lp
from wattworth.supply.lp_notes import notes_of
from wattworth.supply.system import Design, Dispatch, Sizing, System
from wattworth.supply.tariffs import Metered

BALANCE_MW: Final = 1e-6
"""Most by which what comes in and what goes out may differ in an hour. [MW]"""


@dataclass(frozen=True, slots=True)
class Running:
    """What units of one source did.

    Attributes
    ----------
    n_start
        Starts in all hours that were run, all weather years.
    unit_h
        Hours of a year, summed over the units that run. [h/year]
    """

    n_start: int
    unit_h: float


def size_by_lp(
    system: System, options: Options | None = None, commit: bool = False, metered: Metered | None = None
) -> Sizing:
    """Find the design and the dispatch of least yearly cost over every hour.

    Parameters
    ----------
    system
        Any number of sources, sinks and stores, over whole years laid end to end.
    options
        Algorithm, time, gap, threads.
    commit
        Whether sources with a commitment start and run in whole units; a mixed programme, for short spans or with
        a time limit. Otherwise units run at any output, and a note says what is left out.
    metered
        A source whose output a tariff bills, or None; its fixed charge is left out.

    Returns
    -------
    Sizing
        Design, dispatch with the price of each hour, cost and bound; its notes say what binds and what more would
        be worth.

    Raises
    ------
    SolveError
        No design keeps every limit (the clashing inputs are named, with what would settle it), a capacity without
        a bound pays without end, or no answer was found in time.
    DataError
        A load, share, limit or efficiency that cannot be.
    """
    return _solved(system, options, commit, metered)[0]


def _solved(system: System, options: Options | None, commit: bool, metered: Metered | None) -> tuple[Sizing, Solution]:
    solution = solve(lp.lp_model(system, commit, metered), options)
    values = solution.values
    design = Design(
        _numbers(values, lp.SOURCE_MW, len(system.sources)),
        _numbers(values, lp.STORE_MW, len(system.stores)),
        _numbers(values, lp.STORE_MWH, len(system.stores)),
    )
    dispatch = _dispatch(system, solution)
    _closed(system, dispatch)
    sizing = Sizing(
        design,
        dispatch,
        solution.objective,
        min(solution.bound, solution.objective),
        f"lp, {solution.method}",
        notes_of(system, solution, commit),
    )
    return sizing, solution


def dispatch_by_lp(
    system: System,
    design: Design,
    options: Options | None = None,
    commit: bool = False,
    metered: Metered | None = None,
) -> Sizing:
    """Run a given design at least cost.

    Parameters
    ----------
    system
        As :func:`size_by_lp` takes it; bounds on capacities play no part.
    design
        What is installed.
    options, commit, metered
        As in :func:`size_by_lp`. Of a source in whole units only whole ones run.

    Returns
    -------
    Sizing
        The same design, its dispatch and its yearly cost, capacities included.

    Raises
    ------
    SolveError, DataError
        As :func:`size_by_lp`.
    """
    return size_by_lp(_given(system, design), options, commit, metered)


def dispatch_in_units(
    system: System, design: Design, options: Options | None = None, metered: Metered | None = None
) -> tuple[Sizing, dict[str, Running]]:
    """Run a given design in whole units at least cost.

    Parameters
    ----------
    system, design, options, metered
        As :func:`dispatch_by_lp` takes them, with a commitment for one source at least.

    Returns
    -------
    tuple
        As :func:`dispatch_by_lp`, and what the units of each source with a commitment did.

    Raises
    ------
    SolveError, DataError
        As :func:`size_by_lp`.
    """
    sizing, solution = _solved(_given(system, design), options, True, metered)
    which = [source.name for source in system.sources if source.commitment is not None]
    starts, running = (solution.values[name].sum(axis=1) for name in (lp.STARTS, lp.RUNNING))
    return sizing, {
        name: Running(round(float(n)), float(hours) / system.n_year)
        for name, n, hours in zip(which, starts, running, strict=True)
    }


def energy_gap_mw(system: System, dispatch: Dispatch) -> float:
    """Most by which what comes in and what goes out differ in an hour. [MW]"""
    into = dispatch.source_mw.sum(axis=0) + dispatch.discharge_mw.sum(axis=0) + dispatch.unserved_mw
    out = dispatch.sink_mw.sum(axis=0) + dispatch.charge_mw.sum(axis=0) + system.load_mw
    return float(np.max(np.abs(into - out), initial=0.0))


def _given(system: System, design: Design) -> System:
    """The system with every capacity held."""
    kept = (design.source_mw, design.store_mw, design.store_mwh)
    if tuple(map(len, kept)) != (len(system.sources), len(system.stores), len(system.stores)):
        raise ValueError(f"the design has {tuple(map(len, kept))} capacities, the system other numbers of parts")
    sources = tuple(replace(s, min_mw=mw, max_mw=mw) for s, mw in zip(system.sources, design.source_mw, strict=True))
    stores = tuple(
        replace(s, min_mw=mw, max_mw=mw, min_mwh=mwh, max_mwh=mwh)
        for s, mw, mwh in zip(system.stores, design.store_mw, design.store_mwh, strict=True)
    )
    return replace(system, sources=sources, stores=stores)


def _numbers(values: lp.Values, name: str, count: int) -> tuple[float, ...]:
    return tuple(max(float(value), 0.0) for value in values[name].ravel()) if count else ()


def _dispatch(system: System, solution: Solution) -> Dispatch:
    def hours(name: str, count: int) -> lp.Hours:
        return np.maximum(solution.values[name], 0.0) if count else np.zeros((0, system.n_hour))

    n_store = len(system.stores)
    return Dispatch(
        hours(lp.OUTPUT, len(system.sources)),
        hours(lp.TAKEN, len(system.sinks)),
        hours(lp.CHARGE, n_store),
        hours(lp.DISCHARGE, n_store),
        hours(lp.CONTENT, n_store),
        hours(lp.UNSERVED, 1),
        solution.prices[lp.BALANCE] * system.n_year,
    )


def _closed(system: System, dispatch: Dispatch) -> None:
    gap = energy_gap_mw(system, dispatch)
    if gap > BALANCE_MW:
        raise SolveError(f"energy does not balance: {gap:.3g} MW apart in an hour; try another method (simplex)")
