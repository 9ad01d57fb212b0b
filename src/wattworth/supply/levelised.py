"""What a megawatt-hour costs: the short formula for one unit, and costs set against what was served and demanded.

The full reckoning with debt and tax belongs to the finance room, on the yearly cash of a design.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log1p

from wattworth.units import HOURS_PER_YEAR, KW_PER_MW


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one kind of firm unit costs to own and to run.

    Attributes
    ----------
    capex_usd_per_kw
        Installed cost. [USD/kW]
    fixed_usd_per_kw_year
        Fixed upkeep. [USD/kW-year]
    variable_usd_per_mwh
        Upkeep that follows output. [USD/MWh]
    heat_rate_mmbtu_per_mwh
        Fuel, higher heating value. [MMBtu/MWh]
    overbuild_ratio
        Megawatts installed for each megawatt of load.
    """

    capex_usd_per_kw: float
    fixed_usd_per_kw_year: float = 0.0
    variable_usd_per_mwh: float = 0.0
    heat_rate_mmbtu_per_mwh: float = 0.0
    overbuild_ratio: float = 1.0


def annuity_per_year(rate_frac: float, life_years: float) -> float:
    """Level payment at each year's end per dollar of capital. [1/year]

    Examples
    --------
    >>> round(annuity_per_year(0.09, 20), 6)
    0.109546
    """
    if rate_frac == 0.0:
        return 1.0 / life_years
    return rate_frac / -expm1(-life_years * log1p(rate_frac))


def unit_usd_per_mwh(
    unit: UnitCost,
    capital_per_year: float,
    capacity_factor_frac: float,
    fuel_usd_per_mmbtu: float,
    carbon_usd_per_t: float = 0.0,
    co2_kg_per_mmbtu: float = 0.0,
) -> float:
    r"""Levelised cost of one kind of unit. [USD/MWh]

    Parameters
    ----------
    unit
        What it costs.
    capital_per_year
        Yearly cost of a dollar of capital, as of :func:`annuity_per_year`. [1/year]
    capacity_factor_frac
        Mean output over the load's megawatts.
    fuel_usd_per_mmbtu
        Price of fuel. [USD/MMBtu]
    carbon_usd_per_t, co2_kg_per_mmbtu
        Price of carbon dioxide, and what the fuel gives off. [USD/t], [kg/MMBtu]

    Notes
    -----
    .. math:: \frac{I\,o\,\mathrm{CRF} + \mathrm{FOM}}{8.76\,\mathrm{CF}} + \mathrm{VOM} + \mathrm{HR}\,(p + e\,c)

    methods.md section 8. Fixed upkeep is not multiplied by the overbuild.

    Examples
    --------
    >>> engine = UnitCost(1850.0, variable_usd_per_mwh=13.5, heat_rate_mmbtu_per_mwh=8.425, overbuild_ratio=1.25)
    >>> round(unit_usd_per_mwh(engine, annuity_per_year(0.09, 20), 0.9, 3.5), 4)
    75.1192
    """
    if not 0.0 < capacity_factor_frac <= 1.0:
        raise ValueError(f"a capacity factor of {capacity_factor_frac} has no cost per megawatt-hour")
    owned_usd_per_kw_year = unit.capex_usd_per_kw * unit.overbuild_ratio * capital_per_year + unit.fixed_usd_per_kw_year
    owned_usd_per_mwh = owned_usd_per_kw_year * KW_PER_MW / (HOURS_PER_YEAR * capacity_factor_frac)
    burnt_usd_per_mmbtu = fuel_usd_per_mmbtu + carbon_usd_per_t * co2_kg_per_mmbtu / 1000.0
    return owned_usd_per_mwh + unit.variable_usd_per_mwh + unit.heat_rate_mmbtu_per_mwh * burnt_usd_per_mmbtu


@dataclass(frozen=True, slots=True)
class ServedCost:
    """One yearly cost over three denominators; only the first and the last may be compared between designs.

    Attributes
    ----------
    served_usd_per_mwh
        Per megawatt-hour served. [USD/MWh]
    demanded_usd_per_mwh
        Per megawatt-hour demanded; it flatters a design that leaves load unserved. [USD/MWh]
    with_unserved_usd_per_mwh
        Per megawatt-hour demanded, what was not served charged at its cost. [USD/MWh]
    unserved_frac
        Share of demand not served.
    """

    served_usd_per_mwh: float
    demanded_usd_per_mwh: float
    with_unserved_usd_per_mwh: float
    unserved_frac: float


def cost_of_served(
    cost_usd: float, demanded_mwh: float, unserved_mwh: float, unserved_usd_per_mwh: float
) -> ServedCost:
    """Set a cost against what was served and what was demanded.

    Parameters
    ----------
    cost_usd
        Cost of a year, or present value of costs; energy is then discounted likewise. [USD]
    demanded_mwh, unserved_mwh
        What was asked for, and what of it was not served. [MWh]
    unserved_usd_per_mwh
        What a megawatt-hour not served costs its user. [USD/MWh]

    Raises
    ------
    ValueError
        If nothing was served.

    Examples
    --------
    >>> cost = cost_of_served(60e6, 876_000.0, 0.14 * 876_000.0, 1000.0)
    >>> round(cost.served_usd_per_mwh, 4), round(cost.demanded_usd_per_mwh, 4)
    (79.6432, 68.4932)
    """
    if not 0.0 <= unserved_mwh < demanded_mwh:
        raise ValueError(f"of {demanded_mwh} MWh demanded {unserved_mwh} were not served: there is no cost per MWh")
    per_demanded = cost_usd / demanded_mwh
    share = unserved_mwh / demanded_mwh
    return ServedCost(
        served_usd_per_mwh=cost_usd / (demanded_mwh - unserved_mwh),
        demanded_usd_per_mwh=per_demanded,
        with_unserved_usd_per_mwh=per_demanded + share * unserved_usd_per_mwh,
        unserved_frac=share,
    )


@dataclass(frozen=True, slots=True)
class PlantYear:
    """Cost of building a plant and of one year of it, in the money asked for.

    Attributes
    ----------
    capital_usd, upkeep_usd, fuel_usd
        To build it; fixed and variable upkeep of a year; fuel of a year. [USD]
    fuel_mmbtu
        Fuel of a year. [MMBtu]
    """

    capital_usd: float
    upkeep_usd: float
    fuel_usd: float
    fuel_mmbtu: float


def plant_year(
    unit: UnitCost, capacity_mw: float, energy_mwh: float, fuel_usd_per_mmbtu: float, money_ratio: float = 1.0
) -> PlantYear:
    """Cost lines of a plant.

    Parameters
    ----------
    unit
        What a kilowatt and a megawatt-hour cost; its overbuild multiplies the capital.
    capacity_mw, energy_mwh
        Its size, and output of a year. [MW], [MWh]
    fuel_usd_per_mmbtu
        Price of fuel. [USD/MMBtu]
    money_ratio
        Worth of the costs' money in the money asked for; all three lines are multiplied by it.

    Examples
    --------
    >>> gas = UnitCost(1000.0, 10.0, 2.5, 7.5)
    >>> round(plant_year(gas, 100.0, 497_266.89810, 4.2).upkeep_usd, 5)
    2243167.24525
    """
    kw, fuel_mmbtu = capacity_mw * KW_PER_MW, energy_mwh * unit.heat_rate_mmbtu_per_mwh
    return PlantYear(
        capital_usd=kw * unit.capex_usd_per_kw * unit.overbuild_ratio * money_ratio,
        upkeep_usd=(kw * unit.fixed_usd_per_kw_year + energy_mwh * unit.variable_usd_per_mwh) * money_ratio,
        fuel_usd=fuel_mmbtu * fuel_usd_per_mmbtu * money_ratio,
        fuel_mmbtu=fuel_mmbtu,
    )
