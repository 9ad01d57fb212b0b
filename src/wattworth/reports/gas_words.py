"""The language of the page of a gas study: amounts as a reader prints them, and a mark for each use."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

from wattworth.reports.formatting import DASH, MINUS, known, money
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.words import Words, language

Document = dict[str, Any]

GAS: Final[Words] = language("en", "gas")
"""English."""

NO_BCM: Final = 1e-6
"""Volume that counts as none. [bcm]"""
LET_GO: Final = ("flaring", "reinjection")
"""Uses that sell nothing."""
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_COLOURS: Final = 6
_SMALL_BCM: Final = 1.0
_VOLUME: Final = "bcm a year"
"""Unit of limits on volume in the document."""
_MCM_PER_BCM: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit in which a page prints volumes.

    Attributes
    ----------
    per_bcm
        How many of it are in a billion cubic metres.
    key
        End of the keys of its words: ``bcm`` or ``mcm``.
    """

    per_bcm: float
    key: str

    def printed(self, volume_bcm: float | None) -> str:
        """A volume without its unit.

        Examples
        --------
        >>> [Unit(1.0, "bcm").printed(v) for v in (159.5, 36.59, 5.0, 0.0123, 0.0, None)]
        ['160', '36.6', '5.0', '0.012', '0', '–']
        """
        if not known(volume_bcm):
            return DASH
        value = volume_bcm * self.per_bcm
        size = abs(value)
        if size < NO_BCM:
            return "0"
        decimals = 0 if size >= 99.95 else 1 if size >= 0.995 else max(1, 1 - floor(log10(size)))
        return (MINUS if value < 0 else "") + f"{size:,.{decimals}f}"

    def said(self, volume_bcm: float | None, words: Words, *, yearly: bool = True) -> str:
        """A volume with its unit, a year or over years."""
        kind = "year" if yearly else "all"
        return words(f"gs.{self.key}.{kind}", volume=self.printed(volume_bcm))

    def name(self, words: Words, *, yearly: bool = True) -> str:
        """The unit alone, for an axis or a heading."""
        return words(f"gs.{self.key}.axis" if yearly else f"gs.{self.key}.axis.all")


def unit_of(found: Document) -> Unit:
    """Billions of cubic metres, or millions where a year of the study has less than one billion."""
    years = [
        sum(each) for each in zip(*(field["available_bcm"] for field in found["allocation"]["fields"]), strict=True)
    ]
    return Unit(_MCM_PER_BCM, "mcm") if max(years, default=0.0) < _SMALL_BCM else Unit(1.0, "bcm")


def musd(value_musd: float | None) -> str:
    """Millions of dollars in billions, millions or thousands.

    Examples
    --------
    >>> musd(12808.4), musd(-3.2) == MINUS + "$3.2m", musd(None)
    ('$12.8bn', True, '–')
    """
    return money(1e6 * value_musd if known(value_musd) else None)


def worth(value: float | None, found: Document, words: Words) -> str:
    """An amount of what the plan makes large: money, or jobs."""
    if found["objective_name"] == "jobs":
        return words("gs.jobs", n=DASH if not known(value) else f"{value:,.0f}")
    return musd(value)


def yearly(value: float, found: Document, words: Words) -> str:
    """An amount a year of what the plan makes large."""
    if found["objective_name"] == "jobs":
        return worth(value, found, words)
    return words("gs.a_year", money=musd(value))


def per_mmbtu(value_usd: float | None) -> str:
    """Dollars for a million British thermal units, to the cent, without the unit.

    Examples
    --------
    >>> per_mmbtu(9.887), per_mmbtu(-0.54) == MINUS + "$0.54", per_mmbtu(-0.001), per_mmbtu(None)
    ('$9.89', True, '$0.00', '–')
    """
    if not known(value_usd):
        return DASH
    printed = f"{abs(value_usd):,.2f}"
    return (MINUS if value_usd < 0 and printed.strip("0.") else "") + f"${printed}"


def percent(frac: float | None) -> str:
    """A share in whole percent, and below one with a sign that it is not none.

    Examples
    --------
    >>> percent(0.178), percent(0.0), percent(0.001), percent(0.9996), percent(None)
    ('18%', '0%', '<1%', '>99%', '–')
    """
    if not known(frac):
        return DASH
    if 0.0 < frac < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= frac < 1.0 - 1e-9 else f"{100.0 * frac:.0f}%"


def use_label(use: str, words: Words, given: str | None = None) -> str:
    """A use as the page names it; a use it does not know by the name the model gives."""
    return words.table.get(f"gs.use.{use}") or given or use.replace("_", " ")


def option_label(option: Document, words: Words) -> str:
    """An option with its use."""
    return words("gs.option", option=option["option"], use=use_label(option["use"], words, option.get("label")))


def trust_words(trust: str, words: Words) -> str:
    """How sure a number is."""
    return words.table.get(f"gs.trust.{trust}", trust)


def uses_in_order(found: Document) -> list[str]:
    """Uses that take gas, those that take the most over the years first."""
    sums: dict[str, float] = {}
    for option in found["allocation"]["options"]:
        sums[option["use"]] = sums.get(option["use"], 0.0) + sum(option["gas_bcm"])
    return sorted((use for use, total in sums.items() if total > NO_BCM), key=lambda use: (-sums[use], use))


@dataclass(frozen=True, slots=True)
class Marks:
    """A colour and a letter for each use that takes gas, the same in every drawing of a page."""

    uses: tuple[str, ...]

    def colour(self, use: str | None) -> str:
        """Colour of a use; grey for one that takes no gas."""
        if use not in self.uses:
            return "var(--soft)"
        return f"var(--use-{min(self.uses.index(use), MOST_COLOURS - 1)})"

    def letter(self, use: str | None) -> str:
        """Letter of a use, which tells it apart where the colour cannot."""
        return LETTERS[self.uses.index(use) % len(LETTERS)] if use in self.uses else ""


def marks_of(found: Document) -> Marks:
    """Marks of the uses of a study."""
    return Marks(tuple(uses_in_order(found)))


def swatch(colour: str, *, hollow: bool = False) -> Html:
    """A patch of a colour."""
    ground = "background:none;border:1px dashed var(--warn)" if hollow else f"background:{colour}"
    return tag("i", class_="swatch", style=ground, aria_hidden="true")


def key(found: Document, words: Words, *more: Html) -> Html:
    """What the colours and letters of a drawing stand for."""
    marks = marks_of(found)
    told = [
        tag("span", swatch(marks.colour(use)), tag("b", marks.letter(use)), " ", name(use_label(use, words)))
        for use in marks.uses
    ]
    return tag("p", *told, *more, class_="note key")


def field_sums(found: Document) -> tuple[float, float]:
    """Gas available and produced over all years. [bcm]"""
    fields = found["allocation"]["fields"]
    return sum(sum(each["available_bcm"]) for each in fields), sum(sum(each["produced_bcm"]) for each in fields)


def used_bcm(found: Document, *, let_go: bool = False) -> float:
    """Gas that uses take over all years: those that sell something, or those that let it go. [bcm]"""
    return sum(
        sum(option["gas_bcm"]) for option in found["allocation"]["options"] if (option["use"] in LET_GO) is let_go
    )


def expected(found: Document) -> dict[str, Document]:
    """Netbacks of each option in the first year, as means over price cases."""
    chance = {case["case"]: case["probability_frac"] for case in found["cases"]}
    kept: dict[str, Document] = {}
    for rung in found["netbacks"]:
        own = kept.setdefault(rung["option"], {**rung, **dict.fromkeys(RUNGS, 0.0)})
        for rung_key in RUNGS:
            own[rung_key] += chance.get(rung["case"], 0.0) * rung[rung_key]
    return kept


RUNGS: Final = (
    "inlet_before_capex_usd_per_mmbtu",
    "inlet_usd_per_mmbtu",
    "field_usd_per_mmbtu",
    "owner_usd_per_mmbtu",
    "state_usd_per_mmbtu",
)
"""Keys of a netback from the plant to those who share it."""


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What one more unit of a limit is worth in an average year in which it binds.

    Attributes
    ----------
    present_musd
        Present value of one more unit in every year. [M$]
    yearly_musd
        Millions of dollars a year; below nought where it costs.
    n_year
        Years in which it binds, or None for a limit on all of them.
    """

    present_musd: float
    yearly_musd: float
    n_year: int | None


def limit_price(limit: Document, found: Document) -> LimitPrice:
    """The present value of one more unit a year, spread over the years in which the limit binds."""
    n = len(found["years"])
    rate = found["real_rate_frac"]
    jobs = found["objective_name"] == "jobs"  # a mean over the years, not a present value
    weights = [1.0 / n if jobs else (1.0 + rate) ** -place for place in range(n)]
    prices = limit["by_year_musd"]
    present = limit["present_musd"] / (unit_of(found).per_bcm if limit["unit"] == _VOLUME else 1.0)
    binds = [abs(price) > 0.0 for price in prices]
    if len(prices) == n and any(binds):
        weight = sum(own for own, bound in zip(weights, binds, strict=True) if bound)
        return LimitPrice(present, present / weight, sum(binds))
    return LimitPrice(present, present / sum(weights), None)


def limit_unit(limit: Document, found: Document, words: Words) -> str:
    """Unit of a limit; volumes are in that of the page."""
    if limit["unit"] == _VOLUME:
        return unit_of(found).name(words)
    return words.table.get(f"gs.unit.{limit['unit']}", limit["unit"])


def limit_words(limit: Document, found: Document, words: Words) -> Html:
    """What one more unit of a limit is worth, as a sentence without its stop."""
    price = limit_price(limit, found)
    unit = limit_unit(limit, found, words)
    whose = words.html(f"gs.limit.{limit['kind']}", name=name(limit["name"]))
    verb = "gs.limit.worth" if price.yearly_musd >= 0.0 else "gs.limit.costs"
    said = words.html(verb, unit=name(unit), whose=whose, money=yearly(abs(price.yearly_musd), found, words))
    if price.n_year is None or price.n_year == len(found["years"]):
        return said
    return words.count_html("gs.limit.years", price.n_year, said=said)


def shown_years(found: Document) -> list[int]:
    """Places of the first, the middle and the last year, each once."""
    last = len(found["years"]) - 1
    return sorted({0, last // 2, last})
