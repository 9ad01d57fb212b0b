"""One shape for everything that goes wrong: problem details of RFC 9457, with the faults of a study at their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from wattworth.errors import Fault, StoreError, StudyError, WattworthError
from wattworth.study.tables import column_number

PROBLEM: Final = "application/problem+json"
_CELL: Final = re.compile(r'sheet "([^"]+)"(?: cell ([A-Z]+)([0-9]+)| row ([0-9]+))?')


class FaultAt(BaseModel):
    """One thing wrong, and its cell where it has one; rows and columns count from 0."""

    where: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


class Problem(BaseModel):
    """What is wrong with a request."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: list[FaultAt] = []


class NotFoundError(WattworthError):
    """There is nothing of that name."""


class NotNowError(WattworthError):
    """It cannot be done in the state that things are in."""


ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": words, "content": {PROBLEM: {}}}
    for status, words in (
        (400, "The request cannot be read"),
        (401, "A password or a token is needed"),
        (403, "The request comes from elsewhere"),
        (404, "There is nothing of that name"),
        (409, "Not in the state that things are in"),
        (413, "Too large"),
        (422, "What was sent is wrong"),
    )
}
"""Answers that any call may give."""


def placed(fault: Fault) -> FaultAt:
    """A fault with its cell, if its place names one.

    Examples
    --------
    >>> at = placed(Fault('mine.xlsx sheet "sites" cell C14, column "name"', "empty"))
    >>> at.sheet, at.row, at.column
    ('sites', 13, 2)
    """
    found = _CELL.search(fault.where)
    if found is None:
        return FaultAt(where=fault.where, message=fault.message)
    sheet, letters, number, row = found.groups()
    line = number or row
    return FaultAt(
        where=fault.where,
        message=fault.message,
        sheet=sheet,
        row=int(line) - 1 if line else None,
        column=column_number(letters) - 1 if letters else None,
    )


def problem(status: int, title: str, detail: str, faults: Iterable[FaultAt] = ()) -> JSONResponse:
    """A problem as an answer."""
    body = Problem(title=title, status=status, detail=detail, faults=list(faults))
    return JSONResponse(body.model_dump(mode="json"), status, media_type=PROBLEM)


def described(error: WattworthError) -> dict[str, Any]:
    """An error as a document that a job keeps."""
    faults = [placed(fault).model_dump() for fault in error.faults] if isinstance(error, StudyError) else []
    return {"title": _title(error), "detail": str(error), "faults": faults}


def add_handlers(app: FastAPI) -> None:
    """Answer every error of the program and of a request in the one shape."""

    async def of_program(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, WattworthError)
        told = described(error)
        faults = [FaultAt(**fault) for fault in told["faults"]]
        return problem(_status(error), told["title"], told["detail"], faults)

    async def of_request(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        faults = [FaultAt(where=_place(each), message=str(each["msg"])) for each in error.errors()]
        return problem(422, "wrong request", "; ".join(f"{at.where}: {at.message}" for at in faults), faults)

    async def of_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        answer = problem(error.status_code, "request refused", str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(WattworthError, of_program)
    app.add_exception_handler(RequestValidationError, of_request)
    app.add_exception_handler(HTTPException, of_http)


def _status(error: WattworthError) -> int:
    match error:
        case NotFoundError():
            return 404
        case NotNowError() | StoreError():
            return 409
        case _:
            return 422


def _title(error: WattworthError) -> str:
    match error:
        case NotFoundError():
            return "not found"
        case NotNowError():
            return "not now"
        case StoreError():
            return "the store refuses"
        case StudyError():
            return "the study has faults" if error.faults else "the request is wrong"
        case _:
            return "no answer"


def _place(error: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"])
