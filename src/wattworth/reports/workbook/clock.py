"""Dates of a part: what the timeline says without delay as values, what a delay does to them as formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wattworth import timeline
from wattworth.reports.workbook.cells import Cell, Node
from wattworth.reports.workbook.functions import ceiling, least, most, whole
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import say
from wattworth.study import Part
from wattworth.timeline.network import finish, on_the_way_to, opened
from wattworth.timeline.networks import POWER_GATES
from wattworth.uses.hall import HallKind
from wattworth.valuation.inputs import DELAY_KEY
from wattworth.valuation.plan import Plan, SitePlan

_FOREVER = 1e6


@dataclass(frozen=True, slots=True)
class Clock:
    """When a conversion is begun, pays, and is known to have failed.

    Attributes
    ----------
    start, first, failed
        Cells. [month]
    full_start
        When a full hall would be begun, by which the engine counts what is lost. [month]
    """

    full_start: Cell
    start: Cell
    first: Cell
    failed: Cell


@dataclass(frozen=True, slots=True)
class _Undelayed:
    """What does not depend on the delay. [month]"""

    ready: float
    start: float
    failed: float


def _undelayed(plan: Plan, site_plan: SitePlan, part: Part) -> _Undelayed:
    """The plan with the mean slip, unrounded, and the dates that a long delay leaves unmoved."""
    site, clocks, calendar = site_plan.site, plan.clocks, plan.calendar
    graph = clocks.network(site, part)
    months = timeline.gate_months(site, part, clocks, calendar, None, range(1))
    power = on_the_way_to(graph, POWER_GATES)
    done = opened(graph, months, 0, [gate.name for gate in graph.gates if gate.name not in power])
    slip = timeline.slip_months(site, part, clocks, None, range(1))
    late = timeline.first_power(site, part, replace(clocks, extra_delay_months=_FOREVER), calendar, None, range(1))
    ready = float((finish(graph, done) + slip)[0])
    return _Undelayed(ready, float(late.build_start_month[0]), float(late.failure_known_month[0]))


def clock(scope: Scope, kind: HallKind | None) -> Clock:
    """Write the dates of a conversion; a kind of hall may move them."""
    part = scope.case.part
    found = _undelayed(scope.plan, scope.site_plan, part)
    delay = scope.fact(DELAY_KEY)
    said = say("gates of the part on the central path, see the page on time to power")
    ready = scope.input(
        "ready_month", say("Customer, hall and power are ready, late by the mean slip"), found.ready, "month", said
    )
    start = scope.input("build_start_stated", say("Building begins, by the plan"), found.start, "month", said)
    known = scope.input("failure_stated", say("Failure is known, by the plan"), found.failed, "month", said)
    first: Node = scope.result(
        "first_undelayed", say("First revenue, of a full hall"), "month", most(1, ceiling(ready + delay - 1e-9))
    )
    failed = scope.result(
        "failure_month",
        say("Failure is known, before first revenue at the latest"),
        "month",
        least(known, most(first - 1, 1)),
    )
    full_start = scope.result(
        "build_start_full", say("Building of a full hall begins"), "month", least(start, first - 1)
    )
    begun: Node = full_start
    if kind is not None and kind.saved_key is not None and part.state != "leased":
        saved = whole(scope.fact(kind.saved_key))
        if part.state == "energised":
            first = most(first - saved, begun + 1, 1)
        else:
            begun = least(begun + saved, first - 1)
    pays = scope.result("first_revenue_month", say("First revenue"), "month", least(first, scope.horizon))
    begins = scope.result("build_start_month", say("Building begins"), "month", least(begun, pays - 1))
    return Clock(full_start, begins, pays, failed)
