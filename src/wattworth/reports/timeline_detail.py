"""Site by site: the gates of each part on a calendar and in a table, and the blocks of its hall."""

from __future__ import annotations

import re

from wattworth.reports.cells import shown, table
from wattworth.reports.formatting import DASH, chance, megawatts
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.sites import number
from wattworth.reports.timeline_figures import part_gantt
from wattworth.reports.timeline_sites import Document, main_part, power_is_there, sites_of
from wattworth.reports.timeline_tables import site_about, site_places, swatch
from wattworth.reports.timeline_words import gate_words, kind_words, months_words, three
from wattworth.reports.words import Words


def details(found: Document, words: Words) -> Html:
    """One entry to open for each site."""
    sites = sites_of(found)
    places = site_places(sites)
    fold = [
        tag("button", words(f"detail.{way}"), type="button", data_fold=way, hidden=True) for way in ("open", "close")
    ]
    entries = [_site(site, places[str(site["site_id"])], str(found["as_of"]), words) for site in sites]
    return join([tag("p", words("tl.detail.key"), class_="note"), tag("p", *fold, class_="fold"), *entries])


def _site(site: Document, place: int, as_of: str, words: Words) -> Html:
    main = main_part(site)
    summary = tag(
        "summary",
        tag(
            "span",
            tag("strong", name(str(site.get("site") or site["site_id"]))),
            " ",
            tag("small", site_about(site, words)),
        ),
        tag(
            "span",
            join([kind_words(str(part["kind"]), words) for part in site["parts"]], " + "),
            class_="best",
        ),
        tag(
            "span",
            str((main.get("first_revenue") or {}).get("p50") or DASH),
            " · ",
            chance(number(main, "success_frac")),
            class_="n",
        ),
    )
    body = tag(
        "div",
        tag("p", tag("code", name(str(site["site_id"]))), class_="note"),
        *(_part(site, part, as_of, words) for part in site["parts"]),
        class_="body",
    )
    return tag("details", summary, body, id=f"site-{place}", class_="site")


def _part(site: Document, part: Document, as_of: str, words: Words) -> Html:
    part_name = words("tl.part", kind=kind_words(str(part["kind"]), words), mw=megawatts(number(part, "gross_mw")))
    fields = {"site": site.get("site") or site["site_id"], "part": part_name}
    figure = tag("figure", part_gantt(part, as_of, words("tl.part.gantt", **fields), words), class_="panel")
    heads: list[tuple[str, str | None]] = [(_gate_head(words), None), (words("tl.col.after"), None)]
    heads += [(words(f"tl.col.{key}"), "n") for key in ("months", "opens", "most", "fails")]
    heads += [(words("tl.col.cause"), None)]
    rows = [_gate(part, gate, words) for gate in part["gates"]]
    gates = table(words("tl.part.caption", **fields), heads, rows, class_="small")
    return tag(
        "div",
        tag("h3", part_name),
        _about(part, words),
        tag("div", figure, gates, class_="beside"),
        _blocks(part, words),
        class_="part",
    )


def _about(part: Document, words: Words) -> Html:
    slip = part.get("slip_months") or {}
    if power_is_there(part):
        power: str | Html = words("tl.now")
    elif part.get("energised") is None:
        power = words("tl.contract")
    else:
        power = _labels(part["energised"])
    rows: list[tuple[str, str | Html]] = [
        ("power", power),
        ("rent", _labels(part.get("first_revenue") or {})),
        ("plan", three(part.get("planned_months") or {})),
        (
            "slip",
            words(
                "tl.about.slip.value",
                mean=months_words(number(slip, "mean")),
                p90=months_words(number(slip, "p90")),
            ),
        ),
        ("chance", shown(chance(number(part, "power_frac")), words("missing"))),
        ("success", shown(chance(number(part, "success_frac")), words("missing"))),
    ]
    pairs = [tag("div", tag("dt", words(f"tl.about.{key}")), tag("dd", value)) for key, value in rows]
    return tag("dl", *pairs, class_="facts")


def _gate_head(words: Words) -> Html:
    return join([words("tl.col.gate"), tag("small", words("tl.col.fact"))])


def _breakable(key: str) -> Html:
    """A key of a fact that may break into lines after its marks, not inside a word."""
    return join(re.split(r"(?<=[._])", key), "<wbr>")


def _gate(part: Document, gate: Document, words: Words) -> Html:
    opens = gate.get("opens") or {}
    after = words.row(gate_words(before, words) for before in gate["after"])
    last = number(gate, "last_frac")
    cause = gate.get("cause")
    return tag(
        "tr",
        tag(
            "th",
            gate_words(gate["gate"], words),
            tag("small", tag("code", _breakable(str(gate["fact"])))) if gate.get("fact") else None,
            scope="row",
        ),
        tag("td", after or words("tl.after.none"), class_=None if after else "few"),
        tag("td", three(gate.get("months") or {}), class_="n"),
        tag("td", str(opens.get("p50") or DASH), _range(opens, words), class_="n"),
        tag(
            "td",
            chance(number(gate, "critical_frac")),
            tag("small", words("tl.last", share=chance(last))) if last else None,
            class_="n",
        ),
        tag("td", chance(number(gate, "fails_frac")), class_="n"),
        tag("td", swatch(cause) if cause else None, words.of("tl.cause", cause or "none")),
    )


def _range(opens: Document, words: Words) -> Html | None:
    p10, p90 = opens.get("p10"), opens.get("p90")
    return tag("small", words("range", low=p10, high=p90)) if p10 and p90 and p10 != p90 else None


def _blocks(part: Document, words: Words) -> Html | None:
    blocks = part.get("blocks") or []
    if not blocks:
        return None
    dates = tag("span", words.row(str(block.get("first_revenue") or DASH) for block in blocks))
    told = words.count_html("tl.blocks", len(blocks), mw=megawatts(number(blocks[0], "critical_it_mw")), dates=dates)
    return tag("p", told, class_="note")


def _labels(values: Document) -> str:
    printed = [str(values.get(key) or DASH) for key in ("p10", "p50", "p90")]
    return printed[0] if len(set(printed)) == 1 else " · ".join(printed)
