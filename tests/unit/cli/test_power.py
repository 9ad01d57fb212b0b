"""`power`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

CASE = """\
name: small
load: {flat_mw: 10}
reliability: {availability_frac: 0.999}
unserved_usd_per_mwh: 10000
sources:
  engine: {life_years: 20}
designs:
  - {name: thin, engine_mw: 9}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [80, 120])
def test_the_packaged_case_fits_the_terminal(call: Call, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Proves: no line is longer than the terminal and no number is cut. Sensitivity: a column more at 80."""
    monkeypatch.setenv("COLUMNS", str(width))
    answer = call("power", "offgrid-ai")
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in answer.out
    for words in ("optimum", "gas only", "44 % renewable", "90 % renewable", "23+6 x 4.4", "offgridai", "spare fewer"):
        assert words in answer.out


def test_json_is_one_document_and_out_keeps_it(call: Call, small: Path, tmp_path: Path) -> None:
    answer = call("power", small, "--json", "--out", tmp_path / "kept")
    found = json.loads(answer.out)
    assert found == json.loads((tmp_path / "kept" / "power.json").read_text(encoding="utf-8"))
    assert [design["name"] for design in found["designs"]] == ["optimum", "thin"]
    assert "power.json" in answer.err
    assert {"cost_stack", "weeks", "duration", "spares"} <= found["designs"][0].keys()
    assert len(found["targets"]) == 4


def test_out_writes_a_page_beside_the_document(call: Call, small: Path, tmp_path: Path) -> None:
    """Proves: the page is written, says the cost of the document and flags what falls short."""
    answer = call("power", small, "--out", tmp_path / "kept")
    assert answer.code == 0
    assert "power.html" in answer.out
    page = (tmp_path / "kept" / "power.html").read_text(encoding="utf-8")
    best = json.loads((tmp_path / "kept" / "power.json").read_text(encoding="utf-8"))["designs"][0]
    assert page.startswith("<!doctype html>")
    assert f"${best['served_usd_per_mwh']:,.2f}" in page
    assert "misses the target" in page


def test_a_folder_that_cannot_be_is_refused_before_the_work(call: Call, small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer = call("power", small, "--out", tmp_path / "file" / "kept")
    assert answer.code == 2
    assert "optimum" not in answer.out


def test_a_design_that_falls_short_is_said_so(call: Call, small: Path) -> None:
    answer = call("power", small)
    assert answer.code == 0
    assert "misses" in answer.out
    assert "thin: not ranked" in answer.out
    assert call("power", small, "--strict").code == 1


def test_a_fault_ends_with_two_and_its_line(call: Call, small: Path) -> None:
    small.write_text(CASE.replace("flat_mw", "flat_mv"), encoding="utf-8")
    answer = call("power", small)
    assert answer.code == 2
    assert 'small.yaml line 2: unknown key "flat_mv" (did you mean "flat_mw"?)' in answer.err
    assert call("power", "offgird-ai").code == 2


def test_no_answer_ends_with_three(call: Call, small: Path) -> None:
    text = CASE.replace("0.999}", "0.999, unserved_max_frac: 0}").replace("life_years: 20", "life_years: 20, max_mw: 5")
    small.write_text(text.split("designs:", maxsplit=1)[0], encoding="utf-8")
    answer = call("power", small)
    assert answer.code == 3
    assert "unserved_max_frac" in answer.err
