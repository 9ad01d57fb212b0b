"""One site of a run: its uses side by side, what drives it, and what it would be worth with other inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Path, Query
from nicegui import run as threads
from nicegui import ui

from wattworth import store
from wattworth.errors import StudyError, WattworthError
from wattworth.reports.cells import table
from wattworth.reports.formatting import DASH, money, plain, rate
from wattworth.reports.markup import tag
from wattworth.reports.numerals import localised, localised_page
from wattworth.reports.site_detail import site_body
from wattworth.reports.sites import number
from wattworth.reports.timeline_detail import details
from wattworth.reports.words import Words
from wattworth.valuation import Run
from wattworth.valuation.inputs import Input, find
from wattworth.valuation.solve import solve
from wattworth.web import results
from wattworth.web.api import jobs
from wattworth.web.pages.charts import charts
from wattworth.web.pages.explained import explained
from wattworth.web.pages.frame import page, place, said
from wattworth.web.pages.result import RunId
from wattworth.web.problems import NotFoundError

SiteId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
JobQuery = Annotated[str | None, Query(max_length=100, description="An explanation; the newest without.")]
FIGURES: Final = ("uses", "waterfall", "fan", "tornado")
SLIDERS: Final = ("rent", "capex", "delay", "power", "bitcoin")
"""Inputs that sliders move, by their short names."""
STEPS: Final = 60
_COLUMNS: Final = (("use", None), ("now", "n"), ("was", "n"), ("change", "n"))


@page("/runs/{run_id}/sites/{site_id}", "site")
def site(words: Words, run_id: RunId, site_id: SiteId, job: JobQuery = None) -> None:
    """Everything of a site, the sliders, and why its best use won once that was asked."""
    run = results.run_of(run_id)
    found = results.site_in(run, site_id)
    ui.page_title(f"{found['site']} \N{MIDDLE DOT} wattworth")
    said(f"{found['site']}, {found['company']}", "study-name")
    ui.html(
        localised_page(str(tag("a", words("web.site.back"), href=place(words, f"/runs/{run_id}"))), words),
        sanitize=False,
    )
    if not found.get("valued"):
        said(str(found.get("reason") or words("unvalued.no_reason")), "empty")
        return
    if run.study is not None:
        _Sliders(words, run, found).build()
    ui.html(localised_page(str(site_body(found, run.result, words)), words), sanitize=False).classes("site")
    charts(words, run_id, FIGURES, site_id=site_id)
    if run.study is not None:
        _timeline(words, run_id, site_id)
        _why(words, run_id, site_id, job)


class _Sliders:
    """What the site would be worth with other inputs, answered while the slider moves."""

    def __init__(self, words: Words, run: Run, site: dict[str, Any]) -> None:
        self._words, self._run, self._site = words, run, site
        self._site_id = str(site["site_id"])
        self._use = next((use for use in ("turnkey", "powered_shell") if use in site["uses"]), str(site["best_use"]))
        self._inputs: dict[str, Input] = {}
        self._moved: dict[str, float] = {}
        self._asked = 0

    def build(self) -> None:
        words = self._words
        with ui.element("section").classes("what-if"):
            ui.html(words("web.site.what_if"), sanitize=False, tag="h2")
            said(words("web.site.what_if.note", draws=results.QUICK_DRAWS), "note")
            with ui.element("div").classes("sliders"):
                for name in SLIDERS:
                    self._slider(name)
            if "rent" in self._inputs and self._use != self._site["today_use"]:
                with ui.element("div").classes("goal"):
                    ui.button(words("web.site.goal"), on_click=self._seek).props("outline no-caps").mark("goal")
                    self._goal = ui.label("").props("aria-live=polite")
            self._answer = ui.html("", sanitize=False).props("aria-live=polite").mark("what-if")
        means = {use: number(each, "risked_npv_usd", "mean") for use, each in self._site["uses"].items()}
        self._show({use: (mean, 0.0) for use, mean in means.items() if mean is not None})

    def _slider(self, name: str) -> None:
        study = results.study_in(self._run)
        try:
            asked = find(study, name, self._site_id, self._use)
        except StudyError:
            return
        low, high = asked.search_range or (None, None)
        if low is None or high is None or not low < high:
            return
        self._inputs[name] = asked
        value = min(max(asked.value or 0.0, low), high)
        label = self._words(f"web.site.input.{name}")
        with ui.element("div").classes("one"):
            with ui.element("div"):
                ui.label(label)
                shown = ui.label(self._printed(asked, value)).classes("n")
            # a field of the browser's own, out of reach of the framework, which would set it back to where it began
            field = tag(
                "input",
                type="range",
                min=low,
                max=high,
                step=(high - low) / STEPS,
                value=value,
                aria_label=label,
            )
            slider = ui.html(str(field), sanitize=False).mark(f"slider-{name}")

            def moved(event: Any) -> None:
                shown.set_text(self._printed(asked, float(event.args)))

            told = "event => emit(event.target.value)"
            slider.on("input", moved, throttle=0.1, js_handler=told)
            slider.on("change", lambda event: self._again(name, float(event.args)), js_handler=told)

    def _printed(self, asked: Input, value: float) -> str:
        unit, words = asked.unit, self._words
        amount = rate(value) if unit == "frac" else plain(value)
        if unit.startswith("$"):
            amount = f"${amount}{'m' if unit.startswith('$M') else ''}"
        key = f"web.unit.{unit}"
        if key in words.table:
            return words(key, n=localised(amount, words))
        return localised(amount if unit == "frac" else f"{amount} {unit.removeprefix('$')}".replace(" /", "/"), words)

    async def _again(self, name: str, value: float) -> None:
        self._asked += 1
        self._moved[name] = value
        turn = self._asked
        self._answer.classes("waiting").props("aria-busy=true")
        try:
            found = await threads.io_bound(results.moved, self._run, self._site_id, dict(self._moved), self._use)
        except WattworthError as error:
            ui.notify(str(error), type="negative")
            found = None
        if turn != self._asked:
            return
        self._answer.classes(remove="waiting").props(remove="aria-busy")
        if found is not None:
            self._show(found)

    async def _seek(self) -> None:
        words, today = self._words, str(self._site["today_use"])
        self._goal.set_text(words("web.site.goal.seeking"))
        try:
            answer = await threads.io_bound(
                solve,
                results.study_in(self._run),
                site=self._site_id,
                use=self._use,
                for_input="rent",
                metric=f"gain_over:{today}",
                target=0.0,
                draws=results.QUICK_DRAWS,
            )
        except WattworthError as error:
            self._goal.set_text(str(error))
            return
        if answer is None:
            return
        if answer.status == "none":
            self._goal.set_text(words("web.site.goal.none"))
            return
        printed = self._printed(self._inputs["rent"], answer.value)
        use, other = words.of("use", self._use), words.of("use", today)
        self._goal.set_text(words("web.site.goal.found", use=use, other=other, rent=printed))

    def _show(self, found: Mapping[str, tuple[float, float | None]]) -> None:
        words, rows = self._words, []
        ranked = sorted(found, key=lambda use: -found[use][0])
        for use in ranked:
            now, change = found[use]
            was = number(self._site["uses"].get(use) or {}, "risked_npv_usd", "mean")
            cells = [tag("td", money(each), class_="n") for each in (now, was, change)]
            is_best = use == ranked[0]
            mark = tag("small", words("uses.best")) if is_best else None
            head = tag("th", words.of("use", use), mark, scope="row")
            rows.append(tag("tr", head, *cells, class_="best-use" if is_best else None, data_use=use))
        heads = [(words(f"web.site.col.{key}"), kind) for key, kind in _COLUMNS]
        best = tag("strong", words.of("use", ranked[0])) if ranked else DASH
        told = tag("p", words.html("web.site.best", use=best), data_best=ranked[0] if ranked else None)
        self._answer.set_content(localised_page(f"{told}{table(words('web.site.what_if'), heads, rows)}", words))


def _timeline(words: Words, run_id: str, site_id: str) -> None:
    """When there is power, and what it waits for, drawn once the page stands."""
    ui.html(words("web.site.timeline"), sanitize=False, tag="h2")
    box = ui.html(str(tag("p", words("web.charts.waiting"), class_="note", role="status")), sanitize=False)

    async def fill() -> None:
        found = await threads.io_bound(results.timeline, run_id, site_id)
        if found is not None:
            box.set_content(localised_page(str(details(found, words)).replace("<details ", "<details open ", 1), words))

    ui.timer(0.1, fill, once=True)


def _why(words: Words, run_id: str, site_id: str, job_id: str | None) -> None:
    """The explanation that was made, or how far it is, or the button that asks for one."""

    async def ask() -> None:
        job = await threads.io_bound(jobs.ask, jobs.ExplainAsked(kind="explain", run=run_id, site=site_id))
        assert job is not None
        ui.navigate.to(place(words, f"/jobs/{job.job_id}"))

    known = [
        job
        for job in store.jobs()
        if job.kind == "explain" and (job.options["run"], job.options["site"]) == (run_id, site_id)
    ]
    if job_id is not None and all(job.job_id != job_id for job in known):
        raise NotFoundError(f"{job_id}: there is no such explanation of this site")
    done = [job for job in known if job.state == "done" and job_id in (None, job.job_id)]
    ui.html(words("web.site.why"), sanitize=False, tag="h2").props("id=why")
    if done:
        found = store.job_document(done[0].job_id) or {}
        ui.html(localised_page(str(explained(found, words)), words), sanitize=False).classes("why")
        ui.link(words("web.site.why.data"), f"/api/v1/jobs/{done[0].job_id}/document")
        return
    said(words("web.site.why.note"), "note")
    live = next((job for job in known if job.state in store.LIVE), None)
    if live is not None:
        ui.link(words("web.site.why.live"), place(words, f"/jobs/{live.job_id}"))
    else:
        ui.button(words("web.site.why.ask"), on_click=ask).props("outline no-caps").mark("explain")
