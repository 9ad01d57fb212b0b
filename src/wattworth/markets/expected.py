"""A study's own figures in place of a market's packaged expected path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import outer_uniforms
from wattworth.errors import StudyError
from wattworth.records import Calendar, MarketSeries, MonthlySeries

_P90_Z: Final = NormalDist().inv_cdf(0.9)


def spread_name(series: str) -> str:
    """Name of the shock that places a draw within a series' own range."""
    return f"file:{series}"


def spread_z(seed: int, series: str, chunks: range) -> NDArray[np.float64]:
    """Standard normals, equal within an outer draw, for a series with a range; shape (draw,)."""
    from scipy.special import ndtri

    return ndtri(np.clip(outer_uniforms(seed, f"market:{spread_name(series)}", chunks), 1e-12, 1.0 - 1e-12))


def with_range(series: Mapping[str, MarketSeries]) -> tuple[str, ...]:
    """Names of the series that state a range."""
    return tuple(name for name, own in series.items() if isinstance(own, MonthlySeries) and own.low is not None)


def own_log_path(own: MonthlySeries, calendar: Calendar) -> NDArray[np.float64]:
    """Log of a series from the as-of month to its end or the horizon's, shape (month,).

    Raises
    ------
    StudyError
        If it starts after the as-of month or ends before it.
    """
    skip = -calendar.index(own.first_month)
    if not 0 <= skip < len(own.values):
        last = Calendar(own.first_month, 1).label(len(own.values) - 1)
        raise StudyError(
            f'{own.file}: "{own.name}" runs from {own.first_month} to {last} and does not hold the as-of month '
            f"{calendar.as_of}; add its rows"
        )
    return np.log(np.array(own.values[skip : skip + calendar.n_month]))


def replaced(
    own: MonthlySeries,
    calendar: Calendar,
    log_growth_frac: NDArray[np.float64],
    place_z: NDArray[np.float64] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Start and log growth of a market that follows a series, and its own growth after the series' end.

    Parameters
    ----------
    own
        The series.
    calendar
        Months of the run.
    log_growth_frac
        Array, shape (month, draw): the model's log growth since month 0. [1]
    place_z
        Array, shape (draw,): where in the stated range a draw lies, or None for the values themselves.

    Returns
    -------
    start, log_growth
        Shapes (draw,) and (month, draw); their mean over the range is the series.
    """
    path = own_log_path(own, calendar)
    n_own = path.size
    growth = np.empty_like(log_growth_frac)
    growth[:n_own] = (path - path[0])[:, None]
    if own.low is not None and own.high is not None and place_z is not None:
        growth[:n_own] += _placed(own, -calendar.index(own.first_month), n_own, place_z)
    growth[n_own:] = growth[n_own - 1] + (log_growth_frac[n_own:] - log_growth_frac[n_own - 1])
    return np.full(log_growth_frac.shape[1], math.exp(path[0])), growth


def _placed(own: MonthlySeries, skip: int, n_own: int, place_z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log distance from each value at a place in its range, lognormal on either side, mean ratio one."""
    from scipy.special import ndtr

    value = np.array(own.values[skip : skip + n_own])
    up = np.log(np.array(own.high)[skip : skip + n_own] / value)[:, None] / _P90_Z
    down = np.log(value / np.array(own.low)[skip : skip + n_own])[:, None] / _P90_Z
    upper, lower = place_z > 0.0, place_z <= 0.0
    mean = np.exp(0.5 * up**2) * ndtr(up) + np.exp(0.5 * down**2) * ndtr(-down)
    return (up * upper + down * lower) * place_z - np.log(mean)
