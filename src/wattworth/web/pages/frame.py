"""What every page of the app has around it: its language, the ways to the others, and its errors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

from fastapi import Request
from nicegui import ui
from starlette.datastructures import URL

from wattworth.errors import WattworthError
from wattworth.reports.catalogue import languages
from wattworth.reports.markup import Html, beside, tag
from wattworth.reports.words import Words, language
from wattworth.web.problems import NotFoundError
from wattworth.web.style import STYLE

ROOMS: Final = ("web", "charts", "evidence", "gap", "gas", "plan", "power", "switching", "timeline")
"""Whose words the pages use."""
WAYS: Final = ("/", "/runs", "/jobs", "/compare", "/gap", "/plan", "/gas", "/evidence", "/facts")
"""Pages that every page links to."""
FIRST: Final = languages()[0]
_SHORT: Final = {"/": "studies"}

Builder = Callable[..., Any]


def page(path: str, name: str) -> Callable[[Builder], Builder]:
    """Register a page in every language: ``/runs`` in the first, ``/ar/runs`` in another.

    Parameters
    ----------
    path
        Where it is, with parameters as FastAPI writes them.
    name
        ``web.<name>.title`` is its title. The builder is given the words as its first argument, then the parameters
        of the path and the query that it names.
    """

    def register(build: Builder) -> Builder:
        for lang in languages():
            prefix = "" if lang == FIRST else f"/{lang}"
            words = language(lang, *ROOMS)
            title = f"{words(f'web.{name}.title')} · wattworth"
            ui.page(f"{prefix}{path.rstrip('/')}" or "/", title=title, language=_quasar(lang), dark=None)(
                _built(build, words, name)
            )
        return build

    return register


def place(words: Words, path: str) -> str:
    """Address of a page in the language of the words."""
    prefix = "" if words.lang == FIRST else f"/{words.lang}"
    return f"{prefix}{path}" if path != "/" else prefix or "/"


def _quasar(lang: str) -> Any:
    """Name of a language as the framework has it."""
    return "en-US" if lang == "en" else lang


def _built(build: Builder, words: Words, name: str) -> Builder:
    asked = inspect.signature(build, eval_str=True)
    own = [one for place_, one in enumerate(asked.parameters.values()) if place_ > 0]
    takes = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)

    @wraps(build)
    async def built(*, request: Request, **given: Any) -> None:
        with frame(words, name, request.url):
            try:
                made = build(words, **given)
                if inspect.isawaitable(made):
                    await made
            except WattworthError as error:
                wrong(words, error)

    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    setattr(built, "__signature__", inspect.Signature([*named, takes]))  # noqa: B010 - what the framework reads
    built.__annotations__ = {one.name: one.annotation for one in (*named, takes)}
    del built.__wrapped__
    return built


@contextmanager
def frame(words: Words, name: str, url: URL) -> Iterator[None]:
    """The head, the ways, and the main part that a page fills."""
    ui.add_head_html(f"<style>{beside('page.css')}{STYLE}</style>")
    ui.colors(primary="#0a5870", secondary="#bb872d", negative="#9a3412", positive="#3d7f74")
    ui.context.client.page_container.default_slot.children[0].props(
        "role=presentation"
    )  # the page has a main of its own
    with ui.element("header").classes("app-bar"):
        _link(tag("a", "wattworth", class_="brand", href=place(words, "/")))
        with ui.element("nav").props(f'aria-label="{words("web.ways")}"'):
            for way in WAYS:
                short = _SHORT.get(way, way.strip("/"))
                here = "page" if place(words, way) == url.path else None
                _link(tag("a", words(f"web.way.{short}"), href=place(words, way), aria_current=here))
        for lang in languages():
            if lang != words.lang:
                other = language(lang, "web")
                there = turned(url, words, other)
                _link(tag("a", other("web.language"), class_="other", lang=lang, hreflang=lang, href=there))
    main = ui.element("main").classes("page").props("tabindex=-1")
    ui.skip_link(words("web.skip"), target=main)
    with main:
        ui.html(words(f"web.{name}.title"), sanitize=False, tag="h1")
        yield


def said(text: str, kind: str) -> None:
    """A line of text of a class."""
    ui.label(text).classes(kind)


def turned(url: URL, words: Words, other: Words) -> str:
    """The same page in another language."""
    bare = url.path if words.lang == FIRST else url.path.removeprefix(f"/{words.lang}")
    return place(other, bare or "/") + (f"?{url.query}" if url.query else "")


def _link(link: Html) -> None:
    ui.html(link, sanitize=False, tag="span")


def wrong(words: Words, error: WattworthError) -> None:
    """What went wrong, and a way on."""
    kind = "web.wrong.missing" if isinstance(error, NotFoundError) else "web.wrong.title"
    with ui.element("section").classes("wrong").props("role=alert"):
        ui.html(words(kind), sanitize=False, tag="h2")
        ui.label(str(error)).props('lang="en" dir="ltr"')
        ui.link(words("web.wrong.back"), place(words, "/"))
