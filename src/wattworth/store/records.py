"""Runs in the database: entered whole, listed, and found by a name."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wattworth.errors import StoreError, StudyError
from wattworth.store.adopting import any_standing, standing_rows
from wattworth.store.database import database_path, has_store, reading, writing
from wattworth.store.folders import DRAWS_FILE, RUN_FILE, runs_folder
from wattworth.store.rows import enter, rows_of
from wattworth.study import Study
from wattworth.study.document import study_from_document
from wattworth.study.raw import did_you_mean
from wattworth.valuation import SPECS, Run

if TYPE_CHECKING:
    from wattworth.store.tables import RunRow

LAST: Final = "last"
"""Stands for the newest run."""

_RUN_ID: Final = re.compile(r'"run_id":\s*("(?:[^"\\]|\\.)*")')
_HEAD_BYTES: Final = 4_096
_MOST_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the record lists it.

    Attributes
    ----------
    run_id, study, as_of, draws, seed
        What was asked.
    created_at
        When it was saved, UTC.
    folder
        Where its files were put.
    wattworth_version
        Program that made it.
    mean_usd
        Mean of the portfolio; None where the result has none. [USD]
    files
        ``there``; ``gone`` where the folder or a file is missing; ``replaced`` where another run took its place.
    """

    run_id: str
    study: str
    as_of: str
    draws: int
    seed: int
    created_at: dt.datetime
    folder: Path
    wattworth_version: str
    mean_usd: float | None
    files: str


def register(run: Run, folder: Path) -> None:
    """Enter a run whose files are in place, in one transaction; one of the same run_id is replaced.

    Raises
    ------
    StoreError
        If the database refuses it.
    """
    from sqlalchemy import delete

    from wattworth.store.tables import RunRow, SiteUseRow

    run_id = run.result["run_id"]
    with writing(database_path(), standing_rows) as session:
        session.execute(delete(SiteUseRow).where(SiteUseRow.run_id == run_id))
        session.execute(delete(RunRow).where(RunRow.run_id == run_id))
        enter(session, rows_of(run.result, run.study, folder, dt.datetime.now(dt.UTC)))


def runs() -> list[RunRecord]:
    """Every run of the record, newest first.

    Raises
    ------
    StoreError
        If the database cannot be read.

    Examples
    --------
    >>> import wattworth as ww
    >>> [run.run_id for run in ww.runs()]  # doctest: +SKIP
    """
    from sqlalchemy import select
    from sqlalchemy.orm import defer

    from wattworth.store.tables import RunRow

    if not has_store(database_path()):
        if not any_standing():
            return []
        with writing(database_path(), standing_rows):
            pass
    heavy = (defer(RunRow.inputs), defer(RunRow.facts), defer(RunRow.totals))
    query = select(RunRow).options(*heavy).order_by(RunRow.created_at.desc(), RunRow.run_id)
    with reading(database_path()) as session:
        return [_record(row) for row in session.scalars(query)]


def find(name: str) -> RunRecord:
    """The run of a run_id, of the beginning of exactly one, or ``last``.

    Raises
    ------
    StoreError
        If there is none, or more than one.
    """
    known = runs()
    if name == LAST and known:
        return known[0]
    exact = [run for run in known if run.run_id == name]
    near = exact or [run for run in known if name and run.run_id.startswith(name)]
    if len(near) == 1:
        return near[0]
    if near:
        listed = ", ".join(run.run_id for run in near[:_MOST_NAMED]) + (", ..." if len(near) > _MOST_NAMED else "")
        raise StoreError(f"{name}: {len(near)} runs begin so: {listed}; write more of the run_id")
    hint = did_you_mean(name, [run.run_id for run in known])
    kept = f"{len(known)} saved in {runs_folder()} or elsewhere (wattworth runs lists them)" if known else "none yet"
    raise StoreError(f"{name}: no such folder, {RUN_FILE} or run_id{hint}; saved runs: {kept}")


def recorded_study(run_id: str) -> Study:
    """The study of a run from the record alone, even where its files are gone.

    Parameters
    ----------
    run_id
        As for :func:`find`.

    Raises
    ------
    StoreError
        If there is no such run, or the record does not hold its study.
    """
    from wattworth.store.tables import RunRow

    found = find(run_id)
    with reading(database_path()) as session:
        row = session.get(RunRow, found.run_id)
        inputs = None if row is None else row.inputs
    if inputs is None:
        raise StoreError(f"{found.run_id}: the record does not hold its study; it was saved by an earlier wattworth")
    try:
        return study_from_document(inputs, SPECS)
    except StudyError as error:
        raise StoreError(f"{found.run_id}: {error}") from error


def held_run_id(folder: Path) -> str | None:
    """run_id of the run whose files are in a folder, from the first lines alone; None if they are not."""
    try:
        with (folder / RUN_FILE).open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    found = _RUN_ID.search(head)
    return json.loads(found[1]) if found and (folder / DRAWS_FILE).is_file() else None


def _record(row: RunRow) -> RunRecord:
    held = held_run_id(Path(row.folder))
    return RunRecord(
        run_id=row.run_id,
        study=row.study,
        as_of=row.as_of,
        draws=row.draws,
        seed=int(row.seed or 0),
        created_at=row.created_at,
        folder=Path(row.folder),
        wattworth_version=row.wattworth_version,
        mean_usd=row.mean_usd,
        files="there" if held == row.run_id else "gone" if held is None else "replaced",
    )
