"""``wattworth sources``: the numbers behind a study, weakest first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from wattworth.cli import options
from wattworth.cli.console import document, line, show, to_stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from wattworth.facts import Fact

_WIDE: Final = 120


def sources(study: options.StudySource, /, *, json: options.Json = False) -> int:
    """List the facts behind a study, weakest first."""
    name, usd_year, found = _found(study)
    if json:
        document(_document(name, usd_year, found))
        return 0
    show(_table(found, usd_year, to_stdout().width), "")
    counts = _counts(found)
    line(f"{len(found)} facts: " + ", ".join(f"{number} {trust}" for trust, number in counts.items() if number))
    if changed := sum(fact.table == "study" for fact in found):
        line(f"{changed} of them changed by the study")
    return 0


def _found(study: str) -> tuple[str, int, Sequence[Fact]]:
    """Name of a study, year of its money, and its facts, weakest first."""
    from wattworth import facts, gas, uses, valuation
    from wattworth.study import fill

    if gas.is_gas_study(study):
        of_gas = gas.read_gas_study(study)
        read = gas.facts_of(of_gas, facts.load())
        return of_gas.settings.name, of_gas.usd_year, facts.weakest_first(read)
    declared = valuation.read_study(study)
    filled = fill(declared, uses.fact_book(), valuation.fact_keys(declared))
    return declared.name, declared.usd_year, facts.weakest_first(filled.facts.values())


def _document(name: str, usd_year: int, found: Sequence[Fact]) -> dict[str, Any]:
    from wattworth.records import SCHEMA_VERSION

    shown = ("key", "value", "low", "high", "bounds", "unit", "money_year", "confidence", "source", "as_of", "note")
    return {
        "schema_version": SCHEMA_VERSION,
        "study": name,
        "usd_year": usd_year,
        "facts": [
            {**{field: getattr(fact, field) for field in shown}, "changed": fact.table == "study"} for fact in found
        ],
        "counts": _counts(found),
    }


def _counts(found: Sequence[Fact]) -> dict[str, int]:
    from wattworth.facts import CONFIDENCES

    return {trust: sum(fact.confidence == trust for fact in found) for trust in reversed(CONFIDENCES)}


def _table(found: Sequence[Fact], usd_year: int, width: int) -> RenderableType:
    """Facts under a heading for each confidence; the source stands below the number where the terminal is narrow."""
    from rich.table import Table
    from rich.text import Text

    wide = width >= _WIDE
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold", max_width=40)
    table.add_column(overflow="fold")
    if wide:
        table.add_column(overflow="fold")
    table.add_row(
        Text("fact", style="dim"), Text(f"money in dollars of {usd_year} unless it says otherwise", style="dim")
    )
    for trust, group in groupby(found, key=lambda fact: fact.confidence):
        table.add_row()
        table.add_row(Text(trust, style="bold"))
        for fact in group:
            number = f"{_number(fact.value)}{_range(fact)} {fact.unit}{_year(fact, usd_year)}"
            origin = Text(", ".join(filter(None, (fact.source, fact.as_of))), style="dim")
            table.add_row(fact.key, number, *([origin] if wide else []))
            if not wide:
                table.add_row("", origin)
    return table


def _year(fact: Fact, usd_year: int) -> str:
    if "$" not in fact.unit or fact.money_year == usd_year:
        return ""
    return f" of {fact.money_year}" if fact.money_year else " of the day"


def _range(fact: Fact) -> str:
    if fact.low is None or fact.high is None:
        return ""
    return f" ({'ends ' if fact.bounds else ''}{_number(fact.low)} to {_number(fact.high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
