"""Printed text said in a language: its amounts in words and digits of its own, each number held the right way round."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final, Literal

from wattworth.reports.formatting import DASH
from wattworth.reports.words import END, FIRST_STRONG, FROM_RIGHT, KEPT, Words

Digits = Literal["latn", "arab"]

FROM_LEFT: Final = "\N{LEFT-TO-RIGHT ISOLATE}"

_ARABIC: Final = str.maketrans(
    "0123456789.,%",
    "٠١٢٣٤٥٦٧٨٩\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}\N{ARABIC PERCENT SIGN}",
)
_ARABIC_DIGITS: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SIGN: Final = "[-\N{MINUS SIGN}+±<>≤≥≈~]\\s?"
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNITS: Final = ("TWh", "GWh", "MWh", "kWh", "GW", "MW", "kW", "W")
_TOKEN: Final = re.compile(
    # Neither inside a word, a version or a file name, nor the number of a name in Latin letters: "Hut 8".
    r"(?<![A-Za-z0-9_.$])(?<![A-Za-z] )(?<![A-Za-z]-)"
    r"(?:\$(?P<rate>(?:/[A-Za-z](?:[\w-]*\w)?)+)|(?P<code>P\d{1,2})|(?P<date>\d{4}-\d{2}(?:-\d{2})?)"
    rf"|(?P<range>(?:{_SIGN})?(?:{_NUMBER})%?\s?[{DASH}-]\s?(?:{_NUMBER})%?)"
    rf"|(?P<sign>{_SIGN})?(?P<usd>\$)?(?P<number>{_NUMBER})"
    rf"(?P<scale>(?<=\d)(?:bn|m|k)(?![A-Za-z]))?(?P<percent>%)?(?: (?P<unit>{'|'.join(_UNITS)})\b)?"
    r"(?P<per>(?:/[A-Za-z](?:[\w-]*\w)?)+)?)"
    r"(?![A-Za-z0-9_]|\.\d|,\d|-[A-Za-z0-9])"
)
_SIGN_BEFORE: Final = re.compile(rf"({_SIGN}){FIRST_STRONG}(?=[$\d])")
_GIVEN: Final = re.compile(rf"({FIRST_STRONG}{KEPT}[^{END}]*{END})")
_MARKUP: Final = re.compile(r"(<(script|style|code|bdi(?= dir=\"auto\"| lang=))\b[^>]*>.*?</\2>|<[^>]*>)", re.DOTALL)
_SHOWN: Final = re.compile(r'(?<= )(title|aria-label|data-label|placeholder)="([^"]*)"')
_LETTER: Final = re.compile(r"[\u0590-\u05ff\u0620-\u064a\u0671-\u06d3]")
_MANY: Final = 100
"""Number whose form a fraction takes."""


def localised(text: str, words: Words, digits: Digits | None = None, *, drawn: bool = False) -> str:
    """Text with its amounts said in a language; English stays as it is.

    Parameters
    ----------
    text
        Text as :mod:`wattworth.reports.formatting` and a catalogue print it: ``$1.9bn``, ``4.19 GW``, ``7.2%``.
    words
        Language; its texts under ``amount`` say dollars and units.
    digits
        ``latn`` for 0 to 9, ``arab`` for Arabic-Indic digits with their own marks; those of the language by default.
    drawn
        Whether it is a label of a drawing, where sums of dollars are said in fewer letters.

    Returns
    -------
    str
        The text; in a script that runs from the right each number stands in an isolate. Names someone gave, which a
        language marks as fields, keep their digits, as do numbers inside or right behind Latin words: ``Hut 8``.

    Examples
    --------
    >>> from wattworth.reports.words import ENGLISH
    >>> localised("$1.9bn in 2027-05", ENGLISH)
    '$1.9bn in 2027-05'
    """
    if words.lang == "en":
        return text
    style = digits or words.digits
    parts = _GIVEN.split(_SIGN_BEFORE.sub(rf"{FIRST_STRONG}\1", text))
    return "".join(
        part if place % 2 else _TOKEN.sub(lambda found: _said(found, words, style, drawn=drawn), part)
        for place, part in enumerate(parts)
    ).replace(KEPT, "")


def localised_page(page: str, words: Words) -> str:
    """Markup with the amounts of its text and of the attributes people read said in a language.

    Parameters
    ----------
    page
        Markup; names (``bdi``), code, styles and scripts stay as they are.
    words
        Language.
    """
    if words.lang == "en":
        return page
    out: list[str] = []
    in_drawing = 0
    pieces = _MARKUP.split(page)
    for text, mark in zip(pieces[::3], [*pieces[1::3], ""], strict=True):
        if text.strip():
            drawn = in_drawing > 0 and not out[-1].startswith("<title")
            said = localised(unescape(text), words, drawn=drawn)
            turned = drawn and words.direction == "rtl" and _LETTER.search(said)
            whole = f"{FROM_RIGHT}{said}{END}" if turned else said
            out.append(escape(whole, quote=False))
        else:
            out.append(text)
        in_drawing += mark.startswith("<svg") - mark.startswith("</svg")
        out.append(_SHOWN.sub(lambda found: f'{found[1]}="{_attribute(found[2], words)}"', mark))
    return "".join(out)


def letters(text: str, words: Words) -> int:
    """Letters that a label of a drawing takes once its amounts are said in a language."""
    return len(re.sub(r"[\u2066-\u2069]", "", localised(text, words, drawn=True)))


def _attribute(value: str, words: Words) -> str:
    return escape(localised(unescape(value), words))


def _said(found: re.Match[str], words: Words, digits: str, *, drawn: bool) -> str:
    if found["rate"]:
        return _each(words("amount.usd.bare"), found["rate"], words)
    if found["code"]:
        return _held(found["code"], words)
    if found["date"]:
        return _held(found["date"].translate(_ARABIC_DIGITS) if digits == "arab" else found["date"], words)
    if found["range"]:
        return _held(_digits(found["range"], digits), words)
    printed = _digits(f"{(found['sign'] or '').strip()}{found['number']}{found['percent'] or ''}", digits)
    number = _held(printed, words)
    if not (found["usd"] or found["unit"]):
        return f"{number}{found['scale'] or ''}{found['per'] or ''}"
    if found["usd"]:
        scale = f"_{found['scale']}" if found["scale"] else ""
        kind = "amount.drawn.usd" if drawn else "amount.usd"
        said = words.plural(f"{kind}{scale}", _counted(found["number"])).format(n=number)
    else:
        said = words.table["amount.of"].format(n=number, unit=_unit(found["unit"], words))
    return _each(said, found["per"] or "", words)


def _each(said: str, units: str, words: Words) -> str:
    """A sum for each of some units, as one phrase."""
    for unit in units.split("/")[1:]:
        said = words.table["amount.per"].format(amount=said, unit=_unit(unit, words))
    return f"{FROM_RIGHT}{said}{END}" if words.direction == "rtl" else said


def _digits(printed: str, digits: str) -> str:
    return printed.translate(_ARABIC) if digits == "arab" else printed


def _held(printed: str, words: Words) -> str:
    """A number with its sign, from left to right wherever it stands."""
    return f"{FROM_LEFT}{printed}{END}" if words.direction == "rtl" else printed


def _counted(printed: str) -> int:
    """Number whose form a printed number takes; a fraction takes that of a hundred."""
    return _MANY if "." in printed else int(printed.replace(",", ""))


def _unit(unit: str, words: Words) -> str:
    return words.table.get(f"amount.unit.{unit}") or _held(unit, words)
