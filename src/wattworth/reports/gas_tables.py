"""Tables of the page of a gas study: every option, link, netback, limit and weak input, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.formatting import DASH, plain
from wattworth.reports.gas_figures import limit_name
from wattworth.reports.gas_words import (
    NO_BCM,
    RUNGS,
    Document,
    limit_price,
    limit_unit,
    limit_words,
    marks_of,
    musd,
    per_mmbtu,
    percent,
    shown_years,
    trust_words,
    unit_of,
    use_label,
    worth,
)
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.words import Words

MOST_SENTENCES: Final = 8
LONG: Final = 14
Heads = list[tuple[str, str | None]]


def _heads(words: Words, texts: Sequence[str], numbers: Sequence[str]) -> Heads:
    made: Heads = [(words(f"gs.col.{key}"), None) for key in texts]
    return [*made, *((words(f"gs.col.{key}"), "n") for key in numbers)]


def _named(label: str, *below: Html | None) -> Html:
    """The first cell of a row, wide enough for a name."""
    return tag("th", name(label), *below, scope="row", style="min-inline-size:8.5rem;overflow-wrap:anywhere")


def _number(content: object) -> Html:
    return tag("td", content, class_="n")


def _source(row: Document, words: Words) -> Html:
    """Where a row's numbers come from, in the words of who wrote it."""
    return said(row["source"]) if row["source"] else text(words("gs.no_source"))


def _long(made: Html, n_row: int) -> Html:
    """A table in a box of its own where it has many rows."""
    return tag("div", made, class_="long") if n_row > LONG else made


def options_table(found: Document, words: Words) -> Html:
    """Every option that takes gas: what it takes, what is built, and what that costs."""
    unit, marks, years = unit_of(found), marks_of(found), shown_years(found)
    rows: list[Html] = []
    taking = [option for option in found["allocation"]["options"] if sum(option["gas_bcm"]) > NO_BCM]
    for option in sorted(taking, key=lambda option: -sum(option["gas_bcm"])):
        built = round(sum(option["built"]))
        cells = [unit.printed(option["gas_bcm"][place]) for place in years]
        cells += [unit.printed(sum(option["gas_bcm"])), musd(sum(option["revenue_musd"]))]
        label = join([tag("b", marks.letter(option["use"])), " ", use_label(option["use"], words, option["label"])])
        rows.append(
            tag(
                "tr",
                _named(option["option"], tag("small", name(option["node"]))),
                tag("td", label),
                *map(_number, cells),
                _number(str(built) if built else missing(words("gs.not_built"))),
                _number(musd(option["capex_musd"]) if built else missing(words("gs.not_built"))),
                data_option=option["option"],
            )
        )
    heads = _heads(words, ("option", "use"), ())
    heads += [(str(found["years"][place]), "n") for place in years]
    heads += _heads(words, (), ("all_years", "sales_all", "built", "capital"))
    return _long(table(words("gs.options.caption", unit=unit.name(words)), heads, rows, class_="small"), len(rows))


def links_table(found: Document, words: Words) -> Html:
    """Every link: from where to where, what it carries, and what a new one costs."""
    unit, years = unit_of(found), shown_years(found)
    rows: list[Html] = []
    for link in sorted(found["allocation"]["links"], key=lambda link: -sum(link["flow_bcm"])):
        built = round(sum(link["built"]))
        rows.append(
            tag(
                "tr",
                _named(link["link"]),
                tag("td", name(link["from"])),
                tag("td", name(link["to"])),
                *(_number(unit.printed(link["flow_bcm"][place])) for place in years),
                _number(unit.printed(sum(link["lost_bcm"]))),
                _number(musd(link["capex_musd"]) if built else missing(words("gs.not_built"))),
                data_link=link["link"],
            )
        )
    heads = _heads(words, ("link", "from", "to"), ())
    heads += [(str(found["years"][place]), "n") for place in years]
    heads += _heads(words, (), ("lost_all", "capital"))
    return _long(table(words("gs.links.caption", unit=unit.name(words)), heads, rows, class_="small"), len(rows))


def netbacks_table(found: Document, words: Words) -> Html:
    """Every option's netback in every price case."""
    heads = _heads(words, ("option", "case"), ("price", "before_capex", "inlet", "field", "owner", "state"))
    rows = []
    for rung in found["netbacks"]:
        barred = None if rung["available"] else tag("small", words("gs.barred.short"))
        use = tag("small", name(use_label(rung["use"], words)))
        rows.append(
            tag(
                "tr",
                _named(rung["option"], use, barred),
                tag("td", name(rung["case"])),
                _number(join([rung["price"], " ", rung["price_unit"]])),
                *(_number(per_mmbtu(rung[key])) for key in RUNGS),
                data_rung=f"{rung['option']} {rung['case']}",
            )
        )
    return _long(table(words("gs.netbacks.caption"), heads, rows, class_="small"), len(rows))


def years_table(found: Document, words: Words) -> Html:
    """Each year: gas available, in uses, lost and unused; sales, their share of what is lost, and the state's part."""
    unit, parts = unit_of(found), found["allocation"]
    rows = []
    for place, year in enumerate(found["offset"]["by_year"]):
        available = sum(field["available_bcm"][place] for field in parts["fields"])
        produced = sum(field["produced_bcm"][place] for field in parts["fields"])
        taken = sum(option["gas_bcm"][place] for option in parts["options"])
        spread = None if year["concentration"] is None else 1.0 - year["concentration"]
        cells = [unit.printed(value) for value in (available, taken, max(available - produced, 0.0))]
        cells += [musd(year["revenue_musd"])]
        last = [musd(year["state_musd"]), f"{year['ai_gw']:.2f}"]
        rows.append(
            tag(
                "tr",
                tag("th", str(year["year"]), scope="row"),
                *map(_number, cells),
                _number(shown(percent(year["of_lost_frac"]), words("gs.no_lost"))),
                *map(_number, last),
                _number(shown(DASH if spread is None else f"{spread:.2f}", words("gs.no_sales"))),
                data_year=year["year"],
            )
        )
    keys = ("available", "taken", "unused", "sales", "of_lost", "state_tax", "ai_gw", "spread")
    heads = _heads(words, ("year",), keys)
    return table(words("gs.years.caption", unit=unit.name(words)), heads, rows, class_="small")


def bridge_table(found: Document, words: Words) -> Html:
    """From volume a day to gigawatts, each step with its arithmetic."""
    bridge = found["bridge"]
    heat, gross = bridge["heat_rate_mmbtu_per_mwh"], bridge["gross_per_it"]
    rows = []
    for step in bridge["steps"]:
        label = words.table.get(f"gs.step.{step['name']}", step["name"])
        told = words(
            "gs.bridge.sum",
            day=f"{step['per_day_bcm']:.3f}",
            heat=f"{found['mmbtu_per_bcm'] / 1e6:.1f}",
            rate=f"{heat:g}",
            ccgt=f"{step['ccgt_gw']:.1f}",
            gross=f"{gross:g}",
            it=f"{step['it_gw']:.1f}",
        )
        rows.append(
            tag(
                "tr",
                _named(label, tag("small", said(step["arithmetic"]))),
                *(_number(f"{step[key]:.{digits}f}") for key, digits in _BRIDGE),
                tag("td", told, dir="ltr"),
                tag("td", trust_words(step["confidence"], words), class_=f"confidence {step['confidence']}"),
                data_step=step["name"],
            )
        )
    heads = _heads(words, ("gas",), ("per_year", "per_day", "ccgt", "it")) + _heads(words, ("sum", "trust"), ())
    return table(words("gs.bridge.caption"), heads, rows, class_="small words")


_BRIDGE: Final = (("per_year_bcm", 1), ("per_day_bcm", 2), ("ccgt_gw", 1), ("it_gw", 1))


def binding(found: Document) -> list[Document]:
    """Limits on flows that bind, the dearest first; plants that need not be paid for are not a limit."""
    return [limit for limit in found["limits"] if limit["kind"] != "capacity"]


def limit_sentences(found: Document, words: Words) -> Html:
    """The dearest limits in words, and how many more the table has."""
    limits = binding(found)
    told = [
        tag("li", words.html("gs.sentence", said=limit_words(each, found, words))) for each in limits[:MOST_SENTENCES]
    ]
    if not told:
        return tag("p", words("gs.limit.none"))
    more = len(limits) - MOST_SENTENCES
    below = tag("p", words.count("gs.limit.more", more), class_="note") if more > 0 else None
    return join([tag("ul", *told, class_="notes"), *([below] if below else [])])


def limits_table(found: Document, words: Words) -> Html:
    """Every price of a limit, plants that need not be paid for last."""
    rows = []
    for limit in [*binding(found), *(each for each in found["limits"] if each["kind"] == "capacity")]:
        price = limit_price(limit, found)
        years = len(found["years"]) if price.n_year is None else price.n_year
        rows.append(
            tag(
                "tr",
                _named(limit["name"]),
                tag("td", words(f"gs.kind.{limit['kind']}")),
                tag("td", limit_unit(limit, found, words)),
                _number(worth(price.yearly_musd, found, words)),
                _number(str(years)),
                _number(worth(price.present_musd, found, words)),
                data_limit=limit["name"],
            )
        )
    heads = _heads(words, ("limit", "kind", "one_more"), ("yearly", "years_bound", "present"))
    return _long(table(words("gs.limits.caption"), heads, rows, class_="small"), len(rows))


def relaxed_table(found: Document, words: Words) -> Html:
    """What each limit is, and what taking it away adds, with its source."""
    rows = []
    for each in sorted(found["relaxed"], key=lambda each: -(each["worth_musd"] or 0.0)):
        adds = worth(each["worth_musd"], found, words) if each["worth_musd"] else words("gs.adds_nothing")
        held = [_limit_row(row, words) for row in each["rows"]]
        rows.append(
            tag(
                "tr",
                _named(limit_name(each, words)),
                _number(adds) if each["worth_musd"] else tag("td", adds),
                tag("td", join(held, words("list.comma"))),
                tag("td", *(tag("div", _source(row, words)) for row in each["rows"])),
                data_relaxed=each["limit"],
            )
        )
    heads = [(words("gs.col.away"), None), (words("gs.col.adds"), "n"), (words("gs.col.is"), None),
             (words("gs.col.source"), None)]  # fmt: skip
    return _long(table(words("gs.relaxed.caption"), heads, rows, class_="small words"), len(rows))


def _limit_row(row: Document, words: Words) -> Html:
    kind = words.table.get(f"gs.kind.{row['kind']}", row["kind"].replace("_", " "))
    if row["amount"] is None:
        return words.html("gs.limit.never", kind=kind)
    if row["unit"] in ("frac", "year"):
        printed = percent(row["amount"]) if row["unit"] == "frac" else f"{row['amount']:g}"
        return words.html("gs.limit.bare", kind=kind, amount=printed)
    unit = words.table.get(f"gs.unit.{row['unit']}", row["unit"])
    return words.html("gs.limit.amount", kind=kind, amount=plain(row["amount"]), unit=name(unit))


def weakest_table(found: Document, words: Words) -> Html:
    """Every input of the two lowest trusts, with its source."""
    rows = [
        tag(
            "tr",
            _named(each["name"], tag("small", tag("code", each["where"]))),
            tag("td", trust_words(each["confidence"], words), class_=f"confidence {each['confidence']}"),
            tag("td", _source(each, words)),
            data_weak=each["name"],
        )
        for each in found["weakest"]
    ]
    heads = _heads(words, ("input", "trust", "source"), ())
    return _long(table(words("gs.weak.caption"), heads, rows, class_="small words"), len(rows))
