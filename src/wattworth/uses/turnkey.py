"""Build an AI data hall and lease it turnkey; the mine runs until the hall takes its power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.records import CashLines, Line
from wattworth.study import Part, Site
from wattworth.uses.base import (
    REVERSION_KEYS,
    Case,
    Options,
    Use,
    World,
    add_bridge,
    add_holding_cost,
    empty_lines,
    finished,
    site_reversion_usd,
)
from wattworth.uses.lease_math import hazard_per_year, residual_usd

GROSS_PER_IT_KEY = "gross_to_critical_it.ratio"
"""Gross megawatts at the connection per critical IT megawatt."""

_NEW_BUILD, _RETROFIT = "ai_purpose_built.construction_cost", "mining_hall_retrofit.construction_cost"
_MARGIN = {
    "triple_net": "lease.noi_margin_triple_net",
    "modified_gross": "lease.noi_margin_modified_gross",
    "gross": "lease.noi_margin_gross",
}
_SPREAD = {
    "hyperscaler": "tenant.spread_hyperscaler",
    "backed_neocloud": "tenant.spread_backed_neocloud",
    "neocloud": "tenant.spread_neocloud",
}


@final
class Turnkey(Use):
    """A landlord-built hall on a lease, with tenant credit risk and a capped residual."""

    name: ClassVar[str] = "turnkey"
    label: ClassVar[str] = "Turnkey AI lease"
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.08, 0.11)
    fact_keys: ClassVar[tuple[str, ...]] = (
        *REVERSION_KEYS,
        "site.holding_cost",
        GROSS_PER_IT_KEY,
        _NEW_BUILD,
        _RETROFIT,
        *_MARGIN.values(),
        *_SPREAD.values(),
        "lease.escalator",
        "lease.term",
        "lease_landlord_pays_capex.rent_year1",
        "lease_tenant_pays_capex.landlord_capex",
        "lease_tenant_pays_capex.rent_year1",
        "turnkey.contingency",
        "turnkey.developer_overhead",
        "turnkey.leasing_commission",
        "turnkey.pursuit_cost",
        "turnkey.hall_life",
        "turnkey.scrap",
        "tenant.recovery",
        "tenant.real_world_hazard_ratio",
        "relet.downtime",
        "relet.markdown",
        "renewal.chance",
        "renewal.refit",
        "renewal.cap_rate_premium",
        "colo.cap_rate",
        "capex_split.land_share",
        "capex_split.shell_share",
        "capex_split.electrical_share",
        "capex_split.mechanical_share",
        "capex_split.fit_out_share",
        "clock.commissioning",
    )

    def unavailable(self, site: Site, part: Part) -> str | None:
        """Interruptible power cannot carry a lease, and a hall needs megawatts."""
        if part.state != "leased" and site.firm == "interruptible":
            return "interruptible power cannot serve a lease without firming"
        return None

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Mining or an idle site, then capital, then rent while the tenant survives, then the residual."""
        terms = lease_terms(case, world)
        last = world.paths.n_month - 1
        first = np.minimum(case.timeline.first_revenue_month, last)
        expiry = np.minimum(first + terms.term_months, last)
        usd = empty_lines(int(expiry.max()), world.paths.n_draw)

        gap = np.rint(world.params["clock.commissioning"]).astype(np.int64)
        stop = np.maximum(first - gap, 0)
        add_bridge(usd, case, stop)
        idle_from = np.zeros_like(first) if case.mining is None else np.minimum(case.mining.end_month, stop)
        add_holding_cost(usd, case, world, idle_from, first - 1)
        cost = _add_capital(usd, case, world, terms, first)
        _rent(
            usd,
            first,
            expiry,
            terms.rent_usd_per_month,
            terms.escalator_frac,
            terms.hazard_per_month,
            np.rint(world.params["relet.downtime"]).astype(np.int64),
            world.paths.rent_usd_per_kw_month,
            terms.critical_it_mw * 1e3 * (1.0 - world.params["relet.markdown"]),
            terms.margin_frac,
            terms.live_frac,
        )
        residual = _residual(case, world, terms, cost, first, expiry)
        lines = finished(
            usd,
            first,
            residual,
            expiry,
            noi_year1_usd=terms.rent_usd_per_month * 12.0 * terms.margin_frac,
            full_cost_usd=cost,
        )
        return lines


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """A lease of one part, each entry by draw.

    Attributes
    ----------
    critical_it_mw
        Power to servers, storage and switches. [MW]
    rent_usd_per_month
        First-year rent. [USD/month]
    escalator_frac
        Yearly step of the rent. [1/year]
    margin_frac
        Net operating income over rent. [1]
    hazard_per_month
        Default intensity of the tenant under the measure of the paths. [1/month]
    term_months
        Base term. [month]
    live_frac
        Share already delivered and paying at the as-of month. [1]
    """

    critical_it_mw: NDArray[np.float64]
    rent_usd_per_month: NDArray[np.float64]
    escalator_frac: NDArray[np.float64]
    margin_frac: NDArray[np.float64]
    hazard_per_month: NDArray[np.float64]
    term_months: NDArray[np.int64]
    live_frac: float


def lease_terms(case: Case, world: World) -> LeaseTerms:
    """The signed lease where one is declared, else a new one at the market of its signing month.

    A term or rent that a signed lease does not disclose is drawn as for a new one of its kind.
    """
    site, part, params = case.site, case.part, world.params
    n_draw = world.paths.n_draw
    signed = part.state == "leased"
    ratio = params[GROSS_PER_IT_KEY]
    critical = np.full(n_draw, part.critical_it_mw) if part.critical_it_mw is not None else part.gross_mw / ratio
    structure = (site.lease_structure if signed else None) or "modified_gross"
    tenant = (site.lease_tenant_class if signed else None) or "backed_neocloud"
    signing = np.clip(case.timeline.build_start_month, 0, world.paths.n_month - 1)
    if signed and site.lease_rent_usd_per_kw_month is not None:
        rent = np.full(n_draw, site.lease_rent_usd_per_kw_month)
    elif signed and site.lease_capex_payer == "tenant":
        rent = params["lease_tenant_pays_capex.rent_year1"]
    else:
        rent = world.paths.rent_usd_per_kw_month[signing, np.arange(n_draw)]
    term_years = site.lease_term_years if signed else None
    escalator = site.lease_escalator_frac if signed else None
    hazard = hazard_per_year(params[_SPREAD[tenant]], params["tenant.recovery"]) / 12.0
    if world.paths.measure == "real_world":
        hazard = hazard * params["tenant.real_world_hazard_ratio"]
    live = (site.lease_live_it_mw or 0.0) / part.critical_it_mw if signed and part.critical_it_mw else 0.0
    return LeaseTerms(
        critical_it_mw=critical,
        rent_usd_per_month=critical * 1e3 * rent,
        escalator_frac=params["lease.escalator"] if escalator is None else np.full(n_draw, escalator),
        margin_frac=params[_MARGIN[structure]],
        hazard_per_month=hazard,
        term_months=np.rint(12 * (params["lease.term"] if term_years is None else np.full(n_draw, term_years))).astype(
            np.int64
        ),
        live_frac=min(live, 1.0),
    )


def contract_price_usd(case: Case, world: World, terms: LeaseTerms) -> NDArray[np.float64]:
    """Landlord's price of the hall in money of the as-of month, without contingency and overhead. [USD]

    A figure stated for the lease wins; else the tenant's share is left out where the tenant
    pays, halls are retrofitted only where the site says its buildings can be reused, and all
    others are purpose-built.
    """
    site, params = case.site, world.params
    stated = _stated_cost(case)
    if stated is not None:
        unit = stated
    elif case.part.state == "leased" and site.lease_capex_payer == "tenant":
        unit = params["lease_tenant_pays_capex.landlord_capex"]
    else:
        unit = params[_RETROFIT if site.buildings_reusable else _NEW_BUILD]
    return terms.critical_it_mw * 1e6 * unit


def extras_frac(case: Case, world: World) -> NDArray[np.float64]:
    """Contingency and developer's overhead over the contract price; nil where the lease states its cost. [1]"""
    if _stated_cost(case) is not None:
        return np.zeros(world.paths.n_draw)
    return world.params["turnkey.contingency"] + world.params["turnkey.developer_overhead"]


def build_cost_usd(case: Case, world: World, terms: LeaseTerms, start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Landlord's whole cost in money of the month building starts; a stated figure is that of its day. [USD]"""
    price = contract_price_usd(case, world, terms) * (1.0 + extras_frac(case, world))
    if _stated_cost(case) is not None:
        return price
    return price * world.paths.build_cost_index[start, np.arange(start.size)]


def _stated_cost(case: Case) -> float | None:
    """Cost per critical IT megawatt that a signed lease states. [$M/MW]"""
    return case.site.lease_capex_musd_per_mw_it if case.part.state == "leased" else None


def _add_capital(
    usd: NDArray[np.float64], case: Case, world: World, terms: LeaseTerms, first: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Spend the cost along an S-curve to first revenue; money spent before the as-of month is sunk."""
    params = world.params
    start = np.minimum(case.timeline.build_start_month, first - 1)
    known = np.clip(start, 0, world.paths.n_month - 1)
    cost = build_cost_usd(case, world, terms, known)
    layers = ("land", "shell", "electrical", "mechanical", "fit_out")
    split = {name: params[f"capex_split.{name}_share"] for name in layers}
    due = cost * (1.0 - terms.live_frac)
    _s_curve(
        usd,
        start,
        first,
        due * split["fit_out"],
        due * (split["electrical"] + split["mechanical"]),
        due * (split["shell"] + split["land"]),
    )
    draw = np.arange(first.size)
    years = terms.term_months / 12.0
    growth = np.where(terms.escalator_frac == 0, years, np.expm1(years * np.log1p(terms.escalator_frac)))
    total_rent = terms.rent_usd_per_month * 12.0 * growth / np.where(terms.escalator_frac == 0, 1, terms.escalator_frac)
    if case.part.state != "leased":
        usd[Line.OPEX, first, draw] -= params["turnkey.leasing_commission"] * total_rent
        usd[Line.OPEX, known, draw] -= pursuit_cost_usd(terms.critical_it_mw, world)
    return cost


def pursuit_cost_usd(critical_it_mw: NDArray[np.float64], world: World) -> NDArray[np.float64]:
    """What is spent on winning a lease, lost when none is signed. [USD]"""
    return critical_it_mw * 1e6 * world.params["turnkey.pursuit_cost"]


def _residual(
    case: Case,
    world: World,
    terms: LeaseTerms,
    cost: NDArray[np.float64],
    first: NDArray[np.int64],
    expiry: NDArray[np.int64],
) -> NDArray[np.float64]:
    params, paths = world.params, world.paths
    draw = np.arange(expiry.size)
    start = np.clip(case.timeline.build_start_month, 0, expiry)
    inflation = paths.build_cost_index[expiry, draw] / paths.build_cost_index[start, draw]
    age_frac = (expiry - first) / 12.0 / params["turnkey.hall_life"]
    market_noi = terms.critical_it_mw * 12e3 * paths.rent_usd_per_kw_month[expiry, draw] * terms.margin_frac
    return residual_usd(
        site_usd=site_reversion_usd(case.part.gross_mw, "site_sale.price_energised", expiry, 1.0, world),
        scrap_usd=params["turnkey.scrap"] * cost,
        market_noi_usd=market_noi,
        markdown_frac=params["relet.markdown"],
        cap_rate_frac=params["colo.cap_rate"] + params["renewal.cap_rate_premium"],
        renewal_frac=params["renewal.chance"],
        refit_usd=terms.critical_it_mw * 1e6 * params["renewal.refit"] * paths.build_cost_index[expiry, draw],
        downtime_months=params["relet.downtime"],
        depreciated_cost_usd=cost * inflation * np.maximum(1.0 - age_frac, 0.0),
    )


@kernel
def _s_curve(usd, start, first, fit_out, plant, building):
    """Cumulative share ``3x^2 - 2x^3`` of the cost from ``start`` to ``first``, months after 0 only."""
    for d in range(first.size):
        length = first[d] - start[d]
        before = 0.0 if start[d] >= 0 else _share(-start[d] / length)
        for m in range(max(start[d], 0) + 1, first[d] + 1):
            reached = _share((m - start[d]) / length)
            usd[3, m, d] -= fit_out[d] * (reached - before)
            usd[4, m, d] -= plant[d] * (reached - before)
            usd[5, m, d] -= building[d] * (reached - before)
            before = reached


@kernel
def _share(x):
    return x * x * (3.0 - 2.0 * x)


@kernel
def _rent(usd, first, expiry, rent, escalator, hazard, downtime, market, relet_kw, margin, live_frac):  # noqa: PLR0913 - compiled
    """Rent of the surviving tenant, and market rent of what was let again after a default.

    Survival runs monthly from first revenue; space lost to a default stands empty for the
    downtime and is then let at the market of each month less the mark-down.
    """
    n_draw = first.size
    alive = np.ones(n_draw)
    level = rent.copy()
    let_again = np.exp(hazard * downtime)
    decay = np.exp(-hazard)
    for m in range(1, usd.shape[1]):
        for d in range(n_draw):
            if m > expiry[d]:
                continue
            if m < first[d]:
                income = live_frac * rent[d]
            else:
                since = m - first[d]
                if since > 0 and since % 12 == 0:
                    level[d] *= 1.0 + escalator[d]
                alive[d] *= decay[d]
                second = max(0.0, 1.0 - min(1.0, alive[d] * let_again[d]))
                income = level[d] * alive[d] + second * relet_kw[d] * market[m, d]
            usd[0, m, d] += income
            usd[2, m, d] -= income * (1.0 - margin[d])
