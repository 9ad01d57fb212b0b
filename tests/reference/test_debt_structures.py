"""Structures of debt beside numbers worked by hand, and beside SAM where SAM can express them.

The numbers were worked with pencil formulas apart from the program: each docstring shows the arithmetic. Formulas:
annuity and balance of a level loan, B_k = A (1 - (1 + i)^-(n - k)) / i (E. R. Yescombe, "Principles of project
finance", 2nd ed., 2014, chapters 12 and 13: loan life, mini-perms, sweeps, lock-ups, cover by source of cash);
methods.md section 6 for sculpting, the size of debt and uses that contain its own cost.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from wattworth.finance.project import (
    Appraisal,
    Backstop,
    Capital,
    CashSweep,
    ConstructionLoan,
    CostPart,
    CoverPhase,
    Debt,
    Discounting,
    ExistingDebt,
    FloatingRate,
    Owner,
    Prepayment,
    ProjectCase,
    ProjectResult,
    Refinancing,
    Reserves,
    Revenue,
    Tax,
    YearlyLine,
    evaluate,
)

EXACT = 1e-12
FLOATING = FloatingRate(base_frac_by_year=(0.04, 0.05, 0.03), hedge_share_frac=0.6, swap_rate_frac=0.042)


def rented(cash: tuple[float, ...], **declared: Any) -> ProjectResult:
    """A project of $1,000 whose only line is rent, without tax unless told."""
    lines = declared.pop("lines", (YearlyLine(name="rent", usd_by_year=cash),))
    return evaluate(
        ProjectCase(
            **(
                {
                    "analysis_years": len(cash),
                    "capital": Capital(parts=(CostPart(name="plant", usd=1000.0),)),
                    "revenue": Revenue(other=lines),
                    "discounting": Discounting(nominal_frac=0.1),
                }
                | declared
            )
        )
    )


def row(result: ProjectResult, name: str, years: int) -> list[float]:
    """A row from year 1 on."""
    now = int(np.flatnonzero(result.year == 0)[0])
    return result.statement[name][now + 1 : now + 1 + years].tolist()


def mini_perm(cash: tuple[float, ...] = (180.0,) * 10, **terms: Any) -> ProjectResult:
    """All cost borrowed at 8 %, level over ten years, due after three."""
    loan = {"profile": "level_payment", "share_frac": 1.0, "rate_frac": 0.08, "tenor_years": 3}
    return rented(cash, debt=Debt(**(loan | {"amortisation_years": 10} | terms)))


class TestBalanceAtMaturity:
    """Mini-perm, bullet, and what takes them out."""

    def test_a_mini_perm_repaid_by_its_owners(self) -> None:
        """Proves: 1000 · 0.08 / (1 - 1.08^-10) = 149.029489 a year, 775.902668 due in year 3, told as a remark.

        B_3 = 149.029489 · (1 - 1.08^-7) / 0.08. Sensitivity: amortising over the tenor would pay 388.03 a year.
        """
        result = mini_perm()
        assert row(result, "debt_service_usd", 4) == pytest.approx([149.02948869707535] * 3 + [0.0], rel=EXACT)
        assert row(result, "balloon_usd", 3) == pytest.approx([0.0, 0.0, 775.9026678938145], rel=EXACT)
        assert row(result, "after_tax_equity_usd", 4)[2:] == pytest.approx(
            [180.0 - 149.02948869707535 - 775.9026678938145, 180.0], rel=EXACT
        )
        assert [remark.code for remark in result.remarks if "balloon" in remark.code] == ["balloon_repaid_by_owners"]
        assert result.dscr_min_ratio == pytest.approx(180.0 / 149.02948869707535, rel=EXACT)

    def test_a_mini_perm_refinanced(self) -> None:
        """Proves: 775.902668 at 9 % over five years is 775.902668 · 0.09 / (1 - 1.09^-5) = 199.478723 a year.

        The fee of 1 % is 7.759027 in year 3. Sensitivity: serving it from year 3 on would end a year early.
        """
        result = mini_perm(refinancing=Refinancing(rate_frac=0.09, tenor_years=5, upfront_fee_frac=0.01))
        assert row(result, "debt_service_usd", 9)[3:] == pytest.approx([199.47872324811405] * 5 + [0.0], rel=EXACT)
        assert row(result, "refinanced_usd", 3)[2] == pytest.approx(775.9026678938145, rel=EXACT)
        assert row(result, "refinancing_fee_usd", 3)[2] == pytest.approx(7.759026678938145, rel=EXACT)
        assert row(result, "debt_balance_usd", 10)[7:] == pytest.approx([0.0] * 3, abs=1e-9)
        assert row(result, "after_tax_equity_usd", 3)[2] == pytest.approx(
            180.0 - 149.02948869707535 - 7.759026678938145, rel=EXACT
        )

    def test_a_refinancing_that_does_not_reach(self) -> None:
        """Proves: at cover 1.2 a cash of 180 serves 150 a year, 150 · (1 - 1.09^-5) / 0.09 = 583.447690: owners find
        775.902668 - 583.447690 = 192.454978; or the first debt is 1000 · 583.447690 / 775.902668 = 751.959891.

        Sensitivity: leaving the cover out refinances everything.
        """
        terms = {"rate_frac": 0.09, "tenor_years": 5, "dscr_ratio": 1.2}
        short = mini_perm(refinancing=Refinancing(**terms))
        assert row(short, "refinanced_usd", 3)[2] == pytest.approx(583.447689502758, rel=EXACT)
        told = next(remark for remark in short.remarks if remark.code == "refinancing_short")
        assert "owners repay $192" in told.message
        less = mini_perm(refinancing=Refinancing(**terms, limits_debt=True))
        assert less.debt_binding == "refinancing"
        assert less.debt_usd == pytest.approx(1000.0 * 583.447689502758 / 775.9026678938145, rel=EXACT)
        assert "refinancing_short" not in {remark.code for remark in less.remarks}

    def test_a_bullet(self) -> None:
        """Proves: at cover 2 and 10 % a cash of 80 carries 80 / 2 / 0.10 = 400, all of it due in year 4.

        Refinanced by a second bullet at 12 % for two years: 48 a year. Sensitivity: repaying within the tenor
        would size it at 126.79.
        """
        debt = Debt(
            profile="bullet",
            dscr_ratio=2.0,
            rate_frac=0.1,
            tenor_years=4,
            refinancing=Refinancing(rate_frac=0.12, tenor_years=2, profile="bullet"),
        )
        result = rented((80.0,) * 8, debt=debt)
        assert result.debt_usd == pytest.approx(400.0, rel=EXACT)
        assert row(result, "debt_service_usd", 7) == pytest.approx([40.0] * 4 + [48.0] * 2 + [0.0], rel=EXACT)
        assert row(result, "balloon_usd", 8) == pytest.approx([0, 0, 0, 400.0, 0, 400.0, 0, 0], rel=EXACT)
        assert row(result, "debt_balance_usd", 8) == pytest.approx([400.0] * 5 + [0.0] * 3, rel=EXACT)

    def test_a_sculpted_mini_perm(self) -> None:
        """Proves: sculpted over ten years and due after three, what is left is the worth of the other seven services.

        180 / 1.5 = 120 a year: D = 120 · (1 - 1.08^-10) / 0.08 = 805.209768, B_3 = 120 · (1 - 1.08^-7) / 0.08 =
        624.764407.
        """
        debt = Debt(dscr_ratio=1.5, rate_frac=0.08, tenor_years=3, amortisation_years=10)
        result = rented((180.0,) * 10, debt=debt)
        assert result.debt_usd == pytest.approx(120.0 * (1.0 - 1.08**-10) / 0.08, rel=EXACT)
        assert row(result, "balloon_usd", 3)[2] == pytest.approx(120.0 * (1.0 - 1.08**-7) / 0.08, rel=EXACT)

    def test_what_outlives_the_project_is_told(self) -> None:
        """Proves: a refinancing longer than the project leaves a balance, with the cause and the fix.

        775.902668 over twenty years at 9 % still owes its worth of thirteen more payments after year 10.
        """
        result = mini_perm(refinancing=Refinancing(rate_frac=0.09, tenor_years=20))
        payment = 775.9026678938145 * 0.09 / (1.0 - 1.09**-20)
        owed = payment * (1.0 - 1.09**-13) / 0.09
        assert row(result, "debt_balance_usd", 10)[9] == pytest.approx(owed, rel=1e-11)
        told = next(remark for remark in result.remarks if remark.code == "balance_not_repaid")
        assert "after the 10 years" in told.message
        assert told.fix


class TestFloatingRate:
    """Rates 2.5 % + 0.6 · 4.2 % + 0.4 · (4, 5, 3 %) = 6.62, 7.02, 6.22 %."""

    def test_level_principal(self) -> None:
        """Proves: 300 in three years pays 100 + 6.62 % · 300, 100 + 7.02 % · 200, 100 + 6.22 % · 100.

        Sensitivity: without the hedge the first year is 119.50.
        """
        terms = {"profile": "level_principal", "share_frac": 0.3, "rate_frac": 0.025, "tenor_years": 3}
        result = rented((400.0,) * 3, debt=Debt(**terms, floating=FLOATING))
        assert row(result, "debt_rate_frac", 3) == pytest.approx([0.0662, 0.0702, 0.0622], rel=EXACT)
        assert row(result, "debt_service_usd", 3) == pytest.approx([119.86, 114.04, 106.22], rel=EXACT)

    def test_level_payment_is_set_anew_each_year(self) -> None:
        """Proves: 300 · 0.0662 / (1 - 1.0662^-3) = 113.522705; on the 206.337295 left, 7.02 % over two years is
        114.155101; on the 106.667072 left, 6.22 % over one is 113.301764; then nothing is owed.
        """
        terms = {"profile": "level_payment", "share_frac": 0.3, "rate_frac": 0.025, "tenor_years": 3}
        result = rented((400.0,) * 3, debt=Debt(**terms, floating=FLOATING))
        paid = [113.52270518798095, 114.15510068879911, 113.30176411104684]
        assert row(result, "debt_service_usd", 3) == pytest.approx(paid, rel=EXACT)
        assert row(result, "debt_balance_usd", 3)[2] == pytest.approx(0.0, abs=1e-9)

    def test_sculpted(self) -> None:
        """Proves: services 100, 200, 150 discounted one after another at 6.62, 7.02 and 6.22 % are 392.828910.

        Sensitivity: each at its own rate compounded over its own years gives 393.58.
        """
        debt = Debt(dscr_ratio=1.3, rate_frac=0.025, tenor_years=3, floating=FLOATING)
        result = rented((130.0, 260.0, 195.0), debt=debt)
        assert result.debt_usd == pytest.approx(392.82890990398187, rel=EXACT)
        assert row(result, "dscr_ratio", 3) == pytest.approx([1.3] * 3, rel=EXACT)
        assert row(result, "llcr_ratio", 2) == pytest.approx([1.3] * 2, rel=1e-10)

    def test_rates_after_the_last_given_stay(self) -> None:
        """Proves: the last base rate holds: 2.5 % + 4 % in every year of a path of one."""
        floating = FloatingRate(base_frac_by_year=(0.04,))
        terms = {"profile": "level_payment", "share_frac": 0.3, "tenor_years": 3}
        one = rented((400.0,) * 3, debt=Debt(**terms, rate_frac=0.025, floating=floating))
        fixed = rented((400.0,) * 3, debt=Debt(**terms, rate_frac=0.065))
        assert one.npv_usd == pytest.approx(fixed.npv_usd, rel=EXACT)


@pytest.mark.parametrize(
    ("applied", "principal", "balance"),
    [
        ("last", [130.0, 136.5, 133.5, 0.0], [270.0, 133.5, 0.0, 0.0]),
        ("pro_rata", [130.0, 131.5, 127.7, 10.8], [270.0, 138.5, 10.8, 0.0]),
    ],
)
def test_a_cash_sweep(applied: Any, principal: list[float], balance: list[float]) -> None:
    """Proves: 400 at 10 % in four principals of 100, half the cash of 200 after service swept, is repaid early.

    Last first: interest 40, swept (200 - 140) / 2 = 30, owed 270; interest 27, swept (200 - 127) / 2 = 36.5, owed
    133.5; interest 13.35, instalment 100, swept 33.5 (43.325 if it were owed). In proportion: second instalment
    270 / 3 = 90, swept (200 - 117) / 2 = 41.5, owed 138.5; third 69.25, interest 13.85, swept 58.45, owed 10.8.
    Sensitivity: a share taken of all cash, service not counted, would sweep 100 in year 1.
    """
    terms = {"profile": "level_principal", "share_frac": 0.4, "rate_frac": 0.1, "tenor_years": 4}
    result = rented((200.0,) * 5, debt=Debt(**terms, sweep=CashSweep(share_frac=0.5, applied=applied)))
    assert row(result, "principal_usd", 4) == pytest.approx(principal, abs=1e-10)
    assert row(result, "debt_balance_usd", 4) == pytest.approx(balance, abs=1e-10)


def test_a_sweep_leaves_its_cover_to_the_owners() -> None:
    """Proves: above a cover of 1.25 the first sweep is (200 - 1.25 · 140) / 2 = 12.5."""
    terms = {"profile": "level_principal", "share_frac": 0.4, "rate_frac": 0.1, "tenor_years": 4}
    result = rented((200.0,) * 5, debt=Debt(**terms, sweep=CashSweep(share_frac=0.5, min_dscr_ratio=1.25)))
    assert row(result, "swept_usd", 1) == pytest.approx([12.5], rel=EXACT)


def test_a_sweep_after_tax() -> None:
    """Proves: all cash after service and tax repays 400 at 10 % in four principals: with a tax of 25 % on 200 less
    interest, year 1 sweeps 200 - 140 - 40 = 20, and owners receive nothing until the debt is gone.

    Year 2: owed 280, interest 28, tax 43, swept 200 - 128 - 43 = 29; year 3: owed 151, interest 15.1, tax 46.225, the
    instalment of 100 and a sweep of 38.675; year 4: 12.325 is left, interest 1.2325, and owners receive 200 - 13.5575 -
    49.691875 = 136.750625. Sensitivity: before tax 60 is swept in year 1, and owners pay in 40 for tax.
    """
    terms = {"profile": "level_principal", "share_frac": 0.4, "rate_frac": 0.1, "tenor_years": 4}
    debt = Debt(**terms, sweep=CashSweep(share_frac=1.0, after_tax=True))
    result = rented((200.0,) * 4, debt=debt, tax=Tax(federal_frac=0.25, losses="carried"))
    assert row(result, "swept_usd", 4) == pytest.approx([20.0, 29.0, 38.675, 0.0], abs=1e-10)
    assert row(result, "after_tax_equity_usd", 4) == pytest.approx([0.0, 0.0, 0.0, 136.750625], abs=1e-10)
    assert row(result, "debt_balance_usd", 4) == pytest.approx([280.0, 151.0, 12.325, 0.0], abs=1e-10)


def test_a_lock_up() -> None:
    """Proves: 400 at 10 % in four principals takes 140, 130, 120, 110; below cover 1.3 cash waits, meets a shortfall,
    and leaves when the cover returns.

    Cash 200, 140, 110, 132, 200: covers 1.429, 1.077, 0.917, 1.2; own cash 60, 10, -10, 22, 200. Held: 0, 10, 0 (it met
    the shortfall), 22, 0: owners receive 60, 0, 0, 0, 222. Sensitivity: without it they pay in 10 in year 3.
    """
    terms = {"profile": "level_principal", "share_frac": 0.4, "rate_frac": 0.1, "tenor_years": 4}
    result = rented((200.0, 140.0, 110.0, 132.0, 200.0), debt=Debt(**terms, lock_up_dscr_ratio=1.3))
    assert row(result, "locked_up_usd", 5) == pytest.approx([0.0, 10.0, 0.0, 22.0, 0.0], abs=1e-10)
    assert row(result, "after_tax_equity_usd", 5) == pytest.approx([60.0, 0.0, 0.0, 0.0, 222.0], abs=1e-10)
    assert "locked_up" in {remark.code for remark in result.remarks}


class TestCoverByPhase:
    """Leased, merchant and mining cash, each with its own cover."""

    PHASES = (
        CoverPhase(name="leased", dscr_ratio=1.2, revenue_lines=("lease",)),
        CoverPhase(name="merchant", dscr_ratio=1.8, revenue_lines=("energy sold", "mining")),
    )

    def test_service_follows_the_mix(self) -> None:
        """Proves: 60 leased at 1.2 and 40 merchant at 1.8 carry 50 + 22.22; 30 and 90 carry 25 + 50; at 7 % that is
        72.222222 / 1.07 + 75 / 1.07^2 = 133.005309.

        Covers 100 / 72.22 = 1.3846 and 1.6. Sensitivity: one cover of 1.5 throughout sizes 132.18.
        """
        lines = (
            YearlyLine(name="lease", usd_by_year=(60.0, 30.0)),
            YearlyLine(name="energy sold", usd_by_year=(30.0, 50.0)),
            YearlyLine(name="mining", usd_by_year=(10.0, 40.0)),
        )
        result = rented((0.0, 0.0), lines=lines, debt=Debt(phases=self.PHASES, rate_frac=0.07, tenor_years=2))
        service = [50.0 + 40.0 / 1.8, 75.0]
        assert row(result, "debt_service_usd", 2) == pytest.approx(service, rel=EXACT)
        assert result.debt_usd == pytest.approx(service[0] / 1.07 + service[1] / 1.07**2, rel=EXACT)
        assert row(result, "dscr_ratio", 2) == pytest.approx([100.0 / service[0], 1.6], rel=EXACT)
        assert result.debt_binding == "dscr"

    def test_net_cash_shares_and_the_rest(self) -> None:
        """Proves: 70 of 100 at 1.4 is 50; half of it by share at 1.25 is 40, the rest at 2 is 25; with no cover for
        the rest it carries nothing.
        """
        net = CoverPhase(name="leased", dscr_ratio=1.4, net_usd_by_year=(70.0,))
        half = CoverPhase(name="leased", dscr_ratio=1.25, share_frac_by_year=(0.5,))
        terms: dict[str, Any] = {"rate_frac": 0.0, "tenor_years": 1}
        assert rented((100.0,), debt=Debt(phases=(net,), **terms)).debt_usd == pytest.approx(50.0, rel=EXACT)
        both = rented((100.0,), debt=Debt(phases=(half,), dscr_ratio=2.0, **terms))
        assert both.debt_usd == pytest.approx(65.0, rel=EXACT)
        assert rented((100.0,), debt=Debt(phases=(half,), **terms)).debt_usd == pytest.approx(40.0, rel=EXACT)

    def test_phases_that_claim_more_than_the_cash(self) -> None:
        """Proves: claims of 90 and 60 on a cash of 100 are cut to 60 and 40: 60 / 1.2 + 40 / 2 = 70."""
        phases = (
            CoverPhase(name="a", dscr_ratio=1.2, net_usd_by_year=(90.0,)),
            CoverPhase(name="b", dscr_ratio=2.0, net_usd_by_year=(60.0,)),
        )
        result = rented((100.0,), debt=Debt(phases=phases, rate_frac=0.0, tenor_years=1))
        assert result.debt_usd == pytest.approx(70.0, rel=EXACT)


class TestLimits:
    """The least of the limits, and which it is."""

    CASH = (100.0, 95.0, 90.0)

    @pytest.mark.parametrize(
        ("changes", "binding", "usd"),
        [
            ({}, "dscr", 178.501),
            ({"max_share_frac": 0.15}, "gearing", 150.0),
            ({"max_loan_to_value_frac": 0.65, "value_usd": 250.0}, "loan_to_value", 162.5),
            ({"max_loan_to_value_frac": 0.12, "appraisal": Appraisal(cap_rate_frac=0.08)}, "loan_to_value", 150.0),
            (
                {"max_loan_to_value_frac": 0.12, "appraisal": Appraisal(cap_rate_frac=0.08, year=2)},
                "loan_to_value",
                142.5,
            ),
            (
                {"max_loan_to_value_frac": 0.6, "appraisal": Appraisal(discount_frac=0.1)},
                "loan_to_value",
                0.6 * (100 / 1.1 + 95 / 1.21 + 90 / 1.331),
            ),
            ({"min_interest_cover_ratio": 10.0}, "interest_cover", 90.0 / 10.0 / 0.07),
        ],
    )
    def test_the_least_binds(self, changes: dict[str, Any], binding: str, usd: float) -> None:
        """Proves: 100, 95, 90 at cover 1.4 and 7 % carry 178.501 (methods.md 6); 15 % of 1,000; 65 % of 250; 12 % of
        100 / 8 % or of 95 / 8 %; 60 % of what the cash is worth at 10 %; 90 / 10 / 7 %.
        """
        result = rented(self.CASH, debt=Debt(**({"dscr_ratio": 1.4, "rate_frac": 0.07, "tenor_years": 3} | changes)))
        assert result.debt_binding == binding
        assert result.debt_usd == pytest.approx(usd, abs=5e-4)
        assert result.debt_usd == pytest.approx(result.debt_limits_usd[binding], rel=EXACT)

    def test_the_value_is_told(self) -> None:
        """Proves: the value a loan to value is of stands in the result: 100 / 8 % = 1,250."""
        debt = Debt(max_loan_to_value_frac=0.1, appraisal=Appraisal(cap_rate_frac=0.08), rate_frac=0.07, tenor_years=3)
        assert rented(self.CASH, debt=debt).appraised_value_usd == pytest.approx(1250.0, rel=EXACT)


class TestBuilding:
    """What debt costs before it is in use."""

    def test_a_commitment_fee(self) -> None:
        """Proves: over two equal years 75 % and 25 % are undrawn on average: at 1 % the fee is 1 % of the debt, and
        half of all uses is 0.5 · 1000 / (1 - 0.5 · (0.01 + 0.02)) = 507.614213 with an upfront fee of 2 %.

        Sensitivity: charged on the whole commitment it would be 2 %.
        """
        capital = Capital(parts=(CostPart(name="plant", usd=1000.0),), construction_years=2)
        debt = Debt(
            profile="level_payment",
            share_frac=0.5,
            rate_frac=0.05,
            tenor_years=3,
            upfront_fee_frac=0.02,
            commitment_fee_frac=0.01,
        )
        result = rented((300.0,) * 3, capital=capital, debt=debt)
        assert result.debt_usd == pytest.approx(500.0 / 0.985, rel=EXACT)
        assert result.uses_usd["commitment_fee"] == pytest.approx(5.0 / 0.985, rel=EXACT)
        assert result.debt_frac == pytest.approx(0.5, rel=EXACT)

    def test_interest_on_an_s_curve(self) -> None:
        """Proves: draws of 0.15625, 0.34375, 0.34375, 0.15625 in four periods at 4 % cost 0.0823281 of the loan
        (methods.md 4), where half the time of 16 % costs 0.08.
        """
        loan = {"share_frac": 1.0, "months": 24.0, "rate_frac": 0.08}
        assert ConstructionLoan(**loan, s_curve_periods=4).interest_frac == pytest.approx(0.0823281, abs=5e-8)
        assert ConstructionLoan(**loan).interest_frac == pytest.approx(0.08, rel=EXACT)
        parts = (CostPart(name="plant", usd=1000.0),)
        capital = Capital(parts=parts, construction_loans=(ConstructionLoan(**loan, s_curve_periods=4),))
        assert rented((300.0,), capital=capital).uses_usd["construction_financing"] == pytest.approx(82.3281, abs=5e-5)


class TestPrepayment:
    """Rent of 100 for three years, 90 of it paid ahead and credited evenly; tax of 21 %."""

    @pytest.mark.parametrize(("taxed", "tax"), [("earned", [-21.0, -21.0, -21.0]), ("received", [-33.6, -14.7, -14.7])])
    def test_cash_first_rent_later(self, taxed: Any, tax: list[float]) -> None:
        """Proves: owners pay in 1,000 - 90 and receive 70 a year before tax; earned, income is 100 a year; received, it
        is 90 + 70 in year 1 and 70 after: the same 63 of tax, sooner. What is owed to the tenant is 60, 30, 0.

        Sensitivity: taxing the prepayment and the full rent as well would pay 81.9.
        """
        terms = Prepayment(usd=90.0, credit_frac_by_year=(1 / 3,) * 3, taxed=taxed)
        result = rented((100.0,) * 3, prepayment=terms, tax=Tax(federal_frac=0.21, losses="carried"))
        assert result.equity_usd == pytest.approx(910.0, rel=EXACT)
        assert result.sources_usd["prepayment"] == 90.0
        assert result.installed_cost_usd == pytest.approx(1000.0, rel=EXACT)
        assert row(result, "federal_tax_usd", 3) == pytest.approx(tax, rel=EXACT)
        assert row(result, "cfads_usd", 3) == pytest.approx([70.0] * 3, rel=EXACT)
        assert row(result, "after_tax_equity_usd", 3) == pytest.approx([70.0 + paid for paid in tax], rel=EXACT)
        assert row(result, "prepayment_balance_usd", 3) == pytest.approx([60.0, 30.0, 0.0], abs=1e-10)

    def test_it_leaves_less_to_fund(self) -> None:
        """Proves: with 900 paid ahead no more than 100 is borrowed, whatever cover and gearing allow."""
        terms = Prepayment(usd=900.0, credit_frac_by_year=(0.0, 0.5, 0.5), taxed="earned")
        debt = Debt(dscr_ratio=1.2, rate_frac=0.07, tenor_years=1)
        result = rented((1000.0,) * 3, prepayment=terms, debt=debt)
        assert result.debt_binding == "funding"
        assert result.debt_usd == pytest.approx(100.0, rel=EXACT)
        assert result.equity_usd == pytest.approx(0.0, abs=1e-9)

    def test_what_is_never_credited_is_told(self) -> None:
        """Proves: a credit in year 4 of a project of three years leaves 45 owed to the tenant, and says so."""
        terms = Prepayment(usd=90.0, credit_frac_by_year=(0.5, 0.0, 0.0, 0.5), taxed="earned")
        result = rented((40.0, 100.0, 100.0), prepayment=terms)
        codes = {remark.code: remark for remark in result.remarks}
        assert "$45 of the prepayment" in codes["balance_not_repaid"].message
        assert "credit_above_rent" in codes


class TestExistingDebt:
    """300 owed at 6 % for three years: 112.232944 a year."""

    SERVICE = 300.0 * 0.06 / (1.0 - 1.06**-3)

    def test_assumed(self) -> None:
        """Proves: it pays for 300 of the cost and is served before: of 200 / 1.25 = 160 a year 47.767056 is left, which
        at 8 % over three years carries 47.767056 · 2.577097 = 123.100337. Cover is of both.

        Sensitivity: sizing on all cash would lend 412.34 on top.
        """
        old = ExistingDebt(usd=300.0, rate_frac=0.06, remaining_years=3, at_close="assumed")
        debt = Debt(dscr_ratio=1.25, rate_frac=0.08, tenor_years=3)
        result = rented((200.0,) * 4, existing_debt=old, debt=debt)
        assert row(result, "debt_service_usd", 4) == pytest.approx([160.0] * 3 + [0.0], rel=EXACT)
        assert result.debt_usd == pytest.approx((160.0 - self.SERVICE) * (1.0 - 1.08**-3) / 0.08, rel=1e-11)
        assert result.equity_usd == pytest.approx(1000.0 - 300.0 - result.debt_usd, rel=EXACT)
        assert result.sources_usd["existing_debt"] == 300.0
        assert row(result, "existing_debt_usd", 3)[0] == pytest.approx(318.0 - self.SERVICE, rel=EXACT)
        assert row(result, "dscr_ratio", 3) == pytest.approx([1.25] * 3, rel=EXACT)
        assert row(result, "debt_balance_usd", 4)[2:] == pytest.approx([0.0, 0.0], abs=1e-9)

    def test_repaid_at_close(self) -> None:
        """Proves: with 2 % breakage 306 is a use beside the cost: half of 1,306 is borrowed."""
        old = ExistingDebt(usd=300.0, rate_frac=0.06, at_close="repaid", breakage_frac=0.02)
        debt = Debt(profile="level_payment", share_frac=0.5, rate_frac=0.08, tenor_years=3)
        result = rented((400.0,) * 4, existing_debt=old, debt=debt)
        assert result.uses_usd["existing_debt_repaid"] == pytest.approx(306.0, rel=EXACT)
        assert result.debt_usd == pytest.approx(653.0, rel=EXACT)
        assert result.installed_cost_usd == pytest.approx(1306.0, rel=EXACT)

    def test_gearing_and_value_count_it(self) -> None:
        """Proves: 70 % of 1,000 less the 300 that stay is 400; 50 % of a value of 1,200 less 300 is 300."""
        old = ExistingDebt(usd=300.0, rate_frac=0.06, remaining_years=3, at_close="assumed")
        terms: dict[str, Any] = {"profile": "level_payment", "rate_frac": 0.08, "tenor_years": 3, "share_frac": 0.9}
        geared = rented((900.0,) * 4, existing_debt=old, debt=Debt(**terms, max_share_frac=0.7))
        assert (geared.debt_binding, geared.debt_usd) == ("gearing", pytest.approx(400.0, rel=EXACT))
        valued = rented(
            (900.0,) * 4, existing_debt=old, debt=Debt(**terms, max_loan_to_value_frac=0.5, value_usd=1200.0)
        )
        assert (valued.debt_binding, valued.debt_usd) == ("loan_to_value", pytest.approx(300.0, rel=EXACT))

    def test_alone_and_due_at_once(self) -> None:
        """Proves: 300 with stated shares 20, 30, 50 % owes 240, 150, 0; as a bullet 300 falls due in year 3."""
        shares = ExistingDebt(usd=300.0, rate_frac=0.06, principal_frac_by_year=(0.2, 0.3, 0.5), at_close="assumed")
        result = rented((200.0,) * 4, existing_debt=shares)
        assert row(result, "debt_service_usd", 3) == pytest.approx([78.0, 104.4, 159.0], rel=EXACT)
        bullet = ExistingDebt(usd=300.0, rate_frac=0.06, remaining_years=3, profile="bullet", at_close="assumed")
        result = rented((200.0,) * 4, existing_debt=bullet)
        assert row(result, "balloon_usd", 3) == pytest.approx([0.0, 0.0, 300.0], rel=EXACT)
        assert "balloon_repaid_by_owners" in {remark.code for remark in result.remarks}


def test_a_backstop_and_its_warrants() -> None:
    """Proves: a fee of 1 % on the balance acts as interest: 130 a year at cover 1.3 carries 100 / 1.09 + 100 / 1.09^2
    = 175.911118 at 8 % + 1 %; warrants over 10 % take a tenth of 30 a year, worth 3 / 1.1 + 3 / 1.21 = 5.206612.

    The sponsor pays in 1000 - 175.911118 = 824.088882 and keeps 27 a year. Sensitivity: a fee left out of sizing would
    lend 178.33.
    """
    debt = Debt(
        dscr_ratio=1.3, rate_frac=0.08, tenor_years=2, backstop=Backstop(fee_frac_per_year=0.01, warrants_frac=0.1)
    )
    result = rented((130.0, 130.0), debt=debt)
    assert result.debt_usd == pytest.approx(100.0 / 1.09 + 100.0 / 1.09**2, rel=EXACT)
    assert row(result, "backstop_fee_usd", 1) == pytest.approx([0.01 * result.debt_usd], rel=EXACT)
    assert row(result, "interest_usd", 1) == pytest.approx([0.08 * result.debt_usd], rel=EXACT)
    assert result.warrants_npv_usd == pytest.approx(3.0 / 1.1 + 3.0 / 1.21, rel=EXACT)
    assert result.sponsor_npv_usd == pytest.approx(result.debt_usd - 1000.0 + 27.0 / 1.1 + 27.0 / 1.21, rel=EXACT)
    assert row(result, "sponsor_cash_usd", 2) == pytest.approx([27.0, 27.0], rel=EXACT)


@pytest.mark.parametrize(
    ("owner", "new_shares", "code"),
    [
        (Owner(cash_usd=700.0), 0.0, None),
        (Owner(cash_usd=100.0, market_value_usd=3000.0), 500.0, "needs_new_shares"),
        (Owner(cash_usd=100.0, market_value_usd=3000.0, raise_frac=0.15), 500.0, "not_fundable"),
        (Owner(market_value_usd=400.0), 600.0, "not_fundable"),
    ],
)
def test_fundable(owner: Owner, new_shares: float, code: str | None) -> None:
    """Proves: 600 of equity against 700 of cash; against 100 and 15 % (450) or all of 3,000; against 400."""
    debt = Debt(profile="level_payment", share_frac=0.4, rate_frac=0.08, tenor_years=3)
    result = rented((200.0,) * 4, debt=debt, owner=owner)
    assert result.equity_need.usd == pytest.approx(600.0, rel=EXACT)
    assert result.equity_need.new_shares_usd == pytest.approx(new_shares, abs=1e-9)
    assert result.equity_need.is_fundable == (code != "not_fundable")
    told = {remark.code for remark in result.remarks} & {"needs_new_shares", "not_fundable"}
    assert told == (set() if code is None else {code})


def test_a_reserve_covers_both_debts() -> None:
    """Proves: six months of next year's service of old and new debt, 160 / 2 = 80, are a use and are released."""
    old = ExistingDebt(usd=300.0, rate_frac=0.06, remaining_years=3, at_close="assumed")
    debt = Debt(dscr_ratio=1.25, rate_frac=0.08, tenor_years=3)
    result = rented((200.0,) * 4, existing_debt=old, debt=debt, reserves=Reserves(debt_service_months=6.0))
    assert result.uses_usd["debt_service_reserve"] == pytest.approx(80.0, rel=EXACT)
    assert row(result, "debt_service_reserve_usd", 3) == pytest.approx([80.0, 80.0, 0.0], abs=1e-9)


class TestBesideSam:
    """Structures that SAM's Single Owner can express in other words, run live."""

    @pytest.fixture
    def grid(self) -> ModuleType:
        """The live comparison with SAM, skipped where PySAM is not installed."""
        return importlib.import_module("tests.reference.test_sam_grid")

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [
            ({"term_int_rate": 7.0}, {"rate_frac": 0.025, "floating": {"base_frac_by_year": (0.045,)}}),
            (
                {"term_int_rate": 6.2},
                {
                    "rate_frac": 0.02,
                    "floating": {
                        "base_frac_by_year": (0.03, 0.06, 0.05),
                        "hedge_share_frac": 1.0,
                        "swap_rate_frac": 0.042,
                    },
                },
            ),
            ({"cost_debt_fee": 3.25}, {"commitment_fee_frac": 0.01}),
            (
                {"dscr": 1.0 / (0.6 / 1.2 + 0.4 / 1.8)},
                {
                    "dscr_ratio": 1.8,
                    "phases": ({"name": "leased", "dscr_ratio": 1.2, "share_frac_by_year": (0.6,)},),
                },
            ),
            (
                {"dscr_limit_debt_fraction": 1.0, "dscr_maximum_debt_fraction": 50.0},
                {"max_share_frac": 1.0, "max_loan_to_value_frac": 0.5, "value_usd": 0.0},
            ),
        ],
        ids=["floating, flat base", "all of it swapped", "commitment fee", "cover by phase", "loan to value"],
    )
    def test_the_same_loan_in_other_words(self, grid: ModuleType, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
        """Proves: all rows and metrics of SAM to 1e-9: a margin over a flat base is a rate, a full swap hides the path,
        a commitment over one year costs half its fee, a constant mix of covers is their harmonic mean (here of the
        phase and the rest), and a cap on the cost is a loan to the same value.

        Sensitivity: an arithmetic mean of the covers (1.44 against 1.3846) lends 4 % less.
        """
        values, out = grid.sam(grid.GENERIC | theirs)
        if "value_usd" in ours:
            ours = ours | {"value_usd": 2.0 * out.size_of_debt}
        plain = grid.as_case(values)
        terms = plain.debt.model_dump() | {"upfront_fee_frac": 0.0275} | ours
        result = evaluate(plain.model_copy(update={"debt": Debt(**terms)}))
        grid.check_rows(result, out, 1e-9)
        grid.check_metrics(result, out, 1e-9)

    def test_a_backstop_fee_is_interest(self, grid: ModuleType) -> None:
        """Proves: 6 % and a fee of 1 % is SAM's 7 % in debt, cash, tax and value; both add to its interest."""
        values, out = grid.sam(dict(grid.GENERIC))
        plain = grid.as_case(values)
        terms = plain.debt.model_dump() | {"rate_frac": 0.06, "backstop": {"fee_frac_per_year": 0.01}}
        result = evaluate(plain.model_copy(update={"debt": Debt(**terms)}))
        grid.check_metrics(result, out, 1e-9)
        both = result.statement["interest_usd"] + result.statement["backstop_fee_usd"]
        assert both == pytest.approx(np.array(out.cf_debt_payment_interest), rel=1e-9, abs=0.05)
        assert result.statement["federal_tax_usd"] == pytest.approx(np.array(out.cf_fedtax), rel=1e-9, abs=0.05)

    def test_a_mini_perm_refinanced_alike_is_one_long_loan(self, grid: ModuleType) -> None:
        """Proves: sculpted over 18 years, due after 7 and refinanced over 11 at the same rate is SAM's loan of 18:
        all rows but principal, which holds what is refinanced, and all metrics, to 1e-9.

        Sensitivity: a second loan sculpted to the wrong eleven years leaves cover other than 1.3.
        """
        values, out = grid.sam(dict(grid.GENERIC))
        plain = grid.as_case(values)
        second = {"profile": "sculpted", "rate_frac": 0.07, "tenor_years": 11}
        terms = plain.debt.model_dump() | {"tenor_years": 7, "amortisation_years": 18, "refinancing": second}
        result = evaluate(plain.model_copy(update={"debt": Debt(**terms)}))
        assert result.statement["refinanced_usd"][7] == pytest.approx(out.cf_debt_balance[7], rel=1e-9)
        repaid = result.statement["principal_usd"] - result.statement["refinanced_usd"]
        grid.check_rows(replace(result, statement=result.statement | {"principal_usd": repaid}), out, 1e-9)
        grid.check_metrics(result, out, 1e-9)

    def test_a_bullet_is_a_moratorium_until_the_last_year(self, grid: ModuleType) -> None:
        """Proves: 45 % at maturity after 15 years is SAM's level principal with a moratorium of 14: every row to 1e-9.

        Without a debt service reserve, for SAM's holds months of the balance, and ours of interest alone.
        """
        share = {"debt_option": 0.0, "debt_percent": 45.0, "payment_option": 1.0, "dscr_reserve_months": 0.0}
        values, out = grid.sam(grid.GENERIC | share | {"term_tenor": 15, "loan_moratorium": 14})
        plain = grid.as_case(values)
        terms = plain.debt.model_dump() | {"profile": "bullet", "moratorium_years": 0}
        result = evaluate(plain.model_copy(update={"debt": Debt(**terms)}))
        grid.check_rows(result, out, 1e-9)
        assert result.npv_usd == pytest.approx(out.project_return_aftertax_npv, rel=1e-9)

    def test_assumed_debt_is_a_loan_without_fees(self, grid: ModuleType) -> None:
        """Proves: a balance taken over at close, with 18 years to run, is SAM's level loan of that size without a fee:
        every row and metric to 1e-9.
        """
        values, out = grid.sam(grid.GENERIC | {"debt_option": 0.0, "debt_percent": 40.0, "cost_debt_fee": 0.0})
        plain = grid.as_case(values)
        old = ExistingDebt(usd=out.size_of_debt, rate_frac=0.07, remaining_years=18, at_close="assumed")
        result = evaluate(plain.model_copy(update={"debt": None, "existing_debt": old}))
        grid.check_rows(result, out, 1e-9)
        grid.check_metrics(replace(result, debt_usd=old.usd), out, 1e-9)

    def test_a_prepayment_taxed_as_received_is_a_taxed_grant(self, grid: ModuleType) -> None:
        """Proves: $90 m ahead, credited in three years, is SAM's taxed investment grant with prices cut by the credits:
        debt, taxes, reserves and cash of owners by year, and value, to 1e-9.

        Sensitivity: taxed as earned, federal tax of year 1 would be $8.8 m lower.
        """
        mwh, shares = 756_864.0, (0.5, 0.3, 0.2)
        credit = np.array([*(9e7 * share for share in shares), *([0.0] * 22)])
        prices = 0.24 * 1.01 ** np.arange(25) - credit / mwh / 1000.0
        values, out = grid.sam(
            grid.GENERIC
            | {"ppa_price_input": tuple(prices.tolist()), "ibi_uti_amount": 9e7, "months_receivables_reserve": 0.0}
        )
        plain = grid.as_case(values | {"ppa_price_input": 0.24, "ibi_uti_amount": 0.0})
        terms = Prepayment(usd=9e7, credit_frac_by_year=shares, taxed="received")
        result = evaluate(plain.model_copy(update={"prepayment": terms}))
        assert result.debt_usd == pytest.approx(out.size_of_debt, rel=1e-9)
        assert result.npv_usd == pytest.approx(out.project_return_aftertax_npv, rel=1e-9)
        for name, theirs in (
            ("after_tax_equity_usd", out.cf_project_return_aftertax),
            ("federal_tax_usd", out.cf_fedtax),
            ("state_tax_usd", out.cf_statax),
            ("debt_service_usd", out.cf_debt_payment_total),
            ("reserves_usd", out.cf_reserve_total),
        ):
            assert result.statement[name][1:] == pytest.approx(np.array(theirs)[1:], rel=1e-9, abs=0.05), name
        assert -result.equity_usd == pytest.approx(out.cf_project_return_aftertax[0], rel=1e-9)
