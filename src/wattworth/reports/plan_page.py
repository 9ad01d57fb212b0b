"""The plan across sites as one HTML page that asks the network for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.reports.cells import headed
from wattworth.reports.formatting import chance, money
from wattworth.reports.markup import Html, said, tag
from wattworth.reports.plan_figures import capital_bars, risk_figure, roadmap, value_steps
from wattworth.reports.plan_tables import limits_table, risk_table, roadmap_table, rules_table, why_table
from wattworth.reports.plan_words import PLAN, Document, changed, gain_usd, gap_words, sentences, status_words
from wattworth.reports.shell import document, masthead, meanings, sectioned, tile
from wattworth.reports.words import Words


def plan_html(found: Document, *, words: Words = PLAN) -> str:
    """One self-contained HTML page of what each site becomes and when, and what each limit is worth.

    Parameters
    ----------
    found
        Document of :func:`wattworth.portfolio.plan_study.plan_study`.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    title = words("pl.page.title", study=found["study"])
    lead, sections = plan_parts(found, words)
    body = sectioned("pl", _masthead(found, words), lead, sections, words, kind="evidence")
    return document(title, body, words)


def plan_parts(found: Document, words: Words) -> tuple[Html, list[tuple[str, Html]]]:
    """What the page says in short, and its sections, each with its anchor."""
    return _in_short(found, words), _sections(found, words)


def _sections(found: Document, words: Words) -> list[tuple[str, Html]]:
    changes = bool(changed(found))
    drawn = f"{found['against']['draws']:,}"
    made: list[tuple[str, list[Html]]] = [
        ("roadmap", [roadmap(found, words), *([roadmap_table(found, words)] if changes else [])]),
        ("value", [value_steps(found, words)]),
        ("limits", [limits_table(found, words)]),
        ("capital", [capital_bars(found, words)]),
        ("risk", [risk_figure(found, words), *([risk_table(found, words)] if found["frontier"] else [])]),
        ("against", [rules_table(found, words)]),
        ("why", [why_table(found, words)]),
    ]
    listed = [
        (anchor, headed(words(f"pl.{anchor}.title"), words(f"pl.{anchor}.note", draws=drawn), *content, anchor=anchor))
        for anchor, content in made
    ]
    terms = meanings("pl", words, share=chance(found["aim"]["tail_frac"]))
    return [*listed, ("read", headed(words("pl.read.title"), None, terms, anchor="read"))]


def _masthead(found: Document, words: Words) -> Html:
    made: list[tuple[str, object]] = [
        ("study", found["study"]),
        ("as_of", found["as_of"]),
        ("periods", words("pl.run.periods.value", n=found["periods"], months=found["period_months"])),
        ("draws", f"{found['draws']:,}"),
        ("seed", found["seed"]),
        ("gap", gap_words(found)),
        ("status", status_words(found, words)),
        ("schema", found["schema_version"]),
    ]
    heads = words("pl.kicker"), words("pl.title"), words("pl.question")
    return masthead(heads, [(f"pl.run.{key}", value) for key, value in made], words, label="pl.run")


def _in_short(found: Document, words: Words) -> Html:
    first, *rest = sentences(found, words)
    left = [words("pl.left.one", site=site["site"], reason=site["reason"]) for site in found["left_out"]]
    told = [*rest, *([words("pl.left", list=words.row(left))] if left else []), *map(said, found["notes"])]
    return tag(
        "section",
        tag("h2", words("pl.short.title"), class_="vh", id="short-heading"),
        tag("dl", *_tiles(found, words), class_="figures"),
        tag("p", tag("strong", first), class_="story"),
        tag("ul", *(tag("li", each) for each in told), class_="notes"),
        id="short",
        aria_labelledby="short-heading",
    )


def _tiles(found: Document, words: Words) -> Iterator[Html]:
    value, sites = found["plan"]["value_usd"], words.count("pl.sites", len(found["sites"]))
    spent = sum(sum(period["usd"].values()) for period in found["capital"])
    ends = {key: money(value[key]) for key in ("p10", "p90")}
    made = (
        ("value", money(value["mean"]), words("pl.tile.value.note", **ends)),
        ("gain", money(gain_usd(found)), words("pl.tile.gain.note", sites=sites)),
        ("changes", f"{len(changed(found)):,}", words("pl.tile.changes.note", sites=sites)),
        ("capital", money(spent), words("pl.tile.capital.note")),
        ("gap", gap_words(found), words("pl.tile.gap.note", status=status_words(found, words))),
    )
    for key, printed, note in made:
        yield tile(words(f"pl.tile.{key}"), printed, note)
