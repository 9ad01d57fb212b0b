"""A file of hours as columns: CSV, gzip or Parquet, with the rows that a person would look up."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wattworth.errors import DataError, Fault
from wattworth.study.csv_reader import decode, read_bytes
from wattworth.study.raw import shown

MOST_FAULTS: Final = 8
"""Faults of one sort that are told one by one."""

_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+)")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LARGEST_BYTES = 500_000_000
_COMMENT = "#"


@dataclass(frozen=True, slots=True, eq=False)
class HourTable:
    """Columns of a file as written.

    Attributes
    ----------
    file
        Name of the file.
    columns
        Name to cells; one column without a name is called "".
    rows
        Number of each row as a spreadsheet counts it.
    noun
        What a row is called.
    """

    file: str
    columns: Mapping[str, Sequence[Any] | NDArray[np.float64]]
    rows: NDArray[np.int64]
    noun: str = "row"

    def cell(self, row: int, column: str) -> str:
        """Place of a cell, by the place of its row among the rows."""
        return f"{self.file} {self.noun} {self.rows[row]:,}" + (f', column "{column}"' if column else "")


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise DataError with every fault, if there is one."""
    if faults:
        raise DataError("\n".join(map(str, faults)))


def some(table: HourTable, column: str, rows: Iterable[int], faults: list[Fault], say: Callable[[int], str]) -> None:
    """Add a fault for each row, the first eight one by one and the others as a number."""
    listed = [int(row) for row in rows]
    faults += [Fault(table.cell(row, column), say(row)) for row in listed[:MOST_FAULTS]]
    if len(listed) > MOST_FAULTS:
        more = len(listed) - MOST_FAULTS
        faults.append(Fault(table.cell(listed[MOST_FAULTS], column), f"the same here and in {more - 1:,} rows more"))


def read_lines(path: Path, faults: list[Fault]) -> list[list[str]] | None:
    """Rows of a CSV file, packed or not, or None with a fault."""
    data = read_bytes(path, path.name, faults, _LARGEST_BYTES)
    if data is not None and data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            faults.append(Fault(path.name, f"cannot be unpacked: {error}; fetch it again"))
            return None
    text = decode(data, path.name, faults) if data is not None else None
    if text is None:
        return None
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        faults.append(Fault(f"{path.name} row {len(rows) + 1:,}", f"broken quotes or cell: {error}"))
        return None
    return rows


def read_hour_table(path: Path, faults: list[Fault]) -> HourTable | None:
    """Columns of a CSV or Parquet file by the names in its first row, or None with a fault."""
    if path.suffix.lower() in (".parquet", ".pq"):
        return _read_parquet(path, faults)
    rows = read_lines(path, faults)
    return None if rows is None else table_of_rows(path.name, rows, 0, faults)


def table_of_rows(file: str, rows: Sequence[Sequence[str]], names_row: int, faults: list[Fault]) -> HourTable | None:
    """Columns below a row of names; blank rows and those that start with ``#`` are passed over.

    Parameters
    ----------
    file
        Name of the file.
    rows
        All its rows.
    names_row
        Place of the row of names; a single column may have numbers from there on and no name.
    faults
        Collects what is wrong.
    """
    names = [name.strip() for name in rows[names_row]] if len(rows) > names_row else []
    plain = len(names) == 1 and _NUMBER.fullmatch(names[0]) is not None
    if plain:
        names, names_row = [""], names_row - 1
    wrong = _wrong_names(names) if not plain else ""
    if wrong:
        faults.append(Fault(f"{file} row {names_row + 1}", wrong))
        return None
    body = [
        (number, row)
        for number, row in enumerate(rows[names_row + 1 :], start=names_row + 2)
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith(_COMMENT)
    ]
    long = [(number, len(row)) for number, row in body if any(cell.strip() for cell in row[len(names) :])]
    for number, n_cell in long[:MOST_FAULTS]:
        faults.append(
            Fault(f"{file} row {number:,}", f"{n_cell} cells for {len(names)} columns; write decimals with a point")
        )
    if len(long) > MOST_FAULTS:
        faults.append(Fault(file, f"{len(long) - MOST_FAULTS:,} more rows with too many cells"))
    columns = {
        name: [row[k] if k < len(row) else "" for _, row in body] for k, name in enumerate(names) if name or plain
    }
    return HourTable(file, columns, np.array([number for number, _ in body], dtype=np.int64))


def numbers(table: HourTable, column: str, unit: str, faults: list[Fault]) -> NDArray[np.float64]:
    """A column as numbers; nan, with a fault, where a cell holds none.

    Parameters
    ----------
    table
        The file.
    column
        One of its columns.
    unit
        What is needed, in words of a message.
    faults
        Collects cells that are empty, text or not finite.

    Returns
    -------
    array, shape (row,)
        In the unit of the column.
    """
    cells = table.columns[column]
    if isinstance(cells, np.ndarray):
        values = cells.astype(np.float64)
    else:
        text = pl.Series(cells, dtype=pl.String, strict=False)
        values = text.str.strip_chars().cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy().copy()
    values[~np.isfinite(values)] = np.nan
    some(table, column, np.flatnonzero(np.isnan(values)), faults, lambda k: _no_number(cells[k], unit))
    return values


def _no_number(cell: object, unit: str) -> str:
    text = "" if cell is None else str(cell).strip()
    need = f"need a number ({unit})"
    if not text:
        return f"empty, {need}; fill it, no hour is guessed"
    if comma := _DECIMAL_COMMA.fullmatch(text):
        return f"got {shown(text)}, {need}; write {comma[1]}.{comma[2]} with a decimal point"
    return f"got {shown(text)}, {need}"


def _wrong_names(names: Sequence[str]) -> str:
    if not any(names):
        return "no column names"
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        return f"columns are separated by {'semicolons' if ';' in names[0] else 'tabs'}, need commas"
    if all(_NUMBER.fullmatch(name) for name in names if name):
        return "numbers where column names are needed; add a row of names"
    doubled = next((name for k, name in enumerate(names) if name and name in names[:k]), None)
    return f"column {shown(doubled)} appears twice" if doubled is not None else ""


def _read_parquet(path: Path, faults: list[Fault]) -> HourTable | None:
    try:
        frame = pl.read_parquet(path)
    except FileNotFoundError:
        faults.append(Fault(path.name, "no such file"))
        return None
    except (OSError, pl.exceptions.PolarsError) as error:
        faults.append(Fault(path.name, f"cannot be read as Parquet: {str(error).splitlines()[0]}"))
        return None
    columns: dict[str, Sequence[Any] | NDArray[np.float64]] = {}
    for name, series in zip(frame.columns, frame.get_columns(), strict=True):
        if series.dtype.is_numeric():
            columns[name] = series.cast(pl.Float64).fill_null(np.nan).to_numpy()
        else:
            columns[name] = series.to_list()
    return HourTable(path.name, columns, np.arange(1, frame.height + 1))
