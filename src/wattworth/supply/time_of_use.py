"""Prices by the clock: periods of months, weekdays and hours of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.supply.calendar import month_of_hour
from wattworth.supply.system import YEAR_H


@dataclass(frozen=True, slots=True)
class Period:
    """Hours of a time-of-use rate.

    Attributes
    ----------
    usd_per_mwh
        Rate. [USD/MWh]
    months
        Months, 1 to 12.
    hours
        Hours of the day, 0 to 23, by their start.
    weekdays
        Days of the week, 0 for Monday to 6 for Sunday.
    """

    usd_per_mwh: float
    months: tuple[int, ...] = tuple(range(1, 13))
    hours: tuple[int, ...] = tuple(range(24))
    weekdays: tuple[int, ...] = tuple(range(7))


def hours_within(
    n_hour: int,
    first_weekday: int,
    *,
    months: Sequence[int] = tuple(range(1, 13)),
    hours: Sequence[int] = tuple(range(24)),
    weekdays: Sequence[int] = tuple(range(7)),
) -> NDArray[np.bool_]:
    """Which hours lie in some months, hours of the day and days of the week.

    Parameters
    ----------
    n_hour
        Whole years from 1 January.
    first_weekday
        Day of the week of 1 January, 0 for Monday; days run on through years laid end to end.
    months, hours, weekdays
        As in :class:`Period`.

    Returns
    -------
    array, shape (hour,)
        Booleans.

    Examples
    --------
    >>> int(hours_within(8760, 0, months=[7], hours=[16, 17]).sum())
    62
    """
    hour = np.arange(n_hour)
    weekday = (hour // 24 + first_weekday) % 7
    return np.isin(month_of_hour(n_hour), months) & np.isin(hour % 24, hours) & np.isin(weekday, weekdays)


def time_of_use_usd_per_mwh(
    base_usd_per_mwh: float, periods: Sequence[Period], first_weekday: int, n_year: int = 1
) -> NDArray[np.float64]:
    """Hourly rate of a time-of-use tariff.

    Parameters
    ----------
    base_usd_per_mwh
        Rate of hours in no period. [USD/MWh]
    periods
        Where two hold the same hour, the later one counts.
    first_weekday
        Day of the week of 1 January, 0 for Monday; days run on through years laid end to end.
    n_year
        How many years.

    Returns
    -------
    array, shape (hour,)
        Rate. [USD/MWh]
    """
    n_hour = n_year * YEAR_H
    rate = np.full(n_hour, base_usd_per_mwh)
    for period in periods:
        own = hours_within(n_hour, first_weekday, months=period.months, hours=period.hours, weekdays=period.weekdays)
        rate[own] = period.usd_per_mwh
    return rate
