"""Amounts of the back-test in the unit of their measure, and round places to mark on an axis of them."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Final

from wattworth.reports.formatting import DASH, MINUS, known, money, plain
from wattworth.reports.words import Words

_DIGITS: Final = 3
_MUSD: Final = "$M"
_FRACTION: Final = 100
"""Number whose form a fraction takes."""
_MOST_TICKS: Final = 5


def amount(value: float | None, unit: str, words: Words, *, bare: bool = False) -> str:
    """A value as a reader prints it.

    Parameters
    ----------
    value
        Value; None or not finite gives a dash. [unit]
    unit
        Unit as the back-test names it: ``$M``, ``$/kW-month``, ``frac/yr``, ``months``.
    words
        Language.
    bare
        Whether the unit is left to the heading; what makes a number money or percent stays.

    Examples
    --------
    >>> from wattworth.reports.evidence_words import EVIDENCE
    >>> [amount(v, u, EVIDENCE) for v, u in ((1225.0, "$M"), (121.53, "$/kW-month"), (9.5, "$M/MW"), (0.041, "$/W"))]
    ['$1.2bn', '$122/kW-month', '$9.50m/MW', '$0.041/W']
    >>> [amount(v, u, EVIDENCE, bare=True) for v, u in ((0.1018, "frac/yr"), (1.4, "ratio"), (12.0, "months"))]
    ['10.2%', '1.40', '12']
    """
    if not known(value):
        return DASH
    if unit == _MUSD:
        return money(1e6 * value)
    printed, rest = _printed(abs(value), unit)
    sign = MINUS if value < 0 and any(digit in printed for digit in "123456789") else ""
    if unit == "months" and not bare:
        form = words.plural("ev.months", _FRACTION if "." in printed else int(printed))
        return words.filled(form, {"n": sign + printed})
    if rest == "/yr" and printed.endswith("%") and not bare:
        return words("ev.a_year", share=sign + printed)
    return sign + printed + ("" if bare else rest)


def tick(value: float, unit: str) -> str:
    """A round value on an axis, short.

    Examples
    --------
    >>> [tick(v, u) for v, u in ((2000.0, "$M"), (50.0, "$/kW-month"), (0.05, "frac/yr"), (5.0, "$M/MW"))]
    ['$2bn', '$50', '5%', '$5m']
    """
    if unit == _MUSD:
        return money(1e6 * value).replace(".0bn", "bn").replace(".0m", "m")
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if unit.startswith(_MUSD):
        return f"{sign}${plain(size)}m"
    if unit.startswith("$"):
        return f"{sign}${plain(size)}"
    return f"{sign}{plain(100 * size)}%" if unit.startswith("frac") else sign + plain(size)


def ticks(low: float, high: float, *, log: bool) -> list[float]:
    """A few round values from ``low`` to ``high``.

    Examples
    --------
    >>> ticks(80.0, 220.0, log=False), ticks(0.03, 1.5, log=True)
    ([100.0, 150.0, 200.0], [0.05, 0.1, 0.2, 0.5, 1.0])
    >>> ticks(0.0, 0.0, log=False)
    [0.0]
    """
    if not high > low:
        return [low]
    if log:
        return _log_ticks(low, high)
    power = 10.0 ** floor(log10((high - low) / _MOST_TICKS))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= (high - low) / _MOST_TICKS * 0.999)
    return [float(f"{n * step:.9g}") for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    for leads, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3)):
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        found = [float(f"{m}e{k}") for k in powers if k % every == 0 for m in leads]
        found = [value for value in found if low <= value <= high]
        if len(found) <= _MOST_TICKS:
            return found or [low, high]
    return [low, high]


def _printed(size: float, unit: str) -> tuple[str, str]:
    """The number with its own sign of money or percent, and what is left of the unit."""
    if unit.startswith(_MUSD):
        return f"${_significant(size)}m", unit.removeprefix(_MUSD)
    if unit.startswith("$"):
        return f"${_significant(size)}", unit.removeprefix("$")
    if unit.startswith("frac"):
        return f"{100 * size:.1f}%", unit.removeprefix("frac")
    if unit == "months":
        return f"{size:.1f}".removesuffix(".0"), ""
    return _significant(size), "" if unit == "ratio" else f" {unit}"


def _significant(size: float) -> str:
    if size == 0:
        return "0"
    decimals = _DIGITS - 1 - floor(log10(size))
    text = f"{round(size, decimals):,.{max(decimals, 0)}f}"
    while decimals > 2 and text.endswith("0"):
        text, decimals = text[:-1], decimals - 1
    return text
