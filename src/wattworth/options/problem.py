"""What is to be decided, on one set of paths: states, ways between them, money, and what is known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError

STAY: Final = "stay"
"""What a decision is called that changes nothing."""


Drivers = NDArray[np.float64]
"""What is observed, shape (driver, draw), each driver in its own unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Switch:
    """One way from a state to another; it cannot be undone but by another switch.

    Attributes
    ----------
    origin, target
        States it leads from and to.
    cost_usd
        Broadcasts to shape (date, draw): what it costs at its date, known when it is decided; negative where it
        pays, as a sale does. [USD]
    lag_periods
        Periods until the target is reached. Meanwhile neither state earns; with none the target earns at once.
    earned_usd
        Broadcasts to shape (date, draw), or None: value at its date of money that the switch itself brings later
        and that hangs on its date, such as what is earned while a conversion is under way, or a lease whose rent is
        fixed at signing. Not known when it is decided, so it is regressed. [USD]
    allowed
        Broadcasts to shape (date, draw), or None for always: whether it may be made, as known on that date. A
        window of dates, power that has come or not, a payoff above nought.
    name
        Its name; origin and target by default.
    """

    origin: str
    target: str
    cost_usd: NDArray[np.float64] | float = 0.0
    lag_periods: int = 0
    earned_usd: NDArray[np.float64] | float | None = None
    allowed: NDArray[np.bool_] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or f"{self.origin} to {self.target}")


@dataclass(frozen=True, slots=True)
class Plan:
    """Switches made on fixed dates whatever the drivers say.

    Attributes
    ----------
    name
        Its name.
    steps
        Date (its number) and name of each switch, in order. A step is made on the first date from its own on, and
        before that of the next step, when the site is in the state it leads from and it is allowed.
    """

    name: str
    steps: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SwitchProblem:
    """States, switches and money on one set of paths: the training set, or one block of fresh ones.

    On each date the site may make one switch out of the state it is in, or stay; then it earns the cash of its
    state until the next date. The last node is the horizon: nothing is decided there.

    Attributes
    ----------
    states
        Names; the site is in the first on date 0.
    months
        Month of each decision date and, last, of the horizon. [month]
    discount
        Array, shape (date + 1,): value at the as-of month of a dollar on each date and at the horizon. [1]
    drivers
        Name to array, shape (date, draw): what is observed on each date, in its own unit. Fits see nothing else.
    cash_usd
        State to what broadcasts to (date, draw): value at each date of what the state earns until the next; a
        state left out earns nothing. [USD]
    terminal_usd
        State to what broadcasts to (draw,): worth of being in it at the horizon; nothing where left out. [USD]
    switches
        The ways between states.
    surprises
        Driver to array, shape (date, draw), for some drivers or none, on training paths: what could not be expected
        of it between each date and the next, such as its change less the change its drift foretold. Its mean,
        given all that is seen on the date, must be nought; then it takes noise out of the fits and no more.
    plans
        Fixed plans to price beside those of one switch on each date, and to follow if none is better.
    """

    states: tuple[str, ...]
    months: tuple[int, ...]
    discount: NDArray[np.float64]
    drivers: Mapping[str, NDArray[np.float64]]
    cash_usd: Mapping[str, Any] = field(default_factory=dict)
    terminal_usd: Mapping[str, Any] = field(default_factory=dict)
    switches: tuple[Switch, ...] = ()
    plans: tuple[Plan, ...] = ()
    surprises: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def n_date(self) -> int:
        """Number of decision dates; the horizon is not one."""
        return len(self.months) - 1

    @property
    def n_draw(self) -> int:
        """Number of draws."""
        return next(iter(self.drivers.values())).shape[1]

    @property
    def outline(self) -> Outline:
        """What a policy fitted on one set of paths must share with another set."""
        return Outline(
            states=self.states,
            months=self.months,
            drivers=tuple(self.drivers),
            switches=tuple((s.name, s.origin, s.target, s.lag_periods) for s in self.switches),
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """The part of a problem without paths.

    Attributes
    ----------
    states, months, drivers
        As in the problem.
    switches
        Name, origin, target and lag of each.
    """

    states: tuple[str, ...]
    months: tuple[int, ...]
    drivers: tuple[str, ...]
    switches: tuple[tuple[str, str, str, int], ...]

    @property
    def ways_out(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the switches that lead out of each state."""
        return tuple(tuple(k for k, way in enumerate(self.switches) if way[1] == state) for state in self.states)

    @property
    def targets(self) -> tuple[int, ...]:
        """Number of the state each switch leads to."""
        return tuple(self.states.index(way[2]) for way in self.switches)

    @property
    def lags(self) -> tuple[int, ...]:
        """Periods of each switch until its target is reached."""
        return tuple(way[3] for way in self.switches)


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """The money of a problem as values at the as-of month, ready for loops over dates.

    Attributes
    ----------
    cash_usd
        Array, shape (state, date, draw). [USD]
    terminal_usd
        Array, shape (state, draw). [USD]
    cost_usd, earned_usd
        Arrays, one for each switch, shape (date, draw). [USD]
    allowed
        One array for each switch, shape (date, draw); never where its target would come after the horizon.
    """

    cash_usd: NDArray[np.float64]
    terminal_usd: NDArray[np.float64]
    cost_usd: tuple[NDArray[np.float64], ...]
    earned_usd: tuple[NDArray[np.float64], ...]
    allowed: tuple[NDArray[np.bool_], ...]


def present(problem: SwitchProblem) -> Present:
    """Bring all money of a problem to the as-of month, and check that it is finite."""
    shape = (problem.n_date, problem.n_draw)
    discount = np.asarray(problem.discount, dtype=np.float64)[:, None]

    def spread(values: Any, what: str) -> NDArray[np.float64]:
        full = np.broadcast_to(np.asarray(values, dtype=np.float64), shape)
        return _finite(full, what) * discount[:-1]

    cash = np.stack([spread(problem.cash_usd.get(state, 0.0), f"cash of state {state!r}") for state in problem.states])
    terminal = np.stack(
        [
            _finite(
                np.broadcast_to(np.asarray(problem.terminal_usd.get(state, 0.0), dtype=np.float64), shape[1]),
                f"terminal value of state {state!r}",
            )
            * discount[-1]
            for state in problem.states
        ]
    )
    cost, earned, allowed = [], [], []
    in_time = np.arange(shape[0])[:, None]
    for switch in problem.switches:
        cost.append(spread(switch.cost_usd, f"cost of switch {switch.name!r}"))
        earned.append(spread(0.0 if switch.earned_usd is None else switch.earned_usd, f"earned by {switch.name!r}"))
        may = True if switch.allowed is None else np.asarray(switch.allowed, dtype=np.bool_)
        if np.ndim(may) == 1:
            may = np.asarray(may)[:, None]
        allowed.append(np.broadcast_to(may, shape) & (in_time + switch.lag_periods <= shape[0]))
    for name, seen in problem.drivers.items():
        _finite(seen, f"driver {name!r}")
    for name, seen in problem.surprises.items():
        _finite(seen, f"surprise of {name!r}")
    return Present(cash, terminal, tuple(cost), tuple(earned), tuple(allowed))


def _finite(values: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    """The values, or an error that names the first place where one is not a number."""
    if not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        raise DataError(f"{what}: got {values[place]} at (date, draw) {place}, need finite numbers")
    return values


def _check(problem: SwitchProblem) -> None:
    """Raise ValueError for what no paths could mend."""
    states, n_date = problem.states, problem.n_date
    if not problem.drivers or n_date < 1:
        raise ValueError("a problem needs a driver, a decision date and a horizon")
    if len(set(states)) != len(states) or any(b <= a for a, b in zip(problem.months, problem.months[1:], strict=False)):
        raise ValueError("states must differ and months must rise")
    if np.shape(problem.discount) != (n_date + 1,):
        raise ValueError(f"discount: got shape {np.shape(problem.discount)}, need {(n_date + 1,)}, the horizon last")
    wrong = [
        name
        for seen_in in (problem.drivers, problem.surprises)
        for name, seen in seen_in.items()
        if np.shape(seen) != (n_date, problem.n_draw)
    ]
    if wrong:
        raise ValueError(f"drivers {wrong}: need shape (date, draw), {(n_date, problem.n_draw)}")
    if set(problem.surprises) - set(problem.drivers):
        raise ValueError(f"surprises of what is no driver: {sorted(set(problem.surprises) - set(problem.drivers))}")
    ends = {end for switch in problem.switches for end in (switch.origin, switch.target)}
    unknown = {*problem.cash_usd, *problem.terminal_usd, *ends}
    if unknown - set(states):
        raise ValueError(f"no such states: {sorted(unknown - set(states))}; there are {list(states)}")
    names = [switch.name for switch in problem.switches]
    if len(set(names)) != len(names) or STAY in names or any(s.lag_periods < 0 for s in problem.switches):
        raise ValueError(f"switches need names that differ, none {STAY!r}, and lags of nought or more: {names}")
    if any(s.origin == s.target for s in problem.switches):
        raise ValueError("a switch leads to another state")
    for plan in problem.plans:
        dates = [date for date, _ in plan.steps]
        if any(name not in names for _, name in plan.steps) or dates != sorted(set(dates)):
            raise ValueError(f"plan {plan.name!r}: its steps need rising dates and names among {names}")
