"""Rules of a model file that span several of its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from wattworth.errors import DataError
from wattworth.gap.conversion import Axis, factor
from wattworth.study.raw import did_you_mean

if TYPE_CHECKING:
    from wattworth.gap.numbers import Amount
    from wattworth.gap.schema import GapModel, Joint

_PARTS: Final = ("demand", "under_construction", "grid_access")

Faults = Iterator[tuple[str, str]]


def axis_of(model: GapModel) -> Axis:
    """What the gigawatts of a model's result are.

    A model whose every amount is energy or an average is an average itself and needs no load factor.
    """
    ratio = model.load_factor.value if model.load_factor is not None else None
    gross = model.gross_per_it.value if model.gross_per_it is not None else None
    amounts = [amount for _, amount in stated_amounts(model)]
    energy = bool(amounts) and all(
        (amount.unit or model.unit) == "TWh" or (amount.measure or model.measure) == "average" for amount in amounts
    )
    return Axis("average" if energy and ratio is None else model.measure, model.basis, ratio, gross)


def stated_amounts(model: GapModel) -> list[tuple[str, Amount]]:
    """Every amount that a model states, with its place in the file."""
    parts = [(name, getattr(model, name)) for name in _PARTS]
    sources = [(f"sources.{name}", source) for name, source in (model.sources or {}).items()]
    return [(place, amount) for place, amount in (*parts, *sources) if amount is not None and amount.stated]


def faults_of(model: GapModel) -> Faults:
    """What contradicts itself in a model, as pairs of dotted place and message."""
    if model.end_year < model.start_year:
        yield "end_year", f"{model.end_year} is before the start_year {model.start_year}"
        return
    yield from _missing(model)
    yield from _units(model)
    yield from _years(model)
    yield from _correlation(model)
    yield from _regions(model)


def _missing(model: GapModel) -> Faults:
    known = [*_PARTS, "sources", *(f"sources.{name}" for name in model.sources or ())]
    for name in model.missing or ():
        if name not in known:
            yield f"missing.{name}", f'unknown part "{name}"{did_you_mean(name, known)}; parts: {", ".join(known)}'
        elif name in dict(stated_amounts(model)):
            yield f"missing.{name}", f"{name} is given above; keep one of the two"


def _units(model: GapModel) -> Faults:
    axis = axis_of(model)
    for place, amount in stated_amounts(model):
        try:
            factor(amount.unit or model.unit, amount.measure or model.measure, amount.basis or model.basis, axis)
        except DataError as error:
            yield place, str(error)


def _years(model: GapModel) -> Faults:
    window = [*model.years]
    listed = [(f"{place}.by_year", [*amount.by_year]) for place, amount in stated_amounts(model) if amount.by_year]
    if model.allocation is not None:
        listed.append(("allocation.frac_by_year", [*model.allocation.frac_by_year]))
    for place, years in listed:
        if sorted(years) != window:
            yield place, f"holds {_span(years)}, need each year from {window[0]} to {window[-1]}"
    for name, source in (model.sources or {}).items():
        if source.start is not None and model.clock_from is None:
            yield f"sources.{name}.start", "months count from clock_from, which the file does not state"
        if source.ramp is not None and source.start is None:
            yield f"sources.{name}.ramp", "needs a start beside it"
        if source.start is not None and source.by_year is not None:
            yield f"sources.{name}.start", "stands beside by_year; keep one of the two"


def _span(years: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(years))) or "no years"


def _correlation(model: GapModel) -> Faults:
    if model.correlation is None:
        return
    sources = [*(model.sources or ())]
    for family, known in (("amounts", [*sources, *_PARTS]), ("success", sources)):
        joint: Joint | None = getattr(model.correlation, family)
        if joint is None:
            continue
        place = f"correlation.{family}"
        names = [*(joint.over or ()), *(name for pair in joint.pairs or () for name in pair.between)]
        unknown = [name for name in names if name not in known]
        if unknown:
            near = did_you_mean(unknown[0], known)
            yield place, f'unknown name "{unknown[0]}"{near}; names: {", ".join(known)}'
        elif any(pair.between[0] == pair.between[1] for pair in joint.pairs or ()):
            yield place, "a pair needs two different names"
        elif joint.pairs is not None and not _possible(joint):
            yield place, "no set of numbers can have these correlations; lower some of them"


def _possible(joint: Joint) -> bool:
    import numpy as np

    return bool(np.linalg.eigvalsh(matrix(joint, sorted(pair_names(joint)))).min() > 1e-12)


def pair_names(joint: Joint) -> set[str]:
    """Names that the pairs of a correlation hold."""
    return {name for pair in joint.pairs or () for name in pair.between}


def matrix(joint: Joint, names: list[str]) -> list[list[float]]:
    """Correlation matrix of names from the pairs that are given, shape (name, name). [1]"""
    given = {frozenset(pair.between): pair.correlation_frac for pair in joint.pairs or ()}
    return [[1.0 if a == b else given.get(frozenset((a, b)), 0.0) for b in names] for a in names]


def _regions(model: GapModel) -> Faults:
    regions = model.regions or {}
    sources = [*(model.sources or ())]
    for name, region in regions.items():
        for source, share in region.source_frac.items():
            if source not in sources:
                yield f"regions.{name}.source_frac", f'no source "{source}"{did_you_mean(source, sources)}'
            elif not 0 <= share <= 1:
                yield f"regions.{name}.source_frac", f"{source}: got {share:g}, need a share from 0 to 1"
    sums: Mapping[str, float] = {
        **{part: sum(getattr(region, f"{part}_frac") for region in regions.values()) for part in _PARTS},
        **{name: sum(region.source_frac.get(name, 0.0) for region in regions.values()) for name in sources},
    }
    over = [
        f"shares of {name} sum to {total:g}, more than the whole" for name, total in sums.items() if total > 1 + 1e-9
    ]
    if over:
        yield "regions", "; ".join(over)
