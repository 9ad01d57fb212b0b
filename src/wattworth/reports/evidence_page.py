"""The evidence as one HTML page that asks the network for nothing: back-test and comparables."""

from __future__ import annotations

from typing import Any

from wattworth.reports import evidence_comps, evidence_deals, evidence_scores
from wattworth.reports.cells import headed
from wattworth.reports.evidence_figures import legend, panels, scored_measures
from wattworth.reports.evidence_words import EVIDENCE
from wattworth.reports.markup import Html, tag
from wattworth.reports.shell import document, masthead, meanings, sectioned
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
    title = words("ev.page.title" if backtest or not comps else "ev.page.title.comps")
    lead, sections = evidence_parts(backtest, comps, words)
    body = sectioned("ev", _masthead(backtest, comps, words), lead, sections, words, kind="evidence")
    return document(title, body, words)


def evidence_parts(
    backtest: dict[str, Any] | None, comps: dict[str, Any] | None, words: Words
) -> tuple[Html, list[tuple[str, Html]]]:
    """What the page says in short, and its sections, each with its anchor."""
    lead = evidence_scores.in_short(backtest, words) if backtest else tag("p", words("ev.no_backtest"), class_="note")
    sections = [
        *(_of_backtest(backtest, words) if backtest else []),
        *(_of_comps(comps, words) if comps else []),
        _guide(words),
    ]
    return lead, sections


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
    asked = [words(f"ev.question.{what}") for what, found in (("deals", backtest), ("comps", comps)) if found]
    title = words("ev.title" if backtest or not comps else "ev.title.comps")
    return masthead((words("ev.kicker"), title, " ".join(asked)), made, words, label="ev.run")


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
    return "read", headed(words("ev.read.title"), None, meanings("ev", words), anchor="read")
