"""A limit on people at work: those who build and those who run, its price and its relaxation."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.gas.networks import LIMITS, STUDY, write
from wattworth import facts
from wattworth.gas import document_of, run_gas
from wattworth.gas.network import problem_of
from wattworth.gas.reading import read_gas_study

OPTIONS = """option,use,node,train,most_trains,lead_years,build_worker_years,jobs_per_bcm,volume_unit
sold,pipeline_export,wells,2,3,0,100,10,bcm_20c
"""
CREWS = "limit,kind,applies_to,amount,unit\ncrews,workforce,,130,workers\n"
DISCOUNT = 1.1 ** -np.arange(3)


def run(folder, **changed):
    return document_of(run_gas(write(folder, **{"options": OPTIONS, "limits": CREWS} | changed)))


def test_people_build_and_run_within_one_limit(tmp_path):
    """Trains of 2 bcm take 100 worker-years and 10 people a bcm; 130 people; a bcm earns 36 x (5 - 1) = 144 M$.

    The first year builds one and runs it: 100 + 20. The second builds one more, and 30 people run 3 bcm of the 4.
    The third runs all 4 bcm with 40 people: to build again would leave 3. One more person in the second year is a
    tenth of a bcm. Without the limit three trains stand from the first year.
    """
    found = run(tmp_path)
    assert found["allocation"]["options"][0]["built"] == [1.0, 1.0, 0.0]
    assert found["allocation"]["options"][0]["gas_bcm"] == pytest.approx([2.0, 3.0, 4.0])
    assert found["objective"] == pytest.approx(144.0 * DISCOUNT @ [2.0, 3.0, 4.0])
    price = next(row for row in found["limits"] if row["name"] == "crews")
    assert price["by_year_musd"] == pytest.approx([0.0, 14.4 / 1.1, 0.0])
    assert price["words"] == "one more worker of limit crews is worth $14.4m a year in 1 year"
    assert found["relaxed"][0]["worth_musd"] == pytest.approx(144.0 * DISCOUNT @ [4.0, 3.0, 2.0])


def test_a_new_line_takes_people_over_its_years_of_building(tmp_path):
    lines = (
        "link,from_node,to_node,added,added_capex_musd,added_lead_years,added_worker_years,volume_unit\n"
        "pipe,wells,coast,6,10,2,300,bcm_20c\n"
    )
    study = read_gas_study(write(tmp_path, options=OPTIONS, limits=CREWS, links=lines))
    problem = problem_of(study, facts.load())
    people = problem.limits[0].on_links[0] * problem.links.builds.spend[0, 0]
    assert people == pytest.approx([150.0, 150.0, 0.0])


def test_a_single_year_may_be_short_of_people(tmp_path):
    """In 2026 alone there are 50: nothing is built then, and three trains in 2027."""
    rows = "limit,kind,applies_to,year,amount,unit\ncrews,workforce,sold,2026,50,workers\n"
    found = run(tmp_path, limits=rows)
    assert found["allocation"]["options"][0]["gas_bcm"] == pytest.approx([0.0, 6.0, 6.0])


def test_several_options_share_a_way_in(tmp_path):
    """A limit on gas of both: 3 bcm go to the one that earns more, and one more earns 36 x (5 - 1) a year."""
    options = "option,use,node,volume_unit\nsold,pipeline_export,wells,bcm_20c\nhome,domestic_sale,wells,bcm_20c\n"
    shared = "limit,kind,applies_to,amount,unit\nport,gas,sold;home,3,volume/yr\n"
    found = run(tmp_path, options=options, limits=shared)
    assert [row["gas_bcm"][0] for row in found["allocation"]["options"]] == pytest.approx([3.0, 0.0])
    assert next(row for row in found["limits"] if row["name"] == "port")["by_year_musd"] == pytest.approx(
        144 * DISCOUNT
    )


def test_jobs_as_the_aim_are_told_as_jobs(tmp_path):
    """Ten bcm are there and two at home are possible; 8 jobs a bcm, one at home: the limit of 1 bcm costs 8 jobs."""
    options = (
        "option,use,node,depth,jobs_per_bcm,volume_unit\n"
        "abroad,pipeline_export,coast,,3,bcm_20c\nhome,domestic_sale,wells,2,8,bcm_20c\n"
    )
    found = run(tmp_path, study=STUDY + "objective: jobs\n", options=options, limits=LIMITS)
    # home 1 bcm of a limit of 1: 8 jobs; 5.4 arrive at the coast: 16.2
    assert found["objective"] == pytest.approx(24.2)
    words = {row["name"]: row["words"] for row in found["limits"]}
    assert words["home-cap"] == "one more bcm a year of limit home-cap is worth 8 jobs"
    assert found["relaxed"][0]["worth_musd"] == pytest.approx(8.0)
