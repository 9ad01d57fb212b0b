"""The main table: every site in every use on one basis."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.cells import missing, shown
from wattworth.reports.figures import Scale, axis, range_bar, scale_of
from wattworth.reports.formatting import DASH, chance, known, megawatts, money, month, per_watt
from wattworth.reports.markup import Html, join, name, said, tag
from wattworth.reports.sites import (
    best_document,
    best_value_usd,
    entry,
    free_gross_mw,
    is_leased,
    leased_it_mw,
    number,
    ranked,
    squeezed_ids,
    use_document,
    use_names,
)
from wattworth.reports.words import Words

_CONFIDENCE_ORDER: Final = {"high": 3, "medium": 2, "derived": 1, "low": 1, "assumption": 0}


def main_table(result: dict[str, Any], words: Words) -> Html:
    """The table with its filter, its key and the total."""
    sites = ranked(result)
    if not sites:
        return tag("p", words("table.empty"), class_="note")
    uses, out = use_names(result), squeezed_ids(result)
    whole = entry(result, "totals", "usd_per_gross_w") or {}
    scale = scale_of([entry(best_document(site), "usd_per_gross_w") or {} for site in sites] + [whole])
    rows = [_row(site, uses, scale, words, squeezed=site["site_id"] in out) for site in sites]
    table = tag(
        "table",
        tag("caption", words("table.caption"), class_="vh"),
        _heads(uses, scale, words),
        tag("tbody", *rows),
        _total(result, uses, scale, words),
        class_="sites",
        id="sites",
    )
    box = tag("div", table, class_="scroll tall", role="region", aria_label=words("table.region"), tabindex=0)
    return join([_filter(sites, words), box, _key(words)])


def best_use_words(site: dict[str, Any], words: Words, *, kind: str = "use") -> Html:
    """What is leased and what is best for the rest, or the best use."""
    use = site.get("best_use")
    best = words.of(kind, use) if use else words("best.none")
    if not is_leased(site):
        return tag("span", best, class_="use")
    it_mw, tenant = megawatts(leased_it_mw(site)), site.get("tenant")
    to = words.html("best.to", tenant=name(tenant)) if tenant else None
    rest_mw = free_gross_mw(site)
    rest = tag("small", words("best.rest", mw=megawatts(rest_mw), use=best)) if rest_mw > 0 else None
    leased = tag("span", words("best.leased", mw=it_mw), class_="use")
    return join([leased, tag("small", to, class_="tenant", title=tenant) if to else "", rest or ""])


def place(site: dict[str, Any]) -> str:
    """Grid, state and, outside the United States, country."""
    country = site.get("country") if site.get("country") != "US" else None
    grid = site.get("iso") if site.get("iso") not in (None, "", "none") else None
    found = [str(part) for part in (grid, site.get("state"), country) if part]
    return " · ".join(found) or str(site.get("region") or "").replace("_", " ")


def _heads(uses: list[str], scale: Scale, words: Words) -> Html:
    def head(key: str, kind: str = "", **attributes: object) -> Html:
        return tag("th", words(key), scope="col", class_=kind or None, rowspan=2, **attributes)

    first = (
        head("col.site", "name"),
        head("col.company"),
        head("col.gross", "n"),
        head("col.status"),
        head("col.best"),
        head("col.value", "n", aria_sort="descending"),
        head("col.sure", "n"),
        head("col.chance", "n", title=words("col.chance.title")),
        tag("th", words("table.uses"), scope="colgroup", colspan=max(len(uses), 1), class_="group"),
        tag("th", words("col.range"), axis(scale), scope="col", class_="figure", rowspan=2),
        head("col.gain", "n"),
        head("col.first", "n"),
        head("col.confidence", title=words("col.confidence.title")),
    )
    second = [tag("th", words.of("short", use), scope="col", class_="n", title=words.of("use", use)) for use in uses]
    return tag("thead", tag("tr", *first), tag("tr", *(second or [tag("th", "")])))


def _row(site: dict[str, Any], uses: list[str], scale: Scale, words: Words, *, squeezed: bool) -> Html:
    best, site_id = best_document(site), site["site_id"]
    per_w, status = entry(best, "usd_per_gross_w") or {}, site.get("status")
    link = tag("a", name(site["site"]), href=f"#site-{site_id}")
    confidence = site.get("confidence")
    cells = (
        tag("th", link, tag("small", name(place(site))), scope="row", class_="name"),
        tag("td", name(str(site.get("company") or "")), class_="company"),
        _number(site.get("gross_mw"), megawatts(site.get("gross_mw")), words("missing.not_stated")),
        tag("td", words.of("status", status)),
        tag("td", best_use_words(site, words), _squeezed(words) if squeezed else None, class_="best"),
        _value(best_value_usd(site), per_w, words),
        _sure(site, words),
        _number(best.get("success_frac"), chance(best.get("success_frac")), words("missing.no_value")),
        *(_use(site, use, words) for use in uses),
        tag(
            "td",
            range_bar(per_w, scale, words) or missing(_why(site, words)),
            data_v=number(per_w, "p50"),
            class_="figure",
        ),
        _gain(site, words),
        _first(best, words),
        tag(
            "td",
            words.of("confidence", confidence),
            data_v=_CONFIDENCE_ORDER.get(str(confidence)),
            class_=f"confidence {confidence}",
        ),
    )
    return tag("tr", *cells, data_company=site.get("company"), data_status=status)


def _number(value: Any, printed: str, why: str, below: Html | None = None) -> Html:
    return tag("td", shown(printed, why), below, class_="n", data_v=f"{value:.6g}" if known(value) else None)


def _value(value_usd: float | None, per_w: dict[str, Any], words: Words) -> Html:
    printed = per_watt(number(per_w, "mean"))
    below = tag("small", printed) if printed != DASH else None
    return _number(value_usd, money(value_usd), words("missing.no_value"), below)


def _sure(site: dict[str, Any], words: Words) -> Html:
    tie = tag("small", words("tie"), class_="tie", title=words("tie.title")) if site.get("tie") else None
    return _number(site.get("prob_best_frac"), chance(site.get("prob_best_frac")), words("missing.no_value"), tie)


def _use(site: dict[str, Any], use: str, words: Words) -> Html:
    document = use_document(site, use)
    kind = "n best-use" if use == site.get("best_use") else "n"
    if not document:
        reason = entry(site, "uses", use, "reason") or words("unknown")
        why, told = (
            words("missing.not_available", reason=reason),
            words.html("missing.not_available", reason=said(reason)),
        )
        return tag("td", missing(why, told), class_=kind)
    per_w, amount = number(document, "usd_per_gross_w", "mean"), number(document, "risked_npv_usd", "mean")
    top = shown(per_watt(per_w, unit=False), words("missing.no_firm"))
    below = tag("small", money(amount)) if amount is not None else None
    order = per_w if per_w is not None else 0.0 if amount is None else amount * 1e-12
    return tag("td", top, below, class_=kind, data_v=f"{order:.6g}")


def _gain(site: dict[str, Any], words: Words) -> Html:
    if site.get("best_use") and site.get("best_use") == site.get("today_use"):
        return tag("td", missing(words("gain.same")), class_="n", data_v=0)
    gain = number(site, "gain_vs_today_usd", "mean")
    return _number(gain, money(gain), words("missing.no_today"))


def _first(best: dict[str, Any], words: Words) -> Html:
    dates = best.get("first_revenue") or {}
    middle = month(dates.get("p50"))
    if middle == DASH:
        return tag("td", missing(words("missing.never")), class_="n")
    title = words.range(month(dates.get("p10")), month(dates.get("p90")))
    return tag("td", middle, class_="n", title=title, data_v=middle.replace("-", ""))


def _why(site: dict[str, Any], words: Words) -> str:
    return words("missing.no_firm") if best_value_usd(site) is not None else words("missing.no_value")


def _squeezed(words: Words) -> Html:
    return tag("small", words("squeezed"), class_="tie", title=words("squeezed.title"))


def _total(result: dict[str, Any], uses: list[str], scale: Scale, words: Words) -> Html:
    totals = result.get("totals") or {}
    per_w = totals.get("usd_per_gross_w") or {}
    cells = (
        tag("th", words("row.total"), scope="row", class_="name", colspan=2),
        _number(totals.get("share_gross_mw"), megawatts(totals.get("share_gross_mw")), words("missing")),
        tag("td", colspan=2),
        _value(number(totals, "npv_usd", "mean"), per_w, words),
        tag("td", colspan=2 + max(len(uses), 1)),
        tag("td", range_bar(per_w, scale, words), class_="figure"),
        tag("td", colspan=3),
    )
    return tag("tfoot", tag("tr", *cells))


def _filter(sites: list[dict[str, Any]], words: Words) -> Html:
    companies = sorted({str(site.get("company") or "") for site in sites})
    statuses = list(dict.fromkeys(str(site.get("status")) for site in sites))
    return tag(
        "form",
        tag("label", words("filter.text"), tag("input", type="search", name="text", placeholder=words("filter.hint"))),
        _select("company", [(company, company) for company in companies], words),
        _select("status", [(status, words.of("status", status)) for status in statuses], words),
        tag("output", words("filter.shown", shown=len(sites), all=len(sites)), data_words=words.table["filter.shown"]),
        class_="filter",
        id="filter",
        hidden=True,
        role="search",
        aria_label=words("filter.label"),
    )


def _select(key: str, options: list[tuple[str, str]], words: Words) -> Html:
    choices = [
        tag("option", words("filter.all"), value=""),
        *(tag("option", label, value=value) for value, label in options),
    ]
    return tag("label", words(f"filter.{key}"), tag("select", *choices, name=key))


def _key(words: Words) -> Html:
    terms = ("best", "sure", "chance", "firm", "measures", "gain", "first")
    links = join([tag("a", words(f"term.{term}"), href=f"#term-{term}") for term in terms], " · ")
    marks = [
        tag("span", tag("i", class_=f"mark {kind}", aria_hidden="true"), words(f"legend.{kind}"))
        for kind in ("range", "p50", "mean")
    ]
    return tag("p", *marks, tag("span", words("table.terms"), " ", links), class_="key note")
