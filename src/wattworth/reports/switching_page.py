"""When to switch as one HTML page that asks the network for nothing: what to do now, and where that flips."""

from __future__ import annotations

from wattworth.reports.cells import headed, missing
from wattworth.reports.markup import Html, beside, join, name, tag
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
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", words("sw.page.title", study=found.get("study") or words("unknown"))),
        tag("style", beside("page.css")),
    )
    links = [tag("a", words(f"sw.nav.{anchor}"), href=f"#{anchor}") for anchor, _ in sections]
    lead = in_short(found, words) if free else tag("p", words("sw.none"), class_="note")
    body = tag(
        "body",
        tag("a", words("sw.skip"), href=f"#{sections[0][0]}", class_="skip"),
        _masthead(found, words),
        tag(
            "main",
            lead,
            tag("nav", join(links, " "), aria_label=words("sw.nav")),
            *(section for _, section in sections),
            class_="evidence switching",
        ),
        tag("footer", tag("p", words("sw.foot"))),
        tag("script", beside("page.js")),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang=words.lang, dir=words.direction) + "\n"


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
    return [*listed, ("read", headed(words("sw.read.title"), None, _terms(found, words), anchor="read"))]


def _masthead(found: Document, words: Words) -> Html:
    freedom = found.get("freedom") or {}
    until = number(freedom, "lease_until_month")
    made: list[tuple[str, object]] = [
        ("study", found.get("study")),
        ("as_of", found.get("as_of")),
        ("dates", words("sw.run.dates.value", every=freedom.get("every_months"), end=end_label(found))),
        ("lease", words("sw.run.lease.open") if until is None else month_label(found, until)),
        ("steps", words(f"sw.run.steps.{'half' if freedom.get('stages') else 'whole'}")),
        ("draws", _count(found, "draws")),
        ("training_draws", _count(found, "training_draws")),
        ("seed", found.get("seed")),
        ("schema", found.get("schema_version")),
    ]
    pairs = [
        tag(
            "div",
            tag("dt", words(f"sw.run.{key}")),
            tag("dd", name(str(value)) if value is not None else missing(words("missing"))),
        )
        for key, value in made
    ]
    return tag(
        "header",
        tag("p", words("sw.kicker"), class_="kicker"),
        tag("h1", words("sw.title")),
        tag("p", words("sw.question"), class_="question"),
        tag("dl", *pairs, class_="run", aria_label=words("sw.run")),
    )


def _terms(found: Document, words: Words) -> Html:
    """Terms and their meanings, with the numbers of this run."""
    terms = [key.removeprefix("sw.term.") for key in words.table if key.startswith("sw.term.")]
    fields = {
        "training": _count(found, "training_draws"),
        "draws": _count(found, "draws"),
        "end": end_label(found),
    }
    pairs = [
        tag("div", tag("dt", words(f"sw.term.{term}")), tag("dd", words(f"sw.is.{term}", **fields))) for term in terms
    ]
    return tag("dl", *pairs, class_="terms")


def _count(found: Document, key: str) -> str | None:
    counted = entry(found, key)
    return None if counted is None else f"{counted:,}"
