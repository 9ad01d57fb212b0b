"""Saves a run."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from wattworth.errors import StoreError
from wattworth.store.draws import write_draws
from wattworth.store.folders import DRAWS_FILE, RUN_FILE, check_folder, runs_folder
from wattworth.store.writing import refused, replacing, sweep
from wattworth.valuation import Run


def save(run: Run, folder: Path | None = None) -> Path:
    """Save a run as ``run.json`` and ``draws.parquet``.

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
        If the folder is a file or cannot be written, or the disk is full.

    Notes
    -----
    Both files are written whole beside their places and then moved, the draws first. A process
    killed at any moment leaves the old run, the new one, or files that
    :func:`wattworth.store.load_run` refuses because their ``run_id`` differ.
    """
    result = run.result
    text = _document_text(result)
    place = check_folder(runs_folder() / result["run_id"] if folder is None else folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with replacing(place / RUN_FILE) as new_result, replacing(place / DRAWS_FILE) as new_draws:
            new_result.write_text(text, encoding="utf-8", newline="\n")
            write_draws(new_draws, run.draws, result["run_id"], result["draws"])
        sweep(place)
    except OSError as error:
        raise refused(place, error) from error
    return place


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
