"""Ammonia, shipped."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant

KEYS = (
    *PLANT_KEYS,
    "ammonia.capex_grey_2025usd",
    "ammonia.gas_use",
    "ammonia.opex_excl_gas",
    "ammonia.freight",
    "ammonia.lead_time",
    "ammonia.reference_scale",
    "ammonia.smallest",
    "scale.capex_exponent_process_plant",
    "gas_combustion.co2_per_mmbtu",
)


def _plant(facts: Facts) -> Plant:
    return process_plant(
        facts,
        "t",
        facts["ammonia.gas_use"],
        capex=facts["ammonia.capex_grey_2025usd"],
        variable_usd_per_unit=facts["ammonia.opex_excl_gas"],
        transport_usd_per_unit=facts["ammonia.freight"],
        reference_units_per_year=facts["ammonia.reference_scale"] * 1e6,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["ammonia.smallest"] * 1e6,
        lead_months=facts["ammonia.lead_time"],
        co2_kg_per_mmbtu=facts["gas_combustion.co2_per_mmbtu"],
    )


USE = GasUse("ammonia", "ammonia", "chemicals", "ammonia", "$/t", KEYS, _plant)
