"""What every part of a declaration is, and its smallest parts: a changed fact, a double count."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wattworth.study.fields import Date, Megawatts, Slug, Text


class ConflictError(ValueError):
    """Fields of one record that contradict each other: pairs of field name and message."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        super().__init__("; ".join(f"{name}: {message}" for name, message in pairs))


class Declared(BaseModel):
    """A record of a study: no key beside its own, and nothing changes in it."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class DoubleCount(Declared):
    """Megawatts that two rows may both hold."""

    site_id: Slug
    """Row whose megawatts totals leave out."""
    same_as: Slug
    """Row that already holds them."""
    reason: Text
    """Why they are the same."""
    mw: Megawatts = None
    """Megawatts left out; empty means all of the row."""


class Override(Declared):
    """A fact changed by a study."""

    value: float
    """Central value, in the unit of the fact."""
    low: float | None = None
    """P10; empty together with `high` means no range."""
    high: float | None = None
    """P90."""
    unit: str | None = None
    """Unit; empty takes that of the fact, and another unit is refused."""
    money_year: Annotated[
        int | None, Field(ge=1990, le=2100, json_schema_extra={"need": "a year from 1990 to 2100"})
    ] = None
    """Year of the money; empty means the study's `usd_year`."""
    source: Text
    """Where the value comes from."""
    as_of: Date = None
    """Date of the source; empty means the study's as-of month."""
    confidence: Literal["high", "medium", "low", "derived", "assumption"] = "assumption"
    """Trust in the value."""
    note: str = ""
    """Anything a reader should know."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ConflictError([("low", "low and high go together; fill both or neither")])
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ConflictError([("value", f"{self.value:g} lies outside low {self.low:g} to high {self.high:g}")])
        return self
