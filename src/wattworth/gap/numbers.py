"""The numbers of a model file: amounts, chances and clocks, each a value or a range with where it comes from.

The docstring under a field is its description everywhere: in messages and in the reference of the keys.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wattworth.study.declared import ConflictError, Declared
from wattworth.study.fields import Date

Shape = Literal["fixed", "uniform", "triangular", "pert"]
Trust = Literal["high", "medium", "low", "derived", "assumption"]
Measure = Literal["capacity", "peak", "average"]
Basis = Literal["meter", "critical_it"]
Kind = Literal["gas_turbine", "gas_engine", "fuel_cell", "nuclear", "bitcoin_sites", "storage", "renewable", "other"]


class Number(Declared):
    """One number: a `value`, or a range from `low` to `high`, perhaps with its `mode`."""

    value: float | None = None
    """The number, where it has no range."""
    low: float | None = None
    """Least it can be."""
    mode: float | None = None
    """Likeliest, for the shapes `triangular` and `pert`."""
    high: float | None = None
    """Most it can be."""
    shape: Shape | None = None
    """How it spreads over its range; empty: `uniform` between low and high, `triangular` where a mode is given."""
    source: str | None = None
    """Who printed it; empty takes the file's."""
    as_of: Date = None
    """Date it stands for; empty takes the file's."""
    confidence: Trust | None = None
    """Trust in it; empty takes the file's. `assumption`: nobody printed it."""
    note: str | None = None
    """Anything a reader should know."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        pairs = [*_form_faults(self)]
        if pairs:
            raise ConflictError(pairs)
        return self

    @property
    def known(self) -> bool:
        """Whether it holds a number at all."""
        return self.value is not None or self.low is not None


def _form_faults(number: Number) -> list[tuple[str, str]]:
    low, mode, high = number.low, number.mode, number.high
    if (low is None) != (high is None):
        return [("low" if low is not None else "high", "low and high go together; fill both or neither")]
    if mode is not None and low is None:
        return [("mode", "needs a low and a high; a number without a range is written as value")]
    if number.value is not None and low is not None:
        return [("value", "stands beside a range; write the middle as mode, or clear low and high")]
    if low is not None and high is not None and not low <= (low if mode is None else mode) <= high:
        middle = "" if mode is None else f", mode {mode:g}"
        return [("low", f"low {low:g}{middle} and high {high:g} are out of order")]
    need = {"fixed": number.value is not None, "uniform": low is not None and mode is None}
    if number.shape is not None and number.known and not need.get(number.shape, mode is not None):
        words = {"fixed": "value alone", "uniform": "low and high without a mode"}
        return [("shape", f"{number.shape} needs {words.get(number.shape, 'low, mode and high')}")]
    return []


class Chance(Number):
    """A chance, from 0 to 1."""

    @model_validator(mode="after")
    def _between(self) -> Self:
        for name in ("value", "low", "mode", "high"):
            number = getattr(self, name)
            if number is not None and not 0 <= number <= 1:
                raise ConflictError([(name, f"got {number:g}, need a fraction from 0 to 1")])
        return self


class Months(Number):
    """A duration in months, not below nought."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        for name in ("value", "low"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise ConflictError([(name, f"got {number:g}, need months, 0 or more")])
        return self


class Ratio(Number):
    """A ratio above nought."""

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.low is not None:
            raise ConflictError([("low", "a conversion is one stated ratio; write it as value")])
        if self.value is not None and self.value <= 0:
            raise ConflictError([("value", f"got {self.value:g}, need a ratio above 0")])
        return self


class Amount(Number):
    """An amount of power, or of energy where the unit says so."""

    unit: Literal["GW", "MW", "TWh"] | None = None
    """Unit; empty takes the file's. TWh are those of a year."""
    measure: Measure | None = None
    """What the gigawatts are: `capacity` connected, `peak`, or the `average` of a year; empty takes the file's."""
    basis: Basis | None = None
    """Where they are counted: at the `meter`, or `critical_it` without cooling; empty takes the file's."""
    by_year: Annotated[dict[int, Number] | None, Field(json_schema_extra={"need": "a mapping of years to numbers"})] = (
        None
    )
    """The amount of each year of the window, where the source prints one."""
    years: Literal["additions", "cumulative"] = "additions"
    """What `by_year` holds: what each year adds, or the sum since the start of the window."""

    @model_validator(mode="after")
    def _whole_or_years(self) -> Self:
        if self.by_year is None:
            return self
        if self.known:
            raise ConflictError([("by_year", "stands beside an amount for the whole window; keep one of the two")])
        unknown = [year for year, number in self.by_year.items() if not number.known]
        if unknown:
            raise ConflictError([("by_year", f"{unknown[0]} holds no number; leave by_year out if a year is missing")])
        return self

    @property
    def stated(self) -> bool:
        """Whether any amount is given, for the window or by year."""
        return self.known or self.by_year is not None


class Source(Amount):
    """Power that comes without waiting for the grid, and its chance of coming."""

    label: str | None = None
    """Words for people; empty takes the key."""
    kind: Kind = "other"
    """What it is; the megawatts of a portfolio replace `bitcoin_sites`."""
    success: Chance | None = None
    """Chance that it comes."""
    start: Months | None = None
    """Months from `clock_from` to its first power."""
    ramp: Months | None = None
    """Months from the first power to all of it; empty means at once."""
