"""Style of the app beside that of the reports."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final


@cache
def _read(name: str) -> str:
    return files("wattworth.web").joinpath(name).read_text(encoding="utf-8")


STYLE: Final = _read("app.css")
