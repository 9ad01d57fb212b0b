"""Puts the pages on the app."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from fastapi import FastAPI
from nicegui import ui

FILES: Final = (
    "studies",
    "study",
    "jobs",
    "runs",
    "result",
    "site",
    "gap",
    "plan",
    "gas",
    "evidence",
    "facts",
    "compare",
)

RECONNECT_S: Final = 60.0
"""How long a page that is cut off, or busy, may take to come back as it was. [s]"""


def mount(app: FastAPI, secret: str) -> None:
    """Put every page on the app; once in a process, for the framework keeps them for itself.

    Parameters
    ----------
    app
        The app.
    secret
        Key that signs cookies of the framework.
    """
    for name in FILES:
        import_module(f"wattworth.web.pages.{name}")
    ui.run_with(
        app,
        title="wattworth",
        storage_secret=secret,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=RECONNECT_S,
    )
