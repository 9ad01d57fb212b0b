"""One piece of work in a process of its own: ``python -m wattworth.web.worker JOB_ID``."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from wattworth import store
from wattworth.errors import WattworthError
from wattworth.store import Job
from wattworth.study import Study
from wattworth.study.document import study_from_document
from wattworth.valuation import SPECS, value
from wattworth.valuation.when_to_switch import PLAIN
from wattworth.web.problems import described
from wattworth.web.results import run_of

Document = dict[str, Any]
BEAT_S: Final = 1.0
"""How often a worker says that it lives. [s]"""
_NICE: Final = 10


class _Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The work is no longer wanted."""


def work(job_id: str) -> None:
    """Do a piece of work that waits, and put what it made, or what went wrong, into the record."""
    if not store.claim(job_id, os.getpid()):
        return
    job = store.job(job_id)
    beats = _Beats(job_id)
    try:
        with suppress(_Stopped):
            _KINDS[job.kind](job, beats)
    except WattworthError as error:
        store.fail(job_id, described(error))
    except Exception as error:
        store.fail(job_id, {"title": "an error of the program", "detail": f"{type(error).__name__}: {error}"})
        raise
    finally:
        beats.end()


class _Beats:
    """Says every second how far the work is; ends the process where it is no longer wanted."""

    def __init__(self, job_id: str) -> None:
        self._job_id, self._done, self._total = job_id, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __call__(self, done: int, total: int) -> None:
        self._done, self._total = done, total

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(BEAT_S / 2):
            if not store.beat(self._job_id, self._done, self._total):
                os._exit(0)


def _value(job: Job, beats: _Beats) -> None:
    options = dict(job.options)
    freedom = PLAIN if options.pop("switching", False) else None
    run = value(_study(job), workers=1, progress=beats, freedom=freedom, **options)
    store.save(run)
    beats.end()
    draws = int(run.result["draws"])
    store.beat(job.job_id, draws, draws)
    store.finish(job.job_id, run_id=run.result["run_id"])


def _study(job: Job) -> Study:
    document = store.job_study(job.job_id)
    assert document is not None, "a job of this kind holds its study"
    return study_from_document(document, SPECS)


def _made(make: Callable[[Job], Mapping[str, Any]]) -> Callable[[Job, _Beats], None]:
    def run(job: Job, _: _Beats) -> None:
        store.finish(job.job_id, document=make(job))

    return run


def _plan(job: Job) -> Document:
    from wattworth.portfolio.plan_study import Asked, plan_study

    options = job.options
    asked = Asked(options["draws"], options["seed"], options["time_limit_s"], options["gap_frac"], None, None, 1)
    return plan_study(_study(job), asked)


def _gap(job: Job) -> Document:
    from wattworth.gap import gap, gap_document, read_model

    model, options = read_model(job.options["model"]), job.options
    found = gap(model, options["mode"], draws=options["draws"], seed=options["seed"])
    return gap_document(found, years=model.years)


def _gas(job: Job) -> Document:
    from wattworth.gas import document_of, run_gas

    return document_of(run_gas(job.options["study"], relax=job.options["relax"]))


def _backtest(job: Job) -> Document:
    from wattworth import uses
    from wattworth.evidence.backtest import backtest
    from wattworth.evidence.tape import read_tape

    return backtest(read_tape(None), uses.fact_book(), draws=job.options["draws"], seed=job.options["seed"]).document()


def _explain(job: Job) -> Document:
    from wattworth.valuation.explain import explain

    return explain(run_of(job.options["run"]), job.options["site"], draws=1, seed=0, told=None)


def _compare(job: Job) -> Document:
    from wattworth.valuation.compare import compare

    before, after = run_of(job.options["before"]), run_of(job.options["after"])
    return compare(before, after, workers=1, told=lambda _: None)


_KINDS: Final[Mapping[str, Callable[[Job, _Beats], None]]] = {
    "value": _value,
    "plan": _made(_plan),
    "gap": _made(_gap),
    "gas": _made(_gas),
    "backtest": _made(_backtest),
    "explain": _made(_explain),
    "compare": _made(_compare),
}


def main() -> None:
    """Work at low priority, so that the server answers first."""
    with suppress(AttributeError, OSError):  # only POSIX has priorities
        os.nice(_NICE)
    work(sys.argv[1])


if __name__ == "__main__":
    main()
