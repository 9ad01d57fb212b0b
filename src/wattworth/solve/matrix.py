"""A sparse matrix by columns, as HiGHS takes it; loading scipy's takes more memory than a year of hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Numbers in the unit of the block that each belongs to."""

Indices: TypeAlias = NDArray[np.signedinteger]
Entries: TypeAlias = tuple[Indices, Indices, Array]
"""Row, column and coefficient of each entry."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Coefficients other than nought, column by column and within one row by row.

    Attributes
    ----------
    shape
        Number of rows, and of columns.
    starts
        Array, shape (column + 1,): the first entry of each column, and how many there are in all.
    row, value
        Arrays, shape (entry,).
    """

    shape: tuple[int, int]
    starts: Indices
    row: Indices
    value: Array

    @property
    def entries(self) -> Entries:
        """All entries, in order."""
        columns = np.arange(self.shape[1], dtype=np.int32)
        return self.row, np.repeat(columns, np.diff(self.starts)), self.value

    def absolute(self) -> Matrix:
        """Every coefficient without its sign."""
        return replace(self, value=np.abs(self.value))

    def times(self, x: Array) -> Array:
        """Sum of each row, columns taken x times, shape (row,)."""
        row, column, value = self.entries
        return np.bincount(row, value * x[column], self.shape[0]).astype(np.float64, copy=False)

    def transposed_times(self, y: Array) -> Array:
        """Sum of each column, rows taken y times, shape (column,)."""
        row, column, value = self.entries
        return np.bincount(column, value * y[row], self.shape[1]).astype(np.float64, copy=False)


def matrix_of(parts: list[Entries], shape: tuple[int, int]) -> Matrix:
    """Lay entries out by columns; those of one place are added."""
    none = np.zeros(0, np.int32)
    row, column, value = map(np.concatenate, zip((none, none, np.zeros(0)), *parts, strict=True))
    place = column.astype(np.int64) * shape[0] + row
    order = np.argsort(place, kind="stable")
    place = place[order]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    value = np.add.reduceat(value[order], first) if len(first) else value
    kept = value != 0.0
    first = order[first[kept]]
    starts = np.concatenate([[0], np.cumsum(np.bincount(column[first], minlength=shape[1]))])
    return Matrix(shape, starts.astype(np.int32), row[first].astype(np.int32), value[kept])
