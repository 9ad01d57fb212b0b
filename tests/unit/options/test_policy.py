from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.options.paths import lognormal, put, site, wait_to_build
from wattworth.options import Plan, Switch, SwitchProblem, boundary, fit_policy, price
from wattworth.options.plans import fixed_plans, fixed_values_usd, follower, walk
from wattworth.options.problem import present


@pytest.fixture(scope="module")
def a_site():
    return site(1, range(8), n_date=12)


def test_each_plan_is_worth_what_walking_it_gives(a_site):
    """Proves: the sums for plans of one switch are what a step-by-step walk finds."""
    closed = np.random.Generator(np.random.Philox(5)).random((12, a_site.n_draw)) < 0.7
    problem = replace(
        a_site,
        switches=tuple(replace(s, allowed=closed) if s.name == "mining to leased" else s for s in a_site.switches),
        plans=(Plan("in stages", ((1, "mining to half leased"), (6, "half leased to leased"))),),
    )
    money = present(problem)
    plans, values = fixed_plans(problem), fixed_values_usd(problem, money)
    assert len(plans) == len(values) == 1 + 12 + 9 + 7 + 12 + 1
    for plan, value in zip(plans, values, strict=True):
        assert walk(problem.outline, money, follower(problem.outline, plan, money)).value_usd == pytest.approx(value), (
            plan
        )


def test_a_lag_earns_nothing_but_what_the_switch_brings():
    """By hand: 1 a month as a mine; from month 1 two months of works at 5 that bring 0.5 in all, then 10 a month."""
    problem = SwitchProblem(
        states=("mine", "hall"),
        months=(0, 1, 2, 3, 4),
        discount=np.array([1.0, 0.5, 0.25, 0.125, 0.0625]),
        drivers={"rent": np.ones((4, 2))},
        cash_usd={"mine": 1.0, "hall": 10.0},
        terminal_usd={"hall": 100.0},
        switches=(Switch("mine", "hall", 5.0, lag_periods=2, earned_usd=0.5),),
    )
    result = price(fit_policy(problem), problem)
    by_name = {plan.name: plan.value_usd for plan in result.fixed}
    assert by_name == {
        "never": 1.0 + 0.5 + 0.25 + 0.125,
        "mine to hall, now": -4.5 + 0.25 * 10 + 0.125 * 10 + 6.25,
        "mine to hall, month 1": 1.0 - 0.5 * 4.5 + 0.125 * 10 + 6.25,
        "mine to hall, month 2": 1.5 - 0.25 * 4.5 + 6.25,
    }
    assert result.value_usd == result.best_fixed.value_usd == 6.625
    assert result.best_fixed.name == "mine to hall, month 2"
    assert (result.now, result.best_now.name) == ("stay", "mine to hall, now")
    assert result.waiting_usd == pytest.approx(6.625 - 5.5)
    assert result.switchings[0].mean_month == 2.0
    assert result.switchings[0].first_frac.tolist() == [0.0, 0.0, 1.0, 0.0]


def test_a_fixed_plan_that_did_better_in_training_is_followed(monkeypatch):
    rent = lognormal(3, range(4), 10.0, 0.0, 0.3, np.arange(6.0), "rent")
    problem = SwitchProblem(
        states=("mine", "hall"),
        months=tuple(range(7)),
        discount=np.ones(7),
        drivers={"rent": rent},
        cash_usd={"mine": 1.0, "hall": rent},
        switches=(Switch("mine", "hall", 20.0), Switch("hall", "mine", 0.0)),
        plans=(Plan("out and back", ((0, "mine to hall"), (5, "hall to mine"))),),
    )
    assert fit_policy(problem).follows is None
    monkeypatch.setattr("wattworth.options.policy.best_plan", lambda *_: (problem.plans[0], 1e9))
    policy = fit_policy(problem)
    result = price(policy, problem)
    assert result.value_usd == pytest.approx(result.fixed[-1].value_usd)
    assert [s.mean_month for s in result.switchings] == [0.0, 5.0]
    assert result.notes == ("no fit did better in training than the fixed plan 'out and back', which is followed",)
    assert policy.decision("mine", 2, {"rent": 1.0}) == "mine to hall"
    with pytest.raises(ValueError, match="follows the fixed plan"):
        boundary(policy, 2, "mine", "rent")


def test_fits_that_left_terms_out_say_so():
    problem = site(1, range(4), n_date=6)
    twin = replace(problem, drivers={**problem.drivers, "rent again": 2.0 * problem.drivers["rent"]})
    policy = fit_policy(twin)
    assert len(policy.notes) == 1
    assert "do not vary independently" in policy.notes[0]
    once = price(fit_policy(problem), problem).value_usd
    assert price(policy, twin).value_usd == pytest.approx(once, rel=0.01)


def test_decisions_hold_a_driver_to_what_training_saw(a_site):
    policy = fit_policy(a_site)
    seen = {"hashprice": 40.0, "rent": 130.0, "power": 45.0}
    top = float(policy.high[6, 1])
    assert policy.decision("mining", 6, seen | {"rent": top}) == policy.decision("mining", 6, seen | {"rent": 1e9})


def test_a_cost_given_is_used_instead_of_that_of_training():
    policy = fit_policy(wait_to_build(1, range(8), 0.05, 0.03, 0.25, 1.0, n_date=20, years=10.0))
    assert policy.decision("waiting", 10, {"worth": 1.5}) == "stay"
    assert policy.decision("waiting", 10, {"worth": 1.5}, {"waiting to built": -100.0}) == "waiting to built"
    assert policy.decision("built", 10, {"worth": 1.5}) == "stay"


def test_where_nothing_was_allowed_in_training_the_site_stays():
    problem = put(1, range(1), n_date=3, spot=1000.0)
    policy = fit_policy(problem)
    assert not policy.fitted.any()
    assert policy.decision("held", 2, {"price": 50.0}) == "stay"
    assert price(policy, problem).value_usd == 0.0


def test_the_degree_can_be_lowered(a_site):
    policy = fit_policy(a_site, degree=1)
    assert np.count_nonzero(policy.coef_usd[..., 4:]) == 0
