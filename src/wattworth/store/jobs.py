"""Work that waits, runs and has ended, in the record; each change of state is one transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from wattworth.errors import StoreError
from wattworth.store.adopting import standing_rows
from wattworth.store.database import database_path, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import Update

    from wattworth.store.tables import JobRow

Document = dict[str, Any]
State = Literal["queued", "running", "done", "failed", "cancelled", "cut_off"]
LIVE: Final = ("queued", "running")
ENDED: Final = ("done", "failed", "cancelled", "cut_off")


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    Attributes
    ----------
    job_id
        Its name.
    kind
        What is to be made: ``value`` for a run, or the name of a document.
    title
        For people.
    options
        As they were asked.
    state
        ``queued``, ``running``, ``done``, ``failed``, ``cancelled``, or ``cut_off`` where its process ended early.
    done, total
        How far it is, in draws; total is 0 where that is not known.
    run_id
        The run it made, or None.
    error
        What went wrong, with its faults, or None.
    created_at, started_at, ended_at
        When, UTC.
    pid
        Its process, or None.
    """

    job_id: str
    kind: str
    title: str
    options: Document
    state: State
    done: int
    total: int
    run_id: str | None
    error: Document | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    pid: int | None


def prepare_work() -> None:
    """Make the tables of work where they are missing, so that they can be read.

    Raises
    ------
    StoreError
        If the database cannot take them.
    """
    with writing(database_path(), standing_rows):
        pass


def add_job(kind: str, title: str, options: Mapping[str, Any], study: Mapping[str, Any] | None = None) -> Job:
    """Put a piece of work in the queue.

    Parameters
    ----------
    kind, title, options
        As :class:`Job` says.
    study
        Document of the study it is of (:func:`wattworth.study.document.study_document`), kept as it is now.
    """
    from wattworth.store.tables import JobRow

    row = JobRow(
        job_id=secrets.token_hex(8),
        kind=kind,
        title=title,
        options=dict(options),
        study=None if study is None else dict(study),
        state="queued",
        done=0,
        total=0,
        created_at=_now(),
    )
    with writing(database_path(), standing_rows) as session:
        session.add(row)
        session.flush()
        return _job(row)


def jobs(states: Sequence[str] = ()) -> list[Job]:
    """Work of some states, or of all, newest first."""
    from sqlalchemy import select
    from sqlalchemy.orm import defer

    from wattworth.store.tables import JobRow

    query = select(JobRow).options(defer(JobRow.study), defer(JobRow.document)).order_by(JobRow.created_at.desc())
    with reading(database_path()) as session:
        rows = session.scalars(query.where(JobRow.state.in_(states)) if states else query)
        return [_job(row) for row in rows]


def job(job_id: str) -> Job:
    """A piece of work by its name.

    Raises
    ------
    StoreError
        If there is none.
    """
    return _job(_row(job_id))


def job_study(job_id: str) -> Document | None:
    """Document of the study that a piece of work is of."""
    return _row(job_id).study


def job_document(job_id: str) -> Document | None:
    """Document that a piece of work made."""
    return _row(job_id).document


def claim(job_id: str, pid: int) -> bool:
    """Start a piece of work; False where it no longer waits."""
    now = _now()
    return _changed(job_id, ("queued",), state="running", pid=pid, started_at=now, beat_at=now)


def beat(job_id: str, done: int, total: int) -> bool:
    """Say how far a piece of work is; False where it no longer runs and should end."""
    return _changed(job_id, ("running",), done=done, total=total, beat_at=_now())


def finish(job_id: str, *, run_id: str | None = None, document: Mapping[str, Any] | None = None) -> bool:
    """End a piece of work that made a run or a document; False where it was stopped meanwhile."""
    made = None if document is None else dict(document)
    return _changed(job_id, ("running", "cut_off"), state="done", run_id=run_id, document=made, ended_at=_now())


def fail(job_id: str, error: Mapping[str, Any]) -> bool:
    """End a piece of work that found an error."""
    return _changed(job_id, LIVE, state="failed", error=dict(error), ended_at=_now())


def cancel(job_id: str) -> bool:
    """Stop a piece of work; False where it has ended already."""
    job(job_id)
    return _changed(job_id, LIVE, state="cancelled", ended_at=_now())


def cut_off(job_id: str, pid: int | None) -> bool:
    """Mark work whose process ended before it did; False where another process does it."""
    return _changed(job_id, ("running",), of_pid=pid, state="cut_off", ended_at=_now())


def restart(job_id: str) -> Job:
    """Ask again for what a piece of work was to make.

    Raises
    ------
    StoreError
        If there is none, or it has not ended.
    """
    row = _row(job_id)
    if row.state not in ENDED:
        raise StoreError(f"job {job_id} is {row.state}; cancel it first")
    return add_job(row.kind, row.title, row.options, row.study)


def silent(for_s: float) -> list[Job]:
    """Work that is said to run and has not said so for a time. [s]"""
    from sqlalchemy import select

    from wattworth.store.tables import JobRow

    late = _now() - dt.timedelta(seconds=for_s)
    query = select(JobRow).where(JobRow.state == "running", JobRow.beat_at < late)
    with reading(database_path()) as session:
        return [_job(row) for row in session.scalars(query)]


def _changed(job_id: str, states: Sequence[str], *, of_pid: int | None = None, **values: Any) -> bool:
    """Change a row that is in one of some states, and is that of a process where one is named."""
    from sqlalchemy import update

    from wattworth.store.tables import JobRow

    change: Update = update(JobRow).where(JobRow.job_id == job_id, JobRow.state.in_(states)).values(**values)
    if of_pid is not None:
        change = change.where(JobRow.pid == of_pid)
    with writing(database_path(), standing_rows) as session:
        return bool(session.connection().execute(change).rowcount)


def _row(job_id: str) -> JobRow:
    from wattworth.store.tables import JobRow

    with reading(database_path()) as session:
        row = session.get(JobRow, job_id)
        if row is None:
            raise StoreError(f"{job_id}: there is no such job")
        session.expunge(row)
    return row


def _job(row: JobRow) -> Job:
    return Job(
        job_id=row.job_id,
        kind=row.kind,
        title=row.title,
        options=row.options,
        state=row.state,  # pyright: ignore[reportArgumentType]  # the table holds only these
        done=row.done,
        total=row.total,
        run_id=row.run_id,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        pid=row.pid,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
