"""The sheets of a workbook and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from wattworth.study.declared import DoubleCount, Override
from wattworth.study.schema import Site, StudyFile


class _Columns(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class _Setting(_Columns):
    key: str
    """Name of the setting."""
    value: str | None = None
    """Its value; empty takes the default."""
    unit: str | None = None
    """Unit of the value, for readers only."""
    meaning: str | None = None
    """What the setting is, for readers only."""


class _UseOption(_Columns):
    use: str
    """Use to value; a sheet without rows values every use known."""
    option: str | None = None
    """One option of the use, or empty for none."""
    value: str | None = None
    """Value of the option."""


class _Fact(_Columns):
    key: str
    """Fact to change, such as `lease.term`."""


class _Note(_Columns):
    note: str | None = None
    """Anything; this sheet is not read."""


COLUMNS: Final[Mapping[str, Mapping[str, FieldInfo]]] = {
    "study": _Setting.model_fields,
    "sites": Site.model_fields,
    "uses": _UseOption.model_fields,
    "facts": {**_Fact.model_fields, **Override.model_fields},
    "double_counts": DoubleCount.model_fields,
    "notes": _Note.model_fields,
}
"""Sheet to its columns, in order."""

YAML_ONLY: Final = ("discount", "cases", "market_files", "fact_files", "gate_files", "supply", "plan")
"""Keys of `study.yaml` that a workbook cannot hold."""

SETTINGS: Final[Mapping[str, FieldInfo]] = {
    name: info for name, info in StudyFile.model_fields.items() if name not in COLUMNS and name not in YAML_ONLY
}
"""Settings of the sheet `study`: the keys of `study.yaml` that have no sheet of their own."""
