"""Gas to liquids: diesel and naphtha, quoted by crude oil."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant
from wattworth.units import DAYS_PER_YEAR

KEYS = (
    *PLANT_KEYS,
    "gtl.capex_pearl",
    "gtl.gas_use",
    "gtl.opex",
    "gtl.product_premium_over_brent",
    "gtl.lead_time",
    "gtl.reference_scale",
    "gtl.smallest",
    "scale.capex_exponent_process_plant",
    "gas_combustion.co2_per_mmbtu",
)


def _plant(facts: Facts) -> Plant:
    return process_plant(
        facts,
        "bbl",
        facts["gtl.gas_use"],
        capex=facts["gtl.capex_pearl"] / DAYS_PER_YEAR,
        variable_usd_per_unit=facts["gtl.opex"],
        price_ratio=1.0 + facts["gtl.product_premium_over_brent"],
        reference_units_per_year=facts["gtl.reference_scale"] * 1e3 * DAYS_PER_YEAR,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["gtl.smallest"] * 1e3 * DAYS_PER_YEAR,
        lead_months=facts["gtl.lead_time"],
        co2_kg_per_mmbtu=facts["gas_combustion.co2_per_mmbtu"],
    )


USE = GasUse("gtl", "gas to liquids", "fuel", "brent", "$/bbl", KEYS, _plant)
