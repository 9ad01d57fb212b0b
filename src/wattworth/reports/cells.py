"""Cells and small tables shared by the sections of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wattworth.reports.formatting import DASH
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.sites import number
from wattworth.reports.words import Words

Printer = Callable[[float | None], str]


def missing(why: str, told: Html | None = None) -> Html:
    """A dash that says why a number is not there, with markup where the reason is not the page's own."""
    spoken = tag("span", told or why, class_="vh")
    return tag("span", tag("span", DASH, aria_hidden="true"), spoken, class_="no", title=why)


def shown(printed: str, why: str) -> Html:
    """A printed number, or a dash with its reason."""
    return missing(why) if printed == DASH else text(printed)


def spread(values: Any, printer: Printer, why: str, words: Words) -> Html:
    """The middle of a distribution with P10 to P90 below it."""
    low, middle, high = (printer(number(values, key)) for key in ("p10", "p50", "p90"))
    if middle == DASH:
        return missing(why)
    return join([middle, tag("small", words.range(low, high))])


def mean_and_range(values: Any, printer: Printer, why: str, words: Words) -> Html:
    """The mean with P10, P50 and P90 below it."""
    mean = printer(number(values, "mean"))
    if mean == DASH:
        return missing(why)
    low, middle, high = (printer(number(values, key)) for key in ("p10", "p50", "p90"))
    below = None if middle == DASH else tag("small", f"{low} · {middle} · {high}", title=words("order"))
    return join([mean, *([below] if below else [])])


def headed(title: str, note: str | None, *contents: object, anchor: str) -> Html:
    """A section of the page with its heading."""
    heading = tag("h2", title, id=f"{anchor}-heading")
    below = tag("p", note, class_="note") if note else None
    return tag("section", heading, below, *contents, id=anchor, aria_labelledby=f"{anchor}-heading")


def table(caption: str, heads: Sequence[tuple[str, str | None]], rows: Iterable[Html], **attributes: object) -> Html:
    """A table whose headings are words with a class each, inside a box that scrolls sideways."""
    columns = [tag("th", head, scope="col", class_=kind) for head, kind in heads]
    body = tag("tbody", *rows)
    whole = tag("table", tag("caption", caption, class_="vh"), tag("thead", tag("tr", *columns)), body, **attributes)
    return tag("div", whole, class_="scroll", role="region", aria_label=caption, tabindex=0)


def site_link(site_id: str, names: dict[str, str]) -> Html:
    """A link to a site's entry where it has one, else its name."""
    if site_id in names:
        return tag("a", name(names[site_id]), href=f"#site-{site_id}")
    return name(site_id)


def site_names(result: dict[str, Any]) -> dict[str, str]:
    """Site to name, of every site that has an entry on the page."""
    return {site["site_id"]: site["site"] for site in result["sites"] if site.get("valued")}
