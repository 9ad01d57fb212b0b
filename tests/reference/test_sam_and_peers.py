"""Worked numbers that SAM's neighbours publish: off-grid power, fixed charges, property, rates of return, and
methods.md sections 6 and 7.

Each was computed by hand, in a spreadsheet or by the named tool, not by this code.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from wattworth.finance import capital_recovery_factor, present_value_usd
from wattworth.finance.project import (
    SCHEDULE_FRAC,
    AssetClass,
    Capital,
    CostPart,
    Debt,
    Depreciation,
    Discounting,
    Energy,
    Incentives,
    InvestmentCredit,
    Operating,
    ProjectCase,
    Revenue,
    Target,
    Tax,
    Terminal,
    YearlyLine,
    adjusted_funds_from_operations_usd,
    all_internal_rates,
    construction_interest_frac,
    cost_of_equity_frac,
    dated_internal_rates,
    deductible_interest_usd,
    evaluate,
    exit_value_usd,
    fixed_charge_cost_usd_per_mwh,
    geared_debt_usd,
    least_limit,
    sculpted_debt_usd,
    service_per_usd,
    taxable_income_usd,
)

NOTHING = Capital(parts=(CostPart(name="nothing", usd=0.0),))
ENGINES = {"engine": (1150.0, 8989.3, 10.0, 25.0), "turbine": (885.0, 9630.0, 15.0, 5.0)}


def printed(value: float, digits: int = 6) -> object:
    """Equal to as many significant digits as the source prints."""
    return pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


def off_grid(gas_mw: float, kind: str) -> ProjectCase:
    """100 MW of flat load on gas alone, inputs of validation.md B (T6-T7)."""
    capex_usd_per_kw, btu_per_kwh, capacity_usd, variable_usd = ENGINES[kind]
    hard_usd = 1000.0 * gas_mw * capex_usd_per_kw + 100e3 * 410.0
    return ProjectCase(
        convention="offgridai",
        analysis_years=20,
        nameplate_mw=gas_mw,
        energy=Energy(year1_mwh=876_000.0),
        operating=Operating(
            capacity_usd_per_kw_year=capacity_usd,
            variable_usd_per_mwh=variable_usd,
            fixed_usd_per_year=100e3 * 6.0 + 0.0025 * hard_usd,
            fuel_mmbtu_per_year=876_000.0 * btu_per_kwh / 1000.0,
            fuel_price_usd_per_mmbtu=5.0,
            fuel_above_inflation_frac=0.005,
        ),
        capital=Capital(parts=(CostPart(name="hard", usd=hard_usd), CostPart(name="soft", usd=0.118 * hard_usd))),
        debt=Debt(profile="level_payment", share_frac=0.7, rate_frac=0.075, tenor_years=20),
        tax=Tax(federal_frac=0.21),
        depreciation=Depreciation(classes=(AssetClass(share_frac=1.0, schedule="macrs_5"),)),
        discounting=Discounting(inflation_frac=0.025, nominal_frac=0.11),
        target=Target(irr_frac=0.11),
    )


@pytest.mark.parametrize(
    ("gas_mw", "kind", "clark", "ben_james"),
    [
        (100.0, "engine", 106.96843, 106.96636),
        (100.0, "turbine", 84.49361, 84.49340),
        (125.0, "engine", 111.10892, 111.10680),
        (125.0, "turbine", 87.92535, 87.92512),
    ],
)
def test_off_grid_power(gas_mw: float, kind: str, clark: float, ben_james: float) -> None:
    """Proves: break-even price of gas power under `offgridai`, validation.md C1, within one cent of both codes.

    Sensitivity: all capital at year 0, as under `sam`, gives 106.446 in the first case. Two roots of the equity cash
    exist, and the result says so.
    """
    result = evaluate(off_grid(gas_mw, kind))
    assert result.price_usd_per_mwh == pytest.approx(clark, abs=0.01)
    assert result.price_usd_per_mwh == pytest.approx(ben_james, abs=0.01)
    assert result.npv_usd == pytest.approx(0.0, abs=0.01)
    assert result.lcoe_nominal_usd_per_mwh == pytest.approx(result.price_usd_per_mwh, rel=1e-12)
    assert "irr_not_unique" in {remark.code for remark in result.remarks}


@pytest.mark.parametrize(
    ("capital_usd", "fixed_usd", "rate", "energy_kwh", "expected_usd_per_kwh"),
    [
        (182_700_000.0, 5_100_000.0, 0.082229684708613957, 756_864_000.0, 0.026587819471217775),
        (52_000_000.0, 650_000.0, 0.081602577429142953, 105_741_823.8917052, 0.046276240055466697),
        (172_485_199.53989035, 4_885_201.7298879623, 0.098, 261_253_355.296875, 0.083400847656243851),
    ],
)
def test_fixed_charge_cost(
    capital_usd: float, fixed_usd: float, rate: float, energy_kwh: float, expected_usd_per_kwh: float
) -> None:
    """Proves: SAM's LCOE calculator, validation.md B5 (T4), to its last digit.

    Sensitivity: the fixed cost multiplied by the charge rate gives 0.0204 in the first case.
    """
    found = fixed_charge_cost_usd_per_mwh(
        capital_usd=capital_usd,
        fixed_charge_frac=rate,
        fixed_usd=fixed_usd,
        energy_mwh=energy_kwh / 1000.0,
        variable_usd_per_mwh=0.0,
    )
    assert found / 1000.0 == pytest.approx(expected_usd_per_kwh, rel=1e-12)


def _reopt(lines: tuple[YearlyLine, ...], escalation_frac: float = 0.0, fuel_usd: float = 0.0) -> Any:
    return evaluate(
        ProjectCase(
            convention="reopt",
            analysis_years=20,
            capital=NOTHING,
            operating=Operating(fuel_mmbtu_per_year=fuel_usd, fuel_price_usd_per_mmbtu=1.0, other=lines),
            tax=Tax(federal_frac=0.26 if fuel_usd else 0.0),
            discounting=Discounting(inflation_frac=escalation_frac, nominal_frac=0.08),
        )
    )


def test_off_grid_generator() -> None:
    """Proves: REopt's timing, validation.md T13: fuel escalated from year 1, year-end discounting, tax relief at once.

    Sensitivity: without escalation in year 1 the life-cycle cost is 199.94; without tax relief 277.5.
    """
    gallons = 100.0 * 0.99 / 0.3232898 / 40.7  # REopt's 40.7 kWh of diesel per gallon
    assert gallons == pytest.approx(7.52, abs=0.005)
    assert 3.0 * gallons == pytest.approx(22.57, abs=0.005)
    assert -_reopt((), 0.027, 22.57).npv_usd == pytest.approx(205.35, abs=0.02)
    replacement = YearlyLine(name="replacement", usd_by_year=(*((0.0,) * 9), 700.0, *((0.0,) * 10)))
    assert -_reopt((replacement,)).npv_usd == pytest.approx(324.235442, abs=5e-7)


@pytest.mark.parametrize(
    ("convention", "expected"),
    [("sam", 263.872), ("reopt", 270.469), ("mid_year", 274.224), ("offgridai", 226.228), ("wattworth", 263.872)],
)
def test_conventions_spread_the_same_cash(convention: Any, expected: float) -> None:
    """Proves: three years of 100 growing 2.5 % are worth what methods.md section 7 prints under each preset, at 8 %.

    Sensitivity: the presets differ by up to a fifth, so a wrong preset cannot pass.
    """
    case = ProjectCase(
        convention=convention,
        analysis_years=3,
        capital=NOTHING,
        revenue=Revenue(other=(YearlyLine(name="rent", usd_per_year=100.0, escalation_frac=0.025),)),
        discounting=Discounting(nominal_frac=0.08),
    )
    assert evaluate(case).npv_usd == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("schedule", "percent"),
    [
        ("macrs_3", (33.33, 44.45, 14.81, 7.41)),
        ("macrs_5", (20.0, 32.0, 19.2, 11.52, 11.52, 5.76)),
        ("macrs_7", (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46)),
    ],
)
def test_tax_tables(schedule: Any, percent: tuple[float, ...]) -> None:
    """Proves: IRS publication 946, validation.md T26, and that every table writes off the whole basis.

    Sensitivity: the mid-quarter table of 5-year property starts at 35 or 5.
    """
    assert 100.0 * SCHEDULE_FRAC[schedule] == pytest.approx(percent, rel=1e-12)
    assert {name: float(shares.sum()) for name, shares in SCHEDULE_FRAC.items() if name != "none"} == pytest.approx(
        dict.fromkeys(set(SCHEDULE_FRAC) - {"none"}, 1.0), rel=1e-12
    )


@pytest.mark.parametrize("holding_years", [1, 5, 10, 30])
def test_property_is_worth_the_same_whenever_sold(holding_years: int) -> None:
    """Proves: Geltner's property, validation.md T28: sold on next year's income, it is worth 1,000 whenever it is sold.

    Sensitivity: a sale on the last year's income instead of the next gives 981 in year 1.
    """
    case = ProjectCase(
        analysis_years=holding_years,
        capital=NOTHING,
        revenue=Revenue(other=(YearlyLine(name="rent less vacancy", usd_per_year=95.0, escalation_frac=0.02),)),
        operating=Operating(other=(YearlyLine(name="cost, capital", usd_per_year=45.0, escalation_frac=0.02),)),
        terminal=Terminal(exit_cap_rate_frac=0.05),
        discounting=Discounting(nominal_frac=0.07),
    )
    assert evaluate(case).npv_usd == pytest.approx(1000.0, rel=1e-12)


def _sold_usd(start: float, step: float, sale_year: int) -> float:
    """Property whose income starts ``start`` higher and rises by ``step`` more each year, sold in a year."""
    year = np.arange(sale_year + 1)
    income = 0.5 * ((100.0 + start) * 1.02**year + step * year)
    cash = np.concatenate([[0.0], income[:-1]])
    cash[-1] += exit_value_usd(float(income[-1]), 0.05)
    return present_value_usd(cash, 0.07)


def test_property_in_good_and_bad_times() -> None:
    """Proves: the two paths of validation.md T28, and what selling early in the bad one is worth.

    Sensitivity: steps that grow with the rent give 1,333 and 667.
    """
    assert _sold_usd(10.0, 3.0, 10) == pytest.approx(1294.08, abs=0.005)
    assert _sold_usd(-10.0, -3.0, 10) == pytest.approx(705.92, abs=0.005)
    assert 0.5 * _sold_usd(-10.0, -3.0, 1) + 0.5 * _sold_usd(10.0, 3.0, 10) == pytest.approx(1083.0, abs=0.5)


def test_rates_of_return() -> None:
    """Proves: the traps of validation.md T32 and methods.md section 6, all real roots told.

    Sensitivity: numpy-financial 1.0.0 returns -0.99979 for the first.
    """
    first = all_internal_rates([-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1.0])
    assert first.irr_frac == pytest.approx(1.0042698487, abs=5e-11)
    assert first.roots_frac[0] == pytest.approx(-0.99979, abs=5e-6)
    second = all_internal_rates([-50.0, -100.0, 600.0, 300.0, -100.0])
    assert second.roots_frac == pytest.approx((-0.7688954707, 1.8544178284), abs=1e-10)  # printed, cut
    assert second.irr_frac == second.roots_frac[1]
    assert all_internal_rates([-10_000.0, *([327.24625] * 16)]).irr_frac == pytest.approx(-0.0676541134, abs=5e-11)
    double = all_internal_rates([-100.0, 230.0, -132.0])
    assert double.status == "not_unique"
    assert double.irr_frac is None
    assert double.roots_frac == pytest.approx((0.10, 0.20), abs=1e-9)
    assert present_value_usd([-100.0, 230.0, -132.0], 0.15) == pytest.approx(0.189036, abs=5e-7)
    dates = [dt.date(2008, 1, 1), dt.date(2008, 3, 1), dt.date(2008, 10, 30), dt.date(2009, 2, 15), dt.date(2009, 4, 1)]
    excel = dated_internal_rates([-10_000.0, 2750.0, 4250.0, 3250.0, 2750.0], dates)
    assert excel.irr_frac == pytest.approx(0.3733625335, abs=5e-11)


def test_sculpted_debt() -> None:
    """Proves: validation.md T34 and methods.md section 6, to the last printed digit, repaid to nothing.

    Sensitivity: discounting from year 0 gives 408.2 in the first case.
    """
    cash = np.array([100.0, 110.0, 120.0, 130.0, 140.0])
    debt = float(sculpted_debt_usd(cash, 1.30, 0.06))
    assert debt == pytest.approx(385.062973, abs=5e-7)
    owed = debt
    for service in cash / 1.30:
        owed = owed * 1.06 - service
    assert owed == pytest.approx(0.0, abs=1e-10)
    assert float(sculpted_debt_usd([100.0, 95.0, 90.0], 1.4, 0.07)) == printed(178.501)
    level = service_per_usd("level_payment", 0.07, 10, 0, np.zeros((10, 1)))
    assert 1000.0 * level[:, 0] == printed(142.378)


def test_debt_size_and_what_binds() -> None:
    """Proves: least of sculpted, gearing and value, and gearing on uses that debt makes dearer (methods.md section 6).

    Sensitivity: a cap on cost before fees gives 700 instead of 758.397.
    """
    size, binding = least_limit({"dscr": 178.501, "gearing": 0.6 * 250.0, "value": 0.65 * 300.0})
    assert (float(size), int(binding)) == (150.0, 1)
    debt = float(geared_debt_usd(1000.0, 0.7, 0.11))
    assert debt == printed(758.397)
    assert 1000.0 + 0.11 * debt == printed(1083.42)


def test_tax_numbers() -> None:
    """Proves: write-off values, the credit with half of it off the basis, losses and the interest limit.

    Sensitivity: the credit on the full basis gives 0.470379; losses without the 80 % limit pay 0, 0, 8.4.
    """
    year = np.arange(1, 41)
    worth = {name: float(np.sum(s * 1.08 ** -year[: s.size])) for name, s in SCHEDULE_FRAC.items()}
    assert worth["macrs_5"] == printed(0.811326)
    assert worth["macrs_15"] == printed(0.579669)
    case = ProjectCase(
        convention="sam",
        analysis_years=6,
        capital=Capital(parts=(CostPart(name="plant", usd=1.0),)),
        incentives=Incentives(investment_credits=(InvestmentCredit(rate_frac=0.3),)),
        tax=Tax(federal_frac=0.21),
        depreciation=Depreciation(classes=(AssetClass(share_frac=1.0, schedule="macrs_5", federal_credit=True),)),
        discounting=Discounting(nominal_frac=0.08),
    )
    rows = evaluate(case).statement
    at_once = float(rows["federal_itc_usd"].sum())
    relief = float(np.sum(rows["federal_tax_usd"] * 1.08 ** -np.arange(7)))
    assert at_once + relief == printed(0.444822)
    taxable, _ = taxable_income_usd([-100.0, 60.0, 80.0], "carried")
    assert 0.21 * taxable == pytest.approx([0.0, 2.52, 5.88], abs=1e-12)
    deducted, carried = deductible_interest_usd([80.0], [0.3 * 200.0])
    assert (deducted[0], carried[0]) == pytest.approx((60.0, 20.0), abs=1e-12)


def test_single_formulas() -> None:
    """Proves: exit value, AFFO, cost of equity, capital recovery and interest during construction of methods.md 4, 6.

    Sensitivity: a sale on this year's income gives 303.1; even draws instead of an S-curve give 0.0826.
    """
    assert exit_value_usd(20.0 * 1.03, 0.065, 0.015) == printed(312.169)
    funds = adjusted_funds_from_operations_usd(
        net_income_usd=100.0,
        property_depreciation_usd=60.0,
        maintenance_usd=10.0,
        straight_line_rent_usd=8.0,
        other_non_cash_usd=5.0,
    )
    assert funds == 137.0
    assert cost_of_equity_frac(
        risk_free_frac=0.0395, beta_ratio=1.2, equity_premium_frac=0.0423, country_premium_frac=0.0402
    ) == printed(0.130460)
    assert capital_recovery_factor(0.10, 20) == printed(0.117460)
    assert construction_interest_frac([0.15625, 0.34375, 0.34375, 0.15625], 0.04) == printed(0.0823281)
