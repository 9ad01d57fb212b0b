from __future__ import annotations

import numpy as np
import pytest

from wattworth.compute import streams
from wattworth.options import basis


def test_terms_multiply_the_drivers_they_name():
    x, y = np.array([2.0, -1.0]), np.array([3.0, 0.5])
    values = basis.terms(np.stack([x, y]))
    named = dict(zip(basis.exponents(2), values, strict=True))
    assert len(named) == 10
    assert named[0, 0, 1].tolist() == (x * x * y).tolist()
    assert named[1, 1, 1].tolist() == (y**3).tolist()
    assert named[()].tolist() == [1.0, 1.0]


def test_lower_degrees_come_first_so_that_fewer_paths_take_fewer_of_them():
    assert basis.exponents(3)[: len(basis.exponents(3, 2))] == basis.exponents(3, 2)
    assert [basis.n_terms(1, n) for n in (9, 19, 20, 30, 40)] == [1, 1, 2, 3, 4]
    assert basis.n_terms(2, 4096, degree=1) == 3


def test_a_polynomial_is_found_again():
    x = streams.normals(1, "x", range(2), 2)
    values = basis.terms(x)
    wanted = np.arange(1.0, 11.0)
    coef, n_left_out = basis.least_squares(values, basis.combine(wanted, values)[None])
    assert coef[0] == pytest.approx(wanted, rel=1e-10)
    assert n_left_out == 0


def test_fits_agree_with_least_squares_of_numpy():
    values = basis.terms(streams.normals(1, "x", range(2), 3))
    target = streams.normals(1, "y", range(2), 2)
    coef, _ = basis.least_squares(values, target)
    assert pytest.approx(np.linalg.lstsq(values.T, target.T)[0], rel=1e-9, abs=1e-12) == coef.T


def test_a_driver_of_two_values_has_no_square():
    """Proves: terms that others make up go one by one, and a later one that says something new stays.

    Sensitivity: stopping at the first dependent term, the square of the first driver, loses the product.
    """
    x = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]]).repeat(20, axis=1)
    values = basis.terms(x)
    target = 3.0 + x[0] - 2.0 * x[1] + 0.5 * x[0] * x[1]
    coef, n_left_out = basis.least_squares(values, target[None])
    assert dict(zip(basis.exponents(2), coef[0], strict=True))[0, 1] == pytest.approx(0.5)
    assert basis.combine(coef[0], values) == pytest.approx(target)
    assert n_left_out == 6


def test_a_driver_that_does_not_vary_leaves_the_mean_and_is_no_news():
    values = basis.terms(np.zeros((2, 50)))
    coef, n_left_out = basis.least_squares(values, np.arange(50.0)[None])
    assert coef[0].tolist() == pytest.approx([24.5] + [0.0] * 9)
    assert n_left_out == 0


def test_news_take_noise_out_and_leave_the_mean():
    """Proves: what is explained after the event no longer scatters the fit. Sensitivity: off by 0.02 without it."""
    x = streams.normals(1, "x", range(4), 1)
    news = streams.normals(1, "news", range(4), 2)
    target = 1.0 + 2.0 * x[0] + news[0] - 0.5 * news[1] + 0.01 * streams.normals(1, "rest", range(4), 1)[0]
    values = basis.terms(x, 1)
    plain = basis.least_squares(values, target[None])[0][0]
    heard = basis.least_squares(values, target[None], [news])[0][0]
    assert np.abs(heard - [1.0, 2.0]).max() < 2e-3 < np.abs(plain - [1.0, 2.0]).max()
    twice = basis.least_squares(values, target[None], [np.concatenate([news, news, 0 * news])])[0][0]
    assert twice == pytest.approx(heard, rel=1e-6)


def test_news_of_one_target_leave_the_others_alone():
    x, news = streams.normals(1, "x", range(4), 1), streams.normals(1, "news", range(4), 1)
    targets = np.stack([x[0] + news[0], x[0] - news[0]])
    both, first = (basis.least_squares(basis.terms(x, 1), targets, heard)[0] for heard in ([news, news], [news]))
    assert first[0].tolist() == both[0].tolist()
    assert first[1].tolist() == basis.least_squares(basis.terms(x, 1), targets)[0][1].tolist()


def test_the_put_of_eight_paths_in_the_docs():
    """Proves: the steps printed in docs/options-engine.md. Sensitivity: fitted values carried back give 1.763."""
    paths = np.array(
        [[9, 8, 7], [12, 9, 8], [8, 7, 11], [11, 9, 9], [7, 8, 10], [9, 11, 9], [10, 7, 8], [13, 12, 9]], dtype=float
    )
    cash = np.maximum(10.0 - paths[:, 2], 0.0) * 0.95**3
    assert cash.mean() == pytest.approx(1.07172, abs=5e-6)
    lines, gone = [], []
    for date in (1, 0):
        price = paths[:, date]
        paying = np.flatnonzero(price < 10.0)
        values = np.stack([np.ones(len(paying)), price[paying]])
        coef = basis.least_squares(values, cash[None, paying] / 0.95 ** (date + 1))[0][0]
        now = paying[10.0 - price[paying] > basis.combine(coef, values)]
        cash[now] = (10.0 - price[now]) * 0.95 ** (date + 1)
        lines.append(coef.tolist())
        gone.append((now + 1).tolist())
    assert lines[0] == pytest.approx([-0.63333, 0.2375], abs=5e-6)
    assert lines[1] == pytest.approx([4.845, -0.35841], abs=5e-6)
    assert gone == [[1, 3, 5, 7], [3, 5]]
    assert cash.mean() == pytest.approx(1.69367, abs=5e-6)
