"""The Bitcoin network month by month: hash rate, halvings, machines and what they earn.

New hash rate is added while hashprice exceeds the full cost of the best new machine, switched off
below the marginal fleet's cash cost, and in between neither: machines wear out slowly, and those
that were switched off come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.markets.bitcoin import (
    BLOCKS_PER_DAY,
    HALVING_BLOCKS,
    RETARGET_DAYS,
    annuity_years,
    cash_cost_usd_per_ph_day,
    implied_hashrate_eh_per_s,
    subsidy_btc,
)
from wattworth.markets.factors import Motion, lognormal_paths
from wattworth.records import ParameterDraws
from wattworth.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR, PH_PER_EH, TH_PER_PH

FACT_KEYS: Final = (
    "network.difficulty",
    "network.block_height",
    "network.fee_share",
    "network.fee_volatility",
    "network.fee_reversion",
    "network.kappa_up",
    "network.kappa_down",
    "network.noise",
    "network.wear",
    "network.idle",
    "network.cash_cost",
    "network.site_recovery",
    "network.required_return",
    "network.marginal_efficiency",
    "network.turnover",
    "asic.best_efficiency",
    "asic.best_price",
    "asic.efficiency_gain",
    "asic.gain_half_life",
    "asic.price_elasticity",
    "asic.price_floor",
    "asic.economic_life",
)

_BLOCKS_PER_MONTH: Final = BLOCKS_PER_DAY * DAYS_PER_MONTH
_LAG_MONTHS: Final = RETARGET_DAYS / DAYS_PER_MONTH
_DAILY_BLOCKS_PER_PH: Final = BLOCKS_PER_DAY / PH_PER_EH


@dataclass(frozen=True, slots=True)
class MachineCosts:
    """What decides entry and exit, the same under both measures; arrays of shape (month, draw).

    Attributes
    ----------
    best_j_per_th
        Best new machine. [J/TH]
    running_usd_per_ph_day
        Part of the full cost that pays for power and site. [USD/PH/day]
    capital_th_per_ph_day
        What one $/TH of machine price adds to the full cost. [USD/PH/day per USD/TH]
    floor_usd_per_th
        Lowest price of the best machine. [USD/TH]
    unit_cost_usd_per_ph_day
        What a PH/s costs a day at 1 J/TH, in cash. [USD/PH/day]
    """

    best_j_per_th: NDArray[np.float64]
    running_usd_per_ph_day: NDArray[np.float64]
    capital_th_per_ph_day: NDArray[np.float64]
    floor_usd_per_th: NDArray[np.float64]
    unit_cost_usd_per_ph_day: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NetworkPaths:
    """Arrays of shape (month, draw); see :class:`wattworth.records.MarketPaths`."""

    network_eh_per_s: NDArray[np.float64]
    hashprice_usd_per_ph_day: NDArray[np.float64]
    asic_usd_per_th: NDArray[np.float64]


def machine_costs(price_index: NDArray[np.float64], params: ParameterDraws) -> MachineCosts:
    """Costs of mining along a path of general prices, shape (month, draw).

    Notes
    -----
    The yearly gain of the best machine fades with a half-life. The full cost is that of
    :func:`wattworth.markets.bitcoin.full_cost_usd_per_ph_day`, linear in the machine's price.
    """
    years = np.arange(price_index.shape[0])[:, None] / MONTHS_PER_YEAR
    half_life = params["asic.gain_half_life"]
    faded = 0.5 ** (years / half_life)
    gain_now = -np.log1p(-params["asic.efficiency_gain"])
    shrunk = np.exp(-gain_now * (1.0 - faded) * half_life / np.log(2.0))
    best = params["asic.best_efficiency"] * shrunk
    rate, life = np.log1p(params["network.required_return"]), params["asic.economic_life"]
    earned_years = annuity_years(rate + gain_now * faded, life)
    all_in = (params["network.cash_cost"] + params["network.site_recovery"]) * annuity_years(rate, life)
    return MachineCosts(
        best_j_per_th=best,
        running_usd_per_ph_day=cash_cost_usd_per_ph_day(best, all_in * price_index) / earned_years,
        capital_th_per_ph_day=TH_PER_PH / DAYS_PER_YEAR / earned_years,
        floor_usd_per_th=params["asic.price_floor"] * shrunk * price_index,
        unit_cost_usd_per_ph_day=cash_cost_usd_per_ph_day(1.0, params["network.cash_cost"] * price_index),
    )


def network_paths(
    btc_usd: NDArray[np.float64],
    costs: MachineCosts,
    params: ParameterDraws,
    shocks_z: NDArray[np.float64],
    months_since_height: int = 0,
    fee_ratio: NDArray[np.float64] | None = None,
) -> NetworkPaths:
    r"""Follow the network along paths of the bitcoin price.

    Parameters
    ----------
    btc_usd
        Array, shape (month, draw).
    costs
        From :func:`machine_costs`.
    params
        Facts of :data:`FACT_KEYS`.
    shocks_z
        Array, shape (month - 1, draw): standard normals of the hash rate's own noise.
    months_since_height
        Months from the date of ``network.block_height`` to month 0.
    fee_ratio
        Array, shape (month, draw), from :func:`fee_ratio_paths`; None keeps fees as they are. [1]

    Notes
    -----
    With :math:`h` the hashprice at last month's hash rate, :math:`c_f` the full cost of the best
    new machine at last month's machine price, :math:`c_m` the marginal fleet's cash cost and
    :math:`I` the idle machines as a log gap to the hash rate, the month's change of ln hash rate is

    .. math:: \kappa_\uparrow (\ln (h/c_f) - b)^+ - \kappa_\downarrow (\ln (c_m/h))^+ + b - w
              + \sigma\varepsilon, \quad b = \min(I, \kappa_\downarrow (\ln (h/c_m))^+)

    with wear :math:`w` only while nothing new is added. What is switched off joins :math:`I`,
    which is scrapped in the time in which fleets turn over.

    Difficulty lags the hash rate by one epoch of 14 days, so blocks come
    :math:`e^{g \cdot 14 d}` times as fast while it grows and a halving comes sooner. Fees stay
    as many bitcoin per block as at the as-of month on average: block space does not halve.
    """
    height = params["network.block_height"] + months_since_height * _BLOCKS_PER_MONTH
    subsidy = subsidy_btc(height)
    state = np.stack(
        [
            np.log(implied_hashrate_eh_per_s(params["network.difficulty"] * 1e12)),
            height,
            subsidy,
            (np.floor_divide(height, HALVING_BLOCKS) + 1.0) * HALVING_BLOCKS,
            np.log(params["network.marginal_efficiency"]),
            np.maximum(params["network.idle"], 0.0),
        ]
    )
    terms = np.stack(
        [
            np.maximum(params["network.kappa_up"], 0.0),
            np.maximum(params["network.kappa_down"], 0.0),
            np.maximum(params["network.wear"], 0.0) / MONTHS_PER_YEAR,
            params["network.noise"],
            1.0 / (params["network.turnover"] * MONTHS_PER_YEAR),
            params["asic.price_elasticity"],
            params["asic.best_price"],
        ]
    )
    fees = np.empty_like(btc_usd)
    fees[:] = subsidy * params["network.fee_share"]
    if fee_ratio is not None:
        fees *= fee_ratio
    cost = np.stack(
        [
            np.log(costs.best_j_per_th),
            np.log(costs.unit_cost_usd_per_ph_day),
            costs.running_usd_per_ph_day,
            costs.capital_th_per_ph_day,
            costs.floor_usd_per_th,
        ]
    )
    out = np.empty((3, *btc_usd.shape))
    _follow(btc_usd, fees, cost, shocks_z, terms, state, out)
    return NetworkPaths(out[0], out[1], out[2])


def fee_ratio_paths(params: ParameterDraws, shocks_z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fees of a block in bitcoin over their mean: spikes that fade in weeks.

    Parameters
    ----------
    params
        Facts of :data:`FACT_KEYS`.
    shocks_z
        Array, shape (month - 1, draw): standard normals of the fees alone.

    Returns
    -------
    array, shape (month, draw)
        1 in month 0 and 1 on average in every other; lognormal and reverting, with no market premium. [1]
    """
    quiet = np.zeros_like(params["network.fee_volatility"])
    motion = Motion(params["network.fee_volatility"], np.maximum(params["network.fee_reversion"], 0.0), quiet)
    flat = np.zeros((shocks_z.shape[0] + 1, shocks_z.shape[1]))
    return lognormal_paths(np.ones_like(quiet), flat, motion, shocks_z)


def rescaled(
    paths: NetworkPaths, ratio: NDArray[np.float64], costs: MachineCosts, params: ParameterDraws
) -> NetworkPaths:
    """The same network at a hashprice ``ratio`` times as high: hash rate falls by it, machines follow.

    Parameters
    ----------
    paths
        A network.
    ratio
        Array, shape (month, draw). [1]
    costs, params
        As for :func:`network_paths`.
    """
    asic = paths.asic_usd_per_th * ratio ** params["asic.price_elasticity"]
    asic[1:] = np.maximum(asic[1:], costs.floor_usd_per_th[1:])
    return NetworkPaths(paths.network_eh_per_s / ratio, paths.hashprice_usd_per_ph_day * ratio, asic)


@kernel
def _follow(btc, fees, cost, shocks, terms, state, out):
    """Fill hash rate, hashprice and machine price; rows as stacked by :func:`network_paths`."""
    n_month, n_draw = btc.shape
    log_first = np.empty(n_draw)
    for d in range(n_draw):
        log_first[d] = np.log(btc[0, d] * (state[2, d] + fees[0, d]) * _DAILY_BLOCKS_PER_PH) - state[0, d]
        out[0, 0, d] = np.exp(state[0, d])
        out[1, 0, d] = np.exp(log_first[d])
        out[2, 0, d] = terms[6, d]
    for m in range(1, n_month):
        for d in range(n_draw):
            # hashprice if nobody moved, against the two thresholds
            log_paid = np.log(btc[m, d] * (state[2, d] + fees[m, d]) * _DAILY_BLOCKS_PER_PH)
            log_price = log_paid - state[0, d]
            log_full = np.log(cost[2, m, d] + cost[3, m, d] * out[2, m - 1, d])
            state[4, d] += terms[4, d] * (cost[0, m, d] - state[4, d])
            response = terms[1, d] * (log_price - cost[1, m, d] - state[4, d])
            off, back = max(-response, 0.0), min(state[5, d], max(response, 0.0))
            added = terms[0, d] * (log_price - back - log_full)
            growth = terms[3, d] * shocks[m - 1, d] + back - off + (added if added > 0.0 else -terms[2, d])
            state[5, d] = (state[5, d] + off - back) * (1.0 - terms[4, d])
            state[0, d] += growth
            # the month's blocks, and the subsidy they carry
            speed = np.exp(_LAG_MONTHS * growth)
            state[1, d] += _BLOCKS_PER_MONTH * speed
            if state[1, d] >= state[3, d]:
                late = (state[1, d] - state[3, d]) / (_BLOCKS_PER_MONTH * speed)
                subsidy = state[2, d] * (1.0 - 0.5 * late)
                log_paid = np.log(btc[m, d] * (subsidy + fees[m, d]) * _DAILY_BLOCKS_PER_PH)
                state[2, d] *= 0.5
                state[3, d] += HALVING_BLOCKS
            log_price = log_paid - state[0, d] + _LAG_MONTHS * growth
            out[0, m, d] = np.exp(state[0, d])
            out[1, m, d] = np.exp(log_price)
            asic = terms[6, d] * np.exp(terms[5, d] * (log_price - log_first[d]))
            out[2, m, d] = max(cost[4, m, d], asic)
