"""The record of runs: one SQLite file in the user's data folder, opened, made and refused in one place."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from wattworth.errors import StoreError
from wattworth.store.rows import enter

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

STORE_VERSION: Final = 1
"""Layout of the tables; a change of them raises it."""

DATABASE_FILE: Final = "wattworth.sqlite"
BUSY_S: Final = 20.0
"""How long a process waits for another that writes. [s]"""

_RETRY_S: Final = 0.02
_ANEW: Final = "move it away, and the next command lists the runs of the data folder anew"


def database_path() -> Path:
    """The file, in the user's data folder."""
    return platformdirs.user_data_path("wattworth", appauthor=False) / DATABASE_FILE


@contextmanager
def writing(path: Path, first_rows: Callable[[], list[Any]] = list) -> Iterator[Session]:
    """One transaction that writes; it is kept whole or not at all.

    Parameters
    ----------
    path
        The database, made if it is not there.
    first_rows
        What a new database starts with.

    Raises
    ------
    StoreError
        If the database cannot be made, read or written, is locked for too long, or is of another layout.
    """
    from sqlalchemy.orm import Session

    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [] if has_store(path) else first_rows()
        engine = _engine(path, immediate=True)
        try:
            with Session(engine) as session, session.begin():
                _ready(session, path, rows)
                yield session
        finally:
            engine.dispose()


@contextmanager
def reading(path: Path) -> Iterator[Session]:
    """A look at a database that :func:`has_store`.

    Raises
    ------
    StoreError
        If it cannot be read, is locked for too long, or is of another layout.
    """
    from sqlalchemy.orm import Session

    with _told(path):
        engine = _engine(path, immediate=False)
        try:
            with Session(engine) as session:
                _check_version(session, path)
                yield session
        finally:
            engine.dispose()


def check_database(path: Path) -> None:
    """Refuse a database that could not take a run, before the run is spent; nothing is made.

    Raises
    ------
    StoreError
        If it is damaged, of another layout, or its folder cannot be written.
    """
    standing = next((place for place in (path, *path.absolute().parents) if place.exists()), None)
    if standing is not None and not os.access(standing, os.W_OK):
        raise _unwritable(path)
    if has_store(path):
        with reading(path):
            pass


def _engine(path: Path, *, immediate: bool) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    def connect() -> sqlite3.Connection:
        frozen = not immediate and not os.access(path.parent, os.W_OK)
        mode = "ro&immutable=1" if frozen else "rwc" if immediate else "rw"
        where = f"{path.absolute().as_uri()}?mode={mode}"
        opened = sqlite3.connect(where, uri=True, timeout=BUSY_S, isolation_level=None)
        try:
            if immediate:
                _write_ahead(opened)
            opened.execute("PRAGMA synchronous=FULL")
            opened.execute("PRAGMA foreign_keys=ON")
        except BaseException:
            opened.close()
            raise
        return opened

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    begin = "BEGIN IMMEDIATE" if immediate else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _write_ahead(opened: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, once for a file; the change does not wait for others by itself."""
    until = time.monotonic() + BUSY_S
    while opened.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            opened.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_RETRY_S)


def has_store(path: Path) -> bool:
    """Whether there are tables; a process killed while it made the file may leave one without."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
        try:
            return opened.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
        finally:
            opened.close()
    except sqlite3.Error:
        return True  # whoever opens it says what is wrong


def _ready(session: Session, path: Path, first_rows: list[Any]) -> None:
    """Make the tables that are not there, inside the transaction that holds the lock.

    A table may be new without a new version of the layout: what is older neither reads nor writes it.
    """
    from sqlalchemy import inspect

    from wattworth.store.tables import Base, StoreRow

    standing = set(inspect(session.connection()).get_table_names())
    if standing:
        _check_version(session, path)
    if not standing >= Base.metadata.tables.keys():
        Base.metadata.create_all(session.connection())
    if standing:
        return
    now = dt.datetime.now(dt.UTC)
    session.add(StoreRow(id=1, schema_version=STORE_VERSION, created_at=now, wattworth_version=version("wattworth")))
    enter(session, first_rows)


def _check_version(session: Session, path: Path) -> None:
    from sqlalchemy import inspect, text

    if "store" not in inspect(session.connection()).get_table_names():
        raise StoreError(f"{path}: a database, but not a store of wattworth; {_ANEW}")
    row = session.execute(text("SELECT schema_version FROM store")).first()
    written = None if row is None else row[0]
    if written == STORE_VERSION:
        return
    newer = isinstance(written, int) and written > STORE_VERSION
    fix = "it was written by a newer wattworth: update this one" if newer else _ANEW
    raise StoreError(f"{path}: its tables are of version {written!r}, need {STORE_VERSION}; {fix}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the database says, in words of a user."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except DBAPIError as error:
        raise _refused(path, error.orig or error) from error
    except (SQLAlchemyError, sqlite3.Error, ValueError) as error:  # the last for a value that is no date or JSON
        raise _refused(path, error) from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}; {_ELSEWHERE}") from error


_ELSEWHERE: Final = "set XDG_DATA_HOME to a folder that you may write"


def _unwritable(path: Path) -> StoreError:
    return StoreError(f"{path}: the record of runs cannot be written: you may not write there; {_ELSEWHERE}")


def _refused(path: Path, error: BaseException) -> StoreError:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    match getattr(error, "sqlite_errorname", "") or "":
        case name if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            why = f"locked by another process for more than {BUSY_S:g} seconds; try again when it has ended"
        case name if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return _unwritable(path)
        case "SQLITE_FULL":
            why = "the disk is full; free some space"
        case name if name.startswith("SQLITE_IOERR"):
            why = f"the disk refused it ({said}); check the disk, or {_ELSEWHERE}"
        case _:
            why = f"damaged ({said}); {_ANEW}"
    return StoreError(f"{path}: {why}")
