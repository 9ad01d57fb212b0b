"""Machines on a site: vintages that age, stop in dear hours, and can be sold."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.markets import adder_key, level_key, market_region
from wattworth.markets.curtailment import curve_sums, put_value_usd_per_mwh, running_frac
from wattworth.records import Calendar, MarketPaths
from wattworth.study import Part, Site
from wattworth.units import HOURS_PER_MONTH, MONTHS_PER_YEAR
from wattworth.uses.base import MiningFlows, World

FACT_KEYS: Final = (
    "mine.avoidable_opex",
    "mine.fixed_opex",
    "mine.pue",
    "mine.uptime",
    "mine.curtailment_capture",
    "fleet.efficiency",
    "fleet.age",
    "fleet.vintage_spread",
    "fleet.failure_rate",
    "fleet.used_price_exponent",
    "asic.economic_life",
    "site.holding_cost",
)

_MARKET, _INDEX, _FIXED, _RESALEABLE = 0, 1, 2, 3
_VINTAGE_AGE = np.array([0.5, 1.0, 1.5])
"""Ages of a fleet's newest, middle and oldest third, over its mean age."""


def mining_flows(site: Site, part: Part, world: World) -> MiningFlows | None:
    """Run the machines of a part to the end of their lives, month by month.

    Parameters
    ----------
    site, part
        The site and the part whose energised megawatts mine.
    world
        Markets and parameters of the block.

    Returns
    -------
    MiningFlows or None
        None where nothing mines.

    Notes
    -----
    A fleet is three vintages of equal power around its mean efficiency. Each runs in an hour
    when what it earns exceeds the power it burns (methods section 1, curtailment); the value of
    stopping is taken at the captured share of perfect foresight. Fixed cost is paid unless
    idling the whole month is cheaper. Failures thin the fleet; none are replaced.
    """
    if part.mining_gross_mw <= 0:
        return None
    params, paths = world.params, world.paths
    efficiency, power_mw, end_month = _vintages(site, part, world)
    n_month = int(min(end_month.max() + 1, paths.n_month))
    price, adder, fixed, mode = _contract(site, world.calendar, paths, world, n_month)
    curve = paths.curves[market_region(site)]
    hours, ratio_hours = curve_sums(curve)
    revenue, power, opex, resale = _run(
        paths.hashprice_usd_per_ph_day,
        paths.asic_usd_per_th,
        paths.asic_j_per_th,
        paths.price_index,
        np.ascontiguousarray(price),
        adder,
        fixed,
        mode,
        curve.price_ratio,
        hours,
        ratio_hours,
        efficiency,
        power_mw,
        end_month,
        np.stack(
            [
                params["mine.pue"],
                params["mine.avoidable_opex"],
                params["mine.uptime"],
                params["mine.curtailment_capture"],
                params["fleet.failure_rate"] / MONTHS_PER_YEAR,
                params["mine.fixed_opex"] * 1e3 / MONTHS_PER_YEAR,
                params["site.holding_cost"] * 1e3 / MONTHS_PER_YEAR,
                params["fleet.used_price_exponent"],
            ]
        ),
        part.mining_gross_mw,
        n_month,
    )
    return MiningFlows(revenue, power, opex, resale, np.minimum(end_month.max(axis=0), paths.n_month - 1))


def _vintages(
    site: Site, part: Part, world: World
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Efficiency, power at the meter and last month of each vintage, shape (vintage, draw)."""
    params, n_draw = world.params, world.paths.n_draw
    if isinstance(site.fleet_hashrate_eh_per_s, float):
        it_mw = part.mining_gross_mw / params["mine.pue"]
        mean_j_per_th = it_mw / site.fleet_hashrate_eh_per_s
    elif site.fleet_j_per_th is not None:
        mean_j_per_th = np.full(n_draw, site.fleet_j_per_th)
    else:
        mean_j_per_th = params["fleet.efficiency"]
    spread = params["fleet.vintage_spread"]
    # equal power in each third: scale so that the fleet's hash rate is that of its stated mean
    scale = (1.0 + 2.0 * np.cosh(spread)) / 3.0
    efficiency = mean_j_per_th * scale * np.exp(spread * np.array([[-1.0], [0.0], [1.0]]))
    age = np.full(n_draw, site.fleet_age_years) if site.fleet_age_years is not None else params["fleet.age"]
    left_months = MONTHS_PER_YEAR * (params["asic.economic_life"] - age * _VINTAGE_AGE[:, None])
    end_month = np.clip(np.rint(left_months), 1, world.paths.n_month - 1).astype(np.int64)
    power_mw = np.full((3, n_draw), part.mining_gross_mw / 3.0)
    return efficiency, power_mw, end_month


def _contract(
    site: Site, calendar: Calendar, paths: MarketPaths, world: World, n_month: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Mean price of each month, the adder on top, the fixed price, and how the month is priced.

    A stated price without a fixed contract is an all-in yearly level that moves with its market, seasons included.
    """
    region = market_region(site)
    market = paths.power_usd_per_mwh[region][:n_month]
    adder = world.params[adder_key(region)]
    months = np.arange(n_month)
    stated = site.power_price_usd_per_mwh
    mode = np.full(n_month, _MARKET)
    fixed = np.zeros(n_month)
    if stated is None or site.power_contract == "market":
        return market, adder, fixed, mode
    if site.power_contract == "fixed":
        end = n_month if site.power_end is None else calendar.index(site.power_end)
        mode[months <= end] = _RESALEABLE if site.power_resaleable else _FIXED
        fixed[:] = stated * (1.0 + (site.power_escalation_frac or 0.0)) ** (months // MONTHS_PER_YEAR)
        return market, adder, fixed, mode
    mode[:] = _INDEX
    return stated * market / world.params[level_key(region)], np.zeros_like(adder), fixed, mode


@kernel
def _run(  # noqa: PLR0913, PLR0915 - compiled: plain arrays in, one loop
    hashprice,
    asic_price,
    asic_j_per_th,
    price_index,
    price,
    adder,
    fixed,
    mode,
    ratio,
    hours,
    ratio_hours,
    efficiency,
    power_mw,
    end_month,
    terms,
    gross_mw,
    n_month,
):
    """Cash of all vintages by month and draw; rows of ``terms`` as stacked by the caller."""
    n_vintage, n_draw = efficiency.shape
    revenue = np.zeros((n_month, n_draw))
    power = np.zeros((n_month, n_draw))
    opex = np.zeros((n_month, n_draw))
    resale = np.zeros((n_month, n_draw))
    last = np.zeros(n_draw, np.int64)
    for v in range(n_vintage):
        last = np.maximum(last, end_month[v])
    for m in range(n_month):
        for d in range(n_draw):
            pue, uptime, capture = terms[0, d], terms[2, d], terms[3, d]
            avoidable = terms[1, d] * price_index[m, d] / pue
            alive = (1.0 - terms[4, d]) ** m
            earned, paid, spent, margin = 0.0, 0.0, 0.0, 0.0
            for v in range(n_vintage):
                if m > end_month[v, d]:
                    continue
                worth = asic_price[m, d] * min(1.0, asic_j_per_th[m, d] / efficiency[v, d]) ** terms[7, d]
                terahash = power_mw[v, d] / pue * 1e6 / efficiency[v, d]
                resale[m, d] += terahash * alive * worth * min(1.0, (end_month[v, d] - m) / 12.0)
                if m == 0:
                    continue
                per_mwh = hashprice[m, d] * 1e3 / (24.0 * efficiency[v, d]) / pue
                strike = per_mwh - avoidable
                value, run = 0.0, 0.0
                if mode[m] == _FIXED:
                    run = 1.0 if strike > fixed[m] else 0.0
                    value = max(strike - fixed[m], 0.0)
                else:
                    net = strike - adder[d] if mode[m] == _MARKET else strike
                    best = put_value_usd_per_mwh(net, price[m, d], ratio, hours, ratio_hours)
                    plain = max(net - price[m, d], 0.0)
                    run = running_frac(net, price[m, d], ratio, hours)
                    value = plain + capture * (best - plain)
                    if mode[m] == _RESALEABLE:
                        call = best - strike + price[m, d]
                        value = strike - fixed[m] + capture * max(call, 0.0)
                mwh = power_mw[v, d] * uptime * alive * 730.0
                earned += mwh * run * per_mwh
                spent += mwh * run * avoidable
                margin += mwh * value
            if m == 0 or m > last[d]:
                continue
            paid = earned - spent - margin
            keep = gross_mw * terms[5, d] * price_index[m, d]
            idle = gross_mw * terms[6, d] * price_index[m, d]
            if margin - keep >= -idle:
                revenue[m, d] = earned
                power[m, d] = -paid
                opex[m, d] = -spent - keep
            else:
                opex[m, d] = -idle
    return revenue, power, opex, resale


assert HOURS_PER_MONTH == 730.0, "the kernel counts 730 hours a month"
