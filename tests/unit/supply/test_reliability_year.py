"""Units and a battery over years of hours: against enumeration by hand, drawn years, and the binomial."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from wattworth.errors import DataError
from wattworth.supply.reliability import Units, adequacy
from wattworth.supply.reliability_chain import Generators, Reserve
from wattworth.supply.reliability_draws import drawn_adequacy
from wattworth.supply.reliability_year import Mended, Schedule, adequacy_with_battery

NONE = np.zeros(3)


def idle(load: np.ndarray, power_mw: float, mwh: float, charge: float = 1.0, discharge: float = 1.0) -> Schedule:
    """A battery that is kept full and waits."""
    none = np.zeros(len(load))
    return Schedule(load, none, none, none, np.full(len(load), mwh), power_mw, charge, discharge)


def test_without_a_battery_it_is_the_binomial() -> None:
    load = 2.0 + np.sin(np.arange(240.0))
    kinds = [Units("engine", 3, 1.0, 0.9), Units("grid", 1, 2.0, 0.99)]
    found = adequacy_with_battery(idle(load, 0.0, 0.0), [Mended(kind, 30.0) for kind in kinds])
    exact = adequacy(load, kinds)
    assert found.unserved_frac == pytest.approx(exact.unserved_frac, rel=1e-9)
    assert found.short_h_per_year == pytest.approx(exact.short_h_per_year, rel=1e-9)


def test_one_unit_by_hand() -> None:
    """Proves: 1 MW up half the time, mended in 2 h, so that each hour is a toss, and 1 MWh of battery.

    The first hour down is bridged, every later one is short, since the unit has nothing to spare: the second hour if
    the first was down too, 0.5 * 0.5; the third if one of both was, 0.5 * 0.75.

    Sensitivity: a battery that fills from a unit that has nothing to spare gives 0.25 in the third hour.
    """
    found = adequacy_with_battery(idle(np.ones(3), 1.0, 1.0), [Mended(Units("e", 1, 1.0, 0.5), 2.0)], n_level=2)
    assert found.short_h_per_year == pytest.approx((0.0 + 0.25 + 0.375) / 3.0 * 8760.0)
    assert found.unserved_frac == pytest.approx(0.625 / 3.0)


def _by_paths(schedule: Schedule, n_unit: int, unit_mw: float, up: float, repair_h: float) -> tuple[float, float]:
    """Every course of every unit, one after the other: energy missing and hours short."""
    n_hour = len(schedule.required_mw)
    fails, mends = (1.0 - up) / (up * repair_h), 1.0 / repair_h
    energy = hours = 0.0
    for paths in product(product([0, 1], repeat=n_hour), repeat=n_unit):
        prob = 1.0
        for path in paths:
            prob *= up if path[0] else 1.0 - up
            for was, now in pairwise(path):
                prob *= {(1, 1): 1 - fails, (1, 0): fails, (0, 1): mends, (0, 0): 1 - mends}[was, now]
        owed = 0.0
        for h in range(n_hour):
            given = unit_mw * sum(path[h] for path in paths) + schedule.surplus_mw[h]
            spare = given - schedule.required_mw[h]
            lacks = 0.0
            if spare >= 0:
                room = schedule.power_mw - schedule.charge_mw[h] + schedule.discharge_mw[h]
                owed = max(0.0, owed - schedule.charge_frac * min(spare, room))
            else:
                less = min(-spare, schedule.charge_mw[h])
                more = min(-spare - less, schedule.power_mw - schedule.discharge_mw[h])
                lacks = -spare - less - more
                owed += less * schedule.charge_frac + more / schedule.discharge_frac
            lacks += max(0.0, owed - schedule.content_mwh[h]) * schedule.discharge_frac
            owed = min(owed, schedule.content_mwh[h])
            energy, hours = energy + prob * lacks, hours + prob * (lacks > 1e-9)
    return energy, hours


def test_a_battery_that_runs_by_day_agrees_with_every_course_of_two_units() -> None:
    """Proves: charging given up, discharging brought forward and what is owed made good, with losses, hour by hour."""
    load = np.array([1.0, 1.2, 2.0, 2.6, 1.0])
    charge = np.array([0.5, 0.5, 0.0, 0.0, 0.0])
    discharge = np.array([0.0, 0.0, 0.2, 0.6, 0.0])
    way_in, way_out = 0.9, 0.8
    content = 0.5 + np.cumsum(way_in * charge - discharge / way_out)
    surplus = np.array([0.0, 0.3, 0.0, 0.0, 0.0])
    plan = Schedule(load + charge - discharge, surplus, charge, discharge, content, 0.7, way_in, way_out)
    energy, hours = _by_paths(plan, 2, 1.0, 0.9, 3.0)
    found = adequacy_with_battery(plan, [Mended(Units("e", 2, 1.0, 0.9), 3.0)], n_level=20_001)
    assert found.unserved_frac == pytest.approx(energy / plan.required_mw.sum(), rel=1e-4)
    assert hours / 5 * 8760 <= found.short_h_per_year <= 1.1 * hours / 5 * 8760


def test_energy_is_never_understated_and_more_levels_come_down_to_it() -> None:
    rng = np.random.default_rng(3)
    plan = idle(rng.uniform(2.0, 4.0, 2000), 1.3, 7.0, 0.95, 0.93)
    kinds = [Mended(Units("e", 5, 1.0, 0.93), 48.0)]
    missing = [adequacy_with_battery(plan, kinds, n).unserved_frac for n in (9, 17, 33, 65, 513)]
    assert all(few >= more for few, more in pairwise(missing))
    assert missing[3] == pytest.approx(missing[4], rel=0.01)


def test_drawn_years_agree_within_four_standard_errors() -> None:
    """Proves: the same battery, kept full, in years drawn unit by unit. Sensitivity: without it five times as much."""
    load = np.tile(4.0 + np.cos(np.arange(24) / 24 * 2 * np.pi), 365)
    up, repair = 0.95, 20.0
    kind = Generators("e", 7, 1.0, mttf_h=repair * up / (1.0 - up), repair_h=repair)
    drawn = drawn_adequacy(load, [kind], 1024, 5, reserve=Reserve(1.5, 8.0, 1.0, 0.0, 0.95, 0.95))
    found = adequacy_with_battery(
        idle(load, 1.5, 8.0, 0.95, 0.95), [Mended(Units("e", 7, 1.0, up), repair)], n_level=257
    )
    short = abs(found.unserved_mwh_per_year - drawn.mean.unserved_mwh_per_year)
    assert short < 4.0 * drawn.unserved_se_mwh_per_year
    assert abs(found.short_h_per_year - drawn.mean.short_h_per_year) < 4.0 * drawn.short_se_h_per_year
    alone = adequacy(load, [Units("e", 7, 1.0, up)])
    assert alone.unserved_mwh_per_year > 2.0 * found.unserved_mwh_per_year


def test_a_unit_that_is_seldom_up_keeps_its_share() -> None:
    assert Mended(Units("e", 1, 1.0, 0.0), 48.0).by_hour == (1.0, 0.0)
    fails, mends = Mended(Units("e", 1, 1.0, 0.01), 5.0).by_hour
    assert mends / (fails + mends) == pytest.approx(0.01)
    assert Mended(Units("e", 1, 1.0, 1.0), 48.0).by_hour == (0.0, 1.0 / 48.0)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="an hour or more"):
        Mended(Units("e", 1, 1.0, 0.9), 0.5)
    with pytest.raises(ValueError, match="two at least"):
        adequacy_with_battery(idle(np.ones(3), 1.0, 1.0), [], 1)
    with pytest.raises(DataError, match="finite"):
        adequacy_with_battery(idle(np.full(3, np.nan), 1.0, 1.0), [])
    with pytest.raises(DataError, match="no hour needs"):
        adequacy_with_battery(idle(NONE, 1.0, 1.0), [])
