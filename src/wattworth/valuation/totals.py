"""The portfolio: at ownership share, without double counts, capped by what tenants take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.study import Study
from wattworth.units import MONTHS_PER_YEAR
from wattworth.valuation.compose import SiteValue
from wattworth.valuation.plan import Plan, SitePlan, ai_demand_frac


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the valued sites.

    Attributes
    ----------
    weight_frac
        Site to the share of it counted: ownership, less what another row already counts. [1]
    use
        Site to the use it is counted in.
    squeezed
        Sites whose conversion no AI customer is left for, counted in their next best use.
    pricing_usd, real_usd
        Arrays, shape (draw,): sum of risked values under each measure. [USD]
    uncapped_usd
        Mean pricing value were tenants without limit. [USD]
    """

    weight_frac: dict[str, float]
    use: dict[str, str]
    squeezed: tuple[str, ...]
    pricing_usd: NDArray[np.float64]
    real_usd: NDArray[np.float64]
    uncapped_usd: float


def totals(
    plan: Plan, values: Mapping[str, SiteValue], first_month: Mapping[str, float], limit_gw_per_year: float
) -> Totals:
    """Add up the best use of each site.

    Parameters
    ----------
    plan, values
        The run and its composed sites by site_id.
    first_month
        Site to median month of the first revenue of its best use. [month]
    limit_gw_per_year
        Critical IT power tenants sign for in a year. [GW/year]

    Notes
    -----
    Conversions draw on the limit with their expected megawatts (chance x critical IT), dearest
    gain per megawatt first, counted in the year their rent would start; what signs by a year
    cannot exceed the limit times the years gone by. Signed leases have their tenant already.
    """
    weight = {site.site.site_id: counted_frac(plan, site) for site in plan.sites}
    best = {site_id: value.best_use for site_id, value in values.items() if value.best_use is not None}
    squeezed = _squeezed(plan, values, best, first_month, limit_gw_per_year)
    use = {s: _next_best(plan, values[s]) if s in squeezed else name for s, name in best.items()}
    pricing, real = np.zeros(plan.n_draw), np.zeros(plan.n_draw)
    for site_id, name in use.items():
        pricing += weight[site_id] * values[site_id].uses[name].risked_usd
        real += weight[site_id] * values[site_id].uses[name].risked_real_usd
    uncapped = sum(weight[s] * float(values[s].uses[name].risked_usd.mean()) for s, name in best.items())
    return Totals(weight, use, squeezed, pricing, real, uncapped)


def counted_frac(plan: Plan, site_plan: SitePlan) -> float:
    """Share of a site that totals count: ownership, less what another row already counts. [1]"""
    site = site_plan.site
    counted = 1.0
    for double in plan.study.double_counts:
        if double.site_id == site.site_id:
            counted -= 1.0 if double.mw is None else double.mw / site_plan.gross_mw
    return max(counted, 0.0) * site.ownership_frac


def _next_best(plan: Plan, value: SiteValue) -> str:
    free = {name: float(use.risked_usd.mean()) for name, use in value.uses.items() if use.reason is None}
    return without_customer(plan.study, free)


def without_customer(study: Study, mean_usd: Mapping[str, float]) -> str:
    """Best use without a new AI customer, of those with a mean; the best of all where each needs one."""
    others = [name for name in mean_usd if ai_demand_frac(study, name) == 0.0]
    return max(others or mean_usd, key=lambda name: mean_usd[name])


def _squeezed(
    plan: Plan,
    values: Mapping[str, SiteValue],
    best: Mapping[str, str],
    first_month: Mapping[str, float],
    limit_gw_per_year: float,
) -> tuple[str, ...]:
    wanted: list[tuple[float, str, int, float]] = []
    ratio = plan.study.facts["gross_to_critical_it.ratio"].value
    for site_plan in plan.sites:
        site_id = site_plan.site.site_id
        name = best.get(site_id)
        if name is None:
            continue
        value = values[site_id]
        able = [p for p in site_plan.free_parts if plan.why_not(name, site_plan.site, p) is None]
        free_mw = sum(part.gross_mw for part in able) * ai_demand_frac(plan.study, name)
        expected_mw = free_mw / ratio * value.uses[name].success_frac
        if expected_mw == 0.0:
            continue
        gain = value.uses[name].risked_usd.mean() - value.uses[_next_best(plan, value)].risked_usd.mean()
        wanted.append((float(gain) / expected_mw, site_id, int(first_month[site_id] // MONTHS_PER_YEAR), expected_mw))
    taken = np.zeros(plan.study.horizon_years + 1)
    room = 1e3 * limit_gw_per_year * np.arange(1, taken.size + 1)
    left_out: list[str] = []
    for _, site_id, year, expected_mw in sorted(wanted, reverse=True):
        if np.all(taken[year:] + expected_mw <= room[year:]):
            taken[year:] += expected_mw
        else:
            left_out.append(site_id)
    return tuple(left_out)
