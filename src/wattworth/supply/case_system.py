"""A case made ready: its system, with what each megawatt costs a year, and its named designs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import numpy as np

from wattworth.errors import StudyError
from wattworth.facts import FactBook
from wattworth.supply.case_file import PowerFile, read_power_file
from wattworth.supply.case_grid import metered_of
from wattworth.supply.case_hours import CaseHours, hours_of_case
from wattworth.supply.case_numbers import FIRM, Numbers, numbers_of
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.levelised import annuity_per_year
from wattworth.supply.part_load import idle_fuel_frac
from wattworth.supply.system import Commitment, Sink, Source, Store, System
from wattworth.supply.tariffs import Metered
from wattworth.supply.units import ReliabilityTarget
from wattworth.units import KW_PER_MW

GRID, EXPORT, BATTERY = "grid", "export", "battery"

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class UnitSize:
    """Whole units of a firm source.

    Attributes
    ----------
    unit_mw
        Size of one. [MW]
    up_frac
        Share of time it is on neither forced outage nor maintenance.
    derate_frac
        What it keeps in the worst hour.
    repair_h
        Mean time to repair. [h]
    """

    unit_mw: float
    up_frac: float
    derate_frac: float
    repair_h: float


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
    metered
        Tariff of the grid beside energy, or None.
    """

    file: PowerFile
    numbers: Numbers
    hours: CaseHours
    system: System
    target: ReliabilityTarget
    units: dict[str, UnitSize]
    metered: Metered | None = None

    @property
    def commitment(self) -> dict[str, Commitment]:
        """How units of each source start and run, where the case says so."""
        out = {}
        for name in self.units:
            if f"sources.{name}.commitment.min_load_frac" in self.numbers.rows:
                out[name] = _commitment(self, name)
        return out


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
    _check_part_load(file, numbers)
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
    return PowerCase(file, numbers, hours, system, target, _units(numbers, hours), metered_of(file, GRID))


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


def burnt_usd_per_mmbtu(case: PowerCase) -> float:
    """Price of gas with its carbon. [USD/MMBtu]"""
    numbers = case.numbers
    return numbers["gas_usd_per_mmbtu"] + case.file.keys.carbon_usd_per_t * numbers["co2_kg_per_mmbtu"] / 1000.0


def in_units(case: PowerCase, system: System) -> System:
    """A system of a case whose units start, stop and burn fuel when idle, as the case says."""
    terms = case.commitment

    def source(own: Source) -> Source:
        if own.name not in terms:
            return own
        idle = terms[own.name].idle_usd_per_h / terms[own.name].unit_mw
        return replace(own, running_usd_per_mwh=own.running_usd_per_mwh - idle, commitment=terms[own.name])

    return replace(system, sources=tuple(map(source, system.sources)))


def idle_share(case: PowerCase, name: str) -> float:
    """Share of full-load fuel that a running unit of a source burns whatever it gives."""
    path = f"sources.{name}.commitment"
    ratio, at = case.numbers[f"{path}.part_load_heat_ratio"], case.numbers[f"{path}.part_load_frac"]
    return idle_fuel_frac(ratio, at)


def _check_part_load(file: PowerFile, numbers: Numbers) -> None:
    """Raise StudyError where a point of part load fits no fuel line, or stands at a load that its ratio is not of."""
    faults = []
    for name in FIRM:
        path = f"sources.{name}.commitment"
        if f"{path}.part_load_frac" not in numbers.rows:
            continue
        at, ratio = numbers[f"{path}.part_load_frac"], numbers.rows[f"{path}.part_load_heat_ratio"]
        if ratio.fact and at != _HALF:
            message = f"the packaged ratio is at half load: give part_load_heat_ratio at {at:g} too"
            faults.append(file.fault(f"{path}.part_load_frac", message))
        try:
            idle_fuel_frac(ratio.value, at)
        except ValueError as error:
            faults.append(file.fault(f"{path}.part_load_heat_ratio", str(error)))
    if faults:
        raise StudyError(faults)


def _commitment(case: PowerCase, name: str) -> Commitment:
    numbers, path = case.numbers, f"sources.{name}.commitment"
    unit_mw = case.units[name].unit_mw
    heat = numbers[f"sources.{name}.heat_rate_mmbtu_per_mwh"]
    return Commitment(
        unit_mw,
        numbers[f"{path}.min_load_frac"],
        numbers[f"{path}.start_usd_per_mw"] * unit_mw,
        numbers[f"{path}.ramp_frac_per_h"],
        idle_share(case, name) * heat * burnt_usd_per_mmbtu(case) * unit_mw,
    )


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
        out.append(
            Source(
                GRID,
                hours.available_frac[GRID],
                price,
                yearly,
                max_mw=grid.import_max_mw,
                co2_kg_per_mwh=grid.co2_kg_per_mwh,
            )
        )
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
            up = (1.0 - numbers[f"{path}.forced_outage_frac"]) * (1.0 - numbers[f"{path}.maintenance_frac"])
            out[name] = UnitSize(numbers[f"{path}.unit_mw"], up, worst, numbers[f"{path}.repair_h"])
    return out
