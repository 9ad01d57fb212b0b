"""Totals: ownership, double counts, and the limit of tenant demand."""

from __future__ import annotations

import pytest

from tests.studies import HALF_LEASED, INTERRUPTIBLE, MINE, RETROFIT, study
from wattworth.study import DoubleCount
from wattworth.valuation import value

DRAWS = {"draws": 256, "workers": 1}


def best_mean(site: dict) -> float:
    """Mean risked value of the best use."""
    return site["uses"][site["best_use"]]["risked_npv_usd"]["mean"]


def test_totals_take_the_owners_share() -> None:
    """Proves: 49 % of a site enters the sum; the ranking and the site's own numbers do not move."""
    result = value(study(MINE, INTERRUPTIBLE), **DRAWS).result
    whole, part = map(best_mean, result["sites"])
    assert result["totals"]["npv_usd"]["mean"] == pytest.approx(whole + 0.49 * part, rel=1e-12)
    assert result["totals"]["share_gross_mw"] == pytest.approx(100 + 0.49 * 83)


@pytest.mark.parametrize(("mw", "counted"), [(None, 0.0), (25.0, 0.75)])
def test_double_counts_are_left_out(mw: float | None, counted: float) -> None:
    """Proves: a row counted elsewhere leaves the totals, whole or in part, and a warning says so."""
    twin = MINE.model_copy(update={"site_id": "twin"})
    double = DoubleCount(site_id="twin", same_as="mine", reason="the same load", mw=mw)
    result = value(study(MINE, twin, double_counts=(double,)), **DRAWS).result
    first, second = map(best_mean, result["sites"])
    assert result["totals"]["npv_usd"]["mean"] == pytest.approx(first + counted * second, rel=1e-12)
    assert "double_counts_left_out" in {warning["code"] for warning in result["warnings"]}


def test_tenants_take_only_so_much() -> None:
    """Proves: with no demand the conversion is counted in its next best use and named; a signed lease stays."""
    signed = HALF_LEASED.model_copy(update={"operating_gross_mw": None, "mining_gross_mw": None})
    sites = (RETROFIT, signed.model_copy(update={"previous_use": "greenfield"}))
    free = value(study(*sites, tenant_demand_gw_per_year=50.0), **DRAWS).result
    shut = value(study(*sites, tenant_demand_gw_per_year=0.0), **DRAWS).result
    assert free["sites"][0]["best_use"] == "turnkey"
    assert free["tenant_demand"]["squeezed"] == []
    assert shut["tenant_demand"]["squeezed"] == ["retrofit"]
    uses = shut["sites"][0]["uses"]
    free_of_demand = ("bitcoin", "site_sale", "hold")  # shells, clouds and hybrids need the same customers
    next_best = max(uses[name]["risked_npv_usd"]["mean"] for name in free_of_demand)
    expected = next_best + best_mean(shut["sites"][1])
    assert shut["totals"]["npv_usd"]["mean"] == pytest.approx(expected, rel=1e-12)
    assert shut["totals"]["npv_uncapped_usd"]["mean"] == pytest.approx(free["totals"]["npv_usd"]["mean"], rel=1e-12)
    assert "tenant_demand_binds" in {warning["code"] for warning in shut["warnings"]}


def test_companies_add_up() -> None:
    """Proves: the companies' values are the total."""
    totals = value(study(), **DRAWS).result["totals"]
    assert sum(row["npv_usd"] for row in totals["by_company"]) == pytest.approx(totals["npv_usd"]["mean"], rel=1e-12)
