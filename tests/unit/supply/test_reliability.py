"""Binomial and Markov availability, and what units in several states leave unserved."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.reliability import (
    Units,
    adequacy,
    availability_frac,
    capacity_states,
    units_up_prob,
    up_after_frac,
)

SHARES = st.floats(0.5, 1.0)


def listed(load_mw: np.ndarray, units: list[Units]) -> tuple[float, float]:
    """Share of hours short and energy unserved, over every combination of single units."""
    single = [(kind.unit_mw, kind.availability_frac) for kind in units for _ in range(kind.n_unit)]
    short = unserved = 0.0
    for up in product([True, False], repeat=len(single)):
        prob = np.prod([a if on else 1.0 - a for on, (_, a) in zip(up, single, strict=True)])
        capacity = sum(mw for on, (mw, _) in zip(up, single, strict=True) if on)
        short += prob * np.mean(load_mw > capacity + 1e-9)
        unserved += prob * np.mean(np.maximum(0.0, load_mw - capacity))
    return float(short), float(unserved)


@given(a=SHARES, b=SHARES, n=st.integers(0, 4), m=st.integers(0, 3), load=st.lists(st.floats(0.5, 9.0), min_size=1))
def test_kinds_together_are_what_single_units_make_of_them(a, b, n, m, load):
    units = [Units("a", n, 1.5, a), Units("b", m, 0.7, b)]
    found, (short, unserved) = adequacy(np.array(load), units), listed(np.array(load), units)
    assert 1.0 - found.availability_frac == pytest.approx(short, abs=1e-12)
    assert found.unserved_mwh_per_year == pytest.approx(8760.0 * unserved, abs=1e-7)
    assert found.short_h_per_year == pytest.approx(8760.0 * short, abs=1e-7)


@given(availability=SHARES, n=st.integers(1, 20), load=st.floats(0.5, 20.0))
def test_one_unit_more_never_serves_less(availability, n, load):
    fewer, more = (adequacy(load, [Units("engine", k, 1.0, availability)]) for k in (n, n + 1))
    assert more.availability_frac >= fewer.availability_frac - 1e-12
    assert more.unserved_frac <= fewer.unserved_frac + 1e-12


def test_states_add_to_one_and_rise():
    states = capacity_states([Units("a", 3, 2.0, 0.9), Units("b", 2, 3.0, 0.8)])
    assert states.prob_frac.sum() == pytest.approx(1.0, abs=1e-14)
    assert states.capacity_mw.tolist() == [0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0]
    assert capacity_states([]).capacity_mw.tolist() == [0.0]


def test_hours_without_need_are_served():
    units = [Units("engine", 1, 1.0, 0.9)]
    found = adequacy(np.array([-5.0, 1.0]), units)
    assert found.availability_frac == pytest.approx(0.95)
    assert found.unserved_frac == pytest.approx(0.1)


@given(mttf=st.floats(1.0, 1e4), repair=st.floats(1.0, 1e3), hours=st.floats(0.0, 1e3), now=st.floats(0.0, 1.0))
def test_the_transient_solves_its_equation(mttf, repair, hours, now):
    """Proves: dp/dt = mu (1 - p) - lambda p, by a difference. Sensitivity: without repair p falls by lambda p."""
    step = 1e-3
    here, later = (up_after_frac(mttf, repair, t, now) for t in (hours, hours + step))
    middle = 0.5 * (here + later)
    assert later - here == pytest.approx(step * ((1.0 - middle) / repair - middle / mttf), abs=1e-9)
    assert (
        min(now, availability_frac(mttf, repair)) - 1e-12 <= here <= max(now, availability_frac(mttf, repair)) + 1e-12
    )


def test_ends_of_the_transient():
    assert up_after_frac(1000.0, 50.0, 0.0) == 1.0
    assert up_after_frac(1000.0, 50.0, 1e5) == pytest.approx(0.952381, abs=5e-7)
    assert up_after_frac(1000.0, 0.0, 3.0) == 1.0


def test_no_unit_is_up_for_certain():
    assert units_up_prob(0, 0.9).tolist() == [1.0]
    assert units_up_prob(3, 1.0).tolist() == [0.0, 0.0, 0.0, 1.0]


def test_what_says_nothing_is_refused():
    with pytest.raises(DataError, match="no hour needs a unit"):
        adequacy(np.array([-1.0, 0.0]), [])
    with pytest.raises(DataError, match="one finite number"):
        adequacy(np.array([1.0, np.inf]), [])
    with pytest.raises(ValueError, match="availability from 0 to 1"):
        Units("engine", 1, 1.0, 1.2)
    with pytest.raises(ValueError, match="no availability"):
        availability_frac(0.0, 5.0)
