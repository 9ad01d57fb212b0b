"""Evidence: disclosed deals against what was known before them, and what the market pays beside a run."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from nicegui import ui

from wattworth.reports.evidence_page import evidence_parts
from wattworth.reports.markup import Html, tag
from wattworth.reports.numerals import localised_page
from wattworth.reports.words import Words
from wattworth.web import results
from wattworth.web.api.jobs import BacktestAsked
from wattworth.web.pages.compare import run_names
from wattworth.web.pages.documents import JobQuery, answered, asking, body, later, shows
from wattworth.web.pages.frame import page, place, said

RunQuery = Annotated[str | None, Query(max_length=200, description="A saved run, whose companies are compared.")]


@page("/evidence", "evidence")
def evidence(words: Words, job: JobQuery = None, run: RunQuery = None) -> None:
    """The back-test that was asked for, or the comparables of a run."""

    def make() -> BacktestAsked:
        asked: dict[str, Any] = {"draws": draws.value}
        return BacktestAsked(kind="backtest", **asked)

    said(words("web.evidence.note"), "note")
    with ui.element("div").classes("two-forms"):
        with ui.element("div"), asking(words, "evidence", make):
            draws = ui.number(words("web.study.draws"), value=4_096, min=1, max=100_000, precision=0)
        _beside(words, run)
    if run is None:
        answered(words, "evidence", "backtest", job)
    else:
        results.run_of(run)
        later(words, partial(_comparables, run, words))


@shows("backtest")
def sections(found: dict[str, Any], words: Words) -> Html:
    """The scores, the misses and the deals."""
    return body(evidence_parts(found, None, words), "evidence")


def _beside(words: Words, run: str | None) -> None:
    names = run_names(words)
    if not names:
        return

    def go() -> None:
        ui.navigate.to(f"{place(words, '/evidence')}?run={quote(str(chosen.value))}")

    with ui.element("form").classes("asking").props(f'aria-label="{words("web.evidence.beside")}"') as form:
        with ui.element("div").classes("fields"):
            given = run if run in names else next(iter(names))
            chosen = ui.select(names, label=words("web.evidence.run"), value=given)
        ui.button(words("web.evidence.beside")).props("outline no-caps type=submit")
    form.on("submit.prevent", go)


def _comparables(run: str, words: Words) -> str:
    _, shown = evidence_parts(None, results.comparables(run), words)
    return localised_page(str(tag("div", *(section for _, section in shown), class_="evidence")), words)
