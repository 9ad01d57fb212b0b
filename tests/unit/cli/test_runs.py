"""``wattworth runs``, ``show`` and ``compare``: what they print and how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.unit.cli.conftest import QUICK, Call


@pytest.fixture
def saved(call: Call, three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two runs of the study, the second with another seed, in a data folder of their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    ids = []
    for words in ((), ("--seed", "8", "--out", tmp_path / "out")):
        answer = call("value", three, *QUICK, "--uses", "bitcoin,hold", "--json", *words)
        assert answer.code == 0, answer.err
        ids.append(json.loads(answer.out)["run_id"])
    return ids[0], ids[1]


def test_runs_lists_them_newest_first(call: Call, saved: tuple[str, str], tmp_path: Path) -> None:
    answer = call("runs")
    assert (answer.code, answer.err) == (0, "")
    assert [line.split()[0] for line in answer.out.splitlines()] == ["run", saved[1], saved[0]]
    shutil.rmtree(tmp_path / "out")
    assert f"{saved[1]}: its folder is gone: {tmp_path / 'out'}" in call("runs").out
    found = json.loads(call("runs", "--json").out)["runs"]
    assert [(run["run_id"], run["seed"], run["files"]) for run in found] == [
        (saved[1], 8, "gone"),
        (saved[0], 7, "there"),
    ]
    assert found[0]["created_at"].endswith("+00:00")


def test_no_runs_yet(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert call("runs").out == "no runs saved yet; wattworth value STUDY makes one\n"
    assert json.loads(call("runs", "--json").out)["runs"] == []
    answer = call("show", "last")
    assert (answer.code, answer.out) == (2, "")
    assert "no such folder" in answer.err


def test_show_prints_what_value_printed(call: Call, saved: tuple[str, str], three: Path, tmp_path: Path) -> None:
    printed = call("value", three, *QUICK, "--uses", "bitcoin,hold", "--out", tmp_path / "third").out
    table = printed.partition("\nrun   ")[0].rstrip()
    for name in (saved[0], "last", tmp_path / "third"):
        assert call("show", name).out.rstrip() == table
    assert json.loads(call("show", saved[1], "--json").out)["run_id"] == saved[1]


def test_show_a_site_in_every_use(call: Call, saved: tuple[str, str]) -> None:
    answer = call("show", "last", "beta-leased")
    assert answer.code == 0, answer.err
    for words in ("beta-leased: Beta [/x], Acme, leased", "bitcoin", "hold", "First revenue", saved[1]):
        assert words in answer.out
    assert json.loads(call("show", "last", "beta-leased", "--json").out)["site_id"] == "beta-leased"
    assert "not valued: no source states its megawatts" in call("show", "last", "gamma-none").out
    wrong = call("show", "last", "beta-lease")
    assert (wrong.code, wrong.out) == (2, "")
    assert '(did you mean "beta-leased"?)' in wrong.err


def test_show_says_why_a_use_is_not_open_and_where_value_comes_from(call: Call, three: Path, tmp_path: Path) -> None:
    folder = tmp_path / "whole"
    assert call("value", three, *QUICK, "--out", folder).code == 0
    answer = call("show", folder, "beta-leased")
    assert "Waterfall of a turnkey lease" in answer.out
    assert "Not open to it" in answer.out


def test_compare_bridges_two_runs(call: Call, saved: tuple[str, str]) -> None:
    answer = call("compare", *saved, "--workers", "1")
    assert answer.code == 0, answer.err
    for words in ("What changed", "seed", "draws and seed", "versions or machine", "alpha-mine"):
        assert words in answer.out
    assert "valuing the first study" in answer.err
    as_json = call("compare", *saved, "--workers", "1", "--json")
    assert as_json.err == ""
    found = json.loads(as_json.out)
    assert sum(row["change_usd"] for row in found["by_cause"]) == pytest.approx(found["change_usd"], abs=0.01)


@pytest.mark.parametrize("words", [("show", "no-such-run"), ("compare", "no-such-run", "last")])
def test_an_unknown_run_is_told(call: Call, words: tuple[str, ...]) -> None:
    answer = call(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("no-such-run: no such folder")
