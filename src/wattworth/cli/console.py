"""The two streams: results on stdout, all else on stderr; both safe in any encoding and in a broken pipe."""

from __future__ import annotations

import codecs
import json
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_PLAIN: Final = {
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{MIDDLE DOT}": "-",
    "\N{ALMOST EQUAL TO}": "~",
}
_HANDLER: Final = "wattworth.plain"


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that a terminal's encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in missing), error.end


def ready_streams() -> None:
    """Never fail on a character that the terminal cannot show."""
    codecs.register_error(_HANDLER, _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def to_stdout() -> Console:
    """Console for results."""
    return _console(sys.stdout)


def to_people() -> Console:
    """Console for progress and remarks, on stderr."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    class PipeConsole(Console):
        """Leaves a broken pipe to the one place that answers it."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipeConsole(file=stream, highlight=False)


def show(*parts: RenderableType) -> None:
    """Print tables and text to stdout as the terminal's width allows."""
    console = to_stdout()
    for part in parts:
        console.print(part, markup=False, emoji=False)


def line(text: str = "", *, stream: TextIO | None = None) -> None:
    """Write one line as it is, never wrapped: a path can be copied whole."""
    (stream or sys.stdout).write(text + "\n")


def note(text: str) -> None:
    """Write one line to stderr."""
    line(text, stream=sys.stderr)


def document(content: dict[str, Any]) -> None:
    """Write one JSON document to stdout."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    ascii_only = not encoding.startswith("utf")
    line(json.dumps(content, indent=1, ensure_ascii=ascii_only, allow_nan=False))


def drop_streams() -> None:
    """Send what is still buffered nowhere, once nobody reads it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
