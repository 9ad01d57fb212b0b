"""When a part of a site can earn its first AI rent: gates in parallel, then slippage.

The later of two chains decides: a tenant must be found and the hall built, and the power must
arrive and the hall be fitted out behind it. What is late is late by an exponential delay. All
clocks share one common cause across sites, so a shortage of transformers is felt everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.facts import Fact
from wattworth.records import Calendar, Timeline
from wattworth.study import Part, Site
from wattworth.timeline.gates import expected_delay_months

_GATES: Final = {
    "marketing": "clock.lease_marketing",
    "build": "clock.bitcoin_site_conversion",
    "build_new": "clock.datahall_build",
    "signed_build": "clock.lease_signing_to_first_revenue",
    "construction": "clock.construction_remaining",
    "grid": "clock.grid_connection_load_us",
    "fit_out": "clock.fit_out_after_power",
    "failure": "clock.failure_known",
}
_ON_TIME, _SLIP_MEAN, _CORRELATION = "clock.on_time_share_us_data_centres", "clock.slip_mean", "clock.correlation"
_EXTRA_DELAY = "clock.extra_delay"

FACT_KEYS: Final = (*_GATES.values(), _ON_TIME, _SLIP_MEAN, _CORRELATION, _EXTRA_DELAY)

_GRID = np.linspace(0.0, 1.0, 2049)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The distributions behind the gates, tabulated once for a study.

    Attributes
    ----------
    quantiles
        Gate name to array over an even grid of probabilities. [month]
    central
        Gate name to its stated value. [month]
    on_time_frac, slip_mean_months, correlation_frac
        The slippage model, and the share of variance common to all sites.
    extra_delay_months
        Added to every first revenue: nil unless a scenario asks for it. [month]
    """

    quantiles: Mapping[str, NDArray[np.float64]]
    central: Mapping[str, float]
    on_time_frac: float
    slip_mean_months: float
    correlation_frac: float
    extra_delay_months: float


def clocks(facts: Mapping[str, Fact]) -> Clocks:
    """Tabulate the gate distributions of a filled study."""
    return Clocks(
        quantiles={gate: facts[key].quantile(_GRID) for gate, key in _GATES.items()},
        central={gate: facts[key].value for gate, key in _GATES.items()},
        on_time_frac=facts[_ON_TIME].value,
        slip_mean_months=facts[_SLIP_MEAN].value,
        correlation_frac=facts[_CORRELATION].value,
        extra_delay_months=facts[_EXTRA_DELAY].value,
    )


def first_power(site: Site, part: Part, clock: Clocks, calendar: Calendar, seed: int | None, chunks: range) -> Timeline:
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

    Returns
    -------
    Timeline
        Whole months; first revenue at least one after the as-of month, the start of building before
        it where a signed lease is already under construction.
    """
    if seed is None:
        months = {gate: np.array([value]) for gate, value in clock.central.items()}
        slip = np.array([expected_delay_months(clock.on_time_frac, clock.slip_mean_months)])
    else:
        common = normals(seed, "timeline:common", chunks, 2)
        own = normals(seed, f"timeline:{site.site_id}:{part.state}", chunks, len(_GATES) + 1)
        share = clock.correlation_frac
        # one common cause for how long things take, another for whether they slip
        pace = _normal_cdf(np.sqrt(share) * common[0] + np.sqrt(1.0 - share) * own[:-1])
        months = {gate: _lookup(clock.quantiles[gate], pace[i]) for i, gate in enumerate(_GATES)}
        slip = _slip_months(_normal_cdf(np.sqrt(share) * common[1] + np.sqrt(1.0 - share) * own[-1]), clock)

    start, first = _chain(site, part, calendar, months)
    first_month = np.maximum(1, np.ceil(first + slip + clock.extra_delay_months - 1e-9)).astype(np.int64)
    start_month = np.minimum(np.floor(start), first_month - 1).astype(np.int64)
    known = np.maximum(1, np.rint(months["failure"])).astype(np.int64)
    return Timeline(start_month, first_month, np.minimum(known, np.maximum(first_month - 1, 1)))


def _chain(
    site: Site, part: Part, calendar: Calendar, months: Mapping[str, NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Start of building and planned first revenue, before slippage."""
    zero = np.zeros_like(months["build"])
    if part.state == "leased":
        if site.lease_start is None:
            return zero, months["signed_build"]
        planned = zero + calendar.index(site.lease_start)
        return planned - months["build"], planned
    build = months["build"] if part.state == "energised" else months["build_new"]
    start = months["marketing"]
    hall_ready = start + build
    if part.state == "energised":
        return start, hall_ready
    if part.energised_date is not None:
        power = zero + max(0, calendar.index(part.energised_date))
    else:
        power = months["construction" if part.state == "construction" else "grid"]
    fitted = power + months["fit_out"]
    first = np.maximum(hall_ready, fitted)
    return first - build, first


def _slip_months(uniform: NDArray[np.float64], clock: Clocks) -> NDArray[np.float64]:
    late_frac = 1.0 - clock.on_time_frac
    late = uniform > clock.on_time_frac
    tail = np.where(late, (1.0 - uniform) / late_frac if late_frac > 0 else 1.0, 1.0)
    return -clock.slip_mean_months * np.log(np.maximum(tail, 1e-12))


def _lookup(table: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.interp(uniform, _GRID, table)


def _normal_cdf(z: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtr

    return ndtr(z)
