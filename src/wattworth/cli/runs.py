"""``wattworth runs``: what has been valued and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wattworth.cli import options
from wattworth.cli.console import document, line, show
from wattworth.cli.tables import NONE, grid

if TYPE_CHECKING:
    from wattworth.store import RunRecord


def runs(*, json: options.Json = False) -> int:
    """List the saved runs, newest first; of each its files may be gone, and the record stays."""
    from wattworth import store
    from wattworth.records import SCHEMA_VERSION
    from wattworth.reports import money

    found = store.runs()
    if json:
        document({"schema_version": SCHEMA_VERSION, "runs": [_document(run) for run in found]})
        return 0
    if not found:
        line("no runs saved yet; wattworth value STUDY makes one")
        return 0
    rows = [
        (
            run.run_id,
            run.created_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            f"{run.draws:,}",
            str(run.seed),
            NONE if run.mean_usd is None else money(run.mean_usd),
            "" if run.files == "there" else run.files,
        )
        for run in found
    ]
    show(grid(("run", "saved", "draws", "seed", "value", "files"), rows, text=(0, 5)))
    for run in found:
        if run.files == "gone":
            line(f"{run.run_id}: its folder is gone: {run.folder}")
        elif run.files == "replaced":
            line(f"{run.run_id}: another run took its folder: {run.folder}")
    return 0


def _document(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "study": run.study,
        "as_of": run.as_of,
        "draws": run.draws,
        "seed": run.seed,
        "created_at": run.created_at.isoformat(),
        "wattworth_version": run.wattworth_version,
        "mean_usd": run.mean_usd,
        "folder": str(run.folder),
        "files": run.files,
    }
