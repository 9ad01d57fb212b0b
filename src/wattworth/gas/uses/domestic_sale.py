"""Gas sold at home, at the hub."""

from __future__ import annotations

from wattworth.gas.plant import Facts, GasUse, Plant


def _plant(facts: Facts) -> Plant:
    return Plant("MMBtu", 1.0, transport_usd_per_unit=facts["domestic_sale.transport"])


USE = GasUse("domestic_sale", "gas sold at home", "gas", "gas_at_home", "$/MMBtu", ("domestic_sale.transport",), _plant)
