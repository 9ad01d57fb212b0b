"""Uses of gas, one file each. Adding one: write its file, add it here, give it facts, a case and a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wattworth.gas.plant import GasUse, registry
from wattworth.gas.uses import (
    ammonia,
    domestic_sale,
    field_power,
    flaring,
    gas_to_ai,
    gas_to_bitcoin,
    gtl,
    hydrogen,
    lng,
    methanol,
    petrochemicals,
    pipeline_export,
    power,
    reinjection,
    urea,
)

USES: Final[Mapping[str, GasUse]] = registry(
    (
        pipeline_export.USE,
        domestic_sale.USE,
        lng.USE,
        ammonia.USE,
        urea.USE,
        methanol.USE,
        gtl.USE,
        petrochemicals.USE,
        hydrogen.USE,
        power.USE,
        field_power.USE,
        gas_to_ai.POWER,
        gas_to_ai.SHELL,
        gas_to_ai.TURNKEY,
        gas_to_ai.CLOUD,
        gas_to_bitcoin.USE,
        reinjection.USE,
        flaring.USE,
    )
)
"""Every use by name."""

__all__ = ["USES"]
