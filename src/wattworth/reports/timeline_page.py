"""Time to power as one HTML page that asks the network for nothing: a Gantt of every site, with odds."""

from __future__ import annotations

from wattworth.reports.cells import headed
from wattworth.reports.formatting import chance
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.shell import document, masthead, meanings, sectioned
from wattworth.reports.sites import entry, number
from wattworth.reports.timeline_detail import details
from wattworth.reports.timeline_sites import Document, sites_of
from wattworth.reports.timeline_story import in_short
from wattworth.reports.timeline_tables import decides, gantt, months_worth
from wattworth.reports.timeline_words import TIMELINE, months_words
from wattworth.reports.words import Words


def timeline_html(found: Document, *, words: Words = TIMELINE) -> str:
    """One self-contained HTML page of when each site can have power and its first rent.

    Parameters
    ----------
    found
        Document of :func:`wattworth.valuation.time_to_power.time_to_power`.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    sections = [*(_of_sites(found, words) if sites_of(found) else []), _guide(found, words)]
    title = words("tl.page.title", study=found.get("study") or words("unknown"))
    lead = in_short(found, words) if sites_of(found) else tag("p", words("tl.none"), class_="note")
    body = sectioned("tl", _masthead(found, words), lead, sections, words, kind="evidence timeline")
    return document(title, body, words)


def _masthead(found: Document, words: Words) -> Html:
    value_draws = number(found, "value_draws")
    made: list[tuple[str, object]] = [
        ("study", name(str(found["study"])) if found.get("study") else None),
        ("as_of", found.get("as_of")),
        ("draws", _count(number(found, "draws"))),
        ("value_draws", _count(value_draws) if value_draws else words("tl.run.value_draws.none")),
        ("seed", found.get("seed")),
        ("slippage", words("tl.run.slippage.value", **_slippage(found))),
        ("correlation", chance(number(found, "correlation_frac"))),
        ("schema", found.get("schema_version")),
    ]
    heads = words("tl.kicker"), words("tl.title"), words("tl.question")
    return masthead(heads, [(f"tl.run.{key}", value) for key, value in made], words, label="tl.run")


def _of_sites(found: Document, words: Words) -> list[tuple[str, Html]]:
    content = {"gantt": gantt, "gates": decides, "month": months_worth, "detail": details}
    return [
        (
            anchor,
            headed(words(f"tl.{anchor}.title"), words(f"tl.{anchor}.note"), made(found, words), anchor=anchor),
        )
        for anchor, made in content.items()
    ]


def _guide(found: Document, words: Words) -> tuple[str, Html]:
    """Terms and their meanings, with the numbers of this run."""
    fields = {**_slippage(found), "share": chance(number(found, "correlation_frac"))}
    return "read", headed(words("tl.read.title"), None, meanings("tl", words, **fields), anchor="read")


def _slippage(found: Document) -> dict[str, str]:
    slippage = entry(found, "slippage")
    return {
        "on_time": chance(number(slippage, "on_time_frac")),
        "months": months_words(number(slippage, "late_mean_months")),
    }


def _count(draws: float | None) -> str | None:
    return None if draws is None else f"{draws:,.0f}"
