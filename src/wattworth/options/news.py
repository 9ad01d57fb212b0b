"""News: what drivers did that nobody could expect, summed along a policy. It explains money, and foretells none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wattworth.options.problem import Drivers, Present, SwitchProblem


class NewsAhead:
    """For each state and date, discounted surprises from then on for as long as money hangs on them.

    Each surprise is summed alone and times its scaled driver of the same date: what a position held, and one held in
    proportion, would have made at fair prices. Both have mean nought, whatever is known when the sum begins.
    """

    def __init__(self, problem: SwitchProblem, money: Present, scaled: Sequence[Drivers]) -> None:
        outline, names = problem.outline, [*problem.drivers]
        self._targets, self._lags, self._ways = outline.targets, outline.lags, outline.ways_out
        self._surprises, self._names = problem.surprises, [names.index(name) for name in problem.surprises]
        self._discount, self._scaled = np.asarray(problem.discount, dtype=np.float64), scaled
        earns = np.logical_or(money.cash_usd.any(axis=(1, 2)), money.terminal_usd.any(axis=1)).tolist()
        self._hangs = [bool(ways) or earns[state] for state, ways in enumerate(self._ways)]
        n_news = 2 * len(self._names)
        self._ahead = np.zeros((problem.n_date + 1 if n_news else 0, len(problem.states), n_news, problem.n_draw))
        self._stay = self._ahead[-1].copy() if n_news else None

    def begin(self, date: int) -> None:
        """Add what follows a date to the news of staying in each state."""
        if self._stay is None:
            return
        at_once = [np.asarray(surprise)[date] * self._discount[date + 1] for surprise in self._surprises.values()]
        pairs = [[news, news * self._scaled[date][k]] for k, news in zip(self._names, at_once, strict=True)]
        told = np.stack([row for pair in pairs for row in pair])
        for state, hangs in enumerate(self._hangs):
            if hangs:
                np.add(self._ahead[date + 1, state], told, out=self._stay[state])
        self._ahead[date] = self._stay

    def of(self, date: int, state: int, on: Any) -> list[NDArray[np.float64]]:
        """News of staying in a state and of each switch out of it, on some paths; none if there is none."""
        if self._stay is None:
            return []
        out = [self._stay[state][:, on]]
        for way in self._ways[state]:
            target, lag = self._targets[way], self._lags[way]
            landed = self._stay if lag == 0 else self._ahead[min(date + lag, len(self._ahead) - 1)]
            out.append(landed[target][:, on])
        return out

    def decide(self, date: int, state: int, way: int, gone: NDArray[np.intp]) -> None:
        """Let paths that switch hear what follows the switch, not the stay."""
        if self._stay is not None:
            target, lag = self._targets[way], self._lags[way]
            landed = self._stay if lag == 0 else self._ahead[min(date + lag, len(self._ahead) - 1)]
            self._ahead[date, state][:, gone] = landed[target][:, gone]
