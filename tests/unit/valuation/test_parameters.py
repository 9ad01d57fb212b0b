"""Outer draws: marginals, the copula of one lease structure, and refusal of nonsense."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies import MINE, study
from wattworth import facts
from wattworth.errors import FactError, StudyError
from wattworth.valuation import value
from wattworth.valuation.plan import plan

CHUNKS = 512
RENT, CAPEX = "lease_landlord_pays_capex.rent_year1", "ai_purpose_built.construction_cost"
MARGIN = "lease.noi_margin_modified_gross"


@pytest.fixture(scope="module")
def table():
    """2,048 outer draws."""
    return plan(study(MINE), facts.load(), n_draw=256 * CHUNKS, seed=7).table


def outer(table, key: str) -> np.ndarray:
    """Outer draws of one fact."""
    return table.values[table.keys.index(key)]


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks scaled to a normal."""
    from scipy.special import ndtri

    return ndtri((np.argsort(np.argsort(values)) + 0.5) / values.size)


def test_low_and_high_are_the_tenth_and_ninetieth_percentile(table) -> None:
    """Proves: the share below low and above high is a tenth, within four standard errors of 2,048 draws."""
    fact = facts.load().require(CAPEX)
    values, error = outer(table, CAPEX), np.sqrt(0.09 / 2048)
    assert np.mean(values < fact.low) == pytest.approx(0.1, abs=4 * error)
    assert np.mean(values > fact.high) == pytest.approx(0.1, abs=4 * error)


def test_dear_rents_go_with_dear_halls_and_thin_margins(table) -> None:
    """Proves: rank correlations 0.5 and -0.3 as the facts state. Sensitivity: independent draws give 0."""
    rent = ranks(outer(table, RENT))
    for key, expected in ((CAPEX, 0.5), (MARGIN, -0.3)):
        found = float(np.mean(rent * ranks(outer(table, key))))
        assert found == pytest.approx(expected, abs=4 * (1 - expected**2) / np.sqrt(2048))


def test_facts_without_a_range_are_held(table) -> None:
    """Proves: no range is no spread, not a hidden one."""
    assert np.ptp(outer(table, "btc.price")) == 0


def test_a_correlation_beyond_one_is_refused() -> None:
    """Proves: an impossible tie is named."""
    with pytest.raises((FactError, StudyError), match=r"correlation\.rent_capex"):
        value(study(MINE, facts={"correlation.rent_capex": 1.2}), draws=256, workers=1)
