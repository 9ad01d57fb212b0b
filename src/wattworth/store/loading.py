"""Finds a saved run and reads it back."""

from __future__ import annotations

from pathlib import Path

from wattworth.errors import StoreError
from wattworth.store.folders import RUN_FILE, runs_folder
from wattworth.store.reading import read_folder
from wattworth.store.records import find
from wattworth.valuation import Run


def load_run(where: str | Path) -> Run:
    """Read a saved run; its draws only when they are asked for.

    Parameters
    ----------
    where
        A folder, its ``run.json``, a run_id, the beginning of exactly one, or ``last`` for the newest.

    Returns
    -------
    Run
        With the study that was valued, so that it can be valued again; None where the files do not hold one
        that this installation can read.

    Raises
    ------
    StoreError
        If there is no such run, a file of it is missing or damaged, or it is of another version.
    """
    try:
        folder, asked = _folder(where)
    except OSError as error:
        raise StoreError(f"{where}: {error.strerror or error}") from error
    run = read_folder(folder)
    if asked is not None and run.result["run_id"] != asked:
        raise StoreError(f"{asked}: its folder {folder} now holds {run.result['run_id']}; {_again(asked)}")
    return run


def _folder(where: str | Path) -> tuple[Path, str | None]:
    """Folder of a run, and its run_id where that was asked for."""
    path = Path(where)
    if path.is_dir():
        return path, None
    if path.name == RUN_FILE and path.is_file():
        return path.parent, None
    if path.is_file():
        raise StoreError(f"{path}: not a run; need a folder, its {RUN_FILE}, or a run_id")
    name, saved = str(where), runs_folder()
    if name == path.name and (saved / name / RUN_FILE).is_file():
        return saved / name, name
    found = find(name)
    if not found.folder.is_dir():
        raise StoreError(f"{found.run_id}: its folder {found.folder} is gone; {_again(found.run_id)}")
    return found.folder, found.run_id


def _again(run_id: str) -> str:
    return f'to make it again in Python: ww.value(store.recorded_study("{run_id}"), draws=..., seed=...)'
