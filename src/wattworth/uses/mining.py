"""Machines on a site: vintages that age, stop in dear hours, and can be sold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.markets import adder_key, market_region
from wattworth.markets.curtailment import curve_sums
from wattworth.records import DurationCurve
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

MARKET, INDEX, FIXED, RESALEABLE = 0, 1, 2, 3
"""How the power of a month is priced."""

_GUIDE_CELLS = 8192
_VINTAGE_AGE = np.array([0.5, 1.0, 1.5])
"""Ages of a fleet's newest, middle and oldest third, over its mean age."""


@dataclass(frozen=True, slots=True)
class PowerTerms:
    """What a site pays for power, month by month.

    Attributes
    ----------
    price_usd_per_mwh
        Array, shape (month, draw): mean price of the hours. [USD/MWh]
    adder_usd_per_mwh
        Array, shape (draw,): what delivery adds to it. [USD/MWh]
    fixed_usd_per_mwh
        Array, shape (month,): price of the contract, nil without one. [USD/MWh]
    modes
        Array, shape (month,): :data:`MARKET`, :data:`INDEX`, :data:`FIXED` or :data:`RESALEABLE`.
    block_frac
        Share of the energised megawatts that the contract covers; the rest pays the market. [1]
    usual_usd_per_mwh
        Array, shape (draw,): mean price of the year before the as-of month. [USD/MWh]
    """

    price_usd_per_mwh: NDArray[np.float64]
    adder_usd_per_mwh: NDArray[np.float64]
    fixed_usd_per_mwh: NDArray[np.float64]
    modes: NDArray[np.int64]
    block_frac: float
    usual_usd_per_mwh: NDArray[np.float64]


def power_terms(site: Site, world: World, n_month: int) -> PowerTerms:
    """Prices and contract of a site over the first months of a world.

    A stated price without a fixed contract is an all-in yearly level that moves with its market, seasons included.
    """
    region = market_region(site)
    market = np.ascontiguousarray(world.paths.power_usd_per_mwh[region][:n_month])
    adder, usual = world.params[adder_key(region)], world.paths.power_level_usd_per_mwh[region]
    months = np.arange(n_month)
    stated = site.power_price_usd_per_mwh
    mode = np.full(n_month, MARKET)
    fixed = np.zeros(n_month)
    if stated is None or site.power_contract == "market":
        return PowerTerms(market, adder, fixed, mode, 1.0, usual)
    if site.power_contract == "fixed":
        end = n_month if site.power_end is None else world.calendar.index(site.power_end)
        mode[months <= end] = RESALEABLE if site.power_resaleable else FIXED
        fixed[:] = stated * (1.0 + (site.power_escalation_frac or 0.0)) ** (months // MONTHS_PER_YEAR)
        return PowerTerms(market, adder, fixed, mode, block_frac(site), usual)
    mode[:] = INDEX
    return PowerTerms(stated * market / usual, np.zeros_like(adder), fixed, mode, 1.0, np.full_like(usual, stated))


def block_frac(site: Site) -> float:
    """Share of the energised megawatts that a fixed-price block covers. [1]"""
    energised = site.operating_gross_mw or 0.0
    if site.power_block_mw is None or energised <= 0.0:
        return 1.0
    return min(1.0, site.power_block_mw / energised)


@lru_cache(maxsize=64)
def curve_terms(curve: DurationCurve) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A duration curve made ready for :func:`hour_value`; made once for each curve, and not to be changed.

    Returns
    -------
    table
        Array, shape (bin + 2, 3): each bin's price ratio and the sums of the bins below it, a row that no
        ratio reaches, and a last row with the lowest ratio and the guide's cells per unit of ratio.
    guide
        Array, shape (cell,): the first bin that a ratio of this cell need be compared with.
    """
    hours, ratio_hours = curve_sums(curve)
    ratio = np.append(curve.price_ratio, np.inf)
    lowest, span = ratio[0], ratio[-2] - ratio[0]
    edges = lowest + span * (np.arange(_GUIDE_CELLS) / _GUIDE_CELLS - 1e-9)
    guide = np.searchsorted(ratio, edges, "left").astype(np.int64)
    last = [[lowest, _GUIDE_CELLS / span if span > 0.0 else 0.0, 0.0]]
    return np.concatenate((np.stack((ratio, hours, ratio_hours), axis=1), last)), guide


def machine_terms(world: World) -> NDArray[np.float64]:
    """What machines and site cost and how long they run, one row each in the order of the kernels."""
    params = world.params
    return np.stack(
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
    )


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
    stopping is taken at the captured share of perfect foresight. Megawatts that run also earn what
    a flexible load is paid for staying off peaks, as a credit on the power bill. Fixed cost is paid
    unless idling the whole month is cheaper. Failures thin the fleet; none are replaced.
    """
    if part.mining_gross_mw <= 0:
        return None
    paths = world.paths
    efficiency, power_mw, end_month = vintages(site, part, world)
    n_month = int(min(end_month.max() + 1, paths.n_month))
    terms = power_terms(site, world, n_month)
    region = market_region(site)
    flows = _run(
        paths.hashprice_usd_per_ph_day,
        paths.asic_usd_per_th,
        paths.asic_j_per_th,
        paths.price_index,
        paths.peak_usd_per_kw_month[region],
        terms.price_usd_per_mwh,
        terms.adder_usd_per_mwh,
        terms.fixed_usd_per_mwh,
        terms.modes,
        terms.block_frac,
        *curve_terms(paths.curves[region]),
        efficiency,
        power_mw,
        end_month,
        machine_terms(world),
        part.mining_gross_mw,
        n_month,
    )
    return MiningFlows(*flows[:4], np.minimum(end_month.max(axis=0), paths.n_month - 1), *flows[4:])


def vintages(
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


@kernel
def hour_value(mode, strike, price, adder, fixed, block, capture, table, guide):  # noqa: PLR0913 - compiled
    """What a MWh of running capacity is worth above its power, and the share of hours that runs and that is sold.

    Parameters
    ----------
    mode
        How the month is priced.
    strike
        Revenue less avoidable cost other than power. [USD/MWh]
    price, adder, fixed
        Mean price of the month, delivery on top of it, price of the contract. [USD/MWh]
    block
        Share of the power under the contract. [1]
    capture
        Share of the perfect-foresight value of stopping that is earned. [1]
    table, guide
        From :func:`curve_terms`.
    """
    if mode == FIXED and block >= 1.0:
        return max(strike - fixed, 0.0), 1.0 if strike > fixed else 0.0, 0.0
    on_adder = mode == MARKET or (block < 1.0 and mode != INDEX)
    net = strike - adder if on_adder else strike
    best, run = _put(net, price, table, guide)
    plain = max(net - price, 0.0)
    market = plain + capture * (best - plain)
    if mode in (MARKET, INDEX):
        return market, run, 0.0
    if mode == FIXED:
        inside = 1.0 if strike > fixed else 0.0
        return block * max(strike - fixed, 0.0) + (1.0 - block) * market, block * inside + (1.0 - block) * run, 0.0
    best_in, run_in = best, run
    if on_adder:
        best_in, run_in = _put(strike, price, table, guide)
    call = best_in - strike + price
    value = strike - fixed + capture * max(call, 0.0)
    if block >= 1.0:
        return value, run_in, 1.0 - run_in
    return block * value + (1.0 - block) * market, block * run_in + (1.0 - block) * run, block * (1.0 - run_in)


@kernel
def _put(strike, price, table, guide):
    """E[max(strike - p, 0)] and the share of hours at or below the strike, as in markets.curtailment by the guide."""
    if price <= 0.0:
        return max(strike - price, 0.0), 1.0 if strike >= price else 0.0
    ratio, last = strike / price, table.shape[0] - 1
    cell = min(max((ratio - table[last, 0]) * table[last, 1], 0.0), guide.size - 1.0)
    k = guide[int(cell)]
    while table[k, 0] <= ratio:
        k += 1
    return strike * table[k, 1] - price * table[k, 2], table[k, 1]


@kernel
def _run(  # noqa: PLR0913, PLR0915 - compiled: plain arrays in, one loop
    hashprice,
    asic_price,
    asic_j_per_th,
    price_index,
    peak,
    price,
    adder,
    fixed,
    mode,
    block,
    table,
    guide,
    efficiency,
    power_mw,
    end_month,
    terms,
    gross_mw,
    n_month,
):
    """Cash and energy of all vintages by month and draw; rows of ``terms`` as in :func:`machine_terms`."""
    n_vintage, n_draw = efficiency.shape
    revenue = np.zeros((n_month, n_draw))
    power = np.zeros((n_month, n_draw))
    opex = np.zeros((n_month, n_draw))
    resale = np.zeros((n_month, n_draw))
    mined = np.zeros((n_month, n_draw))
    sold = np.zeros((n_month, n_draw))
    last = np.zeros(n_draw, np.int64)
    for v in range(n_vintage):
        last = np.maximum(last, end_month[v])
    for m in range(n_month):
        for d in range(n_draw):
            pue, uptime, capture = terms[0, d], terms[2, d], terms[3, d]
            avoidable = terms[1, d] * price_index[m, d] / pue
            alive = (1.0 - terms[4, d]) ** m
            earned, spent, margin, ran, resold = 0.0, 0.0, 0.0, 0.0, 0.0
            for v in range(n_vintage):
                if m > end_month[v, d]:
                    continue
                worth = asic_price[m, d] * min(1.0, asic_j_per_th[m, d] / efficiency[v, d]) ** terms[7, d]
                terahash = power_mw[v, d] / pue * 1e6 / efficiency[v, d]
                resale[m, d] += terahash * alive * worth * min(1.0, (end_month[v, d] - m) / 12.0)
                if m == 0:
                    continue
                per_mwh = hashprice[m, d] * 1e3 / (24.0 * efficiency[v, d]) / pue
                value, run, resell = hour_value(
                    mode[m], per_mwh - avoidable, price[m, d], adder[d], fixed[m], block, capture, table, guide
                )
                mwh = power_mw[v, d] * uptime * alive * 730.0
                earned += mwh * run * per_mwh
                spent += mwh * run * avoidable
                margin += mwh * value
                ran += mwh * run
                resold += mwh * resell
            if m == 0 or m > last[d]:
                continue
            paid = earned - spent - margin
            credit = ran / 730.0 * 1e3 * peak[m, d]
            keep = gross_mw * terms[5, d] * price_index[m, d]
            idle = gross_mw * terms[6, d] * price_index[m, d]
            if margin + credit - keep >= -idle:
                revenue[m, d] = earned
                power[m, d] = credit - paid
                opex[m, d] = -spent - keep
                mined[m, d] = ran
                sold[m, d] = resold
            else:
                opex[m, d] = -idle
    return revenue, power, opex, resale, mined, sold


assert HOURS_PER_MONTH == 730.0, "the kernels count 730 hours a month"
