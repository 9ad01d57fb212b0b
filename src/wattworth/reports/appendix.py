"""What stands behind the table: companies, what was left out, warnings and facts."""

from __future__ import annotations

from typing import Any

from wattworth.reports.cells import shown, site_link, site_names, table
from wattworth.reports.formatting import DASH, megawatts, money, per_watt, plain
from wattworth.reports.markup import Html, join, name, said, tag
from wattworth.reports.site_table import place
from wattworth.reports.sites import entry, number, unvalued
from wattworth.reports.words import Words

_MOST_PLACES = 6


def companies(result: dict[str, Any], words: Words) -> Html:
    """Value by company, dearest first."""
    rows = entry(result, "totals", "by_company") or []
    if not rows:
        return _none(words("companies.empty"))
    largest_usd = max((abs(number(row, "npv_usd") or 0.0) for row in rows), default=0.0) or 1.0
    heads = [
        (words("col.company"), None),
        (words("companies.sites"), "n"),
        (words("companies.firm"), "n"),
        (words("companies.value"), "n"),
        (tag("span", words("companies.drawn"), class_="vh"), "figure"),
        (words("companies.per_w"), "n"),
    ]
    cells = [
        tag(
            "tr",
            tag("th", name(str(row.get("company"))), scope="row"),
            tag("td", f"{row.get('sites') or 0:,}", class_="n"),
            tag("td", shown(megawatts(row.get("share_firm_gross_mw")), words("missing")), class_="n"),
            tag("td", shown(money(number(row, "npv_usd")), words("missing.no_value")), class_="n"),
            tag("td", _bar((number(row, "npv_usd") or 0.0) / largest_usd), class_="figure"),
            tag(
                "td", shown(per_watt(number(row, "usd_per_gross_w"), unit=False), words("missing.no_firm")), class_="n"
            ),
        )
        for row in rows
    ]
    return table(words("companies.caption"), heads, cells, class_="small companies")


def not_valued(result: dict[str, Any], words: Words) -> Html:
    """Sites that could not be valued, with the reason of each."""
    sites = unvalued(result)
    if not sites:
        return _none(words("unvalued.none"))
    heads = [(words("col.site"), None), (words("col.company"), None), (words("unvalued.reason"), None)]
    rows = [
        tag(
            "tr",
            tag("th", name(site["site"]), tag("small", name(place(site))), scope="row"),
            tag("td", name(str(site.get("company") or ""))),
            tag("td", said(str(site["reason"])) if site.get("reason") else words("unvalued.no_reason")),
        )
        for site in sites
    ]
    return table(words("unvalued.caption"), heads, rows, class_="small words")


def counted_once(result: dict[str, Any], words: Words) -> Html:
    """Megawatts declared to stand in two rows."""
    doubles, names = result.get("double_counts") or [], site_names(result)
    if not doubles:
        return _none(words("doubles.none"))
    heads = [
        (words("col.site"), None),
        (words("doubles.counted"), None),
        (words("doubles.mw"), "n"),
        (words("doubles.why"), None),
    ]
    rows = [
        tag(
            "tr",
            tag("th", site_link(str(double.get("site_id")), names), scope="row"),
            tag("td", site_link(str(double.get("same_as")), names)),
            tag("td", words("doubles.all") if double.get("mw") is None else megawatts(double["mw"]), class_="n"),
            tag("td", said(str(double.get("reason") or ""))),
        )
        for double in doubles
    ]
    return table(words("doubles.caption"), heads, rows, class_="small words")


def warnings(result: dict[str, Any], words: Words) -> Html:
    """Warnings with their code, their places and what to do; alike ones share a row."""
    found = _grouped(result.get("warnings") or [])
    if not found:
        return _none(words("warnings.none"))
    names = site_names(result)
    heads = [(words(f"warnings.{key}"), None) for key in ("code", "what", "where", "do")]
    rows = [
        tag(
            "tr",
            tag("th", words.table.get(f"warn.{code}"), tag("small", tag("code", code)), scope="row"),
            tag("td", said(message)),
            tag("td", _places(places, names, words)),
            tag("td", words.table.get(f"do.{code}", words("do.other"))),
        )
        for (code, message), places in found.items()
    ]
    return table(words("warnings.caption"), heads, rows, class_="small words")


def facts(result: dict[str, Any], words: Words) -> Html:
    """Every fact behind the run, weakest first."""
    listed = result.get("weakest_facts") or []
    if not listed:
        return _none(words("facts.none"))
    heads = [(words("facts.key"), None), (words("facts.value"), "n"), (words("facts.range"), "n")]
    heads += [(words(f"facts.{key}"), None) for key in ("unit", "confidence", "as_of", "source")]
    rows = [_fact(fact, words) for fact in listed]
    return tag("div", table(words("facts.caption"), heads, rows, class_="small words"), class_="long")


def facts_note(result: dict[str, Any], words: Words) -> str:
    """How many facts there are and how firm they are."""
    counts = result.get("facts") or {}
    used, assumed, low = (f"{counts.get(key) or 0:,}" for key in ("used", "assumptions", "low_confidence"))
    return words("facts.note", used=used, assumed=assumed, low=low)


def _fact(fact: dict[str, Any], words: Words) -> Html:
    value, low, high, unit = _in_percent(fact)
    between = DASH if DASH in (low, high) else words.range(low, high)
    note = tag("small", said(str(fact["note"]))) if fact.get("note") else None
    return tag(
        "tr",
        tag("th", tag("code", str(fact.get("key"))), scope="row"),
        tag("td", shown(value, words("facts.no_value")), class_="n"),
        tag("td", shown(between, words("facts.no_range")), class_="n"),
        tag("td", said(unit)),
        tag("td", words.of("confidence", fact.get("confidence")), class_=f"confidence {fact.get('confidence')}"),
        tag("td", shown(str(fact.get("as_of") or DASH), words("missing"))),
        tag("td", said(str(fact.get("source") or "")), note),
    )


def _in_percent(fact: dict[str, Any]) -> tuple[str, str, str, str]:
    """Value, low, high and unit of a fact; a fraction printed as a percentage."""
    unit = str(fact.get("unit") or "").replace("_", " ")
    is_fraction = unit == "frac" or unit.startswith(("frac/", "frac "))
    times = 100.0 if is_fraction else 1.0
    value, low, high = (
        plain(None if (found := number(fact, key)) is None else times * found) for key in ("value", "low", "high")
    )
    return value, low, high, "%" + unit.removeprefix("frac") if is_fraction else unit


def _grouped(found: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for warning in found:
        key = str(warning.get("code")), str(warning.get("message") or "")
        groups.setdefault(key, []).extend(str(warning.get("where") or "run").split(", "))
    codes = list(dict.fromkeys(code for code, _ in groups))
    return dict(sorted(groups.items(), key=lambda item: codes.index(item[0][0])))


def _places(places: list[str], names: dict[str, str], words: Words) -> Html:
    """Links to the sites named; many of them folded."""
    links = [_place(place_, names, words) for place_ in places]
    if len(links) <= _MOST_PLACES:
        return join(links, words("list.comma"))
    return tag(
        "details", tag("summary", words.count("sites", len(links))), join(links, words("list.comma")), class_="places"
    )


def _place(where: str, names: dict[str, str], words: Words) -> Html:
    """A place a warning names: the run, a site or a fact."""
    if where == "run":
        return tag("span", words("warnings.run"))
    return site_link(where, names) if where in names else tag("code", where)


def _bar(share_frac: float) -> Html:
    width = round(100 * abs(share_frac), 1)
    kind = "down" if share_frac < 0 else "up"
    rect = tag("rect", class_=kind, width=width, height=8)
    return tag("svg", rect, class_="share", width=100, height=8, viewBox="0 0 100 8", aria_hidden="true")


def _none(told: str) -> Html:
    return tag("p", told, class_="note")
