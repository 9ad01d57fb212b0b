"""All packaged facts by key, with a study's changes on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from wattworth.errors import FactError
from wattworth.facts.fact import DatedFact, Entry, Fact, Gap, in_dollars


class FactBook(Mapping[str, Fact]):
    """Facts by key; dates and gaps stand beside them and are refused as numbers.

    Parameters
    ----------
    entries
        Rows of parameter tables, each key once.

    Raises
    ------
    FactError
        If a key stands twice.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        facts: dict[str, Fact] = {}
        dated: dict[str, DatedFact] = {}
        gaps: dict[str, Gap] = {}
        seen: dict[str, str] = {}
        for entry in entries:
            if entry.key in seen:
                raise FactError(f'fact {entry.key} stands twice: in "{seen[entry.key]}" and in "{entry.table}"')
            seen[entry.key] = entry.table
            match entry:
                case Fact():
                    facts[entry.key] = entry
                case DatedFact():
                    dated[entry.key] = entry
                case Gap():
                    gaps[entry.key] = entry
        self._facts = facts
        self.dated: Mapping[str, DatedFact] = MappingProxyType(dated)
        self.gaps: Mapping[str, Gap] = MappingProxyType(gaps)

    def __getitem__(self, key: str) -> Fact:
        return self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def require(self, key: str) -> Fact:
        """The fact of a key.

        Raises
        ------
        FactError
            If there is none, naming the nearest key; or if the row is a gap or a date.
        """
        fact = self._facts.get(key)
        if fact is not None:
            return fact
        if key in self.gaps:
            why = f" ({self.gaps[key].note})" if self.gaps[key].note else ""
            raise FactError(f'fact {key} is a gap: no value was found{why}; give one under "facts" of the study')
        if key in self.dated:
            raise FactError(f"fact {key} is a date, {self.dated[key].day.isoformat()}, and cannot be used as a number")
        raise FactError(self._unknown(key))

    def with_overrides(self, facts: Iterable[Fact]) -> FactBook:
        """A book in which some facts are replaced, or gaps filled.

        Raises
        ------
        FactError
            If a key is unknown or a date, or the unit of a number differs; all of them together.
        """
        changed = {fact.key: fact for fact in facts}
        faults = [fault for fact in changed.values() for fault in self._refusal(fact)]
        if faults:
            raise FactError("\n".join(faults))
        gaps = [gap for key, gap in self.gaps.items() if key not in changed]
        return FactBook([*({**self._facts, **changed}.values()), *self.dated.values(), *gaps])

    def _refusal(self, fact: Fact) -> Iterator[str]:
        if fact.key in self.dated:
            yield f"fact {fact.key} is a date and cannot be replaced by a number"
        elif fact.key not in self._facts and fact.key not in self.gaps:
            yield self._unknown(fact.key)
        elif fact.key in self._facts and fact.unit not in (units := _units_of(self._facts[fact.key])):
            yield f'fact {fact.key}: got the unit "{fact.unit}", need "{units[-1]}"'

    def _unknown(self, key: str) -> str:
        near = get_close_matches(key, [*self._facts, *self.gaps, *self.dated], n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else "; the list is in the reference page of facts"
        return f'no fact "{key}"{hint}'


def _units_of(fact: Fact) -> tuple[str, str]:
    """The unit of a fact, and the same in dollars: what is in another currency may be restated in them."""
    return fact.unit, in_dollars(fact.unit)
