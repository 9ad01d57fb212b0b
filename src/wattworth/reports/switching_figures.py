"""Drawings of when to switch: the choice over two drivers, and a value with and without the freedom to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance, money, plain
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.numerals import letters
from wattworth.reports.sites import number
from wattworth.reports.switching_words import (
    WAIT,
    Document,
    driver,
    drivers_words,
    edge_words,
    label,
    names_of,
    short,
    step_of,
)
from wattworth.reports.words import Words

_WIDTH: Final = 360
_LEFT, _RIGHT, _TOP = 46, _WIDTH - 6, 24
_TALL, _LOW, _FOOT = 225, 44, 36
_COLOURS: Final = ("turnkey", "site_sale", "powered_shell", "bitcoin", "gpu_cloud")
"""Decisions with a colour of their own, in its order; all others share the last."""

_HALF_OPACITY: Final = 0.55
_LETTER_PX: Final = 6.4
_HALO: Final = "paint-order:stroke;stroke:var(--paper);stroke-width:3.5px;stroke-linejoin:round"
_LINE: Final = "fill:none;stroke:var(--ink);stroke-width:1.3"
_LEAST_GAP: Final = 44

_ROW, _LABEL = 24, 114
_BAR_RIGHT: Final = _WIDTH - 90


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the drivers of a boundary stand on the drawing; each of its points is the middle of a cell."""

    x: Axis
    y: Axis
    wide: float
    tall: float

    def holds(self, at: tuple[float, float]) -> bool:
        """Whether a point lies inside."""
        return self.x.low <= at[0] <= self.x.high and self.y.low <= at[1] <= self.y.high


def frame(edge: Document) -> _Frame:
    """Axes of a boundary, half a cell wider than its points on every side."""
    tall = _TALL if edge.get("driver_y") else _LOW
    x = _axis(edge["x"], _LEFT, _RIGHT)
    y = _axis(edge["y"], _TOP + tall, _TOP)
    return _Frame(x, y, (_RIGHT - _LEFT) / len(edge["x"]), tall / len(edge["y"]))


def _axis(values: Sequence[float], left: float, right: float) -> Axis:
    half = (values[-1] - values[0]) / (len(values) - 1) / 2 if len(values) > 1 else 0.5
    return Axis(values[0] - half, values[-1] + half, left, right, log=False)


def boundary_figure(site: Document, units: dict[str, str], words: Words) -> Html:
    """The choice over one or two drivers as coloured regions, with today's point, names of regions, and a legend."""
    edge = site["boundary"]
    on = frame(edge)
    drawn = [*_regions(edge, on), *_threshold(edge, on), *_ticks(edge, on, units, words), *_names(edge, on, words)]
    ring = _today(edge, on)
    height = round(on.y.left + _FOOT)
    title = words(
        "sw.edge.figure",
        site=site.get("site") or site["site_id"],
        date=edge["date"],
        drivers=drivers_words(edge, words),
    )
    alt = words(
        "sw.edge.alt",
        title=title,
        shares=words.row(
            (words("sw.edge.share", decision=label(kind, words), share=chance(share)) for kind, share in shares(edge)),
            "semicolon",
        ),
        words=edge_words(edge, units, words),
    )
    whole = tag("div", svg(_WIDTH, height, "bar edge", alt, *drawn, *ring), class_="panel")
    return tag("figure", whole, _legend(edge, ring, words))


def shares(edge: Document) -> list[tuple[str, float]]:
    """Decisions of a boundary with their shares of the drawing, the largest first."""
    cells = [kind for row in edge["choice"] for kind in row]
    counted = {kind: cells.count(kind) / len(cells) for kind in dict.fromkeys(cells)}
    return sorted(counted.items(), key=lambda pair: -pair[1])


def colour_of(decision: str) -> dict[str, object]:
    """Attributes that give a region or a patch the colour of its decision; half is paler."""
    step, use = step_of(decision)
    place = _COLOURS.index(use) if use in _COLOURS else len(_COLOURS)
    kind = "whole" if decision == WAIT else f"use-{place}"
    return {"class_": kind, "fill_opacity": _HALF_OPACITY if step else None}


def _regions(edge: Document, on: _Frame) -> list[Html]:
    """Cells of one choice in a row as one rectangle, which ends at the threshold where the row has one."""
    drawn: list[Html] = []
    limits = edge.get("thresholds") or [None] * len(edge["y"])
    for row, (kinds, limit) in enumerate(zip(edge["choice"], limits, strict=True)):
        column, left, top = 0, float(_LEFT), on.y.left - (row + 1) * on.tall
        runs = [(kind, len(list(run))) for kind, run in groupby(kinds)]
        for place, (kind, n) in enumerate(runs):
            column += n
            flips = place + 1 < len(runs) and edge.get("switch") in (kind, runs[place + 1][0])
            right = on.x.at(limit) if flips and limit is not None else _LEFT + column * on.wide
            drawn.append(
                tag(
                    "rect",
                    **colour_of(kind),
                    x=round(left, 2),
                    y=round(top, 2),
                    width=round(right - left, 2),
                    height=round(on.tall, 2),
                    shape_rendering="crispEdges",
                    data_choice=kind,
                )
            )
            left = right
    return drawn


def _threshold(edge: Document, on: _Frame) -> list[Html]:
    """Where the switch begins, from one row to the next; broken where a row has no single threshold."""
    points = list(zip(edge["y"], edge.get("thresholds") or (), strict=False))
    drawn: list[Html] = []
    for known_here, run in groupby(points, key=lambda point: point[1] is not None):
        places = [(on.x.at(at_x), on.y.at(at_y)) for at_y, at_x in run] if known_here else []
        if len(places) == 1:
            x, y = places[0]
            places = [(x, y + on.tall / 2), (x, y - on.tall / 2)]
        if places:
            drawn.append(tag("path", style=_LINE, class_="flips", d="M" + "L".join(f"{x:g} {y:g}" for x, y in places)))
    return drawn


def _ticks(edge: Document, on: _Frame, units: dict[str, str], words: Words) -> list[Html]:
    base = on.y.left
    drawn: list[Html] = []
    for mark, printed in _marks(on.x, units[edge["driver_x"]]):
        at = on.x.at(mark)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=base, y2=base + 4))
        drawn.append(tag("text", printed, x=at, y=base + 15, text_anchor="middle", class_="tick"))
    drawn.append(tag("text", _axis_words(edge["driver_x"], units, words), x=_RIGHT, y=base + 31, text_anchor="end"))
    if edge.get("driver_y"):
        for mark, printed in _marks(on.y, units[edge["driver_y"]]):
            at = on.y.at(mark)
            drawn.append(tag("line", class_="grid", x1=_LEFT - 4, x2=_LEFT, y1=at, y2=at))
            drawn.append(tag("text", printed, x=_LEFT - 7, y=round(at + 3.5, 2), text_anchor="end", class_="tick"))
        drawn.append(tag("text", _axis_words(edge["driver_y"], units, words), x=0, y=12))
    return drawn


def _marks(axis: Axis, unit: str) -> list[tuple[float, str]]:
    """Round values far enough from each other, as they are printed: shares of today in percent."""
    kept: list[float] = []
    for value in ticks(axis.low, axis.high, log=False):
        if not kept or abs(axis.at(value) - axis.at(kept[-1])) >= (_LEAST_GAP if axis.right > axis.left else 20):
            kept.append(value)
    factor = 1.0 if unit.startswith("$") else 100.0
    return [(value, plain(factor * value)) for value in kept]


def _axis_words(name: str, units: dict[str, str], words: Words) -> str:
    unit = units[name]
    return words("sw.axis", driver=driver(name, words), unit=words.table.get(f"sw.unit.{unit}", unit))


def _names(edge: Document, on: _Frame, words: Words) -> list[Html]:
    """The name of each region where it has room for it, clear of today's ring."""
    drawn: list[Html] = []
    for kind, _ in shares(edge):
        printed = short(kind, words)
        room = _room(edge["choice"], kind)
        if room is None:
            continue
        row, start, n, thick = room
        x, y = round(_LEFT + (start + n / 2) * on.wide, 1), round(on.y.left - (row + 0.5) * on.tall, 1)
        half = _LETTER_PX * len(printed) / 2 + 4
        if 2 * half > n * on.wide or thick * on.tall < 16 or _near_ring(edge, on, x, y, half):
            continue
        drawn.append(tag("text", printed, x=x, y=round(y + 4, 1), text_anchor="middle", style=_HALO, class_="region"))
    return drawn


def _near_ring(edge: Document, on: _Frame, x: float, y: float, half: float) -> bool:
    at = _today_at(edge)
    return at is not None and on.holds(at) and abs(on.x.at(at[0]) - x) < half + 8 and abs(on.y.at(at[1]) - y) < 16


def _room(choice: Sequence[Sequence[str]], kind: str) -> tuple[int, int, int, int] | None:
    """Row, first column, width and thickness, in cells, of the widest place of a region that is not a sliver."""
    found: list[tuple[tuple[int, int], tuple[int, int, int, int]]] = []
    for row, kinds in enumerate(choice):
        column = 0
        for here, run in groupby(kinds):
            n = len(list(run))
            if here == kind:
                thick = _thickness(choice, kind, row, column + n // 2)
                found.append(((min(n, 3 * thick), n), (row, column, n, thick)))
            column += n
    return max(found)[1] if found else None


def _thickness(choice: Sequence[Sequence[str]], kind: str, row: int, column: int) -> int:
    """Rows of a region above and below a cell, as many on either side as on the nearer."""
    reach = 0
    if len(choice) == 1:
        return 3
    while all(0 <= each < len(choice) and choice[each][column] == kind for each in (row - reach - 1, row + reach + 1)):
        reach += 1
    return 2 * reach + 1


def _today_at(edge: Document) -> tuple[float, float] | None:
    """Today's level of the drivers, if the document states it."""
    found = [number(edge, "today", each) for each in names_of(edge)]
    if not found or any(value is None for value in found):
        return None
    return found[0] or 0.0, (found[1] or 0.0) if len(found) > 1 else edge["y"][0]


def _today(edge: Document, on: _Frame) -> list[Html]:
    at = _today_at(edge)
    if at is None or not on.holds(at):
        return []
    return [tag("circle", class_="ring", cx=on.x.at(at[0]), cy=on.y.at(at[1]), r=5)]


def _legend(edge: Document, ring: Sequence[Html], words: Words) -> Html:
    keys = [tag("span", patch(kind), label(kind, words)) for kind, _ in shares(edge)]
    if any(at is not None for at in edge.get("thresholds") or ()):
        keys.append(tag("span", words("sw.edge.line", decision=label(str(edge["switch"]), words))))
    if ring:
        keys.append(tag("span", words("sw.edge.ring")))
    elif _today_at(edge) is not None:
        keys.append(tag("span", words("sw.edge.beyond")))
    return tag("figcaption", tag("p", *keys, class_="note key"))


def patch(decision: str) -> Html:
    """A patch in the colour of a decision."""
    return tag(
        "svg",
        tag("rect", **colour_of(decision), x=0, y=0, width=11, height=11),
        class_="bar symbol",
        width=11,
        height=11,
        viewBox="0 0 11 11",
        aria_hidden="true",
    )


def value_bars(site: Document, words: Words) -> Html:
    """Never, the best decision taken for good today, what waiting adds to it, and the two together."""
    never, now = (number(site, *path) or 0.0 for path in (("never", "usd"), ("best_now", "usd")))
    free, adds = (number(site, key, "mean") or 0.0 for key in ("flexible_usd", "waiting_usd"))
    error = number(site, "flexible_usd", "error") or 0.0
    ends = (never, now, free - error, free + error, 0.0)
    rows = [
        ("never", 0.0, never, "level", never),
        ("now", 0.0, now, "level", now),
        ("waiting", now, free, "up" if adds >= 0 else "down", adds),
        ("flexible", 0.0, free, "level", free),
    ]
    printed = {key: _with_error(site, key, money(usd), words) for key, _, _, _, usd in rows}
    room = max(_WIDTH - _BAR_RIGHT, *(_LETTER_PX * letters(each, words) for each in printed.values()))
    axis = Axis(min(ends), max(*ends, 1.0), _LABEL, round(_WIDTH - room), log=False)
    base = _ROW * len(rows)
    drawn: list[Html] = [tag("line", class_="zero", x1=axis.at(0.0), x2=axis.at(0.0), y1=0, y2=base)]
    for place, (key, start, end, kind, _) in enumerate(rows):
        y = _ROW * (place + 0.5)
        left, right = sorted((axis.at(start), axis.at(end)))
        drawn += [
            tag("text", words(f"sw.value.{key}"), x=0, y=y + 4),
            tag("rect", class_=kind, x=left, y=y - 6, width=round(max(right - left, 1.0), 2), height=12, data_row=key),
            tag("text", printed[key], x=_WIDTH, y=y + 4, text_anchor="end", class_="value"),
        ]
    drawn.append(_whisker(axis.at(free - error), axis.at(free + error), _ROW * (len(rows) - 0.5)))
    alt = words(
        "sw.value.alt",
        site=site.get("site") or site["site_id"],
        rows=words.row(
            (words("sw.value.row", label=words(f"sw.value.{key}"), value=value) for key, value in printed.items()),
            "semicolon",
        ),
    )
    return svg(_WIDTH, base, "waterfall values", alt, *drawn)


def _with_error(site: Document, key: str, printed: str, words: Words) -> str:
    error = number(site, f"{key}_usd", "error")
    return words("sw.with_error", value=printed, error=words("sw.error", error=money(error))) if error else printed


def _whisker(left: float, right: float, y: float) -> Html:
    return join([
        tag("line", style=_LINE, x1=left, x2=right, y1=y, y2=y),
        *(tag("line", style=_LINE, x1=x, x2=x, y1=y - 3, y2=y + 3) for x in (left, right)),
    ])  # fmt: skip
