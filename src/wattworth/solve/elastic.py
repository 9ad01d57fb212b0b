"""The same program with limits that give way at a cost: how far they must."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wattworth.solve.assemble import Program, starts_of
from wattworth.solve.highs import OPTIMAL, Options, run
from wattworth.solve.matrix import Array, matrix_of
from wattworth.solve.model import Block, Columns

LEAST = 1e-7
"""Less than this is no relaxation."""


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One block's bounds on one side.

    Attributes
    ----------
    block
        Whose bounds.
    of_rows
        Whether it is a block of rows.
    place
        Array, shape (place,): those with a finite bound, counted within the block.
    bound
        Array, shape (place,): the bounds.
    is_lower
        Whether it is the least that is needed, or the most allowed.
    """

    block: Block
    of_rows: bool
    place: NDArray[np.int64]
    bound: Array
    is_lower: bool


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """How far limits must give way.

    Attributes
    ----------
    by
        For each limit an array, shape (place,).
    tight
        For each limit an array, shape (place,): price of the bound, nought where it is in nobody's way.
    """

    by: tuple[Array, ...]
    tight: tuple[Array, ...]


def limits_of(program: Program, named_only: bool = True) -> tuple[Limit, ...]:
    """Bounds that could give way: of blocks with a meaning, or of all; a column's floor of nought never."""
    out = []
    for of_rows, blocks in ((True, program.rows), (False, program.columns)):
        lower, upper = (program.row_lower, program.row_upper) if of_rows else (program.lower, program.upper)
        for block, start in zip(blocks, starts_of(blocks).values(), strict=True):
            if named_only and not block.meaning:
                continue
            for is_lower, bounds in ((True, lower), (False, upper)):
                own = bounds[start : start + block.size]
                there = np.isfinite(own) & (of_rows or not is_lower or own != 0.0)
                if there.any():
                    out.append(Limit(block, of_rows, np.flatnonzero(there), own[there], is_lower))
    return tuple(out)


def relax(program: Program, limits: tuple[Limit, ...], options: Options) -> Relaxed | None:
    """Let limits give way as little as will do, each place counted as a share of its bound.

    Parameters
    ----------
    program
        What has no answer.
    limits
        Which may give way; all others hold.
    options
        How to solve.

    Returns
    -------
    Relaxed or None
        None where it does not help, or took too long.
    """
    answer_program, own_rows = _elastic(program, limits)
    answer = run(answer_program, options)
    if answer.status != OPTIMAL or answer.x is None:
        return None
    n_column = len(program.cost)
    cuts = np.cumsum([len(limit.place) for limit in limits])[:-1]
    by = np.split(answer.x[n_column:], cuts)
    price = np.zeros(len(answer_program.row_lower)) if answer.price is None else answer.price
    tight = []
    for limit, rows in zip(limits, own_rows, strict=True):
        own = price[rows]
        tight.append(np.maximum(own, 0.0) if limit.is_lower else np.maximum(-own, 0.0))
    return Relaxed(tuple(np.where(part > LEAST, part, 0.0) for part in by), tuple(tight))


def _elastic(program: Program, limits: tuple[Limit, ...]) -> tuple[Program, list[NDArray[np.int64]]]:
    """The program with a column of give for each place of the limits, and the row in which each stands.

    A column's bound becomes a row of its own, so that it can give way. A least above nought falls to nought at most.
    """
    n_row, n_column = program.matrix.shape
    row_starts, column_starts = starts_of(program.rows), starts_of(program.columns)
    lower, upper = program.lower.copy(), program.upper.copy()
    row_lower, row_upper = [program.row_lower], [program.row_upper]
    own_rows, bounded, signs, weights, most = [], [], [], [], []
    n_total = n_row
    for limit in limits:
        signs.append(np.full(len(limit.place), 1.0 if limit.is_lower else -1.0))
        weights.append(1.0 / np.maximum(1.0, np.abs(limit.bound)))
        most.append(np.where(limit.is_lower & (limit.bound > 0.0), limit.bound, np.inf))
        if limit.of_rows:
            own_rows.append(row_starts[limit.block.name] + limit.place)
            continue
        columns = column_starts[limit.block.name] + limit.place
        (lower if limit.is_lower else upper)[columns] = -np.inf if limit.is_lower else np.inf
        none = np.full(len(columns), np.inf)
        row_lower.append(limit.bound if limit.is_lower else -none)
        row_upper.append(none if limit.is_lower else limit.bound)
        bounded.append(columns)
        own_rows.append(n_total + np.arange(len(columns)))
        n_total += len(columns)
    at = np.concatenate([np.zeros(0, np.int64), *bounded])
    own = n_row + np.arange(len(at)), at, np.ones(len(at))
    rows, give = np.concatenate(own_rows), np.concatenate(signs)
    gives = rows, n_column + np.arange(len(give)), give
    return (
        replace(
            program,
            columns=(*program.columns, Columns("give", (len(give),))),
            cost=np.concatenate([np.zeros(n_column), *weights]),
            lower=np.concatenate([lower, np.zeros(len(give))]),
            upper=np.concatenate([upper, *most]),
            integer=np.concatenate([program.integer, np.zeros(len(give), dtype=np.bool_)]),
            row_lower=np.concatenate(row_lower),
            row_upper=np.concatenate(row_upper),
            matrix=matrix_of([program.matrix.entries, own, gives], (n_total, n_column + len(give))),
            maximise=False,
            offset=0.0,
        ),
        own_rows,
    )
