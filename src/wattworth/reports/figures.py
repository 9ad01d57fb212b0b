"""Inline drawings: ranges on a common scale, shares of a whole, and the waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

from wattworth.reports.formatting import per_watt
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words

BAR_WIDTH, BAR_HEIGHT = 148, 20
_MARGIN = 7
_CLIPPED_FRAC: Final = 0.03
_FEWEST_TO_CLIP: Final = 20
_RANGE: Final = ("p10", "p50", "p90", "mean")


@dataclass(frozen=True, slots=True)
class Scale:
    """A common scale of ranges, in dollars per watt."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Place of a value on the drawing, held at its edges, in pixels."""
        share_frac = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(_MARGIN + share_frac * (BAR_WIDTH - 2 * _MARGIN), 1)


def scale_of(ranges: Sequence[dict[str, Any]]) -> Scale:
    """Scale that holds nought and the ranges; with many, the few longest run off it."""
    values = sorted(value for each in ranges for key in _RANGE if (value := number(each, key)) is not None)
    cut = floor(_CLIPPED_FRAC * len(ranges)) if len(ranges) >= _FEWEST_TO_CLIP else 0
    low, high = (min(values[cut], 0.0), max(values[-1 - cut], 0.0)) if values else (0.0, 0.0)
    step = _step(high - low)
    return Scale(floor(low / step) * step, max(ceil(high / step) * step, step))


def range_bar(values: dict[str, Any], scale: Scale, words: Words) -> Html:
    """P10 to P90 as a bar, P50 as a stroke, the mean as a diamond."""
    p10, p50, p90, mean = (number(values, key) for key in _RANGE)
    if p10 is None or p50 is None or p90 is None:
        return Html("")
    y, alt = BAR_HEIGHT / 2, range_text(values, words)
    zero, left, right = scale.x(0.0), scale.x(p10), scale.x(p90)
    drawn = [
        tag("line", class_="zero", x1=zero, x2=zero, y1=0, y2=BAR_HEIGHT),
        tag("rect", class_="span", x=left, y=y - 3, width=round(max(right - left, 1), 1), height=6),
        _off(scale, p10, p90, y),
        tag("rect", class_="mid", x=round(scale.x(p50) - 0.9, 1), y=y - 6, width=1.8, height=12),
    ]
    if mean is not None:
        at = scale.x(mean)
        drawn.append(tag("path", class_="mean", d=f"M{at - 4:g} {y:g}l4 -4 4 4 -4 4z"))
    return svg(BAR_WIDTH, BAR_HEIGHT, "bar", alt, *drawn)


def range_text(values: dict[str, Any], words: Words) -> str:
    """The range in words, in dollars per watt."""
    return words("quantiles.mean", **{key: per_watt(number(values, key)) for key in _RANGE})


def axis(scale: Scale) -> Html:
    """Ends and nought of the scale, for the heading of the ranges."""
    step = _step(scale.high - scale.low)
    marks = sorted({scale.low, 0.0, scale.high})
    if scale.low < 0 and scale.x(0.0) - scale.x(scale.low) < 30:
        marks.remove(scale.low)
    if scale.high > 0 and scale.x(scale.high) - scale.x(0.0) < 30:
        marks.remove(scale.high)
    labels = [
        tag("text", _short(mark, step), x=scale.x(mark), y=10, text_anchor=_anchor(mark, scale), class_="tick")
        for mark in marks
    ]
    return tag(
        "svg",
        *labels,
        class_="bar",
        width=BAR_WIDTH,
        height=12,
        viewBox=f"0 0 {BAR_WIDTH} 12",
        aria_hidden="true",
        direction="ltr",
    )


def shares(amounts: Sequence[tuple[str, float]], alt: str) -> Html:
    """One bar cut into shares; the n-th has the class ``use-n``."""
    total = sum(amount for _, amount in amounts)
    start, drawn = 0.0, []
    for place, (_, amount) in enumerate(amounts):
        width = 1000 * amount / total if total > 0 else 0.0
        drawn.append(tag("rect", class_=f"use-{place % 6}", x=round(start, 1), y=0, width=round(width, 1), height=10))
        start += width
    return tag(
        "svg", *drawn, class_="shares", viewBox="0 0 1000 10", preserveAspectRatio="none", role="img", aria_label=alt
    )


def waterfall(steps: Sequence[dict[str, Any]], words: Words) -> Html:
    """Levels as columns from nought, changes hanging between them."""
    bars = _columns(steps)
    if not bars:
        return Html("")
    top, bottom = max(0.0, *(max(b.start, b.end) for b in bars)), min(0.0, *(min(b.start, b.end) for b in bars))
    width, height, head, foot = 78, 190, 18, 34
    per_px = ((top - bottom) or 1.0) / (height - head - foot)

    def y(value: float) -> float:
        return round(head + (top - value) / per_px, 1)

    drawn: list[Html] = [tag("line", class_="zero", x1=0, x2=width * len(bars), y1=y(0.0), y2=y(0.0))]
    for place, bar in enumerate(bars):
        left, upper = place * width, y(max(bar.start, bar.end))
        if place + 1 < len(bars):
            drawn.append(tag("line", class_="link", x1=left + 12, x2=left + width + 66, y1=y(bar.end), y2=y(bar.end)))
        tall = max(round(abs(bar.end - bar.start) / per_px, 1), 1.0)
        drawn.append(tag("rect", class_=bar.kind, x=left + 12, y=upper, width=54, height=tall))
        printed = per_watt(bar.change, unit=False)
        label = "+" + printed if bar.kind == "up" and printed != "$0.00" else printed
        drawn.append(tag("text", label, x=left + 39, y=upper - 5, text_anchor="middle", class_="value"))
        drawn.append(_label(words.of("step", bar.name), left + 39, height - foot + 16))
    alt = words("waterfall.alt", steps=words.row((_step_words(bar, words) for bar in bars), "semicolon"))
    return svg(width * len(bars), height, "waterfall", alt, *drawn)


def _step_words(bar: _Column, words: Words) -> str:
    return words("waterfall.step", step=words.of("step", bar.name), value=per_watt(bar.change))


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    start: float
    end: float
    change: float


def _columns(steps: Sequence[dict[str, Any]]) -> list[_Column]:
    """Where each step begins and ends; a step is a level if it says so, or comes first or last."""
    out: list[_Column] = []
    at = 0.0
    for place, step in enumerate(steps):
        value = number(step, "usd_per_gross_w")
        if value is None:
            continue
        if step.get("level", place in (0, len(steps) - 1)):
            out.append(_Column(step["step"], "level", 0.0, value, value))
            at = value
        else:
            out.append(_Column(step["step"], "up" if value >= 0 else "down", at, at + value, value))
            at += value
    return out


def _label(label: str, x: float, y: float) -> Html:
    """A name under a column, broken into two lines where it is long."""
    words = label.split(" ")
    cut = (len(words) + 1) // 2 if len(label) > 11 else len(words)
    lines = [" ".join(words[:cut]), " ".join(words[cut:])]
    spans = [tag("tspan", line, x=x, dy=12 * place) for place, line in enumerate(lines) if line]
    return tag("text", *spans, x=x, y=y, text_anchor="middle", class_="name")


def _off(scale: Scale, p10: float, p90: float, y: float) -> Html:
    """Arrows where a range runs off the scale."""
    arrows: list[Html] = []
    if p10 < scale.low:
        arrows.append(tag("path", class_="span", d=f"M0 {y:g}l7 -6v12z"))
    if p90 > scale.high:
        arrows.append(tag("path", class_="span", d=f"M{BAR_WIDTH} {y:g}l-7 -6v12z"))
    return join(arrows)


def svg(width: int, height: int, kind: str, alt: str, *drawn: Html) -> Html:
    """A drawing with its text alternative."""
    return tag(
        "svg",
        tag("title", alt),
        *drawn,
        class_=kind,
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=alt,
        direction="ltr",
    )


def _step(width: float) -> float:
    """A round step that cuts a width into about ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** floor(log10(width / 10))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= width / 10 * 0.999)


def _short(mark: float, step: float) -> str:
    text = per_watt(mark, unit=False)
    return text.removesuffix(".00") if step >= 1 or mark == 0 else text


def _anchor(mark: float, scale: Scale) -> str:
    at = scale.x(mark)
    return "start" if at < 20 else "end" if at > BAR_WIDTH - 20 else "middle"
