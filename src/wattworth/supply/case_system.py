"""A case made ready: its system, with what each megawatt costs a year, and its named designs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import numpy as np

from wattworth.facts import FactBook
from wattworth.supply.case_file import PowerFile, read_power_file
from wattworth.supply.case_hours import CaseHours, hours_of_case
from wattworth.supply.case_numbers import FIRM, Numbers, numbers_of
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.levelised import annuity_per_year
from wattworth.supply.system import Sink, Source, Store, System
from wattworth.supply.units import ReliabilityTarget
from wattworth.units import KW_PER_MW

GRID, EXPORT, BATTERY = "grid", "export", "battery"


@dataclass(frozen=True, slots=True)
class UnitSize:
    """Whole units of a firm source.

    Attributes
    ----------
    unit_mw
        Size of one. [MW]
    up_frac
        Share of time it is not on forced outage.
    derate_frac
        What it keeps in the worst hour.
    """

    unit_mw: float
    up_frac: float
    derate_frac: float


@dataclass(frozen=True, slots=True, eq=False)
class PowerCase:
    """A case ready to be sized.

    Attributes
    ----------
    file
        As declared.
    numbers
        What it rests on.
    hours
        Its hours.
    system
        Load and all that may be built, nothing held.
    target
        What every design must reach.
    units
        Whole units by source.
    """

    file: PowerFile
    numbers: Numbers
    hours: CaseHours
    system: System
    target: ReliabilityTarget
    units: dict[str, UnitSize]


def read_power_case(source: Path | str, book: FactBook | None = None) -> PowerCase:
    """Read a case and make it ready.

    Parameters
    ----------
    source
        As :func:`~wattworth.supply.case_file.read_power_file` takes it.
    book
        Facts; the packaged ones by default.

    Raises
    ------
    StudyError, DataError
        If the case or one of its files cannot be used.
    """
    file = read_power_file(source)
    numbers = numbers_of(file, book)
    hours = hours_of_case(file, numbers)
    wanted = file.keys.reliability
    target = ReliabilityTarget(wanted.availability_frac, wanted.unserved_max_frac, wanted.short_h_per_year)
    system = System(
        hours.load_mw,
        tuple(_sources(file, numbers, hours)),
        tuple(_sinks(file, hours)),
        tuple(_stores(file, numbers)),
        unserved_usd_per_mwh=file.keys.unserved_usd_per_mwh,
        unserved_max_frac=1.0 if wanted.unserved_max_frac is None else wanted.unserved_max_frac,
        n_year=float(hours.n_year),
    )
    return PowerCase(file, numbers, hours, system, target, _units(numbers, hours))


def held(system: System, design: DesignKeys) -> System:
    """The system with what a design names held; the rest is free."""

    def source(own: Source) -> Source:
        mw = getattr(design, f"{own.name}_mw")
        return own if mw is None else replace(own, min_mw=mw, max_mw=mw)

    def store(own: Store) -> Store:
        mw, mwh = design.battery_mw, design.battery_mwh
        own = own if mw is None else replace(own, min_mw=mw, max_mw=mw)
        return own if mwh is None else replace(own, min_mwh=mwh, max_mwh=mwh)

    return replace(system, sources=tuple(map(source, system.sources)), stores=tuple(map(store, system.stores)))


def _per_year(numbers: Numbers, path: str, key: str) -> float:
    """Annuity of a capital cost and fixed upkeep that is a share of it, for a kilowatt or kilowatt-hour."""
    capex = numbers[f"{path}.{key}"]
    annuity = annuity_per_year(numbers[f"{path}.discount_frac"], numbers[f"{path}.life_years"])
    fixed = numbers.rows.get(f"{path}.fixed_frac_per_year")
    return capex * (annuity + (0.0 if fixed is None else fixed.value))


def _most(value: float | None) -> float:
    return inf if value is None else value


def _sources(file: PowerFile, numbers: Numbers, hours: CaseHours) -> list[Source]:
    keys, out = file.keys, []
    for name in ("solar", "wind"):
        part = getattr(keys.sources, name)
        if part is not None:
            yearly = KW_PER_MW * _per_year(numbers, f"sources.{name}", "capex_usd_per_kw")
            out.append(Source(name, hours.available_frac[name], 0.0, yearly, max_mw=_most(part.max_mw)))
    co2, gas = numbers["co2_kg_per_mmbtu"], numbers["gas_usd_per_mmbtu"]
    for name in FIRM:
        part, path = getattr(keys.sources, name), f"sources.{name}"
        if part is None:
            continue
        heat = numbers[f"{path}.heat_rate_mmbtu_per_mwh"]
        burnt = heat * (gas + keys.carbon_usd_per_t * co2 / 1000.0)
        yearly = _per_year(numbers, path, "capex_usd_per_kw") + numbers[f"{path}.fixed_usd_per_kw_year"]
        out.append(
            Source(
                name,
                hours.available_frac[name],
                burnt + numbers[f"{path}.variable_usd_per_mwh"],
                KW_PER_MW * yearly,
                max_mw=_most(part.max_mw),
                co2_kg_per_mwh=heat * co2,
            )
        )
    grid = keys.grid
    if grid is not None and hours.price_usd_per_mwh is not None:
        price = hours.price_usd_per_mwh + grid.adder_usd_per_mwh + keys.carbon_usd_per_t * grid.co2_kg_per_mwh / 1000.0
        yearly = KW_PER_MW * grid.capacity_usd_per_kw_year
        out.append(Source(GRID, 1.0, price, yearly, max_mw=grid.import_max_mw, co2_kg_per_mwh=grid.co2_kg_per_mwh))
    return out


def _sinks(file: PowerFile, hours: CaseHours) -> list[Sink]:
    grid = file.keys.grid
    if grid is None or grid.export_max_mw == 0.0:
        return []
    price = hours.price_usd_per_mwh if grid.export_usd_per_mwh is None else grid.export_usd_per_mwh
    assert price is not None
    return [Sink(EXPORT, price, grid.export_max_mw)]


def _stores(file: PowerFile, numbers: Numbers) -> list[Store]:
    keys = file.keys.battery
    if keys is None:
        return []
    one_way = numbers["battery.round_trip_frac"] ** 0.5
    return [
        Store(
            BATTERY,
            one_way,
            one_way,
            KW_PER_MW * _per_year(numbers, BATTERY, "power_usd_per_kw"),
            KW_PER_MW * _per_year(numbers, BATTERY, "energy_usd_per_kwh"),
            max_mw=_most(keys.max_mw),
            max_mwh=_most(keys.max_mwh),
            start_frac=keys.start_frac,
        )
    ]


def _units(numbers: Numbers, hours: CaseHours) -> dict[str, UnitSize]:
    out = {}
    for name in FIRM:
        path = f"sources.{name}"
        if f"{path}.unit_mw" in numbers.rows:
            worst = float(np.min(hours.available_frac[name]))
            up = 1.0 - numbers[f"{path}.forced_outage_frac"]
            out[name] = UnitSize(numbers[f"{path}.unit_mw"], up, worst)
    return out
