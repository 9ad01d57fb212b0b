"""A page read as text and tags, and what every page must keep to."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "col"}
MINUS_NOUGHT = r"|(?<!\w)-0(?!\d)"


class Reader(HTMLParser):
    """Text, tags and attributes of a page; checks that tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


def read(page: str) -> Reader:
    """A page, its tags balanced; a place where a line may break is no text."""
    reader = Reader()
    reader.feed(page.replace("<wbr>", ""))
    reader.close()
    assert reader.open == []
    return reader


def prints_no_nan(page: str, also: str = "") -> None:
    """Neither text nor an attribute shows what a program calls nothing, or what a pattern names besides."""
    reader = read(page)
    shown = reader.text + [value for _, attributes in reader.tags for value in attributes.values() if value]
    assert [text for text in shown if re.search(r"\b(None|nan|NaN|inf|null|undefined)\b" + also, text)] == []


def links_lead_somewhere(page: str) -> None:
    """Ids are unique, and each link leads to one."""
    tags = read(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(attributes["href"] or "").removeprefix("#") for tag, attributes in tags if tag == "a"}
    assert targets <= set(ids)


def asks_for_nothing(page: str) -> None:
    """Nothing on it is fetched from elsewhere."""
    tags = read(page).tags
    assert not {"link", "img", "iframe", "object", "embed"} & {tag for tag, _ in tags}
    assert not [attributes for _, attributes in tags if "src" in attributes]
    assert not re.search(r"https?://|@import|url\(", page)
