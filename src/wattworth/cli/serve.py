"""``wattworth serve``: the web app."""

from __future__ import annotations

import os
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import NonNegativeInt, PositiveInt

from wattworth.cli.console import line, note

PASSWORD, TOKEN = "WATTWORTH_PASSWORD", "WATTWORTH_TOKEN"

Host = Annotated[str, Parameter(help="Address to listen on; beyond this machine it needs a password or a token.")]
Port = Annotated[NonNegativeInt, Parameter(help="Port; 0 takes a free one.")]
Names = Annotated[
    tuple[str, ...], Parameter(name="--name", help="Another host name it is reached under; may be given again.")
]
Browser = Annotated[bool, Parameter(negative=("--no-browser",), help="Open a browser.")]
Processes = Annotated[PositiveInt, Parameter(help="Runs made at the same time.")]


def serve(
    *, host: Host = "127.0.0.1", port: Port = 8080, name: Names = (), browser: Browser = True, processes: Processes = 2
) -> int:
    """Serve the web app until Ctrl-C: studies, runs and reports in a browser, and an API.

    The environment variables WATTWORTH_PASSWORD and WATTWORTH_TOKEN guard it.
    """
    from wattworth.errors import DataError

    try:
        from wattworth.web import Settings
        from wattworth.web.serving import serve as serving
        from wattworth.web.settings import hashed
    except ImportError as error:
        raise DataError(f'the web app needs {error.name}: pip install "wattworth[web]"') from error

    password = os.environ.get(PASSWORD)
    settings = Settings(
        host=host,
        port=port,
        names=name,
        password=None if password is None else hashed(password),
        token=os.environ.get(TOKEN) or None,
        processes=processes,
    )

    def ready(address: str) -> None:
        line(address)
        note("Ctrl-C stops it; runs that are under way go on")
        if browser:
            import webbrowser

            webbrowser.open(address)

    serving(settings, ready)
    return 0
