"""Saved runs, read once and kept while they are looked at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from wattworth import store
from wattworth.errors import StoreError
from wattworth.store import RunRecord
from wattworth.study import Study
from wattworth.valuation import Run, value
from wattworth.valuation.inputs import find, with_input
from wattworth.web.problems import NotFoundError, NotNowError

Document = dict[str, Any]
_KEPT = 8
QUICK_DRAWS = 256


def record_of(run_id: str) -> RunRecord:
    """The record of a run.

    Raises
    ------
    NotFoundError
        If there is none of that very name.
    """
    for known in store.runs():
        if known.run_id == run_id:
            return known
    raise NotFoundError(f"{run_id}: there is no such run")


def run_of(run_id: str) -> Run:
    """A saved run.

    Raises
    ------
    NotFoundError, NotNowError
        If there is none, or its files are gone.
    """
    found = record_of(run_id)
    if found.files != "there":
        raise NotNowError(f"{run_id}: its files are {found.files}; value the study again")
    try:
        return _loaded(found.folder, run_id, (found.folder / "run.json").stat().st_mtime_ns)
    except (StoreError, OSError) as error:
        raise NotNowError(f"{run_id}: {error}") from error


@lru_cache(maxsize=_KEPT)
def _loaded(folder: Path, run_id: str, _: int) -> Run:
    run = store.load_run(folder)
    if run.result["run_id"] != run_id:
        raise StoreError(f"its folder holds {run.result['run_id']}")
    return run


def site_in(run: Run, site_id: str) -> Document:
    """A site of a run.

    Raises
    ------
    NotFoundError
        If it has none of that name.
    """
    for site in run.result["sites"]:
        if site["site_id"] == site_id:
            return site
    raise NotFoundError(f"{site_id}: the run has no such site")


def study_in(run: Run) -> Study:
    """The study of a run.

    Raises
    ------
    NotNowError
        If the run does not hold it.
    """
    if run.study is None:
        raise NotNowError(f"{run.result['run_id']}: it does not hold its study; value the study again")
    return run.study


def site_again(run: Run, site_id: str, changes: dict[str, float], use: str | None, draws: int) -> Document:
    """One site valued again with some inputs changed, quickly.

    Parameters
    ----------
    run
        Run whose study and seed are taken.
    site_id
        Site of it.
    changes
        Input (:func:`wattworth.valuation.inputs.find`) to its new value.
    use
        Use that a short name is meant for, or None.
    draws
        Draws; few are quick and coarse.

    Raises
    ------
    StudyError
        If an input is unknown, or a value not allowed.
    """
    site_in(run, site_id)
    study = study_in(run)
    for name, number in changes.items():
        study = with_input(study, find(study, name, site_id, use), number)
    again = value(study, draws=draws, seed=int(run.result["seed"]), sites=site_id, workers=1)
    return site_in(again, site_id)
