"""Many cases at once: two engines, one answer, and a reason where one of them steps aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.errors import DataError
from wattworth.finance.project import (
    Debt,
    EquipmentReserve,
    Grant,
    Incentives,
    InvestmentCredit,
    ProjectCase,
    Reserves,
    Revenue,
    Terminal,
    YearlyLine,
    compile_project_kernels,
    evaluate_many,
    why_not_compiled,
)


@pytest.fixture(scope="module")
def draws() -> dict[str, np.ndarray]:
    """Two thousand draws of seven inputs, some of them ruinous."""
    random = np.random.default_rng(5)
    return {
        "revenue.price_usd_per_mwh": random.uniform(120.0, 320.0, 2000),
        "capital.parts.0.usd": random.uniform(0.5e9, 1.4e9, 2000),
        "debt.rate_frac": random.uniform(0.0, 0.12, 2000),
        "debt.dscr_ratio": random.uniform(1.1, 1.8, 2000),
        "operating.fuel_price_usd_per_mmbtu": random.uniform(6.0, 12.0, 2000),
        "discounting.inflation_frac": random.uniform(0.0, 0.05, 2000),
        "tax.federal_frac": random.uniform(0.0, 0.4, 2000),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"convention": "reopt"},
        {"convention": "offgridai"},
        {"debt": Debt(profile="level_payment", dscr_ratio=1.3, share_frac=0.6, rate_frac=0.07, tenor_years=18)},
        {"debt": Debt(profile="level_principal", dscr_ratio=1.3, rate_frac=0.07, tenor_years=15, moratorium_years=2)},
        {
            "debt": Debt(
                dscr_ratio=1.3,
                max_loan_to_value_frac=0.6,
                value_usd=1e9,
                min_interest_cover_ratio=2.0,
                rate_frac=0.07,
                tenor_years=18,
            )
        },
    ],
    ids=["sam", "reopt", "offgridai", "level payment", "level principal", "value and interest cover"],
)
def test_the_compiled_pass_is_the_plain_one(changes: dict[str, Any], draws: dict[str, np.ndarray]) -> None:
    """Proves: the compiled pass gives the plain engine's metrics to 1e-9, its statuses and its binding limits."""
    case = generic_system(**changes)
    fast, plain = (evaluate_many(case, draws, engine) for engine in ("compiled", "plain"))
    size = float(np.abs(plain.installed_cost_usd).max())
    for name in ("npv_usd", "debt_usd", "equity_usd", "installed_cost_usd"):
        assert getattr(fast, name) == pytest.approx(getattr(plain, name), abs=1e-9 * size), name
    for name in ("lcoe_nominal_usd_per_mwh", "lcoe_real_usd_per_mwh", "dscr_min_ratio"):
        assert getattr(fast, name) == pytest.approx(getattr(plain, name), rel=1e-9, nan_ok=True), name
    assert (fast.irr_status == plain.irr_status).all()
    assert fast.irr_frac == pytest.approx(plain.irr_frac, rel=1e-9, abs=1e-9, nan_ok=True)
    assert fast.debt_limits == plain.debt_limits
    assert (fast.debt_binding == plain.debt_binding).all()


def test_blocks_of_the_plain_engine_join() -> None:
    """Proves: the size of a block changes nothing but the last bits of numpy's sums."""
    prices = np.linspace(200.0, 300.0, 10)
    whole, cut = (
        evaluate_many(generic_system(), {"revenue.price_usd_per_mwh": prices}, "plain", block=size) for size in (100, 3)
    )
    assert whole.npv_usd == pytest.approx(cut.npv_usd, rel=1e-12)
    assert whole.debt_limits == cut.debt_limits


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"incentives": Incentives(grants=(Grant(fixed_usd=1.0),))}, "debt.rate_frac", "grants"),
        (
            {"incentives": Incentives(investment_credits=(InvestmentCredit(fixed_usd=1.0),))},
            "debt.rate_frac",
            "cap or a fixed amount",
        ),
        ({"terminal": Terminal(exit_cap_rate_frac=0.1)}, "debt.rate_frac", "sold at the end"),
        ({"convention": "mid_year"}, "debt.rate_frac", "mid_year discounts capital and operation differently"),
        (
            {"revenue": Revenue(price_usd_per_mwh=240.0, other=(YearlyLine(name="rent", usd_per_year=1.0),))},
            "revenue.other.0.usd_per_year",
            "varies",
        ),
        (
            {"reserves": Reserves(equipment=(EquipmentReserve(usd_per_w=0.1, every_years=5),))},
            "discounting.inflation_frac",
            "equipment reserves depend on it",
        ),
    ],
)
def test_what_the_compiled_pass_leaves_is_said_and_done_plainly(
    changes: dict[str, Any], path: str, reason: str
) -> None:
    """Proves: asking for the compiled engine names the reason; left to itself the plain one answers."""
    case: ProjectCase = generic_system(**changes)
    varied = {path: np.array([0.04, 0.05])}
    assert reason in (why_not_compiled(case, varied) or "")
    with pytest.raises(DataError, match=reason):
        evaluate_many(case, varied, "compiled")
    assert np.isfinite(evaluate_many(case, varied).npv_usd).all()


def test_without_debt_there_is_no_cover_and_no_limit() -> None:
    """Proves: absence is NaN in arrays, and -1 where a limit would be named."""
    for engine in ("compiled", "plain"):
        many = evaluate_many(generic_system(debt=None), {"revenue.price_usd_per_mwh": [200.0, 240.0]}, engine)
        assert np.isnan(many.dscr_min_ratio).all()
        assert (many.debt_binding == -1).all()
        assert many.debt_limits == ()
        assert (many.debt_usd == 0.0).all()


def test_kernels_compile_on_demand() -> None:
    compile_project_kernels()
