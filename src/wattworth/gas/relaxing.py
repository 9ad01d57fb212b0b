"""What each limit costs: the same question asked again without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wattworth.facts import FactBook
from wattworth.gas.allocation import PARTS_GAP_FRAC, PARTS_TIME_S, Allocation, allocate
from wattworth.gas.network import problem_of
from wattworth.gas.reading import GasStudy
from wattworth.gas.schema import LimitRow
from wattworth.solve import Options
from wattworth.solve.model import Amount

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit, or several at once, taken away.

    Attributes
    ----------
    name
        Of the limit, or of the set.
    rows
        The limits.
    objective
        The optimum without it.
    worth
        What that adds, in the unit of the objective.
    status
        Of the solve: ``optimal``, or ``time limit`` where more may be in it.
    """

    name: str
    rows: tuple[LimitRow, ...]
    objective: Amount
    worth: Amount
    status: str


def relax_each(
    study: GasStudy,
    book: FactBook,
    base: Allocation,
    *,
    gap_frac: float = 1e-4,
    time_limit_s: float = 20.0,
    said: Said | None = None,
) -> tuple[Relaxation, ...]:
    """Take every limit away alone, and every set of limits at once, and solve again.

    Parameters
    ----------
    study, book
        What is declared, and facts.
    base
        The answer with all limits: its plants are where each search begins.
    gap_frac
        How far from the best each may be; a smaller worth than that is not told from nought.
    time_limit_s
        Longest for each. [s]
    said
        Told the name of each limit as its turn comes.

    Returns
    -------
    tuple
        One for each row of limits.csv and each set, the dearest first.

    Notes
    -----
    Every answer under a limit is one without it, so none is worth less than nought, within the gap. A worth within the
    gap is given as nought. The add-on to the rate is different: without it all years count for more, costs among them.
    """
    if base.bound - base.objective > gap_frac * abs(base.objective):  # no worth within the gap of the base is told
        gap_frac, time_limit_s = PARTS_GAP_FRAC, PARTS_TIME_S
    options = Options(gap_frac=gap_frac, time_limit_s=time_limit_s)
    out = []
    for name, rows in sets_of(study).items():
        if said is not None:
            said(name)
        problem = problem_of(study, book, frozenset(row.limit for row in rows))
        found = allocate(problem, options, start=base)
        gained = found.objective - base.objective
        small = abs(gained) <= max(gap_frac, 1e-9) * max(abs(base.objective), 1.0)
        worth = 0.0 if small else gained
        out.append(Relaxation(name, rows, found.objective, worth, found.status))
    return tuple(sorted(out, key=lambda each: -each.worth))


def sets_of(study: GasStudy) -> dict[str, tuple[LimitRow, ...]]:
    """Limits one by one, then those that stand together, by name."""
    sets: dict[str, tuple[LimitRow, ...]] = {row.limit: (row,) for row in study.limits}
    for name in dict.fromkeys(row.together for row in study.limits if row.together):
        sets[f"all of {name}"] = tuple(row for row in study.limits if row.together == name)
    return sets
