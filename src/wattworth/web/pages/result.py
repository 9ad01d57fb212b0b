"""The result of a run: the numbers to take away, the table of sites, figures, and files to take along."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from fastapi import Path
from nicegui import ui

from wattworth.reports import appendix
from wattworth.reports.cells import headed
from wattworth.reports.headline import in_short
from wattworth.reports.markup import Html, beside, join, tag
from wattworth.reports.numerals import localised_page
from wattworth.reports.site_table import main_table
from wattworth.reports.words import Words, language
from wattworth.web import results
from wattworth.web.pages.charts import charts
from wattworth.web.pages.frame import ROOMS, page, place, said

RunId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
FIGURES = ("ranking", "map", "time_to_power", "value")
KINDS = ("xlsx", "pdf", "html")
_WHEN_THERE = """(() => {
  const begin = () => { %s };
  const seen = new MutationObserver(() => {
    if (!document.querySelector("#sites")) return;
    seen.disconnect();
    begin();
  });
  seen.observe(document.body, { childList: true, subtree: true });
})()"""
"""Runs a script as soon as the table stands, which is before the page is connected."""


@page("/runs/{run_id}", "run")
def result(words: Words, run_id: RunId) -> None:
    """The whole result, its sites linked to pages of their own."""
    found = results.run_of(run_id).result
    said(str(found["title"]), "study-name")
    top, rest = _markup(run_id, words.lang)
    ui.html(top, sanitize=False)
    charts(words, run_id, FIGURES)
    ui.html(rest, sanitize=False)
    ui.add_body_html(f"<script>{_WHEN_THERE % beside('page.js')}</script>")


@lru_cache(maxsize=16)
def _markup(run_id: str, lang: str) -> tuple[str, str]:
    """What stands above and below the figures; a run does not change."""
    found, words = results.run_of(run_id).result, language(lang, *ROOMS)
    return linked(_top(found, words), words, run_id), linked(_rest(found, words), words, run_id)


def linked(html: Html, words: Words, run_id: str) -> str:
    """Markup of a report whose links to sites lead to their pages, its amounts said in the language."""
    sites = place(words, f"/runs/{run_id}/sites/")
    return localised_page(str(html).replace('href="#site-', f'href="{sites}'), words)


def files(words: Words, run_id: str) -> Html:
    """Links to the run as files."""
    links = [
        tag(
            "a", words(f"web.run.{kind}"), href=f"/api/v1/runs/{run_id}/reports/{kind}?lang={words.lang}", download=True
        )
        for kind in KINDS
    ]
    return tag("p", words("web.run.files"), " ", join(links, " · "), class_="files")


def _top(found: dict[str, Any], words: Words) -> Html:
    table = headed(words("table.title"), words("table.note"), main_table(found, words), anchor="table")
    return join([files(words, str(found["run_id"])), in_short(found, words), table])


def _rest(found: dict[str, Any], words: Words) -> Html:
    parts: tuple[tuple[str, str | None, Html], ...] = (
        ("companies", words("companies.note"), appendix.companies(found, words)),
        ("unvalued", None, appendix.not_valued(found, words)),
        ("doubles", None, appendix.counted_once(found, words)),
        ("warnings", None, appendix.warnings(found, words)),
        ("facts", appendix.facts_note(found, words), appendix.facts(found, words)),
    )
    return join([headed(words(f"{name}.title"), note, content, anchor=name) for name, note, content in parts])
