"""Tables of the record of runs: types that every database has, so that PostgreSQL can take the place of SQLite."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Dialect, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: stored without a zone as UTC, given with it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To the database."""
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From the database."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """Root of the tables."""


class StoreRow(Base):
    """The one row that says how the tables are laid out."""

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    schema_version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    wattworth_version: Mapped[str] = mapped_column(String(40))


class RunRow(Base):
    """One run: what was asked, what stood behind it, what came out, and where its files are."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    study: Mapped[str] = mapped_column(String(100), index=True)
    as_of: Mapped[str] = mapped_column(String(7))
    draws: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(80))  # text: a seed may be larger than an integer of a database
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    folder: Mapped[str] = mapped_column(Text)
    wattworth_version: Mapped[str] = mapped_column(String(40))
    schema_version: Mapped[int] = mapped_column(Integer)
    mean_usd: Mapped[float | None] = mapped_column(Float)
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    facts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    totals: Mapped[dict[str, Any]] = mapped_column(JSON)


class SiteUseRow(Base):
    """One site of a run in one use; money is the risked value."""

    __tablename__ = "site_uses"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    use: Mapped[str] = mapped_column(String(100), primary_key=True)
    available: Mapped[bool] = mapped_column(Boolean)
    best: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    risked_mean_usd: Mapped[float | None] = mapped_column(Float)
    risked_p10_usd: Mapped[float | None] = mapped_column(Float)
    risked_p50_usd: Mapped[float | None] = mapped_column(Float)
    risked_p90_usd: Mapped[float | None] = mapped_column(Float)
    usd_per_gross_w: Mapped[float | None] = mapped_column(Float)


class JobRow(Base):
    """One piece of work asked for: a run to make, or a document to compute."""

    __tablename__ = "jobs"

    job_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    study: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(20), index=True)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    run_id: Mapped[str | None] = mapped_column(String(200))
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    beat_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    pid: Mapped[int | None] = mapped_column(Integer)


class DraftRow(Base):
    """A study that is being written: the cells of its sheets."""

    __tablename__ = "drafts"

    draft_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sheets: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)


class DraftEditRow(Base):
    """One step of writing it, to be undone."""

    __tablename__ = "draft_edits"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.draft_id", ondelete="CASCADE"), index=True)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
