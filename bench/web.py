"""The app: time until the page of 95 sites answers, beside an empty page, and fifty readers while two studies run.

Run `python bench/web.py`; `--quick` takes fewer sites, readers and draws, to see that it works. Every visit is a
browser with an empty cache; the clock runs from the request to the moment a button of the page does what it says. A
reader waits a second between requests and checks that each answer is that of the run and the site it asked for.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from printed.table import machine, table

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
MOST_RATIO, MOST_MS = 2.0, 500.0
PAUSE_S = 1.0
EMPTY = "/empty"

CLICKED = """
const works = () => { %s };
const look = () => { if (works()) window.interactiveAt = performance.now(); else setTimeout(look, 5); };
look();
"""
SORT = """
const button = document.querySelector("#sites thead [role=button]");
if (!button) return false;
button.click();
return button.closest("th").hasAttribute("aria-sort");
"""
PRESS = """
if (document.querySelector(".pressed")) return true;
document.querySelector(".q-btn")?.click();
return false;
"""


def serve() -> None:
    """The app, and an empty page with one button beside it."""
    from nicegui import ui

    from wattworth.web.serving import serve as serve_app
    from wattworth.web.settings import Settings

    @ui.page(EMPTY)
    def empty() -> None:
        ui.button("Go", on_click=lambda event: event.sender.classes("pressed"))

    serve_app(Settings(port=0), lambda address: print(address, flush=True))


@contextmanager
def served() -> Iterator[str]:
    """Address of a server in a process of its own, with a data folder of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        env = os.environ | {"XDG_DATA_HOME": folder}
        with subprocess.Popen([sys.executable, __file__, "--serve"], env=env, stdout=subprocess.PIPE, text=True) as own:
            assert own.stdout is not None
            try:
                yield own.stdout.readline().strip()
            finally:
                own.terminate()


def asked(client: httpx.Client, **options: Any) -> str:
    """Name of a piece of work that is asked for."""
    answer = client.post("/api/v1/jobs", json=options)
    answer.raise_for_status()
    return answer.json()["job_id"]


def state(client: httpx.Client, job: str) -> dict[str, Any]:
    """A piece of work as it is."""
    return client.get(f"/api/v1/jobs/{job}").json()


def run_of(client: httpx.Client, job: str) -> str:
    """The run of a piece of work, once it is done."""
    while (now := state(client, job))["state"] in ("queued", "running"):
        time.sleep(0.3)
    if now["state"] != "done":
        sys.exit(f"a run did not end well: {now}")
    return now["run_id"]


def interactive_ms(browser: Any, address: str, script: str) -> float:
    """How long until a button of a page does what it says, in a browser that was never there. [ms]"""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(CLICKED % script)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.interactiveAt", timeout=60_000)
    found = float(page.evaluate("window.interactiveAt"))
    context.close()
    return found


def pages(address: str, run: str, visits: int) -> tuple[list[float], list[float]]:
    """Times of the empty page and of the result, in turn. [ms]"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        interactive_ms(browser, address + EMPTY, PRESS)
        interactive_ms(browser, f"{address}/runs/{run}", SORT)
        empty, full = [], []
        for _ in range(visits):
            empty.append(interactive_ms(browser, address + EMPTY, PRESS))
            full.append(interactive_ms(browser, f"{address}/runs/{run}", SORT))
        browser.close()
    return empty, full


class Reader(threading.Thread):
    """Reads its run and its site again and again, and compares each answer with the first."""

    def __init__(self, address: str, run: str, site: dict[str, Any], over: threading.Event, number: int) -> None:
        super().__init__(daemon=True)
        self.address, self.run_id, self.site, self.over, self.number = address, run, site, over, number
        self.ms: list[float] = []
        self.failed, self.mixed = 0, 0

    def run(self) -> None:
        """Read until it is over."""
        name = self.site["site_id"]
        with httpx.Client(base_url=self.address, timeout=60, trust_env=False) as client:
            self.over.wait(self.number * PAUSE_S / 50)
            while not self.over.is_set():
                self._read(client, f"/api/v1/runs/{self.run_id}", lambda found: found["run_id"] == self.run_id)
                self._read(client, f"/api/v1/runs/{self.run_id}/sites/{name}", lambda found: found == self.site)
                self._read(client, "/api/v1/runs", lambda found: self.run_id in {each["run_id"] for each in found})

    def _read(self, client: httpx.Client, path: str, is_own: Any) -> None:
        began = time.perf_counter()
        try:
            answer = client.get(path)
            self.ms.append(1e3 * (time.perf_counter() - began))
            if answer.status_code == 200:
                self.mixed += not is_own(answer.json())
            else:
                self.failed += 1
        except httpx.HTTPError:
            self.failed += 1
        self.over.wait(PAUSE_S)


def readers(address: str, client: httpx.Client, runs: list[str], count: int, draws: int) -> tuple[list[Reader], float]:
    """Readers at work until two new studies are through, and how long these took. [s]"""
    over, began = threading.Event(), time.perf_counter()
    sites = {run: [one for one in client.get(f"/api/v1/runs/{run}").json()["sites"] if one["valued"]] for run in runs}
    jobs = [asked(client, kind="value", study="us-miners", draws=draws, seed=20 + place) for place in range(2)]
    while any(state(client, job)["state"] == "queued" for job in jobs):
        time.sleep(0.2)
    reading = []
    for number in range(count):
        run = runs[number % len(runs)]
        reading.append(Reader(address, run, sites[run][number % len(sites[run])], over, number))
    for each in reading:
        each.start()
    for job in jobs:
        run_of(client, job)
    over.set()
    for each in reading:
        each.join()
    return reading, time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few sites, readers and draws")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    taken = parser.parse_args()
    if taken.serve:
        serve()
        return
    print(machine(), flush=True)
    some, visits, count, draws = ("riot-*", 1, 8, 64) if taken.quick else (None, 5, 50, 2_000)
    with served() as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        asks = [asked(client, kind="value", study="us-miners", draws=256, seed=seed, sites=some) for seed in (7, 8)]
        runs = [run_of(client, job) for job in asks]
        n_site = len(client.get(f"/api/v1/runs/{runs[0]}").json()["sites"])
        empty, full = (statistics.median(times) for times in pages(address, runs[0], visits))
        rows = [
            ["empty page", f"{empty:,.0f}", "1.0"],
            [f"result, {n_site} sites", f"{full:,.0f}", f"{full / empty:.1f}"],
        ]
        print(table(f"until a button works, median of {visits}", ("page", "ms", "times"), rows), flush=True)
        reading, took_s = readers(address, client, runs, count, draws)
    times = sorted(ms for each in reading for ms in each.ms)
    failed, mixed = sum(each.failed for each in reading), sum(each.mixed for each in reading)
    middle, slow = statistics.median(times), times[int(0.95 * len(times))]
    heads = ("readers", "reads", "median ms", "P95 ms", "failed", "mixed", "runs, s")
    cells = [str(count), f"{len(times):,}", f"{middle:,.0f}", f"{slow:,.0f}", str(failed), str(mixed), f"{took_s:,.0f}"]
    print(table(f"reads of the API while two studies of {draws:,} draws run", heads, [cells]))
    verdicts = [
        f"result against empty: {full / empty:.1f}, most {MOST_RATIO:g}",
        f"median: {middle:,.0f} ms, most {MOST_MS:g}",
    ]
    holds = [full <= MOST_RATIO * empty, middle <= MOST_MS]
    print("", *(f"{told}: {'met' if met else 'missed'}" for told, met in zip(verdicts, holds, strict=True)), sep="\n")
    if failed or mixed:
        sys.exit("a request failed, or an answer was not its own")
    print("agreed: no read failed, and every answer was that of the run and site it asked for")


if __name__ == "__main__":
    main()
