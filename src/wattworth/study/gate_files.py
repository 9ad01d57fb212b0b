"""A study's own gates to first power: CSV files beside `study.yaml`, checked row by row."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from wattworth.errors import Fault
from wattworth.study.checking import check_record
from wattworth.study.csv_reader import read_csv
from wattworth.study.declared import ConflictError, Declared
from wattworth.study.fields import Text
from wattworth.study.raw import Entry, plain_text, shown

MegawattKind = Literal["leased", "energised", "construction", "secured", "dated", "study", "study dated"]

_Months = Annotated[float, Field(ge=0, le=600, json_schema_extra={"unit": "months"})]


class GateRow(Declared):
    """One gate of a network; the rows of one network and site are read together."""

    network: MegawattKind
    """Kind of megawatt whose packaged network it replaces."""
    site: Text = "*"
    """Sites it holds for, a glob on site_id; empty for all."""
    gate: Text
    """Name of the gate, unique in its network."""
    after: str = ""
    """Gates that must have opened before it begins, with semicolons between."""
    low_months: Annotated[float | None, Field(ge=0, le=600, json_schema_extra={"unit": "months"})] = None
    """P10 of its duration; empty together with `high_months` for no range."""
    months: _Months
    """Most likely duration."""
    high_months: Annotated[float | None, Field(ge=0, le=600, json_schema_extra={"unit": "months"})] = None
    """P90 of its duration."""
    fails_frac: Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})] = 0.0
    """Chance that it never opens once it is reached."""
    rest: bool = False
    """`yes` on the one gate that takes what the chance of success leaves over; on none, the chances multiply."""
    cause: str = ""
    """What it shares with gates of the same cause at other sites; empty stands alone."""
    source: Text
    """Where the duration comes from."""
    where: str = ""
    """Not for files: place of the row, for messages."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, high = self.low_months, self.high_months
        if (low is None) != (high is None):
            raise ConflictError([("low_months", "low_months and high_months go together; fill both or neither")])
        if low is not None and high is not None and not low <= self.months <= high:
            message = f"{self.months:g} lies outside low_months {low:g} to high_months {high:g}"
            raise ConflictError([("months", message)])
        return self

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Names in ``after``."""
        return tuple(filter(None, (name.strip() for name in self.after.split(";"))))


COLUMNS: Final = tuple(name for name in GateRow.model_fields if name != "where")


def read_gate_files(entry: Entry, folder: Traversable, faults: list[Fault]) -> tuple[GateRow, ...]:
    """Every row of the files that a study names under `gate_files`.

    Parameters
    ----------
    entry
        The key as written: a list of file names.
    folder
        Folder of the study.
    faults
        Collects what is wrong, each with file, row and column.
    """
    out: list[GateRow] = []
    for name in map(plain_text, entry.value) if isinstance(entry.value, list) else ():
        if not name or PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            faults.append(Fault(entry.where, f"got {shown(name)}, need a file inside the folder"))
            continue
        for record in read_csv(folder.joinpath(name), name, COLUMNS, faults) or ():
            row = check_record(GateRow, record, faults)
            if row is not None:
                out.append(row.model_copy(update={"where": record.where}))
    return tuple(out)
