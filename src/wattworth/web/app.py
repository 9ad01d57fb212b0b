"""The app: the API, the pages, and what stands before both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel

from wattworth.web import signing_in
from wattworth.web.api import jobs, reference, runs, studies
from wattworth.web.guard import Doorkeeper, Guard
from wattworth.web.problems import NotFoundError, add_handlers
from wattworth.web.settings import Settings, checked
from wattworth.web.work_queue import Queue

API = "/api/v1"


class Health(BaseModel):
    """That the server answers."""

    status: str
    wattworth: str


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app, ready to be served.

    Parameters
    ----------
    settings
        Where it listens and who may use it; this machine alone by default.

    Raises
    ------
    DataError
        If the settings are not safe.
    """
    settings = checked(settings or Settings())
    queue = Queue(settings.processes)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        queue.start()
        yield
        queue.stop()

    app = FastAPI(
        title="wattworth",
        version=version("wattworth"),
        summary="What is this power worth, in which use, and when?",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_handlers(app)
    api = APIRouter(prefix=API)

    @api.get("/health", tags=["health"])
    def health() -> Health:
        """Whether the server answers."""
        return Health(status="ok", wattworth=version("wattworth"))

    for part in (studies, jobs, runs, reference):
        api.include_router(part.router)
    app.include_router(api)

    @app.get("/assets/vega.js", include_in_schema=False)
    def vega() -> Response:
        """The script that draws figures, out of its package."""
        from wattworth.reports import charts

        kept = {"Cache-Control": "public, max-age=86400"}
        return Response(charts.script(), media_type="text/javascript", headers=kept)

    @app.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(rest: str) -> None:
        """No call of that name."""
        raise NotFoundError(f"/api/{rest}: there is no such call; {API}/openapi.json lists them")

    door = Doorkeeper(settings)
    app.include_router(signing_in.router(door))
    app.add_middleware(Guard, settings=settings, door=door)
    return app
