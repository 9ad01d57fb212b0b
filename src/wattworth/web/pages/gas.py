"""Gas that nobody buys: where it goes, what it earns, and what each limit costs."""

from __future__ import annotations

from functools import cache
from typing import Any

from nicegui import ui

from wattworth.gas.reading import read_gas_study, study_names
from wattworth.reports.gas_page import gas_parts
from wattworth.reports.markup import Html
from wattworth.reports.words import Words
from wattworth.web.api.jobs import GasAsked
from wattworth.web.pages.documents import JobQuery, answered, asking, body, shows
from wattworth.web.pages.frame import page, said


@page("/gas", "gas")
def gas(words: Words, job: JobQuery = None) -> None:
    """The packaged studies of gas, and the allocation that was asked for."""

    def make() -> GasAsked:
        return GasAsked(kind="gas", study=str(study.value), relax=bool(relax.value))

    said(words("web.gas.note"), "note")
    names = _titles()
    with asking(words, "gas", make):
        study = ui.select(names, label=words("web.gas.study"), value=next(reversed(names))).mark("study")
        relax = ui.checkbox(words("web.gas.relax"), value=True).mark("relax")
    answered(words, "gas", "gas", job)


@shows("gas")
def sections(found: dict[str, Any], words: Words) -> Html:
    """The flows, the netbacks, and the prices of the limits."""
    return body(gas_parts(found, words), "evidence gas")


@cache
def _titles() -> dict[str, str]:
    return {name: read_gas_study(name).settings.title for name in study_names()}
