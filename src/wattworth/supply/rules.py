"""A fixed design run by rule over the years: free power first, then the battery, then firm units, the rest unserved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.supply.rules_case import NO_BATTERY, Battery, Firm, Renewable, RuleCase
from wattworth.supply.rules_kernels import N_EXTRA_ROW, N_FIRM_TOTAL, N_TOTAL, age_into, run_designs, run_year
from wattworth.supply.system import Design, Dispatch, System


@dataclass(frozen=True, slots=True, eq=False)
class RuleYears:
    """Totals of each year; for many designs at once every array has an axis ``design`` before the others.

    Attributes
    ----------
    n_hour
        Hours of a year.
    demanded_mwh
        Demanded in a year. [MWh]
    firm_mwh, fuel_mmbtu, starts
        Arrays, shape (firm, year): output, fuel, and starts of units, the first hour starting none. [MWh], [MMBtu], [1]
    renewable_mwh
        Array, shape (year,): renewable output used, straight or to charge the battery. [MWh]
    curtailed_mwh
        Array, shape (year,): renewable output not used. [MWh]
    charged_mwh, battery_out_mwh
        Arrays, shape (year,): into and out of the battery, measured outside. [MWh]
    unserved_mwh, short_h
        Arrays, shape (year,): energy not served, and hours in which some was not. [MWh], [h]
    co2_kg
        Array, shape (year,): emissions. [kg]
    """

    n_hour: int
    demanded_mwh: float
    firm_mwh: NDArray[np.float64]
    fuel_mmbtu: NDArray[np.float64]
    starts: NDArray[np.int64]
    renewable_mwh: NDArray[np.float64]
    curtailed_mwh: NDArray[np.float64]
    charged_mwh: NDArray[np.float64]
    battery_out_mwh: NDArray[np.float64]
    unserved_mwh: NDArray[np.float64]
    short_h: NDArray[np.float64]
    co2_kg: NDArray[np.float64]

    @property
    def served_mwh(self) -> NDArray[np.float64]:
        """Array, shape (year,): energy served. [MWh]"""
        return self.demanded_mwh - self.unserved_mwh

    @property
    def renewable_share_frac(self) -> NDArray[np.float64]:
        """Share of all energy served over the years that no firm source gave, one number for a design."""
        return 1.0 - self.firm_mwh.sum(axis=(-2, -1)) / self.served_mwh.sum(axis=-1)

    @property
    def unserved_frac(self) -> NDArray[np.float64]:
        """Share of all energy demanded over the years that was not served, one number for a design."""
        return self.unserved_mwh.mean(axis=-1) / self.demanded_mwh


def run_rules(case: RuleCase, design: Design) -> RuleYears:
    """Run one design over its years.

    Parameters
    ----------
    case
        Load, order and ageing.
    design
        Megawatts of the renewables, then of the firm sources; power and energy of the battery, if there is one.

    Raises
    ------
    ValueError
        If the design does not fit the case.

    Examples
    --------
    >>> day = np.array([0.0, 0.0, 1.0, 0.0])
    >>> case = RuleCase(np.full(4, 10.0), (Renewable("sun", day),), (Firm("engine"),), Battery(start_frac=0.0))
    >>> years = run_rules(case, Design((30.0, 4.0), (6.0,), (20.0,)))
    >>> years.firm_mwh.tolist(), years.battery_out_mwh.tolist(), years.unserved_mwh.tolist()
    ([[12.0]], [6.0], [12.0])
    """
    years = run_rules_many(case, [design])
    return RuleYears(years.n_hour, years.demanded_mwh, *(getattr(years, name)[0] for name in _YEARLY))


def run_rules_many(case: RuleCase, designs: Sequence[Design]) -> RuleYears:
    """Run many designs over their years, in one compiled call that holds no lock.

    Parameters
    ----------
    case
        Load, order and ageing, the same for all.
    designs
        As for :func:`run_rules`.

    Returns
    -------
    RuleYears
        Arrays, shape (design, year), those of firm sources (design, firm, year). A design's numbers do not hang on
        the designs beside it.
    """
    shared, sized = _packed(case), _sized(case, designs)
    totals, firm = run_designs(
        shared.load_mw,
        shared.available_frac,
        sized.renewable_mw,
        shared.fade_frac,
        shared.firm_frac,
        sized.firm_mw,
        shared.unit_mw,
        sized.power_mw,
        sized.energy_mwh,
        shared.shares_frac,
        shared.inside,
        case.battery_last,
        case.n_year,
    )
    return _years(case, totals, firm)


def run_rules_hourly(case: RuleCase, design: Design, year: int = 0) -> Dispatch:
    """Hour by hour in one year of a design's life.

    Parameters
    ----------
    case
        Load, order and ageing.
    design
        As for :func:`run_rules`.
    year
        Year of life, the first being nought.

    Returns
    -------
    Dispatch
        Sources are the renewables, each used in proportion to what it could give, then the firm ones. It has no sinks
        and no prices.
    """
    if not 0 <= year < case.n_year:
        raise ValueError(f"year {year} is not one of the {case.n_year} of this case")
    shared, sized = _packed(case), _sized(case, [design])
    n_source = len(case.renewables) + len(case.firm)
    hourly = np.zeros((n_source + N_EXTRA_ROW, case.n_hour))
    store, aged = np.empty(5), np.empty(len(case.renewables))
    first = (sized.renewable_mw[0], shared.fade_frac, sized.power_mw[0], sized.energy_mwh[0])
    age_into(store, aged, *first, shared.shares_frac, shared.inside, year)
    run_year(
        shared.load_mw,
        shared.available_frac,
        aged,
        shared.firm_frac,
        sized.firm_mw[0],
        shared.unit_mw,
        store,
        shared.inside,
        case.battery_last,
        np.zeros(N_TOTAL),
        np.zeros((N_FIRM_TOTAL, len(case.firm))),
        hourly,
    )
    charge, discharge, content = (hourly[n_source + n : n_source + n + 1] for n in range(3))
    n_store = 0 if case.battery is None else 1
    return Dispatch(
        source_mw=hourly[:n_source],
        sink_mw=np.zeros((0, case.n_hour)),
        charge_mw=charge[:n_store],
        discharge_mw=discharge[:n_store],
        content_mwh=content[:n_store],
        unserved_mw=hourly[n_source + 3],
    )


def rules_of(system: System, *, fade_frac_per_year: float = 0.0, n_year: int = 1) -> tuple[RuleCase, tuple[int, ...]]:
    """The rules for a system: sources that cost nothing to run are renewables, the others firm, cheapest first.

    Parameters
    ----------
    system
        With one store at most; its sinks are left out, as rules sell nothing.
    fade_frac_per_year
        Energy capacity the store loses each year. [1/year]
    n_year
        Years of life.

    Returns
    -------
    case, order
        The case, and for each of its sources in order the number of the source in the system.

    Raises
    ------
    ValueError
        If the system has several stores.
    """
    if len(system.stores) > 1:
        raise ValueError(f"rules run one battery, this system has {len(system.stores)} stores")
    cost = [float(np.mean(source.running_usd_per_mwh)) for source in system.sources]
    order = tuple(sorted(range(len(cost)), key=lambda n: (cost[n] > 0.0, cost[n])))
    renewables, firm = [], []
    for n in order:
        source, unit = system.sources[n], system.sources[n].commitment
        if cost[n] <= 0.0:
            renewables.append(Renewable(source.name, source.available_frac))
        else:
            firm.append(Firm(source.name, source.available_frac, unit_mw=0.0 if unit is None else unit.unit_mw))
    battery = None
    for store in system.stores:
        battery = Battery(store.charge_frac, store.discharge_frac, fade_frac_per_year, store.start_frac)
    return RuleCase(system.load_mw, tuple(renewables), tuple(firm), battery, n_year), order


@dataclass(frozen=True, slots=True, eq=False)
class _Packed:
    """What all designs share, as the kernels take it."""

    load_mw: NDArray[np.float64]
    available_frac: NDArray[np.float64]
    fade_frac: NDArray[np.float64]
    firm_frac: NDArray[np.float64]
    unit_mw: NDArray[np.float64]
    shares_frac: NDArray[np.float64]
    inside: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Sized:
    """How much each design has, one row a design."""

    renewable_mw: NDArray[np.float64]
    firm_mw: NDArray[np.float64]
    power_mw: NDArray[np.float64]
    energy_mwh: NDArray[np.float64]


_YEARLY: Final = (
    "firm_mwh",
    "fuel_mmbtu",
    "starts",
    "renewable_mwh",
    "curtailed_mwh",
    "charged_mwh",
    "battery_out_mwh",
    "unserved_mwh",
    "short_h",
    "co2_kg",
)


def _packed(case: RuleCase) -> _Packed:
    def rows(sources: tuple[Renewable, ...] | tuple[Firm, ...]) -> NDArray[np.float64]:
        out = np.empty((len(sources), case.n_hour))
        for n, source in enumerate(sources):
            out[n] = source.available_frac
        return out

    battery = case.battery or NO_BATTERY
    return _Packed(
        load_mw=np.ascontiguousarray(case.load_mw, dtype=np.float64),
        available_frac=rows(case.renewables),
        fade_frac=np.array([source.fade_frac_per_year for source in case.renewables], dtype=np.float64),
        firm_frac=rows(case.firm),
        unit_mw=np.array([source.unit_mw for source in case.firm], dtype=np.float64),
        shares_frac=np.array(
            [battery.charge_frac, battery.discharge_frac, battery.fade_frac_per_year, battery.start_frac]
        ),
        inside=battery.limits == "offgridai",
    )


def _sized(case: RuleCase, designs: Sequence[Design]) -> _Sized:
    n_renewable, n_firm = len(case.renewables), len(case.firm)
    n_store = 0 if case.battery is None else 1
    for n, design in enumerate(designs):
        got = len(design.source_mw), len(design.store_mw), len(design.store_mwh)
        if got != (n_renewable + n_firm, n_store, n_store):
            raise ValueError(
                f"design {n}: got {got} numbers for sources, store power and store energy, "
                f"need {(n_renewable + n_firm, n_store, n_store)}"
            )
    source_mw = np.array([d.source_mw for d in designs], dtype=np.float64).reshape(len(designs), n_renewable + n_firm)
    store = np.array([[*d.store_mw, *d.store_mwh] if n_store else [0.0, 0.0] for d in designs]).reshape(-1, 2)
    for what, array in (("sources", source_mw), ("battery", store)):
        if not (np.isfinite(array) & (array >= 0.0)).all():
            n = int(np.argwhere(~(np.isfinite(array) & (array >= 0.0)))[0][0])
            raise DataError(f"design {n}: {what} of {array[n].tolist()}, need finite numbers of nought or more")
    return _Sized(
        *(np.ascontiguousarray(part) for part in (source_mw[:, :n_renewable], source_mw[:, n_renewable:])),
        *(np.ascontiguousarray(column) for column in store.T),
    )


def _years(case: RuleCase, totals: NDArray[np.float64], firm: NDArray[np.float64]) -> RuleYears:
    output, ran, starts = (np.swapaxes(firm[:, :, n], 1, 2) for n in range(N_FIRM_TOTAL))
    idle = np.array([source.idle_fuel_frac for source in case.firm])[:, None]
    heat = np.array([source.heat_rate_mmbtu_per_mwh for source in case.firm])[:, None]
    fuel = heat * (idle * ran + (1.0 - idle) * output)
    emitted = np.array([source.co2_kg_per_mmbtu for source in case.firm])[:, None] * fuel
    used, charged, battery_out, unserved, curtailed, short = np.moveaxis(totals, 2, 0)
    return RuleYears(
        n_hour=case.n_hour,
        demanded_mwh=float(case.load_mw.sum()),
        firm_mwh=output,
        fuel_mmbtu=fuel,
        starts=np.rint(starts).astype(np.int64),
        renewable_mwh=used,
        curtailed_mwh=curtailed,
        charged_mwh=charged,
        battery_out_mwh=battery_out,
        unserved_mwh=unserved,
        short_h=short,
        co2_kg=emitted.sum(axis=1),
    )
