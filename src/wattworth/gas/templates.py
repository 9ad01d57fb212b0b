"""The start of a gas study of one's own: a packaged one as a folder of text files, or as one workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from wattworth.gas.reading import NESTED, STUDY_FILE, GasStudy, packaged, read_gas_study
from wattworth.gas.schema import ROWS, SHEETS, GasStudyFile, LostExports
from wattworth.study import fields
from wattworth.study.templates import write_start
from wattworth.study.xlsx_writer import sheets_workbook

_NOTES = (
    "The pointer on a column's name shows its meaning and unit.",
    "In the sheet study, cases.NAME is the chance of a price case, and the parts of lost_exports stand after its dot.",
    "Leave a cell empty where a value is not known. A fraction is a fraction and not percent: 0.03.",
    "A row whose first cell starts with # is skipped. A sheet whose name starts with _ is not read.",
    "Formulas are read by their last calculated value: save the workbook in the spreadsheet program first.",
)


def write_gas_template(folder_or_file: Path, origin: str, *, xlsx: bool) -> Path:
    """Copy a packaged gas study.

    Parameters
    ----------
    folder_or_file
        Where to write. A workbook takes the suffix ``.xlsx``, and a name that has it is a workbook.
    origin
        Name of a packaged gas study.
    xlsx
        Whether to write one workbook instead of a folder.

    Returns
    -------
    Path
        The folder or workbook written.

    Raises
    ------
    StudyError
        If the origin is unknown, or the place is taken or cannot be written; nothing is ever overwritten.
    """
    study = read_gas_study(origin)
    return write_start(folder_or_file, lambda _: _files(origin), lambda _: gas_workbook(study), xlsx=xlsx)


def _files(origin: str) -> dict[str, bytes]:
    folder = packaged(origin)
    return {name: (folder / name).read_bytes() for name in (STUDY_FILE, *(f"{sheet}.csv" for sheet in ROWS))}


def gas_workbook(study: GasStudy) -> bytes:
    """A study as the content of an ``.xlsx`` file; what is written reads back the same.

    Parameters
    ----------
    study
        A checked study.
    """
    rows = {name: [row.model_dump() for row in getattr(study, name)] for name in ROWS}
    facts = [{"key": key, **override.model_dump()} for key, override in study.overrides.items()]
    notes = [{"note": note} for note in _NOTES]
    return sheets_workbook(SHEETS, {"study": list(_settings(study)), **rows, "facts": facts, "notes": notes})


def _settings(study: GasStudy) -> Iterator[Mapping[str, object]]:
    for name, info in GasStudyFile.model_fields.items():
        if name not in (*NESTED, "facts"):
            yield _setting(name, getattr(study.settings, name), info.description, fields.unit(info))
    for case, chance in study.probability.items():
        yield _setting(f"cases.{case}", chance, "Chance of the price case; they sum to 1.", "frac")
    for name, info in LostExports.model_fields.items() if study.lost else ():
        yield _setting(f"lost_exports.{name}", getattr(study.lost, name), info.description, fields.unit(info))


def _setting(key: str, value: object, meaning: str | None, unit: str | None) -> Mapping[str, object]:
    return {"key": key, "value": value, "unit": unit, "meaning": meaning}
