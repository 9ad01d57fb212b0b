"""How long generators that may not start, may fail and may be repaired carry a load together with a battery.

A Markov chain by the hour over the units that are up and the content of the battery, after the outage has begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, prod

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import DataError
from wattworth.supply.reliability import Units, availability_frac, units_up_prob

_ON_GRID = 1e-9


@dataclass(frozen=True, slots=True)
class Generators:
    """Equal generators that fail on their own.

    Attributes
    ----------
    name
        Their name.
    n_unit
        How many.
    unit_mw
        What one gives, derated. [MW]
    mttf_h
        Mean time to failure while running, an hour or more; a unit fails in an hour with probability ``1 / mttf_h``.
        [h]
    repair_h
        Mean time to repair, an hour or more; endless where nobody comes during an outage. [h]
    ready_frac
        Probability that a unit is not in repair when it is called.
    start_failure_frac
        Probability that a unit that is ready does not start.
    """

    name: str
    n_unit: int
    unit_mw: float
    mttf_h: float
    repair_h: float = inf
    ready_frac: float = 1.0
    start_failure_frac: float = 0.0

    def __post_init__(self) -> None:
        if self.n_unit < 0 or self.unit_mw < 0.0 or not (self.mttf_h >= 1.0 and self.repair_h >= 1.0):
            raise ValueError(f"{self.name!r}: need nought or more units and MW, and an hour or more to fail and repair")
        if not (0.0 <= self.ready_frac <= 1.0 and 0.0 <= self.start_failure_frac <= 1.0):
            raise ValueError(f"{self.name!r}: ready_frac and start_failure_frac lie between 0 and 1")

    @property
    def in_the_long_run(self) -> Units:
        """The same units when they have run for long; they must be repaired."""
        if self.repair_h == inf:
            raise ValueError(f"{self.name!r} is never repaired, so it is down in the long run: give repair_h")
        return Units(self.name, self.n_unit, self.unit_mw, availability_frac(self.mttf_h, self.repair_h))


@dataclass(frozen=True, slots=True)
class Reserve:
    """A battery that fills from whatever is spare and serves what generators cannot.

    Attributes
    ----------
    power_mw, energy_mwh
        Power, the same in and out and measured outside; energy, measured inside. [MW], [MWh]
    start_frac, least_frac
        Content at the start and the least that may be left, as shares of the energy.
    charge_frac, discharge_frac
        Share of energy that survives the way in, and the way out.
    """

    power_mw: float
    energy_mwh: float
    start_frac: float = 1.0
    least_frac: float = 0.0
    charge_frac: float = 1.0
    discharge_frac: float = 1.0

    def __post_init__(self) -> None:
        if self.power_mw < 0.0 or self.energy_mwh < 0.0 or not 0.0 <= self.least_frac <= self.start_frac <= 1.0:
            raise ValueError("a reserve has nought or more MW and MWh, and starts between its least content and full")
        if not (0.0 < self.charge_frac <= 1.0 and 0.0 < self.discharge_frac <= 1.0):
            raise ValueError("efficiencies of a reserve lie above nought and up to one")

    @property
    def usable_mwh(self) -> float:
        """Energy above the least content. [MWh]"""
        return self.energy_mwh * (1.0 - self.least_frac)

    @property
    def start_mwh(self) -> float:
        """Content at the start above the least. [MWh]"""
        return self.energy_mwh * (self.start_frac - self.least_frac)


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """Probability that all load has been served since an outage began.

    Attributes
    ----------
    survival_frac
        Array, shape (start, hour): through the first, second, ... hour, contents rounded down: no more than the truth.
    upper_frac
        The same with contents rounded up: no less than the truth. The two agree where hours move whole levels.
    """

    survival_frac: NDArray[np.float64]
    upper_frac: NDArray[np.float64]

    @property
    def mean_frac(self) -> NDArray[np.float64]:
        """Mean over the starts, array of shape (hour,), no more than the truth."""
        return self.survival_frac.mean(axis=0)


def survival(
    load_mw: NDArray[np.float64],
    generators: Sequence[Generators],
    n_hour: int,
    reserve: Reserve | None = None,
    *,
    starts: Sequence[int] | None = None,
    n_level: int = 101,
) -> Survival:
    """Survival of outages that begin in given hours.

    Parameters
    ----------
    load_mw
        Array, shape (hour,): what is left to serve after sun and wind; less than nought where they give more. After
        its last hour it begins again. [MW]
    generators
        Kinds of generators.
    n_hour
        Length of the outage. [h]
    reserve
        Battery, or None.
    starts
        First hours of outages; every hour of the load by default.
    n_level
        Levels of content, empty and full included. More of them bring the two answers closer.

    Raises
    ------
    ValueError
        If an outage has no hours, or content has fewer than two levels.
    DataError
        If an hour of load is not a finite number.

    Notes
    -----
    Units are called as the outage begins: each is up with probability ``ready_frac * (1 - start_failure_frac)``. Before
    every hour, the first included, those up may fail and those down may be repaired. Load that is not wholly served in
    an hour ends survival for good.

    References
    ----------
    .. [1] Marqusee, Ericson and Jenket, "Impact of emergency diesel generator reliability on microgrids and
       building-tied systems", Applied Energy 285 (2021), https://doi.org/10.1016/j.apenergy.2021.116437.

    Examples
    --------
    >>> pair = Generators("engine", 2, 1.0, mttf_h=5.0)
    >>> lasting = survival(np.array([1.0, 2.0, 2.0, 1.0]), [pair], 3, Reserve(1.0, 4.0, 0.75, 0.5), starts=[0])
    >>> lasting.survival_frac.round(6).tolist()
    [[1.0, 0.8704, 0.557056]]
    """
    load = np.ascontiguousarray(load_mw, dtype=np.float64)
    if load.ndim != 1 or not load.size or not np.isfinite(load).all():
        raise DataError(f"load: got an array of shape {load.shape}, need one finite number for each hour")
    if n_hour < 1 or n_level < 2:
        raise ValueError(f"an outage of {n_hour} hours with {n_level} levels: need one hour and two levels at least")
    first = np.arange(load.size) if starts is None else np.asarray(starts, dtype=np.int64)
    battery = reserve or Reserve(0.0, 0.0)
    step_mwh = battery.usable_mwh / (n_level - 1)
    n_level = n_level if step_mwh > 0.0 else 1
    store = np.array([battery.power_mw, step_mwh, battery.start_mwh, battery.charge_frac, battery.discharge_frac])
    chain = _start_prob(generators), _hour_prob(generators), _capacity_mw(generators)
    down, up = (_survival(load, *chain, store, first, n_hour, n_level, rounds_up) for rounds_up in (False, True))
    return Survival(down, up)


def _start_prob(generators: Sequence[Generators]) -> NDArray[np.float64]:
    """Array, shape (state,): numbers of units up of each kind, the last kind fastest."""
    out = np.ones(1)
    for kind in generators:
        own = units_up_prob(kind.n_unit, kind.ready_frac * (1.0 - kind.start_failure_frac))
        out = (out[:, None] * own).ravel()
    return out


def _capacity_mw(generators: Sequence[Generators]) -> NDArray[np.float64]:
    out = np.zeros(1)
    for kind in generators:
        out = (out[:, None] + kind.unit_mw * np.arange(kind.n_unit + 1)).ravel()
    return out


def _hour_prob(generators: Sequence[Generators]) -> NDArray[np.float64]:
    """Array, shape (state before, state after)."""
    out = np.ones((1, 1))
    for kind in generators:
        n = kind.n_unit
        own = np.zeros((n + 1, n + 1))
        for up in range(n + 1):
            stay, mended = units_up_prob(up, 1.0 - 1.0 / kind.mttf_h), units_up_prob(n - up, 1.0 / kind.repair_h)
            own[up] = np.convolve(stay, mended)
        size = prod(out.shape[:1]) * (n + 1)
        out = (out[:, None, :, None] * own[None, :, None, :]).reshape(size, size)
    return out


@kernel
def _survival(  # noqa: PLR0913 - compiled
    load, start_prob, hour_prob, capacity, store, starts, n_hour, n_level, rounds_up
):
    """Survival by start and hour; ``store`` is power, step of content, content at the start, way in, way out."""
    n_state = capacity.size
    step = store[1] if store[1] > 0.0 else 1.0
    out = np.zeros((starts.size, n_hour))
    now = np.empty((n_state, n_level))
    met = np.empty((n_state, n_level))
    for n in range(starts.size):
        now[:] = 0.0
        now[:, _level(store[2] / step, n_level, rounds_up)] = start_prob
        for h in range(n_hour):
            met[:] = 0.0
            for s in range(n_state):
                for t in range(n_state):
                    if hour_prob[s, t] > 0.0:
                        for k in range(n_level):
                            met[t, k] += now[s, k] * hour_prob[s, t]
            now[:] = 0.0
            need = load[(starts[n] + h) % load.size]
            alive = 0.0
            for s in range(n_state):
                spare = capacity[s] - need
                for k in range(n_level):
                    content = k * step if store[1] > 0.0 else 0.0
                    if spare >= -_ON_GRID:
                        content += min(spare, store[0]) * store[3]
                    elif -spare <= min(store[0], content * store[4]) + _ON_GRID:
                        content += spare / store[4]
                    else:
                        continue
                    now[s, _level(content / step, n_level, rounds_up)] += met[s, k]
                    alive += met[s, k]
            out[n, h] = alive
    return out


@kernel
def _level(place, n_level, rounds_up):
    level = np.ceil(place - _ON_GRID) if rounds_up else np.floor(place + _ON_GRID)
    return int(min(max(level, 0.0), n_level - 1.0))
