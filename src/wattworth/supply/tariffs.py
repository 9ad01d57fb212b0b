"""What the wires and the meter cost: energy, demand with ratchets, coincident peaks, fixed charges, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.system import YEAR_H, Hourly
from wattworth.units import KW_PER_MW, MONTHS_PER_YEAR

FOUR_CP_MONTHS: Final = (6, 7, 8, 9)
"""Months whose highest hours of the whole grid set the four coincident peaks."""

FOUR_CP_LAST_YEAR: Final = 2026
"""Last year of the four coincident peaks: they must be replaced by its end (PUCT project 58484)."""


@dataclass(frozen=True, slots=True)
class Ratchet:
    """A floor under the demand that is billed.

    Attributes
    ----------
    floor_frac
        Share of the highest demand of its months that is billed at least.
    months
        Months, 1 to 12, whose demand counts; all by default.
    lookback_months
        How many months before count, the end of the record standing before its start; None for the calendar year.
    """

    floor_frac: float
    months: tuple[int, ...] = tuple(range(1, 13))
    lookback_months: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DemandBlock:
    """One demand charge.

    Attributes
    ----------
    name
        Its name.
    usd_per_kw_month
        Rate: one number, or one for each month from January. [USD/kW-month]
    ratchet
        Floor under what is billed, or None.
    counted
        Array of booleans, shape (hour,) or (8760,): hours whose demand counts; None for all.
    """

    name: str
    usd_per_kw_month: float | tuple[float, ...]
    ratchet: Ratchet | None = None
    counted: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class CoincidentPeak:
    """A charge on demand at stated hours, each group by its highest.

    Attributes
    ----------
    name
        Its name.
    groups
        Hours of the year, from 0, of each group.
    usd_per_kw
        Rate of each group, for a year. [USD/kW]
    """

    name: str
    groups: tuple[tuple[int, ...], ...]
    usd_per_kw: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FourCoincidentPeaks:
    """The transmission charge of ERCOT, by the mean demand at the grid's highest hour of June to September.

    Attributes
    ----------
    usd_per_kw_year
        Rate. [USD/kW-year]
    peak_hours
        The four hours of the year, from 0; see :func:`four_peak_hours`.
    saved_after_2026_frac
        Share of what staying off the peaks saves that it still saves once the charge is replaced, from 2027 on. It
        has no default, since no one knows: 0 saves nothing, 1 goes on as before. Whatever it is, each bill states
        the charge with nothing saved too.
    """

    usd_per_kw_year: float
    peak_hours: tuple[int, int, int, int]
    saved_after_2026_frac: float

    @property
    def one_in_each_month(self) -> bool:
        """Whether one hour stands in each of June to September."""
        return sorted(month_of_hour(YEAR_H)[list(self.peak_hours)].tolist()) == list(FOUR_CP_MONTHS)


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """All that a load pays.

    Attributes
    ----------
    energy_usd_per_mwh
        Flat, hourly, or by time of use (see :func:`time_of_use_usd_per_mwh`). [USD/MWh]
    demand
        Demand charges.
    coincident
        Charges at stated hours.
    four_cp
        The four coincident peaks, or None.
    fixed_usd_per_month
        Whatever is used. [USD/month]
    """

    energy_usd_per_mwh: Hourly = 0.0
    demand: tuple[DemandBlock, ...] = ()
    coincident: tuple[CoincidentPeak, ...] = ()
    four_cp: FourCoincidentPeaks | None = None
    fixed_usd_per_month: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Metered:
    """A source of a system whose output a tariff bills.

    Attributes
    ----------
    source
        Its name.
    tariff
        What is billed beside the running cost of the source: ``energy_usd_per_mwh`` plays no part.
    first_year
        Calendar year of the first hour.
    """

    source: str
    tariff: Tariff
    first_year: int


@dataclass(frozen=True, slots=True, eq=False)
class Bill:
    """What a load pays in each month; yearly charges are spread evenly.

    Attributes
    ----------
    energy_usd
        Array, shape (month,). [USD]
    demand_usd, billed_kw
        Arrays, shape (block, month): charge, and the demand it is reckoned on. [USD], [kW]
    coincident_usd
        Array, shape (charge, month). [USD]
    four_cp_usd
        Array, shape (month,). [USD]
    four_cp_unsaved_usd
        Array, shape (month,): the same charge if staying off the peaks saves nothing. [USD]
    fixed_usd
        Array, shape (month,). [USD]
    energy_mwh
        Array, shape (month,). [MWh]
    """

    energy_usd: NDArray[np.float64]
    demand_usd: NDArray[np.float64]
    billed_kw: NDArray[np.float64]
    coincident_usd: NDArray[np.float64]
    four_cp_usd: NDArray[np.float64]
    four_cp_unsaved_usd: NDArray[np.float64]
    fixed_usd: NDArray[np.float64]
    energy_mwh: NDArray[np.float64]

    @property
    def month_usd(self) -> NDArray[np.float64]:
        """Array, shape (month,): all charges. [USD]"""
        peaks = self.coincident_usd.sum(axis=0) + self.four_cp_usd
        return self.energy_usd + self.demand_usd.sum(axis=0) + peaks + self.fixed_usd

    @property
    def total_usd(self) -> float:
        """All months. [USD]"""
        return float(self.month_usd.sum())

    @property
    def four_cp_saved_usd(self) -> float:
        """What staying off the four peaks saves in all months. [USD]"""
        return float((self.four_cp_unsaved_usd - self.four_cp_usd).sum())

    @property
    def mean_usd_per_mwh(self) -> float:
        """All charges for each megawatt-hour; nan without any. [USD/MWh]"""
        energy = float(self.energy_mwh.sum())
        return self.total_usd / energy if energy else np.nan


def bill(load_mw: NDArray[np.float64], tariff: Tariff, first_year: int) -> Bill:
    """Bill a load, month by month.

    Parameters
    ----------
    load_mw
        Array, shape (hour,): whole years from 1 January. [MW]
    tariff
        What it pays.
    first_year
        Calendar year of the first hour: whether the four coincident peaks still hold depends on it.

    Returns
    -------
    Bill
        Months in order, twelve for each year.

    Raises
    ------
    DataError
        If hours are no whole years, or a tariff does not fit them.

    Examples
    --------
    >>> tariff = Tariff(100.0, (DemandBlock("all", 10.0),))
    >>> found = bill(np.full(8760, 10.0 / 8760), tariff, 2026)
    >>> round(float(found.energy_usd.sum()), 6), round(float(found.demand_usd.sum()), 2)
    (1000.0, 136.99)
    """
    load = np.asarray(load_mw, dtype=np.float64)
    n_year = len(load) // YEAR_H
    if not n_year or len(load) % YEAR_H or not np.isfinite(load).all():
        raise DataError(f"a load of {len(load):,} hours: need finite numbers, 8,760 for each year")
    n_month = n_year * MONTHS_PER_YEAR
    place = month_of_hour(len(load)) - 1 + MONTHS_PER_YEAR * (np.arange(len(load)) // YEAR_H)
    price = _hours(tariff.energy_usd_per_mwh, len(load), "energy rate")
    billed = [_block_kw(load, block, place, n_month) for block in tariff.demand]
    rates = [monthly_usd_per_kw(block) for block in tariff.demand]
    by_year = load.reshape(n_year, YEAR_H) * KW_PER_MW
    charges = [np.repeat(_coincident_usd(by_year, peak), 12) / MONTHS_PER_YEAR for peak in tariff.coincident]
    paid, unsaved = _four_cp_usd(by_year, tariff.four_cp, first_year)
    return Bill(
        energy_usd=_by_month(load * price, place, n_month),
        demand_usd=_stack([kw * np.tile(rate, n_year) for kw, rate in zip(billed, rates, strict=True)], n_month),
        billed_kw=_stack(billed, n_month),
        coincident_usd=_stack(charges, n_month),
        four_cp_usd=np.repeat(paid, MONTHS_PER_YEAR) / MONTHS_PER_YEAR,
        four_cp_unsaved_usd=np.repeat(unsaved, MONTHS_PER_YEAR) / MONTHS_PER_YEAR,
        fixed_usd=np.full(n_month, tariff.fixed_usd_per_month),
        energy_mwh=_by_month(load, place, n_month),
    )


def billed_kw(peaks_kw: ArrayLike, ratchet: Ratchet | None, first_month: int = 1) -> NDArray[np.float64]:
    r"""Demand that is billed, from the highest of each month.

    Parameters
    ----------
    peaks_kw
        Shape (month,): highest demand of each month in order. [kW]
    ratchet
        Floor, or None.
    first_month
        Calendar month of the first, 1 to 12.

    Notes
    -----
    .. math:: b_m = \max(p_m, \rho \max_{j \in W(m)} p_j)

    A calendar year stands for a load that repeats, so later months of it count as well as earlier ones; the months
    that a look-back takes in before the first are those at the end of the record.

    Examples
    --------
    >>> billed_kw([100.0, 60.0, 80.0], Ratchet(0.8)).tolist()
    [100.0, 80.0, 80.0]
    """
    peaks = np.asarray(peaks_kw, dtype=np.float64)
    if ratchet is None:
        return peaks
    month = (first_month - 1 + np.arange(len(peaks))) % MONTHS_PER_YEAR + 1
    year = (first_month - 1 + np.arange(len(peaks))) // MONTHS_PER_YEAR
    counted = np.where(np.isin(month, ratchet.months), peaks, 0.0)
    if ratchet.lookback_months is None:
        floor = np.array([counted[year == own].max() for own in year])
    else:
        back = [np.roll(counted, step) for step in range(1, ratchet.lookback_months + 1)]
        floor = np.max(back, axis=0) if back else np.zeros_like(peaks)
    return np.maximum(peaks, ratchet.floor_frac * floor)


def four_peak_hours(system_load_mw: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Hours of the year at which a grid peaks in June, July, August and September.

    Parameters
    ----------
    system_load_mw
        Array, shape (8760,): load of the whole grid. [MW]

    Raises
    ------
    DataError
        If it is no year.
    """
    if len(system_load_mw) != YEAR_H:
        raise DataError(f"a system load of {len(system_load_mw):,} hours: need the 8,760 of one year")
    month = month_of_hour(YEAR_H)
    first, second, third, fourth = (
        int(np.argmax(np.where(month == own, system_load_mw, -np.inf))) for own in FOUR_CP_MONTHS
    )
    return first, second, third, fourth


def _hours(values: Hourly, n_hour: int, what: str) -> NDArray[np.float64]:
    """One number, one year or all hours as all hours."""
    array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if array.ndim > 1 or len(array) not in (1, YEAR_H, n_hour):
        raise DataError(f"{what}: got shape {array.shape}, need one number, 8,760 hours or {n_hour:,}")
    return np.resize(array, n_hour)


def _by_month(values: NDArray[np.float64], place: NDArray[np.int64], n_month: int) -> NDArray[np.float64]:
    return np.bincount(place, weights=values, minlength=n_month).astype(np.float64)


def _block_kw(
    load: NDArray[np.float64], block: DemandBlock, place: NDArray[np.int64], n_month: int
) -> NDArray[np.float64]:
    demand = load * KW_PER_MW
    if block.counted is not None:
        demand = np.where(
            _hours(block.counted.astype(np.float64), len(load), f"hours of {block.name!r}") > 0, demand, 0
        )
    peaks = np.zeros(n_month)
    np.maximum.at(peaks, place, demand)
    return billed_kw(peaks, block.ratchet)


def monthly_usd_per_kw(block: DemandBlock) -> NDArray[np.float64]:
    """Rate of a demand charge in each month from January, array of shape (12,). [USD/kW-month]"""
    rates = np.atleast_1d(np.asarray(block.usd_per_kw_month, dtype=np.float64))
    if len(rates) not in (1, MONTHS_PER_YEAR):
        raise DataError(f"demand charge {block.name!r}: got {len(rates)} rates, need one, or one for each month")
    return np.resize(rates, MONTHS_PER_YEAR)


def _coincident_usd(by_year: NDArray[np.float64], peak: CoincidentPeak) -> NDArray[np.float64]:
    """Charge of each year."""
    hours = [hour for group in peak.groups for hour in group]
    if len(peak.groups) != len(peak.usd_per_kw) or not all(peak.groups) or not all(0 <= h < YEAR_H for h in hours):
        message = "need one rate for each group, and in each group hours from 0 to 8,759"
        raise DataError(f"coincident peak {peak.name!r}: {message}")
    paid = np.zeros(len(by_year))
    for group, rate in zip(peak.groups, peak.usd_per_kw, strict=True):
        paid += rate * by_year[:, list(group)].max(axis=1)
    return paid


def _four_cp_usd(
    by_year: NDArray[np.float64], four_cp: FourCoincidentPeaks | None, first_year: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Charge of each year, and what it would be with nothing saved: the load's own peaks of the four months."""
    if four_cp is None:
        return np.zeros(len(by_year)), np.zeros(len(by_year))
    month = month_of_hour(YEAR_H)
    if not four_cp.one_in_each_month or not 0.0 <= four_cp.saved_after_2026_frac <= 1.0:
        message = "need one hour in each of June to September, and a share saved after 2026 of 0 to 1"
        raise DataError(f"four coincident peaks: {message}")
    own = np.mean([by_year[:, month == peak].max(axis=1) for peak in FOUR_CP_MONTHS], axis=0)
    saved = own - by_year[:, list(four_cp.peak_hours)].mean(axis=1)
    years = first_year + np.arange(len(by_year))
    share = np.where(years > FOUR_CP_LAST_YEAR, four_cp.saved_after_2026_frac, 1.0)
    return four_cp.usd_per_kw_year * (own - share * saved), four_cp.usd_per_kw_year * own


def _stack(rows: Sequence[NDArray[np.float64]], n_month: int) -> NDArray[np.float64]:
    return np.array(rows).reshape(len(rows), n_month)
