"""The grid of a case: in which hours it gives how much, what energy costs by the clock, and its tariff."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import StudyError
from wattworth.supply.case_file import PowerFile
from wattworth.supply.case_schema import FourPeaksKeys, GridKeys, HoursKeys, TariffKeys
from wattworth.supply.profiles import read_profile
from wattworth.supply.system import YEAR_H, Hourly
from wattworth.supply.tariffs import (
    CoincidentPeak,
    DemandBlock,
    FourCoincidentPeaks,
    Metered,
    Ratchet,
    Tariff,
    four_peak_hours,
)
from wattworth.supply.time_of_use import Period, hours_within, time_of_use_usd_per_mwh


def grid_available(file: PowerFile, grid: GridKeys, notes: list[str]) -> Hourly:
    """Share of what is connected that the grid gives in each hour: one year of hours or more, or one number."""
    available: Hourly = 1.0
    if grid.available_file is not None:
        path = file.folder / grid.available_file
        profile = read_profile(path, "available_frac", column=grid.available_column)
        notes += profile.notes
        available = profile.values
    if not grid.interrupted:
        return available
    out = np.array(np.broadcast_to(available, YEAR_H) if np.ndim(available) == 0 else available, dtype=np.float64)
    for keys in grid.interrupted:
        own = _within(keys, grid, len(out))
        out[own] = np.minimum(out[own], keys.firm_frac)
    return out


def grid_price(file: PowerFile, grid: GridKeys, notes: list[str]) -> Hourly | None:
    """Price of energy, from its file, by the clock, or one number; None where there is none. [USD/MWh]"""
    if grid.price_file is not None:
        profile = read_profile(file.folder / grid.price_file, "price_usd_per_mwh", column=grid.price_column)
        notes += profile.notes
        return profile.values
    if grid.import_usd_per_mwh is None or not grid.periods:
        return grid.import_usd_per_mwh
    periods = [Period(**keys.model_dump()) for keys in grid.periods]
    return time_of_use_usd_per_mwh(grid.import_usd_per_mwh, periods, _first_weekday(grid))


def metered_of(file: PowerFile, source: str) -> Metered | None:
    """The tariff of a case as the programme takes it, or None.

    Raises
    ------
    StudyError
        If the four peaks are not one hour in each of June to September.
    DataError
        If the file of the grid's load cannot be used.
    """
    grid = file.keys.grid
    if grid is None or grid.tariff is None:
        return None
    keys = grid.tariff
    tariff = Tariff(
        0.0,
        tuple(_demand(keys, grid)),
        tuple(CoincidentPeak(c.name, (c.hours_of_year,), (c.usd_per_kw_year,)) for c in keys.coincident),
        None if keys.four_cp is None else _four_cp(file, keys.four_cp),
        keys.fixed_usd_per_month,
    )
    return Metered(source, tariff, grid.first_year)


def _demand(tariff: TariffKeys, grid: GridKeys) -> list[DemandBlock]:
    out = []
    for keys in tariff.demand:
        ratchet = None
        if keys.floor_frac is not None:
            ratchet = Ratchet(keys.floor_frac, keys.floor_months, keys.lookback_months)
        counted = _within(keys, grid, YEAR_H)
        rate = keys.usd_per_kw_by_month if keys.usd_per_kw_month is None else keys.usd_per_kw_month
        assert rate is not None
        out.append(DemandBlock(keys.name, rate, ratchet, None if counted.all() else counted))
    return out


def _four_cp(file: PowerFile, keys: FourPeaksKeys) -> FourCoincidentPeaks:
    if keys.file is not None:
        hours = four_peak_hours(read_profile(file.folder / keys.file, "load_mw", column=keys.column).values)
    else:
        assert keys.peak_hours is not None
        first, second, third, fourth = sorted(keys.peak_hours)
        hours = (first, second, third, fourth)
    found = FourCoincidentPeaks(keys.usd_per_kw_year, hours, keys.saved_after_2026_frac)
    if not found.one_in_each_month:
        message = "need one hour of the year in each of June to September"
        raise StudyError([file.fault("grid.tariff.four_cp.peak_hours", message)])
    return found


def _within(keys: HoursKeys, grid: GridKeys, n_hour: int) -> NDArray[np.bool_]:
    return hours_within(n_hour, _first_weekday(grid), months=keys.months, hours=keys.hours, weekdays=keys.weekdays)


def _first_weekday(grid: GridKeys) -> int:
    return date(grid.first_year, 1, 1).weekday()
