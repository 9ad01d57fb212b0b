"""What a site's value rests on: swings, shares, ranks, and break-evens proved by full runs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.studies import HALF_LEASED, MINE, UNKNOWN, study
from wattworth import uses
from wattworth.errors import StudyError
from wattworth.valuation import value
from wattworth.valuation.central import central
from wattworth.valuation.explain import break_even, explain, rank_correlations
from wattworth.valuation.inputs import fact_input, find, with_input
from wattworth.valuation.plan import Plan, plan
from wattworth.valuation.sensitivity import sampled_usd, shares, swings

SMALL = study(MINE)
DRAWS = 256


@pytest.fixture(scope="module")
def laid_out() -> Plan:
    return plan(SMALL, uses.fact_book(), n_draw=DRAWS, seed=7, sites_glob="mine")


@pytest.fixture(scope="module")
def explained() -> dict[str, object]:
    return explain(SMALL, "mine", draws=DRAWS)


def test_the_design_at_stated_values_is_the_central_path(laid_out: Plan) -> None:
    """Proves: the vectorised model is the model. Sensitivity: shocks or volatilities left in move it by percents."""
    found = sampled_usd(laid_out, np.repeat(laid_out.table.central[:, None], 3, axis=1))
    path = central(SMALL, "mine").values["mine"].uses
    for name in ("bitcoin", "site_sale", "hold"):
        assert found[name] == pytest.approx(np.full(3, path[name].risked_usd[0]), rel=1e-9)


def test_a_swing_is_what_the_central_path_does(laid_out: Plan) -> None:
    by_key = {swing.key: swing for swing in swings(laid_out)}
    key = "mine.fixed_opex"
    asked = fact_input(SMALL, key)
    assert asked.low is not None
    path = central(with_input(SMALL, asked, asked.low), "mine").values["mine"].uses["bitcoin"]
    assert by_key[key].at_low_usd["bitcoin"] == pytest.approx(float(path.risked_usd[0]), rel=1e-9)
    assert by_key[key].at_low_usd["bitcoin"] > by_key[key].at_high_usd["bitcoin"]
    assert any(key.startswith("clock.") for key in by_key)  # those that are not drawn swing too


def test_shares_of_variance_are_those_of_a_model_we_know(laid_out: Plan) -> None:
    """Proves: holding and mining rest on other facts. Sensitivity: mixed-up columns give each the other's share."""
    keys = ["mine.fixed_opex", "site.holding_cost"]
    found = shares(laid_out, keys, {"bitcoin": {"bitcoin": 1.0}, "hold": {"hold": 1.0}}, n_sample=128)
    assert found["hold"].total["mine.fixed_opex"] == pytest.approx(0.0, abs=1e-9)
    assert found["hold"].first["site.holding_cost"] == pytest.approx(1.0, abs=0.1)
    assert found["bitcoin"].total["mine.fixed_opex"] > 0.0


def test_rank_correlations_are_spearmans() -> None:
    rng = np.random.default_rng(3)
    rows, against = rng.normal(size=(3, 40)), rng.normal(size=40)
    rows[2] = 1.0
    ours = rank_correlations(rows, against)
    assert ours[:2] == pytest.approx([spearmanr(row, against).statistic for row in rows[:2]], abs=1e-12)
    assert np.isnan(ours[2])


@pytest.mark.parametrize("name", ["rent", "bitcoin"])
def test_full_runs_on_either_side_of_a_break_even_have_other_best_uses(name: str) -> None:
    """Proves: the switch lies between the two. Sensitivity: a bracket of the wrong crossing keeps the best use."""
    even = break_even(SMALL, "mine", find(SMALL, name, "mine"), draws=DRAWS, seed=7)
    assert even is not None
    assert even.stays is not None
    assert even.switches is not None
    assert abs(even.switches - even.stays) <= 1.01e-4 * max(even.switches, even.stays)
    bests = []
    for number in (even.stays, even.switches):
        moved = with_input(SMALL, find(SMALL, name, "mine"), number)
        run = value(moved, draws=DRAWS, seed=7, sites="mine", workers=1)
        bests.append(run.result["sites"][0]["best_use"])
    assert bests == [even.best_use, even.then]
    assert "takes over" in even.sentence


def test_what_changes_nothing_never_switches() -> None:
    even = break_even(SMALL, "mine", find(SMALL, "turnkey.scrap", "mine"), draws=DRAWS, seed=7)
    assert even is not None
    assert (even.stays, even.switches, even.then) == (None, None, None)
    assert "stays best for every" in even.sentence


def test_an_explanation_holds_all_its_parts(explained: dict[str, object]) -> None:
    json.dumps(explained, allow_nan=False)
    run = value(SMALL, draws=DRAWS, seed=7, sites="mine", workers=1)
    entry = run.result["sites"][0]
    means = {name: use["risked_npv_usd"]["mean"] for name, use in entry["uses"].items() if use["available"]}
    ordered = sorted(means, key=lambda name: -means[name])
    assert (explained["best_use"], explained["runner_up"]) == (ordered[0], ordered[1])
    assert explained["risked_npv_usd"] == pytest.approx(
        {"best": means[ordered[0]], "lead": means[ordered[0]] - means[ordered[1]]}
    )
    assert explained["waterfall"] == entry["waterfall"]
    for part in ("drivers", "markets", "break_even", "weakest"):
        assert explained[part], part


def test_weak_facts_stand_by_influence_times_weakness(explained: dict[str, object]) -> None:
    weights = [row["weight_usd"] for row in explained["weakest"]]  # type: ignore[attr-defined] - a list of rows
    assert weights == sorted(weights, reverse=True)


def test_an_explanation_repeats(explained: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wattworth.valuation.explain.break_evens", lambda *_: [])
    drivers = explain(SMALL, "mine", draws=DRAWS)["drivers"]
    assert drivers == explained["drivers"]


def test_a_site_that_has_one_use_has_no_lead_to_explain() -> None:
    alone = study(MINE, uses={"bitcoin": SMALL.uses["bitcoin"]})
    found = explain(alone, "mine", draws=DRAWS)
    assert found["runner_up"] is None
    assert found["break_even"] == []
    assert all("lead" not in row for row in found["drivers"])


@pytest.mark.parametrize(
    ("site", "message"), [("minne", 'did you mean "mine"'), ("unknown", "no source states its megawatts")]
)
def test_a_site_that_cannot_be_explained_is_refused(site: str, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        explain(study(MINE, HALF_LEASED, UNKNOWN), site, draws=DRAWS)
