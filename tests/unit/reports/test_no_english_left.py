"""Pages of a run, of when to switch and of time to power in Arabic hold no English but names and the engine's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("babel")

from tests.snapshots import documents
from tests.unit.reports import test_switching_page, test_timeline_page
from tests.unit.reports.reader import asks_for_nothing, links_lead_somewhere, prints_no_nan
from wattworth import reports
from wattworth.reports.english_warnings import WARNINGS
from wattworth.reports.switching_page import switching_html
from wattworth.reports.timeline_page import timeline_html
from wattworth.reports.words import language
from wattworth.valuation import warn

Digits = Any
NOT_OURS = re.compile(r"<(style|script|code|bdi)\b.*?</\1>", re.DOTALL)
ENGLISH = re.compile(r"\b[A-Za-z]+(?: [a-z]+)+\b|\b[a-z]{4,}\b")
CODES = {"wattworth", "hashprice", "numpy", "lease", "gross", "rent", "usd", "per", "month", "tenant", "demand"}
"""Words of inputs and of versions that an Arabic sentence names."""
NAMES = ("small <study>", "own use", "<cause>")
"""What the documents call a study, a use and a cause that no catalogue knows."""

PAGES: dict[str, Callable[[Digits], str]] = {
    "value": lambda digits: reports.page(documents.small(), language("ar", digits=digits)),
    "options": lambda digits: switching_html(
        test_switching_page.document(), words=language("ar", "switching", digits=digits)
    ),
    "timeline": lambda digits: timeline_html(
        test_timeline_page.document(), words=language("ar", "timeline", digits=digits)
    ),
}


def own_text(page: str) -> list[str]:
    """Text of a page that is neither a name nor code nor the engine's."""
    kept = re.sub(r"<[^>]+>", "\n", NOT_OURS.sub("", page))
    return [re.sub("[\u2060-\u2069]", "", unescape(each)).strip() for each in kept.split("\n") if each.strip()]


def left(page: str) -> list[str]:
    return [
        text
        for text in own_text(page)
        if set(re.findall(r"[a-z]{3,}", " ".join(ENGLISH.findall(text)))) - CODES and not re.search("[A-Z]", text)
    ]


@pytest.mark.parametrize("kind", PAGES)
def test_no_english_is_left(kind: str) -> None:
    assert [text for text in left(PAGES[kind]("latn")) if not any(name in text for name in NAMES)] == []


def test_a_sentence_of_english_is_found() -> None:
    page = PAGES["value"]("latn").replace("</main>", "<p>the best use of today</p></main>")
    assert left(page) == ["the best use of today"]


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("digits", ["latn", "arab"])
def test_a_page_in_arabic_keeps_to_what_every_page_keeps_to(kind: str, digits: str) -> None:
    page = PAGES[kind](digits)
    assert '<html lang="ar" dir="rtl">' in page
    prints_no_nan(page)
    links_lead_somewhere(page)
    asks_for_nothing(page)


@pytest.mark.parametrize("kind", PAGES)
def test_arabic_digits_stand_in_every_number_of_the_page(kind: str) -> None:
    latin = [text for text in own_text(PAGES[kind]("arab")) if re.search(r"\d", re.sub(r"[A-Za-z][\w .-]*", "", text))]
    assert [text for text in latin if re.search("[0-9]", re.sub(r"[A-Za-z][\w .-]*", "", text))] == []


def test_a_warning_has_a_heading_and_what_the_engine_says_is_marked() -> None:
    page = PAGES["value"]("latn")
    words = language("ar")
    for warning in documents.small()["warnings"]:
        heading = words.table.get(f"warn.{warning['code']}")
        assert heading is None or f'<th scope="row">{heading}<small><code>{warning["code"]}' in page
        assert f'<bdi lang="en" dir="ltr">{escape(warning["message"])}</bdi>' in page


def test_every_warning_of_a_run_has_a_heading() -> None:
    folder = Path(warn.__file__).parent
    source = "".join((folder / name).read_text("utf-8") for name in ("warn.py", "site_supply.py"))
    codes = set(re.findall(r'(?:_warning|_outside|append)\(\(?"([a-z_]+)"', source))
    assert len(codes) > 8
    assert codes == {key.removeprefix("warn.") for key in WARNINGS if key.startswith("warn.")}
