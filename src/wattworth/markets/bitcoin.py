"""The arithmetic of mining: what a hash earns, when the subsidy halves, what a machine can pay.

Plain functions of floats or arrays; the protocol's constants are exact, everything else is an
argument. Source of the rules: Bitcoin protocol; worked numbers in methods section 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.units import (
    BLOCK_TARGET_S,
    DAYS_PER_YEAR,
    HASHES_PER_DIFFICULTY,
    HASHES_PER_EH,
    HOURS_PER_DAY,
    PH_PER_EH,
    SECONDS_PER_DAY,
    TH_PER_PH,
)

HALVING_BLOCKS: Final = 210_000
RETARGET_BLOCKS: Final = 2016
FIRST_SUBSIDY_BTC: Final = 50.0
BLOCKS_PER_DAY: Final = SECONDS_PER_DAY / BLOCK_TARGET_S
RETARGET_DAYS: Final = RETARGET_BLOCKS / BLOCKS_PER_DAY
_HASHES_PER_PH: Final = HASHES_PER_EH / PH_PER_EH


def subsidy_btc(height: ArrayLike) -> NDArray[np.float64]:
    """New bitcoin in the block at a height: 50, halved every 210,000 blocks [BTC/block]."""
    return FIRST_SUBSIDY_BTC * 0.5 ** np.floor_divide(np.asarray(height, dtype=float), HALVING_BLOCKS)


def hashprice_usd_per_ph_day(
    difficulty: ArrayLike, btc_usd: ArrayLike, subsidy_btc_per_block: ArrayLike, fee_frac: ArrayLike
) -> NDArray[np.float64]:
    r"""Revenue of one PH/s for one day.

    Parameters
    ----------
    difficulty
        Network difficulty. [1]
    btc_usd
        Price of a bitcoin. [USD]
    subsidy_btc_per_block
        New bitcoin in a block. [BTC/block]
    fee_frac
        Fees over subsidy. [1]

    Notes
    -----
    .. math:: S(1+\varphi) \cdot 86400 \cdot 10^{15} / (D \cdot 2^{32}) \cdot P

    Examples
    --------
    >>> round(float(hashprice_usd_per_ph_day(148.26e12, 91_132, 3.125, 0.0055)), 4)
    38.8537
    """
    blocks = SECONDS_PER_DAY * _HASHES_PER_PH / (np.asarray(difficulty, dtype=float) * HASHES_PER_DIFFICULTY)
    return np.asarray(subsidy_btc_per_block) * (1.0 + np.asarray(fee_frac)) * blocks * np.asarray(btc_usd)


def implied_hashrate_eh_per_s(difficulty: ArrayLike) -> NDArray[np.float64]:
    """Hash rate at which a difficulty gives one block in ten minutes [EH/s]."""
    return np.asarray(difficulty, dtype=float) * HASHES_PER_DIFFICULTY / BLOCK_TARGET_S / HASHES_PER_EH


def difficulty_of(hashrate_eh_per_s: ArrayLike) -> NDArray[np.float64]:
    """Difficulty at which a hash rate finds one block in ten minutes [1]."""
    return np.asarray(hashrate_eh_per_s, dtype=float) * HASHES_PER_EH * BLOCK_TARGET_S / HASHES_PER_DIFFICULTY


def retargeted(difficulty: ArrayLike, epoch_s: ArrayLike) -> NDArray[np.float64]:
    """Difficulty after an epoch of 2016 blocks that took ``epoch_s``; a step is at most fourfold."""
    step = RETARGET_BLOCKS * BLOCK_TARGET_S / np.asarray(epoch_s, dtype=float)
    return np.asarray(difficulty) * np.clip(step, 0.25, 4.0)


def block_speed_up(growth_frac_per_year: float) -> float:
    r"""How much faster than ten minutes blocks come while the hash rate grows steadily [1].

    Notes
    -----
    Difficulty repays an epoch's growth only in the next, so with :math:`g = \ln(1+growth)` a day's
    blocks are :math:`\rho` times their target where :math:`\rho\ln\rho = g \cdot 14` days.
    """
    lag = np.log1p(growth_frac_per_year) * RETARGET_DAYS / DAYS_PER_YEAR
    rho = 1.0 + lag
    for _ in range(20):
        rho -= (rho * np.log(rho) - lag) / (np.log(rho) + 1.0)
    return float(rho)


def days_to_halving(height_blocks: float, growth_frac_per_year: float = 0.0) -> float:
    """Days from a block height to the next halving at a steady growth of the hash rate."""
    left = HALVING_BLOCKS - height_blocks % HALVING_BLOCKS
    return float(left / BLOCKS_PER_DAY / block_speed_up(growth_frac_per_year))


def ph_per_mw(j_per_th: ArrayLike) -> NDArray[np.float64]:
    """Hash rate of one MW at the machines [PH/s per MW]."""
    return TH_PER_PH / np.asarray(j_per_th, dtype=float)


def revenue_usd_per_mwh(hashprice: ArrayLike, j_per_th: ArrayLike) -> NDArray[np.float64]:
    """Revenue of one MWh at the machines, from hashprice in $/PH/day [USD/MWh]."""
    return np.asarray(hashprice) * ph_per_mw(j_per_th) / HOURS_PER_DAY


def break_even_power_usd_per_mwh(revenue: ArrayLike, other_opex: ArrayLike, pue: ArrayLike) -> NDArray[np.float64]:
    """Price of power at the meter at which a machine earns nothing [USD/MWh]."""
    return (np.asarray(revenue) - np.asarray(other_opex)) / np.asarray(pue)


def break_even_btc_usd(
    cost_usd_per_mwh: ArrayLike,
    j_per_th: ArrayLike,
    difficulty: ArrayLike,
    subsidy_btc_per_block: ArrayLike,
    fee_frac: ArrayLike,
) -> NDArray[np.float64]:
    """Bitcoin price at which a machine earns nothing, difficulty frozen [USD].

    Parameters
    ----------
    cost_usd_per_mwh
        Power times PUE plus other cost, per MWh at the machine. [USD/MWh]
    j_per_th
        Efficiency. [J/TH]
    difficulty, subsidy_btc_per_block, fee_frac
        As in :func:`hashprice_usd_per_ph_day`.
    """
    for_one_usd = hashprice_usd_per_ph_day(difficulty, 1.0, subsidy_btc_per_block, fee_frac)
    return np.asarray(cost_usd_per_mwh) / revenue_usd_per_mwh(for_one_usd, j_per_th)


def cash_cost_usd_per_ph_day(j_per_th: ArrayLike, usd_per_mwh: ArrayLike) -> NDArray[np.float64]:
    """What running one PH/s for a day costs at an all-in price of a machine's MWh [USD/PH/day]."""
    return np.asarray(usd_per_mwh) * HOURS_PER_DAY * np.asarray(j_per_th) / TH_PER_PH


def annuity_years(rate: ArrayLike, years: ArrayLike) -> NDArray[np.float64]:
    """Present value of one a year, paid continuously, at a continuous rate [year]."""
    rate, years = np.asarray(rate, dtype=float), np.asarray(years, dtype=float)
    safe = np.where(np.abs(rate) < 1e-9, 1.0, rate)
    return np.where(np.abs(rate) < 1e-9, years, -np.expm1(-rate * years) / safe)


def full_cost_usd_per_ph_day(
    cash_cost: ArrayLike, asic_usd_per_th: ArrayLike, rate: ArrayLike, decline: ArrayLike, life_years: ArrayLike
) -> NDArray[np.float64]:
    r"""Hashprice at which a new machine just pays its owner.

    Parameters
    ----------
    cash_cost
        Power, site and other cost of a PH/s. [USD/PH/day]
    asic_usd_per_th
        Price of the machine. [USD/TH/s]
    rate
        Return its owner asks, nominal, continuous. [1/year]
    decline
        How fast hashprice is expected to fall as better machines come, continuous. [1/year]
    life_years
        Years it runs. [year]

    Notes
    -----
    .. math:: h \, a(r+\delta, n) = K/365 + c \, a(r, n), \quad a(r,n) = (1-e^{-rn})/r

    With :math:`\delta = 0` this is cash cost plus capital recovery factor times price.
    """
    capital = np.asarray(asic_usd_per_th) * TH_PER_PH / DAYS_PER_YEAR
    running = np.asarray(cash_cost) * annuity_years(rate, life_years)
    return (capital + running) / annuity_years(np.asarray(rate) + np.asarray(decline), life_years)


def partial_adjustment(level: ArrayLike, target: ArrayLike, kappa: ArrayLike, steps: int = 1) -> NDArray[np.float64]:
    """Level after closing a share ``kappa`` of the log gap to a target in each step."""
    start, end = np.asarray(level, dtype=float), np.asarray(target, dtype=float)
    return end * (start / end) ** ((1.0 - np.asarray(kappa, dtype=float)) ** steps)
