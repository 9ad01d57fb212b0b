"""The plan across sites, 500 and 5,000 of them, beside raw HiGHS, linopy and CP-SAT on the same case and clock.

Run `python bench/plan.py`; `--quick` takes small portfolios, to see that all agree; `--seconds` sets the clock,
`--json FILE` keeps what was measured. Every row is a process of its own. The clock starts with the portfolio in memory
and stops with an answer; building is on it for all. We and HiGHS run on one thread, CP-SAT on two.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from printed.table import machine, table

from wattworth.portfolio import Case, Effort, generate, plan
from wattworth.portfolio.problem import signs, upper_form

Found = dict[str, Any]

SIZES = {"500 sites": (500, 6, 12), "5,000 sites": (5_000, 6, 12)}
QUICK = {"12 sites": (12, 3, 4), "40 sites": (40, 4, 6)}
SEED, DRAWS = 1, 20
TARGETS = {"500 sites": (5e-3, 2e-3), "5,000 sites": (1e-3, 1e-3)}
MEMORY_MIB = 4_096.0
APART_FRAC = 1e-6


def own(case: Case, seconds: float) -> Found:
    """Prices on the limits, small programmes, checked answer and all."""
    import highspy  # noqa: F401 - loaded before the clock starts
    import scipy.sparse  # noqa: F401 - the same

    answer = plan(case, effort=Effort(seconds, 1e-4 if seconds > 10.0 else 1e-6))
    return {"value": answer.objective, "bound": answer.bound}


def values_of(case: Case) -> Any:
    """Mean value of each option, in millions."""
    return case.choices.value_usd.mean(axis=1) / 1e6


def room_of(case: Case) -> Any:
    """Limits as "at most"."""
    return signs(case.limits) * np.array([row.amount for row in case.limits.rows])


def checked(case: Case, x: Any, bound: float) -> Found:
    """What a peer's answer comes to, if it keeps the limits to 1e-6; nothing if there is none."""
    if x is None or not len(x):
        return {"value": None, "bound": bound * 1e6 if np.isfinite(bound) else None}
    count = np.round(np.asarray(x, float))
    room = room_of(case)
    holds = (upper_form(case.limits) @ count <= room + 1e-6 * np.maximum(np.abs(room), 1.0)).all()
    one = (np.add.reduceat(count, case.choices.begins) == 1.0).all()
    return {"value": float(values_of(case) @ count) * 1e6 if holds and one else None, "bound": bound * 1e6}


def raw_highs(case: Case, seconds: float) -> Found:
    """The whole programme as flat arrays."""
    import highspy
    from scipy.sparse import csc_array, vstack

    began = time.perf_counter()
    value, takes, room = values_of(case), upper_form(case.limits), room_of(case)
    n, n_site = len(value), len(case.choices.sites)
    one = csc_array((np.ones(n), (case.choices.site, np.arange(n))), shape=(n_site, n))
    matrix = vstack([one, takes], format="csc")
    low = np.concatenate([np.ones(n_site), np.full(len(room), -np.inf)])
    high = np.concatenate([np.ones(n_site), room])
    highs = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-6)):
        highs.setOptionValue(name, setting)
    zero, whole = np.zeros(n), np.ones(n, np.int32)
    row = (matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, whole)
    highs.passModel(n, len(low), matrix.nnz, 1, -1, 0.0, value, zero, zero + 1.0, low, high, *row)
    highs.setOptionValue("time_limit", max(seconds - (time.perf_counter() - began), 0.1))
    highs.run()
    info = highs.getInfo()
    some = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return checked(case, highs.getSolution().col_value if some else None, info.mip_dual_bound)


def in_linopy(case: Case, seconds: float) -> Found:
    """Binary variables by site and option, a constraint for each limit over the options that take of it."""
    import linopy
    import pandas as pd
    import xarray as xr

    began = time.perf_counter()
    value, takes, room = values_of(case), upper_form(case.limits), room_of(case)
    n_site = len(case.choices.sites)
    n_each = len(value) // n_site
    coords = [pd.RangeIndex(n_site, name="site"), pd.RangeIndex(n_each, name="choice")]
    m = linopy.Model()
    x = m.add_variables(binary=True, coords=coords, name="x")
    m.add_constraints(x.sum("choice") == 1, name="one")
    for i in range(len(room)):
        at, data = (
            takes.indices[takes.indptr[i] : takes.indptr[i + 1]],
            takes.data[takes.indptr[i] : takes.indptr[i + 1]],
        )
        spots = [xr.DataArray(part, dims="at") for part in np.divmod(at, n_each)]
        some = x.isel(site=spots[0], choice=spots[1])
        m.add_constraints((some * xr.DataArray(data, dims="at")).sum() <= float(room[i]), name=f"limit {i}")
    m.add_objective((x * xr.DataArray(value.reshape(n_site, n_each), coords=coords)).sum(), sense="max")
    highs = m.to_highspy()
    for name, setting in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-6)):
        highs.setOptionValue(name, setting)
    highs.setOptionValue("time_limit", max(seconds - (time.perf_counter() - began), 0.1))
    highs.run()
    info = highs.getInfo()
    some = info.primal_solution_status == 2
    picked = np.zeros(len(value))
    if some:
        solution = np.asarray(highs.getSolution().col_value)
        picked[:] = solution[: len(value)]
    bound = info.mip_dual_bound
    return checked(case, picked if some else None, -bound if bound < 0.0 else bound)


def in_cp_sat(case: Case, seconds: float) -> Found:
    """Booleans; amounts as whole tenths, values as whole thousands of dollars, rounded up for the bound."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return {"missing": "ortools is not installed"}
    began = time.perf_counter()
    value, takes, room = values_of(case), upper_form(case.limits), room_of(case)
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in range(len(value))]
    ends = np.append(case.choices.begins, len(value))
    for first, last in itertools.pairwise(ends):
        model.add_exactly_one(x[first:last])
    for i in range(len(room)):
        own = slice(takes.indptr[i], takes.indptr[i + 1])
        picked = [x[j] for j in takes.indices[own]]
        whole = np.round(takes.data[own] * 10.0).astype(int).tolist()
        model.add(cp_model.LinearExpr.weighted_sum(picked, whole) <= int(np.floor(room[i] * 10.0 + 1e-6)))
    model.maximize(cp_model.LinearExpr.weighted_sum(x, np.ceil(value * 1e3).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.relative_gap_limit = 1e-6
    solver.parameters.max_time_in_seconds = max(seconds - (time.perf_counter() - began), 0.1)
    status = solver.solve(model)
    some = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    bound = solver.best_objective_bound / 1e3 if some else np.inf
    return checked(case, [solver.value(var) for var in x] if some else None, bound)


PEERS: dict[str, Callable[[Case, float], Found]] = {
    "wattworth": own,
    "HiGHS": raw_highs,
    "linopy, HiGHS": in_linopy,
    "CP-SAT": in_cp_sat,
}


def child(peer: str, size: tuple[int, int, int], seconds: float) -> None:
    """One row, in a process of its own, as a line of JSON; noise of the peers goes nowhere."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    case = generate(*size, n_draw=DRAWS, seed=SEED)
    began, used = time.perf_counter(), time.process_time()
    answer = PEERS[peer](case, seconds)
    answer |= {"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    answer["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps(answer), flush=True)


def measured(peer: str, size: tuple[int, int, int], seconds: float) -> Found:
    """What a row's process reports."""
    command = [sys.executable, __file__, "--child", peer, *map(str, size), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{peer} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def cells(run: Found, us: Found) -> list[str]:
    """A row's figures; whether what each proves leaves room for what the other found."""
    value, bound = run["value"], run["bound"]
    gap = (bound - value) / abs(value) if value and bound else None
    slip = APART_FRAC * abs(us["bound"])
    agree = (value is None or value <= us["bound"] + slip) and (bound is None or us["value"] <= bound + slip)
    figures = [f"{value / 1e9:,.3f}" if value else "none", f"{bound / 1e9:,.3f}" if bound else "none"]
    figures += [f"{gap:.3%}" if gap is not None and gap < 1e3 else "-", f"{run['wall_s']:,.1f}", f"{run['cpu_s']:,.1f}"]
    return [*figures, f"{run['peak_mib']:,.0f}", "yes" if agree else "NO"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small portfolios, a short clock")
    parser.add_argument("--seconds", type=float, help="clock of every row")
    parser.add_argument("--json", type=Path, help="file to keep what was measured in")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    taken = parser.parse_args()
    seconds = taken.seconds or (5.0 if taken.quick else 30.0)
    if taken.child:
        peer, *size = taken.child
        child(peer, (int(size[0]), int(size[1]), int(size[2])), seconds)
        return
    print(machine(), flush=True)
    heads = ("planned by", "value bn", "bound bn", "gap", "wall s", "CPU s", "peak MiB", "agree")
    kept, wrong, notes = [], False, []
    for name, size in (QUICK if taken.quick else SIZES).items():
        rows, us = [], measured("wattworth", size, seconds)
        for peer in PEERS:
            run = us if peer == "wattworth" else measured(peer, size, seconds)
            kept.append({"case": name, "peer": peer, "seconds": seconds} | run)
            if "missing" in run:
                notes.append(f"{peer}: {run['missing']}")
                continue
            rows.append([peer, *cells(run, us)])
            wrong |= rows[-1][-1] != "yes"
        words = f"{name} x {size[1]} uses x {size[2]} periods, {seconds:g} s"
        print(table(words, heads, rows), flush=True)
        if name in TARGETS:
            gap, (need, aim) = (us["bound"] - us["value"]) / us["value"], TARGETS[name]
            notes.append(f"{name}: gap {gap:.3%}, need {need:.1%}, aim {aim:.1%}: {'met' if gap <= need else 'missed'}")
            word = "met" if us["peak_mib"] <= MEMORY_MIB else "missed"
            notes.append(f"{name}: {us['peak_mib']:,.0f} MiB at the peak, most {MEMORY_MIB:,.0f}: {word}")
    print("", *notes, "agree: no answer is above what the other proves", sep="\n")
    if taken.json:
        taken.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if wrong:
        sys.exit("what one found is above what another proves")


if __name__ == "__main__":
    main()
