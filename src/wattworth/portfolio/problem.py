"""A case as flat arrays: every limit as "at most", amounts near one, and only the options that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wattworth.errors import StudyError
from wattworth.portfolio.records import Aim, Amount, Array, Case, Limit, Limits, Places
from wattworth.portfolio.tail import tail_weights

ROUNDING: Final = 1e-9
"""Most by which a limit may be missed, as a share of the amounts added: what adding in another order may change."""

FREE: Final = -1
"""An option that can be chosen."""

FIXED: Final = -2
"""An option that another one, fixed at its site, leaves no room for."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is searched.

    Attributes
    ----------
    origin
        Array, shape (option,): place of each option among those of the case.
    site, begins
        Arrays, shape (option,) and (site,): site of each option, and where each site's options begin.
    linear
        Array, shape (option,): what an option adds to the objective, apart from the tail; in ``scale``.
    draws
        Array, shape (option of the case, draw) of values, or None where the tail has no weight. [USD]
    takes, by_option
        Sparse, shape (limit, option), and the same turned over: "at least" is turned round to "at most".
    room
        Array, shape (limit,): how much there is.
    rows, row_scale
        The limits, and what one unit of ``room`` is in each one's own unit, below nought for "at least".
    tail_weight_frac, tail_frac
        Of the aim.
    scale
        What one unit of the objective is, in the unit of the aim.
    reference
        A gap is a share of the objective, or of this where it is larger; in ``scale``.
    """

    origin: Places
    site: Places
    begins: Places
    linear: Array
    draws: Array | None
    takes: Any
    by_option: Any
    room: Array
    rows: tuple[Limit, ...]
    row_scale: Array
    tail_weight_frac: float
    tail_frac: float
    scale: Amount
    reference: Amount

    @property
    def n_site(self) -> int:
        """Number of sites."""
        return len(self.begins)

    def over_sites(self, of_site: Array) -> Array:
        """One number for each site as one for each of its options."""
        return of_site[self.site]

    def used(self, x: Places) -> Array:
        """What the options chosen take of each limit."""
        return self.takes @ np.bincount(x, minlength=len(self.site))

    def missed(self, x: Places) -> Array:
        """By how much each limit is missed beyond rounding; nought where it is kept."""
        count = np.bincount(x, minlength=len(self.site))
        slip = ROUNDING * (np.abs(self.room) + abs(self.takes) @ count)
        over = self.takes @ count - self.room
        return np.where(over > slip, over, 0.0)

    def draws_of(self, x: Places) -> Array:
        """Sum of the options chosen in each draw, in ``scale``; shape (draw,)."""
        assert self.draws is not None
        return self.draws[self.origin[x]].sum(axis=0) / self.scale

    def objective(self, x: Places) -> Amount:
        """What the options chosen come to, in ``scale``."""
        total = float(self.linear[x].sum())
        if self.draws is None:
            return total
        values = self.draws_of(x)
        return total + self.tail_weight_frac * float(tail_weights(values, self.tail_frac) @ values)

    def cut(self, weights: Array) -> Array:
        """Sum of each option's draws at given weights, in ``scale``: what no tail of a sum is above."""
        assert self.draws is not None
        some = np.flatnonzero(weights)
        return (self.draws[:, some] @ weights[some])[self.origin] / self.scale


def problem_of(case: Case, aim: Aim, barred_by: Places, theta: Amount = 0.0, reference: Amount = 0.0) -> Problem:
    """Lay a case out.

    Parameters
    ----------
    case
        Options and limits, checked.
    aim
        What is to be large.
    barred_by
        Array, shape (option,): the limit that excludes an option, FIXED, or -1 where it can be chosen.
    theta
        Price of one unit of the aim's ``per``.
    reference
        What a gap is a share of at least, in the unit of the aim.

    Returns
    -------
    Problem
        Options that can be chosen alone.
    """
    from scipy.sparse import diags_array

    choices = case.choices
    origin = np.flatnonzero(barred_by == FREE)
    value = choices.value_usd.mean(axis=1) if aim.measure is None else np.asarray(choices.measures[aim.measure], float)
    weight = aim.tail_weight_frac
    linear = (1.0 - weight) * value
    if aim.per is not None:
        linear = linear - theta * np.asarray(choices.measures[aim.per], float)
    scale = max(float(np.abs(value).mean()), 1e-12) / 100.0
    takes = upper_form(case.limits)
    takes = takes if len(origin) == choices.n_option else takes[:, origin]
    size = np.maximum(abs(takes).max(axis=1).toarray().ravel(), 1e-12) if takes.nnz else np.ones(takes.shape[0])
    unit = 2.0 ** np.round(np.log2(size / 10.0))
    sign = signs(case.limits)
    takes = (diags_array(1.0 / unit) @ takes).tocsr()
    site = choices.site[origin]
    return Problem(
        origin,
        site,
        np.searchsorted(site, np.arange(len(choices.sites))),
        linear[origin] / scale,
        choices.value_usd if weight > 0.0 else None,
        takes,
        takes.T.tocsr(),
        sign * np.array([row.amount for row in case.limits.rows], float) / unit,
        case.limits.rows,
        sign * unit,
        weight,
        aim.tail_frac,
        scale,
        reference / scale,
    )


def signs(limits: Limits) -> Array:
    """1 for "at most", -1 for "at least"; shape (limit,)."""
    return np.array([1.0 if row.sense == "at most" else -1.0 for row in limits.rows], dtype=np.float64)


def upper_form(limits: Limits) -> Any:
    """What options take, with "at least" turned round to "at most"; sparse by rows, shape (limit, option)."""
    from scipy.sparse import diags_array

    return (diags_array(signs(limits)) @ limits.takes).tocsr()


def barred(case: Case) -> Places:
    """Which options cannot be chosen whatever the rest does, and why.

    Parameters
    ----------
    case
        Options and limits, checked.

    Returns
    -------
    array, shape (option,)
        The limit that an option breaks even where all other sites take the least; FIXED; or FREE.

    Raises
    ------
    StudyError
        The choices that are fixed break a limit.
    """
    choices = case.choices
    out = np.full(choices.n_option, FREE)
    for option in case.fixed:
        there = choices.site == choices.site[option]
        out[there & (np.arange(choices.n_option) != option)] = FIXED
    takes, sign = upper_form(case.limits), signs(case.limits)
    for i, row in enumerate(case.limits.rows):
        own = np.zeros(choices.n_option)
        own[takes.indices[takes.indptr[i] : takes.indptr[i + 1]]] = takes.data[takes.indptr[i] : takes.indptr[i + 1]]
        least = np.minimum.reduceat(np.where(out == FREE, own, np.inf), choices.begins)
        needed, room = float(least.sum()), sign[i] * row.amount
        slip = ROUNDING * (abs(room) + float(np.abs(least).sum()))
        if needed > room + slip:
            blame = _of_fixed(case, row, own, sign[i] * needed + 0.0)
            if blame is not None:
                raise blame
            return np.where(out == FIXED, FIXED, FREE)  # the solver says which limits clash, and what would settle it
        out[(out == FREE) & (own - least[choices.site] + needed > room + slip)] = i
    return out


def _of_fixed(case: Case, row: Limit, own: Array, needed: Amount) -> StudyError | None:
    """What to raise if it is the choices fixed that break a limit; None where it is not they."""
    choices = case.choices
    alone = np.minimum.reduceat(own, choices.begins)
    by_fixed = [option for option in case.fixed if own[option] > alone[choices.site[option]]]
    if not by_fixed:
        return None
    names = ", ".join(choices.called(option) for option in sorted(by_fixed, key=lambda o: -own[o])[:3])
    word = "no less than" if row.sense == "at most" else "no more than"
    best = f"{needed:,.6g} {row.unit}".rstrip()
    return StudyError(
        f"fixed choices break a limit: with {names} there is {word} {best} for {row}; free one, or move it"
    )
