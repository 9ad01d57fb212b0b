"""What project finance must obey for any input: sums, scale, repayment, balances and the use of losses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wattworth.finance.project import (
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    Discounting,
    Energy,
    EquipmentReserve,
    Grant,
    Incentives,
    InvestmentCredit,
    Operating,
    ProductionCredit,
    ProjectCase,
    Reserves,
    Revenue,
    Tax,
    Terminal,
    all_internal_rates,
    evaluate,
    evaluate_many,
    internal_rates_by_case,
    taxable_income_usd,
    vary,
)
from wattworth.finance.project.block_rates import rates_of_block
from wattworth.finance.project.packing import why_not_compiled

CONVENTIONS = ("wattworth", "sam", "reopt", "offgridai", "mid_year")
fractions = st.floats(0.0, 1.0).map(lambda x: round(x, 3))
rates = st.floats(0.0, 0.15).map(lambda x: round(x, 4))


@st.composite
def debts(draw: st.DrawFn, analysis_years: int) -> Debt | None:
    """Debt that is repaid within the life of the project, or none."""
    profile = draw(st.sampled_from(["sculpted", "level_payment", "level_principal"]))
    tenor = draw(st.integers(1, analysis_years))
    sized = draw(st.sampled_from(["dscr", "share", "both", "none"]))
    if sized == "none":
        return None
    return Debt(
        profile=profile,
        dscr_ratio=draw(st.floats(1.05, 2.0)) if sized != "share" else None,
        share_frac=draw(fractions) if sized != "dscr" else None,
        max_share_frac=draw(st.floats(0.3, 1.0)),
        rate_frac=draw(rates),
        tenor_years=tenor,
        upfront_fee_frac=draw(st.floats(0.0, 0.05)),
        closing_usd=draw(st.floats(0.0, 1e6)),
        moratorium_years=draw(st.integers(0, max(0, min(3, tenor - 1)))),
    )


@st.composite
def cases(draw: st.DrawFn) -> ProjectCase:
    """Projects of every kind, not all of them sensible."""
    years = draw(st.integers(2, 30))
    shares = draw(st.sampled_from([(1.0, 0.0), (0.6, 0.3), (0.0, 0.9)]))
    return ProjectCase(
        convention=draw(st.sampled_from(CONVENTIONS)),
        analysis_years=years,
        nameplate_mw=draw(st.floats(0.0, 200.0)),
        energy=Energy(year1_mwh=draw(st.floats(1e4, 1e6)), degradation_frac_per_year=draw(st.floats(0.0, 0.03))),
        revenue=Revenue(price_usd_per_mwh=draw(st.floats(20.0, 300.0)), price_escalation_frac=draw(st.floats(0, 0.04))),
        operating=Operating(
            fixed_usd_per_year=draw(st.floats(0.0, 2e7)),
            capacity_usd_per_kw_year=draw(st.floats(0.0, 50.0)),
            variable_usd_per_mwh=draw(st.floats(0.0, 20.0)),
        ),
        capital=Capital(
            parts=(CostPart(name="plant", usd=draw(st.floats(1e6, 1e9))),),
            contingency_frac=draw(st.floats(0.0, 0.2)),
            construction_years=draw(st.none() | st.integers(1, 4)),
        ),
        debt=draw(debts(years)),
        reserves=Reserves(
            debt_service_months=draw(st.floats(0.0, 12.0)),
            working_capital_months=draw(st.floats(0.0, 6.0)),
            receivables_months=draw(st.floats(0.0, 3.0)),
            equipment=(EquipmentReserve(usd_per_w=draw(st.floats(0.0, 0.5)), every_years=draw(st.integers(1, 12))),),
            interest_frac=draw(st.floats(0.0, 0.05)),
        ),
        incentives=Incentives(
            investment_credits=(InvestmentCredit(rate_frac=draw(st.sampled_from([0.0, 0.3]))),),
            production_credits=(ProductionCredit(usd_per_mwh=draw(st.sampled_from([0.0, 27.5]))),),
            grants=draw(st.sampled_from([(), (Grant(cost_share_frac=0.1),)])),
        ),
        tax=Tax(
            federal_frac=draw(st.floats(0.0, 0.4)),
            state_frac=draw(st.floats(0.0, 0.1)),
            losses=draw(st.sampled_from(["carried", "group", "paid"])),
            interest_limit_frac=draw(st.none() | st.just(0.3)),
        ),
        depreciation=Depreciation(
            classes=(
                AssetClass(share_frac=shares[0], schedule="macrs_5", federal_bonus=True, federal_credit=True),
                AssetClass(share_frac=shares[1], schedule="sl_39"),
            ),
            federal_bonus_frac=draw(st.sampled_from([0.0, 0.6, 1.0])),
        ),
        terminal=Terminal(salvage_frac=draw(st.floats(0.0, 0.3))),
        discounting=Discounting(inflation_frac=draw(st.floats(0.0, 0.05)), real_frac=draw(st.floats(0.0, 0.12))),
    )


@given(cases())
def test_every_statement_balances(case: ProjectCase) -> None:
    """Proves: sources = uses, assets = liabilities + equity in every year, value = sum of discounted rows, no NaN."""
    result = evaluate(case)  # it checks assets, debt and spending by itself, to the cent
    json.dumps(result.to_plain(), allow_nan=False)
    rows, scale = result.statement, max(1.0, sum(result.uses_usd.values()))
    assert sum(result.sources_usd.values()) == pytest.approx(sum(result.uses_usd.values()), abs=0.01 + 1e-12 * scale)
    assert rows["assets_usd"] == pytest.approx(rows["liabilities_usd"] + rows["owners_equity_usd"], abs=0.01)
    assert rows["owners_equity_usd"][-1] + rows["liabilities_usd"][-1] == pytest.approx(0.0, abs=0.01)
    assert rows["reserves_usd"][-1] == pytest.approx(rows["equipment_reserve_usd"][-1], abs=0.01)
    parts = (
        "ebitda_usd",
        "incentive_usd",
        "reserve_interest_usd",
        "tax_credits_usd",
        "state_tax_usd",
        "debt_drawn_usd",
    )
    taken = ("debt_service_usd", "reserve_funding_usd", "equipment_spending_usd", "capital_spending_usd")
    cash = sum(rows[name] for name in (*parts, "federal_tax_usd")) - sum(rows[name] for name in taken)
    factor = (1.0 + case.discounting.rate_frac) ** -case.grid.exponent_years
    assert float(np.sum(cash * factor)) == pytest.approx(result.npv_usd, abs=0.01 + 1e-11 * scale)


@given(cases())
def test_debt_is_repaid_exactly(case: ProjectCase) -> None:
    """Proves: principal adds to the debt, nothing is owed at its tenor, and it is worth its service at its own rate."""
    assume(case.debt is not None)
    assert case.debt is not None
    result = evaluate(case)
    rows, near = result.statement, 1e-6 + 1e-10 * result.debt_usd
    assert rows["principal_usd"].sum() == pytest.approx(result.debt_usd, abs=near)
    assert rows["debt_balance_usd"][-1] == pytest.approx(0.0, abs=near)
    assert 0.0 <= result.debt_usd <= max(0.0, *result.debt_limits_usd.values()) + near
    assert result.debt_usd == pytest.approx(max(0.0, result.debt_limits_usd.get(result.debt_binding, 0.0)), abs=near)
    now = case.grid.now
    worth = rows["debt_service_usd"][now:] * (1.0 + case.debt.rate_frac) ** -np.arange(case.analysis_years + 1.0)
    assert worth.sum() == pytest.approx(result.debt_usd, abs=near)


@given(cases(), st.floats(0.01, 100.0))
def test_scale_does_not_matter(case: ProjectCase, scale: float) -> None:
    """Proves: with every dollar and megawatt-hour times k, value is times k, and rates, cover and LCOE stay."""
    part = case.capital.parts[0]
    debt = case.debt and case.debt.model_copy(update={"closing_usd": case.debt.closing_usd * scale})
    bigger = case.model_copy(
        update={
            "nameplate_mw": case.nameplate_mw * scale,
            "energy": case.energy.model_copy(update={"year1_mwh": case.energy.year1_mwh * scale}),
            "operating": case.operating.model_copy(
                update={"fixed_usd_per_year": case.operating.fixed_usd_per_year * scale}
            ),
            "capital": case.capital.model_copy(update={"parts": (part.model_copy(update={"usd": part.usd * scale}),)}),
            "debt": debt,
        }
    )
    small, big = evaluate(case), evaluate(bigger)
    size = sum(small.uses_usd.values())
    assert big.npv_usd == pytest.approx(small.npv_usd * scale, abs=1e-10 * size * scale)
    assert big.debt_usd == pytest.approx(small.debt_usd * scale, abs=1e-10 * size * scale)
    assert big.lcoe_nominal_usd_per_mwh == pytest.approx(small.lcoe_nominal_usd_per_mwh, rel=1e-9, abs=1e-6)
    assert (big.dscr_min_ratio is None) == (small.dscr_min_ratio is None)
    if small.dscr_min_ratio is not None:
        assert big.dscr_min_ratio == pytest.approx(small.dscr_min_ratio, rel=1e-6, abs=1e-6)


def _linear(energy_mwh: float, capital_usd: float, fixed_usd: float, debt: Debt) -> ProjectCase:
    return ProjectCase(
        convention="sam",
        analysis_years=20,
        energy=Energy(year1_mwh=energy_mwh),
        revenue=Revenue(price_usd_per_mwh=80.0, price_escalation_frac=0.01),
        operating=Operating(fixed_usd_per_year=fixed_usd),
        capital=Capital(parts=(CostPart(name="plant", usd=capital_usd),)),
        debt=debt,
        reserves=Reserves(debt_service_months=6.0, working_capital_months=3.0, interest_frac=0.02),
        tax=Tax(federal_frac=0.21, state_frac=0.07),
        depreciation=Depreciation(classes=(AssetClass(share_frac=0.9, schedule="macrs_5"),)),
        discounting=Discounting(inflation_frac=0.025, real_frac=0.064),
    )


amounts = st.tuples(st.floats(2e5, 2e6), st.floats(1e7, 1e9), st.floats(0.0, 5e6))


@given(amounts, amounts, st.sampled_from(["sculpted", "level_payment", "level_principal"]))
def test_values_add(first: Any, second: Any, profile: Any) -> None:
    """Proves: two projects under one roof are worth their sum, where losses are used at once and no cap binds."""
    size: dict[str, Any] = {"dscr_ratio": 1.3} if profile == "sculpted" else {"share_frac": 0.5}
    debt = Debt(profile=profile, rate_frac=0.07, tenor_years=15, upfront_fee_frac=0.02, **size)
    apart = [evaluate(_linear(*each, debt)) for each in (first, second)]
    together = evaluate(_linear(*(a + b for a, b in zip(first, second, strict=True)), debt))
    assume({result.debt_binding for result in (*apart, together)} <= {"dscr", "share"})
    total = sum(result.npv_usd for result in apart)
    assert together.npv_usd == pytest.approx(total, abs=1e-9 * together.installed_cost_usd)
    assert together.debt_usd == pytest.approx(sum(result.debt_usd for result in apart), rel=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.0, 1.0))
def test_carried_losses_offset_no_more_than_their_limit(income: list[float], limit: float) -> None:
    """Proves: taxable income is at least the rest of positive income, and no loss is used twice or lost."""
    before = np.asarray(income)
    taxable, carried = taxable_income_usd(before, "carried", limit)
    assert (taxable >= (1.0 - limit) * np.maximum(before, 0.0) - 1e-6).all()
    assert (taxable <= np.maximum(before, 0.0) + 1e-6).all()
    assert taxable.sum() - carried[-1] == pytest.approx(before.sum(), abs=1e-5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_no_tax_while_a_project_has_lost_more_than_it_earned(income: list[float]) -> None:
    """Proves: without the 80 % limit nothing is taxable while the running total of income is at or below zero."""
    before = np.asarray(income)
    taxable, _ = taxable_income_usd(before, "carried", 1.0)
    never_above = np.maximum.accumulate(np.cumsum(before)) <= 0.0
    assert taxable[never_above] == pytest.approx(0.0, abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=2, max_size=40))
def test_every_root_leaves_no_value(cash: list[float]) -> None:
    """Proves: at each root that is told, cash is worth nothing; many cases at once find the same."""
    flows = np.asarray(cash)
    for factor in (0.01, 1e5):  # a root at an end of the range may count or not
        weights = factor ** np.arange(flows.size, dtype=np.float64)
        assume(abs(float(np.sum(flows * weights))) > 1e-9 * float(np.sum(np.abs(flows) * weights)))
    found = all_internal_rates(flows)
    for root in found.roots_frac:
        weights = (1.0 + root) ** -np.arange(flows.size, dtype=np.float64)
        assert abs(float(np.sum(flows * weights))) <= 1e-6 * float(np.sum(np.abs(flows) * weights))
    rate, status = internal_rates_by_case(flows[:, None], np.arange(flows.size, dtype=np.float64))
    assert (found.status == "ok") == (status[0] == 0)
    together, state = np.empty(1), np.empty(1)
    rates_of_block(np.ascontiguousarray(flows[:, None]), 1, together, state)
    assert state[0] == status[0]
    if found.irr_frac is not None:
        assert rate[0] == pytest.approx(found.irr_frac, rel=1e-8, abs=1e-9)
        assert together[0] == pytest.approx(found.irr_frac, rel=1e-8, abs=1e-9)


@given(cases(), st.lists(st.tuples(st.floats(0.5, 2.0), rates), min_size=1, max_size=2))
def test_many_cases_are_each_case(case: ProjectCase, changes: list[tuple[float, float]]) -> None:
    """Proves: both engines of many cases give, case by case, what evaluating each alone gives, to 1e-9."""
    assume(case.debt is not None)
    assert case.debt is not None
    paths = {
        "capital.parts.0.usd": [case.capital.parts[0].usd * factor for factor, _ in changes],
        "debt.rate_frac": [rate for _, rate in changes],
    }
    compiles = why_not_compiled(case, paths) is None
    engines: tuple[Any, ...] = ("plain", "compiled") if compiles else ("plain",)
    for many in (evaluate_many(case, paths, engine) for engine in engines):
        for place in range(len(changes)):
            alone = evaluate(vary(case, {path: values[place] for path, values in paths.items()}))
            size = sum(alone.uses_usd.values())
            assert many.npv_usd[place] == pytest.approx(alone.npv_usd, abs=1e-9 * size)
            assert many.debt_usd[place] == pytest.approx(alone.debt_usd, abs=1e-9 * size)
            assert many.equity_usd[place] == pytest.approx(alone.equity_usd, abs=1e-9 * size)
            lcoe = alone.lcoe_nominal_usd_per_mwh
            assert many.lcoe_nominal_usd_per_mwh[place] == pytest.approx(lcoe, rel=1e-9, abs=1e-9 * size / 1e4)
            cover = np.nan if alone.dscr_min_ratio is None else alone.dscr_min_ratio
            assert many.dscr_min_ratio[place] == pytest.approx(cover, rel=1e-6, nan_ok=True)
            if abs(alone.equity_usd) < 1e-6 * size:
                continue  # a rounding decides whether owners pay in at all
            assert many.irr_status_names()[place] == alone.irr_status
            if alone.irr_frac is not None:
                assert many.irr_frac[place] == pytest.approx(alone.irr_frac, rel=1e-6, abs=1e-9)
