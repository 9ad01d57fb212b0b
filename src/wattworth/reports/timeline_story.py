"""What time to power comes to: the numbers to take away and the sentences that say what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wattworth.records import Calendar
from wattworth.reports.formatting import chance, gigawatts, money
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.shell import tile
from wattworth.reports.sites import number
from wattworth.reports.timeline_sites import (
    AI_USES,
    LEASED,
    Document,
    by_kind,
    by_years,
    half_way,
    is_clear,
    mean_chance,
    mean_shares,
    median_months,
    sites_of,
    without_lease,
)
from wattworth.reports.timeline_words import gate_clause, gate_words, kind_clause
from wattworth.reports.words import Words

_MOST_YEARS = 8
_MOST_GATES = 2


def in_short(found: Document, words: Words) -> Html:
    """The numbers to take away, the sentences behind them, and megawatts by year."""
    sites = sites_of(found)
    heading = tag("h2", words("tl.short.title"), class_="vh", id="short-heading")
    answer = tag("p", tag("strong", _answer(found, sites, words)), class_="story")
    more = tag("p", join(_story(found, sites, words), " "), class_="story more")
    lead = tag("div", tag("div", answer, more), _years(found, sites, words), class_="lead")
    return tag("section", heading, _tiles(found, sites, words), lead, id="short", aria_labelledby="short-heading")


def _answer(found: Document, sites: Sequence[Document], words: Words) -> Html:
    when, plain_mw, risked_mw, total_mw = half_way(sites)
    return words.html(
        "tl.story.answer",
        gw=gigawatts(plain_mw),
        total=gigawatts(total_mw),
        risked=gigawatts(risked_mw),
        date=_label(found, when),
    )


def _tiles(found: Document, sites: Sequence[Document], words: Words) -> Html:
    when, plain_mw, risked_mw, total_mw = half_way(sites)
    note = words("tl.tile.half.note", gw=gigawatts(plain_mw), total=gigawatts(total_mw), risked=gigawatts(risked_mw))
    tiles = [tile(words("tl.tile.half"), _label(found, when), note)]
    free = _free_kinds(sites)
    ends = [("fast", free[0])] if free else []
    ends += [("slow", free[-1])] if len(free) > 1 else []
    for which, (kind, group) in ends:
        told = words("tl.tile.kind.note", kind=kind_clause(kind, words), chance=chance(mean_chance(group)))
        tiles.append(tile(words(f"tl.tile.{which}"), _label(found, median_months(group)), told))
    open_sites = without_lease(sites)
    if open_sites and (listed := mean_shares(open_sites)):
        told = words(
            "tl.tile.gate.note",
            gate=gate_words(listed[0][0], words),
            sites=words.count("sites", len(open_sites)),
        )
        tiles.append(tile(words("tl.tile.gate"), chance(listed[0][1]), told))
    if worst := _worst(sites):
        site, use, cost = worst
        told = words(
            "tl.tile.month.note",
            site=site.get("site") or site["site_id"],
            use=words.of("use", use),
            error=money(number(site["uses"][use], "later_error_usd")),
        )
        tiles.append(tile(words("tl.tile.month"), money(-cost), told))
    return tag("dl", *tiles, class_="figures")


def _story(found: Document, sites: Sequence[Document], words: Words) -> Iterator[Html]:
    leased = dict(by_kind(sites)).get(LEASED)
    if leased:
        yield words.html(
            "tl.story.leased", date=_label(found, median_months(leased)), chance=chance(mean_chance(leased))
        )
    free = _free_kinds(sites)
    if free:
        (fast, quick), (slow, late) = free[0], free[-1]
        yield words.html(
            "tl.story.kinds" if len(free) > 1 else "tl.story.kind",
            fast=kind_clause(fast, words),
            fast_date=_label(found, median_months(quick)),
            fast_chance=chance(mean_chance(quick)),
            slow=kind_clause(slow, words),
            slow_date=_label(found, median_months(late)),
            slow_chance=chance(mean_chance(late)),
        )
    if open_sites := without_lease(sites):
        items = [
            words.html("tl.story.gates.item", gate=gate_clause(gate, words), share=chance(share))
            for gate, share in mean_shares(open_sites)[:_MOST_GATES]
            if share > 0
        ]
        if items:
            yield words.html("tl.story.gates", sites=words.count("sites", len(open_sites)), gates=words.listed(items))
    yield from _month(sites, words)


def _month(sites: Sequence[Document], words: Words) -> Iterator[Html]:
    """What a month costs where it costs most, and where waiting is a gain."""
    if not any(site.get("uses") for site in sites):
        yield words.html("tl.story.no_value")
        return
    open_sites = without_lease(sites)
    if worst := _worst(sites):
        yield _cost("tl.story.month", worst, words)
        yield from _of_lease(worst[0], words)
    else:
        yield words.html("tl.story.month.none")
    if worst and open_sites and len(open_sites) < len(sites):
        free = _worst(open_sites)
        yield _cost("tl.story.month.free", free, words) if free else words.html("tl.story.month.free.none")
    gains = {
        use: [
            is_clear(site["uses"][use], "later") and site["uses"][use]["later_usd"] > 0
            for site in open_sites
            if use in (site.get("uses") or {})
        ]
        for use in AI_USES
    }
    use = max(gains, key=lambda each: sum(gains[each]))
    if sum(gains[use]):
        yield words.html(
            "tl.story.gain",
            part=f"{sum(gains[use]):,}",
            whole=words.count("sites", len(gains[use])),
            use=words.of("tl.use", use),
        )


def _cost(key: str, worst: tuple[Document, str, float], words: Words) -> Html:
    site, use, cost = worst
    return words.html(
        key,
        site=name(str(site.get("site") or site["site_id"])),
        use=words.table.get(f"clause.{use}") or words.of("use", use),
        cost=money(-cost),
        error=money(number(site["uses"][use], "later_error_usd")),
    )


def _of_lease(site: Document, words: Words) -> Iterator[Html]:
    """What of the cost of a month is that of a lease already signed."""
    kinds = [part["kind"] == LEASED for part in site["parts"]]
    rest = number(site["uses"].get("hold"), "later_usd")
    if all(kinds):
        yield words.html("tl.story.month.lease")
    elif any(kinds) and rest is not None:
        yield words.html("tl.story.month.rest", cost=money(-rest))


def _worst(sites: Sequence[Document]) -> tuple[Document, str, float] | None:
    """Site and AI use in which a month later costs most, where it clearly costs anything. [USD]"""
    found = [
        (cost, str(site["site_id"]), use, site)
        for site in sites
        for use in AI_USES
        if (cost := number(site.get("uses"), use, "later_usd")) is not None
        and cost < 0
        and is_clear(site["uses"][use], "later")
    ]
    if not found:
        return None
    cost, _, use, site = min(found, key=lambda entry: entry[:3])
    return site, use, cost


def _years(found: Document, sites: Sequence[Document], words: Words) -> Html:
    """Megawatts with their first rent by the end of each year."""
    listed = by_years(found, sites)
    labels = [str(year) for year, _, _ in listed]
    if len(listed) > _MOST_YEARS:
        cut = listed[_MOST_YEARS - 1][0]
        labels = [*labels[: _MOST_YEARS - 1], words("tl.years.on", year=cut)]
        listed = [*listed[: _MOST_YEARS - 1], listed[-1]]
    rows = [
        tag(
            "tr",
            tag("th", label, scope="row"),
            tag("td", gigawatts(plain_mw), class_="n"),
            tag("td", gigawatts(risked_mw), class_="n"),
        )
        for label, (_, plain_mw, risked_mw) in zip(labels, listed, strict=True)
    ]
    heads = [tag("th", words(f"tl.years.{key}"), scope="col", class_="n" if key != "by" else None)
             for key in ("by", "plain", "risked")]  # fmt: skip
    whole = tag(
        "table",
        tag("caption", words("tl.years.title"), class_="vh"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="small scores",
    )
    return tag("div", tag("h3", words("tl.years.title")), whole, class_="by-use")


def _free_kinds(sites: Sequence[Document]) -> list[tuple[str, list[Document]]]:
    """Kinds without a lease, the soonest first."""
    return [(kind, group) for kind, group in by_kind(sites) if kind != LEASED]


def _label(found: Document, months: float) -> str:
    return Calendar(str(found["as_of"])[:7], 0).label(round(months))
