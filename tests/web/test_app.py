"""The app in a real browser: from a spreadsheet to an answer, and every page fit to be used."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

pytest.importorskip("nicegui")

from playwright.sync_api import expect

from tests.unit.web.broken import FAULTS, broken
from tests.unit.web.serving import Server, asked, ended, served
from wattworth.reports.catalogue import languages
from wattworth.web.pages.frame import WAYS

pytestmark = pytest.mark.browser

SITE, NAME, DRAWS = "riot-corsicana", "Corsicana", 2_000
SHOTS = Path("build/screenshots")
PATIENCE_MS = 90_000
TALLEST = 12_000
ALIKE = "tbody tr:nth-child(n + 9)"
"""Rows of a long table are made alike; a checker that reads each takes minutes."""
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def run_id(client: httpx.Client) -> str:
    """A run of three sites."""
    return ended(client, asked(client, kind="value", study="us-miners", draws=64, sites="riot-*"))["run_id"]


class Visit:
    """A visitor's browser: what its pages said, and what they asked of whom."""

    def __init__(self, browser: Any, server: Server, **options: Any) -> None:
        self.address = server.address
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.context.on("weberror", lambda error: self.said.append(f"error: {error.error}"))
        self.context.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: str) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(self.address + path)
        page.wait_for_function("window.socket?.connected")
        return page

    def check(self) -> None:
        """Nothing was said, nothing was asked of anybody else."""
        assert [line for line in self.said if not line.startswith(("log:", "debug:"))] == []
        own = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        assert [url for url in self.asked if not url.startswith(own)] == []

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def test_from_a_spreadsheet_to_an_answer(browser: Any, server: Server, client: httpx.Client) -> None:
    with Visit(browser, server, accept_downloads=True) as visit:
        page = visit.open("/")
        page.set_input_files("input[data-upload]", files=[{"name": "My mine.xlsx", "mimeType": "", "buffer": broken()}])
        page.wait_for_url("**/studies/*")
        _mend(page)
        _undo_and_mend_again(page)
        run_id = _run(visit, page)
        _result(visit.context.pages[-1], client, run_id)
        _site(visit.context.pages[-1], client, run_id)
        _export(visit.context.pages[-1], run_id)
        _arabic(visit.context.pages[-1], client, run_id)
        visit.check()


def _mend(page: Any) -> None:
    """Faults stand at their cells; choosing one leads there, typing mends it."""
    faults = page.locator(".study-faults .to-cell")
    expect(faults).to_have_count(len(FAULTS))
    expect(page.locator(".study-grid .fault").first).to_be_in_viewport()
    value = page.get_by_role("button", name="Value every site in every use")
    expect(value).to_be_disabled()
    for left in range(len(FAULTS), 0, -1):
        _mend_first(page)
        expect(faults).to_have_count(left - 1)
    expect(page.locator(".study-grid .fault")).to_have_count(0)
    expect(page.get_by_text("No faults.")).to_be_visible()
    expect(value).to_be_enabled()


def _mend_first(page: Any) -> str:
    first = page.locator(".study-faults .to-cell").first
    column = re.search(r'column "(\w+)"', first.inner_text())
    assert column is not None
    row, wrong, right = FAULTS[column[1]]
    first.press("Enter")
    cell = page.locator(".study-grid .ag-cell-focus.fault")
    expect(cell).to_have_text(wrong)
    assert cell.locator("xpath=..").get_attribute("row-index") == str(row)
    page.keyboard.type(right)
    page.keyboard.press("Enter")
    return column[1]


def _undo_and_mend_again(page: Any) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".study-faults .to-cell")).to_have_count(1)
    expect(page.locator(".study-grid .fault")).to_have_count(1)
    _mend_first(page)
    expect(page.locator(".study-faults .to-cell")).to_have_count(0)


def _run(visit: Visit, page: Any) -> str:
    """The run is watched, goes on in a closed tab, and is watched again until it leads to its result."""
    assert page.get_by_label("Draws").input_value() == str(DRAWS)
    page.get_by_role("button", name="Value every site in every use").click()
    page.wait_for_url("**/jobs/*")
    where = page.url
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
    page.close()
    again = visit.open("/jobs")
    again.get_by_role("link", name=re.compile("Valuation")).first.click()
    assert again.url == where
    expect(again.get_by_text(re.compile(rf"^[1-9][\d,]* of {DRAWS:,} draws"))).to_be_visible(timeout=PATIENCE_MS)
    again.wait_for_url("**/runs/*")
    return again.url.rpartition("/")[2]


def _result(page: Any, client: httpx.Client, run_id: str) -> None:
    """Every valued site is a row; a column sorts, a name finds, and leads to the page of its site."""
    sites = [site for site in client.get(f"/api/v1/runs/{run_id}").json()["sites"] if site["valued"]]
    rows = page.locator("#sites tbody tr")
    expect(rows).to_have_count(len(sites))
    page.locator("#sites thead [role=button]", has_text="MW").first.press("Enter")
    most = max(sites, key=lambda site: site["gross_mw"])
    expect(rows.first).to_contain_text(most["site"])
    page.get_by_label("Find").fill(NAME)
    expect(page.locator("#sites tbody tr:visible")).to_have_count(1)
    page.get_by_role("link", name=NAME, exact=True).first.click()
    page.wait_for_url(f"**/sites/{SITE}")


def _site(page: Any, client: httpx.Client, run_id: str) -> None:
    """A higher rent, by keyboard, makes the lease win; a goal seek says at which it would."""
    site = client.get(f"/api/v1/runs/{run_id}/sites/{SITE}").json()
    expect(page.locator(".what-if [data-best]")).to_have_attribute("data-best", site["best_use"])
    assert site["best_use"] != "turnkey"
    slider = page.get_by_role("slider", name=re.compile("Rent"))
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(".what-if [data-best]")).to_have_attribute("data-best", "turnkey", timeout=PATIENCE_MS)
    expect(page.locator(".what-if tr.best-use")).to_have_attribute("data-use", "turnkey")
    page.get_by_role("button", name="Which rent would equal today's use?").click()
    told = page.locator(".goal [aria-live]")
    expect(told).to_contain_text("equals", timeout=PATIENCE_MS)
    body = {"site": SITE, "use": "turnkey", "for_input": "rent", "metric": f"gain_over:{site['today_use']}"}
    found = client.post(f"/api/v1/runs/{run_id}/solve", json={**body, "target": 0.0, "draws": 256}).json()
    printed = re.search(r"\$([\d.]+)", told.inner_text())
    assert printed is not None
    assert float(printed[1]) == pytest.approx(found["answers"][0]["value"], rel=1e-3)
    page.get_by_role("link", name="Back to the result").click()
    page.wait_for_url(f"**/runs/{run_id}")


def _export(page: Any, run_id: str) -> None:
    for name, kind in (("Excel with live formulas", "xlsx"), ("PDF memo", "pdf")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        assert waiting.value.suggested_filename == f"{run_id}.{kind}"
        data = Path(waiting.value.path()).read_bytes()
        if kind == "pdf":
            assert data.startswith(b"%PDF-")
        else:
            assert len(openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames) > 3


def _arabic(page: Any, client: httpx.Client, run_id: str) -> None:
    page.get_by_role("link", name="العربية").click()
    page.wait_for_url(f"**/ar/runs/{run_id}")
    assert page.evaluate("[document.documentElement.dir || document.body.dir, document.documentElement.lang]") == [
        "rtl",
        "ar",
    ]
    assert page.evaluate("getComputedStyle(document.querySelector('main h1')).direction") == "rtl"
    expect(page.get_by_role("heading", level=1)).to_have_text("النتيجة")
    total = client.get(f"/api/v1/runs/{run_id}").json()["totals"]["npv_usd"]["mean"]
    told = re.sub(r"[\u2066-\u2069]", "", page.locator(".figures dd strong").first.inner_text())
    assert told == f"{total / 1e9:.1f} مليار دولار"


@pytest.mark.parametrize("lang", languages())
def test_every_page_is_fit_for_everybody(
    browser: Any, server: Server, client: httpx.Client, run_id: str, lang: str
) -> None:
    pages = _pages(client, run_id)
    found: dict[str, Any] = {}
    SHOTS.mkdir(parents=True, exist_ok=True)
    with Visit(browser, server, color_scheme="light" if lang == "en" else "dark") as visit:
        page = visit.open("/")
        for name, path in pages.items():
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(visit.address + _in(lang, path))
            _settle(page)
            _keep(page, f"{name}-{lang}")
            found[name] = _faults(page)
            page.set_viewport_size({"width": 390, "height": 800})
            _keep(page, f"{name}-{lang}-390")
            if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
                found[name].append(f"{width} px wide")
        assert {name: faults for name, faults in found.items() if faults} == {}
        visit.check()


def _pages(client: httpx.Client, run_id: str) -> dict[str, str]:
    draft = client.post("/api/v1/studies/upload", files={"file": ("My mine.xlsx", broken())}).json()
    job = client.get("/api/v1/jobs").json()[0]
    ways = {way.strip("/") or "studies": way for way in WAYS}
    return ways | {
        "study": f"/studies/{draft['study_id']}",
        "job": f"/jobs/{job['job_id']}",
        "result": f"/runs/{run_id}",
        "site": f"/runs/{run_id}/sites/{SITE}",
        "missing": "/runs/nothing-here",
    }


def _in(lang: str, path: str) -> str:
    return path if lang == "en" else f"/{lang}{path}".rstrip("/")


def _settle(page: Any) -> None:
    """Wait until the page is live and every figure on it is drawn."""
    page.wait_for_function("window.socket?.connected")
    page.wait_for_function("!document.querySelector('.study-grid') || document.querySelector('.study-grid .ag-cell')")
    for figure in page.locator("figure[data-spec]").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".live svg, .empty").first.wait_for(timeout=PATIENCE_MS)
    page.evaluate("scrollTo(0, 0)")


def _keep(page: Any, name: str) -> None:
    """A picture of the page, as far as a browser can draw one."""
    wide, high = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": wide, "height": min(high, TALLEST)}
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True, clip=clip)


def _faults(page: Any) -> list[str]:
    """What a checker of accessibility finds, the serious of it."""
    from axe_core_python.sync_playwright import Axe

    some = {"include": [["html"]], "exclude": [[ALIKE]]}
    found = Axe().run(page, some, {"resultTypes": ["violations"]})["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in SERIOUS]
