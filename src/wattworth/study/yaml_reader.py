"""A YAML file with the line of every key and value."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from wattworth.errors import Fault
from wattworth.study.csv_reader import decode, read_bytes
from wattworth.study.plan_block import LISTS, RawPlan
from wattworth.study.raw import Entry, RawCase, RawStudy, Record, shown

_LARGEST_BYTES = 2_000_000
_DEEPEST = 20
_MOST_VALUES = 100_000


class YamlFile:
    """One YAML file: its root mapping as a record, and records for what is nested in it."""

    def __init__(self, file: Traversable, name: str, faults: list[Fault]) -> None:
        self._name = name
        self._faults = faults
        self._yaml = YAML(typ="safe", pure=True)
        self._nodes: dict[int, Node] = {}
        self._n_value = 0
        self.root = self._root(file)

    def _root(self, file: Traversable) -> Record | None:
        data = read_bytes(file, self._name, self._faults, _LARGEST_BYTES)
        text = decode(data, self._name, self._faults) if data is not None else None
        if text is None:
            return None
        try:
            node = self._yaml.compose(text)
        except MarkedYAMLError as error:
            self._faults.append(_syntax_fault(error, self._name))
            return None
        except RecursionError:
            self._faults.append(Fault(self._name, "nested too deep"))
            return None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self._faults.append(Fault(f"{self._name} line {line}", f"not YAML: {error.reason}"))
            return None
        except (YAMLError, AssertionError, ValueError) as error:
            self._faults.append(Fault(self._name, f"not YAML: {' '.join(str(error).split())}"))
            return None
        if node is None:
            self._faults.append(Fault(self._name, "the file holds comments only"))
            return None
        if not isinstance(node, MappingNode):
            kind = "a list" if isinstance(node, SequenceNode) else "one value"
            self._faults.append(Fault(self._name, f"{kind}, need keys with values, such as `name: my-sites`"))
            return None
        return self._record(node, self._name)

    def record(self, entry: Entry) -> Record | None:
        """A nested mapping as a record, or None if the value is no mapping."""
        node = self._nodes.get(id(entry.value))
        return self._record(node, entry.key_where) if isinstance(node, MappingNode) else None

    def items(self, entry: Entry) -> list[Entry]:
        """The items of a nested list, each with its line."""
        node = self._nodes.get(id(entry.value))
        if not isinstance(node, SequenceNode):
            return []
        return [self._entry(child, self._line(child), "") for child in node.value]

    def _record(self, node: MappingNode, where: str) -> Record:
        record = Record(where, "key")
        for key_node, value_node in node.value:
            place = self._line(key_node)
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else "a nested key"
            if key in record.entries:
                first = record.entries[key].key_where.rpartition(" ")[2]
                self._faults.append(Fault(place, f"key {shown(key)} appears twice, first on line {first}"))
                continue
            record.entries[key] = self._entry(value_node, place, key)
        return record

    def _entry(self, node: Node, key_where: str, key: str) -> Entry:
        where = f'{key_where}, key "{key}"' if key else key_where
        try:
            value = self._plain(node, 0)
        except MarkedYAMLError as error:
            self._faults.append(Fault(where, f"cannot be read: {error.problem}"))
            value = None
        except (ValueError, YAMLError) as error:
            self._faults.append(Fault(where, f"cannot be read: {' '.join(str(error).split())}"))
            value = None
        if isinstance(value, dict | list):
            self._nodes[id(value)] = node
        return Entry(value, where, key_where)

    def _plain(self, node: Node, depth: int) -> Any:
        self._n_value += 1
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        if self._n_value > _MOST_VALUES:
            raise ValueError(f"the file holds more than {_MOST_VALUES:,} values, those repeated by aliases included")
        if isinstance(node, MappingNode):
            return {str(self._plain(key, depth + 1)): self._plain(value, depth + 1) for key, value in node.value}
        if isinstance(node, SequenceNode):
            return [self._plain(child, depth + 1) for child in node.value]
        try:
            return self._yaml.constructor.construct_object(node)
        except ValueError:  # a date or number that is none: its text is judged like any other
            return node.value

    def _line(self, node: Node) -> str:
        return f"{self._name} line {node.start_mark.line + 1}"


def read_yaml(file: Traversable, name: str, raw: RawStudy, faults: list[Fault]) -> None:
    """Read a study file into a raw study, its nested parts taken apart."""
    yaml = YamlFile(file, name, faults)
    raw.header = yaml.root
    if yaml.root is None:
        return
    taken = {
        "uses": _take_uses,
        "facts": _take_facts,
        "double_counts": _take_double_counts,
        "discount": _take_discount,
        "cases": _take_cases,
        "supply": _take_supply,
        "plan": _take_plan,
    }
    for key, take in taken.items():
        entry = yaml.root.entries.get(key)
        if entry is not None and isinstance(entry.value, dict | list):
            take(yaml, entry, raw, faults)


def _take_uses(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    raw.uses = {}
    if isinstance(entry.value, list):
        for item in yaml.items(entry):
            if not isinstance(item.value, str):
                faults.append(Fault(item.where, f"got {shown(item.value)}, need the name of a use"))
            elif item.value in raw.uses:
                faults.append(Fault(item.where, f"use {shown(item.value)} appears twice"))
            else:
                raw.uses[item.value] = Record(item.where, "key")
    for name, options in _nested(yaml, entry).items():
        nested = yaml.record(options)
        if nested is None and options.value is not None:
            message = f"got {shown(options.value)}, need the options of the use as a mapping, or {{}} for none"
            faults.append(Fault(options.where, message))
        raw.uses[name] = nested or Record(options.key_where, "key")


def _take_facts(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    _take_mappings(yaml, entry, "of value, source and the rest", raw.facts, faults)


def _take_supply(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    _take_mappings(yaml, entry, "with case, such as `{case: power.yaml}`", raw.supply, faults)


def _take_mappings(yaml: YamlFile, entry: Entry, need: str, into: dict[str, Record], faults: list[Fault]) -> None:
    for name, declared in _nested(yaml, entry).items():
        nested = yaml.record(declared)
        if nested is None:
            faults.append(Fault(declared.where, f"got {shown(declared.value)}, need a mapping {need}"))
        else:
            into[name] = nested


def _take_plan(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    record = yaml.record(entry)
    if record is None:
        return  # the check of the header says what it needs
    plan = raw.plan = RawPlan(record)
    if (limits := record.entries.get("limits")) is not None:
        for name, declared in _nested(yaml, limits).items():
            nested = yaml.record(declared)
            if nested is None:
                message = f"got {shown(declared.value)}, need a mapping of kind, amount and the rest"
                faults.append(Fault(declared.where, message))
            else:
                plan.limits[name] = nested
    for key in LISTS:
        items = record.entries.get(key)
        plan.lists[key] = []
        for item in yaml.items(items) if items is not None else ():
            nested = yaml.record(item)
            if nested is None:
                faults.append(Fault(item.where, f"got {shown(item.value)}, need a mapping, as on the page of plans"))
            else:
                plan.lists[key].append(nested)


def _take_discount(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    raw.rates = _rates(yaml, entry, faults)


def _rates(yaml: YamlFile, entry: Entry, faults: list[Fault]) -> Record | None:
    """Hurdle rates by use, which stand under ``by_use``."""
    nested = _nested(yaml, entry)
    faults += (Fault(e.where, f"unknown key {shown(key)}, need by_use") for key, e in nested.items() if key != "by_use")
    by_use = nested.get("by_use")
    rates = yaml.record(by_use) if by_use is not None else None
    if rates is None:
        where, got = (entry.where, entry.value) if by_use is None else (by_use.where, by_use.value)
        need = "need by_use with a yearly rate for every enabled use, such as `by_use: {bitcoin: 0.16}`"
        faults.append(Fault(where, f"got {shown(got)}, {need}"))
    return rates


def _take_cases(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    for name, declared in _nested(yaml, entry).items():
        record = yaml.record(declared)
        if record is None:
            faults.append(Fault(declared.where, f"got {shown(declared.value)}, need a mapping with a description"))
            continue
        case = raw.cases[name] = RawCase(record)
        for key, into in (("facts", case.facts), ("sites", case.sites)):
            inner = record.entries.get(key)
            for item, changed in _nested(yaml, inner).items() if inner is not None else ():
                nested = yaml.record(changed)
                if nested is None:
                    faults.append(Fault(changed.where, f"got {shown(changed.value)}, need a mapping of what changes"))
                else:
                    into[item] = nested
        if (discount := record.entries.get("discount")) is not None and discount.value is not None:
            case.rates = _rates(yaml, discount, faults)


def _take_double_counts(yaml: YamlFile, entry: Entry, raw: RawStudy, faults: list[Fault]) -> None:
    for item in yaml.items(entry):
        nested = yaml.record(item)
        if nested is None:
            faults.append(Fault(item.where, f"got {shown(item.value)}, need a mapping of site_id, same_as and reason"))
        else:
            raw.double_counts.append(nested)


def _nested(yaml: YamlFile, entry: Entry) -> dict[str, Entry]:
    record = yaml.record(entry)
    return record.entries if record else {}


def _syntax_fault(error: MarkedYAMLError, name: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    where = f"{name} line {mark.line + 1}" if mark is not None else name
    problem = str(error.problem or error)
    if problem.startswith("but "):
        problem = f"{error.context} {problem}"
    hint = "; indent with spaces, not tabs" if "\\t" in problem else ""
    return Fault(where, f"not YAML: {' '.join(problem.split())}{hint}")
