"""From the value a bank says a conversion creates to what an unleased watt is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from wattworth import uses
from wattworth.finance import statement
from wattworth.study import Part
from wattworth.uses.lease import LeaseOptions, price_extras_frac
from wattworth.uses.lease_math import created_usd_per_gross_w
from wattworth.uses.turnkey import contract_price_usd, lease_terms
from wattworth.valuation.cases import capital_usd, case_discount, case_lines, central_case, lost_usd, weighed_usd
from wattworth.valuation.plan import Plan, SitePlan, fallbacks

MULTIPLE_KEY: Final = "bank.noi_multiple"

LEVELS: Final = ("created", "succeeds", "risked", "unleased")
"""Steps that are levels; those between are changes from one level to the next."""


def waterfall(plan: Plan, world: uses.World, site_plan: SitePlan, part: Part) -> dict[str, float]:
    """Steps from created value to the value of the same watts without a lease, on the central path.

    Parameters
    ----------
    plan
        A run.
    world
        From :func:`wattworth.valuation.cases.central_world`.
    site_plan, part
        A site, and a part of it that can be leased.

    Returns
    -------
    dict of step to dollars per gross watt
        Names in :data:`LEVELS` are levels; the changes between two of them sum to their difference.

    Notes
    -----
    The bank's figure capitalises first-year income at once and for good, and takes off the contract
    price. Then, one after the other: what is already spent, which is sunk; the wait for power and
    hall, at the base rate; the residual, by replacing the multiple with contracted years and the
    capped rule; capital, by taxes, contingency, overhead and the cost of leasing; and the mine that
    runs until then. Chance weighs that with what is left on failure. Last, the lease is taken away,
    where one is signed, and the better of converting, mining, selling and waiting is chosen.
    """
    world = plan.powered_world(site_plan.site, part, world)
    case, discount = central_case(plan, site_plan, part, world), site_plan.discount_of("turnkey")
    bare = replace(case, mining=None)
    watts, multiple = part.gross_mw * 1e6, plan.study.facts[MULTIPLE_KEY].value
    options = cast("LeaseOptions", plan.use("turnkey")[1])
    lines, terms = case_lines(plan, "turnkey", bare, world), lease_terms(bare, world, options)
    extra = 1.0 + float(price_extras_frac(bare, world)[0])
    spent, node = capital_usd(lines)[:, 0] / extra, discount[: lines.usd.shape[1]]
    noi, it_mw = float(lines.noi_year1_usd[0]), float(terms.critical_it_mw[0])
    begun, today_usd = case.timeline.build_start_month[0] < 0, float(contract_price_usd(bare, world, terms, options)[0])

    created = created_usd_per_gross_w(noi / it_mw / 1e6, multiple, today_usd / it_mw / 1e6, part.gross_mw / it_mw)
    sunk = max(0.0, today_usd - float(spent.sum())) / watts if begun or terms.live_frac > 0 else 0.0
    waited = (noi * multiple * float(node[int(lines.first_revenue_month[0])]) - float(node @ spent)) / watts
    rents = node @ (lines.usd[0, :, 0] * terms.margin_frac[0])
    residual = node[int(lines.residual_month[0])] * lines.residual_usd[0]
    contracted = float(rents + residual - node @ spent) / watts
    taxed = float(statement(lines, site_plan.rules, discount).npv_usd[0]) / watts
    values = _alternatives(plan, site_plan, part, world)
    succeeds, risked = values.pop("succeeds") / watts, values["turnkey"] / watts
    if part.state == "leased":
        values = _alternatives(plan, site_plan, _without_lease(part), world)
        del values["succeeds"]
    unleased = max(values.values()) / watts
    return {
        "created": created,
        "already spent": sunk,
        "time": waited - created - sunk,
        "residual": contracted - waited,
        "capital": taxed - contracted,
        "mine until then": succeeds - taxed,
        "succeeds": succeeds,
        "chance": risked - succeeds,
        "risked": risked,
        "lease" if part.state == "leased" else "choice": unleased - risked,
        "unleased": unleased,
    }


def _without_lease(part: Part) -> Part:
    return replace(part, state="energised" if part.mining_gross_mw > 0 else "construction", critical_it_mw=None)


def _alternatives(plan: Plan, site_plan: SitePlan, part: Part, world: uses.World) -> dict[str, float]:
    """Central value of a part in every use that can serve it, conversions weighed with their failure. [USD]

    ``succeeds`` is the turnkey lease if it comes off.
    """
    case = central_case(plan, site_plan, part, world)
    names = [name for name in plan.uses if plan.why_not(name, site_plan.site, part) is None]
    back = fallbacks(site_plan.site, part)
    lines = {name: case_lines(plan, name, case, world) for name in dict.fromkeys([*names, *back])}
    values = {
        name: float(statement(cash, site_plan.rules, case_discount(site_plan, name)).npv_usd[0])
        for name, cash in lines.items()
    }
    chance = plan.success_frac(site_plan.site, part)
    remains = max(values[name] for name in back)
    risked = {name: values[name] for name in names}
    for name in filter(plan.converts, names):
        lost = float(lost_usd(plan, site_plan, name, case, lines[name], world)[0])
        risked[name] = weighed_usd(chance, values[name], remains - lost)
    return {**risked, "succeeds": values["turnkey"]}
