"""Studies: packaged ones, and drafts that are taken in, changed, checked and given back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, File, Path, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from wattworth import store
from wattworth.store import Cell, Change, Draft
from wattworth.study import packaged_names
from wattworth.web import drafting
from wattworth.web.problems import ANSWERS, FaultAt, NotNowError

router = APIRouter(prefix="/studies", tags=["studies"], responses=ANSWERS)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
StudyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="Of a draft.")]


class StudyLine(BaseModel):
    """A study in a list."""

    study_id: str = Field(description="What a run is asked for by: name of a packaged study, or of a draft.")
    name: str
    kind: Literal["packaged", "draft"]
    changed_at: dt.datetime | None = None


class DraftOut(BaseModel):
    """A draft with its cells and what is wrong with them."""

    study_id: str
    name: str
    changed_at: dt.datetime
    steps: int = Field(description="Steps that can be undone.")
    sheets: dict[str, list[list[Cell]]]
    faults: list[FaultAt]


class Start(BaseModel):
    """Where a draft starts from."""

    model_config = ConfigDict(extra="forbid")
    origin: str = Field(max_length=100, description="Name of a packaged study, or `blank`.")


class CellChange(BaseModel):
    """A new value of a cell; rows and columns count from 0."""

    model_config = ConfigDict(extra="forbid")
    sheet: str = Field(max_length=31)
    row: int = Field(ge=0, lt=20_000)
    column: int = Field(ge=0, lt=500)
    value: Annotated[str, Field(max_length=5_000)] | float | bool | None


class Step(BaseModel):
    """Cells changed together, undone together."""

    model_config = ConfigDict(extra="forbid")
    changes: list[CellChange] = Field(min_length=1, max_length=5_000)


@router.get("")
def list_studies() -> list[StudyLine]:
    """Packaged studies, then drafts, last changed first."""
    packaged = [StudyLine(study_id=name, name=name, kind="packaged") for name in packaged_names()]
    return packaged + [
        StudyLine(study_id=draft.draft_id, name=draft.name, kind="draft", changed_at=draft.changed_at)
        for draft in store.drafts()
    ]


@router.post("", status_code=201)
def start_study(start: Start) -> DraftOut:
    """Start a draft from a packaged study, or from a blank one."""
    return _shown(drafting.started_from(start.origin))


@router.post("/upload", status_code=201)
def upload_study(file: Annotated[UploadFile, File(description="A workbook (.xlsx).")]) -> DraftOut:
    """Take in a workbook as a draft; what is wrong with it comes back with it."""
    return _shown(drafting.taken_in(file.file.read(), file.filename or "study"))


@router.get("/{study_id}")
def read_study(study_id: StudyId) -> DraftOut:
    """A draft."""
    return _shown(drafting.draft_named(study_id))


@router.patch("/{study_id}")
def change_study(study_id: StudyId, step: Step) -> DraftOut:
    """Change cells of a draft in one step."""
    drafting.draft_named(study_id)
    return _shown(store.change_draft(study_id, [Change(**change.model_dump()) for change in step.changes]))


@router.post("/{study_id}/undo")
def undo_step(study_id: StudyId) -> DraftOut:
    """Take back the last step."""
    if not drafting.draft_named(study_id).steps:
        raise NotNowError("there is nothing to undo")
    return _shown(store.undo_draft(study_id))


@router.delete("/{study_id}", status_code=204)
def delete_study(study_id: StudyId) -> None:
    """Forget a draft; runs made from it stay."""
    drafting.draft_named(study_id)
    store.delete_draft(study_id)


@router.get("/{study_id}/workbook", response_class=Response, responses={200: {"content": {WORKBOOK: {}}}})
def download_study(study_id: StudyId) -> Response:
    """The draft as a workbook."""
    draft = drafting.draft_named(study_id)
    return Response(drafting.workbook_of(draft), media_type=WORKBOOK, headers=attached(f"{draft.name}.xlsx"))


def attached(name: str) -> dict[str, str]:
    """Header that offers an answer as a file of a name."""
    from urllib.parse import quote

    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def _shown(draft: Draft) -> DraftOut:
    _, faults = drafting.study_of(draft)
    return DraftOut(
        study_id=draft.draft_id,
        name=draft.name,
        changed_at=draft.changed_at,
        steps=draft.steps or 0,
        sheets={name: list(rows) for name, rows in draft.sheets.items()},
        faults=faults,
    )
