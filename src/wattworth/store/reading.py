"""Reads the files of a run back, and refuses what is not whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from wattworth.errors import StoreError, StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.store.draws import damaged, open_draws
from wattworth.store.folders import DRAWS_FILE, RUN_FILE
from wattworth.study import Study
from wattworth.study.document import study_from_document
from wattworth.valuation import SPECS, Run


def read_folder(folder: Path) -> Run:
    """The run whose files are in a folder.

    Raises
    ------
    StoreError
        If a file is missing, damaged, of another version, or the two belong to different runs.
    """
    result = _read_result(folder / RUN_FILE)
    draws = open_draws(folder / DRAWS_FILE)
    if draws.run_id != result["run_id"]:
        raise StoreError(
            f"{folder}: {DRAWS_FILE} belongs to {draws.run_id} and {RUN_FILE} to {result['run_id']}, "
            "so a run was not saved to its end; value the study again"
        )
    return Run(result=result, draws=draws, study=study_of(draws.study_text))


def study_of(text: str | None) -> Study | None:
    """A study from JSON text; None where there is none, or none that this installation can read."""
    try:
        return None if text is None else study_from_document(json.loads(text), SPECS)
    except (StudyError, ValueError, AttributeError):
        return None


def _read_result(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except FileNotFoundError as error:
        raise StoreError(f"{path.parent}: holds no {RUN_FILE}, so no run is saved there") from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, error) from error
    if not isinstance(result, dict) or not {"schema_version", "run_id", "draws", "sites"} <= result.keys():
        raise StoreError(f"{path}: not the result of a run of wattworth")
    written = result["schema_version"]
    if written != SCHEMA_VERSION:
        newer = isinstance(written, int) and written > SCHEMA_VERSION
        fix = "it was saved by a newer wattworth: update this one" if newer else "value the study again"
        raise StoreError(f"{path}: schema_version is {written!r}, need {SCHEMA_VERSION}; {fix}")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
