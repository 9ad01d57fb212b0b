"""The result as one HTML page that asks the network for nothing."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports import appendix
from wattworth.reports.cells import headed
from wattworth.reports.charts.look import with_charts
from wattworth.reports.charts.section import ANCHOR, section
from wattworth.reports.guide import footer, guide
from wattworth.reports.headline import in_short, masthead
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.shell import document
from wattworth.reports.site_detail import site_details
from wattworth.reports.site_table import main_table
from wattworth.reports.words import ENGLISH, Words

_SECTIONS: Final = ("table", "detail", "companies", "unvalued", "doubles", "warnings", "facts", "read")


def page(result: dict[str, Any], words: Words = ENGLISH, *, charts: bool = False) -> str:
    """One self-contained HTML page of a run.

    Parameters
    ----------
    result
        The document of a run.
    words
        Language of the page.
    charts
        Whether it has the charts of the run; that takes the packages of the extra ``report``, and without them the
        section says so.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    title = words("page.title", title=str(result.get("title")))
    drawn = (section(result, words),) if charts else ()
    body = [
        tag("a", words("skip"), href="#table", class_="skip"),
        masthead(result, words),
        tag("main", in_short(result, words), _contents(words, drawn), *drawn, *_sections(result, words)),
        footer(result, words),
    ]
    return document(title, body, words)


def _contents(words: Words, drawn: tuple[Html, ...]) -> Html:
    links = [tag("a", with_charts(words)("charts.nav"), href=f"#{ANCHOR}") for _ in drawn]
    links += [tag("a", words(f"nav.{anchor}"), href=f"#{anchor}") for anchor in _SECTIONS]
    return tag("nav", join(links, " "), aria_label=words("nav"))


def _sections(result: dict[str, Any], words: Words) -> list[Html]:
    content: dict[str, tuple[str | None, Html]] = {
        "table": (words("table.note"), main_table(result, words)),
        "detail": (words("detail.note"), site_details(result, words)),
        "companies": (words("companies.note"), appendix.companies(result, words)),
        "unvalued": (None, appendix.not_valued(result, words)),
        "doubles": (None, appendix.counted_once(result, words)),
        "warnings": (None, appendix.warnings(result, words)),
        "facts": (appendix.facts_note(result, words), appendix.facts(result, words)),
        "read": (None, guide(words)),
    }
    return [
        headed(words(f"{anchor}.title"), content[anchor][0], content[anchor][1], anchor=anchor) for anchor in _SECTIONS
    ]
