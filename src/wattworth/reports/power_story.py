"""What a solved supply comes to, in sentences: what to build, what it costs, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.reports.catalogue import ONE
from wattworth.reports.formatting import megawatts, money, plain, rate
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.power_words import (
    BATTERY,
    Document,
    best_of,
    built,
    hours,
    in_order,
    inside,
    listed,
    mw,
    per_mwh,
    rare,
    sure,
    units_words,
)
from wattworth.reports.shell import tile
from wattworth.reports.sites import number
from wattworth.reports.words import Words

_NEAR_FRAC = 0.01


def sentences(found: Document, words: Words) -> list[Html]:
    """What to build, how well it serves, what is next, who misses the target, and what price and spares say.

    Parameters
    ----------
    found
        Document of :func:`wattworth.valuation.power_document.power_document`.
    words
        Language.
    """
    best = best_of(found)
    if best is None:
        nearest = in_order(found)[0]
        told = words.listed([said(str(flag)) for flag in nearest["flags"]])
        return [
            words.html("pw.none", target=target_words(found, words)),
            words.html("pw.none.nearest", design=name(nearest["name"]), flags=told),
        ]
    return [*_answer(found, best, words), *_rivals(found, best, words), *_misses(found, words), *_more(found, words)]


def target_words(found: Document, words: Words) -> str:
    """What every design must reach."""
    wanted = found["reliability"]
    told = []
    if wanted["availability_frac"] is not None:
        told.append(words("pw.target.availability", frac=sure(wanted["availability_frac"])))
    if wanted["unserved_frac"] is not None:
        told.append(words("pw.target.unserved", frac=rare(wanted["unserved_frac"])))
    if wanted["short_h_per_year"] is not None:
        told.append(words("pw.target.short", hours=hours(wanted["short_h_per_year"])))
    return str(listed(told, words))


def built_words(design: Document, words: Words) -> Html:
    """What a design builds, in words."""
    told: list[str] = []
    for part, value in built(design).items():
        count = design["units"].get(part)
        if count is not None and count["n_unit"]:
            key = "pw.builds.units" if count["n_spare"] > 0 else "pw.builds.whole"
            told.append(
                words(
                    key,
                    units=_units(part, count["n_unit"], words),
                    mw=f"{count['unit_mw']:g}",
                    load=count["n_load"],
                    spare=count["n_spare"],
                )
            )
        elif part == BATTERY:
            told.append(words("pw.builds.battery", mw=mw(value), mwh=mw(design["battery_mwh"])))
        else:
            told.append(words("pw.builds.mw", part=inside(part, words), mw=mw(value)))
    return listed(told, words) if told else text(words("pw.builds.none"))


def _units(part: str, number: int, words: Words) -> str:
    """So many units of a source."""
    key = f"pw.count.{part}"
    if key + ONE in words.table:
        return words.count(key, number)
    return words("pw.count.named", n=f"{number:,}", part=inside(part, words))


def _answer(found: Document, best: Document, words: Words) -> Iterator[Html]:
    usd = per_mwh(number(best, "served_usd_per_mwh"))
    yield words.html("pw.answer", design=name(best["name"]), built=built_words(best, words), usd=usd)
    serves = best["reliability"]
    yield words.html(
        "pw.serves",
        frac=sure(serves["availability_frac"]),
        hours=hours(serves["short_h_per_year"]),
        target=target_words(found, words),
    )
    green, co2 = number(best, "renewable_frac") or 0.0, number(best, "co2_t_per_year") or 0.0
    yield words.html("pw.green", green=rate(green), co2=plain(round(co2, -2)))


def _rivals(found: Document, best: Document, words: Words) -> Iterator[Html]:
    others = [one for one in in_order(found) if one["place"] not in (None, 1)]
    cheapest = number(best, "served_usd_per_mwh") or 0.0
    told = []
    for one in others:
        more = (number(one, "served_usd_per_mwh") or 0.0) - cheapest
        told.append(words.html("pw.rival", design=name(one["name"]), usd=per_mwh(more)))
    if told:
        yield words.html("pw.rivals", list=words.listed(told))
        first = (number(others[0], "served_usd_per_mwh") or 0.0) - cheapest
        if first < _NEAR_FRAC * cheapest:
            yield words.html("pw.near", design=name(others[0]["name"]))


def _misses(found: Document, words: Words) -> Iterator[Html]:
    missed = [one for one in found["designs"] if one["place"] is None]
    for one in missed:
        flags = words.listed([said(str(flag)) for flag in one["flags"]])
        yield words.html("pw.missed", design=name(one["name"]), flags=flags)


def _more(found: Document, words: Words) -> Iterator[Html]:
    ranked = [one for one in in_order(found) if one["place"] is not None]
    prices = [number(one, "convention_usd_per_mwh") for one in ranked]
    if len(ranked) > 1 and all(price is not None for price in prices):
        order = sorted(ranked, key=lambda one: number(one, "convention_usd_per_mwh") or 0.0)
        same = [one["name"] for one in order] == [one["name"] for one in ranked]
        key = "pw.price.same" if same else "pw.price.other"
        yield words.html(
            key,
            convention=name(str(found["convention"])),
            design=name(order[0]["name"]),
            usd=per_mwh(number(order[0], "convention_usd_per_mwh")),
        )
    for one in found["relaxed"]:
        if one["costs"]:
            saves = money(one["saves_usd_per_year"])
            yield words.html("pw.spare", step=said(str(one["step"])), saves=saves, costs=said(str(one["costs"])))


def in_short(found: Document, words: Words) -> Html:
    """The numbers to take away, the answer, and the sentences behind it."""
    heading = tag("h2", words("pw.short.title"), class_="vh", id="short-heading")
    first, *rest = sentences(found, words)
    best = best_of(found)
    tiles = None if best is None else tag("dl", *_tiles(found, best, words), class_="figures")
    answer = tag("p", tag("strong", first), class_="story")
    more = tag("p", join(rest, " "), class_="story more")
    return tag("section", heading, tiles, answer, more, id="short", aria_labelledby="short-heading")


def _tiles(found: Document, best: Document, words: Words) -> Iterator[Html]:
    yield tile(
        words("pw.tile.cost"),
        per_mwh(number(best, "served_usd_per_mwh")),
        words("pw.tile.cost.note"),
        name(best["name"]),
    )
    firm = sum(count["n_unit"] * count["unit_mw"] for count in best["units"].values())
    yield tile(words("pw.tile.built"), words("pw.mw", mw=megawatts(_sum_mw(best))), _split(best, firm, words))
    serves = best["reliability"]
    note = words("pw.tile.serves.note", hours=hours(serves["short_h_per_year"]))
    yield tile(words("pw.tile.serves"), sure(serves["availability_frac"]), note)
    yield tile(words("pw.tile.green"), rate(number(best, "renewable_frac")), words("pw.tile.green.note"))


def _sum_mw(design: Document) -> float:
    return sum(built(design).values())


def _split(design: Document, firm_mw: float, words: Words) -> str:
    told = units_words(design, words)
    return words("pw.tile.units", units=told) if firm_mw else words("pw.tile.built.note")
