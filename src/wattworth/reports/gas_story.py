"""What a gas study comes to, in sentences: how much gas finds a use, which is best, what limits cost, what is weak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.reports.gas_figures import limit_name, relaxed_rows
from wattworth.reports.gas_tables import binding
from wattworth.reports.gas_words import (
    LET_GO,
    NO_BCM,
    Document,
    expected,
    field_sums,
    limit_words,
    musd,
    per_mmbtu,
    percent,
    trust_words,
    unit_of,
    use_label,
    used_bcm,
    uses_in_order,
    worth,
)
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.shell import tile
from wattworth.reports.words import Words

MOST_NAMED: Final = 3
_NO_USD: Final = 0.005


def paragraphs(found: Document, words: Words) -> list[list[Html]]:
    """Sentences on the gas, the best use and why with what is barred, limits, income, and what is weak.

    Parameters
    ----------
    found
        Document of :func:`wattworth.gas.document_of`.
    words
        Language.
    """
    return [
        list(_gas(found, words)),
        [*_best(found, words), *_barred(found, words)],
        list(_limits(found, words)),
        [*_income(found, words), *_weak(found, words)],
    ]


def in_short(found: Document, words: Words) -> Html:
    """The numbers to take away, the answer, and the sentences behind it."""
    (first, *rest), *others = paragraphs(found, words)
    return tag(
        "section",
        tag("h2", words("gs.short.title"), class_="vh", id="short-heading"),
        tag("dl", *_tiles(found, words), class_="figures"),
        tag("p", tag("strong", first), class_="story"),
        *(tag("p", join(part, " "), class_="story more") for part in (rest, *others)),
        id="short",
        aria_labelledby="short-heading",
    )


def best_option(found: Document) -> Document | None:
    """The option that takes gas, sells something and earns the most at the field for each MMBtu."""
    means = expected(found)
    taking = [
        o
        for o in found["allocation"]["options"]
        if sum(o["gas_bcm"]) > NO_BCM and o["option"] in means and o["use"] not in LET_GO
    ]
    return max(taking, key=lambda o: means[o["option"]]["field_usd_per_mmbtu"], default=None)


def held_by(option: Document, found: Document) -> Document | None:
    """The dearest limit that holds an option back: its demand, a limit on it, or room in the line that feeds it."""
    lines = {link["link"] for link in found["allocation"]["links"] if link["to"] == option["node"]}
    own = [
        limit
        for limit in binding(found)
        if (limit["kind"] == "depth" and limit["name"] == option["option"])
        or (limit["kind"] == "link" and limit["name"] in lines)
    ]
    return max(own, key=lambda limit: abs(limit["present_musd"]), default=None)


def relaxed_by(option: Document, found: Document) -> Document | None:
    """The limit on an option or its use, or the set of them, whose absence adds the most."""
    own = {option["option"], option["use"]}
    for each in relaxed_rows(found):
        named = {part.strip() for row in each["rows"] for part in (row["applies_to"] or "").split(";")}
        if named & own:
            return each
    return None


def _gas(found: Document, words: Words) -> Iterator[Html]:
    unit = unit_of(found)
    available, produced = field_sums(found)
    used, let_go = used_bcm(found), used_bcm(found, let_go=True)
    unused = max(available - produced, 0.0)
    fields = {
        "available": unit.said(available, words, yearly=False),
        "first": found["years"][0],
        "last": found["years"][-1],
        "used": unit.said(used, words, yearly=False),
        "share": percent(used / available if available else None),
    }
    yield words.html("gs.answer", **fields)
    lost = max(produced - used - let_go, 0.0)
    if unused > NO_BCM:
        gas = unit.said(unused, words, yearly=False)
        yield words.html("gs.unused", gas=gas, share=percent(unused / available))
    else:
        yield words.html("gs.unused.none")
    if let_go > NO_BCM:
        gas = unit.said(let_go, words, yearly=False)
        yield words.html("gs.let_go", gas=gas, share=percent(let_go / available))
    if lost > NO_BCM:
        yield words.html("gs.lost", gas=unit.said(lost, words, yearly=False))


def _best(found: Document, words: Words) -> Iterator[Html]:
    uses, unit = [use for use in uses_in_order(found) if use not in LET_GO], unit_of(found)
    best = best_option(found)
    if not uses or best is None:
        yield words.html("gs.best.none")
        return
    gas = {row["use"]: row for row in found["offset"]["by_use"]}
    total = sum(sum(row["gas_bcm"]) for row in gas.values())
    top = gas[uses[0]]
    yield words.html(
        "gs.most",
        use=name(use_label(uses[0], words)),
        share=percent(sum(top["gas_bcm"]) / total),
        worth=musd(top["worth_musd"]),
    )
    rung = expected(found)[best["option"]]
    capital = rung["inlet_before_capex_usd_per_mmbtu"] - rung["inlet_usd_per_mmbtu"]
    yield words.html(
        "gs.best",
        option=name(best["option"]),
        use=name(use_label(best["use"], words)),
        field=per_mmbtu(rung["field_usd_per_mmbtu"]),
        inlet=per_mmbtu(rung["inlet_usd_per_mmbtu"]),
        way=per_mmbtu(rung["inlet_usd_per_mmbtu"] - rung["field_usd_per_mmbtu"]),
    )
    why = "gs.why.plant" if capital > _NO_USD else "gs.why.free"
    yield words.html(why, capital=per_mmbtu(capital), gas=unit.said(sum(best["gas_bcm"]) / len(found["years"]), words))
    limit, away = held_by(best, found), relaxed_by(best, found)
    if limit is not None:
        yield words.html("gs.held", said=limit_words(limit, found, words))
    elif away is not None:
        gain = worth(away["worth_musd"], found, words)
        yield words.html("gs.held.limit", limit=name(limit_name(away, words)), worth=gain)


def _barred(found: Document, words: Words) -> Iterator[Html]:
    means = expected(found)
    barred = [o for o in means.values() if not o["available"] and o["field_usd_per_mmbtu"] > _NO_USD]
    barred.sort(key=lambda o: -o["field_usd_per_mmbtu"])
    if barred:
        told = [
            words.html("gs.barred.each", option=name(o["option"]), usd=per_mmbtu(o["field_usd_per_mmbtu"]))
            for o in barred[:MOST_NAMED]
        ]
        more = len(barred) - MOST_NAMED
        told += [words.count_html("gs.more", more)] if more > 0 else []
        yield words.html("gs.barred.all", list=words.listed(told))
    if any(use.startswith("ai_") for use in (o["use"] for o in found["allocation"]["options"])):
        most = max(year["ai_gw"] for year in found["offset"]["by_year"])
        yield words.html("gs.ai.some", gw=f"{most:.2f}") if most > _NO_USD else words.html("gs.ai.none")


def _limits(found: Document, words: Words) -> Iterator[Html]:
    if not found["relaxed"]:
        yield words.html("gs.relaxed.not_asked")
    else:
        rows = relaxed_rows(found)
        told = [
            words.html("gs.relaxed.each", limit=name(limit_name(each, words)),
                       worth=worth(each["worth_musd"], found, words))
            for each in rows[:MOST_NAMED]
        ]  # fmt: skip
        nothing = len(found["relaxed"]) - len(rows)
        if told:
            yield words.html("gs.relaxed.all", list=words.listed(told))
        if nothing:
            yield words.count_html("gs.relaxed.nothing", nothing)
    limits = binding(found)
    if limits:
        yield words.html("gs.limit.top", said=limit_words(limits[0], found, words))


def _income(found: Document, words: Words) -> Iterator[Html]:
    offset = found["offset"]
    first, last = offset["by_year"][0], offset["by_year"][-1]
    if offset["lost_musd_per_year"] is None:
        mean, most, top = _sales(found)
        yield words.html("gs.sales", mean=musd(mean), most=musd(most), top=top)
        return
    most = max(offset["by_year"], key=lambda year: year["of_lost_frac"])
    yield words.html("gs.income.lost", volume=unit_of(found).said(offset["lost_bcm"], words),
                     money=musd(offset["lost_musd_per_year"]))  # fmt: skip
    yield words.html(
        "gs.income.back",
        first=percent(first["of_lost_frac"]),
        year=first["year"],
        most=percent(most["of_lost_frac"]),
        top=most["year"],
        last=percent(last["of_lost_frac"]),
        end=last["year"],
    )


def _sales(found: Document) -> tuple[float, float, int]:
    """Sales in an average year, in the best year, and which that is. [M$/year]"""
    years = found["offset"]["by_year"]
    best = max(years, key=lambda year: year["revenue_musd"])
    return sum(year["revenue_musd"] for year in years) / len(years), best["revenue_musd"], best["year"]


def _weak(found: Document, words: Words) -> Iterator[Html]:
    weak = found["weakest"]
    if not weak:
        yield words.html("gs.weak.none")
        return
    named = [name(each["name"]) for each in weak[:MOST_NAMED]]
    yield words.count_html("gs.weak", len(weak), list=words.listed(named))


def _tiles(found: Document, words: Words) -> Iterator[Html]:
    unit = unit_of(found)
    available, produced = field_sums(found)
    used = used_bcm(found)
    unused = unit.said(max(available - produced, 0.0), words, yearly=False)
    note = words("gs.tile.used.note", unused=unused)
    yield tile(words("gs.tile.used"), percent(used / available if available else None), note, mark="used")
    offset = found["offset"]
    first, last = offset["by_year"][0], offset["by_year"][-1]
    if offset["lost_musd_per_year"] is None:
        mean, most, top = _sales(found)
        note = words("gs.tile.sales.note", most=musd(most), top=top)
        yield tile(words("gs.tile.sales"), musd(mean), note, mark="sales")
    else:
        lost = musd(offset["lost_musd_per_year"])
        note = words("gs.tile.back.note", first=first["year"], last=last["year"], money=lost)
        printed = words("gs.tile.back.value", first=percent(first["of_lost_frac"]), last=percent(last["of_lost_frac"]))
        yield tile(words("gs.tile.back"), printed, note, mark="back")
    cases = [words("gs.tile.case", case=case["case"], worth=worth(case["value_musd"], found, words))
             for case in found["cases"]]  # fmt: skip
    yield tile(words("gs.tile.worth"), worth(found["objective"], found, words), *cases, mark="worth")
    best = best_option(found)
    if best is not None:
        rung = expected(found)[best["option"]]
        note = words("gs.tile.best.note", option=best["option"])
        yield tile(words("gs.tile.best"), per_mmbtu(rung["field_usd_per_mmbtu"]), note, mark="best")
    dear = relaxed_rows(found)[:1]
    for each in dear:
        note = words("gs.tile.limit.note", limit=limit_name(each, words))
        yield tile(words("gs.tile.limit"), worth(each["worth_musd"], found, words), note, mark="limit")


def weak_counts(found: Document, words: Words) -> str:
    """How many inputs there are of each of the lowest trusts."""
    counts: dict[str, int] = {}
    for each in found["weakest"]:
        counts[each["confidence"]] = counts.get(each["confidence"], 0) + 1
    return words.row(words("gs.weak.count", trust=trust_words(trust, words), n=n) for trust, n in counts.items())
