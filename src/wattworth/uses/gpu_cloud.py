"""Own the GPUs and the hall, and sell compute: under a contract first, then by the hour."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, cast, final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wattworth.records import CashLines
from wattworth.study import Part, Site
from wattworth.units import HOURS_PER_MONTH, MONTHS_PER_YEAR
from wattworth.uses import energy, gpu_fleet
from wattworth.uses.base import Case, Options, Use, World, empty_lines, finished, whole_months
from wattworth.uses.gpu_fleet import Fleet
from wattworth.uses.hall import (
    FULL_HALL,
    HallOptions,
    add_building,
    add_firming,
    add_until_first,
    critical_it_mw,
    dated,
    hall_unavailable,
    new_cost_usd,
    pursuit_cost_usd,
    stated_cost_musd_per_mw,
    unit_cost_musd_per_mw,
)
from wattworth.uses.lease import CREDIT_KEYS, MARGIN_KEYS, TenantClass, hazard_per_month, live_share_frac
from wattworth.uses.mining import FIXED, RESALEABLE, power_terms

_RELET_MARGIN_KEY = MARGIN_KEYS["modified_gross"]


class CloudOptions(HallOptions):
    """What a study may declare of a GPU cloud; a signed contract keeps the terms of its row."""

    contract_years: Annotated[float | None, Field(ge=0, le=20, json_schema_extra={"unit": "years"})] = None
    """Term of the first contract; 0 sells every hour in the market; empty takes the fact."""
    contract_price_frac: Annotated[float | None, Field(gt=0, le=2, json_schema_extra={"unit": "1"})] = None
    """Contract price over the market rental of the same compute when it is ordered; empty takes the fact."""
    prepayment_frac: Annotated[float | None, Field(ge=0, le=1, json_schema_extra={"unit": "1"})] = None
    """Share of the contract paid with the GPUs and credited later; empty takes the fact."""
    customer_class: TenantClass | None = None
    """Credit behind the contract; empty means a neocloud with an investment-grade backstop."""
    utilisation_frac: Annotated[float | None, Field(gt=0, le=1, json_schema_extra={"unit": "1"})] = None
    """Share of hours sold where no contract runs; empty takes the fact."""
    gpu_life_years: Annotated[float | None, Field(gt=0, le=15, json_schema_extra={"unit": "years"})] = None
    """After this long GPUs are worn out; empty takes the fact."""
    refresh: bool = True
    """Whether a fleet may be replaced, where that pays; otherwise the cloud ends with its first fleet."""


@final
class GpuCloud(Use):
    """Compute sold under a contract and then by the hour, from fleets that are renewed while that pays."""

    name: ClassVar[str] = "gpu_cloud"
    label: ClassVar[str] = "GPU cloud"
    options: ClassVar[type[Options]] = CloudOptions
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.11, 0.16)
    converts: ClassVar[bool] = True
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "burnt"
    fact_keys: ClassVar[tuple[str, ...]] = (
        *FULL_HALL.fact_keys,
        *gpu_fleet.FACT_KEYS,
        *CREDIT_KEYS,
        _RELET_MARGIN_KEY,
    )

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Another contract holds the part, or its power may be cut and is not firmed."""
        return hall_unavailable(self.name, site, part, cast("CloudOptions | None", options))

    def pursuit_usd(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """What is spent on winning a customer; GPUs are ordered only with one."""
        return pursuit_cost_usd(critical_it_mw(case, world), world)

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Mining or an idle site, hall and GPUs, contract and market hours, new fleets while they pay, the end."""
        chosen = cast("CloudOptions", options)
        return _cloud_lines(dated(FULL_HALL, case, world, chosen), world, chosen)


def delivered_usd_per_mwh(case: Case, world: World) -> NDArray[np.float64]:
    """Price of power at the meter, shape (month, draw). [USD/MWh]

    A fixed-price contract serves energised megawatts, those of a signed contract among them; all others pay
    the market.
    """
    terms = power_terms(case.site, world, world.paths.n_month)
    market = terms.price_usd_per_mwh + terms.adder_usd_per_mwh
    fixed = np.isin(terms.modes, (FIXED, RESALEABLE))
    if not fixed.any() or case.part.state not in ("energised", "leased"):
        return market
    share = np.where(fixed, terms.block_frac, 0.0)[:, None]
    return share * terms.fixed_usd_per_mwh[:, None] + (1.0 - share) * market


def first_fleet(case: Case, world: World, options: CloudOptions) -> Fleet:
    """Terms of a signed contract where one is declared, else of one at the market of the month GPUs are ordered.

    Parameters
    ----------
    case
        With its dates moved, see :func:`wattworth.uses.hall.dated`.
    world, options
        Markets, parameters and what the study declares.
    """
    params, paths, site = world.params, world.paths, case.site
    n_draw, signed = paths.n_draw, case.part.state == "leased"
    critical, first = critical_it_mw(case, world), case.timeline.first_revenue_month
    draw = np.arange(n_draw)
    order = np.maximum(first - whole_months(params["gpu_cloud.order_lead"]), 0)
    buy = first - whole_months(params["gpu_cloud.install_months"])
    compute = paths.gpu_usd_per_hour[order, draw] * paths.gpu_per_kw[order, draw]  # $ per kW and hour
    stated = stated_cost_musd_per_mw(case)
    if stated is None:
        cost = gpu_fleet.market_cost_usd(critical, world, order)
    else:
        cost = critical * 1e6 * stated * params["gpu_cloud.hardware_share"]
    if signed and site.lease_rent_usd_per_kw_month is not None:
        contract = critical * 1e3 * site.lease_rent_usd_per_kw_month
    else:
        share = _chosen(None if signed else options.contract_price_frac, params["gpu_cloud.contract_price_share"])
        contract = critical * 1e3 * HOURS_PER_MONTH * share * compute
    term_years = _chosen(
        site.lease_term_years if signed else options.contract_years, params["gpu_cloud.contract_years"]
    )
    contract_months = whole_months(term_years * MONTHS_PER_YEAR)
    live = live_share_frac(case)
    customer = (site.lease_tenant_class if signed else options.customer_class) or "backed_neocloud"
    life = whole_months(_chosen(options.gpu_life_years, params["gpu_cloud.life"]) * MONTHS_PER_YEAR)
    return Fleet(
        critical_it_mw=critical,
        order_month=order,
        buy_month=np.maximum(buy, 0),
        first_month=first,
        cost_usd=cost,
        due_frac=np.where(buy < 0, 0.0, 1.0 - live),
        contract_usd_per_month=contract,
        contract_months=contract_months,
        prepaid_frac=_chosen(None if signed else options.prepayment_frac, params["gpu_cloud.prepayment_share"]),
        hazard_per_month=hazard_per_month(customer, world),
        live_frac=live,
        utilisation_frac=_chosen(options.utilisation_frac, params["gpu_cloud.utilisation"]),
        life_months=np.maximum(life, 1),
        refresh=options.refresh,
        re_let=options.re_let,
    )


def _cloud_lines(case: Case, world: World, options: CloudOptions) -> CashLines:
    params = world.params
    fleet = first_fleet(case, world, options)
    usd = empty_lines(world.paths.n_month - 1, world.paths.n_draw)
    add_until_first(usd, case, world)
    hall = _hall_cost_usd(case, world, options, fleet.critical_it_mw)
    add_building(usd, FULL_HALL, case, world, hall * (1.0 - fleet.live_frac))
    mwh = energy.hall_mwh_per_month(fleet.critical_it_mw, params[energy.HALL_LOAD_KEY], params[energy.HALL_PUE_KEY])
    power = mwh * delivered_usd_per_mwh(case, world)
    residual, end = gpu_fleet.run_fleets(
        usd,
        fleet,
        case,
        world,
        power_usd=power,
        hall_usd=hall,
        margin_frac=params[_RELET_MARGIN_KEY],
    )
    engines = add_firming(usd, case, world, options, end)
    return finished(
        usd,
        fleet.first_month,
        residual,
        end,
        noi_year1_usd=_first_year_usd(fleet, world, power),
        full_cost_usd=hall + fleet.cost_usd + engines,
    )


def _hall_cost_usd(
    case: Case, world: World, options: CloudOptions, critical_mw: NDArray[np.float64]
) -> NDArray[np.float64]:
    stated = stated_cost_musd_per_mw(case)
    if stated is not None:
        return critical_mw * 1e6 * stated * (1.0 - world.params["gpu_cloud.hardware_share"])
    unit = unit_cost_musd_per_mw(FULL_HALL, case, world, options)
    return new_cost_usd(case, world, critical_mw * 1e6 * unit)


def _first_year_usd(fleet: Fleet, world: World, power_usd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Revenue less power, upkeep and property tax of the first year, the customer paying as agreed."""
    params, paths, draw = world.params, world.paths, np.arange(fleet.order_month.size)
    compute = paths.gpu_usd_per_hour[fleet.order_month, draw] * paths.gpu_per_kw[fleet.order_month, draw]
    hourly = fleet.critical_it_mw * 1e3 * HOURS_PER_MONTH * fleet.utilisation_frac * compute
    monthly = np.where(fleet.contract_months > 0, fleet.contract_usd_per_month, hourly)
    months = np.minimum(fleet.first_month + np.arange(MONTHS_PER_YEAR)[:, None], paths.n_month - 1)
    upkeep = fleet.critical_it_mw * 1e3 * params["gpu_cloud.opex"] * paths.price_index[fleet.first_month, draw]
    taxed = params["gpu_cloud.property_tax"] * fleet.cost_usd
    return monthly * MONTHS_PER_YEAR - power_usd[months, draw].sum(axis=0) - upkeep - taxed


def _chosen(declared: float | None, fact: NDArray[np.float64]) -> NDArray[np.float64]:
    return fact if declared is None else np.full(fact.size, declared)
