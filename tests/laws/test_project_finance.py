"""What project finance must obey for any input: sums, scale, repayment, balances and the use of losses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wattworth.finance.project import (
    Appraisal,
    AssetClass,
    Backstop,
    Capital,
    CashSweep,
    CostPart,
    CoverPhase,
    Debt,
    Depreciation,
    Discounting,
    Energy,
    EquipmentReserve,
    ExistingDebt,
    FloatingRate,
    Grant,
    Incentives,
    InvestmentCredit,
    Operating,
    Prepayment,
    ProductionCredit,
    ProjectCase,
    Refinancing,
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


@st.composite
def shares_of_one(draw: st.DrawFn, most: int) -> tuple[float, ...]:
    """Shares that add to one."""
    parts = draw(st.lists(st.integers(0, 10), min_size=1, max_size=most).filter(any))
    return tuple(part / sum(parts) for part in parts)


@st.composite
def structured_debts(draw: st.DrawFn, years: int) -> Debt:
    """Debt with any mix of structures, all of it paid within the life of the project."""
    profile = draw(st.sampled_from(["sculpted", "level_payment", "level_principal", "bullet"]))
    tenor = draw(st.integers(1, years))
    has_balloon = profile == "bullet" or draw(st.booleans())
    phases = (
        CoverPhase(name="leased", dscr_ratio=1.2, share_frac_by_year=draw(st.sampled_from([(0.6,), (0.8, 0.3)]))),
        CoverPhase(name="mining", dscr_ratio=2.0, net_usd_by_year=(draw(st.floats(0.0, 1e7)),) * 5),
        CoverPhase(name="sold", dscr_ratio=1.5, revenue_lines=("energy",)),
    )
    refinancing = Refinancing(
        rate_frac=draw(rates),
        tenor_years=draw(st.integers(1, max(1, years - tenor))),
        profile=draw(st.sampled_from(["sculpted", "level_payment", "level_principal", "bullet"])),
        upfront_fee_frac=draw(st.floats(0.0, 0.03)),
        dscr_ratio=draw(st.sampled_from([1.3, 3.0])),
        limits_debt=draw(st.booleans()),
    )
    floating = FloatingRate(
        base_frac_by_year=tuple(draw(st.lists(rates, min_size=1, max_size=8))),
        hedge_share_frac=draw(fractions),
        swap_rate_frac=draw(rates),
    )
    sweep = CashSweep(
        share_frac=draw(fractions),
        min_dscr_ratio=draw(st.floats(1.0, 1.5)),
        applied=draw(st.sampled_from(["last", "pro_rata"])),
        after_tax=draw(st.booleans()),
    )
    has_value = draw(st.booleans())
    return Debt(
        profile=profile,
        dscr_ratio=draw(st.floats(1.05, 2.0)),
        phases=draw(st.sampled_from([(), phases[:1], phases[1:], phases])),
        max_share_frac=draw(st.floats(0.3, 1.0)),
        max_loan_to_value_frac=0.6 if has_value else None,
        appraisal=draw(st.sampled_from([Appraisal(cap_rate_frac=0.1), Appraisal(discount_frac=0.1)]))
        if has_value
        else None,
        min_interest_cover_ratio=draw(st.sampled_from([None, 1.5])),
        rate_frac=draw(rates),
        floating=draw(st.none() | st.just(floating)),
        tenor_years=tenor,
        amortisation_years=tenor + draw(st.integers(1, 10)) if has_balloon and profile != "bullet" else None,
        refinancing=draw(st.none() | st.just(refinancing)),
        upfront_fee_frac=draw(st.floats(0.0, 0.05)),
        commitment_fee_frac=draw(st.floats(0.0, 0.02)),
        moratorium_years=draw(st.integers(0, max(0, min(3, tenor - 1)))),
        sweep=draw(st.none() | st.just(sweep)),
        lock_up_dscr_ratio=draw(st.sampled_from([None, 1.2, 3.0])),
        backstop=draw(st.sampled_from([None, Backstop(fee_frac_per_year=0.01, warrants_frac=0.1)])),
    )


@st.composite
def structured_cases(draw: st.DrawFn) -> ProjectCase:
    """Projects with any mix of structures of debt."""
    plain = draw(cases())
    years = plain.analysis_years
    cost = float(plain.capital.installed_usd)
    old = ExistingDebt(
        usd=cost * draw(st.floats(0.0, 0.3)),
        rate_frac=draw(rates),
        remaining_years=draw(st.integers(1, years)),
        profile=draw(st.sampled_from(["level_payment", "level_principal", "bullet"])),
        principal_frac_by_year=draw(st.none() | shares_of_one(years)),
        at_close=draw(st.sampled_from(["assumed", "repaid"])),
        breakage_frac=draw(st.floats(0.0, 0.05)),
    )
    ahead = Prepayment(
        usd=cost * draw(st.floats(0.0, 0.3)),
        credit_frac_by_year=draw(shares_of_one(years)),
        taxed=draw(st.sampled_from(["earned", "received"])),
    )
    changes = {
        "debt": draw(st.none() | structured_debts(years)),
        "existing_debt": draw(st.none() | st.just(old)),
        "prepayment": draw(st.none() | st.just(ahead)),
    }
    return ProjectCase(**({name: getattr(plain, name) for name in ProjectCase.model_fields} | changes))


@given(structured_cases())
def test_every_structure_balances(case: ProjectCase) -> None:
    """Proves: with any mix of structures sources = uses, assets = liabilities + equity in every year, cash counted from
    the other side gives the same value, and what the owners receive is the sponsor's and the warrants'.
    """
    result = evaluate(case)
    json.dumps(result.to_plain(), allow_nan=False)
    rows, scale = result.statement, max(1.0, sum(result.uses_usd.values()))
    near = 0.01 + 1e-12 * scale
    assert sum(result.sources_usd.values()) == pytest.approx(sum(result.uses_usd.values()), abs=near)
    assert rows["assets_usd"] == pytest.approx(rows["liabilities_usd"] + rows["owners_equity_usd"], abs=near)
    assert rows["owners_equity_usd"][-1] + rows["liabilities_usd"][-1] == pytest.approx(0.0, abs=near)
    received = ("ebitda_usd", "incentive_usd", "reserve_interest_usd", "tax_credits_usd", "state_tax_usd")
    raised = ("debt_drawn_usd", "refinanced_usd", "prepayment_usd", "federal_tax_usd")
    lent = ("interest_usd", "backstop_fee_usd", "principal_usd", "refinancing_fee_usd", "prepayment_credit_usd")
    built = ("reserve_funding_usd", "equipment_spending_usd", "capital_spending_usd")
    cash = sum(rows[name] for name in (*received, *raised)) - sum(rows[name] for name in (*lent, *built))
    cash = cash - np.diff(rows["locked_up_usd"], prepend=0.0)
    if case.existing_debt is not None and case.existing_debt.at_close == "assumed":
        assert result.sources_usd["existing_debt"] == case.existing_debt.usd
    assert rows["after_tax_equity_usd"] == pytest.approx(cash, abs=near)
    assert result.sponsor_npv_usd + result.warrants_npv_usd == pytest.approx(result.npv_usd, abs=near)
    if case.prepayment is None and case.existing_debt is None:
        assert result.equity_usd >= -near or case.incentives.grants


@given(structured_cases())
def test_every_structure_is_repaid_or_told(case: ProjectCase) -> None:
    """Proves: principal adds to what was drawn and refinanced, a balance that is left has its remark, and all that
    lenders receive is worth what they lent, each year at its own rate.
    """
    result = evaluate(case)
    rows, near = result.statement, 1e-4 + 1e-9 * sum(result.uses_usd.values())
    taken, owed = rows["debt_drawn_usd"].sum() + rows["refinanced_usd"].sum(), rows["debt_balance_usd"][-1]
    assert rows["principal_usd"].sum() + owed == pytest.approx(taken, abs=near)
    told = {remark.code for remark in result.remarks}
    assert abs(owed) <= near or told & {"balance_not_repaid", "debt_not_repaid"}
    assert rows["prepayment_balance_usd"][-1] == pytest.approx(0.0, abs=near)
    assert (rows["debt_balance_usd"] >= -near).all()
    if case.debt is None or case.existing_debt is not None:
        return
    now = case.grid.now
    flows = (rows["interest_usd"] + rows["backstop_fee_usd"] + rows["principal_usd"] - rows["refinanced_usd"])[
        now + 1 :
    ]
    flows[-1] += owed
    worth = float(np.sum(flows / np.cumprod(1.0 + rows["debt_rate_frac"][now + 1 :])))
    assert worth == pytest.approx(result.debt_usd, abs=near)


@given(structured_cases())
def test_the_least_limit_holds_in_every_structure(case: ProjectCase) -> None:
    """Proves: debt is its least limit and no more than any, and cover is never below what each phase asks."""
    assume(case.debt is not None)
    assert case.debt is not None
    result = evaluate(case)
    near = 1e-6 + 1e-10 * sum(result.uses_usd.values())
    assert result.debt_usd == pytest.approx(max(0.0, min(result.debt_limits_usd.values())), abs=near)
    assert result.debt_usd == pytest.approx(max(0.0, result.debt_limits_usd.get(result.debt_binding, 0.0)), abs=near)
    if case.existing_debt is None and not case.debt.phases and result.debt_usd > 1.0:
        rows, last = result.statement, case.grid.now + min(case.debt.tenor_years, case.analysis_years)
        cover = rows["dscr_ratio"][case.grid.now + 1 : last + 1]
        served = rows["debt_service_usd"][case.grid.now + 1 : last + 1] > 1.0
        assert (cover[served] >= case.debt.dscr_ratio * (1.0 - 1e-6)).all()


@given(structured_cases())
def test_a_lock_up_delays_and_loses_nothing(case: ProjectCase) -> None:
    """Proves: what a lock-up holds is released to the dollar, and at a rate of nothing or more it never adds value."""
    assume(case.debt is not None)
    assert case.debt is not None
    free = evaluate(case.model_copy(update={"debt": case.debt.model_copy(update={"lock_up_dscr_ratio": None})}))
    held = evaluate(case.model_copy(update={"debt": case.debt.model_copy(update={"lock_up_dscr_ratio": 1.5})}))
    near = 0.01 + 1e-12 * sum(free.uses_usd.values())
    same = held.statement["after_tax_equity_usd"].sum(), free.statement["after_tax_equity_usd"].sum()
    assert same[0] == pytest.approx(same[1], abs=near)
    assert (held.statement["locked_up_usd"] >= 0.0).all()
    assert held.npv_usd <= free.npv_usd + near


@given(structured_cases())
def test_a_sweep_never_costs_interest(case: ProjectCase) -> None:
    """Proves: early repayment leaves no year with more debt or more interest on the same loan."""
    assume(case.debt is not None)
    assert case.debt is not None
    without, swept = (
        evaluate(case.model_copy(update={"debt": case.debt.model_copy(update={"sweep": sweep})}))
        for sweep in (None, CashSweep(share_frac=0.7))
    )
    near = 1e-4 + 1e-9 * sum(without.uses_usd.values())
    assert swept.debt_usd == pytest.approx(without.debt_usd, abs=near)
    assert (swept.statement["debt_balance_usd"] <= without.statement["debt_balance_usd"] + near).all()
    assert (swept.statement["interest_usd"] <= without.statement["interest_usd"] + near).all()


@given(structured_cases(), st.floats(0.01, 100.0))
def test_structures_scale(case: ProjectCase, factor: float) -> None:
    """Proves: a case of many structures with every amount times a factor is worth the factor times as much."""
    phases = () if case.debt is None else case.debt.phases
    assume(not any(phase.net_usd_by_year for phase in phases))  # amounts in a tuple, which vary() does not name
    paths = {
        "capital.parts.0.usd": case.capital.parts[0].usd,
        "energy.year1_mwh": case.energy.year1_mwh,
        "nameplate_mw": case.nameplate_mw,
        "operating.fixed_usd_per_year": case.operating.fixed_usd_per_year,
    }
    if case.existing_debt is not None:
        paths["existing_debt.usd"] = case.existing_debt.usd
    if case.prepayment is not None:
        paths["prepayment.usd"] = case.prepayment.usd
    one, scaled = evaluate(case), evaluate(vary(case, {path: factor * usd for path, usd in paths.items()}))
    size = factor * sum(one.uses_usd.values())
    assert scaled.npv_usd == pytest.approx(factor * one.npv_usd, abs=1e-8 * size)
    assert scaled.debt_usd == pytest.approx(factor * one.debt_usd, abs=1e-8 * size)


@given(structured_cases(), st.lists(rates, min_size=2, max_size=3))
def test_many_structured_cases_are_each_case(case: ProjectCase, drawn: list[float]) -> None:
    """Proves: many cases with structures give, case by case, what each gives alone, whatever number of them varies."""
    assume(case.debt is not None)
    assert case.debt is not None
    paths = {"debt.rate_frac": drawn, "capital.parts.0.usd": [case.capital.parts[0].usd * (1.0 + r) for r in drawn]}
    if case.debt.refinancing is not None:
        paths["debt.refinancing.rate_frac"] = drawn
    if case.debt.floating is not None:
        paths["debt.floating.hedge_share_frac"] = drawn
    if case.debt.sweep is not None:
        paths["debt.sweep.share_frac"] = drawn
    if case.debt.backstop is not None:
        paths["debt.backstop.fee_frac_per_year"] = drawn
    if case.existing_debt is not None:
        paths["existing_debt.rate_frac"] = drawn
    if case.prepayment is not None:
        paths["prepayment.usd"] = [case.prepayment.usd * rate for rate in drawn]
    many = evaluate_many(case, paths, "auto")
    for place in range(len(drawn)):
        alone = evaluate(vary(case, {path: values[place] for path, values in paths.items()}))
        size = sum(alone.uses_usd.values())
        for name in ("npv_usd", "debt_usd", "equity_usd", "installed_cost_usd"):
            assert getattr(many, name)[place] == pytest.approx(getattr(alone, name), abs=1e-9 * size), name
