"""From blocks to one sparse matrix with its bounds, without a loop over places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.solve.matrix import Array, Entries, Indices, Matrix, matrix_of
from wattworth.solve.model import Amount, Block, Columns, Each, Model, Pick, Rows, Sum, Term

ENDLESS: Final = 1e20
"""A bound as large as this is none, as HiGHS has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A model as flat arrays: least (or most) of cost times x, rows and columns within bounds.

    Attributes
    ----------
    columns, rows
        The blocks, in the order of the arrays.
    cost, lower, upper
        Arrays, shape (column,).
    integer
        Array, shape (column,): where only whole numbers will do.
    row_lower, row_upper
        Arrays, shape (row,).
    matrix
        Shape (row, column).
    maximise, offset
        As in the model.
    """

    columns: tuple[Columns, ...]
    rows: tuple[Rows, ...]
    cost: Array
    lower: Array
    upper: Array
    integer: NDArray[np.bool_]
    row_lower: Array
    row_upper: Array
    matrix: Matrix
    maximise: bool = False
    offset: Amount = 0.0

    @property
    def sign(self) -> int:
        """What turns its objective into one that is to be small."""
        return -1 if self.maximise else 1


def assemble(model: Model) -> Program:
    """Lay a model out as arrays.

    Parameters
    ----------
    model
        Blocks of columns and rows.

    Returns
    -------
    Program
        The same, as one sparse matrix.

    Raises
    ------
    ValueError
        Shapes do not fit.
    DataError
        A bound, cost or coefficient is not a number; the block is named.
    """
    starts = starts_of(model.columns)
    shapes = {block.name: block.shape for block in model.columns}
    row_starts = starts_of(model.rows)
    parts: list[Entries] = []
    for block in model.rows:
        for term in block.terms:
            row, column, value = _entries(term, block, shapes[term.of])
            parts.append((row + np.int32(row_starts[block.name]), column + np.int32(starts[term.of]), value))
    size = (sum(block.size for block in model.rows), sum(block.size for block in model.columns))
    return Program(
        model.columns,
        model.rows,
        _flat(model.columns, "cost"),
        _flat(model.columns, "lower"),
        _flat(model.columns, "upper"),
        np.repeat([block.integer for block in model.columns], [block.size for block in model.columns]).astype(bool),
        _flat(model.rows, "lower"),
        _flat(model.rows, "upper"),
        matrix_of(parts, size),
        model.maximise,
        model.offset,
    )


def starts_of(blocks: tuple[Block, ...]) -> dict[str, int]:
    """Where each block begins among all columns, or all rows."""
    ends = np.cumsum([0, *(block.size for block in blocks)])
    return {block.name: int(start) for block, start in zip(blocks, ends, strict=False)}


def by_block(blocks: tuple[Block, ...], flat: Array) -> Mapping[str, Array]:
    """Cut a flat array into one for each block, in its shape."""
    starts = starts_of(blocks)
    return {b.name: flat[starts[b.name] : starts[b.name] + b.size].reshape(b.shape) for b in blocks}


def _flat(blocks: tuple[Block, ...], what: str) -> Array:
    """One number for each place of all blocks."""
    out = [np.zeros(0)]
    for block in blocks:
        full = _spread(getattr(block, what), block.shape, f"{what} of {block.name!r}")
        if np.isnan(full).any() or (what == "cost" and np.isinf(full).any()):
            bad = int(np.argmax(~np.isfinite(full) if what == "cost" else np.isnan(full)))
            raise DataError(f"{what} of {block.called(bad)!r}: got {full.flat[bad]}, need a number")
        out.append(
            full.ravel()
            if what == "cost"
            else np.where(np.abs(full) < ENDLESS, full, np.copysign(np.inf, full)).ravel()
        )
    return np.concatenate(out)


def _spread(amounts: Any, shape: tuple[int, ...], what: str) -> Array:
    """Numbers in a shape, or an error that says which would not go."""
    array = np.asarray(amounts, dtype=np.float64)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise ValueError(f"{what}: got shape {array.shape}, need what broadcasts to {shape}") from None


def _entries(term: Term, block: Rows, shape: tuple[int, ...]) -> Entries:
    """Row, column and coefficient of all that a term brings, counted within the two blocks."""
    what = f"rows {block.name!r}, columns {term.of!r}"
    columns = np.arange(np.prod(shape, dtype=np.int64), dtype=np.int32).reshape(shape)
    rows = np.arange(block.size, dtype=np.int32).reshape(block.shape)
    if isinstance(term, Each):
        if term.shift:
            columns = _shifted(columns, term)
        try:
            columns = np.broadcast_to(columns, block.shape)
        except ValueError:
            raise ValueError(f"{what}: columns of shape {shape} do not spread over rows {block.shape}") from None
    elif isinstance(term, Sum):
        axes = term.axis if isinstance(term.axis, tuple) else (term.axis,)
        gone = {a % len(shape) for a in (range(len(shape)) if term.axis is None else axes) if a is not None}
        left = tuple(n for a, n in enumerate(shape) if a not in gone)
        if left != block.shape:
            raise ValueError(f"{what}: the sum leaves shape {left}, the rows have {block.shape}")
        rows = np.broadcast_to(np.expand_dims(rows, tuple(gone)), shape)
    elif isinstance(term, Pick):
        columns = np.broadcast_to(np.asarray(term.place, dtype=np.int32), block.shape)
    else:
        rows, columns = np.asarray(term.row, dtype=np.int32), np.asarray(term.place, dtype=np.int32)
        if rows.shape != columns.shape or (rows.size and not 0 <= rows.min() <= rows.max() < block.size):
            raise ValueError(f"{what}: rows and columns of entries differ in number, or a row is outside the block")
    value = _spread(term.coefficient, rows.shape, f"{what}: coefficient")
    if columns.size and (columns.max() >= np.prod(shape) or columns.min() < -1):
        raise ValueError(f"{what}: place {columns.max()} is outside the block")
    if not np.isfinite(value).all():
        bad = int(rows.ravel()[np.argmin(np.isfinite(value))])
        raise DataError(f"coefficient of {term.of!r} in {block.called(bad)!r} is not a finite number")
    keep = (columns >= 0) & (value != 0.0)
    return rows[keep], columns[keep], value[keep]


def _shifted(columns: Indices, term: Each) -> Indices:
    """Columns moved along an axis; -1 where none is left."""
    if not columns.ndim:
        raise ValueError(f"columns {term.of!r} have no axis to shift along")
    moved = np.roll(columns, term.shift, axis=term.axis)
    if not term.wrap:
        along = np.moveaxis(moved, term.axis, 0)
        along[: term.shift if term.shift > 0 else 0] = -1
        along[len(along) + (term.shift if term.shift < 0 else 0) :] = -1
    return moved
