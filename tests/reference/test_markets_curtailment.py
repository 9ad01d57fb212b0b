"""Prefix sums against every hour of real years; the error of the stored curve and of the lognormal form."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from wattworth.markets import curtailment, region_shape
from wattworth.records import DurationCurve

ROOT = Path(__file__).resolve().parents[2]
PRICES = ROOT.parent / "shared" / "data" / "prices"
STRIKES = np.array([-20.0, 0.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0, 150.0, 300.0, 1000.0, 3000.0])

pytestmark = pytest.mark.skipif(not PRICES.is_dir(), reason="the hourly prices are not beside the repository")


@pytest.fixture(scope="module")
def tool() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "derive_power_facts.py")))


@pytest.fixture(scope="module")
def hours_2022(tool):
    return tool.hourly(PRICES, tool.SERIES["ercot_hub"]).filter(tool.pl.col("year") == 2022)


def _puts(mean: float, curve: DurationCurve, strikes: np.ndarray) -> np.ndarray:
    hours, ratio_hours = curtailment.curve_sums(curve)
    return np.array(
        [curtailment.put_value_usd_per_mwh(k, mean, curve.price_ratio, hours, ratio_hours) for k in strikes]
    )


def test_prefix_sums_equal_brute_force(hours_2022):
    """Proves: one bisection per strike equals the mean over 8,760 real hours. Sensitivity: an index off by one
    moves a mid-range strike by about 1e-4."""
    price = hours_2022["usd_per_mwh"].to_numpy()
    assert price.size == 8760
    mean, curve = curtailment.curve_of(price)
    hours, ratio_hours = curtailment.curve_sums(curve)
    for strike in (*STRIKES, *price[::997]):
        put = curtailment.put_value_usd_per_mwh(strike, mean, curve.price_ratio, hours, ratio_hours)
        call = curtailment.call_value_usd_per_mwh(strike, mean, curve.price_ratio, hours, ratio_hours)
        assert put == pytest.approx(np.maximum(strike - price, 0.0).mean(), rel=1e-9, abs=1e-12)
        assert call == pytest.approx(np.maximum(price - strike, 0.0).mean(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", ["ercot_hub", "ercot_west", "nyiso_capitl", "caiso_np15"])
def test_hundred_bins_are_close_to_every_hour(tool, name, capsys):
    """Proves: the stored bins lose little against the hours they pool, for a mean price of 50 $/MWh."""
    series = tool.SERIES[name]
    ratio = tool.hour_ratios(tool.hourly(PRICES, series), series.curve_years)
    region = {"nyiso_capitl": "nyiso_west"}.get(name, name)
    curve = region_shape(region).curve
    every = DurationCurve(ratio, np.full(ratio.size, 1.0 / ratio.size))
    error = _puts(50.0, curve, STRIKES) - _puts(50.0, every, STRIKES)
    with capsys.disabled():
        print(f"\n{name}: 100 bins against {ratio.size} hours, put error $/MWh at 50 mean:", np.round(error, 4))
    assert curve.price_ratio.size == 100
    assert (curve.price_ratio * curve.hours_frac).sum() == pytest.approx(1.0, abs=1e-12)
    assert np.abs(error).max() < 0.01


def test_error_of_the_lognormal_form_is_printed(hours_2022, capsys):
    """Proves: the lognormal form misses what the hours hold. Sensitivity: it would be near zero if it were exact."""
    price = hours_2022["usd_per_mwh"].to_numpy()
    mean, log_sd = float(price.mean()), float(np.log(price[price > 0]).std())
    strikes = STRIKES[STRIKES > 0]
    exact = np.array([np.maximum(k - price, 0.0).mean() for k in strikes])
    lognormal = np.array([curtailment.lognormal_put_usd_per_mwh(k, mean, log_sd) for k in strikes])
    with capsys.disabled():
        print("\nERCOT hub 2022, strikes", strikes)
        print("put by the hour    ", np.round(exact, 2))
        print("lognormal less that", np.round(lognormal - exact, 2))
    assert np.abs(lognormal - exact).max() > 1.0


def test_monthly_means_and_one_curve_come_close_to_a_real_year(hours_2022, tool, capsys):
    """Proves: month means times the pooled curve, as the paths use it, reproduce 2022 within a few dollars."""
    curve = region_shape("ercot_hub").curve
    price = hours_2022["usd_per_mwh"].to_numpy()
    months = hours_2022.group_by("month").agg(tool.pl.col("usd_per_mwh").mean(), tool.pl.len().alias("n"))
    puts = np.stack([_puts(mean, curve, STRIKES) for mean in months["usd_per_mwh"]])
    modelled = (puts * (months["n"].to_numpy() / price.size)[:, None]).sum(axis=0)
    exact = np.array([np.maximum(k - price, 0.0).mean() for k in STRIKES])
    with capsys.disabled():
        print("\nERCOT hub 2022, pooled curve less the year's own hours:", np.round(modelled - exact, 2))
    assert np.abs(modelled - exact).max() < 4.0
