"""Tables of the plan: the roadmap, limits and prices, simple rules, risk, and why."""

from __future__ import annotations

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.formatting import chance, money, plain
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.plan_figures import chosen_cell, patch
from wattworth.reports.plan_words import (
    Document,
    changed,
    declared_words,
    option_words,
    price_words,
    reason_words,
    takes_words,
    used_words,
)
from wattworth.reports.sites import number
from wattworth.reports.words import Words


def roadmap_table(found: Document, words: Words) -> Html:
    """Every site that changes: what, when, what it adds, costs and takes."""
    names = ("site", "becomes", "when", "earns", "gain", "value", "capital", "chance", "takes")
    heads = [(words(f"pl.col.{key}"), "n" if key in {"gain", "value", "capital", "chance"} else None) for key in names]
    rows = [_changed(site, found, words) for site in changed(found)]
    return table(words("pl.roadmap.caption"), heads, rows, class_="small")


def _changed(site: Document, found: Document, words: Words) -> Html:
    unknown = words("missing")
    odds = number(site, "success_frac")
    return tag(
        "tr",
        tag("th", _named(site), scope="row", class_="name"),
        tag("td", patch(str(site["use"])), words.of("use", site["use"])),
        tag("td", site["start"], class_="nowrap"),
        tag("td", site["first"] or missing(unknown), class_="nowrap"),
        tag("td", money(site["gain_usd"]), class_="n"),
        tag("td", money(site["value_usd"]), class_="n"),
        tag("td", money(site["capital_usd"]) if site["capital_usd"] else missing(unknown), class_="n"),
        tag("td", missing(unknown) if odds is None else chance(odds), class_="n"),
        tag("td", takes_words(site, found, words)),
        data_site=site["site_id"],
    )


def _named(site: Document) -> Html:
    company = tag("small", name(str(site["company"])))
    return join([name(str(site["site"])), company])


def limits_table(found: Document, words: Words) -> Html:
    """Every limit: how much there is, what the plan uses, and what one step more adds."""
    if not found["limits"]:
        return tag("p", words("pl.limits.none"), class_="note")
    heads = [
        (words(f"pl.col.{key}"), "n" if key == "used" else None)
        for key in ("limit", "amount", "used", "price", "source")
    ]
    rows = [
        tag(
            "tr",
            tag("th", name(str(limit["name"])), scope="row", class_="name"),
            tag("td", declared_words(limit, words)),
            tag("td", shown(used_words(limit, words), words("pl.amount.rule")), class_="n"),
            tag("td", price_words(limit, found, words)),
            tag("td", *_source(limit, words)),
        )
        for limit in found["limits"]
    ]
    return table(words("pl.limits.caption"), heads, rows, class_="small")


def _source(limit: Document, words: Words) -> list[Html]:
    source = name(str(limit["source"])) if limit["source"] else missing(words("missing"))
    kind = limit["confidence"]
    return (
        [source] if kind is None else [source, tag("small", words.of("confidence", kind), class_=f"confidence {kind}")]
    )


def rules_table(found: Document, words: Words) -> Html:
    """The plan and simple rules, on their own draws and on fresh ones."""
    keys = ("rule", "own", "fresh", "ahead", "missed")
    heads = [(words(f"pl.col.{key}"), "n" if key in {"own", "fresh", "ahead"} else None) for key in keys]
    rows = [_rule(key, seen, words) for key, seen in found["against"]["plans"].items()]
    return table(words("pl.against.caption"), heads, rows, class_="small")


def _rule(key: str, seen: Document, words: Words) -> Html:
    missed = words.row(seen["missed"]) or words("pl.missed.none")
    ahead = missing(words("missing")) if key == "plan" else _with_error(seen, "plan_ahead", words)
    return tag(
        "tr",
        tag("th", words(f"pl.name.{key}").capitalize(), scope="row", class_="name"),
        tag("td", money(seen["mean_usd"]), class_="n"),
        tag("td", money(seen["fresh_mean_usd"]), " ", _error(seen["fresh_error_usd"], words), class_="n"),
        tag("td", ahead, class_="n"),
        tag("td", missed),
    )


def _with_error(seen: Document, key: str, words: Words) -> Html:
    return join([money(seen[f"{key}_usd"]), " ", _error(seen[f"{key}_error_usd"], words)])


def _error(error_usd: float, words: Words) -> Html:
    return tag("small", words("pl.error", error=money(error_usd)))


def risk_table(found: Document, words: Words) -> Html:
    """The best plan at each weight of the worst draws."""
    keys = ("weight", "mean", "tail", "changes", "hull")
    heads = [(words(f"pl.col.{key}"), None if key == "hull" else "n") for key in keys]
    rows = [
        tag(
            "tr",
            tag("th", plain(point["tail_weight_frac"]), scope="row", class_="n"),
            tag("td", money(point["mean_usd"]), class_="n"),
            tag("td", money(point["tail_usd"]), class_="n"),
            tag("td", f"{point['changes']:,}", class_="n"),
            tag("td", words(f"pl.hull.{'yes' if point['on_hull'] else 'no'}")),
        )
        for point in found["frontier"]
    ]
    return table(words("pl.risk.caption"), heads, rows, class_="small")


def why_table(found: Document, words: Words) -> Html:
    """What each site becomes and why, beside the best of what it does not become; those that change first."""
    keys = ("site", "chosen", "because", "rejected", "because not")
    heads = [(words(f"pl.col.{key}"), None) for key in keys]
    kept = sorted((site for site in found["sites"] if not site["changes"]), key=lambda site: -site["value_usd"])
    rows = [_why(site, found, words) for site in [*changed(found), *kept]]
    return table(words("pl.why.caption"), heads, rows, class_="small")


def _why(site: Document, found: Document, words: Words) -> Html:
    rejected = site["rejected"]
    other = [tag("td", words("pl.rejected.none"), colspan=2, class_="few")]
    if rejected is not None:
        why = reason_words(rejected, found, words, chosen=False)
        other = [tag("td", option_words(rejected, words)), tag("td", why)]
    return tag(
        "tr",
        tag("th", _named(site), scope="row", class_="name"),
        tag("td", chosen_cell(site, words), tag("small", shown(money(site["value_usd"]), words("missing")))),
        tag("td", reason_words(site["chosen"], found, words, chosen=True)),
        *other,
    )
