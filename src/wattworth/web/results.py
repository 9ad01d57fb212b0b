"""Saved runs, read once and kept while they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from wattworth import store
from wattworth.errors import StoreError
from wattworth.store import RunRecord
from wattworth.study import Study
from wattworth.valuation import Run, value
from wattworth.valuation.inputs import find, with_input
from wattworth.valuation.one_site import drivers, yearly_cash
from wattworth.valuation.time_to_power import time_to_power
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


def moved(run: Run, site_id: str, changes: dict[str, float], use: str | None) -> dict[str, tuple[float, float | None]]:
    """What the uses of a site would be worth with some inputs changed, few draws and all.

    Both sides of a change take the same few draws, so that their error falls out of it; it is then added to the value
    that the run has from all its draws.

    Parameters
    ----------
    run, site_id, changes, use
        As :func:`site_again` takes them.

    Returns
    -------
    dict
        Use to its mean risked value with the changes, and to the change; None where the run has no such use. [USD]
    """
    before, after = _coarse(run.result["run_id"], site_id), site_again(run, site_id, changes, use, QUICK_DRAWS)
    means = [_means(each) for each in (site_in(run, site_id), before, after)]
    out: dict[str, tuple[float, float | None]] = {}
    for name, now in means[2].items():
        held, same = means[0].get(name), means[1].get(name)
        out[name] = (now, None) if held is None or same is None else (held + now - same, now - same)
    return out


def _means(site: Document) -> dict[str, float]:
    """Mean risked value of each use open to a site. [USD]"""
    return {use: float(each["risked_npv_usd"]["mean"]) for use, each in site["uses"].items() if each["available"]}


@lru_cache(maxsize=64)
def _coarse(run_id: str, site_id: str) -> Document:
    return site_again(run_of(run_id), site_id, {}, None, QUICK_DRAWS)


@lru_cache(maxsize=64)
def timeline(run_id: str, site_id: str) -> Document:
    """Dates, chances and gates of one site, by the study and the seed of a run."""
    run = run_of(run_id)
    site_in(run, site_id)
    return time_to_power(study_in(run), value_draws=0, seed=int(run.result["seed"]), sites=site_id, workers=1)


def beside(run: Run, chart: str, site_id: str | None) -> Document | None:
    """What a figure of one site asks for on top of the run; None for the others."""
    if site_id is None or chart not in _BESIDE or run.study is None:
        return None
    return _BESIDE[chart](run.result["run_id"], site_id)


def comparables(run_id: str) -> Document:
    """What the market and buyers pay per watt, beside the companies of a run.

    Raises
    ------
    NotFoundError, NotNowError
        If there is no such run, or its files are gone.
    """
    return _compared(run_of(run_id).result["run_id"])


@lru_cache(maxsize=_KEPT)
def _compared(run_id: str) -> Document:
    from wattworth.evidence.comps import compare_run
    from wattworth.evidence.market_tables import market_table
    from wattworth.evidence.tape import read_tape

    return compare_run(run_of(run_id), market_table(None), read_tape()).document()


@lru_cache(maxsize=64)
def _cash(run_id: str, site_id: str) -> Document:
    return {"cash": yearly_cash(run_of(run_id), site_id).document()}


@lru_cache(maxsize=64)
def _drivers(run_id: str, site_id: str) -> Document:
    return {"drivers": drivers(run_of(run_id), site_id)}


_BESIDE: Final[dict[str, Callable[[str, str], Document]]] = {"fan": _cash, "tornado": _drivers}
