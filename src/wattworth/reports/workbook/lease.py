"""A hall or a shell on a lease, from its first dollar to what is left of it, every figure a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wattworth.records import Line
from wattworth.reports.workbook.cells import Cell, Node, as_node
from wattworth.reports.workbook.clock import Clock, clock
from wattworth.reports.workbook.functions import both, exp, floor, if_, least, most, sum_of, whole
from wattworth.reports.workbook.lines import Flows, LineRows, written
from wattworth.reports.workbook.mine import MineRows, bridge, holding, mine, mine_stop
from wattworth.reports.workbook.sale import gross_mw, reversion
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import Said, as_is, say
from wattworth.uses import powered_shell, turnkey
from wattworth.uses.hall import GROSS_PER_IT_KEY, HallKind, HallOptions
from wattworth.uses.lease import MARGIN_KEYS, SPREAD_KEYS, LeaseKind, LeaseOptions, live_share_frac

KINDS: Final[dict[str, LeaseKind]] = {"turnkey": turnkey.KIND, "powered_shell": powered_shell.KIND}
"""Leases that have a sheet of formulas, by use."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Terms of a lease, as cells."""

    critical: Cell
    rent: Cell
    escalator: Cell
    margin: Cell
    hazard: Cell
    term: Cell
    live: Cell
    market_ratio: Node
    is_backed: bool
    cost: Cell


@dataclass(frozen=True, slots=True)
class LeaseBlock:
    """A lease that is written.

    Attributes
    ----------
    lines
        Its cash.
    clock
        Its dates.
    pursuit
        What is spent on winning a customer, lost when none signs. [USD]
    """

    lines: LineRows
    clock: Clock
    pursuit: Cell


def lease(scope: Scope, kind: LeaseKind, options: LeaseOptions) -> LeaseBlock:
    """Write mining or an idle site, then capital, then rent while the tenant survives, then the residual."""
    dates, gross = clock(scope, kind.hall), gross_mw(scope)
    let = let_hall(scope, kind, options, (dates, gross, mine(scope)))
    return LeaseBlock(written(scope.sheet, let.flows, dates.first, let.expiry), dates, let.pursuit)


@dataclass(frozen=True, slots=True)
class LetHall:
    """A hall and its lease before their lines are added up.

    Attributes
    ----------
    flows
        Parts of the lines.
    stop, expiry
        Last month of the mine, and of the lease. [month]
    pursuit
        What is spent on winning a customer. [USD]
    """

    flows: Flows
    stop: Cell
    expiry: Cell
    pursuit: Cell


def let_hall(
    scope: Scope, kind: LeaseKind, options: LeaseOptions, given: tuple[Clock, Cell, MineRows | None]
) -> LetHall:
    """Write a hall on a lease, given its dates, its power and the machines that it stops."""
    dates, gross, mining = given
    terms = _terms(scope, kind, options, dates, gross)
    flows = Flows()
    scope.sheet.head(say("Until the hall takes the power"))
    stop = mine_stop(scope, dates.first)
    bridge(scope, flows, mining, stop)
    holding(scope, flows, gross, 0.0 if mining is None else least(mining.end, stop), dates.first - 1)
    scope.sheet.head(say("Building"))
    build(scope, kind.hall, flows, dates, terms.cost * (1 - terms.live))
    pursuit = scope.result(
        "pursuit_usd",
        say("Spent on winning a tenant"),
        "USD",
        terms.critical * 1e6 * scope.fact("turnkey.pursuit_cost"),
    )
    if scope.case.part.state != "leased":
        _leasing(scope, flows, dates, terms, pursuit)
    expiry = scope.result("expiry_month", say("Lease ends"), "month", least(dates.first + terms.term, scope.horizon))
    _rent(scope, flows, dates, terms, expiry)
    standing = Standing(kind.hall, terms.critical, terms.margin * terms.market_ratio, terms.cost, options.re_let)
    residual = hall_end(scope, standing, dates, gross, expiry)
    flows.add(Line.PROCEEDS, if_(scope.month.equals(expiry), residual, 0))
    return LetHall(flows, stop, expiry, pursuit)


def critical_it(scope: Scope, gross: Cell) -> Cell:
    """Critical IT of the part, as its lease states it or by the observed ratio."""
    stated_mw = scope.case.part.critical_it_mw
    if stated_mw is None:
        return scope.result("critical_it_mw", say("Critical IT"), "MW", gross / scope.fact(GROSS_PER_IT_KEY))
    return scope.input("critical_it_mw", say("Critical IT"), stated_mw, "MW", say("lease in sites.csv"))


def _terms(scope: Scope, kind: LeaseKind, options: LeaseOptions, dates: Clock, gross: Cell) -> _Terms:
    site, part = scope.case.site, scope.case.part
    signed = part.state == "leased"
    scope.sheet.head(say("Lease"))
    structure = (site.lease_structure if signed else options.structure) or kind.structure
    tenant = (site.lease_tenant_class if signed else options.tenant_class) or kind.tenant_class
    critical = critical_it(scope, gross)
    ratio = _market_ratio(scope, kind)
    rent = scope.result(
        "rent_year1_usd_per_kw_month",
        say("Rent of the first year"),
        "$/kW-month",
        _first_rent(scope, kind, options, dates, ratio),
    )
    years = site.lease_term_years if signed else options.term_years
    escalator = site.lease_escalator_frac if signed else options.escalator_frac
    term: Node = whole(12 * stated(scope, "term_years", say("Base term"), years, "years", kind.term_key))
    spread, recovery = scope.fact(SPREAD_KEYS[tenant]), scope.fact("tenant.recovery")
    return _Terms(
        critical=critical,
        rent=scope.result("rent_usd_per_month", say("Rent of the first year"), "$/month", critical * 1000 * rent),
        escalator=scope.result(
            "escalator_frac",
            say("Yearly step of the rent"),
            "1/year",
            stated(
                scope,
                "escalator_stated",
                say("Yearly step of the rent, stated"),
                escalator,
                "1/year",
                "lease.escalator",
            ),
        ),
        margin=scope.result(
            "margin_frac", say("Net operating income over rent"), "1", scope.fact(MARGIN_KEYS[structure])
        ),
        hazard=scope.result(
            "hazard_per_month", say("Default intensity of the tenant"), "1/month", spread / (1 - recovery) / 12
        ),
        term=scope.result("term_months", say("Base term"), "month", term),
        live=scope.input(
            "live_frac",
            say("Share already delivered and paying"),
            live_share_frac(scope.case),
            "1",
            say("lease in sites.csv"),
        ),
        market_ratio=ratio,
        is_backed=not signed and tenant == "backed_neocloud",
        cost=hall_cost(scope, kind, options, dates, critical),
    )


def stated(scope: Scope, name: str, label: Said, number: float | None, unit: str, key: str) -> Cell:
    """A number the study states, as an input of the block; else the fact."""
    return scope.fact(key) if number is None else scope.input(name, label, number, unit, say("stated by the study"))


def _market_ratio(scope: Scope, kind: LeaseKind) -> Node:
    """Market rent of such space over that of a hall."""
    if kind.yield_key is None:
        return as_node(1.0)
    rent = (
        scope.fact(kind.yield_key)
        * scope.fact(kind.hall.new_key)
        * 1e6
        / (12000 * scope.fact(MARGIN_KEYS[kind.structure]))
    )
    return scope.result(
        "market_ratio", say("Market rent of such space over that of a hall"), "1", rent / scope.path("rent").at(0)
    )


def _first_rent(scope: Scope, kind: LeaseKind, options: LeaseOptions, dates: Clock, ratio: Node) -> Node:
    site, signed = scope.case.site, scope.case.part.state == "leased"
    if signed and site.lease_rent_usd_per_kw_month is not None:
        return scope.input(
            "rent_stated",
            say("Rent of the signed lease"),
            site.lease_rent_usd_per_kw_month,
            "$/kW-month",
            say("lease in sites.csv"),
        )
    if signed and site.lease_capex_payer == "tenant" and kind.tenant_pays_rent_key is not None:
        return scope.fact(kind.tenant_pays_rent_key)
    at_signing = scope.path("rent").at(_within(scope, dates.start))
    if options.rent_usd_per_kw_month is not None and not signed:
        own = scope.input(
            "rent_stated",
            say("Rent if signed at the as-of month"),
            options.rent_usd_per_kw_month,
            "$/kW-month",
            as_is("study.yaml"),
        )
        return own * at_signing / scope.path("rent").at(0)
    return at_signing * ratio


def _within(scope: Scope, month: Node) -> Node:
    return most(0, least(month, scope.horizon))


def hall_cost(scope: Scope, kind: LeaseKind, options: HallOptions, dates: Clock, critical: Cell) -> Cell:
    """Landlord's whole cost in money of the month building starts; a stated figure is that of its day."""
    site, part = scope.case.site, scope.case.part
    signed, label = part.state == "leased", say("Cost of the hall")
    if signed and site.lease_capex_musd_per_mw_it is not None:
        stated = scope.input(
            "capex_stated",
            say("Cost stated by the lease"),
            site.lease_capex_musd_per_mw_it,
            "$M/MW",
            say("lease in sites.csv"),
        )
        return scope.result("cost_usd", label, "USD", critical * 1e6 * stated)
    hall = kind.hall
    if signed and site.lease_capex_payer == "tenant" and kind.tenant_pays_cost_key is not None:
        unit = scope.fact(kind.tenant_pays_cost_key)
    elif options.build_cost_musd_per_mw_it is not None:
        unit = scope.input(
            "capex_stated", say("Contract price"), options.build_cost_musd_per_mw_it, "$M/MW", as_is("study.yaml")
        )
    else:
        reuse = bool(site.buildings_reusable) if options.retrofit is None else options.retrofit
        unit = scope.fact(hall.reused_key if reuse and hall.reused_key is not None else hall.new_key)
    extras = 1 + scope.fact("turnkey.contingency") + scope.fact("turnkey.developer_overhead")
    index = scope.path("build_cost").at(_within(scope, dates.start))
    return scope.result("cost_usd", label, "USD", critical * 1e6 * unit * extras * index)


def build(scope: Scope, hall: HallKind, flows: Flows, dates: Clock, due: Node) -> None:
    """Spend along an S-curve to first revenue; money spent before the as-of month is sunk."""
    sheet, month = scope.sheet, scope.month
    passed = sheet.row(
        say("Share of the building time passed"),
        "1",
        most(0, least(1, (month - dates.start) / (dates.first - dates.start))),
    )
    built = sheet.row(say("Share of the cost spent"), "1", passed**2 * (3 - 2 * passed))
    owed = scope.result("due_usd", say("Cost that is not delivered yet"), "USD", due)
    spent = sheet.row(say("Spent in the month"), "USD", if_(month > 0, owed * (built - built.back()), 0), summed=True)
    classes = (
        (Line.CAPEX_5Y, hall.fit_out_keys),
        (Line.CAPEX_15Y, hall.plant_keys),
        (Line.CAPEX_39Y, hall.building_keys),
    )
    for line, keys in classes:
        if keys:
            flows.add(line, -(spent * sum_of([scope.fact(key) for key in keys])))


def _leasing(scope: Scope, flows: Flows, dates: Clock, terms: _Terms, pursuit: Cell) -> None:
    """Commission and warrants at first revenue, pursuit when building starts."""
    years, step = terms.term / 12, terms.escalator
    growth = if_(step.equals(0), years, ((1 + step) ** years - 1) / step)
    whole_rent = scope.result("rent_of_term_usd", say("Rent of the whole term"), "USD", terms.rent * 12 * growth)
    commission = scope.result(
        "commission_usd", say("Leasing commission"), "USD", scope.fact("turnkey.leasing_commission") * whole_rent
    )
    flows.add(Line.OPEX, if_(scope.month.equals(dates.first), -commission, 0))
    flows.add(Line.OPEX, if_(scope.month.equals(_within(scope, dates.start)), -pursuit, 0))
    if terms.is_backed:
        equity = terms.cost * (1 - scope.fact("debt.gearing_max_leased"))
        warrants = scope.result(
            "warrants_usd",
            say("Warrants to the tenant's backer"),
            "USD",
            scope.fact("lease.credit_backstop_warrant_cost") * equity,
        )
        flows.add(Line.AFTER_TAX, if_(scope.month.equals(dates.first), -warrants, 0))


def _rent(scope: Scope, flows: Flows, dates: Clock, terms: _Terms, expiry: Cell) -> None:
    """Rent of the surviving tenant, and market rent of what was let again after a default."""
    sheet, month = scope.sheet, scope.month
    sheet.head(say("Rent"))
    let_again = scope.result(
        "let_again",
        say("Survival lost before space is let again"),
        "1",
        exp(terms.hazard * whole(scope.fact("relet.downtime"))),
    )
    again_kw = scope.result(
        "relet_kw",
        say("Space let again, less the mark-down"),
        "kW",
        terms.critical * 1000 * (1 - scope.fact("relet.markdown")) * terms.market_ratio,
    )
    since = sheet.row(say("Months since first revenue"), "month", month - dates.first)
    level = sheet.row(
        say("Rent while the tenant pays"), "$/month", terms.rent * (1 + terms.escalator) ** most(0, floor(since / 12))
    )
    alive = sheet.row(say("Chance that the tenant still pays"), "1", exp(-(terms.hazard * most(0, since + 1))))
    second = sheet.row(
        say("Share let again after a default"), "1", if_(since < 0, 0, most(0, 1 - least(1, alive * let_again)))
    )
    paid = level * alive + second * again_kw * scope.path("rent")
    held = both(month > 0, month <= expiry)
    rent = sheet.row(
        say("Rent received"), "USD", if_(held, if_(since < 0, terms.live * terms.rent, paid), 0), summed=True
    )
    flows.add(Line.REVENUE, rent)
    flows.add(
        Line.OPEX, sheet.row(say("Landlord's cost of running it"), "USD", -(rent * (1 - terms.margin)), summed=True)
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A hall whose use ends.

    Attributes
    ----------
    kind
        What it is.
    critical, margin, cost
        Critical IT, income over the market rent of a hall, and what it cost.
    re_let
        Whether it may be let again.
    """

    kind: HallKind
    critical: Cell
    margin: Node
    cost: Node
    re_let: bool


def hall_end(scope: Scope, standing: Standing, dates: Clock, gross: Cell, expiry: Cell) -> Cell:
    """Value of site and hall at the end: scrap or a second letting, never above depreciated cost."""
    hall = standing.kind
    scope.sheet.head(say("What is left at the end"))
    index = scope.path("build_cost")
    site = reversion(scope, gross, "site_sale.price_energised", expiry, 1.0)
    noi = scope.result(
        "market_noi_usd",
        say("Yearly income of such a hall in the market, marked down"),
        "USD",
        standing.critical
        * 12000
        * scope.path("rent").at(expiry)
        * standing.margin
        * (1 - scope.fact("relet.markdown")),
    )
    refit = scope.result(
        "refit_usd",
        say("Refit for a second tenant"),
        "USD",
        standing.critical * 1e6 * scope.fact(hall.refit_key) * index.at(expiry),
    )
    cap = scope.fact(hall.cap_rate_key) + scope.fact("renewal.cap_rate_premium")
    chance = scope.fact("renewal.chance") * float(standing.re_let)
    renewed = scope.result(
        "renewed_usd",
        say("Worth if let again, by its chance"),
        "USD",
        chance * (noi / cap - refit - noi * scope.fact("relet.downtime") / 12),
    )
    start = most(0, least(dates.start, expiry))
    age = (expiry - dates.first) / 12 / scope.fact(hall.life_key)
    depreciated = scope.result(
        "depreciated_usd",
        say("Depreciated cost of a new one"),
        "USD",
        standing.cost * (index.at(expiry) / index.at(start)) * most(1 - age, 0),
    )
    scrap = scope.fact("turnkey.scrap") * standing.cost
    return scope.result(
        "residual_usd",
        say("Site and hall at the end, before tax"),
        "USD",
        least(most(site + scrap, renewed), depreciated + site),
    )
