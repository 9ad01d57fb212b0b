"""Who gets what: corporate tax, payout, dividends, and the trust whose tax and distribution decide each other."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.finance.vehicles.projects import TAX, shell, terms
from wattworth.finance.project import Tax
from wattworth.finance.vehicles import (
    Distribution,
    HolderRates,
    Holders,
    TrustTerms,
    VehicleRules,
    corporate_tax_usd,
    distribute,
    holder_rates,
    pay_out,
    to_holders,
)

RULES = VehicleRules.of()


def test_state_tax_is_deducted():
    """Proves: 5 % of 24, and 21 % of the rest. Sensitivity: 26 % without the deduction gives 6.24."""
    tax = corporate_tax_usd(shell(), TAX, "carried")
    assert tax[1] == pytest.approx(24e6 * (0.05 + 0.95 * 0.21), rel=1e-12)


def test_losses_at_once_or_carried():
    bonus = shell(tax_depreciation_usd=np.r_[0.0, 400e6, np.zeros(9)])
    group = corporate_tax_usd(bonus, Tax(federal_frac=0.21), "group")
    carried = corporate_tax_usd(bonus, Tax(federal_frac=0.21), "carried")
    assert group[1] == pytest.approx(-0.21 * 336e6)
    assert carried[1:4] == pytest.approx([0.0, 0.21 * 0.2 * 64e6, 0.21 * 0.2 * 64e6])


def test_a_dividend_reaches_as_far_as_earnings():
    """Proves: 60 paid out of 24 earned is 24 of dividend and 36 of capital; past the capital it is gain."""
    shared = Distribution(np.array([50.0, 0.0, 0.0]), np.array([0.0, 60.0, 60.0]), np.zeros(3))
    held = to_holders(shared, [0.0, 24.0, 24.0], HolderRates(0.2, 0.1, 0.05))
    assert held.dividend_usd.tolist() == [0.0, 24.0, 24.0]
    assert held.return_of_capital_usd.tolist() == [0.0, 36.0, 14.0]
    assert held.gain_usd.tolist() == [0.0, 0.0, 22.0]
    assert held.tax_usd == pytest.approx([0.0, 4.8, 7.0])
    assert held.withheld_usd == pytest.approx([0.0, 1.2, 1.2])
    assert held.cash_usd == pytest.approx([-50.0, 55.2, 53.0])


def test_losses_wear_earnings_down():
    shared = distribute([-10.0, 5.0, 5.0])
    held = to_holders(shared, [-8.0, 5.0, 5.0], HolderRates(1.0, 0.0, 0.0))
    assert held.dividend_usd.tolist() == [0.0, 0.0, 2.0]


def test_rates_of_holders():
    """Proves: a trust's dividend costs a US individual 33.4 %, a corporation's 23.8; abroad 30 or the treaty's."""
    mixed = Holders(us_individual_frac=0.5, foreign_frac=0.2)
    assert holder_rates(mixed, RULES, trust=True).dividend_frac == pytest.approx(0.5 * 0.334 + 0.2 * 0.3)
    assert holder_rates(mixed, RULES, trust=False).dividend_frac == pytest.approx(0.5 * 0.238 + 0.2 * 0.3)
    treaty = Holders(foreign_frac=1.0, treaty_withholding_frac=0.15)
    assert holder_rates(treaty, RULES, trust=False).withheld_frac == 0.15


@pytest.mark.parametrize(
    ("cash", "income", "paper", "paid", "consent", "tax"),
    [
        (100.0, 24.0, True, 100.0, 0.0, 0.0),  # all cash is out, and income with it
        (95.0, 100.0, True, (95.0 - 21.0) / 0.79, 0.0, 0.21 * (100.0 - 74.0 / 0.79)),  # between least and all
        (50.0, 100.0, True, 47.9, 42.1, 2.1),  # 90 is owed: 42.1 on paper, tax on the last 10
        (50.0, 100.0, False, 29.0 / 0.79, 0.0, 0.21 * (100.0 - 29.0 / 0.79)),  # nothing on paper
        (0.0, 0.0, True, 0.0, 0.0, 0.0),
    ],
)
def test_tax_and_distribution_together(cash, income, paper, paid, consent, tax):
    """Proves: each branch by hand. Sensitivity: taxing before paying gives 74 in the second row."""
    own = terms(trust=TrustTerms(cap_rate_frac=0.07, consent_dividends=paper))
    shared, on_paper, due = pay_out(np.array([cash]), np.array([income]), own, RULES)
    assert shared.distributed_usd[0] == pytest.approx(paid)
    assert on_paper[0] == pytest.approx(consent)
    assert due[0] == pytest.approx(tax)
    assert cash == pytest.approx(shared.distributed_usd[0] + due[0] + shared.retained_usd[0])


def test_a_payout_of_half_still_pays_the_least():
    """Proves: half of 100 of cash, or 90 % of income where that is more; the rest is held and taxed, then let go."""
    own = terms(trust=TrustTerms(cap_rate_frac=0.07, payout_frac=0.5))
    shared, _, tax = pay_out(np.array([100.0, 100.0, 10.0]), np.array([20.0, 80.0, 0.0]), own, RULES)
    assert shared.distributed_usd[:2] == pytest.approx([50.0, 72.0])
    assert tax == pytest.approx([0.0, 0.21 * 8.0, 0.0])
    assert shared.distributed_usd[2] == pytest.approx(210.0 - 122.0 - 1.68)
    assert shared.retained_usd[2] == pytest.approx(0.0, abs=1e-9)
