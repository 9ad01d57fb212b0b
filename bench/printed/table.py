"""Plain text tables, and the line that says what they were measured with."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

_PACKAGES = ("wattworth", "numpy", "numba", "scipy", "polars")


def machine() -> str:
    """Machine, cores and versions, in one line without the name of anything local."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}, {versions}"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with its title; the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = [
        "  ".join(cell.rjust(widths[i]) if i else cell.ljust(widths[i]) for i, cell in enumerate(row))
        for row in (heads, ["-" * width for width in widths], *rows)
    ]
    return "\n".join(("", title, "", *(line.rstrip() for line in lines)))
