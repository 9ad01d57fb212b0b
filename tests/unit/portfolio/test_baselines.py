"""Rules of thumb, fresh draws, the frontier and the generator."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from wattworth.portfolio import (
    KEEP,
    Aim,
    Case,
    Choices,
    Effort,
    Limit,
    Limits,
    check,
    everything_now,
    frontier,
    generate,
    greedy,
    limit_prices,
    missed_of,
    objective_of,
    plan,
    replay,
    tail_usd,
    upper_hull,
    why,
)


def knapsack(least: float | None = None) -> Case:
    """Four sites: kept (0), or built for a capital of 6, 5, 5 and 1, worth 10, 8, 8 and 1; 10 to spend."""
    worth, capital = np.array([10.0, 8.0, 8.0, 1.0]), np.array([6.0, 5.0, 5.0, 1.0])
    choices = Choices(
        ("a", "b", "c", "d"),
        np.repeat(np.arange(4), 2),
        ["keep", "build"] * 4,
        np.array([KEEP, 0] * 4),
        np.stack([0.0 * worth, worth], axis=1).reshape(8, 1) * 1e6,
    )
    taken = np.stack([0.0 * capital, capital], axis=1).reshape(1, 8)
    if least is None:
        return Case(choices, Limits((Limit("capital", 10.0),), csr_array(taken)))
    kept = np.array([[1.0, 0.0] * 4])
    rows = (Limit("capital", 10.0), Limit("kept", least, "at least"))
    return Case(choices, Limits(rows, csr_array(np.vstack([taken, kept]))))


def test_greedy_takes_the_largest_first_and_the_plan_beats_it() -> None:
    """Proves: greedy builds a (10) and d (1) and has 3 left; the plan builds b and c for 16."""
    case = knapsack()
    rule = greedy(case)
    assert rule.chosen.tolist() == [1, 2, 4, 7]
    assert rule.value_usd == 11e6
    assert not rule.missed
    assert plan(case).value_usd == 16e6


def test_everything_now_gives_back_what_adds_least() -> None:
    """Proves: all four take 17; d goes (16), then b (11), then c: a alone is left."""
    rule = everything_now(knapsack())
    assert rule.chosen.tolist() == [1, 2, 4, 6]
    assert not rule.missed
    fixed = Case(knapsack().choices, knapsack().limits, (3,))
    assert everything_now(fixed).chosen.tolist()[1] == 3
    assert greedy(fixed).chosen.tolist()[1] == 3


def test_a_rule_that_cannot_keep_a_limit_says_which() -> None:
    assert greedy(knapsack(5.0)).missed == ("kept",)
    assert everything_now(knapsack(3.0)).missed == ()


def test_fresh_draws_are_compared_pair_by_pair() -> None:
    """Proves: plan (5, 7), other (4, 4): ahead by 1 and 3; mean 2, deviation 1 over the root of 1."""
    fresh = np.array([[5.0, 7.0], [4.0, 4.0]])
    found = replay(np.array([0]), fresh, np.array([1]), tail_frac=0.5)
    assert (found.mean_usd, found.tail_usd, found.ahead_usd, found.ahead_error_usd) == (6.0, 5.0, 2.0, 1.0)


def test_a_tail_of_part_of_a_draw_takes_that_part() -> None:
    """Proves: the worst 30 % of (1, 2, 3, 4) is 1 and a fifth of 2, over 1.2."""
    assert tail_usd(np.array([3.0, 1.0, 4.0, 2.0]), 0.3) == pytest.approx((1.0 + 0.2 * 2.0) / 1.2)
    assert tail_usd(np.array([3.0, 1.0]), 1.0) == 2.0


def test_the_hull_leaves_out_what_a_mix_of_two_beats() -> None:
    tail, mean = np.array([0.0, 2.0, 4.0, 1.0, 4.0]), np.array([10.0, 9.0, 4.0, 9.4, 4.0])
    assert upper_hull(tail, mean).tolist() == [True, True, True, False, True]


def test_a_portfolio_of_many_sites_ends_within_its_gap_and_every_limit() -> None:
    case = generate(60, 4, 6, n_draw=40)
    check(case)
    found = plan(case, effort=Effort(20.0, 2e-3))
    assert found.gap_frac <= 2e-3
    assert not missed_of(case, found.chosen).any()
    draws = case.choices.value_usd[found.chosen].sum(axis=0)
    assert found.value_usd == pytest.approx(draws.mean(), rel=1e-9)
    for rule in (greedy(case), everything_now(case)):
        if not rule.missed:
            assert rule.value_usd <= found.bound
            assert found.value_usd >= rule.value_usd
    best = {reason.option for reason in why(case, found) if reason.because == "best"}
    assert len(best) > 30


def test_the_frontier_is_in_order_and_its_bounds_hold_for_all_its_plans() -> None:
    case = generate(25, 3, 4, n_draw=60, seed=4)
    points = frontier(case, (0.0, 0.5, 1.0), Aim(tail_frac=0.1), Effort(9.0, 1e-3))
    for point in points:
        aim = Aim(point.tail_weight_frac, 0.1)
        assert point.plan.objective == pytest.approx(objective_of(case, aim, point.plan.chosen), rel=1e-12)
        assert all(objective_of(case, aim, other.plan.chosen) <= point.plan.objective for other in points)
        assert point.plan.objective <= point.plan.bound
    assert points[0].on_hull
    assert points[-1].on_hull
    assert points[0].plan.value_usd >= points[-1].plan.value_usd
    assert points[0].plan.tail_usd <= points[-1].plan.tail_usd


def test_prices_of_limits_have_a_range_that_holds_the_point() -> None:
    case = generate(25, 3, 4, n_draw=2, seed=4)
    found = plan(case, effort=Effort(10.0, 1e-4))
    for price in limit_prices(case, found, effort=Effort(6.0, 1e-4), names=["capital", "headroom 0"]):
        assert 0.0 <= price.low <= price.high
        assert price.gain is None or price.low - 1.0 <= price.gain <= price.high + 1.0


def test_the_same_seed_makes_the_same_portfolio() -> None:
    left, right = generate(12, 3, 4, 5, seed=3), generate(12, 3, 4, 5, seed=3)
    assert np.array_equal(left.choices.value_usd, right.choices.value_usd)
    assert left.limits.rows == right.limits.rows
    assert not np.array_equal(left.choices.value_usd, generate(12, 3, 4, 5, seed=4).choices.value_usd)
