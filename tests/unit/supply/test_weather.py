"""Weather files: small ones made here, real ones beside the repository, and pvlib's readers as the outside view."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from wattworth.errors import DataError
from wattworth.supply.calendar import MONTH_DAYS
from wattworth.supply.weather import on_clock, read_weather, vapour_hpa, with_wind

PSM_HEAD = "Source,Latitude,Longitude,Time Zone,Elevation,GHI Units,Temperature Units,Pressure Units"
PSM_PLACE = "NSRDB,30.65,-101.7,-6,644,w/m2,c,mbar"
PSM_NAMES = "Year,Month,Day,Hour,Minute,GHI,DHI,DNI,Wind Speed,Temperature,Pressure,Dew Point"
WTK_NAMES = (
    "Year,Month,Day,Hour,Minute,air pressure at 100m (Pa),air temperature at 80m (C),"
    "wind speed at 80m (m/s),wind speed at 100m (m/s)"
)


def hours(year=2013, leap=False):
    days = [d + (leap and m == 2) for m, d in enumerate(MONTH_DAYS, 1)]
    return [(year, m, d + 1, h) for m, n in enumerate(days, 1) for d in range(n) for h in range(24)]


def psm_rows(leap=False):
    return [
        [*map(str, at), "30", str(max(0, 900 - 100 * abs(at[3] - 12))), "50", "600", "3.5", "20", "944", "10"]
        for at in hours(2012 if leap else 2013, leap)
    ]


def psm(tmp_path, rows, head=PSM_HEAD, place=PSM_PLACE, names=PSM_NAMES):
    path = tmp_path / "sun.csv"
    path.write_text("\n".join([head, place, names, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def epw(tmp_path, change=None):
    place = "LOCATION,Somewhere,TX,USA,TMY3,722700,31.77,-106.50,-7.0,1186.0"
    rows = []
    for year, month, day, hour in hours():
        cells = [str(year), str(month), str(day), str(hour + 1), "0", "?9", "20.0", "10.0", "50", "88000"]
        cells += ["0", "0", "300", "500", "600", "50", "0", "0", "0", "0", "180", "3.1", *["0"] * 13]
        rows.append(cells)
    if change:
        change(rows)
    path = tmp_path / "place.epw"
    path.write_text("\n".join([place, *["HEAD"] * 7, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def wtk(tmp_path, zone=0, rows=None):
    about = f"SiteID,1,Site Timezone,-6,Data Timezone,{zone},Longitude,-101.72,Latitude,30.66"
    body = rows or [[*map(str, at), "0", "93000", "15", str(at[3]), str(at[3] + 1)] for at in hours()]
    path = tmp_path / "wind.csv"
    path.write_text("\n".join([about, WTK_NAMES, *(",".join(row) for row in body)]) + "\n", encoding="utf-8")
    return path


def said(path, **keys):
    with pytest.raises(DataError) as caught:
        read_weather(path, **keys)
    return str(caught.value)


def test_psm(tmp_path):
    found = read_weather(psm(tmp_path, psm_rows()), wind_height_m=10.0)
    assert (found.latitude_deg, found.longitude_deg, found.elevation_m, found.utc_offset_h) == (30.65, -101.7, 644, -6)
    assert (found.year, found.n_hour, list(found.wind_m_per_s)) == (2013, 8760, [10.0])
    assert found.pressure_pa[0] == 94_400.0
    assert found.humidity_frac[0] == pytest.approx(float(vapour_hpa(np.array(10.0)) / vapour_hpa(np.array(20.0))))
    assert found.ghi_w_per_m2[12] == 900.0


def test_epw(tmp_path):
    found = read_weather(epw(tmp_path))
    assert (found.utc_offset_h, found.elevation_m, found.pressure_pa[0], found.humidity_frac[0]) == (
        -7,
        1186,
        88000,
        0.5,
    )
    assert (found.ghi_w_per_m2[0], found.dni_w_per_m2[0], found.dhi_w_per_m2[0]) == (500.0, 600.0, 50.0)


def test_wind_toolkit_and_the_clock(tmp_path):
    found = read_weather(wtk(tmp_path))
    assert list(found.wind_m_per_s) == [80.0, 100.0]
    assert found.pressure_pa[0] == pytest.approx(93000.0 * np.exp(9.80665 * 100.0 / 287.05 / 288.15))
    local = on_clock(found, -6.0)
    assert local.wind_m_per_s[80.0][0] == 6.0
    assert "set on UTC-6; its 6 first hours stand last" in local.notes[-1]
    assert on_clock(local, -6.0) is local


def test_sun_of_one_file_with_wind_of_another(tmp_path):
    sun, wind = read_weather(psm(tmp_path, psm_rows())), read_weather(wtk(tmp_path))
    both = with_wind(sun, wind)
    assert both.ghi_w_per_m2 is sun.ghi_w_per_m2
    assert both.wind_m_per_s[100.0][0] == 7.0
    far = psm(tmp_path, psm_rows(), place=PSM_PLACE.replace("30.65", "33.0"))
    with pytest.raises(DataError, match=r"lie 2.34 degrees of latitude apart, need 0.5 or less"):
        with_wind(read_weather(far), wind)
    old = [["2012", *row[1:]] for row in psm_rows()]
    with pytest.raises(DataError, match="sun and wind of different years do not go together"):
        with_wind(read_weather(psm(tmp_path, old)), wind)


def test_leap_day_is_left_out_and_said_so(tmp_path):
    found = read_weather(psm(tmp_path, psm_rows(leap=True)))
    assert found.n_hour == 8760
    assert found.notes[0] == "sun.csv: 29 February left out (24 hours)"


def test_every_fault_with_its_row(tmp_path):
    rows = psm_rows()
    rows[5][5], rows[6][9], rows[7][10] = "-3", "warm", "94400"
    del rows[100]
    lines = said(psm(tmp_path, rows)).splitlines()
    assert lines[0] == "sun.csv: holds 8,759 hours, need 8,760 for each year"
    assert lines[1].startswith(
        'sun.csv row 104, column "Hour": got month 1, day 5, hour 5, need month 1, day 5, hour 4'
    )
    assert 'sun.csv row 10, column "Temperature": got "warm", need a number (°C)' in lines
    assert 'sun.csv row 11, column "Pressure": got 94400, need mbar of 1,120 or less' in lines
    assert any(line.startswith('sun.csv row 9, column "GHI": got -3, need W/m² of 0 or more') for line in lines)


def test_kilowatts_and_other_units(tmp_path):
    rows = [[*row[:5], str(float(row[5]) / 1000.0), *row[6:]] for row in psm_rows()]
    assert 'column "GHI": the highest hour is 0.9 W/m²; it is in kW/m² perhaps' in said(psm(tmp_path, rows))
    fahrenheit = psm(tmp_path, psm_rows(), place=PSM_PLACE.replace(",c,", ",f,"))
    assert said(fahrenheit) == 'sun.csv row 2: Temperature is in "f", need c'


def test_missing_column_and_head(tmp_path):
    path = psm(tmp_path, psm_rows(), names=PSM_NAMES.replace("DHI", "DHi_"))
    assert said(path) == 'sun.csv row 3: no column "DHI" (did you mean "DHi_"?)'
    assert "for Latitude of the place, need a number" in said(
        psm(tmp_path, psm_rows(), place="NSRDB,north,-101.7,-6,644")
    )


def test_years_and_hours_that_are_none(tmp_path):
    rows = psm_rows()
    rows[0][0], rows[1][3], rows[2][2] = "year", "one", "99"
    lines = said(psm(tmp_path, rows)).splitlines()
    assert 'sun.csv: got "year" for a year, need four digits' in lines
    assert 'sun.csv row 5, column "Hour": got "one", need a number (the hour)' in lines
    assert said(psm(tmp_path, [])).startswith("sun.csv: holds 0 hours, need 8,760 for each year")


def test_sentinels_of_epw(tmp_path):
    def change(rows):
        rows[3][13], rows[4][6] = "9999", "99.9"

    lines = said(epw(tmp_path, change)).splitlines()
    assert 'place.epw row 12, column "global": got 9999, which stands for missing; fill it, no hour is guessed' in lines
    assert (
        'place.epw row 13, column "dry bulb": got 99.9, which stands for missing; fill it, no hour is guessed' in lines
    )


def test_epw_cut_short(tmp_path):
    def change(rows):
        rows[10] = rows[10][:5]

    assert said(epw(tmp_path, change)) == "place.epw row 19: 5 cells, need 35; the first 8 rows of EPW are its head"


def test_file_of_another_kind(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("time,temp\n", encoding="utf-8")
    assert said(path).startswith(
        'other.csv row 1: the file starts with "time", need LOCATION (EPW), Source (NSRDB PSM)'
    )


def test_el_paso_against_pvlib(shared, tmp_path):
    """Proves: every column of an EPW file is the one pvlib reads. Sensitivity: direct and diffuse swapped."""
    pvlib = pytest.importorskip("pvlib")
    packed = shared / "data/weather/tmy3_el_paso_tx.epw.gz"
    plain = tmp_path / "el_paso.epw"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    frame, about = pvlib.iotools.read_epw(str(plain))
    found = read_weather(packed)
    assert (found.latitude_deg, found.longitude_deg, found.utc_offset_h) == (
        about["latitude"],
        about["longitude"],
        about["TZ"],
    )
    for ours, theirs, factor in (
        (found.dry_bulb_c, "temp_air", 1.0),
        (found.humidity_frac, "relative_humidity", 0.01),
        (found.pressure_pa, "atmospheric_pressure", 1.0),
        (found.ghi_w_per_m2, "ghi", 1.0),
        (found.dni_w_per_m2, "dni", 1.0),
        (found.dhi_w_per_m2, "dhi", 1.0),
        (found.wind_m_per_s[10.0], "wind_speed", 1.0),
    ):
        np.testing.assert_allclose(ours, frame[theirs].to_numpy() * factor, rtol=1e-12)
    assert (found.dry_bulb_c.min(), found.dry_bulb_c.max()) == (-5.6, 38.9)


@pytest.mark.parametrize("place", ["west_texas_30.66_-101.71", "n_minnesota_47.5_-93.0"])
def test_nsrdb_against_pvlib(shared, tmp_path, place):
    """Proves: every column of a PSM file is the one pvlib reads. Sensitivity: pressure in mbar is a hundredth."""
    pvlib = pytest.importorskip("pvlib")
    packed = shared / f"data/weather/nsrdb_psm3_{place}_2013.csv.gz"
    plain = tmp_path / "sun.csv"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    frame, about = pvlib.iotools.read_nsrdb_psm4(str(plain))
    found = read_weather(packed)
    assert (found.latitude_deg, found.utc_offset_h, found.elevation_m) == (
        about["latitude"],
        about["Time Zone"],
        about["altitude"],
    )
    for ours, theirs, factor in (
        (found.dry_bulb_c, "temp_air", 1.0),
        (found.pressure_pa, "pressure", 100.0),
        (found.ghi_w_per_m2, "ghi", 1.0),
        (found.dni_w_per_m2, "dni", 1.0),
        (found.dhi_w_per_m2, "dhi", 1.0),
        (found.wind_m_per_s[None], "wind_speed", 1.0),
    ):
        np.testing.assert_allclose(ours, frame[theirs].to_numpy() * factor, rtol=1e-12)


def test_real_files_of_one_point_go_together(shared):
    folder = shared / "data/weather"
    sun = read_weather(folder / "nsrdb_psm3_west_texas_30.66_-101.71_2013.csv.gz")
    wind = read_weather(folder / "wtk_west_texas_30.66_-101.71_2013.csv.gz")
    both = with_wind(sun, wind)
    assert list(both.wind_m_per_s) == [10.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 200.0]
    assert both.wind_m_per_s[100.0][0] == 4.03  # 6:00 in UTC
    other = on_clock(wind, -6.0)
    assert abs(both.humidity_frac.mean() - other.humidity_frac.mean()) < 0.03
    # air at 10 m of one follows air at 2 m of the other by an hour or two; a clock read the wrong way is 6 h out
    fits = [np.corrcoef(sun.dry_bulb_c, np.roll(other.dry_bulb_c, k))[0, 1] for k in range(-8, 9)]
    assert -2 <= int(np.argmax(fits)) - 8 <= 0
    assert max(fits) > 0.95


@pytest.mark.parametrize("name", ["wtk_kotzebue_ak_66.68_-162.5_2019", "wtk_n_minnesota_47.52_-92.54_2013"])
def test_other_wind_files_are_read(shared, name):
    found = read_weather(shared / f"data/weather/{name}.csv.gz")
    assert found.n_hour == 8760
    assert found.ghi_w_per_m2 is None
    assert 96_000.0 < found.pressure_pa.mean() < 102_000.0
