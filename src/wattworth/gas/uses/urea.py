"""Urea, with the ammonia it is made of in one complex, shipped."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant

KEYS = (
    *PLANT_KEYS,
    "urea.capex",
    "urea.gas_use",
    "urea.opex_excl_gas",
    "urea.freight",
    "urea.lead_time",
    "urea.reference_scale",
    "urea.smallest",
    "scale.capex_exponent_process_plant",
    "gas_combustion.co2_per_mmbtu",
)


def _plant(facts: Facts) -> Plant:
    return process_plant(
        facts,
        "t",
        facts["urea.gas_use"],
        capex=facts["urea.capex"],
        variable_usd_per_unit=facts["urea.opex_excl_gas"],
        transport_usd_per_unit=facts["urea.freight"],
        reference_units_per_year=facts["urea.reference_scale"] * 1e6,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["urea.smallest"] * 1e6,
        lead_months=facts["urea.lead_time"],
        co2_kg_per_mmbtu=facts["gas_combustion.co2_per_mmbtu"],  # the field gives off what the urea bound
    )


USE = GasUse("urea", "urea", "chemicals", "urea", "$/t", KEYS, _plant)
