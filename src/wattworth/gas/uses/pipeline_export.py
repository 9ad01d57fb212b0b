"""Pipeline gas sold at the border; a new line is a link of the network, or the capital given here for a worked case."""

from __future__ import annotations

from wattworth.gas.plant import Capital, Facts, GasUse, Plant
from wattworth.supply.levelised import annuity_per_year


def _plant(_: Facts) -> Plant:
    return Plant("MMBtu", 1.0)


USE = GasUse("pipeline_export", "gas sold abroad by pipeline", "gas", "gas_abroad", "$/MMBtu", (), _plant)


def with_new_line(capex_usd_per_mmbtu_year: float, life_years: float, utilisation_frac: float) -> Plant:
    """Gas through a line that is built for it.

    Parameters
    ----------
    capex_usd_per_mmbtu_year
        Cost of the line for each unit of heat it can carry a year. [USD/(MMBtu/year)]
    life_years
        Over how long it is paid for.
    utilisation_frac
        Share of its capacity that flows.
    """
    line = Capital("line", capex_usd_per_mmbtu_year, life_years)
    return Plant("MMBtu", 1.0, (line,), utilisation_frac=utilisation_frac)


def line_usd_per_mmbtu(
    capex_usd: float, rate_frac: float, life_years: float, fixed_frac_per_year: float, throughput_mmbtu: float
) -> float:
    """Capital and upkeep of a line for each unit of heat that flows in a year. [USD/MMBtu]"""
    return capex_usd * (annuity_per_year(rate_frac, life_years) + fixed_frac_per_year) / throughput_mmbtu
