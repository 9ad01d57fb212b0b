"""A small result made by hand: one site of each kind that a report must cope with."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Document = dict[str, Any]

SCRIPT = "<script>alert('x')</script> & Sons"
ARABIC = "موقع الطاقة"


def small() -> Document:
    """A result with a leased site, a tie, odd names, a site without firm power or without a use, and one not valued."""
    return deepcopy(_RESULT)


def empty() -> Document:
    """The same run with nothing valued."""
    result = small()
    result["sites"] = [site for site in result["sites"] if not site["valued"]]
    result["totals"] = {
        "gross_mw": 0.0,
        "share_gross_mw": 0.0,
        "share_firm_gross_mw": 0.0,
        "npv_usd": {"p10": None, "p50": None, "p90": None, "mean": None},
        "npv_uncapped_usd": {"mean": None},
        "usd_per_gross_w": None,
        "by_best_use": {},
        "by_company": [],
    }
    result["tenant_demand"]["squeezed"] = []
    result.update(warnings=[], double_counts=[], weakest_facts=[])
    return result


def without_statistics() -> Document:
    """The same sites with None for every statistic."""
    result = small()
    for site in result["sites"]:
        for name in ("prob_best_frac", "prob_best_ex_post_frac", "gain_vs_today_usd"):
            site[name] = None
        for use in site["uses"].values():
            use.update({key: _emptied(value) for key, value in use.items() if key not in ("available", "reason")})
        site["waterfall"] = [{**step, "usd_per_gross_w": None} for step in site.get("waterfall", [])]
    result["totals"] = {key: _emptied(value) for key, value in result["totals"].items() if not key.startswith("by_")}
    return result


def _emptied(value: Any) -> Any:
    return {key: _emptied(each) for key, each in value.items()} if isinstance(value, dict) else None


def _four(low: float, middle: float, high: float, mean: float) -> Document:
    return {"p10": low, "p50": middle, "p90": high, "mean": mean}


def _use(mean_musd: float, firm_mw: float, first: str | None, *, success_frac: float = 1.0) -> Document:
    """A use whose numbers all follow from its mean."""
    amounts = [1e6 * mean_musd * times for times in (0.5, 0.9, 1.8, 1.0)]
    per_w = [amount / firm_mw / 1e6 if firm_mw else None for amount in amounts]
    fails = success_frac < 1.0
    return {
        "available": True,
        "success_frac": success_frac,
        "central": {
            "npv_usd": 1.2e6 * mean_musd,
            "risked_npv_usd": 0.8e6 * mean_musd,
            "usd_per_gross_w": 0.8 * mean_musd / firm_mw if firm_mw else None,
        },
        "npv_usd": _four(*amounts),
        "risked_npv_usd": _four(*amounts),
        "fallback_npv_usd": {"mean": -4.2e6 if fails else None},
        "npv_no_residual_usd": {"mean": -0.4e6 * mean_musd},
        "npv_other_tax_losses_usd": {"mean": 1.1e6 * mean_musd},
        "usd_per_gross_w": dict(zip(("p10", "p50", "p90", "mean"), per_w, strict=True)),
        "loss_prob_frac": 0.004,
        "irr_frac": {"p10": 0.031, "p50": 0.084, "p90": 1.27},
        "irr_status": {"ok": 1900, "not_unique": 100},
        "implied_rate_frac": 0.0915,
        "capex_usd": {"p50": 900e6 if fails else 0.0},
        "npv_per_own_capital": 0.35 if fails else None,
        "peak_equity_usd": {"p50": 450e6},
        "yield_on_cost_frac": {"p50": 0.112 if fails else None},
        "first_revenue": {"p10": first, "p50": first, "p90": "2031-02" if first else None},
    }


def _no(reason: str) -> Document:
    return {"available": False, "reason": reason}


def _part(state: str, gross_mw: float, it_mw: float | None = None, mining_mw: float = 0.0) -> Document:
    stage = "study" if state == "undeveloped" else "secured"
    return {
        "state": state,
        "stage": stage,
        "gross_mw": gross_mw,
        "critical_it_mw": it_mw,
        "mining_gross_mw": mining_mw,
    }


def _site(site_id: str, name: str, company: str, status: str, **changed: Any) -> Document:
    """A valued site that mines, unless changed."""
    return {
        "site_id": site_id,
        "site": name,
        "company": company,
        "region": "ercot_hub",
        "iso": "ERCOT",
        "state": "TX",
        "country": "US",
        "lat_deg": None,
        "lon_deg": None,
        "gross_mw": 100.0,
        "firm_gross_mw": 100.0,
        "ownership_frac": 1.0,
        "status": status,
        "tenant": None,
        "confidence": "medium",
        "valued": True,
        "today_use": "bitcoin",
        "best_use": "site_sale",
        "tie": False,
        "prob_best_frac": 0.8,
        "prob_best_ex_post_frac": 0.7,
        "counted_frac": 1.0,
        "gain_vs_today_usd": _four(-5e6, 4e6, 22e6, 10e6),
        "parts": [_part(status, 100.0, None, 100.0)],
        "waterfall": [],
        "uses": {},
        **changed,
    }


_STEPS = (
    ("created", 5.0),
    ("already spent", 0.0),
    ("time", -1.25),
    ("residual", -2.5),
    ("capital", -1.5),
    ("mine until then", 0.25),
    ("succeeds", 0.0),
    ("chance", 0.5),
    ("risked", 0.5),
    ("choice", -0.1),
    ("unleased", 0.4),
)
_LEVELS = ("created", "succeeds", "risked", "unleased")

_SITES = [
    _site(
        "tie-mine",
        "Twin Forks Substation Expansion Phase Two",
        "Northern Hash Holdings",
        "energised",
        tie=True,
        prob_best_frac=0.42,
        waterfall=[{"step": step, "usd_per_gross_w": value, "level": step in _LEVELS} for step, value in _STEPS],
        uses={
            "bitcoin": _use(50, 100, "2026-07"),
            "turnkey": _use(-20, 100, "2029-10", success_frac=0.37),
            "site_sale": _use(60, 100, "2027-03"),
            "hold": _use(30, 100, "2031-01"),
        },
    ),
    _site(
        "leased",
        "Lake Hall",
        SCRIPT,
        "leased",
        gross_mw=400.0,
        firm_gross_mw=400.0,
        ownership_frac=0.51,
        counted_frac=0.51,
        iso="NYISO",
        state="NY",
        tenant='Tenant "A" <b>',
        confidence="high",
        best_use="hold",
        parts=[_part("leased", 300.0, 210.0), _part("undeveloped", 100.0)],
        uses={
            "bitcoin": _no("under a signed lease; no energised megawatts that mine"),
            "turnkey": _use(1900, 400, "2026-12", success_frac=0.7),
            "site_sale": _use(1950, 400, "2026-12", success_frac=0.9),
            "hold": _use(2000, 400, "2026-12", success_frac=0.9),
        },
    ),
    _site(
        "arabic",
        ARABIC,
        "شركة",
        "construction",
        country="NO",
        iso="none",
        state=None,
        today_use="hold",
        best_use="turnkey",
        prob_best_frac=1.0,
        uses={
            "bitcoin": _no("no energised megawatts that mine"),
            "turnkey": _use(85.4, 100, "2028-05", success_frac=0.4),
            "site_sale": _use(40, 100, "2027-03"),
            "hold": _use(12, 100, None),
        },
    ),
    _site(
        "study",
        "Paper Plains",
        "Northern Hash Holdings",
        "undeveloped",
        gross_mw=500.0,
        firm_gross_mw=0.0,
        confidence="low",
        today_use="hold",
        prob_best_frac=0.998,
        parts=[_part("undeveloped", 500.0)],
        uses={
            "bitcoin": _no("no energised megawatts that mine"),
            "turnkey": _use(-48, 0, "2031-02", success_frac=0.05),
            "site_sale": _use(7.7, 0, "2027-03"),
            "hold": _use(-12, 0, "2031-01"),
        },
    ),
    _site(
        "no-use",
        "Dead End",
        "Lone",
        "undeveloped",
        today_use="hold",
        best_use=None,
        prob_best_frac=None,
        prob_best_ex_post_frac=None,
        gain_vs_today_usd=None,
        parts=[],
        uses={
            "bitcoin": _no("no energised megawatts that mine"),
            "turnkey": _no("interruptible power cannot serve a lease without firming"),
            "site_sale": _no("no megawatts to use"),
            "hold": _no("no megawatts to use"),
        },
    ),
    {
        **_site("nothing", "Empty Quarter", "Lone", "unknown", gross_mw=0.0, firm_gross_mw=0.0),
        "valued": False,
        "reason": "no source states its megawatts",
        "uses": {},
    },
]

_FACTS = [
    ("asic.economic_life", 5.0, 4.0, 5.0, "yr", "no source", "assumption", "5-yr class used too"),
    ("discount.base", 0.06, 0.05, 0.075, "frac/yr", "authors' judgement", "assumption", ""),
    ("market.gap", None, None, None, "USD", "looked for", "low", "<i>not found</i>"),
    ("block.time", 600.0, None, None, "s", "the protocol", "high", ""),
]

_RESULT: Document = {
    "schema_version": 1,
    "study": "hand",
    "title": "Sites made by hand",
    "as_of": "2026-06",
    "draws": 2000,
    "seed": 7,
    "usd_year": 2026,
    "convention": "wattworth",
    "tax_losses": "carried",
    "measures": {"mean": "pricing", "p10_p50_p90": "real_world"},
    "run_id": "hand-2026-06-0123456789ab",
    "sites": _SITES,
    "totals": {
        "gross_mw": 1200.0,
        "share_gross_mw": 1004.0,
        "share_firm_gross_mw": 504.0,
        "npv_usd": _four(600e6, 1.3e9, 2.4e9, 1.1731e9),
        "npv_uncapped_usd": {"mean": 1.25e9},
        "usd_per_gross_w": _four(1.19, 2.58, 4.76, 2.328),
        "by_best_use": {
            "site_sale": {"sites": 3, "gross_mw": 700.0},
            "hold": {"sites": 1, "gross_mw": 400.0},
        },
        "by_company": [
            {
                "company": SCRIPT,
                "sites": 1,
                "share_firm_gross_mw": 204.0,
                "npv_usd": 1.02e9,
                "usd_per_gross_w": 5.0,
            },
            {
                "company": "Northern Hash Holdings",
                "sites": 2,
                "share_firm_gross_mw": 100.0,
                "npv_usd": 67.7e6,
                "usd_per_gross_w": 0.677,
            },
            {"company": "Lone", "sites": 1, "share_firm_gross_mw": 0.0, "npv_usd": -1e6, "usd_per_gross_w": None},
        ],
    },
    "tenant_demand": {"gw_per_year": 3.5, "squeezed": ["arabic"]},
    "double_counts": [{"site_id": "study", "same_as": "nothing", "reason": "same substation", "mw": None}],
    "warnings": [
        {"code": "few_parameter_draws", "where": "run", "message": "use --draws 1920 or more"},
        {"code": "foreign_tax", "where": "arabic", "message": "taxed at the rate of NO"},
        {"code": "of_a_new_kind", "where": "tie-mine, leased", "message": "<b>mind</b> this"},
    ],
    "facts": {"used": 4, "assumptions": 2, "low_confidence": 1},
    "weakest_facts": [
        {
            "key": key,
            "value": value,
            "low": low,
            "high": high,
            "unit": unit,
            "source": source,
            "as_of": "2026-11",
            "confidence": confidence,
            "note": note,
        }
        for key, value, low, high, unit, source, confidence, note in _FACTS
    ],
    "versions": {"wattworth": "0.1.0", "python": "3.11.7", "numpy": "2.4.6", "machine": "x86_64"},
    "elapsed_s": 2.271,
}
