"""Deal by deal: the misses, what each prediction rested on, and the deals that were left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from wattworth.reports.cells import shown, table
from wattworth.reports.evidence_amounts import amount
from wattworth.reports.evidence_figures import capital, measure_words
from wattworth.reports.evidence_scores import signed
from wattworth.reports.formatting import DASH, megawatts, plain
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.sites import entry, number
from wattworth.reports.words import Words

_MOST_SHOWN: Final = 4


def misses(backtest: dict[str, Any], words: Words) -> Html:
    """Every actual value outside P10 to P90, the farthest first."""
    found = sorted(_missed(backtest), key=lambda miss: -miss[0])
    if not found:
        return tag("p", words("ev.misses.none"), class_="note")
    heads: list[tuple[str, str | None]] = [
        (words("ev.col.deal"), None),
        (words("ev.col.measure"), None),
        (words("ev.col.predicted"), "n"),
        (words("ev.col.actual"), "n"),
        (words("ev.col.beyond"), "n"),
        (words("ev.col.error"), "n"),
        (words("ev.col.flags"), None),
    ]
    told: set[int] = set()
    rows: list[Html] = []
    for _, place, deal, row in found:
        rows.append(_miss(deal, row, place, backtest, words, again=place in told))
        told.add(place)
    return table(words("ev.misses.title"), heads, rows, class_="small words wide")


def deals(backtest: dict[str, Any], words: Words) -> Html:
    """Every graded deal, folded, in the order announced."""
    found = backtest.get("deals") or []
    if not found:
        return tag("p", words("ev.deals.none"), class_="note")
    buttons = [
        tag("button", words(f"detail.{what}"), type="button", data_fold=what, hidden=True) for what in ("open", "close")
    ]
    entries = [_deal(deal, place, backtest, words) for place, deal in enumerate(found)]
    return join([tag("p", *buttons, class_="fold"), *entries])


def left_out(backtest: dict[str, Any], words: Words) -> Html:
    """Deals of the tape that are not graded, and rows that look wrong, each with its reason."""
    told: list[Html] = []
    for kind, key in (("not_scored", "reason"), ("flagged", "flag")):
        found = backtest.get(kind) or []
        told.append(tag("h3", words(f"ev.{kind}.title")))
        if not found:
            told.append(tag("p", words(f"ev.{kind}.none"), class_="note"))
            continue
        heads: list[tuple[str, str | None]] = [(words("ev.col.deal"), None), (words(f"ev.{kind}.why"), None)]
        rows = [
            tag(
                "tr",
                tag("th", name(str(row.get("deal_id"))), scope="row"),
                tag("td", said(str(row[key])) if row.get(key) else words("unknown")),
            )
            for row in found
        ]
        told.append(table(words(f"ev.{kind}.title"), heads, rows, class_="small"))
    return join(told)


def _missed(backtest: dict[str, Any]) -> Iterator[tuple[float, int, dict[str, Any], dict[str, Any]]]:
    found: list[dict[str, Any]] = backtest.get("deals") or []
    for place, deal in enumerate(found):
        for row in deal.get("predictions") or ():
            if row.get("inside") is False:
                yield _beyond_ratio(row) or 0.0, place, deal, row


def _beyond_ratio(row: dict[str, Any]) -> float | None:
    """How many times the nearest end of the range the actual value is, or is below it."""
    low, high, actual = (number(row, key) for key in ("p10", "p90", "actual"))
    if low is None or high is None or actual is None or min(low, high, actual) <= 0:
        return None
    return actual / high if actual > high else low / actual


def _miss(
    deal: dict[str, Any], row: dict[str, Any], place: int, backtest: dict[str, Any], words: Words, *, again: bool
) -> Html:
    engine = [*(() if again else deal.get("flags") or ()), *(row.get("notes") or ())]
    flags = [text(words("ev.flags.above"))] if again else []
    flags += [said("; ".join(map(str, engine)))] if engine else []
    announced = str(deal.get("announced") or DASH)
    unit = str(row.get("unit") or "")
    return tag(
        "tr",
        tag(
            "th",
            tag("a", name(str(deal.get("deal_id"))), href=f"#deal-{place}"),
            tag("small", announced, class_="nowrap"),
            scope="row",
        ),
        tag("td", _label(row, backtest, words)),
        tag("td", _range(row, words), class_="n"),
        tag("td", amount(number(row, "actual"), unit, words), class_="n"),
        tag("td", _beyond(row, words), class_="n"),
        tag("td", signed(number(row, "error_frac")), class_="n"),
        tag("td", join(flags, words("list.semicolon")) if flags else words("ev.flags.none")),
    )


def _beyond(row: dict[str, Any], words: Words) -> str:
    ratio, high, actual = _beyond_ratio(row), number(row, "p90"), number(row, "actual")
    if ratio is None or high is None or actual is None:
        return DASH
    size = f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"
    return words("ev.beyond.above" if actual > high else "ev.beyond.below", times=size)


def _deal(deal: dict[str, Any], place: int, backtest: dict[str, Any], words: Words) -> Html:
    predictions = deal.get("predictions") or []
    summary = tag(
        "summary",
        tag(
            "span",
            tag("strong", name(str(deal.get("deal_id")))),
            " ",
            tag("small", name(str(deal.get("company") or ""))),
        ),
        tag("span", _site(deal, words), class_="best"),
        tag("span", _held(predictions, words), class_="n"),
    )
    body = tag(
        "div",
        _given(deal, words),
        _flags(deal, words),
        tag("p", said(str(deal["reason"])), class_="note reason") if deal.get("reason") else None,
        _predictions(deal, backtest, words) if predictions else None,
        class_="body",
    )
    return tag("details", summary, body, id=f"deal-{place}", class_="site")


def _site(deal: dict[str, Any], words: Words) -> Html:
    group = words.of("ev.group", deal.get("group"))
    parts: list[object] = [name(str(deal["site"])), " "] if deal.get("site") else []
    return join([*parts, tag("small", words.row([group, str(deal.get("announced") or words("unknown"))]))])


def _held(predictions: Sequence[dict[str, Any]], words: Words) -> Html:
    known = [row for row in predictions if row.get("inside") is not None]
    if not known:
        return tag("small", words("ev.held.none"))
    inside = sum(bool(row["inside"]) for row in known)
    return tag("span", words("ev.held", inside=inside, n=len(known)), class_=None if inside == len(known) else "tie")


def _given(deal: dict[str, Any], words: Words) -> Html:
    given = deal.get("given") or {}
    tenant = given.get("tenant_pays_hall")
    rows: list[tuple[str, str | Html]] = [
        ("ev.given.grade", name(str(deal.get("grade") or words("unknown")))),
        ("ev.given.kind", words.of("ev.row_type", deal.get("row_type"))),
        ("ev.given.it", shown(megawatts(number(given, "critical_it_mw")), words("ev.not_given"))),
        ("ev.given.gross", shown(megawatts(number(given, "gross_mw")), words("ev.not_given"))),
        ("ev.given.term", shown(plain(number(given, "term_years")), words("ev.not_given"))),
    ]
    told = {key: str(given[key]).replace("_", " ") for key in ("product", "structure") if given.get(key)}
    rows += [(f"ev.given.{key}", said(each)) for key, each in told.items()]
    if tenant is not None:
        rows.append(("ev.given.payer", words("ev.given.payer.tenant" if tenant else "ev.given.payer.owner")))
    pairs = [tag("div", tag("dt", words(key)), tag("dd", value)) for key, value in rows]
    return tag("dl", *pairs, class_="facts")


def _flags(deal: dict[str, Any], words: Words) -> Html | None:
    flags = [tag("li", said(str(flag))) for flag in deal.get("flags") or ()]
    if not flags:
        return None
    return tag("div", tag("h3", words("ev.col.flags")), tag("ul", *flags, class_="small"))


def _predictions(deal: dict[str, Any], backtest: dict[str, Any], words: Words) -> Html:
    heads: list[tuple[str, str | None]] = [
        (words("ev.col.measure"), None),
        (words("ev.col.predicted"), "n"),
        (words("ev.col.actual"), "n"),
        (words("ev.col.inside"), None),
        (words("ev.col.error"), "n"),
        (words("ev.col.last"), "n"),
        (words("ev.col.mean"), "n"),
        (words("ev.col.learnt"), None),
        (words("ev.col.priors"), None),
    ]
    rows = [_prediction(row, backtest, words) for row in deal["predictions"]]
    return table(words("ev.deal.caption", deal=deal.get("deal_id")), heads, rows, class_="small words wide")


def _prediction(row: dict[str, Any], backtest: dict[str, Any], words: Words) -> Html:
    unit, inside = str(row.get("unit") or ""), row.get("inside")
    rules = [
        tag("td", shown(amount(number(row, rule), unit, words, bare=True), words("ev.no_earlier")), class_="n")
        for rule in ("last_deal", "running_mean")
    ]
    notes = [tag("small", said(str(note))) for note in row.get("notes") or ()]
    held = words("ev.waiting" if inside is None else "ev.held.inside" if inside else "ev.held.outside")
    return tag(
        "tr",
        tag("th", _label(row, backtest, words), *notes, scope="row"),
        tag("td", _range(row, words), class_="n"),
        tag("td", shown(amount(number(row, "actual"), unit, words, bare=True), words("ev.waiting")), class_="n"),
        tag("td", held, class_="tie" if inside is False else None),
        tag("td", shown(signed(number(row, "error_frac")), words("ev.waiting")), class_="n"),
        *rules,
        tag("td", _names(row.get("learned_from") or (), words)),
        tag("td", join([tag("code", str(prior)) for prior in row.get("priors") or ()], " ")),
    )


def _names(learned: Sequence[str], words: Words) -> Html:
    """Deals learnt from, those that are many folded."""
    if not learned:
        return text(words("ev.learnt.none"))
    listed = join([name(str(deal_id)) for deal_id in learned], words("list.comma"))
    if len(learned) <= _MOST_SHOWN:
        return listed
    return tag("details", tag("summary", words.count("ev.deals", len(learned))), listed, class_="places")


def _range(row: dict[str, Any], words: Words) -> Html:
    """The middle with its unit, P10 to P90 below it."""
    unit = str(row.get("unit") or "")
    low, middle, high = (amount(number(row, key), unit, words, bare=key != "p50") for key in ("p10", "p50", "p90"))
    return join([middle, tag("small", words.range(low, high))])


def _label(row: dict[str, Any], backtest: dict[str, Any], words: Words) -> str:
    measure = str(row.get("measure"))
    scores = entry(backtest, "summary", "measures", measure) or {}
    return capital(measure_words(measure, scores, words))
