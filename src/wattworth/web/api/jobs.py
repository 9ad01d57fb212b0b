"""Work asked for: queued, watched, stopped, asked for again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from wattworth import store
from wattworth.errors import StudyError
from wattworth.study import Study, unknown_use
from wattworth.study.document import study_document
from wattworth.valuation import SPECS
from wattworth.web import results
from wattworth.web.drafting import study_named
from wattworth.web.problems import ANSWERS, NotFoundError, NotNowError

router = APIRouter(prefix="/jobs", tags=["jobs"], responses=ANSWERS)

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
RunName = Annotated[str, Field(max_length=200, description="run_id of a saved run.")]
StudyName = Annotated[str, Field(max_length=100, description="Name of a packaged study, or of a draft.")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ValueAsked(_Asked):
    """A run that values every site in every use."""

    kind: Literal["value"]
    study: StudyName
    draws: int = Field(10_000, ge=1, le=1_000_000)
    seed: Seed = 7
    as_of: str | None = Field(None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    sites: str | None = Field(None, max_length=200, description="Glob on site_id.")
    uses: list[str] | None = Field(None, max_length=50)
    switching: bool = Field(False, description="Also what to do with each site now, and what waiting is worth.")


class PlanAsked(_Asked):
    """A plan across the sites of a study."""

    kind: Literal["plan"]
    study: StudyName
    draws: int = Field(1_000, ge=1, le=100_000)
    seed: Seed = 7
    time_limit_s: float = Field(20.0, gt=0, le=600)
    gap_frac: float = Field(1e-4, ge=0, le=0.1)


class GapAsked(_Asked):
    """A national balance."""

    kind: Literal["gap"]
    model: str = Field(max_length=100)
    mode: Literal["as_printed", "expected", "simulated"] = "simulated"
    draws: int = Field(100_000, ge=1, le=1_000_000)
    seed: Seed = 7


class GasAsked(_Asked):
    """An allocation of gas."""

    kind: Literal["gas"]
    study: str = Field(max_length=100)
    relax: bool = Field(True, description="Whether to price each limit by taking it away.")


class BacktestAsked(_Asked):
    """Disclosed deals against predictions."""

    kind: Literal["backtest"]
    draws: int = Field(4_096, ge=1, le=100_000)
    seed: Seed = 7


class ExplainAsked(_Asked):
    """Why the best use of a site won, what drives it, and what would change it."""

    kind: Literal["explain"]
    run: RunName
    site: str = Field(max_length=100)


class CompareAsked(_Asked):
    """What changed between two runs, and the bridge of their totals by site and by cause."""

    kind: Literal["compare"]
    before: RunName
    after: RunName


Asked = Annotated[
    ValueAsked | PlanAsked | GapAsked | GasAsked | BacktestAsked | ExplainAsked | CompareAsked,
    Field(discriminator="kind"),
]


class JobOut(BaseModel):
    """A piece of work and how far it is."""

    job_id: str
    kind: str
    title: str
    options: dict[str, Any]
    state: Literal["queued", "running", "done", "failed", "cancelled", "cut_off"]
    done: int
    total: int
    run_id: str | None
    error: dict[str, Any] | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None


@router.get("")
def list_jobs() -> list[JobOut]:
    """All work, newest first."""
    return [shown(job) for job in store.jobs()]


@router.post("", status_code=202)
def ask(asked: Asked) -> JobOut:
    """Ask for a run or a document; a study is kept as it is now."""
    match asked:
        case ValueAsked():
            study = study_named(asked.study)
            _check_uses(asked.uses)
            return _queued(asked, study, use_names=asked.uses, **asked.model_dump(exclude={"kind", "study", "uses"}))
        case PlanAsked():
            return _queued(asked, study_named(asked.study), **asked.model_dump(exclude={"kind", "study"}))
        case GapAsked():
            _check_model(asked.model)
        case GasAsked():
            _check_gas(asked.study)
        case ExplainAsked():
            results.study_in(results.run_of(asked.run))
            results.site_in(results.run_of(asked.run), asked.site)
        case CompareAsked():
            for name in (asked.before, asked.after):
                results.study_in(results.run_of(name))
        case BacktestAsked():
            pass
    options = asked.model_dump(exclude={"kind"})
    return shown(store.add_job(asked.kind, ", ".join(v for v in options.values() if isinstance(v, str)), options))


@router.get("/{job_id}")
def read_job(job_id: JobId) -> JobOut:
    """A piece of work."""
    return shown(known(job_id))


@router.get("/{job_id}/document")
def read_document(job_id: JobId) -> dict[str, Any]:
    """The document that a piece of work made; a run is read as a run."""
    job = known(job_id)
    if job.state != "done" or job.kind == "value":
        raise NotNowError(f"job {job_id} is {job.state} and holds no document")
    return store.job_document(job_id) or {}


@router.post("/{job_id}/cancel")
def cancel(job_id: JobId) -> JobOut:
    """Stop work that waits or runs."""
    known(job_id)
    if not store.cancel(job_id):
        raise NotNowError(f"job {job_id} has ended")
    return shown(store.job(job_id))


@router.post("/{job_id}/restart", status_code=202)
def restart(job_id: JobId) -> JobOut:
    """Ask again for what ended, with the same study and options."""
    if known(job_id).state not in store.ENDED:
        raise NotNowError(f"job {job_id} has not ended")
    return shown(store.restart(job_id))


def known(job_id: str) -> store.Job:
    """The job of a name.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    for job in store.jobs():
        if job.job_id == job_id:
            return job
    raise NotFoundError(f"{job_id}: there is no such job")


def shown(job: store.Job) -> JobOut:
    """A job as an answer."""
    return JobOut(**{name: getattr(job, name) for name in JobOut.model_fields})


def _queued(asked: ValueAsked | PlanAsked, study: Study, **options: Any) -> JobOut:
    return shown(store.add_job(asked.kind, study.title or study.name, options, study_document(study)))


def _check_uses(names: list[str] | None) -> None:
    for name in names or ():
        if name not in SPECS:
            raise StudyError(unknown_use(name, SPECS))


def _check_model(name: str) -> None:
    from wattworth.gap import model_names

    if name not in model_names():
        raise NotFoundError(f"{name}: there is no such model; there are {', '.join(model_names())}")


def _check_gas(name: str) -> None:
    from wattworth.gas.reading import study_names

    if name not in study_names():
        raise NotFoundError(f"{name}: there is no such gas study; there are {', '.join(study_names())}")
