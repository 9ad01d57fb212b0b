"""Cases that several tests of project finance share."""

from __future__ import annotations

from typing import Any

from wattworth.finance.project import (
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    Discounting,
    Energy,
    Operating,
    ProjectCase,
    Reserves,
    Revenue,
    Tax,
)


def generic_system(**changes: Any) -> ProjectCase:
    """SAM's Generic System, Single Owner, rebuilt from validation.md B2."""
    classes = (
        AssetClass(share_frac=0.90, schedule="macrs_5"),
        AssetClass(share_frac=0.015, schedule="macrs_15"),
        AssetClass(share_frac=0.025, schedule="sl_15"),
        AssetClass(share_frac=0.03, schedule="sl_20"),
    )
    declared: dict[str, Any] = {
        "name": "Generic System",
        "convention": "sam",
        "analysis_years": 25,
        "nameplate_mw": 100.0,
        "energy": Energy(year1_mwh=756_864.0),
        "revenue": Revenue(price_usd_per_mwh=240.0, price_escalation_frac=0.01),
        "operating": Operating(
            capacity_usd_per_kw_year=25.0,
            fuel_mmbtu_per_year=7_568_640.0,
            fuel_price_usd_per_mmbtu=10.0,
            insurance_frac_per_year=0.005,
        ),
        "capital": Capital(parts=(CostPart(name="plant", usd=1.092e9),), construction_financing_usd=28_665_000.0),
        "debt": Debt(dscr_ratio=1.3, rate_frac=0.07, tenor_years=18, upfront_fee_frac=0.0275),
        "reserves": Reserves(debt_service_months=6.0, working_capital_months=6.0, interest_frac=0.0175),
        "tax": Tax(federal_frac=0.21, state_frac=0.07),
        "depreciation": Depreciation(classes=classes),
        "discounting": Discounting(inflation_frac=0.025, real_frac=0.064),
    }
    return ProjectCase(**(declared | changes))
