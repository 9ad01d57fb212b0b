"""A million draws of the national balance: time and memory, beside the same in a few lines of NumPy.

Run `python bench/gap.py`; `--quick` takes fewer draws, to see that both agree.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from math import sqrt

import numpy as np
from printed.table import machine, table

from wattworth.gap import gap, read_model

MODEL = "morgan-stanley-2025-11"
BY_YEAR = "morgan-stanley-2025-11-by-year"


def plain(n_draw: int, simulated: bool) -> tuple[float, float, float]:
    """Mean, deviation and chance of a gap, all draws in memory at once."""
    rng, model = np.random.default_rng(11), read_model(MODEL)
    parts = (model.demand, model.under_construction, model.grid_access)
    demand, built, grid = (float(part.value) for part in parts)
    net = np.full(n_draw, demand - built - grid)
    for source in model.sources.values():
        chance = (rng.random(n_draw) < source.success.value) if simulated else source.success.value
        net -= rng.uniform(source.low, source.high, n_draw) * chance
    np.quantile(net, (0.05, 0.5, 0.95))
    return float(net.mean()), float(net.std()), float((net > 0).mean())


def measured(work) -> tuple[float, float, object]:
    """Shortest of three wall times, greatest memory of Python in MB, and what came out."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return min(times), peak, found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer draws")
    n_draw = 100_000 if parser.parse_args().quick else 1_000_000
    print(machine(), flush=True)
    rows, agree = [], True
    for mode in ("expected", "simulated"):
        seconds, peak, found = measured(lambda mode=mode: gap(MODEL, mode, draws=n_draw))
        peer_s, peer_mb, peer = measured(lambda mode=mode: plain(n_draw, mode == "simulated"))
        mean, deviation, chance = peer
        error = deviation * sqrt(2 / n_draw)
        holds = (
            abs(found.net.mean_gw - mean) <= 4 * error
            and abs(found.net.sd_gw - deviation) <= 4 * deviation * sqrt(1.5 / n_draw)
            and abs(found.gap_chance_frac - chance) <= 4 * sqrt(0.5 / n_draw)
        )
        agree &= holds
        figures = (f"{seconds:.2f}", f"{peer_s:.2f}", f"{peak:.0f}", f"{peer_mb:.0f}")
        rows.append([f"{mode}, one window", *figures, "yes" if holds else "NO"])
    seconds, peak, found = measured(lambda: gap(BY_YEAR, "simulated", draws=n_draw))
    quarter = measured(lambda: gap(BY_YEAR, "simulated", draws=n_draw // 4))[1]
    heads = ("balance", "seconds", "plain s", "MB", "plain MB", "agree")
    print(table(f"{n_draw:,} draws of {MODEL}, one core", heads, rows))
    print(
        f"\nfour years, every source with its clock: {seconds:.2f} s, {peak:.0f} MB; a quarter of the draws "
        f"takes {quarter:.0f} MB",
        "plain: NumPy with every draw in memory, the window alone, no tornado, no contributions",
        "agree: mean, deviation and chance of a gap within 4 standard errors of two runs",
        sep="\n",
    )
    if not agree:
        sys.exit("the balance and its peer differ")


if __name__ == "__main__":
    main()
