"""Identities every run must satisfy; a break is a defect of the program, not of the input."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wattworth.errors import SolveError
from wattworth.units import HOURS_PER_MONTH
from wattworth.uses import World
from wattworth.valuation.cases import central_case
from wattworth.valuation.compose import SiteValue
from wattworth.valuation.plan import FALLBACK, Plan
from wattworth.valuation.totals import Totals

CENT_USD = 0.01


def within_a_cent(left: float, right: float, scale_usd: float) -> bool:
    """Equal to the larger of a cent and 1e-12 of the scale."""
    return abs(left - right) <= max(CENT_USD, 1e-12 * abs(scale_usd))


def check_energy(plan: Plan, world: World) -> None:
    """Stop a run in which a use draws more hours than a connection has, or pays one twice, on the central path.

    Raises
    ------
    SolveError
        Naming site, use and month.
    """
    for (i, j), rows in plan.rows.items():
        site_plan = plan.sites[i]
        own = plan.powered_world(site_plan.site, site_plan.parts[j], world)
        case = central_case(plan, site_plan, site_plan.parts[j], own)
        whole_mwh = case.part.gross_mw * HOURS_PER_MONTH
        for name in (name for _, name in rows if name != FALLBACK):
            use, options = plan.use(name)
            mwh = use.energy_mwh(case, own, options)[:, 1:, 0]
            off = np.maximum(np.abs(mwh.sum(axis=0) - whole_mwh), -mwh.min(axis=0, initial=0.0))
            if off.size and off.max() > 1e-6 * whole_mwh:
                raise SolveError(
                    f"{site_plan.site.site_id}, {name}: {off.max():.3f} of {whole_mwh:.0f} MWh are used twice or lost "
                    f"in month {int(off.argmax()) + 1}"
                )


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
