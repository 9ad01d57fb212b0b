"""Gas by volume, heat and weight: definitions are exact here, heating values come from facts.

A cubic metre of gas is a different amount of gas at each temperature, so every volume says which it means. Volumes of
this room are billions of cubic metres at 20 °C and 101.325 kPa, as Russian companies report them.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from wattworth.errors import DataError
from wattworth.units import DAYS_PER_YEAR

J_PER_MMBTU: Final = 1_055_055_852.62
"""A million British thermal units of the International Table: exact by definition."""
J_PER_MWH: Final = 3_600_000_000.0
MWH_PER_MMBTU: Final = J_PER_MMBTU / J_PER_MWH
GJ_PER_MMBTU: Final = J_PER_MMBTU / 1e9
M3_PER_CUBIC_FOOT: Final = 0.3048**3
"""Exact: a foot is 0.3048 m."""
K_AT_ZERO_C: Final = 273.15
THOUSAND_M3_PER_BCM: Final = 1e6

VolumeUnit: TypeAlias = Literal["bcm_20c", "bcm_15c", "bcm_0c", "bcf_60f"]
"""Billions of cubic metres at 20, 15 or 0 °C, or billions of cubic feet at 60 °F (15.5556 °C)."""
KELVIN: Final[dict[str, float]] = {
    "bcm_20c": K_AT_ZERO_C + 20.0,
    "bcm_15c": K_AT_ZERO_C + 15.0,
    "bcm_0c": K_AT_ZERO_C,
    "bcf_60f": K_AT_ZERO_C + (60.0 - 32.0) / 1.8,
}


def bcm_at_20c(amount_bcm: float, unit: VolumeUnit) -> float:
    """A volume in billions of cubic metres at 20 °C. [bcm]

    Parameters
    ----------
    amount_bcm
        Volume in the unit named; billions of cubic feet where that is ``bcf_60f``.
    unit
        What a cubic metre, or foot, is.

    Raises
    ------
    DataError
        If the unit is unknown.

    Notes
    -----
    An ideal gas at one pressure: volume grows with the absolute temperature. The compressibility of natural gas at
    101.325 kPa changes this by less than 0.1 %.

    Examples
    --------
    >>> round(bcm_at_20c(1.0, "bcm_15c"), 6), round(bcm_at_20c(1.0, "bcm_0c"), 6)
    (1.017352, 1.07322)
    """
    if unit not in KELVIN:
        raise DataError(f'no volume unit "{unit}"; there are {", ".join(KELVIN)}')
    ratio = KELVIN["bcm_20c"] / KELVIN[unit]
    return amount_bcm * ratio * (M3_PER_CUBIC_FOOT if unit == "bcf_60f" else 1.0)


def mmbtu_of_bcm(volume_bcm: float, mmbtu_per_thousand_m3_ratio: float) -> float:
    """Heat of a volume, the heating value given per thousand of the same cubic metres. [MMBtu]

    Examples
    --------
    >>> mmbtu_of_bcm(1.0, 36.2)
    36200000.0
    """
    return volume_bcm * THOUSAND_M3_PER_BCM * mmbtu_per_thousand_m3_ratio


def bcm_of_mmbtu(heat_mmbtu: float, mmbtu_per_thousand_m3_ratio: float) -> float:
    """Volume that holds a heat. [bcm]"""
    return heat_mmbtu / (THOUSAND_M3_PER_BCM * mmbtu_per_thousand_m3_ratio)


def mwh_of_mmbtu(heat_mmbtu: float) -> float:
    """The same heat in megawatt-hours. [MWh]

    Examples
    --------
    >>> round(mwh_of_mmbtu(1.0), 8)
    0.29307107
    """
    return heat_mmbtu * MWH_PER_MMBTU


def mmbtu_of_mwh(heat_mwh: float) -> float:
    """The same heat in millions of British thermal units. [MMBtu]"""
    return heat_mwh / MWH_PER_MMBTU


def kg_of_mmbtu(heat_mmbtu: float, mmbtu_per_tonne_ratio: float) -> float:
    """Weight that holds a heat, such as of LNG at 52.6 MMBtu a tonne. [kg]

    Examples
    --------
    >>> kg_of_mmbtu(52.6, 52.6)
    1000.0
    """
    return 1000.0 * heat_mmbtu / mmbtu_per_tonne_ratio


def bcm_per_day(flow_bcm_per_year: float) -> float:
    """A yearly flow by the day. [bcm/day]"""
    return flow_bcm_per_year / DAYS_PER_YEAR
