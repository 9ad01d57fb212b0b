"""Saves a run: its two files, then its place in the record."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from wattworth.errors import StoreError
from wattworth.placing import refused, replacing, sweep, write_text
from wattworth.store.database import check_database, database_path
from wattworth.store.draws import write_draws
from wattworth.store.folders import DRAWS_FILE, RUN_FILE, check_folder, runs_folder
from wattworth.store.records import register
from wattworth.study.document import study_document
from wattworth.valuation import Run


def save(run: Run, folder: Path | None = None) -> Path:
    """Save a run as ``run.json`` and ``draws.parquet``, and enter it in the record.

    Parameters
    ----------
    run
        A finished run.
    folder
        Where to; None takes a folder named after the run in the user's data folder. A run that is
        already there is replaced.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StoreError
        If the folder is a file or cannot be written, the disk is full, or the record cannot take the run; then its
        files are whole where the message says.

    Notes
    -----
    Both files are written whole beside their places and then moved, the draws first. A process
    killed at any moment leaves the old run, the new one, or files that
    :func:`wattworth.store.load_run` refuses because their ``run_id`` differ. The row follows in one transaction once
    the files are in place: there is no row, or a whole one whose files are there.
    """
    result = run.result
    text = _document_text(result)
    study_text = None if run.study is None else json.dumps(study_document(run.study), ensure_ascii=False)
    place = check_folder(runs_folder() / result["run_id"] if folder is None else folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with replacing(place / RUN_FILE) as new_result, replacing(place / DRAWS_FILE) as new_draws:
            new_result.write_text(text, encoding="utf-8", newline="\n")
            write_draws(new_draws, run.draws, result["run_id"], result["draws"], study_text)
        sweep(place)
    except OSError as error:
        raise refused(place, error) from error
    try:
        register(run, place)
    except StoreError as error:
        raise StoreError(f"{error}\nthe run itself is whole in {place}, and not listed") from error
    return place


def check_place(folder: Path | None = None) -> Path:
    """Refuse a folder or a record that could not take a run, before the run is spent; nothing is made.

    Raises
    ------
    StoreError
        As :func:`wattworth.store.check_folder`, or if the database is damaged, of another layout or read-only.
    """
    place = check_folder(folder)
    check_database(database_path())
    return place


def write_document(path: Path, document: dict[str, Any]) -> Path:
    """Write a document as JSON, whole or not at all.

    Raises
    ------
    StoreError
        If it cannot be written, or holds a number that JSON cannot.
    """
    return write_text(path, _document_text(document))


def _document_text(result: dict[str, Any]) -> str:
    try:
        return json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError as error:
        raise StoreError(f"the result is not saved: {_not_finite(result, 'result') or error}") from error


def _not_finite(node: Any, where: str) -> str | None:
    """The first place in a document with a number that JSON cannot hold."""
    if isinstance(node, float) and not math.isfinite(node):
        return f"{where} is {node}, need a finite number or null"
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list | tuple) else ()
    return next((found for key, child in inside if (found := _not_finite(child, f"{where}[{key!r}]"))), None)
