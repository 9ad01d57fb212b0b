"""A network of many parts solved part by part, against the whole programme."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.gas.networks import hub
from wattworth.gas.allocation import allocate, parts_of
from wattworth.gas.problem import Builds, Fields, GasProblem, SharedLimit, runs_of, spend_of
from wattworth.gas.programme import programme_of, shared_rows
from wattworth.solve import Columns, InfeasibleError, Options, Program, Rows, assemble
from wattworth.solve.matrix import matrix_of
from wattworth.solve.tighten import rounded

N_YEAR = 3


def many(n_site: int, seed: int, room: float = 0.4, n_case: int = 1) -> GasProblem:
    """Sites with a field that falls, a plant of each of two kinds, and gas burnt for a penalty; one limit on money."""
    rng = np.random.default_rng(seed)
    n = 3 * n_site
    size = np.tile([2.0, 3.0, 0.0], n_site) * rng.uniform(0.8, 1.2, n)
    cost = np.tile([4.0, 5.0, 0.0], n_site) * rng.uniform(0.8, 1.2, n)
    margin = np.tile([3.0, 2.5, -1.0], n_site)[None, :, None] * rng.uniform(0.7, 1.3, (n_case, n, N_YEAR))
    lead, life = np.tile([0, 1, 0], n_site), np.tile([2.0, 99.0, 99.0], n_site)
    builds = Builds(
        size,
        np.where(size > 0.0, 4.0, 0.0),
        np.repeat(size[:, None] > 0.0, N_YEAR, axis=1),
        runs_of(lead, life, np.ones(n), N_YEAR),
        np.repeat(cost[:, None], N_YEAR, axis=1),
        spend_of(lead, N_YEAR),
        cost,
        cost,
    )
    existing = np.repeat(np.where(size > 0.0, 0.0, np.inf)[:, None], N_YEAR, axis=1)
    volume = rng.uniform(1.0, 7.0, n_site)[:, None] * 0.8 ** np.arange(N_YEAR)
    one = hub(np.zeros((n_case, 1, N_YEAR)), volume=volume[:1])
    place = np.arange(n_site)
    names = tuple(f"site {i}" for i in place)
    zero = np.zeros(n)
    outlets = replace(
        one.outlets,
        names=tuple(f"{kind} {i}" for i in place for kind in "ABF"),
        uses=("A", "B", "F") * n_site,
        node=np.repeat(place, 3),
        existing=existing,
        depth=np.full((n, N_YEAR), np.inf),
        margin=margin,
        revenue=margin,
        builds=builds,
        **dict.fromkeys(("price_effect", "kept", "it_gw", "product", "jobs", "duty"), zero),
    )
    fields = Fields(names, place, volume, volume, np.zeros(n_site), np.zeros(n_site))
    money = SharedLimit("money", "M$", np.full(N_YEAR, room * 2.0 * n_site), zero, cost, np.zeros(0))
    gas_of_a = np.tile([1.0, 0.0, 0.0], n_site)
    depth = SharedLimit("depth", "bcm", np.full(N_YEAR, 1.5 * n_site), gas_of_a, zero, np.zeros(0))
    return replace(one, nodes=names, fields=fields, outlets=outlets, limits=(money, depth))


def test_parts_are_seen():
    program = assemble(programme_of(many(7, 1)).model)
    assert parts_of(program, shared_rows(program)) == 7
    assert parts_of(program, np.zeros_like(shared_rows(program))) == 1


@settings(max_examples=8, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10_000), st.floats(0.0, 1.5), st.integers(1, 2))
def test_parts_agree_with_the_whole(n_site, seed, room, n_case):
    """Proves: the plan of parts keeps every limit, its bound is one, and what lies between is the gap it states."""
    problem = many(n_site, seed, room, n_case)
    whole = allocate(problem, Options(gap_frac=1e-9), by_parts=False).objective
    found = allocate(problem, Options(gap_frac=1e-6, time_limit_s=60.0), by_parts=True)
    slack = 1e-6 * max(1.0, abs(whole))
    assert found.objective <= whole + slack
    assert found.bound >= whole - slack
    assert found.value @ problem.probability == pytest.approx(found.objective, rel=1e-9, abs=1e-6)
    spent = np.einsum("ty,tyz,t->z", found.plants, problem.outlets.builds.spend, problem.outlets.builds.capex)
    assert (spent <= problem.limits[0].amount + 1e-6).all()


def test_many_parts_leave_little():
    """With 150 parts under six rows of limits the gap is small, and the plan is not that of parts left alone."""
    problem = many(150, 3, 1.0)
    found = allocate(problem, Options(gap_frac=1e-2, time_limit_s=60.0), by_parts=True)
    assert (found.bound - found.objective) / abs(found.objective) <= 1e-2
    assert found.status == "optimal"
    alone = allocate(replace(problem, limits=()), by_parts=False)
    assert found.bound < alone.objective - 1.0


def test_without_limits_parts_are_the_whole():
    problem = replace(many(5, 4), limits=())
    assert allocate(problem, by_parts=True).objective == pytest.approx(allocate(problem, by_parts=False).objective)


def test_what_clashes_is_named_by_the_whole():
    problem = many(5, 4)
    none = np.zeros_like(problem.outlets.depth)
    with pytest.raises(InfeasibleError, match="gas of field"):
        allocate(replace(problem, outlets=replace(problem.outlets, depth=none)), by_parts=True)


def test_a_shared_limit_is_rounded_to_whole_pieces():
    """By hand: 7 holds three of size 2 and half of one, so that what is small cannot stand in for the half."""
    matrix = matrix_of([(np.zeros(4, dtype=np.int64), np.arange(4), np.array([2.0, 2.0, 0.2, 3.4]))], (1, 4))
    program = Program(
        (Columns("n", (4,)),),
        (Rows("limit", (1,), upper=7.0),),
        -np.ones(4),
        np.zeros(4),
        np.full(4, 5.0),
        np.array([True, True, True, True]),
        np.array([-np.inf]),
        np.array([7.0]),
        matrix,
    )
    cut, shared = rounded(program, np.array([True]))
    assert shared.all()
    size = np.zeros((len(cut.row_upper), 4))
    row, column, value = cut.matrix.entries
    size[row, column] = value
    by_two = [place for place in range(1, len(cut.row_upper)) if cut.row_upper[place] == 3.0]
    assert any(np.allclose(size[place], [1.0, 1.0, 0.0, 1.4]) for place in by_two)
    for n in itertools.product(range(6), repeat=4):
        if size[0] @ n <= 7.0:
            assert (size @ n <= cut.row_upper + 1e-9).all(), n


def test_the_time_limit_holds_and_the_gap_is_said():
    """Proves: an answer that is cut short keeps every limit, says its gap, and comes in time."""
    problem = many(250, 5, 1.0)
    began = time.perf_counter()
    found = allocate(problem, Options(gap_frac=1e-9, time_limit_s=8.0), by_parts=True)
    assert time.perf_counter() - began <= 1.25 * 8.0
    assert found.status == "time limit"
    assert found.bound >= found.objective
    assert "where 0.00% was asked" in found.notes[0]
