"""A study read from a folder, a workbook or the package: every fault found, then all reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath
from typing import Final, cast

from pydantic import BaseModel

from wattworth.errors import FactError, Fault, StudyError
from wattworth.facts import country_row
from wattworth.records import SCHEMA_VERSION, Calendar
from wattworth.study.checking import check_record
from wattworth.study.csv_reader import read_csv
from wattworth.study.declared import DoubleCount, Override
from wattworth.study.fact_files import read_fact_files
from wattworth.study.gate_files import read_gate_files
from wattworth.study.market_files import check_months, read_market_files
from wattworth.study.named import check_cases, check_rates
from wattworth.study.packaged import packaged_folder, packaged_names
from wattworth.study.plan_block import check_plan
from wattworth.study.raw import RawStudy, Record, did_you_mean, plain_text, shown, unknown_use
from wattworth.study.schema import Site, Study, StudyFile, UseSpec
from wattworth.study.site_supply import check_supplies
from wattworth.study.xlsx_reader import WORKBOOK_SUFFIXES, SheetCells, raw_study, read_workbook
from wattworth.study.yaml_reader import read_yaml

STUDY_FILE: Final = "study.yaml"
SITES_FILE: Final = "sites.csv"


def read(source: str | Path, specs: Mapping[str, UseSpec]) -> Study:
    """Read and check a study.

    Parameters
    ----------
    source
        A folder with ``study.yaml``, an ``.xlsx`` workbook (its suffix may be left out), or the name of a packaged
        study.
    specs
        Uses that may be enabled, by name.

    Returns
    -------
    Study
        The study; ``facts`` is empty until it is filled.

    Raises
    ------
    StudyError
        With every fault found.
    """
    study, faults = _read(source, specs)
    if faults or study is None:
        raise StudyError(faults)
    return study


def check(source: str | Path, specs: Mapping[str, UseSpec]) -> list[Fault]:
    """The faults that :func:`read` would raise; none if the study is sound."""
    return _read(source, specs)[1]


def check_sheets(sheets: SheetCells, name: str, specs: Mapping[str, UseSpec]) -> tuple[Study | None, list[Fault]]:
    """The study in the sheets of a workbook that is still being written, and every fault in it.

    Parameters
    ----------
    sheets
        Name of a sheet to its rows of cells, the row of column names first.
    name
        Of the workbook, for faults.
    specs
        Uses that may be enabled, by name.

    Returns
    -------
    tuple
        The study, None where it has faults, and these.
    """
    faults: list[Fault] = []
    study = _assemble(raw_study(sheets, name, faults), specs, faults)
    return (None if faults else study), list(dict.fromkeys(faults))


def _read(source: str | Path, specs: Mapping[str, UseSpec]) -> tuple[Study | None, list[Fault]]:
    faults: list[Fault] = []
    try:
        raw = _open(source, faults)
    except OSError as error:
        return None, [Fault(str(source), f"cannot be read: {error.strerror or error}")]
    study = _assemble(raw, specs, faults) if raw is not None else None
    return study, list(dict.fromkeys(faults))


def _open(source: str | Path, faults: list[Fault]) -> RawStudy | None:
    path = Path(source)
    if path.name == STUDY_FILE and path.is_file():
        path = path.parent
    name = str(source)
    if path.is_dir() and name:
        return _read_folder(path, name, faults)
    if name in packaged_names():
        return _read_folder(packaged_folder(name), name, faults)
    if path.name and not path.exists() and (beside := path.with_name(f"{path.name}.xlsx")).is_file():
        path = beside
    if path.is_file():
        if path.suffix.lower() in WORKBOOK_SUFFIXES:
            return read_workbook(path, faults)
        faults.append(Fault(path.name, f"need a folder with {STUDY_FILE}, or a workbook ending in .xlsx"))
        return None
    near = did_you_mean(name, packaged_names())
    listed = ", ".join(packaged_names())
    faults.append(Fault(name, f"no such folder, workbook or packaged study{near}; packaged: {listed}"))
    return None


def _read_folder(folder: Traversable, where: str, faults: list[Fault]) -> RawStudy | None:
    file = folder.joinpath(STUDY_FILE)
    if not file.is_file():
        held = sorted(child.name for child in folder.iterdir() if child.name.endswith((".yaml", ".yml", ".xlsx")))
        hint = f"; it holds {', '.join(held[:3])}: rename one, or name the workbook itself" if held else ""
        faults.append(Fault(where, f"no {STUDY_FILE} in the folder{hint}"))
        return None
    raw = RawStudy(header=None, sites_where=SITES_FILE, folder=folder)
    read_yaml(file, STUDY_FILE, raw, faults)
    entry = raw.header.entries.get("sites") if raw.header else None
    if entry is not None and isinstance(entry.value, str) and (name := plain_text(entry.value)):
        if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            faults.append(Fault(entry.where, f"got {shown(name)}, need a file inside the folder"))
            return raw
        raw.sites_where = name
    raw.sites = read_csv(folder.joinpath(raw.sites_where), raw.sites_where, tuple(Site.model_fields), faults)
    if raw.header is not None and (files := raw.header.entries.get("market_files")) is not None:
        raw.market_series = read_market_files(files, folder, faults)
    if raw.header is not None and (files := raw.header.entries.get("fact_files")) is not None:
        raw.facts = {**read_fact_files(files, folder, faults), **raw.facts}
    if raw.header is not None and (files := raw.header.entries.get("gate_files")) is not None:
        raw.gates = read_gate_files(files, folder, faults)
    return raw


def _assemble(raw: RawStudy, specs: Mapping[str, UseSpec], faults: list[Fault]) -> Study | None:
    header = check_record(StudyFile, raw.header, faults) if raw.header else None
    _check_version(raw, faults)
    uses = _uses(raw, specs, faults)
    overrides = {key: check_record(Override, record, faults) for key, record in raw.facts.items()}
    sites = _sites(raw, faults)
    counts = _double_counts(raw, faults)
    rates = check_rates(raw.rates, uses, specs, faults)
    cases = check_cases(raw, sites, uses, specs, faults)
    supply = check_supplies(raw.supply, sites, raw.folder, faults)
    plan = check_plan(raw.plan, sites, uses, header.as_of, faults) if header is not None else None
    if header is not None:
        _check_against(header, raw.sites or [], sites, faults)
        check_months(raw.market_series, header.as_of, faults)
    if faults or header is None:
        return None
    return Study(
        name=header.name,
        title=header.title,
        description=header.description,
        as_of=header.as_of,
        usd_year=header.usd_year,
        horizon_years=header.horizon_years,
        convention=header.convention,
        tax_losses=header.tax_losses,
        tenant_demand_gw_per_year=header.tenant_demand_gw_per_year,
        sites=tuple(site for site in sites if site is not None),
        uses=uses,
        overrides=cast("dict[str, Override]", overrides),
        double_counts=counts,
        discount=rates,
        cases=cases,
        commodity_case=header.commodity_case,
        market_series=raw.market_series,
        gates=raw.gates,
        supply=supply,
        plan=plan,
        places={key: record.where for key, record in raw.facts.items()} | (raw.plan.places if raw.plan else {}),
    )


def _check_version(raw: RawStudy, faults: list[Fault]) -> None:
    entry = raw.header.entries.get("schema_version") if raw.header else None
    if entry is None:
        return
    try:
        version = float(plain_text(entry.value))
    except ValueError:
        return
    if version.is_integer() and version != SCHEMA_VERSION:
        hint = "; it was written for a newer wattworth: update wattworth" if version > SCHEMA_VERSION else ""
        faults.append(Fault(entry.where, f"got {shown(version)}, need {SCHEMA_VERSION}{hint}"))


def _uses(raw: RawStudy, specs: Mapping[str, UseSpec], faults: list[Fault]) -> dict[str, BaseModel]:
    declared = raw.uses
    if declared is None:
        declared = {name: Record(f'use "{name}"', "key") for name in specs}
    elif not declared and raw.header is not None:
        where = raw.header.entries["uses"].where
        faults.append(Fault(where, f"no use named, need at least one of {', '.join(specs)}"))
    out: dict[str, BaseModel] = {}
    for name, record in declared.items():
        if name not in specs:
            faults.append(Fault(record.where, unknown_use(name, specs)))
        elif (options := check_record(specs[name].options, record, faults)) is not None:
            out[name] = options
    return out


def _has_country(iso_alpha2: str) -> bool:
    try:
        country_row(iso_alpha2)
    except FactError:
        return False
    return True


def _site_id(record: Record) -> str:
    entry = record.entries.get("site_id")
    return plain_text(entry.value) if entry else ""


def _sites(raw: RawStudy, faults: list[Fault]) -> list[Site | None]:
    if raw.sites is None:
        return []
    if not raw.sites and not any(fault.where.startswith(raw.sites_where) for fault in faults):
        faults.append(Fault(raw.sites_where, "no sites; need at least one row under the column names"))
    sites = [check_record(Site, record, faults) for record in raw.sites]
    seen: dict[str, str] = {}
    for record, site in zip(raw.sites, sites, strict=True):
        if site is not None and site.valued and not _has_country(site.country):
            message = f"{shown(site.country)} is not in the table of countries; need a code of ISO 3166, such as US"
            faults.append(Fault(record.entries["country"].where, message))
        site_id = _site_id(record)
        if site_id in seen:
            where = record.entries["site_id"].where
            faults.append(
                Fault(where, f"{shown(site_id)} is already the site_id of {seen[site_id]}; each is used once")
            )
        elif site_id:
            seen[site_id] = "row " + record.where.rpartition(" ")[2]
    return sites


def _double_counts(raw: RawStudy, faults: list[Fault]) -> tuple[DoubleCount, ...]:
    site_ids = {_site_id(record) for record in raw.sites or []}
    out: list[DoubleCount] = []
    left_out: set[tuple[str, str]] = set()
    for record in raw.double_counts:
        count = check_record(DoubleCount, record, faults)
        if count is None:
            continue
        out.append(count)
        left_out.add((count.site_id, count.same_as))
        for name in ("site_id", "same_as") if raw.sites is not None else ():
            value = getattr(count, name)
            if value not in site_ids:
                near = did_you_mean(value, site_ids)
                faults.append(Fault(record.entries[name].where, f"no site {shown(value)} in the study{near}"))
        if count.site_id == count.same_as:
            faults.append(Fault(record.where, f'"{count.site_id}" cannot be a double count of itself'))
        elif (count.same_as, count.site_id) in left_out:
            message = f'"{count.same_as}" is already left out for "{count.site_id}"; keep one of the two'
            faults.append(Fault(record.where, message))
    return tuple(out)


def _check_against(
    header: StudyFile, records: Sequence[Record], sites: Sequence[Site | None], faults: list[Fault]
) -> None:
    """What has ended before the study begins is a mistake of dates."""
    for record, site in zip(records, sites, strict=True):
        for name, message in ended_before(site, header.as_of) if site is not None else ():
            faults.append(Fault(record.entries[name].where, message))


def ended_before(site: Site, as_of: str) -> Iterator[tuple[str, str]]:
    """What of a site has ended before a study's as-of month, as pairs of column and message."""
    calendar, study_month = Calendar(as_of, 1), f"the study's as-of month {as_of}"
    if site.power_end is not None and calendar.index(site.power_end) < 0:
        yield "power_end", f"{site.power_end} is before {study_month}; correct it, or state the power contract of today"
    if site.lease_start is None or site.lease_term_years is None:
        return
    end = calendar.index(site.lease_start) + round(12 * site.lease_term_years)
    if end <= 0:
        message = (
            f"a lease from {site.lease_start} over {site.lease_term_years:g} years ends in {calendar.label(end)}, "
            f"not after {study_month}; correct the dates or remove the lease"
        )
        yield "lease_start", message
