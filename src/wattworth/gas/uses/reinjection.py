"""Gas put back into the ground, of which a share can be taken later: a store."""

from __future__ import annotations

from wattworth.gas.plant import Facts, GasUse, Plant


def _plant(facts: Facts) -> Plant:
    return Plant("MMBtu", 1.0, variable_usd_per_unit=facts["reinjection.cost"])


USE = GasUse("reinjection", "put back into the ground", "ground", "", "", ("reinjection.cost",), _plant)
