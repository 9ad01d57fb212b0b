"""What it is worth that a load can step back, and what a mine can do with the room that a hall leaves."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.supply.system import YEAR_H, Hourly, Sink

FORESIGHT: Final = "hours are chosen knowing every price of the year; a forecast would find fewer of them"
"""What each value of curtailment says of itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Curtailment:
    """Hours in which a load steps back, and what that saves.

    Attributes
    ----------
    off_mw
        Array, shape (hour,): what is not taken. [MW]
    hours_h
        Hours with any, in a year. [h/year]
    energy_mwh_per_year
        Energy not taken. [MWh/year]
    cost_before_usd_per_year, cost_after_usd_per_year
        Energy at its hourly price, with all taken, and with what is left; the second holds what the energy not taken
        would have earned. [USD/year]
    saved_usd_per_year
        Their difference, never below zero. [USD/year]
    saved_usd_per_kw_year
        The same for each kW that can step back. [USD/kW-year]
    note
        What was assumed.
    """

    off_mw: NDArray[np.float64]
    hours_h: float
    energy_mwh_per_year: float
    cost_before_usd_per_year: float
    cost_after_usd_per_year: float
    saved_usd_per_year: float
    saved_usd_per_kw_year: float
    note: str = FORESIGHT


@dataclass(frozen=True, slots=True, eq=False)
class MineBehindHall:
    """A mine that takes what a hall leaves of one connection.

    Attributes
    ----------
    room_mw
        Array, shape (hour,): what the connection and the mine's size leave to it. [MW]
    mine_mw
        Array, shape (hour,): what it takes. [MW]
    running_h
        Hours in which it takes any, in a year. [h/year]
    energy_mwh_per_year
        Energy taken. [MWh/year]
    load_factor_frac
        The same as a share of its size in all hours.
    revenue_usd_per_year, power_usd_per_year, margin_usd_per_year
        What the energy earns at the strike price, what it costs, and what is left. [USD/year]
    displaced_mwh_per_year
        Energy that it would have taken with its full size at hand: what the hall costs it. [MWh/year]
    displaced_usd_per_year
        Margin of that energy. [USD/year]
    """

    room_mw: NDArray[np.float64]
    mine_mw: NDArray[np.float64]
    running_h: float
    energy_mwh_per_year: float
    load_factor_frac: float
    revenue_usd_per_year: float
    power_usd_per_year: float
    margin_usd_per_year: float
    displaced_mwh_per_year: float
    displaced_usd_per_year: float


def curtailment_value(
    price_usd_per_mwh: NDArray[np.float64],
    load_mw: Hourly,
    limit_h: float,
    flexible_frac: float = 1.0,
    lost_usd_per_mwh: Hourly = 0.0,
) -> Curtailment:
    """What stepping back in the dearest hours of each year saves.

    Parameters
    ----------
    price_usd_per_mwh
        Array, shape (hour,): whole years of prices, or the marginal prices of a system
        (:attr:`~wattworth.supply.system.Dispatch.price_usd_per_mwh`). [USD/MWh]
    load_mw
        One number, or shape (hour,). [MW]
    limit_h
        Hours of a year in which the load may step back; :func:`hours_of_share` turns a share into them. [h/year]
    flexible_frac
        Share of the load that can step back.
    lost_usd_per_mwh
        What a megawatt-hour not taken would have earned: an hour is chosen only above it. [USD/MWh]

    Returns
    -------
    Curtailment
        With the hours that save most, the first of equals.

    Raises
    ------
    DataError
        If hours are no whole years, or a number is none or out of range.
    """
    price = _years(price_usd_per_mwh, "price")
    load = _hourly(load_mw, len(price), "load")
    lost = _hourly(lost_usd_per_mwh, len(price), "what energy earns")
    if not 0.0 <= flexible_frac <= 1.0 or not 0.0 <= limit_h <= YEAR_H or load.min() < 0.0:
        message = f"got a flexible share of {flexible_frac:g}, {limit_h:g} hours, a lowest load of {load.min():g} MW"
        raise DataError(f"{message}; need 0 to 1, 0 to 8,760 and no less than 0")
    n_year = len(price) // YEAR_H
    saving = ((price - lost) * load * flexible_frac).reshape(n_year, YEAR_H)
    off = np.zeros(saving.shape, dtype=np.bool_)
    n = floor(limit_h)
    if n:
        best = np.argsort(-saving, axis=1, kind="stable")[:, :n]
        np.put_along_axis(off, best, np.take_along_axis(saving, best, axis=1) > 0.0, axis=1)
    off_mw = np.where(off.ravel(), load * flexible_frac, 0.0)
    before = float((price * load).sum()) / n_year
    saved = float(saving[off].sum()) / n_year
    size_kw = float(load.max()) * flexible_frac * 1000.0
    return Curtailment(
        off_mw=off_mw,
        hours_h=float((off_mw > 0.0).sum()) / n_year,
        energy_mwh_per_year=float(off_mw.sum()) / n_year,
        cost_before_usd_per_year=before,
        cost_after_usd_per_year=before - saved,
        saved_usd_per_year=saved,
        saved_usd_per_kw_year=saved / size_kw if size_kw else 0.0,
    )


def hours_of_share(share_frac: float) -> float:
    """Hours of a year in a share of them.

    Parameters
    ----------
    share_frac
        Share of the year.

    Examples
    --------
    >>> hours_of_share(0.25)
    2190.0
    """
    return share_frac * YEAR_H


def stepped_back(load_mw: NDArray[np.float64], hours: ArrayLike, share_frac: float) -> NDArray[np.float64]:
    """A load that steps back at stated hours, such as those of coincident peaks.

    Parameters
    ----------
    load_mw
        Array, shape (hour,). [MW]
    hours
        Which, from 0.
    share_frac
        Share of the load that steps back.

    Returns
    -------
    array, shape (hour,)
        What is left. [MW]
    """
    left = np.array(load_mw, dtype=np.float64)
    left[np.asarray(hours, dtype=np.int64)] *= 1.0 - share_frac
    return left


def mine_behind_hall(
    connection_mw: Hourly,
    hall_mw: NDArray[np.float64],
    mine_size_mw: float,
    price_usd_per_mwh: NDArray[np.float64],
    strike_usd_per_mwh: Hourly,
) -> MineBehindHall:
    """Run a mine on what a hall leaves of one connection, in hours that pay.

    Parameters
    ----------
    connection_mw
        What the connection carries. [MW]
    hall_mw
        Array, shape (hour,): what the hall takes; it comes first. [MW]
    mine_size_mw
        What the mine can take. [MW]
    price_usd_per_mwh
        Array, shape (hour,): cost of energy delivered. [USD/MWh]
    strike_usd_per_mwh
        What a megawatt-hour earns in the mine, above which price it stands still. [USD/MWh]

    Raises
    ------
    DataError
        If hours are no whole years, or a number is none or below zero.
    """
    price = _years(price_usd_per_mwh, "price")
    strike = _hourly(strike_usd_per_mwh, len(price), "strike price")
    room = _room_mw(connection_mw, _hourly(hall_mw, len(price), "load of the hall"), mine_size_mw)
    runs = price < strike
    mine = np.where(runs, room, 0.0)
    displaced = np.where(runs, mine_size_mw - room, 0.0)
    n_year = len(price) / YEAR_H
    energy = float(mine.sum()) / n_year
    revenue, power = float((mine * strike).sum()) / n_year, float((mine * price).sum()) / n_year
    return MineBehindHall(
        room_mw=room,
        mine_mw=mine,
        running_h=float((mine > 0.0).sum()) / n_year,
        energy_mwh_per_year=energy,
        load_factor_frac=energy / (mine_size_mw * YEAR_H) if mine_size_mw else 0.0,
        revenue_usd_per_year=revenue,
        power_usd_per_year=power,
        margin_usd_per_year=float((mine * (strike - price)).sum()) / n_year,
        displaced_mwh_per_year=float(displaced.sum()) / n_year,
        displaced_usd_per_year=float((displaced * (strike - price)).sum()) / n_year,
    )


def mine_sink(
    name: str,
    connection_mw: Hourly,
    hall_mw: NDArray[np.float64],
    mine_size_mw: float,
    strike_usd_per_mwh: Hourly,
) -> Sink:
    """The same mine as a sink of a system, which then weighs it against every source and store.

    Parameters
    ----------
    name
        Its name in the system.
    connection_mw
        What the connection, or the plant on site, carries. [MW]
    hall_mw
        Array, shape (hour,): what the hall takes, the load of the system. [MW]
    mine_size_mw
        What the mine can take. [MW]
    strike_usd_per_mwh
        What a megawatt-hour earns in the mine. [USD/MWh]

    Returns
    -------
    Sink
        Its limit is what the hall leaves, hour by hour.

    Raises
    ------
    DataError
        If a number is none or below zero.
    """
    return Sink(name, strike_usd_per_mwh, _room_mw(connection_mw, np.asarray(hall_mw, np.float64), mine_size_mw))


def _room_mw(connection_mw: Hourly, hall_mw: NDArray[np.float64], mine_size_mw: float) -> NDArray[np.float64]:
    connection = _hourly(connection_mw, len(hall_mw), "connection")
    if not mine_size_mw >= 0.0 or connection.min() < 0.0 or hall_mw.min() < 0.0:
        raise DataError("connection, hall and mine: need no less than 0 MW in any hour")
    return np.clip(connection - hall_mw, 0.0, mine_size_mw)


def _years(values: ArrayLike, what: str) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not len(array) or len(array) % YEAR_H or not np.isfinite(array).all():
        raise DataError(f"{what} of shape {array.shape}: need finite numbers, 8,760 for each year")
    return array


def _hourly(values: Hourly, n_hour: int, what: str) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.size not in (1, n_hour) or array.ndim > 1 or not np.isfinite(array).all():
        raise DataError(f"{what} of shape {array.shape}: need one finite number, or one for each of {n_hour:,} hours")
    return np.broadcast_to(array, (n_hour,))
