"""Every way to power as a network of gates: how long it takes, how likely it is, and what holds it up.

A way has two networks: the gates until power is there, and the same with the hall behind them. Both take their gates
from the networks of sites where there are such, so that a fact moves the two alike. The hall's own gates, and what is
late beyond the plan, are the same draws behind every way: two ways differ by their power alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.errors import StudyError
from wattworth.facts import Fact
from wattworth.records import CHUNK_DRAWS
from wattworth.timeline.network import Gate, Network, critical_frac, finish, network, opened
from wattworth.timeline.networks import LOAD_STUDIES, NETWORKS

POWER: Final = "energise"
"""Gate with which the power of a way is there."""

GRID_CLOCK: Final = "clock.grid_connection_load_us"
"""Fact with the printed total of a grid connection."""

TENANT_KEY: Final = "success.energised"
"""Fact with the chance that a hall finds its tenant, its money and its builder once power is sure."""

_ON_TIME, _SLIP_MEAN, _CORRELATION = "clock.on_time_share_us_data_centres", "clock.slip_mean", "clock.correlation"
_GIVEN_UP: Final = "clock.failure_known"
_SLIPPAGE: Final = "slippage"
_GRID: Final = np.linspace(0.0, 1.0, 2049)  # probabilities at which a clock is tabulated
_HALL: Final = ("lease_signing", "financing", "shell", "fit_out", "commissioning")
_TIE_IN: Final = "tie_in"
_HALL_GATES: Final = (*_HALL, _TIE_IN)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to power.

    Attributes
    ----------
    name, label
        For machines and for people.
    power
        Gates until power is there; None where it is there already.
    hall
        The same gates with those of the hall behind them.
    clock
        Fact with a printed total for the power, to check the gates against; None without one.
    """

    name: str
    label: str
    power: Network | None
    hall: Network
    clock: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WayDraws:
    """Dates and odds of a way.

    Attributes
    ----------
    way
        Which one.
    planned_months
        Array, shape (draw,): months to power by the gates alone, as printed clocks count them. [month]
    power_months, rent_months
        Arrays, shape (draw,): months to power and to first rent, slippage included. [month]
    given_up_months
        Array, shape (draw,): when a search without a tenant is given up, never before power is there. [month]
    power_frac, tenant_frac
        Chance that power comes, and that the hall behind it is let and built. [1]
    power_critical_frac, rent_critical_frac
        How often each gate delays power, and first rent, most; each sums to one, the first is empty without gates.
    """

    way: Way
    planned_months: NDArray[np.float64]
    power_months: NDArray[np.float64]
    rent_months: NDArray[np.float64]
    given_up_months: NDArray[np.float64]
    power_frac: float
    tenant_frac: float
    power_critical_frac: Mapping[str, float]
    rent_critical_frac: Mapping[str, float]

    @property
    def chance_frac(self) -> float:
        """Chance of ever earning rent: the product of all gates. [1]"""
        return self.power_frac * self.tenant_frac

    def document(self) -> dict[str, Any]:
        """The way as plain values: months at P10, P50 and P90, odds, and what delays it."""
        return {
            "way": self.way.name,
            "label": self.way.label,
            "months_to_power": months_summary(self.power_months),
            "months_to_first_rent": months_summary(self.rent_months),
            "power_chance_frac": self.power_frac,
            "chance_frac": self.chance_frac,
            "critical_gate_to_power_frac": dict(self.power_critical_frac),
            "critical_gate_to_first_rent_frac": dict(self.rent_critical_frac),
        }


def months_summary(draws: NDArray[np.float64]) -> dict[str, float]:
    """P10, P50 and P90 of months, shape (draw,)."""
    return dict(zip(("p10", "p50", "p90"), map(float, np.quantile(draws, (0.1, 0.5, 0.9))), strict=True))


def _onsite_gates(slot: str, install: str) -> tuple[Gate, ...]:
    """Machine, then its installation; the air permit and the gas lateral come beside them."""
    return (
        Gate("equipment_slot", slot, fails="gate_fails.equipment_slot", cause="engines"),
        Gate("install", install, ("equipment_slot",), cause="building"),
        Gate("air_permit", "gate.air_permit", fails="gate_fails.air_permit", cause="permits"),
        Gate("gas_lateral", "gate.gas_lateral", fails="gate_fails.gas_lateral", cause="gas"),
        Gate(POWER, "gate.energise", ("install", "air_permit", "gas_lateral"), cause="utility"),
    )


def _nuclear_gates() -> tuple[Gate, ...]:
    return (
        Gate("nuclear_siting", "gate.nuclear_siting", fails="gate_fails.nuclear_siting", cause="permits"),
        Gate(POWER, "gate.energise", ("nuclear_siting",), cause="utility"),
    )


def _grid_gates(kind: str) -> tuple[Gate, ...]:
    """Queue and works of a site in study, the study with its own chance of coming to nothing."""
    power = [gate for gate in NETWORKS[kind].gates if gate.name not in _HALL_GATES]
    return tuple(replace(gate, fails="gate_fails.load_study") if gate.name == "load_study" else gate for gate in power)


def _hall_gates(kind: str) -> tuple[Gate, ...]:
    """Gates of the hall; how likely a tenant is comes from one fact for all ways."""
    halls = [gate for gate in NETWORKS[kind].gates if gate.name in _HALL_GATES]
    return tuple(replace(gate, fails=None, opens=None) for gate in halls)


def _way(name: str, label: str, gates: tuple[Gate, ...], clock: str | None = None) -> Way:
    return Way(name, label, network(name, gates), network(name, (*_hall_gates("secured"), *gates)), clock)


def _grid_ways() -> Iterable[Way]:
    for iso in LOAD_STUDIES:
        yield _way(f"grid_{iso.lower()}", f"grid queue, {iso}", _grid_gates(f"study {iso}"), GRID_CLOCK)
    yield _way("grid_other", "grid queue, elsewhere", _grid_gates("study"), GRID_CLOCK)


MINE: Final = "energised_mine"

WAYS: Final[tuple[Way, ...]] = (
    Way(MINE, "energised mine", None, network(MINE, _hall_gates("energised"))),
    *_grid_ways(),
    _way(
        "engines",
        "reciprocating engines",
        _onsite_gates("gate.engine_slot", "gate.install_engine"),
        "clock.onsite_recip",
    ),
    _way(
        "aero_turbine",
        "aero turbines",
        _onsite_gates("gate.aero_turbine_slot", "gate.install_aero_turbine"),
        "clock.onsite_aero_gt",
    ),
    _way(
        "frame_or_ccgt",
        "frame turbines or CCGT",
        _onsite_gates("gate.frame_turbine_slot", "gate.install_frame_turbine"),
        "clock.onsite_frame_or_ccgt",
    ),
    _way(
        "fuel_cell",
        "fuel cells",
        _onsite_gates("gate.fuel_cell_slot", "gate.install_fuel_cell"),
        "clock.onsite_fuel_cell",
    ),
    _way("nuclear", "beside nuclear", _nuclear_gates(), "clock.nuclear_siting_existing"),
)
"""All ways to power."""

FACT_KEYS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(
        (
            *(key for way in WAYS for gate in way.hall.gates for key in (gate.months, gate.fails) if key),
            *(_ON_TIME, _SLIP_MEAN, _CORRELATION, _GIVEN_UP, TENANT_KEY),
        )
    )
)
"""Facts behind the ways."""


def way_months(
    way: str, gates: Iterable[Gate], facts: Mapping[str, Fact], seed: int, chunks: range
) -> dict[str, NDArray[np.float64]]:
    """How long each gate takes in each draw, correlated with gates of the same cause anywhere.

    Parameters
    ----------
    way
        Name of the way, which keys the streams of its power; those of the hall are common to all.
    gates
        Gates of one network.
    facts
        Filled facts; ``clock.correlation`` is the share of variance that a cause has in common.
    seed
        Seed of the run.
    chunks
        Chunks of draws.

    Returns
    -------
    dict of gate to array, shape (draw,)
        Months, at least nil.
    """
    share = facts[_CORRELATION].value
    return {
        gate.name: np.maximum(
            0.0,
            np.interp(
                _even(f"ways:{_owner(way, gate)}:{gate.name}", gate.cause, share, seed, chunks),
                _GRID,
                _quantiles(facts[gate.months]),
            ),
        )
        for gate in gates
    }


def _owner(way: str, gate: Gate) -> str:
    """Whose stream a gate draws from: that of its way, or of the hall, which is the same behind every way."""
    return "hall" if gate.name in _HALL_GATES else way


@lru_cache(maxsize=256)
def _quantiles(fact: Fact) -> NDArray[np.float64]:
    return fact.quantile(_GRID)


def draw_ways(facts: Mapping[str, Fact], *, draws: int, seed: int, ways: Iterable[Way] = WAYS) -> tuple[WayDraws, ...]:
    """Dates and odds of every way.

    Parameters
    ----------
    facts
        Filled facts, those of :data:`FACT_KEYS` among them.
    draws
        Number of draws, at least 1.
    seed
        Seed, 0 or above.
    ways
        Which ways.

    Raises
    ------
    StudyError
        If draws or seed are out of range, or a fact with a chance is none.
    """
    if draws < 1 or seed < 0:
        raise StudyError(f"draws must be at least 1 and the seed at least 0, got {draws} and {seed}")
    chunks = range(-(-draws // CHUNK_DRAWS))
    return tuple(_drawn(way, facts, seed, chunks, draws) for way in ways)


def _drawn(way: Way, facts: Mapping[str, Fact], seed: int, chunks: range, n_draw: int) -> WayDraws:
    drawn = way_months(way.name, way.hall.gates, facts, seed, chunks)
    months = {name: each[:n_draw] for name, each in drawn.items()}
    slip = _slip_months(facts, seed, chunks)[:n_draw]
    share = facts[_CORRELATION].value
    given_up = facts[_GIVEN_UP].quantile(_even(f"ways:hall:{_GIVEN_UP}", "building", share, seed, chunks))
    planned = np.zeros(n_draw) if way.power is None else finish(way.power, opened(way.power, months))
    power = planned if way.power is None else planned + slip
    return WayDraws(
        way=way,
        planned_months=planned,
        power_months=power,
        rent_months=finish(way.hall, opened(way.hall, months)) + slip,
        given_up_months=np.maximum(power, given_up[:n_draw]),
        power_frac=1.0 if way.power is None else opens_frac(way.power, facts),
        tenant_frac=_chance(facts, TENANT_KEY),
        power_critical_frac={} if way.power is None else critical_frac(way.power, months),
        rent_critical_frac=critical_frac(way.hall, months),
    )


def opens_frac(graph: Network, facts: Mapping[str, Fact]) -> float:
    """Chance that every gate of a network opens: the product of their chances. [1]"""
    return prod(1.0 - _chance(facts, gate.fails) for gate in graph.gates if gate.fails is not None)


def _chance(facts: Mapping[str, Fact], key: str) -> float:
    value = facts[key].value
    if not 0.0 <= value <= 1.0:
        raise StudyError(f"fact {key}: got {value:g}, need a chance from 0 to 1")
    return value


def _slip_months(facts: Mapping[str, Fact], seed: int, chunks: range) -> NDArray[np.float64]:
    """Delay beyond the plan: nil for the share that is on time, else exponential. [month]"""
    uniform = _even(f"ways:hall:{_SLIPPAGE}", _SLIPPAGE, facts[_CORRELATION].value, seed, chunks)
    late_frac = 1.0 - _chance(facts, _ON_TIME)
    if late_frac == 0.0:
        return np.zeros_like(uniform)
    return -facts[_SLIP_MEAN].value * np.log(np.clip((1.0 - uniform) / late_frac, 1e-12, 1.0))


def _even(name: str, cause: str, share_frac: float, seed: int, chunks: range) -> NDArray[np.float64]:
    """Even numbers from 0 to 1, correlated with all of the same cause, shape (draw,)."""
    from scipy.special import ndtr

    own = normals(seed, name, chunks, 1)[0]
    if not cause or share_frac <= 0.0:
        return np.asarray(ndtr(own), dtype=np.float64)
    common = normals(seed, f"timeline:cause:{cause}", chunks, 1)[0]
    return np.asarray(ndtr(np.sqrt(share_frac) * common + np.sqrt(1.0 - share_frac) * own), dtype=np.float64)
