"""Where an analyst begins: a workbook of one's own, packaged studies, and drafts."""

from __future__ import annotations

from functools import partial

from nicegui import events, run, ui

from wattworth import store
from wattworth.errors import WattworthError
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
    problem = ui.element("div").props("role=alert")

    async def take(event: events.UploadEventArguments) -> None:
        try:
            data = await event.file.read()
            draft = await run.io_bound(drafting.taken_in, data, event.file.name)
        except WattworthError as error:
            problem.clear()
            with problem:
                said(f"{words('web.studies.refused')} {error}", "wrong")
            upload.reset()
            return
        assert draft is not None
        ui.navigate.to(place(words, f"/studies/{draft.draft_id}"))

    def reject() -> None:
        problem.clear()
        with problem:
            said(words("web.studies.rejected", mb=f"{MOST_BYTES / MEGABYTE:g}"), "wrong")

    upload = ui.upload(
        label=words("web.studies.upload"),
        auto_upload=True,
        max_files=1,
        max_file_size=MOST_BYTES,
        on_upload=take,
        on_rejected=reject,
    ).props('accept=".xlsx,.xlsm" flat bordered')


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
