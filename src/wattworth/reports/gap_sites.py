"""Own supply in place of the model's: the overlap, the sites by year, what is left out, and what it does to rents."""

from __future__ import annotations

from wattworth.reports.cells import missing, table
from wattworth.reports.figures import Html
from wattworth.reports.formatting import chance, megawatts, money
from wattworth.reports.gap_figures import hidden_sites, pair, panel, site_rows, sites_fan
from wattworth.reports.gap_words import GAP, Document, gw, reason_words, span
from wattworth.reports.markup import join, name, said, tag
from wattworth.reports.words import Words


def own_supply(found: Document, words: Words = GAP) -> Html:
    """What stands in place of the model's own sources, and of the sites in particular."""
    told = [tag("h3", words("gp.overlap.title")), overlaps(found, words)]
    sites = found.get("sites")
    if sites is None:
        return join(told)
    source = words("gp.sites.source", study=sites["study"], as_of=sites["as_of"])
    hidden = hidden_sites(found)
    left = [words("gp.sites.hidden", n=hidden)] if hidden else []
    fan = words("gp.sites.fan.caption", draws=f"{sites['draws']:,}")
    rows = words("gp.sites.rows.caption", draws=f"{sites['value_draws']:,}")
    year = sites["years"][-1]["year"]
    drawings = [panel(words("gp.sites.fan"), sites_fan(found, words), f"{fan} {source}")]
    if sites["rows"]:
        note = " ".join([rows, *left, source])
        drawings.append(panel(words("gp.sites.rows", year=year), site_rows(found, words), note))
    return join([*told, pair(*drawings), by_site(found, words), *_left_out(found, words)])


def overlaps(found: Document, words: Words = GAP) -> Html:
    """Own supply beside the sources that it takes the place of."""
    heads: list[tuple[str, str | None]] = [(words("gp.col.amount"), None), (words("gp.col.own"), "n")]
    heads += [(words("gp.col.instead"), None), (words("gp.col.theirs"), "n")]
    rows = []
    for each in found["overlaps"]:
        own = words("gp.spread", mean=gw(each["own_mean_gw"]), range=span(each["own_p5_gw"], each["own_p95_gw"], words))
        names = words.row(each["replaced"])
        theirs = (
            missing(words("gp.unknown")) if each["low_gw"] is None else span(each["low_gw"], each["high_gw"], words)
        )
        rows.append(
            tag(
                "tr",
                tag("th", name(each["label"]), tag("small", said(each["note"])), scope="row"),
                tag("td", own, class_="n"),
                tag("td", name(names) if names else words("gp.overlap.none")),
                tag("td", theirs, class_="n"),
            )
        )
    return table(words("gp.overlap.caption"), heads, rows, class_="small words")


def by_site(found: Document, words: Words = GAP) -> Html:
    """Supply of each site at the end of each year, on average."""
    sites = found["sites"]
    years = [str(year["year"]) for year in sites["years"]]
    heads: list[tuple[str, str | None]] = [(words("gp.col.site"), "name"), (words("gp.col.use"), None)]
    heads += [(words("gp.col.mw"), "n"), (words("gp.col.chance"), "n"), *((year, "n") for year in years)]
    rows = [
        tag(
            "tr",
            tag("th", name(site["site"]), tag("small", name(site["company"])), scope="row", class_="name"),
            tag("td", words.row(words.of("use", use) for use in site["uses"])),
            tag("td", megawatts(site["gross_mw"]), class_="n"),
            tag("td", chance(site["success_frac"]), class_="n"),
            *(tag("td", gw(site["mean_gw"][year], 2), class_="n") for year in years),
            data_site=site["site_id"],
        )
        for site in sites["rows"]
    ]
    whole = [tag("td", megawatts(1e3 * sites["gross_gw"]), class_="n"), tag("td")]
    sums = [tag("td", gw(year["mean_gw"], 2), class_="n") for year in sites["years"]]
    head = tag("th", words("gp.sites.all"), scope="row")
    rows.append(tag("tr", head, tag("td"), *whole, *sums, class_="best-use", data_site=""))
    return table(words("gp.sites.caption"), heads, rows, class_="small")


def _left_out(found: Document, words: Words) -> list[Html]:
    sites = found["sites"]
    counted: dict[str, int] = {}
    for out in sites["left_out"]:
        counted[out["reason"]] = counted.get(out["reason"], 0) + 1
    heads: list[tuple[str, str | None]] = [(words("gp.col.why"), None)]
    heads += [(words("gp.col.gw"), "n"), (words("gp.col.count"), "n")]
    rows = [
        tag(
            "tr",
            tag("th", reason_words(reason, words), scope="row"),
            tag("td", gw(power, 2), class_="n"),
            tag("td", f"{counted[reason]:,}", class_="n"),
        )
        for reason, power in sites["left_out_gw"].items()
    ]
    listed = table(words("gp.left.caption"), heads, rows, class_="small")
    return [tag("h3", words("gp.left.title")), tag("p", words("gp.left.note"), class_="note"), listed]


def scarcity(found: Document, words: Words = GAP) -> Html:
    """What a net gap does to rents, and rents to the sites, in sentences."""
    felt = found["scarcity"]
    percent = f"{100 * (felt['rent_ratio'] - 1):+.1f}%".replace("-", "\N{MINUS SIGN}")
    told = [
        words(
            "gp.scarcity.rent",
            elasticity=f"{felt['elasticity_ratio']:g}",
            percent=percent,
            confidence=words.of("confidence", felt["confidence"]),
            source=felt["source"],
        ),
        words("gp.scarcity.sites", after=gw(felt["sites_after_gw"]), before=gw(felt["sites_before_gw"])),
        words("gp.scarcity.net", after=gw(felt["net_after_gw"]), before=gw(felt["net_before_gw"])),
        words("gp.scarcity.value", after=money(felt["value_after_usd"]), before=money(felt["value_before_usd"])),
    ]
    return tag("ul", *(tag("li", each) for each in told), class_="notes")
