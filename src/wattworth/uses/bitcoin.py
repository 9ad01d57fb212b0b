"""Mine until it no longer pays: run the machines off, and buy new ones while they earn their cost."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CashLines, Line
from wattworth.study import Part, Site
from wattworth.uses import mining, refresh
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
)
from wattworth.uses.energy import Channel, ledger_mwh, use_mwh


class BitcoinOptions(Options):
    """Choices of a miner."""

    refresh: Literal["when_it_pays", "never"] = "when_it_pays"
    """Whether machines are bought: `when_it_pays` where their expected value is above nil, or `never`."""


@final
class Bitcoin(Use):
    """Machines run, are replaced while that pays, and then the site reverts."""

    name: ClassVar[str] = "bitcoin"
    label: ClassVar[str] = "Bitcoin mining"
    options: ClassVar[type[Options]] = BitcoinOptions
    can_be_put_off: ClassVar[bool] = True
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.13, 0.22)
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "burnt"
    fact_keys: ClassVar[tuple[str, ...]] = (*mining.FACT_KEYS, *refresh.FACT_KEYS, *REVERSION_KEYS)

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Only energised, unleased megawatts mine; without machines, where the owner may buy them."""
        if part.state == "leased":
            return "under a signed lease"
        could = part.state == "energised" and not _never_buys(options)
        return None if part.mining_gross_mw > 0 or could else "no energised megawatts that mine"

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Margin of the machines each month, what new ones cost, and the site's reversion after the last of them."""
        if _never_buys(options):
            return _run_off(case, world)
        mine = refresh.refreshed_mine(case.site, case.part, world, case.decided_month)
        if case.mining is not None:
            mine.usd[Line.AFTER_TAX, 0] -= case.mining.resale_usd[0] * (1.0 - case.tax_rate_frac)
        idle_years = np.where(mine.mined_once, 1.0, mine.end_month / 12.0)
        return reverted(mine.usd, case, world, mine.first_month, end=mine.end_month, idle_years=idle_years)

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """Mined, sold back and idle."""
        mwh = ledger_mwh(case.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        if _never_buys(options):
            add_mined(mwh, case.mining, np.full(world.paths.n_draw, world.paths.n_month))
            return mwh
        mine = refresh.refreshed_mine(case.site, case.part, world, case.decided_month)
        use_mwh(mwh, Channel.MINED, mine.mined_mwh)
        use_mwh(mwh, Channel.SOLD, mine.sold_mwh)
        return mwh


def _never_buys(options: Options | None) -> bool:
    return isinstance(options, BitcoinOptions) and options.refresh == "never"


def _run_off(case: Case, world: World) -> CashLines:
    """The machines that stand there and no others; without any the site waits as in `hold`."""
    n_draw = world.paths.n_draw
    first = np.ones(n_draw, dtype=np.int64)
    if case.mining is None:
        end = hold_end_month(world)
        usd = empty_lines(int(end.max()), n_draw)
        add_holding_cost(usd, case, world, np.zeros_like(end), end)
        return reverted(usd, case, world, end, end=end, idle_years=end / 12.0)
    end = case.mining.end_month
    usd = empty_lines(int(end.max()), n_draw)
    add_bridge(usd, case, end)
    return reverted(usd, case, world, first, end=end, idle_years=1.0)
