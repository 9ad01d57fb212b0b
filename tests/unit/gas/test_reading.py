"""Bad studies are told with file and row, all at once; good ones come out as written."""

from __future__ import annotations

from typing import ClassVar, get_args

import openpyxl
import pytest

from tests.unit.gas.networks import LIMITS, LINKS, NODES, OPTIONS, PRICES, STUDY, write
from wattworth import facts
from wattworth.errors import StudyError
from wattworth.facts import FactBook
from wattworth.gas.checks import UNITS
from wattworth.gas.ladder import ladder_of
from wattworth.gas.network import problem_of
from wattworth.gas.outlets import terms_of
from wattworth.gas.reading import book_of, is_gas_study, read_gas_study, study_names
from wattworth.gas.reference import LIMITS as DESCRIBED
from wattworth.gas.schema import LimitKind
from wattworth.gas.survey import fact_keys, facts_of
from wattworth.gas.templates import gas_workbook


def faults_of(folder, **changed):
    with pytest.raises(StudyError) as caught:
        read_gas_study(write(folder, **changed))
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_every_packaged_study_reads():
    assert "russia-gas" in study_names()
    for name in study_names():
        assert read_gas_study(name).settings.name == name


def test_link_to_nowhere(tmp_path):
    text = faults_of(tmp_path, links=LINKS.replace("coast,6", "coats,6"))
    assert 'links.csv row 2, column "to_node": no node "coats" (did you mean "coast"?)' in text


def test_capacity_below_committed_flow(tmp_path):
    text = faults_of(tmp_path, links=LINKS.replace("6,0,", "6,7,"))
    assert 'links.csv row 2, column "capacity": the committed flow 7 is above the capacity 6' in text


def test_cycle_with_gain(tmp_path):
    back = "back,coast,wells,6,0,0,-0.2,,,bcm_20c\n"
    text = faults_of(tmp_path, links=LINKS + back)
    assert 'links.csv row 3, column "loss_frac": gas gains on the cycle of' in text
    assert "back" in text
    read_gas_study(write(tmp_path, links=LINKS + back.replace("-0.2", "0.2")))


def test_mixed_units(tmp_path):
    text = faults_of(tmp_path, nodes=NODES.replace("coast,market,,,bcm_20c", "coast,market,,,bcm_15c"))
    assert 'nodes.csv row 3, column "volume_unit": got bcm_15c, but the study' in text
    text = faults_of(tmp_path, prices=PRICES.replace("gas_abroad,5,$/MMBtu", "gas_abroad,5,$/t"))
    assert 'prices.csv row 2, column "unit": got "$/t", but abroad needs $/MMBtu or $/1000m3' in text


def test_all_faults_are_told_together(tmp_path):
    text = faults_of(
        tmp_path,
        study=STUDY.replace("base: 1.0", "base: 0.9"),
        options=OPTIONS.replace("pipeline_export", "pipline_export").replace(
            "domestic_sale,wells", "domestic_sale,well"
        ),
        limits=LIMITS.replace(",home,", ",hom,").replace("volume/yr", "GW"),
        prices=PRICES.replace("base,gas_at_home", "bace,gas_at_home"),
    )
    assert "the chances sum to 0.9, need 1" in text
    assert 'no use "pipline_export" (did you mean "pipeline_export"?)' in text
    assert 'no node "well" (did you mean "wells"?)' in text
    assert 'no option, link or use "hom" (did you mean "home"?)' in text
    assert 'got "GW", need volume/yr' in text
    assert 'no case "bace" under cases (did you mean "base"?)' in text


def test_unknown_study():
    with pytest.raises(StudyError, match='did you mean "russia-gas"'):
        read_gas_study("rusia-gas")


def test_fifteen_degrees_is_more_gas_in_twenty(tmp_path):
    """A study in cubic metres at 15 C holds 293.15 / 288.15 as many at 20 C, limits and depths among them."""
    cold = {"study": STUDY, "nodes": NODES, "links": LINKS, "options": OPTIONS}
    study = read_gas_study(write(tmp_path, **{k: v.replace("bcm_20c", "bcm_15c") for k, v in cold.items()}))
    problem = problem_of(study, facts.load())
    assert problem.fields.volume[0, 0] == pytest.approx(10.0 * 293.15 / 288.15, rel=1e-12)
    assert problem.links.capacity[0, 0] == pytest.approx(6.0 * 293.15 / 288.15, rel=1e-12)
    assert problem.limits[0].on_intake[1] * 293.15 / 288.15 == pytest.approx(1.0, rel=1e-12)


def test_jobs_and_losses_need_figures(tmp_path):
    lost = "lost_exports: {peak: 5, now: 6, price_usd_per_mmbtu: 4, source: press}\nobjective: jobs\n"
    text = faults_of(tmp_path, study=STUDY + lost)
    assert "6 is not below the peak 5: nothing is lost" in text
    assert "need jobs_per_bcm of some option" in text


def test_a_limit_that_would_do_nothing_is_a_fault(tmp_path):
    rows = (
        "pipe-cap,gas,pipe,,1,volume/yr",
        "crews,workforce,home,,10,workers",
        "late,capital_total,,2027,1,$bn",
        "risk,rate_addon,home,,0.01,frac",
    )
    text = faults_of(tmp_path, limits="limit,kind,applies_to,year,amount,unit\n" + "\n".join(rows))
    assert 'limits.csv row 2, column "applies_to": gas does nothing to a link such as "pipe"' in text
    assert 'limits.csv row 3, column "applies_to": nothing it applies to has workers: fill build_worker_years' in text
    assert 'limits.csv row 4, column "year": capital_total is for all years; leave it empty' in text
    assert 'limits.csv row 5, column "applies_to": the add-on is to the rate of all' in text


CHANGED = "facts:\n  pipeline_new.life: {value: 40, source: the owner, confidence: high}\n"


def test_changed_facts_reach_the_run(tmp_path):
    """By hand: 40 years in place of 30 lower the annuity of a line at 10 % from 0.106079 to 0.102259."""
    lines = LINKS.replace("0.1,,,bcm", "0.1,5,1000,bcm")
    charges = []
    for name, text in (("plain", STUDY), ("changed", STUDY + CHANGED)):
        folder = tmp_path / name
        folder.mkdir()
        study = read_gas_study(write(folder, study=text, links=lines))
        book = book_of(study, facts.load())
        charges.append(problem_of(study, book).links.builds.charge[0, 0] / 1000.0)
    upkeep = book["pipeline.fixed_opex"].value
    assert book["pipeline_new.life"].table == "study"
    built = (1.1**5 - 1) / 0.5  # interest over the five years of building
    assert charges == [0.0, 0.0]  # five years of building leave no year of three in which it runs
    long = STUDY.replace("years: 3", "years: 8")
    study = read_gas_study(write(tmp_path, study=long + CHANGED, links=lines))
    charge = problem_of(study, book_of(study, facts.load())).links.builds.charge[0, 0] / 1000.0
    years = sum(1.1**-year for year in (5, 6, 7))
    assert charge == pytest.approx((0.1 / (1 - 1.1**-40) * built + upkeep) * years, rel=1e-9)


def test_a_changed_fact_that_does_not_exist_is_named(tmp_path):
    wrong = (
        "facts:\n  pipeline_new.live: {value: 40, source: x}\n  pipeline_new.life: {value: 40, unit: km, source: x}\n"
    )
    study = read_gas_study(write(tmp_path, study=STUDY + wrong))
    with pytest.raises(StudyError) as caught:
        book_of(study, facts.load())
    assert 'study.yaml line 13: no fact "pipeline_new.live" (did you mean "pipeline_new.life"?)' in str(caught.value)
    assert 'study.yaml line 14: fact pipeline_new.life: got the unit "km", need "yr"' in str(caught.value)
    text = faults_of(tmp_path, study=STUDY + "facts:\n  pipeline_new.life: 40\n  lng.capex: {value: 900}\n")
    assert 'got "40", need a mapping of value, source and the rest' in text
    assert 'study.yaml line 14: missing key "source"' in text


def same(one, other):
    names = ("settings", "probability", "lost", "nodes", "links", "options", "limits", "prices", "overrides")
    return {name for name in names if getattr(one, name) != getattr(other, name)}


@pytest.mark.parametrize("name", study_names())
def test_a_workbook_reads_back_the_same(tmp_path, name):
    """Proves: all rows, settings and their nested parts, to the last digit, from one file."""
    study = read_gas_study(name)
    (tmp_path / "it.xlsx").write_bytes(gas_workbook(study))
    found = read_gas_study(tmp_path / "it")  # the suffix may be left out
    differ = same(study, found)
    # the folder keeps the chances as they are written, nested under their key; a workbook makes that key of its rows
    assert differ <= {"settings"}
    cases = {"cases": dict(study.probability), "lost_exports": None}
    assert found.settings.model_copy(update=cases) == study.settings.model_copy(update=cases)


def broken_workbook(folder, change):
    """The small study as a workbook with some cells changed: sheet to cell to value."""
    study = read_gas_study(write(folder, study=STUDY + CHANGED))
    path = folder / "small.xlsx"
    path.write_bytes(gas_workbook(study))
    book = openpyxl.load_workbook(path)
    for sheet, cells in change.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(path)
    with pytest.raises(StudyError) as caught:
        read_gas_study(path)
    return str(caught.value)


def cell_of(folder, sheet, key, column):
    study = read_gas_study(write(folder, study=STUDY + CHANGED))
    (folder / "small.xlsx").write_bytes(gas_workbook(study))
    page = openpyxl.load_workbook(folder / "small.xlsx")[sheet]
    heads = [cell.value for cell in page[1]]
    row = next(row for row in page.iter_rows(min_row=2) if row[0].value == key)
    return row[heads.index(column)].coordinate


def test_faults_of_a_workbook_name_sheet_and_cell(tmp_path):
    nowhere = cell_of(tmp_path, "links", "pipe", "to_node")
    unit = cell_of(tmp_path, "nodes", "coast", "volume_unit")
    chance = cell_of(tmp_path, "study", "cases.base", "value")
    text = broken_workbook(tmp_path, {"links": {nowhere: "coats"}, "nodes": {unit: "bcm_15c"}, "study": {chance: 0.9}})
    assert f'small.xlsx sheet "links" cell {nowhere}, column "to_node": no node "coats"' in text
    assert f'small.xlsx sheet "nodes" cell {unit}, column "volume_unit": got bcm_15c' in text
    assert 'small.xlsx sheet "study"' in text
    assert "the chances sum to 0.9, need 1" in text


def test_workbooks_without_a_sheet_or_with_a_strange_one(tmp_path):
    study = read_gas_study(write(tmp_path))
    path = tmp_path / "small.xlsx"
    path.write_bytes(gas_workbook(study))
    book = openpyxl.load_workbook(path)
    del book["limits"]
    book.create_sheet("limit")
    book.save(path)
    with pytest.raises(StudyError) as caught:
        read_gas_study(path)
    assert 'small.xlsx: unknown sheet "limit" (did you mean "limits"?)' in str(caught.value)
    assert 'small.xlsx: no sheet "limits", need one' in str(caught.value)


def test_what_counts_as_a_study_of_gas(tmp_path):
    folder = write(tmp_path)
    (tmp_path / "mine.xlsx").write_bytes(gas_workbook(read_gas_study(folder)))
    for source in (
        folder,
        folder / "study.yaml",
        tmp_path / "mine.xlsx",
        tmp_path / "mine",
        "russia-gas",
        "russia-gaz",
    ):
        assert is_gas_study(source), source
    for source in ("us-miners", "us-miner", tmp_path / "none", "blank"):
        assert not is_gas_study(source), source


def test_facts_that_a_run_reads_are_all_listed(tmp_path):
    """Proves: the list that `check` and `sources` show holds every fact that is asked for."""

    class Watched(FactBook):
        asked: ClassVar[set[str]] = set()

        def require(self, key):
            self.asked.add(key)
            return super().require(key)

    for name in study_names():
        study = read_gas_study(name)
        book = Watched(list(facts.load().values()))
        Watched.asked.clear()
        problem_of(study, book)
        ladder_of(terms_of(study, book))
        assert Watched.asked <= set(fact_keys(study)), name
        assert {fact.key for fact in facts_of(study, facts.load())} == set(fact_keys(study))


def test_every_kind_of_limit_is_described():
    assert set(get_args(LimitKind)) == set(UNITS) == set(DESCRIBED)
