"""A tariff inside the linear programme: against the bill of the tariff room, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.errors import DataError
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.lp import dispatch_by_lp, size_by_lp
from wattworth.supply.system import Design, Sizing, Source, Store, System
from wattworth.supply.tariffs import (
    CoincidentPeak,
    DemandBlock,
    FourCoincidentPeaks,
    Metered,
    Ratchet,
    Tariff,
    bill,
)
from wattworth.supply.time_of_use import hours_within

HOUR = np.arange(8760)
PEAKS = (4000, 4800, 5500, 6200)
MONTHLY = tuple(float(rate) for rate in np.linspace(3.0, 14.0, 12))
DAYS = hours_within(8760, 3, hours=range(8, 20), weekdays=range(5))

TARIFFS = {
    "plain": Tariff(demand=(DemandBlock("all", 12.0),)),
    "calendar ratchet": Tariff(demand=(DemandBlock("all", MONTHLY, Ratchet(0.8, (6, 7, 8, 9))),)),
    "look back": Tariff(demand=(DemandBlock("days", 9.0, Ratchet(0.9, lookback_months=11), DAYS),)),
    "stated hours": Tariff(coincident=(CoincidentPeak("c", (tuple(range(5000, 5024)), (10, 20, 7000)), (30.0, 12.0)),)),
    "four peaks": Tariff(four_cp=FourCoincidentPeaks(60.0, PEAKS, 0.4)),
}
TARIFFS["all"] = Tariff(
    demand=(*TARIFFS["calendar ratchet"].demand, *TARIFFS["look back"].demand),
    coincident=TARIFFS["stated hours"].coincident,
    four_cp=TARIFFS["four peaks"].four_cp,
)

HELD = Design((10.0, 200.0), (5.0,), (20.0,))
CAPACITY_USD = 90_000.0 * 10.0 + 20_000.0 * 5.0 + 15_000.0 * 20.0


def system(n_year: int = 1) -> System:
    rng = np.random.default_rng(7)
    n = 8760 * n_year
    hour = np.arange(n)
    load = 60.0 + 20.0 * np.sin(2 * np.pi * hour / 8760) + 10.0 * np.cos(2 * np.pi * hour / 24) + rng.normal(0, 3, n)
    return System(
        load,
        (Source("engine", 1.0, 70.0, 90_000.0, max_mw=30.0), Source("grid", 1.0, rng.uniform(20, 60, n), max_mw=200.0)),
        stores=(Store("battery", 0.95, 0.95, 20_000.0, 15_000.0),),
        n_year=float(n_year),
    )


def energy_usd(given: System, found: Sizing) -> float:
    run = found.dispatch
    energy = sum((s.running_usd_per_mwh * mw).sum() for s, mw in zip(given.sources, run.source_mw, strict=True))
    return energy + run.unserved_mw.sum() * given.unserved_usd_per_mwh


@pytest.mark.parametrize("name", TARIFFS)
def test_the_objective_is_energy_capacity_and_the_bill(name: str) -> None:
    """Proves: what the programme charges is what the tariff room bills for its import, charge by charge.

    Sensitivity: a ratchet that looks at the wrong months, or peaks of the wrong hours, is off by a per cent and more.
    """
    given, tariff, year = system(), TARIFFS[name], 2027
    found = dispatch_by_lp(given, HELD, metered=Metered("grid", tariff, year))
    billed = bill(found.dispatch.source_mw[1], tariff, year).total_usd
    assert billed > 100_000.0
    assert found.cost_usd_per_year == pytest.approx(CAPACITY_USD + energy_usd(given, found) + billed, rel=1e-9)


def test_two_years_share_their_bills() -> None:
    """Proves: a year of either kind, before and after the four peaks end, counts half."""
    given, tariff = system(2), TARIFFS["four peaks"]
    found = dispatch_by_lp(given, HELD, metered=Metered("grid", tariff, 2026))
    billed = bill(found.dispatch.source_mw[1], tariff, 2026).total_usd
    assert found.cost_usd_per_year == pytest.approx(CAPACITY_USD + (energy_usd(given, found) + billed) / 2, rel=1e-9)


def test_a_peak_is_shaved_by_hand() -> None:
    """Proves: 10 MW all year, 15 MW in one hour of July, 5 MW of engine at 1,000 $/MWh: 5 MWh of it, for 5,000 $, save
    what a ratchet of 0.8 takes for 5,000 kW: 5,000 at 10 $ in July and 0.8 * 15 - 10 = 2 MW in 11 months, 270,000 $.

    Sensitivity: at a tenth of a cent for a kilowatt the engine stays off.
    """
    load = np.full(8760, 10.0)
    load[HOUR[month_of_hour(8760) == 7][300]] = 15.0
    given = System(load, (Source("engine", 1.0, 1_000.0), Source("grid", 1.0, 0.0)))

    def cost(usd: float) -> float:
        tariff = Tariff(demand=(DemandBlock("all", usd, Ratchet(0.8)),))
        metered = Metered("grid", tariff, 2026)
        return dispatch_by_lp(given, Design((5.0, 100.0)), metered=metered).cost_usd_per_year

    assert cost(10.0) == pytest.approx(12 * 10_000 * 10.0 + 5_000.0)
    assert cost(0.001) == pytest.approx(0.001 * (11 * 12_000 + 15_000))


def test_a_tariff_bills_whole_years() -> None:
    few = System(np.ones(48), (Source("grid"),))
    with pytest.raises(DataError, match="bills months"):
        size_by_lp(few, metered=Metered("grid", TARIFFS["plain"], 2026))
    assert size_by_lp(System(np.ones(8760), (Source("grid"),)), metered=Metered("grid", Tariff(), 2026)) is not None
