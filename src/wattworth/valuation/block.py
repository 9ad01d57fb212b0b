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
from wattworth.study import Part
from wattworth.valuation.cases import case_lines, central_world, lost_usd
from wattworth.valuation.plan import Plan

CASE_METRICS: Final = ("npv_usd", "npv_other_losses_usd", "npv_no_residual_usd", "npv_real_world_usd")
"""Kept for every case and draw; the first three under the pricing measure."""

USE_METRICS: Final = (
    "first_revenue_month",
    "irr_frac",
    "irr_status",
    "capital_usd",
    "own_npv_usd",
    "pv_capital_usd",
    "peak_equity_usd",
    "noi_year1_usd",
    "full_cost_usd",
)
"""Kept for every site, use and draw, of the parts the use serves and if it succeeds; all but own_npv_usd and
pv_capital_usd real-world."""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What one block leaves behind.

    Attributes
    ----------
    cases
        Array, shape (metric, case, draw).
    parts
        Array, shape (part, draw), parts of all sites in order: value today of the after-tax money
        lost when a conversion fails. [USD]
    uses
        Array, shape (metric, site x use, draw); nan where a use is unavailable.
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
    paths = markets.draw(plan.study, params, plan.seed, chunks, plan.regions)
    pricing, real_world = (uses.World(plan.calendar, measured, params) for measured in paths)
    return _evaluate(plan, pricing, real_world, plan.seed, chunks)


def evaluate_central(plan: Plan) -> BlockResult:
    """Value every case on the deterministic central path, as one draw of both measures."""
    world = central_world(plan)
    return _evaluate(plan, world, world, None, range(1))


def _evaluate(plan: Plan, pricing: uses.World, real_world: uses.World, seed: int | None, chunks: range) -> BlockResult:
    n_draw, n_pair, n_month = pricing.paths.n_draw, len(plan.sites) * len(plan.uses), plan.calendar.n_month
    out = BlockResult(
        cases=np.zeros((len(CASE_METRICS), len(plan.cases), n_draw)),
        parts=np.zeros((plan.n_part, n_draw)),
        uses=np.full((len(USE_METRICS), n_pair, n_draw), np.nan),
        mean_cash_usd=np.zeros((max(1, n_draw // CHUNK_DRAWS), n_pair, n_month)),
    )
    live = np.arange(n_draw) < (plan.n_draw - chunks.start * CHUNK_DRAWS if seed is not None else 1)
    part_row, rows, names = 0, plan.rows, list(plan.uses)
    for i, (site_plan, available) in enumerate(zip(plan.sites, plan.available, strict=True)):
        totals = {name: _SiteUse.empty(n_month, n_draw) for name in available}
        for j, part in enumerate(site_plan.parts):
            dates = timeline.first_power(site_plan.site, part, plan.clocks, plan.calendar, seed, chunks)
            for priced, world in ((True, pricing), (False, real_world)):
                machines = uses.mining_flows(site_plan.site, part, world)
                case = uses.Case(site_plan.site, part, dates, machines, site_plan.rules.rate_frac)
                for row, name in rows[i, j]:
                    lines = case_lines(plan, name, case, world)
                    result = statement(lines, site_plan.rules, site_plan.discount)
                    _keep_case(out.cases[:, row], result, priced=priced)
                    for use in _shown_in(name, part, totals):
                        totals[use].add(lines, result, priced=priced)
                    if name == "turnkey" and priced:
                        out.parts[part_row] = lost_usd(site_plan, case, lines, world)
            part_row += 1
        for name, total in totals.items():
            pair = i * len(names) + names.index(name)
            out.uses[:, pair] = total.metrics()
            by_chunk = np.where(live, total.cash_usd, 0.0).reshape(n_month, out.mean_cash_usd.shape[0], -1)
            out.mean_cash_usd[:, pair] = by_chunk.sum(axis=2).T
    return out


def _keep_case(cell: NDArray[np.float64], result: Statement, *, priced: bool) -> None:
    if priced:
        cell[0], cell[1], cell[2] = result.npv_usd, result.npv_other_losses_usd, result.npv_no_residual_usd
    else:
        cell[3] = result.npv_usd


def _shown_in(name: str, part: Part, totals: dict[str, _SiteUse]) -> tuple[str, ...]:
    """Uses of the site whose figures include a case: a signed lease stands in every use."""
    if name == "turnkey" and part.state == "leased":
        return tuple(totals)
    return (name,) if name in totals else ()


@dataclass(slots=True)
class _SiteUse:
    """Running sums over the parts of one site in one use, if the use succeeds."""

    cash_usd: NDArray[np.float64]
    first_month: NDArray[np.int64]
    sums_usd: NDArray[np.float64]

    @classmethod
    def empty(cls, n_month: int, n_draw: int) -> _SiteUse:
        never = np.full(n_draw, n_month, dtype=np.int64)
        return cls(np.zeros((n_month, n_draw)), never, np.zeros((5, n_draw)))

    def add(self, lines: CashLines, result: Statement, *, priced: bool) -> None:
        if priced:
            self.sums_usd[1] += result.npv_usd
            self.sums_usd[2] += result.pv_capital_usd
            return
        self.cash_usd[: result.after_tax_usd.shape[0]] += result.after_tax_usd
        self.first_month = np.minimum(self.first_month, lines.first_revenue_month)
        self.sums_usd[0] += result.capital_usd
        self.sums_usd[3] += np.nan_to_num(lines.noi_year1_usd)
        self.sums_usd[4] += np.nan_to_num(lines.full_cost_usd)

    def metrics(self) -> NDArray[np.float64]:
        rates, status = internal_rates_frac(self.cash_usd)
        capital, own, pv_capital, noi, cost = self.sums_usd
        peak = peak_equity_usd(self.cash_usd)
        first = self.first_month.astype(float)
        return np.stack([first, rates, status.astype(float), capital, own, pv_capital, peak, noi, cost])
