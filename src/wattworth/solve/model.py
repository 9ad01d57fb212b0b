"""A model as blocks of columns and rows: what may be chosen, what it costs, what limits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Amount: TypeAlias = float
"""A number in the unit of the block that it belongs to."""

Amounts: TypeAlias = NDArray[np.float64] | float
"""Numbers in the unit of their block: what broadcasts to its shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Things of one kind that go by one name.

    Attributes
    ----------
    name
        Its name, unique among the blocks of its kind.
    shape
        Its axes; () for one thing.
    lower, upper
        Broadcast to the shape: bounds, infinite where there are none.
    meaning
        What a user knows the bounds by, such as "load of hour {i}"; {i}, {j}, {k} stand for the place on each axis.
        Only a block with a meaning is named as an input when no answer exists; one without is a law.
    unit
        Unit of the bounds, for messages.
    labels
        For each axis the words that stand for its places, or None for their numbers.
    """

    name: str
    shape: tuple[int, ...] = ()
    lower: Amounts = -np.inf
    upper: Amounts = np.inf
    meaning: str = ""
    unit: str = ""
    labels: tuple[Sequence[str] | None, ...] = ()

    @property
    def size(self) -> int:
        """Number of things in it."""
        return int(np.prod(self.shape, dtype=np.int64))

    def called(self, place: int) -> str:
        """What the thing at a place, counted through all axes, is called."""
        spots = np.unravel_index(place, self.shape) if self.shape else ()
        labels = (*self.labels, *(None for _ in spots))
        words = [str(label[int(spot)]) if label else str(spot) for spot, label in zip(spots, labels, strict=False)]
        text = self.meaning or self.name + (f" [{', '.join(words)}]" if words else "")
        for sign, word in zip("ijk", words, strict=False):
            text = text.replace(f"{{{sign}}}", word)
        return text


@dataclass(frozen=True, slots=True, eq=False)
class Columns(Block):
    """What may be chosen; a column is nought or more unless it says otherwise.

    Attributes
    ----------
    cost
        Broadcasts to the shape: what one unit adds to the objective.
    integer
        Whether only whole numbers will do.
    """

    lower: Amounts = 0.0
    cost: Amounts = 0.0
    integer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """Every row takes the column at its own place; a block of fewer or shorter axes is spread as NumPy does.

    Attributes
    ----------
    of
        Name of the block of columns.
    coefficient
        Broadcasts to the shape of the rows; places with nought are left out.
    shift
        Places back along the axis at which the column is taken: 1 for the hour before.
    axis
        Axis of the columns that is shifted.
    wrap
        Whether the first places take the last columns; otherwise they take none.
    """

    of: str
    coefficient: Amounts = 1.0
    shift: int = 0
    axis: int = -1
    wrap: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """Every row takes the sum of columns along some of their axes; the axes that are left are those of the rows.

    Attributes
    ----------
    of
        Name of the block of columns.
    coefficient
        Broadcasts to the shape of the columns.
    axis
        Axes summed; None for all.
    """

    of: str
    coefficient: Amounts = 1.0
    axis: int | tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """Every row takes the column that it names.

    Attributes
    ----------
    of
        Name of the block of columns.
    place
        Broadcasts to the shape of the rows: place in the block, counted through all axes; -1 for none.
    coefficient
        Broadcasts to the shape of the rows.
    """

    of: str
    place: NDArray[np.integer] | int
    coefficient: Amounts = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """Entries one by one; entries at one place are added.

    Attributes
    ----------
    of
        Name of the block of columns.
    row, place
        Arrays, shape (entry,): place in the rows and in the columns, each counted through all axes.
    coefficient
        Broadcasts to shape (entry,).
    """

    of: str
    row: NDArray[np.integer]
    place: NDArray[np.integer]
    coefficient: Amounts = 1.0


Term: TypeAlias = Each | Sum | Pick | Sparse


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Block):
    """Sums of columns that must lie within bounds.

    Attributes
    ----------
    terms
        What each row adds up.
    """

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Columns, rows, and whether the objective is to be small or large.

    Attributes
    ----------
    columns, rows
        The blocks.
    maximise
        Whether more is better.
    offset
        What the objective is when every column is nought.
    """

    columns: tuple[Columns, ...]
    rows: tuple[Rows, ...] = ()
    maximise: bool = False
    offset: Amount = 0.0

    def __post_init__(self) -> None:
        for kind, blocks in (("columns", self.columns), ("rows", self.rows)):
            names = [block.name for block in blocks]
            if len(set(names)) != len(names):
                raise ValueError(f"blocks of {kind} need names that differ: {names}")
        known = {block.name for block in self.columns}
        wrong = [(row.name, term.of) for row in self.rows for term in row.terms if term.of not in known]
        if wrong:
            raise ValueError(f"rows {wrong[0][0]!r} take columns {wrong[0][1]!r}; there are {sorted(known)}")
