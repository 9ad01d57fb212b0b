"""Drawing of where the gas of a year goes: fields on the left, uses on the right, widths in one scale for all years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wattworth.reports.figures import svg
from wattworth.reports.gap_rows import shortened
from wattworth.reports.gas_flows import (
    JOINED,
    LOST,
    STORED,
    UNUSED,
    Grouping,
    Stream,
    Vertex,
    columns_of,
    grouped,
    grouping_of,
    streams_of,
)
from wattworth.reports.gas_words import Document, Marks, marks_of, shown_years, unit_of, use_label
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.words import Words

WIDTH: Final = 780
TALL: Final = 250.0
"""Height of the gas of the fullest column of any year. [px]"""
_LEFT, _RIGHT = 4.0, WIDTH - 214.0
_BAR: Final = 11.0
_SLOT, _GAP = 27.0, 9.0
_LETTERS: Final = 32
_HALO: Final = "paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round"
_NO_USE: Final = "fill:none;stroke:var(--warn);stroke-width:1.2;stroke-dasharray:4 3"


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a vertex stands. [px]"""

    x: float
    y: float
    height: float


def scale_of(found: Document) -> float:
    """Pixels of a billion cubic metres, the same in the drawings of all years."""
    grouping = grouping_of(found)
    most = 0.0
    for place in shown_years(found):
        streams = grouped(streams_of(found, place), grouping)
        sizes, columns = _sizes(streams), columns_of(streams)
        for column in set(columns.values()):
            most = max(most, sum(size for vertex, size in sizes.items() if columns[vertex] == column))
    return TALL / most if most > 0.0 else 1.0


def sankey(found: Document, place: int, words: Words) -> Html:
    """The gas of one year from fields to uses.

    Parameters
    ----------
    found
        Document of a run.
    place
        Which year, counted from nought.
    words
        Language.
    """
    grouping, unit, marks = grouping_of(found), unit_of(found), marks_of(found)
    streams = grouped(streams_of(found, place), grouping)
    boxes = _placed(streams, scale_of(found))
    uses = {option["option"]: option["use"] for option in found["allocation"]["options"]}
    names = {vertex: label_of(vertex, grouping, uses, words) for vertex in boxes}
    height = round(max((box.y + max(box.height, _SLOT) for box in boxes.values()), default=20.0) + 8.0)
    bands = sorted(_bands(streams, boxes, scale_of(found)), key=lambda each: each[0].end != LOST)
    drawn = [_band(stream, ends, uses, marks) for stream, ends in bands]
    sizes = _sizes(streams)
    for vertex, box in boxes.items():
        below = unit.said(sizes[vertex], words)
        if vertex[0] == "option":
            below = words("gs.vertex", use=use_label(uses[vertex[1]], words), volume=below)
        drawn.append(_vertex(vertex, box, (names[vertex], below), uses, marks))
    told = words.row(
        (
            words("gs.flow.row", start=names[s.start], end=names[s.end], volume=unit.said(s.volume_bcm, words))
            for s in sorted(streams, key=lambda s: -s.volume_bcm)
        ),
        "semicolon",
    )
    alt = words("gs.flow.alt", year=found["years"][place], rows=told or words("gs.nothing"))
    return svg(WIDTH, height, "bar sankey", alt, *drawn)


def label_of(vertex: Vertex, grouping: Grouping, uses: Mapping[str, str], words: Words) -> str:
    """A vertex in words."""
    kind, own = vertex
    if kind == "group":
        count = grouping.n_field if own == "fields" else grouping.n_place
        return words.count(f"gs.group.{own}", count)
    if vertex in (UNUSED, LOST, STORED, JOINED):
        return words(f"gs.end.{own}")
    if kind == "use":
        return use_label(own, words)
    return words("gs.option", option=own, use=use_label(uses[own], words)) if kind == "option" else own


def _sizes(streams: Sequence[Stream]) -> dict[Vertex, float]:
    """Gas through each vertex: the larger of what comes and what goes. [bcm]"""
    into: dict[Vertex, float] = {}
    out: dict[Vertex, float] = {}
    for each in streams:
        out[each.start] = out.get(each.start, 0.0) + each.volume_bcm
        into[each.end] = into.get(each.end, 0.0) + each.volume_bcm
    return {vertex: max(into.get(vertex, 0.0), out.get(vertex, 0.0)) for vertex in into | out}


def _placed(streams: Sequence[Stream], px: float) -> dict[Vertex, _Box]:
    """Columns from the left; in each the order of what feeds them, ends without income last."""
    columns, sizes = columns_of(streams), _sizes(streams)
    last = max(columns.values(), default=0)
    boxes: dict[Vertex, _Box] = {}
    for column in range(last + 1):
        own = [vertex for vertex in sizes if columns[vertex] == column]
        own.sort(key=lambda vertex: _rank(vertex, streams, boxes, sizes))
        x = _LEFT + (_RIGHT - _LEFT - _BAR) * column / max(last, 1)
        y = 6.0
        for vertex in own:
            tall = sizes[vertex] * px
            boxes[vertex] = _Box(round(x, 2), round(y, 2), round(tall, 3))
            y += max(tall, _SLOT) + _GAP
    return boxes


def _rank(
    vertex: Vertex, streams: Sequence[Stream], boxes: Mapping[Vertex, _Box], sizes: Mapping[Vertex, float]
) -> tuple[int, float, float, str]:
    end = {LOST: 1, UNUSED: 2}.get(vertex, 0)
    return end, round(_centre(vertex, streams, boxes), 3), -sizes[vertex], vertex[1]


def _centre(vertex: Vertex, streams: Sequence[Stream], boxes: Mapping[Vertex, _Box]) -> float:
    """Middle of what feeds a vertex, weighted by gas; nought where nothing placed does. [px]"""
    before = [
        (boxes[s.start].y + boxes[s.start].height / 2, s.volume_bcm)
        for s in streams
        if s.end == vertex and s.start in boxes
    ]
    weight = sum(volume for _, volume in before)
    return sum(at * volume for at, volume in before) / weight if weight else 0.0


def _bands(
    streams: Sequence[Stream], boxes: Mapping[Vertex, _Box], px: float
) -> Iterator[tuple[Stream, tuple[float, float, float, float, float]]]:
    """Each stream with its ends from top to bottom of the boxes, and its width. [px]"""
    left = {vertex: box.y for vertex, box in boxes.items()}
    right = dict(left)
    begins: dict[Stream, float] = {}
    for each in sorted(streams, key=lambda s: (boxes[s.end].y, boxes[s.end].x)):
        begins[each] = left[each.start]
        left[each.start] += each.volume_bcm * px
    for each in sorted(streams, key=lambda s: (boxes[s.start].y, boxes[s.start].x)):
        wide = each.volume_bcm * px
        ends = boxes[each.start].x + _BAR, begins[each], boxes[each.end].x, right[each.end], wide
        right[each.end] += wide
        yield each, ends


def _use_of(vertex: Vertex, uses: Mapping[str, str]) -> str | None:
    return vertex[1] if vertex[0] == "use" else uses.get(vertex[1]) if vertex[0] == "option" else None


def _band(
    stream: Stream, ends: tuple[float, float, float, float, float], uses: Mapping[str, str], marks: Marks
) -> Html:
    x0, y0, x1, y1, wide = ends
    mid = (x0 + x1) / 2
    path = (
        f"M{x0:.1f} {y0:.2f}C{mid:.1f} {y0:.2f} {mid:.1f} {y1:.2f} {x1:.1f} {y1:.2f}"
        f"V{y1 + wide:.2f}C{mid:.1f} {y1 + wide:.2f} {mid:.1f} {y0 + wide:.2f} {x0:.1f} {y0 + wide:.2f}Z"
    )
    if stream.end == UNUSED:
        style = f"{_NO_USE};stroke-width:.8"
    else:
        colour = "var(--soft)" if stream.end == LOST else marks.colour(_use_of(stream.end, uses))
        faint = ".16" if stream.end == LOST else ".38"
        style = f"fill:{colour};fill-opacity:{faint};stroke:{colour};stroke-opacity:{faint};stroke-width:.5"
    return tag("path", style=style, d=path, data_wide=f"{wide:.3f}", data_end=stream.end[1])


def _vertex(vertex: Vertex, box: _Box, told: tuple[str, str], uses: Mapping[str, str], marks: Marks) -> Html:
    label, below = told
    colour = marks.colour(_use_of(vertex, uses)) if vertex[0] in ("option", "use") else "var(--ink)"
    colour = "var(--soft)" if vertex == LOST else colour
    style = _NO_USE if vertex == UNUSED else f"fill:{colour}"
    letter = marks.letter(_use_of(vertex, uses))
    x, y = box.x + _BAR + 5, box.y + min(max(box.height / 2 - 13.0, 0.0), 60.0) + 11.0
    bar = tag("rect", style=style, x=box.x, y=box.y, width=_BAR, height=max(box.height, 0.5), data_vertex=vertex[1])
    shown = shortened(vertex[1] if vertex[0] == "option" else label, _LETTERS)
    heading = join([tag("tspan", letter, style="font-weight:700"), " ", shown]) if letter else shown
    return tag(
        "g",
        tag("title", f"{label}: {below}"),
        bar,
        tag("text", heading, x=f"{x:.1f}", y=f"{y:.1f}", style=_HALO),
        tag("text", below, x=f"{x:.1f}", y=f"{y + 13:.1f}", class_="tick", style=_HALO),
    )
