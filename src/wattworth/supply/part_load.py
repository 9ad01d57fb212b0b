"""Fuel below full load, and output lost to heat and height. Coefficients are arguments: they are facts of a unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_WHOLE_UNIT = 1e-9


def idle_fuel_frac(heat_rate_ratio: float, load_frac: float) -> float:
    r"""Share of full-load fuel that a running unit burns whatever it gives, from one point of its data sheet.

    Parameters
    ----------
    heat_rate_ratio
        Heat rate at that load over the heat rate at full load.
    load_frac
        The load, above nought and below one.

    Raises
    ------
    ValueError
        If the load is not between nought and one, or the share would not be.

    Notes
    -----
    The fuel line is :math:`F(x) = c + (1 - c)\,x`, and the heat rate :math:`F(x) / x`.

    Examples
    --------
    >>> round(idle_fuel_frac(1.096, 0.5), 12)
    0.096
    """
    if not 0.0 < load_frac < 1.0:
        raise ValueError(f"a load of {load_frac} says nothing of part load; give one between nought and one")
    idle_frac = load_frac * (heat_rate_ratio - 1.0) / (1.0 - load_frac)
    if not 0.0 <= idle_frac < 1.0:
        raise ValueError(
            f"a heat rate {heat_rate_ratio} times that of full load at {load_frac} of it fits no fuel line"
        )
    return idle_frac


def fuel_frac(load_frac: ArrayLike, idle_frac: float) -> NDArray[np.float64]:
    """Fuel of one running unit, as a share of its fuel at full load.

    Parameters
    ----------
    load_frac
        Array, any shape: output as a share of full output.
    idle_frac
        From :func:`idle_fuel_frac`.

    Examples
    --------
    >>> fuel_frac([0.5, 1.0], 0.096).round(12).tolist()
    [0.548, 1.0]
    """
    return idle_frac + (1.0 - idle_frac) * np.asarray(load_frac, dtype=np.float64)


def heat_rate_ratio(load_frac: ArrayLike, idle_frac: float) -> NDArray[np.float64]:
    """Heat rate of one running unit over its heat rate at full load.

    Parameters
    ----------
    load_frac
        Array, any shape, above nought.
    idle_frac
        From :func:`idle_fuel_frac`.

    Examples
    --------
    >>> round(float(heat_rate_ratio(0.75, 0.096)), 4)
    1.032
    """
    return fuel_frac(load_frac, idle_frac) / np.asarray(load_frac, dtype=np.float64)


def running_units(output_mw: ArrayLike, unit_mw: float) -> NDArray[np.float64]:
    """Fewest units that give an output, array of the same shape.

    Examples
    --------
    >>> running_units([0.0, 4.4, 4.5], 4.4).tolist()
    [0.0, 1.0, 2.0]
    """
    if unit_mw <= 0.0:
        raise ValueError(f"a unit of {unit_mw} MW gives nothing; give its size")
    return np.ceil(np.asarray(output_mw, dtype=np.float64) / unit_mw - _WHOLE_UNIT) + 0.0  # no minus nought


def fuel_mmbtu_per_h(
    output_mw: ArrayLike, n_running: ArrayLike, unit_mw: float, heat_rate_mmbtu_per_mwh: float, idle_frac: float
) -> NDArray[np.float64]:
    """Fuel of units that share an output evenly.

    Parameters
    ----------
    output_mw, n_running
        Arrays of shapes that go together: output of all, and how many run.
    unit_mw
        Size of one. [MW]
    heat_rate_mmbtu_per_mwh
        At full load, higher heating value. [MMBtu/MWh]
    idle_frac
        From :func:`idle_fuel_frac`.

    Raises
    ------
    ValueError
        If more is asked of the units than they give.

    Examples
    --------
    >>> round(float(fuel_mmbtu_per_h(10.0, 2, 10.0, 8.425, 0.096)) / 10.0, 5)
    9.2338
    """
    output, running = np.asarray(output_mw, dtype=np.float64), np.asarray(n_running, dtype=np.float64)
    if (output > running * unit_mw * (1.0 + _WHOLE_UNIT)).any():
        raise ValueError(f"running units of {unit_mw} MW give less than is asked of them")
    return heat_rate_mmbtu_per_mwh * (idle_frac * running * unit_mw + (1.0 - idle_frac) * output)


def derate_frac(
    air_c: ArrayLike,
    elevation_m: float = 0.0,
    *,
    loss_frac_per_deg: float,
    loss_frac_per_km: float,
    rated_c: float = 15.0,
) -> NDArray[np.float64]:
    """Output that a unit keeps in warm and in thin air, as a share of its rating.

    Parameters
    ----------
    air_c
        Array, any shape: air temperature. [°C]
    elevation_m
        Height above the sea. [m]
    loss_frac_per_deg
        Share lost for each degree above the rated temperature; cooler air gives no more than the rating. [1/K]
    loss_frac_per_km
        Share lost for each kilometre. [1/km]
    rated_c
        Temperature of the rating; 15 by ISO 3977. [°C]

    Examples
    --------
    >>> derate_frac([10.0, 35.0], loss_frac_per_deg=0.007, loss_frac_per_km=0.11).round(6).tolist()
    [1.0, 0.86]
    >>> round(float(derate_frac(35.0, 900.0, loss_frac_per_deg=0.007, loss_frac_per_km=0.11)), 6)
    0.77486
    """
    warm_frac = 1.0 - loss_frac_per_deg * np.maximum(0.0, np.asarray(air_c, dtype=np.float64) - rated_c)
    return np.maximum(0.0, warm_frac) * max(0.0, 1.0 - loss_frac_per_km * elevation_m / 1000.0)
