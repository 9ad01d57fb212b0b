"""The other rooms of the app in a real browser: each page fit for everybody, and each answer reached by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("nicegui")

from playwright.sync_api import expect

from tests.unit.reports import test_gas_page, test_plan_page
from tests.unit.web.serving import Server, asked, ended, served
from tests.web.tabs import Tab
from wattworth import store

pytestmark = pytest.mark.browser

ROOMS = ("gap", "plan", "gas", "evidence", "facts", "compare")
PATIENCE_MS = 60_000
FACT = "lease.term"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose record holds a plan and an allocation of gas from before it started."""
    data: Path = tmp_path_factory.mktemp("rooms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(data))
        for kind, document in (("plan", test_plan_page.document()), ("gas", test_gas_page.small())):
            job = store.add_job(kind, kind, {})
            assert store.claim(job.job_id, 1)
            assert store.finish(job.job_id, document=document)
    with served(data) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def draft(client: httpx.Client) -> str:
    """A study of three sites of a packaged one."""
    found = client.post("/api/v1/studies", json={"origin": "us-miners"}).json()
    rows = found["sheets"]["sites"]
    wide = max(map(len, rows))
    cut = [
        {"sheet": "sites", "row": row, "column": column, "value": None}
        for row in range(1, len(rows))
        if not str(rows[row][0]).startswith("riot-")
        for column in range(wide)
    ]
    cut += [
        {"sheet": "double_counts", "row": row, "column": column, "value": None}
        for row, cells in enumerate(found["sheets"]["double_counts"])
        for column in range(len(cells))
        if row
    ]
    assert len(cut) <= 5_000
    changed = client.patch(f"/api/v1/studies/{found['study_id']}", json={"changes": cut}).json()
    assert changed["faults"] == []
    return found["study_id"]


@pytest.fixture(scope="module")
def runs(client: httpx.Client, draft: str) -> tuple[str, str]:
    """Two runs of it: the second with a longer lease."""
    first = ended(client, asked(client, kind="value", study=draft, draws=8))
    head = client.get(f"/api/v1/studies/{draft}").json()["sheets"]["facts"][0]
    given = {"key": FACT, "value": 20.0, "source": "a test"}
    changes = [{"sheet": "facts", "row": 1, "column": head.index(name), "value": v} for name, v in given.items()]
    assert client.patch(f"/api/v1/studies/{draft}", json={"changes": changes}).json()["faults"] == []
    second = ended(client, asked(client, kind="value", study=draft, draws=8))
    client.post(f"/api/v1/studies/{draft}/undo")
    return first["run_id"], second["run_id"]


@pytest.fixture(scope="module")
def answers(client: httpx.Client, runs: tuple[str, str]) -> tuple[str, str]:
    """A balance and a back-test that are done, and the two runs."""
    jobs = [
        asked(client, kind="gap", model="morgan-stanley-2025-11", mode="as_printed"),
        asked(client, kind="backtest", draws=16),
    ]
    assert [ended(client, job)["state"] for job in jobs] == ["done", "done"]
    return runs


def serious(page: Any) -> list[str]:
    """What a checker finds against WCAG 2.2 A and AA, the serious of it."""
    from axe_core_python.sync_playwright import Axe

    asked = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=asked)["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def check_quiet(tab: Tab, server: Server) -> None:
    """Nothing was said, and nothing was asked of anybody else."""
    assert tab.said == []
    own = (server.address, server.address.replace("http", "ws", 1), "data:", "blob:")
    assert [url for url in tab.asked if not url.startswith(own)] == []


def settled(page: Any) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.wait_for_function("window.socket?.connected")
    page.locator(".answer > div, .room-empty, form[data-live]").first.wait_for()


def test_an_empty_room_says_what_it_answers(browser: Any, server: Server) -> None:
    tab = Tab(browser, f"{server.address}/gap")
    with tab as page:
        settled(page)
        expect(page.locator(".room-empty li")).to_have_count(3)
        page.goto(f"{server.address}/gap?job=0000000000000000")
        expect(page.get_by_role("alert").filter(has_text="no such piece of work")).to_be_visible()
        check_quiet(tab, server)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_room_is_fit_for_everybody(browser: Any, server: Server, answers: tuple[str, str], lang: str) -> None:
    start = server.address if lang == "en" else f"{server.address}/{lang}"
    places = [*ROOMS, f"evidence?run={answers[0]}"]
    faults: dict[str, list[str]] = {}
    scheme = "light" if lang == "en" else "dark"
    tab = Tab(browser, f"{start}/{places[0]}", color_scheme=scheme)
    with tab as page:
        for place in places:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{start}/{place}")
            settled(page)
            assert page.locator("h1").count() == 1
            assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == (
                "ltr" if lang == "en" else "rtl"
            )
            faults[place] = serious(page)
            page.set_viewport_size({"width": 390, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults[place] += [f"{wide} px wide"] if wide > 390 else []
        check_quiet(tab, server)
    assert {place: found for place, found in faults.items() if found} == {}


def test_a_gap_from_question_to_answer(browser: Any, server: Server, client: httpx.Client) -> None:
    tab = Tab(browser, f"{server.address}/gap")
    with tab as page:
        page.set_default_timeout(PATIENCE_MS)
        page.wait_for_function("window.socket?.connected")
        page.get_by_label("Published model").click()
        page.get_by_role("option", name="Morgan Stanley, November 2025", exact=True).click()
        page.get_by_label("Draws").fill("400")
        page.get_by_label("Draws").press("Enter")
        page.wait_for_url("**/gap?job=*")
        page.locator(".answer #balance").wait_for()
        job = page.url.rpartition("=")[2]
        found = client.get(f"/api/v1/jobs/{job}/document").json()
        assert (found["draws"], found["mode"]) == (400, "simulated")
        expect(page.locator(".answer .figures")).to_contain_text(f"{found['net']['mean_gw']:.1f} GW")
        check_quiet(tab, server)


def test_two_runs_compared(browser: Any, server: Server, client: httpx.Client, runs: tuple[str, str]) -> None:
    """Proves: the waterfall has the steps of the document, and these lead from one total to the other."""
    tab = Tab(browser, f"{server.address}/compare")
    with tab as page:
        page.set_default_timeout(PATIENCE_MS)
        page.wait_for_function("window.socket?.connected")
        page.get_by_role("button", name="Compare them").click()
        page.wait_for_url("**/compare?job=*")
        page.locator(".answer #why").wait_for()
        found = client.get(f"/api/v1/jobs/{page.url.rpartition('=')[2]}/document").json()
        assert [found[side]["run_id"] for side in ("before", "after")] == list(runs)
        steps = page.locator("#why [data-step]")
        expect(steps).to_have_count(len(found["by_cause"]))
        moved = [float(each) for each in page.locator("#why [data-v]").evaluate_all("a => a.map(e => e.dataset.v)")]
        before, after = (client.get(f"/api/v1/runs/{run}").json()["totals"]["npv_usd"]["mean"] for run in runs)
        assert sum(moved) == pytest.approx(after - before, abs=1.0)
        assert moved[0] != 0
        expect(page.locator("#changes tbody")).to_contain_text(FACT)
        links = page.locator(".answer .figures a")
        assert [link.get_attribute("href") for link in links.all()] == [f"/runs/{run}" for run in runs]
        assert serious(page) == []
        check_quiet(tab, server)


def test_a_fact_is_found_and_changed_in_a_study(browser: Any, server: Server, client: httpx.Client, draft: str) -> None:
    tab = Tab(browser, f"{server.address}/facts")
    with tab as page:
        settled(page)
        facts = client.get("/api/v1/facts").json()
        page.get_by_role("searchbox").fill(FACT)
        page.get_by_role("combobox", name="Confidence").select_option("assumption")
        fitting = [
            fact["key"]
            for fact in facts
            if FACT in f"{fact['key']} {fact['note']} {fact['source']}".lower() and fact["confidence"] == "assumption"
        ]
        shown = page.locator("#facts tbody tr:visible")
        expect(shown).to_have_count(len(fitting))
        page.get_by_role("combobox", name="Confidence").select_option("")
        page.get_by_role("button", name=f"Use another value of {FACT}", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Low").fill("12")
        dialog.get_by_label("High").fill("18")
        dialog.get_by_role("button", name="Use it in the study").click()
        expect(dialog.get_by_text("The value must lie from low to high.")).to_be_visible()
        expect(dialog.get_by_text("Say where it comes from.")).to_be_visible()
        assert serious(page) == []
        dialog.get_by_label("Value").fill("15")
        dialog.get_by_label("Where it comes from").fill("an offer of 2026-05")
        dialog.get_by_role("button", name="Use it in the study").click()
        expect(page.locator(".facts-told")).to_contain_text(FACT)
        head, *rows = client.get(f"/api/v1/studies/{draft}").json()["sheets"]["facts"]
        row: Mapping[str, Any] = {name: cell for name, cell in zip(head, rows[-1], strict=False) if cell is not None}
        offered = {"source": "an offer of 2026-05", "confidence": "assumption"}
        assert row == {"key": FACT, "value": 15, "low": 12, "high": 18, **offered}
        assert client.get(f"/api/v1/studies/{draft}").json()["faults"] == []
        check_quiet(tab, server)
