"""What is drawn: parameters, market paths and dates, each with the draw axis last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Measure = Literal["pricing", "real_world"]
"""``pricing``: drifts less the price of market risk. ``real_world``: expected drifts."""


@dataclass(frozen=True, slots=True)
class ParameterDraws:
    """One value of every uncertain fact for each draw; equal within an outer draw.

    Attributes
    ----------
    values
        Fact key to array, shape (draw,), in the unit of the fact.
    """

    values: Mapping[str, NDArray[np.float64]]

    def __getitem__(self, key: str) -> NDArray[np.float64]:
        """The draws of one fact; KeyError names a fact no room asked for."""
        return self.values[key]

    @property
    def n_draw(self) -> int:
        """Number of draws."""
        return len(next(iter(self.values.values())))


@dataclass(frozen=True, slots=True, eq=False)
class DurationCurve:
    """Hours of a year sorted by price, in units of the year's mean price; each curve equals itself only.

    Attributes
    ----------
    price_ratio
        Array, shape (bin,), ascending: price over mean price. [1]
    hours_frac
        Array, shape (bin,): share of hours in the bin; sums to 1. [1]
    """

    price_ratio: NDArray[np.float64]
    hours_frac: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MarketPaths:
    """Correlated monthly paths under one measure; arrays of shape (month, draw).

    Attributes
    ----------
    measure
        Which drifts the paths carry.
    btc_usd
        Price of one bitcoin. [USD]
    network_eh_per_s
        Hash rate of the network. [EH/s]
    hashprice_usd_per_ph_day
        Revenue of one PH/s for one day, fees included. [USD/PH/day]
    asic_usd_per_th
        Price of the best new machine. [USD/TH/s]
    asic_j_per_th
        Efficiency of the best new machine. [J/TH]
    rent_usd_per_kw_month
        First-year rent of a new lease whose landlord pays the capital, per critical IT kW.
    build_cost_index
        Cost of building a data hall; 1 at the as-of month. [1]
    price_index
        General price level; 1 at the as-of month. [1]
    site_price_index
        Market price of powered sites; 1 at the as-of month. [1]
    power_usd_per_mwh
        Market region to mean wholesale price of the month. [USD/MWh]
    curves
        Market region to the shape of its hours.
    power_level_usd_per_mwh
        Market region to array, shape (draw,): mean price of the year around the as-of month, seasons evened
        out; what a price indexed to the market was stated against. [USD/MWh]
    gpu_usd_per_hour
        Market rent of one H100-equivalent GPU for an hour, in whatever generation it is held. [USD/GPU-h]
    gpu_per_kw
        H100 equivalents that a kW of critical IT holds in the newest generation on sale that month. [1/kW]
    gas_usd_per_mmbtu
        Henry Hub, mean of the month. [USD/MMBtu_HHV]
    peak_usd_per_kw_month
        Market region to what a flexible load saves or earns by staying off coincident peaks and by demand
        response, for being available; never for an hour's energy. 0 where none. [USD/kW-month]
    """

    measure: Measure
    btc_usd: NDArray[np.float64]
    network_eh_per_s: NDArray[np.float64]
    hashprice_usd_per_ph_day: NDArray[np.float64]
    asic_usd_per_th: NDArray[np.float64]
    asic_j_per_th: NDArray[np.float64]
    rent_usd_per_kw_month: NDArray[np.float64]
    build_cost_index: NDArray[np.float64]
    price_index: NDArray[np.float64]
    site_price_index: NDArray[np.float64]
    power_usd_per_mwh: Mapping[str, NDArray[np.float64]]
    curves: Mapping[str, DurationCurve]
    power_level_usd_per_mwh: Mapping[str, NDArray[np.float64]]
    gpu_usd_per_hour: NDArray[np.float64]
    gpu_per_kw: NDArray[np.float64]
    gas_usd_per_mmbtu: NDArray[np.float64]
    peak_usd_per_kw_month: Mapping[str, NDArray[np.float64]]

    @property
    def n_month(self) -> int:
        """Number of month nodes, the as-of month included."""
        return self.btc_usd.shape[0]

    @property
    def n_draw(self) -> int:
        """Number of draws."""
        return self.btc_usd.shape[1]


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """One market's own monthly figures, in place of its packaged expected path.

    Attributes
    ----------
    name
        Which market: ``btc_usd``, ``hashprice``, ``rent``, ``gas``, ``gpu_hour`` or ``power_`` and a region.
    file
        File they were read from, for messages.
    first_month
        Month of the first value, ``YYYY-MM``.
    values
        One for each month without a gap, in the unit of the market.
    low, high
        P10 and P90 of each month, both or neither; they move together over the months.
    forward
        Whether the values are the pricing mean, as a forward curve is; else they are the expected path.
    """

    name: str
    file: str
    first_month: str
    values: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    forward: bool = False


@dataclass(frozen=True, slots=True)
class HourlySeries:
    """A power region's own hours: their level, the year's months, and the shape of a month.

    Attributes
    ----------
    name
        ``power_hours_`` and a region.
    file
        File they were read from, for messages.
    n_hour
        Hours it holds, whole years of them.
    level_usd_per_mwh
        Their mean. [USD/MWh]
    season_ratio
        Mean of each of the twelve months over the mean of those, January first. [1]
    price_ratio
        Every hour's price over the mean of its own month, ascending. [1]
    hours_frac
        Share of hours at each ratio; sums to 1. [1]
    """

    name: str
    file: str
    n_hour: int
    level_usd_per_mwh: float
    season_ratio: tuple[float, ...]
    price_ratio: tuple[float, ...]
    hours_frac: tuple[float, ...]


MarketSeries = MonthlySeries | HourlySeries
"""What a study may bring of its own for one market."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a part of a site can have its first AI revenue.

    Attributes
    ----------
    build_start_month
        Array, shape (draw,): capital starts to be spent. [month]
    first_revenue_month
        Array, shape (draw,): the tenant starts to pay. [month]
    failure_known_month
        Array, shape (draw,): when it is clear that no lease or no power comes. [month]
    """

    build_start_month: NDArray[np.int64]
    first_revenue_month: NDArray[np.int64]
    failure_known_month: NDArray[np.int64]
