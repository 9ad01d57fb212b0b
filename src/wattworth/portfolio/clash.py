"""Why no plan keeps every limit: the whole programme in the user's units, and cures that hold for whole sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from wattworth.portfolio.problem import Problem
from wattworth.portfolio.records import Array, Places
from wattworth.portfolio.relaxation import Cuts, restricted
from wattworth.solve import Conflict, InfeasibleError, Options, Program, Rows, Sparse, assemble, solve
from wattworth.solve.elastic import Limit, limits_of, relax

CURE_S: Final = 10.0
"""Longest that one question about a cure may take. [s]"""


def solve_whole(problem: Problem, cuts: Cuts, limit_s: float) -> Places:
    """Put the whole programme to HiGHS, each limit under its name and in its unit.

    Parameters
    ----------
    problem, cuts
        What is searched.
    limit_s
        Wall time. [s]

    Returns
    -------
    array, shape (site,)
        A plan.

    Raises
    ------
    InfeasibleError
        There is none: limits that clash, and by how much one of them, or several, must move so that there is.
    SolveError
        None was found in time.
    """
    picks = np.arange(len(problem.site))
    model = restricted(problem, cuts, picks, integer=True, elastic=False)
    rows = [block for block in model.rows if block.name != "limit"]
    for i, row in enumerate(problem.rows):
        own = slice(problem.takes.indptr[i], problem.takes.indptr[i + 1])
        place, unit = problem.takes.indices[own], problem.row_scale[i]
        term = Sparse("pick", np.zeros(len(place), np.int64), place, problem.takes.data[own] * unit)
        lower, upper = (-np.inf, row.amount) if unit > 0.0 else (row.amount, np.inf)
        rows.append(Rows(f"limit {i}", (), lower, upper, row.name, row.unit, terms=(term,)))
    program = assemble(replace(model, rows=tuple(rows)))
    try:
        solved = solve(program, Options(time_limit_s=limit_s, gap_frac=1e-3))
    except InfeasibleError as error:
        raise _whole(error, program) from None
    return picks[np.round(solved.values["pick"]) > 0.5]


def _whole(error: InfeasibleError, program: Program) -> InfeasibleError:
    """The same, with changes that do for whole sites and not only for shares of them."""
    options, every = Options(time_limit_s=CURE_S), limits_of(program)
    named = {change.block for change in (*error.cures, *error.together)}
    tried = [limit for limit in every if limit.block.name in named]
    alone = [relax(program, (limit,), options) for limit in tried]
    cures = [_change(limit, by.by[0]) for limit, by in zip(tried, alone, strict=True) if by is not None]
    if cures:
        return InfeasibleError(error.clash, tuple(cures), ())
    moved = relax(program, every, options)
    by_limit = zip(every, moved.by, strict=True) if moved is not None else ()
    return InfeasibleError(error.clash, (), tuple(_change(limit, by) for limit, by in by_limit if by.any()))


def _change(limit: Limit, by: Array) -> Conflict:
    """How far a limit must move."""
    block, much = limit.block, float(by.sum())
    return Conflict(block.name, block.called(0), "lower" if limit.is_lower else "higher", much, 1, much, block.unit)
