"""Why the best use of a site won, as tables: what moves it, what would change it, what to find out first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wattworth.reports.cells import missing, table
from wattworth.reports.formatting import DASH, chance, money, plain
from wattworth.reports.markup import Html, join, said, tag
from wattworth.reports.sites import number
from wattworth.reports.words import Words

Document = dict[str, Any]
_MOST_FACTS: Final = 8


def explained(found: Document, words: Words) -> Html:
    """The document of an explanation as sections of a page.

    Parameters
    ----------
    found
        Made by :func:`wattworth.valuation.explain.explain`.
    words
        Language.
    """
    return join([
        tag("p", _lead(found, words), class_="lead"),
        _drivers(found, "best", words),
        _drivers(found, "lead", words) if found["runner_up"] else "",
        _markets(found, words),
        _changes(found, words),
        _weakest(found, words),
    ])  # fmt: skip


def _lead(found: Document, words: Words) -> Html:
    usd, best = found["risked_npv_usd"], words.of("use", found["best_use"])
    value = money(number(usd, "best"))
    if found["runner_up"] is None:
        return words.html("web.why.only", use=best, value=value)
    second, lead = words.of("use", found["runner_up"]), money(number(usd, "lead"))
    sure = chance(number(found, "prob_best_frac"))
    told = words.html("web.why.lead", use=best, value=value, second=second, lead=lead, sure=sure)
    return join([told, " ", words("web.why.tie")]) if found["tie"] else told


def _drivers(found: Document, measure: str, words: Words) -> Html:
    """The facts that move the value, or the lead, the most."""
    moved = sorted(found["drivers"], key=lambda row: -_reach(row[measure]))[:_MOST_FACTS]
    rows = []
    for row in moved:
        if _reach(row[measure]) <= 0:
            continue
        ends = words.range(plain(number(row, "low")), plain(number(row, "high")))
        unit = str(row["unit"]).replace("_", " ")
        cells = [
            money(number(row, measure, "at_low_usd")),
            money(number(row, measure, "at_high_usd")),
            chance(number(row, measure, "total_frac")),
        ]
        head = tag("th", tag("code", row["fact"]), tag("small", ends, " ", said(unit)), scope="row")
        rows.append(tag("tr", head, *(_cell(each, words) for each in cells)))
    second = words.of("use", found["runner_up"]) if found["runner_up"] else ""
    title = words(f"web.why.moves.{measure}", second=second) if measure == "lead" else words("web.why.moves.best")
    heads = [(words(f"web.why.col.{key}"), None if key == "fact" else "n") for key in ("fact", "low", "high", "share")]
    return (
        _section(f"why-{measure}", title, words("web.why.moves.note"), table(title, heads, rows)) if rows else Html("")
    )


def _markets(found: Document, words: Words) -> Html:
    rows = [
        tag("tr", tag("th", tag("code", row["market"]), scope="row"), *(
            _cell(_correlation(number(row, measure)), words) for measure in ("best", "lead")
        ))
        for row in found["markets"]
    ]  # fmt: skip
    title = words("web.why.markets")
    heads = [(words(f"web.why.col.{key}"), None if key == "market" else "n") for key in ("market", "value", "lead")]
    return (
        _section("why-markets", title, words("web.why.markets.note"), table(title, heads, rows)) if rows else Html("")
    )


def _changes(found: Document, words: Words) -> Html:
    items = [tag("li", each) for each in _break_evens(found, words)]
    return _section("why-changes", words("web.why.changes"), None, tag("ul", *items)) if items else Html("")


def _break_evens(found: Document, words: Words) -> Iterator[Html]:
    for even in found["break_even"]:
        fields: dict[str, Any] = {
            "best": words.of("use", even["best_use"]),
            "input": tag("code", even["input"]),
            "unit": said(str(even["unit"]).replace("_", " ")),
            "present": plain(number(even, "present")),
        }
        at = number(even, "switches")
        if at is None:
            ends = {key: plain(number(even, key)) for key in ("low", "high")}
            yield words.html("web.why.stays", **fields, **ends)
        else:
            side = "above" if at > even["present"] else "below"
            yield words.html(f"web.why.{side}", **fields, then=words.of("use", even["then"]), at=plain(at))


def _weakest(found: Document, words: Words) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", tag("code", row["fact"]), tag("small", said(str(row["note"] or ""))), scope="row"),
            tag("td", words.of("confidence", row["confidence"]), class_=f"confidence {row['confidence']}"),
            _cell(money(number(row, "swing_usd")), words),
            tag("td", said(str(row["source"] or DASH))),
        )
        for row in found["weakest"]
    ]
    title = words("web.why.weakest")
    heads = [
        (words("web.why.col.fact"), None),
        (words("facts.confidence"), None),
        (words("web.why.col.swing"), "n"),
        (words("facts.source"), None),
    ]
    return (
        _section("why-weakest", title, words("web.why.weakest.note"), table(title, heads, rows)) if rows else Html("")
    )


def _section(anchor: str, title: str, note: str | None, content: Html) -> Html:
    below = tag("p", note, class_="note") if note else None
    return tag("div", tag("h3", title), below, content, id=anchor)


def _cell(printed: str, words: Words) -> Html:
    return tag("td", missing(words("missing")) if printed == DASH else printed, class_="n")


def _correlation(value: float | None) -> str:
    return plain(None if value is None else round(value, 2))


def _reach(moved: Document) -> float:
    low, high = number(moved, "at_low_usd"), number(moved, "at_high_usd")
    return 0.0 if low is None or high is None else abs(high - low)
