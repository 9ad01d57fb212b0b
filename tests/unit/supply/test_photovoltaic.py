"""Solar power: the chain against pvlib's own formulas, limits of the inverter, laws, and real places."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.photovoltaic import FixedTilt, Panels, Tracker, plane_w_per_m2, power_of_plane, solar_output
from wattworth.supply.weather import Weather, read_weather

PANELS = Panels(
    dc_per_ac_ratio=1.3,
    loss_frac=0.14,
    power_frac_per_c=-0.0035,
    inverter_frac=0.96,
    albedo_frac=0.2,
    heat_loss_w_per_m2_per_c=25.0,
    wind_loss_w_per_m2_per_m_per_s=6.84,
)


def weather(n=8760, sun=None, air=20.0, wind=3.0):
    sun = np.zeros(n) if sun is None else sun
    return Weather(
        "made",
        latitude_deg=31.0,
        longitude_deg=-102.0,
        elevation_m=700.0,
        utc_offset_h=-7.0,
        year=None,
        dry_bulb_c=np.full(n, air),
        ghi_w_per_m2=sun,
        dni_w_per_m2=sun * 0.7,
        dhi_w_per_m2=sun * 0.3,
        wind_m_per_s={10.0: np.full(n, wind)},
    )


def test_power_against_pvlib():
    """Proves: cell, panel and inverter are pvlib's Faiman and PVWatts. Sensitivity: still air gives 3.4 % less."""
    pvsystem = pytest.importorskip("pvlib.pvsystem")
    inverter = pytest.importorskip("pvlib.inverter")
    temperature = pytest.importorskip("pvlib.temperature")
    sun = np.linspace(0.0, 1_200.0, 200)
    found = power_of_plane(sun, weather(200), PANELS)
    cell = temperature.faiman(sun, 20.0, 3.0, 25.0, 6.84)
    dc = pvsystem.pvwatts_dc(sun, cell, 1.0, -0.0035) * (1.0 - 0.14)
    ac = inverter.pvwatts(dc, 1.0 / 1.3 / 0.96, 0.96)
    np.testing.assert_allclose(found.per_mwdc_frac, ac, atol=1e-12)
    assert found.per_mwac_frac.max() == pytest.approx(1.0)
    assert found.clipped_mwh_per_mwdc > 0.0


def test_fixed_plane_lying_flat_sees_the_level_sun(shared):
    pytest.importorskip("pvlib")
    real = read_weather(shared / "data/weather/tmy3_el_paso_tx.epw.gz")
    flat = plane_w_per_m2(real, FixedTilt(0.0, 180.0), 0.2)
    assert flat.sum() == pytest.approx(real.ghi_w_per_m2.sum(), rel=0.02)


def test_places_stand_in_the_order_of_their_sun(shared):
    """Proves: West Texas with trackers gives 2,014 MWh for a megawatt of panels, PVWatts' 1,900 to 2,150 there.

    Sensitivity: a clock six hours out gives 58 % of it.
    """
    pytest.importorskip("pvlib")
    folder = shared / "data/weather"
    texas = read_weather(folder / "nsrdb_psm3_west_texas_30.66_-101.71_2013.csv.gz")
    alaska = read_weather(folder / "tmy3_fairbanks_ak.epw.gz")
    tracker = Tracker(60.0, 0.4)
    turning, still = (solar_output(texas, mount, PANELS) for mount in (tracker, FixedTilt(30.0, 180.0)))
    assert 1_900.0 < turning.per_mwdc_frac.sum() < 2_150.0
    assert 1.1 < turning.per_mwdc_frac.sum() / still.per_mwdc_frac.sum() < 1.3
    assert solar_output(alaska, tracker, PANELS).per_mwdc_frac.sum() < 0.6 * turning.per_mwdc_frac.sum()
    wrong = solar_output(replace(texas, utc_offset_h=0.0), tracker, PANELS)
    assert wrong.per_mwdc_frac.sum() < 0.8 * turning.per_mwdc_frac.sum()


def test_leap_year_keeps_its_calendar():
    pytest.importorskip("pvlib")
    sun = np.where(np.abs(np.arange(8760) % 24 - 12) < 6, 700.0, 0.0)
    plain, leap = weather(sun=sun), replace(weather(sun=sun), year=2012)
    level = [plane_w_per_m2(w, FixedTilt(30.0, 180.0), 0.2) for w in (plain, leap)]
    assert level[0].sum() == pytest.approx(level[1].sum(), rel=1e-3)


def test_several_years_are_one_after_the_other():
    pytest.importorskip("pvlib")
    sun = np.where(np.abs(np.arange(8760) % 24 - 12) < 6, 700.0, 0.0)
    one = plane_w_per_m2(weather(sun=sun), Tracker(60.0, 0.4), 0.2)
    two = plane_w_per_m2(weather(17520, np.tile(sun, 2)), Tracker(60.0, 0.4), 0.2)
    np.testing.assert_array_equal(two, np.tile(one, 2))


def test_no_sun_and_no_pvlib(monkeypatch):
    dark = replace(weather(), ghi_w_per_m2=None)
    with pytest.raises(DataError, match="made: holds no sun"):
        solar_output(dark, Tracker(60.0, 0.4), PANELS)
    monkeypatch.setitem(sys.modules, "pvlib.solarposition", None)
    with pytest.raises(DataError, match=r'pip install "wattworth\[weather\]"'):
        solar_output(weather(), Tracker(60.0, 0.4), PANELS)


@given(air=st.floats(-30.0, 45.0), wind=st.floats(0.0, 20.0), more=st.floats(0.0, 300.0))
def test_more_sun_colder_air_and_more_wind_never_give_less(air, wind, more):
    sun = np.linspace(0.0, 900.0, 50)
    base = power_of_plane(sun, weather(50, air=air, wind=wind), PANELS).per_mwdc_frac
    assert (power_of_plane(sun + more, weather(50, air=air, wind=wind), PANELS).per_mwdc_frac >= base - 1e-12).all()
    assert (power_of_plane(sun, weather(50, air=air - 5.0, wind=wind), PANELS).per_mwdc_frac >= base - 1e-12).all()
    assert (power_of_plane(sun, weather(50, air=air, wind=wind + 1.0), PANELS).per_mwdc_frac >= base - 1e-12).all()
    assert 0.0 <= base.min() <= base.max() <= 1.0 / 1.3 + 1e-12


def test_air_without_wind_is_still():
    sun = np.full(3, 800.0)
    still = power_of_plane(sun, weather(3, wind=0.0), PANELS)
    none = power_of_plane(sun, replace(weather(3), wind_m_per_s=None), PANELS)
    unknown = power_of_plane(sun, replace(weather(3), wind_m_per_s={None: np.zeros(3), 50.0: np.full(3, 9.0)}), PANELS)
    np.testing.assert_array_equal(still.per_mwdc_frac, none.per_mwdc_frac)
    np.testing.assert_array_equal(still.per_mwdc_frac, unknown.per_mwdc_frac)
