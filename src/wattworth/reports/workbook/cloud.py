"""A GPU cloud: hall, first fleet, contract and market hours as formulas; when fleets are renewed enters as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.records import CashLines, Line
from wattworth.reports.workbook.cells import Cell, Node, Row, as_node
from wattworth.reports.workbook.clock import Clock, clock
from wattworth.reports.workbook.functions import both, exp, if_, least, most, whole
from wattworth.reports.workbook.lease import (
    KINDS,
    LeaseBlock,
    Standing,
    build,
    critical_it,
    hall_cost,
    hall_end,
    stated,
)
from wattworth.reports.workbook.lines import Flows, written
from wattworth.reports.workbook.mine import bridge, holding, mine, mine_stop
from wattworth.reports.workbook.sale import gross_mw
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import Said, as_is, say
from wattworth.uses import energy
from wattworth.uses.gpu_cloud import CloudOptions, delivered_usd_per_mwh
from wattworth.uses.gpu_fleet import decay_per_month
from wattworth.uses.hall import FULL_HALL
from wattworth.uses.lease import MARGIN_KEYS, SPREAD_KEYS, live_share_frac

_KIND: Final = replace(KINDS["turnkey"], tenant_pays_cost_key=None)


@dataclass(frozen=True, slots=True)
class _Contract:
    """Terms of the first contract and fleet, as cells."""

    order: Cell
    buy: Cell
    cost: Cell
    due: Node
    monthly: Cell
    months: Cell
    prepaid: Cell
    free: Cell
    hazard: Cell
    live: Cell


def cloud(scope: Scope, options: CloudOptions, lines: CashLines) -> LeaseBlock:
    """Write mining or an idle site, hall and GPUs, contract and market hours, renewals, and the end."""
    dates, gross = clock(scope, FULL_HALL), gross_mw(scope)
    scope.sheet.head(say("Hall and first fleet"))
    critical = critical_it(scope, gross)
    cost = hall_cost(scope, _KIND, options, dates, critical)
    is_stated = scope.case.part.state == "leased" and scope.case.site.lease_capex_musd_per_mw_it is not None
    share = scope.fact("gpu_cloud.hardware_share") if is_stated else as_node(0.0)
    hall = scope.result("hall_usd", say("Of it the hall"), "USD", cost * (1 - share))
    terms = _contract(scope, options, dates, critical, cost * share if is_stated else None)
    flows, mining = Flows(), mine(scope)
    scope.sheet.head(say("Until the hall takes the power"))
    stop = mine_stop(scope, dates.first)
    bridge(scope, flows, mining, stop)
    holding(scope, flows, gross, 0.0 if mining is None else least(mining.end, stop), dates.first - 1)
    scope.sheet.head(say("Building"))
    build(scope, FULL_HALL, flows, dates, hall * (1 - terms.live))
    pursuit = scope.result(
        "pursuit_usd", say("Spent on winning a customer"), "USD", critical * 1e6 * scope.fact("turnkey.pursuit_cost")
    )
    end = scope.input(
        "end_month", say("Cloud ends"), float(lines.residual_month[0]), "month", say("the owner's rule, engine")
    )
    worth = _fleets(scope, options, (dates, critical, end), terms, flows, lines)
    margin = as_node(scope.fact(MARGIN_KEYS["modified_gross"]))
    left = hall_end(scope, Standing(FULL_HALL, critical, margin, hall, options.re_let), dates, gross, end)
    flows.add(Line.PROCEEDS, if_(scope.month.equals(end), left + worth, 0))
    return LeaseBlock(written(scope.sheet, flows, dates.first, end), dates, pursuit)


def _contract(scope: Scope, options: CloudOptions, dates: Clock, critical: Cell, known: Node | None) -> _Contract:
    """Terms of a signed contract, else of one at the market of the month GPUs are ordered."""
    site, signed = scope.case.site, scope.case.part.state == "leased"
    order = scope.result(
        "order_month",
        say("GPUs are ordered"),
        "month",
        most(0, dates.first - whole(scope.fact("gpu_cloud.order_lead"))),
    )
    paid = dates.first - whole(scope.fact("gpu_cloud.install_months"))
    buy = scope.result("buy_month", say("GPUs are paid for"), "month", most(0, paid))
    cost = scope.result(
        "fleet_usd", say("First fleet"), "USD", critical * scope.path("gpu_cost").at(order) if known is None else known
    )
    if signed and site.lease_rent_usd_per_kw_month is not None:
        price = scope.input(
            "rent_stated",
            say("Price of the signed contract"),
            site.lease_rent_usd_per_kw_month,
            "$/kW-month",
            as_is("sites.csv"),
        )
        monthly: Node = critical * 1000 * price
    else:
        asked = stated(
            scope,
            "price_frac",
            say("Contract price over the market"),
            None if signed else options.contract_price_frac,
            "1",
            "gpu_cloud.contract_price_share",
        )
        monthly = critical * 1000 * 730 * asked * (scope.path("gpu_hour").at(order) * scope.path("gpu_kw").at(order))
    years = site.lease_term_years if signed else options.contract_years
    term = whole(
        12 * stated(scope, "contract_years", say("Term of the contract"), years, "years", "gpu_cloud.contract_years")
    )
    months = scope.result("contract_months", say("Term of the contract"), "month", term)
    per_month = scope.result("contract_usd_per_month", say("Contract"), "$/month", monthly)
    ahead = stated(
        scope,
        "prepaid_frac",
        say("Share paid ahead"),
        None if signed else options.prepayment_frac,
        "1",
        "gpu_cloud.prepayment_share",
    )
    customer = (site.lease_tenant_class if signed else options.customer_class) or "backed_neocloud"
    hazard = scope.fact(SPREAD_KEYS[customer]) / (1 - scope.fact("tenant.recovery")) / 12
    live = scope.input(
        "live_frac", say("Share already delivered and paying"), live_share_frac(scope.case), "1", as_is("sites.csv")
    )
    free = least(whole(scope.fact("gpu_cloud.prepayment_free_share") * months), months - 1)
    return _Contract(
        order,
        buy,
        cost,
        if_(paid < 0, 0, 1 - live),
        per_month,
        months,
        scope.result("prepaid_usd", say("Paid ahead"), "USD", per_month * months * ahead),
        scope.result("free_months", say("Months before the prepayment is credited"), "month", free),
        scope.result("hazard_per_month", say("Default intensity of the customer"), "1/month", hazard),
        live,
    )


def _fleets(
    scope: Scope,
    options: CloudOptions,
    given: tuple[Clock, Cell, Cell],
    terms: _Contract,
    flows: Flows,
    lines: CashLines,
) -> Row:
    """Write what fleets earn and cost; the row of what the hardware in place would fetch."""
    dates, critical, end = given
    sheet, month = scope.sheet, scope.month
    sheet.head(say("Fleets: when one is renewed is a value, all else formulas"))
    bought = -lines.usd[Line.CAPEX_5Y, :, 0] * (np.arange(lines.usd.shape[1]) > dates.first.number)
    ordered = sheet.given(say("A fleet is renewed (1)"), "1", bought > 0.0)
    price, density = scope.path("gpu_hour"), scope.path("gpu_kw")
    new_cost = sheet.row(say("Cost of a new fleet"), "USD", critical * scope.path("gpu_cost"))
    install = whole(scope.fact("gpu_cloud.install_months"))

    def _since(label: Said, unit: str, first: Node, later: Node) -> Row:
        return sheet.row(label, unit, lambda me: if_(month < 1, first, if_(ordered.back() > 0, later, me.back())))

    begun = _since(say("Fleet in place earns from"), "month", dates.first, month + install)
    paid = _since(say("It cost"), "USD", terms.cost, new_cost.back())
    held = _since(say("It holds"), "1/kW", density.at(terms.order), density.back())
    bought_at = _since(say("Rent of an hour when it was bought"), "$/GPU-h", price.at(terms.order), price.back())
    runs = sheet.row(
        say("It earns (1)"), "1", if_(both(month > 0, month >= dates.first, month >= begun, month <= end), 1, 0)
    )
    decay = scope.input(
        "decay_per_month",
        say("Expected fall of the rent of given compute"),
        float(decay_per_month(scope.world)[0]),
        "1/month",
        say("gpu facts"),
    )
    wear = _wear(scope)
    fade = exp((decay - wear) * (month - begun + 1))
    worth = sheet.row(say("Hardware would fetch"), "USD", if_(runs > 0, paid * least(price / bought_at * fade, 1), 0))
    used = stated(
        scope,
        "utilisation_frac",
        say("Share of hours sold in the market"),
        options.utilisation_frac,
        "1",
        "gpu_cloud.utilisation",
    )
    hours = sheet.row(say("Market hours"), "USD", critical * 1000 * 730 * used * price * held)
    since = sheet.row(say("Months since first revenue"), "month", month - dates.first)
    alive = sheet.row(say("Chance that the customer still pays"), "1", exp(-(terms.hazard * most(0, since + 1))))
    credit = if_(since >= terms.free, alive * terms.prepaid / most(1, terms.months - terms.free), 0)
    under = alive * terms.monthly + (1 - alive) * hours - credit
    income = sheet.row(say("Sold"), "USD", runs * if_(since < terms.months, under, hours), summed=True)
    early = sheet.row(say("Share that pays before first revenue"), "1", if_(both(month > 0, since < 0), terms.live, 0))
    flows.add(Line.REVENUE, income + early * terms.monthly)
    flows.add(Line.REVENUE, if_(month.equals(terms.buy), terms.prepaid * terms.due, 0))
    flows.add(Line.CAPEX_5Y, if_(month.equals(terms.buy), -(terms.cost * terms.due), 0) - ordered * new_cost)
    flows.add(Line.PROCEEDS, ordered * worth)
    _running(scope, (critical, end), (runs, early, worth, since), flows)
    return worth


def _wear(scope: Scope) -> Cell:
    """Fall of the value of hardware by its age alone."""
    rate = float(-np.log(scope.world.params["servers.residual_value_36mo"][0]) / 36.0)
    return scope.input(
        "wear_per_month",
        say("Fall of the value of hardware by age"),
        rate,
        "1/month",
        as_is("servers.residual_value_36mo"),
    )


def _running(scope: Scope, given: tuple[Cell, Cell], rows: tuple[Row, Row, Row, Row], flows: Flows) -> None:
    """Write power, upkeep and property tax."""
    (critical, end), (runs, early, worth, since) = given, rows
    sheet = scope.sheet
    mwh = critical * scope.fact(energy.HALL_LOAD_KEY) * scope.fact(energy.HALL_PUE_KEY) * 730
    price = sheet.given(say("Power, delivered"), "$/MWh", delivered_usd_per_mwh(scope.case, scope.world)[:, 0])
    power = sheet.row(say("Power of the hall"), "USD", mwh * price)
    kept = sheet.row(say("Upkeep"), "USD", critical * 1000 * scope.fact("gpu_cloud.opex") / 12 * scope.path("price"))
    stands = if_(both(since >= 0, scope.month > 0, scope.month <= end), 1, early)
    flows.add(Line.POWER, -((runs + early) * power))
    flows.add(Line.OPEX, -(stands * kept) - runs * (scope.fact("gpu_cloud.property_tax") / 12) * worth)
