"""Named cases and two-way tables: read with their places, valued on the central path."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.studies import INTERRUPTIBLE, MINE, study
from wattworth.errors import StudyError
from wattworth.study import Override, check
from wattworth.study.named import CaseFact, NamedCase
from wattworth.valuation import SPECS, value
from wattworth.valuation.central import central
from wattworth.valuation.inputs import find, with_input
from wattworth.valuation.named_cases import BASE, named_cases, with_case
from wattworth.valuation.run import read_study
from wattworth.valuation.two_way import PRESETS, preset, steps, two_way

SMALL = study(MINE, INTERRUPTIBLE)
WHY = "a reason"


def test_a_case_is_the_study_with_its_facts_overridden() -> None:
    """Proves: a case equals the study declared that way. Sensitivity: one that leaves its facts out equals the base."""
    case = NamedCase("dear", {"btc.price": CaseFact(value=90_000.0, source=WHY)})
    found = named_cases(replace(SMALL, cases={"dear": case}))
    by_name = {one["name"]: one for one in found["cases"]}
    assert list(by_name) == [BASE, "dear"]
    declared = replace(SMALL, overrides={"btc.price": Override(value=90_000.0, source=WHY)})
    run = value(declared, draws=1, seed=1, workers=1)
    for entry, row in zip(run.result["sites"], by_name["dear"]["sites"], strict=True):
        for name, use in row["uses"].items():
            if use["available"]:
                assert use["risked_npv_usd"] == pytest.approx(
                    entry["uses"][name]["central"]["risked_npv_usd"], rel=1e-12
                )
    assert by_name["dear"]["sites"] != by_name[BASE]["sites"]
    json.dumps(found, allow_nan=False)


def test_scale_and_ends_are_those_of_the_study() -> None:
    case = NamedCase(
        "mixed",
        {"lease.term": CaseFact(at="high", source=WHY), "btc.price": CaseFact(scale=0.5, source=WHY)},
        {"mine": {"operating_gross_mw": 50.0}},
        commodity_case="2025",
    )
    moved = with_case(SMALL, "mixed", case, [])
    assert find(moved, "lease.term").value == find(SMALL, "lease.term").high
    assert find(moved, "btc.price").value == pytest.approx(0.5 * (find(SMALL, "btc.price").value or 0.0))
    assert moved.site("mine").operating_gross_mw == 50.0
    assert moved.commodity_case == "2025"


def test_totals_are_at_ownership_share() -> None:
    found = named_cases(replace(SMALL, cases={"same": NamedCase("nothing changes")}))
    one = found["cases"][1]
    best = [row["uses"][row["best_use"]]["risked_npv_usd"] for row in one["sites"]]
    assert one["totals"]["risked_npv_usd"] == pytest.approx(best[0] + 0.49 * best[1])
    assert one["totals"]["share_firm_gross_mw"] == pytest.approx(100.0 + 0.49 * 83.0)
    assert one["sites"] == found["cases"][0]["sites"]


def test_a_hurdle_rate_of_a_case_lowers_what_comes_late() -> None:
    rates = dict.fromkeys(SMALL.uses, 0.06)
    cases = {
        "low": NamedCase("one rate", discount=rates),
        "high": NamedCase("dear mining", discount={**rates, "bitcoin": 0.3}),
    }
    low, high = named_cases(replace(SMALL, cases=cases))["cases"][1:]
    assert low["discount"] == rates
    assert high["sites"][0]["uses"]["bitcoin"]["risked_npv_usd"] < low["sites"][0]["uses"]["bitcoin"]["risked_npv_usd"]
    assert high["sites"][0]["uses"]["site_sale"] == low["sites"][0]["uses"]["site_sale"]


def test_faults_of_all_cases_are_told_together() -> None:
    cases = {
        "one": NamedCase(
            "x", {"btc.prise": CaseFact(value=1.0, source=WHY)}, places={"btc.prise": "study.yaml line 7"}
        ),
        "two": NamedCase("y", {"btc.price": CaseFact(at="low", source=WHY)}),
    }
    with pytest.raises(StudyError) as told:
        named_cases(replace(SMALL, cases=cases))
    first, second = told.value.faults
    assert first.where == "study.yaml line 7"
    assert "btc.price" in first.message
    assert "has no range" in second.message


def test_a_study_without_cases_and_an_unknown_case_are_refused() -> None:
    with pytest.raises(StudyError, match='declares no cases; add them under "cases"'):
        named_cases(SMALL)
    with pytest.raises(StudyError, match='did you mean "lender"'):
        named_cases(replace(SMALL, cases={"lender": NamedCase("x")}), only="lendr")


_YAML = """
discount: {{by_use: {{{rates}}}}}
cases:
  poor:
    description: All goes wrong.
    facts:
      btc.price: {{scale: 0.5, source: a fall}}
    sites:
      mine: {{operating_gross_mw: 80}}
"""


def _folder(tmp_path: Path, more: str) -> Path:
    header = "schema_version: 1\nname: small\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
    (tmp_path / "study.yaml").write_text(header + "uses: [bitcoin, hold]\n" + more, encoding="utf-8")
    row = "site_id,name,company,country,operating_gross_mw,previous_use\nmine,Mine,Plain,US,100,bitcoin_mine\n"
    (tmp_path / "sites.csv").write_text(row, encoding="utf-8")
    return tmp_path


def test_cases_and_hurdle_rates_are_read_from_yaml(tmp_path: Path) -> None:
    read = read_study(_folder(tmp_path, _YAML.format(rates="bitcoin: 0.16, hold: 0.07")))
    assert read.discount == {"bitcoin": 0.16, "hold": 0.07}
    case = read.cases["poor"]
    assert case.description == "All goes wrong."
    assert case.facts["btc.price"].scale == 0.5
    assert case.sites == {"mine": {"operating_gross_mw": 80.0}}
    assert named_cases(read)["cases"][1]["changes"][1] == {"input": "operating_gross_mw of mine", "value": 80.0}


@pytest.mark.parametrize(
    ("more", "where", "message"),
    [
        ("discount: {by_use: {bitcoin: 0.1}}", "line 7", 'missing key "hold"'),
        ("discount: {by_use: {bitcoin: 0.1, hold: 2}}", 'line 7, key "hold"', "> -0.5 and < 1"),
        ("discount: {by_use: {bitcoin: 0.1, hold: 0.1, gold: 0.1}}", "line 7", 'unknown key "gold"'),
        ("discount: {bitcoin: 0.1}", "line 7", "unknown key"),
        ("cases: {a: 3}", "line 7", "need a mapping with a description"),
        ("cases: {a: {}}", "line 7", 'missing key "description"'),
        ("cases: {a: {description: x, facts: {btc.price: {value: 1}}}}", "line 7", 'missing key "source"'),
        ("cases: {a: {description: x, facts: {btc.price: {source: y}}}}", "line 7", "need one of value, scale and at"),
        (
            "cases: {a: {description: x, facts: {btc.price: {value: 1, scale: 2, source: y}}}}",
            'line 7, key "scale"',
            "got value and scale",
        ),
        ("cases: {a: {description: x, sites: {minne: {operating_gross_mw: 1}}}}", "line 7", 'did you mean "mine"'),
        ("cases: {a: {description: x, sites: {mine: {operating_mw: 1}}}}", "line 7", "unknown column"),
        ("cases: {a: {description: x, sites: {mine: {mining_gross_mw: 900}}}}", "line 7", "only energised megawatts"),
        ("cases: {a: {description: x, discount: {by_use: {bitcoin: 0.1}}}}", "line 7", 'missing key "hold"'),
        ("cases: {a: {description: x, fact: {}}}", "line 7", 'did you mean "facts"'),
    ],
)
def test_each_fault_has_its_place(tmp_path: Path, more: str, where: str, message: str) -> None:
    faults = check(_folder(tmp_path, more + "\n"), SPECS)
    assert any(where in fault.where and message in fault.message for fault in faults), faults


def test_the_packaged_cases_are_sound_and_each_change_says_why() -> None:
    packaged = read_study("us-miners")
    assert {"management", "lender", "downside"} <= set(packaged.cases)
    faults: list = []
    for name, case in packaged.cases.items():
        with_case(packaged, name, case, faults)
        assert all(len(change.source) > 10 for change in case.facts.values())
    assert not faults
    lender = packaged.cases["lender"].discount
    assert lender is not None
    assert set(lender) == set(packaged.uses)


def test_a_table_is_the_central_path_of_each_cell() -> None:
    found = two_way(
        SMALL, site="mine", use="turnkey", rows=("rent", (120.0, 150.0)), columns=("capex", (9.0, 12.0, 14.0))
    )
    moved = with_input(SMALL, find(SMALL, "rent", "mine"), 150.0)
    moved = with_input(moved, find(moved, "capex", "mine"), 9.0)
    cell = central(moved, "mine").use_document("mine", "turnkey")["usd_per_gross_w"]
    assert found.values[1][0] == cell
    assert len(found.values) == 2
    assert all(row[0] > row[1] > row[2] for row in found.values)  # type: ignore[operator] - numbers here
    assert all(low < high for low, high in zip(*found.values, strict=True))  # type: ignore[operator]
    json.dumps(found.document(), allow_nan=False)


@pytest.mark.parametrize("name", ["rent-capex", "bitcoin-power"])
def test_a_ready_table_spans_the_ranges_with_the_present_in_its_middle(name: str) -> None:
    for axis, values in preset(SMALL, name, "mine"):
        asked = find(SMALL, axis, "mine")
        assert len(values) == 7
        assert values[3] == asked.value
        assert values[0] == pytest.approx(asked.low if asked.low is not None else 0.5 * (asked.value or 0.0))
        assert list(values) == sorted(values)
    assert set(PRESETS) == {"rent-capex", "delay-residual", "bitcoin-power"}


def test_a_table_needs_two_inputs_and_known_names() -> None:
    axis = ("rent", (100.0, 120.0))
    with pytest.raises(StudyError, match="both sides"):
        two_way(SMALL, site="mine", use="turnkey", rows=axis, columns=axis)
    with pytest.raises(StudyError, match='did you mean "rent-capex"'):
        preset(SMALL, "rent-capx", "mine")
    with pytest.raises(StudyError, match='did you mean "turnkey"'):
        two_way(SMALL, site="mine", use="turnky", rows=axis, columns=("capex", (9.0,)))
    with pytest.raises(StudyError, match="is empty"):
        steps(find(SMALL, "fleet_age_years", "mine"))
