"""From the banks' created value per gross watt down to what an unleased watt is worth."""

from __future__ import annotations

import pytest

from tests.studies import MINE, study
from wattworth import facts
from wattworth.study import Site
from wattworth.valuation import value
from wattworth.valuation.cases import central_world
from wattworth.valuation.plan import plan
from wattworth.valuation.waterfall import LEVELS, waterfall

SIGNED = MINE.model_copy(
    update={
        "lease_critical_it_mw": 100 / 1.4,
        "lease_gross_mw": 100.0,
        "lease_tenant": "Tenant",
        "lease_tenant_class": "hyperscaler",
        "lease_rent_usd_per_kw_month": 130.0,
        "lease_term_years": 10.0,
        "lease_structure": "modified_gross",
        "lease_capex_payer": "landlord",
        "lease_capex_musd_per_mw_it": 9.0,
    }
)
"""A 100 MW energised mine with a signed lease at a stated cost."""

UNSTATED = SIGNED.model_copy(update={"lease_capex_musd_per_mw_it": None})


def steps(site: Site = SIGNED) -> dict[str, float]:
    """Waterfall of a signed mine whose lease is certain."""
    laid_out = plan(study(site, facts={"success.signed": 1.0}), facts.load(), n_draw=256, seed=7)
    site_plan = laid_out.sites[0]
    return waterfall(laid_out, central_world(laid_out), site_plan, site_plan.parts[0])


def test_signed_mine_prints_the_ladder_from_created_to_unleased() -> None:
    """Proves: $5-8 created per gross watt comes down to $0.2-1.0 unleased by time, residual, capital and chance.

    By hand: NOI 0.85 x 130 x 12 = 1.326 $M per IT MW, x 14 = 18.564, less the 9 $M stated, / 1.4 = 6.83.
    Sensitivity: dividing by PUE 1.2 instead of gross over IT gives 7.97; taking contingency off as well, 7.42.
    """
    ladder = steps()
    assert ladder["created"] == pytest.approx((1.326 * 14 - 9.0) / 1.4, rel=1e-9)
    assert 5.0 <= ladder["created"] <= 8.0
    assert 0.2 <= ladder["unleased"] <= 1.0
    assert ladder["chance"] == pytest.approx(0.0, abs=1e-12), "p is one"
    for step in ("time", "residual", "capital", "lease"):
        assert ladder[step] < 0, step
    assert ladder["mine until then"] > 0


def test_created_of_a_hall_at_the_packaged_price() -> None:
    """Proves: without a stated cost the contract price is today's, before contingency: 11.5 $M gives 5.05 $/W."""
    ladder = steps(UNSTATED)
    assert ladder["created"] == pytest.approx((1.326 * 14 - 11.5) / 1.4, rel=1e-9)


def test_changes_lead_from_level_to_level() -> None:
    """Proves: no dollar is lost between two levels."""
    running = None
    for step, dollars in steps().items():
        if step in LEVELS:
            assert running is None or running == pytest.approx(dollars, abs=1e-9), step
            running = dollars
        else:
            running += dollars


def test_levels_are_those_of_the_run() -> None:
    """Proves: the ladder's success and risk are the central values the result prints, not a second model."""
    run = value(study(SIGNED, facts={"success.signed": 0.8}), draws=256, workers=1).result["sites"][0]
    printed = {entry["step"]: entry["usd_per_gross_w"] for entry in run["waterfall"]}
    central = run["uses"]["turnkey"]["central"]
    assert printed["succeeds"] == pytest.approx(central["npv_usd"] / 100e6, rel=1e-12)
    assert printed["risked"] == pytest.approx(central["risked_npv_usd"] / 100e6, rel=1e-12)
    assert printed["chance"] < 0


def test_capital_of_two_million_more_takes_its_share() -> None:
    """Proves: 2 $M more per IT MW takes 2 / 1.4 = 1.43 $ a gross watt from what is created (deals note: 1.4)."""
    dearer = steps(SIGNED.model_copy(update={"lease_capex_musd_per_mw_it": 11.0}))
    assert steps()["created"] - dearer["created"] == pytest.approx(2 / 1.4, rel=1e-9)


def test_a_hall_half_built_has_half_its_cost_behind_it() -> None:
    """Proves: sunk money is a step of its own, not hidden in time."""
    begun = SIGNED.model_copy(update={"lease_start": "2026-12"})
    laid_out = plan(study(begun, facts={"success.signed": 1.0}), facts.load(), n_draw=256, seed=7)
    ladder = waterfall(laid_out, central_world(laid_out), laid_out.sites[0], laid_out.sites[0].parts[0])
    assert 0 < ladder["already spent"] < 9.0 / 1.4
    assert steps()["already spent"] == 0
