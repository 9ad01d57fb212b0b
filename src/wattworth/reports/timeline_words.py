"""The language of the page of time to power: the words of every report and those of its own."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.formatting import DASH, plain
from wattworth.reports.sites import number
from wattworth.reports.words import Words, language

TIMELINE: Final[Words] = language("en", "timeline")
"""English."""


def kind_words(kind: str, words: Words) -> str:
    """A kind of megawatt as a heading."""
    queue, _, grid = kind.partition(" ")
    if queue == "study" and grid not in ("", "dated"):
        return words("tl.kind.study.grid", grid=grid)
    return words.of("tl.kind", kind)


def kind_clause(kind: str, words: Words) -> str:
    """A kind of megawatt inside a sentence."""
    if clause := words.table.get(f"tl.clause.{kind}"):
        return clause
    queue, _, grid = kind.partition(" ")
    if queue == "study" and grid:
        return words("tl.clause.study.grid", clause=kind_clause(queue, words), grid=grid)
    return kind_words(kind, words)


def gate_words(gate: str, words: Words) -> str:
    """Name of a gate."""
    return words.of("tl.gate", gate)


def gate_clause(gate: str, words: Words) -> str:
    """What a gate is waiting for, inside a sentence."""
    return words.table.get(f"tl.does.{gate}") or gate_words(gate, words)


def months_words(value: float | None) -> str:
    """Months with one decimal where it says something; a dash if not known.

    Examples
    --------
    >>> [months_words(x) for x in (9.0, 15.843, -0.0, None)]
    ['9', '15.8', '0', '–']
    """
    return DASH if value is None else plain(round(value, 1) + 0.0)


def spread_words(values: Any, words: Words) -> str:
    """P10 to P90 of labels or months, with the middle; one of them where all are alike."""
    p10, p50, p90 = (str(values.get(key) or DASH) for key in ("p10", "p50", "p90"))
    return p50 if p10 == p90 else words("tl.spread", p10=p10, p50=p50, p90=p90)


def three(values: Any) -> str:
    """P10, P50 and P90 of months in a row."""
    printed = [months_words(number(values, key)) for key in ("p10", "p50", "p90")]
    return printed[0] if len(set(printed)) == 1 else " · ".join(printed)
