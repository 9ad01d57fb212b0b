"""Work asked for: the queue, and one piece of work as it goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

from fastapi import Path
from nicegui import ui

from wattworth import store
from wattworth.errors import WattworthError
from wattworth.reports.numerals import localised
from wattworth.reports.words import Words
from wattworth.store import Job
from wattworth.web.api import jobs as api
from wattworth.web.pages.frame import page, place, said

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
LOOK_S: Final = 0.5
"""How often a page looks at work that goes on. [s]"""
_DOCUMENTS: Final = {"plan": "/plan", "gap": "/gap", "gas": "/gas", "backtest": "/evidence", "compare": "/compare"}


@page("/jobs", "jobs")
def jobs(words: Words) -> None:
    """All work, newest first."""
    listed = ui.element("div")
    shown: list[tuple[str, str, int]] = [("", "", 0)]

    def look() -> None:
        known = store.jobs()
        now = [(job.job_id, job.state, job.done) for job in known]
        if now == shown:
            return
        shown[:] = now
        listed.clear()
        with listed:
            if not known:
                said(words("web.jobs.none"), "empty")
            for job in known:
                _line(words, job)

    look()
    ui.timer(LOOK_S, look)


@page("/jobs/{job_id}", "job")
def job(words: Words, job_id: JobId) -> None:
    """One piece of work, live until it has ended."""
    api.known(job_id)
    box = ui.element("section").props("aria-live=polite")
    state, moved = "", _still

    def look() -> None:
        nonlocal state, moved
        known = store.job(job_id)
        if known.state == state:
            moved(known)  # what stands there stays, and the keyboard with it
            return
        state = known.state
        box.clear()
        with box:
            moved = whole(words, known)
        if known.state == "done" and known.run_id is not None and watched:
            ui.navigate.to(place(words, f"/runs/{known.run_id}"))
        if known.state in store.ENDED:
            timer.deactivate()

    watched = store.job(job_id).state in store.LIVE
    timer = ui.timer(LOOK_S, look)
    look()


def answer(words: Words, job: Job) -> str | None:
    """Address of the page that shows what a piece of work made, or None."""
    if job.state != "done":
        return None
    if job.run_id is not None:
        return place(words, f"/runs/{job.run_id}")
    if job.kind == "explain":
        return place(words, f"/runs/{job.options['run']}/sites/{job.options['site']}?job={job.job_id}")
    return f"{place(words, _DOCUMENTS[job.kind])}?job={job.job_id}"


def _line(words: Words, job: Job) -> None:
    with ui.element("div").classes("job").props(f"data-state={job.state}"):
        ui.link(f"{words(f'web.jobs.kind.{job.kind}')}: {job.title}", place(words, f"/jobs/{job.job_id}"))
        said(words(f"web.jobs.state.{job.state}"), f"state {job.state}")
        said(f"{job.created_at:%Y-%m-%d %H:%M:%S} UTC", "note")
        if job.state == "running" and job.total:
            said(f"{100 * job.done // job.total}%", "note")
        if where := answer(words, job):
            ui.link(words("web.jobs.answer"), where)


def whole(words: Words, job: Job) -> Callable[[Job], None]:
    """What a piece of work is, how far, what went wrong, and what can be done about it.

    Parameters
    ----------
    words, job
        Language and work.

    Returns
    -------
    callable
        Shows how far the work has come while it is in the same state.
    """
    said(f"{words(f'web.jobs.kind.{job.kind}')}: {job.title}", "study-name")
    said(words(f"web.jobs.state.{job.state}"), f"state {job.state}")
    said(words(f"web.jobs.is.{job.state}"), "note")
    moved = _progress(words, job) if job.state == "running" else _still
    if job.error is not None:
        with ui.element("div").classes("wrong").props('role=alert lang="en" dir="ltr"'):
            said(str(job.error.get("detail", "")), "pre")
    with ui.row():
        if job.state in store.LIVE:
            ui.button(words("web.jobs.cancel"), on_click=partial(_cancel, job)).props("outline no-caps")
        elif job.state != "done":
            ui.button(words("web.jobs.again"), on_click=partial(_again, words, job)).props("no-caps")
        if where := answer(words, job):
            ui.link(words("web.jobs.answer"), where)
    return moved


def _progress(words: Words, job: Job) -> Callable[[Job], None]:
    bar = ui.linear_progress(value=0.0, show_value=False, size="8px")
    bar.props["aria-label"] = words("web.jobs.progress")
    told = ui.label("").classes("note").props("aria-live=off")

    def moved(now: Job) -> None:
        if not now.total:
            bar.props("indeterminate")
            return
        bar.props(remove="indeterminate").set_value(now.done / now.total)
        told.set_text(localised(words("web.jobs.draws", done=f"{now.done:,}", total=f"{now.total:,}"), words))

    moved(job)
    return moved


def _still(_: Job) -> None:
    """Nothing moves."""


def _cancel(job: Job) -> None:
    try:
        api.cancel(job.job_id)
    except WattworthError as error:
        ui.notify(str(error))


def _again(words: Words, job: Job) -> None:
    ui.navigate.to(place(words, f"/jobs/{api.restart(job.job_id).job_id}"))
