"""The glossary in both languages keeps to the words of the catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("babel")

from wattworth.reports.catalogue import catalogue, english

PAGE = Path(__file__).resolve().parents[3] / "docs" / "glossary.md"
ROOMS = ("report", "switching", "timeline", "gap", "plan", "power", "evidence")
EXPLAINED = ("report", "switching", "timeline")
"""Rooms whose every term of its page stands in the glossary, but percentiles and what only a page asks."""

NOT_LISTED = {"tl.term.range", "tl.term.chance", "tl.term.stops", "tl.term.assumed", "sw.term.odds", "sw.term.drawing"}
NOT_LISTED |= {"sw.term.mining", "sw.term.end"}


def rows() -> list[tuple[str, str]]:
    """English and Arabic of each row of the table."""
    table = PAGE.read_text("utf-8").partition("## In English and Arabic")[2]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return [(row[0], row[1]) for row in found[2:]]


def arabic() -> dict[str, str]:
    """Key to Arabic text of every room; of a plural its form of many."""
    return {
        str(message.context): message.string if isinstance(message.string, str) else (message.string or ("",))[-1]
        for room in ROOMS
        for message in catalogue("ar", room)
        if message.id
    }


def test_every_row_uses_the_words_of_the_catalogues() -> None:
    originals = "\n".join(text for room in ROOMS for text in english(room).values()).casefold()
    said = "\n".join(arabic().values())
    assert len(rows()) > 60
    assert [term for term, _ in rows() if term.casefold() not in originals] == []
    assert [term for _, term in rows() if term not in said] == []


def test_no_term_stands_twice() -> None:
    for place in (0, 1):
        listed = [row[place] for row in rows()]
        assert [term for term in listed if listed.count(term) > 1] == []


def test_every_term_a_page_explains_is_listed_as_the_page_has_it() -> None:
    known, said = dict(rows()), arabic()
    for room in EXPLAINED:
        for key, text in english(room).items():
            if re.match(r"(?:[a-z]+\.)?term\.", key) and key not in NOT_LISTED:
                assert known.get(text) == said[key], key
