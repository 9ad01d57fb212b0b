"""Why no plan keeps every limit: the whole programme in the user's units, and cures that hold for whole sites."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wattworth.portfolio.problem import Problem
from wattworth.portfolio.records import Places
from wattworth.portfolio.relaxation import Cuts, restricted
from wattworth.solve import Options, Rows, Sparse, solve


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
    solved = solve(replace(model, rows=tuple(rows)), Options(time_limit_s=limit_s, gap_frac=1e-3))
    return picks[np.round(solved.values["pick"]) > 0.5]
