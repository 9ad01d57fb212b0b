"""Serves the app until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

from wattworth.errors import DataError
from wattworth.web.app import create_app
from wattworth.web.pages.mount import mount
from wattworth.web.settings import Settings, checked


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve the app.

    Parameters
    ----------
    settings
        Port 0 takes a free one.
    ready
        Called with the address once it listens.

    Raises
    ------
    DataError
        If the settings are not safe, or the address cannot be listened on.
    StoreError
        If the record of runs cannot be used.
    """
    import uvicorn

    checked(settings)
    opened = _listening(settings)
    settings = replace(settings, port=opened.getsockname()[1])
    app = create_app(settings)
    mount(app, settings.secret)
    config = uvicorn.Config(app, log_level="warning", server_header=False, ws_max_size=settings.most_upload_bytes)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    ready(f"http://{shown}:{settings.port}")
    uvicorn.Server(config).run(sockets=[opened])


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((settings.host, settings.port))
    except OSError as error:
        opened.close()
        why = error.strerror or str(error)
        raise DataError(f"{settings.host}:{settings.port} cannot be listened on: {why}; name another --port") from error
    opened.listen(128)
    return opened
