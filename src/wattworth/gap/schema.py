"""Keys of a model file: what a published or own model of a power gap says.

The docstring under a field is its description everywhere: in messages and in the reference of the keys.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from wattworth.gap.numbers import Amount, Basis, Measure, Ratio, Source, Trust
from wattworth.gap.rules import faults_of
from wattworth.records import SCHEMA_VERSION
from wattworth.study.declared import ConflictError, Declared
from wattworth.study.fields import Date, Slug, Text

PARTS: Final = ("demand", "under_construction", "grid_access")
"""The three parts of a gap, in the order of the arithmetic; what they leave is for the sources."""

_MONTH: Final = Field(
    pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", json_schema_extra={"need": "a month as YYYY-MM", "kind": "month"}
)
_YEAR: Final = Field(ge=1990, le=2100, json_schema_extra={"need": "a year from 1990 to 2100"})
_SHARE: Final = Field(ge=0, le=1, json_schema_extra={"unit": "frac"})


class Pair(Declared):
    """Two names and how far they move together."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2, json_schema_extra={"need": "two names"})]
    """The two."""
    correlation_frac: Annotated[float, Field(gt=-1, lt=1, json_schema_extra={"unit": "frac"})]
    """Correlation of the normal numbers behind them."""


class Joint(Declared):
    """How several inputs move together: one common factor, or a matrix given by its pairs."""

    common_frac: Annotated[float | None, Field(ge=0, lt=1, json_schema_extra={"unit": "frac"})] = None
    """Correlation of every two of them, from one common factor."""
    over: Annotated[tuple[str, ...] | None, Field(json_schema_extra={"need": "a list of names"})] = None
    """Which share the factor; empty means all sources."""
    pairs: Annotated[tuple[Pair, ...] | None, Field(json_schema_extra={"need": "a list of pairs"})] = None
    """Correlations by pair instead; what is not named is independent."""
    source: str | None = None
    """Where it comes from."""
    confidence: Trust = "assumption"
    """Trust in it."""
    note: str | None = None
    """Anything a reader should know."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.common_frac is None) == (self.pairs is None):
            raise ConflictError([("common_frac", "need one of common_frac and pairs")])
        return self


class Correlation(Declared):
    """What moves together: the amounts, and apart from them whether sources come at all."""

    amounts: Joint | None = None
    """Of the amounts of sources, and by pair of `demand`, `under_construction` and `grid_access` too."""
    success: Joint | None = None
    """Of the success of sources; in the mode `simulated` only."""


class Allocation(Declared):
    """An assumption on the years in which amounts come that nobody prints by year."""

    label: Text
    """What is assumed, in one sentence; every result by year repeats it."""
    frac_by_year: Annotated[dict[int, float], Field(json_schema_extra={"need": "a mapping of years to shares"})]
    """Share of each year of the window; the shares sum to 1."""
    source: str | None = None
    """Where it comes from."""
    confidence: Trust = "assumption"
    """Trust in it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.frac_by_year.values())
        if any(share < 0 for share in self.frac_by_year.values()) or abs(total - 1) > 1e-6:
            message = f"the shares sum to {total:g}; need shares of 0 or more that sum to 1"
            raise ConflictError([("frac_by_year", message)])
        return self


class Region(Declared):
    """Shares of one region in each amount; what the regions leave is elsewhere."""

    demand_frac: Annotated[float, _SHARE]
    """Of demand."""
    under_construction_frac: Annotated[float, _SHARE]
    """Of what is under construction."""
    grid_access_frac: Annotated[float, _SHARE]
    """Of near-term grid access."""
    source_frac: Annotated[dict[str, float], Field(json_schema_extra={"need": "a mapping of sources to shares"})]
    """Of each source, by its key."""
    source: str | None = None
    """Where the shares come from."""
    confidence: Trust = "assumption"
    """Trust in them."""


class PrintedFigure(Declared):
    """A result as printed, to stand beside the computed one."""

    value: float
    """The figure, in the file's unit; a share as a fraction."""
    tolerance: Annotated[float, Field(ge=0)] = 0.5
    """How far rounding may take the print from what is computed."""
    source: str | None = None
    """Who printed it; empty takes the file's."""
    note: str | None = None
    """The words of the print, or what is odd about it."""


class Printed(Declared):
    """Results as the note prints them."""

    gap: PrintedFigure | None = None
    """Shortfall before any source."""
    ttp_low: PrintedFigure | None = None
    """Sources at their low ends times their chances."""
    ttp_high: PrintedFigure | None = None
    """The same at their high ends."""
    net_high: PrintedFigure | None = None
    """Upper or only net shortfall: the gap less `ttp_low`."""
    net_mid: PrintedFigure | None = None
    """Lower net shortfall: the gap less the middle of the sources."""
    share: PrintedFigure | None = None
    """Net shortfall over demand."""


class GapModel(Declared):
    """A model of a power gap as its file declares it."""

    schema_version: Annotated[int, Field(ge=SCHEMA_VERSION, le=SCHEMA_VERSION, json_schema_extra={"need": "1"})] = 1
    """Version of this layout."""
    name: Slug
    """Short name of the model."""
    title: Text
    """Name for people."""
    publisher: Text
    """Whose model it is."""
    series: str | None = None
    """Name that the versions of one model share."""
    published: Date = None
    """Date of the note."""
    region: Text
    """What the figures cover, such as US."""
    start_year: Annotated[int, _YEAR]
    """First year of the window that the figures add up."""
    end_year: Annotated[int, _YEAR]
    """Last year of it."""
    unit: Literal["GW", "MW", "TWh"] = "GW"
    """Unit of an amount that states none."""
    measure: Measure = "capacity"
    """What the gigawatts of the result are, and those of an amount that states none."""
    basis: Basis = "meter"
    """Where the result is counted, and an amount that states none."""
    load_factor: Ratio | None = None
    """Average over `measure`; turns energy and averages into it, and without one they are refused beside it."""
    gross_per_it: Ratio | None = None
    """Gigawatts at the meter per gigawatt of critical IT; without one the two are refused side by side."""
    source: Text
    """Where the numbers come from, unless one says otherwise."""
    confidence: Trust = "low"
    """Trust in the numbers, unless one says otherwise."""
    note: str | None = None
    """Anything a reader should know of the whole."""
    demand: Amount | None = None
    """New demand over the window."""
    under_construction: Amount | None = None
    """Supply that is being built."""
    grid_access: Amount | None = None
    """What the grid can connect in time."""
    sources: Annotated[
        dict[str, Source] | None, Field(json_schema_extra={"need": "a mapping of names to sources, `{}` for none"})
    ] = None
    """What can come without waiting for the grid. `{}` says there is none; an empty key, that none is known."""
    missing: Annotated[dict[str, str] | None, Field(json_schema_extra={"need": "a mapping of parts to reasons"})] = None
    """Parts that were looked for and not found, each with a word on why."""
    clock_from: Annotated[str | None, _MONTH] = None
    """Month from which `start` counts."""
    correlation: Correlation | None = None
    """What moves together; without it every input is drawn for itself."""
    allocation: Allocation | None = None
    """How amounts without years of their own fall over the years; an assumption, and labelled as one."""
    regions: Annotated[
        dict[str, Region] | None, Field(json_schema_extra={"need": "a mapping of regions to shares"})
    ] = None
    """Split over regions."""
    printed: Printed | None = None
    """What the note prints as its results."""

    def part(self, name: str) -> Amount | None:
        """One of the three parts; None where the file leaves it out or empty."""
        amount: Amount | None = getattr(self, name)
        return amount if amount is not None and amount.stated else None

    @property
    def years(self) -> range:
        """The years of the window."""
        return range(self.start_year, self.end_year + 1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        pairs = [*faults_of(self)]
        if pairs:
            raise ConflictError(pairs)
        return self
