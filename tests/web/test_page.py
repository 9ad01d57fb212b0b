"""The page in a real browser: quiet, legible, sortable, and whole without its script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.snapshots import documents
from tests.web.tabs import TOO_FAINT, Tab, check_names_and_headings
from wattworth import reports

pytestmark = pytest.mark.browser

NAMES = "[...document.querySelectorAll('#sites tbody tr:not([hidden]) .name a')].map((link) => link.textContent)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(reports.page(documents.small()), encoding="utf-8")
    return path.as_uri()


def test_quiet_and_alone(browser: Any, address: str) -> None:
    tab = Tab(browser, address)
    with tab as page:
        page.click("text=Open all")
        page.wait_for_timeout(200)
        assert tab.said == []
        assert tab.asked == [address]


def test_sorting_by_a_number_puts_missing_last_both_ways(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        assert page.evaluate(NAMES)[0] == "Lake Hall"
        chance = page.locator("#sites thead th", has_text="Chance")
        chance.locator("[role=button]").click()
        assert chance.get_attribute("aria-sort") == "descending"
        down = page.evaluate(NAMES)
        chance.locator("[role=button]").click()
        assert chance.get_attribute("aria-sort") == "ascending"
        up = page.evaluate(NAMES)
        assert up[0] == documents.ARABIC
        assert down[-2] == documents.ARABIC
        assert up[-1] == down[-1] == "Dead End"
        assert page.locator("#sites th[aria-sort]").count() == 1


def test_sorting_by_a_word_and_by_a_use_from_the_keyboard(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        page.locator("#sites thead th", has_text="Site").first.locator("[role=button]").focus()
        page.keyboard.press("Enter")
        assert page.evaluate(NAMES)[:2] == ["Dead End", "Lake Hall"]
        page.locator("#sites thead th", has_text="Mining").locator("[role=button]").focus()
        page.keyboard.press("Space")
        assert page.evaluate(NAMES)[0].startswith("Twin Forks")


def test_filtering_by_text_company_and_status(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        page.fill("#filter [name=text]", "nyiso")
        assert page.evaluate(NAMES) == ["Lake Hall"]
        assert page.inner_text("#filter output") == "1 of 5 sites shown"
        page.fill("#filter [name=text]", "")
        page.select_option("#filter [name=company]", "Northern Hash Holdings")
        assert len(page.evaluate(NAMES)) == 2
        page.select_option("#filter [name=status]", "undeveloped")
        assert page.evaluate(NAMES) == ["Paper Plains"]
        page.fill("#filter [name=text]", "no such site")
        assert page.evaluate(NAMES) == []


def test_a_link_opens_its_site(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        page.click("#sites .name a >> text=Paper Plains")
        assert page.evaluate("document.getElementById('site-study').open")
    with Tab(browser, address + "#site-leased") as page:
        assert page.evaluate("document.getElementById('site-leased').open")


@pytest.mark.parametrize("width", [320, 380, 768, 1440, 2200])
def test_only_tables_scroll_sideways(browser: Any, address: str, width: int) -> None:
    with Tab(browser, address, viewport={"width": width, "height": 800}) as page:
        page.click("text=Open all")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_lies_behind_it(browser: Any, address: str, scheme: str) -> None:
    with Tab(browser, address, color_scheme=scheme) as page:
        page.click("text=Open all")
        assert page.evaluate(TOO_FAINT) == []


def test_the_two_schemes_differ(browser: Any, address: str) -> None:
    colours = []
    for scheme in ("light", "dark"):
        with Tab(browser, address, color_scheme=scheme) as page:
            colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


def test_controls_and_figures_have_names_and_headings_do_not_skip(browser: Any, address: str) -> None:
    with Tab(browser, address) as page:
        check_names_and_headings(page)


def test_whole_without_its_script(browser: Any, address: str) -> None:
    with Tab(browser, address, java_script_enabled=False) as page:
        assert page.locator("#sites tbody tr").count() == 5
        assert not page.locator("#filter").is_visible()
        assert not page.locator("text=Open all").is_visible()
        page.locator("#site-tie-mine > summary").click()
        assert page.locator("#site-tie-mine .uses").is_visible()


def test_on_paper_nothing_is_cut_off(browser: Any, address: str) -> None:
    with Tab(browser, address, viewport={"width": 1040, "height": 700}) as page:
        page.emulate_media(media="print")
        ways = page.evaluate("[...document.querySelectorAll('.scroll')].map((box) => getComputedStyle(box).overflowX)")
        assert set(ways) == {"visible"}
        assert page.evaluate("document.documentElement.scrollWidth") <= 1040
        assert len(page.pdf(prefer_css_page_size=True)) > 10_000


def test_a_page_that_runs_from_right_to_left_fits_too(browser: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from wattworth.reports.words import ENGLISH

    path = tmp_path / "rtl.html"
    path.write_text(reports.page(documents.small(), replace(ENGLISH, lang="ar", direction="rtl")), encoding="utf-8")
    with Tab(browser, path.as_uri(), viewport={"width": 380, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 380
        edges = page.evaluate(
            "[document.querySelector('h1 bdi'), document.body].map((e) => e.getBoundingClientRect().right)"
        )
        assert edges[1] - edges[0] < 40
