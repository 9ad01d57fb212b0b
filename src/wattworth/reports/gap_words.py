"""The language of the page of a power gap, and its gigawatts as a reader prints them."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.formatting import DASH, MINUS, known
from wattworth.reports.sites import number
from wattworth.reports.words import Words, language

Document = dict[str, Any]

GAP: Final[Words] = language("en", "gap")
"""English."""

PARTS: Final = ("demand", "under_construction", "grid_access")
"""What makes up the gap before any source."""


def gw(value: float | None, decimals: int = 1) -> str:
    """Gigawatts without their unit, for a column or a drawing that says GW.

    Parameters
    ----------
    value
        Power; None or not finite gives a dash. [GW]
    decimals
        Digits after the point.

    Examples
    --------
    >>> [gw(x) for x in (44.0, 3.025, -0.04, None)]
    ['44.0', '3.0', '0.0', '–']
    >>> gw(-6.7) == MINUS + "6.7"
    True
    """
    return f"{value:z.{decimals}f}".replace("-", MINUS) if known(value) else DASH


def span(low: float | None, high: float | None, words: Words = GAP) -> str:
    """Two ends as a range; one of them where both print alike. [GW]"""
    return words.range(gw(low), gw(high))


def spread_words(spread: Any, words: Words = GAP) -> str:
    """Mean with P5 to P95 of a distribution. [GW]"""
    mean, low, high = (number(spread, key) for key in ("mean_gw", "p5_gw", "p95_gw"))
    if gw(low) == gw(high):
        return gw(mean)
    return words("gp.spread", mean=gw(mean), range=span(low, high, words))


def unit_words(found: Document, words: Words = GAP) -> str:
    """What the gigawatts of a balance are."""
    return words("gp.unit", measure=words(f"gp.measure.{found['measure']}"), basis=words(f"gp.basis.{found['basis']}"))


def caption(found: Document, words: Words = GAP) -> str:
    """Unit, source and date of a figure of the balance."""
    return words(
        "gp.caption",
        unit=unit_words(found, words),
        publisher=found.get("publisher") or words("unknown"),
        date=found.get("published") or words("unknown"),
    )


def label_words(name: str, label: str, words: Words = GAP) -> str:
    """Label of an amount: as the model has it, but what makes up every gap in the language of the page.

    Examples
    --------
    >>> label_words("demand", "Demand of all halls"), label_words("fuel_cells", "Fuel cells")
    ('Demand of all halls', 'Fuel cells')
    """
    return label if words.lang == "en" else words.table.get(f"gp.part.{name}", label)


def is_drawn(found: Document) -> bool:
    """Whether the balance was drawn, and not only computed as printed."""
    return found.get("mode") != "as_printed"


def reason_words(reason: str, words: Words = GAP) -> str:
    """Why megawatts are left out of the sites' supply."""
    if reason == "use: none":
        return words("gp.out.none")
    if reason.startswith("use: "):
        return words("gp.out.use", use=words.of("use", reason.removeprefix("use: ")))
    return words.table.get(f"gp.out.{reason}", reason)
