"""Power regions: their facts, the shape of their hours and of their year, and which site lies where."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError, StudyError
from wattworth.markets.flexible import flexible_keys
from wattworth.records import DurationCurve
from wattworth.units import MONTHS_PER_YEAR

REGION_CURVES: Final = {
    "ercot_west": "ercot_west",
    "ercot_hub": "ercot_hub",
    "nyiso_west": "nyiso_capitl",
    "caiso_np15": "caiso_np15",
    "pjm": "nyiso_capitl",
    "miso": "nyiso_capitl",
    "spp": "ercot_west",
    "serc": "nyiso_capitl",
    "tva": "flat",
    "wecc": "caiso_np15",
    "hydro_canada": "flat",
    "nordic": "nyiso_capitl",
    "other": "flat",
}
"""Region to the hours and seasons it has or borrows; ``flat`` is a tariff, the same in every hour."""

REGIONS: Final = tuple(REGION_CURVES)

_WEST_TEXAS_LON_DEG: Final = -99.5
_MARKERS: Final = {
    "ercot": "ercot_hub",
    "nyiso": "nyiso_west",
    "caiso": "caiso_np15",
    "pjm": "pjm",
    "tva": "tva",
    "miso": "miso",
    "spp": "spp",
    "serc": "serc",
    "duke": "serc",
    "southern": "serc",
    "wecc": "wecc",
    "bpa": "wecc",
}
"""Parts of a grid operator's name and the region they mean, first match first."""

_STATES: Final = {
    "ercot_hub": "TX",
    "nyiso_west": "NY",
    "caiso_np15": "CA",
    "pjm": "OH PA MD VA WV NJ DE DC IL",
    "tva": "TN KY",
    "miso": "ND MN IA WI IN MI MO AR LA",
    "spp": "OK KS NE SD",
    "serc": "GA NC SC AL FL MS",
    "wecc": "WA OR ID MT WY UT CO NV AZ NM",
}
"""Where a site of the United States lies when its operator is not stated."""

_COUNTRIES: Final = {"CA": "hydro_canada", "NO": "nordic", "SE": "nordic", "FI": "nordic", "IS": "nordic"}


class Placed(Protocol):
    """What a site says about where its power is priced."""

    @property
    def site_id(self) -> str: ...  # noqa: D102
    @property
    def market_region(self) -> str | None: ...  # noqa: D102
    @property
    def iso(self) -> str | None: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102
    @property
    def state(self) -> str | None: ...  # noqa: D102
    @property
    def lon_deg(self) -> float | None: ...  # noqa: D102


def market_region(site: Placed) -> str:
    """Power region of a site: what it states, else by its grid operator, its state or its country.

    Raises
    ------
    StudyError
        If the stated region is not known.
    """
    if site.market_region:
        return known_region(site.market_region, f"site {site.site_id}")
    operator = (site.iso or "").lower()
    region = next((found for marker, found in _MARKERS.items() if marker in operator), None)
    if region is None and site.country == "US":
        region = next((found for found, states in _STATES.items() if (site.state or "-") in states.split()), None)
    if region == "ercot_hub" and site.lon_deg is not None and site.lon_deg < _WEST_TEXAS_LON_DEG:
        return "ercot_west"
    return region or _COUNTRIES.get(site.country or "", "other")


def known_region(region: str, where: str) -> str:
    """Return the region if it exists; StudyError with the nearest name if not."""
    if region in REGION_CURVES:
        return region
    near = get_close_matches(region, REGIONS, 1)
    hint = f'did you mean "{near[0]}"?' if near else f"known regions: {', '.join(REGIONS)}"
    raise StudyError(f'{where}: unknown market_region "{region}"; {hint}')


def level_key(region: str) -> str:
    """Fact with a region's mean wholesale price in the as-of year [$/MWh]."""
    return f"power_{region}.level"


def adder_key(region: str) -> str:
    """Fact with what delivery adds to the wholesale price [$/MWh]."""
    return f"power_{region}.delivery_adder"


def region_keys(region: str) -> tuple[str, ...]:
    """Every fact of one region that a draw of its prices reads, the adder and flexible load with them."""
    known_region(region, "power facts")
    prefix = f"power_{region}"
    own = (level_key(region), adder_key(region), f"{prefix}.volatility", f"{prefix}.mean_reversion")
    return (*own, *flexible_keys(region))


@dataclass(frozen=True, slots=True)
class RegionShape:
    """How a region's month spreads over its hours, and its year over its months."""

    curve: DurationCurve
    season_ratio: NDArray[np.float64]


@cache
def region_shape(region: str) -> RegionShape:
    """Shape of a region from the packaged tables, mean exactly one."""
    name = REGION_CURVES[known_region(region, "power curves")]
    if name == "flat":
        return RegionShape(DurationCurve(np.ones(1), np.ones(1)), np.ones(MONTHS_PER_YEAR))
    rows = [row for row in _table("power_curves.csv") if row["curve"] == name]
    season = np.array([float(row["ratio"]) for row in _table("power_seasons.csv") if row["curve"] == name])
    ratio = np.array([float(row["price_ratio"]) for row in rows])
    share = np.array([float(row["hours_frac"]) for row in rows])
    if season.size != MONTHS_PER_YEAR or ratio.size == 0 or np.any(np.diff(ratio) <= 0) or np.any(share <= 0):
        raise DataError(f'packaged curve "{name}" is damaged: reinstall the package')
    share = share / share.sum()
    return RegionShape(DurationCurve(ratio / (ratio * share).sum(), share), season / season.mean())


@cache
def _table(name: str) -> list[dict[str, str]]:
    path = resources.files("wattworth.facts") / "data" / "tables" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
