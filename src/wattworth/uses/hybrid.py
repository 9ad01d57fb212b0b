"""One connection for an AI hall and for flexible mining beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Final, Literal, final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wattworth.records import CashLines, Line
from wattworth.study import Part, Site
from wattworth.uses import energy
from wattworth.uses.base import (
    Case,
    MiningFlows,
    Options,
    Use,
    World,
    add_bridge,
    add_holding_cost,
    add_mined,
    mine_stop_month,
    price_fact_key,
    site_reversion_usd,
)
from wattworth.uses.energy import headroom_frac, ledger_mwh
from wattworth.uses.hall import GROSS_PER_IT_KEY
from wattworth.uses.turnkey import Turnkey

_UPTIME_KEY: Final = "hybrid.headroom_uptime"


class HybridOptions(Options):
    """How the connection is shared."""

    hall_share_frac: Annotated[float, Field(gt=0.0, lt=1.0, json_schema_extra={"unit": "frac"})] = 0.5
    """Share of the part's megawatts that the hall's connection takes."""


@final
class Hybrid(Use):
    """A turnkey hall on a share of the connection; machines mine on the rest and on what the hall leaves unused."""

    name: ClassVar[str] = "hybrid"
    label: ClassVar[str] = "AI hall beside the mine"
    options: ClassVar[type[Options]] = HybridOptions
    yield_range_frac: ClassVar[tuple[float, float] | None] = (0.08, 0.20)
    converts: ClassVar[bool] = True
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "burnt"
    fact_keys: ClassVar[tuple[str, ...]] = (*Turnkey.fact_keys, *energy.FACT_KEYS, _UPTIME_KEY)

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Machines must stand on energised, unleased megawatts whose supply is not cut by contract."""
        if part.state == "leased":
            return "under a signed lease"
        if part.state != "energised" or part.mining_gross_mw <= 0:
            return "no energised megawatts that mine beside a hall"
        if site.firm == "interruptible":
            return "interruptible power cannot serve a lease without firming"
        return Turnkey().unavailable(site, part)

    def ai_demand_frac(self, options: Options) -> float:
        """The hall's share."""
        return _share_frac(options)

    def pursuit_usd(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """What winning the hall's tenant costs."""
        hall, _, _, _ = _split(case, world, options)
        return Turnkey().pursuit_usd(hall, world, Turnkey.options())

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """The hall's own lines, and beside them the machines that stay and the share they stand on."""
        hall, kept, moved, share = _split(case, world, options)
        lines = Turnkey().cash_lines(hall, world, Turnkey.options())
        usd, expiry = lines.usd, lines.residual_month
        _stay(usd, kept, expiry)
        _stay(usd, _moved(moved, world, _stop_month(case, world)), expiry)
        mine_end = case.mining.end_month if case.mining is not None else np.zeros_like(expiry)
        add_holding_cost(usd, kept, world, np.minimum(mine_end, expiry), expiry)
        left_mw = (1.0 - share) * case.part.gross_mw
        reversion = site_reversion_usd(left_mw, price_fact_key(case.part), expiry, 1.0, world)
        usd[Line.PROCEEDS, expiry, np.arange(expiry.size)] += reversion
        return replace(lines, residual_usd=lines.residual_usd + reversion)

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """The hall, the machines beside it and on its headroom, and the rest idle."""
        hall, kept, moved, _ = _split(case, world, options)
        mwh = Turnkey().energy_mwh(hall, world, Turnkey.options())
        mwh += ledger_mwh(kept.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        for machines in (kept, _moved(moved, world, _stop_month(case, world))):
            add_mined(mwh, machines.mining, np.full(world.paths.n_draw, world.paths.n_month))
        return mwh


def _share_frac(options: Options) -> float:
    return options.hall_share_frac if isinstance(options, HybridOptions) else HybridOptions().hall_share_frac


def _split(case: Case, world: World, options: Options) -> tuple[Case, Case, Case, float]:
    """Hall, machines beside it and machines on its headroom as three cases of one part, and the hall's share.

    Every megawatt of connection and every machine is in one of them: machines first stay where the hall does
    not come, then move to its headroom, and only the rest is sold when it is live.
    """
    share, part, params = _share_frac(options), case.part, world.params
    if case.mining is None:
        raise AssertionError("a part that cannot mine was asked to: see Hybrid.unavailable")
    beside_mw, hall_mw = (1.0 - share) * part.gross_mw, share * part.gross_mw
    headroom = headroom_frac(params[energy.HALL_LOAD_KEY], params[energy.HALL_PUE_KEY], params[GROSS_PER_IT_KEY])
    stay_mw = min(part.mining_gross_mw, beside_mw)
    move_mw = np.minimum(part.mining_gross_mw - stay_mw, headroom * hall_mw)
    whole, n_draw = part.mining_gross_mw, world.paths.n_draw
    stay, move = np.full(n_draw, stay_mw / whole), move_mw / whole
    hall = replace(
        case,
        part=replace(part, gross_mw=hall_mw, mining_gross_mw=whole - stay_mw),
        mining=_scaled(case.mining, 1.0 - stay - move),
    )
    beside = replace(
        case, part=replace(part, gross_mw=beside_mw, mining_gross_mw=stay_mw), mining=_scaled(case.mining, stay)
    )
    return hall, beside, replace(case, mining=_scaled(case.mining, move)), share


def _scaled(flows: MiningFlows, frac: NDArray[np.float64]) -> MiningFlows:
    """The same machines, a share of them in each draw."""
    return MiningFlows(
        flows.revenue_usd * frac,
        flows.power_usd * frac,
        flows.opex_usd * frac,
        flows.resale_usd * frac,
        flows.end_month,
        flows.mined_mwh * frac,
        flows.sold_mwh * frac,
    )


def _stop_month(case: Case, world: World) -> NDArray[np.int64]:
    """When the hall takes its power, as in the turnkey lease. [month]"""
    first = np.minimum(case.timeline.first_revenue_month, world.paths.n_month - 1)
    return mine_stop_month(first, world)


def _moved(case: Case, world: World, stop: NDArray[np.int64]) -> Case:
    """Machines that run in fewer hours once the hall is live."""
    flows = case.mining
    if flows is None:
        return case
    live = np.arange(flows.revenue_usd.shape[0])[:, None] > stop
    kept = np.where(live, world.params[_UPTIME_KEY], 1.0)
    fewer = replace(
        flows,
        revenue_usd=flows.revenue_usd * kept,
        power_usd=flows.power_usd * kept,
        opex_usd=flows.opex_usd * np.where(flows.revenue_usd > 0.0, kept, 1.0),
        mined_mwh=flows.mined_mwh * kept,
        sold_mwh=flows.sold_mwh * kept,
    )
    return replace(case, mining=fewer)


def _stay(usd: NDArray[np.float64], case: Case, expiry: NDArray[np.int64]) -> None:
    """Run machines to their end, or sell them when the lease ends before it; charge their resale value today."""
    if case.mining is not None:
        add_bridge(usd, case, np.minimum(case.mining.end_month, expiry))
