"""``wattworth finance``: one explicit project, evaluated under any convention, with its statement by year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show, to_stdout

Document = dict[str, Any]

CaseFile = Annotated[Path, Parameter(name="CASE", help="A YAML file with one project, as in examples/finance/.")]
ConventionOption = Annotated[
    str | None,
    Parameter(
        help="How money is timed, in place of the case's own: wattworth, sam, reopt, offgridai or mid_year.",
        metavar="NAME",
    ),
]
OutFolder = Annotated[
    Path | None, Parameter(help="Folder for the JSON document and the whole statement as CSV.", metavar="DIR")
]


def finance(
    case: CaseFile,
    /,
    *,
    convention: ConventionOption = None,
    out: OutFolder = None,
    json: options.Json = False,
    strict: options.Strict = False,
) -> int:
    """Evaluate one project: debt, tax, returns, and the statement by year."""
    from wattworth import store
    from wattworth.finance.case_file import read_case_file
    from wattworth.finance.project import evaluate
    from wattworth.finance.vehicles import compare_vehicles
    from wattworth.reports.statements import project_parts

    if out is not None:
        store.check_folder(out)
    declared = read_case_file(case, convention)
    result = evaluate(declared.project)
    found: Document = result.to_plain() | {
        "discount_rate_frac": float(declared.project.discounting.rate_frac),
        "case": declared.project.model_dump(mode="json", exclude_unset=True),
    }
    if declared.vehicle is not None:
        found["vehicles"] = compare_vehicles(result, declared.vehicle).document()
    written = [] if out is None else _write(found, out)
    if json:
        document(found)
    else:
        show(*project_parts(found, to_stdout().width))
    for path in written:
        (note if json else line)(f"wrote {path.resolve()}")
    return int(strict and bool(found["remarks"]))


def _write(found: Document, folder: Path) -> list[Path]:
    """What ``--out`` leaves in its folder: the document, and the statement as a table."""
    from wattworth import store
    from wattworth.reports.statements import statement_csv

    return [
        store.write_document(folder / "project.json", found),
        store.write_text(folder / "statement.csv", statement_csv(found)),
    ]
