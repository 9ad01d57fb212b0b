"""Saved runs."""

from __future__ import annotations

from nicegui import ui

from wattworth import store
from wattworth.reports.cells import table
from wattworth.reports.formatting import DASH, money
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.numerals import localised
from wattworth.reports.words import Words
from wattworth.store import RunRecord
from wattworth.web.pages.frame import page, place, said


@page("/runs", "runs")
def runs(words: Words) -> None:
    """Every saved run, newest first."""
    known = store.runs()
    if not known:
        said(words("web.runs.none"), "empty")
        return
    heads = [(words(f"web.runs.{key}"), kind) for key, kind in _COLUMNS]
    ui.html(str(table(words("web.runs.title"), heads, [_row(words, run) for run in known])), sanitize=False)


_COLUMNS = (("run", None), ("study", None), ("saved", None), ("as_of", None), ("draws", "n"), ("value", "n"))


def _row(words: Words, run: RunRecord) -> Html:
    there = run.files == "there"
    link = tag("a", run.run_id, href=place(words, f"/runs/{run.run_id}")) if there else run.run_id
    value = DASH if run.mean_usd is None else localised(money(run.mean_usd), words)
    return tag(
        "tr",
        tag("th", link, None if there else tag("small", words("web.runs.gone")), scope="row"),
        tag("td", name(run.study)),
        tag("td", f"{run.created_at:%Y-%m-%d %H:%M}", dir="ltr"),
        tag("td", run.as_of),
        tag("td", f"{run.draws:,}", class_="n"),
        tag("td", value, class_="n"),
    )
