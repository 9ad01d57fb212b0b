"""What a plan is held against: greedy, and everything now cut to the limits; and all of them on fresh draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wattworth.portfolio.planning import missed_of
from wattworth.portfolio.problem import upper_form
from wattworth.portfolio.records import KEEP, Array, Case, Places
from wattworth.portfolio.tail import tail_usd


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A plan by a simple rule.

    Attributes
    ----------
    name
        The rule.
    chosen
        Array, shape (site,): the option of each site.
    value_usd
        Mean of the sum of its draws. [USD]
    missed
        Limits that the rule does not keep.
    """

    name: str
    chosen: Places
    value_usd: float
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A plan on draws that it was not made with.

    Attributes
    ----------
    mean_usd, tail_usd
        Mean of all draws, and of the worst. [USD]
    mean_error_usd
        Standard error of the mean. [USD]
    ahead_usd, ahead_error_usd
        Mean by which it is ahead of the other plan, draw by draw, and its standard error; nought without one. [USD]
    """

    mean_usd: float
    tail_usd: float
    mean_error_usd: float
    ahead_usd: float = 0.0
    ahead_error_usd: float = 0.0


def greedy(case: Case) -> Baseline:
    """The option that adds most first, then the next, each where the limits still leave room.

    Parameters
    ----------
    case
        Options and limits, checked.
    """
    choices = case.choices
    chosen, gain, n_limit, room = _kept(case)
    left = room - upper_form(case.limits) @ np.bincount(chosen, minlength=choices.n_option)
    by_option = upper_form(case.limits).T.tocsr()
    open_site = np.ones(len(choices.sites), bool)
    open_site[choices.site[list(case.fixed)]] = False
    order = np.argsort(-gain, kind="stable")
    order = order[gain[order] > 0.0]
    changed = True
    while changed:  # an option that had to wait for another may fit now
        changed = False
        for option in order:
            site = choices.site[option]
            if not open_site[site]:
                continue
            more = _row(by_option, int(option), n_limit) - _row(by_option, int(chosen[site]), n_limit)
            if (more <= np.maximum(left, 0.0) + 1e-9 * np.abs(room)).all():
                left, open_site[site], changed = left - more, False, True
                chosen[site] = option
    return _baseline("greedy", case, chosen)


def everything_now(case: Case) -> Baseline:
    """Every site's best use at its first period; then those that add least go back until the limits are kept.

    Parameters
    ----------
    case
        Options and limits, checked.
    """
    choices = case.choices
    kept, gain, n_limit, room = _kept(case)
    start = np.where(choices.start_period == KEEP, np.iinfo(np.int64).max, choices.start_period)
    first = np.minimum.reduceat(start, choices.begins)
    now = np.where((start == first[choices.site]) & (choices.start_period != KEEP), gain, -np.inf)
    best = np.maximum.reduceat(now, choices.begins)
    at = np.flatnonzero((now >= best[choices.site]) & (now > 0.0))
    sites, where = np.unique(choices.site[at], return_index=True)
    chosen = kept.copy()
    chosen[sites] = at[where]
    chosen[choices.site[list(case.fixed)]] = list(case.fixed)
    by_option, fixed = upper_form(case.limits).T.tocsr(), set(choices.site[list(case.fixed)].tolist())
    left = room - by_option.T @ np.bincount(chosen, minlength=choices.n_option)
    for site in sites[np.argsort(gain[chosen[sites]], kind="stable")].tolist():
        over = left < -1e-9 * np.abs(room)
        if not over.any():
            break
        freed = _row(by_option, int(chosen[site]), n_limit) - _row(by_option, int(kept[site]), n_limit)
        if site not in fixed and (freed[over] > 0.0).any():
            chosen[site], left = kept[site], left + freed
    return _baseline("everything now, cut to the limits", case, chosen)


def replay(chosen: Places, fresh_value_usd: Array, against: Places | None = None, tail_frac: float = 0.05) -> Replay:
    """A plan on fresh draws.

    Parameters
    ----------
    chosen : array, shape (site,)
        The option of each site.
    fresh_value_usd : array, shape (option, draw)
        Draws that the plan was not made with. [USD]
    against : array, shape (site,)
        Another plan.
    tail_frac
        Share of draws that count as the worst.
    """
    draws = fresh_value_usd[chosen].sum(axis=0)
    root = np.sqrt(max(len(draws) - 1, 1))
    ahead = draws - fresh_value_usd[chosen if against is None else against].sum(axis=0)
    return Replay(
        float(draws.mean()),
        tail_usd(draws, tail_frac),
        float(draws.std() / root),
        float(ahead.mean()),
        float(ahead.std() / root),
    )


def _kept(case: Case) -> tuple[Places, Array, int, Array]:
    """Every site kept, or as fixed; what each option adds to that; number of limits; and their room."""
    choices = case.choices
    mean = choices.value_usd.mean(axis=1)
    order = np.lexsort((choices.start_period, choices.site))
    kept = order[np.unique(choices.site[order], return_index=True)[1]]
    kept[choices.site[list(case.fixed)]] = list(case.fixed)
    room = np.array([row.amount if row.sense == "at most" else -row.amount for row in case.limits.rows], float)
    return kept, mean - mean[kept][choices.site], len(room), room


def _row(by_option: Any, option: int, n_limit: int) -> Array:
    """What one option takes of each limit."""
    ends, out = by_option.indptr, np.zeros(n_limit)
    own = slice(ends[option], ends[option + 1])
    out[by_option.indices[own]] = by_option.data[own]
    return out


def _baseline(name: str, case: Case, chosen: Places) -> Baseline:
    """With what it is worth and misses."""
    over = missed_of(case, chosen) > 0.0
    missed = tuple(row.name for row, is_over in zip(case.limits.rows, over, strict=True) if is_over)
    return Baseline(name, chosen, float(case.choices.value_usd[chosen].sum(axis=0).mean()), missed)
