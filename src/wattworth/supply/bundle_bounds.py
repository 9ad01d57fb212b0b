"""Yearly cost of capacity as arrays, and how large a capacity without a bound can usefully be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wattworth.errors import SolveError
from wattworth.supply import slopes_kernels as kernels
from wattworth.supply.slopes import Capacities, Hours, Slopes, as_passed
from wattworth.supply.system import System


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What capacities cost a year, and their bounds as declared; sources, power of the store, its energy.

    Attributes
    ----------
    names
        Name of each.
    usd_per_year
        Cost of one more of each. [USD/MW-year], the last [USD/MWh-year]
    low, high
        Bounds; the second may be infinite. [MW], the last [MWh]
    """

    names: tuple[str, ...]
    usd_per_year: Slopes
    low: Capacities
    high: Capacities


def terms_of(system: System) -> Terms:
    """Read the terms of a system with at most one store.

    Raises
    ------
    SolveError
        If a lower bound is above its upper bound, or below nought.
    """
    rows = [(s.name, s.capacity_usd_per_mw_year, s.min_mw, s.max_mw) for s in system.sources]
    for store in system.stores[:1]:
        rows.append((f"power of {store.name}", store.capacity_usd_per_mw_year, store.min_mw, store.max_mw))
        rows.append((f"energy of {store.name}", store.capacity_usd_per_mwh_year, store.min_mwh, store.max_mwh))
    if not system.stores:
        rows += [("no power", 0.0, 0.0, 0.0), ("no energy", 0.0, 0.0, 0.0)]
    names, cost, low, high = zip(*rows, strict=True)
    for name, least, most in zip(names, low, high, strict=True):
        if not 0.0 <= least <= most or not np.isfinite(least):
            raise SolveError(f"bounds of {name!r}: got {least:g} to {most:g}, need 0 <= least <= most")
    return Terms(tuple(names), np.array(cost, float), np.array(low, float), np.array(high, float))


def highest(hours: Hours, terms: Terms, known_usd_per_year: float) -> Capacities:
    """Bounds from above that some design of least cost keeps.

    Parameters
    ----------
    hours, terms
        The system.
    known_usd_per_year
        Cost of any design that is allowed. [USD/year]

    Raises
    ------
    SolveError
        If a capacity has no bound and nothing to stop it.

    Notes
    -----
    With stored energy worth nought and power worth no more than the cheapest running cost below nought, every design
    costs at least a constant and a rate for each capacity. A capacity that alone brings this above a cost already
    known is not part of any better design. One that costs nothing is large enough once no hour could use more.
    """
    high = terms.high.copy()
    if np.isfinite(high).all():
        return high
    n = hours.n_source
    price = hours.price_usd_per_mwh
    open_ended = [k for k in range(n) if np.isinf(high[k])]
    bus = np.minimum(0.0, price[:, open_ended].min(axis=1)) if open_ended else np.zeros(len(price))
    offers, row = as_passed(hours, terms.low)
    constant, slope = kernels.cut(hours.load_mw, offers, n, row, np.zeros(len(price)), bus)
    rate = terms.usd_per_year + slope / hours.n_year
    with np.errstate(invalid="ignore"):
        least = np.where(rate >= 0.0, rate * terms.low, rate * high)
    least[rate == 0.0] = 0.0
    for k in np.flatnonzero(np.isinf(high) & (rate > 0.0)):
        others = float(np.delete(least, k).sum())
        high[k] = (known_usd_per_year - constant / hours.n_year - others) / rate[k]
    high = np.maximum(high, terms.low)
    return _useful(hours, terms, high)


def _useful(hours: Hours, terms: Terms, high: Capacities) -> Capacities:
    """Bounds no wider than what the hours can use."""
    n, store = hours.n_source, hours.store
    taken_mw = hours.load_mw + hours.most_mw[:, n:-1].sum(axis=1)
    is_open = np.isinf(terms.high) & (terms.usd_per_year >= 0.0)
    burns = bool((hours.price_usd_per_mwh < 0.0).any())
    loss = 1.0 - store.charge_frac * store.discharge_frac
    for _ in range(2):
        for k in np.flatnonzero(is_open[:n] & np.isfinite(high[n])):
            has = hours.most_mw[:, k] > 0.0
            need = ((taken_mw[has] + high[n]) / hours.most_mw[has, k]).max() if has.any() else 0.0
            high[k] = max(terms.low[k], min(high[k], float(need)))
        if is_open[n] and np.isfinite(high[:n]).all():
            made_mw = hours.most_mw[:, :n] @ high[:n]
            lost_mw = made_mw / loss if burns and loss > 0.0 else 0.0
            need = float((np.maximum(made_mw, taken_mw) + lost_mw).max())
            high[n] = max(terms.low[n], min(high[n], need))
    if is_open[n + 1] and np.isfinite(high[n]):
        up = store.charge_frac / (1.0 - store.start_frac) if store.start_frac < 1.0 else 0.0
        down = 1.0 / (store.discharge_frac * store.start_frac) if store.start_frac > 0.0 else 0.0
        need = len(taken_mw) * high[n] * max(up, down)
        high[n + 1] = max(terms.low[n + 1], min(high[n + 1], need))
    unbounded = [name for name, most in zip(terms.names, high, strict=True) if not np.isfinite(most)]
    if unbounded:
        raise SolveError(f"nothing stops {', '.join(map(repr, unbounded))} from growing; give a largest capacity")
    return high
