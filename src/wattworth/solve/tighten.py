"""A program made tighter without losing a whole-number answer: closer bounds, and steps no larger than needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.solve.assemble import Program
from wattworth.solve.matrix import Array, Entries, Indices, Matrix, matrix_of

ROUNDS: Final = 12
"""Most turns in which bounds are carried from row to row."""
ROUNDING: Final = 1e-6
"""What is taken for a whole number."""
SMALL: Final = 1e-9
"""What is taken for nought."""
MOST_PIECES: Final = 500.0
"""A shared limit that holds more pieces of a size than this is hardly less for being held to whole ones."""
SIZES: Final = 4
"""Most sizes of piece by which a shared limit is rounded."""


def rounded(program: Program, shared: NDArray[np.bool_]) -> tuple[Program, NDArray[np.bool_]]:
    """Shared limits rounded to whole pieces of their commonest sizes, as more shared rows.

    Parameters
    ----------
    program
        The whole.
    shared : array, shape (row,)
        Rows that parts share.

    Returns
    -------
    program
        With cuts as rows after those that were there, in no block; every whole-number answer keeps them.
    shared
        Array, shape (row,), cuts among them.

    Notes
    -----
    From a sum of a times n within b, and a size d, follows a sum of F(a / d) times n within b / d rounded down, where
    f is the part of b / d above a whole number, and F(z) is z rounded down and, of the part g of z above it, the
    greater of 0 and (g - f) / (1 - f). What is not whole and takes room only loosens it.
    """
    row, column, value = program.matrix.entries
    piece = program.integer[column] & (program.upper[column] > 0.0)
    entries: list[Entries] = [(row, column, value)]
    n_row, n_column = program.matrix.shape
    limits: list[float] = []
    wrong = np.bincount(row, (value < 0.0) | (program.lower[column] < 0.0), n_row) > 0.5
    for place in np.flatnonzero(shared & ~wrong & (program.row_upper > 0.0) & np.isfinite(program.row_upper)):
        own = np.flatnonzero((row == place) & piece)
        room = float(program.row_upper[place])
        sizes, count = np.unique(np.round(value[own], 9), return_counts=True)
        is_large = room / np.maximum(sizes, SMALL) <= MOST_PIECES
        for size in sizes[is_large][np.argsort(-count[is_large] * sizes[is_large], kind="stable")[:SIZES]]:
            whole = np.floor(room / size + SMALL)
            over = room / size - whole
            if not 1e-3 < over < 1.0 - 1e-3:
                continue
            share = value[own] / size
            floor = np.floor(share + SMALL)
            weight = floor + np.maximum(share - floor - over, 0.0) / (1.0 - over)
            taken = weight > SMALL
            at = np.full(int(taken.sum()), n_row + len(limits))
            entries.append((at, column[own[taken]], weight[taken]))
            limits.append(float(whole))
    cut = replace(
        program,
        matrix=matrix_of(entries, (n_row + len(limits), n_column)),
        row_lower=np.concatenate([program.row_lower, np.full(len(limits), -np.inf)]),
        row_upper=np.concatenate([program.row_upper, limits]),
    )
    return cut, np.concatenate([shared, np.ones(len(limits), dtype=np.bool_)])


def tightened(program: Program) -> Program:
    """The same program with closer bounds, smaller steps of whole numbers, and a cut for each row they open.

    Parameters
    ----------
    program
        As it is.

    Returns
    -------
    Program
        Every whole-number answer of the one is one of the other; cuts are rows after those that were there, in no
        block.
    """
    bounded = _bounded(program)
    return _with_cuts(_stepped(bounded))


def _bounded(program: Program) -> Program:
    """Bounds of columns that rows imply, where they had none or wider ones."""
    row, column, value = program.matrix.entries
    lower, upper, positive = program.lower, program.upper, value > 0.0
    n_row = program.matrix.shape[0]
    for _ in range(ROUNDS):
        most = value * np.where(positive, upper[column], lower[column])
        least = value * np.where(positive, lower[column], upper[column])
        rest_least, rest_most = -_rest(row, -least, n_row), _rest(row, most, n_row)
        above = (program.row_upper[row] - rest_least) / value
        below = (program.row_lower[row] - rest_most) / value
        new_upper, new_lower = upper.copy(), lower.copy()
        np.minimum.at(new_upper, column, np.where(positive, above, below))
        np.maximum.at(new_lower, column, np.where(positive, below, above))
        whole = program.integer
        new_upper[whole] = np.floor(new_upper[whole] + ROUNDING)
        new_lower[whole] = np.ceil(new_lower[whole] - ROUNDING)
        crossed = new_lower > new_upper  # by rounding, or no answer exists: then the solver is to say so
        new_upper[crossed], new_lower[crossed] = upper[crossed], lower[crossed]
        moved = (new_upper < upper - ROUNDING * np.maximum(1.0, np.abs(new_upper))) | (
            new_lower > lower + ROUNDING * np.maximum(1.0, np.abs(new_lower))
        )
        upper, lower = new_upper, new_lower
        if not moved.any():
            break
    return replace(program, lower=lower, upper=upper)


def _rest(row: Indices, most: Array, n_row: int) -> Array:
    """Most that all other entries of a row come to, by entry."""
    endless = np.isinf(most)
    finite = np.where(endless, 0.0, most)
    total = np.bincount(row, finite, n_row)[row] - finite
    others = np.bincount(row, endless, n_row)[row] - endless
    return np.where(others > 0.5, np.inf, total)


def _stepped(program: Program) -> Program:
    """Where one piece opens more than can ever pass, it opens what can."""
    row, column, value = program.matrix.entries
    positive = value > 0.0
    most = value * np.where(positive, program.upper[column], program.lower[column])
    needed = _rest(row, most, program.matrix.shape[0]) - program.row_upper[row]
    opens = program.integer[column] & ~positive & (program.lower[column] == 0.0) & np.isinf(program.row_lower[row])
    short = opens & np.isfinite(needed) & (needed >= 0.0) & (-value > needed)
    return replace(program, matrix=replace(program.matrix, value=np.where(short, -needed, value)))


def _with_cuts(program: Program) -> Program:
    """A mixed-integer rounding cut for each row in which whole pieces open room for what is not whole.

    With y at most M, and y within the sum of a times n, let d be the largest a and f the part of M / d above a whole
    number: then y is at most M - d f (M / d rounded up - sum of F(a / d) times n), where F(z) is z rounded down and
    the lesser of 1 and (part of z above it) / f.
    """
    row, column, value = program.matrix.entries
    n_row, n_column = program.matrix.shape
    piece = program.integer[column] & (program.upper[column] > 0.0)
    smooth = ~program.integer[column]
    most = value * np.where(value > 0.0, program.upper[column], program.lower[column])
    reach = np.bincount(row, np.where(smooth, most, 0.0), n_row)
    step = np.zeros(n_row)
    np.maximum.at(step, row, np.where(piece, -value, 0.0))
    wrong = piece & ((value > 0.0) | (program.lower[column] != 0.0))
    open_rows = np.isinf(program.row_lower) & np.isfinite(program.row_upper) & np.isfinite(reach)
    open_rows &= (np.bincount(row, wrong, n_row) < 0.5) & (step > SMALL)
    size = np.where(open_rows, step, 1.0)
    pieces = np.where(open_rows, reach - program.row_upper, 0.0) / size
    part = pieces - np.floor(pieces + ROUNDING)
    cut = open_rows & (pieces > ROUNDING) & (part > 1e-4)
    part = np.where(cut, part, 1.0)
    share = np.where(piece, -value / size[row], 0.0)
    floor = np.floor(share + ROUNDING)
    rounded = floor + np.minimum(1.0, np.maximum(share - floor, 0.0) / part[row])
    weight = np.where(piece, -(size * part)[row] * rounded, np.where(smooth, value, 0.0))
    taken = cut[row] & (weight != 0.0)
    place = n_row + np.cumsum(cut) - 1
    n_cut = int(cut.sum())
    matrix = matrix_of(
        [(row, column, value), (place[row[taken]], column[taken], weight[taken])], (n_row + n_cut, n_column)
    )
    limit = (reach - size * part * np.ceil(pieces - ROUNDING))[cut]
    return replace(
        program,
        matrix=Matrix(matrix.shape, matrix.starts, matrix.row, matrix.value),
        row_lower=np.concatenate([program.row_lower, np.full(n_cut, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, limit]),
    )
