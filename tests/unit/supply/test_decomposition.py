from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.supply.plain_lp import balance_error_mw, broken, capacity_cost, plain_lp, random_system, sunny_year
from wattworth.errors import DataError, SolveError
from wattworth.supply import bundle_designs
from wattworth.supply.decomposition import dispatch_exactly, running_cost_usd, size_by_decomposition
from wattworth.supply.slopes import hours_of, run_at_least_cost
from wattworth.supply.system import Commitment, Design, Sink, Source, Store, System

LIMITS = (1.0, 1.0, 0.0, 0.002, 0.05)


def capacities_of(sizing):
    design = sizing.design
    return np.array([*design.source_mw, *(design.store_mw or (0.0,)), *(design.store_mwh or (0.0,))])


def proven(system, sizing, gap_frac):
    """Everything that a sizing claims, checked against its own dispatch."""
    capacities = capacities_of(sizing)
    assert sizing.bound_usd_per_year <= sizing.cost_usd_per_year
    assert sizing.gap_frac <= gap_frac * (1.0 + 1e-9) + 1e-12
    assert balance_error_mw(system, sizing.dispatch) < 1e-6
    assert broken(system, capacities, sizing.dispatch) < 1e-6
    own = capacity_cost(system, capacities) + running_cost_usd(system, sizing.dispatch) / system.n_year
    assert own == pytest.approx(sizing.cost_usd_per_year, rel=1e-9, abs=1e-5)
    unserved, demanded = sizing.dispatch.unserved_mw.sum(), system.load_mw.sum()
    assert unserved <= (system.unserved_max_frac + 2e-9) * demanded
    parts = [*system.sources, *system.stores]
    assert all(part.min_mw <= c <= part.max_mw * (1.0 + 1e-12) for part, c in zip(parts, capacities, strict=False))


@pytest.mark.parametrize("seed", range(60))
def test_a_sizing_brackets_the_optimum_of_the_linear_programme(seed):
    """Proves: bound <= LP <= cost on random systems, two fifths of them with a limit of unserved energy or none left.

    Sensitivity: a cut that is not a bound, or a design whose dispatch is not the best, breaks one side.
    """
    system = random_system(seed, LIMITS[seed % len(LIMITS)])
    truth = plain_lp(system)
    if truth is None:
        with pytest.raises(SolveError, match="no design within the bounds meets unserved_max_frac"):
            size_by_decomposition(system)
        return
    gap_frac = (1e-4, 1e-6)[seed % 2]
    sizing = size_by_decomposition(system, gap_frac)
    slack = 1e-9 * max(1.0, abs(truth))
    assert sizing.bound_usd_per_year - slack <= truth <= sizing.cost_usd_per_year + slack
    proven(system, sizing, gap_frac)


@pytest.mark.slow
@pytest.mark.parametrize("limit_frac", [1.0, 1e-3])
def test_a_season_of_sun_gas_and_battery(limit_frac):
    system = sunny_year(1000, 1000 / 8760, unserved_max_frac=limit_frac)
    truth = plain_lp(system)
    sizing = size_by_decomposition(system, 1e-6)
    assert sizing.bound_usd_per_year <= truth * (1 + 1e-9)
    assert sizing.cost_usd_per_year >= truth * (1 - 1e-9)
    proven(system, sizing, 1e-6)


def test_a_year_is_certified_at_both_gaps():
    system = sunny_year()
    rough, fine = size_by_decomposition(system, 1e-3), size_by_decomposition(system, 1e-5)
    proven(system, rough, 1e-3)
    proven(system, fine, 1e-5)
    assert rough.bound_usd_per_year <= fine.cost_usd_per_year
    assert fine.bound_usd_per_year <= rough.cost_usd_per_year
    assert fine.design.store_mwh[0] > 1.0
    assert fine.method == "decomposition"


def test_the_work_grows_in_proportion_to_the_years(monkeypatch):
    """Proves: three and ten years visit three and ten times the segments of one year, within the luck of the search.

    Sensitivity: work that grew with the square of the years would be three and ten times above that.
    """
    seen = []

    class Counted(bundle_designs.Designs):
        def __init__(self, *given):
            super().__init__(*given)
            seen.append(self)

    monkeypatch.setattr("wattworth.supply.decomposition.Designs", Counted)
    for n_year in (1, 3, 10):
        system = sunny_year(n_year * 8760, float(n_year))
        proven(system, size_by_decomposition(system), 1e-4)
    one, three, ten = (designs.n_segment for designs in seen)
    assert three < 2.0 * 3 * one
    assert ten < 2.0 * 10 * one


def test_a_season_from_every_year_is_only_where_to_begin(monkeypatch):
    """Proves: a start from nowhere gives the same optimum, so nothing about the start is part of the proof."""
    system = sunny_year(2 * 8760, 2.0)
    with_start = size_by_decomposition(system)
    monkeypatch.setattr(bundle_designs.Designs, "rough", lambda *_: None)
    without = size_by_decomposition(system)
    assert without.bound_usd_per_year <= with_start.cost_usd_per_year
    assert with_start.bound_usd_per_year <= without.cost_usd_per_year


def test_no_spread_no_surplus_and_no_need_give_no_battery():
    system = System(
        np.full(96, 20.0),
        (Source("gas", 1.0, 30.0, 1000.0),),
        (),
        (Store("battery", 0.9, 0.9, 10.0, 10.0),),
    )
    sizing = size_by_decomposition(system)
    assert sizing.design.store_mw == sizing.design.store_mwh == (0.0,)
    assert sizing.design.source_mw[0] == pytest.approx(20.0)


@pytest.mark.parametrize("seed", range(4))
def test_crumbs_not_worth_building_are_left_out(seed):
    """Proves: where sun and gas are best without a battery, not a watt-hour of it is left over from the search."""
    dear = Store("battery", 0.92, 0.92, 18e3, 22e3)
    system = sunny_year(2000, 2000 / 8760, seed=seed, stores=(dear,))
    sizing = size_by_decomposition(system, 1e-3)
    assert sizing.design.source_mw[0] > 100.0
    assert sizing.design.store_mw == sizing.design.store_mwh == (0.0,)
    proven(system, sizing, 1e-3)


def test_given_capacities_stay_as_given():
    system = System(
        np.full(24, 10.0), (Source("gas", 1.0, 30.0, 10.0, 6.0, 6.0), Source("pv", 1.0, 0.0, 1e6, 0.0, 0.0))
    )
    sizing = size_by_decomposition(system)
    assert sizing.design.source_mw == (6.0, 0.0)
    assert sizing.cost_usd_per_year == 24 * (6.0 * 30.0 + 4.0 * 10_000.0) + 60.0
    assert sizing.gap_frac < 1e-12


def test_what_binds_is_said():
    system = System(np.full(24, 10.0), (Source("gas", 1.0, 30.0, 10.0, 0.0, 6.0),), unserved_max_frac=0.4)
    assert "gas is at the most allowed, 6" in size_by_decomposition(system).notes
    dear = System(np.full(24, 10.0), (Source("gas", 1.0, 300.0, 10.0),), (), (), 100.0, 0.25)
    sizing = size_by_decomposition(dear)
    assert any("limit of unserved energy binds" in note for note in sizing.notes)
    assert sizing.dispatch.unserved_mw.sum() == pytest.approx(60.0)
    grid = Source("grid", 1.0, -10.0, 0.0, 3.0, 3.0)
    store = Store("store", 0.5, 0.5, 0.0, 0.0, 1.0, 1.0, 4.0, 4.0, 1.0)
    assert any(
        "charges and discharges at once" in n
        for n in size_by_decomposition(System(np.ones(1), (grid,), (), (store,))).notes
    )


def test_several_stores_and_whole_units_are_sent_to_the_linear_programme():
    load = np.full(24, 10.0)
    two = System(load, (), (), (Store("battery"), Store("heat")))
    with pytest.raises(SolveError, match="one store, got 2 \\('battery', 'heat'\\); use method `lp`"):
        size_by_decomposition(two)
    units = System(load, (Source("engine", commitment=Commitment(5.0)),))
    with pytest.raises(SolveError, match="'engine' has them; use method `lp`"):
        dispatch_exactly(units, Design((10.0,)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"load_mw": np.array([1.0, -2.0])}, "load: hour 1 is -2"),
        ({"load_mw": np.array([])}, "the load has no hours"),
        ({"sources": (Source("pv", np.array([-0.1, 1.0])),)}, "available share of 'pv': hour 0 is -0.1"),
        ({"sinks": (Sink("grid", 5.0, -3.0),)}, "limit of 'grid': hour 0 is -3"),
        ({"unserved_usd_per_mwh": -1.0}, "cost of unserved load: got -1"),
        ({"stores": (Store("battery", charge_frac=0.0),)}, "charge_frac of 'battery': got 0"),
        ({"stores": (Store("battery", discharge_frac=1.1),)}, "discharge_frac of 'battery': got 1.1"),
        ({"stores": (Store("battery", start_frac=1.5),)}, "start_frac of 'battery': got 1.5"),
    ],
)
def test_numbers_that_cannot_be_are_named(changes, words):
    with pytest.raises(DataError, match=words):
        size_by_decomposition(replace(System(np.ones(2)), **changes))


@pytest.mark.parametrize("design", [Design((1.0, 2.0)), Design((1.0,), (1.0,), (1.0,))])
def test_a_design_that_does_not_fit_is_refused(design):
    with pytest.raises(ValueError, match="does not fit the system"):
        dispatch_exactly(System(np.ones(2), (Source("gas"),)), design)


@pytest.mark.parametrize("size", [-1.0, np.inf])
def test_capacities_must_be_numbers_of_megawatts(size):
    with pytest.raises(DataError, match="finite and 0 or more"):
        dispatch_exactly(System(np.ones(2), (Source("gas"),)), Design((size,)))


def worked():
    """The example of the page on the method: two hours, sun in the first."""
    pv = Source("pv", np.array([1.0, 0.0]), 0.0, 50.0)
    gas = Source("gas", 1.0, 100.0, 0.0, 10.0, 10.0)
    battery = Store("battery", 1.0, 1.0, 10.0, 10.0, start_frac=0.0)
    return System(np.array([10.0, 10.0]), (pv, gas), (), (battery,), 1000.0)


def test_the_worked_example_of_the_page():
    """Proves: the figures that docs/sizing-by-decomposition.md prints."""
    system = worked()
    run = run_at_least_cost(hours_of(system), np.array([15.0, 10.0, 10.0, 10.0]))
    assert run.cost_usd == 500.0
    assert run.course.content_mwh.tolist() == [0.0, 5.0, 0.0]
    assert run.course.price_usd_per_mwh.tolist() == [100.0, 100.0]
    assert run.course.cut.constant_usd == 2000.0
    assert run.course.cut.slope.tolist() == [-100.0, 0.0, 0.0, 0.0]
    sizing = size_by_decomposition(system, 1e-9)
    assert capacities_of(sizing) == pytest.approx([20.0, 10.0, 10.0, 10.0])
    assert sizing.cost_usd_per_year == pytest.approx(1200.0)
    assert sizing.bound_usd_per_year == pytest.approx(1200.0)
    assert plain_lp(system) == pytest.approx(1200.0)
