"""What a reader must know before trusting a number."""

from __future__ import annotations

from statistics import median
from typing import Any, Final

from wattworth.records import INNER_DRAWS
from wattworth.study import uncovered_mw
from wattworth.uses import GROSS_PER_IT_KEY
from wattworth.valuation.plan import Plan, SitePlan
from wattworth.valuation.site_supply import supply_warnings
from wattworth.valuation.totals import Totals

FEWEST_OUTER_DRAWS: Final = 30

Warning_ = dict[str, str]


def warnings_of(
    plan: Plan, totals: Totals, sites: list[dict[str, Any]], unused: list[tuple[str, list[str]]]
) -> list[Warning_]:
    """Warnings of a run, most general first, each with a code, a place and what to do.

    Parameters
    ----------
    plan, totals, sites
        The run, its sums and the documents of its sites.
    unused
        From :func:`wattworth.valuation.reads.unread`.
    """
    ratio = plan.study.facts[GROSS_PER_IT_KEY].value
    by_site = [warning for site_plan in plan.sites for warning in _site_warnings(site_plan, ratio)]
    by_site += [
        _warning(code, site_plan.site.site_id, message)
        for site_plan in plan.sites
        if (supply := plan.study.supply.get(site_plan.site.site_id)) is not None
        for code, message in supply_warnings(supply, site_plan.parts)
    ]
    return [*_run_warnings(plan, totals), *_unused(unused), *_use_warnings(plan, sites), *by_site]


def _warning(code: str, where: str, message: str) -> Warning_:
    return {"code": code, "where": where, "message": message}


def _run_warnings(plan: Plan, totals: Totals) -> list[Warning_]:
    out: list[Warning_] = []
    outer = -(-plan.n_draw // INNER_DRAWS)
    if outer < FEWEST_OUTER_DRAWS:
        message = (
            f"{plan.n_draw} draws hold {outer} draws of the parameters: chances of being best are coarse; "
            f"use --draws {FEWEST_OUTER_DRAWS * INNER_DRAWS} or more"
        )
        out.append(_warning("few_parameter_draws", "run", message))
    left_out = [count.site_id for count in plan.study.double_counts if count.site_id in totals.weight_frac]
    if left_out:
        message = f"megawatts of {len(left_out)} rows stand in another row too and are left out of totals"
        out.append(_warning("double_counts_left_out", ", ".join(left_out), message))
    if totals.squeezed:
        message = (
            f"tenants take too little for {len(totals.squeezed)} conversions; totals count them in their next best use"
        )
        out.append(_warning("tenant_demand_binds", ", ".join(totals.squeezed), message))
    if unused := plan.study.unread_overrides:
        message = "changed by the study and read by nothing in this run; remove them or enable what they belong to"
        out.append(_warning("unused_fact", ", ".join(unused), message))
    return out


def _unused(unused: list[tuple[str, list[str]]]) -> list[Warning_]:
    message = "declared as {name} and without effect in this run: no use that is valued here reads it; clear it"
    return [
        _warning("unused_input", ", ".join(site_ids) or name, message.format(name=name)) for name, site_ids in unused
    ]


def _site_warnings(site_plan: SitePlan, gross_per_it: float) -> list[Warning_]:
    out: list[Warning_] = []
    site = site_plan.site
    if site.country != "US":
        message = f"taxed at the rate of {site.country} with US depreciation and no bonus; country risk is in the rate"
        out.append(_warning("foreign_tax", site.site_id, message))
    if uncovered_mw(site, gross_per_it) > 1e-9:
        message = (
            f"the lease needs {site_plan.gross_mw:.0f} MW gross and the row states {site.gross_mw:.0f}; "
            "state lease_gross_mw or the missing megawatts"
        )
        out.append(_warning("lease_exceeds_site", site.site_id, message))
    if site.ignores_its_price:
        message = (
            f"{site.power_price_usd_per_mwh:g} $/MWh is not used beside the contract market; "
            "state index for a level that moves with its market, or clear the price"
        )
        out.append(_warning("unused_price", site.site_id, message))
    if site.draws_its_rent:
        message = "the rent of its lease is not disclosed: drawn as for a new lease; fill lease_rent_usd_per_kw_month"
        out.append(_warning("lease_rent_unknown", site.site_id, message))
    return out


def _use_warnings(plan: Plan, sites: list[dict[str, Any]]) -> list[Warning_]:
    """Yields and implied rates outside what markets ask, gathered by use.

    A site whose megawatts are partly leased is judged by its lease only.
    """
    out: list[Warning_] = []
    for name, use in plan.uses.items():
        shown = [s for s in sites if s["uses"].get(name, {}).get("available")]
        own = [(s["site_id"], s["uses"][name]) for s in shown if s["signed_use"] in (None, name)]
        if use.yield_range_frac is not None:
            yields = {site_id: entry["yield_on_cost_frac"]["p50"] for site_id, entry in own}
            subject = f"yield on cost of {name}"
            out += _outside("yield_out_of_range", subject, yields, use.yield_range_frac, "check its capital")
        if use.implied_rate_range_frac is not None and not plan.study.discount:
            rates = {site_id: entry["implied_rate_frac"] for site_id, entry in own}
            subject = f"implied risk-adjusted rate of {name}"
            out += _outside("implied_rate_out_of_range", subject, rates, use.implied_rate_range_frac, "see its beta")
    return out


def _outside(
    code: str, subject: str, found: dict[str, float | None], allowed_frac: tuple[float, float], advice: str
) -> list[Warning_]:
    known = {site_id: value for site_id, value in found.items() if value is not None}
    low, high = allowed_frac
    odd = [site_id for site_id, value in known.items() if not low <= value <= high]
    if not odd:
        return []
    middle = median(known[site_id] for site_id in odd)
    message = (
        f"{subject} lies outside the {low:.0%} to {high:.0%} that markets show at {len(odd)} of {len(known)} sites "
        f"(median of these {middle:.1%}); {advice}"
    )
    return [_warning(code, ", ".join(odd), message)]
