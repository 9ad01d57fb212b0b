"""From cases to uses: what a whole site is worth in each use, risked, on one basis.

Methods section 0. A signed lease stands in every use of its site. A use covers the free parts it
can serve; what it cannot serve is carried at the better of a sale and waiting. A conversion
succeeds with its chance; if it fails the part falls back on mining on or selling late, less the
money spent. Choices between alternatives are made on means, never on hindsight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.records import INNER_DRAWS
from wattworth.study import Part, Site
from wattworth.valuation.assemble import Draws
from wattworth.valuation.cases import weighed_usd
from wattworth.valuation.plan import FALLBACKS, Plan

_CARRIED = ("site_sale", "hold")
_PRICING, _REAL = range(2)


@dataclass(frozen=True, slots=True)
class UseValue:
    """One use of one site; arrays have shape (draw,), empty where the use is unavailable. [USD]

    Attributes
    ----------
    reason
        Why the use is unavailable, or None.
    success_usd
        If it succeeds, pricing measure.
    success_real_usd
        If it succeeds, real-world measure.
    risked_usd
        Chance-weighted with the fallback, pricing measure: its mean decides.
    risked_real_usd
        With success or failure drawn, real-world measure: its percentiles are shown.
    no_residual_usd, other_losses_usd
        Means if it succeeds, pricing measure: without residuals; with the other use of tax losses.
    fallback_usd
        Mean of what remains on failure, pricing measure; None where nothing can fail.
    success_frac
        Mean chance over the convertible megawatts; 1 where nothing can fail.
    """

    reason: str | None
    success_usd: NDArray[np.float64]
    success_real_usd: NDArray[np.float64]
    risked_usd: NDArray[np.float64]
    risked_real_usd: NDArray[np.float64]
    no_residual_usd: float
    other_losses_usd: float
    fallback_usd: float | None
    success_frac: float


@dataclass(frozen=True, slots=True)
class SiteValue:
    """All uses of one site and the choice between them."""

    uses: dict[str, UseValue]
    today_use: str
    best_use: str | None
    tie: bool
    prob_best_frac: float | None
    prob_best_ex_post_frac: float | None


def compose(plan: Plan, draws: Draws, site_index: int, *, central: bool = False) -> SiteValue:
    """Value every enabled use of one site.

    Parameters
    ----------
    plan, draws
        The run and its draws.
    site_index
        Which valued site.
    central
        True for the one deterministic draw: chances at their stated values, success weighted.
    """
    latent = None if central else success_latent(plan, plan.sites[site_index].site.site_id)[: draws.n_draw]
    site, site_parts = plan.sites[site_index].site, plan.sites[site_index].parts
    chances = [_chance(plan, site, part, central) for part in site_parts]
    rows = plan.rows
    part_rows = [{case: row for row, case in rows[site_index, j]} for j in range(len(site_parts))]
    values = {name: _use_value(plan, draws, site_index, name, part_rows, chances, latent) for name in plan.uses}
    free = {name: value for name, value in values.items() if value.reason is None}
    best, tie, prob, prob_after = _choose(free)
    mines = any(part.mining_gross_mw > 0 for part in site_parts)
    signed = plan.sites[site_index].site.signed_use
    today = "bitcoin" if mines and "bitcoin" in free else signed if signed in free else "hold"
    return SiteValue(values, today, best, tie, prob, prob_after)


def _chance(plan: Plan, site: Site, part: Part, central: bool) -> NDArray[np.float64]:
    return np.array([plan.success_frac(site, part)]) if central else plan.drawn_success_frac(site, part)


def success_latent(plan: Plan, site_id: str) -> NDArray[np.float64]:
    """Standard normal per draw behind success: one demand factor for all, one of the site's own; whole chunks."""
    share = plan.study.facts["success.tenant_demand_correlation"].value
    every = range(plan.n_chunk)
    common = normals(plan.seed, "success:common", every, 1)[0]
    own = normals(plan.seed, f"success:{site_id}", every, 1)[0]
    return np.sqrt(share) * common + np.sqrt(1.0 - share) * own


def _use_value(
    plan: Plan,
    draws: Draws,
    site_index: int,
    name: str,
    part_rows: list[dict[str, int]],
    chances: list[NDArray[np.float64]],
    latent: NDArray[np.float64] | None,
) -> UseValue:
    site_plan = plan.sites[site_index]
    reasons = [plan.why_not(name, site_plan.site, part) for part in site_plan.parts]
    if all(reasons):
        none = np.zeros(0)
        return UseValue(_joint_reason(reasons), none, none, none, none, 0.0, 0.0, None, 0.0)
    sums, means = np.zeros((4, draws.n_draw)), np.zeros(2)
    fallback_usd: float | None = None
    chance_means: list[float] = []
    weights_mw: list[float] = []
    for j, part in enumerate(site_plan.parts):
        case_rows = part_rows[j]
        case = _case_of(draws, case_rows, name, signed=site_plan.site.signed_use if part.state == "leased" else None)
        if case is None:
            continue
        row = case_rows[case]
        cell = draws.cases[:, row]
        sums[:2] += cell
        means += draws.case_means_usd[:, row]
        if row not in plan.conversions:
            sums[2:] += cell
            continue
        chance, lost = chances[j], draws.lost_usd[plan.conversions[row]]
        failed = draws.cases[:, case_rows[_fallback_of(draws, case_rows)]]
        sums[2] += weighed_usd(chance, cell[_PRICING], failed[_PRICING] - lost)
        sums[3] += _outcome(chance, latent, cell[_REAL], failed[_REAL] - lost)
        fallback_usd = (fallback_usd or 0.0) + float(np.mean(failed[_PRICING] - lost))
        chance_means.append(float(chance.mean()))
        weights_mw.append(part.gross_mw)
    return UseValue(
        reason=None,
        success_usd=sums[0],
        success_real_usd=sums[1],
        risked_usd=sums[2],
        risked_real_usd=sums[3],
        no_residual_usd=float(means[1]),
        other_losses_usd=float(means[0]),
        fallback_usd=fallback_usd,
        success_frac=float(np.average(chance_means, weights=weights_mw)) if chance_means else 1.0,
    )


def _case_of(draws: Draws, case_rows: dict[str, int], name: str, *, signed: str | None) -> str | None:
    """The case that stands for a part under a use of its site: what was signed, the use, or what carries it."""
    if signed is not None:
        return signed if signed in case_rows else None
    if name in case_rows:
        return name
    carried = [case for case in _CARRIED if case in case_rows]
    return max(carried, key=lambda case: float(draws.cases[_PRICING, case_rows[case]].mean()), default=None)


def _fallback_of(draws: Draws, case_rows: dict[str, int]) -> str:
    """The better of selling late and mining on, by mean value."""
    choices = [case for case in FALLBACKS if case in case_rows]
    return max(choices, key=lambda case: float(draws.cases[_PRICING, case_rows[case]].mean()))


def _outcome(
    chance: NDArray[np.float64],
    latent: NDArray[np.float64] | None,
    won: NDArray[np.float64],
    lost: NDArray[np.float64],
) -> NDArray[np.float64]:
    if latent is None:
        return weighed_usd(chance, won, lost)
    from scipy.special import ndtri

    return np.where(latent < ndtri(chance), won, lost)


def _joint_reason(reasons: list[str | None]) -> str:
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason)) or "no megawatts to use"


def _choose(free: dict[str, UseValue]) -> tuple[str | None, bool, float | None, float | None]:
    """Best use by mean, whether it is a tie, and how often it is best by outer draw and by hindsight."""
    if not free:
        return None, False, None, None
    names = list(free)
    means = [float(free[name].risked_usd.mean()) for name in names]
    best = int(np.argmax(means))
    paths = np.stack([free[name].risked_usd for name in names])
    groups, sizes = outer_means(paths)
    prob = float(sizes[np.argmax(groups, axis=0) == best].sum() / sizes.sum())
    prob_after = float(np.mean(np.argmax(paths, axis=0) == best))
    tie = False
    if len(names) > 1 and groups.shape[1] > 1:
        second = int(np.argsort(means)[-2])
        lead = groups[best] - groups[second]
        error = float(np.std(lead, ddof=1) / np.sqrt(lead.size))
        tie = means[best] - means[second] < 2.0 * error
    return names[best], tie, prob, prob_after


def outer_means(draws_usd: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean of each outer draw's inner draws, draws on the last axis, and how many there are; the last may be short."""
    starts = np.arange(0, draws_usd.shape[-1], INNER_DRAWS)
    sizes = np.diff(np.append(starts, draws_usd.shape[-1])).astype(float)
    return np.add.reduceat(draws_usd, starts, axis=-1) / sizes, sizes
