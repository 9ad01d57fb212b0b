"""A gas study as one HTML page that asks the network for nothing: where gas goes, what limits cost, what comes back."""

from __future__ import annotations

from wattworth.reports.cells import headed
from wattworth.reports.formatting import plain
from wattworth.reports.gas_figures import (
    MOST_BLOCKS,
    MOST_RELAXED,
    bridge_figure,
    ladder,
    ladder_options,
    offset_figure,
    relaxed_figure,
    relaxed_rows,
    supply_curve,
    years_figure,
)
from wattworth.reports.gas_flows import grouping_of
from wattworth.reports.gas_map import map_figure, mark, unlabelled, unplaced
from wattworth.reports.gas_sankey import sankey
from wattworth.reports.gas_story import in_short, weak_counts
from wattworth.reports.gas_tables import (
    bridge_table,
    limit_sentences,
    limits_table,
    links_table,
    netbacks_table,
    options_table,
    relaxed_table,
    weakest_table,
    years_table,
)
from wattworth.reports.gas_words import (
    GAS,
    NO_BCM,
    Document,
    key,
    musd,
    shown_years,
    swatch,
    unit_of,
)
from wattworth.reports.markup import Html, join, name, said, tag
from wattworth.reports.shell import document, masthead, meanings, sectioned
from wattworth.reports.words import Words

_WIDE = "min-inline-size:40rem;max-inline-size:62rem;inline-size:100%"


def gas_html(found: Document, *, words: Words = GAS) -> str:
    """One self-contained HTML page of a gas study.

    Parameters
    ----------
    found
        Document of :func:`wattworth.gas.document_of`.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    title = words("gs.page.title", title=found["title"])
    lead, sections = gas_parts(found, words)
    body = sectioned("gs", _masthead(found, words), lead, sections, words, kind="evidence gas")
    return document(title, body, words)


def gas_parts(found: Document, words: Words) -> tuple[Html, list[tuple[str, Html]]]:
    """What the page says in short, and its sections, each with its anchor."""
    return in_short(found, words), _sections(found, words)


def _masthead(found: Document, words: Words) -> Html:
    view = words.table.get(f"gs.view.{found['viewpoint']}", found["viewpoint"])
    aim = words.table.get(f"gs.aim.{found['objective_name']}", found["objective_name"])
    made: list[tuple[str, object]] = [
        ("study", name(found["study"])),
        ("as_of", found["as_of"]),
        ("years", words.range(str(found["years"][0]), str(found["years"][-1]))),
        ("money", words("gs.run.money.value", year=found["usd_year"], rate=f"{100 * found['real_rate_frac']:.1f}%")),
        ("aim", words("gs.run.aim.value", aim=aim, view=view)),
        ("status", words.table.get(f"gs.status.{found['status']}", found["status"])),
        ("balance", words("gs.run.balance.value", bcm=plain(found["imbalance_bcm"]))),
    ]
    question = said(found["description"]) if found["description"] else words("gs.question")
    heads = words("gs.kicker"), name(found["title"]), question
    return masthead(heads, [(f"gs.run.{each}", value) for each, value in made], words, label="gs.run")


def _sections(found: Document, words: Words) -> list[tuple[str, Html]]:
    made = [("flow", join(_flow(found, words)))]
    drawn = map_figure(found, words)
    if drawn is not None:
        made.append(("map", join(_map(found, drawn, words))))
    made += [("netbacks", join(_netbacks(found, words))), ("years", join(_years(found, words)))]
    made.append(("limits", join(_limits(found, words))))
    if found["bridge"] is not None:
        made.append(("bridge", join(_bridge(found, words))))
    made += [("weak", join(_weak(found, words))), ("read", join(_read(found, words)))]
    notes = {each: words.table.get(f"gs.{each}.note") for each, _ in made}
    return [(each, headed(words(f"gs.{each}.title"), notes[each], content, anchor=each)) for each, content in made]


def _figure(drawing: Html, *below: object) -> Html:
    return tag("figure", tag("div", drawing, class_="panel"), tag("figcaption", *below))


def _wide(drawing: Html, label: str, *below: object) -> Html:
    """A drawing too wide for a small screen, in a box that scrolls sideways."""
    held = Html(str(drawing).replace("<svg ", f'<svg style="{_WIDE};block-size:auto" ', 1))
    box = tag("div", held, class_="scroll", role="region", aria_label=label, tabindex=0)
    return tag("figure", box, tag("figcaption", *below))


def _flow(found: Document, words: Words) -> list[Html]:
    unit, places = unit_of(found), shown_years(found)
    made: list[Html] = []
    for place in places:
        year = found["years"][place]
        taken = sum(option["gas_bcm"][place] for option in found["allocation"]["options"])
        unused = sum(
            field["available_bcm"][place] - field["produced_bcm"][place] for field in found["allocation"]["fields"]
        )
        summary = tag(
            "summary",
            tag("strong", str(year)),
            tag(
                "span",
                words("gs.flow.summary", taken=unit.said(taken, words), unused=unit.printed(max(unused, 0.0))),
                class_="best",
            ),
        )
        drawing = _wide(sankey(found, place, words), words("gs.flow.region", year=year))
        body = tag("div", drawing, class_="body", style="padding-inline-start:0")
        opened = place == places[len(places) // 2]
        made.append(tag("details", summary, body, id=f"flow-{year}", class_="site", open=opened))
    grouping = grouping_of(found)
    told = [words("gs.flow.source")]
    told += [words.count("gs.flow.fields", grouping.n_field)] if grouping.n_field else []
    told += [words.count("gs.flow.places", grouping.n_place)] if grouping.n_place else []
    told += [words("gs.flow.by_use")] if grouping.by_use else []
    made += [key(found, words, *_ends(found, words)), tag("p", " ".join(told), class_="note")]
    made += [tag("h3", words("gs.options.title")), options_table(found, words)]
    if found["allocation"]["links"]:
        made += [tag("h3", words("gs.links.title")), links_table(found, words)]
    idle = [option["option"] for option in found["allocation"]["options"] if sum(option["gas_bcm"]) <= NO_BCM]
    if idle:
        listed = words.listed([name(each) for each in idle[:_MOST_IDLE]])
        more = len(idle) - _MOST_IDLE
        told_more = words.count("gs.idle.more", more) if more > 0 else None
        made.append(tag("p", words.count_html("gs.idle", len(idle), list=listed), " ", told_more, class_="note"))
    return made


_MOST_IDLE = 20


def _ends(found: Document, words: Words) -> tuple[Html, ...]:
    lost = tag("span", swatch("var(--soft)"), words("gs.end.lost"))
    return lost, tag("span", swatch("none", hollow=True), words("gs.end.unused"))


def _map(found: Document, drawing: Html, words: Words) -> list[Html]:
    signs = [
        tag("span", tag("svg", mark(kind, (7.0, 7.0)), class_="bar symbol", width=14, height=14, viewBox="0 0 14 14",
                        aria_hidden="true"), words(f"gs.node.{kind}"))
        for kind in ("field", "hub", "market")
    ]  # fmt: skip
    unit, flows = unit_of(found), [sum(each["flow_bcm"]) for each in found["allocation"]["links"]]
    most = max(flows, default=0.0)
    widest = words("gs.map.widest", volume=unit.said(most / len(found["years"]), words))
    told = [widest if most > NO_BCM else words("gs.map.still"), words("gs.map.source"), words("gs.map.land")]
    hidden, missing = unlabelled(found), unplaced(found)
    told += [words.count("gs.map.unlabelled", hidden)] if hidden else []
    told += [words.count("gs.map.unplaced", missing)] if missing else []
    below = tag("p", *signs, class_="note key"), tag("p", " ".join(told), class_="note")
    return [_wide(drawing, words("gs.map.title"), *below)]


def _netbacks(found: Document, words: Words) -> list[Html]:
    panels = [
        tag(
            "figure",
            tag("h3", words("gs.ladder.title", case=case["case"], chance=f"{100 * case['probability_frac']:.0f}%")),
            ladder(found, case["case"], words),
            class_="panel",
        )
        for case in found["cases"]
    ]
    rungs = tag("p", *_rungs(words), class_="note key")
    n_option = len({rung["option"] for rung in found["netbacks"]})
    hidden = n_option - len(ladder_options(found))
    cut = [tag("p", words.count("gs.ladder.cut", hidden), class_="note")] if hidden > 0 else []
    taking = sum(1 for option in found["allocation"]["options"] if sum(option["gas_bcm"]) > NO_BCM)
    note = words("gs.supply.note") + (" " + words("gs.supply.by_use", n=taking) if taking > MOST_BLOCKS else "")
    curve = _figure(supply_curve(found, words), key(found, words, *_ends(found, words)))
    fold = tag("details", tag("summary", words("gs.netbacks.all")), netbacks_table(found, words), class_="places")
    return [
        tag("div", *panels, class_="panels"), rungs, *cut, fold,
        tag("h3", words("gs.supply.title")), tag("p", note, class_="note"), curve,
    ]  # fmt: skip


def _rungs(words: Words) -> list[Html]:
    diamond = "fill:var(--paper);stroke:var(--ink);stroke-width:1.4"
    signs = [
        ("owner", tag("rect", style="fill:var(--use-0)", x=1, y=4, width=14, height=6)),
        ("state", tag("rect", style="fill:var(--use-1)", x=1, y=5, width=14, height=5)),
        ("inlet", tag("rect", style="fill:var(--ink)", x=7, y=0, width=2, height=14)),
        ("before_capex", tag("path", style=diamond, d="M8 2l4.6 4.7 -4.6 4.7 -4.6 -4.7z")),
    ]
    return [
        tag("span", tag("svg", sign, class_="bar symbol", width=16, height=14, viewBox="0 0 16 14", aria_hidden="true"),
            words(f"gs.rung.{each}"))
        for each, sign in signs
    ]  # fmt: skip


def _years(found: Document, words: Words) -> list[Html]:
    offset = found["offset"]
    source = said(offset["lost_source"]) if offset["lost_source"] else None
    lost: list[object] = [words("gs.offset.no_lost")]
    if source:
        lost = [words("gs.offset.note", money=musd(offset["lost_musd_per_year"])), " ", source]
    heading = tag("h3", words("gs.offset.figure" if source else "gs.offset.sales"))
    gas = tag("figure", tag("h3", words("gs.years.figure")), years_figure(found, words), class_="panel")
    below = tag("figcaption", *lost, class_="note")
    money = tag("figure", heading, offset_figure(found, words), below, class_="panel")
    return [
        tag("div", gas, money, class_="panels"),
        key(found, words, *_ends(found, words)),
        years_table(found, words),
        tag("p", words("gs.spread.note"), class_="note"),
    ]


def _limits(found: Document, words: Words) -> list[Html]:
    made = [tag("h3", words("gs.duals.title")), limit_sentences(found, words)]
    if found["limits"]:
        table = limits_table(found, words)
        made.append(tag("details", tag("summary", words("gs.limits.all")), table, class_="places"))
    made += [tag("h3", words("gs.relaxed.title"))]
    if not found["relaxed"]:
        return [*made, tag("p", words("gs.relaxed.not_asked"), class_="note")]
    figure = relaxed_figure(found, words)
    hidden = len(relaxed_rows(found)) - MOST_RELAXED
    below = [tag("p", words.count("gs.relaxed.cut", hidden), class_="note")] if hidden > 0 else []
    made.append(tag("p", words("gs.relaxed.note"), class_="note"))
    numbers = relaxed_table(found, words)
    made.append(numbers if figure is None else tag("div", _figure(figure, *below), numbers, class_="beside"))
    return made


def _bridge(found: Document, words: Words) -> list[Html]:
    source = tag("p", words("gs.bridge.gap.source"), " ", said(found["bridge"]["us_gap_source"]), class_="note")
    both = [
        tag("span", swatch("var(--span)"), words("gs.col.ccgt")),
        tag("span", swatch("var(--mark)"), words("gs.col.it")),
    ]
    figure = _figure(bridge_figure(found, words), tag("p", *both, class_="note key"), source)
    return [figure, bridge_table(found, words)]


def _weak(found: Document, words: Words) -> list[Html]:
    if not found["weakest"]:
        return [tag("p", words("gs.weak.none"))]
    return [tag("p", weak_counts(found, words)), weakest_table(found, words)]


def _read(found: Document, words: Words) -> list[Html]:
    notes = [tag("li", said(note)) for note in found["notes"]]
    return [meanings("gs", words), tag("h3", words("gs.notes.title")), tag("ul", *notes, class_="notes")]
