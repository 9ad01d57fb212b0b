"""A study's own market files: what they give, and every fault with its file, row, column and cure."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from wattworth.records import HourlySeries, MonthlySeries
from wattworth.study import check, read

SETTINGS = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\nmarket_files:\n"
SITES = "site_id,name,company,country,operating_gross_mw\nacme,Acme,A,US,100\n"
MONTHS = "month,value\n2026-05,3.4\n2026-06,3.5\n2026-07,3.6\n"

MONTH, PRICE = ' row 3, column "month":', ' row 2, column "value":'
NEED = "need $/MMBtu from 0.2 to 150"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path) -> Write:
    def make(entry: str, **files: str) -> Path:
        (tmp_path / "study.yaml").write_text(f"{SETTINGS}{entry}\n", encoding="utf-8")
        (tmp_path / "sites.csv").write_text(SITES, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def _faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder, {})]


def _hours(year: int = 2025, n_hour: int = 8760, start: str = "", price: Callable[[int], float] | None = None) -> str:
    first = dt.datetime.fromisoformat(start or f"{year}-01-01 00:00")
    price = price or (lambda hour: 20.0 if hour % 24 < 12 else 60.0)
    rows = (f"{first + dt.timedelta(hours=hour)},{price(hour)}" for hour in range(n_hour))
    return "timestamp,usd_per_mwh\n" + "\n".join(rows) + "\n"


def test_months(write):
    study = read(write("  gas: {file: gas.csv, measure: forward}\n  rent: rent.csv",
                       gas=MONTHS, rent="month,value,low,high\n2026-06,130,100,160\n"), {})  # fmt: skip
    gas = study.market_series["gas"]
    assert gas == MonthlySeries("gas", "gas.csv", "2026-05", (3.4, 3.5, 3.6), forward=True)
    assert study.market_series["rent"] == MonthlySeries("rent", "rent.csv", "2026-06", (130.0,), (100.0,), (160.0,))
    assert pickle.loads(pickle.dumps(study)) == study


def test_hours(write):
    """Proves: level 40, two ratios of half the hours each, flat months; 8,760 prices become two bins.

    Sensitivity: a curve over the year's mean instead of the month's would keep more bins once months differ.
    """
    study = read(write("  power_hours_pjm: pjm.csv", pjm=_hours()), {})
    own = study.market_series["power_hours_pjm"]
    assert isinstance(own, HourlySeries)
    assert (own.n_hour, own.level_usd_per_mwh) == (8760, pytest.approx(40.0))
    assert own.price_ratio == pytest.approx((0.5, 1.5))
    assert own.hours_frac == pytest.approx((0.5, 0.5))
    assert own.season_ratio == pytest.approx((1.0,) * 12)


def test_hours_that_vary_by_month_and_go_below_nought(write):
    """Proves: seasons and shape are taken apart, the curve's mean is one, and negative hours stay."""
    text = _hours(2024, 8784, price=lambda hour: (hour // 1464 + 1) * (100.0 if hour % 4 else -20.0))
    own = read(write("  power_hours_pjm: pjm.csv", pjm=text), {}).market_series["power_hours_pjm"]
    assert isinstance(own, HourlySeries)
    assert own.price_ratio[0] < 0.0
    assert np.dot(own.price_ratio, own.hours_frac) == pytest.approx(1.0, rel=1e-12)
    assert sum(own.hours_frac) == pytest.approx(1.0, rel=1e-12)
    assert own.season_ratio[11] > 4.0 * own.season_ratio[0]


@pytest.mark.parametrize("start", ["2024-06-15 00:00", "2025-01-01 06:00+00:00", "2025-01-01 00:00-06:00"])
def test_any_whole_year_will_do(write, start):
    own = read(write("  power_hours_pjm: pjm.csv", pjm=_hours(start=start)), {}).market_series["power_hours_pjm"]
    assert isinstance(own, HourlySeries)
    assert own.season_ratio == pytest.approx((1.0,) * 12, abs=0.02)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("2026-06,3.5\n2026-08,3.6", [f"{MONTH} 2026-08 follows 2026-06: 1 month is missing; add a row for each"]),
        ("2026-06,3.5\n2026-06,3.6", [f"{MONTH} 2026-06 appears twice; keep one row for each month"]),
        ("2026-06,3.5\n2026-05,3.6", [f"{MONTH} 2026-05 comes after 2026-06; put the months in order"]),
        ("2026-06,3500", [f"{PRICE} got 3500, {NEED}; a thousandth, 3.5, would fit: is it in another unit?"]),
        ("2026-06,-3.5", [f"{PRICE} got -3.5, {NEED}"]),
        ("2026-06,nan", [f'{PRICE} got "nan", need a number; leave it empty if it is not known']),
        ("2026-07,3.5", [": runs from 2026-07 to 2026-07, need the study's as-of month 2026-06 in it; add its rows"]),
        ("", [": no rows, need one for each month from the as-of month on"]),
    ],
)
def test_faults_of_months(write, rows, faults):
    found = _faults(write("  gas: gas.csv", gas=f"month,value\n{rows}\n"))
    assert found == [f"gas.csv{fault}" for fault in faults]


def test_faults_of_ranges(write):
    rows = "2026-06,3.5,3.0,4.0\n2026-07,3.5,3.6,4.0\n2026-08,3.5,,4.0\n2026-09,3.5,,\n"
    assert _faults(write("  gas: gas.csv", gas=f"month,value,low,high\n{rows}")) == [
        'gas.csv row 3, column "value": 3.5 lies outside low 3.6 to high 4',
        'gas.csv row 4, column "low": low and high go together; fill both or neither',
        "gas.csv: 2 of 4 months have a range; fill low and high in every row or in none",
    ]


def test_faults_of_hours(write):
    def fault(text: str) -> str:
        (only,) = _faults(write("  power_hours_pjm: pjm.csv", pjm=text))
        return only

    lines = _hours().splitlines()
    short = "holds 8,759 hours from 2025-01-01 00:00:00 to 2025-12-31 22:00:00, need whole years"
    assert short in fault("\n".join(lines[:-1]))
    spring = fault("\n".join([*lines[:1635], *lines[1636:]]))
    assert spring.startswith('pjm.csv row 1636, column "timestamp": 2025-03-10 03:00:00 follows 2025-03-10 01:00:00')
    assert "1 hour is missing; clocks that change do this: give UTC" in spring
    autumn = _faults(write("  power_hours_pjm: pjm.csv", pjm="\n".join([*lines[:7340], lines[7339], *lines[7340:]])))
    assert "appears twice; clocks that change do this" in autumn[0]
    assert "need one row for each whole hour" in fault(_hours(start="2025-01-01 00:30", n_hour=1))
    assert 'got "soon", need a time as YYYY-MM-DD HH:MM' in fault("timestamp,usd_per_mwh\nsoon,3\n")
    cents = _faults(write("  power_hours_pjm: pjm.csv", pjm=_hours(price=lambda _: 0.04)))
    assert "got 0.04, need $/MWh from 1 to 2,000; 1000 times as much, 40, would fit" in cents[0]
    negative = _faults(write("  power_hours_pjm: pjm.csv", pjm=_hours(price=lambda hour: -1.0 if hour < 744 else 30.0)))
    assert "month 2025-01: the mean is -1 $/MWh" in negative[0]


def test_a_wholly_wrong_file_is_not_ten_thousand_lines(write):
    found = _faults(write("  power_hours_pjm: pjm.csv", pjm=_hours(price=lambda _: 1e6)))
    assert len(found) == 9
    assert found[-1] == "pjm.csv: 8,752 more faults of this kind"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("  gold: gold.csv", 'unknown market "gold"'),
        ("  power_pjn: pjm.csv", 'unknown market "power_pjn" (did you mean "power_pjm"?)'),
        ("  power_hours_ercot_hup: h.csv", 'did you mean "power_hours_ercot_hub"'),
        ("  gas: ../gas.csv", 'got "../gas.csv", need a file inside the folder'),
        ("  gas: /etc/passwd", 'got "/etc/passwd", need a file inside the folder'),
        ("  gas: gone.csv", "gone.csv: no such file"),
        ("  gas: {file: gas.csv, measure: pricing}", 'need one of "expected", "forward"'),
        ("  gas: {fil: gas.csv}", 'unknown key "fil" (did you mean "file"?)'),
        ("  power_hours_pjm: {file: h.csv, measure: forward}", "hours of the past are no forward curve"),
        ("  - gas.csv", "need a mapping of markets to CSV files of the folder"),
    ],
)
def test_faults_of_the_entry(write, entry, message):
    found = _faults(write(entry))
    assert any(message in fault for fault in found), found


def test_a_workbook_says_that_it_holds_no_files(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "study"
    pairs = {"key": "value", "schema_version": 1, "name": "mine", "as_of": "2026-06", "usd_year": 2026,
             "tax_losses": "carried", "commodity_case": 2025, "market_files": "gas.csv"}  # fmt: skip
    for pair in pairs.items():
        sheet.append(pair)
    sites = book.create_sheet("sites")
    for line in SITES.splitlines():
        sites.append(line.split(","))
    path = tmp_path / "mine.xlsx"
    book.save(path)
    (found,) = _faults(path)
    assert "market_files" in found or "need a mapping of markets to CSV files of the folder" in found


@pytest.mark.parametrize(("case", "sound"), [("2025", True), ("2026", True), ("2024", False)])
def test_the_commodity_case_is_a_choice(write, case, sound):
    folder = write("  gas: gas.csv", gas=MONTHS)
    path = folder / "study.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}commodity_case: {case}\n", encoding="utf-8")
    if sound:
        assert read(folder, {}).commodity_case == case
    else:
        assert 'got "2024", need one of "2025", "2026"' in _faults(folder)[0]
