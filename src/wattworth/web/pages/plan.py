"""A plan: what each site of a study becomes and when, under limits that all share."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from wattworth.reports.markup import Html
from wattworth.reports.plan_page import plan_parts
from wattworth.reports.words import Words
from wattworth.web.api.jobs import PlanAsked
from wattworth.web.api.studies import list_studies
from wattworth.web.pages.documents import JobQuery, answered, asking, body, shows
from wattworth.web.pages.frame import page, said


@page("/plan", "plan")
def plan(words: Words, job: JobQuery = None) -> None:
    """The studies that may be planned, and the plan that was asked for."""

    def make() -> PlanAsked:
        asked: dict[str, Any] = {"study": study.value, "draws": draws.value, "time_limit_s": limit.value}
        return PlanAsked(kind="plan", **asked)

    said(words("web.plan.note"), "note")
    known = list_studies()
    names = {each.study_id: each.name if each.kind == "draft" else words("web.plan.packaged", study=each.name)
             for each in known}  # fmt: skip
    with asking(words, "plan", make):
        first = next((each.study_id for each in known if each.kind == "draft"), known[0].study_id)
        study = ui.select(names, label=words("web.plan.study"), value=first).mark("study")
        draws = ui.number(words("web.study.draws"), value=1_000, min=1, max=100_000, precision=0).mark("draws")
        limit = ui.number(words("web.plan.limit"), value=20, min=1, max=600, precision=0).mark("limit")
    answered(words, "plan", "plan", job)


@shows("plan")
def sections(found: dict[str, Any], words: Words) -> Html:
    """The roadmap, what the plan is worth, and what each limit costs."""
    return body(plan_parts(found, words), "evidence")
