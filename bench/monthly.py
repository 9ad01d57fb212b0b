"""Monthly statements a second: 360 months, debt, tax and rate of return, against our own blocked NumPy in the same run.

Run `python bench/monthly.py`; `--quick` takes few cases, to see that both agree.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from printed.table import machine, table

from wattworth.finance.project.monthly_lines import MonthlyLine, MonthlyLines
from wattworth.finance.project.monthly_many import ManyMonths, compile_monthly_kernels, evaluate_months
from wattworth.finance.project.monthly_terms import MonthlyTax, MonthlyTerms, TermLoan, terms_of_cases, us_classes

AIM_PER_S = 100_000.0
TOLERANCE = 1e-9
BLOCKS = (256, 1_024, 4_096)
N_MONTH, BUILT_MONTH = 361, 18
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timed:
    """The best of several runs."""

    wall_s: float
    cpu_s: float
    result: Any


def best(function: Callable[[], Any], repeats: int) -> Timed:
    """Shortest wall time and least processor time of several runs, and what the last returned."""
    walls, cpus, result = [], [], None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = function()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Timed(min(walls), min(cpus), result)


def halls(n_case: int, seed: int = 7) -> tuple[MonthlyLines, MonthlyTerms]:
    """Data halls built over nineteen months and let for the rest of thirty years, no two alike."""
    random = np.random.default_rng(seed)
    month = np.arange(N_MONTH)[:, None]
    runs = (month > BUILT_MONTH) * 1.0
    size_mw = random.uniform(50.0, 150.0, n_case)
    usd = np.zeros((len(MonthlyLine), N_MONTH, n_case))
    season = 1.0 + 0.05 * np.sin(month * np.pi / 6.0)
    usd[MonthlyLine.REVENUE] = runs * size_mw * random.uniform(0.8e5, 1.3e5, n_case) * 1.002**month * season
    usd[MonthlyLine.POWER] = -runs * size_mw * random.uniform(1e4, 3e4, n_case)
    usd[MonthlyLine.OPEX] = -runs * size_mw * 1e4
    usd[MonthlyLine.PROCEEDS, -1] = size_mw * 5e6
    x = np.arange(BUILT_MONTH + 2) / (BUILT_MONTH + 1)
    spending = np.diff(3.0 * x**2 - 2.0 * x**3)[:, None] * (size_mw * random.uniform(7e6, 11e6, n_case))
    capital = np.stack([share * spending for share in (0.5, 0.2, 0.3)])
    built = np.full(n_case, BUILT_MONTH)
    lines = MonthlyLines(usd, capital, np.zeros((0, n_case)), built, built, np.full(n_case, N_MONTH - 1))
    loan = TermLoan(
        random.uniform(0.05, 0.08, n_case),
        240,
        dscr_ratio=random.uniform(1.2, 1.8, n_case),
        max_share_frac=0.75,
        construction_rate_frac=0.08,
        commitment_fee_frac=0.005,
        upfront_fee_frac=0.02,
        reserve_months=6.0,
    )
    tax = MonthlyTax(0.21, "carried", 0.05)
    return lines, MonthlyTerms(0.09, tax, us_classes(1.0), loan, 1, 45.0, 30.0, 0.03)


def apart(left: ManyMonths, right: ManyMonths, scale_usd: float) -> float:
    """Largest difference of money over its scale, and of rates and cover; infinite where a word differs."""
    if (left.irr_status != right.irr_status).any() or (left.debt_binding != right.debt_binding).any():
        return float("inf")
    money = ("npv_usd", "debt_usd", "equity_usd", "tax_usd")
    differences = [np.abs(getattr(left, name) - getattr(right, name)).max() / scale_usd for name in money]
    for name in ("irr_frac", "dscr_min_ratio"):
        one, other = getattr(left, name), getattr(right, name)
        differences.append(np.nanmax(np.abs(one - other), initial=0.0))
        if (np.isnan(one) != np.isnan(other)).any():
            return float("inf")
    return float(max(differences))


def hashing_gain(repeats: int) -> float:
    """What two threads gain on this machine, now, on work that shares nothing: bytes hashed."""
    data = bytes(16_000_000)

    def hashed(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: hashlib.blake2b(data).digest(), range(4)))

    return best(partial(hashed, 1), repeats).wall_s / best(partial(hashed, 2), repeats).wall_s


def row(name: str, timed: Timed, n_case: int) -> list[str]:
    """One engine in statements a second."""
    return [name, f"{n_case:,}", f"{timed.wall_s / n_case * 1e6:,.2f}", f"{n_case / timed.wall_s:,.0f}",
            f"{n_case / timed.cpu_s:,.0f}"]  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few cases")
    quick = parser.parse_args().quick
    n_case, n_plain, repeats = (2_048, 256, 3) if quick else (16_384, 4_096, 7)
    print(machine(), flush=True)
    compile_monthly_kernels()
    lines, terms = halls(n_case)
    few, few_terms = lines.take(slice(0, n_plain)), terms_of_cases(terms, slice(0, n_plain))
    one = best(partial(evaluate_months, lines, terms), repeats)
    two = best(partial(evaluate_months, lines, terms, threads=2), repeats)
    plains = {
        block: best(partial(evaluate_months, few, few_terms, "plain", block=block), max(1, repeats // 3))
        for block in BLOCKS
        if block <= n_plain
    }
    plain = min(plains.values(), key=lambda timed: timed.cpu_s)
    sample = evaluate_months(few, few_terms)
    far = apart(sample, plain.result, float(np.abs(few.capital_usd).sum() / n_plain))
    rows = [
        row("compiled, one thread", one, n_case),
        row("compiled, two threads", two, n_case),
        *(row(f"NumPy over blocks of {block:,} cases", timed, n_plain) for block, timed in plains.items()),
    ]
    heads = ("engine", "cases", "us each", "per second", "per CPU second")
    print(table("Monthly statements: 360 months, sculpted debt, tax with losses, equity IRR", heads, rows))
    fast, slow = n_case / one.cpu_s, n_plain / plain.cpu_s
    limits = np.bincount(one.result.debt_binding, minlength=4)
    print(f"\nlimits that bind: cover in {limits[0]:,} cases, gearing in {limits[2]:,}")
    print(f"compiled over the best of NumPy: {fast / slow:.1f} x by CPU time")
    gain = hashing_gain(repeats)
    print(f"two threads over one: {one.wall_s / two.wall_s:.2f} x by wall time, where plain hashing gains {gain:.2f} x")
    verdict = "met" if fast >= AIM_PER_S else "missed"
    print(f"aim of {AIM_PER_S:,.0f} a second and core: {verdict}, {fast / AIM_PER_S:.2f} x by CPU time")
    if far > TOLERANCE:
        sys.exit(f"compiled and NumPy differ by {far:.1e}")
    if not np.array_equal(one.result.npv_usd, two.result.npv_usd):
        sys.exit("one thread and two differ")
    print(f"agreed: compiled and NumPy on {n_plain:,} cases, {far:.0e} apart; one thread and two in every bit")


if __name__ == "__main__":
    main()
