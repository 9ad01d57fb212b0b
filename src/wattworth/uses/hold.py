"""Keep the connection, build nothing, and see it revert at the end of the wait."""

from __future__ import annotations

from typing import ClassVar, final

import numpy as np

from wattworth.records import CashLines
from wattworth.study import Part, Site
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
)


@final
class Hold(Use):
    """The yardstick of doing nothing: machines are sold now, the site waits and reverts."""

    name: ClassVar[str] = "hold"
    label: ClassVar[str] = "Hold"
    fact_keys: ClassVar[tuple[str, ...]] = (*REVERSION_KEYS, "hold.months", "site.holding_cost")

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """A signed lease binds its megawatts."""
        return "under a signed lease" if part.state == "leased" else None

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Holding cost each month, then the site's reversion."""
        end = hold_end_month(world)
        usd = empty_lines(int(end.max()), world.paths.n_draw)
        add_holding_cost(usd, case, world, np.zeros_like(end), end)
        return reverted(usd, case, world, end, end=end, idle_years=end / 12.0)
