"""What must hold of any option to switch: exact on a lattice, within noise on fresh paths."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.options.paths import blocks, lognormal, site
from wattworth.options import Switch, SwitchProblem, fit_policy, price

STATES = ("mining", "half", "leased")
N_DATE = 4
COPIES = 8
money = st.floats(-10.0, 10.0)
pairs = st.tuples(money, money)


@st.composite
def lattices(draw):
    """A driver of -1 or 1 on each of four dates; all money is a line in it, on its date."""
    ways = draw(st.lists(st.sampled_from([*product(range(3), repeat=2)]), min_size=1, max_size=5, unique=True))
    return {
        "cash": draw(st.lists(pairs, min_size=3, max_size=3)),
        "terminal": draw(st.lists(money, min_size=3, max_size=3)),
        "ways": [
            (origin, target, draw(pairs), draw(st.integers(0, 2)), draw(pairs), draw(st.integers(1, 15)))
            for origin, target in ways
            if origin != target
        ],
        "step": draw(st.floats(0.5, 1.0)),
    }


def as_problem(case):
    """The lattice as paths, all of them, each as often as any other."""
    driver = np.array([*product((-1.0, 1.0), repeat=N_DATE)] * COPIES).T.copy()

    def line(ends):
        return ends[0] + ends[1] * driver

    return SwitchProblem(
        states=STATES,
        months=tuple(range(N_DATE + 1)),
        discount=case["step"] ** np.arange(N_DATE + 1),
        drivers={"driver": driver},
        cash_usd=dict(zip(STATES, map(line, case["cash"]), strict=True)),
        terminal_usd=dict(zip(STATES, case["terminal"], strict=True)),
        switches=tuple(
            Switch(
                STATES[origin],
                STATES[target],
                line(cost),
                lag,
                line(earned),
                np.array([bool(mask >> date & 1) for date in range(N_DATE)]),
            )
            for origin, target, cost, lag, earned, mask in case["ways"]
        ),
    )


def by_dynamic_programming(case):
    """Value today by going backward over the nodes."""
    ahead = {N_DATE: np.array(case["terminal"])}  # mean over the driver, by state
    for date in range(N_DATE - 1, -1, -1):
        nodes = []
        for x in (-1.0, 1.0):
            stay = [a + b * x + case["step"] * ahead[date + 1][s] for s, (a, b) in enumerate(case["cash"])]
            best = list(stay)
            for origin, target, cost, lag, earned, mask in case["ways"]:
                if date + lag <= N_DATE and mask >> date & 1:
                    landed = stay[target] if lag == 0 else case["step"] ** lag * ahead[date + lag][target]
                    gone = landed + earned[0] + earned[1] * x - cost[0] - cost[1] * x
                    best[origin] = max(best[origin], gone)
            nodes.append(best)
        ahead[date] = np.mean(nodes, axis=0)
    return ahead[0][0]


@given(lattices())
def test_a_lattice_of_paths_is_priced_exactly(case):
    problem = as_problem(case)
    result = price(fit_policy(problem), problem)
    assert result.value_usd == pytest.approx(by_dynamic_programming(case), rel=1e-9, abs=1e-9)
    assert result.value_usd >= result.best_fixed.value_usd - 1e-9
    assert result.waiting_usd >= -1e-9


@given(lattices(), st.floats(0.1, 100.0))
def test_money_scales(case, factor):
    """Twice the money is twice the value, and the same decisions."""
    problem = as_problem(case)
    scaled = replace(
        problem,
        cash_usd={state: factor * cash for state, cash in problem.cash_usd.items()},
        terminal_usd={state: factor * value for state, value in problem.terminal_usd.items()},
        switches=tuple(
            replace(s, cost_usd=factor * s.cost_usd, earned_usd=factor * s.earned_usd) for s in problem.switches
        ),
    )
    once, more = (price(fit_policy(p), p) for p in (problem, scaled))
    assert more.value_usd == pytest.approx(factor * once.value_usd, rel=1e-9, abs=1e-9 * factor)


@given(
    st.lists(st.lists(money, min_size=6, max_size=6), min_size=3, max_size=3),
    st.lists(st.lists(money, min_size=6, max_size=6), min_size=3, max_size=3),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_without_volatility_the_best_schedule_is_found(cash, costs, lags):
    """Every schedule is tried: one or two switches, mining to half to leased, or mining to leased at once."""
    ways = [(0, 1), (1, 2), (0, 2)]
    problem = SwitchProblem(
        states=STATES,
        months=tuple(range(7)),
        discount=0.9 ** np.arange(7),
        drivers={"rent": np.full((6, 64), 3.0)},
        cash_usd={state: np.array(row)[:, None] for state, row in zip(STATES, cash, strict=True)},
        switches=tuple(
            Switch(STATES[a], STATES[b], np.array(cost)[:, None], lag)
            for (a, b), cost, lag in zip(ways, costs, lags, strict=True)
        ),
    )

    def best(date, state):
        if date >= 6:
            return 0.0 if date == 6 else -np.inf
        stay = cash[state][date] * 0.9**date
        options = [stay + best(date + 1, state)]
        for (a, b), cost, lag in zip(ways, costs, lags, strict=True):
            if a == state:
                landed = cash[b][date] * 0.9**date + best(date + 1, b) if lag == 0 else best(date + lag, b)
                options.append(landed - cost[date] * 0.9**date)
        return max(options)

    result = price(fit_policy(problem), problem)
    assert result.value_usd == pytest.approx(best(0, 0), rel=1e-12, abs=1e-12)
    assert result.se_usd == pytest.approx(0.0, abs=1e-12)


@settings(derandomize=True, max_examples=20)
@given(
    seed=st.integers(0, 1000),
    vol=st.floats(0.05, 0.6),
    drift=st.floats(-0.05, 0.05),
    cost=st.floats(0.0, 200.0),
    lag=st.integers(0, 3),
)
def test_flexible_is_worth_at_least_the_best_fixed_decision(seed, vol, drift, cost, lag):
    """On fresh paths, less 3 standard errors; so at least the better of now and never."""

    def problem(own_seed, chunks):
        rent = lognormal(own_seed, chunks, 10.0, drift, vol, np.arange(12) / 2)
        return SwitchProblem(
            states=("mining", "leased"),
            months=tuple(range(0, 73, 6)),
            discount=1.04 ** -np.arange(13.0),
            drivers={"rent": rent},
            cash_usd={"mining": 5.0, "leased": rent},
            terminal_usd={"leased": 5 * rent[-1]},
            switches=(Switch("mining", "leased", cost, lag),),
        )

    result = price(fit_policy(problem(seed, range(8))), problem(seed + 5000, range(16)))
    for plan in result.fixed:
        assert plan.regret_usd >= -3.0 * plan.regret_se_usd - 1e-9, plan
    assert result.waiting_usd >= -3.0 * result.waiting_se_usd - 1e-9


def test_more_dates_never_lower_the_value():
    """Each set of dates holds the one before; the noise is that of the difference on the same draws."""
    training, fresh = site(1, range(16)), [site(2, range(16 * k, 16 * k + 16)) for k in range(2)]

    def at(problem, every):
        dates = np.arange(problem.n_date) % every == 0
        return replace(problem, switches=tuple(replace(s, allowed=dates) for s in problem.switches))

    results = [
        price(fit_policy(at(training, every)), (at(problem, every) for problem in fresh))
        for every in (40, 20, 8, 4, 2, 1)
    ]
    for fewer, more in pairwise(results):
        gain = more.values_usd - fewer.values_usd
        assert gain.mean() >= -3.0 * gain.std() / np.sqrt(len(gain))
    assert results[-1].value_usd > results[0].value_usd


def test_more_volatile_rent_makes_waiting_worth_more():
    calm, wild = (
        price(fit_policy(site(1, range(16), rent_vol=vol)), blocks(site, 4, 2, rent_vol=vol)) for vol in (0.05, 0.4)
    )
    assert wild.waiting_usd > calm.waiting_usd + 3.0 * np.hypot(wild.waiting_se_usd, calm.waiting_se_usd)
