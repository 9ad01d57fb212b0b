"""A run whose sums do not add up stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.studies import MINE, study
from wattworth import facts
from wattworth.errors import SolveError
from wattworth.valuation.assemble import assemble
from wattworth.valuation.compose import compose
from wattworth.valuation.identities import check_identities, within_a_cent
from wattworth.valuation.plan import plan
from wattworth.valuation.totals import totals


@pytest.fixture(scope="module")
def parts():
    """A plan, its composed site and its totals."""
    laid_out = plan(study(MINE), facts.load(), n_draw=256, seed=7)
    values = {"mine": compose(laid_out, assemble(laid_out, workers=1)[1], 0)}
    return laid_out, values, totals(laid_out, values, {"mine": 12.0}, 3.5)


def test_a_sound_run_passes(parts) -> None:
    """Proves: the checks accept what is right; else the next tests would prove nothing."""
    check_identities(*parts)


def test_a_total_off_by_a_dollar_stops_the_run(parts) -> None:
    """Proves: totals are recomputed from the sites."""
    laid_out, values, summed = parts
    with pytest.raises(SolveError, match="not the sum of its sites"):
        check_identities(laid_out, values, replace(summed, pricing_usd=summed.pricing_usd + 1.0))


def test_a_nan_stops_the_run_by_name(parts) -> None:
    """Proves: a draw without a value is never averaged away."""
    laid_out, values, summed = parts
    broken = values["mine"].uses["hold"]
    holed = replace(broken, risked_usd=np.where(np.arange(256) == 3, np.nan, broken.risked_usd))
    site = replace(values["mine"], uses={**values["mine"].uses, "hold": holed})
    with pytest.raises(SolveError, match="mine, hold: risked value is not a number in 1 draws"):
        check_identities(laid_out, {"mine": site}, summed)


def test_a_chance_beyond_one_stops_the_run(parts) -> None:
    """Proves: probabilities are checked."""
    laid_out, values, summed = parts
    odd = replace(values["mine"].uses["turnkey"], success_frac=1.1)
    site = replace(values["mine"], uses={**values["mine"].uses, "turnkey": odd})
    with pytest.raises(SolveError, match=r"chance of 1\.1"):
        check_identities(laid_out, {"mine": site}, summed)


def test_to_the_cent() -> None:
    """Proves: a cent, or 1e-12 of the scale where that is more."""
    assert within_a_cent(1e6, 1e6 + 0.009, 1e6)
    assert not within_a_cent(1e6, 1e6 + 0.011, 1e6)
    assert within_a_cent(1e12, 1e12 + 0.9, 1e12)
