"""Reserves in and out, losses, the interest limit and credits, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wattworth.finance.project import (
    AssetClass,
    Capital,
    ConstructionLoan,
    CostPart,
    Debt,
    Depreciation,
    Discounting,
    EquipmentReserve,
    Incentives,
    Operating,
    ProductionCredit,
    ProductionIncentive,
    ProjectCase,
    PropertyTax,
    Reserves,
    Revenue,
    Tax,
    Terminal,
    YearlyLine,
    deductible_interest_usd,
    evaluate,
    taxable_income_usd,
)
from wattworth.finance.project.parts import Energy


def small(**changes: Any) -> ProjectCase:
    """A plant of 1,000 that earns 200 for five years at a cost of 50."""
    declared: dict[str, Any] = {
        "analysis_years": 5,
        "revenue": Revenue(other=(YearlyLine(name="rent", usd_per_year=200.0),)),
        "operating": Operating(other=(YearlyLine(name="cost", usd_per_year=50.0),)),
        "capital": Capital(parts=(CostPart(name="plant", usd=1000.0),)),
        "discounting": Discounting(nominal_frac=0.05),
    }
    return ProjectCase(**(declared | changes))


def test_equipment_is_saved_for_spent_and_written_off() -> None:
    """Proves: two years of saving pay each replacement; a third cycle that would end late is not funded."""
    reserves = Reserves(
        equipment=(EquipmentReserve(usd_per_w=1e-4, every_years=2),),
        equipment_federal_schedule="sl_5",
        interest_frac=0.1,
    )
    case = small(nameplate_mw=1.0, reserves=reserves, tax=Tax(federal_frac=0.21, losses="paid"))
    rows = evaluate(case).statement
    assert rows["equipment_funding_usd"].tolist() == [0.0, 50.0, 50.0, 50.0, 50.0, 0.0]
    assert rows["equipment_spending_usd"].tolist() == [0.0, 0.0, 100.0, 0.0, 100.0, 0.0]
    assert rows["equipment_reserve_usd"].tolist() == [0.0, 50.0, 0.0, 50.0, 0.0, 0.0]
    assert rows["reserve_interest_usd"] == pytest.approx([0.0, 0.0, 5.0, 0.0, 5.0, 0.0])
    assert rows["federal_depreciation_usd"] == pytest.approx([0.0, 0.0, 10.0, 20.0, 30.0, 40.0])


def test_working_capital_and_receivables_come_back() -> None:
    """Proves: months of next year's amounts are held, topped up and released in the last year."""
    rows = evaluate(small(reserves=Reserves(working_capital_months=6.0, receivables_months=3.0))).statement
    assert rows["working_capital_reserve_usd"].tolist() == [25.0] * 5 + [0.0]
    assert rows["receivables_reserve_usd"].tolist() == [50.0] * 5 + [0.0]
    assert rows["reserve_funding_usd"].tolist() == [75.0, 0.0, 0.0, 0.0, 0.0, -75.0]
    assert rows["after_tax_equity_usd"].tolist() == [-1075.0, 150.0, 150.0, 150.0, 150.0, 225.0]


def test_interest_limit_carries_what_it_refuses() -> None:
    """Proves: deduction stops at the limit and catches up when room is left; reserve interest widens it."""
    deducted, carried = deductible_interest_usd([80.0, 80.0, 10.0], [60.0, 90.0, 60.0])
    assert deducted.tolist() == [60.0, 90.0, 20.0]
    assert carried.tolist() == [20.0, 10.0, 0.0]
    debt = Debt(profile="level_principal", share_frac=0.6, rate_frac=0.1, tenor_years=5)
    case = small(debt=debt, tax=Tax(federal_frac=0.21, losses="paid", interest_limit_frac=0.3))
    rows = evaluate(case).statement
    assert rows["deductible_interest_usd"][1] == pytest.approx(0.3 * 150.0)
    assert rows["interest_carried_usd"][1] == pytest.approx(60.0 - 45.0)


def test_state_tax_is_deducted_from_federal_income() -> None:
    """Proves: the effective rate of validation.md B2, 26.53 % from 21 % and 7 %, on income without write-off."""
    tax = Tax(federal_frac=0.21, state_frac=0.07, losses="group")
    assert tax.effective_frac == pytest.approx(0.2653)
    rows = evaluate(small(tax=tax)).statement
    assert -(rows["state_tax_usd"] + rows["federal_tax_usd"])[1] == pytest.approx(0.2653 * 150.0)


def test_losses_wait_or_pay() -> None:
    """Proves: the first year's write-off is worth tax at once, or at 80 % of later income."""
    classes = Depreciation(
        classes=(AssetClass(share_frac=1.0, schedule="macrs_5", federal_bonus=True),), federal_bonus_frac=1.0
    )
    paid = evaluate(small(depreciation=classes, tax=Tax(federal_frac=0.21, losses="paid"))).statement
    carried = evaluate(small(depreciation=classes, tax=Tax(federal_frac=0.21, losses="carried"))).statement
    assert paid["federal_tax_usd"][1:3] == pytest.approx([0.21 * 850.0, -0.21 * 150.0])
    assert carried["federal_tax_usd"][1:3] == pytest.approx([0.0, -0.21 * 0.2 * 150.0])
    assert carried["federal_losses_carried_usd"][1:3] == pytest.approx([850.0, 730.0])
    group, left = taxable_income_usd([-5.0, 5.0], "group")
    assert group.tolist() == [-5.0, 5.0]
    assert left.tolist() == [0.0, 0.0]


def test_production_credits_are_rounded_as_the_irs_does() -> None:
    """Proves: 27.5 $/MWh growing 2.5 % is paid as 28, 28, 29 whole dollars; an incentive is not rounded."""
    incentives = Incentives(
        production_credits=(ProductionCredit(usd_per_mwh=27.5, term_years=3, escalation_frac=0.025),),
        production_incentives=(ProductionIncentive(usd_per_mwh=27.5, term_years=2, escalation_frac=0.025),),
    )
    case = small(energy=Energy(year1_mwh=1.0), revenue=Revenue(price_usd_per_mwh=0.0), incentives=incentives)
    rows = evaluate(case).statement
    assert rows["federal_ptc_usd"].tolist() == [0.0, 28.0, 28.0, 29.0, 0.0, 0.0]
    assert rows["incentive_usd"] == pytest.approx([0.0, 27.5, 27.5 * 1.025, 0.0, 0.0, 0.0])


def test_property_tax_falls_and_is_forgiven() -> None:
    """Proves: the assessed value falls in equal steps to nothing, and an abatement forgives its share."""
    levy = PropertyTax(rate_frac=0.01, assessed_frac=0.5, decline_frac_per_year=0.3, abatement_by_year=(1.0, 0.5))
    rows = evaluate(small(property_tax=levy)).statement
    assert rows["property_tax_usd"] == pytest.approx([0.0, 0.0, 5.0 * 0.7 * 0.5, 5.0 * 0.4, 5.0 * 0.1, 0.0])


def test_cost_of_building_adds_up() -> None:
    """Proves: contingency, sales tax on its share, and interest and fees of a construction loan."""
    capital = Capital(
        parts=(CostPart(name="a", usd=600.0), CostPart(name="b", usd=400.0)),
        contingency_frac=0.1,
        sales_tax_frac=0.05,
        sales_taxed_frac=0.8,
        construction_loans=(ConstructionLoan(share_frac=0.5, months=12.0, rate_frac=0.08, upfront_fee_frac=0.01),),
    )
    assert capital.installed_usd == pytest.approx(1100.0 * 1.04)
    assert capital.construction_usd == pytest.approx(0.5 * 1144.0 * (0.04 + 0.01))
    uses = evaluate(small(capital=capital)).uses_usd
    assert sum(uses.values()) == pytest.approx(1144.0 + 28.6)


def test_salvage_and_sale_come_last() -> None:
    """Proves: salvage is a share of cost; a sale capitalises the year after the last, less its cost."""
    rows = evaluate(
        small(terminal=Terminal(salvage_frac=0.1, exit_cap_rate_frac=0.1, selling_cost_frac=0.02))
    ).statement
    assert rows["salvage_usd"].tolist() == [0.0] * 5 + [100.0]
    assert rows["sale_usd"] == pytest.approx([0.0] * 5 + [150.0 / 0.1 * 0.98])


def test_mid_year_discounting_keeps_capital_at_year_0() -> None:
    """Proves: operation is discounted half a year less, and the rate of return counts that half year too."""
    result = evaluate(small(convention="mid_year"))
    years = np.arange(1, 6) - 0.5
    assert result.npv_usd == pytest.approx(-1000.0 + 150.0 * np.sum(1.05**-years))
    assert result.irr_frac is not None
    assert -1000.0 + 150.0 * np.sum((1.0 + result.irr_frac) ** -years) == pytest.approx(0.0, abs=1e-9)
