"""The page of when to switch: numbers and regions as the document has them, names as text, and no request."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.studies import EVERY_KIND, study
from tests.unit.reports.reader import MINUS_NOUGHT, asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth.reports.formatting import megawatts, money
from wattworth.reports.switching_figures import boundary_figure, frame, shares
from wattworth.reports.switching_page import switching_html
from wattworth.reports.switching_story import sentences
from wattworth.reports.switching_words import SWITCHING, edge_words, free_sites, label
from wattworth.valuation.switch_worths import Freedom
from wattworth.valuation.when_to_switch import when_to_switch

Document = dict[str, Any]

HOSTILE = "<script>alert('site')</script>"
ARABIC = "موقع الشمال"
UNITS = {
    "rent": "$/kW-month",
    "build cost": "of today's",
    "hashprice": "$/PH/day",
    "power": "$/MWh",
    "GPU-hour": "$/GPU-h",
    "site price": "of today's",
}
EDGE: Document = {
    "date": "2027-06",
    "switch": "turnkey",
    "driver_x": "rent",
    "driver_y": "build cost",
    "x": [100.0, 120.0, 140.0, 160.0],
    "y": [0.9, 1.0, 1.1],
    "choice": [
        ["wait", "turnkey", "turnkey", "turnkey"],
        ["wait", "wait", "turnkey", "turnkey"],
        ["site_sale", "wait", "wait", "turnkey"],
    ],
    "thresholds": [108.0, 128.0, 152.0],
    "today": {"rent": 120.0, "build cost": 1.0},
    "words": "turnkey if rent exceeds 128.1 while build cost is below 1",
    "inside": {"rent": 128.1, "build cost": 1.0},
    "outside": {"rent": 127.9, "build cost": 1.0},
}


def way(decision: str, prob: float, now: float = 0.0, month: float | None = None) -> Document:
    expected = None if month is None else f"{2026 + (5 + round(month)) // 12:04d}-{(5 + round(month)) % 12 + 1:02d}"
    odds = {"prob_frac": prob, "now_frac": now}
    return {"decision": decision, **odds, "expected_month": month, "expected": expected}


def worth(now: float, lost: float, best: float, date: str) -> Document:
    return {"now_usd": now * 1e6, "regret_now_usd": lost * 1e6, "best_usd": best * 1e6, "best_date": date}


def site(site_id: str, now: str, waiting: float, error: float, switches: list[Document], **more: Any) -> Document:
    plain = {
        "site_id": site_id,
        "site": site_id.title(),
        "company": "Northern Hash",
        "free_gross_mw": 123.4,
        "leased_gross_mw": 0.0,
        "free": True,
        "now": now,
        "flexible_usd": {"mean": (200 + waiting) * 1e6, "error": 7.25e6},
        "waiting_usd": {"mean": waiting * 1e6, "error": error * 1e6},
        "best_now": {"decision": "site_sale", "usd": 200e6},
        "never": {"usd": 150e6, "regret_usd": (50 + waiting) * 1e6, "regret_error_usd": 1e6},
        "uses": {
            "bitcoin": worth(180, 20 + waiting, 201, "2028-06"),
            "turnkey": worth(-45.6, 245.6 + waiting, -12.3, "2027-09"),
            "site_sale": worth(200, waiting, 200, "2026-06"),
        },
        "switches": switches,
        "stages": {"use": "turnkey", "months": 21},
        "boundary": {"words": "whatever the markets do: site_sale, month 6"},
        "training_usd": 200e6,
        "notes": ["no fit did better in training than the fixed plan 'site_sale, month 6', which is followed"],
    }
    return {**plain, **more}


def document() -> Document:
    """A boundary, a plan that is put off, one at once, one without end, hostile names, and a site under lease."""
    seldom = way("half turnkey", 0.1, 0.0, 9.0), way("rest turnkey", 0.06, 0.0, 30.0), way("rest bitcoin", 0.001)
    lively = [way("turnkey", 0.4, 0.0, 14.0), way("site_sale", 0.3, 0.0, 20.0), way("bitcoin", 0.0), *seldom]
    never = [way("turnkey", 0.0), way("site_sale", 0.0), way("bitcoin", 0.0)]
    sites = [
        site("put-off", "wait", 3.0, 2.0, [way("turnkey", 0.0), way("site_sale", 1.0, 0.0, 6.0), way("bitcoin", 0.0)]),
        site("lively", "wait", 31.2, 4.5, lively, boundary=EDGE, notes=[]),
        site("at-once", "site_sale", 0.0, 0.0, [way("turnkey", 0.0), way("site_sale", 1.0, 1.0, 0.0)], site=ARABIC),
        site("endless", "wait", 1.0, 0.1, never),
        site(HOSTILE, "own_use", -1.5, 2.0, [way("own_use", 1.0, 1.0, 0.0)], uses={}, company="<i>Co</i>", stages=None),
        {
            "site_id": "signed",
            "site": "Signed <b>",
            "company": "Lessor",
            "free_gross_mw": 0.0,
            "leased_gross_mw": 300.0,
            "free": False,
            "reason": "every megawatt is under a signed lease",
        },
    ]
    dates = {"every_months": 3, "window_months": 36, "lease_until_month": None}
    return {
        "schema_version": 1,
        "study": "small <study>",
        "as_of": "2026-06",
        "draws": 1024,
        "training_draws": 4096,
        "seed": 7,
        "freedom": {**dates, "stages": True, "second_stage_frac": 0.95},
        "driver_units": UNITS,
        "sites": sites,
    }


def alone() -> Document:
    found = document()
    found["sites"] = found["sites"][1:2]
    return found


def all_leased() -> Document:
    found = document()
    found["sites"] = found["sites"][-1:]
    return found


@cache
def drawn() -> Document:
    """A real document of a small study whose rents may double or halve, so that some answers hang on them."""
    facts = {"rent.volatility": 0.6, "rent.mean_reversion": 0.02, "rent.beta": 0.0, "site_price.beta": 0.0}
    wild = study(*EVERY_KIND, facts=facts)
    return when_to_switch(wild, Freedom(6, 12), draws=256, training_draws=512, workers=1)


CASES: dict[str, Callable[[], Document]] = {
    "every kind": document,
    "one site": alone,
    "all leased": all_leased,
    "no site": lambda: {**document(), "sites": []},
    "real": lambda: deepcopy(drawn()),
}
every_case = pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


def part(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found is not None, pattern
    return found[0]


def edged(make: Callable[[], Document]) -> list[Document]:
    return [each for each in make()["sites"] if each.get("boundary", {}).get("date")]


@every_case
def test_never_prints_none_or_nan(make: Callable[[], Document]) -> None:
    prints_no_nan(switching_html(make()), MINUS_NOUGHT)


@every_case
def test_ids_are_unique_and_links_lead_somewhere(make: Callable[[], Document]) -> None:
    links_lead_somewhere(switching_html(make()))


@every_case
def test_asks_for_nothing(make: Callable[[], Document]) -> None:
    asks_for_nothing(switching_html(make()))


@every_case
def test_every_drawing_has_a_name(make: Callable[[], Document]) -> None:
    drawings = [attributes for tag, attributes in read(switching_html(make())).tags if tag == "svg"]
    assert all(attributes.get("aria_hidden") or attributes.get("aria-hidden") or attributes.get("aria-label")
               for attributes in drawings)  # fmt: skip


def test_names_are_text() -> None:
    page = switching_html(document())
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(" in page
    for markup in ("<i>Co</i>", "<study>", "Signed <b>"):
        assert markup not in page
    assert f'<bdi dir="auto">{ARABIC}</bdi>' in page


@pytest.mark.parametrize("make", [document, drawn], ids=["made", "real"])
def test_the_table_holds_the_numbers_of_the_document(make: Callable[[], Document]) -> None:
    found = make()
    page = switching_html(found)
    every = part(page, r'<section id="every".*?</section>')
    rows = re.findall(r'<tr data-site="[^"]*">.*?</tr>', every, re.DOTALL)
    free = free_sites(found)
    assert len(rows) == len(free)
    for row, each in zip(rows, free, strict=True):
        cells = " ".join(plain(row).split())
        for amount in (each["flexible_usd"]["mean"], each["waiting_usd"]["mean"], each["best_now"]["usd"]):
            assert money(amount) in cells
        assert megawatts(each["free_gross_mw"]) in cells
        assert label(each["now"]) in cells
        assert label(each["best_now"]["decision"]) in cells


def test_clear_gains_come_first_then_the_larger() -> None:
    assert [each["site_id"] for each in free_sites(document())] == ["lively", "endless", "put-off", "at-once", HOSTILE]
    assert 'class="few"' in part(switching_html(document()), r'<tr data-site="put-off">.*?</tr>')
    assert 'class="few"' not in part(switching_html(document()), r'<tr data-site="lively">.*?</tr>')


def test_the_entry_of_a_site_holds_each_decision_with_odds() -> None:
    entry = part(switching_html(document()), r'<details id="site-1".*?</details>')
    rows = {
        decision: " ".join(plain(row).split())
        for decision, row in re.findall(r'<tr data-decision="([^"]*)">(.*?)</tr>', entry, re.DOTALL)
    }
    assert list(rows) == ["bitcoin", "turnkey", "half turnkey", "rest turnkey", "site_sale"]
    for printed in ("\N{MINUS SIGN}$46m", "$277m", "\N{MINUS SIGN}$12m", "2027-09", "40%", "2027-08"):
        assert printed in rows["turnkey"]
    assert "10%" in rows["half turnkey"]
    assert "rest bitcoin" not in rows, "what is hardly ever done is left out"
    never = plain(part(entry, r'<tr class="never">.*?</tr>'))
    assert "2029-06" in never
    assert "$150m" in never
    assert "$81m" in never


def test_only_sites_with_a_boundary_are_drawn_and_open() -> None:
    page = switching_html(document())
    entries = re.findall(r'<details id="site-(\d)" class="site"( open)?>(.*?)</details>', page, re.DOTALL)
    assert {number: bool(opened) for number, opened, _ in entries} == {
        str(place): place == 1 for place in range(5)
    }  # fmt: skip
    assert {number: 'class="bar edge"' in body for number, _, body in entries} == {
        str(place): place == 1 for place in range(5)
    }  # fmt: skip
    assert all('class="waterfall values"' in body for _, _, body in entries)


def test_a_plan_is_told_in_words() -> None:
    found = document()
    told = {each["site_id"]: " ".join(sentences(each, found)) for each in found["sites"]}
    assert "in 2026-12, sell the site." in told["put-off"]
    assert "Within two standard errors" in told["put-off"]
    assert "Within two standard errors" not in told["lively"]
    assert "to sell the site at once" in told["at-once"]
    assert (
        "Waiting adds nothing to the best decision taken for good today, which is to sell the site" in told["at-once"]
    )
    assert "keep what stands, and sell at the end of the window in 2029-06" in told["endless"]
    assert told["signed"] == "Nothing to decide: every megawatt is under a signed lease."
    once = {**found, "freedom": {**found["freedom"], "every_months": 36}}
    assert "There is one date only" in " ".join(sentences(found["sites"][2], once))


def test_where_the_answer_flips_is_told_with_units_and_todays_levels() -> None:
    found = document()
    told = sentences(found["sites"][1], found)
    assert (
        "In 2027-06, having waited: convert to a turnkey AI lease if rent is above $128.1/kW-month "
        "while build cost is below 100% of today's." in told
    )
    assert "Today: rent $120/kW-month, build cost 100% of today's." in told
    likely = next(each for each in told if each.startswith("Followed"))
    assert "Turnkey AI lease 40%, on average in 2027-08" in likely


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("turnkey if rent exceeds 128.1", "convert to a turnkey AI lease if rent is above $128.1/kW-month"),
        ("turnkey if rent is below 128.1", "convert to a turnkey AI lease if rent is below $128.1/kW-month"),
        (
            "turnkey if rent exceeds 1.281e+05 with build cost at 0.95",
            "convert to a turnkey AI lease if rent is above $128,100/kW-month while build cost is 95% of today's",
        ),
        ("turnkey on part of the grid, with no single threshold in rent: see the grid", "in a part of the drawing"),
    ],
)
def test_every_sentence_of_the_engine_is_read(words: str, printed: str) -> None:
    assert printed in edge_words({**EDGE, "words": words}, UNITS)


def test_one_choice_everywhere_is_said_so() -> None:
    stays = {**EDGE, "choice": [["wait"] * 4] * 3, "thresholds": [None] * 3, "words": "stay, wherever on the grid"}
    assert edge_words(stays, UNITS) == "wait, wherever in the drawing rent and build cost may be"
    sells = {**stays, "choice": [["site_sale"] * 4] * 3}
    assert edge_words(sells, UNITS).startswith("sell the site, wherever")


def test_the_words_of_the_engine_are_all_understood() -> None:
    for each in edged(drawn):
        engine, ours = each["boundary"]["words"], edge_words(each["boundary"], UNITS)
        numbers = re.findall(r"(?:exceeds|below|above|at) ([\d.]+)", engine)
        assert len(re.findall(r"(?:above|below|is) \$?[\d.,]+", ours)) == len(numbers), (engine, ours)


@pytest.mark.parametrize("make", [document, drawn], ids=["made", "real"])
def test_regions_stand_where_the_choice_says(make: Callable[[], Document]) -> None:
    """*Proves*: the colour at every point of the grid is that of its choice, and the drawing is filled without a gap.

    *Sensitivity*: rows upside down, or a threshold on the wrong side of a point, gives a point another colour.
    """
    for each in edged(make):
        edge = each["boundary"]
        svg = ET.fromstring(part(str(boundary_figure(each, UNITS, SWITCHING)), r'<svg class="bar edge".*?</svg>'))
        on = frame(edge)
        rects = [
            {**r.attrib, **{k: float(r.attrib[k]) for k in ("x", "y", "width", "height")}} for r in svg.iter("rect")
        ]
        area = sum(r["width"] * r["height"] for r in rects)
        assert area == pytest.approx(on.wide * len(edge["x"]) * on.tall * len(edge["y"]), rel=1e-3)
        for y, row in zip(edge["y"], edge["choice"], strict=True):
            for x, kind in zip(edge["x"], row, strict=True):
                at_x, at_y = on.x.at(x), on.y.at(y)
                (here,) = [
                    r["data-choice"]
                    for r in rects
                    if r["x"] - 0.01 <= at_x < r["x"] + r["width"] - 0.005 and r["y"] <= at_y < r["y"] + r["height"]
                ]
                assert here == kind


def test_today_is_a_ring_within_the_drawing_and_words_without() -> None:
    lively = document()["sites"][1]
    on = frame(EDGE)
    drawing = str(boundary_figure(lively, UNITS, SWITCHING))
    ring = re.search(r'<circle class="ring" cx="([\d.]+)" cy="([\d.]+)"', drawing)
    assert ring is not None
    assert (float(ring[1]), float(ring[2])) == (on.x.at(120.0), on.y.at(1.0))
    assert "the ring is today" in drawing
    far = {**lively, "boundary": {**EDGE, "today": {"rent": 300.0, "build cost": 1.0}}}
    assert "<circle" not in str(boundary_figure(far, UNITS, SWITCHING))
    assert "today lies outside the drawing" in str(boundary_figure(far, UNITS, SWITCHING))
    untold = {**lively, "boundary": {key: value for key, value in EDGE.items() if key != "today"}}
    silent = str(boundary_figure(untold, UNITS, SWITCHING))
    assert "the ring is today" not in silent
    assert "outside the drawing" not in silent


def test_the_drawing_has_axes_a_legend_and_a_text_alternative() -> None:
    drawing = str(boundary_figure(document()["sites"][1], UNITS, SWITCHING))
    assert "rent, $/kW-month" in drawing
    assert "build cost, % of today&#x27;s" in drawing
    assert ">120</text>" in drawing
    assert ">100</text>" in drawing
    alt = part(drawing, r'aria-label="[^"]*"')
    for kind, share in shares(EDGE):
        assert f"{label(kind)} in {100 * share:.0f}% of the drawing" in alt
    assert "rent is above $128.1/kW-month" in alt
    legend = part(drawing, r"<figcaption>.*?</figcaption>")
    assert all(label(kind) in legend for kind, _ in shares(EDGE))


def test_one_driver_alone_is_a_band() -> None:
    edge = {
        **EDGE,
        "driver_y": None,
        "y": [0.0],
        "choice": [["wait", "wait", "turnkey", "turnkey"]],
        "thresholds": [131.0],
        "today": {"rent": 120.0},
        "words": "turnkey if rent exceeds 131",
    }
    alone_site = {**document()["sites"][1], "boundary": edge}
    drawing = str(boundary_figure(alone_site, UNITS, SWITCHING))
    assert "<circle" in drawing
    assert "build cost" not in drawing
    assert drawing.count("<rect") == 2 + 2, "two regions and their keys"


def test_bars_of_value_add_up() -> None:
    entry = part(switching_html(document()), r'<details id="site-1".*?</details>')
    svg = ET.fromstring(part(entry, r'<svg class="waterfall values".*?</svg>'))
    ends = {
        r.attrib["data-row"]: (float(r.attrib["x"]), float(r.attrib["x"]) + float(r.attrib["width"]))
        for r in svg.iter("rect")
    }
    assert ends["waiting"][0] == pytest.approx(ends["now"][1], abs=0.05)
    assert ends["waiting"][1] == pytest.approx(ends["flexible"][1], abs=0.05)
    wide = {row: right - left for row, (left, right) in ends.items()}
    assert wide["now"] / wide["flexible"] == pytest.approx(200 / 231.2, rel=1e-2)
    assert wide["never"] / wide["flexible"] == pytest.approx(150 / 231.2, rel=1e-2)


def test_the_story_counts_what_is_decided_now() -> None:
    text = part(switching_html(document()), r'<section id="short".*?</section>')
    told = re.sub(r"<[^>]+>", "", text)
    assert (
        "Of 5 sites with megawatts under no lease 2 should be decided on now (Site sale at 1 and Own use at 1)" in told
    )
    assert "at 2 sites, most at Lively: $31m" in told
    assert "At one site the answer hangs on the markets" in told
    assert "One more site is under signed leases throughout" in told


def test_runs_from_right_to_left() -> None:
    page = switching_html(document(), words=replace(SWITCHING, lang="ar", direction="rtl"))
    assert '<html lang="ar" dir="rtl">' in page
    assert 'direction="ltr"' in part(page, r'<svg class="bar edge"[^>]*>')
