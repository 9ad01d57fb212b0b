"""Joins a study with the facts it rests on: overrides applied, money brought to one year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from wattworth.errors import FactError, Fault, StudyError
from wattworth.facts import CostIndex, Fact, FactBook, currency_of
from wattworth.study.declared import Override
from wattworth.study.schema import Study


class Changing(Protocol):
    """A study that may change facts."""

    @property
    def overrides(self) -> Mapping[str, Override]:
        """Changed facts by key."""
        ...

    @property
    def places(self) -> Mapping[str, str]:
        """Where each stands, for messages."""
        ...

    @property
    def usd_year(self) -> int:
        """Year of its money."""
        ...

    @property
    def as_of(self) -> str:
        """Date of what has no date of its own."""
        ...


def fill(study: Study, book: FactBook, keys: Iterable[str]) -> Study:
    """The study with every fact a run of it reads, in money of its ``usd_year``.

    Parameters
    ----------
    study
        A checked study.
    book
        Packaged facts.
    keys
        Facts the run reads; a changed fact that is not among them stays declared and unused.

    Returns
    -------
    Study
        The same study with ``facts`` filled, by sorted key.

    Raises
    ------
    StudyError
        With every override that names no fact or another unit, and every fact that is missing, a gap,
        or in money that cannot be converted.
    """
    faults: list[Fault] = []
    changed = changed_facts(study, book, faults)
    full = book.with_overrides(changed.values())
    refused = study.overrides.keys() - changed.keys()
    index = CostIndex.load()
    filled: dict[str, Fact] = {}
    for key in sorted(set(keys) - refused):
        try:
            filled[key] = full.require(key).in_money_of(study.usd_year, index)
        except FactError as error:
            faults.append(Fault(f"study {study.name}", str(error)))
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    return replace(study, facts=filled)


def changed_facts(study: Changing, book: FactBook, faults: list[Fault]) -> dict[str, Fact]:
    """What a study changes, as facts by key; what cannot stand is a fault with its place."""
    changed: dict[str, Fact] = {}
    for key, override in study.overrides.items():
        try:
            fact = _changed(study, book, key, override)
            book.with_overrides([fact])
            changed[key] = fact
        except FactError as error:
            faults.append(Fault(study.places.get(key, f'facts, key "{key}"'), str(error)))
    return changed


def _changed(study: Changing, book: FactBook, key: str, override: Override) -> Fact:
    """An override as a fact; the bounds of the fact it replaces stay bounds."""
    packaged = book.get(key)
    if packaged is None and key not in book.gaps:
        book.require(key)  # it raises, and names the nearest key
    unit = override.unit or (packaged.unit if packaged else None)
    if unit is None:
        raise FactError(f"fact {key} has no unit of its own; state the unit of the value")
    is_money = currency_of(unit) is not None and (packaged is None or packaged.money_year is not None)
    if override.money_year is not None and not is_money:
        raise FactError(f'fact {key}: "{unit}" is not money of a year; leave money_year empty')
    return Fact(
        key=key,
        value=override.value,
        low=override.low,
        high=override.high,
        unit=unit,
        money_year=override.money_year or (study.usd_year if is_money else None),
        source=override.source,
        as_of=override.as_of or study.as_of,
        confidence=override.confidence,
        note=override.note,
        bounds=packaged.bounds if packaged else False,
        table="study",
    )
