"""When to switch as one HTML page that asks the network for nothing: what to do now, and where that flips."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.cells import headed, table
from wattworth.reports.figures import svg
from wattworth.reports.formatting import chance, money
from wattworth.reports.markup import Html, beside, join, name, tag

Document = dict[str, Any]

_WIDTH, _HEIGHT = 420, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 26, 410, 262
_COLOURS: Final = 6


def switching_html(found: Document) -> str:
    """One self-contained HTML page of a document of :func:`wattworth.valuation.when_to_switch.when_to_switch`."""
    free = sorted((site for site in found["sites"] if site["free"]), key=lambda site: -site["waiting_usd"]["mean"])
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", f"When to switch: {found['study']}"),
        tag("style", beside("page.css")),
    )
    top = tag(
        "header",
        tag("p", "wattworth", class_="kicker"),
        tag("h1", "When to switch"),
        tag("p", f"{found['study']}, as of {found['as_of']}: what to do with each site now", class_="question"),
    )
    drawn = [_site(site, found["driver_units"]) for site in free if site["boundary"].get("date")]
    note = (
        "Worth and waiting: pricing measure, mean and standard error. Later: odds and mean date, real-world. Waiting "
        "keeps what stands and buys nothing."
    )
    edges = headed("Where the answer flips", None, *(drawn or [tag("p", _NO_EDGE)]), anchor="edges")
    main = tag("main", headed("Every site", note, _table(free), anchor="sites"), edges, class_="evidence")
    return "<!doctype html>\n" + tag("html", head, tag("body", top, main), lang="en", dir="ltr") + "\n"


_NO_EDGE: Final = "No site's answer hangs on the markets: each follows one schedule whatever they do."


def said(decision: str) -> str:
    """A decision in words."""
    return decision.replace("_", " ")


def _table(free: list[Document]) -> Html:
    heads = [("Site", None), ("MW", "n"), ("Now", None), ("Worth", "n"), ("Best today", None), ("Waiting", "n")]
    rows = [
        tag(
            "tr",
            tag("th", name(site["site"]), tag("small", name(str(site["company"]))), scope="row"),
            tag("td", f"{site['free_gross_mw']:,.0f}", class_="n"),
            tag("td", said(site["now"])),
            tag("td", money(site["flexible_usd"]["mean"]), class_="n"),
            tag("td", said(site["best_now"]["decision"])),
            tag(
                "td",
                money(site["waiting_usd"]["mean"]),
                tag("small", f"± {money(site['waiting_usd']['error'])}"),
                class_="n",
            ),
            tag("td", _later(site)),
        )
        for site in free
    ]
    return table("What to do with every site", [*heads, ("Later, if at all", None)], rows)


def _later(site: Document) -> str:
    likely = max(site["switches"], key=lambda way: way["prob_frac"] - way["now_frac"])
    if likely["prob_frac"] - likely["now_frac"] < 0.005:
        return "\N{EN DASH}"
    return f"{said(likely['decision'])}, {chance(likely['prob_frac'])}, {likely['expected']}"


def _site(site: Document, units: dict[str, str]) -> Html:
    edge = site["boundary"]
    return tag(
        "section",
        tag("h3", name(site["site"])),
        tag("p", f"In {edge['date']}, having waited: {said(edge['words'])}."),
        boundary_figure(edge, units),
    )


def boundary_figure(edge: Document, units: dict[str, str]) -> Html:
    """The choice over two drivers as coloured cells, today's level as a ring, with a legend and a text alternative."""
    x, y = edge["x"], edge["y"]
    kinds = sorted({kind for row in edge["choice"] for kind in row})
    wide, tall = (_RIGHT - _LEFT) / len(x), (_BOTTOM - _TOP) / len(y)
    cells = [
        tag(
            "rect",
            class_=f"use-{kinds.index(kind) % _COLOURS}",
            x=round(_LEFT + column * wide, 2),
            y=round(_BOTTOM - (row + 1) * tall, 2),
            width=round(wide + 0.3, 2),
            height=round(tall + 0.3, 2),
            shape_rendering="crispEdges",
        )
        for row, kinds_of in enumerate(edge["choice"])
        for column, kind in enumerate(kinds_of)
    ]
    name_x, name_y = edge["driver_x"], edge["driver_y"]
    ends = [
        tag("text", f"{x[0]:.4g}", x=_LEFT, y=_BOTTOM + 14, class_="tick"),
        tag("text", f"{x[-1]:.4g}", x=_RIGHT, y=_BOTTOM + 14, text_anchor="end", class_="tick"),
        tag("text", f"{name_x}, {units[name_x]}", x=(_LEFT + _RIGHT) / 2, y=_BOTTOM + 30, text_anchor="middle"),
    ]
    if name_y is not None:
        ends += [
            tag("text", f"{y[0]:.4g}", x=_LEFT - 4, y=_BOTTOM, text_anchor="end", class_="tick"),
            tag("text", f"{y[-1]:.4g}", x=_LEFT - 4, y=_TOP + 10, text_anchor="end", class_="tick"),
            tag("text", f"{name_y}, {units[name_y]}", x=_LEFT, y=_TOP - 10),
        ]
    ring = _today(edge)
    keys = [
        join([_swatch(place), f" {said(kind)}", "; " if place + 1 < len(kinds) else "; the ring is today"])
        for place, kind in enumerate(kinds)
    ]
    return tag(
        "figure", svg(_WIDTH, _HEIGHT, "bar", edge["words"], *cells, *ring, *ends), tag("p", *keys, class_="note")
    )


def _swatch(place: int) -> Html:
    return tag(
        "svg",
        tag("rect", class_=f"use-{place % _COLOURS}", width=10, height=10),
        width=10,
        height=10,
        aria_hidden="true",
    )


def _today(edge: Document) -> list[Html]:
    x, y = edge["x"], edge["y"]
    at_x, at_y = edge["today"][edge["driver_x"]], edge["today"].get(edge["driver_y"], y[0])
    if not (x[0] <= at_x <= x[-1] and y[0] <= at_y <= y[-1]) or x[-1] == x[0] or y[-1] == y[0]:
        return []
    left = _LEFT + (at_x - x[0]) / (x[-1] - x[0]) * (_RIGHT - _LEFT)
    below = _BOTTOM - (at_y - y[0]) / (y[-1] - y[0]) * (_BOTTOM - _TOP)
    return [tag("circle", tag("title", "today"), class_="ring", cx=round(left, 1), cy=round(below, 1), r=5)]
