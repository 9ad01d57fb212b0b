"""How well units that fail and are repaired serve years of hours together with a battery that stands in for them.

A Markov chain by the hour over the units that are up and what the battery owes to its schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import DataError
from wattworth.supply.reliability import Adequacy, Units, units_up_prob
from wattworth.units import HOURS_PER_YEAR

_NONE_MW = 1e-9
_NONE_PROB = 1e-14
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Mended:
    """Units that fail on their own and are mended.

    Attributes
    ----------
    units
        How many, what one gives, and its share of time up.
    repair_h
        Mean time to repair, an hour or more. [h]
    """

    units: Units
    repair_h: float

    def __post_init__(self) -> None:
        if not 1.0 <= self.repair_h < inf:
            raise ValueError(f"{self.units.name!r}: a repair takes an hour or more, got {self.repair_h}")

    @property
    def by_hour(self) -> tuple[float, float]:
        """Probability that one that is up fails within an hour, and that one that is down is mended within it."""
        up_frac = self.units.availability_frac
        if up_frac == 0.0:
            return 1.0, 0.0
        fails = (1.0 - up_frac) / (up_frac * self.repair_h)
        return (fails, 1.0 / self.repair_h) if fails <= 1.0 else (1.0, up_frac / (1.0 - up_frac))


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What units must give and how a battery runs, hour by hour, while none of them fails.

    Attributes
    ----------
    required_mw
        Array, shape (hour,): what units must give: load and charging less sun, wind and discharging. [MW]
    surplus_mw
        Array, shape (hour,): sun and wind that nothing uses. [MW]
    charge_mw, discharge_mw
        Arrays, shape (hour,): into and out of the battery, measured outside. [MW]
    content_mwh
        Array, shape (hour,): content at the end of the hour, measured inside. [MWh]
    power_mw
        Power of the battery, the same in and out. [MW]
    charge_frac, discharge_frac
        Share of energy that survives the way in, and the way out.
    """

    required_mw: NDArray[np.float64]
    surplus_mw: NDArray[np.float64]
    charge_mw: NDArray[np.float64]
    discharge_mw: NDArray[np.float64]
    content_mwh: NDArray[np.float64]
    power_mw: float
    charge_frac: float = 1.0
    discharge_frac: float = 1.0


def adequacy_with_battery(schedule: Schedule, kinds: Sequence[Mended], n_level: int = 65) -> Adequacy:
    r"""How well units and a battery serve years of hours.

    Parameters
    ----------
    schedule
        Whole years of hours.
    kinds
        Kinds of units.
    n_level
        Levels of what the battery owes, two or more.

    Returns
    -------
    Adequacy
        Shares over the hours; shares of energy are of what units must give.

    Raises
    ------
    DataError
        If an hour is not a finite number, or no hour needs a unit.

    Notes
    -----
    The battery keeps to its schedule. When units give less than they must, it charges less, then gives more, up to its
    power and to what it would hold at the end of the hour by schedule; what it then owes, :math:`D`, is made good as
    soon as units, sun and wind have something to spare. With content :math:`e_t`, units up giving :math:`C` and
    required :math:`f_t`:

    .. math:: D_t = \min(D_{t-1} + m_t / \eta_d, e_t), \quad m_t = f_t - C

    and what is cut off by :math:`e_t` is not served. :math:`D` between two levels is shared among both so that its
    mean is kept. Energy not served grows ever faster with :math:`D`, so it is never understated, and more levels bring
    it down to the truth; hours short come out a little high too. Years begin with units in their long-run state and
    nothing owed.
    """
    _check(schedule, n_level)
    start, moves, capacity = np.ones(1), np.ones((1, 1)), np.zeros(1)
    for kind in kinds:
        n = kind.units.n_unit
        start = np.kron(start, units_up_prob(n, kind.units.availability_frac))
        moves = np.kron(moves, _moves(n, *kind.by_hour))
        capacity = (capacity[:, None] + kind.units.unit_mw * np.arange(n + 1)).ravel()
    shares = np.array([schedule.power_mw, schedule.charge_frac, schedule.discharge_frac])
    hours = np.stack(
        [
            schedule.required_mw,
            schedule.surplus_mw,
            schedule.charge_mw,
            schedule.discharge_mw,
            np.maximum(schedule.content_mwh, 0.0),
        ]
    )
    missing_mwh, short_h = _year(np.ascontiguousarray(hours.T), shares, start, moves, capacity, n_level)
    n_hour, needed = len(schedule.required_mw), float(np.maximum(schedule.required_mw, 0.0).sum())
    return Adequacy(
        availability_frac=1.0 - short_h / n_hour,
        unserved_frac=missing_mwh / needed,
        unserved_mwh_per_year=missing_mwh / n_hour * HOURS_PER_YEAR,
        short_h_per_year=short_h / n_hour * HOURS_PER_YEAR,
    )


def _check(schedule: Schedule, n_level: int) -> None:
    if n_level < 2:
        raise ValueError(f"{n_level} levels: need two at least")
    size = len(schedule.required_mw)
    for name in ("required_mw", "surplus_mw", "charge_mw", "discharge_mw", "content_mwh"):
        values = getattr(schedule, name)
        if values.shape != (size,) or not np.isfinite(values).all():
            raise DataError(f"{name}: got an array of shape {values.shape}, need {size} finite numbers")
    if not (schedule.required_mw > 0.0).any():
        raise DataError("required_mw: no hour needs a unit, so nothing can be said of how well it is served")


def _moves(n_unit: int, fails: float, mends: float) -> NDArray[np.float64]:
    """Array, shape (units up before, units up after)."""
    out = np.zeros((n_unit + 1, n_unit + 1))
    for up in range(n_unit + 1):
        out[up] = np.convolve(units_up_prob(up, 1.0 - fails), units_up_prob(n_unit - up, mends))
    return out


@kernel
def _year(hours, shares, start, moves, capacity, n_level):
    """Energy not served and hours short over all hours; columns of ``hours`` as in :class:`Schedule`."""
    step = max(hours[:, 4].max(), 1e-12) / (n_level - 1)
    now = np.zeros((capacity.size, n_level))
    met = np.zeros((capacity.size, n_level))
    now[:, 0] = start
    tops = np.zeros(capacity.size, dtype=np.int64)  # highest level of each state that holds anything
    found = np.zeros(2)
    for h in range(hours.shape[0]):
        top = tops.max() + 1
        if h == 0:
            met[:] = now
        else:
            _move(now, met, moves, tops, top)
        now[:, :top] = 0.0
        _serve(now, met, hours[h], shares, capacity, step, tops, top, found)
    return found[0], found[1]


@kernel
def _move(now, met, moves, tops, top):
    """Units fail and are mended: probability of each state and level before an hour, into ``met``."""
    met[:, :top] = 0.0
    for s in range(now.shape[0]):
        most = 0.0
        for k in range(tops[s] + 1):
            most = max(most, now[s, k])
        for t in range(now.shape[0]):
            if moves[s, t] * most > _NONE_PROB:
                for k in range(tops[s] + 1):
                    met[t, k] += now[s, k] * moves[s, t]


@kernel
def _serve(now, met, hour, shares, capacity, step, tops, top, found):  # noqa: PLR0913 - compiled
    """Serve an hour in each state and level; what is missing and how often is added to ``found``."""
    required, surplus, charge, discharge, content = hour[0], hour[1], hour[2], hour[3], hour[4]
    power, way_in, way_out = shares[0], shares[1], shares[2]
    for s in range(capacity.size):
        spare = capacity[s] + surplus - required
        tops[s] = -1
        for k in range(top):
            prob = met[s, k]
            if prob <= _NONE_PROB:
                continue
            owed, lacks = k * step, 0.0
            if spare >= 0.0:
                owed = max(0.0, owed - way_in * min(spare, power - charge + discharge))
            else:
                less = min(-spare, charge)
                more = min(-spare - less, power - discharge)
                lacks = -spare - less - more
                owed += less * way_in + more / way_out
            if owed > content:
                lacks += (owed - content) * way_out
                owed = content
            if lacks > _NONE_MW:
                found[0] += prob * lacks
                found[1] += prob
            low = min(int(owed / step + _ROUNDING), now.shape[1] - 1)
            part = max(0.0, owed / step - low)
            now[s, low] += prob * (1.0 - part)
            if part > _ROUNDING:
                low += 1
                now[s, low] += prob * part
            tops[s] = max(tops[s], low)
