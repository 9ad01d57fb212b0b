"""``wattworth gap``: the balance as a table, as a document and as a page, with sites of one's own and without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from tests.unit.cli.conftest import Call
from tests.unit.gap.model_files import BODY, write
from wattworth.cli.gap import Mode
from wattworth.cli.tables import NONE
from wattworth.gap import Mode as EngineMode
from wattworth.gap import gap, model_names

FEW = ("--draws", "2048")
WITH = (*FEW, "--value-draws", "256", "--workers", "1")
BY_YEAR = "morgan-stanley-2025-11-by-year"


def flat(text: str) -> str:
    return " ".join(text.split())


def rows(out: str) -> dict[str, list[str]]:
    """First lines of tables: what stands before two blanks, and the cells behind it."""
    return {line.strip().split("  ")[0]: line.split() for line in out.splitlines() if line.strip()}


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("mode", ["as_printed", "expected", "simulated"])
def test_the_tables_fit_and_say_what_matters(
    call: Call, monkeypatch: pytest.MonkeyPatch, width: int, mode: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    done = call("gap", "--mode", mode, *FEW)
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= width
    said = flat(done.out)
    assert "Morgan Stanley, November 2025 (2025-11-12): US, 2025 to 2028" in said
    assert "GW of capacity at the meter" in said
    assert "is the corner where every source comes in at its low end (12.75 GW), not the centre" in said
    assert "net gap, low ends 13 12.75 agrees" in said


def test_modes_are_those_of_the_engine() -> None:
    assert get_args(Mode) == get_args(EngineMode)


@pytest.mark.parametrize("model", model_names())
@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_packaged_model_runs_in_every_mode(call: Call, model: str, mode: str, tmp_path: Path) -> None:
    done = call("gap", model, "--mode", mode, "--draws", "512", "--out", tmp_path)
    assert done.code == 0, done.err
    assert "nan" not in done.out.lower().split()
    assert json.loads((tmp_path / "gap.json").read_text(encoding="utf-8"))["model"] == model


def test_as_printed_is_the_note_worked_by_hand(call: Call) -> None:
    """Proves: each end times its chance, and what is left. Sensitivity: without chances the low ends sum to 35."""
    told = rows(call("gap", "--mode", "as_printed").out)
    assert told["- Natural-gas turbines"][-2:] == ["13.5", "18.0"]
    assert told["- Bloom Energy fuel cells"][-2:] == ["4.5", "7.2"]
    assert told["= Gap"][-2:] == ["44.0", "44.0"]
    assert told["= Net gap"][-2:] == ["12.8", "-6.7"]


def test_a_distribution_has_its_ends_its_chance_and_what_moves_it(call: Call) -> None:
    done = call("gap", *FEW, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    shown = rows(call("gap", *FEW).out)
    net = found["net"]
    assert shown["= Net gap"][-3:] == [f"{net[key]:.1f}" for key in ("mean_gw", "p5_gw", "p95_gw")]
    assert shown["Chance of a shortfall"][-2] == f"{100 * found['gap_chance_frac']:.0f}"
    widest = found["tornado"][0]
    printed = shown[f"{widest['label']}: comes or not"]
    assert printed[-2:] == [f"{widest[key]:.1f}" for key in ("net_at_low_gw", "net_at_high_gw")]


def test_json_is_one_document_with_what_stands_beside_it(call: Call) -> None:
    found = json.loads(call("gap", "--mode", "expected", *FEW, "--seed", "3", "--json").out)
    assert {"schema_version": 1, "mode": "expected", "draws": 2048, "seed": 3}.items() <= found.items()
    assert found["net"] == gap(mode="expected", draws=2048, seed=3).document()["net"]
    assert [version["printed"]["gap"] for version in found["versions"]] == [36, 45, 45, 44]
    assert {"lbnl-2028", "grid-strategies-2025"} <= {case["case_id"] for case in found["demand"]["cases"]}
    assert found["demand"]["load_factor_frac"] == pytest.approx(0.5012)
    assert (found["bare"], found["sites"], found["scarcity"]) == (None, None, None)
    assert [line["name"] for line in found["lines"]][:3] == ["demand", "under_construction", "grid_access"]


def test_a_file_with_other_numbers_runs(call: Call, tmp_path: Path) -> None:
    done = call("gap", write(tmp_path), "--mode", "as_printed")
    assert done.code == 0, done.err
    told = rows(done.out)
    assert told["= Gap"][-1] == "37.3", "53.33 of demand less 6 less 10"
    assert told["= Net gap"][-2] == "31.7", "less 3 x 0.8 and 4 x 0.8"


def test_what_is_missing_is_said_and_is_not_nought(call: Call, tmp_path: Path) -> None:
    done = call("gap", "morgan-stanley-2024-12", *FEW)
    assert done.code == 0
    told = rows(done.out)
    assert told["? demand"][2] == "missing"
    assert not any(character.isdigit() for character in "".join(told["= Net gap"]))
    assert "This model is partial. Missing, and not taken as nought" in flat(done.out)
    assert f"gap 36 {NONE} inputs missing" in flat(done.out)
    half = write(tmp_path, BODY.replace("low: 3, high: 9, success: {value: 0.8}", "note: unknown"))
    known = rows(call("gap", half, *FEW).out)
    assert known["? engines"][2] == "missing"
    assert "left by the known sources" in known


def test_years_where_a_model_has_them(call: Call) -> None:
    found = json.loads(call("gap", BY_YEAR, *FEW, "--year", "2027", "--json").out)
    assert found["year"] == 2027
    assert found["net"] == found["years"][2]["net"]
    shown = rows(call("gap", BY_YEAR, *FEW, "--year", "2027").out)
    year = found["years"][2]
    assert shown["2027"][1:3] == [f"{year['gap']['mean_gw']:.1f}", f"{year['net']['mean_gw']:.1f}"]


def test_regions_of_a_file(call: Call, tmp_path: Path) -> None:
    half = "demand_frac: 0.5, under_construction_frac: 0.5, grid_access_frac: 0.5"
    share = f"{{{half}, source_frac: {{engines: 0.5, sites: 0.5}}}}"
    path = write(tmp_path, f"{BODY}regions: {{east: {share}, west: {share}}}\n")
    net = json.loads(call("gap", path, *FEW, "--json").out)["net"]["mean_gw"]
    shown = rows(call("gap", path, *FEW).out)
    assert shown["east"][2] == shown["west"][2] == f"{net / 2:.1f}"


def test_a_study_of_ones_own_takes_the_place_of_the_source(call: Call, three: Path, tmp_path: Path) -> None:
    done = call("gap", "--with", three, *WITH, "--out", tmp_path / "page")
    assert done.code == 0, done.err
    found = json.loads((tmp_path / "page" / "gap.json").read_text(encoding="utf-8"))
    assert "bitcoin_sites" not in {line["name"] for line in found["lines"]}
    (overlap,) = found["overlaps"]
    assert (overlap["low_gw"], overlap["high_gw"]) == (pytest.approx(9.5), pytest.approx(14.25))
    said = flat(done.out)
    assert "in place of the model's Bitcoin site conversion of 9.5 to 14.2 GW" in said
    assert "are not added" in said
    sites = found["sites"]
    assert [row["site_id"] for row in sites["rows"]].count("beta-leased") == 1
    shown, (row,) = rows(done.out), [row for row in sites["rows"] if row["site_id"] == "beta-leased"]
    assert shown["beta-leased"][-4:] == [f"{row['mean_gw'][str(year)]:.2f}" for year in range(2025, 2029)]
    whole = sum(row["gross_mw"] for row in sites["rows"]) + sum(out["gross_mw"] for out in sites["left_out"])
    assert whole == pytest.approx(350), "all megawatts of the study are in the curve or left out with a reason"
    assert sites["years"][-1]["mean_gw"] == pytest.approx(overlap["own_mean_gw"])
    assert found["bare"]["net"] == gap(mode="simulated", draws=2048).document()["net"]
    assert found["net"]["mean_gw"] > found["bare"]["net"]["mean_gw"]
    assert "valuing three" in done.err
    assert f"counted: {overlap['note']}" in said
    assert "left out: " in said
    assert "page  " in done.out
    assert "How big is the gap" in (tmp_path / "page" / "gap.html").read_text(encoding="utf-8")


def test_scarcity_moves_rents_once(call: Call, three: Path) -> None:
    done = call("gap", "--with", three, "--scarcity", "--mode", "expected", *WITH, "--json")
    assert done.code == 0, done.err
    felt = json.loads(done.out)["scarcity"]
    net, demand = felt["net_before_gw"], 69.0
    assert felt["rent_ratio"] == pytest.approx((demand / (demand - net)) ** felt["elasticity_ratio"])
    assert felt["confidence"] == "assumption"
    assert felt["value_after_usd"] >= felt["value_before_usd"], "a shortage raises rents, and no site is worth less"
    lost = felt["net_before_gw"] - felt["net_after_gw"]
    assert felt["sites_after_gw"] - felt["sites_before_gw"] == pytest.approx(lost, abs=1e-9)


def test_factories_and_flexible_load(call: Call) -> None:
    done = call("gap", BY_YEAR, *FEW, "--factories", "ge_turbines,bloom_fuel_cells", "--limit", "0.005", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [each["replaced"] for each in found["overlaps"]] == [["Natural-gas turbines"], ["Bloom Energy fuel cells"]]
    assert found["headroom"]["gw"] == 98
    assert found["net_with_headroom"]["mean_gw"] == pytest.approx(found["net"]["mean_gw"] - 98)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("morgan-stanley-2025-10",), 'did you mean "morgan-stanley-2025-1'),
        (("none.yaml",), "no such file"),
        (("--year", "2027"), "states no years for demand"),
        ((BY_YEAR, "--year", "2031"), "lies outside"),
        ((BY_YEAR, "--year", "2027", "--mode", "as_printed"), "holds for its whole window"),
        (("--mode", "bernoulli"), "as_printed"),
        (("--limit", "0.2"), "nothing is extended beyond"),
        (("--factories", "gas_engines"), "no capacity, backlog"),
        (("--factories", "nuclear"), 'no source "nuclear"'),
        (("--scarcity",), "give --with STUDY"),
        (("--draws", "0"), "--draws"),
        (("--with", "us-minders"), "us-miners"),
    ],
)
def test_wrong_input_ends_with_code_2(call: Call, words: tuple[str, ...], said: str) -> None:
    done = call("gap", *words)
    assert (done.code, done.out) == (2, "")
    assert said in flat(done.err)
    assert "Traceback" not in done.err


def test_a_faulty_file_tells_all_its_faults(call: Call, tmp_path: Path) -> None:
    path = write(tmp_path, "demand: {value: lots}\nunder_constructoin: {value: 6}\n")
    done = call("gap", path)
    assert done.code == 2
    assert 'line 8, key "value": got "lots"' in flat(done.err)
    assert 'did you mean "under_construction"' in flat(done.err)
