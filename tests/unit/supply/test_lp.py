from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattworth.errors import DataError, SolveError
from wattworth.solve import Options
from wattworth.supply import lp as lp_file
from wattworth.supply.lp import dispatch_by_lp, energy_gap_mw, size_by_lp
from wattworth.supply.system import Commitment, Design, Sink, Source, Store, System


def mixed(seed, n_hour=48, n_year=1.0, negative=True):
    """A system with sun, engines, a grid whose price may fall below nought, a sink and two stores."""
    rng = np.random.default_rng(seed)
    hour = np.arange(n_hour)
    sun = np.clip(np.sin((hour % 24 - 6) / 12 * np.pi), 0.0, 1.0) * rng.uniform(0.3, 1.0, n_hour)
    price = rng.normal(40.0, 35.0, n_hour)
    return System(
        load_mw=rng.uniform(60.0, 110.0, n_hour),
        sources=(
            Source("sun", sun, 0.0, rng.uniform(50.0, 400.0)),
            Source("engine", 0.95, rng.uniform(30.0, 60.0), rng.uniform(200.0, 800.0)),
            Source("grid", 1.0, price if negative else np.abs(price), 0.0, max_mw=rng.uniform(20.0, 60.0)),
        ),
        sinks=(Sink("export", rng.uniform(0.0, 25.0, n_hour), 15.0),),
        stores=(
            Store("short", 0.95, 0.95, 60.0, 30.0),
            Store("long", 0.8, 0.7, 90.0, 2.0, start_frac=0.2, max_mwh=400.0),
        ),
        unserved_usd_per_mwh=2_000.0,
        unserved_max_frac=0.01,
        n_year=n_year,
    )


def running_usd(system, dispatch):
    """What a dispatch costs over all its hours, added up here."""
    cost = dispatch.unserved_mw.sum() * system.unserved_usd_per_mwh
    cost += sum(
        (s.running_usd_per_mwh * used).sum() for s, used in zip(system.sources, dispatch.source_mw, strict=True)
    )
    return cost - sum(
        (k.price_usd_per_mwh * took).sum() for k, took in zip(system.sinks, dispatch.sink_mw, strict=True)
    )


def capacity_usd(system, design):
    cost = sum(s.capacity_usd_per_mw_year * mw for s, mw in zip(system.sources, design.source_mw, strict=True))
    for store, mw, mwh in zip(system.stores, design.store_mw, design.store_mwh, strict=True):
        cost += store.capacity_usd_per_mw_year * mw + store.capacity_usd_per_mwh_year * mwh
    return cost


@given(st.integers(0, 10_000))
def test_an_answer_keeps_every_limit_and_costs_what_it_says(seed):
    system = mixed(seed, n_year=2.0)
    sized = size_by_lp(system)
    run, design = sized.dispatch, sized.design
    assert energy_gap_mw(system, run) < 1e-6
    for i, source in enumerate(system.sources):
        assert (run.source_mw[i] <= source.available_frac * design.source_mw[i] + 1e-6).all()
    for i, store in enumerate(system.stores):
        start = store.start_frac * design.store_mwh[i]
        moved = store.charge_frac * run.charge_mw[i] - run.discharge_mw[i] / store.discharge_frac
        np.testing.assert_allclose(run.content_mwh[i], start + np.cumsum(moved), atol=1e-5)
        assert run.content_mwh[i].max() <= design.store_mwh[i] + 1e-6
        assert run.content_mwh[i, -1] >= start - 1e-6
        assert max(run.charge_mw[i].max(), run.discharge_mw[i].max()) <= design.store_mw[i] + 1e-6
    assert run.unserved_mw.sum() <= 0.01 * system.load_mw.sum() + 1e-6
    told = capacity_usd(system, design) + running_usd(system, run) / 2.0
    assert sized.cost_usd_per_year == pytest.approx(told, rel=1e-9)
    assert sized.gap_frac < 1e-6
    assert min(design.source_mw + design.store_mw + design.store_mwh) >= 0.0


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 6), st.floats(0.1, 50.0))
def test_more_of_any_capacity_never_raises_operating_cost(seed, which, more):
    system = replace(mixed(seed, negative=False), unserved_max_frac=1.0)
    rng = np.random.default_rng(seed)
    size = [*rng.uniform(0.0, 80.0, 5), *rng.uniform(0.0, 300.0, 2)]
    larger = [mw + more * (i == which) for i, mw in enumerate(size)]
    costs = []
    for given_mw in (size, larger):
        design = Design(tuple(given_mw[:3]), tuple(given_mw[3:5]), tuple(given_mw[5:]))
        # a store that begins with a share of more energy is not compared with one that begins with less
        even = replace(system, stores=tuple(replace(store, start_frac=0.0) for store in system.stores))
        costs.append(running_usd(even, dispatch_by_lp(even, design).dispatch))
    assert costs[1] <= costs[0] + 1e-6 * max(1.0, abs(costs[0]))


@given(st.integers(0, 10_000))
def test_no_spread_no_surplus_no_need_no_battery(seed):
    rng = np.random.default_rng(seed)
    load, price = rng.uniform(20.0, 90.0, 48), float(rng.uniform(5.0, 80.0))
    store = Store("battery", 0.95, 0.95, 1.0, 1.0)
    flat = System(load, (Source("grid", 1.0, price, max_mw=100.0),), (), (store,))
    sized = size_by_lp(flat)
    assert sized.design.store_mwh == pytest.approx((0.0,), abs=1e-6)
    assert sized.design.store_mw == pytest.approx((0.0,), abs=1e-6)
    spread = replace(flat, sources=(replace(flat.sources[0], running_usd_per_mwh=price * (1.0 + np.arange(48) % 2)),))
    assert (
        size_by_lp(
            replace(spread, stores=(replace(store, start_frac=0.0, capacity_usd_per_mw_year=0.0),))
        ).design.store_mwh[0]
        > 1.0
    )


@given(st.integers(0, 10_000))
def test_a_free_resource_is_used_first(seed):
    rng = np.random.default_rng(seed)
    load, sun = rng.uniform(10.0, 100.0, 24), rng.uniform(0.0, 1.0, 24)
    system = System(load, (Source("engine", 1.0, 30.0), Source("sun", sun)))
    run = dispatch_by_lp(system, Design((120.0, 90.0))).dispatch
    np.testing.assert_allclose(run.source_mw[1], np.minimum(load, 90.0 * sun), atol=1e-6)


@given(st.integers(0, 10_000))
def test_the_price_of_an_hour_is_what_one_more_megawatt_hour_costs(seed):
    system = replace(mixed(seed, 12, n_year=3.0), unserved_max_frac=1.0)
    sized = size_by_lp(system)
    hour, step = seed % 12, 1e-3
    costs = [
        size_by_lp(replace(system, load_mw=system.load_mw + move * (np.arange(12) == hour))).cost_usd_per_year
        for move in (-step, 0.0, step)
    ]
    price = sized.dispatch.price_usd_per_mwh[hour]
    below, above = 3.0 * np.diff(costs) / step
    assert below - 0.05 <= price <= above + 0.05


def test_years_laid_end_to_end_share_their_running_cost():
    one = mixed(4)
    twice = replace(
        one,
        load_mw=np.tile(one.load_mw, 2),
        sources=tuple(
            replace(
                s,
                available_frac=np.tile(np.broadcast_to(s.available_frac, 48), 2),
                running_usd_per_mwh=np.tile(np.broadcast_to(s.running_usd_per_mwh, 48), 2),
            )
            for s in one.sources
        ),
        sinks=tuple(replace(k, price_usd_per_mwh=np.tile(k.price_usd_per_mwh, 2)) for k in one.sinks),
        n_year=2.0,
    )
    assert size_by_lp(twice).cost_usd_per_year <= size_by_lp(one).cost_usd_per_year * (1 + 1e-9)
    assert size_by_lp(twice).cost_usd_per_year == pytest.approx(size_by_lp(one).cost_usd_per_year, rel=2e-2)


def test_the_limit_on_unserved_energy_and_its_price():
    load = np.r_[np.full(9, 50.0), 100.0]
    system = System(load, (Source("engine", 1.0, 20.0, 5_000.0),), unserved_usd_per_mwh=100.0, unserved_max_frac=0.02)
    sized = size_by_lp(system)
    assert sized.dispatch.unserved_mw.sum() == pytest.approx(0.02 * 550.0)
    assert sized.design.source_mw == pytest.approx((89.0,))
    assert any("11 MWh a year (2.000% of the load) go unserved, in 1 hours a year" in note for note in sized.notes)
    # one MWh less of capacity's 5,000 and of fuel's 20, against 100 for the energy itself
    assert any("one more MWh a year unserved would save 4,920 USD" in note for note in sized.notes)


def test_unserved_energy_is_never_silent():
    system = System(np.full(4, 10.0), (Source("engine", 1.0, 20.0, max_mw=8.0),))
    sized = size_by_lp(system)
    assert any("8 MWh a year (20.000% of the load) go unserved" in note for note in sized.notes)
    assert any("'engine' is held at 8 MW: one more would save 39,920 USD a year" in note for note in sized.notes)


def test_a_least_that_binds_says_what_one_less_would_save():
    system = System(np.full(4, 10.0), (Source("engine", 1.0, 20.0, 7.0, min_mw=30.0),))
    assert any("held at 30 MW: one less would save 7 USD" in note for note in size_by_lp(system).notes)


def test_what_cannot_be_met_names_the_inputs():
    sun = np.r_[np.zeros(12), np.ones(12)]
    system = System(
        np.full(24, 100.0),
        (Source("sun", sun, 0.0, 1.0), Source("engine", 1.0, 40.0, 1.0, max_mw=60.0)),
        (),
        (Store("battery", max_mwh=100.0),),
        unserved_max_frac=0.01,
    )
    with pytest.raises(SolveError) as caught:
        size_by_lp(system)
    text = str(caught.value)
    assert "capacity of 'engine' (min_mw, max_mw): at most 60 MW" in text
    assert "energy that may go unserved (unserved_max_frac): at most 24 MWh" in text
    assert "energy of 'battery' (min_mwh, max_mwh): at most 100 MWh" in text
    enough = float(text.split("capacity of 'engine' (min_mw, max_mw) higher by ")[1].split(" MW", maxsplit=1)[0])
    cured = replace(system, sources=(system.sources[0], replace(system.sources[1], max_mw=60.0 + enough + 1e-3)))
    assert size_by_lp(cured).cost_usd_per_year > 0.0


def test_what_pays_without_end_is_named():
    system = System(np.full(4, 10.0), (Source("grid", 1.0, 5.0),), (Sink("export", 9.0, 1e30),))
    with pytest.raises(SolveError, match=r"without end.*\n.*'grid'|without end.*\n.*'export'"):
        size_by_lp(system)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"load_mw": np.array([1.0, -2.0])}, "load: hour 1 is -2"),
        ({"load_mw": np.zeros(0)}, "no hours"),
        ({"sources": (Source("sun", np.array([0.5, -0.1])),)}, "available share of 'sun': hour 1"),
        ({"sinks": (Sink("mine", 1.0, -5.0),)}, "limit of 'mine'"),
        ({"stores": (Store("battery", 0.0),)}, "charge_frac of 'battery': got 0"),
        ({"stores": (Store("battery", start_frac=1.5),)}, "start_frac of 'battery': got 1.5"),
    ],
)
def test_numbers_that_cannot_be(changes, said):
    with pytest.raises(DataError, match=said):
        size_by_lp(System(**({"load_mw": np.ones(2)} | changes)))


def test_a_design_of_other_parts():
    with pytest.raises(ValueError, match="the design has"):
        dispatch_by_lp(mixed(1), Design((1.0,)))


def test_energy_that_does_not_balance_is_an_error(monkeypatch):
    monkeypatch.setattr(lp_file, "BALANCE_MW", -1.0)
    with pytest.raises(SolveError, match="does not balance"):
        size_by_lp(mixed(1, 4))


def test_burning_energy_is_said():
    price = np.array([-50.0, -50.0, 40.0, 40.0])
    system = System(np.full(4, 10.0), (Source("grid", 1.0, price, max_mw=30.0),), (), (Store("battery", 0.8, 0.8),))
    burnt = dispatch_by_lp(system, Design((30.0,), (20.0,), (20.0,)))
    assert any("charges and discharges at once in" in note for note in burnt.notes)
    assert not any("at once" in note for note in size_by_lp(mixed(2, negative=False)).notes)


ENGINE = Commitment(10.0, min_load_frac=0.5, start_usd=100.0, idle_usd_per_h=7.0)


def test_whole_units_by_hand():
    """Load 4, 14, 14, 4 of units of 10 with half as least: one stays on, one starts once, and 1 is shed twice."""
    load = np.array([4.0, 14.0, 14.0, 4.0])
    system = System(
        load,
        (Source("engine", 1.0, 20.0, 3.0, max_mw=40.0, commitment=ENGINE),),
        (Sink("spill", 0.0, 100.0),),
        unserved_usd_per_mwh=1_000.0,
    )
    sized = size_by_lp(system, commit=True)
    run = sized.dispatch
    np.testing.assert_allclose(run.source_mw[0], [5.0, 14.0, 14.0, 5.0], atol=1e-6)
    assert sized.design.source_mw == pytest.approx((20.0,))
    by_hand = 20.0 * 3.0 + 38.0 * 20.0 + 6 * 7.0 + 100.0
    assert sized.cost_usd_per_year == pytest.approx(by_hand)
    assert any("'engine': 1 starts and 6 unit hours a year" in note for note in sized.notes)
    assert any("held as they are" in note for note in sized.notes)
    with_none = size_by_lp(system)
    assert with_none.cost_usd_per_year == pytest.approx(14.0 * 3.0 + 36.0 * 20.0)
    (said,) = [note for note in with_none.notes if "left out" in note]
    assert "whole units of 10 MW, minimum load, cost of starts, cost of idling left out" in said


def test_of_a_given_design_only_whole_units_run():
    system = System(np.full(4, 24.0), (Source("engine", 1.0, 20.0, commitment=ENGINE),), unserved_usd_per_mwh=1_000.0)
    assert dispatch_by_lp(system, Design((25.0,))).dispatch.unserved_mw.max() == pytest.approx(0.0, abs=1e-9)
    assert dispatch_by_lp(system, Design((25.0,)), commit=True).dispatch.unserved_mw == pytest.approx(np.full(4, 4.0))


@pytest.mark.parametrize("commit", [False, True])
def test_output_changes_no_faster_than_it_may(commit):
    slow = Commitment(10.0, ramp_frac_per_h=0.25)
    system = System(
        np.array([0.0, 10.0, 20.0, 20.0, 0.0]),
        (Source("engine", 1.0, 1.0, commitment=slow), Source("backup", 1.0, 50.0)),
        (Sink("spill", 0.0, 100.0),),
    )
    run = dispatch_by_lp(system, Design((20.0, 20.0)), commit=commit).dispatch
    assert np.abs(np.diff(run.source_mw[0])).max() == pytest.approx(5.0)
    free = replace(system, sources=(replace(system.sources[0], commitment=None), system.sources[1]))
    assert dispatch_by_lp(free, Design((20.0, 20.0))).dispatch.source_mw[0] == pytest.approx(system.load_mw)


def test_a_mixed_programme_stops_in_time_with_its_gap():
    rng = np.random.default_rng(2)
    sources = tuple(
        Source(f"engine {i}", 1.0, 20.0 + i, 300.0, max_mw=10.0 * mw, commitment=Commitment(mw, 0.7, 900.0, 0.3, 30.0))
        for i, mw in enumerate((7.0, 11.0, 13.0, 17.0))
    )
    system = System(rng.uniform(40.0, 160.0, 96), sources, unserved_usd_per_mwh=3_000.0)
    sized = size_by_lp(system, Options(gap_frac=0.0, time_limit_s=2.0), commit=True)
    assert sized.bound_usd_per_year < sized.cost_usd_per_year
    assert any("stopped after 2 s" in note for note in sized.notes)
    assert sized.cost_usd_per_year >= size_by_lp(system).cost_usd_per_year - 1e-6


def test_commitment_never_costs_less():
    system = System(
        np.array([30.0, 55.0, 42.0, 12.0, 8.0, 61.0]),
        (
            Source("engine", 1.0, 20.0, 9.0, max_mw=90.0, commitment=ENGINE),
            Source("sun", np.linspace(0, 1, 6), 0.0, 15.0),
        ),
        stores=(Store("battery", 0.9, 0.9, 2.0, 1.0),),
    )
    whole, any_output = size_by_lp(system, commit=True), size_by_lp(system)
    assert whole.cost_usd_per_year >= any_output.cost_usd_per_year * (1.0 - 1e-9)
    assert not any("held at 0" in note for note in any_output.notes)  # there is no less than nothing
