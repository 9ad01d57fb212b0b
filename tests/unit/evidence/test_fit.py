"""The regression behind every prediction: exact where it can be worked by hand, and honest where it knows little."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from wattworth.evidence.fit import Prior, StudentT, fit

PRIOR = Prior(scale=0.4, level_frac=0.5, dof=4.0)


def test_without_observations_a_new_deal_is_the_prior():
    """Proves: the spread stated of one new deal is what is predicted before any."""
    new = fit([], [], PRIOR, 0).predict(())
    assert (new.centre, new.scale, new.dof) == pytest.approx((0.0, 0.4, 4.0))


def test_one_observation_moves_the_level_half_way():
    """Proves: level and scatter with equal variance share one observation equally (kappa = 1, so 1 / (1 + 1)).

    Sensitivity: without shrinkage the level would move all the way.
    """
    found = fit([0.3], [()], PRIOR, 0)
    assert found.effect[0] == pytest.approx(0.15)
    scatter2 = (4 * 0.08 + 0.3**2 - 0.15 * 2 * 0.15) / 5
    assert found.predict(()).scale == pytest.approx(np.sqrt(scatter2 * 1.5))
    assert found.dof == 5


def test_it_agrees_with_numerical_integration():
    """Proves: the closed form is Bayes' rule: posterior mean and predictive density against brute force."""
    y, prior = np.array([0.2, -0.1, 0.4]), Prior(0.5, 0.3, 3.0)
    kappa, scatter0 = 0.3 / 0.7, 0.5 * np.sqrt(0.7)

    level, variance = np.linspace(-4, 4, 1601)[:, None], np.geomspace(1e-3, 60, 1601)
    noise = np.prod([stats.norm.pdf(each, level, np.sqrt(variance)) for each in y], axis=0)
    weight = noise * stats.norm.pdf(level, 0, np.sqrt(kappa * variance))
    weight *= stats.invgamma.pdf(variance, 1.5, scale=1.5 * scatter0**2)

    def mean_of(values):
        return integrate.trapezoid(integrate.trapezoid(values * weight, variance, axis=1), level[:, 0])

    total = mean_of(1.0)
    found = fit(list(y), [()] * 3, prior, 0)
    assert found.effect[0] == pytest.approx(mean_of(level) / total, abs=1e-4)
    new = found.predict(())
    density = stats.t.pdf(0.5, new.dof, new.centre, new.scale)
    assert density == pytest.approx(mean_of(stats.norm.pdf(0.5, level, np.sqrt(variance))) / total, rel=1e-3)


def test_a_thin_group_is_shrunk_and_an_unseen_one_widens():
    values = [0.0, 0.0, 0.0, 0.0, 0.6]
    found = fit(values, [[0.0]] * 4 + [[1.0]], PRIOR, 1)
    assert 0.2 < found.effect[1] < 0.45, "one deal of a group says less than its own difference, 0.6"
    many = fit(values[:4] + [0.6] * 20, [[0.0]] * 4 + [[1.0]] * 20, PRIOR, 1)
    assert many.effect[0] + many.effect[1] == pytest.approx(0.6, abs=0.03)
    plain = fit(values[:4], [[0.0]] * 4, PRIOR, 1)
    assert plain.predict([1.0]).scale > plain.predict([0.0]).scale
    assert plain.effect[1] == 0.0


def test_the_order_of_deals_does_not_matter():
    rows = [[0.0], [1.0], [1.0]]
    one, other = fit([0.1, 0.5, 0.2], rows, PRIOR, 1), fit([0.2, 0.5, 0.1], rows[::-1], PRIOR, 1)
    assert one.effect == pytest.approx(other.effect)
    assert one.scatter == pytest.approx(other.scatter)


def test_quantiles_are_those_of_the_t_distribution():
    found = StudentT(1.0, 0.5, 7.0).quantile([0.1, 0.5, 0.9])
    assert found == pytest.approx(stats.t.ppf([0.1, 0.5, 0.9], 7, 1.0, 0.5))
