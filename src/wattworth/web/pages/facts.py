"""Facts: where each number comes from, and another value of it for one study."""

from __future__ import annotations

from functools import lru_cache, partial
from importlib.resources import files
from typing import Annotated, Any, Final

from fastapi import Query
from nicegui import events, ui

from wattworth import store, uses
from wattworth.errors import WattworthError
from wattworth.facts import CONFIDENCES, Fact
from wattworth.facts.fact import range_problems
from wattworth.reports.cells import table
from wattworth.reports.formatting import DASH, plain
from wattworth.reports.markup import Html, join, said, tag
from wattworth.reports.numerals import localised, localised_page
from wattworth.reports.words import Words, language
from wattworth.web.overriding import asked_unit, fact_changes, faults_after
from wattworth.web.pages.frame import ROOMS, page, place
from wattworth.web.pages.frame import said as line

_COLUMNS: Final = ("fact", "value", "unit", "confidence", "source", "use")
FIRST: Final = 100
"""Facts shown before the others are asked for."""
FactQuery = Annotated[str | None, Query(max_length=100, description="A fact to give another value.")]
DraftQuery = Annotated[str | None, Query(max_length=100, description="The study it is for.")]


@page("/facts", "facts")
def facts(words: Words, fact: FactQuery = None, study: DraftQuery = None) -> None:
    """Every fact, looked for by words, by subject and by trust; one of them changed in a study."""
    line(words.count("web.facts.note", len(uses.fact_book())), "note")
    told = ui.element("div").props("aria-live=polite").classes("facts-told")
    change = _Change(words, told, study)
    ui.html(_listed(words.lang), sanitize=False)
    script = files("wattworth.web").joinpath("facts.js").read_text(encoding="utf-8")
    ui.timer(0.0, lambda: ui.run_javascript(script), once=True)

    def chosen(event: events.GenericEventArguments) -> None:
        change.open(str(event.args))

    ui.on("fact_chosen", chosen)
    if fact is not None:
        change.open(fact)


class _Change:
    """The form that gives a fact another value in one study."""

    def __init__(self, words: Words, told: ui.element, study: str | None) -> None:
        self._words, self._told, self._study = words, told, study
        with ui.dialog() as self._dialog, ui.card().classes("fact-change"):
            self._dialog.props["aria-label"] = words("web.facts.change")
            self._box = ui.element("div")

    def open(self, key: str) -> None:
        """Ask for another value of a fact."""
        fact = uses.fact_book().get(key)
        if fact is None:
            return
        self._box.clear()
        with self._box:
            self._build(fact)
        self._dialog.open()

    def _build(self, fact: Fact) -> None:
        words = self._words
        ui.html(words("web.facts.change"), sanitize=False, tag="h2")
        ui.html(str(tag("p", tag("code", fact.key, dir="ltr"))), sanitize=False)
        ends = "" if fact.low is None else f" ({_range(fact, words)})"
        packaged = words("web.facts.packaged", value=f"{_value(fact)}{ends}", unit=_unit(fact))
        line(localised(packaged, words), "note")
        drafts = {draft.draft_id: draft.name for draft in store.drafts()}
        if not drafts:
            with ui.element("p").classes("empty"):
                ui.link(words("web.facts.no_study"), place(words, "/"))
            ui.button(words("web.cancel"), on_click=self._dialog.close).props("flat no-caps")
            return
        unit, year = asked_unit(fact)
        asked = [unit, words("web.facts.money", year=year)] if year is not None else [unit]
        given = self._study if self._study in drafts else next(iter(drafts))
        with ui.element("form").classes("fields") as form:
            fields: dict[str, Any] = {
                "study": ui.select(drafts, label=words("web.facts.study"), value=given),
                "value": ui.number(words("web.facts.value_in", unit=words.row(asked)), value=fact.value),
                "low": ui.number(words("web.facts.low"), value=fact.low),
                "high": ui.number(words("web.facts.high"), value=fact.high),
                "source": ui.input(words("web.facts.source_of"), placeholder=words("web.facts.source_hint")).props(
                    "stack-label"
                ),
                "confidence": ui.select(
                    {each: words.of("confidence", each) for each in CONFIDENCES},
                    label=words("web.facts.confidence"),
                    value="assumption",
                ),
            }
            with ui.element("div").classes("buttons"):
                ui.button(words("web.facts.keep")).props("no-caps type=submit")
                ui.button(words("web.cancel"), on_click=self._dialog.close).props("flat no-caps type=button")
            problem = ui.element("div").props("role=alert")
        form.on("submit.prevent", lambda: self._keep(fact, fields, problem))

    def _keep(self, fact: Fact, fields: dict[str, Any], problem: ui.element) -> None:
        words = self._words
        typed = {name: field.value for name, field in fields.items() if name != "study"}
        wrong = _wrong(typed, words)
        problem.clear()
        if not wrong:
            try:
                draft = store.draft(str(fields["study"].value))
                changes = fact_changes(draft, fact, typed)
                wrong = faults_after(draft, changes)
                if not wrong:
                    store.change_draft(draft.draft_id, changes)
                    self._done(fact, draft)
                    return
            except WattworthError as error:
                wrong = {"": str(error)}
        for name, field in fields.items():
            field.error = wrong.pop(name, None)
        with problem:
            for message in wrong.values():
                ui.label(message).classes("wrong").props('lang="en" dir="ltr"')

    def _done(self, fact: Fact, draft: store.Draft) -> None:
        words = self._words
        self._dialog.close()
        self._told.clear()
        with self._told, ui.element("p").classes("sound"):
            ui.html("", sanitize=False, tag="span").set_content(
                words.html("web.facts.kept", fact=tag("code", fact.key, dir="ltr"), study=tag("bdi", draft.name))
            )
            ui.link(words("web.facts.see"), place(words, f"/studies/{draft.draft_id}"))


def _wrong(typed: dict[str, Any], words: Words) -> dict[str, str]:
    """What is wrong with what was typed: field to what it needs."""
    value, low, high = (typed[name] for name in ("value", "low", "high"))
    wrong: dict[str, str] = {}
    if value is None:
        wrong["value"] = words("web.facts.need.value")
    if not str(typed["source"] or "").strip():
        wrong["source"] = words("web.facts.need.source")
    for column, _ in range_problems(low if value is None else value, low, high) if value is not None else ():
        empty = typed[column] is None
        wrong.setdefault(column, words("web.facts.need.both" if empty else "web.facts.need.inside"))
    return wrong


@lru_cache(maxsize=4)
def _listed(lang: str) -> str:
    """The filter and the table of every fact."""
    words = language(lang, *ROOMS)
    heads = [(words(f"web.facts.{key}"), "n" if key == "value" else None) for key in _COLUMNS]
    book = uses.fact_book()
    rows = [_row(fact, words, hidden=place_ >= FIRST) for place_, fact in enumerate(book.values())]
    whole = table(words("web.facts.title"), heads, rows, id="facts", class_="facts-table")
    return localised_page(f"{_filter(words, len(book))}{whole}", words)


def _filter(words: Words, count: int) -> Html:
    rooms = {fact.table: words.of("web.facts.table", fact.table) for fact in uses.fact_book().values()}
    trust = {each: words.of("confidence", each) for each in CONFIDENCES}
    told = partial(words, "web.facts.shown")
    return tag(
        "form",
        tag("label", words("web.facts.seek"), tag("input", type="search", name="text", autocomplete="off")),
        tag("label", words("web.facts.room"), _select("room", words("web.facts.all"), rooms)),
        tag("label", words("web.facts.confidence"), _select("confidence", words("web.facts.all"), trust)),
        tag(
            "output", told(shown=f"{FIRST:,}", all=f"{count:,}"), data_words=words.table["web.facts.shown"], tabindex=-1
        ),
        tag("button", words("web.facts.more"), type="button", data_more=True),
        id="fact-filter",
        class_="filter fold",
        data_most=FIRST,
        role="search",
        aria_label=words("web.facts.seek"),
        data_numbers=None if words.lang == "en" else f"{words.lang}-u-nu-{words.digits}",
    )


def _select(name: str, every: str, options: dict[str, str]) -> Html:
    listed = sorted(options.items(), key=lambda option: option[1]) if name == "room" else options.items()
    return tag("select", tag("option", every, value=""), join(tag("option", t, value=v) for v, t in listed), name=name)


def _row(fact: Fact, words: Words, *, hidden: bool) -> Html:
    note = tag("small", said(fact.note)) if fact.note else None
    year = tag("small", words("web.facts.money", year=fact.money_year)) if fact.money_year is not None else None
    label = words("web.facts.change_of", fact=fact.key)
    return tag(
        "tr",
        tag("th", tag("code", fact.key, dir="ltr"), note, scope="row"),
        tag("td", _value(fact), tag("small", _range(fact, words)) if fact.low is not None else None, class_="n"),
        tag("td", tag("bdi", _unit(fact), dir="ltr"), year),
        tag("td", words.of("confidence", fact.confidence), class_=f"confidence {fact.confidence}"),
        tag("td", said(fact.source), tag("small", words("web.facts.as_of", date=fact.as_of))),
        tag("td", tag("button", words("web.facts.use_other"), type="button", data_fact=fact.key, aria_label=label)),
        id=f"fact-{fact.key}",
        hidden=hidden,
        data_room=fact.table,
        data_confidence=fact.confidence,
    )


def _value(fact: Fact) -> str:
    return plain(fact.value)


def _range(fact: Fact, words: Words) -> str:
    return DASH if fact.low is None else words.range(plain(fact.low), plain(fact.high))


def _unit(fact: Fact) -> str:
    return fact.unit.replace("_", " ")
