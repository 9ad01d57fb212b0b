"""Money of one year in money of another: consumer prices, or the plant cost index where stated."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from wattworth.errors import FactError

CONSUMER_PRICES: Final = "cpi_u"
"""Index of every fact that names no other."""


@dataclass(frozen=True, slots=True)
class CostIndex:
    """Yearly price indices, and which facts follow another than consumer prices.

    Attributes
    ----------
    series
        Index name to year to level: ``cpi_u`` (1982-84 = 100) and ``cepci`` (1957-59 = 100).
    sector
        Fact key to the name of its index, for facts that do not follow consumer prices.
    """

    series: Mapping[str, Mapping[int, float]]
    sector: Mapping[str, str]

    @staticmethod
    def load() -> CostIndex:
        """The packaged indices."""
        return _packaged()

    def name_for(self, key: str) -> str:
        """Name of the index that a fact follows."""
        return self.sector.get(key, CONSUMER_PRICES)

    def ratio(self, from_year: int, to_year: int, name: str = CONSUMER_PRICES) -> float:
        """What one dollar of a year is in dollars of another: C_b = C_a I_b / I_a.

        Parameters
        ----------
        from_year, to_year
            Years of the money. [year]
        name
            Index, ``cpi_u`` or ``cepci``.

        Raises
        ------
        FactError
            If a year or the index is not in the table; nothing is extrapolated.

        Examples
        --------
        >>> round(1236 * CostIndex.load().ratio(2018, 2024, "cepci"), 2)
        1637.07
        """
        if name not in self.series:
            raise FactError(f'no cost index "{name}"; there are {", ".join(sorted(self.series))}')
        return self._level(name, to_year) / self._level(name, from_year)

    def _level(self, name: str, year: int) -> float:
        level = self.series[name].get(year)
        if level is None:
            years = ", ".join(map(str, sorted(self.series[name])))
            raise FactError(f"no {name} for {year}: money can be converted between the years {years}; use one of these")
        return level


@cache
def _packaged() -> CostIndex:
    years = _rows("cost_index.csv")
    series = {
        name: {int(row["year"]): float(row[name]) for row in years if row[name]} for name in (CONSUMER_PRICES, "cepci")
    }
    return CostIndex(series, {row["key"]: row["index"] for row in _rows("cost_index_use.csv")})


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("wattworth.facts") / "data" / "tables" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
