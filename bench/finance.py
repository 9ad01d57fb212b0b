"""One project many times over: our compiled pass on one and two threads, our own blocked NumPy, and PySAM.

Run `python bench/finance.py`; `--quick` takes less work, to see that all agree. The case is SAM's Generic System,
examples/finance/sam-generic.yaml, with its cost and price varied.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from printed.table import machine, table

from wattworth.finance.case_file import read_case
from wattworth.finance.project import ManyResults, ProjectCase, evaluate, evaluate_many

Array = NDArray[np.float64]
Changes = dict[str, Array]

CASE = Path(__file__).resolve().parents[1] / "examples" / "finance" / "sam-generic.yaml"
COST, PRICE = "capital.parts.0.usd", "revenue.price_usd_per_mwh"
COLUMNS = ("npv_usd", "debt_usd", "installed_cost_usd", "lcoe_nominal_usd_per_mwh", "irr_frac")
TOLERANCE = 1e-9
SAM_IRR_TOLERANCE = 1e-6  # SAM stops its own search for the rate there
TARGET_RATIO, TARGET_SCALING, TARGET_PER_S = 12.0, 1.8, 1e6
FULL, QUICK = (400_000, 20_000, 200, 7), (4_000, 2_000, 4, 1)


def best_seconds(function: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Shortest wall time of several runs, and what the last returned."""
    times, result = [], None
    for _ in range(repeats):
        started = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - started)
    return min(times), result


def varied(n_case: int) -> Changes:
    """Cost and price of every case; no debt is above its cost, where SAM lends on and we cap."""
    rng = np.random.default_rng(7)
    return {COST: rng.uniform(0.95e9, 1.2e9, n_case), PRICE: rng.uniform(220.0, 260.0, n_case)}


def first(changes: Changes, n_case: int) -> Changes:
    """The same for the first cases."""
    return {path: values[:n_case] for path, values in changes.items()}


def on_threads(case: ProjectCase, changes: Changes, n_thread: int) -> list[ManyResults]:
    """The compiled pass on parts of the cases at once; it holds no lock of the interpreter."""
    parts = [{path: np.array_split(v, n_thread)[k] for path, v in changes.items()} for k in range(n_thread)]
    with ThreadPoolExecutor(n_thread) as pool:
        return list(pool.map(lambda part: evaluate_many(case, part, "compiled"), parts))


def difference(left: ManyResults, right: ManyResults, n_case: int, columns: tuple[str, ...] = COLUMNS) -> float:
    """Largest difference of any metric, over its largest figure; rates as they are."""
    worst = 0.0
    for name in columns:
        a, b = (np.asarray(getattr(side, name))[:n_case] for side in (left, right))
        scale = 1.0 if name == "irr_frac" else float(np.nanmax(np.abs(b)))
        apart = np.where(np.isnan(a) & np.isnan(b), 0.0, np.abs(a - b) / scale)
        worst = max(worst, float(np.inf if np.isnan(apart).any() else apart.max()))
    return worst


def single(case: ProjectCase, changes: Changes) -> list[Any]:
    """Full statements, one after another, with remarks and the accounts."""
    found = []
    for cost, price in zip(changes[COST], changes[PRICE], strict=True):
        capital = case.capital.model_copy(
            update={"parts": (case.capital.parts[0].model_copy(update={"usd": float(cost)}),)}
        )
        revenue = case.revenue.model_copy(update={"price_usd_per_mwh": float(price)})
        found.append(evaluate(case.model_copy(update={"capital": capital, "revenue": revenue})))
    return found


def sam_model() -> Any:
    """SAM's Single Owner on the published inputs; nothing of the packaged default is left that matters."""
    from PySAM import Singleowner

    model = Singleowner.default("CustomGenerationProfileSingleOwner")
    shares = {"macrs_5": 90.0, "macrs_15": 1.5, "sl_15": 2.5, "sl_20": 3.0}
    inputs: dict[str, Any] = {
        "gen": [86_400.0] * 8_760,
        "system_capacity": 100_000.0,
        "construction_financing_cost": 28_665_000.0,
        "system_heat_rate": 10.0,
        "annual_fuel_usage": 756_864_000.0,
        **{f"depr_alloc_{name}_percent": share for name, share in shares.items()},
    }
    for name, value in inputs.items():
        model.value(name, value)
    return model


def run_sam(model: Any, changes: Changes) -> dict[str, Array]:
    """Metrics of each case by PySAM, one after another."""
    rows = []
    for cost, price in zip(changes[COST].tolist(), changes[PRICE].tolist(), strict=True):
        model.value("total_installed_cost", cost)
        model.value("ppa_price_input", (price / 1000.0,))
        model.execute()
        out = model.Outputs
        rows.append(
            (
                out.project_return_aftertax_npv,
                out.size_of_debt,
                out.cost_installed,
                10.0 * out.lcoe_nom,
                out.analysis_period_irr / 100.0,
            )
        )
    return dict(zip(COLUMNS, np.array(rows).T, strict=True))


def from_sam(columns: dict[str, Array]) -> Any:
    """The columns under the names of our results."""
    return type("Sam", (), columns)


class Rows:
    """Rows of the table, and whether all agree with the compiled pass."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.agree = True

    def add(self, name: str, per_s: float, ratio: float | None, apart: float | None) -> None:
        """One way of doing the same, in evaluations per second and core."""
        holds = apart is None or apart <= TOLERANCE
        self.agree &= holds
        told = ("", "-") if apart is None else (f"{apart:.0e}", "yes" if holds else "NO")
        self.rows.append([name, f"{per_s:,.0f}", "" if ratio is None else f"{ratio:,.1f}x", *told])


def target(words: str, measured: float, least: float, unit: str = "") -> str:
    """What was measured beside what was wanted."""
    state = "met" if measured >= least else "NOT met"
    return f"target: {words}: measured {measured:,.1f}{unit}, want at least {least:,.1f}{unit}: {state}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less work, once")
    n_case, n_plain, n_sam, repeats = QUICK if parser.parse_args().quick else FULL
    print(machine(), flush=True)
    busy = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    case, changes, rows = read_case(CASE), varied(n_case), Rows()
    n_year = case.analysis_years
    evaluate_many(case, first(changes, 2), "compiled")  # compile before the clock runs

    one_s, own = best_seconds(lambda: evaluate_many(case, changes, "compiled"), repeats)
    two_s, halves = best_seconds(lambda: on_threads(case, changes, 2), repeats)
    joined = {name: np.concatenate([getattr(half, name) for half in halves]) for name in COLUMNS}
    rows.add("compiled, one thread", n_case / one_s, None, None)
    rows.add("compiled, two threads, of each", n_case / two_s / 2.0, None, difference(from_sam(joined), own, n_case))

    plain = first(changes, n_plain)
    plain_s, blocked = best_seconds(lambda: evaluate_many(case, plain, "plain"), max(1, repeats // 2))
    ratio = n_case / one_s / (n_plain / plain_s)
    rows.add("our NumPy in blocks", n_plain / plain_s, ratio, difference(blocked, own, n_plain))

    some = first(changes, n_sam)
    single_s, full = best_seconds(lambda: single(case, some), 1)
    columns = {name: np.array([getattr(each, name) for each in full], dtype=np.float64) for name in COLUMNS}
    apart = difference(from_sam(columns), own, n_sam)
    rows.add("evaluate(), every row and remark", n_sam / single_s, n_case / one_s * single_s / n_sam, apart)
    notes = _sam(rows, some, own, n_case / one_s)

    heads = ("way", "a second and core", "compiled is", "apart", "agree")
    title = f"{n_case:,} cases of {case.name}: {n_year} years, sculpted debt, reserves, tax, rate of return"
    print(table(title, heads, rows.rows))
    print(
        "",
        target("compiled against our NumPy in blocks", ratio, TARGET_RATIO, "x"),
        target("two threads against one", one_s / two_s, TARGET_SCALING, "x"),
        target("full annual cases a second and core, millions", n_case / one_s / 1e6, TARGET_PER_S / 1e6),
        f"agree: {', '.join(COLUMNS)} not more than {TOLERANCE:g} apart, of the largest figure",
        *notes,
        f"processes that ran or waited in the minute before: {busy}; on a busy machine two threads share one core",
        sep="\n",
    )
    if not rows.agree:
        sys.exit("two ways of the same case differ")


def _sam(rows: Rows, some: Changes, own: ManyResults, per_s: float) -> list[str]:
    """PySAM on the same cases, and what to know of the comparison."""
    if importlib.util.find_spec("PySAM") is None:
        return ["nrel-pysam is not installed: no comparison with SAM"]
    model = sam_model()
    n_sam = some[COST].size
    sam_s, columns = best_seconds(lambda: run_sam(model, some), 1)
    theirs = from_sam(columns)
    rows.add("PySAM Single Owner", n_sam / sam_s, per_s * sam_s / n_sam, difference(theirs, own, n_sam, COLUMNS[:-1]))
    apart = difference(theirs, own, n_sam, ("irr_frac",))
    rows.agree &= apart <= SAM_IRR_TOLERANCE
    return [
        f"SAM ends its own search for the rate of return at {SAM_IRR_TOLERANCE:g}; ours is {apart:.0e} from it",
        "the models are unequal in detail: SAM also reads 8,760 hours of generation, prices them by time of day and",
        "writes some 300 rows, where the compiled pass keeps metrics only; evaluate() is the fairer of our two",
    ]


if __name__ == "__main__":
    main()
