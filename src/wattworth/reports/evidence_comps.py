"""Comparables: what the market and buyers pay per watt, beside our risked sum of the parts, and why they differ."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.evidence_figures import scrolled
from wattworth.reports.evidence_ladder import (
    DENOMINATORS,
    basis_words,
    company_steps,
    company_waterfall,
    ladder,
    ladder_legend,
    market_per_w,
)
from wattworth.reports.formatting import DASH, megawatts, money, per_watt
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.sites import entry, number
from wattworth.reports.words import Words

_SECURED: Final = DENOMINATORS[0]


def market(comps: dict[str, Any], words: Words) -> Html:
    """What it comes to, the ladder and what it proves."""
    story = _story(comps, words)
    told = tag("p", join([tag("strong", story[0]), *story[1:]], " "), class_="story") if story else None
    caption = tag("p", words("ev.ladder.caption"), class_="note")
    shown = [told, ladder_legend(words), ladder(comps, words), caption, _notes(comps, words)]
    return join([each for each in shown if each is not None])


def companies(comps: dict[str, Any], words: Words) -> Html:
    """Every company: ours beside the market's value per kind of watt, the gap, then its ladder."""
    found = comps.get("companies") or []
    if not found:
        return tag("p", words("ev.companies.none"), class_="note")
    heads: list[tuple[str, str | None]] = [(words("col.company"), None)]
    heads += [(words(f"ev.col.{key}"), "n") for key in ("firm", "our_w", "worth")]
    heads += [(words(f"ev.col.{key}"), "n") for key in DENOMINATORS]
    heads += [(words("ev.col.indicative"), "n"), (words("ev.col.gap"), "n"), (words("ev.col.why"), None)]
    rows = [_company_row(company, words) for company in found]
    laddered = [company for company in found if company_steps(company)]
    told: list[Html] = [table(words("ev.companies.title"), heads, rows, class_="small words scores wide")]
    told.append(tag("h3", words("ev.ladders.title")))
    if not laddered:
        return join([*told, tag("p", words("ev.ladders.none"), class_="note")])
    told.append(tag("p", words("ev.ladders.note"), class_="note"))
    steps = [
        tag(
            "div",
            tag("dt", words.of("step", f"ladder {step}")),
            tag("dd", _meaning(f"ev.step.{step}", str(what).removeprefix("level: "), words)),
        )
        for step, what in (comps.get("steps") or {}).items()
    ]
    told.append(tag("dl", *steps, class_="steps"))
    return join([*told, *(_ladder(company, comps, words) for company in laddered)])


def sales_and_peers(comps: dict[str, Any], words: Words) -> Html:
    """The figures behind the ladder, with their watts, dates and sources."""
    sales, peers = comps.get("site_sales") or [], comps.get("peers") or []
    told: list[Html] = [tag("h3", words("ev.ladder.site_sales"))]
    told.append(_sales(sales, words) if sales else tag("p", words("ev.sales.none"), class_="note"))
    told.append(tag("h3", words("ev.ladder.peers")))
    told.append(_peers(peers, words) if peers else tag("p", words("ev.peers.none"), class_="note"))
    return join(told)


def _story(comps: dict[str, Any], words: Words) -> list[Html]:
    found = comps.get("companies") or []
    secured = sorted(value for each in found if (value := market_per_w(each, _SECURED)) is not None)
    ours = sorted(value for each in found if (value := number(each, "ours", "usd_per_gross_w", "mean")) is not None)
    told: list[Html] = []
    if secured:
        between = words.range(per_watt(secured[0]), per_watt(secured[-1]))
        told.append(words.html("ev.comps.market", companies=words.count("ev.companies", len(secured)), between=between))
    whole = entry(comps, "sector", "sum") or {}
    market_w, ours_w = (number(whole, f"{key}_usd_per_secured_w") for key in ("market_cap", "ours"))
    if market_w is not None and ours_w is not None:
        n = words.count("ev.companies", int(whole.get("companies") or 0))
        told.append(words.html("ev.comps.sum", companies=n, market=per_watt(market_w), ours=per_watt(ours_w)))
    if ours:
        between = words.range(per_watt(ours[0]), per_watt(ours[-1]))
        told.append(words.html("ev.comps.ours", companies=words.count("ev.companies", len(ours)), between=between))
    sold = comps.get("site_sales_closed") or {}
    if sold:
        low, middle, high = (per_watt(number(sold, f"{key}_usd_per_w")) for key in ("low", "median", "high"))
        told.append(words.html("ev.comps.sold", n=sold.get("n"), between=words.range(low, high), median=middle))
    above = [gap for each in found if (gap := _gap(each)) is not None]
    if above:
        told.append(words.html("ev.comps.gap", part=sum(gap > 0 for gap in above), whole=len(above)))
    return told


def _notes(comps: dict[str, Any], words: Words) -> Html:
    printed = [
        words(
            "ev.analysts.sector",
            who=row.get("company"),
            value=row["analyst_value_usd_m_per_mw"],
            basis=row.get("analyst_value_basis") or words("unknown"),
        )
        for row in entry(comps, "sector", "printed") or ()
        if row.get("analyst_value_usd_m_per_mw")
    ]
    notes = [tag("li", said(str(note))) for note in comps.get("notes") or ()]
    notes += [tag("li", each) for each in printed]
    if not notes:
        return Html("")
    return join([tag("h3", words("ev.notes.title")), tag("ul", *notes, class_="small notes")])


def _company_row(company: dict[str, Any], words: Words) -> Html:
    value = entry(company, "market", "value")
    why = "; ".join(str(reason) for reason in company.get("reasons") or ())
    label = entry(company, "market", "value", "label")
    kinds = [tag("td", _per_kind(company, kind, words), class_="n wrap") for kind in DENOMINATORS]
    indicative = number(company, "market", "indicative_usd_per_w", _SECURED, "usd_per_w")
    gap = _gap(company)
    return tag(
        "tr",
        tag("th", name(str(company.get("company"))), scope="row"),
        tag("td", shown(megawatts(number(company, "ours", "share_firm_gross_mw")), words("missing")), class_="n"),
        tag("td", _ours(company, words), class_="n"),
        tag("td", _worth(value, words), class_="n wrap"),
        *kinds,
        tag("td", shown(per_watt(indicative, unit=False), words("ev.no_indicative")), class_="n"),
        tag("td", shown(_signed_w(gap), words("ev.no_gap")), class_="n"),
        tag("td", said(why or str(label or ""))),
    )


def _ours(company: dict[str, Any], words: Words) -> Html:
    printed = {
        key: per_watt(number(company, "ours", "usd_per_gross_w", key), unit=False) for key in ("mean", "p10", "p90")
    }
    if printed["mean"] == DASH:
        return missing(words("missing.no_firm"))
    if DASH in printed.values():
        return text(printed["mean"])
    return join([printed["mean"], tag("small", words.range(printed["p10"], printed["p90"]))])


def _worth(value: dict[str, Any] | None, words: Words) -> Html:
    if not value:
        return missing(words("ev.no_value"))
    basis = basis_words(value.get("basis"), words)
    dated = str(value.get("as_of") or words("unknown"))
    return join([money(number(value, "usd")), tag("small", words.row([basis, dated]))])


def _per_kind(company: dict[str, Any], kind: str, words: Words) -> Html:
    """Market value over one kind of watts, and a word where the two are far apart in time."""
    printed = shown(per_watt(market_per_w(company, kind), unit=False), _no_watts(company, kind, words))
    found = entry(company, "market", "usd_per_w", kind) or {}
    if not found.get("far_apart") or not found.get("apart_days"):
        return printed
    apart = words.count("ev.apart", int(found["apart_days"]))
    return join([printed, tag("small", apart, class_="tie")])


def _no_watts(company: dict[str, Any], kind: str, words: Words) -> str:
    reason = entry(company, "market", "usd_per_w", kind, "reason")
    return str(reason) if reason else words("ev.no_value")


def _gap(company: dict[str, Any]) -> float | None:
    """What the market pays above our sum of the parts. [$/W secured]"""
    for ending in company.get("endings") or ():
        for step in ending.get("steps") or ():
            if step.get("step") == "remainder":
                return number(step, "usd_per_gross_w")
    return None


def _signed_w(value: float | None) -> str:
    printed = per_watt(value, unit=False)
    return "+" + printed if value is not None and value > 0 and printed != "$0.00" else printed


def _ladder(company: dict[str, Any], comps: dict[str, Any], words: Words) -> Html:
    steps = {str(step["step"]): number(step, "usd_per_gross_w") for step in company_steps(company)}
    basis = entry(company, "endings")
    ends = basis_words(basis[0].get("basis"), words) if basis else words("ev.ladders.no_market")
    summary = tag(
        "summary",
        tag("span", tag("strong", name(str(company.get("company"))))),
        tag("span", tag("small", ends), class_="best"),
        tag("span", _ends(steps, words), class_="n"),
    )
    share = number(company, "ladder", "with_waterfall_frac")
    told = (
        tag("p", words("ev.ladders.share", share=f"{100 * share:.0f}%"), class_="note") if share is not None else None
    )
    body = tag(
        "div",
        told,
        scrolled(company_waterfall(company, words), words("ev.ladders.drawn", company=company.get("company")), words),
        _status(company, comps, words),
        _analysts(company, words),
        class_="body",
    )
    return tag("details", summary, body, class_="site")


def _ends(steps: dict[str, float | None], words: Words) -> str:
    ours, paid = per_watt(steps.get("ours"), unit=False), per_watt(steps.get("market"), unit=False)
    return words("ev.ladders.ours", ours=ours) if paid == DASH else words("ev.ladders.ends", ours=ours, market=paid)


def _status(company: dict[str, Any], comps: dict[str, Any], words: Words) -> Html | None:
    parts, meant = entry(company, "ladder", "status") or [], comps.get("status_parts") or {}
    if not parts:
        return None
    heads: list[tuple[str, str | None]] = [
        (words("ev.status.part"), None),
        (words("ev.status.change"), "n"),
        (words("ev.status.what"), None),
    ]
    rows = [
        tag(
            "tr",
            tag("th", _meaning(f"ev.status.name.{part.get('part')}", str(part.get("part")), words), scope="row"),
            tag("td", shown(_signed_w(number(part, "usd_per_gross_w")), words("missing")), class_="n"),
            tag("td", _meaning(f"ev.status.is.{part.get('part')}", str(meant.get(part.get("part")) or ""), words)),
        )
        for part in parts
    ]
    return table(words("ev.status.caption", company=company.get("company")), heads, rows, class_="small")


def _meaning(key: str, otherwise: str, words: Words) -> Html:
    """The words of the language for what the engine names, else its own."""
    return text(words(key)) if key in words.table else said(otherwise)


def _analysts(company: dict[str, Any], words: Words) -> Html | None:
    value = entry(company, "market", "analyst_value_usd_m_per_mw")
    if not value:
        return None
    basis = entry(company, "market", "analyst_value_basis") or words("unknown")
    return tag("p", words("ev.analysts", value=value, basis=basis), class_="note")


def _sales(sales: list[dict[str, Any]], words: Words) -> Html:
    heads: list[tuple[str, str | None]] = [(words("ev.col.deal"), None), (words("ev.col.sold"), None)]
    heads += [(words(f"ev.col.{key}"), "n") for key in ("per_w", "price", "mw")]
    heads += [(words(f"ev.col.{key}"), None) for key in ("watts", "outcome", "source")]
    rows = [
        tag(
            "tr",
            tag(
                "th",
                name(str(sale.get("deal_id"))),
                tag("small", str(sale.get("announced") or ""), class_="nowrap"),
                scope="row",
            ),
            tag("td", name(str(sale.get("company") or "")), tag("small", name(str(sale.get("site") or "")))),
            tag(
                "td",
                shown(per_watt(number(sale, "usd_per_w")), str(sale.get("reason") or words("missing"))),
                class_="n",
            ),
            tag("td", shown(money(number(sale, "price_usd")), words("ev.not_given")), class_="n"),
            tag("td", shown(megawatts(number(sale, "price_mw")), words("ev.not_given")), class_="n"),
            tag("td", _told(sale.get("price_mw_basis"), words)),
            tag("td", words.of("ev.outcome", sale.get("outcome"))),
            tag("td", said(str(sale.get("source") or ""))),
        )
        for sale in sales
    ]
    return tag("div", table(words("ev.ladder.site_sales"), heads, rows, class_="small words"), class_="long")


def _told(what: object, words: Words) -> Html:
    return said(str(what)) if what else text(words("unknown"))


def _peers(peers: list[dict[str, Any]], words: Words) -> Html:
    heads: list[tuple[str, str | None]] = [(words("col.company"), None), (words("ev.col.kind"), None)]
    heads += [(words(f"ev.col.{key}"), "n") for key in ("per_w", "worth", "mw")]
    heads += [(words(f"ev.col.{key}"), None) for key in ("watts", "source")]
    rows = [
        tag(
            "tr",
            tag("th", name(str(peer.get("company"))), scope="row"),
            tag("td", words.of("ev.kind", peer.get("kind"))),
            tag(
                "td",
                shown(
                    per_watt(number(peer, "usd_per_w", "stated", "usd_per_w")),
                    str(entry(peer, "usd_per_w", "stated", "reason") or words("missing")),
                ),
                class_="n",
            ),
            tag("td", _worth(peer.get("value"), words), class_="n"),
            tag("td", shown(megawatts(number(peer, "usd_per_w", "stated", "mw")), words("ev.not_given")), class_="n"),
            tag("td", _told(peer.get("watts_kind"), words)),
            tag("td", said(str(peer.get("source") or entry(peer, "value", "label") or ""))),
        )
        for peer in peers
    ]
    return tag("div", table(words("ev.ladder.peers"), heads, rows, class_="small words"), class_="long")
