from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.supply.plain_lp import capacity_cost, plain_lp, random_system
from wattworth.errors import SolveError
from wattworth.supply.bundle_bounds import highest, terms_of
from wattworth.supply.slopes import hours_of
from wattworth.supply.system import Source, Store, System


def bounds_of(system, known=None):
    lowest = terms_of(system).low
    known = plain_lp(system, lowest) if known is None else known
    return highest(hours_of(system), terms_of(system), known)


@pytest.mark.parametrize("seed", range(30))
def test_the_least_cost_is_the_same_within_the_bounds(seed):
    """Proves: bounds worked out keep the optimum of the LP without them."""
    system = random_system(seed)
    high = bounds_of(system)
    n = len(system.sources)
    sources = tuple(replace(s, max_mw=high[k]) for k, s in enumerate(system.sources))
    stores = tuple(replace(s, max_mw=high[n], max_mwh=high[n + 1]) for s in system.stores)
    truth, within = plain_lp(system), plain_lp(replace(system, sources=sources, stores=stores))
    assert within == pytest.approx(truth, rel=1e-7, abs=1e-6)


def test_a_capacity_is_bounded_by_what_it_alone_costs():
    """Leaving 20 MWh unserved costs 2,000; no better design has 25 MW at 80 $/MW or 20 MWh at 100.

    At 50 $/MW the source could have 40 MW, but 10 MW of load and 25 MW of charging is all that could use it.
    """
    store = Store("battery", capacity_usd_per_mw_year=80.0, capacity_usd_per_mwh_year=100.0, start_frac=0.0)
    system = System(np.full(2, 10.0), (Source("pv", 1.0, 0.0, 50.0, max_mw=np.inf),), (), (store,), 100.0)
    assert bounds_of(system).tolist() == [35.0, 25.0, 20.0]


def test_capacity_that_costs_nothing_is_bounded_by_its_use():
    system = System(np.full(2, 10.0), (Source("gas", np.array([1.0, 0.5]), 30.0),), (), (), 100.0)
    assert bounds_of(system)[0] == 20.0


def test_free_power_of_a_store_is_bounded_by_its_use():
    store = Store("battery", capacity_usd_per_mwh_year=8.0)
    system = System(np.full(2, 10.0), (Source("pv", 1.0, 0.0, 50.0),), (), (store,), 100.0)
    assert bounds_of(system)[1] == 40.0


def test_what_nothing_stops_is_named():
    sources = (Source("wind", 1.0, -5.0),)
    with pytest.raises(SolveError, match="nothing stops 'wind', 'power of battery', 'energy of battery'"):
        bounds_of(System(np.full(2, 10.0), sources, (), (Store("battery", 0.9),), 100.0), known=0.0)


@pytest.mark.parametrize(("low", "high"), [(5.0, 4.0), (-1.0, 4.0), (np.inf, np.inf)])
def test_bounds_that_cross_are_named(low, high):
    with pytest.raises(SolveError, match="bounds of 'gas'"):
        terms_of(System(np.ones(2), (Source("gas", min_mw=low, max_mw=high),)))


def test_capacity_costs_are_read_in_order():
    system = random_system(2)
    terms = terms_of(system)
    point = np.arange(1.0, len(terms.low) + 1.0)
    if system.stores:
        assert float(terms.usd_per_year @ point) == pytest.approx(capacity_cost(system, point))
    assert len(terms.names) == len(system.sources) + 2
