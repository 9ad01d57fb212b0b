"""Designs compared at equal reliability, or flagged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.supply.reliability import Adequacy
from wattworth.supply.reliability_rank import Candidate, adequacy_of_years, rank_designs
from wattworth.supply.rules import run_rules
from wattworth.supply.rules_case import Firm, RuleCase
from wattworth.supply.system import Design
from wattworth.supply.units import ReliabilityTarget


def served(name: str, cost_usd: float, unserved_frac: float) -> Candidate:
    return Candidate(name, cost_usd, 1000.0, Adequacy(1.0 - unserved_frac, unserved_frac, 0.0, 0.0))


@given(
    rows=st.lists(st.tuples(st.floats(1.0, 100.0), st.sampled_from([0.0, 1e-4, 5e-4, 0.01, 0.2])), min_size=1),
    most=st.sampled_from([0.0, 3e-4, 0.05]),
)
def test_no_design_stands_above_a_more_reliable_one_without_a_flag(rows, most):
    designs = [served(f"design {n}", *row) for n, row in enumerate(rows)]
    ranking = rank_designs(designs, ReliabilityTarget(unserved_frac=most))
    assert len(ranking.rows) == len(designs)
    for n, row in enumerate(ranking.rows):
        own = row.candidate.adequacy.unserved_frac
        if any(below.candidate.adequacy.unserved_frac < own for below in ranking.rows[n + 1 :]):
            assert row.flags
        assert (row.place is None) == (own > most)
        assert row.flags or own <= most
    costs = [row.candidate.served_usd_per_mwh for row in ranking.rows if row.place is not None]
    assert costs == sorted(costs)
    assert ranking.at_equal_reliability == (len(costs) == len(designs))


def test_cheaper_for_being_less_reliable_is_flagged_within_the_target():
    ranking = rank_designs([served("firm", 90.0, 0.0), served("loose", 80.0, 5e-4)], ReliabilityTarget(0.999))
    assert ranking.at_equal_reliability
    assert [row.candidate.name for row in ranking.rows] == ["loose", "firm"]
    assert ranking.rows[0].flags == ("leaves 0.0005 of demand unserved and stands above firm, which leaves less",)
    assert ranking.rows[1].flags == ()


def test_none_may_be_best():
    ranking = rank_designs([served("loose", 80.0, 0.1)], ReliabilityTarget(short_h_per_year=1.0, unserved_frac=0.01))
    assert ranking.best is None
    assert not ranking.at_equal_reliability
    assert ranking.rows[0].flags == ("leaves 0.1 of demand unserved, the target is 0.01",)


def test_cost_is_per_megawatt_hour_served():
    assert served("loose", 86.0, 0.14).served_usd_per_mwh == pytest.approx(0.1)


def test_years_run_by_rule_say_how_well_they_served():
    case = RuleCase(np.array([1.0, 2.0, 1.0, 1.0]), firm=(Firm("engine"),), n_year=2)
    found = adequacy_of_years(run_rules(case, Design((1.5,))))
    assert found.availability_frac == 0.75
    assert found.unserved_frac == pytest.approx(0.1)
    assert (found.short_h_per_year, found.unserved_mwh_per_year) == (2190.0, pytest.approx(1095.0))
