"""``wattworth check``: whether a study is sound, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wattworth.cli import options
from wattworth.cli.console import document, line, show
from wattworth.cli.remarks import remarks
from wattworth.errors import StudyError, WattworthError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType


def check(study: options.StudySource, /, *, json: options.Json = False, strict: options.Strict = False) -> int:
    """Report every fault of a study, or what it holds."""
    from wattworth import gas

    is_gas = gas.is_gas_study(study)
    try:
        found = _gas_survey(study) if is_gas else _survey(study)
    except WattworthError as error:
        if json:
            document(_unsound(study, error))
        raise
    if json:
        document(found)
    else:
        show(*(_gas_summary(found) if is_gas else _summary(found)), *remarks(found["warnings"]))
        line(f"{found['study']} is sound")
    return 1 if strict and found["warnings"] else 0


def _survey(study: str) -> dict[str, Any]:
    from wattworth.cli.survey import survey

    return survey(study)


def _gas_survey(study: str) -> dict[str, Any]:
    from wattworth import facts, gas

    return gas.survey(gas.read_gas_study(study), facts.load())


def _unsound(source: str, error: WattworthError) -> dict[str, Any]:
    from wattworth.records import SCHEMA_VERSION

    faults = error.faults if isinstance(error, StudyError) else ()
    listed = [{"where": fault.where, "message": fault.message} for fault in faults]
    alone = [{"where": source, "message": str(error)}]
    return {"schema_version": SCHEMA_VERSION, "study": source, "ok": False, "faults": listed or alone}


def _gas_summary(found: dict[str, Any]) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    facts, rows = found["facts"], found["rows"]
    yield Text(found["title"], style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_row(
        "as of",
        f"{found['as_of'] or 'undated'}, money of {found['usd_year']}, {found['first_year']} to {found['last_year']}",
    )
    grid.add_row("uses", ", ".join(found["uses"]))
    fields = found["fields"]
    total = sum(row["volume_bcm"] for row in fields)
    grid.add_row("gas", f"{total:,.4g} bcm a year at 20 °C in the first year, of {len(fields)} fields")
    listed = ", ".join(f"{rows[name]} {name}" for name in ("nodes", "links", "options", "limits", "prices"))
    grid.add_row("rows", f"{listed}; {rows['assumptions']} are assumptions")
    grid.add_row("facts", _facts(facts))
    yield grid


def _facts(facts: dict[str, int]) -> str:
    return (
        f"{facts['used']}: {facts['assumptions']} assumptions, {facts['low_confidence']} of low confidence, "
        f"{facts['changed']} changed by the study"
    )


def _summary(found: dict[str, Any]) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    yield Text(found["title"] or found["study"], style="bold")
    facts, left_out = found["facts"], found["sites"]["not_valued"]
    grid = Table.grid(padding=(0, 2))
    grid.add_row("as of", f"{found['as_of']}, money of {found['usd_year']}, {found['horizon_years']} years")
    grid.add_row("uses", ", ".join(found["uses"]))
    grid.add_row("sites", f"{found['sites']['valued']} valued, {len(left_out)} not")
    grid.add_row("facts", _facts(facts))
    yield grid
    table = Table("megawatts", "stage", title_justify="left")
    table.add_column("sites", justify="right")
    table.add_column("gross MW", justify="right")
    for row in found["mw_by_state"]:
        table.add_row(row["state"], row["stage"], str(row["sites"]), f"{row['gross_mw']:,.0f}")
    yield table
    if left_out:
        yield Text("not valued", style="bold")
        reasons = Table.grid(padding=(0, 2))
        reasons.add_column(overflow="fold", ratio=2)
        reasons.add_column(overflow="fold", ratio=3)
        for row in left_out:
            reasons.add_row(row["site_id"], row["reason"])
        yield reasons
