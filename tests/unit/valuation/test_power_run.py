"""A case that asks for a tariff, for starts, for fading, for a battery that stands in: each against a hand or a law."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wattworth.errors import StudyError
from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import PowerCase, held, read_power_case
from wattworth.supply.decomposition import dispatch_exactly, size_by_decomposition
from wattworth.supply.system import Design
from wattworth.supply.tariffs import bill
from wattworth.valuation.power_designs import run_design
from wattworth.valuation.power_reliability import CHAIN, UNITS_ALONE, reached
from wattworth.valuation.power_run import ageing, run_in_units, sized
from wattworth.valuation.power_units import UnitCount, firm_up

ENGINE = """\
  engine:
    capex_usd_per_kw: 1000
    variable_usd_per_mwh: 5
    heat_rate_mmbtu_per_mwh: 9
    life_years: 20
    unit_mw: 1
    forced_outage_frac: 0.05
"""
CASE = f"""\
name: small
load: {{flat_mw: 10}}
reliability: {{availability_frac: 0.999}}
unserved_usd_per_mwh: 10000
gas_usd_per_mmbtu: 8
finance: {{discount_frac: 0.08}}
sources:
  solar: {{reference_year: true, capex_usd_per_kw: 700, fixed_frac_per_year: 0.01, life_years: 30}}
{ENGINE}battery: {{power_usd_per_kw: 100, energy_usd_per_kwh: 100, fixed_frac_per_year: 0, round_trip_frac: 0.85}}
"""
TERMS = (
    "project: {convention: offgridai, analysis_years: 20, soft_frac: 0, debt_share_frac: 0, debt_rate_frac: 0, "
    "federal_tax_frac: 0, inflation_frac: 0, fuel_growth_frac: 0, return_frac: 0, depreciation: none}"
)
PRICED = CASE.replace("{discount_frac: 0.08}", f"\n  discount_frac: 0.08\n  {TERMS}")


def read(folder: Path, text: str) -> PowerCase:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return read_power_case(path)


def test_a_battery_stands_in_for_units_that_fail(tmp_path: Path) -> None:
    """Proves: with a battery fewer units reach the same target, one fewer misses it, and it is said how.

    Sensitivity: a battery that is not looked at asks for as many spares as the units alone.
    """
    case = read(tmp_path, CASE)
    design = DesignKeys(name="stored", solar_mw=15.0, battery_mw=6.0, battery_mwh=40.0)
    system = held(case.system, design)
    sizing = size_by_decomposition(system)
    found = firm_up(case, system, sizing, design)
    count = found.units["engine"]
    assert found.method == CHAIN
    assert found.adequacy.availability_frac >= 0.999
    none = replace(sizing, design=replace(sizing.design, store_mwh=(0.0,)))
    alone = firm_up(case, system, none, design)
    assert alone.method == UNITS_ALONE
    assert alone.units["engine"].n_unit > count.n_unit
    fewer = reached(case, sizing, {"engine": UnitCount(count.n_unit - 1, 0, 1.0)}).adequacy
    assert count.n_spare == 0 or fewer.availability_frac < 0.999


def test_what_the_grid_interrupts_is_asked_of_the_units(tmp_path: Path) -> None:
    """Proves: a sure grid of 10 MW that is cut at 16 and 17 o'clock from June to September needs engines for those
    244 hours, and one engine fewer is short in them alone.

    Sensitivity: a grid that counts in all hours leaves nothing for which a spare is missed.
    """
    cut = "grid: {import_max_mw: 10, import_usd_per_mwh: 20, interrupted: [{months: [6, 7, 8, 9], hours: [16, 17]}]}\n"
    case = read(tmp_path, CASE + cut)
    design = DesignKeys(name="x", solar_mw=0.0, battery_mw=0.0, battery_mwh=0.0, grid_mw=10.0, engine_mw=10.0)
    system = held(case.system, design)
    sizing = size_by_decomposition(system)
    grid = sizing.dispatch.source_mw[-1]
    assert np.count_nonzero(grid < 1.0) == 244
    found = reached(case, sizing, {"engine": UnitCount(10, 0, 1.0)}).adequacy
    assert found.short_h_per_year == pytest.approx(244 * (1.0 - 0.95**10))


def test_a_tariff_is_in_the_cost_and_asks_for_the_programme(tmp_path: Path) -> None:
    """Proves: 10 MW of grid all year by hand: energy, demand, fixed charge; decomposition is refused with the fix."""
    tariff = "tariff: {fixed_usd_per_month: 500, demand: [{name: d, usd_per_kw_month: 10, floor_frac: 0.8}]}"
    case = read(tmp_path, CASE + f"grid: {{import_max_mw: 20, import_usd_per_mwh: 20, {tariff}}}\n")
    none = {"solar_mw": 0.0, "battery_mw": 0.0, "battery_mwh": 0.0, "engine_mw": 0.0}
    design = DesignKeys(name="grid", grid_mw=10.0, **none)
    with pytest.raises(StudyError, match=r"line 17: a tariff ties .* use --method lp"):
        run_design(case, design, "decomposition")
    found = run_design(case, design, "lp")
    usd = 87_600.0 * 20.0 + 12 * 10_000 * 10.0 + 12 * 500.0
    assert found.money.running_usd_per_year == pytest.approx(usd)
    assert found.money.bound_usd_per_mwh == pytest.approx(usd / 87_600.0)
    assert found.bill is not None
    assert found.bill.total_usd == pytest.approx(12 * 10_000 * 10.0 + 12 * 500.0)
    assert found.rule is not None
    assert found.rule.running_usd_per_year == pytest.approx(usd)


def test_sizing_trades_a_battery_against_the_demand_charge(tmp_path: Path) -> None:
    """Proves: the sized cost is that of its dispatch billed by the tariff room.

    Sensitivity: without the tariff in the programme no energy is stored.
    """
    tariff = "tariff: {demand: [{name: d, usd_per_kw_month: 30, hours: [16, 17]}]}"
    case = read(tmp_path, CASE + f"grid: {{import_max_mw: 20, import_usd_per_mwh: 20, {tariff}}}\n")
    system = held(case.system, DesignKeys(name="x", solar_mw=0.0, engine_mw=0.0, grid_mw=20.0, battery_mw=10.0))
    assert size_by_decomposition(system).design.store_mwh[0] == pytest.approx(0.0, abs=1e-6)
    found = sized(case, system, "lp")
    assert case.metered is not None
    billed = bill(found.dispatch.source_mw[-1], case.metered.tariff, 2026).total_usd
    store = system.stores[0]
    capital = store.capacity_usd_per_mw_year * found.design.store_mw[0]
    capital += store.capacity_usd_per_mwh_year * found.design.store_mwh[0]
    energy = 20.0 * found.dispatch.source_mw[-1].sum()
    assert found.design.store_mwh[0] > 10.0
    assert found.cost_usd_per_year == pytest.approx(energy + billed + capital)


def test_units_that_start_and_idle_by_hand(tmp_path: Path) -> None:
    """Proves: fuel line, starts and least load. A load of 0.6 MW by day and none by night for a day, two units of 1 MW.

    One unit runs 12 hours at 0.6: fuel 9 * (0.25 + 0.75 * 0.6) * 12 with a heat ratio of 1.25 at half load, one start
    of 40 $ a MW. Sensitivity: fuel at full load's heat rate is 9 * 0.6 * 12.
    """
    keys = "{min_load_frac: 0.5, start_usd_per_mw: 40, part_load_heat_ratio: 1.25}"
    text = CASE.replace("unit_mw: 1\n", f"unit_mw: 1\n    commitment: {keys}\n")
    case = read(tmp_path, text + "commitment_gap_frac: 0.000001\n")
    load = np.where(np.arange(24) < 12, 0.6, 0.0)
    sun, engine = case.system.sources
    system = replace(
        case.system,
        load_mw=load,
        n_year=24 / 8760,
        sources=(replace(sun, available_frac=0.0), engine),
    )
    run = run_in_units(case, system, Design((0.0, 2.0), (0.0,), (0.0,)), "x")
    year = 8760 / 24
    assert run.units is not None
    assert run.units.running["engine"].unit_h == pytest.approx(12 * year)
    assert run.units.running["engine"].n_start == 1
    assert run.units.start_usd_per_year == pytest.approx(40.0 * year)
    fuel = 9.0 * (0.25 + 0.75 * 0.6) * 12 * year
    assert run.fuel_mmbtu["engine"] == pytest.approx(fuel)
    assert run.running_usd == pytest.approx(8.0 * fuel + 5.0 * 7.2 * year + 40.0 * year)
    assert run.units.gap_frac <= 1e-6


def test_part_load_that_fits_no_line_is_refused(tmp_path: Path) -> None:
    def commitment(keys: str) -> str:
        return CASE.replace("unit_mw: 1\n", f"unit_mw: 1\n    commitment: {keys}\n")

    with pytest.raises(StudyError, match=r"line 15: the packaged ratio is at half load"):
        read(tmp_path, commitment("{part_load_frac: 0.7}"))
    with pytest.raises(StudyError, match=r"line 15: .*fits no fuel line"):
        read(tmp_path, commitment("{part_load_heat_ratio: 2.5}"))


def test_fading_changes_energy_as_its_own_runs_say(tmp_path: Path) -> None:
    """Proves: year 11 of panels that lose 2 % a year is a run of 0.78 of them; a battery is new after its life."""
    text = CASE.replace("life_years: 30", "life_years: 30, fade_frac_per_year: 0.02")
    text = text.replace("round_trip_frac: 0.85", "round_trip_frac: 0.85, life_years: 8, fade_frac_per_year: 0.03")
    case = read(tmp_path, text)
    whole = Design((20.0, 12.0), (4.0,), (16.0,))
    aged = ageing(case, case.system, whole, 20)
    assert aged is not None

    def engine_mwh(sun_mw: float, mwh: float) -> float:
        return float(dispatch_exactly(case.system, Design((sun_mw, 12.0), (4.0,), (mwh,))).source_mw[1].sum())

    more = aged.more_mwh["engine"]
    assert more[0] == 0.0
    assert more[11] == pytest.approx(engine_mwh(20.0 * 0.78, 16.0 * 0.91) - engine_mwh(20.0, 16.0))
    assert aged.more_unserved_mwh == pytest.approx(0.0, abs=1e-6)
    assert ageing(case, case.system, Design((0.0, 12.0), (0.0,), (0.0,)), 20) is None


def test_a_new_battery_is_in_the_price_by_hand(tmp_path: Path) -> None:
    """Proves: without return, tax and growth the price is all dollars over all energy, the second battery among them.

    Sensitivity: a battery bought in year 20 of 20, or bought once only, is 5 $/MWh off and more.
    """
    text = PRICED.replace("round_trip_frac: 0.85", "round_trip_frac: 0.85, life_years: 10")
    case = read(tmp_path, text)
    design = DesignKeys(name="x", solar_mw=0.0, battery_mw=5.0, battery_mwh=20.0, engine_mw=14.0)
    found = run_design(case, design, "decomposition")
    battery = 5_000.0 * 100.0 + 20_000.0 * 100.0
    energy = found.energy_mwh_per_year
    usd = 14_000.0 * 1000.0 + 2 * battery + 20 * energy["engine"] * (9.0 * 8.0 + 5.0)
    assert found.money.convention_usd_per_mwh == pytest.approx(usd / (20 * energy["served"]), rel=1e-6)
    half = read(tmp_path, text.replace("depreciation: none}", "depreciation: none, new_battery_frac: 0.5}"))
    less = run_design(half, design, "decomposition").money.convention_usd_per_mwh
    assert less == pytest.approx((usd - battery / 2) / (20 * energy["served"]), rel=1e-6)


def test_lead_times_are_those_of_facts_and_of_the_file(tmp_path: Path) -> None:
    """Proves: first power with the first part, full with the last; unknown where a part that is built has none."""
    case = read(tmp_path, CASE.replace("life_years: 30", "life_years: 30, lead_time_months: 12"))
    gas = DesignKeys(name="gas", solar_mw=0.0, battery_mw=0.0, battery_mwh=0.0)
    found = run_design(case, gas, "decomposition")
    assert found.lead_months == {"engine": 19.5}
    assert found.full_power_months == 19.5
    both = run_design(case, gas.model_copy(update={"solar_mw": 10.0}), "decomposition")
    assert (both.first_power_months, both.full_power_months) == (12.0, 19.5)
    stored = gas.model_copy(update={"battery_mw": 1.0, "battery_mwh": 4.0})
    assert run_design(case, stored, "decomposition").full_power_months is None


def test_maintenance_takes_units_away(tmp_path: Path) -> None:
    case = read(tmp_path, CASE.replace("unit_mw: 1\n", "unit_mw: 1\n    maintenance_frac: 0.04\n"))
    assert case.units["engine"].up_frac == pytest.approx(0.95 * 0.96)
    assert case.numbers["sources.engine.repair_h"] == 48.0
