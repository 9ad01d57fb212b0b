"""Drawings of a power gap: the waterfall, who contributes, what moves it, versions of the note, views of demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from wattworth.reports.formatting import chance, plain
from wattworth.reports.gap_fan import bars_figure, fan_figure
from wattworth.reports.gap_rows import Row, rows_figure
from wattworth.reports.gap_words import GAP, Document, gw, is_drawn, label_words, span, spread_words
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words

_MOST_SWINGS: Final = 12
_MOST_SITES: Final = 25
_GROUPS: Final = ("level", "ai", "growth", "all")


def panel(title: str, drawing: Html, note: str) -> Html:
    """A drawing with its heading, and its unit, source and date below it."""
    return tag("figure", tag("h3", title), drawing, tag("figcaption", note, class_="note"), class_="panel")


def waterfall(found: Document, words: Words = GAP) -> Html:
    """From demand down to the net gap: means, or low ends times chances where as printed."""
    rows, at = [], 0.0
    for step in found["waterfall"]:
        value = step["gw"]
        low, high = (0.0, value) if step["is_level"] else (at, at + value)
        at = high
        label = words.table.get(f"gp.step.{step['name']}") or label_words(step["name"], step["label"], words)
        printed = gw(value)
        rows.append(Row(label, printed, low, high, kind="level" if step["is_level"] else "up"))
    return rows_figure(rows, words("gp.waterfall.title"), words("gp.axis"), words)


def net_bars(found: Document, words: Words = GAP) -> Html:
    """Distribution of the net gap."""
    return bars_figure(found, words("gp.bars.title"), words("gp.axis"), words)


def contributions(found: Document, words: Words = GAP) -> Html:
    """What each source delivers: P5 to P95 with its mean, or low to high end where as printed."""
    if is_drawn(found):
        rows = [
            Row(
                each["label"],
                spread_words(each["delivered"], words),
                each["delivered"]["p5_gw"],
                each["delivered"]["p95_gw"],
                each["delivered"]["mean_gw"],
            )
            for each in found["contributions"]
            if each["kind"] != "part"
        ]
    else:
        rows = [
            Row(
                each["label"],
                span(each["counted_low_gw"], each["counted_high_gw"], words),
                each["counted_low_gw"],
                each["counted_high_gw"],
            )
            for each in found["lines"]
            if not each["is_part"]
        ]
    return rows_figure(rows, words("gp.contributions.title"), words("gp.axis"), words)


def tornado(found: Document, words: Words = GAP) -> Html:
    """What one input at a time does to the mean net gap, the widest first."""
    base = number(found, "net", "mean_gw")
    rows: list[Row] = []
    for swing in found["tornado"][:_MOST_SWINGS]:
        low, high = sorted((swing["net_at_low_gw"], swing["net_at_high_gw"]))
        what = words.table.get(f"gp.what.{swing['what']}", swing["what"])
        label = words("gp.swing", label=swing["label"], what=what)
        rows.append(Row(label, span(low, high, words), low, high, turn_gw=base))
    marked = None if base is None else (base, words("gp.tornado.base", gw=gw(base)))
    return rows_figure(rows, words("gp.tornado.title"), words("gp.axis.net"), words, marked=marked, from_nought=False)


def tornado_note(found: Document, words: Words = GAP) -> str:
    """How many swings are not drawn."""
    hidden = len(found["tornado"]) - _MOST_SWINGS
    return words("gp.tornado.more", n=hidden) if hidden > 0 else words("gp.tornado.all")


def net_fan(found: Document, words: Words = GAP) -> Html:
    """The net gap at the end of each year, below the gap before any source."""
    years = [{"year": year["year"], **year["net"]} for year in found["years"]]
    above = [year["gap"]["mean_gw"] for year in found["years"]]
    return fan_figure(years, words("gp.fan.title"), words("gp.axis"), words, above=above)


def sites_fan(found: Document, words: Words = GAP) -> Html:
    """Supply of the sites at the end of each year."""
    return fan_figure(found["sites"]["years"], words("gp.sites.fan"), words("gp.axis"), words)


def site_rows(found: Document, words: Words = GAP) -> Html:
    """What each site brings by the end of the window, the largest first."""
    year = str(found["sites"]["years"][-1]["year"])
    rows = [
        Row(
            str(site["site"]),
            words("gp.sites.row", gw=gw(site["mean_gw"][year], 2), chance=chance(site["success_frac"])),
            0.0,
            site["mean_gw"][year],
            kind="level",
        )
        for site in largest_sites(found)[:_MOST_SITES]
    ]
    return rows_figure(rows, words("gp.sites.rows", year=year), words("gp.axis"), words)


def largest_sites(found: Document) -> list[Document]:
    """Sites by what they bring by the end of the window."""
    year = str(found["sites"]["years"][-1]["year"])
    return sorted(found["sites"]["rows"], key=lambda site: (-site["mean_gw"][year], site["site_id"]))


def hidden_sites(found: Document) -> int:
    """Sites that are in the table and not in the drawing."""
    return max(len(found["sites"]["rows"]) - _MOST_SITES, 0)


def versions(found: Document, words: Words = GAP) -> Html:
    """Gap and net gap of each version of the note, as printed."""
    rows: list[Row] = []
    for version in found["versions"]:
        printed, date = version["printed"], version["published"] or version["title"]
        if (shown := printed.get("gap")) is not None:
            rows.append(Row(words("gp.version.gap", date=date), gw(shown, 0), 0.0, shown, kind="level"))
        low, high = printed.get("net_mid", printed.get("net_high")), printed.get("net_high")
        if low is not None and high is not None:
            start = low if low < high else 0.0
            rows.append(Row(words("gp.version.net", date=date), _whole(low, high, words), start, high, kind="down"))
    return rows_figure(rows, words("gp.versions.title"), words("gp.axis"), words)


def _whole(low: float, high: float, words: Words) -> str:
    return words.range(gw(low, 0), gw(high, 0))


def demand_panels(found: Document, words: Words = GAP) -> Html:
    """Published views of demand as gigawatts of capacity or peak, each kind of count in a drawing of its own."""
    demand = found["demand"]
    note = words("gp.demand.note", ratio=gw(100 * demand["load_factor_frac"], 1), who=demand["load_factor_of"])
    known = [case for case in demand["cases"] if case["full_gw"]]
    until = max((case["full_gw"]["high"] for case in known), default=1.0)
    panels: list[Html] = []
    for group in _GROUPS:
        rows = list(_case_rows([case for case in known if group_of(case) == group], words))
        if rows:
            drawing = rows_figure(rows, words(f"gp.demand.{group}"), words("gp.axis"), words, until_gw=until)
            panels.append(panel(words(f"gp.demand.{group}"), drawing, note))
    return tag("div", *panels, class_="panels")


def group_of(case: Document) -> str:
    """Which views can stand on one axis: levels of a year, AI alone, growth, and all load."""
    if case["scope"] == "all load":
        return "all"
    if case["scope"] == "AI":
        return "ai"
    return "level" if case["counts"] == "level" else "growth"


def _case_rows(cases: Sequence[Document], words: Words) -> Iterator[Row]:
    for case in sorted(cases, key=lambda case: (case["year"], case["publisher"], case["case_id"])):
        full, lent = case["full_gw"], case["load_factor_source"] == "given" and case["measure"] == "average"
        told = {"publisher": case["publisher"], "measure": words(f"gp.measure.{case['full_measure']}")}
        key = "gp.demand.row.level" if case["counts"] == "level" else "gp.demand.row"
        label = words(key, year=case["year"], counts=counts_words(case, words), **told)
        low, high = full["low"], full["high"]
        ends = (0.0, high) if low == high else (low, high)
        middle = None if low == high else full["value"]
        printed = words.range(_short(low), _short(high))
        kind = "level" if low == high else "span"
        yield Row(label, printed, *ends, middle_gw=middle, kind=kind, faint=lent)


def counts_words(case: Document, words: Words) -> str:
    """What a view of demand counts: a level, or what comes in addition."""
    return words.table.get(f"gp.count.{case['counts']}", str(case["counts"]))


def _short(value: float) -> str:
    return plain(round(value, 0 if value >= 20 else 1))


def pair(*panels: Html) -> Html:
    """Drawings beside each other where there is room."""
    return tag("div", join(panels), class_="panels")


def beside(drawing: Html, numbers: Html) -> Html:
    """A drawing and the table of its numbers."""
    return tag("div", tag("div", drawing), tag("div", numbers), class_="beside")
