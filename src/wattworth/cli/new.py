"""``wattworth new``: the start of a study of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wattworth.cli.console import line, note


def new(
    target: Annotated[Path, Parameter(name="DIR", help="Folder or workbook to make; nothing is overwritten.")],
    /,
    *,
    origin: Annotated[
        str,
        Parameter(
            name="--from", help="A packaged study to copy, such as us-miners or russia-gas, or blank.", metavar="NAME"
        ),
    ] = "blank",
    xlsx: Annotated[
        bool, Parameter(help="Write one Excel workbook instead of a folder of text files.", show_default=False)
    ] = False,
) -> int:
    """Start a study of your own, blank or from a packaged one."""
    from wattworth import gas, study, valuation

    if origin in gas.study_names():
        written = gas.write_gas_template(target, origin, xlsx=xlsx)
        line(str(written))
        note(f"next: wattworth check {written}, then wattworth gas {written}")
        return 0
    written = study.write_template(target, origin, valuation.SPECS, xlsx=xlsx, others=gas.study_names())
    line(str(written))
    is_book = written.suffix == ".xlsx" and origin != "blank"
    copied = valuation.read_study(origin) if is_book else None
    if copied is not None and copied.cases:
        note(f"a workbook holds no named cases: {', '.join(copied.cases)} are left out; a folder holds them")
    if copied is not None and copied.plan is not None:
        note("a workbook holds no plan: it is left out; a folder holds it")
    step = "fill in its sites, then" if origin == "blank" else "next"
    note(f"{step}: wattworth check {written}")
    return 0
