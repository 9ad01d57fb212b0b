"""A mine that goes on, and power that is sold: orders, hours and power paid are values, all else formulas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wattworth.records import CashLines, Line
from wattworth.reports.workbook.cells import Cell, Node
from wattworth.reports.workbook.functions import both, if_, least, most, sum_of
from wattworth.reports.workbook.lines import Flows, LineRows, written
from wattworth.reports.workbook.mine import bridge, holding, mine
from wattworth.reports.workbook.orders import Slot, slots
from wattworth.reports.workbook.sale import gross_mw, reversion
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import as_is, say
from wattworth.uses.base import price_fact_key
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.mining import FIXED, power_terms
from wattworth.uses.power_contract import block_mw


def bitcoin(scope: Scope, options: object, lines: CashLines) -> LineRows | None:
    """Write a mine that is run off, or goes on with machines that pay; None where it has no formulas."""
    if isinstance(options, BitcoinOptions) and options.refresh == "never":
        return _run_off(scope) if scope.case.mining is not None else None
    held = slots(scope.case, scope.world, lines)
    return None if held is None else _going_on(scope, held, lines)


def _run_off(scope: Scope) -> LineRows:
    """The machines that stand there and no others."""
    gross, flows, mining = gross_mw(scope), Flows(), mine(scope)
    assert mining is not None
    bridge(scope, flows, mining, mining.end)
    worth = reversion(scope, gross, price_fact_key(scope.case.part), mining.end, 1.0)
    flows.add(Line.PROCEEDS, if_(scope.month.equals(mining.end), worth, 0))
    first = scope.input("first_revenue_month", say("Machines run from"), 1.0, "month")
    return written(scope.sheet, flows, first, mining.end)


@dataclass(slots=True)
class _Fleet:
    """Sums over the slots."""

    earned: list[Node]
    ran: list[Node]
    paid: list[Node]
    stands: list[Node]
    machines: list[Node]
    halls: list[Node]
    resale: list[Node]
    today: list[Node]


def _going_on(scope: Scope, held: list[Slot], lines: CashLines) -> LineRows:
    """Machines run, are replaced while that pays, and then the site reverts."""
    sheet, month = scope.sheet, scope.month
    gross = gross_mw(scope)
    sheet.head(say("Machines: orders, hours run and power paid are values, all else formulas"))
    end = scope.input(
        "end_month",
        say("Last month of the mine"),
        float(lines.residual_month[0]),
        "month",
        say("the owner's rule, engine"),
    )
    first = scope.input(
        "first_revenue_month", say("Machines run from"), float(lines.first_revenue_month[0]), "month", say("engine")
    )
    fleet = _Fleet([], [], [], [], [], [], [], [])
    for n, slot in enumerate(held, start=1):
        _slot(scope, n, slot, fleet)
    committed = sheet.given(say("Power that pays fixed cost"), "MW", _committed(held, lines.usd.shape[1]))
    energy = sheet.row(say("Energy that mines"), "MWh", sum_of(fleet.ran), summed=True)
    revenue = sheet.row(say("Mined"), "USD", sum_of(fleet.earned))
    bill = sheet.row(say("Power bill"), "USD", sum_of(fleet.paid))
    avoidable = scope.fact("mine.avoidable_opex") * scope.path("price") / scope.fact("mine.pue")
    spent = sheet.row(say("Cost of the hours that run"), "USD", energy * avoidable)
    credit = sheet.row(say("Paid for staying off peaks"), "USD", energy / 730 * 1000 * scope.path("peak"))
    per_mw = committed * 1000 / 12 * scope.path("price")
    keep = sheet.row(say("Fixed cost of a mine that runs"), "USD", per_mw * scope.fact("mine.fixed_opex"))
    idle = sheet.row(say("Holding cost of a mine that idles"), "USD", per_mw * scope.fact("site.holding_cost"))
    lasts = both(month > 0, month <= end)
    pays = revenue - spent - bill + credit - keep >= -idle
    runs = sheet.row(
        say("Runs in the month (1) or idles (0)"), "1", if_(both(lasts, sum_of(fleet.stands) > 0, pays), 1, 0)
    )
    flows = Flows()
    flows.add(Line.REVENUE, runs * revenue)
    flows.add(Line.POWER, runs * (credit - bill))
    flows.add(Line.OPEX, if_(lasts, -(runs * (spent + keep) + (1 - runs) * idle), 0))
    flows.add(Line.CAPEX_5Y, -sum_of(fleet.machines))
    flows.add(Line.CAPEX_15Y, -sum_of(fleet.halls))
    flows.add(Line.PROCEEDS, sum_of(fleet.resale))
    if scope.case.mining is not None:
        charge = sum_of(fleet.today) * (1 - scope.tax_rate)
        flows.add(Line.AFTER_TAX, if_(month.equals(0), -charge, 0))
    ever = any(bool((slot.last_month[1:] >= np.arange(1, slot.last_month.size)).any()) for slot in held)
    worth = reversion(scope, gross, price_fact_key(scope.case.part), end, 1.0 if ever else end / 12)
    flows.add(Line.PROCEEDS, if_(month.equals(end), worth, 0))
    return written(sheet, flows, first, end)


def _slot(scope: Scope, n: int, slot: Slot, fleet: _Fleet) -> None:
    """Rows of one slot of machines."""
    sheet, month, pue = scope.sheet, scope.month, scope.fact("mine.pue")
    slot_n = say("slot {number}", number=n)
    power = scope.input(
        f"slot_{n}_mw", say("Power of {slot}, at the meter", slot=slot_n), slot.power_mw, "MW", as_is("sites.csv")
    )
    j_per_th = sheet.given(say("Efficiency, {slot}", slot=slot_n), "J/TH", slot.j_per_th)
    last = sheet.given(say("Last month of its machines, {slot}", slot=slot_n), "month", slot.last_month)
    arrives = sheet.given(say("New machines arrive (1), {slot}", slot=slot_n), "1", slot.arrives)
    ordered = sheet.given(say("New machines are ordered (1), {slot}", slot=slot_n), "1", slot.ordered)
    stands = sheet.row(say("Machines stand (1), {slot}", slot=slot_n), "1", if_(both(month > 0, month <= last), 1, 0))
    lost = scope.fact("fleet.failure_rate") / 12
    alive = sheet.row(
        say("Share not failed, {slot}", slot=slot_n),
        "1",
        lambda me: if_(month < 1, 1, if_(arrives > 0, 1, me.back()) * (1 - lost * stands)),
    )
    hours = sheet.row(
        say("Energy of all hours, {slot}", slot=slot_n),
        "MWh",
        stands * (power * scope.fact("mine.uptime") * 730) * alive,
    )
    runs = sheet.given(say("Share of hours that run, {slot}", slot=slot_n), "1", slot.runs_frac)
    price = sheet.given(say("Power paid over all hours, {slot}", slot=slot_n), "$/MWh", slot.paid_usd_per_mwh)
    fleet.stands.append(stands)
    fleet.ran.append(hours * runs)
    fleet.paid.append(hours * price)
    earned = scope.path("hashprice") * 1000 / (24 * most(j_per_th, 1e-6)) / pue
    fleet.earned.append(hours * runs * earned)
    fleet.machines.append(ordered * (power * 1e6 / pue) / scope.path("asic_j") * scope.path("asic"))
    if slot.hall.any():
        hall = sheet.given(say("A hall is ordered with them (1), {slot}", slot=slot_n), "1", slot.hall)
        fleet.halls.append(hall * (power * scope.fact("mine.capex") * 1e6) * scope.path("price"))
    before = (j_per_th.back(), last.back(), alive.back())
    replaced = both(arrives > 0, last.back() >= month)
    sold = sheet.row(
        say("Replaced machines sold, {slot}", slot=slot_n),
        "USD",
        if_(replaced, _resale(scope, power, before), 0),
        summed=True,
    )
    at_the_end = both(month.equals(scope.horizon), last > month)
    left = sheet.row(
        say("Machines left at the horizon, {slot}", slot=slot_n),
        "USD",
        if_(at_the_end, _resale(scope, power, (j_per_th, last, alive)), 0),
        summed=True,
    )
    fleet.resale += [sold, left]
    if slot.has_today:
        fleet.today.append(_resale(scope, power, (j_per_th, last, alive)))


def _resale(scope: Scope, power: Cell, machines: tuple[Node, Node, Node]) -> Node:
    """What machines would fetch: price of the best, by efficiency, and the months they have left."""
    j_per_th, last, alive = machines
    own_j = most(j_per_th, 1e-6)
    worth = scope.path("asic") * least(1, scope.path("asic_j") / own_j) ** scope.fact("fleet.used_price_exponent")
    return power / scope.fact("mine.pue") * 1e6 / own_j * alive * worth * least(1, (last - scope.month) / 12)


def _committed(held: list[Slot], n_month: int) -> list[float]:
    """Power that pays fixed cost: all of it in a mine that stood still, else what has held machines."""
    mines = any(slot.has_today for slot in held)
    total = np.zeros(n_month)
    for slot in held:
        once = np.cumsum(slot.arrives) > 0
        total += slot.power_mw * (np.ones(n_month) if slot.has_today or not mines else once)
    return total.tolist()


def grid(scope: Scope, lines: CashLines) -> LineRows:
    """A fixed-price contract sold back in all hours to its last month; then the site reverts."""
    sheet, month = scope.sheet, scope.month
    gross = gross_mw(scope)
    end = scope.input(
        "end_month", say("Last month"), float(lines.residual_month[0]), "month", say("contract, or a sale if later")
    )
    first = scope.input("first_revenue_month", say("Sold from"), float(lines.first_revenue_month[0]), "month")
    terms = power_terms(scope.case.site, scope.world, lines.usd.shape[1])
    block = scope.input(
        "block_mw",
        say("Power under the contract"),
        block_mw(scope.case.site, scope.case.part),
        "MW",
        as_is("sites.csv"),
    )
    runs = sheet.given(say("Contract runs (1)"), "1", (terms.modes >= FIXED).astype(float))
    price = sheet.given(say("Wholesale power"), "$/MWh", terms.price_usd_per_mwh[:, 0])
    fixed = sheet.given(say("Price of the contract"), "$/MWh", terms.fixed_usd_per_mwh)
    sold = sheet.row(say("Energy sold"), "MWh", if_(both(month > 0, month <= end), runs * block * 730, 0), summed=True)
    flows = Flows()
    flows.add(Line.REVENUE, sold * (price - scope.fact("power_resale.fee") * scope.path("price")))
    flows.add(Line.POWER, -(sold * fixed))
    holding(scope, flows, gross, 0.0, end)
    worth = reversion(scope, gross, price_fact_key(scope.case.part), end, end / 12)
    flows.add(Line.PROCEEDS, if_(month.equals(end), worth, 0))
    return written(sheet, flows, first, end)
