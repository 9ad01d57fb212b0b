"""The packaged study: it runs, balances, and says what the note says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from wattworth import facts
from wattworth.gas import bridge_of, document_of, problem_of, read_gas_study, run_gas
from wattworth.gas.allocation import allocate, without_uses
from wattworth.gas.relaxing import relax_each
from wattworth.gas.uses import USES
from wattworth.solve import Options


@pytest.fixture(scope="module")
def found():
    return document_of(run_gas("russia-gas", relax=False))


def test_it_balances_and_its_document_is_plain(found):
    assert found["imbalance_bcm"] <= 1e-6
    text = json.dumps(found, allow_nan=False)
    assert "NaN" not in text
    assert {case["case"] for case in found["cases"]} == {"2025", "2026"}


def test_what_is_barred_is_not_built(found):
    built = {row["option"]: sum(row["built"]) for row in found["allocation"]["options"]}
    assert built["ai-cloud-ural"] == built["ai-turnkey-ural"] == 0
    europe = next(row for row in found["allocation"]["options"] if row["option"] == "europe")
    assert not any(europe["gas_bcm"][2:])


def test_weak_rows_are_named(found):
    named = {row["name"] for row in found["weakest"]}
    assert {"west-siberia", "power-of-siberia-2", "urea.capex", "ai-demand"} <= named


def test_bridge():
    """The note, section 10: 0.5, 0.40, 0.27 and 0.16 bcm a day; 119, 95, 65, 39 GW; 85, 68, 46, 28 GW of IT."""
    steps = bridge_of(facts.load()).steps
    assert [round(step.per_day_bcm, 2) for step in steps] == [0.50, 0.40, 0.27, 0.16]
    assert [round(step.ccgt_gw) for step in steps] == [119, 95, 65, 39]
    assert [round(step.it_gw) for step in steps] == [85, 68, 46, 28]
    assert steps[2].arithmetic.startswith("output 514.8 (2021) - 416 (2024) = 98.8 bcm/yr")
    assert steps[2].per_year_bcm == pytest.approx(514.8 - 416.0)


def test_every_use_declares_what_it_reads():
    book = facts.load()
    for use in USES.values():
        assert not [key for key in use.fact_keys if key not in book], use.name
        use.plant(book, 2025)


GAP = 1e-6


@pytest.fixture(scope="module")
def smaller():
    """The study over seven years, in the dear prices, with a third of the capital: limits bind, and it is quick."""
    study = read_gas_study("russia-gas")
    limits = tuple(
        row.model_copy(update={"amount": 4.0}) if row.limit == "capital-a-year" else row for row in study.limits
    )
    small = replace(
        study,
        settings=study.settings.model_copy(update={"years": 7}),
        probability={"2026": 1.0},
        prices=tuple(row for row in study.prices if row.case == "2026"),
        limits=limits,
    )
    return small, allocate(problem_of(small, facts.load()), Options(gap_frac=GAP))


def test_a_limit_taken_away_never_lowers_the_optimum(smaller):
    """Proves: for each of the limits and sets; five of them are worth something here, so it is no empty law."""
    study, base = smaller
    found = relax_each(study, facts.load(), base, gap_frac=GAP)
    names = {each.name for each in found}
    assert names == {row.limit for row in study.limits} | {"all of AI", "all of LNG"}
    for each in found:
        assert each.status == "optimal"
        assert each.objective >= base.objective * (1 - 2 * GAP), each.name
    assert sum(each.worth > 0.0 for each in found) >= 5
    by_name = {each.name: each.objective for each in found}
    for name in ("AI", "LNG"):
        alone = [by_name[row.limit] for row in study.limits if row.together == name]
        assert by_name[f"all of {name}"] >= max(alone) * (1 - 2 * GAP)


def test_a_use_taken_away_never_raises_the_optimum(smaller):
    study, base = smaller
    problem = problem_of(study, facts.load())
    lost = []
    for use in sorted({row.use for row in study.options}):
        found = allocate(without_uses(problem, {use}), Options(gap_frac=GAP))
        assert found.objective <= base.objective * (1 + 2 * GAP), use
        lost.append(found.objective < base.objective * (1 - 1e-3))
    assert sum(lost) >= 3
