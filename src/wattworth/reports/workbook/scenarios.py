"""Named cases as a switch: what a case enters otherwise stands beside what the study declares, and a number chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from wattworth.reports.workbook.cells import Call, Node, Row
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.wording import Said, say, sheet_name, word

SCENARIOS: Final = "Scenarios"


def switched(
    bases: Sequence[Sheet], others: Mapping[str, Sequence[Sheet]], told: Mapping[str, Said], labels: tuple[Said, ...]
) -> Sheet:
    """Make the sheets follow a scenario.

    Parameters
    ----------
    bases
        Sheets of the study as declared; what a case enters otherwise becomes a choice in them.
    others
        Case to the same sheets under it.
    told
        Case, the study as declared first, to what it says.
    labels
        Names of the months.

    Returns
    -------
    Sheet
        The switch, and every number it chooses from.
    """
    alike = {name: sheets for name, sheets in others.items() if _same(bases, sheets)}
    sheet = Sheet(
        SCENARIOS,
        say("Scenarios"),
        say("Scenarios: put a number from the list into the blue cell, and every sheet follows"),
        labels,
    )
    declared = next(iter(told))
    offered = [declared, *alike]
    sheet.head(say("Scenario in force"))
    which = sheet.input("scenario", say("Number of the scenario"), 1.0, "")
    for number, name in enumerate(offered, start=1):
        sheet.note(say("{number}  {case}: {what}", number=number, case=word("case", name), what=told[name]))
    for name in told:
        if name not in offered:
            sheet.note(
                say(
                    "not offered: {case}. Under it a use is gone or chosen otherwise, so a sheet has other lines.",
                    case=word("case", name),
                )
            )
    sheet.head(say("What the scenarios enter, each where the study as declared enters its own"))
    for place, base in enumerate(bases):
        for number in range(len(base.lines)):
            _choose(sheet, which, base, [sheets[place] for sheets in alike.values()], number, offered)
    return sheet


def _same(bases: Sequence[Sheet], others: Sequence[Sheet]) -> bool:
    """Whether two sets of sheets have the same lines."""
    return len(bases) == len(others) and all(
        one.n_month == two.n_month and [line.label for line in one.lines] == [line.label for line in two.lines]
        for one, two in zip(bases, others, strict=True)
    )


def _choose(sheet: Sheet, which: Node, base: Sheet, others: list[Sheet], number: int, names: list[str]) -> None:
    """Make one line a choice where a scenario enters it otherwise."""
    line, same = base.lines[number], [other.lines[number] for other in others]
    label = say("{sheet}, {line}", sheet=sheet_name(base.title), line=line.label or "")
    if line.cell is not None and line.cell.formula is None:
        values = [line.cell.number, *(one.cell.number for one in same if one.cell is not None)]
        if len(set(values)) > 1:
            entered = [
                sheet.input("", say("{line}: {case}", line=label, case=word("case", name)), value, line.unit)
                for name, value in zip(names, values, strict=True)
            ]
            line.cell.formula, line.look = _choice(which, entered), "switched"
    elif line.row is not None and line.row.formula is None:
        rows = [line.row.values, *(one.row.values for one in same if one.row is not None)]
        if any(not np.array_equal(rows[0], row) for row in rows[1:]):
            given = [
                sheet.given(say("{line}: {case}", line=label, case=word("case", name)), line.unit, row)
                for name, row in zip(names, rows, strict=True)
            ]
            kept = line.row.values
            line.row.formula, line.look = (
                _choice(which, [Row("period", kept, one.sheet, one.line) for one in given]),
                "switched",
            )


def _choice(which: Node, parts: Sequence[Node]) -> Node:
    return Call("CHOOSE", (which, *parts), lambda number, *values: values[int(number) - 1])
