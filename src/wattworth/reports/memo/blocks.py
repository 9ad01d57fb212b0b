"""What a memo is made of: plain blocks of text, each text a string that is set as it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from wattworth.reports.markup import Html
from wattworth.reports.numerals import localised
from wattworth.reports.words import END, FIRST_STRONG, KEPT, Words

Block = dict[str, Any]
Piece = dict[str, str]
Cell = dict[str, Any]

BREAK = "\N{ZERO WIDTH SPACE}"
_LONG: Final = re.compile(r"[A-Za-z0-9!-~]{28,}")
_EVERY: Final = 14
_AT_JOINTS: Final = re.compile(r"(?<=[a-z0-9])([._/])(?=[A-Za-z0-9])")
_DRAWN: Final = re.compile(
    r"[\u0009-\u052f\u0600-\u06ff\u0750-\u077f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2100-\u214f\u2190-\u21ff"
    r"\u2200-\u22ff\u25a0-\u25ff\ufb50-\ufdff\ufe70-\ufeff\ufe0e\ufe0f]"
)
"""Scripts the fonts of the memo hold."""


def given(text: object) -> str:
    """Words someone else wrote, held together in whichever direction they run, digits as they are."""
    return f"{FIRST_STRONG}{KEPT}{text}{END}"


def piece(text: str, words: Words, style: str = "") -> Piece:
    """A run of text in one style: plain, ``strong``, ``small`` or ``code``."""
    told = localised(text, words).replace(KEPT, "")
    if style == "code":
        told = _AT_JOINTS.sub(rf"\1{BREAK}", told)
    return {"t": _LONG.sub(_breakable, "".join(map(_drawable, told))), "s": style}


def cell(*pieces: Piece, end: bool = False, span: int = 1, rows: int = 1) -> Cell:
    """A cell of a table; ``end`` sets it at the far side, as numbers are."""
    return {"p": list(pieces), "end": end, "span": span, "rows": rows}


def part(title: str, words: Words, *, new_page: bool = False) -> Block:
    """Heading of a part, which may begin a page."""
    return {"kind": "part", "p": [piece(title, words)], "new": new_page}


def head(title: str, words: Words) -> Block:
    """Heading inside a part."""
    return {"kind": "head", "p": [piece(title, words)]}


def para(text: str, words: Words, style: str = "") -> Block:
    """A paragraph; ``lead`` is larger, ``note`` smaller."""
    return {"kind": "para", "p": [piece(text, words)], "style": style}


def points(items: Iterable[str], words: Words) -> Block:
    """A list."""
    return {"kind": "list", "items": [[piece(item, words)] for item in items]}


def table(heads: Sequence[Cell], rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> Block:
    """A table; a width of nought fits its column to what it holds, others share what is left."""
    return {"kind": "table", "heads": list(heads), "rows": [list(row) for row in rows], "widths": list(widths)}


def figure(svg: str, alt: str, width_frac: float = 1.0) -> Block:
    """A drawing with its text alternative."""
    return {"kind": "figure", "svg": svg, "alt": alt, "width": width_frac}


def plain(markup: Html) -> str:
    """Markup of one line as text, names in it held together."""
    from wattworth.reports.memo.reading import text_of

    return text_of(markup)


def _breakable(found: re.Match[str]) -> str:
    """A long run of letters with places where a line may end."""
    whole = found[0]
    return BREAK.join(whole[start : start + _EVERY] for start in range(0, len(whole), _EVERY))


def _drawable(character: str) -> str:
    """A character, or its name where no font of the memo has it."""
    if _DRAWN.match(character) or character in "\u2066\u2067\u2068\u2069":
        return character
    name = unicodedata.name(character, "").lower()
    return f"[{name}]" if name and unicodedata.category(character) == "So" else f"[U+{ord(character):04X}]"
