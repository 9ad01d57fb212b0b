"""Run the blocks and put their draws together, in draw order."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.blocks import blocks, can_start_workers, map_blocks
from wattworth.compute.kernels import is_cold
from wattworth.finance import compile_kernels
from wattworth.records import CHUNK_DRAWS
from wattworth.valuation.block import CASE_METRICS, USE_METRICS, BlockResult, evaluate_block, evaluate_central
from wattworth.valuation.plan import Plan

_CHUNKS_WORTH_A_PROCESS = 4  # fewer take less time than a process takes to start

Progress = Callable[[int, int], None]
"""Told the draws done and the draws asked for."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Every draw of a run, and the means that no draw is kept of.

    Attributes
    ----------
    cases
        Array, shape (metric, case, draw); see :data:`CASE_METRICS`.
    lost_usd
        Array, shape (conversion, draw): money lost when it fails. [USD]
    uses
        Array, shape (metric, site x use, draw); see :data:`USE_METRICS`.
    case_means_usd
        Array, shape (mean, case); see :data:`CASE_MEANS`. [USD]
    use_means_usd
        Array, shape (mean, site x use); see :data:`USE_MEANS`. [USD]
    mean_cash_usd
        Array, shape (site x use, month): real-world mean after-tax cash if the use succeeds. [USD]
    """

    cases: NDArray[np.float64]
    lost_usd: NDArray[np.float64]
    uses: NDArray[np.float64]
    case_means_usd: NDArray[np.float64]
    use_means_usd: NDArray[np.float64]
    mean_cash_usd: NDArray[np.float64]

    @property
    def n_draw(self) -> int:
        """Number of draws."""
        return self.cases.shape[2]


def bytes_per_draw(plan: Plan) -> int:
    """Memory each further draw takes once assembled, summaries apart."""
    pairs = len(plan.sites) * len(plan.uses)
    return 8 * (len(CASE_METRICS) * len(plan.cases) + len(plan.conversions) + len(USE_METRICS) * pairs)


def process_count(plan: Plan, workers: int | None) -> int:
    """Processes for a run: as asked for, or one per core, fewer for a short run or where none can start."""
    if workers is None and not can_start_workers():
        return 1
    return workers or max(1, min(os.cpu_count() or 1, plan.n_chunk // _CHUNKS_WORTH_A_PROCESS))


def assemble(
    plan: Plan,
    *,
    workers: int,
    chunks_per_block: int = 1,
    central_plan: Plan | None = None,
    progress: Progress | None = None,
) -> tuple[Draws, Draws]:
    """Evaluate the central path and all blocks, in this process or in several, and copy each into its place.

    Parameters
    ----------
    plan
        The run.
    workers
        Processes.
    chunks_per_block
        Chunks of draws valued together.
    central_plan
        The plan whose central path is taken, if another.
    progress
        Told the draws done and asked for.

    Returns
    -------
    central, drawn
        The central path in the shape of a run, one draw; and every draw.

    Notes
    -----
    The central path is the first use of the kernels: what is not kept from before is compiled then, in this
    process, while a worker compiles the last ones needed.
    """
    work, n = blocks(plan.n_draw, chunks_per_block), plan.n_draw
    out = _whole(BlockResult.empty(plan, 1), n)
    central: list[BlockResult] = []
    results = map_blocks(
        partial(evaluate_block, plan),
        work,
        workers,
        meanwhile=lambda: central.append(evaluate_central(central_plan or plan)),
        ahead=compile_kernels if is_cold() else None,
    )
    for chunks, result in zip(work, results, strict=True):
        _place(out, result, chunks)
        if progress is not None:
            progress(min(chunks.stop * CHUNK_DRAWS, n), n)
    for mean in (out.case_means_usd, out.use_means_usd, out.mean_cash_usd):
        mean[:] /= n
    return one_draw(central[0]), out


def one_draw(block: BlockResult) -> Draws:
    """The central path in the shape of a run of one draw."""
    out = _whole(block, 1)
    _place(out, block, range(1))
    return out


def _whole(block: BlockResult, n_draw: int) -> Draws:
    """An empty run of as many draws, its means nil."""
    return Draws(
        cases=np.empty((*block.cases.shape[:2], n_draw)),
        lost_usd=np.empty((block.lost_usd.shape[0], n_draw)),
        uses=np.empty((*block.uses.shape[:2], n_draw)),
        case_means_usd=np.zeros(block.case_sums_usd.shape[1:]),
        use_means_usd=np.zeros(block.use_sums_usd.shape[1:]),
        mean_cash_usd=np.zeros(block.cash_sums_usd.shape[1:]),
    )


def _place(out: Draws, result: BlockResult, chunks: range) -> None:
    start, stop = chunks.start * CHUNK_DRAWS, min(chunks.stop * CHUNK_DRAWS, out.n_draw)
    for whole, block in ((out.cases, result.cases), (out.lost_usd, result.lost_usd), (out.uses, result.uses)):
        whole[..., start:stop] = block[..., : stop - start]
    for mean, sums in (
        (out.case_means_usd, result.case_sums_usd),
        (out.use_means_usd, result.use_sums_usd),
        (out.mean_cash_usd, result.cash_sums_usd),
    ):
        for chunk_sum in sums:
            mean[:] += chunk_sum
