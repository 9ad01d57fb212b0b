"""Structures of debt say what contradicts them, what cannot act, and which engine knows them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.unit.finance.project.cases import generic_system
from wattworth.errors import DataError
from wattworth.finance.project import (
    Appraisal,
    Backstop,
    CashSweep,
    ConstructionLoan,
    CoverPhase,
    Debt,
    ExistingDebt,
    FloatingRate,
    Owner,
    Prepayment,
    ProjectCase,
    Refinancing,
    evaluate,
    evaluate_many,
    last_service_year,
    service_at_rates_per_usd,
    service_per_usd,
    vary,
    why_not_compiled,
)

PLAIN: dict[str, Any] = {"dscr_ratio": 1.3, "rate_frac": 0.07, "tenor_years": 10}
OLD = ExistingDebt(usd=1e8, rate_frac=0.05, remaining_years=6, at_close="assumed")
AHEAD = Prepayment(usd=5e7, credit_frac_by_year=(0.5, 0.5), taxed="earned")
SECOND = Refinancing(rate_frac=0.08, tenor_years=10)


def loan(**terms: Any) -> Debt:
    """A sculpted loan of ten years with other terms."""
    return Debt(**(PLAIN | terms))


def share(name: str, frac: float) -> CoverPhase:
    """A phase by its share of cash."""
    return CoverPhase(name=name, dscr_ratio=1.5, share_frac_by_year=(frac,))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: loan(max_loan_to_value_frac=0.5), "belong together"),
        (lambda: loan(appraisal=Appraisal(cap_rate_frac=0.1)), "belong together"),
        (
            lambda: loan(max_loan_to_value_frac=0.5, value_usd=1.0, appraisal=Appraisal(cap_rate_frac=0.1)),
            "both set the value",
        ),
        (Appraisal, "needs one method"),
        (lambda: loan(amortisation_years=5), "shorter than tenor_years"),
        (lambda: loan(profile="bullet", amortisation_years=20), "a bullet has no instalments"),
        (lambda: FloatingRate(base_frac_by_year=(0.04,), hedge_share_frac=0.5), "give swap_rate_frac"),
        (lambda: loan(phases=(share("a", 0.6), share("b", 0.5))), "add to 1.1; they may add to 1"),
        (lambda: CoverPhase(name="leased", dscr_ratio=1.2), 'phase "leased": give one of'),
        (lambda: Refinancing(rate_frac=0.08, tenor_years=5, limits_debt=True), "limits_debt needs a limit"),
        (lambda: Prepayment(usd=1.0, credit_frac_by_year=(0.5, 0.4), taxed="earned"), "adds to 0.9; it must add to 1"),
        (
            lambda: ExistingDebt(usd=1.0, rate_frac=0.1, principal_frac_by_year=(0.5,), at_close="assumed"),
            "principal_frac_by_year adds to 0.5",
        ),
        (
            lambda: generic_system(debt=loan(phases=(CoverPhase(name="x", dscr_ratio=1.2, revenue_lines=("rent",)),))),
            r"names \['rent'\]; there is capacity, energy",
        ),
        (lambda: generic_system(debt=loan(phases=(share("a", 0.1), share("a", 0.1)))), "share a name"),
        (
            lambda: generic_system(
                debt=loan(max_loan_to_value_frac=0.5, appraisal=Appraisal(cap_rate_frac=0.1, year=30))
            ),
            "appraisal.year is 30, after the last of 25",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(build: Any, words: str) -> None:
    """Proves: each impossible structure is refused with what to write instead."""
    with pytest.raises(ValidationError, match=words):
        build()


@pytest.mark.parametrize(
    ("debt", "where"),
    [
        (loan(refinancing=SECOND), "debt.refinancing"),
        (loan(profile="bullet", tenor_years=25, refinancing=SECOND), "debt.refinancing"),
        (loan(profile="bullet", moratorium_years=2), "debt.moratorium_years"),
        (loan(floating=FloatingRate(base_frac_by_year=(0.04,), swap_rate_frac=0.04)), "debt.floating.swap_rate_frac"),
        (loan(sweep=CashSweep(share_frac=0.0)), "debt.sweep"),
    ],
)
def test_a_structure_that_cannot_act_is_told(debt: Debt, where: str) -> None:
    """Proves: a declared structure that changes nothing is named by its path."""
    result = evaluate(generic_system(debt=debt))
    assert where in {remark.where for remark in result.remarks if remark.code == "input_cannot_act"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"breakage_frac": 0.02}, "existing_debt.breakage_frac"),
        ({"principal_frac_by_year": (0.5, 0.5)}, "existing_debt.remaining_years"),
    ],
)
def test_terms_of_existing_debt_that_cannot_act_are_told(changes: dict[str, Any], where: str) -> None:
    """Proves: a cost of breaking what is not broken, and a life beside a stated schedule, are named."""
    old = ExistingDebt(**({"usd": 1e8, "rate_frac": 0.05, "remaining_years": 6, "at_close": "assumed"} | changes))
    result = evaluate(generic_system(existing_debt=old))
    assert where in {remark.where for remark in result.remarks if remark.code == "input_cannot_act"}


STRUCTURES: dict[str, dict[str, Any]] = {
    "a bullet": {"debt": loan(profile="bullet")},
    "an amortisation longer than its tenor": {"debt": loan(amortisation_years=18, refinancing=SECOND)},
    "a floating rate": {"debt": loan(floating=FloatingRate(base_frac_by_year=(0.01, 0.02)))},
    "a cover by phase": {"debt": loan(phases=(share("leased", 0.6),))},
    "an appraisal": {"debt": loan(max_loan_to_value_frac=0.3, appraisal=Appraisal(cap_rate_frac=0.1))},
    "a cash sweep": {"debt": loan(sweep=CashSweep(share_frac=0.5))},
    "a lock-up": {"debt": loan(lock_up_dscr_ratio=1.4)},
    "a backstop": {"debt": loan(backstop=Backstop(fee_frac_per_year=0.01, warrants_frac=0.1))},
    "a commitment fee": {"debt": loan(commitment_fee_frac=0.01)},
    "existing debt": {"existing_debt": OLD},
    "a prepayment": {"prepayment": AHEAD},
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_each_structure_is_left_to_the_plain_engine(name: str) -> None:
    """Proves: the compiled pass names what it leaves, the plain one answers, and case by case it is evaluate()."""
    case: ProjectCase = generic_system(**STRUCTURES[name])
    varied = {"debt.rate_frac": np.array([0.03, 0.06])}
    assert why_not_compiled(case, varied) == f"it has {name}"
    with pytest.raises(DataError, match=name):
        evaluate_many(case, varied, "compiled")
    many = evaluate_many(case, varied)
    for place, rate in enumerate(varied["debt.rate_frac"]):
        alone = evaluate(vary(case, {"debt.rate_frac": float(rate)}))
        assert many.npv_usd[place] == pytest.approx(alone.npv_usd, abs=1e-9 * alone.installed_cost_usd)
        assert many.installed_cost_usd[place] == pytest.approx(alone.installed_cost_usd, rel=1e-12)
        assert many.debt_limits[many.debt_binding[place]] == alone.debt_binding
        assert many.dscr_min_ratio[place] == pytest.approx(alone.dscr_min_ratio, rel=1e-9)


@pytest.mark.parametrize("path", ["debt.commitment_fee_frac", "debt.lock_up_dscr_ratio", "debt.share_frac"])
def test_a_structure_that_only_varies_is_not_dropped(path: str) -> None:
    """Proves: a number that the compiled pass does not read sends the cases to the plain one when it varies."""
    case = generic_system()
    assert (why_not_compiled(case, {path: 0}) or "").startswith(f"{path} varies")
    values = [1.0, 0.2] if "share" in path else [0.0, 1.4 if "dscr" in path else 0.02]
    many = evaluate_many(case, {path: values})
    assert many.npv_usd[0] == pytest.approx(evaluate(case).npv_usd, rel=1e-12)
    assert many.npv_usd[1] < many.npv_usd[0] - 1.0


def test_a_plain_case_keeps_the_compiled_engine() -> None:
    """Proves: an owner, and a construction loan on an S-curve, cost nothing of the compiled pass."""
    case = generic_system(owner=Owner(cash_usd=1e9))
    curved = ConstructionLoan(share_frac=0.5, months=24.0, rate_frac=0.08, s_curve_periods=8)
    case = case.model_copy(update={"capital": case.capital.model_copy(update={"construction_loans": (curved,)})})
    rates = {"debt.rate_frac": np.array([0.03, 0.06]), "capital.construction_loans.0.rate_frac": np.array([0.05, 0.1])}
    assert why_not_compiled(case, rates) is None
    fast, plain = (evaluate_many(case, rates, engine) for engine in ("compiled", "plain"))
    assert fast.npv_usd == pytest.approx(plain.npv_usd, rel=1e-9)


@pytest.mark.parametrize("profile", ["sculpted", "level_payment", "level_principal", "bullet"])
@pytest.mark.parametrize("grace", [0, 2])
def test_constant_rates_by_year_are_a_constant_rate(profile: Any, grace: int) -> None:
    """Proves: a path of equal rates gives the instalments of the rate, whatever the shape."""
    cash = np.array([[3.0], [1.0], [2.0], [5.0], [1.0], [4.0]])
    one = service_per_usd(profile, 0.06, 6, grace, cash)
    path = service_at_rates_per_usd(profile, np.full((6, 1), 0.06), 6, grace, cash)
    assert path == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "year"),
    [
        ({}, 18),
        ({"debt": None}, 0),
        ({"debt": None, "existing_debt": OLD}, 6),
        ({"debt": loan(amortisation_years=20, refinancing=SECOND)}, 20),
        ({"debt": loan(refinancing=SECOND)}, 10),
        ({"debt": loan(tenor_years=4), "existing_debt": OLD}, 6),
    ],
)
def test_the_last_year_of_service(changes: dict[str, Any], year: int) -> None:
    assert last_service_year(generic_system(**changes)) == year


def test_existing_debt_longer_than_the_project_is_told() -> None:
    """Proves: what is still owed of a debt taken over names that debt."""
    old = OLD.model_copy(update={"remaining_years": 40})
    result = evaluate(generic_system(debt=None, existing_debt=old))
    told = next(remark for remark in result.remarks if remark.code == "balance_not_repaid")
    assert told.where == "existing_debt.remaining_years"


def test_the_project_without_debt_has_no_old_debt_either() -> None:
    """Proves: project NPV is that of the case with neither term debt nor existing debt."""
    with_old = evaluate(generic_system(existing_debt=OLD))
    assert with_old.project_npv_usd == pytest.approx(evaluate(generic_system()).project_npv_usd, rel=1e-12)


def test_a_structured_case_is_read_from_plain_data_and_back() -> None:
    """Proves: every structure survives JSON, so that a file can declare it."""
    debt = loan(
        amortisation_years=18,
        refinancing=SECOND,
        floating=FloatingRate(base_frac_by_year=(0.01, 0.02), hedge_share_frac=0.5, swap_rate_frac=0.02),
        phases=(share("leased", 0.6),),
        sweep=CashSweep(share_frac=0.5, applied="pro_rata"),
        lock_up_dscr_ratio=1.2,
        backstop=Backstop(fee_frac_per_year=0.01, warrants_frac=0.1),
    )
    case = generic_system(debt=debt, existing_debt=OLD, prepayment=AHEAD, owner=Owner(cash_usd=1.0))
    assert ProjectCase.model_validate_json(case.model_dump_json()) == case
    assert all(field.description for field in Debt.model_fields.values())
