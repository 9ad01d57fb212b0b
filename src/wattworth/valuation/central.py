"""A study on its central path only: stated values, pricing drifts, no draws; milliseconds, so asked often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wattworth import uses
from wattworth.study import Study
from wattworth.valuation.assemble import Draws, one_draw
from wattworth.valuation.block import USE_METRICS, evaluate_central
from wattworth.valuation.compose import SiteValue, compose
from wattworth.valuation.plan import Plan, plan

_IRR: Final = USE_METRICS.index("irr_frac")


@dataclass(frozen=True, slots=True)
class Central:
    """The central path of a study.

    Attributes
    ----------
    plan
        What was laid out.
    draws
        The one draw.
    values
        Site to its uses, in the order of the plan.
    """

    plan: Plan
    draws: Draws
    values: dict[str, SiteValue]

    def use_document(self, site_id: str, use: str) -> dict[str, Any]:
        """What one use of a site is worth on the central path, or why it is unavailable."""
        value = self.values[site_id].uses[use]
        if value.reason is not None:
            return {"available": False, "reason": value.reason}
        index = list(self.values).index(site_id)
        firm_w = self.plan.sites[index].firm_gross_mw * 1e6
        pair = index * len(self.plan.uses) + list(self.plan.uses).index(use)
        rate, risked = float(self.draws.uses[_IRR, pair, 0]), float(value.risked_usd[0])
        return {
            "available": True,
            "npv_usd": float(value.success_usd[0]),
            "risked_npv_usd": risked,
            "usd_per_gross_w": risked / firm_w if firm_w else None,
            "irr_frac": rate if np.isfinite(rate) else None,
        }


def central(study: Study, sites_glob: str | None = None) -> Central:
    """Value a study on its central path.

    Parameters
    ----------
    study
        A checked study.
    sites_glob
        Glob on site_id that narrows the sites.

    Raises
    ------
    StudyError, FactError
        If no site matches, or a fact is wrong.
    """
    laid_out = plan(study, uses.fact_book(), n_draw=1, seed=0, sites_glob=sites_glob)
    draws = one_draw(evaluate_central(laid_out))
    values = {p.site.site_id: compose(laid_out, draws, i, central=True) for i, p in enumerate(laid_out.sites)}
    return Central(laid_out, draws, values)
