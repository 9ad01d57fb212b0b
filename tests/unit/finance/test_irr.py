"""Internal rates: published traps, statuses, and roots that zero the value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.finance import IRR_STATUS, implied_rate_frac, internal_rates_frac, present_value_usd


def yearly(*flows: float) -> np.ndarray:
    """Yearly flows on the monthly grid, one draw."""
    monthly = np.zeros((12 * (len(flows) - 1) + 1, 1))
    monthly[::12, 0] = flows
    return monthly


def test_two_roots_are_said_not_chosen() -> None:
    """Proves: -100, 230, -132 has roots at 10 % and 20 % (methods section 6) and none is reported."""
    rate, status = internal_rates_frac(yearly(-100, 230, -132))
    assert IRR_STATUS[status[0]] == "not_unique"
    assert np.isnan(rate[0])
    assert present_value_usd([-100, 230, -132], 0.15) == pytest.approx(0.189036, abs=5e-7)


def test_statuses() -> None:
    """Proves: no sign change, a root out of range, and a loss-making project each say so."""
    flows = np.concatenate([yearly(5, 5), yearly(-1, 1000), yearly(-100, 60)], axis=1)
    rate, status = internal_rates_frac(flows)
    assert [IRR_STATUS[s] for s in status] == ["no_sign_change", "out_of_range", "ok"]
    assert rate[2] == pytest.approx(-0.4, abs=1e-12)


def test_several_signs_one_root() -> None:
    """Proves: a late clean-up cost that leaves one root in range still has an IRR.

    The flows and the useful root are validation.md T32; numpy-financial 1.0.0 returns -0.99979.
    """
    flows = [-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1]
    rate, status = internal_rates_frac(yearly(*flows))
    assert IRR_STATUS[status[0]] == "ok"
    assert rate[0] == pytest.approx(1.0042698487, abs=1e-9)


def test_negative_return() -> None:
    """Proves: T32's -10,000 then 16 x 327.24625 returns -0.0676541134."""
    rate, _ = internal_rates_frac(yearly(-10000, *[327.24625] * 16))
    assert rate[0] == pytest.approx(-0.0676541134, abs=1e-9)


@given(
    outlay=st.floats(1.0, 1e10),
    gains=st.lists(st.floats(0.0, 1e9), min_size=2, max_size=30).filter(lambda g: sum(g) > 1),
)
def test_root_zeroes_the_value_and_ignores_scale(outlay: float, gains: list[float]) -> None:
    """Proves: the reported rate is a root, and the same for any currency unit."""
    flows = yearly(-outlay, *gains)
    rate, status = internal_rates_frac(np.concatenate([flows, flows * 1e3], axis=1))
    assert status[0] == status[1]
    if status[0] == 0:
        assert rate[0] == pytest.approx(rate[1], rel=1e-9, abs=1e-9)
        value = present_value_usd(flows[:, 0], rate[0], periods_per_year=12)
        assert abs(value) <= 1e-7 * (outlay + sum(gains) / min(1.0, (1 + rate[0])) ** 30)


def test_a_draw_does_not_see_its_neighbours() -> None:
    """Proves: a rate is the same bits alone and in company (design: the same bits everywhere)."""
    rng = np.random.default_rng(5)
    flows = rng.normal(1e6, 3e6, (120, 64))
    flows[0] -= 5e7
    together, _ = internal_rates_frac(flows)
    alone = np.concatenate([internal_rates_frac(flows[:, [d]])[0] for d in range(64)])
    assert np.array_equal(together, alone, equal_nan=True)


def test_implied_rate() -> None:
    """Proves: cash of 110 in a year worth 100 implies 10 %; worthless cash implies nothing."""
    cash = np.zeros(13)
    cash[12] = 110.0
    assert implied_rate_frac(cash, 100.0) == pytest.approx(0.10, abs=1e-9)
    assert implied_rate_frac(np.zeros(13), 100.0) is None
