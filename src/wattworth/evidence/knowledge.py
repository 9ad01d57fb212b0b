"""What was known at a moment: facts dated before it, and deals announced before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import FactError
from wattworth.evidence.dates import Moment
from wattworth.evidence.deal import Deal
from wattworth.evidence.figures import FIGURES, Figure, Given
from wattworth.evidence.fit import Fit, Prior, StudentT, fit
from wattworth.evidence.tape import Tape
from wattworth.facts import Fact

ESCALATOR_KEY: Final = "prior_lease.escalator"
RISK_FREE_KEY: Final = "global.us_10y"
LEVEL_KEY: Final = "backtest.level_share"
DOF_KEY: Final = "backtest.degrees_of_freedom"
_T_SPREAD: Final = 0.9


class NoPriorError(FactError):
    """A deal comes before every prior of a figure."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A distribution and what it stands on.

    Attributes
    ----------
    distribution
        Of a new deal's figure, on the figure's additive scale.
    figure
        The figure.
    learned_from
        Deals that moved it.
    prior_key
        Fact it started from.
    """

    distribution: StudentT
    figure: Figure
    learned_from: tuple[str, ...]
    prior_key: str

    def quantile(self, probability_frac: ArrayLike) -> NDArray[np.float64]:
        """Values of the figure below which it falls with a probability. [unit of the figure]"""
        return self.figure.from_additive(self.distribution.quantile(probability_frac))


class Knowledge:
    """Everything that a prediction at a moment may use.

    Parameters
    ----------
    tape
        Deals, later ones among them: those are not looked at.
    facts
        Facts by key; a prior dated on or after the moment is refused.
    moment
        Before its first day everything used must have been known; None knows the whole tape.
    widen
        Factor on the scale of every distribution; 1 but for tests. [1]
    """

    def __init__(self, tape: Tape, facts: Mapping[str, Fact], moment: Moment | None, *, widen: float = 1.0) -> None:
        self._tape, self._facts, self._moment, self._widen = tape, facts, moment, widen
        self._fits: dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[Fit, tuple[str, ...]]] = {}

    def fact(self, keys: tuple[str, ...]) -> Fact:
        """The first of some facts that is dated early enough.

        Raises
        ------
        NoPriorError
            If none is.
        """
        for key in keys:
            fact = self._facts[key]
            if self._moment is None or _dated(fact).surely_before(self._moment):
                return fact
        when = self._moment.label if self._moment else ""
        dates = ", ".join(f"{key} of {self._facts[key].as_of}" for key in keys)
        raise NoPriorError(f"no prior is dated before {when}: there is {dates}; give an earlier one")

    @property
    def escalator_frac(self) -> float:
        """Yearly step of a rent whose step is not stated. [1/year]"""
        return self.fact((ESCALATOR_KEY,)).value

    @property
    def ratio(self) -> float:
        """Middle of gross over critical power, for rows that state only the gross. [1]"""
        figure = FIGURES["gross_to_it"]
        learnt, _ = self._learn("gross_to_it", figure.priors["any"], ())
        centre = figure.to_additive(self.fact(figure.priors["any"]).value)
        return float(figure.from_additive(centre + learnt.predict(()).centre))

    @property
    def risk_free_frac(self) -> float:
        """Long risk-free rate that a coupon stands above. [1/year]"""
        return self._facts[RISK_FREE_KEY].value

    def observations(self, name: str) -> Iterator[tuple[Deal, float]]:
        """Deals that disclosed a figure early enough, in the order they became known."""
        known = [deal for deal in self._tape.deals if self._usable(deal, name)]
        for deal in sorted(known, key=lambda deal: (deal.known(name).last, deal.deal_id)):
            value = FIGURES[name].observe(deal, self)
            if value is not None and value > 0 and self.counted(deal, name):
                yield deal, value

    def counted(self, deal: Deal, name: str) -> bool:
        """Whether a row is not an aggregate of tranches that disclose the figure themselves."""
        return deal.row.row_type != "aggregate" or not any(
            FIGURES[name].observe(tranche, self) is not None for tranche in self._tranches(deal)
        )

    def _tranches(self, deal: Deal) -> Iterator[Deal]:
        """Rows of the same tenant, announced by the day of the aggregate."""
        same = _owner_and_tenant(deal)
        for other in self._tape.deals:
            is_tranche = other.row.row_type == "deal" and other.left_out is None
            if is_tranche and _owner_and_tenant(other) == same and other.announced.first <= deal.announced.last:
                yield other

    def _usable(self, deal: Deal, name: str) -> bool:
        if not deal.scored:
            return False
        moment = self._moment
        return moment is None or (deal.announced.surely_before(moment) and deal.known(name).surely_before(moment))

    def learn(self, name: str, given: Given, groups: tuple[str, ...] | None = None) -> Learnt:
        """Distribution of a figure of a new deal.

        Parameters
        ----------
        name
            Of the figure.
        given
            A deal or a kind of deal, of which structure and groups are read.
        groups
            Groups to tell apart; None takes those given before a deal.
        """
        figure = FIGURES[name]
        told = figure.groups if groups is None else groups
        found, learned_from = self._learn(name, figure.keys(given), told)
        new = found.predict([float(getattr(given, group)) for group in told])
        shifted = StudentT(self._centre(figure, given) + new.centre, self._widen * new.scale, new.dof)
        return Learnt(shifted, figure, learned_from, self.fact(figure.keys(given)).key)

    def fitted(self, name: str, given: Given, groups: tuple[str, ...]) -> Fit:
        """The fit behind :meth:`learn`: the effects of its groups."""
        return self._learn(name, FIGURES[name].keys(given), groups)[0]

    def _learn(self, name: str, keys: tuple[str, ...], groups: tuple[str, ...]) -> tuple[Fit, tuple[str, ...]]:
        if (name, keys, groups) not in self._fits:
            figure = FIGURES[name]
            seen = list(self.observations(name))
            values = [float(figure.to_additive(value) - self._centre(figure, deal)) for deal, value in seen]
            member = [[float(getattr(deal, group)) for group in groups] for deal, _ in seen]
            found = fit(values, member, self._prior(figure, keys), len(groups))
            self._fits[name, keys, groups] = found, tuple(deal.deal_id for deal, _ in seen)
        return self._fits[name, keys, groups]

    def _centre(self, figure: Figure, deal: Given) -> float:
        return float(figure.to_additive(self.fact(figure.keys(deal)).value))

    def _prior(self, figure: Figure, keys: tuple[str, ...]) -> Prior:
        fact, dof = self.fact(keys), self._facts[DOF_KEY].value
        if fact.low is None or fact.high is None:
            raise FactError(f"fact {fact.key} has no range; a prior needs a low and a high")
        spread = float(figure.to_additive(fact.high) - figure.to_additive(fact.low))
        half = float(StudentT(0.0, 1.0, dof).quantile(_T_SPREAD))
        return Prior(spread / (2.0 * half), self._facts[LEVEL_KEY].value, dof)


def _owner_and_tenant(deal: Deal) -> tuple[str, str, str | None]:
    return deal.group, deal.row.company, deal.row.counterparty


def _dated(fact: Fact) -> Moment:
    try:
        return Moment.parse(fact.as_of)
    except ValueError as error:
        raise FactError(f"fact {fact.key}, as_of: {error}; a prior needs one date") from error
