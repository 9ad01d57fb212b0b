"""Gates in a network: what must open before what, and which of them decides the date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import Fault, StudyError

Months = Mapping[str, NDArray[np.float64]]
"""Gate to array, shape (draw,). [month]"""


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that must happen.

    Attributes
    ----------
    name
        Unique in its network.
    months
        Key of the fact with its duration, in months.
    after
        Gates that must have opened before it begins; none means it begins at the as-of month.
    fails
        Key of the fact with the chance that it never opens once it is reached; None if it always does.
    opens
        Key of the fact with the chance that it does open, in place of ``fails``.
    cause
        What it shares with gates of the same cause at other sites; empty stands alone.
    dated
        Field of the declaration whose month takes the place of the duration where it is stated:
        ``power`` or ``lease_start``; empty for none.
    """

    name: str
    months: str
    after: tuple[str, ...] = ()
    fails: str | None = None
    opens: str | None = None
    cause: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Gates in an order in which each comes after those it waits for.

    Attributes
    ----------
    name
        Of the network.
    gates
        In order.
    rest
        Gate whose chance is what the chance of the whole leaves over; None where none is.
    """

    name: str
    gates: tuple[Gate, ...]
    rest: str | None = None

    @property
    def ends(self) -> tuple[str, ...]:
        """Gates that no other waits for."""
        waited = {name for gate in self.gates for name in gate.after}
        return tuple(gate.name for gate in self.gates if gate.name not in waited)


def network(
    name: str, gates: Iterable[Gate], rest: str | None = None, places: Mapping[str, str] | None = None
) -> Network:
    """A checked network.

    Parameters
    ----------
    name
        Of the network, for messages.
    gates
        In any order.
    rest
        Gate that takes the rest of the chance.
    places
        Gate to its place in a file, for messages.

    Raises
    ------
    StudyError
        With every gate that stands twice, waits for one that is not there, or for itself in a circle.
    """
    listed = list(gates)
    by_name = {gate.name: gate for gate in listed}
    where = places or {}
    faults: list[Fault] = []
    for position, gate in enumerate(listed):
        place = where.get(gate.name, f'network "{name}", gate "{gate.name}"')
        if any(other.name == gate.name for other in listed[:position]):
            faults.append(Fault(place, "stands twice; give each gate a name of its own"))
        for before in gate.after:
            if before not in by_name:
                known = ", ".join(by_name)
                faults.append(Fault(place, f'waits for "{before}", which is not in the network; there are {known}'))
    if not faults and (circle := _circle(by_name)):
        place = where.get(circle[0], f'network "{name}", gate "{circle[0]}"')
        faults.append(Fault(place, f"waits for itself: {' after '.join((*circle, circle[0]))}"))
    if faults:
        raise StudyError(faults)
    return Network(name, tuple(_ordered(listed, by_name)), rest)


def _circle(by_name: Mapping[str, Gate]) -> list[str]:
    """Gates of a circle, if there is one."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name) :]
        if name in done:
            return []
        for before in by_name[name].after:
            if found := walk(before, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in by_name if (found := walk(name, []))), [])


def _ordered(listed: Sequence[Gate], by_name: Mapping[str, Gate]) -> list[Gate]:
    out: dict[str, Gate] = {}

    def place(gate: Gate) -> None:
        for before in gate.after:
            place(by_name[before])
        out.setdefault(gate.name, gate)

    for gate in listed:
        place(gate)
    return list(out.values())


def opened(
    graph: Network, months: Months, decided_month: int = 0, wait: Collection[str] = ()
) -> dict[str, NDArray[np.float64]]:
    """When each gate opens: after the last of those it waits for, plus its own duration.

    Parameters
    ----------
    graph
        A checked network.
    months
        Duration of each gate, shape (draw,). [month]
    decided_month
        Before it no gate in ``wait`` begins. [month]
    wait
        Gates that nobody works on before a decision.

    Returns
    -------
    dict of gate to array, shape (draw,)
        Months after the as-of month.
    """
    done: dict[str, NDArray[np.float64]] = {}
    for gate in graph.gates:
        earliest = float(decided_month) if gate.name in wait else 0.0
        done[gate.name] = _begun(gate, done, months, earliest) + months[gate.name]
    return done


def _begun(gate: Gate, done: Months, months: Months, earliest_month: float) -> NDArray[np.float64]:
    start = np.full_like(months[gate.name], earliest_month)
    for before in gate.after:
        start = np.maximum(start, done[before])
    return start


def on_the_way_to(graph: Network, ends: Collection[str]) -> set[str]:
    """Gates of a network that lead to some of its gates, those included."""
    by_name = {gate.name: gate for gate in graph.gates}
    found: set[str] = set()
    waiting = [name for name in ends if name in by_name]
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting += by_name[name].after
    return found


def finish(graph: Network, done: Months) -> NDArray[np.float64]:
    """When the last gate has opened, shape (draw,). [month]"""
    return np.max([done[name] for name in graph.ends], axis=0)


def last_frac(graph: Network, done: Months) -> dict[str, float]:
    """How often each gate is the last of those that the final step waited for; the shares sum to one.

    The final step is the last gate, with those that come alone before it: where chains meet, the later one
    counts. A tie is shared.

    Parameters
    ----------
    graph, done
        A network, and when its gates open.
    """
    by_name = {gate.name: gate for gate in graph.gates}
    waiting: tuple[str, ...] = graph.ends
    while len(waiting) == 1 and by_name[waiting[0]].after:
        waiting = by_name[waiting[0]].after
    times = np.stack([done[name] for name in waiting])
    is_last = times >= times.max(axis=0) - _SAME_MONTHS
    share = (is_last / is_last.sum(axis=0)).mean(axis=1)
    return {gate.name: 0.0 for gate in graph.gates} | dict(zip(waiting, map(float, share), strict=True))


def critical_frac(graph: Network, months: Months) -> dict[str, float]:
    """How often each gate delays the whole most; the shares sum to one.

    The gate that delays most is the one without which the last gate would open soonest: on one chain the
    longest, on parallel ones the longest beyond the slack of the others. A tie is shared.
    """
    end = finish(graph, opened(graph, months))
    gains = np.stack(
        [
            end - finish(graph, opened(graph, {**months, gate.name: np.zeros_like(months[gate.name])}))
            for gate in graph.gates
        ]
    )
    is_most = gains >= gains.max(axis=0) - _SAME_MONTHS
    share = (is_most / is_most.sum(axis=0)).mean(axis=1)
    return {gate.name: float(part) for gate, part in zip(graph.gates, share, strict=True)}


_SAME_MONTHS: Final = 1e-9
