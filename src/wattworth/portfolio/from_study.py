"""From a study to a portfolio that can be planned: choices with their draws, shared limits, and what is fixed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth import uses
from wattworth.errors import Fault, StudyError
from wattworth.portfolio.option_needs import GPUS_KEY, Need, needs
from wattworth.portfolio.problem import upper_form
from wattworth.portfolio.records import KEEP, Aim, Array, Case, Choices, Places
from wattworth.portfolio.shared_limits import Asked, limits_of
from wattworth.portfolio.site_options import (
    Offer,
    SettledChoices,
    Timing,
    needed_uses,
    offer_draws,
    offers,
    settle,
    site_worths,
)
from wattworth.study import Study, fill
from wattworth.study.plan_block import PlanBlock
from wattworth.valuation.parameters import parameter_table
from wattworth.valuation.plan import Plan, plan
from wattworth.valuation.totals import counted_frac

FRESH_SEED_STEP: Final = 1_000_003
"""From the seed of a plan to that of the draws on which it is replayed."""

GROSS_W: Final = "gross watts that are not sold"
GW_BY: Final = "expected gigawatts energised by the month"


@dataclass(frozen=True, slots=True, eq=False)
class StudyCase:
    """A study as a portfolio.

    Attributes
    ----------
    study, sites_glob
        What was declared, and how it was narrowed.
    plan
        The valuation, laid out.
    block
        What the study declares of the plan.
    asked
        Choices and what they take.
    case
        The portfolio.
    limit_names
        For each row of its limits, the name under which the study declares it.
    aim
        What is made large.
    settled
        What was chosen on means.
    """

    study: Study
    sites_glob: str | None
    plan: Plan
    block: PlanBlock
    asked: Asked
    case: Case
    limit_names: tuple[str, ...]
    aim: Aim
    settled: SettledChoices

    @property
    def timing(self) -> Timing:
        """When sites may change."""
        return self.asked.timing


def study_case(
    study: Study, *, draws: int, seed: int, sites: str | None = None, workers: int | None = None
) -> StudyCase:
    """Value every choice of every site, and what it takes.

    Parameters
    ----------
    study
        A study already read.
    draws, seed
        Of the valuation: a plan that decides everything today is worth what ``value`` gives with the same.
    sites
        Glob on site_id.
    workers
        Processes; None takes one per core.

    Returns
    -------
    StudyCase

    Raises
    ------
    StudyError, FactError
        The declaration is wrong, a limit names nothing, or a fixed choice cannot be had or breaks a limit.
    """
    block = study.plan or PlanBlock()
    timing = Timing(block.periods, block.period_months)
    laid_out = plan(study, uses.fact_book(), n_draw=draws, seed=seed, sites_glob=sites)
    if timing.months[-1] + 12 >= laid_out.calendar.n_month:
        raise StudyError(
            f"{study.name}: plan: {timing.periods} periods of {timing.period_months} months need a horizon_years that "
            f"reaches at least a year beyond them, got {study.horizon_years}"
        )
    every = offers(laid_out, timing, block.uses or ())
    if not every:
        raise StudyError(
            f"{study.name}: no site to plan: every one is left out of totals or has no use the study values"
        )
    taken: list[tuple[Need, ...]] = []
    cash = any(limit.kind == "cash_flow" for limit in block.limits.values())
    worths = site_worths(
        laid_out,
        lambda _: timing.months,
        lambda _: None,
        workers,
        meanwhile=lambda: taken.append(needs(laid_out, every, timing, cash=cash)),
    )
    settled = settle(laid_out, worths, timing.months)
    values = offer_draws(laid_out, every, worths, settled, timing, lambda _: timing.months)
    asked = Asked(laid_out, every, taken[0], timing, _gpus_per_mw(study, block))
    choices = _choices(asked, values, block)
    limits, names = limits_of(block, asked, choices, narrowed=sites is not None)
    case = Case(choices, limits, _fixed(block, asked, choices))
    _check(study, case, names, narrowed=sites is not None)
    return StudyCase(study, sites, laid_out, block, asked, case, names, _aim(block), settled)


def _gpus_per_mw(study: Study, block: PlanBlock) -> float:
    if not any(limit.kind == "gpus" for limit in block.limits.values()):
        return 0.0
    return fill(study, uses.fact_book(), {GPUS_KEY}).facts[GPUS_KEY].value


def _choices(asked: Asked, values_usd: Array, block: PlanBlock) -> Choices:
    """Choices as they are planned; a site is one that has any."""
    places = sorted({offer.place for offer in asked.offers})
    at = {place: i for i, place in enumerate(places)}
    measures = {GROSS_W: np.array([_gross_w(asked, offer) for offer in asked.offers])}
    if block.gw_by is not None:
        last = asked.plan.calendar.index(block.gw_by)
        measures[GW_BY] = np.array([_gw_by(asked, i, last) for i in range(len(asked.offers))])
    return Choices(
        sites=tuple(asked.plan.sites[place].site.site_id for place in places),
        site=np.array([at[offer.place] for offer in asked.offers]),
        use=[offer.use for offer in asked.offers],
        start_period=np.array([offer.period for offer in asked.offers]),
        value_usd=values_usd,
        measures=measures,
    )


def _gross_w(asked: Asked, offer: Offer) -> float:
    """Watts at the connection that a choice does not sell, at the share that totals count. [W]"""
    site_plan = asked.plan.sites[offer.place]
    held = [part for part in site_plan.parts if offer.use != "site_sale" or part.state == "leased"]
    return sum(part.gross_mw for part in held) * counted_frac(asked.plan, site_plan) * 1e6


def _gw_by(asked: Asked, row: int, last_month: int) -> float:
    """Megawatts that earn by a month, weighed with their chance, at the share that totals count. [GW]"""
    share = counted_frac(asked.plan, asked.plan.sites[asked.offers[row].place])
    parts = asked.needs[row].parts
    return share * sum(p.success_frac * p.gross_mw for p in parts if p.first_month <= last_month) / 1e3


def _aim(block: PlanBlock) -> Aim:
    weight = block.tail_weight_frac
    if block.aim == "gw_by":
        return Aim(measure=GW_BY)
    return Aim(weight, block.tail_frac, per=GROSS_W if block.aim == "value_per_watt" else None)


def _fixed(block: PlanBlock, asked: Asked, choices: Choices) -> tuple[int, ...]:
    """Places of the choices that are made already."""
    faults, out, study = [], [], asked.plan.study
    for i, item in enumerate(block.fixed):
        where = study.places.get(f"plan.fixed.{i}", "plan, fixed")
        if item.site not in choices.sites:
            faults.append(
                Fault(where, f"{item.site} has no choice in this plan: it is left out of totals, or of --sites")
            )
            continue
        site = choices.sites.index(item.site)
        month = 0 if item.start is None else asked.plan.calendar.index(item.start)
        period = KEEP if item.use == "keep" else asked.place_of(month)
        own = np.flatnonzero(choices.site == site).tolist()
        found = [o for o in own if choices.start_period[o] == period and item.use in {"keep", choices.use[o]}]
        if not found and choices.use[own[0]] == item.use:
            found = [own[0]]
        if found:
            out.append(int(found[0]))
            continue
        there = ", ".join(sorted({choices.use[o] for o in own}))
        late = " from that month" if item.use in {choices.use[o] for o in own} else ""
        faults.append(Fault(where, f"{item.site} cannot become {item.use}{late}; it may be {there}, or keep"))
    if faults:
        raise StudyError(faults)
    return tuple(out)


def _check(study: Study, case: Case, names: Sequence[str], *, narrowed: bool) -> None:
    """Limits that nothing takes of, and fixed choices that break one whatever the others do.

    Raises
    ------
    StudyError
        With the place of each.
    """
    takes, rows = upper_form(case.limits), case.limits.rows
    ends = takes.indptr
    used = {name for i, name in enumerate(names) if takes.data[ends[i] : ends[i + 1]].any()}
    declared = study.plan.limits if study.plan is not None else {}
    faults = [
        Fault(_place(study, name), "names nothing: no choice takes any of it; check what it is on, or leave it out")
        for name in declared
        if name not in used and not narrowed
    ]
    choices = case.choices
    fixed = np.zeros(len(choices.sites), bool)
    fixed[choices.site[list(case.fixed)]] = True
    for i, name in enumerate(names):
        own = np.zeros(choices.n_option)
        own[takes.indices[ends[i] : ends[i + 1]]] = takes.data[ends[i] : ends[i + 1]]
        taken, least = own[list(case.fixed)].sum(), np.minimum.reduceat(own, choices.begins)
        room = rows[i].amount if rows[i].sense == "at most" else -rows[i].amount
        over = taken + least[~fixed].sum() - room
        if case.fixed and over > 1e-8 * (1.0 + abs(room)) and own[list(case.fixed)].any():
            which = ", ".join(choices.called(o) for o in case.fixed if own[o])
            words = f"what is fixed breaks it by {over:,.6g} {rows[i].unit}".rstrip()
            faults.append(
                Fault(_place(study, name), f"{rows[i].name}: {words}: {which}; change plan.fixed or the limit")
            )
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))


def _place(study: Study, name: str) -> str:
    return study.places.get(f"plan.limits.{name}", f"plan, limit {name!r}")


def fresh_draws(
    held: StudyCase, chosen: Collection[int], *, draws: int, seed: int, workers: int | None = None
) -> Mapping[int, Array]:
    """Some choices valued on draws of their own.

    Parameters
    ----------
    held
        The portfolio.
    chosen
        Places of the choices.
    draws, seed
        Of the fresh valuation, in which every draw has facts of its own.
    workers
        Processes.

    Returns
    -------
    mapping
        Place to array, shape (draw,). [USD]
    """
    timing = held.timing
    fresh = plan(held.study, uses.fact_book(), n_draw=draws, seed=seed, sites_glob=held.sites_glob)
    facts = parameter_table(fresh.study.facts, fresh.table.keys, seed, fresh.n_chunk, inner_draws=1)
    fresh = replace(fresh, table=facts)
    wanted = sorted(chosen)
    picked = [held.asked.offers[option] for option in wanted]
    dates: dict[int, set[int]] = {}
    names: dict[int, set[str]] = {}
    for offer in picked:
        dates.setdefault(offer.place, {0}).add(timing.months[max(offer.period, 0)])
        names.setdefault(offer.place, set()).add(offer.use)

    def months(place: int) -> tuple[int, ...]:
        return tuple(sorted(dates.get(place, {0})))

    def own_uses(place: int) -> set[str]:
        signed = held.plan.sites[place].site.signed_use
        return needed_uses(held.plan, names.get(place, set())) | ({signed} if signed is not None else set())

    worths = site_worths(fresh, months, own_uses, workers)
    values = offer_draws(fresh, picked, worths, held.settled, timing, months)
    return dict(zip(wanted, values, strict=True))


def full_draws(held: StudyCase, valued: Mapping[int, Array]) -> Array:
    """Fresh draws of some choices in the shape of all, those not valued not a number, shape (option, draw). [USD]"""
    n_draw = len(next(iter(valued.values())))
    out = np.full((held.case.choices.n_option, n_draw), np.nan)
    for option, values in valued.items():
        out[option] = values
    return out


def kept_plan(held: StudyCase) -> Places:
    """Every site as it is, shape (site,); a site whose choice is fixed otherwise too."""
    return held.case.choices.begins.copy()
