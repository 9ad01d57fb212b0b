"""What each decision about a site is worth if it is taken on each date, on the valuation's paths.

Until it decides, the owner keeps what stands: machines run off, an idle connection waits, nothing is bought or built.
What leads to power runs on meanwhile; customer, money and hall wait for the decision. The value of a decision on a date
is the valuation's own for that plan, risked and after tax, so decided on date 0 it is the use's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.finance import statement
from wattworth.records import CHUNK_DRAWS
from wattworth.study import Part
from wattworth.valuation.cases import case_lines, lost_usd, part_case, sold_lines
from wattworth.valuation.plan import FALLBACK, Plan, SitePlan, fallbacks

KEPT: Final = "kept"
"""Case that keeps what stands to the end of the window and sells the site then."""

Worths = Mapping[str, NDArray[np.float64]]
"""Case to array, shape (date, draw): value at the as-of month if it is decided on each date. [USD]"""


@dataclass(frozen=True, slots=True)
class Freedom:
    """What may be decided, and when.

    Attributes
    ----------
    every_months
        Months between dates.
    window_months
        Months to the end, at which a site that has not decided is sold.
    lease_until_month
        Last month in which a conversion may be decided; None for the whole window.
    stages
        Whether half may be converted first, and the rest once that has come off.
    second_stage_frac
        Chance that the rest comes off once the first half has. [1]
    """

    every_months: int = 3
    window_months: int = 36
    lease_until_month: int | None = None
    stages: bool = True
    second_stage_frac: float = 0.95

    @property
    def months(self) -> tuple[int, ...]:
        """Dates, and last the end of the window."""
        return (*range(0, self.window_months, self.every_months), self.window_months)


@dataclass(frozen=True, slots=True, eq=False)
class PartWorths:
    """One part of a site on one block of draws.

    Attributes
    ----------
    part
        Its megawatts.
    decided_usd
        Worth of each case if it is decided on each date, and if it succeeds. A case that cannot be put off has one
        date. [USD]
    lost_usd
        What a conversion decided on each date has cost when it fails, by case. [USD]
    kept_usd
        Array, shape (date + 1, draw): what has come in by each date while nothing is decided. [USD]
    success_frac
        Array, shape (draw,): chance that a conversion succeeds. [1]
    known_months
        Array, shape (date,): mean months from decision until failure would be known. [month]
    """

    part: Part
    decided_usd: Worths
    lost_usd: Worths
    kept_usd: NDArray[np.float64]
    success_frac: NDArray[np.float64]
    known_months: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SiteWorths:
    """The free parts of one site and what its owner sees, on one block of draws.

    Attributes
    ----------
    parts
        Parts under no signed lease.
    drivers
        What is seen on each date, shape (date, draw): markets as they have moved from their stated level.
    """

    parts: tuple[PartWorths, ...]
    drivers: Mapping[str, NDArray[np.float64]]


def joined(blocks: Sequence[SiteWorths]) -> SiteWorths:
    """Blocks of one site side by side, in order."""

    def beside(maps: Sequence[Worths]) -> Worths:
        return {name: np.concatenate([each[name] for each in maps], axis=-1) for name in maps[0]}

    parts = tuple(
        PartWorths(
            part=same[0].part,
            decided_usd=beside([each.decided_usd for each in same]),
            lost_usd=beside([each.lost_usd for each in same]),
            kept_usd=np.concatenate([each.kept_usd for each in same], axis=-1),
            success_frac=np.concatenate([each.success_frac for each in same]),
            known_months=np.mean([each.known_months for each in same], axis=0),
        )
        for same in zip(*(block.parts for block in blocks), strict=True)
    )
    return SiteWorths(parts, beside([block.drivers for block in blocks]))


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Paths of one block under one measure, shared by all sites; the central path gives the stated levels."""

    world: uses.World
    central: uses.World
    chunks: range
    months: tuple[int, ...]


def stage(plan: Plan, central: uses.World, chunks: range, freedom: Freedom) -> tuple[Stage, Stage]:
    """Draw the markets of a block.

    Returns
    -------
    pricing, real_world
        The same random numbers under both measures.
    """
    params = plan.table.draws(chunks)
    paths = markets.draw(plan.study, params, plan.seed, chunks, plan.regions)
    pricing, real = (
        Stage(uses.World(plan.calendar, measured, params), central, chunks, freedom.months) for measured in paths
    )
    return pricing, real


def site_worths(plan: Plan, site_plan: SitePlan, on: Stage) -> SiteWorths:
    """Value every decision of a site on every date of a block of pricing paths."""
    parts = tuple(part_worths(plan, site_plan, part, on) for part in site_plan.free_parts)
    return SiteWorths(parts, drivers(plan, site_plan, on))


def part_worths(plan: Plan, site_plan: SitePlan, part: Part, on: Stage) -> PartWorths:
    """Value every decision about one part of a site on every date of a block of pricing paths."""
    site, world = site_plan.site, plan.powered_world(site_plan.site, part, on.world)
    dates, end = on.months[:-1], on.months[-1]
    names = [name for name in plan.uses if plan.why_not(name, site, part) is None]
    converts = [name for name in names if plan.converts(name)]
    falls = fallbacks(site, part) if converts else ()
    decided: dict[str, list[NDArray[np.float64]]] = {name: [] for name in dict.fromkeys((*names, *falls))}
    lost: dict[str, list[NDArray[np.float64]]] = {name: [] for name in converts}
    asked = partial(timeline.first_power, site, part, plan.clocks, plan.calendar, plan.seed, on.chunks)
    first = part_case(plan, site_plan, part, asked(decided_month=dates[0]), world)
    cases = [replace(first, timeline=asked(decided_month=month), decided_month=month) for month in dates]
    for month, case in zip(dates, cases, strict=True):
        for name, values in decided.items():
            if month > 0 and not can_be_put_off(plan, name):
                continue
            lines = case_lines(plan, name, case, world)
            values.append(statement(lines, site_plan.rules, site_plan.discount, alternatives=False, cash=False).npv_usd)
            if name in lost:
                lost[name].append(lost_usd(plan, site_plan, name, case, lines, world))
    kept_lines = sold_lines(cases[0], world, np.full(world.paths.n_draw, end))
    kept = statement(kept_lines, site_plan.rules, site_plan.discount, alternatives=False)
    cash = kept.after_tax_usd * site_plan.discount[: kept.after_tax_usd.shape[0], None]
    by_month = np.cumsum(cash, axis=0)
    decided[KEPT] = [kept.npv_usd]
    return PartWorths(
        part=part,
        decided_usd={name: np.stack(values) for name, values in decided.items()},
        lost_usd={name: np.stack(values) for name, values in lost.items()},
        kept_usd=np.stack([np.zeros_like(kept.npv_usd), *(by_month[month] for month in on.months[1:])]),
        success_frac=_success_frac(plan, site_plan, part, on),
        known_months=np.array([case.timeline.failure_known_month.mean() - case.decided_month for case in cases]),
    )


def can_be_put_off(plan: Plan, name: str) -> bool:
    """Whether a case may be decided later than today."""
    if name == FALLBACK or plan.converts(name):
        return True
    return plan.use(name)[0].can_be_put_off


def _success_frac(plan: Plan, site_plan: SitePlan, part: Part, on: Stage) -> NDArray[np.float64]:
    drawn = plan.drawn_success_frac(site_plan.site, part)
    wanted = np.arange(on.chunks.start * CHUNK_DRAWS, on.chunks.stop * CHUNK_DRAWS)
    return drawn[np.minimum(wanted, len(drawn) - 1)]


def drivers(plan: Plan, site_plan: SitePlan, on: Stage) -> dict[str, NDArray[np.float64]]:
    """What the owner of a site sees on each date, shape (date, draw).

    Notes
    -----
    Each market stands at its stated level on date 0, in every draw, and moves from there as its path does: how far an
    estimate of today's level may be wrong is not learned by waiting. Power is the mean of the last twelve months.
    """
    paths, central, months = on.world.paths, on.central.paths, np.array(on.months[:-1])
    converts = [name for name in plan.uses if plan.converts(name) and serves(plan, site_plan, name)]
    stated = partial(_moved, months)
    seen: dict[str, NDArray[np.float64]] = {}
    if converts:
        seen["rent"] = stated(paths.rent_usd_per_kw_month, central.rent_usd_per_kw_month[0, 0])
        seen["build cost"] = stated(paths.build_cost_index, 1.0)
    if "gpu_cloud" in converts:
        seen["GPU-hour"] = stated(paths.gpu_usd_per_hour, central.gpu_usd_per_hour[0, 0])
    if any("bitcoin" in fallbacks(site_plan.site, part) for part in site_plan.free_parts):
        seen["hashprice"] = stated(paths.hashprice_usd_per_ph_day, central.hashprice_usd_per_ph_day[0, 0])
        region = site_plan.region
        year = _year_mean(paths.power_usd_per_mwh[region], paths.power_level_usd_per_mwh[region], int(months[-1]))
        seen["power"] = stated(year, central.power_level_usd_per_mwh[region][0])
    return seen or {"site price": stated(paths.site_price_index, 1.0)}


def _moved(months: NDArray[np.int64], path: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """A stated level, moved as a path has moved by each date."""
    return path[months] / path[0] * level


def _year_mean(price: NDArray[np.float64], usual: NDArray[np.float64], last: int) -> NDArray[np.float64]:
    """Mean of the last twelve months of each month, the usual level standing for months before the first."""
    before = np.broadcast_to(usual, (12, usual.size))
    sums = np.cumsum(np.concatenate([before, price[1 : last + 1]]), axis=0)
    return np.concatenate([sums[11:12], sums[12:] - sums[:-12]]) / 12.0


UNITS: Final = {
    "rent": "$/kW-month",
    "build cost": "of today's",
    "GPU-hour": "$/GPU-h",
    "hashprice": "$/PH/day",
    "power": "$/MWh",
    "site price": "of today's",
}
"""Units of the drivers, as printed."""


def serves(plan: Plan, site_plan: SitePlan, name: str) -> bool:
    """Whether a use can be had on a part under no signed lease."""
    return any(plan.why_not(name, site_plan.site, part) is None for part in site_plan.free_parts)
