"""Sizing of on-site supply: the same linear programme here, by hand, in linopy and in PyPSA; and by decomposition.

Run `python bench/supply.py`; `--quick` takes fewer hours, to see that all agree. Every row is a process of its own,
so its peak of memory is its own. HiGHS solves it for all; hipo needs the package highspy-extras.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from printed.table import machine, table

from wattworth.errors import SolveError
from wattworth.solve import Options, assemble, solve
from wattworth.solve.highs import hand_over
from wattworth.supply.lp_model import lp_model
from wattworth.supply.system import YEAR_H, Source, Store, System

Found = dict[str, Any]

TOLERANCE, GAP_FRAC = 1e-6, 1e-4
METHODS = ("simplex", "ipx", "hipo")
BUILD_TARGETS = {"PyPSA": 20.0, "linopy": 10.0}
MEMORY_TARGET = 3.0
SPEED_TARGETS = {"fuel": 100.0, "hourly": 30.0}
QUICK_H = 240


def case(n_hour: int, n_year: int, kind: str) -> System:
    """A flat 100 MW with sun, engines and a battery; fuel at one price, or a grid with a price each hour."""
    rng = np.random.default_rng(7)
    hour = np.arange(n_hour * n_year)
    season = 0.75 + 0.25 * np.sin((hour / 24.0 % 365.0 - 80.0) / 365.0 * 2.0 * np.pi)
    cloud = np.repeat(rng.uniform(0.35, 1.0, len(hour) // 24 + 1), 24)[: len(hour)]
    sun = np.clip(np.sin((hour % 24 - 6) / 12.0 * np.pi), 0.0, 1.0) * season * cloud
    share = n_hour / YEAR_H
    fuel = 85.0
    if kind == "hourly":
        fuel = 80.0 + 20.0 * np.sin((hour % 24 - 12) / 12.0 * np.pi) + 8.0 * rng.standard_normal(len(hour))
    sources = (Source("sun", sun, 0.0, 48_000.0 * share), Source("engine", 0.95, fuel, 90_000.0 * share))
    battery = Store("battery", 0.95, 0.95, 9_000.0 * share, 9_000.0 * share, start_frac=0.0)
    return System(np.full(len(hour), 100.0), sources, (), (battery,), n_year=n_year)


def memory_mib() -> float:
    """Most memory this process has held. [MiB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def own(system: System, method: Any) -> Found:
    """Blocks, checked answer and all."""
    import highspy  # noqa: F401 - loaded before the clock starts

    started = time.perf_counter()
    program = assemble(lp_model(system))
    hand_over(program, Options(method=method))
    built = time.perf_counter()
    held = memory_mib()
    solution = solve(program, Options(method=method))
    return found(started, built, held, solution.objective)


def found(started: float, built: float, held: float, cost: float) -> Found:
    """What a process reports."""
    solved = time.perf_counter()
    return {"build_s": built - started, "solve_s": solved - built, "built": held, "peak": memory_mib(), "cost": cost}


def run_highs(highs: Any, method: str) -> float:
    """Solve what HiGHS already holds."""
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    if str(highs.setOptionValue("solver", method)) != "HighsStatus.kOk":
        raise SolveError(f"cannot set solver to {method}")
    highs.run()
    return float(highs.getInfo().objective_function_value)


def by_hand(system: System, method: str) -> Found:
    """The matrix written for this one case: the least that any builder needs."""
    import highspy
    from scipy.sparse import csc_array, diags_array, hstack, vstack

    started = time.perf_counter()
    n, (sun, engine), (battery,) = system.n_hour, system.sources, system.stores
    one, none = diags_array(np.ones(n)), csc_array((n, n))
    keep = diags_array([np.ones(n), -np.ones(n - 1)], offsets=[0, -1])
    eta_in, eta_out = -battery.charge_frac * one, one / battery.discharge_frac

    def column(values: Any) -> Any:
        return csc_array(np.broadcast_to(np.asarray(values, dtype=float), n)[:, None])

    void, minus = column(0.0), column(-1.0)
    rows = [
        [column(-sun.available_frac), void, void, void, one, none, none, none, none, none],
        [void, column(-engine.available_frac), void, void, none, one, none, none, none, none],
        [void, void, minus, void, none, none, one, none, none, none],
        [void, void, minus, void, none, none, none, one, none, none],
        [void, void, void, minus, none, none, none, none, one, none],
        [void, void, void, void, none, none, eta_in, eta_out, keep, none],
        [void, void, void, void, one, one, -one, one, none, one],
    ]
    matrix = csc_array(vstack([hstack(row) for row in rows]))
    weight = 1.0 / system.n_year
    caps = [sun.capacity_usd_per_mw_year, engine.capacity_usd_per_mw_year]
    caps += [battery.capacity_usd_per_mw_year, battery.capacity_usd_per_mwh_year]
    fuel = np.broadcast_to(engine.running_usd_per_mwh, n) * weight
    shed = np.full(n, system.unserved_usd_per_mwh * weight)
    cost = np.concatenate([caps, np.zeros(n), fuel, np.zeros(3 * n), shed])
    low = np.concatenate([np.full(5 * n, -np.inf), np.zeros(n), system.load_mw])
    high = np.concatenate([np.zeros(6 * n), system.load_mw])
    n_row, n_column = matrix.shape
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    whole = np.zeros(n_column, np.int32)
    ends = (np.zeros(n_column), np.full(n_column, np.inf), low, high)
    highs.passModel(
        n_column, n_row, matrix.nnz, 1, 1, 0.0, cost, *ends, matrix.indptr, matrix.indices, matrix.data, whole
    )
    built, held = time.perf_counter(), memory_mib()
    return found(started, built, held, run_highs(highs, method))


def in_linopy(system: System, method: str) -> Found:
    """Variables and constraints of labelled arrays."""
    import linopy
    import pandas as pd
    import xarray as xr

    started = time.perf_counter()
    hour = pd.RangeIndex(system.n_hour, name="hour")
    (sun, engine), (battery,), weight = system.sources, system.stores, 1.0 / system.n_year

    def hourly(values: Any) -> Any:
        return xr.DataArray(np.broadcast_to(np.asarray(values, dtype=float), system.n_hour), coords=[hour])

    m = linopy.Model()
    mw = {part: m.add_variables(lower=0.0, name=part) for part in ("sun", "engine", "power", "energy")}
    p = {
        part: m.add_variables(lower=0.0, coords=[hour], name=f"{part} hourly")
        for part in ("sun", "engine", "charge", "discharge", "content", "unserved")
    }
    m.add_constraints(p["sun"] - hourly(sun.available_frac) * mw["sun"] <= 0, name="sun")
    m.add_constraints(p["engine"] - hourly(engine.available_frac) * mw["engine"] <= 0, name="engine")
    m.add_constraints(p["charge"] - mw["power"] <= 0, name="charge")
    m.add_constraints(p["discharge"] - mw["power"] <= 0, name="discharge")
    m.add_constraints(p["content"] - mw["energy"] <= 0, name="content")
    moved = p["charge"] * battery.charge_frac - p["discharge"] * (1.0 / battery.discharge_frac)
    m.add_constraints(p["content"] - p["content"].shift(hour=1) - moved == 0, name="kept")
    into = p["sun"] + p["engine"] + p["discharge"] - p["charge"] + p["unserved"]
    m.add_constraints(into == hourly(system.load_mw), name="balance")
    running = (p["engine"] * hourly(engine.running_usd_per_mwh)).sum() * weight
    built = mw["sun"] * sun.capacity_usd_per_mw_year + mw["engine"] * engine.capacity_usd_per_mw_year
    built += mw["power"] * battery.capacity_usd_per_mw_year + mw["energy"] * battery.capacity_usd_per_mwh_year
    m.add_objective(running + built + p["unserved"].sum() * (system.unserved_usd_per_mwh * weight))
    highs = m.to_highspy()
    done, held = time.perf_counter(), memory_mib()
    return found(started, done, held, run_highs(highs, method))


def in_pypsa(system: System, method: str) -> Found:
    """A network; entering its parts is not on the clock, as filling our record is not."""
    import pypsa

    (sun, engine), (battery,) = system.sources, system.stores
    net = pypsa.Network(snapshots=range(system.n_hour))
    net.snapshot_weightings = net.snapshot_weightings.astype(float).assign(objective=1.0 / system.n_year)
    net.add("Bus", ["site", "inside"])
    net.add("Load", "load", bus="site", p_set=system.load_mw)
    net.add("Generator", "unserved", bus="site", p_nom=1e6, marginal_cost=system.unserved_usd_per_mwh)
    for part in (sun, engine):
        cost = {"capital_cost": part.capacity_usd_per_mw_year, "marginal_cost": part.running_usd_per_mwh}
        net.add("Generator", part.name, bus="site", p_nom_extendable=True, p_max_pu=part.available_frac, **cost)
    ends = {"in": ("site", "inside", battery.charge_frac), "out": ("inside", "site", battery.discharge_frac)}
    for name, (bus0, bus1, efficiency) in ends.items():
        cost = battery.capacity_usd_per_mw_year if name == "in" else 0.0
        net.add("Link", name, bus0=bus0, bus1=bus1, efficiency=efficiency, p_nom_extendable=True, capital_cost=cost)
    energy = battery.capacity_usd_per_mwh_year
    net.add("Store", "battery", bus="inside", e_nom_extendable=True, capital_cost=energy)
    started = time.perf_counter()
    net.optimize.create_model(include_objective_constant=False)
    mw = net.model["Link-p_nom"]
    net.model.add_constraints(mw.loc["out"] * battery.discharge_frac - mw.loc["in"] == 0, name="one power")
    highs = net.model.to_highspy()
    built, held = time.perf_counter(), memory_mib()
    return found(started, built, held, run_highs(highs, method))


def decomposed(system: System, method: str) -> Found:
    """No large programme: a dynamic programme for each design, and planes that bound the others."""
    from wattworth.supply.decomposition import size_by_decomposition

    size_by_decomposition(case(48, 1, method), GAP_FRAC)  # compile before the clock runs
    started = time.perf_counter()
    cost, times = np.nan, []
    for _ in range(3):
        begun = time.perf_counter()
        cost = size_by_decomposition(system, GAP_FRAC).cost_usd_per_year
        times.append(time.perf_counter() - begun)
    return found(started, started, memory_mib(), cost) | {"solve_s": min(times)}


PEERS: dict[str, Callable[[System, Any], Found]] = {
    "wattworth": own,
    "by hand": by_hand,
    "linopy": in_linopy,
    "PyPSA": in_pypsa,
    "decomposition": decomposed,
}


def child(peer: str, method: str, n_hour: int, n_year: int, kind: str) -> None:
    """One row, in a process of its own, as a line of JSON; noise of the peers goes nowhere."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        answer = PEERS[peer](case(n_hour, n_year, kind), kind if peer == "decomposition" else method)
    except SolveError as error:
        if "cannot set solver" not in str(error):
            raise
        answer = {"missing": str(error)}
    print(json.dumps(answer), flush=True)


def measured(peer: str, method: str, n_hour: int, n_year: int = 1, kind: str = "fuel") -> Found:
    """What a row's process reports."""
    command = [sys.executable, __file__, "--child", peer, method, str(n_hour), str(n_year), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{peer} with {method} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def apart_frac(left: float, right: float) -> float:
    """Difference of two costs, as a share of the second."""
    return abs(left - right) / max(abs(right), 1.0)


def builders(n_hour: int, repeats: int) -> tuple[list[list[str]], list[str]]:
    """Each way to build it, solved by simplex; rows, and how the targets are met."""
    every: dict[str, Found] = {}
    for peer in ("wattworth", "by hand", "linopy", "PyPSA"):
        runs = [measured(peer, "simplex", n_hour) for _ in range(repeats)]
        every[peer] = min(runs, key=lambda run: run["build_s"])
    us, rows, notes = every["wattworth"], [], []
    for peer, run in every.items():
        apart = apart_frac(run["cost"], us["cost"])
        figures = [f"{run['build_s'] * 1e3:,.1f}", f"{run['build_s'] / us['build_s']:,.1f}x", f"{run['solve_s']:,.2f}"]
        figures += [f"{run['built']:,.0f}", f"{run['peak']:,.0f}", f"{run['peak'] / us['peak']:,.1f}x", f"{apart:.0e}"]
        rows.append([peer, *figures, "yes" if apart <= TOLERANCE else "NO"])
        if peer in BUILD_TARGETS:
            ratio = run["build_s"] / us["build_s"]
            word = "met" if ratio >= BUILD_TARGETS[peer] else "missed"
            notes.append(f"build at most 1/{BUILD_TARGETS[peer]:g} of {peer}'s: 1/{ratio:,.0f}, {word}")
    for what, words in (("built", "once built"), ("peak", "at the peak, most of ours being HiGHS's own")):
        ratio = every["PyPSA"][what] / us[what]
        word = "met" if ratio >= MEMORY_TARGET else "missed"
        notes.append(f"memory {words}, at most 1/{MEMORY_TARGET:g} of PyPSA's: 1/{ratio:,.1f}, {word}")
    return rows, notes


def methods(n_hour: int) -> tuple[list[list[str]], str]:
    """Each algorithm of HiGHS, through us (checked) and by hand; rows, and the fastest."""
    rows, took, reference = [], {}, None
    for method in METHODS:
        for peer in ("wattworth", "by hand"):
            run = measured(peer, method, n_hour)
            if "missing" in run:
                rows.append([f"{method}, {peer}", "-", "-", "-", "not installed"])
                continue
            reference = reference or run["cost"]
            apart = apart_frac(run["cost"], reference)
            rows.append([f"{method}, {peer}", f"{run['solve_s']:,.2f}", f"{run['peak']:,.0f}", f"{apart:.0e}"])
            rows[-1].append("yes" if apart <= TOLERANCE else "NO")
            if peer == "wattworth":
                took[method] = run["solve_s"]
    return rows, min(took, key=lambda name: took[name])


def decompositions(n_hour: int, years: tuple[int, ...], fastest: str) -> list[list[str]]:
    """Decomposition against the fastest algorithm, on the same systems."""
    rows = []
    for kind, n_year in [*(("fuel", n) for n in years), ("hourly", 1)]:
        peer, run = (
            measured("wattworth", fastest, n_hour, n_year, kind),
            measured("decomposition", "-", n_hour, n_year, kind),
        )
        apart = apart_frac(run["cost"], peer["cost"])
        seconds = (peer["build_s"] + peer["solve_s"], run["solve_s"])
        name = f"{n_year} year{'s' * (n_year > 1)}, {'one fuel price' if kind == 'fuel' else 'hourly prices'}"
        target = f"{SPEED_TARGETS[kind]:g}x"
        figures = [fastest, f"{seconds[0]:,.2f}", f"{seconds[1]:,.3f}", f"{seconds[0] / seconds[1]:,.0f}x", target]
        rows.append([name, *figures, f"{apart:.0e}", "yes" if apart <= GAP_FRAC else "NO"])
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer hours, once")
    parser.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    taken = parser.parse_args()
    if taken.child:
        peer, method, n_hour, n_year, kind = taken.child
        child(peer, method, int(n_hour), int(n_year), kind)
        return
    n_hour, years, repeats = (QUICK_H, (1, 2), 1) if taken.quick else (YEAR_H, (1, 3, 10), 3)
    print(machine(), flush=True)
    rows, notes = builders(n_hour, repeats)
    heads = ("built by", "build ms", "ratio", "solve s", "built MiB", "peak MiB", "ratio", "apart", "agree")
    print(
        table(f"The same programme of {n_hour:,} hours, simplex, one thread", heads, rows), *notes, sep="\n", flush=True
    )
    other, fastest = methods(n_hour)
    heads = ("algorithm", "solve s", "peak MiB", "apart", "agree")
    print(table(f"Algorithms of HiGHS, {n_hour:,} hours", heads, other), flush=True)
    rows += other
    solved = decompositions(n_hour, years, fastest)
    heads = ("system", "HiGHS", "HiGHS s", "decomposition s", "ratio", "aim", "apart", "agree")
    print(table(f"method: decomposition, certified gap {GAP_FRAC:g}, against the fastest of HiGHS", heads, solved))
    rows += solved
    print("", f"agree: costs not more than {TOLERANCE:g} apart (decomposition: {GAP_FRAC:g})", sep="\n")
    print("solve s of wattworth holds the check of the answer and of its proof; build ms the hand-over to HiGHS")
    if any(row[-1] == "NO" for row in rows):
        sys.exit("two ways to solve it differ")


if __name__ == "__main__":
    main()
