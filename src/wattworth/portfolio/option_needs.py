"""What each choice of a site takes: capital, megawatts, halls at a time, on the central path of the valuation.

Signed leases take nothing: what they need is committed whatever is planned, so limits are for what is still to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wattworth import timeline, uses
from wattworth.finance import statement
from wattworth.portfolio.records import KEEP
from wattworth.portfolio.site_options import Offer, Timing
from wattworth.study import Part
from wattworth.valuation.cases import capital_usd, case_lines, central_world, part_case
from wattworth.valuation.plan import Plan, SitePlan, ai_demand_frac

GPUS_KEY: Final = "GB300_contract.gpus_per_critical_mw"
"""GPUs for each megawatt of critical IT."""

CaseOf: TypeAlias = Callable[[int, Part, int], tuple[uses.Case, uses.World]]
"""Site, part and month of the decision to what its uses are asked with."""

_IDLE: Final = frozenset({"hold", "site_sale"})


@dataclass(frozen=True, slots=True, eq=False)
class PartNeed:
    """What one part of a site takes under a choice, if it comes off.

    Attributes
    ----------
    gross_mw, state
        Megawatts at the connection, and what they are today.
    critical_it_mw
        Critical IT that needs a new AI customer. [MW]
    success_frac
        Chance that it comes off. [1]
    decided_month, begin_month, first_month
        When it is decided, when money is first spent, when it first earns. [month]
    capital_usd
        Array, shape (month,): spent from the decision to the first earning. [USD]
    """

    gross_mw: float
    state: str
    critical_it_mw: float
    success_frac: float
    decided_month: int
    begin_month: int
    first_month: int
    capital_usd: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What one choice takes.

    Attributes
    ----------
    parts
        The megawatts that change.
    kept_eh_per_s
        Hash rate that mines on for good. [EH/s]
    cash_usd
        Array, shape (month,): after-tax cash of the whole site if it comes off, leases with it; None where it is not
        asked for. [USD]
    """

    parts: tuple[PartNeed, ...]
    kept_eh_per_s: float
    cash_usd: NDArray[np.float64] | None = None


def needs(plan: Plan, asked: Sequence[Offer], timing: Timing, *, cash: bool = False) -> tuple[Need, ...]:
    """What each of some choices takes.

    Parameters
    ----------
    plan
        The valuation, laid out.
    asked
        Choices.
    timing
        Months of each period.
    cash
        Whether after-tax cash is asked for.
    """
    world = central_world(plan)
    cases: dict[tuple[int, str, int], tuple[uses.Case, uses.World]] = {}

    def case_of(place: int, part: Part, month: int) -> tuple[uses.Case, uses.World]:
        key = place, part.state, month
        if key not in cases:
            site_plan = plan.sites[place]
            own = plan.powered_world(site_plan.site, part, world)
            dates = timeline.first_power(
                site_plan.site, part, plan.clocks, plan.calendar, None, range(1), decided_month=month
            )
            cases[key] = replace(part_case(plan, site_plan, part, dates, own), decided_month=month), own
        return cases[key]

    out = []
    for offer in asked:
        site_plan, month = plan.sites[offer.place], 0 if offer.period == KEEP else timing.months[offer.period]
        changed = [part for part in site_plan.free_parts if _changes(plan, site_plan, part, offer)]
        parts = tuple(
            _part_need(plan, site_plan, offer.use, *case_of(offer.place, part, month), month) for part in changed
        )
        flow = _cash_usd(plan, offer, case_of, month) if cash else None
        out.append(Need(parts, _kept_eh_per_s(plan, site_plan, offer), flow))
    return tuple(out)


def _changes(plan: Plan, site_plan: SitePlan, part: Part, offer: Offer) -> bool:
    return offer.period != KEEP and offer.use not in _IDLE and plan.why_not(offer.use, site_plan.site, part) is None


def _part_need(plan: Plan, site_plan: SitePlan, name: str, case: uses.Case, world: uses.World, month: int) -> PartNeed:
    lines = case_lines(plan, name, case, world)
    first = max(int(lines.first_revenue_month[0]), month + 1)
    spent = capital_usd(lines)[: first + 1, 0].copy()
    spent[:month] = 0.0
    when = np.flatnonzero(spent > 0.0)
    converts, part = plan.converts(name), case.part
    ratio = plan.study.facts[uses.GROSS_PER_IT_KEY].value
    return PartNeed(
        gross_mw=part.gross_mw,
        state=part.state,
        critical_it_mw=part.gross_mw / ratio * ai_demand_frac(plan.study, name),
        success_frac=plan.success_frac(site_plan.site, part) if converts else 1.0,
        decided_month=month,
        begin_month=int(when[0]) if when.size else first,
        first_month=first,
        capital_usd=spent,
    )


def _cash_usd(plan: Plan, offer: Offer, case_of: CaseOf, month: int) -> NDArray[np.float64]:
    """After-tax cash of a site by month: each part in the use, or as it stands where it cannot serve."""
    site_plan = plan.sites[offer.place]
    total = np.zeros(plan.calendar.n_month)
    for part in site_plan.parts:
        name, when = (site_plan.site.signed_use, 0) if part.state == "leased" else (offer.use, month)
        if name is None or name not in plan.uses:
            continue
        if plan.why_not(name, site_plan.site, part) is not None:
            name, when = "hold", 0
        case, world = case_of(offer.place, part, when)
        flow = statement(case_lines(plan, name, case, world), site_plan.rules, site_plan.discount, alternatives=False)
        held = flow.after_tax_usd[: total.size, 0]
        total[: held.size] += held
    return total


def _kept_eh_per_s(plan: Plan, site_plan: SitePlan, offer: Offer) -> float:
    """Hash rate of the standing machines that mine on under a choice. [EH/s]"""
    return sum(
        fleet_eh_per_s(plan, site_plan, _mining_on_mw(plan, part, offer.use))
        for part in site_plan.free_parts
        if part.mining_gross_mw > 0.0
    )


def _mining_on_mw(plan: Plan, part: Part, name: str) -> float:
    if name == "bitcoin":
        return part.mining_gross_mw
    if name == "hybrid":
        share = plan.uses[name].ai_demand_frac(plan.use(name)[1])
        return min(part.mining_gross_mw, (1.0 - share) * part.gross_mw)
    return 0.0


def fleet_eh_per_s(plan: Plan, site_plan: SitePlan, mining_gross_mw: float) -> float:
    """Hash rate of some of a site's mining megawatts: as stated, or from their efficiency. [EH/s]"""
    site, facts = site_plan.site, plan.study.facts
    if isinstance(site.fleet_hashrate_eh_per_s, float):
        return site.fleet_hashrate_eh_per_s * mining_gross_mw / site.mining_mw
    each_j_per_th = site.fleet_j_per_th or facts["fleet.efficiency"].value
    return mining_gross_mw / facts["mine.pue"].value / each_j_per_th
