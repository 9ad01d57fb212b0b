"""Small documents of a back-test and of comparables, with hostile names, as the page of evidence reads them."""

from __future__ import annotations

from typing import Any

SCRIPT = "<script>alert('deal')</script>"
ARABIC = "موقع الشمال"


def prediction(measure: str, unit: str, low: float, middle: float, high: float, actual: float | None) -> dict[str, Any]:
    inside = None if actual is None else low <= actual <= high
    return {
        "measure": measure,
        "unit": unit,
        "p10": low,
        "p50": middle,
        "p90": high,
        "actual": actual,
        "inside": inside,
        "error_frac": None if actual is None else middle / actual - 1.0,
        "interval_score": None if actual is None else 1.0,
        "crps": None if actual is None else 0.5,
        "last_deal": None,
        "running_mean": None,
        "learned_from": [],
        "priors": ["prior_lease.rent_year1"],
        "notes": [],
    }


def deal(deal_id: str, announced: str, *predictions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "deal_id": deal_id,
        "company": "Northern Hash",
        "site": "Lake Hall",
        "group": "lease",
        "row_type": "deal",
        "announced": announced,
        "grade": "A",
        "given": {
            "critical_it_mw": 60.0,
            "gross_mw": None,
            "term_years": 10.0,
            "product": "turnkey",
            "structure": "triple_net",
            "tenant_pays_hall": False,
        },
        "flags": [],
        "reason": None,
        "predictions": list(predictions),
        **more,
    }


def scores(label: str, unit: str, n: int, inside: int, **more: Any) -> dict[str, Any]:
    rule = {"n": 0, "mape_frac": None, "skill_frac": None}
    return {
        "label": label,
        "unit": unit,
        "n": n,
        "small_sample": n < 10,
        "mape_frac": 0.1 if n else None,
        "bias_frac": -0.02 if n else None,
        "inside": inside,
        "coverage_80_frac": inside / n if n else None,
        "coverage_80_low_frac": 0.3 if n else None,
        "coverage_80_high_frac": 0.95 if n else None,
        "interval_score": 1.0 if n else None,
        "crps": 0.5 if n else None,
        "last_deal": rule,
        "running_mean": rule,
        "skill_vs_naive": None,
        **more,
    }


def backtest() -> dict[str, Any]:
    """Five graded deals: a linear measure, a logarithmic one, one still to come, one this language does not know."""
    second = prediction("average_rent", "$/kW-month", 95.0, 120.0, 150.0, 160.0)
    second |= {"last_deal": 130.0, "running_mean": 130.0, "learned_from": ["A-1"], "notes": ["power <i>within</i>"]}
    third = prediction("site_price", "$/W", 0.1, 0.4, 1.4, 0.041)
    third |= {"learned_from": [f"S-{n}" for n in range(9)]}
    last_deal = {"n": 1, "mape_frac": 0.1875, "skill_frac": -0.3333}
    measures = {
        "average_rent": scores(
            "average rent",
            "$/kW-month",
            2,
            1,
            mape_frac=0.1394,
            last_deal=last_deal,
            running_mean={"n": 1, "mape_frac": 0.1875, "skill_frac": 0.25},
            skill_vs_naive=-0.3333,
        ),
        "site_price": scores("price", "$/W", 2, 1, coverage_80_low_frac=0.01, coverage_80_high_frac=0.75),
        "months": scores("months to first revenue", "months", 0, 0),
        "widgets": scores("widgets <b>made</b>", "widgets", 1, 1, coverage_80_low_frac=0.85),
    }
    return {
        "schema_version": 1,
        "tape": "my <tape>.csv",
        "draws": 4096,
        "seed": 7,
        "deals": [
            deal(
                "A-1",
                "2024-06",
                prediction("average_rent", "$/kW-month", 100.0, 130.0, 160.0, 130.0),
                prediction("widgets", "widgets", 7.0, 8.0, 9.0, 8.5),
            ),
            deal(
                SCRIPT,
                "2024-12-23",
                second,
                prediction("months", "months", 9.5, 18.0, 33.9, None),
                flags=["power probably <b>included</b>"],
            ),
            deal("S-1", "2025-01-02", prediction("site_price", "$/W", 0.15, 0.4, 1.0, 0.5), group="site_sale"),
            deal(ARABIC, "2025-03", third, group="site_sale", site=ARABIC),
            deal("ALL-1", "2025-04", row_type="aggregate", reason="repeats tranches that are predicted themselves"),
        ],
        "not_scored": [{"deal_id": "C-9", "reason": "grade C: context only"}],
        "flagged": [{"deal_id": "A-1", "flag": "price looks <i>odd</i>"}],
        "summary": {"n": 2, "rent_measure": "average_rent", "measures": measures},
    }


def without_outcomes() -> dict[str, Any]:
    """A tape on which nothing has come out yet."""
    document = backtest()
    for each in document["deals"]:
        each["predictions"] = [
            prediction(row["measure"], row["unit"], row["p10"], row["p50"], row["p90"], None)
            for row in each["predictions"]
        ]
    for measure, found in document["summary"]["measures"].items():
        document["summary"]["measures"][measure] = scores(found["label"], found["unit"], 0, 0)
    return document


def empty() -> dict[str, Any]:
    """A tape without a graded deal."""
    return {"schema_version": 1, "tape": "none.csv", "draws": 256, "seed": 7, "deals": [], "summary": {"measures": {}}}


def per_watt(dollars: float | None, **more: Any) -> dict[str, Any]:
    return {
        "usd_per_w": dollars,
        "mw": None if dollars is None else 1000.0,
        "mw_as_of": "2026-01",
        "value_as_of": "2026-01-15",
        "apart_days": 0,
        "reason": "" if dollars is not None else "not stated",
        "far_apart": False,
        **more,
    }


def company(name: str, ours: dict[str, float] | None, secured: float | None, **more: Any) -> dict[str, Any]:
    value = {"basis": "market_cap", "usd": 2e9, "as_of": "2026-01-15", "label": "market cap; debt not known"}
    steps = [("created", 9.0, True), ("capital", -6.0, False), ("converted", 3.0, True), ("ours", 1.0, True)]
    ends = [("other watts", 0.1, False), ("remainder", 1.4, False), ("market", 2.5, True)]
    return {
        "company": name,
        "ours": None
        if ours is None
        else {"share_firm_gross_mw": 800.0, "npv_usd": {"mean": 8e8}, "usd_per_gross_w": ours, "sites": 2},
        "market": None
        if secured is None
        else {
            "value": value,
            "usd_per_w": {
                "secured_gross": per_watt(secured),
                "operating_gross": per_watt(2 * secured, far_apart=True, apart_days=403),
                "critical_it": per_watt(None),
            },
            "indicative_usd_per_w": None,
            "analyst_value_usd_m_per_mw": "8-17 critical",
            "analyst_value_basis": "MS",
        },
        "ladder": None
        if ours is None
        else {
            "with_waterfall_frac": 0.75,
            "steps": [{"step": s, "usd_per_gross_w": v, "level": level} for s, v, level in steps],
            "status": [{"part": "better use", "usd_per_gross_w": 0.2}],
        },
        "endings": []
        if ours is None or secured is None
        else [
            {
                "basis": "market_cap",
                "steps": [{"step": s, "usd_per_gross_w": v, "level": level} for s, v, level in ends],
            }
        ],
        "reasons": [] if secured is not None else ["in the study, and not in the table"],
        **more,
    }


def sale(deal_id: str, dollars: float | None, outcome: str) -> dict[str, Any]:
    return {
        "deal_id": deal_id,
        "group": "site_sale",
        "announced": "2024-03",
        "company": "Buyer buys a site",
        "site": "Granbury",
        "outcome": outcome,
        "price_usd": None if dollars is None else dollars * 1e8,
        "price_mw": None if dollars is None else 100.0,
        "price_mw_basis": "operating MW, of 2024",
        "usd_per_w": dollars,
        "reason": None if dollars is not None else "price not disclosed",
        "source": "a paper",
    }


def comps() -> dict[str, Any]:
    """Three companies, three sales and two peers."""
    return {
        "schema_version": 1,
        "study": "us-miners",
        "title": "Power sites",
        "run_id": "us-miners-2026-06-abc",
        "as_of": "2026-06",
        "steps": {"created": "level: every firm watt let", "remainder": "what the market pays above ours"},
        "status_parts": {"better use": "what that use adds"},
        "companies": [
            company(SCRIPT, {"mean": 1.0, "p10": -0.2, "p90": 2.0}, 2.5),
            company("Without a market", {"mean": 0.5}, None),
            company("Without a site", None, 7.0),
        ],
        "peers": [
            {
                "company": "Generator",
                "kind": "independent_power_producer",
                "value": {"basis": "ev", "usd": 4e9, "as_of": "2025", "label": "enterprise value: printed"},
                "usd_per_w": {"stated": per_watt(1.25)},
                "watts_kind": "generation, owned",
                "source": "a report",
            },
            {"company": "Quiet REIT", "kind": "hall_maker", "value": None, "usd_per_w": {"stated": per_watt(None)}},
        ],
        "site_sales": [sale("S-1", 0.46, "closed"), sale("S-2", 6.9, "rejected"), sale("S-3", None, "closed")],
        "site_sales_closed": {"n": 1, "low_usd_per_w": 0.46, "median_usd_per_w": 0.46, "high_usd_per_w": 0.46},
        "sector": {"printed": [], "sum": None},
        "notes": ["market values are of <2026-01>"],
    }
