"""Correlation of factors, and a lognormal price step by step."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from wattworth.errors import FactError
from wattworth.markets.factors import CORRELATION_KEYS, FACTORS, Motion, correlated, correlation_root, lognormal_paths


def facts_with(**values: float) -> dict[str, SimpleNamespace]:
    return {key: SimpleNamespace(value=values.get(key.split(".")[1], 0.0)) for key in CORRELATION_KEYS}


def test_root_gives_the_matrix_back(book):
    root = correlation_root(book)
    matrix = root @ root.T
    for i, first in enumerate(FACTORS):
        for j in range(i + 1, len(FACTORS)):
            assert matrix[i, j] == pytest.approx(book[f"correlation.{first}_{FACTORS[j]}"].value, abs=1e-12)
    np.testing.assert_allclose(np.diag(matrix), 1.0, rtol=1e-12)


def test_a_perfect_correlation_is_allowed():
    root = correlation_root(facts_with(btc_rent=1.0))
    shocks = {name: np.random.default_rng(i).standard_normal((3, 4)) for i, name in enumerate(FACTORS)}
    moved = correlated(shocks, root)
    np.testing.assert_allclose(moved["btc"], moved["rent"], rtol=1e-12)


def test_correlations_that_cannot_hold_together_are_refused():
    with pytest.raises(FactError, match=r"positive semi-definite.*correlation\.btc_build_cost"):
        correlation_root(facts_with(btc_rent=0.9, rent_build_cost=0.9, btc_build_cost=-0.9))
    with pytest.raises(FactError, match="positive semi-definite"):
        correlation_root(facts_with(btc_rent=1.0, btc_power=0.5, rent_power=0.1))


def test_a_correlation_above_one_is_refused():
    with pytest.raises(FactError, match=r"correlation\.btc_rent is 1\.2; .* between -1 and 1"):
        correlation_root(facts_with(btc_rent=1.2))


def _one(value: float) -> np.ndarray:
    return np.array([value])


def test_a_random_walk_by_hand():
    """Proves: two months of volatility 0.6 and premium 0.12 worked by hand."""
    path = lognormal_paths(
        _one(100.0), np.zeros((3, 1)), Motion(_one(0.6), _one(0.0), _one(0.12)), np.array([[1.0], [-2.0]])
    )
    step = 0.6 / np.sqrt(12.0)
    by_hand = [100.0, 100.0 * np.exp(step - 0.5 * step**2 - 0.01), 100.0 * np.exp(-step - step**2 - 0.02)]
    np.testing.assert_allclose(path[:, 0], by_hand, rtol=1e-12)


def test_reversion_forgets_a_shock():
    shocks = np.zeros((120, 1))
    shocks[0] = 3.0
    motion = Motion(_one(0.3), _one(2.0), _one(0.0))
    hit = lognormal_paths(_one(1.0), np.zeros((121, 1)), motion, shocks)
    calm = lognormal_paths(_one(1.0), np.zeros((121, 1)), motion, np.zeros((120, 1)))
    gap = np.log(hit / calm)[:, 0]
    assert gap[13] == pytest.approx(gap[1] * np.exp(-2.0), rel=1e-9)
    assert abs(gap[120]) < 1e-8


def test_volatility_fades():
    motion = Motion(_one(0.6), _one(0.0), _one(0.0), _one(0.3), _one(5.0))
    n = 240
    up = lognormal_paths(_one(1.0), np.zeros((n + 1, 1)), motion, np.ones((n, 1)))
    down = lognormal_paths(_one(1.0), np.zeros((n + 1, 1)), motion, -np.ones((n, 1)))
    monthly = np.diff(np.log(up / down)[:, 0]) / 2.0 * np.sqrt(12.0)
    assert monthly[0] == pytest.approx(0.6, rel=1e-9)
    assert monthly[60] == pytest.approx(0.45, rel=1e-9)
    assert monthly[-1] == pytest.approx(0.3 + 0.3 * 0.5 ** (239 / 60), rel=1e-9)
