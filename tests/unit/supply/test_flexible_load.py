"""Curtailment hours and the mine behind a hall: hand cases, laws, real prices."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.flexible_load import (
    curtailment_value,
    hours_of_share,
    mine_behind_hall,
    mine_sink,
    stepped_back,
)
from wattworth.supply.profiles import read_profile
from wattworth.supply.system import Source, System

RNG = np.random.default_rng(5)
PRICE = RNG.lognormal(3.0, 1.0, 8760) - 5.0
HALL = 60.0 + 30.0 * RNG.random(8760)


def test_dearest_hours_by_hand():
    """Proves: the two dearest hours of a flat 10 MW save 10 × (900 + 500). Sensitivity: the first two, 400."""
    price = np.full(8760, 20.0)
    price[[100, 2000, 3000]] = 500.0, 900.0, 400.0
    found = curtailment_value(price, 10.0, 2.0)
    assert np.flatnonzero(found.off_mw).tolist() == [100, 2000]
    assert found.saved_usd_per_year == pytest.approx(14_000.0)
    assert found.saved_usd_per_kw_year == pytest.approx(1.4)
    assert found.cost_before_usd_per_year == pytest.approx(10.0 * price.sum())
    assert found.cost_after_usd_per_year == pytest.approx(10.0 * price.sum() - 14_000.0)
    assert (found.hours_h, found.energy_mwh_per_year) == (2.0, 20.0)
    assert "knowing every price" in found.note


def test_hours_below_what_energy_earns_are_not_chosen():
    price = np.full(8760, 20.0)
    price[7] = 500.0
    found = curtailment_value(price, 10.0, 100.0, flexible_frac=0.5, lost_usd_per_mwh=100.0)
    assert (found.hours_h, found.energy_mwh_per_year) == (1.0, 5.0)
    assert found.saved_usd_per_year == pytest.approx(5.0 * 400.0)


def test_each_year_has_its_own_hours():
    price = np.r_[np.full(8760, 100.0), np.full(8760, 10.0)]
    found = curtailment_value(price, 1.0, 5.0)
    assert found.off_mw.reshape(2, 8760).sum(axis=1).tolist() == [5.0, 5.0]
    assert found.hours_h == 5.0


def test_share_of_hours_and_none():
    assert hours_of_share(0.01) == pytest.approx(87.6)
    assert curtailment_value(PRICE, 10.0, hours_of_share(0.01)).hours_h == 87.0
    assert curtailment_value(PRICE, 10.0, 0.0).saved_usd_per_year == 0.0
    assert curtailment_value(PRICE, 0.0, 10.0).saved_usd_per_kw_year == 0.0


@given(hours=st.integers(0, 8000), more=st.integers(0, 700), lost=st.floats(-50.0, 200.0), share=st.floats(0.0, 1.0))
def test_more_hours_never_raise_the_cost(hours, more, lost, share):
    few, many = (curtailment_value(PRICE, HALL, float(n), share, lost) for n in (hours, hours + more))
    assert many.cost_after_usd_per_year <= few.cost_after_usd_per_year + 1e-6
    assert 0.0 <= few.saved_usd_per_year <= many.saved_usd_per_year + 1e-6
    first = many.saved_usd_per_year - few.saved_usd_per_year
    assert first <= few.saved_usd_per_year / max(few.hours_h, 1.0) * more + 1e-6 or hours == 0


@given(factor=st.floats(0.0, 50.0))
def test_value_is_homogeneous_in_price(factor):
    base, scaled = curtailment_value(PRICE, HALL, 50.0), curtailment_value(PRICE * factor, HALL, 50.0)
    assert scaled.saved_usd_per_year == pytest.approx(factor * base.saved_usd_per_year, rel=1e-9, abs=1e-6)


def test_mine_by_hand():
    """Proves: a 50 MW mine behind 100 MW with a hall of 80 takes 20 in hours below 60 $/MWh.

    Sensitivity: a mine that ignores the hall takes 50; one that runs at any price loses money in the dear hours.
    """
    hall = np.full(8760, 80.0)
    price = np.where(np.arange(8760) < 4380, 40.0, 90.0)
    found = mine_behind_hall(100.0, hall, 50.0, price, 60.0)
    assert found.running_h == 4380.0
    assert found.energy_mwh_per_year == pytest.approx(20.0 * 4380.0)
    assert found.load_factor_frac == pytest.approx(0.2)
    assert found.revenue_usd_per_year == pytest.approx(20.0 * 4380.0 * 60.0)
    assert found.power_usd_per_year == pytest.approx(20.0 * 4380.0 * 40.0)
    assert found.margin_usd_per_year == pytest.approx(20.0 * 4380.0 * 20.0)
    assert found.displaced_mwh_per_year == pytest.approx(30.0 * 4380.0)
    assert found.displaced_usd_per_year == pytest.approx(30.0 * 4380.0 * 20.0)


@given(size=st.floats(0.0, 80.0), strike=st.floats(0.0, 200.0), more=st.floats(0.0, 50.0))
def test_mine_never_takes_what_the_hall_needs(size, strike, more):
    found = mine_behind_hall(100.0, HALL, size, PRICE, strike)
    assert (found.mine_mw + HALL <= 100.0 + 1e-9).all()
    assert found.margin_usd_per_year >= 0.0
    assert found.margin_usd_per_year == pytest.approx(found.revenue_usd_per_year - found.power_usd_per_year, abs=1e-3)
    for better in (
        mine_behind_hall(100.0 + more, HALL, size, PRICE, strike),
        mine_behind_hall(100.0, HALL, size, PRICE, strike + more),
        mine_behind_hall(100.0, HALL, size + more, PRICE, strike),
    ):
        assert better.margin_usd_per_year >= found.margin_usd_per_year - 1e-6


def test_a_hall_that_fills_the_connection_leaves_nothing():
    found = mine_behind_hall(100.0, np.full(8760, 120.0), 50.0, PRICE, 1e6)
    assert found.energy_mwh_per_year == 0.0
    assert found.displaced_mwh_per_year == pytest.approx(50.0 * 8760.0)


def test_mine_as_a_sink_of_a_system():
    """Proves: what the sink may take is what the mine takes where the grid is the source, hour by hour."""
    sink = mine_sink("mine", 100.0, HALL, 50.0, 45.0)
    grid = Source("grid", running_usd_per_mwh=PRICE, min_mw=100.0, max_mw=100.0)
    system = System(HALL, sources=(grid,), sinks=(sink,))
    best = np.where(sink.price_usd_per_mwh > PRICE, sink.limit_mw, 0.0)
    np.testing.assert_array_equal(best, mine_behind_hall(100.0, HALL, 50.0, PRICE, 45.0).mine_mw)
    assert system.sinks[0].name == "mine"


def test_marginal_prices_of_a_dispatch_are_prices():
    dispatch = SimpleNamespace(price_usd_per_mwh=PRICE)
    assert curtailment_value(dispatch.price_usd_per_mwh, HALL, 10.0).hours_h == 10.0


def test_stepped_back():
    load = np.full(8760, 100.0)
    left = stepped_back(load, (4000, 4500), 0.9)
    assert left[[3999, 4000, 4500]].tolist() == pytest.approx([100.0, 10.0, 10.0])
    assert load[4000] == 100.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curtailment_value(PRICE[:-1], 1.0, 5.0), "need finite numbers, 8,760 for each year"),
        (lambda: curtailment_value(PRICE, np.ones(5), 5.0), "need one finite number, or one for each of 8,760 hours"),
        (lambda: curtailment_value(PRICE, 1.0, 9000.0), "0 to 8,760"),
        (lambda: curtailment_value(PRICE, 1.0, 9.0, flexible_frac=2.0), "a flexible share of 2"),
        (lambda: mine_behind_hall(-1.0, HALL, 5.0, PRICE, 50.0), "need no less than 0 MW"),
        (lambda: mine_behind_hall(100.0, HALL[:5], 5.0, PRICE, 50.0), "load of the hall of shape"),
        (lambda: mine_sink("m", 100.0, HALL, -5.0, 50.0), "need no less than 0 MW"),
    ],
)
def test_what_does_not_fit(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_hours_of_a_real_year(shared):
    """Proves: in ERCOT West in 2022 a mere 1 % of hours carried 12 % of the cost of power."""
    path = shared / "data/prices/ercot_dam_hubs_zones_2021_2022.parquet"
    both = read_profile(path, "price_usd_per_mwh", column="HB_WEST", utc_offset_h=-6.0)
    price = both.values[8760:]
    one = curtailment_value(price, 100.0, hours_of_share(0.01))
    five = curtailment_value(price, 100.0, hours_of_share(0.05))
    assert one.hours_h == 87.0
    assert one.saved_usd_per_year / one.cost_before_usd_per_year == pytest.approx(0.119, abs=5e-4)
    assert five.saved_usd_per_year < 5.0 * one.saved_usd_per_year
