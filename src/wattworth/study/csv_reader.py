"""Rows of a CSV file, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.resources.abc import Traversable

from wattworth.errors import Fault
from wattworth.study.raw import Record
from wattworth.study.tables import CsvPlaces, table_records

_LARGEST_BYTES = 50_000_000


def read_bytes(file: Traversable, name: str, faults: list[Fault], largest_bytes: int = _LARGEST_BYTES) -> bytes | None:
    """The content of a file, or None with a fault."""
    try:
        with file.open("rb") as stream:
            data = stream.read(largest_bytes + 1)
    except FileNotFoundError:
        faults.append(Fault(name, "no such file"))
    except (OSError, ValueError) as error:
        faults.append(Fault(name, f"cannot be read: {getattr(error, 'strerror', None) or error}"))
    else:
        if len(data) > largest_bytes:
            faults.append(Fault(name, f"larger than {largest_bytes / 1e6:g} MB, too large for a study"))
        elif not data.strip(b"\xef\xbb\xbf \t\r\n"):
            faults.append(Fault(name, "the file is empty"))
        else:
            return data
    return None


def decode(data: bytes, name: str, faults: list[Fault]) -> str | None:
    """UTF-8 text, or None with a fault that names the encoding where it is clear."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.append(Fault(name, "UTF-16 text, need UTF-8; save it again as UTF-8 (in Excel: CSV UTF-8)"))
    elif data.startswith(b"PK\x03\x04"):
        faults.append(Fault(name, "a workbook or zip archive, need text; a workbook is read as a file ending in .xlsx"))
    elif b"\0" in data:
        faults.append(Fault(name, "binary data, need text in UTF-8"))
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = (
                f"byte 0x{data[error.start]:02X} is not UTF-8 (Latin-1 perhaps); "
                "save it again as UTF-8 (in Excel: CSV UTF-8)"
            )
            faults.append(Fault(f"{name} line {line}", message))
    return None


def read_csv(file: Traversable, name: str, known: Sequence[str], faults: list[Fault]) -> list[Record] | None:
    """Rows of a CSV file with its column names in row 1, or None with a fault if there are no names to read by."""
    data = read_bytes(file, name, faults)
    text = decode(data, name, faults) if data is not None else None
    if text is None:
        return None
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        faults.append(Fault(f"{name} row {len(rows) + 1}", f"broken quotes or cell: {error}"))
        return None
    return table_records(rows, known, faults, CsvPlaces(name))
