"""A model laid out for drawing: every amount in gigawatts of one axis, at the end of every year asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import StudyError
from wattworth.gap.conversion import Axis, factor
from wattworth.gap.curves import SupplyCurve
from wattworth.gap.numbers import Amount, Source
from wattworth.gap.ranges import Range, range_of
from wattworth.gap.rules import axis_of
from wattworth.gap.schema import PARTS, GapModel
from wattworth.records.axes import month_number
from wattworth.units import MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """One amount: a part of the gap, or a source.

    Attributes
    ----------
    name, label, kind
        Key in the file, words for people, what it is.
    steps
        Its distributions: one for the window, or one for each year. [GW]
    stands_frac
        Array, shape (target, step): how much of each step stands at each target, clocks apart. [1]
    success
        Its chance of coming; None for a part. [1]
    start, ramp
        Months to its first power, and from there to all of it; None where it has no clock. [month]
    passed_months
        Array, shape (target,): months from the start of the clock to each target. [month]
    curve
        What stands in place of the source, its success in it, or None.
    """

    name: str
    label: str
    kind: str
    steps: tuple[Range, ...]
    stands_frac: NDArray[np.float64]
    success: Range | None = None
    start: Range | None = None
    ramp: Range | None = None
    passed_months: NDArray[np.float64] | None = None
    curve: SupplyCurve | None = None

    @property
    def low_gw(self) -> NDArray[np.float64]:
        """Least amount before its chance and clock, shape (target,). [GW]"""
        return self.stands_frac @ np.array([step.low for step in self.steps])

    @property
    def mean_gw(self) -> NDArray[np.float64]:
        """Mean amount before its chance and clock, shape (target,). [GW]"""
        return self.stands_frac @ np.array([step.mean for step in self.steps])

    @property
    def high_gw(self) -> NDArray[np.float64]:
        """Greatest amount before its chance and clock, shape (target,). [GW]"""
        return self.stands_frac @ np.array([step.high for step in self.steps])

    def delivered_frac(
        self, start_months: NDArray[np.float64] | float, ramp_months: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        """Share that stands at each target, shape (target, draw) or (target, 1). [1]"""
        if self.start is None or self.passed_months is None:
            return np.ones((self.stands_frac.shape[0], 1))
        passed = self.passed_months[:, None] - np.atleast_1d(start_months)
        whole = np.maximum(np.atleast_1d(ramp_months), 1e-9)
        return np.clip(passed / whole, 0.0, 1.0)

    @property
    def mean_delivered_frac(self) -> NDArray[np.float64]:
        """Share that stands at each target with start and ramp at their means, shape (target,). [1]"""
        if self.start is None:
            return np.ones(self.stands_frac.shape[0])
        return self.delivered_frac(self.start.mean, 0.0 if self.ramp is None else self.ramp.mean)[:, 0]

    @property
    def delivered_ends_frac(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Least and greatest share that can stand at each target, each of shape (target,). [1]"""
        if self.start is None:
            return self.mean_delivered_frac, self.mean_delivered_frac
        ramps = (0.0, 0.0) if self.ramp is None else (self.ramp.high, self.ramp.low)
        late = self.delivered_frac(self.start.high, ramps[0])[:, 0]
        return late, self.delivered_frac(self.start.low, ramps[1])[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A model ready to be drawn.

    Attributes
    ----------
    model, axis
        What is declared, and what its gigawatts are.
    targets
        Years at whose ends amounts stand, summed from the start of the window.
    headline
        Place among the targets of the one asked for.
    parts, sources
        Inputs by name, those that are known.
    missing
        Part or source to why it is not known.
    no_years
        Names without a path over the years; empty where results by year exist.
    """

    model: GapModel
    axis: Axis
    targets: tuple[int, ...]
    headline: int
    parts: Mapping[str, Input]
    sources: Mapping[str, Input]
    missing: Mapping[str, str] = field(default_factory=dict)
    no_years: tuple[str, ...] = ()

    @property
    def gap_known(self) -> bool:
        """Whether all three parts of the gap are known."""
        return all(name in self.parts for name in PARTS)

    @property
    def net_known(self) -> bool:
        """Whether the gap and every source are known."""
        return self.gap_known and not any(name not in PARTS for name in self.missing)


def lay_out(model: GapModel, year: int | None = None, curves: Sequence[SupplyCurve] = ()) -> Layout:
    """Lay a model out.

    Parameters
    ----------
    model
        What a file declares.
    year
        Year whose end is asked for; None is the end of the window.
    curves
        What stands in place of some sources, or beside them.

    Raises
    ------
    StudyError
        If the year is outside the window, the model has no path to it, or a curve does not reach it.
    """
    axis = axis_of(model)
    no_years = tuple(name for name, amount in _amounts(model) if not _has_path(model, amount))
    if year is not None and year not in model.years:
        raise StudyError(f"{model.name} adds up {model.start_year} to {model.end_year}; {year} lies outside")
    if year is not None and no_years:
        raise StudyError(
            f"{model.name} states no years for {', '.join(no_years)}, and none are made up: give by_year or start, "
            "or an allocation with a label that says what is assumed"
        )
    targets = (model.end_year,) if no_years else tuple(model.years)
    parts = {name: _input(model, axis, name, part, targets) for name in PARTS if (part := model.part(name))}
    sources = {
        name: _input(model, axis, name, source, targets)
        for name, source in (model.sources or {}).items()
        if _source_gap(source) is None
    }
    missing = _missing(model)
    for curve in curves:
        replaced = [name for name, source in (model.sources or {}).items() if source.kind == curve.kind]
        for name in replaced:
            sources.pop(name, None)
            missing.pop(name, None)
        sources[curve.name] = _curve_input(curve, targets)
    headline = len(targets) - 1 if year is None else targets.index(year)
    return Layout(model, axis, targets, headline, parts, sources, missing, no_years)


def _amounts(model: GapModel) -> list[tuple[str, Amount]]:
    parts = [(name, part) for name in PARTS if (part := model.part(name)) is not None]
    return [*parts, *(model.sources or {}).items()]


def _has_path(model: GapModel, amount: Amount) -> bool:
    own = amount.by_year is not None or model.start_year == model.end_year or not amount.stated
    return own or model.allocation is not None or (isinstance(amount, Source) and amount.start is not None)


def _source_gap(source: Source) -> str | None:
    """What a source lacks to be counted, or None."""
    if not source.stated:
        return "no amount is stated"
    return None if source.success is not None and source.success.known else "no chance of success is stated"


def _missing(model: GapModel) -> dict[str, str]:
    told = dict(model.missing or {})
    out = {name: told.get(name, "not stated in the file") for name in PARTS if model.part(name) is None}
    if model.sources is None:
        out["sources"] = told.get("sources", "not stated in the file")
    for name, source in (model.sources or {}).items():
        lack = _source_gap(source)
        if lack is not None:
            out[name] = told.get(f"sources.{name}", lack)
    return out


def _input(model: GapModel, axis: Axis, name: str, amount: Amount, targets: tuple[int, ...]) -> Input:
    scale = factor(amount.unit or model.unit, amount.measure or model.measure, amount.basis or model.basis, axis)
    years = amount.by_year
    numbers = [amount] if years is None else [years[year] for year in sorted(years)]
    steps = tuple(made.scaled(scale) for number in numbers if (made := range_of(number)) is not None)
    own = Input(name, name.replace("_", " ").capitalize(), "part", steps, _stands_frac(model, amount, targets))
    if not isinstance(amount, Source):
        return own
    return replace(
        own,
        label=amount.label or own.label,
        kind=amount.kind,
        success=None if amount.success is None else range_of(amount.success),
        start=None if amount.start is None else range_of(amount.start),
        ramp=None if amount.ramp is None else range_of(amount.ramp),
        passed_months=_passed_months(model, targets) if amount.start is not None else None,
    )


def _stands_frac(model: GapModel, amount: Amount, targets: tuple[int, ...]) -> NDArray[np.float64]:
    """How much of each step stands at each target, shape (target, step)."""
    if amount.by_year is not None:
        years = np.array(sorted(amount.by_year))
        reached = np.array(targets)[:, None]
        return (years == reached if amount.years == "cumulative" else years <= reached).astype(np.float64)
    clocked = isinstance(amount, Source) and amount.start is not None
    if clocked or model.allocation is None or len(targets) == 1:
        return np.ones((len(targets), 1))
    shares = model.allocation.frac_by_year
    reached = np.cumsum([shares[year] for year in sorted(shares)])
    return (reached / reached[-1])[:, None]


def _passed_months(model: GapModel, targets: tuple[int, ...]) -> NDArray[np.float64]:
    begun = month_number(model.clock_from or "2000-01")
    return np.array([float((year + 1) * MONTHS_PER_YEAR - 1 - begun) for year in targets])


def _curve_input(curve: SupplyCurve, targets: tuple[int, ...]) -> Input:
    absent = [year for year in targets if year not in curve.years]
    if absent:
        raise StudyError(f"the curve of {curve.label} holds no {absent[0]}; ask for its years up to {targets[-1]}")
    rows = curve.gw[[curve.years.index(year) for year in targets]]
    kept = replace(curve, years=targets, gw=rows)
    low, high = rows.min(axis=1), rows.max(axis=1)
    steps = tuple(Range(float(a), 0.5 * float(a + b), float(b), "uniform") for a, b in zip(low, high, strict=True))
    return Input(curve.name, curve.label, curve.kind, steps, np.eye(len(targets)), curve=kept)
