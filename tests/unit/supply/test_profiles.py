"""Hourly profiles: whole years pass, and every bad one is named with its row and what to do."""

from __future__ import annotations

import datetime as dt
import gzip

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import DataError
from wattworth.supply.calendar import month_of_hour
from wattworth.supply.profiles import KINDS, on_clock, profile_of, read_profile

HOUR = dt.timedelta(hours=1)
LOAD = 80.0 + 20.0 * np.sin(np.arange(8760) / 24.0)


def stamps(first="2021-01-01", n=8760, end=""):
    start = dt.datetime.fromisoformat(first)
    return [f"{start + k * HOUR:%Y-%m-%d %H:%M}{end}" for k in range(n)]


def write(tmp_path, times, values, name="load.csv", column="load_mw"):
    lines = [f"timestamp,{column}" if times is not None else column]
    lines += [f"{t},{v}" for t, v in zip(times, values, strict=True)] if times is not None else map(str, values)
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def said(path, kind="load_mw", **keys):
    with pytest.raises(DataError) as caught:
        read_profile(path, kind, **keys)
    return str(caught.value)


def test_plain_column_of_a_year(tmp_path):
    found = read_profile(write(tmp_path, None, LOAD), "load_mw", size_mw=100.0)
    np.testing.assert_allclose(found.values, LOAD)
    assert (found.n_year, found.start_h, found.utc_offset_h, found.notes) == (1, 0, None, ())


def test_numbers_without_a_name(tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("\n".join(map(str, LOAD)), encoding="utf-8")
    np.testing.assert_allclose(read_profile(path, "load_mw").values, LOAD)


def test_gzip_and_parquet_hold_the_same(tmp_path):
    times = stamps(end="Z")
    plain = write(tmp_path, times, LOAD)
    packed = tmp_path / "load.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    columns = tmp_path / "load.parquet"
    instants = [dt.datetime.fromisoformat(t) for t in times]
    pl.DataFrame({"timestamp": instants, "load_mw": LOAD}).write_parquet(columns)
    first, second, third = (read_profile(p, "load_mw", utc_offset_h=-6.0) for p in (plain, packed, columns))
    for other in (second, third):
        np.testing.assert_allclose(other.values, first.values, rtol=1e-15)
        assert (other.start_h, other.utc_offset_h) == (first.start_h, first.utc_offset_h) == (8754, -6.0)


def test_leap_day_is_left_out_and_said_so(tmp_path):
    values = np.arange(8784.0)
    times = stamps("2024-01-01", 8784, "Z")
    timed, plain = write(tmp_path, times, values, "timed.csv"), write(tmp_path, None, values, "plain.csv")
    for path in (timed, plain):
        found = read_profile(path, "load_mw")
        assert len(found.values) == 8760
        assert found.values[1415] == 1415.0
        assert found.values[1416] == 1440.0
        assert found.notes[0] == f"{path.name}: 29 February left out (24 hours)"


def test_years_end_to_end_with_one_leap_year(tmp_path):
    n = 8760 * 3 + 24
    found = read_profile(write(tmp_path, stamps("2019-01-01", n, "Z"), np.arange(n)), "load_mw")
    assert (found.n_year, found.first_year, found.utc_offset_h) == (3, 2019, 0.0)
    text = said(write(tmp_path, None, np.arange(n)), size_mw=None)
    assert text == (
        "load.csv: holds 26,304 hours, need 8,760 for each year: 24 are too many, leave them out "
        "(a column of times would show where)"
    )


def test_a_row_short(tmp_path):
    text = said(write(tmp_path, None, LOAD[:-1]))
    assert text == (
        "load.csv: holds 8,759 hours, need 8,760 for each year: 1 is missing, add it "
        "(a column of times would show where)"
    )
    timed = said(write(tmp_path, stamps(n=8759), LOAD[:-1]))
    assert "holds 8,759 hours, from 2021-01-01 00:00 to 2021-12-31 22:00, need 8,760 for each year: 1 is" in timed


def test_gap_in_times(tmp_path):
    times = stamps()
    path = write(tmp_path, times[:4000] + times[4005:], np.delete(LOAD, range(4000, 4005)))
    assert "row 4,002, column" in said(path)
    assert "2021-06-16 21:00 follows 2021-06-16 15:00: 5 hours are missing; add them" in said(path)


def test_clock_with_daylight_saving_is_refused_with_the_fix(tmp_path):
    times = stamps()
    spring, autumn = times.index("2021-03-14 02:00"), times.index("2021-11-07 02:00")
    local = times[:spring] + times[spring + 1 : autumn] + times[autumn - 1 : autumn] + times[autumn:]
    text = said(write(tmp_path, local, LOAD), utc_offset_h=-6.0)
    assert "row 1,732" in text
    assert "2021-03-14 03:00 follows 2021-03-14 01:00: 1 hour is missing" in text
    assert "2021-11-07 01:00 appears twice" in text
    assert text.count("a clock with daylight saving does this; give UTC, such as 2021-01-01T06:00Z") == 2


def test_times_with_an_offset_for_each_hour_pass_daylight_saving(tmp_path):
    utc = [dt.datetime(2021, 1, 1, 6, tzinfo=dt.UTC) + k * HOUR for k in range(8760)]
    summer = [dt.datetime(2021, 3, 14, 8, tzinfo=dt.UTC) <= t < dt.datetime(2021, 11, 7, 7, tzinfo=dt.UTC) for t in utc]
    zones = {True: dt.timezone(dt.timedelta(hours=-5)), False: dt.timezone(dt.timedelta(hours=-6))}
    times = [t.astimezone(zones[s]).isoformat() for t, s in zip(utc, summer, strict=True)]
    found = read_profile(write(tmp_path, times, LOAD), "load_mw", utc_offset_h=-6.0)
    assert (found.start_h, found.first_year) == (0, 2021)


def test_times_without_a_clock_are_told(tmp_path):
    found = read_profile(write(tmp_path, stamps(), LOAD), "load_mw")
    assert found.utc_offset_h is None
    assert "carry no offset" in found.notes[0]
    with pytest.raises(DataError, match="nothing says on which clock"):
        on_clock(found, 0.0)


def test_mixed_and_unreadable_times(tmp_path):
    times = stamps(end="Z")
    times[5] = times[5].removesuffix("Z")
    assert "some times have an offset, some none; give all one" in said(write(tmp_path, times, LOAD))
    times[5] = "1/1/2021 5:00"
    assert 'row 7, column "timestamp": got "1/1/2021 5:00", need a time as' in said(write(tmp_path, times, LOAD))


def test_column_names_and_nothing_below(tmp_path):
    for times in ([], None):
        assert said(write(tmp_path, times, [])).startswith("load.csv: holds 0 hours, need 8,760 for each year")


@pytest.mark.parametrize("time", ["0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00", "", "2021-01-01 24:61"])
def test_times_that_are_none(tmp_path, time):
    times = stamps(end="Z")
    times[5] = time
    assert "row 7, column" in said(write(tmp_path, times, LOAD))


def test_quarter_hours(tmp_path):
    start = dt.datetime(2021, 1, 1)
    times = [f"{start + k * HOUR / 4:%Y-%m-%d %H:%M}" for k in range(8760)]
    assert "rows are 15 minutes apart, need one for each hour: take the mean" in said(write(tmp_path, times, LOAD))


def test_every_fault_of_a_file_at_once(tmp_path):
    cells = [f"{v:.3f}" for v in LOAD]
    cells[0], cells[10], cells[20], cells[30], cells[40] = "", "n/a", "12,5", "NaN", "-4"
    times = stamps(end="Z")
    text = said(write(tmp_path, times[:100] + times[101:], [c for k, c in enumerate(cells) if k != 100]))
    lines = text.splitlines()
    assert lines[0] == "load.csv row 22: 3 cells for 2 columns; write decimals with a point"
    assert lines[1] == 'load.csv row 2, column "load_mw": empty, need a number (MW); fill it, no hour is guessed'
    assert lines[2] == 'load.csv row 12, column "load_mw": got "n/a", need a number (MW)'
    assert 'row 32, column "load_mw": got "NaN"' in text
    assert 'row 42, column "load_mw": got -4, need MW of 0 or more' in text
    assert "1 hour is missing; add it" in text


def test_decimal_comma_in_quotes(tmp_path):
    cells = [f"{v:.3f}" for v in LOAD]
    cells[3] = '"79,5"'
    text = said(write(tmp_path, None, cells))
    assert text.endswith('got "79,5", need a number (MW); write 79.5 with a decimal point')


def test_many_faults_of_one_sort_are_counted(tmp_path):
    text = said(write(tmp_path, None, -LOAD))
    assert len(text.splitlines()) == 9
    assert text.endswith("the same here and in 8,751 rows more")


@pytest.mark.parametrize(
    ("kind", "values", "size_mw", "message"),
    [
        ("load_mw", LOAD * 1000.0, 100.0, "a thousandth would fit: it is in kW, divide it by 1,000"),
        ("load_mw", LOAD / 1000.0, 100.0, "1,000 times as much would fit: it is in GW, multiply it by 1,000"),
        ("load_mw", LOAD * 5.0, 100.0, "need a twentieth to the double of it; correct the size or the file"),
        ("irradiance_w_per_m2", LOAD / 100.0, None, "it is in kW/m² perhaps: multiply it by 1,000"),
        ("irradiance_w_per_m2", LOAD * 0.0, None, "no hour has any sun"),
        ("available_frac", LOAD, None, "it is in percent perhaps: divide it by 100"),
        ("available_frac", LOAD * 9.0, None, "it is in kW per MW perhaps: divide it by 1,000"),
        ("price_usd_per_mwh", LOAD / 1000.0, None, "it is in $/kWh perhaps: multiply it by 1,000"),
    ],
)
def test_wrong_unit(kind, values, size_mw, message):
    with pytest.raises(DataError) as caught:
        profile_of(values, kind, "given", size_mw)
    assert str(caught.value).endswith(message)
    assert len(str(caught.value).splitlines()) == 1


def test_negative_irradiance_is_named_by_row(tmp_path):
    sun = np.maximum(0.0, 900.0 * np.sin((np.arange(8760) % 24 - 6) / 12.0 * np.pi))
    sun[3] = -1.5
    text = said(write(tmp_path, None, sun, "sun.csv", "irradiance_w_per_m2"), "irradiance_w_per_m2")
    assert text == (
        'sun.csv row 5, column "irradiance_w_per_m2": got -1.5, need W/m² of 0 or more; '
        "an instrument's offset at night is 0"
    )


def test_nearest_column(tmp_path):
    text = said(write(tmp_path, None, LOAD, column="laod_mw"))
    assert text == (
        'load.csv row 1: no column "load_mw" (did you mean "laod_mw"?), got "laod_mw"; '
        "name it so, or say which column to read"
    )
    assert 'no column "HB_WSET" (did you mean "HB_WEST"?)' in said(
        write(tmp_path, None, LOAD, column="HB_WEST"), "price_usd_per_mwh", column="HB_WSET"
    )
    with pytest.raises(ValueError, match="did you mean"):
        read_profile(write(tmp_path, None, LOAD), "load_kw")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"timestamp;load_mw\n1;2\n", "columns are separated by semicolons, need commas"),
        (b"1,2\n3,4\n", "numbers where column names are needed; add a row of names"),
        (b"load_mw,load_mw\n1,2\n", 'column "load_mw" appears twice'),
        (b"\x1f\x8bbroken", "cannot be unpacked"),
        (b'load_mw\n"1\n', "broken quotes or cell"),
        (b"PAR1", "cannot be read as Parquet"),
    ],
)
def test_files_that_are_no_table(tmp_path, content, message):
    path = tmp_path / ("bad.parquet" if content == b"PAR1" else "bad.csv")
    path.write_bytes(content)
    assert message in said(path)


def test_missing_file(tmp_path):
    assert said(tmp_path / "none.csv") == "none.csv: no such file"
    assert said(tmp_path / "none.parquet") == "none.parquet: no such file"


def test_on_clock_moves_hours_and_says_which():
    base = profile_of(np.arange(8760.0), "load_mw", "given")
    utc = type(base)(base.kind, base.values, base.file, 0, 0.0)
    texas = on_clock(utc, -6.0)
    assert texas.values[:2].tolist() == [6.0, 7.0]
    assert texas.notes == ("given: set on UTC-6; its 6 first hours stand last",)
    np.testing.assert_array_equal(on_clock(texas, 0.0).values, utc.values)
    with pytest.raises(DataError, match="need whole hours"):
        on_clock(utc, 5.5)


@given(move=st.integers(-12, 14), start=st.integers(0, 8759))
def test_a_clock_there_and_back_changes_nothing(move, start):
    base = profile_of(np.arange(17520.0), "load_mw", "given")
    placed = on_clock(type(base)(base.kind, base.values, base.file, start, 0.0), 0.0)
    np.testing.assert_array_equal(on_clock(on_clock(placed, float(move)), 0.0).values, placed.values)
    assert placed.values.sum() == base.values.sum()


def test_months():
    assert np.bincount(month_of_hour(8760))[1:].tolist() == [744, 672, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744]
    assert month_of_hour(3, 8759).tolist() == [12, 1, 1]


def test_every_kind_states_sound_limits():
    assert all(kind.least < kind.most for kind in KINDS.values())


def test_prices_of_five_years_of_ercot(shared):
    path = shared / "data/prices/ercot_dam_hb_hubavg_2020_2024.csv.gz"
    found = read_profile(path, "price_usd_per_mwh", utc_offset_h=-6.0)
    assert (found.n_year, found.start_h, found.first_year) == (5, 0, 2020)
    assert found.notes == (f"{path.name}: 29 February left out (48 hours)",)
    years = found.values.reshape(5, 8760).mean(axis=1)
    np.testing.assert_allclose(years, [21.8, 145.6, 64.3, 55.9, 28.1], atol=0.15)


def test_prices_of_parquet(shared):
    path = shared / "data/prices/ercot_dam_hubs_zones_2021_2022.parquet"
    west = read_profile(path, "price_usd_per_mwh", column="HB_WEST", utc_offset_h=-6.0)
    assert west.n_year == 2
    assert west.values.mean() == pytest.approx(101.2, abs=0.05)


def test_messy_prices_are_named(shared):
    folder = shared / "data/prices"
    text = said(folder / "de_lu_day_ahead_2020_2024.csv.gz", "price_usd_per_mwh", column="price_eur_per_mwh")
    assert len(text.splitlines()) == 7
    assert "2020-09-27 00:00 follows 2020-09-25 23:00: 24 hours are missing; add them" in text
    australia = said(folder / "au_nsw_spot_2020_2024.csv.gz", "price_usd_per_mwh", column="price_aud_per_mwh")
    assert australia.endswith("need 8,760 for each year: 1 is too many, leave it out")


def test_page_quotes_what_is_said(tmp_path, root):
    """Proves: the faults that docs/hourly-data.md quotes are the texts of the code."""
    page = (root / "docs" / "hourly-data.md").read_text(encoding="utf-8")
    times = stamps()
    autumn = times.index("2021-11-07 02:00")
    local = [*times[:autumn], times[autumn - 1], *times[autumn:-1]]
    quarters = [f"{dt.datetime(2021, 1, 1) + k * HOUR / 4:%Y-%m-%d %H:%M}" for k in range(8760)]
    size = np.clip(LOAD, None, 100.0)
    size[0] = 100.0
    sun = np.maximum(0.0, 900.0 * np.sin((np.arange(8760) % 24 - 6) / 12.0 * np.pi))
    sun_w, offset = "irradiance_w_per_m2", sun.copy()
    offset[3] = -1.5
    cells = [f"{v:.3f}" for v in LOAD]
    quoted = [
        said(write(tmp_path, None, LOAD[:-1])),
        said(write(tmp_path, times[:4000] + times[4005:], np.delete(LOAD, range(4000, 4005)))),
        said(write(tmp_path, local, LOAD)),
        said(write(tmp_path, quarters, LOAD)),
        said(write(tmp_path, times, ["", *cells[1:]])),
        said(write(tmp_path, None, [*cells[:10], "n/a", *cells[11:]])),
        said(write(tmp_path, None, [*cells[:3], '"79,5"', *cells[4:]])),
        said(write(tmp_path, None, offset, "sun.csv", sun_w), sun_w),
        said(write(tmp_path, None, size * 1000.0), size_mw=100.0),
        said(write(tmp_path, None, sun / 1000.0, "sun.csv", sun_w), sun_w),
        said(write(tmp_path, None, size / 1000.0, "price.csv", "price_usd_per_mwh"), "price_usd_per_mwh"),
        said(write(tmp_path, None, size, "available.csv", "available_frac"), "available_frac").splitlines()[0],
        said(write(tmp_path, None, LOAD, column="laod_mw")),
    ]
    assert [text for text in quoted if f"`{text}`" not in page] == []
    listed = [f"| `{name}` |" for name in KINDS]
    assert [row for row in listed if row not in page] == []
