"""The report on time to power: dates, chances, gates and the value of a month."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.studies import EVERY_KIND, HALF_LEASED, MINE, QUEUE, study
from wattworth.valuation import value
from wattworth.valuation.time_to_power import month_values, time_to_power

DRAWS = {"draws": 512, "seed": 7, "workers": 1}
FLAT = {
    "us_tax.federal_corporate_rate": 0.0, "tax.state_rate": 0.0, "site.holding_cost": 0.0, "site.removal_cost": 0.0,
    "site.connection_survival": 1.0, "turnkey.pursuit_cost": 0.0,
}  # fmt: skip
"""Nothing but the hall has a date: no tax years, and an idle site that costs and loses nothing."""


@pytest.fixture(scope="module")
def report() -> dict:
    return time_to_power(study(), value_draws=256, **DRAWS)


def test_every_valued_site_has_dates_chances_and_gates(report):
    assert [site["site_id"] for site in report["sites"]] == [site.site_id for site in EVERY_KIND if site.valued]
    for site in report["sites"]:
        for part in site["parts"]:
            assert part["first_revenue_months"]["p10"] <= part["first_revenue_months"]["p90"]
            assert 0 < part["success_frac"] <= part["power_frac"] <= 1
            assert sum(part["last_frac"].values()) == pytest.approx(1)
            assert sum(part["critical_frac"].values()) == pytest.approx(1)
            assert sum(gate["failure_share_frac"] for gate in part["gates"]) == pytest.approx(1)
            opens = [1 - gate["fails_frac"] for gate in part["gates"]]
            assert np.prod(opens) == pytest.approx(part["success_frac"]), "the chances of the gates multiply to it"
            assert sum(block["critical_it_mw"] for block in part["blocks"]) > 0
    json.dumps(report, allow_nan=False)


def test_power_is_there_where_a_mine_runs_and_awaited_elsewhere(report):
    by_id = {site["site_id"]: site for site in report["sites"]}
    mine, queue = by_id[MINE.site_id], by_id[QUEUE.site_id]
    assert mine["energised"] is None
    assert mine["kind"] == "energised"
    assert queue["energised"]["p50"] > "2028"
    assert queue["kind"] == "study PJM"
    assert queue["success_frac"] < 0.1 < mine["success_frac"]


def test_a_large_hall_comes_in_blocks_about_its_date(report):
    lessor = next(site for site in report["sites"] if site["site_id"] == HALF_LEASED.site_id)
    blocks = next(part for part in lessor["parts"] if part["kind"] == "leased")["blocks"]
    assert len(blocks) == 8
    assert sum(block["critical_it_mw"] for block in blocks) == pytest.approx(360)
    assert [block["first_revenue"] for block in blocks] == sorted(block["first_revenue"] for block in blocks)


def test_the_dates_are_those_of_the_valuation(report):
    """Proves: a valuation of the same seed draws the same first revenue, so page and money speak of one date."""
    run = value(study(), **DRAWS)
    alone = [site for site in report["sites"] if len(site["parts"]) == 1]
    assert {site["kind"] for site in alone} >= {"energised", "study PJM"}
    for site in alone:
        by_use = run.site(site["site_id"])["uses"]
        if by_use["turnkey"]["available"]:
            assert site["first_revenue"] == by_use["turnkey"]["first_revenue"]


def test_a_month_is_the_difference_of_two_valuations_with_common_draws(report):
    """Proves: what is printed is V(delay + 1) - V(delay), each valued anew with the same random numbers."""
    asis = value(study(MINE, QUEUE), draws=256, seed=7, workers=1)
    later = value(study(MINE, QUEUE, facts={"clock.extra_delay": 1.0}), draws=256, seed=7, workers=1)
    found = month_values(study(MINE, QUEUE), draws=256, seed=7, workers=1)
    for site_id in (MINE.site_id, QUEUE.site_id):
        for name, use in found[site_id].items():
            means = [run.site(site_id)["uses"][name]["risked_npv_usd"]["mean"] for run in (asis, later)]
            assert use["later_usd"] == pytest.approx(means[1] - means[0], abs=0.01)
    assert found[MINE.site_id]["hold"]["later_usd"] == 0.0
    assert found[MINE.site_id]["turnkey"]["later_usd"] != 0.0


def test_a_month_follows_the_closed_form_where_only_timing_moves():
    """Proves: when all of a hall moves by a month, what is lost is V (1 - (1 + r)^(-1/12)) (methods section 5).

    Signing comes a month later; without tax years, idle cost or drifts nothing else has a date.
    Sensitivity: a year's discount in place of a month's would be twelve times as much.
    """
    from tests.unit.timeline.test_first_power import gates
    from wattworth.timeline.gates import month_value_usd

    def npv_usd(months: float) -> float:
        rows = gates(("lease_signing", "", months, 0.0), ("shell", "lease_signing", 20, 0.0))
        facts = {**FLAT, "clock.on_time_share_us_data_centres": 1.0, **STILL}
        idle = MINE.model_copy(update={"mining_gross_mw": 0.0})
        run = value(study(idle, facts=facts, gates=rows, horizon_years=60), draws=64, seed=7, workers=1)
        return run.site("mine")["uses"]["turnkey"]["central"]["npv_usd"]

    soon, late = npv_usd(12), npv_usd(13)
    assert soon - late == pytest.approx(month_value_usd(soon, 0.06), rel=1e-6)


STILL = {
    "rent.growth": 0.0, "rent.beta": 0.0, "build_cost.growth": 0.0, "build_cost.beta": 0.0, "price_level.growth": 0.0,
    "site_price.growth": 0.0, "site_price.beta": 0.0, "power.growth": 0.0, "power.beta": 0.0,
}  # fmt: skip


def test_without_valuations_there_is_no_value_of_a_month():
    told: list[str] = []
    report = time_to_power(study(MINE), value_draws=0, told=told.append, **DRAWS)
    assert "uses" not in report["sites"][0]
    assert told == ["drawing the gates of 1 sites"]
