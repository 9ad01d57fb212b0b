"""Uses of megawatts that are supplied on the site: energy at its running cost, and the fixed part owed beside it."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import uses
from wattworth.markets import adder_key, market_region
from wattworth.records import CashLines, DurationCurve, Line, MarketPaths, ParameterDraws
from wattworth.study import Part, Site
from wattworth.study.site_supply import SiteSupply, SupplyPrice
from wattworth.units import MONTHS_PER_YEAR
from wattworth.uses.energy import HALL_LOAD_KEY, HALL_PUE_KEY, hall_mwh_per_month
from wattworth.uses.hall import critical_it_mw
from wattworth.uses.mining import power_terms
from wattworth.valuation.site_supply import ANNUITY, serves

_FLAT: Final = DurationCurve(np.ones(1), np.ones(1))
_PAYS: Final = ("burnt", "passed")


@dataclass(frozen=True, slots=True)
class SuppliedWorld(uses.World):
    """A world in which energy at the meter costs what the site's own supply takes to run.

    Attributes
    ----------
    market
        The world with the prices of the market.
    price
        Of the supply.
    tenant_pays_cost
        Whether a new tenant pays all that its power costs.
    """

    market: uses.World
    price: SupplyPrice
    tenant_pays_cost: bool


def own_supply(supply: SiteSupply | None, part: Part) -> SiteSupply | None:
    """The supply of a part, if it serves it and is sized."""
    return supply if supply is not None and supply.price is not None and serves(supply, part) else None


def powered_site(site: Site, supply: SiteSupply | None, part: Part) -> Site:
    """The site as a part of it stands with its own supply: no contract of the row, and firm if the target is met."""
    own = own_supply(supply, part)
    if own is None or own.price is None:
        return site
    firm = site.firm if own.price.misses else "firm"
    none = {"power_escalation_frac": None, "power_end": None, "power_resaleable": None, "power_block_mw": None}
    return site.model_copy(update={"power_contract": "market", "power_price_usd_per_mwh": None, "firm": firm, **none})


def powered_world(site: Site, supply: SiteSupply | None, part: Part, world: uses.World) -> uses.World:
    """The world of a part: that of the market, or one in which its own supply makes the energy."""
    own = own_supply(supply, part)
    if own is None or own.price is None:
        return world
    region, paths = market_region(site), world.paths
    running = running_usd_per_mwh(own.price, paths, region, indexed=own.gas_price_indexed)
    none = np.zeros_like(running)
    return SuppliedWorld(
        world.calendar,
        replace(
            paths,
            power_usd_per_mwh={**paths.power_usd_per_mwh, region: running},
            power_level_usd_per_mwh={**paths.power_level_usd_per_mwh, region: running[0].copy()},
            curves={**paths.curves, region: _FLAT},
            peak_usd_per_kw_month={**paths.peak_usd_per_kw_month, region: none},
        ),
        ParameterDraws(ChainMap({adder_key(region): none[0].copy()}, world.params.values)),  # pyright: ignore[reportArgumentType] - read only
        market=world,
        price=own.price,
        tenant_pays_cost=own.tenant_pays == "cost",
    )


def running_usd_per_mwh(
    price: SupplyPrice, paths: MarketPaths, region: str, *, indexed: bool = True
) -> NDArray[np.float64]:
    """Running part of a supply month by month, shape (month, draw). [USD/MWh]

    Parameters
    ----------
    price
        Of a sized supply.
    paths
        Prices of the market.
    region
        Power region of the site.
    indexed
        Whether gas moves with its market.

    Notes
    -----
    Gas that the case takes from the packaged Henry Hub costs what the path says; a price of the case's own moves in
    proportion to the path. Grid energy moves with the power of the region, all else with the price level.
    """
    level = paths.price_index
    if not indexed:
        gas = price.gas_usd_per_mmbtu * level
    elif price.gas_is_henry_hub:
        gas = paths.gas_usd_per_mmbtu
    else:
        gas = price.gas_usd_per_mmbtu * paths.gas_usd_per_mmbtu / paths.gas_usd_per_mmbtu[0]
    out = price.fuel_mmbtu_per_mwh * gas + (price.carbon_usd_per_mwh + price.other_usd_per_mwh) * level
    if price.grid_usd_per_mwh:
        out += price.grid_usd_per_mwh * paths.power_usd_per_mwh[region] / paths.power_level_usd_per_mwh[region]
    return out


def charged(lines: CashLines, use: uses.Use, options: uses.Options, case: uses.Case, world: SuppliedWorld) -> CashLines:
    """The cash of a use with what its own supply costs beyond the energy the use pays itself.

    Parameters
    ----------
    lines, use, options, case
        A use of a part and its cash in this world.
    world
        Of the part.

    Notes
    -----
    The fixed part is owed in every month from the first to the last in which the use takes power. A new tenant pays
    for power what it costs in the market, delivered: what the supply costs beyond, or less, is the owner's. Where the
    tenant pays all, and under a lease that is already signed, the hall's share of the fixed part is the tenant's too.
    """
    lets = use.power_contract == "passed" or isinstance(use, uses.Hybrid)
    if use.power_contract not in _PAYS and case.mining is None:
        return lines
    usd = _fixed_usd(world, case, _owed(lines, use, case))
    if lets and (world.tenant_pays_cost or case.part.state == "leased"):
        usd -= np.where(_let(lines), usd * use.ai_demand_frac(options), 0.0)
    elif lets:
        usd += _beyond_market_usd(lines, use, options, case, world)
    lines.usd[Line.POWER] -= usd
    if not use.converts:
        return lines
    months = np.arange(usd.shape[0])[:, None] - lines.first_revenue_month
    year1 = np.where((months >= 0) & (months < MONTHS_PER_YEAR), usd, 0.0).sum(axis=0)
    return replace(lines, noi_year1_usd=lines.noi_year1_usd - year1)


def _owed(lines: CashLines, use: uses.Use, case: uses.Case) -> NDArray[np.bool_]:
    """Months from the first to the last in which power is taken, shape (month, draw)."""
    taken = np.zeros(lines.usd.shape[1:], dtype=bool)
    if case.mining is not None or not use.converts:
        taken |= lines.usd[Line.REVENUE] != 0.0
    if use.converts:
        taken |= _let(lines)
    taken[0] = False
    before = np.logical_or.accumulate(taken, axis=0)
    return before & np.logical_or.accumulate(taken[::-1], axis=0)[::-1]


def _fixed_usd(world: SuppliedWorld, case: uses.Case, owed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fixed part by month, shape (month, draw): by annuity it moves with prices, by a convention it stays level."""
    index = world.paths.price_index[: owed.shape[0]]
    if world.price.fixed_by != ANNUITY:
        begin = owed.argmax(axis=0)
        index = index[begin, np.arange(begin.size)]
    return np.where(owed, case.part.gross_mw * world.price.fixed_usd_per_mw_month * index, 0.0)


def _beyond_market_usd(
    lines: CashLines, use: uses.Use, options: uses.Options, case: uses.Case, world: SuppliedWorld
) -> NDArray[np.float64]:
    """Running cost of what a hall draws, less what its tenant pays for it, shape (month, draw). [USD]"""
    n_month, params = lines.usd.shape[1], world.params
    critical = critical_it_mw(case, world) * use.ai_demand_frac(options)
    drawn = hall_mwh_per_month(critical, params[HALL_LOAD_KEY], params[HALL_PUE_KEY])
    market = power_terms(case.site, world.market, n_month)
    delivered = market.price_usd_per_mwh + market.adder_usd_per_mwh
    own = world.paths.power_usd_per_mwh[market_region(case.site)][:n_month]
    return np.where(_let(lines), drawn * (own - delivered), 0.0)


def _let(lines: CashLines) -> NDArray[np.bool_]:
    """Months in which a hall is let, shape (month, draw)."""
    months = np.arange(lines.usd.shape[1])[:, None]
    return (months >= lines.first_revenue_month) & (months <= lines.residual_month)
