"""Tables of a power gap: the balance, the note's own figures, years, and every number with its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.formatting import chance, plain
from wattworth.reports.gap_figures import counts_words
from wattworth.reports.gap_words import GAP, PARTS, Document, gw, is_drawn, label_words, span, spread_words
from wattworth.reports.markup import Html, join, name, said, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words


def balance(found: Document, words: Words = GAP) -> Html:
    """Every amount: as stated, its chance, its ends times its chance, and what the draws say."""
    keys = ["stated", "chance", "low", "high"]
    keys += ["mean", "range", "variance"] if is_drawn(found) else []
    heads: list[tuple[str, str | None]] = [(words("gp.col.amount"), None)]
    heads += [(words(f"gp.col.{key}"), "n") for key in keys]
    drawn = {row["name"]: row for row in found["contributions"]} if is_drawn(found) else None
    parts = [_line(each, drawn, words) for each in found["lines"] if each["is_part"]]
    parts += [_lost(key, why, len(keys), words) for key, why in found["missing"].items() if key in PARTS]
    sources = [_line(each, drawn, words) for each in found["lines"] if not each["is_part"]]
    sources += [_lost(key, why, len(keys), words) for key, why in found["missing"].items() if key not in PARTS]
    sums = found["arithmetic"]
    rows = [*parts, _level("gap", found, (sums["gap_gw"], sums["gap_gw"]), words), *sources]
    rows.append(_level("net", found, (sums["net_high_gw"], sums["net_low_gw"]), words))
    if found.get("after_known"):
        rows.append(_level("known", found, (None, None), words, key="after_known"))
    if found.get("net_with_headroom"):
        rows.append(_level("headroom", found, (None, None), words, key="net_with_headroom"))
    return table(words("gp.table.caption"), heads, rows, class_="small")


def _line(each: Document, drawn: dict[str, Document] | None, words: Words) -> Html:
    odds = each["chance_frac"]
    cells: list[object] = [
        span(each["low_gw"], each["high_gw"], words),
        missing(words("gp.no_chance")) if odds is None else chance(odds),
        gw(each["counted_low_gw"]),
        gw(each["counted_high_gw"]),
    ]
    below: Html | None = None
    if drawn is not None:
        row = drawn[each["name"]]
        delivered, share = row["delivered"], number(row, "variance_frac")
        cells += [gw(delivered["mean_gw"]), span(delivered["p5_gw"], delivered["p95_gw"], words)]
        cells.append(chance(share) if share else missing(words("gp.no_variance")))
        if row["replaced"]:
            below = tag("small", words("gp.replaced", names=words.row(row["replaced"])))
    return _row(
        tag("th", name(label_words(each["name"], each["label"], words)), below, scope="row"),
        cells,
        data_amount=each["name"],
    )


def _lost(key: str, why: str, n_cell: int, words: Words) -> Html:
    told = words("gp.missing", why=why)
    label = tag("th", name(words.of("gp.part", key)), tag("small", told), scope="row")
    return _row(label, [missing(told)] * n_cell, data_amount=key, class_="missing")


def _level(
    label: str, found: Document, ends: tuple[float | None, float | None], words: Words, *, key: str | None = None
) -> Html:
    """The gap or what is left of it, with dashes where an input is missing."""
    why = words("gp.unknown")
    cells: list[object] = ["", "", *(shown(gw(end), why) for end in ends)]
    if is_drawn(found):
        spread = found.get(key or label)
        cells.append(shown(gw(number(spread, "mean_gw")), why))
        cells.append(missing(why) if not spread else span(spread["p5_gw"], spread["p95_gw"], words))
        cells.append("")
    return _row(tag("th", tag("strong", words(f"gp.row.{label}")), scope="row"), cells, class_="best-use")


def _row(head: Html, cells: list[object], **attributes: object) -> Html:
    return tag("tr", head, *(tag("td", cell, class_="n") for cell in cells), **attributes)


def checks(found: Document, words: Words = GAP) -> Html:
    """Printed figures beside what their inputs give."""
    heads: list[tuple[str, str | None]] = [(words("gp.col.figure"), None)]
    heads += [(words(f"gp.col.{key}"), "n") for key in ("printed", "computed", "within")]
    heads += [(words("gp.col.agrees"), None), (words("gp.col.source"), None)]
    rows = []
    for check in found["checks"]:
        agrees = {True: "true", False: "false", None: "none"}[check["agrees"]]
        note = tag("small", said(check["note"])) if check.get("note") else None
        figures = (_figure(check[key], check["unit"]) for key in ("printed", "computed", "tolerance"))
        rows.append(
            tag(
                "tr",
                tag("th", words(f"gp.figure.{check['figure']}"), scope="row"),
                *(tag("td", shown(figure, words("gp.unknown")), class_="n") for figure in figures),
                tag("td", words(f"gp.agrees.{agrees}")),
                tag("td", said(check["source"]), note),
                data_figure=check["figure"],
            )
        )
    return table(words("gp.checks.caption"), heads, rows, class_="small words")


def _figure(value: float | None, unit: str) -> str:
    printed = plain(None if value is None else 100 * value if unit == "frac" else value)
    return f"{printed}%" if unit == "frac" and value is not None else printed


def years(found: Document, words: Words = GAP) -> Html:
    """Gap, net gap and chance of a shortfall at the end of each year."""
    rows = [(str(year["year"]), year) for year in found["years"]]
    return _spreads("year", rows, words)


def regions(found: Document, words: Words = GAP) -> Html:
    """Gap, net gap and chance of a shortfall of each region."""
    return _spreads("region", [(str(region["name"]), region) for region in found["regions"]], words)


def _spreads(kind: str, rows: list[tuple[str, Document]], words: Words) -> Html:
    heads: list[tuple[str, str | None]] = [(words(f"gp.col.{kind}"), None)]
    heads += [(words(f"gp.col.{key}"), "n") for key in ("gap", "net", "chance")]
    made = [
        tag(
            "tr",
            tag("th", name(label), scope="row"),
            tag("td", spread_words(told["gap"], words), class_="n"),
            tag("td", spread_words(told["net"], words), class_="n"),
            tag("td", chance(told["gap_chance_frac"]), class_="n"),
            **{f"data_{kind}": label},
        )
        for label, told in rows
    ]
    return table(words(f"gp.{kind}s.caption"), heads, made, class_="small")


def numbers(found: Document, words: Words = GAP) -> Html:
    """Every number of the model with its source and confidence, the weakest first."""
    heads: list[tuple[str, str | None]] = [(words("gp.col.key"), None), (words("gp.col.value"), "n")]
    heads += [(words(f"gp.col.{key}"), None) for key in ("unit", "trust", "source", "as_of")]
    return table(words("gp.numbers.caption"), heads, map(_number(words), found["numbers"]), class_="small words")


def _number(words: Words) -> Any:
    def row(each: Document) -> Html:
        trust = str(each["confidence"])
        note = tag("small", said(each["note"])) if each.get("note") else None
        date = each.get("as_of")
        return tag(
            "tr",
            tag("th", tag("code", each["key"]), scope="row"),
            tag("td", _value(each, words), class_="n"),
            tag("td", words.table.get(f"gp.of.{each['unit']}", each["unit"])),
            tag("td", words.of("confidence", trust), class_=f"confidence {trust}"),
            tag("td", said(each["source"]), note),
            tag("td", str(date) if date else missing(words("gp.no_date")), class_="nowrap"),
        )

    return row


def _value(each: Document, words: Words) -> str:
    low, high = number(each, "low"), number(each, "high")
    middle = plain(number(each, "value"))
    if low is None or high is None:
        return middle
    ends = words.range(plain(low), plain(high))
    return ends if each.get("value") is None else words("gp.spread", mean=middle, range=ends)


def versions(found: Document, words: Words = GAP) -> Html:
    """What each version of the note prints, and what its inputs give."""
    heads: list[tuple[str, str | None]] = [(words("gp.col.version"), None)]
    heads += [(words(f"gp.col.{key}"), "n") for key in ("demand", "built", "grid", "gap.both", "net.both")]
    heads.append((words("gp.col.missing"), None))
    why = words("gp.unknown")
    rows = []
    for version in found["versions"]:
        computed, printed = version["computed"], version["printed"]
        cells = [shown(gw(computed[f"{part}_gw"], 0), why) for part in PARTS]
        cells += [
            join([shown(plain(printed.get(key)), why), words("list.comma"), shown(gw(computed[field], 2), why)])
            for key, field in (("gap", "gap_gw"), ("net_high", "net_high_gw"))
        ]
        lost = words.row(words.of("gp.part", key) for key in version["missing"]) or words("gp.nothing.missing")
        head = tag("th", name(version["title"]), tag("small", str(version["published"] or "")), scope="row")
        listed = [tag("td", cell, class_="n") for cell in cells]
        rows.append(tag("tr", head, *listed, tag("td", lost), data_version=version["model"]))
    return table(words("gp.versions.caption"), heads, rows, class_="small")


def demand(found: Document, words: Words = GAP) -> Html:
    """Every view of demand: as printed, and as average power and capacity or peak."""
    heads: list[tuple[str, str | None]] = [(words("gp.col.view"), None), (words("gp.col.counts"), None)]
    heads += [(words(f"gp.col.{key}"), "n") for key in ("printed", "average", "full", "load")]
    heads += [(words("gp.col.source"), None), (words("gp.col.trust"), None)]
    rows = list(_views(found["demand"]["cases"], words))
    return table(words("gp.demand.caption"), heads, rows, class_="small words wide")


def _views(cases: list[Document], words: Words) -> Iterator[Html]:
    why = words("gp.no_ratio")
    for case in cases:
        ratio, lent = number(case, "load_factor_frac"), case["load_factor_source"]
        shown_ratio = missing(why) if ratio is None or lent is None else _lent(ratio, lent, words)
        trust = str(case["confidence"])
        view = join([name(case["publisher"]), str(case["year"])], words("list.comma"))
        scope = words.table.get(f"gp.scope.{case['scope']}", str(case["scope"]))
        unit = words.table.get(f"gp.of.{case['unit']}", str(case["unit"]))
        note = tag("small", said(case["note"])) if case.get("note") else None
        yield tag(
            "tr",
            tag("th", view, tag("small", case["published"]), scope="row"),
            tag("td", words.row([scope, counts_words(case, words)]), tag("small", _axis(case, words))),
            tag("td", f"{_band(case['printed'], words)} {unit}", class_="n"),
            tag("td", shown(_band(case["average_gw"], words), why), class_="n"),
            tag("td", shown(_band(case["full_gw"], words), why), class_="n"),
            tag("td", shown_ratio, class_="n"),
            tag("td", said(case["source"]), note),
            tag("td", words.of("confidence", trust), class_=f"confidence {trust}"),
            data_case=case["case_id"],
        )


def _lent(ratio: float, lent: str, words: Words) -> Html:
    return join([f"{100 * ratio:.1f}%", tag("small", words(f"gp.load.{lent}"))])


def _axis(case: Document, words: Words) -> str:
    return f"{words('gp.measure.' + case['measure'])} {words('gp.basis.' + case['basis'])}"


def _band(band: Document | None, words: Words) -> str:
    return gw(None) if band is None else words.range(plain(_round(band["low"])), plain(_round(band["high"])))


def _round(value: float) -> float:
    return round(value, 1)
