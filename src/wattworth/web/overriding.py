"""Another value of a fact in a draft: a row of its sheet ``facts``, written as a spreadsheet holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wattworth.facts import Fact, currency_of
from wattworth.facts.fact import in_dollars
from wattworth.store import Cell, Change, Draft
from wattworth.study import check_sheets
from wattworth.valuation import SPECS
from wattworth.web.problems import FaultAt, NotNowError, placed

SHEET: Final = "facts"
TYPED: Final = ("value", "low", "high", "source", "confidence")
"""Columns that the user fills."""


def asked_unit(fact: Fact) -> tuple[str, int | None]:
    """Unit in which another value is asked for, and the year of its money; None for that of the study.

    Notes
    -----
    Nothing converts other currencies, so what is known in one is asked for in dollars of the study.
    """
    if fact.money_year is None or currency_of(fact.unit) == "$":
        return fact.unit, fact.money_year
    return in_dollars(fact.unit), None


def fact_changes(draft: Draft, fact: Fact, typed: Mapping[str, Cell]) -> list[Change]:
    """Cells that give a fact another value in a draft: those of its row, or of a new one.

    Parameters
    ----------
    draft
        With its cells.
    fact
        Fact that gets another value.
    typed
        The columns of :data:`TYPED`, in :func:`asked_unit`.

    Raises
    ------
    NotNowError
        If the draft has no sheet for facts.
    """
    rows = draft.sheets.get(SHEET)
    if rows is None:
        raise NotNowError(f'{draft.name}: there is no sheet "{SHEET}"; add one to the workbook and bring it again')
    head = [str(cell or "").strip() for cell in (rows[0] if rows else ())]
    unit, year = asked_unit(fact)
    cells: dict[str, Cell] = {"key": fact.key, "unit": unit if unit != fact.unit else None, "money_year": year}
    cells |= {"as_of": None, **{name: typed.get(name) for name in TYPED}}
    head += [name for name in cells if name not in head]
    known = head.index("key")
    keys = [str(row[known] or "").strip() if known < len(row) else "" for row in rows]
    filled = [line for line, row in enumerate(rows) if any(cell not in (None, "") for cell in row)]
    after = max(filled, default=0) + 1
    line = next((place for place, key in enumerate(keys) if place and key == fact.key), after)
    named = [Change(SHEET, 0, column, name) for column, name in enumerate(head)]
    return [*named, *(Change(SHEET, line, head.index(name), cell) for name, cell in cells.items())]


def faults_after(draft: Draft, changes: list[Change]) -> dict[str, str]:
    """What would be wrong in the row that is changed: column to message; nothing is kept."""
    rows = [list(row) for row in draft.sheets[SHEET]]
    for change in changes:
        rows += [[] for _ in range(change.row + 1 - len(rows))]
        cells = rows[change.row]
        cells += [None] * (change.column + 1 - len(cells))
        cells[change.column] = change.value
    _, faults = check_sheets({**draft.sheets, SHEET: rows}, draft.name, SPECS)
    found: list[FaultAt] = [at for at in map(placed, faults) if at.sheet == SHEET and at.row == changes[-1].row]
    return {str(rows[0][at.column]) if at.column is not None else "": at.message for at in reversed(found)}
