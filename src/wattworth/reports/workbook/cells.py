"""Formulas that stand once: written into a cell as text, and worked out here for the value kept beside it.

A formula is built from rows and cells with ordinary arithmetic. It knows two things: its text in a spreadsheet, and
its value. Months run along the columns; a row by tax year holds a formula at each twelfth month only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import xl_col_to_name

from wattworth.units import MONTHS_PER_YEAR

Kind = Literal["period", "year"]
"""A number in each column, or in each twelfth: at the end of a tax year of months."""
FIRST_COLUMN: Final = 5
"""Column of the first period, counted from nought."""

_ATOM: Final = 4
_LEVEL: Final = {"=": 0, "<": 0, "<=": 0, ">": 0, ">=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
"""How tightly signs bind; a minus in front binds tighter than a power in a spreadsheet, so it always gets brackets."""


class Place(NamedTuple):
    """Where a formula is worked out.

    Attributes
    ----------
    kind
        Of the row it stands in; None for a single cell.
    column
        Its period, or None for all of them at once.
    """

    kind: Kind | None
    column: int | None = None


class Pen(NamedTuple):
    """Where a formula is written.

    Attributes
    ----------
    sheet
        Its sheet, by the English name.
    kind, column
        Its row's kind, and its period.
    lags
        Where periods are marks to be filled in later: how far back each mark lies.
    titles
        English name of a sheet to the one in the workbook, where that is another.
    """

    sheet: str
    kind: Kind | None
    column: int
    lags: list[int] | None = None
    titles: Mapping[str, str] = MappingProxyType({})

    def quoted(self, sheet: str) -> str:
        """Name of a sheet as formulas of the workbook write it."""
        return quoted(self.titles.get(sheet, sheet))

    def column_name(self, back: int) -> str:
        """Letters of the column so many periods of the formula's row back, or a mark for them."""
        step = back * (MONTHS_PER_YEAR if self.kind == "year" else 1)
        if self.lags is None:
            return column_name(self.kind, self.column, step)
        if step not in self.lags:
            self.lags.append(step)
        return f"{{{self.lags.index(step)}}}"


def column_name(kind: Kind | None, column: int, step: int = 0) -> str:
    """Letters of a period's column, so many columns back."""
    month = (column + 1) * MONTHS_PER_YEAR if kind == "year" else column
    return xl_col_to_name(FIRST_COLUMN + month - step)


class Node(ABC):
    """A part of a formula."""

    level: int = _ATOM

    @abstractmethod
    def text(self, pen: Pen) -> str:
        """As it is written at a place."""

    @abstractmethod
    def value(self, at: Place) -> Any:
        """What it is worth at a place."""

    def __add__(self, other: Any) -> Node:
        return Operation("+", self, as_node(other))

    def __radd__(self, other: Any) -> Node:
        return Operation("+", as_node(other), self)

    def __sub__(self, other: Any) -> Node:
        return Operation("-", self, as_node(other))

    def __rsub__(self, other: Any) -> Node:
        return Operation("-", as_node(other), self)

    def __mul__(self, other: Any) -> Node:
        return Operation("*", self, as_node(other))

    def __rmul__(self, other: Any) -> Node:
        return Operation("*", as_node(other), self)

    def __truediv__(self, other: Any) -> Node:
        return Operation("/", self, as_node(other))

    def __rtruediv__(self, other: Any) -> Node:
        return Operation("/", as_node(other), self)

    def __pow__(self, other: Any) -> Node:
        return Operation("^", self, as_node(other))

    def __rpow__(self, other: Any) -> Node:
        return Operation("^", as_node(other), self)

    def __neg__(self) -> Node:
        return Operation("-", Number(0.0), self)

    def __lt__(self, other: Any) -> Node:
        return Operation("<", self, as_node(other))

    def __le__(self, other: Any) -> Node:
        return Operation("<=", self, as_node(other))

    def __gt__(self, other: Any) -> Node:
        return Operation(">", self, as_node(other))

    def __ge__(self, other: Any) -> Node:
        return Operation(">=", self, as_node(other))

    def equals(self, other: Any) -> Node:
        """Whether both are the same number."""
        return Operation("=", self, as_node(other))


def as_node(thing: Any) -> Node:
    """A number as part of a formula."""
    return thing if isinstance(thing, Node) else Number(float(thing))


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A number written into a formula: of the rule itself, never an input."""

    number: float

    def text(self, pen: Pen) -> str:
        """Shortest text of the same number."""
        whole = self.number == int(self.number) and abs(self.number) < 1e15
        said = str(int(self.number)) if whole else repr(self.number)
        return f"({said})" if self.number < 0 else said

    def value(self, at: Place) -> float:
        """Itself."""
        return self.number


@dataclass(frozen=True, eq=False)
class Operation(Node):
    """Two parts joined by a sign."""

    sign: str
    left: Node
    right: Node

    @property
    def level(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] - read only
        """How tightly it binds."""
        return _LEVEL[self.sign]

    def text(self, pen: Pen) -> str:
        """With no more brackets than needed."""
        own = _LEVEL[self.sign]
        if self.sign == "-" and isinstance(self.left, Number) and self.left.number == 0.0:
            inside = self.right.text(pen)
            return f"-{inside}" if self.right.level == _ATOM else f"-({inside})"
        left, right = self.left.text(pen), self.right.text(pen)
        if self.left.level < own or left.startswith("-"):
            left = f"({left})"
        tight = self.right.level < own or (self.right.level == own and self.sign not in "+*")
        right = f"({right})" if tight or right.startswith("-") else right
        return f"{left}{self.sign}{right}"

    def value(self, at: Place) -> Any:
        """The two worked out."""
        return _SIGNS[self.sign](self.left.value(at), self.right.value(at))


_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": np.divide,
    "^": lambda a, b: np.power(a, b, dtype=np.float64),
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A function of the spreadsheet."""

    name: str
    parts: tuple[Node, ...]
    rule: Callable[..., Any]

    def text(self, pen: Pen) -> str:
        """Its name and what it is given."""
        return f"{self.name}({','.join(part.text(pen) for part in self.parts)})"

    def value(self, at: Place) -> Any:
        """Worked out."""
        return self.rule(*(part.value(at) for part in self.parts))


@dataclass(frozen=True, eq=False)
class Choice(Node):
    """One of two, by a condition; what is not chosen is not worked out where that can be told."""

    condition: Node
    yes: Node
    no: Node

    def text(self, pen: Pen) -> str:
        """As IF."""
        return f"IF({','.join(part.text(pen) for part in (self.condition, self.yes, self.no))})"

    def value(self, at: Place) -> Any:
        """The one that holds."""
        holds = self.condition.value(at)
        if np.ndim(holds) == 0:
            return (self.yes if holds else self.no).value(at)
        return np.where(holds, self.yes.value(at), self.no.value(at))


@dataclass(eq=False)
class Cell(Node):
    """A single named cell: an input, or a result."""

    name: str
    number: Any
    sheet: str = ""
    line: int = 0
    formula: Node | None = None

    def text(self, pen: Pen) -> str:
        """Its name, which its sheet or the whole book knows."""
        return self.name if self.sheet in ("", pen.sheet) else f"{pen.quoted(self.sheet)}!$C${self.line + 1}"

    def value(self, at: Place) -> Any:
        """Its number."""
        return self.number


@dataclass(eq=False)
class Row(Node):
    """One number for each period.

    Attributes
    ----------
    values
        Array, shape (period,): by month, or by tax year.
    sheet, line
        Where it stands, the line counted from nought.
    formula
        What gives the numbers, or None where they are entered.
    """

    kind: Kind
    values: NDArray[np.float64]
    sheet: str = ""
    line: int = 0
    formula: Node | None = field(default=None)

    def text(self, pen: Pen) -> str:
        """Its cell in the same column."""
        return f"{self.prefix(pen)}{pen.column_name(0)}{self.line + 1}"

    def prefix(self, pen: Pen) -> str:
        """Name of its sheet where that is another."""
        return "" if self.sheet == pen.sheet else f"{pen.quoted(self.sheet)}!"

    def value(self, at: Place) -> Any:
        """Its numbers at the periods of the place."""
        numbers = self.values
        if at.kind == "period" and self.kind == "year":
            numbers = self.by_month
        elif at.kind == "year" and self.kind == "period":
            numbers = numbers[MONTHS_PER_YEAR::MONTHS_PER_YEAR]
        return numbers if at.column is None else numbers[at.column]

    @property
    def by_month(self) -> NDArray[np.float64]:
        """The numbers by month; those of tax years at each twelfth."""
        if self.kind == "period":
            return self.values
        out = np.zeros(self.values.size * MONTHS_PER_YEAR + 1)
        out[MONTHS_PER_YEAR::MONTHS_PER_YEAR] = self.values
        return out

    def back(self, periods: int = 1) -> Node:
        """The same row so many of its periods before; nought before the first."""
        return Earlier(self, periods)

    def ahead(self) -> Node:
        """The same row one period later; nought after the last."""
        return Later(self)

    @property
    def all(self) -> Node:
        """The whole row."""
        return Whole(self)

    def at(self, month: Any) -> Node:
        """The number of one month."""
        return Call("INDEX", (Whole(self), as_node(month) + 1), lambda numbers, place: numbers[int(place) - 1])

    @property
    def year(self) -> Node:
        """Sum over a tax year; the first has the as-of month with it."""
        return YearSum(self)


@dataclass(frozen=True, eq=False)
class Earlier(Node):
    """A row some periods before."""

    row: Row
    periods: int

    def text(self, pen: Pen) -> str:
        """Its cell, or nought before the first period."""
        if pen.column < self.periods:
            return "0"
        return f"{self.row.prefix(pen)}{pen.column_name(self.periods)}{self.row.line + 1}"

    def value(self, at: Place) -> Any:
        """The numbers moved along."""
        if at.column is not None:
            return self.row.values[at.column - self.periods] if at.column >= self.periods else 0.0
        out = np.zeros_like(self.row.values)
        out[self.periods :] = self.row.values[: max(out.size - self.periods, 0)]
        return out


@dataclass(frozen=True, eq=False)
class Later(Node):
    """A row one period later; the column after the last is empty, which counts as nought."""

    row: Row

    def text(self, pen: Pen) -> str:
        """Its cell in the next column."""
        return f"{self.row.prefix(pen)}{pen.column_name(-1)}{self.row.line + 1}"

    def value(self, at: Place) -> Any:
        """The numbers moved back."""
        moved = np.append(self.row.values[1:], 0.0)
        return moved if at.column is None else moved[at.column]


@dataclass(frozen=True, eq=False)
class Whole(Node):
    """A row from its first month to its last."""

    row: Row

    def text(self, pen: Pen) -> str:
        """A range that does not move."""
        last = self.row.by_month.size - 1
        ends = (column_name("period", month) for month in (0, last))
        return self.row.prefix(pen) + ":".join(f"${name}${self.row.line + 1}" for name in ends)

    def value(self, at: Place) -> NDArray[np.float64]:
        """All its numbers."""
        return self.row.by_month


@dataclass(frozen=True, eq=False)
class YearSum(Node):
    """The months of a tax year added up."""

    row: Row

    def text(self, pen: Pen) -> str:
        """The last twelve columns, thirteen for the first year."""
        line, months = self.row.line + 1, MONTHS_PER_YEAR if pen.column == 0 else MONTHS_PER_YEAR - 1
        first = pen._replace(kind="period").column_name(months) if pen.lags is not None else None
        if first is None:
            first = column_name("year", pen.column, months)
        return f"SUM({self.row.prefix(pen)}{first}{line}:{pen.column_name(0)}{line})"

    def value(self, at: Place) -> Any:
        """By year."""
        sums = self.row.values[1:].reshape(-1, MONTHS_PER_YEAR).sum(axis=1)
        sums[0] += self.row.values[0]
        return sums if at.column is None else sums[at.column]


def quoted(sheet: str) -> str:
    """Name of a sheet as formulas write it."""
    return sheet if sheet.isascii() and sheet.isalpha() else "'" + sheet.replace("'", "''") + "'"
