"""A study in one workbook, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from wattworth.errors import Fault
from wattworth.study.csv_reader import read_bytes
from wattworth.study.raw import Entry, RawStudy, Record, did_you_mean, plain_text, shown
from wattworth.study.sheets import COLUMNS
from wattworth.study.tables import SheetPlaces, table_records
from wattworth.study.xlsx_cells import Cells, unread_cells

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_OLE = b"\xd0\xcf\x11\xe0"
_REQUIRED = ("study", "sites")
_NOTES = "notes"
SheetCells = Mapping[str, Sequence[Sequence[object]]]
"""Name of a sheet to its rows of cells."""


def read_workbook(path: Path, faults: list[Fault]) -> RawStudy | None:
    """The sheets of a workbook as one raw study; formulas count by their last calculated value."""
    sheets = open_sheets(path, COLUMNS, _REQUIRED, faults)
    return None if sheets is None else _raw(sheets)


def raw_study(cells: SheetCells, file: str, faults: list[Fault]) -> RawStudy:
    """The cells of a workbook of a name as one raw study."""
    return _raw(named_sheets(cells, file, COLUMNS, _REQUIRED, faults))


def open_sheets(
    path: Path, columns: Mapping[str, Collection[str]], required: Collection[str], faults: list[Fault]
) -> Sheets | None:
    """The sheets of a workbook, or None with a fault if it cannot be opened safely.

    Parameters
    ----------
    path
        The workbook.
    columns
        Sheet to its column names; a sheet ``notes`` is not read.
    required
        Sheets that must be there.
    faults
        Takes what is wrong.
    """
    data = read_bytes(path, path.name, faults)
    cells = None if data is None else workbook_cells(data, path.name, columns, faults)
    return None if cells is None else named_sheets(cells, path.name, columns, required, faults)


def workbook_cells(
    data: bytes, file: str, columns: Collection[str], faults: list[Fault]
) -> dict[str, list[list[object]]] | None:
    """The cells of a workbook by sheet, or None with a fault if it cannot be opened safely.

    Parameters
    ----------
    data
        Its bytes.
    file
        Its name, for faults.
    columns
        Sheets that are read; of others, and of ``notes``, only the name is.
    faults
        Takes what is wrong.
    """
    if data.startswith(_OLE):
        faults.append(Fault(file, "an old .xls file or one with a password; save it as .xlsx without a password"))
        return None
    read = [sheet for sheet in columns if sheet != _NOTES]
    unread = unread_cells(data, file, read, faults)
    if unread is None:
        return None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _rows(book, name, unread.get(name, {})) if name in read else [] for name in book.sheet_names}
    except (CalamineError, ValueError, OSError) as error:
        faults.append(Fault(file, f"not an Excel workbook (.xlsx): {' '.join(str(error).split())}"))
        return None


def named_sheets(
    cells: SheetCells,
    file: str,
    columns: Mapping[str, Collection[str]],
    required: Collection[str],
    faults: list[Fault],
) -> Sheets:
    """Cells of the sheets of a workbook under the columns they may have; unknown and missing sheets are faults."""
    for name in cells:
        if name not in columns and not name.startswith("_"):
            hint = did_you_mean(name, columns) or "; start its name with _ to keep it out of the study"
            faults.append(Fault(file, f"unknown sheet {shown(name)}{hint}"))
    faults += (Fault(file, f'no sheet "{name}", need one') for name in required if name not in cells)
    read = {name: [list(row) for row in rows] for name, rows in cells.items() if name in columns and name != _NOTES}
    return Sheets(file, read, columns, required, faults)


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of a workbook; none if it cannot be opened."""
    try:
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)
    except (CalamineError, ValueError, OSError):
        return []


def _raw(sheets: Sheets) -> RawStudy:
    return RawStudy(
        header=sheets.settings(),
        sites_where=sheets.place("sites"),
        sites=sheets.records("sites"),
        uses=sheets.uses() or None,
        facts=sheets.keyed("facts"),
        double_counts=sheets.records("double_counts") or [],
    )


def _rows(book: CalamineWorkbook, name: str, unread: Cells) -> list[list[object]]:
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows: list[list[object]] = [[None if cell == "" else cell for cell in row] for row in grid]
    for (row, column), value in unread.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return rows


class Sheets:
    """The sheets of one workbook as records.

    Parameters
    ----------
    file
        Name of the workbook.
    sheets
        Sheet to its cells, row by row.
    columns
        Sheet to its column names.
    required
        Sheets that must hold something.
    faults
        Collects what is wrong.
    """

    def __init__(
        self,
        file: str,
        sheets: Mapping[str, list[list[object]]],
        columns: Mapping[str, Collection[str]],
        required: Collection[str],
        faults: list[Fault],
    ) -> None:
        self._file = file
        self._sheets = sheets
        self._columns = columns
        self._required = required
        self._faults = faults

    def place(self, sheet: str) -> str:
        """Place of a sheet, for faults."""
        return SheetPlaces(self._file, sheet).sheet

    def records(self, sheet: str, needed: Sequence[str] = ()) -> list[Record] | None:
        """Rows of a sheet, or None if it is absent or cannot be read by its column names."""
        rows = self._sheets.get(sheet)
        places = SheetPlaces(self._file, sheet)
        if not rows:
            if rows is not None and sheet in self._required:
                self._faults.append(Fault(places.sheet, "the sheet is empty"))
            return None
        records = table_records(rows, tuple(self._columns[sheet]), self._faults, places)
        missing = [name for name in needed if records and name not in records[0].entries]
        self._faults += (Fault(places.row(1), f'missing column "{name}"') for name in missing)
        return None if missing else records

    def settings(self) -> Record | None:
        """The sheet ``study``: a name in the first column, its value in the second."""
        records = self.records("study", ("key", "value"))
        if records is None:
            return None
        header = Record(SheetPlaces(self._file, "study").sheet, "key")
        for record in records:
            key, value = record.entries["key"], record.entries["value"]
            name = plain_text(key.value)
            if not name:
                self._faults.append(Fault(key.where, "empty, need the name of a setting"))
            elif name in header.entries:
                self._faults.append(Fault(key.where, f"key {shown(name)} appears twice"))
            elif name in self._columns:
                self._faults.append(Fault(key.where, f'"{name}" is not a setting here; fill the sheet "{name}"'))
            else:
                header.entries[name] = Entry(value.value, value.where, key.where)
        return header

    def keyed(self, sheet: str) -> dict[str, Record]:
        """Rows of a sheet by their key."""
        out: dict[str, Record] = {}
        for record in self.records(sheet, ("key",)) or []:
            key = record.entries.pop("key")
            name = plain_text(key.value)
            if not name:
                self._faults.append(Fault(key.where, "empty, need the key of a fact"))
            elif name in out:
                self._faults.append(Fault(key.where, f"{shown(name)} appears twice"))
            else:
                out[name] = record
        return out

    def uses(self) -> dict[str, Record]:
        """The sheet ``uses``: one row per use, or per option of a use."""
        out: dict[str, Record] = {}
        for record in self.records("uses", ("use",)) or []:
            use = record.entries["use"]
            option = record.entries.get("option", Entry(None, record.where, record.where))
            value = record.entries.get("value", Entry(None, record.where, record.where))
            name, its_name = plain_text(use.value), plain_text(option.value)
            options = out.setdefault(name, Record(use.where, "key"))
            if not name:
                self._faults.append(Fault(use.where, "empty, need the name of a use"))
            elif not its_name and value.value is not None:
                self._faults.append(Fault(option.where, "empty beside a value, need the name of an option"))
            elif its_name in options.entries:
                self._faults.append(Fault(option.where, f"{shown(its_name)} appears twice for {shown(name)}"))
            elif its_name:
                options.entries[its_name] = Entry(value.value, value.where, option.where)
        out.pop("", None)
        return out
