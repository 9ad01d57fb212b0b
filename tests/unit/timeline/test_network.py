"""Networks of gates: checked, in order, and read for the gate that decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattworth.errors import StudyError
from wattworth.timeline.network import Gate, critical_frac, finish, last_frac, network, opened
from wattworth.timeline.networks import NETWORKS


def gate(name: str, *after: str) -> Gate:
    return Gate(name, f"m.{name}", after)


def durations(n_draw: int = 1, **months: object) -> dict[str, np.ndarray]:
    return {name: np.broadcast_to(np.asarray(value, dtype=float), (n_draw,)).copy() for name, value in months.items()}


def test_the_later_of_two_chains_decides():
    """Proves: max over parallel chains of sums of serial gates (methods section 5).

    Sensitivity: a sum of all would give 22, the last gate alone 4.
    """
    graph = network("n", [gate("c", "a", "b"), gate("a"), gate("b")])
    months = durations(a=6, b=12, c=4)
    assert [g.name for g in graph.gates] == ["a", "b", "c"]
    assert finish(graph, opened(graph, months)) == pytest.approx(16)


def test_two_parallel_gates_by_hand():
    """Proves: E[max] of independent U(12,24) and U(18,36) is 27.1667 (methods section 5), and 27 if they move as one.

    Dependence brings the mean of a maximum forward, to the larger mean at the limit; what it puts off is the
    unlucky end of gates in a row: the P90 of the sum of two U(0,12) is 24 - sqrt(0.2) x 12 = 18.63 apart, 21.6 as one.
    """
    graph, rng = network("n", [gate("a"), gate("b")]), np.random.default_rng(7)
    u, v = rng.random((2, 400_000))
    apart = finish(graph, opened(graph, {"a": 12 + 12 * u, "b": 18 + 18 * v}))
    as_one = finish(graph, opened(graph, {"a": 12 + 12 * u, "b": 18 + 18 * u}))
    error = apart.std() / np.sqrt(apart.size)
    assert apart.mean() == pytest.approx(27.1667, abs=4 * error)
    assert as_one.mean() == pytest.approx(27.0, abs=4 * error)
    row = network("n", [gate("a"), gate("b", "a")])
    summed = [finish(row, opened(row, {"a": 12 * u, "b": 12 * w})) for w in (v, u)]
    assert [np.quantile(each, 0.9) for each in summed] == pytest.approx([24 - np.sqrt(0.2) * 12, 21.6], abs=0.05)


@given(
    st.lists(st.floats(0, 60), min_size=5, max_size=5),
    st.lists(st.sets(st.integers(0, 3), max_size=3), min_size=5, max_size=5),
    st.integers(1, 4),
    st.integers(0, 3),
)
@settings(max_examples=200, deadline=None)
def test_a_further_predecessor_never_brings_a_date_forward(months, after, late, early):
    """Proves: the law, over random networks; and the shares of the gates that decide sum to one."""
    names = "abcde"
    waits = [tuple(names[i] for i in sorted(before) if i < place) for place, before in enumerate(after)]
    plain = network("n", [Gate(name, name, waits[i]) for i, name in enumerate(names)])
    if early < late:
        waits[late] = tuple(sorted({*waits[late], names[early]}))
    more = network("n", [Gate(name, name, waits[i]) for i, name in enumerate(names)])
    taken = {name: np.array([months[i]]) for i, name in enumerate(names)}
    before, now = opened(plain, taken), opened(more, taken)
    assert all(now[name] >= before[name] for name in names)
    assert sum(last_frac(more, now).values()) == pytest.approx(1)
    assert sum(critical_frac(more, taken).values()) == pytest.approx(1)


def test_which_gate_is_last_and_which_delays_most():
    """Proves: shares by hand over four draws of two chains that meet in commissioning.

    Power 10, 20, 20, 5 months; signing 6 then hall 9 in each: that chain ends at 15. Power is last in draws 2 and 3,
    where the end comes 5 months sooner without it and no sooner without the hall. In draw 4 the hall saves 9 months and
    signing 6. In draw 1 power holds the end at 10 without either: the two share it.
    """
    graph = network("n", [gate("sign"), gate("hall", "sign"), gate("power"), gate("test", "hall", "power")])
    months = durations(4, sign=6, hall=9, power=[10, 20, 20, 5], test=1)
    done = opened(graph, months)
    assert last_frac(graph, done) == {"sign": 0, "hall": 0.5, "power": 0.5, "test": 0}
    assert critical_frac(graph, months) == {"sign": 0.125, "hall": 0.375, "power": 0.5, "test": 0}


def test_a_tie_is_shared():
    graph = network("n", [gate("a"), gate("b")])
    months = durations(a=5, b=5)
    assert last_frac(graph, opened(graph, months)) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        ([gate("a", "b")], 'network "n", gate "a": waits for "b", which is not in the network; there are a'),
        ([gate("a"), gate("a")], 'network "n", gate "a": stands twice'),
        ([gate("a", "c"), gate("b", "a"), gate("c", "b")], "waits for itself: a after c after b after a"),
        ([gate("a", "a")], "waits for itself: a after a"),
    ],
)
def test_bad_networks_are_named(gates, message):
    with pytest.raises(StudyError) as error:
        network("n", gates)
    assert message in str(error.value)


def test_packaged_networks_are_sound():
    from wattworth import facts

    book = facts.load()
    for graph in NETWORKS.values():
        assert graph.rest in {g.name for g in graph.gates}
        for g in graph.gates:
            assert book.require(g.months).unit == "months"
            assert all(book.require(key).unit == "frac" for key in (g.fails, g.opens) if key is not None)
