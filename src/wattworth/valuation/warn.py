"""What a reader must know before trusting a number."""

from __future__ import annotations

from typing import Any, Final

from wattworth.records import INNER_DRAWS
from wattworth.valuation.plan import Plan

YIELD_RANGE_FRAC: Final = (0.08, 0.20)
"""Yields on cost of disclosed leases; outside, rent, capital and payer do not belong together."""

FEWEST_OUTER_DRAWS: Final = 30

Warning_ = dict[str, str]


def warnings_of(plan: Plan, sites: list[dict[str, Any]]) -> list[Warning_]:
    """Warnings of a run, most general first, each with a code, a place and what to do."""
    return [*_run_warnings(plan), *_site_warnings(plan), *_use_warnings(plan, sites)]


def _warning(code: str, where: str, message: str) -> Warning_:
    return {"code": code, "where": where, "message": message}


def _run_warnings(plan: Plan) -> list[Warning_]:
    outer = -(-plan.n_draw // INNER_DRAWS)
    out: list[Warning_] = []
    if outer < FEWEST_OUTER_DRAWS:
        out.append(
            _warning(
                "few_parameter_draws",
                "run",
                f"{plan.n_draw} draws hold {outer} draws of the parameters: chances of being best are coarse; "
                f"use --draws {FEWEST_OUTER_DRAWS * INNER_DRAWS} or more",
            )
        )
    return out


def _site_warnings(plan: Plan) -> list[Warning_]:
    out: list[Warning_] = []
    for site_plan in plan.sites:
        site = site_plan.site
        if site.country != "US":
            out.append(
                _warning(
                    "foreign_tax",
                    site.site_id,
                    f"taxed at the rate of {site.country} with US depreciation and no bonus; country risk is in the rate",
                )
            )
        if site_plan.gross_mw > site.gross_mw + 1e-9:
            out.append(
                _warning(
                    "lease_exceeds_site",
                    site.site_id,
                    f"the lease needs {site_plan.gross_mw:.0f} MW gross, the site states {site.gross_mw:.0f}; state lease_gross_mw",
                )
            )
        if site.lease_critical_it_mw and site.lease_rent_usd_per_kw_month is None:
            out.append(
                _warning("lease_rent_unknown", site.site_id, "the rent of its lease is not disclosed; drawn as for a new lease")
            )
    return out


def _use_warnings(plan: Plan, sites: list[dict[str, Any]]) -> list[Warning_]:
    """Yields and implied rates outside what markets ask, gathered by use."""
    out: list[Warning_] = []
    for name, use in plan.uses.items():
        entries = [(s["site_id"], s["uses"][name]) for s in sites if s["uses"].get(name, {}).get("available")]
        low, high = YIELD_RANGE_FRAC
        odd = [i for i, u in entries if (y := u["yield_on_cost_frac"]["p50"]) is not None and not low <= y <= high]
        if odd:
            out.append(
                _warning("yield_out_of_range", ", ".join(odd), f"yield on cost of {name} outside {low:.0%} to {high:.0%}")
            )
        if use.implied_rate_range_frac is None:
            continue
        low, high = use.implied_rate_range_frac
        odd = [i for i, u in entries if u["implied_rate_frac"] is not None and not low <= u["implied_rate_frac"] <= high]
        if odd:
            out.append(
                _warning(
                    "implied_rate_out_of_range",
                    ", ".join(odd),
                    f"implied risk-adjusted rate of {name} outside the {low:.0%} to {high:.0%} markets ask; see its beta",
                )
            )
    return out
