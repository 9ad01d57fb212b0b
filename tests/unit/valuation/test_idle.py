"""Hardware that waits: the market's view by hand, laws, and bad input."""

from __future__ import annotations

import numpy as np
import pytest

from tests import studies
from wattworth.errors import StudyError
from wattworth.records import Calendar
from wattworth.study import Study, fill
from wattworth.uses import fact_book
from wattworth.valuation.idle import FACT_KEYS, IdleHardware, idle_hardware, rent_usd_per_hour, total_lcoe_usd_per_mwh

FLAT = {
    "H100.rental_2026-05": 2.0,
    "GB200_NVL72.h100_equivalents": 2.0,
    "GB200_NVL72.all_in_kw_critical_it": 2.0,
    "gpu.decay": 0.0,
    "gpu.launch_step": 1.0,
    "gpu_cloud.hardware_cost": 30.0,
    "gpu_cloud.sales_tax": 0.0,
    "gpu_cloud.utilisation": 0.5,
    "gpu_cloud.opex": 600.0,
    "gpu_cloud.life": 5.0,
    "gpu_cloud.rival_power": 50.0,
    "servers.residual_value_36mo": 0.3,
    "price_level.growth": 0.0,
    "ai_hall.load": 0.8,
    "ai_hall.pue": 1.25,
}
"""A GPU of 2 kW and 60,000 $ earns 2 x 2 x 730 x 0.5 = 1,460 a month and draws 2 kW x 730 h at 50 $/MWh, 73 $."""


def flat(**facts: float) -> Study:
    return studies.study(studies.MINE, facts={**FLAT, **facts})


def wait(months: int, rate_frac: float = 0.0, **facts: float) -> IdleHardware:
    return idle_hardware(flat(**facts), gpus=100, months=months, rate_frac=rate_frac)


def test_margin_of_a_flat_market_by_hand() -> None:
    found = wait(6)
    assert found.hardware_usd == pytest.approx(100 * 60_000)
    assert found.rent_usd == pytest.approx(6 * 100 * 1_460)
    assert found.power_usd == pytest.approx(6 * 100 * 73)
    assert found.lost_margin_usd == pytest.approx(6 * 100 * 1_387)


def test_margin_is_discounted_by_month() -> None:
    """At 12.6825 % a year, one per cent a month: an annuity of 12 payments is 11.2551 of them."""
    found = wait(12, rate_frac=1.01**12 - 1)
    assert found.lost_margin_usd == pytest.approx(100 * 1_387 * (1 - 1.01**-12) / 0.01)


def test_wear_in_use_moves_the_whole_life() -> None:
    """Flat and undiscounted, the months come back at the end less upkeep of the wait; resale falls with age."""
    found = wait(6)
    assert found.later_margin_usd == pytest.approx(6 * 100 * (1_387 - 100))
    assert found.resale_usd == pytest.approx(6e6 * (0.3 ** (60 / 36) - 0.3 ** (66 / 36)))
    assert found.lost_npv_usd == pytest.approx(found.lost_margin_usd - found.later_margin_usd + found.resale_usd)


def test_bought_too_early_by_hand() -> None:
    """Half a year of a price that falls to 0.3 in three: 6 M$ (1 - 0.3^(1/6)), and no interest at a rate of nil."""
    found = wait(6)
    assert found.price_fall_usd == pytest.approx(6e6 * (1 - 0.3 ** (1 / 6)))
    assert found.interest_usd == 0.0
    dear = wait(6, rate_frac=0.1)
    assert dear.held_usd == pytest.approx(6e6 * (1 - 0.3 ** (1 / 6) * 1.1**-0.5))


def test_a_shelf_is_never_cheaper_than_use_and_no_number_is_a_sum_of_two_views() -> None:
    found = wait(18, rate_frac=0.07)
    views = (found.published_usd, found.lost_margin_usd, found.lost_npv_usd, found.held_usd)
    sums = [a + b for i, a in enumerate(views) for b in views[i + 1 :]]
    numbers = [number for number in found.document().values() if isinstance(number, float)]
    assert not [n for n in numbers for total in sums if n == pytest.approx(total, rel=1e-9)]
    assert "twice" in found.document()["note"]


def test_rent_falls_by_its_decay_between_launches() -> None:
    """Without launches the rent of an hour is p0 (1 - d)^(m/12); its mean over a year is near p0 (1 - e^-D)/D."""
    facts = fill(flat(**{"gpu.decay": 0.2212}), fact_book(), FACT_KEYS).facts
    path = rent_usd_per_hour(facts, Calendar("2026-06", 30), 61)
    assert path[0] == 2.0
    assert path[[12, 24]] == pytest.approx([2.0 * 0.7788, 2.0 * 0.7788**2])
    assert path[:13].mean() == pytest.approx(2.0 * (1 - np.exp(-0.25)) / 0.25, rel=2e-3)


def test_a_launch_lowers_the_rent_in_its_month() -> None:
    facts = fill(studies.study(studies.MINE), fact_book(), FACT_KEYS).facts
    path = rent_usd_per_hour(facts, Calendar("2026-06", 30), 61)
    falls = np.flatnonzero(np.diff(np.log(path)) < -0.1) + 1
    assert falls.tolist() == [9, 33, 57]


def test_more_gpus_cost_in_proportion_and_longer_waits_more() -> None:
    one, ten = (idle_hardware(flat(), gpus=n, months=12, rate_frac=0.07) for n in (1, 10))
    for name in ("published_usd", "lost_margin_usd", "lost_npv_usd", "held_usd"):
        assert getattr(ten, name) == pytest.approx(10 * getattr(one, name))
        waits = [getattr(wait(months, 0.07), name) for months in (1, 6, 12, 13, 36)]
        assert waits == sorted(waits)


def test_a_part_of_a_year_counts_as_that_part() -> None:
    assert wait(18, 0.07).published_usd == pytest.approx(100 * 2.4 * 8760 * (1 + 0.5 / 1.07))


@pytest.mark.parametrize(
    ("gpus", "months", "rate", "message"),
    [
        (-5, 12, 0.07, "gpus: got -5, need a number of GPUs of at least 1"),
        (0, 12, 0.07, "gpus: got 0"),
        (10, 0, 0.07, "months: got 0, need whole months, at least 1"),
        (10, 12, -1.0, "rate: got -1, need a yearly rate above -1"),
        (10, 12, float("nan"), "rate: got nan"),
    ],
)
def test_bad_input_is_named(gpus: int, months: int, rate: float, message: str) -> None:
    with pytest.raises(StudyError, match=message) as caught:
        idle_hardware(flat(), gpus=gpus, months=months, rate_frac=rate)
    assert caught.value.exit_code == 2


def test_all_faults_are_told_together() -> None:
    with pytest.raises(StudyError) as caught:
        idle_hardware(flat(), gpus=0, months=-3, rate_frac=-2.0)
    assert len(caught.value.faults) == 3


def test_a_cost_of_no_energy_is_refused() -> None:
    with pytest.raises(StudyError, match="needs energy above nil"):
        total_lcoe_usd_per_mwh(1.0, 1.0, 1.0, 0.0)
