"""From what went wrong to a message and an exit code; see the page on errors."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

from cyclopts import CoercionError, CycloptsError, UnknownCommandError, UnusedCliTokensError

from wattworth.cli.console import drop_streams, note
from wattworth.errors import WattworthError

WRONG_INPUT: Final = 2
OWN_FAULT: Final = 70
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
DEBUG: Final = "WATTWORTH_DEBUG"


def exit_code_of(command: Callable[[], object]) -> int:
    """Run a command; say what went wrong on stderr, and give the exit code."""
    try:
        try:
            code = command()
            sys.stdout.flush()
        except Exception as error:
            return _answered(error)
    except BrokenPipeError:  # nobody reads on, as with "| head"
        drop_streams()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _answered(error: Exception) -> int:
    match error:
        case BrokenPipeError():
            raise error
        case WattworthError():
            note(str(error))
            return error.exit_code
        case CycloptsError():
            note(f"wattworth: {_one_line(error)}")
            return WRONG_INPUT
        case MemoryError():
            note("not enough memory; take fewer --draws, --workers or --sites")
            return WRONG_INPUT
        case _:
            _own_fault(error)
            return OWN_FAULT


def _one_line(error: CycloptsError) -> str:
    text = " ".join(str(error).split())
    match error:
        case UnusedCliTokensError():
            text = f'one argument too many: "{(error.unused_tokens or [""])[0]}".'
        case UnknownCommandError() if (word := (error.unused_tokens or [""])[0]).startswith("-"):
            near = get_close_matches(word, ("--help", "--version"), 1)
            text = f"Unknown option: {word}." + (f" Did you mean {near[0]}?" if near else "")
        case CoercionError():
            text = re.sub(r'unable to convert (".*") into int\.', r"got \1, need a whole number.", text)
    chain = " ".join(["wattworth", *(error.command_chain or ())])
    return f"{text} See: {chain} --help"


def _own_fault(error: Exception) -> None:
    said = " ".join(str(error).split())
    notes = "".join(f", {words}" for words in getattr(error, "__notes__", ()))
    note(f"this is a fault of wattworth, not of your input: {type(error).__name__}: {said}{notes}")
    if os.environ.get(DEBUG, "") not in ("", "0"):
        traceback.print_exception(error)
    else:
        note(f"please report it with the command and the study; {DEBUG}=1 shows where it happened")
