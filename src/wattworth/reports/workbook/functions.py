"""Functions of a spreadsheet that formulas use: none of them younger than 2007."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.reports.workbook.cells import Call, Choice, Node, Number, Row, as_node


def if_(condition: Node, yes: Any, no: Any) -> Node:
    """One of two, by a condition."""
    return Choice(condition, as_node(yes), as_node(no))


def both(*conditions: Node) -> Node:
    """Whether all hold."""
    return Call("AND", conditions, lambda *held: np.logical_and.reduce(np.broadcast_arrays(*held)))


def least(*parts: Any) -> Node:
    """The smallest."""
    return Call("MIN", tuple(map(as_node, parts)), lambda *numbers: _reduced(np.minimum, numbers))


def most(*parts: Any) -> Node:
    """The largest."""
    return Call("MAX", tuple(map(as_node, parts)), lambda *numbers: _reduced(np.maximum, numbers))


def _reduced(rule: Any, numbers: tuple[Any, ...]) -> Any:
    out = numbers[0]
    for number in numbers[1:]:
        out = rule(out, number)
    return out


def least_of(row: Row) -> Node:
    """The smallest number of a row."""
    return Call("MIN", (row.all,), lambda numbers: float(numbers.min()))


def exp(part: Any) -> Node:
    """Power of e."""
    return Call("EXP", (as_node(part),), np.exp)


def floor(part: Any) -> Node:
    """Largest whole number not above."""
    return Call("INT", (as_node(part),), np.floor)


def ceiling(part: Any) -> Node:
    """Smallest whole number not below, of a number above nought."""
    return Call("ROUNDUP", (as_node(part), Number(0.0)), lambda number, _: np.sign(number) * np.ceil(np.abs(number)))


def whole(part: Any) -> Node:
    """Nearest whole number, halves to the even one, as the engine rounds."""
    node = as_node(part)
    rule = if_(remainder(node, 1).equals(0.5), 2 * rounded(node / 2), rounded(node))
    return rule


def rounded(part: Any, digits: int = 0) -> Node:
    """To so many digits, halves away from nought as a spreadsheet rounds."""
    scale = 10.0**digits
    return Call(
        "ROUND",
        (as_node(part), Number(float(digits))),
        lambda number, _: np.sign(number) * np.floor(np.abs(number) * scale + 0.5) / scale,
    )


def remainder(part: Any, divisor: Any) -> Node:
    """What a division leaves."""
    return Call("MOD", (as_node(part), as_node(divisor)), np.mod)


def magnitude(part: Any) -> Node:
    """Without its sign."""
    return Call("ABS", (as_node(part),), np.abs)


def total(row: Row) -> Node:
    """Sum of a row."""
    return Call("SUM", (row.all,), lambda numbers: float(numbers.sum()))


def product_sum(*rows: Row) -> Node:
    """Sum of the products of rows, period by period."""
    return Call(
        "SUMPRODUCT", tuple(row.all for row in rows), lambda *numbers: float(np.prod(np.stack(numbers), axis=0).sum())
    )


GUESSES: Final = (0.004, 0.02, 0.08, 0.0, -0.004)
"""Rates of a period that a search starts from where it has found nothing from its own."""


def internal_rate(row: Row, found_frac: float, solve: Callable[[NDArray[np.float64]], float]) -> Node:
    """Internal rate of a row, per period, sought from several guesses: a spreadsheet gives up easily.

    Parameters
    ----------
    row
        Cash.
    found_frac
        Rate as it is now, near which the search starts.
    solve
        Rate of the row's numbers by the engine.
    """
    node: Node | None = None
    for guess in reversed((round(found_frac, 3), *GUESSES)):
        one = Call("IRR", (row.all, Number(guess)), lambda numbers, _: solve(numbers))
        node = one if node is None else Call("IFERROR", (one, node), lambda first, _: first)
    assert node is not None
    return node


def sum_of(parts: list[Node]) -> Node:
    """Several added up; nought where there is none."""
    out = parts[0] if parts else Number(0.0)
    for part in parts[1:]:
        out = out + part
    return out
