"""The GPU-hour: launches by hand, revenue of the newest kilowatt, and prices of named generations."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth import markets
from wattworth.errors import StudyError
from wattworth.markets import gpu

STILL = {"gpu__launch_spread": 0.0, "gpu__launch_step_spread": 0.0, "gpu__volatility": 0.0}


def test_launches_come_at_their_intervals(stated):
    """Proves: steps at months 9, 33 and 57, each ln 1.53. Sensitivity: counting from month 0 gives 24, 48."""
    steps = gpu.launch_log_steps(stated(2, **STILL), np.zeros((60, 2)), 61)
    assert np.flatnonzero(np.diff(steps[:, 0])).tolist() == [8, 32, 56]
    np.testing.assert_allclose(steps[[0, 8, 9, 33, 60], 1], np.log(1.53) * np.array([0, 0, 1, 2, 3]), rtol=1e-12)


def test_launches_before_the_as_of_month_are_passed_over(stated):
    """Proves: ten months after the date of the fact the first launch is past and the next comes 23 months on."""
    steps = gpu.launch_log_steps(stated(1, **STILL), np.zeros((60, 1)), 61, months_since=10)
    assert np.flatnonzero(np.diff(steps[:, 0])).tolist() == [22, 46]


def test_waits_and_steps_take_their_own_rows(stated):
    """Proves: row 0 moves the first date and row 1 the first step, means kept.

    Sensitivity: without the half variance the mean wait would be 3 % longer.
    """
    params = stated(1, gpu__launch_spread=0.25, gpu__launch_step_spread=0.3)
    shocks = np.zeros((60, 1))
    shocks[0, 0], shocks[1, 0] = 1.0, -1.0
    steps = gpu.launch_log_steps(params, shocks, 61)
    first = int(np.flatnonzero(steps[:, 0])[0])
    assert first == int(np.ceil(9.0 * np.exp(0.25 - 0.03125)))
    assert steps[first, 0] == pytest.approx(np.log(1.53) * np.exp(-0.3 - 0.045), rel=1e-12)


def test_short_waits_never_run_out_of_numbers(stated):
    params = stated(1, gpu__launch_interval=-5.0, gpu__next_launch=-3.0, gpu__launch_step=0.5)
    steps = gpu.launch_log_steps(params, np.zeros((12, 1)), 13)
    assert np.isfinite(steps).all()
    assert (np.diff(steps, axis=0) >= 0.0).all()


def test_the_central_path_by_hand(study, stated):
    """Proves: rent falls with decay and by three quarters of each step; the pricing mean by beta x ERP over k.

    Sensitivity: a full pass-through gives 1.30 at month 12, no launch 1.86.
    """
    central = markets.central(study, stated(1), ("pjm",))
    erp, years = study.facts["global.mature_erp_jan2026"].value, np.array([1.0, 4.0])
    drop = study.facts["gpu.beta"].value * erp * (1.0 - np.exp(-0.3 * years)) / 0.3
    passed = 1.0 + 2.0 * np.log(0.95) / np.log(1.53)
    expected = 2.50 * 0.95**years * 1.53 ** (-passed * np.array([1, 2])) * np.exp(-drop)
    np.testing.assert_allclose(central.gpu_usd_per_hour[[12, 48], 0], expected, rtol=1e-9)
    np.testing.assert_allclose(central.gpu_per_kw[[0, 12, 48], 0], 2.12 / 1.9 * 1.53 ** np.arange(3), rtol=1e-9)


def test_revenue_of_the_newest_kilowatt_stays_and_an_old_fleet_falls(study, stated):
    """Proves: the real-world mean revenue of a new kW keeps within a quarter over 30 years; an old kW loses 99 %.

    Sensitivity: without pass-through of launches a new kW would earn hundreds of times as much.
    """
    _, real = markets.draw(study, stated(256 * 8), 5, range(8), ("pjm",))
    new = (real.gpu_usd_per_hour * real.gpu_per_kw).mean(axis=1)
    old = (real.gpu_usd_per_hour * real.gpu_per_kw[0]).mean(axis=1)
    assert 0.75 < (new / new[0]).min() < (new / new[0]).max() < 1.25
    assert old[360] < 0.01 * old[0]


def test_named_generations(stated):
    rent = np.full((2, 1), 2.50)
    facts = stated(1)
    assert gpu.generation_usd_per_gpu_hour(rent, "GB200", facts)[1, 0] == pytest.approx(5.30)
    assert gpu.generation_per_kw("GB200", facts)[0] == pytest.approx(2.12 / 1.9)
    with pytest.raises(StudyError, match=r'"GB20"; did you mean "GB200"'):
        gpu.generation_keys("GB20")


def test_every_generation_has_its_facts(book):
    for generation in gpu.GENERATIONS:
        for key in gpu.generation_keys(generation):
            assert book[key].value > 0.0
