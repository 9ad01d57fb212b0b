"""Methanol, shipped."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant

KEYS = (
    *PLANT_KEYS,
    "methanol.capex",
    "methanol.fixed_om",
    "methanol.variable_om",
    "methanol.gas_use_hhv",
    "methanol.freight",
    "methanol.lead_time",
    "methanol.reference_scale",
    "methanol.smallest",
    "methanol.co2e",
    "scale.capex_exponent_process_plant",
)


def _plant(facts: Facts) -> Plant:
    gas_mmbtu_per_t = facts["methanol.gas_use_hhv"]
    return process_plant(
        facts,
        "t",
        gas_mmbtu_per_t,
        capex=facts["methanol.capex"],
        fixed_usd_per_unit_year=facts["methanol.fixed_om"],
        variable_usd_per_unit=facts["methanol.variable_om"],
        transport_usd_per_unit=facts["methanol.freight"],
        reference_units_per_year=facts["methanol.reference_scale"] * 1e6,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["methanol.smallest"] * 1e6,
        lead_months=facts["methanol.lead_time"],
        co2_kg_per_mmbtu=1000.0 * facts["methanol.co2e"] / gas_mmbtu_per_t,
    )


USE = GasUse("methanol", "methanol", "chemicals", "methanol", "$/t", KEYS, _plant)
