"""Bills: laws and faults; printed numbers are in tests/reference/test_tariff_numbers.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.tariffs import (
    CoincidentPeak,
    DemandBlock,
    FourCoincidentPeaks,
    Ratchet,
    Tariff,
    bill,
    billed_kw,
    four_peak_hours,
)
from wattworth.supply.time_of_use import Period, time_of_use_usd_per_mwh

HOUR = np.arange(8760)
LOAD = 50.0 + 30.0 * np.sin(HOUR / 24.0) + 10.0 * (HOUR % 24 > 12)
PEAKS = (4000, 4500, 5200, 6000)
FOUR_CP = FourCoincidentPeaks(60.0, PEAKS, saved_after_2026_frac=0.0)
TARIFF = Tariff(
    energy_usd_per_mwh=20.0 + 10.0 * (HOUR % 24 > 15),
    demand=(
        DemandBlock("all hours", 5.0, Ratchet(0.8)),
        DemandBlock("evening", tuple(range(12)), None, (HOUR % 24 >= 17) & (HOUR % 24 < 21)),
    ),
    coincident=(CoincidentPeak("area", ((10, 20), (7000,)), (3.0, 2.0)),),
    four_cp=FOUR_CP,
    fixed_usd_per_month=1_000.0,
)


def scaled(tariff, factor):
    return Tariff(
        tariff.energy_usd_per_mwh * factor,
        tuple(
            replace(block, usd_per_kw_month=tuple(factor * r for r in np.atleast_1d(block.usd_per_kw_month)))
            for block in tariff.demand
        ),
        tuple(replace(peak, usd_per_kw=tuple(factor * r for r in peak.usd_per_kw)) for peak in tariff.coincident),
        replace(tariff.four_cp, usd_per_kw_year=factor * tariff.four_cp.usd_per_kw_year),
        tariff.fixed_usd_per_month * factor,
    )


def test_months_sum_to_the_total():
    for n_year in (1, 3):
        found = bill(np.tile(LOAD, n_year), TARIFF, 2026)
        assert found.month_usd.shape == (12 * n_year,)
        parts = (found.energy_usd, found.demand_usd, found.coincident_usd, found.four_cp_usd, found.fixed_usd)
        assert sum(float(part.sum()) for part in parts) == pytest.approx(found.total_usd, rel=1e-12)
        assert found.energy_mwh.sum() == pytest.approx(LOAD.sum() * n_year)
        assert found.mean_usd_per_mwh == pytest.approx(found.total_usd / (LOAD.sum() * n_year))


def test_energy_at_its_hours():
    assert bill(LOAD, TARIFF, 2026).energy_usd.sum() == pytest.approx((LOAD * TARIFF.energy_usd_per_mwh).sum())


@given(factor=st.floats(0.0, 100.0))
def test_bill_is_homogeneous_in_rates(factor):
    assert bill(LOAD, scaled(TARIFF, factor), 2026).total_usd == pytest.approx(
        factor * bill(LOAD, TARIFF, 2026).total_usd, rel=1e-9, abs=1e-6
    )


@given(factor=st.floats(0.0, 100.0))
def test_bill_without_fixed_is_homogeneous_in_load(factor):
    tariff = replace(TARIFF, fixed_usd_per_month=0.0)
    assert bill(LOAD * factor, tariff, 2027).total_usd == pytest.approx(
        factor * bill(LOAD, tariff, 2027).total_usd, rel=1e-9, abs=1e-6
    )


@given(
    peaks=st.lists(st.floats(0.0, 1e4), min_size=1, max_size=30),
    low=st.floats(0.0, 1.0),
    more=st.floats(0.0, 1.0),
    back=st.one_of(st.none(), st.integers(1, 11)),
)
def test_a_higher_floor_never_bills_less(peaks, low, more, back):
    first, second = (billed_kw(peaks, Ratchet(share, lookback_months=back)) for share in (low, low + more))
    assert (np.asarray(peaks) <= first).all()
    assert (first <= second).all()


@given(share=st.floats(0.0, 1.0), year=st.integers(2020, 2035))
def test_four_peaks_lie_between_all_saved_and_nothing_saved(share, year):
    load = LOAD.copy()
    load[list(PEAKS)] *= 0.1
    found = bill(load, Tariff(four_cp=replace(FOUR_CP, saved_after_2026_frac=share)), year)
    best = bill(load, Tariff(four_cp=FOUR_CP), 2026)
    assert best.total_usd - 1e-6 <= found.total_usd <= found.four_cp_unsaved_usd.sum() + 1e-6
    assert found.four_cp_saved_usd == pytest.approx((share if year > 2026 else 1.0) * best.four_cp_saved_usd, abs=1e-6)


def test_the_share_saved_after_2026_has_no_default():
    with pytest.raises(TypeError, match="saved_after_2026_frac"):
        FourCoincidentPeaks(60.0, PEAKS)  # pyright: ignore[reportCallIssue]


def test_years_across_the_end_of_the_four_peaks():
    load = LOAD.copy()
    load[list(PEAKS)] = 0.0
    found = bill(np.tile(load, 2), Tariff(four_cp=FOUR_CP), 2026)
    assert found.four_cp_usd[:12].sum() == pytest.approx(0.0, abs=1e-9)
    assert found.four_cp_usd[12:].sum() == pytest.approx(found.four_cp_unsaved_usd[12:].sum())


def test_look_back_runs_across_years():
    peaks = np.full(24, 10.0)
    peaks[11] = 100.0
    assert billed_kw(peaks, Ratchet(0.5, lookback_months=2))[10:15].tolist() == [10.0, 100.0, 50.0, 50.0, 10.0]
    assert billed_kw(peaks, Ratchet(0.5)).tolist() == [50.0] * 11 + [100.0] + [10.0] * 12


def test_peaks_of_a_grid():
    grid = np.zeros(8760)
    for hour in PEAKS:
        grid[hour] = 1.0
    grid[0] = 5.0
    assert four_peak_hours(grid) == PEAKS
    with pytest.raises(DataError, match="8,760 of one year"):
        four_peak_hours(grid[:100])


def test_time_of_use():
    """2026 starts on a Thursday; the first weekend is 3 and 4 January."""
    periods = (Period(50.0, hours=(16, 17)), Period(10.0, months=(1,), weekdays=(5, 6)))
    found = time_of_use_usd_per_mwh(30.0, periods, first_weekday=3)
    assert found[[0, 16, 48, 48 + 16, 96 + 16]].tolist() == [30.0, 50.0, 10.0, 10.0, 50.0]
    assert len(time_of_use_usd_per_mwh(30.0, periods, 3, 2)) == 17520


@pytest.mark.parametrize(
    ("tariff", "message"),
    [
        (Tariff(np.zeros(5)), "energy rate: got shape"),
        (Tariff(demand=(DemandBlock("a", (1.0, 2.0)),)), "demand charge 'a': got 2 rates"),
        (Tariff(coincident=(CoincidentPeak("c", ((1,),), ()),)), "coincident peak 'c': need one rate"),
        (Tariff(coincident=(CoincidentPeak("c", ((8760,),), (1.0,)),)), "hours from 0 to 8,759"),
        (Tariff(four_cp=replace(FOUR_CP, peak_hours=(0, 4500, 5200, 6000))), "one hour in each of June to September"),
        (Tariff(four_cp=replace(FOUR_CP, saved_after_2026_frac=1.5)), "a share saved after 2026"),
    ],
)
def test_tariffs_that_do_not_fit(tariff, message):
    with pytest.raises(DataError, match=message):
        bill(LOAD, tariff, 2026)


def test_loads_that_are_no_year():
    for load in (LOAD[:-1], np.full(8760, np.nan), np.zeros(0)):
        with pytest.raises(DataError, match="8,760 for each year"):
            bill(load, TARIFF, 2026)


def test_nothing_used_has_no_mean_price():
    assert np.isnan(bill(np.zeros(8760), TARIFF, 2026).mean_usd_per_mwh)
