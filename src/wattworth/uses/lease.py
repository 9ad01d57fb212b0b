"""Letting a hall or a shell: the terms, the tenant's rent while it lasts, and what the landlord pays for it.

One engine for every kind of lease; what tells two kinds apart stands in a :class:`LeaseKind`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wattworth.compute.kernels import kernel
from wattworth.records import CashLines, Line
from wattworth.uses.base import Case, World, empty_lines, finished, whole_months
from wattworth.uses.hall import (
    HallKind,
    HallOptions,
    add_building,
    add_firming,
    add_until_first,
    critical_it_mw,
    dated,
    extra_cost_frac,
    hall_end_usd,
    new_cost_usd,
    pursuit_cost_usd,
    stated_cost_musd_per_mw,
    unit_cost_musd_per_mw,
)
from wattworth.uses.lease_math import hazard_per_year, rent_of_yield_usd_per_kw_month, total_rent_usd

Structure = Literal["triple_net", "modified_gross", "gross"]
TenantClass = Literal["hyperscaler", "backed_neocloud", "neocloud"]

MARGIN_KEYS: Final = {
    "triple_net": "lease.noi_margin_triple_net",
    "modified_gross": "lease.noi_margin_modified_gross",
    "gross": "lease.noi_margin_gross",
}
SPREAD_KEYS: Final = {
    "hyperscaler": "tenant.spread_hyperscaler",
    "backed_neocloud": "tenant.spread_backed_neocloud",
    "neocloud": "tenant.spread_neocloud",
}
CREDIT_KEYS: Final = (*SPREAD_KEYS.values(), "tenant.recovery", "tenant.real_world_hazard_ratio")


class LeaseOptions(HallOptions):
    """What a study may declare of new leases; a signed one keeps the terms of its row."""

    structure: Structure | None = None
    """Who pays site costs of a new lease: the tenant all, the landlord some, or the landlord all."""
    tenant_class: TenantClass | None = None
    """Credit behind a new lease's rent; a backed neocloud costs warrants."""
    term_years: Annotated[float | None, Field(gt=0, le=60, json_schema_extra={"unit": "years"})] = None
    """Base term of a new lease; empty takes the fact."""
    escalator_frac: Annotated[float | None, Field(ge=-0.2, le=0.2, json_schema_extra={"unit": "1/year"})] = None
    """Yearly step of the rent of a new lease; empty takes the fact."""
    rent_usd_per_kw_month: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "$/kW-month"})] = None
    """First-year rent of a lease signed at the as-of month; it moves with the market until signing. Empty: market."""


@dataclass(frozen=True, slots=True)
class LeaseKind:
    """What tells one kind of lease from another.

    Attributes
    ----------
    hall
        What is built.
    structure, tenant_class
        Of a new lease, where the study states none.
    term_key
        Base term of a new lease.
    yield_key
        First-year income over the price of a new building, which sets the rent today; from there it moves with the
        market of halls. None is that market itself.
    tenant_pays_rent_key, tenant_pays_cost_key
        Rent and landlord's cost of a signed lease whose tenant pays for the hall, or None where that is no other.
    """

    hall: HallKind
    structure: Structure
    tenant_class: TenantClass
    term_key: str
    yield_key: str | None = None
    tenant_pays_rent_key: str | None = None
    tenant_pays_cost_key: str | None = None

    @property
    def fact_keys(self) -> tuple[str, ...]:
        """Every fact that a lease of this kind reads."""
        perhaps = (self.yield_key, self.tenant_pays_rent_key, self.tenant_pays_cost_key)
        return (
            *self.hall.fact_keys,
            *MARGIN_KEYS.values(),
            *CREDIT_KEYS,
            *(key for key in perhaps if key is not None),
            self.term_key,
            "lease.escalator",
            "lease_landlord_pays_capex.rent_year1",
            "turnkey.leasing_commission",
            "lease.credit_backstop_warrant_cost",
            "debt.gearing_max_leased",
        )


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
    market_ratio
        Market rent of such space over that of a hall. [1]
    is_backed
        Whether it is a new lease that a third party backs against warrants.
    """

    critical_it_mw: NDArray[np.float64]
    rent_usd_per_month: NDArray[np.float64]
    escalator_frac: NDArray[np.float64]
    margin_frac: NDArray[np.float64]
    hazard_per_month: NDArray[np.float64]
    term_months: NDArray[np.int64]
    live_frac: float
    market_ratio: NDArray[np.float64]
    is_backed: bool


def hazard_per_month(tenant_class: TenantClass, world: World) -> NDArray[np.float64]:
    """Default intensity of a class of tenants under the measure of the paths, shape (draw,). [1/month]"""
    params = world.params
    hazard = hazard_per_year(params[SPREAD_KEYS[tenant_class]], params["tenant.recovery"]) / 12.0
    if world.paths.measure == "real_world":
        return hazard * params["tenant.real_world_hazard_ratio"]
    return hazard


def live_share_frac(case: Case) -> float:
    """Share of a signed contract that is delivered and pays at the as-of month. [1]"""
    site, part = case.site, case.part
    if part.state != "leased" or not part.critical_it_mw:
        return 0.0
    return min((site.lease_live_it_mw or 0.0) / part.critical_it_mw, 1.0)


def terms_of(kind: LeaseKind, case: Case, world: World, options: LeaseOptions) -> LeaseTerms:
    """The signed lease where one is declared, else a new one at the market of its signing month.

    A term or rent that a signed lease does not disclose is drawn as for a new one of its kind.
    """
    site, part, params = case.site, case.part, world.params
    n_draw = world.paths.n_draw
    signed = part.state == "leased"
    structure = (site.lease_structure if signed else options.structure) or kind.structure
    tenant = (site.lease_tenant_class if signed else options.tenant_class) or kind.tenant_class
    term_years = site.lease_term_years if signed else options.term_years
    escalator = site.lease_escalator_frac if signed else options.escalator_frac
    years = params[kind.term_key] if term_years is None else np.full(n_draw, term_years)
    critical = critical_it_mw(case, world)
    ratio = _market_ratio(kind, world)
    return LeaseTerms(
        critical_it_mw=critical,
        rent_usd_per_month=critical * 1e3 * _first_rent(kind, case, world, options, ratio),
        escalator_frac=params["lease.escalator"] if escalator is None else np.full(n_draw, escalator),
        margin_frac=params[MARGIN_KEYS[structure]],
        hazard_per_month=hazard_per_month(tenant, world),
        term_months=whole_months(12 * years),
        live_frac=live_share_frac(case),
        market_ratio=ratio,
        is_backed=not signed and tenant == "backed_neocloud",
    )


def price_usd(
    kind: LeaseKind, case: Case, world: World, options: LeaseOptions, critical_mw: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Landlord's price of the building in money of the as-of month, without contingency and overhead. [USD]

    A figure stated for the lease wins; else the tenant's share is left out where the tenant
    pays, halls are retrofitted only where the site says its buildings can be reused, and all
    others are new.
    """
    stated, key = stated_cost_musd_per_mw(case), kind.tenant_pays_cost_key
    if stated is not None:
        unit = stated
    elif case.part.state == "leased" and case.site.lease_capex_payer == "tenant" and key is not None:
        unit = world.params[key]
    else:
        unit = unit_cost_musd_per_mw(kind.hall, case, world, options)
    return critical_mw * 1e6 * unit


def price_extras_frac(case: Case, world: World) -> NDArray[np.float64]:
    """Contingency and developer's overhead over the contract price; nil where the lease states its cost. [1]"""
    if stated_cost_musd_per_mw(case) is not None:
        return np.zeros(world.paths.n_draw)
    return extra_cost_frac(world)


def lease_lines(kind: LeaseKind, undated: Case, world: World, options: LeaseOptions) -> CashLines:
    """Mining or an idle site, then capital, then rent while the tenant survives, then the residual."""
    case = dated(kind.hall, undated, world, options)
    terms, params = terms_of(kind, case, world, options), world.params
    last = world.paths.n_month - 1
    first = case.timeline.first_revenue_month
    expiry = np.minimum(first + terms.term_months, last)
    usd = empty_lines(int(expiry.max()), world.paths.n_draw)

    add_until_first(usd, case, world)
    cost = _cost_usd(kind, case, world, options, terms)
    add_building(usd, kind.hall, case, world, cost * (1.0 - terms.live_frac))
    engines = add_firming(usd, case, world, options, expiry)
    if case.part.state != "leased":
        _add_leasing(usd, case, world, terms, cost + engines)
    _rent(
        usd,
        first,
        expiry,
        terms.rent_usd_per_month,
        terms.escalator_frac,
        terms.hazard_per_month,
        whole_months(params["relet.downtime"]),
        world.paths.rent_usd_per_kw_month,
        terms.critical_it_mw * 1e3 * (1.0 - params["relet.markdown"]) * terms.market_ratio,
        terms.margin_frac,
        terms.live_frac,
    )
    residual = hall_end_usd(
        kind.hall,
        case,
        world,
        options,
        cost_usd=cost,
        margin_frac=terms.margin_frac * terms.market_ratio,
        end=expiry,
    )
    noi = terms.rent_usd_per_month * 12.0 * terms.margin_frac
    return finished(usd, first, residual, expiry, noi_year1_usd=noi, full_cost_usd=cost + engines)


def _market_ratio(kind: LeaseKind, world: World) -> NDArray[np.float64]:
    if kind.yield_key is None:
        return np.ones(world.paths.n_draw)
    params = world.params
    rent = rent_of_yield_usd_per_kw_month(
        params[kind.yield_key], params[kind.hall.new_key], params[MARGIN_KEYS[kind.structure]]
    )
    return rent / world.paths.rent_usd_per_kw_month[0]


def _first_rent(
    kind: LeaseKind, case: Case, world: World, options: LeaseOptions, market_ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """First-year rent per kW and month."""
    site, signed, rent = case.site, case.part.state == "leased", world.paths.rent_usd_per_kw_month
    if signed and site.lease_rent_usd_per_kw_month is not None:
        return np.full(world.paths.n_draw, site.lease_rent_usd_per_kw_month)
    if signed and site.lease_capex_payer == "tenant" and kind.tenant_pays_rent_key is not None:
        return world.params[kind.tenant_pays_rent_key]
    signing = np.clip(case.timeline.build_start_month, 0, world.paths.n_month - 1)
    at_signing = rent[signing, np.arange(world.paths.n_draw)]
    if options.rent_usd_per_kw_month is not None and not signed:
        return options.rent_usd_per_kw_month * at_signing / rent[0]
    return at_signing * market_ratio


def _cost_usd(
    kind: LeaseKind, case: Case, world: World, options: LeaseOptions, terms: LeaseTerms
) -> NDArray[np.float64]:
    """Landlord's whole cost in money of the month building starts; a stated figure is that of its day."""
    price = price_usd(kind, case, world, options, terms.critical_it_mw)
    return price if stated_cost_musd_per_mw(case) is not None else new_cost_usd(case, world, price)


def _add_leasing(
    usd: NDArray[np.float64], case: Case, world: World, terms: LeaseTerms, cost_usd: NDArray[np.float64]
) -> None:
    """Commission and warrants at first revenue, pursuit when building starts."""
    params, first, draw = world.params, case.timeline.first_revenue_month, np.arange(cost_usd.size)
    total = total_rent_usd(terms.rent_usd_per_month * 12.0, terms.term_months / 12.0, terms.escalator_frac)
    usd[Line.OPEX, first, draw] -= params["turnkey.leasing_commission"] * total
    known = np.clip(case.timeline.build_start_month, 0, world.paths.n_month - 1)
    usd[Line.OPEX, known, draw] -= pursuit_cost_usd(terms.critical_it_mw, world)
    if terms.is_backed:
        equity = cost_usd * (1.0 - params["debt.gearing_max_leased"])
        usd[Line.AFTER_TAX, first, draw] -= params["lease.credit_backstop_warrant_cost"] * equity


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


assert (Line.REVENUE, Line.OPEX) == (0, 2), "the kernel indexes lines by number"
