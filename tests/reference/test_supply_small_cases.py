"""On-site supply worked by hand: T17 (screening curve), T18 (arbitrage) and T19 (battery steps) of validation.md."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.supply.lp import dispatch_by_lp, size_by_lp
from wattworth.supply.system import Design, Sink, Source, Store, System

COAL, GAS = Source("coal", 1.0, 2.0, 15.0), Source("gas", 1.0, 12.0, 10.0)
SHED_USD_PER_MWH = 1012.0


def screening(load):
    """Load over one unit of time, in equal parts."""
    return System(load, (COAL, GAS), unserved_usd_per_mwh=SHED_USD_PER_MWH, n_year=len(load))


def test_screening_curve():
    """Proves: load 1000 - 1000 z is met at least cost by 500 of coal, 490 of gas and 10 shed, for 14,700.0.

    A hundred equal parts of z, each at its own mean load, hold the area under the line exactly wherever a capacity
    stands between two of them, as 500 and 990 do; so the cost is that of the line, not near it.

    Sensitivity: parts taken at their upper ends give 14,785, at their lower ends 14,615.
    """
    system = screening(1000.0 * (1.0 - (np.arange(100) + 0.5) / 100))
    sized = size_by_lp(system)
    assert sized.cost_usd_per_year == pytest.approx(14_700.0, rel=1e-9)
    assert sized.bound_usd_per_year == pytest.approx(14_700.0, rel=1e-9)
    by_hand = dispatch_by_lp(system, Design((500.0, 490.0)))
    assert by_hand.cost_usd_per_year == pytest.approx(14_700.0, rel=1e-12)
    assert by_hand.dispatch.unserved_mw.max() == pytest.approx(5.0)  # the mean of the part from 10 down to nought
    for wrong in (Design((520.0, 470.0)), Design((480.0, 510.0)), Design((500.0, 510.0)), Design((500.0, 470.0))):
        assert dispatch_by_lp(system, wrong).cost_usd_per_year > 14_700.0 + 1.0


def test_screening_curve_prices():
    """Proves: 1012 for 1 % of the time, 12 for 49 %, 2 for 50 %; each technology earns exactly its cost.

    Sensitivity: prices of a dispatch with capacities held would leave the plants' last megawatt unpaid.
    """
    sized = size_by_lp(screening(1000.0 * (1.0 - (np.arange(100) + 0.5) / 100)))
    prices = sized.dispatch.price_usd_per_mwh
    assert prices is not None
    found, hours = np.unique(np.round(prices, 6), return_counts=True)
    assert dict(zip(found.tolist(), hours.tolist(), strict=True)) == {2.0: 50, 12.0: 49, 1012.0: 1}
    for source, used, built in zip((COAL, GAS), sized.dispatch.source_mw, sized.design.source_mw, strict=True):
        earned = float(((prices - source.running_usd_per_mwh) * used).sum()) / 100
        assert earned == pytest.approx(source.capacity_usd_per_mw_year * built, rel=1e-9)


def test_screening_curve_of_a_thousand_and_one_snapshots():
    """Proves: at 1,001 equal snapshots the capacities are 500 and 490, 10 are shed, and the cost is 14,706.19.

    Sensitivity: 1,000 snapshots give 14,708.5 with the first of them and 14,691.5 with the last.
    """
    sized = size_by_lp(screening(1000.0 - np.arange(1001.0)))
    np.testing.assert_allclose(sized.design.source_mw, [500.0, 490.0], atol=1e-6)
    assert sized.dispatch.unserved_mw.max() == pytest.approx(10.0)
    assert sized.cost_usd_per_year == pytest.approx(14_706.19, abs=0.005)


@pytest.mark.parametrize(
    ("charge_frac", "built_mwh", "cost"), [(1.0, 10.0, 10.0), (1.0, 0.0, 200.0), (0.8, 10.0, 12.5)]
)
def test_storage_arbitrage(charge_frac, built_mwh, cost):
    """Proves: 10 kWh bought at 1 and used at 20 cost 10; without the store 200; with 0.8 on the way in 12.5.

    Sensitivity: losses put on the way out need 12.5 kWh of store, and with 10 the cost is 50; losses both ways, 52.5.
    """
    store = Store("battery", charge_frac, max_mwh=built_mwh, max_mw=20.0, start_frac=0.0)
    grid = Source("grid", 1.0, np.array([1.0, 20.0]), max_mw=20.0)
    system = System(np.array([0.0, 10.0]), (grid,), (), (store,))
    assert size_by_lp(system).cost_usd_per_year == pytest.approx(cost, rel=1e-9)


def test_battery_steps():
    """Proves: from 5 kWh of 10 at 4 kW and 0.9 each way: 8.6, then full by taking 1.55556, then 5.55556.

    The first hour is the cheaper, so it takes all it can; the loads after them take all that can be spared.

    Sensitivity: both losses on the way in give 8.24 and 6.0; limits measured inside, 9.0 and 6.0.
    """
    store = Store("battery", 0.9, 0.9, max_mw=4.0, max_mwh=10.0, start_frac=0.5)
    grid = Source("grid", np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 0.0, 0.0]), max_mw=10.0)
    system = System(np.array([0.0, 0.0, 4.0, 0.5]), (grid,), (), (store,))
    run = dispatch_by_lp(system, Design((10.0,), (4.0,), (10.0,))).dispatch
    np.testing.assert_allclose(run.content_mwh[0], [8.6, 10.0, 10.0 - 4.0 / 0.9, 5.0], atol=1e-9)
    np.testing.assert_allclose(run.charge_mw[0], [4.0, 1.4 / 0.9, 0.0, 0.0], atol=1e-9)
    assert run.unserved_mw.max() == pytest.approx(0.0, abs=1e-9)


def test_mine_behind_the_hall():
    """Proves: a sink takes power only where it pays more than it costs, after the load.

    Load 60 of 100 installed at 30 $/MWh; the mine pays 50, 20, 50 and takes at most 25: cost 3 x 1,800 - 2 x 25 x 20.
    Sensitivity: mining in every hour costs 250 more; leaving the limit out earns 600 more.
    """
    mine = Sink("mine", np.array([50.0, 20.0, 50.0]), 25.0)
    system = System(np.full(3, 60.0), (Source("engine", 1.0, 30.0, max_mw=100.0),), (mine,))
    sized = dispatch_by_lp(system, Design((100.0,)))
    assert sized.cost_usd_per_year == pytest.approx(5_400.0 - 1_000.0)
    np.testing.assert_allclose(sized.dispatch.sink_mw[0], [25.0, 0.0, 25.0], atol=1e-9)
    assert any("'mine' takes all it may in 2 hours" in note and "40 USD" in note for note in sized.notes)
