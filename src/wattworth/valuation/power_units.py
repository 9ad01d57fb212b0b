"""Whole units for a sized supply: spares until the target holds, whatever sun, wind and battery leave over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import GRID, PowerCase
from wattworth.supply.reliability import Adequacy, Units, adequacy
from wattworth.supply.system import Sizing, System
from wattworth.supply.units import ReliabilityTarget, units_for_load, units_needed
from wattworth.units import HOURS_PER_YEAR

_NO_MW = 1e-6
_WHOLE = 1e-9


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Units of one firm source.

    Attributes
    ----------
    n_load, n_spare
        Units that carry the highest load left over with all of them up, and those beyond: N and k.
    unit_mw
        Size of one on its plate. [MW]
    """

    n_load: int
    n_spare: int
    unit_mw: float

    @property
    def n_unit(self) -> int:
        """All of them."""
        return self.n_load + self.n_spare

    @property
    def installed_mw(self) -> float:
        """Their size on the plate. [MW]"""
        return self.n_unit * self.unit_mw


@dataclass(frozen=True, slots=True)
class Firmness:
    """Whole units of a design, and how well they serve.

    Attributes
    ----------
    units
        By source.
    adequacy
        Shares of all that is demanded, forced outages of the units and of the grid in it.
    """

    units: Mapping[str, UnitCount]
    adequacy: Adequacy


def left_over_mw(system: System, sizing: Sizing, units: Mapping[str, object]) -> NDArray[np.float64]:
    """What firm sources and the grid must give in each hour, unserved load in it. [MW]"""
    out = sizing.dispatch.unserved_mw.copy()
    for source, used in zip(system.sources, sizing.dispatch.source_mw, strict=True):
        if source.name in units or source.name == GRID:
            out += used
    return out


def firm_up(case: PowerCase, system: System, sizing: Sizing, design: DesignKeys) -> Firmness:
    """Whole units that carry a sizing, with spares until the target holds.

    Parameters
    ----------
    case
        Units and target.
    system, sizing
        What was sized; its hours say what the units must give.
    design
        Sources whose megawatts it names get no spares: they stand as they are, and are flagged if they fall short.

    Raises
    ------
    SolveError
        If no number of units reaches the target.
    """
    load = left_over_mw(system, sizing, case.units)
    demanded = float(system.load_mw.sum())
    sized = {s.name: mw for s, mw in zip(system.sources, sizing.design.source_mw, strict=True)}
    counts = {name: _plain(sized[name], case, name) for name in case.units}
    if float(load.max()) <= _NO_MW:
        return Firmness(counts, Adequacy(1.0, 0.0, 0.0, 0.0))
    free = [name for name in counts if getattr(design, f"{name}_mw") is None and sized[name] > _NO_MW]
    share = float(load.sum()) / demanded
    if free:
        main = max(free, key=lambda name: sized[name])
        beside = _kinds(case, {name: c for name, c in counts.items() if name != main}, sized)
        size = case.units[main]
        found = units_needed(
            load,
            Units(main, 0, size.unit_mw, size.up_frac),
            _of_left_over(case.target, share),
            derate_frac=size.derate_frac,
            beside=beside,
        )
        n_unit = max(found.n_unit, counts[main].n_unit)
        n_load = units_for_load(sized[main], size.unit_mw)
        counts[main] = UnitCount(n_load, n_unit - n_load, size.unit_mw)
    reached = adequacy(load, _kinds(case, counts, sized))
    return Firmness(counts, _of_demand(reached, load, demanded))


def installed_mw(system: System, sizing: Sizing, firmness: Firmness) -> dict[str, float]:
    """What is built of each source, spares in it. [MW]"""
    out = {}
    for source, mw in zip(system.sources, sizing.design.source_mw, strict=True):
        count = firmness.units.get(source.name)
        out[source.name] = mw if count is None else count.installed_mw
    return out


def with_spares_priced(system: System, sizing: Sizing, installed: Mapping[str, float]) -> System:
    """The system in which a megawatt of a firm source also pays for the spares that stand behind it."""
    sources = []
    for source, mw in zip(system.sources, sizing.design.source_mw, strict=True):
        ratio = installed[source.name] / mw if mw > _NO_MW else 1.0
        sources.append(replace(source, capacity_usd_per_mw_year=ratio * source.capacity_usd_per_mw_year))
    return replace(system, sources=tuple(sources))


def _plain(mw: float, case: PowerCase, name: str) -> UnitCount:
    unit_mw = case.units[name].unit_mw
    return UnitCount(max(0, ceil(mw / unit_mw - _WHOLE)) if mw > _NO_MW else 0, 0, unit_mw)


def _kinds(case: PowerCase, counts: Mapping[str, UnitCount], sized: Mapping[str, float]) -> list[Units]:
    """Kinds of units that stand, derated, and the grid as one."""
    out = []
    for name, count in counts.items():
        size = case.units[name]
        if count.n_unit:
            out.append(Units(name, count.n_unit, size.unit_mw * size.derate_frac, size.up_frac))
    grid = case.file.keys.grid
    if grid is not None and sized.get(GRID, 0.0) > _NO_MW:
        out.append(Units(GRID, 1, sized[GRID], 1.0 - grid.forced_outage_frac))
    return out


def _of_left_over(target: ReliabilityTarget, share: float) -> ReliabilityTarget:
    """The target as of what units must give: its share of energy is of all that is demanded."""
    if target.unserved_frac is None:
        return target
    return replace(target, unserved_frac=min(1.0, target.unserved_frac / share))


def _of_demand(found: Adequacy, load: NDArray[np.float64], demanded: float) -> Adequacy:
    unserved = found.unserved_frac * float(load.sum()) / demanded
    mwh = unserved * demanded / len(load) * HOURS_PER_YEAR
    return replace(found, unserved_frac=unserved, unserved_mwh_per_year=mwh)
