"""Bad studies are told with file and row, all at once; good ones come out as written."""

from __future__ import annotations

import pytest

from tests.unit.gas.networks import LIMITS, LINKS, NODES, OPTIONS, PRICES, STUDY, write
from wattworth.errors import StudyError
from wattworth.gas.reading import read_gas_study, study_names


def faults(folder, **changed):
    with pytest.raises(StudyError) as caught:
        read_gas_study(write(folder, **changed))
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_every_packaged_study_reads():
    assert "russia-gas" in study_names()
    for name in study_names():
        assert read_gas_study(name).settings.name == name


def test_link_to_nowhere(tmp_path):
    text = faults(tmp_path, links=LINKS.replace("coast,6", "coats,6"))
    assert 'links.csv row 2, column "to_node": no node "coats" (did you mean "coast"?)' in text


def test_capacity_below_committed_flow(tmp_path):
    text = faults(tmp_path, links=LINKS.replace("6,0,", "6,7,"))
    assert 'links.csv row 2, column "capacity": the committed flow 7 is above the capacity 6' in text


def test_cycle_with_gain(tmp_path):
    back = "back,coast,wells,6,0,0,-0.2,,,bcm_20c\n"
    text = faults(tmp_path, links=LINKS + back)
    assert 'links.csv row 3, column "loss_frac": gas gains on the cycle of' in text
    assert "back" in text
    read_gas_study(write(tmp_path, links=LINKS + back.replace("-0.2", "0.2")))


def test_mixed_units(tmp_path):
    text = faults(tmp_path, nodes=NODES.replace("coast,market,,,bcm_20c", "coast,market,,,bcm_15c"))
    assert 'nodes.csv row 3, column "volume_unit": got bcm_15c, but the study' in text
    text = faults(tmp_path, prices=PRICES.replace("gas_abroad,5,$/MMBtu", "gas_abroad,5,$/t"))
    assert 'prices.csv row 2, column "unit": got "$/t", but abroad needs $/MMBtu or $/1000m3' in text


def test_all_faults_are_told_together(tmp_path):
    text = faults(
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
    assert 'no case "bace" in study.yaml (did you mean "base"?)' in text


def test_unknown_study():
    with pytest.raises(StudyError, match='did you mean "russia-gas"'):
        read_gas_study("rusia-gas")


def test_fifteen_degrees_is_more_gas_in_twenty(tmp_path):
    """A study in cubic metres at 15 C holds 293.15 / 288.15 as many at 20 C, limits and depths among them."""
    from wattworth import facts
    from wattworth.gas.network import problem_of

    cold = {"study": STUDY, "nodes": NODES, "links": LINKS, "options": OPTIONS}
    study = read_gas_study(write(tmp_path, **{k: v.replace("bcm_20c", "bcm_15c") for k, v in cold.items()}))
    problem = problem_of(study, facts.load())
    assert problem.fields.volume[0, 0] == pytest.approx(10.0 * 293.15 / 288.15, rel=1e-12)
    assert problem.links.capacity[0, 0] == pytest.approx(6.0 * 293.15 / 288.15, rel=1e-12)
    assert problem.limits[0].on_intake[1] * 293.15 / 288.15 == pytest.approx(1.0, rel=1e-12)


def test_jobs_and_losses_need_figures(tmp_path):
    lost = "lost_exports: {peak: 5, now: 6, price_usd_per_mmbtu: 4, source: press}\nobjective: jobs\n"
    text = faults(tmp_path, study=STUDY + lost)
    assert "6 is not below the peak 5: nothing is lost" in text
    assert "need jobs_per_bcm of some option" in text
