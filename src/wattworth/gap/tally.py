"""Mean, spread and quantiles of many series of draws, in memory that does not grow with their number.

Mean and deviation are exact sums in the order of the chunks. Quantiles are read from a fixed histogram between the
ends that a series cannot leave, with a straight line inside a bin: they are off by one bin at most, and a bin is
1/16,384 of that width. All of it is the same to the last bit whatever the size of a block.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CHUNK_DRAWS

BINS: Final = 16_384
"""Bins of a histogram."""

NARROWEST_GW: Final = 1e-9
"""A series whose ends are nearer than a watt is one number. [GW]"""

Array = NDArray[np.float64]


class Tally:
    """Running sums of series.

    Parameters
    ----------
    least_gw, most_gw
        Arrays, shape (series,): ends that a series cannot leave. [GW]
    """

    def __init__(self, least_gw: Array, most_gw: Array) -> None:
        self.n_draw = 0
        self._least = least_gw
        self._centre = 0.5 * (least_gw + most_gw)
        self._width = np.where(most_gw - least_gw > NARROWEST_GW, most_gw - least_gw, 0.0)
        self._counts = np.zeros((least_gw.size, BINS), dtype=np.int64)
        self._first, self._second, self._cross = np.zeros((3, least_gw.size))

    def add(self, series: list[Array], against: Array | None, n_live: int) -> None:
        """Add a block of whole chunks, of which the first draws count.

        Parameters
        ----------
        series
            Arrays, shape (draw,), in the order of the ends. [GW]
        against
            Array, shape (draw,): the series whose covariance with each is kept, less its centre. [GW]
        n_live
            Draws that count; the rest only fill the last chunk.
        """
        self.n_draw += n_live
        for row, values in enumerate(series):
            off = values - self._centre[row]
            off[n_live:] = 0.0
            self._first[row] = _carried(self._first[row], off)
            self._second[row] = _carried(self._second[row], off * off)
            if against is not None:
                self._cross[row] = _carried(self._cross[row], off * against)
            width = self._width[row]
            if width > 0:
                place = (values[:n_live] - self._least[row]) * (BINS / width)
                bins = np.clip(place, 0, BINS - 1).astype(np.int64)
                self._counts[row] += np.bincount(bins, minlength=BINS)

    def mean_gw(self, row: int) -> float:
        """Mean of a series. [GW]"""
        return float(self._centre[row] + self._first[row] / self.n_draw)

    def variance_gw(self, row: int) -> float:
        """Variance of a series, square gigawatts."""
        off = self._first[row] / self.n_draw
        return float(max(self._second[row] / self.n_draw - off * off, 0.0))

    def covariance_gw(self, row: int, with_row: int) -> float:
        """Covariance of a series with the one that was given to :meth:`add`, which is another row of this tally."""
        other = self._first[with_row] / self.n_draw
        return float(self._cross[row] / self.n_draw - other * self._first[row] / self.n_draw)

    def centre_gw(self, row: int) -> float:
        """Middle between the ends of a series. [GW]"""
        return float(self._centre[row])

    def quantile_gw(self, row: int, probability_frac: float) -> float:
        """Value below which a series falls with a given probability. [GW]"""
        width = self._width[row]
        if width <= 0:
            return float(self._least[row])
        counts = self._counts[row]
        reached = np.cumsum(counts)
        wanted = probability_frac * self.n_draw
        place = int(min(np.searchsorted(reached, wanted, side="left"), BINS - 1))
        before = reached[place] - counts[place]
        inside = (wanted - before) / counts[place] if counts[place] else 0.0
        return float(self._least[row] + (place + min(max(inside, 0.0), 1.0)) * width / BINS)

    def density(self, row: int, n_bar: int) -> tuple[list[float], list[float]]:
        """Edges [GW] and shares of a coarser histogram of a series, over the bins that hold draws."""
        counts = self._counts[row]
        held = np.flatnonzero(counts)
        if held.size == 0:
            return [float(self._least[row])] * 2, [1.0]
        width = self._width[row] / BINS
        edges = np.unique(np.linspace(held[0], held[-1] + 1, n_bar + 1).round().astype(np.int64))
        shares = np.add.reduceat(counts[: edges[-1]], edges[:-1]) / self.n_draw
        return (self._least[row] + edges * width).tolist(), shares.tolist()


def _carried(total: float, values: Array) -> float:
    """A total with values added, chunk after chunk."""
    sums = values.reshape(-1, CHUNK_DRAWS).sum(axis=1)
    return float(np.cumsum(np.concatenate(([total], sums)))[-1])
