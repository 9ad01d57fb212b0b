"""A national power gap: a published model, asked as printed or with its sources drawn, and what is short."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from nicegui import ui

from wattworth.gap import model_names, read_model
from wattworth.reports.gap_page import gap_parts
from wattworth.reports.markup import Html
from wattworth.reports.words import Words
from wattworth.web.api.jobs import GapAsked
from wattworth.web.pages.documents import JobQuery, answered, asking, body, shows
from wattworth.web.pages.frame import page, said

MODES: Final = ("simulated", "expected", "as_printed")


@page("/gap", "gap")
def gap(words: Words, job: JobQuery = None) -> None:
    """The models, and the balance that was asked for."""

    def make() -> GapAsked:
        asked: dict[str, Any] = {"model": model.value, "mode": mode.value, "draws": draws.value}
        return GapAsked(kind="gap", **asked)

    said(words("web.gap.note"), "note")
    names = _titles()
    with asking(words, "gap", make):
        model = ui.select(names, label=words("web.gap.model"), value=next(iter(names))).mark("model")
        modes = {each: words(f"gp.mode.{each}") for each in MODES}
        mode = ui.select(modes, label=words("web.gap.mode"), value=MODES[0]).mark("mode")
        draws = ui.number(words("web.study.draws"), value=100_000, min=1, max=1_000_000, precision=0).mark("draws")
    answered(words, "gap", "gap", job)


@shows("gap")
def sections(found: dict[str, Any], words: Words) -> Html:
    """The balance, its figures and its numbers."""
    return body(gap_parts(found, words), "evidence gap")


@cache
def _titles() -> dict[str, str]:
    """Packaged models, newest first."""
    return {name: read_model(name).title for name in reversed(model_names())}
