"""Warnings for the terminal: alike ones together, each with its places, in few lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import RenderableType

_MOST_PLACES: Final = 4


def remarks(warnings: Sequence[dict[str, str]]) -> Iterator[RenderableType]:
    """A heading and a hanging paragraph for each group of warnings; nothing if there are none."""
    if not warnings:
        return
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    yield Text(f"\n{len(warnings)} warning{'s' if len(warnings) > 1 else ''}", style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for code, places, message in _grouped(warnings):
        grid.add_row("-", Text.assemble((code, "bold"), f" ({_listed(places)}): {message}"))
    yield Padding(grid, (0, 0, 1, 0))


def _grouped(warnings: Sequence[dict[str, str]]) -> list[tuple[str, list[str], str]]:
    """Warnings that differ only in numbers, countries and places, with the first of their messages."""
    groups: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for warning in warnings:
        pattern = re.sub(r"[0-9][0-9.,]*|\b[A-Z]{2}\b", "#", warning["message"])
        places, messages = groups.setdefault((warning["code"], pattern), ([], []))
        places.extend(warning["where"].split(", "))
        messages.append(warning["message"])
    return [
        (code, places, messages[0] if len(set(messages)) == 1 else f"{messages[0]}; the others likewise")
        for (code, _), (places, messages) in groups.items()
    ]


def _listed(places: list[str]) -> str:
    more = len(places) - _MOST_PLACES
    if more <= 1:
        return ", ".join(places)
    return ", ".join(places[:_MOST_PLACES]) + f" and {more} more"
