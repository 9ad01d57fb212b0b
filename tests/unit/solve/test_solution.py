from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from wattworth.errors import SolveError
from wattworth.solve import Columns, Each, Model, Options, Rows, Sparse, Sum, assemble, proven_bound, recheck, solve
from wattworth.solve import highs as highs_file
from wattworth.solve import solution as solution_file


def allocation(supply=100.0, cap=(30.0, 50.0, np.inf)):
    x = Columns("x", (3,), upper=np.array(cap), cost=np.array([6.0, 4.0, 2.0]))
    return Model((x,), (Rows("gas", upper=supply, terms=(Sum("x"),)),), maximise=True)


def test_gas_of_one_period():
    """methods.md section 10: 420; one more of gas is worth 2, of the caps 4 and 2."""
    found = solve(allocation())
    assert found.objective == pytest.approx(420.0, abs=1e-9)
    assert found.bound == pytest.approx(420.0, abs=1e-9)
    assert found.prices["gas"] == pytest.approx(2.0)
    np.testing.assert_allclose(found.reduced_costs["x"], [4.0, 2.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found.values["x"], [30.0, 50.0, 20.0])


def test_gas_of_two_periods():
    """methods.md section 10: 514; gas is worth 3 and 2.7, a dollar of budget 0.14."""
    worth = np.array([1.0, 0.9])
    model = Model(
        (Columns("a", (2,), cost=6 * worth), Columns("b", (2,), upper=60.0, cost=3 * worth), Columns("k", cost=-5.0)),
        (
            Rows("gas", (2,), upper=np.array([90.0, 80.0]), terms=(Each("a"), Each("b"))),
            Rows("built", (2,), upper=0.0, terms=(Each("a"), Each("k", -1.0))),
            Rows("budget", upper=200.0, terms=(Each("k", 5.0),)),
        ),
        maximise=True,
    )
    found = solve(model)
    assert found.objective == pytest.approx(514.0, abs=1e-9)
    np.testing.assert_allclose(found.values["a"], [40.0, 40.0])
    np.testing.assert_allclose(found.values["b"], [50.0, 40.0])
    np.testing.assert_allclose(found.prices["gas"], [3.0, 2.7])
    assert found.prices["budget"] == pytest.approx(0.14)


@pytest.mark.parametrize("maximise", [False, True])
def test_prices_are_what_raising_a_bound_does(maximise):
    sign = -1.0 if maximise else 1.0
    rng = np.random.default_rng(3)
    matrix, need = rng.uniform(0.5, 2.0, (4, 6)), rng.uniform(5.0, 9.0, 4)
    row, place = np.indices(matrix.shape).reshape(2, -1)

    def model(need):
        return Model(
            (Columns("x", (6,), upper=8.0, cost=sign * np.arange(1.0, 7.0)),),
            (Rows("need", (4,), lower=need, terms=(Sparse("x", row, place, matrix.ravel()),)),),
            maximise,
            offset=11.0,
        )

    found = solve(model(need))
    step = 1e-4
    moved = [solve(model(need + step * np.eye(4)[i])).objective - found.objective for i in range(4)]
    np.testing.assert_allclose(found.prices["need"], np.array(moved) / step, atol=1e-6)
    assert np.abs(found.prices["need"]).max() > 0.1


@pytest.mark.parametrize("method", ["choose", "simplex", "ipx"])
def test_methods_agree(method):
    found = solve(allocation(), Options(method=method))
    assert found.objective == pytest.approx(420.0, abs=1e-6)
    assert method in found.method


def test_threads_may_change_between_calls():
    assert [solve(allocation(), Options(threads=n)).objective for n in (2, 1, 2)] == pytest.approx([420.0] * 3)


@given(st.integers(0, 10_000))
def test_multiple_choice_against_another_face_of_branch_and_bound(seed):
    """One use and period for each site at most, within capital of each period: scipy's milp gives the same."""
    rng = np.random.default_rng(seed)
    shape = (4, 3, 2)
    worth, cost = rng.uniform(0.0, 10.0, shape), rng.uniform(1.0, 5.0, shape)
    model = Model(
        (Columns("choose", shape, upper=1.0, cost=worth, integer=True),),
        (
            Rows("one", (4,), upper=1.0, terms=(Sum("choose", axis=(1, 2)),)),
            Rows("capital", (2,), upper=6.0, terms=(Sum("choose", cost, (0, 1)),)),
        ),
        maximise=True,
    )
    found = solve(model, Options(gap_frac=0.0))
    one = np.kron(np.eye(4), np.ones(6))
    capital = np.stack([(cost * (np.arange(2) == t)).ravel() for t in range(2)])
    peer = milp(
        -worth.ravel(),
        integrality=np.ones(24),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one, -np.inf, 1), LinearConstraint(capital, -np.inf, 6)],
        options={"mip_rel_gap": 0.0},
    )
    assert found.objective == pytest.approx(-peer.fun, abs=1e-6)
    assert found.bound == pytest.approx(found.objective, abs=1e-5)
    assert set(np.unique(found.values["choose"])) <= {0.0, 1.0}


def knapsack(n=40):
    rng = np.random.default_rng(5)
    weight = rng.integers(1_000, 9_999, (3, n)).astype(float)
    row, place = np.indices(weight.shape).reshape(2, -1)
    return Model(
        (Columns("take", (n,), upper=1.0, cost=weight.sum(0) + rng.integers(0, 99, n), integer=True),),
        (Rows("room", (3,), upper=weight.sum(1) / 2, terms=(Sparse("take", row, place, weight.ravel()),)),),
        maximise=True,
    )


def test_a_start_is_no_worse_than_itself():
    rough = solve(knapsack(), Options(gap_frac=0.02))
    found = solve(knapsack(), Options(gap_frac=0.02), start=rough.values)
    assert found.objective >= rough.objective - 1e-6


def test_stopped_in_time_says_how_far_from_the_best():
    found = solve(knapsack(120), Options(gap_frac=0.0, time_limit_s=0.3))
    assert found.status == "time limit"
    assert found.bound > found.objective
    assert any("stopped after 0.3 s" in note for note in found.notes)


def test_no_answer_in_time_is_an_error():
    with pytest.raises(SolveError, match="no answer within"):
        solve(knapsack(120), Options(time_limit_s=0.0))


def test_prices_alone_prove_a_bound():
    program = assemble(allocation())
    x = np.array([30.0, 50.0, 20.0])
    assert proven_bound(program, x, np.array([2.0])) == pytest.approx(420.0)
    assert proven_bound(program, x, np.array([5.0])) == pytest.approx(530.0)  # any price bounds it from above
    assert proven_bound(program, x, np.array([1.0])) == np.inf  # a price that leaves the last column paying


@pytest.mark.parametrize(
    ("x", "said"),
    [
        ([30.1, 50.0, 0.0], r"misses 'x \[0\]'"),
        ([30.0, 50.0, 20.1], "misses 'gas'"),
        ([30.0, np.nan, 0.0], "no number"),
        ([-0.1, 0.0, 0.0], r"misses 'x \[0\]'"),
    ],
)
def test_recheck_names_what_is_missed(x, said):
    with pytest.raises(SolveError, match=said):
        recheck(assemble(allocation()), np.array(x))


def test_recheck_wants_whole_numbers():
    program = assemble(Model((Columns("n", (2,), integer=True),)))
    recheck(program, np.array([1.0, 2.0 + 1e-9]))
    with pytest.raises(SolveError, match="must be whole"):
        recheck(program, np.array([1.0, 2.4]))


def test_a_wrong_answer_of_the_solver_is_not_handed_on(monkeypatch):
    real = solution_file.run

    def lying(program, options, start=None):
        answer = real(program, options, start)
        return replace(answer, x=answer.x + 1.0)

    monkeypatch.setattr(solution_file, "run", lying)
    with pytest.raises(SolveError, match="misses"):
        solve(allocation())


def test_an_answer_that_is_not_the_best_is_not_handed_on(monkeypatch):
    real = solution_file.run

    def lazy(program, options, start=None):
        return replace(real(program, options, start), x=np.array([30.0, 0.0, 0.0]))

    monkeypatch.setattr(solution_file, "run", lazy)
    with pytest.raises(SolveError, match="called 180 the best, but only 420 is proved"):
        solve(allocation())


def test_whole_numbers_that_hold_only_by_tolerance(monkeypatch):
    """A switch of 1e-7 that lets 10 through: rounded, it is off, and the answer falls."""
    model = Model(
        (Columns("flow", cost=1.0), Columns("on", upper=1.0, cost=5.0, integer=True)),
        (
            Rows("need", lower=10.0, terms=(Each("flow"),)),
            Rows("switch", upper=0.0, terms=(Each("flow"), Each("on", -1e8))),
        ),
    )
    assert solve(model).values["on"] == 1.0
    real = solution_file.run

    def tolerant(program, options, start=None):
        answer = real(program, options, start)
        return replace(answer, x=np.array([10.0, 1e-7])) if program.integer.any() else answer

    monkeypatch.setattr(solution_file, "run", tolerant)
    with pytest.raises(SolveError, match="only within its tolerance"):
        solve(model)


def test_a_missing_algorithm_is_named(monkeypatch):
    monkeypatch.setattr(highs_file, "presolve_for", lambda version, whole: "choose")
    with pytest.raises(SolveError, match="cannot set solver to 'nonsense'"):
        solve(allocation(), Options(method="nonsense"))


def test_coefficients_beyond_the_solver_are_refused():
    model = Model((Columns("x"),), (Rows("r", lower=1.0, terms=(Each("x", 1e16),)),))
    with pytest.raises(SolveError, match="too large"):
        solve(model)


def test_nothing_is_printed(capfd):
    solve(allocation())
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
