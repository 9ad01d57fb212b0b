"""Cells of a workbook that a reader takes for empty and are not: failed formulas, and formulas never calculated."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from wattworth.errors import Fault
from wattworth.study.raw import Formula
from wattworth.study.tables import column_number

_LARGEST_BYTES = 500_000_000
_MOST_CELLS = 5_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_NAME = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)")

Cells = dict[tuple[int, int], str]
"""Row and column, both counted from 0, to what stands there."""


def unread_cells(data: bytes, name: str, sheets: Collection[str], faults: list[Fault]) -> dict[str, Cells] | None:
    """Failed and uncalculated formulas of some sheets, or None with a fault if the workbook cannot be opened safely."""
    out: dict[str, Cells] = {}
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_BYTES:
                faults.append(Fault(name, f"unpacks to more than {_LARGEST_BYTES / 1e6:g} MB, too large for a study"))
                return None
            for sheet, part in _parts(archive):
                if sheet in sheets:
                    out[sheet], n_row, n_column = _scan(archive.read(part))
                    if n_row * n_column > _MOST_CELLS:
                        message = f"spans {n_row:,} rows and {n_column:,} columns; delete the cells far from the table"
                        faults.append(Fault(f'{name} sheet "{sheet}"', message))
                        return None
    except (BadZipFile, KeyError, ET.ParseError, NotImplementedError, RuntimeError) as error:
        faults.append(Fault(name, f"not an Excel workbook (.xlsx), or a broken one: {error}"))
        return None
    return out


def _parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the file in the archive that holds it."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for node in ET.fromstring(archive.read("xl/workbook.xml")).iter():
        if node.tag.rpartition("}")[2] == "sheet":
            target = targets[next((value for key, value in node.attrib.items() if key.endswith("}id")), None)]
            yield node.get("name", ""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _scan(content: bytes) -> tuple[Cells, int, int]:
    """Cells whose formula has no usable result, and the rows and columns up to the last cell that holds something."""
    unread: Cells = {}
    n_row = n_column = 0
    for cell in _CELL.finditer(content):
        attributes, body = cell[1], cell[2]
        name = _NAME.search(attributes)
        if not body or name is None:
            continue
        row, column = int(name[2]), column_number(name[1].decode())
        n_row, n_column = max(n_row, row), max(n_column, column)
        kind, formula, result = _TYPE.search(attributes), _FORMULA.search(body), _RESULT.search(body)
        if kind and kind[1] == b"e":
            unread[row - 1, column - 1] = result[1].decode() if result else "#N/A"
        elif formula and not result and not (kind and kind[1] == b"str"):
            unread[row - 1, column - 1] = Formula(f"={formula[1].decode(errors='replace')}")
    return unread, n_row, n_column
