"""When to switch: decisions put off, priced on the valuation's own paths."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.studies import EVERY_KIND, HALF_LEASED, MINE, QUEUE, RETROFIT, study
from wattworth import uses
from wattworth.errors import StudyError
from wattworth.options.plans import fixed_plans, fixed_values_usd
from wattworth.options.problem import present
from wattworth.timeline import first_power
from wattworth.valuation import value
from wattworth.valuation.cases import central_world
from wattworth.valuation.plan import plan
from wattworth.valuation.switch_worths import KEPT, Freedom, drivers, joined, site_worths, stage
from wattworth.valuation.switching import choose, offered, problem, risked_usd
from wattworth.valuation.when_to_switch import when_to_switch

YEARLY = Freedom(every_months=12, window_months=36)
FEW = {"draws": 512, "training_draws": 1024, "workers": 1}


def _laid_out(site, n_draw=512, **changes):
    laid_out = plan(study(site, **changes), uses.fact_book(), n_draw=n_draw, seed=7)
    pricing, _ = stage(laid_out, central_world(laid_out), range(laid_out.n_chunk), YEARLY)
    worths = site_worths(laid_out, laid_out.sites[0], pricing)
    return laid_out, laid_out.sites[0], worths


@pytest.mark.parametrize("site", [MINE, RETROFIT, QUEUE])
def test_decided_today_a_use_is_worth_what_the_valuation_says(site):
    laid_out, site_plan, worths = _laid_out(site)
    run = value(study(site), draws=512, seed=7, workers=1)
    choices = choose(laid_out, site_plan, worths, YEARLY)
    for name in offered(laid_out, site_plan):
        ours = risked_usd(laid_out, worths, choices, name)[0]
        np.testing.assert_allclose(ours, run.draws[site.site_id, name]["risked_npv_usd"], rtol=1e-9, atol=1e-3)


def test_a_decision_on_a_date_is_worth_its_own_statement_whatever_came_before():
    laid_out, site_plan, worths = _laid_out(MINE)
    choices = choose(laid_out, site_plan, worths, YEARLY)
    asked = problem(laid_out, site_plan, worths, choices, YEARLY)
    fixed = dict(zip((p.name for p in fixed_plans(asked)), fixed_values_usd(asked, present(asked)), strict=True))
    for name in offered(laid_out, site_plan):
        worth = risked_usd(laid_out, worths, choices, name)
        for date, when in enumerate(("now", "month 12", "month 24")):
            np.testing.assert_allclose(fixed[f"{name}, {when}"], worth[date], rtol=1e-9, atol=1e-2)
    np.testing.assert_allclose(fixed["never"], worths.parts[0].decided_usd[KEPT][0], rtol=1e-9, atol=1e-2)


def test_half_now_and_the_rest_later_is_worth_what_the_formula_says():
    laid_out, site_plan, worths = _laid_out(MINE)
    choices = replace(choose(laid_out, site_plan, worths, YEARLY), staged="turnkey", lag_dates=1)
    asked = problem(laid_out, site_plan, worths, choices, YEARLY)
    money, part = present(asked), worths.parts[0]
    names = [switch.name for switch in asked.switches]
    first, rest = names.index("half turnkey"), names.index("rest turnkey")
    half = asked.states.index("half turnkey")
    got = money.earned_usd[first][0] + money.cash_usd[half, 1] + money.earned_usd[rest][2]
    chance, second = part.success_frac, YEARLY.second_stage_frac
    won, lost = part.decided_usd["turnkey"], part.lost_usd["turnkey"]
    fallback = [part.decided_usd[choices.fallbacks[0][date]][date] for date in (0, 2)]
    want = 0.5 * (chance * won[0] + (1 - chance) * (fallback[0] - lost[0]))
    want += 0.5 * chance * (second * won[2] + (1 - second) * (fallback[1] - lost[2]))
    want += 0.5 * (1 - chance) * fallback[0]
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-2)
    assert not money.allowed[first][2].any() or YEARLY.months[-1] > 24, "half is begun only if the rest can follow"


def test_a_delayed_conversion_waits_for_customer_and_hall_and_not_for_power():
    laid_out, _, _ = _laid_out(QUEUE)
    clock, calendar, chunks = laid_out.clocks, laid_out.calendar, range(2)

    def first(site, months):
        declared = (
            laid_out.sites[0].parts[0]
            if site is QUEUE
            else plan(study(site), uses.fact_book(), n_draw=256, seed=7).sites[0].parts[0]
        )
        return first_power(site, declared, clock, calendar, 7, chunks, decided_month=months).first_revenue_month

    waited = first(QUEUE, 12) - first(QUEUE, 0)
    assert waited.min() >= 0
    assert np.mean(waited == 0) > 0.5, "its power is years away, a hall can wait a year"
    assert np.all(first(MINE, 12) - first(MINE, 0) == 12), "where power is there every month of waiting is one later"


def test_every_driver_stands_at_its_stated_level_today_in_every_draw():
    laid_out, site_plan, worths = _laid_out(MINE)
    for path in worths.drivers.values():
        assert np.ptp(path[0]) <= 1e-12 * abs(path[0, 0])
        assert np.ptp(path[1]) > 0
    rent = laid_out.study.facts["lease_landlord_pays_capex.rent_year1"].value
    assert worths.drivers["rent"][0, 0] == pytest.approx(rent)
    assert site_plan.site.site_id == "mine"


def test_blocks_side_by_side_are_one():
    laid_out = plan(study(MINE), uses.fact_book(), n_draw=512, seed=7)
    central, site_plan = central_world(laid_out), laid_out.sites[0]
    parts = [stage(laid_out, central, range(k, k + 1), YEARLY)[0] for k in range(2)]
    whole = stage(laid_out, central, range(2), YEARLY)[0]
    together = joined([site_worths(laid_out, site_plan, on) for on in parts])
    once = site_worths(laid_out, site_plan, whole)
    for name, values in once.parts[0].decided_usd.items():
        np.testing.assert_array_equal(together.parts[0].decided_usd[name], values)
    for name, path in drivers(laid_out, site_plan, whole).items():
        np.testing.assert_array_equal(together.drivers[name], path)


@pytest.fixture(scope="module")
def wild():
    """A mine whose lease market may double or halve, and whose sale brings little: freedom is worth something."""
    facts = {"rent.volatility": 0.6, "rent.mean_reversion": 0.02, "rent.beta": 0.0, "site_price.beta": 0.0}
    return study(MINE, facts=facts)


@pytest.fixture(scope="module")
def found(wild):
    return when_to_switch(wild, YEARLY, draws=1024, training_draws=2048, workers=1)["sites"][0]


def test_freedom_is_worth_at_least_the_best_fixed_decision(found):
    best = found["best_fixed"]
    assert best["regret_usd"] >= -3 * best["regret_error_usd"]
    assert found["flexible_usd"]["mean"] == pytest.approx(best["usd"] + best["regret_usd"])
    assert found["waiting_usd"]["mean"] > 3 * found["waiting_usd"]["error"], "with rents this wild it pays to wait"
    assert found["now"] == "wait"
    assert found["never"]["regret_usd"] > 0


def test_odds_are_odds(found):
    by_name = {switch["decision"]: switch for switch in found["switches"]}
    away = [s for name, s in by_name.items() if not name.startswith("rest ")]
    assert 0 < sum(switch["prob_frac"] for switch in away) <= 1 + 1e-12
    for switch in found["switches"]:
        assert (switch["expected"] is None) == (switch["prob_frac"] == 0)
    json.dumps(found, allow_nan=False)


def test_the_policy_does_what_the_words_of_its_boundary_say(wild, found):
    edge = found["boundary"]
    assert edge["switch"] in edge["words"]
    assert {edge["driver_x"], edge["driver_y"]} <= {"rent", "build cost", "hashprice", "power", "GPU-hour"}
    assert len(edge["choice"]) == len(edge["y"])
    assert len(edge["choice"][0]) == len(edge["x"])
    assert any(edge["switch"] in row for row in edge["choice"])


def test_a_run_with_the_rent_on_either_side_decides_on_that_side(wild):
    def decided(rent):
        moved = study(MINE, facts={**{k: o.value for k, o in wild.overrides.items()}, RENT: rent})
        return when_to_switch(moved, YEARLY, draws=512, training_draws=1024, workers=1)["sites"][0]

    low, high = decided(60.0), decided(400.0)
    leases = {"turnkey", "half turnkey", "powered_shell", "half powered_shell", "hybrid"}
    assert low["now"] not in leases
    assert high["now"] in leases


RENT = "lease_landlord_pays_capex.rent_year1"


def test_dates_within_a_window_add_freedom(wild):
    once = when_to_switch(wild, Freedom(every_months=36, window_months=36, stages=False), **FEW)["sites"][0]
    often = when_to_switch(wild, Freedom(every_months=9, window_months=36, stages=False), **FEW)["sites"][0]
    error = np.hypot(once["flexible_usd"]["error"], often["flexible_usd"]["error"])
    assert often["flexible_usd"]["mean"] >= once["flexible_usd"]["mean"] - 3 * error
    assert abs(once["waiting_usd"]["mean"]) <= 3 * once["waiting_usd"]["error"], "with one date none is to be gained"


def test_without_a_lease_market_later_no_lease_is_signed_later(wild):
    shut = when_to_switch(wild, replace(YEARLY, lease_until_month=11), **FEW)["sites"][0]
    for switch in shut["switches"]:
        converts = switch["decision"].removeprefix("half ") in {"turnkey", "powered_shell", "gpu_cloud", "hybrid"}
        if converts and switch["prob_frac"] > 0:
            assert switch["now_frac"] == pytest.approx(switch["prob_frac"])


def test_a_site_decides_the_same_alone_and_among_others():
    alone = when_to_switch(study(MINE), YEARLY, draws=256, training_draws=512, workers=1)["sites"][0]
    among = when_to_switch(study(*EVERY_KIND), YEARLY, draws=256, training_draws=512, workers=1)["sites"]
    assert next(site for site in among if site["site_id"] == "mine") == alone


def test_a_site_under_lease_has_nothing_to_decide():
    leased = HALF_LEASED.model_copy(
        update={"operating_gross_mw": None, "construction_gross_mw": 500.0, "mining_gross_mw": None}
    )
    entry = when_to_switch(study(leased, MINE), YEARLY, draws=256, training_draws=512, workers=1)["sites"][0]
    assert entry["free"] is False
    assert "signed lease" in entry["reason"]


def test_rates_by_use_are_refused():
    with pytest.raises(StudyError, match="one measure"):
        when_to_switch(study(MINE, discount={"turnkey": 0.09}), YEARLY, **FEW)


def test_a_window_beyond_the_study_is_refused():
    with pytest.raises(StudyError, match="window of 600 months"):
        when_to_switch(study(MINE), Freedom(window_months=600), **FEW)


def test_without_volatility_there_is_one_best_schedule():
    laid_out = plan(study(MINE), uses.fact_book(), n_draw=1, seed=7)
    stated = {key: laid_out.study.facts[key].value for key in laid_out.table.keys}
    moves = [key for key in stated if key.endswith(("volatility", "volatility_long_run")) or key == "network.noise"]
    calm = study(MINE, facts={**stated, **dict.fromkeys(moves, 0.0)})
    site = when_to_switch(calm, YEARLY, **FEW)["sites"][0]
    assert {switch["prob_frac"] for switch in site["switches"]} <= {0.0, 1.0}
    assert site["best_fixed"]["regret_usd"] == pytest.approx(0.0, abs=3 * site["best_fixed"]["regret_error_usd"] + 1.0)
