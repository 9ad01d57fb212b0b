"""A table with its column names in row 1, from a CSV file or a sheet, as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wattworth.errors import Fault
from wattworth.study.raw import SPREADSHEET_ERROR, Entry, Record, did_you_mean, plain_text, shown

_COMMENT = "#"


class _Places(Protocol):
    def row(self, number: int) -> str: ...
    def cell(self, number: int, column: int, heading: str) -> str: ...


class CsvPlaces:
    """Places in a CSV file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def row(self, number: int) -> str:
        """Place of a whole row."""
        return f"{self._name} row {number}"

    def cell(self, number: int, column: int, heading: str) -> str:
        """Place of one cell."""
        return f'{self._name} row {number}, column "{heading}"'


class SheetPlaces:
    """Places in a sheet of a workbook."""

    def __init__(self, workbook: str, sheet: str) -> None:
        self.sheet = f'{workbook} sheet "{sheet}"'

    def row(self, number: int) -> str:
        """Place of a whole row."""
        return f"{self.sheet} row {number}"

    def cell(self, number: int, column: int, heading: str) -> str:
        """Place of one cell."""
        return f'{self.sheet} cell {column_letters(column)}{number}, column "{heading}"'


def column_letters(column: int) -> str:
    """Letters of a column counted from 0, as a spreadsheet shows them.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column counted from 1, from its letters.

    Examples
    --------
    >>> column_number("A"), column_number("ZZ")
    (1, 702)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def table_records(
    rows: Sequence[Sequence[object]], known: Sequence[str], faults: list[Fault], places: _Places
) -> list[Record] | None:
    """Rows below the column names; a row whose first cell starts with ``#`` is a comment.

    Unknown, doubled and nameless columns are faults of row 1 and their cells are left out. None, with a fault, if
    row 1 holds no column names.
    """
    headings = [plain_text(cell) for cell in rows[0]] if rows else []
    columns = _columns(headings, rows, known, faults, places)
    if columns is None:
        return None
    records: list[Record] = []
    for number, row in enumerate(rows[1:], start=2):
        if all(map(_blank, row)) or _is_comment(row[0]):
            continue
        if extra := sum(not _blank(cell) for cell in row[len(headings) :]):
            message = f"{len(headings) + extra} cells or more for {len(headings)} columns"
            faults.append(Fault(places.row(number), f"{message}; a comma inside text needs quotes round the text"))
            continue
        record = Record(places.row(number), "column", names_where=places.row(1))
        for column, heading in columns.items():
            where = places.cell(number, column, heading)
            record.entries[heading] = Entry(row[column] if column < len(row) else None, where, places.row(1))
        records.append(record)
    return records


def _columns(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    known: Sequence[str],
    faults: list[Fault],
    places: _Places,
) -> dict[int, str] | None:
    """Position to name of the columns that can be used."""
    if not any(headings):
        faults.append(Fault(places.row(1), "no column names"))
        return None
    if len(headings) == 1 and (";" in headings[0] or "\t" in headings[0]):
        mark = "semicolons" if ";" in headings[0] else "tabs"
        faults.append(Fault(places.row(1), f"columns are separated by {mark}, need commas"))
        return None
    usable: dict[int, str] = {}
    for column, heading in enumerate(headings):
        if not heading:
            if any(not _blank(row[column]) for row in rows[1:] if column < len(row)):
                faults.append(Fault(places.row(1), f"column {column_letters(column)} has cells and no name"))
        elif heading in usable.values():
            faults.append(Fault(places.row(1), f"column {shown(heading)} appears twice"))
        elif heading not in known:
            faults.append(Fault(places.row(1), f"unknown column {shown(heading)}{did_you_mean(heading, known)}"))
        else:
            usable[column] = heading
    return usable


def _is_comment(cell: object) -> bool:
    text = plain_text(cell)
    return text.startswith(_COMMENT) and not SPREADSHEET_ERROR.fullmatch(text)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
