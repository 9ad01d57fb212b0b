from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.supply.plain_lp import (
    as_design,
    balance_error_mw,
    broken,
    capacity_cost,
    plain_lp,
    random_design,
    random_system,
    sunny_year,
)
from wattworth.supply import slopes_kernels as kernels
from wattworth.supply.decomposition import dispatch_exactly, running_cost_usd
from wattworth.supply.slopes import as_passed, bound_elsewhere, hours_of, run_at_least_cost
from wattworth.supply.system import Sink, Source, Store, System

SEEDS = range(40)


def lp_cost_usd(system, capacities):
    return (plain_lp(system, capacities) - capacity_cost(system, capacities)) * system.n_year


def run_of(system, capacities):
    return run_at_least_cost(hours_of(system), np.asarray(capacities, dtype=np.float64))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_given_design_runs_at_the_cost_of_the_linear_programme(seed):
    """Proves: cost and bound of the passes are those of the LP. Sensitivity: a slope scaled by the wrong efficiency."""
    system = random_system(seed)
    capacities = random_design(system, seed)
    run, truth = run_of(system, capacities), lp_cost_usd(system, capacities)
    size = max(1.0, abs(truth), abs(run.course.cut.constant_usd))
    assert abs(run.cost_usd - truth) < 1e-9 * size
    assert abs(run.course.cut.constant_usd + run.course.cut.slope @ capacities - truth) < 1e-8 * size


@pytest.mark.parametrize("seed", SEEDS)
def test_hours_alike_may_stand_together(seed):
    """Proves: cost and cut are the same with every hour three times and with each three times as long."""
    system = random_system(seed)

    def thrice(value):
        return np.repeat(np.broadcast_to(np.asarray(value, dtype=float), system.n_hour), 3)

    longer = replace(
        system,
        load_mw=thrice(system.load_mw),
        sources=tuple(
            replace(s, available_frac=thrice(s.available_frac), running_usd_per_mwh=thrice(s.running_usd_per_mwh))
            for s in system.sources
        ),
        sinks=tuple(
            replace(s, price_usd_per_mwh=thrice(s.price_usd_per_mwh), limit_mw=thrice(s.limit_mw)) for s in system.sinks
        ),
    )
    every, capacities = hours_of(longer), random_design(system, seed)
    together = every.alike_together()
    assert len(together.load_mw) <= system.n_hour
    assert together.load_mwh == pytest.approx(every.load_mwh, rel=1e-12)
    apart, run = run_at_least_cost(every, capacities), run_at_least_cost(together, capacities)
    size = max(1.0, abs(apart.cost_usd), abs(apart.course.cut.constant_usd))
    assert abs(run.cost_usd - apart.cost_usd) < 1e-9 * size
    assert abs(run.course.cut.constant_usd + run.course.cut.slope @ capacities - apart.cost_usd) < 1e-8 * size


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dispatch_balances_and_keeps_every_limit(seed):
    system = random_system(seed)
    capacities = random_design(system, seed)
    dispatch = dispatch_exactly(system, as_design(system, capacities))
    assert balance_error_mw(system, dispatch) < 1e-6
    assert broken(system, capacities, dispatch) < 1e-6
    truth = lp_cost_usd(system, capacities)
    assert running_cost_usd(system, dispatch) == pytest.approx(truth, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_prices_of_one_design_bound_the_cost_of_others(seed):
    """Proves: the slopes are subgradients. Sensitivity: a slope too shallow by a hundredth of a megawatt's earnings."""
    system = random_system(seed)
    cut = run_of(system, random_design(system, seed)).course.cut
    for other in range(3):
        capacities = random_design(system, 100 + seed * 3 + other)
        truth = lp_cost_usd(system, capacities)
        assert cut.constant_usd + cut.slope @ capacities <= truth + 1e-8 * max(1.0, abs(truth), abs(cut.constant_usd))


@pytest.mark.parametrize("seed", range(1, 20, 2))
def test_any_prices_at_all_give_a_bound(seed):
    system = random_system(seed)
    hours = hours_of(system)
    draw = np.random.default_rng(seed)
    offers, row = as_passed(hours, random_design(system, seed))
    stored, bus = draw.normal(30, 60, system.n_hour), draw.normal(30, 60, system.n_hour)
    constant, slope = kernels.cut(hours.load_mw, offers, hours.n_source, row, stored, bus)
    for other in range(3):
        capacities = random_design(system, seed * 3 + other)
        assert constant + slope @ capacities <= lp_cost_usd(system, capacities) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_price_is_what_load_costs_at_the_margin(seed):
    """Proves: with other loads, the cost is nowhere below the cost now and their price."""
    system = random_system(seed)
    capacities = random_design(system, seed)
    run = run_of(system, capacities)
    draw = np.random.default_rng(seed)
    for size in (1e-3, 1.0, 20.0):
        load = np.maximum(0.0, system.load_mw + draw.normal(0.0, size, system.n_hour))
        least = run.cost_usd + run.course.price_usd_per_mwh @ (load - system.load_mw)
        there = run_of(replace(system, load_mw=load), capacities).cost_usd
        assert there >= least - 1e-8 * max(1.0, abs(there), abs(run.course.cut.constant_usd))


def test_more_of_anything_never_raises_the_running_cost():
    for seed in range(12):
        system = random_system(seed)
        capacities = random_design(system, seed)
        before = run_of(system, capacities).cost_usd
        for k in range(len(capacities) if system.stores else len(system.sources)):
            more = capacities.copy()
            more[k] += 7.0
            assert run_of(system, more).cost_usd <= before + 1e-7 * max(1.0, abs(before))


def test_a_store_burns_power_it_is_paid_to_take():
    """One hour at -10 $/MWh, 3 MW to be had, 1 MW of load: 1 MW in, 0.25 MW out at once, and 1.75 MW is taken.

    The store has to end as full as it began, so what goes in at 50 % must come out at 50 %.
    """
    system = System(np.ones(1), (Source("grid", 1.0, -10.0),), (), (Store("store", 0.5, 0.5, start_frac=1.0),))
    run = run_of(system, [3.0, 1.0, 4.0])
    assert run.cost_usd == pytest.approx(-17.5, abs=1e-12)
    assert run.charge_mw[0] == pytest.approx(1.0)
    assert run.discharge_mw[0] == pytest.approx(0.25)


def test_a_store_neither_burns_nor_moves_without_a_reason():
    system = System(np.full(48, 5.0), (Source("gas", 1.0, 30.0),), (), (Store("store", 0.9, 0.9),))
    run = run_of(system, [10.0, 4.0, 8.0])
    assert run.charge_mw.max() == 0.0
    assert run.discharge_mw.max() == 0.0
    assert run.course.price_usd_per_mwh.tolist() == [30.0] * 48


def test_content_worth_nothing_is_kept():
    """Paid to take 3 MW in the first hour, sun for all in the next two: 2 MW are stored, none burnt, and stay."""
    price, available = np.array([-5.0, 80.0, 80.0]), np.array([0.0, 1.0, 1.0])
    sources = (Source("grid", 1.0, price), Source("pv", available))
    system = System(np.ones(3), sources, (), (Store("store", 0.8, 0.8, start_frac=0.0),))
    run = run_of(system, [3.0, 9.0, 4.0, 10.0])
    assert run.cost_usd == pytest.approx(-15.0)
    assert run.charge_mw == pytest.approx([2.0, 0.0, 0.0])
    assert run.discharge_mw.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("start_frac", [0.0, 0.3, 1.0])
def test_the_store_ends_no_emptier_than_it_began(start_frac):
    draw = np.random.default_rng(5)
    price = draw.normal(40.0, 30.0, 96)
    store = Store("store", 0.85, 0.95, start_frac=start_frac)
    system = System(np.full(96, 10.0), (Source("grid", 1.0, price),), (Sink("export", price - 1.0, 20.0),), (store,))
    capacities = np.array([60.0, 12.0, 50.0])
    run = run_of(system, capacities)
    assert run.course.content_mwh[0] == start_frac * 50.0
    assert run.course.content_mwh[-1] >= start_frac * 50.0 - 1e-9
    assert run.cost_usd == pytest.approx(lp_cost_usd(system, capacities), rel=1e-9)


def test_a_long_store_has_more_segments_than_the_first_room():
    draw = np.random.default_rng(1)
    price = draw.normal(40.0, 15.0, 400)
    system = System(np.full(400, 10.0), (Source("grid", 1.0, price),), (Sink("export", price, 50.0),), (Store("lake"),))
    capacities = np.array([100.0, 1.0, 3000.0])
    run = run_of(system, capacities)
    assert run.course.n_segment > 400 * 256 / 2  # lists grow hour by hour, so the longest is twice the mean
    assert run.cost_usd == pytest.approx(lp_cost_usd(system, capacities), rel=1e-9)


def test_a_system_may_have_no_source_or_no_store():
    alone = System(np.array([1.0, 2.0]), unserved_usd_per_mwh=50.0)
    run = run_of(alone, [0.0, 0.0])
    assert run.cost_usd == 150.0
    assert run.course.price_usd_per_mwh.tolist() == [50.0, 50.0]


def test_a_sink_dearer_than_unserved_load_does_not_price_load_above_its_cost():
    """A sink paying 500 takes all; the load is left unserved at 100, and one more megawatt-hour of it costs 100."""
    system = System(np.full(2, 4.0), (Source("gas", 1.0, 20.0),), (Sink("export", 500.0, 9.0),), (), 100.0)
    run = run_of(system, [5.0, 0.0, 0.0])
    assert run.unserved_mwh == 8.0
    assert run.course.price_usd_per_mwh.tolist() == [100.0, 100.0]


def test_the_work_grows_in_proportion_to_the_years():
    capacities = np.array([200.0, 98.0, 40.0, 160.0])
    one = run_of(sunny_year(), capacities).course.n_segment
    five = run_of(sunny_year(5 * 8760, 5.0), capacities).course.n_segment
    assert 4.5 * one < five < 5.5 * one


def test_two_runs_have_the_same_bits():
    system = random_system(3)
    capacities = random_design(system, 3)
    first, second = run_of(system, capacities), run_of(system, capacities)
    assert first.cost_usd == second.cost_usd
    assert first.course.cut.slope.tobytes() == second.course.cut.slope.tobytes()
    assert first.course.content_mwh.tobytes() == second.course.content_mwh.tobytes()


def test_offers_stand_in_order_of_price_then_of_number():
    price = np.array([[3.0, 1.0, 2.0], [1.0, 1.0, 0.0], [5.0, 5.0, 5.0]])
    assert kernels.merit_order(price).tolist() == [[1, 2, 0], [2, 0, 1], [0, 1, 2]]


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_prices_of_stored_energy_say_more_elsewhere_with_other_prices_of_power(seed):
    """Proves: the bound at another design is a bound, and no lower there than that of the course it comes from."""
    system = random_system(seed)
    course = run_of(system, random_design(system, seed)).course
    for other in range(3):
        capacities = random_design(system, 300 + 3 * seed + other)
        cut, truth = bound_elsewhere(course, capacities), lp_cost_usd(system, capacities)
        there = cut.constant_usd + cut.slope @ capacities
        slack = 1e-8 * max(1.0, abs(truth), abs(cut.constant_usd))
        assert course.cut.constant_usd + course.cut.slope @ capacities - slack <= there <= truth + slack
