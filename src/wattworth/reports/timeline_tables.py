"""Tables of time to power: every site on one calendar, which gate decides, and what a month is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattworth.records import Calendar
from wattworth.reports.cells import missing, shown, table
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.formatting import DASH, chance, gigawatts, megawatts, money_m
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.sites import number
from wattworth.reports.timeline_figures import (
    axis_labels,
    chance_bar,
    family,
    gate_shares,
    site_row,
    sites_axis,
)
from wattworth.reports.timeline_sites import (
    Document,
    by_kind,
    causes,
    dearest,
    gross_mw,
    is_clear,
    main_part,
    mean_chance,
    mean_shares,
    median_months,
    power_is_there,
    sites_of,
    without_lease,
)
from wattworth.reports.timeline_words import gate_words, kind_words
from wattworth.reports.words import Words

_LEAST_SHARE: Final = 0.005
_KEYS: Final = ("power", "rent", "now", "ring")


def gantt(found: Document, words: Words) -> Html:
    """Every site on one calendar, by kind of megawatt, the axis above and below."""
    sites = sites_of(found)
    axis, as_of = sites_axis(sites), str(found["as_of"])
    places = site_places(sites)
    over = [("site", "name"), ("mw", "n"), ("power", "n"), ("time", "time"), ("rent", "n"), ("chance", "odds")]

    def heads() -> Html:
        cells = [
            tag("th", _head(key, words), axis_labels(axis, as_of) if key == "time" else None, scope="col", class_=kind)
            for key, kind in over
        ]
        return tag("tr", *cells)

    foot = [
        tag("td", axis_labels(axis, as_of) if key == "time" else None, class_=kind, aria_hidden="true")
        for key, kind in over
    ]
    bodies = [_group(kind, group, axis, found, places, words) for kind, group in by_kind(sites)]
    whole = tag(
        "table",
        tag("caption", words("tl.gantt.caption"), class_="vh"),
        tag("thead", heads()),
        *bodies,
        tag("tfoot", tag("tr", *foot)),
        class_="gantt",
    )
    return join([_legend(words), whole])


def site_places(sites: Sequence[Document]) -> dict[str, int]:
    """Site to its place in the document, by which its entry is called."""
    return {str(site["site_id"]): place for place, site in enumerate(sites)}


def site_heading(site: Document, place: int, words: Words) -> Html:
    """Name of a site as a link to its entry, with its company and grid."""
    link = tag("a", name(str(site.get("site") or site["site_id"])), href=f"#site-{place}")
    return join([link, tag("small", site_about(site, words))], " ")


def site_about(site: Document, words: Words) -> Html:
    """Company and grid of a site."""
    told = [name(str(site[key])) for key in ("company", "iso") if site.get(key) not in (None, "", "none")]
    return join(told, words("list.comma"))


def decides(found: Document, words: Words) -> Html:
    """Shares of the gates that delay most, as one bar for each kind of megawatt."""
    sites = sites_of(found)
    shared, free = causes(sites), without_lease(sites)
    rows = [_shares_row(kind_words(kind, words), group, shared, words) for kind, group in by_kind(sites)]
    if free and len(rows) > 1:
        rows.append(_shares_row(words("tl.gates.all"), free, shared, words, class_="whole"))
    heads: list[tuple[str, str | None]] = [(words("tl.col.kind"), None), (words("tl.col.decides"), None)]
    named = [cause for cause in dict.fromkeys(shared.values()) if cause]
    legend = [tag("span", swatch(cause), words.of("tl.cause", cause)) for cause in sorted(named, key=family)]
    caption = tag("figcaption", tag("p", *legend, class_="note key"))
    return tag("figure", caption, table(words("tl.gates.caption"), heads, rows, class_="small decides"))


def swatch(cause: str | None) -> Html:
    """A patch in the colour of a cause."""
    return tag("i", class_=f"swatch use-{family(cause)}", aria_hidden="true")


def months_worth(found: Document, words: Words) -> Html:
    """Value of a month later and sooner, by site and use."""
    sites = sites_of(found)
    worth = [(least[1], site) for site in sites if (least := dearest(site)) is not None]
    if not worth:
        return tag("p", words("tl.month.none"), class_="note")
    ordered = [site for _, site in sorted(worth, key=lambda pair: (pair[0], str(pair[1]["site_id"])))]
    uses = list(dict.fromkeys(use for site in ordered for use in site["uses"]))
    heads: list[tuple[str, str | None]] = [(words("tl.col.site"), "name")]
    heads += [(words.of("short", use), "n") for use in uses]
    places = site_places(sites)
    rows = [
        tag(
            "tr",
            tag("th", site_heading(site, places[str(site["site_id"])], words), scope="row", class_="name"),
            *(_worth(site, use, words) for use in uses),
            data_site=site["site_id"],
        )
        for site in ordered
    ]
    return join([
        tag("p", words("tl.month.lease"), class_="note"),
        table(words("tl.month.caption"), heads, rows, class_="small months"),
    ])  # fmt: skip


def signed_m(amount_usd: float | None) -> str:
    """Dollars in millions with their sign.

    Examples
    --------
    >>> signed_m(2.06e6), signed_m(0.0), signed_m(None)
    ('+2.1', '0', '–')
    """
    printed = money_m(amount_usd)
    if printed == "0.0":
        return "0"
    return f"+{printed}" if amount_usd is not None and amount_usd > 0 else printed


def _head(key: str, words: Words) -> Html:
    label = words(f"tl.col.{key}")
    if key == "time":
        return tag("span", label, class_="vh")
    if key == "power":
        return join([label, tag("small", words("tl.col.power.note"))])
    return join([label, tag("small", words("order"))]) if key == "rent" else text(label)


def _legend(words: Words) -> Html:
    told = [tag("span", _symbol(key), words(f"tl.key.{key}")) for key in _KEYS]
    return tag("p", *told, tag("span", words("tl.key.stroke")), class_="note key")


def _symbol(key: str) -> Html:
    drawn = {
        "power": (
            tag("rect", class_="power range", x=1, y=4, width=24, height=5),
            tag("line", class_="power p50", x1=12, x2=12, y1=1, y2=12),
        ),
        "rent": (
            tag("rect", class_="rent range", x=1, y=4, width=24, height=5),
            tag("line", class_="rent p50", x1=12, x2=12, y1=1, y2=12),
        ),
        "now": (tag("circle", class_="power", cx=20, cy=6.5, r=4),),
        "ring": (tag("circle", class_="other", cx=20, cy=6.5, r=3.4),),
    }[key]
    return tag(
        "svg", *drawn, class_="bar symbol", width=28, height=13, viewBox="0 0 28 13", aria_hidden="true",
        direction="ltr",
    )  # fmt: skip


def _group(
    kind: str, sites: Sequence[Document], axis: Axis, found: Document, places: dict[str, int], words: Words
) -> Html:
    """Sites of a kind under a heading that sums them up."""
    told = words(
        "tl.group",
        sites=words.count("sites", len(sites)),
        gw=gigawatts(gross_mw(sites)),
        date=Calendar(str(found["as_of"])[:7], 0).label(round(median_months(sites))),
        chance=chance(mean_chance(sites)),
    )
    heading = tag("th", kind_words(kind, words), " ", tag("small", told), scope="rowgroup", colspan=6)
    rows = [_row(site, axis, str(found["as_of"]), places[str(site["site_id"])], words) for site in sites]
    return tag("tbody", tag("tr", heading, class_="kind"), *rows)


def _row(site: Document, axis: Axis, as_of: str, place: int, words: Words) -> Html:
    main = main_part(site)
    success = number(main, "success_frac")
    rent = main.get("first_revenue") or {}
    p10, p50, p90 = (str(rent.get(key) or DASH) for key in ("p10", "p50", "p90"))
    first = join([tag("small", f"{p10} · "), tag("strong", p50), tag("small", f" · {p90}")])
    return tag(
        "tr",
        tag("th", site_heading(site, place, words), scope="row", class_="name"),
        tag("td", _mw(site, main, words), class_="n", data_label=words("tl.col.mw")),
        tag("td", _power(main, words), class_="n", data_label=words("tl.col.power")),
        tag("td", site_row(site, axis, as_of, words), class_="time"),
        tag("td", first, class_="n", data_label=words("tl.col.rent")),
        tag("td", chance_bar(success), tag("span", chance(success), class_="n"), class_="odds"),
        data_site=site["site_id"],
    )


def _mw(site: Document, main: Document, words: Words) -> Html:
    part, whole = megawatts(number(main, "gross_mw")), megawatts(number(site, "gross_mw"))
    if len(site["parts"]) == 1:
        return text(part)
    return tag("span", words("tl.of", part=part, whole=whole))


def _power(main: Document, words: Words) -> Html:
    if power_is_there(main):
        return text(words("tl.now"))
    if main.get("energised") is None:
        return tag("span", words("tl.leased"), class_="few", title=words("tl.contract"))
    power_frac = number(main, "power_frac")
    share = tag("small", f" · {chance(power_frac)}") if power_frac is not None and power_frac < 1 else None
    return join([str(main["energised"].get("p50") or DASH), *([share] if share else [])])


def _shares_row(
    label: str, sites: Sequence[Document], shared: dict[str, str | None], words: Words, **attributes: object
) -> Html:
    listed = [(gate, share) for gate, share in mean_shares(sites) if share >= _LEAST_SHARE]
    parts = [
        tag(
            "span", swatch(shared.get(gate)), words("tl.gates.share", gate=gate_words(gate, words), share=chance(share))
        )
        for gate, share in listed
    ]
    rest = 1.0 - sum(share for _, share in listed)
    if rest >= _LEAST_SHARE:
        parts.append(tag("span", words("tl.gates.rest", share=chance(rest))))
    alt = words(
        "tl.gates.alt",
        kind=label,
        shares=words.row(
            words("tl.gates.share", gate=gate_words(gate, words), share=chance(share)) for gate, share in listed
        ),
    )
    heading = tag("th", label, tag("small", words.count("sites", len(sites))), scope="row")
    cell = tag("td", gate_shares(listed, shared, alt), tag("p", *parts, class_="key"))
    return tag("tr", heading, cell, **attributes)


def _worth(site: Document, use: str, words: Words) -> Html:
    entry = site["uses"].get(use)
    if entry is None:
        return tag("td", missing(words("tl.month.lacks")), class_="n")
    later, sooner = (_value(entry, each, words) for each in ("later", "sooner"))
    below = tag("small", words.html("tl.month.sooner", value=sooner))
    return tag("td", shown(later, words("missing")), below, class_="n")


def _value(entry: Document, which: str, words: Words) -> Html:
    """A value with its standard error, faint where it does not differ from nought."""
    value, error = number(entry, f"{which}_usd"), number(entry, f"{which}_error_usd")
    printed = signed_m(value)
    told: list[object] = [printed]
    if error:
        told += [" ", tag("small", words("tl.month.error", error=money_m(error)))]
    return tag("span", *told, class_=None if is_clear(entry, which) else "few")
