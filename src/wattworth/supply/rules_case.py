"""What rules run: a load, the renewables and firm units that may serve it in their order, and a battery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.supply.system import Hourly

BatteryLimits = Literal["wattworth", "offgridai"]


@dataclass(frozen=True, slots=True, eq=False)
class Renewable:
    """Sun or wind: used before all else.

    Attributes
    ----------
    name
        Its name.
    available_frac
        Output that a megawatt installed can give. [1]
    fade_frac_per_year
        Output lost each year, as a share of the first year's. [1/year]
    """

    name: str
    available_frac: Hourly
    fade_frac_per_year: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Firm:
    """Engines, turbines, fuel cells, a grid: called in the order given.

    Attributes
    ----------
    name
        Its name.
    available_frac
        Output that a megawatt installed can give: heat, height, hours a grid may interrupt. [1]
    heat_rate_mmbtu_per_mwh
        Fuel at full load, higher heating value. [MMBtu/MWh]
    idle_fuel_frac
        Share of a running unit's full-load fuel that it burns whatever it gives (:mod:`wattworth.supply.part_load`).
    unit_mw
        Size of a unit; nought where output is not in whole units, and one start is then counted for the whole. [MW]
    co2_kg_per_mmbtu
        Emissions of its fuel. [kg/MMBtu]
    """

    name: str
    available_frac: Hourly = 1.0
    heat_rate_mmbtu_per_mwh: float = 0.0
    idle_fuel_frac: float = 0.0
    unit_mw: float = 0.0
    co2_kg_per_mmbtu: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Battery:
    """How a battery behaves; how much of it there is belongs to the design.

    Attributes
    ----------
    charge_frac, discharge_frac
        Share of energy that survives the way in, and the way out.
    fade_frac_per_year
        Energy capacity lost each year, as a share of the first year's; power is kept. [1/year]
    start_frac
        Content at the start of each year, as a share of the energy capacity of that year.
    limits
        Where limits are measured. ``wattworth``: power outside, and a battery can be filled. ``offgridai``, as in the
        code of that study: power out inside; in an hour no more is taken in, measured outside, than there is room
        inside; each year starts from the capacity of a new battery.
    """

    charge_frac: float = 1.0
    discharge_frac: float = 1.0
    fade_frac_per_year: float = 0.0
    start_frac: float = 1.0
    limits: BatteryLimits = "wattworth"


NO_BATTERY: Final = Battery()
"""Stands in where a design has none."""


@dataclass(frozen=True, slots=True, eq=False)
class RuleCase:
    """A load, what may serve it and in which order, over some years of life.

    Attributes
    ----------
    load_mw
        Array, shape (hour,): what is demanded, the same each year. [MW]
    renewables, firm
        What can serve it; a design gives megawatts for the renewables, then for the firm sources.
    battery
        How the battery behaves, or None.
    n_year
        Years of life.
    battery_last
        Whether the battery waits until the firm sources are at their limit, so that it is there when they fall short.
    """

    load_mw: NDArray[np.float64]
    renewables: tuple[Renewable, ...] = ()
    firm: tuple[Firm, ...] = ()
    battery: Battery | None = None
    n_year: int = 1
    battery_last: bool = False

    def __post_init__(self) -> None:
        _check(self)

    @property
    def n_hour(self) -> int:
        """Hours of a year."""
        return len(self.load_mw)


def _check(case: RuleCase) -> None:
    """Raise ValueError for what a caller got wrong, DataError for numbers that are none."""
    if case.n_year < 1 or np.ndim(case.load_mw) != 1 or case.n_hour < 1:
        raise ValueError(f"need a year of hours and a life of years, got {np.shape(case.load_mw)} and {case.n_year}")
    hourly: dict[str, Hourly] = {"load": case.load_mw}
    for source in (*case.renewables, *case.firm):
        hourly[f"available share of {source.name!r}"] = source.available_frac
    for what, values in hourly.items():
        array = np.asarray(values, dtype=np.float64)
        if array.ndim > 1 or (array.ndim == 1 and len(array) != case.n_hour):
            raise ValueError(f"{what}: got shape {array.shape}, need ({case.n_hour},) or one number")
        good = np.atleast_1d(np.isfinite(array) & (array >= 0.0))
        if not good.all():
            hour = int(np.argmin(good))
            got = np.atleast_1d(array)[hour]
            raise DataError(f"{what}: hour {hour} is {got}, need a number of nought or more")
    for source in case.firm:
        if source.unit_mw < 0.0 or not 0.0 <= source.idle_fuel_frac < 1.0:
            raise ValueError(f"{source.name!r}: need units of nought or more and a share of idle fuel below one")
        if source.idle_fuel_frac > 0.0 and source.unit_mw == 0.0:
            raise ValueError(f"{source.name!r} burns fuel when idle: give unit_mw, or nobody knows how many units run")
    battery = case.battery or NO_BATTERY
    if not (0.0 < battery.charge_frac <= 1.0 and 0.0 < battery.discharge_frac <= 1.0):
        raise ValueError("efficiencies of the battery lie above nought and up to one")
    if not 0.0 <= battery.start_frac <= 1.0 or battery.fade_frac_per_year < 0.0:
        raise ValueError("a battery starts between empty and full, and fades by nought or more a year")
    if battery.limits not in get_args(BatteryLimits):
        raise ValueError(f"limits {battery.limits!r}: need one of {get_args(BatteryLimits)}")
