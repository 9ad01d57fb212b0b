"""Two saved runs beside each other: what changed between them, and what each change did to the value."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from wattworth import store
from wattworth.reports.markup import Html
from wattworth.reports.words import Words
from wattworth.web.api.jobs import CompareAsked
from wattworth.web.pages.comparison import comparison
from wattworth.web.pages.documents import JobQuery, answered, asking, shows
from wattworth.web.pages.frame import page, said


@page("/compare", "compare")
def compare(words: Words, job: JobQuery = None) -> None:
    """The runs that may be compared, and the comparison that was asked for."""

    def make() -> CompareAsked:
        return CompareAsked(kind="compare", before=str(before.value), after=str(after.value))

    said(words("web.compare.note"), "note")
    names = run_names(words)
    if len(names) > 1:
        newest = list(names)
        with asking(words, "compare", make):
            before = ui.select(names, label=words("web.compare.before"), value=newest[1], with_input=True)
            after = ui.select(names, label=words("web.compare.after"), value=newest[0], with_input=True)
    else:
        said(words("web.compare.few"), "note")
    answered(words, "compare", "compare", job, can_ask=len(names) > 1)


@shows("compare")
def sections(found: dict[str, Any], words: Words) -> Html:
    """The bridge by cause and by site, and what changed."""
    return comparison(found, words)


def run_names(words: Words) -> dict[str, str]:
    """Saved runs whose files are there, newest first, with what tells them apart."""
    return {
        run.run_id: words(
            "web.compare.run",
            study=run.study,
            as_of=run.as_of,
            draws=f"{run.draws:,}",
            saved=f"{run.created_at:%Y-%m-%d %H:%M}",
        )
        for run in store.runs()
        if run.files == "there"
    }
