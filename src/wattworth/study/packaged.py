"""Studies that ship inside the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

_NAMES = ("us-miners",)


def packaged_names() -> tuple[str, ...]:
    """Names of the packaged studies."""
    return _NAMES


def packaged_folder(name: str) -> Traversable:
    """Folder of a packaged study; KeyError for another name."""
    if name not in _NAMES:
        raise KeyError(name)
    return files("wattworth.study").joinpath("packaged").joinpath(name)
