"""Worked numbers of reliability, part load and cost per megawatt-hour: methods.md 8, validation.md T11, T19, T22.

T11 (c), the hospital, needs a file of inputs that does not ship with the project and is left out.
"""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.supply.levelised import (
    UnitCost,
    annuity_per_year,
    cost_of_served,
    plant_year,
    unit_usd_per_mwh,
)
from wattworth.supply.part_load import (
    derate_frac,
    fuel_mmbtu_per_h,
    heat_rate_ratio,
    idle_fuel_frac,
)
from wattworth.supply.reliability import Units, adequacy, availability_frac
from wattworth.supply.reliability_chain import Generators, Reserve, survival
from wattworth.supply.rules import Battery, Renewable, RuleCase, run_rules_hourly
from wattworth.supply.system import Design

T11_LOAD = np.array([1.0, 2.0, 2.0, 1.0])


@pytest.mark.parametrize(("spare", "availability"), [(0, 0.814506), (1, 0.9774075), (2, 0.997770), (3, 0.999806)])
def test_spare_units(spare: int, availability: float) -> None:
    """Proves: N+k by the binomial, N = 4 units up with 0.95, methods.md section 8 (k 1 is printed 0.977408, a tie).

    Sensitivity: counting failures among the N alone, the spare ones never failing, gives 0.985981 for k 1.
    """
    found = adequacy(4.0, [Units("engine", 4 + spare, 1.0, 0.95)])
    assert found.availability_frac == pytest.approx(availability, abs=5.1e-7)


def test_unserved_energy_with_one_spare() -> None:
    """Proves: expected unserved energy of N+1, 0.00594523 of demand.

    Sensitivity: the share of hours that are short, 0.0226, is not the share of energy.
    """
    found = adequacy(np.full(24, 4.0), [Units("engine", 5, 1.0, 0.95)])
    assert found.unserved_frac == pytest.approx(0.00594523, abs=5.1e-9)
    assert found.unserved_mwh_per_year == pytest.approx(0.00594523 * 4.0 * 8760.0, rel=1e-6)


def test_two_state_unit() -> None:
    """Proves: 1,000 h to failure and 50 h of repair leave 0.952381. Sensitivity: 1 - 50/1000 gives 0.95."""
    assert availability_frac(1000.0, 50.0) == pytest.approx(0.952381, abs=5e-7)


@pytest.mark.parametrize(
    ("generators", "reserve"),
    [
        ([Generators("engine", 2, 1.0, 5.0)], Reserve(1.0, 4.0, 0.75, 0.5)),
        ([Generators("a", 1, 1.0, 5.0), Generators("b", 1, 1.0, 5.0)], Reserve(1.0, 2.0, 0.5, 0.0)),
    ],
    ids=["two of a kind", "two kinds"],
)
@pytest.mark.parametrize("n_level", [3, 5, 101])
def test_two_engines_and_a_battery(generators, reserve, n_level: int) -> None:
    """Proves: T11 (a), survival 1, 0.8704, 0.557056, exactly, however fine the levels.

    Sensitivity: no failure before the first hour gives 1, 0.96, 0.8704; no recharge from spare engines 0.393216 last.
    """
    found = survival(T11_LOAD, generators, 3, reserve, starts=[0], n_level=n_level)
    assert found.survival_frac[0] == pytest.approx((1.0, 0.8704, 0.557056), abs=1e-14)
    assert found.upper_frac[0] == pytest.approx((1.0, 0.8704, 0.557056), abs=1e-14)


def test_one_engine_that_may_not_start() -> None:
    """Proves: T11 (b), mean survival of 24 hours 0.99^20 x 0.9 x 0.98 = 0.7213939, over every hour of a year.

    Sensitivity: a battery that carries nothing after the engine fails gives 0.99^24 x 0.882 = 0.692968.
    """
    engine = Generators("engine", 1, 100.0, 100.0, ready_frac=0.98, start_failure_frac=0.1)
    found = survival(np.full(8760, 100.0), [engine], 24, Reserve(100.0, 400.0), n_level=5)
    assert found.survival_frac.shape == (8760, 24)
    assert found.mean_frac[-1] == pytest.approx(0.7213939, abs=1e-5)
    assert found.mean_frac[-1] == pytest.approx(0.99**20 * 0.9 * 0.98, rel=1e-12)


def test_part_load_and_derating() -> None:
    """Proves: fuel lines and derates of methods.md section 8.

    Sensitivity: a heat rate 1.096 times as high read as 9.6 % idle fuel at any load gives 1.096 at 75 % too.
    """
    idle = idle_fuel_frac(1.096, 0.5)
    assert idle == pytest.approx(0.096, abs=1e-12)
    assert float(heat_rate_ratio(0.75, idle)) == pytest.approx(1.0320, abs=5e-5)
    assert float(heat_rate_ratio(0.75, idle)) == pytest.approx(1.029, abs=0.005)  # the data sheet
    two = float(fuel_mmbtu_per_h(4.4, 2, 4.4, 8.425, idle)) / 4.4
    assert two == pytest.approx(9.23380, abs=5e-6)
    loss = {"loss_frac_per_deg": 0.007, "loss_frac_per_km": 0.11}
    assert float(derate_frac(35.0, **loss)) == pytest.approx(0.86, abs=1e-12)
    assert float(derate_frac(35.0, 900.0, **loss)) == pytest.approx(0.774860, abs=5e-7)


def test_cost_per_megawatt_hour() -> None:
    """Proves: engine 75.1192 $/MWh and 447.199 kg; served 79.6432, demanded 68.4932, unserved charged 208.493.

    Sensitivity: without the overbuild the engine costs 68.7.
    """
    engine = UnitCost(1850.0, variable_usd_per_mwh=13.5, heat_rate_mmbtu_per_mwh=8.425, overbuild_ratio=1.25)
    found = unit_usd_per_mwh(engine, annuity_per_year(0.09, 20), 0.9, 3.5)
    assert found == pytest.approx(75.1192, abs=5e-5)
    taxed = unit_usd_per_mwh(engine, annuity_per_year(0.09, 20), 0.9, 3.5, 1000.0, 53.08)
    assert taxed - found == pytest.approx(447.199, abs=5e-4)
    cost = cost_of_served(60e6, 876_000.0, 0.14 * 876_000.0, 1000.0)
    assert cost.served_usd_per_mwh == pytest.approx(79.6432, abs=5e-5)
    assert cost.demanded_usd_per_mwh == pytest.approx(68.4932, abs=5e-5)
    assert cost.with_unserved_usd_per_mwh == pytest.approx(208.493, abs=5e-4)


def test_cost_lines_of_a_gas_plant() -> None:
    """Proves: T22, upkeep 2,243,167.24525 $ of 2023; capital, upkeep and fuel in money of 2022.

    Sensitivity: multiplying by the inflation instead of dividing gives capital of 102.5 $M.
    """
    gas = UnitCost(1000.0, 10.0, 2.5, 7.5)
    own = plant_year(gas, 100.0, 497_266.89810, 4.2)
    assert own.upkeep_usd == pytest.approx(2_243_167.24525, abs=5e-6)
    earlier = plant_year(gas, 100.0, 497_266.89810, 4.2, 1.0 / 1.025)
    assert earlier.capital_usd == pytest.approx(97_560_975.61, abs=5e-3)
    assert earlier.upkeep_usd == pytest.approx(2_188_455.849, abs=5e-4)
    assert earlier.fuel_usd == pytest.approx(15_281_860.77, abs=5e-3)


def test_battery_steps() -> None:
    """Proves: T19, 10 kWh from 5, 4 kW, 0.9 each way: 8.6, then full on 1.55556, then 5.55556 after giving 4.

    Sensitivity: losses on the way in alone end at 6; room not divided by the efficiency takes 1.4.
    """
    case = RuleCase(
        np.array([0.0, 0.0, 4.0]), (Renewable("sun", np.array([1.0, 1.0, 0.0])),), (), Battery(0.9, 0.9, 0.0, 0.5)
    )
    found = run_rules_hourly(case, Design((4.0,), (4.0,), (10.0,)))
    assert found.content_mwh[0] == pytest.approx((8.6, 10.0, 5.55556), abs=5e-6)
    assert found.charge_mw[0] == pytest.approx((4.0, 1.55556, 0.0), abs=5e-6)
    assert found.discharge_mw[0] == pytest.approx((0.0, 0.0, 4.0))
