"""Warnings are data: each nonsense has a code, a cause and a fix, and leaves no NaN."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.finance.project import (
    STATEMENT_ROWS,
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    Energy,
    EquipmentReserve,
    Grant,
    Incentives,
    InvestmentCredit,
    Operating,
    ProductionCredit,
    ProjectResult,
    PropertyTax,
    Reserves,
    Revenue,
    Target,
    Tax,
    Terminal,
    evaluate,
)


def codes(result: ProjectResult) -> set[str]:
    """Codes of the remarks of a result."""
    return {remark.code for remark in result.remarks}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capital": Capital(parts=(CostPart(name="plant", usd=1e8),))}, "debt_above_cost"),
        ({"revenue": Revenue(price_usd_per_mwh=100.0)}, "no_debt"),
        ({"revenue": Revenue(price_usd_per_mwh=100.0)}, "negative_ebitda"),
        (
            {"revenue": Revenue(price_usd_per_mwh=10.0), "tax": Tax(), "depreciation": Depreciation()},
            "irr_undefined",
        ),
        ({"revenue": Revenue(price_usd_per_mwh=130.0)}, "negative_cash"),
        (
            {"debt": Debt(profile="level_payment", share_frac=0.9, rate_frac=0.09, tenor_years=15)},
            "dscr_below_1",
        ),
        ({"debt": Debt(profile="level_payment", share_frac=0.4, rate_frac=0.05, tenor_years=30)}, "debt_not_repaid"),
        ({"energy": Energy(year1_mwh=756.864), "revenue": Revenue(price_usd_per_mwh=240e3)}, "lcoe_out_of_range"),
        ({"incentives": Incentives(grants=(Grant(fixed_usd=1.3e9),))}, "negative_equity"),
        (
            {
                "tax": Tax(federal_frac=0.21, losses="carried"),
                "incentives": Incentives(production_credits=(ProductionCredit(usd_per_mwh=27.5),)),
            },
            "credits_paid_out",
        ),
        (
            {"tax": Tax(federal_frac=0.21, losses="carried"), "revenue": Revenue(price_usd_per_mwh=180.0)},
            "losses_left",
        ),
    ],
)
def test_nonsense_is_told(changes: dict[str, Any], code: str) -> None:
    """Proves: each trap the issue names is a remark with cause and fix, and every headline stays finite or absent."""
    result = evaluate(generic_system(**changes))
    assert code in codes(result)
    assert all(remark.message and remark.fix and remark.where for remark in result.remarks)
    text = json.dumps(result.to_plain(), allow_nan=False)
    assert json.loads(text)["npv_usd"] == result.npv_usd
    assert result.debt_usd <= max(0.0, result.installed_cost_usd) or code == "negative_equity"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        (
            {"incentives": Incentives(investment_credits=(InvestmentCredit(rate_frac=0.3),))},
            "incentives.investment_credits.0.rate_frac",
        ),
        (
            {
                "depreciation": Depreciation(
                    classes=(AssetClass(share_frac=1.0, schedule="macrs_5"),), federal_bonus_frac=0.6
                )
            },
            "depreciation.federal_bonus_frac",
        ),
        (
            {"incentives": Incentives(production_credits=(ProductionCredit(usd_per_mwh=5.0, term_years=0),))},
            "incentives.production_credits.0",
        ),
        ({"debt": None}, "reserves.debt_service_months"),
        ({"debt": None, "tax": Tax(federal_frac=0.2, interest_limit_frac=0.3)}, "tax.interest_limit_frac"),
        ({"tax": Tax()}, "depreciation.classes"),
        ({"tax": Tax(federal_frac=0.2, loss_use_limit_frac=0.5)}, "tax.loss_use_limit_frac"),
        ({"property_tax": PropertyTax(assessed_frac=0.5)}, "property_tax"),
        ({"operating": Operating(fuel_price_usd_per_mmbtu=5.0)}, "operating.fuel_price_usd_per_mmbtu"),
        ({"nameplate_mw": 0.0}, "operating.capacity_usd_per_kw_year"),
        ({"target": Target(irr_frac=0.1)}, "revenue.price_usd_per_mwh"),
        ({"terminal": Terminal(selling_cost_frac=0.02)}, "terminal.selling_cost_frac"),
        ({"reserves": Reserves(interest_frac=0.02)}, "reserves.interest_frac"),
        (
            {"reserves": Reserves(equipment=(EquipmentReserve(usd_per_w=0.1, every_years=30),))},
            "reserves.equipment.0.every_years",
        ),
        (
            {"capital": Capital(parts=(CostPart(name="plant", usd=1.2e9),), sales_taxed_frac=0.5)},
            "capital.sales_taxed_frac",
        ),
        (
            {"energy": Energy(mwh_by_year=(7e5,) * 25, degradation_frac_per_year=0.01)},
            "energy",
        ),
    ],
)
def test_an_input_that_cannot_act_is_told(changes: dict[str, Any], where: str) -> None:
    """Proves: what is declared and changes nothing is named by its path, never dropped in silence."""
    result = evaluate(generic_system(**changes))
    assert where in {remark.where for remark in result.remarks if remark.code == "input_cannot_act"}


def test_a_credit_without_its_class_changes_nothing() -> None:
    """Proves: the warned input really is idle: the value is that of the case without it, to the last bit."""
    idle = generic_system(incentives=Incentives(investment_credits=(InvestmentCredit(rate_frac=0.3),)))
    assert evaluate(idle).npv_usd == evaluate(generic_system()).npv_usd


def test_a_sound_case_has_no_remarks_and_every_row() -> None:
    """Proves: no false alarm on the Generic System; its statement holds exactly the rows that are documented."""
    result = evaluate(generic_system())
    assert result.remarks == ()
    assert list(result.statement) == list(STATEMENT_ROWS)
    assert all(row.shape == result.year.shape for row in result.statement.values())
    plain = result.to_plain()
    needed = {"npv_usd", "irr_frac", "debt_usd", "installed_cost_usd", "dscr_min", "statement", "convention"}
    assert needed | {"lcoe_nominal_usd_per_mwh", "lcoe_real_usd_per_mwh"} <= set(plain)
    assert all(np.isfinite(plain[key]) for key in ("npv_usd", "irr_frac", "debt_usd", "dscr_min"))


def test_a_remark_reads_as_a_sentence() -> None:
    result = evaluate(generic_system(revenue=Revenue(price_usd_per_mwh=100.0)))
    first = next(remark for remark in result.remarks if remark.code == "no_debt")
    assert str(first).startswith("debt: the limits leave no debt; ")
    assert set(first.to_plain()) == {"code", "where", "message", "fix"}
