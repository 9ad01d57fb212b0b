"""Flare sites under shared limits, 2,000 of them x 8 uses x 15 years: part by part, beside raw HiGHS on the whole.

Run `python bench/gas.py`; `--quick` takes few sites; `--seconds` sets the clock, `--json FILE` keeps what was measured.
Every row is a process of its own; its peak counts reading the study. The clock starts with the problem in memory and
stops with a checked answer. HiGHS is given the same programme as it stands.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from printed.flares import write
from printed.table import machine, table

from wattworth import facts
from wattworth.gas.allocation import PARTS_GAP_FRAC, allocate
from wattworth.gas.network import problem_of
from wattworth.gas.problem import GasProblem
from wattworth.gas.reading import read_gas_study
from wattworth.solve import Options

Found = dict[str, Any]

SIZES = {"2,000 sites": 2_000}
QUICK = {"60 sites": 60}
SEED = 1
NEED_FRAC, CLOCK_S, MEMORY_MIB = 5e-3, 180.0, 4_096.0
APART_FRAC = 1e-6


def own(problem: GasProblem, seconds: float) -> Found:
    """Prices on the limits, each site alone, checked answer and all."""
    found = allocate(problem, Options(gap_frac=PARTS_GAP_FRAC, time_limit_s=seconds), by_parts=True)
    return {"value": found.objective, "bound": found.bound}


def raw_highs(problem: GasProblem, seconds: float) -> Found:
    """The whole programme as one."""
    from wattworth.gas.programme import programme_of
    from wattworth.solve import assemble
    from wattworth.solve.assemble import Program
    from wattworth.solve.highs import run
    from wattworth.solve.recheck import objective_of

    program: Program = assemble(programme_of(problem).model)
    answer = run(program, Options(gap_frac=PARTS_GAP_FRAC, time_limit_s=seconds))
    value = None if answer.x is None else objective_of(program, answer.x)
    return {"value": value, "bound": answer.bound if abs(answer.bound) < 1e30 else None}


PEERS = {"wattworth": own, "HiGHS, whole": raw_highs}


def child(peer: str, count: int, seconds: float) -> None:
    """One row, in a process of its own, as a line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        study = read_gas_study(write(Path(folder) / "flares", count, SEED))
    problem = problem_of(study, facts.load())
    began, used = time.perf_counter(), time.process_time()
    answer = PEERS[peer](problem, seconds)
    answer |= {"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    answer["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps(answer), flush=True)


def measured(peer: str, count: int, seconds: float) -> Found:
    """What a row's process reports."""
    command = [sys.executable, __file__, "--child", peer, str(count), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{peer} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def gap_of(run: Found) -> float | None:
    """How far an answer may be from the best, as it proves itself."""
    if run["value"] is None or run["bound"] is None:
        return None
    return (run["bound"] - run["value"]) / abs(run["value"])


def cells(run: Found, us: Found) -> list[str]:
    """A row's figures; whether what each proves leaves room for what the other found."""
    value, bound, gap = run["value"], run["bound"], gap_of(run)
    slip = APART_FRAC * abs(us["bound"])
    agree = (value is None or value <= us["bound"] + slip) and (bound is None or us["value"] <= bound + slip)
    figures = [f"{value:,.2f}" if value is not None else "none", f"{bound:,.2f}" if bound is not None else "none"]
    figures += [f"{gap:.3%}" if gap is not None else "-", f"{run['wall_s']:,.1f}", f"{run['cpu_s']:,.1f}"]
    return [*figures, f"{run['peak_mib']:,.0f}", "yes" if agree else "NO"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few sites, a short clock")
    parser.add_argument("--seconds", type=float, help="clock of every row")
    parser.add_argument("--json", type=Path, help="file to keep what was measured in")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    taken = parser.parse_args()
    seconds = taken.seconds or (20.0 if taken.quick else CLOCK_S)
    if taken.child:
        child(taken.child[0], int(taken.child[1]), seconds)
        return
    print(machine(), flush=True)
    heads = ("solved by", "value M$", "bound M$", "gap", "wall s", "CPU s", "peak MiB", "agree")
    kept, wrong, notes = [], False, []
    for name, count in (QUICK if taken.quick else SIZES).items():
        rows, us = [], measured("wattworth", count, seconds)
        for peer in PEERS:
            run = us if peer == "wattworth" else measured(peer, count, seconds)
            kept.append({"case": name, "peer": peer, "seconds": seconds} | run)
            rows.append([peer, *cells(run, us)])
            wrong |= rows[-1][-1] != "yes"
        print(table(f"{name} x 8 uses x 15 years, {seconds:g} s", heads, rows), flush=True)
        if not taken.quick:
            gap = gap_of(us) or 0.0
            is_met = gap <= NEED_FRAC and us["wall_s"] <= CLOCK_S and us["peak_mib"] <= MEMORY_MIB
            notes.append(
                f"{name}: gap {gap:.3%} in {us['wall_s']:,.0f} s and {us['peak_mib']:,.0f} MiB; "
                f"need {NEED_FRAC:.1%} in {CLOCK_S:g} s and {MEMORY_MIB:,.0f} MiB: {'met' if is_met else 'missed'}"
            )
            other = kept[-1]
            notes.append(f"HiGHS on the whole took {other['wall_s'] / us['wall_s']:.1f} times as long")
    print("", *notes, "agree: no answer is above what the other proves", sep="\n")
    if taken.json:
        taken.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if wrong:
        sys.exit("what one found is above what another proves")


if __name__ == "__main__":
    main()
