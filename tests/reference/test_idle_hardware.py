"""Idle hardware as published: validation T9 and methods section 5, each worked out there by itself.

Inputs, expected numbers and tolerances stand in the tests; source: a microgrid study's open repository (its README
prints 813.5 and 1524.0 million dollars) and the closed form with whole years from their start.
"""

from __future__ import annotations

import pytest

from tests import studies
from wattworth.valuation.idle import idle_hardware, published_idle_usd, total_lcoe_usd_per_mwh


@pytest.mark.parametrize(
    ("gpus", "years", "musd"), [(20_000, 2, 813.45), (20_000, 4, 1_523.95), (100_000, 3, 5_903.577395)]
)
def test_published_identity(gpus: int, years: int, musd: float) -> None:
    """Proves: every hour of a year costs 2.40 at its start, at 7 %. Sensitivity: from the end, 20,000 GPUs for two
    years give 760.24; with 10,000 GPUs, the README's other figure, 406.73."""
    found = idle_hardware(studies.study(studies.MINE), gpus=gpus, months=12 * years, rate_frac=0.07)
    digits = 6 if gpus == 100_000 else 2
    assert found.usd_per_gpu_hour == 2.40
    assert round(found.published_usd / 1e6, digits) == musd


def test_methods_example() -> None:
    """Proves: 1,000 x 2.40 x 8760 x (1 + 1/1.08 + 1/1.08^2). Sensitivity: undiscounted 63,072,000."""
    assert round(published_idle_usd(1_000, 2.40, 36, 0.08)) == 58_515_358


def test_total_cost_of_energy() -> None:
    """Proves: idle cost joins capital and running cost over energy. Sensitivity: without it 137.5."""
    idle_usd = published_idle_usd(1_000, 2.40, 36, 0.08)
    assert total_lcoe_usd_per_mwh(500e6, 600e6, idle_usd, 8e6) == pytest.approx(144.814, abs=5e-4)
