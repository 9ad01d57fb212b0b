"""Ranges as PERT distributions: the three stated numbers come back, and the shape is the textbook one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import betainc

from wattworth.errors import FactError
from wattworth.facts import pert

PROBABILITIES = np.linspace(0.0, 1.0, 101)


def beta_2_4(x: float) -> float:
    """Distribution function of a beta(2, 4), the PERT on 0 to 1 with mode 1/4, as a polynomial."""
    return 1.0 - (1.0 - x) ** 5 - 5.0 * x * (1.0 - x) ** 4


def root(probability: float) -> float:
    return brentq(lambda x: beta_2_4(x) - probability, 0.0, 1.0, xtol=1e-15)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float, float]:
    low = draw(st.floats(-1e6, 1e6))
    width = draw(st.floats(1e-3, 1e6))
    position = draw(st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0))
    high = low + width
    return low, min(max(low + position * width, low), high), high


@given(ranges())
def test_low_and_high_are_p10_and_p90(triple):
    low, value, high = triple
    p10, p90 = pert.quantile(np.array([0.1, 0.9]), low, value, high)
    tolerance = 1e-12 * max(abs(low), abs(high), 1.0)
    assert p10 == pytest.approx(low, rel=0, abs=tolerance)
    assert p90 == pytest.approx(high, rel=0, abs=tolerance)


@given(ranges())
def test_the_value_is_the_mode_of_a_pert_between_the_ends(triple):
    """Proves: with the ends found and the value as mode, the forward PERT has its P10 at low and P90 at high.

    Sensitivity: with low and high taken as ends the first probability would be 0.
    """
    low, value, high = triple
    start, stop = pert.ends(low, value, high)
    assert start <= low <= high <= stop
    mode_frac = (value - start) / (stop - start)
    assert -1e-9 <= mode_frac <= 1.0 + 1e-9
    alpha, beta = 1.0 + 4.0 * mode_frac, 5.0 - 4.0 * mode_frac
    assert betainc(alpha, beta, (low - start) / (stop - start)) == pytest.approx(0.1, abs=1e-7)
    assert betainc(alpha, beta, (high - start) / (stop - start)) == pytest.approx(0.9, abs=1e-7)


@given(ranges(), st.booleans())
def test_quantiles_rise_between_the_ends(triple, bounds):
    low, value, high = triple
    drawn = pert.quantile(PROBABILITIES, low, value, high, bounds=bounds)
    start, stop = pert.ends(low, value, high, bounds=bounds)
    assert np.all(np.diff(drawn) >= 0.0)
    np.testing.assert_allclose(drawn[[0, -1]], (start, stop), rtol=1e-12, atol=1e-9 * (high - low))


def test_a_middle_value_is_the_median_of_a_symmetrical_range():
    drawn = pert.quantile(PROBABILITIES, 12.0, 18.0, 24.0)
    np.testing.assert_allclose(drawn + drawn[::-1], 36.0, rtol=1e-12)
    assert drawn[50] == pytest.approx(18.0, rel=1e-12)


def test_median_of_a_skewed_range():
    """Proves: P10, mode and P90 of a beta(2, 4) give its median back. Sensitivity: a triangle would give 0.320."""
    median = pert.quantile(np.array([0.5]), root(0.1), 0.25, root(0.9))
    assert median[0] == pytest.approx(root(0.5), abs=1e-9)


def test_bounds_are_the_ends():
    """Proves: 12, 18, 36 as bounds is the PERT of mean (12 + 4 x 18 + 36) / 6 = 20. Sensitivity: a triangle has 22."""
    middles = (np.arange(20_000) + 0.5) / 20_000
    drawn = pert.quantile(middles, 12.0, 18.0, 36.0, bounds=True)
    assert pert.ends(12.0, 18.0, 36.0, bounds=True) == (12.0, 36.0)
    assert drawn.mean() == pytest.approx(20.0, abs=1e-4)
    at = pert.quantile(np.array([0.3, 0.7]), 12.0, 18.0, 36.0, bounds=True)
    np.testing.assert_allclose([beta_2_4((x - 12.0) / 24.0) for x in at], [0.3, 0.7], rtol=1e-12)


@pytest.mark.parametrize("value", [2.0, 5.0])
def test_a_value_at_the_edge_of_its_range(value):
    drawn = pert.quantile(np.array([0.1, 0.5, 0.9]), 2.0, value, 5.0)
    np.testing.assert_allclose(drawn[[0, 2]], (2.0, 5.0), rtol=1e-12)
    assert 2.0 < drawn[1] < 5.0
    assert (drawn[1] < 3.5) == (value == 2.0), "the median leans to the mode"


def test_equal_ends_are_a_constant():
    np.testing.assert_array_equal(pert.quantile(PROBABILITIES, 3.0, 3.0, 3.0), 3.0)
    assert pert.ends(3.0, 3.0, 3.0) == (3.0, 3.0)


def test_shape_of_the_probabilities_is_kept():
    assert pert.quantile(np.full((3, 4), 0.2), 1.0, 2.0, 4.0).shape == (3, 4)


@pytest.mark.parametrize("probability", [-0.01, 1.01, np.nan])
def test_impossible_probability(probability):
    with pytest.raises(FactError, match="between 0 and 1"):
        pert.quantile(np.array([0.5, probability]), 1.0, 2.0, 4.0)
