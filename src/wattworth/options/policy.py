"""Fit a policy: backward over one fixed set of paths, the cash that followed regressed on what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.options import basis
from wattworth.options.news import NewsAhead
from wattworth.options.plans import best_plan, planned
from wattworth.options.problem import STAY, Drivers, Outline, Plan, Present, SwitchProblem, present

NEAR_FRAC: Final = 0.5
"""Share of the paths, those where the first fit finds the choice closest, on which the second is made. [1]"""

STEADY_RATIO: Final = 1e-12
"""A driver that varies by no more than this share of its mean does not vary."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What to do in each state on each date, given the drivers.

    Attributes
    ----------
    outline
        What problem it is for.
    follows
        Fixed plan it follows, since none of the fits did better on the training paths; else None.
    centre, scale, low, high, p10, p50, p90
        drivers are scaled by the first two, after being held between ``low`` and ``high``. A scale of 0 marks a driver
        that does not vary on that date.
        does not vary on that date.
    coef_usd
        Array, shape (fit, date, row, term), first fit and second: value at the as-of month of staying in each
        state, then of going by each switch, costs apart, then cost of each switch. [USD]
    band_usd
        Array, shape (date, state): the second fit decides where the first sees less than this between the choices;
        negative where there is none. [USD]
    fitted
        Array, shape (date, state): whether enough was seen there to decide; elsewhere the site stays.
    training_usd
        Mean value on the training paths, which is biased upward. [USD]
    n_left_out
        Terms left out because drivers did not vary independently, over all fits.
    n_fit
        Fits made.
    """

    outline: Outline
    follows: Plan | None
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p10: NDArray[np.float64]
    p50: NDArray[np.float64]
    p90: NDArray[np.float64]
    coef_usd: NDArray[np.float64]
    band_usd: NDArray[np.float64]
    fitted: NDArray[np.bool_]
    training_usd: float
    n_left_out: int
    n_fit: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of its results should know."""
        out = []
        if self.follows is not None:
            out.append(f"no fit did better in training than the fixed plan {self.follows.name!r}, which is followed")
        if self.n_left_out:
            out.append(
                f"{self.n_left_out} polynomial terms in {self.n_fit} fits were left out: "
                "the drivers do not vary independently there"
            )
        return tuple(out)

    def terms(self, date: int, drivers: Drivers) -> NDArray[np.float64]:
        """Polynomial terms, shape (term, draw), of drivers of shape (driver, draw) on a date."""
        return basis.terms(_scaled(drivers, *(a[date] for a in (self.centre, self.scale, self.low, self.high))))

    def gains(
        self, date: int, state: int, values: NDArray[np.float64], costs: Sequence[NDArray[np.float64] | None]
    ) -> NDArray[np.float64]:
        """What each switch out of a state would add to staying, at the as-of month. [USD]

        Parameters
        ----------
        date, state
            Their numbers.
        values
            Array, shape (term, draw), from :meth:`terms`.
        costs
            For each switch out of the state its cost at the as-of month, shape (draw,); None for the cost that the
            training paths had at such drivers. [USD]

        Returns
        -------
        array, shape (switch, draw)
        """
        out = self._gains(0, date, state, values, costs)
        near = np.flatnonzero(np.abs(out.max(axis=0)) <= self.band_usd[date, state])
        if len(near):
            some = values[:, near]
            out[:, near] = self._gains(1, date, state, some, [None if c is None else c[near] for c in costs])
        return out

    def _gains(
        self,
        fit: int,
        date: int,
        state: int,
        values: NDArray[np.float64],
        costs: Sequence[NDArray[np.float64] | None],
    ) -> NDArray[np.float64]:
        coef, n_state = self.coef_usd[fit, date], len(self.outline.states)
        ways, n_way = self.outline.ways_out[state], len(self.outline.switches)
        stay = basis.combine(coef[state], values)
        out = np.empty((len(ways), values.shape[1]))
        for row, (way, cost) in enumerate(zip(ways, costs, strict=True)):
            paid = basis.combine(coef[n_state + n_way + way], values) if cost is None else cost
            np.subtract(basis.combine(coef[n_state + way], values), paid, out=out[row])
            out[row] -= stay
        return out

    def decision(self, state: str, date: int, drivers: Mapping[str, float], cost_usd: Mapping[str, float] = {}) -> str:
        """What to do at one point: the name of a switch, or ``stay``.

        Parameters
        ----------
        state, date
            Name of the state, and number of the date.
        drivers
            Name to value, in the driver's unit.
        cost_usd
            Switch to its cost, as at the as-of month; by default what the training paths had at such drivers. [USD]

        Notes
        -----
        Every switch out of the state is taken to be allowed.
        """
        point = np.array([[drivers[name]] for name in self.outline.drivers])
        ways = self.outline.ways_out[self.outline.states.index(state)]
        names = [self.outline.switches[way][0] for way in ways]
        costs = [np.array([cost_usd[name]]) if name in cost_usd else None for name in names]
        chosen = self.choose(date, self.outline.states.index(state), point, costs, [np.array([True])] * len(ways))
        return STAY if chosen[0] < 0 else self.outline.switches[chosen[0]][0]

    def choose(
        self,
        date: int,
        state: int,
        drivers: Drivers,
        costs: Sequence[NDArray[np.float64] | None],
        allowed: Sequence[NDArray[np.bool_]],
    ) -> NDArray[np.int64]:
        """Number of the switch to make in each draw, -1 to stay.

        Parameters
        ----------
        date, state
            Their numbers.
        drivers
            Array, shape (driver, draw).
        costs, allowed
            For each switch out of the state, shape (draw,); costs as in :meth:`gains`. [USD]
        """
        ways = self.outline.ways_out[state]
        if self.follows is not None:
            return planned(self.outline, self.follows, date, state, allowed, drivers.shape[1])
        if not ways or not self.fitted[date, state]:
            return np.full(drivers.shape[1], -1)
        return _best(self.gains(date, state, self.terms(date, drivers), costs), ways, allowed)


def _best(gains: NDArray[np.float64], ways: Sequence[int], allowed: Sequence[NDArray[np.bool_]]) -> NDArray[np.int64]:
    """The switch that adds most, of those allowed that add anything."""
    open_gains = np.where(np.stack(allowed), gains, -np.inf)
    first = open_gains.argmax(axis=0)
    return np.where(open_gains.max(axis=0) > 0.0, np.asarray(ways)[first], -1)


def _scaled(
    drivers: NDArray[np.float64],
    centre: NDArray[np.float64],
    scale: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    held = np.clip(drivers, low[:, None], high[:, None]) - centre[:, None]
    return np.divide(held, scale[:, None], out=np.zeros_like(held), where=scale[:, None] > 0.0)


_Known = tuple[NDArray[np.float64], NDArray[np.float64], list[NDArray[np.float64]]]
"""On the paths of a fit: terms, targets, and the news of the first targets."""


class _Fitting:
    """The backward pass: holds what it fills in until the policy is complete."""

    def __init__(self, problem: SwitchProblem, money: Present, degree: int) -> None:
        self.outline, self.money, self.degree = problem.outline, money, degree
        self.ways, self.targets, self.lags = self.outline.ways_out, self.outline.targets, self.outline.lags
        seen = np.stack([*problem.drivers.values()], axis=1)
        self.low, self.high = seen.min(axis=2), seen.max(axis=2)
        self.percentiles = np.quantile(seen, (0.1, 0.5, 0.9), axis=2)
        self.centre, spread = seen.mean(axis=2), seen.std(axis=2)
        self.scale = np.where(spread > STEADY_RATIO * np.abs(self.centre), spread, 0.0)
        n_state, n_way, n_date = len(problem.states), len(problem.switches), problem.n_date
        n_term = len(basis.exponents(len(problem.drivers)))
        self.coef = np.zeros((2, n_date, n_state + 2 * n_way, n_term))
        self.band = np.full((n_date, n_state), -1.0)
        self.fitted = np.zeros((n_date, n_state), dtype=np.bool_)
        self.worth = np.empty((n_date + 1, n_state, problem.n_draw))
        self.worth[n_date] = money.terminal_usd
        self.n_left_out = self.n_fit = 0
        scales = zip(seen, self.centre, self.scale, self.low, self.high, strict=True)
        self.scaled = [_scaled(*of_date) for of_date in scales]
        self.news = NewsAhead(problem, money, self.scaled)

    def policy(self, follows: Plan | None, training_usd: float) -> Policy:
        return Policy(
            outline=self.outline,
            follows=follows,
            centre=self.centre,
            scale=self.scale,
            low=self.low,
            high=self.high,
            p10=self.percentiles[0],
            p50=self.percentiles[1],
            p90=self.percentiles[2],
            coef_usd=self.coef,
            band_usd=self.band,
            fitted=self.fitted,
            training_usd=training_usd,
            n_left_out=self.n_left_out,
            n_fit=self.n_fit,
        )

    def date(self, date: int) -> None:
        """Fit every state on one date, decide on each path, and keep the cash that follows."""
        money, after = self.money, self.worth[date + 1]
        values = basis.terms(self.scaled[date])
        stay = money.cash_usd[:, date] + after
        self.news.begin(date)
        went = []
        for way, (target, lag) in enumerate(zip(self.targets, self.lags, strict=True)):
            landed = stay[target] if lag == 0 else self.worth[min(date + lag, len(self.worth) - 1), target]
            went.append(landed + money.earned_usd[way][date])
        for state, ways in enumerate(self.ways):
            self.worth[date, state] = stay[state]
            relevant = np.logical_or.reduce([money.allowed[way][date] for way in ways]) if ways else np.zeros(1, bool)
            if not relevant.any():
                continue
            on = np.flatnonzero(relevant)
            costs = [money.cost_usd[way][date][on] for way in ways]
            targets = np.stack([stay[state][on], *(went[way][on] for way in ways), *costs])
            allowed = [money.allowed[way][date][on] for way in ways]
            chosen = self._fit_state(date, state, (values[:, on], targets, self.news.of(date, state, on)), allowed)
            for row, way in enumerate(ways):
                gone = np.flatnonzero(chosen == way)
                self.worth[date, state, on[gone]] = targets[1 + row, gone] - costs[row][gone]
                self.news.decide(date, state, way, on[gone])

    def _fit_state(
        self,
        date: int,
        state: int,
        known: _Known,
        allowed: Sequence[NDArray[np.bool_]],
    ) -> NDArray[np.int64]:
        """Both fits of one state, and what they decide on the paths they were made on."""
        values, targets, news = known
        ways, n_way = self.ways[state], len(self.ways[state])
        costs = targets[1 + n_way :]
        self.fitted[date, state] = True
        self._fit(0, date, state, known)
        fit = self.policy(None, 0.0)
        gains = fit._gains(0, date, state, values, [*costs])
        best = np.abs(gains.max(axis=0))
        near = best <= np.quantile(best, NEAR_FRAC)
        if basis.n_terms(len(self.outline.drivers), int(near.sum()), self.degree) > 1:
            self._fit(1, date, state, (values[:, near], targets[:, near], [heard[:, near] for heard in news]))
            self.band[date, state] = best[near].max()
            gains[:, near] = fit._gains(1, date, state, values[:, near], [*costs[:, near]])
        return _best(gains, ways, allowed)

    def _fit(self, fit: int, date: int, state: int, known: _Known) -> None:
        values, targets, news = known
        n_state, n_way = len(self.outline.states), len(self.outline.switches)
        ways = self.ways[state]
        rows = [state, *(n_state + way for way in ways), *(n_state + n_way + way for way in ways)]
        n = basis.n_terms(len(self.outline.drivers), values.shape[1], self.degree)
        coef, n_left_out = basis.least_squares(values[:n], targets, news)
        self.coef[fit, date, rows, :n] = coef
        self.n_left_out += n_left_out
        self.n_fit += 1


def fit_policy(problem: SwitchProblem, degree: int = basis.DEGREE) -> Policy:
    """Fit the policy of a problem on its training paths, by least-squares Monte Carlo.

    Parameters
    ----------
    problem
        The problem on a fixed set of paths of its own, some 4,096.
    degree
        Highest degree of the polynomials.

    Returns
    -------
    Policy
        It decides on fresh paths; see :func:`~wattworth.options.pricing.price`.

    Notes
    -----
    Backward over the dates. In each state the money that followed on each path, under the decisions already fitted
    for later dates, is regressed on polynomials in the drivers of that date, over the paths where some switch is
    allowed: once over all of them, then over the half where the choice is closest, and there the second fit
    decides. Realised money is carried back, not fitted values, whose errors would pile up [1]_. Where the problem
    gives surprises, what they explain of that money is taken out of the noise of the fits. If a fixed plan has the
    higher mean on these paths, the policy is that plan.

    References
    ----------
    .. [1] Longstaff and Schwartz, "Valuing American options by simulation: a simple least-squares approach",
       Review of Financial Studies 14 (2001).
    """
    money = present(problem)
    fitting = _Fitting(problem, money, degree)
    for date in range(problem.n_date - 1, -1, -1):
        fitting.date(date)
    own = float(fitting.worth[0, 0].mean())
    plan, plan_usd = best_plan(problem, money)
    return fitting.policy(plan if plan_usd > own else None, max(own, plan_usd))
