"""LibreOffice, made to work every formula out anew, and what its cells then hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

_FORCED = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
"""Always: what is kept beside a formula is not believed."""


def office() -> str:
    """The program; without it the test skips, and with CI=true it fails."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        in_ci = os.environ.get("CI", "").lower() == "true"
        (pytest.fail if in_ci else pytest.skip)("LibreOffice is not installed (make system)")
    return found


def recalculated(program: str, folder: Path, *paths: Path) -> Path:
    """The folder with the workbooks, under their own names, every formula worked out anew; one start for all."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_FORCED, encoding="utf-8")
    done = subprocess.run(
        [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "done"), *map(str, paths)],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert all((folder / "done" / path.name).exists() for path in paths), done.stderr
    return folder / "done"


def places(path: Path) -> dict[tuple[str | None, str], tuple[str, str]]:
    """Names of cells, each with the sheet it belongs to or None, and where they stand."""
    book = openpyxl.load_workbook(path, read_only=True)
    book.close()
    scopes = [(None, book.defined_names), *((sheet.title, sheet.defined_names) for sheet in book)]
    found: dict[tuple[str | None, str], tuple[str, str]] = {}
    for scope, names in scopes:
        for name, defined in names.items():
            where, cell = defined.attr_text.rsplit("!", 1)
            found[scope, name] = where.strip("'"), cell.replace("$", "")
    return found


def changed(path: Path, changes: Mapping[tuple[str | None, str], float], out: Path) -> Path:
    """A copy with named inputs overwritten, as a person would; one that a scenario chooses is no formula then."""
    book, known = openpyxl.load_workbook(path, read_only=True), places(path)
    book.close()
    moved: dict[str, list[tuple[str, float]]] = {}
    for key, value in changes.items():
        sheet, cell = known[key]
        moved.setdefault(f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml", []).append((cell, value))
    with zipfile.ZipFile(path) as kept, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in kept.namelist():
            text = kept.read(entry)
            for cell, value in moved.get(entry, []):
                pattern = rf'(<c r="{cell}"[^>]*>)(?:<f>CHOOSE[^<]*</f>)?<v>[^<]*</v>'.encode()
                text, count = re.subn(pattern, rb"\g<1><v>" + repr(value).encode() + b"</v>", text)
                assert count == 1, f"{cell} holds no entered number"
            new.writestr(entry, text)
    return out


def values(path: Path, sheet: str, columns: int | None = None) -> list[tuple[Any, ...]]:
    """What the cells of a sheet hold, line by line."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    rows = list(book[sheet].iter_rows(max_col=columns, values_only=True))
    book.close()
    return rows


def named(
    path: Path, known: Mapping[tuple[str | None, str], tuple[str, str]], sheet: str, *names: str
) -> dict[str, Any]:
    """What named cells of a sheet hold."""
    rows = values(path, sheet, 3)
    return {name: rows[int(known[sheet, name][1][1:]) - 1][2] for name in names}


def differences(before: Path, after: Path, tolerance: float = 1e-9) -> list[str]:
    """Cells with a formula whose value moved by more than a share of the largest number of their line."""
    kept = openpyxl.load_workbook(before, data_only=True)
    formulas, found = openpyxl.load_workbook(before), openpyxl.load_workbook(after, data_only=True)
    out: list[str] = []
    for sheet in kept:
        for line in sheet.iter_rows():
            numbers = [abs(cell.value) for cell in line if isinstance(cell.value, int | float)]
            scale = max(numbers, default=1.0) or 1.0
            for cell in line:
                if not str(formulas[sheet.title][cell.coordinate].value).startswith("="):
                    continue
                value = found[sheet.title][cell.coordinate].value
                same = value == cell.value
                if isinstance(value, int | float) and isinstance(cell.value, int | float):
                    same = abs(value - cell.value) <= tolerance * scale
                if not same:
                    out.append(f"{sheet.title}!{cell.coordinate}: kept {cell.value}, found {value}")
    return out
