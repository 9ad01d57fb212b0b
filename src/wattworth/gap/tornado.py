"""What one input at a time does to the net gap, all others at their means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wattworth.gap.inputs import Input, Layout
from wattworth.gap.ranges import Range
from wattworth.gap.result import Swing
from wattworth.gap.schema import PARTS
from wattworth.gap.terms import Mode


def mean_delivered_gw(source: Input, target: int) -> float:
    """What a source delivers with everything at its mean. [GW]"""
    if source.curve is not None:
        return float(source.curve.gw[target].mean())
    chance = 1.0 if source.success is None else source.success.mean
    return float(source.mean_gw[target]) * chance * float(source.mean_delivered_frac[target])


def base_net_gw(layout: Layout) -> float:
    """Net gap with every input at its mean. [GW]"""
    at = layout.headline
    parts = {name: float(layout.parts[name].mean_gw[at]) for name in PARTS}
    supply = sum(mean_delivered_gw(layout.sources[name], at) for name in sorted(layout.sources))
    return parts["demand"] - parts["under_construction"] - parts["grid_access"] - supply


def tornado(layout: Layout, mode: Mode) -> tuple[Swing, ...]:
    """Every input that can move, widest first.

    Parameters
    ----------
    layout
        A model whose net gap is known.
    mode
        In ``simulated`` a source also comes or does not; in ``expected`` its chance moves only over a stated range.
    """
    base = base_net_gw(layout)
    swings = [*_parts(layout, base), *_sources(layout, base, mode)]
    return tuple(sorted(swings, key=lambda swing: (-swing.width_gw, swing.name, swing.what)))


def _parts(layout: Layout, base_gw: float) -> Iterator[Swing]:
    at = layout.headline
    for name in PARTS:
        part, sign = layout.parts[name], 1.0 if name == "demand" else -1.0
        low, mean, high = (float(end[at]) for end in (part.low_gw, part.mean_gw, part.high_gw))
        if low < high:
            yield Swing(
                name, part.label, "amount", low, high, base_gw + sign * (low - mean), base_gw + sign * (high - mean)
            )


def _sources(layout: Layout, base_gw: float, mode: Mode) -> Iterator[Swing]:
    at = layout.headline
    for name, source in layout.sources.items():
        usual = mean_delivered_gw(source, at)

        if source.curve is not None:
            least, _, most = source.curve.spread_gw(source.curve.years[at])
            yield Swing(name, source.label, "amount", least, most, base_gw + usual - least, base_gw + usual - most)
            continue
        ends = Range(float(source.low_gw[at]), float(source.mean_gw[at]), float(source.high_gw[at]), "uniform")
        if not ends.fixed:
            low = replace(source, steps=tuple(_held(step, step.low) for step in source.steps))
            high = replace(source, steps=tuple(_held(step, step.high) for step in source.steps))
            yield _swing("amount", ends, (low, high), base_gw + usual, at)
        for what, spread in (("chance", source.success), ("start", source.start), ("ramp", source.ramp)):
            if spread is not None and not spread.fixed:
                field = "success" if what == "chance" else what
                low, high = (replace(source, **{field: _held(spread, end)}) for end in (spread.low, spread.high))
                yield _swing(what, spread, (low, high), base_gw + usual, at)
        if mode == "simulated" and source.success is not None and source.success.mean < 1:
            ends = Range(0.0, source.success.mean, 1.0, "uniform")
            low, high = (replace(source, success=_held(ends, end)) for end in (0.0, 1.0))
            yield _swing("success", ends, (low, high), base_gw + usual, at)


def _swing(what: str, ends: Range, sides: tuple[Input, Input], without_gw: float, target: int) -> Swing:
    """A swing from the net gap without the source."""
    low, high = sides
    at_low, at_high = (without_gw - mean_delivered_gw(side, target) for side in sides)
    return Swing(low.name, high.label, what, ends.low, ends.high, at_low, at_high)


def _held(spread: Range, value: float) -> Range:
    return replace(spread, low=value, mode=value, high=value, shape="fixed")
