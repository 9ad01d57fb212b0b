"""The compiled statement against the plain ledger, by-hand tax, and its identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.finance import TaxRules, discount_factors, ledger, statement
from wattworth.records import CashLines, Line


def cash_lines(usd: np.ndarray, service: int, residual: np.ndarray, month: int) -> CashLines:
    """Lines of every draw alike in dates."""
    n_draw = usd.shape[2]
    whole = np.full(n_draw, month, dtype=np.int64)
    usd[Line.PROCEEDS, month] += residual
    start = np.full(n_draw, service, dtype=np.int64)
    nan = np.full(n_draw, np.nan)
    return CashLines(usd, start, start, residual, whole, nan, nan)


def random_lines(seed: int, n_month: int, n_draw: int = 7) -> CashLines:
    """A plausible muddle: costs, two capital years, a residual before or at the end."""
    rng = np.random.default_rng(seed)
    usd = np.zeros((len(Line), n_month, n_draw))
    usd[Line.REVENUE] = rng.uniform(0, 3e6, usd.shape[1:])
    usd[Line.POWER] = -rng.uniform(0, 1e6, usd.shape[1:])
    usd[Line.OPEX] = -rng.uniform(0, 1e6, usd.shape[1:])
    for line in (Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y):
        usd[line, : min(24, n_month)] = -rng.uniform(0, 2e7, (min(24, n_month), n_draw))
    usd[Line.AFTER_TAX, 0] = -1e6
    month = int(rng.integers(max(1, n_month // 2), n_month))
    service = int(rng.integers(0, month))
    return cash_lines(usd, service, rng.uniform(0, 5e8, n_draw), month)


@given(
    seed=st.integers(0, 10_000),
    n_month=st.integers(2, 361),
    bonus=st.sampled_from([0.0, 0.4, 1.0]),
    losses=st.sampled_from(["group", "carried"]),
)
def test_kernel_equals_ledger(seed: int, n_month: int, bonus: float, losses: str) -> None:
    """Proves: metrics-only kernel and full ledger are one statement, to 1e-9, in cash and value."""
    lines = random_lines(seed, n_month)
    rules = TaxRules(0.2495, bonus, 0.8, losses)  # type: ignore[arg-type] - sampled from the literals
    discount = discount_factors(0.06, 373)
    result = statement(lines, rules, discount)
    for draw in range(lines.usd.shape[2]):
        rows = ledger(lines, rules, draw)
        scale = np.abs(lines.usd).sum()
        np.testing.assert_allclose(result.after_tax_usd[:, draw], rows["after_tax_usd"], rtol=1e-9, atol=1e-15 * scale)
        value = rows["after_tax_usd"] @ discount[: rows["after_tax_usd"].size]
        assert result.npv_usd[draw] == pytest.approx(value, rel=1e-9, abs=1e-12 * scale)


def test_losses_carried_forward_by_hand() -> None:
    """Proves: -100, 60, 80 at 21 % and the 80 % limit pay 0, 2.52, 5.88 (methods section 6).

    Sensitivity: without the limit the second year pays nothing.
    """
    usd = np.zeros((len(Line), 37, 1))
    for year, income in enumerate((-100.0, 60.0, 80.0)):
        usd[Line.REVENUE, 12 * (year + 1), 0] = income
    lines = cash_lines(usd, 0, np.zeros(1), 36)
    tax = -ledger(lines, TaxRules(0.21, 1.0, 0.8, "carried"))["tax_usd"][[12, 24, 36]]
    np.testing.assert_allclose(tax, [0.0, 2.52, 5.88], atol=1e-12)
    carried = statement(lines, TaxRules(0.21, 1.0, 0.8, "carried"), np.ones(37))
    grouped = statement(lines, TaxRules(0.21, 1.0, 0.8, "group"), np.ones(37))
    assert carried.npv_usd[0] == pytest.approx(40 - 8.40)
    assert grouped.npv_usd[0] == pytest.approx(40 - 8.40)
    assert carried.npv_other_losses_usd[0] == pytest.approx(grouped.npv_usd[0])


@given(seed=st.integers(0, 10_000), losses=st.sampled_from(["group", "carried"]))
def test_zero_rate_is_the_plain_sum_and_money_scales(seed: int, losses: str) -> None:
    """Proves: at a zero rate NPV is the sum of cash; all money doubled doubles every figure."""
    rules = TaxRules(0.25, 1.0, 0.8, losses)  # type: ignore[arg-type] - sampled from the literals
    once, twice = random_lines(seed, 121), random_lines(seed, 121)
    twice.usd[:] *= 2
    twice = CashLines(
        twice.usd, twice.in_service_month, twice.first_revenue_month, twice.residual_usd * 2, twice.residual_month,
        twice.noi_year1_usd, twice.full_cost_usd,
    )  # fmt: skip
    flat = np.ones(121)
    one, two = statement(once, rules, flat), statement(twice, rules, flat)
    np.testing.assert_allclose(one.npv_usd, one.after_tax_usd.sum(axis=0), rtol=1e-12)
    for name in ("npv_usd", "npv_no_residual_usd", "npv_other_losses_usd", "capital_usd"):
        np.testing.assert_allclose(getattr(two, name), 2 * getattr(one, name), rtol=1e-12)


@pytest.mark.parametrize("losses", ["group", "carried"])
def test_no_residual_equals_a_statement_without_one(losses: str) -> None:
    """Proves: the by-product NPV without residual is that of lines that never had one."""
    with_residual = random_lines(3, 200)
    bare = random_lines(3, 200)
    draws = np.arange(bare.usd.shape[2])
    bare.usd[Line.PROCEEDS, bare.residual_month, draws] -= bare.residual_usd
    rules, discount = TaxRules(0.25, 1.0, 0.8, losses), discount_factors(0.06, 373)  # type: ignore[arg-type] - literals
    expected = ledger_npv(bare, rules, discount)
    np.testing.assert_allclose(statement(with_residual, rules, discount).npv_no_residual_usd, expected, rtol=1e-9)


def ledger_npv(lines: CashLines, rules: TaxRules, discount: np.ndarray) -> list[float]:
    """Value of every draw through the ledger."""
    rows = [ledger(lines, rules, draw)["after_tax_usd"] for draw in range(lines.usd.shape[2])]
    return [float(row @ discount[: row.size]) for row in rows]


def test_all_depreciation_is_taken_once() -> None:
    """Proves: deductions sum to the capital spent before the asset is retired."""
    lines = random_lines(11, 361)
    spent = -lines.usd[[Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y], :, 0].sum()
    for bonus in (0.0, 1.0):
        taken = -ledger(lines, TaxRules(0.25, bonus, 0.8, "group"))["depreciation_usd"].sum()
        assert taken == pytest.approx(spent, rel=1e-12)
