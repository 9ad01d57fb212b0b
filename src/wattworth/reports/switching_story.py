"""What the freedom to wait comes to, in sentences: of one site, and of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from wattworth.reports.formatting import chance, megawatts, money
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.shell import tile
from wattworth.reports.sites import number
from wattworth.reports.switching_words import (
    SEEN_FRAC,
    SWITCHING,
    WAIT,
    Document,
    bound_sites,
    does,
    driver,
    edge_words,
    end_label,
    free_sites,
    has_edge,
    is_clear,
    label,
    level,
    month_label,
    names_of,
)
from wattworth.reports.words import Words


def sentences(site: Document, found: Document, words: Words = SWITCHING) -> list[str]:
    """What to do with a site now, what waiting adds, what is given up otherwise, and where the answer flips.

    Parameters
    ----------
    site
        An entry of the document.
    found
        The document.
    words
        Language.
    """
    if not site.get("free"):
        return [words("sw.bound", reason=site.get("reason") or words("unknown"))]
    worth = site["flexible_usd"]
    return [
        words("sw.now", does=does(str(site["now"]), words)),
        words(
            "sw.worth",
            mw=megawatts(number(site, "free_gross_mw")),
            value=money(number(worth, "mean")),
            error=error_words(worth, words),
        ),
        *_waiting(site, words),
        _never(site, found, words),
        *_flips(site, found, words),
        *_likely(site, words),
        *_stages(site, words),
    ]


def error_words(worth: Document, words: Words) -> str:
    """Standard error of a value, with its sign."""
    return words("sw.error", error=money(number(worth, "error")))


def _waiting(site: Document, words: Words) -> Iterator[str]:
    waiting, best = site["waiting_usd"], site["best_now"]
    told = {"does": does(str(best["decision"]), words), "now": money(number(best, "usd"))}
    if not number(waiting, "mean"):
        yield words("sw.waiting.none", **told)
        return
    yield words("sw.waiting", value=money(number(waiting, "mean")), error=error_words(waiting, words), **told)
    if not is_clear(waiting):
        yield words("sw.waiting.noise")


def _never(site: Document, found: Document, words: Words) -> str:
    lost_usd = number(site, "never", "regret_usd") or 0.0
    if lost_usd > 0:
        return words("sw.never", end=end_label(found), value=money(lost_usd))
    return words("sw.never.best", end=end_label(found))


def _flips(site: Document, found: Document, words: Words) -> Iterator[str]:
    edge = site["boundary"]
    if not has_edge(site):
        yield plan_words(site, found, words)
        return
    units = found.get("driver_units") or {}
    yield words("sw.edge", date=edge["date"], words=edge_words(edge, units, words))
    if edge.get("today"):
        yield words("sw.edge.levels", levels=today_words(edge, units, words))


def today_words(edge: Document, units: dict[str, str], words: Words) -> str:
    """Where the drivers of a boundary stand today."""
    return words.row(
        words("sw.edge.today", driver=driver(each, words), level=level(number(edge, "today", each), units[each], words))
        for each in names_of(edge)
    )


def plan_words(site: Document, found: Document, words: Words) -> str:
    """The one plan of a site whose answer does not hang on the markets: each of its decisions is sure or never made."""
    freedom = found["freedom"]
    if freedom["every_months"] >= freedom["window_months"]:
        return words("sw.plan.once")
    sure = [way for way in site["switches"] if number(way, "prob_frac") == 1.0]
    if not sure:
        return words("sw.plan.never", end=end_label(found))
    first = min(sure, key=lambda way: number(way, "expected_month") or 0.0)
    told = does(str(first["decision"]), words)
    months = number(first, "expected_month")
    return words("sw.plan", does=told, date=month_label(found, months)) if months else words("sw.plan.now", does=told)


def _likely(site: Document, words: Words) -> Iterator[str]:
    if not has_edge(site):
        return
    told: list[str] = []
    for way in sorted(site["switches"], key=lambda way: -way["prob_frac"]):
        if way["prob_frac"] < SEEN_FRAC:
            continue
        at_once = way["prob_frac"] - way["now_frac"] < SEEN_FRAC
        told.append(
            words(
                "sw.likely.now" if at_once else "sw.likely.later",
                decision=label(str(way["decision"]), words),
                chance=chance(way["prob_frac"]),
                date=way.get("expected") or words("unknown"),
            )
        )
    yield words("sw.likely", list=words.row(told, "semicolon")) if told else words("sw.likely.none")


def _stages(site: Document, words: Words) -> Iterator[str]:
    stages = site.get("stages")
    if stages:
        halved = f"half {stages['use']}"
        odds = next((way["prob_frac"] for way in site["switches"] if way["decision"] == halved), None)
        yield words("sw.stages", does=does(stages["use"], words), months=f"{stages['months']:,}", chance=chance(odds))


def in_short(found: Document, words: Words) -> Html:
    """The numbers to take away, and the sentences behind them; of one site its own sentences."""
    free = free_sites(found)
    heading = tag("h2", words("sw.short.title"), class_="vh", id="short-heading")
    if len(free) == 1:
        first, *rest = [text(each) for each in sentences(free[0], found, words)]
        told = [join([name(str(free[0]["site"])), first], ": "), join(rest, " ")]
    else:
        first, *rest = list(_story(found, free, words))
        told = [first, join(rest, " ")]
    answer = tag("p", tag("strong", told[0]), class_="story")
    more = tag("p", told[1], class_="story more")
    tiles = tag("dl", *_tiles(free, words), class_="figures") if len(free) > 1 else None
    return tag("section", heading, tiles, answer, more, id="short", aria_labelledby="short-heading")


def _story(found: Document, free: Sequence[Document], words: Words) -> Iterator[Html]:
    now = Counter(str(site["now"]) for site in free if site["now"] != WAIT)
    listed = [words.html("sw.short.count", n=f"{n:,}", decision=label(kind, words)) for kind, n in now.most_common()]
    part = sum(now.values())
    which = ".none" if not part else ".all" if part == len(free) else ""
    whole = words.count("sites", len(free))
    yield words.html(f"sw.short.now{which}", sites=whole, part=f"{part:,}", list=words.listed(listed))
    if clear := _clear(free):
        most = money(number(clear[0], "waiting_usd", "mean"))
        yield words.count_html("sw.short.clear", len(clear), site=name(str(clear[0]["site"])), value=most)
    else:
        yield words.html("sw.short.clear.none")
    edges = sum(map(has_edge, free))
    if edges in (0, len(free)):
        yield words.html(f"sw.short.edge.{'all' if edges else 'none'}")
    else:
        yield text(words.count("sw.short.edge", edges))
    if bound := len(bound_sites(found)):
        yield text(words.count("sw.short.bound", bound))


def _clear(free: Sequence[Document]) -> list[Document]:
    """Sites at which waiting is clearly worth something."""
    return [site for site in free if is_clear(site["waiting_usd"]) and site["waiting_usd"]["mean"] > 0]


def _tiles(free: Sequence[Document], words: Words) -> Iterator[Html]:
    of = words("sw.tile.of", sites=words.count("sites", len(free)))
    waits = sum(site["now"] == WAIT for site in free)
    yield tile(words("sw.tile.now"), f"{len(free) - waits:,}", of)
    yield tile(words("sw.tile.wait"), f"{waits:,}", of)
    edges = sum(map(has_edge, free))
    yield tile(words("sw.tile.edge"), f"{edges:,}", of if edges == len(free) else words("sw.tile.edge.note"))
    most = next(iter(_clear(free)), free[0])
    error = money(number(most, "waiting_usd", "error"))
    told = words("sw.tile.most.note", site=most["site"], error=error)
    yield tile(words("sw.tile.most"), money(number(most, "waiting_usd", "mean")), told)
    dear = max(free, key=lambda site: number(site, "never", "regret_usd") or 0.0)
    told = words("sw.tile.never.note", site=dear["site"])
    yield tile(words("sw.tile.never"), money(number(dear, "never", "regret_usd")), told)
