"""The walk-forward looks only back, counts each megawatt once, and reports every graded deal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.evidence.tapes import lease, sale, write_tape
from wattworth import facts, uses
from wattworth.evidence.backtest import Backtest, backtest
from wattworth.evidence.dates import Moment
from wattworth.evidence.deal import Deal
from wattworth.evidence.knowledge import Knowledge
from wattworth.evidence.measures import MEASURES
from wattworth.evidence.tape import Tape, read_tape

DRAWS = 1_024


@pytest.fixture(scope="module")
def book() -> facts.FactBook:
    return uses.fact_book()


@pytest.fixture(scope="module")
def tested(book) -> Backtest:
    return backtest(read_tape(), book, draws=DRAWS)


def predictions(tested: Backtest) -> dict[tuple[str, str], object]:
    return {(o.deal.deal_id, p.measure): p for o in tested.outcomes for p in o.predictions}


def test_every_graded_deal_is_reported(tested):
    reported = [outcome.deal.deal_id for outcome in tested.outcomes]
    graded = [deal.deal_id for deal in read_tape().deals if deal.grade in ("A", "B")]
    assert sorted(reported) == sorted(graded)
    told = tested.document()
    assert len(told["deals"]) + len(told["not_scored"]) == 52
    for deal in told["deals"]:
        assert deal["reason"] or any(p["actual"] is not None for p in deal["predictions"]), deal["deal_id"]
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize(
    "absurd",
    [
        {"contract_revenue_usd_m": 900_000, "capex_usd_m": 90_000, "noi_margin_low": 0.01, "noi_margin_high": 0.01},
        {"company": "Galaxy Digital (GLXY)", "counterparty": "CoreWeave", "contract_revenue_usd_m": 1},
    ],
)
def test_an_absurd_later_deal_moves_no_earlier_prediction(book, tested, absurd):
    """Proves: nothing of a deal or a later one reaches a prediction made before it.

    Sensitivity: one look ahead, at a fit, a naive rule or whether an aggregate counts, and a digit would move.
    """
    tape = read_tape()
    cells = {
        "critical_it_mw": 100, "gross_mw": 5000, "term_years": 15, "row_type": "deal", "backtest_grade": "A",
        "months_to_first_revenue_actual": 200,
    }  # fmt: skip
    template = next(deal for deal in tape.deals if deal.deal_id == "WULF-2")
    late_row = template.row.model_copy(update={**cells, **absurd, "deal_id": "ABSURD"})
    site_row = next(deal for deal in tape.deals if deal.deal_id == "S-01").row.model_copy(
        update={"deal_id": "ABSURD-SITE", "price_usd_m": 1e6}
    )
    late = [Deal(row, Moment.parse("2025-09-01"), "planted") for row in (late_row, site_row)]
    planted = backtest(replace(tape, deals=(*late, *tape.deals)), book, draws=DRAWS)
    before, after = predictions(tested), predictions(planted)
    early = [key for key, p in before.items() if _announced(tape, key[0]).first <= late[0].announced.last]
    assert len(early) > 50
    for key in early:
        assert after[key] == before[key], key
    moved = [key for key in before if key not in early and after[key] != before[key]]
    assert moved, "later predictions do learn from it"


def _announced(tape: Tape, deal_id: str) -> Moment:
    return next(deal.announced for deal in tape.deals if deal.deal_id == deal_id)


def test_a_figure_that_became_known_late_is_not_used_before(tested, book):
    """Proves: Galaxy's cost, known in August 2025, and Core Scientific's delivery of June 2025 wait until then."""
    tape = read_tape()
    march = Knowledge(tape, book, Moment.parse("2025-06-01"))
    assert "GLXY-1" not in [deal.deal_id for deal, _ in march.observations("capex")]
    assert not list(march.observations("months"))
    later = Knowledge(tape, book, Moment.parse("2025-09-01"))
    assert "GLXY-1" in [deal.deal_id for deal, _ in later.observations("capex")]
    assert [deal.deal_id for deal, _ in later.observations("months")] == ["CORZ-1", "WULF-1"]


def test_a_prior_dated_on_or_after_the_deal_is_refused_and_the_others_are_predicted(book, tmp_path):
    rows = [sale("A", "2019-05", 30, 100), sale("B", "2024-05", 30, 100)]
    early, late = backtest(read_tape(write_tape(tmp_path / "t.csv", rows)), book, draws=256).outcomes
    assert early.predictions == ()
    assert early.reason.startswith("no prior is dated before 2019-05: there is prior_site.price of ")
    assert late.predictions[0].learned_from == ("A",)


def test_each_prior_is_dated_before_the_deals_it_serves(tested, book):
    for outcome in tested.outcomes:
        for prediction in outcome.predictions:
            for key in prediction.priors:
                assert Moment.parse(book[key].as_of).surely_before(outcome.deal.announced), (outcome.deal.deal_id, key)


def test_aggregates_are_never_counted_with_their_tranches(tested):
    """Proves: an aggregate is predicted only for what none of its tranches discloses, and feeds only that."""
    found = predictions(tested)
    assert not [key for key in found if key[0] in ("CORZ-ALL", "WULF-23", "CRUS-2")]
    assert {measure for deal_id, measure in found if deal_id == "GLXY-ALL"} == {
        "average_rent", "contract_value", "gross_to_it",
    }  # fmt: skip
    learned = {deal_id for prediction in found.values() for deal_id in prediction.learned_from}
    assert "GLXY-ALL" in learned
    assert not learned & {"CORZ-ALL", "WULF-23", "CRUS-2"}


def test_gross_power_alone_goes_through_the_ratio_and_says_so(tested, book):
    """Proves: 5,500 $M over 15 years on 300 MW gross becomes a rent per critical kilowatt at the ratio known then."""
    prediction = predictions(tested)["CIFR-3", "average_rent"]
    ratio = Knowledge(read_tape(), book, Moment.parse("2025-11-03")).ratio
    assert prediction.actual == pytest.approx(5500e6 / 15 / (300 / ratio * 12_000))
    assert "critical IT power is not stated" in prediction.notes[0]
    stated = predictions(tested)["WULF-4", "average_rent"]
    spread = prediction.p90 / prediction.p10
    assert spread > stated.p90 / stated.p10, "the range of the ratio is in the range of the rent"


def test_contract_value_and_average_rent_are_one_prediction(tested):
    """Proves: value = rent x critical kW x months; the two predictions of a deal stand in exactly that ratio."""
    found = predictions(tested)
    for deal_id, mw, years in (("WULF-2", 200, 10), ("APLD-3", 200, 15), ("CORZ-3", 112, 12)):
        rent, value = found[deal_id, "average_rent"], found[deal_id, "contract_value"]
        for name in ("p10", "p50", "p90", "actual", "last_deal"):
            assert getattr(value, name) == pytest.approx(getattr(rent, name) * mw * 12e3 * years / 1e6) or (
                getattr(rent, name) is None and getattr(value, name) is None
            )


def test_the_naive_rules_are_the_last_deal_and_the_mean_of_all_before(tmp_path, book):
    rows = [
        sale("A", "2024-01-05", 30, 100),
        sale("B", "2024-02-05", 50, 100),
        sale("C", "2024-03-05", 100, 100),
    ]
    found = predictions(backtest(read_tape(write_tape(tmp_path / "t.csv", rows)), book, draws=256))
    assert [found[name, "site_price"].last_deal for name in "ABC"] == [None, 0.3, 0.5]
    assert [found[name, "site_price"].running_mean for name in "ABC"] == [None, 0.3, pytest.approx(0.4)]
    summary = backtest(read_tape(tmp_path / "t.csv"), book, draws=256).summary["measures"]["site_price"]
    assert summary["last_deal"]["n"] == 2
    assert summary["last_deal"]["mape_frac"] == pytest.approx((0.2 / 0.5 + 0.5) / 2)


@pytest.mark.parametrize("measure", ["average_rent", "site_price", "gross_to_it"])
def test_ranges_made_wider_score_worse(book, tested, measure):
    """Proves: neither score can be bought with width: coverage rises to all, interval score and CRPS get worse."""
    wide = backtest(read_tape(), book, draws=DRAWS, widen=6.0).summary["measures"][measure]
    asis = tested.summary["measures"][measure]
    assert wide["coverage_80_frac"] >= asis["coverage_80_frac"]
    assert wide["interval_score"] > asis["interval_score"]
    assert wide["crps"] > asis["crps"]


def test_the_summary_says_what_it_is(tested):
    summary = tested.summary
    assert {"n", "rent_mape_frac", "rent_bias_frac", "coverage_80_frac", "skill_vs_naive"} <= summary.keys()
    assert set(summary["measures"]) == set(MEASURES)
    for scores in summary["measures"].values():
        assert scores["small_sample"] == (scores["n"] < 10)
        assert {"last_deal", "running_mean"} <= scores.keys()


def test_draws_and_seed_move_little_and_names_move_nothing(book, tested):
    again = backtest(read_tape(), book, draws=DRAWS)
    assert again.document() == tested.document()
    tape = read_tape()
    reversed_rows = backtest(replace(tape, deals=tape.deals[::-1]), book, draws=DRAWS)
    assert predictions(reversed_rows) == predictions(tested)


def test_a_lease_that_steps_up_is_predicted_above_its_first_year(tmp_path, book):
    tape = read_tape(write_tape(tmp_path / "t.csv", [lease("A", "2025-01-05"), lease("B", "2025-02-05")]))
    found = predictions(backtest(tape, book, draws=256))
    assert found["B", "year1_rent"].actual == pytest.approx(1500e6 * 0.03 / (1.03**10 - 1) / 1.2e6)
    assert found["B", "average_rent"].actual == pytest.approx(125.0)
    assert found["B", "average_rent"].p50 > found["B", "year1_rent"].p50
    assert found["B", "noi"].actual == pytest.approx(1.275)
    assert found["B", "yield_on_cost"].actual == pytest.approx(found["B", "year1_rent"].actual * 0.0102 / 9)
