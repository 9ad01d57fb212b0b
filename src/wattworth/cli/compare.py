"""``wattworth compare``: what changed between two runs, and what it did to the total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, note, show
from wattworth.cli.tables import NONE, grid, heading, millions, round_millions

if TYPE_CHECKING:
    from rich.console import RenderableType

Document = dict[str, Any]

Before = Annotated[
    str, Parameter(name="BEFORE", help="run_id of a saved run, the beginning of one, its folder, or last.")
]
After = Annotated[str, Parameter(name="AFTER", help="The run to compare it with, named likewise.")]

_MOST_SITES: Final = 15
_MOST_CHANGES: Final = 40
_LONGEST: Final = 60


def compare(before: Before, after: After, /, *, workers: options.Workers = None, json: options.Json = False) -> int:
    """Tell what changed between two saved runs, and bridge their totals by site and by cause.

    The bridge by cause values the first study again with one change after another, with the draws and the seed
    of the second run, so it takes as long as that many runs.
    """
    from wattworth import store
    from wattworth.valuation.compare import compare as compared

    first, second = store.load_run(before), store.load_run(after)
    found = compared(first, second, workers=workers, told=(lambda words: None) if json else note)
    if json:
        document(found)
        return 0
    for part in _parts(found):
        show(part)
    return 0


def _parts(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    before, after = found["before"], found["after"]
    yield Text(f"{before['run_id']} to {after['run_id']}", style="bold")
    yield Text(
        f"${round_millions(before['mean_usd'])} million to ${round_millions(after['mean_usd'])} million: "
        f"{millions(found['change_usd'])}"
    )
    changes = list(_changes(found["changes"]))
    yield heading("What changed")
    if changes:
        yield grid(("", "what", "before", "after"), changes[:_MOST_CHANGES], text=(0, 1, 2, 3))
    if len(changes) > _MOST_CHANGES:
        yield Text(f"and {len(changes) - _MOST_CHANGES} more; --json lists them", style="dim")
    if not changes:
        yield Text("nothing that the records hold")
    yield heading("Why the total changed: each step on top of those above it, $ million")
    rows = [(row["step"], _cut(row["detail"]), millions(row["change_usd"])) for row in found["by_cause"]]
    rows.append(("all", "", millions(found["change_usd"])))
    yield grid(("step", "what", "change"), rows, text=(0, 1))
    yield heading("Where it changed: what each site counts for, $ million")
    yield grid(("site", "before", "after", "change", "counted in"), _site_rows(found), text=(0, 4))


def _site_rows(found: Document) -> list[tuple[str, ...]]:
    moved = [row for row in found["by_site"] if row["change_usd"] != 0]
    rows = [
        (
            row["site_id"],
            *(round_millions(row[key]) for key in ("before_usd", "after_usd")),
            millions(row["change_usd"]),
            _use_words(row["before_use"], row["after_use"]),
        )
        for row in moved[:_MOST_SITES]
    ]
    rest = [row for row in found["by_site"] if row not in moved[:_MOST_SITES]]
    if rest:
        sums = {key: sum(row[key] for row in rest) for key in ("before_usd", "after_usd", "change_usd")}
        ends = (round_millions(sums["before_usd"]), round_millions(sums["after_usd"]))
        rows.append((f"{len(rest)} others", *ends, millions(sums["change_usd"]), ""))
    ends = (round_millions(found["before"]["mean_usd"]), round_millions(found["after"]["mean_usd"]))
    return [*rows, ("all", *ends, millions(found["change_usd"]), "")]


def _use_words(before: str | None, after: str | None) -> str:
    return str(after or NONE) if before == after else f"{before or NONE} to {after or NONE}"


def _changes(changes: Document) -> Iterator[tuple[str, str, str, str]]:
    for kind in ("settings", "run"):
        for row in changes[kind]:
            yield kind, row["name"], _said(row["before"]), _said(row["after"])
    for fact in changes["facts"]:
        kind = "fact (package)" if fact["packaged"] else "fact"
        yield kind, fact["key"], _fact(fact["before"]), _fact(fact["after"])
    for kind, key, column in (("sites", "site_id", "column"), ("uses", "use", "option")):
        for what in ("removed", "added"):
            for name in changes[kind][what]:
                yield f"{kind[:-1]} {what}", name, "", ""
        for row in changes[kind]["changed"]:
            yield kind[:-1], f"{row[key]} {row[column]}", _said(row["before"]), _said(row["after"])


def _fact(row: Document | None) -> str:
    if row is None:
        return NONE
    ends = f" ({row['low']:g} to {row['high']:g})" if row.get("low") is not None else ""
    return f"{row['value']:g}{ends} {row.get('unit') or ''}".strip()


def _said(value: Any) -> str:
    return NONE if value is None else _cut(f"{value:g}" if isinstance(value, float) else str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
