"""A site sold, or held until it reverts: few lines, all formulas."""

from __future__ import annotations

from wattworth.records import Line
from wattworth.reports.workbook.cells import Cell, Node
from wattworth.reports.workbook.functions import if_, least, most, whole
from wattworth.reports.workbook.lines import Flows, LineRows, written
from wattworth.reports.workbook.mine import bridge, holding, mine
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import as_is, say
from wattworth.uses.base import price_fact_key


def gross_mw(scope: Scope) -> Cell:
    """Megawatts of the block, as an input."""
    return scope.input("gross_mw", say("Power at the connection"), scope.case.part.gross_mw, "MW", as_is("sites.csv"))


def reversion(
    scope: Scope, gross: Node, price_key: str, month: Cell, idle_years: Node | float, name: str = "site_value_usd"
) -> Cell:
    """What a bare site is worth when a use ends; never below nought."""
    comparable = scope.fact(price_key) * scope.path("site_price").at(month)
    kept = comparable * scope.fact("site.connection_survival") ** idle_years
    removal = scope.fact("site.removal_cost") * scope.path("price").at(month)
    return scope.result(name, say("Bare site at the end"), "USD", gross * 1e6 * most(kept - removal, 0))


def sale(scope: Scope, decided: Node) -> LineRows:
    """Decide in a month; close after the months a sale takes; machines run until then."""
    gross = gross_mw(scope)
    takes = most(1, whole(scope.fact("site_sale.months")))
    closing = scope.result("closing_month", say("Sale closes"), "month", least(decided + takes, scope.horizon))
    flows, mining = Flows(), mine(scope)
    bridge(scope, flows, mining, closing)
    holding(scope, flows, gross, 0.0 if mining is None else least(mining.end, closing), closing)
    price = scope.fact(price_fact_key(scope.case.part)) * scope.path("site_price").at(closing)
    proceeds = scope.result(
        "proceeds_usd",
        say("Price of the site, less the cost of selling"),
        "USD",
        gross * 1e6 * price * (1 - scope.fact("site_sale.cost")),
    )
    flows.add(Line.PROCEEDS, if_(scope.month.equals(closing), proceeds, 0))
    return written(scope.sheet, flows, closing, closing)


def hold(scope: Scope) -> LineRows:
    """Holding cost each month, then the site's reversion."""
    gross = gross_mw(scope)
    end = scope.result(
        "end_month", say("Site reverts"), "month", least(most(whole(scope.fact("hold.months")), 1), scope.horizon)
    )
    flows = Flows()
    holding(scope, flows, gross, 0.0, end)
    worth = reversion(scope, gross, price_fact_key(scope.case.part), end, end / 12)
    flows.add(Line.PROCEEDS, if_(scope.month.equals(end), worth, 0))
    return written(scope.sheet, flows, end, end)
