"""Facts a study takes from files, such as those that `wattworth calibrate` writes."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import Final

from wattworth.errors import Fault
from wattworth.study.csv_reader import read_csv
from wattworth.study.declared import Override
from wattworth.study.raw import Entry, Record, plain_text, shown

KEY_COLUMNS: Final = ("technology", "parameter")
_COLUMNS: Final = (*KEY_COLUMNS, *Override.model_fields, "bounds")


def read_fact_files(entry: Entry, folder: Traversable, faults: list[Fault]) -> dict[str, Record]:
    """Changed facts by key from every file that a study names under `fact_files`.

    Parameters
    ----------
    entry
        The key as written: a list of file names, the later before the earlier where both change a fact.
    folder
        Folder of the study.
    faults
        Collects what is wrong, each with file, row and column.
    """
    out: dict[str, Record] = {}
    for name in map(plain_text, entry.value) if isinstance(entry.value, list) else ():
        if not name or PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            faults.append(Fault(entry.where, f"got {shown(name)}, need a file inside the folder"))
            continue
        seen: dict[str, str] = {}
        for record in read_csv(folder.joinpath(name), name, _COLUMNS, faults) or ():
            entries = dict(record.entries)
            names = [plain_text(entries.pop(column).value) if column in entries else "" for column in KEY_COLUMNS]
            key = ".".join(names)
            entries.pop("bounds", None)  # the range of a fact keeps the kind it has in the package
            if not all(names):
                message = "need technology and parameter, the two halves of a fact's key"
                faults.append(Fault(record.where, message))
            elif seen.setdefault(key, record.where) != record.where:
                faults.append(Fault(record.where, f"{key} stands in {seen[key]} already"))
            else:
                out[key] = Record(record.where, record.noun, entries, record.names_where)
    return out
