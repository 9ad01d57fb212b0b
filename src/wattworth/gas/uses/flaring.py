"""Gas burnt for nothing, with its penalty."""

from __future__ import annotations

from wattworth.gas.plant import Facts, GasUse, Plant

KEYS = ("flaring.penalty", "gas_combustion.co2_per_mmbtu")


def _plant(facts: Facts) -> Plant:
    return Plant(
        "MMBtu",
        1.0,
        variable_usd_per_unit=facts["flaring.penalty"],
        co2_kg_per_mmbtu=facts["gas_combustion.co2_per_mmbtu"],
    )


USE = GasUse("flaring", "flared", "air", "", "", KEYS, _plant)
