"""What a balance comes to: the numbers to take away, and the sentences behind them."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.reports.formatting import chance
from wattworth.reports.gap_words import GAP, Document, gw, is_drawn, span
from wattworth.reports.markup import Html, name, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words


def in_short(found: Document, words: Words = GAP) -> Html:
    """Tiles and sentences, the plainest first."""
    first, *rest = found["sentences"] or [words("gp.partial")]
    heading = tag("h2", words("gp.short.title"), class_="vh", id="short-heading")
    return tag(
        "section",
        heading,
        tag("dl", *_tiles(found, words), class_="figures"),
        tag("p", tag("strong", name(first)), class_="story"),
        tag("ul", *(tag("li", name(each)) for each in rest), class_="notes") if rest else None,
        tag("p", name(found["note"]), class_="note") if found.get("note") else None,
        id="short",
        aria_labelledby="short-heading",
    )


def _tiles(found: Document, words: Words) -> Iterator[Html]:
    sums, net = found["arithmetic"], found.get("net")
    if sums["gap_gw"] is not None:
        yield _tile("gap", words("gp.gw", gw=gw(sums["gap_gw"])), words("gp.tile.gap.note"), words)
    if net:
        note = words("gp.tile.net.note", range=span(net["p5_gw"], net["p95_gw"], words))
        yield _tile("net", words("gp.gw", gw=gw(net["mean_gw"])), note, words)
        note = words("gp.tile.chance.note", draws=f"{found['draws']:,}")
        yield _tile("chance", chance(found["gap_chance_frac"]), note, words)
    elif not is_drawn(found) and sums["net_high_gw"] is not None:
        for key, field in (("low", "net_high_gw"), ("middle", "net_mid_gw"), ("high", "net_low_gw")):
            note = words.table.get(f"gp.tile.{key}.note", "")
            yield _tile(key, words("gp.gw", gw=gw(sums[field])), note, words)
    if known := found.get("after_known"):
        note = words("gp.tile.known.note", n=len(found["missing"]))
        yield _tile("known", words("gp.gw", gw=gw(known["mean_gw"])), note, words)
    yield from _beside(found, words)


def _beside(found: Document, words: Words) -> Iterator[Html]:
    headline = next((check for check in found["checks"] if check["figure"] == "net_high"), None)
    corner = number(found, "note_arithmetic", "net_high_gw")
    if headline is not None and corner is not None:
        note = words("gp.tile.printed.note", gw=gw(corner, 2))
        yield _tile("printed", words("gp.gw", gw=gw(headline["printed"], 0)), note, words)
    if sites := found.get("sites"):
        last = next((year for year in sites["years"] if year["year"] == found["year"]), sites["years"][-1])
        note = words("gp.tile.own.note", range=span(last["p5_gw"], last["p95_gw"], words))
        yield _tile("own", words("gp.gw", gw=gw(last["mean_gw"])), note, words, year=last["year"])
    bare = (found.get("bare") or {}).get("net")
    if bare:
        note = words("gp.tile.bare.note", range=span(bare["p5_gw"], bare["p95_gw"], words))
        yield _tile("bare", words("gp.gw", gw=gw(bare["mean_gw"])), note, words)


def _tile(key: str, printed: str, note: str, words: Words, **fields: object) -> Html:
    title = words(f"gp.tile.{key}", **fields)
    return tag("div", tag("dt", title), tag("dd", tag("strong", printed), tag("small", note)), data_tile=key)
