"""Recompute the derived power facts from the hourly prices they come from."""

from __future__ import annotations

import csv
import runpy
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from wattworth import facts, markets

ROOT = Path(__file__).resolve().parents[2]
PRICES = ROOT.parent / "shared" / "data" / "prices"

pytestmark = pytest.mark.skipif(not PRICES.is_dir(), reason="the hourly prices are not beside the repository")


@pytest.fixture(scope="module")
def tool() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "derive_power_facts.py")))


@pytest.mark.parametrize(
    ("name", "region", "scale"),
    [("ercot_hub", "ercot_hub", 1.0), ("nyiso_capitl", "nyiso_west", 0.75), ("caiso_np15", "caiso_np15", 1.0)],
)
def test_level_reversion_and_volatility(tool, name, region, scale):
    """Proves: the stored figures follow from the hours by the rules. Sensitivity: 2021 would double the level."""
    hours = tool.hourly(PRICES, tool.SERIES[name])
    book = facts.load()
    months = tool.monthly(hours)
    season = tool.season_ratios(months)
    speed, volatility = tool.reversion_and_volatility(months, season)
    assert book[markets.level_key(region)].value == pytest.approx(scale * tool.level_usd_per_mwh(hours), rel=2e-3)
    assert book[f"power_{region}.mean_reversion"].value == pytest.approx(speed, rel=1e-3)
    assert book[f"power_{region}.volatility"].value == pytest.approx(volatility, rel=1e-3)
    np.testing.assert_allclose(markets.region_shape(region).season_ratio, season, rtol=1e-5)


def test_west_is_scaled_from_the_hub(tool):
    west, hub = (
        tool.level_usd_per_mwh(tool.hourly(PRICES, tool.SERIES[name]), 2022, 2022)
        for name in ("ercot_west", "ercot_hub")
    )
    book = facts.load()
    ratio = book["power_ercot_west.level"].value / book["power_ercot_hub.level"].value
    assert ratio == pytest.approx(west / hub, rel=1e-3)


def test_common_share_is_the_correlation_of_shocks(tool):
    """Proves: two regions' shocks correlate by the share of variance they have in common."""
    months = {name: tool.monthly(tool.hourly(PRICES, tool.SERIES[name])) for name in tool.SERIES}
    markets_of = [(months[name], tool.season_ratios(months[name])) for name in tool.SERIES if name != "ercot_west"]
    pairs = [tool.shock_correlation(*pair) for pair in combinations(markets_of, 2)]
    assert facts.load()["power.common_share"].value == pytest.approx(np.mean(pairs), abs=0.03)


def test_yearly_means_are_those_the_data_set_states(tool):
    """Proves: clock and file are read right. Sensitivity: a year cut in UTC moves the last digit."""
    hours = tool.hourly(PRICES, tool.SERIES["ercot_hub"])
    means = [round(tool.level_usd_per_mwh(hours, year, year), 1) for year in range(2020, 2025)]
    assert means == [21.8, 145.6, 64.3, 55.9, 28.1]


def test_bitcoin_volatility_follows_from_the_quarters():
    """Proves: s.d. of log changes of quarterly means x 2 x sqrt(3/2). Sensitivity: 0.486 without the last factor."""
    table = ROOT.parent / "shared" / "facts" / "bitcoin_network.csv"
    if not table.is_file():
        pytest.skip("the quarterly table is not beside the repository")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    price = np.array([float(row["btc_usd"]) for row in rows if row["kind"] == "quarter_mean"])
    volatility = np.diff(np.log(price)).std(ddof=1) * 2.0 * np.sqrt(1.5)
    assert facts.load()["btc.volatility"].value == pytest.approx(volatility, abs=5e-4)
