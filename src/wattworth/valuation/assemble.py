"""Run the blocks and put their draws together, in draw order."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.blocks import blocks, map_blocks
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
    """Every draw of a run.

    Attributes
    ----------
    cases
        Array, shape (metric, case, draw); see :data:`CASE_METRICS`.
    parts
        Array, shape (part, draw): money lost on a failed conversion. [USD]
    uses
        Array, shape (metric, site x use, draw); see :data:`USE_METRICS`.
    mean_cash_usd
        Array, shape (site x use, month): real-world mean after-tax cash if the use succeeds. [USD]
    """

    cases: NDArray[np.float64]
    parts: NDArray[np.float64]
    uses: NDArray[np.float64]
    mean_cash_usd: NDArray[np.float64]

    @property
    def n_draw(self) -> int:
        """Number of draws."""
        return self.parts.shape[1]


def bytes_per_draw(plan: Plan) -> int:
    """Memory each further draw takes once assembled, summaries apart."""
    pairs = len(plan.sites) * len(plan.uses)
    return 8 * (len(CASE_METRICS) * len(plan.cases) + plan.n_part + len(USE_METRICS) * pairs)


def process_count(plan: Plan, workers: int | None) -> int:
    """Processes for a run: as asked for, or one per core, fewer for a short run."""
    return workers or max(1, min(os.cpu_count() or 1, plan.n_chunk // _CHUNKS_WORTH_A_PROCESS))


def assemble(
    plan: Plan, *, workers: int, chunks_per_block: int = 1, progress: Progress | None = None
) -> tuple[Draws, Draws]:
    """Evaluate the central path and all blocks, in this process or in several, and copy each into its place.

    Returns
    -------
    central, drawn
        The central path in the shape of a run, one draw; and every draw.

    Notes
    -----
    The central path is the first use of the kernels: what is not kept from before is compiled then, in this
    process, while a worker compiles the last ones needed.
    """
    work, n, n_pair = blocks(plan.n_draw, chunks_per_block), plan.n_draw, len(plan.sites) * len(plan.uses)
    out = Draws(
        cases=np.empty((len(CASE_METRICS), len(plan.cases), n)),
        parts=np.empty((plan.n_part, n)),
        uses=np.empty((len(USE_METRICS), n_pair, n)),
        mean_cash_usd=np.zeros((n_pair, plan.calendar.n_month)),
    )
    central: list[BlockResult] = []
    results = map_blocks(
        partial(evaluate_block, plan),
        work,
        workers,
        meanwhile=lambda: central.append(evaluate_central(plan)),
        ahead=compile_kernels if is_cold() else None,
    )
    for chunks, result in zip(work, results, strict=True):
        _place(out, result, chunks)
        for chunk_sum_usd in result.mean_cash_usd:
            out.mean_cash_usd[:] += chunk_sum_usd
        if progress is not None:
            progress(min(chunks.stop * CHUNK_DRAWS, n), n)
    out.mean_cash_usd[:] /= n
    one = central[0]
    return Draws(one.cases, one.parts, one.uses, one.mean_cash_usd[0]), out


def _place(out: Draws, result: BlockResult, chunks: range) -> None:
    start, stop = chunks.start * CHUNK_DRAWS, min(chunks.stop * CHUNK_DRAWS, out.n_draw)
    for whole, block in ((out.cases, result.cases), (out.parts, result.parts), (out.uses, result.uses)):
        whole[..., start:stop] = block[..., : stop - start]
