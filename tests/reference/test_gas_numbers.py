"""Worked netbacks of the methods note, section 10, unit conversions by definition, and the bridge."""

from __future__ import annotations

import math

import pytest

from wattworth import facts
from wattworth.errors import DataError
from wattworth.gas import quantities as q
from wattworth.gas.netback import Taxes, Way, capital_usd_per_unit, cash_usd_per_unit, netback
from wattworth.gas.plant import Facts
from wattworth.gas.uses import USES
from wattworth.gas.uses import power as generators
from wattworth.gas.uses.pipeline_export import line_usd_per_mmbtu, with_new_line

RATE_FRAC, POWER_RATE_FRAC = 0.10, 0.09
CCGT_NETBACK, CCGT_HEAT_RATE = 4.79471, 6.316
"""Of the note: power at 70 $/MWh, and the heat rate it is worked at."""


@pytest.fixture(scope="module")
def book() -> facts.FactBook:
    return facts.load()


def price(commodity: str, year: int) -> float:
    rows = facts.table("gas_prices").filter(
        (facts.table("gas_prices")["commodity"] == commodity) & (facts.table("gas_prices")["year"] == str(year))
    )
    return float(rows["value"][0])


@pytest.mark.parametrize(
    ("use", "commodity", "year", "expected"),
    [
        ("lng", "gas_europe_ttf", 2025, 6.33136),
        ("methanol", "methanol_realised", 2025, 4.89500),
        ("ammonia", "ammonia_tampa", 2024, 4.88785),
        ("urea", "urea", 2025, 10.2259),
        ("gtl", "brent", 2025, 2.61570),
    ],
)
def test_worked_netbacks(book, use, commodity, year, expected):
    """Proves: every packaged figure and the formula reproduce the note's table at its digits.

    Sensitivity: leaving out use of capacity gives 6.66 for LNG and 5.2 for methanol.
    """
    found = netback(USES[use].plant(book), price(commodity, year), RATE_FRAC)
    assert found.inlet_usd_per_mmbtu == pytest.approx(expected, abs=6e-6 if expected < 10 else 6e-5)


def test_sanctioned_lng(book):
    """Capital times 1.4 and price times 0.7 leave 1.97069."""
    plant = USES["lng"].plant(book).with_capex_times(book["sanctions.lng_technology_capex_multiplier"].value)
    paid = price("gas_europe_ttf", 2025) * (1 - book["sanctions.sanctioned_lng_price_discount"].value)
    assert netback(plant, paid, RATE_FRAC).inlet_usd_per_mmbtu == pytest.approx(1.97069, abs=6e-6)


def test_urea_before_capex(book):
    """By hand: (422.655 - 30 - 40) / 23 = 15.3328."""
    found = netback(USES["urea"].plant(book), price("urea", 2025), RATE_FRAC)
    assert found.inlet_before_capex_usd_per_mmbtu == pytest.approx(352.655 / 23.0, rel=1e-12)


def test_new_line_to_china(book):
    """800 bn RUB at 29.4 for 38 bcm costs 2.58165, and leaves 4.28852 of 248.7 $/1000 m3."""
    heat = book["conversion.thousand_m3_to_mmbtu"].value
    capex_usd = book["pipeline_pos1.capex"].value * 1e9 / book["pipeline_pos1.rub_per_usd"].value
    plant = with_new_line(capex_usd / q.mmbtu_of_bcm(38.0, heat), 20.0, 0.9)
    assert capital_usd_per_unit(plant, RATE_FRAC) == pytest.approx(2.58165, abs=6e-6)
    found = netback(plant, price("russian_gas_china_border", 2025) / heat, RATE_FRAC)
    assert found.inlet_usd_per_mmbtu == pytest.approx(4.28852, abs=6e-6)


def test_new_line_by_diameter(book):
    """36 inches over 3,000 km for 30 bcm at 0.9 costs 2.91166 (209 thousand dollars an inch and kilometre)."""
    capex_usd = 36 * 3_000 * round(book["pipeline_us.cost_inch_km"].value, -3)
    heat = book["conversion.thousand_m3_to_mmbtu"].value
    cost = line_usd_per_mmbtu(capex_usd, 0.10, 30.0, book["pipeline.fixed_opex"].value, q.mmbtu_of_bcm(27.0, heat))
    assert cost == pytest.approx(2.91166, abs=6e-6)


def test_transit_tariff(book):
    per_100_km = book["pipeline.transit_tariff"].value / book["conversion.thousand_m3_to_mmbtu"].value
    assert per_100_km == pytest.approx(0.0690608, abs=6e-8)


def made(book, build, keys):
    return build(Facts(book, None, keys))


def lcoe_usd_per_mwh(plant, fuel_usd_per_mmbtu):
    return plant.gas_mmbtu_per_unit * fuel_usd_per_mmbtu + non_fuel(plant)


def non_fuel(plant):
    return capital_usd_per_unit(plant, POWER_RATE_FRAC) - cash_usd_per_unit(plant, 0.0)


def by_discounting(usd_per_kw, fixed_usd_per_kw, variable_usd, heat_rate, gas_usd):
    """Cost over energy, both discounted year by year as definitions of the levelised cost have it. [USD/MWh]"""
    weights = [1.09**-year for year in range(1, 21)]
    made = 8.76 * 0.9
    cost = usd_per_kw + sum(
        weight * (fixed_usd_per_kw + made * (variable_usd + heat_rate * gas_usd)) for weight in weights
    )
    return cost / sum(weight * made for weight in weights)


def test_levelised_costs_by_the_note_and_by_discounting(book):
    """Proves: engine and combined cycle to the note's digits, and all three against a sum over twenty years.

    A netback of 4.79471 at 70 $/MWh says that a combined cycle costs 70 - 4.79471 x 6.316 without gas.
    """
    engine = made(book, generators.engines, generators.ENGINE_KEYS)
    assert lcoe_usd_per_mwh(engine, 3.5) == pytest.approx(75.1192, abs=6e-5)
    assert non_fuel(engine) == pytest.approx(45.6317, abs=6e-5)
    assert lcoe_usd_per_mwh(engine, 3.5) == pytest.approx(by_discounting(1850 * 1.25, 0, 13.5, 8.425, 3.5), rel=1e-9)
    cycle = made(book, generators.ccgt, generators.CCGT_KEYS)
    assert non_fuel(cycle) == pytest.approx(70.0 - CCGT_NETBACK * CCGT_HEAT_RATE, abs=6e-6 * CCGT_HEAT_RATE)
    assert lcoe_usd_per_mwh(cycle, 3.5) == pytest.approx(by_discounting(2400, 33.5, 2.12, 6.316, 3.5), rel=1e-9)
    cells = made(book, generators.fuel_cells, generators.FUEL_CELL_KEYS)
    heat_rate = 3600.0 / 1055.05585262 / book["fuel_cell_generic.electric_eff_hhv"].value
    variable = book["fuel_cell_generic.om_variable"].value
    capex = book["fuel_cell_generic.capex"].value
    assert (capex, variable) == (3680.0, 39.0)
    assert lcoe_usd_per_mwh(cells, 3.5) == pytest.approx(by_discounting(capex, 0, variable, heat_rate, 3.5), rel=1e-9)


def test_rates_of_the_note_are_the_packaged_ones(book):
    assert book["gas_project.wacc_real"].value == RATE_FRAC
    assert book["power.real_wacc"].value == POWER_RATE_FRAC
    assert book["gas_project.wacc_real"].value + book["gas_project.sanctions_addon"].value == pytest.approx(0.13)
    assert book["power.grid_price"].value == 70.0


@pytest.mark.parametrize(("rate", "expected", "digits"), [(0.09, 4.79471, 5), (0.10, 4.41, 2), (0.13, 3.21, 2)])
def test_power_at_70(book, rate, expected, digits):
    found = netback(USES["power"].plant(book), 70.0, rate).inlet_usd_per_mmbtu
    assert found == pytest.approx(expected, abs=0.6 * 10**-digits)


@pytest.mark.parametrize(("rate", "expected", "digits"), [(0.09, 4.07932, 5), (0.10, 3.80, 2), (0.13, 2.94, 2)])
def test_ai_site_paying_80(book, rate, expected, digits):
    """An engine alone, without cooling of the hall and gas treatment, which the use adds."""
    engine = made(book, generators.engines, generators.ENGINE_KEYS)
    assert netback(engine, 80.0, rate).inlet_usd_per_mmbtu == pytest.approx(expected, abs=0.6 * 10**-digits)


@pytest.mark.parametrize(("use", "commodity", "year", "expected"), [
    ("methanol", "methanol_realised", 2025, 4.33), ("ammonia", "ammonia_tampa", 2024, 3.63),
])  # fmt: skip
def test_at_thirteen_percent(book, use, commodity, year, expected):
    """Proves: the rate moves the ranking, at the note's digits."""
    found = netback(USES[use].plant(book), price(commodity, year), 0.13).inlet_usd_per_mmbtu
    assert found == pytest.approx(expected, abs=0.006)


def test_at_the_field_and_by_party(book):
    """By hand: 10 at the inlet, 2 % lost, tariff 1: 8.8 at the field; duty 30 % of 10 x 0.98; tax 0.6."""
    plant = USES["pipeline_export"].plant(book)
    found = netback(plant, 10.0, 0.1, way=Way(1.0, 0.02), taxes=Taxes(0.3, 0.6), dutiable=True)
    assert found.field_usd_per_mmbtu == pytest.approx(8.8)
    assert found.state_usd_per_mmbtu == pytest.approx(0.3 * 9.8 + 0.6)
    assert found.owner_usd_per_mmbtu + found.state_usd_per_mmbtu == pytest.approx(found.field_usd_per_mmbtu)


def test_conversions_are_exact():
    """Definitions: 1 Btu(IT) = 1055.05585262 J, 1 ft = 0.3048 m, volumes as absolute temperatures."""
    assert q.mwh_of_mmbtu(1.0) == 1_055_055_852.62 / 3.6e9
    assert q.mmbtu_of_mwh(q.mwh_of_mmbtu(7.0)) == pytest.approx(7.0, rel=1e-15)
    assert q.bcm_at_20c(1.0, "bcm_15c") == pytest.approx(293.15 / 288.15, rel=1e-15)
    assert 1.0 / q.bcm_at_20c(1.0, "bcm_0c") == pytest.approx(273.15 / 293.15, rel=1e-15)
    assert pytest.approx(35.3146667, abs=5e-8) == 1.0 / q.M3_PER_CUBIC_FOOT
    assert q.bcm_at_20c(35.3146667, "bcf_60f") == pytest.approx(293.15 / (273.15 + 28 / 1.8), rel=1e-8)
    assert q.kg_of_mmbtu(q.mmbtu_of_bcm(1.0, 36.2), 52.6) == pytest.approx(36.2e6 / 52.6 * 1000, rel=1e-15)
    assert q.bcm_of_mmbtu(q.mmbtu_of_bcm(3.0, 36.2), 36.2) == pytest.approx(3.0, rel=1e-15)
    with pytest.raises(DataError, match="bcm_20c"):
        q.bcm_at_20c(1.0, "bcm")  # type: ignore[arg-type]


def test_conversions_agree_with_the_facts(book):
    assert pytest.approx(book["conversion.mmbtu_to_gj"].value, abs=6e-6) == q.GJ_PER_MMBTU
    assert pytest.approx(book["conversion.mmbtu_to_mwh"].value, abs=6e-6) == q.MWH_PER_MMBTU
    heat = q.mmbtu_of_mwh(book["conversion.bcm_to_twh"].value * 1e6) / q.THOUSAND_M3_PER_BCM
    assert heat == pytest.approx(book["conversion.thousand_m3_to_mmbtu"].value, abs=0.05)


def test_every_use_has_a_finite_netback_at_any_price(book):
    for use in USES.values():
        plant = use.plant(book, 2025)
        found = netback(plant, 0.0, 0.13)
        assert math.isfinite(found.inlet_usd_per_mmbtu), use.name
        assert found.inlet_usd_per_mmbtu <= found.inlet_before_capex_usd_per_mmbtu, use.name


def test_size_follows_the_exponent(book):
    """Half the size costs 27.4561 % more a unit at 0.65, as section 4 works it."""
    plant = USES["methanol"].plant(book)
    half = plant.sized(plant.reference_units_per_year / 2)
    assert half.capex_usd_per_unit_year / plant.capex_usd_per_unit_year == pytest.approx(1.274561, abs=6e-7)
