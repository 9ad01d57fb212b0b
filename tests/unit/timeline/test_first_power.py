"""Dates of a part: drawn from its gates, correlated by cause, failing where a gate fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.studies import study
from tests.worlds import part, site
from wattworth import facts, timeline
from wattworth.records import Calendar
from wattworth.study import fill
from wattworth.study.gate_files import GateRow
from wattworth.timeline import FACT_KEYS, clocks, first_power
from wattworth.timeline.gates import expected_delay_months, month_value_usd
from wattworth.timeline.networks import kind_of
from wattworth.timeline.slippage import observed, packaged_projects

CALENDAR, SEED, CHUNKS = Calendar("2026-06", 30), 7, range(8)


def clock(rows: tuple[GateRow, ...] = (), **held: float) -> timeline.Clocks:
    filled = fill(study(facts={key.replace("__", "."): value for key, value in held.items()}), facts.load(), FACT_KEYS)
    return clocks(filled.facts, rows)


def test_the_central_date_is_the_sum_of_stated_months_and_the_mean_delay():
    """Proves: 12 + 2.5 + 10.5 + 6 + 2 months to convert an energised mine, then 0.28 x 9 = 2.52 late on average."""
    its = clock()
    dates = first_power(site(), part(), its, CALENDAR, None, range(1))
    assert dates.first_revenue_month[0] == np.ceil(33 + 2.52)
    assert dates.build_start_month[0] == 14
    assert expected_delay_months(0.72, 9) == pytest.approx(2.52)


def test_parts_of_each_kind_have_their_network():
    kinds = [
        (part(), "energised"),
        (part(state="construction"), "construction"),
        (part(state="undeveloped"), "secured"),
        (part(state="undeveloped", energised_date="2028-01"), "dated"),
        (part(state="undeveloped", stage="study", energised_date="2028-01"), "study dated"),
        (part(state="undeveloped", stage="study"), "study"),
    ]
    assert [kind_of(site(), its) for its, _ in kinds] == [kind for _, kind in kinds]
    assert kind_of(site(iso="PJM"), part(state="undeveloped", stage="study")) == "study PJM"


def test_a_stated_date_takes_the_place_of_a_clock():
    its = clock()
    dated = part(state="construction", energised_date="2030-06")
    months = timeline.gate_months(site(), dated, its, CALENDAR, SEED, CHUNKS)
    assert np.all(months["power"] == 48)
    dates = first_power(site(), dated, its, CALENDAR, SEED, CHUNKS)
    assert dates.first_revenue_month.min() >= 48


def test_gates_of_one_cause_move_together_across_sites_and_others_do_not():
    """Proves: utility works of two sites correlate by the stated share; with transformers of one site not at all."""
    its, far = clock(clock__correlation=0.5), site(site_id="far")
    undeveloped = part(state="undeveloped")
    wide = range(40)
    here = timeline.gate_months(site(), undeveloped, its, CALENDAR, SEED, wide)
    there = timeline.gate_months(far, undeveloped, its, CALENDAR, SEED, wide)

    def rank_correlation(one, other):
        ranks = [np.argsort(np.argsort(each)) for each in (one, other)]
        return np.corrcoef(ranks)[0, 1]

    # a normal correlation of 0.5 is one of (6 / pi) asin(0.25) = 0.483 between ranks
    assert rank_correlation(here["utility_works"], there["utility_works"]) == pytest.approx(0.483, abs=0.04)
    assert abs(rank_correlation(here["utility_works"], here["transformer"])) < 0.04
    alone = clock(clock__correlation=0.0)
    apart = [
        timeline.gate_months(each, undeveloped, alone, CALENDAR, SEED, wide)["transformer"] for each in (site(), far)
    ]
    assert abs(rank_correlation(*apart)) < 0.04


def test_shared_causes_make_all_sites_late_at_once():
    """Proves: the number of sites late at once spreads more when causes are shared: what a portfolio feels."""

    def late_together(share):
        its = clock(clock__correlation=share)
        sites = [site(site_id=f"s{i}") for i in range(12)]
        months = [first_power(s, part(), its, CALENDAR, SEED, CHUNKS).first_revenue_month for s in sites]
        late = np.array(months) > np.quantile(months, 0.9)
        return late.sum(axis=0).std()

    assert late_together(0.5) > 1.3 * late_together(0.0)


def test_a_site_more_or_another_seed_moves_only_its_own():
    its = clock()
    one = first_power(site(), part(), its, CALENDAR, SEED, CHUNKS)
    again = first_power(site(), part(), its, CALENDAR, SEED, range(2, 4))
    assert np.array_equal(again.first_revenue_month, one.first_revenue_month[512:1024])
    assert not np.array_equal(
        first_power(site(), part(), its, CALENDAR, 8, CHUNKS).first_revenue_month, one.first_revenue_month
    )


def test_chances_of_gates_multiply_to_the_chance_of_success():
    """Proves: shares of the failing gates sum to one, and exp of their hazards gives the success chance back."""
    its = clock()
    for state, success in (("energised", 0.35), ("construction", 0.4), ("undeveloped", 0.15)):
        share = timeline.failure_frac(site(), part(state=state), its, success)
        assert sum(share.values()) == pytest.approx(1)
        chances = [success**each for each in share.values()]
        assert np.prod(chances) == pytest.approx(success)
        assert 1 - success ** share["financing"] == pytest.approx(0.05)
    study_part = part(state="undeveloped", stage="study")
    share = timeline.failure_frac(site(), study_part, its, 0.03)
    assert 0.03 ** share["lease_signing"] == pytest.approx(0.15), "as likely as on any undeveloped site"


def test_a_failure_is_known_when_its_gate_fails():
    """Proves: with a lease for certain and financing that always fails, failure is known when financing was due."""
    rows = gates(("lease_signing", "", 4, 0.0), ("financing", "lease_signing", 3, 0.6), ("shell", "financing", 12, 0.0))
    its = clock(rows)
    dates = first_power(site(), part(), its, CALENDAR, SEED, CHUNKS)
    assert set(dates.failure_known_month) == {7}
    assert timeline.own_success_frac(site(), part(), its) == pytest.approx(0.4)


def gates(*rows: tuple[str, str, float, float], **more: object) -> tuple[GateRow, ...]:
    return tuple(
        GateRow(network="energised", gate=name, after=after, months=months, fails_frac=fails, source="test", **more)
        for name, after, months, fails in rows
    )


def test_own_networks_take_the_place_of_the_packaged_for_their_sites():
    rows = gates(("lease_signing", "", 2, 0.0), ("shell", "lease_signing", 3, 0.0), site="plain*")
    its = clock(rows)
    assert first_power(site(), part(), its, CALENDAR, None, range(1)).first_revenue_month[0] == np.ceil(5 + 2.52)
    assert first_power(site(site_id="x"), part(), its, CALENDAR, None, range(1)).first_revenue_month[0] == 36


def test_the_value_of_a_month_in_closed_form():
    """Proves: V (1 - (1 + r)^(-1/12)): 500 at 10 % loses 3.95553 in a month, 86.7769 in 24 (methods section 5)."""
    assert month_value_usd(500, 0.10) == pytest.approx(3.95553, abs=5e-6)
    assert month_value_usd(500, 0.10, 24) == pytest.approx(86.7769, abs=5e-5)


def test_slippage_counts_what_is_still_open():
    """Proves: 51 months over 7 late projects that came gives 7.29; leaving open ones out would give 25 / 7 = 3.57."""
    found = observed(packaged_projects())
    assert (found.n_closed, found.n_open, found.n_on_time) == (12, 3, 5)
    assert found.late_mean_months == pytest.approx(51 / 7)
    assert found.on_time_low_frac < found.on_time_frac < found.on_time_high_frac
    assert found.late_low_months < found.late_mean_months < found.late_high_months


def test_no_project_is_no_lesson():
    with pytest.raises(ValueError, match="no project"):
        observed([])
    only_late = observed([{"months_late": 3, "still_open": "yes"}])
    assert only_late.late_mean_months is None
    assert replace(only_late, n_open=0).on_time_frac == 0.0
