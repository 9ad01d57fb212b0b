"""A data hall or its shell: what it costs, when it stands, what firms its power, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wattworth.compute.kernels import kernel
from wattworth.records import Line, Timeline
from wattworth.study import Part, Site
from wattworth.units import MONTHS_PER_YEAR
from wattworth.uses import energy
from wattworth.uses.base import (
    REVERSION_KEYS,
    Case,
    Options,
    World,
    add_bridge,
    add_holding_cost,
    mine_stop_month,
    site_reversion_usd,
    whole_months,
)
from wattworth.uses.lease_math import residual_usd

GROSS_PER_IT_KEY: Final = "gross_to_critical_it.ratio"
"""Gross megawatts at the connection per critical IT megawatt."""

_FIRMING_KEYS: Final = (
    "recip_engine.capex",
    "recip_engine.overbuild_ratio",
    "recip_engine.heat_rate_hhv_full_load",
    "recip_engine.om_variable",
    "firming.hours",
    "firming.months",
)
_EXTRA_KEYS: Final = ("turnkey.contingency", "turnkey.developer_overhead")
_RELET_KEYS: Final = (
    "relet.downtime",
    "relet.markdown",
    "renewal.chance",
    "renewal.cap_rate_premium",
    "turnkey.scrap",
)


class HallOptions(Options):
    """What a study may declare of any hall: its building, its power and its end."""

    retrofit: bool | None = None
    """Refit the halls that stand there; empty does so where the site says its buildings can be reused."""
    build_cost_musd_per_mw_it: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "$M/MW"})] = None
    """Contract price of hall or shell in money of the as-of month; empty takes the fact."""
    re_let: bool = True
    """Whether the hall may be let again at the end, where that pays; otherwise the bare site remains."""
    firming: bool = False
    """Build on-site engines that carry the load when interruptible power is cut; without them it cannot serve."""


@dataclass(frozen=True, slots=True)
class HallKind:
    """Facts behind one kind of building.

    Attributes
    ----------
    new_key, reused_key
        Cost of a new one, and of refitting what stands there, or None where that makes no difference.
    fit_out_keys, plant_keys, building_keys
        Shares of the cost depreciated over 5, 15 and 39 years.
    life_key, refit_key, cap_rate_key
        Straight-line life, cost of making it ready for a second tenant, and cap rate of a going lease.
    saved_key
        Months that building one takes less than a full hall, or None.
    """

    new_key: str
    reused_key: str | None
    fit_out_keys: tuple[str, ...]
    plant_keys: tuple[str, ...]
    building_keys: tuple[str, ...]
    life_key: str
    refit_key: str
    cap_rate_key: str
    saved_key: str | None = None

    @property
    def fact_keys(self) -> tuple[str, ...]:
        """Every fact that a hall of this kind reads, from its building to its end."""
        own = (self.new_key, self.life_key, self.refit_key, self.cap_rate_key, *self.fit_out_keys, *self.plant_keys)
        perhaps = tuple(key for key in (self.reused_key, self.saved_key) if key is not None)
        return (
            *REVERSION_KEYS,
            *own,
            *self.building_keys,
            *perhaps,
            *_EXTRA_KEYS,
            *_RELET_KEYS,
            *_FIRMING_KEYS,
            *energy.FACT_KEYS,
            GROSS_PER_IT_KEY,
            "site.holding_cost",
            "clock.commissioning",
            "turnkey.pursuit_cost",
        )


FULL_HALL: Final = HallKind(
    new_key="ai_purpose_built.construction_cost",
    reused_key="mining_hall_retrofit.construction_cost",
    fit_out_keys=("capex_split.fit_out_share",),
    plant_keys=("capex_split.electrical_share", "capex_split.mechanical_share"),
    building_keys=("capex_split.shell_share", "capex_split.land_share"),
    life_key="turnkey.hall_life",
    refit_key="renewal.refit",
    cap_rate_key="colo.cap_rate",
)
"""A hall ready for servers."""


def hall_unavailable(name: str, site: Site, part: Part, options: HallOptions | None) -> str | None:
    """Why a part cannot carry a hall: another contract is signed on it, or its power may be cut."""
    if part.state == "leased":
        return None if site.signed_use == name else "under a signed lease"
    if site.firm == "interruptible" and not (options is not None and options.firming):
        return "interruptible power cannot serve a lease without firming; set firming: true under the use"
    return None


def is_firmed(case: Case, options: HallOptions) -> bool:
    """Whether engines have to be built; a signed lease has settled its own power."""
    return options.firming and case.site.firm == "interruptible" and case.part.state != "leased"


def dated(kind: HallKind, case: Case, world: World, options: HallOptions) -> Case:
    """The case with its dates as this kind of building and its firming move them.

    A shell is ready sooner: where the power is there, its rent starts sooner; where power is awaited, its
    building starts later. Engines are a gate of their own, behind which everything waits.
    """
    dates = case.timeline
    start, first = dates.build_start_month, dates.first_revenue_month
    if kind.saved_key is not None and case.part.state != "leased":
        saved = whole_months(world.params[kind.saved_key])
        if case.part.state == "energised":
            first = np.maximum(np.maximum(first - saved, start + 1), 1)
        else:
            start = np.minimum(start + saved, first - 1)
    if is_firmed(case, options):
        wait = whole_months(world.params["firming.months"])
        start, first = start + wait, first + wait
    first = np.minimum(first, world.paths.n_month - 1)
    return replace(case, timeline=Timeline(np.minimum(start, first - 1), first, dates.failure_known_month))


def critical_it_mw(case: Case, world: World) -> NDArray[np.float64]:
    """Critical IT of a part, stated by its lease or by the observed ratio, shape (draw,). [MW]"""
    stated_mw = case.part.critical_it_mw
    if stated_mw is not None:
        return np.full(world.paths.n_draw, stated_mw)
    return case.part.gross_mw / world.params[GROSS_PER_IT_KEY]


def stated_cost_musd_per_mw(case: Case) -> float | None:
    """Cost per critical IT megawatt that a signed contract states. [$M/MW]"""
    return case.site.lease_capex_musd_per_mw_it if case.part.state == "leased" else None


def unit_cost_musd_per_mw(kind: HallKind, case: Case, world: World, options: HallOptions) -> NDArray[np.float64]:
    """Contract price in money of the as-of month where none is signed, without extras, shape (draw,). [$M/MW]"""
    if options.build_cost_musd_per_mw_it is not None:
        return np.full(world.paths.n_draw, options.build_cost_musd_per_mw_it)
    reuse = bool(case.site.buildings_reusable) if options.retrofit is None else options.retrofit
    return world.params[kind.reused_key if reuse and kind.reused_key is not None else kind.new_key]


def extra_cost_frac(world: World) -> NDArray[np.float64]:
    """Contingency and developer's overhead over the contract price, shape (draw,). [1]"""
    return world.params["turnkey.contingency"] + world.params["turnkey.developer_overhead"]


def new_cost_usd(case: Case, world: World, price_usd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole cost of a building in money of the month it is begun, from its price in that of the as-of month. [USD]"""
    start = np.clip(case.timeline.build_start_month, 0, world.paths.n_month - 1)
    return price_usd * (1.0 + extra_cost_frac(world)) * world.paths.build_cost_index[start, np.arange(start.size)]


def pursuit_cost_usd(critical_it_mw: NDArray[np.float64], world: World) -> NDArray[np.float64]:
    """What is spent on winning a customer, lost when none signs, shape (draw,). [USD]"""
    return critical_it_mw * 1e6 * world.params["turnkey.pursuit_cost"]


def add_until_first(usd: NDArray[np.float64], case: Case, world: World) -> None:
    """Mine, or hold the idle connection, until the hall takes the power."""
    first = case.timeline.first_revenue_month
    stop = mine_stop_month(first, world)
    add_bridge(usd, case, stop)
    idle_from = np.zeros_like(first) if case.mining is None else np.minimum(case.mining.end_month, stop)
    add_holding_cost(usd, case, world, idle_from, first - 1)


def add_building(
    usd: NDArray[np.float64], kind: HallKind, case: Case, world: World, due_usd: NDArray[np.float64]
) -> None:
    """Spend the cost along an S-curve to first revenue; money spent before the as-of month is sunk."""
    start, first = case.timeline.build_start_month, case.timeline.first_revenue_month
    split = [
        due_usd * sum((world.params[key] for key in keys), start=np.zeros(due_usd.size))
        for keys in (kind.fit_out_keys, kind.plant_keys, kind.building_keys)
    ]
    _s_curve(usd, start, first, *split)


def add_firming(
    usd: NDArray[np.float64], case: Case, world: World, options: HallOptions, until: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Build engines for the whole part and burn gas in the hours its power is cut; nil where it is firm.

    Parameters
    ----------
    usd
        Cash lines to write into.
    case
        With its dates moved, see :func:`dated`.
    world, options
        Markets, parameters and what the study declares.
    until
        Array, shape (draw,): last month served. [month]

    Returns
    -------
    array, shape (draw,)
        Cost of the engines. [USD]
    """
    none = np.zeros(world.paths.n_draw)
    if not is_firmed(case, options):
        return none
    params, paths = world.params, world.paths
    start, first = case.timeline.build_start_month, case.timeline.first_revenue_month
    index = paths.build_cost_index[np.clip(start, 0, paths.n_month - 1), np.arange(first.size)]
    kw = case.part.gross_mw * 1e3
    cost = kw * params["recip_engine.capex"] * params["recip_engine.overbuild_ratio"] * index
    _s_curve(usd, start, first, none, cost, none)
    months = np.arange(usd.shape[1])[:, None]
    mwh = case.part.gross_mw * params["firming.hours"] / MONTHS_PER_YEAR * ((months >= first) & (months <= until))
    gas, prices = paths.gas_usd_per_mmbtu[: usd.shape[1]], paths.price_index[: usd.shape[1]]
    usd[Line.POWER] -= mwh * params["recip_engine.heat_rate_hhv_full_load"] * gas
    usd[Line.OPEX] -= mwh * params["recip_engine.om_variable"] * prices
    return cost


def hall_end_usd(
    kind: HallKind,
    case: Case,
    world: World,
    options: HallOptions,
    *,
    cost_usd: NDArray[np.float64],
    margin_frac: NDArray[np.float64],
    end: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Value of site and hall when their use ends, before tax, by the rule of methods section 2.

    Parameters
    ----------
    kind, case, world, options
        The hall, its part with its dates moved, markets and declarations.
    cost_usd
        What the hall cost. [USD]
    margin_frac
        Net operating income of such space over the market rent of a hall. [1]
    end
        Array, shape (draw,): when the use ends. [month]

    Returns
    -------
    array, shape (draw,)
        Letting again is a choice on what is known in that month, taken where it pays. [USD]
    """
    params, paths = world.params, world.paths
    draw = np.arange(end.size)
    start = np.clip(case.timeline.build_start_month, 0, end)
    inflation = paths.build_cost_index[end, draw] / paths.build_cost_index[start, draw]
    critical = critical_it_mw(case, world)
    age_frac = (end - case.timeline.first_revenue_month) / 12.0 / params[kind.life_key]
    return residual_usd(
        site_usd=site_reversion_usd(case.part.gross_mw, "site_sale.price_energised", end, 1.0, world),
        scrap_usd=params["turnkey.scrap"] * cost_usd,
        market_noi_usd=critical * 12e3 * paths.rent_usd_per_kw_month[end, draw] * margin_frac,
        markdown_frac=params["relet.markdown"],
        cap_rate_frac=params[kind.cap_rate_key] + params["renewal.cap_rate_premium"],
        renewal_frac=params["renewal.chance"] * float(options.re_let),
        refit_usd=critical * 1e6 * params[kind.refit_key] * paths.build_cost_index[end, draw],
        downtime_months=params["relet.downtime"],
        depreciated_cost_usd=cost_usd * inflation * np.maximum(1.0 - age_frac, 0.0),
    )


@kernel
def _s_curve(usd, start, first, fit_out, plant, building):
    """Cumulative share ``3x^2 - 2x^3`` of the cost from ``start`` to ``first``, months after 0 only."""
    n_draw = first.size
    before = np.zeros(n_draw)
    for d in range(n_draw):
        if start[d] < 0:
            before[d] = _share(-start[d] / (first[d] - start[d]))
    for m in range(max(start.min(), 0) + 1, first.max() + 1):
        for d in range(n_draw):
            if start[d] < m <= first[d]:
                reached = _share((m - start[d]) / (first[d] - start[d]))
                usd[3, m, d] -= fit_out[d] * (reached - before[d])
                usd[4, m, d] -= plant[d] * (reached - before[d])
                usd[5, m, d] -= building[d] * (reached - before[d])
                before[d] = reached


@kernel
def _share(x):
    return x * x * (3.0 - 2.0 * x)


assert (Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y) == (3, 4, 5), "the kernel indexes lines by number"
