"""Drawings across designs and targets: what a megawatt-hour is made of, and what reliability costs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis, axis_over
from wattworth.reports.figures import svg
from wattworth.reports.formatting import plain
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.power_words import (
    BATTERY,
    Document,
    built,
    cost_groups,
    fill,
    in_order,
    inside,
    key,
    label,
    mw,
    per_mwh,
    rare,
    sure,
    unserved_usd_per_mwh,
)
from wattworth.reports.sites import number
from wattworth.reports.words import Words

_WIDTH: Final = 360
_LEFT, _RIGHT = 46, _WIDTH - 10
_ROW, _BAR = 42, 16
_FOOT: Final = 34
_SEEN_USD: Final = 0.005
_LEAST_FRAC: Final = 1e-9
_MARKS: Final = ("circle", "square", "triangle", "diamond")
_LINES: Final = ("", "6 3", "2 3", "8 3 2 3")
_COLOURS: Final = ("var(--use-0)", "var(--use-4)", "var(--use-5)", "var(--use-1)")
_MOST_LINES: Final = 8


def cost_figure(found: Document, words: Words) -> Html:
    """A bar for each design, cut into what its megawatt-hour is made of; a broken frame where the target is missed."""
    rows = [(one, _drawn_parts(found, one)) for one in in_order(found)]
    low = min(0.0, *(sum(min(usd, 0.0) for _, usd in parts) for _, parts in rows))
    high = max(sum(max(usd, 0.0) for _, usd in parts) for _, parts in rows)
    x = Axis(low, high or 1.0, 2, _RIGHT, log=False)
    base = _ROW * len(rows) + 4
    drawn: list[Html] = []
    for mark in ticks(x.low, x.high, log=False):
        drawn.append(tag("line", class_="grid", x1=x.at(mark), x2=x.at(mark), y1=0, y2=base + 4))
        anchor = "start" if x.at(mark) < 12 else "middle"
        drawn.append(tag("text", plain(mark), x=x.at(mark), y=base + 15, text_anchor=anchor, class_="tick"))
    drawn.append(tag("text", words("pw.axis.cost"), x=_RIGHT, y=base + 30, text_anchor="end"))
    for place, (design, parts) in enumerate(rows):
        drawn += _cost_row(design, parts, x, _ROW * place, words)
    told = words.row((_cost_words(design, parts, words) for design, parts in rows), "semicolon")
    shown = list(dict.fromkeys(part for _, parts in rows for part, _ in parts))
    order = [part for part in _ORDER if part in shown] + [part for part in shown if part not in _ORDER]
    drawing = svg(_WIDTH, base + _FOOT, "bar costs", words("pw.cost.alt", rows=told), *drawn)
    return tag("figure", tag("div", drawing, class_="panel"), tag("figcaption", key(order, words)))


_ORDER: Final = (
    "solar", "wind", BATTERY, "engine", "turbine", "fuel_cell", "grid", "upkeep", "fuel", "other", "unserved",
)  # fmt: skip


def _drawn_parts(found: Document, design: Document) -> list[tuple[str, float]]:
    lost = unserved_usd_per_mwh(found, design)
    parts = [*cost_groups(design).items(), ("unserved", lost)]
    return [(part, usd) for part, usd in parts if abs(usd) >= _SEEN_USD]


def _cost_row(
    design: Document, parts: Sequence[tuple[str, float]], x: Axis, top: float, words: Words
) -> list[Html]:  # fmt: skip
    missed = design["place"] is None
    rank = words("pw.misses.short") if missed else words("pw.rank", n=design["place"])
    usd = per_mwh(number(design, "served_usd_per_mwh"))
    style = "font-weight:600;fill:var(--warn)" if missed else "font-weight:600"
    drawn = [
        tag("text", words("pw.cost.name", design=design["name"], rank=rank), x=2, y=top + 14, style=style),
        tag("text", usd, x=_RIGHT, y=top + 14, text_anchor="end", class_="value"),
    ]
    right = left = 0.0
    for part, amount in parts:
        start = right if amount >= 0.0 else left + amount
        wide = round(x.at(start + abs(amount)) - x.at(start), 2)
        drawn.append(
            tag("rect", style=fill(part), x=x.at(start), y=top + 19, width=wide, height=_BAR, data_part=part)
        )  # fmt: skip
        right, left = (right + amount, left) if amount >= 0.0 else (right, left + amount)
    if missed:
        frame = "fill:none;stroke:var(--warn);stroke-width:2;stroke-dasharray:5 3"
        wide = round(x.at(right) - x.at(left), 2)
        drawn.append(tag("rect", style=frame, class_="missed", x=x.at(left), y=top + 19, width=wide, height=_BAR))
    return drawn


def _cost_words(design: Document, parts: Sequence[tuple[str, float]], words: Words) -> str:
    rank = words("pw.misses.short") if design["place"] is None else words("pw.rank", n=design["place"])
    made = words.row(words("pw.cost.part", part=inside(part, words), usd=per_mwh(usd)) for part, usd in parts)
    usd = per_mwh(number(design, "served_usd_per_mwh"))
    return words("pw.cost.row", design=design["name"], rank=rank, usd=usd, parts=made)


def targets_figure(found: Document, words: Words) -> Html:
    """Cost of a megawatt-hour, and megawatts built, of the cheapest design at each target."""
    rows = found["targets"]
    wide = (_RIGHT - _LEFT) / len(rows)
    places = [_LEFT + (n + 0.5) * wide for n in range(len(rows))]
    costs = [row["served_usd_per_mwh"] for row in rows]
    y = axis_over(costs, 128, 30, log=False)
    drawn = [tag("text", words("pw.axis.cost"), x=0, y=12), *_levels(y)]
    points = list(zip(places, costs, strict=True))
    path = "M" + "L".join(f"{at:.1f} {y.at(usd):.1f}" for at, usd in points)
    drawn.append(tag("path", style="fill:none;stroke:var(--mark);stroke-width:1.6", d=path))
    for at, usd in points:
        drawn.append(tag("circle", class_="hit", cx=f"{at:.1f}", cy=f"{y.at(usd):.1f}", r=4))
    top, base = 172, 292
    most = max(sum(built(row).values()) for row in rows) or 1.0
    y = Axis(0.0, most * 1.05, base, top, log=False)
    drawn += [tag("text", words("pw.axis.built"), x=0, y=top - 12), *_levels(y)]
    for at, row in zip(places, rows, strict=True):
        sum_mw = 0.0
        for part, value in built(row).items():
            tall = round(y.at(sum_mw) - y.at(sum_mw + value), 2)
            upper = y.at(sum_mw + value)
            drawn.append(
                tag("rect", style=fill(part), x=round(at - 22, 1), y=upper, width=44, height=tall, data_part=part)
            )  # fmt: skip
            sum_mw += value
        level = sure(row["availability_frac"])
        drawn.append(tag("text", level, x=round(at, 1), y=base + 15, text_anchor="middle", class_="tick"))
    drawn.append(tag("text", words("pw.axis.target"), x=_RIGHT, y=base + 31, text_anchor="end"))
    told = words.row((_target_words(row, words) for row in rows), "semicolon")
    drawing = svg(_WIDTH, base + _FOOT, "bar targets", words("pw.targets.alt", rows=told), *drawn)
    shown = list(dict.fromkeys(part for row in rows for part in built(row)))
    return tag("figure", tag("div", drawing, class_="panel"), tag("figcaption", key(shown, words)))


def _target_words(row: Document, words: Words) -> str:
    parts = (words("pw.part.mw", part=inside(part, words), mw=mw(value)) for part, value in built(row).items())
    target, usd = sure(row["availability_frac"]), per_mwh(row["served_usd_per_mwh"])
    return words("pw.targets.row", target=target, usd=usd, mw=words.row(parts))


def _levels(y: Axis) -> list[Html]:
    drawn: list[Html] = []
    for mark in ticks(y.low, y.high, log=False):
        at = y.at(mark)
        drawn.append(tag("line", class_="grid", x1=_LEFT, x2=_RIGHT, y1=at, y2=at))
        drawn.append(tag("text", plain(mark), x=_LEFT - 6, y=at + 3.5, text_anchor="end", class_="tick"))
    return drawn


def spares_figure(found: Document, words: Words) -> Html | None:
    """How often a design is short against spares of its main source; a ring where it stands, a line for the target."""
    ladders = [(one, _ladder(one)) for one in in_order(found)]
    ladders = [(one, rungs) for one, rungs in ladders if rungs][:_MOST_LINES]
    if not ladders:
        return None
    allowed = _allowed(found)
    values = [short for _, rungs in ladders for _, short in rungs] + ([allowed] if allowed else [])
    y = Axis(10.0 ** floor(log10(min(values))), 10.0 ** ceil(log10(max(values))), 200, 26, log=True)
    spares = [n for _, rungs in ladders for n, _ in rungs]
    x = Axis(min(spares) - 0.3, max(spares) + 0.3, _LEFT + 10, _RIGHT, log=False)
    drawn = [tag("text", words("pw.axis.short"), x=0, y=12), *_decades(y, x)]
    steps = range(min(spares), max(spares) + 1)
    drawn += [tag("text", str(n), x=x.at(n), y=215, text_anchor="middle", class_="tick") for n in steps]
    drawn.append(tag("text", words("pw.axis.spares"), x=_RIGHT, y=231, text_anchor="end"))
    if allowed:
        line = {"x1": x.left, "x2": _RIGHT, "y1": y.at(allowed), "y2": y.at(allowed)}
        drawn.append(tag("line", style="stroke:var(--warn);stroke-width:1.4;stroke-dasharray:3 3", **line))
    keys: list[Html] = []
    for place, (design, rungs) in enumerate(ladders):
        drawn += _ladder_drawn(place, design, rungs, x, y)
        keys.append(tag("span", _mark_symbol(place), name(design["name"])))
    if allowed:
        keys.append(tag("span", words("pw.spares.target", frac=rare(allowed))))
    told = words.row((_spares_words(design, rungs, words) for design, rungs in ladders), "semicolon")
    drawing = svg(_WIDTH, 235, "bar spares", words("pw.spares.alt", rows=told), *drawn)
    return tag("figure", tag("div", drawing, class_="panel"), tag("figcaption", tag("p", *keys, class_="note key")))


def _ladder(design: Document) -> list[tuple[int, float]]:
    rungs = [(int(rung["n_spare"]), float(rung["short_frac"])) for rung in design["spares"]]
    return [(n, short) for n, short in rungs if short >= _LEAST_FRAC]


def _allowed(found: Document) -> float | None:
    """Most hours that may be short, as a share, if the target says."""
    wanted = number(found, "reliability", "availability_frac")
    return 1.0 - wanted if wanted is not None and wanted < 1.0 else None


def own_spares(design: Document) -> int | None:
    """Spares of its main source that a design has."""
    if not design["spares"]:
        return None
    return int(design["units"][design["spares"][0]["source"]]["n_spare"])


def _ladder_drawn(
    place: int, design: Document, rungs: Sequence[tuple[int, float]], x: Axis, y: Axis
) -> list[Html]:  # fmt: skip
    points = [(x.at(n), y.at(short)) for n, short in rungs]
    path = "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in points)
    line = _line_style(place)
    drawn = [tag("path", style=f"fill:none;stroke-width:1.6;{line}", d=path, data_design=design["name"])]
    drawn += [_mark(place, left, top) for left, top in points]
    own = own_spares(design)
    for (n, _), (left, top) in zip(rungs, points, strict=True):
        if n == own:
            ring = "fill:none;stroke:var(--ink);stroke-width:1.6"
            drawn.append(tag("circle", style=ring, class_="own", cx=f"{left:.1f}", cy=f"{top:.1f}", r=8))
    return drawn


def _line_style(place: int) -> str:
    colour, dash = _COLOURS[place % len(_COLOURS)], _LINES[place % len(_LINES)]
    return f"stroke:{colour}" + (f";stroke-dasharray:{dash}" if dash else "")


def _mark(place: int, x: float, y: float) -> Html:
    kind, style = _MARKS[place % len(_MARKS)], f"fill:{_COLOURS[place % len(_COLOURS)]};stroke:var(--paper)"
    if kind == "circle":
        return tag("circle", style=style, cx=f"{x:.1f}", cy=f"{y:.1f}", r=4)
    if kind == "square":
        return tag("rect", style=style, x=f"{x - 3.5:.1f}", y=f"{y - 3.5:.1f}", width=7, height=7)
    path = "l4.5 8h-9z" if kind == "triangle" else "l4.5 4.5 -4.5 4.5 -4.5 -4.5z"
    return tag("path", style=style, d=f"M{x:.1f} {y - 4.5:.1f}{path}")


def _mark_symbol(place: int) -> Html:
    line = tag("line", style=f"stroke-width:1.6;{_line_style(place)}", x1=0, x2=24, y1=6, y2=6)
    return tag(
        "svg", line, _mark(place, 12, 6), class_="bar symbol", width=24, height=12, viewBox="0 0 24 12",
        aria_hidden="true",
    )  # fmt: skip


def _decades(y: Axis, x: Axis) -> list[Html]:
    drawn: list[Html] = []
    for power in range(round(log10(y.low)), round(log10(y.high)) + 1):
        at = y.at(10.0**power)
        drawn.append(tag("line", class_="grid", x1=x.left, x2=_RIGHT, y1=at, y2=at))
        told = f"{100.0 * 10.0**power:.10f}".rstrip("0").rstrip(".") + "%"
        drawn.append(tag("text", told, x=x.left - 5, y=at + 3.5, text_anchor="end", class_="tick"))
    return drawn


def _spares_words(design: Document, rungs: Sequence[tuple[int, float]], words: Words) -> str:
    steps = words.row(words("pw.spares.step", n=n, frac=rare(short)) for n, short in rungs)
    source = label(str(design["spares"][0]["source"]), words)
    return words("pw.spares.row", design=design["name"], source=source, steps=steps)
