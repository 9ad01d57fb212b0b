"""What a reader must know of an answer: what goes unserved, what binds, what more of it would be worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from wattworth.solve import Solution
from wattworth.supply import lp_model as lp
from wattworth.supply.system import Store, System

_LEAST_USD_PER_YEAR: Final = 1e-3
_LEAST_MW: Final = 1e-6


def notes_of(system: System, solution: Solution, commit: bool) -> tuple[str, ...]:
    """All that must be said of an answer, what matters most first."""
    return (
        *_unserved(system, solution),
        *_commitment(system, solution, commit),
        *_capacities(solution, lp.SOURCE_MW, [source.name for source in system.sources], "MW", commit),
        *_capacities(solution, lp.STORE_MW, [store.name for store in system.stores], "MW of power", commit),
        *_capacities(solution, lp.STORE_MWH, [store.name for store in system.stores], "MWh of energy", commit),
        *_sinks(system, solution),
        *_burnt(system.stores, solution),
        *solution.notes,
    )


def _unserved(system: System, solution: Solution) -> list[str]:
    """Energy that is not served, and what its limit costs."""
    out = []
    missing = solution.values[lp.UNSERVED]
    total, demand = float(missing.sum()), float(system.load_mw.sum())
    if total > _LEAST_MW:
        hours = np.count_nonzero(missing > _LEAST_MW) / system.n_year
        out.append(
            f"{total / system.n_year:,.6g} MWh a year ({total / demand:.3%} of the load) go unserved, "
            f"in {hours:,.6g} hours a year"
        )
    price = -float(solution.prices[lp.UNSERVED_LIMIT]) if lp.UNSERVED_LIMIT in solution.prices else 0.0
    if price * system.n_year > _LEAST_USD_PER_YEAR:
        out.append(
            f"the limit on unserved energy ({system.unserved_max_frac:.6g} of the load) binds: "
            f"one more MWh a year unserved would save {price * system.n_year:,.6g} USD, beyond its own cost"
        )
    return out


def _commitment(system: System, solution: Solution, commit: bool) -> list[str]:
    """What whole units add, or that they are left out."""
    out = []
    which = [source for source in system.sources if source.commitment is not None]
    for place, source in enumerate(which):
        if commit:
            starts = float(solution.values[lp.STARTS][place].sum()) / system.n_year
            running = float(solution.values[lp.RUNNING][place].sum()) / system.n_year
            out.append(f"{source.name!r}: {starts:,.6g} starts and {running:,.6g} unit hours a year")
            continue
        terms = source.commitment
        assert terms is not None
        left = [f"whole units of {terms.unit_mw:g} MW"]
        left += ["minimum load"] if terms.min_load_frac > 0.0 else []
        left += ["cost of starts"] if terms.start_usd > 0.0 else []
        left += ["cost of idling"] if terms.idle_usd_per_h > 0.0 else []
        out.append(f"{source.name!r}: {', '.join(left)} left out (commit=False), so the cost is a lower bound")
    if commit and which:
        out.append("prices are those with the running units held as they are")
    return out


def _capacities(solution: Solution, block: str, names: Sequence[str], unit: str, commit: bool) -> list[str]:
    """Bounds on capacity that bind, and what one more, or one less, is worth."""
    if not names or commit:
        return []
    out = []
    for name, size, cost in zip(
        names, solution.values[block].ravel(), solution.reduced_costs[block].ravel(), strict=True
    ):
        at_nought = cost > 0.0 and size <= _LEAST_MW
        if abs(cost) > _LEAST_USD_PER_YEAR and not at_nought:
            more = "more" if cost < 0.0 else "less"
            out.append(f"{name!r} is held at {size:,.6g} {unit}: one {more} would save {abs(cost):,.6g} USD a year")
    return out


def _sinks(system: System, solution: Solution) -> list[str]:
    """Sinks that could take more and pay."""
    out = []
    for place, sink in enumerate(system.sinks):
        worth = np.maximum(-solution.reduced_costs[lp.TAKEN][place], 0.0)
        if worth.sum() > _LEAST_USD_PER_YEAR:
            hours = np.count_nonzero(worth > 0.0) / system.n_year
            out.append(
                f"{sink.name!r} takes all it may in {hours:,.6g} hours a year: "
                f"one more MW of limit would earn {worth.sum():,.6g} USD a year"
            )
    return out


def _burnt(stores: Sequence[Store], solution: Solution) -> list[str]:
    """Stores that go both ways at once, which a linear programme does where burning energy pays."""
    out = []
    for place, store in enumerate(stores):
        both = np.minimum(solution.values[lp.CHARGE][place], solution.values[lp.DISCHARGE][place])
        hours = np.count_nonzero(both > _LEAST_MW)
        if hours and store.charge_frac * store.discharge_frac < 1.0:
            out.append(
                f"{store.name!r} charges and discharges at once in {hours:,} hours, burning what is lost on the way; "
                "it pays only where energy has a price below nought"
            )
    return out
