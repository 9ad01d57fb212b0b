"""Weather of whole years from the files that others publish: EPW, NSRDB (PSM) and WIND Toolkit.

The files are plain columns, so they are read here row by row, and a fault can name its row; pvlib, which turns sun
into power, is needed only in :mod:`wattworth.supply.photovoltaic`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError, Fault
from wattworth.study.raw import did_you_mean, shown
from wattworth.supply.calendar import MONTH_DAYS
from wattworth.supply.hour_table import MOST_FAULTS, HourTable, numbers, raise_faults, read_lines, some, table_of_rows
from wattworth.supply.profiles import KINDS, Kind, check_numbers
from wattworth.supply.system import YEAR_H

GRAVITY_PER_GAS_K_PER_M: Final = 9.80665 / 287.05
"""Gravity over the gas constant of dry air: what a metre of height takes off the logarithm of pressure. [K/m]"""

NEARBY_DEG: Final = 0.5
"""Most that two files of one place may lie apart, in latitude and in longitude."""

Wind = dict[float | None, NDArray[np.float64]]
"""Height above ground, or None where the file does not say, to speed."""

_PRESSURE = Kind("pressure_pa", "Pa", (), 30_000.0, 112_000.0)
_PERCENT = Kind("humidity_percent", "% relative humidity", (), 0.0, 112.0)
_IRRADIANCE, _DRY_BULB, _WIND = KINDS["irradiance_w_per_m2"], KINDS["dry_bulb_c"], KINDS["wind_m_per_s"]
_DIFFUSE = Kind("diffuse_w_per_m2", "W/m²", (), 0.0, 1_600.0)


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """Whole years at one place; every array starts on 1 January at 0:00 of one clock without daylight saving.

    Attributes
    ----------
    source
        Kind of file, and its name.
    latitude_deg, longitude_deg
        Place, north and east positive. [deg]
    elevation_m
        Above the sea; nan where the file does not say. [m]
    utc_offset_h
        The clock, ahead of UTC. [h]
    year
        Calendar year, or None where months come from several.
    dry_bulb_c
        Array, shape (hour,): air temperature. [°C]
    humidity_frac
        Array, shape (hour,), or None: relative humidity.
    pressure_pa
        Array, shape (hour,), or None: at the ground. [Pa]
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2
        Arrays, shape (hour,), or None: sun on the level, straight from the sun, and from the sky. [W/m²]
    wind_m_per_s
        Height above ground to array, shape (hour,); None for a height that the file does not say. [m], [m/s]
    notes
        What was left out, worked out or assumed.
    """

    source: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_h: float
    year: int | None
    dry_bulb_c: NDArray[np.float64]
    humidity_frac: NDArray[np.float64] | None = None
    pressure_pa: NDArray[np.float64] | None = None
    ghi_w_per_m2: NDArray[np.float64] | None = None
    dni_w_per_m2: NDArray[np.float64] | None = None
    dhi_w_per_m2: NDArray[np.float64] | None = None
    wind_m_per_s: Mapping[float | None, NDArray[np.float64]] | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_hour(self) -> int:
        """Number of hours."""
        return len(self.dry_bulb_c)


def read_weather(path: Path | str, wind_height_m: float | None = None) -> Weather:
    """Read an EPW, NSRDB (PSM) or WIND Toolkit file, packed with gzip or not, as its first row says.

    Parameters
    ----------
    path
        The file.
    wind_height_m
        Height of the wind in an NSRDB file, which does not say; left out, its wind cools panels but drives no
        turbine. [m]

    Returns
    -------
    Weather
        On the clock of the file.

    Raises
    ------
    DataError
        With every fault: rows, hours, numbers, units, columns.

    Notes
    -----
    The hour h of a day runs from h to h + 1. EPW writes sums of the hour before its stamp, so its hour 1 is hour 0
    here. A 29 February is left out and said so. Humidity that a file does not hold is worked out from its dew point
    by the Magnus formula.
    """
    file = Path(path).name
    faults: list[Fault] = []
    rows = read_lines(Path(path), faults)
    raise_faults(faults)
    first = rows[0][0].strip() if rows and rows[0] else ""
    if rows is None or first not in _READERS:
        known = "LOCATION (EPW), Source (NSRDB PSM) or SiteID (WIND Toolkit)"
        message = f"the file starts with {shown(first)}, need {known}; read plain columns with read_profile"
        raise DataError(f"{file} row 1: {message}")
    weather = _READERS[first](file, rows, wind_height_m, faults)
    raise_faults(faults)
    assert weather is not None
    return weather


def on_clock(weather: Weather, utc_offset_h: float) -> Weather:
    """Lay weather from hour 0 of the year on another clock; hours that stick out at one end stand at the other.

    Parameters
    ----------
    weather
        From :func:`read_weather`.
    utc_offset_h
        The clock wanted, ahead of UTC; whole hours from its own. [h]

    Raises
    ------
    DataError
        If the two differ by part of an hour.
    """
    ahead = utc_offset_h - weather.utc_offset_h
    if ahead != round(ahead):
        raise DataError(f"{weather.source}: the clock wanted is {ahead:g} h ahead of its own, need whole hours")
    if not ahead:
        return weather
    arrays = {name: getattr(weather, name) for name in _ARRAYS}
    moved = {name: None if values is None else np.roll(values, round(ahead)) for name, values in arrays.items()}
    wind = {height: np.roll(speed, round(ahead)) for height, speed in (weather.wind_m_per_s or {}).items()}
    ends = "last hours stand first" if ahead > 0 else "first hours stand last"
    note = f"{weather.source}: set on UTC{utc_offset_h:+g}; its {abs(ahead):g} {ends}"
    return replace(weather, **moved, wind_m_per_s=wind or None, utc_offset_h=utc_offset_h, notes=(*weather.notes, note))


def with_wind(sun: Weather, wind: Weather) -> Weather:
    """Put the wind of one file beside the sun and air of another, on the clock of the sun.

    Parameters
    ----------
    sun
        Keeps all but its wind.
    wind
        Gives its wind, and humidity and pressure where the other has none.

    Raises
    ------
    DataError
        If places lie more than half a degree apart, or years or lengths differ.
    """
    for name, unit in (("latitude_deg", "latitude"), ("longitude_deg", "longitude")):
        apart = abs(getattr(sun, name) - getattr(wind, name))
        if apart > NEARBY_DEG:
            message = f"lie {apart:.2f} degrees of {unit} apart, need {NEARBY_DEG:g} or less"
            raise DataError(f"{sun.source} and {wind.source} {message}")
    if sun.year != wind.year or sun.n_hour != wind.n_hour:
        message = f"hold {sun.n_hour:,} hours of {sun.year} and {wind.n_hour:,} of {wind.year}, need the same"
        raise DataError(f"{sun.source} and {wind.source} {message}: sun and wind of different years do not go together")
    moved = on_clock(wind, sun.utc_offset_h)
    return replace(
        sun,
        source=f"{sun.source}, wind of {wind.source}",
        wind_m_per_s=moved.wind_m_per_s,
        humidity_frac=moved.humidity_frac if sun.humidity_frac is None else sun.humidity_frac,
        pressure_pa=moved.pressure_pa if sun.pressure_pa is None else sun.pressure_pa,
        notes=(*sun.notes, *moved.notes),
    )


def vapour_hpa(dry_bulb_c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pressure of saturated vapour over water by the Magnus formula. [hPa]

    Parameters
    ----------
    dry_bulb_c
        Temperature, -45 to 60 °C. [°C]

    References
    ----------
    .. [1] WMO, Guide to Instruments and Methods of Observation (WMO-No. 8), 2018, annex 4.B.
    """
    return 6.112 * np.exp(17.62 * dry_bulb_c / (243.12 + dry_bulb_c))


class _Column(NamedTuple):
    """A column of a file, what it holds, and the number that stands for missing."""

    name: str
    kind: Kind
    missing: float | None = None
    factor: float = 1.0


_ARRAYS = ("dry_bulb_c", "humidity_frac", "pressure_pa", "ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")
_EPW_NAMES = (
    *("year", "month", "day", "hour", "minute", "flags", "dry bulb", "dew point", "relative humidity", "pressure"),
    *("extraterrestrial", "extraterrestrial normal", "infrared", "global", "direct", "diffuse"),
    *("illuminance", "direct illuminance", "diffuse illuminance", "luminance", "wind direction", "wind speed"),
)
_EPW = {
    "dry_bulb_c": _Column("dry bulb", _DRY_BULB, 99.9),
    "humidity_frac": _Column("relative humidity", _PERCENT, 999.0, 0.01),
    "pressure_pa": _Column("pressure", _PRESSURE, 999_999.0),
    "ghi_w_per_m2": _Column("global", _IRRADIANCE, 9999.0),
    "dni_w_per_m2": _Column("direct", _IRRADIANCE, 9999.0),
    "dhi_w_per_m2": _Column("diffuse", _DIFFUSE, 9999.0),
    "wind": _Column("wind speed", _WIND, 999.0),
}
_PSM = {
    "dry_bulb_c": _Column("Temperature", _DRY_BULB),
    "humidity_frac": _Column("Relative Humidity", _PERCENT, None, 0.01),
    "dew_point": _Column("Dew Point", _DRY_BULB),
    "pressure_pa": _Column("Pressure", replace(_PRESSURE, unit="mbar", least=300.0, most=1_120.0), None, 100.0),
    "ghi_w_per_m2": _Column("GHI", _IRRADIANCE),
    "dni_w_per_m2": _Column("DNI", _IRRADIANCE),
    "dhi_w_per_m2": _Column("DHI", _DIFFUSE),
    "wind": _Column("Wind Speed", _WIND),
}
_PSM_NEEDED = ("dry_bulb_c", "ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")
_PSM_UNITS = {"GHI": "w/m2", "DNI": "w/m2", "DHI": "w/m2", "Temperature": "c", "Pressure": "mbar", "Wind Speed": "m/s"}
_WTK_COLUMN = re.compile(r"(wind speed|air temperature|relative humidity|air pressure) at (\d+)m \((.+)\)")
_SURFACE_PRESSURE = "surface air pressure (Pa)"


def _read_epw(file: str, rows: list[list[str]], _: float | None, faults: list[Fault]) -> Weather | None:
    place = rows[0]
    body = [(k, row) for k, row in enumerate(rows[8:], start=9) if any(cell.strip() for cell in row)]
    short = next(((k, row) for k, row in body if len(row) < len(_EPW_NAMES)), None)
    if short is not None or not body:
        k, row = short or (9, [])
        faults.append(Fault(f"{file} row {k:,}", f"{len(row)} cells, need 35; the first 8 rows of EPW are its head"))
        return None
    columns = {name: [row[k] for _, row in body] for k, name in enumerate(_EPW_NAMES)}
    table = HourTable(file, columns, np.array([k for k, _ in body]))
    years = {row[0].strip() for _, row in body}
    head = _numbers_of_head(file, {k: place[k] if k < len(place) else "" for k in (6, 7, 8, 9)}, faults)
    return _weather(f"EPW {file}", table, _EPW, head, years, 1, {"wind": 10.0}, faults)


def _read_psm(file: str, rows: list[list[str]], wind_m: float | None, faults: list[Fault]) -> Weather | None:
    about = dict(zip(rows[0], rows[1] if len(rows) > 1 else [], strict=False))
    for name, unit in _PSM_UNITS.items():
        got = about.get(f"{name} Units")
        if got is not None and got.strip().lower() not in (unit, "mb" if unit == "mbar" else unit):
            faults.append(Fault(f"{file} row 2", f"{name} is in {shown(got)}, need {unit}"))
    table = table_of_rows(file, rows, 2, faults)
    names = ("Latitude", "Longitude", "Time Zone", "Elevation")
    head = _numbers_of_head(file, {name: about.get(name, "") for name in names}, faults)
    if table is None or not _has(table, ("Year", "Month", "Day", "Hour"), 3, faults):
        return None
    if not _has(table, [_PSM[name].name for name in _PSM_NEEDED], 3, faults):
        return None
    wanted = {name: column for name, column in _PSM.items() if column.name in table.columns}
    if "humidity_frac" in wanted:
        wanted.pop("dew_point", None)
    years = set(map(str, table.columns["Year"]))
    return _weather(f"NSRDB {file}", table, wanted, head, years, 0, {"wind": wind_m}, faults)


def _read_wtk(file: str, rows: list[list[str]], _: float | None, faults: list[Fault]) -> Weather | None:
    cells = [cell.strip() for cell in rows[0]]
    about = dict(zip(cells[::2], cells[1::2], strict=False))
    table = table_of_rows(file, rows, 1, faults)
    names = ("Latitude", "Longitude", "Data Timezone")
    head = (*_numbers_of_head(file, {name: about.get(name, "") for name in names}, faults), np.nan)
    if table is None or not _has(table, ("Year", "Month", "Day", "Hour"), 2, faults):
        return None
    by_height: dict[str, dict[float, str]] = {}
    for name in table.columns:
        if match := _WTK_COLUMN.fullmatch(name):
            by_height.setdefault(match[1], {})[float(match[2])] = name
    for what in ("air temperature", "wind speed"):
        if what not in by_height:
            faults.append(Fault(f"{file} row 2", f'no column "{what} at …m", got {", ".join(table.columns)[:80]}'))
            return None
    lowest = {what: min(heights.items()) for what, heights in by_height.items()}
    wanted = {"dry_bulb_c": _Column(lowest["air temperature"][1], _DRY_BULB)}
    if "relative humidity" in lowest:
        wanted["humidity_frac"] = _Column(lowest["relative humidity"][1], _PERCENT, None, 0.01)
    lift_m = 0.0
    if _SURFACE_PRESSURE in table.columns:
        wanted["pressure_pa"] = _Column(_SURFACE_PRESSURE, _PRESSURE)
    elif "air pressure" in lowest:
        lift_m, name = lowest["air pressure"]
        wanted["pressure_pa"] = _Column(name, _PRESSURE)
    winds = {f"wind {height:g}": height for height in sorted(by_height["wind speed"])}
    wanted |= {key: _Column(by_height["wind speed"][height], _WIND) for key, height in winds.items()}
    years = set(map(str, table.columns["Year"]))
    weather = _weather(f"WIND Toolkit {file}", table, wanted, head, years, 0, winds, faults)
    if weather is None or weather.pressure_pa is None or not lift_m:
        return weather
    down = np.exp(GRAVITY_PER_GAS_K_PER_M * lift_m / (weather.dry_bulb_c + 273.15))
    note = f"{file}: pressure at {lift_m:g} m brought to the ground"
    return replace(weather, pressure_pa=weather.pressure_pa * down, notes=(*weather.notes, note))


_READERS = {"LOCATION": _read_epw, "Source": _read_psm, "SiteID": _read_wtk}


def _weather(  # noqa: PLR0913 - one call of three readers
    source: str,
    table: HourTable,
    wanted: Mapping[str, _Column],
    head: Sequence[float],
    years: set[str],
    first_hour: int,
    winds: Mapping[str, float | None],
    faults: list[Fault],
) -> Weather | None:
    """The columns, checked, less any 29 February; None with faults."""
    kept = _hours(table, first_hour, faults)
    found: dict[str, NDArray[np.float64]] = {}
    for key, column in wanted.items():
        values = numbers(table, column.name, column.kind.unit, faults)
        if column.missing is not None:
            gone = np.flatnonzero(values == column.missing)
            message = f"got {column.missing:g}, which stands for missing; fill it, no hour is guessed"
            some(table, column.name, gone, faults, lambda _k, message=message: message)
            values[gone] = np.nan
        check_numbers(values, column.kind, table, column.name, faults)
        found[key] = values[kept] * column.factor
    odd = sorted(year for year in years if not re.fullmatch(r"\s*[12]\d{3}\s*", year))
    faults += [Fault(table.file, f"got {shown(year)} for a year, need four digits") for year in odd[:MOST_FAULTS]]
    if faults:
        return None
    notes = () if kept.all() else (f"{table.file}: 29 February left out ({int((~kept).sum())} hours)",)
    wind = {height: found.pop(key) for key, height in winds.items() if key in found}
    dew_point = found.pop("dew_point", None)
    if dew_point is not None:
        found["humidity_frac"] = vapour_hpa(dew_point) / vapour_hpa(found["dry_bulb_c"])
        notes = (*notes, f"{table.file}: humidity worked out from the dew point")
    if "humidity_frac" in found:
        found["humidity_frac"] = np.clip(found["humidity_frac"], 0.0, 1.0)
    if len(years) > 1:
        notes = (*notes, f"{table.file}: hours of {len(years)} calendar years")
    return Weather(
        source,
        latitude_deg=head[0],
        longitude_deg=head[1],
        utc_offset_h=head[2],
        elevation_m=head[3],
        year=int(min(years)) if len(years) == 1 else None,
        wind_m_per_s=wind or None,
        notes=notes,
        **found,
    )


def _hours(table: HourTable, first_hour: int, faults: list[Fault]) -> NDArray[np.bool_]:
    """Which rows are kept: all but 29 February; faults where an hour does not follow the one before."""
    names = ("month", "day", "hour") if "month" in table.columns else ("Month", "Day", "Hour")
    before = len(faults)
    month, day, hour = (numbers(table, name, f"the {name.lower()}", faults) for name in names)
    if len(faults) > before:
        return np.ones(len(month), dtype=np.bool_)
    kept = ~((month == 2) & (day == 29))
    starts = np.cumsum((0, *MONTH_DAYS))
    of_year = (starts[np.clip(month, 1, 12).astype(int) - 1] + day - 1) * 24 + hour - first_hour
    rows, place = np.flatnonzero(kept), of_year[kept]
    n = len(place)
    if n % YEAR_H or not n:
        count = f"holds {n:,} hours" + ("" if kept.all() else f" and {int((~kept).sum())} of 29 February")
        faults.append(Fault(table.file, f"{count}, need 8,760 for each year"))
    expected = np.append(0.0, (place[:-1] + 1) % YEAR_H)
    wrong = np.flatnonzero(place != expected)

    def label(value: float) -> str:
        at = int(value) % YEAR_H
        of = int(np.searchsorted(starts, at // 24, side="right"))
        return f"month {of}, day {at // 24 - starts[of - 1] + 1}, hour {at % 24 + first_hour}"

    def say(k: int) -> str:
        at = int(np.searchsorted(rows, k))
        got = f"month {month[k]:g}, day {day[k]:g}, hour {hour[k]:g}"
        fix = "an hour is missing, doubled or out of order; every hour of standard time stands once, in order"
        return f"got {got}, need {label(expected[at])}; {fix}"

    some(table, names[2], rows[wrong], faults, say)
    return kept


def _numbers_of_head(file: str, cells: Mapping[int | str, str], faults: list[Fault]) -> list[float]:
    """Latitude, longitude, clock and, where asked for, elevation from the head of a file."""
    out: list[float] = []
    for name, cell in cells.items():
        try:
            out.append(float(cell))
        except ValueError:
            what = f"cell {name + 1}" if isinstance(name, int) else name
            faults.append(Fault(f"{file} row 1", f"got {shown(cell)} for {what} of the place, need a number"))
            out.append(np.nan)
    return out


def _has(table: HourTable, names: Sequence[str], row: int, faults: list[Fault]) -> bool:
    """Whether the file has these columns; a fault for each that it lacks."""
    lacking = [name for name in names if name not in table.columns]
    names = list(table.columns)
    faults += [Fault(f"{table.file} row {row}", f'no column "{name}"{did_you_mean(name, names)}') for name in lacking]
    return not lacking
