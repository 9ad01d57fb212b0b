"""A study as one plain document and back, so that a run can be made again from its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from wattworth.errors import FactError, StudyError
from wattworth.facts import Fact
from wattworth.records import SCHEMA_VERSION, HourlySeries, MonthlySeries
from wattworth.study.declared import DoubleCount, Override
from wattworth.study.gate_files import GateRow
from wattworth.study.named import CaseFact, NamedCase
from wattworth.study.plan_block import PlanBlock
from wattworth.study.raw import unknown_use
from wattworth.study.schema import Site, Study, UseSpec
from wattworth.study.site_supply import SiteSupply

if TYPE_CHECKING:
    from wattworth.records import MarketSeries

Document = dict[str, Any]

PLAIN: Final = (
    "name",
    "title",
    "description",
    "as_of",
    "usd_year",
    "horizon_years",
    "convention",
    "commodity_case",
    "tax_losses",
    "tenant_demand_gw_per_year",
)
"""Fields of a study that are one word or number each."""

_KINDS: Final[Mapping[str, type[MonthlySeries] | type[HourlySeries]]] = {
    "monthly": MonthlySeries,
    "hourly": HourlySeries,
}


def study_document(study: Study) -> Document:
    """Everything a study holds, in words, numbers, lists and mappings that JSON can carry.

    Parameters
    ----------
    study
        Filled or not.

    Returns
    -------
    dict
        What :func:`study_from_document` turns back into an equal study.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        **{name: getattr(study, name) for name in PLAIN},
        "sites": [_stated(site) for site in study.sites],
        "uses": {name: options.model_dump(mode="json") for name, options in study.uses.items()},
        "overrides": {key: _stated(override) for key, override in study.overrides.items()},
        "double_counts": [_stated(count) for count in study.double_counts],
        "discount": None if study.discount is None else dict(study.discount),
        "facts": {key: asdict(fact) for key, fact in study.facts.items()},
        "cases": {name: _case(case) for name, case in study.cases.items()},
        "gates": [_stated(row) for row in study.gates],
        "market_series": {name: _series(own) for name, own in study.market_series.items()},
        "supply": {site_id: _stated(supply) for site_id, supply in study.supply.items()},
        "plan": None if study.plan is None else _stated(study.plan),
        "places": dict(study.places),
    }


def study_from_document(document: Mapping[str, Any], specs: Mapping[str, UseSpec]) -> Study:
    """The study behind a document of :func:`study_document`.

    Parameters
    ----------
    document
        As written, or as read back from JSON.
    specs
        Uses that may be enabled, by name.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If the document is of another version, names a use that is not installed, or holds what a study cannot.
    """
    where = f"recorded study {document.get('name', 'without a name')}"
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise StudyError(
            f"{where}: schema_version is {version!r}, need {SCHEMA_VERSION}; read the study from its files"
        )
    known = {*PLAIN, "schema_version", *(field.name for field in fields(Study))}
    if strange := sorted(document.keys() - known):
        raise StudyError(f'{where}: unknown key "{strange[0]}"; it was recorded by another wattworth')
    for name in document.get("uses", {}):
        if name not in specs:
            raise StudyError(f"{where}: {unknown_use(name, specs)}")
    try:
        return _study(document, specs)
    except (ValidationError, KeyError, TypeError, AttributeError, FactError) as error:
        first = (str(error).splitlines() or [""])[0]
        raise StudyError(f"{where}: damaged: {type(error).__name__}: {first}; read the study from its files") from error


def _study(document: Mapping[str, Any], specs: Mapping[str, UseSpec]) -> Study:
    return Study(
        **{name: document[name] for name in PLAIN},
        sites=tuple(Site.model_validate(site) for site in document["sites"]),
        uses={name: specs[name].options.model_validate(options) for name, options in document["uses"].items()},
        overrides={key: Override.model_validate(override) for key, override in document["overrides"].items()},
        double_counts=tuple(DoubleCount.model_validate(count) for count in document["double_counts"]),
        discount=None if document["discount"] is None else dict(document["discount"]),
        facts={key: Fact(**fact) for key, fact in document["facts"].items()},
        cases={name: _read_case(case) for name, case in document["cases"].items()},
        gates=tuple(GateRow.model_validate(row) for row in document.get("gates", ())),
        market_series={name: _read_series(own) for name, own in document["market_series"].items()},
        supply={site_id: SiteSupply.model_validate(own) for site_id, own in document.get("supply", {}).items()},
        plan=None if document.get("plan") is None else PlanBlock.model_validate(document["plan"]),
        places=dict(document["places"]),
    )


def _stated(record: BaseModel) -> Document:
    """Fields that are not empty; an empty one is empty again when it is read back."""
    return record.model_dump(mode="json", exclude_none=True)


def _case(case: NamedCase) -> Document:
    return {
        "description": case.description,
        "facts": {key: _stated(fact) for key, fact in case.facts.items()},
        "sites": {site_id: dict(changes) for site_id, changes in case.sites.items()},
        "discount": None if case.discount is None else dict(case.discount),
        "commodity_case": case.commodity_case,
        "places": dict(case.places),
    }


def _read_case(case: Mapping[str, Any]) -> NamedCase:
    return NamedCase(**{**case, "facts": {key: CaseFact.model_validate(fact) for key, fact in case["facts"].items()}})


def _series(own: MarketSeries) -> Document:
    kind = next(kind for kind, of in _KINDS.items() if isinstance(own, of))
    held = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(own).items()}
    return {"kind": kind, **held}


def _read_series(own: Mapping[str, Any]) -> MarketSeries:
    held: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in own.items() if name != "kind"
    }
    return _KINDS[own["kind"]](**held)
