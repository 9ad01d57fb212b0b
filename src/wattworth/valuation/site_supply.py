"""Power made on a site of a study: its case sized once, its price in parts, and the gates that its machines pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wattworth import uses
from wattworth.errors import FactError, Fault, StudyError, WattworthError
from wattworth.facts import CostIndex, Fact, FactBook
from wattworth.study import Part, Site, Study, fill, parts
from wattworth.study.raw import did_you_mean, shown
from wattworth.study.site_supply import SiteSupply, SupplyNumber, SupplyPrice
from wattworth.timeline import Clocks
from wattworth.timeline.network import Network, network
from wattworth.timeline.ways import TENANT_KEY, WAYS, Way
from wattworth.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from wattworth.supply.case_schema import DesignKeys
    from wattworth.supply.case_system import PowerCase
    from wattworth.valuation.power_designs import DesignResult

ANNUITY: Final = "annuity"
"""Fixed part by annuities, where the case names no convention."""

_WAY_OF: Final = {"engine": "engines", "turbine": "aero_turbine", "fuel_cell": "fuel_cell"}
_ONSITE: Final = {way.name: way for way in WAYS if way.name in _WAY_OF.values()}
_GATED: Final = ("secured", "study")
"""Kinds of megawatt that machines on the site bring to power; a stated month stays, and so does what is being built."""

_OPTIMUM: Final = "optimum"
_SAME_FRAC: Final = 0.01


def serves(supply: SiteSupply, part: Part) -> bool:
    """Whether a supply serves a part of its site."""
    return supply.serves == "all" or part.state in ("construction", "undeveloped")


def served_mw(supply: SiteSupply, site_parts: Iterable[Part]) -> float:
    """Megawatts at the connection that a supply serves. [MW]"""
    return sum(part.gross_mw for part in site_parts if serves(supply, part))


def supply_fact_keys(study: Study) -> set[str]:
    """Facts that the supplies of a study rest on: their gates, and the numbers of those that are sized."""
    if not study.supply:
        return set()
    gates = {key for way in _ONSITE.values() for gate in way.hall.gates for key in (gate.months, gate.fails) if key}
    priced = (supply.price for supply in study.supply.values() if supply.price is not None)
    return gates | {number.fact for price in priced for number in price.numbers if number.fact}


def check_supplies(study: Study) -> None:
    """Read the case of every supply, and size none.

    Raises
    ------
    StudyError
        With every fault of every case and of the files it names, of designs it does not have, and of megawatts that
        are not those of the site.
    """
    faults: list[Fault] = []
    for site in study.valued_sites:
        supply = study.supply.get(site.site_id)
        if supply is None or supply.price is not None:
            continue
        try:
            _ready(study, site, supply, _book(study))
        except StudyError as error:
            faults += error.faults or [Fault(supply.where, str(error))]
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))


def sized(study: Study, sites_glob: str | None = None) -> Study:
    """The study with every supply sized that is not yet, and those of sites that are not asked for left out.

    Parameters
    ----------
    study
        A checked study.
    sites_glob
        Glob on site_id that narrows the sites.

    Raises
    ------
    StudyError
        If a case cannot be used.
    SolveError
        If no design reaches its target.
    """
    if not study.supply:
        return study
    wanted = {s.site_id: s for s in study.valued_sites if sites_glob is None or fnmatch(s.site_id, sites_glob)}
    chosen = {site_id: supply for site_id, supply in study.supply.items() if site_id in wanted}
    if any(supply.price is None for supply in chosen.values()):
        book = _book(study)
        chosen = {site_id: _sized(study, wanted[site_id], supply, book) for site_id, supply in chosen.items()}
    return replace(study, supply=chosen)


def _sized(study: Study, site: Site, supply: SiteSupply, book: FactBook) -> SiteSupply:
    from wattworth.valuation.power_designs import run_design

    if supply.price is not None:
        return supply
    case, mw = _ready(study, site, supply, book)
    try:
        # a tariff ties the hours of a month together, which only the programme of a whole year can size
        found = run_design(case, _design(case, supply), "decomposition" if case.metered is None else "lp")
        price = price_of(case, found, mw, study.usd_year)
    except FactError as error:
        raise StudyError([Fault(supply.where or site.site_id, str(error))]) from None
    return supply.model_copy(update={"price": price, "folder": "", "where": ""})


def _book(study: Study) -> FactBook:
    """Packaged facts with those that the study changes."""
    book = uses.fact_book()
    if not study.overrides:
        return book
    return book.with_overrides(fill(study, book, study.overrides).facts.values())


def _ready(study: Study, site: Site, supply: SiteSupply, book: FactBook) -> tuple[PowerCase, float]:
    """The case of a supply, and the megawatts it is for; StudyError where they are not those of the site."""
    from wattworth.supply.case_file import PACKAGED
    from wattworth.supply.case_system import read_power_case

    where = supply.where or f"supply of {site.site_id}"
    if not supply.folder and supply.case not in PACKAGED:
        near = did_you_mean(supply.case, PACKAGED)
        message = f"no file {shown(supply.case)} beside the study, nor a packaged case{near}; packaged: "
        raise StudyError([Fault(where, message + ", ".join(PACKAGED))])
    try:
        case = read_power_case(f"{supply.folder}/{supply.case}" if supply.folder else supply.case, book)
    except StudyError:
        raise
    except WattworthError as error:
        raise StudyError([Fault(where, str(error))]) from None
    faults: list[Fault] = []
    names = [_OPTIMUM, *(design.name for design in case.file.keys.designs)]
    if supply.design is not None and supply.design not in names:
        near, listed = did_you_mean(supply.design, names), ", ".join(names)
        faults.append(Fault(where, f"{supply.case} has no design {shown(supply.design)}{near}; it has {listed}"))
    ratio = fill(study, uses.fact_book(), [uses.GROSS_PER_IT_KEY]).facts[uses.GROSS_PER_IT_KEY].value
    asked, mw = served_mw(supply, parts(site, ratio)), _case_mw(case, ratio)
    if abs(asked - mw) > _SAME_FRAC * max(asked, mw):
        which = "megawatts not yet energised" if supply.serves == "unbuilt" else "megawatts"
        message = (
            f"{supply.case} is for {mw:.6g} MW at the connection, and {site.site_id} has {asked:.6g} {which}; "
            f"units and spares do not scale, so write a case with a load for {asked:.6g} MW"
        )
        faults.append(Fault(where, message))
    if faults:
        raise StudyError(faults)
    return case, mw


def _case_mw(case: PowerCase, gross_per_it: float) -> float:
    """Megawatts at the connection that a case is for: of a hall by the observed ratio, else its highest hour. [MW]"""
    hall = case.file.keys.load.hall
    return float(case.system.load_mw.max()) if hall is None else hall.critical_it_mw * gross_per_it


def _design(case: PowerCase, supply: SiteSupply) -> DesignKeys:
    from wattworth.supply.case_schema import DesignKeys

    named = {_OPTIMUM: DesignKeys(name=_OPTIMUM)} | {design.name: design for design in case.file.keys.designs}
    return named[supply.design or _OPTIMUM]


def price_of(case: PowerCase, found: DesignResult, load_mw: float, usd_year: int) -> SupplyPrice:
    """What energy from a sized design costs, in parts that sum to its cost of a megawatt-hour served.

    Parameters
    ----------
    case, found
        A case and a design of it.
    load_mw
        Megawatts at the connection that the case is for. [MW]
    usd_year
        Year of the money; a case without ``money_year`` is taken to be in it.

    Raises
    ------
    FactError
        If money of the case's year cannot be brought to that year.
    """
    from wattworth.valuation.power_price import convention_usd_per_mwh

    keys, numbers, served = case.file.keys, case.numbers, found.energy_mwh_per_year["served"]
    money = CostIndex.load().ratio(keys.money_year, usd_year) if keys.money_year is not None else 1.0
    terms = keys.finance.project
    if terms is None:
        fixed, fixed_by = found.money.capital_usd_per_year, ANNUITY
    else:
        built = dict(found.installed_mw) | {"battery_mwh": found.battery_mwh}
        # without energy of any source the price is that of capital and fixed upkeep, taxes and debt in it
        fixed = served * (convention_usd_per_mwh(case, built, {"served": served}, 0.0) or 0.0)
        fixed_by = terms.convention
    gas = numbers.rows["gas_usd_per_mmbtu"]
    fuel, grid = found.fuel_mmbtu_per_year / served, _grid_usd_per_year(case, found) / served
    carbon = keys.carbon_usd_per_t * numbers["co2_kg_per_mmbtu"] / 1000.0 * fuel
    other = found.money.running_usd_per_year / served - fuel * gas.value - grid - carbon
    return SupplyPrice(
        design=found.name,
        load_mw=load_mw,
        energy_mwh_per_year=served,
        installed_mw=dict(found.installed_mw),
        battery_mwh=found.battery_mwh,
        availability_frac=found.adequacy.availability_frac,
        unserved_frac=found.adequacy.unserved_frac,
        short_h_per_year=found.adequacy.short_h_per_year,
        misses=tuple(case.target.misses(found.adequacy)),
        fixed_usd_per_mw_month=money * fixed / load_mw / MONTHS_PER_YEAR,
        fixed_by=fixed_by,
        fuel_mmbtu_per_mwh=fuel,
        gas_usd_per_mmbtu=money * gas.value,
        gas_is_henry_hub=bool(gas.fact),
        grid_usd_per_mwh=money * grid,
        carbon_usd_per_mwh=money * carbon,
        other_usd_per_mwh=money * other,
        way=_way(found.installed_mw),
        numbers=tuple(SupplyNumber(**_fields(row)) for row in numbers.rows.values()),
    )


def _fields(row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SupplyNumber.model_fields}


def _grid_usd_per_year(case: PowerCase, found: DesignResult) -> float:
    """Paid for energy of the grid, less what export earns; carbon of the grid's energy in it. [USD/year]"""
    from wattworth.supply.case_system import EXPORT, GRID

    system, run = case.system, found.sizing.dispatch
    usd = 0.0
    for source, mw in zip(system.sources, run.source_mw, strict=True):
        if source.name == GRID:
            usd += float(np.broadcast_to(source.running_usd_per_mwh, system.n_hour) @ mw)
    for sink, mw in zip(system.sinks, run.sink_mw, strict=True):
        if sink.name == EXPORT:
            usd -= float(np.broadcast_to(sink.price_usd_per_mwh, system.n_hour) @ mw)
    return usd / system.n_year


def _way(installed_mw: Mapping[str, float]) -> str:
    """Way of the machines with most megawatts; empty where none of them has gates."""
    machines = {name: mw for name, mw in installed_mw.items() if name in _WAY_OF and mw > 0.0}
    return _WAY_OF[max(machines, key=lambda name: machines[name])] if machines else ""


def with_onsite_gates(clocks: Clocks, study: Study) -> Clocks:
    """The clocks, with the gates of machines on the site in place of a grid queue where a supply brings the power.

    Parameters
    ----------
    clocks
        Of the study; gates of the study's own stay before these.
    study
        Filled, its supplies sized.

    Notes
    -----
    The networks are those of the ways to power: the chance of success is that of every gate to power times that of a
    tenant once power is sure. Parts with a stated month keep it.
    """
    ways = {
        site_id: _ONSITE[supply.price.way]
        for site_id, supply in study.supply.items()
        if supply.price is not None and supply.price.way
    }
    if not ways:
        return clocks
    own: list[tuple[str, str, Network]] = []
    for site_id, way in ways.items():
        own.append(("study dated", site_id, clocks.networks["study dated"]))
        own += [(kind, site_id, _network(way)) for kind in _GATED]
    gates = {gate for way in ways.values() for gate in _network(way).gates}
    facts: Mapping[str, Fact] = study.facts
    grid = np.linspace(0.0, 1.0, next(iter(clocks.quantiles.values())).size)
    return replace(
        clocks,
        quantiles={**clocks.quantiles, **{gate.months: facts[gate.months].quantile(grid) for gate in gates}},
        stated={
            **clocks.stated,
            **{key: facts[key].value for gate in gates for key in (gate.months, gate.fails, gate.opens) if key},
        },
        own=(*clocks.own, *own),
    )


def _network(way: Way) -> Network:
    gates = (replace(gate, opens=TENANT_KEY) if gate.name == "lease_signing" else gate for gate in way.hall.gates)
    return network(f"on site: {way.label}", gates)


def supply_document(supply: SiteSupply | None, site_parts: Iterable[Part]) -> dict[str, Any] | None:
    """What a result says of the power made on a site; None without any."""
    if supply is None or supply.price is None:
        return None
    price = supply.price
    return {
        "case": supply.case,
        "serves": supply.serves,
        "served_gross_mw": served_mw(supply, site_parts),
        "gas_price_indexed": supply.gas_price_indexed,
        "tenant_pays": supply.tenant_pays,
        "fixed_usd_per_mwh": price.fixed_usd_per_mwh,
        "running_usd_per_mwh": price.running_usd_per_mwh,
        "usd_per_mwh": price.fixed_usd_per_mwh + price.running_usd_per_mwh,
        **price.model_dump(mode="json"),
    }


def supply_warnings(supply: SiteSupply, site_parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Code and message of what a reader should know of a sized supply."""
    price, out = supply.price, []
    if price is None:
        return out
    held = list(site_parts)
    if price.misses:
        message = (
            f"the supply {supply.case}, {price.design}, misses its target: {'; '.join(price.misses)}; its cost is not "
            "that of a supply which keeps it, and its power is as firm as the row says"
        )
        out.append(("supply_misses_target", message))
    now = served_mw(supply, held)
    if abs(now - price.load_mw) > _SAME_FRAC * max(now, price.load_mw):
        message = (
            f"the supply {supply.case} was sized for {price.load_mw:.6g} MW and serves {now:.6g} here; its cost is "
            "taken in proportion, which whole units are not"
        )
        out.append(("supply_scaled", message))
    queued = any(part.state == "undeveloped" and part.energised_date is None for part in held if serves(supply, part))
    if queued and not price.way:
        message = (
            f"the supply {supply.case} builds no machine whose gates are known, so its power comes when the grid's "
            "would; fill pipeline_date"
        )
        out.append(("supply_without_gates", message))
    return out
