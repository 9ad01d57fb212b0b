"""wattworth: what is this power worth, in which use, and when?

>>> import wattworth as ww
>>> run = ww.value("us-miners", draws=2_000)  # doctest: +SKIP
>>> run.sites  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "value": "valuation",
    "Run": "valuation",
    "load_run": "store",
    "runs": "store",
    "read_study": "valuation",
    "goal_seek": "valuation.solve:solve",  # "solve" is the room of the solver
    "explain": "valuation.explain",
    "time_to_power": "valuation.time_to_power",
    "read_tape": "evidence.tape",
    "backtest": "evidence.backtest",
    "calibrate": "evidence.calibrate",
}

__all__ = [
    "Run",
    "backtest",
    "calibrate",
    "explain",
    "goal_seek",
    "load_run",
    "read_study",
    "read_tape",
    "runs",
    "time_to_power",
    "value",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room, _, inside = _HOME[name].partition(":")
    return getattr(import_module(f"wattworth.{room}"), inside or name)
