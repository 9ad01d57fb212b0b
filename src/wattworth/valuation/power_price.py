"""Price of power from a design under a convention of project finance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

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
from wattworth.supply.case_system import BATTERY, GRID, PowerCase, burnt_usd_per_mmbtu
from wattworth.units import KW_PER_MW
from wattworth.valuation.power_run import Ageing, YearRun

Series = NDArray[np.float64]


def convention_usd_per_mwh(
    case: PowerCase,
    installed_mw: Mapping[str, float],
    energy_mwh: Mapping[str, float],
    grid_usd: float,
    *,
    run: YearRun | None = None,
    aged: Ageing | None = None,
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
        Paid to the grid in a year, less what export earns. [USD]
    run
        What the year burnt and its starts cost; without it all fuel is that of full load, and there are no starts.
    aged
        What fading changes from year to year, or None.

    Notes
    -----
    A new battery is bought after each life of the old one, but not in the last year, for the share of its price in
    ``new_battery_frac``, in money of that year; it counts as a cost of the year, and no credit is paid for it.
    """
    terms = case.file.keys.finance.project
    if terms is None:
        return None
    aged = aged or Ageing()
    lines = _lines(case, terms, (energy_mwh, run, aged), grid_usd)
    if (usd := _new_batteries(case, terms, installed_mw)).any():
        lines["new battery"] = usd
    served = np.broadcast_to(energy_mwh["served"] - aged.more_unserved_mwh, terms.analysis_years)
    return float(price_for_return(_project(case, terms, installed_mw, lines, served)))


def _lines(
    case: PowerCase,
    terms: ProjectKeys,
    ran: tuple[Mapping[str, float], YearRun | None, Ageing],
    grid_usd: float,
) -> dict[str, Series]:
    """Costs of running in each year, by name. [USD]"""
    (energy_mwh, run, aged), numbers = ran, case.numbers
    year = np.arange(terms.analysis_years, dtype=np.float64)
    inflation = (1.0 + terms.inflation_frac) ** year
    fuel, variable = np.zeros(terms.analysis_years), np.zeros(terms.analysis_years)
    for name in (name for name in FIRM if name in energy_mwh):
        heat, more = numbers[f"sources.{name}.heat_rate_mmbtu_per_mwh"], aged.more_mwh.get(name, 0.0)
        burnt = heat * energy_mwh[name] if run is None else run.fuel_mmbtu[name]
        fuel = fuel + burnt_usd_per_mmbtu(case) * (burnt + heat * more)
        variable = variable + numbers[f"sources.{name}.variable_usd_per_mwh"] * (energy_mwh[name] + more)
    lines = {"fuel": fuel * (1.0 + terms.fuel_growth_frac) ** year, "variable upkeep": variable * inflation}
    if run is not None and run.units is not None:
        lines["starts"] = run.units.start_usd_per_year * inflation
    if grid_usd or aged.more_grid_usd.any():
        lines["grid"] = (grid_usd + aged.more_grid_usd) * inflation
    return lines


def _new_batteries(case: PowerCase, terms: ProjectKeys, installed_mw: Mapping[str, float]) -> Series:
    """What batteries after the first cost in each year. [USD]"""
    usd = np.zeros(terms.analysis_years)
    if BATTERY in installed_mw:
        life = max(1, round(case.numbers["battery.life_years"]))
        year = np.arange(life, terms.analysis_years, life)
        usd[year] = terms.new_battery_frac * _battery_usd(case, installed_mw)
    return usd * (1.0 + terms.inflation_frac) ** np.arange(terms.analysis_years, dtype=np.float64)


def _project(
    case: PowerCase,
    terms: ProjectKeys,
    installed_mw: Mapping[str, float],
    lines: Mapping[str, Series],
    served_mwh: Series,
) -> ProjectCase:
    green_usd, hard_usd, fixed_usd = _capital(case, installed_mw)
    green_frac = green_usd / hard_usd if hard_usd else 0.0
    classes = (
        AssetClass(share_frac=green_frac, schedule=terms.depreciation, federal_credit=True),
        AssetClass(share_frac=1.0 - green_frac, schedule=terms.depreciation),
    )
    credit = terms.renewable_credit_frac
    return ProjectCase(
        convention=terms.convention,
        analysis_years=terms.analysis_years,
        energy=Energy(mwh_by_year=tuple(served_mwh.tolist())),
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
        usd = _battery_usd(case, installed_mw)
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


def _battery_usd(case: PowerCase, installed_mw: Mapping[str, float]) -> float:
    """Price of the battery as it is built first. [USD]"""
    usd_per_mw = installed_mw[BATTERY] * case.numbers["battery.power_usd_per_kw"]
    return KW_PER_MW * (usd_per_mw + installed_mw["battery_mwh"] * case.numbers["battery.energy_usd_per_kwh"])
