"""Energy and power on one axis: every step from one to the other needs a ratio that somebody states.

Terawatt-hours of a year over 8,760 hours are average gigawatts; an average over a load factor is the capacity or the
peak that the load factor belongs to; critical IT times a gross ratio is power at the meter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wattworth.errors import DataError
from wattworth.gap.numbers import Basis, Measure
from wattworth.units import HOURS_PER_YEAR

Unit = Literal["GW", "MW", "TWh"]

GWH_PER_TWH: Final = 1_000.0
MW_PER_GW: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class Axis:
    """What gigawatts are counted as.

    Attributes
    ----------
    measure
        Capacity, peak or the average of a year.
    basis
        At the meter, or critical IT alone.
    load_factor_frac
        Average over the measure; None where nobody states one. [1]
    gross_per_it
        Power at the meter per critical IT; None where nobody states one. [1]
    """

    measure: Measure
    basis: Basis
    load_factor_frac: float | None = None
    gross_per_it: float | None = None


def average_gw(value: float) -> float:
    """Average power of an amount of energy in a year.

    Parameters
    ----------
    value
        Energy of a year. [TWh]

    Returns
    -------
    float
        [GW]

    Examples
    --------
    >>> round(average_gw(337.0), 1)
    38.5
    """
    return value * GWH_PER_TWH / HOURS_PER_YEAR


def energy_in_twh(gw: float) -> float:
    """Energy of a year at an average power, the reverse of :func:`average_gw`. [TWh]"""
    return gw * HOURS_PER_YEAR / GWH_PER_TWH


def factor(unit: Unit, measure: Measure, basis: Basis, axis: Axis) -> float:
    """What one unit of an amount is in gigawatts of an axis.

    Parameters
    ----------
    unit
        ``GW``, ``MW``, or ``TWh`` of a year, which is an average whatever ``measure`` says.
    measure, basis
        What the amount is counted as.
    axis
        What is wanted.

    Returns
    -------
    float
        Gigawatts of the axis per unit. [GW/unit]

    Raises
    ------
    DataError
        If the step needs a load factor or a gross ratio that the axis does not state, or turns peaks into capacity.
    """
    scale = {"GW": 1.0, "MW": 1.0 / MW_PER_GW, "TWh": average_gw(1.0)}[unit]
    own: Measure = "average" if unit == "TWh" else measure
    if own != axis.measure:
        scale *= _measured(own, axis, unit)
    if basis != axis.basis:
        if axis.gross_per_it is None:
            raise DataError(f"counted as {basis} beside {axis.basis}: state gross_per_it, or give both on one basis")
        scale *= axis.gross_per_it if axis.basis == "meter" else 1.0 / axis.gross_per_it
    return scale


def _measured(own: Measure, axis: Axis, unit: Unit) -> float:
    if "average" not in (own, axis.measure):
        raise DataError(f"a {own} beside a {axis.measure}: no ratio turns one into the other; give both as one of them")
    if axis.load_factor_frac is None:
        what = "energy in TWh" if unit == "TWh" else f"a {own}"
        raise DataError(
            f"{what} beside {axis.measure} in GW: state load_factor, the average over the {_other(own, axis)}, "
            "such as 0.501 of LBNL 2024 for capacity, or give both in one unit"
        )
    return 1.0 / axis.load_factor_frac if own == "average" else axis.load_factor_frac


def _other(own: Measure, axis: Axis) -> Measure:
    return axis.measure if own == "average" else own
