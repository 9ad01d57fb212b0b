"""Reading tables of facts: every fault with file, row and column, reported together."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from wattworth.errors import DataError, FactError, Fault
from wattworth.facts.book import FactBook
from wattworth.facts.fact import CONFIDENCES, Confidence, DatedFact, Entry, Fact, Gap, currency_of, range_problems

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = (
    "technology",
    "parameter",
    "value",
    "low",
    "high",
    "unit",
    "money_year",
    "source",
    "as_of",
    "confidence",
    "note",
)
OPTIONAL_COLUMNS: Final = ("bounds",)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")


@cache
def load(*also: Path) -> FactBook:
    """Every packaged fact, and those of further files in the same layout.

    Raises
    ------
    FactError
        If a table is damaged, or a key stands in two of them.
    """
    folder = _data()
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".csv")), key=lambda path: path.name)
    return FactBook(entry for path in (*paths, *also) for entry in read_csv(path))


@cache
def table(name: str) -> pl.DataFrame:
    """A packaged table that is not one of parameters, such as ``bitcoin_network`` or ``countries``.

    Parameters
    ----------
    name
        File name without suffix.

    Raises
    ------
    DataError
        If there is no such table, naming the nearest.
    """
    import polars as pl

    if name not in table_names():
        near = get_close_matches(name, table_names(), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(table_names())}"
        raise DataError(f'no packaged table "{name}" ({hint})')
    with (_data() / "tables" / f"{name}.csv").open("rb") as file:
        return pl.read_csv(file.read(), infer_schema_length=None)


@cache
def table_names() -> tuple[str, ...]:
    """Names of the packaged tables that :func:`table` reads."""
    files = (_data() / "tables").iterdir()
    return tuple(sorted(file.name.removesuffix(".csv") for file in files if file.name.endswith(".csv")))


def read_csv(path: Path | Traversable) -> list[Entry]:
    """The rows of one parameter table: facts, and beside them dates and gaps.

    Parameters
    ----------
    path
        A file with the columns of :data:`COLUMNS`, in any order, and perhaps ``bounds``.

    Raises
    ------
    FactError
        With every fault of the file, each with its row and column; the header is row 1.
    """
    name = path.name
    rows = _rows(path)
    header = [cell.strip() for cell in rows[0]] if rows else []
    faults = list(_header_faults(name, header))
    if faults:
        raise FactError("\n".join(map(str, faults)))
    entries: list[Entry] = []
    first_row: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _Row(name, number, header, cells)
        entry = row.entry()
        faults += row.faults
        if entry is None:
            continue
        if entry.key in first_row:
            faults.append(Fault(row.place("parameter"), f"{entry.key} stands in row {first_row[entry.key]} already"))
        first_row.setdefault(entry.key, number)
        entries.append(entry)
    if faults:
        raise FactError("\n".join(map(str, faults)))
    return entries


def _data() -> Traversable:
    return resources.files("wattworth.facts") / "data"


def _rows(path: Path | Traversable) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return list(csv.reader(text.splitlines(keepends=True), strict=True))
    except OSError as error:
        raise FactError(f"{path.name}: cannot be read ({error.strerror}); need a table of facts") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactError(f"{path.name}: not a comma-separated text in UTF-8 ({error})") from error


def _header_faults(name: str, header: Sequence[str]) -> Iterator[Fault]:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        yield Fault(f"{name} row 1", f"the columns {', '.join(missing)} are missing; need {','.join(COLUMNS)}")
        return
    known = (*COLUMNS, *OPTIONAL_COLUMNS)
    for column in header:
        if column not in known:
            near = get_close_matches(column, known, n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            yield Fault(f"{name} row 1", f'unknown column "{column}"{hint}')
        elif header.count(column) > 1:
            yield Fault(f"{name} row 1", f'the column "{column}" stands twice')


class _Row:
    """One row on its way to an entry; what is wrong with it is collected."""

    def __init__(self, file: str, number: int, header: Sequence[str], cells: Sequence[str]) -> None:
        self._file, self._number = file, number
        self.faults: list[Fault] = []
        if len(cells) > len(header) or not set(header[len(cells) :]) <= set(OPTIONAL_COLUMNS):
            self.faults.append(
                Fault(f"{file} row {number}", f"got {len(cells)} cells, need {len(header)}; quote cells with commas")
            )
        padded = [*cells, *[""] * len(header)]
        self._cells = {column: cell.strip() for column, cell in zip(header, padded, strict=False)}

    def place(self, column: str) -> str:
        return f'{self._file} row {self._number}, column "{column}"'

    def entry(self) -> Entry | None:
        """The row as a fact, a date or a gap; None if anything is wrong with it."""
        if self.faults:
            return None
        key = f"{self._name('technology')}.{self._name('parameter')}"
        self._need("as_of", "a date, or undated")
        table = self._file.removesuffix(".csv")
        cell = self._cells
        if cell["confidence"] == "gap":
            if cell["value"] or cell["low"] or cell["high"]:
                self._fault("value", "a gap has no value; clear value, low and high, or change the confidence")
            return None if self.faults else Gap(key, cell["as_of"], cell["note"], table)
        confidence = self._confidence()
        self._need("unit", "a unit, such as $/kW, frac or months")
        if cell["unit"] == "date":
            day, earliest, latest = (self._day(column) for column in ("value", "low", "high"))
            if self.faults or day is None:
                return None
            return DatedFact(key, day, earliest, latest, cell["source"], cell["as_of"], confidence, cell["note"], table)
        value, low, high = (self._number_of(column) for column in ("value", "low", "high"))
        money_year, bounds = self._money_year(), self._bounds()
        for column, message in range_problems(value, low, high) if value is not None else ():
            self._fault(column, message)
        if self.faults or value is None:
            return None
        return Fact(
            key=key,
            value=value,
            low=low,
            high=high,
            unit=cell["unit"],
            money_year=money_year,
            source=cell["source"],
            as_of=cell["as_of"],
            confidence=confidence,
            note=cell["note"],
            bounds=bounds,
            table=table,
        )

    def _fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.place(column), message))

    def _need(self, column: str, what: str) -> None:
        if not self._cells[column]:
            self._fault(column, f"empty, need {what}")

    def _name(self, column: str) -> str:
        text = self._cells[column]
        if not _NAME.fullmatch(text):
            self._fault(column, f'got "{text}", need a name of letters, digits, "_" and "-", without a dot')
        return text

    def _number_of(self, column: str) -> float | None:
        text = self._cells[column]
        if _NUMBER.fullmatch(text):
            return float(text)
        if text:
            self._fault(column, f'got "{text}", need a number such as 1250.5')
        elif column == "value":
            self._fault(column, "empty, need a number; a number that was not found has the confidence gap")
        return None

    def _day(self, column: str) -> date | None:
        text = self._cells[column]
        if not text and column != "value":
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._fault(column, f'got "{text}", need a date such as 2027-09-30')
            return None

    def _confidence(self) -> Confidence:
        text = self._cells["confidence"]
        if text not in CONFIDENCES:
            near = get_close_matches(text, (*CONFIDENCES, "gap"), n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            self._fault("confidence", f'got "{text}", need one of {", ".join(CONFIDENCES)} or gap{hint}')
        elif text != "assumption" and not self._cells["source"]:
            self._fault("source", "empty; a number without a source has the confidence assumption")
        return cast("Confidence", text)

    def _money_year(self) -> int | None:
        text, currency = self._cells["money_year"], currency_of(self._cells["unit"])
        if text and text != "nominal" and not _YEAR.fullmatch(text):
            self._fault("money_year", f'got "{text}", need a year, nominal for money of the day, or nothing')
            return None
        unit = self._cells["unit"]
        if "USD" in unit:
            self._fault("unit", f'got "{unit}"; US dollars are written $')
        elif text and currency is None:
            self._fault("money_year", f'got "{text}", but the unit "{unit}" holds no money')
        return int(text) if _YEAR.fullmatch(text) else None

    def _bounds(self) -> bool:
        text = self._cells.get("bounds", "")
        if text not in ("", "yes"):
            self._fault("bounds", f'got "{text}", need yes where low and high are hard ends, or nothing')
        elif text and not self._cells["low"]:
            self._fault("bounds", "yes needs a low and a high")
        return text == "yes"
