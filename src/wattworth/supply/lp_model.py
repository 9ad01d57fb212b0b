"""A system as blocks of columns and rows, for the solve room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.solve import Columns, Each, Model, Pick, Rows, Sum
from wattworth.supply.lp_tariff import tariff_blocks
from wattworth.supply.system import System
from wattworth.supply.tariffs import Metered

SOURCE_MW: Final = "source_mw"
STORE_MW: Final = "store_mw"
STORE_MWH: Final = "store_mwh"
OUTPUT: Final = "output"
TAKEN: Final = "taken"
CHARGE: Final = "charge"
DISCHARGE: Final = "discharge"
CONTENT: Final = "content"
UNSERVED: Final = "unserved"
RUNNING: Final = "running"
STARTS: Final = "starts"
UNITS: Final = "units"
BALANCE: Final = "balance"
UNSERVED_LIMIT: Final = "unserved limit"

Hours = NDArray[np.float64]
Values = Mapping[str, NDArray[np.float64]]


def lp_model(system: System, commit: bool = False, metered: Metered | None = None) -> Model:
    r"""Lay a system out as a linear programme, or with whole units as a mixed one.

    Parameters
    ----------
    system
        Load, sources, sinks and stores.
    commit
        Whether sources with a commitment start and run in whole units.
    metered
        A source whose output a tariff bills, or None.

    Returns
    -------
    Model
        Least yearly cost of capacities and running, unserved energy at its cost.

    Raises
    ------
    DataError
        A load, share, limit or efficiency that cannot be.

    Notes
    -----
    .. math:: \sum_s p_{st} + \sum_b (d_{bt} - c_{bt}) + u_t - \sum_k x_{kt} = L_t, \quad p_{st} \le a_{st} P_s
    .. math:: e_{bt} = e_{b,t-1} + \eta^c_b c_{bt} - d_{bt}/\eta^d_b, \quad e_{bt} \le E_b, \; c, d \le B_b

    Before the first hour a store holds its start share, and no less after the last; years are chained. A change of
    output is not limited in the first hour. Units that run in the last hour count as running before the first.
    """
    check(system)
    committed = _committed(system) if commit else ()
    columns, rows = [*_source_columns(system)], [*_source_rows(system)]
    balance: list[Any] = [Sum(OUTPUT, 1.0, 0)] if system.sources else []
    if system.sinks:
        columns.append(_sink_columns(system))
        balance.append(Sum(TAKEN, -1.0, 0))
    if system.stores:
        columns += _store_columns(system)
        rows += _store_rows(system)
        balance += [Sum(DISCHARGE, 1.0, 0), Sum(CHARGE, -1.0, 0)]
    if committed:
        columns += _commitment_columns(system, committed)
        rows += _commitment_rows(system, committed)
    rows += _ramp_rows(system, committed)
    if metered is not None:
        charged = tariff_blocks(system, metered, OUTPUT)
        columns, rows = columns + charged[0], rows + charged[1]
    load = np.asarray(system.load_mw, dtype=np.float64)
    columns.append(Columns(UNSERVED, load.shape, upper=load, cost=system.unserved_usd_per_mwh / system.n_year))
    balance.append(Each(UNSERVED))
    rows.append(Rows(BALANCE, load.shape, load, load, "load of hour {i}", "MW", terms=tuple(balance)))
    if system.unserved_max_frac < 1.0:
        most = system.unserved_max_frac * float(load.sum())
        words = "energy that may go unserved (unserved_max_frac)"
        rows.append(Rows(UNSERVED_LIMIT, (), -np.inf, most, words, "MWh", terms=(Sum(UNSERVED),)))
    return Model(tuple(columns), tuple(rows))


def check(system: System) -> None:
    """Raise DataError for numbers that cannot be."""
    if system.n_hour == 0:
        raise DataError("the load has no hours")
    amounts: dict[str, Any] = {"load": system.load_mw}
    amounts |= {f"available share of {source.name!r}": source.available_frac for source in system.sources}
    amounts |= {f"limit of {sink.name!r}": sink.limit_mw for sink in system.sinks}
    for what, values in amounts.items():
        given = np.atleast_1d(np.asarray(values, dtype=np.float64))
        if given.min() < 0.0:
            raise DataError(f"{what}: hour {int(given.argmin())} is {given.min():g}, need 0 or more")
    for store in system.stores:
        for name, share in (("charge_frac", store.charge_frac), ("discharge_frac", store.discharge_frac)):
            if not 0.0 < share <= 1.0:
                raise DataError(f"{name} of {store.name!r}: got {share:g}, need more than 0 and at most 1")
        if not 0.0 <= store.start_frac <= 1.0:
            raise DataError(f"start_frac of {store.name!r}: got {store.start_frac:g}, need 0 to 1")


def hourly(system: System, values: list[Any]) -> Hours:
    """Array, shape (thing, hour), of numbers that may each be one for all hours."""
    return np.stack([np.broadcast_to(np.asarray(v, dtype=np.float64), system.n_hour) for v in values])


def has_ramp(system: System) -> tuple[int, ...]:
    """Places of the sources whose output may not change by all of it within an hour."""
    return tuple(i for i, s in enumerate(system.sources) if s.commitment and s.commitment.ramp_frac_per_h < 1.0)


def _committed(system: System) -> tuple[int, ...]:
    return tuple(i for i, source in enumerate(system.sources) if source.commitment is not None)


def _column(values: list[float]) -> Hours:
    """Array, shape (thing, 1), to stand beside hours."""
    return np.asarray(values, dtype=np.float64)[:, None]


def _capacity(name: str, words: str, unit: str, parts: Any, attributes: tuple[str, str, str]) -> Columns:
    """A column of capacity for each source or store."""
    low, high, cost = (_column([getattr(part, a) for part in parts]) for a in attributes)
    labels = ([repr(part.name) for part in parts], None)
    return Columns(name, (len(parts), 1), low, high, words, unit, labels, cost=cost)


def _source_columns(system: System) -> tuple[Columns, ...]:
    if not system.sources:
        return ()
    cost = hourly(system, [source.running_usd_per_mwh for source in system.sources]) / system.n_year
    named = ("min_mw", "max_mw", "capacity_usd_per_mw_year")
    return (
        _capacity(SOURCE_MW, "capacity of {i} (min_mw, max_mw)", "MW", system.sources, named),
        Columns(OUTPUT, cost.shape, cost=cost),
    )


def _source_rows(system: System) -> tuple[Rows, ...]:
    if not system.sources:
        return ()
    share = hourly(system, [source.available_frac for source in system.sources])
    return (Rows("available", share.shape, upper=0.0, terms=(Each(OUTPUT), Each(SOURCE_MW, -share))),)


def _sink_columns(system: System) -> Columns:
    price = hourly(system, [sink.price_usd_per_mwh for sink in system.sinks])
    limit = hourly(system, [sink.limit_mw for sink in system.sinks])
    labels = ([repr(sink.name) for sink in system.sinks], None)
    words = "limit of {i} in hour {j} (limit_mw)"
    return Columns(TAKEN, price.shape, 0.0, limit, words, "MW", labels, cost=-price / system.n_year)


def _store_columns(system: System) -> tuple[Columns, ...]:
    shape = (len(system.stores), system.n_hour)
    mw = ("min_mw", "max_mw", "capacity_usd_per_mw_year")
    mwh = ("min_mwh", "max_mwh", "capacity_usd_per_mwh_year")
    return (
        _capacity(STORE_MW, "power of {i} (min_mw, max_mw)", "MW", system.stores, mw),
        _capacity(STORE_MWH, "energy of {i} (min_mwh, max_mwh)", "MWh", system.stores, mwh),
        Columns(CHARGE, shape),
        Columns(DISCHARGE, shape),
        Columns(CONTENT, shape),
    )


def _store_rows(system: System) -> tuple[Rows, ...]:
    shape = (len(system.stores), system.n_hour)
    start = np.zeros(shape)
    start[:, 0] = [store.start_frac for store in system.stores]
    end = start[:, :1]
    last = (np.arange(shape[0]) * shape[1] + shape[1] - 1)[:, None]
    kept = (
        Each(CONTENT),
        Each(CONTENT, -1.0, shift=1),
        Each(STORE_MWH, -start),
        Each(CHARGE, _column([-store.charge_frac for store in system.stores])),
        Each(DISCHARGE, _column([1.0 / store.discharge_frac for store in system.stores])),
    )
    return (
        Rows("charge within power", shape, upper=0.0, terms=(Each(CHARGE), Each(STORE_MW, -1.0))),
        Rows("discharge within power", shape, upper=0.0, terms=(Each(DISCHARGE), Each(STORE_MW, -1.0))),
        Rows("content within energy", shape, upper=0.0, terms=(Each(CONTENT), Each(STORE_MWH, -1.0))),
        Rows("content kept", shape, lower=0.0, upper=0.0, terms=kept),
        Rows("content at the end", (shape[0], 1), lower=0.0, terms=(Pick(CONTENT, last), Each(STORE_MWH, -end))),
    )


def _places(system: System, which: tuple[int, ...], back: int = 0) -> NDArray[np.int64]:
    """Array, shape (source, hour): places of the outputs of some sources, so many hours back; none before the first."""
    hour = np.arange(system.n_hour) - back
    return np.where(hour >= 0, np.asarray(which)[:, None] * system.n_hour + hour, -1)


def _commitment_columns(system: System, which: tuple[int, ...]) -> tuple[Columns, ...]:
    terms = [c for i in which if (c := system.sources[i].commitment) is not None]
    shape = (len(which), system.n_hour)
    idle = _column([c.idle_usd_per_h for c in terms]) / system.n_year
    start = _column([c.start_usd for c in terms]) / system.n_year
    given = [system.sources[i].max_mw for i in which]
    most = np.floor(_column([mw / c.unit_mw for mw, c in zip(given, terms, strict=True)]) + 1e-9)
    return (
        Columns(UNITS, (len(which), 1), upper=most, integer=True),
        Columns(RUNNING, shape, upper=most, cost=idle, integer=True),
        Columns(STARTS, shape, cost=start),
    )


def _commitment_rows(system: System, which: tuple[int, ...]) -> tuple[Rows, ...]:
    terms = [c for i in which if (c := system.sources[i].commitment) is not None]
    shape = (len(which), system.n_hour)
    share = hourly(system, [system.sources[i].available_frac for i in which])
    unit = _column([c.unit_mw for c in terms])
    least = unit * _column([c.min_load_frac for c in terms])
    output = Pick(OUTPUT, _places(system, which))
    free = _column([float(system.sources[i].min_mw < system.sources[i].max_mw) for i in which])
    built = (Pick(SOURCE_MW, np.asarray(which)[:, None], free), Each(UNITS, -unit * free))
    started = (Each(STARTS), Each(RUNNING, -1.0), Each(RUNNING, 1.0, shift=1, wrap=True))
    return (
        Rows("whole units", (len(which), 1), lower=0.0, upper=0.0, terms=built),
        Rows("running within built", shape, upper=0.0, terms=(Each(RUNNING), Each(UNITS, -1.0))),
        Rows("available when running", shape, upper=0.0, terms=(output, Each(RUNNING, -unit * share))),
        Rows("minimum load", shape, lower=0.0, terms=(output, Each(RUNNING, -least))),
        Rows("starts", shape, lower=0.0, terms=started),
        Rows("starts within running", shape, upper=0.0, terms=(Each(STARTS), Each(RUNNING, -1.0))),
    )


def _ramp_rows(system: System, committed: tuple[int, ...]) -> tuple[Rows, ...]:
    """Limits on the change of output: of what is installed, or of what runs, starts and stops."""
    which = has_ramp(system)
    if not which:
        return ()
    terms = [c for i in which if (c := system.sources[i].commitment) is not None]
    ramp = _column([c.ramp_frac_per_h for c in terms])
    shape = (len(which), system.n_hour)
    most = np.zeros(shape)
    most[:, 0] = np.inf
    now, before = _places(system, which), _places(system, which, 1)
    if not committed:
        installed = Pick(SOURCE_MW, np.asarray(which)[:, None], -ramp)
        up = (Pick(OUTPUT, now), Pick(OUTPUT, before, -1.0), installed)
        down = (Pick(OUTPUT, now, -1.0), Pick(OUTPUT, before), installed)
    else:
        own = tuple(committed.index(i) for i in which)
        on, was_on = _places(system, own), _places(system, own, 1)
        unit = _column([c.unit_mw for c in terms])
        steady = ramp * unit
        jump = np.maximum(ramp, _column([c.min_load_frac for c in terms])) * unit
        up = (
            Pick(OUTPUT, now),
            Pick(OUTPUT, before, -1.0),
            Pick(RUNNING, on, -steady),
            Pick(STARTS, on, steady - jump),
        )
        down = (
            Pick(OUTPUT, now, -1.0),
            Pick(OUTPUT, before),
            Pick(RUNNING, on, jump - steady),
            Pick(RUNNING, was_on, -jump),
            Pick(STARTS, on, steady - jump),
        )
    return (Rows("ramp up", shape, upper=most, terms=up), Rows("ramp down", shape, upper=most, terms=down))
