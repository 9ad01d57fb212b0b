from __future__ import annotations

import numpy as np
import pytest

from wattworth.errors import DataError
from wattworth.solve import Columns, Each, Model, Pick, Rows, Sparse, Sum, assemble
from wattworth.solve.assemble import by_block


def dense(rows, *columns):
    return full(assemble(Model(columns, (rows,))).matrix)


def full(matrix):
    out = np.zeros(matrix.shape)
    row, column, value = matrix.entries
    np.add.at(out, (row, column), value)
    return out


def test_each_takes_the_column_at_its_own_place():
    rows = Rows("r", (3,), terms=(Each("x", np.array([1.0, 2.0, 3.0])),))
    np.testing.assert_array_equal(dense(rows, Columns("x", (3,))), np.diag([1.0, 2.0, 3.0]))


def test_each_spreads_a_column_over_rows():
    rows = Rows("r", (2, 3), terms=(Each("x", np.arange(6.0).reshape(2, 3)),))
    np.testing.assert_array_equal(dense(rows, Columns("x", (2, 1))), [[0, 0], [1, 0], [2, 0], [0, 3], [0, 4], [0, 5]])


@pytest.mark.parametrize(
    ("shift", "wrap", "taken"),
    [
        (1, False, [[0, 0, 0], [1, 0, 0], [0, 1, 0]]),
        (1, True, [[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
        (-2, False, [[0, 0, 1], [0, 0, 0], [0, 0, 0]]),
        (5, False, [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ],
)
def test_shift_goes_back_along_an_axis(shift, wrap, taken):
    rows = Rows("r", (3,), terms=(Each("x", shift=shift, wrap=wrap),))
    np.testing.assert_array_equal(dense(rows, Columns("x", (3,))), taken)


def test_shift_along_the_first_axis():
    rows = Rows("r", (2, 2), terms=(Each("x", shift=1, axis=0),))
    np.testing.assert_array_equal(dense(rows, Columns("x", (2, 2)))[2:, :2], np.eye(2))
    assert dense(rows, Columns("x", (2, 2))).sum() == 2.0


@pytest.mark.parametrize(("axis", "shape"), [(0, (3,)), (-1, (2,)), (None, ()), ((0, 1), ())])
def test_sum_leaves_the_axes_of_the_rows(axis, shape):
    weight = np.arange(1.0, 7.0).reshape(2, 3)
    found = dense(Rows("r", shape, terms=(Sum("x", weight, axis),)), Columns("x", (2, 3)))
    x = np.array([1.0, 10.0, 100.0, 2.0, 20.0, 200.0])
    np.testing.assert_allclose(found @ x, (weight * x.reshape(2, 3)).sum(axis=axis).ravel())


def test_pick_and_sparse_add_what_stands_at_one_place():
    terms = (
        Pick("x", np.array([2, -1])),
        Sparse("x", np.array([0, 1, 1]), np.array([2, 0, 0]), np.array([4.0, 1.0, 1.0])),
    )
    np.testing.assert_array_equal(dense(Rows("r", (2,), terms=terms), Columns("x", (3,))), [[0, 0, 5], [2, 0, 0]])


def test_blocks_stand_one_after_another():
    model = Model(
        (Columns("a", (2,), cost=1.0), Columns("b", (), 1.0, 4.0, cost=7.0, integer=True)),
        (
            Rows("r", (), 0.0, 1.0, terms=(Each("b", 3.0),)),
            Rows("s", (2,), upper=9.0, terms=(Each("a"), Each("b", 2.0))),
        ),
    )
    program = assemble(model)
    np.testing.assert_array_equal(full(program.matrix), [[0, 0, 3], [1, 0, 2], [0, 1, 2]])
    np.testing.assert_array_equal(program.cost, [1, 1, 7])
    np.testing.assert_array_equal(program.integer, [False, False, True])
    np.testing.assert_array_equal(program.upper, [np.inf, np.inf, 4])
    np.testing.assert_array_equal(program.row_upper, [1, 9, 9])
    assert by_block(program.rows, np.arange(3.0))["s"].tolist() == [1.0, 2.0]


def test_noughts_are_not_stored():
    program = assemble(Model((Columns("x", (3,)),), (Rows("r", (3,), terms=(Each("x", np.array([0.0, 1, 0])),)),)))
    assert len(program.matrix.value) == 1


@pytest.mark.parametrize(
    ("columns", "rows", "kind", "said"),
    [
        (Columns("x", (3,)), Rows("r", (2,), terms=(Each("x"),)), ValueError, "do not spread"),
        (Columns("x", (3,)), Rows("r", (2,), terms=(Sum("x"),)), ValueError, "leaves shape"),
        (Columns("x", ()), Rows("r", (), terms=(Each("x", shift=1),)), ValueError, "no axis"),
        (Columns("x", (3,)), Rows("r", (), terms=(Pick("x", 3),)), ValueError, "outside the block"),
        (Columns("x", (3,)), Rows("r", (), terms=(Sparse("x", np.array([1]), np.array([0])),)), ValueError, "outside"),
        (Columns("x", (3,), cost=np.ones(2)), Rows("r"), ValueError, "cost of 'x': got shape"),
        (Columns("x", (2,), cost=np.array([0, np.nan])), Rows("r"), DataError, r"cost of 'x \[1\]'"),
        (Columns("x", cost=np.inf), Rows("r"), DataError, "cost of 'x'"),
        (Columns("x", lower=np.nan), Rows("r"), DataError, "lower of 'x'"),
        (Columns("x"), Rows("r", (), terms=(Each("x", np.inf),)), DataError, "coefficient of 'x' in 'r'"),
    ],
)
def test_what_does_not_fit_is_named(columns, rows, kind, said):
    with pytest.raises(kind, match=said):
        assemble(Model((columns,), (rows,)))


def test_names_must_differ_and_be_known():
    with pytest.raises(ValueError, match="names that differ"):
        Model((Columns("x"), Columns("x")))
    with pytest.raises(ValueError, match="take columns 'y'"):
        Model((Columns("x"),), (Rows("r", terms=(Each("y"),)),))


def test_a_place_is_called_by_its_meaning_and_labels():
    block = Rows("r", (2, 3), meaning="{i} in year {j}", labels=(["Kovykta", "Chayanda"], None))
    assert block.called(5) == "Chayanda in year 2"
    assert Rows("r", (2, 3)).called(5) == "r [1, 2]"
    assert Rows("r").called(0) == "r"
