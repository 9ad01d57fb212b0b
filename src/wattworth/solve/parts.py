"""A program that falls apart: its parts, and the rows that are all they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.solve.assemble import Program
from wattworth.solve.matrix import Array, Indices, matrix_of
from wattworth.solve.model import Amount, Columns


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Columns that meet no others but in shared rows.

    Attributes
    ----------
    columns
        Array, shape (own,): places in the whole.
    program
        Theirs alone, in one block ``x``, to be made small; columns that cannot move are not in it.
    shared, own, share
        Arrays, shape (entry,): shared row, own column and coefficient.
    """

    columns: Indices
    program: Program
    shared: Indices
    own: Indices
    share: Array

    def use(self, x: Array, n_shared: int) -> Array:
        """What own values take of each shared row."""
        return np.bincount(self.shared, self.share * x[self.own], n_shared).astype(np.float64, copy=False)

    def priced(self, price: Array) -> Array:
        """Cost of each own column at prices of the shared rows."""
        taken = np.bincount(self.own, self.share * price[self.shared], len(self.columns))
        return self.program.cost - taken


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A program cut at its shared rows, to be made small.

    Attributes
    ----------
    parts
        Each with something to decide.
    fixed
        Array, shape (column,): values of columns that cannot move, nought elsewhere.
    lower, upper
        Arrays, shape (shared row,): bounds, less what cannot move.
    rows
        Array, shape (shared row,): places in the whole.
    offset
        What the objective is where nothing is decided.
    """

    parts: tuple[Part, ...]
    fixed: Array
    lower: Array
    upper: Array
    rows: Indices
    offset: Amount


def labels_of(program: Program, shared: NDArray[np.bool_]) -> Indices:
    """Which part each column belongs to, as the least column of it: those that meet in a row not shared are one.

    Parameters
    ----------
    program
        The whole.
    shared : array, shape (row,)
        Rows at which it may be cut.
    """
    row, column, _ = program.matrix.entries
    moves = program.lower[column] < program.upper[column]
    own = ~shared[row] & moves
    row, column = row[own], column[own]
    n_row, n_column = program.matrix.shape
    label = np.arange(n_column)
    while True:
        least = np.full(n_row, n_column)
        np.minimum.at(least, row, label[column])
        new = label.copy()
        np.minimum.at(new, column, least[row])
        new = new[new]
        if np.array_equal(new, label):
            return label
        label = new


def split(program: Program, shared: NDArray[np.bool_]) -> Split:
    """Cut a program at its shared rows.

    Parameters
    ----------
    program
        The whole; rows after those of its blocks are cuts.
    shared : array, shape (row,)
        Rows at which it is cut.
    """
    row, column, value = program.matrix.entries
    fixed = np.where(program.lower == program.upper, program.lower, 0.0)
    moves = program.lower < program.upper
    held = program.matrix.times(fixed)
    low, high = program.row_lower - held, program.row_upper - held
    cost = program.sign * program.cost
    label = labels_of(program, shared)
    order = np.flatnonzero(moves)
    order = order[np.argsort(label[order], kind="stable")]
    place = np.empty(len(moves), dtype=np.int64)
    place[order] = np.arange(len(order))
    ends = np.flatnonzero(np.diff(label[order], append=-1)) + 1
    part_of = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    keep = moves[column]
    row, spot, value = row[keep], place[column[keep]], value[keep]
    by_part = np.argsort(spot, kind="stable")
    row, spot, value = row[by_part], spot[by_part], value[by_part]
    cuts = np.searchsorted(part_of[spot], np.arange(len(ends) + 1))
    number = np.cumsum(shared) - 1
    parts = []
    for i, (begin, end) in enumerate(zip(np.append(0, ends)[:-1], ends, strict=True)):
        some = slice(cuts[i], cuts[i + 1])
        own, at, each, is_shared = row[some], spot[some] - begin, value[some], shared[row[some]]
        rows, inner = np.unique(own[~is_shared], return_inverse=True)
        columns = order[begin:end]
        matrix = matrix_of([(inner, at[~is_shared], each[~is_shared])], (len(rows), len(columns)))
        alone = Program(
            (Columns("x", (len(columns),)),),
            (),
            cost[columns],
            program.lower[columns],
            program.upper[columns],
            program.integer[columns],
            low[rows],
            high[rows],
            matrix,
        )
        parts.append(Part(columns, alone, number[own[is_shared]], at[is_shared], each[is_shared]))
    where = np.flatnonzero(shared)
    offset = program.sign * program.offset + float(cost @ fixed)
    return Split(tuple(parts), fixed, low[where], high[where], where, offset)
