"""Supply of a site: laws that every result keeps, and the packaged case."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wattworth.errors import SolveError
from wattworth.supply.case_system import PowerCase, read_power_case
from wattworth.supply.levelised import annuity_per_year
from wattworth.supply.reliability import Units, adequacy
from wattworth.valuation.power import PowerResult, solve_power
from wattworth.valuation.power_document import power_document
from wattworth.valuation.power_units import left_over_mw

CASE = """\
name: small
load: {flat_mw: 10}
reliability: {availability_frac: 0.999}
unserved_usd_per_mwh: 10000
gas_usd_per_mmbtu: 8
finance: {discount_frac: 0.08}
sources:
  solar: {reference_year: true, capex_usd_per_kw: 700, fixed_frac_per_year: 0.01, life_years: 30, max_mw: 20}
  engine:
    capex_usd_per_kw: 1000
    fixed_usd_per_kw_year: 10
    variable_usd_per_mwh: 5
    heat_rate_mmbtu_per_mwh: 9
    life_years: 20
    unit_mw: 1
    forced_outage_frac: 0.05
battery: {power_usd_per_kw: 100, energy_usd_per_kwh: 100, fixed_frac_per_year: 0, round_trip_frac: 0.85, life_years: 15}
designs:
  - {name: gas, solar_mw: 0, battery_mw: 0, battery_mwh: 0}
  - {name: thin, solar_mw: 0, battery_mw: 0, battery_mwh: 0, engine_mw: 9}
"""


def read(folder: Path, text: str) -> PowerCase:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return read_power_case(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PowerResult:
    return solve_power(read(tmp_path_factory.mktemp("power"), CASE))


@pytest.fixture(scope="module")
def packaged() -> PowerResult:
    return solve_power(read_power_case("offgrid-ai"))


def test_gas_alone_by_hand(small: PowerResult) -> None:
    """Proves: units by the binomial, and cost of them and of fuel, worked by hand.

    Sensitivity: spares left out of the capital take a quarter of it away.
    """
    gas = small.designs[1]
    count = gas.units["engine"]
    assert count.n_load == 10
    ladder = [adequacy(10.0, [Units("e", n, 1.0, 0.95)]).availability_frac for n in (count.n_unit - 1, count.n_unit)]
    assert ladder[0] < 0.999 <= ladder[1] == pytest.approx(gas.adequacy.availability_frac)
    capital = count.n_unit * 1e3 * (1000.0 * annuity_per_year(0.08, 20.0) + 10.0)
    assert gas.money.capital_usd_per_year == pytest.approx(capital)
    assert gas.money.running_usd_per_year == pytest.approx(87_600.0 * (5.0 + 9.0 * 8.0))
    assert gas.money.served.demanded_usd_per_mwh == pytest.approx(capital / 87_600.0 + 77.0)
    assert gas.co2_t_per_year == pytest.approx(87_600.0 * 9.0 * small.case.numbers["co2_kg_per_mmbtu"] / 1e3)
    assert gas.renewable_frac == pytest.approx(0.0, abs=1e-9)


def test_the_optimum_is_the_cheapest_that_meets_the_target(small: PowerResult) -> None:
    best = small.ranking.best
    assert best is not None
    assert best.name == "optimum"
    assert small.designs[0].money.usd_per_year < small.designs[1].money.usd_per_year
    assert small.designs[0].renewable_frac > 0.2


def test_a_design_that_falls_short_is_flagged_and_not_ranked(small: PowerResult) -> None:
    """Proves: nine engines for ten megawatts come last without a place, though they cost less than enough of them."""
    row = small.ranking.rows[-1]
    assert row.candidate.name == "thin"
    assert row.place is None
    assert row.flags
    assert row.candidate.cost_usd_per_year < small.designs[1].money.usd_per_year
    assert not small.ranking.at_equal_reliability


@pytest.mark.parametrize("which", ["small", "packaged"])
def test_what_holds_of_every_design(which: str, request: pytest.FixtureRequest) -> None:
    """Proves: the rule is never cheaper, cost is never under its bound, spares only add, and prices are of this world.

    Sensitivity: a rule run that leaves the battery empty for nothing beats the best dispatch.
    """
    result: PowerResult = request.getfixturevalue(which)
    voll = result.case.system.unserved_usd_per_mwh
    for found in result.designs:
        assert found.rule is not None
        assert found.rule.running_usd_per_year >= found.rule.optimal_usd_per_year * (1.0 - 1e-9) - 1e-3
        served = found.money.served
        assert served.with_unserved_usd_per_mwh >= found.money.bound_usd_per_mwh
        assert served.served_usd_per_mwh >= served.demanded_usd_per_mwh
        assert all(count.n_spare >= 0 for count in found.units.values())
        assert found.price is not None
        assert 0.0 <= found.price.low_usd_per_mwh <= found.price.high_usd_per_mwh <= voll
        assert 0.0 <= found.renewable_frac <= 1.0


def test_a_bound_that_binds_is_told_with_its_worth(small: PowerResult) -> None:
    """Proves: a megawatt more of sun saves what two sizings differ by, and a spare fewer what a unit costs."""
    told = {one.limit: one for one in small.relaxed}
    assert small.designs[0].installed_mw["solar"] == pytest.approx(20.0)
    assert told["solar at most"].saves_usd_per_year > 0.0
    unit_usd = 1e3 * (1000.0 * annuity_per_year(0.08, 20.0) + 10.0)
    assert told["reliability"].saves_usd_per_year == pytest.approx(unit_usd)


def test_the_two_methods_agree(small: PowerResult) -> None:
    """Proves: sized by one programme over three weeks, every design costs the same to a thousandth."""
    n = 21 * 24
    system = small.case.system
    sun, engine = system.sources
    cut = replace(sun, available_frac=np.asarray(sun.available_frac)[:n])
    few = replace(system, load_mw=system.load_mw[:n], sources=(cut, engine), n_year=n / 8760)
    case = replace(small.case, system=few)
    for one, two in zip(solve_power(case).designs, solve_power(case, "lp").designs, strict=True):
        assert two.money.usd_per_year == pytest.approx(one.money.usd_per_year, rel=1e-3)
        assert two.money.bound_usd_per_mwh == pytest.approx(one.money.bound_usd_per_mwh, rel=2e-4)


def test_a_stricter_target_costs_more(small: PowerResult, tmp_path: Path) -> None:
    strict = solve_power(read(tmp_path, CASE.replace("availability_frac: 0.999", "availability_frac: 0.99999")))
    for loose, tight in zip(small.designs[:2], strict.designs[:2], strict=True):
        assert tight.units["engine"].n_spare > loose.units["engine"].n_spare
        assert tight.money.usd_per_year > loose.money.usd_per_year


def test_a_target_of_energy_is_of_all_that_is_demanded(tmp_path: Path) -> None:
    """Proves: the share is met of demand, not of what is left for engines; one unit fewer misses it."""
    case = read(tmp_path, CASE.replace("availability_frac: 0.999", "unserved_max_frac: 0.0001"))
    result = solve_power(case)
    found = result.designs[0]
    assert found.adequacy.unserved_frac <= 1e-4
    load = left_over_mw(case.system, found.sizing, case.units)
    fewer = adequacy(load, [Units("e", found.units["engine"].n_unit - 1, 1.0, 0.95)])
    assert fewer.unserved_frac * load.sum() / 87_600.0 > 1e-4
    assert result.designs[2].adequacy.unserved_frac > 0.1
    assert [row.place for row in result.ranking.rows] == [1, 2, None]
    assert found.adequacy.unserved_mwh_per_year == pytest.approx(found.adequacy.unserved_frac * 87_600.0)


def test_a_grid_stands_in_and_sells(tmp_path: Path) -> None:
    """Proves: a cheap firm grid takes the place of engines; surplus is sold, and then no rule run is claimed."""
    grid = "grid: {import_max_mw: 30, import_usd_per_mwh: 20, export_max_mw: 5, export_usd_per_mwh: 15}\n"
    found = solve_power(read(tmp_path, CASE.replace(", max_mw: 20", "") + grid)).designs[0]
    assert found.units["engine"].n_unit == 0
    assert found.installed_mw["grid"] == pytest.approx(10.0, rel=1e-3)
    assert found.rule is None


def test_no_answer_says_what_to_do(tmp_path: Path) -> None:
    text = CASE.replace("unit_mw: 1\n", "unit_mw: 1\n    max_mw: 2\n").replace(
        "{availability_frac: 0.999}", "{unserved_max_frac: 0.0}"
    )
    text = text.replace("max_mw: 20", "max_mw: 1").split("designs:")[0]
    with pytest.raises(SolveError, match="unserved_max_frac"):
        solve_power(read(tmp_path, text))
    with pytest.raises(ValueError, match="need one of decomposition, lp"):
        solve_power(read(tmp_path, CASE), "simplex")


def test_the_packaged_designs_are_what_their_names_say(packaged: PowerResult) -> None:
    """Proves: shares of 0, 44 and 90 % within a point, all at the target, the optimum first and gas next."""
    optimum, gas, part, most = packaged.designs
    assert [d.renewable_frac for d in (gas, part, most)] == pytest.approx([0.0, 0.44, 0.90], abs=0.01)
    assert packaged.ranking.at_equal_reliability
    assert [row.candidate.name for row in packaged.ranking.rows][:2] == ["optimum", "gas only"]
    assert optimum.money.convention_usd_per_mwh is not None
    assert gas.money.convention_usd_per_mwh is not None
    assert optimum.money.convention_usd_per_mwh < gas.money.convention_usd_per_mwh


def test_the_price_of_a_convention_is_that_of_its_own_study(tmp_path: Path) -> None:
    """Proves: C1 of validation.md B through the case file: 125 MW of engines for 100 MW, without its further lines.

    Sensitivity: fuel that does not grow takes more than ten dollars off.
    """
    terms = (
        "project: {convention: offgridai, analysis_years: 20, soft_frac: 0.118, debt_share_frac: 0.7, "
        "debt_rate_frac: 0.075, federal_tax_frac: 0.21, inflation_frac: 0.025, fuel_growth_frac: 0.03, "
        "return_frac: 0.11, depreciation: macrs_5}"
    )
    text = (
        "name: c1\nload: {flat_mw: 100}\nreliability: {availability_frac: 0.5}\nunserved_usd_per_mwh: 10000\n"
        f"gas_usd_per_mmbtu: 5\nfinance:\n  {terms}\n"
        "sources:\n  engine: {capex_usd_per_kw: 1478, fixed_usd_per_kw_year: 18.495, variable_usd_per_mwh: 25, "
        "heat_rate_mmbtu_per_mwh: 8.9893, life_years: 20, unit_mw: 1, forced_outage_frac: 0}\n"
        "designs: [{name: all, engine_mw: 125}]\n"
    )
    # 410 $/kW of load for cables and 6 $/kW-yr stand, per megawatt of engine, in capital and upkeep.
    found = solve_power(read(tmp_path, text)).designs[1]
    assert found.money.convention_usd_per_mwh == pytest.approx(111.11, abs=0.02)


def test_the_document_is_json_and_traces_each_number(packaged: PowerResult) -> None:
    found = json.loads(json.dumps(power_document(packaged), allow_nan=False))
    assert found["schema_version"] == 1
    assert [design["place"] for design in found["designs"]] == [1, 2, 3, 4]
    capex = next(row for row in found["numbers"] if row["key"] == "sources.engine.capex_usd_per_kw")
    assert capex["fact"] == "recip_engine.capex"
    assert capex["confidence"] == "low"
    assert found["designs"][0]["capital_usd_per_year"] == packaged.designs[0].money.capital_usd_per_year


def test_two_years_of_the_same_hours_cost_what_one_does(small: PowerResult) -> None:
    """Proves: costs are of a year, whatever the years of weather. Sensitivity: running cost not divided doubles it."""
    system = small.case.system
    load, sun = np.tile(system.load_mw, 2), np.tile(np.asarray(system.sources[0].available_frac), 2)
    twice = replace(
        system, load_mw=load, sources=(replace(system.sources[0], available_frac=sun), system.sources[1]), n_year=2.0
    )
    found = solve_power(replace(small.case, system=twice)).designs[1]
    assert found.money.usd_per_year == pytest.approx(small.designs[1].money.usd_per_year, rel=1e-6)
