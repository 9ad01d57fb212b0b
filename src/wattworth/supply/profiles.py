"""Hourly profiles from a file or an array: read, checked, and set on one clock.

A year is 8,760 hours; 29 February is left out and said so. Several years lie end to end. Every fault of a file is
found and reported together, each with row, what was found and how to put it right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError, Fault
from wattworth.study.raw import did_you_mean, shown
from wattworth.supply.calendar import MONTH_DAYS
from wattworth.supply.hour_table import HourTable, numbers, raise_faults, read_hour_table, some
from wattworth.supply.system import YEAR_H

LEAP_YEAR_H: Final = YEAR_H + 24
TIME_COLUMNS: Final = (
    *("timestamp", "time", "datetime", "hour_start", "hour_local", "hour_local_naive"),
    *("timestamp_utc", "hour_utc", "hour_start_utc"),
)
"""Names under which a column of times is looked for; one that ends in ``_utc`` needs no stated offset."""

_CLOCKS = "a clock with daylight saving does this; give UTC, such as 2021-01-01T06:00Z, or standard time all year"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of hourly number.

    Attributes
    ----------
    name
        Its name, and that of its column.
    unit
        In words of a message.
    columns
        Other names of its column.
    least, most
        What no sound hour lies outside, in its unit.
    """

    name: str
    unit: str
    columns: tuple[str, ...]
    least: float
    most: float


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("load_mw", "MW", (), 0.0, 1e6),
        Kind("price_usd_per_mwh", "$/MWh", ("usd_per_mwh",), -5_000.0, 20_000.0),
        Kind("irradiance_w_per_m2", "W/m²", ("ghi_w_per_m2",), 0.0, 1_600.0),
        Kind("available_frac", "MW per MW installed", (), 0.0, 1.0),
        Kind("dry_bulb_c", "°C", ("temp_c", "temperature_c"), -90.0, 60.0),
        Kind("humidity_frac", "relative humidity, 0 to 1", ("relative_humidity_frac",), 0.0, 1.0),
        Kind("wind_m_per_s", "m/s", (), 0.0, 100.0),
    )
}
"""What a profile may hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Whole years of hours, checked.

    Attributes
    ----------
    kind
        What it holds, in which unit.
    values
        Array, shape (hour,): 8,760 for each year, in the unit of its kind.
    file
        Where it came from.
    start_h
        Hour of the year of the first value, on its own clock. [h]
    utc_offset_h
        Clock of its hours, ahead of UTC; None where nothing says. [h]
    first_year
        Calendar year of the first value, or None.
    notes
        What was left out or assumed.
    """

    kind: Kind
    values: NDArray[np.float64]
    file: str
    start_h: int = 0
    utc_offset_h: float | None = None
    first_year: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_year(self) -> int:
        """Number of years."""
        return len(self.values) // YEAR_H


def read_profile(
    path: Path | str,
    kind: str,
    *,
    column: str | None = None,
    size_mw: float | None = None,
    utc_offset_h: float | None = None,
) -> Profile:
    """Read one column of whole years of hours.

    Parameters
    ----------
    path
        CSV (also ``.gz``) with column names in row 1, a single column of numbers without a name, or Parquet.
    kind
        A name in :data:`KINDS`, such as ``load_mw``.
    column
        Name of the column; by default that of the kind.
    size_mw
        Size that a load goes with. The highest hour must lie between a twentieth of it and its double. [MW]
    utc_offset_h
        Clock of times written without one, ahead of UTC, the same all year; times that carry an offset are brought
        to it, and to UTC without it. [h]

    Returns
    -------
    Profile
        Starting where the file starts; see :func:`on_clock`.

    Raises
    ------
    DataError
        With every fault: rows, times, numbers, units, columns.
    ValueError
        If the kind is unknown.
    """
    sort = _kind(kind)
    file = Path(path).name
    faults: list[Fault] = []
    table = read_hour_table(Path(path), faults)
    if table is None:
        raise DataError("\n".join(map(str, faults)))
    name = _value_column(table, sort, column, faults)
    stamped = next((heading for heading in table.columns if heading.lower() in TIME_COLUMNS), None)
    if name is None:
        raise DataError("\n".join(map(str, faults)))
    values = numbers(table, name, sort.unit, faults)
    check_numbers(values, sort, table, name, faults, size_mw)
    clock = _Clock(values, utc_offset_h, file)
    made = clock.by_times(table, stamped, faults) if stamped is not None else clock.by_count(faults)
    raise_faults(faults)
    return replace(made, kind=sort)


def profile_of(values: ArrayLike, kind: str, name: str, size_mw: float | None = None) -> Profile:
    """Check whole years of hours that are in memory.

    Parameters
    ----------
    values
        Shape (hour,), in the unit of the kind; nan is a fault.
    kind
        A name in :data:`KINDS`.
    name
        What messages call it.
    size_mw
        Size that a load goes with. [MW]

    Raises
    ------
    DataError
        With every fault.
    """
    sort = _kind(kind)
    array = np.array(values, dtype=np.float64)
    table = HourTable(name, {kind: array}, np.arange(len(array)), "hour")
    faults: list[Fault] = []
    checked = numbers(table, kind, sort.unit, faults)
    check_numbers(checked, sort, table, kind, faults, size_mw)
    made = _Clock(checked, None, name).by_count(faults)
    raise_faults(faults)
    return replace(made, kind=sort)


def on_clock(profile: Profile, utc_offset_h: float) -> Profile:
    """Lay a profile from hour 0 of the year on another clock.

    Parameters
    ----------
    profile
        Its clock must be known.
    utc_offset_h
        The clock wanted, ahead of UTC; whole hours from the profile's own. [h]

    Returns
    -------
    Profile
        Starting at hour 0; hours that stick out at one end stand at the other.

    Raises
    ------
    DataError
        If the clock of the profile is not known.
    """
    if profile.utc_offset_h is None:
        raise DataError(f"{profile.file}: nothing says on which clock its hours are; give utc_offset_h when reading it")
    ahead = utc_offset_h - profile.utc_offset_h
    if ahead != round(ahead):
        raise DataError(f"{profile.file}: the clock wanted is {ahead:g} h ahead of its own, need whole hours")
    move = (profile.start_h + round(ahead)) % YEAR_H
    notes = profile.notes
    if move:
        back = move if move <= YEAR_H // 2 else YEAR_H - move
        ends = "last hours stand first" if move <= YEAR_H // 2 else "first hours stand last"
        notes = (*notes, f"{profile.file}: set on UTC{utc_offset_h:+g}; its {back:,} {ends}")
    values = np.roll(profile.values, move if move <= YEAR_H // 2 else move - YEAR_H)
    return replace(profile, values=values, start_h=0, utc_offset_h=utc_offset_h, notes=notes)


def check_numbers(
    values: NDArray[np.float64],
    kind: Kind,
    table: HourTable,
    column: str,
    faults: list[Fault],
    size_mw: float | None = None,
) -> None:
    """Add a fault for a wrong unit, or else for each hour outside what is sound; nan is passed over."""
    known = values[np.isfinite(values)]
    top = float(np.max(np.abs(known), initial=0.0))
    unit = _wrong_unit(top, kind, size_mw)
    if unit:
        faults.append(Fault(f'{table.file}, column "{column}"', unit))
    negative = np.flatnonzero(values < kind.least)
    fix = "; an instrument's offset at night is 0" if kind.name == "irradiance_w_per_m2" else ""
    need = f"need {kind.unit} of {kind.least:,g} or more{fix}"
    some(table, column, negative, faults, lambda k: f"got {values[k]:g}, {need}")
    above = np.flatnonzero(values > kind.most) if not unit else negative[:0]
    some(table, column, above, faults, lambda k: f"got {values[k]:g}, need {kind.unit} of {kind.most:,g} or less")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise ValueError(f"unknown kind {name!r}{did_you_mean(name, KINDS)}; known: {', '.join(KINDS)}")
    return KINDS[name]


def _wrong_unit(top: float, kind: Kind, size_mw: float | None) -> str:
    """What to say of a highest hour that only another unit explains, or nothing."""
    share = f"the highest hour is {top:g}, need a share of 1 or less"
    match kind.name:
        case "load_mw" if size_mw is not None:
            return _wrong_size(top, size_mw)
        case "irradiance_w_per_m2" if top == 0.0:
            return "no hour has any sun"
        case "irradiance_w_per_m2" if top < 5.0:
            return f"the highest hour is {top:g} W/m²; it is in kW/m² perhaps: multiply it by 1,000"
        case "available_frac" | "humidity_frac" if 1.5 < top <= 100.0:
            return f"{share}; it is in percent perhaps: divide it by 100"
        case "available_frac" if 100.0 < top <= 1_000.0:
            return f"{share}; it is in kW per MW perhaps: divide it by 1,000"
        case "price_usd_per_mwh" if 0.0 < top < 2.0:
            return f"no hour is above {top:g} $/MWh; it is in $/kWh perhaps: multiply it by 1,000"
        case _:
            return ""


def _wrong_size(top_mw: float, size_mw: float) -> str:
    said = f"the highest hour is {top_mw:,g} MW for a size of {size_mw:,g} MW"
    if _fits(top_mw, size_mw):
        return ""
    if _fits(top_mw / 1000.0, size_mw):
        return f"{said}; a thousandth would fit: it is in kW, divide it by 1,000"
    if _fits(top_mw * 1000.0, size_mw):
        return f"{said}; 1,000 times as much would fit: it is in GW, multiply it by 1,000"
    return f"{said}, need a twentieth to the double of it; correct the size or the file"


def _fits(top_mw: float, size_mw: float) -> bool:
    return size_mw / 20.0 <= top_mw <= 2.0 * size_mw


def _value_column(table: HourTable, kind: Kind, column: str | None, faults: list[Fault]) -> str | None:
    """Name of the column to read; None with a fault if there is none."""
    names = [name for name in table.columns if name.lower() not in TIME_COLUMNS]
    wanted = (column,) if column is not None else (kind.name, *kind.columns, "")
    found = next((name for name in wanted if name in names), None)
    if found is not None:
        return found
    near = did_you_mean(wanted[0], names)
    listed = ", ".join(map(shown, names[:12])) + (", …" if len(names) > 12 else "") if names else "none but times"
    fix = "" if column is not None else "; name it so, or say which column to read"
    faults.append(Fault(f"{table.file} row 1", f'no column "{wanted[0]}"{near}, got {listed}{fix}'))
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Clock:
    """Values to be set on a clock, by their times or by their number."""

    values: NDArray[np.float64]
    utc_offset_h: float | None
    file: str

    def by_count(self, faults: list[Fault]) -> Profile:
        """Without times: whole years, from the first hour of January."""
        n = len(self.values)
        notes: tuple[str, ...] = ()
        values = self.values
        if n == LEAP_YEAR_H:
            leap = slice(sum(MONTH_DAYS[:2]) * 24, sum(MONTH_DAYS[:2]) * 24 + 24)
            values = np.delete(values, leap)
            notes = (f"{self.file}: 29 February left out (24 hours)",)
        elif n % YEAR_H or not n:
            faults.append(Fault(self.file, _amount(n)))
        return Profile(KINDS["load_mw"], values, self.file, utc_offset_h=self.utc_offset_h, notes=notes)

    def by_times(self, table: HourTable, column: str, faults: list[Fault]) -> Profile:
        """By a column of times: hour after hour, 29 February left out."""
        blank = Profile(KINDS["load_mw"], self.values, self.file)
        stamps = _stamps(table, column, faults)
        if stamps is None:
            return blank
        aware = stamps[0].tzinfo is not None or column.lower().endswith("_utc")
        shift = dt.timedelta(hours=self.utc_offset_h or 0.0) if aware else dt.timedelta(0)
        local = [stamp.replace(tzinfo=None) + shift for stamp in _in_utc(stamps)]
        if not _steps(table, column, local, not aware, faults):
            return blank
        kept = np.array([(stamp.month, stamp.day) != (2, 29) for stamp in local])
        values = self.values[kept]
        left_out = len(local) - len(values)
        notes = (f"{self.file}: 29 February left out ({left_out:,} hours)",) if left_out else ()
        if len(values) % YEAR_H:
            span = f", from {local[0]:%Y-%m-%d %H:%M} to {local[-1]:%Y-%m-%d %H:%M}"
            faults.append(Fault(self.file, _amount(len(values), span, left_out)))
        first = next((stamp for stamp, keep in zip(local, kept, strict=True) if keep), local[0])
        start = dt.datetime(2001, first.month, min(first.day, 31 if first.month != 2 else 28), first.hour)
        offset = self.utc_offset_h if self.utc_offset_h is not None else (0.0 if aware else None)
        if offset is None:
            notes = (*notes, f"{self.file}: its times carry no offset, and none was given")
        start_h = int((start - dt.datetime(2001, 1, 1)).total_seconds()) // 3600
        return Profile(KINDS["load_mw"], values, self.file, start_h, offset, first.year, notes)


def _amount(n: int, span: str = "", left_out: int = 0) -> str:
    """What to say of a number of hours that is no whole number of years."""
    short, over = -n % YEAR_H, n % YEAR_H
    missing = n < YEAR_H or short <= over
    amount = short if missing else over
    count = "1 is" if amount == 1 else f"{amount:,} are"
    it = "it" if amount == 1 else "them"
    fix = f"{count} missing, add {it}" if missing else f"{count} too many, leave {it} out"
    beside = f" and {left_out} of 29 February" if left_out else ""
    hint = "" if span else " (a column of times would show where)"
    return f"holds {n:,} hours{beside}{span}, need 8,760 for each year: {fix}{hint}"


def _stamps(table: HourTable, column: str, faults: list[Fault]) -> list[dt.datetime] | None:
    """Times of all rows, or None with faults."""
    need = "need a time as YYYY-MM-DD HH:MM, the start of the hour"
    stamps: list[dt.datetime] = []
    bad: list[int] = []
    for k, cell in enumerate(table.columns[column]):
        try:
            stamp = cell if isinstance(cell, dt.datetime) else dt.datetime.fromisoformat(str(cell).strip())
            if not 1900 <= stamp.year <= 2200:
                raise ValueError(stamp)
            stamps.append(stamp)
        except ValueError:
            bad.append(k)
    some(table, column, bad, faults, lambda k: f"got {shown(table.columns[column][k])}, {need}")
    if not len(table.rows):
        faults.append(Fault(table.file, _amount(0)))
    if bad or not stamps:
        return None
    if len({stamp.tzinfo is None for stamp in stamps}) > 1:
        faults.append(Fault(f'{table.file}, column "{column}"', "some times have an offset, some none; give all one"))
        return None
    return stamps


def _in_utc(stamps: Sequence[dt.datetime]) -> list[dt.datetime]:
    """Times with an offset in UTC, others as they are."""
    return [stamp if stamp.tzinfo is None else stamp.astimezone(dt.UTC) for stamp in stamps]


def _steps(table: HourTable, column: str, stamps: Sequence[dt.datetime], local: bool, faults: list[Fault]) -> bool:
    """Whether every row is an hour after the one before; if not, faults."""
    minutes = np.array([np.datetime64(stamp, "m") for stamp in stamps]).astype(np.int64)
    steps = np.diff(minutes)
    usual = int(np.median(steps)) if len(steps) else 60
    if usual != 60:
        message = f"rows are {usual} minutes apart, need one for each hour"
        fix = "take the mean of each hour" if usual < 60 else "give every hour"
        faults.append(Fault(f'{table.file}, column "{column}"', f"{message}: {fix}"))
        return False
    wrong = np.flatnonzero(steps != 60)

    def say(k: int) -> str:
        before, stamp, step = f"{stamps[k - 1]:%Y-%m-%d %H:%M}", f"{stamps[k]:%Y-%m-%d %H:%M}", int(steps[k - 1])
        if step == 0:
            return f"{stamp} appears twice; {_CLOCKS if local else 'leave one out'}"
        if step < 0:
            return f"{stamp} comes after {before}; " + (_CLOCKS if local else "put the hours in order")
        if step % 60:
            return f"{stamp} follows {before}: {step} minutes, need an hour"
        missing = step // 60 - 1
        fix = _CLOCKS if local and missing == 1 else "add " + ("it" if missing == 1 else "them")
        return (
            f"{stamp} follows {before}: "
            + (f"{missing:,} hours are" if missing > 1 else "1 hour is")
            + f" missing; {fix}"
        )

    some(table, column, wrong + 1, faults, say)
    return not len(wrong)
