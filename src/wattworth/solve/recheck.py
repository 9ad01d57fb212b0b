"""Every answer is held against its own bounds, rows, whole numbers and prices."""

from __future__ import annotations

from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.solve.assemble import Program
from wattworth.solve.matrix import Array
from wattworth.solve.model import Amount, Block

WITHIN: Final = 1e-6
"""Most by which a bound, row or whole number may be missed, in its own unit."""

ROUNDING: Final = 1e-9
"""The same as a share of the amounts that are added."""


def objective_of(program: Program, x: Array) -> Amount:
    """The objective, recomputed."""
    return float(program.offset + np.sum(program.cost * x))


def recheck(program: Program, x: Array) -> None:
    """Hold an answer against every limit.

    Parameters
    ----------
    program
        What was to be solved.
    x : array, shape (column,)
        The answer.

    Raises
    ------
    SolveError
        It misses a limit; the one missed most is named.
    """
    if not np.isfinite(x).all():
        raise SolveError(f"HiGHS gave no number for {_called(program.columns, int(np.argmin(np.isfinite(x))))}")
    _held(program.columns, program.lower, program.upper, x, np.abs(x))
    size = program.matrix.absolute().times(np.abs(x))
    _held(program.rows, program.row_lower, program.row_upper, program.matrix.times(x), size)
    off = np.where(program.integer, np.abs(x - np.round(x)), 0.0)
    if off.size and off.max() > WITHIN:
        worst = int(np.argmax(off))
        raise SolveError(f"HiGHS gave {x[worst]:.9g} for {_called(program.columns, worst)}, which must be whole")


def proven_bound(program: Program, x: Array, price: Array) -> Amount:
    """What the prices alone prove of the objective, whatever the algorithm.

    Any prices of rows give a bound: each row and column at the better of its bounds. Where that bound is infinite
    and its price all but nought, the answer's own value stands for it.

    Parameters
    ----------
    program
        What was to be solved; whole numbers count as any.
    x : array, shape (column,)
        The answer.
    price : array, shape (row,)
        Prices of the rows.

    Returns
    -------
    float
        No answer is better.
    """
    sign = program.sign
    y = sign * price
    reduced = sign * program.cost - program.matrix.transposed_times(y)
    near = WITHIN * (1.0 + np.abs(program.cost) + program.matrix.absolute().transposed_times(np.abs(y)))
    columns = _at_best(reduced, program.lower, program.upper, x, near)
    rows = _at_best(y, program.row_lower, program.row_upper, program.matrix.times(x), WITHIN * (1.0 + np.abs(y)))
    return float(program.offset + sign * (columns + rows))


def _at_best(price: Array, lower: Array, upper: Array, value: Array, near: Array) -> float:
    """Least of price times what lies within bounds."""
    bound = np.where(price > 0.0, lower, upper)
    free = ~np.isfinite(bound)
    if np.any(free & (np.abs(price) > near)):
        return -np.inf
    return float(np.sum(price * np.where(free, value, bound)))


def _held(blocks: tuple[Block, ...], lower: Array, upper: Array, value: Array, size: Array) -> None:
    """Raise if a value lies outside its bounds by more than rounding."""
    missed = np.maximum(lower - value, value - upper) - ROUNDING * size
    if missed.size and missed.max() > WITHIN:
        worst = int(np.argmax(missed))
        raise SolveError(
            f"the answer of HiGHS misses {_called(blocks, worst)}: got {value[worst]:.9g}, need "
            f"{lower[worst]:.9g} to {upper[worst]:.9g}; try another method, or units nearer to one"
        )


def _called(blocks: tuple[Block, ...], place: int) -> str:
    """What a place among all columns, or all rows, is called."""
    for block in blocks:
        if place < block.size:
            return repr(block.called(place))
        place -= block.size
    raise IndexError(place)
