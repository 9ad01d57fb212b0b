"""Survival of an outage: the chain against every path it can take."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.reliability import Units, adequacy, up_after_frac
from wattworth.supply.reliability_chain import Generators, Reserve, survival


def by_paths(load: tuple[float, ...], kind: Generators, n_hour: int, battery: Reserve) -> list[float]:
    """Survival from hour 0, unit by unit and with exact contents."""
    fails, mends = 1.0 / kind.mttf_h, 1.0 / kind.repair_h

    @cache
    def lives(hour: int, up: tuple[bool, ...], content: float, until: int) -> float:
        if hour == until:
            return 1.0
        total = 0.0
        for choice in range(2 ** len(up)):
            then = tuple(bool(choice >> n & 1) for n in range(len(up)))
            prob = 1.0
            for before, after in zip(up, then, strict=True):
                prob *= (1.0 - fails if after else fails) if before else (mends if after else 1.0 - mends)
            spare = kind.unit_mw * sum(then) - load[hour]
            if spare >= 0.0:
                left = min(battery.usable_mwh, content + min(spare, battery.power_mw) * battery.charge_frac)
            elif -spare <= min(battery.power_mw, content * battery.discharge_frac) + 1e-12:
                left = content + spare / battery.discharge_frac
            else:
                continue
            total += prob * lives(hour + 1, then, left, until)
        return total

    ready = kind.ready_frac * (1.0 - kind.start_failure_frac)
    out = []
    for until in range(1, n_hour + 1):
        alive = 0.0
        for choice in range(2**kind.n_unit):
            up = tuple(bool(choice >> n & 1) for n in range(kind.n_unit))
            alive += float(np.prod([ready if on else 1.0 - ready for on in up])) * lives(
                0, up, battery.start_mwh, until
            )
        out.append(alive)
    return out


def rounded(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: round(x, 3))


CASES = st.tuples(
    st.lists(rounded(-1.0, 3.0), min_size=5, max_size=5),
    st.builds(
        Generators,
        st.just("engine"),
        st.integers(1, 2),
        rounded(0.3, 2.0),
        st.floats(1.5, 50.0),
        st.floats(2.0, 20.0),
        st.floats(0.5, 1.0),
        st.floats(0.0, 0.4),
    ),
    st.builds(
        Reserve, rounded(0.0, 2.0), rounded(0.0, 6.0), rounded(0.5, 1.0), rounded(0.0, 0.4),
        rounded(0.8, 1.0), rounded(0.8, 1.0),
    ),
)  # fmt: skip


@given(case=CASES)
def test_the_two_answers_hold_the_truth_between_them(case):
    load, kind, battery = case
    found = survival(np.array(load), [kind], 4, battery, starts=[0], n_level=41)
    truth = by_paths(tuple(load), kind, 4, battery)
    assert (found.survival_frac[0] <= np.array(truth) + 1e-9).all()
    assert (found.upper_frac[0] >= np.array(truth) - 1e-9).all()
    assert (np.diff(found.survival_frac[0]) <= 1e-12).all()


def test_more_levels_bring_the_answers_together():
    load = np.array([1.0, 2.3, 1.7, 2.9, 0.4, 1.1])
    kind, battery = Generators("engine", 3, 0.9, 12.0, 6.0), Reserve(1.3, 3.7, 0.8, 0.1, 0.95, 0.94)
    gaps = []
    for n_level in (11, 101, 1001):
        found = survival(load, [kind], 12, battery, n_level=n_level)
        gaps.append(float((found.upper_frac - found.survival_frac).max()))
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 0.02


def test_without_a_battery_one_repaired_unit_is_a_geometric_race():
    kind = Generators("engine", 1, 1.0, 20.0, 4.0)
    found = survival(np.ones(1), [kind], 6)
    assert found.survival_frac[0] == pytest.approx([0.95**h for h in range(1, 7)])
    assert found.upper_frac.tolist() == found.survival_frac.tolist()


def test_long_lived_units_forget_how_they_started():
    """Proves: hours served without a battery tend to the analytic availability as the chain is started later in it."""
    kind = Generators("engine", 2, 1.0, 30.0, 10.0)
    free = np.full(200, -9.0)
    load = np.concatenate([free, [1.0]])
    found = survival(load, [kind], 201, starts=[0])
    assert found.survival_frac[0, -1] == pytest.approx(adequacy(1.0, [kind.in_the_long_run]).availability_frac)


def test_an_hour_of_the_chain_is_close_to_its_continuous_cousin():
    kind = Generators("engine", 1, 1.0, 1000.0, 50.0)
    free = np.full(9, -9.0)
    for hours in (1, 5, 10):
        found = survival(np.concatenate([free[: hours - 1], [1.0]]), [kind], hours, starts=[0])
        assert found.survival_frac[0, -1] == pytest.approx(up_after_frac(1000.0, 50.0, hours), abs=1e-4)


def test_starts_wrap_round_the_year_and_more_battery_never_hurts():
    load = np.array([1.0, 1.0, 3.0, 1.0])
    kind = Generators("engine", 2, 1.0, 10.0)
    small, large = (survival(load, [kind], 4, Reserve(1.0, energy), n_level=7) for energy in (3.0, 6.0))
    assert small.survival_frac.shape == (4, 4)
    again = survival(np.roll(load, -2), [kind], 4, Reserve(1.0, 3.0), starts=[0], n_level=7)
    assert small.survival_frac[2].tolist() == again.survival_frac[0].tolist()
    assert (large.survival_frac >= small.survival_frac - 1e-12).all()
    assert small.mean_frac == pytest.approx(small.survival_frac.mean(axis=0))


def test_what_has_no_meaning_is_refused():
    with pytest.raises(ValueError, match="an hour or more to fail"):
        Generators("engine", 1, 1.0, 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Generators("engine", 1, 1.0, 5.0, ready_frac=1.1)
    with pytest.raises(ValueError, match="never repaired"):
        _ = Generators("engine", 1, 1.0, 5.0).in_the_long_run
    with pytest.raises(ValueError, match="between its least content and full"):
        Reserve(1.0, 1.0, 0.2, 0.5)
    with pytest.raises(ValueError, match="efficiencies"):
        Reserve(1.0, 1.0, charge_frac=0.0)
    with pytest.raises(ValueError, match="one hour and two levels"):
        survival(np.ones(2), [], 0)
    with pytest.raises(DataError, match="one finite number"):
        survival(np.array([np.nan]), [], 1)
    assert Generators("engine", 2, 1.5, 1000.0, 50.0).in_the_long_run == Units("engine", 2, 1.5, 1000.0 / 1050.0)
