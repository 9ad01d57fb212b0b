"""Outlines of land that stand beside the code, simplified and in the public domain."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Outline:
    """One closed ring.

    Attributes
    ----------
    layer
        ``country`` or ``state``.
    place
        Code of the country or state.
    points
        Longitude and latitude of each corner. [deg]
    """

    layer: str
    place: str
    points: tuple[tuple[float, float], ...]


@cache
def outlines() -> tuple[Outline, ...]:
    """Every outline of the file, whose head names its sources."""
    text = files("wattworth.reports").joinpath("charts", "outlines.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(Outline(row["layer"], row["place"], _points(row["outline"])) for row in rows)


def _points(printed: str) -> tuple[tuple[float, float], ...]:
    pairs = (point.split() for point in printed.split(";"))
    return tuple((float(east), float(north)) for east, north in pairs)
