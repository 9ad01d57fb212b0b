"""Named cases and hurdle rates as a study declares them: checked, each complaint with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from wattworth.errors import Fault
from wattworth.study.checking import check_record
from wattworth.study.declared import ConflictError
from wattworth.study.fields import Text
from wattworth.study.raw import RawCase, RawStudy, Record, did_you_mean, plain_text, shown
from wattworth.study.schema import Site

_CONFIG: Final = ConfigDict(
    extra="forbid", frozen=True, use_attribute_docstrings=True, str_strip_whitespace=True, allow_inf_nan=False
)
_RATE: Final = Field(gt=-0.5, lt=1, json_schema_extra={"unit": "frac/yr"})


class CaseFact(BaseModel):
    """A fact changed in a named case: by one of `value`, `scale` and `at`."""

    model_config = _CONFIG

    value: float | None = None
    """New value, in the unit of the fact and money of the study's `usd_year`."""
    scale: Annotated[float | None, Field(gt=0, le=1000)] = None
    """Factor on the value the study has."""
    at: Literal["low", "high"] | None = None
    """The low or the high end of the range the study has."""
    source: Text
    """Why the case takes it."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("value", "scale", "at") if getattr(self, name) is not None]
        if len(given) != 1:
            got = " and ".join(given) or "none"
            raise ConflictError([(given[-1] if given else "value", f"got {got}, need one of value, scale and at")])
        return self


class CaseFile(BaseModel):
    """Keys of a named case."""

    model_config = _CONFIG

    description: Text
    """What the case is and why it is asked."""
    facts: Annotated[dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping of facts to changes"})] = None
    """Facts the case changes."""
    sites: Annotated[dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping of site_id to columns"})] = None
    """Columns of sites the case changes."""
    discount: Annotated[dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping with by_use"})] = None
    """Hurdle rates by use, in place of the study's."""
    commodity_case: Literal["2025", "2026"] | None = None
    """Edition of the commodity price tables the case stands on, in place of the study's."""


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A set of changed inputs under one name.

    Attributes
    ----------
    description
        What it is and why it is asked.
    facts
        Fact key to its change.
    sites
        Site to columns and their new values.
    discount
        Use to hurdle rate, or None for the study's. [1/year]
    commodity_case
        Named path of prices, or None for the study's.
    places
        Where each fact and site stands, for messages.
    """

    description: str
    facts: Mapping[str, CaseFact] = field(default_factory=dict)
    sites: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    discount: Mapping[str, float] | None = None
    commodity_case: str | None = None
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def check_rates(
    record: Record | None, enabled: Iterable[str], known: Iterable[str], faults: list[Fault]
) -> dict[str, float] | None:
    """Hurdle rates by use: one for each enabled use, and for no use that does not exist."""
    if record is None:
        return None
    needed = tuple(enabled)
    columns: dict[str, Any] = dict.fromkeys(needed, (Annotated[float, _RATE], ...))
    columns |= {name: (Annotated[float | None, _RATE], None) for name in known if name not in columns}
    checked = check_record(create_model("Rates", __config__=_CONFIG, **columns), record, faults)
    return None if checked is None else {name: getattr(checked, name) for name in needed}


def check_cases(
    raw: RawStudy, sites: Sequence[Site | None], enabled: Iterable[str], known: Iterable[str], faults: list[Fault]
) -> dict[str, NamedCase]:
    """Every named case of a study."""
    rows = {site.site_id: record for record, site in zip(raw.sites or [], sites, strict=True) if site is not None}
    needed, names = tuple(enabled), tuple(known)
    found = {name: _case(case, rows, needed, names, faults) for name, case in raw.cases.items()}
    return {name: case for name, case in found.items() if case is not None}


def _case(
    raw: RawCase, rows: Mapping[str, Record], enabled: Sequence[str], known: Sequence[str], faults: list[Fault]
) -> NamedCase | None:
    header = check_record(CaseFile, raw.record, faults)
    facts = {key: check_record(CaseFact, record, faults) for key, record in raw.facts.items()}
    sites = {site_id: _changes(site_id, record, rows, faults) for site_id, record in raw.sites.items()}
    rates = check_rates(raw.rates, enabled, known, faults)
    if header is None:
        return None
    return NamedCase(
        description=header.description,
        facts={key: fact for key, fact in facts.items() if fact is not None},
        sites={site_id: changes for site_id, changes in sites.items() if changes is not None},
        discount=rates,
        commodity_case=header.commodity_case,
        places={name: record.where for name, record in {**raw.facts, **raw.sites}.items()},
    )


def _changes(site_id: str, record: Record, rows: Mapping[str, Record], faults: list[Fault]) -> dict[str, Any] | None:
    """Changed columns of a site, checked as the row they make."""
    if site_id not in rows:
        near = did_you_mean(site_id, rows)
        faults.append(Fault(record.where, f"no site {shown(site_id)} in the study{near}"))
        return None
    if (entry := record.entries.get("site_id")) is not None and plain_text(entry.value) != site_id:
        faults.append(Fault(entry.where, "a case cannot rename a site"))
        return None
    merged = Record(record.where, "column", {**rows[site_id].entries, **record.entries})
    site = check_record(Site, merged, faults)
    return None if site is None else {column: getattr(site, column) for column in record.entries}
