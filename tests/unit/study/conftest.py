"""Small studies written to disk, each with one thing wrong or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from wattworth.study import UseSpec, check

SETTINGS = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
HEADER = "site_id,name,company,country,operating_gross_mw"
SITES = f"{HEADER}\nacme-north,North,Acme,US,100\n"

Faults = Callable[..., list[str]]


class PlainOptions(BaseModel):
    """No options."""

    model_config = ConfigDict(extra="forbid")


class LeaseOptions(PlainOptions):
    """Two options of an invented use."""

    rent_usd: float | None = None
    payer: Literal["landlord", "tenant"] = "landlord"

    @field_validator("rent_usd")
    @classmethod
    def _not_thirteen(cls, rent_usd: float | None) -> float | None:
        if rent_usd == 13:
            raise ValueError("13 is refused by the use itself")
        return rent_usd


SPECS = {"mine": UseSpec("mine", PlainOptions), "lease": UseSpec("lease", LeaseOptions)}


@pytest.fixture
def specs() -> dict[str, UseSpec]:
    """Two invented uses."""
    return SPECS


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder with a study; None leaves a file out."""

    def write(yaml: str | bytes | None = SETTINGS, sites: str | bytes | None = SITES) -> Path:
        for name, content in (("study.yaml", yaml), ("sites.csv", sites)):
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (tmp_path / name).write_bytes(data)
        return tmp_path

    return write


@pytest.fixture
def folder_faults(folder: Callable[..., Path]) -> Faults:
    """Faults of a folder, as printed."""
    return lambda yaml=SETTINGS, sites=SITES: [str(fault) for fault in check(folder(yaml, sites), SPECS)]


@pytest.fixture
def cell_fault(folder_faults: Faults) -> Callable[[str, str], str]:
    """The one fault of a cell in row 2, without its place; empty if there is none."""

    def find(column: str, text: str) -> str:
        header = HEADER if column in HEADER else f"{HEADER},{column}"
        row = {"site_id": "a", "name": "A", "company": "A", "country": "US", "operating_gross_mw": "100", column: text}
        quoted = ",".join('"' + row[name].replace('"', '""') + '"' for name in header.split(","))
        place = f'sites.csv row 2, column "{column}": '
        found = folder_faults(sites=f"{header}\n{quoted}\n")
        assert len(found) <= 1, found
        assert all(fault.startswith(place) for fault in found), found
        return found[0].removeprefix(place) if found else ""

    return find


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write mine.xlsx with given sheets; None leaves a sheet out."""

    def write(**sheets: list[list[object]] | None) -> Path:
        settings = [line.split(": ") for line in SETTINGS.splitlines()]
        sound = {
            "study": [["key", "value"], *settings],
            "sites": [HEADER.split(","), ["acme-north", "North", "Acme", "US", 100]],
        }
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in {**sound, **sheets}.items():
            if rows is not None:
                sheet = book.create_sheet(name)
                for row in rows:
                    sheet.append(row)
        book.save(tmp_path / "mine.xlsx")
        return tmp_path / "mine.xlsx"

    return write


@pytest.fixture
def workbook_faults(workbook: Callable[..., Path]) -> Faults:
    """Faults of a workbook, as printed."""
    return lambda **sheets: [str(fault) for fault in check(workbook(**sheets), SPECS)]
