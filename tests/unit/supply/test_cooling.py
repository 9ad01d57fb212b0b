"""PUE from the air of the hour, and the load of a hall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.cooling import PueFit, hall_load, pue_ratio, wet_bulb_c
from wattworth.supply.weather import read_weather

FIT = PueFit(base_ratio=1.10888, ratio_per_c=0.00960152, threshold_c=5.0)


def test_wet_bulb_of_stull():
    """Proves: 13.6993 and 22.1440 °C, the printed cases. Sensitivity: humidity as a share gives 6.2 and 12.5."""
    np.testing.assert_allclose(wet_bulb_c([20.0, 35.0], [0.50, 0.30]), [13.6993, 22.1440], atol=5e-5)


def test_pue_of_case_one():
    """Proves: wet bulbs of -5, 3, 10 and 20 °C give 1.15689. Sensitivity: that of the mean, 7 °C, is 1.12808."""
    assert pue_ratio([-5.0, 3.0, 10.0, 20.0], FIT).mean() == pytest.approx(1.15689, abs=5e-6)


def test_energy_of_a_hall():
    """Proves: 100 MW at 0.8 and PUE 1.15 take 805,920 MWh. Sensitivity: without PUE 700,800."""
    assert hall_load(100.0, 0.8, 1.15).energy_mwh_per_year == pytest.approx(805_920.0)
    several = hall_load(100.0, 0.8, np.full(17520, 1.15))
    assert several.energy_mwh_per_year == pytest.approx(805_920.0)
    assert several.pue_ratio == pytest.approx(1.15)
    assert hall_load(0.0, 0.8, 1.2, 2).pue_ratio == 1.2


def test_pue_of_energy_weighs_busy_hours():
    busy = np.zeros(8760)
    busy[:100] = 1.0
    pue = np.where(busy > 0.0, 1.5, 1.1)
    assert hall_load(10.0, busy, pue).pue_ratio == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("load", "pue", "message"),
    [
        (0.8, np.full(8759, 1.1), "need 8,760 for each year"),
        (1.2, 1.1, "load share, hour 0: got 1.2, need 0 to 1"),
        (0.8, np.r_[np.full(8759, 1.1), 0.9], "PUE, hour 8,759: got 0.9, need 1 to 10"),
        (0.8, np.r_[np.nan, np.full(8759, 1.1)], "PUE, hour 0: got nan"),
    ],
)
def test_bad_hours(load, pue, message):
    with pytest.raises(DataError, match=message):
        hall_load(100.0, load, pue)


@given(dry=st.floats(5.0, 50.0), wet=st.floats(0.2, 0.94), more=st.floats(0.0, 0.05))
def test_damper_air_has_a_higher_wet_bulb_below_the_dry_one(dry, wet, more):
    low, high = wet_bulb_c(dry, wet), wet_bulb_c(dry, wet + more)
    assert low <= high + 1e-9
    assert high <= dry + 0.7  # the formula's own error in damp air


def test_beyond_the_range_the_distance_is_kept():
    assert wet_bulb_c(-35.0, 0.7) + 35.0 == pytest.approx(float(wet_bulb_c(-20.0, 0.7)) + 20.0)
    assert wet_bulb_c(20.0, 1.0) == wet_bulb_c(20.0, 0.99)


def test_cold_place_needs_less_cooling(shared):
    folder = shared / "data/weather"
    means = []
    for name in ("tmy3_fairbanks_ak", "tmy3_international_falls_mn", "tmy3_el_paso_tx"):
        air = read_weather(folder / f"{name}.epw.gz")
        means.append(float(pue_ratio(wet_bulb_c(air.dry_bulb_c, air.humidity_frac), FIT).mean()))
    assert 1.108 < means[0] < means[1] < means[2] < 1.2
