"""A sparse matrix, held against scipy's."""

import numpy as np
from scipy.sparse import coo_array

from wattworth.solve.matrix import matrix_of


def test_it_is_what_scipy_makes_of_the_same_entries():
    """Proves: order, sums of one place, noughts left out, and both products, on entries in any order."""
    rng = np.random.default_rng(3)
    row, column = rng.integers(0, 7, 60).astype(np.int32), rng.integers(0, 5, 60).astype(np.int32)
    value = rng.integers(-2, 3, 60).astype(float)
    own = matrix_of([(row[:20], column[:20], value[:20]), (row[20:], column[20:], value[20:])], (7, 6))
    peer = coo_array((value, (row, column)), shape=(7, 6)).tocsc()
    peer.eliminate_zeros()
    np.testing.assert_array_equal(own.starts, peer.indptr)
    np.testing.assert_array_equal(own.row, peer.indices)
    np.testing.assert_array_equal(own.value, peer.data)
    x, y = rng.standard_normal(6), rng.standard_normal(7)
    np.testing.assert_allclose(own.times(x), peer @ x, atol=1e-12)
    np.testing.assert_allclose(own.transposed_times(y), peer.T @ y, atol=1e-12)
    np.testing.assert_allclose(own.absolute().times(x), abs(peer) @ x, atol=1e-12)


def test_nothing_is_a_matrix_too():
    none = matrix_of([], (2, 3))
    assert none.times(np.ones(3)).tolist() == [0.0, 0.0]
    assert none.transposed_times(np.ones(2)).tolist() == [0.0, 0.0, 0.0]
