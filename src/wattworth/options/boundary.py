"""Where the decision flips, in two drivers: an array for a figure, and words that hold on either side."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options.policy import Policy

Grid = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Values of the first driver and of the second, both ascending, each in its own unit."""

Said = tuple[str, dict[str, float] | None, dict[str, float] | None]
"""Words, and drivers just within and just beyond what they say."""

ASIDE_RATIO: Final = 1e-9
"""How far beyond a threshold its other side is looked at, as a share of the grid."""

HALVINGS: Final = 60
"""Halvings of a grid step in the search for the threshold."""

SHOWN_DIGITS: Final = 4
"""Digits of a threshold in words; it is rounded towards the side where the switch is made."""


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """The choice over a grid of two drivers, the others at their median.

    Attributes
    ----------
    state, switch
        The state, and the switch whose threshold is given: the one chosen most often; ``None`` if none ever is.
    driver_x, driver_y
        Names of the two; ``driver_y`` is None for one driver alone.
    grid
        Values of both, each in its own unit.
    choice
        Array, shape (y, x): number of the switch chosen, -1 to stay.
    thresholds
        Tuple with one number for each y, in the unit of the first driver: where the choice flips; nan where it never
        flips within the grid, or more than once.
    words
        When to switch, as a sentence.
    inside, outside
        Drivers at the corner of what the words say, just within and just beyond, the others at their median; None
        where the words name no threshold. The policy switches at the one and not at the other.
    """

    state: str
    switch: str | None
    driver_x: str
    driver_y: str | None
    grid: Grid
    choice: NDArray[np.int64]
    thresholds: tuple[float, ...]
    words: str
    inside: dict[str, float] | None
    outside: dict[str, float] | None


def boundary(
    policy: Policy,
    date: int,
    state: str,
    driver_x: str,
    driver_y: str | None = None,
    grid: Grid | int = 41,
    switch: str | None = None,
) -> Boundary:
    """Find where a policy begins to switch.

    Parameters
    ----------
    policy
        From :func:`~wattworth.options.policy.fit_policy`.
    date
        Number of the date. On date 0 the drivers usually have one value, and there is nothing to vary.
    state
        State the site is in.
    driver_x, driver_y
        Drivers to vary, each in its own unit; without a second the first varies alone.
    grid
        Values of both, ascending, or how many of each, from the tenth to the ninetieth percentile of training.
    switch
        Which switch; by default the one chosen most often on the grid.

    Raises
    ------
    ValueError
        If a driver does not vary on that date, or the policy follows a fixed plan: then no boundary exists.

    Notes
    -----
    All switches are taken as allowed, and each cost as what training paths had at such drivers.
    """
    if policy.follows is not None:
        raise ValueError(f"the policy follows the fixed plan {policy.follows.name!r}, whatever the drivers")
    names = list(policy.outline.drivers)
    for name in filter(None, (driver_x, driver_y)):
        if policy.scale[date, names.index(name)] <= 0.0:
            raise ValueError(f"driver {name!r} does not vary in training on date {date}; ask for a later date")
    probe = _Probe(policy, date, state, driver_x, driver_y)
    if isinstance(grid, int):
        grid = probe.values(probe.x, grid), probe.values(probe.y, grid)
    choice = probe.choice((grid[0][None, :], grid[1][:, None]))
    way = _way(policy, state, choice, switch)
    made = choice == way if way >= 0 else np.zeros_like(choice, dtype=np.bool_)
    label = policy.outline.switches[way][0] if way >= 0 else None
    return Boundary(
        state,
        label,
        driver_x,
        driver_y,
        grid,
        choice,
        tuple(map(float, probe.thresholds(grid, made, way))),
        *_Sentence(probe, grid, made, way, (label or "", driver_x, driver_y)).parts(),
    )


def _way(policy: Policy, state: str, choice: NDArray[np.int64], switch: str | None) -> int:
    """Number of the switch asked for, or chosen most often; -1 if none is."""
    ways = policy.outline.ways_out[policy.outline.states.index(state)]
    if switch is not None:
        return next(way for way in ways if policy.outline.switches[way][0] == switch)
    often = [int((choice == way).sum()) for way in ways]
    return ways[int(np.argmax(often))] if often and max(often) > 0 else -1


class _Probe:
    """Whether a policy makes one switch on one date, as a function of two drivers."""

    def __init__(self, policy: Policy, date: int, state: str, driver_x: str, driver_y: str | None) -> None:
        self.policy, self.date, self.state = policy, date, policy.outline.states.index(state)
        names = policy.outline.drivers
        self.x, self.y = names.index(driver_x), None if driver_y is None else names.index(driver_y)
        self.n_way = len(policy.outline.ways_out[self.state])

    def values(self, driver: int | None, n: int) -> NDArray[np.float64]:
        """Values from the tenth to the ninetieth percentile of training."""
        if driver is None:
            return np.zeros(1)
        return np.linspace(self.policy.p10[self.date, driver], self.policy.p90[self.date, driver], n)

    def choice(self, at: Grid) -> NDArray[np.int64]:
        """Number of the switch chosen at points, given as x and y that broadcast."""
        at_x, at_y = np.broadcast_arrays(*at)
        points = np.repeat(self.policy.p50[self.date][:, None], at_x.size, axis=1)
        points[self.x] = at_x.ravel()
        if self.y is not None:
            points[self.y] = at_y.ravel()
        allowed = [np.ones(at_x.size, dtype=np.bool_)] * self.n_way
        return self.policy.choose(self.date, self.state, points, [None] * self.n_way, allowed).reshape(at_x.shape)

    def flips(self, grid: Grid, step: NDArray[np.intp], way: int) -> NDArray[np.float64]:
        """Where in a step of each row the choice flips: the end on which the switch is made."""
        x, y = grid
        low, high = x[step].copy(), x[step + 1].copy()
        at_high = self.choice((high, y)) == way
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            as_high = (self.choice((middle, y)) == way) == at_high
            high, low = np.where(as_high, middle, high), np.where(as_high, low, middle)
        return np.where(at_high, high, low)

    def thresholds(self, grid: Grid, made: NDArray[np.bool_], way: int) -> NDArray[np.float64]:
        """The one flip of each row; nan where there is none, or more than one."""
        flips = made[:, 1:] != made[:, :-1]
        once = np.flatnonzero(flips.sum(axis=1) == 1)
        out = np.full(len(made), np.nan)
        if len(once):
            out[once] = self.flips((grid[0], grid[1][once]), flips[once].argmax(axis=1), way)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class _Sentence:
    """What "switch if x exceeds .. while y is below .." can truly say, the second driver's edge at its median."""

    probe: _Probe
    grid: Grid
    made: NDArray[np.bool_]
    way: int
    names: tuple[str, str, str | None]
    """Of the switch and of both drivers."""

    def parts(self) -> Said:
        """The words, and drivers just within and just beyond them."""
        label, name_x, name_y = self.names
        over = name_x if name_y is None else f"{name_x} and {name_y}"
        if not self.made.any():
            return f"stay, wherever on the grid {over} may be", None, None
        if self.made.all():
            return f"{label}, wherever on the grid {over} may be", None, None
        x_up = bool(self.made[:, -1].sum() >= self.made[:, 0].sum())
        if name_y is None:
            return self._say(np.zeros(1), x_up, "")
        y_up = bool(self.made[-1].sum() > self.made[0].sum())
        edge = _rounded(float(self.probe.policy.p50[self.probe.date, self.probe.y or 0]), up=y_up)
        y = self.grid[1]
        rows = np.append(y[y > edge] if y_up else y[y < edge], edge)
        shown = f"{edge:.{SHOWN_DIGITS}g}"
        said = self._say(rows, x_up, f" while {name_y} is {'above' if y_up else 'below'} {shown}")
        return said if said[1] else self._say(rows[-1:], x_up, f" with {name_y} at {shown}")

    def _say(self, rows: NDArray[np.float64], x_up: bool, part: str) -> Said:
        label, name_x, name_y = self.names
        x = self.grid[0]
        made = self.probe.choice((x[None, :], rows[:, None])) == self.way
        limits = self._limits(rows, made, x_up)
        worst = int(limits.argmax() if x_up else limits.argmin())  # nan, where a row never switches, comes first
        exact = float(limits[worst])
        limit = _rounded(exact, up=x_up) if np.isfinite(exact) else np.nan
        if not x[0] <= limit <= x[-1] or made[worst].all():
            return f"{label} on part of the grid, with no single threshold in {name_x}: see the grid", None, None
        aside = (x[-1] - x[0]) * ASIDE_RATIO
        sides = [
            {name_x: float(at_x)} | ({} if name_y is None else {name_y: float(rows[worst])})
            for at_x in (limit, exact - aside if x_up else exact + aside)
        ]
        points = [(np.array([p[name_x]]), rows[[worst]]) for p in sides]
        if [int(self.probe.choice(at)[0]) == self.way for at in points] != [True, False]:
            return f"{label} on part of the grid, with no clear threshold in {name_x}: see the grid", None, None
        words = f"{label} if {name_x} {'exceeds' if x_up else 'is below'} {limit:.{SHOWN_DIGITS}g}{part}"
        return words, sides[0], sides[1]

    def _limits(self, rows: NDArray[np.float64], made: NDArray[np.bool_], x_up: bool) -> NDArray[np.float64]:
        """From where on to the end of the grid each row switches; nan if it does not at that end."""
        x = self.grid[0]
        n = len(x)
        run = np.logical_and.accumulate(made[:, ::-1] if x_up else made, axis=1).sum(axis=1)  # cells at the end
        out = np.where(run == n, x[0] if x_up else x[-1], np.nan)
        part = np.flatnonzero((run > 0) & (run < n))
        if len(part):
            step = n - run[part] - 1 if x_up else run[part] - 1
            out[part] = self.probe.flips((x, rows[part]), step, self.way)
        return out


def _rounded(value: float, *, up: bool) -> float:
    """A number of four digits, not below the value, or not above it.

    Examples
    --------
    >>> _rounded(123.412, up=True), _rounded(123.412, up=False)
    (123.5, 123.4)
    """
    if value == 0.0:
        return 0.0
    step = 10.0 ** (floor(log10(abs(value))) - SHOWN_DIGITS + 1)
    near = round(value / step)
    whole = near if abs(near * step - value) <= 1e-12 * abs(value) else (ceil if up else floor)(value / step)
    return float(f"{whole * step:.{SHOWN_DIGITS}g}")
