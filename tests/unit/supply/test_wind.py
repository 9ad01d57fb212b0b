"""Wind power: shear, density, the generic curve, and real wind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.weather import Weather, read_weather
from wattworth.supply.wind import Turbine, air_kg_per_m3, generic_curve, hub_speed_m_per_s, wind_frac

CURVE = generic_curve(3.0, 11.5, 25.0)


def weather(winds, air=15.0, pressure=101_325.0, elevation=0.0):
    n = len(next(iter(winds.values())))
    held = None if pressure is None else np.full(n, pressure)
    return Weather("made", 31.0, -102.0, elevation, -6.0, None, np.full(n, air), pressure_pa=held, wind_m_per_s=winds)


def test_between_two_heights_and_beyond():
    both = weather({80.0: np.array([6.0]), 120.0: np.array([8.0])})
    middle = np.sqrt(80.0 * 120.0)
    assert hub_speed_m_per_s(both, middle)[0] == pytest.approx(7.0)
    assert hub_speed_m_per_s(both, 120.0)[0] == 8.0
    assert hub_speed_m_per_s(both, 240.0, 0.14)[0] == pytest.approx(8.0 * 2.0**0.14)
    assert hub_speed_m_per_s(both, 40.0, 0.14)[0] == pytest.approx(6.0 * 0.5**0.14)
    with pytest.raises(DataError, match="holds wind at 80, 120 m, not at 240 m; give shear_index"):
        hub_speed_m_per_s(both, 240.0)
    with pytest.raises(DataError, match="holds no wind at a known height; give wind_height_m"):
        hub_speed_m_per_s(weather({None: np.array([5.0])}), 100.0, 0.14)


def test_density_of_the_standard_atmosphere():
    """Proves: 1.225 at the sea and 1.112 at 1,000 m and 8.5 °C, as ISO 2533 has them. Sensitivity: 100 m is 1 %."""
    assert air_kg_per_m3(weather({10.0: np.zeros(1)}))[0] == pytest.approx(1.225, abs=1e-4)
    high = weather({10.0: np.zeros(1)}, air=8.5, pressure=None, elevation=1_000.0)
    assert air_kg_per_m3(high)[0] == pytest.approx(1.1117, abs=2e-4)
    assert air_kg_per_m3(weather({10.0: np.zeros(1)}), 100.0)[0] == pytest.approx(1.2106, abs=2e-4)
    with pytest.raises(DataError, match="neither pressure nor elevation"):
        air_kg_per_m3(weather({10.0: np.zeros(1)}, pressure=None, elevation=np.nan))


def test_thin_air_moves_the_curve_and_not_its_top():
    speeds = {100.0: np.array([8.0, 20.0])}
    thick, thin = (wind_frac(weather(speeds, pressure=p), Turbine(100.0, CURVE, 0.0)) for p in (101_325.0, 85_000.0))
    assert thin[0] < thick[0]
    assert thin[1] == thick[1] == 1.0


def test_generic_curve():
    with pytest.raises(ValueError, match="rising speeds"):
        generic_curve(12.0, 3.0, 25.0)
    spread = generic_curve(3.0, 11.5, 25.0, 1.0)
    at = np.array([2.0, 7.0, 11.5, 18.0, 25.0])
    single, park = (np.interp(at, c.speed_m_per_s, c.output_frac, right=0.0) for c in (CURVE, spread))
    assert single[0] == 0.0 < park[0]
    assert park[1] == pytest.approx(single[1], rel=0.1)
    assert park[2] < 1.0
    assert park[3] == pytest.approx(1.0)
    assert park[4] == pytest.approx(0.5, abs=0.05)


@given(speed=st.floats(0.0, 24.0), more=st.floats(0.0, 1.0), loss=st.floats(0.0, 0.5))
def test_more_wind_below_cut_out_never_gives_less(speed, more, loss):
    turbine = Turbine(100.0, CURVE, loss)
    slow, fast = (wind_frac(weather({100.0: np.array([v])}), turbine)[0] for v in (speed, speed + more))
    assert slow <= fast + 1e-12
    assert 0.0 <= fast <= 1.0 - loss


def test_real_wind(shared):
    """Proves: an Arctic coast blows twice as hard as inland. Sensitivity: wind in km/h would fill every hour."""
    folder = shared / "data/weather"
    texas = read_weather(folder / "wtk_west_texas_30.66_-101.71_2013.csv.gz")
    kotzebue = read_weather(folder / "wtk_kotzebue_ak_66.68_-162.5_2019.csv.gz")
    inland, coast = (float(wind_frac(w, Turbine(100.0, CURVE, 0.1)).mean()) for w in (texas, kotzebue))
    assert inland == pytest.approx(0.2408, abs=5e-4)
    assert coast == pytest.approx(0.4861, abs=5e-4)
    # the heights of the file agree with a shear fitted from two of them
    low = replace(texas, wind_m_per_s={40.0: texas.wind_m_per_s[40.0]})
    index = np.log(texas.wind_m_per_s[100.0].mean() / texas.wind_m_per_s[40.0].mean()) / np.log(2.5)
    assert wind_frac(low, Turbine(100.0, CURVE, 0.1), index).mean() == pytest.approx(inland, rel=0.1)
