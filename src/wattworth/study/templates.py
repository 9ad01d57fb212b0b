"""Starting points for a study of one's own: a copy of a packaged one, or blank files that explain themselves."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from wattworth.errors import Fault, StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.study import fields
from wattworth.study.packaged import packaged_folder, packaged_names
from wattworth.study.raw import did_you_mean
from wattworth.study.reading import SITES_FILE, STUDY_FILE, read
from wattworth.study.schema import Site, Study, StudyFile, UseSpec
from wattworth.study.xlsx_writer import workbook

BLANK: Final = "blank"

EXAMPLE_SITE: Final[Mapping[str, object]] = {
    "site_id": "acme-north",
    "name": "North mine",
    "company": "Acme",
    "country": "US",
    "iso": "ERCOT",
    "operating_gross_mw": 100,
    "pipeline_gross_mw": 50,
    "pipeline_date": "2028-01",
    "pipeline_stage": "study",
    "firm": "firm",
    "power_contract": "fixed",
    "power_price_usd_per_mwh": 42.5,
    "previous_use": "bitcoin_mine",
    "confidence": "low",
    "source": "an example",
}
"""Row shown as a comment in a blank study."""

_EXAMPLE_FACT = "  lease.term: {value: 12, low: 10, high: 15, unit: yr, source: where it comes from, confidence: low}"
_EXAMPLE_DOUBLE_COUNT = "  - {site_id: acme-north, same_as: acme-south, reason: one connection serves both}"
_EXAMPLE_PLAN = ("  limits:", "    capital: {kind: capital, per_period: 500, source: the board}")
_EXAMPLE_SUPPLY = "  acme-north: {case: power.yaml, serves: unbuilt}"


def write_template(
    folder_or_file: Path,
    origin: str,
    specs: Mapping[str, UseSpec],
    *,
    xlsx: bool,
    others: Iterable[str] = (),
) -> Path:
    """Write the start of a study: a folder of text files, or one workbook.

    Parameters
    ----------
    folder_or_file
        Where to write. A workbook takes the suffix ``.xlsx``, and a name that has it is a workbook.
    origin
        Name of a packaged study, or ``blank``. A blank study has one fault left: it has no sites.
    specs
        Uses that may be enabled, by name.
    xlsx
        Whether to write one workbook instead of a folder.
    others
        Names that another command starts from, to be named where the origin is unknown.

    Returns
    -------
    Path
        The folder or workbook written.

    Raises
    ------
    StudyError
        If the origin is unknown, or the place is taken or cannot be written; nothing is ever overwritten.
    """
    if origin != BLANK and origin not in packaged_names():
        known = (*packaged_names(), *others, BLANK)
        raise _refused(
            origin, f"no such study to start from{did_you_mean(origin, known)}; there are {', '.join(known)}"
        )
    return write_start(
        folder_or_file,
        lambda name: _blank_folder(name, specs) if origin == BLANK else _packaged_copy(origin),
        lambda name: template_workbook(origin, name, specs),
        xlsx=xlsx,
    )


def write_start(
    folder_or_file: Path,
    folder: Callable[[str], Mapping[str, bytes]],
    book: Callable[[str], bytes],
    *,
    xlsx: bool,
) -> Path:
    """Write files into a new folder, or one workbook.

    Parameters
    ----------
    folder_or_file
        Where to write. A workbook takes the suffix ``.xlsx``, and a name that has it is a workbook.
    folder
        From the name of the study to its files by name.
    book
        From the name of the study to the content of its workbook.
    xlsx
        Whether to write one workbook instead of a folder.

    Returns
    -------
    Path
        The folder or workbook written.

    Raises
    ------
    StudyError
        If the place is taken or cannot be written; nothing is ever overwritten.
    """
    is_file = folder_or_file.suffix.lower() == ".xlsx"
    if xlsx and folder_or_file.name in {"", ".."}:
        raise _refused(str(folder_or_file), "need the name of a workbook, such as mine.xlsx")
    name = folder_or_file.stem if is_file else folder_or_file.resolve().name
    try:
        if xlsx or is_file:
            target = folder_or_file if is_file else folder_or_file.with_name(f"{folder_or_file.name}.xlsx")
            _write_file(target, book(name))
            return target
        contents = folder(name)
        if folder_or_file.is_dir() and any(folder_or_file.iterdir()):
            raise _refused(str(folder_or_file), "the folder is not empty; name a new one, or empty it first")
        for file, content in contents.items():
            _write_file(folder_or_file / file, content)
    except OSError as error:
        raise _refused(str(folder_or_file), f"cannot be written: {error.strerror or error}") from None
    return folder_or_file


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise _refused(str(path), "already exists; choose another name, or move it away first") from None


def _refused(where: str, message: str) -> StudyError:
    return StudyError([Fault(where, message)])


def _packaged_copy(origin: str) -> dict[str, bytes]:
    folder = packaged_folder(origin)
    return {name: folder.joinpath(name).read_bytes() for name in (STUDY_FILE, SITES_FILE)}


def template_workbook(origin: str, name: str, specs: Mapping[str, UseSpec]) -> bytes:
    """The bytes of a workbook that starts a study from a packaged one, or from ``blank``."""
    if origin == BLANK:
        return workbook(_blank_study(name), specs, EXAMPLE_SITE)
    return workbook(read(origin, specs), specs)


def _blank_study(name: str) -> Study:
    """The settings a blank study starts with, and no sites."""
    return Study(
        name=re.sub(r"[\W_]+", "-", name)[:80].strip("-").lower() or "my-study",
        title=None,
        description=None,
        as_of="2026-07",
        usd_year=2026,
        horizon_years=StudyFile.model_fields["horizon_years"].default,
        convention=StudyFile.model_fields["convention"].default,
        tax_losses="carried",
        tenant_demand_gw_per_year=None,
        sites=(),
        uses={},
    )


def _blank_folder(name: str, specs: Mapping[str, UseSpec]) -> dict[str, bytes]:
    settings = "\n".join(_yaml_lines(_blank_study(name), specs))
    table = io.StringIO(newline="")
    rows = csv.DictWriter(table, list(Site.model_fields), lineterminator="\n")
    rows.writeheader()
    rows.writerow({**EXAMPLE_SITE, "site_id": f"# {EXAMPLE_SITE['site_id']}"})
    return {STUDY_FILE: settings.encode(), SITES_FILE: table.getvalue().encode()}


def _yaml_lines(study: Study, specs: Mapping[str, UseSpec]) -> Iterator[str]:
    """Every setting under its meaning; one that may stay out stands behind a ``#`` without a space."""
    yield "# Settings of a study. Take away the # before a setting to change it; its default stands beside it."
    nested = {
        "uses": [f"  {name}: {{}}" for name in specs],
        "facts": [_EXAMPLE_FACT],
        "double_counts": [_EXAMPLE_DOUBLE_COUNT],
        "market_files": [],
        "fact_files": [],
        "gate_files": [],
        "supply": [_EXAMPLE_SUPPLY],
        "plan": [*_EXAMPLE_PLAN],
    }
    for name, info in StudyFile.model_fields.items():
        yield ""
        yield from (f"# {line}" for line in textwrap.wrap(f"{info.description} Needs {fields.need(info)}.", 98))
        if name in nested:
            yield from (f"#{line}" for line in (f"{name}:", *nested[name]))
        else:
            value = SCHEMA_VERSION if name == "schema_version" else getattr(study, name) or info.default
            # Text in quotes: no word or number in it is taken for another.
            yield f"{'' if info.is_required() else '#'}{name}: {json.dumps(value, ensure_ascii=False)}"
    yield ""
