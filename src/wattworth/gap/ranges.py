"""A number's range as a distribution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.facts import pert
from wattworth.gap.numbers import Number, Shape

_GRID: Final = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, 4097))


@dataclass(frozen=True, slots=True)
class Range:
    """A distribution between two ends.

    Attributes
    ----------
    low, mode, high
        Its ends, and between them the likeliest; the middle where none is stated. In one unit.
    shape
        How it spreads.
    """

    low: float
    mode: float
    high: float
    shape: Shape

    @property
    def fixed(self) -> bool:
        """Whether it can be one number only."""
        return self.low == self.high

    @property
    def mean(self) -> float:
        """Mean, in the unit of the ends."""
        weight = {"triangular": 1.0, "pert": 4.0}.get(self.shape)
        if weight is None:
            return 0.5 * (self.low + self.high)
        return (self.low + weight * self.mode + self.high) / (2.0 + weight)

    def scaled(self, ratio: float) -> Range:
        """The same in another unit."""
        return replace(self, low=self.low * ratio, mode=self.mode * ratio, high=self.high * ratio)

    def at(self, probability_frac: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value at each probability.

        Parameters
        ----------
        probability_frac
            Array of any shape, each number from 0 to 1. [1]

        Returns
        -------
        array
            Same shape, in the unit of the ends.

        Notes
        -----
        A PERT is read from 4,097 of its quantiles, closer towards its ends, with straight lines between them: of its
        width, the mean is then off by less than 1e-6.
        """
        if self.fixed:
            return np.full(probability_frac.shape, self.low)
        if self.shape == "pert":
            return np.interp(probability_frac, _GRID, _pert_table(self.low, self.mode, self.high))
        width = self.high - self.low
        if self.shape != "triangular":
            return self.low + width * probability_frac
        left, turn = self.mode - self.low, (self.mode - self.low) / width
        rising = self.low + np.sqrt(probability_frac * (width * left))
        falling = self.high - np.sqrt((1.0 - probability_frac) * (width * (width - left)))
        return np.where(probability_frac < turn, rising, falling)


def range_of(number: Number) -> Range | None:
    """The distribution of a number; None where it states none."""
    if number.value is not None:
        return Range(number.value, number.value, number.value, "fixed")
    if number.low is None or number.high is None:
        return None
    if number.low == number.high:
        return Range(number.low, number.low, number.low, "fixed")
    if number.mode is None:
        return Range(number.low, 0.5 * (number.low + number.high), number.high, "uniform")
    return Range(number.low, number.mode, number.high, number.shape or "triangular")


@lru_cache(maxsize=256)
def _pert_table(low: float, mode: float, high: float) -> NDArray[np.float64]:
    table = pert.quantile(_GRID, low, mode, high, bounds=True)
    table.flags.writeable = False
    return table
