"""What supplies a load hour by hour, as arrays: the one record that sizing and dispatch share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError

YEAR_H: Final = 8760
"""Hours of a model year; a leap day is left out."""

Hourly = NDArray[np.float64] | float
"""Array, shape (hour,), or one number for every hour."""


@dataclass(frozen=True, slots=True, eq=False)
class Commitment:
    """What running in whole units costs; a source without one runs at any output.

    Attributes
    ----------
    unit_mw
        Size of one unit. [MW]
    min_load_frac
        Lowest output of a running unit, as a share of its size.
    start_usd
        Cost of one start of one unit. [USD]
    ramp_frac_per_h
        Change of output in an hour, as a share of running capacity. [1/h]
    idle_usd_per_h
        Cost of an hour of a running unit whatever its output: the intercept of its fuel line. [USD/h]
    """

    unit_mw: float
    min_load_frac: float = 0.0
    start_usd: float = 0.0
    ramp_frac_per_h: float = 1.0
    idle_usd_per_h: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Power that can be had: sun, wind, engines, turbines, fuel cells, a grid connection's import.

    Attributes
    ----------
    name
        Its name, unique in the system.
    available_frac
        Output that a megawatt installed can give: weather, derating by heat, hours a grid may interrupt. [1]
    running_usd_per_mwh
        Fuel, price and variable upkeep; may be negative, as a grid price may. [USD/MWh]
    capacity_usd_per_mw_year
        Yearly cost of a megawatt installed: annuity and fixed upkeep. [USD/MW-year]
    min_mw, max_mw
        Bounds on what is installed; equal where it is given. [MW]
    co2_kg_per_mwh
        Emissions of a megawatt-hour. [kg/MWh]
    commitment
        Whole units, or None.
    """

    name: str
    available_frac: Hourly = 1.0
    running_usd_per_mwh: Hourly = 0.0
    capacity_usd_per_mw_year: float = 0.0
    min_mw: float = 0.0
    max_mw: float = np.inf
    co2_kg_per_mwh: float = 0.0
    commitment: Commitment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sink:
    """Power that can be taken beside the load: export to the grid, a mine behind the hall.

    Attributes
    ----------
    name
        Its name, unique in the system.
    price_usd_per_mwh
        What a megawatt-hour taken earns. [USD/MWh]
    limit_mw
        Most that it takes in an hour. [MW]
    """

    name: str
    price_usd_per_mwh: Hourly
    limit_mw: Hourly


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """A battery, or another store with a power and an energy of its own.

    Attributes
    ----------
    name
        Its name, unique in the system.
    charge_frac, discharge_frac
        Share of energy that survives the way in, and the way out.
    capacity_usd_per_mw_year, capacity_usd_per_mwh_year
        Yearly cost of a megawatt of power and of a megawatt-hour of energy. [USD/MW-year], [USD/MWh-year]
    min_mw, max_mw, min_mwh, max_mwh
        Bounds on power, the same in and out and measured outside, and on energy, measured inside. [MW], [MWh]
    start_frac
        Content before the first hour, as a share of the energy built; no less must be left after the last.
    """

    name: str
    charge_frac: float = 1.0
    discharge_frac: float = 1.0
    capacity_usd_per_mw_year: float = 0.0
    capacity_usd_per_mwh_year: float = 0.0
    min_mw: float = 0.0
    max_mw: float = np.inf
    min_mwh: float = 0.0
    max_mwh: float = np.inf
    start_frac: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """One load and all that can meet it, over whole weather years laid end to end.

    Attributes
    ----------
    load_mw
        Array, shape (hour,): what is demanded. [MW]
    sources, sinks, stores
        What can meet it; names differ.
    unserved_usd_per_mwh
        Cost put on a megawatt-hour not served. [USD/MWh]
    unserved_max_frac
        Most that may go unserved, as a share of all demanded; 1 leaves it to its cost.
    n_year
        Weather years in the hours, each as likely: costs of running are divided by it.
    """

    load_mw: NDArray[np.float64]
    sources: tuple[Source, ...] = ()
    sinks: tuple[Sink, ...] = ()
    stores: tuple[Store, ...] = ()
    unserved_usd_per_mwh: float = 10_000.0
    unserved_max_frac: float = 1.0
    n_year: float = 1.0

    def __post_init__(self) -> None:
        _check(self)

    @property
    def n_hour(self) -> int:
        """Number of hours."""
        return len(self.load_mw)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """How much of each is installed.

    Attributes
    ----------
    source_mw
        One number for each source of the system, in its order. [MW]
    store_mw, store_mwh
        The same for each store. [MW], [MWh]
    """

    source_mw: tuple[float, ...]
    store_mw: tuple[float, ...] = ()
    store_mwh: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Dispatch:
    """How a design runs, hour by hour; in every hour all that comes in goes out.

    Attributes
    ----------
    source_mw
        Array, shape (source, hour): output used. [MW]
    sink_mw
        Array, shape (sink, hour): taken by each sink. [MW]
    charge_mw, discharge_mw
        Arrays, shape (store, hour): into and out of each store, measured outside. [MW]
    content_mwh
        Array, shape (store, hour): content at the end of the hour, measured inside. [MWh]
    unserved_mw
        Array, shape (hour,). [MW]
    price_usd_per_mwh
        Array, shape (hour,), or None: what one more megawatt-hour of load would cost. [USD/MWh]
    """

    source_mw: NDArray[np.float64]
    sink_mw: NDArray[np.float64]
    charge_mw: NDArray[np.float64]
    discharge_mw: NDArray[np.float64]
    content_mwh: NDArray[np.float64]
    unserved_mw: NDArray[np.float64]
    price_usd_per_mwh: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sizing:
    """A design with its proof.

    Attributes
    ----------
    design, dispatch
        What to build, and how it runs.
    cost_usd_per_year
        Capacity and running cost, unserved energy at its cost included. [USD/year]
    bound_usd_per_year
        No design costs less. [USD/year]
    method
        How it was found.
    notes
        What a reader must know: limits that bind, what was approximated.
    """

    design: Design
    dispatch: Dispatch
    cost_usd_per_year: float
    bound_usd_per_year: float
    method: str
    notes: tuple[str, ...] = ()

    @property
    def gap_frac(self) -> float:
        """How far the cost may be above the least, as a share of it."""
        return (self.cost_usd_per_year - self.bound_usd_per_year) / max(abs(self.cost_usd_per_year), 1.0)


def _check(system: System) -> None:
    """Raise ValueError for what a caller got wrong, DataError for numbers that are none."""
    names = [part.name for part in (*system.sources, *system.sinks, *system.stores)]
    if len(set(names)) != len(names):
        raise ValueError(f"sources, sinks and stores need names that differ: {names}")
    hourly: dict[str, Hourly] = {"load": system.load_mw}
    for source in system.sources:
        hourly[f"available share of {source.name!r}"] = source.available_frac
        hourly[f"running cost of {source.name!r}"] = source.running_usd_per_mwh
    for sink in system.sinks:
        hourly[f"price of {sink.name!r}"] = sink.price_usd_per_mwh
        hourly[f"limit of {sink.name!r}"] = sink.limit_mw
    for what, values in hourly.items():
        array = np.asarray(values, dtype=np.float64)
        if array.ndim > 1 or (array.ndim == 1 and len(array) != system.n_hour):
            raise ValueError(f"{what}: got shape {array.shape}, need ({system.n_hour},) or one number")
        if not np.isfinite(array).all():
            hour = int(np.argmin(np.isfinite(np.atleast_1d(array))))
            raise DataError(f"{what}: hour {hour} is not a finite number")
