"""How well a sized supply with whole units serves, the battery standing in for units that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wattworth.supply.case_system import GRID, PowerCase
from wattworth.supply.reliability import Adequacy, Units, adequacy
from wattworth.supply.reliability_year import Mended, Schedule, adequacy_with_battery
from wattworth.supply.system import Sizing, System
from wattworth.units import HOURS_PER_YEAR

UNITS_ALONE: Final = "exact, by the units that are up (binomial); no battery"
"""Method where there is no battery."""

CHAIN: Final = "chain by the hour: the battery keeps to its schedule of least cost and stands in for units that fail"
"""Method with one battery."""

SEVERAL: Final = (
    "exact, by the units that are up (binomial); several batteries keep to their schedule and do not stand in"
)
"""Method with several batteries."""

NO_UNIT: Final = "no unit is needed in any hour"
"""Where sun, wind and battery do all."""

_NO_MW = 1e-6


class Counted(Protocol):
    """Whole units of one source."""

    @property
    def n_unit(self) -> int:
        """How many there are."""
        ...


@dataclass(frozen=True, slots=True)
class Reached:
    """How well a supply serves.

    Attributes
    ----------
    adequacy
        Shares of all that is demanded, forced outages of units and of the grid in it.
    method
        How it was found, in words.
    """

    adequacy: Adequacy
    method: str


def left_over_mw(system: System, sizing: Sizing, units: Mapping[str, object]) -> NDArray[np.float64]:
    """What firm sources and the grid must give in each hour, unserved load in it. [MW]"""
    out = sizing.dispatch.unserved_mw.copy()
    for source, used in zip(system.sources, sizing.dispatch.source_mw, strict=True):
        if source.name in units or source.name == GRID:
            out += used
    return out


def needed_mw(case: PowerCase, sizing: Sizing) -> NDArray[np.float64]:
    """What units must give in each hour, and what the grid holds back of what is connected. [MW]

    The grid counts as one unit of all that is connected, so what it interrupts is asked of the others.
    """
    out = left_over_mw(case.system, sizing, case.units)
    for source, mw in zip(case.system.sources, sizing.design.source_mw, strict=True):
        if source.name == GRID and mw > _NO_MW:
            out = out + mw * (1.0 - source.available_frac)
    return out


def kinds_of(case: PowerCase, sizing: Sizing, counts: Mapping[str, Counted]) -> list[Mended]:
    """Kinds of units that stand, derated, and the grid as one."""
    out = []
    for name, count in counts.items():
        size = case.units[name]
        if count.n_unit:
            given = Units(name, count.n_unit, size.unit_mw * size.derate_frac, size.up_frac)
            out.append(Mended(given, size.repair_h))
    grid = case.file.keys.grid
    for source, mw in zip(case.system.sources, sizing.design.source_mw, strict=True):
        if grid is not None and source.name == GRID and mw > _NO_MW:
            out.append(Mended(Units(GRID, 1, mw, 1.0 - grid.forced_outage_frac), grid.outage_h or 1.0))
    return out


def reached(case: PowerCase, sizing: Sizing, counts: Mapping[str, Counted]) -> Reached:
    """How well a sizing with whole units serves.

    Parameters
    ----------
    case
        Its case.
    sizing
        Its hours say what units must give and how the battery runs.
    counts
        Whole units by source.

    Notes
    -----
    One battery stands in for units that fail (:func:`~wattworth.supply.reliability_year.adequacy_with_battery`); where
    there are several, they keep to their schedule.
    """
    system = case.system
    load = needed_mw(case, sizing)
    if float(load.max()) <= _NO_MW:
        return Reached(Adequacy(1.0, 0.0, 0.0, 0.0), NO_UNIT)
    kinds = kinds_of(case, sizing, counts)
    built = [mwh for mwh in sizing.design.store_mwh if mwh > _NO_MW]
    if len(built) == 1:
        found, method = adequacy_with_battery(_schedule(case, sizing, load), kinds), CHAIN
    else:
        found, method = adequacy(load, [kind.units for kind in kinds]), SEVERAL if built else UNITS_ALONE
    unserved = found.unserved_frac * float(load.sum()) / float(system.load_mw.sum())
    mwh = unserved * float(system.load_mw.mean()) * HOURS_PER_YEAR
    return Reached(replace(found, unserved_frac=unserved, unserved_mwh_per_year=mwh), method)


def _schedule(case: PowerCase, sizing: Sizing, load: NDArray[np.float64]) -> Schedule:
    """The run of the battery that is built, and what units must give beside it."""
    system, dispatch = case.system, sizing.dispatch
    surplus = np.zeros(system.n_hour)
    for source, mw, used in zip(system.sources, sizing.design.source_mw, dispatch.source_mw, strict=True):
        if source.name not in case.units and source.name != GRID:
            surplus += np.maximum(mw * source.available_frac - used, 0.0)
    own = int(np.argmax(sizing.design.store_mwh))
    store = system.stores[own]
    return Schedule(
        load,
        surplus,
        dispatch.charge_mw[own],
        dispatch.discharge_mw[own],
        dispatch.content_mwh[own],
        sizing.design.store_mw[own],
        store.charge_frac,
        store.discharge_frac,
    )
