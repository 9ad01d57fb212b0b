from __future__ import annotations

import numpy as np
import pytest

from wattworth.errors import SolveError
from wattworth.supply.bundle import Answer, Box, minimise


def box(n, low=0.0, high=10.0):
    return Box(np.full(n, low), np.full(n, high), np.ones(n))


def smooth(centre, rates):
    """A sum of squares and its tangent."""

    def function(point):
        value = 5.0 + float(rates @ (point - centre) ** 2)
        slope = 2.0 * rates * (point - centre)
        return Answer(value, ((value - float(slope @ point), slope),))

    return function


def kinked(planes):
    """The greatest of planes, answered by the one on top."""

    def function(point):
        heights = [constant + float(slope @ point) for constant, slope in planes]
        top = int(np.argmax(heights))
        return Answer(heights[top], (planes[top],))

    return function


def started(function, point):
    return [(point, function(point))]


@pytest.mark.parametrize("gap_frac", [1e-3, 1e-6])
@pytest.mark.parametrize("seed", range(6))
def test_the_least_of_squares_is_found_and_bounded(seed, gap_frac):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 7))
    centre, rates = draw.uniform(1.0, 9.0, n), draw.uniform(0.1, 30.0, n)
    function = smooth(centre, rates)
    found = minimise(function, box(n), started(function, np.zeros(n)), gap_frac)
    assert found.least <= 5.0 + 1e-12 <= found.value + 2e-12
    assert found.value - found.least <= gap_frac * found.value
    assert found.value == function(found.point).value


def test_the_least_may_lie_on_the_edge_of_the_box():
    function = smooth(np.array([-3.0, 20.0]), np.array([1.0, 2.0]))
    found = minimise(function, box(2), started(function, np.array([5.0, 5.0])), 1e-9)
    assert found.point == pytest.approx([0.0, 10.0], abs=1e-6)
    assert found.least <= 5.0 + 9.0 + 200.0 <= found.value + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_of_a_kinked_function_is_its_least(seed):
    """Proves: value and bound meet at the least of a linear programme, found here on a grid from the other side."""
    draw = np.random.default_rng(seed)
    planes = [(float(draw.normal(0.0, 40.0)), draw.normal(0.0, 20.0, 2)) for _ in range(8)]
    planes.append((500.0, np.zeros(2)))
    function = kinked(planes)
    found = minimise(function, box(2), started(function, np.array([9.0, 1.0])), 1e-9)
    axis = np.linspace(0.0, 10.0, 101)
    grid = np.max([c + s[0] * axis[:, None] + s[1] * axis[None, :] for c, s in planes], axis=0)
    assert found.least <= grid.min() + 1e-9
    assert found.value <= grid.min() + 1e-6
    assert found.value - found.least <= 1e-9 * max(abs(found.value), 1.0)


def test_points_beyond_a_fence_are_left():
    """The least of x² + y² where x + y is 8 at least; points short of it are not allowed."""
    free = smooth(np.zeros(2), np.ones(2))

    def function(point):
        if point.sum() < 8.0 - 1e-9:
            return Answer(np.inf, (), ((8.0, -np.ones(2)),))
        return free(point)

    found = minimise(function, box(2), started(function, np.array([10.0, 10.0])), 1e-7)
    assert found.point == pytest.approx([4.0, 4.0], abs=2e-2)
    assert found.least <= 37.0 + 1e-9 <= found.value + 2e-9
    assert found.point.sum() >= 8.0 - 1e-8


def test_a_step_far_longer_than_the_scale_loses_no_digits():
    function = smooth(np.array([3e6, 5.0]), np.array([1e-6, 1.0]))
    wide = Box(np.zeros(2), np.array([1e7, 10.0]), np.array([1.0, 1.0]))
    found = minimise(function, wide, started(function, np.zeros(2)), 1e-7)
    assert found.value == pytest.approx(5.0, rel=2e-7)


def test_too_few_points_are_an_error_and_not_an_answer():
    function = smooth(np.full(5, 4.0), np.arange(1.0, 6.0))
    with pytest.raises(SolveError, match="after 4 designs the gap is"):
        minimise(function, box(5), started(function, np.zeros(5)), 1e-9, max_calls=4)


def test_fences_that_leave_no_room_are_an_error():
    function = smooth(np.zeros(1), np.ones(1))
    known = [(np.zeros(1), Answer(9.0, function(np.zeros(1)).cuts, ((1.0, np.zeros(1)),)))]
    with pytest.raises(SolveError, match="no design within the bounds"):
        minimise(function, box(1), known, 1e-9)


def test_sharper_cuts_spare_answers():
    """Proves: with a tangent to be had for nothing, far fewer answers are asked, and the least is the same."""
    function = smooth(np.array([3.0, 8.0, 5.0]), np.array([1.0, 4.0, 9.0]))
    known = started(function, np.zeros(3))
    alone = minimise(function, box(3), known, 1e-6)
    helped = minimise(function, box(3), known, 1e-6, sharper=lambda point: function(point).cuts[0])
    assert helped.n_call < 0.7 * alone.n_call
    assert helped.least <= alone.value
    assert alone.least <= helped.value
