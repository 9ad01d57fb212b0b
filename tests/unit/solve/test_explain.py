from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.errors import SolveError
from wattworth.solve import Columns, Each, InfeasibleError, Model, Options, Rows, Sum, UnboundedError, solve


def plant(limit_mw=100.0, load=(50.0, 120.0, 130.0, 90.0), named=True):
    load = np.asarray(load)
    return Model(
        (
            Columns("gas", upper=limit_mw, meaning="limit on gas engines" if named else "", unit="MW"),
            Columns("output", load.shape),
        ),
        (
            Rows("within", load.shape, upper=0.0, terms=(Each("output"), Each("gas", -1.0))),
            Rows(
                "load",
                load.shape,
                load,
                meaning="load of hour {i}" if named else "",
                unit="MW",
                terms=(Each("output"),),
            ),
        ),
    )


def raised(model, kind=InfeasibleError, **options):
    with pytest.raises(kind) as caught:
        solve(model, Options(**options))
    assert isinstance(caught.value, SolveError)
    return caught.value


def test_clash_and_what_would_settle_it():
    error = raised(plant())
    assert set(error.clash) == {"limit on gas engines: at most 100 MW", "load of hour 2: at least 130 MW"}
    by_block = {cure.block: cure for cure in error.cures}
    assert by_block["gas"].by == pytest.approx(30.0)
    assert by_block["gas"].change == "higher"
    assert by_block["load"].total == pytest.approx(50.0)
    assert by_block["load"].n_place == 2
    assert "limit on gas engines higher by 30 MW" in str(error)
    assert "load of hour 2 lower by 30 MW, and at 1 more place (50 MW in all)" in str(error)


def test_laws_are_not_named():
    assert "within" not in str(raised(plant()))


def test_blocks_without_a_meaning_are_named_where_there_is_no_other():
    text = str(raised(plant(named=False)))
    assert "gas: at most 100 MW" in text or "load [2]: at least 130 MW" in text


def test_each_cure_settles_it_alone():
    error = raised(plant())
    gas = next(cure for cure in error.cures if cure.block == "gas")
    solve(plant(limit_mw=100.0 + gas.by + 1e-6))
    raised(plant(limit_mw=100.0 + gas.by - 1e-3))


def test_changes_that_help_only_together():
    model = Model(
        (Columns("x", upper=1.0, meaning="limit on x"), Columns("y", upper=1.0, meaning="limit on y")),
        (Rows("x law", lower=3.0, terms=(Each("x"),)), Rows("y law", lower=4.0, terms=(Each("y"),))),
    )
    error = raised(model)
    assert error.cures == ()
    assert {change.block: change.by for change in error.together} == pytest.approx({"x": 2.0, "y": 3.0})
    assert "together" in str(error)


def test_whole_numbers_that_do_not_fit():
    model = Model(
        (
            Columns("gas", upper=100.0, meaning="limit on gas", unit="MW"),
            Columns("units", integer=True),
        ),
        (
            Rows("whole", lower=0.0, upper=0.0, terms=(Each("gas"), Each("units", -70.0))),
            Rows("load", lower=80.0, meaning="load", unit="MW", terms=(Each("gas"),)),
        ),
    )
    error = raised(model)
    assert {cure.block: cure.by for cure in error.cures} == pytest.approx({"load": 10.0, "gas": 40.0})


def test_a_cure_does_for_whole_numbers_and_not_only_for_parts_of_them():
    """One of two, of which at most half a first: parts of both would need 5, the second whole needs 6."""
    model = Model(
        (Columns("first", upper=1.0, integer=True), Columns("second", upper=1.0, integer=True)),
        (
            Rows("one", lower=1.0, upper=1.0, terms=(Each("first"), Each("second"))),
            Rows("half", upper=0.5, terms=(Each("first"),)),
            Rows("room", upper=3.0, meaning="room", terms=(Each("first", 4.0), Each("second", 6.0))),
        ),
    )
    (cure,) = raised(model).cures
    assert (cure.block, cure.by) == ("room", pytest.approx(3.0))


def test_bounds_that_cross_need_no_solver():
    model = Model((Columns("x", (2,), np.array([0.0, 5.0]), 3.0, "bounds of site {i}", "MW"),))
    assert "bounds of site 1: least 5 is above most 3 MW" in str(raised(model))
    rows = Rows("r", lower=2.0, upper=1.0, terms=(Each("x"),))
    assert "r: least 2 is above most 1" in str(raised(Model((Columns("x"),), (rows,))))


def test_a_least_is_lowered_to_nought_at_most():
    error = raised(plant(limit_mw=0.0, load=(10.0, 0.0)))
    load = next(cure for cure in error.cures if cure.block == "load")
    assert load.by == pytest.approx(10.0)


def test_labels_stand_for_places():
    model = Model(
        (Columns("flow", (2,), upper=5.0, meaning="line to {i}", labels=(["China", "Turkey"],)),),
        (Rows("take", (2,), lower=np.array([4.0, 9.0]), terms=(Each("flow"),)),),
    )
    assert "line to Turkey higher by 4" in str(raised(model))


@pytest.mark.parametrize("maximise", [False, True])
def test_what_nothing_limits(maximise):
    gain = 1.0 if maximise else -1.0
    model = Model(
        (
            Columns("sold", (3,), cost=gain, meaning="sale in hour {i}"),
            Columns("bought", (3,), upper=np.array([np.inf, 4.0, 4.0]), cost=-0.5 * gain),
            Columns("kept", upper=9.0),
        ),
        (Rows("balance", (3,), lower=0.0, upper=0.0, terms=(Each("sold"), Each("bought", -1.0))),),
        maximise,
    )
    error = raised(model, UnboundedError)
    assert error.growing == ("sale in hour 0", "bought [0]")


@given(st.integers(0, 10_000))
def test_relaxing_as_told_gives_an_answer(seed):
    """What the message says would settle it does, and a little less does not."""
    rng = np.random.default_rng(seed)
    load, limit = rng.uniform(10.0, 90.0, 6), rng.uniform(5.0, 60.0, 2)

    def model(limit):
        return Model(
            (Columns("cap", (2, 1), upper=limit[:, None], meaning="limit {i}"), Columns("p", (2, 6))),
            (
                Rows("within", (2, 6), upper=0.0, terms=(Each("p"), Each("cap", -1.0))),
                Rows("load", (6,), lower=load, terms=(Sum("p", axis=0),)),
            ),
        )

    short = load.max() - limit.sum()
    if short < 1e-3:
        solve(model(limit))
        return
    error = raised(model(limit))
    (cure,) = error.cures
    assert cure.total == pytest.approx(short, rel=1e-6)
