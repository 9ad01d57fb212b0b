"""Fuel below full load, and derating."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.supply.part_load import (
    derate_frac,
    fuel_frac,
    fuel_mmbtu_per_h,
    heat_rate_ratio,
    idle_fuel_frac,
    running_units,
)


@given(ratio=st.floats(1.0, 1.3), load=st.floats(0.3, 0.7))
def test_a_point_of_the_data_sheet_is_found_again(ratio, load):
    idle = idle_fuel_frac(ratio, load)
    assert float(heat_rate_ratio(load, idle)) == pytest.approx(ratio, rel=1e-12)
    assert float(heat_rate_ratio(1.0, idle)) == pytest.approx(1.0, rel=1e-12)
    assert fuel_frac([0.0, 1.0], idle).tolist() == pytest.approx([idle, 1.0])


@given(output=st.floats(0.1, 20.0), idle=st.floats(0.0, 0.3))
def test_fewer_running_units_burn_less(output, idle):
    n = float(running_units(output, 4.4))
    few, many = (float(fuel_mmbtu_per_h(output, k, 4.4, 8.4, idle)) for k in (n, n + 1.0))
    assert few <= many
    assert few >= 8.4 * output * (1.0 - 1e-12)


def test_running_units_are_whole():
    assert running_units([0.0, 0.1, 4.4, 8.8, 3 * 4.4], 4.4).tolist() == [0.0, 1.0, 1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="give its size"):
        running_units(1.0, 0.0)
    with pytest.raises(ValueError, match="less than is asked"):
        fuel_mmbtu_per_h(5.0, 1, 4.4, 8.4, 0.1)


@pytest.mark.parametrize(("ratio", "load"), [(1.1, 1.0), (1.1, 0.0), (0.9, 0.5), (2.5, 0.5)])
def test_points_that_fit_no_line_are_refused(ratio, load):
    with pytest.raises(ValueError, match=r"part load|no fuel line"):
        idle_fuel_frac(ratio, load)


def test_cold_air_gives_no_more_than_the_rating_and_heat_no_less_than_nothing():
    found = derate_frac(np.array([-20.0, 15.0, 25.0, 500.0]), loss_frac_per_deg=0.007, loss_frac_per_km=0.11)
    assert found == pytest.approx([1.0, 1.0, 0.93, 0.0])
    assert float(derate_frac(15.0, 20_000.0, loss_frac_per_deg=0.0, loss_frac_per_km=0.11)) == 0.0
    assert float(derate_frac(30.0, loss_frac_per_deg=0.01, loss_frac_per_km=0.0, rated_c=25.0)) == pytest.approx(0.95)
