"""Studies that are being written, cell by cell, each step undone in turn; they are in the record with the runs."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattworth.errors import StoreError
from wattworth.store.adopting import standing_rows
from wattworth.store.database import database_path, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wattworth.store.tables import DraftRow

Cell = str | float | bool | None
Grid = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A study that is being written.

    Attributes
    ----------
    draft_id
        Its name in the record.
    name
        For people.
    sheets
        Sheet to rows of cells, the row of column names first; empty in a list of drafts.
    changed_at
        When it was last changed, UTC.
    steps
        Steps that can be undone; None in a list of drafts.
    """

    draft_id: str
    name: str
    sheets: Mapping[str, Grid]
    changed_at: dt.datetime
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of one cell; rows and columns count from 0."""

    sheet: str
    row: int
    column: int
    value: Cell


def add_draft(name: str, sheets: Mapping[str, Grid]) -> Draft:
    """Keep the sheets of a study as a draft."""
    from wattworth.store.tables import DraftRow

    now = dt.datetime.now(dt.UTC)
    row = DraftRow(draft_id=secrets.token_hex(8), name=name, sheets=dict(sheets), created_at=now, changed_at=now)
    with writing(database_path(), standing_rows) as session:
        session.add(row)
        session.flush()
        return _draft(row, 0)


def drafts() -> list[Draft]:
    """Every draft without its cells, last changed first."""
    from sqlalchemy import select

    from wattworth.store.tables import DraftRow

    query = select(DraftRow.draft_id, DraftRow.name, DraftRow.changed_at).order_by(DraftRow.changed_at.desc())
    with reading(database_path()) as session:
        return [Draft(draft_id, name, {}, changed_at) for draft_id, name, changed_at in session.execute(query)]


def draft(draft_id: str) -> Draft:
    """A draft with its cells.

    Raises
    ------
    StoreError
        If there is none.
    """
    with reading(database_path()) as session:
        return _draft(_row(session, draft_id), _steps(session, draft_id))


def change_draft(draft_id: str, changes: Sequence[Change]) -> Draft:
    """Change cells in one step; rows and columns are added where the cell lies past the last.

    Raises
    ------
    StoreError
        If there is no such draft or sheet; nothing is changed then.
    """
    from wattworth.store.tables import DraftEditRow

    with writing(database_path(), standing_rows) as session:
        row = _row(session, draft_id)
        before = [
            {"sheet": each.sheet, "row": each.row, "column": each.column, "value": _at(row.sheets, each)}
            for each in changes
        ]
        _write(row, changes)
        session.add(DraftEditRow(draft_id=draft_id, changes=before))
        session.flush()
        return _draft(row, _steps(session, draft_id))


def undo_draft(draft_id: str) -> Draft:
    """Take back the last step.

    Raises
    ------
    StoreError
        If there is no such draft, or nothing to undo.
    """
    from sqlalchemy import select

    from wattworth.store.tables import DraftEditRow

    newest = select(DraftEditRow).where(DraftEditRow.draft_id == draft_id).order_by(DraftEditRow.number.desc()).limit(1)
    with writing(database_path(), standing_rows) as session:
        row, step = _row(session, draft_id), session.scalar(newest)
        if step is None:
            raise StoreError(f"{row.name}: there is nothing to undo")
        _write(row, [Change(**change) for change in reversed(step.changes)])
        session.delete(step)
        session.flush()
        return _draft(row, _steps(session, draft_id))


def delete_draft(draft_id: str) -> None:
    """Forget a draft; runs made from it stay.

    Raises
    ------
    StoreError
        If there is none.
    """
    with writing(database_path(), standing_rows) as session:
        session.delete(_row(session, draft_id))


def _at(sheets: Mapping[str, Grid], change: Change) -> Cell:
    if change.sheet not in sheets:
        raise StoreError(f'there is no sheet "{change.sheet}"; there are {", ".join(sheets)}')
    rows = sheets[change.sheet]
    cells = rows[change.row] if change.row < len(rows) else []
    return cells[change.column] if change.column < len(cells) else None


def _write(row: DraftRow, changes: Sequence[Change]) -> None:
    touched = {change.sheet for change in changes}
    sheets = {name: [list(cells) for cells in rows] if name in touched else rows for name, rows in row.sheets.items()}
    for change in changes:
        rows = sheets[change.sheet]
        rows += [[] for _ in range(change.row + 1 - len(rows))]
        cells = rows[change.row]
        cells += [None] * (change.column + 1 - len(cells))
        cells[change.column] = change.value
    row.sheets, row.changed_at = sheets, dt.datetime.now(dt.UTC)


def _row(session: Session, draft_id: str) -> DraftRow:
    from wattworth.store.tables import DraftRow

    row = session.get(DraftRow, draft_id)
    if row is None:
        raise StoreError(f"{draft_id}: there is no such draft")
    return row


def _steps(session: Session, draft_id: str) -> int:
    from sqlalchemy import func, select

    from wattworth.store.tables import DraftEditRow

    return session.scalar(select(func.count()).where(DraftEditRow.draft_id == draft_id)) or 0


def _draft(row: DraftRow, steps: int) -> Draft:
    return Draft(row.draft_id, row.name, row.sheets, row.changed_at, steps)
