"""One design of a supply: sized, given whole units, dispatched at least cost and by rule, and costed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from wattworth.errors import SolveError
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import BATTERY, PowerCase, held
from wattworth.supply.decomposition import running_cost_usd
from wattworth.supply.levelised import ServedCost, cost_of_served
from wattworth.supply.reliability import Adequacy
from wattworth.supply.rules import rules_of, run_rules_hourly
from wattworth.supply.system import Design, Dispatch, Sizing, System
from wattworth.supply.tariffs import Bill
from wattworth.valuation.power_price import convention_usd_per_mwh
from wattworth.valuation.power_run import (
    METHODS,
    InUnits,
    YearRun,
    ageing,
    all_up,
    check_method,
    rule_bill_usd,
    run_in_units,
    sized,
    year_run,
)
from wattworth.valuation.power_units import Firmness, UnitCount, firm_up, installed_mw, with_spares_priced

__all__ = ["METHODS", "DesignResult", "Money", "PriceSpread", "RuleRun", "run_design"]

_RENEWABLE = ("solar", "wind")


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
    reliability_method
        How that was found, in words.
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
    bill
        Tariff of the grid beside energy, month by month over all weather years, or None.
    in_units
        What whole units did, or None where the case does not ask for starts and least load.
    lead_months
        Months from order to power of each part that is built, where they are known. [months]
    """

    name: str
    installed_mw: Mapping[str, float]
    battery_mwh: float
    units: Mapping[str, UnitCount]
    adequacy: Adequacy
    reliability_method: str
    energy_mwh_per_year: Mapping[str, float]
    renewable_frac: float
    fuel_mmbtu_per_year: float
    co2_t_per_year: float
    money: Money
    rule: RuleRun | None
    price: PriceSpread | None
    notes: tuple[str, ...]
    sizing: Sizing
    bill: Bill | None = None
    in_units: InUnits | None = None
    lead_months: Mapping[str, float] = field(default_factory=dict)

    @property
    def first_power_months(self) -> float | None:
        """Months from order until the first part gives power, of those that are known. [months]"""
        return min(self.lead_months.values(), default=None)

    @property
    def full_power_months(self) -> float | None:
        """Months from order until all is there; None where a part that is built has no lead time. [months]"""
        built = [name for name, mw in self.installed_mw.items() if mw > 0.0]
        return max(self.lead_months.values(), default=None) if set(built) == set(self.lead_months) else None


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
    check_method(case, method)
    system = held(case.system, design)
    try:
        first = sized(case, system, method)
    except SolveError:
        if not _holds(design):
            raise
        system = replace(system, unserved_max_frac=1.0)
        first = sized(case, system, method)
    found = _firm(case, system, first, design)
    second = sized(case, with_spares_priced(system, first, found[2]), method)
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
    running = year_run(case, system, sizing.dispatch).running_usd
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
    best = all_up(case, system, whole, method)
    in_whole = None
    if any(built[source] > 0.0 for source in case.commitment):
        unserved = float(sizing.dispatch.unserved_mw.sum()) / system.n_year
        in_whole = run_in_units(case, system, whole, name, unserved)
    run = in_whole or year_run(case, system, sizing.dispatch)
    demanded = float(system.load_mw.sum()) / system.n_year
    unserved_mwh = firmness.adequacy.unserved_frac * demanded
    energy = {**run.energy_mwh, "served": demanded - unserved_mwh}
    capital = _capital_usd(system, sizing, built)
    mwh = sum(sizing.design.store_mwh)
    shown = dict(built) | ({BATTERY: sum(sizing.design.store_mw)} if system.stores else {})
    return DesignResult(
        name=name,
        installed_mw=shown,
        battery_mwh=mwh,
        units=firmness.units,
        adequacy=firmness.adequacy,
        reliability_method=firmness.method,
        energy_mwh_per_year=energy,
        renewable_frac=_renewable_frac(system, run.dispatch, demanded * system.n_year),
        fuel_mmbtu_per_year=sum(run.fuel_mmbtu.values()),
        co2_t_per_year=_co2_t(case, system, run),
        money=Money(
            capital,
            run.running_usd,
            cost_of_served(capital + run.running_usd, demanded, unserved_mwh, system.unserved_usd_per_mwh),
            _price(case, system, whole, (shown | {"battery_mwh": mwh}, energy, run)),
            bound_usd / demanded,
        ),
        rule=_by_rule(case, system, whole, best),
        price=_spread(best if in_whole is None else in_whole.dispatch),
        notes=(*sizing.notes, *run.notes),
        sizing=sizing,
        bill=run.bill,
        in_units=run.units,
        lead_months=_lead_months(case, shown),
    )


def _price(
    case: PowerCase,
    system: System,
    whole: Design,
    ran: tuple[Mapping[str, float], Mapping[str, float], YearRun],
) -> float | None:
    """Price by the convention of the case, what fades in it; None where the case asks for none."""
    terms = case.file.keys.finance.project
    if terms is None:
        return None
    shown, energy, run = ran
    aged = ageing(case, system, whole, terms.analysis_years)
    return convention_usd_per_mwh(case, shown, energy, run.grid_usd, run=run, aged=aged)


def _co2_t(case: PowerCase, system: System, run: YearRun) -> float:
    """Of fuel burnt, and of what the grid is said to emit. [t/year]"""
    kg = sum(run.fuel_mmbtu.values()) * case.numbers["co2_kg_per_mmbtu"]
    for source in system.sources:
        if source.name not in run.fuel_mmbtu:
            kg += source.co2_kg_per_mwh * run.energy_mwh[source.name]
    return kg / 1000.0


def _lead_months(case: PowerCase, shown: Mapping[str, float]) -> dict[str, float]:
    """Months from order to power of each part that is built, where they are known."""
    out = {}
    for name, mw in shown.items():
        key = f"{BATTERY}.lead_time_months" if name == BATTERY else f"sources.{name}.lead_time_months"
        if mw > 0.0 and key in case.numbers.rows:
            out[name] = case.numbers[key]
    return out


def _renewable_frac(system: System, dispatch: Dispatch, demanded_mwh: float) -> float:
    """One less what other sources give, as a share of what is served; sources beside export count as all used."""
    served = demanded_mwh - float(dispatch.unserved_mw.sum())
    rows = zip(system.sources, dispatch.source_mw, strict=True)
    firm = sum(float(mw.sum()) for source, mw in rows if source.name not in _RENEWABLE)
    return float(np.clip(1.0 - firm / served, 0.0, 1.0)) if served > 0.0 else 0.0


def _by_rule(case: PowerCase, system: System, own: Design, best: Dispatch) -> RuleRun | None:
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
    as_built = replace(ruled, source_mw=ruled.source_mw[np.argsort(order)])
    return RuleRun(
        usd / system.n_year + rule_bill_usd(case, system, as_built),
        running_cost_usd(system, best) / system.n_year + rule_bill_usd(case, system, best),
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
