"""The checks of ``wattworth doctor``: each tries one thing and says how to put it right."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from wattworth.errors import WattworthError

Status = Literal["ok", "warning", "fail"]

_OLDEST_PYTHON: Final = (3, 11)
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_REINSTALL: Final = "install wattworth again in a fresh environment"
_REPORT: Final = "report it with the output of wattworth doctor --json"
_NEEDED: Final = re.compile(r"([A-Za-z0-9._-]+) *>= *([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    name
        What was checked.
    status
        ``ok``, ``warning`` (works, with a limit) or ``fail``.
    message
        What was found.
    fix
        How to put it right; empty where nothing is wrong.
    """

    name: str
    status: Status
    message: str
    fix: str = ""


def findings() -> Iterator[Finding]:
    """Run every check; one that breaks is itself a finding."""
    for check in (python, packages, kernels, facts, studies, digits, data_folder, browser):
        yield _tried(check)


def _tried(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        said = " ".join(str(error).split())
        fix = "see the message" if isinstance(error, WattworthError) else _REINSTALL
        return Finding(check.__name__.replace("_", " "), "fail", f"{type(error).__name__}: {said}", fix)


def python() -> Finding:
    """Python is new enough."""
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding("python", "fail", found, "use Python 3.11 or newer")
    return Finding("python", "ok", f"{found}, {os.cpu_count()} cores")


def packages() -> Finding:
    """Every package that is needed is there and new enough."""
    wrong: list[str] = []
    needed = [text for text in metadata.requires("wattworth") or [] if "extra ==" not in text]
    for text in needed:
        match = _NEEDED.match(text)
        if match is None:
            continue
        name, lowest = match.groups()
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if _release(found) < _release(lowest):
            wrong.append(f"{name} is {found}, need {lowest} or newer")
    if wrong:
        return Finding("packages", "fail", "; ".join(wrong), "pip install --upgrade wattworth")
    return Finding("packages", "ok", f"wattworth {metadata.version('wattworth')} and the {len(needed)} it needs")


def _release(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"[0-9]+", version.partition("+")[0])[:3]]
    return (*numbers, *([0] * (3 - len(numbers))))


def kernels() -> Finding:
    """The compiler works, and what it makes can be kept."""
    started = time.perf_counter()
    from wattworth.compute.kernels import kernel

    @kernel
    def halved_frac(value_frac: float) -> float:
        return value_frac / 2.0

    if halved_frac(1.0) != 0.5:
        return Finding("kernels", "fail", "compiled code gives a wrong number", _REINSTALL)
    taken_s = time.perf_counter() - started
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    if folder.is_relative_to(tempfile.gettempdir()):
        fix = "make your cache folder writable, or set NUMBA_CACHE_DIR"
        return Finding("kernels", "warning", f"compiled anew at every start, for want of a folder: {folder}", fix)
    return Finding("kernels", "ok", f"compiler ready in {taken_s:.1f} s; kept in {folder}")


def facts() -> Finding:
    """The packaged facts read without a fault."""
    from wattworth.facts import load

    book = load()
    return Finding("facts", "ok", f"{len(book)} facts, {len(book.gaps)} gaps")


def studies() -> Finding:
    """The packaged studies are sound."""
    from wattworth import study, valuation

    names = study.packaged_names()
    faults = [f"{name}: {fault}" for name in names for fault in study.check(name, valuation.SPECS)]
    if faults:
        return Finding("studies", "fail", "; ".join(faults[:3]), _REINSTALL)
    return Finding("studies", "ok", ", ".join(names))


def digits() -> Finding:
    """A small run gives the same bits in blocks of one and of two chunks."""
    import numpy as np

    from wattworth.study import Site, Study
    from wattworth.valuation import SPECS, value

    site = Site(
        site_id="proof",
        name="Proof",
        company="Proof",
        country="US",
        iso="ERCOT",
        operating_gross_mw=100.0,
        firm="firm",
        previous_use="bitcoin_mine",
    )
    study = Study(
        name="doctor",
        title=None,
        description=None,
        as_of="2026-06",
        usd_year=2026,
        horizon_years=30,
        convention="wattworth",
        tax_losses="carried",
        tenant_demand_gw_per_year=None,
        sites=(site,),
        uses={name: spec.options() for name, spec in SPECS.items()},
    )
    first = value(study, draws=512, workers=1)
    started = time.perf_counter()
    second = value(study, draws=512, workers=1, chunks_per_block=2)
    taken_s = time.perf_counter() - started
    same = first.result["run_id"] == second.result["run_id"] and all(
        np.array_equal(array, second.draws[pair][metric], equal_nan=True)
        for pair, arrays in first.draws.items()
        for metric, array in arrays.items()
    )
    if not same:
        return Finding("digits", "fail", "two sizes of block give different digits", _REPORT)
    return Finding("digits", "ok", f"the same for two sizes of block; 512 draws of one site in {taken_s:.1f} s")


def data_folder() -> Finding:
    """Runs can be saved."""
    from wattworth.errors import StoreError
    from wattworth.store import check_place

    try:
        folder = check_place()
    except StoreError as error:
        return Finding("data folder", "fail", str(error), "make it writable, or set XDG_DATA_HOME")
    free_gb = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free / 1e9
    if free_gb < 1.0:
        return Finding("data folder", "warning", f"{folder}, {free_gb:.1f} GB free", "free some space, or use --out")
    return Finding("data folder", "ok", f"{folder}, {free_gb:.0f} GB free")


def browser() -> Finding:
    """The browser that only the tests of pages need."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        return Finding("browser", "warning", "no chromium; only the tests of pages need it", "make system")
    return Finding("browser", "ok", found)
