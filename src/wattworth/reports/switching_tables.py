"""Tables of when to switch: every site, and the entry of one with its decisions."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.formatting import chance, megawatts, money
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.sites import number
from wattworth.reports.switching_figures import boundary_figure, patch, value_bars
from wattworth.reports.switching_story import error_words, sentences
from wattworth.reports.switching_words import (
    SEEN_FRAC,
    Document,
    bound_sites,
    end_label,
    free_sites,
    has_edge,
    in_steps,
    is_clear,
    label,
    likeliest_later,
)
from wattworth.reports.words import Words

_FEW_SITES = 3


def places_of(found: Document) -> dict[str, int]:
    """Site to its place in the document, by which its entry is called."""
    return {str(site["site_id"]): place for place, site in enumerate(found["sites"])}


def every_site(found: Document, words: Words) -> Html:
    """What to do with every site that has something to decide, where waiting is worth most first."""
    heads: list[tuple[str, str | None]] = [(words("sw.col.site"), "name"), (words("sw.col.mw"), "n")]
    heads += [(words("sw.col.now"), None), (words("sw.col.worth"), "n"), (words("sw.col.best"), None)]
    heads += [(words("sw.col.waiting"), "n"), (words("sw.col.later"), None)]
    places = places_of(found)
    rows = [_row(site, places[str(site["site_id"])], words) for site in free_sites(found)]
    return table(words("sw.every.caption"), heads, rows, class_="small months")


def _row(site: Document, place: int, words: Words) -> Html:
    now, best = str(site["now"]), site["best_now"]
    link = tag("a", name(str(site.get("site") or site["site_id"])), href=f"#site-{place}")
    company = [tag("small", name(str(site["company"])))] if site.get("company") else []
    return tag(
        "tr",
        tag("th", link, *company, scope="row", class_="name"),
        tag("td", megawatts(number(site, "free_gross_mw")), class_="n"),
        tag("td", patch(now), label(now, words), class_="nowrap"),
        tag("td", _worth(site["flexible_usd"], words), class_="n"),
        tag("td", label(str(best["decision"]), words), tag("small", tag("bdi", money(number(best, "usd"))))),
        tag("td", _worth(site["waiting_usd"], words, faint=not is_clear(site["waiting_usd"])), class_="n"),
        tag("td", *_later(site, words)),
        data_site=site["site_id"],
    )


def _worth(worth: Document, words: Words, *, faint: bool = False) -> Html:
    """A value with its standard error; faint where it does not differ from nought."""
    told: list[object] = [shown(money(number(worth, "mean")), words("missing"))]
    if number(worth, "error"):
        told += [" ", tag("small", error_words(worth, words))]
    return tag("span", *told, class_="few" if faint else None)


def _later(site: Document, words: Words) -> Iterator[Html]:
    way = likeliest_later(site)
    if way is None:
        yield missing(words("sw.later.none"))
        return
    yield text(label(str(way["decision"]), words))
    told = words("sw.later", chance=chance(way["prob_frac"]), date=way.get("expected") or words("unknown"))
    yield tag("small", told)


def details(found: Document, words: Words) -> Html:
    """One entry to open for each site: those with a drawing first, and open."""
    free, places = free_sites(found), places_of(found)
    groups = [("edge", [site for site in free if has_edge(site)])]
    groups += [("plan", [site for site in free if not has_edge(site)])]
    fold = [
        tag("button", words(f"detail.{way}"), type="button", data_fold=way, hidden=True) for way in ("open", "close")
    ]
    listed: list[Html] = [tag("p", *fold, class_="fold")]
    for key, sites in groups:
        if sites:
            listed.append(tag("h3", words(f"sw.detail.{key}")))
        is_open = key == "edge" or len(free) <= _FEW_SITES
        listed += [_entry(site, found, places[str(site["site_id"])], words, is_open=is_open) for site in sites]
    return join(listed)


def _entry(site: Document, found: Document, place: int, words: Words, *, is_open: bool) -> Html:
    now = str(site["now"])
    summary = tag(
        "summary",
        tag("span", tag("strong", name(str(site.get("site") or site["site_id"]))), " ", tag("small", _company(site))),
        tag("span", patch(now), label(now, words), class_="best"),
        tag("span", money(number(site, "flexible_usd", "mean")), class_="n"),
    )
    first, *rest = sentences(site, found, words)
    told = tag("ul", tag("li", tag("strong", first)), *(tag("li", each) for each in rest), class_="notes")
    bars = tag("div", tag("h4", words("sw.value.title"), class_="vh"), value_bars(site, words), class_="panel")
    beside = tag("div", bars, decisions(site, found, words))
    if has_edge(site):
        shown_beside = tag("div", boundary_figure(site, found["driver_units"], words), beside, class_="beside")
    else:
        shown_beside = tag("div", bars, decisions(site, found, words), class_="beside")
    code = tag("p", tag("code", name(str(site["site_id"]))), class_="note")
    notes = [tag("p", said(note.replace("_", " ")), class_="note few") for note in site.get("notes") or ()]
    body = tag("div", code, told, shown_beside, *notes, class_="body")
    return tag("details", summary, body, id=f"site-{place}", class_="site", open=is_open)


def _company(site: Document) -> Html:
    return name(str(site["company"])) if site.get("company") else Html("")


def decisions(site: Document, found: Document, words: Words) -> Html:
    """Every decision: for good today and on its best date, what it gives up, and how often the rule makes it."""
    heads: list[tuple[str, str | None]] = [(words("sw.col.decision"), None)]
    heads += [(words(f"sw.col.{key}"), "n") for key in ("today", "gives", "date", "chance", "expected")]
    made = {str(way["decision"]): way for way in site["switches"]}
    listed = list(site["uses"])
    listed += [each for each, way in made.items() if each not in site["uses"] and way["prob_frac"] >= SEEN_FRAC]
    rows = [_decision(each, site, made.get(each) or {}, words) for each in in_steps(listed)]
    never = site["never"]
    rows.append(
        tag(
            "tr",
            tag("th", words("sw.never.row", end=end_label(found)), scope="row"),
            tag("td", money(number(never, "usd")), class_="n"),
            tag("td", money(number(never, "regret_usd")), class_="n"),
            *(tag("td", missing(words("sw.never.chance")), class_="n") for _ in range(3)),
            class_="never",
        )
    )
    caption = words("sw.decisions.caption", site=site.get("site") or site["site_id"])
    return table(caption, heads, rows, class_="small")


def _decision(decision: str, site: Document, made: Document, words: Words) -> Html:
    worth = site["uses"].get(decision)
    if worth is None:
        money_cells = [tag("td", missing(words("sw.unvalued")), class_="n") for _ in range(3)]
    else:
        today, lost, best = (number(worth, key) for key in ("now_usd", "regret_now_usd", "best_usd"))
        money_cells = [
            tag("td", shown(money(today), words("missing")), class_="n"),
            tag("td", shown(money(lost), words("missing")), class_="n"),
            tag("td", money(best), tag("small", str(worth["best_date"])), class_="n"),
        ]
    expected = made.get("expected")
    return tag(
        "tr",
        tag("th", patch(decision), label(decision, words), scope="row"),
        *money_cells,
        tag("td", shown(chance(number(made, "prob_frac")), words("missing")), class_="n"),
        tag("td", str(expected) if expected else missing(words("sw.later.none")), class_="n"),
        data_decision=decision,
    )


def _leased(site: Document, words: Words) -> str:
    return words("sw.mw", mw=megawatts(number(site, "leased_gross_mw")))


def bound(found: Document, words: Words) -> Html:
    """Sites with nothing to decide, by name."""
    sites = sorted(bound_sites(found), key=lambda site: str(site.get("site") or site["site_id"]))
    rows = [
        tag(
            "li",
            name(str(site.get("site") or site["site_id"])),
            " ",
            tag("small", join([_company(site), _leased(site, words)], words("list.comma"))),
        )
        for site in sites
    ]
    return tag("ul", *rows, class_="notes")
