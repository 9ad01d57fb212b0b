"""Sizing and dispatch of a system with one store, exact and certified, without a large linear programme."""

from __future__ import annotations

from typing import Final

import numpy as np

from wattworth.errors import DataError, SolveError
from wattworth.supply.bundle import MAX_CALLS, Minimum
from wattworth.supply.bundle_bounds import Terms, highest, terms_of
from wattworth.supply.bundle_designs import Designs
from wattworth.supply.slopes import Capacities, Hours, dispatch_of, hours_of
from wattworth.supply.slopes_limit import Limited, run_within_limit
from wattworth.supply.system import Design, Dispatch, Sizing, System

METHOD: Final = "decomposition"
"""Name of the method in a sizing."""

_EXACT_FRAC: Final = 1e-10
_AT_BOUND_FRAC: Final = 1e-6
_NO_POWER_MW: Final = 1e-6


def size_by_decomposition(system: System, gap_frac: float = 1e-4, max_designs: int = MAX_CALLS) -> Sizing:
    """Find the design of least yearly cost, and prove how near to the least it is.

    Parameters
    ----------
    system
        Any number of sources and sinks, one store or none; no source in whole units.
    gap_frac
        Largest gap between cost and bound, as a share of the cost. [1]
    max_designs
        Designs to try.

    Raises
    ------
    SolveError
        If the system is not one that this method serves, no design within the bounds meets the limit of unserved
        energy, a capacity without a bound would cost nothing, or the gap is not closed.
    DataError
        If a load, an availability or a limit is below nought, or an efficiency outside (0, 1].

    Notes
    -----
    Running cost is convex in the capacities. For one design the hours are solved exactly
    (:func:`~wattworth.supply.slopes.run_at_least_cost`), and their prices bound the cost of every other design; the
    level bundle method (:func:`~wattworth.supply.bundle.minimise`) picks the designs to try.

    A capacity without a bound is looked for up to where it alone would cost more than a design already known, or
    could not be used.
    """
    check(system)
    hours, terms = hours_of(system), terms_of(system)
    designs = Designs(hours, terms, _limit_mwh(system), gap_frac)
    known = designs.first()
    high = highest(hours, terms, min(answer.value for _, answer in known))
    start = designs.rough(high, max_designs)
    if start is not None:
        known.append((start, designs.answer(start)))
    found = designs.trimmed(designs.minimise(known, high, gap_frac, max_designs), gap_frac)
    exact_usd = _EXACT_FRAC * max(1.0, abs(found.value)) * hours.n_year
    limited = run_within_limit(hours, found.point, designs.limit_mwh, designs.price_usd_per_mwh, exact_usd)
    cost = float(terms.usd_per_year @ found.point) + limited.cost_usd / hours.n_year
    dispatch = _dispatch(hours, limited, system)
    return Sizing(
        design=_design(system, found.point),
        dispatch=dispatch,
        cost_usd_per_year=cost,
        bound_usd_per_year=min(found.least, cost),
        method=METHOD,
        notes=_notes(system, terms, found, limited),
    )


def dispatch_exactly(system: System, design: Design) -> Dispatch:
    """Run a given design at least cost, with the price of each hour.

    Parameters
    ----------
    system
        As :func:`size_by_decomposition` takes it; bounds on capacities play no part.
    design
        What is installed.

    Returns
    -------
    Dispatch
        Its cost: :func:`running_cost_usd`. Under a limit of unserved energy that binds, the price is the one with
        the limit held at its megawatt-hours.

    Raises
    ------
    SolveError
        If the system is not one that this method serves, or the design cannot meet the limit of unserved energy.
    DataError
        As :func:`size_by_decomposition`, or if a capacity is below nought.
    """
    check(system)
    hours = hours_of(system)
    capacities = _capacities(system, design)
    limited = run_within_limit(hours, capacities, _limit_mwh(system), system.unserved_usd_per_mwh, 0.0)
    if not limited.runs:
        share = limited.unserved_mwh / float(hours.load_mw.sum())
        raise SolveError(
            f"this design leaves at least {share:.3g} of the load unserved, allowed are {system.unserved_max_frac:.3g};"
            " install more, or raise unserved_max_frac"
        )
    return _dispatch(hours, limited, system)


def running_cost_usd(system: System, dispatch: Dispatch) -> float:
    """What a dispatch costs over all hours: running cost, less what sinks pay, unserved load at its cost. [USD]"""
    n = system.n_hour
    cost = float(dispatch.unserved_mw.sum()) * system.unserved_usd_per_mwh
    for source, used in zip(system.sources, dispatch.source_mw, strict=True):
        cost += float(np.broadcast_to(source.running_usd_per_mwh, n) @ used)
    for sink, taken in zip(system.sinks, dispatch.sink_mw, strict=True):
        cost -= float(np.broadcast_to(sink.price_usd_per_mwh, n) @ taken)
    return cost


def check(system: System) -> None:
    """Raise SolveError for a system that this method does not serve, DataError for numbers that cannot be."""
    if len(system.stores) > 1:
        names = ", ".join(repr(store.name) for store in system.stores)
        raise SolveError(f"decomposition takes one store, got {len(system.stores)} ({names}); use method `lp`")
    for source in system.sources:
        if source.commitment is not None:
            raise SolveError(
                f"decomposition knows no whole units, ramps or starts, and {source.name!r} has them; use method `lp`"
            )
    amounts = {"load": system.load_mw}
    amounts |= {f"available share of {source.name!r}": source.available_frac for source in system.sources}
    amounts |= {f"limit of {sink.name!r}": sink.limit_mw for sink in system.sinks}
    for what, values in amounts.items():
        lowest = np.atleast_1d(values)
        if lowest.size and lowest.min() < 0.0:
            raise DataError(f"{what}: hour {int(lowest.argmin())} is {lowest.min():g}, need 0 or more")
    if system.n_hour == 0:
        raise DataError("the load has no hours")
    if system.unserved_usd_per_mwh < 0.0:
        raise DataError(f"cost of unserved load: got {system.unserved_usd_per_mwh:g}, need 0 or more")
    for store in system.stores:
        for what, value in {"charge_frac": store.charge_frac, "discharge_frac": store.discharge_frac}.items():
            if not 0.0 < value <= 1.0:
                raise DataError(f"{what} of {store.name!r}: got {value:g}, need more than 0 and at most 1")
        if not 0.0 <= store.start_frac <= 1.0:
            raise DataError(f"start_frac of {store.name!r}: got {store.start_frac:g}, need 0 to 1")


def _limit_mwh(system: System) -> float:
    return np.inf if system.unserved_max_frac >= 1.0 else system.unserved_max_frac * float(system.load_mw.sum())


def _capacities(system: System, design: Design) -> Capacities:
    """A design as one array, a store of nought where there is none."""
    given = len(design.source_mw), len(design.store_mw), len(design.store_mwh)
    if given != (len(system.sources), len(system.stores), len(system.stores)):
        raise ValueError(f"a design of {given} sources, powers and energies does not fit the system")
    power, energy = (design.store_mw[0], design.store_mwh[0]) if system.stores else (0.0, 0.0)
    capacities = np.array([*design.source_mw, power, energy], dtype=np.float64)
    if not (capacities >= 0.0).all() or not np.isfinite(capacities).all():
        raise DataError(f"capacities must be finite and 0 or more, got {capacities.tolist()}")
    return capacities


def _design(system: System, capacities: Capacities) -> Design:
    *source_mw, power, energy = (float(c) for c in capacities)
    n_store = len(system.stores)
    return Design(tuple(source_mw), (power,) * n_store, (energy,) * n_store)


def _dispatch(hours: Hours, limited: Limited, system: System) -> Dispatch:
    """The run within the limit, or parts of the two that meet it together."""
    parts = [dispatch_of(hours, run, system) for run in limited.runs]
    if len(parts) == 1:
        return parts[0]
    over, under = parts
    part, rest = limited.shares
    return Dispatch(
        source_mw=part * over.source_mw + rest * under.source_mw,
        sink_mw=part * over.sink_mw + rest * under.sink_mw,
        charge_mw=part * over.charge_mw + rest * under.charge_mw,
        discharge_mw=part * over.discharge_mw + rest * under.discharge_mw,
        content_mwh=part * over.content_mwh + rest * under.content_mwh,
        unserved_mw=part * over.unserved_mw + rest * under.unserved_mw,
        price_usd_per_mwh=limited.price_usd_per_mwh,
    )


def _notes(system: System, terms: Terms, found: Minimum, limited: Limited) -> tuple[str, ...]:
    """Bounds and limits that bind, and hours in which the store only loses energy."""
    notes = [
        f"{name} is at the most allowed, {most:g}"
        for name, at, least, most in zip(terms.names, found.point, terms.low, terms.high, strict=True)
        if at >= most * (1.0 - _AT_BOUND_FRAC) and most > least
    ]
    if limited.unserved_usd_per_mwh > system.unserved_usd_per_mwh:
        notes.append(
            f"the limit of unserved energy binds: a megawatt-hour less of it costs {limited.unserved_usd_per_mwh:,.0f}"
            " $/MWh"
        )
    both = max(int((np.minimum(run.charge_mw, run.discharge_mw) > _NO_POWER_MW).sum()) for run in limited.runs)
    if both:
        notes.append(f"{both} hours of prices below nought in which the store charges and discharges at once")
    return tuple(notes)
