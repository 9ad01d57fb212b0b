"""A study's own series in the paths: values while they last, growth after, premium by measure."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from wattworth import markets
from wattworth.errors import StudyError
from wattworth.markets.expected import replaced
from wattworth.records import Calendar, HourlySeries, MonthlySeries
from wattworth.study.schema import StudyFile

ERP_KEY = "global.mature_erp_jan2026"


def _series(name: str, *values: float, forward: bool = False, **more: object) -> MonthlySeries:
    return MonthlySeries(name, f"{name}.csv", "2026-06", values, forward=forward, **more)  # type: ignore[arg-type]


def _central(study, stated, *own, **changes: float):
    study.horizon_years = 3
    study.market_series = {series.name: series for series in own}
    return markets.central(study, stated(1, **changes), ("pjm",))


def test_an_expected_series_less_the_premium(study, stated, book):
    """Proves: the pricing mean is the file less beta x ERP, and past its end the last value grows risk-free.

    Sensitivity: growth from the packaged price would jump back to 65,000 in month 3.
    """
    paths = _central(study, stated, _series("btc_usd", 70e3, 80e3, 90e3))
    erp = book[ERP_KEY].value
    months = np.arange(3)
    np.testing.assert_allclose(
        paths.btc_usd[:3, 0],
        np.array([70e3, 80e3, 90e3]) * np.exp(-book["btc.beta"].value * erp * months / 12),
        rtol=1e-12,
    )
    riskless = (1 + book["global.us_10y"].value) ** (1 / 12)
    np.testing.assert_allclose(paths.btc_usd[3:, 0] / paths.btc_usd[2:-1, 0], riskless, rtol=1e-12)


def test_a_forward_series_is_the_pricing_mean(study, stated, book):
    """Proves: forwards stand as they are; the real-world mean lies above them by what shocks earn."""
    own = _series("gas", 3.0, 3.1, 3.2, forward=True)
    paths = _central(study, stated, own)
    np.testing.assert_allclose(paths.gas_usd_per_mmbtu[:3, 0], [3.0, 3.1, 3.2], rtol=1e-12)
    shocks = {name: np.zeros((36, 1)) for name in markets.shock_names(("pjm",))}
    real = markets.simulate(study, stated(1, gas__volatility=0.0), shocks, ("pjm",), "real_world")
    k, erp = book["gas.mean_reversion"].value, book[ERP_KEY].value
    above = np.exp(0.2 * erp * (1.0 - np.exp(-k * 2.0 / 12.0)) / k)
    assert real.gas_usd_per_mmbtu[2, 0] == pytest.approx(3.2 * above, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "path"),
    [("rent", "rent_usd_per_kw_month"), ("gpu_hour", "gpu_usd_per_hour"), ("hashprice", "hashprice_usd_per_ph_day")],
)
def test_forward_values_stand_on_the_central_path(study, stated, name, path):
    paths = _central(study, stated, _series(name, 40.0, 41.0, 39.0, forward=True))
    np.testing.assert_allclose(getattr(paths, path)[:3, 0], [40.0, 41.0, 39.0], rtol=1e-9)


def test_launches_lower_a_gpu_series_only_after_its_end(study, stated):
    """Proves: a forward curve of 12 months holds its own launches; the one at month 33 is the model's again."""
    paths = _central(study, stated, _series("gpu_hour", *[2.0] * 12, forward=True))
    price, passed = paths.gpu_usd_per_hour[:, 0], 1.0 + 2.0 * np.log(0.95) / np.log(1.53)
    np.testing.assert_allclose(price[:12], 2.0, rtol=1e-12)
    assert price[33] / price[32] == pytest.approx(1.53**-passed * 0.95 ** (1 / 12), rel=1e-9)


def test_an_own_hashprice_moves_hash_rate_against_it(study, stated):
    """Proves: hashprice x hash rate stays, so bitcoin's price and fees still add up."""
    own = _central(study, stated, _series("hashprice", 30.0, 60.0))
    packaged = _central(study, stated)
    np.testing.assert_allclose(
        own.hashprice_usd_per_ph_day * own.network_eh_per_s,
        packaged.hashprice_usd_per_ph_day * packaged.network_eh_per_s,
        rtol=1e-12,
    )
    assert (own.asic_usd_per_th[3:] > packaged.asic_usd_per_th[3:]).all()


def test_months_of_power_carry_their_seasons(study, stated):
    values = tuple(30.0 + month for month in range(12))
    paths = _central(study, stated, _series("power_pjm", *values, forward=True))
    power = paths.power_usd_per_mwh["pjm"][:, 0]
    np.testing.assert_allclose(power[:12], values, rtol=1e-12)
    ratio = markets.region_shape("pjm").season_ratio
    assert power[12] / power[11] == pytest.approx(ratio[5] / ratio[4] * 1.025 ** (1 / 12), rel=1e-9)
    assert paths.power_level_usd_per_mwh["pjm"] == pytest.approx(np.mean(values))


def test_hours_of_power_set_level_season_and_curve(study, stated):
    season = tuple(np.linspace(0.5, 1.5, 12))
    own = HourlySeries("power_hours_pjm", "h.csv", 8760, 25.0, season, (0.5, 1.5), (0.5, 0.5))
    paths = _central(study, stated, own, power__beta=0.0, power__growth=0.0)
    assert paths.power_usd_per_mwh["pjm"][[0, 7], 0] == pytest.approx([25.0 * season[5], 25.0 * season[0]])
    assert paths.curves["pjm"].price_ratio.tolist() == [0.5, 1.5]
    assert paths.power_level_usd_per_mwh["pjm"] == pytest.approx(25.0)


def test_a_range_keeps_the_mean_and_its_tenths():
    """Proves: over the range the mean is the value; P90 over P10 is that of the file.

    Sensitivity: without the norm a range from 50 to 200 about 100 has a mean of 115.
    """
    own = _series("gas", 100.0, low=(50.0,), high=(200.0,))
    place = np.random.default_rng(1).standard_normal(400_000)
    start, growth = replaced(own, Calendar("2026-06", 1), np.zeros((13, place.size)), place)
    sample = start * np.exp(growth[0])
    assert sample.mean() == pytest.approx(100.0, abs=4 * sample.std() / np.sqrt(place.size))
    low, high = np.percentile(sample, (10, 90))
    assert high / low == pytest.approx(4.0, rel=0.01)
    assert (growth[12] == growth[0]).all()


def test_a_range_is_drawn_once_for_an_outer_draw(study, stated):
    study.horizon_years = 1
    study.market_series = {"rent": _series("rent", 130.0, 131.0, low=(90.0, 90.0), high=(180.0, 180.0))}
    paths, _ = markets.draw(study, stated(256), 3, range(1), ("pjm",))
    outer = paths.rent_usd_per_kw_month[0].reshape(4, 64)
    assert (outer == outer[:, :1]).all()
    assert np.unique(outer).size == 4


@pytest.mark.parametrize("first", ["2026-07", "2020-01"])
def test_a_series_that_misses_the_as_of_month_is_refused(study, stated, first):
    study.market_series = {"gas": MonthlySeries("gas", "gas.csv", first, (3.0, 3.1))}
    with pytest.raises(StudyError, match=r"gas.csv: .* does not hold the as-of month 2026-06"):
        markets.central(study, stated(1), ("pjm",))


def test_a_study_may_declare_every_commodity_case_and_no_other():
    assert get_args(StudyFile.model_fields["commodity_case"].annotation) == markets.COMMODITY_CASES


def test_the_commodity_case_picks_the_level_of_gas(study, stated, book):
    for case in ("2025", "2026"):
        study.commodity_case = case
        level = book[f"gas_{case}.henry_hub"].value
        assert markets.central(study, stated(1), ("pjm",)).gas_usd_per_mmbtu[0, 0] == level
