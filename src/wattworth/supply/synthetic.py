"""Sun, wind and air of a year that needs no file: one exact profile, and weather drawn from a few numbers of a climate.

The drawn year has the seasons, the day, weather that lasts and calm spells, so sizing and dispatch meet what they
would meet in a real one. It is no forecast and no record: take a real file for a real site.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.records import CHUNK_DRAWS
from wattworth.supply.photovoltaic import MIN_TILT_COS, Panels, SolarOutput, power_of_plane
from wattworth.supply.system import YEAR_H
from wattworth.supply.weather import Weather, vapour_hpa

SOLAR_CONSTANT_W_PER_M2: Final = 1_361.0
"""Sun outside the air at the mean distance. [W/m²]"""

_ROWS = -(-YEAR_H // CHUNK_DRAWS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the year is drawn for.

    Attributes
    ----------
    latitude_deg, longitude_deg
        North and east positive. [deg]
    elevation_m
        Above the sea. [m]
    utc_offset_h
        Its standard time, ahead of UTC. [h]
    """

    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_h: float


@dataclass(frozen=True, slots=True)
class Sky:
    """Clouds.

    Attributes
    ----------
    clear_frac
        Share of hours without any.
    thickness_index
        Optical depth that a standard deviation more of cloud adds.
    lasting_frac
        Correlation of an hour with the next.
    """

    clear_frac: float
    thickness_index: float
    lasting_frac: float


@dataclass(frozen=True, slots=True)
class Air:
    """Temperature and humidity.

    Attributes
    ----------
    mean_c
        Mean of the year. [°C]
    season_c, day_c
        Half of the range from winter to summer, and from night to afternoon under a clear sky. [°C]
    hottest_day, hottest_h
        Day of the year and hour of the day at the top. [h]
    noise_c
        Standard deviation about them. [°C]
    lasting_frac
        Correlation of an hour with the next.
    dew_mean_c, dew_season_c, dew_noise_c
        The same for the dew point, which has no day of its own. [°C]
    """

    mean_c: float
    season_c: float
    day_c: float
    hottest_day: int
    hottest_h: float
    noise_c: float
    lasting_frac: float
    dew_mean_c: float
    dew_season_c: float
    dew_noise_c: float


@dataclass(frozen=True, slots=True)
class WindClimate:
    """Wind at one height.

    Attributes
    ----------
    height_m
        Above ground. [m]
    mean_m_per_s
        Mean of the year. [m/s]
    shape_index
        Shape of its Weibull distribution.
    season_frac, day_frac
        How far the mean swings over the year and over the day, each as a share of it.
    windiest_day, windiest_h
        Day of the year and hour of the day at the top. [h]
    lasting_frac
        Correlation of an hour with the next.
    """

    height_m: float
    mean_m_per_s: float
    shape_index: float
    season_frac: float
    day_frac: float
    windiest_day: int
    windiest_h: float
    lasting_frac: float


@dataclass(frozen=True, slots=True)
class Climate:
    """What a synthetic year is drawn from.

    Attributes
    ----------
    name
        Keys its random numbers, so that two places have weather of their own.
    place, sky, air, wind
        Its parts.
    """

    name: str
    place: Place
    sky: Sky
    air: Air
    wind: WindClimate


def reference_sun_frac() -> NDArray[np.float64]:
    r"""Output of a megawatt of panels in a year without weather, the same in every tool that uses the formula.

    Returns
    -------
    array, shape (8760,)
        Power for each megawatt of panels. [MW/MWdc]

    Notes
    -----
    .. math::
        0.8 \max(0, \sin(\pi (h \bmod 24 - 6) / 12)) (0.85 + 0.15 \cos(2\pi (\lfloor h / 24 \rfloor - 172) / 365))

    Examples
    --------
    >>> round(float(reference_sun_frac().sum()), 5), round(float(reference_sun_frac().max()), 12)
    (1885.26617, 0.8)
    """
    hour = np.arange(YEAR_H)
    day = np.maximum(0.0, np.sin(np.pi * (hour % 24 - 6) / 12.0))
    return 0.8 * day * (0.85 + 0.15 * np.cos(2.0 * np.pi * (hour // 24 - 172) / 365.0))


def synthetic_weather(climate: Climate, seed: int, n_year: int = 1) -> Weather:
    r"""Draw weather years, laid end to end.

    Parameters
    ----------
    climate
        What they are drawn from.
    seed
        Seed of the run; the same seed, name and number of a year give the same year.
    n_year
        How many.

    Returns
    -------
    Weather
        Hour by hour, from 1 January.

    Notes
    -----
    Four standard normal series :math:`z_t = \rho z_{t-1} + \sqrt{1 - \rho^2} e_t` stand for cloud, temperature, dew
    point and wind. Sun on the level is the clear sky of Haurwitz times :math:`\exp(-k \max(0, z - z_0))`, split into
    beam and sky by Erbs; cloud also flattens the day of the temperature. Wind is Weibull with the mean of its season
    and hour. The four do not depend on each other otherwise.

    References
    ----------
    .. [1] B. Haurwitz, "Insolation in relation to cloudiness and cloud density", J. Meteorol. 2, 1945.
    .. [2] D. Erbs, S. Klein, J. Duffie, "Estimation of the diffuse radiation fraction for hourly, daily and
       monthly-average global radiation", Solar Energy 28(4), 1982.
    """
    place, air = climate.place, climate.air
    hour = np.arange(n_year * YEAR_H)
    day, of_day = hour // 24 % 365, np.asarray(hour % 24 + 0.5, dtype=np.float64)
    clear = _clearness(climate.sky, _lasting(climate, "sky", climate.sky.lasting_frac, seed, n_year))
    sun = _Sun.at(place, n_year)
    ghi, dni, dhi = sun.split(clear)
    warm = _lasting(climate, "air", air.lasting_frac, seed, n_year)
    damp = _lasting(climate, "dew", air.lasting_frac, seed, n_year)
    season = np.cos(2.0 * np.pi * (day - air.hottest_day) / 365.0)
    through_day = np.cos(2.0 * np.pi * (of_day - air.hottest_h) / 24.0) * (0.4 + 0.6 * clear)
    dry_bulb = air.mean_c + air.season_c * season + air.day_c * through_day + air.noise_c * warm
    dew = np.minimum(air.dew_mean_c + air.dew_season_c * season + air.dew_noise_c * damp, dry_bulb)
    blow = _lasting(climate, "wind", climate.wind.lasting_frac, seed, n_year)
    return Weather(
        f"synthetic {climate.name}, seed {seed}",
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        elevation_m=place.elevation_m,
        utc_offset_h=place.utc_offset_h,
        year=None,
        dry_bulb_c=dry_bulb,
        humidity_frac=vapour_hpa(dew) / vapour_hpa(dry_bulb),
        ghi_w_per_m2=ghi,
        dni_w_per_m2=dni,
        dhi_w_per_m2=dhi,
        wind_m_per_s={climate.wind.height_m: _speed(climate.wind, blow, day, of_day)},
        notes=("weather drawn from a climate, neither a forecast nor a record",),
    )


def synthetic_solar_output(weather: Weather, panels: Panels) -> SolarOutput:
    """Power of panels that follow the sun about a level north-south axis, without pvlib.

    Parameters
    ----------
    weather
        From :func:`synthetic_weather`.
    panels
        What they are.

    Notes
    -----
    The axis turns as far as the sun goes and rows throw no shade, so mornings and evenings come out a little high.
    """
    assert weather.dni_w_per_m2 is not None
    assert weather.dhi_w_per_m2 is not None
    assert weather.ghi_w_per_m2 is not None
    place = Place(weather.latitude_deg, weather.longitude_deg, weather.elevation_m, weather.utc_offset_h)
    sun = _Sun.at(place, weather.n_hour // YEAR_H)
    incidence = np.hypot(sun.up, sun.east)
    level = np.divide(sun.up, incidence, out=np.ones_like(incidence), where=sun.up > 0.0)
    sky = weather.dhi_w_per_m2 * (1.0 + level) / 2.0
    ground = weather.ghi_w_per_m2 * panels.albedo_frac * (1.0 - level) / 2.0
    return power_of_plane(weather.dni_w_per_m2 * incidence + sky + ground, weather, panels)


@dataclass(frozen=True, slots=True, eq=False)
class _Sun:
    """Where the sun stands at the middle of each hour, as a unit vector, and its strength outside the air."""

    up: NDArray[np.float64]
    east: NDArray[np.float64]
    outside_w_per_m2: NDArray[np.float64]

    @classmethod
    def at(cls, place: Place, n_year: int) -> _Sun:
        """Declination and equation of time by the series of Spencer (1971), with the year's turn read in UTC."""
        hour = np.arange(YEAR_H)
        turn = 2.0 * np.pi * (hour + 0.5 - place.utc_offset_h) / YEAR_H
        declination = (
            0.006918
            - 0.399912 * np.cos(turn)
            + 0.070257 * np.sin(turn)
            - 0.006758 * np.cos(2.0 * turn)
            + 0.000907 * np.sin(2.0 * turn)
            - 0.002697 * np.cos(3.0 * turn)
            + 0.00148 * np.sin(3.0 * turn)
        )
        ahead_h = (
            (0.0075 + 0.1868 * np.cos(turn) - 3.2077 * np.sin(turn))
            - (1.4615 * np.cos(2.0 * turn) + 4.0849 * np.sin(2.0 * turn))
        ) * (229.18 / 60.0 / 100.0)
        solar_h = hour % 24 + 0.5 + place.longitude_deg / 15.0 - place.utc_offset_h + ahead_h
        angle = np.pi * (solar_h - 12.0) / 12.0
        latitude = np.radians(place.latitude_deg)
        up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(angle)
        east = -np.cos(declination) * np.sin(angle)
        outside = SOLAR_CONSTANT_W_PER_M2 * (1.0 + 0.033 * np.cos(turn))
        return cls(*(np.tile(values, n_year) for values in (up, east, outside)))

    def split(self, clear_frac: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Sun on the level, straight and from the sky, for shares of the clear sky."""
        high = self.up > MIN_TILT_COS
        cosine = np.where(high, self.up, 1.0)
        ghi = np.where(high, 1_098.0 * cosine * np.exp(-0.059 / cosine) * clear_frac, 0.0)
        index = ghi / (self.outside_w_per_m2 * cosine)
        middle = 0.9511 - 0.1604 * index + 4.388 * index**2 - 16.638 * index**3 + 12.336 * index**4
        diffuse = np.where(index <= 0.22, 1.0 - 0.09 * index, np.where(index <= 0.8, middle, 0.165))
        dhi = ghi * diffuse
        return ghi, (ghi - dhi) / cosine, dhi


def _lasting(climate: Climate, what: str, lasting_frac: float, seed: int, n_year: int) -> NDArray[np.float64]:
    """Standard normal hours, each correlated with the one before; every year is a chunk of its own."""
    fresh = (1.0 - lasting_frac**2) ** 0.5
    years = []
    for year in range(n_year):
        shocks = normals(seed, f"synthetic.{climate.name}.{what}", range(year, year + 1), _ROWS).ravel()[:YEAR_H]
        shocks[1:] *= fresh
        years.append(list(accumulate(shocks.tolist(), lambda last, shock: lasting_frac * last + shock)))
    return np.array(years).ravel()


def _clearness(sky: Sky, cloud: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtri

    return np.exp(-sky.thickness_index * np.maximum(0.0, cloud - ndtri(sky.clear_frac)))


def _speed(
    wind: WindClimate, blow: NDArray[np.float64], day: NDArray[np.int64], of_day: NDArray[np.float64]
) -> NDArray[np.float64]:
    from scipy.special import gamma, log_ndtr

    season = 1.0 + wind.season_frac * np.cos(2.0 * np.pi * (day - wind.windiest_day) / 365.0)
    through_day = 1.0 + wind.day_frac * np.cos(2.0 * np.pi * (of_day - wind.windiest_h) / 24.0)
    scale = wind.mean_m_per_s * season * through_day / gamma(1.0 + 1.0 / wind.shape_index)
    return scale * (-log_ndtr(-blow)) ** (1.0 / wind.shape_index)
