"""The Bitcoin network month by month: hash rate, halvings, machines and what they earn.

Hash rate is added while hashprice exceeds the full cost of the best new machine, switched off
below the marginal fleet's cash cost, and wears out slowly in between.
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
from wattworth.records import ParameterDraws
from wattworth.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR, PH_PER_EH, TH_PER_PH

FACT_KEYS: Final = (
    "network.difficulty",
    "network.block_height",
    "network.fee_share",
    "network.kappa_up",
    "network.kappa_down",
    "network.noise",
    "network.wear",
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
class NetworkPaths:
    """Arrays of shape (month, draw); see :class:`wattworth.records.MarketPaths`."""

    network_eh_per_s: NDArray[np.float64]
    hashprice_usd_per_ph_day: NDArray[np.float64]
    asic_usd_per_th: NDArray[np.float64]
    asic_j_per_th: NDArray[np.float64]


def network_paths(
    btc_usd: NDArray[np.float64],
    price_index: NDArray[np.float64],
    params: ParameterDraws,
    shocks: NDArray[np.float64],
    months_since_height: int = 0,
) -> NetworkPaths:
    r"""Follow the network along paths of the bitcoin price.

    Parameters
    ----------
    btc_usd, price_index
        Arrays, shape (month, draw).
    params
        Facts of :data:`FACT_KEYS`.
    shocks
        Array, shape (month - 1, draw): standard normals of the hash rate's own noise.
    months_since_height
        Months from the date of ``network.block_height`` to month 0.

    Notes
    -----
    With :math:`h` the hashprice at last month's hash rate, :math:`c_f` the full cost of the best
    new machine and :math:`c_m` the marginal fleet's cash cost, the month's change of ln hash rate is

    .. math:: \kappa_\uparrow \ln(h/c_f)^+ - \kappa_\downarrow \ln(c_m/h)^+ - w\,[h \le c_f]
              + \sigma\varepsilon

    Difficulty lags the hash rate by one epoch of 14 days, so blocks come
    :math:`e^{g \cdot 14 d}` times as fast while it grows and a halving comes sooner. Fees stay
    as many bitcoin per block as at the as-of month: block space does not halve.
    """
    years = np.arange(btc_usd.shape[0])[:, None] / MONTHS_PER_YEAR
    half_life = params["asic.gain_half_life"]
    faded = 0.5 ** (years / half_life)
    gain_now = -np.log1p(-params["asic.efficiency_gain"])
    shrunk = np.exp(-gain_now * (1.0 - faded) * half_life / np.log(2.0))
    best = params["asic.best_efficiency"] * shrunk

    rate, life = np.log1p(params["network.required_return"]), params["asic.economic_life"]
    earned_years = annuity_years(rate + gain_now * faded, life)
    all_in = (params["network.cash_cost"] + params["network.site_recovery"]) * price_index
    running = cash_cost_usd_per_ph_day(best, all_in) * annuity_years(rate, life) / earned_years
    capital = TH_PER_PH / DAYS_PER_YEAR / earned_years
    floor = params["asic.price_floor"] * shrunk * price_index
    unit_cost = cash_cost_usd_per_ph_day(1.0, params["network.cash_cost"] * price_index)

    height = params["network.block_height"] + months_since_height * _BLOCKS_PER_MONTH
    subsidy = subsidy_btc(height)
    state = np.stack(
        [
            np.log(implied_hashrate_eh_per_s(params["network.difficulty"] * 1e12)),
            height,
            subsidy,
            (np.floor_divide(height, HALVING_BLOCKS) + 1.0) * HALVING_BLOCKS,
            np.log(params["network.marginal_efficiency"]),
        ]
    )
    terms = np.stack(
        [
            params["network.kappa_up"],
            params["network.kappa_down"],
            params["network.wear"] / MONTHS_PER_YEAR,
            params["network.noise"],
            1.0 / (params["network.turnover"] * MONTHS_PER_YEAR),
            params["asic.price_elasticity"],
            params["asic.best_price"],
            subsidy * params["network.fee_share"],
        ]
    )
    out = np.empty((3, *btc_usd.shape))
    _follow(btc_usd, best, running, capital, floor, unit_cost, np.ascontiguousarray(shocks), terms, state, out)
    return NetworkPaths(out[0], out[1], out[2], best)


@kernel
def _follow(btc, best, running, capital, floor, unit_cost, shocks, terms, state, out):
    """Fill hash rate, hashprice and machine price; rows as stacked by :func:`network_paths`."""
    n_month, n_draw = btc.shape
    log_first = np.empty(n_draw)
    for d in range(n_draw):
        revenue = btc[0, d] * (state[2, d] + terms[7, d]) * _DAILY_BLOCKS_PER_PH
        log_first[d] = np.log(revenue) - state[0, d]
        out[0, 0, d] = np.exp(state[0, d])
        out[1, 0, d] = np.exp(log_first[d])
        out[2, 0, d] = terms[6, d]
    for m in range(1, n_month):
        for d in range(n_draw):
            # hashprice if nobody moved, and what it would do to the price of machines
            subsidy, fees = state[2, d], terms[7, d]
            log_price = np.log(btc[m, d] * (subsidy + fees) * _DAILY_BLOCKS_PER_PH) - state[0, d]
            asic = max(floor[m, d], terms[6, d] * np.exp(terms[5, d] * (log_price - log_first[d])))
            log_full = np.log(running[m, d] + capital[m, d] * asic)
            state[4, d] += terms[4, d] * (np.log(best[m, d]) - state[4, d])
            log_marginal = np.log(unit_cost[m, d]) + state[4, d]
            growth = terms[3, d] * shocks[m - 1, d]
            if log_price > log_full:
                growth += terms[0, d] * (log_price - log_full)
            else:
                growth -= terms[2, d]
                if log_price < log_marginal:
                    growth += terms[1, d] * (log_price - log_marginal)
            state[0, d] += growth
            # the month's blocks, and the subsidy they carry
            found = _BLOCKS_PER_MONTH * np.exp(_LAG_MONTHS * growth)
            state[1, d] += found
            if state[1, d] >= state[3, d]:
                subsidy -= 0.5 * subsidy * (state[1, d] - state[3, d]) / found
                state[2, d] *= 0.5
                state[3, d] += HALVING_BLOCKS
            paid = btc[m, d] * (subsidy + fees) * _DAILY_BLOCKS_PER_PH
            log_price = np.log(paid) - state[0, d] + _LAG_MONTHS * growth
            out[0, m, d] = np.exp(state[0, d])
            out[1, m, d] = np.exp(log_price)
            out[2, m, d] = max(floor[m, d], terms[6, d] * np.exp(terms[5, d] * (log_price - log_first[d])))
