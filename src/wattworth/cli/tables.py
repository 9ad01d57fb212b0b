"""Numbers and simple tables for the questions asked of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import RenderableType

NONE: Final = "\N{EN DASH}"
"""Stands where there is no number."""


def number(value: float | None) -> str:
    """A number in few digits; a dash for none.

    Examples
    --------
    >>> number(1234567.8), number(0.12345)
    ('1,234,568', '0.1235')
    """
    if value is None:
        return NONE
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"


def millions(value: float | None) -> str:
    """Dollars as millions, with a sign.

    Examples
    --------
    >>> millions(-2.5e6), millions(1.2345e9)
    ('-2.5', '+1,234.5')
    """
    return NONE if value is None else f"{value / 1e6:+,.1f}"


def round_millions(value: float | None) -> str:
    """Dollars as whole millions.

    Examples
    --------
    >>> round_millions(-2.5e6), round_millions(1.2345e9)
    ('-2', '1,234')
    """
    return NONE if value is None else f"{value / 1e6:,.0f}"


def per_watt(value: float | None) -> str:
    """Dollars per watt in two digits.

    Examples
    --------
    >>> per_watt(0.4846)
    '0.48'
    """
    return NONE if value is None else f"{value:.2f}"


def heading(words: str) -> RenderableType:
    """The heading of a part, after an empty line."""
    from rich.text import Text

    return Text(f"\n{words}", style="bold")


def waterfall(steps: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> RenderableType:
    """Steps of a waterfall, its levels marked, with dollars per watt."""
    named = [("= " if step["level"] else "  ") + str(step["step"]) for step in steps]
    return grid(heads, zip(named, (per_watt(step["usd_per_gross_w"]) for step in steps), strict=True))


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], *, text: Sequence[int] = (0,)) -> RenderableType:
    """A table without lines: columns of text to the left and folded, numbers to the right and whole."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for i, head in enumerate(heads):
        is_text = i in text
        table.add_column(Text(head), justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
