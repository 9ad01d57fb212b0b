"""``wattworth gas``: tables, the document, and mistakes that are told without a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call
from tests.unit.gas.networks import LINKS, NODES, OPTIONS, PRICES, STUDY, write
from wattworth.gas import gas_workbook, read_gas_study, study_names


def test_tables_and_document(call: Call, tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "out"
    study.mkdir()
    done = call("gas", write(study), "--out", out)
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "one more bcm a year of room in pipe is worth $108m a year" in said
    assert "home-cap" in said
    found = json.loads((out / "gas.json").read_text(encoding="utf-8"))
    assert found["imbalance_bcm"] <= 1e-6
    relaxed = {row["limit"]: row["worth_musd"] for row in found["relaxed"]}
    # a second bcm at home: 36 M$ a year over three years at 10 %
    assert relaxed["home-cap"] == pytest.approx(36.0 * (1 + 1 / 1.1 + 1 / 1.21))


def test_the_document_alone_is_on_stdout(call: Call, tmp_path: Path) -> None:
    done = call("gas", write(tmp_path), "--json", "--quick")
    assert done.code == 0, done.err
    assert json.loads(done.out)["study"] == "small"
    assert json.loads(done.out)["relaxed"] == []


def test_bad_rows_end_with_code_two(call: Call, tmp_path: Path) -> None:
    done = call("gas", write(tmp_path, links=LINKS.replace("coast,6", "nowhere,6")))
    assert done.code == 2
    assert 'links.csv row 2, column "to_node": no node "nowhere"' in done.err


def test_limits_that_clash_end_with_code_three(call: Call, tmp_path: Path) -> None:
    nodes = "node,kind,volume,committed,volume_unit\nwells,field,10,10,bcm_20c\ncoast,market,,,bcm_20c\n"
    done = call("gas", write(tmp_path, nodes=nodes))
    assert done.code == 3
    assert "capacity of link pipe in 2026" in done.err
    assert "limit home-cap in 2026" in done.err


BACK = "back,coast,wells,6,0,0,-0.2,,,bcm_20c\n"
BAD = {
    "nowhere": ({"links": LINKS.replace("coast,6", "coats,6")}, 'links.csv row 2, column "to_node": no node "coats"'),
    "committed": (
        {"links": LINKS.replace("6,0,", "6,7,")},
        'links.csv row 2, column "capacity": the committed flow 7 is above the capacity 6',
    ),
    "gain": ({"links": LINKS + BACK}, 'links.csv row 3, column "loss_frac": gas gains on the cycle of'),
    "units": (
        {"nodes": NODES.replace("coast,market,,,bcm_20c", "coast,market,,,bcm_15c")},
        'nodes.csv row 3, column "volume_unit": got bcm_15c, but the study',
    ),
}


@pytest.mark.parametrize("command", ["gas", "check"])
@pytest.mark.parametrize("fault", BAD)
def test_bad_data_is_named_with_file_and_row(call: Call, tmp_path: Path, command: str, fault: str) -> None:
    changed, said = BAD[fault]
    done = call(command, write(tmp_path, **changed))
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


@pytest.mark.parametrize("name", study_names())
@pytest.mark.parametrize("kind", ["folder", "workbook"])
def test_new_copies_a_packaged_study_that_check_finds_sound(call: Call, tmp_path: Path, name: str, kind: str) -> None:
    target = tmp_path / ("mine" if kind == "folder" else "mine.xlsx")
    made = call("new", target, "--from", name)
    assert made.code == 0, made.err
    assert made.out == f"{target}\n"
    assert f"wattworth check {target}" in made.err
    found = json.loads(call("check", target, "--json").out)
    packaged = json.loads(call("check", name, "--json").out)
    assert found == packaged
    assert found["ok"] is True
    assert call("check", target).out.endswith(f"{name} is sound\n")
    again = call("new", target, "--from", name)
    assert again.code == 2


def test_near_names_of_packaged_studies(call: Call, tmp_path: Path) -> None:
    for command in (("check", "rusia-gas"), ("gas", "rusia-gas"), ("new", tmp_path / "x", "--from", "rusia-gas")):
        done = call(*command)
        assert done.code == 2
        assert 'did you mean "russia-gas"?' in done.err


def test_a_workbook_runs_as_its_folder_does(call: Call, tmp_path: Path) -> None:
    folder = write(tmp_path)
    (tmp_path / "small.xlsx").write_bytes(gas_workbook(read_gas_study(folder)))
    both = [json.loads(call("gas", source, "--json").out) for source in (folder, tmp_path / "small.xlsx")]
    for found in both:
        found.pop("took_s")
    assert both[0] == both[1]


FACTS = "facts:\n  pipeline_new.life: {value: 40, source: the owner}\n  lng.capex: {value: 900, source: a bid}\n"


def test_changed_facts_stand_in_the_result_and_its_sources(call: Call, tmp_path: Path) -> None:
    folder = write(tmp_path, study=STUDY + FACTS)
    found = json.loads(call("gas", folder, "--json").out)
    assert [(row["key"], row["value"], row["source"]) for row in found["changed_facts"]] == [
        ("pipeline_new.life", 40.0, "the owner"),
        ("lng.capex", 900.0, "a bid"),
    ]
    weak = [row for row in found["weakest"] if row["name"] == "pipeline_new.life"]
    assert weak == [{"where": "facts", "name": "pipeline_new.life", "confidence": "assumption", "source": "the owner"}]
    assert "pipeline_new.life 40 yr (the owner)" in " ".join(call("gas", folder).out.split())
    listed = json.loads(call("sources", folder, "--json").out)
    changed = {row["key"]: row["value"] for row in listed["facts"] if row["changed"]}
    assert changed == {"pipeline_new.life": 40.0}
    checked = call("check", folder)
    assert "unused_fact (lng.capex)" in checked.out
    assert call("check", folder, "--strict").code == 1
    wrong = call("check", write(tmp_path, study=STUDY + FACTS.replace("lng.capex", "lng.capx")))
    assert wrong.code == 2
    assert 'no fact "lng.capx" (did you mean "lng.capex"?)' in wrong.err


def test_check_warns_of_what_no_gas_can_reach(call: Call, tmp_path: Path) -> None:
    nodes = NODES + "island,market,,,bcm_20c\n"
    options = OPTIONS + "far,pipeline_export,island,,bcm_20c\n"
    prices = PRICES + "base,urea,400,$/t\n"
    found = json.loads(call("check", write(tmp_path, nodes=nodes, options=options, prices=prices), "--json").out)
    assert {row["code"]: row["where"] for row in found["warnings"]} == {"no_way": "far", "unused_price": "urea"}


def test_jobs_as_the_aim_print_no_dollars_for_it(call: Call, tmp_path: Path) -> None:
    options = (
        "option,use,node,depth,jobs_per_bcm,volume_unit\n"
        "abroad,pipeline_export,coast,,3,bcm_20c\nhome,domestic_sale,wells,2,8,bcm_20c\n"
    )
    said = call("gas", write(tmp_path, study=STUDY + "objective: jobs\n", options=options)).out
    assert "work for 24 jobs on average over price cases (base: 24 jobs)" in said
    limits = said.partition("What limits cost")[2].partition("Lost exports")[0]
    assert "is worth 8 jobs" in limits
    assert "$" not in limits
    assert "home-cap" in limits
