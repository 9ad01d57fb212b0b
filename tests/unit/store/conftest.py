"""A run of two sites that no valuation has made."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.valuation import Run

N_DRAW = 300


def made_up(run_id: str = "small-2026-06-abc", seed: int = 1) -> Run:
    random = np.random.default_rng(seed)
    pairs = [("north", "bitcoin"), ("north", "turnkey"), ("süd", "bitcoin")]
    draws = {pair: {"npv_usd": random.normal(size=N_DRAW), "irr_frac": random.normal(size=N_DRAW)} for pair in pairs}
    draws["north", "bitcoin"]["irr_frac"][::7] = np.nan
    result = {
        "schema_version": 1,
        "run_id": run_id,
        "draws": N_DRAW,
        "sites": [{"site_id": "süd", "site": "مدينة", "value_usd": 0.1 + 0.2, "none": None}],
    }
    return Run(result=result, draws=draws)


@pytest.fixture
def run() -> Run:
    return made_up()
