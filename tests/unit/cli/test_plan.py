"""``wattworth plan``: the roadmap in a table, as a document and as a page; limits that cannot be kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import STUDY, Call

BLOCK = """\
plan:
  periods: 2
  period_months: 6
  limits:
    sales: {kind: sites, uses: [site_sale], in_total: 1, source: test}
    capital: {kind: capital, per_period: 100}
"""
FEW = ("--draws", "64", "--workers", "1", "--time-limit", "3")


@pytest.fixture
def planned(three: Path) -> Path:
    """The study of three sites with a plan."""
    (three / "study.yaml").write_text(STUDY + BLOCK, encoding="utf-8")
    return three


def test_the_roadmap_agrees_with_the_document_and_the_page(call: Call, planned: Path, tmp_path: Path) -> None:
    told = call("plan", planned, *FEW, "--out", tmp_path / "page")
    assert told.code == 0, told.err
    assert "planning the sites of three" in told.err
    found = json.loads((tmp_path / "page" / "plan.json").read_text(encoding="utf-8"))
    flat = " ".join(told.out.split())
    assert "three, as of 2026-06: the plan" in flat
    assert "fresh draws it is ahead of greedy" in flat
    for site in found["sites"]:
        assert site["site_id"] in told.out
        if site["changes"]:
            row = next(line.split() for line in told.out.splitlines() if line.startswith(site["site_id"]))
            assert site["start"] in row
            assert f"{site['gain_usd'] / 1e6:,.0f}" in row
    assert "at most 1 site" in flat
    assert "wrote " in told.out
    page = (tmp_path / "page" / "plan.html").read_text(encoding="utf-8")
    assert "Which sites first?" in page


def test_json_is_the_document_alone_and_repeats(call: Call, planned: Path) -> None:
    first = call("plan", planned, *FEW, "--json")
    assert first.code == 0, first.err
    once, again = json.loads(first.out), json.loads(call("plan", planned, *FEW, "--json").out)
    for document in (once, again):
        document["plan"].pop("took_s")
    assert once == again
    assert (once["draws"], once["seed"], once["periods"]) == (64, 7, 2)


def test_the_weight_of_the_worst_draws_is_asked_for(call: Call, planned: Path) -> None:
    safe = json.loads(call("plan", planned, *FEW, "--json", "--tail-weight", "1").out)
    bold = json.loads(call("plan", planned, *FEW, "--json", "--tail-weight", "0").out)
    assert safe["aim"]["tail_weight_frac"] == 1.0
    assert safe["plan"]["tail_usd"] >= bold["plan"]["tail_usd"] - 1.0
    assert bold["plan"]["value_usd"]["mean"] >= safe["plan"]["value_usd"]["mean"] - 1.0
    assert safe["plan"]["objective"] == pytest.approx(safe["plan"]["tail_usd"])


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal(call: Call, planned: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    done = call("plan", planned, *FEW)
    assert max(map(len, done.out.splitlines())) <= width


def test_without_a_plan_nothing_limits(call: Call, three: Path) -> None:
    done = call("plan", three, "--sites", "beta-*", *FEW)
    assert done.code == 0, done.err
    assert "the study has no `plan`, so nothing limits the choice" in " ".join(done.out.split())


def test_limits_that_clash_are_named(call: Call, three: Path) -> None:
    """Proves: what no plan can keep ends with code 3 and the limits by name, and a fixed choice too many with 2."""
    clash = BLOCK + "    miners: {kind: hash_rate, sense: at least, in_total: 900}\n"
    (three / "study.yaml").write_text(STUDY + clash, encoding="utf-8")
    refused = call("plan", three, *FEW)
    assert refused.code == 3
    assert "miners" in refused.err
    fixed = BLOCK + "  fixed:\n    - {site: alpha-mine, use: turnkey}\n"
    (three / "study.yaml").write_text(STUDY + fixed, encoding="utf-8")
    refused = call("plan", three, *FEW)
    assert refused.code == 2
    assert "study.yaml line 12: capital, " in refused.err
    assert "what is fixed breaks it by" in refused.err


@pytest.mark.parametrize(("option", "value"), [("--gap", "-1"), ("--tail-weight", "2"), ("--time-limit", "0")])
def test_options_out_of_range_are_refused(call: Call, three: Path, option: str, value: str) -> None:
    assert call("plan", three, option, value).code == 2
