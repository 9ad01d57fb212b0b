"""Warnings: what triggers each, and that a sound run has none of it."""

from __future__ import annotations

import pytest

from tests.studies import HALF_LEASED, MINE, study
from wattworth.valuation import value


def warnings_of(*sites, draws: int = 2048, **changes: object) -> dict[str, dict]:
    """Warnings of a run by code."""
    run = value(study(*sites, **changes), draws=draws, workers=1)  # type: ignore[arg-type] - as study() takes them
    return {warning["code"]: warning for warning in run.result["warnings"]}


@pytest.mark.parametrize(
    ("site", "code", "words"),
    [
        (MINE.model_copy(update={"country": "CA", "iso": None}), "foreign_tax", "rate of CA"),
        (HALF_LEASED.model_copy(update={"lease_rent_usd_per_kw_month": None}), "lease_rent_unknown", "not disclosed"),
        (
            MINE.model_copy(update={"power_contract": "market", "power_price_usd_per_mwh": 31.0}),
            "unused_price",
            "31 $/MWh is not used",
        ),
        (HALF_LEASED.model_copy(update={"lease_gross_mw": 900.0}), "lease_exceeds_site", "900 MW"),
    ],
)
def test_a_site_is_warned_of_by_name(site, code: str, words: str) -> None:
    """Proves: the warning names its site and what to do."""
    warning = warnings_of(site, draws=256)[code]
    assert warning["where"] == site.site_id
    assert words in warning["message"]
    assert code not in warnings_of(MINE, HALF_LEASED, draws=256)


def test_few_draws_are_coarse() -> None:
    """Proves: a run too short for its parameters says so, and how many it needs."""
    assert "--draws 1920" in warnings_of(MINE, draws=256)["few_parameter_draws"]["message"]
    assert "few_parameter_draws" not in warnings_of(MINE, draws=1920)


def test_a_fact_that_nothing_reads_is_named() -> None:
    """Proves: a changed number without effect is never silent."""
    warning = warnings_of(MINE, draws=256, facts={"gtl.product_premium_over_brent": 0.2})["unused_fact"]
    assert warning["where"] == "gtl.product_premium_over_brent"


def test_yields_and_rates_outside_the_market_are_gathered() -> None:
    """Proves: rent at half the market leaves the range of yields; the message holds count and median."""
    cheap = HALF_LEASED.model_copy(update={"lease_rent_usd_per_kw_month": 65.0})
    warning = warnings_of(cheap)["yield_out_of_range"]
    assert warning["where"] == "half-leased"
    assert "at 1 of 1 sites" in warning["message"]
