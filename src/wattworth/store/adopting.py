"""Runs that stand in the data folder and not in the record: entered when a database is made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wattworth.errors import StoreError
from wattworth.store.folders import RUN_FILE, runs_folder
from wattworth.store.reading import read_folder
from wattworth.store.rows import rows_of


def any_standing() -> bool:
    """Whether a run stands in the data folder."""
    return any(runs_folder().glob(f"*/{RUN_FILE}"))


def standing_rows() -> list[Any]:
    """Rows of every whole run in the data folder; what cannot be read is left where it is."""
    rows: dict[str, list[Any]] = {}
    for file in sorted(runs_folder().glob(f"*/{RUN_FILE}")):
        try:
            saved_at = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
            run = read_folder(file.parent)
            rows.setdefault(run.result["run_id"], rows_of(run.result, run.study, file.parent, saved_at))
        except (StoreError, OSError, KeyError, TypeError, AttributeError):
            continue
    return [row for of_run in rows.values() for row in of_run]
