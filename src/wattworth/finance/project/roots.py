"""Every rate at which a stream of cash is worth nothing, and what may be said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.finance.project.root_search import discount_factor_roots
from wattworth.units import DAYS_PER_YEAR

RateStatus = Literal["ok", "no_sign_change", "not_unique", "out_of_range"]
RATE_STATUS: Final[tuple[RateStatus, ...]] = ("ok", "no_sign_change", "not_unique", "out_of_range")
"""Meaning of the status codes of many cases, by index."""
LOWEST_FRAC: Final = -0.99999
HIGHEST_FRAC: Final = 99.0
_SCAN_POINTS: Final = 2001
_FLAT: Final = 1e-13
_NOTHING: Final = 1e-14
_MOST_STEPS: Final = 200
_CLOSE: Final = 1e-14
_NEWTON_ALONE: Final = 8  # steps after which a root that is still far is also halved in on: far out Newton creeps
_SLOW: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Rates:
    """Internal rates of one stream of cash.

    Attributes
    ----------
    status
        ``ok``, or why there is no rate.
    irr_frac
        The only root at or above zero, or the only one below where none is above; otherwise None. [1/year]
    roots_frac
        All roots found between -99.999 % and 9,900 %, rising. [1/year]
    """

    status: RateStatus
    irr_frac: float | None
    roots_frac: tuple[float, ...]


def _bracketed(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function is nothing, between two places where its signs differ."""
    from scipy.optimize import brentq

    root, _ = brentq(function, low, high, xtol=1e-14, full_output=True)
    return float(root)


def _worth(flows: NDArray[np.float64], times: NDArray[np.float64], log_rate: NDArray[np.float64]):
    """Scaled value and slope in ``x = ln(1 + r)``, at each of several ``x``."""
    power = -np.multiply.outer(log_rate, times)
    top = np.where(power.max(axis=-1) > 0.0, power.max(axis=-1), 0.0)
    weights = np.exp(power - top[..., None])
    return weights @ flows, weights @ (-times * flows)


def _rates_of(flows: NDArray[np.float64], times: NDArray[np.float64]) -> tuple[float, ...]:
    """Roots of a stream at given times, by a scan, its turning points and bisection."""

    def _value(x: float) -> float:
        return float(_worth(flows, times, np.array([x]))[0][0])

    def _slope(x: float) -> float:
        return float(_worth(flows, times, np.array([x]))[1][0])

    if np.count_nonzero(np.diff(np.sign(flows[flows != 0.0]))) == 1:  # Descartes: one root, somewhere
        ends = float(np.log1p(LOWEST_FRAC)), float(np.log1p(HIGHEST_FRAC))
        if _value(ends[0]) * _value(ends[1]) >= 0.0:
            return ()
        return (float(np.expm1(_bracketed(_value, *ends))),)
    grid = np.linspace(np.log1p(LOWEST_FRAC), np.log1p(HIGHEST_FRAC), _SCAN_POINTS)
    _, slopes = _worth(flows, times, grid)
    turns = [_bracketed(_slope, grid[k], grid[k + 1]) for k in np.flatnonzero(slopes[:-1] * slopes[1:] < 0.0)]
    nodes = np.sort(np.concatenate([grid, np.asarray(turns, dtype=np.float64)]))
    worth, _ = _worth(flows, times, nodes)
    size, _ = _worth(np.abs(flows), times, nodes)
    worth = np.where((np.abs(worth) < _FLAT * size) & np.isin(nodes, turns), 0.0, worth)
    roots = nodes[worth == 0.0].tolist()
    roots += [_bracketed(_value, nodes[k], nodes[k + 1]) for k in np.flatnonzero(worth[:-1] * worth[1:] < 0.0)]
    return tuple(sorted(float(np.expm1(root)) for root in roots))


def _judged(flows: NDArray[np.float64], roots: tuple[float, ...]) -> Rates:
    if not (np.any(flows > 0.0) and np.any(flows < 0.0)):
        return Rates("no_sign_change", None, ())
    above = [root for root in roots if root >= 0.0]
    chosen = above or list(roots)
    if not chosen:
        return Rates("out_of_range", None, ())
    if len(chosen) > 1:
        return Rates("not_unique", None, roots)
    return Rates("ok", chosen[0], roots)


def all_internal_rates(cash_usd: ArrayLike, time_years: ArrayLike | None = None) -> Rates:
    """Internal rates of yearly cash, the first entry now.

    Parameters
    ----------
    cash_usd
        Array, shape (year,), inflow positive. [USD]
    time_years
        When each amount moves; 0, 1, 2 and so on where left out. [year]

    Returns
    -------
    Rates

    Notes
    -----
    A double root counts once. Where two roots lie above zero none of them is the rate of return:
    both are told, and the choice is the reader's.

    Examples
    --------
    >>> found = all_internal_rates([-100.0, 230.0, -132.0])
    >>> found.status, [round(root, 9) for root in found.roots_frac]
    ('not_unique', [0.1, 0.2])
    """
    flows = np.asarray(cash_usd, dtype=np.float64)
    if not (np.any(flows > 0.0) and np.any(flows < 0.0)):
        return Rates("no_sign_change", None, ())
    times = np.arange(flows.size) if time_years is None else np.asarray(time_years, dtype=np.float64)
    if (np.diff(times) == 1.0).all():
        factors = discount_factor_roots(np.ascontiguousarray(flows / np.abs(flows).max()))
        return _judged(flows, tuple(sorted((1.0 / factors - 1.0).tolist())))
    return _judged(flows, _rates_of(flows, np.asarray(times, dtype=np.float64)))


def dated_internal_rates(cash_usd: ArrayLike, dates: Sequence[dt.date]) -> Rates:
    """Internal rates of cash on given days; a year has 365 of them, as in spreadsheets.

    Raises
    ------
    DataError
        If there is not one date for each amount.
    """
    flows = np.asarray(cash_usd, dtype=np.float64)
    if flows.size != len(dates):
        raise DataError(f"{flows.size} amounts on {len(dates)} dates; give each amount its date")
    times = np.array([(date - min(dates)).days for date in dates], dtype=np.float64) / DAYS_PER_YEAR
    if not (np.any(flows > 0.0) and np.any(flows < 0.0)):
        return Rates("no_sign_change", None, ())
    return _judged(flows, _rates_of(flows, times))


def _sign_changes(rows_usd: NDArray[np.float64]) -> NDArray[np.int64]:
    """How often the rows of each case change their sign, zeros left out."""
    changes = np.zeros(rows_usd.shape[1], dtype=np.int64)
    last = np.zeros(rows_usd.shape[1])
    for flow in np.sign(rows_usd):
        changes += flow * last < 0.0
        last = np.where(flow != 0.0, flow, last)
    return changes


def internal_rates_by_case(
    cash_usd: NDArray[np.float64], time_years: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Internal rate of each of many cases.

    Parameters
    ----------
    cash_usd
        Array, shape (year, case), inflow positive. [USD]
    time_years
        Array, shape (year,): when each amount moves. [year]

    Returns
    -------
    rates, status : arrays, shape (case,)
        NaN unless the status is 0; an index into :data:`RATE_STATUS`. [1/year]

    Notes
    -----
    Cases whose cash changes its sign once, or whose running total does and so has one root above zero [1]_, are
    solved together, by Newton steps in ``ln(1 + r)`` inside a shrinking bracket; the others one by one, as
    :func:`all_internal_rates` does.

    References
    ----------
    .. [1] C. Norstrom, "A sufficient condition for a unique nonnegative internal rate of return",
       J. Financial and Quantitative Analysis 7 (1972) 1835.
    """
    n_case = cash_usd.shape[1]
    rates, status = np.full(n_case, np.nan), np.zeros(n_case, dtype=np.int64)
    changes = _sign_changes(cash_usd)
    has_total = np.abs(cash_usd.sum(axis=0)) > _NOTHING * np.abs(cash_usd).sum(axis=0)
    above = (changes > 1) & has_total & (_sign_changes(np.cumsum(cash_usd, axis=0)) == 1)
    plain = np.flatnonzero((changes == 1) | above)
    if plain.size:
        lowest = np.where(above[plain], 0.0, LOWEST_FRAC)
        rates[plain] = _single_roots(np.ascontiguousarray(cash_usd[:, plain]), time_years, lowest)
    for place in np.flatnonzero((changes > 1) & (~above | np.isnan(rates))):
        found = all_internal_rates(cash_usd[:, place], time_years)
        rates[place] = np.nan if found.irr_frac is None else found.irr_frac
        status[place] = RATE_STATUS.index(found.status)
    status[changes == 0] = RATE_STATUS.index("no_sign_change")
    status[(changes == 1) & np.isnan(rates)] = RATE_STATUS.index("out_of_range")
    return rates, status


def _single_roots(
    cash: NDArray[np.float64], times: NDArray[np.float64], lowest: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The only root of each case from its lowest rate on, nan where it is out of range."""
    low, high = np.log1p(lowest), np.full(cash.shape[1], float(np.log1p(HIGHEST_FRAC)))

    def _worths(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        weighted = cash * np.exp(-times[:, None] * x - np.maximum(0.0, (-times[:, None] * x).max(axis=0)))
        return weighted.sum(axis=0), -(times[:, None] * weighted).sum(axis=0)

    at_low, _ = _worths(low)
    outside = at_low * _worths(high)[0] >= 0.0
    x = np.full(cash.shape[1], np.log(1.1))
    for count in range(_MOST_STEPS):
        value, slope = _worths(x)
        below = value * at_low > 0.0
        low, high = np.where(below, x, low), np.where(below, high, x)
        step = np.divide(value, slope, out=np.full(x.shape, np.inf), where=slope != 0.0)
        following = x - step
        slow = (count > _NEWTON_ALONE) & (count % 2 == 0) & (np.abs(step) > _SLOW)
        following = np.where((following > low) & (following < high) & ~slow, following, 0.5 * (low + high))
        still = np.abs(following - x) > _CLOSE
        x = following
        if not still.any():
            break
    return np.where(outside, np.nan, np.expm1(x))
