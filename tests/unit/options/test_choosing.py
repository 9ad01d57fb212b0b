"""The policy that is kept is the one that did best on paths it was not fitted on."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.options.paths import put, site
from wattworth.compute import streams
from wattworth.options import Switch, SwitchProblem, fit_checked, fit_policy, price
from wattworth.options.choosing import draws


def noisy(seed, chunks, signal):
    """Sell today for a sure 1.0, or later for what a driver tells ``signal`` of and luck the rest."""
    n_draw = 256 * len(chunks)
    seen = streams.normals(seed, "seen", chunks, 6)
    luck = 20.0 * streams.normals(seed, "luck", chunks, 6)
    seen = np.concatenate([np.zeros((1, n_draw)), seen[1:]])
    worth = 0.9 + signal * seen + luck
    worth[0] = 1.0
    return SwitchProblem(
        states=("held", "sold"),
        months=tuple(range(7)),
        discount=np.ones(7),
        drivers={"seen": seen},
        switches=(Switch("held", "sold", earned_usd=worth),),
    )


def test_where_the_drivers_tell_nothing_the_best_plan_is_followed():
    """Proves: noise that a fit has learnt by heart does not count for it. Sensitivity: on its own paths it wins."""
    problem = noisy(1, range(4), signal=0.0)
    own = fit_policy(problem, 2)
    assert own.follows is None, "judged on its own paths the fit would be taken"
    kept = fit_checked(problem)
    assert kept.follows is not None
    assert kept.training_usd < own.training_usd, "what it gives up is hindsight"


def test_where_the_drivers_tell_enough_the_fit_is_kept():
    kept = fit_checked(noisy(1, range(8), signal=6.0))
    assert kept.follows is None
    fresh = price(kept, noisy(2, range(8), 6.0))
    assert fresh.waiting_usd > 3 * fresh.waiting_se_usd


def test_a_put_keeps_its_value():
    kept = fit_checked(put(1, range(8), n_date=10), degrees=(1, 2, 3))
    fresh = put(2, range(16), n_date=10)
    plain = price(fit_policy(put(1, range(8), n_date=10), 3), fresh)
    assert price(kept, fresh).value_usd == pytest.approx(plain.value_usd, abs=plain.se_usd)


def test_some_draws_of_a_problem_are_those_draws():
    whole = site(1, range(2), n_date=6)
    places = np.array([3, 200, 511])
    some = draws(whole, places)
    assert some.n_draw == 3
    assert some.outline == whole.outline
    for name, seen in whole.drivers.items():
        np.testing.assert_array_equal(some.drivers[name], seen[:, places])
    policy = fit_policy(whole)
    np.testing.assert_array_equal(price(policy, some).values_usd, price(policy, whole).values_usd[places])
