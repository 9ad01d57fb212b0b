"""The result document: its contract, and that it says what the draws say."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from tests.studies import EVERY_KIND, study
from wattworth.errors import StudyError
from wattworth.records import INNER_DRAWS
from wattworth.uses import BUILT_IN
from wattworth.valuation import Run, value

SITE_KEYS = {
    "site_id", "site", "company", "region", "gross_mw", "status", "confidence", "valued", "best_use",
    "prob_best_frac", "gain_vs_today_usd", "uses",
}  # fmt: skip
USE_KEYS = {
    "available", "success_frac", "central", "npv_usd", "risked_npv_usd", "npv_no_residual_usd", "usd_per_gross_w",
    "irr_frac", "irr_status", "implied_rate_frac", "capex_usd", "yield_on_cost_frac", "first_revenue",
}  # fmt: skip


def test_document_is_plain_json(run: Run) -> None:
    """Proves: no NaN, no infinity, no numpy number, and the same document after a round trip."""
    text = json.dumps(run.result, allow_nan=False)
    assert json.loads(text) == run.result


def test_contract_of_keys(run: Run) -> None:
    """Proves: every key that programs were promised is there."""
    result = run.result
    assert result["schema_version"] == 1
    assert {"run_id", "study", "as_of", "draws", "seed", "usd_year", "convention", "elapsed_s"} <= set(result)
    assert {"sites", "totals", "warnings", "facts"} <= set(result)
    assert {"used", "assumptions", "low_confidence"} <= set(result["facts"])
    for site in result["sites"]:
        if not site["valued"]:
            assert site["reason"]
            continue
        assert set(site) >= SITE_KEYS
        for use in site["uses"].values():
            assert set(use) >= USE_KEYS if use["available"] else use["reason"]


def test_sites_without_megawatts_are_listed_with_the_reason(run: Run) -> None:
    """Proves: nothing is lost between the list and the result."""
    assert [site["site_id"] for site in run.result["sites"]] == [site.site_id for site in EVERY_KIND]
    last = run.result["sites"][-1]
    assert (last["valued"], last["reason"]) == (False, "no source states its megawatts")


def test_summaries_are_of_the_draws(run: Run) -> None:
    """Proves: means are of the pricing draws, percentiles of the real-world draws."""
    for (site_id, name), draws in run.draws.items():
        site = next(site for site in run.result["sites"] if site["site_id"] == site_id)
        printed = site["uses"][name]["risked_npv_usd"]
        assert printed["mean"] == pytest.approx(draws["risked_npv_usd"].mean(), rel=1e-12)
        assert printed["p90"] == pytest.approx(np.quantile(draws["risked_npv_real_world_usd"], 0.9), rel=1e-12)


def test_value_per_watt_is_over_firm_megawatts(run: Run) -> None:
    """Proves: one denominator for every use; megawatts in study are not firm."""
    for site in run.result["sites"]:
        for use in site["uses"].values():
            if use["available"] and site["firm_gross_mw"]:
                expected = use["risked_npv_usd"]["mean"] / site["firm_gross_mw"] / 1e6
                assert use["usd_per_gross_w"]["mean"] == pytest.approx(expected, rel=1e-12)
    queue = next(site for site in run.result["sites"] if site["site_id"] == "queue")
    assert queue["firm_gross_mw"] == 0
    assert queue["uses"]["hold"]["usd_per_gross_w"]["mean"] is None


def test_best_use_is_the_highest_mean_and_prob_best_counts_outer_draws(run: Run) -> None:
    """Proves: methods 0(g) from the draws alone. Sensitivity: counting single draws gives the hindsight share."""
    for site in run.result["sites"][:-1]:
        names = [name for name, use in site["uses"].items() if use["available"]]
        risked = np.stack([run.draws[site["site_id"], name]["risked_npv_usd"] for name in names])
        best = int(np.argmax(risked.mean(axis=1)))
        assert site["best_use"] == names[best]
        n_outer = risked.shape[1] // INNER_DRAWS
        whole = risked[:, : n_outer * INNER_DRAWS].reshape(len(names), n_outer, INNER_DRAWS).mean(axis=2)
        rest = risked[:, n_outer * INNER_DRAWS :].mean(axis=1)
        hits = INNER_DRAWS * np.sum(np.argmax(whole, axis=0) == best)
        hits += (risked.shape[1] - n_outer * INNER_DRAWS) * (np.argmax(rest) == best)
        assert site["prob_best_frac"] == pytest.approx(hits / risked.shape[1], abs=1e-12)
        after = np.mean(np.argmax(risked, axis=0) == best)
        assert site["prob_best_ex_post_frac"] == pytest.approx(after, abs=1e-12)


def test_a_lease_stands_in_every_use_of_its_site(run: Run) -> None:
    """Proves: 500 of 750 MW leased leave each use the lease and a choice for the rest only."""
    site = next(site for site in run.result["sites"] if site["site_id"] == "half-leased")
    assert site["leased_gross_mw"] == 500
    assert [name for name, use in site["uses"].items() if not use["available"]] == ["grid"]
    values = [site["uses"][name]["npv_usd"]["mean"] for name in ("bitcoin", "turnkey", "site_sale", "hold")]
    assert max(values) - min(values) < 0.2 * max(values)
    only = value(study(EVERY_KIND[1].model_copy(update={"operating_gross_mw": None, "mining_gross_mw": None,
                 "previous_use": "greenfield"})), draws=256, workers=1).result["sites"][0]  # fmt: skip
    assert only["uses"]["turnkey"]["available"]
    assert only["uses"]["site_sale"] == {"available": False, "reason": "under a signed lease"}
    assert only["best_use"] == "turnkey"


def test_interruptible_site_cannot_be_leased(run: Run) -> None:
    """Proves: an unavailable use says why, and is never the best."""
    site = next(site for site in run.result["sites"] if site["site_id"] == "interruptible")
    assert "firming" in site["uses"]["turnkey"]["reason"]
    assert site["best_use"] != "turnkey"


def test_dates_are_months(run: Run) -> None:
    """Proves: first revenue is printed as a month, P10 to P90 in order."""
    for site in run.result["sites"]:
        for use in site["uses"].values():
            if use["available"]:
                months = [use["first_revenue"][q] for q in ("p10", "p50", "p90")]
                assert all(re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month) for month in months)
                assert months == sorted(months)


def test_frame_has_one_row_a_valued_site(run: Run) -> None:
    """Proves: the frame is the table of the result."""
    assert run.sites["site_id"].to_list() == [site.site_id for site in EVERY_KIND[:-1]]
    assert run.sites["best_use"].null_count() == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sites": "nothing*"}, 'no valued site matches "nothing*"'),
        ({"use_names": ["turnky"]}, "unknown use"),
        ({"draws": 0}, "at least 1"),
        ({"seed": -1}, "at least 0"),
        ({"as_of": "2026-13"}, "YYYY-MM"),
    ],
)
def test_bad_options_are_said(options: dict, message: str) -> None:
    """Proves: each option's mistake is a StudyError that names it."""
    with pytest.raises(StudyError, match=re.escape(message)):
        value(study(), **{"draws": 256, "workers": 1, **options})


def test_a_lease_that_has_ended_by_the_as_of_month_is_named() -> None:
    """Proves: a later as-of month is checked against the sites of the run, and no others."""
    with pytest.raises(
        StudyError, match=r"half-leased, lease_start: a lease from 2027-01 over 10 years ends in 2037-01"
    ):
        value(study(), draws=256, workers=1, as_of="2040-01")
    later = value(study(), draws=256, workers=1, as_of="2040-01", sites="mine")
    assert later.result["as_of"] == "2040-01"


def test_every_use_is_open_somewhere_in_the_packaged_study_and_says_why_not_elsewhere() -> None:
    """Proves: no use of the package is one that the packaged study cannot show."""
    result = value("us-miners", draws=1, workers=1).result
    valued = [site["uses"] for site in result["sites"] if site["valued"]]
    for name in BUILT_IN:
        assert any(uses[name.name]["available"] for uses in valued), name.name
    assert all(use["available"] or use["reason"] for uses in valued for use in uses.values())
