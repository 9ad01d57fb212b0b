"""Liquefied and shipped; the product is a unit of heat landed and regasified."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant

KEYS = (
    *PLANT_KEYS,
    "lng.capex",
    "lng.fixed_opex",
    "lng.shrinkage",
    "lng.shipping",
    "lng.regas",
    "lng.lead_time",
    "lng.reference_scale",
    "lng.smallest",
    "conversion.lng_tonne_to_mmbtu_hhv",
    "scale.capex_exponent_process_plant",
    "gas_combustion.co2_per_mmbtu",
)


def _plant(facts: Facts) -> Plant:
    heat_mmbtu_per_t = facts["conversion.lng_tonne_to_mmbtu_hhv"]
    shrinkage_frac = facts["lng.shrinkage"]
    return process_plant(
        facts,
        "MMBtu",
        1.0 / (1.0 - shrinkage_frac),
        capex=facts["lng.capex"] / heat_mmbtu_per_t,
        fixed_frac=facts["lng.fixed_opex"],
        transport_usd_per_unit=facts["lng.shipping"] + facts["lng.regas"],
        reference_units_per_year=facts["lng.reference_scale"] * 1e6 * heat_mmbtu_per_t,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["lng.smallest"] * 1e6 * heat_mmbtu_per_t,
        lead_months=facts["lng.lead_time"],
        co2_kg_per_mmbtu=shrinkage_frac * facts["gas_combustion.co2_per_mmbtu"],
    )


USE = GasUse("lng", "LNG", "gas", "lng", "$/MMBtu", KEYS, _plant)
