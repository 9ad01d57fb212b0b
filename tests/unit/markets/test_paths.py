"""Paths under both measures: their means, their bits, and their good sense over thirty years."""

from __future__ import annotations

import dataclasses
import time
from types import SimpleNamespace

import numpy as np
import pytest

from wattworth import markets
from wattworth.compute.streams import normals
from wattworth.errors import StudyError
from wattworth.markets import gpu
from wattworth.markets.network import fee_ratio_paths
from wattworth.records import MarketPaths

ARRAYS = tuple(
    field.name
    for field in dataclasses.fields(MarketPaths)
    if field.name not in ("measure", "curves", "power_usd_per_mwh", "power_level_usd_per_mwh", "peak_usd_per_kw_month")
)


def every_array(paths: MarketPaths) -> dict[str, np.ndarray]:
    peaks = {f"peak:{region}": array for region, array in paths.peak_usd_per_kw_month.items()}
    return {name: getattr(paths, name) for name in ARRAYS} | dict(paths.power_usd_per_mwh) | peaks


@pytest.fixture(scope="module")
def drawn(book, stated, regions):
    study = SimpleNamespace(as_of="2026-06", horizon_years=30, facts=book, commodity_case="2026", market_series={})
    return markets.draw(study, stated(256 * 24), 7, range(24), regions)


def test_every_array_is_finite_positive_and_whole(drawn, regions):
    for paths in drawn:
        assert set(paths.curves) == set(regions)
        for name, array in every_array(paths).items():
            assert array.shape == (361, 256 * 24), name
            assert array.flags.c_contiguous, name
            assert np.isfinite(array).all(), name
            assert array.min() > 0 or name.startswith("peak:"), name


def test_month_zero_is_the_as_of_state(drawn, book):
    for paths in drawn:
        assert (paths.btc_usd[0] == book["btc.price"].value).all()
        assert (paths.rent_usd_per_kw_month[0] == book["lease_landlord_pays_capex.rent_year1"].value).all()
        assert (paths.build_cost_index[0] == 1.0).all()
        assert (paths.site_price_index[0] == 1.0).all()
        assert paths.hashprice_usd_per_ph_day[0, 0] == pytest.approx(32.71, rel=0.01)  # computed for July 2026


def test_block_size_moves_no_digit(study, stated, regions):
    """Proves: three chunks together equal three alone. Sensitivity: any sum or stream across draws would differ."""
    together = markets.draw(study, stated(768), 7, range(3), regions)
    for chunk in range(3):
        alone = markets.draw(study, stated(256), 7, range(chunk, chunk + 1), regions)
        for whole, part in zip(together, alone, strict=True):
            for name, array in every_array(part).items():
                np.testing.assert_array_equal(every_array(whole)[name][:, chunk * 256 : chunk * 256 + 256], array, name)


def test_another_region_or_order_moves_no_other_path(study, stated, regions):
    few, _ = markets.draw(study, stated(256), 7, range(1), regions[:1])
    many, _ = markets.draw(study, stated(256), 7, range(1), regions[::-1])
    for name, array in every_array(few).items():
        np.testing.assert_array_equal(every_array(many)[name], array, name)


def test_a_longer_horizon_keeps_the_earlier_months(study, stated, regions):
    long, _ = markets.draw(study, stated(256), 7, range(1), regions)
    study.horizon_years = 5
    short, _ = markets.draw(study, stated(256), 7, range(1), regions)
    for name, array in every_array(short).items():
        np.testing.assert_array_equal(every_array(long)[name][:61], array, name)


def _near(samples: np.ndarray, expected: float) -> None:
    error = samples.std() / np.sqrt(samples.size)
    assert abs(samples.mean() - expected) < 4.0 * error, (samples.mean(), expected, error)


@pytest.mark.parametrize("month", [12, 60, 120])
def test_mean_of_bitcoin_under_each_drift(drawn, book, month):
    """Proves: risk-free growth in pricing, plus beta x ERP in the real world, within four standard errors.

    Sensitivity: a forgotten half variance would add 19 % a year.
    """
    pricing, real = drawn
    years = month / 12.0
    premium = book["btc.beta"].value * book["global.mature_erp_jan2026"].value
    riskless = book["btc.price"].value * (1.0 + book["global.us_10y"].value) ** years
    _near(pricing.btc_usd[month], riskless)
    _near(real.btc_usd[month], riskless * np.exp(premium * years))


@pytest.mark.parametrize("month", [12, 60, 240])
def test_mean_of_rent_and_power(drawn, book, month):
    """Proves: the real-world mean is the growth path; pricing lies below it by a premium that saturates.

    Sensitivity: beta x ERP charged every year would take 80 % of the rent at year 20, not 33 %.
    """
    pricing, real = drawn
    years = month / 12.0
    erp, speed = book["global.mature_erp_jan2026"].value, book["rent.mean_reversion"].value
    rent = book["lease_landlord_pays_capex.rent_year1"].value * (1 + book["rent.growth"].value) ** years
    _near(real.rent_usd_per_kw_month[month], rent)
    drop = book["rent.beta"].value * erp * (1.0 - np.exp(-speed * years)) / speed
    ratio = pricing.rent_usd_per_kw_month[month] / real.rent_usd_per_kw_month[month]
    np.testing.assert_allclose(ratio, np.exp(-drop), rtol=1e-9)
    hub = book["power_ercot_hub.level"].value * (1 + book["power.growth"].value) ** years
    season = markets.region_shape("ercot_hub").season_ratio[5]  # June, as the as-of month
    _near(real.power_usd_per_mwh["ercot_hub"][month], hub * season)


@pytest.mark.parametrize("month", [12, 60, 240])
def test_mean_of_gas_and_of_gpu_rent_between_launches(drawn, book, month):
    """Proves: gas follows its level and growth; GPU rent, its launches taken out, its decay; premia saturate.

    Sensitivity: beta x ERP charged every year would take 82 % of a GPU-hour at year 20, not 25 %.
    """
    pricing, real = drawn
    years, erp = month / 12.0, book["global.mature_erp_jan2026"].value
    gas = book["gas_2026.henry_hub"].value * (1 + book["gas.growth"].value) ** years
    _near(real.gas_usd_per_mmbtu[month], gas)
    launched = real.gpu_per_kw[month] / real.gpu_per_kw[0]
    kept = launched ** gpu.pass_through_frac({k: np.array(book[k].value) for k in gpu.FACT_KEYS})
    rent = 2.50 * (1 - book["gpu.decay"].value) ** years
    _near(real.gpu_usd_per_hour[month] * kept, rent)
    for name, of in (("gas", "gas_usd_per_mmbtu"), ("gpu", "gpu_usd_per_hour")):
        speed = book[f"{name}.mean_reversion"].value
        drop = book[f"{name}.beta"].value * erp * (1.0 - np.exp(-speed * years)) / speed
        np.testing.assert_allclose(getattr(pricing, of)[month] / getattr(real, of)[month], np.exp(-drop), rtol=1e-9)


def test_fees_keep_their_mean_and_spike(stated):
    """Proves: fees over their mean average one and pass three in about one month of twenty.

    Sensitivity: without the half variance the mean would be 1.45.
    """
    shocks = normals(11, "fees", range(40), 24)
    ratio = fee_ratio_paths(stated(256 * 40), shocks)
    assert (ratio[0] == 1.0).all()
    _near(ratio[24], 1.0)
    assert (ratio[24] > 3.0).mean() == pytest.approx(0.045, abs=0.01)  # log s.d. 0.866: P(z > 1.702)


def test_build_cost_fades_to_general_prices(drawn, book):
    _, real = drawn
    _near(real.build_cost_index[12], 1.0516)  # 5.5 %/yr fading to 2.3 % with a half-life of three years: by hand
    late = np.log(real.build_cost_index[360].mean() / real.build_cost_index[300].mean()) / 5.0
    assert late == pytest.approx(np.log1p(book["price_level.growth"].value), abs=0.01)


def test_shocks_are_correlated_as_stated(drawn, book):
    _, real = drawn
    paths = {
        "btc": real.btc_usd,
        "rent": real.rent_usd_per_kw_month,
        "build_cost": real.build_cost_index,
        "site_price": real.site_price_index,
    }
    names = list(paths)
    step = {name: np.log(array[2] / array[1]) for name, array in paths.items()}
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            stated = book[f"correlation.{first}_{second}"].value
            assert np.corrcoef(step[first], step[second])[0, 1] == pytest.approx(stated, abs=4 / np.sqrt(6144)), second


def test_mining_stays_sane_for_thirty_years(drawn, capsys):
    """Proves: the best machine earns near its full cost in the long run, in money of the as-of month.

    Sensitivity: a threshold at cash cost alone gives about 40 $/MWh; no entry at all gives several hundred.
    """
    for paths in drawn:
        real_usd = paths.hashprice_usd_per_ph_day * 1000.0 / 24.0 / paths.asic_j_per_th / paths.price_index
        with capsys.disabled():
            print(f"\n{paths.measure}: best machine, $/MWh in money of 2026, P5 P50 P95")
        for month in (12, 60, 120, 240, 360):
            low, mid, high = np.percentile(real_usd[month], (5, 50, 95))
            with capsys.disabled():
                print(f"  month {month}: {low:.0f} {mid:.0f} {high:.0f}")
            assert 50.0 < mid < 150.0
            assert low > 30.0  # fees are two fifths of the revenue in thirty years, and a quiet month has half of them
            assert high < 350.0


def test_difficulty_moves_about_as_much_as_it_did(drawn):
    """Proves: quarterly changes of ln hash rate have an s.d. near the 0.138 of 2021-25 (standard error 0.025)."""
    _, real = drawn
    quarters = np.log(real.network_eh_per_s[1:61]).reshape(20, 3, -1).mean(axis=1)
    assert np.diff(quarters, axis=0).std() == pytest.approx(0.138, abs=2 * 0.025)


def test_central_is_the_quiet_pricing_path(study, stated, regions, book):
    paths = markets.central(study, stated(1), regions)
    assert paths.measure == "pricing"
    assert paths.n_draw == 1
    for name, array in every_array(paths).items():
        assert np.isfinite(array).all(), name
    years = np.arange(361)[:, None] / 12.0
    np.testing.assert_allclose(paths.btc_usd, book["btc.price"].value * (1 + book["global.us_10y"].value) ** years)
    again = markets.central(study, stated(1, btc__volatility=5.0, network__noise=1.0), regions)
    np.testing.assert_array_equal(paths.network_eh_per_s, again.network_eh_per_s)


def test_simulate_accepts_shocks_of_its_own(study, stated):
    study.horizon_years = 2
    shocks = {name: normals(3, name, range(1), 24) for name in markets.shock_names(["pjm"])}
    paths = markets.simulate(study, stated(256), shocks, ["pjm"], "real_world")
    assert paths.n_month == 25
    assert paths.measure == "real_world"


def test_an_unknown_region_is_refused(study, stated):
    with pytest.raises(StudyError, match=r'"ercot_wset"; did you mean "ercot_west"'):
        markets.draw(study, stated(256), 1, range(1), ["ercot_wset"])


def test_speed(study, stated, regions):
    """Proves: a chunk of 256 draws, 361 months and six regions takes about 60 ms (limit: twice that)."""
    params = stated(256)
    markets.draw(study, params, 1, range(1), regions)
    start = time.process_time()
    for seed in range(5):
        markets.draw(study, params, seed, range(1), regions)
    assert (time.process_time() - start) / 5 < 0.12
