"""Shapes, limits and timing of debt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.finance.project import Capital, CostPart, Debt, ProjectResult, Tax, evaluate, service_per_usd


def house(**changes: Any) -> ProjectResult:
    """Generic System under the house convention."""
    tax = Tax(federal_frac=0.21, state_frac=0.07, losses="carried")
    return evaluate(generic_system(**({"convention": "wattworth", "tax": tax} | changes)))


@pytest.mark.parametrize("profile", ["sculpted", "level_payment", "level_principal"])
@pytest.mark.parametrize("grace", [0, 2])
def test_service_of_a_dollar_is_worth_a_dollar(profile: Any, grace: int) -> None:
    """Proves: whatever the shape, payments discounted at the loan's own rate give the loan."""
    cash = np.array([[3.0], [0.0], [2.0], [5.0], [1.0], [4.0]])
    per_usd = service_per_usd(profile, 0.06, 6, grace, cash)
    assert float(np.sum(per_usd[:, 0] * 1.06 ** -np.arange(1, 7))) == pytest.approx(1.0, rel=1e-12)
    assert per_usd[:grace, 0] == pytest.approx(0.06)


def test_level_shapes_at_a_zero_rate() -> None:
    """Proves: without interest both level shapes repay the same each year."""
    for profile in ("level_payment", "level_principal"):
        assert service_per_usd(profile, 0.0, 4, 0, np.zeros((4, 1)))[:, 0] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("limits", "binding"),
    [
        ({"dscr_ratio": 1.3}, "dscr"),
        ({"dscr_ratio": 1.3, "max_share_frac": 0.4}, "gearing"),
        ({"dscr_ratio": 1.3, "share_frac": 0.3}, "share"),
        ({"dscr_ratio": 1.3, "max_loan_to_value_frac": 0.65, "value_usd": 6e8}, "loan_to_value"),
        ({"dscr_ratio": 1.3, "min_interest_cover_ratio": 4.0}, "interest_cover"),
        ({"dscr_ratio": 1.3, "profile": "level_payment"}, "dscr"),
    ],
)
def test_the_least_limit_binds_and_is_named(limits: dict[str, Any], binding: str) -> None:
    """Proves: debt is the least of what was asked, in every shape, and no cover falls below what was asked."""
    result = house(debt=Debt(**({"rate_frac": 0.07, "tenor_years": 18, "upfront_fee_frac": 0.0275} | limits)))
    assert result.debt_binding == binding
    assert result.debt_usd == pytest.approx(min(result.debt_limits_usd.values()), rel=1e-12)
    assert result.dscr_min_ratio is not None
    assert result.dscr_min_ratio >= 1.3 - 1e-9
    assert result.statement["debt_balance_usd"][-1] == pytest.approx(0.0, abs=1e-3)


def test_gearing_of_the_house_counts_what_debt_costs() -> None:
    """Proves: a share of all uses is that share in the end, fee and reserve with it, without iteration."""
    for share in (0.3, 0.55):
        debt = Debt(profile="level_payment", share_frac=share, rate_frac=0.07, tenor_years=18, upfront_fee_frac=0.03)
        assert house(debt=debt).debt_frac == pytest.approx(share, rel=1e-12)


def test_grace_delays_principal() -> None:
    """Proves: interest alone is paid while grace lasts; SAM's sculpting has none, and says the input is idle."""
    debt = Debt(dscr_ratio=1.5, rate_frac=0.07, tenor_years=18, moratorium_years=3)
    ours = house(debt=debt)
    assert ours.statement["principal_usd"][1:4] == pytest.approx(0.0, abs=1e-6)
    assert ours.statement["principal_usd"][4] > 1e6
    theirs = evaluate(generic_system(debt=debt))
    assert theirs.statement["principal_usd"][1] > 1e6
    assert "debt.moratorium_years" in {remark.where for remark in theirs.remarks}


def test_construction_draws_debt_and_equity_together() -> None:
    """Proves: over several years of building both are drawn in one proportion, and add to the uses."""
    capital = Capital(parts=(CostPart(name="plant", usd=1e9),), construction_years=3)
    result = house(capital=capital, convention="mid_year")
    rows = result.statement
    assert result.year[:3].tolist() == [-2, -1, 0]
    spent = rows["capital_spending_usd"][:3] / rows["capital_spending_usd"].sum()
    assert spent == pytest.approx([7 / 27, 13 / 27, 7 / 27], rel=1e-12)  # 3x² - 2x³ at 1/3 and 2/3
    drawn = rows["debt_drawn_usd"][:3]
    assert drawn / (drawn + rows["equity_paid_in_usd"][:3]) == pytest.approx(result.debt_frac, rel=1e-12)
    assert rows["debt_balance_usd"][2] == pytest.approx(result.debt_usd, rel=1e-12)


def test_cover_of_the_loan_life_is_the_cover_it_was_sculpted_to() -> None:
    """Proves: with sculpted debt LLCR is DSCR in every year, and PLCR is more for the years after the tenor."""
    result = evaluate(generic_system())
    owed = result.statement["llcr_ratio"][:18]
    assert owed == pytest.approx(1.3, rel=1e-9)
    assert np.isnan(result.statement["llcr_ratio"][18:]).all()
    assert result.plcr_ratio is not None
    assert result.plcr_ratio > 1.45
