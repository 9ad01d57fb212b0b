"""From shipments of chips to gigawatts.

Gigawatts at the meter are chips times their share in the country, power of a chip with its server and network, gross
power over critical IT, and the share of full power that all draw at once. A chip is powered some months after its
shipment and retired some years after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import uniforms
from wattworth.errors import DataError
from wattworth.facts import Fact
from wattworth.gap.curves import SupplyCurve
from wattworth.records import CHUNK_DRAWS
from wattworth.units import HOURS_PER_YEAR, MONTHS_PER_YEAR

FACTS: Final = {
    "us_share_frac": "ai_chips.us_share",
    "kw_per_chip_it": "H100.all_in_kw_critical_it",
    "gross_per_it": "ai_chips.gross_per_it",
    "utilisation_frac": "ai_chips.utilisation",
    "lag_months": "ai_chips.lag",
    "life_years": "ai_campus_1gw.it_life",
}
"""Field of :class:`ChipTerms` to the fact behind it."""

KW_PER_GW: Final = 1e6


@dataclass(frozen=True, slots=True)
class ChipTerms:
    """What turns a shipment into power.

    Attributes
    ----------
    us_share_frac
        Share of the chips that is switched on in the country. [1]
    kw_per_chip_it
        Critical IT power of one chip, its part of server and network in it. [kW]
    gross_per_it
        Power at the meter per critical IT. [1]
    utilisation_frac
        Share of full power that all draw at once. [1]
    lag_months
        From shipment to power. [month]
    life_years
        From power to retirement. [year]
    """

    us_share_frac: float
    kw_per_chip_it: float
    gross_per_it: float
    utilisation_frac: float
    lag_months: float
    life_years: float

    @staticmethod
    def of(facts: Mapping[str, Fact]) -> ChipTerms:
        """Terms at the values of their facts."""
        return ChipTerms(**{name: facts[key].value for name, key in FACTS.items()})


@dataclass(frozen=True, slots=True)
class ChipPath:
    """Power of a fleet of chips at the end of each year. [GW]

    Attributes
    ----------
    years
        Calendar years.
    added_gw, retired_gw
        Switched on and off within the year.
    installed_gw
        Running at its end.
    """

    years: tuple[int, ...]
    added_gw: tuple[float, ...]
    retired_gw: tuple[float, ...]
    installed_gw: tuple[float, ...]


def chips_gw(
    number: float,
    kw_per_chip_it: float,
    *,
    us_share_frac: float = 1.0,
    gross_per_it: float = 1.0,
    utilisation_frac: float = 1.0,
) -> float:
    """Power of a number of chips.

    Parameters
    ----------
    number
        Chips, in millions.
    kw_per_chip_it
        Critical IT power of one, server and network in it. [kW]
    us_share_frac
        Share of them in the country; 1 for all. [1]
    gross_per_it
        Power at the meter per critical IT; 1 gives critical IT. [1]
    utilisation_frac
        Share of full power that all draw at once; 1 gives the capacity they need. [1]

    Returns
    -------
    float
        [GW]

    Examples
    --------
    >>> round(chips_gw(5.0, 1.37, us_share_frac=0.6, gross_per_it=1.3, utilisation_frac=0.7), 5)
    3.7401
    """
    return number * 1e6 * us_share_frac * kw_per_chip_it * gross_per_it * utilisation_frac / KW_PER_GW


def all_in_kw(tdp_kw: float, overhead_frac: float) -> float:
    """Critical IT power of a chip with its part of server and network. [kW]

    Parameters
    ----------
    tdp_kw
        Rated power of the chip alone. [kW]
    overhead_frac
        Power of server and network over it. [1]
    """
    return tdp_kw * (1.0 + overhead_frac)


def chip_mwh_per_year(tdp_kw: float, utilisation_frac: float) -> float:
    """Energy of one chip in a year, server and cooling apart. [MWh/year]

    Examples
    --------
    >>> round(chip_mwh_per_year(0.7, 0.7), 2)
    4.29
    """
    return tdp_kw * utilisation_frac * HOURS_PER_YEAR / 1e3


def chip_path(million_chips: Mapping[int, float], terms: ChipTerms, last_year: int | None = None) -> ChipPath:
    """Power of yearly shipments, each spread evenly over its year.

    Parameters
    ----------
    million_chips
        Calendar year to chips shipped in the world, in millions.
    terms
        What turns them into power.
    last_year
        Last year of the path; None is the last of the shipments.

    Raises
    ------
    DataError
        If no shipment is given or one is negative.
    """
    if not million_chips or min(million_chips.values()) < 0:
        raise DataError("shipments need a year with a number of millions, 0 or more")
    first, last = min(million_chips), max(million_chips) if last_year is None else last_year
    ends = np.arange(first - 1, last + 1) + 1.0
    lag = terms.lag_months / MONTHS_PER_YEAR
    on, off = np.zeros(ends.size), np.zeros(ends.size)
    for year, million in million_chips.items():
        gw = chips_gw(
            million,
            terms.kw_per_chip_it,
            us_share_frac=terms.us_share_frac,
            gross_per_it=terms.gross_per_it,
            utilisation_frac=terms.utilisation_frac,
        )
        on += gw * np.clip(ends - year - lag, 0.0, 1.0)
        off += gw * np.clip(ends - year - lag - terms.life_years, 0.0, 1.0)
    return ChipPath(
        years=tuple(range(first, last + 1)),
        added_gw=tuple(np.diff(on).tolist()),
        retired_gw=tuple(np.diff(off).tolist()),
        installed_gw=tuple((on - off)[1:].tolist()),
    )


def chip_draws(
    million_chips: Mapping[int, float],
    facts: Mapping[str, Fact],
    *,
    draws: int = 4_096,
    seed: int = 7,
    last_year: int | None = None,
) -> SupplyCurve:
    """Installed power of shipments as a distribution, each fact drawn over its range for itself.

    Parameters
    ----------
    million_chips, last_year
        As for :func:`chip_path`.
    facts
        With the keys of :data:`FACTS`.
    draws, seed
        Rounded up to whole chunks of 256; of the random numbers.

    Returns
    -------
    SupplyCurve
        Its ``gw`` is demand, not supply: shape (year, draw). [GW]
    """
    chunks = range(-(-draws // CHUNK_DRAWS))
    drawn: dict[str, NDArray[np.float64]] = {
        name: facts[key].quantile(uniforms(seed, f"gap:chips:{name}", chunks, 1)[0]) for name, key in FACTS.items()
    }
    names = [field.name for field in fields(ChipTerms)]
    rows = zip(*(drawn[name] for name in names), strict=True)
    paths = [
        chip_path(million_chips, ChipTerms(**dict(zip(names, map(float, row), strict=True))), last_year) for row in rows
    ]
    gw = np.array([path.installed_gw for path in paths]).T
    note = "installed power of chips; the US share is an assumption, printed nowhere"
    return SupplyCurve("chips", "Chips", "other", paths[0].years, gw, note)
