"""A hall on a share of the connection, machines beside it and on what it leaves unused, as formulas."""

from __future__ import annotations

from wattworth.records import Line
from wattworth.reports.workbook.clock import clock
from wattworth.reports.workbook.functions import if_, least, most
from wattworth.reports.workbook.lease import KINDS, LeaseBlock, let_hall
from wattworth.reports.workbook.lines import written
from wattworth.reports.workbook.mine import bridge, holding, mine
from wattworth.reports.workbook.sale import gross_mw, reversion
from wattworth.reports.workbook.scope import Scope
from wattworth.reports.workbook.wording import as_is, say
from wattworth.uses import energy
from wattworth.uses.base import price_fact_key
from wattworth.uses.hall import GROSS_PER_IT_KEY
from wattworth.uses.hybrid import HybridOptions
from wattworth.uses.lease import LeaseOptions


def hybrid(scope: Scope, options: HybridOptions) -> LeaseBlock:
    """Write a hall, the machines that stay beside it, those that move to its headroom, and the rest that is sold."""
    kind, sheet, month = KINDS["turnkey"], scope.sheet, scope.month
    dates, gross = clock(scope, kind.hall), gross_mw(scope)
    share = scope.input(
        "hall_share_frac", say("Share of the connection that the hall takes"), options.hall_share_frac, "1"
    )
    hall = scope.result("hall_gross_mw", say("Power of the hall, at the connection"), "MW", gross * share)
    beside = scope.result("beside_gross_mw", say("Power beside it"), "MW", gross - hall)
    machines = mine(scope)
    assert machines is not None, "a hybrid needs a mine"
    fleet = scope.input(
        "fleet_mw", say("Power of all machines"), scope.case.part.mining_gross_mw, "MW", as_is("sites.csv")
    )
    used = scope.fact(energy.HALL_LOAD_KEY) * scope.fact(energy.HALL_PUE_KEY) / scope.fact(GROSS_PER_IT_KEY)
    stay_mw = least(fleet, beside)
    stay = scope.result("stay_frac", say("Share of the machines that stays beside it"), "1", stay_mw / fleet)
    moved_mw = least(fleet - stay_mw, most(0, 1 - used) * hall)
    move = scope.result("move_frac", say("Share that moves to its headroom"), "1", moved_mw / fleet)
    let = let_hall(scope, kind, LeaseOptions(), (dates, hall, machines.part(1 - stay - move)))
    sheet.head(say("Beside the hall"))
    last = scope.result(
        "beside_end_month", say("Machines beside the hall stop"), "month", least(machines.end, let.expiry)
    )
    fewer = if_(month > let.stop, scope.fact("hybrid.headroom_uptime"), 1)
    bridge(scope, let.flows, machines.part(stay), last)
    bridge(scope, let.flows, machines.part(move, fewer), last)
    holding(scope, let.flows, beside, last, let.expiry)
    left = reversion(scope, beside, price_fact_key(scope.case.part), let.expiry, 1.0, name="beside_value_usd")
    let.flows.add(Line.PROCEEDS, if_(month.equals(let.expiry), left, 0))
    return LeaseBlock(written(sheet, let.flows, dates.first, let.expiry), dates, let.pursuit)
