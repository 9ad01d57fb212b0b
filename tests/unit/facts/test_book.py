"""A fact by its key, a study's changes, and the order of trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wattworth.errors import FactError
from wattworth.facts import DatedFact, Fact, FactBook, Gap, weakest_first


def fact(key: str = "lease.term", value: float = 10.0, unit: str = "yr", confidence="high", **more) -> Fact:
    given = {"low": None, "high": None, "money_year": None, "source": "a paper", "as_of": "2025"} | more
    return Fact(key=key, value=value, unit=unit, confidence=confidence, **given)


@pytest.fixture
def book() -> FactBook:
    return FactBook(
        [
            fact(),
            fact("lease.escalator", 0.03, "frac/yr", low=0.02, high=0.03),
            fact("line.cost", 750.0, "EUR/kW", money_year=2025),
            DatedFact("eu.ban", date(2027, 9, 30), None, None, "Council", "2026-01", "high"),
            Gap("gpu.price", "2026-11", "no index after July 2026"),
        ]
    )


def test_a_book_holds_numbers_only(book):
    assert sorted(book) == ["lease.escalator", "lease.term", "line.cost"]
    assert book["lease.term"] is book.require("lease.term")
    assert "gpu.price" not in book
    assert "gpu.price" in book.gaps
    assert book.dated["eu.ban"].day == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("lease.escalater", r'^no fact "lease.escalater" \(did you mean "lease.escalator"\?\)$'),
        ("qqqq", r'^no fact "qqqq"; the list is in the reference page of facts$'),
        (
            "gpu.price",
            r'^fact gpu.price is a gap: no value was found \(no index after July 2026\); give one under "facts"',
        ),
        ("eu.ban", r"^fact eu.ban is a date, 2027-09-30, and cannot be used as a number$"),
    ],
)
def test_what_is_refused(book, key, message):
    with pytest.raises(FactError, match=message):
        book.require(key)


def test_changes_of_a_study(book):
    longer, price = fact(value=15.0), fact("gpu.price", 30_000.0, "$/GPU", money_year=2026)
    changed = book.with_overrides([longer, price])
    assert changed.require("lease.term") is longer
    assert changed.require("gpu.price") is price
    assert not changed.gaps
    assert changed["lease.escalator"] is book["lease.escalator"]
    assert (book["lease.term"].value, list(book.gaps)) == (10.0, ["gpu.price"]), "the book itself stays"


def test_another_currency_may_be_restated_in_dollars(book):
    in_dollars = fact("line.cost", 820.0, "$/kW", money_year=2026)
    assert book.with_overrides([in_dollars])["line.cost"] is in_dollars


def test_changes_refused_together(book):
    with pytest.raises(FactError) as caught:
        book.with_overrides([fact(unit="months"), fact("leese.term"), fact("eu.ban"), fact("line.cost", unit="$/MW")])
    assert str(caught.value).split("\n") == [
        'fact lease.term: got the unit "months", need "yr"',
        'no fact "leese.term" (did you mean "lease.term"?)',
        "fact eu.ban is a date and cannot be replaced by a number",
        'fact line.cost: got the unit "$/MW", need "$/kW"',
    ]


def test_a_key_stands_once():
    with pytest.raises(FactError, match=r'^fact a.b stands twice: in "one" and in "two"$'):
        FactBook([fact("a.b", table="one"), Gap("a.b", "2026", table="two")])


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"value": 3.0, "low": 1.0, "high": 2.0}, "fact a.b, value: 3 lies outside low 1 to high 2"),
        ({"value": 1.0, "low": 1.0}, "fact a.b, high: empty beside a low"),
        ({"value": float("nan")}, "fact a.b, value: nan is not a finite number"),
    ],
)
def test_a_fact_is_sound_however_it_is_made(numbers, message):
    with pytest.raises(FactError, match=message):
        fact("a.b", **numbers)


def test_quantiles_of_a_fact():
    u = np.array([0.0, 0.1, 0.9, 1.0])
    ranged = fact(value=12.0, low=7.0, high=24.0)
    np.testing.assert_allclose(ranged.quantile(u)[1:3], (7.0, 24.0), rtol=1e-12)
    np.testing.assert_allclose(replace(ranged, bounds=True).quantile(u)[[0, 3]], (7.0, 24.0), rtol=1e-12)
    np.testing.assert_array_equal(fact().quantile(u), 10.0)


def test_weakest_first():
    order = ["high", "derived", "assumption", "medium", "low", "assumption"]
    facts = [fact(f"k.{n}", confidence=confidence) for n, confidence in enumerate(order)]
    assert [f.key for f in weakest_first(reversed(facts))] == ["k.2", "k.5", "k.4", "k.1", "k.3", "k.0"]
