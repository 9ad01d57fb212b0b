"""One design of a supply: sized, given whole units, dispatched at least cost and by rule, and costed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from wattworth.errors import SolveError
from wattworth.supply.case_numbers import FIRM
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import BATTERY, EXPORT, GRID, PowerCase, held
from wattworth.supply.decomposition import dispatch_exactly, running_cost_usd, size_by_decomposition
from wattworth.supply.levelised import ServedCost, cost_of_served
from wattworth.supply.lp import dispatch_by_lp, size_by_lp
from wattworth.supply.reliability import Adequacy
from wattworth.supply.rules import rules_of, run_rules_hourly
from wattworth.supply.system import Design, Dispatch, Sizing, System
from wattworth.valuation.power_price import convention_usd_per_mwh
from wattworth.valuation.power_units import Firmness, UnitCount, firm_up, installed_mw, with_spares_priced

METHODS: Mapping[str, Callable[[System], Sizing]] = {
    "decomposition": size_by_decomposition,
    "lp": size_by_lp,
}
"""Ways to size, by name."""

_RENEWABLE = ("solar", "wind")
_EXACT = "decomposition"


@dataclass(frozen=True, slots=True)
class Money:
    """What a design costs.

    Attributes
    ----------
    capital_usd_per_year
        Annuities and fixed upkeep of all that is built, spares in it. [USD/year]
    running_usd_per_year
        Fuel, variable upkeep and grid energy at least cost, less what export earns. [USD/year]
    served
        Their sum over what is served and what is demanded; outages of units are in the unserved energy.
    convention_usd_per_mwh
        Price of a megawatt-hour served by the convention of the case, or None. [USD/MWh]
    bound_usd_per_mwh
        Proven: the same choice without whole units and spares costs no less per megawatt-hour demanded. [USD/MWh]
    """

    capital_usd_per_year: float
    running_usd_per_year: float
    served: ServedCost
    convention_usd_per_mwh: float | None
    bound_usd_per_mwh: float

    @property
    def usd_per_year(self) -> float:
        """Capital and running, unserved load not charged. [USD/year]"""
        return self.capital_usd_per_year + self.running_usd_per_year


@dataclass(frozen=True, slots=True)
class RuleRun:
    """All that is built run by rule: sun and wind, then battery, then firm sources, cheapest first; no unit fails.

    Attributes
    ----------
    running_usd_per_year, optimal_usd_per_year
        Running cost by rule and at least cost, unserved load charged in both. [USD/year]
    unserved_frac
        Share of demand that the rule leaves unserved, no unit failing.
    """

    running_usd_per_year: float
    optimal_usd_per_year: float
    unserved_frac: float


@dataclass(frozen=True, slots=True)
class PriceSpread:
    """What one more megawatt-hour of load costs, over the hours, with all that is built and no unit failing.

    Attributes
    ----------
    mean_usd_per_mwh, low_usd_per_mwh, median_usd_per_mwh, high_usd_per_mwh
        Mean, and the 5th, 50th and 95th percentile. [USD/MWh]
    free_frac
        Share of hours in which it costs nothing or less.
    """

    mean_usd_per_mwh: float
    low_usd_per_mwh: float
    median_usd_per_mwh: float
    high_usd_per_mwh: float
    free_frac: float


@dataclass(frozen=True, slots=True, eq=False)
class DesignResult:
    """A design with all that is said of it.

    Attributes
    ----------
    name
        Its name.
    installed_mw
        Built of each source, spares in it; ``battery`` its power. [MW]
    battery_mwh
        Energy of the battery. [MWh]
    units
        Whole units by source.
    adequacy
        How well it serves, forced outages in it.
    energy_mwh_per_year
        Given by each source, and ``served``. [MWh/year]
    renewable_frac
        Share of energy served that sun, wind and what the battery stored of them give: one less the firm share.
    fuel_mmbtu_per_year, co2_t_per_year
        Gas burnt, and emissions with those of the grid. [MMBtu/year], [t/year]
    money, rule, price
        Cost; the run by rule; marginal prices, None from a method that has none.
    notes
        What binds, and what of it is worth how much.
    sizing
        The sizing behind it.
    """

    name: str
    installed_mw: Mapping[str, float]
    battery_mwh: float
    units: Mapping[str, UnitCount]
    adequacy: Adequacy
    energy_mwh_per_year: Mapping[str, float]
    renewable_frac: float
    fuel_mmbtu_per_year: float
    co2_t_per_year: float
    money: Money
    rule: RuleRun | None
    price: PriceSpread | None
    notes: tuple[str, ...]
    sizing: Sizing


def run_design(case: PowerCase, design: DesignKeys, method: str) -> DesignResult:
    """Size a design at least cost, what it names held, and say all of it.

    Parameters
    ----------
    case
        Its case.
    design
        What is held; nothing for the optimum.
    method
        ``decomposition`` or ``lp``.

    Raises
    ------
    SolveError
        If no design within the bounds meets the limits, or no number of units reaches the target. A design that holds
        something and cannot meet the limit of unserved energy is sized without it, and ranks as one that falls short.

    Notes
    -----
    It is sized twice: the second time a megawatt of a firm source also pays for its spares. The cheaper one stays.
    """
    system = held(case.system, design)
    try:
        first = METHODS[method](system)
    except SolveError:
        if not _holds(design):
            raise
        system = replace(system, unserved_max_frac=1.0)
        first = METHODS[method](system)
    found = _firm(case, system, first, design)
    second = METHODS[method](with_spares_priced(system, first, found[2]))
    again = _firm(case, system, second, design)
    sizing, firmness, built, _ = min((again, found), key=lambda one: one[3])
    return _result(case, design.name, system, (sizing, firmness, built), (first.bound_usd_per_year, method))


def _holds(design: DesignKeys) -> bool:
    """Whether a design is a named one that holds something: short of the limit, it is shown and flagged."""
    return bool(design.model_fields_set - {"name"})


_Firm = tuple[Sizing, Firmness, dict[str, float], float]


def _firm(case: PowerCase, system: System, sizing: Sizing, design: DesignKeys) -> _Firm:
    """A sizing with its units, what is built, and what that costs with unserved energy charged."""
    firmness = firm_up(case, system, sizing, design)
    built = installed_mw(system, sizing, firmness)
    running = running_cost_usd(system, sizing.dispatch) / system.n_year
    charged = firmness.adequacy.unserved_mwh_per_year * system.unserved_usd_per_mwh
    return sizing, firmness, built, _capital_usd(system, sizing, built) + running + charged


def _capital_usd(system: System, sizing: Sizing, built: Mapping[str, float]) -> float:
    """Yearly cost of what is built. [USD/year]"""
    usd = sum(source.capacity_usd_per_mw_year * built[source.name] for source in system.sources)
    for store, mw, mwh in zip(system.stores, sizing.design.store_mw, sizing.design.store_mwh, strict=True):
        usd += store.capacity_usd_per_mw_year * mw + store.capacity_usd_per_mwh_year * mwh
    return usd


def _result(
    case: PowerCase,
    name: str,
    system: System,
    chosen: tuple[Sizing, Firmness, dict[str, float]],
    proof: tuple[float, str],
) -> DesignResult:
    (sizing, firmness, built), (bound_usd, method) = chosen, proof
    whole = Design(tuple(built[s.name] for s in system.sources), sizing.design.store_mw, sizing.design.store_mwh)
    all_up = _all_up(system, whole, method)
    dispatch, years = sizing.dispatch, system.n_year
    demanded = float(system.load_mw.sum()) / years
    unserved_mwh = firmness.adequacy.unserved_frac * demanded
    energy = {s.name: float(mw.sum()) / years for s, mw in zip(system.sources, dispatch.source_mw, strict=True)}
    energy["served"] = demanded - unserved_mwh
    running = _running_usd(system, dispatch)
    capital = _capital_usd(system, sizing, built)
    mwh = sum(sizing.design.store_mwh)
    shown = dict(built) | ({BATTERY: sum(sizing.design.store_mw)} if system.stores else {})
    price = convention_usd_per_mwh(case, shown | {"battery_mwh": mwh}, energy, _grid_usd(system, dispatch))
    return DesignResult(
        name=name,
        installed_mw=shown,
        battery_mwh=mwh,
        units=firmness.units,
        adequacy=firmness.adequacy,
        energy_mwh_per_year=energy,
        renewable_frac=_renewable_frac(system, dispatch, demanded * years),
        fuel_mmbtu_per_year=sum(
            energy[key] * case.numbers[f"sources.{key}.heat_rate_mmbtu_per_mwh"] for key in FIRM if key in energy
        ),
        co2_t_per_year=sum(source.co2_kg_per_mwh * energy[source.name] for source in system.sources) / 1000.0,
        money=Money(
            capital,
            running,
            cost_of_served(capital + running, demanded, unserved_mwh, system.unserved_usd_per_mwh),
            price,
            bound_usd / demanded,
        ),
        rule=_by_rule(system, whole, all_up),
        price=_spread(all_up),
        notes=sizing.notes,
        sizing=sizing,
    )


def _all_up(system: System, whole: Design, method: str) -> Dispatch:
    """All that is built, no unit failing, at least cost."""
    return dispatch_exactly(system, whole) if method == _EXACT else dispatch_by_lp(system, whole).dispatch


def _running_usd(system: System, dispatch: Dispatch) -> float:
    """Running cost of a year, unserved load not charged. [USD/year]"""
    unserved = float(dispatch.unserved_mw.sum()) * system.unserved_usd_per_mwh
    return (running_cost_usd(system, dispatch) - unserved) / system.n_year


def _grid_usd(system: System, dispatch: Dispatch) -> float:
    """Paid to the grid in a year, less what it pays. [USD/year]"""
    usd = 0.0
    for source, mw in zip(system.sources, dispatch.source_mw, strict=True):
        if source.name == GRID:
            usd += float(np.broadcast_to(source.running_usd_per_mwh, system.n_hour) @ mw)
    for sink, mw in zip(system.sinks, dispatch.sink_mw, strict=True):
        if sink.name == EXPORT:
            usd -= float(np.broadcast_to(sink.price_usd_per_mwh, system.n_hour) @ mw)
    return usd / system.n_year


def _renewable_frac(system: System, dispatch: Dispatch, demanded_mwh: float) -> float:
    """One less what other sources give, as a share of what is served; sources beside export count as all used."""
    served = demanded_mwh - float(dispatch.unserved_mw.sum())
    rows = zip(system.sources, dispatch.source_mw, strict=True)
    firm = sum(float(mw.sum()) for source, mw in rows if source.name not in _RENEWABLE)
    return float(np.clip(1.0 - firm / served, 0.0, 1.0)) if served > 0.0 else 0.0


def _by_rule(system: System, own: Design, best: Dispatch) -> RuleRun | None:
    """The run by rule; None where there is something to sell to, which a rule does not."""
    if system.sinks:
        return None
    rules, order = rules_of(system)
    ruled = run_rules_hourly(rules, Design(tuple(own.source_mw[n] for n in order), own.store_mw, own.store_mwh))
    usd = float(ruled.unserved_mw.sum()) * system.unserved_usd_per_mwh
    for row, n in enumerate(order):
        cost = np.broadcast_to(system.sources[n].running_usd_per_mwh, system.n_hour)
        usd += float(cost @ ruled.source_mw[row])
    usd += _refill_usd(system, own, ruled)
    return RuleRun(
        usd / system.n_year,
        running_cost_usd(system, best) / system.n_year,
        float(ruled.unserved_mw.sum()) / float(system.load_mw.sum()),
    )


def _refill_usd(system: System, design: Design, ruled: Dispatch) -> float:
    """What it costs to leave the battery as it was found, at the dearest source. [USD]"""
    usd = 0.0
    dearest = max(float(np.max(source.running_usd_per_mwh)) for source in system.sources)
    for store, mwh, content in zip(system.stores, design.store_mwh, ruled.content_mwh, strict=True):
        usd += max(0.0, store.start_frac * mwh - float(content[-1])) / store.charge_frac * max(0.0, dearest)
    return usd


def _spread(dispatch: Dispatch) -> PriceSpread | None:
    price = dispatch.price_usd_per_mwh
    if price is None:
        return None
    low, median, high = (float(value) for value in np.percentile(price, [5.0, 50.0, 95.0]))
    return PriceSpread(float(price.mean()), low, median, high, float(np.mean(price <= 0.0)))
