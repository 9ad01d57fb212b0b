"""When a part of a site can earn its first AI rent: gates in a network, then slippage.

The later of two chains decides: a tenant must be found and the hall built, and the power must arrive behind it. What is
late is late by an exponential delay. Gates of one cause share a common factor across sites, so a shortage of
transformers is felt everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from math import log, prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals, uniforms
from wattworth.facts import Fact, pert
from wattworth.records import CHUNK_DRAWS, Calendar, Timeline
from wattworth.study import Part, Site
from wattworth.study.gate_files import GateRow
from wattworth.timeline.gates import expected_delay_months
from wattworth.timeline.network import Gate, Network, finish, on_the_way_to, opened
from wattworth.timeline.networks import HALL_GATES, NETWORKS, POWER_GATES, fact_keys, kind_of, own_networks

_ON_TIME, _SLIP_MEAN, _CORRELATION = "clock.on_time_share_us_data_centres", "clock.slip_mean", "clock.correlation"
_EXTRA_DELAY = "clock.extra_delay"
_GIVEN_UP = "clock.failure_known"
_CONVERSION = "clock.bitcoin_site_conversion"
SUCCESS_KEYS: Final = (
    "success.signed",
    "success.energised",
    "success.construction",
    "success.undeveloped",
    "success.study",
)
_SLIPPAGE: Final = "slippage"

FACT_KEYS: Final = (
    *fact_keys(),
    *(_GIVEN_UP, _CONVERSION, _ON_TIME, _SLIP_MEAN, _CORRELATION, _EXTRA_DELAY),
    *SUCCESS_KEYS,
)

_GRID = np.linspace(0.0, 1.0, 2049)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The distributions behind the gates, tabulated once for a study.

    Attributes
    ----------
    quantiles
        Fact to array over an even grid of probabilities. [month]
    stated
        Fact to its stated value: months of a duration, chance of the others. [month or 1]
    networks
        Networks by kind of megawatt.
    own
        Networks of the study's own, each with the kind and the glob on site_id it holds for; the first that fits.
    on_time_frac, slip_mean_months, correlation_frac
        The slippage model, and the share of variance common to all sites.
    extra_delay_months
        Added to every first revenue: nil unless a scenario asks for it. [month]
    """

    quantiles: Mapping[str, NDArray[np.float64]]
    stated: Mapping[str, float]
    networks: Mapping[str, Network]
    own: tuple[tuple[str, str, Network], ...]
    on_time_frac: float
    slip_mean_months: float
    correlation_frac: float
    extra_delay_months: float

    def network(self, site: Site, part: Part) -> Network:
        """The network of a part."""
        kind = kind_of(site, part)
        for name, glob, graph in self.own:
            if (kind == name or kind.startswith(f"{name} ")) and fnmatch(site.site_id, glob):
                return graph
        return self.networks[kind]


def clocks(facts: Mapping[str, Fact], rows: Sequence[GateRow] = ()) -> Clocks:
    """Tabulate the gate distributions of a filled study.

    Parameters
    ----------
    facts
        Filled facts by key.
    rows
        Gates of the study's own.

    Raises
    ------
    StudyError
        If gates of the study stand twice, wait for one that is not there, or for themselves.
    """
    own, ranges = own_networks(rows)
    durations = {gate.months for graph in NETWORKS.values() for gate in graph.gates} | {_GIVEN_UP, _CONVERSION}
    return Clocks(
        quantiles={key: facts[key].quantile(_GRID) for key in sorted(durations)}
        | {key: _quantiles(row) for key, row in ranges.items()},
        stated={key: facts[key].value for key in FACT_KEYS}
        | {key: row.months for key, row in ranges.items()}
        | {f"{key}.fails": row.fails_frac for key, row in ranges.items()},
        networks=NETWORKS,
        own=own,
        on_time_frac=facts[_ON_TIME].value,
        slip_mean_months=facts[_SLIP_MEAN].value,
        correlation_frac=facts[_CORRELATION].value,
        extra_delay_months=facts[_EXTRA_DELAY].value,
    )


def _quantiles(row: GateRow) -> NDArray[np.float64]:
    if row.low_months is None or row.high_months is None:
        return np.full_like(_GRID, row.months)
    return np.maximum(pert.quantile(_GRID, row.low_months, row.months, row.high_months), 0.0)


def first_power(
    site: Site,
    part: Part,
    clock: Clocks,
    calendar: Calendar,
    seed: int | None,
    chunks: range,
    *,
    decided_month: int = 0,
) -> Timeline:
    """Dates of one part of a site, for whole chunks of draws.

    Parameters
    ----------
    site, part
        The site, and the leased, energised, building or undeveloped part of it.
    clock
        From :func:`clocks`.
    calendar
        The study's months.
    seed
        Seed of the run, or None for the central path: stated values and the mean delay.
    chunks
        Chunks of draws; ignored on the central path.
    decided_month
        When the owner decides to convert: customer, money and hall wait for it, what leads to power does not. [month]

    Returns
    -------
    Timeline
        Whole months; first revenue at least one after the as-of month, the start of building before
        it where a signed lease is already under construction.
    """
    graph = clock.network(site, part)
    months = gate_months(site, part, clock, calendar, seed, chunks)
    power = on_the_way_to(graph, POWER_GATES)
    done = opened(graph, months, decided_month, [gate.name for gate in graph.gates if gate.name not in power])
    planned = finish(graph, done)
    slip = slip_months(site, part, clock, seed, chunks)
    first = np.maximum(1, np.ceil(planned + slip + clock.extra_delay_months - 1e-9)).astype(np.int64)
    if part.state == "leased" and site.lease_start is None:
        start = np.zeros_like(planned)  # signed, and not known to be begun
    elif part.state == "leased":
        start = planned - _spread(_CONVERSION, site, part, clock, seed, chunks)
    else:  # a hall is built to be ready with its power, not before
        start = planned - sum((months[name] for name in HALL_GATES if name in months), np.zeros_like(planned))
    start_month = np.minimum(np.floor(start), first - 1).astype(np.int64)
    if "shell" in months:
        late = start - (done["shell"] - months["shell"])
        done = {name: when + late if name in HALL_GATES else when for name, when in done.items()}
    known = np.maximum(1, np.rint(_failed(site, part, clock, done, seed, chunks, decided_month))).astype(np.int64)
    return Timeline(start_month, first, np.minimum(known, np.maximum(first - 1, 1)))


def gate_months(
    site: Site, part: Part, clock: Clocks, calendar: Calendar, seed: int | None, chunks: range
) -> dict[str, NDArray[np.float64]]:
    """How long each gate of a part takes, shape (draw,): a stated date, else a draw of its clock. [month]"""
    dates = {"power": part.energised_date, "lease_start": site.lease_start if part.state == "leased" else None}
    n_draw = 1 if seed is None else CHUNK_DRAWS * len(chunks)
    out: dict[str, NDArray[np.float64]] = {}
    for gate in clock.network(site, part).gates:
        date = dates.get(gate.dated)
        if date is None:
            out[gate.name] = _spread(gate.months, site, part, clock, seed, chunks, gate=gate)
        else:
            month = calendar.index(date)
            out[gate.name] = np.full(n_draw, float(month if gate.dated == "lease_start" else max(0, month)))
    return out


def slip_months(site: Site, part: Part, clock: Clocks, seed: int | None, chunks: range) -> NDArray[np.float64]:
    """Delay beyond the plan, shape (draw,): nil for what is on time, else exponential. [month]"""
    if seed is None:
        return np.array([expected_delay_months(clock.on_time_frac, clock.slip_mean_months)])
    uniform = _pace(site, part, _SLIPPAGE, _SLIPPAGE, clock, seed, chunks)
    late_frac = 1.0 - clock.on_time_frac
    late = uniform > clock.on_time_frac
    tail = np.where(late, (1.0 - uniform) / late_frac if late_frac > 0 else 1.0, 1.0)
    return -clock.slip_mean_months * np.log(np.maximum(tail, 1e-12))


def failure_frac(site: Site, part: Part, clock: Clocks, success_frac: float) -> dict[str, float]:
    """Which gate stops a conversion that fails: shares by gate that sum to one.

    Parameters
    ----------
    site, part, clock
        A part and its gates.
    success_frac
        Chance that the conversion succeeds. [1]

    Notes
    -----
    The chance of success *p* is the product of the chances of all gates; the gate that takes the rest has what the
    others leave of it. A gate's share is its part of -ln *p*.
    """
    graph = clock.network(site, part)
    hazards = {gate.name: -log(max(_opens_frac(gate, clock), 1e-12)) for gate in graph.gates}
    whole = -log(min(max(success_frac, 1e-12), 1.0 - 1e-12))
    if graph.rest is not None:
        hazards[graph.rest] = max(0.0, whole - sum(hazards.values()))
    total = sum(hazards.values()) or 1.0
    return {name: hazard / total for name, hazard in hazards.items()}


def own_success_frac(site: Site, part: Part, clock: Clocks) -> float | None:
    """Chance of success where the gates alone give it; None where one takes what a fact leaves over. [1]"""
    graph = clock.network(site, part)
    return None if graph.rest is not None else prod(_opens_frac(gate, clock) for gate in graph.gates)


def success_fact(part: Part) -> str:
    """Fact with the chance that a conversion of this part succeeds."""
    if part.state == "undeveloped":
        return "success.study" if part.stage == "study" else "success.undeveloped"
    return "success.signed" if part.state == "leased" else f"success.{part.state}"


def _opens_frac(gate: Gate, clock: Clocks) -> float:
    if gate.opens is not None:
        return clock.stated[gate.opens]
    return 1.0 if gate.fails is None else 1.0 - clock.stated[gate.fails]


def _failed(
    site: Site,
    part: Part,
    clock: Clocks,
    done: Mapping[str, NDArray[np.float64]],
    seed: int | None,
    chunks: range,
    decided_month: int,
) -> NDArray[np.float64]:
    """When it is known that the conversion fails: a gate's own date, or the day a search for a tenant is given up."""
    given_up = decided_month + _spread(_GIVEN_UP, site, part, clock, seed, chunks)
    if part.state == "leased":
        return given_up
    dates = {**done, "lease_signing": given_up} if "lease_signing" in done else dict(done)
    own_frac = own_success_frac(site, part, clock)
    share = failure_frac(site, part, clock, clock.stated[success_fact(part)] if own_frac is None else own_frac)
    names = list(share)
    if seed is None:
        return dates[max(share, key=lambda name: share[name])]
    uniform = uniforms(seed, f"timeline:{site.site_id}:{part.state}:failing", chunks, 1)[0]
    which = np.searchsorted(np.cumsum([share[name] for name in names])[:-1], uniform, side="right")
    return np.stack([dates[name] for name in names])[which, np.arange(which.size)]


def _spread(
    key: str,
    site: Site,
    part: Part,
    clock: Clocks,
    seed: int | None,
    chunks: range,
    *,
    gate: Gate | None = None,
) -> NDArray[np.float64]:
    """Draws of a duration. [month]"""
    if seed is None:
        return np.array([clock.stated[key]])
    name, cause = (gate.name, gate.cause) if gate is not None else (key, "building")
    return np.interp(_pace(site, part, name, cause, clock, seed, chunks), _GRID, clock.quantiles[key])


def _pace(
    site: Site, part: Part, name: str, cause: str, clock: Clocks, seed: int, chunks: range
) -> NDArray[np.float64]:
    """Even numbers behind a gate, correlated with those of the same cause at other sites and gates, shape (draw,)."""
    from scipy.special import ndtr

    own = normals(seed, f"timeline:{site.site_id}:{part.state}:{name}", chunks, 1)[0]
    share = clock.correlation_frac if cause else 0.0
    common = _common(seed, cause, chunks) if share > 0 else 0.0
    return np.asarray(ndtr(np.sqrt(share) * common + np.sqrt(1.0 - share) * own), dtype=np.float64)


@lru_cache(maxsize=64)
def _common(seed: int, cause: str, chunks: range) -> NDArray[np.float64]:
    drawn = normals(seed, f"timeline:cause:{cause}", chunks, 1)[0]
    drawn.flags.writeable = False
    return drawn
