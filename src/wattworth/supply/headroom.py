"""How much new load a balancing area could take if the load steps back for a few hours.

A screening number: it compares the new load with the peaks that the area has met before. It knows nothing of wires,
substations, contingencies, fuel or the hours of reserve, so it is an upper bound on what a study could grant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.system import YEAR_H

SCREENING: Final = "a screening number: peaks met before are the only limit, no network limit is looked at"
"""What every result says of itself."""

KEPT_FRAC: Final = (0.5, 0.75, 0.9)
"""Shares of the new load for which hours that keep as much are counted."""


@dataclass(frozen=True, slots=True)
class Season:
    """Months that share one threshold.

    Attributes
    ----------
    name
        Its name.
    peak_months
        Months, 1 to 12, whose highest hour of all years is the threshold.
    months
        Months that it holds for.
    """

    name: str
    peak_months: tuple[int, ...]
    months: tuple[int, ...]


DUKE_SEASONS: Final = (
    Season("summer", (6, 7, 8), (4, 5, 6, 7, 8, 9, 10)),
    Season("winter", (12, 1, 2), (11, 12, 1, 2, 3)),
)
"""Seasons of Norris et al.: spring and autumn months go with the season they lie next to."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaLoad:
    """Load of a balancing area with the thresholds it is held against.

    Attributes
    ----------
    load_mw
        Array, shape (hour,). [MW]
    gap_mw
        Array, shape (hour,): threshold of the hour less its load; below zero where an hour outside the season's
        peak months went above it. [MW]
    thresholds_mw
        Season to its threshold. [MW]
    n_year
        Years in the hours.
    """

    load_mw: NDArray[np.float64]
    gap_mw: NDArray[np.float64]
    thresholds_mw: dict[str, float]
    n_year: float


@dataclass(frozen=True, slots=True)
class Headroom:
    """What a constant new load would meet.

    Attributes
    ----------
    added_mw
        The new load. [MW]
    rate_frac
        Energy curtailed as a share of the energy it would take at full load.
    curtailed_h
        Hours of a year with any curtailment. [h/year]
    kept_h
        Of these, hours that keep at least 50, 75 and 90 % of the load. [h/year]
    events_per_year
        Runs of curtailed hours. [1/year]
    mean_event_h
        Their mean length; nan without any. [h]
    above_h
        Hours of a year that are above their threshold before anything is added: the whole new load is off there.
        [h/year]
    note
        What the number is.
    """

    added_mw: float
    rate_frac: float
    curtailed_h: float
    kept_h: tuple[float, float, float]
    events_per_year: float
    mean_event_h: float
    above_h: float
    note: str = SCREENING


@dataclass(frozen=True, slots=True)
class LineHeadroom:
    """The same for a straight load-duration line, in closed form.

    Attributes
    ----------
    added_mw
        The new load. [MW]
    curtailed_h, half_kept_h
        Hours of a year with curtailment, and those that keep at least half. [h/year]
    note
        What the number is.
    """

    added_mw: float
    curtailed_h: float
    half_kept_h: float
    note: str = SCREENING


def area_load(
    load_mw: NDArray[np.float64],
    months: NDArray[np.int64] | None = None,
    seasons: Sequence[Season] = DUKE_SEASONS,
) -> AreaLoad:
    """Hold each hour of a load against the peak of its season over all years.

    Parameters
    ----------
    load_mw
        Array, shape (hour,). [MW]
    months
        Array, shape (hour,): calendar month of each; by default whole years from 1 January.
    seasons
        Every month in one of them.

    Raises
    ------
    DataError
        If hours are no whole years, a number is none, or a month of the load is in no season or in two.
    """
    load = np.asarray(load_mw, dtype=np.float64)
    if months is None and (not len(load) or len(load) % YEAR_H):
        raise DataError(f"a load of {len(load):,} hours: need 8,760 for each year, or the month of each hour")
    month = month_of_hour(len(load)) if months is None else np.asarray(months)
    if month.shape != load.shape or not np.isfinite(load).all():
        raise DataError(f"a load of shape {load.shape} with months of {month.shape}: need the same, all finite")
    threshold = np.full(len(load), np.nan)
    thresholds: dict[str, float] = {}
    for season in seasons:
        held = np.isin(month, season.months)
        peak = np.isin(month, season.peak_months)
        if not held.any():
            continue
        if not peak.any() or np.isfinite(threshold[held]).any():
            raise DataError(f"season {season.name!r}: need hours in its peak months, and no month in two seasons")
        thresholds[season.name] = float(load[peak].max())
        threshold[held] = thresholds[season.name]
    if np.isnan(threshold).any():
        lacking = sorted(set(month[np.isnan(threshold)].tolist()))
        raise DataError(f"months {lacking} are in no season: need every month of the load in one")
    return AreaLoad(load, threshold - load, thresholds, len(load) / YEAR_H)


def headroom_at(area: AreaLoad, added_mw: float) -> Headroom:
    r"""Curtailment of a constant new load.

    Parameters
    ----------
    area
        From :func:`area_load`.
    added_mw
        The new load, above zero. [MW]

    Notes
    -----
    .. math:: c_t = \min(L, \max(0, d_t + L - P_{s(t)})), \qquad r = \sum_t c_t / (L \cdot hours)

    Years have equal hours, so the rate over all is the mean of the years' rates. A load cannot step back by more
    than itself, which the published form leaves unsaid because its peaks lie within their seasons.

    References
    ----------
    .. [1] T. Norris, T. Profeta, D. Patino-Echeverri, A. Cowie-Haskell, "Rethinking load growth", Nicholas Institute,
       Duke University, 2025.

    Examples
    --------
    >>> flat = (Season("all", (1,), (1,)),)
    >>> five = area_load(np.array([100.0, 98.0, 95.0, 90.0, 80.0]), np.ones(5, dtype=np.int64), flat)
    >>> round(headroom_at(five, 8.0).rate_frac, 12)
    0.425
    """
    if not added_mw > 0.0:
        raise DataError(f"a new load of {added_mw:g} MW: need more than zero")
    off = np.clip(added_mw - area.gap_mw, 0.0, added_mw)
    cut = off > 0.0
    events = int(cut[0]) + int((cut[1:] & ~cut[:-1]).sum())
    # a curtailment of just half must not be lost to rounding
    kept = [float((cut & (off <= (1.0 - share) * added_mw * (1.0 + 1e-12))).sum()) for share in KEPT_FRAC]
    hours = float(cut.sum())
    return Headroom(
        added_mw=added_mw,
        rate_frac=float(off.sum()) / (added_mw * len(off)),
        curtailed_h=hours / area.n_year,
        kept_h=(kept[0] / area.n_year, kept[1] / area.n_year, kept[2] / area.n_year),
        events_per_year=events / area.n_year,
        mean_event_h=hours / events if events else np.nan,
        above_h=float((area.gap_mw < 0.0).sum()) / area.n_year,
    )


def headroom(area: AreaLoad, rate_frac: float) -> Headroom:
    """Find the constant new load that is curtailed at a stated rate.

    Parameters
    ----------
    area
        From :func:`area_load`.
    rate_frac
        Energy curtailed as a share of its energy at full load, such as 0.005; above 0 and below 1.

    Returns
    -------
    Headroom
        With its largest load at that rate.

    Raises
    ------
    DataError
        If the rate is out of range, or so small that the peak hours alone use it up.

    Notes
    -----
    With gaps sorted, a load between the k-th and the next is curtailed by ``k L`` less the sum of the k gaps, so the
    load at a rate is found exactly and not by search.
    """
    if not 0.0 < rate_frac < 1.0:
        raise DataError(f"a curtailment rate of {rate_frac:g}: need a share above 0 and below 1")
    gaps = np.sort(np.maximum(area.gap_mw, 0.0))
    n = len(gaps)
    allowed = rate_frac * n
    total = np.cumsum(gaps)
    at_peak = int((gaps <= 0.0).sum())
    if allowed <= at_peak:
        share = at_peak / n
        message = f"{at_peak:,} of {n:,} hours are at or above their threshold, so any new load is curtailed"
        raise DataError(f"{message} at {share:.4%} or more; ask for a rate above that, got {rate_frac:.4%}")
    count = np.arange(1, n + 1)
    used = count * gaps - total  # curtailed by a load as large as the k-th gap
    k = int(np.flatnonzero(used <= allowed * gaps).max()) + 1
    return headroom_at(area, float(total[k - 1] / (k - allowed)))


def line_headroom(peak_mw: float, base_mw: float, rate_frac: float) -> LineHeadroom:
    r"""Headroom of an area whose load-duration curve is a straight line.

    Parameters
    ----------
    peak_mw, base_mw
        Its highest and its lowest load. [MW]
    rate_frac
        Energy curtailed as a share of the new load's energy at full load.

    Raises
    ------
    DataError
        If the new load would exceed the peak less the base, where the line ends.

    Notes
    -----
    .. math:: L = 2 r (P - B), \qquad hours = 8760 L / (P - B)

    Examples
    --------
    >>> found = line_headroom(80_000.0, 50_000.0, 0.005)
    >>> round(found.added_mw, 9), round(found.curtailed_h, 9)
    (300.0, 87.6)
    """
    span_mw = peak_mw - base_mw
    if not span_mw > 0.0 or not 0.0 < rate_frac <= 0.5:
        message = "need a peak above the base and a rate above 0 and up to 0.5, where the line ends"
        raise DataError(f"a line from {peak_mw:g} to {base_mw:g} MW at {rate_frac:g}: {message}")
    added_mw = 2.0 * rate_frac * span_mw
    hours = YEAR_H * added_mw / span_mw
    return LineHeadroom(added_mw, hours, hours / 2.0)
