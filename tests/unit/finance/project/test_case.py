"""A case says what is wrong with it, all at once, and is varied by the names of its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.unit.finance.project.cases import generic_system
from wattworth.errors import DataError, SolveError
from wattworth.finance.project import (
    AssetClass,
    Debt,
    Depreciation,
    Discounting,
    Energy,
    ProjectCase,
    Revenue,
    Target,
    Tax,
    evaluate,
    evaluate_many,
    vary,
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"energy": Energy(mwh_by_year=(1.0, 2.0))}, "energy.mwh_by_year has 2 values, need one for each of 25"),
        ({"revenue": Revenue()}, "energy is sold at no price"),
        ({"target": Target(irr_frac=0.1, year=30)}, "target.year is 30, after the last of 25 years"),
        ({"convention": "wattworth"}, "tax.losses is missing: write carried, group or paid"),
        ({"convention": "wattworth", "revenue": Revenue()}, "no price.*; tax.losses is missing"),
    ],
)
def test_faults_of_a_case_are_told_together(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        generic_system(**changes)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Debt(rate_frac=0.05, tenor_years=10), "debt has no size"),
        (lambda: Debt(rate_frac=0.05, tenor_years=10, dscr_ratio=1.3, value_usd=1.0), "belong together"),
        (lambda: Debt(rate_frac=0.05, tenor_years=3, dscr_ratio=1.3, moratorium_years=3), "no year is left"),
        (lambda: Discounting(real_frac=0.05, nominal_frac=0.07), "and not both"),
        (lambda: Depreciation(classes=(AssetClass(share_frac=0.6, schedule="sl_5"),) * 2), "add to 1.2"),
        (lambda: AssetClass(share_frac=0.6, schedule="custom"), "give both or neither"),
    ],
)
def test_parts_refuse_what_contradicts_itself(build: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        build()


def test_a_case_is_read_from_plain_data_and_back() -> None:
    """Proves: a case survives JSON, so that a file can declare it."""
    case = generic_system()
    assert ProjectCase.model_validate_json(case.model_dump_json()) == case
    assert {field.description is not None for field in ProjectCase.model_fields.values()} == {True}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("debt.rate", 'leads nowhere at "rate"; there is profile, dscr_ratio'),
        ("capital.parts.3.usd", 'leads nowhere at "3"'),
        ("convention", "is not a number"),
        ("debt.rate_frac.x", 'leads nowhere at "x"'),
    ],
)
def test_paths_that_lead_nowhere_are_named(path: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        vary(generic_system(), {path: [1.0]})


def test_arrays_over_cases_must_agree() -> None:
    with pytest.raises(DataError, match="differ in length"):
        vary(generic_system(), {"debt.rate_frac": [0.1, 0.2], "tax.state_frac": [0.1, 0.2, 0.3]})


def test_many_cases_need_a_price() -> None:
    case = generic_system(revenue=Revenue(), target=Target(irr_frac=0.1))
    with pytest.raises(DataError, match="leave out target"):
        evaluate_many(case, {"debt.rate_frac": [0.05]})


def test_a_grid_of_cases_is_each_case() -> None:
    """Proves: any number may vary, alone or with others, and one value stands for all."""
    case = generic_system()
    prices = np.linspace(200.0, 300.0, 5)
    many = evaluate_many(case, {"revenue.price_usd_per_mwh": prices, "debt.dscr_ratio": 1.4})
    assert case.debt is not None
    for place, price in enumerate(prices):
        revenue = case.revenue.model_copy(update={"price_usd_per_mwh": float(price)})
        alone = evaluate(
            case.model_copy(update={"revenue": revenue, "debt": case.debt.model_copy(update={"dscr_ratio": 1.4})})
        )
        assert many.npv_usd[place] == pytest.approx(alone.npv_usd, rel=1e-12)
        assert many.irr_frac[place] == pytest.approx(alone.irr_frac, abs=1e-10)
        assert many.debt_limits[many.debt_binding[place]] == alone.debt_binding
        assert many.dscr_min_ratio[place] == pytest.approx(alone.dscr_min_ratio, rel=1e-12)
    assert evaluate_many(case, {}).npv_usd[0] == pytest.approx(evaluate(case).npv_usd, rel=1e-12)


def test_a_target_sets_the_price() -> None:
    """Proves: at the price found, equity earns the target by its year, and NPV at that rate is nothing."""
    case = generic_system(revenue=Revenue(price_escalation_frac=0.01), target=Target(irr_frac=0.12, year=20))
    found = evaluate(case)
    cash = found.statement["after_tax_equity_usd"][:21]
    assert float(np.sum(cash * 1.12 ** -np.arange(21.0))) == pytest.approx(0.0, abs=1.0)
    again = evaluate(
        generic_system(revenue=Revenue(price_usd_per_mwh=found.price_usd_per_mwh, price_escalation_frac=0.01))
    )
    assert again.npv_usd == pytest.approx(found.npv_usd, rel=1e-12)


def test_a_target_out_of_reach_says_so() -> None:
    case = generic_system(
        energy=Energy(), revenue=Revenue(), target=Target(irr_frac=0.12), tax=Tax(federal_frac=0.21, losses="paid")
    )
    with pytest.raises(SolveError, match=r"no price of energy gives equity 12.00% by year 25"):
        evaluate(case)
