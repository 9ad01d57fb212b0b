"""Wall time and memory of `value us-miners` and `timeline us-miners`, each case in a process of its own.

Run `python bench/value.py`; `--quick` takes a few sites, few draws and one worker, to see that it works.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from printed.table import machine, table

from wattworth import facts
from wattworth.study import read
from wattworth.valuation import SPECS
from wattworth.valuation.assemble import bytes_per_draw
from wattworth.valuation.block import CASE_METRICS, USE_METRICS
from wattworth.valuation.plan import Plan, plan

STUDY = "us-miners"
MIB = 2.0**20
SAMPLE_SECONDS = 0.02
LONG_DRAWS = 20_000  # cases this long run once
FULL = ((1_000, 10_000, 50_000), 2_000, 2, None)
QUICK = ((256, 512, 1_024), 256, 1, "apld-*")
MONTH_DRAWS = 1_024
COMPOSED_ROWS = 4  # kept by `compose` for each site and use that is available


@dataclass(frozen=True, slots=True)
class Measured:
    """One process from start to end."""

    wall_s: float
    cpu_s: float  # of the process and its workers
    main_bytes: int  # high-water mark of the process itself
    tree_bytes: int  # largest sum of resident memory with its workers; shared pages count in each
    run_id: str = ""


def measured(words: list[str], kernels: Path) -> Measured:
    """Run the command once and watch its memory."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kernels)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        child = subprocess.Popen([sys.executable, "-m", "wattworth", *words], stdout=out, stderr=err, env=environment)
        main = tree = 0
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            family = _family(child.pid)
            main = max(main, _status_bytes(child.pid, "VmHWM"))
            tree = max(tree, sum(_status_bytes(each, "VmRSS") for each in family))
            time.sleep(SAMPLE_SECONDS)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode != 0:
            sys.exit(f"wattworth {' '.join(words)} ended with {child.returncode}\n{err.read().decode()[-2_000:]}")
        run_id = json.load(out)["run_id"] if "--json" in words else ""
    return Measured(wall, usage.ru_utime + usage.ru_stime, main, max(main, tree), run_id)


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it has just ended
            continue
    return found


def _status_bytes(pid: int, key: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":")), 0)


def value_words(draws: int, workers: int, sites: str | None, folder: Path) -> list[str]:
    """The command line of one case."""
    narrowed = [] if sites is None else ["--sites", sites]
    return [
        "value", STUDY, "--draws", str(draws), "--workers", str(workers), *narrowed, "--out", str(folder), "--json",
    ]  # fmt: skip


def timeline_words(draws: int, workers: int, sites: str | None) -> list[str]:
    """The command line of the time to power."""
    narrowed = [] if sites is None else ["--sites", sites]
    return [
        "timeline", STUDY, "--draws", str(draws), "--value-draws", str(MONTH_DRAWS),
        "--workers", str(workers), *narrowed,
    ]  # fmt: skip


def stated(laid_out: Plan) -> list[tuple[str, int]]:
    """Bytes that each further draw takes in the process, by what they hold."""
    n_case, pairs = len(laid_out.cases), len(laid_out.sites) * len(laid_out.uses)
    able = sum(
        any(laid_out.why_not(name, site_plan.site, part) is None for part in site_plan.parts)
        for site_plan in laid_out.sites
        for name in laid_out.uses
    )
    return [
        (f"cases: {len(CASE_METRICS)} metrics x {n_case} cases", 8 * len(CASE_METRICS) * n_case),
        (f"lost: {len(laid_out.conversions)} conversions", 8 * len(laid_out.conversions)),
        (f"uses: {len(USE_METRICS)} metrics x {pairs} sites and uses", 8 * len(USE_METRICS) * pairs),
        (f"composed: {COMPOSED_ROWS} rows x {able} sites and uses available", 8 * COMPOSED_ROWS * able),
    ]


def best(runs: list[Measured]) -> Measured:
    """Shortest times and largest memory; the digits must be those of the first run."""
    if len({run.run_id for run in runs}) != 1:
        sys.exit(f"runs of one case differ: {sorted({run.run_id for run in runs})}")
    return Measured(
        min(run.wall_s for run in runs),
        min(run.cpu_s for run in runs),
        max(run.main_bytes for run in runs),
        max(run.tree_bytes for run in runs),
        runs[0].run_id,
    )


def _row(name: str, run: Measured, repeats: int) -> list[str]:
    memory = (f"{run.main_bytes / MIB:,.0f}", f"{run.tree_bytes / MIB:,.0f}")
    return [name, f"{run.wall_s:.2f}", f"{run.cpu_s:.2f}", *memory, str(repeats)]


def _timeline(draws: int, workers: int, sites: str | None, kernels: Path, repeats: int) -> str:
    words = timeline_words(draws, workers, sites)
    run = best([measured(words, kernels) for _ in range(repeats)])
    return table(
        f"timeline {sites or STUDY}, {workers} worker(s): the gates, and three valuations behind a month",
        ("case", "wall s", "CPU s", "main MiB", "tree MiB", "runs"),
        [_row(f"{draws:,} draws of the gates, {MONTH_DRAWS:,} of each valuation", run, repeats)],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few sites, few draws, one worker, once")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each case; the best time counts")
    given = parser.parse_args()
    sizes, start_draws, workers, sites = QUICK if given.quick else FULL
    repeats = 1 if given.quick else given.repeats
    heads = ("case", "wall s", "CPU s", "main MiB", "tree MiB", "runs")
    print(machine(), flush=True)

    with tempfile.TemporaryDirectory(prefix="wattworth-bench-") as name:
        folder, kernels = Path(name), Path(name) / "kernels"
        words = value_words(start_draws, workers, sites, folder / "run")
        cold = best([measured(words, folder / f"kernels-{i}") for i in range(repeats)])
        filled = measured(words, kernels)  # leaves its kernels to all that follow
        warm = best([measured(words, kernels) for _ in range(repeats)])
        shown = best([measured(["--help"], kernels) for _ in range(repeats)])
        print(
            table(
                f"From the start of the process to its end, {workers} worker(s)",
                heads,
                [
                    _row("wattworth --help", shown, repeats),
                    _row(f"value --draws {start_draws:,}, no kernels kept", cold, repeats),
                    _row(f"value --draws {start_draws:,}, kernels kept", warm, repeats),
                ],
            ),
            flush=True,
        )
        if len({cold.run_id, filled.run_id, warm.run_id}) != 1:
            sys.exit("a cold and a warm start differ")
        print(f"\nagreed: a cold and a warm start give one run_id, {warm.run_id}")

        runs, rows = [], []
        for draws in sizes:
            times = 1 if draws > LONG_DRAWS else repeats
            words = value_words(draws, workers, sites, folder / "run")
            runs.append(best([measured(words, kernels) for _ in range(times)]))
            rows.append(_row(f"{draws:,} draws", runs[-1], times))
        print(table(f"value {sites or STUDY}, kernels kept, {workers} worker(s)", heads, rows), flush=True)

        print(_timeline(sizes[1], workers, sites, kernels, repeats), flush=True)

    laid_out = plan(read(STUDY, SPECS), facts.load(), n_draw=sizes[0], seed=7, sites_glob=sites)
    parts = stated(laid_out)
    rows = [[name, f"{count:,}"] for name, count in parts]
    rows += [
        ["stated by bytes_per_draw(plan): the first three", f"{bytes_per_draw(laid_out):,}"],
        ["sum of all four", f"{sum(count for _, count in parts):,}"],
    ]
    if not given.quick:  # a few hundred draws of a few sites disappear in the constant
        slope, constant = np.polyfit(sizes, [run.main_bytes for run in runs], 1)
        rows.append([f"fitted, main process: {constant / MIB:,.0f} MiB and", f"{slope:,.0f}"])
    print(table("Memory: a constant and bytes for each further draw", ("what", "bytes per draw"), rows))
    if bytes_per_draw(laid_out) != sum(count for _, count in parts[:3]):
        sys.exit("bytes_per_draw(plan) is not the sum of its parts")
    print("\nagreed: bytes_per_draw(plan) is the sum of its parts")


if __name__ == "__main__":
    main()
