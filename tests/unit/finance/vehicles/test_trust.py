"""The tests of a trust, the ways round them, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.unit.finance.vehicles.projects import SHELL, hall_case, shell, terms
from wattworth.errors import DataError
from wattworth.finance.project import evaluate
from wattworth.finance.vehicles import (
    VEHICLE_ROWS,
    Activity,
    Holders,
    PropertyRows,
    TrustTerms,
    TrustYears,
    VehicleRules,
    compare_vehicles,
    halve,
    rows_of_project,
    trust_tests,
)


def cloud(assets: float, revenue: float, real: float = 0.0) -> tuple[Activity, Activity]:
    """A shell with a GPU cloud in part of it."""
    return (
        SHELL.model_copy(update={"revenue_frac": 1.0 - revenue, "assets_frac": 1.0 - assets}),
        Activity(name="cloud", kind="gpu_cloud", revenue_frac=revenue, assets_frac=assets, real_property_frac=real),
    )


def found_in(comparison: Any) -> dict[str, Any]:
    return {test.name: test for test in comparison.vehicles["reit"].tests}


def test_direct_cloud_fails_and_says_what_cures_it():
    """Proves: 10 % of business income passes 75 and fails 95; the trust is then taxed as a corporation."""
    done = compare_vehicles(shell(), terms(activities=cloud(0.1, 0.1)))
    found = found_in(done)
    assert found["income_75"].passes
    assert found["income_75"].worst_frac == pytest.approx(0.9)
    assert not found["income_95"].passes
    assert found["income_95"].worst_frac == pytest.approx(0.9)
    excess = 11e6 - 99e6 * 0.05 / 0.95
    assert f"${excess:,.0f}" in found["income_95"].cure
    reit = done.vehicles["reit"]
    assert reit.taxed_as == "corporation"
    assert reit.value_usd == pytest.approx(done.vehicles["project_company"].value_usd)
    assert reit.if_qualified_usd is not None
    assert reit.if_qualified_usd > reit.value_usd
    assert reit.remarks[0].code == "trust_not_qualified"


@pytest.mark.parametrize(("first_year", "passes"), [(2025, False), (2026, True)])
def test_the_limit_on_subsidiaries_by_date(first_year, passes):
    """Proves: 22 % of assets in a subsidiary fails at 20 % until 2025 and passes at 25 % from 2026."""
    one, none = np.ones(1), np.zeros(1)
    years = TrustYears(
        year=np.array([1]),
        calendar_year=np.array([first_year]),
        real_assets_usd=78e6 * one,
        assets_usd=100e6 * one,
        subsidiary_usd=22e6 * one,
        real_income_usd=one,
        passive_income_usd=one,
        income_usd=one,
        taxable_usd=none,
        dividends_usd=none,
        personal_rent_frac=0.0,
        service_frac=0.0,
    )
    test = next(test for test in trust_tests(years, VehicleRules.of()) if test.name == "subsidiaries")
    assert test.passes is passes
    assert test.worst_limit_frac == (0.25 if passes else 0.2)
    assert ("move $2,000,000 out" in test.cure) is not passes


def test_a_subsidiary_by_its_value():
    """Proves: 30 % of the plant and income in a subsidiary: its equity against property at 70 of NOI over 7.5 %.

    In year 1: 30 % of (960 - 600) of book is 108; what it will pay up over nine years, discounted, is more.
    """
    own = terms(activities=cloud(0.3, 0.3), trust=TrustTerms(cap_rate_frac=0.075, through="taxable_subsidiary"))
    test = found_in(compare_vehicles(shell(), own))["subsidiaries"]
    years = np.arange(1.0, 10.0)
    flat = 0.3 * 60e6 - 0.21 * 0.3 * 24e6
    equity = float(np.sum(flat * 1.08**-years)) + (0.3 * 400e6 - 0.21 * 0.3 * 400e6) * 1.08**-9
    assert equity > 108e6
    assert test.measured_frac[0] == pytest.approx(equity / (equity + 70e6 / 0.075), rel=1e-9)


def test_a_subsidiary_earns_what_a_trust_may_not():
    """Proves: its dividends count for 95 % and not for 75 %, it pays corporate tax, and nothing is lost."""
    own = terms(activities=cloud(0.1, 0.2), trust=TrustTerms(cap_rate_frac=0.075, through="taxable_subsidiary"))
    done = compare_vehicles(shell(), own)
    found = found_in(done)
    assert found["income_95"].worst_frac == pytest.approx(1.0)
    assert 0.75 < found["income_75"].worst_frac < 1.0
    reit = done.vehicles["reit"]
    assert reit.taxed_as == "trust"
    # 20 of NOI, 4 of depreciation, 3.6 of interest
    assert reit.rows["vehicle_tax_usd"][1] == pytest.approx(0.21 * 12.4e6)
    assert done.vehicles["corporate"].value_usd < reit.value_usd


def test_a_prime_lease_moves_the_machines_out():
    """Proves: 15 % of 88 of the operator's revenue is rent; its own taxed profit is what is left."""
    own = terms(
        activities=cloud(0.9, 0.8, real=0.3),
        trust=TrustTerms(cap_rate_frac=0.075, through="prime_lease", prime_rent_frac=0.15),
    )
    halves = halve(shell(), own)
    assert halves.prime_rent_usd[1] == pytest.approx(13.2e6)
    assert halves.rent_usd[1] == pytest.approx(22e6 + 13.2e6)
    assert halves.business["net_plant_usd"][1] == pytest.approx(0.63 * 960e6)
    assert halves.held["net_plant_usd"][1] == pytest.approx(0.37 * 960e6)
    both = halves.held.before_tax_usd + halves.business.before_tax_usd
    np.testing.assert_allclose(both, shell().before_tax_usd, atol=1e-6)
    found = found_in(compare_vehicles(shell(), own))
    assert found["assets_75"].worst_frac == pytest.approx(1.0)
    assert found["income_75"].worst_frac == pytest.approx(1.0)
    outsider = own.model_copy(update={"trust": own.trust.model_copy(update={"operator_is_ours": False})})
    alone = compare_vehicles(shell(), outsider).vehicles["reit"]
    assert alone.before_tax_value_usd == pytest.approx(
        float(np.sum(halves.held.before_tax_usd * 1.08 ** -np.arange(11.0)))
    )


def test_what_decides_whether_rent_is_rent():
    """Proves: personal property up to 15 % counts with the building, above it its rent does not; services above 1 %
    spoil all of it."""

    def income_75(real: float, services: float = 0.0) -> float:
        trust = TrustTerms(cap_rate_frac=0.075, impermissible_service_frac=services)
        part = SHELL.model_copy(update={"real_property_frac": real})
        return found_in(compare_vehicles(shell(), terms(activities=(part,), trust=trust)))["income_75"].worst_frac

    assert income_75(0.85) == pytest.approx(1.0)
    assert income_75(0.84) == pytest.approx(0.84)
    assert income_75(1.0, 0.01) == pytest.approx(0.99)
    assert income_75(1.0, 0.011) == 0.0


def test_fast_repayment_leaves_dividends_on_paper():
    """Proves: 60 of principal a year leaves less cash than income; holders are taxed on the rest of 90 %."""
    principal = np.r_[0.0, np.full(10, 60e6)]
    quick = shell(
        principal_usd=principal,
        debt_balance_usd=600e6 - np.cumsum(principal),
        interest_usd=np.r_[0.0, 0.06 * (600e6 - np.cumsum(principal)[:-1])],
    )
    done = compare_vehicles(quick, terms(holders=Holders(us_individual_frac=1.0)))
    reit = done.vehicles["reit"]
    assert reit.taxed_as == "trust"
    # cash 100 - 36 - 60 - 4 = 0 and income 24: 21.6 on paper, 21 % of 2.4 paid in
    assert reit.rows["consent_usd"][1] == pytest.approx(21.6e6)
    assert reit.rows["vehicle_tax_usd"][1] == pytest.approx(0.21 * 2.4e6)
    assert reit.rows["paid_in_usd"][1] == pytest.approx(0.21 * 2.4e6)
    assert reit.rows["holder_tax_usd"][1] == pytest.approx(0.334 * 21.6e6)
    assert "dividends_on_paper" in {remark.code for remark in reit.remarks}
    strict = terms(trust=TrustTerms(cap_rate_frac=0.075, consent_dividends=False))
    failed = compare_vehicles(quick, strict)
    assert not found_in(failed)["distribution"].passes
    assert "payout_frac" in found_in(failed)["distribution"].cure


def test_built_in_gain():
    """Proves: a sale in year 10 is free of it; one in year 4 pays 21 % of the smaller of gain and proceeds."""
    trust = TrustTerms(cap_rate_frac=0.075, built_in_gain_usd=50e6)
    late = compare_vehicles(shell(), terms(trust=trust)).vehicles["reit"]
    assert [remark.code for remark in late.remarks if "built_in" in remark.code] == ["built_in_gain"]
    early_sale = np.zeros(11)
    early_sale[4] = 200e6
    early = compare_vehicles(shell(sale_usd=shell()["sale_usd"] + early_sale), terms(trust=trust)).vehicles["reit"]
    assert early.rows["vehicle_tax_usd"][4] == pytest.approx(0.21 * 50e6)
    assert "built_in_gain_taxed" in {remark.code for remark in early.remarks}


def test_nav_needs_years_under_contract():
    done = compare_vehicles(shell(), terms(trust=TrustTerms(cap_rate_frac=0.075, contracted_years=7)))
    nav = done.vehicles["reit"].measures.nav_usd
    assert np.isfinite(nav).tolist() == [True] * 3 + [False] * 8
    short = compare_vehicles(shell(), terms(trust=TrustTerms(cap_rate_frac=0.075, contracted_years=4)))
    assert short.vehicles["reit"].measures.first_nav_usd is None
    assert "nav_not_stated" in {remark.code for remark in short.vehicles["reit"].remarks}


def test_an_evaluated_project():
    """Proves: the rows carry every dollar; without tax of holders the two companies are the engine's own values."""
    result = evaluate(hall_case())
    rows = rows_of_project(result)
    np.testing.assert_allclose(rows.before_tax_usd, result.statement["pre_tax_equity_usd"], atol=1e-4)
    done = compare_vehicles(result, terms(tax=hall_case().tax, discount_frac=0.09))
    assert done.vehicles["corporate"].value_usd == pytest.approx(result.npv_usd, rel=1e-10)
    assert done.vehicles["project_company"].value_usd == pytest.approx(result.npv_other_losses_usd, rel=1e-10)
    assert "credits_lost_in_trust" in {remark.code for remark in done.vehicles["reit"].remarks}


def test_cash_the_rows_do_not_name_is_not_lost():
    """Proves: 5 of cash that a lock-up moves from year 3 to year 4 moves in every vehicle."""
    result = evaluate(hall_case())
    moved = result.statement["after_tax_equity_usd"].copy()
    moved[result.year == 3] -= 5e6
    moved[result.year == 4] += 5e6
    locked = replace(result, statement={**result.statement, "after_tax_equity_usd": moved})
    own = terms(tax=hall_case().tax, discount_frac=0.09)
    lost = 5e6 * (1.09**-3 - 1.09**-4)
    for name, vehicle in compare_vehicles(locked, own).vehicles.items():
        before = compare_vehicles(result, own).vehicles[name].before_tax_value_usd
        assert vehicle.before_tax_value_usd == pytest.approx(before - lost), name
    assert np.abs(rows_of_project(result)["other_cash_usd"]).max() < 1e-4
    assert np.abs(rows_of_project(result)["other_book_usd"]).max() < 1e-4


@pytest.mark.parametrize("convention", ["mid_year", "offgridai", "sam"])
def test_conventions_keep_their_timing(convention):
    result = evaluate(hall_case(convention=convention))
    done = compare_vehicles(result, terms(tax=hall_case().tax, discount_frac=0.09))
    assert done.vehicles["corporate"].value_usd == pytest.approx(result.npv_usd, rel=1e-10)


def test_values_add():
    """Proves: two projects in one corporation are worth the sum, and one with losses helps another in a company."""
    loss = shell(revenue_usd=np.r_[0.0, np.full(10, 30e6)])
    one, two, both = (compare_vehicles(rows, terms()).vehicles for rows in (shell(), loss, shell().plus(loss)))
    assert both["corporate"].value_usd == pytest.approx(one["corporate"].value_usd + two["corporate"].value_usd)
    apart = one["project_company"].value_usd + two["project_company"].value_usd
    assert both["project_company"].value_usd > apart
    doubled = compare_vehicles(shell().scaled(2.0), terms()).vehicles
    for name, vehicle in doubled.items():
        assert vehicle.value_usd == pytest.approx(2.0 * one[name].value_usd), name


@pytest.mark.parametrize("through", ["direct", "taxable_subsidiary", "prime_lease"])
@pytest.mark.parametrize("individuals", [0.0, 0.6])
def test_every_dollar_is_somewhere(through, individuals):
    """Proves: value = before tax - tax of the vehicle - tax of holders - what is held back, in every vehicle."""
    trust = TrustTerms(
        cap_rate_frac=0.075, through=through, prime_rent_frac=0.2 if through == "prime_lease" else None, payout_frac=0.7
    )
    own = terms(
        activities=cloud(0.2, 0.3, real=0.2),
        trust=trust,
        holders=Holders(us_individual_frac=individuals, foreign_frac=0.3),
    )
    done = compare_vehicles(shell(), own)
    for name, vehicle in done.vehicles.items():
        left = vehicle.before_tax_value_usd - vehicle.vehicle_tax_value_usd
        left -= vehicle.holder_tax_value_usd + vehicle.retention_value_usd
        assert vehicle.value_usd == pytest.approx(left, abs=1e-3), name
        assert set(vehicle.rows) == set(VEHICLE_ROWS)
        parts = done.difference_usd(name)
        assert parts.pop("value") == pytest.approx(sum(parts.values()), abs=1e-3)


def test_document():
    done = compare_vehicles(shell(), terms(company_net_assets_usd=1e8))
    document = json.loads(json.dumps(done.document(), allow_nan=False))
    assert set(document["vehicles"]) == {"corporate", "project_company", "reit"}
    assert document["best"] == "reit"
    assert document["per_share"]["ffo_usd"] == pytest.approx(0.64)
    assert "reit.distribution" in document["facts"]
    vehicle = done.vehicles["corporate"]
    assert vehicle.value_usd_per_share == pytest.approx((vehicle.value_usd + 1e8) / 1e8)
    assert vehicle.value_usd_per_gross_w == pytest.approx(vehicle.value_usd / 250e6)
    assert vehicle.value_usd_per_critical_w == pytest.approx(vehicle.value_usd / 200e6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: terms(activities=(SHELL, SHELL)), "revenue_frac of the activities adds to 2"),
        (lambda: terms(gross_mw=0.0), "gross_mw is 0"),
        (lambda: terms(trust=TrustTerms(cap_rate_frac=0.07, through="taxable_subsidiary")), "set it to direct"),
        (lambda: TrustTerms(cap_rate_frac=0.07, through="prime_lease"), "prime_rent_frac belongs"),
        (lambda: TrustTerms(cap_rate_frac=0.07, operator_is_ours=False), "set through"),
        (lambda: TrustTerms(cap_rate_frac=0.0), "cap_rate_frac"),
        (lambda: Holders(us_individual_frac=0.8, foreign_frac=0.3), "add to 1.1"),
        (lambda: Holders(treaty_withholding_frac=0.1), "acts on no one"),
    ],
)
def test_what_terms_refuse(make, message):
    with pytest.raises(ValidationError, match=message):
        make()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PropertyRows.given([0, 1], {"revenu_usd": [0.0, 1.0]}), "did you mean revenue_usd"),
        (lambda: PropertyRows.given([0, 1], {"opex_usd": [1.0]}), "opex_usd has 1 values, need one for each of 2"),
        (lambda: PropertyRows.given([0, 1], {"opex_usd": [1.0, np.nan]}), "not finite in year 1"),
        (lambda: PropertyRows.given([0, 2], {}), "consecutive whole years"),
        (lambda: compare_vehicles(PropertyRows.given([-1, 0], {}), terms()), "no operating year 1"),
        (lambda: shell().plus(PropertyRows.given([0, 1], {})), "different years"),
    ],
)
def test_what_rows_refuse(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_limits_come_from_the_facts():
    rules = VehicleRules.of()
    assert rules.subsidiary_limit_frac(np.array([2025, 2026])).tolist() == [0.2, 0.25]
    assert (rules.assets_min_frac, rules.passive_income_min_frac, rules.distribution_min_frac) == (0.75, 0.95, 0.9)
