"""Gas burnt in one's own engines for AI: power sold to a hall, a powered shell, a turnkey hall, or one's own cloud.

Product is a megawatt-hour at the computers. Rents are of triple-net leases: the tenant also pays for the power, at what
an AI site pays, so its cost is not taken off again. A cloud has its power inside its price.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wattworth.gas.plant import Capital, Facts, GasUse, Plant
from wattworth.gas.uses.power import ENGINE_KEYS, engines
from wattworth.units import HOURS_PER_YEAR, USD_PER_MUSD

SITE_KEYS: Final = (
    *ENGINE_KEYS,
    "gas_to_ai.pue",
    "gas_to_ai.hall_life",
    "gas_to_ai.smallest",
    "gas_to_ai.ramp_first_year",
    "gas_to_power.onsite_gas_conditioning_capex",
    "datacentre_build.lead_time",
)
POWER_KEYS: Final = (*SITE_KEYS, "gas_to_ai.power_price")
SHELL_KEYS: Final = (*POWER_KEYS, "powered_shell.construction_cost", "powered_shell.yield")
TURNKEY_KEYS: Final = (
    *POWER_KEYS,
    "ai_purpose_built.construction_cost",
    "lease_landlord_pays_capex.revenue_average",
    "lease.noi_margin_triple_net",
)
CLOUD_KEYS: Final = (
    *SITE_KEYS,
    "ai_purpose_built.construction_cost",
    "gas_to_ai.cloud_price",
    "gas_to_ai.cloud_opex",
    "gas_to_ai.cloud_utilisation",
    "gas_to_ai.gpu_capex",
    "gas_to_ai.gpu_life",
    "H100.all_in_kw_critical_it",
)


def _site(facts: Facts) -> Plant:
    """Engines and gas treatment for a megawatt-hour at the computers; it earns nothing yet."""
    pue = facts["gas_to_ai.pue"]
    plant = engines(facts)
    treated = facts["gas_to_power.onsite_gas_conditioning_capex"] * facts["recip_engine.overbuild_ratio"]
    layers = (*plant.capital, Capital("gas treatment", treated * 1000.0 / HOURS_PER_YEAR, facts["gas_plant.life"]))
    return replace(
        plant,
        gas_mmbtu_per_unit=plant.gas_mmbtu_per_unit * pue,
        capital=tuple(replace(layer, usd_per_unit_year=layer.usd_per_unit_year * pue) for layer in layers),
        variable_usd_per_unit=plant.variable_usd_per_unit * pue,
        smallest_units_per_year=facts["gas_to_ai.smallest"] * HOURS_PER_YEAR,
        lead_months=max(plant.lead_months, facts["datacentre_build.lead_time"]),
        first_year_frac=facts["gas_to_ai.ramp_first_year"],
        it_mw_per_unit_year=1.0 / HOURS_PER_YEAR,
    )


def _layer(name: str, musd_per_mw: float, life_years: float) -> Capital:
    return Capital(name, musd_per_mw * USD_PER_MUSD / HOURS_PER_YEAR, life_years, is_foreign=False)


def _power_plant(facts: Facts) -> Plant:
    return replace(_site(facts), price_ratio=facts["gas_to_ai.pue"])


def _shell(facts: Facts) -> Plant:
    """Power is paid for at the meter, and the rent of the shell comes on top."""
    site = _power_plant(facts)
    cost = facts["powered_shell.construction_cost"]
    rent_usd_per_mwh = cost * facts["powered_shell.yield"] * USD_PER_MUSD / (HOURS_PER_YEAR * site.utilisation_frac)
    return _with_rent(site, _layer("shell", cost, facts["gas_to_ai.hall_life"]), rent_usd_per_mwh)


def _turnkey(facts: Facts) -> Plant:
    site = _power_plant(facts)
    rent_musd = facts["lease_landlord_pays_capex.revenue_average"] * facts["lease.noi_margin_triple_net"]
    rent_usd_per_mwh = rent_musd * USD_PER_MUSD / (HOURS_PER_YEAR * site.utilisation_frac)
    hall = _layer("hall", facts["ai_purpose_built.construction_cost"], facts["gas_to_ai.hall_life"])
    return _with_rent(site, hall, rent_usd_per_mwh)


def _with_rent(site: Plant, layer: Capital, rent_usd_per_mwh: float) -> Plant:
    return replace(
        site,
        capital=(*site.capital, layer),
        rent_usd_per_unit=rent_usd_per_mwh,
    )


def _cloud(facts: Facts) -> Plant:
    """Its price is per GPU-hour: the ratio turns it into what a megawatt-hour at the computers earns."""
    site = _site(facts)
    gpus_per_mw = 1000.0 / facts["H100.all_in_kw_critical_it"]
    hall = _layer("hall", facts["ai_purpose_built.construction_cost"], facts["gas_to_ai.hall_life"])
    machines = gpus_per_mw * facts["gas_to_ai.gpu_capex"]
    gpus = Capital("GPUs", machines / HOURS_PER_YEAR, facts["gas_to_ai.gpu_life"])
    sold = gpus_per_mw * facts["gas_to_ai.cloud_utilisation"] / site.utilisation_frac
    return replace(
        site,
        capital=(*site.capital, hall, gpus),
        price_ratio=sold,
        variable_usd_per_unit=site.variable_usd_per_unit + sold * facts["gas_to_ai.cloud_opex"],
    )


POWER: Final = GasUse("ai_power", "power sold to an AI hall", "compute", "ai_power", "$/MWh", POWER_KEYS, _power_plant)
SHELL: Final = GasUse("ai_shell", "powered shell on own gas", "compute", "ai_power", "$/MWh", SHELL_KEYS, _shell)
TURNKEY: Final = GasUse(
    "ai_turnkey", "turnkey AI hall on own gas", "compute", "ai_power", "$/MWh", TURNKEY_KEYS, _turnkey
)
CLOUD: Final = GasUse("ai_cloud", "GPU cloud on own gas", "compute", "gpu_hour", "$/GPU-h", CLOUD_KEYS, _cloud)
