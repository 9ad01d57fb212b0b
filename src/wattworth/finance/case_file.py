"""One project as a YAML file: every part with its line, and all faults of the file together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wattworth.errors import Fault, StudyError
from wattworth.finance.project import ProjectCase
from wattworth.finance.vehicles import VehicleTerms
from wattworth.study.checking import check_record, check_schema_version, line_of
from wattworth.study.fields import bases
from wattworth.study.raw import Entry, Record, did_you_mean, shown
from wattworth.study.yaml_reader import YamlFile

_SUFFIXES: Final = (".yaml", ".yml")
_QUOTED: Final = re.compile(r'"([a-z_0-9]+)"')
_FIELD: Final = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)*")
_BROKEN: Final = object()
"""Stands for a part that has faults of its own, which are told already."""


class CaseFile(NamedTuple):
    """What a file declares.

    Attributes
    ----------
    project
        The project.
    vehicle
        Who may hold it, or None where the file asks for no comparison.
    """

    project: ProjectCase
    vehicle: VehicleTerms | None


class _Keys(ProjectCase):
    """Keys of a file: those of a project, and what else may stand beside them."""

    vehicle: VehicleTerms | None = None
    """Who may hold the project."""


class _Number(BaseModel):
    value: float


class _Text(BaseModel):
    value: str


class _Shape(NamedTuple):
    """What a field holds below its own line: parts, a list of parts, or a list of plain values."""

    models: tuple[type[BaseModel], ...] = ()
    is_list: bool = False


def read_case(path: Path | str, convention: str | None = None) -> ProjectCase:
    """Read the project of a YAML file, as :func:`read_case_file` does."""
    return read_case_file(path, convention).project


def read_case_file(path: Path | str, convention: str | None = None) -> CaseFile:
    """Read one project, and who may hold it, from a YAML file.

    Parameters
    ----------
    path
        File whose keys are the fields of :class:`~wattworth.finance.project.ProjectCase`, and ``vehicle``, whose keys
        are those of :class:`~wattworth.finance.vehicles.VehicleTerms`.
    convention
        Preset to take instead of the one the file names.

    Returns
    -------
    CaseFile

    Raises
    ------
    StudyError
        With every fault of the file: its line, what stands there, what is needed, and the nearest valid key.
    """
    file = Path(path)
    faults: list[Fault] = []
    yaml = YamlFile(file, file.name, faults)
    built = None
    if yaml.root is not None:
        if convention is not None:
            yaml.root.entries["convention"] = Entry(convention, "--convention", "--convention")
        check_schema_version(yaml.root, faults)
        reader = _Reader(yaml, faults)
        built = reader.build(_Keys, yaml.root, "")
        faults = [told for fault in faults for told in reader.placed(fault)]
    if faults or not isinstance(built, _Keys):
        raise StudyError([_with_hint(fault, file) for fault in sorted(faults, key=line_of)])
    own = built.model_fields_set & ProjectCase.model_fields.keys()
    return CaseFile(ProjectCase(**{name: getattr(built, name) for name in own}), built.vehicle)


def _with_hint(fault: Fault, file: Path) -> Fault:
    """Name the nearest case beside a file that is not there."""
    if fault.message != "no such file":
        return fault
    folder = file.parent
    known = sorted(other.name for other in folder.glob("*") if other.suffix in _SUFFIXES) if folder.is_dir() else []
    listed = f"; {folder} holds {', '.join(known)}" if known else ""
    return Fault(str(file), f"no such file{did_you_mean(file.name, known)}{listed}")


class _Reader:
    """Builds parts from the innermost outwards, so that each complaint has the line of its own part."""

    def __init__(self, yaml: YamlFile, faults: list[Fault]) -> None:
        self._yaml = yaml
        self._faults = faults
        self._places: dict[str, str] = {}

    def build(self, model: type[BaseModel], record: Record, path: str) -> BaseModel | None:
        """A part from its record, or None with its faults."""
        broken: set[str] = set()
        for name, entry in list(record.entries.items()):
            self._places[path + name] = entry.where
            info = model.model_fields.get(name)
            if info is None or entry.value is None:
                continue
            value = self._value(_shape(info), entry, f"{path}{name}.")
            if value is _BROKEN:
                broken.add(entry.where)
            record.entries[name] = entry._replace(value=value)
        found: list[Fault] = []
        built = check_record(model, record, found)
        self._faults += [_listing(model, fault) for fault in found if fault.where not in broken]
        return None if broken else built

    def _value(self, shape: _Shape, entry: Entry, path: str) -> object:
        if not shape.is_list:
            record = self._yaml.record(entry) if shape.models else None
            return entry.value if record is None else self._part(shape.models, record, path)
        if not isinstance(entry.value, list):
            need = f"a list{_of(shape.models)}" if shape.models[0] in (_Number, _Text) else _need(shape)
            self._faults.append(Fault(entry.where, f"got {shown(entry.value)}, need {need}"))
            return _BROKEN
        items = [self._item(shape.models, item, f"{path}{n}.") for n, item in enumerate(self._yaml.items(entry))]
        return _BROKEN if any(item is _BROKEN for item in items) else tuple(items)

    def _part(self, models: tuple[type[BaseModel], ...], record: Record, path: str) -> object:
        nearest = max(models, key=lambda model: len(model.model_fields.keys() & record.entries.keys()))
        built = self.build(nearest, record, path)
        return _BROKEN if built is None else built

    def _item(self, models: tuple[type[BaseModel], ...], item: Entry, path: str) -> object:
        if models[0] in (_Number, _Text):
            one = check_record(models[0], Record(item.where, "key", {"value": item}), self._faults)
            return _BROKEN if one is None else getattr(one, "value")  # noqa: B009 - of either model
        record = self._yaml.record(item)
        if record is None:
            self._faults.append(Fault(item.where, f"got {shown(item.value)}, need a mapping{_of(models)}"))
            return _BROKEN
        return self._part(models, record, path)

    def placed(self, fault: Fault) -> Iterator[Fault]:
        """A fault of the whole case as one for each field it names, at the line of that field."""
        root = self._yaml.root
        if root is None or fault.where != root.where:
            yield fault
            return
        told: list[tuple[str, str]] = []
        for part in fault.message.split("; "):
            field = _FIELD.match(part)
            place = None if field is None else self._place(field[0])
            if place is None and told:
                told[-1] = (told[-1][0], f"{told[-1][1]}; {part}")
            else:
                told.append((place or fault.where, part))
        yield from (Fault(where, message) for where, message in told)

    def _place(self, path: str) -> str | None:
        """Line of a field, or of the nearest part above it that the file holds."""
        names = path.split(".")
        if names[0] not in _Keys.model_fields:
            return None
        while names:
            if (found := self._places.get(".".join(names))) is not None:
                return found
            names.pop()
        return None


def _listing(model: type[BaseModel], fault: Fault) -> Fault:
    """A fault of a part that is missing or no mapping, with the keys it takes."""
    named = _QUOTED.findall(f"{fault.where} {fault.message}")
    info = model.model_fields.get(named[-1 if fault.message.startswith("missing") else 0]) if named else None
    shape = _Shape() if info is None else _shape(info)
    if not shape.models or not fault.message.endswith("need a mapping"):
        return fault
    return Fault(fault.where, fault.message.removesuffix("a mapping") + _need(shape))


def _need(shape: _Shape) -> str:
    return f"a {'list of mappings' if shape.is_list else 'mapping'}{_of(shape.models)}"


def _of(models: tuple[type[BaseModel], ...]) -> str:
    """What the items of a list are, as the end of a sentence."""
    if models[0] is _Number:
        return " of numbers"
    if models[0] is _Text:
        return " of words"
    return f" with {', '.join(models[0].model_fields)}"


def _shape(info: FieldInfo) -> _Shape:
    """What a field holds below its own line."""
    for base in bases(info.annotation):
        if get_origin(base) is tuple:
            items = [item for part in get_args(base)[:1] for item in bases(part)]
            models = _models(items)
            if models:
                return _Shape(models, is_list=True)
            if items in ([float], [int]):
                return _Shape((_Number,), is_list=True)
            if items == [str]:
                return _Shape((_Text,), is_list=True)
    return _Shape(_models(bases(info.annotation)))


def _models(types: list[Any]) -> tuple[type[BaseModel], ...]:
    return tuple(base for base in types if isinstance(base, type) and issubclass(base, BaseModel))
