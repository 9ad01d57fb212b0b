"""What a cell says, kept apart from any language until it is written: English literals, names and figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from wattworth.reports.english_workbook import PREFIX
from wattworth.reports.words import END, FIRST_STRONG, Words

Digits = Literal["latn", "arab"]
"""Digits that numbers are shown in: 0123456789, or those of Arabic."""
DIGITS: Final[tuple[Digits, ...]] = ("latn", "arab")

_ARABIC: Final = {ord("0") + n: chr(0x0660 + n) for n in range(10)}
_ALONE: Final = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:[.,]\d+)*(?![A-Za-z0-9_])")
_DATE: Final = re.compile(r"(?<=[\u0660-\u0669])-(?=[\u0660-\u0669])")
_FROM_LEFT: Final = "\N{LEFT-TO-RIGHT MARK}"
_HELD: Final = dict.fromkeys(map(ord, FIRST_STRONG + END + _FROM_LEFT))


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a cell holds.

    Attributes
    ----------
    text
        English text with named fields in braces; or a name, a figure, the key of a word or of a sheet.
    kind
        Which of these it is.
    fields
        Names of the fields and what fills them; of a word, what stands where the catalogue has none.
    """

    text: str
    kind: Literal["message", "word", "name", "figure", "sheet"] = "message"
    fields: tuple[tuple[str, Said], ...] = ()

    def __str__(self) -> str:
        """In English, for an error."""
        if self.kind == "message":
            return self.text.format(**{name: str(said) for name, said in self.fields})
        return str(self.fields[0][1]) if self.kind == "word" else self.text


def say(text: str, /, **fields: Said | str | float) -> Said:
    """A message of the catalogue by its English text, which must be a literal; its fields are names or figures."""
    return Said(text, "message", tuple((name, _field(value)) for name, value in fields.items()))


def as_is(text: str) -> Said:
    """A name or sentence of the study or of a source, in no language of ours."""
    return Said(text, "name")


def figure(text: str) -> Said:
    """A number or a date that is text."""
    return Said(text, "figure")


def word(kind: str, key: str, otherwise: str | None = None) -> Said:
    """The word for a name of the model such as a use or a unit; else the name, or another, as it is."""
    return Said(f"{kind}.{key}", "word", (("otherwise", as_is(key if otherwise is None else otherwise)),))


def sheet_name(title: str) -> Said:
    """The name that a sheet has in the workbook, by its English one."""
    return Said(title, "sheet")


def _field(value: Said | str | float) -> Said:
    if isinstance(value, Said):
        return value
    return as_is(value) if isinstance(value, str) else figure(str(value))


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a workbook.

    Attributes
    ----------
    words
        Its catalogue, with the room ``workbook``.
    digits
        Digits of numbers.
    titles
        English name of a sheet to the one in the workbook.
    """

    words: Words
    digits: Digits = "latn"
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_rtl(self) -> bool:
        """Whether its script runs from the right."""
        return self.words.direction == "rtl"

    def __call__(self, said: Said) -> str:
        """As a cell holds it."""
        match said.kind:
            case "name":
                return said.text
            case "figure":
                return self._figures(said.text)
            case "sheet":
                return self.titles.get(said.text, said.text)
            case "word":
                return self._figures(self.words.table.get(PREFIX + said.text, str(said)))
            case "message":
                pattern = self._figures(self.words.table[PREFIX + said.text])
                return pattern.format(**{key: self._held(self(value)) for key, value in said.fields})

    def plain(self, said: Said) -> str:
        """Without the signs that hold a field together, for names of sheets and headers of pages."""
        return self(said).translate(_HELD)

    def number_format(self, pattern: str) -> str:
        """A number format in the digits of the language."""
        if self.digits == "latn":
            return pattern
        return ";".join(
            f"[$-2000401]{part}" if "0" in part or part == "General" else part for part in pattern.split(";")
        )

    def _held(self, text: str) -> str:
        """A field, held together where it runs against the script around it."""
        kinds = {unicodedata.bidirectional(letter) for letter in text} if self.is_rtl else set[str]()
        if "L" in kinds:
            return f"{FIRST_STRONG}{text}{END}"
        return f"{_FROM_LEFT}{text}{_FROM_LEFT}" if "EN" in kinds else text

    def _figures(self, text: str) -> str:
        """Figures of a text in the digits of the language; those within a name such as P10 stay."""
        if self.digits == "latn":
            return text
        turned = _ALONE.sub(lambda found: found[0].translate(_ARABIC), text)
        return _DATE.sub("/", turned)  # a hyphen between them would turn the date round


def reads_from_right(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that runs from the right."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)
