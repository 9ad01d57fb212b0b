"""The top of the page: what it answers, how it was made, and the numbers to take away."""

from __future__ import annotations

from typing import Any

from wattworth.reports import shell
from wattworth.reports.cells import missing, site_link, site_names
from wattworth.reports.figures import shares
from wattworth.reports.formatting import DASH, gigawatts, money, per_watt, rate
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.sites import entry, number, ranked, squeezed_ids
from wattworth.reports.story import story
from wattworth.reports.words import Words


def masthead(result: dict[str, Any], words: Words) -> Html:
    """Title, question and the line that says how the run was made."""
    tax = str(result.get("tax_losses"))
    made = (
        ("run.as_of", result.get("as_of")),
        ("run.draws", f"{result.get('draws') or 0:,}"),
        ("run.seed", result.get("seed")),
        ("run.money", words("run.money.value", year=result.get("usd_year"))),
        ("run.convention", name(str(result["convention"])) if result.get("convention") else None),
        ("run.tax", words.of("tax", tax)),
        ("run.id", name(str(result["run_id"])) if result.get("run_id") else None),
    )
    if rates := entry(result, "discount", "by_use"):
        printed = words.row(
            words("run.hurdles.of", use=words.of("use", use), rate=rate(each)) for use, each in rates.items()
        )
        made = (*made, ("run.hurdles", printed))
    heads = words("kicker"), name(str(result.get("title"))), words("question")
    return shell.masthead(heads, made, words, label="run")


def in_short(result: dict[str, Any], words: Words) -> Html:
    """Headline numbers, the paragraph, the uses and the tenant limit."""
    heading = tag("h2", words("head.title"), class_="vh", id="short-heading")
    rest = tag("div", story(result, words), _by_use(result, words), class_="lead")
    return tag("section", heading, _figures(result, words), rest, id="short", aria_labelledby="short-heading")


def _figures(result: dict[str, Any], words: Words) -> Html:
    totals, valued = result.get("totals") or {}, ranked(result)
    share = words(
        "head.gross.note",
        share=gigawatts(number(totals, "share_gross_mw")),
        firm=gigawatts(number(totals, "share_firm_gross_mw")),
    )
    assumed, used = entry(result, "facts", "assumptions"), entry(result, "facts", "used")
    figures = (
        _figure(
            words("head.value"), money(number(totals, "npv_usd", "mean")), _range(totals.get("npv_usd"), money), words
        ),
        _figure(
            words("head.per_w"),
            per_watt(number(totals, "usd_per_gross_w", "mean")),
            _range(totals.get("usd_per_gross_w"), per_watt),
            words,
        ),
        _figure(words("head.gross"), gigawatts(number(totals, "gross_mw")), text(share), words),
        _figure(words("head.sites"), f"{len(valued):,}", text(words("head.sites.of", n=len(result["sites"]))), words),
        _figure(
            words("head.doubt"),
            DASH if assumed is None else f"{assumed:,}",
            text(words("head.doubt.note", n=DASH if used is None else f"{used:,}")),
            words,
        ),
    )
    return tag("dl", *figures, class_="figures")


def _figure(label: str, printed: str, note: Html, words: Words) -> Html:
    big = missing(words("missing.no_value")) if printed == DASH else printed
    return tag("div", tag("dt", label), tag("dd", tag("strong", big), tag("small", note)))


def _range(values: Any, printer: Any) -> Html:
    """P10, P50 and P90 side by side, each under its name."""
    printed = [(key.upper(), printer(number(values, key))) for key in ("p10", "p50", "p90")]
    if any(value == DASH for _, value in printed):
        return Html("")
    return join([tag("span", tag("abbr", label), f" {value}", class_="quantile") for label, value in printed], " ")


def _by_use(result: dict[str, Any], words: Words) -> Html | None:
    groups = sorted((entry(result, "totals", "by_best_use") or {}).items(), key=lambda item: -item[1]["gross_mw"])
    if not groups:
        return None
    named = [(words.of("use", use), group) for use, group in groups]
    alt = words(
        "head.by_use.alt",
        parts=words.row(words("head.by_use.item", use=use, gw=gigawatts(group["gross_mw"])) for use, group in named),
    )
    rows = [
        tag(
            "tr",
            tag("th", tag("i", class_=f"swatch use-{place % 6}", aria_hidden="true"), use, scope="row"),
            tag("td", words.count("sites", group["sites"]), class_="n"),
            tag("td", gigawatts(group["gross_mw"]), class_="n"),
        )
        for place, (use, group) in enumerate(named)
    ]
    return tag(
        "div",
        tag("h3", words("head.by_use")),
        shares([(use, group["gross_mw"]) for use, group in named], alt),
        tag("table", tag("caption", words("head.by_use"), class_="vh"), tag("tbody", *rows), class_="small"),
        _demand(result, words),
        class_="by-use",
    )


def _demand(result: dict[str, Any], words: Words) -> Html | None:
    limit = number(result, "tenant_demand", "gw_per_year")
    if limit is None:
        return None
    names, out = site_names(result), sorted(squeezed_ids(result))
    told = [words.html("demand.limit", gw=f"{limit:g}")]
    if out:
        listed = words.listed([site_link(site_id, names) for site_id in out])
        told.append(words.count_html("demand.squeezed", len(out), names=listed))
        uncapped = money(number(result, "totals", "npv_uncapped_usd", "mean"))
        told += [words.html("demand.uncapped", value=uncapped)] if uncapped != DASH else []
    else:
        told.append(text(words("demand.none")))
    return tag("p", join(told, " "), class_="note")
