"""What a reader hands over: values as written, each with the place a person would look it up."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from wattworth.records import MarketSeries

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from wattworth.study.gate_files import GateRow
    from wattworth.study.plan_block import RawPlan

SPREADSHEET_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)")
"""What a cell shows whose formula has no result."""

_LONGEST = 60
_PADDING = " \t\r\n\u00a0\u200b\ufeff"


class Formula(str):
    """A formula of a workbook that has no result yet."""

    __slots__ = ()


class Entry(NamedTuple):
    """One value as written, its place, and the place of its key or heading."""

    value: object
    where: str
    key_where: str


@dataclass(slots=True)
class Record:
    """One mapping or one row.

    Attributes
    ----------
    where
        Place of the whole record.
    noun
        What its names are called there.
    entries
        Name to value.
    names_where
        Place where a missing name would stand: for a row, the row of column names.
    """

    where: str
    noun: Literal["key", "column"]
    entries: dict[str, Entry] = field(default_factory=dict)
    names_where: str = ""


@dataclass(slots=True)
class RawCase:
    """A named case as written.

    Attributes
    ----------
    record
        Its keys.
    facts, sites
        Changed values by the key of a fact or by site_id.
    rates
        Hurdle rates by use, or None.
    """

    record: Record
    facts: dict[str, Record] = field(default_factory=dict)
    sites: dict[str, Record] = field(default_factory=dict)
    rates: Record | None = None


@dataclass(slots=True)
class RawStudy:
    """A study as written, before any meaning is given to it.

    Attributes
    ----------
    header
        Settings, those with parts of their own included; None if they could not be read.
    sites_where
        Place of the list of sites.
    sites
        Rows, or None if they could not be read.
    uses, facts
        Name to its options or its changed values; ``uses`` is None where none are named.
    double_counts
        Rows.
    rates
        Hurdle rates by use, or None where there are none.
    cases
        Named cases by name.
    market_series
        Markets with prices of the study's own.
    gates
        Gates of the study's own.
    supply
        Site to the keys of the power made on it.
    plan
        Plan across sites; None where there is none.
    folder
        Folder of the study; None for a workbook.
    """

    header: Record | None
    sites_where: str
    sites: list[Record] | None = None
    uses: dict[str, Record] | None = None
    facts: dict[str, Record] = field(default_factory=dict)
    double_counts: list[Record] = field(default_factory=list)
    rates: Record | None = None
    cases: dict[str, RawCase] = field(default_factory=dict)
    market_series: dict[str, MarketSeries] = field(default_factory=dict)
    gates: tuple[GateRow, ...] = ()
    supply: dict[str, Record] = field(default_factory=dict)
    plan: RawPlan | None = None
    folder: Traversable | None = None


def unknown_use(name: str, known: Iterable[str]) -> str:
    """What to say of a use that does not exist."""
    names = list(known)
    return f"unknown use {shown(name)}{did_you_mean(name, names)}; known: {', '.join(names)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question in brackets, or nothing."""
    by_lower = {word.lower(): word for word in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f' (did you mean "{by_lower[near[0]]}"?)' if near else ""


def plain_text(value: object) -> str:
    """A value as text, without padding; a whole number without its decimal point.

    Examples
    --------
    >>> plain_text(" acme "), plain_text(2026.0), plain_text(None)
    ('acme', '2026', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else str(value).strip(_PADDING)


def shown(value: object) -> str:
    r"""A value as a message quotes it: on one line, cut short, what cannot be seen spelt out.

    Examples
    --------
    >>> print(shown("1,2OO"), shown(2.0), shown(None), shown("a\u200fb"))
    "1,2OO" "2" nothing "a\u200fb"
    """
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    text = " ".join(plain_text(value)[: 10 * _LONGEST].split())
    seen = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
    return f'"{seen[:_LONGEST]}…"' if len(seen) > _LONGEST else f'"{seen}"'
