"""Laws of the allocation, cases worked by hand, and prices against finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.gas.networks import built, hub, write
from wattworth import facts
from wattworth.gas.allocation import allocate, without_uses
from wattworth.gas.network import problem_of
from wattworth.gas.problem import SharedLimit
from wattworth.gas.reading import read_gas_study
from wattworth.solve import InfeasibleError

NO_LINKS = np.zeros(0)


def prices(found):
    return {(price.kind, price.name): price.musd for price in found.prices}


def test_one_period_of_the_note():
    """Supply 100, netbacks 6/4/2, capacities 30/50/any: 420; gas is worth 2, capacity 4 and 2 more."""
    found = allocate(hub([[6.0], [4.0], [2.0]], existing=[[30.0], [50.0], [np.inf]]))
    assert found.objective == pytest.approx(420.0)
    assert prices(found)["field", "field"] == pytest.approx([2.0])
    assert prices(found)["capacity", "A"] == pytest.approx([4.0])
    assert prices(found)["capacity", "B"] == pytest.approx([2.0])


def two_periods(is_whole):
    builds = built(2, [1.0, 0.0], [5.0, 0.0])
    limit = SharedLimit("budget", "M$", np.array([200.0]), np.zeros(2), builds.capex, NO_LINKS)
    return hub(
        [[6.0, 6.0], [3.0, 3.0]],
        existing=[[0.0, 0.0], [60.0, 60.0]],
        volume=((90.0, 80.0),),
        builds=builds,
        limits=(limit,),
        discount=np.array([1.0, 0.9]),
        is_whole=is_whole,
    )


@pytest.mark.parametrize("is_whole", [True, False])
def test_two_periods_of_the_note(is_whole):
    """514: forty units of A; B takes 50 and 40. With pieces of any size the budget is worth 0.14 a dollar."""
    found = allocate(two_periods(is_whole))
    assert found.objective == pytest.approx(514.0)
    assert found.intake[0] == pytest.approx(np.array([[40.0, 40.0], [50.0, 40.0]]))
    assert prices(found)["field", "field"] == pytest.approx([3.0, 2.7])
    if not is_whole:
        assert prices(found)["limit", "budget"] == pytest.approx([0.14])


def test_two_nodes_by_hand(tmp_path):
    """Ten at the wells, six through the pipe of which 5.4 arrive, one at home by a limit, three years at 10 %.

    A year: 5.4 x 36 x 5 + 1 x 36 x 2 - 7 x 36 x 1 - 6 x 36 x 0.5 = 972 + 72 - 252 - 108 = 684 M$.
    """
    study = read_gas_study(write(tmp_path))
    found = allocate(problem_of(study, facts.load()))
    assert found.objective == pytest.approx(684.0 * (1 + 1 / 1.1 + 1 / 1.21), rel=1e-9)
    assert found.flow[0, 0] == pytest.approx([6.0] * 3)
    # one more bcm of pipe: 0.9 x 36 x 5 - 36 x 1.5 = 108 M$, which all years get
    assert prices(found)["link", "pipe"] == pytest.approx(108.0 * 1.1 ** -np.arange(3))
    assert prices(found)["limit", "home-cap"] == pytest.approx(36.0 * 1.1 ** -np.arange(3))


def test_a_known_whole_optimum():
    """Pieces of 3 at 7 and of 5 at 13, gas 11 worth 4 and 5 each: by trying all, one of 5 and two of 3.

    3a + 5b <= 11: worth 4*3a - 7a + 5*5b - 13b = 5a + 12b; (2, 1) gives 22 and (0, 2) 24 with only 10 of 11 used,
    and a half-filled third piece of 3: 24 + 4*1 - 7 < 24. So two of 5.
    """
    found = allocate(
        hub([[4.0], [5.0]], existing=[[0.0], [0.0]], volume=((11.0,),), builds=built(1, [3.0, 5.0], [7.0, 13.0]))
    )
    best = max(
        4 * min(3 * a, max(11 - min(5 * b, 11), 0)) - 7 * a + 5 * min(5 * b, 11) - 13 * b
        for a in range(5)
        for b in range(4)
    )
    assert best == 24.0
    assert found.objective == pytest.approx(best)
    assert found.plants.sum(axis=1) == pytest.approx([0.0, 2.0])


def test_price_that_falls_with_volume():
    """(10 - 0.5 q) q is greatest at q = 10, worth 50: exact at the ends of steps of 20 / 8 = 2.5."""
    found = allocate(hub([[10.0]], depth=[[20.0]], volume=((20.0,),), price_effect=np.array([0.5])))
    assert found.intake.sum() == pytest.approx(10.0)
    assert found.objective == pytest.approx(50.0)
    assert found.value == pytest.approx([50.0])


def test_a_store_carries_gas_to_the_dear_year():
    """A sells at 1 and then at 5, ten at most; what is put back at a cost of 0.5 returns at 80 %."""
    problem = hub(
        [[1.0, 5.0], [-0.5, -0.5]],
        depth=[[100.0, 18.0], [np.inf, np.inf]],
        volume=((10.0, 10.0),),
        kept=np.array([0.0, 0.8]),
    )
    found = allocate(problem)
    # all ten put back cost 5 and give 8 more at 5: 90 - 5 = 85, against 10 + 50 = 60
    assert found.objective == pytest.approx(85.0)
    assert found.withdrawn[0, 1] == pytest.approx([0.0, 8.0])


def test_worst_case_weight():
    """Half on the mean, half on the worst: A is 10 or 0, B is 4 always; A earns 2.5, B 4."""
    margin = np.array([[[10.0], [4.0]], [[0.0], [4.0]]])
    assert allocate(hub(margin)).objective == pytest.approx(100 * (10 + 4) / 2)
    found = allocate(hub(margin, worst_weight_frac=0.5))
    # flows may differ by case: A in the first, B in the second
    assert found.objective == pytest.approx(0.5 * 700 + 0.5 * 400)
    assert min(found.value) == pytest.approx(400.0)


def test_nothing_pays_and_nothing_moves():
    """With zero prices and no penalty, credit or commitment the gas stays where it is."""
    found = allocate(hub([[0.0], [-1.0]], cost=0.1))
    assert found.supply.sum() == 0.0
    assert found.objective == 0.0


def test_gas_that_must_flow_is_flared_at_the_least_cost():
    found = allocate(hub([[-1.0], [-3.0]], existing=[[4.0], [np.inf]], committed=np.array([[10.0]])))
    assert found.objective == pytest.approx(-4.0 - 18.0)


def test_what_clashes_is_named():
    problem = hub([[1.0]], existing=[[4.0]], committed=np.array([[10.0]]))
    with pytest.raises(InfeasibleError) as caught:
        allocate(problem)
    assert "gas of field field in 2026" in str(caught.value)
    assert "capacity of A in 2026" in str(caught.value)


def test_shutting_in_costs():
    """Ten left of a hundred, at 0.2 each."""
    found = allocate(hub([[3.0]], depth=[[90.0]], shut_in=0.2))
    assert found.objective == pytest.approx(270.0 - 2.0)


def test_jobs_and_revenue_may_be_the_aim():
    problem = hub([[5.0], [1.0]], jobs=np.array([1.0, 8.0]))
    assert allocate(replace(problem, objective="jobs")).objective == pytest.approx(800.0)
    assert allocate(replace(problem, objective="revenue")).objective == pytest.approx(500.0)


amounts = st.lists(st.floats(1, 50), min_size=3, max_size=3)
margins = st.lists(st.floats(-5, 20), min_size=6, max_size=6)


def drawn(margin, capacity, volume, is_whole=True):
    builds = built(2, [0.0, 4.0, 0.0], [0.0, 30.0, 0.0], most=5.0)
    limit = SharedLimit("money", "M$", np.array([60.0]), np.zeros(3), builds.capex, NO_LINKS)
    existing = np.repeat(np.array(capacity)[:, None], 2, axis=1)
    existing[1] = 0.0
    return hub(
        np.reshape(margin, (3, 2)),
        existing=existing,
        volume=((volume, volume),),
        builds=builds,
        limits=(limit,),
        discount=np.array([1.0, 0.9]),
        is_whole=is_whole,
    )


@settings(max_examples=25)
@given(margins, amounts, st.floats(1, 60))
def test_relaxing_never_lowers_and_removing_never_raises(margin, capacity, volume):
    problem = drawn(margin, capacity, volume)
    base = allocate(problem).objective
    slack = 1e-6 * max(1.0, abs(base))
    assert allocate(replace(problem, limits=())).objective >= base - slack
    assert allocate(drawn(margin, [10 + each for each in capacity], volume)).objective >= base - slack
    assert allocate(drawn(margin, capacity, volume + 5)).objective >= base - slack
    for use in "ABC":
        assert allocate(without_uses(problem, {use})).objective <= base + slack


@settings(max_examples=25)
@given(margins, amounts, st.floats(1, 60))
def test_balance_and_value_hold(margin, capacity, volume):
    found = allocate(drawn(margin, capacity, volume))
    assert found.imbalance_bcm <= 1e-6
    assert found.value @ found.problem.probability == pytest.approx(found.objective, rel=1e-9, abs=1e-6)


@settings(max_examples=25)
@given(margins, amounts, st.floats(1, 60))
def test_prices_are_differences(margin, capacity, volume):
    """Proves: a price is the change of the optimum for one unit, to 1e-6, on the side where it does not change.

    A price holds between kinks: where the differences on both sides agree, it must be theirs.
    """
    problem, step = drawn(margin, capacity, volume, is_whole=False), 1e-4
    base = allocate(problem)
    price = prices(base).get(("field", "field"), np.zeros(2))
    for year in range(2):
        changed = []
        for sign in (1, -1):
            moved = problem.fields.volume.copy()
            moved[0, year] += sign * step
            fields = replace(problem.fields, volume=moved)
            changed.append(sign * (allocate(replace(problem, fields=fields)).objective - base.objective) / step)
        assert changed[1] >= changed[0] - 1e-6
        assert changed[0] - 1e-6 <= price[year] <= changed[1] + 1e-6
