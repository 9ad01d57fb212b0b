"""The words of a report in one language, with the direction its script runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal
from unicodedata import bidirectional

from wattworth.errors import DataError
from wattworth.reports.catalogue import MANY, ONE, english, languages, translated
from wattworth.reports.markup import Html, text

FIRST_STRONG, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
FROM_RIGHT: Final = "\N{RIGHT-TO-LEFT ISOLATE}"
KEPT: Final = "\N{WORD JOINER}"
"""Behind the mark of a field that someone else wrote: no digit of it changes."""

GIVEN: Final = frozenset(
    {"case", "company", "design", "grid", "name", "publisher", "reason", "site", "study", "tenant", "title"}
)
"""Fields that someone else wrote: names, and what the engine says."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Languages whose script runs from the right."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language.

    Attributes
    ----------
    lang
        Language tag, for the ``lang`` attribute.
    direction
        ``ltr`` or ``rtl``, for the ``dir`` attribute.
    table
        Key to text; named fields in braces.
    form
        Text of a key for a number of things; None for the two forms of English.
    digits
        Digits of a page in this language: ``latn`` for 0 to 9, ``arab`` for Arabic-Indic ones. Text keeps 0 to 9 until
        :func:`wattworth.reports.numerals.localised` is done with the whole of it.
    """

    lang: str
    direction: str
    table: Mapping[str, str]
    form: Callable[[str, int], str] | None = None
    digits: Literal["latn", "arab"] = "latn"

    def __call__(self, key: str, **fields: object) -> str:
        """Text of a key with its fields filled in."""
        return self.filled(self.table[key], fields)

    def filled(self, pattern: str, fields: Mapping[str, object]) -> str:
        """A text with its fields, each held together in a script that runs from the right."""
        if not fields:
            return pattern
        if self.direction == "ltr":
            return pattern.format(**fields)
        return pattern.format(**{name: _isolated(name, value) for name, value in fields.items()})

    def plural(self, key: str, number: int) -> str:
        """Text of a key in the form that a number of things takes, its fields not filled in."""
        return self.form(key, number) if self.form else self.table[key + (ONE if number == 1 else MANY)]

    def count(self, key: str, number: int, **fields: object) -> str:
        """Text of a key in the form that a number takes, with ``n`` filled in."""
        return self.filled(self.plural(key, number), {"n": f"{number:,}", **fields})

    def html(self, key: str, **fields: object) -> Html:
        """Text of a key as markup; fields are escaped unless they are markup already."""
        return self._markup(self.table[key], fields)

    def count_html(self, key: str, number: int, **fields: object) -> Html:
        """Text of a key in the form that a number takes, as markup, with ``n`` filled in."""
        return self._markup(self.plural(key, number), {"n": f"{number:,}", **fields})

    def _markup(self, pattern: str, fields: Mapping[str, object]) -> Html:
        return Html(self.filled(str(text(pattern)), {name: text(value) for name, value in fields.items()}))

    def of(self, kind: str, name: str | None) -> str:
        """Word for a name the model gives, such as a use or a state; its own name if none is known."""
        if not name:
            return self("unknown")
        return self.table.get(f"{kind}.{name}", name.replace("_", " ").capitalize())

    def range(self, low: str, high: str) -> str:
        """A range of two printed values; one of them where both print alike."""
        return low if low == high else self("range", low=low, high=high)

    def row(self, items: Iterable[str], between: str = "comma") -> str:
        """Items one after the other, with the comma or the semicolon of the language between them."""
        return self(f"list.{between}").join(items)

    def listed(self, items: list[Html]) -> Html:
        """Items as a phrase: a, b and c."""
        if len(items) < 2:
            return Html("".join(items))
        head = Html(str(text(self("list.comma"))).join(items[:-1]))
        return self.html("list.and", head=head, last=items[-1])


def _isolated(field: str, value: object) -> str:
    """A field of a text from the right: the page's own words run with it, a name or a code as its script does."""
    if field in GIVEN:
        return f"{FIRST_STRONG}{KEPT}{value}{END}"
    own = FROM_RIGHT if any(bidirectional(letter) in ("R", "AL") for letter in str(value)) else FIRST_STRONG
    return f"{own}{value}{END}"


@cache
def language(lang: str, *rooms: str, digits: Literal["latn", "arab"] = "latn") -> Words:
    """The words of every report, and those of some rooms, in a language.

    Parameters
    ----------
    lang
        Tag of the language.
    rooms
        Names of :data:`wattworth.reports.catalogue.ROOMS` beside ``report``.
    digits
        Digits of its pages.

    Raises
    ------
    DataError
        There is no catalogue of the language.
    """
    wanted = ("report", *rooms)
    if lang == "en":
        return Words("en", "ltr", {key: text for room in wanted for key, text in english(room).items()}, digits=digits)
    if lang not in languages():
        raise DataError(f'there is no catalogue of the language "{lang}"; there is {", ".join(languages())}')
    found = [translated(lang, room) for room in wanted]
    originals = {key: text for room in wanted for key, text in english(room).items()}
    home = {key: known for table, known in found for key in table}

    def form(key: str, number: int) -> str:
        one, many = originals[key + ONE], originals[key + MANY]
        return home[key + ONE].npgettext(key, one, many, number)

    table = {key: text for each, _ in found for key, text in each.items()}
    return Words(lang, "rtl" if lang in RIGHT_TO_LEFT else "ltr", table, form, digits)


ENGLISH: Final = language("en")
