"""Finds a saved run and reads it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from wattworth.errors import StoreError
from wattworth.records import SCHEMA_VERSION
from wattworth.store.draws import damaged, open_draws
from wattworth.store.folders import DRAWS_FILE, RUN_FILE, runs_folder
from wattworth.study.raw import did_you_mean
from wattworth.valuation import Run


def load_run(where: str | Path) -> Run:
    """Read a saved run; its draws only when they are asked for.

    Parameters
    ----------
    where
        A folder, its ``run.json``, or the run_id of a run in the user's data folder.

    Returns
    -------
    Run

    Raises
    ------
    StoreError
        If there is no such run, a file of it is missing or damaged, or it is of another version.
    """
    try:
        folder = _folder(where)
    except OSError as error:
        raise StoreError(f"{where}: {error.strerror or error}") from error
    result = _read_result(folder / RUN_FILE)
    draws = open_draws(folder / DRAWS_FILE)
    if draws.run_id != result["run_id"]:
        raise StoreError(
            f"{folder}: {DRAWS_FILE} belongs to {draws.run_id} and {RUN_FILE} to {result['run_id']}, "
            "so a run was not saved to its end; value the study again"
        )
    return Run(result=result, draws=draws)


def _folder(where: str | Path) -> Path:
    path = Path(where)
    if path.is_dir():
        return path
    if path.name == RUN_FILE and path.is_file():
        return path.parent
    if path.is_file():
        raise StoreError(f"{path}: not a run; need a folder, its {RUN_FILE}, or a run_id")
    name, saved = str(where), runs_folder()
    if name == path.name and (saved / name / RUN_FILE).is_file():
        return saved / name
    known = sorted(file.parent.name for file in saved.glob(f"*/{RUN_FILE}"))
    kept = f"{len(known)} saved in {saved}" if known else f"none saved in {saved} yet"
    raise StoreError(f"{name}: no such folder, {RUN_FILE} or run_id{did_you_mean(name, known)}; {kept}")


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
