"""Runs on disk: one folder each, with the result as JSON and the draws as Parquet."""

from wattworth.store.folders import check_folder, runs_folder
from wattworth.store.loading import load_run
from wattworth.store.saving import save
from wattworth.store.writing import write_text

__all__ = ["check_folder", "load_run", "runs_folder", "save", "write_text"]
