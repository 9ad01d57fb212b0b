"""Gas burnt in movable engines for bitcoin machines in containers; product is a megawatt-hour at the machines."""

from __future__ import annotations

from dataclasses import replace

from wattworth.gas.plant import Capital, Facts, GasUse, Plant
from wattworth.gas.uses.power import ENGINE_KEYS, engines
from wattworth.units import HOURS_PER_YEAR, USD_PER_MUSD

KEYS = (
    *ENGINE_KEYS,
    "gas_to_bitcoin.pue",
    "gas_to_bitcoin.opex",
    "gas_to_bitcoin.efficiency",
    "gas_to_bitcoin.module_mw",
    "gas_to_bitcoin.site_life",
    "gas_to_bitcoin.lead_time",
    "mine.capex",
    "asic_new.price_per_th_2025-06",
    "asic.economic_life",
)


def _plant(facts: Facts) -> Plant:
    pue = facts["gas_to_bitcoin.pue"]
    made = engines(facts)
    spare = facts["recip_engine.overbuild_ratio"]  # a mine stands still when its engine does, so it needs no spare one
    machines_usd_per_mw = 1e6 / facts["gas_to_bitcoin.efficiency"] * facts["asic_new.price_per_th_2025-06"]
    layers = (
        *(replace(layer, usd_per_unit_year=layer.usd_per_unit_year * pue / spare) for layer in made.capital),
        Capital(
            "site",
            facts["mine.capex"] * USD_PER_MUSD / HOURS_PER_YEAR,
            facts["gas_to_bitcoin.site_life"],
            is_foreign=False,
        ),
        Capital("machines", machines_usd_per_mw / HOURS_PER_YEAR, facts["asic.economic_life"]),
    )
    return replace(
        made,
        gas_mmbtu_per_unit=made.gas_mmbtu_per_unit * pue,
        capital=layers,
        variable_usd_per_unit=made.variable_usd_per_unit * pue + facts["gas_to_bitcoin.opex"],
        smallest_units_per_year=facts["gas_to_bitcoin.module_mw"] * HOURS_PER_YEAR,
        lead_months=facts["gas_to_bitcoin.lead_time"],
        it_mw_per_unit_year=1.0 / HOURS_PER_YEAR,
    )


USE = GasUse("gas_to_bitcoin", "bitcoin on own gas", "compute", "bitcoin_mwh", "$/MWh_IT", KEYS, _plant)
