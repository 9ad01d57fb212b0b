"""Goal seek: roots proved by further runs, jumps and absences told plainly."""

from __future__ import annotations

import json
import math

import pytest

from tests.studies import HALF_LEASED, MINE, study
from wattworth.errors import SolveError, StudyError
from wattworth.valuation import value
from wattworth.valuation.inputs import find, with_input
from wattworth.valuation.roots import Reader, bracket, crossings
from wattworth.valuation.solve import metric_of, prob_best_frac, solve

SMALL = study(MINE)
DRAWS = 256


@pytest.mark.parametrize("metric", ["central.risked_npv_usd", "central.usd_per_gross_w"])
def test_a_root_on_the_central_path_is_the_central_path_of_a_full_run(metric: str) -> None:
    """Proves: the answer holds in `value` itself. Sensitivity: a root of another scale misses by millions."""
    found = solve(SMALL, site="mine", use="turnkey", for_input="rent", metric=metric, target=0.0)
    assert found.status == "found"
    asked = find(SMALL, "rent", "mine")
    run = value(with_input(SMALL, asked, found.value), draws=1, seed=3, sites="mine", workers=1)
    shown = run.result["sites"][0]["uses"]["turnkey"]["central"][metric.removeprefix("central.")]
    assert abs(shown) <= 1e-6 * (1e9 if metric.endswith("npv_usd") else 10.0)


def test_the_rent_that_makes_a_lease_beat_mining() -> None:
    found = solve(
        SMALL, site="mine", use="turnkey", for_input="rent", metric="gain_over:bitcoin", target=0.0, draws=DRAWS
    )
    assert found.status == "found"
    rent = found.value
    asked = find(SMALL, "rent", "mine")
    for number, sign in ((rent * 0.999, -1.0), (rent * 1.001, 1.0)):
        run = value(with_input(SMALL, asked, number), draws=DRAWS, seed=7, sites="mine", workers=1)
        means = {
            name: use["risked_npv_usd"]["mean"]
            for name, use in run.result["sites"][0]["uses"].items()
            if use["available"]
        }
        assert math.copysign(1.0, means["turnkey"] - means["bitcoin"]) == sign


def test_the_target_is_met_within_a_millionth_of_the_scale() -> None:
    target = 100e6
    found = solve(SMALL, site="mine", use="bitcoin", for_input="bitcoin", target=target, draws=DRAWS)
    run = value(
        with_input(SMALL, find(SMALL, "bitcoin", "mine"), found.value), draws=DRAWS, seed=7, sites="mine", workers=1
    )
    assert run.result["sites"][0]["uses"]["bitcoin"]["risked_npv_usd"]["mean"] == pytest.approx(target, rel=1e-4)
    assert found.answers[0].metric == metric_of(run, "mine", "bitcoin", "risked_npv_usd.mean")


def test_no_answer_is_told_with_both_ends_and_the_closest() -> None:
    found = solve(SMALL, site="mine", use="turnkey", for_input="rent", metric="central.npv_usd", target=1e15)
    assert found.status == "none"
    assert found.closest[0] == found.high
    assert "no answer in range" in found.sentence
    assert "closest" in found.sentence
    with pytest.raises(SolveError, match="no answer in range"):
        _ = found.value
    assert found.document()["answers"] == []


def test_a_metric_that_moves_in_steps_is_told_as_a_jump_with_both_sides() -> None:
    found = solve(
        SMALL, site="mine", use="turnkey", for_input="rent", metric="prob_best_frac", target=0.37, draws=DRAWS
    )
    assert found.status == "jump"
    answer = found.answers[0]
    assert (answer.below[1] - 0.37) * (answer.above[1] - 0.37) < 0
    assert answer.above[0] - answer.below[0] <= 2e-9 * answer.above[0]
    assert "jumps over" in found.sentence


def test_a_whole_number_is_sought_among_whole_numbers() -> None:
    found = solve(
        SMALL, site="mine", use="hold", for_input="horizon_years", metric="central.npv_usd", target=-1e15, low=5, high=9
    )
    assert found.evaluations <= 6
    assert (found.low, found.high) == (5.0, 9.0)


def test_the_chance_of_being_best_is_that_of_the_result() -> None:
    run = value(SMALL, draws=512, seed=7, sites="mine", workers=1)
    entry = run.result["sites"][0]
    assert prob_best_frac(run, "mine", entry["best_use"]) == pytest.approx(entry["prob_best_frac"])
    shares = [prob_best_frac(run, "mine", name) for owner, name in run.draws if owner == "mine"]
    assert sum(shares) == pytest.approx(1.0)


def test_the_document_is_plain_json() -> None:
    found = solve(SMALL, site="mine", use="turnkey", for_input="rent", metric="central.npv_usd", target=0.0)
    held = json.loads(json.dumps(found.document(), allow_nan=False))
    assert held["status"] == "found"
    assert held["answers"][0]["value"] == found.value
    assert held["draws"] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"site": "minne"}, 'did you mean "mine"'),
        ({"use": "turnky"}, 'did you mean "turnkey"'),
        ({"metric": "npv_usd.meen"}, 'did you mean "npv_usd.mean"'),
        ({"metric": "gain_over:gold"}, '"gold" is not a use'),
        ({"for_input": "rnt"}, 'did you mean "rent"'),
        ({"for_input": "fleet_j_per_th"}, "give --range"),
        ({"low": 200.0, "high": 100.0}, "low must be below its high"),
        ({"low": -1.0}, "can only lie"),
    ],
)
def test_a_wrong_question_is_refused_with_its_fix(change: dict[str, object], message: str) -> None:
    asked: dict[str, object] = {"site": "mine", "use": "turnkey", "for_input": "rent", "metric": "central.npv_usd"}
    with pytest.raises(StudyError, match=message):
        solve(SMALL, **{**asked, **change})  # type: ignore[arg-type] - wrong on purpose


def test_a_use_that_is_not_open_says_why() -> None:
    leased = HALF_LEASED.model_copy(
        update={"operating_gross_mw": 100.0, "mining_gross_mw": 0.0, "construction_gross_mw": 400.0}
    )
    with pytest.raises(StudyError, match=r"half-leased, bitcoin: .*not there anywhere.*: \w"):
        solve(study(leased), site="half-leased", use="bitcoin", for_input="bitcoin", metric="central.npv_usd")


def test_every_root_on_a_scan_is_found_and_closed_in_on() -> None:
    """Proves: sin has roots at 0, pi and 2 pi in [-1, 7]. Sensitivity: one bracket for the range finds one."""
    read = Reader(math.sin)
    points = [-1.0 + 0.5 * i for i in range(17)]
    seen = {x: read(x) for x in points}
    found = [bracket(read, pair, 0.0, 1e-9) for pair in crossings(seen, 0.0)]
    assert len(found) == 3
    for (left, right), root in zip(found, (0.0, math.pi, 2 * math.pi), strict=True):
        assert left - 1e-8 <= root <= right + 1e-8
        assert right - left <= 1e-8


def test_a_step_is_bracketed_to_the_share_asked_for() -> None:
    read = Reader(lambda x: 1.0 if x > math.e else -1.0)
    left, right = bracket(read, (1.0, 4.0), 0.0, 1e-6)
    assert left <= math.e < right
    assert right - left <= 1e-6 * right
    assert (read(left), read(right)) == (-1.0, 1.0)


def test_what_is_not_there_breaks_the_line() -> None:
    assert crossings({0.0: -1.0, 1.0: math.nan, 2.0: 1.0}, 0.0) == []
    assert crossings({0.0: 0.0, 1.0: 1.0}, 0.0) == [(0.0, 0.0)]
    assert crossings({0.0: -1.0, 1.0: 0.0}, 0.0) == [(1.0, 1.0)]
