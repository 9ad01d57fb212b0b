"""``wattworth doctor``: whether this installation is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wattworth.cli import options
from wattworth.cli.console import document, line, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from wattworth.cli.health import Finding

_STYLES = {"ok": "green", "warning": "yellow", "fail": "bold red"}


def doctor(*, json: options.Json = False) -> int:
    """Prove that this installation is sound."""
    from wattworth.cli.health import findings
    from wattworth.records import SCHEMA_VERSION

    found = list(findings())
    failed = sum(finding.status == "fail" for finding in found)
    warned = sum(finding.status == "warning" for finding in found)
    if json:
        checks = [{"name": f.name, "status": f.status, "message": f.message, "fix": f.fix or None} for f in found]
        document({"schema_version": SCHEMA_VERSION, "ok": not failed, "checks": checks})
    else:
        show(_table(found))
        line("this installation is sound" if not failed else f"{failed} of {len(found)} checks failed")
        if warned:
            line(f"{warned} warning{'s' if warned > 1 else ''}")
    return 2 if failed else 0


def _table(found: Sequence[Finding]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for finding in found:
        words = finding.message + (f"\nfix: {finding.fix}" if finding.fix else "")
        grid.add_row(Text(finding.status, style=_STYLES[finding.status]), finding.name, Text(words))
    return grid
