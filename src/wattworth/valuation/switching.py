"""A site as a problem of switching: states, ways between them, and what each is worth.

Choices inside a plan (what a failed conversion falls back on, what carries megawatts a use cannot serve) are settled on
means of the training paths and kept for the fresh ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options import Switch, SwitchProblem
from wattworth.valuation.cases import weighed_usd
from wattworth.valuation.plan import FALLBACKS, Plan, SitePlan
from wattworth.valuation.switch_worths import KEPT, Freedom, PartWorths, SiteWorths, can_be_put_off, serves

WAIT: Final = "as it stands"
"""State of a site whose owner has not decided."""

_SALE, _HOLD = "site_sale", "hold"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen on means of the training paths, not on hindsight.

    Attributes
    ----------
    fallbacks
        For each part and date: what it falls back on when a conversion fails.
    carried
        For each part and date: what carries it under a use that it cannot serve.
    staged
        The conversion that may be done in two steps; None for none.
    lag_dates
        Dates from the first step until it is known to have come off.
    """

    fallbacks: tuple[tuple[str, ...], ...]
    carried: tuple[tuple[str, ...], ...]
    staged: str | None = None
    lag_dates: int = 1


def offered(plan: Plan, site_plan: SitePlan) -> tuple[str, ...]:
    """Uses that may be decided on: all that serve a free part but waiting itself."""
    return tuple(name for name in plan.uses if name != _HOLD and serves(plan, site_plan, name))


def choose(plan: Plan, site_plan: SitePlan, worths: SiteWorths, freedom: Freedom) -> Choices:
    """Settle on training paths what is chosen on means."""
    n_date = len(freedom.months) - 1

    def best(part: PartWorths, names: Sequence[str], date: int) -> str:
        held = [name for name in names if name in part.decided_usd]
        return max(held, key=lambda name: float(_on(part.decided_usd[name], date).mean()))

    fallbacks = tuple(
        tuple(best(part, FALLBACKS, date) for date in range(n_date)) if part.lost_usd else () for part in worths.parts
    )
    carried = tuple(
        tuple(best(part, (_SALE, KEPT if date else _HOLD, KEPT), date) for date in range(n_date))
        for part in worths.parts
    )
    plain = Choices(fallbacks, carried)
    converts = [name for name in offered(plan, site_plan) if plan.converts(name)]
    if not freedom.stages or not converts:
        return plain
    staged = max(converts, key=lambda name: float(risked_usd(plan, worths, plain, name)[0].mean()))
    weights = [part.part.gross_mw for part in worths.parts if part.lost_usd]
    months = np.average([part.known_months[0] for part in worths.parts if part.lost_usd], weights=weights)
    return replace(plain, staged=staged, lag_dates=max(1, int(np.ceil(months / freedom.every_months))))


def _on(values: NDArray[np.float64], date: int) -> NDArray[np.float64]:
    """Values of a date; what cannot be put off has one."""
    return values[min(date, len(values) - 1)]


def risked_usd(plan: Plan, worths: SiteWorths, choices: Choices, name: str) -> NDArray[np.float64]:
    """Worth of a use decided on each date, risked, all free parts together, shape (date, draw). [USD]"""
    n_date = len(choices.carried[0])
    total = np.zeros((n_date, worths.parts[0].success_frac.size))
    for place, part in enumerate(worths.parts):
        for date in range(n_date):
            if name not in part.decided_usd:
                total[date] += _on(part.decided_usd[choices.carried[place][date]], date)
                continue
            won = _on(part.decided_usd[name], date)
            if name in part.lost_usd:
                failed = _on(part.decided_usd[choices.fallbacks[place][date]], date) - part.lost_usd[name][date]
                won = weighed_usd(part.success_frac, won, failed)
            total[date] += won
    return total


def problem(plan: Plan, site_plan: SitePlan, worths: SiteWorths, choices: Choices, freedom: Freedom) -> SwitchProblem:
    """The problem of switching on one block; all money is given at the as-of month, so its discount is one."""
    names = offered(plan, site_plan)
    kept = np.sum([part.kept_usd for part in worths.parts], axis=0)
    never = np.sum([part.decided_usd[KEPT][0] for part in worths.parts], axis=0)
    states, cash, terminal = [WAIT, *names], {WAIT: np.diff(kept, axis=0)}, {WAIT: never - kept[-1]}
    switches = [
        Switch(
            WAIT,
            name,
            earned_usd=risked_usd(plan, worths, choices, name) - kept[:-1],
            allowed=_allowed(plan, name, freedom),
            name=name,
        )
        for name in names
    ]
    if choices.staged is not None:
        half = _half(plan, worths, choices, freedom, choices.staged)
        states.append(half.state)
        cash[half.state], terminal[half.state] = half.cash_usd, half.terminal_usd
        switches += half.switches
    return SwitchProblem(
        states=tuple(states),
        months=freedom.months,
        discount=np.ones(len(freedom.months)),
        drivers=worths.drivers,
        cash_usd=cash,
        terminal_usd=terminal,
        switches=tuple(switches),
    )


def real_world_problem(like: SwitchProblem, seen: Mapping[str, NDArray[np.float64]]) -> SwitchProblem:
    """The same decisions on real-world paths, without money: what an owner who follows the policy will do, and when."""
    blank = [replace(switch, earned_usd=None) for switch in like.switches]
    return replace(like, drivers=seen, cash_usd={}, terminal_usd={}, switches=tuple(blank))


def _allowed(plan: Plan, name: str, freedom: Freedom) -> NDArray[np.bool_]:
    """Dates on which a use may be decided on, shape (date,)."""
    months = np.array(freedom.months[:-1])
    if not can_be_put_off(plan, name):
        return months == 0
    if plan.converts(name) and freedom.lease_until_month is not None:
        return months <= freedom.lease_until_month
    return np.ones(months.size, dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """The state in which half a site is converted, what it earns, and the ways in and out."""

    state: str
    cash_usd: NDArray[np.float64]
    terminal_usd: NDArray[np.float64]
    switches: tuple[Switch, ...]


def _half(plan: Plan, worths: SiteWorths, choices: Choices, freedom: Freedom, name: str) -> _Half:
    r"""Convert half, and decide on the rest once the first half has come off.

    Notes
    -----
    With *p* the chance that the first half comes off, *q* that of the rest after it, *W* the worth of a success, *F* of
    the fallback and *L* what a failure has cost, half on date *s* and the rest on date *t* are worth

    .. math:: \tfrac12 [p W(s) + (1-p)(F(s) - L(s))] + \tfrac12 [p (q W(t) + (1-q)(F(t) - L(t))) + (1-p) F(s)]

    so whatever is decided in this state is weighed with *p*. Megawatts that cannot serve are carried as under the use.
    """
    state, lag, n_date = f"half {name}", choices.lag_dates, len(freedom.months) - 1
    arrives = np.minimum(np.arange(n_date) + lag, n_date)
    serves = [part for part in worths.parts if name in part.lost_usd]
    kept = np.sum([0.5 * part.success_frac * part.kept_usd for part in serves], axis=0)
    left = np.sum([0.5 * part.success_frac * part.decided_usd[KEPT][0] for part in serves], axis=0)
    first = kept[arrives] - np.sum([part.kept_usd[:-1] for part in worths.parts], axis=0)
    first += 0.5 * risked_usd(plan, worths, choices, name)
    rest = np.zeros_like(first)
    goes_on = {use: np.zeros_like(first) for use in _beside(plan, worths)}
    for place, part in enumerate(worths.parts):
        for date in range(n_date):
            if name not in part.lost_usd:  # what carries it moves with the first half
                first[date] += 0.5 * _on(part.decided_usd[choices.carried[place][date]], date)
                continue
            fallback = _on(part.decided_usd[choices.fallbacks[place][date]], date)
            chance, lost = part.success_frac, part.lost_usd[name][date]
            first[date] += 0.5 * (1.0 - chance) * fallback
            second = weighed_usd(freedom.second_stage_frac, part.decided_usd[name][date], fallback - lost)
            rest[date] += 0.5 * chance * second
            for use, total in goes_on.items():
                other = use if use in part.decided_usd else choices.carried[place][date]
                total[date] += 0.5 * chance * _on(part.decided_usd[other], date)
    may = _allowed(plan, name, freedom)
    return _Half(
        state,
        np.diff(kept, axis=0),
        left - kept[-1],
        (
            Switch(WAIT, state, lag_periods=lag, earned_usd=first, allowed=may, name=state),
            Switch(state, name, earned_usd=rest - kept[:-1], allowed=may, name=f"rest {name}"),
            *(Switch(state, use, earned_usd=total - kept[:-1], name=f"rest {use}") for use, total in goes_on.items()),
        ),
    )


def _beside(plan: Plan, worths: SiteWorths) -> tuple[str, ...]:
    """What the rest may do instead, once half is converted: mine on, or be sold."""
    return tuple(
        use for use in ("bitcoin", _SALE) if use in plan.uses and any(use in part.decided_usd for part in worths.parts)
    )
