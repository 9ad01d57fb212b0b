"""Facts joined to a study: changed ones first, all in money of one year, every fault with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wattworth.errors import StudyError
from wattworth.facts import CostIndex, DatedFact, Fact, FactBook, Gap
from wattworth.study import Override, Study, fill

PLACE = "study.yaml line 9"
BOOK = FactBook([
    Fact("hall.capex", 10.0, 8.0, 12.0, "$M/MW_IT", 2024, "a paper", "2024-05", "high", bounds=True),
    Fact("hall.life", 20.0, None, None, "yr", None, "a paper", "2024-05", "high"),
    Fact("coin.price", 65_000.0, None, None, "$/BTC", None, "an exchange", "2026-06", "low"),
    Fact("hall.capex_abroad", 9.0, None, None, "EUR/kW", 2024, "a paper", "2024-05", "high"),
    DatedFact("rule.end", date(2027, 1, 1), None, None, "a law", "2024", "high"),
    Gap("gpu.price", "2026-05", "no index"),
])  # fmt: skip


def study(usd_year: int = 2026, **overrides: dict[str, object]) -> Study:
    """A study that changes the facts given, a dot written as two underscores."""
    changed = {
        key.replace("__", "."): Override(**{"source": "a letter", **values})  # type: ignore[arg-type]
        for key, values in overrides.items()
    }
    return Study(
        name="mine", title=None, description=None, as_of="2026-06", usd_year=usd_year, horizon_years=30,
        convention="wattworth", tax_losses="carried", tenant_demand_gw_per_year=None, sites=(), uses={},
        overrides=changed, places=dict.fromkeys(changed, PLACE),
    )  # fmt: skip


def faults(a_study: Study, *keys: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        fill(a_study, BOOK, keys)
    return [str(fault) for fault in caught.value.faults]


def test_packaged_facts_come_in_money_of_the_study():
    """Proves: 10 $ of 2024 times CPI of 2026 over 2024. Sensitivity: unconverted it stays 10."""
    ratio = CostIndex.load().ratio(2024, 2026)
    filled = fill(study(), BOOK, ["hall.life", "hall.capex"]).facts
    assert list(filled) == ["hall.capex", "hall.life"]
    capex = filled["hall.capex"]
    assert (capex.value, capex.low, capex.high) == pytest.approx((10 * ratio, 8 * ratio, 12 * ratio), rel=1e-12)
    assert (capex.money_year, filled["hall.life"].value, ratio > 1.01) == (2026, 20.0, True)


def test_a_changed_fact_is_in_money_of_the_study():
    """Proves: 11 stays 11. Sensitivity: taken as dollars of 2024, the fact's own year, it would grow."""
    changed = fill(study(hall__capex={"value": 11.0}), BOOK, ["hall.capex"]).facts["hall.capex"]
    assert changed == Fact(
        "hall.capex", 11.0, None, None, "$M/MW_IT", 2026, "a letter", "2026-06", "assumption", "", True, "study"
    )


def test_a_changed_fact_may_state_its_year_range_and_source():
    given = {"value": 11.0, "low": 9.0, "high": 13.0, "money_year": 2024, "as_of": "2026-03", "confidence": "medium"}
    changed = fill(study(hall__capex={**given, "note": "n"}), BOOK, ["hall.capex"]).facts["hall.capex"]
    ratio = CostIndex.load().ratio(2024, 2026)
    assert (changed.low, changed.value, changed.high) == pytest.approx((9 * ratio, 11 * ratio, 13 * ratio), rel=1e-12)
    assert (changed.as_of, changed.confidence, changed.note) == ("2026-03", "medium", "n")


def test_a_gap_is_filled_and_money_abroad_restated():
    overrides = {"gpu__price": {"value": 2.5, "unit": "$/h"}, "hall__capex_abroad": {"value": 10.0, "unit": "$/kW"}}
    filled = fill(study(**overrides), BOOK, ["gpu.price", "hall.capex_abroad"]).facts
    assert [(fact.value, fact.unit, fact.money_year) for fact in filled.values()] == [
        (2.5, "$/h", 2026), (10.0, "$/kW", 2026),
    ]  # fmt: skip


def test_money_of_the_day_stays_so():
    assert fill(study(coin__price={"value": 70_000.0}), BOOK, ["coin.price"]).facts["coin.price"].money_year is None


def test_a_changed_fact_that_no_run_reads_is_kept_and_unused():
    declared = study(hall__life={"value": 30.0})
    filled = fill(declared, BOOK, ["hall.capex"])
    assert list(filled.facts) == ["hall.capex"]
    assert filled.overrides == declared.overrides
    assert declared.facts == {}


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("hall.capx", {}, 'no fact "hall.capx" (did you mean "hall.capex"?)'),
        ("hall.capex", {"unit": "$/kW"}, 'fact hall.capex: got the unit "$/kW", need "$M/MW_IT"'),
        ("hall.life", {"money_year": 2024}, 'fact hall.life: "yr" is not money of a year; leave money_year empty'),
        ("coin.price", {"money_year": 2024}, 'fact coin.price: "$/BTC" is not money of a year; leave money_year empty'),
        ("gpu.price", {}, "fact gpu.price has no unit of its own; state the unit of the value"),
        ("rule.end", {}, "fact rule.end is a date, 2027-01-01, and cannot be used as a number"),
    ],
)
def test_changes_that_are_refused(key, given, message):
    assert faults(study(**{key: {"value": 1.0, **given}}), key) == [f"{PLACE}: {message}"]


def test_facts_that_cannot_be_used():
    (gap,) = faults(study(), "gpu.price")
    assert gap.startswith("study mine: fact gpu.price is a gap: no value was found (no index)")
    assert faults(study(), "hall.lief") == ['study mine: no fact "hall.lief" (did you mean "hall.life"?)']
    (abroad,) = faults(study(), "hall.capex_abroad")
    assert abroad.startswith("study mine: hall.capex_abroad is in EUR of 2024, and no exchange rate is packaged")
    (year,) = faults(study(2099), "hall.capex", "hall.life")
    assert year.startswith("study mine: no cpi_u for 2099")


def test_all_faults_together():
    wrong = study(hall__capx={"value": 1.0}, hall__life={"value": 1.0, "unit": "h"})
    assert [fault.partition(":")[0] for fault in faults(wrong, "gpu.price", "hall.life", "hall.capex")] == [
        PLACE, PLACE, "study mine",
    ]  # fmt: skip


def test_a_study_built_in_python_still_says_where():
    assert faults(replace(study(hall__capx={"value": 1.0}), places={})) == [
        'facts, key "hall.capx": no fact "hall.capx" (did you mean "hall.capex"?)'
    ]
