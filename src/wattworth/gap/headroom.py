"""How much new load the grid could take if the load steps back for a few hours: printed points, joined inside only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from wattworth.errors import DataError
from wattworth.facts import Fact

POINTS: Final = {
    0.0025: "headroom_us.at_0-25_pct",
    0.005: "headroom_us.at_0-5_pct",
    0.01: "headroom_us.at_1_pct",
    0.05: "headroom_us.at_5_pct",
}
"""Yearly share of its energy that the new load goes without, to the fact with the headroom. [1]"""

_AREAS: Final = "headroom_half_percent."


@dataclass(frozen=True, slots=True)
class Headroom:
    """New load that fits under peaks met before, at a stated curtailment.

    Attributes
    ----------
    curtailment_frac
        Share of its yearly energy that the new load goes without. [1]
    gw
        Headroom. [GW]
    printed
        Whether the point is printed, and not read from the line between two that are.
    source, as_of
        Who printed it.
    note
        What it leaves out.
    """

    curtailment_frac: float
    gw: float
    printed: bool
    source: str
    as_of: str
    note: str


def headroom(curtailment_frac: float, facts: Mapping[str, Fact]) -> Headroom:
    """Flexible-load headroom of the United States at a curtailment.

    Parameters
    ----------
    curtailment_frac
        From the lowest to the highest that is printed, 0.0025 to 0.05; between two a straight line. [1]
    facts
        With the keys of :data:`POINTS`.

    Raises
    ------
    DataError
        If the curtailment lies outside what is printed: nothing is extended.
    """
    rates = sorted(POINTS)
    if not rates[0] <= curtailment_frac <= rates[-1]:
        raise DataError(
            f"headroom is printed for {rates[0]:.2%} to {rates[-1]:.0%} of curtailment, got {curtailment_frac:.2%}; "
            "nothing is extended beyond"
        )
    points = [facts[POINTS[rate]] for rate in rates]
    gw = float(np.interp(curtailment_frac, rates, [point.value for point in points]))
    first = points[0]
    note = "peaks met before are the only limit: no wires, fuel or reserves; an upper bound, not supply that is built"
    return Headroom(curtailment_frac, gw, curtailment_frac in POINTS, first.source, first.as_of, note)


def area_headroom_gw(facts: Mapping[str, Fact]) -> dict[str, float]:
    """Headroom of each balancing area at 0.5 % of curtailment, largest first. [GW]"""
    found = {key.removeprefix(_AREAS): fact.value for key, fact in facts.items() if key.startswith(_AREAS)}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
