"""Dates of which only the month or the year is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_FORM: Final = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_HALF: Final = re.compile(r"((?:19|20)\d\d)-(H[12]|Q[1-4]|YE)", re.IGNORECASE)
_LAST_MONTH: Final = {"H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12, "YE": 12}
_NEED: Final = "a date as YYYY, YYYY-MM or YYYY-MM-DD"

FIGURE_NAMES: Final = ("rent", "noi_margin", "capex", "gross_to_it", "price", "cloud", "gpu_price", "spread")
"""Names under which a tape may say when a figure became known."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A date as far as it is known.

    Attributes
    ----------
    first, last
        The days it can be, both included.
    label
        As it was written.
    """

    first: date
    last: date
    label: str

    @staticmethod
    def parse(text: str) -> Moment:
        """The days that a date, a month, a year, a half or a quarter can be.

        Raises
        ------
        ValueError
            If it is none of them.

        Examples
        --------
        >>> Moment.parse("2024-02").last.isoformat(), Moment.parse("2024-H1").last.isoformat()
        ('2024-02-29', '2024-06-30')
        """
        text = text.strip()
        if half := _HALF.fullmatch(text):
            year, last_month = int(half[1]), _LAST_MONTH[half[2].upper()]
            n_month = 12 if half[2].upper() == "YE" else 6 if half[2][0] in "Hh" else 3
            return Moment(date(year, last_month - n_month + 1, 1), _end(year, last_month), text)
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(f'got "{text}", need {_NEED}')
        year = int(form[1])
        if form[2] is None:
            return Moment(date(year, 1, 1), date(year, 12, 31), text)
        month = int(form[2])
        if form[3] is None:
            return Moment(date(year, month, 1), _end(year, month), text)
        try:
            day = date(year, month, int(form[3]))
        except ValueError as error:
            raise ValueError(f'got "{text}", which is no day of the calendar') from error
        return Moment(day, day, text)

    def surely_before(self, other: Moment) -> bool:
        """Whether its last possible day comes before the first possible one of another."""
        return self.last < other.first


def known_dates(text: str | None) -> dict[str, Moment]:
    """When each figure of a row became known, from ``capex=2025-08-15; noi_margin=2025-12``.

    Raises
    ------
    ValueError
        If an entry is no ``figure=date``, or names a figure that no prediction learns from.
    """
    out: dict[str, Moment] = {}
    for entry in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, sign, when = (part.strip() for part in entry.partition("="))
        if not sign or name not in FIGURE_NAMES:
            raise ValueError(f'got "{entry}", need figure=date with a figure of {", ".join(FIGURE_NAMES)}')
        out[name] = Moment.parse(when)
    return out


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
