"""Why there is no answer: the limits that clash and what would settle it, or what nothing limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.solve.assemble import Program, by_block
from wattworth.solve.elastic import Limit, Relaxed, limits_of, relax
from wattworth.solve.highs import OPTIMAL, Options, run
from wattworth.solve.matrix import Array
from wattworth.solve.model import Amount

MOST_NAMED: Final = 8
"""Limits named in one message."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One limit that clashes with others.

    Attributes
    ----------
    block
        Name of its block of rows or columns.
    where
        What a user knows it by, at the place where it is worst.
    change
        "lower" or "higher": what would settle it; "" where it alone cannot.
    by
        By how much at that place, in the unit of the block.
    n_place
        Places at which it must change.
    total
        Sum of the changes at all of them.
    unit
        Of the last three.
    """

    block: str
    where: str
    change: str
    by: Amount
    n_place: int
    total: Amount
    unit: str

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        words = f"{self.where} {self.change} by {self.by:,.6g}{unit}"
        if self.n_place > 1:
            places = "place" if self.n_place == 2 else "places"
            words += f", and at {self.n_place - 1:,} more {places} ({self.total:,.6g}{unit} in all)"
        return words


class InfeasibleError(SolveError):
    """No answer keeps every limit.

    Attributes
    ----------
    clash
        The limits that cannot all be kept.
    cures
        Each settles it alone.
    together
        If none does alone: changes that settle it together.
    """

    def __init__(self, clash: tuple[str, ...], cures: tuple[Conflict, ...], together: tuple[Conflict, ...]) -> None:
        self.clash, self.cures, self.together = clash, cures, together
        lines = ["no answer keeps every limit. These clash:", *(f"  {text}" for text in clash)]
        if cures:
            lines += ["any one of these changes would do:" if len(cures) > 1 else "this change would do:"]
        elif together:
            lines += ["these changes would do together:" if len(together) > 1 else "this change would do:"]
        super().__init__("\n".join([*lines, *(f"  {change}" for change in cures or together)]))


class UnboundedError(SolveError):
    """Something can grow without end and pays.

    Attributes
    ----------
    growing
        What can grow.
    """

    def __init__(self, growing: tuple[str, ...]) -> None:
        self.growing = growing
        super().__init__(
            "nothing limits the objective: it gets better without end as these grow:\n"
            + "\n".join(f"  {text}" for text in growing)
            + "\ngive one of them a limit, or check the sign of its price or cost"
        )


def crossed(program: Program) -> None:
    """Raise if some bound is above its fellow: no solver is needed to see that."""
    for blocks, lower, upper in (
        (program.columns, program.lower, program.upper),
        (program.rows, program.row_lower, program.row_upper),
    ):
        if not (lower > upper).any():
            continue
        for block, low in by_block(blocks, lower).items():
            high = by_block(blocks, upper)[block].ravel()
            over = np.where(low.ravel() > high, low.ravel() - high, 0.0)
            if over.any():
                own = next(b for b in blocks if b.name == block)
                at = int(np.argmax(over))
                text = f"{own.called(at)}: least {low.flat[at]:,.6g} is above most {high[at]:,.6g}"
                raise InfeasibleError((f"{text} {own.unit}".rstrip(),), (), ())


def explain_infeasible(program: Program, options: Options) -> SolveError | None:
    """Find the limits that clash, and what would settle it.

    Parameters
    ----------
    program
        What has no answer.
    options
        How to solve; a time limit is one for each question put.

    Returns
    -------
    SolveError or None
        What to raise; None where there is an answer after all.
    """
    continuous = replace(program, integer=np.zeros_like(program.integer))
    for named_only in (True, False):
        limits = limits_of(program, named_only)
        if not limits:
            continue
        for asked in (continuous, program) if program.integer.any() else (program,):
            relaxed = relax(asked, limits, options)
            if relaxed is not None and any(part.any() for part in relaxed.by):
                whole = relaxed if asked is program else relax(program, limits, options)
                return _explained(program, limits, relaxed, whole, options)
            if relaxed is None:
                break
        else:
            return None
    return SolveError("no answer keeps every limit, and the limits that clash could not be found in the time given")


def explain_unbounded(program: Program, options: Options) -> SolveError | None:
    """Find what can grow without end: a direction that keeps every limit and pays, with steps of at most one."""
    way = replace(
        program,
        lower=np.where(np.isfinite(program.lower), 0.0, -1.0),
        upper=np.where(np.isfinite(program.upper), 0.0, 1.0),
        row_lower=np.where(np.isfinite(program.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(program.row_upper), 0.0, np.inf),
        integer=np.zeros_like(program.integer),
        offset=0.0,
    )
    answer = run(way, options)
    if answer.status != OPTIMAL or answer.x is None or program.sign * np.sum(way.cost * answer.x) > -1e-9:
        return None
    pays = -program.sign * program.cost * answer.x
    gains, steps = by_block(program.columns, pays), by_block(program.columns, np.abs(answer.x))
    moving = [block for block in program.columns if steps[block.name].max(initial=0.0) > 1e-9]
    moving.sort(key=lambda block: -gains[block.name].sum())
    return UnboundedError(tuple(b.called(int(np.argmax(steps[b.name]))) for b in moving[:MOST_NAMED]))


def _explained(
    program: Program, limits: tuple[Limit, ...], relaxed: Relaxed, whole: Relaxed | None, options: Options
) -> InfeasibleError:
    """Name what clashes, and try each alone; ``whole`` is how all give way where whole numbers must do."""
    weight = np.array([max(by.max(), tight.max()) for by, tight in zip(relaxed.by, relaxed.tight, strict=True)])
    involved = weight > 1e-6 * weight.max()
    tried = involved | bool(program.integer.any())  # whole numbers have no prices that would say who is involved
    order = [i for i in np.argsort(-weight, kind="stable") if tried[i]][:MOST_NAMED]
    clash, cures = [], []
    for i in order:
        limit, by = limits[i], relaxed.by[i]
        alone = relax(program, (limit,), options)
        if alone is not None and alone.by[0].any():
            cures.append(_conflict(limit, alone.by[0]))
            by = by if by.any() else alone.by[0]
        if by.any() or involved[i]:
            clash.append(_bound_text(limit, by if by.any() else relaxed.tight[i]))
    by_limit = () if whole is None else zip(limits, whole.by, strict=True)
    together = tuple(_conflict(limit, by) for limit, by in by_limit if by.any())[:MOST_NAMED]
    return InfeasibleError(tuple(dict.fromkeys(clash)), tuple(cures), together)


def _bound_text(limit: Limit, weight: Array) -> str:
    """A limit with its bound, at the place where it weighs most."""
    at = int(np.argmax(weight))
    word = "at least" if limit.is_lower else "at most"
    unit = f" {limit.block.unit}" if limit.block.unit else ""
    return f"{limit.block.called(int(limit.place[at]))}: {word} {limit.bound[at]:,.6g}{unit}"


def _conflict(limit: Limit, by: Array) -> Conflict:
    """How far a limit must give way."""
    at = int(np.argmax(by))
    return Conflict(
        limit.block.name,
        limit.block.called(int(limit.place[at])),
        "lower" if limit.is_lower else "higher",
        float(by[at]),
        int(np.count_nonzero(by)),
        float(by.sum()),
        limit.block.unit,
    )
