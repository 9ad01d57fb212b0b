"""Ethane to polyethylene. Only the ethane counts: the methane of the same gas goes elsewhere.

The netback is per unit of heat of ethane; what the ethane earns beyond the fuel it would otherwise be is the netback
less the worth of gas beside it.
"""

from __future__ import annotations

from wattworth.gas.plant import PLANT_KEYS, Facts, GasUse, Plant, process_plant

KEYS = (
    *PLANT_KEYS,
    "ethane_cracker.capex",
    "ethane_cracker.ethane_use",
    "ethane_cracker.polyethylene_yield",
    "ethane_cracker.opex_excl_ethane",
    "ethane_cracker.lead_time",
    "ethane_cracker.reference_scale",
    "ethane_cracker.smallest",
    "polyethylene.freight",
    "ethane.hhv",
    "scale.capex_exponent_process_plant",
)


def _plant(facts: Facts) -> Plant:
    product_per_ethylene = facts["ethane_cracker.polyethylene_yield"]
    return process_plant(
        facts,
        "t",
        facts["ethane_cracker.ethane_use"] / product_per_ethylene * facts["ethane.hhv"],
        capex=facts["ethane_cracker.capex"] / product_per_ethylene,
        variable_usd_per_unit=facts["ethane_cracker.opex_excl_ethane"],
        transport_usd_per_unit=facts["polyethylene.freight"],
        reference_units_per_year=facts["ethane_cracker.reference_scale"] * 1e6 * product_per_ethylene,
        scale_exponent_ratio=facts["scale.capex_exponent_process_plant"],
        smallest_units_per_year=facts["ethane_cracker.smallest"] * 1e6 * product_per_ethylene,
        lead_months=facts["ethane_cracker.lead_time"],
    )


USE = GasUse("petrochemicals", "ethane to polyethylene", "chemicals", "polyethylene", "$/t", KEYS, _plant)
