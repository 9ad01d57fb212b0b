"""HTML out of small pure functions: whatever is not already markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

_VOID: Final = frozenset({"br", "col", "input"})
_DRAWN: Final = frozenset({"line", "path", "rect"})


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def text(content: object) -> Html:
    """Any content as markup: escaped, unless it is markup already."""
    return content if isinstance(content, Html) else Html(escape(str(content)))


def join(contents: Iterable[object], between: str = "") -> Html:
    """Contents one after the other, each escaped unless it is markup."""
    return Html(between.join(text(content) for content in contents))


def tag(element: str, /, *contents: object, **attributes: object) -> Html:
    """One element.

    Parameters
    ----------
    element
        Element name.
    contents
        Children; strings are escaped, None is left out.
    attributes
        Attributes; ``class_`` and ``for_`` lose their underscore, others turn it into a hyphen.
        True prints the bare name, False and None nothing.

    Examples
    --------
    >>> tag("td", "a < b", class_="n", data_v=3)
    '<td class="n" data-v="3">a &lt; b</td>'
    """
    printed = "".join(_attribute(key, value) for key, value in attributes.items())
    if element in _VOID:
        return Html(f"<{element}{printed}>")
    if element in _DRAWN:
        return Html(f"<{element}{printed}/>")
    inner = "".join(text(content) for content in contents if content is not None)
    return Html(f"<{element}{printed}>{inner}</{element}>")


def name(content: str, **attributes: object) -> Html:
    """A name someone gave, in whichever direction its script runs."""
    return tag("bdi", content, dir="auto", **attributes)


def said(content: str, **attributes: object) -> Html:
    """What the engine or a source says, in English on a page of any language."""
    return tag("bdi", content, lang="en", dir="ltr", **attributes)


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    printed = key.removesuffix("_").replace("_", "-")
    return f" {printed}" if value is True else f' {printed}="{escape(str(value))}"'


@cache
def beside(file: str) -> Html:
    """A style sheet or script that stands beside the code, as it is."""
    return Html(files("wattworth.reports").joinpath(file).read_text(encoding="utf-8"))
