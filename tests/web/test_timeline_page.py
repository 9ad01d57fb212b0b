"""The page of time to power in a real browser: quiet, legible, and no wider than a phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports import test_timeline_page as documents
from tests.web.tabs import OPEN_ALL, TOO_FAINT, Tab, check_names_and_headings, clashes
from wattworth import valuation
from wattworth.reports.timeline_page import timeline_html
from wattworth.reports.timeline_words import TIMELINE
from wattworth.valuation.time_to_power import time_to_power

pytestmark = pytest.mark.browser

CLASHES = clashes("svg.gates, svg.dates")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Every site of the packaged study, without the value of a month."""
    path: Path = tmp_path_factory.mktemp("timeline") / "timeline.html"
    found = time_to_power(valuation.read_study("us-miners"), draws=256, value_draws=0)
    path.write_text(timeline_html(found), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Hostile names and values of a month, in a page that runs from right to left."""
    path: Path = tmp_path_factory.mktemp("timeline") / "hostile.html"
    words = replace(TIMELINE, lang="ar", direction="rtl")
    path.write_text(timeline_html(documents.document(), words=words), encoding="utf-8")
    return path.as_uri()


def test_quiet_and_alone_without_a_network(browser: Any, address: str, hostile: str) -> None:
    for place in (address, hostile):
        tab = Tab(browser, place, offline=True)
        with tab as page:
            page.click("text=Open all")
            page.wait_for_timeout(200)
            assert tab.said == []
            assert tab.asked == [place]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_only_tables_scroll_sideways(browser: Any, address: str, hostile: str, width: int) -> None:
    for place in (address, hostile):
        with Tab(browser, place, viewport={"width": width, "height": 800}) as page:
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(browser: Any, hostile: str, scheme: str) -> None:
    with Tab(browser, hostile, color_scheme=scheme) as page:
        page.evaluate(OPEN_ALL)
        assert page.evaluate(TOO_FAINT) == []


def test_labels_of_the_figures_do_not_clash(browser: Any, address: str) -> None:
    for width in (390, 1280):
        with Tab(browser, address, viewport={"width": width, "height": 900}) as page:
            page.evaluate(OPEN_ALL)
            assert page.evaluate(CLASHES) == []


def test_the_axis_stays_in_sight_above_the_last_site(browser: Any, address: str) -> None:
    for width in (390, 1280):
        with Tab(browser, address, viewport={"width": width, "height": 700}, reduced_motion="reduce") as page:
            page.locator(".gantt tbody tr").last.scroll_into_view_if_needed()
            box = page.locator(".gantt thead .dates").bounding_box()
            assert 0 <= box["y"] < 60
            row = page.locator(".gantt tbody td.time svg").last.bounding_box()
            assert (row["x"], row["width"]) == pytest.approx((box["x"], box["width"]), abs=1)


def test_a_row_leads_to_its_site(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        link = page.locator("#gantt tbody .name a").nth(3)
        target = link.get_attribute("href").removeprefix("#")
        link.click()
        assert page.evaluate(f"document.getElementById('{target}').open")


def test_controls_and_figures_have_names_and_headings_do_not_skip(browser: Any, hostile: str) -> None:
    with Tab(browser, hostile) as page:
        check_names_and_headings(page)


def test_on_paper_nothing_is_cut_off(browser: Any, address: str) -> None:
    with Tab(browser, address, viewport={"width": 1040, "height": 700}) as page:
        page.emulate_media(media="print")
        ways = page.evaluate("[...document.querySelectorAll('.scroll')].map((box) => getComputedStyle(box).overflowX)")
        assert set(ways) == {"visible"}
        assert page.evaluate("document.documentElement.scrollWidth") <= 1040
        assert len(page.pdf(prefer_css_page_size=True)) > 10_000
