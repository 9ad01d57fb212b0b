"""The page of a gas study: numbers as the document has them, gas that adds up, names as text, and no request."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import cos, radians
from typing import Any

import pytest

from tests.unit.reports.reader import MINUS_NOUGHT, asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth.reports import english_gas
from wattworth.reports.gas_figures import (
    blocks_of,
    bridge_figure,
    ladder,
    ladder_options,
    offset_figure,
    relaxed_figure,
    supply_curve,
    years_figure,
)
from wattworth.reports.gas_flows import LOST, UNUSED, columns_of, grouped, grouping_of, streams_of
from wattworth.reports.gas_map import WIDEST_PX, frame_of, map_figure
from wattworth.reports.gas_page import gas_html
from wattworth.reports.gas_sankey import sankey, scale_of
from wattworth.reports.gas_story import best_option, paragraphs
from wattworth.reports.gas_words import GAS, RUNGS, limit_price, musd, per_mmbtu, shown_years, unit_of
from wattworth.reports.words import Words, language

Document = dict[str, Any]

HOSTILE = "<script>alert('x')</script>"
ARABIC = "حقل الشمال الكبير"
LONG = "long " * 60
CASES = ("2025", "2026")


def _rung(option: str, use: str, node: str, case: str, field: float, *, available: bool = True) -> Document:
    return {
        "option": option, "use": use, "node": node, "case": case, "price": "6", "price_unit": "$/MMBtu",
        "field": "north", "way_usd_per_mmbtu": 0.5, "way_loss_frac": 0.02, "available": available,
        "inlet_usd_per_mmbtu": field + 0.5, "inlet_before_capex_usd_per_mmbtu": field + 2.5,
        "field_usd_per_mmbtu": field, "field_before_capex_usd_per_mmbtu": field + 2.0,
        "owner_usd_per_mmbtu": field - 1.0, "state_usd_per_mmbtu": 1.0, "capex_usd_per_mmbtu": 2.0,
    }  # fmt: skip


def _option(name: str, use: str, node: str, gas: list[float], usd: float, built: float = 0.0) -> Document:
    return {
        "option": name, "use": use, "label": use.replace("_", " "), "node": node, "gas_bcm": gas,
        "revenue_musd": [each * usd * 36.2 for each in gas], "built": [built, 0.0, 0.0],
        "capex_musd": 1200.0 * built, "it_gw": [0.0] * 3,
    }  # fmt: skip


def _offset(options: list[Document], lost: float | None) -> Document:
    uses = list(dict.fromkeys(option["use"] for option in options))
    rows = []
    for use in uses:
        own = [option for option in options if option["use"] == use]
        rows.append({
            "use": use, "worth_musd": 1000.0,
            "revenue_musd": [sum(option["revenue_musd"][i] for option in own) for i in range(3)],
            "gas_bcm": [sum(option["gas_bcm"][i] for option in own) for i in range(3)],
        })  # fmt: skip
    total = [sum(row["revenue_musd"][i] for row in rows) for i in range(3)]
    years = [
        {
            "year": 2026 + i, "revenue_musd": total[i], "of_lost_frac": total[i] / lost if lost else None,
            "state_musd": 100.0, "ai_gw": 0.0, "mining_gw": 0.0, "jobs": None,
            "concentration": 0.5 if total[i] else None,
        }
        for i in range(3)
    ]  # fmt: skip
    return {
        "lost_bcm": 20.0 if lost else None, "lost_musd_per_year": lost, "lost_source": "a source" if lost else None,
        "exports_to_europe_bcm": None, "by_year": years, "by_use": rows,
    }  # fmt: skip


def _document(options: list[Document], fields: list[Document], links: list[Document], nodes: list[Document],
              netbacks: list[Document], lost: float | None) -> Document:  # fmt: skip
    return {
        "schema_version": 1, "study": "two-nodes", "title": "Two nodes", "description": "", "as_of": "2026-11",
        "usd_year": 2025, "viewpoint": "country", "objective_name": "npv", "real_rate_frac": 0.1,
        "mmbtu_per_bcm": 36.2e6, "years": [2026, 2027, 2028],
        "cases": [{"case": "2025", "probability_frac": 0.75, "value_musd": 5000.0},
                  {"case": "2026", "probability_frac": 0.25, "value_musd": 9000.0}],
        "objective": 6000.0, "bound": 6000.0, "status": "optimal", "imbalance_bcm": 0.0, "took_s": 1.0,
        "nodes": nodes, "allocation": {"fields": fields, "links": links, "options": options},
        "limits": [], "relaxed": [], "netbacks": netbacks, "offset": _offset(options, lost), "bridge": None,
        "weakest": [], "notes": [],
    }  # fmt: skip


def _node(name: str, kind: str, lat: float | None, lon: float | None) -> Document:
    return {"node": name, "kind": kind, "latitude_deg": lat, "longitude_deg": lon}


@cache
def small() -> Document:
    """A field of 10 that gives 8: two lines, one market, urea at the hub, flaring at the field, and a barred cloud."""
    options = [
        _option("market", "pipeline_export", "border", [0.0, 4.9, 4.9], 6.0),
        _option("urea-hub", "urea", "hub", [1.0, 1.9, 1.9], 9.0, built=2.0),
        _option("flare", "flaring", "north", [0.5, 0.5, 0.5], 0.0),
        _option("cloud", "ai_cloud", "north", [0.0, 0.0, 0.0], 0.0),
    ]
    links = [
        {"link": "trunk", "from": "north", "to": "hub", "flow_bcm": [1.0, 7.1, 7.1], "lost_bcm": [0.0, 0.2, 0.2],
         "built": [0.0] * 3, "capex_musd": 0.0},
        {"link": "line-2", "from": "hub", "to": "border", "flow_bcm": [0.0, 5.0, 5.0], "lost_bcm": [0.0, 0.1, 0.1],
         "built": [1.0, 0.0, 0.0], "capex_musd": 900.0},
        {"link": "unused-line", "from": "north", "to": "border", "flow_bcm": [0.0] * 3, "lost_bcm": [0.0] * 3,
         "built": [0.0] * 3, "capex_musd": 0.0},
    ]  # fmt: skip
    fields = [{"field": "north", "available_bcm": [10.0, 9.0, 8.0], "produced_bcm": [1.5, 7.6, 7.6]}]
    nodes = [
        _node("north", "field", 66.0, 76.0),
        _node("hub", "hub", 56.0, 38.0),
        _node("border", "market", 50.0, 100.0),
    ]
    netbacks = [
        _rung(option, use, node, case, usd + extra, available=option != "cloud")
        for case, extra in (("2025", 0.0), ("2026", 2.0))
        for option, use, node, usd in (
            ("market", "pipeline_export", "border", 4.0),
            ("urea-hub", "urea", "hub", 7.0),
            ("cloud", "ai_cloud", "north", 150.0),
            ("flare", "flaring", "north", -0.5),
        )
    ]
    made = _document(options, fields, links, nodes, netbacks, 4000.0)
    made["limits"] = [
        {"kind": "link", "name": "trunk", "unit": "bcm a year", "present_musd": 300.0, "words": "",
         "by_year_musd": [100.0, 0.0, 200.0]},
        {"kind": "limit", "name": "capital", "unit": "$bn/yr", "present_musd": 50.0, "words": "",
         "by_year_musd": [50.0]},
        {"kind": "capacity", "name": "cloud", "unit": "bcm a year", "present_musd": 900.0, "words": "",
         "by_year_musd": [300.0, 300.0, 300.0]},
    ]  # fmt: skip
    row = {"source": "a judgement", "confidence": "assumption", "note": None, "applies_to": "urea-hub;market",
           "year": None, "unit": "Mt/yr", "together": None}  # fmt: skip
    made["relaxed"] = [
        {"limit": "buyers", "worth_musd": 700.0, "status": "optimal",
         "rows": [row | {"limit": "buyers", "kind": "product", "amount": 4.0}]},
        {"limit": "chips", "worth_musd": 0.0, "status": "optimal",
         "rows": [row | {"limit": "chips", "kind": "technology", "amount": None, "applies_to": "cloud"}]},
        {"limit": "all of AI", "worth_musd": 90.0, "status": "optimal",
         "rows": [row | {"limit": "a", "kind": "rate_addon", "amount": 0.03, "unit": "frac"},
                  row | {"limit": "b", "kind": "delay", "amount": 2.0, "unit": "years"}]},
    ]  # fmt: skip
    made["bridge"] = {
        "steps": [
            {"name": "quoted surplus", "arithmetic": "0.5 x 365", "per_day_bcm": 0.5, "per_year_bcm": 182.5,
             "ccgt_gw": 119.405742, "it_gw": 85.289816, "confidence": "low"},
            {"name": "a step of one's own", "arithmetic": "60", "per_day_bcm": 60 / 365, "per_year_bcm": 60.0,
             "ccgt_gw": 39.256682, "it_gw": 28.040487, "confidence": "assumption"},
        ],
        "us_gap_gw": 45.0, "us_gap_source": "a note", "heat_rate_mmbtu_per_mwh": 6.316, "gross_per_it": 1.4,
    }  # fmt: skip
    made["weakest"] = [
        {"where": "nodes.csv", "name": "north", "confidence": "assumption", "source": "a judgement"},
        {"where": "facts", "name": "urea.capex", "confidence": "low", "source": None},
    ]
    made["notes"] = ["volumes are at 20 C"]
    return made


@cache
def many() -> Document:
    """Forty small sites, each with a miner and a flare, tied to one of twelve hubs; millions of cubic metres."""
    sites = [f"site-{n:02d}" for n in range(40)]
    hubs = [f"hub-{n:02d}" for n in range(12)]
    sold = {site: 0.004 + 0.0001 * n for n, site in enumerate(sites)}
    options = [_option(f"miner-{site}", "gas_to_bitcoin", site, [sold[site], 0.0, sold[site]], 3.0) for site in sites]
    options += [_option(f"flare-{site}", "flaring", site, [0.001] * 3, 0.0) for site in sites]
    options += [_option(f"grid-{hub}", "power", hub, [0.003] * 3, 2.0) for hub in hubs]
    options += [_option(f"sale-{hub}", "domestic_sale", hub, [0.001] * 3, 1.0) for hub in hubs]
    links = [
        {"link": f"to-{hub}", "from": sites[n], "to": hub, "flow_bcm": [0.004] * 3, "lost_bcm": [0.0] * 3,
         "built": [0.0] * 3, "capex_musd": 0.0}
        for n, hub in enumerate(hubs)
    ]  # fmt: skip
    fields = []
    for n, site in enumerate(sites):
        produced = [gas + 0.001 + (0.004 if n < len(hubs) else 0.0) for gas in (sold[site], 0.0, sold[site])]
        fields.append({"field": site, "available_bcm": [0.012] * 3, "produced_bcm": produced})
    nodes = [_node(site, "field", 31.0 + 0.02 * n, -103.0 + 0.03 * (n % 9)) for n, site in enumerate(sites)]
    nodes += [_node(hub, "hub", None, None) for hub in hubs]
    netbacks = [
        _rung(option["option"], option["use"], option["node"], case, 1.0 + 0.01 * n)
        for case in CASES
        for n, option in enumerate(options)
    ]
    return _document(options, fields, links, nodes, netbacks, None)


def renamed(found: Document, old: str, new: str) -> Document:
    """The document with a name changed wherever it stands."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return new if value == old else value

    return walk(copy.deepcopy(found))


def hostile() -> Document:
    made = renamed(small(), "north", HOSTILE)
    made = renamed(made, "border", ARABIC)
    made = renamed(made, "urea-hub", LONG.strip())
    made = renamed(made, "buyers", HOSTILE)
    made = renamed(made, "pipeline_export", HOSTILE + "2")
    return made | {"title": HOSTILE, "description": HOSTILE, "notes": [HOSTILE], "as_of": None}


def idle() -> Document:
    """Nothing is worth taking, nothing was asked of limits, and no place is known."""
    made = copy.deepcopy(small())
    for option in made["allocation"]["options"]:
        option["gas_bcm"] = option["revenue_musd"] = option["built"] = [0.0] * 3
    for link in made["allocation"]["links"]:
        link["flow_bcm"] = link["lost_bcm"] = link["built"] = [0.0] * 3
    made["allocation"]["fields"][0]["produced_bcm"] = [0.0] * 3
    made["offset"] = _offset(made["allocation"]["options"], None)
    return made | {"limits": [], "relaxed": [], "bridge": None, "weakest": [], "nodes": []}


def full() -> Document:
    """No gas is left, the best option is held back by a limit that was taken away, nothing binds on flows."""
    made = copy.deepcopy(small())
    for field in made["allocation"]["fields"]:
        field["available_bcm"] = field["produced_bcm"]
    return made | {"limits": []}


def still() -> Document:
    """The same with places known."""
    return idle() | {"nodes": small()["nodes"]}


CASES_OF: dict[str, Callable[[], Document]] = {
    "small": small,
    "many": many,
    "hostile": hostile,
    "idle": idle,
    "still": still,
    "full": full,
}
every_case = pytest.mark.parametrize("make", CASES_OF.values(), ids=CASES_OF)
every_language = pytest.mark.parametrize("lang", ["en", "ar"])


def flat(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def part(page: str, pattern: str) -> str:
    match = re.search(pattern, page, re.DOTALL)
    assert match is not None, pattern
    return match[0]


def row(page: str, key: str, value: str) -> str:
    return flat(part(page, rf'<tr[^>]* {key}="{re.escape(value)}".*?</tr>'))


@every_language
@every_case
def test_every_page_keeps_to_the_rules(make: Callable[[], Document], lang: str) -> None:
    page = gas_html(make(), words=language(lang, "gas"))
    prints_no_nan(page, MINUS_NOUGHT)
    links_lead_somewhere(page)
    asks_for_nothing(page)
    drawings = [attributes for tag, attributes in read(page).tags if tag == "svg"]
    assert all(attributes.get("aria-label") or attributes.get("aria-hidden") == "true" for attributes in drawings)


def test_names_are_text_and_cut_where_they_are_drawn() -> None:
    page = gas_html(hostile())
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(" in page
    assert ARABIC in page
    drawn = part(page, r'<svg[^>]*class="bar sankey".*?</svg>')
    texts = re.findall(r"<text[^>]*>(.*?)</text>", drawn, re.DOTALL)
    assert max(len(flat(each)) for each in texts) < 80


def test_the_page_runs_from_the_right_in_arabic() -> None:
    page = gas_html(small(), words=language("ar", "gas"))
    root = next(attributes for tag, attributes in read(page).tags if tag == "html")
    assert (root["lang"], root["dir"]) == ("ar", "rtl")
    english = {each for each in english_gas.TEXT.values() if " " in each and "{" not in each}
    text = " ".join(" ".join(read(page).text).split())
    assert [each for each in english if each in text] == []


@every_case
def test_the_streams_of_each_year_add_up(make: Callable[[], Document]) -> None:
    """Proves: all gas available is in uses, lost, or unused, before and after grouping."""
    found = make()
    for place in range(3):
        available = sum(field["available_bcm"][place] for field in found["allocation"]["fields"])
        taken = sum(option["gas_bcm"][place] for option in found["allocation"]["options"])
        streams = streams_of(found, place)
        for drawn in (streams, grouped(streams, grouping_of(found))):
            ends = {stream.end for stream in drawn if stream.end in (LOST, UNUSED)}
            last = sum(
                stream.volume_bcm for stream in drawn if stream.end in ends or stream.end[0] in ("option", "use")
            )
            assert last == pytest.approx(available)
        assert taken == pytest.approx(sum(s.volume_bcm for s in streams if s.end[0] == "option"))


def test_a_grouped_stream_goes_right() -> None:
    for found in (small(), many()):
        streams = grouped(streams_of(found, 1), grouping_of(found))
        columns = columns_of(streams)
        assert all(columns[stream.start] < columns[stream.end] for stream in streams)


@pytest.mark.parametrize("make", [small, many])
def test_the_sankey_is_as_wide_as_the_gas(make: Callable[[], Document]) -> None:
    """Proves: band and box heights over one scale are the volumes of the document."""
    found = make()
    px = scale_of(found)
    for place in shown_years(found):
        drawn = str(sankey(found, place, GAS))
        wide = [float(each) for each in re.findall(r'data-wide="([\d.]+)"', drawn)]
        streams = grouped(streams_of(found, place), grouping_of(found))
        assert sorted(wide) == pytest.approx(sorted(s.volume_bcm * px for s in streams), abs=0.001)
        unused = sum(f["available_bcm"][place] - f["produced_bcm"][place] for f in found["allocation"]["fields"])
        if unused > 1e-6:
            box = part(drawn, r'<rect[^>]*data-vertex="unused"/>')
            assert float(part(box, r'(?<=height=")[\d.]+')) == pytest.approx(unused * px, abs=0.01)


def test_a_place_that_feeds_one_option_is_drawn_as_it() -> None:
    drawn = str(sankey(small(), 1, GAS))
    assert 'data-vertex="border"' not in drawn
    assert 'data-vertex="market"' in drawn
    assert "C flare" in flat(drawn)


def test_many_sites_are_grouped_and_the_count_is_said() -> None:
    found = many()
    page = flat(gas_html(found))
    assert "33 smaller fields are drawn as one." in page
    assert "5 smaller places are drawn as one." in page
    assert "Options are many and are drawn by use." in page
    assert "104 options are drawn by use" in page
    assert "12 places have no latitude and longitude and are left out." in page
    assert re.search(r"\d+ places have no name on the map", page)
    assert len(ladder_options(found)) == 4
    assert "The best option of each use is drawn; 100 more are in the table." in page
    assert len(re.findall("data-option=", part(gas_html(found), "<thead>.*?</table>"))) == 104


def test_a_study_of_little_gas_is_in_millions() -> None:
    assert unit_of(small()).key == "bcm"
    assert unit_of(many()).key == "mcm"
    assert unit_of(many()).said(0.0123, GAS) == "12.3 million m³ a year"


def test_a_limit_on_volume_is_priced_in_the_unit_of_the_page() -> None:
    limit = {"kind": "depth", "name": "grid-hub-00", "unit": "bcm a year", "present_musd": 300.0, "words": "",
             "by_year_musd": [100.0, 0.0, 200.0]}  # fmt: skip
    found = many() | {"limits": [limit]}
    said = "one more million m³ a year of demand of grid-hub-00 is worth $164k a year in 2 years."
    assert said in flat(gas_html(found))


def test_flaring_is_never_the_best() -> None:
    found = copy.deepcopy(small())
    for rung in found["netbacks"]:
        if rung["use"] == "flaring":
            rung["field_usd_per_mmbtu"] = 99.0
    best = best_option(found)
    assert best is not None
    assert best["use"] == "urea"


def test_the_story_says_the_unused_the_best_and_why() -> None:
    """Proves by hand: 27 bcm available, 14.6 sold, 1.5 flared, 10.3 unused, 0.6 lost."""
    told = flat(" ".join(sentence for each in paragraphs(small(), GAS) for sentence in each))
    assert "Of 27.0 bcm of gas available from 2026 to 2028, 14.6 bcm finds a use that sells: 54%." in told
    assert "10.3 bcm, 38%, finds no use and stays in the ground." in told
    assert "1.5 bcm, 6%, is flared or put back and sells nothing." in told
    assert "0.60 bcm is burnt or lost on the way." in told
    assert "$7.50 at the field, from $8.00 at the outlet less $0.50 for the way." in told
    assert "after $2.00 of capital" in told
    assert "What holds it back: one more bcm a year of room in trunk is worth $164m a year in 2 years." in told
    assert "cloud at $150.50" in told
    assert "buyers ($700m) and all of AI ($90m)" in told
    assert "2 inputs are weak" in told
    best = best_option(small())
    assert best is not None
    assert best["option"] == "urea-hub"


def test_nothing_taken_is_said_too() -> None:
    page = flat(gas_html(idle()))
    assert "0 bcm finds a use that sells: 0%" in page
    assert "27.0 bcm, 100%, finds no use" in page
    assert "No use takes gas." in page
    assert "What limits cost was not asked in this run." in page
    assert 'id="map"' not in gas_html(idle())
    assert 'id="bridge"' not in gas_html(idle())


def test_the_ladder_ends_at_the_netback_of_the_field() -> None:
    """Proves: the owner's bar starts at nought and the state's ends where both together are the field's netback."""
    for case in CASES:
        drawn = str(ladder(small(), case, GAS))
        zero = float(part(drawn, r'(?<=class="zero" x1=")[\d.]+'))
        px = None
        for rung in (each for each in small()["netbacks"] if each["case"] == case):
            one = part(drawn, rf'<g data-option="{rung["option"]}">.*?data-part="state"/>')
            bars = {
                name: (float(x), float(wide))
                for x, wide, name in re.findall(r'x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*data-part="(\w+)"', one)
            }
            owner, field = rung["owner_usd_per_mmbtu"], rung["field_usd_per_mmbtu"]
            px = px or bars["owner"][1] / abs(owner)
            assert bars["owner"][1] == pytest.approx(abs(owner) * px, rel=0.002, abs=0.05)
            end = bars["state"][0] + bars["state"][1]
            assert end == pytest.approx(zero + field * px, rel=0.002)
            assert per_mmbtu(field) in flat(part(drawn, rf'<g data-option="{rung["option"]}">.*?</g>'))


def test_netbacks_table_has_the_numbers_of_the_document() -> None:
    page = gas_html(small())
    for rung in small()["netbacks"]:
        cells = row(page, "data-rung", f"{rung['option']} {rung['case']}")
        assert all(per_mmbtu(rung[key]) in cells for key in RUNGS)


def test_the_supply_curve_falls_and_is_as_wide_as_all_gas() -> None:
    found = small()
    blocks = blocks_of(found, GAS)
    assert [block.label for block in blocks] == ["urea-hub", "market", "flare"]
    assert all(a.usd_per_mmbtu >= b.usd_per_mmbtu for a, b in pairwise(blocks))
    assert blocks[0].volume_bcm == pytest.approx(4.8 / 3)
    drawn = str(supply_curve(found, GAS))
    wide = [float(each) for each in re.findall(r'width="([\d.]+)" height="[\d.]+" data-(?:block|part)', drawn)]
    assert sum(wide) == pytest.approx(352.0 - 40.0, abs=0.1)
    px = sum(wide) / 9.0
    assert wide[:2] == pytest.approx([1.6 * px, 9.8 / 3 * px], abs=0.02)


def _heights(drawn: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for tall, mark in re.findall(r'height="([\d.]+)" data-layer="([\w-]+)"', drawn):
        sums[mark] = sums.get(mark, 0.0) + float(tall)
    return sums


def test_columns_are_as_tall_as_gas_and_sales() -> None:
    found = small()
    tall = _heights(str(years_figure(found, GAS)))
    px = tall["pipeline_export"] / 9.8
    assert tall["urea"] == pytest.approx(4.8 * px, abs=0.05)
    assert tall["flaring"] == pytest.approx(1.5 * px, abs=0.05)
    assert tall["unused"] == pytest.approx(10.3 * px, abs=0.05)
    assert tall["lost"] == pytest.approx(0.6 * px, abs=0.05)
    drawn = str(offset_figure(found, GAS))
    tall = _heights(drawn)
    revenue = {row["use"]: sum(row["revenue_musd"]) for row in found["offset"]["by_use"]}
    px = tall["urea"] / revenue["urea"]
    assert tall["pipeline_export"] == pytest.approx(revenue["pipeline_export"] * px, abs=0.05)
    lost = float(part(drawn, r'(?<=y1=")[\d.]+(?="[^>]*class="lost")'))
    assert 226.0 - lost == pytest.approx(4000.0 * px, abs=0.05)
    assert "lost: $4.0bn a year" in flat(drawn)


def test_the_bridge_shows_its_arithmetic_beside_the_gap() -> None:
    page = gas_html(small())
    cells = row(page, "data-step", "quoted surplus")
    assert "0.500 bcm a day × 36.2 million MMBtu ÷ 24 h ÷ 6.316 MMBtu/MWh = 119.4 GW; ÷ 1.4 = 85.3 GW" in cells  # noqa: RUF001
    by_hand = 0.5 * 36.2e6 / 24 / 6.316 / 1e3
    assert by_hand == pytest.approx(119.4, abs=0.05)
    drawn = flat(str(bridge_figure(small(), GAS)))
    assert "US gap 45 GW" in drawn
    assert "119.4" in drawn
    assert "a step of one&#x27;s own: AI computers" in drawn


def test_the_price_of_a_limit_is_that_of_an_average_year_in_which_it_binds() -> None:
    """Proves: 300 over weights 1 and 1/1.21 is 164.25; a limit on all years takes all three weights."""
    link, total, _ = small()["limits"]
    assert limit_price(link, small()).yearly_musd == pytest.approx(300.0 / (1.0 + 1.0 / 1.21))
    assert limit_price(link, small()).n_year == 2
    assert limit_price(total, small()).yearly_musd == pytest.approx(50.0 / (1.0 + 1.0 / 1.1 + 1.0 / 1.21))
    page = gas_html(small())
    assert "$164m" in row(page, "data-limit", "trunk")
    assert "one more $bn a year of limit capital is worth $18m a year" in flat(page)
    sentences = flat(part(page, r'<ul class="notes">.*?</ul>'))
    assert "cloud" not in sentences


def test_relaxed_limits_are_ranked_and_told_as_nothing() -> None:
    drawn = flat(str(relaxed_figure(small(), GAS)))
    assert drawn.index("buyers $700m") < drawn.index("all of AI $90m")
    assert "chips" not in drawn
    page = gas_html(small())
    assert "nothing by itself" in row(page, "data-relaxed", "chips")
    assert "technology available: never" in row(page, "data-relaxed", "chips")
    assert "added to the cost of capital: 3%" in row(page, "data-relaxed", "all of AI")
    assert musd(700.0) in row(page, "data-relaxed", "buyers")


def test_the_map_is_true_to_scale_in_the_middle_and_links_are_as_wide_as_flow() -> None:
    frame = frame_of([(66.0, 76.0), (56.0, 38.0), (50.0, 100.0)])
    middle = (frame.south_deg + frame.north_deg) / 2
    x0, y0 = frame.at(middle, 60.0)
    x1, _ = frame.at(middle, 70.0)
    _, y1 = frame.at(middle + 10.0, 60.0)
    assert (x1 - x0) / (y0 - y1) == pytest.approx(cos(radians(58.0)), rel=0.01)
    drawn = str(map_figure(small(), GAS))
    wide = {link: float(px) for link, px in re.findall(r'data-link="([\w-]+)" data-wide="([\d.]+)"', drawn)}
    assert wide == {
        "trunk": pytest.approx(WIDEST_PX),
        "line-2": pytest.approx(WIDEST_PX * 10.0 / 15.2, abs=0.01),
        "unused-line": 0.0,
    }


def test_a_map_may_reach_over_the_line_of_180_degrees() -> None:
    frame = frame_of([(60.0, 170.0), (62.0, -170.0)])
    assert frame.east_deg - frame.west_deg < 60.0
    assert frame.at(60.0, 170.0)[0] < frame.at(62.0, -170.0)[0]


def test_land_is_cut_at_the_frame() -> None:
    """Proves: every corner of the land drawn lies within the frame, and there is some."""
    drawn = str(map_figure(small(), GAS))
    frame = frame_of([(66.0, 76.0), (56.0, 38.0), (50.0, 100.0)])
    land = re.findall(r'<path style="fill:var\(--band\)[^"]*" d="M([^"]*)Z"', drawn)
    corners = [tuple(map(float, point.split())) for path in land for point in path.split("L")]
    assert len(corners) > 100
    assert min(x for x, _ in corners) >= 42.0
    assert max(x for x, _ in corners) <= 738.0
    assert min(y for _, y in corners) >= 8.0
    assert max(y for _, y in corners) <= round(frame.height - 42.0, 1) + 0.05


def test_options_and_links_have_the_numbers_of_the_document() -> None:
    page = gas_html(small())
    cells = row(page, "data-option", "urea-hub")
    assert all(each in cells for each in ("1.0", "1.9", "4.8", "2", "$2.4bn"))
    assert "$900m" in row(page, "data-link", "line-2")
    for year in small()["offset"]["by_year"]:
        assert musd(year["revenue_musd"]) in row(page, "data-year", str(year["year"]))


class Heard(dict[str, str]):
    """A table that remembers what was asked of it."""

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def test_every_text_is_used() -> None:
    heard = Heard(GAS.table)
    words: Words = replace(GAS, table=heard)
    for make in CASES_OF.values():
        gas_html(make(), words=words)
    kinds = ("gs.use.", "gs.unit.", "gs.kind.", "gs.trust.", "gs.step.", "gs.aim.", "gs.view.", "gs.status.",
             "gs.limit.", "gs.end.", "gs.jobs", "gs.axis.jobs", "gs.ai.some", "gs.why.free")  # fmt: skip
    silent = {key for key in english_gas.TEXT if key not in heard.asked and not key.startswith(kinds)}
    assert {key for key in silent if not key.endswith((".one", ".many"))} == set()


def test_jobs_are_told_as_jobs() -> None:
    page = flat(gas_html(small() | {"objective_name": "jobs"}))
    assert "buyers (700 jobs)" in page
    assert "one more bcm a year of room in trunk is worth 450 jobs in 2 years" in page
