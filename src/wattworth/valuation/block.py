"""Value every case for a block of draws: the unit of parallel work.

Inside a block all sites and uses share the block's paths; nothing per draw and month leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.finance import Statement, internal_rates_frac, statement
from wattworth.records import CHUNK_DRAWS, CashLines, MarketPaths, ParameterDraws
from wattworth.study import Part
from wattworth.valuation.plan import FALLBACK, Plan, SitePlan

CASE_METRICS: Final = ("npv_usd", "npv_other_losses_usd", "npv_no_residual_usd", "npv_real_world_usd")
"""Kept for every case and draw; the first three under the pricing measure."""

USE_METRICS: Final = (
    "first_revenue_month",
    "irr_frac",
    "irr_status",
    "capital_usd",
    "pv_capital_usd",
    "peak_equity_usd",
    "noi_year1_usd",
    "full_cost_usd",
)
"""Kept for every site, use and draw if the use succeeds; all but pv_capital_usd real-world."""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What one block leaves behind.

    Attributes
    ----------
    cases
        Array, shape (metric, case, draw).
    parts
        Array, shape (part, draw), parts of all sites in order: value today of the after-tax money
        spent on winning a lease, lost when none is won. [USD]
    uses
        Array, shape (metric, site x use, draw).
    mean_cash_usd
        Array, shape (chunk, site x use, month): sums over each chunk's draws of real-world
        after-tax cash, for the chunk-ordered mean. [USD]
    """

    cases: NDArray[np.float64]
    parts: NDArray[np.float64]
    uses: NDArray[np.float64]
    mean_cash_usd: NDArray[np.float64]


def evaluate_block(plan: Plan, chunks: range) -> BlockResult:
    """Value every case of a plan for whole chunks of draws."""
    params = plan.table.draws(chunks)
    pricing, real_world = markets.draw(plan.study, params, plan.seed, chunks, plan.regions)
    return _evaluate(plan, params, pricing, real_world, plan.seed, chunks)


def evaluate_central(plan: Plan) -> BlockResult:
    """Value every case on the deterministic central path, as one draw of both measures."""
    params = plan.table.at_central()
    paths = markets.central(plan.study, params, plan.regions)
    return _evaluate(plan, params, paths, paths, None, range(1))


def _evaluate(  # noqa: PLR0913 - a block is its plan, its two measures and its stream
    plan: Plan, params: ParameterDraws, pricing: MarketPaths, real_world: MarketPaths, seed: int | None, chunks: range
) -> BlockResult:
    n_draw, n_pair, n_month = params.n_draw, len(plan.sites) * len(plan.uses), plan.calendar.n_month
    out = BlockResult(
        cases=np.zeros((len(CASE_METRICS), len(plan.cases), n_draw)),
        parts=np.zeros((plan.n_part, n_draw)),
        uses=np.full((len(USE_METRICS), n_pair, n_draw), np.nan),
        mean_cash_usd=np.zeros((max(1, n_draw // CHUNK_DRAWS), n_pair, n_month)),
    )
    worlds = tuple(uses.World(plan.calendar, paths, params) for paths in (pricing, real_world))
    live = np.arange(n_draw) < (plan.n_draw - chunks.start * CHUNK_DRAWS if seed is not None else 1)
    part_row, rows = 0, plan.rows
    for i, site_plan in enumerate(plan.sites):
        totals = {name: _SiteUse.empty(n_month, n_draw) for name in plan.uses}
        for j, part in enumerate(site_plan.parts):
            dates = timeline.first_power(site_plan.site, part, plan.clocks, plan.calendar, seed, chunks)
            for measure, world in enumerate(worlds):
                machines = uses.mining_flows(site_plan.site, part, world)
                case = uses.Case(site_plan.site, part, dates, machines, site_plan.rules.rate_frac)
                for row, name in rows[i, j]:
                    lines = _lines(plan, name, case, world)
                    result = statement(lines, site_plan.rules, site_plan.discount)
                    _keep_case(out.cases[:, row], result, measure)
                    for use in _shown_in(name, part, totals):
                        totals[use].add(lines, result, measure)
            out.parts[part_row] = _pursuit_usd(site_plan, case, worlds[0])
            part_row += 1
        for k, total in enumerate(totals.values()):
            pair = i * len(plan.uses) + k
            out.uses[:, pair] = total.metrics()
            by_chunk = np.where(live, total.cash_usd, 0.0).reshape(n_month, out.mean_cash_usd.shape[0], -1)
            out.mean_cash_usd[:, pair] = by_chunk.sum(axis=2).T
    return out


def _lines(plan: Plan, name: str, case: uses.Case, world: uses.World) -> CashLines:
    if name == FALLBACK:
        return uses.SiteSale().sold_after(case, world, case.timeline.failure_known_month)
    use = _USES[name]
    return use.cash_lines(case, world, plan.study.uses.get(name) or use.options())


_USES: Final = {use.name: use() for use in uses.BUILT_IN}


def _keep_case(cell: NDArray[np.float64], result: Statement, measure: int) -> None:
    if measure == 0:
        cell[0], cell[1], cell[2] = result.npv_usd, result.npv_other_losses_usd, result.npv_no_residual_usd
    else:
        cell[3] = result.npv_usd


def _shown_in(name: str, part: Part, totals: dict[str, _SiteUse]) -> tuple[str, ...]:
    """Uses of the site whose figures include a case: a signed lease stands in every use."""
    if name == "turnkey" and part.state == "leased":
        return tuple(totals)
    return (name,) if name in totals else ()


def _pursuit_usd(site_plan: SitePlan, case: uses.Case, world: uses.World) -> NDArray[np.float64]:
    if case.part.state == "leased":
        return np.zeros(world.paths.n_draw)
    critical = case.part.gross_mw / world.params[uses.GROSS_PER_IT_KEY]
    month = np.clip(case.timeline.build_start_month, 0, site_plan.discount.size - 1)
    return uses.pursuit_cost_usd(critical, world) * (1.0 - site_plan.rules.rate_frac) * site_plan.discount[month]


@dataclass(slots=True)
class _SiteUse:
    """Running sums over the parts of one site in one use, if the use succeeds."""

    cash_usd: NDArray[np.float64]
    first_month: NDArray[np.int64]
    sums_usd: NDArray[np.float64]

    @classmethod
    def empty(cls, n_month: int, n_draw: int) -> _SiteUse:
        never = np.full(n_draw, n_month, dtype=np.int64)
        return cls(np.zeros((n_month, n_draw)), never, np.zeros((4, n_draw)))

    def add(self, lines: CashLines, result: Statement, measure: int) -> None:
        if measure == 0:
            self.sums_usd[1] += result.pv_capital_usd
            return
        self.cash_usd[: result.after_tax_usd.shape[0]] += result.after_tax_usd
        self.first_month = np.minimum(self.first_month, lines.first_revenue_month)
        self.sums_usd[0] += result.capital_usd
        self.sums_usd[2] += np.nan_to_num(lines.noi_year1_usd)
        self.sums_usd[3] += np.nan_to_num(lines.full_cost_usd)

    def metrics(self) -> NDArray[np.float64]:
        rates, status = internal_rates_frac(self.cash_usd)
        peak = np.maximum(-np.cumsum(self.cash_usd, axis=0).min(axis=0), 0.0)
        capital, pv_capital, noi, cost = self.sums_usd
        return np.stack([self.first_month.astype(float), rates, status.astype(float), capital, pv_capital, peak, noi, cost])
