from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import exp, log
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.unit.reports import evidence_documents as documents
from tests.unit.reports.reader import asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth import uses
from wattworth.evidence.backtest import backtest as walk
from wattworth.evidence.tape import read_tape
from wattworth.reports.evidence_page import evidence_html
from wattworth.reports.evidence_words import EVIDENCE
from wattworth.reports.formatting import MINUS

Document = dict[str, Any]

CASES: dict[str, Callable[[], tuple[Document | None, Document | None]]] = {
    "both": lambda: (documents.backtest(), documents.comps()),
    "without comps": lambda: (documents.backtest(), None),
    "without a back-test": lambda: (None, documents.comps()),
    "neither": lambda: (None, None),
    "no outcome yet": lambda: (documents.without_outcomes(), None),
    "no deal": lambda: (documents.empty(), {"companies": [], "peers": [], "site_sales": []}),
}
every_case = pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def drawing(html: str, attribute: str, value: str) -> ET.Element:
    """The drawing of the figure with an attribute."""
    figure = re.search(rf'<figure[^>]* {attribute}="{value}">.*?(<svg.*?</svg>)', html, re.DOTALL)
    assert figure is not None
    return ET.fromstring(figure[1])


def scale(svg: ET.Element, *, logarithmic: bool) -> Callable[[float], float]:
    """From a place on a drawing to a value, by the labels of its axis alone."""
    marks = [
        (float(text.attrib["x"]), float(text.text.strip("$m%").replace(",", "")))
        for text in svg.iter("text")
        if text.get("class") == "tick" and text.get("text-anchor") == "middle" and text.text
    ]
    assert len(marks) >= 2
    (x0, v0), (x1, v1) = marks[0], marks[-1]
    if logarithmic:
        return lambda x: exp(log(v0) + (x - x0) / (x1 - x0) * (log(v1) - log(v0)))
    return lambda x: v0 + (x - x0) / (x1 - x0) * (v1 - v0)


def places(group: ET.Element) -> dict[str, float]:
    """Where each mark of a row stands, by its class."""
    found: dict[str, float] = {}
    for mark in group:
        kind = mark.get("class", "")
        if mark.tag == "circle":
            found[kind] = float(mark.attrib["cx"])
        elif mark.tag == "rect":
            found[kind] = float(mark.attrib["x"])
            found[f"{kind} end"] = found[kind] + float(mark.attrib["width"])
        elif mark.tag == "path":
            start, half = re.findall(r"-?[\d.]+", mark.attrib["d"])[0:3:2]
            found[kind] = float(start) + (float(half) if kind in ("miss", "mean") else 0.0)
    return found


@every_case
def test_never_prints_none_or_nan(make: Callable[[], tuple[Document | None, Document | None]]) -> None:
    prints_no_nan(evidence_html(*make()))


@every_case
def test_ids_are_unique_and_links_lead_somewhere(make: Callable[[], tuple[Document | None, Document | None]]) -> None:
    links_lead_somewhere(evidence_html(*make()))


@every_case
def test_asks_for_nothing(make: Callable[[], tuple[Document | None, Document | None]]) -> None:
    asks_for_nothing(evidence_html(*make()))


def test_names_are_escaped() -> None:
    page = evidence_html(documents.backtest(), documents.comps())
    assert documents.SCRIPT not in page
    assert "&lt;script&gt;alert(" in page
    for markup in ("<b>included</b>", "<i>within</i>", "<i>odd</i>", "<b>made</b>", "<tape>", "<2026-01>"):
        assert markup not in page
    assert f'<bdi dir="auto">{documents.ARABIC}</bdi>' in page


def test_every_deal_stands_on_the_page_with_what_it_rested_on() -> None:
    document = documents.backtest()
    reader = read(evidence_html(document, None))
    text = " ".join(reader.text)
    entries = [attributes["id"] for tag, attributes in reader.tags if tag == "details" and "id" in attributes]
    assert entries == [f"deal-{n}" for n in range(len(document["deals"]))]
    for deal in document["deals"]:
        assert deal["deal_id"] in text
        assert not deal["reason"] or deal["reason"] in text
        for told in (*deal["flags"], *(n for p in deal["predictions"] for n in (*p["notes"], *p["priors"]))):
            assert told in text
    for row in (*document["not_scored"], *document["flagged"]):
        assert row["deal_id"] in text
        assert row.get("reason", row.get("flag")) in text
    assert "S-8" in text
    assert "no deal: the prior alone" in text


def test_the_answer_comes_first_and_says_where_it_loses() -> None:
    page = plain(evidence_html(documents.backtest(), None))
    for told in (
        "the average rent of 2 deals was 13.9% off on average",
        "over all measures 3 of 5 disclosed figures fell inside P10 to P90, where honest ranges would have held about",
        "a naive rule would have done better on 1 of 1 measures",
        "It loses on average rent (1.33 times the error of the last deal, over 1 deal).",
        "Ranges are too narrow for price of an unleased site",
        "Ranges are too wide for widgets",
        "3 of 3 measures rest on fewer than ten deals",
    ):
        assert told in page
    assert page.index("the average rent of 2 deals") < page.index("Scores beside two naive rules")


def test_scores_stand_beside_both_rules_over_the_same_deals() -> None:
    page = evidence_html(documents.backtest(), None)
    row = re.search(r'<tr data-measure="average_rent">(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    cells = [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)]
    assert cells[:8] == [
        "2few deals",
        "14%",
        f"{MINUS}2%",
        "1",
        "25%",
        "19%",
        "19%",
        f"{MINUS}33%loses to the last deal",
    ]


@pytest.mark.parametrize(("measure", "logarithmic"), [("average_rent", False), ("site_price", True)])
def test_marks_stand_where_the_data_say(measure: str, logarithmic: bool) -> None:
    """*Proves*: ranges, middles and actual values are drawn to the scale that the axis prints.

    *Sensitivity*: a linear place on a logarithmic axis would be off by a factor, a swapped end by the whole range.
    """
    document = documents.backtest()
    svg = drawing(evidence_html(document, None), "data-measure", measure)
    value = scale(svg, logarithmic=logarithmic)
    rows = [p for deal in document["deals"] for p in deal["predictions"] if p["measure"] == measure]
    drawn = [places(group) for group in svg.iter("g")]
    assert len(drawn) == len(rows)
    for marks, row in zip(drawn, rows, strict=True):
        kind = "hit" if row["inside"] else "miss"
        assert ("hit" in marks, "miss" in marks) == (row["inside"], not row["inside"])
        assert value(marks[kind]) == pytest.approx(row["actual"], rel=4e-3)
        assert value(marks["span"]) == pytest.approx(row["p10"], rel=4e-3)
        assert value(marks["span end"]) == pytest.approx(row["p90"], rel=4e-3)
        assert value(marks["mid"] + 0.9) == pytest.approx(row["p50"], rel=4e-3)


def test_an_axis_is_logarithmic_only_over_a_factor_of_five_and_says_so() -> None:
    page = evidence_html(documents.backtest(), None)
    for measure, told in (("average_rent", False), ("site_price", True), ("widgets", False)):
        svg = drawing(page, "data-measure", measure)
        assert any("logarithmic" in (text.text or "") for text in svg.iter("text")) == told


def test_a_drawing_says_in_words_what_it_shows() -> None:
    page = evidence_html(documents.backtest(), documents.comps())
    alt = drawing(page, "data-measure", "site_price").attrib["aria-label"]
    assert "S-1: predicted $0.15 to $1.00, middle $0.40, actual $0.50, inside" in alt
    assert "actual $0.041, outside" in alt
    for svg in re.findall(r"<svg[^>]*>", page):
        assert 'aria-hidden="true"' in svg or 'aria-label="' in svg


def test_coverage_is_drawn_at_the_share_with_n_and_its_range() -> None:
    page = evidence_html(documents.backtest(), None)
    rows = re.findall(r'<tr data-measure="(\w+)">((?:(?!</tr>).)*class="bar cover".*?)</tr>', page, re.DOTALL)
    assert [measure for measure, _ in rows] == ["average_rent", "site_price", "widgets"]
    rent = dict(rows)["average_rent"]
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", rent, re.DOTALL)[0])  # type: ignore[index]
    marks = places(svg)
    assert marks["hit"] == pytest.approx((marks["span"] - 6.0) / 0.3 * 0.5 + 6.0, abs=0.02)
    assert "1 of 2 inside, 50%" in plain(rent)
    assert "30% to 95%" in plain(rent)
    assert "too narrow" in plain(dict(rows)["site_price"])
    assert "too wide" in plain(dict(rows)["widgets"])


def test_misses_are_listed_farthest_first_with_their_size() -> None:
    page = evidence_html(documents.backtest(), None)
    section = re.search(r'<section id="misses".*?</section>', page, re.DOTALL)
    assert section is not None
    rows = [plain(row) for row in re.findall(r"<tr>(.*?)</tr>", section[0], re.DOTALL)[1:]]
    assert len(rows) == 2
    assert documents.ARABIC in rows[0]
    assert "P10 ÷ 2.44" in rows[0]
    assert "+876%" in rows[0]
    assert "1.07 \N{MULTIPLICATION SIGN} P90" in rows[1]


def test_what_is_still_to_come_is_said_and_not_drawn() -> None:
    document = documents.backtest()
    document["deals"][2]["predictions"].append(documents.prediction("site_price", "$/W", 0.1, 0.2, 0.3, None))
    page = evidence_html(document, None)
    assert len(list(drawing(page, "data-measure", "site_price").iter("g"))) == 2
    assert "1 of 2 inside · 1 still to come" in page


def test_the_ladder_stands_on_one_scale() -> None:
    """*Proves*: the same dollar per watt stands at the same place in every panel."""
    page = evidence_html(None, documents.comps())
    companies, sales, peers = (drawing(page, "data-group", g) for g in ("companies", "site_sales", "peers"))
    value = scale(companies, logarithmic=True)
    assert scale(sales, logarithmic=True)(200.0) == pytest.approx(value(200.0))
    first, second, third = (places(group) for group in companies.iter("g"))
    assert value(first["hit"]) == pytest.approx(7.0, rel=0.02)
    assert value(second["hit"]) == pytest.approx(2.5, rel=0.02)
    assert value(second["triangle"]) == pytest.approx(5.0, rel=0.02)
    assert value(second["mean"]) == pytest.approx(1.0, rel=0.02)
    assert value(third["mean"]) == pytest.approx(0.5, rel=0.02)
    closed, bid = sorted((places(group) for group in sales.iter("g")), key=lambda marks: "ring" in marks)
    assert value(closed["hit"]) == pytest.approx(0.46, rel=0.02)
    assert value(bid["ring"]) == pytest.approx(6.9, rel=0.02)
    (peer,) = (places(group) for group in peers.iter("g"))
    assert value(peer["hit"]) == pytest.approx(1.25, rel=0.02)


def test_the_ladder_names_its_watts_and_its_basis() -> None:
    page = plain(evidence_html(None, documents.comps()))
    assert "market cap $2.50/W secured · ours $1.00" in page
    assert "EV $1.25/W generation" in page
    assert "$0.46/W operating MW" in page
    assert "$6.90/W operating MW, rejected" in page
    assert "dates 403 days apart" in page


def test_a_company_has_a_waterfall_to_the_market_where_it_can_be_reached() -> None:
    page = evidence_html(None, documents.comps())
    assert page.count('class="waterfall"') == 2
    assert "Not explained $1.40/W" in page
    assert "ours $1.00, market $2.50" in plain(page)
    assert "no market value per secured watt" in plain(page)
    assert "8-17 critical (MS)" in plain(page)


def test_without_comparables_nothing_is_promised_of_them() -> None:
    page = evidence_html(documents.backtest(), None)
    assert 'id="market"' not in page
    assert "what the market and buyers pay" not in page


def test_an_unknown_measure_and_unit_keep_their_own_names() -> None:
    page = evidence_html(documents.backtest(), None)
    assert "Widgets &lt;b&gt;made&lt;/b&gt;" in page
    assert "8.00 widgets" in page


def test_another_language_turns_the_page() -> None:
    table = {**EVIDENCE.table, "ev.kicker": documents.ARABIC, "ev.measure.average_rent": documents.ARABIC}
    page = evidence_html(documents.backtest(), None, words=replace(EVIDENCE, lang="ar", direction="rtl", table=table))
    assert '<html lang="ar" dir="rtl">' in page
    assert f'<p class="kicker">{documents.ARABIC}</p>' in page
    assert f"the {documents.ARABIC} of 2 deals" in re.sub("[\u2066-\u2069]", "", page)


def test_every_graded_deal_and_scored_prediction_of_the_packaged_tape_is_drawn() -> None:
    document = walk(read_tape(), uses.fact_book(), draws=256).document()
    page = evidence_html(document, None)
    text = " ".join(read(page).text)
    assert all(deal["deal_id"] in text for deal in (*document["deals"], *document["not_scored"]))
    for measure, found in document["summary"]["measures"].items():
        if not found["n"]:
            continue
        svg = drawing(page, "data-measure", measure)
        marks = [mark.get("class") for mark in svg.iter() if mark.get("class") in ("hit", "miss")]
        assert (len(marks), marks.count("hit")) == (found["n"], found["inside"])
