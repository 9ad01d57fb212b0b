"""Scores against hand calculation and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattworth.compute.shares import share_range
from wattworth.evidence.scores import crps, interval_score, skill_frac


def test_crps_of_a_normal_forecast():
    """Proves: draws give the closed form of Gneiting and Raftery (2007), eq. 21, for a normal distribution."""
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    for actual in (0.0, 0.7, -2.5):
        closed = actual * (2 * stats.norm.cdf(actual) - 1) + 2 * stats.norm.pdf(actual) - 1 / np.sqrt(np.pi)
        assert crps(draws, actual) == pytest.approx(closed, abs=1e-4)


def test_crps_by_brute_force():
    draws, actual = np.array([3.0, 1.0, 7.0, 4.0]), 2.5
    by_hand = np.abs(draws - actual).mean() - 0.5 * np.abs(draws[:, None] - draws).mean()
    assert crps(draws, actual) == pytest.approx(by_hand)


def test_an_interval_pays_for_width_and_ten_times_for_a_miss():
    assert interval_score(1.0, 3.0, 2.0) == 2.0
    assert interval_score(1.0, 3.0, 3.5) == pytest.approx(2.0 + 10 * 0.5)
    assert interval_score(1.0, 3.0, 0.0) == pytest.approx(2.0 + 10 * 1.0)


def test_coverage_that_few_trials_leave_open():
    """Proves: the range of Clopper and Pearson: the true share at its end gives the tail seen with probability 5 %."""
    low, high = share_range(4, 5)
    assert stats.binom.sf(3, 5, low) == pytest.approx(0.05)
    assert stats.binom.cdf(4, 5, high) == pytest.approx(0.05)
    assert share_range(0, 3)[0] == 0.0
    assert share_range(3, 3) == pytest.approx((0.05 ** (1 / 3), 1.0))


def test_skill_is_none_without_a_rule():
    assert skill_frac([1.0, -1.0], [2.0, 2.0]) == 0.5
    assert skill_frac([], []) is None
    assert skill_frac([1.0], [0.0]) is None
