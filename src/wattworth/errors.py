"""The exception tree. A message says where, what it got, what it needs and how to fix it.

WattworthError
├── StudyError   the user's declaration is wrong (exit 2)
├── FactError    a packaged or overriding figure is unusable (exit 2)
├── DataError    a file or series is unusable (exit 2)
├── SolveError   no answer exists or was found (exit 3)
└── StoreError   a saved run cannot be read or written (exit 2)
"""

from __future__ import annotations

from dataclasses import dataclass


class WattworthError(Exception):
    """Base of every error a user's input can cause."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place.

    Attributes
    ----------
    where
        File with line, or file with row and column, as a user would look it up.
    message
        What was found, what is needed and how to fix it.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class StudyError(WattworthError):
    """One or more faults in a study, reported together."""

    def __init__(self, faults: str | list[Fault]) -> None:
        self.faults: tuple[Fault, ...] = () if isinstance(faults, str) else tuple(faults)
        super().__init__(faults if isinstance(faults, str) else "\n".join(map(str, self.faults)))


class FactError(WattworthError):
    """A fact is missing, malformed, or marked as a gap."""


class DataError(WattworthError):
    """A file or a series cannot be used."""


class SolveError(WattworthError):
    """A solver found no answer."""

    exit_code = 3


class StoreError(WattworthError):
    """A saved run cannot be read or written."""
