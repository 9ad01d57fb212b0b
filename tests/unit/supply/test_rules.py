"""The rule dispatch against a slow twin, and its laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.rules import rules_of, run_rules, run_rules_hourly, run_rules_many
from wattworth.supply.rules_case import Battery, Firm, Renewable, RuleCase
from wattworth.supply.system import Commitment, Design, Source, Store, System

N_HOUR = 60


def random_case(seed: int, limits: str = "wattworth", *, last: bool = False) -> tuple[RuleCase, Design]:
    """Two renewables, two kinds of units and a battery, all sizes and shapes by chance."""
    luck = np.random.default_rng(seed)
    sun = np.maximum(0.0, luck.normal(0.3, 0.4, N_HOUR))
    wind = luck.random(N_HOUR)
    case = RuleCase(
        load_mw=luck.uniform(0.0, 10.0, N_HOUR),
        renewables=(Renewable("sun", sun, 0.02), Renewable("wind", wind, 0.01)),
        firm=(
            Firm("engine", luck.uniform(0.8, 1.0, N_HOUR), 8.0, 0.1, unit_mw=0.7, co2_kg_per_mmbtu=53.0),
            Firm("turbine", 0.9, 9.5, co2_kg_per_mmbtu=53.0),
        ),
        battery=Battery(0.93, 0.9, 0.03, float(luck.random()), limits),
        n_year=3,
        battery_last=last,
    )
    sizes = luck.uniform(0.0, [8.0, 6.0, 4.0, 2.0])
    return case, Design(tuple(sizes.tolist()), (float(luck.uniform(0, 4)),), (float(luck.uniform(0, 16)),))


def slow(case: RuleCase, design: Design, year: int) -> dict[str, list[float]]:
    """One year in plain Python, written from the rules and not from the kernel."""
    battery = case.battery or Battery()
    inside = battery.limits == "offgridai"
    (power,), (new,) = design.store_mw or (0.0,), design.store_mwh or (0.0,)
    energy = new * (1.0 - battery.fade_frac_per_year * year)
    content = battery.start_frac * (new if inside else energy)
    n = len(case.renewables)
    out: dict[str, list[float]] = {name: [] for name in ("used", "charge", "discharge", "content", "firm", "unserved")}
    for h in range(case.n_hour):
        left = case.load_mw[h]
        free = sum(
            mw * (1.0 - r.fade_frac_per_year * year) * np.broadcast_to(r.available_frac, case.n_hour)[h]
            for r, mw in zip(case.renewables, design.source_mw, strict=False)
        )
        can = [
            mw * np.broadcast_to(f.available_frac, case.n_hour)[h]
            for f, mw in zip(case.firm, design.source_mw[n:], strict=True)
        ]
        straight = min(free, left)
        left -= straight
        charge = discharge = 0.0
        if free > straight:
            room = (energy - content) / (1.0 if inside else battery.charge_frac)
            charge = min(free - straight, power, room)
            content += charge * battery.charge_frac
            if charge < 0.0:
                charge, discharge = 0.0, -charge
        else:
            wanted = max(0.0, left - sum(can)) if case.battery_last else left
            most = power * battery.discharge_frac if inside else power
            discharge = min(wanted, most, content * battery.discharge_frac)
            content -= discharge / battery.discharge_frac
            left -= discharge
        used = straight + charge - (discharge if free > straight else 0.0)
        given = []
        for mw in can:
            given.append(min(left, mw))
            left -= given[-1]
        row = (used, charge, discharge, content, sum(given), left)
        for name, value in zip(out, row, strict=True):
            out[name].append(value)
    return out


@given(
    seed=st.integers(0, 10**6),
    limits=st.sampled_from(["wattworth", "offgridai"]),
    last=st.booleans(),
    year=st.integers(0, 2),
)
def test_the_kernel_runs_the_rules(seed, limits, last, year):
    case, design = random_case(seed, limits, last=last)
    found, expected = run_rules_hourly(case, design, year), slow(case, design, year)
    assert found.source_mw[:2].sum(axis=0) == pytest.approx(expected["used"], abs=1e-9)
    assert found.source_mw[2:].sum(axis=0) == pytest.approx(expected["firm"], abs=1e-9)
    assert found.charge_mw[0] == pytest.approx(expected["charge"], abs=1e-9)
    assert found.discharge_mw[0] == pytest.approx(expected["discharge"], abs=1e-9)
    assert found.content_mwh[0] == pytest.approx(expected["content"], abs=1e-9)
    assert found.unserved_mw == pytest.approx(expected["unserved"], abs=1e-9)


@given(seed=st.integers(0, 10**6), limits=st.sampled_from(["wattworth", "offgridai"]), last=st.booleans())
def test_energy_closes_each_hour_and_over_the_year(seed, limits, last):
    case, design = random_case(seed, limits, last=last)
    years = run_rules(case, design)
    for year in range(case.n_year):
        hours = run_rules_hourly(case, design, year)
        comes_in = hours.source_mw.sum(axis=0) + hours.discharge_mw[0] + hours.unserved_mw
        assert comes_in == pytest.approx(case.load_mw + hours.charge_mw[0], abs=1e-6)
        for array in (hours.source_mw, hours.charge_mw, hours.discharge_mw, hours.content_mwh, hours.unserved_mw):
            assert array.min() >= -1e-9
        assert years.unserved_mwh[year] == pytest.approx(hours.unserved_mw.sum(), abs=1e-6)
        assert years.firm_mwh[:, year] == pytest.approx(hours.source_mw[2:].sum(axis=1), abs=1e-6)
        assert years.renewable_mwh[year] == pytest.approx(hours.source_mw[:2].sum(), abs=1e-6)
        assert years.battery_out_mwh[year] == pytest.approx(hours.discharge_mw.sum(), abs=1e-6)
        assert years.charged_mwh[year] == pytest.approx(hours.charge_mw.sum(), abs=1e-6)
        assert years.short_h[year] == (hours.unserved_mw > 1e-9).sum()
    assert years.served_mwh + years.unserved_mwh == pytest.approx(case.load_mw.sum())


@given(seed=st.integers(0, 10**6), part=st.sampled_from(["sun", "wind", "engine", "turbine", "energy", "power"]))
def test_more_of_anything_never_leaves_more_unserved_if_the_battery_comes_last(seed, part):
    _more_is_no_worse(seed, part, last=True)


@given(seed=st.integers(0, 10**6), part=st.sampled_from(["sun", "wind", "engine", "turbine", "energy"]))
def test_more_of_anything_but_battery_power_never_leaves_more_unserved_if_it_comes_first(seed, part):
    _more_is_no_worse(seed, part, last=False)


def _more_is_no_worse(seed: int, part: str, *, last: bool) -> None:
    case, design = random_case(seed, last=last)
    place = ["sun", "wind", "engine", "turbine"]
    if part == "power":
        more = replace(design, store_mw=(design.store_mw[0] + 1.0,))
    elif part == "energy":
        more = replace(design, store_mwh=(design.store_mwh[0] + 3.0,))
    else:
        sizes = list(design.source_mw)
        sizes[place.index(part)] += 1.0
        more = replace(design, source_mw=tuple(sizes))
    before, after = run_rules(case, design), run_rules(case, more)
    assert (after.unserved_mwh <= before.unserved_mwh + 1e-9).all()


def test_a_stronger_battery_that_comes_first_can_leave_more_unserved():
    """Proves: the law has one hole, by hand: 100 MW of load, 50 of engines, 100 MWh stored, two hours.

    With 50 MW the battery lasts both hours; with 100 it spares the engines in the first and is empty in the second.
    Sensitivity: with the battery last both serve all.
    """
    case = RuleCase(np.full(2, 100.0), firm=(Firm("engine"),), battery=Battery())
    unserved = [
        float(run_rules(held, Design((50.0,), (power,), (100.0,))).unserved_mwh[0])
        for held in (case, replace(case, battery_last=True))
        for power in (50.0, 100.0)
    ]
    assert unserved == [0.0, 50.0, 0.0, 0.0]


def test_many_designs_are_run_as_each_alone():
    case, _ = random_case(3)
    designs = [random_case(seed)[1] for seed in range(9)]
    many = run_rules_many(case, designs)
    assert many.firm_mwh.shape == (9, 2, 3)
    assert many.unserved_mwh.shape == (9, 3)
    assert many.renewable_share_frac.shape == (9,)
    for n, design in enumerate(designs):
        alone = run_rules(case, design)
        assert alone.firm_mwh.tolist() == many.firm_mwh[n].tolist()
        assert alone.starts.tolist() == many.starts[n].tolist()
        assert float(alone.unserved_frac) == many.unserved_frac[n]


def test_fuel_starts_and_emissions_of_whole_units():
    """Proves: by hand, units of 10 MW, a tenth of fuel when idle: 5, 15, 15, 0, 25 MW take 1, 2, 2, 0, 3 units.

    Sensitivity: fuel at the full-load rate alone is 480; the first hour counted as starts gives 5.
    """
    load = np.array([5.0, 15.0, 15.0, 0.0, 25.0])
    case = RuleCase(load, firm=(Firm("engine", 1.0, 8.0, 0.1, 10.0, 50.0),))
    years = run_rules(case, Design((30.0,)))
    assert years.starts.tolist() == [[4]]
    assert years.fuel_mmbtu[0, 0] == pytest.approx(8.0 * (0.1 * 80.0 + 0.9 * 60.0))
    assert years.co2_kg[0] == pytest.approx(50.0 * years.fuel_mmbtu[0, 0])


def test_a_last_unit_may_be_smaller():
    case = RuleCase(np.array([14.0]), firm=(Firm("engine", 1.0, 8.0, 0.5, 10.0),))
    years = run_rules(case, Design((14.0,)))
    assert years.fuel_mmbtu[0, 0] == pytest.approx(8.0 * 14.0)


def test_ageing_is_linear_and_each_year_starts_anew():
    case = RuleCase(np.array([0.0, 10.0]), (Renewable("sun", 1.0, 0.1),), battery=Battery(1.0, 1.0, 0.2, 0.0), n_year=3)
    years = run_rules(case, Design((4.0,), (100.0,), (3.0,)))
    assert years.renewable_mwh == pytest.approx([3.0 + 4.0, 2.4 + 3.6, 1.8 + 3.2])
    assert years.battery_out_mwh == pytest.approx([3.0, 2.4, 1.8])
    assert years.curtailed_mwh == pytest.approx([1.0, 1.2, 1.4])


def test_a_battery_older_than_it_lasts_holds_nothing():
    case = RuleCase(np.array([5.0]), battery=Battery(fade_frac_per_year=0.5), n_year=4)
    assert run_rules(case, Design((), (5.0,), (5.0,))).battery_out_mwh.tolist() == [5.0, 2.5, 0.0, 0.0]


def test_rules_of_a_system_put_free_sources_first_and_the_cheapest_units_next():
    system = System(
        np.full(4, 10.0),
        sources=(
            Source("turbine", running_usd_per_mwh=50.0, commitment=Commitment(25.0)),
            Source("sun", available_frac=np.array([0.0, 1.0, 1.0, 0.0])),
            Source("engine", running_usd_per_mwh=np.array([30.0, 40.0, 30.0, 40.0])),
        ),
        stores=(Store("battery", 0.9, 0.8, start_frac=0.25),),
    )
    case, order = rules_of(system, n_year=2)
    assert order == (1, 2, 0)
    assert [r.name for r in case.renewables] == ["sun"]
    assert [(f.name, f.unit_mw) for f in case.firm] == [("engine", 0.0), ("turbine", 25.0)]
    battery = case.battery
    assert battery is not None
    assert (battery.charge_frac, battery.discharge_frac, battery.start_frac) == (0.9, 0.8, 0.25)
    with pytest.raises(ValueError, match="2 stores"):
        rules_of(replace(system, stores=(Store("a"), Store("b"))))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"load_mw": np.array([1.0, np.nan])}, DataError, "load: hour 1 is nan"),
        ({"load_mw": np.array([1.0, -1.0])}, DataError, "load: hour 1 is -1"),
        ({"renewables": (Renewable("sun", np.ones(3)),)}, ValueError, r"'sun': got shape \(3,\), need \(2,\)"),
        ({"renewables": (Renewable("sun", -0.1),)}, DataError, "'sun': hour 0 is -0.1"),
        ({"firm": (Firm("engine", idle_fuel_frac=0.1),)}, ValueError, "give unit_mw"),
        ({"firm": (Firm("engine", unit_mw=-1.0),)}, ValueError, "units of nought or more"),
        ({"battery": Battery(charge_frac=0.0)}, ValueError, "efficiencies"),
        ({"battery": Battery(start_frac=1.5)}, ValueError, "between empty and full"),
        ({"battery": Battery(limits="homer")}, ValueError, "'homer': need one of"),
        ({"n_year": 0}, ValueError, "a life of years"),
    ],
)
def test_what_cannot_be_run_is_named(change, error, message):
    fine = RuleCase(np.ones(2))
    with pytest.raises(error, match=message):
        replace(fine, **change)


def test_designs_that_do_not_fit_are_named():
    case = RuleCase(np.ones(2), firm=(Firm("engine"),))
    with pytest.raises(ValueError, match=r"design 1: got \(2, 0, 0\)"):
        run_rules_many(case, [Design((1.0,)), Design((1.0, 2.0))])
    with pytest.raises(DataError, match="design 0: sources"):
        run_rules(case, Design((-1.0,)))
    with pytest.raises(ValueError, match="year 1 is not one of the 1"):
        run_rules_hourly(case, Design((1.0,)), 1)
