"""Solar power of a megawatt of panels, hour by hour, from sun and air.

Angles and the sun on the plane are those of pvlib (extra ``weather``); the plane's power is the chain of PVWatts with
the cell temperature of Faiman, in arrays, and needs no extra.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.supply.system import YEAR_H
from wattworth.supply.weather import Weather

if TYPE_CHECKING:
    import pandas as pd

STANDARD_W_PER_M2: Final = 1_000.0
"""Sun at which panels are rated. [W/m²]"""

STANDARD_CELL_C: Final = 25.0
"""Cell temperature at which panels are rated. [°C]"""

MIN_TILT_COS: Final = 0.01745
"""Least cosine of the zenith by which beam is divided: the sun a degree above the horizon."""


@dataclass(frozen=True, slots=True)
class FixedTilt:
    """Panels that stand still.

    Attributes
    ----------
    tilt_deg
        From level. [deg]
    azimuth_deg
        Where they face, clockwise from north; 180 is south. [deg]
    """

    tilt_deg: float
    azimuth_deg: float


@dataclass(frozen=True, slots=True)
class Tracker:
    """Panels that turn about a level axis from north to south, and back away from shade.

    Attributes
    ----------
    max_turn_deg
        Most that they turn from level. [deg]
    ground_cover_frac
        Width of a row as a share of the distance between rows.
    """

    max_turn_deg: float
    ground_cover_frac: float


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels and inverter.

    Attributes
    ----------
    dc_per_ac_ratio
        Power of panels to that of the inverter.
    loss_frac
        Dirt, wiring, mismatch and all that comes before the inverter.
    power_frac_per_c
        Change of power with a degree of the cell; negative. [1/°C]
    inverter_frac
        Efficiency of the inverter at its rating.
    albedo_frac
        Share of sun that the ground throws back.
    heat_loss_w_per_m2_per_c, wind_loss_w_per_m2_per_m_per_s
        Heat that a degree above the air takes away in still air, and more for each m/s of wind (Faiman).
    """

    dc_per_ac_ratio: float
    loss_frac: float
    power_frac_per_c: float
    inverter_frac: float
    albedo_frac: float
    heat_loss_w_per_m2_per_c: float
    wind_loss_w_per_m2_per_m_per_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SolarOutput:
    """What a megawatt of panels gives.

    Attributes
    ----------
    per_mwdc_frac
        Array, shape (hour,): power after the inverter for each megawatt of panels. [MW/MWdc]
    per_mwac_frac
        The same for each megawatt of inverter; 1 is the most. [MW/MWac]
    plane_w_per_m2
        Array, shape (hour,): sun on the panels. [W/m²]
    clipped_mwh_per_mwdc
        Energy of all hours that the inverter could not pass. [MWh/MWdc]
    """

    per_mwdc_frac: NDArray[np.float64]
    per_mwac_frac: NDArray[np.float64]
    plane_w_per_m2: NDArray[np.float64]
    clipped_mwh_per_mwdc: float


def solar_output(weather: Weather, mount: FixedTilt | Tracker, panels: Panels) -> SolarOutput:
    """Power of panels under real weather.

    Parameters
    ----------
    weather
        With sun on the level, straight and from the sky.
    mount
        How the panels stand.
    panels
        What they are.

    Raises
    ------
    DataError
        If pvlib is missing, or the weather holds no sun.

    References
    ----------
    .. [1] K. Anderson et al., "pvlib python: 2023 project update", JOSS 8(92), 2023, doi:10.21105/joss.05994.
    """
    return power_of_plane(plane_w_per_m2(weather, mount, panels.albedo_frac), weather, panels)


def plane_w_per_m2(weather: Weather, mount: FixedTilt | Tracker, albedo_frac: float) -> NDArray[np.float64]:
    """Sun on the plane of the panels, with the sky of Hay and Davies and the sun at the middle of each hour. [W/m²]

    Parameters
    ----------
    weather
        With sun on the level, straight and from the sky.
    mount
        How the panels stand.
    albedo_frac
        Share of sun that the ground throws back.

    Raises
    ------
    DataError
        If pvlib is missing, or the weather holds no sun.
    """
    if weather.ghi_w_per_m2 is None or weather.dni_w_per_m2 is None or weather.dhi_w_per_m2 is None:
        raise DataError(f"{weather.source}: holds no sun (global, direct and diffuse), which solar power needs")
    position, irradiance, tracking = (_pvlib(name) for name in ("solarposition", "irradiance", "tracking"))
    times = _middles(weather)
    sun = position.get_solarposition(times, weather.latitude_deg, weather.longitude_deg, _altitude(weather))
    zenith, azimuth = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
    if isinstance(mount, Tracker):
        turned = tracking.singleaxis(
            zenith, azimuth, 0.0, 180.0, max_angle=mount.max_turn_deg, gcr=mount.ground_cover_frac
        )
        tilt = np.nan_to_num(turned["surface_tilt"])
        facing = np.nan_to_num(turned["surface_azimuth"], nan=180.0)
    else:
        tilt, facing = np.full(len(times), mount.tilt_deg), np.full(len(times), mount.azimuth_deg)
    total = irradiance.get_total_irradiance(
        tilt,
        facing,
        zenith,
        azimuth,
        *_sun_of_year(weather),
        dni_extra=np.asarray(irradiance.get_extra_radiation(times.day_of_year.to_numpy())),
        albedo=albedo_frac,
        model="haydavies",
    )
    one_year = np.nan_to_num(np.asarray(total["poa_global"], dtype=np.float64))
    return np.maximum(one_year, 0.0)


def power_of_plane(sun_w_per_m2: NDArray[np.float64], weather: Weather, panels: Panels) -> SolarOutput:
    r"""Power of panels under a known sun on their plane.

    Parameters
    ----------
    sun_w_per_m2
        Array, shape (hour,): on the plane. [W/m²]
    weather
        Air and wind; its lowest wind cools the panels, and still air where it holds none.
    panels
        What they are.

    Notes
    -----
    .. math::
        T_c = T + E / (u_0 + u_1 v), \qquad
        p_{dc} = E / 1000 \, (1 + \gamma (T_c - 25)) (1 - l)

    and the inverter of PVWatts version 5, which takes no more than its rating.

    References
    ----------
    .. [1] D. Faiman, "Assessing the outdoor operating temperature of photovoltaic modules", Prog. Photovolt. 16, 2008.
    .. [2] A. Dobos, "PVWatts version 5 manual", NREL/TP-6A20-62641, 2014.
    """
    wind = _lowest_wind(weather)
    loss = panels.heat_loss_w_per_m2_per_c + panels.wind_loss_w_per_m2_per_m_per_s * wind
    above = weather.dry_bulb_c + sun_w_per_m2 / loss - STANDARD_CELL_C
    share = sun_w_per_m2 / STANDARD_W_PER_M2 * (1.0 + panels.power_frac_per_c * above) * (1.0 - panels.loss_frac)
    dc_mw = np.maximum(share, 0.0)
    limit_mw = 1.0 / panels.dc_per_ac_ratio
    rated_mw = limit_mw / panels.inverter_frac
    curve = -0.0162 * dc_mw**2 / rated_mw - 0.0059 * rated_mw + 0.9858 * dc_mw
    passed = np.maximum(panels.inverter_frac / 0.9637 * curve, 0.0)
    ac_mw = np.minimum(passed, limit_mw)
    return SolarOutput(ac_mw, ac_mw * panels.dc_per_ac_ratio, sun_w_per_m2, float((passed - ac_mw).sum()))


def _pvlib(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"pvlib.{name}")
    except ImportError as error:
        message = (
            'solar power from a weather file needs pvlib, which is not installed: pip install "wattworth[weather]"'
        )
        raise DataError(message) from error


def _middles(weather: Weather) -> pd.DatetimeIndex:
    """Middles of hours in UTC; pandas comes with pvlib, and only it needs them."""
    import pandas as pd

    start = f"{weather.year or 2001}-01-01 00:30"
    minutes = round(weather.utc_offset_h * 60)
    first = pd.Timestamp(start) - pd.Timedelta(minutes=minutes)
    hours = pd.to_timedelta(_clock_hours(weather), unit="h")
    return pd.DatetimeIndex(first + hours).tz_localize("UTC")


def _clock_hours(weather: Weather) -> NDArray[np.int64]:
    """Hours since the start of the year, with the day that a leap year's file left out."""
    of_year = np.arange(weather.n_hour) % YEAR_H
    leap = weather.year is not None and weather.year % 4 == 0 and (weather.year % 100 != 0 or weather.year % 400 == 0)
    return of_year + 24 * (of_year >= 59 * 24) if leap else of_year


def _altitude(weather: Weather) -> float:
    return 0.0 if np.isnan(weather.elevation_m) else weather.elevation_m


def _sun_of_year(weather: Weather) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Straight, level and sky, in the order that pvlib takes them."""
    assert weather.dni_w_per_m2 is not None
    assert weather.ghi_w_per_m2 is not None
    assert weather.dhi_w_per_m2 is not None
    return weather.dni_w_per_m2, weather.ghi_w_per_m2, weather.dhi_w_per_m2


def _lowest_wind(weather: Weather) -> NDArray[np.float64]:
    winds = weather.wind_m_per_s or {}
    if not winds:
        return np.zeros(weather.n_hour)
    return winds[min(winds, key=lambda height: 0.0 if height is None else height)]
