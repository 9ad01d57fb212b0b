from __future__ import annotations

import numpy as np
import pytest

from tests.unit.supply.plain_lp import capacity_cost, plain_lp, random_design, random_system
from wattworth.errors import SolveError
from wattworth.supply.decomposition import dispatch_exactly
from wattworth.supply.slopes import hours_of
from wattworth.supply.slopes_limit import run_within_limit
from wattworth.supply.system import Design, Source, Store, System

LIMITS = {"nothing": 0.0, "a little": 0.003, "a tenth": 0.1}


def limited(system, capacities, first_usd_per_mwh=None):
    limit = system.unserved_max_frac * float(system.load_mw.sum())
    first = system.unserved_usd_per_mwh if first_usd_per_mwh is None else first_usd_per_mwh
    return run_within_limit(hours_of(system), capacities, limit, first, 0.0)


@pytest.mark.parametrize("limit_frac", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("seed", range(14))
def test_a_design_within_a_limit_runs_at_the_cost_of_the_linear_programme(seed, limit_frac):
    system = random_system(seed, limit_frac)
    capacities = random_design(system, seed) * 2.0
    found, truth = limited(system, capacities), plain_lp(system, capacities)
    assert (truth is None) == (not found.runs)
    if truth is None:
        assert np.isinf(found.cost_usd)
        assert found.fences[0].constant_usd + found.fences[0].slope @ capacities > 0.0
        return
    cost = (truth - capacity_cost(system, capacities)) * system.n_year
    size = max(1.0, abs(cost), abs(found.cuts[0].constant_usd))
    assert abs(found.cost_usd - cost) < 1e-8 * size
    assert abs(found.least_usd - cost) < 1e-7 * size
    assert sum(found.shares) == pytest.approx(1.0)
    assert found.unserved_mwh <= limit_frac * system.load_mw.sum() + 2e-9 * system.load_mw.sum()


@pytest.mark.parametrize("seed", range(14))
def test_bounds_and_fences_hold_for_other_designs(seed):
    """Proves: no allowed design lies beyond a fence or below a cut."""
    system = random_system(seed, 0.05)
    found = limited(system, random_design(system, seed))
    for other in range(4):
        capacities = random_design(system, 50 + 4 * seed + other) * (1.0 + other)
        truth = plain_lp(system, capacities)
        if truth is None:
            continue
        cost = (truth - capacity_cost(system, capacities)) * system.n_year
        for cut in found.cuts:
            least = cut.constant_usd + cut.slope @ capacities
            assert least <= cost + 1e-8 * max(1.0, abs(cost), abs(cut.constant_usd))
        for fence in found.fences:
            assert fence.constant_usd + fence.slope @ capacities <= 1e-6


@pytest.mark.parametrize("first_usd_per_mwh", [0.0, 90.0, 1e3, 1e7])
def test_where_the_search_begins_does_not_matter(first_usd_per_mwh):
    """Gas at 150 $/MWh is dearer than leaving load unserved at 100; half of the load has to be served all the same.

    The price on unserved load rises from 100 to 150, and half of 20 MWh cost 1,500, the other half 1,000.
    """
    system = System(np.full(2, 10.0), (Source("gas", 1.0, 150.0),), (), (), 100.0, 0.5)
    found = limited(system, np.array([10.0, 0.0, 0.0]), first_usd_per_mwh)
    assert found.cost_usd == pytest.approx(2500.0, rel=1e-12)
    assert found.unserved_mwh == pytest.approx(10.0, rel=1e-9)
    assert found.unserved_usd_per_mwh >= 150.0 - 1e-9


def test_the_price_holds_the_limit():
    system = System(np.full(2, 10.0), (Source("gas", 1.0, 150.0),), (), (), 100.0, 0.5)
    dispatch = dispatch_exactly(system, Design((10.0,)))
    assert dispatch.unserved_mw.sum() == pytest.approx(10.0, rel=1e-9)
    assert dispatch.price_usd_per_mwh == pytest.approx([150.0, 150.0])


def test_a_design_that_cannot_meet_the_limit_says_what_it_can():
    system = System(np.full(4, 10.0), (Source("gas"),), (), (Store("battery"),), unserved_max_frac=0.25)
    with pytest.raises(SolveError, match=r"at least 0\.6 of the load unserved, allowed are 0\.25"):
        dispatch_exactly(system, Design((4.0,), (1.0,), (1.0,)))


@pytest.mark.parametrize("limit_frac", [0.02, 1.0])
def test_a_design_sure_to_cost_more_than_enough_gives_its_bound_only(limit_frac):
    system = random_system(4, limit_frac)
    capacities = random_design(system, 4) * 2.0
    limit = np.inf if limit_frac == 1.0 else limit_frac * float(system.load_mw.sum())
    hours, first = hours_of(system), system.unserved_usd_per_mwh
    whole = run_within_limit(hours, capacities, limit, first, 0.0)
    beaten = run_within_limit(hours, capacities, limit, first, 0.0, whole.cost_usd - 1.0 - abs(whole.cost_usd) * 1e-3)
    assert whole.runs
    assert not beaten.runs
    assert np.isinf(beaten.cost_usd)
    there = beaten.cuts[0].constant_usd + beaten.cuts[0].slope @ capacities
    assert there <= whole.cost_usd + 1e-9 * abs(whole.cost_usd)
