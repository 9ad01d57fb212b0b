"""A drawing of named rows on one axis: ranges, bars from nought, and steps of a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.figures import svg
from wattworth.reports.gap_words import GAP, gw
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.words import Words

WIDTH: Final = 360
_LEFT, _RIGHT = 6, WIDTH - 6
_ROW, _FOOT, _BAR = 31, 32, 9
_LETTER_PX: Final = 5.5
_LEAST_GAP: Final = 40
_HALO: Final = "paint-order:stroke;stroke:var(--paper);stroke-width:3.5px;stroke-linejoin:round"
_DASHED: Final = "stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 2"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a drawing. [GW]

    Attributes
    ----------
    label, printed
        Words above the bar, at either end.
    low_gw, high_gw
        Ends of the bar.
    middle_gw
        Where a stroke stands, or None.
    kind
        Class of the bar: ``span``, ``level``, ``up`` or ``down``.
    faint
        Whether it is drawn hollow: not as printed.
    turn_gw
        Where the second half of the bar takes another colour, or None.
    """

    label: str
    printed: str
    low_gw: float
    high_gw: float
    middle_gw: float | None = None
    kind: str = "span"
    faint: bool = False
    turn_gw: float | None = None


def rows_figure(
    rows: Sequence[Row],
    title: str,
    unit: str,
    words: Words = GAP,
    *,
    marked: tuple[float, str] | None = None,
    from_nought: bool = True,
    until_gw: float | None = None,
) -> Html:
    """Rows under each other on a common axis.

    Parameters
    ----------
    rows
        Rows, the first on top.
    title
        Name of the drawing, told before its rows to who cannot see it.
    unit
        What stands at the axis.
    words
        Language, with the words of the page of a power gap.
    marked
        A place with its words, drawn as a dashed line through all rows, or None. [GW]
    from_nought
        Whether the axis holds nought.
    until_gw
        What the axis reaches at least, for drawings on one axis, or None. [GW]
    """
    held = [end for end in (0.0 if from_nought else None, until_gw, marked[0] if marked else None) if end is not None]
    axis = _axis(rows, held)
    head = 16 if marked else 0
    base = head + _ROW * len(rows)
    drawn = [*_ticks(axis, head, base, unit)]
    if axis.low < 0 < axis.high or from_nought:
        drawn.append(tag("line", class_="zero", x1=axis.at(0.0), x2=axis.at(0.0), y1=head, y2=base))
    if marked:
        drawn.append(_mark(axis, *marked, head, base))
    drawn += [_row(row, axis, head + _ROW * place) for place, row in enumerate(rows)]
    told = words.row((f"{row.label} {row.printed}" for row in rows), "semicolon")
    alt = words("gp.rows.alt", title=title, rows=told)
    return svg(WIDTH, base + _FOOT, "bar waterfall rows", alt, *drawn)


def _axis(rows: Sequence[Row], held: Sequence[float]) -> Axis:
    ends = [*held, *(end for row in rows for end in (row.low_gw, row.high_gw))]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    return Axis(low, high if high > low else low + 1.0, _LEFT, _RIGHT, log=False)


def _ticks(axis: Axis, head: float, base: float, unit: str) -> list[Html]:
    drawn: list[Html] = []
    last: float | None = None
    for value in ticks(axis.low, axis.high, log=False):
        at = axis.at(value)
        if last is not None and at - last < _LEAST_GAP:
            continue
        last = at
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=head, y2=base + 3))
        anchor = "start" if at < _LEFT + 8 else "end" if at > _RIGHT - 8 else "middle"
        drawn.append(tag("text", gw(value, 0 if value == round(value) else 1), x=at, y=base + 14, text_anchor=anchor,
                         class_="tick"))  # fmt: skip
    drawn.append(tag("text", unit, x=_RIGHT, y=base + 28, text_anchor="end", class_="tick"))
    return drawn


def _row(row: Row, axis: Axis, top: float) -> Html:
    left, right = sorted((axis.at(row.low_gw), axis.at(row.high_gw)))
    y = top + 17
    letters = max(int((WIDTH - 12) / _LETTER_PX) - len(row.printed), 4)
    bars: list[Html] = []
    if row.turn_gw is None:
        bars.append(_bar(left, right, y, row.kind, faint=row.faint))
    else:
        turn = min(max(axis.at(row.turn_gw), left), right)
        bars += [_bar(left, turn, y, "up", faint=row.faint), _bar(turn, right, y, "down", faint=row.faint)]
    if row.middle_gw is not None:
        x = round(axis.at(row.middle_gw) - 0.9, 1)
        bars.append(tag("rect", class_="mid", x=x, y=y - 3, width=1.8, height=_BAR + 6))
    return tag(
        "g",
        tag("title", f"{row.label} {row.printed}"),
        tag("text", shortened(row.label, letters), x=0, y=top + 12, style=_HALO),
        tag("text", row.printed, x=WIDTH, y=top + 12, text_anchor="end", class_="value", style=_HALO),
        *bars,
    )


def _bar(left: float, right: float, y: float, kind: str, *, faint: bool) -> Html:
    wide = round(max(right - left, 2.0), 2)
    hollow = "fill:var(--paper);stroke:var(--mark);stroke-width:1.3" if faint else None
    return tag("rect", class_=kind, style=hollow, x=left, y=y, width=wide, height=_BAR)


def _mark(axis: Axis, value: float, printed: str, head: float, base: float) -> Html:
    at = axis.at(value)
    half = _LETTER_PX * len(printed) / 2
    anchor = "start" if at < half else "end" if at > WIDTH - half else "middle"
    return join([
        tag("line", style=_DASHED, x1=at, x2=at, y1=head - 2, y2=base),
        tag("text", printed, x=at, y=10, text_anchor=anchor, class_="tick"),
    ])  # fmt: skip


def shortened(label: str, most: int) -> str:
    """A label cut to so many letters.

    Examples
    --------
    >>> shortened("Gas", 10), shortened("A very long label of a source", 10)
    ('Gas', 'A very lo…')
    """
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
