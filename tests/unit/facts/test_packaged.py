"""What is packaged is sourced, sound, and what was carried over, apart from the changes listed."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources

import pytest

from wattworth import facts
from wattworth.errors import DataError, FactError
from wattworth.facts import pert
from wattworth.facts.fact import CONFIDENCES, currency_of

PARAMETER_TABLES = ("barriers", "datacentre", "gas_chain", "generation", "gpu", "mining")
OTHER_TABLES = (
    "asics", "bitcoin_network", "climate_pue", "climate_pue_fit", "climate_zones", "cost_index", "countries", "deals",
    "gas_prices", "gas_supply", "miners",
)  # fmt: skip
DATA = resources.files("wattworth.facts") / "data"
MAY_BE_NEGATIVE = {"gtl.product_premium_over_brent"}


@pytest.fixture(scope="module")
def book() -> facts.FactBook:
    return facts.load()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True)))


def changes(table: str) -> list[dict[str, str]]:
    listed = rows((DATA / "tables" / "changes.csv").read_text(encoding="utf-8"))
    return [change for change in listed if change["table"] == table]


def test_every_fact_has_source_date_unit_and_trust(book):
    for fact in book.values():
        assert all((fact.unit, fact.as_of, fact.table)), fact.key
        assert fact.source or fact.confidence == "assumption", fact.key
        assert fact.confidence in CONFIDENCES, fact.key
        assert fact.as_of == "undated" or re.search(r"\d{4}", fact.as_of), fact.key


def test_keys_are_two_names(book):
    for key in (*book, *book.dated, *book.gaps):
        assert re.fullmatch(r"[A-Za-z0-9_]+\.[A-Za-z0-9_-]+", key), key


def test_every_number_without_a_published_source_is_an_assumption(book):
    """Proves: words that mean "nobody printed this" stand under assumption, or under what they helped to derive."""
    unsourced = re.compile(r"^(no source|no retriev|no separable|engineering judgement|judgement|typical)")
    wrong = [fact.key for fact in book.values() if unsourced.match(fact.source) and fact.confidence != "assumption"]
    assert not wrong


def test_gaps_and_dates_are_no_defaults(book):
    assert len(book.gaps) == 12
    assert len(book.dated) == 3
    for key in (*book.gaps, *book.dated):
        with pytest.raises(FactError, match=re.escape(key)):
            book.require(key)


def test_dollars_say_of_which_year(book):
    unsaid = [
        f"{name}: {row['technology']}.{row['parameter']}"
        for name in PARAMETER_TABLES
        for row in rows((DATA / f"{name}.csv").read_text(encoding="utf-8"))
        if (currency_of(row["unit"]) is None) == bool(row["money_year"])
    ]
    assert not unsaid


def test_dollars_of_every_year_reach_2026(book):
    index = facts.CostIndex.load()
    for fact in book.values():
        if currency_of(fact.unit) == "$":
            converted = fact.in_money_of(2026, index)
            assert fact.money_year is None or converted.money_year == 2026, fact.key


def test_no_draw_is_impossible(book):
    """Proves: the tails of a range stay at or above zero, and shares at or below one."""
    for fact in book.values():
        if fact.table not in PARAMETER_TABLES or fact.low is None or fact.high is None:
            continue
        start, stop = pert.ends(fact.low, fact.value, fact.high, bounds=fact.bounds)
        assert start >= 0.0 or fact.low < 0.0 or fact.key in MAY_BE_NEGATIVE, fact.key
        assert stop <= 1.0 or fact.high > 1.0 or not fact.unit.startswith("frac"), fact.key


def expected(table: str, carried: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Rows as carried over, with the listed changes made."""
    made = {(change["key"], change["column"]): change for change in changes(table)}
    for row in carried:
        key = f"{row['technology']}.{row['parameter']}"
        row |= {"bounds": ""}
        for column in row:
            change = made.pop((key, column), None)
            if change:
                assert row[column] == change["was"], (key, column)
                row[column] = change["now"]
        yield row
    assert not made, "changes of rows that do not exist"


@pytest.mark.parametrize("table", PARAMETER_TABLES)
def test_parameters_are_carried_over(shared, table):
    carried = rows((shared / "facts" / f"{table}.csv").read_text(encoding="utf-8"))
    packaged = rows((DATA / f"{table}.csv").read_text(encoding="utf-8"))
    assert packaged == list(expected(table, carried))


@pytest.mark.parametrize("table", OTHER_TABLES)
def test_other_tables_are_carried_over(shared, table):
    """Proves: every carried-over cell stands, apart from the cells and rows listed."""
    carried = rows((shared / "facts" / f"{table}.csv").read_text(encoding="utf-8"))
    packaged = rows((DATA / "tables" / f"{table}.csv").read_text(encoding="utf-8"))
    added = {change["key"] for change in changes(table) if change["column"] == "row"}
    changed = {(change["key"], change["column"]): change["now"] for change in changes(table)}
    first = next(iter(carried[0]))
    kept = [row for row in packaged if row[first] not in added]
    assert len(packaged) == len(carried) + len(added)
    for was, now in zip(carried, kept, strict=True):
        assert {column: now[column] for column in was} == {
            column: changed.get((was[first], column), cell) for column, cell in was.items()
        }


def test_every_change_has_a_reason():
    for change in rows((DATA / "tables" / "changes.csv").read_text(encoding="utf-8")):
        assert change["why"], change
        assert change["table"] in (*PARAMETER_TABLES, *OTHER_TABLES), change


def test_packaged_text_says_nothing_of_where_it_was_written():
    places = re.compile(r"\.\./|README|(?<![\w.:/])/(?:work|tmp|root|home)/")
    for folder in (DATA, DATA / "tables"):
        for file in folder.iterdir():
            if file.name.endswith(".csv"):
                assert not places.search(file.read_text(encoding="utf-8")), file.name


@pytest.mark.parametrize(
    ("name", "n_row"), [("bitcoin_network", 29), ("asics", 13), ("climate_pue", 150), ("deals", 52), ("miners", 22)]
)
def test_tables(name, n_row):
    frame = facts.table(name)
    assert frame.height == n_row
    assert frame is facts.table(name), "read once"


def test_no_such_table():
    with pytest.raises(DataError, match=r'no packaged table "asic" \(did you mean asics\?\)'):
        facts.table("asic")
    with pytest.raises(DataError, match="there are asics, bitcoin_network"):
        facts.table("qqqqq")


def test_countries():
    canada = facts.country_row("CA")
    assert (canada.corporate_tax_frac, canada.country_risk_premium_frac, canada.country) == (0.265, 0.0, "Canada")
    assert facts.country_row("NA").country == "Namibia", "a code, not a missing value"
    assert facts.country_row("US").country_risk_premium_frac == 0.0
    assert facts.country_row("BT").confidence == "assumption"
    with pytest.raises(FactError, match=r'^country "Canada" is not in the table .* ISO 3166 code'):
        facts.country_row("Canada")


def test_country_codes_are_codes_and_single():
    codes = [row["iso_alpha2"] for row in rows((DATA / "tables" / "countries.csv").read_text(encoding="utf-8"))]
    given = [code for code in codes if code]
    assert len(given) == len(set(given)) == 176
    assert all(re.fullmatch("[A-Z]{2}", code) for code in given)


def test_loading_needs_neither_scipy_nor_polars():
    code = "import sys, wattworth.facts as f; f.load(); sys.exit(bool({'scipy', 'polars'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
