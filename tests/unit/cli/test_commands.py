"""``check``, ``sources`` and ``new``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import STUDY, Call


def test_check_says_what_a_study_holds(call: Call, three: Path) -> None:
    answer = call("check", three)
    assert answer.code == 0
    assert answer.err == ""
    assert "2 valued, 1 not" in answer.out
    assert "no source states its megawatts" in answer.out
    assert "lease_rent_unknown (beta-leased)" in answer.out
    assert answer.out.endswith("three is sound\n")
    assert max(map(len, answer.out.splitlines())) <= 80


def test_check_counts_megawatts_by_state(call: Call, three: Path) -> None:
    """250 MW hold a lease of 120 MW critical IT, at the observed 1.4 gross per IT: 168 leased, 82 free."""
    found = json.loads(call("check", three, "--json").out)
    assert found["ok"] is True
    megawatts = {row["state"]: (row["sites"], round(row["gross_mw"], 6)) for row in found["mw_by_state"]}
    assert megawatts == {"leased": (1, 168.0), "energised": (2, 182.0)}
    assert found["sites"] == {
        "valued": 2,
        "not_valued": [{"site_id": "gamma-none", "reason": "no source states its megawatts"}],
    }
    assert found["facts"]["used"] > 100


def test_check_lists_faults_as_json_too(call: Call, three: Path) -> None:
    (three / "study.yaml").write_text(STUDY + "horizon_year: 20\n", encoding="utf-8")
    answer = call("check", three, "--json")
    assert answer.code == 2
    found = json.loads(answer.out)
    assert found["ok"] is False
    assert found["faults"][0]["where"].startswith("study.yaml line 7")
    assert "horizon_years" in answer.err
    answer = call("check", "us-miner", "--json")
    assert json.loads(answer.out)["faults"][0]["where"] == "us-miner"


def test_check_finds_what_only_a_run_would_meet(call: Call, three: Path) -> None:
    path = three / "sites.csv"
    text = path.read_text(encoding="utf-8").replace("iso,", "market_region,").replace("ERCOT", "ercot_hob")
    path.write_text(text.replace("NYISO", "mars"), encoding="utf-8")
    answer = call("check", three)
    assert answer.code == 2
    assert [line.split(":")[0] for line in answer.err.splitlines()] == ["site alpha-mine", "site beta-leased"]
    assert 'did you mean "ercot_hub"?' in answer.err


def test_check_strict_ends_with_one(call: Call, three: Path) -> None:
    assert call("check", three, "--strict").code == 1
    assert call("check", three, "--strict", "--json").code == 1


def test_check_names_a_changed_fact_that_nothing_reads(call: Call, three: Path) -> None:
    changed = "uses: [hold]\nfacts: {lease.term: {value: 12, source: us}, gpu.nothing: {value: 1, source: us}}\n"
    (three / "study.yaml").write_text(STUDY + changed, encoding="utf-8")
    assert "gpu.nothing" in call("check", three).err
    (three / "study.yaml").write_text(
        STUDY + "uses: [hold]\nfacts: {lease.term: {value: 12, source: us}}\n", encoding="utf-8"
    )
    assert "unused_fact (lease.term)" in call("check", three).out


def test_sources_go_from_weak_to_strong(call: Call, three: Path) -> None:
    changed = "facts: {lease.term: {value: 12, low: 10, high: 15, source: our lawyer, confidence: high}}\n"
    (three / "study.yaml").write_text(STUDY + changed, encoding="utf-8")
    found = json.loads(call("sources", three, "--json").out)
    order = ["assumption", "low", "derived", "medium", "high"]
    ranks = [order.index(fact["confidence"]) for fact in found["facts"]]
    assert ranks == sorted(ranks)
    assert sum(found["counts"].values()) == len(found["facts"])
    term = next(fact for fact in found["facts"] if fact["key"] == "lease.term")
    assert (term["value"], term["low"], term["source"], term["changed"]) == (12.0, 10.0, "our lawyer", True)


@pytest.mark.parametrize("columns", [70, 80, 160])
def test_sources_fit_the_terminal(call: Call, three: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    answer = call("sources", three)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines.index(next(x for x in lines if x.startswith("assumption"))) < lines.index(
        next(x for x in lines if x.startswith("high"))
    )
    assert " facts: " in lines[-1]


@pytest.mark.parametrize("words", [(), ("--xlsx",)], ids=["folder", "workbook"])
def test_new_copies_a_packaged_study_that_is_sound(call: Call, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = call("new", tmp_path / "mine", "--from", "us-miners", *words)
    assert answer.code == 0, answer.err
    written = Path(answer.out.strip())
    assert written.exists()
    assert written.is_file() == bool(words)
    assert f"wattworth check {written}" in answer.err
    assert call("check", written).code == 0


def test_new_is_blank_unless_told(call: Call, tmp_path: Path) -> None:
    answer = call("new", tmp_path / "mine")
    assert answer.code == 0
    assert "fill in its sites" in answer.err
    assert (tmp_path / "mine" / "study.yaml").exists()


def test_new_never_overwrites(call: Call, three: Path) -> None:
    before = (three / "study.yaml").read_bytes()
    answer = call("new", three, "--from", "us-miners")
    assert answer.code == 2
    assert str(three) in answer.err
    assert (three / "study.yaml").read_bytes() == before


def test_new_names_the_nearest_origin(call: Call, tmp_path: Path) -> None:
    answer = call("new", tmp_path / "mine", "--from", "us-mners")
    assert answer.code == 2
    assert 'did you mean "us-miners"?' in answer.err
