"""One notion of an input: names, bounds, and a study with one of them changed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from tests.studies import HALF_LEASED, INTERRUPTIBLE, MINE, RETROFIT, UNKNOWN, study
from wattworth.errors import FactError, StudyError
from wattworth.study import Override, Site
from wattworth.valuation.inputs import find, limits, with_input

SMALL = study(MINE, HALF_LEASED, RETROFIT, INTERRUPTIBLE, UNKNOWN)


class _Options(BaseModel):
    utilisation: Annotated[float, Field(gt=0, le=1)] = 0.8
    label: str = "plain"


@pytest.mark.parametrize(
    ("name", "site", "key"),
    [
        ("rent", "mine", "lease_landlord_pays_capex.rent_year1"),
        ("rent", "half-leased", "lease_rent_usd_per_kw_month"),
        ("capex", "mine", "ai_purpose_built.construction_cost"),
        ("capex", "retrofit", "mining_hall_retrofit.construction_cost"),
        ("residual", "mine", "renewal.chance"),
        ("bitcoin", "mine", "btc.price"),
        ("power", "mine", "power_ercot_hub.level"),
    ],
)
def test_a_short_name_stands_for_what_the_site_states_or_else_for_the_fact(name: str, site: str, key: str) -> None:
    found = find(SMALL, name, site)
    assert found.key == key
    assert key in found.label
    assert name in found.label


def test_power_is_the_stated_price_of_a_site_that_has_one() -> None:
    fixed = MINE.model_copy(update={"power_contract": "fixed", "power_price_usd_per_mwh": 41.0})
    assert find(study(fixed), "power", "mine").value == 41.0
    ignored = MINE.model_copy(update={"power_contract": "market", "power_price_usd_per_mwh": 41.0})
    assert find(study(ignored), "power", "mine").place == "fact"


def test_a_fact_is_read_in_the_money_of_the_study_with_its_changes() -> None:
    changed = replace(SMALL, overrides={"lease.term": Override(value=12.0, low=9.0, high=20.0, source="test")})
    found = find(changed, "lease.term")
    assert (found.value, found.low, found.high) == (12.0, 9.0, 20.0)
    in_2026 = find(SMALL, "lease_landlord_pays_capex.rent_year1").value
    in_2025 = find(replace(SMALL, usd_year=2025), "lease_landlord_pays_capex.rent_year1").value
    assert in_2026 is not None
    assert in_2025 == pytest.approx(130.0)
    assert in_2026 > in_2025


def test_a_moved_fact_takes_its_range_along() -> None:
    """Proves: the distribution moves, not only its mode. Sensitivity: an unmoved range stays at 7 to 25 years."""
    asked = find(SMALL, "lease.term")
    moved = with_input(SMALL, asked, 20.0)
    override = moved.overrides["lease.term"]
    assert (override.value, override.low, override.high) == pytest.approx((20.0, 14.0, 50.0))
    assert find(moved, "lease.term").value == 20.0
    assert SMALL.overrides == {}


def test_a_share_stays_a_share() -> None:
    moved = with_input(SMALL, find(SMALL, "success.signed"), 1.0)
    assert moved.overrides["success.signed"].high == 1.0
    with pytest.raises(StudyError, match="outside 0 to 1"):
        with_input(SMALL, find(SMALL, "success.signed"), 1.1)


def test_a_column_is_changed_in_its_row_only_and_the_row_is_checked_again() -> None:
    asked = find(SMALL, "operating_gross_mw", "mine")
    moved = with_input(SMALL, asked, 250.0)
    assert moved.site("mine").operating_gross_mw == 250.0
    assert moved.site("interruptible") == SMALL.site("interruptible")
    with pytest.raises(StudyError, match="only energised megawatts mine"):
        with_input(SMALL, find(SMALL, "mining_gross_mw", "mine"), 900.0)


def test_a_setting_takes_whole_numbers_where_the_schema_does() -> None:
    asked = find(SMALL, "horizon_years")
    assert with_input(SMALL, asked, 25.0).horizon_years == 25
    with pytest.raises(StudyError, match="not a whole number"):
        with_input(SMALL, asked, 25.5)
    assert asked.search_range == (1.0, 60.0)


@pytest.mark.parametrize("name", ["bitcoin.utilisation", "uses.bitcoin.utilisation"])
def test_an_option_of_a_use_is_an_input(name: str) -> None:
    optional = replace(SMALL, uses={**SMALL.uses, "bitcoin": _Options()})
    asked = find(optional, name)
    assert (asked.value, asked.most) == (0.8, 1.0)
    assert with_input(optional, asked, 0.5).uses["bitcoin"] == _Options(utilisation=0.5)
    with pytest.raises(StudyError, match="not a number"):
        find(optional, "uses.bitcoin.label")


@pytest.mark.parametrize(
    ("name", "site", "message"),
    [
        ("rnt", "mine", 'did you mean "rent"'),
        ("btc.prise", "mine", 'did you mean "btc.price"'),
        ("operating_gros_mw", "mine", 'did you mean "operating_gross_mw"'),
        ("operating_gross_mw", None, "name the site with --site"),
        ("power", None, "depends on the site"),
        ("hashprice", "mine", "follows from the price of bitcoin"),
        ("company", "mine", "not a number"),
        ("rent", "minne", 'did you mean "mine"'),
        ("rent", "unknown", "no source states its megawatts"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest_or_the_fix(name: str, site: str | None, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        find(SMALL, name, site)


def test_a_fact_that_nothing_reads_is_refused() -> None:
    with pytest.raises((StudyError, FactError), match="changes nothing"):
        find(SMALL, "nuclear.lead_time" if "nuclear.lead_time" in _unread() else _unread()[0])


def _unread() -> list[str]:
    from wattworth import uses
    from wattworth.valuation.plan import fact_keys

    read = fact_keys(SMALL)
    return [key for key in uses.fact_book() if key not in read]


def test_limits_are_those_of_the_schema() -> None:
    assert limits(Site.model_fields["lat_deg"]) == (-90.0, 90.0)
    assert limits(Site.model_fields["operating_gross_mw"]) == (0.0, math.inf)
    least, most = limits(Site.model_fields["lease_rent_usd_per_kw_month"])
    assert 0 < least < 1e-300
    assert most == math.inf
