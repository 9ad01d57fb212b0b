"""Draws of every term of the balance: demand, what meets it, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals, uniforms
from wattworth.gap.inputs import Input, Layout
from wattworth.gap.ranges import Range
from wattworth.gap.rules import matrix, pair_names
from wattworth.gap.schema import PARTS, Joint
from wattworth.records import CHUNK_DRAWS

Mode = Literal["as_printed", "expected", "simulated"]

Array = NDArray[np.float64]

_CERTAIN: Final = Range(1.0, 1.0, 1.0, "fixed")


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The balance by draw; every array has the shape (target, draw). [GW]

    Attributes
    ----------
    parts
        Demand, under construction and grid access, those that are known.
    sources
        What each source delivers, its chance in it.
    gap_gw
        Demand less what is under construction and what the grid connects; None where one is not known.
    net_gw
        The gap less all known sources; None where the gap is not known.
    """

    parts: Mapping[str, Array]
    sources: Mapping[str, Array]
    gap_gw: Array | None
    net_gw: Array | None


def draw_terms(layout: Layout, mode: Mode, seed: int, chunks: range) -> Terms:
    """Draw the balance for whole chunks of 256 draws.

    Parameters
    ----------
    layout
        From :func:`wattworth.gap.inputs.lay_out`.
    mode
        ``expected``: each source times its chance; ``simulated``: each source comes or does not.
    seed
        Of the random numbers, which are keyed by the name of an input and the number of a chunk: neither the size of
        a block nor another source moves them.
    chunks
        Numbers of the chunks.

    Notes
    -----
    An input has one random number for all its years: what is high in one is high in all. Sources are added in the
    order of their names, so the order in a file moves no digit.
    """
    correlation = layout.model.correlation
    joint = _Joint(correlation.amounts if correlation else None, "amount", layout.sources, seed, chunks)
    success = _Joint(correlation.success if correlation else None, "success", layout.sources, seed, chunks)
    parts = {name: _amount(layout.parts[name], joint) for name in PARTS if name in layout.parts}
    sources = {name: _delivered(source, mode, joint, success, seed, chunks) for name, source in layout.sources.items()}
    if not layout.gap_known:
        return Terms(parts, sources, None, None)
    gap = parts["demand"] - parts["under_construction"] - parts["grid_access"]
    return Terms(parts, sources, gap, net_of(gap, sources))


def net_of(gap_gw: Array, sources: Mapping[str, Array]) -> Array:
    """A gap less its sources, added in the order of their names, shape as the gap. [GW]"""
    supply = np.zeros_like(gap_gw)
    for name in sorted(sources):
        supply += sources[name]
    return gap_gw - supply


class _Joint:
    """Even numbers of inputs, those that move together among them."""

    def __init__(self, joint: Joint | None, what: str, sources: Iterable[str], seed: int, chunks: range) -> None:
        self._what, self._seed, self._chunks = what, seed, chunks
        self._common_frac, self._over = 0.0, set[str]()
        self._names, self._factors = [], np.zeros((0, 0))
        if joint is not None and joint.common_frac is not None:
            self._common_frac, self._over = joint.common_frac, set(joint.over or sources)
        elif joint is not None:
            self._names = sorted(pair_names(joint))
            self._factors = np.linalg.cholesky(np.array(matrix(joint, self._names)))

    @property
    def n_draw(self) -> int:
        return CHUNK_DRAWS * len(self._chunks)

    def even(self, name: str) -> Array:
        """Numbers uniform on 0 to 1 of one input, shape (draw,)."""
        if name in self._names:
            row = self._factors[self._names.index(name)]
            # one term after another: a matrix product would not give the same bits for every size of block
            return _even(sum(w * self._own(other) for w, other in zip(row, self._names, strict=True) if w))
        if name in self._over and self._common_frac:
            common = normals(self._seed, f"gap:common:{self._what}", self._chunks, 1)[0]
            return _even(sqrt(self._common_frac) * common + sqrt(1.0 - self._common_frac) * self._own(name))
        return uniforms(self._seed, f"gap:{name}:{self._what}", self._chunks, 1)[0]

    def _own(self, name: str) -> Array:
        return normals(self._seed, f"gap:{name}:{self._what}:normal", self._chunks, 1)[0]


def _even(normal: Array | float) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(normal), dtype=np.float64)


def _amount(given: Input, joint: _Joint) -> Array:
    """Amount of an input before its chance and clock, shape (target, draw). [GW]"""
    if all(step.fixed for step in given.steps):
        return np.broadcast_to(given.low_gw[:, None], (given.stands_frac.shape[0], joint.n_draw))
    even = joint.even(given.name)
    out = np.zeros((given.stands_frac.shape[0], even.size))
    for place, step in enumerate(given.steps):
        drawn = step.at(even)
        for target in np.flatnonzero(given.stands_frac[:, place]):
            out[target] += given.stands_frac[target, place] * drawn
    return out


def _delivered(source: Input, mode: Mode, joint: _Joint, success: _Joint, seed: int, chunks: range) -> Array:
    """What a source delivers, shape (target, draw). [GW]"""
    if source.curve is not None:
        n_draw = source.curve.gw.shape[1]
        return source.curve.gw[:, np.arange(chunks.start * CHUNK_DRAWS, chunks.stop * CHUNK_DRAWS) % n_draw]

    def drawn(what: str, spread: Range | None) -> Array:
        if spread is None or spread.fixed:
            return np.array([0.0 if spread is None else spread.low])
        return spread.at(uniforms(seed, f"gap:{source.name}:{what}", chunks, 1)[0])

    chance = drawn("chance", source.success or _CERTAIN)
    comes = (success.even(source.name) < chance).astype(np.float64) if mode == "simulated" else chance
    amount = _amount(source, joint) * comes
    if source.start is None:
        return amount
    return amount * source.delivered_frac(drawn("start", source.start), drawn("ramp", source.ramp))
