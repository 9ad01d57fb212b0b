"""The language of the page of when to switch: decisions, levels of what moves them, and where the answer flips."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from wattworth.records import Calendar
from wattworth.reports.formatting import DASH, known, plain
from wattworth.reports.sites import number
from wattworth.reports.words import Words, language

Document = dict[str, Any]

SWITCHING: Final[Words] = language("en", "switching")
"""English."""

WAIT: Final = "wait"
SEEN_FRAC: Final = 0.005
"""Chance from which a decision is worth listing. [1]"""

CLEAR_ERRORS: Final = 2.0
"""Standard errors beyond which a value differs from nought."""

_STEPS: Final = ("half", "rest")
_CORNER: Final = re.compile(
    r" (?P<way>exceeds|is below) (?P<x>[-+.\de]+)"
    r"(?: (?:while .+ is (?P<side>above|below)|with .+ at) (?P<y>[-+.\de]+))?$"
)


def step_of(decision: str) -> tuple[str, str]:
    """The step of a plan in two and the use; the step is empty for the whole at once.

    Examples
    --------
    >>> step_of("half turnkey"), step_of("site_sale")
    (('half', 'turnkey'), ('', 'site_sale'))
    """
    step, _, use = decision.partition(" ")
    return (step, use) if step in _STEPS and use else ("", decision)


def label(decision: str, words: Words = SWITCHING) -> str:
    """A decision as an entry of a table.

    Examples
    --------
    >>> label("half turnkey"), label("site_sale"), label("wait")
    ('Half first: Turnkey AI lease', 'Site sale', 'Wait')
    """
    step, use = step_of(decision)
    whole = words.table.get(f"sw.label.{use}") or words.of("use", use)
    return words(f"sw.label.{step}", use=whole) if step else whole


def short(decision: str, words: Words = SWITCHING) -> str:
    """A decision in as few letters as a drawing has room for.

    Examples
    --------
    >>> short("half turnkey"), short("site_sale")
    ('Half AI lease', 'Sale')
    """
    step, use = step_of(decision)
    whole = words.table.get(f"sw.short.{use}") or words.of("short", use)
    return words(f"sw.short.{step}", use=whole) if step else whole


def does(decision: str, words: Words = SWITCHING) -> str:
    """What is done, as the end of a sentence.

    Examples
    --------
    >>> does("half turnkey"), does("own_use")
    ('convert to a turnkey AI lease with half first', 'decide for own use')
    """
    step, use = step_of(decision)
    whole = words.table.get(f"sw.does.{use}") or words("sw.does.other", use=use.replace("_", " "))
    return words(f"sw.does.{step}", does=whole) if step else whole


def level(value: float | None, unit: str, words: Words = SWITCHING) -> str:
    """A level of a driver with its unit, in four digits.

    Examples
    --------
    >>> level(134.424, "$/kW-month"), level(54.0044, "MW")
    ('$134.4/kW-month', '54 MW')
    """
    if not known(value):
        return DASH
    if told := words.table.get(f"sw.level.{unit}"):
        return told.format(percent=plain(100 * value))
    return f"${plain(value)}{unit[1:]}" if unit.startswith("$/") else f"{plain(value)} {unit}"


def driver(name: str, words: Words = SWITCHING) -> str:
    """Name of a driver inside a sentence."""
    return words.table.get(f"sw.driver.{name}", name)


def names_of(edge: Document) -> list[str]:
    """The drivers of a boundary, one or two."""
    return [str(edge[key]) for key in ("driver_x", "driver_y") if edge.get(key)]


def drivers_words(edge: Document, words: Words = SWITCHING) -> str:
    """The drivers of a boundary as a phrase."""
    named = [driver(each, words) for each in names_of(edge)]
    return named[0] if len(named) == 1 else words("sw.and", first=named[0], second=named[1])


def has_edge(site: Document) -> bool:
    """Whether the answer of a site hangs on the markets."""
    return bool((site.get("boundary") or {}).get("date"))


def edge_words(edge: Document, units: dict[str, str], words: Words = SWITCHING) -> str:
    """Where the answer flips, in words with units; without a corner that holds, what the drawing shows."""
    said, switch, seen = str(edge.get("words") or ""), edge.get("switch"), names_of(edge)
    made = {kind for row in edge["choice"] for kind in row}
    if found := _CORNER.search(said):
        conditions = [_condition(seen[0], "above" if found["way"] == "exceeds" else "below", found["x"], units, words)]
        if found["y"] is not None:
            conditions.append(_condition(seen[1], found["side"] or "at", found["y"], units, words))
        told = dict(zip(("first", "second"), conditions, strict=False))
        return words(f"sw.edge.{'two' if len(told) > 1 else 'one'}", does=does(str(switch), words), **told)
    if len(made) == 1:
        (only,) = made
        key = "sw.edge.stay" if only == WAIT else "sw.edge.always"
        return words(key, does=does(only, words), drivers=drivers_words(edge, words))
    often = {kind: sum(row.count(kind) for row in edge["choice"]) for kind in made if kind != WAIT}
    shown = switch if switch in made else max(sorted(often), key=lambda kind: often[kind])
    return words("sw.edge.part", does=does(str(shown), words))


def _condition(name: str, side: str, printed: str, units: dict[str, str], words: Words) -> str:
    told = level(float(printed), units.get(name, ""), words)
    return words(f"sw.edge.{side}", driver=driver(name, words), level=told)


def month_label(found: Document, months: float) -> str:
    """Calendar month so many months after the as-of month."""
    return Calendar(str(found["as_of"])[:7], 0).label(round(months))


def end_label(found: Document) -> str:
    """Calendar month in which the window ends."""
    return month_label(found, number(found, "freedom", "window_months") or 0.0)


def is_clear(worth: Any) -> bool:
    """Whether a value with its standard error differs from nought."""
    mean, error = number(worth, "mean"), number(worth, "error")
    return mean is not None and mean != 0 and abs(mean) > CLEAR_ERRORS * (error or 0.0)


def likeliest_later(site: Document) -> Document | None:
    """The decision made most often after today, or None where none is."""
    later = [way for way in site.get("switches") or () if not str(way["decision"]).startswith("rest ")]
    most = max(later, key=lambda way: way["prob_frac"] - way["now_frac"], default=None)
    return most if most is not None and most["prob_frac"] - most["now_frac"] >= SEEN_FRAC else None


def in_steps(listed: Sequence[str]) -> list[str]:
    """Half of a use behind the whole of it, and what may follow on the rest behind that."""
    wholes = [each for each in listed if not step_of(each)[0]]
    halves = [each for each in listed if step_of(each)[0] == "half"]
    rests = [each for each in listed if step_of(each)[0] == "rest"]
    out: list[str] = []
    for whole in wholes:
        out.append(whole)
        if f"half {whole}" in halves:
            out += [f"half {whole}", *rests]
    return out


def free_sites(found: Document) -> list[Document]:
    """Sites with something to decide: where waiting is clearly worth something first, and where it adds most."""
    free = [site for site in found.get("sites") or () if site.get("free")]
    return sorted(free, key=_order)


def _order(site: Document) -> tuple[bool, float, float, str]:
    adds = _mean(site, "waiting_usd")
    return not (adds > 0 and is_clear(site["waiting_usd"])), -adds, -_mean(site, "flexible_usd"), site["site_id"]


def bound_sites(found: Document) -> list[Document]:
    """Sites that signed leases hold throughout."""
    return [site for site in found.get("sites") or () if not site.get("free")]


def _mean(site: Document, worth: str) -> float:
    return number(site, worth, "mean") or 0.0
