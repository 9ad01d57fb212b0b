"""Blue hydrogen: reforming with capture of carbon dioxide, sold at the gate."""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant
from wattworth.gas.quantities import mmbtu_of_mwh
from wattworth.units import HOURS_PER_YEAR, KW_PER_MW

KEYS = (
    *PLANT_KEYS,
    "h2_smr_ccs.capex_2025usd",
    "h2_smr_ccs.gas_use",
    "h2_smr_ccs.fixed_om",
    "h2_smr_ccs.co2_captured",
    "h2_smr_ccs.co2_handling",
    "h2_smr_ccs.lead_time",
    "h2_smr_ccs.reference_scale",
    "h2_smr_ccs.smallest",
    "conversion.gas_hhv_over_lhv",
    "scale.capex_exponent_process_plant",
    "gas_combustion.co2_per_mmbtu",
)


def _plant(facts: Facts) -> Plant:
    gas_mmbtu_per_mwh = mmbtu_of_mwh(facts["h2_smr_ccs.gas_use"] * facts["conversion.gas_hhv_over_lhv"])
    co2_kg_per_mmbtu, captured_frac = facts["gas_combustion.co2_per_mmbtu"], facts["h2_smr_ccs.co2_captured"]
    caught_t_per_mwh = captured_frac * co2_kg_per_mmbtu * gas_mmbtu_per_mwh / 1000.0
    return process_plant(
        facts,
        "MWh",
        gas_mmbtu_per_mwh,
        capex=facts["h2_smr_ccs.capex_2025usd"] * KW_PER_MW / HOURS_PER_YEAR,
        fixed_frac=facts["h2_smr_ccs.fixed_om"],
        variable_usd_per_unit=caught_t_per_mwh * facts["h2_smr_ccs.co2_handling"],
        reference_units_per_year=facts["h2_smr_ccs.reference_scale"] * HOURS_PER_YEAR,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["h2_smr_ccs.smallest"] * HOURS_PER_YEAR,
        lead_months=facts["h2_smr_ccs.lead_time"],
        co2_kg_per_mmbtu=(1.0 - captured_frac) * co2_kg_per_mmbtu,
    )


USE = GasUse("hydrogen", "blue hydrogen", "chemicals", "hydrogen", "$/MWh", KEYS, _plant)
