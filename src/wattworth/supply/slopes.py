"""Least-cost running of a given design with one store, exactly, and what its prices prove about every other design."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattworth.supply import slopes_kernels as kernels
from wattworth.supply.system import Dispatch, Hourly, Store, System

Capacities = NDArray[np.float64]
"""Array, shape (source + 2,): sources, power of the store, its energy. [MW], the last [MWh]"""

Slopes = NDArray[np.float64]
"""Array, shape (source + 2,): money for one more of each capacity. [USD/MW], the last [USD/MWh]"""

Policy = tuple[NDArray[Any], ...]
"""What the pass backward leaves to the pass forward."""

NO_STORE: Final = Store("no store", max_mw=0.0, max_mwh=0.0, start_frac=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """A system as the passes read it: every source, every sink and the unserved load is an offer.

    Attributes
    ----------
    load_mw
        Array, shape (hour,). [MW]
    price_usd_per_mwh
        Array, shape (hour, offer): sources, then sinks, then the load left unserved. [USD/MWh]
    most_mw
        Array, shape (hour, offer): most in an hour, of a source for each megawatt installed. [MW]
    n_source
        Number of sources.
    store
        The store, or one that can hold nothing.
    n_year
        Weather years in the hours.
    span_h
        Array, shape (hour,): how long each lasts: more than one where hours alike stand together. [h]
    order
        Array, shape (hour, offer): numbers of the offers, cheapest first.
    floor_mw
        Array, shape (hour,): net output when every sink takes its most and nothing runs. [MW]
    earned_usd
        What the sinks would pay for their most in every hour. [USD]
    has_negative
        Whether some offer has a price below nought.
    """

    load_mw: NDArray[np.float64]
    price_usd_per_mwh: NDArray[np.float64]
    most_mw: NDArray[np.float64]
    n_source: int
    store: Store
    n_year: float
    span_h: NDArray[np.float64]
    order: NDArray[np.int64] = field(init=False)
    floor_mw: NDArray[np.float64] = field(init=False)
    earned_usd: float = field(init=False)
    has_negative: bool = field(init=False)

    def __post_init__(self) -> None:
        price, sinks = self.price_usd_per_mwh, slice(self.n_source, -1)
        most_mw = self.most_mw[:, sinks]
        object.__setattr__(self, "order", kernels.merit_order(price))
        object.__setattr__(self, "floor_mw", -most_mw.sum(axis=1))
        object.__setattr__(self, "earned_usd", float(self.span_h @ (price[:, sinks] * most_mw).sum(axis=1)))
        object.__setattr__(self, "has_negative", bool((price < 0.0).any()))

    def at_unserved_price(self, usd_per_mwh: float) -> Hours:
        """The same hours with another cost of unserved load. [USD/MWh]"""
        price = self.price_usd_per_mwh.copy()
        price[:, -1] = usd_per_mwh
        return replace(self, price_usd_per_mwh=price)

    @property
    def load_mwh(self) -> float:
        """What is demanded in all hours. [MWh]"""
        return float(self.span_h @ self.load_mw)

    def alike_together(self) -> Hours:
        """Hours that follow each other and do not differ, such as those of a night, as one that lasts longer.

        Exact: running cost is convex, so the mean of what a design does in them costs no more.
        """
        every = np.column_stack([self.load_mw, self.price_usd_per_mwh, self.most_mw])
        first = np.flatnonzero(np.append(True, (every[1:] != every[:-1]).any(axis=1)))
        span = np.add.reduceat(self.span_h, first)
        return replace(
            self,
            load_mw=self.load_mw[first],
            price_usd_per_mwh=self.price_usd_per_mwh[first],
            most_mw=self.most_mw[first],
            span_h=span,
        )

    def part(self, taken: NDArray[np.intp]) -> Hours:
        """Some of the hours, as if they followed each other."""
        n_year = self.n_year * len(taken) / len(self.load_mw)
        return replace(
            self,
            load_mw=self.load_mw[taken],
            price_usd_per_mwh=self.price_usd_per_mwh[taken],
            most_mw=self.most_mw[taken],
            n_year=n_year,
            span_h=self.span_h[taken],
        )

    def for_unserved_only(self) -> Hours:
        """The same hours where nothing costs but unserved load, at 1. [USD/MWh]"""
        price = np.zeros_like(self.price_usd_per_mwh)
        price[:, -1] = 1.0
        return replace(self, price_usd_per_mwh=price)


class Cut(NamedTuple):
    """Running any design costs at least ``constant_usd + slope @ capacities``.

    Attributes
    ----------
    constant_usd
        Over all hours. [USD]
    slope
        For each capacity.
    """

    constant_usd: float
    slope: Slopes


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The way of the store under a design run at least cost, and its prices.

    Attributes
    ----------
    hours, capacities
        What was run.
    content_mwh
        Array, shape (hour + 1,): before each hour and after the last. [MWh]
    price_usd_per_mwh
        Array, shape (hour,): what one more megawatt-hour of load would cost. [USD/MWh]
    stored_usd_per_mwh
        Array, shape (hour,): what one more megawatt-hour in the store would be worth. [USD/MWh]
    cut
        The bound that these prices put on every design.
    n_segment
        Segments visited: the work done.
    """

    hours: Hours
    capacities: Capacities
    content_mwh: NDArray[np.float64]
    price_usd_per_mwh: NDArray[np.float64]
    stored_usd_per_mwh: NDArray[np.float64]
    cut: Cut
    n_segment: int

    @property
    def least_usd(self) -> float:
        """What the design costs over all hours by its prices: its cost, but for rounding. [USD]"""
        return self.cut.constant_usd + float(self.cut.slope @ self.capacities)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """How a design runs at least cost.

    Attributes
    ----------
    course
        Content and prices.
    cost_usd
        Over all hours, unserved load at its price. [USD]
    used_mw
        Array, shape (hour, offer). [MW]
    charge_mw, discharge_mw
        Arrays, shape (hour,), outside the store. [MW]
    """

    course: Course
    cost_usd: float
    used_mw: NDArray[np.float64]
    charge_mw: NDArray[np.float64]
    discharge_mw: NDArray[np.float64]

    @property
    def unserved_mwh(self) -> float:
        """Load not served. [MWh]"""
        return float(self.course.hours.span_h @ self.used_mw[:, -1])


def hours_of(system: System) -> Hours:
    """Lay out a system with at most one store for the passes."""
    n_hour = system.n_hour

    def laid(values: list[Hourly]) -> NDArray[np.float64]:
        out = np.empty((n_hour, len(values)))
        for k, value in enumerate(values):
            out[:, k] = value
        return out

    sources, sinks = system.sources, system.sinks
    load_mw = np.ascontiguousarray(system.load_mw, dtype=np.float64)
    price = [s.running_usd_per_mwh for s in sources] + [s.price_usd_per_mwh for s in sinks]
    most = [s.available_frac for s in sources] + [s.limit_mw for s in sinks]
    return Hours(
        load_mw,
        laid([*price, system.unserved_usd_per_mwh]),
        laid([*most, load_mw]),
        len(sources),
        system.stores[0] if system.stores else NO_STORE,
        system.n_year,
        np.ones(n_hour),
    )


def course_at_least_cost(hours: Hours, capacities: Capacities, policy: Policy | None = None) -> Course:
    """Find the course of the store at least cost, and the prices that go with it.

    Parameters
    ----------
    hours
        From :func:`hours_of`.
    capacities
        The design.
    policy
        Room to work in, from :func:`room_for`, if it is at hand; it keeps nothing that matters.

    Notes
    -----
    The least cost from an hour on is convex and piecewise linear in the content of the store [1]_. One hour back it
    is the infimal convolution with the hour's own cost of net exchange: two sorted lists of (slope, length) merged,
    then cut to what the store can hold [2]_. Each hour leaves behind where its steps came to stand, and the path
    forward needs no more.

    Any price of stored energy and any price of power in each hour bound the cost of every design from below, linear
    in its capacities: what is sold at those prices is charged at no more than it costs. The prices that go with the
    path make the bound exact at the design itself, and by it the path is known to be the best.

    Content before the first hour is the start share of the energy built, and after the last no less. Charging and
    discharging at once is allowed, as in the linear programme; it pays only where a price is below nought.

    References
    ----------
    .. [1] Bellman, "Dynamic programming", Princeton 1957.
    .. [2] Rockafellar, "Convex analysis", Princeton 1970, section 16: conjugates of sums and infimal convolutions.
    """
    load, price, floor = hours.load_mw, hours.price_usd_per_mwh, hours.floor_mw
    offers, row = as_passed(hours, capacities)
    policy = room_for(hours) if policy is None else policy
    n_segment = kernels.look_back(load, offers, floor, row, policy)
    content = kernels.follow(policy, row)
    stored = kernels.stored_prices(policy, content, row)
    bus = kernels.bus_prices(load, offers, floor, row, stored)
    bound = Cut(*kernels.cut(load, offers, hours.n_source, row, stored, bus))
    return Course(hours, capacities, content, np.minimum(bus, price[:, -1]), stored, bound, n_segment)


def room_for(hours: Hours) -> Policy:
    """Room for the passes over some hours, to be used by one run at a time."""
    return kernels.blank_policy(*hours.price_usd_per_mwh.shape)


def bound_elsewhere(course: Course, capacities: Capacities) -> Cut:
    """The bound from the same prices of stored energy, and prices of power that suit another design.

    It is the best that these prices of stored energy can say there, at a tenth of the work of a run.
    """
    hours = course.hours
    offers, row = as_passed(hours, capacities)
    stored = course.stored_usd_per_mwh
    bus = kernels.bus_prices(hours.load_mw, offers, hours.floor_mw, row, stored)
    return Cut(*kernels.cut(hours.load_mw, offers, hours.n_source, row, stored, bus))


def run_along(course: Course) -> Run:
    """Work out the output of every offer along the course of the store."""
    hours = course.hours
    sinks = slice(hours.n_source, -1)
    offers, row = as_passed(hours, course.capacities)
    flows, cost = kernels.run(hours.load_mw, offers, hours.floor_mw, row, course.content_mwh)
    used, charge, discharge = flows
    used[:, sinks] = hours.most_mw[:, sinks] - used[:, sinks]
    return Run(course, cost - hours.earned_usd, used, charge, discharge)


def run_at_least_cost(hours: Hours, capacities: Capacities, policy: Policy | None = None) -> Run:
    """Run a design at least cost; takes what :func:`course_at_least_cost` takes."""
    return run_along(course_at_least_cost(hours, capacities, policy))


def as_passed(hours: Hours, capacities: Capacities) -> tuple[tuple[NDArray[Any], ...], tuple[float, ...]]:
    """Offers of a design and the row that describes its store, as the passes take them."""
    n, store = hours.n_source, hours.store
    sizes = np.ones(hours.price_usd_per_mwh.shape[1])
    sizes[:n] = capacities[:n]
    power, energy = capacities[n:].tolist()
    into, out, start = float(store.charge_frac), float(store.discharge_frac), float(store.start_frac)
    row = power, energy, into, out, start, float(hours.has_negative), 1.0 / into, 1.0 / out
    return (hours.price_usd_per_mwh, hours.most_mw, hours.order, sizes, hours.span_h), row


def dispatch_of(hours: Hours, run: Run, system: System) -> Dispatch:
    """A run as the record that all methods share."""
    n, n_store = hours.n_source, len(system.stores)
    return Dispatch(
        source_mw=np.ascontiguousarray(run.used_mw[:, :n].T),
        sink_mw=np.ascontiguousarray(run.used_mw[:, n:-1].T),
        charge_mw=run.charge_mw[None, :].repeat(n_store, axis=0),
        discharge_mw=run.discharge_mw[None, :].repeat(n_store, axis=0),
        content_mwh=run.course.content_mwh[None, 1:].repeat(n_store, axis=0),
        unserved_mw=run.used_mw[:, -1].copy(),
        price_usd_per_mwh=run.course.price_usd_per_mwh,
    )
