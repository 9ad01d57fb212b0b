"""Value every case for a block of draws: the unit of parallel work.

Inside a block all sites and uses share the block's paths; nothing per draw and month leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.finance import Statement, internal_rates_frac, peak_equity_usd, statement
from wattworth.records import CHUNK_DRAWS, CashLines
from wattworth.study import Part, Site
from wattworth.valuation.cases import case_discount, case_lines, central_world, lost_usd, part_case
from wattworth.valuation.plan import Plan

CASE_METRICS: Final = ("npv_usd", "npv_real_world_usd")
"""Kept for every case and draw, the first under the pricing measure."""

CASE_MEANS: Final = ("npv_other_losses_usd", "npv_no_residual_usd")
"""Kept for every case as a mean over the draws, pricing measure."""

USE_METRICS: Final = (
    "first_revenue_month",
    "irr_frac",
    "irr_status",
    "capital_usd",
    "peak_equity_usd",
    "yield_on_cost_frac",
)
"""Kept for every site, use and draw, of the parts the use serves and if it succeeds; real-world."""

IRR_EVERY: Final = 8
"""Internal rates are sought in every eighth draw: they decide nothing, and in all they cost as much as the uses."""

NOT_SOUGHT: Final = -1
"""Status of a draw whose internal rate is not sought."""

USE_MEANS: Final = ("own_npv_usd", "pv_capital_usd")
"""Kept for every site and use as a mean over the draws, of the same parts; pricing measure."""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What one block leaves behind; sums over each chunk's draws wait for their chunk-ordered mean.

    Attributes
    ----------
    cases
        Array, shape (metric, case, draw).
    lost_usd
        Array, shape (conversion, draw): value today of the after-tax money lost when it fails. [USD]
    uses
        Array, shape (metric, site x use, draw); nan where a use is unavailable.
    case_sums_usd
        Array, shape (chunk, mean, case); see :data:`CASE_MEANS`. [USD]
    use_sums_usd
        Array, shape (chunk, mean, site x use); see :data:`USE_MEANS`. [USD]
    cash_sums_usd
        Array, shape (chunk, site x use, month): real-world after-tax cash if the use succeeds. [USD]
    """

    cases: NDArray[np.float64]
    lost_usd: NDArray[np.float64]
    uses: NDArray[np.float64]
    case_sums_usd: NDArray[np.float64]
    use_sums_usd: NDArray[np.float64]
    cash_sums_usd: NDArray[np.float64]

    @classmethod
    def empty(cls, plan: Plan, n_draw: int) -> BlockResult:
        """A block of zeros, its uses unavailable."""
        n_pair, n_case, n_chunk = len(plan.sites) * len(plan.uses), len(plan.cases), max(1, n_draw // CHUNK_DRAWS)
        return cls(
            cases=np.zeros((len(CASE_METRICS), n_case, n_draw)),
            lost_usd=np.zeros((len(plan.conversions), n_draw)),
            uses=np.full((len(USE_METRICS), n_pair, n_draw), np.nan),
            case_sums_usd=np.zeros((n_chunk, len(CASE_MEANS), n_case)),
            use_sums_usd=np.zeros((n_chunk, len(USE_MEANS), n_pair)),
            cash_sums_usd=np.zeros((n_chunk, n_pair, plan.calendar.n_month)),
        )


def evaluate_block(plan: Plan, chunks: range) -> BlockResult:
    """Value every case of a plan for whole chunks of draws."""
    params = plan.table.draws(chunks)
    paths = markets.draw(plan.study, params, plan.seed, chunks, plan.regions)
    pricing, real_world = (uses.World(plan.calendar, measured, params) for measured in paths)
    return _evaluate(plan, pricing, real_world, plan.seed, chunks)


def evaluate_central(plan: Plan) -> BlockResult:
    """Value every case on the deterministic central path, as one draw of both measures."""
    world = central_world(plan)
    return _evaluate(plan, world, world, None, range(1))


def _evaluate(plan: Plan, pricing: uses.World, real_world: uses.World, seed: int | None, chunks: range) -> BlockResult:
    n_draw, n_month = pricing.paths.n_draw, plan.calendar.n_month
    if plan.study.discount:  # hurdle rates carry the price of market risk: the drifts must not carry it again
        pricing = real_world
    out = BlockResult.empty(plan, n_draw)
    live = np.arange(n_draw) < (plan.n_draw - chunks.start * CHUNK_DRAWS if seed is not None else 1)
    rows, names = plan.rows, list(plan.uses)
    for i, (site_plan, available) in enumerate(zip(plan.sites, plan.available, strict=True)):
        totals = {name: _SiteUse.empty(n_month, n_draw) for name in available}
        for j, part in enumerate(site_plan.parts):
            dates = timeline.first_power(site_plan.site, part, plan.clocks, plan.calendar, seed, chunks)
            for priced, measured in ((True, pricing), (False, real_world)):
                world = plan.powered_world(site_plan.site, part, measured)
                case = part_case(plan, site_plan, part, dates, world)
                for row, name in rows[i, j]:
                    lines = case_lines(plan, name, case, world)
                    discount = case_discount(site_plan, name)
                    result = statement(lines, site_plan.rules, discount, alternatives=priced, cash=not priced)
                    out.cases[0 if priced else 1, row] = result.npv_usd
                    for use in _shown_in(name, site_plan.site, part, totals):
                        totals[use].add(lines, result, priced=priced)
                    if not priced:
                        continue
                    for k, values in enumerate((result.npv_other_losses_usd, result.npv_no_residual_usd)):
                        out.case_sums_usd[:, k, row] = _chunk_sums(values, live)
                    if row in plan.conversions:
                        out.lost_usd[plan.conversions[row]] = lost_usd(plan, site_plan, name, case, lines, world)
        for (name, total), rates in zip(totals.items(), _rates([*totals.values()]), strict=True):
            pair = i * len(names) + names.index(name)
            out.uses[:, pair] = total.metrics(*rates)
            for k, values in enumerate(total.priced_usd):
                out.use_sums_usd[:, k, pair] = _chunk_sums(values, live)
            out.cash_sums_usd[:, pair] = _chunk_sums(total.cash_usd, live).T
    return out


def _chunk_sums(values: NDArray[np.float64], live: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sums over the live draws of each chunk, the chunks last."""
    alone = np.where(live, values, 0.0)
    return alone.reshape(*alone.shape[:-1], max(1, live.size // CHUNK_DRAWS), -1).sum(axis=-1)


def _rates(totals: list[_SiteUse]) -> list[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Internal rates and statuses of all uses of a site, sought at once: a call costs as much as a few rates."""
    if not totals:
        return []
    cash = np.concatenate([total.cash_usd[:, ::IRR_EVERY] for total in totals], axis=1)
    return [*zip(*(np.split(found, len(totals)) for found in internal_rates_frac(cash)), strict=True)]


def _shown_in(name: str, site: Site, part: Part, totals: dict[str, _SiteUse]) -> tuple[str, ...]:
    """Uses of the site whose figures include a case: a signed contract stands in every use, its fallback in none."""
    if part.state == "leased":
        return tuple(totals) if name == site.signed_use else ()
    return (name,) if name in totals else ()


@dataclass(slots=True)
class _SiteUse:
    """Running sums over the parts of one site in one use, if the use succeeds."""

    cash_usd: NDArray[np.float64]
    first_month: NDArray[np.int64]
    sums_usd: NDArray[np.float64]
    priced_usd: NDArray[np.float64]

    @classmethod
    def empty(cls, n_month: int, n_draw: int) -> _SiteUse:
        never = np.full(n_draw, n_month, dtype=np.int64)
        return cls(np.zeros((n_month, n_draw)), never, np.zeros((3, n_draw)), np.zeros((2, n_draw)))

    def add(self, lines: CashLines, result: Statement, *, priced: bool) -> None:
        if priced:
            self.priced_usd[0] += result.npv_usd
            self.priced_usd[1] += result.pv_capital_usd
            return
        self.cash_usd[: result.after_tax_usd.shape[0]] += result.after_tax_usd
        self.first_month = np.minimum(self.first_month, lines.first_revenue_month)
        self.sums_usd[0] += result.capital_usd
        self.sums_usd[1] += np.nan_to_num(lines.noi_year1_usd)
        self.sums_usd[2] += np.nan_to_num(lines.full_cost_usd)

    def metrics(self, sought_frac: NDArray[np.float64], sought_status: NDArray[np.int64]) -> NDArray[np.float64]:
        rates, status = np.full(self.first_month.size, np.nan), np.full(self.first_month.size, NOT_SOUGHT)
        rates[::IRR_EVERY], status[::IRR_EVERY] = sought_frac, sought_status
        capital, noi, cost = self.sums_usd
        yields = np.divide(noi, cost, out=np.full_like(cost, np.nan), where=cost > 0)
        first, peak = self.first_month.astype(float), peak_equity_usd(self.cash_usd)
        return np.stack([first, rates, status.astype(float), capital, peak, yields])
