"""Where an analyst begins: a workbook of one's own, packaged studies, and drafts."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files

from nicegui import run, ui

from wattworth import store
from wattworth.reports.markup import tag
from wattworth.reports.words import Words
from wattworth.study import packaged_names
from wattworth.web import drafting
from wattworth.web.pages.frame import page, place, said
from wattworth.web.settings import MEGABYTE

MOST_BYTES = 20 * MEGABYTE


@page("/", "studies")
def studies(words: Words) -> None:
    """The upload, packaged studies, and drafts."""
    said(words("web.studies.note"), "note")
    with ui.element("div").classes("studies"):
        with ui.element("section"):
            _heading(words("web.studies.own"))
            _upload(words)
            said(words("web.studies.blank.note"), "note")
            _start(words, "blank", words("web.studies.blank"))
        with ui.element("section"):
            _heading(words("web.studies.packaged"))
            for name in packaged_names():
                with ui.element("p"):
                    ui.html("", sanitize=False, tag="b").set_content(name)
                    said(words(f"web.studies.is.{name}") if f"web.studies.is.{name}" in words.table else "", "note")
                _start(words, name, words("web.studies.start"))
    _heading(words("web.studies.drafts"))
    _drafts(words)


def _heading(text: str) -> None:
    ui.html(text, sanitize=False, tag="h2")


def _upload(words: Words) -> None:
    field = tag(
        "input",
        type="file",
        accept=".xlsx,.xlsm",
        data_upload=True,
        data_most=MOST_BYTES,
        data_open=place(words, "/studies/"),
        data_waiting=words("web.studies.waiting"),
        data_refused=words("web.studies.refused"),
        data_rejected=words("web.studies.rejected", mb=f"{MOST_BYTES / MEGABYTE:g}"),
    )
    label = tag("label", words("web.studies.upload"), field)
    told = [tag("p", role="status", class_="note"), tag("p", role="alert")]
    ui.html(str(tag("div", label, *told, class_="upload")), sanitize=False)
    ui.add_body_html(f"<script>{_script()}</script>")


@cache
def _script() -> str:
    return files("wattworth.web").joinpath("upload.js").read_text(encoding="utf-8")


def _start(words: Words, origin: str, label: str) -> None:
    async def start() -> None:
        draft = await run.io_bound(drafting.started_from, origin)
        assert draft is not None
        ui.navigate.to(place(words, f"/studies/{draft.draft_id}"))

    ui.button(label, on_click=start).props("outline no-caps").mark(f"start-{origin}")


@ui.refreshable
def _drafts(words: Words) -> None:
    known = store.drafts()
    if not known:
        said(words("web.studies.none"), "empty")
    for draft in known:
        with ui.element("div").classes("draft"):
            ui.link(draft.name, place(words, f"/studies/{draft.draft_id}"))
            said(f"{draft.changed_at:%Y-%m-%d %H:%M} UTC", "note")
            label = words("web.studies.delete", name=draft.name)
            ui.button(words("web.studies.delete.short"), on_click=partial(_ask, words, draft)).props(
                "flat dense no-caps color=negative"
            ).props["aria-label"] = label


def _ask(words: Words, draft: store.Draft) -> None:
    def delete() -> None:
        store.delete_draft(draft.draft_id)
        dialog.close()
        _drafts.refresh()

    with ui.dialog(value=True) as dialog, ui.card():
        ui.label(words("web.studies.sure", name=draft.name))
        with ui.row():
            ui.button(words("web.studies.delete.short"), on_click=delete).props("no-caps color=negative")
            ui.button(words("web.cancel"), on_click=dialog.close).props("flat no-caps")
