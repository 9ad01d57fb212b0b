"""Drawings of time to power: months on a calendar, a row of a site, the gates of a part, and shares of a gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any, Final

from wattworth.records.axes import month_number
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance, megawatts
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.sites import number
from wattworth.reports.timeline_sites import (
    Document,
    main_part,
    other_parts,
    power_is_there,
    rent_months,
)
from wattworth.reports.timeline_words import gate_words, spread_words
from wattworth.reports.words import Words
from wattworth.units import MONTHS_PER_YEAR

FAMILIES: Final = ("customers", "utility", "building", "money", "equipment")
"""Causes with a colour of their own, in its order; all others share the last."""

_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_MOST_TICKS: Final = 9
_MOST_SMALL_TICKS: Final = 6
_MONTH_ROOM_FRAC: Final = 0.6  # a month takes more room than a year
_WIDTH: Final = 360
_LEFT, _RIGHT = 112, _WIDTH - 44
_ROW, _HEAD, _FOOT = 18, 16, 18
_NEAR_END: Final = 4.0


def calendar_axis(months: Sequence[float], left: float, right: float) -> Axis:
    """Axis in months after the as-of month that holds it and all others.

    Parameters
    ----------
    months
        What it holds. [month]
    left, right
        Its ends, in pixels or percent.
    """
    low, high = min([0.0, *months]), max([1.0, *months])
    return Axis(low, high, left, right, log=False)


def sites_axis(sites: Sequence[Document]) -> Axis:
    """The axis of all sites, in percent of the width of its column."""
    ends = [
        value
        for site in sites
        for part in site["parts"]
        for dates in ("energised_months", "first_revenue_months")
        for key in ("p10", "p90")
        if (value := number(part, dates, key)) is not None
    ]
    return calendar_axis(ends, 2.0, 97.0)


def marks(axis: Axis, as_of: str, most: int = _MOST_TICKS) -> list[tuple[float, str]]:
    """Round dates on an axis: months after the as-of month, and the year or month that is printed."""
    zero = month_number(as_of[:7])
    begin, end = axis.low + zero, axis.high + zero
    room = {each: most if each >= MONTHS_PER_YEAR else most * _MONTH_ROOM_FRAC for each in _STEPS}
    step = next((each for each in _STEPS if (end - begin) / each <= room[each]), _STEPS[-1])
    found: list[tuple[float, str]] = []
    for place in range(ceil(begin / step), floor(end / step) + 1):
        year, month = divmod(place * step, MONTHS_PER_YEAR)
        label = f"{year:04d}" if step >= MONTHS_PER_YEAR else f"{year:04d}-{month + 1:02d}"
        found.append((place * step - zero, label))
    return found


def axis_labels(axis: Axis, as_of: str) -> Html:
    """The dates above and below the rows of sites."""
    labels: list[Html] = []
    for month, label in marks(axis, as_of):
        at = axis.at(month)
        anchor = "start" if at < axis.left + _NEAR_END else "end" if at > 100 - _NEAR_END else "middle"
        labels.append(tag("text", label, x=_percent(at), y=12, text_anchor=anchor, class_="tick"))
    return tag("svg", *labels, class_="bar dates", aria_hidden="true", direction="ltr")


def site_row(site: Document, axis: Axis, as_of: str, words: Words) -> Html:
    """Power and first rent of a site; places are percent of the width, so the row fits any screen."""
    main, alt = main_part(site), row_words(site, words)
    drawn = [
        tag("line", class_="grid", x1=_percent(at), x2=_percent(at), y1="0", y2="100%")
        for month, _ in marks(axis, as_of)
        for at in (axis.at(month),)
    ]
    power, rent = main.get("energised_months"), main.get("first_revenue_months")
    if power_is_there(main):
        drawn.append(tag("circle", class_="power", cx=_percent(axis.at(0.0)), cy="28%", r="4"))
    elif power:
        drawn += _stretch(power, axis, "power", 12, 44)
    if rent:
        drawn += _stretch(rent, axis, "rent", 56, 88)
    drawn += [
        tag("circle", class_="other", cx=_percent(axis.at(rent_months(part))), cy="72%", r="3.4")
        for part in other_parts(site)
    ]
    return tag("svg", tag("title", alt), *drawn, class_="bar", role="img", aria_label=alt, direction="ltr")


def row_words(site: Document, words: Words) -> str:
    """The row of a site in words."""
    main = main_part(site)
    if power_is_there(main):
        power = words("tl.row.now")
    elif main.get("energised") is None:
        power = words("tl.row.contract")
    else:
        power = words(
            "tl.row.power",
            range=spread_words(main["energised"], words),
            chance=chance(number(main, "power_frac")),
        )
    told = words(
        "tl.row",
        site=site.get("site") or site["site_id"],
        power=power,
        rent=spread_words(main.get("first_revenue") or {}, words),
        chance=chance(number(main, "success_frac")),
    )
    others = [
        words(
            "tl.row.other",
            mw=megawatts(number(part, "gross_mw")),
            rent=spread_words(part.get("first_revenue") or {}, words),
        )
        for part in other_parts(site)
    ]
    return words.row([told, *others], "semicolon")


def chance_bar(share_frac: float | None) -> Html:
    """A chance as the part of a whole that is filled; the percent is printed beside it."""
    filled = round(100 * min(max(share_frac or 0.0, 0.0), 1.0), 1)
    return tag(
        "svg",
        tag("rect", class_="whole", x=0, y=0, width=100, height=8),
        tag("rect", class_="rent", x=0, y=0, width=filled, height=8),
        class_="bar odds",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
        direction="ltr",
    )


def family(cause: str | None) -> int:
    """Place of the colour of a cause."""
    return FAMILIES.index(cause) if cause in FAMILIES else len(FAMILIES)


def gate_shares(listed: Sequence[tuple[str, float]], causes: Mapping[str, str | None], alt: str) -> Html:
    """Shares of the gates as one bar, each in the colour of its cause."""
    start, drawn = 0.0, []
    for gate, share in listed:
        width = 1000 * share
        colour = family(causes.get(gate))
        drawn.append(tag("rect", class_=f"use-{colour}", x=round(start, 1), y=0, width=round(width, 1), height=10))
        start += width
    return tag(
        "svg", *drawn, class_="shares cut", viewBox="0 0 1000 10", preserveAspectRatio="none", role="img",
        aria_label=alt, direction="ltr",
    )  # fmt: skip


def part_gantt(part: Document, as_of: str, alt: str, words: Words) -> Html:
    """The gates of a part on a calendar: what each hangs from, when it opens, and how often it delays most."""
    gates: list[Document] = part["gates"]
    opens = {gate["gate"]: number(gate, "opens_months", "p50") or 0.0 for gate in gates}
    starts = {
        gate["gate"]: max((opens[name] for name in gate["after"] if name in opens), default=0.0) for gate in gates
    }
    rent, plan = part.get("first_revenue_months") or {}, number(part, "planned_months", "p50") or 0.0
    ends = [number(gate, "opens_months", key) or 0.0 for gate in gates for key in ("p10", "p90")]
    ends += [number(rent, key) or 0.0 for key in ("p10", "p90")]
    axis = calendar_axis([*ends, *starts.values()], _LEFT, _RIGHT)
    places = {gate["gate"]: _HEAD + _ROW * (place + 0.5) for place, gate in enumerate(gates)}
    base = _HEAD + _ROW * (len(gates) + 1)
    drawn = [tag("text", words("tl.part.most"), x=_WIDTH, y=10, text_anchor="end", class_="tick")]
    for month, label in marks(axis, as_of, _MOST_SMALL_TICKS):
        at = axis.at(month)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=_HEAD, y2=base + 3))
        drawn.append(tag("text", label, x=at, y=base + 14, text_anchor="middle", class_="tick"))
    for gate in gates:
        before = max((name for name in gate["after"] if name in opens), key=lambda name: opens[name], default=None)
        hangs = None if before is None else (opens[before], places[before])
        drawn.append(_gate_row(gate, axis, places[gate["gate"]], starts[gate["gate"]], hangs, words))
    last = max(gates, key=lambda gate: opens[gate["gate"]], default=None)
    hangs = None if last is None else (opens[last["gate"]], places[last["gate"]])
    y = base - _ROW / 2
    drawn.append(
        tag(
            "g",
            tag("text", words("tl.part.rent"), x=0, y=y + 4, class_="id whole"),
            _thread(axis, plan, number(rent, "p10"), y, hangs),
            *_block(rent, axis, y, "rent"),
            class_="row",
            data_gate="",
        )
    )
    return svg(_WIDTH, base + _FOOT, "bar gates", alt, *drawn)


def _gate_row(
    gate: Document, axis: Axis, y: float, start: float, hangs: tuple[float, float] | None, words: Words
) -> Html:
    shown = gate_words(gate["gate"], words)
    share = number(gate, "critical_frac")
    told = words("tl.part.alt", gate=shown, range=spread_words(gate.get("opens") or {}, words), share=chance(share))
    short = shown if len(shown) <= 19 else shown[:18] + "…"
    return tag(
        "g",
        tag("title", told),
        tag("text", short, x=0, y=y + 4, class_="id"),
        _thread(axis, start, number(gate, "opens_months", "p10"), y, hangs),
        *_block(gate.get("opens_months") or {}, axis, y, f"use-{family(gate.get('cause'))}"),
        tag("text", chance(share), x=_WIDTH, y=y + 4, text_anchor="end", class_="id") if share else None,
        class_="row",
        data_gate=gate["gate"],
    )


def _thread(axis: Axis, start: float, until: float | None, y: float, hangs: tuple[float, float] | None) -> Html:
    """Thin line from the start of a gate to its bar, hanging from the gate that begins it."""
    at = axis.at(start)
    lines: list[Html] = []
    if hangs is not None:
        top = axis.at(hangs[0])
        lines.append(tag("path", class_="hang", d=f"M{top:g} {hangs[1] + 5:g}V{y:g}"))
        lines.append(tag("path", class_="tip", d=f"M{top - 2.5:g} {y - 4:g}h5l-2.5 4z"))
    if until is not None and until > start:
        lines.append(tag("line", class_="hang", x1=at, x2=axis.at(until), y1=y, y2=y))
    return join(lines)


def _block(months: Any, axis: Axis, y: float, kind: str) -> list[Html]:
    """P10 to P90 as a bar and P50 as a stroke, in pixels."""
    p10, p50, p90 = (number(months, key) for key in ("p10", "p50", "p90"))
    if p10 is None or p50 is None or p90 is None:
        return []
    left, middle = axis.at(p10), axis.at(p50)
    return [
        tag("rect", class_=f"{kind} range", x=left, y=y - 4, width=round(axis.at(p90) - left, 2), height=8),
        tag("line", class_=f"{kind} p50", x1=middle, x2=middle, y1=y - 6, y2=y + 6),
    ]


def _stretch(months: Any, axis: Axis, kind: str, top: float, bottom: float) -> list[Html]:
    """P10 to P90 as a bar and P50 as a stroke, in percent of a row."""
    p10, p50, p90 = (number(months, key) for key in ("p10", "p50", "p90"))
    if p10 is None or p50 is None or p90 is None:
        return []
    left, middle = axis.at(p10), _percent(axis.at(p50))
    wide = axis.at(p90) - left
    return [
        tag(
            "rect",
            class_=f"{kind} range",
            x=_percent(left),
            y=f"{(top + bottom) / 2:g}%",
            width=_percent(wide),
            height=5,
        ),
        tag("line", class_=f"{kind} p50", x1=middle, x2=middle, y1=f"{top:g}%", y2=f"{bottom:g}%"),
    ]


def _percent(value: float) -> str:
    return f"{round(value, 2):g}%"
