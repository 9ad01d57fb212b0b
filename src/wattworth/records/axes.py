"""The calendar and the two sizes that fix which random number belongs to which draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from wattworth.errors import StudyError
from wattworth.units import MONTHS_PER_YEAR

SCHEMA_VERSION: Final = 1
"""Version of studies, result JSON and stored runs."""

CHUNK_DRAWS: Final = 256
"""Draws per chunk of random numbers; a block of work is a whole number of chunks."""

INNER_DRAWS: Final = 64
"""Market draws that share one draw of the parameters; divides a chunk."""

_YEAR_MONTH = re.compile(r"(199\d|20\d\d|2100)-(0[1-9]|1[0-2])")


def month_number(year_month: str) -> int:
    """Months since year 0 of a ``YYYY-MM`` label.

    Raises
    ------
    StudyError
        If the label is not a year and month.
    """
    match = _YEAR_MONTH.fullmatch(year_month)
    if match is None:
        raise StudyError(f'"{year_month}" is not a month from 1990 to 2100; write it as YYYY-MM, for example 2027-05')
    return int(match[1]) * MONTHS_PER_YEAR + int(match[2]) - 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """A monthly grid from the as-of month (index 0) to the horizon.

    Attributes
    ----------
    as_of
        Month 0, as ``YYYY-MM``.
    horizon_years
        Years after month 0; the grid has ``12 * horizon_years + 1`` nodes.
    """

    as_of: str
    horizon_years: int

    @property
    def n_month(self) -> int:
        """Number of nodes, the as-of month included."""
        return self.horizon_years * MONTHS_PER_YEAR + 1

    def index(self, year_month: str) -> int:
        """Months from the as-of month to a ``YYYY-MM`` label; negative in the past."""
        return month_number(year_month) - month_number(self.as_of)

    def label(self, month: int) -> str:
        """The ``YYYY-MM`` label of a month index."""
        year, zero_based_month = divmod(month_number(self.as_of) + month, MONTHS_PER_YEAR)
        return f"{year:04d}-{zero_based_month + 1:02d}"
