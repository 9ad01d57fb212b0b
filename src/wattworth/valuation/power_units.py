"""Whole units for a sized supply: spares until the target holds, whatever sun, wind and battery leave over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import PowerCase
from wattworth.supply.reliability import Adequacy, Units
from wattworth.supply.system import Sizing, System
from wattworth.supply.units import ReliabilityTarget, units_for_load, units_needed
from wattworth.valuation.power_reliability import Reached, kinds_of, left_over_mw, needed_mw, reached

__all__ = ["Firmness", "UnitCount", "firm_up", "installed_mw", "left_over_mw", "with_spares_priced"]

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
    method
        How that was found, in words.
    """

    units: Mapping[str, UnitCount]
    adequacy: Adequacy
    method: str


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
    sized = {s.name: mw for s, mw in zip(system.sources, sizing.design.source_mw, strict=True)}
    counts = {name: _plain(sized[name], case, name) for name in case.units}
    free = [name for name in counts if getattr(design, f"{name}_mw") is None and sized[name] > _NO_MW]
    if not free or float(load.max()) <= _NO_MW:
        found = reached(case, sizing, counts)
    else:
        main = max(free, key=lambda name: sized[name])
        n_load = units_for_load(sized[main], case.units[main].unit_mw)
        n_unit, found = _fewest(case, sizing, counts, main)
        counts[main] = UnitCount(n_load, n_unit - n_load, case.units[main].unit_mw)
    return Firmness(counts, found.adequacy, found.method)


def _fewest(case: PowerCase, sizing: Sizing, counts: Mapping[str, UnitCount], main: str) -> tuple[int, Reached]:
    """Units of the main source that reach the target: without the battery first, then fewer as far as it stands in."""
    system, size = case.system, case.units[main]
    load = needed_mw(case, sizing)
    beside = [kind.units for kind in kinds_of(case, sizing, {n: c for n, c in counts.items() if n != main})]
    share = float(load.sum()) / float(system.load_mw.sum())
    alone = units_needed(
        load,
        Units(main, 0, size.unit_mw, size.up_frac),
        _of_left_over(case.target, share),
        derate_frac=size.derate_frac,
        beside=beside,
    )
    low, high = counts[main].n_unit - 1, max(alone.n_unit, counts[main].n_unit)

    def at(n_unit: int) -> Reached:
        return reached(case, sizing, {**counts, main: UnitCount(n_unit, 0, size.unit_mw)})

    found: dict[int, Reached] = {}
    while any(sizing.design.store_mwh) and high - low > 1:
        middle = (low + high) // 2
        found[middle] = at(middle)
        low, high = (middle, high) if case.target.misses(found[middle].adequacy) else (low, middle)
    return high, found[high] if high in found else at(high)


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


def _of_left_over(target: ReliabilityTarget, share: float) -> ReliabilityTarget:
    """The target as of what units must give: its share of energy is of all that is demanded."""
    if target.unserved_frac is None:
        return target
    return replace(target, unserved_frac=min(1.0, target.unserved_frac / share))
