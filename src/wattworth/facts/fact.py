"""One sourced number, and the two kinds of row that are not a number: a date and a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import FactError
from wattworth.facts import pert
from wattworth.facts.cost_index import CostIndex

Confidence = Literal["high", "medium", "low", "derived", "assumption"]
CONFIDENCES: Final[tuple[str, ...]] = get_args(Confidence)
WEAKEST_FIRST: Final = ("assumption", "low", "derived", "medium", "high")

_OTHER_CURRENCY = re.compile(r"\b(EUR|RUB|GBP|CHF|CNY|JPY|CAD|AUD|NOK|SEK)(?![A-Z])|([€£¥₽])|\b((?:C|CA|A|AU|HK)\$)")


def currency_of(unit: str) -> str | None:
    """The currency in a unit: ``$`` for US dollars, the code of another, or None.

    Examples
    --------
    >>> currency_of("$/kW-yr"), currency_of("RUB_bn"), currency_of("MW/yr")
    ('$', 'RUB', None)
    """
    other = _OTHER_CURRENCY.search(unit)
    return other[0] if other else "$" if "$" in unit else None


def in_dollars(unit: str) -> str:
    """The same unit with its currency written as US dollars.

    Examples
    --------
    >>> in_dollars("EUR/kW")
    '$/kW'
    """
    return _OTHER_CURRENCY.sub("$", unit)


def range_problems(value: float, low: float | None, high: float | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a value and its range, as pairs of column and message."""
    for column, number in (("value", value), ("low", low), ("high", high)):
        if number is not None and not isfinite(number):
            yield column, f"{number} is not a finite number"
    if low is None and high is not None:
        yield "low", "empty beside a high; fill both or neither"
    elif high is None and low is not None:
        yield "high", "empty beside a low; fill both or neither"
    elif low is not None and high is not None and not low <= value <= high:
        yield "value", f"{value:g} lies outside low {low:g} to high {high:g}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its range, unit, year of money and source.

    Attributes
    ----------
    key
        ``technology.parameter``, unique over all tables.
    value
        Central value: the mode of the range. [unit]
    low, high
        P10 and P90, or the ends where ``bounds``; both None where no range is known. [unit]
    unit
        Unit, the currency in it; fractions are ``frac``.
    money_year
        Year of the money; None where the unit holds none, or where it is money of the day and never converted.
    source, as_of
        Where the number comes from, and the date it stands for.
    confidence
        ``high``, ``medium`` or ``low`` of a published figure, ``derived`` from some, or ``assumption``.
    note
        What the number includes.
    bounds
        Whether low and high are hard ends instead of P10 and P90.
    table
        Name of the file it was read from, without suffix.
    """

    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    money_year: int | None
    source: str
    as_of: str
    confidence: Confidence
    note: str = ""
    bounds: bool = False
    table: str = ""

    def __post_init__(self) -> None:
        problems = list(range_problems(self.value, self.low, self.high))
        if problems:
            raise FactError("\n".join(f"fact {self.key}, {column}: {message}" for column, message in problems))

    def in_money_of(self, usd_year: int, index: CostIndex) -> Fact:
        """The same fact in dollars of another year.

        Parameters
        ----------
        usd_year
            Year of the money wanted. [year]
        index
            Price indices; a fact follows consumer prices unless they state another for it.

        Raises
        ------
        FactError
            If the fact is in another currency, or a year has no index.
        """
        if self.money_year is None:
            return self
        currency = currency_of(self.unit)
        if currency != "$":
            raise FactError(
                f"{self.key} is in {currency} of {self.money_year}, and no exchange rate is packaged: "
                f'state it in {in_dollars(self.unit)} of {usd_year} under "facts" of the study'
            )
        if self.money_year == usd_year:
            return self
        ratio = index.ratio(self.money_year, usd_year, index.name_for(self.key))
        return replace(
            self,
            value=self.value * ratio,
            low=None if self.low is None else self.low * ratio,
            high=None if self.high is None else self.high * ratio,
            money_year=usd_year,
        )

    def quantile(self, probability_frac: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value at each probability: a PERT over the range, or the value itself where there is none.

        Parameters
        ----------
        probability_frac
            Array of any shape, each number from 0 to 1. [1]

        Returns
        -------
        array
            Same shape. [unit]
        """
        low, high = (self.value, self.value) if self.low is None or self.high is None else (self.low, self.high)
        return pert.quantile(probability_frac, low, self.value, high, bounds=self.bounds)


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A row whose value is a day, such as the end of a licence; never usable as a number.

    Attributes
    ----------
    key
        ``technology.parameter``.
    day
        The day.
    earliest, latest
        Range, where known.
    source, as_of, confidence, note, table
        As for :class:`Fact`.
    """

    key: str
    day: date
    earliest: date | None
    latest: date | None
    source: str
    as_of: str
    confidence: Confidence
    note: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that was looked for and not found; refused as a default.

    Attributes
    ----------
    key
        ``technology.parameter``.
    as_of
        When it was looked for.
    note
        What stands in the way, or what is known instead.
    table
        Name of the file it was read from, without suffix.
    """

    key: str
    as_of: str
    note: str = ""
    table: str = ""


Entry = Fact | DatedFact | Gap
"""Any row of a parameter table."""


def weakest_first(facts: Iterable[Fact]) -> list[Fact]:
    """Facts by trust, weakest first, then by key."""
    return sorted(facts, key=lambda fact: (WEAKEST_FIRST.index(fact.confidence), fact.key))
