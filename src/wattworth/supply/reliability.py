"""How much load units that fail leave unserved: exact, from the units that are up at any moment (binomial, N+k).

A unit is up with a stated probability, whatever the others do. Common causes, gas supply and cold are outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, exp

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.units import HOURS_PER_YEAR

_SAME_MW = 1e-9


@dataclass(frozen=True, slots=True)
class Units:
    """Equal units that fail on their own.

    Attributes
    ----------
    name
        Their name.
    n_unit
        How many are installed.
    unit_mw
        What one of them gives on the day that counts: derated, not on its plate. [MW]
    availability_frac
        Probability that one is up.
    """

    name: str
    n_unit: int
    unit_mw: float
    availability_frac: float

    def __post_init__(self) -> None:
        if self.n_unit < 0 or self.unit_mw < 0.0 or not 0.0 <= self.availability_frac <= 1.0:
            raise ValueError(f"{self.name!r}: need nought or more units and MW, and an availability from 0 to 1")


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """What units give together, state by state.

    Attributes
    ----------
    capacity_mw
        Array, shape (state,), rising. [MW]
    prob_frac
        Array, shape (state,): probability of each; they sum to one.
    """

    capacity_mw: NDArray[np.float64]
    prob_frac: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Adequacy:
    """How well a load is served.

    Attributes
    ----------
    availability_frac
        Share of hours in which all load is served.
    unserved_frac
        Energy not served, as a share of energy demanded.
    unserved_mwh_per_year
        The same in a year of 8,760 hours: expected unserved energy, EUE. [MWh/year]
    short_h_per_year
        Hours in which some load is not served: loss-of-load hours, LOLH. [h/year]
    """

    availability_frac: float
    unserved_frac: float
    unserved_mwh_per_year: float
    short_h_per_year: float


def availability_frac(mttf_h: float, repair_h: float) -> float:
    """Share of time that a unit is up, from its mean time to failure and to repair.

    Examples
    --------
    >>> round(availability_frac(1000.0, 50.0), 6)
    0.952381
    """
    if mttf_h <= 0.0 or repair_h < 0.0:
        raise ValueError(f"a unit that runs {mttf_h} h and is repaired in {repair_h} h has no availability")
    return mttf_h / (mttf_h + repair_h)


def up_after_frac(mttf_h: float, repair_h: float, after_h: float, up_now_frac: float = 1.0) -> float:
    r"""Probability that a unit is up some hours after it was known to be up with some probability.

    Parameters
    ----------
    mttf_h, repair_h
        Mean time to failure and to repair, both exponential. [h]
    after_h
        Hours since. [h]
    up_now_frac
        Probability that it was up then.

    Notes
    -----
    With :math:`\lambda` and :math:`\mu` the inverse times and :math:`a = \mu / (\lambda + \mu)`, it is
    :math:`a + (p_0 - a)\,e^{-(\lambda + \mu) t}`.

    Examples
    --------
    >>> round(up_after_frac(1000.0, 50.0, 0.0), 6), round(up_after_frac(1000.0, 50.0, 1e6), 6)
    (1.0, 0.952381)
    """
    steady = availability_frac(mttf_h, repair_h)
    if repair_h == 0.0:
        return steady
    return steady + (up_now_frac - steady) * exp(-(1.0 / mttf_h + 1.0 / repair_h) * after_h)


def units_up_prob(n_unit: int, availability_frac: float) -> NDArray[np.float64]:
    """Probability of each number of units up, array of shape (n_unit + 1,).

    Examples
    --------
    >>> units_up_prob(2, 0.9).round(12).tolist()
    [0.01, 0.18, 0.81]
    """
    up, down = availability_frac, 1.0 - availability_frac
    return np.array([comb(n_unit, n) * up**n * down ** (n_unit - n) for n in range(n_unit + 1)])


def capacity_states(units: Sequence[Units]) -> States:
    """Capacities that units of several kinds give together, and how probable each is.

    Parameters
    ----------
    units
        Kinds of units; none gives one state of nought.
    """
    capacity, prob = np.zeros(1), np.ones(1)
    for kind in units:
        own = kind.unit_mw * np.arange(kind.n_unit + 1)
        capacity = (capacity[:, None] + own).ravel()
        prob = (prob[:, None] * units_up_prob(kind.n_unit, kind.availability_frac)).ravel()
        order = np.argsort(capacity, kind="stable")
        capacity, prob = capacity[order], prob[order]
        first = np.concatenate([[True], np.diff(capacity) > _SAME_MW])
        capacity, prob = capacity[first], np.add.reduceat(prob, np.flatnonzero(first))
    return States(capacity, prob)


def adequacy(load_mw: NDArray[np.float64] | float, units: Sequence[Units]) -> Adequacy:
    """How well units serve a load, without a store.

    Parameters
    ----------
    load_mw
        Array, shape (hour,), or one number for a flat load: what the units must serve. Where renewables go first, it
        is what they leave over; hours of nought or less need no unit. [MW]
    units
        Kinds of units.

    Returns
    -------
    Adequacy
        Shares over the hours given; shares of energy are of the load given.

    Raises
    ------
    DataError
        If an hour is not a finite number, or no hour needs a unit.

    References
    ----------
    .. [1] Billinton and Allan, "Reliability evaluation of power systems", 2nd ed., Plenum, 1996, chapter 2.

    Examples
    --------
    >>> spare_of_one = adequacy(4.0, [Units("engine", 5, 1.0, 0.95)])
    >>> round(spare_of_one.availability_frac, 7), round(spare_of_one.unserved_frac, 8)
    (0.9774075, 0.00594523)
    """
    load = checked_load_mw(load_mw)
    states = capacity_states(units)
    below = np.concatenate([[0.0], np.cumsum(states.prob_frac)])
    mean_below = np.concatenate([[0.0], np.cumsum(states.prob_frac * states.capacity_mw)])
    n_short = np.searchsorted(states.capacity_mw, load - _SAME_MW)  # states that give less than the load
    unserved_mw = float(np.mean(load * below[n_short] - mean_below[n_short]))
    short = float(np.mean(below[n_short]))
    return Adequacy(
        availability_frac=1.0 - short,
        unserved_frac=unserved_mw / float(load.mean()),
        unserved_mwh_per_year=unserved_mw * HOURS_PER_YEAR,
        short_h_per_year=short * HOURS_PER_YEAR,
    )


def checked_load_mw(load_mw: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Load that units must serve, array of shape (hour,), hours without need at nought; DataError if it is none."""
    load = np.atleast_1d(np.asarray(load_mw, dtype=np.float64))
    if load.ndim != 1 or not np.isfinite(load).all():
        raise DataError(f"load: got an array of shape {load.shape}, need one finite number for each hour")
    load = np.maximum(load, 0.0)
    if not load.any():
        raise DataError("load: no hour needs a unit, so nothing can be said of how well it is served")
    return load
