"""Least-cost running under a limit of unserved energy: the price on it at which the limit is just met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.supply.slopes import (
    Capacities,
    Course,
    Cut,
    Hours,
    Policy,
    Run,
    course_at_least_cost,
    run_along,
)

MET_TOLERANCE: Final = 1e-9
"""Share of the load by which a limit may be missed by rounding."""

_GROWTH: Final = 8.0
_DEAREST: Final = 1e4
_MAX_PRICES: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Limited:
    """A design run within the limit: one run, or two of which parts are taken so that it is just met.

    Attributes
    ----------
    runs, shares
        At most two, and how much of each, adding up to one; none if the design is beaten or cannot meet the limit.
    cost_usd
        Over all hours, unserved load at its own cost; infinite without a run. [USD]
    least_usd
        No way of running this design within the limit costs less. [USD]
    unserved_usd_per_mwh
        The price on unserved load that goes with the limit. [USD/MWh]
    price_usd_per_mwh
        Array, shape (hour,): what one more megawatt-hour of load would cost, the limit held; nan without a run.
        [USD/MWh]
    unserved_mwh
        Load not served; the least that can be if the limit cannot be met, nan if the design is beaten. [MWh]
    course
        The course behind the greatest bound; None without a bound.
    cuts
        Bounds on the cost of running any design within the limit.
    fences
        No design within the limit makes one of these positive. [MWh]
    n_run, n_segment
        Runs made, and segments visited in them: the work done.
    """

    runs: tuple[Run, ...]
    shares: tuple[float, ...]
    cost_usd: float
    least_usd: float
    unserved_usd_per_mwh: float
    price_usd_per_mwh: NDArray[np.float64]
    unserved_mwh: float
    course: Course | None
    cuts: tuple[Cut, ...]
    fences: tuple[Cut, ...]
    n_run: int
    n_segment: int


@dataclass(frozen=True, slots=True, eq=False)
class _Priced:
    """A run at some price on unserved load, its cost without what the price adds, and the bound that it gives."""

    run: Run
    usd_per_mwh: float
    own_usd: float
    unserved_mwh: float
    cut: Cut


def less_limit(cut: Cut, extra_usd_per_mwh: float, limit_mwh: float) -> Cut:
    """A bound at a price on unserved load above its cost, less what that price charges for the limit."""
    charge = extra_usd_per_mwh * limit_mwh if extra_usd_per_mwh > 0.0 else 0.0
    return Cut(cut.constant_usd - charge, cut.slope)


class _BeatenError(Exception):
    """A design is known to cost more than another, whatever its cost."""


class _Search:
    """The runs of one design at several prices on unserved load."""

    def __init__(
        self, hours: Hours, capacities: Capacities, limit_mwh: float, enough_usd: float, policy: Policy | None
    ) -> None:
        self.hours, self.capacities = hours, capacities
        self.limit_mwh, self.enough_usd = limit_mwh, enough_usd
        self.base_usd_per_mwh = float(hours.price_usd_per_mwh[0, -1])
        self.n_run = self.n_segment = 0
        self.slack_mwh = MET_TOLERANCE * hours.load_mwh
        self.least_usd = -np.inf
        self.best: Cut | None = None
        self.best_course: Course | None = None
        self.policy = policy

    def course(self, hours: Hours) -> Course:
        """The course of the store under other prices, counted."""
        course = course_at_least_cost(hours, self.capacities, self.policy)
        self.n_run += 1
        self.n_segment += course.n_segment
        return course

    def at(self, usd_per_mwh: float) -> _Priced:
        """Run at a price, and keep the bound it gives."""
        is_base = usd_per_mwh == self.base_usd_per_mwh
        course = self.course(self.hours if is_base else self.hours.at_unserved_price(usd_per_mwh))
        extra = usd_per_mwh - self.base_usd_per_mwh
        cut = less_limit(course.cut, extra, self.limit_mwh)
        least = cut.constant_usd + float(cut.slope @ self.capacities)
        if least > self.least_usd:
            self.least_usd, self.best, self.best_course = least, cut, course
        if least > self.enough_usd:
            raise _BeatenError
        run = run_along(course)
        unserved = run.unserved_mwh
        return _Priced(run, usd_per_mwh, run.cost_usd - extra * unserved, unserved, cut)

    def at_any_price(self) -> _Priced:
        """The run with the least unserved load; what it gives is a fence."""
        run = run_along(self.course(self.hours.for_unserved_only()))
        earned = self.hours.span_h @ (self.hours.price_usd_per_mwh * run.used_mw)
        n = self.hours.n_source
        own = float(earned[:n].sum() - earned[n:-1].sum() + earned[-1])
        cut = run.course.cut
        return _Priced(run, np.inf, own, run.unserved_mwh, Cut(cut.constant_usd - self.limit_mwh, cut.slope))

    def is_met(self, priced: _Priced) -> bool:
        return priced.unserved_mwh <= self.limit_mwh + self.slack_mwh

    def blend(self, over: _Priced, under: _Priced) -> tuple[tuple[float, float], float]:
        """Shares of two runs that just meet the limit, and the cost of the mixture."""
        part = (self.limit_mwh - under.unserved_mwh) / (over.unserved_mwh - under.unserved_mwh)
        part = min(max(part, 0.0), 1.0)
        return (part, 1.0 - part), part * over.own_usd + (1.0 - part) * under.own_usd

    def result(self, parts: tuple[_Priced, ...], shares: tuple[float, ...], cost_usd: float) -> Limited:
        """What was found, the last run with a price of its own giving the prices."""
        priced = [part for part in parts if np.isfinite(part.usd_per_mwh)]
        cuts = [part.cut for part in priced]
        if self.best is not None and all(cut is not self.best for cut in cuts):
            cuts.append(self.best)
        return Limited(
            runs=tuple(part.run for part in parts),
            shares=shares,
            cost_usd=cost_usd,
            least_usd=self.least_usd,
            unserved_usd_per_mwh=priced[-1].usd_per_mwh,
            price_usd_per_mwh=priced[-1].run.course.price_usd_per_mwh,
            unserved_mwh=sum(share * part.unserved_mwh for share, part in zip(shares, parts, strict=True)),
            course=self.best_course,
            cuts=tuple(cuts),
            fences=(),
            n_run=self.n_run,
            n_segment=self.n_segment,
        )

    def without_run(
        self, least_usd: float, unserved_mwh: float, cuts: tuple[Cut, ...], fences: tuple[Cut, ...]
    ) -> Limited:
        """A design that is beaten, or cannot meet the limit."""
        nan = np.full(self.hours.load_mw.size, np.nan)
        work = self.n_run, self.n_segment
        return Limited((), (), np.inf, least_usd, np.inf, nan, unserved_mwh, self.best_course, cuts, fences, *work)


def run_within_limit(
    hours: Hours,
    capacities: Capacities,
    limit_mwh: float,
    first_usd_per_mwh: float,
    tolerance_usd: float,
    enough_usd: float = np.inf,
    policy: Policy | None = None,
) -> Limited:
    """Run a design at least cost within a limit of unserved energy.

    Parameters
    ----------
    hours, capacities
        As :func:`~wattworth.supply.slopes.run_at_least_cost` takes them.
    limit_mwh
        Most that may go unserved over all hours; infinite for none. [MWh]
    first_usd_per_mwh
        The price on unserved load to begin with. [USD/MWh]
    tolerance_usd
        How far cost and bound may lie apart. [USD]
    enough_usd
        No run is wanted of a design that is sure to cost more; it gives its bound only. [USD]
    policy
        Room to work in, if it is at hand.

    Notes
    -----
    Lagrange: the cost within the limit is the greatest, over prices on unserved load no lower than its own cost, of
    the least cost at that price less what the price charges for the limit. That is concave in the price, with the
    unserved load for a slope; two tangents meet at the next price to try. Each price bounds the cost of every design.
    """
    search = _Search(hours, capacities, limit_mwh, enough_usd, policy)
    try:
        return _within(search, max(first_usd_per_mwh, search.base_usd_per_mwh), tolerance_usd)
    except _BeatenError:
        cuts = () if search.best is None else (search.best,)
        return search.without_run(search.least_usd, np.nan, cuts, ())


def _within(search: _Search, first_usd_per_mwh: float, tolerance_usd: float) -> Limited:
    """Find a price at which too much goes unserved, and one at which the limit is met."""
    base = search.base_usd_per_mwh
    here = search.at(first_usd_per_mwh)
    over = under = None
    dearest = _DEAREST * max(1.0, base, float(np.abs(search.hours.price_usd_per_mwh).max()))
    while over is None or under is None:
        if search.is_met(here):
            if here.usd_per_mwh == base:
                return search.result((here,), (1.0,), here.own_usd)
            under = here
            here = search.at(max(base, here.usd_per_mwh / _GROWTH)) if over is None else here
        else:
            over = here
            if under is not None:
                break
            if here.usd_per_mwh < dearest:
                here = search.at(max(1.0, here.usd_per_mwh) * _GROWTH)
                continue
            under = search.at_any_price()
            if not search.is_met(under):
                return search.without_run(np.inf, under.unserved_mwh, (), (under.cut,))
    return _narrow(search, over, under, tolerance_usd)


def _narrow(search: _Search, over: _Priced, under: _Priced, tolerance_usd: float) -> Limited:
    """Close in on the price between one at which too much goes unserved and one at which the limit is met."""
    for _ in range(_MAX_PRICES):
        shares, cost = search.blend(over, under)
        if cost - search.least_usd <= tolerance_usd:
            break
        price = (under.own_usd - over.own_usd) / (over.unserved_mwh - under.unserved_mwh) + search.base_usd_per_mwh
        if not over.usd_per_mwh < price < under.usd_per_mwh:
            break
        here = search.at(price)
        over, under = (over, here) if search.is_met(here) else (here, under)
    shares, cost = search.blend(over, under)
    return search.result((over, under), shares, cost)
