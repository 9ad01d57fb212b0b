"""Each chart draws the numbers of its document, asks for nothing, and says its unit and itself in words."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.snapshots import documents
from tests.unit.reports.reader import asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth import reports
from wattworth.errors import DataError
from wattworth.reports import charts
from wattworth.reports.words import ENGLISH, language

LANGUAGES = ("en", "ar")


def beside() -> dict[str, Any]:
    """What a site is asked on top of its run, in round numbers."""
    rows = [
        {"fact": f"fact.{i}", "value": 1.0, "low": 0.5, "high": 2.0, "unit": "frac", "confidence": "low",
         "best": {"at_low_usd": 1e6 * (10 - i), "at_high_usd": 1e6 * (20 + i)}}
        for i in range(15)
    ]  # fmt: skip
    years = [{"year": 2026 + i, "p10": -1e6 * i, "p50": 2e6 * i, "p90": 5e6 * i, "mean": 2.5e6 * i} for i in range(6)]
    return {"drivers": rows, "cash": {"use": "turnkey", "years": years}}


def placed() -> dict[str, Any]:
    """The small run with its sites on the map, one of them far away."""
    result = documents.small()
    for i, site in enumerate(result["sites"]):
        site.update(lat_deg=30.0 + 3 * i, lon_deg=-100.0 + 2 * i)
    valued = [site for site in result["sites"] if site["valued"] and site["best_use"]]
    valued[-1].update(lat_deg=63.0, lon_deg=11.7)
    return result


def leased_id() -> str:
    """A site with a waterfall."""
    return next(site["site_id"] for site in documents.small()["sites"] if site.get("waterfall"))


def asked(name: str) -> dict[str, Any]:
    """What a chart of that name needs beside its document."""
    return {} if name in charts.OF_RUN else {"site_id": leased_id(), "beside": beside()}


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of data inside a chart."""
    found = []
    for values in [spec.get("data", {}).get("values"), *spec.get("datasets", {}).values()]:
        found += values if isinstance(values, list) else []
    for layer in spec.get("layer", []):
        found += rows(layer)
    return found


def titles(spec: Any) -> Iterator[str]:
    """Titles of all axes of a chart that carry a quantity."""
    for channel, each in (spec.get("encoding") or {}).items():
        if channel in ("x", "y") and each.get("type") == "quantitative" and each.get("axis"):
            yield each["axis"]["title"]
    for layer in spec.get("layer", []):
        yield from titles(layer)


@pytest.fixture(scope="module")
def specs() -> dict[tuple[str, str], dict[str, Any]]:
    """Every chart of the small run in both languages."""
    made = {}
    for lang in LANGUAGES:
        for name in charts.NAMES:
            made[name, lang] = charts.spec(name, placed(), language(lang), **asked(name))
    return made


def test_every_chart_is_drawn(specs: Any) -> None:
    assert [name for name, spec in specs.items() if spec is None] == []


def test_charts_refer_to_nothing_outside_and_hold_their_data(specs: Any) -> None:
    for spec in specs.values():
        kept = {key: part for key, part in spec.items() if key != "$schema"}
        assert not re.search(r"https?:|url|//", json.dumps(kept))
        assert rows(spec)


def test_every_chart_says_itself_in_words_and_its_axes_their_unit(specs: Any) -> None:
    units = {"en": r"\$|year", "ar": "دولار|السنة"}
    for (name, lang), spec in specs.items():
        assert len(spec["description"]) > 30
        assert not re.search(r"[{}]|None|nan", spec["description"])
        found = list(titles(spec))
        assert found or name in ("map", "world")
        assert [title for title in found if not re.search(units[lang], title, re.IGNORECASE)] == []


def test_ranking_holds_the_document_in_order_of_its_means() -> None:
    result = documents.small()
    expected = [
        (site["site_id"], site["uses"][site["best_use"]]["usd_per_gross_w"])
        for site in result["sites"]
        if site["valued"] and site["best_use"] and site["firm_gross_mw"]
    ]
    expected.sort(key=lambda pair: -pair[1]["mean"])
    found = [row for row in rows(charts.spec("ranking", result, ENGLISH) or {}) if "site_id" in row]
    assert [row["site_id"] for row in found] == [site_id for site_id, _ in expected]
    for row, (_, values) in zip(found, expected, strict=True):
        assert {key: row[key] for key in values} == values


def test_ranking_counts_what_it_leaves_out() -> None:
    """Proves: of 40 sites 25 are drawn and 15 are counted. Sensitivity: a cut without a word says nothing of 15."""
    result = documents.small()
    site = next(site for site in result["sites"] if site["valued"] and site["best_use"] and site["firm_gross_mw"])
    result["sites"] = [{**deepcopy(site), "site_id": f"s{i}", "site": f"Site {i}"} for i in range(40)]
    spec = charts.spec("ranking", result, ENGLISH)
    assert spec is not None
    assert len([row for row in rows(spec) if "site_id" in row]) == 25
    assert "15 more sites have a lower mean." in " ".join(spec["title"]["subtitle"])
    assert "15 more sites" in spec["description"]


def test_sites_of_one_name_stay_apart() -> None:
    result = documents.small()
    site = next(site for site in result["sites"] if site["valued"] and site["best_use"] and site["firm_gross_mw"])
    result["sites"] = [{**deepcopy(site), "site_id": f"s{i}", "site": "Texas"} for i in range(3)]
    found = [row["label"] for row in rows(charts.spec("ranking", result, ENGLISH) or {}) if "site_id" in row]
    assert len(set(found)) == 3


def test_parts_of_a_company_add_up_to_its_total() -> None:
    result = documents.small()
    found = rows(charts.spec("value", result, ENGLISH) or {})
    for company in result["totals"]["by_company"]:
        parts = [row["usd_m"] for row in found if row.get("company") == company["company"]]
        assert sum(parts) == pytest.approx(company["npv_usd"] / 1e6, abs=1e-5)


def test_months_become_years_and_sites_that_earn_already_are_counted() -> None:
    result = documents.small()
    site = next(site for site in result["sites"] if site["valued"] and site["best_use"])
    later, now = deepcopy(site), deepcopy(site)
    for each, dates in ((later, ("2028-01", "2029-07", "2030-04")), (now, (result["as_of"],) * 3)):
        use = each["uses"][each["best_use"]]
        use["first_revenue"] = dict(zip(("p10", "p50", "p90"), dates, strict=True))
        each.update(best_use="turnkey", uses={"turnkey": use})
    later["site_id"], later["site"] = "later", "Later"
    result["sites"] = [later, now]
    spec = charts.spec("time_to_power", result, ENGLISH)
    (row,) = [row for row in rows(spec or {}) if "site_id" in row]
    assert (row["site_id"], row["p10"], row["p50"], row["p90"]) == ("later", 2028.0, 2029.5, 2030.25)
    assert "One site earns already." in (spec or {})["description"]


def test_waterfall_hangs_changes_between_levels() -> None:
    """Proves: each change begins where the last step ended, and a level stands on nought."""
    result = documents.small()
    steps = [("created", 4.0, True), ("time", -1.5, False), ("residual", 0.5, False), ("succeeds", 3.0, True)]
    site = next(site for site in result["sites"] if site["site_id"] == leased_id())
    site["waterfall"] = [{"step": name, "usd_per_gross_w": usd, "level": level} for name, usd, level in steps]
    found = rows(charts.spec("waterfall", result, ENGLISH, site_id=leased_id()) or {})
    ends = [(row["from"], row["to"], row["kind"]) for row in found if "kind" in row]
    assert ends == [(0, 4, "level"), (4, 2.5, "down"), (2.5, 3, "up"), (0, 3, "level")]


def test_tornado_and_fan_draw_what_they_are_given() -> None:
    result, given = documents.small(), beside()
    site_id = leased_id()
    site = next(site for site in result["sites"] if site["site_id"] == site_id)
    base = site["uses"][site["best_use"]]["central"]["risked_npv_usd"] / 1e6
    tornado = charts.spec("tornado", result, ENGLISH, site_id=site_id, beside=given)
    ends = [row for row in rows(tornado or {}) if "fact" in row]
    assert [row["fact"] for row in ends[::2]] == [f"fact.{i}" for i in range(14, 2, -1)]
    assert {row["from"] for row in ends} == {base}
    assert [row["to"] for row in ends[:2]] == [-4.0, 34.0]
    assert "3 more facts move it less." in " ".join((tornado or {})["title"]["subtitle"])
    fan = charts.spec("fan", result, ENGLISH, site_id=site_id, beside=given)
    assert [(r["year"], r["p10"], r["p50"], r["p90"]) for r in rows(fan or {}) if "year" in r] == [
        (2026 + i, -1.0 * i, 2.0 * i, 5.0 * i) for i in range(6)
    ]
    assert charts.chart("tornado", result, ENGLISH, site_id=site_id) is None
    assert charts.chart("fan", result, ENGLISH, site_id=site_id) is None


def test_map_shows_places_and_counts_those_without() -> None:
    result = documents.small()
    site = next(site for site in result["sites"] if site["valued"] and site["best_use"])
    places = {"texas": (32.0, -99.0), "ohio": (40.0, -82.0), "norway": (63.0, 11.7), "nowhere": (None, None)}
    result["sites"] = [
        {**deepcopy(site), "site_id": name, "site": name, "lat_deg": lat, "lon_deg": lon, "gross_mw": 100.0}
        for name, (lat, lon) in places.items()
    ]
    near, world = (charts.spec(name, result, ENGLISH) for name in ("map", "world"))
    found = {row["site_id"]: (row["lat_deg"], row["lon_deg"]) for row in rows(near or {}) if "site_id" in row}
    assert found == {name: places[name] for name in ("texas", "ohio")}
    said = " ".join((near or {})["title"]["subtitle"])
    assert "One site lies outside this map." in said
    assert "The place of one is not known." in said
    assert {row["site_id"] for row in rows(world or {}) if "site_id" in row} == {"texas", "ohio", "norway"}
    del result["sites"][2]
    assert charts.chart("world", result, ENGLISH) is None


@pytest.mark.parametrize("make", [documents.empty, documents.without_statistics])
def test_a_run_with_nothing_to_show_draws_nothing(make: Any) -> None:
    for name in charts.NAMES:
        found = charts.spec(name, make(), ENGLISH, **({} if name in charts.OF_RUN else {"site_id": leased_id()}))
        assert found is None or not re.search(r"\bnan\b|NaN|Infinity|None", json.dumps(found))
    assert charts.spec("ranking", make(), ENGLISH) is None


@pytest.mark.parametrize("name", charts.NAMES)
def test_arabic_stands_on_the_right(name: str, specs: Any) -> None:
    english, arabic = specs[name, "en"], specs[name, "ar"]
    assert (english["title"]["align"], arabic["title"]["align"]) == ("left", "right")
    assert (english["config"]["axisY"]["orient"], arabic["config"]["axisY"]["orient"]) == ("left", "right")
    for line in [*arabic["title"]["text"], *arabic["title"]["subtitle"]]:
        assert line.startswith("\N{RIGHT-TO-LEFT ISOLATE}")
        opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068")
        assert opened == line.count("\N{POP DIRECTIONAL ISOLATE}")
    assert arabic["config"]["font"].startswith("IBM Plex Sans Arabic")
    assert [row.get("mean") for row in rows(arabic)] == [row.get("mean") for row in rows(english)] or name == "fan"


def test_digits_of_axes_are_those_of_the_language() -> None:
    arabic = charts.spec("ranking", documents.small(), language("ar", digits="arab")) or {}
    assert arabic["config"]["locale"]["number"]["numerals"][3] == "٣"
    assert (
        "numerals"
        not in (charts.spec("ranking", documents.small(), language("ar")) or {})["config"]["locale"]["number"]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_drawing_keeps_its_text_as_text_in_its_font(lang: str) -> None:
    words = language(lang)
    drawn = charts.svg("ranking", documents.small(), words, width=500) or ""
    assert 'width="500"' in drawn
    assert "Lake Hall" in drawn
    assert "IBM Plex Sans" in drawn
    assert drawn.startswith('<svg role="img"')
    assert documents.SCRIPT not in drawn
    assert "<script" not in drawn


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(DataError, match='no chart "rank"; there is ranking'):
        charts.chart("rank", documents.small(), ENGLISH)
    with pytest.raises(DataError, match='got "sepia", need light or dark'):
        charts.chart("ranking", documents.small(), ENGLISH, theme="sepia")


def test_without_the_packages_the_way_to_them_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(DataError, match=r'pip install "wattworth\[report\]"'):
        charts.chart("ranking", documents.small(), ENGLISH)


def test_a_page_without_the_packages_says_so_and_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the page is whole without the extra, and its reader is told what is missing and how to get it."""
    monkeypatch.setitem(sys.modules, "altair", None)
    page = reports.page(documents.small(), charts=True)
    links_lead_somewhere(page)
    asks_for_nothing(page)
    text = " ".join(read(page).text)
    assert "The figures are left out" in text
    assert 'pip install "wattworth[report]"' in text
    assert "Lake Hall" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_with_charts_keeps_to_what_every_page_does(lang: str) -> None:
    page = reports.page(placed(), language(lang), charts=True)
    links_lead_somewhere(page)
    clips = re.findall(r"url\(#([^)]*)\)", page)
    assert len(clips) == len(set(clips)) == len(re.findall(r'id="(?:map|world)-clip', page))
    asks_for_nothing(page.replace("url(#", ""))
    prints_no_nan(page)
    shown = {attributes.get("data-chart") for tag, attributes in read(page).tags if tag == "figure"}
    assert shown - {None} <= set(charts.OF_RUN)
    assert {"ranking", "value", "map", "world"} <= shown


def test_a_name_cannot_close_the_script_its_numbers_stand_in() -> None:
    """Proves: a site called by the end of a script is data. Sensitivity: unescaped, the tag would end the element."""
    result = placed()
    for site in result["sites"]:
        site["site"] = "</script><script>alert(1)</script>"
    page = reports.page(result, charts=True)
    assert "<script>alert(1)" not in page
    assert "</script><script>alert" not in page
    read(page)
