"""Small worlds with flat markets, in which every figure can be worked out by hand."""

from __future__ import annotations

import numpy as np

from wattworth.records import Calendar, DurationCurve, MarketPaths, ParameterDraws, Timeline
from wattworth.study import Part, Site
from wattworth.uses import BUILT_IN, Case, World, mining_flows

PLAIN = {
    "gross_to_critical_it.ratio": 1.4,
    "ai_purpose_built.construction_cost": 10.0,
    "mining_hall_retrofit.construction_cost": 6.0,
    "lease.noi_margin_triple_net": 0.95,
    "lease.noi_margin_modified_gross": 0.85,
    "lease.noi_margin_gross": 0.7,
    "lease.escalator": 0.03,
    "lease.term": 10.0,
    "lease_landlord_pays_capex.rent_year1": 130.0,
    "lease_tenant_pays_capex.landlord_capex": 1.5,
    "lease_tenant_pays_capex.rent_year1": 120.0,
    "capex_split.land_share": 0.02,
    "capex_split.shell_share": 0.22,
    "capex_split.electrical_share": 0.4,
    "capex_split.mechanical_share": 0.2,
    "capex_split.fit_out_share": 0.16,
    "colo.cap_rate": 0.065,
    "renewal.cap_rate_premium": 0.02,
    "renewal.chance": 0.6,
    "renewal.refit": 2.0,
    "relet.downtime": 12.0,
    "relet.markdown": 0.15,
    "tenant.spread_hyperscaler": 0.01,
    "tenant.spread_backed_neocloud": 0.0225,
    "tenant.spread_neocloud": 0.05,
    "failure.salvage": 0.5,
    "tenant.recovery": 0.4,
    "tenant.real_world_hazard_ratio": 0.35,
    "turnkey.contingency": 0.0,
    "turnkey.developer_overhead": 0.0,
    "turnkey.leasing_commission": 0.0,
    "turnkey.pursuit_cost": 0.0,
    "turnkey.hall_life": 20.0,
    "turnkey.scrap": 0.0,
    "debt.gearing_max_leased": 0.85,
    "lease.credit_backstop_warrant_cost": 0.0,
    "powered_shell.construction_cost": 2.0,
    "powered_shell.cap_rate": 0.075,
    "powered_shell.yield": 0.14,
    "powered_shell.term": 15.0,
    "powered_shell.plant_share": 0.4,
    "powered_shell.building_share": 0.6,
    "powered_shell.life": 40.0,
    "powered_shell.refit": 0.3,
    "powered_shell.build_months_saved": 6.0,
    "firming.hours": 120.0,
    "firming.months": 6.0,
    "recip_engine.capex": 2000.0,
    "recip_engine.overbuild_ratio": 1.25,
    "recip_engine.heat_rate_hhv_full_load": 8.0,
    "recip_engine.om_variable": 10.0,
    "gpu_cloud.hardware_cost": 30.0,
    "gpu_cloud.hardware_price_elasticity": 0.8,
    "gpu_cloud.sales_tax": 0.0,
    "gpu_cloud.property_tax": 0.0,
    "gpu_cloud.life": 5.0,
    "gpu_cloud.contract_years": 4.0,
    "gpu_cloud.contract_price_share": 0.6,
    "gpu_cloud.prepayment_share": 0.2,
    "gpu_cloud.prepayment_free_share": 0.5,
    "gpu_cloud.utilisation": 0.8,
    "gpu_cloud.opex": 600.0,
    "gpu_cloud.order_lead": 9.0,
    "gpu_cloud.install_months": 2.0,
    "gpu_cloud.decision_rate": 0.12,
    "gpu_cloud.hardware_share": 0.65,
    "gpu_cloud.excess_half_life": 1e18,
    "gpu_cloud.rival_power": 60.0,
    "gpu.decay": 0.2212,
    "gpu.beta": 0.0,
    "global.mature_erp_jan2026": 0.04,
    "gpu.mean_reversion": 1e-9,
    "gpu.launch_step": 1.6487212707001282,  # e^0.5: with the decay, a launch passes nothing on at once
    "gpu.launch_interval": 24.0,
    "servers.residual_value_36mo": 0.3,
    "clock.commissioning": 2.0,
    "site_sale.price_energised": 0.45,
    "site_sale.price_construction": 0.30,
    "site_sale.price_undeveloped": 0.15,
    "site_sale.price_study": 0.02,
    "site_sale.months": 9.0,
    "site_sale.cost": 0.03,
    "site.connection_survival": 0.98,
    "site.removal_cost": 0.02,
    "site.holding_cost": 6.0,
    "hold.months": 60.0,
    "mine.avoidable_opex": 5.0,
    "mine.fixed_opex": 0.0,
    "mine.pue": 1.0,
    "mine.uptime": 1.0,
    "mine.curtailment_capture": 1.0,
    "mine.capex": 0.5,
    "mine_refresh.machine_lead": 3.0,
    "mine_refresh.hall_lead": 9.0,
    "mine_refresh.hall_life": 10.0,
    "mine_refresh.site_return": 0.08,
    "network.required_return": 0.15,
    "asic.efficiency_gain": 0.1,
    "asic.gain_half_life": 8.0,
    "power_resale.fee": 0.0,
    "ai_hall.load": 0.8,
    "ai_hall.pue": 1.2,
    "hybrid.headroom_uptime": 0.5,
    "fleet.efficiency": 20.0,
    "fleet.age": 2.0,
    "fleet.vintage_spread": 0.0,
    "fleet.failure_rate": 0.0,
    "fleet.used_price_exponent": 2.0,
    "asic.economic_life": 5.0,
    "power_other.level": 30.0,
    "power_other.delivery_adder": 0.0,
}
"""Facts at round values; a missing one is a KeyError, never a default."""


def world(n_month: int = 361, measure: str = "pricing", n_draw: int = 1, money: float = 1.0, **facts: float) -> World:
    """Flat markets: hashprice 40, power 30 in every hour, rent 130, no inflation; prices times ``money``."""
    flat = np.ones((n_month, n_draw))
    priced = flat * money
    paths = MarketPaths(
        measure=measure,  # type: ignore[arg-type] - a literal at every call
        btc_usd=priced * 65_000,
        network_eh_per_s=flat * 900,
        hashprice_usd_per_ph_day=priced * 40.0,
        asic_usd_per_th=priced * 15.0,
        asic_j_per_th=flat * 10.0,
        rent_usd_per_kw_month=priced * 130.0,
        build_cost_index=flat.copy(),
        price_index=flat.copy(),
        site_price_index=flat.copy(),
        power_usd_per_mwh={"other": priced * 30.0},
        curves={"other": DurationCurve(np.ones(1), np.ones(1))},
        power_level_usd_per_mwh={"other": np.full(n_draw, {**PLAIN, **facts}["power_other.level"])},
        gpu_usd_per_hour=priced * 2.5,
        gpu_per_kw=flat * 0.73,
        gas_usd_per_mmbtu=priced * 3.5,
        peak_usd_per_kw_month={"other": np.zeros_like(flat)},
    )
    unknown = set(facts) - set(PLAIN)
    assert not unknown, f"unknown facts {unknown}"
    params = ParameterDraws({key: np.full(n_draw, value) for key, value in {**PLAIN, **facts}.items()})
    return World(Calendar("2026-06", (n_month - 1) // 12), paths, params)


def site(**changes: object) -> Site:
    """A 100 MW energised mine in a region without a market of its own."""
    declared = {
        "site_id": "plain", "name": "Plain", "company": "Plain", "country": "US", "market_region": "other",
        "operating_gross_mw": 100.0, "previous_use": "bitcoin_mine",
    }  # fmt: skip
    return Site(**{**declared, **changes})  # type: ignore[arg-type] - checked by the model


def part(**changes: object) -> Part:
    """100 MW, energised, mining throughout."""
    plain = {
        "site_id": "plain", "state": "energised", "stage": "secured", "gross_mw": 100.0, "critical_it_mw": None,
        "mining_gross_mw": 100.0, "energised_date": None,
    }  # fmt: skip
    return Part(**{**plain, **changes})  # type: ignore[arg-type] - checked by the record


def case(its_site: Site, its_part: Part, its_world: World, start: int = 0, first: int = 24, known: int = 18) -> Case:
    """A case at stated dates, taxed at a quarter."""
    n_draw = its_world.paths.n_draw
    dates = Timeline(*(np.full(n_draw, month, dtype=np.int64) for month in (start, first, known)))
    return Case(its_site, its_part, dates, mining_flows(its_site, its_part, its_world), 0.25)


USE = {use.name: use() for use in BUILT_IN}
