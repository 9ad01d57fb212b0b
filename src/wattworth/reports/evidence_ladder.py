"""The ladder of value per watt: companies, sites that were sold, and what they are priced against, on one scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wattworth.reports.evidence_amounts import tick
from wattworth.reports.evidence_figures import WIDTH, Axis, axis_over
from wattworth.reports.figures import svg, waterfall
from wattworth.reports.formatting import per_watt
from wattworth.reports.markup import Html, tag
from wattworth.reports.sites import entry, number
from wattworth.reports.words import Words

DENOMINATORS: Final = ("secured_gross", "operating_gross", "critical_it")
GROUPS: Final = ("companies", "site_sales", "peers")
_ROW, _FOOT, _LEFT, _RIGHT = 31, 32, 14, WIDTH - 10
_LONGEST_WATT: Final = 24
_LONGEST_LINE: Final = 66
_SHAPES: Final = {
    "secured_gross": "hit",
    "operating_gross": "triangle",
    "critical_it": "square",
    "sale": "hit",
    "open": "ring",
    "stated": "hit",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the ladder.

    Attributes
    ----------
    label
        Who or what.
    told
        Value and what the watt is, in words.
    marks
        Shape and value of each mark. [$/W]
    ours
        Our mean, P10 and P90. [$/W]
    rank
        Rungs of a lower rank stand above those of a higher.
    """

    label: str
    told: str
    marks: tuple[tuple[str, float], ...]
    ours: tuple[float | None, float | None, float | None] = (None, None, None)
    rank: int = 0

    @property
    def order(self) -> tuple[int, float]:
        """Rank, then dearest first by the first mark, else by our mean."""
        return self.rank, -(self.marks[0][1] if self.marks else self.ours[0] or 0.0)


def ladder(comps: dict[str, Any], words: Words) -> Html:
    """Three panels on one scale; nothing without a value per watt is drawn."""
    rungs = {group: sorted(_RUNGS[group](comps, words), key=lambda rung: rung.order) for group in GROUPS}
    values = [
        value
        for found in rungs.values()
        for rung in found
        for value in (*(value for _, value in rung.marks), *rung.ours)
        if value is not None and value > 0
    ]
    if not values:
        return tag("p", words("ev.ladder.none"), class_="note")
    axis = axis_over(values, _LEFT, _RIGHT, log=True)
    drawn = [_panel(group, found, axis, words) for group, found in rungs.items() if found]
    return tag("div", *drawn, class_="panels")


def ladder_legend(words: Words) -> Html:
    """What the marks of the ladder mean."""
    symbols = [
        ("hit", "ev.key.secured"),
        ("triangle", "ev.key.operating"),
        ("square", "ev.key.it"),
        ("ring", "ev.key.open"),
        ("ours", "ev.key.ours"),
    ]
    return tag("p", *(tag("span", _symbol(kind), words(key)) for kind, key in symbols), class_="note key")


def company_steps(company: dict[str, Any]) -> list[dict[str, Any]]:
    """Steps from the created value to ours, and on to the market's where it can be reached."""
    steps = entry(company, "ladder", "steps") or []
    endings = company.get("endings") or []
    return [*steps, *(endings[0].get("steps") or [] if steps and endings else [])]


def company_waterfall(company: dict[str, Any], words: Words) -> Html:
    """The steps drawn."""
    return waterfall([{**step, "step": f"ladder {step.get('step')}"} for step in company_steps(company)], words)


def basis_words(basis: object, words: Words) -> str:
    """What a market value stands for."""
    return words.of("ev.basis", None if basis is None else str(basis))


def market_per_w(company: dict[str, Any], denominator: str) -> float | None:
    """Market value over one kind of watts. [$/W]"""
    return number(company, "market", "usd_per_w", denominator, "usd_per_w")


def _companies(comps: dict[str, Any], words: Words) -> Iterator[Rung]:
    for company in comps.get("companies") or ():
        found = [(name, market_per_w(company, name)) for name in DENOMINATORS]
        marks = tuple((_SHAPES[name], value) for name, value in found if value is not None and value > 0)
        mean, p10, p90 = (number(company, "ours", "usd_per_gross_w", key) for key in ("mean", "p10", "p90"))
        if not marks and mean is None:
            continue
        basis = entry(company, "market", "value", "basis")
        first = next(((name, value) for name, value in found if value is not None), None)
        parts = []
        if first is not None:
            watt = words(f"ev.watt.{first[0]}")
            parts.append(words("ev.rung", basis=basis_words(basis, words), value=per_watt(first[1]), watt=watt))
        if mean is not None:
            parts.append(words("ev.rung.ours", value=per_watt(mean, unit=False)))
        rank = len(DENOMINATORS) if first is None else DENOMINATORS.index(first[0])
        yield Rung(str(company.get("company")), " · ".join(parts), marks, (mean, p10, p90), rank)


def _sales(comps: dict[str, Any], words: Words) -> Iterator[Rung]:
    for sale in comps.get("site_sales") or ():
        value = number(sale, "usd_per_w")
        if value is None or value <= 0:
            continue
        outcome = str(sale.get("outcome"))
        label = f"{sale.get('deal_id')} {sale.get('site') or sale.get('company') or ''}".strip()
        if sale.get("group") == "company_sale":
            label = f"{sale.get('deal_id')} {sale.get('company') or ''}".strip()
        key, named = ("closed" if outcome == "closed" else "open"), words.of("ev.outcome", outcome)
        watt = _watt(sale.get("price_mw_basis"))
        told = words(f"ev.rung.{key}", value=per_watt(value), watt=watt, outcome=named).replace(" ,", ",").strip()
        yield Rung(label, told, ((_SHAPES["sale" if outcome == "closed" else "open"], value),))


def _peers(comps: dict[str, Any], words: Words) -> Iterator[Rung]:
    for peer in comps.get("peers") or ():
        value = number(peer, "usd_per_w", "stated", "usd_per_w")
        if value is None or value <= 0:
            continue
        basis = basis_words(entry(peer, "value", "basis"), words)
        told = words("ev.rung.peer", basis=basis, value=per_watt(value), watt=_watt(peer.get("watts_kind"))).strip()
        yield Rung(str(peer.get("company")), told, ((_SHAPES["stated"], value),))


_RUNGS: Final = {"companies": _companies, "site_sales": _sales, "peers": _peers}


def _watt(kind: object) -> str:
    """What a watt is, in the first words of its source."""
    first = re.split(r"[,;(]", str(kind or ""))[0].strip()
    return first if len(first) <= _LONGEST_WATT else first[: _LONGEST_WATT - 1].rstrip() + "…"


def _panel(group: str, rungs: Sequence[Rung], axis: Axis, words: Words) -> Html:
    base = _ROW * len(rungs)
    drawn: list[Html] = []
    for mark in axis.marks(words):
        at = axis.at(mark)
        drawn.append(tag("line", class_="grid", x1=at, x2=at, y1=0, y2=base + 4))
        drawn.append(tag("text", tick(mark, "$/W"), x=at, y=base + 15, text_anchor="middle", class_="tick"))
    drawn.append(tag("text", words("ev.ladder.axis"), x=_RIGHT, y=base + 28, text_anchor="end", class_="tick"))
    drawn += [_rung(rung, _ROW * place, axis) for place, rung in enumerate(rungs)]
    title = words(f"ev.ladder.{group}")
    rows = words.row((f"{rung.label}: {rung.told}" for rung in rungs), "semicolon")
    alt = words("ev.ladder.alt", group=title, rows=rows)
    caption = tag("figcaption", tag("h3", title), tag("small", words(f"ev.ladder.{group}.note")))
    return tag("figure", caption, svg(WIDTH, base + _FOOT, "bar ladder", alt, *drawn), class_="panel", data_group=group)


def _rung(rung: Rung, top: float, axis: Axis) -> Html:
    y = top + 23
    mean, p10, p90 = rung.ours
    marks: list[Html] = []
    if p10 is not None and p90 is not None and p90 > 0:
        left, right = axis.at(max(p10, axis.low)), axis.at(p90)
        marks.append(tag("rect", class_="span", x=left, y=y - 2.5, width=round(max(right - left, 1.0), 2), height=5))
        if p10 < axis.low:
            marks.append(tag("path", class_="span", d=f"M0 {y:g}l{_LEFT} -5v10z"))
    if mean is not None and mean > 0:
        marks.append(_mark("ours", axis.at(mean), y))
    marks += [_mark(kind, axis.at(value), y) for kind, value in rung.marks]
    room = max(_LONGEST_LINE - len(rung.told), 8)
    shown = rung.label if len(rung.label) <= room else rung.label[: room - 1].rstrip() + "…"
    return tag(
        "g",
        tag("title", f"{rung.label}: {rung.told}"),
        tag("line", class_="grid", x1=0, x2=WIDTH, y1=y, y2=y),
        tag("text", shown, x=0, y=top + 13, class_="id"),
        tag("text", rung.told, x=WIDTH, y=top + 13, text_anchor="end", class_="tick"),
        *marks,
        class_="rung",
    )


def _mark(kind: str, x: float, y: float) -> Html:
    """A disc, a triangle, a square, a ring, or the diamond that is ours."""
    if kind in ("hit", "ring"):
        return tag("circle", class_=kind, cx=f"{x:g}", cy=f"{y:g}", r="3.6")
    if kind == "square":
        return tag("rect", class_="square", x=round(x - 3.2, 2), y=y - 3.2, width=6.4, height=6.4)
    if kind == "triangle":
        return tag("path", class_="triangle", d=f"M{x:g} {y - 4:g}l4 7.4h-8z")
    return tag("path", class_="mean", d=f"M{x - 4.6:g} {y:g}l4.6 -4.6 4.6 4.6 -4.6 4.6z")


def _symbol(kind: str) -> Html:
    return tag(
        "svg", _mark(kind, 7, 6), class_="bar symbol", width=14, height=12, viewBox="0 0 14 12", aria_hidden="true"
    )
