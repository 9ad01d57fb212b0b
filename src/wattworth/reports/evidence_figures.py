"""Drawings of the back-test: predicted against actual, and how often a range held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Final

from wattworth.reports.evidence_amounts import amount, tick, ticks
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words

WIDTH: Final = 360
_LEFT, _RIGHT = 116, WIDTH - 10
_ROW, _HEAD, _FOOT = 18, 4, 34
_LOG_ABOVE: Final = 5.0
_LONGEST_ID: Final = 10
_LEAST_GAP: Final = 34
_WORDED_GAP: Final = 62
_COVER_WIDTH, _COVER_HEIGHT, _COVER_MARGIN = 216, 18, 6
HONEST_FRAC: Final = 0.8
"""Share of actual values that an honest P10 to P90 holds. [1]"""


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a value stands, between two places of the drawing."""

    low: float
    high: float
    left: float
    right: float
    log: bool

    def at(self, value: float) -> float:
        """Place of a value, held at the ends of the axis. [px]"""
        low, high, held = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, held = log10(low), log10(high), log10(held)
        share_frac = (held - low) / (high - low) if high > low else 0.5
        return round(self.left + share_frac * (self.right - self.left), 2)

    def marks(self, words: Words | None = None) -> list[float]:
        """Round values far enough from each other to be labelled, further where a language writes a unit out."""
        least = _LEAST_GAP if words is None or words.lang == "en" else _WORDED_GAP
        kept: list[float] = []
        for value in ticks(self.low, self.high, log=self.log):
            if not kept or self.at(value) - self.at(kept[-1]) >= least:
                kept.append(value)
        return kept


def axis_over(values: Sequence[float], left: float, right: float, *, log: bool | None = None) -> Axis:
    """Axis that holds values: logarithmic if asked, or by itself where the highest is over five times the lowest.

    Parameters
    ----------
    values
        What it holds; not empty.
    left, right
        Its ends. [px]
    log
        None decides by the values.
    """
    low, high = min(values), max(values)
    spans = low > 0 and high / low > _LOG_ABOVE
    chosen = spans if log is None else log and low > 0
    if chosen:
        room = (high / low) ** 0.03
        return Axis(low / room, high * room, left, right, log=True)
    room = 0.03 * (high - low) or 0.1 * abs(high) or 1.0
    return Axis(low - room, high + room, left, right, log=False)


def _dot(kind: str, x: float, y: float, size: float = 3.6) -> Html:
    """A filled disc (``hit``) or a hollow diamond (``miss``)."""
    if kind == "hit":
        return tag("circle", class_="hit", cx=f"{x:g}", cy=f"{y:g}", r=f"{size:g}")
    half = size + 1.2
    return tag("path", class_="miss", d=f"M{x - half:g} {y:g}l{half:g} -{half:g} {half:g} {half:g} -{half:g} {half:g}z")


def scrolled(drawing: Html, label: str, words: Words) -> Html:
    """A box in which a wide drawing scrolls from its left edge, where its labels stand, in any language."""
    turned = words.direction == "rtl"
    return tag(
        "div",
        drawing,
        class_="scroll",
        role="region",
        aria_label=label,
        tabindex=0,
        dir="ltr" if turned else None,
        style="text-align:end" if turned else None,
    )


def legend(words: Words) -> Html:
    """What the marks of the panels mean."""
    symbols = [
        (tag("i", class_="mark range", aria_hidden="true"), words("ev.key.range")),
        (tag("i", class_="mark p50", aria_hidden="true"), words("ev.key.p50")),
        (_symbol("hit"), words("ev.key.hit")),
        (_symbol("miss"), words("ev.key.miss")),
    ]
    return tag("p", *(tag("span", mark, told) for mark, told in symbols), class_="note key")


def panels(backtest: dict[str, Any], words: Words) -> Html:
    """One panel per measure that has been scored."""
    drawn = [panel(measure, scores, backtest, words) for measure, scores in scored_measures(backtest)]
    return tag("div", *drawn, class_="panels")


def panel(measure: str, scores: dict[str, Any], backtest: dict[str, Any], words: Words) -> Html:
    """Range, middle and actual value of each deal of a measure, in the order announced."""
    rows = scored(backtest, measure)
    unit = str(scores.get("unit") or "")
    ends = [
        value for _, row in rows for key in ("p10", "p50", "p90", "actual") if (value := number(row, key)) is not None
    ]
    axis = axis_over(ends, _LEFT, _RIGHT)
    height = _HEAD + _ROW * len(rows) + _FOOT
    base = _HEAD + _ROW * len(rows)
    drawn: list[Html] = []
    for mark in axis.marks(words):
        at = axis.at(mark)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=_HEAD, y2=base + 4))
        drawn.append(tag("text", tick(mark, unit), x=at, y=base + 15, text_anchor="middle", class_="tick"))
    told = unit_words(unit, words)
    told = words("ev.axis.log", unit=told) if axis.log else told
    drawn.append(tag("text", told, x=_RIGHT, y=base + 29, text_anchor="end", class_="tick"))
    drawn += [_row(deal, row, axis, _HEAD + _ROW * (place + 0.5), words) for place, (deal, row) in enumerate(rows)]
    label = measure_words(measure, scores, words)
    alt = words(
        "ev.panel.alt",
        measure=label,
        unit=unit_words(unit, words),
        rows=words.row((row_words(deal, row, words) for deal, row in rows), "semicolon"),
    )
    held = words("ev.panel.held", inside=scores.get("inside") or 0, n=scores.get("n") or 0)
    waiting = sum(True for _ in waits(backtest, measure))
    told_below = [held, *([words.count("ev.panel.waits", waiting)] if waiting else [])]
    caption = tag("figcaption", tag("h3", capital(label)), tag("small", " · ".join(told_below)))
    return tag("figure", caption, svg(WIDTH, height, "bar panel", alt, *drawn), class_="panel", data_measure=measure)


def _row(deal: dict[str, Any], row: dict[str, Any], axis: Axis, y: float, words: Words) -> Html:
    deal_id, announced = str(deal.get("deal_id")), str(deal.get("announced") or "")
    shown = deal_id if len(deal_id) <= _LONGEST_ID else deal_id[: _LONGEST_ID - 1] + "…"
    p10, p50, p90, actual = (number(row, key) for key in ("p10", "p50", "p90", "actual"))
    marks: list[Html] = []
    if p10 is not None and p90 is not None:
        left, right = axis.at(p10), axis.at(p90)
        marks.append(tag("rect", class_="span", x=left, y=y - 3, width=round(max(right - left, 1.0), 2), height=6))
    if p50 is not None:
        marks.append(tag("rect", class_="mid", x=round(axis.at(p50) - 0.9, 2), y=y - 6, width=1.8, height=12))
    if actual is not None:
        marks.append(_dot("hit" if row.get("inside") else "miss", axis.at(actual), y))
    return tag(
        "g",
        tag("title", row_words(deal, row, words)),
        tag("text", shown, x=0, y=y + 4, class_="id"),
        tag("text", announced[:7], x=_LEFT - 12, y=y + 4, text_anchor="end", class_="tick"),
        *marks,
        class_="deal",
    )


def coverage_bar(scores: dict[str, Any], words: Words) -> Html:
    """Share inside as a dot, what the true share could be as a bar, and the share of an honest range as a line."""
    share, low, high = (number(scores, f"coverage_80_{key}frac") for key in ("", "low_", "high_"))
    if share is None or low is None or high is None:
        return Html("")
    axis, y = _cover_axis(), _COVER_HEIGHT / 2
    left, honest = axis.at(low), axis.at(HONEST_FRAC)
    holds = low <= HONEST_FRAC <= high
    alt = words("ev.cover.alt", share=chance(share), low=chance(low), high=chance(high))
    drawn = [
        tag("rect", class_="span", x=left, y=y - 3, width=round(max(axis.at(high) - left, 1.0), 2), height=6),
        tag("line", class_="honest", x1=honest, x2=honest, y1=0, y2=_COVER_HEIGHT),
        _dot("hit" if holds else "miss", axis.at(share), y),
    ]
    return svg(_COVER_WIDTH, _COVER_HEIGHT, "bar cover", alt, *drawn)


def coverage_axis() -> Html:
    """Marks of the axis of shares, for the heading of the bars."""
    axis = _cover_axis()
    labels = [
        tag("text", chance(mark), x=axis.at(mark), y=10, text_anchor=anchor, class_="tick")
        for mark, anchor in ((0.0, "start"), (0.4, "middle"), (HONEST_FRAC, "middle"), (1.0, "end"))
    ]
    return tag(
        "svg", *labels, class_="bar", width=_COVER_WIDTH, height=12, viewBox=f"0 0 {_COVER_WIDTH} 12",
        aria_hidden="true", direction="ltr",
    )  # fmt: skip


def scored_measures(backtest: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Measures with at least one predicted deal that has an outcome."""
    measures = (backtest.get("summary") or {}).get("measures") or {}
    return [(measure, scores) for measure, scores in measures.items() if scores.get("n")]


def scored(backtest: dict[str, Any], measure: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Deals with the prediction of a measure that has an outcome."""
    return [pair for pair in _predicted(backtest, measure) if number(pair[1], "actual") is not None]


def waits(backtest: dict[str, Any], measure: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Deals with a prediction of a measure whose outcome is still to come."""
    return [pair for pair in _predicted(backtest, measure) if number(pair[1], "actual") is None]


def measure_words(measure: str, scores: dict[str, Any], words: Words) -> str:
    """Name of a measure: the language's, else the one the back-test gives."""
    return words.table.get(f"ev.measure.{measure}") or str(scores.get("label") or words.of("ev.measure", measure))


def unit_words(unit: str, words: Words) -> str:
    """A unit spelt out."""
    return words.table.get(f"ev.unit.{unit}", unit)


def row_words(deal: dict[str, Any], row: dict[str, Any], words: Words) -> str:
    """One prediction in words."""
    unit = str(row.get("unit") or "")
    p10, p50, p90, actual = (
        amount(number(row, key), unit, words, bare=True) for key in ("p10", "p50", "p90", "actual")
    )
    held = words("ev.inside" if row.get("inside") else "ev.outside")
    return words("ev.row", deal=deal.get("deal_id"), p10=p10, p50=p50, p90=p90, actual=actual, held=held)


def capital(label: str) -> str:
    """A label at the start of a line."""
    return label[:1].upper() + label[1:]


def labelled(measure: str, scores: dict[str, Any], words: Words) -> Html:
    """Name of a measure with its unit below."""
    label = capital(measure_words(measure, scores, words))
    return join([name(label), tag("small", unit_words(str(scores.get("unit") or ""), words))])


def _predicted(backtest: dict[str, Any], measure: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (deal, row)
        for deal in backtest.get("deals") or ()
        for row in deal.get("predictions") or ()
        if row.get("measure") == measure
    ]


def _cover_axis() -> Axis:
    return Axis(0.0, 1.0, _COVER_MARGIN, _COVER_WIDTH - _COVER_MARGIN, log=False)


def _symbol(kind: str) -> Html:
    return tag(
        "svg", _dot(kind, 7, 6), class_="bar symbol", width=14, height=12, viewBox="0 0 14 12", aria_hidden="true"
    )
