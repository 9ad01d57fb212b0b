"""The result of a run as one plain document: what JSON prints and every report reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.facts import weakest_first
from wattworth.finance import IRR_STATUS, implied_rate_frac
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Site
from wattworth.uses import World
from wattworth.uses.power_contract import contract_value_usd, has_block
from wattworth.valuation.assemble import Draws
from wattworth.valuation.block import USE_METRICS
from wattworth.valuation.compose import SiteValue, UseValue
from wattworth.valuation.plan import Plan, SitePlan
from wattworth.valuation.site_supply import supply_document
from wattworth.valuation.totals import Totals
from wattworth.valuation.waterfall import LEVELS, waterfall

Document = dict[str, Any]
_METRIC: Final = {name: row for row, name in enumerate(USE_METRICS)}


def summary(real_world: NDArray[np.float64], pricing: NDArray[np.float64]) -> Document:
    """P10, P50 and P90 under the real-world measure, the mean under the pricing measure."""
    p10, p50, p90 = np.quantile(real_world, (0.1, 0.5, 0.9))
    return {"p10": float(p10), "p50": float(p50), "p90": float(p90), "mean": float(pricing.mean())}


def _quantiles(values: NDArray[np.float64]) -> Document:
    known = values[np.isfinite(values)]
    if known.size == 0:
        return {"p10": None, "p50": None, "p90": None}
    return dict(zip(("p10", "p50", "p90"), (float(q) for q in np.quantile(known, (0.1, 0.5, 0.9))), strict=True))


def site_document(
    plan: Plan, index: int, draws: Draws, value: SiteValue, central: SiteValue, world: World, counted_frac: float
) -> Document:
    """Entry of one valued site."""
    site_plan = plan.sites[index]
    site = site_plan.site
    today, best = value.uses.get(value.today_use), value.uses[value.best_use] if value.best_use else None
    gain, contract_usd = None, _contract_usd(site_plan, world)
    if today is not None and best is not None:
        gain = summary(best.risked_real_usd - today.risked_real_usd, best.risked_usd - today.risked_usd)
    return {
        **_identity(site, site_plan),
        "valued": True,
        "today_use": value.today_use,
        "best_use": value.best_use,
        "tie": value.tie,
        "prob_best_frac": value.prob_best_frac,
        "prob_best_ex_post_frac": value.prob_best_ex_post_frac,
        "counted_frac": counted_frac,
        "gain_vs_today_usd": gain,
        "parts": [
            {
                "state": part.state,
                "stage": part.stage,
                "gross_mw": part.gross_mw,
                "critical_it_mw": part.critical_it_mw,
                "mining_gross_mw": part.mining_gross_mw,
            }
            for part in site_plan.parts
        ],
        "power_contract": {"npv_usd": contract_usd},
        "waterfall": _waterfall(plan, world, site_plan),
        "uses": {
            name: _use_document(plan, index, k, draws, use, central.uses[name])
            for k, (name, use) in enumerate(value.uses.items())
        },
        **_supply(plan, site_plan),
    }


def _supply(plan: Plan, site_plan: SitePlan) -> Document:
    """The power made on the site; nothing without any."""
    made = supply_document(plan.study.supply.get(site_plan.site.site_id), site_plan.parts)
    return {} if made is None else {"supply": made}


def _contract_usd(site_plan: SitePlan, world: World) -> float | None:
    """Fixed-price contract against the market, before tax, on the central path; None without one. [USD]"""
    held = [part for part in site_plan.parts if has_block(site_plan.site, part)]
    if not held:
        return None
    return sum(float(contract_value_usd(site_plan.site, part, world, site_plan.discount)[0]) for part in held)


def unvalued_document(site: Site, reason: str) -> Document:
    """Entry of a site that could not be valued, with the reason."""
    return {**_identity(site, None), "valued": False, "reason": reason, "uses": {}}


def _identity(site: Site, site_plan: SitePlan | None) -> Document:
    return {
        "site_id": site.site_id,
        "site": site.name,
        "company": site.company,
        "region": site_plan.region if site_plan else None,
        "iso": site.iso,
        "state": site.state,
        "country": site.country,
        "lat_deg": site.lat_deg,
        "lon_deg": site.lon_deg,
        "gross_mw": site_plan.gross_mw if site_plan else site.gross_mw,
        "firm_gross_mw": site_plan.firm_gross_mw if site_plan else site.firm_gross_mw,
        "ownership_frac": site.ownership_frac,
        "status": _status(site),
        "tenant": site.lease_tenant,
        "signed_use": site.signed_use,
        "leased_gross_mw": sum(p.gross_mw for p in site_plan.parts if p.state == "leased") if site_plan else 0.0,
        "confidence": site.confidence,
    }


def _status(site: Site) -> str:
    if site.lease_critical_it_mw:
        return "leased"
    if site.operating_gross_mw:
        return "energised"
    if site.construction_gross_mw:
        return "construction"
    return "undeveloped" if site.gross_mw else "unknown"


def _use_document(plan: Plan, index: int, use_index: int, draws: Draws, value: UseValue, central: UseValue) -> Document:
    if value.reason is not None:
        return {"available": False, "reason": value.reason}
    site_plan = plan.sites[index]
    pair = index * len(plan.uses) + use_index
    metric, name = draws.uses[:, pair], list(plan.uses)[use_index]
    firm_w = site_plan.firm_gross_mw * 1e6 or math.nan
    months = metric[_METRIC["first_revenue_month"]]
    status = metric[_METRIC["irr_status"]].astype(int)
    own_usd, pv_capital = (float(mean) for mean in draws.use_means_usd[:, pair])
    per_w = summary(value.risked_real_usd / firm_w, value.risked_usd / firm_w)
    return {
        "available": True,
        "success_frac": value.success_frac,
        "power_contract": plan.uses[name].power_contract if site_plan.site.power_contract == "fixed" else None,
        "central": {
            "npv_usd": float(central.success_usd[0]),
            "risked_npv_usd": float(central.risked_usd[0]),
            "usd_per_gross_w": finite(float(central.risked_usd[0]) / firm_w),
        },
        "npv_usd": summary(value.success_real_usd, value.success_usd),
        "risked_npv_usd": summary(value.risked_real_usd, value.risked_usd),
        "fallback_npv_usd": {"mean": value.fallback_usd},
        "npv_no_residual_usd": {"mean": value.no_residual_usd},
        "npv_other_tax_losses_usd": {"mean": value.other_losses_usd},
        "usd_per_gross_w": {name: finite(number) for name, number in per_w.items()},
        "loss_prob_frac": float(np.mean(value.risked_real_usd < 0)),
        "irr_frac": _quantiles(metric[_METRIC["irr_frac"]]),
        "irr_status": {
            name: int(np.sum(status == code)) for code, name in enumerate(IRR_STATUS) if (status == code).any()
        },
        "implied_rate_frac": implied_rate_frac(draws.mean_cash_usd[pair], own_usd),
        "capex_usd": {"p50": float(np.median(metric[_METRIC["capital_usd"]]))},
        "npv_per_own_capital": finite(own_usd / pv_capital) if pv_capital > 0 else None,
        "peak_equity_usd": {"p50": float(np.median(metric[_METRIC["peak_equity_usd"]]))},
        "yield_on_cost_frac": {"p50": _quantiles(metric[_METRIC["yield_on_cost_frac"]])["p50"]},
        "first_revenue": _dates(plan, months),
    }


def _dates(plan: Plan, months: NDArray[np.float64]) -> Document:
    calendar = plan.calendar
    known = months[np.isfinite(months) & (months < calendar.n_month)]
    if known.size == 0:
        return {"p10": None, "p50": None, "p90": None}
    picked = np.quantile(known, (0.1, 0.5, 0.9), method="nearest")
    return {name: calendar.label(int(month)) for name, month in zip(("p10", "p50", "p90"), picked, strict=True)}


def finite(number: float) -> float | None:
    """The number, or None for what is none."""
    return number if math.isfinite(number) else None


def _waterfall(plan: Plan, world: World, site_plan: SitePlan) -> list[Document]:
    """Steps for the signed lease, else for the largest part that could be leased, if any."""
    # what banks call value created is that of a turnkey lease
    names = [name for name in plan.uses if name == "turnkey"]
    able = [p for p in site_plan.parts for name in names if plan.why_not(name, site_plan.site, p) is None]
    if not able:
        return []
    steps = waterfall(plan, world, site_plan, max(able, key=lambda part: (part.state == "leased", part.gross_mw)))
    return [{"step": step, "usd_per_gross_w": dollars, "level": step in LEVELS} for step, dollars in steps.items()]


def facts_document(plan: Plan) -> tuple[Document, list[Document]]:
    """How many facts stand behind a run and how firm they are, and the weakest of them."""
    facts = weakest_first(plan.study.facts.values())
    counts = {
        "used": len(facts),
        "assumptions": sum(fact.confidence == "assumption" for fact in facts),
        "low_confidence": sum(fact.confidence == "low" for fact in facts),
    }
    shown = ("key", "value", "low", "high", "unit", "source", "as_of", "confidence", "note")
    return counts, [{name: getattr(fact, name) for name in shown} for fact in facts]


def totals_document(plan: Plan, totals: Totals, values: Mapping[str, SiteValue]) -> Document:
    """Sums at ownership share, with the power they stand for."""
    weight = totals.weight_frac
    firm_w = 1e6 * sum(weight[p.site.site_id] * p.firm_gross_mw for p in plan.sites)
    return {
        "gross_mw": sum(p.gross_mw for p in plan.sites if weight[p.site.site_id] > 0),
        "share_gross_mw": sum(weight[p.site.site_id] * p.gross_mw for p in plan.sites),
        "share_firm_gross_mw": firm_w / 1e6,
        "npv_usd": summary(totals.real_usd, totals.pricing_usd),
        "npv_uncapped_usd": {"mean": totals.uncapped_usd},
        "usd_per_gross_w": summary(totals.real_usd / firm_w, totals.pricing_usd / firm_w) if firm_w else None,
        "by_best_use": _counts(plan, totals),
        "by_company": _companies(plan, totals, values),
    }


def _counts(plan: Plan, totals: Totals) -> Document:
    """Sites and megawatts by what becomes of them; a partly leased site stands under the lease and its other use."""
    out: Document = {}
    for site_plan in plan.sites:
        leased_mw = sum(part.gross_mw for part in site_plan.parts if part.state == "leased")
        free_mw, use = site_plan.gross_mw - leased_mw, totals.use.get(site_plan.site.site_id)
        for name, mw in (("signed_lease", leased_mw), (use, free_mw)):
            if name is not None and mw > 0:
                entry = out.setdefault(name, {"sites": 0, "gross_mw": 0.0})
                entry["sites"] += 1
                entry["gross_mw"] += mw
    return out


def _companies(plan: Plan, totals: Totals, values: Mapping[str, SiteValue]) -> list[Document]:
    rows: dict[str, Document] = {}
    for site_plan in plan.sites:
        site = site_plan.site
        weight, use = totals.weight_frac[site.site_id], totals.use.get(site.site_id)
        row = rows.setdefault(
            site.company, {"company": site.company, "sites": 0, "share_firm_gross_mw": 0.0, "npv_usd": 0.0}
        )
        row["sites"] += 1
        row["share_firm_gross_mw"] += weight * site_plan.firm_gross_mw
        if use is not None:
            row["npv_usd"] += weight * float(values[site.site_id].uses[use].risked_usd.mean())
    for row in rows.values():
        firm = row["share_firm_gross_mw"]
        row["usd_per_gross_w"] = row["npv_usd"] / firm / 1e6 if firm > 0 else None
    return sorted(rows.values(), key=lambda row: -row["npv_usd"])


def header(plan: Plan) -> Document:
    """What identifies a run apart from its time."""
    study = plan.study
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "title": study.title or study.name,
        "as_of": study.as_of,
        "draws": plan.n_draw,
        "seed": plan.seed,
        "usd_year": study.usd_year,
        "convention": study.convention,
        "tax_losses": study.tax_losses,
        "commodity_case": study.commodity_case,
        "discount": {"by_use": dict(study.discount) if study.discount else None},
        "measures": {"mean": "real_world" if study.discount else "pricing", "p10_p50_p90": "real_world"},
    }
