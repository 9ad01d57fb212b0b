"""Drawings of the plan: the roadmap, capital by period, risk against return, and the way from keeping to the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis, scrolled
from wattworth.reports.figures import svg
from wattworth.reports.formatting import money, plain
from wattworth.reports.markup import Html, join, tag, text
from wattworth.reports.plan_words import Document, changed, option_words
from wattworth.reports.words import Words

_COLOURS: Final = ("turnkey", "site_sale", "powered_shell", "bitcoin", "gpu_cloud")
"""Uses with a colour of their own, in its order; all others share the last."""

_ROW, _LABEL, _WIDTH, _HEAD, _FOOT = 20, 190, 760, 22, 6
_LETTERS: Final = 28
_SOFT: Final = 0.35
_BARS_WIDTH, _BARS_TALL = 760, 150
_RISK_WIDTH, _RISK_TALL = 420, 230
_LINE: Final = "fill:none;stroke:var(--ink);stroke-width:1.3"


def colour_of(use: str) -> str:
    """Class that gives a bar or a patch the colour of its use."""
    return f"use-{_COLOURS.index(use) if use in _COLOURS else len(_COLOURS)}"


def months_between(first: str, then: str) -> int:
    """Months from one ``YYYY-MM`` to another.

    Examples
    --------
    >>> months_between("2026-06", "2027-03")
    9
    """
    (year, month), (year_2, month_2) = (map(int, label.split("-")) for label in (first, then))
    return 12 * (year_2 - year) + month_2 - month


def roadmap(found: Document, words: Words) -> Html:
    """One bar for each site that changes, from its decision to its first earning; a sale is a diamond."""
    sites, start = changed(found), str(found["as_of"])
    if not sites:
        return tag("p", words("pl.roadmap.none"), class_="note")
    last = max(months_between(start, str(site["done"] or site["start"])) for site in sites)
    last = max(last, found["periods"] * found["period_months"])
    axis = Axis(0.0, float(last + 1), float(_LABEL), float(_WIDTH - 8), log=False)
    height = _HEAD + _ROW * len(sites) + _FOOT
    drawn = [*_years(start, last, axis, height)]
    for place, site in enumerate(sites):
        drawn += _bar(site, start, axis, _HEAD + place * _ROW, words)
    whole = svg(_WIDTH, height, "bar plan", words("pl.roadmap.figure"), *drawn)
    uses = list(dict.fromkeys(str(site["use"]) for site in sites))
    return tag(
        "figure",
        scrolled(whole, words("pl.figure"), words),
        legend(uses, words),
    )


def _years(start: str, last: int, axis: Axis, height: float) -> list[Html]:
    """A line and a label at the first month of each year."""
    year, month = map(int, start.split("-"))
    out = []
    for first in range(year + 1, year + 2 + last // 12):
        at = 12 * (first - year) + 1 - month
        if at > last:
            break
        x = axis.at(at)
        out.append(tag("line", class_="grid", x1=x, x2=x, y1=_HEAD - 6, y2=height - _FOOT))
        out.append(tag("text", str(first), x=x, y=11, text_anchor="middle", class_="tick"))
    return out


def _bar(site: Document, start: str, axis: Axis, top: float, words: Words) -> list[Html]:
    """The name of a site, and its bar: pale until money is spent."""
    use, y = str(site["use"]), top + _ROW / 2
    decided = axis.at(months_between(start, str(site["start"])))
    label = str(site["site"])
    short = label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "…"
    done = words("pl.roadmap.done", done=site["done"]) if site["done"] else ""
    alt = words("pl.roadmap.alt", site=label, use=words.of("use", use), start=site["start"], done=done)
    out = [tag("text", short, x=_LABEL - 10, y=y + 4, text_anchor="end")]
    kind = colour_of(use)
    if site["done"] is None:
        return [*out, tag("g", tag("title", alt), tag("path", class_=kind, d=f"M{decided - 5:g} {y:g}l5 -5 5 5 -5 5z"))]
    begin = axis.at(months_between(start, str(site["begin"])))
    end = axis.at(months_between(start, str(site["done"])))
    waits = tag("rect", class_=kind, fill_opacity=_SOFT, x=decided, y=y - 5, width=round(begin - decided, 1), height=10)
    builds = tag("rect", class_=kind, x=begin, y=y - 5, width=round(max(end - begin, 1.0), 1), height=10)
    return [*out, tag("g", tag("title", alt), waits, builds)]


def legend(uses: Sequence[str], words: Words) -> Html:
    """Colours of uses."""
    items = [join([patch(use), text(words.of("use", use))]) for use in uses]
    return tag("p", *(tag("span", item) for item in items), class_="key note")


def patch(use: str) -> Html:
    """A small square in the colour of a use."""
    square = tag("rect", class_=colour_of(use), width=10, height=10)
    return tag("svg", square, class_="symbol", width=10, height=10, viewBox="0 0 10 10", aria_hidden="true")


def capital_bars(found: Document, words: Words) -> Html:
    """Expected capital of each period, its uses one on the other."""
    periods = found["capital"]
    if not any(period["usd"] for period in periods):
        return tag("p", words("pl.capital.none"), class_="note")
    most = max(sum(period["usd"].values()) for period in periods)
    top, left, foot = 12, 54, 24
    axis = Axis(0.0, most / 1e6, float(_BARS_TALL - foot), float(top), log=False)
    wide = (_BARS_WIDTH - left - 6) / len(periods)
    drawn: list[Html] = []
    for mark in ticks(0.0, most / 1e6, log=False):
        y = axis.at(mark)
        drawn.append(tag("line", class_="grid", x1=left, x2=_BARS_WIDTH - 6, y1=y, y2=y))
        drawn.append(tag("text", f"${plain(mark)}m", x=left - 6, y=y + 4, text_anchor="end", class_="tick"))
    for place, period in enumerate(periods):
        base, x = 0.0, left + place * wide
        for use, amount in period["usd"].items():
            low, high = axis.at(base / 1e6), axis.at((base + amount) / 1e6)
            shape = {"x": round(x + 1, 1), "y": high, "width": round(wide - 2, 1), "height": round(low - high, 1)}
            drawn.append(tag("rect", class_=colour_of(use), **shape))
            base += amount
        if str(period["period"]).endswith(_first_month(found)):
            middle = round(x + wide / 2, 1)
            drawn.append(tag("text", period["period"], x=middle, y=_BARS_TALL - 6, text_anchor="middle", class_="tick"))
    spent = ((period["period"], money(sum(period["usd"].values()))) for period in periods)
    bars = words.row((words("pl.capital.bar", period=at, amount=usd) for at, usd in spent), "semicolon")
    uses = list(dict.fromkeys(use for period in periods for use in period["usd"]))
    whole = svg(_BARS_WIDTH, _BARS_TALL, "bar plan", words("pl.capital.alt", bars=bars), *drawn)
    return tag(
        "figure",
        scrolled(whole, words("pl.figure"), words),
        legend(uses, words),
    )


def _first_month(found: Document) -> str:
    """Month of the year whose periods are labelled: that of the first."""
    return str(found["as_of"])[-3:]


def risk_figure(found: Document, words: Words) -> Html:
    """Mean against the mean of the worst draws, with the upper hull."""
    points = found["frontier"]
    if not points:
        return tag("p", words("pl.risk.none"), class_="note")
    tails, means = ([point[key] / 1e9 for point in points] for key in ("tail_usd", "mean_usd"))
    x, y = _wider(tails, 56.0, _RISK_WIDTH - 14.0), _wider(means, _RISK_TALL - 44.0, 14.0)
    drawn: list[Html] = []
    for mark in x.marks():
        drawn.append(tag("line", class_="grid", x1=x.at(mark), x2=x.at(mark), y1=14, y2=_RISK_TALL - 44))
        drawn.append(tag("text", plain(mark), x=x.at(mark), y=_RISK_TALL - 29, text_anchor="middle", class_="tick"))
    for mark in ticks(y.low, y.high, log=False):
        drawn.append(tag("line", class_="grid", x1=56, x2=_RISK_WIDTH - 14, y1=y.at(mark), y2=y.at(mark)))
        drawn.append(tag("text", plain(mark), x=50, y=y.at(mark) + 4, text_anchor="end", class_="tick"))
    hull = sorted({(t, m) for t, m, p in zip(tails, means, points, strict=True) if p["on_hull"]})
    if len(hull) > 1:
        drawn.append(tag("path", style=_LINE, d="M" + "L".join(f"{x.at(t):g} {y.at(m):g}" for t, m in hull)))
    for tail, mean, point in zip(tails, means, points, strict=True):
        at_x, at_y = x.at(tail), y.at(mean)
        kind = "hit" if point["on_hull"] else "miss"
        drawn.append(tag("rect", class_=kind, x=at_x - 4, y=at_y - 4, width=8, height=8, rx=4))
    drawn.append(tag("text", words("pl.risk.x"), x=_RISK_WIDTH / 2, y=_RISK_TALL - 8, text_anchor="middle"))
    drawn.append(tag("text", words("pl.risk.y"), x=0, y=8))
    alt = words("pl.risk.alt", points=words.row((_point(point, words) for point in points), "semicolon"))
    return tag("figure", tag("div", svg(_RISK_WIDTH, _RISK_TALL, "bar", alt, *drawn), class_="panel"))


def _point(point: Document, words: Words) -> str:
    told = {"mean": money(point["mean_usd"]), "tail": money(point["tail_usd"])}
    return words("pl.risk.point", weight=plain(point["tail_weight_frac"]), **told)


def _wider(values: Sequence[float], left: float, right: float) -> Axis:
    """Axis with a little room beyond its values."""
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return Axis(low - room, high + room, left, right, log=False)


def value_steps(found: Document, words: Words) -> Html:
    """From every site as it is to the plan: the changes drawn on their own scale between the two levels."""
    steps = found["waterfall"]
    labels = [_step_name(step, words) for step in steps]
    levels = [0.0]
    for step in steps[1:-1]:
        levels.append(levels[-1] + step["usd"])
    low, high = min(levels), max([*levels, 1.0])
    head, row, left = 4, 26, 190
    axis = Axis(min(low, 0.0), high, float(left), float(_RISK_WIDTH + 100), log=False)
    height = head + row * len(steps) + 4
    drawn: list[Html] = [tag("line", class_="zero", x1=axis.at(0.0), x2=axis.at(0.0), y1=0, y2=height)]
    at = 0.0
    for place, (step, label) in enumerate(zip(steps, labels, strict=True)):
        y = head + place * row
        begin, end = (0.0, at) if step["level"] else (at, at + step["usd"])
        kind = "level" if step["level"] else "up" if step["usd"] >= 0 else "down"
        x, wide = min(axis.at(begin), axis.at(end)), abs(axis.at(end) - axis.at(begin))
        drawn.append(tag("rect", class_=kind, x=round(x, 1), y=y + 4, width=round(max(wide, 1.0), 1), height=16))
        sign = "+" if not step["level"] and step["usd"] >= 0 else ""
        drawn.append(tag("text", label, x=left - 10, y=y + 16, text_anchor="end"))
        drawn.append(tag("text", sign + money(step["usd"]), x=round(x + wide + 6, 1), y=y + 16, class_="value"))
        at = at if step["level"] else end
    named = (f"{label} {money(step['usd'])}" for step, label in zip(steps, labels, strict=True))
    told = words.row(named, "semicolon")
    whole = svg(_RISK_WIDTH + 220, height, "waterfall", words("pl.value.alt", steps=told), *drawn)
    return tag("figure", scrolled(whole, words("pl.figure"), words))


def _step_name(step: Document, words: Words) -> str:
    return words(f"pl.step.{step['step']}") if step["level"] else words.of("use", step["step"])


def chosen_cell(site: Document, words: Words) -> Html:
    """What a site becomes, with the patch of its use where it changes."""
    told = text(option_words(site, words))
    return join([patch(str(site["use"])), told]) if site["changes"] else told
