"""Worked numbers of methods.md sections 0, 2, 5, 6 and 12, typed in as printed there.

Each was computed by hand or in a spreadsheet, not by this code.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from wattworth.finance import (
    annuity_factor,
    capital_recovery_factor,
    depreciation_usd,
    discount_factors,
    enterprise_value_per_w,
    internal_rates_frac,
    present_value_usd,
)
from wattworth.timeline import (
    expected_delay_months,
    month_value_usd,
    pert_mean,
    triangular_mean,
    triangular_variance,
)
from wattworth.uses.lease_math import (
    created_usd_per_gross_w,
    first_year_rent_usd,
    hazard_per_year,
    rent_usd_per_kw_month,
    residual_usd,
)


def printed(value: float, digits: int = 6) -> object:
    """Equal to as many significant digits as the source prints."""
    return pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


def test_capital_recovery_factor() -> None:
    """Proves: the annuity formula. Sensitivity: payment at the start of the year gives 0.106782."""
    assert capital_recovery_factor(0.10, 20) == printed(0.117460)


def test_rent_from_contract_value() -> None:
    """Proves: contract value and escalator give year-1 rent. Sensitivity: value / term gives 370 $M."""
    rent = first_year_rent_usd(3.7e9, 10, 0.03)
    assert rent / 1e6 == printed(322.753)
    assert rent_usd_per_kw_month(rent, 200) == printed(134.480)
    assert first_year_rent_usd(3.7e9, 10, 0.0) / 200 / 12e3 == printed(154.167)


def test_noi_yield_and_irr_of_the_turnkey_example() -> None:
    """Proves: margin, yield on cost, and the three IRRs that the residual tells apart.

    Sensitivity: growing rents from the first year on instead of the second gives 0.116.
    """
    noi = first_year_rent_usd(3.7e9, 10, 0.03) * 0.85 / 200 / 1e6
    assert noi == printed(1.37170)
    assert [noi / capex for capex in (6.5, 9.0, 11.5, 17.5)] == pytest.approx([0.211, 0.152, 0.119, 0.0784], abs=5e-4)
    assert noi / 9.0 == printed(0.152411)
    assert noi / 1.25 == printed(1.09736)
    rents = noi * 1.03 ** np.arange(10)
    prompt = np.array([-9.0, *rents])
    late = np.array([-9.0, 0.0, *rents])
    exit_value = 0.7 * noi * 1.03**10 / 0.065 * 0.98
    sold = prompt.copy()
    sold[-1] += exit_value
    for yearly, expected in ((prompt, 0.110777), (late, 0.0913490), (sold, 0.209783)):
        monthly = np.zeros((12 * (yearly.size - 1) + 1, 1))
        monthly[::12, 0] = yearly
        rate, status = internal_rates_frac(monthly)
        assert status[0] == 0
        assert rate[0] == printed(expected)


def test_horizon_and_rate_decide_the_turnkey_lease() -> None:
    """Proves: section 0's +1.36 $M/MW at 8 % and -0.35 at 12 %. Sensitivity: rents a month early give +1.43."""
    noi = first_year_rent_usd(3.7e9, 10, 0.03) * 0.85 / 200 / 1e6
    for rate, expected in ((0.08, 1.36), (0.12, -0.35)):
        assert noi * annuity_factor(rate, 10, growth_frac=0.03) - 9.0 == pytest.approx(expected, abs=0.011)


def test_tenant_credit() -> None:
    """Proves: spread to hazard to survival to a risky annuity. Sensitivity: no recovery gives h = 0.03."""
    hazard = float(hazard_per_year(0.03, 0.4))
    assert hazard == pytest.approx(0.05, abs=1e-12)
    assert math.exp(-hazard * 10) == printed(0.606531)
    assert annuity_factor(0.08, 10) == printed(6.71008)
    assert annuity_factor(0.08, 10, hazard_per_year=hazard) == printed(5.31170)


def test_residual_is_capped_and_floored() -> None:
    """Proves: the better of bare site and renewal, never above depreciated cost. By hand, $M.

    Renewal 0.6 x (1.36 / 0.085 - 2 - 1.36) = 7.584 exceeds the floor 0.6 and the cap 5 + 0.4.
    Sensitivity: capitalising the expired lease uncapped gives 7.584.
    """

    def rule(depreciated: float, chance: float) -> float:
        return float(
            residual_usd(
                site_usd=np.array([0.4]),
                scrap_usd=np.array([0.2]),
                market_noi_usd=np.array([1.6]),
                markdown_frac=np.array([0.15]),
                cap_rate_frac=np.array([0.085]),
                renewal_frac=np.array([chance]),
                refit_usd=np.array([2.0]),
                downtime_months=np.array([12.0]),
                depreciated_cost_usd=np.array([depreciated]),
            )[0]
        )

    assert rule(100.0, 0.6) == pytest.approx(7.584, abs=1e-12)
    assert rule(5.0, 0.6) == pytest.approx(5.4, abs=1e-12)
    assert rule(100.0, 0.0) == pytest.approx(0.6, abs=1e-12)


def test_delays_and_the_value_of_a_month() -> None:
    """Proves: section 5's gate moments, mean slip and value of a month. Sensitivity: simple interest gives 4.17."""
    assert pert_mean(12, 18, 36) == 20
    assert triangular_mean(12, 18, 36) == 22
    assert triangular_variance(12, 18, 36) == 26
    assert expected_delay_months(0.72, 9) == pytest.approx(2.52, abs=1e-12)
    assert month_value_usd(500, 0.10) == printed(3.95553)
    assert month_value_usd(500, 0.10, 24) == printed(86.7769)


def test_independent_gates_finish_later_than_the_later_mean() -> None:
    """Proves: E[max] of U(12,24) and U(18,36) is 27.1667. By quadrature of 1 - F1 F2."""
    t = np.linspace(0, 36, 3_600_001)
    both = np.clip((t - 12) / 12, 0, 1) * np.clip((t - 18) / 18, 0, 1)
    assert float(np.trapezoid(1 - both, t)) == printed(27.1667)


def test_macrs_present_values() -> None:
    """Proves: IRS table A-1 by its present value at 8 %. Sensitivity: first deduction now gives 0.876."""
    for life, expected in ((5, 0.811326), (15, 0.579669)):
        assert present_value_usd([0.0, *depreciation_usd(1.0, life)], 0.08) == printed(expected)
        assert depreciation_usd(1.0, life).sum() == pytest.approx(1.0, abs=1e-12)


def test_value_per_watt_and_risked_sum_of_the_parts() -> None:
    """Proves: section 12. Sensitivity: leaving out the bitcoin treasury gives 3.05 $/W."""
    assert enterprise_value_per_w(
        market_cap_musd=5000, debt_musd=1500, cash_musd=400, bitcoin_musd=300, named_mw=2000
    ) == pytest.approx(2.90, abs=1e-12)
    discount = discount_factors(0.10, 37)
    first, second = 500 * 6 * discount[18], 500 * 6 * discount[36]
    assert 0.8 * first + 0.4 * second - 1100 == printed(1881.86)
    assert first * math.sqrt(0.8 * 0.2) == printed(1040.14)
    assert created_usd_per_gross_w(1.4, 14, 11, 1.4) == printed(6.14286)
