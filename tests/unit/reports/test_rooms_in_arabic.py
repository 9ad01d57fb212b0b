"""Pages of the gap, the plan, on-site supply and the evidence in Arabic: no English of the tables is left on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from string import Formatter

import pytest

from tests.unit.reports import evidence_documents, test_gap_page, test_plan_page, test_power_page
from tests.unit.reports.reader import links_lead_somewhere, prints_no_nan, read
from wattworth.evidence.company_ladder import STATUS_PARTS, STEPS
from wattworth.reports.catalogue import catalogue, english
from wattworth.reports.evidence_amounts import amount
from wattworth.reports.evidence_page import evidence_html
from wattworth.reports.gap_page import gap_html
from wattworth.reports.plan_page import plan_html
from wattworth.reports.plan_words import amount_words
from wattworth.reports.power_page import power_html
from wattworth.reports.words import Words, language

pytest.importorskip("babel")

MARKS = re.compile("[\u200f\u2060\u2066-\u2069]")
ENGLISH_OR_CODE = re.compile(r"<(style|script|code|bdi)\b.*?</\1>", re.DOTALL)
ROOMS = ("evidence", "gap", "plan", "power")
PAGES: dict[str, tuple[str, Callable[[Words], str]]] = {
    "gap, drawn": ("gap", lambda words: gap_html(test_gap_page.drawn(), words=words)),
    "gap, as printed": ("gap", lambda words: gap_html(test_gap_page.printed(), words=words)),
    "gap, with sites": ("gap", lambda words: gap_html(test_gap_page.with_sites(), words=words)),
    "plan": ("plan", lambda words: plan_html(test_plan_page.document(), words=words)),
    "power": ("power", lambda words: power_html(test_power_page.made(), words=words)),
    "evidence": (
        "evidence",
        lambda words: evidence_html(evidence_documents.backtest(), evidence_documents.comps(), words=words),
    ),
}


def arabic(room: str) -> Words:
    """Arabic of every report and of a room."""
    return language("ar", room)


def told(page: str) -> list[str]:
    """What a page says itself, in text and in what stands for it; not names, and not what the engine says."""
    kept = ENGLISH_OR_CODE.sub("", page)
    names = re.findall(r' (?:aria-label|title)="([^"]*)"', kept)
    return [MARKS.sub("", unescape(each)).strip() for each in (*re.sub(r"<[^>]+>", "\n", kept).split("\n"), *names)]


@pytest.mark.parametrize("case", PAGES)
def test_no_english_of_the_tables_is_left(case: str) -> None:
    """Proves: each text of a page comes from its catalogue. Sensitivity: one sentence built in the code is found."""
    room, made = PAGES[case]
    page = made(arabic(room))
    words = {text for text in english(room).values() if re.search("[a-z]{4}", text) and "{" not in text}
    kept = {text for text in words if text in arabic(room).table.values()}
    assert sorted(set(told(page)) & (words - kept)) == []
    prints_no_nan(page)
    links_lead_somewhere(page)


@pytest.mark.parametrize("case", PAGES)
def test_arabic_tells_the_same_numbers(case: str) -> None:
    """Proves: tables hold the same digits in both languages. Sensitivity: a lost or doubled field changes them."""
    room, made = PAGES[case]

    def rows(page: str) -> list[list[str]]:
        found = re.findall(r"<tr[^>]*>.*?</tr>", re.sub(r"<(code|style)\b.*?</\1>", "", page), re.DOTALL)
        return [sorted(re.findall(r"\d+(?:[.,]\d+)*", " ".join(read(row).text))) for row in found]

    for first, then in zip(rows(made(language("en", room))), rows(made(arabic(room))), strict=True):
        missing = [each for each in first if each not in then and each not in {"1", "2"}]
        assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_is_translated_with_its_fields(room: str) -> None:
    def fields(text: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(text) if field is not None}

    for message in catalogue("ar", room):
        if not message.id:
            continue
        singular, *more = (message.id,) if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert not message.fuzzy, message.context
        assert len(forms) == (6 if more else 1)
        for form in forms:
            assert form, message.context
            assert fields(form) | {"n"} == fields(singular) | {"n"}, message.context


def test_numbers_of_things_take_their_form() -> None:
    """Proves: one, two, three to ten, eleven on, a hundred, and a fraction each take the form that grammar asks."""
    words = arabic("plan")
    said = {n: MARKS.sub("", amount_words(n, "transformers", words)) for n in (1.0, 2.0, 8.0, 12.0, 100.0, 2.5)}
    assert said == {
        1.0: "محوّل واحد", 2.0: "محوّلان", 8.0: "8 محوّلات", 12.0: "12 محوّلًا", 100.0: "100 محوّل", 2.5: "2.5 محوّل",
    }  # fmt: skip
    months = {n: MARKS.sub("", amount(n, "months", arabic("evidence"))) for n in (5.0, 16.0, 8.3)}
    assert months == {5.0: "5 أشهر", 16.0: "16 شهرًا", 8.3: "8.3 شهر"}


def test_the_ladder_is_explained_as_the_engine_does() -> None:
    table = english("evidence")
    for step, meaning in STEPS.items():
        assert table[f"ev.step.{step}"] == meaning.removeprefix("level: ")
    for part, meaning in STATUS_PARTS.items():
        assert table[f"ev.status.is.{part}"] == meaning
        assert table[f"ev.status.name.{part}"] == part.capitalize()
