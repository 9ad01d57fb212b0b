"""``wattworth solve``, ``explain``, ``cases`` and ``table``: what they print and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

_CASES = """
cases:
  poor:
    description: All goes wrong.
    facts:
      btc.price: {scale: 0.5, source: a fall}
      lease.term: {at: low, source: short leases}
"""
LEASE = ("--site", "alpha-mine", "--use", "turnkey")


@pytest.fixture
def with_cases(three: Path) -> Path:
    file = three / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8") + _CASES, encoding="utf-8")
    return three


def test_solve_tells_the_answer_and_where_it_stands_today(call: Call, three: Path) -> None:
    answer = call("solve", three, *LEASE, "--for", "rent", "--target", "central.npv_usd=0")
    assert answer.code == 0, answer.err
    first, today, searched = answer.out.splitlines()
    assert first.startswith("central.npv_usd of alpha-mine in turnkey is 0 where rent")
    assert today.startswith("today rent")
    assert searched.endswith("the central path")


def test_solve_as_json_is_one_document(call: Call, three: Path) -> None:
    words = ("--for", "btc.price", "--target", "npv_usd.mean=1e8", "--draws", "256", "--range", "10000", "300000")
    answer = call("solve", three, "--site", "alpha-mine", "--use", "bitcoin", *words, "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["status"] == "found"
    assert (found["low"], found["high"], found["draws"]) == (10_000.0, 300_000.0, 256)


def test_solve_without_an_answer_ends_with_code_3(call: Call, three: Path) -> None:
    words = ("solve", three, *LEASE, "--for", "rent", "--target", "central.npv_usd=1e15")
    answer = call(*words)
    assert (answer.code, answer.out) == (3, "")
    assert "no answer in range" in answer.err
    as_json = call(*words, "--json")
    assert as_json.code == 3
    assert json.loads(as_json.out)["status"] == "none"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((*LEASE, "--for", "rnt", "--target", "central.npv_usd=0"), 'did you mean "rent"'),
        ((*LEASE, "--for", "rent", "--target", "central.npv_usd"), "Write a target as METRIC=VALUE"),
        ((*LEASE, "--for", "rent", "--target", "npv=0"), 'no metric "npv"'),
        (("--site", "alpha", "--use", "turnkey", "--for", "rent", "--target", "central.npv_usd=0"), "alpha-mine"),
    ],
)
def test_a_wrong_question_ends_with_code_2(call: Call, three: Path, words: tuple[str, ...], message: str) -> None:
    answer = call("solve", three, *words)
    assert answer.code == 2
    assert message in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_cases_stand_side_by_side_with_their_reasons(call: Call, with_cases: Path) -> None:
    answer = call("cases", with_cases)
    assert answer.code == 0, answer.err
    assert "poor: All goes wrong." in answer.out
    assert "btc.price x 0.5: a fall" in answer.out
    assert "lease.term at its low: short leases" in answer.out
    row = next(line for line in answer.out.splitlines() if line.startswith("alpha-mine"))
    assert len(row.split()) == 5
    assert max(map(len, answer.out.splitlines())) <= 120


def test_cases_as_json_and_narrowed(call: Call, with_cases: Path) -> None:
    found = json.loads(call("cases", with_cases, "--case", "poor", "--sites", "alpha-*", "--json").out)
    assert [case["name"] for case in found["cases"]] == ["as declared", "poor"]
    assert [site["site_id"] for site in found["cases"][1]["sites"]] == ["alpha-mine"]


def test_a_study_without_cases_says_where_to_put_them(call: Call, three: Path) -> None:
    answer = call("cases", three)
    assert answer.code == 2
    assert 'under "cases" in study.yaml' in answer.err


def test_a_table_marks_where_the_use_is_the_best(call: Call, three: Path) -> None:
    words = ("--rows", "rent=60,130,400", "--columns", "capex=8,20")
    answer = call("table", three, *LEASE, *words)
    assert answer.code == 0, answer.err
    rows = [line.split() for line in answer.out.splitlines() if line[:1].isdigit()]
    assert [row[0] for row in rows] == ["60", "130", "400"]
    assert rows[2][1].endswith("*")
    assert not rows[0][2].endswith("*")
    found = json.loads(call("table", three, *LEASE, *words, "--json").out)
    assert found["columns"]["values"] == [8.0, 20.0]
    assert f"{found['values'][2][0]:.2f}*" == rows[2][1]


def test_a_wrong_axis_is_refused(call: Call, three: Path) -> None:
    answer = call("table", three, *LEASE, "--rows", "rent:1,2")
    assert answer.code == 2
    assert "INPUT=A,B,C" in answer.err
    assert call("table", three, "rents", *LEASE).code == 2


def test_explain_tells_of_drivers_break_evens_and_weak_facts(call: Call, three: Path) -> None:
    answer = call("explain", three, "alpha-mine", "--draws", "256")
    assert answer.code == 0, answer.err
    for words in ("alpha-mine: ", "What moves it", "Markets", "What would change the best use", "find out first"):
        assert words in answer.out
    assert "break-even of" in answer.err


def test_explain_of_nothing_names_both_places(call: Call, tmp_path: Path) -> None:
    answer = call("explain", tmp_path / "none", "alpha-mine")
    assert answer.code == 2
    assert "run_id" in answer.err
    assert "packaged study" in answer.err
