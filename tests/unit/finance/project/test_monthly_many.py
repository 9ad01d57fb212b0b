"""Many monthly cases at once: the compiled pass against the rows of the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.unit.finance.test_statement import random_lines
from wattworth.errors import DataError
from wattworth.finance.project.monthly import check_month_books, keep_month_books, monthly_statement
from wattworth.finance.project.monthly_lines import MonthlyLines, from_cash_lines
from wattworth.finance.project.monthly_many import compile_monthly_kernels, evaluate_months
from wattworth.finance.project.monthly_terms import MonthlyTax, MonthlyTerms, TermLoan, us_classes

PROFILES = ("sculpted", "level_payment", "level_principal")


def muddle(seed: int) -> tuple[MonthlyLines, MonthlyTerms]:
    """Random cash, dates and terms; every limit binds somewhere."""
    random = np.random.default_rng(seed)
    n_month, n_case = int(random.integers(2, 361)), int(random.integers(1, 150))
    cash = random_lines(seed, n_month, n_case)
    if seed % 2:
        cash.usd[3:6, :12] *= 0.05
        cash.usd[3:6, 12:] = 0.0
    lines = from_cash_lines(cash)
    if seed % 5 == 0:
        done = random.integers(0, n_month + 20, n_case)
        lines = replace(
            lines,
            completed_month=done,
            in_service_month=done + random.integers(0, 9, n_case),
            retired_month=random.integers(0, n_month + 20, n_case),
        )
    if seed % 7 == 0:
        lines = replace(lines, held_usd=random.uniform(0.0, 1e6, (int(random.integers(1, n_month + 1)), n_case)))
    return lines, terms(seed, random, n_case)


def terms(seed: int, random: np.random.Generator, n_case: int) -> MonthlyTerms:
    """Random terms, arrays over the cases among them."""
    step, tenor = (1, 3, 6, 12)[seed % 4], 12 * int(random.integers(1, 25))
    dear = seed % 4 != 1
    profile: Any = PROFILES[int(random.integers(3))]
    tested: Any = ("payment", "trailing_12")[int(random.integers(2))]
    losses: Any = ("group", "carried", "paid")[seed % 3]
    loan = TermLoan(
        random.uniform(0.0, 0.1, n_case),
        tenor,
        profile,
        dscr_ratio=random.uniform(1.0, 2.0, n_case) if seed % 6 else None,
        tested=tested,
        max_share_frac=random.uniform(0.3, 1.0, n_case),
        most_usd=None if seed % 3 else 1e8,
        grace_months=0 if seed % 2 or tenor <= 12 else 12,
        construction_rate_frac=random.uniform(0.0, 0.1, n_case) if dear else 0.0,
        commitment_fee_frac=random.uniform(0.0, 0.02, n_case) if dear else 0.0,
        upfront_fee_frac=0.02,
        closing_usd=1e5,
        reserve_months=6.0 if seed % 3 == 0 else float(random.integers(0, 13)),
    )
    return MonthlyTerms(
        random.uniform(0.0, 0.15, n_case),
        MonthlyTax(0.21, losses, 0.05, 0.8, None if seed % 3 else 0.3, bool(seed % 4)),
        us_classes((0.0, 0.4, 1.0)[seed % 3]),
        None if seed % 10 == 9 else loan,
        step,
        45.0,
        20.0,
        0.03,
        float(seed % 2),
    )


@pytest.mark.parametrize("seed", range(24))
def test_the_compiled_pass_is_the_ledger(seed: int) -> None:
    """Proves: value, debt, equity, tax, cover, rate, status and binding limit agree to 1e-9 on random cases, and the
    books of each tie to the cent."""
    lines, own = muddle(seed)
    check_month_books(keep_month_books(lines, own))
    fast, plain = (evaluate_months(lines, own, engine) for engine in ("compiled", "plain"))
    scale = float(np.abs(lines.usd).sum() + np.abs(lines.capital_usd).sum()) / lines.n_case
    for name in ("npv_usd", "debt_usd", "equity_usd", "tax_usd"):
        assert getattr(fast, name) == pytest.approx(getattr(plain, name), rel=1e-9, abs=1e-12 * scale), name
    assert fast.dscr_min_ratio == pytest.approx(plain.dscr_min_ratio, rel=1e-9, nan_ok=True)
    assert (fast.irr_status == plain.irr_status).all()
    assert fast.irr_frac == pytest.approx(plain.irr_frac, rel=1e-9, abs=1e-9, nan_ok=True)
    assert (fast.debt_binding == plain.debt_binding).all()


def test_one_case_of_many_is_its_statement() -> None:
    """Proves: the statement of a case is its column of the many, with arrays over cases in the terms."""
    lines, own = muddle(3)
    many = evaluate_months(lines, own)
    for case in (0, lines.n_case - 1):
        one = monthly_statement(lines, own, case)
        assert one.npv_usd == pytest.approx(many.npv_usd[case], rel=1e-9)
        assert one.debt_usd == pytest.approx(many.debt_usd[case], rel=1e-9, abs=1e-6)
        assert one.irr_status == many.irr_status_names()[case]


def test_threads_and_blocks_change_no_bit() -> None:
    """Proves: two threads give the bits of one, and a case the bits it has alone."""
    lines, own = muddle(6)
    wide = lines.take(np.resize(np.arange(lines.n_case), 3000))
    flat = replace(own, discount_frac=0.08, loan=TermLoan(0.06, 60, dscr_ratio=1.3, construction_rate_frac=0.07))
    one, two = evaluate_months(wide, flat), evaluate_months(wide, flat, threads=2)
    alone = evaluate_months(wide.take(slice(100, 101)), flat)
    for name in ("npv_usd", "irr_frac", "debt_usd", "tax_usd"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True)
        assert np.array_equal(getattr(one, name)[100:101], getattr(alone, name), equal_nan=True)


def test_classes_must_fit_and_kernels_compile() -> None:
    compile_monthly_kernels()
    lines, own = muddle(3)
    with pytest.raises(DataError, match="classes of write-off"):
        evaluate_months(lines, replace(own, classes=us_classes()[:2]))
