"""Risked value: chance, fallback, and what a failure costs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies import HALF_LEASED, MINE, QUEUE, study
from wattworth.study import Override
from wattworth.uses import fact_book
from wattworth.valuation import value
from wattworth.valuation.plan import plan

DRAWS = {"draws": 512, "workers": 1}


def turnkey(*sites, **facts: float) -> dict:
    """The lease of the first site, with facts held."""
    held = {key.replace("__", "."): value_ for key, value_ in facts.items()}
    return value(study(*sites, facts=held), **DRAWS).result["sites"][0]["uses"]["turnkey"]


def test_certain_success_and_certain_failure() -> None:
    """Proves: V = p V_success + (1 - p) V_fallback at both ends and in the middle."""
    sure, never, half = (turnkey(MINE, success__energised=p) for p in (1.0, 0.0, 0.5))
    assert sure["risked_npv_usd"]["mean"] == pytest.approx(sure["npv_usd"]["mean"], rel=1e-12)
    assert never["risked_npv_usd"]["mean"] == pytest.approx(never["fallback_npv_usd"]["mean"], rel=1e-12)
    middle = (half["npv_usd"]["mean"] + half["fallback_npv_usd"]["mean"]) / 2
    assert half["risked_npv_usd"]["mean"] == pytest.approx(middle, rel=1e-12)
    assert (sure["success_frac"], never["success_frac"]) == (1.0, 0.0)


def test_a_failure_falls_back_on_the_better_of_mining_and_selling() -> None:
    """Proves: the fallback is a mine or a late sale less the pursuit cost, never nil. Sensitivity: pursuit 1 $M/MW."""
    cheap, dear = (turnkey(MINE, success__energised=0.0, turnkey__pursuit_cost=cost) for cost in (0.0, 1.0))
    assert cheap["fallback_npv_usd"]["mean"] > 0
    lost = cheap["fallback_npv_usd"]["mean"] - dear["fallback_npv_usd"]["mean"]
    # 100 MW / 1.4 of IT, 1 $M each, after some 24.95 % tax, a year or so from now at 6 %
    assert lost == pytest.approx(100 / 1.39 * 1e6 * 0.7505 / 1.06, rel=0.06)


def test_a_failed_signed_lease_loses_what_was_built() -> None:
    """Proves: with no salvage the loss on failure grows by half of what is spent, against half salvaged."""
    half, nothing = (turnkey(HALF_LEASED, success__signed=0.0, failure__salvage=s) for s in (0.5, 0.0))
    whole = turnkey(HALF_LEASED, success__signed=0.0, failure__salvage=1.0)
    fallback = [entry["fallback_npv_usd"]["mean"] for entry in (whole, half, nothing)]
    assert fallback[0] - fallback[1] == pytest.approx(fallback[1] - fallback[2], rel=1e-9)
    assert fallback[0] > fallback[1]


def test_real_world_draws_hold_success_or_failure() -> None:
    """Proves: the risked real-world draws are outcomes, successes in the stated share. One draw is one or the other."""
    run = value(study(MINE, facts={"success.energised": 0.3}), draws=4096, workers=1)
    draws = run.draws["mine", "turnkey"]
    won = draws["risked_npv_real_world_usd"] == draws["npv_real_world_usd"]
    assert np.mean(won) == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 4096))


def test_one_demand_moves_all_sites() -> None:
    """Proves: latent success is correlated by the fact. Sensitivity: independent sites share 9 % of draws at p 0.3."""
    twin = MINE.model_copy(update={"site_id": "twin"})
    held = {"success.energised": 0.3, "success.tenant_demand_correlation": 1.0}
    run = value(study(MINE, twin, facts=held), draws=2048, workers=1)
    won = [
        run.draws[name, "turnkey"]["risked_npv_real_world_usd"] == run.draws[name, "turnkey"]["npv_real_world_usd"]
        for name in ("mine", "twin")
    ]
    np.testing.assert_array_equal(*won)


def test_study_stage_has_its_own_chance() -> None:
    """Proves: a place in a queue is not an allocation."""
    assert turnkey(QUEUE, success__study=0.02)["success_frac"] == pytest.approx(0.02)
    secured = QUEUE.model_copy(update={"pipeline_stage": "secured"})
    assert turnkey(secured, success__undeveloped=0.2)["success_frac"] == pytest.approx(0.2)


def test_a_drawn_chance_is_a_chance() -> None:
    """Proves: the tail of a range near 0 or 1 stays a chance. Sensitivity: drawn beyond 1, a sure lease would fail."""
    near_sure = Override(value=0.92, low=0.8, high=0.98, source="test")
    laid_out = plan(study(MINE, overrides={"success.energised": near_sure}), fact_book(), n_draw=8192, seed=0)
    chance = laid_out.drawn_success_frac(MINE, laid_out.sites[0].parts[0])
    assert chance.max() == 1.0
    run = value(laid_out.study, draws=8192, workers=1).draws["mine", "turnkey"]
    lost = run["risked_npv_real_world_usd"] != run["npv_real_world_usd"]
    assert np.mean(lost) == pytest.approx(1.0 - chance.mean(), abs=4 * np.sqrt(0.1 / 8192))
