"""Draws of a balance summed block after block, every series at every year at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.blocks import blocks
from wattworth.gap.arithmetic import arithmetic
from wattworth.gap.inputs import Input, Layout
from wattworth.gap.schema import PARTS
from wattworth.gap.tally import Tally
from wattworth.gap.terms import Mode, Terms, draw_terms
from wattworth.records import CHUNK_DRAWS

CHUNKS_PER_BLOCK: Final = 64
"""Chunks worked off together; changes speed and memory, never a digit."""

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Tallied:
    """Sums over all draws.

    Attributes
    ----------
    sums
        Of every series.
    rows
        Row of each series by (name, target); regions by (region, 0 for the gap and 1 for the net).
    above
        Draws with a net gap above nought: by target, then by region.
    at_corner
        Draws whose net gap is not below the low-ends corner.
    """

    sums: Tally
    rows: dict[tuple[str, int], int]
    above: NDArray[np.int64]
    at_corner: int


def tally(layout: Layout, mode: Mode, seed: int, n_draw: int, chunks_per_block: int = CHUNKS_PER_BLOCK) -> Tallied:
    """Draw a layout and sum it up, block after block.

    Parameters
    ----------
    layout, mode, seed
        As for :func:`wattworth.gap.terms.draw_terms`.
    n_draw
        Draws.
    chunks_per_block
        Chunks drawn together; changes speed and memory, never a digit.
    """
    ends = _ends(layout, mode)
    rows = {key: place for place, key in enumerate(ends)}
    sums = Tally(*(np.array([end[side] for end in ends.values()]) for side in (0, 1)))
    regions = list(layout.model.regions or ()) if layout.gap_known else []
    above, at_corner = np.zeros(len(layout.targets) + len(regions), dtype=np.int64), 0
    corner = arithmetic(layout).net_high_gw
    net_row = rows.get(("net", layout.headline))
    for chunks in blocks(n_draw, chunks_per_block):
        terms = draw_terms(layout, mode, seed, chunks)
        series = _series(layout, terms)
        live = min(n_draw - chunks.start * CHUNK_DRAWS, CHUNK_DRAWS * len(chunks))
        against = None if net_row is None else series["net", layout.headline] - sums.centre_gw(net_row)
        sums.add([series[key] for key in rows], against, live)
        if terms.net_gw is None:
            continue
        above[: len(layout.targets)] += (terms.net_gw[:, :live] > 0).sum(axis=1)
        for place, region in enumerate(regions, start=len(layout.targets)):
            above[place] += int((series[region_key(region), 1][:live] > 0).sum())
        if corner is not None:
            at_corner += int((terms.net_gw[layout.headline, :live] >= corner - 1e-9).sum())
    return Tallied(sums, rows, above, at_corner)


def region_key(region: str) -> str:
    """Name of the series of a region."""
    return f"region {region}"


def _series(layout: Layout, terms: Terms) -> dict[tuple[str, int], NDArray[np.float64]]:
    targets = range(len(layout.targets))
    named = {**terms.parts, **terms.sources}
    if terms.gap_gw is not None and terms.net_gw is not None:
        named |= {"gap": terms.gap_gw, "net": terms.net_gw}
    out = {(name, target): values[target] for name, values in named.items() for target in targets}
    if not layout.gap_known:
        return out
    at = layout.headline
    for name, region in (layout.model.regions or {}).items():
        left = terms.parts["demand"][at] * region.demand_frac
        left = left - terms.parts["under_construction"][at] * region.under_construction_frac
        left = left - terms.parts["grid_access"][at] * region.grid_access_frac
        out[region_key(name), 0] = left
        for source in sorted(terms.sources):
            left = left - terms.sources[source][at] * region.source_frac.get(source, 0.0)
        out[region_key(name), 1] = left
    return out


def _ends(layout: Layout, mode: Mode) -> dict[tuple[str, int], Ends]:
    """Least and most that each series can be, by name and target."""
    out: dict[tuple[str, int], Ends] = {}
    for target in range(len(layout.targets)):
        parts = {name: _input_ends(part, target, mode) for name, part in layout.parts.items()}
        sources = {name: _input_ends(source, target, mode) for name, source in layout.sources.items()}
        out |= {(name, target): end for name, end in {**parts, **sources}.items()}
        if not layout.gap_known:
            continue
        met = [parts[name] for name in PARTS[1:]]
        out["gap", target] = _less(parts["demand"], met)
        out["net", target] = _less(out["gap", target], [sources[name] for name in sorted(sources)])
        if target != layout.headline:
            continue
        for name, region in (layout.model.regions or {}).items():
            share = {part: getattr(region, f"{part}_frac") for part in PARTS}
            own = {part: _times(parts[part], share[part]) for part in PARTS}
            out[region_key(name), 0] = _less(own["demand"], [own[part] for part in PARTS[1:]])
            supply = [_times(sources[source], region.source_frac.get(source, 0.0)) for source in sorted(sources)]
            out[region_key(name), 1] = _less(out[region_key(name), 0], supply)
    return out


def _less(ends: Ends, taken: Iterable[Ends]) -> Ends:
    listed = list(taken)
    return ends[0] - sum(end[1] for end in listed), ends[1] - sum(end[0] for end in listed)


def _times(ends: Ends, share: float) -> Ends:
    return ends[0] * share, ends[1] * share


def _input_ends(given: Input, target: int, mode: Mode) -> Ends:
    low, high = float(given.low_gw[target]), float(given.high_gw[target])
    chance = given.success
    if chance is None:
        return low, high
    least = 0.0 if mode == "simulated" and chance.low < 1 else chance.low
    most = 1.0 if mode == "simulated" and chance.high > 0 else chance.high
    late, soon = (float(share[target]) for share in given.delivered_ends_frac)
    ends = [end * share for end in (low, high) for share in (least * late, most * soon)]
    return min(ends), max(ends)
