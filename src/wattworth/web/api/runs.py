"""Saved runs: the result, one site of it, why, what would change it, figures and reports."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wattworth import store
from wattworth.valuation.inputs import find
from wattworth.web import results
from wattworth.web.api.studies import WORKBOOK, attached
from wattworth.web.problems import ANSWERS, NotFoundError

router = APIRouter(prefix="/runs", tags=["runs"], responses=ANSWERS)

Document = dict[str, Any]
RunId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
SiteId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Language = Annotated[str, Query(pattern=r"^[a-z]{2,3}$", description="Language of the words.")]
Theme = Annotated[
    Literal["light", "dark", "page"], Query(description="`page`: the colours of a page's style sheet, by name.")
]
InputName = Annotated[str, Field(max_length=100)]


class RunLine(BaseModel):
    """A run in a list."""

    run_id: str
    study: str
    as_of: str
    draws: int
    seed: int
    created_at: dt.datetime
    wattworth_version: str
    mean_usd: float | None
    files: Literal["there", "gone", "replaced"]


class Sought(BaseModel):
    """The input at which a metric takes a wanted value."""

    model_config = ConfigDict(extra="forbid")
    site: str = Field(max_length=100)
    use: str = Field(max_length=100)
    for_input: InputName = Field(description="rent, capex, delay, residual, bitcoin, power, a fact, or a column.")
    metric: str = Field(max_length=100, description="Such as risked_npv_usd.mean or gain_over:bitcoin.")
    target: float = Field(allow_inf_nan=False)
    low: float | None = Field(None, allow_inf_nan=False)
    high: float | None = Field(None, allow_inf_nan=False)
    draws: int = Field(1_024, ge=1, le=20_000)


class WhatIf(BaseModel):
    """Inputs of a site changed, to look at it again quickly."""

    model_config = ConfigDict(extra="forbid")
    changes: dict[InputName, Annotated[float, Field(allow_inf_nan=False)]] = Field(max_length=10)
    use: str | None = Field(None, max_length=100, description="Use that a short name such as rent is meant for.")
    draws: int = Field(results.QUICK_DRAWS, ge=1, le=4_096)


class InputOut(BaseModel):
    """An input that may be moved, and how far."""

    name: str
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None


@router.get("")
def list_runs() -> list[RunLine]:
    """Every saved run, newest first."""
    return [RunLine(**{name: getattr(run, name) for name in RunLine.model_fields}) for run in store.runs()]


@router.get("/{run_id}")
def read_run(run_id: RunId) -> Document:
    """The whole result."""
    return results.run_of(run_id).result


@router.get("/{run_id}/sites/{site_id}")
def read_site(run_id: RunId, site_id: SiteId) -> Document:
    """One site of it."""
    return results.site_in(results.run_of(run_id), site_id)


@router.get("/{run_id}/sites/{site_id}/timeline")
def read_timeline(run_id: RunId, site_id: SiteId) -> Document:
    """Dates, chances and gates of the site."""
    return results.timeline(run_id, site_id)


@router.get("/{run_id}/sites/{site_id}/inputs/{name}")
def read_input(
    run_id: RunId,
    site_id: SiteId,
    name: Annotated[str, Path(max_length=100)],
    use: Annotated[str | None, Query(max_length=100)] = None,
) -> InputOut:
    """An input of a site: its value, and where a search of it looks."""
    asked = find(results.study_in(results.run_of(run_id)), name, site_id, use)
    low, high = asked.search_range or (None, None)
    return InputOut(name=name, label=asked.label, unit=asked.unit, value=asked.value, low=low, high=high)


@router.post("/{run_id}/sites/{site_id}/what-if")
def what_if(run_id: RunId, site_id: SiteId, asked: WhatIf) -> Document:
    """The site valued again with some inputs changed, with few draws."""
    return results.site_again(results.run_of(run_id), site_id, dict(asked.changes), asked.use, asked.draws)


@router.post("/{run_id}/solve")
def solve(run_id: RunId, sought: Sought) -> Document:
    """Every input value at which the metric takes the wanted value, nearest to today's first."""
    from wattworth.valuation.solve import solve as seek

    run = results.run_of(run_id)
    return seek(results.study_in(run), seed=int(run.result["seed"]), **sought.model_dump()).document()


@router.get("/{run_id}/figures/{name}")
def figure(
    run_id: RunId,
    name: Annotated[str, Path(max_length=50)],
    site: Annotated[str | None, Query(max_length=100)] = None,
    lang: Language = "en",
    theme: Annotated[
        Literal["light", "dark", "page"], Query(description="`page`: colours of its style by name.")
    ] = "light",
) -> Document:
    """A figure as Vega-Lite."""
    from wattworth.reports import charts
    from wattworth.reports.words import language

    if name not in charts.NAMES:
        raise NotFoundError(f"{name}: there is no such figure; there are {', '.join(charts.NAMES)}")
    run = results.run_of(run_id)
    if site is not None:
        results.site_in(run, site)
    made = charts.spec(
        name, run.result, language(lang, "charts"), site_id=site, theme=theme, beside=results.beside(run, name, site)
    )
    if made is None:
        raise NotFoundError(f"{name}: the run has nothing to show in it")
    return made


@router.get("/{run_id}/comparables")
def comparables(run_id: RunId) -> Document:
    """What the market and buyers pay per watt, beside the companies of the run."""
    return results.comparables(run_id)


@router.get("/{run_id}/reports/{kind}", response_class=Response)
def report(run_id: RunId, kind: Literal["xlsx", "pdf", "html"], lang: Language = "en") -> Response:
    """A report as a file: a workbook of live formulas, a memo, or a page."""
    from wattworth.reports import kinds

    run = results.run_of(run_id)
    words = kinds.words_of(lang)
    with tempfile.TemporaryDirectory(prefix="wattworth-") as folder:
        path = kinds.write_report(run, FilePath(folder) / f"report.{kind}", kind, words)
        headers = attached(kinds.file_name(run_id, kind, lang))
        return Response(path.read_bytes(), media_type=_TYPES[kind], headers=headers)


_TYPES = {"xlsx": WORKBOOK, "pdf": "application/pdf", "html": "text/html"}
