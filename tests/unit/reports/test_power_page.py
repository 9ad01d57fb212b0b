"""The page of on-site supply: numbers as the document has them, drawings that add up, flags that are seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.unit.reports.reader import MINUS_NOUGHT, asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth.reports.power_charts import cost_figure, spares_figure
from wattworth.reports.power_figures import duration_figure, price_figure, week_figure
from wattworth.reports.power_page import power_html
from wattworth.reports.power_story import sentences
from wattworth.reports.power_words import POWER, cost_groups, in_order, per_mwh, unserved_usd_per_mwh
from wattworth.supply.case_system import read_power_case
from wattworth.valuation.power import PowerResult, solve_power
from wattworth.valuation.power_document import power_document
from wattworth.valuation.power_units import left_over_mw

Document = dict[str, Any]

HOSTILE = "<script>alert('x')</script>"
CASE = """\
name: small
title: "Small <b>site</b>"
load: {flat_mw: 10}
reliability: {availability_frac: 0.999}
unserved_usd_per_mwh: 10000
gas_usd_per_mmbtu: 8
carbon_usd_per_t: 20
finance: {discount_frac: 0.08}
sources:
  solar: {reference_year: true, capex_usd_per_kw: 700, fixed_frac_per_year: 0.01, life_years: 30, max_mw: 20}
  engine:
    capex_usd_per_kw: 1000
    fixed_usd_per_kw_year: 10
    variable_usd_per_mwh: 5
    heat_rate_mmbtu_per_mwh: 9
    life_years: 20
    unit_mw: 1
    forced_outage_frac: 0.05
battery: {power_usd_per_kw: 100, energy_usd_per_kwh: 100, fixed_frac_per_year: 0, round_trip_frac: 0.85, life_years: 15}
grid: {import_max_mw: 2, import_usd_per_mwh: 70, capacity_usd_per_kw_year: 20, export_max_mw: 3, export_usd_per_mwh: 10}
designs:
  - {name: gas, solar_mw: 0, battery_mw: 0, battery_mwh: 0, grid_mw: 0}
  - {name: "<script>alert('x')</script>", solar_mw: 5, battery_mw: 2, battery_mwh: 8, engine_mw: 7, grid_mw: 1}
"""


@cache
def solved() -> PowerResult:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "small.yaml"
        path.write_text(CASE, encoding="utf-8")
        return solve_power(read_power_case(path))


@cache
def made() -> Document:
    return power_document(solved())


def none_meets() -> Document:
    found = deepcopy(made())
    found["designs"] = found["designs"][-1:]
    return found


def bare() -> Document:
    """As by a method without prices and targets, of one design without whole units."""
    found = deepcopy(made())
    found["designs"] = found["designs"][:1]
    found["targets"], found["relaxed"] = [], []
    only = found["designs"][0]
    only |= {"spares": [], "units": {}, "marginal_price": None, "rule": None, "notes": []}
    del only["duration"]["price_usd_per_mwh"]
    return found


CASES: dict[str, Callable[[], Document]] = {"made": made, "none meets": none_meets, "bare": bare}
every_case = pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())


def drawing(html: str, kind: str) -> ET.Element:
    found = re.search(rf'<svg class="bar {kind}".*?</svg>', html, re.DOTALL)
    assert found is not None, kind
    return ET.fromstring(found[0])


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@every_case
def test_keeps_what_every_page_keeps(make: Callable[[], Document]) -> None:
    page = power_html(make())
    prints_no_nan(page, MINUS_NOUGHT)
    links_lead_somewhere(page)
    asks_for_nothing(page.replace("url(#pw-", "("))


@every_case
def test_every_drawing_has_a_name_and_every_pattern_is_there(make: Callable[[], Document]) -> None:
    page = power_html(make())
    drawings = [attributes for tag, attributes in read(page).tags if tag == "svg"]
    assert all(each.get("aria-hidden") or each.get("aria-label") for each in drawings)
    assert set(re.findall(r"url\(#([\w-]+)\)", page)) <= set(re.findall(r'<pattern id="([\w-]+)"', page))


def test_names_are_text() -> None:
    page = power_html(made())
    assert HOSTILE not in page
    assert "<b>site</b>" not in page
    assert "&lt;script&gt;" in page


def test_parts_of_the_cost_sum_to_the_cost() -> None:
    """Proves: what is drawn and tabled is all of the cost by which designs are ranked, to a rounding error.

    Sensitivity: upkeep of engines left out, or export counted as a cost, differs by more than a cent.
    """
    result, found = solved(), made()
    kinds = {part["kind"] for design in found["designs"] for part in design["cost_stack"]}
    assert "other" not in kinds, "every part has a name"
    assert {"annuity", "upkeep", "fuel", "carbon", "variable", "connection", "energy", "sold"} <= kinds
    for one, design in zip(result.designs, found["designs"], strict=True):
        parts = design["cost_stack"]
        assert sum(part["usd_per_year"] for part in parts) == pytest.approx(one.money.usd_per_year, rel=1e-9)
        assert sum(part["usd_per_mwh"] for part in parts) == pytest.approx(design["served_usd_per_mwh"], rel=1e-9)
        assert sum(cost_groups(design).values()) == pytest.approx(design["served_usd_per_mwh"], rel=1e-9)
        owned = sum(part["usd_per_year"] for part in parts if part["kind"] in ("annuity", "upkeep", "connection"))
        assert owned == pytest.approx(one.money.capital_usd_per_year, rel=1e-9)


def test_parts_of_the_cost_by_hand() -> None:
    """Proves: ten megawatts of gas around the clock, each part worked by hand."""
    gas = made()["designs"][1]
    parts = {(part["source"], part["kind"]): part["usd_per_year"] for part in gas["cost_stack"]}
    n_unit = gas["units"]["engine"]["n_unit"]
    assert parts["engine", "fuel"] == pytest.approx(87_600 * 9 * 8)
    assert parts["engine", "variable"] == pytest.approx(87_600 * 5)
    assert parts["engine", "upkeep"] == pytest.approx(n_unit * 1e3 * 10)
    annuity = 0.08 / (1 - 1.08**-20)
    assert parts["engine", "annuity"] == pytest.approx(n_unit * 1e3 * 1000 * annuity)
    assert ("solar", "annuity") not in parts


def test_bars_of_cost_are_as_long_as_their_parts() -> None:
    found = made()
    figure = drawing(str(cost_figure(found, POWER)), "costs")
    wide: dict[str, float] = {}
    for rect in figure.iter("rect"):
        if rect.get("class") != "missed":
            row = rect.attrib["y"]
            wide[row] = wide.get(row, 0.0) + float(rect.attrib["width"])
    sums = [
        sum(abs(usd) for usd in cost_groups(one).values()) + unserved_usd_per_mwh(found, one) for one in in_order(found)
    ]
    ratios = [px / usd for px, usd in zip(wide.values(), sums, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=5e-3)


def test_a_design_that_misses_is_flagged_wherever_it_stands() -> None:
    """Proves: no rank, last in order, framed, and told why. Sensitivity: ranked by cost alone it may stand first."""
    found = made()
    missed = found["designs"][2]
    assert missed["place"] is None
    assert in_order(found)[-1] is missed
    assert len([r for r in drawing(str(cost_figure(found, POWER)), "costs").iter("rect") if r.get("class")]) == 1
    page = power_html(found)
    row = re.search(r'<tr data-design="&lt;script.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert "misses" in plain(row[0])
    told = plain(" ".join(sentences(found, POWER)))
    assert "misses the target and has no rank: it serves all load in" in told


def test_the_answer_comes_first() -> None:
    found = made()
    first = re.sub(r"<[^>]+>", "", sentences(found, POWER)[0])
    best = in_order(found)[0]
    assert first.startswith("Of the designs that meet the target “optimum” is the cheapest")
    assert per_mwh(best["served_usd_per_mwh"]) in first
    assert "No design meets the target (all load in 99.9% of hours)" in plain(sentences(none_meets(), POWER)[0])


def test_a_week_balances_and_is_drawn_as_it_runs() -> None:
    """Proves: in every shown hour what comes in goes out, and the top of the drawn stack is that sum."""
    for design in made()["designs"]:
        for week in design["weeks"]:
            into = (
                np.sum(list(week["source_mw"].values()), axis=0) + week["discharge_mw"] + np.array(week["unserved_mw"])
            )
            out = np.sum(list(week["sink_mw"].values()), axis=0) + week["charge_mw"] + np.array(week["load_mw"])
            assert len(into) == 168
            np.testing.assert_allclose(into, out, atol=6e-3)
            figure = drawing(str(week_figure(week, design, POWER)), "week")
            layers = [path for path in figure.iter("path") if path.get("data-part")]
            tops = [float(at) for path in layers for at in re.findall(r"[V ](-?[\d.]+)", path.attrib["d"])]
            ticks = [text for text in figure.iter("text") if text.get("text-anchor") == "end"]
            places = {text.text or "": float(text.attrib["y"]) - 3.5 for text in ticks if float(text.attrib["y"]) < 240}
            lines = {float(told): at for told, at in places.items() if told[:1].isdigit()}
            zero, mark = lines[0.0], max(value for value in lines if value <= 12)
            per_mw = (zero - lines[mark]) / mark
            assert (zero - min(tops)) / per_mw == pytest.approx(float(into.max()), abs=0.15)


def test_the_hardest_week_is_the_hardest() -> None:
    """Proves: no seven days from a midnight hold more of what it is chosen for."""
    result, found = solved(), made()
    for one, design in zip(result.designs, found["designs"], strict=True):
        week = design["weeks"][0]
        series = {
            "unserved": one.sizing.dispatch.unserved_mw,
            "firm": left_over_mw(result.case.system, one.sizing, result.case.units),
            "alike": left_over_mw(result.case.system, one.sizing, result.case.units),
        }[week["why"]]
        sums = [float(series[start : start + 168].sum()) for start in range(0, 8760 - 167, 24)]
        assert float(series[week["start_h"] : week["start_h"] + 168].sum()) == pytest.approx(max(sums), rel=1e-3)
    assert found["designs"][1]["weeks"][0]["why"] == "alike"
    assert "Every week is alike" in power_html(found)


def test_duration_curves_hold_the_hours() -> None:
    """Proves: curves fall, begin at the highest hour, end at the lowest, and keep the mean."""
    result = solved()
    for one, design in zip(result.designs, made()["designs"], strict=True):
        curves = design["duration"]
        firm = left_over_mw(result.case.system, one.sizing, result.case.units)
        assert curves["firm_mw"][0] == pytest.approx(firm.max(), abs=1e-3)
        assert curves["firm_mw"][-1] == pytest.approx(firm.min(), abs=1e-3)
        assert np.trapezoid(curves["firm_mw"], curves["share_frac"]) == pytest.approx(firm.mean(), abs=0.03)
        price = curves["price_usd_per_mwh"]
        mean = design["marginal_price"]["mean_usd_per_mwh"]
        assert np.trapezoid(price, curves["share_frac"]) == pytest.approx(mean, rel=5e-3)
        for name, values in curves.items():
            if name != "share_frac":
                assert np.all(np.diff(values) <= 0.0), name
        assert len(list(drawing(str(duration_figure(design, POWER)), "duration").iter("path"))) in (2, 3)


def test_dear_hours_that_run_off_are_said_so() -> None:
    design = deepcopy(made()["designs"][0])
    prices = [10_000.0, *([50.0] * (len(design["duration"]["share_frac"]) - 1))]
    design["duration"]["price_usd_per_mwh"] = prices
    told = plain(str(price_figure(design, POWER)))
    assert "The dearest hours, up to $10,000.00, run off the drawing" in told
    assert price_figure(bare()["designs"][0], POWER) is None


def test_spares_meet_the_design_and_fall() -> None:
    """Proves: the ladder passes through what the design has, and a spare more is never worse and always dearer."""
    for design in made()["designs"]:
        rungs = design["spares"]
        own = next(r for r in rungs if r["n_spare"] == design["units"]["engine"]["n_spare"])
        assert 1.0 - own["short_frac"] == pytest.approx(design["reliability"]["availability_frac"], abs=1e-12)
        assert own["served_usd_per_mwh"] == pytest.approx(design["served_usd_per_mwh"])
        assert np.all(np.diff([r["short_frac"] for r in rungs]) <= 1e-15)
    figure = drawing(str(spares_figure(made(), POWER)), "spares")
    assert len([mark for mark in figure.iter("circle") if mark.get("class") == "own"]) == len(made()["designs"])


def test_each_target_is_met_by_no_more_than_it_takes() -> None:
    """Proves: every target is reached, and a higher one is never cheaper."""
    rows = made()["targets"]
    assert [row["availability_frac"] for row in rows] == [0.99, 0.999, 0.9999, 0.99999]
    for row in rows:
        assert row["reliability"]["availability_frac"] >= row["availability_frac"]
    costs = [row["served_usd_per_mwh"] for row in rows]
    assert costs == sorted(costs)


def test_assumptions_stand_weakest_first() -> None:
    page = power_html(made())
    section = page[page.index('id="numbers-heading"') : page.index('id="left-heading"')]
    kinds = re.findall(r'<td class="confidence ([\w ]+)">', section)
    order = ["assumption", "low", "derived", "medium", "high", "file"]
    assert kinds == sorted(kinds, key=order.index)
    assert len(kinds) == len(made()["numbers"])


def test_runs_from_right_to_left() -> None:
    page = power_html(made(), words=replace(POWER, lang="ar", direction="rtl"))
    assert '<html lang="ar" dir="rtl">' in page
    assert 'direction="ltr"' in page
