"""Power for rigs and pumps beside the well, from movable engines without spare ones: the grid stands behind them."""

from __future__ import annotations

from dataclasses import replace

from wattworth.gas.plant import Facts, GasUse, Plant
from wattworth.gas.uses.power import ENGINE_KEYS, engines

KEYS = (*ENGINE_KEYS, "gas_to_power.onsite_gas_conditioning_capex")


def _plant(facts: Facts) -> Plant:
    made = engines(facts)
    spare = facts["recip_engine.overbuild_ratio"]
    treated = facts["gas_to_power.onsite_gas_conditioning_capex"] / facts["recip_engine.capex"]
    ratio = 1.0 / spare + treated / spare
    layers = tuple(replace(layer, usd_per_unit_year=layer.usd_per_unit_year * ratio) for layer in made.capital)
    return replace(made, capital=layers)


USE = GasUse("field_power", "power beside the well", "power", "field_power", "$/MWh", KEYS, _plant)
