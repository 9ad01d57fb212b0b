"""Load of a hall hour by hour: its servers times what cooling adds in the air of that hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.supply.system import YEAR_H

WET_BULB_C: Final = (-20.0, 50.0)
"""Air temperatures for which the formula of the wet bulb is stated. [°C]"""

WET_BULB_HUMIDITY: Final = (0.05, 0.99)
"""Relative humidities for which it is stated."""


@dataclass(frozen=True, slots=True)
class PueFit:
    """PUE as a straight line above a temperature.

    Attributes
    ----------
    base_ratio
        PUE at and below the threshold.
    ratio_per_c
        What a degree above it adds. [1/°C]
    threshold_c
        The threshold, of the wet or the dry bulb, as the fit says. [°C]
    """

    base_ratio: float
    ratio_per_c: float
    threshold_c: float


@dataclass(frozen=True, slots=True, eq=False)
class HallLoad:
    """Load of a hall.

    Attributes
    ----------
    load_mw
        Array, shape (hour,): servers and all that serves them. [MW]
    energy_mwh_per_year
        In a year. [MWh/year]
    pue_ratio
        Energy of the hall over that of its servers.
    """

    load_mw: NDArray[np.float64]
    energy_mwh_per_year: float
    pue_ratio: float


def wet_bulb_c(dry_bulb_c: ArrayLike, humidity_frac: ArrayLike) -> NDArray[np.float64]:
    """Temperature of the wet bulb near the level of the sea. [°C]

    Parameters
    ----------
    dry_bulb_c
        Shape (...). [°C]
    humidity_frac
        Shape (...): relative humidity.

    Notes
    -----
    Stated for 5 to 99 % and -20 to 50 °C, to within 1 °C. Humidity beyond is held at its end; beyond the end of
    temperature the wet bulb keeps the distance from the dry one that it has there. Cold air holds so little water
    that the two hardly differ, and a PUE line is flat there.

    References
    ----------
    .. [1] R. Stull, "Wet-bulb temperature from relative humidity and air temperature", J. Appl. Meteorol. Climatol.
       50, 2011, equation 1.

    Examples
    --------
    >>> wet_bulb_c([20.0, 35.0], [0.50, 0.30]).round(4).tolist()
    [13.6993, 22.144]
    """
    dry = np.asarray(dry_bulb_c, dtype=np.float64)
    held = np.clip(dry, *WET_BULB_C)
    percent = 100.0 * np.clip(np.asarray(humidity_frac, dtype=np.float64), *WET_BULB_HUMIDITY)
    wet = held * np.arctan(0.151977 * np.sqrt(percent + 8.313659))
    wet = wet + np.arctan(held + percent) - np.arctan(percent - 1.676331)
    wet = wet + 0.00391838 * percent**1.5 * np.arctan(0.023101 * percent) - 4.686035
    return wet + (dry - held)


def pue_ratio(air_c: ArrayLike, fit: PueFit) -> NDArray[np.float64]:
    """PUE in each hour.

    Parameters
    ----------
    air_c
        Array, shape (hour,): wet or dry bulb, whichever the fit is of. [°C]
    fit
        The line.

    Examples
    --------
    >>> fit = PueFit(1.10888, 0.00960152, 5.0)
    >>> round(float(pue_ratio([-5.0, 3.0, 10.0, 20.0], fit).mean()), 5)
    1.15689
    """
    above = np.maximum(0.0, np.asarray(air_c, dtype=np.float64) - fit.threshold_c)
    return fit.base_ratio + fit.ratio_per_c * above


def hall_load(critical_it_mw: float, load_frac: ArrayLike, hourly_pue_ratio: ArrayLike, n_year: int = 1) -> HallLoad:
    """Load of a hall, hour by hour.

    Parameters
    ----------
    critical_it_mw
        Size of its servers. [MW]
    load_frac
        Share of it that they draw: one number, or shape (hour,).
    hourly_pue_ratio
        PUE: one number, or shape (hour,).
    n_year
        Weather years, where both are one number.

    Raises
    ------
    DataError
        If a share is not from 0 to 1, a PUE below 1, or hours are no whole years.

    Examples
    --------
    >>> round(hall_load(100.0, 0.8, 1.15).energy_mwh_per_year, 6)
    805920.0
    """
    load, pue = np.asarray(load_frac, dtype=np.float64), np.asarray(hourly_pue_ratio, dtype=np.float64)
    n_hour = max(load.size, pue.size) if max(load.size, pue.size) > 1 else n_year * YEAR_H
    if n_hour % YEAR_H or not {load.size, pue.size} <= {1, n_hour}:
        raise DataError(f"load of {load.size:,} hours and PUE of {pue.size:,}: need 8,760 for each year, or one number")
    for what, values, least, most in (("load share", load, 0.0, 1.0), ("PUE", pue, 1.0, 10.0)):
        wrong = np.flatnonzero(~((values >= least) & (values <= most)))
        if len(wrong):
            at = int(wrong[0])
            raise DataError(f"{what}, hour {at:,}: got {values.ravel()[at]:g}, need {least:g} to {most:g}")
    servers = critical_it_mw * np.broadcast_to(load, (n_hour,))
    total = servers * pue
    it_mwh = float(servers.sum())
    whole = float(total.sum() / it_mwh) if it_mwh else float(np.mean(pue))
    return HallLoad(total, float(total.sum()) * YEAR_H / n_hour, whole)
