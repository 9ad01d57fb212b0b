"""The monthly ledger: six months by hand, closed forms, and the two ledgers it must repeat."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from tests.unit.finance.test_statement import random_lines
from wattworth.errors import DataError, SolveError
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.finance.project import (
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    EquipmentReserve,
    Grant,
    Incentives,
    ProductionCredit,
    ProjectCase,
    Reserves,
    Tax,
    Terminal,
    evaluate,
)
from wattworth.finance.project.monthly import check_month_books, keep_month_books, month_discount, monthly_statement
from wattworth.finance.project.monthly_bridge import from_project_case, why_not_monthly
from wattworth.finance.project.monthly_lines import MonthlyLines, from_cash_lines
from wattworth.finance.project.monthly_rows import BALANCE_SHEET, CASH_STATEMENT, INCOME_STATEMENT, MONTHLY_ROWS
from wattworth.finance.project.monthly_terms import MonthlyTax, MonthlyTerms, TermLoan, WriteOffClass, terms_of_rules

DAYS_PER_MONTH = 365.0 / 12.0
NO_TAX = MonthlyTax(0.0, "group")
NOTHING = (WriteOffClass("all", "none"),)


def plain_lines(n_month: int, completed: int, spent: list[float], revenue: Any = 0.0, cost: Any = 0.0) -> MonthlyLines:
    """One case with one class of capital, earning from completion on."""
    usd = np.zeros((5, n_month, 1))
    usd[0, completed + 1 :, 0], usd[2, completed + 1 :, 0] = revenue, -np.asarray(cost)
    month = np.array([completed])
    return MonthlyLines(usd, np.array(spent)[None, :, None], np.zeros((0, 1)), month, month, np.array([n_month - 1]))


def test_six_months_by_hand() -> None:
    """Proves: the worked example of docs/monthly-ledger.md, line by line.

    Capital 100 now and in month 1, completed in month 1; half of all uses is debt at 1 % a month while building and
    after it, repaid in three equal parts; the reserve holds one payment; half a month of revenue is outstanding.
    Uses 100 + 100 + interest 0.5 + reserve D (1/3 + 0.01), so D = 100.25 / (1 - 0.1716667) = 121.026157.
    """
    revenue = np.array([100.0, 100.0, 100.0, 100.0])
    lines = plain_lines(6, 1, [100.0, 100.0], revenue, [30.0] * 4)
    loan = TermLoan(0.12, 3, "level_principal", max_share_frac=0.5, construction_rate_frac=0.12, reserve_months=1)
    tax = MonthlyTax(0.25, "carried")
    terms = MonthlyTerms(0.10, tax, (WriteOffClass("all", "macrs_5"),), loan, receivable_days=DAYS_PER_MONTH / 2)
    result = monthly_statement(lines, terms)
    rows = {name: row[:7] for name, row in result.rows.items()}
    debt = 121.0261569416499
    assert result.debt_usd == pytest.approx(debt, abs=1e-10)
    assert result.debt_binding == "gearing"
    third = debt / 3.0
    expected = {
        "uses_usd": [100.0, 142.0523138833, 0, 0, 0, 0, 0],
        "debt_drawn_usd": [50.0, 71.0261569416, 0, 0, 0, 0, 0],
        "construction_interest_usd": [0, 0.5, 0, 0, 0, 0, 0],
        "debt_balance_usd": [50.0, debt, 2 * third, third, 0, 0, 0],
        "interest_usd": [0, 0, debt / 100, 2 * third / 100, third / 100, 0, 0],
        "debt_service_reserve_usd": [0, third + debt / 100, third + 2 * third / 100, third + third / 100, 0, 0, 0],
        "receivables_usd": [0, 0, 50, 50, 50, 50, 0],
        "cfads_usd": [0, 0, 20, 70, 70, 70, 50],
    }
    for name, values in expected.items():
        assert rows[name] == pytest.approx(values, abs=1e-9), name
    cash = [-50.0, -71.0261569416, 20 - third - debt / 100 + third / 100, 70 - third - 2 * third / 100 + third / 100]
    cash += [70.0, 70.0, 50.0]  # the reserve pays the last payment
    assert rows["pre_tax_equity_usd"] == pytest.approx(cash, abs=1e-9)
    income = 280.0 - debt / 100 * 2 - 200.5  # the rest of the basis goes in the last year
    assert result.rows["federal_tax_usd"][12] == pytest.approx(-0.25 * income, abs=1e-9)
    assert result.rows["assets_usd"][1] == pytest.approx(200.5 + third + debt / 100)


def test_sculpted_debt_of_a_closed_form() -> None:
    """Proves: 100, 95, 90 a year at 7 % and a cover of 1.4 carry 178.501 (methods section 6), by yearly payments."""
    usd = np.zeros((5, 37, 1))
    usd[0, 12::12, 0] = 100.0, 95.0, 90.0
    zero = np.zeros(1, dtype=np.int64)
    lines = MonthlyLines(usd, np.full((1, 1, 1), 1000.0), np.zeros((0, 1)), zero, zero, zero + 36)
    terms = MonthlyTerms(0.1, NO_TAX, NOTHING, TermLoan(0.07, 36, dscr_ratio=1.4), payment_months=12)
    result = monthly_statement(lines, terms)
    assert result.debt_usd == pytest.approx(178.501, abs=5e-4)
    assert result.debt_binding == "dscr"
    assert result.dscr_min_ratio == pytest.approx(1.4, rel=1e-12)
    assert result.rows["debt_balance_usd"][36] == pytest.approx(0.0, abs=1e-10)


def test_gearing_with_its_own_costs() -> None:
    """Proves: cost 1000, gearing 0.7 and costs of 0.11 per dollar of debt give 758.397 (methods section 6)."""
    lines = plain_lines(13, 0, [1000.0], 500.0)
    loan = TermLoan(0.05, 12, "level_principal", max_share_frac=0.7, upfront_fee_frac=0.11)
    result = monthly_statement(lines, MonthlyTerms(0.1, NO_TAX, NOTHING, loan))
    assert result.debt_usd == pytest.approx(758.397, abs=5e-4)
    assert result.debt_usd + result.equity_usd == pytest.approx(1083.42, abs=5e-3)


def test_construction_interest_and_fees_by_hand() -> None:
    """Proves: a loan of known size is drawn with the spending, and pays interest and commitment fee out of both.

    A loan of 150 for capital of 100 in each of three months, 12 % a year on what is drawn and 1.2 % on what is not:
    with the share s, W0 = 100, W1 = W0 (1 + s 0.009) + 100 + 0.15, W2 = W1 (1 + s 0.009) + 100.15 and s W2 = 150.
    """
    lines = plain_lines(25, 2, [100.0] * 3, 50.0)
    loan = TermLoan(0.06, 12, "level_payment", most_usd=150.0, construction_rate_frac=0.12, commitment_fee_frac=0.012)
    result = monthly_statement(lines, MonthlyTerms(0.1, NO_TAX, NOTHING, loan))
    assert (result.debt_binding, result.debt_usd) == ("amount", pytest.approx(150.0, rel=1e-14))
    share = 0.5
    for _ in range(60):  # a fixed point, not the program's Newton steps
        second = 100.0 * (1 + share * 0.009) + 100.15
        share = 150.0 / (second * (1 + share * 0.009) + 100.15)
    rows = result.rows
    assert rows["debt_drawn_usd"][:2] == pytest.approx([100 * share, (second - 100.0) * share], rel=1e-12)
    drawn = 100 * share
    assert rows["construction_interest_usd"][1] == pytest.approx(0.01 * drawn, rel=1e-12)
    assert rows["commitment_fee_usd"][1] == pytest.approx(0.001 * (150.0 - drawn), rel=1e-12)
    assert rows["debt_drawn_usd"].sum() == pytest.approx(150.0, rel=1e-14)
    assert rows["equity_paid_in_usd"][2] == pytest.approx(rows["uses_usd"][2] * (1 - share), rel=1e-12)


def test_a_season_is_evened_out_by_the_trailing_test() -> None:
    """Proves: tested on twelve months, payments of a year are equal and cover at its end is as asked; tested on each
    payment they follow the season."""
    season = 100.0 + 40.0 * np.sin(np.arange(120) * np.pi / 6)
    lines = plain_lines(121, 0, [9000.0], season, 10.0)
    for tested, even in (("trailing_12", True), ("payment", False)):
        loan = TermLoan(0.06, 96, dscr_ratio=1.35, tested=tested)  # type: ignore[arg-type] - one of the literals
        result = monthly_statement(lines, MonthlyTerms(0.1, NO_TAX, NOTHING, loan))
        service = result.rows["debt_service_usd"]
        assert (np.ptp(service[1:13]) < 1e-9) == even
        assert result.rows["dscr_ratio"][12:97:12] == pytest.approx(np.full(8, 1.35), rel=1e-12)
        assert result.debt_binding == "dscr"


BRIDGED = {
    "sam": {},
    "no debt": {"debt": None},
    "losses carried": {"convention": "wattworth", "tax": Tax(federal_frac=0.21, state_frac=0.07, losses="carried")},
    "level payment by share": {
        "convention": "reopt",
        "capital": Capital(parts=(CostPart(name="plant", usd=5e8),)),
        "debt": Debt(
            profile="level_payment", dscr_ratio=1.3, share_frac=0.6, rate_frac=0.07, tenor_years=18,
            upfront_fee_frac=0.02, closing_usd=1e6,
        ),
    },
    "level principal with grace": {
        "debt": Debt(profile="level_principal", dscr_ratio=1.3, rate_frac=0.07, tenor_years=15, moratorium_years=2)
    },
    "two construction years, interest limit": {
        "convention": "offgridai",
        "debt": Debt(dscr_ratio=1.2, max_share_frac=0.5, rate_frac=0.07, tenor_years=15, moratorium_years=2),
        "tax": Tax(federal_frac=0.21, interest_limit_frac=0.3),
    },
    "salvage, credit, bonus, value": {
        "convention": "wattworth",
        "terminal": Terminal(salvage_frac=0.1),
        "tax": Tax(federal_frac=0.21, losses="group"),
        "incentives": Incentives(production_credits=(ProductionCredit(usd_per_mwh=27.5),)),
        "depreciation": Depreciation(
            classes=(
                AssetClass(share_frac=0.7, schedule="macrs_5", federal_bonus=True, state_bonus=True),
                AssetClass(share_frac=0.2, schedule="sl_39"),
            ),
            federal_bonus_frac=0.6,
            state_bonus_frac=0.6,
        ),
        "debt": Debt(dscr_ratio=1.3, max_loan_to_value_frac=0.6, value_usd=1e9, rate_frac=0.07, tenor_years=18),
    },
}  # fmt: skip


@pytest.mark.parametrize("changes", BRIDGED.values(), ids=BRIDGED)
def test_money_once_a_year_is_the_yearly_ledger(changes: dict[str, Any]) -> None:
    """Proves: both ledgers are one, in value, debt, tax, service, cash and rates, to 1e-9."""
    case = generic_system(**changes)
    yearly, monthly = evaluate(case), monthly_statement(*from_project_case(case))
    size = yearly.installed_cost_usd
    for name in ("npv_usd", "debt_usd", "equity_usd", "project_npv_usd"):
        assert getattr(monthly, name) == pytest.approx(getattr(yearly, name), abs=1e-9 * size), name
    assert monthly.irr_frac == pytest.approx(yearly.irr_frac, abs=1e-9)
    assert monthly.project_irr_frac == pytest.approx(yearly.project_rates.irr_frac, abs=1e-9)
    for name in (
        "state_tax_usd", "federal_tax_usd", "federal_losses_carried_usd", "interest_usd", "principal_usd",
        "debt_balance_usd", "debt_service_reserve_usd", "reserve_interest_usd", "after_tax_equity_usd",
        "debt_drawn_usd",
    ):  # fmt: skip
        assert monthly.rows[name][::12] == pytest.approx(yearly.statement[name], abs=1e-9 * size), name
    if yearly.dscr_min_ratio is not None:
        assert monthly.dscr_min_ratio == pytest.approx(yearly.dscr_min_ratio, rel=1e-9)


def test_the_monthly_ledger_gives_the_numbers_of_sam() -> None:
    """Proves: SAM's Generic System by month ends in its published value and debt (validation.md B1, B3)."""
    result = monthly_statement(*from_project_case(generic_system()))
    assert result.npv_usd == pytest.approx(-125_728_686.2369827, abs=0.01)
    assert result.debt_usd == pytest.approx(734_600_910.5918515, abs=0.01)
    assert result.irr_frac == pytest.approx(0.05317010658974328, abs=1e-4)
    assert result.rows["federal_tax_usd"][[12, 24, 36]] == pytest.approx(
        [30537738.23, 54392721.22, 28857590.27], abs=0.01
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"convention": "mid_year"}, "discounts capital and operation differently"),
        ({"incentives": Incentives(grants=(Grant(fixed_usd=1.0),))}, "grants"),
        ({"reserves": Reserves(equipment=(EquipmentReserve(usd_per_w=0.1, every_years=5),))}, "major equipment"),
        ({"debt": Debt(dscr_ratio=1.3, rate_frac=0.07, tenor_years=30)}, "outlives"),
        ({"debt": Debt(share_frac=0.5, rate_frac=0.07, tenor_years=18)}, "gearing of the cost before fees"),
        ({"depreciation": Depreciation(federal_bonus_frac=0.5)}, "write-off differ"),
    ],
)
def test_what_the_bridge_leaves_is_said(changes: dict[str, Any], reason: str) -> None:
    case: ProjectCase = generic_system(**changes)
    assert reason in (why_not_monthly(case) or "")
    with pytest.raises(DataError, match=reason):
        from_project_case(case)


def test_gearing_that_binds_before_fees_is_not_repeated() -> None:
    """Proves: the sam convention's cap on the cost before fees is refused where it would decide."""
    cheap = generic_system(capital=Capital(parts=(CostPart(name="plant", usd=1e8),)))
    assert why_not_monthly(cheap) is None
    with pytest.raises(DataError, match="gearing binds"):
        from_project_case(cheap)


@pytest.mark.parametrize("losses", ["group", "carried"])
@pytest.mark.parametrize(("seed", "n_month", "bonus"), [(1, 361, 1.0), (2, 200, 0.4), (3, 75, 0.0), (4, 2, 1.0)])
def test_without_debt_it_is_the_main_jobs_statement(seed: int, n_month: int, bonus: float, losses: str) -> None:
    """Proves: cash lines of the main job give its after-tax cash and value, every draw, to 1e-9."""
    cash, rules = random_lines(seed, n_month), TaxRules(0.2495, bonus, 0.8, losses)  # type: ignore[arg-type] - literals
    main = statement(cash, rules, discount_factors(0.06, 373))
    lines, terms = from_cash_lines(cash), terms_of_rules(rules, 0.06)
    books = keep_month_books(lines, terms)
    check_month_books(books)
    own, scale = books.rows["after_tax_equity_usd"], np.abs(cash.usd).sum()
    assert own == pytest.approx(main.after_tax_usd, rel=1e-9, abs=1e-15 * scale)
    assert (own * month_discount(lines, terms)).sum(axis=0) == pytest.approx(main.npv_usd, rel=1e-9, abs=1e-12 * scale)
    spent = books.rows["capital_usd"] + books.rows["later_capital_usd"]
    assert spent.sum(axis=0) == pytest.approx(main.capital_usd, rel=1e-12)


def test_losses_carried_forward_by_hand() -> None:
    """Proves: -100, 60, 80 at 21 % and the 80 % limit pay 0, 2.52, 5.88 (methods section 6)."""
    lines = plain_lines(37, 0, [0.0])
    lines.usd[0, 12::12, 0] = -100.0, 60.0, 80.0
    for losses, paid in (("carried", [0.0, 2.52, 5.88]), ("group", [-21.0, 12.6, 16.8]), ("paid", [-21.0, 12.6, 16.8])):
        result = monthly_statement(lines, MonthlyTerms(0.1, MonthlyTax(0.21, losses), NOTHING))  # type: ignore[arg-type]
        assert -result.rows["federal_tax_usd"][12::12] == pytest.approx(paid, abs=1e-12)


def test_statements_are_made_of_named_lines() -> None:
    """Proves: every row has words and a sign, the three statements are rows of it, and years add months up."""
    result = monthly_statement(*from_project_case(generic_system()))
    assert tuple(result.rows) == tuple(MONTHLY_ROWS)
    assert {*INCOME_STATEMENT, *CASH_STATEMENT, *BALANCE_SHEET} <= set(MONTHLY_ROWS)
    years = result.by_year()
    assert years["revenue_usd"].sum() == pytest.approx(result.rows["revenue_usd"].sum())
    assert years["debt_balance_usd"].tolist() == result.rows["debt_balance_usd"][::12].tolist()
    parts = [name for name in INCOME_STATEMENT if name not in ("ebitda_usd", "ebit_usd", "net_income_usd")]
    income = sum(years[name] * MONTHLY_ROWS[name][1] for name in parts)
    assert income == pytest.approx(years["net_income_usd"], abs=0.01)
    cash = sum(years[name] * MONTHLY_ROWS[name][1] for name in CASH_STATEMENT if name != "equity_paid_in_usd")
    cash = cash + years["equity_paid_in_usd"] + years["first_reserves_usd"]  # the first filling is a use already
    assert cash == pytest.approx(np.zeros(26), abs=0.01)


def test_a_loan_that_outlives_the_months_is_repaid_in_the_last() -> None:
    """Proves: the balance left is paid out of the last month, so nothing is owed at the end."""
    lines = plain_lines(13, 0, [1000.0], 50.0)
    loan = TermLoan(0.06, 24, "level_principal", max_share_frac=0.5)
    result = monthly_statement(lines, MonthlyTerms(0.1, NO_TAX, NOTHING, loan))
    assert result.rows["principal_usd"][12] == pytest.approx(500.0 * 13 / 24)
    assert result.rows["debt_balance_usd"][12] == pytest.approx(0.0, abs=1e-10)


def test_a_plant_that_is_never_completed_has_no_debt() -> None:
    lines = plain_lines(13, 0, [100.0])
    late = np.array([40])
    never = replace(lines, completed_month=late, in_service_month=late)
    loan = TermLoan(0.06, 12, "level_payment", upfront_fee_frac=0.02)
    result = monthly_statement(never, MonthlyTerms(0.1, NO_TAX, NOTHING, loan))
    assert (result.debt_usd, result.debt_binding) == (0.0, "cash")
    assert result.irr_status == "no_sign_change"


def test_wrong_terms_and_lines_are_refused() -> None:
    with pytest.raises(DataError, match="payment must be left"):
        TermLoan(0.06, 12, grace_months=12)
    with pytest.raises(DataError, match="max_share_frac"):
        TermLoan(0.06, 12, max_share_frac=1.2)
    with pytest.raises(DataError, match="dscr_ratio"):
        TermLoan(0.06, 12, dscr_ratio=0.0)
    with pytest.raises(DataError, match="reserve_months"):
        TermLoan(0.06, 12, reserve_months=13)
    with pytest.raises(DataError, match="payment_months"):
        MonthlyTerms(0.1, NO_TAX, payment_months=2)
    with pytest.raises(DataError, match="above -1"):
        MonthlyTerms(-1.0, NO_TAX)
    with pytest.raises(DataError, match="multiple of 6 months"):
        MonthlyTerms(0.1, NO_TAX, loan=TermLoan(0.06, 15), payment_months=6)
    with pytest.raises(DataError, match="within a test of 12"):
        MonthlyTerms(0.1, NO_TAX, loan=TermLoan(0.06, 36, tested="trailing_12", grace_months=6))
    with pytest.raises(DataError, match="custom"):
        _ = WriteOffClass("own", "custom").shares_frac
    lines = plain_lines(13, 2, [100.0])
    for changes in (
        {"usd": np.zeros((4, 13, 1))},
        {"completed_month": np.array([-1])},
        {"in_service_month": np.array([1])},
        {"held_usd": np.zeros((14, 1))},
    ):
        with pytest.raises(DataError):
            replace(lines, **changes)


def test_a_broken_identity_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    from wattworth.finance.project import monthly

    monkeypatch.setattr(monthly, "monthly_imbalance_usd", lambda rows: {"assets = liabilities + equity": 1.0})
    with pytest.raises(SolveError, match="assets = liabilities"):
        monthly_statement(plain_lines(13, 0, [100.0], 50.0), MonthlyTerms(0.1, NO_TAX, NOTHING))
