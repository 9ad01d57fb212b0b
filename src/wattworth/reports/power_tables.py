"""Tables of a solved supply: designs, their cost, targets, prices, what binds, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.formatting import DASH, money, plain, rate
from wattworth.reports.markup import Html, join, name, said, tag
from wattworth.reports.power_words import (
    BATTERY,
    Document,
    cost_groups,
    hours,
    in_order,
    label,
    mw,
    patch,
    per_mwh,
    rare,
    sure,
    units_words,
    unserved_usd_per_mwh,
)
from wattworth.reports.sites import number
from wattworth.reports.words import Words

Heads = list[tuple[str, str | None]]

_WEAKEST: Final = ("assumption", "low", "derived", "medium", "high", "case file")
_PPM: Final = 1e6


def designs_table(found: Document, words: Words) -> Html:
    """What each design builds and how well it serves, by rank; those that miss the target last."""
    rows = in_order(found)
    sources = [part for part in rows[0]["installed_mw"] if part != BATTERY]
    has_battery = BATTERY in rows[0]["installed_mw"]
    heads: Heads = [(words("pw.col.design"), None), (words("pw.col.rank"), None)]
    heads += [(words("pw.col.source", part=label(part, words)), "n") for part in sources]
    heads += [(words("pw.col.battery"), "n")] if has_battery else []
    heads += [
        (words(f"pw.col.{key}"), "n")
        for key in ("units", "serves", "short", "lost", "green", "unused", "co2", "months")
    ]
    body = [_design(one, sources, words) for one in rows]
    whole = table(words("pw.designs.caption"), heads, body, class_="small scores")
    flags = [
        tag("li", words.html("pw.flagged", design=name(one["name"]), flags=_flags(one, words)), class_="tie")
        for one in rows
        if one["flags"]
    ]
    return join([whole, tag("ul", *flags, class_="notes")]) if flags else whole


def _flags(design: Document, words: Words) -> Html:
    return join([said(str(flag)) for flag in design["flags"]], words("list.semicolon"))


def _design(design: Document, sources: Sequence[str], words: Words) -> Html:
    nothing = words("pw.nothing")
    built = design["installed_mw"]
    cells = [shown(mw(built[part]), nothing) for part in sources]
    if BATTERY in built:
        held = mw(built[BATTERY])
        cells.append(missing(nothing) if held == DASH else join([f"{held} / {mw(design['battery_mwh'])}"]))
    serves = design["reliability"]
    cells += [
        shown(units_words(design, words), words("pw.no_units")),
        join([sure(serves["availability_frac"])]),
        join([hours(serves["short_h_per_year"])]),
        join([plain(float(f"{serves['unserved_frac'] * _PPM:.3g}"))]),
        join([rate(number(design, "renewable_frac"))]),
        shown(rate(design.get("unused_frac")), words("pw.no_sun")),
        join([plain(float(f"{design['co2_t_per_year'] / 1e3:.4g}"))]),
        shown(plain(number(design, "full_power_months")), words("pw.no_months")),
    ]
    return tag(
        "tr",
        tag("th", name(design["name"]), scope="row"),
        tag("td", _rank(design, words), class_="nowrap"),
        *(tag("td", cell, class_="n") for cell in cells),
        data_design=design["name"],
    )


def _rank(design: Document, words: Words) -> Html:
    if design["place"] is not None:
        return join([str(design["place"])])
    return tag("strong", words("pw.misses.cell"), class_="tie")


def cost_table(found: Document, words: Words) -> Html:
    """What a megawatt-hour served is made of, design by design; the parts sum to the cost by which they are ranked."""
    rows = in_order(found)
    groups = [cost_groups(one) for one in rows]
    parts = list(dict.fromkeys(part for each in groups for part in each))
    last = [part for part in ("upkeep", "fuel", "other") if part in parts]
    parts = [part for part in parts if part not in last] + last
    heads: Heads = [(words("pw.col.part"), None), *((name(one["name"]), "n") for one in rows)]

    def line(title: object, values: Sequence[float | None], why: str | None = None) -> Html:
        told = words("pw.nothing") if why is None else why
        cells = [tag("td", shown(per_mwh(value), told), class_="n") for value in values]
        return tag("tr", tag("th", title, scope="row"), *cells)

    body = [line(join([patch(part), label(part, words)]), [each.get(part) for each in groups]) for part in parts]
    body.append(line(tag("strong", words("pw.cost.served")), [one["served_usd_per_mwh"] for one in rows]))
    extra = words("pw.cost.unserved", usd=plain(found["case"]["unserved_usd_per_mwh"]))
    body.append(line(join([patch("unserved"), extra]), [unserved_usd_per_mwh(found, one) for one in rows]))
    body.append(line(words("pw.cost.asked"), [one["demanded_usd_per_mwh"] for one in rows]))
    body.append(line(words("pw.cost.with"), [one["with_unserved_usd_per_mwh"] for one in rows]))
    optimum = found["designs"][0]["name"]
    floors = [one["bound_usd_per_mwh"] if one["name"] == optimum else None for one in rows]
    body.append(line(words("pw.cost.bound"), floors, why=words("pw.no_floor")))
    if found["convention"]:
        title = words.html("pw.cost.price", convention=name(found["convention"]))
        body.append(line(title, [one["convention_usd_per_mwh"] for one in rows]))
    return table(words("pw.cost.caption"), heads, body, class_="small")


def targets_table(found: Document, words: Words) -> Html:
    """The cheapest design at each target."""
    rows = found["targets"]
    sources = [part for part in rows[0]["installed_mw"] if part != BATTERY]
    has_battery = BATTERY in rows[0]["installed_mw"]
    heads: Heads = [(words("pw.col.target"), "n")]
    heads += [(words("pw.col.source", part=label(part, words)), "n") for part in sources]
    heads += [(words("pw.col.battery"), "n")] if has_battery else []
    heads += [(words(f"pw.col.{key}"), "n") for key in ("units", "reaches", "short", "served", "with")]
    body = []
    for row in rows:
        built, nothing = row["installed_mw"], words("pw.nothing")
        cells = [shown(mw(built[part]), nothing) for part in sources]
        if has_battery:
            held = mw(built[BATTERY])
            cells.append(missing(nothing) if held == DASH else join([f"{held} / {mw(row['battery_mwh'])}"]))
        serves = row["reliability"]
        cells += [
            shown(units_words(row, words), words("pw.no_units")),
            join([sure(serves["availability_frac"])]),
            join([hours(serves["short_h_per_year"])]),
            join([per_mwh(row["served_usd_per_mwh"])]),
            join([per_mwh(row["with_unserved_usd_per_mwh"])]),
        ]
        first = tag("th", sure(row["availability_frac"]), scope="row", class_="n")
        body.append(tag("tr", first, *(tag("td", cell, class_="n") for cell in cells)))
    return table(words("pw.targets.caption"), heads, body, class_="small scores")


def spares_table(found: Document, words: Words) -> Html:
    """How often each design is short with so many spares, and what that costs."""
    rows = [one for one in in_order(found) if one["spares"]]
    steps = sorted({rung["n_spare"] for one in rows for rung in one["spares"]})
    heads: Heads = [(words("pw.col.spares"), "n"), *((name(one["name"]), "n") for one in rows)]
    body = []
    for n in steps:
        cells = []
        for one in rows:
            rung = next((rung for rung in one["spares"] if rung["n_spare"] == n), None)
            if rung is None:
                cells.append(tag("td", missing(words("pw.not_tried")), class_="n"))
                continue
            own = one["units"][rung["source"]]["n_spare"] == n
            told = rare(rung["short_frac"])
            usd = tag("small", per_mwh(rung["served_usd_per_mwh"]))
            cells.append(tag("td", tag("strong", told) if own else told, usd, class_="n"))
        body.append(tag("tr", tag("th", str(n), scope="row", class_="n"), *cells))
    return table(words("pw.spares.caption"), heads, body, class_="small")


def prices_table(found: Document, words: Words) -> Html:
    """What one more megawatt-hour costs over the hours, and the run by rule beside the one of least cost."""
    keys = ("mean_usd_per_mwh", "low_usd_per_mwh", "median_usd_per_mwh", "high_usd_per_mwh")
    heads: Heads = [(words("pw.col.design"), None)]
    heads += [(words(f"pw.col.{key}"), "n") for key in ("mean", "low", "median", "high", "free", "optimal", "rule")]
    body = []
    for one in in_order(found):
        price, rule = one.get("marginal_price"), one.get("rule")
        cells = [shown(per_mwh(number(price, key)), words("pw.no_price")) for key in keys]
        cells.append(shown(rate(number(price, "free_frac")), words("pw.no_price")))
        cells += [
            shown(money(number(rule, key)), words("pw.no_rule"))
            for key in ("optimal_usd_per_year", "running_usd_per_year")
        ]
        first = tag("th", name(one["name"]), scope="row")
        body.append(tag("tr", first, *(tag("td", cell, class_="n") for cell in cells)))
    return table(words("pw.prices.caption"), heads, body, class_="small")


def binds(found: Document, words: Words) -> Html:
    """What binds the optimum, and what loosening each limit is worth."""
    optimum = found["designs"][0]
    listed = [tag("li", said(str(note))) for note in optimum["notes"]]
    notes = tag("ul", *listed, class_="notes") if listed else None
    if not found["relaxed"]:
        return join([each for each in (notes, tag("p", words("pw.binds.none"), class_="note")) if each is not None])
    heads: Heads = [(words("pw.col.limit"), None), (words("pw.col.step"), None), (words("pw.col.saves"), "n")]
    heads.append((words("pw.col.gives"), None))
    rows = [
        tag(
            "tr",
            tag("th", said(str(one["limit"])), scope="row"),
            tag("td", said(str(one["step"]))),
            tag("td", money(one["saves_usd_per_year"]), class_="n"),
            tag("td", said(str(one["costs"])) if one["costs"] else missing(words("pw.gives.none"))),
        )
        for one in found["relaxed"]
    ]
    whole = table(words("pw.binds.caption"), heads, rows, class_="small words")
    return whole if notes is None else join([notes, whole])


def numbers_table(found: Document, words: Words) -> Html:
    """Every number that the result rests on, the weakest source first, what the case file gives last."""
    heads: Heads = [(words("facts.key"), None), (words("facts.value"), "n")]
    heads += [(words(f"facts.{key}"), None) for key in ("confidence", "as_of", "source")]
    order = {confidence: place for place, confidence in enumerate(_WEAKEST)}
    rows = sorted(found["numbers"], key=lambda row: order.get(row["confidence"], 0))
    return tag("div", table(words("pw.numbers.caption"), heads, [_number(row, words) for row in rows],
                            class_="small words"), class_="long")  # fmt: skip


def _number(row: Document, words: Words) -> Html:
    fact = tag("small", tag("code", row["fact"])) if row["fact"] else None
    given = row["confidence"] == "case file"
    told = words("pw.from_file") if given else words.of("confidence", row["confidence"])
    return tag(
        "tr",
        tag("th", tag("code", row["key"]), fact, scope="row"),
        tag("td", plain(row["value"]), class_="n"),
        tag("td", told, class_=f"confidence {'file' if given else row['confidence']}"),
        tag("td", shown(words.table.get(f"pw.as_of.{row['as_of']}", row["as_of"]) or DASH, words("pw.no_date"))),
        tag("td", name(_place(row["source"])) if given else said(str(row["source"]))),
    )


def _place(where: str) -> str:
    """File and line, without the folders it lies in."""
    return where.replace("\\", "/").rpartition("/")[2]


def left_out(found: Document, words: Words) -> Html:
    """What is not in the result, what the files had to say, and how reliability was found."""
    methods = dict.fromkeys(str(one["reliability_method"]) for one in found["designs"])
    parts: list[tuple[str, list[str]]] = [
        ("weak", [str(each) for each in found["weak"]]),
        ("methods", list(methods)),
        ("notes", [str(each) for each in found["notes"]]),
    ]
    made = [
        join([
            tag("h3", words(f"pw.left.{key}")),
            tag("ul", *(tag("li", said(each[:1].upper() + each[1:])) for each in told), class_="notes"),
        ])
        for key, told in parts if told
    ]  # fmt: skip
    return join(made)
