"""The page of the plan: numbers as the document has them, names as text, drawings to scale, and no request."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.studies import EVERY_KIND, study
from tests.unit.reports.reader import MINUS_NOUGHT, asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth.portfolio.plan_study import Asked, plan_study
from wattworth.reports.formatting import money
from wattworth.reports.plan_figures import capital_bars, roadmap, value_steps
from wattworth.reports.plan_page import plan_html
from wattworth.reports.plan_words import PLAN, changed, price_words, reason_words, sentences
from wattworth.study.plan_block import LimitKeys, PlanBlock

Document = dict[str, Any]
HOSTILE = "<script>alert('site')</script>"


def reason(because: str, behind: float, **more: Any) -> Document:
    plain = {"site_id": "north", "use": "turnkey", "changes": True, "period": 1, "start": "2026-09"}
    return {
        **plain,
        "because": because,
        "value": 1e8,
        "limits_cost": 0.0,
        "behind": behind,
        "dearest": "",
        "short": [],
        **more,
    }


def site(site_id: str, use: str, period: int | None, gain: float, **more: Any) -> Document:
    start = None if period is None else f"{2026 + (5 + 3 * period) // 12}-{(5 + 3 * period) % 12 + 1:02d}"
    plain = {
        "site_id": site_id,
        "site": site_id.title(),
        "company": "Northern Hash",
        "iso": "PJM",
        "gross_mw": 100.0,
        "counted_frac": 1.0,
        "use": use,
        "changes": period is not None,
        "period": period,
        "start": start,
        "value_usd": 100e6 + gain,
        "keep_usd": 100e6,
        "gain_usd": gain,
        "begin": None,
        "first": None,
        "done": None,
        "success_frac": None,
        "capital_usd": 0.0,
        "expected_capital_usd": 0.0,
        "critical_it_mw": 0.0,
        "takes": {},
        "chosen": reason("best", -2e6),
        "rejected": reason("price", 3e6, dearest="slots, 2026-09"),
    }
    return {**plain, **more}


def rule(mean: float, ahead: float, missed: tuple[str, ...] = ()) -> Document:
    fresh = {"fresh_mean_usd": mean - 5e6, "fresh_error_usd": 2e6, "fresh_tail_usd": mean - 90e6}
    return {"mean_usd": mean, **fresh, "plan_ahead_usd": ahead, "plan_ahead_error_usd": 1e6, "missed": list(missed)}


def limit(name: str, kind: str, step: Document | None, **more: Any) -> Document:
    rows = [{"name": f"{name}, 2026-09", "amount": 2.0, "used": 2.0, "price": 4e6, "step": step}]
    plain = {"name": name, "kind": kind, "unit": "units", "sense": "at most", "every_period": True, "source": "a board"}
    return {**plain, "confidence": "assumption", "rows": rows, **more}


def document() -> Document:
    hall = {"begin": "2027-06", "first": "2028-12", "done": "2028-12", "success_frac": 0.35}
    hall |= {"capital_usd": 573e6, "expected_capital_usd": 200e6, "takes": {"slots": 2.0, "capital": 200.0}}
    step = {"amount": 1.0, "gain": 14e6, "low": 13e6, "high": 15e6}
    return {
        "schema_version": 1,
        "study": "small <study>",
        "as_of": "2026-06",
        "draws": 1000,
        "seed": 7,
        "periods": 12,
        "period_months": 3,
        "aim": {"of": "value", "gw_by": None, "tail_weight_frac": 0.0, "tail_frac": 0.05, "measure": None, "per": None},
        "plan": {
            "value_usd": {"mean": 330e6, "error": 12e6, "p10": 100e6, "p50": 320e6, "p90": 560e6},
            "tail_usd": 40e6,
            "objective": 330e6,
            "bound": 330.4e6,
            "gap_frac": 0.4 / 330,
            "status": "optimal",
            "took_s": 0.2,
        },
        "sites": [
            site("north", "turnkey", 1, 20e6, **hall),
            site(HOSTILE, "site_sale", 0, 12e6, site=HOSTILE, company="<i>Co</i>"),
            site("kept", "bitcoin", None, 0.0, rejected=None, chosen=reason("only", 0.0)),
            site("cut", "site_sale", 5, -2e6, chosen=reason("fits", 1e6)),
        ],
        "limits": [
            limit("slots", "transformers", step),
            limit("capital", "capital", {"amount": 10.0, "gain": None, "low": 0.0, "high": 3e6}),
            limit("idle", "crews", {"amount": 1.0, "gain": 0.0, "low": 0.0, "high": 1e-7}),
            limit("<b>rule</b>", "share", None, every_period=False, source="", confidence=None),
            limit("miners", "hash_rate", None, sense="at least", every_period=False),
        ],
        "next_in": reason("no room", -1e6, short=[{"limit": "slots", "amount": 1.0, "unit": "units"}]),
        "first_out": reason("best", -2e6),
        "capital": [
            {"period": "2026-06", "usd": {}},
            {"period": "2026-09", "usd": {"turnkey": 150e6}},
            {"period": "2026-12", "usd": {"turnkey": 40e6, "gpu_cloud": 10e6}},
        ],
        "waterfall": [
            {"step": "keep", "level": True, "usd": 300e6},
            {"step": "turnkey", "level": False, "usd": 20e6},
            {"step": "site_sale", "level": False, "usd": 10e6},
            {"step": "plan", "level": True, "usd": 330e6},
        ],
        "frontier": [
            {"tail_weight_frac": w, "mean_usd": m, "tail_usd": t, "gap_frac": 0.0, "on_hull": h, "changes": 2}
            for w, m, t, h in ((0.0, 330e6, 40e6, True), (0.5, 300e6, 60e6, False), (1.0, 310e6, 80e6, True))
        ],
        "against": {
            "draws": 1000,
            "seed": 8,
            "plans": {
                "plan": rule(330e6, 0.0),
                "greedy": rule(320e6, 9e6),
                "everything_now": rule(315e6, 14e6, ("slots, 2026-06",)),
                "keep": rule(300e6, 30e6),
            },
        },
        "left_out": [{"site_id": "double", "site": "Double", "reason": "another row counts its megawatts"}],
        "notes": ["stopped after 20 s: the plan may be 0.12% from the best"],
    }


def nothing() -> Document:
    """Nothing changes, nothing limits, nothing is spent, and the aim is gigawatts."""
    found = document()
    found["sites"] = found["sites"][2:3]
    found |= {
        "limits": [],
        "capital": [],
        "frontier": [],
        "left_out": [],
        "notes": [],
        "next_in": None,
        "first_out": None,
    }
    found["waterfall"] = [found["waterfall"][0], {**found["waterfall"][0], "step": "plan"}]
    found["aim"] = {**found["aim"], "of": "gw_by", "gw_by": "2029-12"}
    return found


@cache
def drawn() -> Document:
    """A real document of a small study."""
    limits = {
        "sales": LimitKeys(kind="sites", uses=["site_sale"], per_period=1.0),
        "crews": LimitKeys(kind="crews", per_period=1.0),
    }
    whole = study(*EVERY_KIND, plan=PlanBlock(periods=2, period_months=6, limits=limits))
    return plan_study(whole, Asked(draws=64, time_limit_s=3.0, workers=1))


CASES: dict[str, Callable[[], Document]] = {"every kind": document, "nothing": nothing, "real": drawn}


def plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.mark.parametrize("case", CASES)
def test_what_every_page_keeps_to(case: str) -> None:
    page = plan_html(CASES[case]())
    prints_no_nan(page, MINUS_NOUGHT)
    links_lead_somewhere(page)
    asks_for_nothing(page)


def test_names_are_text() -> None:
    page = plan_html(document())
    assert HOSTILE not in page
    assert "<i>Co</i>" not in page
    assert "<b>rule</b>" not in page
    assert HOSTILE in "".join(read(page).text)


def test_the_story_has_the_documents_numbers() -> None:
    told = sentences(document())
    assert told[0] == "Of 4 sites the plan changes 3: Site sale at 2, Turnkey AI lease at 1."
    assert told[1].startswith("The plan is worth $330m (standard error $12m; P10 $100m, P90 $560m), $30m more than")
    assert told[2] == "No plan within the limits beats it by more than 0.121%."
    assert "On 1,000 fresh draws it is ahead of greedy by $9.0m (standard error $1.0m)." in told
    assert "Everything now, cut to the limits misses slots, 2026-06." in told
    assert "Next in: north, Turnkey AI lease from 2026-09; lacks 1 transformer of slots." in told
    assert told[-1].startswith("First out: north, Turnkey AI lease from 2026-09; best for the site")


def test_prices_of_limits_in_words() -> None:
    found = document()
    slots, capital, idle, share, miners = found["limits"]
    capital["rows"][0]["step"]["high"] = 0.3e6  # the bound is 0.4 $m above
    assert price_words(capital, found) == "no gain found, and more than $300k ruled out"
    capital["rows"][0]["step"]["high"] = 3e6
    assert price_words(slots, found) == "one more transformer is worth $14m, in 2026-09"
    assert price_words(capital, found) == "$10m more is worth $0 to $3.0m, in 2026-09"
    assert price_words(idle, found) == "not binding: more of it adds nothing"
    assert price_words(share, found) == "not priced"
    assert price_words(miners, found) == "not priced"


@pytest.mark.parametrize(
    ("because", "chosen", "words"),
    [
        ("best", True, "best for the site at the prices of the limits, by $3.0m"),
        ("only", True, "nothing else may be chosen"),
        ("fits", True, "fits the whole, though another is $3.0m better for the site alone"),
        ("fixed", True, "fixed by the study"),
        ("fixed", False, "another choice is fixed by the study"),
        ("worth less", False, "worth $3.0m less, limits or not"),
        ("no room", False, "lacks 1 transformer of slots"),
        ("price", False, "what it takes is worth $3.0m more elsewhere, most of all slots"),
        ("excluded", False, "lacks 1 transformer of slots, whatever the others do"),
        ("close", False, "as good within the gap that is left"),
    ],
)
def test_every_reason_has_words(because: str, chosen: bool, words: str) -> None:
    short = [{"limit": "slots", "amount": 1.0, "unit": "units"}] if because in {"no room", "excluded"} else []
    dear = "slots" if because == "price" else ""
    assert reason_words(reason(because, 3e6, short=short, dearest=dear), document(), chosen=chosen) == words


def test_every_reason_of_the_engine_has_words() -> None:
    from wattworth.portfolio.reasons import Because

    assert {f"pl.because.{each}" for each in Because.__args__} <= set(PLAN.table)  # type: ignore[attr-defined]


def test_the_roadmap_stands_in_order_and_to_scale() -> None:
    """Proves: rows follow the decisions, and a bar runs from its decision over the first spending to the first earning.

    Sensitivity: a bar drawn from the as-of month, or in periods in place of months, ends elsewhere.
    """
    found = document()
    assert [each["site_id"] for each in changed(found)] == [HOSTILE, "north", "cut"]
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", str(roadmap(found, PLAN)), re.DOTALL)[0])  # type: ignore[index]
    bars = [group.findall("rect") for group in svg.iter("g")]
    waits, builds = next(rects for rects in bars if rects)
    pixel = (float(waits.attrib["x"]) - 190.0) / 3.0  # decided in month 3
    assert float(waits.attrib["width"]) == pytest.approx(9 * pixel, abs=0.2)
    assert float(builds.attrib["width"]) == pytest.approx(18 * pixel, abs=0.2)
    assert sum(not rects for rects in bars) == 2, "two sales are diamonds"


def test_bars_of_capital_are_to_scale() -> None:
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", str(capital_bars(document(), PLAN)), re.DOTALL)[0])  # type: ignore[index]
    heights = [float(rect.attrib["height"]) for rect in svg.iter("rect")]
    assert heights[1] / heights[0] == pytest.approx(40 / 150, rel=0.02)
    assert heights[2] / heights[0] == pytest.approx(10 / 150, rel=0.05)


def test_the_waterfall_ends_where_its_steps_do() -> None:
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", str(value_steps(document(), PLAN)), re.DOTALL)[0])  # type: ignore[index]
    rects = [{key: float(rect.attrib[key]) for key in ("x", "width")} for rect in svg.iter("rect")]
    ends = [rect["x"] + rect["width"] for rect in rects]
    assert rects[2]["x"] == pytest.approx(ends[1], abs=0.2)
    assert ends[3] == pytest.approx(ends[2], abs=0.2)
    assert rects[2]["width"] / rects[1]["width"] == pytest.approx(0.5, rel=0.02)


def test_tables_hold_every_site_and_rule() -> None:
    page = plan_html(document())
    row = plain(re.search(r'<tr data-site="north">.*?</tr>', page, re.DOTALL)[0])  # type: ignore[index]
    for printed in ("Turnkey AI lease", "2026-09", "2028-12", "$20m", "$573m", "35%", "slots 2"):
        assert printed in row
    text = plain(page)
    for each in document()["against"]["plans"].values():
        assert money(each["fresh_mean_usd"]) in text
    assert "Not planned: Double (another row counts its megawatts)." in text
    assert "stopped after 20 s" in text


def test_the_page_changes_nothing_in_the_document() -> None:
    found = document()
    before = deepcopy(found)
    plan_html(found)
    assert found == before
