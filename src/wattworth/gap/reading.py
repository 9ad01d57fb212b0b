"""A model file: read with the line of every key, and all its faults told together."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from wattworth.errors import Fault, StudyError
from wattworth.gap.schema import GapModel
from wattworth.study.checking import check_record, line_of
from wattworth.study.fields import bases
from wattworth.study.raw import Entry, Record, did_you_mean, shown
from wattworth.study.yaml_reader import YamlFile

DEFAULT_MODEL: Final = "morgan-stanley-2025-11"
"""The packaged model that is meant where none is named."""

_SUFFIXES: Final = (".yaml", ".yml")
_BROKEN: Final = object()
"""In place of a value whose faults are told already."""


class _Kind(NamedTuple):
    """What a field holds: a part, a mapping or a list, and of what."""

    container: type | None
    item: Any


@cache
def model_names() -> tuple[str, ...]:
    """Names of the packaged models, by version."""
    return tuple(sorted(file.name.removesuffix(".yaml") for file in _folder().iterdir() if file.name.endswith(".yaml")))


def read_model(source: Path | str = DEFAULT_MODEL) -> GapModel:
    """Read a packaged model by its name, or one of your own from a YAML file.

    Parameters
    ----------
    source
        Name of a packaged model, or the path of a file whose keys are those of :class:`GapModel`.

    Raises
    ------
    StudyError
        With every fault of the file: its line, what stands there, what is needed, and the nearest valid key; or if
        there is no such model or file.
    """
    name = str(source)
    if name in model_names():
        return _packaged(name)
    path = Path(source)
    if path.suffix not in _SUFFIXES:
        near = did_you_mean(name, model_names())
        raise StudyError(f'no packaged model "{name}"{near}; there are {", ".join(model_names())}, or give a YAML file')
    if not path.is_file():
        raise StudyError([Fault(name, "no such file")])
    return _read(path, path.name)


@cache
def _packaged(name: str) -> GapModel:
    return _read(_folder() / f"{name}.yaml", f"{name}.yaml")


def _folder() -> Traversable:
    return files("wattworth.gap") / "models"


def _read(file: Traversable, name: str) -> GapModel:
    faults: list[Fault] = []
    yaml = YamlFile(file, name, faults)
    built = None
    if yaml.root is not None:
        reader = _Reader(yaml, faults)
        built = reader.part(GapModel, yaml.root, "")
        faults = [reader.placed(fault, yaml.root) for fault in faults]
    if faults or not isinstance(built, GapModel):
        raise StudyError(sorted(faults, key=line_of))
    return built


class _Reader:
    """Builds a file from its innermost parts outwards, so that a complaint has the line of its own part."""

    def __init__(self, yaml: YamlFile, faults: list[Fault]) -> None:
        self._yaml, self._faults = yaml, faults
        self._where: dict[str, str] = {}

    def part(self, model: type[BaseModel], record: Record, path: str) -> BaseModel | None:
        """A part from its record; None if it has faults, which are told."""
        broken: set[str] = set()
        for name, entry in [*record.entries.items()]:
            self._where[path + name] = entry.where
            info = model.model_fields.get(name)
            if info is None or entry.value is None:
                continue
            value = self._value(_kind(info.annotation), entry, f"{path}{name}")
            if value is _BROKEN:
                broken.add(entry.where)
            record.entries[name] = entry._replace(value=value)
        told: list[Fault] = []
        built = check_record(model, record, told)
        self._faults += [fault for fault in told if fault.where not in broken]
        return None if broken else built

    def _value(self, kind: _Kind, entry: Entry, path: str) -> object:
        if kind.container is dict:
            return self._mapping(kind.item, entry, path)
        if kind.container is tuple:
            return self._list(kind.item, entry, path)
        return entry.value if kind.item is None else self._one(kind.item, entry, path)

    def _one(self, model: type[BaseModel], entry: Entry, path: str) -> object:
        record = self._yaml.record(entry)
        if record is None:
            keys = ", ".join(model.model_fields)
            self._faults.append(Fault(entry.where, f"got {shown(entry.value)}, need a mapping with {keys}"))
            return _BROKEN
        built = self.part(model, record, f"{path}.")
        return _BROKEN if built is None else built

    def _mapping(self, types: tuple[Any, Any], entry: Entry, path: str) -> object:
        record = self._yaml.record(entry)
        if record is None:
            self._faults.append(Fault(entry.where, f"got {shown(entry.value)}, need a mapping"))
            return _BROKEN
        out: dict[object, object] = {}
        for key, inner in record.entries.items():
            self._where[f"{path}.{key}"] = inner.where
            made = self._key(types[0], key, inner)
            value = self._scalar(types[1], inner) if not _is_part(types[1]) else _BROKEN
            if _is_part(types[1]):
                # an empty part is one whose numbers are all left out
                empty = inner.value is None
                value = types[1]() if empty else self._one(types[1], inner, f"{path}.{key}")
            if made is _BROKEN or value is _BROKEN:
                out[_BROKEN] = _BROKEN
            else:
                out[made] = value
        return _BROKEN if _BROKEN in out else out

    def _key(self, kind: type, key: str, entry: Entry) -> object:
        if kind is not int:
            return key
        if key.isdecimal():
            return int(key)
        self._faults.append(Fault(entry.key_where, f"got {shown(key)}, need a year"))
        return _BROKEN

    def _scalar(self, kind: type, entry: Entry) -> object:
        number = isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
        if kind is float and number:
            return float(entry.value)  # type: ignore[arg-type] - a number, as just asked
        if kind is str and isinstance(entry.value, str) and entry.value:
            return entry.value
        self._faults.append(
            Fault(entry.where, f"got {shown(entry.value)}, need {'a number' if kind is float else 'text'}")
        )
        return _BROKEN

    def _list(self, kind: Any, entry: Entry, path: str) -> object:
        if not isinstance(entry.value, list):
            self._faults.append(Fault(entry.where, f"got {shown(entry.value)}, need a list"))
            return _BROKEN
        items = self._yaml.items(entry)
        if not _is_part(kind):
            return tuple(str(item.value) for item in items)
        built = [self._one(kind, item, f"{path}.{place}") for place, item in enumerate(items)]
        return _BROKEN if any(item is _BROKEN for item in built) else tuple(built)

    def placed(self, fault: Fault, root: Record) -> Fault:
        """A fault with the line of the key it names, or of the nearest above it that the file holds."""
        start = f'{root.where}, key "'
        if not fault.where.startswith(start):
            return fault
        names = fault.where[len(start) : -1].split(".")
        for length in range(len(names), 0, -1):
            where = self._where.get(".".join(names[:length]))
            if where is not None:
                return Fault(where, fault.message)
        return fault


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _kind(annotation: Any) -> _Kind:
    """What a field's annotation says it holds."""
    for base in bases(annotation):
        origin, inner = get_origin(base), get_args(base)
        if origin is dict:
            return _Kind(dict, inner)
        if origin is tuple:
            return _Kind(tuple, bases(inner[0])[0])
        if _is_part(base):
            return _Kind(None, base)
    return _Kind(None, None)
