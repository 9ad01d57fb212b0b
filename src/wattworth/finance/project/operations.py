"""Revenue, costs and what is left for debt, before any financing; rows of shape (year, case)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.parts import YearlyLine

Array = NDArray[np.float64]
Rows = dict[str, Array]


def blank(grid: Grid, n_case: int = 1) -> Array:
    """A row of zeros."""
    return np.zeros((grid.year.size, n_case))


def at_operation(grid: Grid, values: Any) -> Array:
    """Values of the years of operation, after as many zeros as there are years of construction."""
    values = np.asarray(values, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    return np.concatenate([np.zeros((grid.n_construction, values.shape[1])), values])


def growth(grid: Grid, growth_frac: Any, n_extra: int = 0) -> Array:
    """One in year 1 (or one year's growth, by the convention), and growing; shape (operating year, case)."""
    power = np.arange(grid.n_operating + n_extra) + float(grid.convention.escalates_year_1)
    return (1.0 + np.asarray(growth_frac, dtype=np.float64)) ** power[:, None]


def in_years(values: tuple[float, ...], n_extra: int = 0) -> Array:
    """A declared series as a column, its last value repeated for the years after it."""
    column = np.asarray(values, dtype=np.float64)
    return np.concatenate([column, np.full(n_extra, column[-1])])[:, None]


def line_usd(grid: Grid, line: YearlyLine, n_extra: int = 0) -> Array:
    """Dollars of a line in each year of operation. [USD]"""
    if line.usd_by_year is not None:
        return in_years(line.usd_by_year, n_extra)
    return line.usd_per_year * growth(grid, line.escalation_frac, n_extra)


def energy_mwh(case: ProjectCase, grid: Grid, n_extra: int = 0) -> Array:
    """Energy sold in each year of operation. [MWh]"""
    if case.energy.mwh_by_year is not None:
        return in_years(case.energy.mwh_by_year, n_extra)
    age = np.arange(grid.n_operating + n_extra)[:, None]
    fall_frac = np.asarray(case.energy.degradation_frac_per_year, dtype=np.float64)
    left = np.maximum(0.0, 1.0 - fall_frac * age) if grid.convention.linear_degradation else (1.0 - fall_frac) ** age
    return case.energy.year1_mwh * left


def price_usd_per_mwh(case: ProjectCase, grid: Grid, first: Any, n_extra: int = 0) -> Array:
    """Price of energy in each year of operation, given that of year 1. [USD/MWh]"""
    if case.revenue.price_by_year is not None:
        return in_years(case.revenue.price_by_year, n_extra)
    return np.asarray(first) * growth(grid, case.revenue.price_escalation_frac, n_extra)


def cost_rows(case: ProjectCase, grid: Grid, n_extra: int = 0) -> Rows:
    """Costs of each year of operation, by line; they do not depend on the price of energy.

    Returns
    -------
    dict of arrays, shape (operating year, case)
        Positive costs. [USD]
    """
    own, inflation_frac = case.operating, case.discounting.inflation_frac
    installed_usd = np.asarray(case.capital.installed_usd, dtype=np.float64)
    mwh = energy_mwh(case, grid, n_extra)
    age = np.arange(grid.n_operating + n_extra)[:, None]
    assessed_usd = (
        installed_usd
        * case.property_tax.assessed_frac
        * np.maximum(0.0, 1.0 - case.property_tax.decline_frac_per_year * age)
    )
    forgiven = np.zeros(age.shape)
    abated = case.property_tax.abatement_by_year[: age.size]
    forgiven[: len(abated), 0] = abated
    rows = {
        "fixed_om_usd": own.fixed_usd_per_year * growth(grid, inflation_frac + own.fixed_above_inflation_frac, n_extra),
        "variable_om_usd": own.variable_usd_per_mwh
        * mwh
        * growth(grid, inflation_frac + own.variable_above_inflation_frac, n_extra),
        "capacity_om_usd": own.capacity_usd_per_kw_year
        * case.nameplate_mw
        * 1000.0
        * growth(grid, inflation_frac + own.capacity_above_inflation_frac, n_extra),
        "fuel_usd": own.fuel_mmbtu_per_year
        * own.fuel_price_usd_per_mmbtu
        * growth(grid, inflation_frac + own.fuel_above_inflation_frac, n_extra),
        "insurance_usd": own.insurance_frac_per_year * installed_usd * growth(grid, inflation_frac, n_extra),
        "property_tax_usd": case.property_tax.rate_frac * assessed_usd * (1.0 - forgiven),
        "other_cost_usd": sum((line_usd(grid, line, n_extra) for line in own.other), start=np.zeros((age.size, 1))),
    }
    rows["opex_usd"] = sum(rows.values(), start=np.zeros((age.size, 1)))
    return rows


def sales_rows(case: ProjectCase, grid: Grid, first_price: Any, n_extra: int = 0) -> Rows:
    """Energy, price and sales of each year of operation.

    Returns
    -------
    dict of arrays, shape (operating year, case)
        Energy in MWh, price in USD/MWh, the rest in USD.
    """
    mwh = energy_mwh(case, grid, n_extra)
    price = price_usd_per_mwh(case, grid, first_price, n_extra)
    payment = case.revenue.capacity_usd_per_mw_year * case.revenue.capacity_credit_frac * case.nameplate_mw
    other = sum(
        (line_usd(grid, line, n_extra) for line in case.revenue.other),
        start=np.zeros((grid.n_operating + n_extra, 1)),
    )
    rows = {
        "energy_mwh": mwh,
        "price_usd_per_mwh": price,
        "energy_revenue_usd": mwh * price,
        "capacity_revenue_usd": payment * growth(grid, case.revenue.capacity_escalation_frac, n_extra),
        "other_revenue_usd": other,
    }
    rows["sales_usd"] = rows["energy_revenue_usd"] + rows["capacity_revenue_usd"] + rows["other_revenue_usd"]
    return rows


def incentive_rows(case: ProjectCase, grid: Grid) -> Rows:
    """Production credits and incentives of each year of operation, and what of them is taxed.

    Returns
    -------
    dict of arrays, shape (operating year, case)
        [USD]
    """
    mwh = energy_mwh(case, grid)
    age = np.arange(grid.n_operating)[:, None]
    names = ("federal_ptc_usd", "state_ptc_usd", "incentive_in_revenue_usd", "incentive_usd")
    rows = {name: np.zeros(mwh.shape) for name in (*names, "incentive_taxed_federal_usd", "incentive_taxed_state_usd")}
    for credit in case.incentives.production_credits:
        rate = credit.usd_per_mwh * growth(grid, credit.escalation_frac)
        rate = np.floor(rate + 0.5) if credit.in_whole_usd else rate
        key = f"{credit.payer}_ptc_usd"
        rows[key] = rows[key] + np.where(age < credit.term_years, rate * mwh, 0.0)
    for paid in case.incentives.production_incentives:
        usd = np.where(age < paid.term_years, paid.usd_per_mwh * growth(grid, paid.escalation_frac) * mwh, 0.0)
        key = "incentive_in_revenue_usd" if paid.serves_debt else "incentive_usd"
        rows[key] = rows[key] + usd
        if not paid.serves_debt:
            rows["incentive_taxed_federal_usd"] = rows["incentive_taxed_federal_usd"] + usd * paid.taxed_federal
            rows["incentive_taxed_state_usd"] = rows["incentive_taxed_state_usd"] + usd * paid.taxed_state
    return rows


def terminal_rows(case: ProjectCase, grid: Grid, first_price: Any) -> Rows:
    """Salvage and the proceeds of a sale, in the last year of operation.

    Returns
    -------
    dict of arrays, shape (operating year, case)
        [USD]

    Notes
    -----
    A sale capitalises the EBITDA of the year after the last: ``EBITDA / cap · (1 - cost)``.
    """
    salvage = np.zeros((grid.n_operating, np.size(case.capital.installed_usd * case.terminal.salvage_frac)))
    salvage[-1] = case.capital.installed_usd * case.terminal.salvage_frac
    sale = np.zeros((grid.n_operating, 1))
    if case.terminal.exit_cap_rate_frac is not None:
        following = sales_rows(case, grid, first_price, 1)["sales_usd"][-1] - cost_rows(case, grid, 1)["opex_usd"][-1]
        sale = np.zeros((grid.n_operating, following.size))
        sale[-1] = following / case.terminal.exit_cap_rate_frac * (1.0 - case.terminal.selling_cost_frac)
    return {"salvage_usd": salvage, "sale_usd": sale}


def operating_rows(case: ProjectCase, grid: Grid, first_price: Any) -> Rows:
    """Everything above the financing, on the years of the grid.

    Returns
    -------
    dict of arrays, shape (year, case)
        Among them ``revenue_usd``, ``opex_usd`` and ``ebitda_usd``.
    """
    rows = sales_rows(case, grid, first_price) | cost_rows(case, grid)
    rows |= incentive_rows(case, grid) | terminal_rows(case, grid, first_price)
    rows["revenue_usd"] = rows["sales_usd"] + rows["incentive_in_revenue_usd"] + rows["salvage_usd"] + rows["sale_usd"]
    rows["ebitda_usd"] = rows["revenue_usd"] - rows["opex_usd"]
    return {name: at_operation(grid, row) for name, row in rows.items()}
