"""Price of power from a design under a convention of project finance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wattworth.finance.project import (
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
    Target,
    Tax,
    YearlyLine,
    price_for_return,
)
from wattworth.supply.case_numbers import FIRM
from wattworth.supply.case_schema import ProjectKeys
from wattworth.supply.case_system import BATTERY, GRID, PowerCase
from wattworth.units import KW_PER_MW


def convention_usd_per_mwh(
    case: PowerCase, installed_mw: Mapping[str, float], energy_mwh: Mapping[str, float], grid_usd: float
) -> float | None:
    """Price of each megawatt-hour served at which equity earns its return, or None where the case asks for none.

    Parameters
    ----------
    case
        With ``finance.project``.
    installed_mw
        Built of each source; ``battery`` and ``battery_mwh`` for the store.
    energy_mwh
        Given by each source in a year, and ``served``. [MWh]
    grid_usd
        Paid for energy of the grid in a year, less what export earns. [USD]

    Notes
    -----
    Energy is the same each year: fading of panels and battery, and a new battery after its life, are not in it.
    """
    terms = case.file.keys.finance.project
    if terms is None:
        return None
    return float(price_for_return(_project(case, terms, installed_mw, energy_mwh, grid_usd)))


def _project(
    case: PowerCase,
    terms: ProjectKeys,
    installed_mw: Mapping[str, float],
    energy_mwh: Mapping[str, float],
    grid_usd: float,
) -> ProjectCase:
    green_usd, hard_usd, fixed_usd = _capital(case, installed_mw)
    fuel, variable = _running(case, energy_mwh)
    year = np.arange(terms.analysis_years)
    inflation = (1.0 + terms.inflation_frac) ** year
    lines = {"fuel": fuel * (1.0 + terms.fuel_growth_frac) ** year, "variable upkeep": variable * inflation}
    if grid_usd:
        lines["grid"] = grid_usd * inflation
    green_frac = green_usd / hard_usd if hard_usd else 0.0
    classes = (
        AssetClass(share_frac=green_frac, schedule=terms.depreciation, federal_credit=True),
        AssetClass(share_frac=1.0 - green_frac, schedule=terms.depreciation),
    )
    credit = terms.renewable_credit_frac
    return ProjectCase(
        convention=terms.convention,
        analysis_years=terms.analysis_years,
        energy=Energy(mwh_by_year=(energy_mwh["served"],) * terms.analysis_years),
        operating=Operating(
            fixed_usd_per_year=fixed_usd,
            other=tuple(YearlyLine(name=name, usd_by_year=tuple(usd.tolist())) for name, usd in lines.items()),
        ),
        capital=Capital(
            parts=(CostPart(name="hard", usd=hard_usd), CostPart(name="soft", usd=terms.soft_frac * hard_usd))
        ),
        debt=Debt(
            profile="level_payment",
            share_frac=terms.debt_share_frac,
            rate_frac=terms.debt_rate_frac,
            tenor_years=terms.analysis_years,
        ),
        tax=Tax(federal_frac=terms.federal_tax_frac),
        incentives=Incentives(investment_credits=(InvestmentCredit(rate_frac=credit),) if credit and green_usd else ()),
        depreciation=Depreciation(classes=classes),
        discounting=Discounting(inflation_frac=terms.inflation_frac, nominal_frac=terms.return_frac),
        target=Target(irr_frac=terms.return_frac),
    )


def _capital(case: PowerCase, installed_mw: Mapping[str, float]) -> tuple[float, float, float]:
    """Cost of what a credit is for, of all hardware, and fixed upkeep of a year. [USD], [USD], [USD/year]"""
    numbers = case.numbers
    green = hard = fixed = 0.0
    for name in ("solar", "wind"):
        if name in installed_mw:
            usd = KW_PER_MW * installed_mw[name] * numbers[f"sources.{name}.capex_usd_per_kw"]
            green, hard = green + usd, hard + usd
            fixed += usd * numbers[f"sources.{name}.fixed_frac_per_year"]
    if BATTERY in installed_mw:
        usd = KW_PER_MW * installed_mw[BATTERY] * numbers["battery.power_usd_per_kw"]
        usd += KW_PER_MW * installed_mw["battery_mwh"] * numbers["battery.energy_usd_per_kwh"]
        green, hard = green + usd, hard + usd
        fixed += usd * numbers["battery.fixed_frac_per_year"]
    for name in FIRM:
        if name in installed_mw:
            kw = KW_PER_MW * installed_mw[name]
            hard += kw * numbers[f"sources.{name}.capex_usd_per_kw"]
            fixed += kw * numbers[f"sources.{name}.fixed_usd_per_kw_year"]
    grid = case.file.keys.grid
    if grid is not None:
        fixed += KW_PER_MW * installed_mw.get(GRID, 0.0) * grid.capacity_usd_per_kw_year
    return green, hard, fixed


def _running(case: PowerCase, energy_mwh: Mapping[str, float]) -> tuple[float, float]:
    """Fuel, and variable upkeep, of a year. [USD/year]"""
    numbers, keys = case.numbers, case.file.keys
    burnt = numbers["gas_usd_per_mmbtu"] + keys.carbon_usd_per_t * numbers["co2_kg_per_mmbtu"] / 1000.0
    fuel = variable = 0.0
    for name in FIRM:
        if name in energy_mwh:
            path = f"sources.{name}"
            fuel += energy_mwh[name] * numbers[f"{path}.heat_rate_mmbtu_per_mwh"] * burnt
            variable += energy_mwh[name] * numbers[f"{path}.variable_usd_per_mwh"]
    return fuel, variable
