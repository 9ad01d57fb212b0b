"""``wattworth value``: what it prints, where it saves, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import QUICK, Call, program
from wattworth import store


def test_the_last_lines_lead_to_the_run_and_its_page(call: Call, three: Path, tmp_path: Path) -> None:
    answer = call("value", three, *QUICK, "--out", tmp_path / "out")
    assert answer.code == 0
    assert answer.err == "valuing three: 256 draws\n"
    *shown, run, page = answer.out.splitlines()
    assert "Alpha" in answer.out
    assert "Beta [/x]" in answer.out  # brackets are text, not markup
    assert any(line.endswith("warnings") for line in shown)
    assert max(map(len, shown)) <= 80
    assert run == f"run   {tmp_path / 'out'}"
    assert page == f"page  {tmp_path / 'out' / 'report.html'}"
    assert "<html" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8").lower()
    assert store.load_run(tmp_path / "out").result["study"] == "three"


def test_without_a_place_the_run_goes_to_the_data_folder(call: Call, three: Path) -> None:
    answer = call("value", three, *QUICK)
    folder = Path(answer.out.splitlines()[-2].removeprefix("run   "))
    assert folder.parent == store.runs_folder().resolve()
    assert store.load_run(folder.name).result["run_id"] == folder.name


def test_json_is_one_document_and_nothing_else(three: Path, tmp_path: Path) -> None:
    answer = program("value", three, *QUICK, "--json", "--out", tmp_path / "out")
    assert answer.code == 0
    printed = json.loads(answer.out)
    assert printed == json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert answer.err.splitlines() == [f"run   {tmp_path / 'out'}", f"page  {tmp_path / 'out' / 'report.html'}"]


def test_options_reach_the_run(call: Call, three: Path, tmp_path: Path) -> None:
    words = ("--seed", "11", "--as-of", "2026-09", "--sites", "alpha-*", "--uses", "hold, site_sale,hold")
    answer = call("value", three, *QUICK, *words, "--json", "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    result = json.loads(answer.out)
    assert (result["draws"], result["seed"], result["as_of"]) == (256, 11, "2026-09")
    valued = [site for site in result["sites"] if site["valued"]]
    assert [site["site_id"] for site in valued] == ["alpha-mine"]
    assert set(valued[0]["uses"]) == {"hold", "site_sale"}


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)], ids=["plain", "strict"])
def test_strict_counts_warnings(call: Call, three: Path, strict: tuple[str, ...], code: int) -> None:
    answer = call("value", three, *QUICK, *strict, "--json", "--out", three / "out")
    assert json.loads(answer.out)["warnings"]
    assert answer.code == code


def test_a_folder_that_is_a_file_is_refused_before_the_run(call: Call, three: Path) -> None:
    answer = call("value", three, "--draws", "10000000", "--out", three / "sites.csv")
    assert answer.code == 2
    assert answer.err.startswith(f"{three / 'sites.csv'}: cannot be written")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sites", "zeta*"), 'three: no valued site matches "zeta*"'),
        (("--sites", "gamma-none"), 'no valued site matches "gamma-none"'),
        (("--uses", "turnky"), '--uses: unknown use "turnky" (did you mean "turnkey"?)'),
    ],
)
def test_a_choice_of_nothing_is_a_fault(call: Call, three: Path, words: tuple[str, ...], said: str) -> None:
    answer = call("value", three, *QUICK, *words)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
