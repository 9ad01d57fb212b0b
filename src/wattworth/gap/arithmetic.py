"""The arithmetic of a bank's note: a gap, sources at their ends times their chances, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wattworth.gap.inputs import Input, Layout
from wattworth.gap.schema import PARTS, PrintedFigure

FIGURES: Final = {
    "gap": "gap_gw",
    "ttp_low": "ttp_low_gw",
    "ttp_high": "ttp_high_gw",
    "net_high": "net_high_gw",
    "net_mid": "net_mid_gw",
    "share": "share_frac",
}
"""Figure that a note may print, to the field of :class:`Arithmetic` that computes it."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A note's figures computed from its inputs; None where an input is missing. [GW]

    Attributes
    ----------
    demand_gw, under_construction_gw, grid_access_gw
        The parts, ranges at their means.
    gap_gw
        Demand less the two others.
    ttp_low_gw, ttp_high_gw
        Low and high ends of all sources, each times its chance.
    net_high_gw
        Gap less the low ends: the upper figure of a note.
    net_mid_gw
        Gap less the middle of both ends.
    net_low_gw
        Gap less the high ends: the tail that notes do not print.
    share_frac
        ``net_high_gw`` over demand. [1]
    """

    demand_gw: float | None
    under_construction_gw: float | None
    grid_access_gw: float | None
    gap_gw: float | None
    ttp_low_gw: float | None
    ttp_high_gw: float | None
    net_high_gw: float | None
    net_mid_gw: float | None
    net_low_gw: float | None
    share_frac: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of the arithmetic. [GW]

    Attributes
    ----------
    name, label, is_part
        Key, words, and whether it is a part of the gap or a source.
    low_gw, high_gw
        Its ends as the model states them; P5 and P95 of a curve.
    chance_frac
        Mean chance that it comes; None for a part or a curve. [1]
    counted_low_gw, counted_high_gw
        The ends times the chance.
    """

    name: str
    label: str
    is_part: bool
    low_gw: float
    high_gw: float
    chance_frac: float | None
    counted_low_gw: float
    counted_high_gw: float


@dataclass(frozen=True, slots=True)
class Check:
    """A printed figure beside the computed one.

    Attributes
    ----------
    figure
        Which, as in the file.
    unit
        ``GW`` or ``frac``.
    value
        As printed.
    number
        As computed from the inputs; None where one is missing.
    tolerance
        How far rounding may take the print.
    agrees
        Whether it stays within; None where nothing could be computed.
    source, note
        Who printed it, and how.
    """

    figure: str
    unit: str
    value: float
    number: float | None
    tolerance: float
    agrees: bool | None
    source: str
    note: str | None


def ends_gw(source: Input, target: int) -> tuple[float, float]:
    """Low and high end of a source times its chance; P5 and P95 of a curve. [GW]"""
    if source.curve is not None:
        low, _, high = source.curve.spread_gw(source.curve.years[target])
        return low, high
    chance = 1.0 if source.success is None else source.success.mean
    return float(source.low_gw[target]) * chance, float(source.high_gw[target]) * chance


def net_high_gw(gap_gw: float, ttp_low_gw: float) -> float:
    """What is left when every source comes in at its low end. [GW]

    Examples
    --------
    >>> net_high_gw(50.0, 31.25)
    18.75
    """
    return gap_gw - ttp_low_gw


def net_mid_gw(gap_gw: float, ttp_low_gw: float, ttp_high_gw: float) -> float:
    """What is left at the middle of both ends. [GW]

    Examples
    --------
    >>> round(net_mid_gw(50.0, 31.25, 50.7), 3)
    9.025
    """
    return gap_gw - 0.5 * (ttp_low_gw + ttp_high_gw)


def arithmetic(layout: Layout) -> Arithmetic:
    """A note's arithmetic at the target asked for; clocks play no part in it."""
    at = layout.headline
    parts = {name: float(part.mean_gw[at]) for name, part in layout.parts.items()}
    demand, built, grid = (parts.get(name) for name in ("demand", "under_construction", "grid_access"))
    gap = None if demand is None or built is None or grid is None else demand - built - grid
    low = high = None
    if not any(name not in parts and name not in PARTS for name in layout.missing):
        ends = [ends_gw(layout.sources[name], at) for name in sorted(layout.sources)]
        low, high = sum(end[0] for end in ends), sum(end[1] for end in ends)
    if gap is None or low is None or high is None:
        return Arithmetic(demand, built, grid, gap, low, high, None, None, None, None)
    upper = net_high_gw(gap, low)
    share = upper / demand if demand else None
    return Arithmetic(
        demand, built, grid, gap, low, high, upper, net_mid_gw(gap, low, high), net_high_gw(gap, high), share
    )


def lines(layout: Layout) -> tuple[Line, ...]:
    """Every known amount with its ends before and after its chance, in the order of the file."""
    at = layout.headline
    parts = [_line(part, True, float(part.low_gw[at]), float(part.high_gw[at]), None) for part in layout.parts.values()]
    return (*parts, *(_source_line(source, at) for source in layout.sources.values()))


def _source_line(source: Input, target: int) -> Line:
    if source.curve is not None:
        low, _, high = source.curve.spread_gw(source.curve.years[target])
        return _line(source, False, low, high, None)
    chance = None if source.success is None else source.success.mean
    return _line(source, False, float(source.low_gw[target]), float(source.high_gw[target]), chance)


def _line(given: Input, is_part: bool, low_gw: float, high_gw: float, chance_frac: float | None) -> Line:
    counts = 1.0 if chance_frac is None else chance_frac
    return Line(given.name, given.label, is_part, low_gw, high_gw, chance_frac, low_gw * counts, high_gw * counts)


def checks(layout: Layout, computed: Arithmetic) -> tuple[Check, ...]:
    """Every printed figure beside the computed one."""
    printed, model = layout.model.printed, layout.model
    if printed is None:
        return ()
    out: list[Check] = []
    for name, field in FIGURES.items():
        figure: PrintedFigure | None = getattr(printed, name)
        if figure is None:
            continue
        own: float | None = getattr(computed, field)
        out.append(
            Check(
                figure=name,
                unit="frac" if name == "share" else "GW",
                value=figure.value,
                number=own,
                tolerance=figure.tolerance,
                agrees=None if own is None else abs(own - figure.value) <= figure.tolerance + 1e-9,
                source=figure.source or model.source,
                note=figure.note,
            )
        )
    return tuple(out)
