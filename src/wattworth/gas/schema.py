"""Columns and keys of a gas study's files; the docstring under a field is its description everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.fields import FieldInfo

from wattworth.gas.quantities import VolumeUnit
from wattworth.study.declared import Declared
from wattworth.study.fields import Date, Slug, Text
from wattworth.study.sheets import COLUMNS

Volume = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "the study's volume a year"})]
PerMmbtu = Annotated[float, Field(ge=0, le=1000, json_schema_extra={"unit": "$/MMBtu"})]
Fraction = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
Loss = Annotated[float, Field(ge=-0.5, lt=1, json_schema_extra={"unit": "frac"})]
Ratio = Annotated[float, Field(gt=0, le=100, json_schema_extra={"unit": "ratio"})]
Money = Annotated[float, Field(ge=0, json_schema_extra={"unit": "$M"})]
Kilometres = Annotated[float, Field(ge=0, json_schema_extra={"unit": "km"})]
Inches = Annotated[float | None, Field(gt=0, le=80, json_schema_extra={"unit": "inch"})]
Degrees = Annotated[float | None, Field(ge=-180, le=180, json_schema_extra={"unit": "deg"})]
Year = Annotated[int | None, Field(ge=1990, le=2200, json_schema_extra={"need": "a year from 1990 to 2200"})]
Whole = Annotated[int, Field(ge=0, le=10_000)]
Lead = Annotated[int | None, Field(ge=0, le=50, json_schema_extra={"unit": "years"})]
WorkerYears = Annotated[float, Field(ge=0, json_schema_extra={"unit": "worker-years"})]
Number = Annotated[float, Field()]
LimitAmount = Annotated[float | None, Field()]
Exported = Annotated[float, Field(ge=0, json_schema_extra={"unit": "the study's volume a year"})]
HeatingValue = Annotated[float | None, Field(ge=20, le=60, json_schema_extra={"unit": "MMBtu per 1,000 m3 at 20 C"})]
Trust = Literal["high", "medium", "low", "derived", "assumption"]


class Sourced(Declared):
    """What every row says of itself."""

    source: str | None = None
    """Where its numbers come from."""
    confidence: Trust = "assumption"
    """How sure they are."""
    note: str | None = None
    """Anything a reader should know."""


class NodeRow(Sourced):
    """A row of nodes.csv."""

    node: Slug
    """Its name."""
    kind: Literal["field", "hub", "market"]
    """What it is; only a field has gas."""
    volume: Volume = None
    """Most that a field can produce in its first year."""
    decline_frac: Fraction = 0.0
    """Yearly fall of that volume."""
    first_year: Year = None
    """First year of production; empty means the study's."""
    committed: Volume = None
    """Least that it produces, such as gas that comes with oil; it falls as the volume does."""
    cost_usd_per_mmbtu: PerMmbtu = 0.0
    """Cash cost of a unit produced."""
    shut_in_usd_per_mmbtu: PerMmbtu = 0.0
    """Cost of a unit that could be produced and is not."""
    latitude: Degrees = None
    """For the map."""
    longitude: Degrees = None
    """For the map."""
    volume_unit: VolumeUnit
    """Unit of its volumes; one unit for the whole study."""


class LinkRow(Sourced):
    """A row of links.csv."""

    link: Slug
    """Its name."""
    from_node: Slug
    """Where it starts."""
    to_node: Slug
    """Where it ends."""
    kind: Literal["pipeline", "shipping"] = "pipeline"
    """What it is."""
    length_km: Kilometres = 0.0
    """Length."""
    capacity: Volume = None
    """Most that enters it before anything is built; empty means none is there yet."""
    committed: Volume = None
    """Least that must enter it, such as a contract's minimum."""
    tariff_usd_per_mmbtu: PerMmbtu = 0.0
    """Cash cost of what enters it."""
    loss_frac: Loss = 0.0
    """Share that does not arrive; below nought where gas joins on the way."""
    first_year: Year = None
    """First year in which it is open."""
    last_year: Year = None
    """Last year in which it is open."""
    added: Volume = None
    """Capacity of one new line; empty means none can be built."""
    added_capex_musd: Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$M"})] = None
    """Cost of one; empty takes diameter and length."""
    added_diameter_inch: Inches = None
    """Diameter, where the cost is not given."""
    added_most: Whole = 1
    """Most new lines."""
    added_lead_years: Lead = None
    """Years from decision to flow; empty takes the fact."""
    added_first_year: Year = None
    """First year in which one may be decided."""
    added_worker_years: WorkerYears = 0.0
    """Work of building one, for limits on the workforce; no packaged figure exists."""
    volume_unit: VolumeUnit
    """Unit of its volumes."""


class OptionRow(Sourced):
    """A row of options.csv: a use of gas at a node."""

    option: Slug
    """Its name."""
    use: Text
    """Which use."""
    node: Slug
    """Where it takes gas."""
    price: str | None = None
    """Commodity of prices.csv that its product sells by; empty takes that of the use."""
    price_ratio: Ratio = 1.0
    """What it is paid over that price."""
    transport_usd_per_unit: Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$/unit"})] = None
    """From plant to buyer; empty takes the facts."""
    existing: Volume = None
    """Gas it can take before anything is built; empty means no limit where nothing is built, and none elsewhere."""
    last_year: Year = None
    """Last year in which it sells."""
    train: Volume = None
    """Gas that one new plant takes at full use; empty means none can be built."""
    most_trains: Whole = 0
    """Most new plants."""
    earliest_year: Year = None
    """First year in which one may be decided."""
    lead_years: Lead = None
    """Years from decision to product; empty takes the facts."""
    capex_ratio: Ratio = 1.0
    """What it costs here over the facts."""
    stay_years: Annotated[int | None, Field(ge=1, le=50, json_schema_extra={"unit": "years"})] = None
    """Years after which a movable plant goes on to another place; it is paid for while it is here. Empty means all its
    life."""
    move_musd: Annotated[float, Field(ge=0, json_schema_extra={"unit": "$M"})] = 0.0
    """Cost of bringing one plant and taking it away, where it is movable."""
    depth: Volume = None
    """Most gas that its market takes."""
    price_effect_usd_per_mmbtu_per_bcm: Annotated[
        float, Field(ge=0, le=10, json_schema_extra={"unit": "$/MMBtu per bcm a year"})
    ] = 0.0
    """Fall of the price of all it sells for each volume it sells."""
    dutiable: bool = False
    """Whether its product pays export duty."""
    grid_km: Kilometres = 0.0
    """Power line that is missing."""
    fibre_km: Kilometres = 0.0
    """Fibre that is missing."""
    jobs_per_bcm: Annotated[float, Field(ge=0, json_schema_extra={"unit": "jobs per bcm a year"})] = 0.0
    """Jobs, where the study says so; no packaged figure exists."""
    build_worker_years: WorkerYears = 0.0
    """Work of building one new plant, for limits on the workforce; no packaged figure exists."""
    volume_unit: VolumeUnit
    """Unit of its volumes."""


LimitKind = Literal[
    "capital",
    "capital_total",
    "foreign_capital",
    "it_load",
    "product",
    "gas",
    "workforce",
    "technology",
    "capex_ratio",
    "delay",
    "price_ratio",
    "rate_addon",
]


class LimitRow(Sourced):
    """A row of limits.csv: a limit, or a barrier that changes what others cost."""

    limit: Slug
    """Its name."""
    kind: LimitKind
    """What it limits or changes."""
    applies_to: str | None = None
    """Options, links or uses, with semicolons between; empty means all."""
    year: Year = None
    """Only year in which it holds; empty means every year."""
    amount: LimitAmount = None
    """How much; for technology the year in which it can be had, empty for never."""
    unit: Text
    """Unit of the amount."""
    together: str | None = None
    """Name of a set of limits that are also taken away at once, where one alone opens nothing."""


class PriceRow(Sourced):
    """A row of prices.csv."""

    case: Text
    """Price case."""
    commodity: Text
    """What is priced."""
    value: Number
    """Price, real."""
    unit: Text
    """Unit, such as $/t."""
    growth_frac: Annotated[float, Field(ge=-0.5, le=0.5, json_schema_extra={"unit": "frac/yr"})] = 0.0
    """Real growth a year."""


class LostExports(Declared):
    """What was sold and no longer is."""

    peak: Exported
    """Volume of the best year."""
    price_usd_per_mmbtu: PerMmbtu
    """Price then."""
    now: Exported
    """Volume still sold."""
    source: Text
    """Where they come from."""


class GasStudyFile(Declared):
    """Keys of study.yaml."""

    schema_version: int = 1
    """Version of these keys."""
    name: Slug
    """Short name."""
    title: Text
    """Title."""
    description: str = ""
    """What it asks, and what is weak in it."""
    as_of: Date = None
    """Date of its figures."""
    usd_year: Annotated[int, Field(ge=2003, le=2026, json_schema_extra={"need": "a year from 2003 to 2026"})]
    """Year of all money, which is real."""
    first_year: Annotated[int, Field(ge=1990, le=2200, json_schema_extra={"need": "a year from 1990 to 2200"})]
    """First year."""
    years: Annotated[int, Field(ge=1, le=60, json_schema_extra={"unit": "years"})]
    """Number of years."""
    volume_unit: VolumeUnit
    """Unit of all volumes."""
    mmbtu_per_thousand_m3: HeatingValue = None
    """Heating value; empty takes the fact."""
    real_rate_frac: Annotated[float, Field(ge=0, le=0.5, json_schema_extra={"unit": "frac"})]
    """Real cost of capital of the country, before the add-ons of limits.csv; its risk stands here and nowhere else."""
    export_duty_frac: Fraction = 0.0
    """Share of the border price of what is dutiable."""
    extraction_usd_per_mmbtu: PerMmbtu = 0.0
    """Extraction tax."""
    co2_usd_per_t: Annotated[float, Field(ge=0, le=1000, json_schema_extra={"unit": "$/t"})] = 0.0
    """Price of carbon dioxide."""
    viewpoint: Literal["country", "owner"] = "country"
    """Whose worth is made large: owner and state together, or the owner after duty and extraction tax."""
    objective: Literal["npv", "revenue", "jobs"] = "npv"
    """What is made large."""
    charge: Literal["annual", "once"] = "annual"
    """Capital as yearly cost over the years it runs within the study, or all of it when it is decided."""
    cases: Annotated[dict[str, Any], Field(json_schema_extra={"need": "a mapping of price cases to their chances"})]
    """Chance of each price case; they sum to 1."""
    worst_weight_frac: Annotated[float, Field(ge=0, lt=1, json_schema_extra={"unit": "frac"})] = 0.0
    """Weight on the worst case; the rest is on the mean."""
    lost_exports: Annotated[
        dict[str, Any] | None,
        Field(json_schema_extra={"need": "a mapping of peak, price_usd_per_mmbtu, now and source"}),
    ] = None
    """What the income is set against."""
    facts: Annotated[
        dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping of fact keys to value, source and the rest"})
    ] = None
    """Facts that the study changes, each with its source."""
    bridge: bool = False
    """Whether the bridge from the quoted surplus to gigawatts belongs to it."""


ROWS: Final[Mapping[str, type[Sourced]]] = {
    "nodes": NodeRow,
    "links": LinkRow,
    "options": OptionRow,
    "limits": LimitRow,
    "prices": PriceRow,
}
"""Sheet, or CSV file, to what a row of it is."""


def columns_of(model: type[Sourced]) -> dict[str, FieldInfo]:
    """Columns of a row in the order of a table: its own, then its source, trust and note."""
    last = Sourced.model_fields
    return {name: info for name, info in model.model_fields.items() if name not in last} | dict(last)


SHEETS: Final[Mapping[str, Mapping[str, FieldInfo]]] = {
    "study": COLUMNS["study"],
    **{name: columns_of(model) for name, model in ROWS.items()},
    "facts": COLUMNS["facts"],
    "notes": COLUMNS["notes"],
}
"""Sheet of a workbook to its columns."""
