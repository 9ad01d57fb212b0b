"""The data behind the figures of a solved case: cost by part, shown weeks, duration curves, spares and targets."""

from __future__ import annotations

from dataclasses import asdict, replace
from math import isclose
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.supply.case_numbers import FIRM, Numbers
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import GRID, PowerCase, idle_share
from wattworth.supply.levelised import annuity_per_year
from wattworth.supply.system import YEAR_H, Design, Hourly
from wattworth.supply.units import ReliabilityTarget
from wattworth.units import KW_PER_MW
from wattworth.valuation.power import OPTIMUM, PowerResult
from wattworth.valuation.power_designs import DesignResult, run_design
from wattworth.valuation.power_reliability import left_over_mw, reached
from wattworth.valuation.power_run import all_up

Document = dict[str, Any]
Series = NDArray[np.float64]

WEEK_H: Final = 168
"""Hours of a shown week."""

TARGETS: Final = (0.99, 0.999, 0.9999, 0.99999)
"""Shares of hours with all load served for which the optimum is sized again."""

_DAY_H: Final = 24
_N_POINT: Final = 301
_DIGITS: Final = 3
_FREE: Final = ("solar", "wind")
_SEEN_FRAC: Final = 1e-4
_SPARES_BEYOND: Final = 2
_FEWEST_SPARES: Final = 4
_EXACT: Final = "decomposition"
_NO_MW: Final = 1e-6


def design_series(result: PowerResult, found: DesignResult) -> Document:
    """What the figures of one design are drawn from.

    Parameters
    ----------
    result
        A solved case.
    found
        One of its designs.

    Returns
    -------
    dict
        ``cost_stack``, ``weeks``, ``duration`` and ``spares``, in plain values.
    """
    case = result.case
    return {
        "cost_stack": cost_stack(case, found),
        "unused_frac": _unused_frac(case, found),
        "weeks": shown_weeks(case, found),
        "duration": duration(case, found, _prices(result, found)),
        "spares": spare_ladder(case, found),
    }


def cost_stack(case: PowerCase, found: DesignResult) -> list[Document]:
    """A year's cost of a design, part by part; the parts sum to its cost, unserved load not charged.

    Parameters
    ----------
    case, found
        A case and one of its designs.

    Returns
    -------
    list
        ``source``, ``kind``, ``usd_per_year`` and ``usd_per_mwh`` served. What no part names is in ``other``.
    """
    parts = _owned(case, found) + _run(case, found)
    rest = found.money.usd_per_year - sum(usd for _, _, usd in parts)
    if not isclose(rest, 0.0, abs_tol=1e-9 * max(abs(found.money.usd_per_year), 1.0)):
        parts.append(("", "other", rest))
    served = found.energy_mwh_per_year["served"]
    return [
        {"source": source, "kind": kind, "usd_per_year": usd, "usd_per_mwh": usd / served}
        for source, kind, usd in parts
        if usd
    ]


_Part = tuple[str, str, float]


def _owned(case: PowerCase, found: DesignResult) -> list[_Part]:
    """Annuity and fixed upkeep of each source and store."""
    out: list[_Part] = []
    for source in case.system.sources:
        usd = source.capacity_usd_per_mw_year * found.installed_mw[source.name]
        if source.name == GRID:
            out.append((GRID, "connection", usd))
            continue
        share = _upkeep_share(case.numbers, f"sources.{source.name}")
        out += [(source.name, "annuity", (1.0 - share) * usd), (source.name, "upkeep", share * usd)]
    sized = found.sizing.design
    for store, mw, mwh in zip(case.system.stores, sized.store_mw, sized.store_mwh, strict=True):
        usd = store.capacity_usd_per_mw_year * mw + store.capacity_usd_per_mwh_year * mwh
        share = _upkeep_share(case.numbers, store.name)
        out += [(store.name, "annuity", (1.0 - share) * usd), (store.name, "upkeep", share * usd)]
    return out


def _upkeep_share(numbers: Numbers, path: str) -> float:
    """Share of fixed upkeep in what a megawatt costs a year."""

    def of(key: str) -> float:
        row = numbers.rows.get(f"{path}.{key}")
        return 0.0 if row is None else row.value

    if not of("life_years"):
        return 0.0
    annuity = annuity_per_year(of("discount_frac"), of("life_years"))
    if of("fixed_usd_per_kw_year"):
        return of("fixed_usd_per_kw_year") / (of("fixed_usd_per_kw_year") + annuity * of("capex_usd_per_kw"))
    return of("fixed_frac_per_year") / (of("fixed_frac_per_year") + annuity)


def _run(case: PowerCase, found: DesignResult) -> list[_Part]:
    """Fuel, carbon, variable upkeep, starts, the grid's energy and tariff, and what is sold, as a cost below nought."""
    numbers, out = case.numbers, []
    carbon_usd = numbers["co2_kg_per_mmbtu"] / KW_PER_MW * case.file.keys.carbon_usd_per_t
    for name in (source.name for source in case.system.sources if source.name in FIRM):
        mwh, fuel = found.energy_mwh_per_year[name], _fuel_mmbtu(case, found, name)
        variable = mwh * numbers[f"sources.{name}.variable_usd_per_mwh"]
        out += [
            (name, "fuel", fuel * numbers["gas_usd_per_mmbtu"]),
            (name, "carbon", fuel * carbon_usd),
            (name, "variable", variable),
        ]
    if found.in_units is not None:
        out.append(("", "starts", found.in_units.start_usd_per_year))
    billed = 0.0 if found.bill is None else found.bill.total_usd / case.system.n_year
    out.append((GRID, "tariff", billed))
    if found.in_units is None:
        return out + _traded(case, found)
    rest = found.money.running_usd_per_year - sum(usd for _, _, usd in out)
    return [*out, (GRID, "energy", rest)] if GRID in found.installed_mw else out


def _fuel_mmbtu(case: PowerCase, found: DesignResult, name: str) -> float:
    """Gas that a source burns in a year, with that of idling units where they are run as such. [MMBtu/year]"""
    heat, mwh = case.numbers[f"sources.{name}.heat_rate_mmbtu_per_mwh"], found.energy_mwh_per_year[name]
    if found.in_units is None or name not in found.in_units.running:
        return heat * mwh
    share = idle_share(case, name)
    running_mwh = case.units[name].unit_mw * found.in_units.running[name].unit_h
    return heat * ((1.0 - share) * mwh + share * running_mwh)


def _traded(case: PowerCase, found: DesignResult) -> list[_Part]:
    """Energy of sources that burn no gas, and what sinks take."""
    system, dispatch, out = case.system, found.sizing.dispatch, []
    for source, mw in zip(system.sources, dispatch.source_mw, strict=True):
        if source.name not in FIRM:
            usd = float(_hourly(source.running_usd_per_mwh, system.n_hour) @ mw) / system.n_year
            out.append((source.name, "energy", usd))
    for sink, mw in zip(system.sinks, dispatch.sink_mw, strict=True):
        out.append((sink.name, "sold", -float(_hourly(sink.price_usd_per_mwh, system.n_hour) @ mw) / system.n_year))
    return out


def _hourly(values: Hourly, n_hour: int) -> Series:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), n_hour)


def _free_mw(case: PowerCase, found: DesignResult) -> Series:
    """What sun and wind of a design could give, array of shape (hour,). [MW]"""
    out = np.zeros(case.system.n_hour)
    for source in case.system.sources:
        if source.name in _FREE:
            out += found.installed_mw[source.name] * _hourly(source.available_frac, case.system.n_hour)
    return out


def _unused_frac(case: PowerCase, found: DesignResult) -> float | None:
    """Share of what sun and wind could give that nobody takes; None without them."""
    could = float(_free_mw(case, found).sum())
    if could <= _NO_MW:
        return None
    rows = zip(case.system.sources, found.sizing.dispatch.source_mw, strict=True)
    used = sum(float(mw.sum()) for source, mw in rows if source.name in _FREE)
    return max(0.0, 1.0 - used / could)


def shown_weeks(case: PowerCase, found: DesignResult) -> list[Document]:
    """The hardest week of a design, and the one in which sun and wind could give most, hour by hour.

    Parameters
    ----------
    case, found
        A case and one of its designs.

    Returns
    -------
    list
        Each with ``why``: ``unserved`` (most of it), ``firm`` (most from engines, turbines, fuel cells and grid),
        ``alike`` (all weeks are, this is the first) or ``sun``. Series in MW, content of stores in MWh.

    Notes
    -----
    A week is seven days of one weather year that begin at any midnight. It is what was sized, units at any output and
    none failing: the run that cost is reckoned from, unless units start and idle.
    """
    dispatch = found.sizing.dispatch
    unserved = _by_week(dispatch.unserved_mw)
    firm = _by_week(left_over_mw(case.system, found.sizing, case.units))
    if unserved.max() > _SEEN_FRAC * _by_week(case.system.load_mw).mean():
        picked = [("unserved", int(unserved.argmax()))]
    else:
        alike = firm.max() - firm.min() <= _SEEN_FRAC * max(firm.max(), 1.0)
        picked = [("alike", 0) if alike else ("firm", int(firm.argmax()))]
    could = _by_week(_free_mw(case, found))
    if could.max() > _NO_MW and int(could.argmax()) != picked[0][1]:
        picked.append(("sun", int(could.argmax())))
    return [_week(case, found, why, place) for why, place in picked]


_STARTS: Final = YEAR_H // _DAY_H - WEEK_H // _DAY_H + 1


def _by_week(hourly: Series) -> Series:
    """Sum over each week of each year that begins at midnight, array of shape (week,)."""
    days = hourly.reshape(-1, YEAR_H // _DAY_H, _DAY_H).sum(axis=2)
    return np.lib.stride_tricks.sliding_window_view(days, WEEK_H // _DAY_H, axis=1).sum(axis=2).ravel()


def _week(case: PowerCase, found: DesignResult, why: str, place: int) -> Document:
    year, day = divmod(place, _STARTS)
    start = year * YEAR_H + day * _DAY_H
    hours = slice(start, start + WEEK_H)
    system, dispatch = case.system, found.sizing.dispatch
    return {
        "why": why,
        "year": year,
        "day": day,
        "start_h": start,
        "load_mw": _plain(system.load_mw[hours]),
        "source_mw": {s.name: _plain(mw[hours]) for s, mw in zip(system.sources, dispatch.source_mw, strict=True)},
        "sink_mw": {s.name: _plain(mw[hours]) for s, mw in zip(system.sinks, dispatch.sink_mw, strict=True)},
        "charge_mw": _plain(dispatch.charge_mw[:, hours].sum(axis=0)),
        "discharge_mw": _plain(dispatch.discharge_mw[:, hours].sum(axis=0)),
        "content_mwh": _plain(dispatch.content_mwh[:, hours].sum(axis=0)),
        "unserved_mw": _plain(dispatch.unserved_mw[hours]),
        "could_mw": _plain(_free_mw(case, found)[hours]),
    }


def _plain(values: Series) -> list[float]:
    return (np.round(values, _DIGITS) + 0.0).tolist()


def _prices(result: PowerResult, found: DesignResult) -> Series | None:
    """Cost of one more megawatt-hour with all that is built, array of shape (hour,); None if units start and idle."""
    if found.in_units is not None:
        return None
    system, sized = result.case.system, found.sizing.design
    built = tuple(found.installed_mw[source.name] for source in system.sources)
    whole = Design(built, sized.store_mw, sized.store_mwh)
    return all_up(result.case, replace(system, unserved_max_frac=1.0), whole, result.method).price_usd_per_mwh


def duration(case: PowerCase, found: DesignResult, price_usd_per_mwh: Series | None) -> Document:
    """Load, what sun and wind leave, what firm sources must give, and price, each sorted from the highest.

    Parameters
    ----------
    case, found
        A case and one of its designs.
    price_usd_per_mwh
        Array, shape (hour,), or None. [USD/MWh]

    Returns
    -------
    dict
        Hours of the sorted years at a few hundred places, the first and the last among them; each curve has an order
        of its own.
    """
    n_hour = case.system.n_hour
    place = np.unique(np.rint(np.linspace(0.0, n_hour - 1.0, _N_POINT)).astype(np.int64))
    load = case.system.load_mw
    curves = {
        "load_mw": load,
        "after_sun_and_wind_mw": np.maximum(load - _free_mw(case, found), 0.0),
        "firm_mw": left_over_mw(case.system, found.sizing, case.units),
    }
    if price_usd_per_mwh is not None:
        curves["price_usd_per_mwh"] = price_usd_per_mwh
    out: Document = {"share_frac": (place / (n_hour - 1.0)).tolist()}
    return out | {name: _plain(np.sort(hourly)[::-1][place]) for name, hourly in curves.items()}


def spare_ladder(case: PowerCase, found: DesignResult) -> list[Document]:
    """How often a design is short, and what it costs, with fewer and more spares of its main source.

    Parameters
    ----------
    case, found
        A case and one of its designs.

    Returns
    -------
    list
        ``source``, ``n_spare``, ``short_frac`` of hours, ``unserved_frac`` of demand, ``served_usd_per_mwh``; empty
        without whole units.
    """
    if not any(count.n_unit for count in found.units.values()):
        return []
    main = max(found.units, key=lambda name: found.units[name].installed_mw)
    own = found.units[main]
    (source,) = (source for source in case.system.sources if source.name == main)
    demanded = float(case.system.load_mw.sum()) / case.system.n_year
    out = []
    for n_spare in range(min(0, own.n_spare), max(own.n_spare + _SPARES_BEYOND, _FEWEST_SPARES) + 1):
        count = replace(own, n_spare=n_spare)
        serves = reached(case, found.sizing, {**found.units, main: count}).adequacy
        more = (count.installed_mw - own.installed_mw) * source.capacity_usd_per_mw_year
        out.append(
            {
                "source": main,
                "n_spare": n_spare,
                "short_frac": 1.0 - serves.availability_frac,
                "unserved_frac": serves.unserved_frac,
                "served_usd_per_mwh": (found.money.usd_per_year + more) / (demanded * (1.0 - serves.unserved_frac)),
            }
        )
    return out


def sized_at_targets(result: PowerResult) -> list[Document]:
    """The optimum sized again at other targets, each the only one; unserved energy at its cost.

    Parameters
    ----------
    result
        A solved case.

    Returns
    -------
    list
        One entry for each target that units can reach; empty without whole units, and where each takes seconds: by
        the method ``lp``, or with units that start and idle.
    """
    if result.method != _EXACT or not result.case.units or result.case.commitment:
        return []
    out = []
    for level in TARGETS:
        case = replace(
            result.case,
            target=ReliabilityTarget(availability_frac=level),
            system=replace(result.case.system, unserved_max_frac=1.0),
        )
        try:
            found = run_design(case, DesignKeys(name=OPTIMUM), result.method)
        except SolveError:
            continue
        out.append(
            {
                "availability_frac": level,
                "installed_mw": dict(found.installed_mw),
                "battery_mwh": found.battery_mwh,
                "units": {name: asdict(count) | {"n_unit": count.n_unit} for name, count in found.units.items()},
                "reliability": asdict(found.adequacy),
                **asdict(found.money.served),
            }
        )
    return out
