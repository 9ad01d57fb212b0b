from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.options.paths import put
from wattworth.errors import DataError
from wattworth.options import Plan, Switch, SwitchProblem, fit_policy, price
from wattworth.options.problem import present


def two_states(**changes):
    fields = {
        "states": ("a", "b"),
        "months": (0, 3, 6),
        "discount": np.array([1.0, 0.9, 0.8]),
        "drivers": {"rent": np.zeros((2, 4))},
        "switches": (Switch("a", "b"),),
    }
    return SwitchProblem(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"drivers": {}}, "needs a driver"),
        ({"states": ("a", "a")}, "must differ"),
        ({"months": (0, 3, 3)}, "must rise"),
        ({"discount": np.ones(2)}, "horizon last"),
        ({"drivers": {"rent": np.zeros((2, 4)), "power": np.zeros((3, 4))}}, "power"),
        ({"surprises": {"rent": np.zeros((3, 4))}}, "rent"),
        ({"surprises": {"gas": np.zeros((2, 4))}}, "gas"),
        ({"cash_usd": {"c": 1.0}}, "no such states"),
        ({"switches": (Switch("a", "c"),)}, "no such states"),
        ({"switches": (Switch("a", "b"), Switch("a", "b", 2.0))}, "names that differ"),
        ({"switches": (Switch("a", "b", name="stay"),)}, "names that differ"),
        ({"switches": (Switch("a", "b", lag_periods=-1),)}, "nought or more"),
        ({"switches": (Switch("a", "a"),)}, "another state"),
        ({"plans": (Plan("late", ((1, "a to c"),)),)}, "late"),
        ({"plans": (Plan("back", ((1, "a to b"), (0, "a to b"))),)}, "rising dates"),
    ],
)
def test_a_problem_that_no_paths_could_mend_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        two_states(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cash_usd": {"b": np.array([[1.0], [np.nan]])}}, r"cash of state 'b': got nan at \(date, draw\) \(1, 0\)"),
        ({"terminal_usd": {"a": np.inf}}, "terminal value of state 'a'"),
        ({"switches": (Switch("a", "b", np.nan),)}, "cost of switch 'a to b'"),
        ({"switches": (Switch("a", "b", earned_usd=np.nan),)}, "earned by 'a to b'"),
        ({"drivers": {"rent": np.full((2, 4), np.nan)}}, "driver 'rent'"),
        ({"surprises": {"rent": np.full((2, 4), np.nan)}}, "surprise of 'rent'"),
    ],
)
def test_what_is_not_a_number_is_named(changes, said):
    with pytest.raises(DataError, match=said):
        present(two_states(**changes))


def test_money_is_brought_to_the_as_of_month():
    money = present(two_states(cash_usd={"a": 10.0}, terminal_usd={"b": np.arange(4.0)}))
    assert money.cash_usd[0].tolist() == [[10.0] * 4, [9.0] * 4]
    assert money.cash_usd[1].any() == np.False_
    assert money.terminal_usd[1].tolist() == pytest.approx([0.0, 0.8, 1.6, 2.4])


def test_a_switch_whose_target_would_come_after_the_horizon_is_barred():
    money = present(two_states(switches=(Switch("a", "b", lag_periods=2),)))
    assert money.allowed[0][:, 0].tolist() == [True, False]


def test_windows_may_be_given_by_date_or_by_date_and_draw():
    by_date = present(two_states(switches=(Switch("a", "b", allowed=np.array([False, True])),)))
    assert by_date.allowed[0].tolist() == [[False] * 4, [True] * 4]
    by_draw = np.array([[True, False, True, False], [True, True, True, True]])
    assert present(two_states(switches=(Switch("a", "b", allowed=by_draw),))).allowed[0].tolist() == by_draw.tolist()


def test_a_policy_prices_its_own_problem_only():
    policy = fit_policy(put(1, range(1), n_date=3))
    with pytest.raises(ValueError, match="other states, dates"):
        price(policy, put(2, range(1), n_date=4))
    renamed = put(2, range(1), n_date=3)
    renamed = replace(renamed, drivers={"spot": renamed.drivers["price"]}, surprises={})
    with pytest.raises(ValueError, match="other states, dates"):
        price(policy, renamed)
