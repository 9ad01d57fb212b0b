"""The page of evidence in a real browser: quiet, legible, and no wider than a phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports import evidence_documents as documents
from tests.web.tabs import OPEN_ALL, TOO_FAINT, Tab, check_names_and_headings, clashes
from wattworth import uses
from wattworth.evidence.backtest import backtest
from wattworth.evidence.tape import read_tape
from wattworth.reports.evidence_page import evidence_html
from wattworth.reports.evidence_words import EVIDENCE

pytestmark = pytest.mark.browser

CLASHES = clashes("svg.panel, svg.ladder, svg.waterfall")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The packaged tape beside made-up comparables."""
    path: Path = tmp_path_factory.mktemp("evidence") / "evidence.html"
    tested = backtest(read_tape(), uses.fact_book(), draws=256).document()
    path.write_text(evidence_html(tested, documents.comps()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A user's tape with hostile names, in a page that runs from right to left."""
    path: Path = tmp_path_factory.mktemp("evidence") / "hostile.html"
    words = replace(EVIDENCE, lang="ar", direction="rtl")
    path.write_text(evidence_html(documents.backtest(), documents.comps(), words=words), encoding="utf-8")
    return path.as_uri()


def test_quiet_and_alone_without_a_network(browser: Any, address: str, hostile: str) -> None:
    for place in (address, hostile):
        tab = Tab(browser, place, offline=True)
        with tab as page:
            page.evaluate(OPEN_ALL)
            page.wait_for_timeout(200)
            assert tab.said == []
            assert tab.asked == [place]


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_only_tables_scroll_sideways(browser: Any, address: str, hostile: str, width: int) -> None:
    for place in (address, hostile):
        with Tab(browser, place, viewport={"width": width, "height": 800}) as page:
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(browser: Any, address: str, scheme: str) -> None:
    with Tab(browser, address, color_scheme=scheme) as page:
        page.evaluate(OPEN_ALL)
        assert page.evaluate(TOO_FAINT) == []


def test_labels_of_the_figures_do_not_clash(browser: Any, address: str) -> None:
    for width in (390, 1280):
        with Tab(browser, address, viewport={"width": width, "height": 900}) as page:
            page.evaluate(OPEN_ALL)
            assert page.evaluate(CLASHES) == []


def test_a_miss_leads_to_its_deal(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        link = page.locator("#misses tbody a").first
        target = link.get_attribute("href").removeprefix("#")
        link.click()
        assert page.evaluate(f"document.getElementById('{target}').open")


def test_folds_open_at_once(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        page.click("text=Open all")
        assert page.evaluate("[...document.querySelectorAll('#deals details.site')].every((each) => each.open)")


def test_controls_and_figures_have_names_and_headings_do_not_skip(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        check_names_and_headings(page)


def test_on_paper_nothing_is_cut_off(browser: Any, address: str) -> None:
    with Tab(browser, address, viewport={"width": 1040, "height": 700}) as page:
        page.emulate_media(media="print")
        ways = page.evaluate("[...document.querySelectorAll('.scroll')].map((box) => getComputedStyle(box).overflowX)")
        assert set(ways) == {"visible"}
        assert page.evaluate("document.documentElement.scrollWidth") <= 1040
        assert len(page.pdf(prefer_css_page_size=True)) > 10_000
