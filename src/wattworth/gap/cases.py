"""Published views of demand on one axis, each with what it counts, converted only where a ratio is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from wattworth import facts
from wattworth.errors import DataError
from wattworth.gap.conversion import Axis, Unit, factor
from wattworth.gap.numbers import Basis, Measure

_TABLE: Final = "demand_cases"


@dataclass(frozen=True, slots=True)
class Band:
    """A figure or a range, in the unit of the field that holds it; all three equal where a figure stands alone."""

    low: float
    value: float
    high: float

    def times(self, ratio: float) -> Band:
        """The same in another unit."""
        return Band(self.low * ratio, self.value * ratio, self.high * ratio)


@dataclass(frozen=True, slots=True)
class DemandCase:
    """One published figure, and the same on other axes as far as stated ratios carry.

    Attributes
    ----------
    case_id
        Its row.
    publisher, published
        Who, and when.
    region, scope
        Where, and which load: data centres, AI, or all load.
    counts
        ``level`` of a year, ``additions`` of a year, ``added by`` a year, or ``planned``.
    year
        Year it stands for.
    unit, measure, basis
        As printed: TWh or GW; capacity, peak or average; meter or critical IT.
    printed
        The figure as printed, in its unit.
    load_factor_frac
        Average over capacity or peak that converted it; None where nobody states one. [1]
    load_factor_source
        ``printed`` with the case, ``given`` by the caller, or None.
    twh, average_gw, full_gw
        Energy of a year; average power; and capacity or peak. None where a ratio is missing.
    full_measure
        What ``full_gw`` is.
    source, confidence, note
        Where it comes from.
    """

    case_id: str
    publisher: str
    published: str
    region: str
    scope: str
    counts: str
    year: int
    unit: Unit
    measure: Measure
    basis: Basis
    printed: Band
    load_factor_frac: float | None
    load_factor_source: str | None
    twh: Band | None
    average_gw: Band | None
    full_gw: Band | None
    full_measure: Measure
    source: str
    confidence: str
    note: str | None

    def document(self) -> dict[str, Any]:
        """The case as plain mappings and numbers."""
        return asdict(self)


def demand_cases(
    *, region: str | None = None, scope: str | None = None, load_factor_frac: float | None = None
) -> tuple[DemandCase, ...]:
    """Every packaged case of demand, in the order of the table.

    Parameters
    ----------
    region, scope
        Narrow the cases, such as ``US`` and ``data centres``.
    load_factor_frac
        Average over capacity or peak, for cases that state none; without it, gigawatts of capacity stay without
        energy and energy without capacity. [1]

    Raises
    ------
    DataError
        If the load factor is not above 0 and at most 1.
    """
    if load_factor_frac is not None and not 0 < load_factor_frac <= 1:
        raise DataError(f"got a load factor of {load_factor_frac:g}, need a fraction above 0 and at most 1")
    rows = facts.table(_TABLE).iter_rows(named=True)
    kept = (row for row in rows if region in (None, row["region"]) and scope in (None, row["scope"]))
    return tuple(_case(row, load_factor_frac) for row in kept)


def _case(row: Mapping[str, Any], given: float | None) -> DemandCase:
    unit, measure, basis = cast("Unit", row["unit"]), cast("Measure", row["measure"]), cast("Basis", row["basis"])
    ratio = row["load_factor"] if row["load_factor"] is not None else given
    full: Measure = "capacity" if measure == "average" else measure
    printed = _band(row)
    average = _on("average", printed, unit, measure, basis, ratio)
    return DemandCase(
        **{name: row[name] for name in ("case_id", "publisher", "published", "region", "scope", "counts", "year")},
        unit=unit,
        measure=measure,
        basis=basis,
        printed=printed,
        load_factor_frac=ratio,
        load_factor_source=None if ratio is None else "given" if row["load_factor"] is None else "printed",
        twh=None if average is None else average.times(1.0 / factor("TWh", "average", basis, Axis("average", basis))),
        average_gw=average,
        full_gw=_on(full, printed, unit, measure, basis, ratio),
        full_measure=full,
        source=row["source"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _band(row: Mapping[str, Any]) -> Band:
    low, value, high = row["low"], row["value"], row["high"]
    if low is None or high is None:
        return Band(float(value), float(value), float(value))
    return Band(float(low), 0.5 * (low + high) if value is None else float(value), float(high))


def _on(target: Measure, printed: Band, unit: Unit, measure: Measure, basis: Basis, ratio: float | None) -> Band | None:
    try:
        return printed.times(factor(unit, measure, basis, Axis(target, basis, ratio)))
    except DataError:
        return None
