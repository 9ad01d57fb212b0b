"""What differs between paths and is never seen is taken out of the money before it is fitted."""

from __future__ import annotations

import numpy as np

from wattworth.compute import streams
from wattworth.options import Switch, SwitchProblem, fit_policy, less_unseen, price
from wattworth.options.problem import present

CHUNKS = range(8)


def _problem(seed, unseen_usd):
    n_draw = 256 * len(CHUNKS)
    seen = np.concatenate([np.zeros((1, n_draw)), streams.normals(seed, "seen", CHUNKS, 3)])
    hidden = streams.normals(seed, "hidden", CHUNKS, 2)
    worth = 1.0 + seen + unseen_usd * hidden[0]
    worth[0] = 1.0 + unseen_usd * hidden[0]
    problem = SwitchProblem(
        states=("held", "sold"),
        months=tuple(range(5)),
        discount=np.ones(5),
        drivers={"seen": seen},
        terminal_usd={"held": 0.5 * unseen_usd * hidden[1]},
        switches=(Switch("held", "sold", earned_usd=worth),),
    )
    return problem, hidden


def test_money_keeps_its_mean_and_loses_what_is_unseen():
    problem, hidden = _problem(1, 10.0)
    less, before = present(less_unseen(problem, hidden)), present(problem)
    for got, had in zip(less.earned_usd, before.earned_usd, strict=True):
        np.testing.assert_allclose(got.mean(axis=1), had.mean(axis=1), atol=1e-9)
        assert got.std() < 0.15 * had.std()
    assert less.terminal_usd[0].std() < 1e-9 * before.terminal_usd[0].std() + 1e-9


def test_a_policy_fitted_on_what_is_left_earns_more():
    """Proves: less noise makes a better rule. Sensitivity: noise of 30 about a signal of 1 hides the rule."""
    problem, hidden = _problem(1, 30.0)
    fresh, _ = _problem(2, 0.0)  # decisions see the signal alone, so their worth shows without the noise
    plain, clean = fit_policy(problem, 2), fit_policy(less_unseen(problem, hidden), 2)
    lead = price(clean, fresh).values_usd - price(plain, fresh).values_usd
    assert lead.mean() > 2 * lead.std() / np.sqrt(lead.size)


def test_what_tells_nothing_changes_nothing():
    problem, _ = _problem(1, 0.0)
    noise = streams.normals(9, "noise", CHUNKS, 3)
    assert less_unseen(problem, noise) is problem
    assert less_unseen(problem, np.zeros((0, problem.n_draw))) is problem


def test_what_is_known_on_the_date_is_left():
    problem, hidden = _problem(1, 5.0)
    assert less_unseen(problem, hidden).drivers is problem.drivers
