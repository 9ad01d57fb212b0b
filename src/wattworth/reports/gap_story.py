"""What a balance comes to: the numbers to take away, and the sentences behind them."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.reports.formatting import chance
from wattworth.reports.gap_words import GAP, Document, gw, is_drawn, span
from wattworth.reports.markup import Html, said, tag
from wattworth.reports.shell import tile
from wattworth.reports.sites import number
from wattworth.reports.words import Words


def in_short(found: Document, words: Words = GAP) -> Html:
    """Tiles and sentences, the plainest first."""
    engine = [said(each) for each in found["sentences"]]
    lead = _lead(found, words)
    first, *rest = engine or [lead or words("gp.partial")]
    first = first if lead is None else lead
    heading = tag("h2", words("gp.short.title"), class_="vh", id="short-heading")
    return tag(
        "section",
        heading,
        tag("dl", *_tiles(found, words), class_="figures"),
        tag("p", tag("strong", first), class_="story"),
        tag("ul", *(tag("li", each) for each in rest), class_="notes") if rest else None,
        tag("p", said(found["note"]), class_="note") if found.get("note") else None,
        id="short",
        aria_labelledby="short-heading",
    )


def _lead(found: Document, words: Words) -> str | None:
    """What a whole balance that was drawn comes to; the sentence that the engine says first."""
    net = found.get("net")
    if not net or found.get("partial") or found["gap_chance_frac"] is None:
        return None
    mean = float(net["mean_gw"])
    return words(
        "gp.lead.short" if mean > 0 else "gp.lead.surplus",
        year=found["year"],
        mean=gw(abs(mean)),
        low=gw(net["p5_gw"]),
        high=gw(net["p95_gw"]),
        chance=chance(found["gap_chance_frac"]),
    )


def _tiles(found: Document, words: Words) -> Iterator[Html]:
    sums, net = found["arithmetic"], found.get("net")
    if sums["gap_gw"] is not None:
        yield tile(words("gp.tile.gap"), words("gp.gw", gw=gw(sums["gap_gw"])), words("gp.tile.gap.note"), mark="gap")
    if net:
        note = words("gp.tile.net.note", range=span(net["p5_gw"], net["p95_gw"], words))
        yield tile(words("gp.tile.net"), words("gp.gw", gw=gw(net["mean_gw"])), note, mark="net")
        note = words("gp.tile.chance.note", draws=f"{found['draws']:,}")
        yield tile(words("gp.tile.chance"), chance(found["gap_chance_frac"]), note, mark="chance")
    elif not is_drawn(found) and sums["net_high_gw"] is not None:
        for key, field in (("low", "net_high_gw"), ("middle", "net_mid_gw"), ("high", "net_low_gw")):
            note = words.table.get(f"gp.tile.{key}.note", "")
            yield tile(words(f"gp.tile.{key}"), words("gp.gw", gw=gw(sums[field])), note, mark=key)
    if known := found.get("after_known"):
        note = words("gp.tile.known.note", n=len(found["missing"]))
        yield tile(words("gp.tile.known"), words("gp.gw", gw=gw(known["mean_gw"])), note, mark="known")
    yield from _beside(found, words)


def _beside(found: Document, words: Words) -> Iterator[Html]:
    headline = next((check for check in found["checks"] if check["figure"] == "net_high"), None)
    corner = number(found, "note_arithmetic", "net_high_gw")
    if headline is not None and corner is not None:
        note = words("gp.tile.printed.note", gw=gw(corner, 2))
        yield tile(words("gp.tile.printed"), words("gp.gw", gw=gw(headline["printed"], 0)), note, mark="printed")
    if sites := found.get("sites"):
        last = next((year for year in sites["years"] if year["year"] == found["year"]), sites["years"][-1])
        note = words("gp.tile.own.note", range=span(last["p5_gw"], last["p95_gw"], words))
        yield tile(words("gp.tile.own", year=last["year"]), words("gp.gw", gw=gw(last["mean_gw"])), note, mark="own")
    bare = (found.get("bare") or {}).get("net")
    if bare:
        note = words("gp.tile.bare.note", range=span(bare["p5_gw"], bare["p95_gw"], words))
        yield tile(words("gp.tile.bare"), words("gp.gw", gw=gw(bare["mean_gw"])), note, mark="bare")
