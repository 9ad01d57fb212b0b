"""Coincident peaks up to the end of 4CP, what follows, and demand response."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.markets.flexible import flexible_keys, peak_usd_per_kw_month
from wattworth.records import ParameterDraws
from wattworth.records.axes import month_number

JUNE_2026 = month_number("2026-06")


def _params(**changes: float) -> ParameterDraws:
    values = {
        "power_ercot_hub.demand_response": 24.0,
        "power_pjm.demand_response": 60.0,
        "ercot.4cp_value": 100.0,
        "ercot.4cp_end": 2027.0,
        "ercot.4cp_successor_share": 0.0,
        "ercot.4cp_left_in_adder": 0.4,
        **{key.replace("__", "."): value for key, value in changes.items()},
    }
    return ParameterDraws({key: np.full(1, value) for key, value in values.items()})


def test_four_peaks_end_with_2026():
    """Proves: December 2026 earns (24 + 0.4 x 100) / 12, January 2027 24 / 12. Sensitivity: the whole charge, 10.33."""
    paid = peak_usd_per_kw_month("ercot_hub", JUNE_2026, np.ones((9, 1)), _params())
    assert paid[:7, 0] == pytest.approx(64.0 / 12.0)
    assert paid[7:, 0] == pytest.approx(2.0)


def test_a_successor_keeps_its_share():
    paid = peak_usd_per_kw_month("ercot_hub", JUNE_2026, np.ones((9, 1)), _params(ercot__4cp_successor_share=0.5))
    assert paid[8, 0] == pytest.approx((24.0 + 20.0) / 12.0)


def test_money_of_the_month_and_no_peaks_elsewhere():
    prices = np.array([[1.0], [1.1]])
    assert peak_usd_per_kw_month("pjm", JUNE_2026, prices, _params())[:, 0] == pytest.approx([5.0, 5.5])
    assert flexible_keys("pjm") == ("power_pjm.demand_response",)
    assert len(flexible_keys("ercot_west")) == 5


def test_nothing_is_paid_for_less_than_nothing():
    paid = peak_usd_per_kw_month("pjm", JUNE_2026, np.ones((2, 1)), _params(power_pjm__demand_response=-3.0))
    assert (paid == 0.0).all()
