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
    add_holding_cost,
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
        end, sells = _end_month(world, case.site)
        usd = empty_lines(int(end.max()), paths.n_draw)
        terms = power_terms(case.site, world, usd.shape[1])
        sold_mwh = _sold_mwh(case, world, usd.shape[1])
        fee = params["power_resale.fee"] * paths.price_index[: usd.shape[1]]
        usd[Line.REVENUE] = sold_mwh * (terms.price_usd_per_mwh - fee)
        usd[Line.POWER] = -sold_mwh * terms.fixed_usd_per_mwh[:, None]
        add_holding_cost(usd, case, world, np.zeros_like(end), end)
        first = np.ones(paths.n_draw, dtype=np.int64) if sells else end
        return reverted(usd, case, world, first, end=end, idle_years=end / 12.0)

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """The block is sold in all hours to the contract's end; the rest of the connection is idle."""
        mwh = ledger_mwh(case.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        use_mwh(mwh, Channel.SOLD, _sold_mwh(case, world, world.paths.n_month))
        return mwh


def _end_month(world: World, site: Site) -> tuple[NDArray[np.int64], bool]:
    """Last month of the use, shape (draw,), and whether the contract still runs.

    The contract's last month, but never sooner than a sale of the site would close: a reversion is no
    quicker. Where the contract has ended the site waits as in `hold`.
    """
    last = world.paths.n_month - 1
    contract = last if site.power_end is None else min(world.calendar.index(site.power_end), last)
    if contract < 1:
        return hold_end_month(world), False
    sale = np.clip(whole_months(world.params["site_sale.months"]), 1, last)
    return np.maximum(sale, contract), True


def _sold_mwh(case: Case, world: World, n_month: int) -> NDArray[np.float64]:
    """Energy of the block by month and draw, nothing in the as-of month or after the contract. [MWh]"""
    runs = power_terms(case.site, world, n_month).modes >= FIXED
    runs[0] = False
    monthly = np.where(runs, block_mw(case.site, case.part) * HOURS_PER_MONTH, 0.0)
    return np.repeat(monthly[:, None], world.paths.n_draw, axis=1)
