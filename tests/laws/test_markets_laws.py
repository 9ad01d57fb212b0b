"""Laws of curtailment and of the machine's full cost."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wattworth import facts, markets
from wattworth.markets import bitcoin, gpu
from wattworth.markets.curtailment import (
    call_value_usd_per_mwh,
    curve_sums,
    put_value_usd_per_mwh,
    running_frac,
)
from wattworth.records import DurationCurve, ParameterDraws

ratios = arrays(float, st.integers(1, 40), elements=st.floats(-5.0, 60.0, width=32), unique=True).map(np.sort)
strikes = st.floats(-200.0, 2_000.0)
means = st.floats(1.0, 500.0)


def _curve(ratio: np.ndarray) -> DurationCurve:
    share = np.arange(1.0, ratio.size + 1.0)
    return DurationCurve(ratio, share / share.sum())


@settings(max_examples=150, deadline=None)
@given(ratios, strikes, means)
def test_put_is_the_plain_mean_and_parity_holds(ratio, strike, mean):
    curve = _curve(ratio)
    hours, sums = curve_sums(curve)
    price = mean * ratio
    put = put_value_usd_per_mwh(strike, mean, ratio, hours, sums)
    call = call_value_usd_per_mwh(strike, mean, ratio, hours, sums)
    scale = 1e-9 * (abs(strike) + mean * np.abs(ratio).max())
    assert put == pytest.approx((np.maximum(strike - price, 0.0) * curve.hours_frac).sum(), rel=1e-9, abs=scale)
    assert put - call == pytest.approx(strike - (price * curve.hours_frac).sum(), rel=1e-9, abs=scale)


@settings(max_examples=100, deadline=None)
@given(ratios, strikes, st.floats(0.0, 100.0), means)
def test_a_higher_strike_is_worth_more_but_not_more_than_it_adds(ratio, strike, more, mean):
    hours, sums = curve_sums(_curve(ratio))
    low = put_value_usd_per_mwh(strike, mean, ratio, hours, sums)
    high = put_value_usd_per_mwh(strike + more, mean, ratio, hours, sums)
    slack = 1e-9 * (abs(strike) + more + 60.0 * mean)
    assert low - slack <= high <= low + more + slack
    assert running_frac(strike, mean, ratio, hours) <= running_frac(strike + more, mean, ratio, hours)


@settings(max_examples=60, deadline=None)
@given(st.floats(1.0, 60.0), st.floats(1.0, 60.0), st.floats(0.0, 0.4), st.floats(0.0, 0.3), st.floats(1.0, 8.0))
def test_a_machine_bought_at_full_cost_has_no_net_value(cash, asic, rate, decline, life):
    """Proves: hashprice starting at the threshold and falling as expected repays price and running cost exactly."""
    start = bitcoin.full_cost_usd_per_ph_day(cash, asic, rate, decline, life)
    years, step = np.linspace(0.0, life, 20_001, retstep=True)
    flow = (start * np.exp(-decline * years) - cash) * np.exp(-rate * years) * 365.0
    worth = step * (flow.sum() - 0.5 * (flow[0] + flow[-1]))
    assert worth == pytest.approx(1000.0 * asic, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.floats(1e13, 1e16), st.floats(1e3, 1e6), st.floats(0.01, 50.0), st.floats(0.0, 2.0))
def test_hashprice_scales_with_price_and_against_difficulty(difficulty, price, subsidy, fees):
    one = bitcoin.hashprice_usd_per_ph_day(difficulty, price, subsidy, fees)
    assert bitcoin.hashprice_usd_per_ph_day(2 * difficulty, 2 * price, subsidy, fees) == pytest.approx(one)
    assert bitcoin.hashprice_usd_per_ph_day(difficulty, 2 * price, subsidy, fees) == pytest.approx(2 * one)


FIRST_FACTORS = ("btc_usd", "rent_usd_per_kw_month", "build_cost_index", "site_price_index", "network_eh_per_s")


@settings(max_examples=8, deadline=None)
@given(
    st.floats(-0.2, 0.2),
    st.floats(-0.2, 0.2),
    st.floats(0.1, 0.9),
    st.floats(6.0, 60.0),
    st.sampled_from(["2025", "2026"]),
)
def test_gpu_and_gas_never_move_the_older_markets(first, second, volatility, interval, case):
    """Proves: whatever GPU and gas facts are, bitcoin, rent, cost, sites, power and network keep every digit.

    Sensitivity: a factor put before the others, or a stream drawn by position, would move all of them.
    """
    book = facts.load()
    keys = {*markets.FACT_KEYS, *markets.region_keys("pjm")}
    plain = ParameterDraws({key: np.full(256, book[key].value) for key in keys})
    moved = {"gpu.volatility": volatility, "gas.volatility": volatility, "gpu.launch_interval": interval}
    changed = ParameterDraws({**plain.values, **{key: np.full(256, value) for key, value in moved.items()}})
    loose = {"correlation.btc_gpu": first, "correlation.power_gas": second, "correlation.gpu_gas": first}
    other = {**book, **{key: replace(book[key], value=value, low=None, high=None) for key, value in loose.items()}}

    def run(held, params, commodity_case):
        study = SimpleNamespace(
            as_of="2026-06", horizon_years=2, facts=held, commodity_case=commodity_case, market_series={}
        )
        return markets.draw(study, params, 9, range(1), ("pjm",))

    for before, after in zip(run(book, plain, "2026"), run(other, changed, case), strict=True):
        for name in FIRST_FACTORS:
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name), name)
        np.testing.assert_array_equal(after.power_usd_per_mwh["pjm"], before.power_usd_per_mwh["pjm"])
        assert not np.array_equal(after.gpu_usd_per_hour, before.gpu_usd_per_hour)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 20.0), st.floats(-1.0, 3.0))
def test_a_year_average_lies_between_its_ends(start, decay):
    ends = sorted((start, start * np.exp(-decay)))
    average = float(gpu.year_average_usd_per_hour(start, decay))
    assert ends[0] * (1 - 1e-9) <= average <= ends[1] * (1 + 1e-9)
