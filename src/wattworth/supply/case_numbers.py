"""Numbers of a case, each from the file or from a fact, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from wattworth.errors import Fault, StudyError
from wattworth.facts import CostIndex, FactBook, load
from wattworth.supply.case_file import PowerFile

FIRM: Final = ("engine", "turbine", "fuel_cell")
"""Sources that burn gas in whole units."""

_FACTS: Final[Mapping[str, str]] = {
    "gas_usd_per_mmbtu": "gas_2026.henry_hub",
    "co2_kg_per_mmbtu": "natural_gas.co2_factor",
    "finance.discount_frac": "gas_generation.wacc_real",
    "sources.solar.capex_usd_per_kw": "solar_pv_utility.capex",
    "sources.solar.fixed_frac_per_year": "solar_pv_utility.fom",
    "sources.solar.life_years": "solar_pv_utility.lifetime",
    "sources.wind.capex_usd_per_kw": "onshore_wind.capex",
    "sources.wind.fixed_frac_per_year": "onshore_wind.fom",
    "sources.wind.life_years": "onshore_wind.lifetime",
    "sources.engine.capex_usd_per_kw": "recip_engine.capex",
    "sources.engine.variable_usd_per_mwh": "recip_engine.om_variable",
    "sources.engine.heat_rate_mmbtu_per_mwh": "recip_engine.heat_rate_hhv_full_load",
    "sources.engine.unit_mw": "recip_engine.unit_size",
    "sources.engine.forced_outage_frac": "recip_engine.availability",
    "sources.turbine.capex_usd_per_kw": "aero_gt.capex",
    "sources.turbine.variable_usd_per_mwh": "aero_gt.vom",
    "sources.turbine.heat_rate_mmbtu_per_mwh": "aero_gt.heat_rate_hhv_full_load",
    "sources.turbine.unit_mw": "aero_gt.unit_size",
    "sources.turbine.forced_outage_frac": "gas_turbine.forced_outage_rate",
    "sources.turbine.loss_frac_per_deg": "gas_turbine.power_derate_per_k_above_15c",
    "sources.turbine.loss_frac_per_km": "gas_turbine.power_derate_per_1000m",
    "sources.fuel_cell.capex_usd_per_kw": "sofc.capex",
    "sources.fuel_cell.variable_usd_per_mwh": "fuel_cell_generic.om_variable",
    "sources.fuel_cell.heat_rate_mmbtu_per_mwh": "sofc.heat_rate_full_load",
    "battery.power_usd_per_kw": "battery.capex_reopt_power",
    "battery.energy_usd_per_kwh": "battery.capex_reopt_energy",
    "battery.fixed_frac_per_year": "battery.fom",
    "battery.round_trip_frac": "battery.round_trip_eff",
    "battery.life_years": "battery.replacement_year",
}
_LESS_THAN_ONE: Final = {"recip_engine.availability"}
"""Facts of which the case takes one less the value."""

_NOUGHT: Final = {"fixed_usd_per_kw_year", "loss_frac_per_deg", "loss_frac_per_km"}
"""Costs and losses that are nought where neither the file nor a fact has them."""

_COMMON: Final = ("gas_usd_per_mmbtu", "co2_kg_per_mmbtu", "finance.discount_frac")
_OF_SUN: Final = ("capex_usd_per_kw", "fixed_frac_per_year", "life_years", "discount_frac")
_OF_FIRM: Final = (
    "capex_usd_per_kw",
    "fixed_usd_per_kw_year",
    "variable_usd_per_mwh",
    "heat_rate_mmbtu_per_mwh",
    "life_years",
    "discount_frac",
    "unit_mw",
    "forced_outage_frac",
    "loss_frac_per_deg",
    "loss_frac_per_km",
)
_OF_BATTERY: Final = (
    "power_usd_per_kw",
    "energy_usd_per_kwh",
    "fixed_frac_per_year",
    "round_trip_frac",
    "life_years",
    "discount_frac",
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a result rests on.

    Attributes
    ----------
    key
        Where it stands in a case: ``sources.engine.capex_usd_per_kw``.
    value
        In the unit that the key names, money in that of the case's year.
    fact
        Key of the fact it is taken from; empty where the file gives it.
    source, as_of, confidence
        Of the fact, or the file.
    """

    key: str
    value: float
    fact: str
    source: str
    as_of: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of a case, by key."""

    rows: Mapping[str, Number]

    def __getitem__(self, key: str) -> float:
        return self.rows[key].value


def numbers_of(file: PowerFile, book: FactBook | None = None) -> Numbers:
    """Every number of a case, from its file or else from the fact that stands for it.

    Parameters
    ----------
    file
        The case.
    book
        Facts; the packaged ones by default.

    Raises
    ------
    StudyError
        For each number that neither the file nor a fact has, with its line.
    """
    facts = load() if book is None else book
    rows: dict[str, Number] = {}
    faults: list[Fault] = []
    for key in _wanted(file):
        found = _given(file, key) or _of_fact(file, key, facts)
        if found is None and key.endswith(".discount_frac"):
            found = replace(rows["finance.discount_frac"], key=key)
        if found is not None:
            rows[key] = found
            continue
        name = key.rpartition(".")[2]
        faults.append(file.fault(key, f'missing key "{name}": no fact stands for it, give it here'))
    if faults:
        raise StudyError(faults)
    return Numbers(rows)


def _wanted(file: PowerFile) -> list[str]:
    sources = file.keys.sources
    keys = list(_COMMON)
    for name in ("solar", "wind"):
        keys += [f"sources.{name}.{key}" for key in _OF_SUN] if getattr(sources, name) is not None else []
    for name in FIRM:
        keys += [f"sources.{name}.{key}" for key in _OF_FIRM] if getattr(sources, name) is not None else []
    keys += [f"battery.{key}" for key in _OF_BATTERY] if file.keys.battery is not None else []
    return keys


def _given(file: PowerFile, key: str) -> Number | None:
    value: object = file.keys
    for name in key.split("."):
        value = getattr(value, name)
    if not isinstance(value, float | int):
        return None
    return Number(key, float(value), "", file.fault(key, "").where, "", "case file")


def _of_fact(file: PowerFile, key: str, facts: FactBook) -> Number | None:
    name = _FACTS.get(key)
    if name is None:
        nought = key.rpartition(".")[2] in _NOUGHT
        return Number(key, 0.0, "", "left out, taken as nought", "", "assumption") if nought else None
    fact = facts.require(name)
    if file.keys.money_year is not None:
        fact = fact.in_money_of(file.keys.money_year, CostIndex.load())
    value = 1.0 - fact.value if name in _LESS_THAN_ONE else fact.value
    return Number(key, value, name, fact.source, fact.as_of, fact.confidence)
