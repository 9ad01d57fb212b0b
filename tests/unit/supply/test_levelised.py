"""Cost per megawatt-hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.finance import capital_recovery_factor
from wattworth.supply.levelised import (
    UnitCost,
    annuity_per_year,
    cost_of_served,
    plant_year,
    unit_usd_per_mwh,
)

ENGINE = UnitCost(1850.0, 20.0, 13.5, 8.425, 1.25)


@given(rate=st.just(0.0) | st.floats(0.001, 0.3), years=st.integers(1, 40))
def test_the_annuity_is_the_one_of_the_finance_room(rate, years):
    assert annuity_per_year(rate, years) == pytest.approx(capital_recovery_factor(rate, years), rel=1e-10)


def test_a_rate_near_nought_spreads_capital_evenly():
    assert annuity_per_year(1e-66, 20) == pytest.approx(0.05, rel=1e-12)


@given(unserved=st.floats(0.0, 0.9), cost=st.floats(1.0, 1e9), lost=st.floats(0.0, 1e4))
def test_leaving_load_unserved_flatters_the_cost_per_megawatt_hour_demanded(unserved, cost, lost):
    found = cost_of_served(cost, 1e6, unserved * 1e6, lost)
    assert found.demanded_usd_per_mwh <= found.served_usd_per_mwh * (1.0 + 1e-12)
    assert found.with_unserved_usd_per_mwh == pytest.approx(found.demanded_usd_per_mwh + unserved * lost)
    assert found.served_usd_per_mwh * (1.0 - unserved) == pytest.approx(found.demanded_usd_per_mwh)


def test_short_formula_and_cost_lines_agree():
    """Proves: the formula is the yearly cost over the yearly energy. Sensitivity: 8,784 hours are 0.3 % off."""
    energy = 100.0 * 8760.0 * 0.9
    year = plant_year(ENGINE, 100.0, energy, 3.5)
    yearly = year.capital_usd * annuity_per_year(0.09, 20) + year.upkeep_usd + year.fuel_usd
    assert unit_usd_per_mwh(ENGINE, annuity_per_year(0.09, 20), 0.9, 3.5) == pytest.approx(yearly / energy)
    assert year.fuel_mmbtu == pytest.approx(energy * 8.425)


def test_what_has_no_cost_per_megawatt_hour_is_refused():
    with pytest.raises(ValueError, match="no cost per MWh"):
        cost_of_served(1.0, 100.0, 100.0, 0.0)
    with pytest.raises(ValueError, match="capacity factor"):
        unit_usd_per_mwh(ENGINE, 0.1, 0.0, 3.5)
