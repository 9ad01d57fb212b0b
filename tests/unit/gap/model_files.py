"""Small model files written for tests."""

from __future__ import annotations

from pathlib import Path

from wattworth.gap import GapModel, read_model

HEAD = """name: own
title: A model of my own
publisher: me
region: US
start_year: 2026
end_year: 2028
source: my notebook
"""

BODY = """demand: {low: 40, mode: 50, high: 70}
under_construction: {value: 6}
grid_access: {low: 8, high: 12}
sources:
  engines: {low: 3, high: 9, success: {value: 0.8}, kind: gas_engine}
  sites: {low: 4, mode: 5, high: 11, shape: pert, success: {low: 0.7, high: 0.9}, kind: bitcoin_sites}
"""


def write(folder: Path, body: str = BODY, head: str = HEAD) -> Path:
    """A model file of these lines."""
    path = folder / "own.yaml"
    path.write_text(head + body, encoding="utf-8")
    return path


def model(folder: Path, body: str = BODY, head: str = HEAD) -> GapModel:
    """The model of these lines."""
    return read_model(write(folder, body, head))
