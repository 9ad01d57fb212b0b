"""Money of one year in money of another, once."""

from __future__ import annotations

import pytest

from wattworth import facts
from wattworth.errors import FactError
from wattworth.facts import CostIndex, Fact
from wattworth.facts.fact import currency_of, in_dollars

INDEX = CostIndex(
    {"cpi_u": {2018: 250.0, 2024: 310.0, 2026: 325.0}, "cepci": {2018: 600.0, 2024: 800.0}}, {"plant.capex": "cepci"}
)


def money(key: str = "hall.capex", unit: str = "$/kW", money_year: int | None = 2018) -> Fact:
    return Fact(key, 100.0, 80.0, 150.0, unit, money_year, "a paper", "2018", "high", bounds=True)


def test_plant_cost_of_the_methods_note():
    """Proves: 1236 (2018) x 798.8 / 603.1 -> 1637.07. Sensitivity: consumer prices would give 1544."""
    capex = facts.load().require("ammonia.capex_grey")
    assert (capex.value, capex.money_year) == (1236.0, 2018)
    converted = capex.in_money_of(2024, CostIndex.load())
    assert converted.value == pytest.approx(1236.0 * 798.8 / 603.1, rel=1e-12)
    assert round(converted.value, 2) == 1637.07
    assert converted.money_year == 2024


def test_value_and_range_move_together_and_nothing_else():
    converted = money().in_money_of(2024, INDEX)
    assert (converted.value, converted.low, converted.high) == pytest.approx((124.0, 99.2, 186.0), rel=1e-12)
    assert (converted.key, converted.unit, converted.bounds, converted.source) == (
        "hall.capex",
        "$/kW",
        True,
        "a paper",
    )


def test_the_sector_index_only_where_stated():
    assert money("plant.capex").in_money_of(2024, INDEX).value == pytest.approx(100.0 * 800.0 / 600.0, rel=1e-12)
    assert money("plant.opex").in_money_of(2024, INDEX).value == pytest.approx(124.0, rel=1e-12)


def test_converting_in_two_steps_is_converting_once():
    twice = money().in_money_of(2024, INDEX).in_money_of(2026, INDEX)
    assert twice.value == pytest.approx(money().in_money_of(2026, INDEX).value, rel=1e-14)


@pytest.mark.parametrize(("unit", "money_year"), [("MW", None), ("$/BTC", None), ("$/kW", 2024)])
def test_what_is_left_alone(unit, money_year):
    """Proves: no money, money of the day and money of the right year pass unchanged."""
    fact = money(unit=unit, money_year=money_year)
    assert fact.in_money_of(2024, INDEX) is fact


@pytest.mark.parametrize("usd_year", [2017, 2025, 2027])
def test_years_without_an_index_are_refused(usd_year):
    with pytest.raises(FactError, match=rf"^no cpi_u for {usd_year}: .* 2018, 2024, 2026"):
        money().in_money_of(usd_year, INDEX)


def test_the_packaged_index_ends_in_2026():
    packaged = CostIndex.load()
    assert packaged.ratio(2025, 2026) == pytest.approx(332.9 / 321.943, rel=1e-12)
    for name in ("cpi_u", "cepci"):
        assert max(packaged.series[name]) == 2026
    with pytest.raises(FactError, match="no cepci for 2027"):
        packaged.ratio(2024, 2027, "cepci")


def test_no_such_index():
    with pytest.raises(FactError, match=r'^no cost index "ppi"; there are cepci, cpi_u$'):
        INDEX.ratio(2018, 2024, "ppi")


@pytest.mark.parametrize("usd_year", [2018, 2024])
def test_other_currencies_are_refused_in_any_year(usd_year):
    """Proves: no exchange rate is guessed. Sensitivity: euros of 2018 in money of 2018 would pass as dollars."""
    with pytest.raises(FactError, match=rf"EUR of 2018, and no exchange rate .* \$/kW of {usd_year}"):
        money(unit="EUR/kW").in_money_of(usd_year, INDEX)


@pytest.mark.parametrize(
    ("unit", "currency"),
    [("$/kW-yr", "$"), ("$M/MW_IT", "$"), ("RUB_bn", "RUB"), ("EUR M per ship", "EUR"), ("C$/MWh", "C$"), ("MW", None),
     ("frac", None), ("EUROPE_GW", None), ("US$/kW", "$")],
)  # fmt: skip
def test_currency_of(unit, currency):
    assert currency_of(unit) == currency


def test_in_dollars():
    assert [in_dollars(unit) for unit in ("EUR/kW", "C$/MWh", "$/kW", "MW")] == ["$/kW", "$/MWh", "$/kW", "MW"]


def test_each_fact_with_an_index_of_its_own_is_money():
    book, packaged = facts.load(), CostIndex.load()
    for key, name in packaged.sector.items():
        assert name in packaged.series
        assert currency_of(book.require(key).unit) == "$"
        assert book[key].money_year
