"""Pages in Arabic in a real browser: from the disk, without a network, from right to left, with numbers that stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("babel")

from tests.snapshots import documents
from tests.unit.reports import test_switching_page, test_timeline_page
from tests.web.tabs import OPEN_ALL, TOO_FAINT, Tab, check_names_and_headings
from wattworth import reports
from wattworth.reports.switching_page import switching_html
from wattworth.reports.timeline_page import timeline_html
from wattworth.reports.words import language

pytestmark = pytest.mark.browser

KINDS = ("value", "options", "timeline")

PLACES_OF = """(text) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), marks = /[\\u2066-\\u2069]/;
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.indexOf(text);
    if (at < 0 || node.parentElement.closest("script, style, svg, .vh")) continue;
    const range = document.createRange();
    return [...text].map((letter, place) => {
      range.setStart(node, at + place);
      range.setEnd(node, at + place + 1);
      return marks.test(letter) ? null : range.getBoundingClientRect().left;
    }).filter((left) => left !== null);
  }
}"""
"""Left edge of each letter of the first place where a text stands."""


def page_of(kind: str, digits: Any = "latn") -> str:
    if kind == "value":
        return reports.page(documents.small(), language("ar", digits=digits))
    if kind == "options":
        return switching_html(test_switching_page.document(), words=language("ar", "switching", digits=digits))
    return timeline_html(test_timeline_page.document(), words=language("ar", "timeline", digits=digits))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("arabic")
    made = {}
    for kind in KINDS:
        path = folder / f"{kind}.html"
        path.write_text(page_of(kind), encoding="utf-8")
        made[kind] = path.as_uri()
    path = folder / "arab.html"
    path.write_text(page_of("value", "arab"), encoding="utf-8")
    made["arab"] = path.as_uri()
    return made


@pytest.mark.parametrize("kind", [*KINDS, "arab"])
def test_opens_from_disk_without_a_network(browser: Any, addresses: dict[str, str], kind: str) -> None:
    tab = Tab(browser, addresses[kind], offline=True)
    with tab as page:
        page.evaluate(OPEN_ALL)
        assert tab.said == []
        assert tab.asked == [addresses[kind]]
        assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [390, 1280])
def test_only_tables_scroll_sideways(browser: Any, addresses: dict[str, str], kind: str, width: int) -> None:
    with Tab(browser, addresses[kind], viewport={"width": width, "height": 800}) as page:
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", KINDS)
def test_names_headings_and_contrast(browser: Any, addresses: dict[str, str], kind: str) -> None:
    with Tab(browser, addresses[kind]) as page:
        page.evaluate(OPEN_ALL)
        check_names_and_headings(page)
        assert page.evaluate(TOO_FAINT) == []


def test_a_number_runs_from_the_left_and_its_unit_stands_left_of_it(browser: Any, addresses: dict[str, str]) -> None:
    with Tab(browser, addresses["timeline"]) as page:
        lefts = page.evaluate(PLACES_OF, "0.40\u2069 غيغاواط")
        number, unit = lefts[:4], lefts[5:]
        assert number == sorted(number)
        assert max(unit) < min(number)


def test_sites_sort_and_filter(browser: Any, addresses: dict[str, str]) -> None:
    for kind, digits in (("value", "0123456789"), ("arab", "٠١٢٣٤٥٦٧٨٩")):
        with Tab(browser, addresses[kind]) as page:
            rows = page.locator("#sites tbody tr")
            count = rows.count()
            page.locator("#sites thead th").nth(2).locator("[role=button]").click()
            order = page.evaluate("[...document.querySelectorAll('#sites tbody tr')].map((r) => +r.cells[2].dataset.v)")
            assert order == sorted(order, reverse=True)
            page.fill("#filter input", "no such site")
            told = page.locator("#filter output").inner_text()
            assert digits[0] in told
            assert digits[count] in told
            assert page.locator("#sites tbody tr:visible").count() == 0


def test_the_first_column_stays_at_the_right(browser: Any, addresses: dict[str, str]) -> None:
    with Tab(browser, addresses["value"], viewport={"width": 700, "height": 800}) as page:
        page.evaluate("document.querySelector('.tall').scrollLeft = -400")
        box = page.locator("#sites tbody .name").first.bounding_box()
        edge = page.locator(".tall").bounding_box()
        assert box["x"] + box["width"] == pytest.approx(edge["x"] + edge["width"], abs=20)
