"""Worked numbers of methods.md sections 1 and 4, each computed there independently, to six digits."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from wattworth.markets import bitcoin, build_cost, curtailment

SIX = 5e-6
DIFFICULTY, BTC_USD, FEES = 148.26e12, 91_132.0, 0.0055


def hashprice() -> float:
    return float(bitcoin.hashprice_usd_per_ph_day(DIFFICULTY, BTC_USD, 3.125, FEES))


def test_hashprice_and_implied_hash_rate():
    """Proves: difficulty counts 2^32 hashes. Sensitivity: without fees 38.641, with the next subsidy 19.427."""
    assert hashprice() == pytest.approx(38.8537, rel=SIX)
    assert bitcoin.implied_hashrate_eh_per_s(DIFFICULTY) == pytest.approx(1061.29, rel=SIX)
    assert bitcoin.difficulty_of(bitcoin.implied_hashrate_eh_per_s(DIFFICULTY)) == pytest.approx(DIFFICULTY)


def test_subsidy_halves_by_height():
    heights = [0, 209_999, 210_000, 840_000, 1_049_999, 1_050_000]
    assert bitcoin.subsidy_btc(heights).tolist() == [50.0, 50.0, 25.0, 3.125, 3.125, 1.5625]


def test_next_halving():
    """Proves: 96,432 blocks of ten minutes from 14 June 2026. Sensitivity: a four-year rule gives 20 April 2028."""
    days = bitcoin.days_to_halving(953_568)
    assert days == pytest.approx(669.667, rel=SIX)
    at_rest = dt.datetime(2026, 6, 14) + dt.timedelta(days=days)
    assert at_rest.date() == dt.date(2028, 4, 13)
    growing = dt.datetime(2026, 6, 14) + dt.timedelta(days=bitcoin.days_to_halving(953_568, 0.30))
    assert (at_rest.date() - growing.date()).days == 6


def test_growth_shortens_the_block_time():
    # The note prints 1.01003; rho ln rho = g * 14 days gives 1.010013. Its last digit is not
    # reproduced by any lag of whole epochs tried, so the tolerance is 2e-5 here.
    assert bitcoin.block_speed_up(0.30) == pytest.approx(1.01003, abs=2e-5)


def test_retarget():
    assert bitcoin.retargeted(100.0, 13 * 86_400.0) == pytest.approx(107.692, rel=SIX)
    assert bitcoin.retargeted(100.0, [1.0, 1e9]).tolist() == [400.0, 25.0]


def test_machine():
    revenue = bitcoin.revenue_usd_per_mwh(hashprice(), 13.5)
    assert bitcoin.ph_per_mw(13.5) == pytest.approx(74.0741, rel=SIX)
    assert revenue == pytest.approx(119.919, rel=SIX)
    assert bitcoin.break_even_power_usd_per_mwh(revenue, 5.0, 1.03) == pytest.approx(111.572, rel=SIX)


@pytest.mark.parametrize(("opex", "expected"), [(5.0, 50_764.4), (0.0, 46_964.7)])
def test_break_even_bitcoin(opex, expected):
    got = bitcoin.break_even_btc_usd(60.0 * 1.03 + opex, 13.5, DIFFICULTY, 3.125, FEES)
    assert got == pytest.approx(expected, rel=SIX)


@pytest.mark.parametrize(("months", "expected"), [(1, 1026.58), (12, 1207.15)])
def test_partial_adjustment(months, expected):
    assert bitcoin.partial_adjustment(1000.0, 1300.0, 0.1, months) == pytest.approx(expected, rel=SIX)


@pytest.mark.parametrize(("j_per_th", "expected"), [(11.0, 123.864), (13.5, 100.926), (17.5, 77.8571), (21.5, 63.3721)])
def test_value_density_of_mining(j_per_th, expected):
    """Section 2, value density at 32.7 $/PH/day."""
    assert bitcoin.revenue_usd_per_mwh(32.7, j_per_th) == pytest.approx(expected, rel=SIX)


def test_lognormal_curtailment():
    """Proves: put, uptime and price paid share one d1. Sensitivity: the intrinsic value alone is 55."""
    assert curtailment.lognormal_put_usd_per_mwh(100, 45, 0.8) == pytest.approx(59.2657, rel=SIX)
    assert curtailment.lognormal_running_frac(100, 45, 0.8) == pytest.approx(0.918964, rel=SIX)
    assert curtailment.lognormal_running_price_usd_per_mwh(100, 45, 0.8) == pytest.approx(35.5081, rel=SIX)
    assert curtailment.lognormal_call_usd_per_mwh(100, 45, 0.8) == pytest.approx(4.26575, rel=SIX)


def test_empirical_curtailment():
    """Proves: eight hours by hand, a negative one and a scarce one among them. Sensitivity: put at the mean is 0."""
    mean, curve = curtailment.curve_of(np.array([-10.0, 0.0, 20.0, 30.0, 50.0, 90.0, 150.0, 1000.0]))
    hours, ratio_hours = curtailment.curve_sums(curve)
    put = curtailment.put_value_usd_per_mwh(80.0, mean, curve.price_ratio, hours, ratio_hours)
    call = curtailment.call_value_usd_per_mwh(80.0, mean, curve.price_ratio, hours, ratio_hours)
    paid = curtailment.running_price_usd_per_mwh(80.0, mean, curve.price_ratio, hours, ratio_hours)
    assert put == pytest.approx(38.75, rel=1e-12)
    assert call == pytest.approx(125.0, rel=1e-12)
    assert curtailment.running_frac(80.0, mean, curve.price_ratio, hours) == pytest.approx(5 / 8, rel=1e-12)
    assert paid == pytest.approx(18.0, rel=1e-12)


def test_capital_cost():
    shares = build_cost.s_curve_shares(4)
    assert shares.tolist() == [0.15625, 0.34375, 0.34375, 0.15625]
    assert build_cost.escalated_cost(100.0, 0.04, shares, 2.0) == pytest.approx(104.018, rel=SIX)
    assert build_cost.interest_while_building(shares, 0.08, 2.0) == pytest.approx(0.0823281, rel=SIX)
    assert build_cost.scaled_cost(1000.0, 0.5, 0.65) == pytest.approx(637.280, rel=SIX)
