"""Sizing and running a case with all that its file asks: the tariff of the grid, units that start and idle, fading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError, StudyError
from wattworth.solve import Options
from wattworth.supply.case_numbers import FIRM
from wattworth.supply.case_system import EXPORT, GRID, PowerCase, idle_share, in_units
from wattworth.supply.decomposition import dispatch_exactly, running_cost_usd, size_by_decomposition
from wattworth.supply.lp import Running, dispatch_by_lp, dispatch_in_units, size_by_lp
from wattworth.supply.system import Design, Dispatch, Sizing, System
from wattworth.supply.tariffs import Bill, bill

METHODS: Mapping[str, Callable[[System], Sizing]] = {
    "decomposition": size_by_decomposition,
    "lp": size_by_lp,
}
"""Ways to size a system without a tariff, by name."""

_EXACT = "decomposition"
_FADING: Final = ("solar", "wind")


@dataclass(frozen=True, slots=True)
class InUnits:
    """What running in whole units did to a design, all of it built and none failing.

    Attributes
    ----------
    running
        Starts and unit hours, by source.
    start_usd_per_year
        Cost of the starts. [USD/year]
    gap_frac
        How far the run may be above the least cost, as a share of it.
    """

    running: Mapping[str, Running]
    start_usd_per_year: float
    gap_frac: float


@dataclass(frozen=True, slots=True, eq=False)
class YearRun:
    """A year of running, the mean over the weather years.

    Attributes
    ----------
    dispatch
        Hour by hour.
    energy_mwh
        Given by each source. [MWh/year]
    fuel_mmbtu
        Gas burnt by each source. [MMBtu/year]
    running_usd
        All of running: fuel, upkeep, starts, the grid's energy and tariff, less what export earns. [USD/year]
    grid_usd
        Of it the grid's, less what export earns. [USD/year]
    bill
        Of the tariff beside energy, or None.
    units
        What whole units did, or None where the case does not ask for them.
    notes
        What must be said of it.
    """

    dispatch: Dispatch
    energy_mwh: Mapping[str, float]
    fuel_mmbtu: Mapping[str, float]
    running_usd: float
    grid_usd: float
    bill: Bill | None
    units: InUnits | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ageing:
    """By year of life, what panels, turbines and battery that fade change against the first year.

    Attributes
    ----------
    more_mwh
        By firm source, array of shape (year,): what it gives beyond its first year. [MWh]
    more_unserved_mwh, more_grid_usd
        Arrays, shape (year,): energy not served, and cost of the grid, beyond the first year. [MWh], [USD]
    """

    more_mwh: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    more_unserved_mwh: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))
    more_grid_usd: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))


def check_method(case: PowerCase, method: str) -> None:
    """Refuse a method that cannot do what the case asks.

    Raises
    ------
    StudyError
        If a tariff ties hours together and the method is decomposition.
    """
    if case.metered is not None and method == _EXACT:
        message = "a tariff ties the hours of a month together, which decomposition cannot size: use --method lp"
        raise StudyError([case.file.fault("grid.tariff", message)])


def sized(case: PowerCase, system: System, method: str) -> Sizing:
    """Size a system of a case, the tariff of its grid in the programme.

    Raises
    ------
    SolveError
        If no design meets the limits.
    """
    if case.metered is None:
        return METHODS[method](system)
    found = size_by_lp(system, metered=case.metered)
    fixed = 12.0 * case.metered.tariff.fixed_usd_per_month
    return replace(
        found, cost_usd_per_year=found.cost_usd_per_year + fixed, bound_usd_per_year=found.bound_usd_per_year + fixed
    )


def all_up(case: PowerCase, system: System, whole: Design, method: str) -> Dispatch:
    """All that is built, no unit failing, at least cost; units at any output."""
    if method == _EXACT:
        return dispatch_exactly(system, whole)
    return dispatch_by_lp(system, whole, metered=case.metered).dispatch


def year_run(case: PowerCase, system: System, dispatch: Dispatch) -> YearRun:
    """What a dispatch gives, burns and costs in a year, unserved load not charged, units at any output."""
    energy = _energy(system, dispatch)
    billed = _bill(case, system, dispatch)
    grid = _grid_usd(system, dispatch) + _billed_usd(system, billed)
    running = running_cost_usd(system, dispatch) - float(dispatch.unserved_mw.sum()) * system.unserved_usd_per_mwh
    heat = {name: case.numbers[f"sources.{name}.heat_rate_mmbtu_per_mwh"] for name in FIRM if name in energy}
    return YearRun(
        dispatch,
        energy,
        {name: heat[name] * energy[name] for name in heat},
        running / system.n_year + _billed_usd(system, billed),
        grid,
        billed,
    )


def run_in_units(case: PowerCase, system: System, whole: Design, name: str, unserved_mwh: float = 0.0) -> YearRun:
    """All that is built in whole units that start, stop and idle, at least cost within the time of the case.

    Parameters
    ----------
    case
        With a commitment for one source at least.
    system, whole
        What is run, and how much of each.
    name
        Of the design, for messages.
    unserved_mwh
        Energy that a year may leave unserved without charge: what the sizing leaves. [MWh/year]

    Raises
    ------
    SolveError
        If no run was found in time.
    """
    terms, keys = case.commitment, case.file.keys
    idling = in_units(case, system)
    options = Options(time_limit_s=keys.commitment_time_s, gap_frac=keys.commitment_gap_frac)
    try:
        found, running = dispatch_in_units(idling, whole, options, case.metered)
    except SolveError as error:
        message = f"design {name!r} in whole units: {error}; give more commitment_time_s, or leave out commitment"
        raise SolveError(message) from None
    plain = year_run(case, idling, found.dispatch)
    fuel, usd, starts_usd = dict(plain.fuel_mmbtu), plain.running_usd, 0.0
    for source, own in terms.items():
        heat, share = case.numbers[f"sources.{source}.heat_rate_mmbtu_per_mwh"], idle_share(case, source)
        fuel[source] = heat * ((1.0 - share) * plain.energy_mwh[source] + share * own.unit_mw * running[source].unit_h)
        starts_usd += own.start_usd * running[source].n_start / system.n_year
        usd += own.idle_usd_per_h * running[source].unit_h
    unserved = float(found.dispatch.unserved_mw.sum()) / system.n_year - unserved_mwh
    return replace(
        plain,
        fuel_mmbtu=fuel,
        running_usd=usd + starts_usd + max(0.0, unserved) * system.unserved_usd_per_mwh,
        units=InUnits(running, starts_usd, found.gap_frac),
        notes=(
            "sized without starts, least load and idle fuel, then run with them, no unit failing; "
            "what that run leaves unserved beyond the sizing is charged at its cost",
            *found.notes,
        ),
    )


def ageing(case: PowerCase, system: System, whole: Design, n_year: int) -> Ageing | None:
    """What fading changes, year by year, all that is built run at least cost; None where nothing fades.

    Notes
    -----
    A share of the first year's output or energy is lost each year. A battery begins anew after its life. The tariff of
    the grid and starts of units are left as in the first year.
    """
    numbers = case.numbers
    fades = {name: numbers[f"sources.{name}.fade_frac_per_year"] for name in _FADING if _rows(case, name)}
    stored = numbers["battery.fade_frac_per_year"] if system.stores and any(whole.store_mwh) else 0.0
    built = {source.name: mw for source, mw in zip(system.sources, whole.source_mw, strict=True)}
    if not stored and not any(fade and built[name] for name, fade in fades.items()):
        return None
    life = round(numbers["battery.life_years"]) if system.stores else n_year
    runs: dict[tuple[int, int], tuple[dict[str, float], float, float]] = {}
    rows = []
    for year in range(n_year):
        age = (year if any(fades.values()) else 0, year % max(life, 1) if stored else 0)
        if age not in runs:
            less = {name: max(0.0, 1.0 - fade * age[0]) for name, fade in fades.items()}
            mw = tuple(
                mw * less.get(source.name, 1.0) for source, mw in zip(system.sources, whole.source_mw, strict=True)
            )
            mwh = tuple(mwh * max(0.0, 1.0 - stored * age[1]) for mwh in whole.store_mwh)
            run = dispatch_exactly(system, Design(mw, whole.store_mw, mwh))
            unserved = float(run.unserved_mw.sum()) / system.n_year
            runs[age] = _energy(system, run), unserved, _grid_usd(system, run)
        rows.append(runs[age])
    first = rows[0]
    more = {name: np.array([row[0][name] - first[0][name] for row in rows]) for name in built if name in FIRM}
    return Ageing(more, np.array([row[1] - first[1] for row in rows]), np.array([row[2] - first[2] for row in rows]))


def rule_bill_usd(case: PowerCase, system: System, dispatch: Dispatch) -> float:
    """What the tariff bills a dispatch in a year beside energy. [USD/year]"""
    return _billed_usd(system, _bill(case, system, dispatch))


def _rows(case: PowerCase, name: str) -> bool:
    return f"sources.{name}.fade_frac_per_year" in case.numbers.rows


def _energy(system: System, dispatch: Dispatch) -> dict[str, float]:
    rows = zip(system.sources, dispatch.source_mw, strict=True)
    return {source.name: float(mw.sum()) / system.n_year for source, mw in rows}


def _bill(case: PowerCase, system: System, dispatch: Dispatch) -> Bill | None:
    if case.metered is None:
        return None
    (own,) = (mw for s, mw in zip(system.sources, dispatch.source_mw, strict=True) if s.name == case.metered.source)
    return bill(own, case.metered.tariff, case.metered.first_year)


def _billed_usd(system: System, billed: Bill | None) -> float:
    return 0.0 if billed is None else billed.total_usd / system.n_year


def _grid_usd(system: System, dispatch: Dispatch) -> float:
    """Paid to the grid for energy in a year, less what it pays. [USD/year]"""
    usd = 0.0
    for source, mw in zip(system.sources, dispatch.source_mw, strict=True):
        if source.name == GRID:
            usd += float(np.broadcast_to(source.running_usd_per_mwh, system.n_hour) @ mw)
    for sink, mw in zip(system.sinks, dispatch.sink_mw, strict=True):
        if sink.name == EXPORT:
            usd -= float(np.broadcast_to(sink.price_usd_per_mwh, system.n_hour) @ mw)
    return usd / system.n_year
