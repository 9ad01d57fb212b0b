"""A case of on-site supply as a YAML file: every part with its line, and all faults of the file together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from wattworth.errors import Fault, StudyError
from wattworth.study.checking import check_record, check_schema_version, line_of
from wattworth.study.raw import Entry, Record, did_you_mean, shown
from wattworth.study.yaml_reader import YamlFile
from wattworth.supply.case_schema import CaseKeys, TariffKeys

PACKAGED: Final = ("offgrid-ai",)
"""Names of the cases that ship inside the package."""

_BROKEN: Final = object()
_NEED: Final = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "less_than_equal": "a number of {le} or less",
    "greater_than_equal": "a number of {ge} or more",
    "too_short": "{min_length} items or more",
    "too_long": "{max_length} items at most",
}
"""What an item of a list must be, by the kind of pydantic's complaint."""


@dataclass(frozen=True, slots=True)
class PowerFile:
    """A case as declared.

    Attributes
    ----------
    keys
        Its keys, checked one by one.
    folder
        Where the files that it names are looked for.
    file
        What it is called in a message.
    places
        Line of each key: ``sources.engine`` to ``case.yaml line 12``.
    """

    keys: CaseKeys
    folder: Path
    file: str
    places: Mapping[str, str]

    def fault(self, path: str, message: str) -> Fault:
        """A fault at a key, or at the nearest above it that the file holds."""
        names = path.split(".")
        while names:
            if (where := self.places.get(".".join(names))) is not None:
                return Fault(where, message)
            names.pop()
        return Fault(self.file, message)


def read_power_file(source: Path | str) -> PowerFile:
    """Read a case.

    Parameters
    ----------
    source
        A YAML file whose keys are those of :class:`~wattworth.supply.case_schema.CaseKeys`, or the name of a packaged
        case.

    Raises
    ------
    StudyError
        With every fault of the file: its line, what stands there, what is needed, and the nearest valid key.
    """
    file, folder = _found(source)
    faults: list[Fault] = []
    yaml = YamlFile(file, file.name, faults)
    built, reader = None, _Reader(yaml, faults)
    if yaml.root is not None:
        check_schema_version(yaml.root, faults)
        built = reader.build(CaseKeys, yaml.root, "")
    if not faults and isinstance(built, CaseKeys):
        found = PowerFile(built, folder, file.name, reader.places)
        faults += _clashes(found)
        if not faults:
            return found
    raise StudyError(sorted(faults, key=line_of))


def _found(source: Path | str) -> tuple[Traversable, Path]:
    """The file, and the folder of what it names."""
    path = Path(source)
    if str(source) in PACKAGED and not path.exists():
        return files("wattworth.supply").joinpath("cases").joinpath(f"{source}.yaml"), Path.cwd()
    if not path.exists():
        beside = [other.name for other in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, [*beside, *PACKAGED])
        raise StudyError([Fault(str(path), f"no such file{hint}; packaged cases: {', '.join(PACKAGED)}")])
    return path, path.parent


class _Reader:
    """Builds parts from the innermost outwards, so that each complaint has the line of its own part."""

    def __init__(self, yaml: YamlFile, faults: list[Fault]) -> None:
        self._yaml = yaml
        self._faults = faults
        self.places: dict[str, str] = {}

    def build(self, model: type[BaseModel], record: Record, path: str) -> BaseModel | None:
        """A part from its record, or None with its faults."""
        broken: set[str] = set()
        for name, entry in list(record.entries.items()):
            self.places[path + name] = entry.key_where
            info = model.model_fields.get(name)
            if info is None or entry.value is None:
                continue
            value = self._value(info, entry, path + name)
            if value is _BROKEN:
                broken.add(name)
            record.entries[name] = entry._replace(value=value)
        found: list[Fault] = []
        kept = {name: entry for name, entry in record.entries.items() if name not in broken}
        told = Record(record.where, record.noun, kept, record.names_where)
        built = check_record(model, told, found)
        absent = {f'missing key "{name}"' for name in broken}
        self._faults += [f for f in found if not any(f.message.startswith(words) for words in absent)]
        return None if broken else built

    def _value(self, info: FieldInfo, entry: Entry, path: str) -> object:
        part, is_list = _part_of(info.annotation)
        if part is None:
            return self._plain_list(info, entry) if is_list else entry.value
        if is_list:
            if not isinstance(entry.value, list):
                return self._refused(entry, f"a list of mappings with {', '.join(part.model_fields)}")
            items = [self._mapping(part, item, f"{path}.{n}") for n, item in enumerate(self._yaml.items(entry))]
            return _BROKEN if any(item is _BROKEN for item in items) else tuple(items)
        return self._mapping(part, entry, path)

    def _plain_list(self, info: FieldInfo, entry: Entry) -> object:
        try:
            wanted: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
            TypeAdapter(wanted).validate_python(entry.value)
        except ValidationError as error:
            first = error.errors()[0]
            got = f"a list of {len(first['input'])}" if isinstance(first["input"], list) else shown(first["input"])
            need = _NEED.get(first["type"], "a list of numbers").format(**first.get("ctx", {}))
            at = f", item {int(first['loc'][0]) + 1}" if first["loc"] else ""
            self._faults.append(Fault(entry.where + at, f"got {got}, need {need}"))
            return _BROKEN
        return entry.value

    def _mapping(self, part: type[BaseModel], entry: Entry, path: str) -> object:
        record = self._yaml.record(entry)
        if record is None and entry.value == {}:
            record = Record(entry.key_where, "key")
        if record is None:
            return self._refused(entry, f"a mapping with {', '.join(part.model_fields)}")
        record.where = record.where or entry.where
        built = self.build(part, record, f"{path}.")
        return _BROKEN if built is None else built

    def _refused(self, entry: Entry, need: str) -> object:
        self._faults.append(Fault(entry.where, f"got {shown(entry.value)}, need {need}"))
        return _BROKEN


def _part_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The mapping that a key holds, and whether it holds a list of them."""
    for base in _bases(annotation):
        if get_origin(base) is tuple:
            return _part_of(get_args(base)[0])[0], True
        if isinstance(base, type) and issubclass(base, BaseModel):
            return base, False
    return None, False


def _bases(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _bases(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [base for part in get_args(annotation) for base in _bases(part)]
    return [annotation]


def _clashes(file: PowerFile) -> list[Fault]:
    """What no key alone shows: choices not made, or made twice."""
    keys, out = file.keys, []
    load, weather, target = keys.load, keys.weather, keys.reliability
    if sum(value is not None for value in (load.flat_mw, load.file, load.hall)) != 1:
        out.append(file.fault("load", "give one of flat_mw, file and hall"))
    if weather is not None and (weather.file is None) == (weather.synthetic is None):
        out.append(file.fault("weather", "give one of file and synthetic"))
    if target.availability_frac is target.unserved_max_frac is target.short_h_per_year is None:
        out.append(file.fault("reliability", "give availability_frac (0.999), unserved_max_frac or short_h_per_year"))
    if load.hall is not None and weather is None:
        out.append(file.fault("load.hall", "its PUE follows the wet bulb: give weather"))
    sources = keys.sources
    if not any(getattr(sources, name) is not None for name in type(sources).model_fields) and keys.grid is None:
        out.append(file.fault("sources", "nothing can serve the load: name a source, or give grid"))
    if (sun := sources.solar) is not None:
        out += _one_profile(file, "solar", (sun.panels, sun.file, sun.reference_year or None))
    if (wind := sources.wind) is not None:
        out += _one_profile(file, "wind", (wind.turbine, wind.file))
    return out + _grid_clashes(file) + _design_clashes(file)


def _one_profile(file: PowerFile, name: str, given: tuple[object, ...]) -> list[Fault]:
    ways = {"solar": "panels, file and reference_year", "wind": "turbine and file"}[name]
    if sum(value is not None for value in given) != 1:
        return [file.fault(f"sources.{name}", f"give one of {ways}, which say what it yields in each hour")]
    if given[0] is not None and file.keys.weather is None:
        return [file.fault(f"sources.{name}", "its yield follows the weather: give weather, or a file of its hours")]
    return []


def _grid_clashes(file: PowerFile) -> list[Fault]:
    grid, out = file.keys.grid, []
    if grid is None:
        return out
    if grid.import_max_mw > 0.0 and (grid.import_usd_per_mwh is None) == (grid.price_file is None):
        out.append(file.fault("grid", "give one of import_usd_per_mwh and price_file"))
    if grid.export_max_mw > 0.0 and grid.export_usd_per_mwh is None and grid.price_file is None:
        out.append(file.fault("grid.export_max_mw", "give export_usd_per_mwh or price_file"))
    if grid.periods and grid.price_file is not None:
        out.append(file.fault("grid.periods", "the price file says every hour: leave out periods or price_file"))
    if grid.tariff is not None:
        out += _tariff_clashes(file, grid.tariff)
    if grid.forced_outage_frac > 0.0 and grid.outage_h is None and file.keys.battery is not None:
        out.append(
            file.fault("grid.forced_outage_frac", "give outage_h too: how long an outage lasts, for the battery")
        )
    return out


def _tariff_clashes(file: PowerFile, tariff: TariffKeys) -> list[Fault]:
    out = []
    for n, block in enumerate(tariff.demand):
        if (block.usd_per_kw_month is None) == (block.usd_per_kw_by_month is None):
            message = "give one of usd_per_kw_month and usd_per_kw_by_month"
            out.append(file.fault(f"grid.tariff.demand.{n}.name", message))
        if block.floor_frac is None and {"floor_months", "lookback_months"} & block.model_fields_set:
            out.append(file.fault(f"grid.tariff.demand.{n}.name", "a ratchet needs floor_frac: give it"))
    names = [block.name for block in (*tariff.demand, *tariff.coincident)]
    if len(set(names)) < len(names):
        out.append(file.fault("grid.tariff", f"charges need names that differ, got {', '.join(names)}"))
    four = tariff.four_cp
    if four is not None and (four.peak_hours is None) == (four.file is None):
        out.append(file.fault("grid.tariff.four_cp", "give one of peak_hours and file (the load of the whole grid)"))
    return out


def _design_clashes(file: PowerFile) -> list[Fault]:
    keys, out, seen = file.keys, [], {"optimum"}
    there = {name for name in type(keys.sources).model_fields if getattr(keys.sources, name) is not None}
    there |= {"grid"} if keys.grid is not None else set()
    there |= {"battery"} if keys.battery is not None else set()
    for n, design in enumerate(keys.designs):
        if design.name in seen:
            out.append(file.fault(f"designs.{n}.name", f"got {shown(design.name)}, which is taken; give another"))
        seen.add(design.name)
        for key in sorted(design.model_fields_set - {"name"}):
            part = key.removesuffix("_mwh").removesuffix("_mw")
            if part not in there and getattr(design, key):
                out.append(file.fault(f"designs.{n}.{key}", f"the case has no {part}: add it, or leave this out"))
    return out
