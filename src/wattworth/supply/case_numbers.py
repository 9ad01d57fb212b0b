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
    "sources.engine.commitment.min_load_frac": "recip_engine.min_stable_load",
    "sources.engine.commitment.part_load_heat_ratio": "recip_engine.heat_rate_multiplier_at_50",
    "sources.engine.lead_time_months": "recip_engine.lead_time",
    "sources.turbine.commitment.start_usd_per_mw": "aero_gt.start_cost_hot",
    "sources.turbine.lead_time_months": "aero_gt.lead_time",
    "sources.fuel_cell.commitment.min_load_frac": "fuel_cell_generic.min_stable_load",
    "sources.fuel_cell.lead_time_months": "sofc.lead_time",
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

_ASSUMED: Final[Mapping[str, tuple[float, str]]] = {
    "fixed_usd_per_kw_year": (0.0, "left out, taken as nought"),
    "loss_frac_per_deg": (0.0, "left out, taken as nought"),
    "loss_frac_per_km": (0.0, "left out, taken as nought"),
    "fade_frac_per_year": (0.0, "left out, taken as nought"),
    "start_usd_per_mw": (0.0, "left out, taken as nought"),
    "ramp_frac_per_h": (1.0, "left out: any change of output within an hour"),
    "maintenance_frac": (0.0, "left out, taken as nought"),
    "repair_h": (48.0, "left out; taken as the blocks of 48 h behind recip_engine.availability"),
}
"""What stands where neither the file nor a fact has a number, and in which words."""

_COMMON: Final = ("gas_usd_per_mmbtu", "co2_kg_per_mmbtu", "finance.discount_frac")
_OF_SUN: Final = ("capex_usd_per_kw", "fixed_frac_per_year", "life_years", "discount_frac", "fade_frac_per_year")
_OF_COMMITMENT: Final = (
    "min_load_frac",
    "start_usd_per_mw",
    "ramp_frac_per_h",
    "part_load_frac",
    "part_load_heat_ratio",
)
_MAY_BE_UNKNOWN: Final = "lead_time_months"
"""Asked of every source, and left out of the numbers where nobody says it."""
_OF_FIRM: Final = (
    "capex_usd_per_kw",
    "fixed_usd_per_kw_year",
    "variable_usd_per_mwh",
    "heat_rate_mmbtu_per_mwh",
    "life_years",
    "discount_frac",
    "unit_mw",
    "forced_outage_frac",
    "maintenance_frac",
    "repair_h",
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
    "fade_frac_per_year",
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
        if found is not None or key.endswith(_MAY_BE_UNKNOWN):
            continue
        name = key.rpartition(".")[2]
        faults.append(file.fault(key, f'missing key "{name}": no fact stands for it, give it here'))
    if faults:
        raise StudyError(faults)
    return Numbers(rows)


def _wanted(file: PowerFile) -> list[str]:
    sources = file.keys.sources
    keys: list[str] = list(_COMMON)
    for name in ("solar", "wind", *FIRM):
        part = getattr(sources, name)
        if part is None:
            continue
        own = (*(_OF_FIRM if name in FIRM else _OF_SUN), _MAY_BE_UNKNOWN)
        keys += [f"sources.{name}.{key}" for key in own]
        if name in FIRM and part.commitment is not None:
            keys += [f"sources.{name}.commitment.{key}" for key in _OF_COMMITMENT]
    if file.keys.battery is not None:
        keys += [f"battery.{key}" for key in (*_OF_BATTERY, _MAY_BE_UNKNOWN)]
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
        assumed = _ASSUMED.get(key.rpartition(".")[2])
        return None if assumed is None else Number(key, assumed[0], "", assumed[1], "", "assumption")
    fact = facts.require(name)
    if file.keys.money_year is not None:
        fact = fact.in_money_of(file.keys.money_year, CostIndex.load())
    value = 1.0 - fact.value if name in _LESS_THAN_ONE else fact.value
    return Number(key, value, name, fact.source, fact.as_of, fact.confidence)
