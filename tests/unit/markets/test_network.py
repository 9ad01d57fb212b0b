"""The network's answer to price: two thresholds, idle machines, halvings by height."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.markets import bitcoin
from wattworth.markets.network import machine_costs, network_paths

PRICE = 65_000.0


@pytest.fixture
def follow(stated):
    """Hash rate and hashprice along a path of the bitcoin price, without noise."""

    def run(btc: np.ndarray, months_since_height: int = 0, **changes: float):
        params = stated(1, network__noise=0.0, **changes)
        prices = np.asarray(btc, dtype=float)[:, None]
        index = np.ones_like(prices)
        shocks = np.zeros((prices.size - 1, 1))
        return network_paths(prices, machine_costs(index, params), params, shocks, months_since_height)

    return run


def test_start(follow, book):
    paths = follow(np.full(2, PRICE))
    difficulty = book["network.difficulty"].value * 1e12
    fees = book["network.fee_share"].value
    expected = bitcoin.hashprice_usd_per_ph_day(difficulty, PRICE, 3.125, fees)
    assert paths.hashprice_usd_per_ph_day[0, 0] == pytest.approx(expected, rel=1e-12)
    assert paths.network_eh_per_s[0, 0] == pytest.approx(bitcoin.implied_hashrate_eh_per_s(difficulty), rel=1e-12)


def test_halving_comes_by_height(follow, book):
    """Proves: the subsidy halves once 1,050,000 blocks are found. Sensitivity: without it hashprice keeps its trend."""
    frozen = {"network__kappa_up": 0.0, "network__kappa_down": 0.0, "network__wear": 0.0}
    paths = follow(np.full(40, PRICE), **frozen)
    left = 1_050_000 - book["network.block_height"].value
    month = int(left // 4380) + 1
    hashprice = paths.hashprice_usd_per_ph_day[:, 0]
    fees = book["network.fee_share"].value
    assert np.ptp(hashprice[:month]) < 1e-9
    assert hashprice[month + 1] / hashprice[month - 1] == pytest.approx((0.5 + fees) / (1.0 + fees), rel=1e-9)
    late = 1.0 - (left / 4380 - int(left // 4380))
    assert hashprice[month] / hashprice[0] == pytest.approx((1.0 - 0.5 * late + fees) / (1.0 + fees), rel=1e-9)


def test_a_later_as_of_month_stands_nearer_the_halving(follow):
    frozen = {"network__kappa_up": 0.0, "network__kappa_down": 0.0, "network__wear": 0.0}
    now, later = (follow(np.full(40, PRICE), months, **frozen).hashprice_usd_per_ph_day[:, 0] for months in (0, 5))
    np.testing.assert_allclose(later[:35], now[5:], rtol=1e-9)


def test_growth_brings_the_halving_sooner(follow):
    paths = follow(PRICE * 1.05 ** np.arange(30))
    still = follow(np.full(30, PRICE), network__kappa_up=0.0, network__kappa_down=0.0, network__wear=0.0)

    def halving(run) -> int:
        return int(np.argmin(np.diff(np.log(run.hashprice_usd_per_ph_day[:, 0]))))

    assert halving(paths) <= halving(still)


def test_entry_above_full_cost(follow):
    """Proves: after the price doubles for good, hash rate climbs until a new machine just pays."""
    path = np.full(240, 4.0 * PRICE)
    path[0] = PRICE
    paths = follow(path, asic__efficiency_gain=1e-9, network__idle=0.0, network__fee_share=1e6)
    growth = np.diff(np.log(paths.network_eh_per_s[:, 0]))
    assert growth[0] > 0.05
    assert growth[-1] == pytest.approx(0.0, abs=0.006)


def test_nothing_is_added_between_the_thresholds(follow, book):
    """Proves: between cash cost and full cost the hash rate only wears. Sensitivity: one threshold would move it."""
    paths = follow(np.full(6, PRICE * 1.05), network__idle=0.0)
    growth = np.diff(np.log(paths.network_eh_per_s[:, 0]))[1:]
    np.testing.assert_allclose(growth, -book["network.wear"].value / 12.0, rtol=1e-9)


def test_switch_off_is_fast_and_comes_back(follow):
    """Proves: half the price for a year idles machines; when it returns they do, within months, not years."""
    path = np.full(40, PRICE)
    path[1:13] = 0.5 * PRICE
    paths = follow(path[:20], network__idle=0.0)
    hash_rate = paths.network_eh_per_s[:, 0]
    assert hash_rate[3] < 0.75 * hash_rate[0]
    assert hash_rate[17] > 0.8 * hash_rate[0]


def test_machines_follow_hashprice_down_to_a_floor(follow, book):
    paths = follow(np.r_[PRICE, np.full(3, 0.9 * PRICE), np.full(200, 0.05 * PRICE)])
    price = paths.asic_usd_per_th[:, 0]
    assert price[0] == book["asic.best_price"].value
    ratio = paths.hashprice_usd_per_ph_day[1, 0] / paths.hashprice_usd_per_ph_day[0, 0]
    assert price[1] == pytest.approx(price[0] * ratio ** book["asic.price_elasticity"].value, rel=1e-9)
    assert price[4] == pytest.approx(book["asic.price_floor"].value, rel=0.06)


def test_efficiency_gains_fade(stated, book):
    costs = machine_costs(np.ones((1201, 1)), stated(1))
    best = costs.best_j_per_th[:, 0]
    first_year = best[12] / best[0]
    assert first_year == pytest.approx(1.0 - book["asic.efficiency_gain"].value, rel=0.01)
    assert best[0] / best[1200] == pytest.approx(4.4, rel=0.02)  # exp(0.1278 x 8 / ln 2), by hand
