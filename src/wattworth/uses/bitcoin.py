"""Keep mining with the machines that stand there until they are worn out."""

from __future__ import annotations

from typing import ClassVar, final

import numpy as np

from wattworth.records import CashLines
from wattworth.study import Part, Site
from wattworth.uses import mining
from wattworth.uses.base import (
    REVERSION_KEYS,
    Case,
    Options,
    Use,
    World,
    add_bridge,
    empty_lines,
    finished,
    price_fact_key,
    site_reversion_usd,
)


@final
class Bitcoin(Use):
    """Run-off of the present fleet, then the site reverts; no machine is bought."""

    name: ClassVar[str] = "bitcoin"
    label: ClassVar[str] = "Bitcoin mining"
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.13, 0.22)
    fact_keys: ClassVar[tuple[str, ...]] = (*mining.FACT_KEYS, *REVERSION_KEYS)

    def unavailable(self, site: Site, part: Part) -> str | None:
        """Only energised, unleased megawatts with machines on them mine."""
        if part.state == "leased":
            return "under a signed lease"
        return None if part.mining_gross_mw > 0 else "no energised megawatts that mine"

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Margin of the fleet each month, and the site's reversion after the last machine."""
        if case.mining is None:
            raise AssertionError("a part that cannot mine was asked to: see Bitcoin.unavailable")
        end = case.mining.end_month
        usd = empty_lines(int(end.max()), world.paths.n_draw)
        add_bridge(usd, case, end)
        reversion = site_reversion_usd(case.part.gross_mw, price_fact_key(case.part), end, 1.0, world)
        first = np.ones(world.paths.n_draw, dtype=np.int64)
        lines = finished(usd, first, reversion, end)
        return lines
