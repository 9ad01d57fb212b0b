"""What each site may become and when, and what each choice is worth in every draw of the valuation.

A site keeps what it does today, or becomes something else from a period on: until then what stands runs on, and what
leads to power goes ahead. The worth of each choice is the valuation's own for that use and date: risked, after tax,
at the share of the site that totals count.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.blocks import blocks, can_start_workers, map_blocks
from wattworth.errors import StudyError
from wattworth.portfolio.records import KEEP, Array
from wattworth.valuation.cases import central_world
from wattworth.valuation.plan import FALLBACKS, Plan, SitePlan
from wattworth.valuation.switch_worths import (
    Freedom,
    PartWorths,
    SiteWorths,
    Stage,
    can_be_put_off,
    joined,
    part_worths,
    serves,
    stage,
)
from wattworth.valuation.switching import Choices, risked_usd
from wattworth.valuation.totals import counted_frac

_HOLD: Final = "hold"
_CARRIED: Final = ("site_sale", _HOLD)

Settled: TypeAlias = Mapping[tuple[str, int], str]
"""Part (its state) and month to a choice made on means."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a plan may begin what.

    Attributes
    ----------
    periods
        Number of periods in which a site may change.
    period_months
        Months of each.
    """

    periods: int = 12
    period_months: int = 3

    @property
    def months(self) -> tuple[int, ...]:
        """First month of each period."""
        return tuple(range(0, self.periods * self.period_months, self.period_months))


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice of one site.

    Attributes
    ----------
    place
        The site in the plan of the valuation.
    use
        What it becomes.
    period
        When; KEEP where it stays as it is.
    """

    place: int
    use: str
    period: int


@dataclass(frozen=True, slots=True, eq=False)
class SettledChoices:
    """What is chosen on means and not in hindsight: what a failure falls back on, and what carries idle megawatts.

    Attributes
    ----------
    fallbacks, carried
        For each site: part and month to the choice.
    """

    fallbacks: tuple[Settled, ...]
    carried: tuple[Settled, ...]


def keeps(plan: Plan, site_plan: SitePlan) -> str | None:
    """The use that leaves a site as it is, or None where the study values none for it."""
    free = site_plan.free_parts
    if not free:
        signed = site_plan.site.signed_use
        return signed if signed in plan.uses else None
    if (
        any(part.mining_gross_mw > 0.0 for part in free)
        and "bitcoin" in plan.uses
        and serves(plan, site_plan, "bitcoin")
    ):
        return "bitcoin"
    return _HOLD


def offers(plan: Plan, timing: Timing, may_become: Collection[str] = ()) -> tuple[Offer, ...]:
    """Every choice of every site that totals count.

    Parameters
    ----------
    plan
        The valuation, laid out.
    timing
        When sites may change.
    may_become
        Uses that a site may change to; all of the study where none are named.

    Raises
    ------
    StudyError
        The study does not value ``hold``, or discounts uses at rates of their own.
    """
    if plan.study.discount:
        raise StudyError(
            f"{plan.study.name}: discount: by_use gives each use a rate of its own, and a plan across sites needs one "
            "measure for all (methods, section 0); take `discount:` out to plan"
        )
    if _HOLD not in plan.uses:
        raise StudyError(f"{plan.study.name}: a plan needs `hold` among the uses: an idle connection is kept as that")
    out: list[Offer] = []
    for place, site_plan in enumerate(plan.sites):
        kept = keeps(plan, site_plan)
        if kept is None or counted_frac(plan, site_plan) <= 0.0:
            continue
        out.append(Offer(place, kept, KEEP))
        for name in plan.uses:
            if name == kept or (may_become and name not in may_become) or not serves(plan, site_plan, name):
                continue
            last = timing.periods if can_be_put_off(plan, name) else 1
            out += (Offer(place, name, period) for period in range(last))
    return tuple(out)


def settle(plan: Plan, worths: Sequence[SiteWorths], months: Sequence[int]) -> SettledChoices:
    """Choose on means, as the valuation does: what a part falls back on at each date, and what carries it if it must.

    Parameters
    ----------
    plan
        The valuation, laid out.
    worths
        Of each site, every part, leased ones too.
    months
        Dates of the worths.
    """

    def best(part: PartWorths, names: Sequence[str], date: int) -> str:
        held = [name for name in names if name in part.decided_usd]
        return max(held, key=lambda name: float(_on(part.decided_usd[name], date).mean()), default="")

    def all_dates(site: SiteWorths, names: Sequence[str]) -> Settled:
        return {
            (part.part.state, month): best(part, names, date)
            for part in site.parts
            for date, month in enumerate(months)
        }

    return SettledChoices(
        tuple(all_dates(site, FALLBACKS) for site in worths), tuple(all_dates(site, _CARRIED) for site in worths)
    )


def _on(values_usd: NDArray[np.float64], date: int) -> NDArray[np.float64]:
    """Values of a date; what cannot be put off has one."""
    return values_usd[min(date, len(values_usd) - 1)]


def site_worths(
    plan: Plan,
    months: Callable[[int], tuple[int, ...]],
    wanted: Callable[[int], Collection[str] | None],
    workers: int | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[SiteWorths, ...]:
    """Value every decision of every site on all draws.

    Parameters
    ----------
    plan
        The valuation, laid out.
    months
        Site (its place) to the dates that are asked for, the first the as-of month.
    wanted
        Site to the uses that are asked for; None for all.
    workers
        Processes; None takes one per core.
    meanwhile
        Done in this process while others start.

    Returns
    -------
    tuple of SiteWorths
        In the order of the plan's sites, with all parts, leased ones first; no site has drivers.
    """
    work = blocks(plan.n_draw)
    dates = tuple(months(place) for place in range(len(plan.sites)))
    names = tuple(wanted(place) for place in range(len(plan.sites)))
    n_process = workers or (min(os.cpu_count() or 1, len(work)) if can_start_workers() else 1)
    found = [*map_blocks(partial(_block, plan, dates, names), work, n_process, meanwhile=meanwhile)]
    return tuple(_live(joined(same), plan.n_draw) for same in zip(*found, strict=True))


def _live(site: SiteWorths, n_draw: int) -> SiteWorths:
    """Without the draws that fill the last chunk."""

    def cut(values: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        return {name: array[..., :n_draw] for name, array in values.items()}

    return SiteWorths(
        tuple(
            replace(
                part,
                decided_usd=cut(part.decided_usd),
                lost_usd=cut(part.lost_usd),
                kept_usd=part.kept_usd[..., :n_draw],
                success_frac=part.success_frac[:n_draw],
            )
            for part in site.parts
        ),
        {},
    )


def _block(
    plan: Plan, dates: Sequence[tuple[int, ...]], names: Sequence[Collection[str] | None], chunks: range
) -> list[SiteWorths]:
    """All sites on one block of pricing paths."""
    last = plan.calendar.n_month - 1
    on, _ = stage(plan, central_world(plan), chunks, Freedom(every_months=last, window_months=last))
    out = []
    for place, site_plan in enumerate(plan.sites):
        wanted = names[place]
        own = plan if wanted is None else replace(plan, uses={n: use for n, use in plan.uses.items() if n in wanted})
        parts = tuple(
            part_worths(own, site_plan, part, _dated(on, (0,) if part.state == "leased" else dates[place], last))
            for part in site_plan.parts
        )
        out.append(SiteWorths(parts, {}))
    return out


def _dated(on: Stage, months: tuple[int, ...], last: int) -> Stage:
    return replace(on, months=(*months, last))


def offer_draws(
    plan: Plan,
    asked: Sequence[Offer],
    worths: Sequence[SiteWorths],
    settled: SettledChoices,
    timing: Timing,
    months: Callable[[int], tuple[int, ...]],
) -> Array:
    """Risked worth of each offer in each draw, at the share of its site that totals count.

    Parameters
    ----------
    plan
        The valuation, laid out.
    asked
        Offers, those of a site together.
    worths
        Of each site on its dates.
    settled
        What is chosen on means.
    timing
        Months of each period.
    months
        Site to the dates of its worths.

    Returns
    -------
    array, shape (offer, draw)
        [USD]
    """
    out = np.empty((len(asked), plan.n_draw))
    held: dict[tuple[int, str], NDArray[np.float64]] = {}
    signed: dict[int, NDArray[np.float64]] = {}
    for row, offer in enumerate(asked):
        place, dates = offer.place, months(offer.place)
        if place not in signed:
            signed[place] = _signed_usd(plan, place, worths[place], settled)
        key = place, offer.use
        if key not in held:
            held = {key: _free_usd(plan, offer, worths[place], settled, dates)}
        date = 0 if offer.period == KEEP else dates.index(timing.months[offer.period])
        out[row] = (held[key][date] + signed[place]) * counted_frac(plan, plan.sites[place])
    return out


def _signed_usd(plan: Plan, place: int, worths: SiteWorths, settled: SettledChoices) -> NDArray[np.float64]:
    """What the signed lease of a site is worth, risked, shape (draw,). [USD]"""
    name, total = plan.sites[place].site.signed_use, np.zeros(plan.n_draw)
    for part in worths.parts:
        if part.part.state == "leased" and name is not None and name in part.decided_usd:
            choices = Choices(((settled.fallbacks[place][part.part.state, 0],),), (("",),))
            total += risked_usd(plan, SiteWorths((part,), {}), choices, name)[0]
    return total


def _free_usd(
    plan: Plan, offer: Offer, worths: SiteWorths, settled: SettledChoices, dates: Sequence[int]
) -> NDArray[np.float64]:
    """What the free parts of a site are worth in a use decided on each date, risked, shape (date, draw). [USD]"""
    free = tuple(part for part in worths.parts if part.part.state != "leased")
    if not free:
        return np.zeros((1, plan.n_draw))

    def chosen(of: Settled) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(of[part.part.state, month] for month in dates) for part in free)

    choices = Choices(chosen(settled.fallbacks[offer.place]), chosen(settled.carried[offer.place]))
    return risked_usd(plan, SiteWorths(free, {}), choices, offer.use)


def needed_uses(plan: Plan, names: Collection[str]) -> set[str]:
    """Uses to be valued for some to be asked for: what carries idle megawatts and what a failure falls back on too."""
    return {*names, *(name for name in (*_CARRIED, "bitcoin") if name in plan.uses)}
