"""Power sold to a grid from a combined-cycle plant, and what the three kinds of generator cost."""

from __future__ import annotations

from typing import Final

from wattworth.gas.plant import Capital, Facts, GasUse, Plant
from wattworth.gas.quantities import mmbtu_of_mwh
from wattworth.units import HOURS_PER_YEAR, KW_PER_MW

SHARED_KEYS: Final = ("gas_plant.utilisation", "gas_plant.life", "gas_combustion.co2_per_mmbtu")
CCGT_KEYS: Final = (
    *SHARED_KEYS,
    "ccgt.capex_market",
    "ccgt.fom",
    "ccgt.vom",
    "ccgt.heat_rate_hhv_full_load",
    "ccgt.lead_time",
)
ENGINE_KEYS: Final = (
    *SHARED_KEYS,
    "recip_engine.capex",
    "recip_engine.overbuild_ratio",
    "recip_engine.om_variable",
    "recip_engine.heat_rate_hhv_full_load",
    "recip_engine.lead_time",
)
FUEL_CELL_KEYS: Final = (
    *SHARED_KEYS,
    "fuel_cell_generic.capex",
    "fuel_cell_generic.om_variable",
    "fuel_cell_generic.electric_eff_hhv",
)
_KW_YEAR_TO_MWH_YEAR: Final = KW_PER_MW / HOURS_PER_YEAR


def ccgt(facts: Facts) -> Plant:
    """A combined cycle at market price, without spare units."""
    return _generator(
        facts,
        facts["ccgt.heat_rate_hhv_full_load"],
        capex_usd_per_kw=facts["ccgt.capex_market"],
        variable_usd_per_mwh=facts["ccgt.vom"],
        fixed_usd_per_kw_year=facts["ccgt.fom"],
        lead_months=facts["ccgt.lead_time"],
    )


def engines(facts: Facts) -> Plant:
    """Engines with spare units enough for firm power."""
    return _generator(
        facts,
        facts["recip_engine.heat_rate_hhv_full_load"],
        capex_usd_per_kw=facts["recip_engine.capex"] * facts["recip_engine.overbuild_ratio"],
        variable_usd_per_mwh=facts["recip_engine.om_variable"],
        lead_months=facts["recip_engine.lead_time"],
    )


def fuel_cells(facts: Facts) -> Plant:
    """Fuel cells, their stacks within the variable cost."""
    return _generator(
        facts,
        mmbtu_of_mwh(1.0 / facts["fuel_cell_generic.electric_eff_hhv"]),
        capex_usd_per_kw=facts["fuel_cell_generic.capex"],
        variable_usd_per_mwh=facts["fuel_cell_generic.om_variable"],
    )


def _generator(
    facts: Facts,
    heat_rate_mmbtu_per_mwh: float,
    *,
    capex_usd_per_kw: float,
    variable_usd_per_mwh: float,
    fixed_usd_per_kw_year: float = 0.0,
    lead_months: float = 0.0,
) -> Plant:
    layer = Capital("generators", capex_usd_per_kw * _KW_YEAR_TO_MWH_YEAR, facts["gas_plant.life"])
    return Plant(
        "MWh",
        heat_rate_mmbtu_per_mwh,
        (layer,),
        variable_usd_per_unit=variable_usd_per_mwh,
        fixed_usd_per_unit_year=fixed_usd_per_kw_year * _KW_YEAR_TO_MWH_YEAR,
        utilisation_frac=facts["gas_plant.utilisation"],
        lead_months=lead_months,
        co2_kg_per_mmbtu=facts["gas_combustion.co2_per_mmbtu"],
    )


USE = GasUse("power", "power sold to a grid", "power", "power", "$/MWh", CCGT_KEYS, ccgt)
