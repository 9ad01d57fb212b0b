"""Single formulas that a project is measured with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def fixed_charge_cost_usd_per_mwh(
    *, capital_usd: float, fixed_charge_frac: float, fixed_usd: float, energy_mwh: float, variable_usd_per_mwh: float
) -> float:
    """Levelised cost by the fixed charge rate: a share of capital each year in place of a cash flow.

    Parameters
    ----------
    capital_usd
        Capital. [USD]
    fixed_charge_frac
        Share of it to be earned each year, for debt, equity and tax. [1/year]
    fixed_usd
        Yearly fixed cost. [USD]
    energy_mwh
        Yearly energy. [MWh]
    variable_usd_per_mwh
        Variable cost. [USD/MWh]

    Returns
    -------
    float
        [USD/MWh]

    References
    ----------
    .. [1] SAM help, "LCOE calculator".

    Examples
    --------
    >>> fixed_charge_cost_usd_per_mwh(
    ...     capital_usd=1000.0, fixed_charge_frac=0.1, fixed_usd=20.0, energy_mwh=4.0, variable_usd_per_mwh=5.0
    ... )
    35.0
    """
    return (capital_usd * fixed_charge_frac + fixed_usd) / energy_mwh + variable_usd_per_mwh


def construction_interest_frac(spending_frac: ArrayLike, rate_frac_per_period: float) -> float:
    r"""Interest during construction per dollar of cost, each part drawn in the middle of its period.

    Parameters
    ----------
    spending_frac
        Array, shape (period,): shares of cost; they add to one. [1]
    rate_frac_per_period
        Interest per period, compounding. [1]

    Returns
    -------
    float
        [1]

    Notes
    -----
    .. math:: \sum_k f_k (1 + i)^{n - k - 1/2} - 1

    Examples
    --------
    >>> round(construction_interest_frac([0.15625, 0.34375, 0.34375, 0.15625], 0.04), 7)
    0.0823281
    """
    shares = np.asarray(spending_frac, dtype=np.float64)
    left_periods = np.arange(shares.size, 0, -1) - 0.5
    return float(np.sum(shares * (1.0 + rate_frac_per_period) ** left_periods) - np.sum(shares))


def exit_value_usd(next_year_usd: float, cap_rate_frac: float, selling_cost_frac: float = 0.0) -> float:
    """Proceeds of a sale at a yield on the income of the year after it.

    Parameters
    ----------
    next_year_usd
        Operating income of that year. [USD]
    cap_rate_frac
        Yield asked by buyers. [1/year]
    selling_cost_frac
        Cost of selling. [1]

    Returns
    -------
    float
        [USD]

    Examples
    --------
    >>> round(exit_value_usd(20.0 * 1.03, 0.065, 0.015), 3)
    312.169
    """
    return next_year_usd / cap_rate_frac * (1.0 - selling_cost_frac)


def adjusted_funds_from_operations_usd(
    *,
    net_income_usd: float,
    property_depreciation_usd: float,
    gains_usd: float = 0.0,
    maintenance_usd: float = 0.0,
    straight_line_rent_usd: float = 0.0,
    other_non_cash_usd: float = 0.0,
) -> float:
    """AFFO of a property owner: FFO less maintenance and income that is not cash.

    Parameters
    ----------
    net_income_usd
        Net income. [USD]
    property_depreciation_usd
        Depreciation of property, added back. [USD]
    gains_usd
        Gains on sales, taken out. [USD]
    maintenance_usd
        Capital spent to keep the property up. [USD]
    straight_line_rent_usd
        Rent booked and not yet received. [USD]
    other_non_cash_usd
        Any other income that is not cash. [USD]

    Returns
    -------
    float
        [USD]

    References
    ----------
    .. [1] Nareit, "Funds from operations white paper", 2018 restatement, for FFO.
    """
    funds_usd = net_income_usd + property_depreciation_usd - gains_usd
    return funds_usd - maintenance_usd - straight_line_rent_usd - other_non_cash_usd


def cost_of_equity_frac(
    *, risk_free_frac: float, beta_ratio: float, equity_premium_frac: float, country_premium_frac: float = 0.0
) -> float:
    """Cost of equity: the capital asset pricing model with a country premium on top.

    Parameters
    ----------
    risk_free_frac
        Risk-free rate. [1/year]
    beta_ratio
        Sensitivity to the market. [1]
    equity_premium_frac
        Premium of a mature market. [1/year]
    country_premium_frac
        Premium of the country; nothing where its risk is in the cash flows. [1/year]

    Returns
    -------
    float
        [1/year]

    References
    ----------
    .. [1] A. Damodaran, "Country risk: determinants, measures and implications", 2025 edition.
    """
    return risk_free_frac + beta_ratio * equity_premium_frac + country_premium_frac
