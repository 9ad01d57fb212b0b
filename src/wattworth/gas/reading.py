"""A gas study's files, read and checked; every fault is told, with its file and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from wattworth.errors import Fault, StudyError
from wattworth.facts import FactBook
from wattworth.gas.checks import check_network
from wattworth.gas.schema import (
    ROWS,
    SHEETS,
    GasStudyFile,
    LimitRow,
    LinkRow,
    LostExports,
    NodeRow,
    OptionRow,
    PriceRow,
    Sourced,
)
from wattworth.study.checking import check_record, check_schema_version
from wattworth.study.csv_reader import read_csv
from wattworth.study.declared import Override
from wattworth.study.filling import changed_facts
from wattworth.study.packaged import packaged_names
from wattworth.study.raw import Entry, Record, did_you_mean, shown
from wattworth.study.xlsx_reader import WORKBOOK_SUFFIXES, open_sheets, sheet_names
from wattworth.study.yaml_reader import YamlFile

STUDY_FILE: Final = "study.yaml"
NESTED: Final = ("cases", "lost_exports")
"""Settings with parts, which a workbook names with a dot: `cases.2025`."""


@dataclass(frozen=True, slots=True, eq=False)
class GasStudy:
    """A study as declared.

    Attributes
    ----------
    settings
        Keys of study.yaml.
    probability
        Chance of each price case.
    lost
        What the income is set against, or None.
    nodes, links, options, limits, prices
        Rows.
    overrides
        Facts that it changes.
    places
        Where each of them stands, for messages.
    """

    settings: GasStudyFile
    probability: Mapping[str, float]
    lost: LostExports | None
    nodes: tuple[NodeRow, ...]
    links: tuple[LinkRow, ...]
    options: tuple[OptionRow, ...]
    limits: tuple[LimitRow, ...]
    prices: tuple[PriceRow, ...]
    overrides: Mapping[str, Override] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def usd_year(self) -> int:
        """Year of its money."""
        return self.settings.usd_year

    @property
    def as_of(self) -> str:
        """Date of its figures."""
        return self.settings.as_of or "undated"

    @property
    def years(self) -> tuple[int, ...]:
        """Its years."""
        first = self.settings.first_year
        return tuple(range(first, first + self.settings.years))


@cache
def study_names() -> tuple[str, ...]:
    """Names of the packaged gas studies."""
    return tuple(sorted(folder.name for folder in packaged().iterdir() if folder.joinpath(STUDY_FILE).is_file()))


def packaged(name: str = "") -> Traversable:
    """Folder of a packaged gas study, or of all of them."""
    folder = files("wattworth.gas") / "studies"
    return folder / name if name else folder


def is_gas_study(source: str | Path) -> bool:
    """Whether a source is a study of gas: a folder with nodes.csv, a workbook with that sheet, or a packaged one.

    A name of nothing counts by the packaged study that it is nearest to.
    """
    try:
        path = _path_of(source)
        if path.is_dir():
            return (path / "nodes.csv").is_file()
        if path.exists():
            return path.suffix.lower() in WORKBOOK_SUFFIXES and "nodes" in sheet_names(path)
    except OSError:  # its reader says what is wrong
        return False
    near = did_you_mean(str(source), (*packaged_names(), *study_names()))
    return any(f'"{name}"' in near for name in study_names())


def read_gas_study(source: str | Path) -> GasStudy:
    """Read a gas study and check it.

    Parameters
    ----------
    source
        A folder with study.yaml, nodes.csv, links.csv, options.csv, limits.csv and prices.csv; a workbook with sheets
        of those names (its suffix may be left out); or the name of a packaged study.

    Raises
    ------
    StudyError
        With every fault found.
    """
    faults: list[Fault] = []
    try:
        raw = _open(source, faults)
    except OSError as error:
        raise StudyError([Fault(str(source), f"cannot be read: {error.strerror or error}")]) from None
    study = _assembled(raw, faults)
    if faults or study is None:
        raise StudyError(list(dict.fromkeys(faults)))
    return study


def book_of(study: GasStudy, book: FactBook) -> FactBook:
    """Facts with those that the study changes.

    Parameters
    ----------
    study
        A checked study.
    book
        Packaged facts.

    Raises
    ------
    StudyError
        With every changed fact that does not exist, naming the nearest, or that has another unit.
    """
    faults: list[Fault] = []
    changed = changed_facts(study, book, faults)
    if faults:
        raise StudyError(faults)
    return book.with_overrides(changed.values())


@dataclass(slots=True)
class _Raw:
    """A study as written.

    Attributes
    ----------
    root
        Settings; None if they could not be read.
    cases, lost
        Nested settings.
    facts
        Changed facts by key.
    rows
        Sheet to its rows.
    """

    root: Record | None
    cases: Record | None = None
    lost: Record | None = None
    facts: dict[str, Record] = field(default_factory=dict)
    rows: dict[str, Sequence[Record]] = field(default_factory=dict)


def _path_of(source: str | Path) -> Path:
    path = Path(source)
    if path.name == STUDY_FILE and path.is_file():
        return path.parent
    if path.name and not path.exists() and (beside := path.with_name(f"{path.name}.xlsx")).is_file():
        return beside
    return path


def _open(source: str | Path, faults: list[Fault]) -> _Raw:
    name, path = str(source), _path_of(source)
    if path.is_dir():
        return _folder(path, faults)
    if name in study_names():
        return _folder(packaged(name), faults)
    if path.is_file() and path.suffix.lower() in WORKBOOK_SUFFIXES:
        return _workbook(path, faults)
    if path.is_file():
        raise StudyError([Fault(path.name, f"need a folder with {STUDY_FILE}, or a workbook ending in .xlsx")])
    near = did_you_mean(name, study_names())
    listed = ", ".join(study_names())
    raise StudyError(f"{shown(name)}: no such folder, workbook or packaged gas study{near}; there are {listed}")


def _folder(folder: Traversable, faults: list[Fault]) -> _Raw:
    yaml = YamlFile(folder / STUDY_FILE, STUDY_FILE, faults)
    raw = _Raw(yaml.root)

    def nested(name: str) -> Record | None:
        entry = yaml.root.entries.get(name) if yaml.root else None
        return yaml.record(entry) if entry is not None else None

    raw.cases, raw.lost = nested("cases"), nested("lost_exports")
    for key, entry in facts.entries.items() if (facts := nested("facts")) is not None else ():
        record = yaml.record(entry)
        if record is None:
            faults.append(Fault(entry.where, f"got {shown(entry.value)}, need a mapping of value, source and the rest"))
        else:
            raw.facts[key] = record
    for sheet, model in ROWS.items():
        name = f"{sheet}.csv"
        raw.rows[sheet] = read_csv(folder / name, name, tuple(model.model_fields), faults) or ()
    return raw


def _workbook(path: Path, faults: list[Fault]) -> _Raw:
    sheets = open_sheets(path, SHEETS, ("study", *ROWS), faults)
    if sheets is None:
        return _Raw(None)
    raw = _Raw(sheets.settings(), facts=sheets.keyed("facts"))
    raw.cases, raw.lost = (_dotted(raw.root, name) for name in NESTED)
    raw.rows = {sheet: sheets.records(sheet) or () for sheet in ROWS}
    return raw


def _dotted(root: Record | None, name: str) -> Record | None:
    """Settings such as ``cases.2025``, taken out of the others and put under the name before the dot."""
    own = [key for key in root.entries if key.startswith(f"{name}.")] if root else []
    if root is None or not own:
        return None
    nested = Record(root.entries[own[0]].where, "key")
    for key in own:
        nested.entries[key.partition(".")[2]] = root.entries.pop(key)
    values = {key: entry.value for key, entry in nested.entries.items()}
    root.entries[name] = Entry(values, nested.where, nested.where)
    return nested


def _assembled(raw: _Raw, faults: list[Fault]) -> GasStudy | None:
    settings, probability, lost = None, {}, None
    if raw.root is not None:
        check_schema_version(raw.root, faults)
        settings = check_record(GasStudyFile, raw.root, faults)
        probability = _cases(raw.cases, faults) if raw.cases is not None else {}
        lost = _lost(raw.lost, faults)
    overrides = {key: check_record(Override, record, faults) for key, record in raw.facts.items()}
    placed = {sheet: _rows(raw.rows.get(sheet, ()), model, faults) for sheet, model in ROWS.items()}
    if settings is None or raw.root is None:
        return None
    check_network(settings, raw.root, probability, placed, faults)
    if faults:
        return None
    built = {name: tuple(row for _, row in pairs) for name, pairs in placed.items()}
    changed = {key: override for key, override in overrides.items() if override is not None}
    places = {key: record.where for key, record in raw.facts.items()}
    return GasStudy(settings, probability, lost, **built, overrides=changed, places=places)  # type: ignore[arg-type] - one key for each field


def _rows(records: Sequence[Record], model: type[Sourced], faults: list[Fault]) -> list[tuple[Record, Sourced]]:
    built = [(record, check_record(model, record, faults)) for record in records]
    return [(record, row) for record, row in built if row is not None]


def _cases(record: Record, faults: list[Fault]) -> dict[str, float]:
    """Chances of price cases, which sum to one."""
    out: dict[str, float] = {}
    for name, inner in record.entries.items():
        if isinstance(inner.value, bool) or not isinstance(inner.value, int | float) or not 0 <= inner.value <= 1:
            faults.append(Fault(inner.where, f"got {shown(inner.value)}, need a chance from 0 to 1"))
        else:
            out[name] = float(inner.value)
    if len(out) == len(record.entries) and abs(sum(out.values()) - 1.0) > 1e-9:
        faults.append(Fault(record.where, f"the chances sum to {sum(out.values()):g}, need 1"))
    return out


def _lost(record: Record | None, faults: list[Fault]) -> LostExports | None:
    lost = check_record(LostExports, record, faults) if record is not None else None
    if lost is not None and record is not None and lost.now >= lost.peak:
        faults.append(
            Fault(record.entries["now"].where, f"{lost.now:g} is not below the peak {lost.peak:g}: nothing is lost")
        )
    return lost
