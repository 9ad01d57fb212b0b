"""Random numbers belong to (seed, name, chunk) and to nothing else."""

from __future__ import annotations

import time

import numpy as np
import pytest

from wattworth.compute.streams import normals, outer_uniforms, uniforms

KNOWN = [-0.5757405304077808, -0.25386978606149013, 1.2367805840095711]


@pytest.mark.parametrize("draw", [normals, uniforms])
def test_block_size_moves_no_digit(draw):
    """Proves: four chunks at once equal four chunks one by one. Sensitivity: one generator run on would differ."""
    at_once = draw(7, "market:btc", range(2, 6), 37)
    assert at_once.flags.c_contiguous
    assert at_once.shape == (37, 1024)
    np.testing.assert_array_equal(at_once, np.hstack([draw(7, "market:btc", range(c, c + 1), 37) for c in range(2, 6)]))


def test_a_longer_horizon_keeps_the_earlier_rows():
    np.testing.assert_array_equal(normals(1, "x", range(3), 24), normals(1, "x", range(3), 360)[:24])


def test_seed_name_and_chunk_each_give_other_numbers():
    base = normals(1, "x", range(1), 4)
    for other in (normals(2, "x", range(1), 4), normals(1, "y", range(1), 4), normals(1, "x", range(1, 2), 4)):
        assert not np.any(base == other)
    # seed and name are joined by a byte no name contains
    assert not np.any(normals(1, "2x", range(1), 1) == normals(12, "x", range(1), 1))


def test_known_digits():
    """Proves: the streams of earlier runs are still these. Sensitivity: any change of key or counter moves all."""
    assert normals(7, "market:btc", range(1), 1)[0, :3].tolist() == pytest.approx(KNOWN, rel=0, abs=0)


def test_moments_and_independence():
    first, second = normals(11, "a", range(100), 8), normals(11, "b", range(100), 8)
    standard_error = 1.0 / np.sqrt(first.size)
    assert abs(first.mean()) < 4 * standard_error
    assert abs(first.var() - 1.0) < 4 * np.sqrt(2.0) * standard_error
    assert abs((first * second).mean()) < 4 * standard_error
    assert abs((first[:, 256:] * first[:, :-256]).mean()) < 4 * standard_error
    assert abs(uniforms(11, "a", range(100), 8).mean() - 0.5) < 4 * standard_error / np.sqrt(12.0)


def test_outer_numbers_are_shared_by_64_draws():
    outer = outer_uniforms(5, "fact:rent", range(1, 4))
    assert outer.shape == (768,)
    runs = outer.reshape(-1, 64)
    assert (runs == runs[:, :1]).all()
    assert np.unique(outer).size == 12
    np.testing.assert_array_equal(outer[256:512], outer_uniforms(5, "fact:rent", range(2, 3)))


def test_speed():
    """Proves: the normals of 15 variables, 360 months and 10,000 draws take under two seconds (on an idle core)."""
    start = time.process_time()
    for variable in range(15):
        normals(7, str(variable), range(40), 360)
    assert time.process_time() - start < 2.0
