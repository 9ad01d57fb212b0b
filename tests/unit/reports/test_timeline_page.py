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
from wattworth.reports.formatting import MINUS
from wattworth.reports.timeline_page import timeline_html
from wattworth.reports.timeline_words import TIMELINE
from wattworth.valuation.time_to_power import time_to_power

Document = dict[str, Any]

AS_OF = "2026-06"
HOSTILE = "<script>alert('site')</script>"
ARABIC = "موقع الشمال"
MONTHS = 12


def label(month: float) -> str:
    """Calendar month so many after June 2026."""
    year, of_year = divmod(2026 * MONTHS + 5 + round(month), MONTHS)
    return f"{year:04d}-{of_year + 1:02d}"


def dates(p10: float, p50: float, p90: float) -> tuple[Document, Document]:
    """Labels and months of a date."""
    months = {"p10": p10, "p50": p50, "p90": p90}
    return {key: label(value) for key, value in months.items()}, months


def gate(
    gate_name: str,
    opens: tuple[float, float, float],
    *after: str,
    most: float = 0.0,
    fails: float = 0.0,
    cause: str = "",
) -> Document:
    labels, months = dates(*opens)
    return {
        "gate": gate_name, "after": list(after), "cause": cause or None, "months": months, "opens": labels,
        "opens_months": months, "last_frac": most, "critical_frac": most, "fails_frac": fails,
        "fact": f"gate.{gate_name}",
    }  # fmt: skip


def part(
    kind: str,
    mw: float,
    rent: tuple[float, float, float],
    power: tuple[float, float, float] | None = None,
    success: float = 0.5,
    gates: tuple[Document, ...] = (),
) -> Document:
    first, first_months = dates(*rent)
    live, live_months = dates(*power) if power else (None, None)
    listed = gates or (
        gate("lease_signing", (5, 15, 30), most=0.75, fails=0.9, cause="customers"),
        gate("shell", (12, 24, 40), "lease_signing", most=0.25, fails=0.1, cause="building"),
    )
    return {
        "kind": kind,
        "state": kind if kind in ("leased", "energised", "construction") else "undeveloped",
        "stage": "study" if kind.startswith("study") else "secured",
        "gross_mw": mw,
        "energised": live,
        "energised_months": live_months,
        "first_revenue": first,
        "first_revenue_months": first_months,
        "planned_months": first_months,
        "slip_months": {"mean": 2.5, "p10": -0.0, "p50": -0.0, "p90": 9.0},
        "success_frac": success,
        "power_frac": 1.0 if power is None else 0.9,
        "last_frac": {},
        "critical_frac": {each["gate"]: each["critical_frac"] for each in listed},
        "gates": list(listed),
        "blocks": [{"critical_it_mw": 40.0, "first_revenue": first["p50"]}] * 2,
    }


def site(site_id: str, *parts: Document, **more: Any) -> Document:
    main = max([each for each in parts if each["kind"] != "leased"] or parts, key=lambda each: each["gross_mw"])
    shown = ("kind", "energised", "first_revenue", "success_frac", "power_frac", "last_frac", "critical_frac")
    return {
        "site_id": site_id, "site": site_id.title(), "company": "Northern Hash", "iso": "ERCOT",
        "gross_mw": sum(each["gross_mw"] for each in parts), **{key: main[key] for key in shown},
        "parts": list(parts), **more,
    }  # fmt: skip


def worth(later: float, error: float = 1.0, sooner: float = 0.0) -> Document:
    return {
        "first_revenue": dates(10, 20, 30)[0], "later_usd": later * 1e6, "later_error_usd": error * 1e6,
        "sooner_usd": sooner * 1e6, "sooner_error_usd": error * 1e6,
    }  # fmt: skip


def document() -> Document:
    """Every kind of row: power now, none told, a range, a stated date, two parts, and hostile names."""
    delivery = (gate("delivery", (8, 16, 29), most=1.0, fails=1.0, cause="building"),)
    leased = part("leased", 300.0, (8, 16, 29), success=0.9, gates=delivery)
    sites = [
        site("late-study", part("study", 500.0, (45, 59, 79), (34, 49, 68), 0.05), uses={"turnkey": worth(3.0)}),
        site("signed", leased, uses={"turnkey": worth(-8.0, 1.5, 7.0)}),
        site("mine", part("energised", 100.0, (29, 41, 57), success=0.4), uses={"turnkey": worth(0.5)}),
        site(
            "half",
            leased,
            part("energised", 200.0, (30, 40, 58), success=0.4),
            uses={"turnkey": worth(-20.0, 2.0, 18.0), "hold": worth(-22.0, 2.0, 21.0)},
        ),
        site("dated", part("dated", 400.0, (29, 44, 60), (30, 30, 30), 0.2), site=ARABIC, iso="none"),
        site(HOSTILE, part("own <b>kind</b>", 50.0, (10, 20, 25), (-3, 0, 0), 0.3), company="<i>Co</i>"),
    ]
    sites[-1]["parts"][0]["gates"].append(gate("gate <u>9</u>", (1, 2, 3), "shell", cause="<cause>"))
    return {
        "schema_version": 1, "study": "small <study>", "as_of": AS_OF, "draws": 2000, "value_draws": 256, "seed": 7,
        "slippage": {"on_time_frac": 0.72, "late_mean_months": 9.0}, "correlation_frac": 0.3, "sites": sites,
    }  # fmt: skip


def without_values() -> Document:
    found = document()
    found["value_draws"] = 0
    for each in found["sites"]:
        each.pop("uses", None)
    return found


def one_leased() -> Document:
    found = document()
    found["sites"] = found["sites"][1:2]
    return found


@cache
def drawn() -> Document:
    """A real document of a small study."""
    return time_to_power(study(*EVERY_KIND), draws=256, value_draws=0)


CASES: dict[str, Callable[[], Document]] = {
    "values": document,
    "no values": without_values,
    "one leased site": one_leased,
    "no site": lambda: {**document(), "sites": []},
    "real": lambda: deepcopy(drawn()),
}
every_case = pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def section(page: str, anchor: str) -> str:
    found = re.search(rf'<section id="{anchor}".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def row(page: str, anchor: str, site_id: str) -> str:
    found = re.search(rf'<tr data-site="{re.escape(site_id)}">.*?</tr>', section(page, anchor), re.DOTALL)
    assert found is not None
    return found[0]


def svg_of(text: str, kind: str) -> ET.Element:
    found = re.search(rf'<svg[^>]*class="{kind}".*?</svg>|<svg><title>.*?</svg>', text, re.DOTALL)
    assert found is not None
    return ET.fromstring(found[0])


def scale(svg: ET.Element) -> Callable[[float], float]:
    """From a place to months after the as-of month, by the years its axis prints."""
    ticks = [
        (float(text.attrib["x"].rstrip("%")), (int(text.text) - 2026) * MONTHS - 5)
        for text in svg.iter("text")
        if text.get("class") == "tick" and text.text and re.fullmatch(r"\d{4}", text.text)
    ]
    assert len(ticks) >= 2
    (x0, m0), (x1, m1) = ticks[0], ticks[-1]
    return lambda x: m0 + (x - x0) / (x1 - x0) * (m1 - m0)


def ends(svg: ET.Element, kind: str, month: Callable[[float], float]) -> tuple[float, float, float]:
    """P10, P50 and P90 of a bar, in months."""
    bar = next(mark for mark in svg.iter("rect") if mark.get("class") == f"{kind} range")
    stroke = next(mark for mark in svg.iter("line") if mark.get("class") == f"{kind} p50")
    left, wide, middle = (
        float(mark.attrib[key].rstrip("%")) for mark, key in ((bar, "x"), (bar, "width"), (stroke, "x1"))
    )
    return month(left), month(middle), month(left + wide)


@every_case
def test_never_prints_none_or_nan(make: Callable[[], Document]) -> None:
    prints_no_nan(timeline_html(make()), MINUS_NOUGHT)


@every_case
def test_ids_are_unique_and_links_lead_somewhere(make: Callable[[], Document]) -> None:
    links_lead_somewhere(timeline_html(make()))


@every_case
def test_asks_for_nothing(make: Callable[[], Document]) -> None:
    asks_for_nothing(timeline_html(make()))


def test_names_are_escaped() -> None:
    page = timeline_html(document())
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(" in page
    for markup in ("<i>Co</i>", "<b>kind</b>", "<u>9</u>", "<cause>", "<study>"):
        assert markup not in page.lower()
    assert f'<bdi dir="auto">{ARABIC}</bdi>' in page


@every_case
def test_every_site_has_a_row_and_an_entry(make: Callable[[], Document]) -> None:
    found = make()
    reader = read(timeline_html(found))
    listed = [attributes["data-site"] for tag, attributes in reader.tags if tag == "tr" and "data-site" in attributes]
    ids = [each["site_id"] for each in found["sites"]]
    assert sorted(listed[: len(ids)]) == sorted(ids)
    entries = [attributes["id"] for tag, attributes in reader.tags if tag == "details" and "id" in attributes]
    assert entries == [f"site-{place}" for place in range(len(ids))]
    text = " ".join(reader.text)
    assert all(each["site_id"] in text for each in found["sites"])


def test_rows_stand_by_kind_and_then_by_the_middle_of_their_first_rent() -> None:
    gantt = section(timeline_html(document()), "gantt")
    assert re.findall(r'data-site="([a-z-]+)"', gantt) == ["signed", "half", "mine", "dated", "late-study"]
    heads = [plain(head) for head in re.findall(r'<tr class="kind">.*?</tr>', gantt, re.DOTALL)]
    assert [head.split("  ")[0].split(" 1 ")[0].split(" 2 ")[0] for head in heads] == [
        "Lease signed",
        "Own &lt;b&gt;kind&lt;/b&gt;",
        "Power is there, no lease",
        "Power secured, with a stated date",
        "Power still in study",
    ]
    assert "2 sites, 0.30 GW; first rent in the middle by 2029-10; 40% succeed" in heads[2]


@pytest.mark.parametrize("make", [document, drawn], ids=["values", "real"])
def test_bars_stand_where_the_data_say(make: Callable[[], Document]) -> None:
    """*Proves*: ranges and middles of every site are drawn to the years that the axis prints.

    *Sensitivity*: a month taken for a thirtieth of a tick, or a bar of another part of the site, is off by months.
    """
    found = make()
    page = timeline_html(found)
    month = scale(svg_of(section(page, "gantt"), "bar dates"))
    for each in found["sites"]:
        if "<" in each["site_id"]:
            continue
        main = next(
            p
            for p in sorted(each["parts"], key=lambda p: -p["gross_mw"])
            if p["first_revenue"] == each["first_revenue"]
        )
        svg = svg_of(row(page, "gantt", each["site_id"]), "bar")
        near = pytest.approx
        assert ends(svg, "rent", month) == near(tuple(main["first_revenue_months"].values()), abs=0.05)
        if main["energised_months"] and main["energised_months"]["p90"] > 0:
            assert ends(svg, "power", month) == near(tuple(main["energised_months"].values()), abs=0.05)
        rings = sorted(
            month(float(c.attrib["cx"].rstrip("%"))) for c in svg.iter("circle") if c.get("class") == "other"
        )
        others = sorted(p["first_revenue_months"]["p50"] for p in each["parts"] if p is not main)
        assert rings == near(others, abs=0.05)


def test_power_is_now_or_as_leased_or_dated() -> None:
    page = timeline_html(document())
    for site_id, told in (("mine", "now"), ("signed", "as leased"), ("dated", label(30) + " · 90%")):
        assert told in plain(row(page, "gantt", site_id))
    svg = svg_of(row(page, "gantt", "mine"), "bar")
    (now,) = [mark for mark in svg.iter("circle") if mark.get("class") == "power"]
    month = scale(svg_of(section(page, "gantt"), "bar dates"))
    assert month(float(now.attrib["cx"].rstrip("%"))) == pytest.approx(0.0, abs=0.05)
    assert not list(svg_of(row(page, "gantt", "signed"), "bar").iter("circle"))


def test_the_axis_stands_above_and_below() -> None:
    gantt = section(timeline_html(document()), "gantt")
    years = [re.findall(r">(\d{4})<", svg) for svg in re.findall(r'<svg class="bar dates".*?</svg>', gantt, re.DOTALL)]
    assert len(years) == 2
    assert years[0] == years[1] == [str(year) for year in range(2027, 2034)]


def test_a_chance_is_drawn_and_printed() -> None:
    cell = row(timeline_html(document()), "gantt", "mine")
    assert "40%" in plain(cell)
    svg = ET.fromstring(re.search(r'<svg class="bar odds".*?</svg>', cell, re.DOTALL)[0])  # type: ignore[index]
    assert [mark.attrib["width"] for mark in svg.iter("rect")] == ["100", "40.0"]


def test_gates_of_a_part_stand_where_the_data_say() -> None:
    found = document()
    page = timeline_html(found)
    entry = page[page.index('id="site-2"') :]
    svg = ET.fromstring(re.search(r'<svg class="bar gates".*?</svg>', entry, re.DOTALL)[0])  # type: ignore[index]
    month = scale(svg)
    groups = {group.attrib["data-gate"]: group for group in svg.iter("g") if "data-gate" in group.attrib}
    drawn_part = found["sites"][2]["parts"][0]
    for each, colour in zip(drawn_part["gates"], ("use-0", "use-2"), strict=True):
        near = pytest.approx(tuple(each["opens_months"].values()), abs=0.1)
        assert ends(groups[each["gate"]], colour, month) == near
    assert ends(groups[""], "rent", month) == pytest.approx((29, 41, 57), abs=0.1)
    hung = next(mark for mark in groups["shell"].iter("path") if mark.get("class") == "hang")
    assert month(float(hung.attrib["d"][1:].split(" ")[0])) == pytest.approx(15, abs=0.1)
    assert [text.text for text in groups["shell"].iter("text")] == ["Shell", "25%"]


def test_shares_of_a_kind_fill_the_bar_and_are_printed() -> None:
    page = section(timeline_html(document()), "gates")
    bars = [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
    assert len(bars) == 6
    for bar in bars:
        assert sum(float(mark.attrib["width"]) for mark in bar.iter("rect")) == pytest.approx(1000, abs=1)
    assert [mark.attrib["class"] for mark in bars[2].iter("rect")] == ["use-0", "use-2"]
    assert [mark.attrib["width"] for mark in bars[2].iter("rect")] == ["750.0", "250.0"]
    assert "Lease signing 75%" in plain(page)


def test_a_month_is_sorted_by_what_it_costs_with_its_error_and_sign() -> None:
    month = section(timeline_html(document()), "month")
    assert re.findall(r'data-site="([a-z-]+)"', month) == ["half", "signed", "mine", "late-study"]
    shown = plain(row(timeline_html(document()), "month", "half"))
    assert f"{MINUS}20 ±2.0sooner +18 ±2.0" in shown
    assert f"{MINUS}22 ±2.0sooner +21 ±2.0" in shown
    assert "+3.0 ±1.0" in plain(month)
    assert '<span class="few">+0.5' in month
    assert "waiting is better, because the conversion loses money" in plain(month)


def test_the_answer_comes_first_in_words_made_of_the_numbers() -> None:
    """By hand: 300 + 300 + 50 + 200 of 1,850 MW by month 40, then 100 at month 41 passes half of them."""
    page = plain(timeline_html(document()))
    for told in (
        "At P50 0.95 GW of 1.85 GW of gross power could have its first rent by 2029-11 if nothing failed; "
        "weighted by the chance of success it is 0.68 GW.",
        "Signed leases pay first, in the middle by 2027-10 and 90% likely.",
        "sites whose power is still in study slowest, by 2031-05 and 5% likely",
        "finding a tenant and signing the lease (75% of draws) and building the shell (25% of draws)",
        "A month later costs most at Half: $20m in a turnkey AI lease, with a standard error of $2.0m.",
        "Of this $22m is the delay of the lease already signed there",
        "At no site without a lease does a month later cost clearly more than nothing.",
        "Waiting a month would be a gain at 1 of 2 sites without a lease, were they to become turnkey AI leases",
    ):
        assert told in page
    assert page.index("At P50 0.95 GW") < page.index("Every site on one calendar")


def test_megawatts_add_up_by_year() -> None:
    short = section(timeline_html(document()), "short")
    rows = [re.findall(r">([^<>]+)</t[hd]>", line) for line in re.findall(r"<tr>.*?</tr>", short, re.DOTALL)]
    assert rows[1:] == [
        ["2027", "0.60 GW", "0.54 GW"],
        ["2028", "0.65 GW", "0.56 GW"],
        ["2029", "0.95 GW", "0.68 GW"],
        ["2030", "1.35 GW", "0.76 GW"],
        ["2031", "1.85 GW", "0.78 GW"],
    ]


def test_without_values_the_page_says_so() -> None:
    page = plain(timeline_html(without_values()))
    assert "What a month is worth was not asked for in this run." in page
    assert "this run has no draws of the values" in page
    assert "A month later costs" not in page


def test_slippage_and_shared_causes_are_told_with_the_numbers_of_the_run() -> None:
    page = plain(section(timeline_html(document()), "read"))
    assert "72% of halls are on time, the rest late by 9 months on average" in page
    assert "share 30% of their variance" in page


def test_a_drawing_says_in_words_what_it_shows() -> None:
    page = timeline_html(document())
    assert (
        f"Late-Study: power {label(34)} to {label(68)}, middle {label(49)}, chance 90%; first rent {label(45)} to "
        f"{label(79)}, middle {label(59)}; chance 5%"
    ) in page
    for svg in re.findall(r"<svg[^>]*>", page):
        assert 'aria-hidden="true"' in svg or 'aria-label="' in svg


def test_another_language_turns_the_page() -> None:
    words = replace(TIMELINE, lang="ar", direction="rtl", table={**TIMELINE.table, "tl.kicker": ARABIC})
    page = timeline_html(document(), words=words)
    assert '<html lang="ar" dir="rtl">' in page
    assert f'<p class="kicker">{ARABIC}</p>' in page
    assert all('direction="ltr"' in svg for svg in re.findall(r"<svg[^>]*>", page))


def test_a_queue_is_named_with_its_grid() -> None:
    from wattworth.reports.timeline_words import TIMELINE, kind_words

    assert kind_words("study PJM", TIMELINE) == "Power still in study, PJM"
    assert kind_words("study dated", TIMELINE) == "Power in study, with a stated date"
