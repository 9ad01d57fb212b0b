"""Drawings of how a design runs: a week stacked by source, and its hours sorted from the highest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis, scrolled
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance, plain
from wattworth.reports.markup import Html, tag
from wattworth.reports.power_words import (
    BATTERY,
    FIRM,
    FREE,
    NO_MW,
    Document,
    day_label,
    fill,
    inside,
    key,
    mw,
    per_mwh,
)
from wattworth.reports.words import Words

_WIDE: Final = 760
_LEFT, _RIGHT, _TOP = 52, _WIDE - 8, 22
_TALL, _STRIP, _FOOT = 210, 44, 22
_DAY_H: Final = 24
_LOAD: Final = "fill:none;stroke:var(--ink);stroke-width:1.8"

_PANEL: Final = 360
_P_LEFT, _P_RIGHT, _P_TOP, _P_BASE = 50, _PANEL - 8, 22, 182
_CURVES: Final = (
    ("load_mw", "stroke:var(--ink);stroke-width:1.6"),
    ("after_sun_and_wind_mw", "stroke:var(--use-1);stroke-width:2;stroke-dasharray:6 3"),
    ("firm_mw", "stroke:var(--use-0);stroke-width:2.4"),
)
_PRICE: Final = "stroke:var(--mark);stroke-width:2"
_RARE_FRAC: Final = 0.01
_OFF_TIMES: Final = 3.0
_ROOM: Final = 1.1
_LEAST_GAP: Final = 20


def week_figure(week: Document, design: Document, words: Words) -> Html:
    """A week hour by hour: what each source gives, what goes into the battery below nought, and the load as a line."""
    over, under = _layers(week)
    n_hour = len(week["load_mw"])
    top = max(sum(values[h] for _, values in over) for h in range(n_hour))
    low = -max(sum(values[h] for _, values in under) for h in range(n_hour)) if under else 0.0
    y = Axis(low * _ROOM, max(top, *week["load_mw"]) * _ROOM, _TOP + _TALL, _TOP, log=False)
    x = Axis(0.0, n_hour, _LEFT, _RIGHT, log=False)
    drawn = [*_grid(y, _LEFT, _RIGHT), tag("text", words("pw.axis.mw"), x=0, y=12)]
    floor = [0.0] * n_hour
    for part, values in over:
        floor = _band(drawn, part, floor, values, x, y)
    floor = [0.0] * n_hour
    for part, values in under:
        floor = _band(drawn, part, floor, [-value for value in values], x, y)
    drawn.append(tag("line", class_="zero", x1=_LEFT, x2=_RIGHT, y1=y.at(0.0), y2=y.at(0.0)))
    drawn.append(tag("path", style=_LOAD, class_="load", d=_steps(week["load_mw"], x, y)))
    base = _TOP + _TALL
    if max(week["content_mwh"]) >= NO_MW:
        base = _content(drawn, week, x, base, words)
    drawn += _days(week, x, base, words)
    told, why = _energy_words(over, under, words), week_words(week, words)
    alt = words("pw.week.alt", design=design["name"], why=why, energy=told)
    drawing = svg(_WIDE, base + _FOOT, "bar week", alt, *drawn)
    box = scrolled(drawing, why, words)
    shown = list(dict.fromkeys(part for part, _ in (*over, *under)))
    line = tag("span", _line_symbol(_LOAD), words("pw.week.load"))
    return tag("figure", box, tag("figcaption", key(shown, words, line), tag("p", told, class_="note")))


def week_words(week: Document, words: Words) -> str:
    """Which week it is and why it is shown."""
    told = words(f"pw.week.{week['why']}", day=day_label(week["day"], words))
    return words("pw.week.year", week=told, year=week["year"] + 1) if week["year"] else told


_Layer = tuple[str, Sequence[float]]


def _layers(week: Document) -> tuple[list[_Layer], list[_Layer]]:
    """What comes in, sun and wind at the bottom, and what goes elsewhere than to the load; nothing that is not seen."""
    source = week["source_mw"]
    order = [*FREE, *(name for name in source if name not in (*FREE, *FIRM, "grid")), *FIRM, "grid"]
    free = [(name, source[name]) for name in order[: len(FREE)] if name in source]
    rest = [(name, source[name]) for name in order[len(FREE) :] if name in source]
    over = [*free, (BATTERY, week["discharge_mw"]), *rest, ("unserved", week["unserved_mw"])]
    under = [(BATTERY, week["charge_mw"]), *week["sink_mw"].items()]
    return [each for each in over if max(each[1]) >= NO_MW], [each for each in under if max(each[1]) >= NO_MW]


def _energy_words(over: Sequence[_Layer], under: Sequence[_Layer], words: Words) -> str:
    given = [words("pw.week.gives", part=inside(part, words), mwh=plain(round(sum(values)))) for part, values in over]
    taken = [
        words(
            "pw.week.takes" if part == BATTERY else "pw.week.gives",
            part=inside(part, words),
            mwh=plain(round(sum(values))),
        )
        for part, values in under
    ]
    return words("pw.week.energy", list=words.row([*given, *taken], "semicolon"))


def _band(
    drawn: list[Html], part: str, floor: Sequence[float], values: Sequence[float], x: Axis, y: Axis
) -> list[float]:
    """One layer on those below it; returns where the next begins."""
    top = [under + value for under, value in zip(floor, values, strict=True)]
    path = _steps(top, x, y) + _steps(floor, x, y, back=True) + "Z"
    drawn.append(tag("path", style=fill(part), d=path, data_part=part))
    return top


def _steps(values: Sequence[float], x: Axis, y: Axis, *, back: bool = False) -> str:
    """A line that keeps each hour's value over the hour, forth or back."""
    hours = range(len(values) - 1, -1, -1) if back else range(len(values))
    out, last = [], None
    for hour in hours:
        at = f"{y.at(values[hour]):.1f}"
        if at != last:
            here = f"{x.at(hour + 1 if back else hour):.1f}"
            if last is None:
                out.append(f"{'L' if back else 'M'}{here} {at}")
            else:
                out.append(f"H{here}V{at}")
            last = at
    return "".join(out) + f"H{x.at(0 if back else len(values)):.1f}"


def _grid(y: Axis, left: float, right: float) -> list[Html]:
    drawn: list[Html] = []
    last = None
    for mark in ticks(y.low, y.high, log=False):
        at = y.at(mark)
        if last is not None and abs(at - last) < _LEAST_GAP:
            continue
        last = at
        drawn.append(tag("line", class_="grid", x1=left, x2=right, y1=at, y2=at))
        drawn.append(
            tag("text", plain(mark), x=left - 6, y=round(at + 3.5, 1), text_anchor="end", class_="tick")
        )  # fmt: skip
    return drawn


def _content(drawn: list[Html], week: Document, x: Axis, base: int, words: Words) -> int:
    """The content of the battery in a strip below; returns where it ends."""
    top, low = base + 24, base + 24 + _STRIP
    most = max(week["content_mwh"])
    y = Axis(0.0, most, low, top, log=False)
    drawn.append(tag("text", words("pw.axis.content"), x=0, y=top - 7))
    path = f"M{_LEFT} {low}" + "L" + _steps(week["content_mwh"], x, y)[1:] + f"V{low}Z"
    drawn.append(tag("path", style=fill(BATTERY), d=path, class_="content"))
    drawn.append(tag("text", mw(most), x=_LEFT - 6, y=top + 4, text_anchor="end", class_="tick"))
    drawn.append(tag("text", "0", x=_LEFT - 6, y=low + 3, text_anchor="end", class_="tick"))
    return low


def _days(week: Document, x: Axis, base: int, words: Words) -> list[Html]:
    drawn: list[Html] = []
    for place in range(len(week["load_mw"]) // _DAY_H):
        at = x.at(place * _DAY_H)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=_TOP, y2=base + 4))
        day = day_label(week["day"] + place, words)
        drawn.append(tag("text", day, x=x.at((place + 0.5) * _DAY_H), y=base + 16, text_anchor="middle", class_="tick"))
    return drawn


def duration_figure(design: Document, words: Words) -> Html:
    """Load, what sun and wind leave of it, and what is left for units and grid, each sorted from the highest hour."""
    curves = design["duration"]
    y = Axis(0.0, max(curves["load_mw"][0], curves["firm_mw"][0]) * _ROOM, _P_BASE, _P_TOP, log=False)
    drawn = [tag("text", words("pw.axis.mw"), x=0, y=12), *_panel_axes(y, words)]
    keys: list[Html] = []
    drawn_curves = _CURVES if design.get("unused_frac") is not None else (_CURVES[0], _CURVES[2])
    for name, style in drawn_curves:
        drawn.append(tag("path", style=f"fill:none;{style}", d=_line(curves, name, y), data_curve=name))
        keys.append(tag("span", _line_symbol(style), words(f"pw.curve.{name}")))
    ends = {
        name: [plain(round(curves[name][place], 1)) for place in (0, len(curves[name]) // 2)] for name, _ in _CURVES
    }
    rows = (
        words("pw.curve.row", curve=words(f"pw.curve.{name}"), most=most, half=half)
        for name, (most, half) in ends.items()
    )
    told = words.row(rows, "semicolon")
    alt = words("pw.duration.alt", design=design["name"], rows=told)
    drawing = svg(_PANEL, _P_BASE + 36, "bar duration", alt, *drawn)
    caption = tag("figcaption", tag("p", *keys, class_="note key"))
    title = tag("h4", words("pw.duration.title"))
    return tag("figure", title, tag("div", drawing, class_="panel"), caption)


def price_figure(design: Document, words: Words) -> Html | None:
    """What one more megawatt-hour costs, sorted from the dearest hour; None from a method without prices."""
    prices = design["duration"].get("price_usd_per_mwh")
    if not prices:
        return None
    usual = prices[max(0, int(_RARE_FRAC * len(prices)))]
    most = prices[0]
    cut = usual if usual > 0.0 and most > _OFF_TIMES * usual else most
    y = Axis(min(prices[-1], 0.0), max(cut, 1.0) * _ROOM, _P_BASE, _P_TOP, log=False)
    drawn = [tag("text", words("pw.axis.price"), x=0, y=12), *_panel_axes(y, words)]
    drawn.append(
        tag("path", style=f"fill:none;{_PRICE}", d=_line(design["duration"], "price_usd_per_mwh", y))
    )  # fmt: skip
    marginal = design.get("marginal_price") or {}
    free_frac = float(marginal.get("free_frac") or 0.0)
    told = words("pw.price.note", mean=per_mwh(marginal.get("mean_usd_per_mwh")), most=per_mwh(most))
    free = words("pw.price.free", free=chance(free_frac)) if free_frac > 0.0 else ""
    off = words("pw.price.off", most=per_mwh(most)) if cut < most else ""
    told = " ".join(filter(None, (told, free, off)))
    alt = words("pw.price.alt", design=design["name"], told=told)
    drawing = svg(_PANEL, _P_BASE + 36, "bar price", alt, *drawn)
    caption = tag("figcaption", tag("p", told, class_="note"))
    title = tag("h4", words("pw.price.title"))
    return tag("figure", title, tag("div", drawing, class_="panel"), caption)


def _panel_axes(y: Axis, words: Words) -> list[Html]:
    drawn = _grid(y, _P_LEFT, _P_RIGHT)
    x = Axis(0.0, 1.0, _P_LEFT, _P_RIGHT, log=False)
    for mark in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = x.at(mark)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=_P_BASE, y2=_P_BASE + 4))
        drawn.append(
            tag("text", f"{100 * mark:.0f}%", x=at, y=_P_BASE + 15, text_anchor="middle", class_="tick")
        )  # fmt: skip
    drawn.append(tag("text", words("pw.axis.hours"), x=_P_RIGHT, y=_P_BASE + 30, text_anchor="end"))
    if y.low < 0.0:
        drawn.append(tag("line", class_="zero", x1=_P_LEFT, x2=_P_RIGHT, y1=y.at(0.0), y2=y.at(0.0)))
    return drawn


def _line(curves: Document, name: str, y: Axis) -> str:
    x = Axis(0.0, 1.0, _P_LEFT, _P_RIGHT, log=False)
    points = [
        f"{x.at(share):.1f} {y.at(value):.1f}" for share, value in zip(curves["share_frac"], curves[name], strict=True)
    ]
    return "M" + "L".join(points)


def _line_symbol(style: str) -> Html:
    line = tag("line", style=style, x1=0, x2=22, y1=6, y2=6)
    return tag("svg", line, class_="bar symbol", width=22, height=12, viewBox="0 0 22 12", aria_hidden="true")
