"""Uses of a site valued on power that is made there: price parts, what is owed, dates, and errors."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tests.studies import study
from wattworth import reports, timeline, uses
from wattworth.errors import StudyError
from wattworth.records import Line
from wattworth.study import Site, Study
from wattworth.study.document import study_document, study_from_document
from wattworth.study.site_supply import SiteSupply
from wattworth.supply.case_system import read_power_case
from wattworth.supply.levelised import annuity_per_year
from wattworth.timeline.ways import WAYS, opens_frac
from wattworth.uses.energy import hall_mwh_per_month
from wattworth.valuation import SPECS, read_study, value
from wattworth.valuation.cases import case_lines, central_case, central_world
from wattworth.valuation.central import Central, central
from wattworth.valuation.plan import Plan, plan
from wattworth.valuation.power_designs import run_design
from wattworth.valuation.site_supply import price_of, sized
from wattworth.valuation.supplied import SuppliedWorld, running_usd_per_mwh

GAS = """\
name: gas
load: {flat_mw: 100}
reliability: {availability_frac: 0.999}
unserved_usd_per_mwh: 10000
finance: {discount_frac: 0.08}
sources:
  engine:
    capex_usd_per_kw: 1000
    fixed_usd_per_kw_year: 10
    variable_usd_per_mwh: 5
    heat_rate_mmbtu_per_mwh: 9
    life_years: 20
    unit_mw: 10
    forced_outage_frac: 0.05
designs:
  - {name: thin, engine_mw: 90}
"""
OWN_GAS = "gas_usd_per_mmbtu: 8\n"
PROJECT = """\
  project: {convention: sam, analysis_years: 20, soft_frac: 0.1, debt_share_frac: 0.5, debt_rate_frac: 0.06,
            federal_tax_frac: 0.21, inflation_frac: 0.0, fuel_growth_frac: 0.0, return_frac: 0.1, depreciation: macrs_5}
"""
FLAT_USD_PER_MWH = 60.0
FLAT = """\
name: flat
load: {flat_mw: 100}
reliability: {availability_frac: 0.9}
unserved_usd_per_mwh: 10000
finance: {discount_frac: 0.08}
sources:
  engine: {capex_usd_per_kw: 0, fixed_usd_per_kw_year: 0, variable_usd_per_mwh: 60, heat_rate_mmbtu_per_mwh: 0,
           life_years: 20, unit_mw: 10, forced_outage_frac: 0}
"""

PLAIN = {"name": "Well", "company": "Acme", "country": "US", "iso": "TVA"}
WELL = Site(site_id="well", pipeline_gross_mw=100.0, pipeline_stage="secured", **PLAIN)
MINE = Site(site_id="mine", operating_gross_mw=100.0, previous_use="bitcoin_mine", **PLAIN)
STILL = {"price_level.growth": 0.0}


def supplied(folder: Path, text: str, site: Site, *others: Site, facts: dict[str, float] | None = None, **keys: object):
    """A study in which the site makes its power by a case."""
    folder.joinpath("power.yaml").write_text(text, encoding="utf-8")
    own = SiteSupply(case="power.yaml", folder=str(folder), where="study.yaml line 9", **keys)  # type: ignore[arg-type]
    return study(site, *others, facts=facts, supply={site.site_id: own})


def at(found: Central, site_id: str, use: str) -> float:
    return float(found.values[site_id].uses[use].success_usd[0])


def lines_of(laid_out: Plan, use: str, n: int = 0):
    """Case, cash lines and world of the only part of a site."""
    site = laid_out.sites[n]
    world = laid_out.powered_world(site.site, site.parts[0], central_world(laid_out))
    case = central_case(laid_out, site, site.parts[0], world)
    return case, case_lines(laid_out, use, case, world), world


def laid(declared: Study) -> Plan:
    return plan(declared, uses.fact_book(), n_draw=1, seed=0)


def test_price_parts_by_hand(tmp_path: Path) -> None:
    """Proves: capital and upkeep of all units by the annuity over the load's megawatts, fuel by the heat rate, and
    the parts sum to the cost of a megawatt-hour served.

    Sensitivity: without spares the fixed part would be 10 units' and a quarter less.
    """
    price = sized(supplied(tmp_path, GAS + OWN_GAS, WELL)).supply["well"].price
    assert price is not None
    kw_year = 1000.0 * annuity_per_year(0.08, 20.0) + 10.0
    n_unit = price.installed_mw["engine"] / 10.0
    assert n_unit >= 11
    assert price.fixed_usd_per_mw_month == pytest.approx(n_unit * 10e3 * kw_year / 100.0 / 12.0)
    served_frac = 1.0 - price.unserved_frac
    assert price.fuel_mmbtu_per_mwh == pytest.approx(9.0 / served_frac)
    assert price.running_usd_per_mwh == pytest.approx((5.0 + 72.0) / served_frac)
    assert price.other_usd_per_mwh == pytest.approx(5.0 / served_frac)
    assert (price.grid_usd_per_mwh, price.carbon_usd_per_mwh, price.gas_is_henry_hub) == (0.0, 0.0, False)
    case = read_power_case(tmp_path / "power.yaml")
    served = run_design(case, case.file.keys.designs[0].model_copy(update={"engine_mw": None}), "decomposition")
    both = price.fixed_usd_per_mwh + price.running_usd_per_mwh
    assert both == pytest.approx(served.money.served.served_usd_per_mwh)
    assert {number.key for number in price.numbers} >= {"sources.engine.capex_usd_per_kw", "gas_usd_per_mmbtu"}


def test_carbon_and_money_of_another_year(tmp_path: Path) -> None:
    """Proves: a price on carbon is a part of its own, and money of 2025 becomes that of the study, part by part."""
    plain = sized(supplied(tmp_path, GAS + OWN_GAS + "carbon_usd_per_t: 50\n", WELL)).supply["well"].price
    older = sized(supplied(tmp_path, GAS + OWN_GAS + "money_year: 2025\n", WELL)).supply["well"].price
    assert plain is not None
    assert older is not None
    numbers = {number.key: number.value for number in plain.numbers}
    assert plain.carbon_usd_per_mwh == pytest.approx(plain.fuel_mmbtu_per_mwh * numbers["co2_kg_per_mmbtu"] * 50 / 1e3)
    ratio = 332.9 / 321.943
    assert older.fixed_usd_per_mw_month == pytest.approx(ratio * plain.fixed_usd_per_mw_month)
    assert older.gas_usd_per_mmbtu == pytest.approx(ratio * 8.0)
    assert older.other_usd_per_mwh == pytest.approx(ratio * plain.other_usd_per_mwh)


def test_a_convention_gives_the_fixed_part(tmp_path: Path) -> None:
    """Proves: with nothing growing, fixed and running part are the price of the convention, and capital bears its tax.

    Sensitivity: the annuity in its place would leave out debt, tax and soft cost.
    """
    text = (GAS + OWN_GAS).replace("finance: {discount_frac: 0.08}\n", "finance:\n  discount_frac: 0.08\n" + PROJECT)
    tmp_path.joinpath("power.yaml").write_text(text, encoding="utf-8")
    case = read_power_case(tmp_path / "power.yaml")
    found = run_design(case, case.file.keys.designs[0], "decomposition")
    price = price_of(case, found, 100.0, 2026)
    assert price.fixed_by == "sam"
    whole = found.money.convention_usd_per_mwh
    assert price.fixed_usd_per_mwh + price.running_usd_per_mwh == pytest.approx(whole, rel=1e-6)


def test_running_part_follows_its_markets(tmp_path: Path) -> None:
    """Proves: gas by the packaged price is the path itself, gas by a price of the case moves in proportion to it, gas
    that is not indexed and upkeep follow the price level.
    """
    hub = laid(supplied(tmp_path, GAS, WELL))
    own = laid(supplied(tmp_path, GAS + OWN_GAS, WELL))
    for laid_out in (hub, own):
        paths = central_world(laid_out).paths
        price = laid_out.study.supply["well"].price
        assert price is not None
        gas = paths.gas_usd_per_mmbtu
        gas = gas if price.gas_is_henry_hub else 8.0 * gas / gas[0]
        by_hand = price.fuel_mmbtu_per_mwh * gas + price.other_usd_per_mwh * paths.price_index
        np.testing.assert_allclose(running_usd_per_mwh(price, paths, "tva"), by_hand, rtol=1e-12)
        still = running_usd_per_mwh(price, paths, "tva", indexed=False)
        np.testing.assert_allclose(still, price.running_usd_per_mwh * paths.price_index, rtol=1e-9)
    assert hub.study.supply["well"].price.gas_is_henry_hub  # type: ignore[union-attr]


@pytest.mark.parametrize("use", ["bitcoin", "gpu_cloud", "site_sale", "hold"])
def test_supply_at_a_price_is_a_contract_at_that_price(tmp_path: Path, use: str) -> None:
    """Proves: energy made on the site at 60 $/MWh, nothing fixed, is worth what a fixed contract at 60 is.

    Sensitivity: the region's adder, its dear hours or its peaks left in the price would part them.
    """
    here = central(supplied(tmp_path, FLAT, MINE, facts=STILL, serves="all"))
    bought = MINE.model_copy(update={"power_contract": "fixed", "power_price_usd_per_mwh": FLAT_USD_PER_MWH})
    there = central(study(bought, facts={**STILL, **_no_peaks(here)}))
    assert at(here, "mine", use) == pytest.approx(at(there, "mine", use), rel=1e-9, abs=0.01)


def _no_peaks(found: Central) -> dict[str, float]:
    """A region in which a flexible load earns nothing beside its energy."""
    assert not central_world(found.plan).paths.peak_usd_per_kw_month["tva"].any()
    return {}


def test_a_dearer_price_is_worth_less_by_what_is_drawn(tmp_path: Path) -> None:
    """Proves: gas at twice its price costs a lease just the fuel its hall draws, and every use no less than that.

    Sensitivity: a price read at the wrong month, or the plant's own load in place of the hall's, moves the sum.
    """
    key = "gas_2026.henry_hub"
    once = laid(supplied(tmp_path, GAS, WELL))
    twice = laid(supplied(tmp_path, GAS, WELL, facts={key: 2.0 * once.study.facts[key].value}))
    case, lines, world = lines_of(once, "turnkey")
    _, dear, _ = lines_of(twice, "turnkey")
    price, params = once.study.supply["well"].price, world.params
    assert price is not None
    critical = 100.0 / params[uses.GROSS_PER_IT_KEY][0]
    drawn = hall_mwh_per_month(critical, params["ai_hall.load"][0], params["ai_hall.pue"][0])
    first, last = int(lines.first_revenue_month[0]), int(lines.residual_month[0])
    gas = central_world(once).paths.gas_usd_per_mmbtu[:, 0]
    by_hand = np.zeros(lines.usd.shape[1])
    by_hand[first : last + 1] = drawn * price.fuel_mmbtu_per_mwh * gas[first : last + 1]
    np.testing.assert_allclose((lines.usd - dear.usd)[Line.POWER, :, 0], by_hand, rtol=1e-9, atol=1e-6)
    assert case.site.firm == "firm"
    values = [central(one.study) for one in (once, twice)]
    for use in ("turnkey", "powered_shell", "gpu_cloud"):
        assert at(values[1], "well", use) < at(values[0], "well", use)
    assert at(values[1], "well", "hold") == at(values[0], "well", "hold")


def test_fixed_part_is_owed_while_the_hall_is_let(tmp_path: Path) -> None:
    """Proves: the fixed part is owed from first rent to the end for all megawatts, moving with prices, beside what the
    hall's energy costs beyond the market; a tenant who pays the cost leaves the owner none of it.

    Sensitivity: fixed cost by the hall's energy would be a third less than what is owed for the plant.
    """
    laid_out = laid(supplied(tmp_path, GAS, WELL))
    _, lines, world = lines_of(laid_out, "turnkey")
    assert isinstance(world, SuppliedWorld)
    bare = case_lines(
        laid_out,
        "turnkey",
        central_case(laid_out, laid_out.sites[0], laid_out.sites[0].parts[0], world.market),
        world.market,
    )
    first, last = int(lines.first_revenue_month[0]), int(lines.residual_month[0])
    let, params, market = slice(first, last + 1), world.params, world.market
    index = market.paths.price_index[:, 0]
    drawn = hall_mwh_per_month(
        100.0 / params[uses.GROSS_PER_IT_KEY][0], params["ai_hall.load"][0], params["ai_hall.pue"][0]
    )
    delivered = market.paths.power_usd_per_mwh["tva"][:, 0] + market.params["power_tva.delivery_adder"][0]
    running = running_usd_per_mwh(world.price, market.paths, "tva")[:, 0]
    by_hand = np.zeros(lines.usd.shape[1])
    by_hand[let] = 100.0 * world.price.fixed_usd_per_mw_month * index[let] + drawn * (running - delivered)[let]
    np.testing.assert_allclose((bare.usd - lines.usd)[Line.POWER, :, 0], by_hand, rtol=1e-9, atol=1e-6)
    year1 = by_hand[first : first + 12].sum()
    assert float(bare.noi_year1_usd[0] - lines.noi_year1_usd[0]) == pytest.approx(year1)
    passed = laid(supplied(tmp_path, GAS, WELL, tenant_pays="cost"))
    np.testing.assert_allclose(lines_of(passed, "turnkey")[1].usd, bare.usd, rtol=1e-12)


def test_a_mine_owes_it_from_the_first_month_to_its_last(tmp_path: Path) -> None:
    """Proves: with all megawatts served the mine pays the fixed part each month it stands, and waiting pays none.

    Sensitivity: charged by energy, a month in which the machines stop would cost nothing.
    """
    laid_out = laid(supplied(tmp_path, GAS, MINE, serves="all"))
    case, lines, world = lines_of(laid_out, "bitcoin")
    assert isinstance(world, SuppliedWorld)
    use, options = laid_out.use("bitcoin")
    bare = use.cash_lines(case, world, options)
    owed = (bare.usd - lines.usd)[Line.POWER, :, 0]
    months = np.flatnonzero(owed)
    assert months[0] == 1
    assert months[-1] <= int(lines.residual_month[0])
    np.testing.assert_array_equal(months, np.arange(1, months[-1] + 1))
    np.testing.assert_allclose(
        owed[months], 100.0 * world.price.fixed_usd_per_mw_month * world.paths.price_index[months, 0]
    )
    hold, options = laid_out.use("hold")
    np.testing.assert_array_equal(lines_of(laid_out, "hold")[1].usd, hold.cash_lines(case, world, options).usd)


def test_power_comes_by_the_gates_of_its_machines(tmp_path: Path) -> None:
    """Proves: a site without a date passes the gates of engines, with the chance of the way; a stated month stays.

    Sensitivity: left in the grid's queue, the chance would be the fact's for undeveloped sites.
    """
    dated = WELL.model_copy(update={"site_id": "dated", "pipeline_date": "2029-01"})
    queue = WELL.model_copy(update={"site_id": "queue"})
    declared = supplied(tmp_path, GAS, WELL, dated, queue)
    own = declared.supply["well"]
    laid_out = laid(replace(declared, supply={"well": own, "dated": own}))
    graph = [laid_out.clocks.network(site.site, site.parts[0]) for site in laid_out.sites]
    assert [g.name for g in graph] == ["on site: reciprocating engines", "dated", "secured"]
    way = next(way for way in WAYS if way.name == "engines")
    assert way.power is not None
    chance = opens_frac(way.power, laid_out.study.facts) * laid_out.study.facts["success.energised"].value
    assert laid_out.success_frac(WELL, laid_out.sites[0].parts[0]) == pytest.approx(chance)
    dates = [
        timeline.first_power(s.site, s.parts[0], laid_out.clocks, laid_out.calendar, 1, range(4)).first_revenue_month
        for s in laid_out.sites
    ]
    assert dates[0].mean() != dates[2].mean()


def test_neighbours_do_not_notice(tmp_path: Path) -> None:
    """Proves: a site beside a supplied one is worth the same to the last digit, and its entry is the same."""
    other = MINE.model_copy(update={"site_id": "other"})
    declared = supplied(tmp_path, GAS, WELL, other)
    with_it = value(declared, draws=256, workers=1)
    without = value(replace(declared, supply={}), draws=256, workers=1)
    assert with_it.site("other") == without.site("other")
    assert "supply" not in without.site("well")
    shown = with_it.site("well")["supply"]
    assert shown["served_gross_mw"] == 100.0
    assert "Made on site" in reports.page(with_it.result)
    assert "Made on site" not in reports.page(without.result)
    assert shown["usd_per_mwh"] == pytest.approx(shown["fixed_usd_per_mwh"] + shown["running_usd_per_mwh"])
    world = central_world(laid(replace(declared, supply={})))
    assert laid(declared).powered_world(other, laid(declared).sites[1].parts[0], world) is world


def test_a_run_is_made_again_from_its_record_alone(tmp_path: Path) -> None:
    """Proves: the record holds the price, so that the same run comes out after the case is gone."""
    declared = supplied(tmp_path, GAS, WELL, facts={"recip_engine.capex": 1500.0})
    run = value(declared, draws=256, workers=1)
    tmp_path.joinpath("power.yaml").unlink()
    assert run.study is not None
    again = study_from_document(json.loads(json.dumps(study_document(run.study))), SPECS)
    assert value(again, draws=256, workers=1).result["run_id"] == run.result["run_id"]


GRID = """\
name: wires
load: {flat_mw: 100}
reliability: {availability_frac: 0.9}
unserved_usd_per_mwh: 10000
sources: {}
grid: {import_max_mw: 100, import_usd_per_mwh: 40}
"""


def test_grid_energy_moves_with_its_market(tmp_path: Path) -> None:
    """Proves: a case of nothing but grid energy at 40 $/MWh is worth what a level of 40 that moves with the market is.

    Sensitivity: held at the price level instead, seasons and growth of the region would part them.
    """
    hub = MINE.model_copy(update={"iso": "ERCOT", "previous_use": "data_centre"})
    here = central(supplied(tmp_path, GRID, hub, serves="all"))
    there = central(study(hub.model_copy(update={"power_contract": "index", "power_price_usd_per_mwh": 40.0})))
    assert at(here, "mine", "gpu_cloud") == pytest.approx(at(there, "mine", "gpu_cloud"), rel=1e-9)
    queue = supplied(tmp_path, GRID, WELL)
    assert "supply_without_gates" in {w["code"] for w in value(queue, draws=1, workers=1).result["warnings"]}


def test_a_hall_is_for_the_megawatts_of_its_connection(tmp_path: Path) -> None:
    """Proves: a load that is a hall is compared by its critical IT times the observed ratio, not by what it draws."""
    ratio = laid(study(WELL)).study.facts[uses.GROSS_PER_IT_KEY].value
    packaged = files("wattworth.supply").joinpath("cases").joinpath("offgrid-ai.yaml").read_text(encoding="utf-8")
    hall = (
        f"{{critical_it_mw: {100.0 / ratio}, load_frac: 0.8, pue_base_ratio: 1.2, pue_ratio_per_c: 0.0, "
        "pue_threshold_c: 20}"
    )
    text = packaged.replace("flat_mw: 100", f"hall: {hall}")
    price = sized(supplied(tmp_path, text, WELL, design="gas only")).supply["well"].price
    assert price is not None
    assert price.load_mw == pytest.approx(100.0)
    assert price.energy_mwh_per_year == pytest.approx(100.0 / ratio * 0.8 * 1.2 * 8760.0, rel=1e-3)


def test_facts_of_the_study_reach_the_case(tmp_path: Path) -> None:
    """Proves: an engine made dearer by the study makes the fixed part dearer, and is not called unused."""
    text = GAS.replace("    capex_usd_per_kw: 1000\n", "")
    cheap = supplied(tmp_path, text, WELL, facts={"recip_engine.capex": 1000.0})
    dear = supplied(tmp_path, text, WELL, facts={"recip_engine.capex": 2000.0})
    prices = [sized(one).supply["well"].price for one in (cheap, dear)]
    assert prices[0] is not None
    assert prices[1] is not None
    kw_year = annuity_per_year(0.08, 20.0)
    ratio = (2000.0 * kw_year + 10.0) / (1000.0 * kw_year + 10.0)
    assert prices[1].fixed_usd_per_mw_month == pytest.approx(ratio * prices[0].fixed_usd_per_mw_month)
    warnings = value(dear, draws=1, workers=1).result["warnings"]
    assert not [w for w in warnings if "recip_engine.capex" in w["where"]]


def test_a_design_that_misses_is_flagged_and_not_firm(tmp_path: Path) -> None:
    """Proves: a design short of its target warns on the site, and interruptible power is not made firm by it."""
    cut = WELL.model_copy(update={"firm": "interruptible"})
    thin = value(supplied(tmp_path, GAS, cut, design="thin"), draws=1, workers=1)
    assert "supply_misses_target" in {w["code"] for w in thin.result["warnings"]}
    assert not thin.site("well")["uses"]["turnkey"]["available"]
    full = value(supplied(tmp_path, GAS, cut), draws=1, workers=1)
    assert "supply_misses_target" not in {w["code"] for w in full.result["warnings"]}
    assert full.site("well")["uses"]["turnkey"]["available"]


HEAD = "schema_version: 1\nname: gas\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
ROWS = "site_id,name,company,country,iso,pipeline_gross_mw,pipeline_stage\nwell,Well,Acme,US,TVA,100,secured\n"


@pytest.mark.parametrize(
    ("supply", "case", "words"),
    [
        ("{case: pover.yaml}", GAS, 'study.yaml line 7, key "case": no file "pover.yaml" beside the study'),
        ("{case: ofgrid-ai}", GAS, 'did you mean "offgrid-ai"?'),
        ("{case: power.yaml, design: tin}", GAS, 'has no design "tin" (did you mean "thin"?)'),
        ("{case: power.yaml}", GAS.replace("flat_mw: 100", "flat_mw: 50"), "is for 50 MW at the connection, and well"),
        ("{case: power.yaml}", GAS.replace("life_years: 20", "life: 20"), 'power.yaml line 12: unknown key "life"'),
    ],
)
def test_faults_of_a_case_are_found_without_sizing(tmp_path: Path, supply: str, case: str, words: str) -> None:
    """Proves: reading a study, which `wattworth check` does, names what is wrong with its cases."""
    tmp_path.joinpath("study.yaml").write_text(f"{HEAD}supply:\n  well: {supply}\n", encoding="utf-8")
    tmp_path.joinpath("sites.csv").write_text(ROWS, encoding="utf-8")
    tmp_path.joinpath("power.yaml").write_text(case, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    assert words in str(caught.value)


def test_megawatts_that_change_after_sizing_are_flagged(tmp_path: Path) -> None:
    """Proves: a recorded price taken for more megawatts warns that it was scaled."""
    priced = sized(supplied(tmp_path, GAS, WELL))
    larger = replace(priced, sites=(WELL.model_copy(update={"pipeline_gross_mw": 150.0}),))
    assert "supply_scaled" in {w["code"] for w in value(larger, draws=1, workers=1).result["warnings"]}
