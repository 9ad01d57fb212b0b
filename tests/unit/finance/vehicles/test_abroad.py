"""A case under the tax of another country."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.finance.vehicles.projects import hall_case
from wattworth.errors import DataError, FactError
from wattworth.finance.project import evaluate
from wattworth.finance.vehicles import after_withholding, case_abroad


def test_canada():
    """Proves: 26.5 % on profit, nothing for the state, straight line, no credit, no bonus, 25 % withheld."""
    abroad = case_abroad(hall_case(), "CA")
    own = abroad.case
    assert (own.tax.federal_frac, own.tax.state_frac, own.tax.loss_use_limit_frac) == (0.265, 0.0, 1.0)
    assert own.incentives.investment_credits == ()
    assert abroad.withholding_frac == 0.25
    dropped = [remark.where for remark in abroad.remarks if remark.code == "dropped_abroad"]
    assert dropped == [
        "incentives.investment_credits",
        "depreciation.federal_bonus_frac",
        "depreciation.classes",
        "tax.state_frac",
    ]
    rows = evaluate(own).statement
    cost = 1e9
    expected = cost * (0.5 / 39 + 0.4 / 15 + 0.1 / 5)
    first = rows["federal_depreciation_usd"][rows["federal_depreciation_usd"] > 0][0]
    assert first == pytest.approx(expected, rel=1e-9)
    assert rows["tax_credits_usd"].sum() == 0.0
    assert rows["state_tax_usd"].sum() == 0.0


def test_one_life_for_everything():
    own = case_abroad(hall_case(), "NO", life_years=20).case
    rows = evaluate(own).statement["federal_depreciation_usd"]
    assert rows[rows > 0][0] == pytest.approx(1e9 / 20, rel=1e-9)


def test_given_and_unknown_withholding():
    assert case_abroad(hall_case(), "CA", withholding_frac=0.05).withholding_frac == 0.05
    with pytest.raises(DataError, match=r"is packaged for DE \(there is AE, AM.* give with"):
        case_abroad(hall_case(), "DE")
    with pytest.raises(DataError, match="withholding_frac is 15"):
        case_abroad(hall_case(), "DE", withholding_frac=15.0)


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [("US", DataError, "United States already"), ("Canada", FactError, "ISO 3166")],
)
def test_countries_refused(code, error, message):
    with pytest.raises(error, match=message):
        case_abroad(hall_case(), code)


def test_life_refused():
    with pytest.raises(DataError, match="life_years is 0"):
        case_abroad(hall_case(), "CA", life_years=0)


def test_a_country_with_a_premium_says_so():
    codes = {remark.code for remark in case_abroad(hall_case(), "PY").remarks}
    assert "country_premium" in codes
    assert "tax_abroad" in codes


def test_withholding_is_on_dividends_only():
    """Proves: over the life, tax is withheld from what was earned, not from what was paid in."""
    abroad = case_abroad(hall_case(), "CA")
    result = evaluate(abroad.case)
    held = after_withholding(result, abroad.withholding_frac)
    cash = result.statement["after_tax_equity_usd"]
    np.testing.assert_allclose(held.cash_usd, cash - 0.25 * held.dividend_usd, atol=1e-6)
    assert held.dividend_usd.sum() == pytest.approx(result.statement["net_income_usd"].sum(), rel=1e-9)
    with pytest.raises(DataError, match="share from 0 to 1"):
        after_withholding(result, 25.0)
