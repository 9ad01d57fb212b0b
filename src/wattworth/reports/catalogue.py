"""Message catalogues: the texts of each room of the reports in English, and their translations by gettext."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from gettext import GNUTranslations
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

from wattworth.errors import DataError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from babel.messages import Catalog

ROOMS: Final = {
    "report": "wattworth.reports.english",
    **{
        room: f"wattworth.reports.english_{room}"
        for room in (
            "charts",
            "evidence",
            "gap",
            "gas",
            "memo",
            "plan",
            "power",
            "switching",
            "timeline",
            "web",
            "workbook",
        )
    },
}
"""Room to the module whose ``TEXT`` holds its English words, key to text."""
ONE, MANY = ".one", ".many"


def english(room: str) -> Mapping[str, str]:
    """English words of a room: key to text, named fields in braces."""
    return import_module(ROOMS[room]).TEXT


def messages(table: Mapping[str, str]) -> Iterator[tuple[str, str | tuple[str, str]]]:
    """What a translator is asked: the key as context, and the English text, or its singular and plural."""
    for key, text in table.items():
        stem = key.removesuffix(ONE)
        if stem != key and stem + MANY in table:
            yield stem, (text, table[stem + MANY])
        elif not (key.endswith(MANY) and key.removesuffix(MANY) + ONE in table):
            yield key, text


def languages() -> tuple[str, ...]:
    """Languages there is a catalogue of, English first."""
    return ("en", *sorted(each.name for each in _folder().iterdir() if each.is_dir() and each.name != "__pycache__"))


def catalogue(lang: str, room: str) -> Catalog:
    """The catalogue of a room in a language, as its file has it."""
    return read_catalogue(_folder().joinpath(lang, f"{room}.po"), lang)


def read_catalogue(file: Traversable, lang: str) -> Catalog:
    """A catalogue out of a file of gettext."""
    try:
        from babel.messages.pofile import read_po
    except ImportError as error:
        raise DataError(f'a report in "{lang}" needs Babel: pip install "wattworth[report]"') from error
    with file.open("rb") as opened:
        return read_po(opened, locale=lang)


def translations(found: Catalog) -> GNUTranslations:
    """The catalogue as gettext reads it."""
    from babel.messages.mofile import write_mo

    binary = BytesIO()
    write_mo(binary, found)
    binary.seek(0)
    return GNUTranslations(binary)


@cache
def translated(lang: str, room: str) -> tuple[Mapping[str, str], GNUTranslations]:
    """Words of a room in a language, key to text, and the gettext that knows its plurals."""
    known = translations(catalogue(lang, room))
    return {key: known.pgettext(key, text) for key, text in english(room).items()}, known


def _folder() -> Traversable:
    return files("wattworth.reports").joinpath("catalogues")
