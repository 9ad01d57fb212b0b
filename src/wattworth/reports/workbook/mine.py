"""Machines that run until a hall takes their power, or a sale closes: hours and power as values, the rest formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from wattworth.records import Line
from wattworth.reports.workbook.cells import Cell, Node, Row
from wattworth.reports.workbook.functions import both, if_, least, most, sum_of, whole
from wattworth.reports.workbook.hours import Months, hours_run
from wattworth.reports.workbook.lines import Flows
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import as_is, say
from wattworth.uses.mining import vintages

_NAMES: Final = (say("newest third"), say("middle third"), say("oldest third"))


@dataclass(frozen=True, slots=True)
class MineRows:
    """Machines that are never stopped before their time.

    Attributes
    ----------
    revenue, power, opex, resale
        By month. [USD]
    end
        Last month of the last machine. [month]
    """

    revenue: Node
    power: Node
    opex: Node
    resale: Node
    end: Cell

    def part(self, share: Node, runs: Node | None = None) -> MineRows:
        """A share of the machines, running in fewer hours where that is said; fixed cost stays where they idle."""
        kept = share if runs is None else share * runs
        idle = kept if runs is None else if_(self.revenue > 0, kept, share)
        return MineRows(self.revenue * kept, self.power * kept, self.opex * idle, self.resale * share, self.end)


def mine(scope: Scope) -> MineRows | None:
    """Write the machines of a part; None where nothing mines."""
    if scope.case.mining is None:
        return None
    sheet, month = scope.sheet, scope.month
    sheet.head(say("Machines that stand there: hours run and power paid are values, all else formulas"))
    part = scope.case.part
    fleet = scope.input(
        "mining_mw", say("Power of the machines, at the meter"), part.mining_gross_mw, "MW", as_is("sites.csv")
    )
    pue, lasting = scope.fact("mine.pue"), (1 - scope.fact("fleet.failure_rate") / 12) ** month
    per_mwh = scope.fact("mine.avoidable_opex") * scope.path("price") / pue
    avoidable = sheet.row(say("Operating cost of an hour that runs"), "$/MWh", per_mwh)
    third = _Third(scope, fleet, lasting, pue)
    parts = [
        third.write(v, *one) for v, one in enumerate(zip(*vintages(scope.case.site, part, scope.world), strict=True))
    ]
    ends, earned, ran, paid, resale = (list(column) for column in zip(*parts, strict=True))
    last = scope.result(
        "mine_end_month", say("Last month of the last machine"), "month", least(most(*ends), scope.horizon)
    )
    revenue = sheet.row(say("Mined, before any stop"), "USD", sum_of(earned))
    bill = sheet.row(say("Power bill, before any stop"), "USD", sum_of(paid))
    energy = sheet.row(say("Energy that mines"), "MWh", sum_of(ran))
    fetched = sheet.row(say("Resale value of the machines"), "USD", sum_of(resale))
    return _with_idling(scope, fleet, last, (revenue, bill, energy, avoidable, fetched))


@dataclass(frozen=True, slots=True)
class _Third:
    """Writes one vintage after another."""

    scope: Scope
    fleet: Cell
    lasting: Node
    pue: Cell

    def write(self, v: int, own_j: Months, power_mw: Months, ends: Months) -> tuple[Cell, Node, Node, Node, Node]:
        """Last month, revenue, energy, power bill and resale of a vintage."""
        del power_mw  # a third of the fleet's
        scope, sheet, month, which = self.scope, self.scope.sheet, self.scope.month, _NAMES[v]
        j, last = float(own_j[0]), float(ends[0])
        n_month = int(last) + 1
        found = hours_run(scope.case, scope.world, np.full(n_month, j), np.full(n_month, last))
        said = say("fleet of the site, spread by age")
        j_per_th = scope.input(f"j_per_th_{v + 1}", say("Efficiency, {which}", which=which), j, "J/TH", said)
        end = scope.input(
            f"last_month_{v + 1}",
            say("Last month, {which}", which=which),
            last,
            "month",
            say("asic.economic_life less age"),
        )
        mwh = self.fleet / 3 * scope.fact("mine.uptime") * self.lasting * 730
        hours = sheet.row(
            say("Energy of all hours, {which}", which=which), "MWh", if_(both(month > 0, month <= end), mwh, 0)
        )
        runs = sheet.given(say("Share of hours that run, {which}", which=which), "1", found[0])
        price = sheet.given(say("Power paid over all hours, {which}", which=which), "$/MWh", found[1])
        energy = sheet.row(say("Energy that mines, {which}", which=which), "MWh", hours * runs, summed=True)
        earned = energy * (scope.path("hashprice") * 1000 / (24 * j_per_th) / self.pue)
        better = least(1, scope.path("asic_j") / j_per_th) ** scope.fact("fleet.used_price_exponent")
        machines = self.fleet / 3 / self.pue * 1e6 / j_per_th * self.lasting
        fetched = machines * (scope.path("asic") * better) * least(1, (end - month) / 12)
        return end, earned, energy, hours * price, if_(month <= end, fetched, 0)


def _with_idling(scope: Scope, fleet: Cell, last: Cell, rows: tuple[Row, ...]) -> MineRows:
    """Fixed cost is paid unless idling the whole month is cheaper."""
    sheet, month = scope.sheet, scope.month
    revenue, bill, energy, avoidable, resale = rows
    credit = sheet.row(say("Paid for staying off peaks"), "USD", energy / 730 * 1000 * scope.path("peak"))
    spent = sheet.row(say("Cost of the hours that run"), "USD", energy * avoidable)
    per_mw = fleet * 1000 / 12 * scope.path("price")
    keep = sheet.row(say("Fixed cost of a mine that runs"), "USD", per_mw * scope.fact("mine.fixed_opex"))
    idle = sheet.row(say("Holding cost of a mine that idles"), "USD", per_mw * scope.fact("site.holding_cost"))
    stands = both(month > 0, month <= last)
    runs = sheet.row(
        say("Runs in the month (1) or idles (0)"),
        "1",
        if_(stands, if_(revenue - spent - bill + credit - keep >= -idle, 1, 0), 0),
    )
    return MineRows(
        revenue=sheet.row(say("Mining revenue"), "USD", runs * revenue, summed=True),
        power=sheet.row(say("Mining power, net"), "USD", runs * (credit - bill), summed=True),
        opex=sheet.row(
            say("Mining operating cost"),
            "USD",
            if_(stands, -(runs * (spent + keep) + (1 - runs) * idle), 0),
            summed=True,
        ),
        resale=resale,
        end=last,
    )


def bridge(scope: Scope, flows: Flows, mining: MineRows | None, stop: Node) -> None:
    """Mine until a month, then sell the machines; their resale value today is a cost."""
    if mining is None:
        return
    month = scope.month
    runs = month <= stop
    for line, row in ((Line.REVENUE, mining.revenue), (Line.POWER, mining.power), (Line.OPEX, mining.opex)):
        flows.add(line, if_(runs, row, 0))
    flows.add(Line.AFTER_TAX, if_(month.equals(0), -(mining.resale * (1 - scope.tax_rate)), 0))
    sold = both(month.equals(stop), month < mining.end)
    flows.add(Line.PROCEEDS, if_(sold, mining.resale, 0))


def holding(scope: Scope, flows: Flows, gross: Node, after_month: Node | float, stop: Node) -> None:
    """Pay for an idle connection after a month, up to another."""
    cost = scope.fact("site.holding_cost") * gross * 1000 / 12 * scope.path("price")
    flows.add(Line.OPEX, if_(both(scope.month > after_month, scope.month <= stop), -cost, 0))


def mine_stop(scope: Scope, first: Node) -> Cell:
    """Last month of the mine before a hall takes its power."""
    return scope.result(
        "mine_stop_month", say("Mine stops"), "month", most(first - whole(scope.fact("clock.commissioning")), 0)
    )
