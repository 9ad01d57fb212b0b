"""Map of a network from latitudes and longitudes: a grid of degrees, straight links as wide as their flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, floor, hypot, log10, radians
from typing import Final

from wattworth.reports.figures import svg
from wattworth.reports.formatting import known
from wattworth.reports.gap_rows import shortened
from wattworth.reports.gas_words import NO_BCM, Document, unit_of
from wattworth.reports.markup import Html, tag
from wattworth.reports.outlines import outlines
from wattworth.reports.words import Words

WIDTH: Final = 780
WIDEST_PX: Final = 12.0
"""Width of the link that carries the most. [px]"""
MOST_LABELS: Final = 24
_SHORTEST, _TALLEST = 300.0, 500.0
_MARGIN, _TOP = 42.0, 8.0
_ROOM: Final = 0.09
_LEAST_DEG: Final = 0.3
_NEAR_DEG: Final = 40.0
_LETTER_PX, _LINE_PX = 6.1, 13.0
_MOST_LETTERS: Final = 26
_HALF_TURN: Final = 180.0
_HALO: Final = "paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round"


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the world a map shows: a plain grid, stretched so that the middle is true to scale. [deg, px]"""

    west_deg: float
    east_deg: float
    south_deg: float
    north_deg: float
    height: int

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Place of a point, wherever its longitude is counted from. [px]"""
        return self.flat(
            latitude_deg, longitude_deg if longitude_deg >= self.west_deg else longitude_deg + 2 * _HALF_TURN
        )

    def flat(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Place of a point whose longitude goes on over the line of 180 degrees. [px]"""
        across = (longitude_deg - self.west_deg) / (self.east_deg - self.west_deg)
        down = (self.north_deg - latitude_deg) / (self.north_deg - self.south_deg)
        wide, tall = WIDTH - 2 * _MARGIN, self.height - _MARGIN - _TOP
        return round(_MARGIN + across * wide, 1), round(_TOP + down * tall, 1)


def points_of(found: Document) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each node that has both. [deg]"""
    rows = found.get("nodes") or []
    return {
        row["node"]: (row["latitude_deg"], row["longitude_deg"])
        for row in rows
        if known(row["latitude_deg"]) and known(row["longitude_deg"])
    }


def frame_of(points: Sequence[tuple[float, float]]) -> Frame:
    """The frame that holds points with room around them; it may reach over the line of 180 degrees.

    Parameters
    ----------
    points
        Latitudes and longitudes; not empty. [deg]
    """
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = _narrowest([lon for _, lon in points])
    squeeze = max(cos(radians((south + north) / 2)), 0.2)
    room = max(_ROOM * max((east - west) * squeeze, north - south), _LEAST_DEG)
    west, east = west - room / squeeze, east + room / squeeze
    south, north = max(south - room, -90.0), min(north + room, 90.0)
    inner = WIDTH - 2 * _MARGIN
    tall = (north - south) / ((east - west) * squeeze) * inner + _MARGIN + _TOP
    if tall < _SHORTEST:
        more = (north - south) * ((_SHORTEST - _MARGIN - _TOP) / (tall - _MARGIN - _TOP) - 1) / 2
        return Frame(west, east, max(south - more, -90.0), min(north + more, 90.0), round(_SHORTEST))
    if tall > _TALLEST:
        more = (east - west) * ((tall - _MARGIN - _TOP) / (_TALLEST - _MARGIN - _TOP) - 1) / 2
        return Frame(west - more, east + more, south, north, round(_TALLEST))
    return Frame(west, east, south, north, round(tall))


def _narrowest(longitudes: Sequence[float]) -> tuple[float, float]:
    """Western and eastern edge of the narrowest band that holds all. [deg]"""
    order = sorted(set(longitudes))
    gaps = [(after - before, place) for place, (before, after) in enumerate(pairwise(order))]
    round_back = order[0] + 2 * _HALF_TURN - order[-1]
    widest, place = max(gaps, default=(0.0, 0))
    if widest > round_back:
        return order[place + 1], order[place] + 2 * _HALF_TURN
    return order[0], order[-1]


def map_figure(found: Document, words: Words) -> Html | None:
    """Nodes and links of the study; None where no node has a place."""
    points = points_of(found)
    if not points:
        return None
    frame, unit = frame_of(list(points.values())), unit_of(found)
    drawn = [*_ground(frame), *_grid(frame)]
    flows = {link["link"]: _mean(link["flow_bcm"]) for link in found["allocation"]["links"]}
    most = max(flows.values(), default=0.0)
    told: list[str] = []
    for link in sorted(found["allocation"]["links"], key=lambda each: flows[each["link"]]):
        if link["from"] not in points or link["to"] not in points:
            continue
        flow = flows[link["link"]]
        ends = frame.at(*points[link["from"]]), frame.at(*points[link["to"]])
        said = unit.said(flow, words) if flow > NO_BCM else words("gs.map.empty")
        row = words("gs.map.row", link=link["link"], start=link["from"], end=link["to"], volume=said)
        told.append(row)
        drawn.append(_link(ends, flow / most * WIDEST_PX if flow > NO_BCM else 0.0, row, link["link"]))
    drawn += _nodes(found, frame, points)
    alt = words("gs.map.alt", rows=words.row(reversed(told), "semicolon") or words("gs.map.empty"), n=len(points))
    return svg(WIDTH, round(frame.height), "bar gasmap", alt, *drawn)


def unlabelled(found: Document) -> int:
    """Nodes whose name the map has no room for."""
    points = points_of(found)
    if not points:
        return 0
    return len(points) - len(_labels(found, frame_of(list(points.values())), points))


def unplaced(found: Document) -> int:
    """Nodes without latitude and longitude, which the map leaves out."""
    return len(found.get("nodes") or []) - len(points_of(found))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _ground(frame: Frame) -> Iterator[Html]:
    """The frame of the sea, and in it the land of the outlines."""
    wide, tall = WIDTH - 2 * _MARGIN, round(frame.height - _MARGIN - _TOP, 1)
    near = frame.east_deg - frame.west_deg < _NEAR_DEG
    for each in outlines():
        if each.layer == "state" and not near:
            continue
        fill = "fill:none" if each.layer == "state" else "fill:var(--band)"
        for turn in (0.0, 2 * _HALF_TURN):
            if path := _outline(frame, [(lon + turn, lat) for lon, lat in each.points]):
                yield tag("path", style=f"{fill};stroke:var(--soft);stroke-width:.5;stroke-opacity:.6", d=path)
    yield tag("rect", style="fill:none;stroke:var(--rule)", x=_MARGIN, y=_TOP, width=wide, height=tall)


def _outline(frame: Frame, ring: Sequence[tuple[float, float]]) -> str:
    """Path of the part of a ring of longitudes and latitudes that lies in the frame; empty where none does. [deg]"""
    east, north = [lon for lon, _ in ring], [lat for _, lat in ring]
    if (
        max(east) < frame.west_deg
        or min(east) > frame.east_deg
        or max(north) < frame.south_deg
        or min(north) > frame.north_deg
    ):
        return ""
    points = [frame.flat(lat, lon) for lon, lat in ring]
    for axis, bound, sign in (
        (0, _MARGIN, 1.0),
        (0, WIDTH - _MARGIN, -1.0),
        (1, _TOP, 1.0),
        (1, frame.height - _MARGIN, -1.0),
    ):
        points = _cut(points, axis, bound, sign)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z" if points else ""


def _cut(points: Sequence[tuple[float, float]], axis: int, bound: float, sign: float) -> list[tuple[float, float]]:
    """What of a closed ring lies on one side of a line along an axis; the cut runs along the line. [px]"""
    kept: list[tuple[float, float]] = []
    for before, here in pairwise([*points[-1:], *points]):
        is_in, was_in = sign * (here[axis] - bound) >= 0.0, sign * (before[axis] - bound) >= 0.0
        if is_in != was_in:
            share = (bound - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if is_in:
            kept.append(here)
    return kept


def _grid(frame: Frame) -> Iterator[Html]:
    """Meridians and parallels with their degrees."""
    right, low = WIDTH - _MARGIN, frame.height - _MARGIN
    step = _step(frame.east_deg - frame.west_deg, 7)
    for n in range(ceil(frame.west_deg / step), floor(frame.east_deg / step) + 1):
        x, _ = frame.at(frame.south_deg, n * step)
        yield tag("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=round(low, 1))
        yield tag("text", _degrees(n * step, "E", "W"), x=x, y=round(low + 14, 1), text_anchor="middle", class_="tick")
    step = _step(frame.north_deg - frame.south_deg, 5)
    for n in range(ceil(frame.south_deg / step), floor(frame.north_deg / step) + 1):
        _, y = frame.at(n * step, frame.west_deg)
        yield tag("line", class_="grid", x1=_MARGIN, x2=right, y1=y, y2=y)
        yield tag("text", _degrees(n * step, "N", "S"), x=_MARGIN - 3, y=y + 3.5, text_anchor="end", class_="tick")


def _degrees(value: float, above: str, below: str) -> str:
    """A latitude or a longitude.

    Examples
    --------
    >>> _degrees(60.0, "E", "W"), _degrees(190.0, "E", "W"), _degrees(-2.5, "N", "S"), _degrees(0.0, "N", "S")
    ('60°E', '170°W', '2.5°S', '0°')
    """
    value = (value + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN if abs(value) > _HALF_TURN else value
    value = round(value, 6)
    return f"{abs(value):g}°" + (above if value > 0 else below if value < 0 else "")


def _link(ends: tuple[tuple[float, float], tuple[float, float]], wide: float, told: str, link: str) -> Html:
    (x0, y0), (x1, y1) = ends
    if wide <= 0.0:
        style = "stroke:var(--soft);stroke-width:1;stroke-dasharray:3 4"
        line = tag("line", style=style, x1=x0, y1=y0, x2=x1, y2=y1, data_link=link, data_wide=0)
        return tag("g", tag("title", told), line)
    style = f"stroke:var(--use-0);stroke-opacity:.75;stroke-linecap:round;stroke-width:{wide:.2f}"
    line = tag("line", style=style, x1=x0, y1=y0, x2=x1, y2=y1, data_link=link, data_wide=f"{wide:.2f}")
    long = hypot(x1 - x0, y1 - y0) or 1.0
    ux, uy = (x1 - x0) / long, (y1 - y0) / long
    tip, half = 6.0 + wide / 2, 4.0 + wide / 2
    mx, my = x0 + 0.55 * (x1 - x0), y0 + 0.55 * (y1 - y0)
    arrow = (
        f"M{mx + ux * tip:.1f} {my + uy * tip:.1f}L{mx - uy * half:.1f} {my + ux * half:.1f}"
        f"L{mx + uy * half:.1f} {my - ux * half:.1f}Z"
    )
    head = tag("path", style="fill:var(--use-0);stroke:var(--paper);stroke-width:.8", d=arrow)
    return tag("g", tag("title", told), line, head)


def _weights(found: Document) -> dict[str, float]:
    """Gas through each node over the years. [bcm]"""
    sums: dict[str, float] = {}
    for field in found["allocation"]["fields"]:
        sums[field["field"]] = sums.get(field["field"], 0.0) + sum(field["available_bcm"])
    for link in found["allocation"]["links"]:
        for node in (link["from"], link["to"]):
            sums[node] = sums.get(node, 0.0) + sum(link["flow_bcm"])
    return sums


def _labels(
    found: Document, frame: Frame, points: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float, str]]:  # fmt: skip
    """Place and anchor of the names there is room for, those with the most gas first."""
    sums = _weights(found)
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in (frame.at(*point) for point in points.values())]
    placed: dict[str, tuple[float, float, str]] = {}
    for node in sorted(points, key=lambda each: (-sums.get(each, 0.0), each)):
        x, y = frame.at(*points[node])
        wide = _LETTER_PX * min(len(node), _MOST_LETTERS)
        for at, anchor in (((x + 9, y + 4), "start"), ((x - 9, y + 4), "end"), ((x, y - 10), "middle"),
                           ((x, y + 19), "middle")):  # fmt: skip
            left = at[0] - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            box = (left, at[1] - _LINE_PX + 3, left + wide, at[1] + 3)
            inside = box[0] >= 2 and box[2] <= WIDTH - 2
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed[node] = (*at, anchor)
                break
        if len(placed) >= MOST_LABELS:
            break
    return placed


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _nodes(found: Document, frame: Frame, points: dict[str, tuple[float, float]]) -> Iterator[Html]:
    """A disc for a field, a square for a hub, a diamond for a market, with the names there is room for."""
    kinds = {row["node"]: row["kind"] for row in found.get("nodes") or []}
    labels = _labels(found, frame, points)
    for node, point in points.items():
        x, y = frame.at(*point)
        parts = [tag("title", node), mark(kinds[node], (x, y))]
        if node in labels:
            left, top, anchor = labels[node]
            shown = shortened(node, _MOST_LETTERS)
            parts.append(
                tag("text", shown, x=round(left, 1), y=round(top, 1), text_anchor=anchor, class_="id", style=_HALO)
            )
        yield tag("g", *parts)


def mark(kind: str, at: tuple[float, float]) -> Html:
    """The sign of a kind of node. [px]"""
    x, y = at
    edge = "stroke:var(--paper);stroke-width:1.2"
    if kind == "field":
        return tag("circle", style=f"fill:var(--use-4);{edge}", cx=x, cy=y, r=5)
    if kind == "market":
        return tag("path", style=f"fill:var(--ink);{edge}", d=f"M{x:g} {y - 6:g}l6 6 -6 6 -6 -6z")
    return tag("rect", style=f"fill:var(--soft);{edge}", x=round(x - 4, 1), y=round(y - 4, 1), width=8, height=8)


def _step(width: float, most: int) -> float:
    """A round step that cuts a width into at most so many parts.

    Examples
    --------
    >>> _step(100.0, 6), _step(2.4, 6), _step(0.0, 6)
    (20.0, 0.5, 1.0)
    """
    if width <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(width / most))
    return next(step * power for step in (1, 2, 5, 10) if ceil(width / (step * power) - 1e-9) <= most)
