"""Ways to power: gates against printed clocks, laws of networks, maxima worked by hand, seeds and bad input."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np
import pytest

from tests import studies
from wattworth import uses
from wattworth.errors import StudyError
from wattworth.facts import Fact
from wattworth.study import fill
from wattworth.timeline.network import Gate, finish, network, opened
from wattworth.timeline.networks import LOAD_STUDIES
from wattworth.timeline.ways import FACT_KEYS, MINE, WAYS, WayDraws, draw_ways, opens_frac, way_months

BY_NAME = {way.name: way for way in WAYS}
ONSITE = ("engines", "aero_turbine", "frame_or_ccgt", "fuel_cell")
DRAWS = 10_000


@pytest.fixture(scope="module")
def facts() -> dict[str, Fact]:
    clocks = [way.clock for way in WAYS if way.clock]
    return dict(fill(studies.study(studies.MINE), uses.fact_book(), [*FACT_KEYS, *clocks]).facts)


@pytest.fixture(scope="module")
def drawn(facts: dict[str, Fact]) -> dict[str, WayDraws]:
    return {each.way.name: each for each in draw_ways(facts, draws=DRAWS, seed=7)}


def uniform(key: str, low: float, high: float, like: Fact) -> Fact:
    """A fact whose quantiles are those of a uniform number."""

    class Even(Fact):
        __slots__ = ()

        def quantile(self, probability_frac: np.ndarray) -> np.ndarray:
            return low + (high - low) * probability_frac

    return Even(key, (low + high) / 2, low, high, "months", None, "test", like.as_of, "assumption")


def two_gates(facts: dict[str, Fact], correlation: float, causes: tuple[str, str]) -> float:
    """Mean of the later of U(12, 24) and U(18, 36), a million draws."""
    held = {
        **facts,
        "a": uniform("a", 12, 24, facts[FACT_KEYS[0]]),
        "b": uniform("b", 18, 36, facts[FACT_KEYS[0]]),
        "clock.correlation": replace(facts["clock.correlation"], value=correlation, low=None, high=None),
    }
    graph = network("two", [Gate("first", "a", cause=causes[0]), Gate("second", "b", cause=causes[1])])
    return float(finish(graph, opened(graph, way_months("two", graph.gates, held, 3, range(3_907)))).mean())


def test_every_way_of_the_issue_is_there() -> None:
    assert set(BY_NAME) == {MINE, "grid_other", "nuclear", *ONSITE, *(f"grid_{iso.lower()}" for iso in LOAD_STUDIES)}


@pytest.mark.parametrize("name", [name for name, way in BY_NAME.items() if way.clock and name not in ONSITE])
def test_median_to_power_agrees_with_the_printed_clock(
    facts: dict[str, Fact], drawn: dict[str, WayDraws], name: str
) -> None:
    """Within a tenth of the printed clock's own median; its value is the mode, which a long tail leaves behind."""
    clock = facts[BY_NAME[name].clock or ""]
    printed = float(clock.quantile(np.array([0.5]))[0])
    assert float(np.median(drawn[name].planned_months)) == pytest.approx(printed, rel=0.10)


@pytest.mark.parametrize("name", ONSITE)
def test_median_of_the_machines_agrees_with_the_printed_clock(facts: dict[str, Fact], name: str) -> None:
    """Printed on-site clocks count the machine and take permit and gas as no longer; within a tenth
    of them, or two months: each part is a mode with a long tail, so their sum lies above the sum of the modes.
    """
    way = BY_NAME[name]
    assert way.power is not None
    assert way.clock is not None
    months = way_months(name, way.power.gates, facts, 7, range(40))
    machine = months["equipment_slot"] + months["install"] + months["energise"]
    assert float(np.median(machine)) == pytest.approx(facts[way.clock].value, rel=0.10, abs=2.0)
    stated = sum(
        facts[gate.months].value for gate in way.power.gates if gate.name in ("equipment_slot", "install", "energise")
    )
    assert stated == pytest.approx(facts[way.clock].value)


def test_permit_and_gas_bind_only_where_machines_come_fast(drawn: dict[str, WayDraws]) -> None:
    beside = {
        name: sum(drawn[name].power_critical_frac[gate] for gate in ("air_permit", "gas_lateral")) for name in ONSITE
    }
    assert beside["fuel_cell"] > 0.5 > beside["engines"] > beside["aero_turbine"] > beside["frame_or_ccgt"]


def test_mine_has_power_today_and_only_hall_gates(facts: dict[str, Fact], drawn: dict[str, WayDraws]) -> None:
    mine = drawn[MINE]
    assert not mine.power_months.any()
    assert mine.power_frac == 1.0
    assert mine.chance_frac == facts["success.energised"].value
    assert mine.power_critical_frac == {}
    assert all(mine.chance_frac > other.chance_frac for name, other in drawn.items() if name != MINE)


def test_chance_is_the_product_of_the_gates(facts: dict[str, Fact], drawn: dict[str, WayDraws]) -> None:
    fails = ("load_study", "interconnection_agreement", "utility_works", "equipment_slot")
    by_hand = prod(1 - facts[f"gate_fails.{name}"].value for name in fails)
    assert drawn["grid_pjm"].power_frac == pytest.approx(by_hand)
    own = prod(1 - facts[f"gate_fails.{name}"].value for name in ("equipment_slot", "air_permit", "gas_lateral"))
    assert drawn["engines"].power_frac == pytest.approx(own)
    assert drawn["engines"].chance_frac == pytest.approx(own * facts["success.energised"].value)


def test_shares_of_critical_gates_sum_to_one(drawn: dict[str, WayDraws]) -> None:
    for each in drawn.values():
        assert sum(each.rent_critical_frac.values()) == pytest.approx(1.0)
        if each.way.power is not None:
            assert sum(each.power_critical_frac.values()) == pytest.approx(1.0)


def test_rent_never_comes_before_power(drawn: dict[str, WayDraws]) -> None:
    for each in drawn.values():
        assert (each.rent_months > each.power_months).all()
        assert (each.given_up_months >= each.power_months).all()


def test_a_predecessor_never_brings_a_date_forward(facts: dict[str, Fact]) -> None:
    for way in WAYS:
        months = way_months(way.name, way.hall.gates, facts, 5, range(2))
        before = opened(way.hall, months)
        first, last = way.hall.gates[0].name, way.hall.gates[-1]
        if first in last.after:
            continue
        more = network("more", [*way.hall.gates[:-1], replace(last, after=(*last.after, first))])
        after = opened(more, months)
        assert all((after[name] >= before[name]).all() for name in before)


def test_later_of_two_gates_by_hand(facts: dict[str, Fact]) -> None:
    """Proves: the mean of the later date is not the later mean. Sensitivity: the maximum of the means is 27.

    U(12, 24) and U(18, 36), independent: 27 + 1/6. In step with each other the second is always the later one, so the
    mean falls back to 27: what moves together delays the later of two gates less, never more. Against each other it
    would be 27.6. Four standard errors of a million draws are 0.02.
    """
    apart = two_gates(facts, 0.0, ("x", "x"))
    together = two_gates(facts, 1.0, ("x", "x"))
    assert apart == pytest.approx(27 + 1 / 6, abs=0.02)
    assert together == pytest.approx(27.0, abs=0.02)
    assert two_gates(facts, 1.0, ("x", "")) == pytest.approx(27 + 1 / 6, abs=0.02)
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert float(np.maximum(12 + 12 * u, 36 - 18 * u).mean()) == pytest.approx(27.6, abs=1e-6)


def test_gates_in_a_row_spread_more_when_they_share_a_cause(facts: dict[str, Fact]) -> None:
    """Proves: a common cause leaves the mean of a chain and widens it: P90 of U(12, 24) + U(18, 36) rises to 57.

    Independent: density falls off over the last 12 months, P90 = 60 - sqrt(2 x 0.1 x 12 x 18) = 53.43. In step: 12 + 18
    + 0.9 x 30 = 57.
    """
    chain = {}
    for correlation in (0.0, 1.0):
        held = {
            **facts,
            "a": uniform("a", 12, 24, facts[FACT_KEYS[0]]),
            "b": uniform("b", 18, 36, facts[FACT_KEYS[0]]),
            "clock.correlation": replace(facts["clock.correlation"], value=correlation, low=None, high=None),
        }
        graph = network("row", [Gate("first", "a", cause="x"), Gate("second", "b", ("first",), cause="x")])
        chain[correlation] = finish(graph, opened(graph, way_months("row", graph.gates, held, 3, range(400))))
    assert chain[0.0].mean() == pytest.approx(chain[1.0].mean(), abs=0.2)
    assert np.quantile(chain[0.0], 0.9) == pytest.approx(60 - np.sqrt(2 * 0.1 * 12 * 18), abs=0.2)
    assert np.quantile(chain[1.0], 0.9) == pytest.approx(57.0, abs=0.2)


def test_ways_share_the_cause_of_their_gates(facts: dict[str, Fact]) -> None:
    """Two queues wait for one market of transformers: the correlation of the normals behind is the fact's."""
    gates = [gate for gate in BY_NAME["grid_pjm"].hall.gates if gate.name == "transformer"]
    pjm, spp = (way_months(name, gates, facts, 7, range(400))["transformer"] for name in ("grid_pjm", "grid_spp"))
    ranks = [np.argsort(np.argsort(each)) for each in (pjm, spp)]
    share = facts["clock.correlation"].value
    spearman = 6 / np.pi * np.arcsin(share / 2)
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(spearman, abs=0.015)


def test_ways_differ_by_their_power_alone(facts: dict[str, Fact], drawn: dict[str, WayDraws]) -> None:
    """The hall behind every way is drawn once: a tenant who signs late signs late everywhere."""
    lease = [gate for gate in BY_NAME["engines"].hall.gates if gate.name == "lease_signing"]
    engines, mine = (way_months(name, lease, facts, 7, range(2))["lease_signing"] for name in ("engines", MINE))
    np.testing.assert_array_equal(engines, mine)
    slips = [drawn[name].power_months - drawn[name].planned_months for name in ("engines", "nuclear")]
    np.testing.assert_allclose(slips[0], slips[1], atol=1e-9)


def test_same_seed_same_dates_and_more_draws_leave_the_first(facts: dict[str, Fact]) -> None:
    few, again, more = (draw_ways(facts, draws=n, seed=7) for n in (300, 300, 700))
    other = draw_ways(facts, draws=300, seed=8)
    for a, b, c, d in zip(few, again, more, other, strict=True):
        np.testing.assert_array_equal(a.rent_months, b.rent_months)
        np.testing.assert_array_equal(a.rent_months, c.rent_months[:300])
        assert (a.rent_months != d.rent_months).any()


def test_document_is_plain_and_ordered(drawn: dict[str, WayDraws]) -> None:
    for each in drawn.values():
        plain = each.document()
        for name in ("months_to_power", "months_to_first_rent"):
            assert plain[name]["p10"] <= plain[name]["p50"] <= plain[name]["p90"]
        assert 0.0 < plain["chance_frac"] <= plain["power_chance_frac"] <= 1.0


@pytest.mark.parametrize(("draws", "seed"), [(0, 7), (-1, 7), (10, -1)])
def test_draws_and_seed_out_of_range_are_named(facts: dict[str, Fact], draws: int, seed: int) -> None:
    with pytest.raises(StudyError, match="draws must be at least 1 and the seed at least 0"):
        draw_ways(facts, draws=draws, seed=seed)


def test_a_chance_above_one_is_named(facts: dict[str, Fact]) -> None:
    wrong = {**facts, "gate_fails.air_permit": replace(facts["gate_fails.air_permit"], value=1.2, low=None, high=None)}
    way = BY_NAME["engines"]
    assert way.power is not None
    with pytest.raises(StudyError, match=r"gate_fails\.air_permit: got 1\.2, need a chance from 0 to 1"):
        opens_frac(way.power, wrong)
