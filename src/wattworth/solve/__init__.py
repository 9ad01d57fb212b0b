"""HiGHS straight: models as blocks of arrays, answers that are checked, and reasons where there is none."""

from wattworth.solve.assemble import Program, assemble
from wattworth.solve.explain import Conflict, InfeasibleError, UnboundedError
from wattworth.solve.guard import presolve_for
from wattworth.solve.highs import Method, Options
from wattworth.solve.model import Amount, Amounts, Columns, Each, Model, Pick, Rows, Sparse, Sum
from wattworth.solve.recheck import proven_bound, recheck
from wattworth.solve.solution import Solution, solve

__all__ = [
    "Amount",
    "Amounts",
    "Columns",
    "Conflict",
    "Each",
    "InfeasibleError",
    "Method",
    "Model",
    "Options",
    "Pick",
    "Program",
    "Rows",
    "Solution",
    "Sparse",
    "Sum",
    "UnboundedError",
    "assemble",
    "presolve_for",
    "proven_bound",
    "recheck",
    "solve",
]
