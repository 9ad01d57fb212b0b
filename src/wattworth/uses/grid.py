"""Sell the block of a fixed power contract to the market in every hour, and stop mining."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CashLines, Line
from wattworth.study import Part, Site
from wattworth.units import HOURS_PER_MONTH
from wattworth.uses.base import (
    REVERSION_KEYS,
    Case,
    Options,
    Use,
    World,
    add_bridge,
    add_holding_cost,
    add_mined,
    empty_lines,
    hold_end_month,
    reverted,
    whole_months,
)
from wattworth.uses.energy import Channel, ledger_mwh, use_mwh
from wattworth.uses.mining import FIXED, power_terms
from wattworth.uses.power_contract import block_mw


@final
class Grid(Use):
    """The contract earns spot less its price in all hours to its last month; then the site reverts."""

    name: ClassVar[str] = "grid"
    label: ClassVar[str] = "Power sold to the grid"
    can_be_put_off: ClassVar[bool] = True
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "sold"
    fact_keys: ClassVar[tuple[str, ...]] = (
        *REVERSION_KEYS,
        "power_resale.fee",
        "site.holding_cost",
        "site_sale.months",
        "hold.months",
    )

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Only a resaleable fixed-price block of energised, unleased megawatts can be sold."""
        if part.state == "leased":
            return "under a signed lease"
        if part.state != "energised":
            return "no energised megawatts whose power could be sold"
        if site.power_contract != "fixed":
            return "no fixed-price power contract to sell"
        if not site.power_resaleable:
            return "its power contract may not be resold"
        return "its fixed-price block is empty" if block_mw(site, part) <= 0.0 else None

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Spot less fee as revenue, the contract as power, an idle connection's upkeep, then the reversion."""
        paths, params = world.paths, world.params
        end, sells = _end_month(world, case)
        usd = empty_lines(int(end.max()), paths.n_draw)
        terms = power_terms(case.site, world, usd.shape[1])
        sold_mwh = _sold_mwh(case, world, usd.shape[1])
        fee = params["power_resale.fee"] * paths.price_index[: usd.shape[1]]
        usd[Line.REVENUE] = sold_mwh * (terms.price_usd_per_mwh - fee)
        usd[Line.POWER] = -sold_mwh * terms.fixed_usd_per_mwh[:, None]
        begin = np.full_like(end, case.decided_month)
        idle_from = np.zeros_like(end)
        if case.mining is not None and case.decided_month > 0:
            add_bridge(usd, case, np.minimum(begin, end))
            idle_from = np.minimum(case.mining.end_month, begin)
        add_holding_cost(usd, case, world, idle_from, end)
        first = np.minimum(begin + 1, end) if sells else end
        return reverted(usd, case, world, first, end=end, idle_years=end / 12.0)

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """The block is sold in all hours to the contract's end; the rest of the connection is idle."""
        mwh = ledger_mwh(case.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        if case.decided_month > 0:
            add_mined(mwh, case.mining, np.full(world.paths.n_draw, case.decided_month))
        use_mwh(mwh, Channel.SOLD, _sold_mwh(case, world, world.paths.n_month))
        return mwh


def _end_month(world: World, case: Case) -> tuple[NDArray[np.int64], bool]:
    """Last month of the use, shape (draw,), and whether the contract still runs.

    The contract's last month, but never sooner than a sale of the site would close: a reversion is no
    quicker. Where the contract has ended the site waits as in `hold`.
    """
    last, begin = world.paths.n_month - 1, case.decided_month
    ends = case.site.power_end
    contract = last if ends is None else min(world.calendar.index(ends), last)
    if contract <= begin:
        return np.minimum(begin + hold_end_month(world), last), False
    sale = np.clip(begin + whole_months(world.params["site_sale.months"]), 1, last)
    return np.maximum(sale, contract), True


def _sold_mwh(case: Case, world: World, n_month: int) -> NDArray[np.float64]:
    """Energy of the block by month and draw, nothing until it is decided or after the contract. [MWh]"""
    runs = power_terms(case.site, world, n_month).modes >= FIXED
    runs[: case.decided_month + 1] = False
    monthly = np.where(runs, block_mw(case.site, case.part) * HOURS_PER_MONTH, 0.0)
    return np.repeat(monthly[:, None], world.paths.n_draw, axis=1)
