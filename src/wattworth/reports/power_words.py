"""The language of the page of on-site supply: names of sources, amounts, dates, and a colour for each part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from math import floor, log10
from typing import Any, Final

from wattworth.reports.formatting import DASH, MINUS, known, plain
from wattworth.reports.markup import Html, join, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words, language

Document = dict[str, Any]

POWER: Final[Words] = language("en", "power")
"""English."""

BATTERY: Final = "battery"
FREE: Final = ("solar", "wind")
FIRM: Final = ("engine", "turbine", "fuel_cell")
NO_MW: Final = 0.05
"""Megawatts that print as nought."""

_COLOURS: Final = {
    "solar": "var(--use-1)",
    "wind": "var(--use-0)",
    "battery": "url(#pw-slashes)",
    "engine": "var(--use-5)",
    "turbine": "url(#pw-lines)",
    "fuel_cell": "url(#pw-dots)",
    "grid": "url(#pw-posts)",
    "fuel": "var(--use-4)",
    "upkeep": "var(--span)",
    "other": "var(--rule)",
    "unserved": "url(#pw-hatch)",
}
_SURE_DIGITS: Final = 4
_COMMON_YEAR: Final = date(2023, 1, 1)
_CENT: Final = 0.005


def fill(part: str) -> str:
    """Style that gives a part of a drawing its colour or pattern, with a thin edge in the colour of the paper."""
    return f"fill:{_COLOURS.get(part, _COLOURS['other'])};stroke:var(--paper);stroke-width:.6"


def patterns() -> Html:
    """Patterns that drawings share, so that no two parts that may touch differ by colour alone."""

    def pattern(name: str, *drawn: Html) -> Html:
        ground = {"width": 6, "height": 6, "patternUnits": "userSpaceOnUse"}
        return tag("pattern", *drawn, id=f"pw-{name}", **ground)

    square = {"x": 0, "y": 0, "width": 6, "height": 6}
    slash = "M-1 1l2 -2M0 6l6 -6M5 7l2 -2"
    made = [
        pattern(
            "lines",
            tag("rect", **square, style="fill:var(--use-5)"),
            tag("path", d="M0 3h6", style="stroke:var(--paper)"),
        ),
        pattern(
            "dots",
            tag("rect", **square, style="fill:var(--use-5)"),
            tag("circle", cx=3, cy=3, r=1.4, style="fill:var(--paper)"),
        ),
        pattern(
            "slashes",
            tag("rect", **square, style="fill:var(--use-3)"),
            tag("path", d=slash, style="stroke:var(--paper);stroke-width:1.2"),
        ),
        pattern(
            "posts",
            tag("rect", **square, style="fill:var(--use-2)"),
            tag("path", d="M3 0v6", style="stroke:var(--paper);stroke-width:1.2"),
        ),
        pattern(
            "hatch",
            tag("rect", **square, style="fill:var(--paper)"),
            tag("path", d=slash, style="stroke:var(--warn);stroke-width:2"),
        ),
    ]
    return tag("svg", tag("defs", *made), class_="vh", aria_hidden="true")


def patch(part: str) -> Html:
    """A patch in the colour or pattern of a part."""
    square = tag("rect", style=fill(part), x=0, y=0, width=11, height=11)
    return tag(
        "svg", square, class_="bar symbol", width=11, height=11, viewBox="0 0 11 11", aria_hidden="true"
    )  # fmt: skip


def key(parts: Iterable[str], words: Words, *more: Html) -> Html:
    """What the colours and patterns of a drawing stand for."""
    return tag("p", *(tag("span", patch(part), label(part, words)) for part in parts), *more, class_="note key")


def label(part: str, words: Words = POWER) -> str:
    """A source or a part of the cost at the start of a line.

    Examples
    --------
    >>> label("fuel_cell"), label("solar"), label("second store")
    ('Fuel cells', 'Sun', 'Second store')
    """
    return words.of("pw.part", part)


def inside(part: str, words: Words = POWER) -> str:
    """The same within a sentence."""
    return words.table.get(f"pw.in.{part}") or part.replace("_", " ")


def per_mwh(usd: float | None) -> str:
    """Dollars for a megawatt-hour, to the cent.

    Examples
    --------
    >>> per_mwh(1234.5), per_mwh(-0.2) == MINUS + "$0.20", per_mwh(-0.001), per_mwh(None)
    ('$1,234.50', True, '$0.00', '–')
    """
    if not known(usd):
        return DASH
    return (MINUS if usd <= -_CENT else "") + f"${abs(usd):,.2f}"


def sure(frac: float | None) -> str:
    """A share near one in percent, with as many digits as tell it from one.

    Examples
    --------
    >>> [sure(x) for x in (0.99978, 0.99, 1.0, 0.9999999, 0.5)]
    ['99.978%', '99%', '100%', '99.99999%', '50%']
    """
    if not known(frac):
        return DASH
    left = 1.0 - frac
    decimals = _SURE_DIGITS - 1 if left <= 0.0 else min(10, max(_SURE_DIGITS - 1, 1 - floor(log10(left)) - 2))
    return f"{100.0 * frac:.{decimals}f}".rstrip("0").rstrip(".") + "%"


def rare(frac: float | None) -> str:
    """A small share in percent, with two digits that say something.

    Examples
    --------
    >>> [rare(x) for x in (0.00021538, 0.35, 0.0, 1.2e-7)]
    ['0.022%', '35%', '0%', '0.000012%']
    """
    if not known(frac):
        return DASH
    percent = 100.0 * abs(frac)
    if percent == 0.0:
        return "0%"
    decimals = min(12, max(0, 1 - floor(log10(percent))))
    text = f"{percent:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def hours(value: float | None) -> str:
    """Hours of a year.

    Examples
    --------
    >>> [hours(x) for x in (1.8867, 0.0, 0.0004, 42.86, 876.0)]
    ['1.89', '0', '<0.01', '42.9', '876']
    """
    if not known(value):
        return DASH
    if 0.0 < value < 0.01:
        return "<0.01"
    return plain(float(f"{value:.3g}"))


def mw(value: float | None) -> str:
    """Megawatts with one decimal; a dash where nothing is built.

    Examples
    --------
    >>> mw(127.6), mw(1400.0), mw(0.01)
    ('127.6', '1,400', '–')
    """
    if not known(value) or abs(value) < NO_MW:
        return DASH
    return f"{value:,.1f}".removesuffix(".0")


def day_label(day: int, words: Words = POWER) -> str:
    """A day of a year without a leap day.

    Examples
    --------
    >>> day_label(0), day_label(59), day_label(364)
    ('1 January', '1 March', '31 December')
    """
    found = _COMMON_YEAR + timedelta(days=day)
    return words("pw.day", day=found.day, month=words(f"pw.month.{found.month}"))


def units_words(design: Document, words: Words = POWER) -> str:
    """Whole units as N+k x size; a dash without any."""
    counts = [count for count in design["units"].values() if count["n_unit"]]
    spares = [f"{c['n_spare']:+d}".replace("-", MINUS) if c["n_spare"] else "" for c in counts]
    told = [words("pw.units", n=c["n_load"], k=k, mw=f"{c['unit_mw']:g}") for c, k in zip(counts, spares, strict=True)]
    return words.row(told) or DASH


def in_order(found: Document) -> list[Document]:
    """Designs by rank, those that miss the target behind."""
    return sorted(found["designs"], key=lambda one: (one["place"] is None, one["place"] or 0))


def best_of(found: Document) -> Document | None:
    """The cheapest design that meets the target, or None."""
    return next((one for one in found["designs"] if one["place"] == 1), None)


def built(design: Document) -> dict[str, float]:
    """What a design builds of each source, nothing left out that prints."""
    return {name: value for name, value in design["installed_mw"].items() if value >= NO_MW}


def cost_groups(design: Document) -> dict[str, float]:
    """Cost of a megawatt-hour served by the parts that are drawn; they sum to the design's. [USD/MWh]"""
    sums: dict[str, float] = {}
    for part in design.get("cost_stack") or ():
        sums[_group(part)] = sums.get(_group(part), 0.0) + part["usd_per_mwh"]
    order = [*FREE, BATTERY, *FIRM, "grid"]
    last = ["upkeep", "fuel", "other"]
    names = [*order, *(name for name in sums if name not in order and name not in last), *last]
    return {name: sums[name] for name in names if name in sums}


def _group(part: Document) -> str:
    kind = str(part["kind"])
    if kind in ("upkeep", "variable", "starts"):
        return "upkeep"
    if kind in ("fuel", "carbon"):
        return "fuel"
    if kind == "sold":
        return "grid"
    return str(part["source"]) or "other"


def unserved_usd_per_mwh(found: Document, design: Document) -> float:
    """What unserved load would cost its user, over a megawatt-hour served. [USD/MWh]"""
    served = number(design, "energy_mwh_per_year", "served") or 0.0
    lost = number(design, "reliability", "unserved_mwh_per_year") or 0.0
    return lost * float(found["case"]["unserved_usd_per_mwh"]) / served if served else 0.0


def listed(items: Iterable[str], words: Words) -> Html:
    """A phrase of several: a, b and c."""
    return words.listed([join([item]) for item in items])
