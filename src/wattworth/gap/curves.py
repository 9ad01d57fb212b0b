"""Supply by year and draw, in place of one of a model's sources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.gap.numbers import Kind


@dataclass(frozen=True, slots=True, eq=False)
class SupplyCurve:
    """Power that stands at the end of each year, by draw.

    Attributes
    ----------
    name, label
        Key and words for people.
    kind
        Sources of this kind are left out where the curve stands; where a model has none, it is added.
    years
        Calendar years.
    gw
        Array, shape (year, draw): whether it comes is in it. [GW]
    note
        What it counts.
    """

    name: str
    label: str
    kind: Kind
    years: tuple[int, ...]
    gw: NDArray[np.float64]
    note: str = ""

    def spread_gw(self, year: int) -> tuple[float, float, float]:
        """P5, mean and P95 at the end of a year. [GW]"""
        row = self.gw[self.years.index(year)]
        return float(np.quantile(row, 0.05)), float(row.mean()), float(np.quantile(row, 0.95))
