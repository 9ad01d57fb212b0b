"""Numbers of methods.md section 2 and of the tables behind the facts of GPUs, gas and flexible load."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest

from wattworth import facts
from wattworth.markets import gpu

SIX = 5e-6


@pytest.fixture(scope="module")
def book():
    return facts.load()


def test_year_average_of_a_falling_rent():
    """Proves: p0 (1 - exp(-d)) / d. Sensitivity: the end of the year is 1.94700, the mean of both ends 2.22350."""
    assert gpu.year_average_usd_per_hour(2.50, 0.25) == pytest.approx(2.21199, rel=SIX)
    assert gpu.year_average_usd_per_hour([2.50, 2.50], [0.0, 1e-13]) == pytest.approx(2.50)


def test_revenue_of_a_megawatt():
    """Proves: methods' 12.0223 M$ from 729.927 GPUs, 85 % used. Sensitivity: rack power alone gives 784 GPUs."""
    gpus = 1000.0 / 1.37
    average = float(gpu.year_average_usd_per_hour(2.50, 0.25))
    assert gpus * 8760 * 0.85 * average / 1e6 == pytest.approx(12.0223, rel=SIX)


def test_launch_step_is_the_ratio_of_rents_over_kilowatts(book):
    rents = book["B200.rental_silicondata_2026-05"].value, book["H100.rental_2026-05"].value
    kilowatts = book["GB200_NVL72.all_in_kw_critical_it"].value, book["H100.all_in_kw_critical_it"].value
    step = rents[0] / kilowatts[0] / (rents[1] / kilowatts[1])
    assert book["gpu.launch_step"].value == pytest.approx(step, abs=0.005)
    assert book["B200.h100_equivalents"].value == pytest.approx(rents[0] / rents[1], abs=0.005)


def test_pass_through_and_decay_hold_the_revenue_of_a_new_kilowatt(book):
    """Proves: two years of decay and a passed-on step take back what a launch adds, three quarters of it at once."""
    step = np.log(book["gpu.launch_step"].value)
    passed = gpu.pass_through_frac({key: np.array(book[key].value) for key in gpu.FACT_KEYS})
    assert passed * step - 2.0 * np.log1p(-book["gpu.decay"].value) == pytest.approx(step, rel=1e-12)
    assert passed == pytest.approx(0.75, abs=0.02)


def test_volatility_of_gpu_rent_from_its_quotes(book):
    """Proves: six H100 quotes, Q1 2024 to May 2026, give 0.40 about their trend; two rows of the same market."""
    quotes = {"2024-Q1": 2024.125, "2024-10": 2024.79, "2025-06": 2025.46, "2025-10": 2025.79, "2026-03": 2026.21}
    rent = [book[f"H100.rental_{when}"].value for when in quotes] + [book["H100.rental_2026-05"].value]
    steps, years = np.diff(np.log(rent)), np.diff([*quotes.values(), 2026.375])
    trend = steps.sum() / years.sum()
    found = np.sqrt(((steps - trend * years) ** 2 / years).sum() / (steps.size - 1))
    assert found == pytest.approx(book["gpu.volatility"].value, abs=0.02)


def test_gas_levels_are_the_annual_means(book, shared):
    text = (shared / "facts" / "gas_prices.csv").read_text(encoding="utf-8")
    for year in (2025, 2026):
        row = next(line for line in text.splitlines() if line.startswith(f"gas_us_henry_hub,{year},"))
        assert book[f"gas_{year}.henry_hub"].value == float(row.split(",")[2])


def test_gas_volatility_and_reversion(book, shared):
    """Proves: AR(1) of the deseasonalised log monthly mean since 2010. Sensitivity: a random walk gives 0.584, k 0."""
    with gzip.open(shared / "data" / "gas" / "henry_hub_daily_1997_2026.csv.gz", "rt") as file:
        rows = [
            row for row in csv.DictReader(file) if "2010-01" <= row["date"][:7] <= "2026-06" and row["usd_per_mmbtu"]
        ]
    months = sorted({row["date"][:7] for row in rows})
    mean = np.array(
        [np.mean([float(row["usd_per_mmbtu"]) for row in rows if row["date"].startswith(month)]) for month in months]
    )
    of_year = np.array([int(month[5:]) for month in months])
    log = np.log(mean)
    moved = log - np.array([log[of_year == month].mean() for month in of_year])
    keep = np.polyfit(moved[:-1], moved[1:], 1)[0]
    speed = -12.0 * np.log(keep)
    left = (moved[1:] - keep * moved[:-1]).std(ddof=2)
    assert speed == pytest.approx(book["gas.mean_reversion"].value, rel=2e-3)
    volatility = left / np.sqrt((1.0 - keep**2) / (2.0 * speed))
    assert volatility == pytest.approx(book["gas.volatility"].value, rel=2e-3)


def test_what_the_ercot_adder_still_holds(book):
    """Proves: 100 $/kW-yr is 11.4 $/MWh; the adder's 9 less 4.6 of other charges is 39 % of it.

    Sensitivity: crediting the whole charge beside an adder that leaves most of it out counts 7 $/MWh twice.
    """
    charge = book["ercot.4cp_value"].value / 8.760
    assert charge == pytest.approx(11.4155, rel=SIX)
    left = (book["power_ercot_hub.delivery_adder"].value - 4.6) / charge
    assert book["ercot.4cp_left_in_adder"].value == pytest.approx(left, abs=0.02)


def test_demand_response_of_ercot_is_below_what_riot_shows(book):
    """Proves: the high end is Riot's annualised credits times the share of demand response in August 2023."""
    share = 7.4 / book["riot.aug_2023_credits"].value
    most = book["riot.credits_per_kw_yr_2025_annualised"].value * share
    assert book["power_ercot_hub.demand_response"].high == pytest.approx(most, abs=0.5)
    assert book["power_ercot_hub.demand_response"].value < most
