"""Solve, check, and hand back values and prices by the names of their blocks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.solve.assemble import Program, assemble, by_block
from wattworth.solve.explain import crossed, explain_infeasible, explain_unbounded
from wattworth.solve.highs import INFEASIBLE, OPTIMAL, TIME_LIMIT, UNBOUNDED, UNCLEAR, Answer, Options, run
from wattworth.solve.matrix import Array
from wattworth.solve.model import Amount, Model
from wattworth.solve.recheck import objective_of, proven_bound, recheck

PROOF_FRAC: Final = 1e-6
"""Most by which an objective and what its prices prove may differ, as a share of the amounts that make it up."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An answer that has been checked.

    Attributes
    ----------
    status
        "optimal", or "time limit" where a whole-number answer has a wider gap than asked.
    objective, bound
        The objective, recomputed, and what it can at best be: proved by the prices, or by HiGHS's search where some
        columns are whole numbers.
    values
        Block of columns to array of its shape.
    prices
        Block of rows to array of its shape: change of the objective for each unit that the bound in force is raised.
    reduced_costs
        Block of columns to array of its shape: the same for the bounds of columns.
    took_s
        Time it took. [s]
    method
        How it was found.
    notes
        What a reader must know.

    Notes
    -----
    With whole numbers, prices are those of the program in which these are held where they are.
    """

    status: str
    objective: Amount
    bound: Amount
    values: Mapping[str, Array]
    prices: Mapping[str, Array]
    reduced_costs: Mapping[str, Array]
    took_s: float
    method: str
    notes: tuple[str, ...] = ()

    @property
    def gap_frac(self) -> float:
        """How far the objective may be from the best, as a share of it."""
        return abs(self.objective - self.bound) / max(abs(self.objective), 1.0)


def solve(model: Model | Program, options: Options | None = None, start: Mapping[str, Array] | None = None) -> Solution:
    """Solve a model, and check the answer.

    Parameters
    ----------
    model
        Blocks, or the program already assembled from them.
    options
        How.
    start
        Block of columns to values: an answer to begin from, where there are whole numbers.

    Returns
    -------
    Solution
        Values, prices and proof.

    Raises
    ------
    InfeasibleError
        No answer keeps every limit: those that clash are named, with what would settle it.
    UnboundedError
        Something grows without end and pays; it is named.
    SolveError
        No answer was found in time, or one that fails a check.
    """
    program = assemble(model) if isinstance(model, Model) else model
    options = options or Options()
    crossed(program)
    started_s = time.perf_counter()
    found = run(program, options, start)
    if found.x is None:
        raise _reason(program, options, found)
    whole = bool(program.integer.any())
    method = f"branch and bound, {options.method} below" if whole else options.method
    return finished(program, options, found, started_s, f"HiGHS {method}")


def finished(program: Program, options: Options, found: Answer, started_s: float, method: str) -> Solution:
    """Check an answer, hold its whole numbers, and give it by the names of its blocks.

    Parameters
    ----------
    program
        What was to be solved.
    options
        How.
    found
        An answer, and what is proved of the best.
    started_s
        When the work began, by the performance counter. [s]
    method
        How it was found, in words.

    Raises
    ------
    SolveError
        It fails a check.
    """
    assert found.x is not None
    whole = bool(program.integer.any())
    recheck(program, found.x)
    answer = _held(program, options, found) if whole else found
    x, price = answer.x, answer.price
    if x is None or price is None:
        raise SolveError("HiGHS gave an answer without prices; try another method")
    recheck(program, x)
    objective = objective_of(program, x)
    bound = found.bound if whole else proven_bound(program, x, price)
    notes = _proved(program, options, found, x, objective, bound)
    return Solution(
        found.status,
        objective,
        bound,
        by_block(program.columns, x),
        by_block(program.rows, price),
        by_block(program.columns, program.cost - program.matrix.transposed_times(price)),
        time.perf_counter() - started_s,
        method,
        notes,
    )


def _held(program: Program, options: Options, found: Answer) -> Answer:
    """Round the whole numbers, hold them there, and solve for the rest: exact values, and prices."""
    assert found.x is not None
    whole = np.round(found.x)
    held = replace(
        program,
        lower=np.where(program.integer, whole, program.lower),
        upper=np.where(program.integer, whole, program.upper),
        integer=np.zeros_like(program.integer),
    )
    answer = run(held, replace(options, time_limit_s=np.inf))
    if answer.x is None:
        raise SolveError(
            "the whole-number answer of HiGHS held only within its tolerance, and not once its numbers were rounded; "
            "a coefficient that switches a limit on or off is too large: use the least that will do"
        )
    return answer


def _proved(
    program: Program, options: Options, found: Answer, x: Array, objective: Amount, bound: Amount
) -> tuple[str, ...]:
    """Raise if the answer is not as good as claimed; otherwise what to tell of the proof."""
    whole = bool(program.integer.any())
    scale = max(1.0, float(np.sum(np.abs(program.cost * x))))
    short = program.sign * (objective - bound)
    allowed = PROOF_FRAC * scale + (options.gap_frac * max(abs(objective), abs(bound)) if whole else 0.0)
    if found.status == OPTIMAL and not short <= allowed:
        raise SolveError(
            f"HiGHS called {objective:.9g} the best, but only {bound:.9g} is proved; try another method (simplex)"
        )
    notes = []
    if found.status == TIME_LIMIT:
        share = abs(objective - bound) / max(abs(objective), 1.0)
        notes.append(f"stopped after {options.time_limit_s:g} s: the answer may be {share:.2%} from the best")
    if whole and found.presolve == "off":
        notes.append("solved without presolve, which gives wrong answers in HiGHS 1.14; upgrade highspy")
    return tuple(notes)


def _reason(program: Program, options: Options, found: Answer) -> SolveError:
    """Why there is no answer."""
    reason = None
    if found.status in {INFEASIBLE, UNCLEAR}:
        reason = explain_infeasible(program, replace(options, method="choose"))
    if reason is None and found.status in {UNBOUNDED, UNCLEAR}:
        reason = explain_unbounded(program, replace(options, method="choose"))
    if reason is not None:
        return reason
    if found.status == TIME_LIMIT:
        return SolveError(f"no answer within {options.time_limit_s:g} s; give it more time, or fewer hours or choices")
    return SolveError(f"HiGHS found no answer with method {options.method!r}: {found.status}; try another method")
