"""Rooms whose answer is a document: what is asked, how far it is, and the sections of the report on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any, Final

from fastapi import Query
from nicegui import run, ui
from pydantic import ValidationError

from wattworth import store
from wattworth.errors import WattworthError
from wattworth.reports.markup import Html, beside, tag
from wattworth.reports.numerals import localised, localised_page
from wattworth.reports.words import Words, language
from wattworth.store import Job
from wattworth.web.api import jobs as api
from wattworth.web.pages.frame import ROOMS, place, said, wrong
from wattworth.web.pages.jobs import LOOK_S, whole
from wattworth.web.problems import NotFoundError

JobQuery = Annotated[str | None, Query(max_length=100, description="A piece of work; the newest that is done without.")]
Document = dict[str, Any]
Sections = Callable[[Document, Words], Html]
_KEPT: Final = 16
_ROOMS: dict[str, Sections] = {}


def shows(kind: str) -> Callable[[Sections], Sections]:
    """Register what shows the documents of a kind of work."""

    def register(made: Sections) -> Sections:
        _ROOMS[kind] = made
        return made

    return register


def body(parts: tuple[Html, list[tuple[str, Html]]], kind: str) -> Html:
    """Sections of a report without what its page has around them.

    Parameters
    ----------
    parts
        What it says in short, and anchor and content of each section.
    kind
        Classes that its style goes by.
    """
    lead, sections = parts
    return tag("div", lead, *(section for _, section in sections), class_=kind)


@contextmanager
def asking(words: Words, room: str, make: Callable[[], api.Asked]) -> Iterator[None]:
    """A form in a box of its own; what stands in it is asked for by one button below.

    Parameters
    ----------
    words
        Language.
    room
        Path of the page without its stroke, which shows the answer; the button says ``web.<room>.ask``.
    make
        What is asked, from the fields as they are.
    """
    with ui.element("form").classes("asking").props(f'aria-label="{words(f"web.{room}.ask")}"') as form:
        with ui.element("div").classes("fields"):
            yield
        ui.button(words(f"web.{room}.ask")).props("no-caps type=submit").mark("ask")
    problem = ui.element("div").props("role=alert")

    async def ask() -> None:
        problem.clear()
        try:
            job = await run.io_bound(api.ask, make())
        except (WattworthError, ValidationError) as error:
            with problem, ui.element("div").classes("wrong"):
                said(words("web.room.refused"), "note")
                ui.label(_told(error)).classes("pre").props('lang="en" dir="ltr"')
            return
        assert job is not None
        ui.navigate.to(f"{place(words, f'/{room}')}?job={job.job_id}")

    form.on("submit.prevent", ask)


def answered(words: Words, room: str, kind: str, job_id: str | None, *, can_ask: bool = True) -> None:
    """The answer of a room: the document of a piece of work, how far it is, or what the room is for.

    Parameters
    ----------
    words
        Language; ``web.<room>.empty`` and ``web.<room>.answers.<n>`` say what the room is for.
    room
        Path of the page without its stroke.
    kind
        Of the work.
    job_id
        The piece of work; None for the newest that is done.
    can_ask
        Whether the page has something to ask with.

    Raises
    ------
    NotFoundError
        If there is no such work of that kind.
    """
    known = [job for job in store.jobs() if job.kind == kind]
    wanted = [job for job in known if (job.state == "done" if job_id is None else job.job_id == job_id)]
    if job_id is not None and not wanted:
        raise NotFoundError(f"{job_id}: there is no such piece of work")
    for job in known:
        if job.state in store.LIVE and job.job_id != job_id:
            with ui.element("p").classes("note"):
                ui.link(f"{words('web.room.running')}: {job.title}", f"{place(words, f'/{room}')}?job={job.job_id}")
    if wanted:
        _watched(words, wanted[0].job_id)
    else:
        _empty(words, room, can_ask=can_ask)


def later(words: Words, make: Callable[[], str]) -> None:
    """Markup that takes a moment to make, shown once it is there."""
    box = ui.element("section").classes("answer").props("aria-live=polite")
    with box:
        said(words("web.room.loading"), "note")

    async def show() -> None:
        try:
            made = await run.io_bound(make)
        except WattworthError as error:
            box.clear()
            with box:
                wrong(words, error)
            return
        box.clear()
        with box:
            _sections(made or "")

    ui.timer(0.0, show, once=True)


def _sections(made: str) -> None:
    """Markup of a report, with the script that opens what its links lead to."""
    ui.html(made, sanitize=False)
    ui.run_javascript(f"(() => {{{beside('page.js')}}})()")


@lru_cache(maxsize=_KEPT)
def markup(job_id: str, kind: str, lang: str) -> str:
    """Sections of the document that a piece of work made; what has ended does not change."""
    words = language(lang, *ROOMS)
    return localised_page(_ROOMS[kind](store.job_document(job_id) or {}, words), words)


def _watched(words: Words, job_id: str) -> None:
    box = ui.element("section").classes("answer").props("aria-live=polite")
    last: list[tuple[str, int]] = []
    with box:
        said(words("web.room.loading"), "note")

    async def look() -> None:
        job = store.job(job_id)
        if last == [(job.state, job.done)]:
            return
        last[:] = [(job.state, job.done)]
        if job.state in store.ENDED:
            timer.deactivate()
        shown = await run.io_bound(markup, job_id, job.kind, words.lang) if job.state == "done" else None
        box.clear()
        with box:
            if shown is None:
                whole(words, job)
            else:
                _made(words, job)
                _sections(shown)

    timer = ui.timer(LOOK_S, look)


def _made(words: Words, job: Job) -> None:
    """Of what, when, and the same as data."""
    when = f"{job.ended_at or job.created_at:%Y-%m-%d %H:%M}"
    told = [*([job.title] if job.title else []), words("web.room.made", when=when)]
    if (draws := job.options.get("draws")) and job.options.get("mode") != "as_printed":
        told.append(words.count("web.room.draws", int(draws)))
    with ui.element("p").classes("made"):
        for text in told:
            ui.html("", sanitize=False, tag="span").set_content(tag("bdi", localised(text, words)))
        ui.link(words("web.room.data"), f"/api/v1/jobs/{job.job_id}/document")


def _empty(words: Words, room: str, *, can_ask: bool) -> None:
    start = f"web.{room}.answers."
    answers = [words(key) for key in words.table if key.startswith(start)]
    with ui.element("section").classes("empty room-empty"):
        ui.html(words(f"web.{room}.empty"), sanitize=False, tag="h2")
        ui.html(tag("ul", *(tag("li", each) for each in answers)), sanitize=False)
        if can_ask:
            said(words("web.room.begin"), "note")


def _told(error: WattworthError | ValidationError) -> str:
    if isinstance(error, WattworthError):
        return str(error)
    return "\n".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
