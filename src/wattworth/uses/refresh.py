"""Buying machines when it pays: the owner's rule, and the cash of a mine that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.markets import market_region
from wattworth.markets.bitcoin import annuity_years
from wattworth.records import Line
from wattworth.study import Part, Site
from wattworth.units import HOURS_PER_MONTH, MONTHS_PER_YEAR
from wattworth.uses.base import World, hold_end_month, price_fact_key
from wattworth.uses.mining import FIXED, INDEX, MARKET, curve_terms, hour_value, machine_terms, power_terms, vintages

FACT_KEYS: Final = (
    "network.required_return",
    "asic.efficiency_gain",
    "asic.gain_half_life",
    "asic.economic_life",
    "mine.capex",
    "mine_refresh.machine_lead",
    "mine_refresh.hall_lead",
    "mine_refresh.hall_life",
    "mine_refresh.site_return",
    "hold.months",
)
"""Facts the rule reads beside those of :mod:`wattworth.uses.mining` and of a reversion."""

_NEVER = -1


@dataclass(frozen=True, slots=True)
class RefreshedMine:
    """A mine whose machines are replaced while it pays; arrays end in the draw axis.

    Attributes
    ----------
    usd
        Array, shape (line, month, draw): cash up to the end, the charge for today's machines and the
        site's reversion apart. [USD]
    mined_mwh, sold_mwh
        Arrays, shape (month, draw): energy that mines, and that is sold back in dear hours. [MWh]
    first_month
        Array, shape (draw,): first month in which machines run, or the end where none ever does. [month]
    end_month
        Array, shape (draw,): last month before the site reverts. [month]
    mined_once
        Array, shape (draw,): whether machines ever ran.
    """

    usd: NDArray[np.float64]
    mined_mwh: NDArray[np.float64]
    sold_mwh: NDArray[np.float64]
    first_month: NDArray[np.int64]
    end_month: NDArray[np.int64]
    mined_once: NDArray[np.bool_]


def refreshed_mine(site: Site, part: Part, world: World, buy_from_month: int = 0) -> RefreshedMine:
    r"""Run the megawatts of a part for the horizon, with new machines where they pay.

    Parameters
    ----------
    site, part
        The megawatts.
    world
        Markets and parameters of the block.
    buy_from_month
        First month in which machines are ordered; the site is not given up before. [month]

    Notes
    -----
    The best machine of the month, of efficiency *e* and price *a* per terahash, is bought for a third of
    the fleet (or for energised megawatts that do not mine) if, per MW at the meter,

    .. math:: M\,A(r+f) - a\,\frac{10^6}{e\,\mathrm{PUE}} - (F + \rho S)\,A(r) > 0, \quad
              A(x) = \frac{1 - e^{-xn}}{x}

    with *M* the yearly margin of the stopping option at the mean revenue expected over the life *n*,
    today's times :math:`A(r+f+g)/A(r+f)`, *r* the required return, *f* failures, *g* the yearly gain of
    machines at which the network is expected to dilute a hash, *F* fixed cost, and
    :math:`\rho S` the return asked on what the bare site would fetch. Power is expected at the contract for
    the months it has left, else at its mean of the last twelve months. Nothing after the month is read.

    The rule is weighed every month for machines that wear out within the time a new one takes to arrive,
    and once a year for all others; those go when the new machine's level margin after its capital beats
    their own (methods section 1, fleet ageing). With full expensing the rule is the same before and after tax.
    """
    paths = world.paths
    n_month, region = paths.n_month, market_region(site)
    power = power_terms(site, world, n_month)
    under = power.modes >= FIXED
    left = np.concatenate((np.cumsum(under[::-1])[::-1][1:], [0])).astype(np.float64)
    efficiency, power_mw, end_month, hall_missing = machine_slots(site, part, world)
    out = _follow(
        paths.hashprice_usd_per_ph_day,
        paths.asic_usd_per_th,
        paths.asic_j_per_th,
        paths.price_index,
        paths.site_price_index,
        paths.peak_usd_per_kw_month[region],
        power.price_usd_per_mwh,
        power.usual_usd_per_mwh,
        power.adder_usd_per_mwh,
        power.fixed_usd_per_mwh,
        power.modes,
        INDEX if power.modes[0] == INDEX else MARKET,
        left,
        power.block_frac,
        *curve_terms(paths.curves[region]),
        efficiency,
        power_mw,
        end_month,
        hall_missing,
        part.mining_gross_mw > 0,
        min(buy_from_month, n_month - 1),
        machine_terms(world),
        _buying_terms(part, world),
    )
    usd, mined, sold, first, last = out
    end = int(last.max()) + 1
    if end < n_month:
        usd, mined, sold = (np.ascontiguousarray(array[..., :end, :]) for array in (usd, mined, sold))
    return RefreshedMine(usd, mined, sold, np.minimum(first, last), last, first <= last)


def _buying_terms(part: Part, world: World) -> NDArray[np.float64]:
    """What the rule for buying reads of each draw, one row each in the order of the kernels."""
    params = world.params
    rate, life = np.log1p(params["network.required_return"]), params["asic.economic_life"]
    lost = rate + params["fleet.failure_rate"]
    years = annuity_years(rate, life)
    return np.stack(
        [
            lost,
            -np.log1p(-params["asic.efficiency_gain"]),
            0.5 ** (1.0 / (MONTHS_PER_YEAR * params["asic.gain_half_life"])),
            life,
            params["mine_refresh.site_return"],
            params[price_fact_key(part)] * params["site.connection_survival"],
            params["site.removal_cost"],
            np.rint(params["mine_refresh.machine_lead"]),
            np.rint(params["mine_refresh.hall_lead"]),
            params["mine.capex"] * 1e6,
            years / annuity_years(rate, params["mine_refresh.hall_life"]),
            hold_end_month(world).astype(np.float64),
            annuity_years(lost, life),
            years,
        ]
    )


def machine_slots(
    site: Site, part: Part, world: World
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """What can hold machines: the thirds of the fleet that stands there, and energised megawatts that do not mine.

    Parameters
    ----------
    site, part
        A part of a site; a former mine keeps its halls.
    world
        Its markets.

    Returns
    -------
    j_per_th, power_mw, last_month, hall_missing : arrays, shape (slot, draw)
        Efficiency [J/TH], power at the meter [MW], last month of the machines [month], and whether machines need a
        hall to be built first.
    """
    n_draw = world.paths.n_draw
    empty_mw = part.gross_mw - part.mining_gross_mw if part.state == "energised" else 0.0
    no_hall = site.previous_use != "bitcoin_mine"
    if part.mining_gross_mw <= 0:
        efficiency, power_mw = np.ones((0, n_draw)), np.zeros((0, n_draw))
        end_month, missing = np.zeros((0, n_draw), np.int64), np.zeros((0, n_draw), np.bool_)
    else:
        efficiency, power_mw, end_month = vintages(site, part, world)
        missing = np.zeros(efficiency.shape, np.bool_)
    if empty_mw > 1e-9:
        row = (1, n_draw)
        efficiency = np.concatenate((efficiency, np.ones(row)))
        power_mw = np.concatenate((power_mw, np.full(row, empty_mw)))
        end_month = np.concatenate((end_month, np.full(row, _NEVER, np.int64)))
        missing = np.concatenate((missing, np.full(row, no_hall)))
    return efficiency, power_mw, end_month, missing


@kernel
def _offer(  # noqa: PLR0913 - compiled
    revenue, gain, avoidable, level, peak, adder, fixed, mode, open_mode, share, block, table, guide, terms, buy, d
):  # fmt: skip
    """What a new machine earns over its life per MW, before capital, fixed cost and the site. [USD/MW]

    ``revenue`` is today's per MWh at the meter, ``gain`` the yearly rate at which it is diluted and ``share`` the part
    of its life under the contract.
    """
    lost = buy[0, d] + gain
    earned_years = (1.0 - np.exp(-lost * buy[3, d])) / lost if lost > 1e-12 else buy[3, d]
    strike = revenue * earned_years / buy[12, d] - avoidable
    value, run = 0.0, 0.0
    if share < 1.0:
        value, run, _ = hour_value(open_mode, strike, level, adder, 0.0, 0.0, terms[3, d], table, guide)
        value, run = (1.0 - share) * value, (1.0 - share) * run
    if share > 0.0:
        under, ran, _ = hour_value(mode, strike, level, adder, fixed, block, terms[3, d], table, guide)
        value, run = value + share * under, run + share * ran
    return terms[2, d] * (8760.0 * value + 12e3 * run * peak) * buy[12, d]


@kernel
def _follow(  # noqa: PLR0912, PLR0913, PLR0915 - compiled: plain arrays in, one loop
    hashprice,
    asic_price,
    asic_j,
    price_index,
    site_index,
    peak,
    price,
    usual,
    adder,
    fixed,
    modes,
    open_mode,
    left,
    block,
    table,
    guide,
    efficiency,
    power_mw,
    end_month,
    hall_missing,
    mines,
    buy_from,
    terms,
    buy,
):
    """Run, weigh and buy month by month; rows of ``terms`` and ``buy`` as stacked by :func:`refreshed_mine`."""
    n_month, n_draw = hashprice.shape
    n_slot = efficiency.shape[0]
    usd = np.zeros((8, n_month, n_draw))
    mined = np.zeros((n_month, n_draw))
    sold = np.zeros((n_month, n_draw))
    own_j, end, no_hall = efficiency.copy(), end_month.copy(), hall_missing.copy()
    alive = np.ones((n_slot, n_draw))
    due = np.full((n_slot, n_draw), -1)
    due_j = np.zeros((n_slot, n_draw))
    arrival, watch = np.full(n_draw, n_month), np.full(n_draw, -1)
    gain, leads = buy[1].copy(), buy[7].astype(np.int64)
    unit = 1e3 / (24.0 * own_j) / terms[0]
    committed = np.zeros(n_draw)
    first = np.full(n_draw, 1 if mines else n_month)
    last = np.full(n_draw, -1)
    level_sum, peak_sum = 12.0 * usual, 12.0 * peak[0]
    for d in range(n_draw):
        watch[d] = n_month
        for v in range(n_slot):
            watch[d] = min(watch[d], end[v, d] - leads[d])
            if end[v, d] >= 0 or not mines:
                committed[d] += power_mw[v, d]
    lowest, per_ratio, most = table[table.shape[0] - 1, 0], table[table.shape[0] - 1, 1], guide.size - 1.0
    open_draws = n_draw
    for m in range(n_month):
        if open_draws == 0:
            break
        yearly = m > 0 and m % 12 == 0
        for d in range(n_draw):
            if last[d] >= 0:
                continue
            pue, uptime, capture = terms[0, d], terms[2, d], terms[3, d]
            gain[d] *= buy[2, d] if m > 0 else 1.0
            level_sum[d] += price[m, d] - (price[m - 12, d] if m >= 12 else usual[d])
            peak_sum[d] += peak[m, d] - peak[max(m - 12, 0), d]
            lead = leads[d]
            avoidable = terms[1, d] * price_index[m, d] / pue
            on_top = adder[d] if modes[m] == MARKET else 0.0
            earned, spent, margin, ran, resold, stands = 0.0, 0.0, 0.0, 0.0, 0.0, False
            if arrival[d] == m:
                arrival[d], watch[d] = n_month, n_month
                for v in range(n_slot):
                    if due[v, d] == m:
                        if end[v, d] >= m:
                            worth = asic_price[m, d] * min(1.0, asic_j[m, d] / own_j[v, d]) ** terms[7, d]
                            terahash = power_mw[v, d] / pue * 1e6 / own_j[v, d] * alive[v, d]
                            usd[6, m, d] += terahash * worth * min(1.0, (end[v, d] - m) / 12.0)
                        elif end[v, d] < 0 and mines:
                            committed[d] += power_mw[v, d]
                        life = max(1, int(np.rint(12.0 * buy[3, d])))
                        own_j[v, d], end[v, d], alive[v, d], due[v, d] = due_j[v, d], m + life - 1, 1.0, -1
                        unit[v, d] = 1e3 / (24.0 * own_j[v, d]) / pue
                        first[d] = min(first[d], m)
                    elif due[v, d] >= 0:
                        arrival[d] = min(arrival[d], due[v, d])
                    watch[d] = min(watch[d], end[v, d] - lead)
            for v in range(n_slot):
                if m == 0 or m > end[v, d]:
                    continue
                stands = True
                alive[v, d] *= 1.0 - terms[4, d]
                per_mwh = hashprice[m, d] * unit[v, d]
                if modes[m] < FIXED and price[m, d] > 0.0:  # hour_value at the market, written out: it is half the work
                    strike = per_mwh - (avoidable + on_top)
                    ratio = strike / price[m, d]
                    k = guide[int(min(max((ratio - lowest) * per_ratio, 0.0), most))]
                    while table[k, 0] <= ratio:
                        k += 1
                    plain = max(strike - price[m, d], 0.0)
                    run, resell = table[k, 1], 0.0
                    value = plain + capture * (strike * run - price[m, d] * table[k, 2] - plain)
                else:
                    value, run, resell = hour_value(
                        modes[m], per_mwh - avoidable, price[m, d], adder[d], fixed[m], block, capture, table, guide
                    )
                mwh = power_mw[v, d] * uptime * alive[v, d] * 730.0
                earned += mwh * run * per_mwh
                spent += mwh * run * avoidable
                margin += mwh * value
                ran += mwh * run
                resold += mwh * resell
            if m > 0:
                paid = earned - spent - margin
                credit = ran / 730.0 * 1e3 * peak[m, d]
                keep = committed[d] * terms[5, d] * price_index[m, d]
                idle = committed[d] * terms[6, d] * price_index[m, d]
                if stands and margin + credit - keep >= -idle:
                    usd[0, m, d] = earned
                    usd[1, m, d] = credit - paid
                    usd[2, m, d] = -spent - keep
                    mined[m, d] = ran
                    sold[m, d] = resold
                else:
                    usd[2, m, d] = -idle
            if m < buy_from:
                continue
            # what is worn out by the time a machine ordered now could run, and once a year all others
            if m < watch[d] and not yearly and m < n_month - 1:
                continue
            known, gross, machines, years = False, 0.0, 0.0, 0.0
            going = False
            for v in range(n_slot):
                worn = end[v, d] - lead <= m
                if not (worn or yearly) or due[v, d] >= 0:
                    going = True
                    continue
                arrives = m + 1 + (max(lead, int(buy[8, d])) if no_hall[v, d] else lead)
                if arrives >= n_month:
                    going = going or end[v, d] > m
                    continue
                if not known:
                    known = True
                    share = min(1.0, left[m] / (12.0 * buy[3, d]))
                    middle = min(m + int(6.0 * share * buy[3, d]), n_month - 1)
                    machines = 1e6 / pue / asic_j[m, d] * asic_price[m, d]
                    gross = -machines + _offer(
                        hashprice[m, d] * 1e3 / (24.0 * asic_j[m, d]) / pue, gain[d], avoidable, level_sum[d] / 12.0,
                        peak_sum[d] / 12.0, adder[d], fixed[middle], modes[m], open_mode, share, block, table, guide,
                        terms, buy, d,
                    )  # fmt: skip
                    years = buy[13, d]
                bare = max(buy[5, d] * site_index[m, d] - buy[6, d] * price_index[m, d], 0.0) * 1e6
                level = gross - (12.0 * terms[5, d] * price_index[m, d] + buy[4, d] * bare) * years
                hall = buy[9, d] * price_index[m, d] if no_hall[v, d] else 0.0
                level -= hall * buy[10, d]
                buys = level > 0.0
                if buys and not worn:
                    per_mwh = hashprice[m, d] * unit[v, d]
                    value, run, _ = hour_value(
                        modes[m],
                        per_mwh - avoidable,
                        level_sum[d] / 12.0,
                        adder[d],
                        fixed[m],
                        block,
                        capture,
                        table,
                        guide,
                    )
                    own = uptime * alive[v, d] * (8760.0 * value + 12e3 * run * peak_sum[d] / 12.0)
                    buys = gross / years > own
                if buys:
                    usd[3, m, d] -= power_mw[v, d] * machines
                    usd[4, m, d] -= power_mw[v, d] * hall
                    due[v, d], due_j[v, d], no_hall[v, d] = arrives, asic_j[m, d], False
                    arrival[d] = min(arrival[d], arrives)
                going = going or due[v, d] >= 0 or end[v, d] > m
            if m == n_month - 1:
                for v in range(n_slot):
                    if end[v, d] > m:
                        worth = asic_price[m, d] * min(1.0, asic_j[m, d] / own_j[v, d]) ** terms[7, d]
                        terahash = power_mw[v, d] / pue * 1e6 / own_j[v, d] * alive[v, d]
                        usd[6, m, d] += terahash * worth * min(1.0, (end[v, d] - m) / 12.0)
                last[d] = m
            elif m > 0 and not going and (first[d] < n_month or m >= buy[11, d]):
                last[d] = m
                open_draws -= 1
    return usd, mined, sold, first, last


assert HOURS_PER_MONTH * MONTHS_PER_YEAR == 8760.0, "the kernels count 8,760 hours a year"
assert (Line.REVENUE, Line.POWER, Line.OPEX, Line.CAPEX_5Y, Line.CAPEX_15Y, Line.PROCEEDS) == (0, 1, 2, 3, 4, 6)
