"""A study as one workbook that explains itself; what is written reads back the same."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from pydantic.fields import FieldInfo
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wattworth.records import SCHEMA_VERSION
from wattworth.study import fields
from wattworth.study.schema import Study, UseSpec
from wattworth.study.sheets import COLUMNS, SETTINGS

_LAST_ROW = 1_048_575
_LONGEST_LIST = 255
_NARROWEST, _WIDEST = 10, 40
_READ_AS_TEXT = ("site_id", "as_of", "ticker")
_NOTES = (
    "Fill one row per site in the sheet sites; the pointer on a column's name shows its meaning and unit.",
    "Leave a cell empty where a value is not known. Only the columns marked required must be filled.",
    "A fraction is a fraction and not percent: 0.03. A month is text: 2027-05. Money is US dollars.",
    "A row whose first cell starts with # is skipped. A sheet whose name starts with _ is not read.",
    "Formulas are read by their last calculated value: save the workbook in the spreadsheet program first.",
)

_Row = Mapping[str, object]


class _Exact(float):
    """A number written with all its digits; the format of the library drops the seventeenth."""

    def __format__(self, format_spec: str) -> str:
        return repr(float(self))


def workbook(study: Study, specs: Mapping[str, UseSpec], example: _Row | None = None) -> bytes:
    """The study as the content of an ``.xlsx`` file.

    Parameters
    ----------
    study
        A study; its facts need not be filled.
    specs
        Uses that may be enabled, for the list to choose from.
    example
        A site row written first as a comment, and not read.
    """
    stream = io.BytesIO()
    sites: list[_Row] = [site.model_dump() for site in study.sites]
    if example is not None:
        sites.insert(0, {**example, "site_id": f"# {example['site_id']}"})
    facts = [{"key": key, **override.model_dump()} for key, override in study.overrides.items()]
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheets = _Sheets(book, COLUMNS)
        settings = sheets.table("study", _settings(study))
        for row, (name, info) in enumerate(SETTINGS.items(), start=1):
            if name == "as_of":
                settings.write_string(row, 1, study.as_of, sheets.as_text)
            _offer(settings, (row, 1, row, 1), _words(info))
        sheets.table("sites", sites)
        _offer(sheets.table("uses", _uses(study)), (1, 0, _LAST_ROW, 0), tuple(specs))
        sheets.table("facts", facts)
        sheets.table("double_counts", [count.model_dump() for count in study.double_counts])
        sheets.table("notes", [{"note": note} for note in _NOTES])
    return stream.getvalue()


def sheets_workbook(columns: Mapping[str, Mapping[str, FieldInfo]], rows: Mapping[str, Iterable[_Row]]) -> bytes:
    """Tables as the content of an ``.xlsx`` file.

    Parameters
    ----------
    columns
        Sheet to its columns, in order.
    rows
        Sheet to its rows; none where it is left out.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheets = _Sheets(book, columns)
        for name in columns:
            sheets.table(name, rows.get(name, ()))
    return stream.getvalue()


def _settings(study: Study) -> Iterable[_Row]:
    for name, info in SETTINGS.items():
        value = SCHEMA_VERSION if name == "schema_version" else getattr(study, name)
        yield {"key": name, "value": value, "unit": fields.unit(info), "meaning": info.description}


def _uses(study: Study) -> Iterable[_Row]:
    for name, options in study.uses.items():
        chosen = {key: value for key, value in options.model_dump().items() if value is not None}
        for option, value in (chosen or {None: None}).items():
            yield {"use": name, "option": option, "value": value}


class _Sheets:
    """A workbook to which one table after another is added."""

    def __init__(self, book: xlsxwriter.Workbook, columns: Mapping[str, Mapping[str, FieldInfo]]) -> None:
        self._book = book
        self._columns = columns
        self._heading: Format = book.add_format({"bold": True, "bg_color": "#DDE7EE", "bottom": 1})
        self.as_text: Format = book.add_format({"num_format": "@"})

    def table(self, name: str, rows: Iterable[_Row]) -> Worksheet:
        """Add a sheet: names of columns in a frozen row, their meaning as comments, then the rows."""
        sheet = self._book.add_worksheet(name)
        listed = list(rows)
        sheet.freeze_panes(1, 1)
        for column, (heading, info) in enumerate(self._columns[name].items()):
            is_text = fields.kind(info) == "month" or heading in _READ_AS_TEXT
            sheet.set_column(column, column, _width(heading, listed), self.as_text if is_text else None)
            sheet.write_string(0, column, heading, self._heading)
            sheet.write_comment(0, column, explanation(info), {"x_scale": 2.0, "author": ""})
            _offer(sheet, (1, column, _LAST_ROW, column), _words(info))
            for row, values in enumerate(listed, start=1):
                _write(sheet, row, column, values.get(heading))
        return sheet


def explanation(info: FieldInfo) -> str:
    """Meaning of a field, what it needs and whether it may stay empty, for a person at a cell."""
    need = fields.need(info)
    start = " Required." if info.is_required() else ""
    return f"{(info.description or '').replace('`', '')}\nNeeds {need}.{start}"


def _words(info: FieldInfo) -> tuple[str, ...]:
    return ("yes", "no") if fields.kind(info) == "flag" else fields.choices(info)


def _offer(sheet: Worksheet, cells: tuple[int, int, int, int], words: Sequence[str]) -> None:
    if words and len(",".join(words)) <= _LONGEST_LIST:
        sheet.data_validation(*cells, {"validate": "list", "source": list(words), "error_type": "warning"})


def _width(heading: str, rows: Sequence[_Row]) -> int:
    longest = max((len(str(row.get(heading) or "")) for row in rows), default=0)
    return min(max(len(heading), longest, _NARROWEST), max(_WIDEST, len(heading))) + 2


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, column, "yes" if value else "no")
        case int() | float():
            sheet.write_number(row, column, _Exact(value))
        case _:
            sheet.write_string(row, column, str(value))
