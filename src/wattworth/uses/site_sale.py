"""Sell the connection as it stands; an energised mine runs until closing."""

from __future__ import annotations

from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CashLines
from wattworth.study import Part, Site
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
    finished,
    price_fact_key,
    whole_months,
)
from wattworth.uses.energy import ledger_mwh


@final
class SiteSale(Use):
    """Proceeds at the market's dollars per gross watt, less cost, taxed on a basis of nil."""

    name: ClassVar[str] = "site_sale"
    label: ClassVar[str] = "Site sale"
    can_be_put_off: ClassVar[bool] = True
    fact_keys: ClassVar[tuple[str, ...]] = (
        *REVERSION_KEYS,
        "site_sale.months",
        "site_sale.cost",
        "site.holding_cost",
    )

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Megawatts under a signed lease are not free to sell."""
        return "under a signed lease" if part.state == "leased" else None

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Decide; close after the months a sale takes."""
        return self.sold_after(case, world, np.full(world.paths.n_draw, case.decided_month))

    def sold_after(self, case: Case, world: World, decision_month: NDArray[np.int64]) -> CashLines:
        """Decide at ``decision_month``: also the fallback of a conversion that failed."""
        params, paths = world.params, world.paths
        closing = _closing_month(world, decision_month)
        usd = empty_lines(int(closing.max()), paths.n_draw)
        add_bridge(usd, case, closing)
        idle_from = np.zeros_like(closing) if case.mining is None else np.minimum(case.mining.end_month, closing)
        add_holding_cost(usd, case, world, idle_from, closing)
        draw = np.arange(paths.n_draw)
        price = params[price_fact_key(case.part)] * paths.site_price_index[closing, draw]
        proceeds = case.part.gross_mw * 1e6 * price * (1.0 - params["site_sale.cost"])
        return finished(usd, closing, proceeds, closing)

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """Mined until the sale closes."""
        mwh = ledger_mwh(case.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        add_mined(mwh, case.mining, _closing_month(world, np.full(world.paths.n_draw, case.decided_month)))
        return mwh


def _closing_month(world: World, decision_month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Month a sale closes, shape (draw,). [month]"""
    takes = np.maximum(1, whole_months(world.params["site_sale.months"]))
    return np.minimum(decision_month + takes, world.paths.n_month - 1)
