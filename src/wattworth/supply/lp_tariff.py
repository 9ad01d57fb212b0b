"""A tariff inside a linear programme: the highest import of each month, what is billed of it, and stated hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.solve import Columns, Pick, Rows
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.system import YEAR_H, System
from wattworth.supply.tariffs import (
    FOUR_CP_LAST_YEAR,
    FOUR_CP_MONTHS,
    CoincidentPeak,
    DemandBlock,
    FourCoincidentPeaks,
    Metered,
    monthly_usd_per_kw,
)
from wattworth.units import KW_PER_MW, MONTHS_PER_YEAR

PEAK: Final = "peak"
BILLED: Final = "billed"


@dataclass(frozen=True, slots=True, eq=False)
class _Peaks:
    """Groups of hours, each charged by its highest import.

    ``hour`` and ``group`` are arrays, shape (entry,): which hours stand in which group; ``usd_per_mw`` is of a group.
    """

    hour: NDArray[np.int64]
    group: NDArray[np.int64]
    usd_per_mw: NDArray[np.float64]


def tariff_blocks(system: System, metered: Metered, output: str) -> tuple[list[Columns], list[Rows]]:
    r"""Lay out what a tariff charges beside energy.

    Parameters
    ----------
    system
        Whole years of hours.
    metered
        Which source is billed, and how.
    output
        Name of the block of outputs, of shape (source, hour).

    Returns
    -------
    tuple
        Columns and rows; fixed charges are left to the bill.

    Raises
    ------
    DataError
        If the hours are no whole years.

    Notes
    -----
    With import :math:`p_t` and groups of hours :math:`G`, peaks and what is billed under a ratchet are

    .. math:: P_g \ge p_t \; (t \in G_g), \qquad B_m \ge P_m, \qquad B_m \ge \rho P_j \; (j \in W(m))

    and since both cost money, each comes down to the largest that holds it up.
    """
    if system.n_hour % YEAR_H:
        raise DataError(f"a tariff bills months: got {system.n_hour:,} hours, need 8,760 for each year")
    n_year = system.n_hour // YEAR_H
    tariff, source = metered.tariff, [one.name for one in system.sources].index(metered.source)
    free, rows, billed = [], [], []
    n_group = 0
    for block in tariff.demand:
        peaks = _monthly(block, n_year)
        if block.ratchet is not None:
            billed.append((n_group, peaks.usd_per_mw, block))
            peaks = _Peaks(peaks.hour, peaks.group, np.zeros_like(peaks.usd_per_mw))
        free.append(peaks)
        n_group += len(peaks.usd_per_mw)
    free += [_coincident(peak, n_year) for peak in tariff.coincident]
    free += [] if tariff.four_cp is None else _four_cp(tariff.four_cp, n_year, metered.first_year)
    if not free:
        return [], []
    first = np.cumsum([0, *(len(one.usd_per_mw) for one in free)])
    hour = np.concatenate([one.hour for one in free])
    group = np.concatenate([one.group + start for one, start in zip(free, first[:-1], strict=True)])
    cost = np.concatenate([one.usd_per_mw for one in free]) / system.n_year
    columns = [Columns(PEAK, cost.shape, cost=cost)]
    over = (Pick(PEAK, group), Pick(output, source * system.n_hour + hour, -1.0))
    rows.append(Rows("import within peak", hour.shape, lower=0.0, terms=over))
    if billed:
        columns.append(Columns(BILLED, (len(billed), n_year * MONTHS_PER_YEAR), cost=_stacked(billed) / system.n_year))
        rows += _ratchets(billed, n_year * MONTHS_PER_YEAR)
    return columns, rows


_Billed = tuple[int, NDArray[np.float64], DemandBlock]


def _stacked(billed: list[_Billed]) -> NDArray[np.float64]:
    return np.stack([usd_per_mw for _, usd_per_mw, _ in billed])


def _ratchets(billed: list[_Billed], n_month: int) -> list[Rows]:
    """What is billed is no less than the month's peak, nor than the ratchet's share of each peak it looks at."""
    places, peaks, shares = [], [], []
    for n, (first, _, block) in enumerate(billed):
        ratchet = block.ratchet
        assert ratchet is not None
        month = np.arange(n_month)
        pairs = [(m, m, 1.0) for m in month]
        for m in month:
            back = ratchet.lookback_months
            year = m // MONTHS_PER_YEAR * MONTHS_PER_YEAR
            looked = year + month[:MONTHS_PER_YEAR] if back is None else (m - 1 - month[:back]) % n_month
            pairs += [(m, j, ratchet.floor_frac) for j in looked if j % MONTHS_PER_YEAR + 1 in ratchet.months]
        places += [n * n_month + m for m, _, _ in pairs]
        peaks += [first + j for _, j, _ in pairs]
        shares += [share for _, _, share in pairs]
    terms = (Pick(BILLED, np.array(places)), Pick(PEAK, np.array(peaks), -np.array(shares)))
    return [Rows("billed above its floor", (len(places),), lower=0.0, terms=terms)]


def _monthly(block: DemandBlock, n_year: int) -> _Peaks:
    n_hour = n_year * YEAR_H
    month = month_of_hour(n_hour) - 1 + MONTHS_PER_YEAR * (np.arange(n_hour) // YEAR_H)
    counted = np.ones(n_hour, dtype=np.bool_) if block.counted is None else np.resize(block.counted, n_hour)
    hour = np.flatnonzero(counted)
    return _Peaks(hour, month[hour], KW_PER_MW * np.tile(monthly_usd_per_kw(block), n_year))


def _coincident(peak: CoincidentPeak, n_year: int) -> _Peaks:
    hours, groups = [], []
    for year in range(n_year):
        for n, group in enumerate(peak.groups):
            hours += [year * YEAR_H + hour for hour in group]
            groups += [year * len(peak.groups) + n] * len(group)
    return _Peaks(np.array(hours), np.array(groups), KW_PER_MW * np.tile(peak.usd_per_kw, n_year))


def _four_cp(four_cp: FourCoincidentPeaks, n_year: int, first_year: int) -> list[_Peaks]:
    """Import at the four hours so far as staying off them saves, and the own peaks of the four months for the rest."""
    late = first_year + np.arange(n_year) > FOUR_CP_LAST_YEAR
    saved = np.repeat(np.where(late, four_cp.saved_after_2026_frac, 1.0), len(FOUR_CP_MONTHS))
    each = KW_PER_MW * four_cp.usd_per_kw_year / len(FOUR_CP_MONTHS)
    years = YEAR_H * np.arange(n_year)[:, None]
    at_peaks = (years + np.array(four_cp.peak_hours)).ravel()
    out = [_Peaks(at_peaks, np.arange(len(at_peaks)), each * saved)]
    if (saved < 1.0).any():
        month = month_of_hour(YEAR_H)
        hour = np.flatnonzero(np.isin(month, FOUR_CP_MONTHS))
        group = np.searchsorted(FOUR_CP_MONTHS, month[hour])
        hours = (years + hour).ravel()
        groups = (len(FOUR_CP_MONTHS) * np.arange(n_year)[:, None] + group).ravel()
        out.append(_Peaks(hours, groups, each * (1.0 - saved)))
    return out
