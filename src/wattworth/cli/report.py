"""``wattworth report``: a saved run as files that others read: a workbook of live formulas, the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line
from wattworth.cli.show import RunName

if TYPE_CHECKING:
    from wattworth.valuation import Run

MADE: Final = ("xlsx", "html")
"""Kinds of report."""


def _kinds(_: object, text: str) -> None:
    wrong = [name for name in options.use_names(text) if name not in MADE]
    if wrong or not options.use_names(text):
        raise ValueError(f"Got {', '.join(wrong) or 'nothing'}, need one or more of {', '.join(MADE)}.")


Kinds = Annotated[str, Parameter(help="xlsx, html, or both: xlsx,html.", metavar="KINDS", validator=_kinds)]
Models = Annotated[
    str | None,
    Parameter(
        help="Sites that get a sheet of formulas: a glob, or site_ids with commas, each alone or as site_id:use; those "
        "of the greatest gain or loss by default.",
        metavar="SITES",
    ),
]
Folder = Annotated[Path, Parameter(help="Folder for the files.", metavar="DIR")]


def report(
    run: RunName, /, *, to: Kinds = "xlsx", sites: Models = None, out: Folder = Path(), json: options.Json = False
) -> int:
    """Write a saved run as a workbook of live formulas, or as a page; a file that is there already stays."""
    from wattworth import reports, store
    from wattworth.errors import StoreError

    loaded = store.load_run(run)
    store.check_folder(out)
    run_id = loaded.result["run_id"]
    paths = {kind: out / f"{run_id}.{kind}" for kind in options.use_names(to)}
    there = [str(path) for path in paths.values() if path.exists()]
    if there:
        raise StoreError(f"{', '.join(there)}: already there; move it away, or name another folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    for kind, path in paths.items():
        if kind == "xlsx":
            _workbook(loaded, path, sites)
        else:
            store.write_text(path, reports.page(loaded.result), new=True)
    written = {kind: str(path.resolve()) for kind, path in paths.items()}
    if json:
        document({"schema_version": loaded.result["schema_version"], "run_id": run_id, "files": written})
    else:
        for path in written.values():
            line(f"wrote {path}")
    return 0


def _workbook(run: Run, path: Path, sites: str | None) -> None:
    from wattworth.reports.workbook import write_workbook

    named = sites is not None and {",", ":"} & set(sites)
    write_workbook(run, path, sites=options.use_names(sites) if named and sites else sites)
