from __future__ import annotations

import re

import numpy as np
import pytest

from tests.unit.options.paths import TRAINING, put, site
from wattworth.options import boundary, fit_policy
from wattworth.options.boundary import _rounded


@pytest.fixture(scope="module")
def policy():
    return fit_policy(site(1, TRAINING))


def at(policy, date, state, point):
    median = dict(zip(policy.outline.drivers, policy.p50[date], strict=True))
    return policy.decision(state, date, median | point)


@pytest.mark.parametrize("date", [1, 4, 8, 16, 24])
@pytest.mark.parametrize("state", ["mining", "idle"])
@pytest.mark.parametrize("axes", [("rent", "hashprice"), ("hashprice", "rent"), ("rent", None)])
def test_words_hold_on_either_side(policy, date, state, axes):
    """Proves: the policy, asked again just within and just beyond, does what the words say."""
    found = boundary(policy, date, state, *axes)
    assert found.choice.shape == (len(found.grid[1]), len(found.grid[0]))
    if found.inside is None or found.outside is None:
        assert re.search("no single|no clear|wherever", found.words), found.words
        return
    assert at(policy, date, state, found.inside) == found.switch
    assert at(policy, date, state, found.outside) != found.switch


def test_some_words_name_both_drivers(policy):
    words = [boundary(policy, date, "mining", "hashprice", "rent").words for date in range(1, 30)]
    pattern = re.compile(r"mining to leased if hashprice is below [\d.]+ while rent is above [\d.]+")
    assert sum(bool(pattern.fullmatch(said)) for said in words) >= 10, words


def test_every_point_of_the_rectangle_in_words_switches(policy):
    for date in range(1, 30):
        found = boundary(policy, date, "mining", "hashprice", "rent")
        said = re.fullmatch(
            r"mining to leased if hashprice is below ([\d.]+) while rent is above ([\d.]+)", found.words
        )
        if said is None:
            continue
        top, bottom = map(float, said.groups())
        x, y = found.grid
        inside = found.choice[np.ix_(y > bottom, x < top)]
        assert (inside == policy.outline.switches.index(("mining to leased", "mining", "leased", 6))).all()


def test_thresholds_are_where_the_choice_flips(policy):
    found = boundary(policy, 8, "mining", "hashprice", "rent")
    rows = [k for k, limit in enumerate(found.thresholds) if np.isfinite(limit)]
    assert len(rows) > 10
    width = found.grid[0][1] - found.grid[0][0]
    for row in rows:
        sides = [
            at(policy, 8, "mining", {"hashprice": found.thresholds[row] + k * 1e-6 * width, "rent": found.grid[1][row]})
            for k in (-1, 1)
        ]
        assert (sides[0] == found.switch) != (sides[1] == found.switch)


def test_the_put_is_exercised_below_a_price_near_that_of_the_tree():
    """The 5,000-step tree exercises a year's put at half time below 80.3 (tree of the reference tests)."""
    policy = fit_policy(put(1, TRAINING))
    values = np.linspace(70.0, 99.0, 59)
    limits = [
        boundary(policy, date, "held", "price", grid=(values, np.zeros(1))).thresholds[0] for date in range(20, 31)
    ]
    assert np.nanmedian(limits) == pytest.approx(80.3, abs=1.5)
    found = boundary(policy, 25, "held", "price", grid=(values, np.zeros(1)))
    assert re.fullmatch(r"held to exercised if price is below (79|8[01])(\.\d+)?", found.words)


def test_drivers_that_do_not_vary_have_no_boundary(policy):
    with pytest.raises(ValueError, match="'rent' does not vary in training on date 0"):
        boundary(policy, 0, "mining", "rent", "hashprice")


def test_a_switch_can_be_asked_for(policy):
    found = boundary(policy, 8, "mining", "rent", "hashprice", switch="mining to sold")
    assert found.switch == "mining to sold"


def test_a_state_without_ways_out_stays(policy):
    found = boundary(policy, 8, "sold", "rent", "hashprice", grid=5)
    assert found.switch is None
    assert found.words == "stay, wherever on the grid rent and hashprice may be"
    assert (found.choice == -1).all()


@pytest.mark.parametrize(
    ("value", "up", "expected"),
    [(123.412, True, 123.5), (123.412, False, 123.4), (-123.412, True, -123.4), (0.0, True, 0.0), (5.0, True, 5.0)],
)
def test_thresholds_are_rounded_towards_the_safe_side(value, up, expected):
    assert _rounded(value, up=up) == expected
