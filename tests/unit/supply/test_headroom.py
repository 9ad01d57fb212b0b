"""Headroom: thresholds by season, laws of the rate, events, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.headroom import DUKE_SEASONS, Season, area_load, headroom, headroom_at, line_headroom

MONTH = month_of_hour(8760)
FLAT = (Season("all", (1,), (1,)),)


def grid(seed=3, n_year=2):
    """A grid that peaks in summer and in winter, with noise that lasts."""
    rng = np.random.default_rng(seed)
    hour = np.arange(8760 * n_year)
    season = 10.0 * np.cos(4.0 * np.pi * hour / 8760.0)
    day = 8.0 * np.sin(2.0 * np.pi * (hour % 24 - 10) / 24.0)
    return 70.0 + season + day + rng.normal(0.0, 2.0, len(hour))


def small(values):
    return area_load(np.asarray(values, dtype=np.float64), np.ones(len(values), dtype=np.int64), FLAT)


def test_thresholds_are_the_peaks_of_the_season_over_all_years():
    load = np.full(17520, 50.0)
    at = {month: np.flatnonzero(month_of_hour(17520) == month) for month in range(1, 13)}
    load[at[7][-1]], load[at[1][0]], load[at[4][0]], load[at[11][0]] = 90.0, 70.0, 80.0, 60.0
    found = area_load(load)
    assert found.thresholds_mw == {"summer": 90.0, "winter": 70.0}
    assert found.gap_mw[at[4][0]] == 10.0
    assert found.gap_mw[at[11][0]] == 10.0
    assert found.n_year == 2.0


def test_a_peak_outside_its_season_turns_the_whole_load_off():
    load = np.full(8760, 50.0)
    load[MONTH == 7] = 60.0
    load[np.flatnonzero(MONTH == 9)[0]] = 75.0
    load[0] = 55.0
    found = headroom_at(area_load(load), 2.0)
    assert found.above_h == 1.0
    assert found.rate_frac == pytest.approx((744 + 1 + 1) / 8760.0)


@given(seed=st.integers(0, 50), low=st.floats(0.1, 30.0), more=st.floats(0.0, 20.0))
def test_rate_never_falls_with_the_load(seed, low, more):
    area = area_load(grid(seed))
    assert headroom_at(area, low).rate_frac <= headroom_at(area, low + more).rate_frac + 1e-15


@given(seed=st.integers(0, 50), rate=st.floats(0.0005, 0.6))
def test_goal_seek_meets_the_rate(seed, rate):
    found = headroom(area_load(grid(seed)), rate)
    assert found.rate_frac == pytest.approx(rate, rel=1e-10)
    assert found.curtailed_h >= found.kept_h[0] >= found.kept_h[1] >= found.kept_h[2] >= 0.0
    assert found.events_per_year * found.mean_event_h == pytest.approx(found.curtailed_h)


@given(factor=st.floats(0.01, 100.0))
def test_headroom_scales_with_the_area(factor):
    base, scaled = headroom(area_load(grid()), 0.005), headroom(area_load(grid() * factor), 0.005)
    assert scaled.added_mw == pytest.approx(factor * base.added_mw, rel=1e-9)
    assert scaled.curtailed_h == base.curtailed_h


def test_more_is_allowed_at_a_higher_rate():
    loads = [headroom(area_load(grid()), rate).added_mw for rate in (0.0025, 0.005, 0.01, 0.05)]
    assert loads == sorted(loads)
    assert loads[0] > 0.0


def test_events_and_kept_hours():
    found = headroom_at(small([100.0, 99.0, 90.0, 96.0, 90.0]), 8.0)
    assert found.curtailed_h / found.mean_event_h == found.events_per_year
    assert found.mean_event_h == pytest.approx(1.5)
    # curtailed by 8, 7 and 4 of 8: one hour keeps half
    assert found.kept_h[0] * 5 / 8760 == pytest.approx(1.0)
    assert found.kept_h[1] == 0.0


def test_no_event_has_no_length():
    quiet = area_load(np.r_[100.0, np.full(9, 10.0)], np.r_[1, np.full(9, 2)], (Season("a", (1,), (1, 2)),))
    assert headroom_at(quiet, 5.0).curtailed_h == pytest.approx(876.0)
    calm = headroom_at(area_load(np.full(4, 10.0), np.array([1, 1, 1, 1]), FLAT), 1.0)
    assert calm.rate_frac == 1.0


@pytest.mark.parametrize(
    ("rate", "message"),
    [(0.1, "1 of 5 hours are at or above their threshold"), (0.0, "above 0 and below 1"), (1.0, "above 0 and below 1")],
)
def test_rates_that_cannot_be(rate, message):
    with pytest.raises(DataError, match=message):
        headroom(small([100.0, 98.0, 95.0, 90.0, 80.0]), rate)


@pytest.mark.parametrize(
    ("load", "months", "seasons", "message"),
    [
        (np.ones(8759), None, DUKE_SEASONS, "need 8,760 for each year"),
        (np.array([1.0, np.nan]), np.ones(2, int), FLAT, "all finite"),
        (np.ones(2), np.array([1, 5]), FLAT, r"months \[5\] are in no season"),
        (np.ones(2), np.array([4, 4]), DUKE_SEASONS, "season 'summer': need hours in its peak months"),
        (np.ones(2), np.array([1, 1]), (*FLAT, Season("b", (1,), (1,))), "no month in two seasons"),
    ],
)
def test_loads_that_do_not_fit(load, months, seasons, message):
    with pytest.raises(DataError, match=message):
        area_load(load, months, seasons)


def test_load_of_nothing_and_lines_that_end():
    with pytest.raises(DataError, match="need more than zero"):
        headroom_at(small([2.0, 1.0]), 0.0)
    for peak, base, rate in ((50.0, 50.0, 0.01), (100.0, 40.0, 0.51)):
        with pytest.raises(DataError, match="where the line ends"):
            line_headroom(peak, base, rate)
    assert line_headroom(100.0, 40.0, 0.5).added_mw == 60.0


def test_it_says_what_it_is():
    assert headroom(area_load(grid()), 0.01).note.startswith("a screening number")
