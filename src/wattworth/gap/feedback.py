"""What scarcity does to rents: off unless asked for, and an assumption where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Final, Literal

from wattworth.errors import DataError
from wattworth.facts import Fact
from wattworth.study import Override, Study

ELASTICITY_KEY: Final = "rent.scarcity_elasticity"
LEVEL_KEY: Final = "lease_landlord_pays_capex.rent_year1"
DRIFT_KEY: Final = "rent.growth"


@dataclass(frozen=True, slots=True)
class Scarcity:
    """One round of what a net gap does to rents, and the rents to the sites and the gap.

    Attributes
    ----------
    elasticity_ratio, confidence, source
        Percent of rent for each percent of demand over supply, and where it comes from. [1]
    rent_ratio
        Rent of a new lease over that of a balanced market. [1]
    net_before_gw, net_after_gw
        Mean net gap at the rents of today, and at those that it leads to. [GW]
    sites_before_gw, sites_after_gw
        Mean supply of the sites before and after. [GW]
    value_before_usd, value_after_usd
        Mean value of the study before and after. [USD]
    """

    elasticity_ratio: float
    confidence: str
    source: str
    rent_ratio: float
    net_before_gw: float
    net_after_gw: float
    sites_before_gw: float
    sites_after_gw: float
    value_before_usd: float
    value_after_usd: float


def rent_ratio(demand_gw: float, net_gap_gw: float, elasticity_ratio: float) -> float:
    """What a net gap does to the rent of a new lease.

    Parameters
    ----------
    demand_gw, net_gap_gw
        Demand, and what nothing meets; a surplus is below nought. [GW]
    elasticity_ratio
        Percent of rent for each percent of demand over supply. [1]

    Returns
    -------
    float
        Rent over the rent of a balanced market: (demand / (demand - gap)) to the power of the elasticity. [1]

    Raises
    ------
    DataError
        If demand is not above nought, or the gap is all of it.

    Examples
    --------
    >>> round(rent_ratio(69.0, 3.025, 0.5), 4)
    1.0227
    """
    if demand_gw <= 0 or net_gap_gw >= demand_gw:
        raise DataError(f"demand of {demand_gw:g} GW and a net gap of {net_gap_gw:g} GW leave no supply to compare")
    return (demand_gw / (demand_gw - net_gap_gw)) ** elasticity_ratio


def with_scarcity(
    study: Study,
    facts: Mapping[str, Fact],
    ratio: float,
    *,
    how: Literal["level", "drift"] = "level",
    over_years: float = 1.0,
) -> Study:
    """A study whose new leases feel a shortage.

    Parameters
    ----------
    study
        A study already read.
    facts
        Packaged facts, for what the study does not change itself.
    ratio
        From :func:`rent_ratio`. [1]
    how
        ``level``: the rent of today moves at once; ``drift``: it moves over some years.
    over_years
        Years of the drift. [year]

    Returns
    -------
    Study
        With one fact overridden as an assumption; the study's own change of it is moved, not lost.

    Raises
    ------
    DataError
        If the ratio or the years are not above nought.
    """
    if ratio <= 0 or over_years <= 0:
        raise DataError(f"got a rent ratio of {ratio:g} over {over_years:g} years, need both above 0")
    key = LEVEL_KEY if how == "level" else DRIFT_KEY
    present = study.overrides.get(key)
    fact = facts[key]
    low, value, high = (
        (fact.low, fact.value, fact.high) if present is None else (present.low, present.value, present.high)
    )
    year = fact.money_year if present is None else present.money_year
    step = log(ratio) / over_years

    def moved(number: float) -> float:
        return number * ratio if how == "level" else number + step

    override = Override(
        value=moved(value),
        low=None if low is None else moved(low),
        high=None if high is None else moved(high),
        money_year=year,
        source=f"scarcity: rent times {ratio:.4g}" + ("" if how == "level" else f" over {over_years:g} years"),
        confidence="assumption",
        note="from the net gap of the national balance and rent.scarcity_elasticity",
    )
    return replace(study, overrides={**study.overrides, key: override})
