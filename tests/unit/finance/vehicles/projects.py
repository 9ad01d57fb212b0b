"""Projects that several tests of vehicles share."""

from __future__ import annotations

from typing import Any

import numpy as np

from wattworth.finance.project import (
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    Discounting,
    EquipmentReserve,
    Incentives,
    InvestmentCredit,
    Operating,
    ProjectCase,
    Reserves,
    Revenue,
    Tax,
    Terminal,
    YearlyLine,
)
from wattworth.finance.vehicles import Activity, PropertyRows, TrustTerms, VehicleTerms

TAX = Tax(federal_frac=0.21, state_frac=0.05)
SHELL = Activity(name="shell", kind="rent", revenue_frac=1.0, assets_frac=1.0, real_property_frac=1.0)


def shell(**changes: Any) -> PropertyRows:
    """Ten years of 100 of NOI on 1,000 of building, 600 of debt at 6 % repaid by a sale at cost, $ millions.

    Depreciation is 40 a year for tax and books; what is left, 600, is written off in the books and free of tax
    when it is sold.
    """
    ten, last = np.r_[0.0, np.ones(10)], np.r_[np.zeros(10), 1.0]
    start = 1.0 - np.minimum(1.0, np.arange(11.0))
    rows = {
        "revenue_usd": 110e6 * ten,
        "opex_usd": 10e6 * ten,
        "capital_usd": 1000e6 * start,
        "maintenance_usd": 4e6 * ten,
        "tax_depreciation_usd": 40e6 * ten,
        "book_depreciation_usd": 40e6 * ten + 600e6 * last,
        "interest_usd": 36e6 * ten,
        "principal_usd": 600e6 * last,
        "debt_drawn_usd": 600e6 * start,
        "debt_balance_usd": 600e6 * (1.0 - last),
        "sale_usd": 1000e6 * last,
        "untaxed_usd": 600e6 * last,
        "net_plant_usd": (1000e6 - 40e6 * np.arange(11.0)) * (1.0 - last),
    }
    return PropertyRows.given(np.arange(11), rows | changes, name="shell")


def terms(**changes: Any) -> VehicleTerms:
    """A shell held by those who pay no tax, at 8 %."""
    declared: dict[str, Any] = {
        "activities": (SHELL,),
        "trust": TrustTerms(cap_rate_frac=0.075),
        "tax": Tax(federal_frac=0.21),
        "discount_frac": 0.08,
        "first_calendar_year": 2027,
        "gross_mw": 250.0,
        "critical_it_mw": 200.0,
        "share_count": 100_000_000,
    }
    return VehicleTerms(**(declared | changes))


def hall_case(**changes: Any) -> ProjectCase:
    """A leased hall with debt, reserves, bonus, a credit and an exit."""
    classes = (
        AssetClass(share_frac=0.5, schedule="sl_39"),
        AssetClass(share_frac=0.4, schedule="macrs_15", federal_bonus=True),
        AssetClass(share_frac=0.1, schedule="macrs_5", federal_bonus=True, federal_credit=True),
    )
    declared: dict[str, Any] = {
        "name": "hall",
        "analysis_years": 15,
        "nameplate_mw": 100.0,
        "revenue": Revenue(other=(YearlyLine(name="rent", usd_per_year=150e6, escalation_frac=0.03),)),
        "operating": Operating(fixed_usd_per_year=20e6),
        "capital": Capital(parts=(CostPart(name="hall", usd=1e9),), construction_years=2),
        "debt": Debt(dscr_ratio=1.3, rate_frac=0.07, tenor_years=14, max_share_frac=0.7, upfront_fee_frac=0.02),
        "reserves": Reserves(
            debt_service_months=6.0,
            interest_frac=0.02,
            equipment=(EquipmentReserve(usd_per_w=0.2, every_years=5),),
        ),
        "incentives": Incentives(investment_credits=(InvestmentCredit(rate_frac=0.3),)),
        "tax": Tax(federal_frac=0.21, state_frac=0.05, losses="group"),
        "depreciation": Depreciation(classes=classes, federal_bonus_frac=1.0),
        "terminal": Terminal(exit_cap_rate_frac=0.075, selling_cost_frac=0.02),
        "discounting": Discounting(inflation_frac=0.025, nominal_frac=0.09),
    }
    return ProjectCase(**(declared | changes))
