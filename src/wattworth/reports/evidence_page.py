"""The evidence as one HTML page that asks the network for nothing: back-test and comparables."""

from __future__ import annotations

from typing import Any

from wattworth.reports import evidence_comps, evidence_deals, evidence_scores
from wattworth.reports.cells import headed, missing
from wattworth.reports.evidence_figures import legend, panels, scored_measures
from wattworth.reports.evidence_words import EVIDENCE
from wattworth.reports.markup import Html, beside, join, name, tag
from wattworth.reports.words import Words


def evidence_html(backtest: dict[str, Any] | None, comps: dict[str, Any] | None, *, words: Words = EVIDENCE) -> str:
    """One self-contained HTML page of a back-test and of the comparables.

    Parameters
    ----------
    backtest
        Document of a back-test, or None.
    comps
        Document of the comparables, or None.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    sections = [
        *(_of_backtest(backtest, words) if backtest else []),
        *(_of_comps(comps, words) if comps else []),
        _guide(words),
    ]
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", words("ev.page.title" if backtest or not comps else "ev.page.title.comps")),
        tag("style", beside("page.css")),
    )
    links = [tag("a", words(f"ev.nav.{anchor}"), href=f"#{anchor}") for anchor, _ in sections]
    lead = evidence_scores.in_short(backtest, words) if backtest else tag("p", words("ev.no_backtest"), class_="note")
    body = tag(
        "body",
        tag("a", words("ev.skip"), href=f"#{sections[0][0]}", class_="skip"),
        _masthead(backtest, comps, words),
        tag(
            "main",
            lead,
            tag("nav", join(links, " "), aria_label=words("ev.nav")),
            *(section for _, section in sections),
            class_="evidence",
        ),
        tag("footer", tag("p", words("ev.foot"))),
        tag("script", beside("page.js")),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang=words.lang, dir=words.direction) + "\n"


def _masthead(backtest: dict[str, Any] | None, comps: dict[str, Any] | None, words: Words) -> Html:
    made: list[tuple[str, object]] = []
    if backtest:
        dates = [str(deal["announced"]) for deal in backtest.get("deals") or () if deal.get("announced")]
        made = [
            ("ev.run.tape", backtest.get("tape")),
            ("ev.run.span", words.range(dates[0], dates[-1]) if dates else None),
            ("ev.run.draws", f"{backtest.get('draws') or 0:,}"),
            ("ev.run.seed", backtest.get("seed")),
        ]
    if comps:
        made += [
            (f"ev.run.{key}", comps.get(field))
            for key, field in (("study", "title"), ("as_of", "as_of"), ("id", "run_id"))
        ]
    if document := backtest or comps:
        made.append(("ev.run.schema", document.get("schema_version")))
    pairs = [
        tag(
            "div",
            tag("dt", words(key)),
            tag("dd", name(str(value)) if value is not None else missing(words("missing"))),
        )
        for key, value in made
    ]
    asked = [words(f"ev.question.{what}") for what, found in (("deals", backtest), ("comps", comps)) if found]
    return tag(
        "header",
        tag("p", words("ev.kicker"), class_="kicker"),
        tag("h1", words("ev.title" if backtest or not comps else "ev.title.comps")),
        tag("p", " ".join(asked), class_="question"),
        tag("dl", *pairs, class_="run", aria_label=words("ev.run")) if pairs else None,
    )


def _of_backtest(backtest: dict[str, Any], words: Words) -> list[tuple[str, Html]]:
    drawn: list[Html] = [tag("p", words("ev.nothing"), class_="note")]
    if scored_measures(backtest):
        drawn = [legend(words), panels(backtest, words)]
    content: dict[str, tuple[str | None, list[Html]]] = {
        "scores": (words("ev.scores.note"), [evidence_scores.score_table(backtest, words)]),
        "panels": (words("ev.panels.caption"), drawn),
        "coverage": (words("ev.cover.note"), [evidence_scores.coverage(backtest, words)]),
        "misses": (words("ev.misses.note"), [evidence_deals.misses(backtest, words)]),
        "deals": (words("ev.deals.note"), [evidence_deals.deals(backtest, words)]),
        "left_out": (None, [evidence_deals.left_out(backtest, words)]),
    }
    titles = {"coverage": "ev.cover.title"}
    return [
        (anchor, headed(words(titles.get(anchor, f"ev.{anchor}.title")), note, *shown, anchor=anchor))
        for anchor, (note, shown) in content.items()
    ]


def _of_comps(comps: dict[str, Any], words: Words) -> list[tuple[str, Html]]:
    content: dict[str, tuple[str | None, Html]] = {
        "market": (None, evidence_comps.market(comps, words)),
        "companies": (words("ev.companies.note"), evidence_comps.companies(comps, words)),
        "sources": (words("ev.sources.note"), evidence_comps.sales_and_peers(comps, words)),
    }
    return [
        (anchor, headed(words(f"ev.{anchor}.title"), note, shown, anchor=anchor))
        for anchor, (note, shown) in content.items()
    ]


def _guide(words: Words) -> tuple[str, Html]:
    """Terms and their meanings."""
    terms = [key.removeprefix("ev.term.") for key in words.table if key.startswith("ev.term.")]
    pairs = [tag("div", tag("dt", words(f"ev.term.{term}")), tag("dd", words(f"ev.is.{term}"))) for term in terms]
    return "read", headed(words("ev.read.title"), None, tag("dl", *pairs, class_="terms"), anchor="read")
