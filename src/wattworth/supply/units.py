"""How many units it takes to reach a stated reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.supply.reliability import Adequacy, Units, adequacy, checked_load_mw

_WHOLE_UNIT = 1e-9
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class ReliabilityTarget:
    """What a supply must reach; every number that is given must hold, and one at least is given.

    Attributes
    ----------
    availability_frac
        Least share of hours in which all load is served: 0.999 of an agreement on service.
    unserved_frac
        Most energy not served, as a share of energy demanded.
    short_h_per_year
        Most hours a year in which some load is not served. [h/year]
    """

    availability_frac: float | None = None
    unserved_frac: float | None = None
    short_h_per_year: float | None = None

    def __post_init__(self) -> None:
        if self.availability_frac is self.unserved_frac is self.short_h_per_year is None:
            raise ValueError("a target states availability_frac, unserved_frac or short_h_per_year")

    def misses(self, found: Adequacy) -> tuple[str, ...]:
        """What is not reached, in words; nothing where the target is met."""
        out = []
        wanted = self.availability_frac
        if wanted is not None and found.availability_frac < wanted - _ROUNDING:
            out.append(f"serves all load in {found.availability_frac:.6g} of hours, the target is {wanted:.6g}")
        wanted = self.unserved_frac
        if wanted is not None and found.unserved_frac > wanted + _ROUNDING:
            out.append(f"leaves {found.unserved_frac:.4g} of demand unserved, the target is {wanted:.4g}")
        wanted = self.short_h_per_year
        if wanted is not None and found.short_h_per_year > wanted + _ROUNDING * 1e4:
            out.append(f"is short in {found.short_h_per_year:.4g} hours a year, the target is {wanted:.4g}")
        return tuple(out)


@dataclass(frozen=True, slots=True)
class UnitsNeeded:
    """Units that reach a target.

    Attributes
    ----------
    n_unit
        Units to install.
    n_load
        Units that carry the highest load when all are up, on derated capacity: the N of N+k.
    unit_mw
        What one gives, derated. [MW]
    adequacy
        What they reach.
    """

    n_unit: int
    n_load: int
    unit_mw: float
    adequacy: Adequacy

    @property
    def n_spare(self) -> int:
        """The k of N+k; below nought where the target lets some load go unserved."""
        return self.n_unit - self.n_load


def units_for_load(load_mw: float, rated_mw: float, derate_frac: float = 1.0) -> int:
    """Units that carry a load, all of them up, on their derated capacity.

    Parameters
    ----------
    load_mw
        Load to carry. [MW]
    rated_mw
        Size of a unit on its plate. [MW]
    derate_frac
        What it keeps on the day that counts (:func:`wattworth.supply.part_load.derate_frac`).

    Raises
    ------
    ValueError
        If a unit gives nothing.

    Examples
    --------
    >>> units_for_load(100.0, 50.0), units_for_load(100.0, 50.0, 0.86)
    (2, 3)
    """
    if rated_mw * derate_frac <= 0.0:
        raise ValueError(f"a unit of {rated_mw} MW that keeps {derate_frac} of it carries no load")
    return max(0, ceil(load_mw / (rated_mw * derate_frac) - _WHOLE_UNIT))


def units_needed(
    load_mw: NDArray[np.float64] | float,
    unit: Units,
    target: ReliabilityTarget,
    *,
    derate_frac: float = 1.0,
    beside: Sequence[Units] = (),
    most_units: int = 500,
) -> UnitsNeeded:
    """Fewest units that reach a target.

    Parameters
    ----------
    load_mw
        Array, shape (hour,), or one number for a flat load, as of :func:`wattworth.supply.reliability.adequacy`. [MW]
    unit
        One kind, its size as on its plate; the number in it is not asked.
    target
        What must hold.
    derate_frac
        What a unit keeps on the day that counts, the same in every hour: a bound where days differ.
    beside
        Units of other kinds that are there already, derated.
    most_units
        Most that may be installed.

    Raises
    ------
    SolveError
        If that many do not reach the target: the message says what they miss.
    ValueError
        If a unit gives nothing.

    Notes
    -----
    A unit more never makes a load less well served, so the number is found by halving.

    Examples
    --------
    >>> found = units_needed(4.0, Units("engine", 0, 1.0, 0.95), ReliabilityTarget(availability_frac=0.999))
    >>> found.n_unit, found.n_spare, round(found.adequacy.availability_frac, 6)
    (7, 3, 0.999806)
    """
    peak_mw = float(checked_load_mw(load_mw).max())
    there_mw = sum(kind.n_unit * kind.unit_mw for kind in beside)
    n_load = units_for_load(max(0.0, peak_mw - there_mw), unit.unit_mw, derate_frac)
    own = replace(unit, unit_mw=unit.unit_mw * derate_frac)

    def reached(n_unit: int) -> Adequacy:
        return adequacy(load_mw, [*beside, replace(own, n_unit=n_unit)])

    low, high = -1, min(max(1, n_load), most_units)
    while target.misses(reached(high)):
        if high == most_units:
            missed = "; ".join(target.misses(reached(high)))
            raise SolveError(f"{most_units} units of {own.name!r} do not reach the target: the supply {missed}")
        low, high = high, min(2 * high, most_units)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if target.misses(reached(middle)) else (low, middle)
    return UnitsNeeded(high, n_load, own.unit_mw, reached(high))
