"""Another value of a fact in a draft: the cells that are written, and what would be wrong with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from wattworth import uses
from wattworth.store import Draft
from wattworth.store.drafts import Grid
from wattworth.web.overriding import asked_unit, fact_changes, faults_after
from wattworth.web.problems import NotNowError

TYPED: dict[str, Any] = {"value": 15.0, "low": 12.0, "high": 18.0, "source": "an offer", "confidence": "high"}


def draft(**sheets: Grid) -> Draft:
    return Draft("0" * 16, "mine", sheets, dt.datetime(2026, 11, 1, tzinfo=dt.UTC), 0)


def written(rows: Grid, key: str) -> dict[str, Any]:
    """The row of the key once the changes are made, empty cells left out, and its line."""
    changes = fact_changes(draft(facts=rows), uses.fact_book()[key], TYPED)
    cells = {(line, column): cell for line, row in enumerate(rows) for column, cell in enumerate(row)}
    cells |= {(change.row, change.column): change.value for change in changes}
    line = changes[-1].row
    found = {str(cells[0, column]): cell for (row, column), cell in cells.items() if row == line and cell is not None}
    return found | {"line": line}


def test_a_fact_takes_its_row_or_a_new_one() -> None:
    """Proves: a value of before is replaced whole; another fact keeps its row; a missing column is added."""
    head = ["key", "value", "unit", "source"]
    rows: Grid = [list(head), ["btc.price", 9.0, None, "x"], ["lease.term", 1.0, "yr", "y"], [None, None]]
    assert written(rows, "lease.term") == {"key": "lease.term", "line": 2, **TYPED}
    assert written(rows[:2], "lease.term") == {"key": "lease.term", "line": 2, **TYPED}
    assert written([], "lease.term") == {"key": "lease.term", "line": 1, **TYPED}


def test_money_is_of_the_year_shown_and_other_currencies_are_asked_in_dollars() -> None:
    book = uses.fact_book()
    dollars = next(fact for fact in book.values() if fact.unit.startswith("$") and fact.money_year)
    assert asked_unit(dollars) == (dollars.unit, dollars.money_year)
    assert written([], dollars.key)["money_year"] == dollars.money_year
    euros = next(fact for fact in book.values() if fact.unit == "EUR/MW/km")
    assert asked_unit(euros) == ("$/MW/km", None)
    assert written([], euros.key)["unit"] == "$/MW/km"
    assert "money_year" not in written([], euros.key)


def test_faults_of_the_row_come_back_by_column() -> None:
    mine = draft(facts=[["key", "value", "low", "high", "source"]])
    fact = uses.fact_book()["lease.term"]
    assert faults_after(mine, fact_changes(mine, fact, TYPED)) == {}
    wrong = {**TYPED, "value": "much", "source": None}
    assert set(faults_after(mine, fact_changes(mine, fact, wrong))) == {"value", "source"}
    assert mine.sheets["facts"] == [["key", "value", "low", "high", "source"]]


def test_a_workbook_without_the_sheet_is_told_so() -> None:
    with pytest.raises(NotNowError, match='no sheet "facts"'):
        fact_changes(draft(sites=[]), uses.fact_book()["lease.term"], TYPED)
