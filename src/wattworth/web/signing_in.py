"""The page that asks for the password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from wattworth.reports.markup import tag
from wattworth.reports.shell import document
from wattworth.reports.words import language
from wattworth.web.guard import COOKIE, LOGIN, SESSION_S, Doorkeeper, Opened


def router(door: Doorkeeper) -> APIRouter:
    """The page and where it sends the password."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(LOGIN)
    def show() -> Response:
        return HTMLResponse(_page(None))

    @routes.post(LOGIN)
    def take(request: Request, password: Annotated[str, Form(max_length=1_000)]) -> Response:
        match door.opens(password):
            case Opened.YES:
                answer = RedirectResponse("/", 303)
                secure = request.url.scheme == "https"
                answer.set_cookie(
                    COOKIE, door.cookie(), max_age=SESSION_S, httponly=True, samesite="strict", secure=secure
                )
                return answer
            case Opened.NO:
                return HTMLResponse(_page("web.sign_in.wrong"), 401)
            case Opened.LATER:
                return HTMLResponse(_page("web.sign_in.slow"), 429)

    return routes


def _page(wrong: str | None) -> str:
    words = language("en", "web")
    title = words("web.sign_in.title")
    form = tag(
        "form",
        tag("label", words("web.sign_in.password"), " ", tag("input", type="password", name="password", required=True)),
        " ",
        tag("button", words("web.sign_in.do")),
        tag("p", words(wrong), role="alert") if wrong else None,
        method="post",
        action=LOGIN,
    )
    return document(title, [tag("main", tag("h1", title), form)], words)
