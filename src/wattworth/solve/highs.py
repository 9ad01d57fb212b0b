"""HiGHS, handed flat arrays."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from wattworth.errors import SolveError
from wattworth.solve.assemble import Program, starts_of
from wattworth.solve.guard import presolve_for
from wattworth.solve.matrix import Array
from wattworth.solve.model import Amount

Method: TypeAlias = Literal["choose", "simplex", "ipx", "hipo"]

OPTIMAL: Final = "optimal"
TIME_LIMIT: Final = "time limit"
INFEASIBLE: Final = "infeasible"
UNBOUNDED: Final = "unbounded"
UNCLEAR: Final = "infeasible or unbounded"


@dataclass(frozen=True, slots=True)
class Options:
    """How to solve.

    Attributes
    ----------
    method
        Algorithm for what has no whole numbers: simplex, an interior point (ipx; hipo, which needs the package
        highspy-extras), each with crossover to a corner, or HiGHS's own choice.
    time_limit_s
        Time after which the best answer so far is given with its gap, or an error where there is none. [s]
    gap_frac
        How far from the best an answer with whole numbers may be.
    threads
        Most threads; one gives the same answer each time.
    """

    method: Method = "choose"
    time_limit_s: float = np.inf
    gap_frac: float = 1e-4
    threads: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What HiGHS says, not yet checked.

    Attributes
    ----------
    status
        optimal, time limit, infeasible, unbounded, "infeasible or unbounded", or HiGHS's own word.
    x
        Array, shape (column,), or None where there is no answer.
    price
        Array, shape (row,), or None: change of the objective for each unit a row's bound is raised.
    bound
        What HiGHS proved of the objective, where there are whole numbers.
    took_s
        Time it took. [s]
    presolve
        Off where it could not be trusted.
    """

    status: str
    x: Array | None
    price: Array | None
    bound: Amount
    took_s: float
    presolve: str


def run(program: Program, options: Options, start: Mapping[str, Array] | None = None) -> Answer:
    """Hand a program to HiGHS.

    Parameters
    ----------
    program
        What to solve.
    options
        How.
    start
        Block of columns to values: an answer to begin from, where there are whole numbers.

    Returns
    -------
    Answer
        What HiGHS says.

    Raises
    ------
    SolveError
        HiGHS refuses the program or an option.
    """
    import highspy

    began = time.perf_counter()
    whole = bool(program.integer.any())
    highs, presolve = hand_over(program, options)
    if start is not None and whole:
        _start(highs, program, start)
    done = highs.run()
    if done == highspy.HighsStatus.kError and highs.getModelStatus() == highspy.HighsModelStatus.kNotset:
        type(highs).resetGlobalScheduler(True)  # it was begun with other threads
        highs.run()
    return _read(highs, whole, presolve, began)


def hand_over(program: Program, options: Options) -> tuple[Any, str]:
    """HiGHS with options and program set, ready to run, and what its presolve is set to.

    Raises
    ------
    SolveError
        HiGHS refuses the program or an option.
    """
    import highspy

    whole = bool(program.integer.any())
    highs = quiet()
    presolve = presolve_for(highs.version(), whole)
    _set(highs, options, presolve, whole)
    matrix = program.matrix
    passed = highs.passModel(
        len(program.cost),
        len(program.row_lower),
        len(matrix.value),
        int(highspy.MatrixFormat.kColwise),
        program.sign,
        program.offset,
        program.cost,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        matrix.starts,
        matrix.row,
        matrix.value,
        program.integer.astype(np.int32),
    )
    if passed == highspy.HighsStatus.kError:
        raise SolveError("HiGHS refused the model: a coefficient is too large for it (1e15); use larger units")
    return highs, presolve


def quiet() -> Any:
    """HiGHS without the line that its Python face prints when made, which would spoil a document on stdout."""
    from highspy.highs import _Highs  # type: ignore[attr-defined]

    highs = _Highs()
    highs.setOptionValue("output_flag", False)
    return highs


def _set(highs: Any, options: Options, presolve: str, whole: bool) -> None:
    """Set options, or say which cannot be had."""
    import highspy

    wanted: dict[str, Any] = {
        "presolve": presolve,
        "time_limit": float(options.time_limit_s),
        "threads": int(options.threads),
        "mip_rel_gap": float(options.gap_frac),
    }
    if not whole:
        wanted["solver"] = options.method
    for name, value in wanted.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            more = "; it needs the package highspy-extras of the same version" if value == "hipo" else ""
            raise SolveError(f"HiGHS {highs.version()} cannot set {name} to {value!r}{more}")


def _start(highs: Any, program: Program, start: Mapping[str, Array]) -> None:
    """Give HiGHS values to begin from; those of other columns it finds itself."""
    places, values = [], []
    begins = starts_of(program.columns)
    for block in program.columns:
        if block.name in start:
            places.append(begins[block.name] + np.arange(block.size, dtype=np.int32))
            values.append(np.broadcast_to(np.asarray(start[block.name], dtype=np.float64), block.shape).ravel())
    index = np.concatenate(places).astype(np.int32)
    highs.setSolution(len(index), index, np.concatenate(values))


def _read(highs: Any, whole: bool, presolve: str, began: float) -> Answer:
    """What HiGHS found, in the words of this room."""
    import highspy

    kinds = highspy.HighsModelStatus
    names = {
        kinds.kOptimal: OPTIMAL,
        kinds.kTimeLimit: TIME_LIMIT,
        kinds.kInfeasible: INFEASIBLE,
        kinds.kUnbounded: UNBOUNDED,
        kinds.kUnboundedOrInfeasible: UNCLEAR,
        kinds.kModelEmpty: OPTIMAL,
    }
    found = highs.getModelStatus()
    status = str(names.get(found) or highs.modelStatusToString(found))
    info, solution = highs.getInfo(), highs.getSolution()
    has_answer = status == OPTIMAL or (
        whole and status == TIME_LIMIT and info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    x = np.asarray(solution.col_value, dtype=np.float64) if has_answer else None
    price = np.asarray(solution.row_dual, dtype=np.float64) if has_answer and not whole else None
    return Answer(status, x, price, info.mip_dual_bound, time.perf_counter() - began, presolve)
