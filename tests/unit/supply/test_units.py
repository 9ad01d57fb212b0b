"""Units that reach a target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError, SolveError
from wattworth.supply.reliability import Adequacy, Units, adequacy
from wattworth.supply.units import ReliabilityTarget, units_for_load, units_needed

ENGINE = Units("engine", 0, 1.0, 0.95)


@pytest.mark.parametrize(
    ("target", "spare"),
    [
        (ReliabilityTarget(availability_frac=0.81), 0),
        (ReliabilityTarget(availability_frac=0.97), 1),
        (ReliabilityTarget(availability_frac=0.997), 2),
        (ReliabilityTarget(availability_frac=0.999), 3),
        (ReliabilityTarget(unserved_frac=0.006), 1),
        (ReliabilityTarget(short_h_per_year=2.0), 3),
        (ReliabilityTarget(availability_frac=0.97, unserved_frac=1e-4), 3),
        (ReliabilityTarget(unserved_frac=0.2), -0),
    ],
)
def test_spare_units_of_a_target(target, spare):
    """Proves: the k of each target by the printed table of N+k, N = 4, a = 0.95.

    Sensitivity: adding up units of the plate until their mean output carries the load, 4 / 0.95, would stop at k = 1.
    """
    found = units_needed(4.0, ENGINE, target)
    assert (found.n_load, found.n_spare) == (4, spare)
    assert not target.misses(found.adequacy)


@given(
    availability=st.floats(0.6, 0.999),
    peak=st.floats(0.5, 12.0),
    wanted=st.sampled_from([0.9, 0.99, 0.9999]),
    derate=st.floats(0.5, 1.0),
)
def test_one_unit_fewer_would_miss(availability, peak, wanted, derate):
    unit, target = Units("engine", 0, 1.3, availability), ReliabilityTarget(availability_frac=wanted)
    found = units_needed(np.array([peak, 0.6 * peak]), unit, target, derate_frac=derate)
    assert found.unit_mw == pytest.approx(1.3 * derate)
    assert not target.misses(found.adequacy)
    fewer = Units("engine", found.n_unit - 1, found.unit_mw, availability)
    assert target.misses(adequacy(np.array([peak, 0.6 * peak]), [fewer]))


def test_units_are_counted_on_what_heat_leaves_of_them():
    """Proves: two turbines of 50 MW carry 100 MW at 15 degrees and not at 35. Sensitivity: on the plate it is two."""
    assert (units_for_load(100.0, 50.0), units_for_load(100.0, 50.0, 0.86)) == (2, 3)
    assert units_for_load(0.3, 0.1) == 3
    assert units_for_load(-5.0, 1.0) == 0
    cool, hot = (
        units_needed(100.0, Units("gt", 0, 50.0, 0.95), ReliabilityTarget(0.99), derate_frac=d) for d in (1, 0.86)
    )
    assert (cool.n_load, hot.n_load) == (2, 3)
    assert hot.n_unit > cool.n_unit


def test_what_is_there_already_counts():
    beside = [Units("old", 4, 1.0, 0.95)]
    found = units_needed(4.0, ENGINE, ReliabilityTarget(availability_frac=0.999), beside=beside)
    assert (found.n_unit, found.n_load) == (3, 0)
    assert units_needed(4.0, ENGINE, ReliabilityTarget(availability_frac=0.8), beside=beside).n_unit == 0


def test_a_target_out_of_reach_is_told():
    with pytest.raises(SolveError, match=r"6 units of 'engine' do not reach the target: the supply serves all load in"):
        units_needed(4.0, ENGINE, ReliabilityTarget(availability_frac=1.0), most_units=6)
    with pytest.raises(ValueError, match="carries no load"):
        units_needed(4.0, ENGINE, ReliabilityTarget(availability_frac=0.9), derate_frac=0.0)
    with pytest.raises(DataError, match="no hour needs a unit"):
        units_needed(0.0, ENGINE, ReliabilityTarget(availability_frac=0.9))
    with pytest.raises(ValueError, match="a target states"):
        ReliabilityTarget()


def test_misses_are_said_in_words():
    target = ReliabilityTarget(0.999, 1e-4, 5.0)
    assert target.misses(Adequacy(0.9995, 1e-5, 0.0, 4.0)) == ()
    assert target.misses(Adequacy(0.99, 1e-3, 0.0, 87.6)) == (
        "serves all load in 0.99 of hours, the target is 0.999",
        "leaves 0.001 of demand unserved, the target is 0.0001",
        "is short in 87.6 hours a year, the target is 5",
    )
