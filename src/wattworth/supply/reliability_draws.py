"""Forced outages drawn hour by hour: what units that fail and are repaired leave unserved, with its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from wattworth.compute import streams
from wattworth.compute.blocks import blocks
from wattworth.compute.kernels import kernel
from wattworth.errors import DataError
from wattworth.records import CHUNK_DRAWS
from wattworth.supply.reliability import Adequacy
from wattworth.supply.reliability_chain import Generators, Reserve
from wattworth.units import HOURS_PER_YEAR

_SHORT_MW = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class DrawnAdequacy:
    """How well a load is served, from years drawn.

    Attributes
    ----------
    mean
        Means over the years; energy and hours in a year of 8,760 hours.
    unserved_se_mwh_per_year, short_se_h_per_year
        Standard errors of expected unserved energy and of loss-of-load hours. Where no year drew a loss they are
        nought and say nothing: with n years, losses rarer than about 3 / n years are not ruled out.
    unserved_mwh, short_h
        Arrays, shape (year,): energy unserved and hours short in each year drawn. [MWh], [h]
    """

    mean: Adequacy
    unserved_se_mwh_per_year: float
    short_se_h_per_year: float
    unserved_mwh: NDArray[np.float64]
    short_h: NDArray[np.float64]


def drawn_adequacy(
    load_mw: NDArray[np.float64],
    generators: Sequence[Generators],
    n_year: int,
    seed: int,
    *,
    reserve: Reserve | None = None,
) -> DrawnAdequacy:
    """Draw years of forced outages and serve the load with what is up.

    Parameters
    ----------
    load_mw
        Array, shape (hour,): what is left to serve after sun and wind; less than nought where they give more. [MW]
    generators
        Kinds of units, each with a mean time to repair; whether they are ready or start is not asked.
    n_year
        Years to draw.
    seed
        Seed of the run. A unit's failures hang on the seed, its kind's name and its number, so another unit, another
        load and more years leave them as they are.
    reserve
        Battery that fills from spare capacity of sun, wind and units, and serves what they cannot; full as it says at
        the start of each year.

    Raises
    ------
    ValueError
        If kinds share a name, no year is asked for, or a kind is never repaired.
    DataError
        If an hour of load is not a finite number, or no hour needs a unit.

    Notes
    -----
    A unit that is up goes down in an hour with probability ``1 / mttf_h``, one that is down comes up with
    ``1 / repair_h``; a year begins with each in its long-run state, so every hour has the long-run availability and
    the means agree with :func:`wattworth.supply.reliability.adequacy`.
    """
    load = np.ascontiguousarray(load_mw, dtype=np.float64)
    if load.ndim != 1 or not np.isfinite(load).all() or not (load > 0.0).any():
        raise DataError(f"load: got shape {load.shape}, need one finite number for each hour, not all without need")
    names = [kind.name for kind in generators]
    if len(set(names)) < len(names) or n_year < 1:
        raise ValueError(f"need names that differ and a year or more, got {names} and {n_year}")
    long_run_frac = [kind.in_the_long_run.availability_frac for kind in generators]
    battery = reserve or Reserve(0.0, 0.0)
    store = np.array(
        [battery.power_mw, battery.usable_mwh, battery.start_mwh, battery.charge_frac, battery.discharge_frac]
    )
    unserved, short = [], []
    for chunk in blocks(n_year):
        capacity = np.zeros((load.size, CHUNK_DRAWS))
        for kind, share in zip(generators, long_run_frac, strict=True):
            for unit in range(kind.n_unit):
                luck = streams.uniforms(seed, f"outage.{kind.name}.{unit}", chunk, load.size)
                _add_unit(capacity, luck, share, 1.0 / kind.mttf_h, 1.0 / kind.repair_h, kind.unit_mw)
        parts = _shortfall(load, capacity, store)
        unserved.append(parts[0])
        short.append(parts[1])
    return _summed(load, np.concatenate(unserved)[:n_year], np.concatenate(short)[:n_year])


def _summed(
    load_mw: NDArray[np.float64], unserved_mwh: NDArray[np.float64], short_h: NDArray[np.float64]
) -> DrawnAdequacy:
    n, scale = len(short_h), HOURS_PER_YEAR / load_mw.size
    demanded_mwh = float(np.maximum(load_mw, 0.0).sum())
    unserved, short = float(unserved_mwh.mean()), float(short_h.mean())
    se_mwh, se_h = (float(x.std(ddof=1)) / sqrt(n) if n > 1 else np.inf for x in (unserved_mwh, short_h))
    return DrawnAdequacy(
        mean=Adequacy(
            availability_frac=1.0 - short / load_mw.size,
            unserved_frac=unserved / demanded_mwh,
            unserved_mwh_per_year=unserved * scale,
            short_h_per_year=short * scale,
        ),
        unserved_se_mwh_per_year=se_mwh * scale,
        short_se_h_per_year=se_h * scale,
        unserved_mwh=unserved_mwh,
        short_h=short_h,
    )


@kernel
def _add_unit(capacity, luck, up_frac, fails, mends, unit_mw):
    """Add what one unit gives to ``capacity``, shape (hour, draw), by ``luck`` of the same shape."""
    n_hour, n_draw = luck.shape
    up = np.empty(n_draw, dtype=np.bool_)
    for d in range(n_draw):
        up[d] = luck[0, d] < up_frac
    for h in range(n_hour):
        for d in range(n_draw):
            if h > 0:
                up[d] = luck[h, d] >= fails if up[d] else luck[h, d] < mends
            if up[d]:
                capacity[h, d] += unit_mw


@kernel
def _shortfall(load, capacity, store):
    """Energy unserved and hours short of each draw; ``store`` is power, energy, content at the start, way in, out."""
    n_draw = capacity.shape[1]
    unserved = np.zeros(n_draw)
    short = np.zeros(n_draw)
    content = np.full(n_draw, store[2])
    for h in range(load.size):
        for d in range(n_draw):
            spare = capacity[h, d] - load[h]
            if spare >= 0.0:
                content[d] = min(store[1], content[d] + min(spare, store[0]) * store[3])
            else:
                given = min(-spare, store[0], content[d] * store[4])
                content[d] = max(0.0, content[d] - given / store[4])
                missing = -spare - given
                if missing > _SHORT_MW:
                    unserved[d] += missing
                    short[d] += 1.0
    return unserved, short
