"""Named cases: sets of changed inputs, each with its reason, side by side on the central path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from wattworth import facts, uses
from wattworth.errors import FactError, Fault, StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Override, Study, fill
from wattworth.study.named import CaseFact, NamedCase
from wattworth.study.raw import did_you_mean
from wattworth.valuation.central import Central, central
from wattworth.valuation.inputs import Input, fact_input, moved, with_site
from wattworth.valuation.plan import fact_keys
from wattworth.valuation.run import read_study
from wattworth.valuation.totals import counted_frac

Document = dict[str, Any]

BASE: Final = "as declared"
"""Name of the study without a case."""


def named_cases(source: Study | str | Path, *, only: str | None = None, sites_glob: str | None = None) -> Document:
    """Value every named case of a study on the central path, beside the study as declared.

    Parameters
    ----------
    source
        A study, or where to read it.
    only
        One case; None for all.
    sites_glob
        Glob on site_id that narrows the sites.

    Returns
    -------
    dict
        See the docs page on questions.

    Raises
    ------
    StudyError
        With every fault of every case, each with its place.
    """
    study = source if isinstance(source, Study) else read_study(source)
    if not study.cases:
        raise StudyError(f'{study.name} declares no cases; add them under "cases" in study.yaml')
    if only is not None and only not in study.cases:
        near = did_you_mean(only, study.cases)
        raise StudyError(f'no case "{only}" in {study.name}{near}; it has {", ".join(study.cases)}')
    chosen = {name: case for name, case in study.cases.items() if only in (None, name)}
    faults: list[Fault] = []
    changed = {name: with_case(study, name, case, faults) for name, case in chosen.items()}
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    found = {BASE: central(study, sites_glob)} | {name: central(c, sites_glob) for name, c in changed.items()}
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "as_of": study.as_of,
        "usd_year": study.usd_year,
        "basis": "central path, no draws",
        "cases": [_case_document(name, chosen.get(name), one) for name, one in found.items()],
    }


def with_case(study: Study, name: str, case: NamedCase, faults: list[Fault]) -> Study:
    """The study under a named case; what cannot be done is added to the faults, with its place."""
    overrides: dict[str, Override] = {}
    for key, change in case.facts.items():
        where = case.places.get(key, f'cases, "{name}", fact "{key}"')
        try:
            overrides[key] = _override(study, key, change)
        except FactError as error:
            faults.append(Fault(where, str(error)))
        except StudyError as error:
            faults += error.faults or [Fault(where, str(error))]
    changes: dict[str, Any] = {"overrides": {**study.overrides, **overrides}}
    if case.discount is not None:
        changes["discount"] = case.discount
    if case.commodity_case is not None:
        changes["commodity_case"] = case.commodity_case
    moved_study = replace(study, **changes)
    for site_id, columns in case.sites.items():
        try:
            moved_study = with_site(moved_study, site_id, columns)
        except StudyError as error:
            faults.append(Fault(case.places.get(site_id, f'cases, "{name}", site "{site_id}"'), str(error)))
    return moved_study


def _override(study: Study, key: str, change: CaseFact) -> Override:
    """A change as an override: a value and a scale take the range along, an end stands without one."""
    asked = _asked(study, key)
    if change.at is not None:
        end = asked.low if change.at == "low" else asked.high
        if end is None:
            raise FactError(f'fact {key} has no range, so it has no "{change.at}"; state a value or a scale')
        return Override(value=end, unit=asked.unit, source=change.source)
    present = asked.value or 0.0
    value = present * change.scale if change.scale is not None else float(change.value or 0.0)
    if not asked.least <= value <= asked.most:
        raise FactError(f"fact {key}: {value:g} lies outside {asked.least:g} to {asked.most:g}")
    return moved(asked, value, change.source)


def _asked(study: Study, key: str) -> Input:
    """The fact, also where no enabled use reads it: a case may be shared by studies with other uses."""
    if key in fact_keys(study):
        return fact_input(study, key)
    book = uses.fact_book()
    fact: facts.Fact = fill(study, book, [book.require(key).key]).facts[key]
    return Input(key, "fact", key, "", fact.unit, fact.value, float("-inf"), float("inf"), fact.low, fact.high)


def _case_document(name: str, case: NamedCase | None, found: Central) -> Document:
    sites = [_site_document(found, site_id) for site_id in found.values]
    counted = [(row, site) for row, site in zip(sites, found.plan.sites, strict=True) if row["best_use"] is not None]
    total_usd = firm_mw = 0.0
    for row, site in counted:
        weight = counted_frac(found.plan, site)
        total_usd += weight * row["uses"][row["best_use"]]["risked_npv_usd"]
        firm_mw += weight * site.firm_gross_mw
    return {
        "name": name,
        "description": case.description if case is not None else None,
        "changes": _changes(case),
        "discount": dict(found.plan.study.discount) if found.plan.study.discount else None,
        "sites": sites,
        "totals": {
            "share_firm_gross_mw": firm_mw,
            "risked_npv_usd": total_usd,
            "usd_per_gross_w": total_usd / firm_mw / 1e6 if firm_mw else None,
        },
    }


def _site_document(found: Central, site_id: str) -> Document:
    return {
        "site_id": site_id,
        "best_use": found.values[site_id].best_use,
        "uses": {name: found.use_document(site_id, name) for name in found.values[site_id].uses},
    }


def _changes(case: NamedCase | None) -> list[Document]:
    """What a case changes, each with its reason."""
    if case is None:
        return []
    facts_changed = [
        {"input": key, **change.model_dump(exclude_none=True, exclude={"source"}), "source": change.source}
        for key, change in case.facts.items()
    ]
    columns = [
        {"input": f"{column} of {site_id}", "value": value}
        for site_id, changes in case.sites.items()
        for column, value in changes.items()
    ]
    return [*facts_changed, *columns]
