"""A study's own market prices: monthly or hourly CSV files beside `study.yaml`, checked row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import PurePath
from typing import Annotated, Final, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from wattworth import facts
from wattworth.errors import Fault
from wattworth.records import Calendar, HourlySeries, MarketSeries, MonthlySeries
from wattworth.records.axes import month_number
from wattworth.study.checking import check_record
from wattworth.study.csv_reader import read_csv
from wattworth.study.fields import Month, Text
from wattworth.study.raw import Entry, Record, did_you_mean, plain_text, shown
from wattworth.units import MONTHS_PER_YEAR

HOURS_PREFIX: Final = "power_hours_"
POWER_PREFIX: Final = "power_"


class _Limits(NamedTuple):
    """Unit of a market and what no sound price of it lies outside."""

    unit: str
    least: float
    most: float


MARKETS: Final[Mapping[str, _Limits]] = {
    "btc_usd": _Limits("$/BTC", 1_000.0, 100_000_000.0),
    "hashprice": _Limits("$/PH/day", 0.5, 2_000.0),
    "rent": _Limits("$/kW-month", 10.0, 5_000.0),
    "gas": _Limits("$/MMBtu", 0.2, 150.0),
    "gpu_hour": _Limits("$/GPU-h", 0.001, 50.0),
}
"""Markets with monthly files; those of power come by region."""

_POWER: Final = _Limits("$/MWh", 1.0, 2_000.0)
_HOUR: Final = _Limits("$/MWh", -5_000.0, 20_000.0)
_MOST_FAULTS: Final = 8
_HOUR_STEP: Final = dt.timedelta(hours=1)
_CONFIG: Final = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)
_STAMP_NEED: Final = "a time as YYYY-MM-DD HH:MM, the start of the hour, in UTC or standard time"


class MarketFile(BaseModel):
    """One entry of `market_files`; a file name alone is short for `{file: NAME}`."""

    model_config = _CONFIG

    file: Text
    """CSV file inside the study's folder."""
    measure: Literal["expected", "forward"] = "expected"
    """`expected`: what you expect, less the price of risk where it is valued; `forward`: prices you can trade at."""


class MonthRow(BaseModel):
    """A row of a monthly file."""

    model_config = _CONFIG

    month: Month
    """Month, each once, in order and without a gap."""
    value: float
    """Mean price of the month, in the unit of the market and money of the day."""
    low: float | None = None
    """P10 of the month; in every row with `high`, or in none."""
    high: float | None = None
    """P90 of the month."""


class HourRow(BaseModel):
    """A row of an hourly file."""

    model_config = _CONFIG

    timestamp: Annotated[str, Field(json_schema_extra={"need": _STAMP_NEED})]
    """Start of the hour."""
    usd_per_mwh: Annotated[float, Field(json_schema_extra={"unit": "$/MWh"})]
    """Price of the hour; it may be negative."""


def read_market_files(entry: Entry, folder: Traversable, faults: list[Fault]) -> dict[str, MarketSeries]:
    """Every file that a study names under `market_files`.

    Parameters
    ----------
    entry
        The key as written, a mapping of market to file name or to the keys of :class:`MarketFile`.
    folder
        Folder of the study.
    faults
        Collects what is wrong, each with file, row and column.

    Returns
    -------
    dict
        Market to its series; those at fault are left out.
    """
    out: dict[str, MarketSeries] = {}
    for name, declared in entry.value.items() if isinstance(entry.value, dict) else ():
        where = f'{entry.where}, market "{name}"'
        fields = declared if isinstance(declared, dict) else {"file": declared}
        record = Record(where, "key", {str(key): Entry(value, where, where) for key, value in fields.items()})
        spec = check_record(MarketFile, record, faults)
        if spec is None or not _known(name, where, spec, faults):
            continue
        if PurePath(spec.file).is_absolute() or ".." in PurePath(spec.file).parts:
            faults.append(Fault(where, f"got {shown(spec.file)}, need a file inside the folder"))
            continue
        hourly = name.startswith(HOURS_PREFIX)
        columns = tuple((HourRow if hourly else MonthRow).model_fields)
        rows = read_csv(folder.joinpath(spec.file), spec.file, columns, faults)
        if rows is None:
            continue
        found: list[Fault] = []
        series = _hours(name, spec, rows, found) if hourly else _months(name, spec, rows, found)
        faults += found[:_MOST_FAULTS]
        if len(found) > _MOST_FAULTS:
            faults.append(Fault(spec.file, f"{len(found) - _MOST_FAULTS:,} more faults of this kind"))
        if series is not None and not found:
            out[name] = series
    return out


def check_months(series: Mapping[str, MarketSeries], as_of: str, faults: list[Fault]) -> None:
    """A monthly file has to hold the as-of month, from which its market starts."""
    for own in series.values():
        if not isinstance(own, MonthlySeries):
            continue
        last = Calendar(own.first_month, 1).label(len(own.values) - 1)
        if not own.first_month <= as_of <= last:
            message = f"runs from {own.first_month} to {last}, need the study's as-of month {as_of} in it; add its rows"
            faults.append(Fault(own.file, message))


def _known(name: str, where: str, spec: MarketFile, faults: list[Fault]) -> bool:
    if name in MARKETS:
        return True
    prefix = HOURS_PREFIX if name.startswith(HOURS_PREFIX) else POWER_PREFIX
    levels = [key for key in facts.load() if key.startswith(POWER_PREFIX) and key.endswith(".level")]
    regions = [key.removeprefix(POWER_PREFIX).removesuffix(".level") for key in levels]
    if name.startswith(prefix) and name.removeprefix(prefix) in regions:
        if prefix == HOURS_PREFIX and spec.measure == "forward":
            faults.append(Fault(where, "hours of the past are no forward curve; leave measure out"))
            return False
        return True
    names = [*MARKETS, *(f"{prefix}{region}" for region in regions)]
    listed = f"{', '.join(MARKETS)}, {POWER_PREFIX}REGION for months and {HOURS_PREFIX}REGION for hours"
    faults.append(Fault(where, f"unknown market {shown(name)}{did_you_mean(name, names)}; known: {listed}"))
    return False


def _months(name: str, spec: MarketFile, rows: Sequence[Record], faults: list[Fault]) -> MonthlySeries | None:
    checked = [check_record(MonthRow, row, faults) for row in rows]
    if not rows:
        faults.append(Fault(spec.file, "no rows, need one for each month from the as-of month on"))
    good = [(row, month) for row, month in zip(rows, checked, strict=True) if month is not None]
    limits = MARKETS.get(name, _POWER)
    for row, month in good:
        for column in ("value", "low", "high"):
            if (price := getattr(month, column)) is not None:
                _check_price(price, limits, row.entries[column].where, faults)
        _check_range(row, month, faults)
    for (_, before), (row, month) in pairwise(good):
        step = month_number(month.month) - month_number(before.month)
        if step != 1:
            faults.append(Fault(row.entries["month"].where, _step_message(before.month, month.month, step)))
    with_range = sum(month.low is not None for _, month in good)
    if 0 < with_range < len(good):
        message = f"{with_range} of {len(good)} months have a range; fill low and high in every row or in none"
        faults.append(Fault(spec.file, message))
    if faults:
        return None
    ranges = [(month.low, month.high) for _, month in good if month.low is not None and month.high is not None]
    return MonthlySeries(
        name=name,
        file=spec.file,
        first_month=good[0][1].month,
        values=tuple(month.value for _, month in good),
        low=tuple(low for low, _ in ranges) or None,
        high=tuple(high for _, high in ranges) or None,
        forward=spec.measure == "forward",
    )


def _step_message(before: str, month: str, step: int) -> str:
    if step == 0:
        return f"{month} appears twice; keep one row for each month"
    if step < 0:
        return f"{month} comes after {before}; put the months in order"
    missing = "1 month is missing" if step == 2 else f"{step - 1} months are missing"
    return f"{month} follows {before}: {missing}; add a row for each"


def _check_range(row: Record, month: MonthRow, faults: list[Fault]) -> None:
    if (month.low is None) != (month.high is None):
        column = "low" if month.low is None else "high"
        where = row.entries[column].where if column in row.entries else row.where
        faults.append(Fault(where, "low and high go together; fill both or neither"))
    elif month.low is not None and month.high is not None and not month.low <= month.value <= month.high:
        message = f"{month.value:g} lies outside low {month.low:g} to high {month.high:g}"
        faults.append(Fault(row.entries["value"].where, message))


def _check_price(price: float, limits: _Limits, where: str, faults: list[Fault]) -> None:
    if limits.least <= price <= limits.most:
        return
    need = f"got {price:g}, need {limits.unit} from {limits.least:,g} to {limits.most:,g}"
    hint = ""
    if limits.least <= price * 1000.0 <= limits.most:
        hint = f"; 1000 times as much, {price * 1000.0:g}, would fit: is it in another unit?"
    elif limits.least <= price / 1000.0 <= limits.most:
        hint = f"; a thousandth, {price / 1000.0:g}, would fit: is it in another unit?"
    faults.append(Fault(where, need + hint))


def _hours(name: str, spec: MarketFile, rows: Sequence[Record], faults: list[Fault]) -> HourlySeries | None:
    stamps: list[dt.datetime] = []
    prices: list[float] = []
    for row in rows:
        hour = check_record(HourRow, row, faults)
        stamp = _stamp(hour.timestamp, row, faults) if hour is not None else None
        if hour is None or stamp is None:
            continue
        _check_price(hour.usd_per_mwh, _HOUR, row.entries["usd_per_mwh"].where, faults)
        if stamps and (stamps[-1].tzinfo is None) != (stamp.tzinfo is None):
            faults.append(Fault(row.entries["timestamp"].where, "some times have an offset, some none; give all one"))
            return None
        if stamps and stamp - stamps[-1] != _HOUR_STEP:
            faults.append(Fault(row.entries["timestamp"].where, _gap_message(stamps[-1], stamp)))
        stamps.append(stamp)
        prices.append(hour.usd_per_mwh)
    if faults:
        return None
    if not _whole_years(stamps):
        span = f"{len(stamps):,} hours" + (f" from {stamps[0]} to {stamps[-1]}" if stamps else "")
        faults.append(Fault(spec.file, f"holds {span}, need whole years: 8,760 rows for one, 8,784 for a leap year"))
        return None
    return _shaped(name, spec.file, stamps, np.array(prices), faults)


def _stamp(text: str, row: Record, faults: list[Fault]) -> dt.datetime | None:
    where = row.entries["timestamp"].where
    try:
        stamp = dt.datetime.fromisoformat(plain_text(text))
    except ValueError:
        faults.append(Fault(where, f"got {shown(text)}, need {_STAMP_NEED}"))
        return None
    if stamp.minute or stamp.second or stamp.microsecond:
        faults.append(Fault(where, f"got {shown(text)}, need one row for each whole hour"))
        return None
    return stamp


def _gap_message(before: dt.datetime, stamp: dt.datetime) -> str:
    step = stamp - before
    clocks = "clocks that change do this: give UTC, standard time, or the offset of each hour"
    if step == dt.timedelta(0):
        return f"{stamp} appears twice; {clocks}"
    if step < dt.timedelta(0):
        return f"{stamp} comes after {before}; put the hours in order ({clocks})"
    missing = round(step / _HOUR_STEP) - 1
    if missing == 1:
        return f"{stamp} follows {before}: 1 hour is missing; {clocks}"
    return f"{stamp} follows {before}: {missing:,} hours are missing; add them"


def _whole_years(stamps: Sequence[dt.datetime]) -> bool:
    if not stamps:
        return False
    first, end = stamps[0], stamps[-1] + _HOUR_STEP
    if first.tzinfo is not None:
        first, end = first.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return end.year > first.year and (end.month, end.day, end.hour) == (first.month, first.day, first.hour)


def _shaped(
    name: str, file: str, stamps: Sequence[dt.datetime], prices: np.ndarray, faults: list[Fault]
) -> HourlySeries | None:
    """Level, months and duration curve; hours of the day before the first row's count to the month before."""
    first = stamps[0]
    shift = dt.timedelta(hours=first.hour)
    days = [stamp - shift for stamp in stamps]
    keys = [(day.year, day.month) for day in days]
    wrap = (days[-1].year, first.month) if days[-1].day < first.day and days[-1].month == first.month else None
    keys = [(first.year, first.month) if key == wrap else key for key in keys]
    labels, place = np.unique(np.array(keys), axis=0, return_inverse=True)
    hours = np.bincount(place)
    means = np.bincount(place, weights=prices) / hours
    for (year, month), mean in zip(labels, means, strict=True):
        where = f"{file}, month {year:04d}-{month:02d}"
        if mean <= 0.0:
            message = f"the mean is {mean:g} $/MWh; a month with a mean of nought or less gives no duration curve"
            faults.append(Fault(where, message))
        elif not _POWER.least <= mean <= _POWER.most:
            _check_price(float(mean), _POWER, where, faults)
    if faults:
        return None
    seasons = np.array([means[labels[:, 1] == month].mean() for month in range(1, MONTHS_PER_YEAR + 1)])
    ratio, count = np.unique(prices / means[place], return_counts=True)
    return HourlySeries(
        name=name,
        file=file,
        n_hour=len(stamps),
        level_usd_per_mwh=float(prices.mean()),
        season_ratio=tuple((seasons / seasons.mean()).tolist()),
        price_ratio=tuple(ratio.tolist()),
        hours_frac=tuple((count / count.sum()).tolist()),
    )
