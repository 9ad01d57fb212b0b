"""Identities every run must satisfy; a break is a defect of the program, not of the input."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wattworth.errors import SolveError
from wattworth.valuation.compose import SiteValue
from wattworth.valuation.plan import Plan
from wattworth.valuation.totals import Totals

CENT_USD = 0.01


def within_a_cent(left: float, right: float, scale_usd: float) -> bool:
    """Equal to the larger of a cent and 1e-12 of the scale."""
    return abs(left - right) <= max(CENT_USD, 1e-12 * abs(scale_usd))


def check_identities(plan: Plan, values: Mapping[str, SiteValue], totals: Totals) -> None:
    """Stop a run whose sums do not add up.

    Raises
    ------
    SolveError
        Naming the identity, the place and both sides.
    """
    for site_id, value in values.items():
        for name, use in value.uses.items():
            for label, array in (("risked value", use.risked_usd), ("real-world value", use.risked_real_usd)):
                if not np.isfinite(array).all():
                    raise SolveError(
                        f"{site_id}, {name}: {label} is not a number in {int((~np.isfinite(array)).sum())} draws"
                    )
            if not 0.0 <= use.success_frac <= 1.0:
                raise SolveError(f"{site_id}, {name}: a chance of {use.success_frac} lies outside 0 to 1")
    for site_plan in plan.sites:
        if site_plan.gross_mw < site_plan.site.gross_mw - 1e-9:
            raise SolveError(
                f"{site_plan.site.site_id}: its parts hold {site_plan.gross_mw} MW of {site_plan.site.gross_mw} MW"
            )
    mean = float(totals.pricing_usd.mean())
    summed = sum(totals.weight_frac[s] * float(values[s].uses[use].risked_usd.mean()) for s, use in totals.use.items())
    scale = sum(abs(float(values[s].uses[use].risked_usd.mean())) for s, use in totals.use.items())
    if not within_a_cent(mean, summed, scale):
        raise SolveError(f"the total of {mean:.2f} USD is not the sum of its sites, {summed:.2f} USD")
