"""When to switch as one HTML page that asks the network for nothing: what to do now, and where that flips."""

from __future__ import annotations

from wattworth.reports.cells import headed
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.shell import document, masthead, meanings, sectioned
from wattworth.reports.sites import entry, number
from wattworth.reports.switching_story import in_short
from wattworth.reports.switching_tables import bound, details, every_site
from wattworth.reports.switching_words import SWITCHING, Document, bound_sites, end_label, free_sites, month_label
from wattworth.reports.words import Words


def switching_html(found: Document, *, words: Words = SWITCHING) -> str:
    """One self-contained HTML page of what to do with each site now, and what waiting is worth.

    Parameters
    ----------
    found
        Document of :func:`wattworth.valuation.when_to_switch.when_to_switch`.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    free = free_sites(found)
    sections = _sections(found, words)
    title = words("sw.page.title", study=found.get("study") or words("unknown"))
    lead = in_short(found, words) if free else tag("p", words("sw.none"), class_="note")
    body = sectioned("sw", _masthead(found, words), lead, sections, words, kind="evidence switching")
    return document(title, body, words)


def _sections(found: Document, words: Words) -> list[tuple[str, Html]]:
    made: list[tuple[str, Html]] = []
    if free_sites(found):
        made += [("every", every_site(found, words)), ("detail", details(found, words))]
    if bound_sites(found):
        made.append(("bound", bound(found, words)))
    listed = [
        (
            anchor,
            headed(words(f"sw.{anchor}.title"), words(f"sw.{anchor}.note"), content, anchor=anchor),
        )
        for anchor, content in made
    ]
    counted = {"training": _count(found, "training_draws"), "draws": _count(found, "draws"), "end": end_label(found)}
    terms = meanings("sw", words, **counted)
    return [*listed, ("read", headed(words("sw.read.title"), None, terms, anchor="read"))]


def _masthead(found: Document, words: Words) -> Html:
    freedom = found.get("freedom") or {}
    until = number(freedom, "lease_until_month")
    made: list[tuple[str, object]] = [
        ("study", name(str(found["study"])) if found.get("study") else None),
        ("as_of", found.get("as_of")),
        ("dates", words("sw.run.dates.value", every=freedom.get("every_months"), end=end_label(found))),
        ("lease", words("sw.run.lease.open") if until is None else month_label(found, until)),
        ("steps", words(f"sw.run.steps.{'half' if freedom.get('stages') else 'whole'}")),
        ("draws", _count(found, "draws")),
        ("training_draws", _count(found, "training_draws")),
        ("seed", found.get("seed")),
        ("schema", found.get("schema_version")),
    ]
    heads = words("sw.kicker"), words("sw.title"), words("sw.question")
    return masthead(heads, [(f"sw.run.{key}", value) for key, value in made], words, label="sw.run")


def _count(found: Document, key: str) -> str | None:
    counted = entry(found, key)
    return None if counted is None else f"{counted:,}"
