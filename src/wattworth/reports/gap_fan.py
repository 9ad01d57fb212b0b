"""Drawings of a net gap as a distribution: its bars, and its range from year to year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance
from wattworth.reports.gap_rows import WIDTH
from wattworth.reports.gap_words import GAP, Document, gw, spread_words
from wattworth.reports.markup import Html, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words

_LEFT, _RIGHT, _TOP = 36, WIDTH - 8, 20
_TALL, _FOOT = 190, 34
_LINE: Final = "fill:none;stroke:var(--mark);stroke-width:1.8"
_DASHED: Final = "fill:none;stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 2"
_LEAST_GAP: Final = 40
_LETTER_PX: Final = 5.4


def bars_figure(found: Document, title: str, unit: str, words: Words = GAP) -> Html:
    """How often the net gap comes to how much, with nought, the mean, and the corner of low ends marked.

    Parameters
    ----------
    found
        Document of a balance that was drawn.
    title, unit
        Name of the drawing, and what stands at its axis.
    words
        Language.
    """
    bars = found["net_bars"]
    edges, shares = bars["edges_gw"], bars["share_frac"]
    mean, corner = number(found, "net", "mean_gw"), number(found, "arithmetic", "net_high_gw")
    held = [*edges, 0.0, *([] if corner is None else [corner])]
    x = Axis(min(held), max(*held, min(held) + 1.0), 6, _RIGHT, log=False)
    base = _TOP + 30 + _TALL / 2
    densities = [share / ((right - left) or 1.0) for share, left, right in zip(shares, edges, edges[1:], strict=False)]
    y = Axis(0.0, max(densities, default=1.0) or 1.0, base, _TOP + 30, log=False)
    drawn: list[Html] = []
    for density, left, right in zip(densities, edges, edges[1:], strict=False):
        kind = "down" if left >= 0 else "up"
        wide = round(max(x.at(right) - x.at(left) - 0.4, 1.0), 2)
        tall = round(base - y.at(density), 2)
        drawn.append(tag("rect", class_=kind, x=x.at(left), y=y.at(density), width=wide, height=tall))
    drawn += _ticks_x(x, base, unit)
    marks = [(0.0, words("gp.bars.nought")), (mean, words("gp.bars.mean", gw=gw(mean)))]
    marks += [] if corner is None else [(corner, words("gp.bars.corner", gw=gw(corner)))]
    for place, (value, printed) in enumerate(marks):
        if value is None:
            continue
        at, high = x.at(value), 10 + 13 * place
        half = _LETTER_PX * len(printed) / 2
        anchor = "start" if at < half else "end" if at > WIDTH - half else "middle"
        drawn.append(tag("line", style=_DASHED, x1=at, x2=at, y1=high + 3, y2=base))
        drawn.append(tag("text", printed, x=at, y=high, text_anchor=anchor, class_="tick"))
    alt = words("gp.bars.alt", title=title, spread=spread_words(found["net"], words),
                chance=chance(found["gap_chance_frac"]))  # fmt: skip
    return svg(WIDTH, round(base + _FOOT), "bar waterfall", alt, *drawn)


def _ticks_x(x: Axis, base: float, unit: str) -> list[Html]:
    drawn: list[Html] = []
    last: float | None = None
    for value in ticks(x.low, x.high, log=False):
        at = x.at(value)
        if last is not None and at - last < _LEAST_GAP:
            continue
        last = at
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=base, y2=base + 4))
        drawn.append(tag("text", gw(value, 0), x=at, y=base + 15, text_anchor="middle", class_="tick"))
    drawn.append(tag("text", unit, x=_RIGHT, y=base + 30, text_anchor="end", class_="tick"))
    return drawn


def fan_figure(
    years: Sequence[Document], title: str, unit: str, words: Words = GAP, *, above: Sequence[float] | None = None
) -> Html:
    """A range from year to year: P5 to P95 as a band, the mean as a line, and what it comes from as a dashed one.

    Parameters
    ----------
    years
        Of each year: ``year``, ``mean_gw``, ``p5_gw`` and ``p95_gw``.
    title, unit
        Name of the drawing, and what stands at its axis.
    words
        Language.
    above
        Another line, such as the gap before any source, or None. [GW]
    """
    lows, means, highs = ([_of(year, key) for year in years] for key in ("p5_gw", "mean_gw", "p95_gw"))
    held = [0.0, *lows, *highs, *(above or ())]
    base = _TOP + _TALL
    y = Axis(min(held), max(*held, min(held) + 1.0), base, _TOP, log=False)
    x = Axis(0.0, max(len(years) - 1, 1), _LEFT + 14, _RIGHT - 14, log=False)
    places = [x.at(float(place)) for place in range(len(years))]
    drawn = [tag("text", unit, x=0, y=10, class_="tick")]
    for value in ticks(y.low, y.high, log=False):
        at = y.at(value)
        drawn.append(tag("line", class_="grid", x1=_LEFT, x2=_RIGHT, y1=at, y2=at))
        printed = gw(value, 0 if value == round(value) else 1)
        drawn.append(tag("text", printed, x=_LEFT - 5, y=at + 3.5, text_anchor="end", class_="tick"))
    drawn.append(tag("line", class_="zero", x1=_LEFT, x2=_RIGHT, y1=y.at(0.0), y2=y.at(0.0)))
    ring = [*zip(places, map(y.at, highs), strict=True), *reversed([*zip(places, map(y.at, lows), strict=True)])]
    drawn.append(tag("path", class_="span", d=_path(ring) + "Z"))
    drawn.append(tag("path", style=_LINE, d=_path([*zip(places, map(y.at, means), strict=True)])))
    if above is not None:
        drawn.append(tag("path", style=_DASHED, d=_path([*zip(places, map(y.at, above), strict=True)])))
    for year, at, mean in zip(years, places, means, strict=True):
        drawn.append(tag("circle", class_="mid", cx=at, cy=y.at(mean), r=2.6))
        drawn.append(tag("text", str(year["year"]), x=at, y=base + 16, text_anchor="middle", class_="tick"))
    rows = words.row(
        (words("gp.fan.year", year=year["year"], spread=spread_words(year, words)) for year in years), "semicolon"
    )
    return svg(WIDTH, base + 24, "bar fan", words("gp.fan.alt", title=title, rows=rows), *drawn)


def _of(year: Any, key: str) -> float:
    return number(year, key) or 0.0


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
