"""Why each option was chosen or not, what comes next, what goes first, and what would turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from wattworth.portfolio.problem import FIXED, FREE, barred, upper_form
from wattworth.portfolio.records import KEEP, Aim, Amount, Array, Case, Places, Plan

Because: TypeAlias = Literal["best", "only", "fits", "fixed", "worth less", "no room", "price", "excluded", "close"]


@dataclass(frozen=True, slots=True)
class Short:
    """How much of a limit a switch would lack.

    Attributes
    ----------
    limit
        Its name.
    amount, unit
        By how much it would be missed.
    """

    limit: str
    amount: Amount
    unit: str

    def __str__(self) -> str:
        return f"{self.amount:,.6g} {self.unit}".rstrip() + f" of {self.limit}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an option is in the plan, or is not.

    Attributes
    ----------
    option, name
        Its place, and what it is called.
    chosen
        Whether it is in the plan.
    because
        best: it brings most at the prices of the limits. only: the site has no other. fits: another brings more at
        these prices, but the whole fits better with this. fixed: it, or another of the site, is. worth less: than the
        one chosen, limits or not. no room: worth more, but the limits in ``short`` would be missed. price: worth more,
        but what it takes is worth more elsewhere. excluded: it breaks the limit ``short`` whatever the others do.
        close: it would fit and add, within the gap.
    value
        What it adds to the objective, in its unit.
    limits_cost
        What it takes, at the prices of the limits.
    behind
        By how much it is behind the site's best other option at these prices; below nought where it is ahead.
    dearest
        The limit whose price speaks most against it, compared with the option chosen; "" where none does.
    short
        What a switch to it alone would lack.
    """

    option: int
    name: str
    chosen: bool
    because: Because
    value: Amount
    limits_cost: Amount
    behind: Amount
    dearest: str = ""
    short: tuple[Short, ...] = ()

    @property
    def words(self) -> str:
        """The reason, in a sentence."""
        lacks = " and ".join(map(str, self.short[:2]))
        amount = f"{abs(self.behind):,.6g}"
        against = f", most of all for {self.dearest}" if self.dearest else ""
        said = {
            "best": f"brings most at the prices of the limits, by {amount}",
            "only": "is all that the site can be",
            "fits": f"the whole fits best with it, though another brings {amount} more at the prices of the limits",
            "fixed": "is fixed" if self.chosen else "another is fixed",
            "worth less": "is worth less than what is chosen, limits or not",
            "no room": f"lacks {lacks}",
            "price": f"takes of the limits what is worth more elsewhere{against}",
            "excluded": f"lacks {lacks} whatever the others do",
            "close": "would add within the gap that is left",
        }[self.because]
        return f"{self.name}: {said}"

    @property
    def flip(self) -> str:
        """What would turn it."""
        if self.because in {"fixed", "excluded"}:
            return "another choice of what is fixed" if self.because == "fixed" else f"{self.short[0]} more"
        if self.chosen:
            return f"{-self.behind:,.6g} less value" if self.because == "best" else "other limits"
        parts = [f"{self.behind:,.6g} more value"] if self.behind > 0.0 else []
        if self.short and self.because == "no room":
            parts.append(" and ".join(map(str, self.short)))
        return ", or ".join(parts) or "a smaller gap"


def why(case: Case, found: Plan, aim: Aim | None = None, options: Sequence[int] | None = None) -> tuple[Reason, ...]:
    """Why options are chosen or not.

    Parameters
    ----------
    case, aim
        As they were planned.
    found
        The plan.
    options
        Places of those asked about; all where none are named.

    Returns
    -------
    tuple of Reason
        In the order asked.
    """
    state = _State(case, found, aim or Aim())
    asked = range(case.choices.n_option) if options is None else options
    return tuple(state.reason(int(option)) for option in asked)


def next_in(case: Case, found: Plan, aim: Aim | None = None) -> Reason | None:
    """The kept site that is nearest to changing at the prices of the limits, with the option it would take."""
    state = _State(case, found, aim or Aim())
    start = np.asarray(case.choices.start_period)
    kept = start[found.chosen] == KEEP
    able = kept[case.choices.site] & (start != KEEP) & (state.closed == FREE)
    if not able.any():
        return None
    return state.reason(int(np.argmin(np.where(able, state.behind_chosen, np.inf))))


def first_out(case: Case, found: Plan, aim: Aim | None = None) -> Reason | None:
    """The changed site that would be kept first as values fall, at the prices of the limits."""
    state = _State(case, found, aim or Aim())
    start = np.asarray(case.choices.start_period)
    changed = start[found.chosen] != KEEP
    able = changed[case.choices.site] & (start == KEEP) & (state.closed == FREE)
    if not able.any():
        return None
    at = int(np.argmin(np.where(able, state.behind_chosen, np.inf)))
    return state.reason(int(found.chosen[case.choices.site[at]]))


class _State:
    """What all reasons of one plan share."""

    def __init__(self, case: Case, found: Plan, aim: Aim) -> None:
        choices = case.choices
        self.case, self.chosen = case, found.chosen
        self.closed: Places = barred(case)
        self.takes = upper_form(case.limits).T.tocsr()
        self.prices = found.prices
        self.value = value_of(case, found, aim)
        self.cost = self.takes @ found.prices
        profit = self.value - self.cost
        self.behind_chosen = profit[found.chosen][choices.site] - profit
        self.is_chosen = np.zeros(choices.n_option, bool)
        self.is_chosen[found.chosen] = True
        able = np.where((self.closed == FREE) & ~self.is_chosen, profit, -np.inf)
        self.next_best = np.maximum.reduceat(able, choices.begins) - profit[found.chosen]
        self.room = np.array([r.amount if r.sense == "at most" else -r.amount for r in case.limits.rows], float)
        self.slack = self.room - self.takes.T @ np.bincount(found.chosen, minlength=choices.n_option)

    def reason(self, option: int) -> Reason:
        """One option's."""
        site = int(self.case.choices.site[option])
        name, value, cost = self.case.choices.called(option), float(self.value[option]), float(self.cost[option])
        if self.is_chosen[option]:
            behind = float(self.next_best[site])
            alone = not np.isfinite(behind)
            because: Because = "only" if alone else "best" if behind <= 0.0 else "fits"
            because = "fixed" if option in self.case.fixed else because
            return Reason(option, name, True, because, value, cost, 0.0 if alone else behind)
        behind = float(self.behind_chosen[option])
        change = self._row(option) - self._row(int(self.chosen[site]))
        against = change * self.prices
        dearest = self.case.limits.rows[int(np.argmax(against))].name if (against > 0.0).any() else ""
        if self.closed[option] != FREE:
            if self.closed[option] == FIXED:
                return Reason(option, name, False, "fixed", value, cost, behind)
            short = self._short(self._least_missed(option))
            return Reason(option, name, False, "excluded", value, cost, behind, dearest, short)
        short = self._short(np.maximum(change - self.slack, 0.0))
        if value <= self.value[self.chosen[site]]:
            because = "worth less"
        elif short and behind <= 0.0:
            because = "no room"
        elif behind > 0.0:
            because = "price"
        else:
            because = "close"
        return Reason(option, name, False, because, value, cost, behind, dearest, short)

    def _row(self, option: int) -> Array:
        """What one option takes, shape (limit,)."""
        ends, out = self.takes.indptr, np.zeros(len(self.room))
        own = slice(ends[option], ends[option + 1])
        out[self.takes.indices[own]] = self.takes.data[own]
        return out

    def _least_missed(self, option: int) -> Array:
        """By how much its limit is missed where all other sites take the least."""
        choices, at = self.case.choices, int(self.closed[option])
        own = self.takes[:, [at]].toarray().ravel()
        least = np.minimum.reduceat(np.where(self.closed == FIXED, np.inf, own), choices.begins)
        out = np.zeros(len(self.room))
        out[at] = own[option] + least.sum() - least[choices.site[option]] - self.room[at]
        return out

    def _short(self, missed: Array) -> tuple[Short, ...]:
        """Limits that would be missed, the greatest share first."""
        slip = 1e-9 * (1.0 + np.abs(self.room))
        rows = sorted(np.flatnonzero(missed > slip), key=lambda i: -missed[i] / max(abs(self.room[i]), 1.0))
        limits = self.case.limits.rows
        return tuple(Short(limits[i].name, float(missed[i]), limits[i].unit) for i in rows)


def value_of(case: Case, found: Plan, aim: Aim) -> Array:
    """What each option adds to the objective, shape (option,): the tail at the weights that prove the bound.

    For an aim that divides one sum by another: what it adds above the plan's own ratio.
    """
    choices = case.choices
    if aim.measure is not None:
        value = np.asarray(choices.measures[aim.measure], dtype=np.float64)
    else:
        value = (1.0 - aim.tail_weight_frac) * choices.value_usd.mean(axis=1)
        if len(found.tail_weights):
            value = value + aim.tail_weight_frac * (choices.value_usd @ found.tail_weights)
    if aim.per is not None:
        value = value - found.objective * np.asarray(choices.measures[aim.per], float)
    return value
