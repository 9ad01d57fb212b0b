"""A gas study's files, read and checked; every fault is told, with its file and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from wattworth.errors import Fault, StudyError
from wattworth.gas.checks import check_network
from wattworth.gas.schema import GasStudyFile, LimitRow, LinkRow, LostExports, NodeRow, OptionRow, PriceRow, Sourced
from wattworth.study.checking import check_record, check_schema_version
from wattworth.study.csv_reader import read_csv
from wattworth.study.raw import Record, did_you_mean, shown
from wattworth.study.yaml_reader import YamlFile

STUDY_FILE: Final = "study.yaml"
_Row = TypeVar("_Row", bound=Sourced)


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
    """

    settings: GasStudyFile
    probability: Mapping[str, float]
    lost: LostExports | None
    nodes: tuple[NodeRow, ...]
    links: tuple[LinkRow, ...]
    options: tuple[OptionRow, ...]
    limits: tuple[LimitRow, ...]
    prices: tuple[PriceRow, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Its years."""
        first = self.settings.first_year
        return tuple(range(first, first + self.settings.years))


@cache
def study_names() -> tuple[str, ...]:
    """Names of the packaged gas studies."""
    return tuple(sorted(folder.name for folder in _packaged().iterdir() if folder.joinpath(STUDY_FILE).is_file()))


def _packaged() -> Traversable:
    return files("wattworth.gas") / "studies"


def read_gas_study(source: str | Path) -> GasStudy:
    """Read a gas study and check it.

    Parameters
    ----------
    source
        A folder with study.yaml, nodes.csv, links.csv, options.csv, limits.csv and prices.csv, or the name of a
        packaged study.

    Raises
    ------
    StudyError
        With every fault found.
    """
    name = str(source)
    folder: Traversable = Path(source)
    if name in study_names():
        folder = _packaged() / name
    elif not folder.is_dir():
        near = did_you_mean(name, study_names())
        raise StudyError(
            f"{shown(name)}: no such folder or packaged gas study{near}; there are {', '.join(study_names())}"
        )
    faults: list[Fault] = []
    study = _read(folder, faults)
    if faults or study is None:
        raise StudyError(list(dict.fromkeys(faults)))
    return study


def _read(folder: Traversable, faults: list[Fault]) -> GasStudy | None:
    yaml = YamlFile(folder / STUDY_FILE, STUDY_FILE, faults)
    settings, probability, lost = None, {}, None
    if yaml.root is not None:
        check_schema_version(yaml.root, faults)
        settings = check_record(GasStudyFile, yaml.root, faults)
        probability = _cases(yaml, faults)
        lost = _lost(yaml, faults)
    rows = {
        name: _rows(folder, f"{name}.csv", model, faults)
        for name, model in (
            ("nodes", NodeRow),
            ("links", LinkRow),
            ("options", OptionRow),
            ("limits", LimitRow),
            ("prices", PriceRow),
        )
    }
    if settings is None:
        return None
    placed = {name: tuple(pairs) for name, pairs in rows.items()}
    check_network(settings, probability, placed, faults)
    if faults:
        return None
    built = {name: tuple(row for _, row in pairs) for name, pairs in placed.items()}
    return GasStudy(settings, probability, lost, **built)  # type: ignore[arg-type] - one key for each field


def _rows(folder: Traversable, name: str, model: type[_Row], faults: list[Fault]) -> list[tuple[Record, _Row]]:
    records: Sequence[Record] = read_csv(folder / name, name, tuple(model.model_fields), faults) or ()
    built = [(record, check_record(model, record, faults)) for record in records]
    return [(record, row) for record, row in built if row is not None]


def _cases(yaml: YamlFile, faults: list[Fault]) -> dict[str, float]:
    """Chances of price cases, which sum to one."""
    entry = yaml.root.entries.get("cases") if yaml.root else None
    record = yaml.record(entry) if entry is not None else None
    if entry is None or record is None:
        return {}
    out: dict[str, float] = {}
    for name, inner in record.entries.items():
        if isinstance(inner.value, bool) or not isinstance(inner.value, int | float) or not 0 <= inner.value <= 1:
            faults.append(Fault(inner.where, f"got {shown(inner.value)}, need a chance from 0 to 1"))
        else:
            out[name] = float(inner.value)
    if len(out) == len(record.entries) and abs(sum(out.values()) - 1.0) > 1e-9:
        faults.append(Fault(entry.where, f"the chances sum to {sum(out.values()):g}, need 1"))
    return out


def _lost(yaml: YamlFile, faults: list[Fault]) -> LostExports | None:
    entry = yaml.root.entries.get("lost_exports") if yaml.root else None
    record = yaml.record(entry) if entry is not None else None
    lost = check_record(LostExports, record, faults) if record is not None else None
    if lost is not None and record is not None and lost.now >= lost.peak:
        faults.append(
            Fault(record.entries["now"].where, f"{lost.now:g} is not below the peak {lost.peak:g}: nothing is lost")
        )
    return lost
