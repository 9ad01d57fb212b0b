"""The least of a convex function on a box, certified: cutting planes, steered by the level that is still in doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from wattworth.errors import SolveError
from wattworth.solve.highs import quiet

LEVEL_FRAC: Final = 0.3
"""Where between bound and best value the next point must promise to be, as a share of the gap from the bound."""

MAX_CALLS: Final = 400
"""Points tried before giving up."""

_TOLERANCE: Final = 1e-9
_LEAST_WEIGHT: Final = 1e-30
_LEAST_LENGTH: Final = 1e-300
_TOO_LARGE: Final = 100.0
_SHARPENINGS: Final = 4
_STILL_FRAC: Final = 0.1

Vector = NDArray[np.float64]


Plane = tuple[float, Vector]
"""An affine function: a constant, and a slope of shape (dimension,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What is known of the function at a point.

    Attributes
    ----------
    value
        The function there, or a little more; infinite where the point is not allowed, or known to be no better than
        another.
    cuts
        Planes that lie nowhere above the function.
    fences
        Planes that are nowhere positive where points are allowed.
    """

    value: float
    cuts: tuple[Plane, ...] = ()
    fences: tuple[Plane, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """The best point, and the proof.

    Attributes
    ----------
    point
        Array, shape (dimension,).
    value
        The function there.
    least
        The function is nowhere less in the box.
    n_call
        Points tried.
    """

    point: Vector
    value: float
    least: float
    n_call: int


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Where the least is looked for.

    Attributes
    ----------
    low, high
        Arrays, shape (dimension,).
    scale
        Array, shape (dimension,): a step in one dimension that matters as much as one in another.
    """

    low: Vector
    high: Vector
    scale: Vector


def minimise(
    function: Callable[[Vector], Answer],
    box: Box,
    known: Sequence[tuple[Vector, Answer]],
    gap_frac: float,
    max_calls: int = MAX_CALLS,
    sharper: Callable[[Vector], Plane] | None = None,
) -> Minimum:
    """Find the least of a convex function to a stated gap.

    Parameters
    ----------
    function
        Answers for a point of the box.
    box
        Where to look.
    known
        Points tried before, with their answers; one at least must be allowed.
    gap_frac
        Largest gap between value and bound, as a share of the value. [1]
    max_calls
        Points to try.
    sharper
        A cut to be had at a point for far less than an answer, if there is one.

    Raises
    ------
    SolveError
        If the gap is not closed in so many points.

    Notes
    -----
    The level bundle method [1]_: the greatest of all cuts is a model from below. Its least is the bound. The next
    point is the one nearest to the best so far at which the model falls to a level between bound and best value, so
    that steps are neither timid nor, as with the bare model, wild. Where a sharper cut shows at once that the function
    is well above the level there, another point is looked for before an answer is asked.

    The bound does not rest on the tolerance of a solver: it is computed anew from the weights of the cuts, which may
    be any that sum to one.

    References
    ----------
    .. [1] Lemaréchal, Nemirovskii and Nesterov, "New variants of bundle methods", Mathematical Programming 69 (1995).
    """
    best, value = min(((point, answer.value) for point, answer in known), key=lambda pair: pair[1])
    model = _Model(box, value)
    for _, answer in known:
        model.add(answer)
    least, gap = -np.inf, np.inf
    for n_call in range(max_calls + 1):
        lowest, at = model.lowest()
        least = max(least, lowest)
        gap = (value - least) / max(abs(value), 1.0)
        if gap <= gap_frac:
            return Minimum(best, value, min(least, value), n_call)
        level = least + LEVEL_FRAC * (value - least)
        point = _promising(model, best, (level, value), sharper) if np.isfinite(least) else at
        point = model.lowest()[1] if point is None else point
        answer = function(point)
        model.add(answer)
        if answer.value < value:
            best, value = point, answer.value
            model.fit(value)
    raise SolveError(f"after {max_calls} designs the gap is {gap:.2e}, asked for {gap_frac:.2e}; ask for a wider gap")


def _promising(
    model: _Model, best: Vector, heights: tuple[float, float], sharper: Callable[[Vector], Plane] | None
) -> Vector | None:
    """The point nearest to the best at which the model, made sharper there, is not far above the level.

    ``heights`` are the level and the best value. None if no point comes down to the level.
    """
    level, value = heights
    point = model.nearest(best, level)
    for _ in range(_SHARPENINGS):
        if point is None or sharper is None:
            break
        constant, slope = sharper(point)
        if constant + float(slope @ point) <= level + _STILL_FRAC * (value - level):
            break
        model.add(Answer(np.inf, ((constant, slope),)))
        point = model.nearest(best, level)
    return point


class _Model:
    """All planes so far, in steps of the scale from the low corner."""

    def __init__(self, box: Box, value: float) -> None:
        self.box, self.size = box, max(abs(value), 1.0)
        self.room = (box.high - box.low) / box.scale
        self.is_cut = np.empty(0, dtype=np.bool_)
        self.constants = np.empty(0)
        self.slopes = np.empty((0, len(self.room)))
        self.programme = _Programme(len(self.room), self.size)

    def add(self, answer: Answer) -> None:
        for is_cut, group in ((True, answer.cuts), (False, answer.fences)):
            for constant, slope in group:
                self.is_cut = np.append(self.is_cut, is_cut)
                self.constants = np.append(self.constants, constant + float(slope @ self.box.low))
                self.slopes = np.vstack([self.slopes, slope * self.box.scale])
                self._enter(-1)

    def fit(self, value: float) -> None:
        """Bring the cuts to the size of a much smaller value."""
        size = max(abs(value), 1.0)
        if size < self.size / _TOO_LARGE:
            self.size, self.programme = size, _Programme(len(self.room), size)
            for k in range(len(self.slopes)):
                self._enter(k)

    def _enter(self, k: int) -> None:
        plane = float(self.constants[k]), self.slopes[k] * self.room
        self.programme.add(plane, is_cut=bool(self.is_cut[k]))

    def lowest(self) -> tuple[float, Vector]:
        """The least of the model, proved by weights, and where it is."""
        at, weight = self.programme.solve()
        weight = np.maximum(weight, 0.0)
        total = weight[self.is_cut].sum()
        point = self.box.low + np.clip(at, 0.0, 1.0) * self.room * self.box.scale
        if not total > _LEAST_WEIGHT:
            return -np.inf, point
        weight /= total
        pull = weight @ self.slopes
        return float(weight @ self.constants + np.minimum(0.0, pull * self.room).sum()), point

    def nearest(self, centre: Vector, most: float) -> Vector | None:
        """The point nearest to a centre where no cut is above ``most``, no fence above nought; None if not found."""
        slope = self.slopes
        here = (centre - self.box.low) / self.box.scale
        short = np.where(self.is_cut, most, 0.0) - self.constants - slope @ here
        length = np.maximum(np.sqrt((slope * slope).sum(axis=1)), _LEAST_LENGTH)
        n = len(here)
        rows = np.vstack([-slope / length[:, None], np.eye(n), -np.eye(n)])
        least = np.concatenate([-short / length, -here, here - self.room])
        unit = float(least.max())
        step = _least_distance(rows, least / unit) if unit > 0.0 else None
        if step is None:
            return None
        return self.box.low + np.clip(here + step * unit, 0.0, self.room) * self.box.scale


def _least_distance(rows: NDArray[np.float64], least: Vector) -> Vector | None:
    """The shortest x with ``rows @ x >= least``, or None.

    Notes
    -----
    By non-negative least squares: Lawson and Hanson, "Solving least squares problems", 1974, chapter 23.
    """
    n = rows.shape[1]
    target = np.zeros(n + 1)
    target[n] = 1.0
    matrix = np.vstack([rows.T, least])
    try:
        weight, _ = nnls(matrix, target)
    except RuntimeError:
        return None
    left = matrix @ weight - target
    return -left[:n] / left[n] if abs(left[n]) > _TOLERANCE else None


class _Programme:
    """The small linear programme over the planes: least height above all cuts, behind all fences, on the unit box.

    Each plane is a row; it keeps the last basis, from which the next solution is a few steps away.
    """

    def __init__(self, n: int, size: float) -> None:
        self.n, self.size = n, size
        self.rows = np.arange(self.n + 1, dtype=np.int32)
        self.lengths: list[float] = []
        self.solver = quiet()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("primal_feasibility_tolerance", _TOLERANCE)
        self.solver.setOptionValue("dual_feasibility_tolerance", _TOLERANCE)
        for _ in range(n):
            self.solver.addVar(0.0, 1.0)
        self.solver.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        self.solver.changeColCost(self.n, 1.0)

    def add(self, plane: Plane, *, is_cut: bool) -> None:
        """Add a cut, in units of the size, or a fence, brought to length one."""
        constant, slope = plane
        length = self.size if is_cut else max(abs(constant), float(np.abs(slope).max()), _LEAST_LENGTH)
        values = np.append(-slope / length, 1.0 if is_cut else 0.0)
        self.solver.addRow(constant / length, highspy.kHighsInf, self.n + 1, self.rows, values)
        self.lengths.append(length)

    def solve(self) -> tuple[Vector, Vector]:
        """Where the least is, and a weight for each plane.

        Raises
        ------
        SolveError
            If the fences leave no room.
        """
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise SolveError("no design within the bounds meets the limit of unserved energy")
        if status != highspy.HighsModelStatus.kOptimal:
            said = self.solver.modelStatusToString(status)
            raise SolveError(f"the small programme over the cuts ended with {said!r}")
        solution = self.solver.getSolution()
        return np.array(solution.col_value[: self.n]), np.array(solution.row_dual) / np.array(self.lengths)
