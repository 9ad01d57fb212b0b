"""Every number of a model with where it comes from, the weakest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wattworth.facts.fact import WEAKEST_FIRST
from wattworth.gap.numbers import Amount, Number, Source
from wattworth.gap.result import UsedNumber
from wattworth.gap.schema import PARTS, GapModel


def used_numbers(model: GapModel, left_out: Iterable[str] = ()) -> tuple[UsedNumber, ...]:
    """Numbers of a model in the order of trust, then of the file; without those of sources that are left out."""
    out = tuple(f"sources.{name}" for name in left_out)
    kept = [number for number in _numbers(model) if not any(f"{number.key}.".startswith(f"{key}.") for key in out)]
    return tuple(sorted(kept, key=lambda number: WEAKEST_FIRST.index(number.confidence)))


def _numbers(model: GapModel) -> Iterator[UsedNumber]:
    for key in PARTS:
        if (part := model.part(key)) is not None:
            yield from _amount(model, key, part)
    for name, source in (model.sources or {}).items():
        yield from _amount(model, f"sources.{name}", source)
    for key in ("load_factor", "gross_per_it"):
        ratio: Number | None = getattr(model, key)
        if ratio is not None:
            yield _used(model, key, "ratio", ratio)
    if model.allocation is not None:
        share = model.allocation
        for year, value in share.frac_by_year.items():
            key = f"allocation.{year}"
            source, trust = share.source or model.source, share.confidence
            yield UsedNumber(key, "frac", None, value, None, source, model.published, trust, share.label)
    for family in ("amounts", "success"):
        joint = getattr(model.correlation, family) if model.correlation is not None else None
        if joint is not None:
            pairs = {"common": joint.common_frac} if joint.common_frac is not None else {}
            pairs |= {"-".join(pair.between): pair.correlation_frac for pair in joint.pairs or ()}
            for name, value in pairs.items():
                key = f"correlation.{family}.{name}"
                source = joint.source or model.source
                yield UsedNumber(key, "frac", None, value, None, source, model.published, joint.confidence, joint.note)


def _amount(model: GapModel, key: str, amount: Amount) -> Iterator[UsedNumber]:
    unit = amount.unit or model.unit
    if amount.known:
        yield _used(model, key, unit, amount)
    for year, number in (amount.by_year or {}).items():
        yield _used(model, f"{key}.{year}", unit, number, amount)
    if isinstance(amount, Source):
        for name, unit in (("success", "frac"), ("start", "months"), ("ramp", "months")):
            number: Number | None = getattr(amount, name)
            if number is not None and number.known:
                yield _used(model, f"{key}.{name}", unit, number)


def _used(model: GapModel, key: str, unit: str, number: Number, above: Number | None = None) -> UsedNumber:
    outer = above or number
    return UsedNumber(
        key=key,
        unit=unit,
        low=number.low,
        value=number.mode if number.value is None else number.value,
        high=number.high,
        source=number.source or outer.source or model.source,
        as_of=number.as_of or outer.as_of or model.published,
        confidence=number.confidence or outer.confidence or model.confidence,
        note=number.note or outer.note,
    )
