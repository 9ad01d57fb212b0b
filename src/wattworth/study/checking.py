"""One record checked against its schema; every complaint in plain words, with its place."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from wattworth.errors import Fault
from wattworth.records import SCHEMA_VERSION
from wattworth.study import fields
from wattworth.study.declared import ConflictError
from wattworth.study.raw import SPREADSHEET_ERROR, Formula, Record, did_you_mean, plain_text, shown

_Model = TypeVar("_Model", bound=BaseModel)

_LINE = re.compile(r" line ([0-9]+)")
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"([+-]?[1-9][0-9]{0,2})([,\u00a0\u202f '_][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_PERCENT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[%\u066a]")
_UNKNOWN = {
    "?",
    "-",
    "\u2013",
    "\u2014",
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "unknown",
    "tbd",
    "inf",
    "-inf",
    "infinity",
}
_SPREADSHEET_MONTH = re.compile(r"[^\W\d_]{3,}[-. ][0-9]{2,4}|[0-9]{1,2}/[0-9]{1,4}(/[0-9]{2,4})?")
_ANY_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_ARABIC_MARKS = str.maketrans({"\u066b": ".", "\u066c": None})


class _RefusedError(Exception):
    """A value that cannot stand; the message follows its place."""


def line_of(fault: Fault) -> int:
    """Line of a fault, to sort by; that of the whole file comes last."""
    found = _LINE.search(fault.where)
    return int(found[1]) if found else sys.maxsize


def check_schema_version(root: Record, faults: list[Fault]) -> None:
    """Take the version of the schema out of a file's keys, and tell if it is another."""
    entry = root.entries.pop("schema_version", None)
    if entry is not None and (entry.value != SCHEMA_VERSION or isinstance(entry.value, bool)):
        faults.append(Fault(entry.where, f"got {shown(entry.value)}, need {SCHEMA_VERSION}"))


def check_record(model: type[_Model], record: Record, faults: list[Fault]) -> _Model | None:
    """Build a model from a record, or add its faults and return None."""
    known = model.model_fields
    clean: dict[str, object] = {}
    found: list[Fault] = []
    refused: set[str] = set()
    for name, entry in record.entries.items():
        if name not in known:
            found.append(Fault(entry.key_where, f"unknown {record.noun} {shown(name)}{did_you_mean(name, known)}"))
            continue
        try:
            value = _clean(entry.value, known[name])
        except _RefusedError as error:
            found.append(Fault(entry.where, str(error)))
            refused.add(name)
            value = entry.value
        if value is not None:
            clean[name] = value
    built = None
    try:
        built = model.model_validate(clean)
    except ValidationError as error:
        for name, fault in _faults(error.errors(), model, record):
            if name not in refused:
                found.append(fault)
                refused.add(name)
    faults += found
    return None if found else built


def _clean(value: object, info: FieldInfo) -> object:
    """A cell or scalar as Python means it; empty text is None."""
    if isinstance(value, Formula):
        message = f"the formula {shown(value)} has no result; open the workbook in a spreadsheet program and save it"
        raise _RefusedError(message)
    if isinstance(value, str):
        value = plain_text(value) or None
        if value is not None and SPREADSHEET_ERROR.fullmatch(value):
            raise _RefusedError(f"got {shown(value)}, an error of a spreadsheet formula; correct the formula")
    sort = fields.kind(info)
    if sort in ("number", "whole"):
        return _number(value, info)
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}" if sort == "month" else f"{value:%Y-%m-%d}"
    if sort in ("month", "text", "choice") and isinstance(value, float | int) and not isinstance(value, bool):
        return plain_text(value)
    return value


def _number(value: object, info: FieldInfo) -> object:
    if isinstance(value, bool | dt.date):
        raise _RefusedError(_got(value, info))
    if not isinstance(value, str) or value in fields.choices(info):
        return value
    if not _PLAIN_NUMBER.fullmatch(value):
        raise _RefusedError(_got(value, info) + _number_hint(value, info))
    return float(value)


def _number_hint(value: str, info: FieldInfo) -> str:
    """How to write what was meant, where that is clear."""
    unit = fields.unit(info) or ""
    digits = _western(value)
    hint = ""
    if _THOUSANDS.fullmatch(value):
        hint = f"; write {re.sub(r'[^0-9.+-]', '', value)} without a separator"
    elif (percent := _PERCENT.fullmatch(digits)) and unit.startswith("frac"):
        hint = f"; write {float(percent[1]) / 100:g}, a fraction and not percent"
    elif comma := _DECIMAL_COMMA.fullmatch(value):
        hint = f"; write {comma[1]}.{comma[2]} with a decimal point"
    elif value.lower() in _UNKNOWN:
        hint = "; leave it empty if it is not known"
    elif _PLAIN_NUMBER.fullmatch(digits):
        hint = f"; write {digits} with the digits 0 to 9"
    else:
        alone = value.removeprefix("$").strip() if unit.startswith("$") else value
        alone = alone.removesuffix(unit).strip()
        hint = f"; write {alone} without a unit" if _PLAIN_NUMBER.fullmatch(alone) else ""
    return hint


def _western(text: str) -> str:
    """The text with the digits 0 to 9 in place of others."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text.translate(_ARABIC_MARKS))


def _faults(errors: list[ErrorDetails], model: type[BaseModel], record: Record) -> Iterator[tuple[str, Fault]]:
    """Name of the field and fault; the name of a fault of the whole record is empty."""
    for error in errors:
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, ConflictError):
            yield from ((name, Fault(_place(record, name), message)) for name, message in cause.pairs)
        elif not error["loc"]:
            yield "", Fault(record.where, str(cause or error["msg"]))
        else:
            name = str(error["loc"][0])
            yield name, _field_fault(name, error, model, record)


def _field_fault(name: str, error: ErrorDetails, model: type[BaseModel], record: Record) -> Fault:
    info = model.model_fields.get(name)
    entry = record.entries.get(name)
    if info is None:
        return Fault(_place(record, name), error["msg"])
    if error["type"] == "missing" and entry is None:
        where = record.names_where or record.where
        return Fault(where, f'missing {record.noun} "{name}", need {fields.need(info)}')
    if error["type"] == "missing":
        return Fault(_place(record, name), f"empty, need {fields.need(info)}")
    if cause := error.get("ctx", {}).get("error"):
        return Fault(_place(record, name), str(cause))
    value = entry.value if entry else error["input"]
    return Fault(_place(record, name), _got(value, info) + _value_hint(value, info))


def _value_hint(value: object, info: FieldInfo) -> str:
    sort = fields.kind(info)
    text = plain_text(value)
    if sort == "choice":
        return did_you_mean(text, fields.choices(info))
    if (western := _western(text)) != text and sort == "month":
        return f"; write {western} with the digits 0 to 9"
    if sort == "month" and _ANY_MONTH.fullmatch(text):
        return "; the year must lie from 1990 to 2100"
    if sort == "month" and _SPREADSHEET_MONTH.fullmatch(text):
        return "; a spreadsheet may have turned it into a date: format the column as text and write it again"
    if (fields.unit(info) or "").startswith("frac"):
        try:
            number = float(text)
        except ValueError:
            return ""
        if 1 < number <= 100:
            return f"; if it is percent, write {number / 100:g}"
    return ""


def _got(value: object, info: FieldInfo) -> str:
    return f"got {shown(value)}, need {fields.need(info)}"


def _place(record: Record, name: str) -> str:
    entry = record.entries.get(name)
    return entry.where if entry is not None else f'{record.where}, {record.noun} "{name}"'
