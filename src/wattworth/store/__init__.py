"""Runs on disk: one folder each, with the result as JSON and the draws as Parquet, and one database that lists them."""

from wattworth.store.database import database_path
from wattworth.store.folders import check_folder, runs_folder
from wattworth.store.loading import load_run
from wattworth.store.records import RunRecord, recorded_study, runs
from wattworth.store.saving import check_place, save, write_document
from wattworth.store.writing import write_text

__all__ = [
    "RunRecord",
    "check_folder",
    "check_place",
    "database_path",
    "load_run",
    "recorded_study",
    "runs",
    "runs_folder",
    "save",
    "write_document",
    "write_text",
]
