"""The charts of a page in a real browser without a network: drawn without script, answering with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports.charts.test_charts import placed
from tests.web.tabs import TOO_FAINT, Tab, check_names_and_headings, clashes
from wattworth import reports
from wattworth.reports.words import language

pytestmark = pytest.mark.browser

OFFLINE = {"offline": True}
LANGUAGES = ("en", "ar")
DRAWN = {"ranking", "value", "map", "world"}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A page with charts in each language."""
    folder: Path = tmp_path_factory.mktemp("charts")
    for lang in LANGUAGES:
        (folder / f"{lang}.html").write_text(reports.page(placed(), language(lang), charts=True), encoding="utf-8")
    return {lang: (folder / f"{lang}.html").as_uri() for lang in LANGUAGES}


def draw_all(page: Any) -> None:
    """Bring every chart near, so that it is drawn by the script."""
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".live svg").wait_for(timeout=20_000)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_live_without_a_network_and_without_a_word(
    browser: Any, addresses: dict[str, str], lang: str, scheme: str
) -> None:
    tab = Tab(browser, addresses[lang], color_scheme=scheme, **OFFLINE)
    with tab as page:
        draw_all(page)
        assert set(page.eval_on_selector_all("figure.chart", "all => all.map(one => one.dataset.chart)")) >= DRAWN
        assert tab.said == []
        assert tab.asked == [addresses[lang]]
        assert page.evaluate(TOO_FAINT) == []
        assert page.evaluate(clashes("figure.chart svg")) == []
        check_names_and_headings(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_script_the_drawings_stand(browser: Any, addresses: dict[str, str], lang: str) -> None:
    with Tab(browser, addresses[lang], java_script_enabled=False, **OFFLINE) as page:
        assert page.locator("figure.chart .drawing > svg").count() == page.locator("figure.chart").count() >= len(DRAWN)
        assert page.locator("[data-chart=ranking] svg").text_content().count("Lake Hall") == 1


def test_pointing_at_a_mark_tells_its_numbers(browser: Any, addresses: dict[str, str]) -> None:
    with Tab(browser, addresses["en"], **OFFLINE) as page:
        draw_all(page)
        page.locator("[data-chart=ranking] .mark-rect.role-mark path").first.hover()
        tip = page.locator("#vg-tooltip-element.visible")
        tip.wait_for()
        site = next(site for site in placed()["sites"] if site["site"] in tip.inner_text())
        mean = site["uses"][site["best_use"]]["usd_per_gross_w"]["mean"]
        assert f"${mean:.2f}/W" in tip.inner_text()


def test_clicking_a_colour_of_the_legend_fades_the_others(browser: Any, addresses: dict[str, str]) -> None:
    faint = """() => [...document.querySelectorAll('[data-chart=map] .mark-symbol.role-mark path')]
      .map((path) => +(path.getAttribute('opacity') ?? 1)).filter((opacity) => opacity < 0.5).length"""
    with Tab(browser, addresses["en"], **OFFLINE) as page:
        draw_all(page)
        assert page.evaluate(faint) == 0
        page.locator("[data-chart=map] .role-legend-symbol path").first.click()
        page.wait_for_function(f"({faint})() > 0")
        shown = page.locator("[data-chart=map] .mark-symbol.role-mark path").count()
        assert 0 < page.evaluate(faint) < shown


def test_one_drawing_serves_light_and_dark(browser: Any, addresses: dict[str, str]) -> None:
    ink = "() => getComputedStyle(document.querySelector('[data-chart=ranking] svg text')).fill"
    found = set()
    for scheme in ("light", "dark"):
        with Tab(browser, addresses["en"], color_scheme=scheme, java_script_enabled=True, **OFFLINE) as page:
            found.add(page.evaluate(ink))
    assert len(found) == 2


def test_the_page_holds_its_script_packed_and_no_address(addresses: dict[str, str]) -> None:
    page = reports.page(placed(), charts=True)
    assert not re.search(r"https?:", page)
    assert page.count('id="vega"') == 1
    assert 'id="vega"' not in reports.page(placed())


def test_on_a_phone_the_names_of_sites_are_in_sight_in_both_directions(browser: Any, addresses: dict[str, str]) -> None:
    """Proves: a chart wider than the phone scrolls from the side where its names stand."""
    phone = {"viewport": {"width": 400, "height": 800}}
    for lang in LANGUAGES:
        with Tab(browser, addresses[lang], **phone, **OFFLINE) as page:
            draw_all(page)
            box = page.locator("[data-chart=ranking] .role-axis-label text", has_text="Lake Hall").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 400
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
