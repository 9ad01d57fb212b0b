"""A case of on-site supply: what its file may say, what is refused and where, and where its numbers come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from wattworth.errors import DataError, StudyError
from wattworth.facts import load
from wattworth.supply.case_file import PACKAGED, read_power_file
from wattworth.supply.case_numbers import _FACTS, numbers_of
from wattworth.supply.case_schema import CaseKeys, DesignKeys
from wattworth.supply.case_system import held, read_power_case
from wattworth.supply.levelised import annuity_per_year

SMALL = """\
name: small
load: {flat_mw: 10}
reliability: {availability_frac: 0.999}
unserved_usd_per_mwh: 10000
gas_usd_per_mmbtu: 4
sources:
  solar: {reference_year: true}
  engine: {life_years: 20}
battery: {}
"""


@pytest.fixture
def write(tmp_path: Path):
    def to_file(text: str) -> Path:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def all_keys(model: type[BaseModel]) -> set[str]:
    found = set(model.model_fields)
    for info in model.model_fields.values():
        found |= _keys_below(info.annotation)
    return found


def _keys_below(annotation: Any) -> set[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return all_keys(annotation)
    return {key for part in get_args(annotation) for key in _keys_below(part)}


def test_a_number_comes_from_the_file_or_from_its_fact(write) -> None:
    """Proves: source and confidence stand beside each number. Sensitivity: availability for outage."""
    numbers = numbers_of(read_power_file(write(SMALL)))
    gas, capex = numbers.rows["gas_usd_per_mmbtu"], numbers.rows["sources.engine.capex_usd_per_kw"]
    assert (gas.value, gas.fact, gas.confidence, gas.source) == (4.0, "", "case file", "case.yaml line 5")
    fact = load().require("recip_engine.capex")
    assert (capex.value, capex.fact, capex.source, capex.as_of) == (fact.value, fact.key, fact.source, fact.as_of)
    up = load().require("recip_engine.availability").value
    assert numbers["sources.engine.forced_outage_frac"] == pytest.approx(1.0 - up)
    assert numbers["battery.discount_frac"] == numbers["finance.discount_frac"]
    assert numbers.rows["sources.engine.fixed_usd_per_kw_year"].confidence == "assumption"


def test_every_fact_that_stands_for_a_key_is_packaged() -> None:
    book = load()
    assert [name for name in _FACTS.values() if name not in book] == []


def test_money_is_brought_to_the_year_of_the_case(write) -> None:
    """Proves: a fact in dollars of 2026 is worth less in those of 2025. Sensitivity: the year ignored."""
    text = SMALL.replace("gas_usd_per_mmbtu: 4\n", "")
    own = numbers_of(read_power_file(write(text)))["gas_usd_per_mmbtu"]
    assert own == load().require("gas_2026.henry_hub").value
    assert numbers_of(read_power_file(write(text + "money_year: 2025\n")))["gas_usd_per_mmbtu"] < own


def test_the_system_costs_what_the_numbers_say(write) -> None:
    """Proves: annuity and upkeep of each megawatt, fuel of each megawatt-hour, both ways of a round trip."""
    case = read_power_case(write(SMALL))
    n, (sun, engine), (store,) = case.numbers, case.system.sources, case.system.stores
    rate = n["finance.discount_frac"]
    assert engine.running_usd_per_mwh == pytest.approx(
        4.0 * n["sources.engine.heat_rate_mmbtu_per_mwh"] + n["sources.engine.variable_usd_per_mwh"]
    )
    assert engine.capacity_usd_per_mw_year == pytest.approx(
        1e3 * n["sources.engine.capex_usd_per_kw"] * annuity_per_year(rate, 20.0)
    )
    yearly = annuity_per_year(rate, n["sources.solar.life_years"]) + n["sources.solar.fixed_frac_per_year"]
    assert sun.capacity_usd_per_mw_year == pytest.approx(1e3 * n["sources.solar.capex_usd_per_kw"] * yearly)
    assert store.charge_frac * store.discharge_frac == pytest.approx(n["battery.round_trip_frac"])
    assert case.system.n_hour == 8760


def test_a_design_holds_what_it_names_and_no_more(write) -> None:
    system = read_power_case(write(SMALL)).system
    sun, engine = held(system, DesignKeys(name="x", solar_mw=3.0, battery_mwh=8.0)).sources
    (store,) = held(system, DesignKeys(name="x", solar_mw=3.0, battery_mwh=8.0)).stores
    assert (sun.min_mw, sun.max_mw, engine.min_mw) == (3.0, 3.0, 0.0)
    assert (store.min_mwh, store.max_mwh, store.min_mw) == (8.0, 8.0, 0.0)
    assert np.isinf(engine.max_mw)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("flat_mw: 10", "flat_mw: ten", 'line 2, key "flat_mw": got "ten", need a number of MW'),
        ("flat_mw: 10", "flat_kw: 10", 'line 2: unknown key "flat_kw" (did you mean "flat_mw"?)'),
        ("{flat_mw: 10}", "{flat_mw: 10, file: a.csv}", "line 2: give one of flat_mw, file and hall"),
        ("{availability_frac: 0.999}", "{}", "line 3: give availability_frac (0.999), unserved_max_frac"),
        ("{availability_frac: 0.999}", "{availability_frac: 99.9}", "if it is percent, write 0.999"),
        ("unserved_usd_per_mwh: 10000\n", "", 'missing key "unserved_usd_per_mwh"'),
        ("{life_years: 20}", "{}", 'line 8: missing key "life_years": no fact stands for it'),
        ("{life_years: 20}", "20", 'line 8, key "engine": got "20", need a mapping with capex_usd_per_kw'),
        ("{reference_year: true}", "{}", "line 7: give one of panels, file and reference_year"),
        ("battery: {}", "grid: {import_max_mw: 5}", "line 9: give one of import_usd_per_mwh and price_file"),
        (
            "battery: {}",
            "designs: {name: a}",
            'line 9, key "designs": got a mapping, need a list of mappings with name',
        ),
        ("battery: {}", "designs: [{name: a, wind_mw: 5}]", "line 9: the case has no wind: add it"),
        ("battery: {}", "designs: [{name: optimum}]", 'got "optimum", which is taken'),
        ("flat_mw: 10", "hall: 5", 'line 2, key "hall": got "5", need a mapping with critical_it_mw'),
    ],
)
def test_a_fault_has_its_line_and_its_fix(write, old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(StudyError) as caught:
        read_power_case(write(SMALL.replace(old, new)))
    assert said in str(caught.value)


GRID = "grid: {{import_max_mw: 5, import_usd_per_mwh: 30, {}}}"


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ("interrupted: [{months: [6, x]}]", 'key "months", item 2: got "x", need a whole number'),
        ("interrupted: [{hours: 16}]", 'key "hours": got "16", need a list of numbers'),
        ("interrupted: [{weekdays: [7]}]", 'key "weekdays", item 1: got "7", need a number of 6 or less'),
        ("tariff: {demand: [{name: d}]}", "give one of usd_per_kw_month and usd_per_kw_by_month"),
        (
            "tariff: {demand: [{name: d, usd_per_kw_by_month: [1, 2]}]}",
            'key "usd_per_kw_by_month": got a list of 2, need 12 items or more',
        ),
        (
            "tariff: {demand: [{name: d, usd_per_kw_month: 1, lookback_months: 11}]}",
            "a ratchet needs floor_frac: give it",
        ),
        (
            "tariff: {demand: [{name: d, usd_per_kw_month: 1}, {name: d, usd_per_kw_month: 2}]}",
            "charges need names that differ, got d, d",
        ),
        (
            "tariff: {four_cp: {usd_per_kw_year: 60, saved_after_2026_frac: 0}}",
            "give one of peak_hours and file",
        ),
        (
            "tariff: {four_cp: {usd_per_kw_year: 60, saved_after_2026_frac: 0, peak_hours: [1, 2, 3, 4]}}",
            "need one hour of the year in each of June to September",
        ),
        ("forced_outage_frac: 0.01", "give outage_h too"),
    ],
)
def test_a_fault_of_the_grid_has_its_line_and_its_fix(write, grid: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        read_power_case(write(SMALL + GRID.format(grid)))
    assert "case.yaml line 10" in str(caught.value)
    assert said in str(caught.value)


def test_a_grid_by_the_clock_and_by_file(write, tmp_path: Path) -> None:
    """Proves: 2026 begins on a Thursday, so its first Saturday is the third of January; the file and the hours that are
    interrupted hold together. Sensitivity: the clock off by a day moves the Saturday.
    """
    hours = np.full(8760, 0.8)
    (tmp_path / "firm.csv").write_text("available_frac\n" + "\n".join(map(str, hours)), encoding="utf-8")
    keys = (
        "periods: [{usd_per_mwh: 90, hours: [17], weekdays: [5]}], available_file: firm.csv, "
        "interrupted: [{months: [1], hours: [3], firm_frac: 0.25}]"
    )
    case = read_power_case(write(SMALL + GRID.format(keys)))
    grid = case.system.sources[-1]
    price, share = np.asarray(grid.running_usd_per_mwh), np.asarray(grid.available_frac)
    assert np.flatnonzero(price == 90.0)[0] == 2 * 24 + 17
    assert np.count_nonzero(price == 90.0) == 52
    assert np.count_nonzero(share == 0.25) == 31
    assert share[4] == 0.8


def test_a_tariff_of_a_case_is_that_of_its_file(write, tmp_path: Path) -> None:
    """Proves: hours that count, ratchet, stated hours and the four peaks of a file of the grid's load."""
    load_mw = np.full(8760, 100.0)
    peaks = [151 * 24 + 17, 190 * 24 + 16, 220 * 24 + 16, 250 * 24 + 17]
    load_mw[peaks] = 200.0
    (tmp_path / "system.csv").write_text("load_mw\n" + "\n".join(map(str, load_mw)), encoding="utf-8")
    keys = (
        "tariff: {fixed_usd_per_month: 7, demand: [{name: d, usd_per_kw_month: 3, floor_frac: 0.8, "
        "lookback_months: 11, hours: [9, 10]}], coincident: [{name: c, hours_of_year: [5], usd_per_kw_year: 2}], "
        "four_cp: {usd_per_kw_year: 60, saved_after_2026_frac: 0.5, file: system.csv}}"
    )
    metered = read_power_case(write(SMALL + GRID.format(keys))).metered
    assert metered is not None
    tariff = metered.tariff
    (block,) = tariff.demand
    assert block.counted is not None
    assert (block.counted.sum(), block.usd_per_kw_month) == (730, 3.0)
    assert block.ratchet is not None
    assert (block.ratchet.floor_frac, block.ratchet.lookback_months) == (0.8, 11)
    assert tariff.four_cp is not None
    assert list(tariff.four_cp.peak_hours) == peaks
    assert (tariff.coincident[0].groups, tariff.fixed_usd_per_month, metered.source) == (((5,),), 7.0, "grid")


def test_faults_come_together(write) -> None:
    with pytest.raises(StudyError) as caught:
        read_power_file(write(SMALL.replace("flat_mw: 10", "flat_mw: x").replace("life_years", "life_yeers")))
    assert [fault.where for fault in caught.value.faults] == ['case.yaml line 2, key "flat_mw"', "case.yaml line 8"]


def test_a_file_that_is_not_there_is_named_with_the_packaged_cases(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match='did you mean "offgrid-ai"'):
        read_power_file("offgird-ai")
    with pytest.raises(StudyError, match="no such file"):
        read_power_file(tmp_path / "none.yaml")


def test_files_of_hours_are_read_beside_the_case(write, tmp_path: Path) -> None:
    """Proves: load and price by the hour, one year beside two. Sensitivity: a year of sun not repeated."""
    hours = np.arange(2 * 8760)
    (tmp_path / "load.csv").write_text("load_mw\n" + "\n".join(f"{8 + h % 2}" for h in hours), encoding="utf-8")
    (tmp_path / "price.csv").write_text(
        "price_usd_per_mwh\n" + "\n".join(f"{30 + h % 24}" for h in hours[:8760]), encoding="utf-8"
    )
    text = SMALL.replace("flat_mw: 10", "file: load.csv") + "grid: {import_max_mw: 4, price_file: price.csv}\n"
    case = read_power_case(write(text))
    assert (case.system.n_hour, case.system.n_year) == (2 * 8760, 2.0)
    sun, _, grid = case.system.sources
    assert grid.running_usd_per_mwh[8760 + 23] == 53.0
    np.testing.assert_array_equal(sun.available_frac[:8760], sun.available_frac[8760:])
    (tmp_path / "load.csv").write_text("load_mw\n8\n9\n", encoding="utf-8")
    with pytest.raises(DataError, match="8,760"):
        read_power_case(write(text))


def test_a_hall_follows_the_wet_bulb_and_turbines_the_heat(write) -> None:
    """Proves: the load swings with the weather, and a turbine gives least in the hottest hour."""
    weather = read_power_file("offgrid-ai").keys.weather
    assert weather is not None
    hall = (
        "{hall: {critical_it_mw: 10, load_frac: 0.8, pue_base_ratio: 1.1, pue_ratio_per_c: 0.01, pue_threshold_c: 5}}"
    )
    text = SMALL.replace("{flat_mw: 10}", hall).replace("engine:", "turbine:")
    case = read_power_case(write(text + f"weather: {weather.model_dump_json(exclude_none=True)}\n"))
    assert case.system.load_mw.min() == pytest.approx(8.8)
    assert case.system.load_mw.max() > 9.0
    frac = case.hours.available_frac["turbine"]
    assert isinstance(frac, np.ndarray)
    assert case.units["turbine"].derate_frac == frac.min() < 0.85
    assert frac.argmin() // 24 in range(120, 270)


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_case_is_read(name: str) -> None:
    case = read_power_case(name)
    assert case.system.load_mw.mean() == 100.0
    assert [design.name for design in case.file.keys.designs] == ["gas only", "44 % renewable", "90 % renewable"]


def test_every_key_is_in_the_page(root: Path) -> None:
    page = (root / "docs" / "on-site-supply.md").read_text(encoding="utf-8")
    assert sorted(key for key in all_keys(CaseKeys) if f"`{key}`" not in page) == []
