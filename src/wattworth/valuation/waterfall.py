"""From the value a bank says a conversion creates to what an unleased watt is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from wattworth import markets, timeline, uses
from wattworth.finance import statement
from wattworth.records import Line
from wattworth.uses.lease_math import created_usd_per_gross_w
from wattworth.uses.turnkey import build_cost_usd, lease_terms
from wattworth.valuation.plan import Plan

MULTIPLE_KEY: Final = "bank.noi_multiple"


def waterfall(plan: Plan, site_index: int, part_index: int, chance_frac: float, fallback_usd: float) -> dict[str, float]:
    """Steps from created value to risked value on the central path.

    Parameters
    ----------
    plan
        A run.
    site_index, part_index
        A part that can be leased.
    chance_frac
        Chance that the conversion succeeds. [1]
    fallback_usd
        Central value of the part if it fails. [USD]

    Returns
    -------
    dict of step to dollars per gross watt
        ``created`` and ``risked`` are levels, the steps between are changes that sum from the
        one to the other.

    Notes
    -----
    The bank's figure capitalises first-year income at once and for good, and takes off the cost.
    Then, one after the other: the wait for power and hall, at the base rate; the residual, by
    replacing the multiple with contracted years and the capped rule; capital, by taxes,
    contingency, overhead and the cost of leasing; the mine that runs until then; and chance.
    """
    site_plan = plan.sites[site_index]
    part, discount = site_plan.parts[part_index], site_plan.discount
    params = plan.table.at_central()
    world = uses.World(plan.calendar, markets.central(plan.study, params, plan.regions), params)
    dates = timeline.first_power(site_plan.site, part, plan.clocks, plan.calendar, None, range(1))
    machines = uses.mining_flows(site_plan.site, part, world)
    case = uses.Case(site_plan.site, part, dates, machines, site_plan.rules.rate_frac)
    bare = replace(case, mining=None)

    turnkey = uses.Turnkey()
    lines = turnkey.cash_lines(bare, world, turnkey.options())
    terms = lease_terms(bare, world)
    watts = part.gross_mw * 1e6
    start = np.clip(dates.build_start_month, 0, discount.size - 1)
    extra = 1.0 + float(params["turnkey.contingency"][0] + params["turnkey.developer_overhead"][0])
    cost = float(build_cost_usd(bare, world, terms, start)[0]) / extra
    spent = -(lines.usd[Line.CAPEX_5Y] + lines.usd[Line.CAPEX_15Y] + lines.usd[Line.CAPEX_39Y])[:, 0] / extra
    node = discount[: spent.size]
    noi, multiple = float(lines.noi_year1_usd[0]), plan.study.facts[MULTIPLE_KEY].value
    it_mw = float(terms.critical_it_mw[0])

    created = created_usd_per_gross_w(noi / it_mw / 1e6, multiple, cost / it_mw / 1e6, part.gross_mw / it_mw)
    waited = (noi * multiple * node[int(dates.first_revenue_month[0])] - node @ spent) / watts
    rents = node @ (lines.usd[Line.REVENUE, :, 0] * terms.margin_frac[0])
    residual = node[int(lines.residual_month[0])] * lines.residual_usd[0]
    contracted = (rents + residual - node @ spent) / watts
    taxed = float(statement(lines, site_plan.rules, discount).npv_usd[0]) / watts
    bridged = taxed
    if machines is not None:
        with_mine = turnkey.cash_lines(case, world, turnkey.options())
        bridged = float(statement(with_mine, site_plan.rules, discount).npv_usd[0]) / watts
    risked = chance_frac * bridged + (1.0 - chance_frac) * fallback_usd / watts
    return {
        "created": created,
        "time": waited - created,
        "residual": float(contracted) - waited,
        "capital": taxed - float(contracted),
        "mine until then": bridged - taxed,
        "chance": risked - bridged,
        "risked": risked,
    }
