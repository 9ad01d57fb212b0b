"""The words of a report, one table per language, with the direction its script runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wattworth.reports.english import TEXT
from wattworth.reports.markup import Html, text


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
    """

    lang: str
    direction: str
    table: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """Text of a key with its fields filled in."""
        return self.table[key].format(**fields) if fields else self.table[key]

    def count(self, key: str, number: int, **fields: object) -> str:
        """Text of a key in the singular or plural, with ``n`` filled in."""
        form = "one" if number == 1 else "many"
        return self(f"{key}.{form}", n=f"{number:,}", **fields)

    def html(self, key: str, **fields: object) -> Html:
        """Text of a key as markup; fields are escaped unless they are markup already."""
        return Html(str(text(self.table[key])).format(**{name: text(value) for name, value in fields.items()}))

    def of(self, kind: str, name: str | None) -> str:
        """Word for a name the model gives, such as a use or a state; its own name if none is known."""
        if not name:
            return self("unknown")
        return self.table.get(f"{kind}.{name}", name.replace("_", " ").capitalize())

    def range(self, low: str, high: str) -> str:
        """A range of two printed values; one of them where both print alike."""
        return low if low == high else self("range", low=low, high=high)

    def listed(self, items: list[Html]) -> Html:
        """Items as a phrase: a, b and c."""
        if len(items) < 2:
            return Html("".join(items))
        head = Html(str(text(self("list.comma"))).join(items[:-1]))
        return self.html("list.and", head=head, last=items[-1])


ENGLISH: Final = Words("en", "ltr", TEXT)
