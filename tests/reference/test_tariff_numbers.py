"""Tariffs with printed answers: T12 of validation.md and section 9 of methods.md."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.supply.calendar import month_of_hour
from wattworth.supply.flexible_load import stepped_back
from wattworth.supply.tariffs import (
    CoincidentPeak,
    DemandBlock,
    FourCoincidentPeaks,
    Ratchet,
    Tariff,
    bill,
    billed_kw,
)

MONTH = month_of_hour(8760)
KW = 1e-3
RATES = (10.0, 10.0, 20.0, 50.0, 20.0, 10.0, 20.0, 20.0, 20.0, 20.0, 20.0, 5.0)


def peaked(base_kw: float, peaks_kw: dict[int, float]) -> np.ndarray:
    """A flat load with one higher hour in some months. [MW]"""
    load = np.full(8760, base_kw * KW)
    for month, peak in peaks_kw.items():
        load[np.flatnonzero(month == MONTH)[100]] = peak * KW
    return load


def test_ratchet_over_the_year():
    """Proves: 35 % of a January peak of 100 kW is billed in the other months, $5,302.50.

    Sensitivity: without the ratchet the bill is $1,171.50; a ratchet on January too gives the same.
    """
    seasons = tuple(10.5 if month in (1, 2, 3, 10, 11, 12) else 11.5 for month in range(1, 13))
    tariff = Tariff(demand=(DemandBlock("demand", seasons, Ratchet(0.35)),))
    found = bill(peaked(1.0, {1: 100.0}), tariff, 2026)
    assert found.total_usd == pytest.approx(5_302.50, abs=1e-9)
    np.testing.assert_allclose(found.billed_kw[0], [100.0] + [35.0] * 11)


def test_ratchet_over_stated_months():
    """Proves: 75 % of the highest of January, April and December gives $74,500.

    Sensitivity: June counted as well, 375 kW instead of 300 in eight months, gives more.
    """
    load = peaked(100.0, {1: 200.0, 4: 400.0, 6: 500.0, 12: 300.0})
    found = bill(load, Tariff(demand=(DemandBlock("demand", RATES, Ratchet(0.75, months=(1, 4, 12))),)), 2026)
    np.testing.assert_allclose(found.billed_kw[0], [300.0, 300.0, 300.0, 400.0, 300.0, 500.0] + [300.0] * 6)
    assert found.total_usd == pytest.approx(74_500.0)


def test_ratchet_over_the_last_six_months():
    """Proves: a look-back of six months, December standing before January, gives $79,375.

    Sensitivity: nothing standing before January bills 200 kW in January and 150 in two months, $76,875.
    """
    load = peaked(100.0, {1: 200.0, 4: 400.0, 6: 500.0, 12: 300.0})
    found = bill(load, Tariff(demand=(DemandBlock("demand", RATES, Ratchet(0.75, lookback_months=6)),)), 2026)
    np.testing.assert_allclose(found.billed_kw[0], [225.0, 225.0, 225.0, 400.0, 300.0, 500.0] + [375.0] * 6)
    assert found.total_usd == pytest.approx(79_375.0)


def test_coincident_peaks_in_groups():
    """Proves: each group is charged once, by its highest hour: 1 kW at 10 and at 5 is $15.

    Sensitivity: charged by the hour it is $40; hours counted from 1 give the same on a flat load.
    """
    peak = CoincidentPeak("peaks", ((1, 2, 100), (6000, 7000)), (10.0, 5.0))
    assert bill(np.full(8760, KW), Tariff(coincident=(peak,)), 2026).total_usd == pytest.approx(15.0)


def test_blended_rates():
    """Proves: 10,000 kWh flat cost $1,000 at 0.1 $/kWh and $136.99 at 10 $/kW-month.

    Sensitivity: a year of 8,784 hours gives $136.61.
    """
    found = bill(np.full(8760, 10.0 / 8760.0), Tariff(100.0, (DemandBlock("demand", 10.0),)), 2026)
    assert found.energy_usd.sum() == pytest.approx(1_000.0)
    assert found.demand_usd.sum() == pytest.approx(136.99, abs=0.005)


def test_ratchet_of_three_months():
    """Proves: peaks of 100, 60 and 80 kW with a floor of 80 % cost $2,600 at 10 $/kW. Sensitivity: no floor, $2,400."""
    assert 10.0 * billed_kw([100.0, 60.0, 80.0], Ratchet(0.8)).sum() == pytest.approx(2_600.0)


def test_four_coincident_peaks():
    """Proves: 100 MW that steps back by 90 % at four hours pays 600,000 of 6,000,000 at 60 $/kW-year.

    Sensitivity: one peak missed of four is 1,950,000.
    """
    hours = (4000, 4500, 5200, 6000)
    charge = FourCoincidentPeaks(60.0, hours, saved_after_2026_frac=0.0)
    flat = np.full(8760, 100.0)
    found = bill(stepped_back(flat, hours, 0.9), Tariff(four_cp=charge), 2026)
    assert bill(flat, Tariff(four_cp=charge), 2026).total_usd == pytest.approx(6_000_000.0)
    assert found.total_usd == pytest.approx(600_000.0)
    assert found.four_cp_saved_usd == pytest.approx(5_400_000.0)
    assert bill(stepped_back(flat, hours[:3], 0.9), Tariff(four_cp=charge), 2026).total_usd == pytest.approx(
        1_950_000.0
    )


def test_four_coincident_peaks_after_2026():
    """Proves: from 2027 the same load saves nothing where the record says so. Sensitivity: going on, 600,000."""
    hours = (4000, 4500, 5200, 6000)
    load = stepped_back(np.full(8760, 100.0), hours, 0.9)
    for share, left in ((0.0, 6_000_000.0), (0.5, 3_300_000.0), (1.0, 600_000.0)):
        charge = FourCoincidentPeaks(60.0, hours, saved_after_2026_frac=share)
        found = bill(load, Tariff(four_cp=charge), 2027)
        assert found.total_usd == pytest.approx(left)
        assert found.four_cp_unsaved_usd.sum() == pytest.approx(6_000_000.0)
