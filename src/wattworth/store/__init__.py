"""Runs on disk: one folder each, with the result as JSON and the draws as Parquet, and one database that lists them."""

from wattworth.placing import write_text
from wattworth.store.database import database_path
from wattworth.store.drafts import (
    Cell,
    Change,
    Draft,
    add_draft,
    change_draft,
    delete_draft,
    draft,
    drafts,
    undo_draft,
)
from wattworth.store.folders import check_folder, runs_folder
from wattworth.store.jobs import (
    ENDED,
    LIVE,
    Job,
    add_job,
    beat,
    cancel,
    claim,
    cut_off,
    fail,
    finish,
    job,
    job_document,
    job_study,
    jobs,
    prepare_work,
    restart,
    silent,
)
from wattworth.store.loading import load_run
from wattworth.store.records import RunRecord, recorded_study, runs
from wattworth.store.saving import check_place, save, write_document

__all__ = [
    "ENDED",
    "LIVE",
    "Cell",
    "Change",
    "Draft",
    "Job",
    "RunRecord",
    "add_draft",
    "add_job",
    "beat",
    "cancel",
    "change_draft",
    "check_folder",
    "check_place",
    "claim",
    "cut_off",
    "database_path",
    "delete_draft",
    "draft",
    "drafts",
    "fail",
    "finish",
    "job",
    "job_document",
    "job_study",
    "jobs",
    "load_run",
    "prepare_work",
    "recorded_study",
    "restart",
    "runs",
    "runs_folder",
    "save",
    "silent",
    "undo_draft",
    "write_document",
    "write_text",
]
