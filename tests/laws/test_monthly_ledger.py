"""What the monthly ledger must obey for any input: sums, scale, repayment, balances and the use of losses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Terminal,
    evaluate,
)
from wattworth.finance.project.monthly import MonthBooks, check_month_books, keep_month_books, month_discount
from wattworth.finance.project.monthly_bridge import from_project_case, why_not_monthly
from wattworth.finance.project.monthly_lines import MonthlyLines, by_year
from wattworth.finance.project.monthly_many import evaluate_months
from wattworth.finance.project.monthly_terms import MonthlyTax, MonthlyTerms, TermLoan, us_classes

N_CASE = 3


def decimals(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers as people write them."""
    return st.floats(low, high).map(lambda x: round(x, 4))


profiles = st.sampled_from(["sculpted", "level_payment", "level_principal"])


def cash(seed: int, n_month: int) -> MonthlyLines:
    """Building, then revenue with a ramp and noise, capital after completion, a sale before or at the end."""
    random = np.random.default_rng(seed)
    done = random.integers(0, max(1, n_month // 3), N_CASE)
    month = np.arange(n_month)[:, None]
    runs = (month > done) * 1.0
    usd = np.zeros((5, n_month, N_CASE))
    usd[0] = runs * random.uniform(0.5e6, 3e6, (n_month, N_CASE))
    usd[1] = -runs * random.uniform(0.0, 0.6e6, (n_month, N_CASE))
    usd[2] = -random.uniform(0.0, 0.4e6, (n_month, N_CASE))
    usd[4, n_month // 2] = random.uniform(-1e6, 1e6, N_CASE)
    capital = (month[None] <= done) * random.uniform(0.0, 8e6, (3, n_month, N_CASE))
    capital[:, -1] += random.choice([0.0, 1e5], (3, N_CASE))
    retired = random.integers(max(1, n_month // 2), n_month, N_CASE)
    usd[3, retired, np.arange(N_CASE)] = random.uniform(0.0, 1e8, N_CASE)
    held = random.uniform(0.0, 1e6, (n_month, N_CASE)) * (seed % 3 == 0)
    return MonthlyLines(usd, capital, held, done, done + random.integers(0, 3, N_CASE), retired)


@st.composite
def terms(draw: st.DrawFn, *, with_loan: bool = True, losses: str | None = None) -> MonthlyTerms:
    """Terms of every kind, not all of them sensible."""
    step = draw(st.sampled_from([1, 3, 6, 12]))
    tenor = 12 * draw(st.integers(1, 20))
    loan = TermLoan(
        draw(decimals(0.0, 0.12)),
        tenor,
        draw(profiles),
        draw(st.none() | decimals(1.0, 2.5)),
        draw(st.sampled_from(["payment", "trailing_12"])),
        draw(decimals(0.0, 1.0)),
        draw(st.none() | decimals(0.0, 1e8)),
        draw(st.sampled_from([0, 12])) if tenor > 12 else 0,
        draw(decimals(0.0, 0.12)),
        draw(decimals(0.0, 0.02)),
        draw(decimals(0.0, 0.04)),
        draw(decimals(0.0, 1e5)),
        draw(st.sampled_from([0.0, 3.0, 6.0, 7.5])),
    )
    tax = MonthlyTax(
        draw(decimals(0.0, 0.4)),
        losses or draw(st.sampled_from(["carried", "group", "paid"])),  # type: ignore[arg-type] - of the literals
        draw(decimals(0.0, 0.1)),
        0.8,
        draw(st.none() | st.just(0.3)),
        draw(st.booleans()),
    )
    return MonthlyTerms(
        draw(decimals(0.0, 0.2)),
        tax,
        us_classes(draw(st.sampled_from([0.0, 0.6, 1.0]))),
        loan if with_loan else None,
        step,
        draw(decimals(0.0, 60.0)),
        draw(decimals(0.0, 60.0)),
        draw(decimals(0.0, 0.05)),
    )


seeds, lengths = st.integers(0, 100_000), st.integers(14, 300)


def worth(lines: MonthlyLines, own: MonthlyTerms, books: MonthBooks) -> np.ndarray:
    """Value of the owners' cash."""
    return (books.rows["after_tax_equity_usd"] * month_discount(lines, own)).sum(axis=0)


@given(seeds, lengths, terms())
def test_every_month_balances(seed: int, n_month: int, own: MonthlyTerms) -> None:
    """Proves: assets = liabilities + equity in every month to the cent, sources = uses, cash in = cash out, nothing
    owed or held at the end, no NaN, and the rows discounted are the value of the compiled pass."""
    lines = cash(seed, n_month)
    books = keep_month_books(lines, own)
    check_month_books(books)
    rows = books.rows
    assert all(np.isfinite(row).all() for name, row in rows.items() if name != "dscr_ratio")
    assert np.abs(rows["cash_in_reserves_usd"][-1]).max() < 0.01
    assert np.abs(rows["owners_equity_usd"][-1]).max() < 0.01
    many = evaluate_months(lines, own)
    scale = np.abs(lines.usd).sum() + np.abs(lines.capital_usd).sum()
    assert many.npv_usd == pytest.approx(worth(lines, own, books), rel=1e-9, abs=1e-12 * scale)
    plain = evaluate_months(lines, own, "plain")
    assert (many.irr_status == plain.irr_status).all()
    assert many.irr_frac == pytest.approx(plain.irr_frac, rel=1e-9, abs=1e-9, nan_ok=True)


@given(seeds, lengths, terms())
def test_debt_is_repaid_exactly(seed: int, n_month: int, own: MonthlyTerms) -> None:
    """Proves: principal adds to the debt drawn, nothing is owed at the end, and the least limit is the debt."""
    lines = cash(seed, n_month)
    books = keep_month_books(lines, own)
    rows, sized = books.rows, books.sized
    assert sized is not None
    drawn = rows["debt_drawn_usd"].sum(axis=0)
    near = 1e-6 + 1e-10 * drawn.max()
    assert drawn == pytest.approx(sized.usd, abs=near)
    assert rows["principal_usd"].sum(axis=0) == pytest.approx(drawn, abs=near)
    assert np.abs(rows["debt_balance_usd"][-1]).max() <= near
    assert (rows["debt_drawn_usd"] >= -near).all()
    least = np.min(np.stack(list(sized.limits_usd.values())), axis=0)
    assert sized.usd == pytest.approx(np.maximum(0.0, least), abs=near)
    assert (drawn <= rows["uses_usd"].sum(axis=0) + near).all()


@given(seeds, lengths, terms(), decimals(0.01, 100.0))
def test_scale_does_not_matter(seed: int, n_month: int, own: MonthlyTerms, scale: float) -> None:
    """Proves: with every dollar times k, value, debt and tax are times k; rates and cover stay."""
    lines = cash(seed, n_month)
    bigger = replace(
        lines, usd=lines.usd * scale, capital_usd=lines.capital_usd * scale, held_usd=lines.held_usd * scale
    )
    loan = own.loan
    assert loan is not None
    most: Any = None if loan.most_usd is None else loan.most_usd * scale
    rescaled = replace(own, loan=replace(loan, closing_usd=loan.closing_usd * scale, most_usd=most))
    one, other = evaluate_months(lines, own), evaluate_months(bigger, rescaled)
    size = np.abs(lines.usd).sum() * scale
    for name in ("npv_usd", "debt_usd", "equity_usd", "tax_usd"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) * scale, rel=1e-9, abs=1e-11 * size), name
    assert other.dscr_min_ratio == pytest.approx(one.dscr_min_ratio, rel=1e-9, nan_ok=True)
    both = (one.irr_status == 0) & (other.irr_status == 0)
    assert other.irr_frac[both] == pytest.approx(one.irr_frac[both], rel=1e-6, abs=1e-8)


@given(seeds, seeds, lengths, terms(with_loan=False, losses="group"))
def test_values_add_without_debt(seed: int, other: int, n_month: int, own: MonthlyTerms) -> None:
    """Proves: with losses used at once and no debt, two projects on the same dates are worth the sum of both."""
    one, two = cash(seed, n_month), cash(other, n_month)
    two = replace(
        two,
        completed_month=one.completed_month,
        in_service_month=one.in_service_month,
        retired_month=one.retired_month,
    )
    both = replace(
        one, usd=one.usd + two.usd, capital_usd=one.capital_usd + two.capital_usd, held_usd=one.held_usd + two.held_usd
    )
    first, second, together = (evaluate_months(lines, own).npv_usd for lines in (one, two, both))
    size = np.abs(both.usd).sum() + np.abs(both.capital_usd).sum()
    assert together == pytest.approx(first + second, rel=1e-9, abs=1e-12 * size)


@given(seeds, lengths, terms(losses="carried"))
def test_carried_losses_leave_a_fifth_of_income_taxed(seed: int, n_month: int, own: MonthlyTerms) -> None:
    """Proves: taxable income is never below 20 % of positive income before losses, nor above it, and never negative."""
    rows = keep_month_books(cash(seed, n_month), own, accounts=False).rows
    for payer in ("state", "federal"):
        income, taxable = by_year(rows[f"{payer}_income_usd"]), by_year(rows[f"{payer}_taxable_usd"])
        positive = np.maximum(income, 0.0)
        assert (taxable >= 0.2 * positive - 1e-6).all()
        assert (taxable <= positive + 1e-6).all()
        without = replace(own, tax=replace(own.tax, loss_use_limit_frac=1.0))
        free = keep_month_books(cash(seed, n_month), without, accounts=False).rows
        total = np.cumsum(by_year(free[f"{payer}_income_usd"]), axis=0)
        assert (by_year(free[f"{payer}_taxable_usd"])[total <= 0.0] <= 1e-6 + 1e-9 * np.abs(total).max()).all()
        assert (rows[f"{payer}_losses_carried_usd"] >= 0.0).all()


@st.composite
def yearly_cases(draw: st.DrawFn) -> ProjectCase:
    """Yearly projects that the monthly ledger has lines for."""
    years = draw(st.integers(2, 30))
    tenor = draw(st.integers(1, years))
    convention = draw(st.sampled_from(["wattworth", "reopt", "offgridai"]))
    n_build = draw(st.integers(1, 3))
    debt = Debt(
        profile=draw(profiles),
        dscr_ratio=draw(decimals(1.05, 2.0)),
        max_share_frac=draw(decimals(0.3, 1.0)),
        rate_frac=draw(decimals(0.0, 0.15)),
        tenor_years=tenor,
        upfront_fee_frac=draw(decimals(0.0, 0.05)) if n_build == 1 else 0.0,
        closing_usd=draw(decimals(0.0, 1e6)) if n_build == 1 else 0.0,
        moratorium_years=draw(st.integers(0, max(0, min(3, tenor - 1)))),
    )
    return ProjectCase(
        convention=convention,
        analysis_years=years,
        energy=Energy(year1_mwh=draw(decimals(1e4, 1e6)), degradation_frac_per_year=draw(decimals(0.0, 0.03))),
        revenue=Revenue(price_usd_per_mwh=draw(decimals(20.0, 300.0)), price_escalation_frac=draw(decimals(0, 0.04))),
        operating=Operating(fixed_usd_per_year=draw(decimals(0.0, 2e7))),
        capital=Capital(parts=(CostPart(name="plant", usd=draw(decimals(1e6, 1e9))),), construction_years=n_build),
        debt=draw(st.sampled_from([debt, None])),
        reserves=Reserves(
            debt_service_months=float(draw(st.integers(0, 12))),
            working_capital_months=draw(decimals(0.0, 6.0)),
            interest_frac=draw(decimals(0.0, 0.05)),
        ),
        tax=Tax(
            federal_frac=draw(decimals(0.0, 0.4)),
            state_frac=draw(decimals(0.0, 0.1)),
            losses=draw(st.sampled_from(["carried", "group", "paid"])),
            interest_limit_frac=draw(st.none() | st.just(0.3)),
        ),
        depreciation=Depreciation(
            classes=(
                AssetClass(share_frac=0.6, schedule="macrs_5", federal_bonus=True, state_bonus=True),
                AssetClass(share_frac=0.3, schedule="sl_39"),
            ),
            federal_bonus_frac=0.6,
            state_bonus_frac=0.6,
        ),
        terminal=Terminal(salvage_frac=draw(decimals(0.0, 0.3))),
        discounting=Discounting(inflation_frac=draw(decimals(0.0, 0.05)), real_frac=draw(decimals(0.0, 0.12))),
    )


@given(yearly_cases())
def test_the_two_ledgers_are_one(case: ProjectCase) -> None:
    """Proves: with money once a year the monthly ledger gives the yearly one's value, debt, tax and cash to 1e-9."""
    assert why_not_monthly(case) is None
    yearly = evaluate(case)
    lines, own = from_project_case(case)
    books = keep_month_books(lines, own)
    check_month_books(books)
    size = yearly.installed_cost_usd + np.abs(yearly.statement["revenue_usd"]).max()
    assert worth(lines, own, books)[0] == pytest.approx(yearly.npv_usd, abs=1e-9 * size)
    for name in ("debt_balance_usd", "interest_usd", "state_tax_usd", "federal_tax_usd", "after_tax_equity_usd"):
        assert books.rows[name][::12, 0] == pytest.approx(yearly.statement[name], abs=1e-9 * size), name
    fast = evaluate_months(lines, own)
    assert fast.npv_usd[0] == pytest.approx(yearly.npv_usd, abs=1e-9 * size)
    assert fast.debt_usd[0] == pytest.approx(yearly.debt_usd, abs=1e-9 * size)
