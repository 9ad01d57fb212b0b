"""One part of one site in one use: its cash, and what is lost if it does not come off."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.records import CashLines, Line, Timeline
from wattworth.study import Part
from wattworth.valuation.plan import FALLBACK, Plan, SitePlan
from wattworth.valuation.supplied import SuppliedWorld, charged

_CAPITAL: Final = (Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y)


def case_lines(plan: Plan, name: str, case: uses.Case, world: uses.World) -> CashLines:
    """Cash of a part in a use, or sold late after its conversion has failed."""
    if name == FALLBACK:
        return sold_lines(case, world, case.timeline.failure_known_month)
    use, options = plan.use(name)
    lines = use.cash_lines(case, world, options)
    return charged(lines, use, options, case, world) if isinstance(world, SuppliedWorld) else lines


def sold_lines(case: uses.Case, world: uses.World, decision_month: NDArray[np.int64]) -> CashLines:
    """Cash of a part on which what stands runs on until a sale that is decided later."""
    use = uses.SiteSale()
    lines = use.sold_after(case, world, decision_month)
    return charged(lines, use, use.options(), case, world) if isinstance(world, SuppliedWorld) else lines


def case_discount(site_plan: SitePlan, name: str) -> NDArray[np.float64]:
    """Value today of one dollar at each month end of a case, shape (month,). [1]"""
    return site_plan.discount_of("site_sale" if name == FALLBACK else name)


def capital_usd(lines: CashLines) -> NDArray[np.float64]:
    """Capital spent by month, positive, shape (month, draw). [USD]"""
    return -(lines.usd[_CAPITAL[0]] + lines.usd[_CAPITAL[1]] + lines.usd[_CAPITAL[2]])


def lost_usd(
    plan: Plan, site_plan: SitePlan, name: str, case: uses.Case, lines: CashLines, world: uses.World
) -> NDArray[np.float64]:
    """Value today of the after-tax money that a failed conversion has cost, shape (draw,). [USD]

    Parameters
    ----------
    plan, site_plan
        The run, and how the site is taxed and discounted.
    name, case, lines
        The conversion, and its cash if it succeeds.
    world
        Markets and parameters of the block.

    Notes
    -----
    Without a customer no hall is begun, so what is lost is the cost of winning one. A hall that was begun, because its
    lease was signed and a later gate failed, is sold for a share of what was spent by then (``failure.salvage``).
    """
    keep = 1.0 - site_plan.rules.rate_frac
    discount, salvage = site_plan.discount_of(name), world.params["failure.salvage"]
    start = case.timeline.build_start_month
    known = np.minimum(case.timeline.failure_known_month, lines.usd.shape[1] - 1)
    lost = np.zeros(world.paths.n_draw)
    begun = np.flatnonzero(known >= start)
    if begun.size:
        last = int(known.max()) + 1
        capital = -np.sum([lines.usd[line, :last][:, begun] for line in _CAPITAL], axis=0)
        spent = np.cumsum(capital * discount[: capital.shape[0], None], axis=0)
        lost[begun] = spent[known[begun], np.arange(begun.size)] * (1.0 - salvage[begun]) * keep
    if case.part.state == "leased":
        return lost
    use, options = plan.use(name)
    month = np.clip(start, 0, discount.size - 1)
    return lost + use.pursuit_usd(case, world, options) * keep * discount[month]


def weighed_usd(
    chance_frac: float | NDArray[np.float64],
    won_usd: float | NDArray[np.float64],
    failed_usd: float | NDArray[np.float64],
) -> Any:
    """Success and failure weighed with the chance of success: p V + (1 - p) F. [USD]"""
    return chance_frac * won_usd + (1.0 - chance_frac) * failed_usd


def central_world(plan: Plan) -> uses.World:
    """The deterministic path as one draw: stated values, pricing drifts, no volatility."""
    params = plan.table.at_central()
    return uses.World(plan.calendar, markets.central(plan.study, params, plan.regions), params)


def central_case(plan: Plan, site_plan: SitePlan, part: Part, world: uses.World) -> uses.Case:
    """A part ready for any use on the central path."""
    dates = timeline.first_power(site_plan.site, part, plan.clocks, plan.calendar, None, range(1))
    return part_case(plan, site_plan, part, dates, world)


def part_case(plan: Plan, site_plan: SitePlan, part: Part, dates: Timeline, world: uses.World) -> uses.Case:
    """A part with its dates ready for any use, in the world of :meth:`Plan.powered_world`."""
    site = plan.powered_site(site_plan.site, part)
    machines = uses.mining_flows(site, part, world)
    return uses.Case(site, part, dates, machines, site_plan.rules.rate_frac)
