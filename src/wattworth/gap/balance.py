"""The balance of a model: as printed, weighed with chances, or simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Final, get_args

from wattworth.errors import StudyError
from wattworth.gap.arithmetic import arithmetic, checks, ends_gw, lines
from wattworth.gap.curves import SupplyCurve
from wattworth.gap.headroom import Headroom
from wattworth.gap.inputs import Input, Layout, lay_out
from wattworth.gap.provenance import used_numbers
from wattworth.gap.reading import DEFAULT_MODEL, read_model
from wattworth.gap.result import Bars, Contribution, GapResult, Overlap, RegionResult, Spread, Step, YearResult
from wattworth.gap.schema import PARTS, GapModel
from wattworth.gap.summing import Tallied, region_key, tally
from wattworth.gap.terms import Mode
from wattworth.gap.tornado import tornado
from wattworth.gap.words import sentences

DRAWS: Final = 100_000
SEED: Final = 7
BARS: Final = 60
"""Bars of the distribution that a result holds."""


def gap(
    model: GapModel | Path | str = DEFAULT_MODEL,
    mode: Mode = "expected",
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    year: int | None = None,
    curves: Sequence[SupplyCurve] = (),
    headroom: Headroom | None = None,
) -> GapResult:
    """Balance demand against what meets it.

    Parameters
    ----------
    model
        A model, the name of a packaged one, or the path of a file.
    mode
        ``as_printed``: the arithmetic of a note; ``expected``: drawn, each source times its chance; ``simulated``:
        drawn, each source comes or does not.
    draws
        Number of draws, at least 1; not used as printed.
    seed
        Of the random numbers, 0 or above.
    year
        Year at whose end the balance stands; None is the end of the window.
    curves
        Supply of your own, in place of the sources of its kind.
    headroom
        Flexible-load headroom to set against the net gap, shown beside it.

    Raises
    ------
    StudyError
        If the model, the mode, the draws or the year is wrong.
    """
    declared = model if isinstance(model, GapModel) else read_model(model)
    if mode not in get_args(Mode):
        raise StudyError(f'no mode "{mode}"; there are {", ".join(get_args(Mode))}')
    if draws < 1 or seed < 0:
        raise StudyError(f"draws must be at least 1 and the seed at least 0, got {draws} and {seed}")
    if mode == "as_printed" and year is not None and year != declared.end_year:
        raise StudyError("a note's arithmetic holds for its whole window; ask for a year in another mode")
    layout = lay_out(declared, year, curves)
    result = _header(layout, mode, draws, seed, headroom)
    if mode != "as_printed":
        tallied = tally(layout, mode, seed, draws)
        result = _drawn(result, layout, tallied)
    result = replace(result, waterfall=_waterfall(result, layout))
    return replace(result, sentences=sentences(result, layout))


def _header(layout: Layout, mode: Mode, draws: int, seed: int, headroom: Headroom | None) -> GapResult:
    model, computed = layout.model, arithmetic(layout)
    alone = lay_out(model)
    of_note = arithmetic(alone)
    return GapResult(
        model=model.name,
        title=model.title,
        publisher=model.publisher,
        published=model.published,
        region=model.region,
        note=model.note,
        mode=mode,
        draws=0 if mode == "as_printed" else draws,
        seed=seed,
        start_year=model.start_year,
        year=layout.targets[layout.headline],
        measure=layout.axis.measure,
        basis=layout.axis.basis,
        partial=not layout.net_known,
        missing=dict(layout.missing),
        arithmetic=computed,
        lines=lines(layout),
        note_arithmetic=of_note,
        checks=checks(alone, of_note),
        no_years=layout.no_years,
        years_label=_years_label(layout),
        overlaps=tuple(_overlaps(layout)),
        headroom=headroom,
        numbers=used_numbers(model, _left_out(layout)),
    )


def _years_label(layout: Layout) -> str | None:
    """The assumption on years that some amount rests on."""
    allocation = layout.model.allocation
    if allocation is None or layout.no_years:
        return None
    rows = [*layout.parts.values(), *layout.sources.values()]
    return allocation.label if any(len(row.steps) == 1 and row.start is None for row in rows) else None


def _overlaps(layout: Layout) -> list[Overlap]:
    out: list[Overlap] = []
    for source in layout.sources.values():
        curve = source.curve
        if curve is None:
            continue
        replaced = _replaced(layout, curve)
        bare = lay_out(layout.model, None if layout.no_years else layout.targets[layout.headline])
        ends = [ends_gw(bare.sources[name], bare.headline) for name in replaced if name in bare.sources]
        p5, mean, p95 = curve.spread_gw(layout.targets[layout.headline])
        out.append(
            Overlap(
                label=curve.label,
                note=curve.note,
                replaced=tuple(replaced.values()),
                low_gw=sum(end[0] for end in ends) if ends else None,
                high_gw=sum(end[1] for end in ends) if ends else None,
                own_p5_gw=p5,
                own_mean_gw=mean,
                own_p95_gw=p95,
            )
        )
    return out


def _replaced(layout: Layout, curve: SupplyCurve) -> Mapping[str, str]:
    """Sources of the model that a curve stands in for, with their labels."""
    sources = layout.model.sources or {}
    return {name: source.label or name for name, source in sources.items() if source.kind == curve.kind}


def _left_out(layout: Layout) -> list[str]:
    """Sources of the model that a curve stands in for."""
    curves = [source.curve for source in layout.sources.values() if source.curve is not None]
    return [name for curve in curves for name in _replaced(layout, curve)]


def _drawn(result: GapResult, layout: Layout, tallied: Tallied) -> GapResult:
    """The result with what the draws say."""
    at, sums, rows = layout.headline, tallied.sums, tallied.rows
    result = replace(result, contributions=tuple(_contributions(layout, tallied)))
    if not layout.gap_known:
        return result
    gap_row, net_row = rows["gap", at], rows["net", at]
    result = replace(result, gap=spread(tallied, gap_row))
    if not layout.net_known:
        return replace(result, after_known=spread(tallied, net_row))
    net = spread(tallied, net_row)
    room = result.headroom
    edges, shares = sums.density(net_row, BARS)
    return replace(
        result,
        net=net,
        net_bars=Bars(tuple(edges), tuple(shares)),
        gap_chance_frac=float(tallied.above[at] / sums.n_draw),
        corner_chance_frac=tallied.at_corner / sums.n_draw,
        years=() if layout.no_years else tuple(_years(layout, tallied)),
        regions=tuple(_regions(layout, tallied)),
        tornado=tornado(layout, result.mode),
        net_with_headroom=None if room is None else _moved(net, -room.gw),
    )


def spread(tallied: Tallied, row: int) -> Spread:
    """A series in short."""
    sums = tallied.sums
    sd = sqrt(sums.variance_gw(row))
    p5, p50, p95 = (sums.quantile_gw(row, share) for share in (0.05, 0.5, 0.95))
    return Spread(sums.mean_gw(row), sd, sd / sqrt(sums.n_draw), p5, p50, p95)


def _moved(before: Spread, gw: float) -> Spread:
    quantiles = (before.p5_gw + gw, before.p50_gw + gw, before.p95_gw + gw)
    return Spread(before.mean_gw + gw, before.sd_gw, before.error_gw, *quantiles)


def _contributions(layout: Layout, tallied: Tallied) -> list[Contribution]:
    at = layout.headline
    named: list[tuple[int, Input]] = [(1 if name == "demand" else -1, part) for name, part in layout.parts.items()]
    named += [(-1, source) for source in layout.sources.values()]
    supply = sum(tallied.sums.mean_gw(tallied.rows[name, at]) for name in sorted(layout.sources))
    return [_contribution(layout, tallied, sign, given, supply) for sign, given in named]


def _contribution(layout: Layout, tallied: Tallied, sign: int, given: Input, supply_gw: float) -> Contribution:
    at, sums, rows = layout.headline, tallied.sums, tallied.rows
    row, net_row = rows[given.name, at], rows.get(("net", at))
    variance = None if net_row is None else sums.variance_gw(net_row)
    delivered, is_source = spread(tallied, row), given.name in layout.sources
    return Contribution(
        name=given.name,
        label=given.label,
        kind=given.kind,
        sign=sign,
        low_gw=float(given.low_gw[at]),
        high_gw=float(given.high_gw[at]),
        chance_frac=None if given.success is None else given.success.mean,
        delivered=delivered,
        share_frac=delivered.mean_gw / supply_gw if is_source and supply_gw else None,
        variance_frac=sign * sums.covariance_gw(row, net_row) / variance if net_row is not None and variance else None,
        replaced=() if given.curve is None else tuple(_replaced(layout, given.curve).values()),
    )


def _years(layout: Layout, tallied: Tallied) -> list[YearResult]:
    names = [*layout.parts, *layout.sources]
    return [
        YearResult(
            year=year,
            gap=spread(tallied, tallied.rows["gap", target]),
            net=spread(tallied, tallied.rows["net", target]),
            gap_chance_frac=float(tallied.above[target] / tallied.sums.n_draw),
            mean_gw={name: tallied.sums.mean_gw(tallied.rows[name, target]) for name in names},
        )
        for target, year in enumerate(layout.targets)
    ]


def _regions(layout: Layout, tallied: Tallied) -> list[RegionResult]:
    rows, first = tallied.rows, len(layout.targets)
    return [
        RegionResult(
            name=name,
            gap=spread(tallied, rows[region_key(name), 0]),
            net=spread(tallied, rows[region_key(name), 1]),
            gap_chance_frac=float(tallied.above[first + place] / tallied.sums.n_draw),
        )
        for place, name in enumerate(layout.model.regions or ())
    ]


def _waterfall(result: GapResult, layout: Layout) -> tuple[Step, ...]:
    """From demand down to the net gap, as far as all is known."""
    if not layout.net_known:
        return ()
    at = layout.headline
    means = {row.name: row.delivered.mean_gw for row in result.contributions}
    if result.mode == "as_printed":
        means = {name: float(part.mean_gw[at]) for name, part in layout.parts.items()}
        means |= {name: ends_gw(source, at)[0] for name, source in layout.sources.items()}
    steps = [Step("demand", layout.parts["demand"].label, means["demand"], is_level=True)]
    steps += [Step(name, layout.parts[name].label, -means[name], is_level=False) for name in PARTS[1:]]
    left = sum(step.gw for step in steps)
    steps.append(Step("gap", "Gap", left, is_level=True))
    steps += [Step(name, source.label, -means[name], is_level=False) for name, source in layout.sources.items()]
    left -= sum(means[name] for name in sorted(layout.sources))
    return (*steps, Step("net", "Net gap", left, is_level=True))
