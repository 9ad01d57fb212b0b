"""Wind power of a megawatt of turbines, hour by hour: speed at the hub, density of the air, a power curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.supply.weather import GRAVITY_PER_GAS_K_PER_M, Weather

KELVIN_C: Final = 273.15
GAS_J_PER_KG_PER_K: Final = 287.05
"""Gas constant of dry air. [J/kg/K]"""

STANDARD_KG_PER_M3: Final = 1.225
"""Density of air to which power curves are stated: 15 °C at the level of the sea. [kg/m³]"""

CURVE_STEP: Final = 0.1
"""Step of a generic curve. [m/s]"""


@dataclass(frozen=True, slots=True, eq=False)
class PowerCurve:
    """Output of a turbine against wind at the hub, in air of standard density.

    Attributes
    ----------
    speed_m_per_s
        Array, shape (point,), rising. [m/s]
    output_frac
        Array, shape (point,): share of the rating; beyond the last speed nothing.
    """

    speed_m_per_s: NDArray[np.float64]
    output_frac: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Turbine:
    """A turbine, or a park of them.

    Attributes
    ----------
    hub_m
        Height of the hub. [m]
    curve
        Output against wind.
    loss_frac
        Wakes, wiring, standstill.
    """

    hub_m: float
    curve: PowerCurve
    loss_frac: float


def generic_curve(
    cut_in_m_per_s: float, rated_m_per_s: float, cut_out_m_per_s: float, spread_m_per_s: float = 0.0
) -> PowerCurve:
    r"""Power curve of no maker: the energy in the wind from cut-in to rating, then the rating to cut-out.

    Parameters
    ----------
    cut_in_m_per_s, rated_m_per_s, cut_out_m_per_s
        Speeds at which it starts, reaches its rating and stops. [m/s]
    spread_m_per_s
        Standard deviation of wind over the turbines of a park within an hour; 0 for a single speed. [m/s]

    Raises
    ------
    ValueError
        If the speeds do not rise.

    Notes
    -----
    .. math:: p(v) = (v^3 - v_i^3) / (v_r^3 - v_i^3), \quad v_i \le v \le v_r

    A spread takes the mean of the curve over a normal distribution about each speed.

    Examples
    --------
    >>> curve = generic_curve(3.0, 12.0, 25.0)
    >>> np.interp([3.0, 8.0, 12.0, 25.0, 26.0], curve.speed_m_per_s, curve.output_frac, right=0.0).round(6).tolist()
    [0.0, 0.285134, 1.0, 1.0, 0.0]
    """
    if not 0.0 <= cut_in_m_per_s < rated_m_per_s < cut_out_m_per_s:
        raise ValueError(f"need rising speeds, got {cut_in_m_per_s}, {rated_m_per_s}, {cut_out_m_per_s}")
    if not spread_m_per_s:
        speed = np.append(np.linspace(cut_in_m_per_s, rated_m_per_s, 200), cut_out_m_per_s)
        return PowerCurve(speed, _cubic(speed, cut_in_m_per_s, rated_m_per_s, cut_out_m_per_s))
    reach = 4.0 * spread_m_per_s
    speed = np.arange(0.0, cut_out_m_per_s + reach + CURVE_STEP, CURVE_STEP)
    shifts = np.linspace(-reach, reach, 161)
    weights = np.exp(-0.5 * (shifts / spread_m_per_s) ** 2)
    single = _cubic(speed[:, None] + shifts[None, :], cut_in_m_per_s, rated_m_per_s, cut_out_m_per_s)
    return PowerCurve(speed, (single * (weights / weights.sum())).sum(axis=1))


def hub_speed_m_per_s(weather: Weather, hub_m: float, shear_index: float | None = None) -> NDArray[np.float64]:
    r"""Wind at the height of the hub. [m/s]

    Parameters
    ----------
    weather
        With wind at one known height or several.
    hub_m
        Height of the hub. [m]
    shear_index
        Exponent with which wind grows with height, used beyond the heights of the file.

    Raises
    ------
    DataError
        If no height is known, or the hub is beyond all and no exponent is given.

    Notes
    -----
    Between two heights the speed is linear in the logarithm of height; beyond them
    :math:`v = v_1 (h / h_1)^{\alpha}` from the nearest.
    """
    winds = {height: speed for height, speed in (weather.wind_m_per_s or {}).items() if height is not None}
    if not winds:
        raise DataError(f"{weather.source}: holds no wind at a known height; give wind_height_m when reading it")
    below = max((height for height in winds if height <= hub_m), default=None)
    above = min((height for height in winds if height >= hub_m), default=None)
    if below is not None and above is not None:
        weight = 0.0 if below == above else np.log(hub_m / below) / np.log(above / below)
        return winds[below] + weight * (winds[above] - winds[below])
    nearest = above if above is not None else below
    assert nearest is not None
    if shear_index is None:
        known = ", ".join(f"{height:g}" for height in sorted(winds))
        raise DataError(f"{weather.source}: holds wind at {known} m, not at {hub_m:g} m; give shear_index to reach it")
    return winds[nearest] * (hub_m / nearest) ** shear_index


def air_kg_per_m3(weather: Weather, height_m: float = 0.0) -> NDArray[np.float64]:
    """Density of dry air at a height above ground. [kg/m³]

    Parameters
    ----------
    weather
        With pressure, or else with an elevation, for which the standard atmosphere is taken.
    height_m
        Above ground. [m]

    Raises
    ------
    DataError
        If the weather has neither pressure nor elevation.
    """
    kelvin = weather.dry_bulb_c + KELVIN_C
    if weather.pressure_pa is not None:
        ground = weather.pressure_pa
    elif np.isfinite(weather.elevation_m):
        ground = np.full(weather.n_hour, 101_325.0 * (1.0 - 2.25577e-5 * weather.elevation_m) ** 5.25588)
    else:
        raise DataError(f"{weather.source}: holds neither pressure nor elevation, one of which density needs")
    return ground * np.exp(-GRAVITY_PER_GAS_K_PER_M * height_m / kelvin) / (GAS_J_PER_KG_PER_K * kelvin)


def wind_frac(weather: Weather, turbine: Turbine, shear_index: float | None = None) -> NDArray[np.float64]:
    """Output that a megawatt of turbines can give, in each hour.

    Parameters
    ----------
    weather
        With wind, and pressure or elevation.
    turbine
        Hub, curve and losses.
    shear_index
        Exponent beyond the heights of the weather; see :func:`hub_speed_m_per_s`.

    Returns
    -------
    array, shape (hour,)
        Share of the rating.

    Raises
    ------
    DataError
        If wind at the hub or density cannot be told.

    Notes
    -----
    Thin air moves the curve, not its top: the speed read off it is that at the hub times the cube root of density
    over the standard one.

    References
    ----------
    .. [1] IEC 61400-12-1:2017, section 9.1.5 (normalisation of wind speed to density).
    """
    speed = hub_speed_m_per_s(weather, turbine.hub_m, shear_index)
    in_standard_air = speed * np.cbrt(air_kg_per_m3(weather, turbine.hub_m) / STANDARD_KG_PER_M3)
    output = np.interp(in_standard_air, turbine.curve.speed_m_per_s, turbine.curve.output_frac, left=0.0, right=0.0)
    return output * (1.0 - turbine.loss_frac)


def _cubic(speed: NDArray[np.float64], cut_in: float, rated: float, cut_out: float) -> NDArray[np.float64]:
    rising = np.clip((np.maximum(speed, 0.0) ** 3 - cut_in**3) / (rated**3 - cut_in**3), 0.0, 1.0)
    return np.where(speed <= cut_out, rising, 0.0)
